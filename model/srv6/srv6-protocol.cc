// SPDX-License-Identifier: GPL-2.0-only
// Srv6Protocol: what is configured, what is dropped.
#include "srv6-protocol.h"

#include "srv6-chain.h"
#include "srv6-extension.h"
#include "srv6-ipv4-routing.h"
#include "srv6-routing.h"
#include "srv6-tcp-headers.h"

#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-extension-demux.h"
#include "ns3/ipv6-route.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6Protocol);

namespace
{

constexpr uint8_t LONGEST_PREFIX = 128; //!< bits

} // namespace

std::string_view
GetName(Srv6DropReason reason)
{
    switch (reason)
    {
    case Srv6DropReason::MALFORMED_SRH:
        return "malformed SRH";
    case Srv6DropReason::MALFORMED_TLV:
        return "malformed TLV";
    case Srv6DropReason::SEGMENTS_LEFT:
        return "segments left";
    case Srv6DropReason::UPPER_LAYER:
        return "upper layer";
    case Srv6DropReason::HOP_LIMIT:
        return "hop limit";
    case Srv6DropReason::HMAC:
        return "HMAC";
    case Srv6DropReason::MULTICAST:
        return "multicast segment";
    case Srv6DropReason::NO_ROUTE:
        return "no route";
    case Srv6DropReason::TOO_BIG:
        return "too big";
    case Srv6DropReason::DOMAIN_FILTER:
        return "domain filter";
    case Srv6DropReason::ROUTING_TYPE:
        return "routing type";
    case Srv6DropReason::LOOP:
        return "loop";
    case Srv6DropReason::EMPTY_POLICY:
        return "empty policy";
    case Srv6DropReason::EXTENSION:
        return "extension header";
    case Srv6DropReason::COUNT:
        break;
    }
    return "unknown";
}

std::string_view
GetName(Srv6Behavior behavior)
{
    switch (behavior)
    {
    case Srv6Behavior::END:
        return "End";
    case Srv6Behavior::END_X:
        return "End.X";
    case Srv6Behavior::END_T:
        return "End.T";
    case Srv6Behavior::END_DX6:
        return "End.DX6";
    case Srv6Behavior::END_DX4:
        return "End.DX4";
    case Srv6Behavior::END_DT6:
        return "End.DT6";
    case Srv6Behavior::END_DT4:
        return "End.DT4";
    case Srv6Behavior::END_DT46:
        return "End.DT46";
    case Srv6Behavior::END_B6_ENCAPS:
        return "End.B6.Encaps";
    case Srv6Behavior::END_B6_ENCAPS_REDUCED:
        return "End.B6.Encaps.Red";
    }
    return "unknown";
}

TypeId
Srv6Protocol::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::Srv6Protocol")
            .SetParent<Object>()
            .SetGroupName("Mptcp")
            .AddConstructor<Srv6Protocol>()
            .AddAttribute(
                "LinuxCompatible",
                "Behave as a Linux kernel where that differs from RFC 8986: drop "
                "silently where the RFC sends ICMPv6 Parameter Problem, count the hop "
                "limit once for a packet that visits several SIDs of this node, copy "
                "the inner hop limit into outer headers and leave the inner one as it "
                "is, check the lengths of TLVs, and answer no ping or traceroute to a SID.",
                BooleanValue(false),
                MakeBooleanAccessor(&Srv6Protocol::m_linux),
                MakeBooleanChecker())
            .AddAttribute("TunnelHopLimit",
                          "Hop limit of outer headers (RFC 2473), unless LinuxCompatible.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&Srv6Protocol::m_hopLimit),
                          MakeUintegerChecker<uint8_t>(1, 254))
            .AddAttribute("TunnelSource",
                          "Source of outer headers of policies without one of their own; :: "
                          "means the node's first global address.",
                          Ipv6AddressValue(Ipv6Address::GetAny()),
                          MakeIpv6AddressAccessor(&Srv6Protocol::m_tunnelSource),
                          MakeIpv6AddressChecker())
            .AddAttribute("InterfaceAddressSids",
                          "Whether each address of an interface acts as an End SID too. "
                          "Otherwise a packet for one with segments left is refused (RFC 8754 "
                          "section 4.3.2). Such a packet passes the IPv6 trace source Rx twice.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&Srv6Protocol::SetInterfaceAddressSids,
                                              &Srv6Protocol::GetInterfaceAddressSids),
                          MakeBooleanChecker())
            .AddAttribute("AllowEchoRequest",
                          "Whether an ICMPv6 Echo Request to a SID is answered, so that SIDs can "
                          "be pinged (RFC 8986 section 4.1.1, RFC 9259).",
                          BooleanValue(true),
                          MakeBooleanAccessor(&Srv6Protocol::m_allowEcho),
                          MakeBooleanChecker())
            .AddAttribute(
                "AllowTraceroute",
                "Whether a UDP datagram to a SID, to one of the ports from 33434 to 33534 "
                "that traceroute uses, is answered by Port Unreachable, so that "
                "traceroute ends there (RFC 9259 section A.2.2).",
                BooleanValue(true),
                MakeBooleanAccessor(&Srv6Protocol::m_allowTraceroute),
                MakeBooleanChecker())
            .AddAttribute("VerifyHmac",
                          "Whether the HMAC TLV of a header that arrives at a SID, if it has one, "
                          "must be right (RFC 8754 section 2.1.2.1).",
                          BooleanValue(false),
                          MakeBooleanAccessor(&Srv6Protocol::m_verifyHmac),
                          MakeBooleanChecker())
            .AddAttribute("RequireHmac",
                          "Whether a header that arrives at a SID with segments left must have a "
                          "right HMAC TLV.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&Srv6Protocol::m_requireHmac),
                          MakeBooleanChecker())
            .AddAttribute(
                "ReflectPaths",
                "Whether this module's TCPs on this node that answer a SYN with a "
                "Segment Routing Header send back by the same segments in reverse. "
                "Srv6TcpHeaders::AddReflectingPort() does it for one listener. A header "
                "that PSP has removed cannot be reflected.",
                BooleanValue(false),
                MakeBooleanAccessor(&Srv6Protocol::SetReflectPaths, &Srv6Protocol::GetReflectPaths),
                MakeBooleanChecker())
            .AddTraceSource("Drop",
                            "Segment routing has dropped a packet, for a reason.",
                            MakeTraceSourceAccessor(&Srv6Protocol::m_dropTrace),
                            "ns3::Srv6Protocol::DropTracedCallback");
    return tid;
}

Srv6Protocol::Srv6Protocol()
    : m_tcpHeaders(CreateObject<Srv6TcpHeaders>()),
      m_errorCallback(MakeCallback(&Srv6Protocol::OnRouteError, this)),
      m_query(Create<Packet>())
{
    m_tcpHeaders->SetProtocol(this);
}

Srv6Protocol::~Srv6Protocol() = default;

Ptr<Srv6Protocol>
Srv6Protocol::Install(Ptr<Node> node)
{
    if (auto present = node->GetObject<Srv6Protocol>())
    {
        return present;
    }
    const auto ipv6 = node->GetObject<Ipv6L3Protocol>();
    const auto demux = node->GetObject<Ipv6ExtensionDemux>();
    if (!ipv6 || !demux)
    {
        return nullptr;
    }
    auto srv6 = CreateObject<Srv6Protocol>();
    srv6->m_node = node;
    srv6->m_ipv6 = ipv6;
    srv6->m_routing = CreateObject<Srv6Routing>();
    srv6->m_routing->SetProtocol(PeekPointer(srv6));
    Ipv6RoutingLayer::Place(ipv6, srv6->m_routing);
    if (const auto stock = demux->GetExtension(Ipv6ExtensionRouting::EXT_NUMBER))
    {
        demux->Remove(stock);
    }
    auto extension = CreateObject<Srv6Extension>();
    extension->SetProtocol(PeekPointer(srv6));
    extension->SetNode(node);
    demux->Insert(extension);
    // A segment may well lead back to the link that a packet came from.
    ipv6->SetAttribute("SendIcmpv6Redirect", BooleanValue(false));
    node->AggregateObject(srv6);
    node->AggregateObject(srv6->m_tcpHeaders);
    srv6->SetInterfaceAddressSids(srv6->m_interfaceSids);
    return srv6;
}

void
Srv6Protocol::DoDispose()
{
    m_node = nullptr;
    m_ipv6 = nullptr;
    if (m_routing)
    {
        m_routing->SetProtocol(nullptr);
        m_routing = nullptr;
    }
    if (m_tcpHeaders)
    {
        // Both are aggregated to the node: a reference would keep them and the node alive.
        m_tcpHeaders->SetProtocol(nullptr);
        m_tcpHeaders = nullptr;
    }
    m_tables.clear();
    m_tables4.clear();
    Object::DoDispose();
}

Ptr<Node>
Srv6Protocol::GetNode() const
{
    return m_node;
}

bool
Srv6Protocol::AddSid(const Ipv6Address& prefix, uint8_t length, const Srv6Sid& sid)
{
    if (length > LONGEST_PREFIX || prefix.IsAny() || prefix.IsMulticast() ||
        !sid.GetProblem().empty())
    {
        return false;
    }
    m_sids.Insert(prefix, length, sid);
    if (sid.policy)
    {
        WatchErrors();
    }
    return true;
}

bool
Srv6Protocol::RemoveSid(const Ipv6Address& prefix, uint8_t length)
{
    return m_sids.Remove(prefix, length);
}

const Srv6Sid*
Srv6Protocol::FindSid(const Ipv6Address& address) const
{
    return m_sids.Find(address);
}

bool
Srv6Protocol::Steer(const Ipv6Address& prefix, uint8_t length, Ptr<const Srv6Policy> policy)
{
    if (!policy || length > LONGEST_PREFIX)
    {
        return false;
    }
    m_steering.Insert(prefix, length, policy);
    InterceptStockProtocols();
    WatchErrors();
    return true;
}

bool
Srv6Protocol::Unsteer(const Ipv6Address& prefix, uint8_t length)
{
    return m_steering.Remove(prefix, length);
}

bool
Srv6Protocol::Steer(const Ipv4Address& network, const Ipv4Mask& mask, Ptr<const Srv6Policy> policy)
{
    const auto ipv4 = m_node->GetObject<Ipv4>();
    if (!ipv4 || !policy || policy->GetSteering() == Srv6Steering::INSERT)
    {
        return false;
    }
    if (!Ipv4RoutingLayer::Find<Srv6Ipv4Routing>(ipv4))
    {
        auto routing = CreateObject<Srv6Ipv4Routing>();
        routing->SetProtocol(this);
        Ipv4RoutingLayer::Place(ipv4, routing);
        WatchErrors();
    }
    Unsteer(network, mask);
    auto at = m_steering4.begin();
    while (at != m_steering4.end() && at->mask.GetPrefixLength() >= mask.GetPrefixLength())
    {
        ++at;
    }
    m_steering4.insert(at, {network.CombineMask(mask), mask, policy});
    return true;
}

bool
Srv6Protocol::Unsteer(const Ipv4Address& network, const Ipv4Mask& mask)
{
    const auto found =
        std::find_if(m_steering4.begin(),
                     m_steering4.end(),
                     [&](const Steered4& entry)
                     { return entry.mask == mask && entry.network == network.CombineMask(mask); });
    if (found == m_steering4.end())
    {
        return false;
    }
    m_steering4.erase(found);
    return true;
}

void
Srv6Protocol::SetTable6(uint32_t id, Ptr<Ipv6RoutingProtocol> table)
{
    m_tables[id] = table;
}

void
Srv6Protocol::SetTable4(uint32_t id, Ptr<Ipv4RoutingProtocol> table)
{
    m_tables4[id] = table;
}

void
Srv6Protocol::AddKey(const Srv6Key& key)
{
    m_keys[key.id] = key;
}

void
Srv6Protocol::AddExternalInterface(uint32_t interface)
{
    m_external.insert(interface);
}

void
Srv6Protocol::AddSidBlock(const Ipv6Address& prefix, uint8_t length)
{
    m_sidBlocks.Insert(prefix, length, true);
}

void
Srv6Protocol::AddDomainPrefix(const Ipv6Address& prefix, uint8_t length)
{
    m_domain.Insert(prefix, length, true);
}

void
Srv6Protocol::SetInterfaceAddressSids(bool on)
{
    m_interfaceSids = on;
    if (on && m_ipv6 && !m_traced)
    {
        m_traced = true;
        m_ipv6->TraceConnectWithoutContext("Rx", MakeCallback(&Srv6Protocol::OnRx, this));
    }
}

bool
Srv6Protocol::GetInterfaceAddressSids() const
{
    return m_interfaceSids;
}

Srv6TcpHeaders&
Srv6Protocol::GetTcpHeaders()
{
    return *m_tcpHeaders;
}

void
Srv6Protocol::SetReflectPaths(bool on)
{
    m_tcpHeaders->SetReflecting(on);
}

bool
Srv6Protocol::GetReflectPaths() const
{
    return m_tcpHeaders->IsReflecting();
}

void
Srv6Protocol::OnRx(Ptr<const Packet> /* packet */, Ptr<Ipv6> /* ipv6 */, uint32_t interface)
{
    m_rxInterface = interface;
}

void
Srv6Protocol::Print(std::ostream& os) const
{
    const auto printPolicy = [&os](const Srv6Policy& policy)
    {
        for (size_t i = 0; i < policy.GetNSegmentLists(); ++i)
        {
            os << " <";
            const char* separator = "";
            for (const auto& segment : policy.GetPath(i))
            {
                os << separator << segment;
                separator = ", ";
            }
            os << '>';
            if (policy.HasChoice())
            {
                os << " weight " << policy.GetWeight(i);
            }
        }
    };
    m_sids.ForEach(
        [&](const Ipv6Address& prefix, uint8_t length, const Srv6Sid& sid)
        {
            os << prefix << '/' << +length << ' ' << GetName(sid.behavior);
            os << (sid.flavors & SRV6_PSP ? " PSP" : "") << (sid.flavors & SRV6_USP ? " USP" : "")
               << (sid.flavors & SRV6_USD ? " USD" : "");
            switch (sid.behavior)
            {
            case Srv6Behavior::END_X:
            case Srv6Behavior::END_DX6:
                for (const auto& nextHop : sid.nextHops)
                {
                    os << " via " << nextHop;
                }
                break;
            case Srv6Behavior::END_DX4:
                os << " via " << sid.nextHop4;
                break;
            case Srv6Behavior::END_T:
            case Srv6Behavior::END_DT6:
            case Srv6Behavior::END_DT4:
            case Srv6Behavior::END_DT46:
                os << " table " << sid.table;
                break;
            case Srv6Behavior::END_B6_ENCAPS:
            case Srv6Behavior::END_B6_ENCAPS_REDUCED:
                printPolicy(*sid.policy);
                break;
            case Srv6Behavior::END:
                break;
            }
            os << " packets " << sid.counters.packets << " bytes " << sid.counters.bytes
               << " drops " << sid.counters.drops << '\n';
        });
    const auto printSteering = [&](Srv6Steering steering)
    {
        switch (steering)
        {
        case Srv6Steering::ENCAPS:
            os << " H.Encaps";
            break;
        case Srv6Steering::ENCAPS_REDUCED:
            os << " H.Encaps.Red";
            break;
        case Srv6Steering::INSERT:
            os << " insert";
            break;
        }
    };
    m_steering.ForEach(
        [&](const Ipv6Address& prefix, uint8_t length, const Ptr<const Srv6Policy>& policy)
        {
            os << prefix << '/' << +length;
            printSteering(policy->GetSteering());
            printPolicy(*policy);
            os << '\n';
        });
    for (const auto& entry : m_steering4)
    {
        os << entry.network << '/' << entry.mask.GetPrefixLength();
        printSteering(entry.policy->GetSteering());
        printPolicy(*entry.policy);
        os << '\n';
    }
}

uint64_t
Srv6Protocol::GetDrops(Srv6DropReason reason) const
{
    return m_drops.at(static_cast<size_t>(reason));
}

void
Srv6Protocol::OnRouteError(Ptr<const Packet> /* packet */,
                           const Ipv6Header& /* header */,
                           Socket::SocketErrno /* error */)
{
    m_routeError = true;
}

void
Srv6Protocol::Drop(Ptr<const Packet> packet,
                   const Ipv6Header& header,
                   Srv6DropReason reason,
                   Srv6Sid* sid)
{
    ++m_drops[static_cast<size_t>(reason)];
    if (sid)
    {
        ++sid->counters.drops;
    }
    m_dropTrace(packet, header, reason);
}

void
Srv6Protocol::Refuse(Ptr<const Packet> packet,
                     const Ipv6Header& header,
                     Srv6DropReason reason,
                     Srv6Sid* sid,
                     uint8_t code,
                     uint32_t pointer)
{
    if (!m_linux)
    {
        SendError(packet, header, Error::PARAMETER, code, pointer);
    }
    Drop(packet, header, reason, sid);
}

void
Srv6Protocol::SendError(
    Ptr<const Packet> packet, const Ipv6Header& header, Error error, uint8_t code, uint32_t value)
{
    const Ipv6Address source = header.GetSource();
    if (source.IsAny() || source.IsMulticast() || header.GetDestination().IsMulticast())
    {
        return;
    }
    Srv6Chain chain;
    if (chain.Scan(*packet, header.GetNextHeader(), true) == Srv6Chain::End::UPPER_LAYER &&
        chain.GetUpperLayer() == Ipv6Header::IPV6_ICMPV6)
    {
        const auto fragment = packet->CreateFragment(chain.GetOffset(),
                                                     packet->GetSize() > chain.GetOffset() ? 1 : 0);
        uint8_t type = 0;
        fragment->CopyData(&type, 1);
        // RFC 4443 section 2.4 (e): none about errors.
        if (type < Icmpv6Header::ICMPV6_ECHO_REQUEST)
        {
            return;
        }
    }
    const auto icmp = m_node->GetObject<Icmpv6L4Protocol>();
    Ptr<Packet> quoted = packet->Copy();
    quoted->AddHeader(header);
    switch (error)
    {
    case Error::PARAMETER:
        icmp->SendErrorParameterError(quoted, source, code, value);
        break;
    case Error::TIME_EXCEEDED:
        icmp->SendErrorTimeExceeded(quoted, source, code);
        break;
    case Error::TOO_BIG:
        icmp->SendErrorTooBig(quoted, source, value);
        break;
    case Error::UNREACHABLE:
        icmp->SendErrorDestinationUnreachable(quoted, source, code);
        break;
    }
}

Ptr<Ipv6Route>
Srv6Protocol::FindRoute(const Ipv6Address& destination,
                        const Ipv6Address& source,
                        uint8_t protocol) const
{
    Ipv6Header header;
    header.SetDestination(destination);
    header.SetSource(source);
    header.SetNextHeader(protocol);
    Socket::SocketErrno error;
    return m_ipv6->GetRoutingProtocol()->RouteOutput(m_query, header, nullptr, error);
}

} // namespace ns3
