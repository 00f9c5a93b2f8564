// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 sections 3.2 and 3.3.8: whatever the scheduler, a backup carries data only when no other
// subflow can.
#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"

#include <memory>

namespace ns3
{

namespace
{

/// What a backup has carried.
struct Carried
{
    uint64_t before{0}; //!< bytes while the regular subflow worked
    uint64_t then{0};   //!< bytes since its path is silent
};

/// Download, with the first path silent from half a second on. @param test to report to
/// @param attributes of the sockets
void
RunBackup(ScenarioTestCase& test, const TestAttributes& attributes)
{
    const Time outage = MilliSeconds(500);
    TransferPlan plan;
    plan.net = Paths(2);
    plan.down = 3'000'000;
    plan.joins = 1;
    plan.attributes.insert(plan.attributes.end(), attributes.begin(), attributes.end());
    const auto carried = std::make_shared<Carried>();
    plan.arrange = [carried, outage](TestRig& rig)
    {
        DynamicCast<MptcpSocket>(rig.opened[0]->GetSocket())
            ->SetBackupAddresses({TestRig::GetClientIp(1, false)});
        rig.Path(1)->AddTap(FilterChannel::DOWN,
                            [carried, outage](const WireSegment& segment) {
                                (Simulator::Now() < outage ? carried->before : carried->then) +=
                                    segment.PayloadSize();
                            });
        Simulator::Schedule(outage, [&rig] { rig.Path(0)->SetSilent(true); });
    };
    plan.check = [carried](ScenarioTestCase& test, TestRig&, WireChecker&)
    {
        test.ExpectEqual(carried->before, 0U, "bytes on the backup before the outage");
        test.Expect(carried->then > 1'000'000, "bytes since: " + std::to_string(carried->then));
    };
    RunTransfer(test, plan);
}

/// One case for each scheduler.
class MptcpBackupTestSuite : public ScenarioTestSuite
{
  public:
    MptcpBackupTestSuite()
        : ScenarioTestSuite("mptcp-backup")
    {
        for (const std::string scheduler : {"MptcpLowestRtt",
                                            "MptcpRoundRobin",
                                            "MptcpWeightedRoundRobin",
                                            "MptcpRedundant",
                                            "MptcpBlest",
                                            "MptcpEcf",
                                            "MptcpLinuxDefault"})
        {
            Add(scheduler + ": a backup carries data once nothing else is left, and none before",
                [scheduler](ScenarioTestCase& test)
                {
                    TestAttributes attributes{{"Scheduler", "ns3::" + scheduler}};
                    if (scheduler == "MptcpLinuxDefault")
                    {
                        attributes.push_back({"SubflowSendBuffer", "500000"});
                    }
                    RunBackup(test, attributes);
                });
        }
    }
};

MptcpBackupTestSuite g_mptcpBackupTestSuite; //!< registers itself

} // namespace

} // namespace ns3
