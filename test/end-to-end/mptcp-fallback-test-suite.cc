// SPDX-License-Identifier: GPL-2.0-only
// Middleboxes that take MPTCP options away: plain TCP, and no byte lost (RFC 8684 section 3.7).
#include "transfer-plan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

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

/// RSTs on a path, by direction and reason (section 3.6); -1 stands for no MP_TCPRST.
using Resets = std::map<std::pair<FilterChannel::Direction, int>, uint32_t>;

/// @param channel where @param resets counts those that are sent there
void
CountResets(Ptr<FilterChannel> channel, std::shared_ptr<Resets> resets)
{
    for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
    {
        channel->AddTap(direction,
                        [=](const WireSegment& segment)
                        {
                            if (segment.rst)
                            {
                                const auto* option = segment.FindMptcp(wire::MP_TCPRST);
                                ++(*resets)[{direction, option ? option->body.at(3) : -1}];
                            }
                        });
    }
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
                      auto resets = std::make_shared<Resets>();
                      plan.arrange = [=](TestRig& rig)
                      {
                          CountResets(rig.Path(1), resets);
                          for (const auto direction : {FilterChannel::UP, FilterChannel::DOWN})
                          {
                              rig.Path(1)->AddRule(direction, StripMptcp(HasDss));
                          }
                      };
                      plan.check = [=](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                      {
                          test.ExpectEqual(rig.accepted.size(), 1U, "accepted");
                          // The receiver sees it first; further data finds no subflow there.
                          resets->erase({upload ? FilterChannel::DOWN : FilterChannel::UP, -1});
                          const Resets expected{
                              {{upload ? FilterChannel::DOWN : FilterChannel::UP, 6}, 1}};
                          test.Expect(*resets == expected, "one RST: middlebox interference");
                      };
                      RunTransfer(test, plan);
                  });
        suite.Add("a join whose SYN-ACK has lost its option is reset" + load,
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      (upload ? plan.up : plan.down) = 500000;
                      auto resets = std::make_shared<Resets>();
                      plan.arrange = [=](TestRig& rig)
                      {
                          CountResets(rig.Path(1), resets);
                          rig.Path(1)->AddRule(FilterChannel::DOWN, StripMptcp(IsSynAck));
                      };
                      plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                      {
                          const Resets expected{{{FilterChannel::UP, 1}, 1}};
                          test.Expect(*resets == expected, "one RST: MPTCP-specific error");
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
    suite.Add("data ACKs that disappear in mid-transfer are no fallback: all arrives, but the "
              "sender is told of an error",
              [](ScenarioTestCase& test)
              {
                  // Section 3.7 knows fallback for want of data ACKs until there was one.
                  TestRig rig(Paths(1));
                  WireChecker wire(rig, 80);
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
                  test.ExpectEqual(rig.accepted.at(0)->GetProblem(), "", "server");
                  test.Expect(rig.opened[0]->errorClose, "the client is told of an error");
                  test.Expect(!wire.HasInfiniteMapping(), "no fallback");
                  test.ExpectEqual(wire.GetProblem(), "", "RFC 8684 on the wire");
              });
    suite.Add("an infinite mapping is announced by the end that falls back late",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(1);
                  plan.up = 500000;
                  plan.expectation = Expectation::FALLBACK;
                  auto infinite = std::make_shared<bool>(false);
                  auto mapped = std::make_shared<uint32_t>(0);
                  auto plain = std::make_shared<uint64_t>(0);
                  plan.arrange = [=](TestRig& rig)
                  {
                      rig.Path(0)->AddRule(FilterChannel::DOWN, StripMptcp(HasDss));
                      rig.Path(0)->AddTap(FilterChannel::UP,
                                          [=](const WireSegment& segment)
                                          {
                                              const auto* option = segment.FindMptcp(wire::DSS);
                                              const auto dss =
                                                  option ? wire::ReadDss(*option) : std::nullopt;
                                              if (dss && dss->hasMapping && dss->length == 0)
                                              {
                                                  *infinite = true;
                                              }
                                              else if (*infinite && segment.HasMptcp())
                                              {
                                                  ++*mapped;
                                              }
                                              else if (*infinite)
                                              {
                                                  *plain += segment.PayloadSize();
                                              }
                                          });
                  };
                  plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker&)
                  {
                      test.Expect(*infinite, "an infinite mapping");
                      test.ExpectEqual(*mapped, 0U, "options behind it");
                      test.Expect(*plain > 400000, "data without options behind it");
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
                      WireChecker wire(rig, 80);
                      uint32_t asking = 0;
                      std::vector<Time> plain;
                      rig.Path(0)->AddTap(FilterChannel::UP,
                                          [&](const WireSegment& segment)
                                          {
                                              if (IsSyn(segment) && segment.HasMptcp())
                                              {
                                                  ++asking;
                                              }
                                              else if (IsSyn(segment))
                                              {
                                                  plain.push_back(Simulator::Now());
                                              }
                                          });
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
                      // Three ask, 1 and 2 s apart; the fourth SYN comes 4 s later.
                      test.ExpectEqual(asking, std::min(drops + 1, 3U), "SYNs that ask for it");
                      test.ExpectEqual(plain.size(), drops < 3 ? 0U : 1U, "SYNs that do not");
                      test.Expect(plain.empty() ||
                                      (plain[0] > Seconds(7) && plain[0] < MilliSeconds(7020)),
                                  "when the first left that does not");
                      test.ExpectEqual(wire.IsMultipath(), drops < 3, "Multipath TCP");
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
