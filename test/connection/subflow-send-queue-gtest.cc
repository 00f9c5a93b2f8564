// SPDX-License-Identifier: GPL-2.0-only
// What a subflow has taken and not sent yet.
#include "ns3/subflow-send-queue.h"

#include <cstdint>
#include <gtest/gtest.h>
#include <string>

using namespace ns3;

namespace
{

/// @param text content @param begin data sequence number @param push PSH @return a piece
SubflowSendQueue::Piece
Make(const std::string& text, uint64_t begin, bool push = false)
{
    const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
    return {DataSequenceNumber(begin), Create<Packet>(bytes, text.size()), push};
}

/// @param packet a packet @return its bytes
std::string
Text(Ptr<const Packet> packet)
{
    std::string text(packet->GetSize(), '\0');
    packet->CopyData(reinterpret_cast<uint8_t*>(text.data()), text.size());
    return text;
}

} // namespace

TEST(SubflowSendQueue, GivesBackWhatItTookInOrder)
{
    SubflowSendQueue queue;
    EXPECT_TRUE(queue.Empty());
    queue.Add(Make("first", 100));
    // Data that is sent again goes behind what was taken before, whatever its number.
    queue.Add(Make("again", 10, true));
    EXPECT_EQ(queue.GetBytes(), 10U);
    EXPECT_EQ(queue.GetPieces().size(), 2U);

    auto piece = queue.Take(1000);
    EXPECT_EQ(piece.begin.GetValue(), 100U);
    EXPECT_EQ(Text(piece.data), "first");
    EXPECT_FALSE(piece.push);
    piece = queue.Take(5);
    EXPECT_EQ(piece.begin.GetValue(), 10U);
    EXPECT_EQ(Text(piece.data), "again");
    EXPECT_TRUE(piece.push);
    EXPECT_TRUE(queue.Empty());
    EXPECT_EQ(queue.GetBytes(), 0U);
}

TEST(SubflowSendQueue, CutsWhatDoesNotFitTheSegment)
{
    SubflowSendQueue queue;
    queue.Add(Make("abcdefgh", 1000, true));
    auto piece = queue.Take(3);
    EXPECT_EQ(piece.begin.GetValue(), 1000U);
    EXPECT_EQ(Text(piece.data), "abc");
    EXPECT_FALSE(piece.push) << "PSH belongs to the last byte";
    EXPECT_EQ(queue.GetBytes(), 5U);
    EXPECT_EQ(queue.GetFrontSize(), 5U);
    piece = queue.Take(4);
    EXPECT_EQ(piece.begin.GetValue(), 1003U);
    EXPECT_EQ(Text(piece.data), "defg");
    piece = queue.Take(4);
    EXPECT_EQ(piece.begin.GetValue(), 1007U);
    EXPECT_EQ(Text(piece.data), "h");
    EXPECT_TRUE(piece.push);
    EXPECT_TRUE(queue.Empty());
}
