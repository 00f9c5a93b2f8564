// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/data-send-buffer.h"

#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace ns3;

namespace
{

/// @param begin place of the first byte in the stream @param size how many @return the bytes
std::vector<uint8_t>
Stream(uint64_t begin, uint32_t size)
{
    std::vector<uint8_t> bytes(size);
    for (uint32_t i = 0; i < size; i++)
    {
        bytes[i] = static_cast<uint8_t>((begin + i) * 31 + (begin + i) / 256 * 7);
    }
    return bytes;
}

/// @param begin place of the first byte in the stream @param size how many @return a packet
Ptr<Packet>
MakePacket(uint64_t begin, uint32_t size)
{
    const auto bytes = Stream(begin, size);
    return Create<Packet>(bytes.data(), size);
}

/// @param packet a packet @return its bytes
std::vector<uint8_t>
Bytes(Ptr<const Packet> packet)
{
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), packet->GetSize());
    return bytes;
}

} // namespace

TEST(DataSendBuffer, GivesBytesAcrossWrites)
{
    DataSendBuffer buffer(DataSequenceNumber(1000));
    buffer.Add(MakePacket(0, 10));
    buffer.Add(MakePacket(10, 10));
    buffer.Add(MakePacket(20, 10));
    EXPECT_EQ(buffer.GetBegin(), DataSequenceNumber(1000));
    EXPECT_EQ(buffer.GetEnd(), DataSequenceNumber(1030));
    EXPECT_EQ(buffer.GetSize(), 30U);
    EXPECT_EQ(Bytes(buffer.Get(DataSequenceNumber(1000), 10)), Stream(0, 10));
    EXPECT_EQ(Bytes(buffer.Get(DataSequenceNumber(1005), 20)), Stream(5, 20));
    EXPECT_EQ(Bytes(buffer.Get(DataSequenceNumber(1000), 30)), Stream(0, 30));
}

TEST(DataSendBuffer, FreesWhatIsAcknowledgedByteByByte)
{
    DataSendBuffer buffer(DataSequenceNumber(1000));
    buffer.Add(MakePacket(0, 10));
    buffer.Add(MakePacket(10, 10));
    buffer.Free(DataSequenceNumber(1015));
    EXPECT_EQ(buffer.GetSize(), 5U);
    EXPECT_EQ(Bytes(buffer.Get(DataSequenceNumber(1015), 5)), Stream(15, 5));
    buffer.Free(DataSequenceNumber(1000));
    EXPECT_EQ(buffer.GetSize(), 5U);
    buffer.Free(DataSequenceNumber(1020));
    EXPECT_EQ(buffer.GetSize(), 0U);
    buffer.Add(MakePacket(20, 10));
    EXPECT_EQ(Bytes(buffer.Get(DataSequenceNumber(1020), 10)), Stream(20, 10));
}

TEST(DataSendBuffer, WritesOfNothingLeaveNoTrace)
{
    DataSendBuffer buffer(DataSequenceNumber(0));
    buffer.Add(Create<Packet>());
    EXPECT_EQ(buffer.GetSize(), 0U);
    buffer.Add(MakePacket(0, 10));
    EXPECT_EQ(Bytes(buffer.Get(DataSequenceNumber(0), 10)), Stream(0, 10));
}

TEST(DataSendBuffer, WhatItGivesIsThePacketsOwner)
{
    // A subflow adds headers to what it got; the next one must not see them.
    DataSendBuffer buffer(DataSequenceNumber(0));
    buffer.Add(MakePacket(0, 10));
    buffer.Get(DataSequenceNumber(0), 10)->RemoveAtStart(5);
    EXPECT_EQ(Bytes(buffer.Get(DataSequenceNumber(0), 10)), Stream(0, 10));
}

TEST(DataSendBuffer, GivesTheStreamsBytesForRandomWritesAndReads)
{
    for (uint32_t seed = 1; seed <= 100 && !::testing::Test::HasFailure(); seed++)
    {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        const uint64_t base = UINT64_MAX - 5000;
        DataSendBuffer buffer{DataSequenceNumber(base)};
        uint64_t begin = 0;
        uint64_t end = 0;
        for (int step = 0; step < 300; step++)
        {
            switch (random() % 5)
            {
            case 0:
            case 1:
            {
                const uint32_t size = random() % 200;
                buffer.Add(MakePacket(end, size));
                end += size;
                break;
            }
            case 2:
                begin += random() % (end - begin + 1) / 2;
                buffer.Free(DataSequenceNumber(base + begin));
                break;
            default:
                if (begin < end)
                {
                    const uint64_t from = begin + random() % (end - begin);
                    const auto size = static_cast<uint32_t>(1 + random() % (end - from));
                    ASSERT_EQ(Bytes(buffer.Get(DataSequenceNumber(base + from), size)),
                              Stream(from, size));
                }
            }
            ASSERT_EQ(buffer.GetSize(), end - begin);
            ASSERT_EQ(buffer.GetBegin().GetValue(), base + begin);
            ASSERT_EQ(buffer.GetEnd().GetValue(), base + end);
        }
    }
}
