// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/delivery-trace.h"

#include <gtest/gtest.h>
#include <sstream>
#include <stdexcept>

using namespace ns3;

namespace
{

/// @param text of a trace @return it
DeliveryTrace
Read(const std::string& text)
{
    std::istringstream stream(text);
    return DeliveryTrace::Read(stream, "t");
}

/// @param text of a trace @return what is wrong with it
std::string
GetError(const std::string& text)
{
    try
    {
        Read(text);
    }
    catch (const std::invalid_argument& error)
    {
        return error.what();
    }
    return "nothing";
}

TEST(DeliveryTrace, LastLineIsThePeriod)
{
    const DeliveryTrace trace = Read("10\n25\n");
    EXPECT_EQ(trace.GetN(), 2U);
    EXPECT_EQ(trace.GetPeriod(), MilliSeconds(25));
    const int64_t expected[] = {10, 25, 35, 50, 60, 75};
    for (uint64_t i = 0; i < 6; ++i)
    {
        EXPECT_EQ(trace.GetTime(i), MilliSeconds(expected[i]));
    }
}

TEST(DeliveryTrace, EqualStampsAreSoManyOpportunities)
{
    const DeliveryTrace trace = Read("0\n7\n7\n7\n9\n");
    EXPECT_EQ(trace.GetTime(1), MilliSeconds(7));
    EXPECT_EQ(trace.GetTime(3), MilliSeconds(7));
    // The end of a period and the begin of the next one.
    EXPECT_EQ(trace.GetTime(4), MilliSeconds(9));
    EXPECT_EQ(trace.GetTime(5), MilliSeconds(9));
    EXPECT_EQ(trace.GetTime(6), MilliSeconds(16));
}

TEST(DeliveryTrace, FindsWhatComesAfterAMoment)
{
    const DeliveryTrace trace = Read("0\n7\n7\n9\n");
    EXPECT_EQ(trace.FindAfter(Seconds(0)), 1U);
    EXPECT_EQ(trace.FindAfter(MicroSeconds(6999)), 1U);
    EXPECT_EQ(trace.FindAfter(MilliSeconds(7)), 3U);
    EXPECT_EQ(trace.FindAfter(MicroSeconds(7001)), 3U);
    // Those of 9 ms are over at 9 ms, also the one that begins the second period.
    EXPECT_EQ(trace.FindAfter(MilliSeconds(9)), 5U);
    EXPECT_EQ(trace.FindAfter(MilliSeconds(9000)), 4001U);
}

TEST(DeliveryTrace, TellsTheLineThatIsWrong)
{
    EXPECT_EQ(GetError("1\n2\nx\n"), "t:3: x: not a whole number of ms");
    EXPECT_EQ(GetError("1\n\n2\n"), "t:2: an empty line: not a whole number of ms");
    EXPECT_EQ(GetError("1\n-2\n"), "t:2: -2: not a whole number of ms");
    EXPECT_EQ(GetError("1.5\n"), "t:1: 1.5: not a whole number of ms");
    EXPECT_EQ(GetError("99999999999999999999\n"),
              "t:1: 99999999999999999999: not a whole number of ms");
    EXPECT_EQ(GetError("5\n4\n"), "t:2: 4: earlier than the line before");
    const std::string length =
        "t: the last line is the trace's length in ms, which must be above 0";
    EXPECT_EQ(GetError(""), length);
    EXPECT_EQ(GetError("0\n0\n"), length);
    EXPECT_EQ(GetError("1\r\n2\r\n"), "nothing");
}

TEST(DeliveryTrace, TellsThatAFileIsMissing)
{
    EXPECT_THROW(DeliveryTrace::Read(std::string("/nowhere/at/all")), std::invalid_argument);
}

} // namespace
