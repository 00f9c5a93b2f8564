// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/tcp-rate-reduction.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <vector>

using namespace ns3;

namespace
{

constexpr uint32_t MSS = 1000;

/// A sender in recovery that always has something to send, and a path that delivers in order.
struct Sender
{
    TcpRateReduction reduction;
    uint32_t pipe; //!< bytes in flight

    /// @param segments in flight before the ACK that began the recovery @param threshold ssthresh
    Sender(uint32_t segments, uint32_t threshold)
        : pipe(segments * MSS)
    {
        reduction.Begin(pipe, threshold * MSS);
    }

    /// @param delivered segments that an ACK reports @param lost segments that it shows to be lost
    /// @param safe SafeACK @return segments that leave for it
    uint32_t Ack(uint32_t delivered, uint32_t lost, bool safe)
    {
        pipe -= (delivered + lost) * MSS;
        const uint32_t window = reduction.OnAck(delivered * MSS, pipe, safe, MSS);
        uint32_t sent = 0;
        while (pipe + MSS <= window)
        {
            pipe += MSS;
            reduction.OnSend(MSS);
            ++sent;
        }
        return sent;
    }
};

TEST(TcpRateReduction, OneOfTwoDeliveriesLetsASegmentLeaveWhileHalving)
{
    // RFC 6937 section 3.1, first figures: 20 segments in flight, one lost, ssthresh 10.
    Sender sender(20, 10);
    EXPECT_EQ(sender.Ack(1, 1, false), 1u) << "the fast retransmission";
    uint32_t sent = 1;
    for (int i = 0; i < 18; ++i)
    {
        const uint32_t now = sender.Ack(1, 0, false);
        EXPECT_LE(now, 1u);
        sent += now;
    }
    EXPECT_EQ(sent, 10u) << "ssthresh of the window";
    EXPECT_EQ(sender.pipe, 10 * MSS) << "and as much in flight at the end";
}

TEST(TcpRateReduction, AReductionByThreeTenthsSendsSevenOfTen)
{
    Sender sender(100, 70);
    uint32_t sent = sender.Ack(1, 1, false);
    for (int i = 0; i < 90; ++i)
    {
        sent += sender.Ack(1, 0, false);
    }
    EXPECT_NEAR(sent, 64, 1);
}

TEST(TcpRateReduction, BelowTheThresholdASafeAckLetsOneMoreLeaveThanItDelivered)
{
    // RFC 6937 section 3.1, a burst of 15 losses: PRR-SSRB.
    Sender sender(20, 10);
    sender.Ack(1, 15, false);
    ASSERT_LT(sender.pipe, 10 * MSS);
    while (sender.pipe + MSS < 10 * MSS)
    {
        EXPECT_LE(sender.Ack(1, 0, true), 2u);
    }
    EXPECT_LE(sender.Ack(1, 0, true), 2u);
    EXPECT_LE(sender.pipe, 10 * MSS) << "up to ssthresh";
}

TEST(TcpRateReduction, BelowTheThresholdFurtherLossesAllowOnlyWhatIsDelivered)
{
    // RFC 9937: PRR-CRB where the recovery makes no good progress.
    Sender sender(20, 10);
    sender.Ack(1, 15, false);
    const uint32_t before = sender.pipe;
    EXPECT_EQ(sender.Ack(1, 0, false), 1u);
    EXPECT_EQ(sender.pipe, before);
}

TEST(TcpRateReduction, AnAckForManySegmentsAllowsAShareOfThem)
{
    Sender sender(40, 20);
    sender.Ack(1, 1, false);
    const uint32_t sent = sender.Ack(12, 0, true);
    EXPECT_LE(sent, 13u) << "no more than delivered, and one";
    EXPECT_GE(sent, 5u);
}

TEST(TcpRateReduction, TheFirstRetransmissionLeavesThoughNothingWasDelivered)
{
    Sender sender(20, 10);
    EXPECT_EQ(sender.Ack(0, 1, false), 1u);
    EXPECT_EQ(sender.Ack(0, 0, false), 0u);
}

} // namespace
