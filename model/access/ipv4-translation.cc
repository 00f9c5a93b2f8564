// SPDX-License-Identifier: GPL-2.0-only
#include "ipv4-translation.h"

#include "ns3/ipv4-route.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <tuple>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Ipv4Translation);

namespace
{

constexpr uint8_t ICMP = 1;
constexpr uint8_t TCP = 6;
constexpr uint8_t UDP = 17;

constexpr uint8_t ECHO_REPLY = 0;
constexpr uint8_t UNREACHABLE = 3;
constexpr uint8_t SOURCE_QUENCH = 4;
constexpr uint8_t ECHO_REQUEST = 8;
constexpr uint8_t TIME_EXCEEDED = 11;
constexpr uint8_t PARAMETER_PROBLEM = 12;

constexpr size_t ICMP_HEADER = 8;

const Time SWEEP_INTERVAL = Minutes(1);

/// @param bytes two of them @return the number in network order
uint16_t
Get16(const uint8_t* bytes)
{
    return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]);
}

/// @param bytes four of them @return the number in network order
uint32_t
Get32(const uint8_t* bytes)
{
    return static_cast<uint32_t>(Get16(bytes)) << 16 | Get16(bytes + 2);
}

/// @param bytes where it goes @param number in network order
void
Put16(uint8_t* bytes, uint16_t number)
{
    bytes[0] = number >> 8;
    bytes[1] = number & 0xff;
}

/// @param bytes where it goes @param number in network order
void
Put32(uint8_t* bytes, uint32_t number)
{
    Put16(bytes, number >> 16);
    Put16(bytes + 2, number & 0xffff);
}

/// Update a checksum for what has changed under it (RFC 1624). @param checksum field @param before
/// a word @param after what it is now
void
Update(uint8_t* checksum, uint16_t before, uint16_t after)
{
    uint32_t sum = static_cast<uint16_t>(~Get16(checksum)) + static_cast<uint16_t>(~before) + after;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    Put16(checksum, static_cast<uint16_t>(~sum));
}

/// As above. @param checksum field @param before two words @param after what they are now
void
Update32(uint8_t* checksum, uint32_t before, uint32_t after)
{
    Update(checksum, before >> 16, after >> 16);
    Update(checksum, before & 0xffff, after & 0xffff);
}

/// @param bytes of an ICMP message @param size how many @return its checksum, the field being 0
uint16_t
IcmpChecksum(const uint8_t* bytes, size_t size)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < size; ++i)
    {
        sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
    }
    while (sum >> 16)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

/// @param bytes of an ICMP message @return whether it is an error, which quotes a packet
bool
IsError(const std::vector<uint8_t>& bytes)
{
    return bytes[0] == UNREACHABLE || bytes[0] == SOURCE_QUENCH || bytes[0] == TIME_EXCEEDED ||
           bytes[0] == PARAMETER_PROBLEM;
}

} // namespace

bool
Ipv4Translation::Endpoint::operator<(const Endpoint& other) const
{
    return std::tie(protocol, address, port) < std::tie(other.protocol, other.address, other.port);
}

TypeId
Ipv4Translation::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::Ipv4Translation")
            .SetParent<Ipv4RoutingLayer>()
            .SetGroupName("Mptcp")
            .AddConstructor<Ipv4Translation>()
            .AddAttribute("TcpTimeout",
                          "A connection without segments for so long is forgotten (RFC 5382 asks "
                          "for 2 h 4 min at least; carriers have less).",
                          TimeValue(Minutes(124)),
                          MakeTimeAccessor(&Ipv4Translation::m_tcpTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("UdpTimeout",
                          "The same for UDP (RFC 4787).",
                          TimeValue(Minutes(5)),
                          MakeTimeAccessor(&Ipv4Translation::m_udpTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("IcmpTimeout",
                          "The same for ICMP echo (RFC 5508).",
                          TimeValue(Minutes(1)),
                          MakeTimeAccessor(&Ipv4Translation::m_icmpTimeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("FirstPort",
                          "Least port of the shared address that is given out.",
                          UintegerValue(20000),
                          MakeUintegerAccessor(&Ipv4Translation::m_firstPort),
                          MakeUintegerChecker<uint16_t>(1));
    return tid;
}

Ptr<Ipv4Translation>
Ipv4Translation::Install(Ptr<Ipv4> ipv4, uint32_t outside)
{
    auto translation = CreateObject<Ipv4Translation>();
    translation->m_outside = outside;
    Place(ipv4, translation);
    return translation;
}

size_t
Ipv4Translation::GetN() const
{
    return std::count_if(m_outsides.begin(),
                         m_outsides.end(),
                         [this](const auto& entry) { return !IsOld(entry.second); });
}

uint64_t
Ipv4Translation::GetDropped() const
{
    return m_dropped;
}

bool
Ipv4Translation::RouteInput(Ptr<const Packet> packet,
                            const Ipv4Header& header,
                            Ptr<const NetDevice> device,
                            Ipv4RouteInput::Unicast unicast,
                            Ipv4RouteInput::Multicast multicast,
                            Ipv4RouteInput::Local local,
                            Ipv4RouteInput::Error error)
{
    const bool inside = static_cast<uint32_t>(m_ip->GetInterfaceForDevice(device)) != m_outside;
    const bool shared = header.GetDestination() == m_ip->GetAddress(m_outside, 0).GetLocal();
    const uint8_t protocol = header.GetProtocol();
    if ((!inside && !shared) || (protocol != TCP && protocol != UDP && protocol != ICMP))
    {
        return Ipv4RoutingLayer::RouteInput(
            packet, header, device, unicast, multicast, local, error);
    }
    Ptr<const Packet> onward = packet;
    Ipv4Header onwardHeader = header;
    if (shared)
    {
        auto parts = Read(packet, header);
        const bool known = parts && TranslateIn(*parts);
        if (known && parts->changed)
        {
            onward = Create<Packet>(parts->bytes.data(), parts->bytes.size());
            onwardHeader = parts->header;
        }
        else if (!known && !inside)
        {
            ++m_dropped;
            error(packet, header, Socket::ERROR_NOROUTETOHOST);
            return true;
        }
    }
    const bool back = inside && onward != packet;
    const auto forward =
        [&](Ptr<Ipv4Route> route, Ptr<const Packet> routed, const Ipv4Header& routedHeader)
    {
        if (header.GetTtl() == 1)
        {
            // It goes no further, and who has sent it is told so.
            unicast(route, packet, header);
            return;
        }
        if (!back && (!inside || route->GetOutputDevice() != m_ip->GetNetDevice(m_outside)))
        {
            unicast(route, routed, routedHeader);
            return;
        }
        auto parts = Read(routed, routedHeader);
        if (!parts || !TranslateOut(*parts))
        {
            ++m_dropped;
            error(packet, header, Socket::ERROR_NOROUTETOHOST);
            return;
        }
        unicast(route, Create<Packet>(parts->bytes.data(), parts->bytes.size()), parts->header);
    };
    const Callback<void, Ptr<Ipv4Route>, Ptr<const Packet>, const Ipv4Header&> onRoute(forward);
    return Ipv4RoutingLayer::RouteInput(
        onward, onwardHeader, device, onRoute, multicast, local, error);
}

std::optional<Ipv4Translation::Parts>
Ipv4Translation::Read(Ptr<const Packet> packet, const Ipv4Header& header)
{
    const size_t least = header.GetProtocol() == TCP ? 20 : 8;
    if (!header.IsLastFragment() || header.GetFragmentOffset() != 0 || packet->GetSize() < least)
    {
        return std::nullopt;
    }
    Parts parts{header, std::vector<uint8_t>(packet->GetSize())};
    packet->CopyData(parts.bytes.data(), parts.bytes.size());
    return parts;
}

uint16_t
Ipv4Translation::GetPort(uint8_t protocol, const uint8_t* bytes, End end)
{
    if (protocol == ICMP)
    {
        return Get16(bytes + 4);
    }
    return Get16(bytes + (end == End::SOURCE ? 0 : 2));
}

void
Ipv4Translation::Rewrite(uint32_t ip,
                         uint8_t* bytes,
                         size_t size,
                         uint8_t protocol,
                         End end,
                         uint32_t address,
                         uint16_t port)
{
    const size_t field = protocol == ICMP ? 4 : (end == End::SOURCE ? 0 : 2);
    const size_t checksum = protocol == TCP ? 16 : (protocol == UDP ? 6 : 2);
    const uint16_t before = Get16(bytes + field);
    Put16(bytes + field, port);
    // A quotation may end before it. Without checksums the fields are 0, and UDP may have none.
    const bool kept = size >= checksum + 2 && Node::ChecksumEnabled() &&
                      !(protocol == UDP && Get16(bytes + checksum) == 0);
    if (kept)
    {
        Update(bytes + checksum, before, port);
        if (protocol != ICMP)
        {
            Update32(bytes + checksum, ip, address);
        }
        if (protocol == UDP && Get16(bytes + checksum) == 0)
        {
            Put16(bytes + checksum, 0xffff);
        }
    }
}

bool
Ipv4Translation::TranslateOut(Parts& parts)
{
    const uint8_t protocol = parts.header.GetProtocol();
    if (protocol == ICMP && IsError(parts.bytes))
    {
        return TranslateError(parts, true);
    }
    if (protocol == ICMP && parts.bytes[0] != ECHO_REQUEST)
    {
        return false;
    }
    const uint32_t source = parts.header.GetSource().Get();
    const Mapping* mapping =
        FindOrMake({protocol, source, GetPort(protocol, parts.bytes.data(), End::SOURCE)});
    if (!mapping)
    {
        return false;
    }
    const Ipv4Address shared = m_ip->GetAddress(m_outside, 0).GetLocal();
    Rewrite(source,
            parts.bytes.data(),
            parts.bytes.size(),
            protocol,
            End::SOURCE,
            shared.Get(),
            mapping->port);
    parts.header.SetSource(shared);
    parts.changed = true;
    return true;
}

bool
Ipv4Translation::TranslateIn(Parts& parts)
{
    const uint8_t protocol = parts.header.GetProtocol();
    if (protocol == ICMP && IsError(parts.bytes))
    {
        return TranslateError(parts, false);
    }
    if (protocol == ICMP && parts.bytes[0] != ECHO_REPLY)
    {
        // The router answers.
        return parts.bytes[0] == ECHO_REQUEST;
    }
    Mapping* mapping = Find(protocol, GetPort(protocol, parts.bytes.data(), End::DESTINATION));
    if (!mapping)
    {
        return false;
    }
    mapping->used = Simulator::Now();
    Rewrite(parts.header.GetDestination().Get(),
            parts.bytes.data(),
            parts.bytes.size(),
            protocol,
            End::DESTINATION,
            mapping->inside.address,
            mapping->inside.port);
    parts.header.SetDestination(Ipv4Address(mapping->inside.address));
    parts.changed = true;
    return true;
}

bool
Ipv4Translation::TranslateError(Parts& parts, bool out)
{
    // The packet that is quoted went the other way: from outside what it was sent by is translated,
    // from inside what it was sent to.
    uint8_t* quoted = parts.bytes.data() + ICMP_HEADER;
    const size_t size = parts.bytes.size() - ICMP_HEADER;
    if (size < 20 || quoted[0] >> 4 != 4)
    {
        return false;
    }
    const size_t ipSize = (quoted[0] & 0x0f) * 4;
    const uint8_t protocol = quoted[9];
    if (ipSize < 20 || size < ipSize + 8 ||
        (protocol != TCP && protocol != UDP && protocol != ICMP))
    {
        return false;
    }
    const End end = out ? End::DESTINATION : End::SOURCE;
    uint8_t* payload = quoted + ipSize;
    uint8_t* address = quoted + (out ? 16 : 12);
    const uint32_t before = Get32(address);
    const uint16_t port = GetPort(protocol, payload, end);
    const Ipv4Address shared = m_ip->GetAddress(m_outside, 0).GetLocal();
    const Mapping* mapping = nullptr;
    if (out)
    {
        const auto known = m_insides.find({protocol, before, port});
        mapping =
            known == m_insides.end() ? nullptr : Find(known->second.first, known->second.second);
    }
    else if (before == shared.Get())
    {
        mapping = Find(protocol, port);
    }
    if (!mapping)
    {
        return false;
    }
    const uint32_t newAddress = out ? shared.Get() : mapping->inside.address;
    const uint16_t newPort = out ? mapping->port : mapping->inside.port;
    Rewrite(before, payload, size - ipSize, protocol, end, newAddress, newPort);
    Put32(address, newAddress);
    if (Node::ChecksumEnabled())
    {
        Update32(quoted + 10, before, newAddress);
        Put16(parts.bytes.data() + 2, 0);
        Put16(parts.bytes.data() + 2, IcmpChecksum(parts.bytes.data(), parts.bytes.size()));
    }
    if (out)
    {
        parts.header.SetSource(shared);
    }
    else
    {
        parts.header.SetDestination(Ipv4Address(mapping->inside.address));
    }
    parts.changed = true;
    return true;
}

Ipv4Translation::Mapping*
Ipv4Translation::FindOrMake(const Endpoint& inside)
{
    if (const auto known = m_insides.find(inside); known != m_insides.end())
    {
        if (Mapping* mapping = Find(known->second.first, known->second.second))
        {
            mapping->used = Simulator::Now();
            return mapping;
        }
    }
    Sweep();
    constexpr uint32_t PORTS = 65536;
    for (uint32_t tries = m_firstPort; tries < PORTS; ++tries)
    {
        m_nextPort = m_nextPort < m_firstPort ? m_firstPort : m_nextPort;
        const uint16_t port = m_nextPort++;
        if (!Find(inside.protocol, port))
        {
            m_insides[inside] = {inside.protocol, port};
            Mapping& made = m_outsides[{inside.protocol, port}];
            made = {inside, port, Simulator::Now()};
            return &made;
        }
    }
    return nullptr;
}

Ipv4Translation::Mapping*
Ipv4Translation::Find(uint8_t protocol, uint16_t port)
{
    const auto found = m_outsides.find({protocol, port});
    if (found == m_outsides.end())
    {
        return nullptr;
    }
    if (IsOld(found->second))
    {
        m_insides.erase(found->second.inside);
        m_outsides.erase(found);
        return nullptr;
    }
    return &found->second;
}

bool
Ipv4Translation::IsOld(const Mapping& mapping) const
{
    return Simulator::Now() - mapping.used > GetTimeout(mapping.inside.protocol);
}

void
Ipv4Translation::Sweep()
{
    if (Simulator::Now() - m_swept < SWEEP_INTERVAL)
    {
        return;
    }
    m_swept = Simulator::Now();
    for (auto i = m_outsides.begin(); i != m_outsides.end();)
    {
        if (IsOld(i->second))
        {
            m_insides.erase(i->second.inside);
            i = m_outsides.erase(i);
        }
        else
        {
            ++i;
        }
    }
}

Time
Ipv4Translation::GetTimeout(uint8_t protocol) const
{
    return protocol == TCP ? m_tcpTimeout : (protocol == UDP ? m_udpTimeout : m_icmpTimeout);
}

} // namespace ns3
