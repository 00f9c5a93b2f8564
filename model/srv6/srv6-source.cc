// SPDX-License-Identifier: GPL-2.0-only
// Srv6Protocol: packets that this node sends with a Segment Routing Header of their own (RFC 8754
// section 4.1), whole or in fragments (RFC 8200 section 4.5).
#include "ipv6-extension-bytes.h"
#include "srv6-protocol.h"

#include "ns3/inet6-socket-address.h"
#include "ns3/ipv6-extension-header.h"
#include "ns3/ipv6-route.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/udp-socket.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

void
Srv6Protocol::PrepareSource(const Ipv6Address& source, std::vector<uint8_t>& srh)
{
    WatchErrors();
    auto parsed = ParseSegmentRoutingHeader(srh.data(), srh.size());
    const auto* given = parsed.header ? parsed.header->FindHmac() : nullptr;
    const auto key = given ? m_keys.find(GetSrv6HmacKeyId(*parsed.header)) : m_keys.end();
    if (key == m_keys.end())
    {
        return;
    }
    auto& tlvs = parsed.header->tlvs;
    tlvs.erase(tlvs.begin() + (given - tlvs.data()));
    AddSrv6Hmac(source, *parsed.header, key->second.id, key->second.secret, key->second.text);
    if (parsed.header->GetSize() == srh.size())
    {
        parsed.header->Write(srh.data());
    }
}

bool
Srv6Protocol::SendWithHeader(Ptr<Packet> packet,
                             const Ipv6Address& source,
                             const Ipv6Address& destination,
                             uint8_t protocol,
                             const Srv6Policy& policy,
                             size_t list)
{
    std::array<uint8_t, SRV6_MAX_SIZE> srh;
    policy.Write(list, srh.data(), protocol, source, destination);
    return SendRouted(packet, source, policy.GetFirst(list), srh.data());
}

bool
Srv6Protocol::SetSocketSegments(Ptr<Socket> socket, const std::vector<Ipv6Address>& segments)
{
    constexpr uint32_t TCP_HEADERS = 40 + 60; // IPv6's, and the longest of TCP
    const bool tcp = static_cast<bool>(DynamicCast<TcpSocketBase>(socket));
    if (!tcp && !DynamicCast<UdpSocket>(socket))
    {
        return false;
    }
    const uint8_t protocol = tcp ? TcpL4Protocol::PROT_NUMBER : UdpL4Protocol::PROT_NUMBER;
    Address name;
    const auto getPort = [&]
    {
        return socket->GetSockName(name) == 0 && Inet6SocketAddress::IsMatchingType(name)
                   ? Inet6SocketAddress::ConvertFrom(name).GetPort()
                   : 0;
    };
    if (getPort() == 0 && socket->Bind6() != 0)
    {
        return false;
    }
    const uint16_t port = getPort();
    const std::pair key(protocol, port);
    if (segments.empty())
    {
        return m_socketPolicies.erase(key) > 0;
    }
    auto policy = Create<Srv6Policy>(Srv6Steering::INSERT);
    if (port == 0 || !policy->AddSegmentList(segments))
    {
        return false;
    }
    const auto route = FindRoute(segments.front(), Ipv6Address::GetAny(), protocol);
    if (!route)
    {
        return false;
    }
    if (tcp)
    {
        const uint32_t mtu = route->GetOutputDevice()->GetMtu();
        const uint32_t headers = TCP_HEADERS + policy->GetHeaderSize(0);
        UintegerValue size;
        socket->GetAttribute("SegmentSize", size);
        if (mtu <= headers)
        {
            return false;
        }
        if (size.Get() > mtu - headers)
        {
            socket->SetAttribute("SegmentSize", UintegerValue(mtu - headers));
        }
    }
    m_socketPolicies[key] = policy;
    InterceptStockProtocols();
    WatchErrors();
    return true;
}

const Srv6Policy*
Srv6Protocol::FindPolicy(const Packet& packet,
                         const Ipv6Address& destination,
                         uint8_t protocol) const
{
    if (destination.IsMulticast() || destination.IsLinkLocal() || destination.IsLocalhost())
    {
        return nullptr;
    }
    if (!m_socketPolicies.empty())
    {
        uint8_t port[2] = {};
        packet.CopyData(port, sizeof(port));
        const auto found =
            m_socketPolicies.find({protocol, static_cast<uint16_t>(port[0] << 8 | port[1])});
        if (found != m_socketPolicies.end())
        {
            return PeekPointer(found->second);
        }
    }
    return FindSteering(destination);
}

const Srv6Policy*
Srv6Protocol::FindSteering(const Ipv6Address& destination) const
{
    const auto* policy = m_steering.Find(destination);
    // What is for this node has arrived, and groups and links are no destinations of a path.
    const bool steered = policy && !destination.IsMulticast() && !destination.IsLinkLocal() &&
                         m_ipv6->GetInterfaceForAddress(destination) < 0;
    return steered ? PeekPointer(*policy) : nullptr;
}

bool
Srv6Protocol::SendRouted(const Ptr<Packet>& packet,
                         const Ipv6Address& source,
                         const Ipv6Address& first,
                         const uint8_t* srh,
                         const Ptr<NetDevice>& device)
{
    constexpr uint32_t IPV6_SIZE = 40;
    Ipv6Header query;
    query.SetSource(source);
    query.SetDestination(first);
    query.SetNextHeader(Ipv6Header::IPV6_EXT_ROUTING);
    Socket::SocketErrno error;
    const auto route = m_ipv6->GetRoutingProtocol()->RouteOutput(m_query, query, device, error);
    if (!route)
    {
        return false;
    }
    uint32_t mtu = route->GetOutputDevice()->GetMtu();
    if (const uint32_t known = m_pathMtus.empty() ? 0 : GetPathMtu(srh))
    {
        mtu = std::min(mtu, known);
    }
    const uint32_t size = (srh[1] + 1U) * 8;
    if (packet->GetSize() + size + IPV6_SIZE > mtu)
    {
        SendFragments(packet, source, first, srh, mtu, route);
        return true;
    }
    packet->AddHeader(Ipv6ExtensionBytes(srh));
    m_ipv6->Send(packet, source, first, Ipv6Header::IPV6_EXT_ROUTING, route);
    return true;
}

void
Srv6Protocol::SendFragments(const Ptr<Packet>& packet,
                            const Ipv6Address& source,
                            const Ipv6Address& first,
                            const uint8_t* srh,
                            uint32_t mtu,
                            const Ptr<Ipv6Route>& route)
{
    constexpr uint32_t HEADERS = 40 + 8; // IPv6's and the fragment header
    constexpr uint32_t UNIT = 8;
    const uint32_t size = (srh[1] + 1U) * UNIT;
    if (mtu < HEADERS + size + UNIT)
    {
        // The headers alone do not fit, and they cannot be cut (RFC 8200 section 4.5).
        Ipv6Header header;
        header.SetSource(source);
        header.SetDestination(first);
        header.SetNextHeader(Ipv6Header::IPV6_EXT_ROUTING);
        header.SetPayloadLength(packet->GetSize());
        Drop(packet, header, Srv6DropReason::TOO_BIG);
        return;
    }
    const uint32_t room = (mtu - HEADERS - size) / UNIT * UNIT;
    std::vector<uint8_t> unfragmentable(srh, srh + size);
    unfragmentable[0] = Ipv6Header::IPV6_EXT_FRAGMENTATION;
    const uint32_t identification = m_fragments++;
    for (uint32_t at = 0; at < packet->GetSize(); at += room)
    {
        const uint32_t rest = packet->GetSize() - at;
        Ptr<Packet> fragment = packet->CreateFragment(at, std::min(rest, room));
        Ipv6ExtensionFragmentHeader header;
        header.SetNextHeader(srh[0]);
        header.SetOffset(at);
        header.SetMoreFragment(rest > room);
        header.SetIdentification(identification);
        fragment->AddHeader(header);
        fragment->AddHeader(Ipv6ExtensionBytes(unfragmentable.data()));
        m_ipv6->Send(fragment, source, first, Ipv6Header::IPV6_EXT_ROUTING, route);
    }
}

} // namespace ns3
