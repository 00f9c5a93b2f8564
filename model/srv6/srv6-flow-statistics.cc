// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-flow-statistics.h"

#include "srv6-header.h"
#include "srv6-protocol.h"

#include "ns3/ipv6-l3-protocol.h"
#include "ns3/simulator.h"
#include "ns3/tag.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/udp-l4-protocol.h"

#include <algorithm>
#include <tuple>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6FlowStatistics);

namespace
{

constexpr uint32_t IPV6_SIZE = 40;       //!< bytes of an IPv6 header
constexpr uint32_t IPV4_SIZE = 20;       //!< bytes of an IPv4 header without options
constexpr uint32_t FRAGMENT_SIZE = 8;    //!< bytes of a fragment header
constexpr uint32_t UNIT = 8;             //!< bytes in which extension headers are counted
constexpr uint8_t IPV4_IN_IPV6 = 4;      //!< next header
constexpr size_t MOST_FRAGMENTED = 1024; //!< packets whose later fragments are known
constexpr size_t MOST_BYTES = 4096;      //!< of a packet that are read

/// A packet's flow and the time when it left the first watched node.
class Srv6FlowTag : public Tag
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::Srv6FlowTag")
                                .SetParent<Tag>()
                                .SetGroupName("Mptcp")
                                .AddConstructor<Srv6FlowTag>();
        return tid;
    }

    // Tag
    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return sizeof(owner) + sizeof(flow) + sizeof(left);
    }

    void Serialize(TagBuffer buffer) const override
    {
        buffer.WriteU64(owner);
        buffer.WriteU32(flow);
        buffer.WriteU64(static_cast<uint64_t>(left));
    }

    void Deserialize(TagBuffer buffer) override
    {
        owner = buffer.ReadU64();
        flow = buffer.ReadU32();
        left = static_cast<int64_t>(buffer.ReadU64());
    }

    void Print(std::ostream& os) const override
    {
        os << "flow " << flow << " left " << left;
    }

    uint64_t owner{0}; //!< whose number it is
    uint32_t flow{0};  //!< number
    int64_t left{0};   //!< in steps of the simulation's time
};

NS_OBJECT_ENSURE_REGISTERED(Srv6FlowTag);

/// The bytes of a packet, read as far as they are wanted.
class Reader
{
  public:
    /// @param packet to read
    explicit Reader(const Packet& packet)
        : m_packet(packet),
          m_bytes(std::min<size_t>(packet.GetSize(), FIRST))
    {
        packet.CopyData(m_bytes.data(), static_cast<uint32_t>(m_bytes.size()));
    }

    /// @param at where @param size how many @return the bytes, nullptr if there are fewer
    const uint8_t* Get(size_t at, size_t size)
    {
        if (at + size > m_bytes.size() && m_bytes.size() == FIRST)
        {
            m_bytes.resize(std::min<size_t>(m_packet.GetSize(), MOST_BYTES));
            m_packet.CopyData(m_bytes.data(), static_cast<uint32_t>(m_bytes.size()));
        }
        return at + size <= m_bytes.size() ? m_bytes.data() + at : nullptr;
    }

  private:
    static constexpr size_t FIRST = 256; //!< bytes read at once

    const Packet& m_packet;       //!< to read
    std::vector<uint8_t> m_bytes; //!< of it
};

/// Where a packet's headers end.
struct Position
{
    size_t at{0};               //!< behind them
    uint8_t next{0};            //!< what follows
    bool fragment{false};       //!< whether it is one
    bool rest{false};           //!< a fragment that is not the first one
    uint32_t identification{0}; //!< of a fragment
};

/// Pass over extension headers. @param reader of the packet @param position gets where they end
/// @param segments gets those of the first Segment Routing Header; nullptr: not wanted
/// @return whether they can be read
bool
PassHeaders(Reader& reader, Position& position, std::vector<Ipv6Address>* segments)
{
    while (!position.rest && (position.next == Ipv6Header::IPV6_EXT_HOP_BY_HOP ||
                              position.next == Ipv6Header::IPV6_EXT_DESTINATION ||
                              position.next == Ipv6Header::IPV6_EXT_ROUTING ||
                              position.next == Ipv6Header::IPV6_EXT_FRAGMENTATION))
    {
        const uint8_t* header = reader.Get(position.at, UNIT);
        if (!header)
        {
            return false;
        }
        if (position.next == Ipv6Header::IPV6_EXT_FRAGMENTATION)
        {
            position.rest = (header[2] << 8 | header[3]) >> 3 != 0;
            position.fragment = true;
            position.identification = static_cast<uint32_t>(header[4]) << 24 | header[5] << 16 |
                                      header[6] << 8 | header[7];
            position.next = header[0];
            position.at += FRAGMENT_SIZE;
            continue;
        }
        const size_t size = (header[1] + 1U) * UNIT;
        const bool routing = position.next == Ipv6Header::IPV6_EXT_ROUTING;
        header = reader.Get(position.at, size);
        if (!header)
        {
            return false;
        }
        if (routing && header[2] == SRV6_ROUTING_TYPE && segments && segments->empty())
        {
            if (CheckSrv6Framing(header, size))
            {
                return false;
            }
            for (size_t i = header[4] + 1U; i-- > 0;)
            {
                segments->push_back(
                    Ipv6Address::Deserialize(header + SRV6_FIXED_SIZE + SRV6_SEGMENT_SIZE * i));
            }
        }
        position.next = header[0];
        position.at += size;
    }
    return true;
}

/// Read the ports. @param reader of the packet @param position where the transport begins
/// @param flow gets protocol and ports
void
ReadPorts(Reader& reader, const Position& position, Srv6Flow& flow)
{
    constexpr size_t PORTS = 4;
    flow.protocol = position.next;
    if (position.rest || (position.next != TcpL4Protocol::PROT_NUMBER &&
                          position.next != UdpL4Protocol::PROT_NUMBER))
    {
        return;
    }
    if (const uint8_t* ports = reader.Get(position.at, PORTS))
    {
        flow.sourcePort = static_cast<uint16_t>(ports[0] << 8 | ports[1]);
        flow.destinationPort = static_cast<uint16_t>(ports[2] << 8 | ports[3]);
    }
}

/// Read an inner IPv4 header. @param reader of the packet @param at where it begins
/// @param flow gets what it says @return whether it can be read
bool
ReadInner4(Reader& reader, size_t at, Srv6Flow& flow)
{
    constexpr int FRAGMENT_OFFSET = 0x1fff;
    const uint8_t* header = reader.Get(at, IPV4_SIZE);
    if (!header)
    {
        return false;
    }
    flow.source = Ipv6Address::MakeIpv4MappedAddress(Ipv4Address::Deserialize(header + 12));
    flow.destination = Ipv6Address::MakeIpv4MappedAddress(Ipv4Address::Deserialize(header + 16));
    Position inner;
    inner.at = at + (header[0] & 0xf) * 4U;
    inner.next = header[9];
    inner.rest = ((header[6] << 8 | header[7]) & FRAGMENT_OFFSET) != 0;
    ReadPorts(reader, inner, flow);
    return true;
}

/// Read an inner IPv6 header. @param reader of the packet @param at where it begins
/// @param flow gets what it says @return whether it can be read
bool
ReadInner6(Reader& reader, size_t at, Srv6Flow& flow)
{
    const uint8_t* header = reader.Get(at, IPV6_SIZE);
    if (!header)
    {
        return false;
    }
    flow.source = Ipv6Address::Deserialize(header + 8);
    flow.destination = Ipv6Address::Deserialize(header + 24);
    Position inner;
    inner.at = at + IPV6_SIZE;
    inner.next = header[6];
    std::vector<Ipv6Address> segments;
    if (!PassHeaders(reader, inner, &segments))
    {
        return false;
    }
    if (!segments.empty())
    {
        // The destination changes on the way.
        flow.destination = segments.back();
    }
    ReadPorts(reader, inner, flow);
    return true;
}

/// A packet as Classify() sees it. @param packet behind the IPv6 header @param header that
/// @param position gets where the headers end @return its flow
std::optional<Srv6Flow>
Read(const Packet& packet, const Ipv6Header& header, Position& position)
{
    Reader reader(packet);
    Srv6Flow flow;
    position.next = header.GetNextHeader();
    if (!PassHeaders(reader, position, &flow.segments) || flow.segments.empty())
    {
        return std::nullopt;
    }
    flow.source = header.GetSource();
    flow.destination = flow.segments.back();
    bool readable = true;
    if (!position.rest && position.next == Ipv6Header::IPV6_IPV6)
    {
        readable = ReadInner6(reader, position.at, flow);
    }
    else if (!position.rest && position.next == IPV4_IN_IPV6)
    {
        readable = ReadInner4(reader, position.at, flow);
    }
    else
    {
        ReadPorts(reader, position, flow);
    }
    return readable ? std::optional(flow) : std::nullopt;
}

/// Write an address, an IPv4 one as such. @param os where to @param address it
void
PrintAddress(std::ostream& os, const Ipv6Address& address)
{
    if (address.IsIpv4MappedAddress())
    {
        os << address.GetIpv4MappedAddress();
    }
    else
    {
        os << address;
    }
}

} // namespace

bool
Srv6Flow::operator<(const Srv6Flow& other) const
{
    const auto key = [](const Srv6Flow& flow)
    {
        return std::tie(flow.source,
                        flow.destination,
                        flow.protocol,
                        flow.sourcePort,
                        flow.destinationPort,
                        flow.segments);
    };
    return key(*this) < key(other);
}

std::ostream&
operator<<(std::ostream& os, const Srv6Flow& flow)
{
    PrintAddress(os, flow.source);
    os << " port " << flow.sourcePort << " to ";
    PrintAddress(os, flow.destination);
    os << " port " << flow.destinationPort << " protocol " << +flow.protocol << " via ";
    const char* separator = "";
    for (const auto& segment : flow.segments)
    {
        os << separator << segment;
        separator = ",";
    }
    return os;
}

Time
Srv6FlowCounters::GetMeanDelay() const
{
    return delivered > 0 ? delaySum / static_cast<int64_t>(delivered) : Time();
}

TypeId
Srv6FlowStatistics::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Srv6FlowStatistics")
                            .SetParent<Object>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Srv6FlowStatistics>();
    return tid;
}

Srv6FlowStatistics::Srv6FlowStatistics() = default;

Srv6FlowStatistics::~Srv6FlowStatistics() = default;

bool
Srv6FlowStatistics::Watch(Ptr<Node> node)
{
    const auto ipv6 = node->GetObject<Ipv6L3Protocol>();
    if (!ipv6)
    {
        return false;
    }
    if (std::find(m_nodes.begin(), m_nodes.end(), node->GetId()) != m_nodes.end())
    {
        return true;
    }
    m_nodes.push_back(node->GetId());
    const Ptr<Srv6FlowStatistics> self(this);
    for (const char* trace : {"SendOutgoing", "UnicastForward"})
    {
        ipv6->TraceConnectWithoutContext(trace,
                                         MakeCallback(&Srv6FlowStatistics::OnDeparture, self));
    }
    ipv6->TraceConnectWithoutContext("Rx", MakeCallback(&Srv6FlowStatistics::OnArrival, self));
    if (const auto srv6 = node->GetObject<Srv6Protocol>())
    {
        srv6->TraceConnectWithoutContext("Drop", MakeCallback(&Srv6FlowStatistics::OnDrop, self));
    }
    return true;
}

std::optional<Srv6Flow>
Srv6FlowStatistics::Classify(const Packet& packet, const Ipv6Header& header)
{
    Position position;
    return Read(packet, header, position);
}

template <typename F>
void
Srv6FlowStatistics::ForEachTag(const Ptr<const Packet>& packet, F function) const
{
    const auto owner = reinterpret_cast<uint64_t>(this);
    uint32_t last = UINT32_MAX;
    for (auto tags = packet->GetByteTagIterator(); tags.HasNext();)
    {
        const auto item = tags.Next();
        if (item.GetTypeId() != Srv6FlowTag::GetTypeId())
        {
            continue;
        }
        Srv6FlowTag tag;
        item.GetTag(tag);
        // What was put together from fragments has the tag of each.
        if (tag.owner == owner && tag.flow < m_byNumber.size() && tag.flow != last)
        {
            last = tag.flow;
            function(m_byNumber[tag.flow], TimeStep(static_cast<uint64_t>(tag.left)));
        }
    }
}

void
Srv6FlowStatistics::OnDeparture(const Ipv6Header& header,
                                Ptr<const Packet> packet,
                                uint32_t /* interface */)
{
    switch (header.GetNextHeader())
    {
    case Ipv6Header::IPV6_EXT_ROUTING:
    case Ipv6Header::IPV6_EXT_HOP_BY_HOP:
    case Ipv6Header::IPV6_EXT_DESTINATION:
        break;
    default:
        return;
    }
    Position position;
    auto flow = Read(*packet, header, position);
    if (!flow)
    {
        return;
    }
    if (position.fragment)
    {
        const std::pair key(header.GetSource(), position.identification);
        if (position.rest)
        {
            const auto first = m_fragmented.find(key);
            flow = first == m_fragmented.end() ? flow : first->second;
        }
        else
        {
            if (m_fragmented.size() >= MOST_FRAGMENTED)
            {
                m_fragmented.clear();
            }
            m_fragmented[key] = *flow;
        }
    }
    const auto [found, added] =
        m_entries.try_emplace(*flow, Entry{static_cast<uint32_t>(m_byNumber.size()), {}});
    if (added)
    {
        m_byNumber.push_back(found);
        found->second.counters.first = Simulator::Now();
    }
    bool counted = false;
    ForEachTag(packet,
               [&counted, entry = found](Entries::iterator of, const Time&)
               { counted = counted || of == entry; });
    if (counted)
    {
        return;
    }
    Srv6FlowCounters& counters = found->second.counters;
    ++counters.packets;
    counters.bytes += packet->GetSize() + IPV6_SIZE;
    counters.last = Simulator::Now();
    Srv6FlowTag tag;
    tag.owner = reinterpret_cast<uint64_t>(this);
    tag.flow = found->second.number;
    tag.left = Simulator::Now().GetTimeStep();
    packet->AddByteTag(tag);
}

void
Srv6FlowStatistics::OnArrival(Ptr<const Packet> packet, Ptr<Ipv6> ipv6, uint32_t /* interface */)
{
    constexpr uint32_t SEGMENTS_LEFT = IPV6_SIZE + 3;
    if (m_byNumber.empty())
    {
        return;
    }
    uint8_t bytes[SEGMENTS_LEFT + 1] = {};
    packet->CopyData(bytes, sizeof(bytes));
    if (bytes[6] == Ipv6Header::IPV6_EXT_ROUTING && bytes[SEGMENTS_LEFT] > 0)
    {
        return;
    }
    const auto destination = Ipv6Address::Deserialize(bytes + 24);
    ForEachTag(packet,
               [&](Entries::iterator entry, const Time& left)
               {
                   const auto srv6 = ipv6->GetObject<Srv6Protocol>();
                   if (!(entry->first.segments.back() == destination) ||
                       (ipv6->GetInterfaceForAddress(destination) < 0 &&
                        !(srv6 && srv6->FindSid(destination))))
                   {
                       return;
                   }
                   Srv6FlowCounters& counters = entry->second.counters;
                   const Time delay = Simulator::Now() - left;
                   ++counters.delivered;
                   counters.deliveredBytes += packet->GetSize();
                   counters.delaySum += delay;
                   counters.delayMax = std::max(counters.delayMax, delay);
               });
}

void
Srv6FlowStatistics::OnDrop(Ptr<const Packet> packet,
                           const Ipv6Header& /* header */,
                           Srv6DropReason /* reason */)
{
    ForEachTag(packet,
               [](Entries::iterator entry, const Time&) { ++entry->second.counters.drops; });
}

Srv6FlowStatistics::Flows
Srv6FlowStatistics::GetFlows() const
{
    Flows flows;
    for (const auto& [flow, entry] : m_entries)
    {
        flows.emplace(flow, entry.counters);
    }
    return flows;
}

void
Srv6FlowStatistics::Print(std::ostream& os) const
{
    for (const auto& [flow, entry] : m_entries)
    {
        const auto& counters = entry.counters;
        os << flow << " packets " << counters.packets << " bytes " << counters.bytes << " first "
           << counters.first.GetSeconds() << " s last " << counters.last.GetSeconds()
           << " s delivered " << counters.delivered << " drops " << counters.drops << " mean delay "
           << counters.GetMeanDelay().GetSeconds() * 1e3 << " ms longest "
           << counters.delayMax.GetSeconds() * 1e3 << " ms\n";
    }
}

} // namespace ns3
