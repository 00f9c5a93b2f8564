// SPDX-License-Identifier: GPL-2.0-only
#ifndef LINK_TROUBLES_H
#define LINK_TROUBLES_H

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/// Numbers of segments, counted from 1: first and last of each range.
using SegmentRanges = std::vector<std::pair<uint32_t, uint32_t>>;

/**
 * @param text ranges as "3,10-12,20-": a number, from one to another, from one on
 * @return them; nothing if it is no such text
 */
inline std::optional<SegmentRanges>
ParseSegmentRanges(const std::string& text)
{
    SegmentRanges ranges;
    for (size_t begin = 0; begin < text.size();)
    {
        const size_t end = std::min(text.find(',', begin), text.size());
        const std::string part = text.substr(begin, end - begin);
        const size_t dash = std::min(part.find('-'), part.size());
        const auto read = [](const std::string& digits) -> std::optional<uint32_t>
        {
            if (digits.empty() || digits.size() > 9 ||
                digits.find_first_not_of("0123456789") != std::string::npos)
            {
                return std::nullopt;
            }
            return std::stoul(digits);
        };
        const auto first = read(part.substr(0, dash));
        auto last = first;
        if (dash < part.size())
        {
            last = dash + 1 < part.size() ? read(part.substr(dash + 1))
                                          : std::numeric_limits<uint32_t>::max();
        }
        if (!first || !last || *first == 0 || *last < *first)
        {
            return std::nullopt;
        }
        ranges.emplace_back(*first, *last);
        begin = end + 1;
    }
    return ranges;
}

/**
 * Loses the first transmission of some segments with payload or FIN, by their numbers.
 * One that repeats what was sent before counts for nothing, and is never lost.
 */
class SegmentLoss : public ErrorModel
{
  public:
    /// @param ranges which
    explicit SegmentLoss(SegmentRanges ranges)
        : m_ranges(std::move(ranges))
    {
    }

  private:
    bool DoCorrupt(Ptr<Packet> packet) override
    {
        Ptr<Packet> copy = packet->Copy();
        PppHeader ppp;
        copy->RemoveHeader(ppp);
        constexpr uint16_t PPP_IPV6 = 0x57;
        constexpr uint8_t TCP = 6;
        if (ppp.GetProtocol() == PPP_IPV6)
        {
            Ipv6Header ip;
            copy->RemoveHeader(ip);
            if (ip.GetNextHeader() != TCP)
            {
                return false;
            }
        }
        else
        {
            Ipv4Header ip;
            copy->RemoveHeader(ip);
            if (ip.GetProtocol() != TCP)
            {
                return false;
            }
        }
        TcpHeader tcp;
        copy->RemoveHeader(tcp);
        const uint32_t length = copy->GetSize() + ((tcp.GetFlags() & TcpHeader::FIN) ? 1 : 0);
        const SequenceNumber32 end = tcp.GetSequenceNumber() + length;
        if (length == 0 || (m_count > 0 && end <= m_highest))
        {
            return false;
        }
        m_highest = end;
        ++m_count;
        return std::any_of(m_ranges.begin(),
                           m_ranges.end(),
                           [this](const auto& range)
                           { return range.first <= m_count && m_count <= range.second; });
    }

    void DoReset() override
    {
        m_count = 0;
    }

    SegmentRanges m_ranges;     //!< numbers of segments to lose
    uint32_t m_count{0};        //!< segments with new payload so far
    SequenceNumber32 m_highest; //!< end of the newest
};

/**
 * Nothing leaves a device for a time; then all that waited does.
 * @param device it @param at when @param length of the pause
 */
inline void
StallDevice(Ptr<PointToPointNetDevice> device, Time at, Time length)
{
    // The packet that begins then takes so long.
    constexpr double BITS = 1500 * 8;
    Simulator::Schedule(
        at,
        [device, length]()
        {
            DataRateValue usual;
            device->GetAttribute("DataRate", usual);
            device->SetDataRate(DataRate(static_cast<uint64_t>(BITS / length.GetSeconds())));
            Simulator::Schedule(MilliSeconds(5),
                                [device, usual]() { device->SetDataRate(usual.Get()); });
        });
}

/**
 * Let a device mark packets that can be marked (RFC 3168) and have waited for long.
 * @param device it, of a node with an internet stack
 * @param wait how long
 */
inline void
MarkWaiting(Ptr<PointToPointNetDevice> device, Time wait)
{
    // What waits must wait in the queue disc.
    device->GetQueue()->SetMaxSize(QueueSize("2p"));
    TrafficControlHelper marking;
    // The target is out of reach: only the threshold marks, and nothing is dropped but at the end.
    marking.SetRootQueueDisc("ns3::CoDelQueueDisc",
                             "UseEcn",
                             BooleanValue(true),
                             "CeThreshold",
                             TimeValue(wait),
                             "Target",
                             StringValue("10s"),
                             "MaxSize",
                             StringValue("200p"));
    marking.Install(device);
}

} // namespace ns3

#endif // LINK_TROUBLES_H
