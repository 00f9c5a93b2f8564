// SPDX-License-Identifier: GPL-2.0-only
// Srv6Protocol: what is steered into a policy (RFC 8986 section 5, RFC 8754 section 4.1).
#include "ipv6-extension-bytes.h"
#include "srv6-chain.h"
#include "srv6-protocol.h"

#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/icmpv6-header.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv6-route.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/udp-l4-protocol.h"

#include <algorithm>

namespace ns3
{

namespace
{

constexpr uint32_t IPV6_SIZE = 40;            //!< bytes of an IPv6 header
constexpr uint32_t MIN_MTU = 1280;            //!< RFC 8200 section 5
constexpr uint32_t MIN_MTU4 = 68;             //!< RFC 791
constexpr uint32_t MAX_EXTENSION_SIZE = 2048; //!< bytes of the longest extension header
constexpr uint32_t WHOLE = 65535;             //!< bytes of the longest IPv4 packet
constexpr uint8_t IPV4_IN_IPV6 = 4;           //!< next header
constexpr uint8_t FRAGMENT = 44;              //!< next header
constexpr uint8_t DEFAULT_HOP_LIMIT = 64;     //!< of packets that do not tell
constexpr uint32_t FLOW_LABELS = 0xfffff;     //!< that there are, without 0

/// @param mtu of a link @param overhead bytes in front of an IPv6 packet
/// @return what the packet may have; IPv6 knows no less than 1280
uint32_t
GetInnerMtu(uint32_t mtu, uint32_t overhead)
{
    return mtu > overhead + MIN_MTU ? mtu - overhead : MIN_MTU;
}

/// @param packet that an extension header is at the start of @param to room for the longest
/// @return bytes of it, 0 if they are not all there
uint32_t
CopyExtension(const Packet& packet, uint8_t* to)
{
    constexpr uint32_t UNIT = 8;
    const uint32_t read = packet.CopyData(to, MAX_EXTENSION_SIZE);
    const uint32_t size = read < UNIT ? UNIT : (to[1] + 1U) * UNIT;
    return size <= read ? size : 0;
}

} // namespace

uint32_t
Srv6Protocol::HashFlow(Ptr<const Packet> packet, const Ipv6Header& header)
{
    constexpr uint32_t PORTS = 4;
    constexpr size_t ADDRESS = 16;
    uint8_t key[2 * ADDRESS + 1 + PORTS] = {};
    header.GetSource().GetBytes(key);
    header.GetDestination().GetBytes(key + ADDRESS);
    uint8_t protocol = header.GetNextHeader();
    Ptr<const Packet> transport = packet;
    if (protocol != TcpL4Protocol::PROT_NUMBER && protocol != UdpL4Protocol::PROT_NUMBER)
    {
        Srv6Chain chain;
        if (chain.Scan(*packet, protocol, true) == Srv6Chain::End::UPPER_LAYER)
        {
            protocol = chain.GetUpperLayer();
            transport =
                packet->CreateFragment(chain.GetOffset(), packet->GetSize() - chain.GetOffset());
        }
    }
    key[2 * ADDRESS] = protocol;
    if (protocol == TcpL4Protocol::PROT_NUMBER || protocol == UdpL4Protocol::PROT_NUMBER)
    {
        transport->CopyData(key + 2 * ADDRESS + 1, PORTS);
    }
    // FNV-1a, and a last stir since its high bits count here. It begins with the label (RFC 8986
    // section 7), which is all that tells flows in one tunnel apart.
    uint32_t hash = 2166136261U ^ header.GetFlowLabel();
    for (const uint8_t byte : key)
    {
        hash = (hash ^ byte) * 16777619U;
    }
    hash ^= hash >> 16;
    hash *= 0x85ebca6bU;
    hash ^= hash >> 13;
    hash *= 0xc2b2ae35U;
    return hash ^ hash >> 16;
}

Ipv6Address
Srv6Protocol::GetTunnelSource(const Srv6Policy& policy) const
{
    if (policy.GetSource())
    {
        return *policy.GetSource();
    }
    if (!m_tunnelSource.IsAny())
    {
        return m_tunnelSource;
    }
    for (uint32_t i = 1; i < m_ipv6->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < m_ipv6->GetNAddresses(i); ++j)
        {
            const auto address = m_ipv6->GetAddress(i, j);
            if (address.GetScope() == Ipv6InterfaceAddress::GLOBAL)
            {
                return address.GetAddress();
            }
        }
    }
    return Ipv6Address::GetAny();
}

uint32_t
Srv6Protocol::GetExceededMtu(uint32_t size,
                             const Ipv6Address& destination,
                             const Ipv6Address& source) const
{
    if (size <= MIN_MTU)
    {
        return 0;
    }
    const auto route = FindRoute(destination, source, Ipv6Header::IPV6_EXT_ROUTING);
    const uint32_t mtu = route ? route->GetOutputDevice()->GetMtu() : size;
    return size > mtu ? mtu : 0;
}

void
Srv6Protocol::Push(const Srv6Policy& policy,
                   size_t list,
                   const Ptr<Packet>& packet,
                   Ipv6Header& header)
{
    if (policy.GetHeaderSize(list) > 0)
    {
        // Hop-by-Hop Options stay next to the IPv6 header (RFC 8200 section 4.1).
        std::array<uint8_t, MAX_EXTENSION_SIZE> options;
        const uint32_t front = header.GetNextHeader() == Ipv6Header::IPV6_EXT_HOP_BY_HOP
                                   ? CopyExtension(*packet, options.data())
                                   : 0;
        packet->RemoveAtStart(front);
        std::array<uint8_t, SRV6_MAX_SIZE> srh;
        policy.Write(list,
                     srh.data(),
                     front > 0 ? options[0] : header.GetNextHeader(),
                     header.GetSource(),
                     header.GetDestination());
        packet->AddHeader(Ipv6ExtensionBytes(srh.data()));
        if (front > 0)
        {
            options[0] = Ipv6Header::IPV6_EXT_ROUTING;
            packet->AddHeader(Ipv6ExtensionBytes(options.data()));
        }
        else
        {
            header.SetNextHeader(Ipv6Header::IPV6_EXT_ROUTING);
        }
    }
    header.SetDestination(policy.GetFirst(list));
    header.SetPayloadLength(packet->GetSize());
}

void
Srv6Protocol::Apply(const Srv6Policy& policy,
                    Ptr<const Packet> packet,
                    Ipv6Header header,
                    const Srv6Arrival& arrival)
{
    if (policy.IsEmpty())
    {
        Drop(packet, header, Srv6DropReason::EMPTY_POLICY);
        return;
    }
    if (header.GetHopLimit() <= 1)
    {
        SendError(packet, header, Error::TIME_EXCEEDED, Icmpv6Header::ICMPV6_HOPLIMIT, 0);
        Drop(packet, header, Srv6DropReason::HOP_LIMIT);
        return;
    }
    const bool insert = policy.GetSteering() == Srv6Steering::INSERT;
    // Linux copies the label.
    const bool label = !insert && !m_linux;
    const uint32_t hash = label || policy.HasChoice() ? HashFlow(packet, header) : 0;
    const size_t list = policy.HasChoice() ? policy.Choose(hash) : 0;
    const uint32_t overhead = policy.GetHeaderSize(list) + (insert ? 0 : IPV6_SIZE);
    Ipv6Header outer = header;
    if (!insert)
    {
        outer.SetSource(GetTunnelSource(policy));
    }
    if (const uint32_t mtu = GetExceededMtu(
            packet->GetSize() + IPV6_SIZE + overhead, policy.GetFirst(list), outer.GetSource()))
    {
        // RFC 2473 section 7.1: less what is added on the way.
        SendError(packet, header, Error::TOO_BIG, 0, GetInnerMtu(mtu, overhead));
        Drop(packet, header, Srv6DropReason::TOO_BIG);
        return;
    }
    Ptr<Packet> steered = packet->Copy();
    if (!insert)
    {
        if (!m_linux)
        {
            header.SetHopLimit(header.GetHopLimit() - 1);
            // Forwarding takes one off, but this node sends the outer packet.
            outer.SetHopLimit(m_hopLimit + 1);
        }
        if (label)
        {
            // RFC 8754 section 5.5. Not 0, which means none.
            outer.SetFlowLabel(hash % FLOW_LABELS + 1);
        }
        steered->AddHeader(header);
        outer.SetNextHeader(Ipv6Header::IPV6_IPV6);
    }
    Push(policy, list, steered, outer);
    Submit(steered, outer, arrival, SRV6_MAIN_TABLE, false, false);
}

bool
Srv6Protocol::Take(Ptr<const Packet> packet, const Ipv4Header& header)
{
    const auto steered =
        std::find_if(m_steering4.begin(),
                     m_steering4.end(),
                     [&header](const Steered4& entry)
                     { return entry.mask.IsMatch(entry.network, header.GetDestination()); });
    // What has no hop left IPv4 tells the source of.
    if (steered == m_steering4.end() || header.GetTtl() <= 1 ||
        header.GetDestination().IsMulticast())
    {
        return false;
    }
    // Held, since who hears of a first fragment may steer its destination elsewhere.
    const Ptr<const Srv6Policy> held = steered->policy;
    const Srv6Policy& policy = *held;
    Ipv4Header inner = header;
    Ipv6Header outer;
    outer.SetSource(GetTunnelSource(policy));
    outer.SetNextHeader(IPV4_IN_IPV6);
    outer.SetTrafficClass(header.GetTos());
    outer.SetHopLimit(m_linux ? header.GetTtl() : m_hopLimit);
    if (policy.IsEmpty())
    {
        Drop(packet, outer, Srv6DropReason::EMPTY_POLICY);
        return true;
    }
    size_t list = 0;
    if (policy.HasChoice())
    {
        Ipv6Header flow;
        flow.SetSource(Ipv6Address::MakeIpv4MappedAddress(header.GetSource()));
        flow.SetDestination(Ipv6Address::MakeIpv4MappedAddress(header.GetDestination()));
        // Only the first fragment has ports: all go by the same list without them.
        const bool whole = header.IsLastFragment() && header.GetFragmentOffset() == 0;
        flow.SetNextHeader(whole ? header.GetProtocol() : FRAGMENT);
        list = policy.Choose(HashFlow(packet, flow));
    }
    const uint32_t overhead = policy.GetHeaderSize(list) + IPV6_SIZE;
    const uint32_t size = packet->GetSize() + header.GetSerializedSize() + overhead;
    uint32_t exceeded = GetExceededMtu(size, policy.GetFirst(list), outer.GetSource());
    if (!m_pathMtus.empty() && policy.GetHeaderSize(list) > 0)
    {
        // A source that does not ask for the path's MTU would never heed it.
        std::array<uint8_t, SRV6_MAX_SIZE> srh;
        policy.Write(list, srh.data(), IPV4_IN_IPV6, outer.GetSource(), policy.GetFirst(list));
        const uint32_t known = GetPathMtu(srh.data());
        exceeded = known > 0 && size > known ? known : exceeded;
    }
    const uint32_t mtu = exceeded > overhead ? exceeded - overhead : 0;
    if (exceeded > 0 && (header.IsDontFragment() || mtu < MIN_MTU4))
    {
        m_node->GetObject<Icmpv4L4Protocol>()->SendDestUnreachFragNeeded(
            header, packet, static_cast<uint16_t>(std::max(mtu, MIN_MTU4)));
        Drop(packet, outer, Srv6DropReason::TOO_BIG);
        return true;
    }
    const auto route =
        FindRoute(policy.GetFirst(list), outer.GetSource(), Ipv6Header::IPV6_EXT_ROUTING);
    if (!route)
    {
        Drop(packet, outer, Srv6DropReason::NO_ROUTE);
        return true;
    }
    inner.SetTtl(header.GetTtl() - 1);
    if (Node::ChecksumEnabled())
    {
        inner.EnableChecksum();
    }
    Encapsulate4(packet, inner, policy, list, exceeded > 0 ? mtu : WHOLE, outer, route);
    return true;
}

void
Srv6Protocol::Encapsulate4(const Ptr<const Packet>& packet,
                           const Ipv4Header& header,
                           const Srv6Policy& policy,
                           size_t list,
                           uint32_t mtu,
                           const Ipv6Header& outer,
                           const Ptr<Ipv6Route>& route)
{
    // The inner packet is cut and not the outer one, since no SID puts that together again
    // (RFC 791 section 3.2).
    constexpr uint32_t UNIT = 8;
    const uint32_t size = packet->GetSize();
    const uint32_t room = mtu - header.GetSerializedSize();
    const uint32_t most = size <= room ? size : room / UNIT * UNIT;
    uint32_t at = 0;
    do
    {
        const uint32_t length = std::min(most, size - at);
        Ptr<Packet> steered = packet->CreateFragment(at, length);
        Ipv4Header inner = header;
        inner.SetFragmentOffset(header.GetFragmentOffset() + at);
        inner.SetPayloadSize(static_cast<uint16_t>(length));
        if (at + length < size)
        {
            inner.SetMoreFragments();
        }
        steered->AddHeader(inner);
        Ipv6Header fragment = outer;
        Push(policy, list, steered, fragment);
        SendOuter(steered, fragment, route);
        at += length;
    } while (at < size);
}

void
Srv6Protocol::SendOuter(Ptr<Packet> packet, const Ipv6Header& outer, Ptr<Ipv6Route> route)
{
    SocketIpv6HopLimitTag hopLimit;
    hopLimit.SetHopLimit(outer.GetHopLimit());
    packet->ReplacePacketTag(hopLimit);
    SocketIpv6TclassTag trafficClass;
    trafficClass.SetTclass(outer.GetTrafficClass());
    packet->ReplacePacketTag(trafficClass);
    m_ipv6->Send(packet, outer.GetSource(), outer.GetDestination(), outer.GetNextHeader(), route);
}

void
Srv6Protocol::InterceptStockProtocols()
{
    if (m_intercepting)
    {
        return;
    }
    m_intercepting = true;
    for (const Ptr<IpL4Protocol>& protocol :
         {Ptr<IpL4Protocol>(m_node->GetObject<TcpL4Protocol>()),
          Ptr<IpL4Protocol>(m_node->GetObject<UdpL4Protocol>()),
          Ptr<IpL4Protocol>(m_node->GetObject<Icmpv6L4Protocol>())})
    {
        if (protocol && !protocol->GetDownTarget6().IsNull())
        {
            const auto original = protocol->GetDownTarget6();
            protocol->SetDownTarget6(IpL4Protocol::DownTargetCallback6(
                [this, original](Ptr<Packet> packet,
                                 Ipv6Address source,
                                 Ipv6Address destination,
                                 uint8_t number,
                                 Ptr<Ipv6Route> route)
                { SendSteered(original, packet, source, destination, number, route); }));
        }
    }
}

void
Srv6Protocol::SendSteered(IpL4Protocol::DownTargetCallback6 original,
                          Ptr<Packet> packet,
                          Ipv6Address source,
                          Ipv6Address destination,
                          uint8_t protocol,
                          Ptr<Ipv6Route> route)
{
    const Srv6Policy* found = m_ipv6 ? FindPolicy(*packet, destination, protocol) : nullptr;
    if (!found)
    {
        original(packet, source, destination, protocol, route);
        return;
    }
    const Srv6Policy& policy = *found;
    Ipv6Header header;
    header.SetSource(source);
    header.SetDestination(destination);
    header.SetNextHeader(protocol);
    header.SetPayloadLength(packet->GetSize());
    header.SetHopLimit(DEFAULT_HOP_LIMIT);
    if (policy.IsEmpty())
    {
        Drop(packet, header, Srv6DropReason::EMPTY_POLICY);
        return;
    }
    const size_t list = policy.HasChoice() ? policy.Choose(HashFlow(packet, header)) : 0;
    const bool insert = policy.GetSteering() == Srv6Steering::INSERT;
    if (insert)
    {
        if (!SendWithHeader(packet, source, destination, protocol, policy, list))
        {
            Drop(packet, header, Srv6DropReason::NO_ROUTE);
        }
        return;
    }
    const uint32_t overhead = policy.GetHeaderSize(list) + IPV6_SIZE;
    if (const uint32_t mtu =
            GetExceededMtu(packet->GetSize() + IPV6_SIZE + overhead, policy.GetFirst(list), source))
    {
        IcmpError error;
        error.from = source;
        error.type = Icmpv6Header::ICMPV6_ERROR_PACKET_TOO_BIG;
        error.value = GetInnerMtu(mtu, overhead);
        TellTransport(*packet, source, destination, protocol, error);
        Drop(packet, header, Srv6DropReason::TOO_BIG);
        return;
    }
    // What the socket asked for is for the inner header.
    SocketIpv6HopLimitTag hopLimit;
    if (packet->RemovePacketTag(hopLimit))
    {
        header.SetHopLimit(hopLimit.GetHopLimit());
    }
    SocketIpv6TclassTag trafficClass;
    if (packet->RemovePacketTag(trafficClass))
    {
        header.SetTrafficClass(trafficClass.GetTclass());
    }
    Ipv6Header outer = header;
    outer.SetSource(GetTunnelSource(policy));
    outer.SetNextHeader(Ipv6Header::IPV6_IPV6);
    outer.SetHopLimit(m_linux ? header.GetHopLimit() : m_hopLimit);
    const auto towards =
        FindRoute(policy.GetFirst(list), outer.GetSource(), Ipv6Header::IPV6_EXT_ROUTING);
    if (!towards)
    {
        Drop(packet, header, Srv6DropReason::NO_ROUTE);
        return;
    }
    packet->AddHeader(header);
    Push(policy, list, packet, outer);
    SendOuter(packet, outer, towards);
}

} // namespace ns3
