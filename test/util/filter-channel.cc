// SPDX-License-Identifier: GPL-2.0-only
#include "filter-channel.h"

#include "ns3/packet.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(FilterChannel);

namespace
{

constexpr size_t PPP_SIZE = 2; // PointToPointNetDevice's own header

} // namespace

TypeId
FilterChannel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::FilterChannel")
                            .SetParent<PointToPointChannel>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<FilterChannel>();
    return tid;
}

void
FilterChannel::AddRule(Direction direction, WireRule rule)
{
    m_ways[direction].rules.push_back(std::move(rule));
}

void
FilterChannel::ClearRules(Direction direction)
{
    m_ways[direction].rules.clear();
}

void
FilterChannel::SetSilent(bool silent)
{
    m_silent = silent;
}

void
FilterChannel::AddTap(Direction direction, std::function<void(const WireSegment&)> tap)
{
    m_ways[direction].taps.push_back(std::move(tap));
}

void
FilterChannel::AddArrivalTap(Direction direction, std::function<void(const WireSegment&)> tap)
{
    m_ways[direction].exits.push_back(std::move(tap));
}

void
FilterChannel::Inject(Direction direction, const std::vector<uint8_t>& frame)
{
    std::vector<uint8_t> bytes{0x00, uint8_t(frame[0] >> 4 == 4 ? 0x21 : 0x57)};
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    PointToPointChannel::TransmitStart(Create<Packet>(bytes.data(), bytes.size()),
                                       GetPointToPointDevice(direction == UP ? 0 : 1),
                                       Time(0));
}

bool
FilterChannel::TransmitStart(Ptr<const Packet> packet,
                             Ptr<PointToPointNetDevice> source,
                             Time txTime)
{
    Way& way = m_ways[source == GetPointToPointDevice(0) ? UP : DOWN];
    if (way.rules.empty() && way.taps.empty() && way.exits.empty())
    {
        return m_silent || PointToPointChannel::TransmitStart(packet, source, txTime);
    }
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), bytes.size());
    const std::vector<uint8_t> ppp(bytes.begin(), bytes.begin() + PPP_SIZE);
    bytes.erase(bytes.begin(), bytes.begin() + PPP_SIZE);
    auto segment = ReadWireSegment(std::move(bytes));
    if (!segment)
    {
        return m_silent || PointToPointChannel::TransmitStart(packet, source, txTime);
    }
    for (const auto& tap : way.taps)
    {
        tap(*segment);
    }
    if (m_silent)
    {
        return true;
    }
    WireFate fate;
    for (const auto& rule : way.rules)
    {
        rule(*segment, fate);
        if (fate.drop)
        {
            return true;
        }
    }
    for (const auto& tap : way.exits)
    {
        tap(*segment);
    }
    if (fate.modified)
    {
        std::vector<uint8_t> changed(ppp);
        changed.insert(changed.end(), segment->frame.begin(), segment->frame.end());
        packet = Create<Packet>(changed.data(), changed.size());
    }
    for (uint32_t i = 0; i < fate.copies; i++)
    {
        PointToPointChannel::TransmitStart(packet, source, txTime + fate.delay);
    }
    return true;
}

bool
IsSyn(const WireSegment& segment)
{
    return segment.syn && !segment.hasAck;
}

bool
IsSynAck(const WireSegment& segment)
{
    return segment.syn && segment.hasAck;
}

bool
IsPureAck(const WireSegment& segment)
{
    return segment.hasAck && !segment.syn && !segment.rst && !segment.fin &&
           segment.PayloadSize() == 0;
}

bool
IsAfterSyn(const WireSegment& segment)
{
    return !segment.syn && !segment.rst;
}

bool
HasPayload(const WireSegment& segment)
{
    return segment.PayloadSize() > 0;
}

bool
IsAny(const WireSegment&)
{
    return true;
}

namespace
{

/// @param match which @param k period @param then what to do @return rule for each k-th match
WireRule
Every(WireMatch match, uint32_t k, std::function<void(WireSegment&, WireFate&)> then)
{
    return [=, seen = 0U](WireSegment& segment, WireFate& fate) mutable
    {
        if (match(segment) && ++seen % k == 0)
        {
            then(segment, fate);
        }
    };
}

/// @param match which @param probability of each @param stream random stream
/// @param then what to do, with a number in [0, 1) @return rule for random ones
WireRule
Randomly(WireMatch match,
         double probability,
         int64_t stream,
         std::function<void(WireSegment&, WireFate&, double)> then)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream);
    return [=](WireSegment& segment, WireFate& fate)
    {
        if (match(segment) && random->GetValue() < probability)
        {
            then(segment, fate, random->GetValue());
        }
    };
}

} // namespace

WireRule
DropNth(WireMatch match, uint32_t first, uint32_t count)
{
    return [=, seen = 0U](WireSegment& segment, WireFate& fate) mutable
    {
        if (match(segment))
        {
            seen++;
            fate.drop |= seen >= first && seen < first + count;
        }
    };
}

WireRule
DropEvery(WireMatch match, uint32_t k)
{
    return Every(match, k, [](WireSegment&, WireFate& fate) { fate.drop = true; });
}

WireRule
DropRandom(WireMatch match, double probability, int64_t stream)
{
    return Randomly(
        match, probability, stream, [](WireSegment&, WireFate& fate, double) { fate.drop = true; });
}

WireRule
DelayEvery(WireMatch match, uint32_t k, Time delay)
{
    return Every(match, k, [delay](WireSegment&, WireFate& fate) { fate.delay += delay; });
}

WireRule
DelayRandom(WireMatch match, double probability, Time most, int64_t stream)
{
    return Randomly(match,
                    probability,
                    stream,
                    [most](WireSegment&, WireFate& fate, double u)
                    { fate.delay += Seconds(most.GetSeconds() * u); });
}

WireRule
DuplicateRandom(WireMatch match, double probability, int64_t stream)
{
    return Randomly(
        match, probability, stream, [](WireSegment&, WireFate& fate, double) { fate.copies++; });
}

WireRule
StripMptcp(WireMatch match)
{
    return [=](WireSegment& segment, WireFate& fate)
    {
        if (segment.HasMptcp() && match(segment))
        {
            segment.StripMptcp();
            fate.modified = true;
        }
    };
}

WireRule
CorruptEvery(WireMatch match, uint32_t k)
{
    return Every(match,
                 k,
                 [](WireSegment& segment, WireFate& fate)
                 {
                     if (segment.PayloadSize() > 0)
                     {
                         segment.frame[segment.payloadAt + segment.PayloadSize() / 2] ^= 0x10;
                         fate.modified = true;
                     }
                 });
}

} // namespace ns3
