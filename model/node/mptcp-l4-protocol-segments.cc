// SPDX-License-Identifier: GPL-2.0-only
// MptcpL4Protocol: segments that leave and arrive.
#include "mptcp-l4-protocol.h"
#include "tcp-checksum.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-interface.h"
#include "ns3/ipv6-route.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/telling.h"

#include <algorithm>

namespace ns3
{

namespace
{

constexpr uint32_t MIN_HEADER = 20;      //!< bytes of a TCP header without options
constexpr uint32_t MAX_HEADER = 60;      //!< bytes of a TCP header at most
constexpr uint32_t FALLBACK_MTU4 = 576;  //!< RFC 9293 section 3.7.1
constexpr uint32_t FALLBACK_MTU6 = 1280; //!< RFC 8200 section 5

/// RFC 8684 section 3.2: reason of a RST that refuses a join, for its token or by local policy.
constexpr MpTcpRst JOIN_PROHIBITED{0, MPTCP_RST_PROHIBITED};

/// Stock TCP ends the run at an MSS option of a wrong length, and reads one of length 0 for ever.
/// It finds one within a SACK whose length is wrong, since of that it reads whole blocks only.
/// @param bytes a TCP header @param size bytes that may be read
/// @return empty if stock TCP can read it, the reason otherwise
std::string_view
CheckForStock(const uint8_t* bytes, size_t size)
{
    constexpr uint8_t END_OF_LIST = 0;
    constexpr uint8_t NOP = 1;
    constexpr uint8_t MSS = 2;
    constexpr uint8_t MSS_SIZE = 4;
    constexpr uint8_t SACK = 5;
    constexpr uint8_t SACK_BLOCK_SIZE = 8;
    const std::string_view problem = CheckTcpFraming(bytes, size);
    if (!problem.empty())
    {
        return problem;
    }
    const size_t end = (bytes[12] >> 4) * 4;
    for (size_t at = MIN_HEADER; at < end && bytes[at] != END_OF_LIST;)
    {
        if (bytes[at] == MSS && bytes[at + 1] != MSS_SIZE)
        {
            return "an MSS option whose length is not 4";
        }
        if (bytes[at] == SACK && (bytes[at + 1] - 2) % SACK_BLOCK_SIZE != 0)
        {
            return "a SACK option whose length is not 2 more than that of its blocks";
        }
        at += bytes[at] == NOP ? 1 : bytes[at + 1];
    }
    return {};
}

} // namespace

// Departure

void
MptcpL4Protocol::SendSegment(Ptr<Packet> payload, TcpHeader& header, const TcpTuple& tuple)
{
    SendSegmentBy(nullptr, std::move(payload), header, tuple);
}

void
MptcpL4Protocol::SendSegmentBy(Ptr<NetDevice> device,
                               Ptr<Packet> payload,
                               TcpHeader& header,
                               const TcpTuple& tuple)
{
    if (!m_canSend)
    {
        if (!m_node->IsInitialized())
        {
            // Before time 0 the node's traffic control is not ready. The node's start comes first
            // among the events of time 0.
            Simulator::ScheduleWithContext(m_node->GetId(),
                                           Time(0),
                                           MakeEvent(
                                               [this, device, payload, header, tuple]
                                               {
                                                   TcpHeader copy = header;
                                                   SendSegmentBy(device, payload, copy, tuple);
                                               }));
            return;
        }
        m_canSend = true;
    }
    if (!m_unusable.empty() &&
        std::find(m_unusable.begin(), m_unusable.end(), tuple.localAddress) != m_unusable.end())
    {
        ++m_noRouteDrops;
        return;
    }
    // IP, queues and devices tell their sinks of the packet before the sender has noted it, and IP
    // delivers to the node's own addresses before: Receive().
    const Telling telling;
    Socket::SocketErrno error;
    if (const auto* source = std::get_if<Ipv4Address>(&tuple.localAddress))
    {
        const auto& destination = std::get<Ipv4Address>(tuple.remoteAddress);
        if (UsesChecksums())
        {
            header.EnableChecksums();
            header.InitializeChecksum(*source, destination, PROT_NUMBER);
        }
        payload->AddHeader(header);
        m_query4.SetSource(*source);
        m_query4.SetDestination(destination);
        m_query4.SetProtocol(PROT_NUMBER);
        const auto routing = m_ipv4->GetRoutingProtocol();
        const auto route =
            routing ? routing->RouteOutput(payload, m_query4, device, error) : Ptr<Ipv4Route>();
        if (!route)
        {
            ++m_noRouteDrops;
            return;
        }
        m_sendsDf = m_pathMtuDiscovery;
        if (m_downTarget.IsNull())
        {
            m_ipv4->Send(payload, *source, destination, PROT_NUMBER, route);
        }
        else
        {
            m_downTarget(payload, *source, destination, PROT_NUMBER, route);
        }
        m_sendsDf = false;
        return;
    }
    const auto& source = std::get<Ipv6Address>(tuple.localAddress);
    const auto& destination = std::get<Ipv6Address>(tuple.remoteAddress);
    if (UsesChecksums())
    {
        header.EnableChecksums();
        header.InitializeChecksum(source, destination, PROT_NUMBER);
    }
    payload->AddHeader(header);
    if (m_routingHeaders && SendByRoutingHeader(payload, tuple, device))
    {
        return;
    }
    m_query6.SetSource(source);
    m_query6.SetDestination(destination);
    m_query6.SetNextHeader(PROT_NUMBER);
    const auto routing = m_ipv6->GetRoutingProtocol();
    const auto route =
        routing ? routing->RouteOutput(payload, m_query6, device, error) : Ptr<Ipv6Route>();
    if (!route)
    {
        ++m_noRouteDrops;
        return;
    }
    if (m_downTarget6.IsNull())
    {
        m_ipv6->Send(payload, source, destination, PROT_NUMBER, route);
    }
    else
    {
        m_downTarget6(payload, source, destination, PROT_NUMBER, route);
    }
}

uint32_t
MptcpL4Protocol::GetMtu(const TcpTuple& tuple) const
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&tuple.localAddress))
    {
        const int32_t interface = m_ipv4 ? m_ipv4->GetInterfaceForAddress(*v4) : -1;
        return interface < 0 ? FALLBACK_MTU4 : m_ipv4->GetMtu(interface);
    }
    const auto& v6 = std::get<Ipv6Address>(tuple.localAddress);
    const int32_t interface = m_ipv6 ? m_ipv6->GetInterfaceForAddress(v6) : -1;
    return interface < 0 ? FALLBACK_MTU6 : m_ipv6->GetMtu(interface);
}

void
MptcpL4Protocol::SendReset(const TcpTuple& tuple,
                           const TcpSegment& segment,
                           const std::optional<MpTcpRst>& reason)
{
    if (segment.Has(TCP_RST))
    {
        return;
    }
    TcpHeader header;
    header.SetSourcePort(tuple.localPort);
    header.SetDestinationPort(tuple.remotePort);
    header.SetWindowSize(0);
    if (segment.Has(TCP_ACK))
    {
        header.SetFlags(TCP_RST);
        header.SetSequenceNumber(segment.ack);
    }
    else
    {
        header.SetFlags(TCP_RST | TCP_ACK);
        header.SetSequenceNumber(SequenceNumber32(0));
        header.SetAckNumber(segment.seq + segment.SequenceLength());
    }
    if (reason)
    {
        TcpOptionSpace space;
        space.AddMptcp(*reason);
        TcpOptionBlob::Append(header, space, m_spareOptions);
    }
    SendSegment(Create<Packet>(), header, tuple);
}

void
MptcpL4Protocol::AnswerTimeWait(const TimeWait& entry)
{
    TcpHeader header;
    header.SetSourcePort(entry.tuple.localPort);
    header.SetDestinationPort(entry.tuple.remotePort);
    header.SetFlags(TCP_ACK);
    header.SetSequenceNumber(entry.next);
    header.SetAckNumber(entry.expected);
    header.SetWindowSize(entry.window);
    if (entry.timestamps)
    {
        TcpOptionSpace space;
        space.AddTimestamps(TcpSubflow::GetTimestampClock(), entry.recentTimestamp);
        TcpOptionBlob::Append(header, space, m_spareOptions);
    }
    SendSegment(Create<Packet>(), header, entry.tuple);
}

// Arrival

void
MptcpL4Protocol::ReceiveLater(std::function<void()> receive)
{
    Simulator::ScheduleWithContext(m_node->GetId(),
                                   Time(0),
                                   MakeEvent(
                                       [self = Ptr<MptcpL4Protocol>(this), receive]
                                       {
                                           if (self->m_node)
                                           {
                                               receive();
                                           }
                                       }));
}

IpL4Protocol::RxStatus
MptcpL4Protocol::Receive(Ptr<Packet> packet, const Ipv4Header& header, Ptr<Ipv4Interface> interface)
{
    if (Telling::IsOn())
    {
        ReceiveLater([this, packet, header, interface] { Receive(packet, header, interface); });
        return RX_OK;
    }
    TcpTuple tuple{header.GetDestination(), header.GetSource()};
    const auto status = Take(packet, tuple, header.GetEcn() == Ipv4Header::ECN_CE);
    return status ? *status : m_stock4->Receive(packet, header, interface);
}

IpL4Protocol::RxStatus
MptcpL4Protocol::Receive(Ptr<Packet> packet, const Ipv6Header& header, Ptr<Ipv6Interface> interface)
{
    if (Telling::IsOn())
    {
        ReceiveLater([this, packet, header, interface] { Receive(packet, header, interface); });
        return RX_OK;
    }
    TcpTuple tuple{header.GetDestination(), header.GetSource()};
    const auto status = Take(packet, tuple, header.GetEcn() == Ipv6Header::ECN_CE);
    return status ? *status : m_stock6->Receive(packet, header, interface);
}

std::optional<IpL4Protocol::RxStatus>
MptcpL4Protocol::Take(Ptr<Packet> packet, TcpTuple& tuple, bool ce)
{
    uint8_t bytes[MAX_HEADER];
    const uint32_t size = packet->CopyData(bytes, MAX_HEADER);
    if (size < MIN_HEADER)
    {
        return DropMalformed(packet, "segment shorter than a TCP header");
    }
    tuple.remotePort = static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
    tuple.localPort = static_cast<uint16_t>(bytes[2] << 8 | bytes[3]);
    const auto found = m_endpoints.find(tuple);
    if (found == m_endpoints.end())
    {
        return TakeStray(packet, tuple, bytes, size);
    }
    auto parsed = ParseTcpSegment(bytes, size, packet->GetSize());
    if (!parsed.segment)
    {
        return DropMalformed(packet, parsed.error);
    }
    if (!CheckChecksum(packet, tuple))
    {
        return RX_CSUM_FAILED;
    }
    // The sender's priority means nothing to this node's own packets.
    SocketPriorityTag priority;
    packet->RemovePacketTag(priority);
    packet->RemoveAtStart(parsed.segment->headerSize);
    parsed.segment->ce = ce;
    // It may leave the table and lose its other owners while it runs.
    const Ptr<TcpSubflow> subflow = found->second;
    subflow->Receive(*parsed.segment, packet);
    return RX_OK;
}

std::optional<IpL4Protocol::RxStatus>
MptcpL4Protocol::TakeStray(Ptr<Packet> packet,
                           const TcpTuple& tuple,
                           const uint8_t* bytes,
                           uint32_t size)
{
    constexpr uint32_t FLAGS_OFFSET = 13;
    const bool ours =
        m_ports.IsBound(IsIpv6(tuple.localAddress), tuple.localPort) || m_timeWait.Find(tuple);
    const bool opens = (bytes[FLAGS_OFFSET] & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
    const auto leave = [&]() -> std::optional<RxStatus>
    {
        const std::string_view problem = CheckForStock(bytes, size);
        if (!problem.empty())
        {
            return DropMalformed(packet, problem);
        }
        return std::nullopt;
    };
    if (!ours && !opens)
    {
        return leave();
    }
    const auto parsed = ParseTcpSegment(bytes, size, packet->GetSize());
    if (!parsed.segment)
    {
        return DropMalformed(packet, parsed.error);
    }
    if (!ours && !parsed.segment->Find<MpJoinSyn>())
    {
        return leave();
    }
    if (const auto* v4 = std::get_if<Ipv4Address>(&tuple.localAddress))
    {
        // RFC 1122 section 4.2.3.10: TCP has nothing to say to a broadcast.
        if (v4->IsBroadcast() || v4->IsMulticast())
        {
            return RX_OK;
        }
    }
    else if (std::get<Ipv6Address>(tuple.localAddress).IsMulticast())
    {
        return RX_OK;
    }
    if (!CheckChecksum(packet, tuple))
    {
        return RX_CSUM_FAILED;
    }
    const auto status = Deliver(tuple, *parsed.segment);
    return status ? status : leave();
}

std::optional<IpL4Protocol::RxStatus>
MptcpL4Protocol::Deliver(const TcpTuple& tuple, const TcpSegment& segment)
{
    switch (m_timeWait.Check(tuple, segment))
    {
    case TcpTimeWaitTable::Verdict::DROP:
        return RX_OK;
    case TcpTimeWaitTable::Verdict::ANSWER:
        AnswerTimeWait(*m_timeWait.Find(tuple));
        return RX_OK;
    case TcpTimeWaitTable::Verdict::FREE:
        break;
    }
    const bool opens = segment.Has(TCP_SYN) && !segment.Has(TCP_ACK | TCP_RST);
    if (const auto* join = opens ? segment.Find<MpJoinSyn>() : nullptr)
    {
        MptcpJoinTarget* target = m_tokens.Find(join->token);
        if (!target || !target->OnJoin(tuple, segment, *join))
        {
            // The option of a version 0 SYN is the same: who listens there knows which it speaks.
            const TcpListener* listener =
                target ? nullptr : m_ports.FindListener(tuple.localAddress, tuple.localPort);
            const bool reasons = (!target || target->UsesResetReasons()) &&
                                 (!listener || listener->UsesResetReasons());
            SendReset(tuple, segment, reasons ? std::optional(JOIN_PROHIBITED) : std::nullopt);
        }
        return RX_OK;
    }
    if (!m_ports.IsBound(IsIpv6(tuple.localAddress), tuple.localPort))
    {
        return std::nullopt;
    }
    TcpListener* listener = m_ports.FindListener(tuple.localAddress, tuple.localPort);
    if (listener && opens)
    {
        listener->OnSyn(tuple, segment);
        return RX_OK;
    }
    // RFC 9293 sections 3.10.7.1 (nobody there) and 3.10.7.2 (LISTEN).
    if (!listener || segment.Has(TCP_ACK))
    {
        SendReset(tuple, segment, std::nullopt);
    }
    return RX_ENDPOINT_CLOSED;
}

bool
MptcpL4Protocol::UsesChecksums()
{
    // Reading a global value costs more than parsing a header.
    if (!m_checksums)
    {
        m_checksums = Node::ChecksumEnabled();
    }
    return *m_checksums;
}

bool
MptcpL4Protocol::CheckChecksum(const Ptr<Packet>& packet, const TcpTuple& tuple)
{
    if (!UsesChecksums())
    {
        return true;
    }
    m_checksumBytes.resize(packet->GetSize());
    packet->CopyData(m_checksumBytes.data(), packet->GetSize());
    if (TcpChecksum(tuple.remoteAddress,
                    tuple.localAddress,
                    m_checksumBytes.data(),
                    m_checksumBytes.size()) == 0)
    {
        return true;
    }
    ++m_checksumDrops;
    return false;
}

IpL4Protocol::RxStatus
MptcpL4Protocol::DropMalformed(const Ptr<Packet>& packet, std::string_view reason)
{
    ++m_malformedDrops;
    m_malformed(packet, std::string(reason));
    return RX_CSUM_FAILED;
}

int
MptcpL4Protocol::GetProtocolNumber() const
{
    return PROT_NUMBER;
}

void
MptcpL4Protocol::SetDownTarget(DownTargetCallback cb)
{
    m_downTarget = cb;
}

void
MptcpL4Protocol::SetDownTarget6(DownTargetCallback6 cb)
{
    m_downTarget6 = cb;
}

IpL4Protocol::DownTargetCallback
MptcpL4Protocol::GetDownTarget() const
{
    return m_downTarget.IsNull() && m_ipv4 ? MakeCallback(&Ipv4::Send, m_ipv4) : m_downTarget;
}

IpL4Protocol::DownTargetCallback6
MptcpL4Protocol::GetDownTarget6() const
{
    return m_downTarget6.IsNull() && m_ipv6 ? MakeCallback(&Ipv6::Send, m_ipv6) : m_downTarget6;
}

} // namespace ns3
