// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.3.4: one receive window for all subflows. What lies beyond it is dropped, and
// no data ACK covers it.
#include "ns3/data-receive-buffer.h"

#include <algorithm>
#include <gtest/gtest.h>

using namespace ns3;

namespace
{

constexpr uint32_t CAPACITY = 1000;
constexpr uint32_t SEGMENT = 100;

/// Data arrives. @param buffer where @param begin its number @param size bytes
/// @return bytes that were not known before
uint32_t
Arrive(DataReceiveBuffer& buffer, uint64_t begin, uint32_t size)
{
    return buffer.Add(DataSequenceNumber(begin), Create<Packet>(size), true);
}

} // namespace

TEST(DataReceiveBuffer, DropsWhatLiesBeyondTheWindow)
{
    DataReceiveBuffer buffer(CAPACITY);
    buffer.Start(DataSequenceNumber(100));
    ASSERT_EQ(buffer.Advertise(0, SEGMENT), CAPACITY);
    EXPECT_EQ(Arrive(buffer, 1100, 1), 0U) << "the first byte beyond";
    EXPECT_EQ(Arrive(buffer, 1100 + (uint64_t{1} << 40), 1), 0U);
    EXPECT_EQ(Arrive(buffer, 1099, 1), 1U) << "the last byte within";
    EXPECT_EQ(Arrive(buffer, 1050, 100), 49U) << "what is within of a segment across the edge";
    EXPECT_EQ(buffer.GetNext(), DataSequenceNumber(100)) << "nothing of it is in order";
    EXPECT_EQ(Arrive(buffer, 100, 950), 950U);
    EXPECT_EQ(buffer.GetNext(), DataSequenceNumber(1100)) << "the data ACK ends with the window";
    EXPECT_EQ(buffer.GetReadable(), CAPACITY);
}

TEST(DataReceiveBuffer, TakesNothingIntoAClosedWindow)
{
    DataReceiveBuffer buffer(CAPACITY);
    buffer.Start(DataSequenceNumber(0));
    ASSERT_EQ(buffer.Advertise(0, SEGMENT), CAPACITY);
    ASSERT_EQ(Arrive(buffer, 0, CAPACITY), CAPACITY);
    EXPECT_EQ(buffer.Advertise(0, SEGMENT), 0U);
    EXPECT_EQ(Arrive(buffer, CAPACITY, 1), 0U) << "a probe";
    EXPECT_EQ(buffer.GetNext(), DataSequenceNumber(CAPACITY));
    buffer.SetFin(DataSequenceNumber(CAPACITY));
    EXPECT_TRUE(buffer.TakeFin()) << "a DATA_FIN takes no room";
}

TEST(DataReceiveBuffer, KeepsTheEdgeThatItHasAdvertised)
{
    DataReceiveBuffer buffer(CAPACITY);
    buffer.Start(DataSequenceNumber(0));
    ASSERT_EQ(buffer.Advertise(0, SEGMENT), CAPACITY);
    ASSERT_EQ(Arrive(buffer, 0, 300), 300U);
    EXPECT_EQ(buffer.Advertise(0, SEGMENT), 700U);
    EXPECT_EQ(Arrive(buffer, 999, 2), 1U);
    ASSERT_TRUE(buffer.Read(300, false));
    EXPECT_EQ(buffer.Advertise(0, SEGMENT), CAPACITY) << "what was read makes room again";
    EXPECT_EQ(Arrive(buffer, 1299, 2), 1U);
}

TEST(DataReceiveBuffer, OfBytesThatComeTwiceTheFirstCount)
{
    DataReceiveBuffer buffer(CAPACITY);
    buffer.Start(DataSequenceNumber(0));
    buffer.Advertise(0, SEGMENT);
    const uint8_t first[] = {1, 1, 1, 1};
    const uint8_t second[] = {2, 2, 2, 2, 2, 2};
    EXPECT_EQ(buffer.Add(DataSequenceNumber(2), Create<Packet>(first, 4), true), 4U);
    EXPECT_EQ(buffer.Add(DataSequenceNumber(0), Create<Packet>(second, 6), true), 2U);
    const auto packet = buffer.Read(10, false);
    ASSERT_EQ(packet->GetSize(), 6U);
    uint8_t bytes[6];
    packet->CopyData(bytes, 6);
    const uint8_t expected[] = {2, 2, 1, 1, 1, 1};
    EXPECT_TRUE(std::equal(bytes, bytes + 6, expected));
}
