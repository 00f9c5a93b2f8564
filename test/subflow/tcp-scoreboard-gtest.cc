// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/tcp-scoreboard.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t SEGMENT = 1000;

using Blocks = BoundedVector<SackBlock, 4>;

/// A scoreboard with segments of 1000 bytes, numbered from 0.
class Board
{
  public:
    /// @param sack SACK is in use @param first sequence number of segment 0
    /// @param rack losses are found by time
    explicit Board(bool sack = true, uint32_t first = 1, bool rack = false)
        : m_first(first)
    {
        board.Start(Seq(0), 3, sack, rack);
    }

    /// @param segment a segment @return its sequence number
    SequenceNumber32 Seq(uint32_t segment) const
    {
        return m_first + SequenceNumber32(segment * SEGMENT);
    }

    /// Send new segments. @param count how many
    void Send(uint32_t count)
    {
        for (; count > 0; count--)
        {
            TcpScoreboard::Record record;
            record.seq = Seq(m_sent++);
            record.length = SEGMENT;
            record.sent = now;
            board.Append(record);
        }
    }

    /// Send a FIN.
    void SendFin()
    {
        TcpScoreboard::Record record;
        record.seq = Seq(m_sent);
        record.fin = true;
        record.sent = now;
        board.Append(record);
    }

    /// An ACK arrives. @param segment first one not acknowledged @param blocks SACKed segments,
    /// as begin and end @return what the scoreboard makes of it
    TcpScoreboard::AckResult Ack(uint32_t segment,
                                 std::vector<std::pair<uint32_t, uint32_t>> blocks = {})
    {
        Blocks sack;
        for (const auto& [begin, end] : blocks)
        {
            sack.Add({Seq(begin), Seq(end)});
        }
        const bool duplicate = segment == m_acked;
        m_acked = segment;
        return board.OnAck(Seq(segment), sack, duplicate, GetConditions());
    }

    /// @return what losses are judged by
    TcpScoreboard::Conditions GetConditions() const
    {
        return {minRtt, now, Seconds(1), false, {}, needless};
    }

    /// @return number of the segment to retransmit, -1 if there is none
    int Lost() const
    {
        const auto* record = board.GetLost();
        return record ? (record->seq - m_first) / static_cast<int>(SEGMENT) : -1;
    }

    TcpScoreboard board;           //!< what is tested
    Time now{Seconds(1)};          //!< current time
    Time minRtt{MilliSeconds(10)}; //!< shortest RTT
    bool needless{false};          //!< ACKs report duplicates

  private:
    SequenceNumber32 m_first; //!< of segment 0
    uint32_t m_sent{0};       //!< segments so far
    uint32_t m_acked{0};      //!< first segment not acknowledged
};

} // namespace

TEST(TcpScoreboard, ASegmentIsLostWhenThreeSentAfterItAreDelivered)
{
    Board b;
    b.Send(5);
    EXPECT_FALSE(b.Ack(0, {{1, 2}}).lossDetected);
    EXPECT_FALSE(b.Ack(0, {{1, 3}}).lossDetected);
    EXPECT_EQ(b.Lost(), -1);
    const auto result = b.Ack(0, {{1, 4}});
    EXPECT_TRUE(result.lossDetected);
    EXPECT_TRUE(result.newSack);
    EXPECT_EQ(result.deliveredBytes, SEGMENT);
    EXPECT_EQ(result.ackedBytes, 0U);
    EXPECT_EQ(b.Lost(), 0);
    EXPECT_EQ(b.board.GetPipe(), SEGMENT);
}

TEST(TcpScoreboard, ASackedFinCountsAsADelivery)
{
    Board b;
    b.Send(3);
    b.SendFin();
    Blocks blocks;
    blocks.Add({b.Seq(1), b.Seq(3) + 1});
    EXPECT_FALSE(b.Ack(0, {{1, 3}}).lossDetected);
    EXPECT_TRUE(b.board.OnAck(b.Seq(0), blocks, true, {b.minRtt, b.now}).lossDetected);
    EXPECT_EQ(b.Lost(), 0);
}

TEST(TcpScoreboard, ReorderingWithinTheThresholdIsNoLoss)
{
    Board b;
    b.Send(5);
    b.Ack(0, {{1, 3}});
    EXPECT_FALSE(b.Ack(4).lossDetected);
    EXPECT_EQ(b.Lost(), -1);
    EXPECT_EQ(b.board.GetPipe(), SEGMENT);
}

TEST(TcpScoreboard, ALostRetransmissionIsFoundByLaterDeliveries)
{
    Board b;
    b.Send(4);
    b.Ack(0, {{1, 4}});
    ASSERT_EQ(b.Lost(), 0);
    b.board.OnRetransmit(b.now);
    EXPECT_EQ(b.Lost(), -1);
    b.Send(3);
    b.now += MilliSeconds(20);
    EXPECT_FALSE(b.Ack(0, {{1, 6}}).lossDetected);
    EXPECT_TRUE(b.Ack(0, {{1, 7}}).lossDetected);
    EXPECT_EQ(b.Lost(), 0);
}

TEST(TcpScoreboard, LostRetransmissionsAreSentAgainBeforeWhatIsBehindThem)
{
    Board b;
    b.Send(20);
    b.Ack(0, {{10, 13}});
    // 0 to 9 are lost; 0 to 2 are sent again and then three new ones arrive.
    for (int i = 0; i < 3; i++)
    {
        b.board.OnRetransmit(b.now);
    }
    b.Send(3);
    b.now += MilliSeconds(20);
    b.Ack(0, {{10, 13}, {20, 23}});
    for (const int expected : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14, 15, 16, 17, 18, 19})
    {
        EXPECT_EQ(b.Lost(), expected);
        b.board.OnRetransmit(b.now);
    }
}

TEST(TcpScoreboard, AnAnswerSoonerThanTheShortestRttIsToTheFirstTransmission)
{
    Board b;
    b.Send(8);
    b.Ack(0, {{1, 4}});
    b.board.OnRetransmit(b.now);
    b.now += MilliSeconds(5);
    // Segment 0 was only late: nothing follows for those that were sent before its repetition.
    EXPECT_FALSE(b.Ack(4).lossDetected);
    EXPECT_EQ(b.Lost(), -1);
    EXPECT_EQ(b.board.GetPipe(), 4 * SEGMENT);
}

TEST(TcpScoreboard, RttIsTakenFromWhatWasSentOnce)
{
    Board b;
    b.Send(2);
    b.now += MilliSeconds(30);
    EXPECT_EQ(b.Ack(1).rtt, MilliSeconds(30));
    b.board.OnTimeout(b.now);
    b.board.OnRetransmit(b.now);
    b.now += MilliSeconds(30);
    const auto result = b.Ack(2);
    EXPECT_FALSE(result.rtt);
    EXPECT_TRUE(result.retransmissionAcked);
}

TEST(TcpScoreboard, ATimeoutMakesAllLostThatIsNotSacked)
{
    Board b;
    b.Send(5);
    b.Ack(0, {{2, 3}});
    b.board.OnTimeout(b.now);
    EXPECT_EQ(b.board.GetPipe(), 0U);
    for (const int expected : {0, 1, 3, 4})
    {
        EXPECT_EQ(b.Lost(), expected);
        b.board.OnRetransmit(b.now);
    }
    EXPECT_EQ(b.Lost(), -1);
    EXPECT_EQ(b.board.GetPipe(), 4 * SEGMENT);
}

TEST(TcpScoreboard, ATimeoutForASackedSegmentMeansThatThePeerHasReneged)
{
    Board b;
    b.Send(4);
    b.Ack(0, {{1, 4}});
    b.board.OnRetransmit(b.now);
    b.Ack(1, {});
    b.board.OnTimeout(b.now);
    for (const int expected : {1, 2, 3})
    {
        EXPECT_EQ(b.Lost(), expected);
        b.board.OnRetransmit(b.now);
    }
}

TEST(TcpScoreboard, BlocksOutOfRangeAreIgnored)
{
    Board b;
    b.Send(5);
    b.Ack(2);
    EXPECT_FALSE(b.Ack(2, {{0, 1}}).newSack); // a duplicate SACK, RFC 2883
    EXPECT_FALSE(b.Ack(2, {{1, 3}}).newSack); // begins below
    EXPECT_FALSE(b.Ack(2, {{3, 6}}).newSack); // ends behind what was sent
    EXPECT_FALSE(b.Ack(2, {{4, 3}}).newSack); // backwards
    EXPECT_FALSE(b.Ack(2, {{3, 3}}).newSack); // empty
    EXPECT_TRUE(b.Ack(2, {{3, 5}}).newSack);
}

TEST(TcpScoreboard, SequenceNumbersWrap)
{
    Board b(true, 0xfffffff0);
    b.Send(5);
    EXPECT_TRUE(b.Ack(0, {{1, 4}}).lossDetected);
    EXPECT_EQ(b.Lost(), 0);
    EXPECT_EQ(b.Ack(5).ackedBytes, 5 * SEGMENT);
    EXPECT_TRUE(b.board.Empty());
}

namespace
{

/// A scoreboard that finds losses by time; RTT 40 ms, a quarter of it is the reordering window.
class RackBoard : public Board
{
  public:
    RackBoard()
        : Board(true, 1, true)
    {
        minRtt = MilliSeconds(40);
    }

    /// Send segments one by one. @param count how many @param gap time behind each
    void SendSpaced(uint32_t count, Time gap)
    {
        for (; count > 0; count--)
        {
            Send(1);
            now += gap;
        }
    }
};

} // namespace

TEST(TcpScoreboardRack, WhatWasSentBeforeADeliveredSegmentIsLostAfterTheReorderingWindow)
{
    RackBoard b;
    b.SendSpaced(3, MilliSeconds(1));
    b.now = Seconds(1) + MilliSeconds(41);
    EXPECT_FALSE(b.Ack(0, {{1, 2}}).lossDetected);
    ASSERT_TRUE(b.board.GetReorderDue());
    EXPECT_EQ(*b.board.GetReorderDue(), Seconds(1) + MilliSeconds(50));
    b.now = *b.board.GetReorderDue() - TimeStep(1);
    EXPECT_FALSE(b.board.OnReorderTimer(b.GetConditions()));
    b.now = *b.board.GetReorderDue();
    EXPECT_TRUE(b.board.OnReorderTimer(b.GetConditions()));
    EXPECT_EQ(b.Lost(), 0);
    EXPECT_EQ(b.board.GetPipe(), SEGMENT);
    EXPECT_FALSE(b.board.GetReorderDue());
}

TEST(TcpScoreboardRack, ThreeSackedSegmentsNeedNoReorderingWindow)
{
    RackBoard b;
    b.Send(5);
    b.now += MilliSeconds(40);
    EXPECT_FALSE(b.Ack(0, {{1, 3}}).lossDetected);
    EXPECT_TRUE(b.Ack(0, {{1, 4}}).lossDetected);
    EXPECT_EQ(b.Lost(), 0);
}

TEST(TcpScoreboardRack, OnceReorderingWasSeenThreeSackedSegmentsAreNotEnough)
{
    RackBoard b;
    b.Send(10);
    b.now += MilliSeconds(40);
    b.Ack(0, {{1, 2}});
    b.now += MilliSeconds(1);
    b.Ack(2);
    EXPECT_FALSE(b.Ack(2, {{3, 8}}).lossDetected);
    EXPECT_TRUE(b.board.GetReorderDue());
}

TEST(TcpScoreboardRack, ANeedlessRetransmissionWidensTheWindowOncePerRoundTrip)
{
    RackBoard b;
    b.Send(20);
    b.now += MilliSeconds(40);
    b.Ack(0, {{1, 2}});
    b.Ack(2); // reordered
    b.needless = true;
    b.Ack(3);
    b.Ack(4);
    b.needless = false;
    b.Ack(4, {{5, 6}});
    ASSERT_TRUE(b.board.GetReorderDue());
    EXPECT_EQ(*b.board.GetReorderDue(), Seconds(1) + MilliSeconds(60));
    for (int i = 0; i < 16; i++)
    {
        b.board.OnRecoveryOver();
    }
    b.Ack(4, {{5, 7}});
    EXPECT_EQ(*b.board.GetReorderDue(), Seconds(1) + MilliSeconds(50));
}

TEST(TcpScoreboardRack, ALostRetransmissionIsFoundByTime)
{
    RackBoard b;
    b.Send(4);
    b.now += MilliSeconds(40);
    b.Ack(0, {{1, 4}});
    ASSERT_EQ(b.Lost(), 0);
    b.board.OnRetransmit(b.now);
    b.now += MilliSeconds(1);
    b.Send(1);
    b.now += MilliSeconds(40);
    EXPECT_TRUE(b.Ack(0, {{1, 5}}).lossDetected);
    EXPECT_EQ(b.Lost(), 0);
}

TEST(TcpScoreboardRack, ATimeoutSparesWhatHasOnlyJustLeft)
{
    RackBoard b;
    b.Send(2);
    b.now += MilliSeconds(40);
    b.Ack(1);
    b.now += MilliSeconds(300);
    b.Send(2);
    b.board.OnTimeout(b.now);
    EXPECT_EQ(b.Lost(), 1);
    b.board.OnRetransmit(b.now);
    EXPECT_EQ(b.Lost(), -1);
    EXPECT_EQ(b.board.GetPipe(), 3 * SEGMENT);
}

TEST(TcpScoreboardRack, AProbeRepeatsTheLastSegmentAndTellsOfTheOthers)
{
    RackBoard b;
    b.Send(3);
    b.now += MilliSeconds(80);
    EXPECT_EQ(b.board.OnProbe(b.now).seq, b.Seq(2));
    EXPECT_EQ(b.board.GetPipe(), 3 * SEGMENT);
    b.now += MilliSeconds(40);
    EXPECT_TRUE(b.Ack(0, {{2, 3}}).lossDetected);
    EXPECT_EQ(b.Lost(), 0);
    EXPECT_EQ(b.board.GetPipe(), 0U);
}

TEST(TcpScoreboard, WhatWasSentInPacketsThatDoNotPassIsLost)
{
    Board b;
    b.Send(3);
    EXPECT_FALSE(b.board.OnTooLarge(1000, b.Seq(0)));
    EXPECT_TRUE(b.board.OnTooLarge(900, b.Seq(1)));
    EXPECT_EQ(b.Lost(), 1);
    b.board.OnRetransmit(b.now, 900);
    b.board.OnRetransmit(b.now, 900);
    EXPECT_EQ(b.Lost(), -1);
    // Each packet of a flight draws an error.
    EXPECT_FALSE(b.board.OnTooLarge(900, b.Seq(2)));
    // The second piece of segment 1 does not pass a later link.
    EXPECT_TRUE(b.board.OnTooLarge(800, b.Seq(1) + 900));
    EXPECT_EQ(b.Lost(), 1);
    EXPECT_EQ(b.board.GetPipe(), SEGMENT);
    b.board.OnRetransmit(b.now, 800);
    EXPECT_EQ(b.Lost(), 2);
    b.board.OnProbe(b.now, 700);
    EXPECT_FALSE(b.board.OnTooLarge(800, b.Seq(1)));
}

TEST(TcpScoreboardWithoutSack, TheThirdDuplicateMakesTheFirstSegmentLost)
{
    Board b(false);
    b.Send(5);
    EXPECT_FALSE(b.Ack(0).lossDetected);
    EXPECT_FALSE(b.Ack(0).lossDetected);
    EXPECT_TRUE(b.Ack(0).lossDetected);
    EXPECT_EQ(b.Lost(), 0);
    // Four were in flight behind it, three have left.
    EXPECT_EQ(b.board.GetPipe(), SEGMENT);
}

TEST(TcpScoreboardWithoutSack, DuplicatesCountFromTheLastAdvance)
{
    Board b(false);
    b.Send(10);
    b.Ack(0);
    b.Ack(0);
    EXPECT_FALSE(b.Ack(1).lossDetected);
    EXPECT_FALSE(b.Ack(1).lossDetected);
    EXPECT_FALSE(b.Ack(1).lossDetected);
    EXPECT_EQ(b.Lost(), -1);
    EXPECT_TRUE(b.Ack(1).lossDetected);
    EXPECT_EQ(b.Lost(), 1);
}

TEST(TcpScoreboardWithoutSack, APartialAcknowledgmentTellsTheNextHole)
{
    Board b(false);
    b.Send(10);
    // 0 and 5 are lost: eight duplicates.
    for (int i = 0; i < 8; i++)
    {
        b.Ack(0);
    }
    EXPECT_EQ(b.Lost(), 0);
    b.board.OnRetransmit(b.now);
    b.now += MilliSeconds(20);
    EXPECT_TRUE(b.Ack(5).lossDetected);
    EXPECT_EQ(b.Lost(), 5);
    // 6 to 9 have left.
    EXPECT_EQ(b.board.GetPipe(), 0U);
    b.board.OnRetransmit(b.now);
    EXPECT_EQ(b.board.GetPipe(), SEGMENT);
    b.now += MilliSeconds(20);
    EXPECT_EQ(b.Ack(10).ackedBytes, 5 * SEGMENT);
    EXPECT_TRUE(b.board.Empty());
    EXPECT_EQ(b.board.GetPipe(), 0U);
}

TEST(TcpScoreboardWithoutSack, DuplicatesAfterATimeoutAreNoLossUntilAllIsAcknowledged)
{
    Board b(false);
    b.Send(6);
    b.board.OnTimeout(b.now);
    b.board.OnRetransmit(b.now);
    for (int i = 0; i < 5; i++)
    {
        EXPECT_FALSE(b.Ack(0).lossDetected);
    }
    EXPECT_EQ(b.Lost(), 1);
    b.Ack(6);
    b.Send(5);
    b.Ack(6);
    b.Ack(6);
    EXPECT_TRUE(b.Ack(6).lossDetected);
    EXPECT_EQ(b.Lost(), 6);
}

namespace
{

/// What TcpScoreboard is documented to do, as a list that is searched in full each time.
class NaiveScoreboard
{
  public:
    /// One segment.
    struct Record
    {
        uint64_t begin;            //!< first byte, unwrapped
        uint64_t end;              //!< behind the last sequence number
        uint32_t length;           //!< payload bytes
        Time sent;                 //!< last transmission
        uint64_t transmission;     //!< its number
        bool sacked{false};        //!< delivered
        bool lost{false};          //!< to be retransmitted
        bool retransmitted{false}; //!< sent more than once
    };

    void Append(uint64_t begin, uint32_t length, bool fin, Time now)
    {
        records.push_back({begin, begin + length + fin, length, now, ++m_transmissions});
    }

    TcpScoreboard::AckResult OnAck(uint64_t ack,
                                   const std::vector<std::pair<uint64_t, uint64_t>>& blocks,
                                   Time minRtt,
                                   Time now)
    {
        TcpScoreboard::AckResult result;
        m_una = std::max(m_una, ack);
        const uint64_t highest = records.empty() ? 0 : records.back().end;
        while (!records.empty() && records.front().end <= ack)
        {
            result.ackedBytes += records.front().length;
            Deliver(records.front(), minRtt, now, result);
            records.erase(records.begin());
        }
        for (const auto& [begin, end] : blocks)
        {
            if (begin >= end || begin < m_una || end > highest)
            {
                continue;
            }
            for (auto& record : records)
            {
                if (record.begin >= begin && record.end <= end && !record.sacked)
                {
                    Deliver(record, minRtt, now, result);
                    result.newSack = true;
                }
            }
        }
        for (auto& record : records)
        {
            const auto later = std::count_if(m_delivered.begin(),
                                             m_delivered.end(),
                                             [&record](uint64_t transmission)
                                             { return transmission > record.transmission; });
            if (!record.sacked && !record.lost && later >= 3)
            {
                record.lost = true;
                result.lossDetected = true;
            }
        }
        return result;
    }

    void OnTimeout()
    {
        const bool reneged = !records.empty() && records.front().sacked;
        if (reneged)
        {
            m_delivered.clear();
        }
        for (auto& record : records)
        {
            record.sacked = record.sacked && !reneged;
            record.lost = !record.sacked;
        }
    }

    Record* GetLost()
    {
        const auto found =
            std::find_if(records.begin(), records.end(), [](const Record& r) { return r.lost; });
        return found == records.end() ? nullptr : &*found;
    }

    void OnRetransmit(Time now)
    {
        if (Record* record = GetLost())
        {
            record->lost = false;
            record->retransmitted = true;
            record->sent = now;
            record->transmission = ++m_transmissions;
        }
    }

    uint32_t GetPipe() const
    {
        uint32_t pipe = 0;
        for (const auto& record : records)
        {
            pipe += record.sacked || record.lost ? 0 : record.length;
        }
        return pipe;
    }

    std::vector<Record> records; //!< not acknowledged cumulatively

  private:
    void Deliver(Record& record, Time minRtt, Time now, TcpScoreboard::AckResult& result)
    {
        if (record.sacked)
        {
            return;
        }
        record.sacked = true;
        record.lost = false;
        result.deliveredBytes += record.length;
        result.retransmissionAcked |= record.retransmitted;
        if (!record.retransmitted && !result.rtt)
        {
            result.rtt = now - record.sent;
        }
        if (!record.retransmitted || now - record.sent >= minRtt)
        {
            m_delivered.push_back(record.transmission);
        }
    }

    uint64_t m_una{0};                 //!< highest acknowledgment
    uint64_t m_transmissions{0};       //!< so far
    std::vector<uint64_t> m_delivered; //!< transmissions known to have been delivered
};

/// Compare one step. @param board what is tested @param naive the model @param base wrap
void
ExpectSame(const TcpScoreboard& board, NaiveScoreboard& naive, uint32_t base)
{
    ASSERT_EQ(board.GetPipe(), naive.GetPipe());
    ASSERT_EQ(board.GetSize(), naive.records.size());
    ASSERT_EQ(board.Empty(), naive.records.empty());
    size_t i = 0;
    board.Visit(
        [&](const TcpScoreboard::Record& record)
        {
            const auto& expected = naive.records[i++];
            EXPECT_EQ(record.seq.GetValue(), static_cast<uint32_t>(base + expected.begin));
            EXPECT_EQ(record.sacked, expected.sacked);
            EXPECT_EQ(record.lost, expected.lost);
            EXPECT_EQ(record.retransmitted, expected.retransmitted);
            EXPECT_EQ(record.transmission, expected.transmission);
        });
    const auto* lost = board.GetLost();
    const auto* expected = naive.GetLost();
    ASSERT_EQ(lost != nullptr, expected != nullptr);
    if (lost)
    {
        ASSERT_EQ(lost->seq.GetValue(), static_cast<uint32_t>(base + expected->begin));
    }
}

/// Random sending, acknowledging, time-outs and reneging. @param seed of the random numbers
void
CompareWithModel(uint32_t seed)
{
    std::mt19937 random(seed);
    const auto pick = [&random](uint64_t n) { return n == 0 ? 0 : random() % n; };
    const uint32_t base = random() % 2 ? 0xffffffff - static_cast<uint32_t>(pick(30'000))
                                       : static_cast<uint32_t>(random());
    TcpScoreboard board;
    board.Start(SequenceNumber32(base), 3, true);
    NaiveScoreboard naive;
    uint64_t una = 0;
    uint64_t next = 0;
    Time now = Seconds(1);
    for (int step = 0; step < 400; step++)
    {
        now += MilliSeconds(static_cast<uint64_t>(pick(8)));
        const auto action = pick(20);
        if (action < 8 && naive.records.size() < 40)
        {
            const auto length = static_cast<uint32_t>(pick(20) == 0 ? 0 : pick(1400) + 1);
            TcpScoreboard::Record record;
            record.seq = SequenceNumber32(static_cast<uint32_t>(base + next));
            record.length = length;
            record.fin = length == 0;
            record.sent = now;
            board.Append(record);
            naive.Append(next, length, record.fin, now);
            next += length + record.fin;
        }
        else if (action < 15 && !naive.records.empty())
        {
            // Boundaries of segments mostly, any number sometimes.
            const auto position = [&]
            {
                const auto& record = naive.records[pick(naive.records.size())];
                return pick(5) == 0 ? record.begin + pick(record.end - record.begin) : record.begin;
            };
            const uint64_t ack = pick(2) ? una : std::max(una, pick(8) ? position() : next);
            std::vector<std::pair<uint64_t, uint64_t>> blocks;
            Blocks sack;
            for (auto count = pick(5); count > 0; count--)
            {
                const uint64_t begin = position();
                const uint64_t end = begin + pick(4'000);
                blocks.emplace_back(begin, end);
                sack.Add({SequenceNumber32(static_cast<uint32_t>(base + begin)),
                          SequenceNumber32(static_cast<uint32_t>(base + end))});
            }
            const auto result = board.OnAck(SequenceNumber32(static_cast<uint32_t>(base + ack)),
                                            sack,
                                            ack == una,
                                            {MilliSeconds(4), now});
            const auto expected = naive.OnAck(ack, blocks, MilliSeconds(4), now);
            una = std::max(una, ack);
            ASSERT_EQ(result.ackedBytes, expected.ackedBytes);
            ASSERT_EQ(result.deliveredBytes, expected.deliveredBytes);
            ASSERT_EQ(result.newSack, expected.newSack);
            ASSERT_EQ(result.lossDetected, expected.lossDetected);
            ASSERT_EQ(result.retransmissionAcked, expected.retransmissionAcked);
            ASSERT_EQ(result.rtt.has_value(), expected.rtt.has_value());
        }
        else if (action < 19)
        {
            board.OnRetransmit(now);
            naive.OnRetransmit(now);
        }
        else if (pick(4) == 0)
        {
            board.OnTimeout(now);
            naive.OnTimeout();
        }
        ASSERT_NO_FATAL_FAILURE(ExpectSame(board, naive, base)) << "step " << step;
    }
}

} // namespace

TEST(TcpScoreboard, AgreesWithASimpleModelOnRandomAcknowledgments)
{
    for (uint32_t seed = 1; seed <= 300 && !::testing::Test::HasFailure(); seed++)
    {
        SCOPED_TRACE("seed " + std::to_string(seed));
        CompareWithModel(seed);
    }
}

TEST(TcpScoreboard, EveryByteArrivesOverALossyPathWithoutManyTimeouts)
{
    // A receiver that SACKs and a path that loses one segment in ten, retransmissions as well.
    std::mt19937 random(6675);
    TcpScoreboard board;
    const uint32_t base = 0xffff0000;
    board.Start(SequenceNumber32(base), 3, true);
    std::vector<bool> arrived(5000);
    uint32_t sent = 0;
    uint32_t acked = 0;
    int timeouts = 0;
    Time now = Seconds(1);
    while (acked < arrived.size())
    {
        std::vector<uint32_t> flight;
        const auto toSegment = [base](SequenceNumber32 seq)
        { return (seq.GetValue() - base) / SEGMENT; };
        while (board.GetPipe() < 20 * SEGMENT)
        {
            if (const auto* lost = board.GetLost())
            {
                flight.push_back(toSegment(lost->seq));
                board.OnRetransmit(now);
            }
            else if (sent < arrived.size())
            {
                TcpScoreboard::Record record;
                record.seq = SequenceNumber32(base + sent * SEGMENT);
                record.length = SEGMENT;
                record.sent = now;
                board.Append(record);
                flight.push_back(sent++);
            }
            else
            {
                break;
            }
        }
        if (flight.empty())
        {
            ++timeouts;
            board.OnTimeout(now);
            continue;
        }
        now += MilliSeconds(20);
        for (const uint32_t segment : flight)
        {
            if (random() % 10 == 0)
            {
                continue;
            }
            arrived[segment] = true;
            while (acked < arrived.size() && arrived[acked])
            {
                ++acked;
            }
            Blocks sack;
            if (segment > acked)
            {
                uint32_t begin = segment;
                uint32_t end = segment + 1;
                while (arrived[begin - 1])
                {
                    --begin;
                }
                while (end < arrived.size() && arrived[end])
                {
                    ++end;
                }
                sack.Add({SequenceNumber32(base + begin * SEGMENT),
                          SequenceNumber32(base + end * SEGMENT)});
            }
            board.OnAck(
                SequenceNumber32(base + acked * SEGMENT), sack, true, {MilliSeconds(20), now});
        }
    }
    EXPECT_TRUE(board.Empty());
    // Only at the very end nothing is left that could tell of a loss.
    EXPECT_LE(timeouts, 5);
}
