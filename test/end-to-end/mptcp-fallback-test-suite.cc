// SPDX-License-Identifier: GPL-2.0-only
// Middleboxes that take MPTCP options away: plain TCP, and no byte lost (RFC 8684 section 3.7).
#include "transfer-plan.h"

namespace ns3
{

namespace
{

/// Where options are lost.
struct Middlebox
{
    const char* name;                                 //!< in sentences
    std::vector<FilterChannel::Direction> directions; //!< both or one
    WireMatch match;                                  //!< which segments lose their options
    bool letsJoin{false};                             //!< MP_JOIN passes
};

/// @param segment any @return whether it carries a DSS
bool
HasDss(const WireSegment& segment)
{
    return segment.FindMptcp(wire::DSS);
}

/// @return all of them
std::vector<Middlebox>
GetMiddleboxes()
{
    return {
        {"options taken from the SYN", {FilterChannel::UP}, IsSyn},
        {"options taken from the SYN-ACK", {FilterChannel::DOWN}, IsSynAck},
        {"options taken from all of the client's segments but the SYN",
         {FilterChannel::UP},
         IsAfterSyn},
        {"options taken from all of the server's segments but the SYN-ACK",
         {FilterChannel::DOWN},
         IsAfterSyn},
        {"options taken from all segments but SYN and SYN-ACK",
         {FilterChannel::UP, FilterChannel::DOWN},
         IsAfterSyn},
        {"options taken from everything", {FilterChannel::UP, FilterChannel::DOWN}, IsAny},
        {"DSS taken from both ends", {FilterChannel::UP, FilterChannel::DOWN}, HasDss, true},
        {"DSS taken from the client", {FilterChannel::UP}, HasDss, true},
        {"DSS taken from the server", {FilterChannel::DOWN}, HasDss, true},
    };
}

/// All of them, with and without loss.
void
AddMiddleboxes(ScenarioTestSuite& suite)
{
    struct Load
    {
        const char* name;
        uint64_t up;
        uint64_t down;
        bool loss;
        bool ipv6;
    };

    const Load loads[] = {{"upload", 500000, 0, false, false},
                          {"download", 0, 500000, false, false},
                          {"both directions, IPv6", 300000, 300000, false, true},
                          {"both directions with loss", 200000, 200000, true, false},
                          {"one byte each way", 1, 1, false, false},
                          {"no data", 0, 0, false, false}};
    for (const auto& box : GetMiddleboxes())
    {
        for (const auto& load : loads)
        {
            suite.Add(std::string(box.name) + ", " + load.name,
                      [=](ScenarioTestCase& test)
                      {
                          TransferPlan plan;
                          plan.net = Paths(2);
                          plan.net.ipv6 = load.ipv6;
                          plan.up = load.up;
                          plan.down = load.down;
                          // With MP_JOIN let through, a join may win against the fallback.
                          plan.expectation =
                              box.letsJoin ? Expectation::DELIVERED : Expectation::FALLBACK;
                          plan.limit = Seconds(600);
                          plan.arrange = [=](TestRig& rig)
                          {
                              for (const auto direction : box.directions)
                              {
                                  rig.OnAllPaths(direction,
                                                 [&](uint32_t) { return StripMptcp(box.match); });
                              }
                              if (load.loss)
                              {
                                  rig.Path(0)->AddRule(FilterChannel::UP,
                                                       DropRandom(IsAny, 0.02, 5000));
                                  rig.Path(0)->AddRule(FilterChannel::DOWN,
                                                       DropRandom(IsAny, 0.02, 5001));
                              }
                          };
                          RunTransfer(test, plan);
                      });
        }
    }
}

/// Options disappear on a joined subflow, or while data flows.
void
AddJoined(ScenarioTestSuite& suite)
{
    for (const bool upload : {true, false})
    {
        const std::string load = upload ? ", upload" : ", download";
        suite.Add("a joined subflow without options is reset, the first goes on" + load,
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      (upload ? plan.up : plan.down) = 2000000;
                      plan.arrange = [](TestRig& rig)
                      {
                          for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
                          {
                              rig.Path(1)->AddRule(direction, StripMptcp(HasDss));
                          }
                      };
                      plan.check = [](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                      { test.ExpectEqual(rig.accepted.size(), 1U, "accepted"); };
                      RunTransfer(test, plan);
                  });
        suite.Add("a join whose SYN-ACK has lost its option is reset" + load,
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      (upload ? plan.up : plan.down) = 500000;
                      plan.arrange = [](TestRig& rig)
                      { rig.Path(1)->AddRule(FilterChannel::DOWN, StripMptcp(IsSynAck)); };
                      plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                      {
                          test.ExpectEqual(wire.GetBytes(WireChecker::CLIENT, 1) +
                                               wire.GetBytes(WireChecker::SERVER, 1),
                                           0U,
                                           "data on it");
                      };
                      RunTransfer(test, plan);
                  });
        suite.Add("a join whose SYN has lost its option does no harm" + load,
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Paths(2));
                      rig.Path(1)->AddRule(FilterChannel::UP, StripMptcp(IsSyn));
                      EndpointOptions client;
                      EndpointOptions server;
                      (upload ? client.send : server.send) = 500000;
                      (upload ? server.expect : client.expect) = 500000;
                      rig.Listen(80, server);
                      rig.Connect(80, client);
                      rig.Run(Seconds(300));
                      test.ExpectEqual(rig.opened[0]->GetProblem(), "", "client");
                      auto* peer = ScenarioTestCase::FindPeer(rig, *rig.opened[0]);
                      test.Expect(peer && peer->GetProblem().empty(), "server");
                  });
    }
    suite.Add("one subflow whose DSS disappear in mid-transfer goes on as plain TCP",
              [](ScenarioTestCase& test)
              {
                  // Section 3.7 lets a sender fall back on a subflow that is the only one and
                  // whose peer still acknowledges; what it has sent is all there.
                  TestRig rig(Paths(1));
                  EndpointOptions client;
                  client.send = 1000000;
                  EndpointOptions server;
                  server.expect = 1000000;
                  Simulator::Schedule(
                      MilliSeconds(200),
                      [&] { rig.Path(0)->AddRule(FilterChannel::DOWN, StripMptcp(HasDss)); });
                  rig.Listen(80, server);
                  rig.Connect(80, client);
                  rig.Run(Seconds(3000));
                  test.ExpectEqual(rig.accepted.at(0)->GetWrongByte(), "", "wrong bytes");
                  test.Expect(rig.accepted[0]->eof || rig.opened[0]->errorClose,
                              "all arrives, or the client is told of an error");
              });
    suite.Add("an infinite mapping is announced by the end that falls back late",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(1);
                  plan.up = 500000;
                  plan.expectation = Expectation::FALLBACK;
                  plan.arrange = [](TestRig& rig)
                  { rig.Path(0)->AddRule(FilterChannel::DOWN, StripMptcp(HasDss)); };
                  plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  {
                      test.Expect(wire.HasInfiniteMapping() ||
                                      wire.GetMptcpSegments() < wire.GetSegments(),
                                  "the client stops to map");
                  };
                  RunTransfer(test, plan);
              });
}

/// Section 3.9.3: a join that has failed is not tried again, though the path answers each time.
void
AddFailedJoins(ScenarioTestSuite& suite)
{
    struct Loss
    {
        const char* name;
        WireMatch up;   //!< segments of the client that lose their options
        WireMatch down; //!< ... of the server
    };

    const auto never = [](const WireSegment&) { return false; };
    const auto isReset = [](const WireSegment& segment) { return segment.rst; };
    const Loss losses[] = {{"SYN", IsSyn, never},
                           {"SYN-ACK", never, IsSynAck},
                           {"third ACK, and the RST", IsAfterSyn, isReset}};
    for (const auto& loss : losses)
    {
        for (const bool advertised : {false, true})
        {
            suite.Add(std::string("a join whose ") + loss.name + " has lost its option is not " +
                          "tried again, " + (advertised ? "an advertised" : "the first") +
                          " address of the server",
                      [=](ScenarioTestCase& test)
                      {
                          RigOptions net = Paths(advertised ? 1 : 2);
                          net.serverAddresses = advertised ? 2 : 1;
                          TestRig rig(net);
                          EndpointOptions both;
                          both.send = both.expect = 10000;
                          both.ending = EndpointOptions::Ending::NEVER;
                          // From the client: towards the router, or from there to the server.
                          const auto channel = advertised ? rig.ServerLink(1) : rig.Path(1);
                          const auto up = advertised ? FilterChannel::DOWN : FilterChannel::UP;
                          const auto down = advertised ? FilterChannel::UP : FilterChannel::DOWN;
                          channel->AddRule(up, StripMptcp(loss.up));
                          channel->AddRule(down, StripMptcp(loss.down));
                          uint32_t syns = 0;
                          channel->AddTap(up,
                                          [&](const WireSegment& segment)
                                          { syns += IsSyn(segment) ? 1 : 0; });
                          rig.Listen(80, both);
                          rig.Connect(80, both);
                          rig.Run(Seconds(30));
                          test.ExpectEqual(syns, 1U, "SYNs");
                          test.ExpectEqual(rig.opened[0]->received, 10000U, "bytes");
                          test.Expect(!rig.opened[0]->errorClose, "the connection lives");
                      });
        }
    }
}

/// An end does not want MPTCP.
void
AddUnwilling(ScenarioTestSuite& suite)
{
    for (const bool client : {true, false})
    {
        for (const bool ipv6 : {true, false})
        {
            suite.Add(
                std::string(client ? "the client" : "the listener") + " has Multipath off" +
                    (ipv6 ? ", IPv6" : ""),
                [=](ScenarioTestCase& test)
                {
                    TransferPlan plan;
                    plan.net = Paths(2);
                    plan.net.ipv6 = ipv6;
                    plan.up = 300000;
                    plan.down = 300000;
                    (client ? plan.client : plan.server).attributes = {{"Multipath", "false"}};
                    plan.expectation = client ? Expectation::PLAIN : Expectation::FALLBACK;
                    plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                    {
                        test.ExpectEqual(wire.Count(wire::MP_CAPABLE, WireChecker::SERVER),
                                         0U,
                                         "answers to MP_CAPABLE");
                        test.ExpectEqual(wire.Count(wire::DSS, WireChecker::CLIENT), 0U, "DSS");
                    };
                    RunTransfer(test, plan);
                });
        }
    }
    for (const uint32_t drops : {1U, 2U, 3U, 4U})
    {
        suite.Add("SYNs with MP_CAPABLE vanish, " + std::to_string(drops) + " of them",
                  [=](ScenarioTestCase& test)
                  {
                      // A middlebox that drops unknown options: section 3.1 wants a SYN without.
                      TestRig rig(Paths(1));
                      rig.Path(0)->AddRule(FilterChannel::UP,
                                           DropNth([](const WireSegment& segment)
                                                   { return IsSyn(segment) && segment.HasMptcp(); },
                                                   1,
                                                   drops));
                      EndpointOptions client;
                      client.send = 10000;
                      EndpointOptions server;
                      server.expect = 10000;
                      rig.Listen(80, server);
                      rig.Connect(80, client);
                      rig.Run(Seconds(300));
                      test.ExpectDone(rig);
                  });
    }
}

/// The suite.
class MptcpFallbackTestSuite : public ScenarioTestSuite
{
  public:
    MptcpFallbackTestSuite()
        : ScenarioTestSuite("mptcp-fallback")
    {
        AddMiddleboxes(*this);
        AddJoined(*this);
        AddFailedJoins(*this);
        AddUnwilling(*this);
    }
};

MptcpFallbackTestSuite g_mptcpFallbackTestSuite; //!< registers itself

} // namespace

} // namespace ns3
