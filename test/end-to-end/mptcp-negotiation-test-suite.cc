// SPDX-License-Identifier: GPL-2.0-only
// What MP_CAPABLE negotiates, flag by flag, and that its third packet decides (RFC 8684 section
// 3.1). A middlebox changes the option on its way.
#include "transfer-plan.h"

namespace ns3
{

namespace
{

constexpr uint64_t SIZE = 300000; // bytes

/// What becomes of a handshake whose option has been changed.
struct Change
{
    const char* name;               //!< a sentence
    FilterChannel::Direction way;   //!< whose option is changed: UP the SYN's, DOWN the SYN/ACK's
    uint8_t clear;                  //!< bits of the flags that are cleared
    uint8_t set;                    //!< bits of the flags that are set
    std::optional<uint8_t> version; //!< another version
    bool multipath;                 //!< whether MPTCP is used then
};

/// @param change what to do with MP_CAPABLE on segments with SYN @return the rule
WireRule
Apply(const Change& change)
{
    return [=](WireSegment& segment, WireFate& fate)
    {
        const auto* option = segment.FindMptcp(wire::MP_CAPABLE);
        if (segment.syn && option)
        {
            uint8_t* at = &segment.frame[option->at];
            at[2] = change.version.value_or(at[2] & 0xf);
            at[3] = (at[3] & ~change.clear) | change.set;
            fate.modified = true;
        }
    };
}

/// Flags and versions.
void
AddFlags(ScenarioTestSuite& suite)
{
    const auto up = FilterChannel::UP;
    const auto down = FilterChannel::DOWN;
    const Change changes[] = {
        {"flag B in the SYN: the option is ignored", up, 0, 0x40, {}, false},
        {"flag B in the SYN-ACK: the option is ignored", down, 0, 0x40, {}, false},
        {"flags D to H zero in the SYN: the option is ignored", up, 0x1f, 0, {}, false},
        {"flags D to H zero in the SYN-ACK: the option is ignored", down, 0x1f, 0, {}, false},
        {"flags D to G without H in the SYN: the option is ignored", up, 0x01, 0x1e, {}, false},
        {"flags D to G beside H in the SYN: H is chosen", up, 0, 0x1e, {}, true},
        {"version 0 in the SYN: the option is ignored", up, 0, 0, 0, false},
        {"version 2 in the SYN is answered with version 1", up, 0, 0, 2, true},
        {"version 2 in the SYN-ACK was never offered: plain TCP", down, 0, 0, 2, false},
        {"version 0 in the SYN-ACK: plain TCP", down, 0, 0, 0, false},
    };
    for (const auto& change : changes)
    {
        for (const bool ipv6 : {false, true})
        {
            suite.Add(std::string(change.name) + (ipv6 ? ", IPv6" : ""),
                      [=](ScenarioTestCase& test)
                      {
                          TransferPlan plan;
                          plan.net = Paths(2);
                          plan.net.ipv6 = ipv6;
                          plan.up = plan.down = SIZE;
                          plan.joins = 1;
                          plan.expectation =
                              change.multipath ? Expectation::MULTIPATH : Expectation::FALLBACK;
                          auto answered = std::make_shared<std::vector<uint8_t>>();
                          plan.arrange = [=](TestRig& rig)
                          {
                              rig.Path(0)->AddRule(change.way, Apply(change));
                              rig.Path(0)->AddTap(FilterChannel::DOWN,
                                                  [=](const WireSegment& segment)
                                                  {
                                                      const auto* option =
                                                          segment.FindMptcp(wire::MP_CAPABLE);
                                                      if (IsSynAck(segment) && option)
                                                      {
                                                          *answered = option->body;
                                                      }
                                                  });
                          };
                          plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker& wire)
                          {
                              const bool silent = change.way == up && !change.multipath;
                              test.ExpectEqual(answered->empty(), silent, "no answer");
                              if (!answered->empty())
                              {
                                  test.ExpectEqual(answered->at(2) & 0xf, 1, "version answered");
                                  test.ExpectEqual(answered->at(3) & 0x1f, 1, "one algorithm");
                              }
                              if (!change.multipath)
                              {
                                  test.ExpectEqual(wire.Count(wire::DSS, WireChecker::CLIENT) +
                                                       wire.Count(wire::DSS, WireChecker::SERVER),
                                                   0U,
                                                   "DSS of plain TCP");
                              }
                          };
                          RunTransfer(test, plan);
                      });
        }
    }
}

/// @param segment any @return a SYN with MP_CAPABLE
bool
IsCapableSyn(const WireSegment& segment)
{
    return IsSyn(segment) && segment.FindMptcp(wire::MP_CAPABLE);
}

/// The network reorders SYNs with and without the option.
void
AddReordered(ScenarioTestSuite& suite)
{
    for (const bool upload : {true, false})
    {
        const std::string load = upload ? ", upload" : ", download";
        suite.Add("a SYN without MP_CAPABLE overtakes those with it: plain TCP at both ends" + load,
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      (upload ? plan.up : plan.down) = SIZE;
                      // It lasts until the others have come.
                      plan.net.paths[0].rate = "100kbps";
                      plan.expectation = Expectation::FALLBACK;
                      plan.arrange = [](TestRig& rig) {
                          rig.Path(0)->AddRule(FilterChannel::UP,
                                               DelayEvery(IsCapableSyn, 1, Seconds(10)));
                      };
                      plan.check = [](ScenarioTestCase& test, TestRig& rig, WireChecker& wire)
                      {
                          test.ExpectEqual(
                              wire.Count(wire::MP_CAPABLE, WireChecker::SERVER), 0U, "answers");
                          test.Expect(rig.opened[0]->connectedAt < Seconds(8), "by the fourth SYN");
                          test.ExpectEqual(rig.accepted.size(), 1U, "connections accepted");
                      };
                      RunTransfer(test, plan);
                  });
        suite.Add(
            "the SYN-ACK with MP_CAPABLE comes after a SYN without it: the third packet has "
            "it, and decides" +
                load,
            [=](ScenarioTestCase& test)
            {
                TransferPlan plan;
                plan.net = Paths(2);
                (upload ? plan.up : plan.down) = 5 * SIZE;
                plan.joins = 1;
                auto plainSyns = std::make_shared<uint32_t>(0);
                plan.arrange = [=](TestRig& rig)
                {
                    rig.Path(0)->AddRule(FilterChannel::DOWN, DelayEvery(IsSynAck, 1, Seconds(8)));
                    rig.Path(0)->AddTap(FilterChannel::UP,
                                        [=](const WireSegment& segment)
                                        { *plainSyns += IsSyn(segment) && !segment.HasMptcp(); });
                };
                plan.check = [=](ScenarioTestCase& test, TestRig&, WireChecker&)
                { test.ExpectEqual(*plainSyns, 1U, "SYNs without MP_CAPABLE"); };
                RunTransfer(test, plan);
            });
        suite.Add("the third packet without MP_CAPABLE: plain TCP at both ends" + load,
                  [=](ScenarioTestCase& test)
                  {
                      TransferPlan plan;
                      plan.net = Paths(2);
                      (upload ? plan.up : plan.down) = SIZE;
                      plan.expectation = Expectation::FALLBACK;
                      plan.arrange = [](TestRig& rig)
                      {
                          // All that could repeat it, until the server has made up its mind.
                          rig.Path(0)->AddRule(FilterChannel::UP,
                                               StripMptcp(
                                                   [](const WireSegment& segment) {
                                                       return IsAfterSyn(segment) &&
                                                              segment.FindMptcp(wire::MP_CAPABLE);
                                                   }));
                      };
                      plan.check = [](ScenarioTestCase& test, TestRig&, WireChecker& wire) {
                          test.ExpectEqual(
                              wire.Count(wire::DSS, WireChecker::SERVER), 0U, "DSS of the server");
                      };
                      RunTransfer(test, plan);
                  });
    }
}

/// The suite.
class MptcpNegotiationTestSuite : public ScenarioTestSuite
{
  public:
    MptcpNegotiationTestSuite()
        : ScenarioTestSuite("mptcp-negotiation")
    {
        AddFlags(*this);
        AddReordered(*this);
    }
};

MptcpNegotiationTestSuite g_mptcpNegotiationTestSuite; //!< registers itself

} // namespace

} // namespace ns3
