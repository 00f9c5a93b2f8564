// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/mptcp-checksum.h"

#include <gtest/gtest.h>
#include <vector>

namespace ns3
{

namespace
{

/// @param size bytes @return a packet of bytes that differ
Ptr<Packet>
MakePacket(uint32_t size)
{
    std::vector<uint8_t> bytes(size);
    for (uint32_t i = 0; i < size; i++)
    {
        bytes[i] = static_cast<uint8_t>(i * 37 + 11);
    }
    return Create<Packet>(bytes.data(), size);
}

TEST(MptcpChecksum, CoversThePseudoHeaderOfFigure10)
{
    // 0x0001 + 0x0002 + 0x0003 + 0x0004 + 0x0005 + 0x0006 + 0x0007 = 0x001c
    EXPECT_EQ(MptcpChecksum().Finish(DataSequenceNumber(0x0001000200030004), 0x00050006, 7),
              0xffe3);
}

TEST(MptcpChecksum, AddsBigEndianWordsAndFoldsTheCarry)
{
    const uint8_t bytes[] = {0xff, 0xff, 0x00, 0x02, 0x30};
    MptcpChecksum sum;
    sum.Add(*Create<Packet>(bytes, sizeof(bytes)), sizeof(bytes));
    // 0xffff + 0x0002 + 0x3000 + length 5 = 0x13006, folded 0x3007
    EXPECT_EQ(sum.Finish(DataSequenceNumber(0), 0, 5), 0xcff8);
}

TEST(MptcpChecksum, IsTheSameForAnyPieces)
{
    constexpr uint32_t SIZE = 100;
    const Ptr<Packet> whole = MakePacket(SIZE);
    MptcpChecksum expected;
    expected.Add(*whole, SIZE);
    for (uint32_t first = 0; first <= SIZE; first++)
    {
        for (const uint32_t second : {0U, 1U, 2U, 7U})
        {
            const uint32_t middle = std::min(second, SIZE - first);
            MptcpChecksum sum;
            sum.Add(*whole->CreateFragment(0, first), first);
            sum.Add(*whole->CreateFragment(first, middle), middle);
            sum.Add(*whole->CreateFragment(first + middle, SIZE - first - middle),
                    SIZE - first - middle);
            EXPECT_EQ(sum.Finish(DataSequenceNumber(9), 1, SIZE),
                      expected.Finish(DataSequenceNumber(9), 1, SIZE))
                << first << " and " << middle;
        }
    }
}

TEST(MptcpChecksum, TakesVirtualPayloadForZeros)
{
    MptcpChecksum sum;
    sum.Add(*Create<Packet>(1001), 1001);
    EXPECT_EQ(sum.Finish(DataSequenceNumber(5), 1, 1001),
              MptcpChecksum().Finish(DataSequenceNumber(5), 1, 1001));
}

TEST(MptcpChecksum, KnowsBothFormsOfZero)
{
    EXPECT_TRUE(MptcpChecksum::IsSame(0, 0xffff));
    EXPECT_TRUE(MptcpChecksum::IsSame(0x1234, 0x1234));
    EXPECT_FALSE(MptcpChecksum::IsSame(0x1234, 0x1235));
}

} // namespace

} // namespace ns3
