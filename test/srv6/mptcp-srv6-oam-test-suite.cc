// SPDX-License-Identifier: GPL-2.0-only
// Ping and traceroute through segments: the examples of RFC 9259 appendix A.
#include "rfc9259-net.h"
#include "test-rig.h"

#include "ns3/ipv6-routing-table-entry.h"
#include "ns3/uinteger.h"

#include <sstream>

namespace ns3
{

namespace
{

using Net = Rfc9259Net;

constexpr uint8_t UNREACHABLE = 1;       //!< type of ICMPv6
constexpr uint8_t TIME_EXCEEDED = 3;     //!< type of ICMPv6
constexpr uint8_t PARAMETER_PROBLEM = 4; //!< type of ICMPv6
constexpr uint8_t PORT_UNREACHABLE = 4;  //!< code of UNREACHABLE

/// What a hop of a traceroute is to look like.
struct Expected
{
    const char* from;             //!< who answers
    const char* destination;      //!< of the probe there
    std::vector<const char*> srh; //!< as on the wire; none: no header
    uint8_t left;                 //!< Segments Left
};

/// @param test gets failures @param traceroute it @param expected its hops
void
ExpectHops(ScenarioTestCase& test,
           const Ptr<Srv6Traceroute>& traceroute,
           const std::vector<Expected>& expected)
{
    const auto& hops = traceroute->GetHops();
    test.ExpectEqual(hops.size(), expected.size(), "hops");
    for (size_t i = 0; i < std::min(hops.size(), expected.size()); ++i)
    {
        const std::string hop = "hop " + std::to_string(i + 1) + ", ";
        test.ExpectEqual(+hops[i].hopLimit, i + 1, hop + "hop limit");
        test.ExpectEqual(hops[i].probes.size(), 3U, hop + "probes");
        for (const auto& answer : hops[i].probes)
        {
            test.Expect(answer.has_value(), hop + "answer");
            if (!answer)
            {
                continue;
            }
            const bool last = i + 1 == expected.size();
            test.ExpectEqual(answer->from, Ipv6Address(expected[i].from), hop + "from");
            test.ExpectEqual(+answer->type, last ? +UNREACHABLE : +TIME_EXCEEDED, hop + "type");
            test.ExpectEqual(+answer->code, last ? +PORT_UNREACHABLE : 0, hop + "code");
            test.ExpectEqual(
                answer->destination, Ipv6Address(expected[i].destination), hop + "destination");
            test.ExpectEqual(
                answer->header.has_value(), !expected[i].srh.empty(), hop + "has an SRH");
            if (answer->header)
            {
                test.Expect(answer->header->segments == Net::ToSegments(expected[i].srh),
                            hop + "segments");
                test.ExpectEqual(+answer->header->segmentsLeft, +expected[i].left, hop + "left");
            }
            // A millisecond for each link and back, and little more.
            const double least = 2e-3 * (i + 1);
            const double took = answer->roundTripTime.GetSeconds();
            test.Expect(took >= least && took < least + 1e-3, hop + "time");
        }
    }
    test.Expect(traceroute->IsReached(), "reached");
}

/// Appendix A.1.
void
AddPing(ScenarioTestSuite& suite)
{
    suite.Add("A.1.1: ping of an address via a segment list, through a node without SRv6 to one",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto ping = Srv6Helper::AddPing(
                      net.Get(1), Ipv6Address(Net::N5), Net::ToSegments({Net::X31, Net::X52}));
                  ping->SetAttribute("Size", UintegerValue(100));
                  uint32_t told = 0;
                  ping->TraceConnectWithoutContext(
                      "Answer",
                      Callback<void, const Srv6ProbeAnswer&>(
                          [&](const Srv6ProbeAnswer& answer)
                          {
                              test.ExpectEqual(answer.sequence, told++, "sequence");
                              test.ExpectEqual(answer.from, Ipv6Address(Net::N5), "from");
                              test.Expect(answer.IsReached(), "an Echo Reply");
                              // N4, N3 and N2 are between, and N5 sends with 255 or 64.
                              test.Expect(answer.hopLimit == 64 - 3 || answer.hopLimit == 255 - 3,
                                          "hop limit");
                          }));
                  net.Run();
                  test.ExpectEqual(ping->GetSent(), 5U, "sent");
                  test.ExpectEqual(ping->GetReceived(), 5U, "received");
                  test.ExpectEqual(told, 5U, "told");
                  test.Expect(ping->GetMinRtt() >= MilliSeconds(8) &&
                                  ping->GetMaxRtt() < MilliSeconds(9) &&
                                  ping->GetMeanRtt() >= ping->GetMinRtt() &&
                                  ping->GetMeanRtt() <= ping->GetMaxRtt(),
                              "round-trip times");
                  std::ostringstream text;
                  ping->Print(text);
                  test.Expect(text.str().find("100 bytes each: !!!!!\n5 of 5 answered") !=
                                  std::string::npos,
                              text.str());
                  // End.X has sent them by its link, and routing would not have.
                  test.Expect(net.GetPassed(3) >= 5, "by link 3");
                  for (const char* sid : {Net::X31, Net::X52})
                  {
                      const auto srv6 = net.Get(sid == Net::X31 ? 2 : 4)->GetObject<Srv6Protocol>();
                      test.ExpectEqual(srv6->FindSid(Ipv6Address(sid))->counters.packets, 5U, sid);
                  }
              });
    suite.Add("A.1.2: ping of a SID, with and without segments before it",
              [](ScenarioTestCase& test)
              {
                  for (const bool routed : {true, false})
                  {
                      Net net;
                      const auto ping = Srv6Helper::AddPing(net.Get(1),
                                                            Ipv6Address(Net::END4),
                                                            routed ? Net::ToSegments({Net::X31})
                                                                   : std::vector<Ipv6Address>());
                      net.Run();
                      test.ExpectEqual(ping->GetReceived(), 5U, "received");
                      const auto srv6 = net.Get(4)->GetObject<Srv6Protocol>();
                      test.ExpectEqual(srv6->FindSid(Ipv6Address(Net::END4))->counters.packets,
                                       5U,
                                       "at the SID");
                  }
              });
    suite.Add("A.1.2: ping of each behavior's SID is answered",
              [](ScenarioTestCase& test)
              {
                  for (const auto behavior : {Srv6Behavior::END,
                                              Srv6Behavior::END_X,
                                              Srv6Behavior::END_T,
                                              Srv6Behavior::END_DX6,
                                              Srv6Behavior::END_DX4,
                                              Srv6Behavior::END_DT6,
                                              Srv6Behavior::END_DT4,
                                              Srv6Behavior::END_DT46,
                                              Srv6Behavior::END_B6_ENCAPS,
                                              Srv6Behavior::END_B6_ENCAPS_REDUCED})
                  {
                      const bool mayHaveFlavors = behavior <= Srv6Behavior::END_T;
                      for (const uint8_t flavors :
                           {0, mayHaveFlavors ? SRV6_PSP | SRV6_USP | SRV6_USD : 0})
                      {
                          Net net;
                          Srv6Sid sid(behavior, flavors, {Ipv6Address(Net::N5)});
                          sid.policy = Srv6Helper::CreatePolicy(
                              behavior == Srv6Behavior::END_B6_ENCAPS_REDUCED
                                  ? Srv6Steering::ENCAPS_REDUCED
                                  : Srv6Steering::ENCAPS,
                              Net::ToSegments({Net::X31}));
                          sid.nextHop4 = Ipv4Address("192.0.2.1");
                          const Ipv6Address address("fc00:4::77");
                          Srv6Helper::AddSid(net.Get(4), address, sid);
                          const auto ping =
                              Srv6Helper::AddPing(net.Get(1), address, Net::ToSegments({Net::X31}));
                          net.Run();
                          test.ExpectEqual(ping->GetReceived(), 5U, std::string(GetName(behavior)));
                      }
                  }
              });
    suite.Add("A.1.2: a ping of a SID that is nobody's is discarded",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto ping = Srv6Helper::AddPing(
                      net.Get(1), Ipv6Address("fc00:4::99"), Net::ToSegments({Net::X31}));
                  net.Run();
                  test.ExpectEqual(ping->GetSent(), 5U, "sent");
                  test.ExpectEqual(ping->GetReceived(), 0U, "received");
                  test.Expect(net.GetPassed(3) >= 5, "on their way");
              });
    suite.Add("8986 4.1.1: a SID whose configuration does not allow it refuses a ping",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Get(4)->GetObject<Srv6Protocol>()->SetAttribute("AllowEchoRequest",
                                                                      BooleanValue(false));
                  const auto ping = Srv6Helper::AddPing(net.Get(1), Ipv6Address(Net::END4));
                  std::vector<uint8_t> codes;
                  ping->TraceConnectWithoutContext(
                      "Answer",
                      Callback<void, const Srv6ProbeAnswer&>(
                          [&](const Srv6ProbeAnswer& answer)
                          {
                              test.ExpectEqual(+answer.type, +PARAMETER_PROBLEM, "type");
                              codes.push_back(answer.code);
                          }));
                  net.Run();
                  // SR Upper-layer Header Error.
                  test.Expect(codes == std::vector<uint8_t>(5, 4), "codes");
              });
    suite.Add("A ping that is not answered is lost after its timeout, and counted once",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto ping = Srv6Helper::AddPing(
                      net.Get(1), Ipv6Address(Net::N5), Net::ToSegments({Net::X31, Net::X52}));
                  ping->SetAttribute("Count", UintegerValue(3));
                  ping->SetAttribute("Interval", TimeValue(MilliSeconds(100)));
                  // Less than the round trip: what comes later does not count.
                  ping->SetAttribute("Timeout", TimeValue(MilliSeconds(5)));
                  uint32_t lost = 0;
                  ping->TraceConnectWithoutContext(
                      "Lost", Callback<void, uint16_t>([&](uint16_t) { ++lost; }));
                  net.Run();
                  test.ExpectEqual(lost, 3U, "lost");
                  test.ExpectEqual(ping->GetReceived(), 0U, "received");
              });
    suite.Add("Two pings at once on a node do not take each other's answers",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto near = Srv6Helper::AddPing(net.Get(1), Ipv6Address(Net::END4));
                  const auto far = Srv6Helper::AddPing(
                      net.Get(1), Ipv6Address(Net::END4), Net::ToSegments({Net::X31}));
                  far->SetAttribute("Count", UintegerValue(2));
                  net.Run();
                  test.ExpectEqual(near->GetReceived(), 5U, "the first one's");
                  test.ExpectEqual(far->GetReceived(), 2U, "the second one's");
              });
    suite.Add("A ping larger than the MTU goes in fragments, each with the segments",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Srv6Helper().Install(net.Get(5));
                  Srv6Helper::AddSid(net.Get(4), Ipv6Address("fc00:4::e"), {Srv6Behavior::END});
                  const auto ping = Srv6Helper::AddPing(
                      net.Get(1), Ipv6Address(Net::N5), Net::ToSegments({Net::X31, "fc00:4::e"}));
                  ping->SetAttribute("Size", UintegerValue(4000));
                  // N4 reaches that address by routing.
                  net.Run();
                  test.ExpectEqual(ping->GetReceived(), 5U, "received");
                  const auto srv6 = net.Get(4)->GetObject<Srv6Protocol>();
                  test.ExpectEqual(srv6->FindSid(Ipv6Address("fc00:4::e"))->counters.packets,
                                   15U,
                                   "fragments at the SID");
              });
}

/// Appendix A.2.
void
AddTraceroute(ScenarioTestSuite& suite)
{
    suite.Add("A.2.1, figure 3: traceroute to an address via a segment list",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto traceroute = Srv6Helper::AddTraceroute(
                      net.Get(1), Ipv6Address(Net::N5), Net::ToSegments({Net::X31, Net::X52}));
                  uint32_t hops = 0;
                  traceroute->TraceConnectWithoutContext(
                      "Hop", Callback<void, const Srv6Hop&>([&](const Srv6Hop&) { ++hops; }));
                  net.Run();
                  const std::vector<const char*> srh{Net::N5, Net::X52, Net::X31};
                  ExpectHops(test,
                             traceroute,
                             {{"fd00:1::2", Net::X31, srh, 2},
                              {"fd00:3::2", Net::X52, srh, 1},
                              {"fd00:5::2", Net::X52, srh, 1},
                              {Net::N5, Net::N5, {}, 0}});
                  test.ExpectEqual(hops, 4U, "hops told");
                  std::ostringstream text;
                  traceroute->Print(text);
                  test.Expect(text.str().find("    DA: fc00:4::52, SRH: (fd00:10::2, fc00:4::52, "
                                              "fc00:2::31; SL=1)\n") != std::string::npos,
                              text.str());
              });
    suite.Add("A.2.1: the same if the last node has segment routing and gets the header",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Srv6Helper().Install(net.Get(5));
                  Srv6Helper::AddSid(net.Get(4),
                                     Ipv6Address("fc00:4::53"),
                                     {Srv6Behavior::END_X, 0, {Ipv6Address(Net::N5)}});
                  const auto traceroute = Srv6Helper::AddTraceroute(
                      net.Get(1), Ipv6Address(Net::N5), Net::ToSegments({"fc00:4::53"}));
                  net.Run();
                  const std::vector<const char*> srh{Net::N5, "fc00:4::53"};
                  ExpectHops(test,
                             traceroute,
                             {{"fd00:1::2", "fc00:4::53", srh, 1},
                              {"fd00:3::2", "fc00:4::53", srh, 1},
                              {"fd00:5::2", "fc00:4::53", srh, 1},
                              {Net::N5, Net::N5, srh, 0}});
              });
    suite.Add("A.2.2, figure 4: traceroute to a SID via a segment",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto traceroute = Srv6Helper::AddTraceroute(
                      net.Get(1), Ipv6Address(Net::END4), Net::ToSegments({Net::X31}));
                  net.Run();
                  const std::vector<const char*> srh{Net::END4, Net::X31};
                  ExpectHops(test,
                             traceroute,
                             {{"fd00:1::2", Net::X31, srh, 1},
                              {"fd00:3::2", Net::END4, srh, 0},
                              {"fd00:5::2", Net::END4, srh, 0}});
              });
    suite.Add("A.2: the existing mechanism goes on working without segments, also by Echo Requests",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto datagrams =
                      Srv6Helper::AddTraceroute(net.Get(1), Ipv6Address(Net::N5));
                  // From a node without segment routing.
                  const auto echo = Srv6Helper::AddTraceroute(net.Get(5), Ipv6Address(Net::N1));
                  echo->SetAttribute("EchoRequests", BooleanValue(true));
                  net.Run();
                  ExpectHops(test,
                             datagrams,
                             {{"fd00:1::2", Net::N5, {}, 0},
                              {"fd00:3::2", Net::N5, {}, 0},
                              {"fd00:5::2", Net::N5, {}, 0},
                              {Net::N5, Net::N5, {}, 0}});
                  test.ExpectEqual(echo->GetHops().size(), 4U, "hops back");
                  test.Expect(echo->IsReached(), "reached by Echo Requests");
              });
    suite.Add(
        "Probes larger than the MTU trace the path by their first fragments, and a SID, which "
        "puts nothing together, refuses them",
        [](ScenarioTestCase& test)
        {
            Net net;
            const auto traceroute = Srv6Helper::AddTraceroute(
                net.Get(1), Ipv6Address(Net::END4), Net::ToSegments({Net::X31}));
            traceroute->SetAttribute("Size", UintegerValue(3000));
            net.Run();
            test.ExpectEqual(traceroute->GetHops().size(), 3U, "hops");
            for (size_t i = 0; i < traceroute->GetHops().size(); ++i)
            {
                const auto& answer = traceroute->GetHops()[i].probes.at(0);
                test.ExpectEqual(answer ? +answer->type : 0,
                                 i < 2 ? +TIME_EXCEEDED : +PARAMETER_PROBLEM,
                                 "type");
            }
            test.Expect(!traceroute->IsReached(), "not reached");
        });
    suite.Add("A hop that is silent is shown as such, and what is behind it is found",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  // N3 has no way back to N1, and passes on what it gets.
                  const auto routes =
                      Ipv6StaticRoutingHelper().GetStaticRouting(net.Get(3)->GetObject<Ipv6>());
                  for (uint32_t i = 0; i < routes->GetNRoutes(); ++i)
                  {
                      if (routes->GetRoute(i).GetDestNetwork() == Ipv6Address("fd00:1::"))
                      {
                          routes->RemoveRoute(i);
                          break;
                      }
                  }
                  const auto traceroute =
                      Srv6Helper::AddTraceroute(net.Get(1), Ipv6Address(Net::END4));
                  traceroute->SetAttribute("MaxHops", UintegerValue(3));
                  traceroute->SetAttribute("Timeout", TimeValue(MilliSeconds(100)));
                  net.Run();
                  test.ExpectEqual(traceroute->GetHops().size(), 3U, "hops");
                  for (const auto& answer : traceroute->GetHops().at(1).probes)
                  {
                      test.Expect(!answer, "no answer");
                  }
                  std::ostringstream text;
                  traceroute->Print(text);
                  test.Expect(text.str().find(" 2  * * *\n") != std::string::npos, text.str());
              });
    suite.Add("8986 4.1.1: a SID whose configuration does not allow it refuses a traceroute",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Get(4)->GetObject<Srv6Protocol>()->SetAttribute("AllowTraceroute",
                                                                      BooleanValue(false));
                  const auto traceroute =
                      Srv6Helper::AddTraceroute(net.Get(1), Ipv6Address(Net::END4));
                  net.Run();
                  test.ExpectEqual(traceroute->GetHops().size(), 3U, "hops");
                  const auto& answer = traceroute->GetHops().back().probes.at(0);
                  test.Expect(answer && answer->type == PARAMETER_PROBLEM && answer->code == 4,
                              "SR Upper-layer Header Error");
                  test.Expect(!traceroute->IsReached(), "not reached");
              });
}

/// What users get wrong.
void
AddMistakes(ScenarioTestSuite& suite)
{
    suite.Add("What cannot be sent says why",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto segments = Net::ToSegments({Net::X31});
                  const auto stock =
                      Srv6Helper::AddPing(net.Get(5), Ipv6Address(Net::N1), segments);
                  const auto nowhere = Srv6Helper::AddPing(net.Get(1), Ipv6Address::GetAny());
                  const auto group = Srv6Helper::AddPing(net.Get(1), Ipv6Address("ff0e::1"));
                  std::vector<Ptr<Srv6Ping>> byGroups;
                  for (const char* segment : {"ff02::1", "ff0e::1", "::"})
                  {
                      byGroups.push_back(Srv6Helper::AddPing(
                          net.Get(1), Ipv6Address(Net::N5), Net::ToSegments({segment})));
                  }
                  const auto many = Srv6Helper::AddPing(
                      net.Get(1), Ipv6Address(Net::N5), std::vector(127, segments[0]));
                  const auto most = Srv6Helper::AddPing(
                      net.Get(1), Ipv6Address(Net::N5), std::vector(126, segments[0]));
                  const auto noRoute =
                      Srv6Helper::AddTraceroute(net.Get(3), Ipv6Address("2a00::1"));
                  net.Run();
                  const auto expect = [&](const Srv6Probe& probe, const std::string& reason)
                  {
                      test.Expect(probe.GetProblem().find(reason) != std::string::npos,
                                  reason + ": " + probe.GetProblem());
                  };
                  expect(*stock, "no segment routing");
                  expect(*nowhere, "Remote");
                  expect(*group, "Remote");
                  for (const auto& ping : byGroups)
                  {
                      expect(*ping, "accepted: unicast addresses");
                  }
                  expect(*many, "at most 126");
                  test.ExpectEqual(most->GetProblem(), std::string(), "126 segments");
                  test.ExpectEqual(most->GetSent(), 5U, "sent with 126 segments");
                  expect(*noRoute, "no route to 2a00::1");
                  test.ExpectEqual(noRoute->GetHops().size(), 1U, "ends at once");
              });
    suite.Add(
        "Segments as text: addresses with commas between them, at most 126",
        [](ScenarioTestCase& test)
        {
            auto ping = CreateObject<Srv6Ping>();
            test.Expect(ping->SetAttributeFailSafe("Segments", StringValue("fc00::1,fc00::2")),
                        "two");
            test.Expect(ping->GetSegments() == Net::ToSegments({"fc00::1", "fc00::2"}), "both");
            for (const char* text : {"x", "1.2.3.4", "fc00::1 fc00::2", ";"})
            {
                test.Expect(!ping->SetAttributeFailSafe("Segments", StringValue(text)), text);
            }
            test.Expect(ping->GetSegments().size() == 2, "kept");
            test.Expect(!ping->SetAttributeFailSafe("Size", UintegerValue(1)), "too small");
        });
    suite.Add("A stopped ping sends no more",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto ping = Srv6Helper::AddPing(net.Get(1), Ipv6Address(Net::END4));
                  ping->SetAttribute("Count", UintegerValue(0));
                  ping->SetStartTime(Seconds(1));
                  ping->SetStopTime(Seconds(4.5));
                  net.Run();
                  test.ExpectEqual(ping->GetSent(), 4U, "sent");
                  test.ExpectEqual(ping->GetReceived(), 4U, "received");
              });
}

/// Ping and traceroute.
class MptcpSrv6OamTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6OamTestSuite()
        : ScenarioTestSuite("mptcp-srv6-oam")
    {
        AddPing(*this);
        AddTraceroute(*this);
        AddMistakes(*this);
    }
};

MptcpSrv6OamTestSuite g_mptcpSrv6OamTestSuite; //!< registers itself

} // namespace

} // namespace ns3
