// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-tcp-headers.h"

#include "srv6-header.h"
#include "srv6-protocol.h"

#include "ns3/mptcp-l4-protocol.h"
#include "ns3/tcp-l4-protocol.h"

#include <algorithm>
#include <cerrno>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6TcpHeaders);

namespace
{

constexpr size_t LEFT_OFFSET = 3; //!< of Segments Left

} // namespace

TypeId
Srv6TcpHeaders::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Srv6TcpHeaders")
                            .SetParent<TcpRoutingHeaders>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Srv6TcpHeaders>();
    return tid;
}

Srv6TcpHeaders::Srv6TcpHeaders() = default;

Srv6TcpHeaders::~Srv6TcpHeaders() = default;

void
Srv6TcpHeaders::SetProtocol(Srv6Protocol* srv6)
{
    m_srv6 = srv6;
}

void
Srv6TcpHeaders::DoDispose()
{
    m_srv6 = nullptr;
    m_entries.clear();
    TcpRoutingHeaders::DoDispose();
}

void
Srv6TcpHeaders::AddReflectingPort(uint16_t port)
{
    m_reflectingPorts.insert(port);
}

void
Srv6TcpHeaders::SetReflecting(bool on)
{
    m_reflecting = on;
}

bool
Srv6TcpHeaders::IsReflecting() const
{
    return m_reflecting;
}

void
Srv6TcpHeaders::OnArrival(const Packet& packet, uint32_t size, const Ipv6Header& header)
{
    constexpr uint32_t TCP_FLAGS = 13;
    if (!m_reflecting && m_reflectingPorts.empty())
    {
        return;
    }
    std::array<uint8_t, SRV6_MAX_SIZE + TCP_FLAGS + 1> bytes;
    const uint32_t read = packet.CopyData(bytes.data(), size + TCP_FLAGS + 1);
    const auto parsed = ParseSegmentRoutingHeader(bytes.data(), size);
    const uint8_t* tcp = bytes.data() + size;
    if (read < size + TCP_FLAGS + 1 || !parsed.header ||
        parsed.header->nextHeader != TcpL4Protocol::PROT_NUMBER ||
        (tcp[TCP_FLAGS] & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
    {
        return;
    }
    const auto local = static_cast<uint16_t>(tcp[2] << 8 | tcp[3]);
    const auto remote = static_cast<uint16_t>(tcp[0] << 8 | tcp[1]);
    const auto protocol = m_srv6->GetNode()->GetObject<MptcpL4Protocol>();
    if ((!m_reflecting && m_reflectingPorts.count(local) == 0) || !protocol ||
        !protocol->UseRoutingHeaders())
    {
        return;
    }
    // On the wire the last segment, which is this node, stands first: the way back is that order.
    const auto& segments = parsed.header->segments;
    m_arrived = {{header.GetDestination(), header.GetSource(), local, remote},
                 {segments.begin() + 1, segments.end()}};
}

uint32_t
Srv6TcpHeaders::Accept(const TcpTuple& tuple)
{
    if (!m_arrived || !(m_arrived->tuple == tuple))
    {
        return 0;
    }
    const auto header = MakeSegmentRoutingBytes(m_arrived->segments);
    m_arrived.reset();
    if (Check(header) != 0)
    {
        // Whoever sent the SYN chose the segments.
        return 0;
    }
    Set(tuple, header);
    return static_cast<uint32_t>(header.size());
}

int
Srv6TcpHeaders::Check(const RoutingHeaderBytes& header) const
{
    if (CheckSrv6Framing(header.data(), header.size()) || header.size() != (header[1] + 1U) * 8 ||
        CheckSrv6Tlvs(header.data()) || header[LEFT_OFFSET] > header[LEFT_OFFSET + 1])
    {
        return EINVAL;
    }
    const auto segments = GetSegments(header);
    const bool unicast =
        std::none_of(segments.begin(),
                     segments.end(),
                     [](const Ipv6Address& segment)
                     {
                         // RFC 4291 section 2.5.3: no packet to ::1 leaves a node.
                         return segment.IsMulticast() || segment.IsAny() || segment.IsLocalhost();
                     });
    return unicast ? 0 : EINVAL;
}

void
Srv6TcpHeaders::Set(const TcpTuple& tuple, const RoutingHeaderBytes& header)
{
    if (header.empty())
    {
        m_entries.erase(tuple);
        return;
    }
    const auto& source = std::get<Ipv6Address>(tuple.localAddress);
    const auto& destination = std::get<Ipv6Address>(tuple.remoteAddress);
    Entry& entry = m_entries[tuple];
    entry.given = header;
    entry.wire = header;
    entry.wire[0] = TcpL4Protocol::PROT_NUMBER;
    destination.GetBytes(entry.wire.data() + SRV6_FIXED_SIZE);
    m_srv6->PrepareSource(source, entry.wire);
    const auto segments = GetSegments(header);
    entry.first = segments.empty() ? destination : segments.front();
}

RoutingHeaderBytes
Srv6TcpHeaders::Get(const TcpTuple& tuple) const
{
    const auto found = m_entries.find(tuple);
    return found == m_entries.end() ? RoutingHeaderBytes() : found->second.given;
}

void
Srv6TcpHeaders::Remove(const TcpTuple& tuple)
{
    m_entries.erase(tuple);
}

TcpRoutingHeaders::Fate
Srv6TcpHeaders::Send(const Ptr<Packet>& segment,
                     const TcpTuple& tuple,
                     const Ptr<NetDevice>& device)
{
    const auto found = m_entries.find(tuple);
    if (found == m_entries.end() || !m_srv6)
    {
        return Fate::OTHER;
    }
    const Entry& entry = found->second;
    const bool sent = m_srv6->SendRouted(
        segment, std::get<Ipv6Address>(tuple.localAddress), entry.first, entry.wire.data(), device);
    return sent ? Fate::SENT : Fate::NO_ROUTE;
}

} // namespace ns3
