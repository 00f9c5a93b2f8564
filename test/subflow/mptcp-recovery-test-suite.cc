// SPDX-License-Identifier: GPL-2.0-only
// What a TcpSubflow does when segments are lost, or seem to be: rate reduction and undo.
#include "tcp-subflow-rig.h"

#include <map>

using namespace ns3;
using namespace ns3::tcprig;

namespace
{

constexpr uint32_t SEGMENT = 1448;

/// @param end who sent @param from only what left since @return data segments sent again
uint32_t
CountRepeats(const End& end, Time from = Time(0))
{
    uint32_t count = 0;
    SequenceNumber32 highest(end.iss);
    for (const auto& sent : end.log)
    {
        if (sent.segment.payloadSize > 0)
        {
            count += sent.segment.seq < highest && sent.at >= from ? 1 : 0;
            highest = std::max(highest, sent.segment.seq + 1);
        }
    }
    return count;
}

/// @param rig both ends @param window congestion window in segments, as is ssthresh: no slow start
void
Steady(Rig& rig, uint32_t window)
{
    rig.client.settings->m_initialCwnd = window;
    rig.client.settings->m_initialSsThresh = window * SEGMENT;
    rig.client.rate = 20000000;
    rig.client.queueLimit = 1000;
}

// Rate reduction

/// What a recovery looked like.
struct Observed
{
    uint32_t recoveries{0};   //!< how many
    Time begin;               //!< of the first one
    Time end;                 //!< of the first one
    uint32_t threshold{0};    //!< ssthresh then, in bytes
    uint32_t flight{0};       //!< bytes in flight at its end
    Time longestPause;        //!< between data segments in it
    uint32_t largestBurst{0}; //!< data segments that left at one time, but for the first time
};

/**
 * Send 3 MB with losses.
 * @param rig both ends @param lost how many segments in a row are lost
 * @param loseAcks whether two of three acknowledgments are lost during the recovery
 * @return the first recovery
 */
Observed
Recover(Rig& rig, uint32_t lost, bool loseAcks)
{
    Observed seen;
    Steady(rig, 80);
    rig.client.toSend = 3000000;
    const SequenceNumber32 first = SequenceNumber32(rig.client.iss) + 1 + int32_t(400 * SEGMENT);
    const SequenceNumber32 last = first + static_cast<int32_t>(lost * SEGMENT);
    DropFirst(rig.client,
              lost,
              [=](const TcpSegment& segment)
              { return segment.payloadSize > 0 && segment.seq >= first && segment.seq < last; });
    bool recovering = false;
    if (loseAcks)
    {
        rig.server.filter = [&recovering](const TcpSegment&, uint32_t number)
        {
            End::Fate fate;
            fate.drop = recovering && number % 3 != 0;
            return fate;
        };
    }
    rig.Connect();
    TcpSubflow& subflow = *rig.client.subflow;
    using States = Callback<void, TcpSocketState::TcpCongState_t, TcpSocketState::TcpCongState_t>;
    subflow.TraceConnectWithoutContext(
        "CongState",
        States(
            [&](TcpSocketState::TcpCongState_t old, TcpSocketState::TcpCongState_t now)
            {
                recovering = now == TcpSocketState::CA_RECOVERY;
                if (recovering && seen.recoveries++ == 0)
                {
                    seen.begin = Simulator::Now();
                }
                if (old == TcpSocketState::CA_RECOVERY && seen.recoveries == 1)
                {
                    seen.end = Simulator::Now();
                    seen.threshold = subflow.GetSocketState()->m_ssThresh;
                    seen.flight = subflow.GetBytesInFlight();
                }
            }));
    rig.Run(Seconds(60));
    std::map<Time, uint32_t> departures;
    for (const auto& sent : rig.client.log)
    {
        if (sent.segment.payloadSize > 0 && sent.at >= seen.begin && sent.at <= seen.end)
        {
            departures[sent.at]++;
        }
    }
    Time before = seen.begin;
    for (const auto& [at, count] : departures)
    {
        seen.longestPause = std::max(seen.longestPause, at - before);
        seen.largestBurst = std::max(seen.largestBurst, at > seen.begin ? count : 0);
        before = at;
    }
    return seen;
}

void
Reduction(Case& test, Rig& rig, uint32_t lost, bool loseAcks)
{
    const Observed seen = Recover(rig, lost, loseAcks);
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.timeouts.size(), 0u, "no time-out");
    test.Equal(CountRepeats(rig.client), lost, "only what was lost is sent again");
    test.Equal(seen.recoveries, 1u, "one recovery");
    test.Expect(seen.flight <= seen.threshold, "no more in flight than ssthresh at the end");
    test.Expect(seen.flight + 4 * SEGMENT >= seen.threshold, "and no less");
    // An acknowledgment lets leave what it says was delivered, and one more.
    test.Expect(seen.largestBurst <= (loseAcks ? 8u : 3u),
                "no bursts, but " + std::to_string(seen.largestBurst));
}

void
ReductionPause(Case& test, Rig& rig, bool reduction)
{
    rig.client.settings->m_rateReduction = reduction;
    const Observed seen = Recover(rig, 1, false);
    test.Expect(rig.AllRight(), "every byte");
    const Time halfWindow = MilliSeconds(20);
    test.Equal(seen.longestPause < halfWindow / 4,
               reduction,
               "longest pause " + std::to_string(seen.longestPause.GetMilliSeconds()) + " ms");
}

void
HeavyLoss(Case& test, Rig& rig)
{
    bool low = false;
    bool over = false;
    Steady(rig, 80);
    rig.client.toSend = 2000000;
    const SequenceNumber32 first = SequenceNumber32(rig.client.iss) + 1 + int32_t(400 * SEGMENT);
    DropFirst(rig.client,
              60,
              [=](const TcpSegment& segment)
              {
                  return segment.payloadSize > 0 && segment.seq >= first &&
                         segment.seq < first + int32_t(60 * SEGMENT);
              });
    rig.client.options = [&](TcpOptionSpace&, const OutgoingSegment& segment)
    {
        const auto state = rig.client.subflow->GetSocketState();
        if (segment.payloadSize > 0 && state->m_congState == TcpSocketState::CA_RECOVERY)
        {
            const uint32_t flight = rig.client.subflow->GetBytesInFlight();
            over = over || (low && flight > state->m_ssThresh);
            low = low || flight <= state->m_ssThresh;
        }
    };
    rig.Connect();
    rig.Run(Seconds(60));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(low, "a recovery that comes below ssthresh");
    test.Expect(!over, "and then never above it");
    test.Equal(rig.client.timeouts.size(), 0u, "no time-out");
    test.Equal(CountRepeats(rig.client), 60u, "only what was lost is sent again");
}

// Undo

/// Which signs of a spurious recovery are looked for.
struct Signs
{
    bool timestamps{false}; //!< Eifel
    bool duplicates{false}; //!< D-SACK
    bool untouched{false};  //!< F-RTO
};

/// @param rig both ends @param signs of its client
void
Use(Rig& rig, const Signs& signs)
{
    rig.client.settings->m_eifel = signs.timestamps;
    rig.client.settings->m_duplicateUndo = signs.duplicates;
    rig.client.settings->m_frto = signs.untouched;
}

/**
 * The path becomes slower at once.
 * @param rig both ends @param by how much
 * @return when
 */
Time
Spike(Rig& rig, Time by)
{
    Steady(rig, 60);
    rig.client.toSend = 3000000;
    rig.Connect();
    rig.Run(MilliSeconds(400));
    const Time at = Simulator::Now();
    rig.client.delay += by;
    return at;
}

void
SpikeUndone(Case& test, Rig& rig, const Signs& signs, Time by, uint32_t repeats)
{
    Use(rig, signs);
    const Time at = Spike(rig, by);
    const uint32_t window = rig.client.subflow->GetCongestionWindow();
    rig.Run(by + MilliSeconds(150));
    test.Expect(!rig.client.timeouts.empty(), "a time-out");
    test.Expect(CountRepeats(rig.client, at) <= repeats,
                "sent again: " + std::to_string(CountRepeats(rig.client, at)));
    test.Expect(rig.client.subflow->GetCongestionWindow() >= window, "the window is what it was");
    test.Expect(rig.client.subflow->GetSocketState()->m_ssThresh >= 60 * SEGMENT, "so is ssthresh");
    test.Equal(rig.client.subflow->GetTimeouts(), 0u, "none counts any more");
    test.Expect(rig.client.subflow->GetRto() >= by, "the time-out has become longer");
    rig.Run(Seconds(120));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(CountRepeats(rig.client, at) <= repeats + 2, "and the path is known");
}

void
SpikeNotUndone(Case& test, Rig& rig)
{
    Use(rig, {});
    const Time at = Spike(rig, Seconds(1));
    rig.Run(MilliSeconds(1150));
    test.Expect(rig.client.subflow->GetSocketState()->m_ssThresh <= 40 * SEGMENT, "reduced");
    rig.Run(Seconds(120));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(CountRepeats(rig.client, at) > 20, "the window goes back N");
}

void
SpikeByDuplicates(Case& test, Rig& rig, Time by, bool timestamps)
{
    rig.Both([=](End& end) { end.settings->m_timestampEnabled = timestamps; });
    Use(rig, {false, true, false});
    Spike(rig, by);
    rig.Run(2 * by + MilliSeconds(400));
    test.Expect(!rig.client.timeouts.empty(), "a time-out");
    test.Expect(rig.client.subflow->GetSocketState()->m_ssThresh >= 60 * SEGMENT,
                "undone when each retransmission has been reported: " +
                    std::to_string(rig.client.subflow->GetSocketState()->m_ssThresh));
    rig.Run(Seconds(120));
    test.Expect(rig.AllRight(), "every byte");
}

void
Outage(Case& test, Rig& rig, bool timestamps, bool bothWays)
{
    rig.Both([=](End& end) { end.settings->m_timestampEnabled = timestamps; });
    Steady(rig, 60);
    rig.client.toSend = 3000000;
    rig.Connect();
    rig.Run(MilliSeconds(400));
    bool silent = true;
    const auto filter = [&silent](const TcpSegment&, uint32_t)
    {
        End::Fate fate;
        fate.drop = silent;
        return fate;
    };
    rig.client.filter = filter;
    if (bothWays)
    {
        rig.server.filter = filter;
    }
    rig.Run(MilliSeconds(600));
    silent = false;
    rig.Run(MilliSeconds(700));
    test.Expect(!rig.client.timeouts.empty(), "a time-out");
    test.Expect(rig.client.subflow->GetSocketState()->m_ssThresh <= 40 * SEGMENT,
                "a loss is not undone");
    rig.Run(Seconds(120));
    test.Expect(rig.AllRight(), "every byte");
}

/// One segment is overtaken by all of its window. @param rig both ends
/// @return ssthresh when it has come
uint32_t
Overtake(Rig& rig)
{
    Steady(rig, 40);
    rig.client.toSend = 1000000;
    const SequenceNumber32 late = SequenceNumber32(rig.client.iss) + 1 + int32_t(100 * SEGMENT);
    bool first = true;
    rig.client.filter = [=](const TcpSegment& segment, uint32_t) mutable
    {
        End::Fate fate;
        if (segment.payloadSize > 0 && segment.seq == late && first)
        {
            first = false;
            fate.extraDelay = MilliSeconds(35);
        }
        return fate;
    };
    rig.Connect();
    rig.Run(Seconds(30));
    return rig.client.subflow->GetSocketState()->m_ssThresh;
}

void
FastRetransmission(Case& test, Rig& rig, const Signs& signs, bool undone)
{
    Use(rig, signs);
    const uint32_t threshold = Overtake(rig);
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(CountRepeats(rig.client), 1u, "sent again for nothing");
    test.Equal(threshold >= 40 * SEGMENT, undone, "ssthresh " + std::to_string(threshold));
}

/**
 * Segments must become smaller before they are sent again, so each goes out in three pieces. The
 * first one was only late, those behind it are lost.
 */
void
CutRetransmissions(Case& test, Rig& rig, uint32_t lost)
{
    Use(rig, {false, true, false});
    Steady(rig, 40);
    rig.client.toSend = 1000000;
    const SequenceNumber32 late = SequenceNumber32(rig.client.iss) + 1 + int32_t(100 * SEGMENT);
    bool first = true;
    rig.client.filter = [=, &rig](const TcpSegment& segment, uint32_t) mutable
    {
        End::Fate fate;
        if (segment.payloadSize > 0 && segment.seq == late && first)
        {
            first = false;
            fate.extraDelay = MilliSeconds(35);
            Simulator::Schedule(MilliSeconds(20), [&rig] { rig.client.subflow->OnPathMtu(600); });
        }
        fate.drop = segment.payloadSize == SEGMENT && segment.seq > late &&
                    segment.seq <= late + int32_t(lost * SEGMENT);
        return fate;
    };
    rig.Connect();
    rig.Run(Seconds(30));
    const uint32_t threshold = rig.client.subflow->GetSocketState()->m_ssThresh;
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.timeouts.size(), 0u, "no time-out");
    test.Equal(CountRepeats(rig.client), 3 * (lost + 1), "pieces sent again");
    test.Equal(rig.client.subflow->GetDetails().duplicatesReported, 3u, "pieces that came twice");
    test.Equal(threshold >= 40 * SEGMENT, lost == 0, "ssthresh " + std::to_string(threshold));
}

/// Reno that notes by how many segments its window was to grow, and in which state.
class NotingReno : public TcpLinuxReno
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::MptcpTestNotingReno")
                                .SetParent<TcpLinuxReno>()
                                .AddConstructor<NotingReno>();
        return tid;
    }

    void IncreaseWindow(Ptr<TcpSocketState> state, uint32_t segments) override
    {
        largest = std::max(largest, segments);
        atEnd += Simulator::Now() == ended ? 1 : 0;
        TcpLinuxReno::IncreaseWindow(state, segments);
    }

    void PktsAcked(Ptr<TcpSocketState> state, uint32_t segments, const Time& rtt) override
    {
        late += Simulator::Now() == ended ? 1 : 0;
        TcpLinuxReno::PktsAcked(state, segments, rtt);
    }

    void CongestionStateSet(Ptr<TcpSocketState> state,
                            const TcpSocketState::TcpCongState_t next) override
    {
        const auto before = state->m_congState.Get();
        if (before == TcpSocketState::CA_RECOVERY || before == TcpSocketState::CA_LOSS)
        {
            ended = next == TcpSocketState::CA_OPEN ? Simulator::Now() : ended;
            losses += before == TcpSocketState::CA_LOSS ? 1 : 0;
        }
        TcpLinuxReno::CongestionStateSet(state, next);
    }

    Ptr<TcpCongestionOps> Fork() override
    {
        return CopyObject<NotingReno>(this);
    }

    static inline uint32_t largest{0}; //!< most segments of one call
    static inline uint32_t atEnd{0};   //!< calls for ACKs that ended a recovery
    static inline uint32_t late{0};    //!< such ACKs that were told behind the end
    static inline uint32_t losses{0};  //!< time-outs that are over
    static inline Time ended;          //!< last end of a recovery
};

NS_OBJECT_ENSURE_REGISTERED(NotingReno);

/**
 * One segment is lost, and SACK reports those behind it. The ACK that ends the recovery covers them
 * all, but they were delivered before.
 */
void
GrowthBehindRecovery(Case& test, Rig& rig, bool timeout)
{
    NotingReno::largest = NotingReno::atEnd = NotingReno::late = NotingReno::losses = 0;
    NotingReno::ended = Time(-1);
    Steady(rig, 80);
    rig.client.congestion = NotingReno::GetTypeId();
    // With nothing left to send a retransmission that is lost, too, is only found by the time-out.
    rig.client.settings->m_tailLossProbe = !timeout;
    rig.client.toSend = (timeout ? 240 : 700) * SEGMENT;
    const SequenceNumber32 first = SequenceNumber32(rig.client.iss) + 1 + int32_t(200 * SEGMENT);
    DropFirst(rig.client,
              timeout ? 2 : 1,
              [=](const TcpSegment& segment)
              {
                  return segment.payloadSize > 0 && segment.seq >= first &&
                         segment.seq < first + int32_t(SEGMENT);
              });
    rig.Connect();
    rig.Run(Seconds(60));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(NotingReno::losses, timeout ? 1u : 0u, "time-outs");
    test.Equal(NotingReno::atEnd, 1u, "the ACK that ends the recovery lets the window grow");
    test.Equal(NotingReno::late, 0u, "and is told before, in the state that it ends");
    test.Expect(NotingReno::largest <= 2,
                "by what one ACK delivers: " + std::to_string(NotingReno::largest));
}

class MptcpRecoveryTestSuite : public TestSuite
{
  public:
    MptcpRecoveryTestSuite()
        : TestSuite("mptcp-recovery", Type::UNIT)
    {
        for (const uint32_t lost : {1, 2, 10})
        {
            for (const bool acks : {false, true})
            {
                Add("RFC 6937 3: " + std::to_string(lost) + " lost" +
                        (acks ? ", acknowledgments too" : "") + ": ssthresh in flight, no burst",
                    [lost, acks](Case& test, Rig& rig) { Reduction(test, rig, lost, acks); });
            }
        }
        Add("RFC 6937 1: no pause of half a round trip",
            [](Case& test, Rig& rig) { ReductionPause(test, rig, true); });
        Add("RFC 6675 5: a pause of half a round trip",
            [](Case& test, Rig& rig) { ReductionPause(test, rig, false); });
        Add("RFC 6937 3: after heavy losses never more in flight than ssthresh", HeavyLoss);
        Add("RFC 5681 3.1: at the end of a recovery growth does not count what SACK reported",
            [](Case& test, Rig& rig) { GrowthBehindRecovery(test, rig, false); });
        Add("RFC 5681 3.1: nor behind a time-out",
            [](Case& test, Rig& rig) { GrowthBehindRecovery(test, rig, true); });
        Add("RFC 4015 3: a delay of 0.3 s, found by time stamps",
            [](Case& test, Rig& rig) {
                SpikeUndone(test, rig, {true, false, false}, MilliSeconds(300), 2);
            });
        Add("RFC 4015 3: a delay of 1 s, several time-outs, found by time stamps",
            [](Case& test, Rig& rig) {
                SpikeUndone(test, rig, {true, false, false}, Seconds(1), 4);
            });
        Add("RFC 4015 3: a delay of 1 s, all signs",
            [](Case& test, Rig& rig) {
                SpikeUndone(test, rig, {true, true, true}, Seconds(1), 4);
            });
        Add("RFC 5682 3: a delay of 0.3 s, found by what was not sent again",
            [](Case& test, Rig& rig)
            {
                rig.client.settings->m_timestampEnabled = false;
                rig.client.settings->m_segmentSize = SEGMENT;
                SpikeUndone(test, rig, {false, false, true}, MilliSeconds(300), 2);
            });
        Add("RFC 5682 2: the same without SACK",
            [](Case& test, Rig& rig)
            {
                rig.client.settings->m_timestampEnabled = false;
                rig.client.settings->m_sackEnabled = false;
                rig.client.settings->m_segmentSize = SEGMENT;
                SpikeUndone(test, rig, {false, false, true}, MilliSeconds(300), 2);
            });
        Add("A delay of 1 s without any of it", SpikeNotUndone);
        for (const int milliseconds : {300, 1000, 3000})
        {
            Add("RFC 2883 5.3: a delay of " + std::to_string(milliseconds) +
                    " ms, found by duplicates",
                [=](Case& test, Rig& rig)
                { SpikeByDuplicates(test, rig, MilliSeconds(milliseconds), true); });
        }
        Add("RFC 2883 5.3, 6298 5: a delay of 0.33 s, found by duplicates, without time stamps: "
            "the "
            "back-off stays until new data has been measured",
            [=](Case& test, Rig& rig) { SpikeByDuplicates(test, rig, MilliSeconds(330), false); });
        for (const bool timestamps : {false, true})
        {
            const std::string with = timestamps ? "" : ", no time stamps";
            Add("RFC 4015 3: an outage is none of it" + with,
                [timestamps](Case& test, Rig& rig) { Outage(test, rig, timestamps, false); });
            Add("RFC 4015 3: an outage of both directions is none of it" + with,
                [timestamps](Case& test, Rig& rig) { Outage(test, rig, timestamps, true); });
        }
        Add("RFC 3522 3.2: a needless fast retransmission, found by time stamps",
            [](Case& test, Rig& rig) {
                FastRetransmission(test, rig, {true, false, false}, true);
            });
        Add("RFC 2883 5.1: a needless fast retransmission, found by a duplicate",
            [](Case& test, Rig& rig) {
                FastRetransmission(test, rig, {false, true, false}, true);
            });
        Add("RFC 2883 5.1: a needless fast retransmission in pieces, found by their duplicates",
            [](Case& test, Rig& rig) { CutRetransmissions(test, rig, 0); });
        Add("RFC 2883 5.1: duplicates of some pieces undo nothing",
            [](Case& test, Rig& rig) { CutRetransmissions(test, rig, 2); });
        Add("A needless fast retransmission without either",
            [](Case& test, Rig& rig) { FastRetransmission(test, rig, {}, false); });
    }

  private:
    /// @param name of the case @param body of the case
    void Add(const std::string& name, Case::Body body)
    {
        AddTestCase(new Case(name, std::move(body)));
    }
};

MptcpRecoveryTestSuite g_mptcpRecoveryTestSuite;

} // namespace
