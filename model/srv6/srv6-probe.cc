// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-probe.h"

#include "srv6-chain.h"
#include "srv6-protocol.h"

#include "ns3/icmpv6-header.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ip-address-text.h"
#include "ns3/ipv6-route.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-header.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <sstream>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6Probe);

namespace
{

constexpr uint32_t IPV6_SIZE = 40;     //!< bytes of an IPv6 header
constexpr uint32_t ICMP_SIZE = 8;      //!< bytes of an ICMPv6 header with its four of value
constexpr uint32_t FRAGMENT_SIZE = 8;  //!< bytes of a fragment header
constexpr uint32_t SEQUENCE_SIZE = 2;  //!< bytes of a datagram's payload that number it
constexpr uint32_t MOST_BYTES = 63000; //!< of payload: beside the longest header of segments
constexpr size_t MOST_SEGMENTS = SRV6_MAX_SEGMENTS - 1; //!< beside the destination

/// @param bytes where a number stands @return it
uint16_t
Read16(const uint8_t* bytes)
{
    return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
}

} // namespace

bool
Srv6ProbeAnswer::IsReached() const
{
    return type == Icmpv6Header::ICMPV6_ECHO_REPLY ||
           (type == Icmpv6Header::ICMPV6_ERROR_DESTINATION_UNREACHABLE &&
            code == Icmpv6Header::ICMPV6_PORT_UNREACHABLE);
}

bool
Srv6ProbeAnswer::IsTimeExceeded() const
{
    return type == Icmpv6Header::ICMPV6_ERROR_TIME_EXCEEDED;
}

std::ostream&
operator<<(std::ostream& os, const Srv6ProbeAnswer& answer)
{
    switch (answer.type)
    {
    case Icmpv6Header::ICMPV6_ECHO_REPLY:
        return os << "echo reply";
    case Icmpv6Header::ICMPV6_ERROR_TIME_EXCEEDED:
        return os << "time exceeded";
    case Icmpv6Header::ICMPV6_ERROR_PACKET_TOO_BIG:
        return os << "packet too big";
    case Icmpv6Header::ICMPV6_ERROR_PARAMETER_ERROR:
        return os << "parameter problem, code " << +answer.code;
    default:
        break;
    }
    switch (answer.code)
    {
    case Icmpv6Header::ICMPV6_NO_ROUTE:
        return os << "no route";
    case Icmpv6Header::ICMPV6_ADDR_UNREACHABLE:
        return os << "address unreachable";
    case Icmpv6Header::ICMPV6_PORT_UNREACHABLE:
        return os << "port unreachable";
    default:
        return os << "unreachable, code " << +answer.code;
    }
}

TypeId
Srv6Probe::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::Srv6Probe")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddAttribute("Remote",
                          "Where probes go to: the IPv6 address of a node, or a SID.",
                          Ipv6AddressValue(Ipv6Address::GetAny()),
                          MakeIpv6AddressAccessor(&Srv6Probe::m_remote),
                          MakeIpv6AddressChecker())
            .AddAttribute("Local",
                          "Source of probes, an address of the node; :: means what routing to the "
                          "first segment says.",
                          Ipv6AddressValue(Ipv6Address::GetAny()),
                          MakeIpv6AddressAccessor(&Srv6Probe::m_local),
                          MakeIpv6AddressChecker())
            .AddAttribute(
                "Segments",
                "The segments that probes visit before Remote, in this order, with "
                "commas between them, at most 126. Example: \"fc00:2::,fc00:3::\". The "
                "node needs Srv6Helper::Install(). Empty: none.",
                StringValue(""),
                MakeStringAccessor(&Srv6Probe::SetSegmentsText, &Srv6Probe::GetSegmentsText),
                MakeStringChecker())
            .AddAttribute("Size",
                          "Bytes of a probe behind the header of ICMPv6 or UDP, at least 2.",
                          UintegerValue(56),
                          MakeUintegerAccessor(&Srv6Probe::m_size),
                          MakeUintegerChecker<uint32_t>(SEQUENCE_SIZE, MOST_BYTES))
            .AddAttribute("Timeout",
                          "How long to wait for an answer until a probe counts as lost.",
                          TimeValue(Seconds(2)),
                          MakeTimeAccessor(&Srv6Probe::m_timeout),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddTraceSource("Answer",
                            "A node has answered a probe: by an Echo Reply, or by an ICMPv6 error "
                            "that quotes the probe.",
                            MakeTraceSourceAccessor(&Srv6Probe::m_answerTrace),
                            "ns3::Srv6Probe::AnswerTracedCallback")
            .AddTraceSource("Lost",
                            "A probe was not answered in time, or could not be sent.",
                            MakeTraceSourceAccessor(&Srv6Probe::m_lostTrace),
                            "ns3::Srv6Probe::LostTracedCallback");
    return tid;
}

Srv6Probe::Srv6Probe() = default;

Srv6Probe::~Srv6Probe() = default;

void
Srv6Probe::SetSegments(const std::vector<Ipv6Address>& segments)
{
    m_segments = segments;
}

const std::vector<Ipv6Address>&
Srv6Probe::GetSegments() const
{
    return m_segments;
}

bool
Srv6Probe::SetSegmentsText(std::string text)
{
    std::vector<Ipv6Address> segments;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ',');)
    {
        const auto segment = ParseIpAddress(word);
        if (!segment || !IsIpv6(*segment))
        {
            return false;
        }
        segments.push_back(std::get<Ipv6Address>(*segment));
    }
    if (segments.size() > MOST_SEGMENTS)
    {
        return false;
    }
    m_segments = std::move(segments);
    return true;
}

std::string
Srv6Probe::GetSegmentsText() const
{
    std::ostringstream text;
    for (size_t i = 0; i < m_segments.size(); ++i)
    {
        text << (i > 0 ? "," : "") << m_segments[i];
    }
    return text.str();
}

const std::string&
Srv6Probe::GetProblem() const
{
    return m_problem;
}

void
Srv6Probe::StartApplication()
{
    m_problem.clear();
    m_ipv6 = GetNode()->GetObject<Ipv6L3Protocol>();
    if (!m_ipv6)
    {
        m_problem = "the node has no IPv6; InternetStackHelper::Install() gives it one";
    }
    else if (m_remote.IsAny() || m_remote.IsMulticast())
    {
        m_problem = "Remote wants the address of a node, or a SID";
    }
    else if (m_segments.size() > MOST_SEGMENTS)
    {
        m_problem = std::to_string(m_segments.size()) + " segments; at most " +
                    std::to_string(MOST_SEGMENTS) + " fit beside the destination";
    }
    else if (!m_segments.empty() && !GetNode()->GetObject<Srv6Protocol>())
    {
        m_problem = "the node has no segment routing; Srv6Helper::Install() gives it";
    }
    else if (!m_segments.empty())
    {
        m_problem = Srv6Policy::GetProblem(Srv6Steering::INSERT, m_segments);
    }
    if (!m_problem.empty())
    {
        m_ipv6 = nullptr;
        return;
    }
    if (!m_segments.empty())
    {
        m_policy = Create<Srv6Policy>(Srv6Steering::INSERT);
        m_policy->AddSegmentList(m_segments);
    }
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    m_socket->Bind6();
    Address name;
    m_socket->GetSockName(name);
    m_port = Inet6SocketAddress::ConvertFrom(name).GetPort();
    m_ipv6->TraceConnectWithoutContext("LocalDeliver", MakeCallback(&Srv6Probe::OnDelivery, this));
    Begin();
}

void
Srv6Probe::StopApplication()
{
    End();
    Leave();
}

void
Srv6Probe::Leave()
{
    for (auto& [sequence, probe] : m_pending)
    {
        probe.timeout.Cancel();
    }
    m_pending.clear();
    if (m_ipv6)
    {
        m_ipv6->TraceDisconnectWithoutContext("LocalDeliver",
                                              MakeCallback(&Srv6Probe::OnDelivery, this));
        m_ipv6 = nullptr;
    }
    if (m_socket)
    {
        m_socket->Close();
        m_socket = nullptr;
    }
}

void
Srv6Probe::DoDispose()
{
    Leave();
    m_policy = nullptr;
    Application::DoDispose();
}

Ptr<Packet>
Srv6Probe::MakePacket(Kind kind, uint16_t sequence, const Ipv6Address& source) const
{
    std::vector<uint8_t> payload(m_size);
    if (kind == Kind::DATAGRAM)
    {
        payload[0] = static_cast<uint8_t>(sequence >> 8);
        payload[1] = static_cast<uint8_t>(sequence);
    }
    auto packet = Create<Packet>(payload.data(), m_size);
    if (kind == Kind::DATAGRAM)
    {
        UdpHeader header;
        header.EnableChecksums();
        header.InitializeChecksum(source, m_remote, UdpL4Protocol::PROT_NUMBER);
        header.SetSourcePort(m_port);
        header.SetDestinationPort(SRV6_TRACEROUTE_PORT);
        packet->AddHeader(header);
        return packet;
    }
    Icmpv6Echo header(true);
    header.SetId(m_port);
    header.SetSeq(sequence);
    header.CalculatePseudoHeaderChecksum(
        source, m_remote, m_size + header.GetSerializedSize(), Icmpv6L4Protocol::PROT_NUMBER);
    packet->AddHeader(header);
    return packet;
}

bool
Srv6Probe::Send(Kind kind, uint16_t sequence, uint8_t hopLimit)
{
    const uint8_t number =
        kind == Kind::DATAGRAM ? UdpL4Protocol::PROT_NUMBER : Icmpv6L4Protocol::PROT_NUMBER;
    const Ipv6Address& first = m_segments.empty() ? m_remote : m_segments.front();
    Ipv6Header query;
    query.SetSource(m_local);
    query.SetDestination(first);
    query.SetNextHeader(number);
    Socket::SocketErrno error;
    const auto route =
        m_ipv6->GetRoutingProtocol()->RouteOutput(Create<Packet>(), query, nullptr, error);
    const auto protocol = m_ipv6->GetProtocol(number);
    if (!route || !protocol)
    {
        std::ostringstream text;
        text << "no route to " << first;
        m_problem = text.str();
        m_lostTrace(sequence);
        return false;
    }
    const Ipv6Address source = m_local.IsAny() ? route->GetSource() : m_local;
    const auto packet = MakePacket(kind, sequence, source);
    SocketIpv6HopLimitTag tag;
    tag.SetHopLimit(hopLimit);
    packet->AddPacketTag(tag);
    Pending& pending = m_pending[sequence];
    pending.timeout.Cancel();
    pending.sent = Simulator::Now();
    pending.timeout = Simulator::Schedule(m_timeout, &Srv6Probe::OnTimeout, this, sequence);
    if (m_segments.empty())
    {
        protocol->GetDownTarget6()(packet, source, m_remote, number, route);
    }
    else
    {
        GetNode()->GetObject<Srv6Protocol>()->SendWithHeader(
            packet, source, m_remote, number, *m_policy, 0);
    }
    return true;
}

void
Srv6Probe::OnDelivery(const Ipv6Header& header, Ptr<const Packet> packet, uint32_t /* interface */)
{
    // Extension headers of the answer are gone, but what IPv6's said of the next header stays.
    const uint8_t next = header.GetNextHeader();
    uint8_t icmp[ICMP_SIZE];
    if (m_pending.empty() ||
        (next != Ipv6Header::IPV6_ICMPV6 && next != Ipv6Header::IPV6_EXT_ROUTING &&
         next != Ipv6Header::IPV6_EXT_FRAGMENTATION) ||
        packet->CopyData(icmp, ICMP_SIZE) < ICMP_SIZE)
    {
        return;
    }
    Srv6ProbeAnswer answer;
    answer.from = header.GetSource();
    answer.type = icmp[0];
    answer.code = icmp[1];
    answer.hopLimit = header.GetHopLimit();
    answer.destination = m_remote;
    answer.sequence = Read16(icmp + 6);
    if (answer.type == Icmpv6Header::ICMPV6_ECHO_REPLY)
    {
        if (answer.from == m_remote && Read16(icmp + 4) == m_port)
        {
            Conclude(answer);
        }
        return;
    }
    if (answer.type < Icmpv6Header::ICMPV6_ECHO_REQUEST &&
        packet->GetSize() >= ICMP_SIZE + IPV6_SIZE)
    {
        const Ptr<Packet> quoted = packet->Copy();
        quoted->RemoveAtStart(ICMP_SIZE);
        if (ReadQuoted(quoted, answer))
        {
            Conclude(answer);
        }
    }
}

bool
Srv6Probe::ReadQuoted(const Ptr<Packet>& quoted, Srv6ProbeAnswer& answer) const
{
    constexpr uint32_t PORTS = 4;
    Ipv6Header outer;
    quoted->RemoveHeader(outer);
    Srv6Chain chain;
    if (chain.Scan(*quoted, outer.GetNextHeader(), true) != Srv6Chain::End::UPPER_LAYER)
    {
        return false;
    }
    if (outer.GetNextHeader() == Ipv6Header::IPV6_EXT_ROUTING)
    {
        std::vector<uint8_t> bytes(chain.GetOffset());
        quoted->CopyData(bytes.data(), static_cast<uint32_t>(bytes.size()));
        answer.header = ParseSegmentRoutingHeader(
                            bytes.data(), std::min<size_t>(bytes.size(), (bytes[1] + 1U) * 8))
                            .header;
    }
    answer.destination = outer.GetDestination();
    quoted->RemoveAtStart(chain.GetOffset());
    uint8_t upper = chain.GetUpperLayer();
    if (upper == Ipv6Header::IPV6_EXT_FRAGMENTATION)
    {
        // What does not fit left in fragments. The first one has the numbers.
        uint8_t fragment[FRAGMENT_SIZE] = {};
        quoted->CopyData(fragment, FRAGMENT_SIZE);
        if (quoted->GetSize() < FRAGMENT_SIZE || Read16(fragment + 2) >> 3 != 0)
        {
            return false;
        }
        upper = fragment[0];
        quoted->RemoveAtStart(FRAGMENT_SIZE);
    }
    uint8_t bytes[ICMP_SIZE + SEQUENCE_SIZE];
    const uint32_t read = quoted->CopyData(bytes, sizeof(bytes));
    if (upper == UdpL4Protocol::PROT_NUMBER)
    {
        answer.sequence = Read16(bytes + ICMP_SIZE);
        return read == sizeof(bytes) && Read16(bytes) == m_port &&
               Read16(bytes + PORTS / 2) == SRV6_TRACEROUTE_PORT;
    }
    answer.sequence = Read16(bytes + 6);
    return upper == Icmpv6L4Protocol::PROT_NUMBER && read >= ICMP_SIZE &&
           bytes[0] == Icmpv6Header::ICMPV6_ECHO_REQUEST && Read16(bytes + 4) == m_port;
}

void
Srv6Probe::Conclude(Srv6ProbeAnswer& answer)
{
    const auto found = m_pending.find(answer.sequence);
    if (found == m_pending.end())
    {
        return;
    }
    answer.roundTripTime = Simulator::Now() - found->second.sent;
    found->second.timeout.Cancel();
    m_pending.erase(found);
    m_answerTrace(answer);
    OnAnswer(answer);
}

void
Srv6Probe::OnTimeout(uint16_t sequence)
{
    m_pending.erase(sequence);
    m_lostTrace(sequence);
    OnLost(sequence);
}

void
Srv6Probe::PrintTarget(std::ostream& os) const
{
    os << m_remote;
    const char* separator = " via segment list ";
    for (const auto& segment : m_segments)
    {
        os << separator << segment;
        separator = ", ";
    }
}

} // namespace ns3
