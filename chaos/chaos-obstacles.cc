// SPDX-License-Identifier: GPL-2.0-only
#include "chaos-obstacles.h"

#include "ns3/middlebox-helper.h"
#include "ns3/net-device-queue-interface.h"
#include "ns3/node.h"
#include "ns3/queue.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/traffic-control-helper.h"

namespace ns3
{

namespace
{

/// @param probability of a segment to be lost @param most how long a burst is at most
/// @param stream random stream
/// @return a rule that loses eight segments in a row on average, if they come in time
WireRule
LoseBursts(double probability, Time most, int64_t stream)
{
    constexpr double LEAVE = 1.0 / 8;
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream);
    const double enter = LEAVE * probability / (1 - probability);
    // What is sent seldom would wait for ever for the end of a burst that is counted in segments.
    return [=, bad = false, until = Time(0)](WireSegment&, WireFate& fate) mutable
    {
        const bool before = bad && Simulator::Now() < until;
        bad = random->GetValue() < (before ? 1 - LEAVE : enter);
        if (bad && !before)
        {
            until = Simulator::Now() + most;
        }
        fate.drop |= bad;
    };
}

/// @param probability of a segment @param stream random stream @param payload where the bit is
/// @return a rule that turns one bit, and leaves the checksum as it was
WireRule
TurnBit(double probability, int64_t stream, bool payload)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream);
    return [=](WireSegment& segment, WireFate& fate)
    {
        const size_t begin = payload ? segment.payloadAt : segment.tcpAt;
        const size_t end = payload ? segment.frame.size() : segment.payloadAt;
        // Two bits of a segment can leave its checksum right.
        if (begin < end && !fate.modified && random->GetValue() < probability)
        {
            segment.frame[random->GetInteger(begin, end - 1)] ^= 1 << random->GetInteger(0, 7);
            fate.modified = true;
        }
    };
}

} // namespace

WireRule
MakeObstacle(const ChaosEvent& event, int64_t stream)
{
    switch (event.action)
    {
    case ChaosAction::LOSS:
        return DropRandom(IsAny, event.probability, stream);
    case ChaosAction::BURSTS:
        return LoseBursts(event.probability, event.span, stream);
    case ChaosAction::REORDER:
        return DelayRandom(IsAny, event.probability, event.span, stream);
    case ChaosAction::DUPLICATE:
        return DuplicateRandom(IsAny, event.probability, stream);
    case ChaosAction::FLIP_HEADER:
        return TurnBit(event.probability, stream, false);
    case ChaosAction::FLIP_PAYLOAD:
        return TurnBit(event.probability, stream, true);
    default:
        return [](WireSegment&, WireFate&) {}; // no obstacle
    }
}

void
InstallQueueDisc(Ptr<FilterChannel> path, const std::string& type)
{
    TrafficControlHelper helper;
    helper.SetRootQueueDisc(type);
    for (size_t i = 0; i < path->GetNDevices(); i++)
    {
        const auto device = path->GetPointToPointDevice(i);
        const auto interface = CreateObject<NetDeviceQueueInterface>();
        interface->GetTxQueue(0)->ConnectQueueTraces(device->GetQueue());
        device->AggregateObject(interface);
        helper.Install(device);
    }
}

void
InstallMiddlebox(Ptr<FilterChannel> path,
                 Ptr<MiddleboxLink>& link,
                 const ChaosEvent& event,
                 int64_t stream)
{
    if (!link)
    {
        link = MiddleboxHelper().Install(path->GetPointToPointDevice(0),
                                         path->GetPointToPointDevice(1));
    }
    ObjectFactory factory(event.value);
    for (const auto& [name, value] : event.attributes)
    {
        factory.Set(name, StringValue(value));
    }
    const auto box = factory.Create<Middlebox>();
    box->AssignStreams(stream);
    link->Add(box);
}

} // namespace ns3
