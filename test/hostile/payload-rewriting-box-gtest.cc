// SPDX-License-Identifier: GPL-2.0-only
// PayloadRewritingBox over more data than sequence numbers can be compared across.
#include "ns3/payload-rewriting-box.h"
#include "ns3/string.h"

#include <gtest/gtest.h>
#include <string>

namespace ns3
{

namespace
{

/// Two hosts beside a box that writes "xyz!" for "ab".
class PayloadRewritingBoxTest : public testing::Test
{
  protected:
    PayloadRewritingBoxTest()
    {
        m_box->SetAttribute("Find", StringValue("ab"));
        m_box->SetAttribute("Replace", StringValue("xyz!"));
        m_box->SetSender([this](Middlebox::Direction, TcpFrame frame) { m_seen = frame; });
    }

    /// @param seq sequence number @param text payload @param flags of TCP @return what the box
    /// sends
    TcpFrame Send(uint32_t seq, const std::string& text, uint8_t flags = TCP_ACK)
    {
        TcpFrame frame = MakeFrame();
        frame.seq = seq;
        frame.flags = flags;
        frame.payload.assign(text.begin(), text.end());
        m_box->Receive(Middlebox::FORWARD, frame);
        return m_seen;
    }

    /// @param ack acknowledgment number @return the one that the box sends
    uint32_t Acknowledge(uint32_t ack)
    {
        TcpFrame frame = MakeFrame();
        std::swap(frame.source, frame.destination);
        frame.flags = TCP_ACK;
        frame.ack = ack;
        m_box->Receive(Middlebox::BACKWARD, frame);
        return m_seen.ack;
    }

  private:
    /// @return a segment without anything
    static TcpFrame MakeFrame()
    {
        TcpFrame frame;
        frame.source = Ipv4Address("10.1.1.1");
        frame.destination = Ipv4Address("10.1.1.2");
        frame.sourcePort = 80;
        frame.destinationPort = 80;
        return frame;
    }

    Ptr<PayloadRewritingBox> m_box{CreateObject<PayloadRewritingBox>()}; //!< it
    TcpFrame m_seen;                                                     //!< the last it has sent
};

/// @param frame a segment @return its payload
std::string
GetText(const TcpFrame& frame)
{
    return {frame.payload.begin(), frame.payload.end()};
}

TEST_F(PayloadRewritingBoxTest, ShiftsStayWhenTheirTextIsAcknowledged)
{
    Send(999, "", TCP_SYN);
    EXPECT_EQ(GetText(Send(1000, "..ab..")), "..xyz!..");
    EXPECT_EQ(Acknowledge(1008), 1006U);
    EXPECT_EQ(Send(1006, "abab").seq, 1008U);
    // The first of two is acknowledged; the second comes again.
    EXPECT_EQ(Acknowledge(1012), 1008U);
    const TcpFrame again = Send(1008, "ab");
    EXPECT_EQ(again.seq, 1012U);
    EXPECT_EQ(GetText(again), "xyz!");
    // As a whole, since the acknowledgment was lost behind the box: the end is where it belongs.
    const TcpFrame whole = Send(1000, "..ab..abab");
    EXPECT_EQ(whole.seq + whole.payload.size(), 1016U);
    EXPECT_EQ(GetText(whole).substr(whole.payload.size() - 4), "xyz!");
}

TEST_F(PayloadRewritingBoxTest, ANewConnectionBeginsWithoutShifts)
{
    Send(999, "", TCP_SYN);
    Send(1000, "ab");
    // A SYN that comes once more changes nothing.
    Send(999, "", TCP_SYN);
    EXPECT_EQ(Send(1002, "..").seq, 1004U);
    Send(5000, "", TCP_SYN);
    EXPECT_EQ(Send(5001, "..").seq, 5001U);
}

TEST_F(PayloadRewritingBoxTest, TextIsReplacedBehindTwoGibibytes)
{
    const std::string quiet(size_t{1} << 26, '.');
    uint32_t seq = 1000;
    Send(seq - 1, "", TCP_SYN);
    Send(seq, "ab");
    seq += 2;
    for (uint32_t i = 0; i < 32; i++)
    {
        ASSERT_EQ(Send(seq, quiet).seq, seq + 2);
        seq += quiet.size();
        ASSERT_EQ(Acknowledge(seq + 2), seq);
    }
    const TcpFrame last = Send(seq, "..ab");
    EXPECT_EQ(last.seq, seq + 2);
    EXPECT_EQ(GetText(last), "..xyz!");
    EXPECT_EQ(Acknowledge(seq + 8), seq + 4);
}

} // namespace

} // namespace ns3
