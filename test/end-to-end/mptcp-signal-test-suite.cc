// SPDX-License-Identifier: GPL-2.0-only
// MP_FASTCLOSE (RFC 8684 section 3.5), flag C (3.1), ADD_ADDR, REMOVE_ADDR and MP_PRIO (3.3.8, 3.4)
// and the 40 bytes of options that they share.
#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"

#include <cerrno>
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

/// Counts of a kind of segment, over all paths.
class Counter
{
  public:
    /// @param rig whose links to watch @param direction which way @param match which segments
    Counter(TestRig& rig, FilterChannel::Direction direction, WireMatch match)
    {
        for (uint32_t i = 0; i < rig.CountPaths(); i++)
        {
            rig.Path(i)->AddTap(direction,
                                [this, match](const WireSegment& segment)
                                { count += match(segment) ? 1 : 0; });
        }
    }

    uint32_t count{0}; //!< so far
};

/// @param segment any @return an ACK with MP_FASTCLOSE
bool
IsFastcloseAck(const WireSegment& segment)
{
    return !segment.rst && segment.FindMptcp(wire::MP_FASTCLOSE);
}

/// @param segment any @return a RST with MP_FASTCLOSE
bool
IsFastcloseRst(const WireSegment& segment)
{
    return segment.rst && segment.FindMptcp(wire::MP_FASTCLOSE);
}

/// @param segment any @return a SYN with MP_JOIN
bool
IsJoin(const WireSegment& segment)
{
    return IsSyn(segment) && segment.FindMptcp(wire::MP_JOIN);
}

/// A transfer both ways on two paths, whose client ends it at once in the middle.
struct Aborted
{
    /// @param byAck how
    explicit Aborted(bool byAck)
        : rig(Paths(2)),
          acks(rig, FilterChannel::UP, IsFastcloseAck),
          rsts(rig, FilterChannel::UP, IsFastcloseRst),
          answers(rig, FilterChannel::DOWN, [](const WireSegment& segment) { return segment.rst; })
    {
        EndpointOptions both;
        both.send = both.expect = 10 * SIZE;
        // No queue overflows: a RST behind lost data would be none.
        both.attributes = {{"FastcloseByAck", byAck ? "true" : "false"}, {"SndBufSize", "60000"}};
        rig.Listen(PORT, both);
        rig.Connect(PORT, both);
        Simulator::Schedule(MilliSeconds(400), [this] { GetConnection(*rig.opened[0])->Abort(); });
    }

    TestRig rig;     //!< the network
    Counter acks;    //!< of the client
    Counter rsts;    //!< of the client
    Counter answers; //!< of the server
};

/// Section 3.5.
void
AddFastclose(ScenarioTestSuite& suite)
{
    suite.Add("fast close by RST on all subflows",
              [](ScenarioTestCase& test)
              {
                  Aborted run(false);
                  run.rig.Run(Seconds(300));
                  test.ExpectEqual(run.rsts.count, 2U, "RSTs with MP_FASTCLOSE");
                  test.ExpectEqual(run.acks.count, 0U, "ACKs with MP_FASTCLOSE");
                  test.ExpectEqual(run.rig.accepted.at(0)->error, ECONNRESET, "the peer's error");
                  test.ExpectEqual(run.rig.GetLeftovers(), "", "left over");
              });
    suite.Add("fast close by an ACK on one subflow, answered by a RST",
              [](ScenarioTestCase& test)
              {
                  Aborted run(true);
                  run.rig.Run(Seconds(300));
                  test.ExpectEqual(run.acks.count, 1U, "ACKs with MP_FASTCLOSE");
                  test.ExpectEqual(run.rsts.count, 0U, "RSTs with MP_FASTCLOSE");
                  test.Expect(run.answers.count > 0, "a RST answers");
                  test.ExpectEqual(run.rig.accepted.at(0)->error, ECONNRESET, "the peer's error");
                  test.ExpectEqual(run.rig.GetLeftovers(), "", "left over");
              });
    suite.Add("MP_FASTCLOSE on an ACK is repeated three times, then a RST carries it",
              [](ScenarioTestCase& test)
              {
                  Aborted run(true);
                  run.rig.OnAllPaths(FilterChannel::UP,
                                     [](uint32_t) { return DropNth(IsFastcloseAck, 1, 1000); });
                  // Nor does anything else of the server end the subflow.
                  Simulator::Schedule(MilliSeconds(399),
                                      [&run] {
                                          run.rig.OnAllPaths(FilterChannel::DOWN,
                                                             [](uint32_t)
                                                             { return DropNth(IsAny, 1, 100000); });
                                      });
                  run.rig.Run(Seconds(300));
                  test.ExpectEqual(run.acks.count, 4U, "ACKs with MP_FASTCLOSE");
                  test.ExpectEqual(run.rsts.count, 1U, "RSTs with MP_FASTCLOSE");
                  test.ExpectEqual(run.rig.accepted.at(0)->error, ECONNRESET, "the peer's error");
                  test.ExpectEqual(run.rig.GetLeftovers(), "", "left over");
              });
    suite.Add("both ends close fast at the same time",
              [](ScenarioTestCase& test)
              {
                  Aborted run(true);
                  Simulator::Schedule(MilliSeconds(405),
                                      [&run] { GetConnection(*run.rig.accepted.at(0))->Abort(); });
                  run.rig.Run(Seconds(300));
                  test.ExpectEqual(run.acks.count, 1U, "ACKs with MP_FASTCLOSE");
                  test.ExpectEqual(run.rig.GetLeftovers(), "", "left over");
              });
    suite.Add("MP_FASTCLOSE with a wrong key is ignored",
              [](ScenarioTestCase& test)
              {
                  Aborted run(true);
                  run.rig.OnAllPaths(FilterChannel::UP,
                                     [](uint32_t)
                                     {
                                         return [](WireSegment& segment, WireFate& fate)
                                         {
                                             if (IsFastcloseAck(segment))
                                             {
                                                 const auto* option =
                                                     segment.FindMptcp(wire::MP_FASTCLOSE);
                                                 segment.frame[option->at + 7] ^= 1;
                                                 fate.modified = true;
                                             }
                                         };
                                     });
                  run.rig.Run(Seconds(300));
                  test.ExpectEqual(run.acks.count, 4U, "ACKs with MP_FASTCLOSE");
                  test.ExpectEqual(run.rsts.count, 1U, "RSTs with MP_FASTCLOSE");
                  test.Expect(run.rig.accepted.at(0)->endedAt > MilliSeconds(600),
                              "the ACKs have ended nothing");
                  test.ExpectEqual(run.rig.GetLeftovers(), "", "left over");
              });
}

/// Sections 3.1 and 3.2: who may join.
void
AddJoins(ScenarioTestSuite& suite)
{
    for (const uint32_t addresses : {1U, 2U})
    {
        suite.Add(addresses == 1
                      ? "flag C: nobody joins to the only address of a host that denies it"
                      : "flag C: joins go to the other address of a host that denies the first",
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      plan.net.serverAddresses = addresses;
                      plan.down = SIZE;
                      plan.server.attributes = {{"DenyJoinInitialAddress", "true"}};
                      auto joins = std::make_shared<std::set<std::vector<uint8_t>>>();
                      plan.arrange = [=](TestRig& rig)
                      {
                          for (uint32_t i = 0; i < 2; i++)
                          {
                              rig.Path(i)->AddTap(FilterChannel::UP,
                                                  [=](const WireSegment& segment)
                                                  {
                                                      if (IsJoin(segment))
                                                      {
                                                          joins->emplace(
                                                              segment.destination.begin(),
                                                              segment.destination.end());
                                                      }
                                                  });
                          }
                      };
                      plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker&)
                      { test.ExpectEqual(joins->size(), addresses - 1, "addresses joined"); };
                      RunTransfer(test, plan);
                  });
    }
    suite.Add("flag C: a join to where a host denies it is refused",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = SIZE;
                  plan.server.attributes = {{"DenyJoinInitialAddress", "true"}};
                  auto joins = std::make_shared<uint32_t>(0);
                  auto resets = std::make_shared<uint32_t>(0);
                  plan.arrange = [=](TestRig& rig)
                  {
                      // A client that does not heed the flag.
                      rig.Path(0)->AddRule(FilterChannel::DOWN,
                                           [](WireSegment& segment, WireFate& fate)
                                           {
                                               const auto* capable =
                                                   segment.FindMptcp(wire::MP_CAPABLE);
                                               if (capable && IsSynAck(segment))
                                               {
                                                   segment.frame[capable->at + 3] &= ~0x20;
                                                   fate.modified = true;
                                               }
                                           });
                      rig.Path(1)->AddTap(FilterChannel::UP,
                                          [=](const WireSegment& segment)
                                          { *joins += IsJoin(segment) ? 1 : 0; });
                      rig.Path(1)->AddTap(FilterChannel::DOWN,
                                          [=](const WireSegment& segment)
                                          { *resets += segment.rst ? 1 : 0; });
                  };
                  plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  {
                      test.ExpectEqual(*joins, 1U, "joins asked for");
                      test.ExpectEqual(*resets, 1U, "refused");
                      test.ExpectEqual(wire.GetJoins(), 0U, "joins");
                  };
                  RunTransfer(test, plan);
              });
    suite.Add(
        "flag C holds though the peer has removed the address, but not for another port of it",
        [](ScenarioTestCase& test)
        {
            RigOptions net = Paths(1);
            net.serverAddresses = 2;
            TestRig rig(net);
            EndpointOptions end;
            end.ending = EndpointOptions::Ending::NEVER;
            end.attributes = {{"DenyJoinInitialAddress", "true"}};
            rig.Listen(PORT, end);
            rig.Connect(PORT, end);
            const auto initial = TestRig::GetServerIp(0, false);
            Simulator::Schedule(MilliSeconds(500),
                                [&] { GetConnection(*rig.accepted.at(0))->Withdraw(initial); });
            Simulator::Schedule(
                Seconds(2),
                [&]
                {
                    const auto connection = GetConnection(*rig.opened[0]);
                    test.Expect(!connection->FindRemoteAddressId(initial), "it is removed");
                    TcpTuple tuple{TestRig::GetClientIp(0, false), initial, 0, PORT};
                    uint8_t id = 0;
                    test.ExpectEqual(connection->OpenSubflow(tuple, false, false, nullptr, id),
                                     ECONNREFUSED,
                                     "the port of the first subflow");
                    tuple.remotePort = PORT + 1;
                    test.ExpectEqual(connection->OpenSubflow(tuple, false, false, nullptr, id),
                                     0,
                                     "another port");
                });
            rig.Run(Seconds(3));
        });
    for (const bool needed : {false, true})
    {
        suite.Add(needed ? "a join to a port without listener is refused, by attribute"
                         : "a join needs no listener, its token decides",
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Paths(2));
                      WireChecker wire(rig, PORT);
                      EndpointOptions client;
                      client.send = SIZE;
                      EndpointOptions server;
                      server.expect = SIZE;
                      server.attributes = {{"JoinNeedsListener", needed ? "true" : "false"}};
                      Ptr<Socket> listener = rig.Listen(PORT, server);
                      rig.Path(1)->AddRule(FilterChannel::UP,
                                           [](WireSegment& segment, WireFate& fate)
                                           {
                                               if (IsSyn(segment))
                                               {
                                                   fate.delay += MilliSeconds(50);
                                               }
                                           });
                      Simulator::Schedule(MilliSeconds(80), [listener] { listener->Close(); });
                      rig.Connect(PORT, client);
                      rig.Run(Seconds(300));
                      test.ExpectAllDelivered(rig);
                      test.ExpectEqual(wire.GetJoins() > 0, !needed, "joined");
                  });
    }
    suite.Add("an advertised address that refused is tried again only when it is repeated",
              [](ScenarioTestCase& test)
              {
                  RigOptions net = Paths(1);
                  net.serverAddresses = 2;
                  TestRig rig(net);
                  EndpointOptions client;
                  client.send = 10 * SIZE;
                  client.attributes = {{"ConnCount", "1"}};
                  EndpointOptions server;
                  server.expect = 10 * SIZE;
                  Counter joins(rig, FilterChannel::UP, IsJoin);
                  rig.Path(0)->AddRule(FilterChannel::UP, DropNth(IsJoin, 1, 1000));
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  uint32_t before = 0;
                  uint32_t after = 0;
                  Simulator::Schedule(Seconds(8),
                                      [&]
                                      {
                                          before = joins.count;
                                          GetConnection(*rig.accepted.at(0))
                                              ->Advertise(WithoutPort(rig.GetServerAddress(1, 0)));
                                      });
                  Simulator::Schedule(Seconds(8.5), [&] { after = joins.count; });
                  rig.Run(Seconds(300));
                  test.ExpectAllDelivered(rig);
                  test.ExpectEqual(before, 2U, "SYNs of the one attempt");
                  test.ExpectEqual(after, 3U, "SYNs after the address was repeated");
              });
    suite.Add("ADD_ADDR with a port: the join goes to that port",
              [](ScenarioTestCase& test)
              {
                  RigOptions net = Paths(1);
                  net.serverAddresses = 2;
                  TestRig rig(net);
                  EndpointOptions client;
                  client.send = SIZE;
                  EndpointOptions server;
                  server.expect = SIZE;
                  server.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
                  Counter joins(rig,
                                FilterChannel::UP,
                                [](const WireSegment& segment)
                                { return IsJoin(segment) && segment.destinationPort == 8080; });
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  uint32_t subflows = 0;
                  Simulator::Schedule(MilliSeconds(200),
                                      [&rig] {
                                          GetConnection(*rig.accepted.at(0))
                                              ->Advertise(WithoutPort(rig.GetServerAddress(1, 0)),
                                                          8080);
                                      });
                  Simulator::Schedule(
                      MilliSeconds(500),
                      [&] { subflows = GetConnection(*rig.opened[0])->GetSubflows().size(); });
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.ExpectEqual(joins.count, 1U, "joins to the port");
                  test.ExpectEqual(subflows, 2U, "subflows");
              });
    suite.Add("ADD_ADDR with flags that have no meaning: they are ignored, and 0 in the echo",
              [](ScenarioTestCase& test)
              {
                  RigOptions net = Paths(1);
                  net.serverAddresses = 2;
                  TestRig rig(net);
                  EndpointOptions both;
                  both.send = both.expect = SIZE;
                  // The HMAC does not cover them.
                  rig.Path(0)->AddRule(FilterChannel::DOWN,
                                       [](WireSegment& segment, WireFate& fate)
                                       {
                                           if (const auto* add = segment.FindMptcp(wire::ADD_ADDR))
                                           {
                                               segment.frame[add->at + 2] |= 0x0e;
                                               fate.modified = true;
                                           }
                                       });
                  const auto isEcho = [](const WireSegment& segment, uint8_t others)
                  {
                      const auto* add = segment.FindMptcp(wire::ADD_ADDR);
                      return add && (add->body[2] & 1) == 1 && (add->body[2] & 0x0e) == others;
                  };
                  Counter echoes(rig,
                                 FilterChannel::UP,
                                 [=](const WireSegment& segment) { return isEcho(segment, 0); });
                  Counter copies(rig,
                                 FilterChannel::UP,
                                 [=](const WireSegment& segment) { return isEcho(segment, 0x0e); });
                  rig.Listen(PORT, both);
                  rig.Connect(PORT, both);
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.ExpectEqual(echoes.count, 1U, "echoes");
                  test.ExpectEqual(copies.count, 0U, "echoes with these flags");
              });
}

/// Section 3.4.2.
void
AddRemovals(ScenarioTestSuite& suite)
{
    for (const bool atOnce : {false, true})
    {
        suite.Add(atOnce ? "REMOVE_ADDR ends a live subflow at once, by attribute"
                         : "REMOVE_ADDR: a subflow that answers the probe goes on",
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Paths(2));
                      EndpointOptions client;
                      client.send = SIZE;
                      EndpointOptions server;
                      server.expect = SIZE;
                      server.attributes = {{"RemoveAddressAtOnce", atOnce ? "true" : "false"}};
                      // Somebody turns an MP_PRIO of the client into a REMOVE_ADDR.
                      rig.Path(0)->AddRule(FilterChannel::UP,
                                           [](WireSegment& segment, WireFate& fate)
                                           {
                                               const auto* prio = segment.FindMptcp(wire::MP_PRIO);
                                               if (prio && prio->body.size() == 3)
                                               {
                                                   uint8_t* at = &segment.frame[prio->at];
                                                   at[1] = 4;
                                                   at[2] = wire::REMOVE_ADDR << 4;
                                                   at[3] = 1;
                                                   fate.modified = true;
                                               }
                                           });
                      uint32_t resets = 0;
                      rig.Path(1)->AddTap(FilterChannel::DOWN,
                                          [&](const WireSegment& segment)
                                          { resets += segment.rst ? 1 : 0; });
                      rig.Listen(PORT, server);
                      rig.Connect(PORT, client);
                      Simulator::Schedule(MilliSeconds(300),
                                          [&rig]
                                          {
                                              auto connection = GetConnection(*rig.opened[0]);
                                              connection->SetBackup(
                                                  connection->GetSubflows().front(), true);
                                          });
                      rig.Run(Seconds(300));
                      test.ExpectDone(rig);
                      test.ExpectEqual(resets > 0, atOnce, "the second subflow was reset");
                  });
    }
    for (const bool repeats : {false, true})
    {
        suite.Add(std::string("REMOVE_ADDR is lost twice: ") +
                      (repeats ? "RemoveAddressRepeats tells the peer all the same"
                               : "the peer goes on knowing the address, as Linux's does"),
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Paths(2));
                      EndpointOptions client;
                      client.send = 5 * SIZE;
                      client.attributes = {{"RemoveAddressRepeats", repeats ? "3" : "0"}};
                      EndpointOptions server;
                      server.expect = client.send;
                      server.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
                      rig.Listen(PORT, server);
                      rig.Connect(PORT, client);
                      std::vector<Time> sent;
                      for (uint32_t path = 0; path < 2; path++)
                      {
                          rig.Path(path)->AddRule(FilterChannel::UP,
                                                  [&](WireSegment& segment, WireFate& fate)
                                                  {
                                                      if (segment.FindMptcp(wire::REMOVE_ADDR))
                                                      {
                                                          sent.push_back(Simulator::Now());
                                                          fate.drop = sent.size() <= 2;
                                                      }
                                                  });
                      }
                      const IpAddress unused = Ipv4Address("192.0.2.77");
                      bool known = false;
                      Simulator::Schedule(MilliSeconds(300),
                                          [&]
                                          { GetConnection(*rig.opened[0])->Advertise(unused); });
                      Simulator::Schedule(MilliSeconds(600),
                                          [&] { GetConnection(*rig.opened[0])->Withdraw(unused); });
                      Simulator::Schedule(
                          MilliSeconds(3400),
                          [&]
                          {
                              for (const auto& remote :
                                   GetConnection(*rig.accepted.at(0))->GetRemoteAddresses())
                              {
                                  known |= remote.address == unused;
                              }
                          });
                      rig.Run(Seconds(300));
                      test.ExpectDone(rig);
                      test.ExpectEqual(known, !repeats, "the server knows the address");
                      test.ExpectEqual(sent.size(), repeats ? 4U : 1U, "REMOVE_ADDRs");
                      for (size_t i = 2; i < sent.size(); i++)
                      {
                          test.Expect(sent[i] - sent[i - 1] > (sent[i - 1] - sent[i - 2]) * 1.5,
                                      "each after a longer time");
                      }
                  });
    }
    suite.Add("REMOVE_ADDR: a subflow that answers no probe is ended",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(2));
                  EndpointOptions client;
                  client.send = 3 * SIZE;
                  EndpointOptions server;
                  server.expect = 3 * SIZE;
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  size_t subflows = 0;
                  Simulator::Schedule(MilliSeconds(300),
                                      [&rig]
                                      {
                                          rig.Path(1)->SetSilent(true);
                                          GetConnection(*rig.opened[0])
                                              ->Withdraw(WithoutPort(rig.GetClientAddress(1, 0)));
                                      });
                  Simulator::Schedule(
                      MilliSeconds(1800),
                      [&] { subflows = GetConnection(*rig.accepted.at(0))->GetSubflows().size(); });
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.ExpectEqual(subflows, 1U, "subflows of the server");
              });
}

/// Options that compete for 40 bytes: each leaves, at the latest alone.
void
AddSpace(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        for (const bool loss : {false, true})
        {
            suite.Add(
                std::string("ADD_ADDR, REMOVE_ADDR and MP_PRIO of one moment all leave") +
                    (loss ? ", beside SACK" : "") + (ipv6 ? ", IPv6" : ""),
                [=](ScenarioTestCase& test)
                {
                    RigOptions net = Paths(3);
                    net.ipv6 = ipv6;
                    TestRig rig(net);
                    WireChecker wire(rig, PORT);
                    EndpointOptions both;
                    both.send = both.expect = SIZE;
                    rig.Listen(PORT, both);
                    rig.Connect(PORT, both);
                    if (loss)
                    {
                        for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
                        {
                            rig.OnAllPaths(way, [](uint32_t) { return DropEvery(HasPayload, 20); });
                        }
                    }
                    std::set<uint8_t> added;
                    std::set<uint8_t> echoed;
                    uint32_t removed = 0;
                    uint32_t prios = 0;
                    for (uint32_t i = 0; i < 3; i++)
                    {
                        rig.Path(i)->AddTap(
                            FilterChannel::UP,
                            [&](const WireSegment& segment)
                            {
                                if (const auto* add = segment.FindMptcp(wire::ADD_ADDR))
                                {
                                    added.insert(add->body.at(3));
                                }
                                removed += segment.FindMptcp(wire::REMOVE_ADDR) ? 1 : 0;
                                prios += segment.FindMptcp(wire::MP_PRIO) ? 1 : 0;
                            });
                        rig.Path(i)->AddTap(FilterChannel::DOWN,
                                            [&](const WireSegment& segment)
                                            {
                                                if (const auto* echo =
                                                        segment.FindMptcp(wire::ADD_ADDR))
                                                {
                                                    echoed.insert(echo->body.at(3));
                                                }
                                            });
                    }
                    Simulator::Schedule(
                        MilliSeconds(300),
                        [&]
                        {
                            auto connection = GetConnection(*rig.opened[0]);
                            for (uint32_t i = 1; i <= 3; i++)
                            {
                                const std::string last = std::to_string(i);
                                connection->Advertise(
                                    ipv6 ? IpAddress(Ipv6Address(("2001:db8::" + last).c_str()))
                                         : IpAddress(Ipv4Address(("192.0.2." + last).c_str())));
                            }
                            const auto subflows = connection->GetSubflows();
                            connection->SetBackup(subflows.back(), true);
                            connection->Withdraw(WithoutPort(rig.GetClientAddress(1, 0)));
                        });
                    rig.Run(Seconds(300));
                    test.ExpectAllDelivered(rig);
                    test.ExpectEqual(added.size(), 3U, "addresses advertised");
                    test.ExpectEqual(echoed.size(), 3U, "addresses echoed");
                    test.ExpectEqual(removed, 1U, "REMOVE_ADDR");
                    test.ExpectEqual(prios, 1U, "MP_PRIO");
                });
        }
    }
    for (const bool timestamps : {true, false})
    {
        suite.Add(timestamps ? "an IPv6 ADD_ADDR with port does not fit beside timestamps: counted"
                             : "an IPv6 ADD_ADDR with port leaves where there are no timestamps",
                  [=](ScenarioTestCase& test)
                  {
                      RigOptions net = Paths(1);
                      net.ipv6 = true;
                      TestRig rig(net);
                      WireChecker wire(rig, PORT);
                      EndpointOptions client;
                      client.send = SIZE;
                      client.attributes = {{"Timestamp", timestamps ? "true" : "false"}};
                      EndpointOptions server;
                      server.expect = SIZE;
                      rig.Listen(PORT, server);
                      rig.Connect(PORT, client);
                      uint32_t refused = 0;
                      Simulator::Schedule(MilliSeconds(300),
                                          [&]
                                          {
                                              auto connection = GetConnection(*rig.opened[0]);
                                              connection->Advertise(Ipv6Address("2001:db8::1"),
                                                                    8080);
                                              refused = connection->GetRefusedSignals();
                                          });
                      rig.Run(Seconds(300));
                      test.ExpectDone(rig);
                      test.ExpectEqual(refused, timestamps ? 1U : 0U, "refused");
                      test.ExpectEqual(wire.Count(wire::ADD_ADDR, WireChecker::CLIENT),
                                       timestamps ? 0U : 1U,
                                       "ADD_ADDR");
                  });
    }
}

/// The suite.
class MptcpSignalTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSignalTestSuite()
        : ScenarioTestSuite("mptcp-signal")
    {
        AddFastclose(*this);
        AddJoins(*this);
        AddRemovals(*this);
        AddSpace(*this);
    }
};

MptcpSignalTestSuite g_mptcpSignalTestSuite; //!< registers itself

} // namespace

} // namespace ns3
