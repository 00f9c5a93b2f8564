// SPDX-License-Identifier: GPL-2.0-only
// A receive window that is small for its paths: opportunistic retransmission and penalisation.
#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"

#include <algorithm>
#include <memory>

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
    plan.client.attributes = {{"OpportunisticRetransmission", on ? "true" : "false"},
                              {"Penalisation", on ? "true" : "false"}};
    Time end;
    plan.check = [&end](ScenarioTestCase&, TestRig& rig, WireChecker&)
    { end = rig.accepted.at(0)->eofAt; };
    RunTransfer(test, plan);
    return end;
}

/// What either attribute does, and does not. The slow path loses nothing, so that nothing else
/// makes its window smaller.
void
RunAlone(ScenarioTestCase& test, bool opportunistic, bool penalise)
{
    TransferPlan plan;
    plan.net = Paths(2);
    plan.net.paths[0].queue = 20;
    plan.net.paths[1].rate = "2Mbps";
    plan.net.paths[1].delay = MilliSeconds(100);
    plan.up = SIZE / 4;
    plan.joins = 1;
    plan.server.attributes = {{"RcvBufSize", "100000"}};
    plan.client.attributes = {{"OpportunisticRetransmission", opportunistic ? "true" : "false"},
                              {"Penalisation", penalise ? "true" : "false"}};

    struct Seen
    {
        uint32_t reinjections{0};
        std::vector<Time> cuts;
        std::string wrong;
    };

    auto seen = std::make_shared<Seen>();
    plan.arrange = [seen](TestRig& rig)
    {
        const auto watch = [seen, &rig]
        {
            const auto connection =
                DynamicCast<MptcpSocket>(rig.opened[0]->GetSocket())->GetConnection();
            const std::function<void(Ptr<MptcpSubflow>, uint64_t, uint32_t)> again =
                [seen](Ptr<MptcpSubflow>, uint64_t, uint32_t) { seen->reinjections++; };
            connection->TraceConnectWithoutContext(
                "Reinjection", Callback<void, Ptr<MptcpSubflow>, uint64_t, uint32_t>(again));
            const std::function<void(Ptr<MptcpSubflow>)> follow = [seen](Ptr<MptcpSubflow> slow)
            {
                const std::function<void(uint32_t, uint32_t)> change =
                    [seen, state = PeekPointer(slow->GetSocketState())](uint32_t before,
                                                                        uint32_t now)
                {
                    if (now < before)
                    {
                        const uint32_t half = std::max(before / 2, 2 * state->m_segmentSize);
                        if (now != half || state->m_ssThresh != half)
                        {
                            seen->wrong = "from " + std::to_string(before) + " to " +
                                          std::to_string(now) + " bytes";
                        }
                        seen->cuts.push_back(Simulator::Now());
                    }
                };
                slow->TraceConnectWithoutContext("CongestionWindow",
                                                 Callback<void, uint32_t, uint32_t>(change));
            };
            connection->TraceConnectWithoutContext("SubflowEstablished",
                                                   Callback<void, Ptr<MptcpSubflow>>(follow));
        };
        // Before the slow subflow stands.
        Simulator::Schedule(MilliSeconds(100), watch);
    };
    plan.check = [=](ScenarioTestCase& check, TestRig&, WireChecker&)
    {
        check.ExpectEqual(seen->reinjections > 0, opportunistic, "data is sent again");
        check.ExpectEqual(!seen->cuts.empty(), penalise, "the slow path's window is cut");
        check.ExpectEqual(seen->wrong, std::string(), "window and threshold are halved");
        for (size_t i = 1; i < seen->cuts.size(); i++)
        {
            check.Expect(seen->cuts[i] >= seen->cuts[i - 1] + MilliSeconds(200),
                         "no more than once per round trip");
        }
    };
    RunTransfer(test, plan);
}

/// Section 3.3.8: that a regular subflow is slow is no reason to use a backup. @param test to
/// report to @param opportunistic @param penalise the client's attributes
void
RunBackup(ScenarioTestCase& test, bool opportunistic, bool penalise)
{
    TransferPlan plan;
    plan.net = Paths(2);
    plan.net.paths[0].rate = "2Mbps";
    plan.net.paths[0].delay = MilliSeconds(100);
    plan.up = SIZE / 10;
    plan.joins = 1;
    plan.server.attributes = {{"RcvBufSize", "100000"}};
    plan.client.attributes = {{"OpportunisticRetransmission", opportunistic ? "true" : "false"},
                              {"Penalisation", penalise ? "true" : "false"}};
    auto cuts = std::make_shared<uint32_t>(0);
    plan.arrange = [cuts](TestRig& rig)
    {
        DynamicCast<MptcpSocket>(rig.opened[0]->GetSocket())
            ->SetBackupAddresses({TestRig::GetClientIp(1, false)});
        const auto watch = [cuts, &rig]
        {
            const auto connection =
                DynamicCast<MptcpSocket>(rig.opened[0]->GetSocket())->GetConnection();
            const std::function<void(uint32_t, uint32_t)> change =
                [cuts](uint32_t before, uint32_t now) { *cuts += now < before ? 1 : 0; };
            connection->GetSubflows().front()->TraceConnectWithoutContext(
                "CongestionWindow", Callback<void, uint32_t, uint32_t>(change));
        };
        Simulator::Schedule(MilliSeconds(100), watch);
    };
    plan.check = [cuts](ScenarioTestCase& check, TestRig&, WireChecker& wire)
    {
        check.ExpectEqual(wire.GetBytes(WireChecker::CLIENT, 1), 0U, "data on the backup");
        check.ExpectEqual(*cuts, 0U, "cuts of the regular subflow's window");
    };
    RunTransfer(test, plan);
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
                    " bytes over unequal paths gains by opportunistic retransmission and "
                    "penalisation",
                [buffer](ScenarioTestCase& test)
                {
                    const Time off = RunOnce(test, false, buffer);
                    const Time on = RunOnce(test, true, buffer);
                    test.Expect(on.GetSeconds() < 0.8 * off.GetSeconds(),
                                std::to_string(on.GetSeconds()) + " s with it, " +
                                    std::to_string(off.GetSeconds()) + " s without");
                });
        }
        for (const bool opportunistic : {false, true})
        {
            for (const bool penalise : {false, true})
            {
                Add(std::string("a full receive window: ") +
                        (opportunistic ? "data is sent again, " : "no data is sent again, ") +
                        (penalise ? "who holds it up is slowed down" : "nobody is slowed down"),
                    [=](ScenarioTestCase& test) { RunAlone(test, opportunistic, penalise); });
            }
        }
        for (const bool penalise : {false, true})
        {
            Add(std::string(
                    "a full receive window: a fast backup carries nothing while the regular "
                    "subflow works, ") +
                    (penalise ? "penalisation" : "opportunistic retransmission"),
                [=](ScenarioTestCase& test) { RunBackup(test, !penalise, penalise); });
        }
        Add("a large receive buffer is not worse off with them",
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
