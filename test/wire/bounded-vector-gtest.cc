// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/bounded-vector.h"
#include "ns3/sequence-number.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

/// Counts how often it is constructed.
struct Counted
{
    static inline int constructions = 0; //!< since the program began

    Counted(int n)
        : number(n)
    {
        ++constructions;
    }

    Counted(const Counted& other)
        : number(other.number)
    {
        ++constructions;
    }

    Counted& operator=(const Counted&) = default;

    int number; //!< a value
};

} // namespace

TEST(BoundedVector, HoldsValuesInTheOrderInWhichTheyCame)
{
    BoundedVector<int, 4> vector;
    EXPECT_TRUE(vector.empty());
    EXPECT_EQ(vector.begin(), vector.end());
    EXPECT_TRUE(vector.Add(7));
    EXPECT_TRUE(vector.Add(9));
    EXPECT_EQ(vector.size(), 2U);
    EXPECT_EQ(vector[0], 7);
    EXPECT_EQ(vector[1], 9);
    EXPECT_EQ(std::vector<int>(vector.begin(), vector.end()), (std::vector<int>{7, 9}));
    vector.Clear();
    EXPECT_TRUE(vector.empty());
}

TEST(BoundedVector, RefusesWhatHasNoRoom)
{
    BoundedVector<int, 2> vector{1, 2};
    EXPECT_FALSE(vector.Add(3));
    EXPECT_EQ(vector.size(), 2U);
    EXPECT_EQ(vector[1], 2);
}

TEST(BoundedVector, ConstructsAndCopiesNothingThatWasNotAdded)
{
    Counted::constructions = 0;
    BoundedVector<Counted, 100> vector;
    EXPECT_EQ(Counted::constructions, 0);
    vector.Add(Counted(5));
    EXPECT_EQ(Counted::constructions, 2);
    const BoundedVector<Counted, 100> copy = vector;
    EXPECT_EQ(Counted::constructions, 3);
    EXPECT_EQ(copy[0].number, 5);
}

TEST(BoundedVector, AssignmentReplacesAllValues)
{
    BoundedVector<SequenceNumber32, 4> some{SequenceNumber32(1), SequenceNumber32(2)};
    const BoundedVector<SequenceNumber32, 4> other{SequenceNumber32(3)};
    some = other;
    ASSERT_EQ(some.size(), 1U);
    EXPECT_EQ(some[0], SequenceNumber32(3));
    const auto& same = some;
    some = same;
    ASSERT_EQ(some.size(), 1U);
    EXPECT_EQ(some[0], SequenceNumber32(3));
}

TEST(BoundedVector, SmallOnesAreTriviallyCopyableIfTheirValuesAre)
{
    EXPECT_TRUE((std::is_trivially_copyable_v<BoundedVector<uint8_t, 37>>));
    EXPECT_FALSE((std::is_trivially_copyable_v<BoundedVector<Counted, 2>>));
}
