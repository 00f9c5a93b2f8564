// SPDX-License-Identifier: GPL-2.0-only
#ifndef FILTER_CHANNEL_H
#define FILTER_CHANNEL_H

#include "wire-segment.h"

#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/random-variable-stream.h"

#include <functional>
#include <memory>
#include <vector>

namespace ns3
{

/// What becomes of a segment on its way; rules change it.
struct WireFate
{
    bool drop{false};     //!< it never arrives
    Time delay{0};        //!< it arrives so much later; those behind it overtake
    uint32_t copies{1};   //!< how many arrive
    bool modified{false}; //!< its bytes have been changed
};

/// Something on the way that looks at each segment and may do something to it.
using WireRule = std::function<void(WireSegment& segment, WireFate& fate)>;

/// Which segments a rule means.
using WireMatch = std::function<bool(const WireSegment& segment)>;

/**
 * A point-to-point link with a middlebox on it: each direction has rules that drop, delay,
 * duplicate and change TCP segments, and taps that see what was sent.
 */
class FilterChannel : public PointToPointChannel
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// From the first device that was attached, or to it.
    enum Direction
    {
        UP,
        DOWN,
    };

    /// @param direction for which @param rule the last of the rules
    void AddRule(Direction direction, WireRule rule);
    /// @param direction for which: no more rules
    void ClearRules(Direction direction);
    /// @param silent lose everything in both directions
    void SetSilent(bool silent);
    /// @param direction for which @param tap sees each segment sent, before any rule
    void AddTap(Direction direction, std::function<void(const WireSegment&)> tap);
    /// @param direction for which @param tap sees each segment that arrives, behind all rules
    void AddArrivalTap(Direction direction, std::function<void(const WireSegment&)> tap);
    /// Let a packet arrive that nobody sent. @param direction which way @param frame an IP packet
    void Inject(Direction direction, const std::vector<uint8_t>& frame);

    bool TransmitStart(Ptr<const Packet> packet,
                       Ptr<PointToPointNetDevice> source,
                       Time txTime) override;

  private:
    /// One way.
    struct Way
    {
        std::vector<WireRule> rules;                                //!< in order
        std::vector<std::function<void(const WireSegment&)>> taps;  //!< of what was sent
        std::vector<std::function<void(const WireSegment&)>> exits; //!< of what arrives
    };

    Way m_ways[2];        //!< by direction
    bool m_silent{false}; //!< loses everything
};

// Which segments

/// @param segment any @return SYN without ACK
bool IsSyn(const WireSegment& segment);
/// @param segment any @return SYN with ACK
bool IsSynAck(const WireSegment& segment);
/// @param segment any @return no SYN, no RST, no FIN, no payload
bool IsPureAck(const WireSegment& segment);
/// @param segment any @return neither SYN nor RST
bool IsAfterSyn(const WireSegment& segment);
/// @param segment any @return whether it has payload
bool HasPayload(const WireSegment& segment);
/// @param segment any @return true
bool IsAny(const WireSegment& segment);

// What to do with them

/// @param match which @param first ordinal of the first to lose, from 1 @param count how many
/// @return a rule that loses them
WireRule DropNth(WireMatch match, uint32_t first, uint32_t count = 1);
/// @param match which @param k every k-th is lost @return the rule
WireRule DropEvery(WireMatch match, uint32_t k);
/// @param match which @param probability of loss @param stream random stream @return the rule
WireRule DropRandom(WireMatch match, double probability, int64_t stream);
/// @param match which @param k every k-th @param delay arrives so much later @return the rule
WireRule DelayEvery(WireMatch match, uint32_t k, Time delay);
/// @param match which @param probability of delay @param most upper bound of the delay
/// @param stream random stream @return the rule
WireRule DelayRandom(WireMatch match, double probability, Time most, int64_t stream);
/// @param match which @param probability of a copy @param stream random stream @return the rule
WireRule DuplicateRandom(WireMatch match, double probability, int64_t stream);
/// @param match which @return a rule that takes MPTCP options away
WireRule StripMptcp(WireMatch match);
/// @param match which @param k every k-th has a bit of its payload turned @return the rule
WireRule CorruptEvery(WireMatch match, uint32_t k);

} // namespace ns3

#endif // FILTER_CHANNEL_H
