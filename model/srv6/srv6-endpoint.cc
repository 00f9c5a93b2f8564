// SPDX-License-Identifier: GPL-2.0-only
// Srv6Protocol: what is done with packets for a SID (RFC 8986 section 4).
#include "ipv6-extension-bytes.h"
#include "srv6-chain.h"
#include "srv6-protocol.h"
#include "srv6-routing.h"
#include "srv6-tcp-headers.h"

#include "ns3/icmpv4.h"
#include "ns3/icmpv6-header.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv6-interface.h"
#include "ns3/ipv6-route.h"
#include "ns3/node.h"
#include "ns3/udp-l4-protocol.h"

namespace ns3
{

namespace
{

constexpr uint32_t IPV6_SIZE = 40;           //!< bytes of an IPv6 header
constexpr uint8_t IPV4_IN_IPV6 = 4;          //!< next header
constexpr uint8_t UPPER_LAYER_ERROR = 4;     //!< RFC 8754 section 8
constexpr uint32_t MAX_DEPTH = 32;           //!< SIDs of one node that a packet may visit
constexpr uint32_t MAX_PROCESSED = 255;      //!< what Ipv6Extension::Process() can tell
constexpr uint32_t SEGMENTS_LEFT_OFFSET = 3; //!< in a routing header
constexpr uint8_t LAST_HOP = 1;              //!< hop limit that ends here

/// @param behavior one @return whether it takes a packet out of its encapsulation
bool
IsDecapsulating(Srv6Behavior behavior)
{
    switch (behavior)
    {
    case Srv6Behavior::END_DX6:
    case Srv6Behavior::END_DX4:
    case Srv6Behavior::END_DT6:
    case Srv6Behavior::END_DT4:
    case Srv6Behavior::END_DT46:
        return true;
    default:
        return false;
    }
}

/// @param packet ICMPv6 @param offset where it begins @return whether it is a ping
bool
IsEchoRequest(const Packet& packet, uint32_t offset)
{
    constexpr uint32_t ECHO_SIZE = 8;
    if (packet.GetSize() < offset + ECHO_SIZE)
    {
        return false;
    }
    uint8_t type = 0;
    packet.CreateFragment(offset, ECHO_SIZE)->CopyData(&type, 1);
    return type == Icmpv6Header::ICMPV6_ECHO_REQUEST;
}

/// @param packet a datagram @param offset where it begins @return whether it is a traceroute's
bool
IsTracerouteProbe(const Packet& packet, uint32_t offset)
{
    constexpr uint32_t UDP_SIZE = 8;
    constexpr uint16_t PORTS = 100; // from the first one on
    if (packet.GetSize() < offset + UDP_SIZE)
    {
        return false;
    }
    uint8_t ports[4] = {};
    packet.CreateFragment(offset, UDP_SIZE)->CopyData(ports, sizeof(ports));
    const auto port = static_cast<uint16_t>(ports[2] << 8 | ports[3]);
    return port >= SRV6_TRACEROUTE_PORT && port <= SRV6_TRACEROUTE_PORT + PORTS;
}

/// @param sid one @param upper protocol number @return whether it takes such a packet out
bool
Decapsulates(const Srv6Sid& sid, uint8_t upper)
{
    const bool ipv6 = upper == Ipv6Header::IPV6_IPV6;
    if (!ipv6 && upper != IPV4_IN_IPV6)
    {
        return false;
    }
    switch (sid.behavior)
    {
    case Srv6Behavior::END_DX6:
    case Srv6Behavior::END_DT6:
        return ipv6;
    case Srv6Behavior::END_DX4:
    case Srv6Behavior::END_DT4:
        return !ipv6;
    case Srv6Behavior::END_DT46:
        return true;
    case Srv6Behavior::END_X:
        // An adjacency of IPv6 takes no IPv4.
        return (sid.flavors & SRV6_USD) && (ipv6 || !sid.nextHop4.IsAny());
    case Srv6Behavior::END:
    case Srv6Behavior::END_T:
        return sid.flavors & SRV6_USD;
    default:
        return false;
    }
}

} // namespace

bool
Srv6Protocol::Take(Ptr<const Packet> packet, const Ipv6Header& header, const Srv6Arrival& arrival)
{
    if (m_sids.IsEmpty() && m_steering.IsEmpty() && m_external.empty())
    {
        return false;
    }
    const Ipv6Address destination = header.GetDestination();
    if (!m_external.empty() &&
        m_external.count(m_ipv6->GetInterfaceForDevice(arrival.device)) > 0 &&
        m_sidBlocks.Find(destination))
    {
        Drop(packet, header, Srv6DropReason::DOMAIN_FILTER);
        return true;
    }
    Srv6Sid* sid = m_sids.Find(destination);
    if (sid && m_ipv6->GetInterfaceForAddress(destination) < 0)
    {
        Process(*sid, packet, header, arrival);
        return true;
    }
    const Srv6Policy* policy = FindSteering(destination);
    if (!policy)
    {
        return false;
    }
    Apply(*policy, packet, header, arrival);
    return true;
}

void
Srv6Protocol::Process(Srv6Sid& sid,
                      Ptr<const Packet> packet,
                      const Ipv6Header& header,
                      const Srv6Arrival& arrival)
{
    ++sid.counters.packets;
    sid.counters.bytes += packet->GetSize() + IPV6_SIZE;
    if (!m_domain.IsEmpty() && !m_domain.Find(header.GetSource()))
    {
        Drop(packet, header, Srv6DropReason::DOMAIN_FILTER, &sid);
        return;
    }
    if (m_depth == MAX_DEPTH)
    {
        Drop(packet, header, Srv6DropReason::LOOP, &sid);
        return;
    }
    ++m_depth;
    Srv6Chain chain;
    // Linux looks for the SRH alone.
    switch (chain.Scan(*packet, header.GetNextHeader(), false, !m_linux))
    {
    case Srv6Chain::End::MALFORMED:
        Refuse(packet,
               header,
               Srv6DropReason::MALFORMED_SRH,
               &sid,
               Icmpv6Header::ICMPV6_MALFORMED_HEADER,
               IPV6_SIZE + chain.GetOffset());
        break;
    case Srv6Chain::End::ROUTING_TYPE:
        Refuse(packet,
               header,
               Srv6DropReason::ROUTING_TYPE,
               &sid,
               Icmpv6Header::ICMPV6_MALFORMED_HEADER,
               IPV6_SIZE + chain.GetOffset());
        break;
    case Srv6Chain::End::OPTION:
        Refuse(packet,
               header,
               Srv6DropReason::EXTENSION,
               &sid,
               Icmpv6Header::ICMPV6_UNKNOWN_OPTION,
               IPV6_SIZE + chain.GetOffset());
        break;
    case Srv6Chain::End::SILENT_OPTION:
        Drop(packet, header, Srv6DropReason::EXTENSION, &sid);
        break;
    case Srv6Chain::End::NEXT_HEADER:
        Refuse(packet,
               header,
               Srv6DropReason::EXTENSION,
               &sid,
               Icmpv6Header::ICMPV6_UNKNOWN_NEXT_HEADER,
               IPV6_SIZE + chain.GetOffset());
        break;
    case Srv6Chain::End::UPPER_LAYER:
        Finish(sid, packet, header, chain, arrival);
        break;
    case Srv6Chain::End::SEGMENTS_LEFT:
        if (IsDecapsulating(sid.behavior))
        {
            // Sections 4.4 to 4.8, S02: these SIDs are the last ones.
            Refuse(packet,
                   header,
                   Srv6DropReason::SEGMENTS_LEFT,
                   &sid,
                   Icmpv6Header::ICMPV6_MALFORMED_HEADER,
                   IPV6_SIZE + chain.GetOffset() + SEGMENTS_LEFT_OFFSET);
            break;
        }
        Ipv6Header next = header;
        const Ptr<Packet> advanced = Advance(&sid, packet, next, chain);
        if (!advanced)
        {
            break;
        }
        switch (sid.behavior)
        {
        case Srv6Behavior::END_X:
            CrossConnect(sid.nextHops, advanced, next, arrival);
            break;
        case Srv6Behavior::END_T:
            Submit(advanced, next, arrival, sid.table, true, true);
            break;
        case Srv6Behavior::END_B6_ENCAPS:
        case Srv6Behavior::END_B6_ENCAPS_REDUCED:
            Apply(*sid.policy, advanced, next, arrival);
            break;
        default:
            Submit(advanced, next, arrival, SRV6_MAIN_TABLE, true, true);
            break;
        }
        break;
    }
    --m_depth;
}

Ptr<Packet>
Srv6Protocol::Advance(Srv6Sid* sid, Ptr<const Packet> packet, Ipv6Header& header, Srv6Chain& chain)
{
    const bool lastHop = header.GetHopLimit() <= LAST_HOP;
    if (lastHop && !m_linux)
    {
        SendError(packet, header, Error::TIME_EXCEEDED, Icmpv6Header::ICMPV6_HOPLIMIT, 0);
        Drop(packet, header, Srv6DropReason::HOP_LIMIT, sid);
        return nullptr;
    }
    uint8_t* srh = chain.GetSegmentRoutingHeader();
    const uint32_t position = IPV6_SIZE + chain.GetOffset();
    if (const auto problem = CheckSrv6Framing(srh, chain.GetSegmentRoutingSize()))
    {
        Refuse(packet,
               header,
               Srv6DropReason::MALFORMED_SRH,
               sid,
               Icmpv6Header::ICMPV6_MALFORMED_HEADER,
               position + problem.offset);
        return nullptr;
    }
    if (m_linux && CheckSrv6Tlvs(srh))
    {
        Drop(packet, header, Srv6DropReason::MALFORMED_TLV, sid);
        return nullptr;
    }
    if (!CheckHmac(sid, packet, header, srh, position))
    {
        return nullptr;
    }
    const uint8_t left = --srh[SEGMENTS_LEFT_OFFSET];
    const auto segment = Ipv6Address::Deserialize(srh + SRV6_FIXED_SIZE + SRV6_SEGMENT_SIZE * left);
    if (segment.IsMulticast())
    {
        // RFC 8200 section 4.4: no routing header leads to a group.
        Drop(packet, header, Srv6DropReason::MULTICAST, sid);
        return nullptr;
    }
    header.SetDestination(segment);
    const bool remove = left == 0 && sid && (sid->flavors & SRV6_PSP);
    Ptr<Packet> advanced = chain.Rebuild(*packet, header, remove);
    if (lastHop)
    {
        // Linux looks at the hop limit after it has changed the packet.
        SendError(advanced, header, Error::TIME_EXCEEDED, Icmpv6Header::ICMPV6_HOPLIMIT, 0);
        Drop(advanced, header, Srv6DropReason::HOP_LIMIT, sid);
        return nullptr;
    }
    return advanced;
}

bool
Srv6Protocol::CheckHmac(Srv6Sid* sid,
                        Ptr<const Packet> packet,
                        const Ipv6Header& header,
                        const uint8_t* srh,
                        uint32_t position)
{
    if (!m_verifyHmac && !m_requireHmac)
    {
        return true;
    }
    const auto refuse = [&](Srv6DropReason reason, uint32_t at)
    {
        Refuse(packet, header, reason, sid, Icmpv6Header::ICMPV6_MALFORMED_HEADER, position + at);
        return false;
    };
    const auto parsed = ParseSegmentRoutingHeader(srh, (srh[1] + 1U) * 8);
    if (!parsed.header)
    {
        // RFC 8754 section 2.1: what lies beyond the header is told of by Hdr Ext Len.
        return refuse(Srv6DropReason::MALFORMED_TLV, 1);
    }
    uint32_t at = SRV6_FIXED_SIZE + SRV6_SEGMENT_SIZE * (srh[4] + 1U);
    const Srv6Tlv* hmac = parsed.header->FindHmac();
    if (!hmac)
    {
        // Only a header with segments left must have one.
        return !m_requireHmac || srh[SEGMENTS_LEFT_OFFSET] == 0 || refuse(Srv6DropReason::HMAC, at);
    }
    for (const Srv6Tlv* tlv = parsed.header->tlvs.data(); tlv != hmac; ++tlv)
    {
        at += static_cast<uint32_t>(tlv->GetSize());
    }
    const auto key = m_keys.find(GetSrv6HmacKeyId(*parsed.header));
    return (key != m_keys.end() && VerifySrv6Hmac(header.GetSource(),
                                                  header.GetDestination(),
                                                  *parsed.header,
                                                  key->second.secret,
                                                  key->second.text)) ||
           refuse(Srv6DropReason::HMAC, at);
}

void
Srv6Protocol::Finish(Srv6Sid& sid,
                     Ptr<const Packet> packet,
                     const Ipv6Header& header,
                     Srv6Chain& chain,
                     const Srv6Arrival& arrival)
{
    if (const uint8_t* srh = chain.GetSegmentRoutingHeader();
        srh && (m_verifyHmac || m_requireHmac))
    {
        const uint32_t position = IPV6_SIZE + chain.GetSegmentRoutingOffset();
        if (const auto problem = CheckSrv6Framing(srh, chain.GetSegmentRoutingSize()))
        {
            Refuse(packet,
                   header,
                   Srv6DropReason::MALFORMED_SRH,
                   &sid,
                   Icmpv6Header::ICMPV6_MALFORMED_HEADER,
                   position + problem.offset);
            return;
        }
        if (!CheckHmac(&sid, packet, header, srh, position))
        {
            return;
        }
    }
    const uint8_t upper = chain.GetUpperLayer();
    if (Decapsulates(sid, upper))
    {
        Ptr<Packet> inner = packet->Copy();
        inner->RemoveAtStart(chain.GetOffset());
        const auto reason = Decapsulate(sid, inner, upper == IPV4_IN_IPV6, arrival);
        if (reason == Srv6DropReason::UPPER_LAYER)
        {
            Refuse(packet, header, *reason, &sid, UPPER_LAYER_ERROR, IPV6_SIZE + chain.GetOffset());
        }
        else if (reason)
        {
            Drop(packet, header, *reason, &sid);
        }
        return;
    }
    if (upper == Ipv6Header::IPV6_ICMPV6 && m_allowEcho && !m_linux &&
        IsEchoRequest(*packet, chain.GetOffset()))
    {
        Ipv6Header local = header;
        Ptr<const Packet> mine = packet;
        if (sid.flavors & SRV6_USP)
        {
            mine = chain.Rebuild(*packet, local, true);
        }
        arrival.local(mine, local, m_ipv6->GetInterfaceForDevice(arrival.device));
        return;
    }
    if (upper == UdpL4Protocol::PROT_NUMBER && m_allowTraceroute && !m_linux &&
        IsTracerouteProbe(*packet, chain.GetOffset()))
    {
        SendError(packet, header, Error::UNREACHABLE, Icmpv6Header::ICMPV6_PORT_UNREACHABLE, 0);
        return;
    }
    Refuse(packet,
           header,
           Srv6DropReason::UPPER_LAYER,
           &sid,
           UPPER_LAYER_ERROR,
           IPV6_SIZE + chain.GetOffset());
}

std::optional<Srv6DropReason>
Srv6Protocol::Decapsulate(const Srv6Sid& sid,
                          Ptr<Packet> packet,
                          bool ipv4,
                          const Srv6Arrival& arrival)
{
    if (ipv4)
    {
        return HasIpv4Header(*packet) ? Forward4(sid, packet, arrival)
                                      : Srv6DropReason::UPPER_LAYER;
    }
    uint8_t version = 0;
    packet->CopyData(&version, 1);
    if (version >> 4 != 6 || packet->GetSize() < IPV6_SIZE)
    {
        return Srv6DropReason::UPPER_LAYER;
    }
    Ipv6Header inner;
    packet->RemoveHeader(inner);
    if (inner.GetPayloadLength() > packet->GetSize())
    {
        return Srv6DropReason::UPPER_LAYER;
    }
    packet->RemoveAtEnd(packet->GetSize() - inner.GetPayloadLength());
    const bool cross = sid.behavior == Srv6Behavior::END_DX6 || sid.behavior == Srv6Behavior::END_X;
    if (inner.GetHopLimit() == 0 &&
        (cross || m_ipv6->GetInterfaceForAddress(inner.GetDestination()) < 0))
    {
        // IPv6 would take one off before it looks (RFC 8200 section 3).
        SendError(packet, inner, Error::TIME_EXCEEDED, Icmpv6Header::ICMPV6_HOPLIMIT, 0);
        return Srv6DropReason::HOP_LIMIT;
    }
    if (cross)
    {
        CrossConnect(sid.nextHops, packet, inner, arrival);
    }
    else
    {
        const bool main = sid.behavior == Srv6Behavior::END;
        Submit(packet, inner, arrival, main ? SRV6_MAIN_TABLE : sid.table, true, false);
    }
    return std::nullopt;
}

bool
Srv6Protocol::HasIpv4Header(const Packet& packet)
{
    constexpr uint32_t SHORTEST = 20;
    constexpr uint32_t UNIT = 4;
    uint8_t first = 0;
    packet.CopyData(&first, 1);
    const uint32_t size = UNIT * (first & 0xf);
    return first >> 4 == 4 && size >= SHORTEST && size <= packet.GetSize();
}

std::optional<Srv6DropReason>
Srv6Protocol::Forward4(const Srv6Sid& sid, Ptr<Packet> packet, const Srv6Arrival& arrival)
{
    const auto ipv4 = m_node->GetObject<Ipv4L3Protocol>();
    Ipv4Header header;
    if (Node::ChecksumEnabled())
    {
        header.EnableChecksum();
    }
    const uint32_t size = packet->PeekHeader(header);
    // RFC 1812 section 5.2.2: a header with a wrong checksum or length leads nowhere. A Total
    // Length that is too small has wrapped to a large payload.
    if (!ipv4 || !header.IsChecksumOk() || size + header.GetPayloadSize() > packet->GetSize())
    {
        return Srv6DropReason::UPPER_LAYER;
    }
    packet->RemoveAtEnd(packet->GetSize() - size - header.GetPayloadSize());
    const bool cross = sid.behavior == Srv6Behavior::END_DX4 || sid.behavior == Srv6Behavior::END_X;
    const bool main = !cross && (sid.behavior == Srv6Behavior::END || sid.table == SRV6_MAIN_TABLE);
    const uint8_t ttl = header.GetTtl();
    if (main && (ttl > 0 || ipv4->GetInterfaceForAddress(header.GetDestination()) >= 0))
    {
        // As if it had just arrived, by a device that IPv4 knows.
        int32_t interface = ipv4->GetInterfaceForDevice(arrival.device);
        const Ptr<NetDevice> device = ipv4->GetNetDevice(interface < 0 ? 0 : interface);
        ipv4->Receive(device,
                      packet,
                      Ipv4L3Protocol::PROT_NUMBER,
                      device->GetAddress(),
                      device->GetAddress(),
                      NetDevice::PACKET_HOST);
        return std::nullopt;
    }
    if (ttl <= LAST_HOP)
    {
        SendError4(
            packet, Icmpv4Header::ICMPV4_TIME_EXCEEDED, Icmpv4TimeExceeded::ICMPV4_TIME_TO_LIVE);
        return Srv6DropReason::HOP_LIMIT;
    }
    Ipv4Header query = header;
    Ptr<Ipv4RoutingProtocol> routing = ipv4->GetRoutingProtocol();
    if (cross)
    {
        query.SetDestination(sid.nextHop4);
    }
    else
    {
        const auto found = m_tables4.find(sid.table);
        routing = found == m_tables4.end() ? nullptr : found->second;
    }
    Socket::SocketErrno error;
    Ptr<Ipv4Route> route =
        routing ? routing->RouteOutput(packet, query, nullptr, error) : Ptr<Ipv4Route>();
    if (!route)
    {
        SendError4(packet,
                   Icmpv4Header::ICMPV4_DEST_UNREACH,
                   Icmpv4DestinationUnreachable::ICMPV4_NET_UNREACHABLE);
        return Srv6DropReason::NO_ROUTE;
    }
    if (cross)
    {
        route = Create<Ipv4Route>(*route);
        route->SetDestination(header.GetDestination());
        route->SetGateway(sid.nextHop4);
    }
    packet->RemoveHeader(header);
    header.SetTtl(ttl - 1);
    ipv4->SendWithHeader(packet, header, route);
    return std::nullopt;
}

void
Srv6Protocol::CrossConnect(const std::vector<Ipv6Address>& nextHops,
                           Ptr<const Packet> packet,
                           const Ipv6Header& header,
                           const Srv6Arrival& arrival)
{
    const size_t index = nextHops.size() == 1 ? 0 : HashFlow(packet, header) % nextHops.size();
    const Ipv6Address& nextHop = nextHops[index];
    const auto towards = FindRoute(nextHop, Ipv6Address::GetAny(), header.GetNextHeader());
    if (!towards)
    {
        arrival.error(packet, header, Socket::ERROR_NOROUTETOHOST);
        Drop(packet, header, Srv6DropReason::NO_ROUTE);
        return;
    }
    auto route = Create<Ipv6Route>();
    route->SetSource(header.GetSource());
    route->SetDestination(header.GetDestination());
    route->SetGateway(nextHop);
    route->SetOutputDevice(towards->GetOutputDevice());
    arrival.unicast(arrival.device, route, packet, header);
}

void
Srv6Protocol::Submit(Ptr<const Packet> packet,
                     Ipv6Header header,
                     const Srv6Arrival& arrival,
                     uint32_t table,
                     bool mayBeSteered,
                     bool advanced)
{
    const Ipv6Address destination = header.GetDestination();
    bool routed = false;
    m_routeError = false;
    if (table == SRV6_MAIN_TABLE)
    {
        const int32_t interface = m_ipv6->GetInterfaceForAddress(destination);
        Srv6Sid* sid = interface < 0 ? m_sids.Find(destination) : nullptr;
        if (sid || interface >= 0)
        {
            if (advanced && !m_linux)
            {
                header.SetHopLimit(header.GetHopLimit() - 1);
            }
            if (sid)
            {
                Process(*sid, packet, header, arrival);
            }
            else
            {
                arrival.local(packet, header, interface);
            }
            return;
        }
        if (const auto* policy = mayBeSteered ? FindSteering(destination) : nullptr)
        {
            Apply(*policy, packet, header, arrival);
            return;
        }
        routed = m_routing->Forward(packet, header, arrival, m_errorCallback);
    }
    else if (const auto found = m_tables.find(table); found != m_tables.end())
    {
        routed = found->second->RouteInput(packet,
                                           header,
                                           arrival.device,
                                           arrival.unicast,
                                           arrival.multicast,
                                           arrival.local,
                                           m_errorCallback);
    }
    if (!routed || m_routeError)
    {
        m_routeError = false;
        arrival.error(packet, header, Socket::ERROR_NOROUTETOHOST);
        Drop(packet, header, Srv6DropReason::NO_ROUTE);
    }
}

std::optional<uint8_t>
Srv6Protocol::TakeLocal(Ptr<Packet>& packet,
                        uint8_t offset,
                        const Ipv6Header& header,
                        uint8_t* nextHeader,
                        bool& dropped)
{
    constexpr uint32_t DUMMY_SIZE = 8;
    constexpr uint32_t UNIT = 8;
    dropped = true;
    const auto refuse = [&](Srv6DropReason reason, uint32_t at)
    {
        SendError(packet,
                  header,
                  Error::PARAMETER,
                  Icmpv6Header::ICMPV6_MALFORMED_HEADER,
                  IPV6_SIZE + offset + at);
        Drop(packet, header, reason);
    };
    uint8_t bytes[MAX_PROCESSED + DUMMY_SIZE];
    const uint32_t read = packet->CopyData(bytes, offset + DUMMY_SIZE);
    const uint8_t* routing = bytes + offset;
    const uint32_t size = (routing[1] + 1U) * UNIT;
    if (read < offset + DUMMY_SIZE || packet->GetSize() < offset + size)
    {
        refuse(Srv6DropReason::MALFORMED_SRH, 1);
        return std::nullopt;
    }
    if (routing[SEGMENTS_LEFT_OFFSET] == 0)
    {
        *nextHeader = routing[0];
        // IPv6 counts its position in a byte, which must not wrap on the headers behind either:
        // they would be read for ever, or begin a transport's segment.
        uint32_t behind = 0;
        if (Srv6Chain::IsExtension(routing[0]))
        {
            const auto rest =
                packet->CreateFragment(offset + size, packet->GetSize() - offset - size);
            Srv6Chain chain;
            const auto end = chain.Scan(*rest, routing[0]);
            behind = chain.GetOffset();
            if (end == Srv6Chain::End::MALFORMED)
            {
                refuse(Srv6DropReason::MALFORMED_SRH, size + behind);
                return std::nullopt;
            }
        }
        const bool fits = offset + size + behind <= MAX_PROCESSED;
        const bool datagram = routing[0] == UdpL4Protocol::PROT_NUMBER;
        if (!fits && !datagram && offset + DUMMY_SIZE + behind > MAX_PROCESSED)
        {
            refuse(Srv6DropReason::MALFORMED_SRH, 1);
            return std::nullopt;
        }
        if (m_tcpHeaders && routing[2] == SRV6_ROUTING_TYPE)
        {
            Ptr<const Packet> rest = packet;
            if (offset > 0)
            {
                rest = packet->CreateFragment(offset, packet->GetSize() - offset);
            }
            m_tcpHeaders->OnArrival(*rest, size, header);
        }
        if (datagram)
        {
            DeliverDatagram(packet, offset + size, header);
            dropped = false;
            return std::nullopt;
        }
        if (fits)
        {
            return static_cast<uint8_t>(size);
        }
        // Process() cannot tell such a size. A short header in its place says as much.
        const uint8_t dummy[DUMMY_SIZE] = {routing[0], 0, routing[2]};
        Ptr<Packet> rest = packet->CreateFragment(offset + size, packet->GetSize() - offset - size);
        rest->AddHeader(Ipv6ExtensionBytes(dummy));
        if (offset > 0)
        {
            Ptr<Packet> front = packet->CreateFragment(0, offset);
            front->AddAtEnd(rest);
            rest = front;
        }
        packet = rest;
        return DUMMY_SIZE;
    }
    const bool known = routing[2] == SRV6_ROUTING_TYPE;
    if (!known || !m_interfaceSids)
    {
        // RFC 8200 section 4.4, and Linux; RFC 8754 section 4.3.2 says so of an SRH, too.
        refuse(known ? Srv6DropReason::SEGMENTS_LEFT : Srv6DropReason::ROUTING_TYPE, 2);
        return std::nullopt;
    }
    // RFC 8754 section 5.1: it is a SID like others.
    if ((m_external.count(m_rxInterface) > 0 && m_sidBlocks.Find(header.GetDestination())) ||
        (!m_domain.IsEmpty() && !m_domain.Find(header.GetSource())))
    {
        Drop(packet, header, Srv6DropReason::DOMAIN_FILTER);
        return std::nullopt;
    }
    Srv6Chain chain;
    if (chain.Scan(*packet, header.GetNextHeader()) != Srv6Chain::End::SEGMENTS_LEFT)
    {
        refuse(Srv6DropReason::MALFORMED_SRH, 0);
        return std::nullopt;
    }
    Ipv6Header next = header;
    if (const Ptr<Packet> advanced = Advance(nullptr, packet, next, chain))
    {
        dropped = false;
        Reinject(advanced, next);
    }
    return std::nullopt;
}

void
Srv6Protocol::DeliverDatagram(Ptr<const Packet> packet, uint32_t size, const Ipv6Header& header)
{
    const auto udp = m_ipv6->GetProtocol(UdpL4Protocol::PROT_NUMBER);
    const int32_t interface = m_ipv6->GetInterfaceForAddress(header.GetDestination());
    if (!udp || interface < 0)
    {
        return;
    }
    const Ptr<Packet> datagram = packet->Copy();
    datagram->RemoveAtStart(size);
    if (udp->Receive(datagram, header, m_ipv6->GetInterface(interface)) ==
        IpL4Protocol::RX_ENDPOINT_UNREACH)
    {
        // IPv6 would quote the datagram without the headers in front, which is no packet at all.
        SendError(packet, header, Error::UNREACHABLE, Icmpv6Header::ICMPV6_PORT_UNREACHABLE, 0);
    }
}

void
Srv6Protocol::Reinject(Ptr<Packet> packet, const Ipv6Header& header)
{
    if (m_depth == MAX_DEPTH)
    {
        Drop(packet, header, Srv6DropReason::LOOP);
        return;
    }
    ++m_depth;
    packet->AddHeader(header);
    const Ptr<NetDevice> device = m_ipv6->GetNetDevice(m_rxInterface);
    m_ipv6->Receive(device,
                    packet,
                    Ipv6L3Protocol::PROT_NUMBER,
                    device->GetAddress(),
                    device->GetAddress(),
                    NetDevice::PACKET_HOST);
    --m_depth;
}

} // namespace ns3
