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

/// Section 3.3.8: what is asked for while a subflow joins comes too late for its MP_JOIN, and goes
/// by MP_PRIO. @param test to report to @param backup what is asked for then; the opposite before
void
RunChangeOfMind(ScenarioTestCase& test, bool backup)
{
    TransferPlan plan;
    plan.net = Paths(2);
    plan.down = 3'000'000;
    plan.joins = 1;
    const auto carried = std::make_shared<Carried>();
    const auto joins = std::make_shared<uint32_t>(0);
    plan.arrange = [=](TestRig& rig)
    {
        if (!backup)
        {
            DynamicCast<MptcpSocket>(rig.opened[0]->GetSocket())
                ->SetBackupAddresses({TestRig::GetClientIp(1, false)});
        }
        rig.Path(1)->AddTap(
            FilterChannel::UP,
            [=, &rig](const WireSegment& segment)
            {
                if (!IsSyn(segment))
                {
                    return;
                }
                ++*joins;
                const auto change = [&rig, backup]
                {
                    const auto connection =
                        DynamicCast<MptcpSocket>(rig.opened[0]->GetSocket())->GetConnection();
                    connection->SetBackup(connection->GetSubflows().back(), backup);
                };
                Simulator::ScheduleNow(change);
            });
        rig.Path(1)->AddTap(FilterChannel::DOWN,
                            [carried](const WireSegment& segment)
                            { carried->before += segment.PayloadSize(); });
    };
    plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
    {
        test.ExpectEqual(*joins, 1U, "SYNs with MP_JOIN");
        test.ExpectEqual(wire.Count(wire::MP_PRIO, WireChecker::CLIENT), 1U, "MP_PRIO");
        // What the server has sent before it hears of it is a first window.
        test.Expect(backup ? carried->before < 50'000 : carried->before > 1'000'000,
                    "bytes by the second path: " + std::to_string(carried->before));
    };
    RunTransfer(test, plan);
}

/// Section 3.3.8: a first subflow on a backup address is told by MP_PRIO, for which a client's ACKs
/// have no room before the server has its key (section 3.1); until then it sends no more of them
/// than without. @param test to report to
void
RunFirstIsBackup(ScenarioTestCase& test)
{
    TransferPlan plan;
    plan.net = Paths(1);
    plan.down = 300'000;
    const auto acks = std::make_shared<uint32_t>(0);
    plan.arrange = [acks](TestRig& rig)
    {
        DynamicCast<MptcpSocket>(rig.opened[0]->GetSocket())
            ->SetBackupAddresses({TestRig::GetClientIp(0, false)});
        const auto early = [](const WireSegment& segment)
        { return IsAfterSyn(segment) && Simulator::Now() < Seconds(10); };
        rig.Path(0)->AddRule(FilterChannel::UP, DropNth(early, 1, 1'000'000));
        rig.Path(0)->AddTap(FilterChannel::UP,
                            [acks](const WireSegment& segment)
                            { *acks += IsPureAck(segment) && Simulator::Now() < Seconds(10); });
    };
    plan.check = [acks](ScenarioTestCase& test, TestRig&, WireChecker& wire)
    {
        test.Expect(*acks >= 1 && *acks <= 10, "third ACKs: " + std::to_string(*acks));
        test.ExpectEqual(wire.Count(wire::MP_PRIO, WireChecker::CLIENT), 1U, "MP_PRIO");
    };
    RunTransfer(test, plan);
}

/// One case for each scheduler, and a change of mind.
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
        Add("a first subflow is a backup, and its path falls silent in the handshake",
            RunFirstIsBackup);
        for (const bool backup : {true, false})
        {
            Add(std::string("a subflow becomes a ") + (backup ? "backup" : "regular one") +
                    " while it joins",
                [backup](ScenarioTestCase& test) { RunChangeOfMind(test, backup); });
        }
    }
};

MptcpBackupTestSuite g_mptcpBackupTestSuite; //!< registers itself

} // namespace

} // namespace ns3
