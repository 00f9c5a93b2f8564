// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/receive-mappings.h"

#include <gtest/gtest.h>
#include <map>
#include <random>

using namespace ns3;

namespace
{

/// @param mappings where to look @param offset subflow offset @return data sequence number of
/// the byte and how far its mapping goes on; 0 and 0 if there is none
std::pair<uint64_t, uint64_t>
Find(const ReceiveMappings& mappings, uint64_t offset)
{
    const auto stretch = mappings.Find(offset);
    return stretch ? std::pair(stretch->dataSequence.GetValue(), stretch->length)
                   : std::pair(uint64_t(0), uint64_t(0));
}

using Stretch = std::pair<uint64_t, uint64_t>;

} // namespace

TEST(ReceiveMappings, TellWhereAByteBelongs)
{
    ReceiveMappings mappings;
    EXPECT_FALSE(mappings.EverAdded());
    EXPECT_FALSE(mappings.Find(1));
    mappings.Add(1, DataSequenceNumber(1000), 100);
    EXPECT_TRUE(mappings.EverAdded());
    EXPECT_EQ(Find(mappings, 1), Stretch(1000, 100));
    EXPECT_EQ(Find(mappings, 51), Stretch(1050, 50));
    EXPECT_EQ(Find(mappings, 100), Stretch(1099, 1));
    EXPECT_FALSE(mappings.Find(101));
    EXPECT_FALSE(mappings.Find(0));
}

TEST(ReceiveMappings, MayArriveOutOfOrder)
{
    ReceiveMappings mappings;
    mappings.Add(201, DataSequenceNumber(5000), 100);
    mappings.Add(1, DataSequenceNumber(1000), 100);
    EXPECT_EQ(Find(mappings, 1), Stretch(1000, 100));
    EXPECT_FALSE(mappings.Find(150));
    EXPECT_EQ(Find(mappings, 201), Stretch(5000, 100));
    mappings.Add(101, DataSequenceNumber(3000), 100);
    EXPECT_EQ(Find(mappings, 150), Stretch(3049, 51));
}

TEST(ReceiveMappings, AreNoneAheadOfTheFirstByte)
{
    // As 32 bits expand while little has arrived: nothing would ever release them.
    ReceiveMappings mappings;
    mappings.Add(uint64_t(-256), DataSequenceNumber(1000), 100);
    mappings.Add(uint64_t(-256), DataSequenceNumber(1000), 1000);
    EXPECT_FALSE(mappings.EverAdded());
    EXPECT_FALSE(mappings.Find(uint64_t(-256)));
}

TEST(ReceiveMappings, AreFixedOnceDeclared)
{
    // RFC 8684 section 3.3.1
    ReceiveMappings mappings;
    mappings.Add(101, DataSequenceNumber(1000), 100);
    mappings.Add(101, DataSequenceNumber(7000), 100);
    EXPECT_EQ(Find(mappings, 101), Stretch(1000, 100));
    mappings.Add(51, DataSequenceNumber(9000), 200);
    EXPECT_EQ(Find(mappings, 51), Stretch(9000, 50));
    EXPECT_EQ(Find(mappings, 101), Stretch(1000, 100));
    EXPECT_EQ(Find(mappings, 201), Stretch(9150, 50));
}

TEST(ReceiveMappings, AreForgottenWhenTheirDataHasBeenDelivered)
{
    ReceiveMappings mappings;
    mappings.Add(1, DataSequenceNumber(1000), 100);
    mappings.Add(101, DataSequenceNumber(1100), 100);
    mappings.Release(101);
    EXPECT_FALSE(mappings.Find(1));
    EXPECT_EQ(Find(mappings, 101), Stretch(1100, 100));
    // A late repetition of the first does not bring it back, nor does one that reaches farther.
    mappings.Add(1, DataSequenceNumber(1000), 100);
    EXPECT_FALSE(mappings.Find(1));
    mappings.Release(201);
    mappings.Add(151, DataSequenceNumber(1150), 100);
    EXPECT_EQ(Find(mappings, 201), Stretch(1200, 50));
    EXPECT_TRUE(mappings.EverAdded());
}

TEST(ReceiveMappings, DataSequenceNumbersWrap)
{
    ReceiveMappings mappings;
    mappings.Add(1, DataSequenceNumber(UINT64_MAX - 9), 100);
    EXPECT_EQ(Find(mappings, 11), Stretch(0, 90));
}

TEST(ReceiveMappings, AgreeWithAMapOfBytesOnRandomMappings)
{
    for (uint32_t seed = 1; seed <= 30 && !::testing::Test::HasFailure(); seed++)
    {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        ReceiveMappings mappings;
        std::map<uint64_t, uint64_t> expected;
        uint64_t released = 0;
        for (int step = 0; step < 200; step++)
        {
            const uint64_t offset = random() % 2000;
            const uint32_t length = random() % 100;
            const uint64_t sequence = random();
            mappings.Add(offset, DataSequenceNumber(sequence), length);
            for (uint64_t i = offset; i < offset + length; i++)
            {
                if (i >= released)
                {
                    expected.emplace(i, sequence + (i - offset));
                }
            }
            if (random() % 20 == 0)
            {
                released = std::max<uint64_t>(released, random() % 2000);
                mappings.Release(released);
            }
            for (uint64_t i = released; i < 2100; i += 1 + random() % 5)
            {
                const auto stretch = mappings.Find(i);
                const auto byte = expected.find(i);
                ASSERT_EQ(stretch.has_value(), byte != expected.end()) << i;
                if (stretch)
                {
                    ASSERT_GT(stretch->length, 0U);
                    for (uint64_t k = 0; k < stretch->length; k++)
                    {
                        ASSERT_EQ(expected.at(i + k), stretch->dataSequence.GetValue() + k);
                    }
                }
            }
        }
    }
}
