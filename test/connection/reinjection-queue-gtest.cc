// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/reinjection-queue.h"

#include <gtest/gtest.h>
#include <map>
#include <random>
#include <tuple>
#include <vector>

using namespace ns3;

namespace
{

/// Subflows are only told apart here: their addresses are never followed.
const MptcpSubflow* const WIFI = reinterpret_cast<const MptcpSubflow*>(16);
const MptcpSubflow* const CELLULAR = reinterpret_cast<const MptcpSubflow*>(32);

using Pieces = std::vector<std::tuple<uint64_t, uint64_t, const MptcpSubflow*>>;

/// @param queue a queue; empty then @return what was in it
Pieces
Drain(ReinjectionQueue& queue)
{
    Pieces pieces;
    while (!queue.Empty())
    {
        const auto& front = queue.Front();
        pieces.emplace_back(front.begin.GetValue(), front.end.GetValue(), front.origin);
        queue.Sent(static_cast<uint32_t>(front.end - front.begin));
    }
    return pieces;
}

/// Add to a queue. @param queue it @param begin first byte @param end behind the last
/// @param origin who held them
void
Add(ReinjectionQueue& queue, uint64_t begin, uint64_t end, const MptcpSubflow* origin)
{
    queue.Add({DataSequenceNumber(begin), DataSequenceNumber(end), origin});
}

} // namespace

TEST(ReinjectionQueue, KeepsDataSequenceOrder)
{
    ReinjectionQueue queue;
    EXPECT_TRUE(queue.Empty());
    Add(queue, 300, 400, WIFI);
    Add(queue, 100, 200, CELLULAR);
    EXPECT_EQ(Drain(queue), (Pieces{{100, 200, CELLULAR}, {300, 400, WIFI}}));
}

TEST(ReinjectionQueue, JoinsWhatOneSubflowHeldInSequence)
{
    ReinjectionQueue queue;
    Add(queue, 100, 200, WIFI);
    Add(queue, 200, 300, WIFI);
    Add(queue, 300, 400, CELLULAR);
    EXPECT_EQ(Drain(queue), (Pieces{{100, 300, WIFI}, {300, 400, CELLULAR}}));
}

TEST(ReinjectionQueue, BytesQueuedAlreadyStayAsTheyAre)
{
    ReinjectionQueue queue;
    Add(queue, 200, 300, WIFI);
    Add(queue, 100, 400, CELLULAR);
    EXPECT_EQ(Drain(queue), (Pieces{{100, 200, CELLULAR}, {200, 300, WIFI}, {300, 400, CELLULAR}}));
}

TEST(ReinjectionQueue, DropsWhatIsAcknowledged)
{
    ReinjectionQueue queue;
    Add(queue, 100, 200, WIFI);
    Add(queue, 300, 400, WIFI);
    queue.Free(DataSequenceNumber(150));
    EXPECT_EQ(queue.Front().begin, DataSequenceNumber(150));
    queue.Free(DataSequenceNumber(250));
    EXPECT_EQ(Drain(queue), (Pieces{{300, 400, WIFI}}));
}

TEST(ReinjectionQueue, SendsAPieceInParts)
{
    ReinjectionQueue queue;
    Add(queue, 100, 200, WIFI);
    queue.Sent(30);
    EXPECT_EQ(queue.Front().begin, DataSequenceNumber(130));
    queue.Sent(70);
    EXPECT_TRUE(queue.Empty());
}

TEST(ReinjectionQueue, ForgetsOrOrphansWhatASubflowHeld)
{
    ReinjectionQueue queue;
    Add(queue, 100, 200, WIFI);
    Add(queue, 200, 300, CELLULAR);
    Add(queue, 300, 400, WIFI);
    queue.Orphan(CELLULAR);
    queue.Cancel(WIFI);
    EXPECT_EQ(Drain(queue), (Pieces{{200, 300, nullptr}}));
}

TEST(ReinjectionQueue, AgreesWithAMapOfBytesOnRandomPieces)
{
    for (uint32_t seed = 1; seed <= 200 && !::testing::Test::HasFailure(); seed++)
    {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 random(seed);
        // Around the wrap of 64 bits.
        const uint64_t base = UINT64_MAX - 500;
        ReinjectionQueue queue;
        std::map<uint64_t, const MptcpSubflow*> expected;
        for (int step = 0; step < 200; step++)
        {
            switch (random() % 8)
            {
            case 0:
            {
                const uint64_t upTo = random() % 300;
                queue.Free(DataSequenceNumber(base + upTo));
                expected.erase(expected.begin(), expected.lower_bound(upTo));
                break;
            }
            case 1:
                if (!queue.Empty())
                {
                    const auto& front = queue.Front();
                    const uint32_t size =
                        1 + random() % static_cast<uint32_t>(front.end - front.begin);
                    for (uint32_t i = 0; i < size; i++)
                    {
                        ASSERT_EQ(expected.begin()->first + base, front.begin.GetValue() + i);
                        ASSERT_EQ(expected.begin()->second, front.origin);
                        expected.erase(expected.begin());
                    }
                    queue.Sent(size);
                }
                break;
            case 2:
                if (random() % 10 == 0)
                {
                    queue.Cancel(WIFI);
                    for (auto i = expected.begin(); i != expected.end();)
                    {
                        i = i->second == WIFI ? expected.erase(i) : std::next(i);
                    }
                }
                break;
            default:
            {
                const uint64_t begin = random() % 1000;
                const uint64_t end = begin + random() % 60;
                const auto* origin = random() % 2 ? WIFI : CELLULAR;
                Add(queue, base + begin, base + end, origin);
                for (uint64_t i = begin; i < end; i++)
                {
                    expected.emplace(i, origin);
                }
            }
            }
            ASSERT_EQ(queue.Empty(), expected.empty());
        }
        for (const auto& [begin, end, origin] : Drain(queue))
        {
            for (uint64_t i = begin - base; i < end - base; i++)
            {
                ASSERT_EQ(expected.begin()->first, i);
                ASSERT_EQ(expected.begin()->second, origin);
                expected.erase(expected.begin());
            }
        }
        EXPECT_TRUE(expected.empty());
    }
}
