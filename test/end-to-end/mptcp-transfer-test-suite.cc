// SPDX-License-Identifier: GPL-2.0-only
// Data arrives: each byte, once, in order, over one subflow and several, whatever the paths do.
#include "transfer-plan.h"

#include "ns3/inet-socket-address.h"

#include <cerrno>

namespace ns3
{

namespace
{

const TestAttributes PLAIN{{"Multipath", "false"}};

/// @param count of paths @param ipv6 which family @return options
RigOptions
Net(uint32_t count, bool ipv6 = false)
{
    auto net = Paths(count);
    net.ipv6 = ipv6;
    return net;
}

/// Loss, reordering and copies on all paths, both ways. @param rig theirs @param loss probability
/// @param late probability @param copies probability
void
Disturb(TestRig& rig, double loss, double late, double copies)
{
    int64_t stream = 5000;
    for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
    {
        rig.OnAllPaths(direction, [&](uint32_t) { return DropRandom(IsAny, loss, stream++); });
        rig.OnAllPaths(direction,
                       [&](uint32_t)
                       { return DelayRandom(IsAny, late, MilliSeconds(15), stream++); });
        rig.OnAllPaths(direction,
                       [&](uint32_t) { return DuplicateRandom(IsAny, copies, stream++); });
    }
}

/// Both data directions, both families, plain TCP, one and two subflows.
void
AddMatrix(ScenarioTestSuite& suite)
{
    struct Direction
    {
        const char* name;
        uint64_t up;
        uint64_t down;
    };

    const Direction directions[] = {{"upload", 1000000, 0},
                                    {"download", 0, 1000000},
                                    {"both directions at once", 700000, 800000},
                                    {"one byte each way", 1, 1},
                                    {"no data at all", 0, 0}};
    for (const auto& direction : directions)
    {
        for (const bool ipv6 : {false, true})
        {
            for (const uint32_t paths : {0U, 1U, 2U})
            {
                const std::string name = std::string(direction.name) + ", IPv" +
                                         (ipv6 ? "6" : "4") + ", " +
                                         (paths == 0   ? "plain TCP"
                                          : paths == 1 ? "one subflow"
                                                       : "two subflows");
                suite.Add(
                    name,
                    [=](ScenarioTestCase& test)
                    {
                        TransferPlan plan;
                        plan.net = Net(std::max(paths, 1U), ipv6);
                        plan.up = direction.up;
                        plan.down = direction.down;
                        if (paths == 0)
                        {
                            plan.attributes = PLAIN;
                            plan.expectation = Expectation::PLAIN;
                        }
                        else if (direction.up + direction.down > 100)
                        {
                            plan.joins = paths - 1;
                            plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                            {
                                for (uint32_t i = 0; i < paths; i++)
                                {
                                    const auto carried = wire.GetBytes(WireChecker::CLIENT, i) +
                                                         wire.GetBytes(WireChecker::SERVER, i);
                                    test.Expect(carried > (plan.up + plan.down) / 5,
                                                "each path carries a fifth or more");
                                }
                            };
                        }
                        RunTransfer(test, plan);
                    });
            }
        }
    }
}

/// Loss, reordering, duplication, corruption.
void
AddDisturbances(ScenarioTestSuite& suite)
{
    struct Disturbance
    {
        const char* name;
        double loss;
        double late;
        double copies;
    };

    const Disturbance disturbances[] = {{"1 % loss", 0.01, 0, 0},
                                        {"5 % loss", 0.05, 0, 0},
                                        {"reordering", 0, 0.1, 0},
                                        {"duplication", 0, 0, 0.1},
                                        {"loss, reordering and duplication", 0.02, 0.1, 0.05}};
    for (const auto& disturbance : disturbances)
    {
        for (const uint32_t paths : {0U, 1U, 2U})
        {
            const bool ipv6 = paths == 2;
            suite.Add(std::string(disturbance.name) + (paths == 0   ? ", plain TCP"
                                                       : paths == 1 ? ", one subflow"
                                                                    : ", two subflows, IPv6"),
                      [=](ScenarioTestCase& test)
                      {
                          TransferPlan plan;
                          plan.net = Net(std::max(paths, 1U), ipv6);
                          plan.up = 400000;
                          plan.down = 600000;
                          plan.limit = Seconds(600);
                          if (paths == 0)
                          {
                              plan.attributes = PLAIN;
                              plan.expectation = Expectation::PLAIN;
                          }
                          plan.arrange = [=](TestRig& rig)
                          { Disturb(rig, disturbance.loss, disturbance.late, disturbance.copies); };
                          RunTransfer(test, plan);
                      });
        }
    }
    suite.Add("segments with a wrong checksum are not taken",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(2);
                  plan.net.checksums = true;
                  plan.up = 300000;
                  plan.down = 300000;
                  plan.arrange = [](TestRig& rig)
                  {
                      for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
                      {
                          rig.OnAllPaths(direction,
                                         [](uint32_t) { return CorruptEvery(HasPayload, 20); });
                      }
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("every tenth segment lost on one path only",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(2);
                  plan.down = 1000000;
                  plan.arrange = [](TestRig& rig)
                  { rig.Path(1)->AddRule(FilterChannel::DOWN, DropEvery(HasPayload, 10)); };
                  RunTransfer(test, plan);
              });
}

/// Receive and send buffers, readers that wait.
void
AddWindows(ScenarioTestSuite& suite)
{
    for (const bool multipath : {false, true})
    {
        const std::string kind = multipath ? ", two subflows" : ", plain TCP";
        const auto plan = [multipath]
        {
            TransferPlan plan;
            plan.net = Net(2);
            plan.down = 200000;
            plan.up = 50000;
            plan.limit = Seconds(3000);
            if (!multipath)
            {
                plan.attributes = PLAIN;
                plan.expectation = Expectation::PLAIN;
            }
            return plan;
        };
        for (const uint32_t size : {1000U, 1420U, 3000U, 16384U, 65536U})
        {
            suite.Add("receive buffer of " + std::to_string(size) + " bytes" + kind,
                      [=](ScenarioTestCase& test)
                      {
                          auto p = plan();
                          p.attributes.push_back({"RcvBufSize", std::to_string(size)});
                          RunTransfer(test, p);
                      });
            suite.Add("send buffer of " + std::to_string(size) + " bytes" + kind,
                      [=](ScenarioTestCase& test)
                      {
                          auto p = plan();
                          p.attributes.push_back({"SndBufSize", std::to_string(size)});
                          RunTransfer(test, p);
                      });
        }
        suite.Add("small receive buffer and loss" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      auto p = plan();
                      p.attributes.push_back({"RcvBufSize", "8192"});
                      p.arrange = [](TestRig& rig) { Disturb(rig, 0.02, 0.05, 0.02); };
                      RunTransfer(test, p);
                  });
        suite.Add("a reader that stops for 30 s closes the window and goes on" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      auto p = plan();
                      p.down = 500000;
                      p.attributes.push_back({"RcvBufSize", "50000"});
                      p.arrange = [&test](TestRig& rig)
                      {
                          Simulator::Schedule(MilliSeconds(100),
                                              [&rig] { rig.opened[0]->SetReading(false); });
                          Simulator::Schedule(
                              Seconds(30),
                              [&rig, &test]
                              {
                                  test.Expect(rig.opened[0]->received < 500000,
                                              "the reader has stopped");
                                  test.Expect(rig.opened[0]->GetSocket()->GetRxAvailable() <= 50000,
                                              "no more than the buffer holds");
                                  rig.opened[0]->SetReading(true);
                              });
                      };
                      p.check = [](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                      { test.Expect(rig.opened[0]->eofAt < Seconds(32), "it goes on at once"); };
                      RunTransfer(test, p);
                  });
        suite.Add("a window update that is lost is found by a probe" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      auto p = plan();
                      p.up = 0;
                      p.down = 500000;
                      p.attributes.push_back({"RcvBufSize", "50000"});
                      p.arrange = [](TestRig& rig)
                      {
                          Simulator::Schedule(MilliSeconds(100),
                                              [&rig] { rig.opened[0]->SetReading(false); });
                          Simulator::Schedule(
                              Seconds(10),
                              [&rig]
                              {
                                  rig.OnAllPaths(FilterChannel::UP,
                                                 [](uint32_t) { return DropNth(IsPureAck, 1, 3); });
                                  rig.opened[0]->SetReading(true);
                              });
                      };
                      RunTransfer(test, p);
                  });
        suite.Add("a reader that takes 3000 bytes each 10 ms" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      auto p = plan();
                      p.attributes.push_back({"RcvBufSize", "20000"});
                      p.client.reading = false;
                      p.client.readSize = 3000;
                      p.arrange = [](TestRig& rig)
                      {
                          for (uint32_t i = 1; i < 100; i++)
                          {
                              Simulator::Schedule(MilliSeconds(10 * i),
                                                  [&rig] { rig.opened[0]->Read(3000); });
                          }
                          Simulator::Schedule(MilliSeconds(1000),
                                              [&rig] { rig.opened[0]->SetReading(true); });
                      };
                      RunTransfer(test, p);
                  });
        suite.Add("writes of seven bytes" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      auto p = plan();
                      p.up = 20000;
                      p.down = 20000;
                      p.client.writeSize = p.server.writeSize = 7;
                      RunTransfer(test, p);
                  });
        suite.Add("reads of eleven bytes" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      auto p = plan();
                      p.up = 20000;
                      p.down = 20000;
                      p.client.readSize = p.server.readSize = 11;
                      RunTransfer(test, p);
                  });
    }
}

/// Paths and options of all kinds.
void
AddPaths(ScenarioTestSuite& suite)
{
    suite.Add("paths of 1 and 100 ms",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(2);
                  plan.net.paths[0].delay = MilliSeconds(1);
                  plan.net.paths[1].delay = MilliSeconds(100);
                  plan.down = 2000000;
                  plan.joins = 1;
                  RunTransfer(test, plan);
              });
    suite.Add("paths with an MTU of 1500 and 576 bytes",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(2);
                  plan.net.paths[1].mtu = 576;
                  plan.up = 1000000;
                  plan.joins = 1;
                  plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire) {
                      test.Expect(wire.GetBytes(WireChecker::CLIENT, 1) > 100000,
                                  "both paths carry data");
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("queues of five packets",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(2);
                  plan.net.paths[0].queue = 5;
                  plan.net.paths[1].queue = 5;
                  plan.up = 1000000;
                  plan.joins = 1;
                  RunTransfer(test, plan);
              });
    for (const char* option : {"Timestamp", "Sack", "WindowScaling"})
    {
        for (const bool multipath : {false, true})
        {
            suite.Add(std::string(option) + " off" + (multipath ? ", two subflows" : ", plain TCP"),
                      [=](ScenarioTestCase& test)
                      {
                          TransferPlan plan;
                          plan.net = Net(2);
                          plan.up = 300000;
                          plan.down = 300000;
                          plan.attributes.push_back({option, "false"});
                          if (!multipath)
                          {
                              plan.attributes.push_back(PLAIN[0]);
                              plan.expectation = Expectation::PLAIN;
                          }
                          plan.arrange = [](TestRig& rig) { Disturb(rig, 0.01, 0.02, 0.01); };
                          RunTransfer(test, plan);
                      });
        }
    }
    suite.Add("round robin",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(2);
                  plan.up = 1000000;
                  plan.joins = 1;
                  plan.attributes.push_back({"Scheduler", "ns3::MptcpRoundRobin"});
                  RunTransfer(test, plan);
              });
    suite.Add("two subflows between one pair of addresses",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(1);
                  plan.up = 1000000;
                  plan.joins = 1;
                  plan.attributes.push_back({"PathManager", "ns3::MptcpNdiffports"});
                  RunTransfer(test, plan);
              });
    suite.Add("without a path manager nothing joins",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(2);
                  plan.up = 100000;
                  plan.attributes.push_back({"PathManager", "ns3::MptcpNoPathManager"});
                  plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  { test.ExpectEqual(wire.GetJoins(), 0U, "joins"); };
                  RunTransfer(test, plan);
              });
    suite.Add("coupled congestion control",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(2);
                  plan.up = 2000000;
                  plan.joins = 1;
                  plan.attributes.push_back({"CongestionControl", "ns3::MptcpLia"});
                  RunTransfer(test, plan);
              });
    suite.Add("two paths carry nearly twice what one carries",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Net(2);
                  plan.down = 20000000;
                  plan.joins = 1;
                  plan.check = [](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                  {
                      const auto& client = *rig.opened[0];
                      const double rate = 8e-6 * client.received /
                                          (client.lastByteAt - client.connectedAt).GetSeconds();
                      // 2 x 20 Mb/s less headers is 37.8.
                      test.Expect(rate > 33, std::to_string(rate) + " Mb/s");
                  };
                  RunTransfer(test, plan);
              });
}

/// How connections end.
void
AddEndings(ScenarioTestSuite& suite)
{
    using Ending = EndpointOptions::Ending;
    for (const bool multipath : {false, true})
    {
        const std::string kind = multipath ? ", two subflows" : ", plain TCP";
        const auto plan = [multipath]
        {
            TransferPlan plan;
            plan.net = Net(2);
            if (!multipath)
            {
                plan.attributes = PLAIN;
                plan.expectation = Expectation::PLAIN;
            }
            return plan;
        };
        suite.Add("a half-closed connection carries data the other way" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      const auto p = plan();
                      TestRig rig(p.net);
                      EndpointOptions server;
                      server.ending = Ending::NEVER;
                      server.expect = 1000;
                      server.attributes = p.attributes;
                      EndpointOptions client;
                      client.send = 1000;
                      client.expect = 500000;
                      client.attributes = p.attributes;
                      rig.Listen(80, server);
                      rig.Connect(80, client);
                      Simulator::Schedule(Seconds(5),
                                          [&]
                                          {
                                              test.Expect(rig.accepted.size() == 1 &&
                                                              rig.accepted[0]->eof,
                                                          "the server knows of the end");
                                              rig.accepted[0]->SendMore(500000);
                                          });
                      Simulator::Schedule(Seconds(20), [&] { rig.accepted[0]->Close(); });
                      rig.Run(Seconds(300));
                      test.ExpectDone(rig);
                      test.Expect(rig.opened[0]->eofAt > Seconds(20), "the end comes last");
                  });
        suite.Add("Close right after the last write" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      auto p = plan();
                      p.up = 300000;
                      p.client.ending = Ending::CLOSE_WHEN_SENT;
                      p.server.ending = Ending::CLOSE_AT_EOF;
                      RunTransfer(test, p);
                  });
        suite.Add("both ends close at the same time" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Net(2));
                      EndpointOptions end;
                      end.ending = Ending::NEVER;
                      end.send = end.expect = 10000;
                      end.attributes = plan().attributes;
                      rig.Listen(80, end);
                      rig.Connect(80, end);
                      Simulator::Schedule(Seconds(5),
                                          [&]
                                          {
                                              rig.opened[0]->Close();
                                              rig.accepted[0]->Close();
                                          });
                      rig.Run(Seconds(300));
                      test.ExpectDone(rig);
                  });
        suite.Add("both ends shut down at the same time" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Net(2));
                      EndpointOptions end;
                      end.ending = Ending::NEVER;
                      end.send = end.expect = 10000;
                      end.attributes = plan().attributes;
                      rig.Listen(80, end);
                      rig.Connect(80, end);
                      Simulator::Schedule(Seconds(5),
                                          [&]
                                          {
                                              rig.opened[0]->ShutdownSend();
                                              rig.accepted[0]->ShutdownSend();
                                          });
                      Simulator::Schedule(Seconds(6),
                                          [&]
                                          {
                                              test.Expect(rig.opened[0]->eof &&
                                                              rig.accepted[0]->eof,
                                                          "both know of the end");
                                              rig.opened[0]->Close();
                                              rig.accepted[0]->Close();
                                          });
                      rig.Run(Seconds(300));
                      test.ExpectDone(rig);
                  });
        suite.Add("Close with unread data resets the connection" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Net(2));
                      EndpointOptions server;
                      server.ending = Ending::NEVER;
                      server.reading = false;
                      server.attributes = plan().attributes;
                      EndpointOptions client;
                      client.ending = Ending::NEVER;
                      client.send = 10000;
                      client.attributes = plan().attributes;
                      rig.Listen(80, server);
                      rig.Connect(80, client);
                      Simulator::Schedule(
                          Seconds(5),
                          [&]
                          {
                              test.Expect(rig.accepted[0]->GetSocket()->GetRxAvailable() == 10000,
                                          "the data waits");
                              rig.accepted[0]->Close();
                          });
                      rig.Run(Seconds(300));
                      test.Expect(rig.opened[0]->errorClose, "the client is told of an error");
                      test.ExpectEqual(rig.opened[0]->error, ECONNRESET, "which");
                      test.Expect(rig.opened[0]->endedAt < Seconds(6), "at once");
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  });
        for (const uint32_t lost : {1U, 2U})
        {
            suite.Add("the end of the data is lost " + std::to_string(lost) + " times" + kind,
                      [=](ScenarioTestCase& test)
                      {
                          auto p = plan();
                          p.up = 20000;
                          p.down = 20000;
                          p.arrange = [=](TestRig& rig)
                          {
                              for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
                              {
                                  rig.OnAllPaths(
                                      direction,
                                      [=](uint32_t)
                                      {
                                          return DropNth(
                                              [](const WireSegment& segment)
                                              {
                                                  const auto* option = segment.FindMptcp(wire::DSS);
                                                  const auto dss = option
                                                                       ? wire::ReadDss(*option)
                                                                       : std::optional<wire::Dss>();
                                                  return segment.fin || (dss && dss->dataFin);
                                              },
                                              1,
                                              lost);
                                      });
                              }
                          };
                          RunTransfer(test, p);
                      });
        }
    }
}

/// Reproducible, and a good neighbour.
void
AddNeighbours(ScenarioTestSuite& suite)
{
    suite.Add("same seed and run, same bytes at the same times",
              [](ScenarioTestCase& test)
              {
                  uint64_t hashes[3];
                  for (uint32_t i = 0; i < 3; i++)
                  {
                      TransferPlan plan;
                      plan.net = Net(2);
                      plan.net.run = i < 2 ? 7 : 8;
                      plan.up = 300000;
                      plan.down = 300000;
                      plan.arrange = [](TestRig& rig) { Disturb(rig, 0.01, 0.05, 0.01); };
                      plan.check = [&](ScenarioTestCase&, TestRig&, WireChecker& wire)
                      { hashes[i] = wire.GetHash(); };
                      RunTransfer(test, plan);
                  }
                  test.ExpectEqual(hashes[0], hashes[1], "hash of the wire");
                  test.Expect(hashes[0] != hashes[2], "another run draws other keys");
              });
    suite.Add("a stock TCP flow on the node is as without the module",
              [](ScenarioTestCase& test)
              {
                  for (const bool ipv6 : {false, true})
                  {
                      uint64_t hashes[2];
                      for (const bool module : {false, true})
                      {
                          auto net = Net(2, ipv6);
                          net.clientModule = net.serverModule = module;
                          TestRig rig(net);
                          uint64_t& hash = hashes[module];
                          hash = 0;
                          for (uint32_t i = 0; i < 2; i++)
                          {
                              for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
                              {
                                  rig.Path(i)->AddTap(direction,
                                                      [&hash](const WireSegment& segment)
                                                      {
                                                          for (const uint8_t byte : segment.frame)
                                                          {
                                                              hash = hash * 31 + byte;
                                                          }
                                                          hash = hash * 31 +
                                                                 Simulator::Now().GetTimeStep();
                                                      });
                              }
                          }
                          EndpointOptions client;
                          client.send = 300000;
                          EndpointOptions server;
                          server.expect = 300000;
                          server.ending = EndpointOptions::Ending::CLOSE_AT_EOF;
                          rig.OnAllPaths(FilterChannel::UP,
                                         [](uint32_t i)
                                         { return DropRandom(IsAny, 0.01, 5000 + i); });
                          rig.Listen(80, server, true);
                          rig.Connect(80, client, MilliSeconds(10), true);
                          rig.Run(Seconds(600));
                          test.ExpectAllDelivered(rig);
                      }
                      test.ExpectEqual(hashes[0], hashes[1], "hash of the wire");
                  }
              });
    suite.Add("stock and own connections side by side",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Net(2));
                  EndpointOptions client;
                  client.send = 300000;
                  EndpointOptions server;
                  server.expect = 300000;
                  rig.Listen(80, server);
                  server.ending = EndpointOptions::Ending::CLOSE_AT_EOF;
                  rig.Listen(81, server, true);
                  for (uint32_t i = 0; i < 3; i++)
                  {
                      rig.Connect(80, client, MilliSeconds(10 + i));
                      rig.Connect(81, client, MilliSeconds(10 + i), true);
                  }
                  rig.Run(Seconds(600));
                  test.ExpectDone(rig, 6);
              });
    suite.Add("both TCPs cannot listen on one port",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Net(1));
                  for (const bool stockFirst : {false, true})
                  {
                      const uint16_t port = stockFirst ? 90 : 91;
                      const auto create = [&rig](bool stock)
                      {
                          return Socket::CreateSocket(
                              rig.GetServer(),
                              TypeId::LookupByName(stock ? "ns3::TcpSocketFactory"
                                                         : "ns3::MptcpSocketFactory"));
                      };
                      auto first = create(stockFirst);
                      auto second = create(!stockFirst);
                      const InetSocketAddress any(Ipv4Address::GetAny(), port);
                      test.ExpectEqual(first->Bind(any), 0, "the first Bind");
                      test.ExpectEqual(second->Bind(any), -1, "the second Bind");
                      test.ExpectEqual(
                          int(second->GetErrno()), int(Socket::ERROR_ADDRINUSE), "its error");
                  }
              });
}

/// The suite.
class MptcpTransferTestSuite : public ScenarioTestSuite
{
  public:
    MptcpTransferTestSuite()
        : ScenarioTestSuite("mptcp-transfer")
    {
        AddMatrix(*this);
        AddDisturbances(*this);
        AddWindows(*this);
        AddPaths(*this);
        AddEndings(*this);
        AddNeighbours(*this);
    }
};

MptcpTransferTestSuite g_mptcpTransferTestSuite; //!< registers itself

} // namespace

} // namespace ns3
