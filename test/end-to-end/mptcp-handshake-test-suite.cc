// SPDX-License-Identifier: GPL-2.0-only
// Connections and subflows come up although segments are lost, and only where they should
// (RFC 8684 sections 3.1, 3.2 and 3.4).
#include "transfer-plan.h"

#include "ns3/mptcp-l4-protocol.h"
#include "ns3/mptcp-socket.h"

#include <cerrno>

namespace ns3
{

namespace
{

using Ending = EndpointOptions::Ending;

constexpr uint16_t PORT = 80;

/// @param segment any @return what completes a handshake: no SYN, no payload
bool
IsMpJoin(const WireSegment& segment)
{
    return segment.FindMptcp(wire::MP_JOIN);
}

/// @param subtype of MPTCP @return matches segments that carry it and are no SYN
WireMatch
Carries(uint8_t subtype)
{
    return [subtype](const WireSegment& segment)
    { return !segment.syn && segment.FindMptcp(subtype); };
}

/// A segment of a handshake.
struct Step
{
    const char* name;                   //!< in sentences
    FilterChannel::Direction direction; //!< when the client opens
    WireMatch match;                    //!< which
};

/// MP_CAPABLE: each packet of the handshake is lost.
void
AddFirstSubflow(ScenarioTestSuite& suite)
{
    const Step steps[] = {{"SYN", FilterChannel::UP, IsSyn},
                          {"SYN-ACK", FilterChannel::DOWN, IsSynAck},
                          {"third ACK", FilterChannel::UP, IsAfterSyn},
                          {"first segment after the SYN-ACK", FilterChannel::DOWN, IsAfterSyn}};

    struct Kind
    {
        const char* name;
        bool multipath;
        bool ipv6;
        uint64_t up;
        uint64_t down;
    };

    const Kind kinds[] = {{"client talks first", true, false, 100000, 0},
                          {"server talks first", true, false, 0, 100000},
                          {"both talk, IPv6", true, true, 50000, 50000},
                          {"plain TCP", false, false, 50000, 50000},
                          {"plain TCP, IPv6, server talks", false, true, 0, 50000}};
    for (const auto& step : steps)
    {
        for (const uint32_t times : {1U, 2U})
        {
            for (const auto& kind : kinds)
            {
                suite.Add(std::string(step.name) + " lost " + (times == 1 ? "once, " : "twice, ") +
                              kind.name,
                          [=](ScenarioTestCase& test)
                          {
                              TransferPlan plan;
                              plan.net = Paths(2);
                              plan.net.ipv6 = kind.ipv6;
                              plan.up = kind.up;
                              plan.down = kind.down;
                              if (kind.multipath)
                              {
                                  plan.joins = 1;
                              }
                              else
                              {
                                  plan.attributes.push_back({"Multipath", "false"});
                                  plan.expectation = Expectation::PLAIN;
                              }
                              plan.arrange = [=](TestRig& rig) {
                                  rig.Path(0)->AddRule(step.direction,
                                                       DropNth(step.match, 1, times));
                              };
                              plan.check = [=](ScenarioTestCase& test, TestRig& rig, WireChecker&) {
                                  test.Expect(rig.opened[0]->eofAt < Seconds(5),
                                              "it goes on within seconds");
                              };
                              RunTransfer(test, plan);
                          });
            }
        }
    }
    suite.Add("third ACK lost, an idle connection is up at the server in the end",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(1));
                  WireChecker wire(rig, PORT);
                  EndpointOptions end;
                  end.ending = Ending::NEVER;
                  rig.Listen(PORT, end);
                  rig.Connect(PORT, end);
                  rig.Path(0)->AddRule(FilterChannel::UP, DropNth(IsAfterSyn, 1, 2));
                  rig.Run(Seconds(20));
                  test.Expect(rig.opened[0]->connected, "the client is connected");
                  test.ExpectEqual(rig.accepted.size(), 1U, "accepted");
                  test.ExpectEqual(wire.GetProblem(), "", "RFC 8684 on the wire");
              });
    suite.Add("the SYN carries the four bytes of version 1 and no key",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(1);
                  plan.up = 1000;
                  plan.arrange = [&test](TestRig& rig)
                  {
                      rig.Path(0)->AddTap(
                          FilterChannel::UP,
                          [&test](const WireSegment& segment)
                          {
                              if (IsSyn(segment))
                              {
                                  const auto* option = segment.FindMptcp(wire::MP_CAPABLE);
                                  test.Expect(option != nullptr, "MP_CAPABLE is there");
                                  if (option)
                                  {
                                      test.Expect(option->body ==
                                                      std::vector<uint8_t>{30, 4, 0x01, 0x01},
                                                  "its bytes");
                                  }
                              }
                          });
                  };
                  RunTransfer(test, plan);
              });
}

/// MP_JOIN: each packet of the handshake is lost.
void
AddJoins(ScenarioTestSuite& suite)
{
    const Step steps[] = {{"SYN", FilterChannel::UP, IsSyn},
                          {"SYN-ACK", FilterChannel::DOWN, IsSynAck},
                          {"third ACK", FilterChannel::UP, IsAfterSyn},
                          {"fourth ACK", FilterChannel::DOWN, IsAfterSyn}};
    for (const auto& step : steps)
    {
        for (const uint32_t times : {1U, 2U})
        {
            for (const bool upload : {true, false})
            {
                suite.Add(
                    std::string("join's ") + step.name + " lost " +
                        (times == 1 ? "once" : "twice") + (upload ? ", upload" : ", download"),
                    [=](ScenarioTestCase& test)
                    {
                        TransferPlan plan;
                        plan.net = Paths(2);
                        (upload ? plan.up : plan.down) = 20000000;
                        plan.joins = 1;
                        plan.arrange = [=](TestRig& rig)
                        { rig.Path(1)->AddRule(step.direction, DropNth(step.match, 1, times)); };
                        plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                        {
                            test.Expect(
                                wire.GetBytes(upload ? WireChecker::CLIENT : WireChecker::SERVER,
                                              1) > 2000000,
                                "the subflow carries data in the end");
                        };
                        RunTransfer(test, plan);
                    });
            }
        }
    }
    suite.Add("no data on a joining subflow before the fourth ACK",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.up = 500000;
                  plan.joins = 1;
                  plan.arrange = [&test](TestRig& rig)
                  {
                      auto fourth = std::make_shared<bool>(false);
                      rig.Path(1)->AddArrivalTap(FilterChannel::DOWN,
                                                 [=](const WireSegment& segment)
                                                 { *fourth |= IsAfterSyn(segment); });
                      rig.Path(1)->AddTap(
                          FilterChannel::UP,
                          [=, &test](const WireSegment& segment)
                          {
                              if (HasPayload(segment) && !*fourth)
                              {
                                  test.Expect(false, "data too early: " + segment.Describe());
                              }
                          });
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("no join before a data ACK or ADD_ADDR of the peer",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.up = 100000;
                  plan.joins = 1;
                  plan.arrange = [&test](TestRig& rig)
                  {
                      auto heard = std::make_shared<bool>(false);
                      rig.Path(0)->AddArrivalTap(FilterChannel::DOWN,
                                                 [=](const WireSegment& segment) {
                                                     *heard |= segment.FindMptcp(wire::DSS) ||
                                                               segment.FindMptcp(wire::ADD_ADDR);
                                                 });
                      rig.Path(1)->AddTap(FilterChannel::UP,
                                          [=, &test](const WireSegment&)
                                          { test.Expect(*heard, "a DSS has arrived before"); });
                  };
                  RunTransfer(test, plan);
              });
    suite.Add(
        "no join of the server's application before a DSS of a silent client",
        [](ScenarioTestCase& test)
        {
            TestRig rig(Paths(2));
            EndpointOptions end;
            end.ending = Ending::NEVER;
            end.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
            rig.Listen(PORT, end);
            rig.Connect(PORT, end);
            uint32_t syns = 0;
            rig.Path(1)->AddTap(FilterChannel::DOWN,
                                [&](const WireSegment& segment)
                                { syns += IsSyn(segment) ? 1 : 0; });
            const auto connection = [&]
            { return DynamicCast<MptcpSocket>(rig.accepted.at(0)->GetSocket())->GetConnection(); };
            Simulator::Schedule(MilliSeconds(300),
                                [&]
                                {
                                    const TcpTuple tuple{TestRig::GetServerIp(0, false),
                                                         TestRig::GetClientIp(1, false),
                                                         0,
                                                         connection()->GetFirstTuple().remotePort};
                                    uint8_t id = 0;
                                    test.ExpectEqual(
                                        connection()->OpenSubflow(tuple, false, false, nullptr, id),
                                        0,
                                        "the server opens");
                                });
            Simulator::Schedule(Seconds(1),
                                [&]
                                {
                                    test.ExpectEqual(syns, 0U, "SYNs before the DSS");
                                    rig.opened[0]->SendMore(100);
                                });
            rig.Run(Seconds(2));
            test.ExpectEqual(syns, 1U, "SYNs");
            const auto subflows = connection()->GetSubflowStatus();
            test.ExpectEqual(subflows.size(), 2U, "subflows");
            for (const auto& status : subflows)
            {
                test.Expect(status.established, "all are established");
            }
        });
    for (const bool ipv6 : {false, true})
    {
        suite.Add(std::string("an idle connection joins") + (ipv6 ? ", IPv6" : ", IPv4"),
                  [=](ScenarioTestCase& test)
                  {
                      auto net = Paths(3);
                      net.ipv6 = ipv6;
                      TestRig rig(net);
                      WireChecker wire(rig, PORT);
                      EndpointOptions end;
                      end.ending = Ending::NEVER;
                      rig.Listen(PORT, end);
                      rig.Connect(PORT, end);
                      rig.Run(Seconds(5));
                      test.ExpectEqual(wire.GetJoins(), 2U, "joins");
                      test.ExpectEqual(rig.accepted.size(), 1U, "accepted connections");
                      test.ExpectEqual(wire.GetProblem(), "", "RFC 8684 on the wire");
                      rig.opened[0]->Close();
                      rig.accepted.at(0)->Close();
                      rig.Run(Seconds(300));
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  });
    }
    suite.Add("a server whose listener is closed accepts joins",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(2));
                  WireChecker wire(rig, PORT);
                  rig.SetInterface(1, false);
                  EndpointOptions client;
                  client.send = 5000000;
                  EndpointOptions server;
                  server.expect = 5000000;
                  auto listener = rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  Simulator::Schedule(MilliSeconds(500), [&] { listener->Close(); });
                  Simulator::Schedule(MilliSeconds(600), [&] { rig.SetInterface(1, true); });
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.ExpectEqual(wire.GetJoins(), 1U, "joins");
                  test.Expect(wire.GetBytes(WireChecker::CLIENT, 1) > 100000,
                              "the subflow carries data");
                  test.ExpectEqual(wire.GetProblem(), "", "RFC 8684 on the wire");
              });
}

/// What must be refused, and how.
void
AddRefusals(ScenarioTestSuite& suite)
{
    for (const bool multipath : {false, true})
    {
        const std::string kind = multipath ? "" : ", plain TCP";
        const TestAttributes attributes{{"Multipath", multipath ? "true" : "false"}};
        for (const bool ipv6 : {false, true})
        {
            suite.Add(std::string("a closed port refuses at once") + (ipv6 ? ", IPv6" : "") + kind,
                      [=](ScenarioTestCase& test)
                      {
                          auto net = Paths(2);
                          net.ipv6 = ipv6;
                          TestRig rig(net);
                          EndpointOptions client;
                          client.attributes = attributes;
                          rig.Connect(81, client);
                          rig.Run(Seconds(300));
                          test.Expect(rig.opened[0]->failed, "the client is told");
                          test.ExpectEqual(rig.opened[0]->error, ECONNREFUSED, "error");
                          test.Expect(rig.opened[0]->endedAt < MilliSeconds(100), "after an RTT");
                          test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                      });
        }
        suite.Add("nobody answers: a time-out after all retries" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Paths(2));
                      uint32_t syns = 0;
                      rig.Path(0)->AddTap(FilterChannel::UP,
                                          [&](const WireSegment& segment)
                                          { syns += IsSyn(segment) ? 1 : 0; });
                      rig.Path(0)->SetSilent(true);
                      rig.Path(1)->SetSilent(true);
                      EndpointOptions client;
                      client.attributes = attributes;
                      rig.Connect(PORT, client);
                      rig.Run(Seconds(300));
                      test.Expect(rig.opened[0]->failed, "the client is told");
                      test.ExpectEqual(rig.opened[0]->error, ETIMEDOUT, "error");
                      // 1 + 2 + 4 + ... + 64 s
                      test.ExpectEqual(syns, 7U, "SYNs");
                      test.Expect(rig.opened[0]->endedAt < Seconds(128), "within two minutes");
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  });
        suite.Add("a client that goes away leaves no half-open connection" + kind,
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Paths(1));
                      rig.Path(0)->AddRule(FilterChannel::UP, DropNth(IsAfterSyn, 1, 1000000));
                      rig.Path(0)->AddRule(FilterChannel::UP,
                                           DropNth([](const auto& s) { return s.rst; }, 1, 1000));
                      EndpointOptions end;
                      end.attributes = attributes;
                      end.ending = Ending::NEVER;
                      auto listener = rig.Listen(PORT, end);
                      rig.Connect(PORT, end);
                      Simulator::Schedule(Seconds(1), [&] { rig.opened[0]->Close(); });
                      rig.Run(Seconds(2000));
                      test.ExpectEqual(rig.accepted.size(), 0U, "accepted");
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  });
    }
    suite.Add("a join with an unknown token is answered by RST, by nobody else",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.up = 300000;
                  auto resets = std::make_shared<uint32_t>(0);
                  plan.arrange = [=](TestRig& rig)
                  {
                      rig.Path(1)->AddRule(FilterChannel::UP,
                                           [](WireSegment& segment, WireFate& f)
                                           {
                                               const auto* option =
                                                   segment.FindMptcp(wire::MP_JOIN);
                                               if (IsSyn(segment) && option)
                                               {
                                                   segment.frame[option->at + 4] ^= 0xff;
                                                   f.modified = true;
                                               }
                                           });
                      rig.Path(1)->AddTap(FilterChannel::DOWN,
                                          [=](const WireSegment& segment)
                                          { *resets += segment.rst ? 1 : 0; });
                  };
                  plan.check = [=](ScenarioTestCase& test, TestRig& rig, WireChecker& wire)
                  {
                      test.Expect(*resets > 0, "a RST came back");
                      test.ExpectEqual(wire.GetJoins(), 0U, "joins");
                      test.ExpectEqual(rig.accepted.size(), 1U, "accepted connections");
                      test.ExpectEqual(wire.GetBytes(WireChecker::CLIENT, 1), 0U, "data there");
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("the same where a stock TCP listens",
              [](ScenarioTestCase& test)
              {
                  auto net = Paths(1);
                  TestRig rig(net);
                  EndpointOptions end;
                  end.ending = Ending::NEVER;
                  rig.Listen(PORT, end, true);
                  uint32_t resets = 0;
                  uint32_t synAcks = 0;
                  rig.Path(0)->AddTap(FilterChannel::DOWN,
                                      [&](const WireSegment& segment)
                                      {
                                          resets += segment.rst ? 1 : 0;
                                          synAcks += segment.syn ? 1 : 0;
                                      });
                  rig.Path(0)->AddRule(
                      FilterChannel::UP,
                      [](WireSegment& segment, WireFate& fate)
                      {
                          // A stock client's SYN, 36 bytes of header with its 16 bytes of options,
                          // becomes a join: window scale, SACK and timestamps give way to 12 bytes
                          // of MP_JOIN.
                          const size_t room = segment.payloadAt - segment.tcpAt - 20;
                          if (IsSyn(segment) && room >= 12)
                          {
                              uint8_t* at = segment.frame.data() + segment.tcpAt + 20;
                              std::fill_n(at, room, 1);
                              const uint8_t join[] = {30, 12, 0x10, 0, 1, 2, 3, 4, 5, 6, 7, 8};
                              std::copy(std::begin(join), std::end(join), at);
                              fate.modified = true;
                          }
                      });
                  EndpointOptions client;
                  rig.Connect(PORT, client, MilliSeconds(10), true);
                  rig.Run(Seconds(2));
                  test.Expect(resets > 0, "RST");
                  test.ExpectEqual(synAcks, 0U, "SYN-ACKs");
                  test.ExpectEqual(rig.accepted.size(), 0U, "accepted");
              });
    for (const bool clientsHmac : {true, false})
    {
        suite.Add(clientsHmac ? "a wrong HMAC of the joining end is refused"
                              : "a wrong HMAC of the accepting end is refused",
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      plan.up = 300000;
                      plan.down = 300000;
                      auto resets = std::make_shared<uint32_t>(0);
                      plan.arrange = [=](TestRig& rig)
                      {
                          const auto direction =
                              clientsHmac ? FilterChannel::UP : FilterChannel::DOWN;
                          rig.Path(1)->AddRule(
                              direction,
                              [=](WireSegment& segment, WireFate& fate)
                              {
                                  if (IsMpJoin(segment) && !IsSyn(segment))
                                  {
                                      segment.frame[segment.FindMptcp(wire::MP_JOIN)->at + 7] ^= 1;
                                      fate.modified = true;
                                  }
                              });
                          rig.Path(1)->AddTap(clientsHmac ? FilterChannel::DOWN : FilterChannel::UP,
                                              [=](const WireSegment& segment)
                                              { *resets += segment.rst ? 1 : 0; });
                      };
                      plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                      {
                          test.Expect(*resets > 0, "a RST came back");
                          test.ExpectEqual(wire.GetBytes(WireChecker::CLIENT, 1) +
                                               wire.GetBytes(WireChecker::SERVER, 1),
                                           0U,
                                           "data there");
                      };
                      RunTransfer(test, plan);
                  });
    }
}

/// ADD_ADDR and REMOVE_ADDR.
void
AddAddresses(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        for (const uint32_t lost : {0U, 1U})
        {
            suite.Add(std::string("the server's second address is advertised and used") +
                          (ipv6 ? ", IPv6" : ", IPv4") + (lost ? ", ADD_ADDR lost once" : ""),
                      [=](ScenarioTestCase& test)
                      {
                          TransferPlan plan;
                          plan.net = Paths(1);
                          plan.net.ipv6 = ipv6;
                          plan.net.serverAddresses = 2;
                          plan.up = 4000000;
                          plan.joins = 1;
                          auto carried = std::make_shared<uint64_t>(0);
                          plan.arrange = [=](TestRig& rig)
                          {
                              rig.Path(0)->AddRule(FilterChannel::DOWN,
                                                   DropNth(Carries(wire::ADD_ADDR), 1, lost));
                              rig.ServerLink(1)->AddTap(FilterChannel::DOWN,
                                                        [=](const WireSegment& segment)
                                                        { *carried += segment.PayloadSize(); });
                          };
                          plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                          {
                              test.Expect(wire.Count(wire::ADD_ADDR, WireChecker::SERVER) > 0,
                                          "ADD_ADDR was sent");
                              test.Expect(wire.Count(wire::ADD_ADDR, WireChecker::CLIENT) > 0,
                                          "ADD_ADDR was echoed");
                              if (!lost)
                              {
                                  test.Expect(*carried > 400000, "the address carries data");
                              }
                          };
                          RunTransfer(test, plan);
                      });
        }
    }
    suite.Add(
        "ADD_ADDR with a wrong HMAC is not believed",
        [](ScenarioTestCase& test)
        {
            TransferPlan plan;
            plan.net = Paths(1);
            plan.net.serverAddresses = 2;
            plan.up = 300000;
            plan.arrange = [](TestRig& rig)
            {
                rig.Path(0)->AddRule(FilterChannel::DOWN,
                                     [](WireSegment& segment, WireFate& fate)
                                     {
                                         if (const auto* option = segment.FindMptcp(wire::ADD_ADDR))
                                         {
                                             segment.frame[option->at + option->body.size() - 1] ^=
                                                 1;
                                             fate.modified = true;
                                         }
                                     });
            };
            plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
            {
                test.ExpectEqual(wire.GetJoins(), 0U, "joins");
                test.ExpectEqual(wire.Count(wire::ADD_ADDR, WireChecker::CLIENT), 0U, "echoes");
            };
            RunTransfer(test, plan);
        });
    suite.Add("two addresses at each end make four subflows",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.net.serverAddresses = 2;
                  plan.up = 5000000;
                  plan.joins = 3;
                  RunTransfer(test, plan);
              });
}

/// The suite.
class MptcpHandshakeTestSuite : public ScenarioTestSuite
{
  public:
    MptcpHandshakeTestSuite()
        : ScenarioTestSuite("mptcp-handshake")
    {
        AddFirstSubflow(*this);
        AddJoins(*this);
        AddRefusals(*this);
        AddAddresses(*this);
    }
};

MptcpHandshakeTestSuite g_mptcpHandshakeTestSuite; //!< registers itself

} // namespace

} // namespace ns3
