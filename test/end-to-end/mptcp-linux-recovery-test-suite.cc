// SPDX-License-Identifier: GPL-2.0-only
// What the attributes SubflowSendBuffer and StaleLossCount take over from Linux: subflows with send
// buffers of their own, and the data-level retransmission timer.
#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"

#include <algorithm>
#include <memory>

namespace ns3
{

namespace
{

constexpr uint64_t SIZE = 12000000;     // bytes
constexpr uint64_t BUFFER = 500000;     // bytes
constexpr uint64_t FRAGMENT = 32768;    // bytes that Linux repeats at a time
const Time SILENCE = MilliSeconds(500); // when the first path falls silent

/// What the sender of a transfer did.
struct Seen
{
    uint64_t given{0};                              //!< bytes given to subflows that have ended
    bool orderly{true};                             //!< all of them ended by FINs
    std::vector<std::pair<Time, uint32_t>> repeats; //!< when, how many bytes on another subflow
    uint64_t ownRepeats{0};   //!< of them, bytes that the same subflow had carried
    std::vector<bool> second; //!< which kilobytes the second path has carried
};

/// @param plan of a download whose sender is watched @return what it does
std::shared_ptr<Seen>
Watch(TransferPlan& plan)
{
    auto seen = std::make_shared<Seen>();
    seen->second.resize(SIZE / 1000 + 1);
    const auto next = plan.arrange;
    plan.arrange = [seen, next](TestRig& rig)
    {
        const auto attach = [seen, &rig]
        {
            const auto connection =
                DynamicCast<MptcpSocket>(rig.accepted.at(0)->GetSocket())->GetConnection();
            const auto secondPath = PeekPointer(connection->GetSubflows().back());
            const std::function<void(Ptr<MptcpSubflow>, const SubflowEnd&)> ended =
                [seen](Ptr<MptcpSubflow> subflow, const SubflowEnd& end)
            {
                seen->given += subflow->GetBytesSent();
                seen->orderly &= end.error == Socket::ERROR_NOTERROR;
            };
            connection->TraceConnectWithoutContext(
                "SubflowClosed", Callback<void, Ptr<MptcpSubflow>, const SubflowEnd&>(ended));
            const std::function<void(Ptr<MptcpSubflow>, uint64_t, uint32_t, bool)> sent =
                [seen, secondPath](Ptr<MptcpSubflow> on, uint64_t at, uint32_t length, bool again)
            {
                if (again)
                {
                    seen->repeats.emplace_back(Simulator::Now(), length);
                }
                if (PeekPointer(on) == secondPath)
                {
                    seen->ownRepeats += again && seen->second[at / 1000] ? length : 0;
                    seen->second[at / 1000] = true;
                }
            };
            connection->TraceConnectWithoutContext(
                "DataSequence", Callback<void, Ptr<MptcpSubflow>, uint64_t, uint32_t, bool>(sent));
        };
        Simulator::Schedule(MilliSeconds(200), attach);
        if (next)
        {
            next(rig);
        }
    };
    return seen;
}

/// @param buffer SubflowSendBuffer @return a download over two paths
TransferPlan
Download(uint64_t buffer)
{
    TransferPlan plan;
    plan.net = Paths(2);
    plan.down = SIZE;
    plan.joins = 1;
    plan.limit = Seconds(3000);
    plan.attributes = {{"SubflowSendBuffer", std::to_string(buffer)}};
    if (buffer > 0)
    {
        plan.attributes.emplace_back("Scheduler", "ns3::MptcpLinuxDefault");
    }
    return plan;
}

/// @param plan to which a silence of the first path is added @param length of it
void
AddSilence(TransferPlan& plan, Time length)
{
    plan.arrange = [length](TestRig& rig)
    {
        Simulator::Schedule(SILENCE, [&rig] { rig.Path(0)->SetSilent(true); });
        Simulator::Schedule(SILENCE + length, [&rig] { rig.Path(0)->SetSilent(false); });
    };
}

/// Send buffers of subflows.
void
AddBuffers(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        for (const bool upload : {false, true})
        {
            for (const bool outage : {false, true})
            {
                suite.Add(std::string("send buffers of subflows: ") +
                              (upload ? "upload" : "download") + (ipv6 ? ", IPv6" : ", IPv4") +
                              (outage ? ", a path silent for a second" : ""),
                          [=](ScenarioTestCase& test)
                          {
                              TransferPlan plan = Download(BUFFER);
                              plan.net.ipv6 = ipv6;
                              if (upload)
                              {
                                  std::swap(plan.down, plan.up);
                              }
                              if (outage)
                              {
                                  AddSilence(plan, Seconds(1));
                              }
                              RunTransfer(test, plan);
                          });
            }
        }
    }
    for (const uint64_t buffer : {uint64_t(0), BUFFER})
    {
        suite.Add(buffer == 0
                      ? "without a send buffer a subflow repeats no more than its window held"
                      : "with one it sends all that it has taken, though another has delivered it",
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan = Download(buffer);
                      // It comes back before the end.
                      plan.attributes.emplace_back("StaleMaxRto", "500ms");
                      AddSilence(plan, Seconds(2));
                      const auto seen = Watch(plan);
                      plan.check = [=](ScenarioTestCase& check, TestRig&, WireChecker&)
                      {
                          const uint64_t twice = seen->given - SIZE;
                          check.Expect(buffer == 0 ? twice < 200000 : twice > 300000,
                                       std::to_string(twice) + " bytes were sent twice");
                          check.Expect(seen->orderly, "FINs at the end");
                      };
                      RunTransfer(test, plan);
                  });
    }
    suite.Add(
        "the FIN of a subflow goes behind all that it has taken",
        [](ScenarioTestCase& test)
        {
            TransferPlan plan = Download(BUFFER);
            auto before = std::make_shared<uint64_t>(0);
            auto after = std::make_shared<uint64_t>(0);
            plan.arrange = [=](TestRig& rig)
            {
                Simulator::Schedule(
                    SILENCE,
                    [=, &rig]
                    {
                        const auto connection =
                            DynamicCast<MptcpSocket>(rig.accepted.at(0)->GetSocket())
                                ->GetConnection();
                        const auto status = connection->GetSubflowStatus().front();
                        *before = status.subflow->GetBytesSent();
                        const std::function<void(Ptr<MptcpSubflow>, const SubflowEnd&)> ended =
                            [after, first = PeekPointer(status.subflow)](Ptr<MptcpSubflow> subflow,
                                                                         const SubflowEnd& end)
                        {
                            if (PeekPointer(subflow) == first &&
                                end.error == Socket::ERROR_NOTERROR)
                            {
                                *after = subflow->GetBytesSent();
                            }
                        };
                        connection->TraceConnectWithoutContext(
                            "SubflowClosed",
                            Callback<void, Ptr<MptcpSubflow>, const SubflowEnd&>(ended));
                        connection->CloseSubflow(status.id, MptcpConnection::SubflowEnding::WRITE);
                    });
            };
            plan.check = [=](ScenarioTestCase& check, TestRig&, WireChecker&)
            {
                // What fills 500,000 bytes beyond its window, of 344,000 bytes then.
                check.Expect(*after > *before + 100000,
                             "then it sent " + std::to_string(*after) + " bytes, " +
                                 std::to_string(*before) + " before");
            };
            RunTransfer(test, plan);
        });
    suite.Add("a window that closes on subflows that have taken data opens again",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan = Download(BUFFER);
                  plan.client.attributes = {{"RcvBufSize", "100000"}};
                  plan.client.reading = false;
                  plan.arrange = [](TestRig& rig)
                  { Simulator::Schedule(Seconds(4), [&rig] { rig.opened[0]->SetReading(true); }); };
                  RunTransfer(test, plan);
              });
    suite.Add("send buffers of subflows: plain TCP",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan = Download(BUFFER);
                  plan.joins = 0;
                  plan.attributes.emplace_back("Multipath", "false");
                  plan.expectation = Expectation::PLAIN;
                  RunTransfer(test, plan);
              });
    suite.Add("send buffers of subflows: checksums",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan = Download(BUFFER);
                  plan.attributes.emplace_back("Checksum", "true");
                  AddSilence(plan, Seconds(1));
                  RunTransfer(test, plan);
              });
}

/// Linux's data-level timer.
void
AddTimer(ScenarioTestSuite& suite)
{
    // mptcp_subflow_get_retrans() and mptcp_pm_subflow_chk_stale().
    for (const bool backup : {false, true})
    {
        suite.Add(backup ? "a backup repeats 32 KiB of what a silent path holds, on the second look"
                         : "an idle subflow repeats 32 KiB of what a silent path holds, on the "
                           "first look",
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan = Download(BUFFER);
                      plan.attributes.emplace_back("StaleLossCount", "4");
                      // So little that the second path runs dry while the first is silent.
                      plan.attributes.emplace_back("SndBufSize", "600000");
                      AddSilence(plan, Seconds(3000));
                      const auto silence = plan.arrange;
                      plan.arrange = [=](TestRig& rig)
                      {
                          silence(rig);
                          Simulator::Schedule(
                              MilliSeconds(150),
                              [=, &rig]
                              {
                                  const auto connection =
                                      DynamicCast<MptcpSocket>(rig.accepted.at(0)->GetSocket())
                                          ->GetConnection();
                                  if (backup)
                                  {
                                      connection->SetBackup(connection->GetSubflows().back(), true);
                                  }
                              });
                      };
                      const auto seen = Watch(plan);
                      plan.check = [=](ScenarioTestCase& check, TestRig&, WireChecker&)
                      {
                          check.Expect(!seen->repeats.empty(), "data is sent again");
                          if (seen->repeats.empty())
                          {
                              return;
                          }
                          const Time first = seen->repeats.front().first;
                          uint64_t bytes = 0;
                          for (const auto& [at, length] : seen->repeats)
                          {
                              bytes += at == first ? length : 0;
                          }
                          check.ExpectEqual(bytes, FRAGMENT, "bytes of the first repetition");
                          // A look comes no sooner than after 200 ms or two round trips.
                          const Time wait = first - SILENCE;
                          const Time least = MilliSeconds(backup ? 250 : 80);
                          check.Expect(wait > least && wait < Seconds(1.2),
                                       "after " + std::to_string(wait.GetSeconds()) + " s");
                      };
                      RunTransfer(test, plan);
                  });
    }
    for (const bool all : {false, true})
    {
        suite.Add(all ? "stale by StaleLossCount: all that is not data-acked is sent again"
                      : "stale by StaleTimeouts: what the stale subflow held is sent again",
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan = Download(BUFFER);
                      plan.attributes.emplace_back("StaleLossCount", all ? "4" : "0");
                      AddSilence(plan, Seconds(3000));
                      const auto seen = Watch(plan);
                      plan.check = [=](ScenarioTestCase& check, TestRig&, WireChecker&)
                      {
                          check.Expect(all ? seen->ownRepeats > 100000 : seen->ownRepeats < 3000,
                                       std::to_string(seen->ownRepeats) +
                                           " bytes again on the subflow that had carried them");
                      };
                      RunTransfer(test, plan);
                  });
    }
}

/// The suite.
class MptcpLinuxRecoveryTestSuite : public ScenarioTestSuite
{
  public:
    MptcpLinuxRecoveryTestSuite()
        : ScenarioTestSuite("mptcp-linux-recovery")
    {
        AddBuffers(*this);
        AddTimer(*this);
    }
};

MptcpLinuxRecoveryTestSuite g_mptcpLinuxRecoveryTestSuite; //!< registers itself

} // namespace

} // namespace ns3
