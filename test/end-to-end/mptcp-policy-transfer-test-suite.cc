// SPDX-License-Identifier: GPL-2.0-only
// Schedulers and coupled congestion controls at work: every byte arrives by each of them, and each
// does on a network what its paper promises.
#include "transfer-plan.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/mptcp-socket.h"
#include "ns3/string.h"

#include <algorithm>

namespace ns3
{

namespace
{

/**
 * Download over a fast path and a slow one, 20 Mb/s with 10 ms beside 5 Mb/s with 150 ms.
 * @param test to report to @param scheduler of the server @param bytes how much
 * @param buffer of the receiver
 * @return seconds from the connection to the last byte
 */
double
TimeHeterogeneous(ScenarioTestCase& test,
                  const std::string& scheduler,
                  uint64_t bytes,
                  const std::string& buffer)
{
    TransferPlan plan;
    plan.net = Paths(2);
    plan.net.paths[1].rate = "5Mbps";
    plan.net.paths[1].delay = MilliSeconds(150);
    plan.down = bytes;
    plan.joins = 1;
    plan.client.attributes = {{"RcvBufSize", buffer}};
    plan.attributes = {{"Scheduler", "ns3::" + scheduler},
                       {"OpportunisticRetransmission", "false"}};
    double seconds = 0;
    plan.check = [&seconds](ScenarioTestCase&, TestRig& rig, WireChecker&)
    { seconds = (rig.opened[0]->lastByteAt - rig.opened[0]->connectedAt).GetSeconds(); };
    RunTransfer(test, plan);
    return seconds;
}

/**
 * Ten bursts over the same paths, a second apart.
 * @param test to report to @param scheduler of the server @param burst bytes of each
 * @return seconds from the beginning of a burst to its last byte, in the mean
 */
double
TimeBursts(ScenarioTestCase& test, const std::string& scheduler, uint64_t burst)
{
    constexpr int64_t BURSTS = 10;
    RigOptions net = Paths(2);
    net.paths[1].rate = "5Mbps";
    net.paths[1].delay = MilliSeconds(150);
    TestRig rig(net);
    EndpointOptions server;
    server.ending = EndpointOptions::Ending::NEVER;
    // CUBIC's HyStart would end slow start in the middle of a burst, at a window that hides the
    // rest.
    server.attributes = {{"Scheduler", "ns3::" + scheduler},
                         {"CongestionControl", "ns3::TcpLinuxReno"},
                         {"OpportunisticRetransmission", "false"}};
    EndpointOptions client;
    client.expect = BURSTS * burst;
    client.ending = EndpointOptions::Ending::NEVER;
    rig.Listen(80, server);
    auto& sink = rig.Connect(80, client);
    Time busy;
    for (int64_t i = 1; i <= BURSTS; i++)
    {
        Simulator::Schedule(Seconds(i), [&rig, burst] { rig.accepted.at(0)->SendMore(burst); });
        Simulator::Schedule(Seconds(i) + MilliSeconds(999),
                            [&, i] { busy += sink.lastByteAt - Seconds(i); });
    }
    Simulator::Schedule(Seconds(BURSTS + 2),
                        [&]
                        {
                            sink.Close();
                            rig.accepted.at(0)->Close();
                        });
    rig.Run(Seconds(300));
    test.ExpectEqual(sink.received, BURSTS * burst, "bytes");
    test.ExpectEqual(sink.GetWrongByte(), "", "wrong byte");
    return busy.GetSeconds() / BURSTS;
}

/// Each scheduler and each coupled control, on lossy paths, in both families.
void
AddDelivery(ScenarioTestSuite& suite)
{
    const std::vector<std::pair<std::string, std::vector<std::string>>> choices = {
        {"Scheduler",
         {"MptcpLowestRtt",
          "MptcpRoundRobin",
          "MptcpRedundant",
          "MptcpBlest",
          "MptcpEcf",
          "MptcpLinuxDefault",
          "MptcpWeightedRoundRobin"}},
        {"CongestionControl", {"MptcpLia", "MptcpOlia", "MptcpBalia", "MptcpWvegas"}}};
    for (const auto& [attribute, types] : choices)
    {
        for (const auto& type : types)
        {
            for (const bool ipv6 : {false, true})
            {
                suite.Add(type + (ipv6 ? ", IPv6" : ", IPv4") + ": both ways over lossy paths",
                          [attribute = attribute, type, ipv6](ScenarioTestCase& test)
                          {
                              TransferPlan plan;
                              plan.net = Paths(3);
                              plan.net.paths[2].delay = MilliSeconds(60);
                              plan.net.ipv6 = ipv6;
                              plan.up = plan.down = 1'500'000;
                              plan.joins = 2;
                              plan.attributes.push_back({attribute, "ns3::" + type});
                              plan.arrange = [](TestRig& rig)
                              {
                                  int64_t stream = 7'000;
                                  for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
                                  {
                                      rig.OnAllPaths(way,
                                                     [&stream](uint32_t)
                                                     { return DropRandom(IsAny, 0.02, stream++); });
                                  }
                              };
                              RunTransfer(test, plan);
                          });
            }
        }
    }
    suite.Add("redundant: a backup is used when nothing else is left, and copies nothing before",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = 4'000'000;
                  plan.joins = 1;
                  plan.attributes.push_back({"Scheduler", "ns3::MptcpRedundant"});
                  auto early = std::make_shared<uint64_t>(0);
                  plan.arrange = [early](TestRig& rig)
                  {
                      DynamicCast<MptcpSocket>(rig.opened[0]->GetSocket())
                          ->SetBackupAddresses({TestRig::GetClientIp(1, false)});
                      rig.Path(1)->AddTap(FilterChannel::DOWN,
                                          [early](const WireSegment& segment)
                                          {
                                              if (Simulator::Now() < MilliSeconds(500))
                                              {
                                                  *early += segment.PayloadSize();
                                              }
                                          });
                      Simulator::Schedule(MilliSeconds(500),
                                          [&rig] { rig.Path(0)->SetSilent(true); });
                  };
                  plan.check = [early](ScenarioTestCase& test, TestRig&, WireChecker&)
                  { test.ExpectEqual(*early, 0U, "bytes on the backup before the outage"); };
                  RunTransfer(test, plan);
              });
}

/// Redundant.
void
AddRedundant(ScenarioTestSuite& suite)
{
    suite.Add("redundant: either path carries all data",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = 2'000'000;
                  plan.joins = 1;
                  plan.attributes.push_back({"Scheduler", "ns3::MptcpRedundant"});
                  auto carried = std::make_shared<std::vector<uint64_t>>(2);
                  plan.arrange = [carried](TestRig& rig)
                  {
                      for (uint32_t path : {0, 1})
                      {
                          rig.Path(path)->AddTap(FilterChannel::DOWN,
                                                 [carried, path](const WireSegment& segment)
                                                 { (*carried)[path] += segment.PayloadSize(); });
                      }
                  };
                  plan.check = [carried](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                  {
                      // What was data-acked while the second subflow was being opened is not sent
                      // again.
                      for (const uint64_t bytes : *carried)
                      {
                          test.Expect(bytes > 1'900'000,
                                      std::to_string(bytes) + " bytes on a path");
                      }
                      const double rate =
                          8e-6 * rig.opened[0]->received /
                          (rig.opened[0]->lastByteAt - rig.opened[0]->connectedAt).GetSeconds();
                      test.Expect(rate > 15, std::to_string(rate) + " Mb/s, of one path's 18.9");
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("redundant: the loss of a path is not noticed",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = 4'000'000;
                  plan.joins = 1;
                  plan.attributes.push_back({"Scheduler", "ns3::MptcpRedundant"});
                  plan.arrange = [](TestRig& rig) {
                      Simulator::Schedule(MilliSeconds(700),
                                          [&rig] { rig.Path(0)->SetSilent(true); });
                  };
                  plan.check = [](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                  {
                      // One path may be ahead of the other by its queue of 60 ms and a round trip.
                      // By lowest RTT it takes a time-out, 200 ms at least.
                      const Time gap = rig.opened[0]->longestGap;
                      test.Expect(gap < MilliSeconds(100),
                                  std::to_string(gap.GetMilliSeconds()) + " ms without data");
                  };
                  RunTransfer(test, plan);
              });
}

/// What waits for the fast path.
void
AddHeterogeneous(ScenarioTestSuite& suite)
{
    suite.Add("BLEST: a small buffer is not blocked by the slow path",
              [](ScenarioTestCase& test)
              {
                  // Enough to run both paths would be 25 Mb/s times 320 ms, 1 MB.
                  const double lowestRtt =
                      TimeHeterogeneous(test, "MptcpLowestRtt", 8'000'000, "200000");
                  const double blest = TimeHeterogeneous(test, "MptcpBlest", 8'000'000, "200000");
                  test.Expect(blest < 0.8 * lowestRtt,
                              std::to_string(blest) + " s, " + std::to_string(lowestRtt) +
                                  " s by lowest RTT");
              });
    suite.Add("ECF: the end of a burst does not wait for the slow path",
              [](ScenarioTestCase& test)
              {
                  // From 500,000 bytes on the slow path helps more than its end costs: ECF is
                  // slower.
                  for (const uint64_t burst : {30'000, 60'000, 100'000, 300'000})
                  {
                      const double lowestRtt = TimeBursts(test, "MptcpLowestRtt", burst);
                      const double ecf = TimeBursts(test, "MptcpEcf", burst);
                      test.Expect(ecf < (burst == 100'000 ? 0.85 : 1) * lowestRtt,
                                  std::to_string(burst) + " bytes: " + std::to_string(ecf) +
                                      " s, " + std::to_string(lowestRtt) + " s by lowest RTT");
                  }
              });
    suite.Add("weighted, strict: three quarters of the bytes on one path",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = 8'000'000;
                  plan.joins = 1;
                  plan.attributes.push_back({"Scheduler", "ns3::MptcpWeightedRoundRobin"});
                  std::ostringstream weights;
                  weights << TestRig::GetClientIp(1, false) << "=3";
                  Config::SetDefault("ns3::MptcpWeightedRoundRobin::Weights",
                                     StringValue(weights.str()));
                  Config::SetDefault("ns3::MptcpWeightedRoundRobin::Strict", BooleanValue(true));
                  plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  {
                      const double part = wire.GetBytes(WireChecker::SERVER, 1) / 8e6;
                      test.Expect(part > 0.74 && part < 0.76, std::to_string(part) + " of all");
                  };
                  RunTransfer(test, plan);
              });
}

/// The suite.
class MptcpPolicyTransferTestSuite : public ScenarioTestSuite
{
  public:
    MptcpPolicyTransferTestSuite()
        : ScenarioTestSuite("mptcp-policy-transfer")
    {
        AddDelivery(*this);
        AddRedundant(*this);
        AddHeterogeneous(*this);
    }
} g_mptcpPolicyTransferTestSuite; //!< registers itself

} // namespace

} // namespace ns3
