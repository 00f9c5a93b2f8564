// SPDX-License-Identifier: GPL-2.0-only
// Subflows die in every way; no byte is lost and nothing hangs (RFC 8684 sections 3.3.6 and 3.4.2).
#include "transfer-plan.h"

#include "ns3/inet-socket-address.h"
#include "ns3/mptcp-socket.h"

#include <cerrno>

namespace ns3
{

namespace
{

using Ending = EndpointOptions::Ending;

constexpr uint16_t PORT = 80;
constexpr uint64_t SIZE = 4000000; // bytes, more than half a second on two paths

/// Reset a subflow from outside: a RST with the next sequence number that the receiver expects.
/// @param rig where @param path which @param direction the RST travels @param at when
void
ResetAt(TestRig& rig, uint32_t path, FilterChannel::Direction direction, Time at)
{
    struct State
    {
        std::vector<uint8_t> frame; // a segment of the other direction: its ACK is what we need
        size_t tcpAt{0};
    };

    auto state = std::make_shared<State>();
    const auto back = direction == FilterChannel::UP ? FilterChannel::DOWN : FilterChannel::UP;
    auto channel = rig.Path(path);
    // The receiver's own last ACK tells what it expects.
    channel->AddTap(back,
                    [=](const WireSegment& segment)
                    {
                        if (segment.hasAck && !segment.syn && !segment.rst)
                        {
                            state->frame = segment.frame;
                            state->tcpAt = segment.tcpAt;
                        }
                    });
    const auto shoot = [=]
    {
        if (state->frame.empty())
        {
            return;
        }
        std::vector<uint8_t> frame(state->frame.begin(), state->frame.begin() + state->tcpAt + 20);
        const bool ipv6 = frame[0] >> 4 == 6;
        const size_t size = ipv6 ? 16 : 4;
        const size_t source = ipv6 ? 8 : 12;
        std::swap_ranges(
            frame.begin() + source, frame.begin() + source + size, frame.begin() + source + size);
        uint8_t* tcp = frame.data() + state->tcpAt;
        std::swap_ranges(tcp, tcp + 2, tcp + 2);
        std::swap_ranges(tcp + 4, tcp + 8, tcp + 8); // seq becomes the receiver's ack
        tcp[12] = 5 << 4;
        tcp[13] = 4;
        const size_t length = ipv6 ? 20 : frame.size();
        frame[ipv6 ? 4 : 2] = length >> 8;
        frame[ipv6 ? 5 : 3] = length & 0xff;
        if (!ipv6)
        {
            frame[8] = 64;
            frame[10] = frame[11] = 0;
        }
        channel->Inject(direction, frame);
    };
    // What is in flight moves the receiver on: shoot until one hits.
    for (uint32_t i = 0; i < 20; i++)
    {
        Simulator::Schedule(at + MicroSeconds(437 * i), shoot);
    }
}

/// A way in which a path dies, and perhaps comes back.
struct Accident
{
    const char* name;                                     //!< in a sentence
    std::function<void(TestRig& rig, uint32_t path)> run; //!< what happens, some 300 ms into it
};

/// @return all of them
std::vector<Accident>
GetAccidents()
{
    return {
        {"RST from the client's side",
         [](TestRig& rig, uint32_t path)
         { ResetAt(rig, path, FilterChannel::UP, MilliSeconds(300)); }},
        {"RST from the server's side",
         [](TestRig& rig, uint32_t path)
         { ResetAt(rig, path, FilterChannel::DOWN, MilliSeconds(300)); }},
        {"path silent for good",
         [](TestRig& rig, uint32_t path) {
             Simulator::Schedule(MilliSeconds(300),
                                 [&rig, path] { rig.Path(path)->SetSilent(true); });
         }},
        {"path silent for two seconds",
         [](TestRig& rig, uint32_t path)
         {
             Simulator::Schedule(MilliSeconds(300),
                                 [&rig, path] { rig.Path(path)->SetSilent(true); });
             Simulator::Schedule(MilliSeconds(2300),
                                 [&rig, path] { rig.Path(path)->SetSilent(false); });
         }},
        {"interface down for good",
         [](TestRig& rig, uint32_t path) {
             Simulator::Schedule(MilliSeconds(300),
                                 [&rig, path] { rig.SetInterface(path, false); });
         }},
        {"interface down and up",
         [](TestRig& rig, uint32_t path)
         {
             Simulator::Schedule(MilliSeconds(300),
                                 [&rig, path] { rig.SetInterface(path, false); });
             Simulator::Schedule(MilliSeconds(700), [&rig, path] { rig.SetInterface(path, true); });
         }},
        {"address removed",
         [](TestRig& rig, uint32_t path)
         { Simulator::Schedule(MilliSeconds(300), [&rig, path] { rig.RemoveAddress(path); }); }},
    };
}

/// One of two subflows has an accident.
void
AddAccidents(ScenarioTestSuite& suite)
{
    for (const auto& accident : GetAccidents())
    {
        for (const uint32_t path : {0U, 1U})
        {
            for (const bool ipv6 : {false, true})
            {
                for (const bool upload : {false, true})
                {
                    if (ipv6 && upload != (path == 1))
                    {
                        continue; // half of them will do
                    }
                    suite.Add(
                        std::string(accident.name) + ", " + (path ? "second" : "first") +
                            " subflow, " + (upload ? "upload" : "download") +
                            (ipv6 ? ", IPv6" : ""),
                        [=](ScenarioTestCase& test)
                        {
                            TransferPlan plan;
                            plan.net = Paths(2);
                            plan.net.ipv6 = ipv6;
                            (upload ? plan.up : plan.down) = SIZE;
                            plan.joins = 1;
                            plan.limit = Seconds(3000);
                            plan.arrange = [=](TestRig& rig) { accident.run(rig, path); };
                            plan.check = [=](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                            {
                                const auto& sink = upload ? *rig.accepted.at(0) : *rig.opened[0];
                                test.Expect(sink.eofAt < Seconds(8),
                                            "the other path goes on: end at " +
                                                std::to_string(sink.eofAt.GetSeconds()));
                                test.Expect(sink.longestGap < Seconds(1.5),
                                            "a gap of " +
                                                std::to_string(sink.longestGap.GetSeconds()) +
                                                " s");
                            };
                            RunTransfer(test, plan);
                        });
                }
            }
        }
    }

    // Linux counts the path's first time-out, some 300 ms into the silence, and then periods of
    // 200 ms and of a round-trip time longer in turns: after one more 0.5 s, after four more 1.2 s.
    struct Patience
    {
        uint32_t count;     //!< StaleLossCount
        double least, most; //!< of the interruption, in s
    };

    for (const Patience& patience : {Patience{0, 0, 0.5}, {1, 0.4, 0.9}, {4, 1.0, 1.7}})
    {
        suite.Add("path silent for good, StaleLossCount " + std::to_string(patience.count),
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      plan.down = SIZE;
                      plan.joins = 1;
                      plan.limit = Seconds(3000);
                      plan.attributes = {{"StaleLossCount", std::to_string(patience.count)}};
                      plan.arrange = [](TestRig& rig) {
                          Simulator::Schedule(MilliSeconds(300),
                                              [&rig] { rig.Path(0)->SetSilent(true); });
                      };
                      plan.check = [=](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                      {
                          const double gap = rig.opened[0]->longestGap.GetSeconds();
                          test.Expect(gap >= patience.least && gap <= patience.most,
                                      "a gap of " + std::to_string(gap) + " s");
                      };
                      RunTransfer(test, plan);
                  });
    }
    suite.Add("both paths silent in turns",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = 10000000;
                  plan.up = 2000000;
                  plan.joins = 1;
                  plan.limit = Seconds(1000);
                  plan.arrange = [](TestRig& rig)
                  {
                      for (uint32_t i = 0; i < 6; i++)
                      {
                          Simulator::Schedule(MilliSeconds(300 + 1500 * i),
                                              [&rig, i] { rig.Path(i % 2)->SetSilent(true); });
                          Simulator::Schedule(MilliSeconds(1300 + 1500 * i),
                                              [&rig, i] { rig.Path(i % 2)->SetSilent(false); });
                      }
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("all paths silent for five seconds",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = SIZE;
                  plan.limit = Seconds(1000);
                  plan.arrange = [](TestRig& rig)
                  {
                      for (const bool silent : {true, false})
                      {
                          Simulator::Schedule(silent ? MilliSeconds(300) : MilliSeconds(5300),
                                              [&rig, silent]
                                              {
                                                  rig.Path(0)->SetSilent(silent);
                                                  rig.Path(1)->SetSilent(silent);
                                              });
                      }
                  };
                  plan.check = [](ScenarioTestCase& test, TestRig& rig, WireChecker&) {
                      test.Expect(rig.opened[0]->eofAt < Seconds(15),
                                  "back-off at most doubles the outage");
                  };
                  RunTransfer(test, plan);
              });
    suite.Add("a subflow dies as it joins",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = 1000000;
                  plan.limit = Seconds(1000);
                  plan.arrange = [](TestRig& rig) {
                      Simulator::Schedule(MilliSeconds(45),
                                          [&rig] { rig.Path(1)->SetSilent(true); });
                  };
                  plan.check = [](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                  { test.Expect(rig.opened[0]->eofAt < Seconds(5), "the first one goes on"); };
                  RunTransfer(test, plan);
              });
    suite.Add("the client's interface goes down as it closes",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.up = 100000;
                  plan.limit = Seconds(1000);
                  plan.arrange = [](TestRig& rig) {
                      Simulator::Schedule(MilliSeconds(95), [&rig] { rig.SetInterface(0, false); });
                  };
                  RunTransfer(test, plan);
              });
}

/// No subflow is left.
void
AddLastSubflow(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add(std::string("the only interface goes down and up: the connection goes on") +
                      (ipv6 ? ", IPv6" : ""),
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(1);
                      plan.net.ipv6 = ipv6;
                      plan.down = SIZE;
                      plan.up = 100000;
                      plan.joins = 1;
                      plan.limit = Seconds(2000);
                      plan.arrange = [](TestRig& rig)
                      {
                          Simulator::Schedule(MilliSeconds(300),
                                              [&] { rig.SetInterface(0, false); });
                          Simulator::Schedule(Seconds(20), [&] { rig.SetInterface(0, true); });
                      };
                      plan.check = [](ScenarioTestCase& test, TestRig& rig, WireChecker&)
                      { test.Expect(rig.opened[0]->eofAt < Seconds(30), "it goes on"); };
                      RunTransfer(test, plan);
                  });
    }
    suite.Add("all subflows are reset: a new one joins the connection",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.down = SIZE;
                  plan.joins = 2;
                  plan.limit = Seconds(1000);
                  plan.arrange = [](TestRig& rig)
                  {
                      ResetAt(rig, 0, FilterChannel::UP, MilliSeconds(300));
                      ResetAt(rig, 1, FilterChannel::UP, MilliSeconds(300));
                      // Whoever has lost all paths learns of a new one when an interface comes up.
                      Simulator::Schedule(Seconds(5),
                                          [&rig]
                                          {
                                              rig.SetInterface(1, false);
                                              rig.SetInterface(1, true);
                                          });
                  };
                  RunTransfer(test, plan);
              });
    for (const bool removed : {false, true})
    {
        suite.Add(std::string("a connection outlives its last subflow by CloseTimeout") +
                      (removed ? ", address removed" : ", interface down"),
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Paths(1));
                      EndpointOptions end;
                      end.ending = Ending::NEVER;
                      end.send = end.expect = 1000;
                      end.attributes = {{"CloseTimeout", "10s"}};
                      rig.Listen(PORT, end);
                      rig.Connect(PORT, end);
                      Simulator::Schedule(
                          Seconds(5),
                          [&] { removed ? rig.RemoveAddress(0) : rig.SetInterface(0, false); });
                      Simulator::Schedule(
                          Seconds(14),
                          [&] { test.Expect(!rig.opened[0]->errorClose, "it lives at first"); });
                      rig.Run(Seconds(3000));
                      const auto& client = *rig.opened[0];
                      test.Expect(client.errorClose, "the client is told");
                      test.Expect(client.error == ETIMEDOUT || client.error == ECONNRESET,
                                  "error is " + std::to_string(client.error));
                      test.Expect(client.endedAt >= Seconds(14.9) && client.endedAt < Seconds(17),
                                  "after CloseTimeout, not at " +
                                      std::to_string(client.endedAt.GetSeconds()));
                      rig.accepted.at(0)->Close();
                      rig.Run(Seconds(6000));
                      test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
                  });
    }
    suite.Add(
        "the last subflow is reset: ECONNRESET after CloseTimeout",
        [](ScenarioTestCase& test)
        {
            TestRig rig(Paths(1));
            EndpointOptions end;
            end.ending = Ending::NEVER;
            end.send = end.expect = 1000;
            end.attributes = {{"CloseTimeout", "10s"}, {"PathManager", "ns3::MptcpNoPathManager"}};
            rig.Listen(PORT, end);
            rig.Connect(PORT, end);
            ResetAt(rig, 0, FilterChannel::UP, Seconds(5));
            ResetAt(rig, 0, FilterChannel::DOWN, Seconds(5));
            rig.Run(Seconds(300));
            for (const auto* side : {rig.opened[0].get(), rig.accepted.at(0).get()})
            {
                test.Expect(side->errorClose, "told of the end");
                test.ExpectEqual(side->error, ECONNRESET, "error");
                test.Expect(side->endedAt > Seconds(14.9) && side->endedAt < Seconds(16), "when");
            }
            test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
        });
    for (const bool multipath : {false, true})
    {
        suite.Add(std::string("a dead path ends with a time-out after all retries") +
                      (multipath ? "" : ", plain TCP"),
                  [=](ScenarioTestCase& test)
                  {
                      TestRig rig(Paths(1));
                      EndpointOptions client;
                      client.ending = Ending::NEVER;
                      client.send = 3000000;
                      client.attributes = {{"DataRetries", "5"},
                                           {"CloseTimeout", "5s"},
                                           {"Multipath", multipath ? "true" : "false"}};
                      EndpointOptions server;
                      server.ending = Ending::NEVER;
                      server.expect = 3000000;
                      rig.Listen(PORT, server);
                      rig.Connect(PORT, client);
                      Simulator::Schedule(MilliSeconds(300), [&] { rig.Path(0)->SetSilent(true); });
                      rig.Run(Seconds(1000));
                      test.Expect(rig.opened[0]->errorClose, "the client is told");
                      test.ExpectEqual(rig.opened[0]->error, ETIMEDOUT, "error");
                      // 0.2 + 0.4 + ... + 6.4 s, and CloseTimeout
                      test.Expect(rig.opened[0]->endedAt < Seconds(40), "in reasonable time");
                      test.ExpectEqual(rig.accepted.at(0)->GetWrongByte(), "", "wrong bytes");
                  });
    }
    suite.Add("plain TCP: a RST ends the connection at once",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(1));
                  EndpointOptions end;
                  end.ending = Ending::NEVER;
                  end.send = end.expect = 1000;
                  end.attributes = {{"Multipath", "false"}};
                  rig.Listen(PORT, end);
                  rig.Connect(PORT, end);
                  ResetAt(rig, 0, FilterChannel::UP, Seconds(5));
                  ResetAt(rig, 0, FilterChannel::DOWN, Seconds(5));
                  rig.Run(Seconds(300));
                  for (const auto* side : {rig.opened[0].get(), rig.accepted.at(0).get()})
                  {
                      test.Expect(side->errorClose, "told of the end");
                      test.ExpectEqual(side->error, ECONNRESET, "error");
                      test.Expect(side->endedAt < Seconds(6), "at once");
                  }
                  test.ExpectEqual(rig.GetLeftovers(), "", "what is left");
              });
    suite.Add("a RST outside of the window does nothing",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(1);
                  plan.down = SIZE;
                  plan.arrange = [](TestRig& rig)
                  {
                      rig.Path(0)->AddTap(FilterChannel::UP,
                                          [&rig, shot = false](const auto& segment) mutable
                                          {
                                              if (!shot && Simulator::Now() > MilliSeconds(300))
                                              {
                                                  shot = true;
                                                  auto frame = segment.frame;
                                                  frame.resize(segment.tcpAt + 20);
                                                  frame[2] = 0;
                                                  frame[3] = frame.size();
                                                  uint8_t* tcp = frame.data() + segment.tcpAt;
                                                  tcp[4] ^=
                                                      0x40; // a quarter of the sequence space away
                                                  tcp[12] = 5 << 4;
                                                  tcp[13] = 4;
                                                  rig.Path(0)->Inject(FilterChannel::UP, frame);
                                              }
                                          });
                  };
                  RunTransfer(test, plan);
              });
}

/// Subflows that are to be used only if no other is left (section 3.3.8).
void
AddBackups(ScenarioTestSuite& suite)
{
    for (const bool upload : {true, false})
    {
        for (const uint32_t backup : {0U, 1U})
        {
            suite.Add(std::string("a backup subflow waits until the other one is dead, ") +
                          (backup ? "joined, " : "first, ") + (upload ? "upload" : "download"),
                      [=](ScenarioTestCase& test)
                      {
                          TransferPlan plan;
                          plan.net = Paths(2);
                          (upload ? plan.up : plan.down) = SIZE;
                          plan.joins = 1;
                          plan.limit = Seconds(3000);
                          auto before = std::make_shared<uint64_t>(0);
                          plan.arrange = [=](TestRig& rig)
                          {
                              const auto address =
                                  InetSocketAddress::ConvertFrom(rig.GetClientAddress(backup, 0))
                                      .GetIpv4();
                              DynamicCast<MptcpSocket>(rig.opened[0]->GetSocket())
                                  ->SetBackupAddresses({address});
                              rig.Path(backup)->AddTap(
                                  upload ? FilterChannel::UP : FilterChannel::DOWN,
                                  [=](const WireSegment& segment)
                                  {
                                      const auto now = Simulator::Now();
                                      if (now > MilliSeconds(200) && now < MilliSeconds(500))
                                      {
                                          *before += segment.PayloadSize();
                                      }
                                  });
                              Simulator::Schedule(MilliSeconds(500),
                                                  [&rig, backup]
                                                  { rig.Path(1 - backup)->SetSilent(true); });
                          };
                          plan.check = [=](ScenarioTestCase& test, TestRig& rig, WireChecker& wire)
                          {
                              test.ExpectEqual(*before, 0U, "bytes on the backup before");
                              test.Expect(
                                  wire.GetBytes(upload ? WireChecker::CLIENT : WireChecker::SERVER,
                                                backup) > SIZE / 4,
                                  "bytes on the backup in the end");
                              const auto& sink = upload ? *rig.accepted.at(0) : *rig.opened[0];
                              test.Expect(sink.longestGap < Seconds(1.5), "it takes over soon");
                          };
                          RunTransfer(test, plan);
                      });
        }
    }
}

/// The suite.
class MptcpFailureTestSuite : public ScenarioTestSuite
{
  public:
    MptcpFailureTestSuite()
        : ScenarioTestSuite("mptcp-failure")
    {
        AddAccidents(*this);
        AddLastSubflow(*this);
        AddBackups(*this);
    }
};

MptcpFailureTestSuite g_mptcpFailureTestSuite; //!< registers itself

} // namespace

} // namespace ns3
