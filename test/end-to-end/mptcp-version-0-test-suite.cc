// SPDX-License-Identifier: GPL-2.0-only
// Version 0 of the protocol (RFC 6824) from end to end; packet by packet it is in test/script.
#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"

#include <cerrno>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;
constexpr uint64_t SIZE = 1000000; // bytes

const TestAttributes VERSION_0{{"Version", "0"}};

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

/// What the two ends are told, and what becomes of it.
struct Pair
{
    const char* name;      //!< a sentence
    TestAttributes client; //!< of the client's socket
    TestAttributes server; //!< of the server's
    Expectation ends;      //!< how
    bool checksums;        //!< of DSS
    uint8_t version;       //!< of the last SYN
};

/// Every byte, with subflows.
void
AddTransfers(ScenarioTestSuite& suite)
{
    const TestAttributes plain{{"Version", "0"}, {"Version0Checksum", "false"}};
    const TestAttributes refusing{{"Version", "0"}, {"RefuseChecksum", "true"}};
    const TestAttributes retrying{{"RetryVersion0", "true"}};
    const TestAttributes nothing;
    const Pair pairs[] = {
        {"two subflows, DSS checksums by default",
         VERSION_0,
         VERSION_0,
         Expectation::MULTIPATH,
         true,
         0},
        {"two subflows without checksums, if neither end wants them",
         plain,
         plain,
         Expectation::MULTIPATH,
         false,
         0},
        {"checksums if the server alone wants them",
         plain,
         VERSION_0,
         Expectation::MULTIPATH,
         true,
         0},
        {"checksums if the client alone wants them",
         VERSION_0,
         plain,
         Expectation::MULTIPATH,
         true,
         0},
        {"plain TCP with a server that refuses checksums",
         VERSION_0,
         refusing,
         Expectation::FALLBACK,
         false,
         0},
        {"a listener of version 0 ignores the option of version 1",
         nothing,
         VERSION_0,
         Expectation::FALLBACK,
         false,
         1},
        {"a listener of version 1 ignores the option of version 0",
         VERSION_0,
         nothing,
         Expectation::FALLBACK,
         false,
         0},
        {"a client of version 1 that is to try again reaches a listener of version 0",
         retrying,
         VERSION_0,
         Expectation::MULTIPATH,
         true,
         0},
        {"a client that is to try again does not with a listener of version 1",
         retrying,
         nothing,
         Expectation::MULTIPATH,
         false,
         1},
    };
    for (const auto& pair : pairs)
    {
        for (const bool ipv6 : {false, true})
        {
            suite.Add(std::string(pair.name) + (ipv6 ? ", IPv6" : ""),
                      [=](ScenarioTestCase& test)
                      {
                          TransferPlan plan;
                          plan.net = Paths(2);
                          plan.net.ipv6 = ipv6;
                          plan.up = plan.down = SIZE;
                          plan.joins = 1;
                          plan.client.attributes = pair.client;
                          plan.server.attributes = pair.server;
                          plan.expectation = pair.ends;
                          plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                          {
                              test.ExpectEqual(+wire.GetVersion(), +pair.version, "version");
                              if (pair.ends == Expectation::MULTIPATH)
                              {
                                  test.ExpectEqual(
                                      wire.HasChecksums(), pair.checksums, "checksums");
                              }
                          };
                          RunTransfer(test, plan);
                      });
        }
    }
    suite.Add("a client that is to try again meets stock TCP: plain TCP in the end",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.up = SIZE;
                  plan.client.attributes = {{"RetryVersion0", "true"}};
                  plan.stockServer = true;
                  plan.expectation = Expectation::DELIVERED;
                  plan.net.serverModule = false;
                  TestRig rig(plan.net);
                  EndpointOptions server;
                  server.expect = SIZE;
                  rig.Listen(PORT, server);
                  EndpointOptions client;
                  client.send = SIZE;
                  client.attributes = plan.client.attributes;
                  TestEndpoint& end = rig.Connect(PORT, client);
                  bool multipath = true;
                  Simulator::Schedule(MilliSeconds(200),
                                      [&] { multipath = GetConnection(end)->IsMultipath(); });
                  rig.Run(Seconds(300));
                  // The listener has also seen the connection that was reset.
                  uint64_t received = 0;
                  for (const auto& accepted : rig.accepted)
                  {
                      received += accepted->received;
                      test.ExpectEqual(accepted->GetWrongByte(), "", "bytes");
                  }
                  test.ExpectEqual(received, SIZE, "bytes that arrived");
                  test.Expect(!multipath, "plain TCP");
              });
    suite.Add("only one end has data: the other's DATA_FIN goes out before any DSS has come",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(1);
                  plan.attributes = VERSION_0;
                  plan.down = SIZE;
                  RunTransfer(test, plan);
              });
    for (const double loss : {0.01, 0.05})
    {
        suite.Add("two subflows with " + std::to_string(int(100 * loss)) + " % loss",
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      plan.attributes = VERSION_0;
                      plan.up = plan.down = SIZE;
                      plan.expectation = Expectation::LIKELY;
                      plan.arrange = [=](TestRig& rig)
                      {
                          for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
                          {
                              rig.OnAllPaths(way,
                                             [=](uint32_t path)
                                             { return DropRandom(IsAny, loss, 2 * path + way); });
                          }
                      };
                      RunTransfer(test, plan);
                  });
    }
}

/// Section 3.6: options that are lost, payload that is changed.
void
AddFallbacks(ScenarioTestSuite& suite)
{
    struct Loss
    {
        const char* name;                  //!< a sentence
        FilterChannel::Direction way;      //!< where
        bool (*match)(const WireSegment&); //!< on which segments
    };

    const Loss losses[] = {
        {"no options on the SYN: plain TCP", FilterChannel::UP, IsSyn},
        {"no options on the SYN-ACK: plain TCP", FilterChannel::DOWN, IsSynAck},
        {"no options behind the SYN, client to server: plain TCP", FilterChannel::UP, IsAfterSyn},
        {"no options behind the SYN, server to client: plain TCP", FilterChannel::DOWN, IsAfterSyn},
    };
    for (const auto& loss : losses)
    {
        for (const bool upload : {true, false})
        {
            suite.Add(std::string(loss.name) + (upload ? ", upload" : ", download"),
                      [=](ScenarioTestCase& test)
                      {
                          TransferPlan plan;
                          plan.net = Paths(2);
                          plan.attributes = VERSION_0;
                          (upload ? plan.up : plan.down) = SIZE;
                          plan.expectation = Expectation::FALLBACK;
                          plan.arrange = [=](TestRig& rig)
                          { rig.Path(0)->AddRule(loss.way, StripMptcp(loss.match)); };
                          RunTransfer(test, plan);
                      });
        }
    }
    suite.Add("a payload is changed on one of two subflows: MP_FAIL, every byte by the other",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.attributes = VERSION_0;
                  plan.up = 4 * SIZE;
                  plan.joins = 1;
                  plan.expectation = Expectation::DELIVERED;
                  plan.arrange = [](TestRig& rig)
                  { rig.Path(1)->AddRule(FilterChannel::UP, CorruptEvery(HasPayload, 50)); };
                  plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  {
                      test.Expect(wire.Count(wire::MP_FAIL, WireChecker::SERVER) > 0, "MP_FAIL");
                      test.ExpectEqual(
                          wire.Count(wire::MP_TCPRST, WireChecker::SERVER), 0U, "MP_TCPRST");
                  };
                  RunTransfer(test, plan);
              });
}

/// Sections 3.3.8, 3.4 and 3.5.
void
AddSignals(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add(
            std::string("ADD_ADDR once on each subflow, without echo: the client joins to it") +
                (ipv6 ? ", IPv6" : ""),
            [=](ScenarioTestCase& test)
            {
                TransferPlan plan;
                plan.net = Paths(2);
                plan.net.ipv6 = ipv6;
                plan.net.serverAddresses = 2;
                plan.attributes = VERSION_0;
                plan.up = plan.down = 2 * SIZE;
                plan.joins = 3;
                plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                {
                    test.Expect(wire.Count(wire::ADD_ADDR, WireChecker::SERVER) > 0, "ADD_ADDR");
                    test.ExpectEqual(wire.Count(wire::ADD_ADDR, WireChecker::CLIENT), 0U, "echoes");
                };
                RunTransfer(test, plan);
            });
    }
    suite.Add("REMOVE_ADDR ends the subflows of an address that is gone",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.attributes = VERSION_0;
                  plan.up = 4 * SIZE;
                  plan.joins = 1;
                  plan.arrange = [](TestRig& rig)
                  { Simulator::Schedule(MilliSeconds(400), [&rig] { rig.RemoveAddress(1); }); };
                  plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                  {
                      test.ExpectEqual(
                          wire.Count(wire::REMOVE_ADDR, WireChecker::CLIENT), 1U, "REMOVE_ADDR");
                      test.Expect(wire.GetBytes(WireChecker::CLIENT, 0) >
                                      wire.GetBytes(WireChecker::CLIENT, 1),
                                  "the first path carries the rest");
                  };
                  RunTransfer(test, plan);
              });
    suite.Add(
        "MP_PRIO of a silent subflow goes by its address on another one",
        [](ScenarioTestCase& test)
        {
            TransferPlan plan;
            plan.net = Paths(2);
            plan.attributes = VERSION_0;
            plan.up = plan.down = 4 * SIZE;
            plan.joins = 1;
            auto named = std::make_shared<std::vector<uint8_t>>();
            auto backup = std::make_shared<bool>(false);
            plan.arrange = [=](TestRig& rig)
            {
                rig.Path(0)->AddTap(FilterChannel::UP,
                                    [=](const WireSegment& segment)
                                    {
                                        if (const auto* prio = segment.FindMptcp(wire::MP_PRIO))
                                        {
                                            *named = prio->body;
                                        }
                                    });
                Simulator::Schedule(MilliSeconds(300), [&rig] { rig.Path(1)->SetSilent(true); });
                Simulator::Schedule(MilliSeconds(1500),
                                    [&rig]
                                    {
                                        const auto client = GetConnection(*rig.opened[0]);
                                        client->SetBackup(client->GetSubflows().back(), true);
                                    });
                Simulator::Schedule(MilliSeconds(1700),
                                    [backup, &rig]
                                    {
                                        for (const auto& status :
                                             GetConnection(*rig.accepted.at(0))->GetSubflowStatus())
                                        {
                                            *backup |= status.backup;
                                        }
                                    });
                Simulator::Schedule(MilliSeconds(1800), [&rig] { rig.Path(1)->SetSilent(false); });
            };
            plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker&)
            {
                test.ExpectEqual(named->size(), 4U, "bytes of MP_PRIO");
                test.Expect(named->size() == 4 && (named->at(2) & 1) == 1 && named->at(3) == 1,
                            "a backup, of address 1");
                test.Expect(*backup, "the server has heard it");
            };
            RunTransfer(test, plan);
        });
    suite.Add("fast close by an ACK, the only way in version 0, answered by a RST",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(2));
                  WireChecker wire(rig, PORT);
                  EndpointOptions both;
                  both.send = both.expect = 40 * SIZE;
                  both.attributes = {{"Version", "0"}, {"SndBufSize", "60000"}};
                  rig.Listen(PORT, both);
                  rig.Connect(PORT, both);
                  uint32_t acks = 0;
                  uint32_t resets = 0;
                  for (uint32_t i = 0; i < 2; i++)
                  {
                      rig.Path(i)->AddTap(FilterChannel::UP,
                                          [&](const WireSegment& segment)
                                          {
                                              const bool close =
                                                  segment.FindMptcp(wire::MP_FASTCLOSE);
                                              acks += close && !segment.rst ? 1 : 0;
                                              resets += close && segment.rst ? 1 : 0;
                                          });
                  }
                  Simulator::Schedule(MilliSeconds(400),
                                      [&rig] { GetConnection(*rig.opened[0])->Abort(); });
                  rig.Run(Seconds(300));
                  test.ExpectEqual(acks, 1U, "ACKs with MP_FASTCLOSE");
                  test.ExpectEqual(resets, 0U, "RSTs with MP_FASTCLOSE");
                  test.ExpectEqual(rig.accepted.at(0)->error, ECONNRESET, "the peer's error");
                  test.ExpectEqual(wire.GetProblem(), "", "RFC 6824 on the wire");
                  test.ExpectEqual(rig.GetLeftovers(), "", "left over");
              });
    suite.Add(
        "no join before a DSS has arrived",
        [](ScenarioTestCase& test)
        {
            TestRig rig(Paths(2));
            EndpointOptions client;
            client.attributes = VERSION_0;
            client.ending = EndpointOptions::Ending::NEVER;
            EndpointOptions server = client;
            rig.Listen(PORT, server);
            rig.Connect(PORT, client);
            // Nothing but the handshake: the server's first DSS is lost.
            rig.Path(0)->AddRule(FilterChannel::DOWN, DropNth(IsPureAck, 1, 1000));
            uint32_t joins = 0;
            rig.Path(1)->AddTap(FilterChannel::UP,
                                [&](const WireSegment& segment) { joins += IsJoin(segment); });
            bool multipath = false;
            Simulator::Schedule(Seconds(100),
                                [&] { multipath = GetConnection(*rig.opened[0])->IsMultipath(); });
            rig.Run(Seconds(101));
            test.ExpectEqual(joins, 0U, "joins");
            test.Expect(multipath, "an idle connection stays Multipath TCP");
        });
    suite.Add("a join with a token that is refused gets a RST without MP_TCPRST",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(2));
                  WireChecker wire(rig, PORT);
                  EndpointOptions client;
                  client.send = SIZE;
                  client.attributes = VERSION_0;
                  EndpointOptions server;
                  server.expect = SIZE;
                  server.attributes = {{"Version", "0"}, {"MaxSubflows", "1"}};
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  uint32_t refusals = 0;
                  rig.Path(1)->AddTap(FilterChannel::DOWN,
                                      [&](const WireSegment& segment)
                                      {
                                          refusals += segment.rst;
                                          test.Expect(!segment.HasMptcp(), "no option on the RST");
                                      });
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.Expect(refusals > 0, "a RST");
              });
}

/// The suite.
class MptcpVersion0TestSuite : public ScenarioTestSuite
{
  public:
    MptcpVersion0TestSuite()
        : ScenarioTestSuite("mptcp-version-0")
    {
        AddTransfers(*this);
        AddFallbacks(*this);
        AddSignals(*this);
    }
};

MptcpVersion0TestSuite g_mptcpVersion0TestSuite; //!< registers itself

} // namespace

} // namespace ns3
