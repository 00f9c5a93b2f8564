// SPDX-License-Identifier: GPL-2.0-only
// Srv6Protocol: ICMPv6 errors about packets that this node has put segments on. What was inserted
// at the source concerns the socket that sent (RFC 8754 section 5.4); an outer header's errors are
// relayed to the inner source (RFC 2473 section 8).
#include "srv6-chain.h"
#include "srv6-protocol.h"

#include "ns3/icmpv4.h"
#include "ns3/icmpv6-header.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

namespace
{

constexpr uint32_t IPV6_SIZE = 40;         //!< bytes of an IPv6 header
constexpr uint32_t ICMP_SIZE = 8;          //!< bytes of an ICMPv6 header with its four of value
constexpr uint32_t MIN_MTU = 1280;         //!< RFC 8200 section 5
constexpr uint32_t MIN_MTU4 = 68;          //!< RFC 791
constexpr uint8_t IPV4_IN_IPV6 = 4;        //!< next header
constexpr uint8_t ADDRESS_UNREACHABLE = 3; //!< code of ICMPv6 Destination Unreachable
constexpr double PATH_MTU_LIFE = 600;      //!< seconds; RFC 8201 section 4
constexpr size_t MOST_PATHS = 4096;        //!< whose MTU is kept

} // namespace

void
Srv6Protocol::WatchErrors()
{
    if (!m_watchingErrors && m_ipv6)
    {
        m_watchingErrors = true;
        m_ipv6->TraceConnectWithoutContext("LocalDeliver",
                                           MakeCallback(&Srv6Protocol::OnDelivery, this));
    }
}

void
Srv6Protocol::OnDelivery(const Ipv6Header& header,
                         Ptr<const Packet> packet,
                         uint32_t /* interface */)
{
    // Extension headers are gone, but what IPv6's said of the next header stays. Behind them may be
    // any transport: only an error quotes a packet of this node.
    constexpr uint8_t VERSION = 6;
    constexpr uint32_t SOURCE = 8;
    const uint8_t next = header.GetNextHeader();
    uint8_t icmp[ICMP_SIZE + IPV6_SIZE];
    if ((next != Ipv6Header::IPV6_ICMPV6 && next != Ipv6Header::IPV6_EXT_ROUTING &&
         next != Ipv6Header::IPV6_EXT_FRAGMENTATION) ||
        packet->CopyData(icmp, sizeof(icmp)) < sizeof(icmp) ||
        icmp[0] >= Icmpv6Header::ICMPV6_ECHO_REQUEST || icmp[ICMP_SIZE] >> 4 != VERSION ||
        m_ipv6->GetInterfaceForAddress(Ipv6Address::Deserialize(icmp + ICMP_SIZE + SOURCE)) < 0)
    {
        return;
    }
    IcmpError error;
    error.from = header.GetSource();
    error.hopLimit = header.GetHopLimit();
    error.type = icmp[0];
    error.code = icmp[1];
    error.value = static_cast<uint32_t>(icmp[4]) << 24 | icmp[5] << 16 | icmp[6] << 8 | icmp[7];
    const Ptr<Packet> quoted = packet->Copy();
    quoted->RemoveAtStart(ICMP_SIZE);
    Ipv6Header outer;
    quoted->RemoveHeader(outer);
    Srv6Chain chain;
    const bool routed = outer.GetNextHeader() == Ipv6Header::IPV6_EXT_ROUTING;
    if (chain.Scan(*quoted, outer.GetNextHeader(), true) != Srv6Chain::End::UPPER_LAYER)
    {
        return;
    }
    if (routed)
    {
        NotePath(*quoted, outer, error);
    }
    const uint32_t overhead = chain.GetOffset();
    const uint8_t upper = chain.GetUpperLayer();
    if (upper == Ipv6Header::IPV6_IPV6 || upper == IPV4_IN_IPV6)
    {
        quoted->RemoveAtStart(overhead);
        error.value -= std::min(error.value, overhead + IPV6_SIZE);
        RelayError(quoted, upper == IPV4_IN_IPV6, error);
        return;
    }
    if (!routed || m_pathDestination.IsAny())
    {
        return;
    }
    quoted->RemoveAtStart(overhead);
    error.value -= error.type == Icmpv6Header::ICMPV6_ERROR_PACKET_TOO_BIG
                       ? std::min(error.value, overhead)
                       : 0;
    TellTransport(*quoted, outer.GetSource(), m_pathDestination, upper, error);
}

void
Srv6Protocol::NotePath(const Packet& quoted, const Ipv6Header& outer, const IcmpError& error)
{
    m_pathDestination = Ipv6Address::GetAny();
    std::array<uint8_t, SRV6_MAX_SIZE> bytes;
    const uint32_t size = quoted.CopyData(bytes.data(), bytes.size());
    if (CheckSrv6Framing(bytes.data(), size))
    {
        return;
    }
    m_pathDestination = Ipv6Address::Deserialize(bytes.data() + SRV6_FIXED_SIZE);
    if (error.type != Icmpv6Header::ICMPV6_ERROR_PACKET_TOO_BIG)
    {
        return;
    }
    const Time now = Simulator::Now();
    if (m_pathMtus.size() >= MOST_PATHS)
    {
        // Anybody can send such errors.
        m_pathMtus.clear();
    }
    PathMtu& known = m_pathMtus[GetPathKey(bytes.data())];
    const uint32_t mtu = std::max(error.value, MIN_MTU);
    known.mtu = known.expires > now ? std::min(known.mtu, mtu) : mtu;
    known.expires = now + Seconds(PATH_MTU_LIFE);
    // ns-3 is about to keep it under the segment that was quoted, where it would hold for packets
    // of all paths by that segment.
    Simulator::ScheduleNow(&Ipv6L3Protocol::SetPmtu, m_ipv6, outer.GetDestination(), 0);
}

std::string
Srv6Protocol::GetPathKey(const uint8_t* srh)
{
    return {reinterpret_cast<const char*>(srh) + SRV6_FIXED_SIZE,
            SRV6_SEGMENT_SIZE * (srh[4] + 1U)};
}

uint32_t
Srv6Protocol::GetPathMtu(const uint8_t* srh) const
{
    const auto known = m_pathMtus.find(GetPathKey(srh));
    return known != m_pathMtus.end() && known->second.expires > Simulator::Now() ? known->second.mtu
                                                                                 : 0;
}

void
Srv6Protocol::TellTransport(const Packet& segment,
                            const Ipv6Address& source,
                            const Ipv6Address& destination,
                            uint8_t protocol,
                            const IcmpError& error)
{
    constexpr uint32_t QUOTED = 8;
    uint8_t payload[QUOTED];
    const auto transport = m_ipv6->GetProtocol(protocol);
    if (transport && segment.CopyData(payload, QUOTED) == QUOTED)
    {
        transport->ReceiveIcmp(error.from,
                               error.hopLimit,
                               error.type,
                               error.code,
                               error.value,
                               source,
                               destination,
                               payload);
    }
}

void
Srv6Protocol::RelayError(Ptr<Packet> inner, bool ipv4, IcmpError error)
{
    const bool tooBig = error.type == Icmpv6Header::ICMPV6_ERROR_PACKET_TOO_BIG;
    if (ipv4)
    {
        RelayError4(inner, tooBig, error.value);
        return;
    }
    if (inner->GetSize() < IPV6_SIZE)
    {
        return;
    }
    Ipv6Header header;
    inner->RemoveHeader(header);
    if (!tooBig)
    {
        // RFC 2473 section 8.2: whatever is wrong within the tunnel, its end cannot be reached.
        error.type = Icmpv6Header::ICMPV6_ERROR_DESTINATION_UNREACHABLE;
        error.code = ADDRESS_UNREACHABLE;
        error.value = 0;
    }
    else
    {
        error.value = std::max(error.value, MIN_MTU);
    }
    if (m_ipv6->GetInterfaceForAddress(header.GetSource()) >= 0)
    {
        TellTransport(
            *inner, header.GetSource(), header.GetDestination(), header.GetNextHeader(), error);
        return;
    }
    SendError(inner, header, tooBig ? Error::TOO_BIG : Error::UNREACHABLE, error.code, error.value);
}

void
Srv6Protocol::RelayError4(Ptr<Packet> inner, bool tooBig, uint32_t mtu)
{
    // RFC 2473 section 8.3: Host Unreachable, or Fragmentation Needed.
    if (tooBig)
    {
        SendError4(inner,
                   Icmpv4Header::ICMPV4_DEST_UNREACH,
                   Icmpv4DestinationUnreachable::ICMPV4_FRAG_NEEDED,
                   std::max(mtu, MIN_MTU4));
        return;
    }
    SendError4(inner,
               Icmpv4Header::ICMPV4_DEST_UNREACH,
               Icmpv4DestinationUnreachable::ICMPV4_HOST_UNREACHABLE);
}

void
Srv6Protocol::SendError4(Ptr<Packet> inner, uint8_t error, uint8_t code, uint32_t mtu)
{
    const auto ipv4 = m_node->GetObject<Ipv4L3Protocol>();
    if (!ipv4 || !HasIpv4Header(*inner))
    {
        return;
    }
    constexpr uint32_t QUOTED = 8;
    constexpr uint8_t ICMP = 1;
    Ipv4Header header;
    inner->RemoveHeader(header);
    const Ipv4Address source = header.GetSource();
    uint8_t type = Icmpv4Header::ICMPV4_DEST_UNREACH;
    inner->CopyData(&type, 1);
    const bool ping = type == Icmpv4Header::ICMPV4_ECHO || type == Icmpv4Header::ICMPV4_ECHO_REPLY;
    if ((header.GetProtocol() == ICMP && !ping) || header.GetFragmentOffset() > 0 ||
        source.IsAny() || source.IsBroadcast() || source.IsMulticast() ||
        header.GetDestination().IsBroadcast() || header.GetDestination().IsMulticast())
    {
        // RFC 1122 section 3.2.2: none about what may be an error itself, a later fragment, or for
        // a group.
        return;
    }
    auto packet = Create<Packet>();
    const auto quoted = inner->CreateFragment(0, std::min(inner->GetSize(), QUOTED));
    if (error == Icmpv4Header::ICMPV4_TIME_EXCEEDED)
    {
        Icmpv4TimeExceeded exceeded;
        exceeded.SetHeader(header);
        exceeded.SetData(quoted);
        packet->AddHeader(exceeded);
    }
    else
    {
        Icmpv4DestinationUnreachable unreachable;
        unreachable.SetHeader(header);
        unreachable.SetData(quoted);
        unreachable.SetNextHopMtu(static_cast<uint16_t>(mtu));
        packet->AddHeader(unreachable);
    }
    Icmpv4Header icmp;
    icmp.SetType(error);
    icmp.SetCode(code);
    if (Node::ChecksumEnabled())
    {
        icmp.EnableChecksum();
    }
    packet->AddHeader(icmp);
    Ipv4Header query;
    query.SetDestination(source);
    query.SetProtocol(ICMP);
    Socket::SocketErrno unused;
    const auto route = ipv4->GetRoutingProtocol()->RouteOutput(packet, query, nullptr, unused);
    if (route)
    {
        ipv4->Send(packet, route->GetSource(), source, ICMP, route);
    }
}

} // namespace ns3
