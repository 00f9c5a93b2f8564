// SPDX-License-Identifier: GPL-2.0-only
// The table of a connection's subflows: who is found by what, and who is preferred.
#include "../policy/fake-subflow.h"

#include "ns3/mptcp-flows.h"

#include <gtest/gtest.h>

using namespace ns3;

namespace
{

/// @param rtt smoothed, in milliseconds @return a subflow
Ptr<FakeSubflow>
MakeSubflow(int64_t rtt)
{
    return CreateObject<FakeSubflow>(TcpTuple{Ip("10.0.0.1"), Ip("10.0.0.2"), 1, 2},
                                     MilliSeconds(rtt));
}

/// Add an established subflow. @param flows to these @param rtt smoothed, in milliseconds
/// @return its record
MptcpFlow&
Add(MptcpFlows& flows, int64_t rtt)
{
    MptcpFlow& flow = flows.Add(MakeSubflow(rtt), flows.GetFreeId());
    flow.phase = MptcpFlow::Phase::ESTABLISHED;
    return flow;
}

TEST(MptcpFlows, FindsRecordsThoughOthersGo)
{
    MptcpFlows flows;
    EXPECT_TRUE(flows.Empty());
    const Ptr<MptcpSubflow> first = Add(flows, 10).subflow;
    MptcpFlow& second = Add(flows, 20);
    MptcpFlow& third = Add(flows, 30);
    EXPECT_EQ(&flows.Front(), &flows.Find(*first));
    EXPECT_TRUE(flows.Has(*first));
    flows.Remove(*first);
    EXPECT_FALSE(flows.Has(*first));
    EXPECT_EQ(flows.GetN(), 2U);
    EXPECT_EQ(&flows.Find(*second.subflow), &second);
    EXPECT_EQ(&flows.Find(*third.subflow), &third);
    EXPECT_EQ(&flows.Front(), &second);
    EXPECT_EQ(flows.GetSubflows(), (std::vector<Ptr<MptcpSubflow>>{second.subflow, third.subflow}));
    EXPECT_EQ(flows.FindId(1), nullptr);
    EXPECT_EQ(flows.FindId(3), &third);
    const Ptr<MptcpSubflow> last = third.subflow;
    flows.Remove(*last);
    EXPECT_FALSE(flows.Has(*last)) << "its place is behind the last one";
}

TEST(MptcpFlows, MayGrowWhileOneWalksThroughThem)
{
    MptcpFlows flows;
    Add(flows, 10);
    Add(flows, 10);
    std::vector<uint8_t> seen;
    for (const auto& flow : flows)
    {
        for (uint32_t i = 0; i < 40; i++)
        {
            Add(flows, 10);
        }
        seen.push_back(flow->id);
    }
    EXPECT_EQ(seen, (std::vector<uint8_t>{1, 2})) << "those that were there";
    EXPECT_EQ(flows.GetN(), 82U);
}

TEST(MptcpFlows, GivesTheIdentifierThatWasFreeLongest)
{
    MptcpFlows flows;
    EXPECT_EQ(Add(flows, 10).id, 1);
    const Ptr<MptcpSubflow> second = Add(flows, 10).subflow;
    EXPECT_EQ(Add(flows, 10).id, 3);
    flows.Remove(*second);
    for (uint32_t id = 4; id <= UINT8_MAX; id++)
    {
        EXPECT_EQ(Add(flows, 10).id, id);
    }
    EXPECT_EQ(Add(flows, 10).id, 2);
    EXPECT_EQ(flows.GetFreeId(), 0);
}

TEST(MptcpFlows, PrefersWhatIsUsableRegularAndFast)
{
    MptcpFlows flows;
    EXPECT_EQ(flows.GetFastest(), nullptr);
    MptcpFlow& slow = Add(flows, 30);
    MptcpFlow& fast = Add(flows, 20);
    MptcpFlow& backup = Add(flows, 10);
    backup.backup = true;
    EXPECT_EQ(flows.GetFastest(), &fast);
    EXPECT_EQ(flows.GetSignalFlow(), &fast);
    fast.stale = true;
    EXPECT_EQ(flows.GetFastest(), &slow);
    slow.closing = true;
    EXPECT_EQ(flows.GetFastest(), &backup);
    backup.doubted = true;
    EXPECT_EQ(flows.GetFastest(), nullptr);
}

TEST(MptcpFlows, SignalsOnWhatIsEstablishedIfNoneIsUsable)
{
    MptcpFlows flows;
    EXPECT_EQ(flows.GetSignalFlow(), nullptr);
    MptcpFlow& joining = Add(flows, 10);
    joining.phase = MptcpFlow::Phase::PRE_ESTABLISHED;
    EXPECT_EQ(flows.GetSignalFlow(), nullptr);
    MptcpFlow& stale = Add(flows, 20);
    stale.stale = true;
    EXPECT_EQ(flows.GetSignalFlow(), &stale);
}

} // namespace
