// SPDX-License-Identifier: GPL-2.0-only
// Identifiers of addresses, signals that must wait, joins from both ends at once, and which
// failures are tried again (RFC 8684 sections 3, 3.4, 3.6, 3.8 and 3.9).
#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"

#include <algorithm>
#include <map>
#include <set>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;
constexpr uint64_t SIZE = 4000000; // bytes, more than half a second on two paths

/// @param end one end @return its connection
Ptr<MptcpConnection>
GetConnection(const TestEndpoint& end)
{
    return DynamicCast<MptcpSocket>(end.GetSocket())->GetConnection();
}

/// @param segment any @return a SYN with MP_JOIN
bool
IsJoin(const WireSegment& segment)
{
    return IsSyn(segment) && segment.FindMptcp(wire::MP_JOIN);
}

/// @param number of several @param ipv6 family @return an address that nobody has
IpAddress
Nowhere(uint32_t number, bool ipv6)
{
    if (ipv6)
    {
        return Ipv6Address(("2001:db8::" + std::to_string(number)).c_str());
    }
    return Ipv4Address(0xc6120000 + number); // 198.18.0.0/15
}

/// One id never means two addresses, and there are 256 of them.
void
AddIdentifiers(ScenarioTestSuite& suite)
{
    suite.Add(
        "address identifiers: 255 beside the first, one more is refused, a removed one is "
        "free again",
        [](ScenarioTestCase& test)
        {
            RigOptions net = Paths(1);
            net.paths[0].rate = "2Mbps";
            net.paths[0].queue = 10;
            TestRig rig(net);
            WireChecker wire(rig, PORT);
            std::map<uint8_t, std::set<std::vector<uint8_t>>> seen;
            std::set<uint8_t> removed;
            rig.Path(0)->AddTap(FilterChannel::UP,
                                [&](const WireSegment& segment)
                                {
                                    if (const auto* add = segment.FindMptcp(wire::ADD_ADDR))
                                    {
                                        const auto& body = add->body;
                                        const std::vector<uint8_t> address(body.begin() + 4,
                                                                           body.begin() + 8);
                                        seen[body.at(3)].insert(address);
                                    }
                                    if (const auto* gone = segment.FindMptcp(wire::REMOVE_ADDR))
                                    {
                                        removed.insert(gone->body.begin() + 3, gone->body.end());
                                    }
                                });
            EndpointOptions client;
            client.send = SIZE;
            EndpointOptions server;
            server.expect = SIZE;
            server.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
            rig.Listen(PORT, server);
            rig.Connect(PORT, client);
            uint32_t refused = 0;
            std::vector<std::string> told;
            Simulator::Schedule(MilliSeconds(300),
                                [&]
                                {
                                    auto connection = GetConnection(*rig.opened[0]);
                                    const std::function<void(std::string)> sink =
                                        [&told](std::string text) { told.push_back(text); };
                                    connection->TraceConnectWithoutContext(
                                        "RefusedSignal", Callback<void, std::string>(sink));
                                    for (uint32_t i = 1; i <= 256; i++)
                                    {
                                        connection->Advertise(Nowhere(i, false));
                                    }
                                    refused = connection->GetRefusedSignals();
                                });
            Simulator::Schedule(Seconds(13),
                                [&]
                                {
                                    auto connection = GetConnection(*rig.opened[0]);
                                    connection->Withdraw(Nowhere(77, false));
                                    connection->Advertise(Nowhere(1000, false));
                                    test.ExpectEqual(
                                        connection->GetRefusedSignals(), 1U, "refused in the end");
                                });
            rig.Run(Seconds(300));
            test.ExpectDone(rig);
            test.ExpectEqual(refused, 1U, "refused");
            test.ExpectEqual(told.size(), 1U, "told of");
            test.ExpectEqual(seen.size(), 255U, "identifiers on the wire");
            test.Expect(seen.count(0) == 0, "0 is the first address's");
            for (const auto& [id, addresses] : seen)
            {
                test.ExpectEqual(addresses.size(),
                                 removed.count(id) ? 2U : 1U,
                                 "addresses of identifier " + std::to_string(id));
            }
            test.ExpectEqual(removed.size(), 1U, "identifiers removed");
            test.ExpectEqual(wire.GetProblem(), "", "RFC 8684 on the wire");
        });
    suite.Add("the peer's address is known by its join: a subflow back to it has its identifier",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(2));
                  EndpointOptions both;
                  both.send = both.expect = SIZE;
                  rig.Listen(PORT, both);
                  rig.Connect(PORT, both);
                  Simulator::Schedule(
                      MilliSeconds(400),
                      [&]
                      {
                          const auto server = GetConnection(*rig.accepted.at(0));
                          const auto id =
                              server->FindRemoteAddressId(TestRig::GetClientIp(1, false));
                          test.Expect(id && *id == 1, "identifier of the second path");
                          test.Expect(!server->FindRemoteAddressId(Nowhere(1, false)), "unknown");
                      });
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
              });
    for (const bool atOnce : {false, true})
    {
        suite.Add(std::string("REMOVE_ADDR of an unknown identifier does nothing") +
                      (atOnce ? ", believed at once" : ""),
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      plan.up = SIZE;
                      plan.joins = 1;
                      plan.server.attributes = {{"RemoveAddressAtOnce", atOnce ? "true" : "false"}};
                      auto changed = std::make_shared<uint32_t>(0);
                      auto resets = std::make_shared<uint32_t>(0);
                      plan.arrange = [=](TestRig& rig)
                      {
                          // Somebody turns an MP_PRIO into a REMOVE_ADDR.
                          rig.Path(0)->AddRule(FilterChannel::UP,
                                               [=](WireSegment& segment, WireFate& fate)
                                               {
                                                   const auto* prio =
                                                       segment.FindMptcp(wire::MP_PRIO);
                                                   if (prio && prio->body.size() == 3)
                                                   {
                                                       uint8_t* at = &segment.frame[prio->at];
                                                       at[1] = 4;
                                                       at[2] = wire::REMOVE_ADDR << 4;
                                                       at[3] = 77;
                                                       fate.modified = true;
                                                       ++*changed;
                                                   }
                                               });
                          for (uint32_t i = 0; i < 2; i++)
                          {
                              rig.Path(i)->AddTap(FilterChannel::DOWN,
                                                  [=](const WireSegment& segment)
                                                  { *resets += segment.rst ? 1 : 0; });
                          }
                          Simulator::Schedule(MilliSeconds(300),
                                              [&rig]
                                              {
                                                  auto connection = GetConnection(*rig.opened[0]);
                                                  connection->SetBackup(
                                                      connection->GetSubflows().front(), false);
                                              });
                      };
                      plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                      {
                          test.ExpectEqual(*changed, 1U, "REMOVE_ADDR that arrive");
                          test.ExpectEqual(*resets, 0U, "resets");
                          test.Expect(wire.GetBytes(WireChecker::CLIENT, 0) > SIZE / 4 &&
                                          wire.GetBytes(WireChecker::CLIENT, 1) > SIZE / 4,
                                      "both paths carry data");
                      };
                      RunTransfer(test, plan);
                  });
    }
    suite.Add("an MP_PRIO with an address identifier, as version 0 had it, is no option here",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = SIZE;
                  plan.joins = 1;
                  auto changed = std::make_shared<uint32_t>(0);
                  plan.arrange = [=](TestRig& rig)
                  {
                      rig.Path(0)->AddRule(FilterChannel::UP,
                                           [=](WireSegment& segment, WireFate& fate)
                                           {
                                               const auto* prio = segment.FindMptcp(wire::MP_PRIO);
                                               if (prio && prio->body.size() == 3)
                                               {
                                                   // The padding becomes the identifier.
                                                   segment.frame[prio->at + 1] = 4;
                                                   fate.modified = true;
                                                   ++*changed;
                                               }
                                           });
                      Simulator::Schedule(MilliSeconds(300),
                                          [&rig]
                                          {
                                              auto connection = GetConnection(*rig.opened[0]);
                                              connection->SetBackup(
                                                  connection->GetSubflows().front(), true);
                                          });
                  };
                  plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  {
                      test.ExpectEqual(*changed, 1U, "options that arrive");
                      test.Expect(wire.GetBytes(WireChecker::SERVER, 0) > SIZE / 3,
                                  "the server uses the subflow as before");
                  };
                  RunTransfer(test, plan);
              });
}

/// Section 3: ACKs that carry signals, and what is not congestion.
void
AddSignals(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add(std::string("no more than two ACKs in a row for signals, and they are no sign "
                              "of congestion") +
                      (ipv6 ? ", IPv6" : ""),
                  [=](ScenarioTestCase& test)
                  {
                      RigOptions net = Paths(1);
                      net.ipv6 = ipv6;
                      net.paths[0].queue = 10000;
                      TestRig rig(net);
                      WireChecker wire(rig, PORT);
                      std::set<uint8_t> added;
                      uint32_t last = 0; // acknowledgment number
                      uint32_t row = 0;  // duplicate ACKs with signals
                      uint32_t most = 0;
                      rig.Path(0)->AddTap(
                          FilterChannel::DOWN,
                          [&](const WireSegment& segment)
                          {
                              const bool again = IsPureAck(segment) && segment.ack == last;
                              last = segment.ack;
                              row = again ? row : 0;
                              if (const auto* add = segment.FindMptcp(wire::ADD_ADDR))
                              {
                                  added.insert(add->body.at(3));
                                  row += again ? 1 : 0;
                              }
                              most = std::max(most, row);
                          });
                      EndpointOptions client;
                      client.send = SIZE;
                      EndpointOptions server;
                      server.expect = SIZE;
                      rig.Listen(PORT, server);
                      rig.Connect(PORT, client);
                      // While nothing else leaves the server, and while it acknowledges data.
                      Simulator::Schedule(MilliSeconds(300),
                                          [&]
                                          {
                                              auto connection = GetConnection(*rig.accepted.at(0));
                                              for (uint32_t i = 1; i <= 20; i++)
                                              {
                                                  connection->Advertise(Nowhere(i, ipv6));
                                              }
                                          });
                      uint32_t again = 1;
                      Simulator::Schedule(MilliSeconds(1500),
                                          [&] {
                                              again = GetConnection(*rig.opened[0])
                                                          ->GetSubflows()
                                                          .front()
                                                          ->GetDetails()
                                                          .retransmissions;
                                          });
                      rig.Run(Seconds(300));
                      test.ExpectDone(rig);
                      test.ExpectEqual(added.size(), 20U, "addresses advertised");
                      test.Expect(most == 1 || most == 2,
                                  "duplicate ACKs with signals in a row: " + std::to_string(most));
                      test.ExpectEqual(again, 0U, "retransmissions of the client");
                      test.ExpectEqual(wire.GetProblem(), "", "RFC 8684 on the wire");
                  });
    }
    for (const bool drops : {false, true})
    {
        suite.Add(
            drops ? "an IPv6 ADD_ADDR with port leaves on an ACK without timestamps, by "
                    "attribute"
                  : "... which otherwise is refused, and told of",
            [=](ScenarioTestCase& test)
            {
                RigOptions net = Paths(1);
                net.ipv6 = true;
                TestRig rig(net);
                EndpointOptions client;
                client.send = SIZE;
                client.attributes = {{"AddAddrDropsTimestamps", drops ? "true" : "false"}};
                EndpointOptions server;
                server.expect = SIZE;
                uint32_t bare = 0;
                uint32_t others = 0;
                uint32_t echoes = 0;
                rig.Path(0)->AddTap(FilterChannel::UP,
                                    [&](const WireSegment& segment)
                                    {
                                        if (segment.rst || segment.FindOption(8))
                                        {
                                            return;
                                        }
                                        const bool signal =
                                            segment.FindMptcp(wire::ADD_ADDR) && IsPureAck(segment);
                                        (signal ? bare : others)++;
                                    });
                rig.Path(0)->AddTap(FilterChannel::DOWN,
                                    [&](const WireSegment& segment)
                                    { echoes += segment.FindMptcp(wire::ADD_ADDR) ? 1 : 0; });
                rig.Listen(PORT, server);
                rig.Connect(PORT, client);
                std::vector<std::string> told;
                Simulator::Schedule(MilliSeconds(300),
                                    [&]
                                    {
                                        auto connection = GetConnection(*rig.opened[0]);
                                        const std::function<void(std::string)> sink =
                                            [&told](std::string text) { told.push_back(text); };
                                        connection->TraceConnectWithoutContext(
                                            "RefusedSignal", Callback<void, std::string>(sink));
                                        connection->Advertise(Nowhere(1, true), 8080);
                                    });
                rig.Run(Seconds(300));
                test.ExpectDone(rig);
                test.ExpectEqual(bare, drops ? 1U : 0U, "ADD_ADDR without timestamps");
                test.ExpectEqual(others, 0U, "other segments without timestamps");
                test.ExpectEqual(echoes, drops ? 1U : 0U, "the peer accepts and echoes it");
                test.ExpectEqual(told.size(), drops ? 0U : 1U, "refusals told of");
            });
    }
    suite.Add("a REMOVE_ADDR that waits on a subflow that dies leaves on another",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(3));
                  EndpointOptions client;
                  client.send = SIZE;
                  EndpointOptions server;
                  server.expect = SIZE;
                  std::set<uint8_t> removed;
                  for (const uint32_t path : {0U, 1U, 2U})
                  {
                      rig.Path(path)->AddArrivalTap(
                          FilterChannel::UP,
                          [&](const WireSegment& segment)
                          {
                              if (const auto* gone = segment.FindMptcp(wire::REMOVE_ADDR))
                              {
                                  removed.insert(gone->body.begin() + 3, gone->body.end());
                              }
                          });
                  }
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  Simulator::Schedule(
                      MilliSeconds(400),
                      [&]
                      {
                          auto connection = GetConnection(*rig.opened[0]);
                          for (uint32_t i = 1; i <= 4; i++)
                          {
                              connection->Advertise(Nowhere(i, false));
                          }
                          connection->WithdrawAll({Nowhere(1, false), Nowhere(2, false)});
                          // All of its signals wait on one subflow: the fastest, which ends now.
                          for (const auto& status : connection->GetSubflowStatus())
                          {
                              if (status.subflow->GetTuple().localAddress !=
                                  TestRig::GetClientIp(2, false))
                              {
                                  connection->CloseSubflow(status.id,
                                                           MptcpConnection::SubflowEnding::RESET);
                              }
                          }
                      });
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.ExpectEqual(removed.size(), 2U, "identifiers removed");
              });
    suite.Add("a REMOVE_ADDR that found no subflow is dropped when the address has come back",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(1);
                  plan.up = SIZE;
                  // Such a peer would end the new subflow.
                  plan.server.attributes = {{"RemoveAddressAtOnce", "true"}};
                  plan.joins = 1;
                  plan.arrange = [](TestRig& rig)
                  {
                      Simulator::Schedule(MilliSeconds(100), [&] { rig.SetInterface(0, false); });
                      Simulator::Schedule(Seconds(2), [&] { rig.SetInterface(0, true); });
                  };
                  plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire) {
                      test.ExpectEqual(
                          wire.Count(wire::REMOVE_ADDR, WireChecker::CLIENT), 0U, "REMOVE_ADDR");
                  };
                  RunTransfer(test, plan);
              });
}

/// Section 3.9.2: both ends open subflows at the same time.
void
AddSimultaneous(ScenarioTestSuite& suite)
{
    for (const bool samePorts : {false, true})
    {
        for (const bool ipv6 : {false, true})
        {
            suite.Add(
                std::string("simultaneous joins between the same addresses, ") +
                    (samePorts ? "same ports: one subflow" : "other ports: two subflows") +
                    (ipv6 ? ", IPv6" : ""),
                [=](ScenarioTestCase& test)
                {
                    RigOptions net = Paths(2);
                    net.ipv6 = ipv6;
                    TestRig rig(net);
                    EndpointOptions both;
                    both.send = both.expect = SIZE;
                    both.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
                    rig.Listen(PORT, both);
                    rig.Connect(PORT, both);
                    uint64_t carried[2] = {0, 0};
                    uint32_t resets = 0;
                    for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
                    {
                        rig.Path(1)->AddTap(way,
                                            [&, way](const WireSegment& segment)
                                            {
                                                carried[way] += segment.PayloadSize();
                                                resets +=
                                                    segment.rst && Simulator::Now() < Seconds(1);
                                            });
                    }
                    Simulator::Schedule(
                        MilliSeconds(300),
                        [&]
                        {
                            const auto client = GetConnection(*rig.opened[0]);
                            const auto server = GetConnection(*rig.accepted.at(0));
                            TcpTuple tuple{TestRig::GetClientIp(1, ipv6),
                                           TestRig::GetServerIp(0, ipv6),
                                           0,
                                           PORT};
                            tuple.localPort = samePorts ? client->GetFirstTuple().localPort : 0;
                            TcpTuple back{tuple.remoteAddress,
                                          tuple.localAddress,
                                          samePorts ? PORT : uint16_t{0},
                                          tuple.localPort};
                            uint8_t id = 0;
                            test.ExpectEqual(client->OpenSubflow(tuple, false, false, nullptr, id),
                                             0,
                                             "the client opens");
                            test.ExpectEqual(server->OpenSubflow(back, false, false, nullptr, id),
                                             0,
                                             "the server opens");
                        });
                    Simulator::Schedule(
                        MilliSeconds(600),
                        [&]
                        {
                            for (const auto* end : {rig.opened[0].get(), rig.accepted[0].get()})
                            {
                                const auto all = GetConnection(*end)->GetSubflowStatus();
                                test.ExpectEqual(all.size(), samePorts ? 2U : 3U, "subflows");
                                for (const auto& status : all)
                                {
                                    test.Expect(status.established, "all are established");
                                }
                            }
                        });
                    rig.Run(Seconds(300));
                    test.ExpectDone(rig);
                    test.Expect(carried[0] > SIZE / 4, "it carries data up");
                    test.Expect(carried[1] > SIZE / 4, "and down");
                    test.ExpectEqual(resets, 0U, "resets");
                });
        }
    }
    suite.Add(
        "simultaneous joins on the same ports, the answers lost once",
        [](ScenarioTestCase& test)
        {
            TestRig rig(Paths(2));
            EndpointOptions both;
            both.send = both.expect = 2 * SIZE;
            both.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
            rig.Listen(PORT, both);
            rig.Connect(PORT, both);
            for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
            {
                rig.Path(1)->AddRule(way, DropNth(IsSynAck, 1, way == FilterChannel::UP));
            }
            Simulator::Schedule(
                MilliSeconds(300),
                [&]
                {
                    const auto client = GetConnection(*rig.opened[0]);
                    const auto server = GetConnection(*rig.accepted.at(0));
                    TcpTuple tuple{TestRig::GetClientIp(1, false),
                                   TestRig::GetServerIp(0, false),
                                   client->GetFirstTuple().localPort,
                                   PORT};
                    TcpTuple back{tuple.remoteAddress, tuple.localAddress, PORT, tuple.localPort};
                    uint8_t id = 0;
                    client->OpenSubflow(tuple, false, false, nullptr, id);
                    server->OpenSubflow(back, false, false, nullptr, id);
                });
            Simulator::Schedule(
                Seconds(2),
                [&]
                {
                    for (const auto* end : {rig.opened[0].get(), rig.accepted[0].get()})
                    {
                        const auto all = GetConnection(*end)->GetSubflowStatus();
                        test.ExpectEqual(all.size(), 2U, "subflows");
                    }
                });
            rig.Run(Seconds(300));
            test.ExpectDone(rig);
        });
}

/// Sections 3.4.1, 3.6 and 3.9.3: what is tried again.
void
AddRetries(ScenarioTestSuite& suite)
{
    struct Case
    {
        const char* name;
        std::optional<uint8_t> flags; // of MP_TCPRST; nothing: none
        uint8_t reason;
        bool again;
    };

    const Case cases[] = {
        {"with flag T, lack of resources: tried again", 0x1, 2, true},
        {"with flag T, other reserved flags set: tried again", 0xf, 5, true},
        {"without flag T, prohibited: never again", 0x0, 3, false},
        {"without flag T, unspecified: never again", 0x0, 0, false},
        {"without flag T, other reserved flags set: never again", 0xe, 2, false},
        {"without MP_TCPRST: tried again", std::nullopt, 0, true},
    };
    for (const auto& entry : cases)
    {
        suite.Add(
            std::string("a subflow that the peer resets ") + entry.name,
            [=](ScenarioTestCase& test)
            {
                RigOptions net = Paths(2);
                for (auto& path : net.paths)
                {
                    path.rate = "3Mbps";
                }
                TestRig rig(net);
                rig.Path(1)->AddRule(FilterChannel::DOWN,
                                     [=](WireSegment& segment, WireFate& fate)
                                     {
                                         const auto* option = segment.FindMptcp(wire::MP_TCPRST);
                                         if (!segment.rst || !option)
                                         {
                                             return;
                                         }
                                         if (entry.flags)
                                         {
                                             uint8_t* at = &segment.frame[option->at];
                                             at[2] = wire::MP_TCPRST << 4 | *entry.flags;
                                             at[3] = entry.reason;
                                         }
                                         else
                                         {
                                             segment.StripMptcp();
                                         }
                                         fate.modified = true;
                                     });
                uint32_t joins = 0;
                rig.Path(1)->AddTap(FilterChannel::UP,
                                    [&](const WireSegment& segment)
                                    { joins += IsJoin(segment) ? 1 : 0; });
                EndpointOptions client;
                client.send = SIZE;
                EndpointOptions server;
                server.expect = SIZE;
                rig.Listen(PORT, server);
                rig.Connect(PORT, client);
                Simulator::Schedule(MilliSeconds(500),
                                    [&]
                                    {
                                        auto connection = GetConnection(*rig.accepted.at(0));
                                        const auto all = connection->GetSubflowStatus();
                                        test.ExpectEqual(all.size(), 2U, "subflows before");
                                        connection->CloseSubflow(
                                            all.back().id, MptcpConnection::SubflowEnding::RESET);
                                    });
                rig.Run(Seconds(300));
                test.ExpectDone(rig);
                test.ExpectEqual(joins, entry.again ? 2U : 1U, "joins");
            });
    }
    suite.Add("an address that failed is not tried from another local address either",
              [](ScenarioTestCase& test)
              {
                  RigOptions net = Paths(2);
                  net.serverAddresses = 2;
                  TestRig rig(net);
                  rig.SetInterface(1, false);
                  EndpointOptions client;
                  client.send = 10 * SIZE;
                  client.attributes = {{"ConnCount", "1"}};
                  EndpointOptions server;
                  server.expect = 10 * SIZE;
                  const auto failing = TestRig::GetServerIp(1, false);
                  const auto isTo = [failing](const WireSegment& segment)
                  {
                      return IsJoin(segment) && wire::ReadNumber(segment.destination.data(), 4) ==
                                                    std::get<Ipv4Address>(failing).Get();
                  };
                  uint32_t attempts = 0;
                  uint32_t others = 0;
                  for (const uint32_t path : {0U, 1U})
                  {
                      rig.Path(path)->AddTap(FilterChannel::UP,
                                             [&](const WireSegment& segment)
                                             {
                                                 attempts += isTo(segment) ? 1 : 0;
                                                 others += IsJoin(segment) && !isTo(segment);
                                             });
                      rig.Path(path)->AddRule(FilterChannel::UP, DropNth(isTo, 1, 1000));
                  }
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  uint32_t before = 0;
                  Simulator::Schedule(Seconds(8),
                                      [&]
                                      {
                                          before = attempts;
                                          rig.SetInterface(1, true);
                                      });
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.ExpectEqual(before, 2U, "SYNs of the one attempt");
                  test.ExpectEqual(attempts, 2U, "SYNs to it in the end");
                  test.ExpectEqual(others, 1U, "SYNs from the new address to the other one");
              });
}

/// The suite.
class MptcpAddressesTestSuite : public ScenarioTestSuite
{
  public:
    MptcpAddressesTestSuite()
        : ScenarioTestSuite("mptcp-addresses")
    {
        AddIdentifiers(*this);
        AddSignals(*this);
        AddSimultaneous(*this);
        AddRetries(*this);
    }
};

MptcpAddressesTestSuite g_mptcpAddressesTestSuite; //!< registers itself

} // namespace

} // namespace ns3
