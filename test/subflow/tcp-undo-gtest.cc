// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/tcp-undo.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

using Verdict = TcpUndo::Verdict;

/// @param number of bytes beyond the first @return sequence number
SequenceNumber32
At(int32_t number)
{
    return SequenceNumber32(1000) + number;
}

/// What the tests share: 0 to 5000 is in flight, the first 1000 bytes are sent again at 1 s.
class TcpUndoTest : public ::testing::Test
{
  protected:
    TcpUndo undo; //!< what is tested

    /// @param timeout a time-out, not fast recovery @param signs looked for
    /// @param probed a probe has repeated a segment
    void Begin(bool timeout, const TcpUndo::Signs& signs, bool probed = false)
    {
        undo.Begin(timeout, At(0), At(5000), Seconds(1), probed, signs);
        undo.OnRetransmit(At(1000), Seconds(1));
    }

    /// @param end of the acknowledgment @return an ACK of new data
    static TcpUndo::Ack MakeAck(int32_t end)
    {
        TcpUndo::Ack ack;
        ack.ack = At(end);
        ack.highest = At(end);
        ack.advanced = true;
        return ack;
    }
};

TEST_F(TcpUndoTest, AnEchoOlderThanTheRetransmissionTellsThatItWasSpurious)
{
    Begin(true, {true, false, false});
    auto ack = MakeAck(2000);
    ack.echoed = MilliSeconds(900);
    EXPECT_EQ(undo.OnAck(ack), Verdict::BY_TIMESTAMP);
}

TEST_F(TcpUndoTest, TheEchoOfTheRetransmissionDecidesForGood)
{
    Begin(false, {true, false, false});
    auto ack = MakeAck(1000);
    ack.echoed = Seconds(1);
    EXPECT_EQ(undo.OnAck(ack), Verdict::NONE);
    ack = MakeAck(2000);
    ack.echoed = MilliSeconds(900);
    EXPECT_EQ(undo.OnAck(ack), Verdict::NONE) << "RFC 3522 looks at the first acceptable ACK";
}

TEST_F(TcpUndoTest, AnEchoWithAReportOfDuplicatesTellsNothing)
{
    Begin(true, {true, false, false});
    auto ack = MakeAck(5000);
    ack.echoed = MilliSeconds(900);
    ack.repeated = SackBlock{At(0), At(1000)};
    EXPECT_EQ(undo.OnAck(ack), Verdict::NONE) << "only ACKs may have been lost";
}

TEST_F(TcpUndoTest, AllRetransmissionsMustBeReported)
{
    Begin(false, {false, true, false});
    undo.OnRetransmit(At(2000), Seconds(1));
    auto ack = MakeAck(5000);
    ack.repeated = SackBlock{At(0), At(1000)};
    EXPECT_EQ(undo.OnAck(ack), Verdict::NONE);
    ack.repeated = SackBlock{At(1000), At(2000)};
    EXPECT_EQ(undo.OnAck(ack), Verdict::SPURIOUS);
}

TEST_F(TcpUndoTest, AProbeIsOneOfTheRetransmissions)
{
    Begin(false, {false, true, false}, true);
    auto ack = MakeAck(5000);
    ack.repeated = SackBlock{At(4000), At(5000)};
    EXPECT_EQ(undo.OnAck(ack), Verdict::NONE);
    ack.repeated = SackBlock{At(0), At(1000)};
    EXPECT_EQ(undo.OnAck(ack), Verdict::SPURIOUS);
}

TEST_F(TcpUndoTest, WhatWasNotSentAgainIsAcknowledgedAfterNewData)
{
    Begin(true, {false, false, true});
    EXPECT_EQ(undo.OnAck(MakeAck(1000)), Verdict::TEST);
    EXPECT_TRUE(undo.OnTestSent(true));
    auto ack = MakeAck(2000);
    ack.untouchedSent = MilliSeconds(700);
    EXPECT_EQ(undo.OnAck(ack), Verdict::SPURIOUS);
}

TEST_F(TcpUndoTest, NewDataThatArrivesAheadOfAGapTellsALoss)
{
    Begin(true, {false, false, true});
    undo.OnAck(MakeAck(1000));
    undo.OnTestSent(true);
    TcpUndo::Ack ack;
    ack.ack = At(1000);
    ack.highest = At(6000);
    ack.duplicate = true;
    ack.untouchedSent = MilliSeconds(1100);
    EXPECT_EQ(undo.OnAck(ack), Verdict::NO_TEST);
    EXPECT_FALSE(undo.IsTesting());
}

TEST_F(TcpUndoTest, AllAcknowledgedAtOnceIsNoTest)
{
    Begin(true, {false, false, true});
    EXPECT_EQ(undo.OnAck(MakeAck(5000)), Verdict::NO_TEST);
}

TEST_F(TcpUndoTest, WithoutNewDataThereIsNoTest)
{
    Begin(true, {false, false, true});
    undo.OnAck(MakeAck(1000));
    EXPECT_FALSE(undo.OnTestSent(false));
    EXPECT_FALSE(undo.IsTesting());
}

TEST_F(TcpUndoTest, FastRecoveryAndASecondTimeoutAreNotTested)
{
    Begin(false, {false, false, true});
    EXPECT_EQ(undo.OnAck(MakeAck(1000)), Verdict::NONE);
    Begin(true, {false, false, true});
    undo.OnTimeoutAgain();
    EXPECT_EQ(undo.OnAck(MakeAck(1000)), Verdict::NONE);
}

} // namespace
