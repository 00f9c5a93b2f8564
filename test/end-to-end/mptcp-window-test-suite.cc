// SPDX-License-Identifier: GPL-2.0-only
// A receive window that is small for its paths: opportunistic retransmission and penalisation.
#include "transfer-plan.h"

namespace ns3
{

namespace
{

constexpr uint64_t SIZE = 10000000; // bytes

/// @param test to report to @param on whether the sender acts on a full window
/// @param buffer of the receiver in bytes @return when all had arrived
Time
RunOnce(ScenarioTestCase& test, bool on, uint32_t buffer)
{
    TransferPlan plan;
    plan.net = Paths(2);
    // Its losses keep the fast path from taking all.
    plan.net.paths[0].queue = 20;
    plan.net.paths[1].rate = "2Mbps";
    plan.net.paths[1].delay = MilliSeconds(100);
    plan.up = SIZE;
    plan.joins = 1;
    plan.server.attributes = {{"RcvBufSize", std::to_string(buffer)}};
    plan.client.attributes = {{"OpportunisticRetransmission", on ? "true" : "false"}};
    Time end;
    plan.check = [&end](ScenarioTestCase&, TestRig& rig, WireChecker&)
    { end = rig.accepted.at(0)->eofAt; };
    RunTransfer(test, plan);
    return end;
}

/// The suite.
class MptcpWindowTestSuite : public ScenarioTestSuite
{
  public:
    MptcpWindowTestSuite()
        : ScenarioTestSuite("mptcp-window")
    {
        for (const uint32_t buffer : {100000U, 200000U, 400000U})
        {
            Add("a receive buffer of " + std::to_string(buffer) +
                    " bytes over unequal paths gains by opportunistic retransmission",
                [buffer](ScenarioTestCase& test)
                {
                    const Time off = RunOnce(test, false, buffer);
                    const Time on = RunOnce(test, true, buffer);
                    test.Expect(on.GetSeconds() < 0.8 * off.GetSeconds(),
                                std::to_string(on.GetSeconds()) + " s with it, " +
                                    std::to_string(off.GetSeconds()) + " s without");
                });
        }
        Add("a large receive buffer is not worse off with opportunistic retransmission",
            [](ScenarioTestCase& test)
            {
                const Time off = RunOnce(test, false, 4000000);
                const Time on = RunOnce(test, true, 4000000);
                test.Expect(on.GetSeconds() < 1.05 * off.GetSeconds(),
                            std::to_string(on.GetSeconds()) + " s with it, " +
                                std::to_string(off.GetSeconds()) + " s without");
            });
    }
};

MptcpWindowTestSuite g_mptcpWindowTestSuite; //!< registers itself

} // namespace

} // namespace ns3
