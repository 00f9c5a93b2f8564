// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/access-events.h"

#include <gtest/gtest.h>
#include <sstream>
#include <stdexcept>

using namespace ns3;

namespace
{

/// @param text of a file @return its events
std::vector<AccessEvent>
Read(const std::string& text)
{
    std::istringstream stream(text);
    return ReadAccessEvents(stream, "e");
}

/// @param text of a file @return what is wrong with it
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

TEST(AccessEvents, ReadsEachKindWithItsUnit)
{
    const auto events = Read("# measured on a walk\n"
                             "time_s access event value\n"
                             "\n"
                             "0 wifi signal -61.5\n"
                             "1.5 wifi rate 12.5 # Mb/s\n"
                             "2,cellular,delay,80\n"
                             "2 cellular loss 0.25\n"
                             "3 wifi silent\n"
                             "3 wifi down\n"
                             "4e1 wifi up\n");
    ASSERT_EQ(events.size(), 7U);
    const AccessEvent::What kinds[] = {AccessEvent::SIGNAL,
                                       AccessEvent::RATE,
                                       AccessEvent::DELAY,
                                       AccessEvent::LOSS,
                                       AccessEvent::SILENT,
                                       AccessEvent::DOWN,
                                       AccessEvent::UP};
    const double values[] = {-61.5, 12.5e6, 0.08, 0.25, 0, 0, 0};
    for (size_t i = 0; i < events.size(); ++i)
    {
        EXPECT_EQ(events[i].what, kinds[i]);
        EXPECT_DOUBLE_EQ(events[i].value, values[i]);
    }
    EXPECT_EQ(events[1].time, MilliSeconds(1500));
    EXPECT_EQ(events[1].access, "wifi");
    EXPECT_EQ(events[1].line, 5U);
    EXPECT_EQ(events[2].access, "cellular");
    EXPECT_EQ(events[6].time, Seconds(40));
}

TEST(AccessEvents, NamesOfKindsAreThoseOfFiles)
{
    for (const auto what : {AccessEvent::UP, AccessEvent::DOWN, AccessEvent::SILENT})
    {
        EXPECT_EQ(Read(std::string("1 wifi ") + GetAccessEventName(what)).at(0).what, what);
    }
    for (const auto what : {AccessEvent::RATE, AccessEvent::DELAY, AccessEvent::LOSS})
    {
        EXPECT_EQ(Read(std::string("1 wifi ") + GetAccessEventName(what) + " 1").at(0).what, what);
    }
}

TEST(AccessEvents, TellsTheLineThatIsWrong)
{
    EXPECT_EQ(GetError("1 wifi up\nsoon wifi up\n"),
              "e:2: soon: not a time in s, from 0 to 1000000");
    EXPECT_EQ(GetError("-1 wifi up"), "e:1: -1: not a time in s, from 0 to 1000000");
    EXPECT_EQ(GetError("1s wifi up"), "e:1: 1s: not a time in s, from 0 to 1000000");
    EXPECT_EQ(GetError("nan wifi up"), "e:1: nan: not a time in s, from 0 to 1000000");
    EXPECT_EQ(GetError("1 wifi"), "e:1: a line is: time in s, access, event, value");
    EXPECT_EQ(GetError("1 wifi away"),
              "e:1: away: unknown event; accepted: up, down, silent, rate, delay, loss, signal");
    EXPECT_EQ(GetError("1 wifi rate"), "e:1: rate wants a rate in Mb/s, from 0.001 to 1000000");
    EXPECT_EQ(GetError("1 wifi rate 0"), "e:1: 0: not a rate in Mb/s, from 0.001 to 1000000");
    EXPECT_EQ(GetError("1 wifi rate 5Mb/s"),
              "e:1: 5Mb/s: not a rate in Mb/s, from 0.001 to 1000000");
    EXPECT_EQ(GetError("1 wifi rate 5 Mb/s"),
              "e:1: rate wants a rate in Mb/s, from 0.001 to 1000000");
    EXPECT_EQ(GetError("1 wifi delay -3"), "e:1: -3: not a delay in ms, from 0 to 100000");
    EXPECT_EQ(GetError("1 wifi loss 1.1"), "e:1: 1.1: not a part of the packets, from 0 to 1");
    EXPECT_EQ(GetError("1 wifi signal 60"), "e:1: 60: not a signal in dBm, from -200 to 50");
    EXPECT_EQ(GetError("1 wifi up 3"), "e:1: up takes no value");
    EXPECT_EQ(GetError("2 wifi up\n1 wifi down\n"), "e:2: 1: earlier than the line before");
}

TEST(AccessEvents, TellsThatAFileIsMissing)
{
    EXPECT_THROW(ReadAccessEvents(std::string("/nowhere/at/all")), std::invalid_argument);
}

} // namespace
