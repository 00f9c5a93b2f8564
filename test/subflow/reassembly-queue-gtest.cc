// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/reassembly-queue.h"
#include "ns3/tcp-segment.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>
#include <vector>

using namespace ns3;

namespace
{

/// @param offset place of a byte in the stream @return its value
uint8_t
ByteAt(uint64_t offset)
{
    return static_cast<uint8_t>(offset * 31 + offset / 256 * 7);
}

/// @param begin first byte @param size how many @return bytes of the stream
Ptr<Packet>
MakePacket(uint64_t begin, uint32_t size)
{
    std::vector<uint8_t> bytes(size);
    for (uint32_t i = 0; i < size; i++)
    {
        bytes[i] = ByteAt(begin + i);
    }
    return Create<Packet>(bytes.data(), size);
}

/// @param data bytes @param begin where they belong @return whether they are the stream's
bool
IsStream(Ptr<const Packet> data, uint64_t begin)
{
    std::vector<uint8_t> bytes(data->GetSize());
    data->CopyData(bytes.data(), data->GetSize());
    for (uint32_t i = 0; i < bytes.size(); i++)
    {
        if (bytes[i] != ByteAt(begin + i))
        {
            return false;
        }
    }
    return true;
}

using ByteQueue = ReassemblyQueue<SequenceNumber32>;

/// @param queue a queue @return its runs, last touched first
std::vector<std::pair<uint32_t, uint32_t>>
Runs(const ByteQueue& queue)
{
    std::vector<std::pair<uint32_t, uint32_t>> runs;
    queue.VisitRecent(
        [&runs](SequenceNumber32 begin, SequenceNumber32 end)
        {
            runs.emplace_back(begin.GetValue(), end.GetValue());
            return true;
        });
    return runs;
}

/// @param queue where to @param begin first byte @param end behind the last @param next in order
/// @return bytes that were new
uint32_t
Insert(ByteQueue& queue, uint32_t begin, uint32_t end, uint32_t next = 0)
{
    return queue.Insert(
        SequenceNumber32(begin), MakePacket(begin, end - begin), SequenceNumber32(next));
}

using Ranges = std::vector<std::pair<uint32_t, uint32_t>>;

} // namespace

TEST(ReassemblyQueue, WhatTouchesBecomesOneRun)
{
    ByteQueue queue;
    EXPECT_EQ(Insert(queue, 10, 20), 10U);
    EXPECT_EQ(Insert(queue, 30, 40), 10U);
    EXPECT_EQ(queue.GetRuns(), 2U);
    EXPECT_EQ(Insert(queue, 20, 30), 10U);
    EXPECT_EQ(Runs(queue), (Ranges{{10, 40}}));
    EXPECT_EQ(queue.GetBytes(), 30U);
}

TEST(ReassemblyQueue, OnlyNewBytesAreHeld)
{
    ByteQueue queue;
    Insert(queue, 10, 20);
    EXPECT_EQ(Insert(queue, 10, 20), 0U);
    EXPECT_EQ(Insert(queue, 12, 18), 0U);
    EXPECT_EQ(Insert(queue, 5, 25), 10U);
    EXPECT_EQ(Insert(queue, 0, 50, 30), 20U);
    EXPECT_EQ(queue.GetBytes(), 40U);
}

TEST(ReassemblyQueue, TheRunThatReceivedLastIsTheFirstSackBlock)
{
    ByteQueue queue;
    Insert(queue, 10, 20);
    Insert(queue, 30, 40);
    Insert(queue, 50, 60);
    EXPECT_EQ(Runs(queue), (Ranges{{50, 60}, {30, 40}, {10, 20}}));
    Insert(queue, 20, 22);
    EXPECT_EQ(Runs(queue), (Ranges{{10, 22}, {50, 60}, {30, 40}}));
    // A duplicate too (RFC 2018 section 4).
    Insert(queue, 30, 35);
    EXPECT_EQ(Runs(queue), (Ranges{{30, 40}, {10, 22}, {50, 60}}));
}

TEST(ReassemblyQueue, VisitingStopsWhenTold)
{
    ByteQueue queue;
    Insert(queue, 10, 20);
    Insert(queue, 30, 40);
    int visits = 0;
    queue.VisitRecent([&visits](SequenceNumber32, SequenceNumber32) { return ++visits < 1; });
    EXPECT_EQ(visits, 1);
}

TEST(ReassemblyQueue, DeliversInOrderFromTheMiddleOfARun)
{
    ByteQueue queue;
    Insert(queue, 10, 20);
    Insert(queue, 20, 30);
    Insert(queue, 40, 50);
    SequenceNumber32 next(15);
    Ranges delivered;
    queue.Deliver(next,
                  [&](SequenceNumber32 begin, Ptr<Packet> data)
                  {
                      EXPECT_TRUE(IsStream(data, begin.GetValue()));
                      delivered.emplace_back(begin.GetValue(), begin.GetValue() + data->GetSize());
                  });
    EXPECT_EQ(delivered, (Ranges{{15, 20}, {20, 30}}));
    EXPECT_EQ(next, SequenceNumber32(30));
    EXPECT_EQ(queue.GetBytes(), 10U);
}

TEST(ReassemblyQueue, ReceiverOfDeliveriesMayInsert)
{
    ByteQueue queue;
    Insert(queue, 10, 20);
    SequenceNumber32 next(10);
    Ranges delivered;
    queue.Deliver(next,
                  [&](SequenceNumber32 begin, Ptr<Packet> data)
                  {
                      delivered.emplace_back(begin.GetValue(), begin.GetValue() + data->GetSize());
                      if (begin.GetValue() == 10)
                      {
                          Insert(queue, 15, 30, next.GetValue());
                      }
                  });
    EXPECT_EQ(delivered, (Ranges{{10, 20}, {20, 30}}));
    EXPECT_TRUE(queue.Empty());
    EXPECT_EQ(queue.GetBytes(), 0U);
}

TEST(ReassemblyQueue, ReceiverOfDeliveriesMayClear)
{
    ByteQueue queue;
    Insert(queue, 10, 20);
    Insert(queue, 20, 30);
    SequenceNumber32 next(10);
    queue.Deliver(next,
                  [&](SequenceNumber32 begin, Ptr<Packet>)
                  {
                      if (begin.GetValue() == 10)
                      {
                          queue.Clear();
                      }
                  });
    EXPECT_TRUE(queue.Empty());
    EXPECT_EQ(queue.GetBytes(), 0U);
}

TEST(ReassemblyQueue, AgreesWithAMapOfBytesOnRandomArrivals)
{
    for (uint32_t seed = 1; seed <= 40 && !::testing::Test::HasFailure(); seed++)
    {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937_64 random(seed);
        const auto pick = [&random](uint64_t n) { return random() % n; };
        // Near the wrap of 64 bits in every other run.
        const uint64_t base = seed % 2 ? UINT64_MAX - pick(3000) : pick(UINT64_MAX);
        constexpr uint64_t TOTAL = 6000;
        std::vector<bool> held(TOTAL);
        uint64_t next = 0;
        ReassemblyQueue<DataSequenceNumber> queue;
        DataSequenceNumber nextSequence(base);
        while (next < TOTAL)
        {
            const uint64_t begin =
                std::min(TOTAL - 1, next + pick(600) - std::min(next, pick(100)));
            const uint64_t end = std::min(TOTAL, begin + 1 + pick(200));
            uint32_t expected = 0;
            for (uint64_t i = std::max(begin, next); i < end; i++)
            {
                expected += !held[i];
                held[i] = true;
            }
            ASSERT_EQ(queue.Insert(DataSequenceNumber(base + begin),
                                   MakePacket(begin, static_cast<uint32_t>(end - begin)),
                                   nextSequence),
                      expected);
            size_t runs = 0;
            uint64_t bytes = 0;
            for (uint64_t i = next; i < TOTAL; i++)
            {
                bytes += held[i];
                runs += held[i] && (i == next || !held[i - 1]);
            }
            ASSERT_EQ(queue.GetBytes(), bytes);
            ASSERT_EQ(queue.GetRuns(), runs);
            if (pick(3) == 0)
            {
                // Some bytes arrive in order past the queue.
                const uint64_t direct = pick(3) ? 0 : std::min(TOTAL - next, pick(50));
                next += direct;
                nextSequence += static_cast<int64_t>(direct);
                uint64_t at = next;
                queue.Deliver(nextSequence,
                              [&](DataSequenceNumber first, Ptr<Packet> data)
                              {
                                  ASSERT_EQ(first.GetValue(), base + at);
                                  ASSERT_TRUE(IsStream(data, at));
                                  at += data->GetSize();
                              });
                while (next < TOTAL && held[next])
                {
                    ++next;
                }
                ASSERT_EQ(at, next);
                ASSERT_EQ(nextSequence.GetValue(), base + next);
            }
        }
        EXPECT_TRUE(queue.Empty());
        EXPECT_EQ(queue.GetBytes(), 0U);
    }
}
