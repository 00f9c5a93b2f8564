// SPDX-License-Identifier: GPL-2.0-only
// DSS checksums (RFC 8684 sections 3.1 and 3.3.1), and what follows when one is wrong: MP_FAIL,
// fallback to plain TCP or the end of the subflow (section 3.7).
#include "transfer-plan.h"

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80;
constexpr uint64_t SIZE = 2000000; // bytes

/// @param segment any @return whether it carries MP_FAIL
bool
HasFail(const WireSegment& segment)
{
    return segment.FindMptcp(wire::MP_FAIL);
}

/// Who requires checksums.
struct Wish
{
    const char* name;
    bool client;
    bool server;
};

/// Either end may require them; then both use them.
void
AddNegotiation(ScenarioTestSuite& suite)
{
    const Wish wishes[] = {{"the client requires", true, false},
                           {"the server requires", false, true},
                           {"both ends require", true, true},
                           {"nobody requires", false, false}};
    for (const auto& wish : wishes)
    {
        for (const bool ipv6 : {false, true})
        {
            for (const bool loss : {false, true})
            {
                suite.Add(
                    std::string(wish.name) + " checksums" + (ipv6 ? ", IPv6" : "") +
                        (loss ? ", loss and reordering" : ""),
                    [=](ScenarioTestCase& test)
                    {
                        TransferPlan plan;
                        plan.net = Paths(2);
                        plan.net.ipv6 = ipv6;
                        plan.up = plan.down = SIZE;
                        plan.joins = 1;
                        const auto attribute = [](bool on) -> TestAttributes {
                            return {{"Checksum", on ? "true" : "false"}};
                        };
                        plan.client.attributes = attribute(wish.client);
                        plan.server.attributes = attribute(wish.server);
                        plan.arrange = [=](TestRig& rig)
                        {
                            if (!loss)
                            {
                                return;
                            }
                            for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
                            {
                                rig.OnAllPaths(
                                    way,
                                    [way](uint32_t i)
                                    { return DropRandom(IsAfterSyn, 0.01, 6000 + 2 * i + way); });
                                rig.OnAllPaths(
                                    way,
                                    [](uint32_t)
                                    { return DelayEvery(HasPayload, 13, MilliSeconds(4)); });
                            }
                        };
                        plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                        {
                            test.ExpectEqual(wire.HasChecksums(),
                                             wish.client || wish.server,
                                             "flag A of the third packet");
                            test.ExpectEqual(wire.Count(wire::MP_FAIL, WireChecker::CLIENT) +
                                                 wire.Count(wire::MP_FAIL, WireChecker::SERVER),
                                             0U,
                                             "MP_FAIL");
                        };
                        RunTransfer(test, plan);
                    });
            }
        }
    }
    for (const bool client : {false, true})
    {
        suite.Add(
            std::string(client ? "the client" : "the server") +
                " refuses the checksums that the other end requires: plain TCP",
            [=](ScenarioTestCase& test)
            {
                TransferPlan plan;
                plan.net = Paths(2);
                plan.up = plan.down = 300000;
                plan.expectation = Expectation::FALLBACK;
                (client ? plan.client : plan.server).attributes = {{"RefuseChecksum", "true"}};
                (client ? plan.server : plan.client).attributes = {{"Checksum", "true"}};
                RunTransfer(test, plan);
            });
    }
    suite.Add("a connection without data ends with checksums on its DATA_FINs",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.attributes = {{"Checksum", "true"}};
                  RunTransfer(test, plan);
              });
    suite.Add("one byte each way, with checksums",
              [](ScenarioTestCase& test)
              {
                  TransferPlan plan;
                  plan.net = Paths(2);
                  plan.up = plan.down = 1;
                  plan.attributes = {{"Checksum", "true"}};
                  RunTransfer(test, plan);
              });
}

/// A rule that makes the DSS of data segments lose their checksums.
/// @return the rule
WireRule
TakeChecksums()
{
    return [](WireSegment& segment, WireFate& fate)
    {
        const auto* option = segment.FindMptcp(wire::DSS);
        const auto dss = option ? wire::ReadDss(*option) : std::nullopt;
        if (dss && dss->hasMapping && dss->checksum)
        {
            const size_t length = option->body.size();
            segment.frame[option->at + 1] = static_cast<uint8_t>(length - 2);
            segment.frame[option->at + length - 2] = 1; // NOP
            segment.frame[option->at + length - 1] = 1;
            fate.modified = true;
        }
    };
}

/// Checksums against the negotiation.
void
AddViolations(ScenarioTestSuite& suite)
{
    suite.Add("a subflow whose mappings have lost their checksums is reset as broken",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(2));
                  WireChecker wire(rig, PORT);
                  rig.Path(1)->AddRule(FilterChannel::UP, TakeChecksums());
                  uint32_t reason = 0;
                  rig.Path(1)->AddTap(FilterChannel::DOWN,
                                      [&](const WireSegment& segment)
                                      {
                                          const auto* option = segment.FindMptcp(wire::MP_TCPRST);
                                          if (segment.rst && option && reason == 0)
                                          {
                                              reason = option->body.at(3);
                                          }
                                      });
                  EndpointOptions client;
                  client.send = SIZE;
                  client.attributes = {{"Checksum", "true"}};
                  EndpointOptions server;
                  server.expect = SIZE;
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  rig.Run(Seconds(300));
                  test.ExpectDone(rig);
                  test.ExpectEqual(reason, 1U, "reason of the RST: MPTCP-specific error");
              });
}

/// The payload is changed on the way.
void
AddChanges(ScenarioTestSuite& suite)
{
    for (const bool upload : {true, false})
    {
        for (const bool failLost : {false, true})
        {
            suite.Add(
                std::string("on the only subflow the changed stream arrives by fallback, ") +
                    (upload ? "upload" : "download") + (failLost ? ", MP_FAIL lost twice" : ""),
                [=](ScenarioTestCase& test)
                {
                    TestRig rig(Paths(1));
                    WireChecker wire(rig, PORT);
                    const auto way = upload ? FilterChannel::UP : FilterChannel::DOWN;
                    rig.Path(0)->AddRule(way, CorruptEvery(HasPayload, 100));
                    if (failLost)
                    {
                        rig.Path(0)->AddRule(FilterChannel::UP, DropNth(HasFail, 1, 2));
                        rig.Path(0)->AddRule(FilterChannel::DOWN, DropNth(HasFail, 1, 2));
                    }
                    EndpointOptions client;
                    EndpointOptions server;
                    client.attributes = {{"Checksum", "true"}};
                    (upload ? client.send : server.send) = SIZE;
                    (upload ? server.expect : client.expect) = SIZE;
                    uint32_t withOptions = 0;
                    rig.Path(0)->AddTap(way,
                                        [&](const WireSegment& segment)
                                        {
                                            // At the end nothing is MPTCP any more.
                                            withOptions = segment.HasMptcp() ? withOptions + 1 : 0;
                                        });
                    rig.Listen(PORT, server);
                    rig.Connect(PORT, client);
                    rig.Run(Seconds(300));
                    const auto* peer = ScenarioTestCase::FindPeer(rig, *rig.opened[0]);
                    test.Expect(peer, "accepted");
                    if (!peer)
                    {
                        return;
                    }
                    const auto& sink = upload ? *peer : *rig.opened[0];
                    test.ExpectEqual(sink.received, SIZE, "bytes that arrive");
                    test.Expect(sink.eof, "the end arrives");
                    test.Expect(!sink.GetWrongByte().empty(), "the changed bytes arrive");
                    test.ExpectEqual(rig.GetLeftovers(), "", "left over");
                    test.Expect(wire.Count(wire::MP_FAIL, WireChecker::CLIENT) > 0,
                                "MP_FAIL of the client");
                    test.Expect(wire.Count(wire::MP_FAIL, WireChecker::SERVER) > 0,
                                "MP_FAIL of the server");
                    test.Expect(wire.HasInfiniteMapping(), "an infinite mapping");
                    test.ExpectEqual(wire.Count(wire::MP_TCPRST, WireChecker::CLIENT) +
                                         wire.Count(wire::MP_TCPRST, WireChecker::SERVER),
                                     0U,
                                     "resets");
                    test.ExpectEqual(withOptions, 0U, "options on the last segments");
                });
        }
        for (const uint32_t path : {0U, 1U})
        {
            suite.Add(std::string("of two subflows the bad one is reset with MP_FAIL and the "
                                  "original arrives, ") +
                          (path ? "second" : "first") + (upload ? ", upload" : ", download"),
                      [=](ScenarioTestCase& test)
                      {
                          TestRig rig(Paths(2));
                          WireChecker wire(rig, PORT);
                          const auto way = upload ? FilterChannel::UP : FilterChannel::DOWN;
                          const auto back = upload ? FilterChannel::DOWN : FilterChannel::UP;
                          rig.Path(path)->AddRule(way, CorruptEvery(HasPayload, 200));
                          bool failed = false;
                          bool explained = false;
                          rig.Path(path)->AddTap(
                              back,
                              [&](const WireSegment& segment)
                              {
                                  failed |= segment.rst && HasFail(segment);
                                  const auto* reason = segment.FindMptcp(wire::MP_TCPRST);
                                  explained |= segment.rst && reason && reason->body.at(3) == 6;
                              });
                          EndpointOptions client;
                          EndpointOptions server;
                          server.attributes = {{"Checksum", "true"}};
                          (upload ? client.send : server.send) = 2 * SIZE;
                          (upload ? server.expect : client.expect) = 2 * SIZE;
                          rig.Listen(PORT, server);
                          rig.Connect(PORT, client);
                          rig.Run(Seconds(300));
                          test.ExpectDone(rig);
                          test.Expect(failed, "a RST with MP_FAIL");
                          test.Expect(explained, "its reason: middlebox interference");
                          test.Expect(!wire.HasInfiniteMapping(), "no fallback");
                      });
        }
    }
    suite.Add("without checksums the changed bytes arrive and nobody notices",
              [](ScenarioTestCase& test)
              {
                  TestRig rig(Paths(2));
                  WireChecker wire(rig, PORT);
                  rig.Path(0)->AddRule(FilterChannel::UP, CorruptEvery(HasPayload, 100));
                  EndpointOptions client;
                  client.send = SIZE;
                  EndpointOptions server;
                  server.expect = SIZE;
                  rig.Listen(PORT, server);
                  rig.Connect(PORT, client);
                  rig.Run(Seconds(300));
                  test.ExpectEqual(rig.accepted.at(0)->received, SIZE, "bytes that arrive");
                  test.Expect(!rig.accepted[0]->GetWrongByte().empty(), "changed bytes");
                  test.ExpectEqual(wire.Count(wire::MP_FAIL, WireChecker::SERVER), 0U, "MP_FAIL");
              });
}

/// The suite.
class MptcpChecksumTestSuite : public ScenarioTestSuite
{
  public:
    MptcpChecksumTestSuite()
        : ScenarioTestSuite("mptcp-checksum")
    {
        AddNegotiation(*this);
        AddViolations(*this);
        AddChanges(*this);
    }
};

MptcpChecksumTestSuite g_mptcpChecksumTestSuite; //!< registers itself

} // namespace

} // namespace ns3
