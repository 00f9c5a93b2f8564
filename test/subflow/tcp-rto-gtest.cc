// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/tcp-rto.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

/// @return Linux's bounds
TcpSettings
MakeSettings()
{
    TcpSettings settings;
    settings.m_minRto = MilliSeconds(200);
    settings.m_maxRto = Seconds(120);
    settings.m_staleMaxRto = Seconds(2);
    settings.m_clockGranularity = MilliSeconds(1);
    settings.m_connTimeout = Seconds(1);
    return settings;
}

} // namespace

TEST(TcpRto, IsTheConnectionTimeoutBeforeTheFirstSample)
{
    const TcpRto rto(MakeSettings());
    EXPECT_EQ(rto.Get(), Seconds(1));
    EXPECT_FALSE(rto.HasSample());
    EXPECT_EQ(rto.GetSmoothedRtt(), Time(0));
    EXPECT_EQ(rto.GetMinRtt(), Time(0));
}

TEST(TcpRto, FirstSampleGivesThreeTimesItself)
{
    // RFC 6298 section 2.2: SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR.
    TcpRto rto(MakeSettings());
    rto.OnSample(MilliSeconds(100));
    EXPECT_TRUE(rto.HasSample());
    EXPECT_EQ(rto.Get(), MilliSeconds(300));
    EXPECT_EQ(rto.GetSmoothedRtt(), MilliSeconds(100));
}

TEST(TcpRto, FollowsSmoothedRttAndItsVariation)
{
    // Section 2.3, with alpha 1/8 and beta 1/4.
    TcpRto rto(MakeSettings());
    double srtt = 0.1;
    double variation = 0.05;
    rto.OnSample(Seconds(srtt));
    for (const double sample : {0.2, 0.1, 0.3, 0.12, 0.12, 0.5})
    {
        rto.OnSample(Seconds(sample));
        variation += (std::abs(srtt - sample) - variation) / 4;
        srtt += (sample - srtt) / 8;
        EXPECT_NEAR(rto.GetSmoothedRtt().GetSeconds(), srtt, 1e-6);
        EXPECT_NEAR(rto.Get().GetSeconds(), srtt + 4 * variation, 1e-6);
    }
    EXPECT_EQ(rto.GetMinRtt(), MilliSeconds(100));
}

TEST(TcpRto, StaysWithinItsBounds)
{
    TcpRto low(MakeSettings());
    low.OnSample(MilliSeconds(1));
    EXPECT_EQ(low.Get(), MilliSeconds(200));
    TcpRto high(MakeSettings());
    high.OnSample(Seconds(100));
    EXPECT_EQ(high.Get(), Seconds(120));
}

TEST(TcpRto, GranularityIsTheLeastVariation)
{
    auto settings = MakeSettings();
    settings.m_minRto = Time(0);
    settings.m_clockGranularity = MilliSeconds(10);
    TcpRto rto(settings);
    for (int i = 0; i < 100; i++)
    {
        rto.OnSample(MilliSeconds(50));
    }
    EXPECT_EQ(rto.Get(), MilliSeconds(60));
}

TEST(TcpRto, DoublesUpToTheBoundAndReturnsOnNewData)
{
    TcpRto rto(MakeSettings());
    rto.OnSample(MilliSeconds(100));
    for (const int expected : {600, 1200, 2400, 4800, 9600, 19'200, 38'400, 76'800})
    {
        rto.BackOff();
        EXPECT_EQ(rto.Get(), MilliSeconds(expected));
    }
    for (int i = 0; i < 1000; i++)
    {
        rto.BackOff();
        EXPECT_EQ(rto.Get(), Seconds(120));
    }
    rto.ResetBackOff();
    EXPECT_EQ(rto.Get(), MilliSeconds(300));
}

TEST(TcpRto, ASampleLeavesTheBackOffAsItIs)
{
    // Only an acknowledgment of new data ends it, and the caller knows which that is.
    TcpRto rto(MakeSettings());
    rto.OnSample(MilliSeconds(100));
    rto.BackOff();
    rto.OnSample(MilliSeconds(100));
    EXPECT_EQ(rto.Get(), MilliSeconds(500)); // 2 * (100 + 4 * 37.5)
}

TEST(TcpRto, ALostSynMakesTheFirstTimeoutThreeSeconds)
{
    // RFC 6298 section 5.7
    TcpRto rto(MakeSettings());
    rto.BackOff();
    rto.OnSynLost();
    rto.ResetBackOff();
    EXPECT_EQ(rto.Get(), Seconds(3));
    rto.OnSample(MilliSeconds(100));
    EXPECT_EQ(rto.Get(), MilliSeconds(300));
}

TEST(TcpRto, ALostSynChangesNothingOnceThereIsASample)
{
    TcpRto rto(MakeSettings());
    rto.OnSample(MilliSeconds(100));
    rto.OnSynLost();
    EXPECT_EQ(rto.Get(), MilliSeconds(300));
}

TEST(TcpRto, AStaleSubflowHasABoundOfItsOwn)
{
    TcpRto rto(MakeSettings());
    rto.OnSample(MilliSeconds(100));
    for (int i = 0; i < 6; i++)
    {
        rto.BackOff();
    }
    EXPECT_EQ(rto.Get(), MilliSeconds(19'200));
    rto.SetStale(true);
    EXPECT_EQ(rto.Get(), Seconds(2));
    rto.SetStale(false);
    EXPECT_EQ(rto.Get(), MilliSeconds(19'200));
}
