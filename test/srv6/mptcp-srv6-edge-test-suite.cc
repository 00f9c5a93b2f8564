// SPDX-License-Identifier: GPL-2.0-only
// Segment routing at its edges: hop limits, fragments, errors about IPv4 inside, and what users and
// networks do to it that nobody has planned.
#include "srv6-packets.h"
#include "srv6-router.h"
#include "srv6-two-paths-net.h"
#include "test-rig.h"

#include "ns3/ipv4-source-routing.h"
#include "ns3/mptcp-api.h"
#include "ns3/srv6-helper.h"
#include "ns3/srv6-ipv4-routing.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/udp-socket-factory.h"

#include <functional>
#include <netinet/in.h>

namespace ns3
{

namespace
{

using namespace srv6packets;
using Net = Srv6TwoPathsNet;

constexpr uint64_t BYTES = 3000000;      //!< of a transfer
constexpr uint8_t UNREACHABLE = 1;       //!< type of ICMPv6
constexpr uint8_t TOO_BIG = 2;           //!< type of ICMPv6
constexpr uint8_t TIME_EXCEEDED = 3;     //!< type of ICMPv6
constexpr uint8_t PARAMETER_PROBLEM = 4; //!< type of ICMPv6

/// @param send bytes @param expect bytes @return an end without a path manager
EndpointOptions
End(uint64_t send, uint64_t expect)
{
    EndpointOptions options;
    options.send = send;
    options.expect = expect;
    options.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
    return options;
}

/// @param packets some @param test gets a failure @return the only one
Bytes
Only(const std::vector<Bytes>& packets, ScenarioTestCase& test)
{
    test.ExpectEqual(packets.size(), 1U, "packets");
    return packets.size() == 1 ? packets[0] : Bytes(200);
}

/// @param packet one @param limit hop limit @return it with that
Bytes
WithHopLimit(Bytes packet, uint8_t limit)
{
    packet[HOP_LIMIT] = limit;
    return packet;
}

/// @param quoted packet @param to destination @param type of ICMPv6 @param value its four bytes
/// @return an error about it
Bytes
MakeError(const Bytes& quoted, const Ipv6Address& to, uint8_t type, uint16_t value)
{
    Bytes payload{
        type, 0, 0, 0, 0, 0, static_cast<uint8_t>(value >> 8), static_cast<uint8_t>(value)};
    payload.insert(payload.end(), quoted.begin(), quoted.end());
    std::ostringstream name;
    name << to;
    return Ipv6Packet("fd00:a::9", name.str().c_str(), ICMP6, payload);
}

/// Hop limits (RFC 8986 sections 4.1 and 5.1).
void
AddHopLimits(ScenarioTestSuite& suite)
{
    for (const auto behavior : {Srv6Behavior::END, Srv6Behavior::END_X, Srv6Behavior::END_T})
    {
        suite.Add(
            std::string("4.1 S05: ") + std::string(GetName(behavior)) +
                " lets a packet with hop limit 2 pass, and tells of one with 1",
            [=](ScenarioTestCase& test)
            {
                Srv6Router router;
                router.AddSid("fc00:3::e", {behavior, 0, {Ipv6Address(FAR_HOST)}});
                const auto packet = Ipv6Packet(NEAR_HOST,
                                               "fc00:3::e",
                                               ROUTING,
                                               Routed({"fc00:3::e", FAR_HOST}, 1, UDP, Datagram()));
                router.Inject(WithHopLimit(packet, 2));
                test.ExpectEqual(+Only(router.forwarded, test)[HOP_LIMIT], 1, "hop limit");
                router.Inject(WithHopLimit(packet, 1));
                test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
                const auto error = Only(router.returned, test);
                test.ExpectEqual(+error[IPV6_SIZE], +TIME_EXCEEDED, "type");
                // The packet as it came, with all segments left.
                test.Expect(Bytes(error.begin() + IPV6_SIZE + 8, error.end()) ==
                                WithHopLimit(packet, 1),
                            "quoted");
                test.ExpectEqual(router.srv6->GetDrops(Srv6DropReason::HOP_LIMIT), 1U, "drops");
            });
    }
    suite.Add("5.1 S01: a headend tells the source of a packet with hop limit 1",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.srv6->Steer(
                      Ipv6Address("fc00:5::"),
                      48,
                      Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                  const auto packet = Ipv6Packet(NEAR_HOST, "fc00:5::1", UDP, Datagram());
                  router.Inject(WithHopLimit(packet, 2));
                  const auto outer = Only(router.forwarded, test);
                  test.ExpectEqual(+outer[IPV6_SIZE + 40 + HOP_LIMIT], 1, "inner hop limit");
                  test.ExpectEqual(+outer[HOP_LIMIT], 64, "outer hop limit");
                  router.Inject(WithHopLimit(packet, 1));
                  test.ExpectEqual(+Only(router.returned, test)[IPV6_SIZE], +TIME_EXCEEDED, "type");
              });
    suite.Add(
        "4.6: what is taken out of a packet with hop limit 1 goes on by its own",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            router.AddSid("fc00:3::d6", {Srv6Behavior::END_DT6});
            const auto inner = Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram());
            router.Inject(WithHopLimit(Ipv6Packet("fd00:a::7", "fc00:3::d6", IN_IPV6, inner), 1));
            test.ExpectEqual(+Only(router.forwarded, test)[HOP_LIMIT], 63, "hop limit");
            router.Inject(Ipv6Packet("fd00:a::7", "fc00:3::d6", IN_IPV6, WithHopLimit(inner, 1)));
            const auto error = Only(router.returned, test);
            test.ExpectEqual(+error[IPV6_SIZE], +TIME_EXCEEDED, "type");
            test.ExpectEqual(AddressAt(error, DESTINATION),
                             Ipv6Address(NEAR_HOST),
                             "to the source of the inner packet");
        });
}

/// USD where it is not End's (RFC 8986 section 4.16.3).
void
AddUsd(ScenarioTestSuite& suite)
{
    for (const bool routed : {true, false})
    {
        const std::string how = routed ? ", with an SRH" : ", without one";
        suite.Add("4.16.3: USD on End.X sends what is inside to the adjacency" + how,
                  [=](ScenarioTestCase& test)
                  {
                      Srv6Router router;
                      // No table knows the inner destination.
                      const auto inner = Ipv6Packet(NEAR_HOST, "2a00::1", UDP, Datagram());
                      router.AddSid("fc00:3::a",
                                    {Srv6Behavior::END_X, SRV6_USD, {Ipv6Address(FAR_HOST)}});
                      router.Inject(routed ? Ipv6Packet("fd00:a::7",
                                                        "fc00:3::a",
                                                        ROUTING,
                                                        Routed({"fc00:3::a"}, 0, IN_IPV6, inner))
                                           : Ipv6Packet("fd00:a::7", "fc00:3::a", IN_IPV6, inner));
                      test.Expect(Only(router.forwarded, test) == WithHopLimit(inner, 63), "inner");
                  });
        suite.Add(
            "4.16.3: USD on End.T asks its table" + how,
            [=](ScenarioTestCase& test)
            {
                Srv6Router router;
                auto table = CreateObject<Ipv6StaticRouting>();
                table->SetIpv6(router.node->GetObject<Ipv6>());
                table->AddNetworkRouteTo(
                    Ipv6Address("2a00::"), Ipv6Prefix(16), Ipv6Address(FAR_HOST), 2);
                router.srv6->SetTable6(7, table);
                Srv6Sid sid(Srv6Behavior::END_T, SRV6_USD);
                sid.table = 7;
                router.AddSid("fc00:3::7", sid);
                const auto send = [&](const char* destination)
                {
                    const auto inner = Ipv6Packet(NEAR_HOST, destination, UDP, Datagram());
                    router.Inject(routed ? Ipv6Packet("fd00:a::7",
                                                      "fc00:3::7",
                                                      ROUTING,
                                                      Routed({"fc00:3::7"}, 0, IN_IPV6, inner))
                                         : Ipv6Packet("fd00:a::7", "fc00:3::7", IN_IPV6, inner));
                };
                send("2a00::1");
                test.ExpectEqual(AddressAt(Only(router.forwarded, test), DESTINATION),
                                 Ipv6Address("2a00::1"),
                                 "destination");
                // The main table knows this one, the SID's does not.
                send("fc00:4::9");
                test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
                test.ExpectEqual(router.srv6->GetDrops(Srv6DropReason::NO_ROUTE), 1U, "no route");
            });
    }
    suite.Add("4.16.3: USD gives an inner IPv4 packet to IPv4, and without it it is refused",
              [](ScenarioTestCase& test)
              {
                  for (const auto behavior :
                       {Srv6Behavior::END, Srv6Behavior::END_X, Srv6Behavior::END_T})
                  {
                      for (const uint8_t flavor : {SRV6_USD, uint8_t(0)})
                      {
                          Srv6Router router;
                          Srv6Sid sid(behavior, flavor, {Ipv6Address(FAR_HOST)});
                          sid.nextHop4 = Ipv4Address("10.0.2.9"); // of End.X
                          router.AddSid("fc00:3::4", sid);
                          router.Inject(Ipv6Packet(
                              NEAR_HOST, "fc00:3::4", IPV4_IN_IPV6, Ipv4Packet("10.0.2.77")));
                          test.ExpectEqual(router.forwarded.size(), flavor ? 1U : 0U, "forwarded");
                          test.ExpectEqual(router.returned.size(), flavor ? 0U : 1U, "refused");
                      }
                  }
              });
}

/// IPv4 inside.
void
AddIpv4(ScenarioTestSuite& suite)
{
    for (const auto& [type, name] : {std::pair(TOO_BIG, "Too Big"),
                                     std::pair(TIME_EXCEEDED, "Time Exceeded"),
                                     std::pair(UNREACHABLE, "Unreachable"),
                                     std::pair(PARAMETER_PROBLEM, "Parameter Problem")})
    {
        suite.Add(std::string("2473 8.3: the headend relays ") + name +
                      " about its outer packet to the source of the IPv4 packet inside",
                  [type = type](ScenarioTestCase& test)
                  {
                      Srv6Router router;
                      router.srv6->Steer(
                          Ipv4Address("192.0.2.0"),
                          Ipv4Mask("255.255.255.0"),
                          Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                      router.Inject(Ipv4Packet("192.0.2.1"), Ipv4L3Protocol::PROT_NUMBER);
                      const auto outer = Only(router.forwarded, test);
                      router.Inject(MakeError(
                          outer, AddressAt(outer, SOURCE), type, type == TOO_BIG ? 1400 : 0));
                      const auto error = Only(router.returned, test);
                      test.ExpectEqual(+error[0], 0x45, "IPv4");
                      test.ExpectEqual(+error[9], 1, "ICMP");
                      test.ExpectEqual(Ipv4Address::Deserialize(error.data() + 16),
                                       Ipv4Address("10.0.1.1"),
                                       "to");
                      test.ExpectEqual(+error[IPV4_SIZE], 3, "Destination Unreachable");
                      // Fragmentation Needed less the overhead of 40 + 40, or Host Unreachable.
                      test.ExpectEqual(+error[IPV4_SIZE + 1], type == TOO_BIG ? 4 : 1, "code");
                      test.ExpectEqual(error[IPV4_SIZE + 6] << 8 | error[IPV4_SIZE + 7],
                                       type == TOO_BIG ? 1320 : 0,
                                       "MTU");
                      // RFC 792: the header inside, and eight bytes.
                      Bytes quoted(error.begin() + IPV4_SIZE + 8, error.end());
                      quoted.at(TTL) = 64;
                      const auto inner = Ipv4Packet("192.0.2.1");
                      test.Expect(quoted == Bytes(inner.begin(), inner.begin() + IPV4_SIZE + 8),
                                  "quoted");
                  });
    }
    suite.Add(
        "1122 3.2.2: a ping inside is told of the error, an ICMP error or a later fragment not",
        [](ScenarioTestCase& test)
        {
            constexpr uint8_t ICMP = 1;
            constexpr size_t FRAGMENT = 7;
            for (const auto& [icmp, offset, told] : {std::tuple(8, 0, 1U),
                                                     std::tuple(0, 0, 1U),
                                                     std::tuple(3, 0, 0U),
                                                     std::tuple(11, 0, 0U),
                                                     std::tuple(8, 4, 0U)})
            {
                Srv6Router router;
                router.srv6->Steer(
                    Ipv4Address("192.0.2.0"),
                    Ipv4Mask("255.255.255.0"),
                    Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                auto packet = Ipv4Packet("192.0.2.1");
                packet[9] = ICMP;
                packet[FRAGMENT] = static_cast<uint8_t>(offset);
                packet[IPV4_SIZE] = static_cast<uint8_t>(icmp);
                router.Inject(packet, Ipv4L3Protocol::PROT_NUMBER);
                const auto outer = Only(router.forwarded, test);
                router.Inject(MakeError(outer, AddressAt(outer, SOURCE), TIME_EXCEEDED, 0));
                test.ExpectEqual(router.returned.size(), told, "type " + std::to_string(icmp));
            }
        });
    suite.Add("An error that quotes no IPv4 header inside is relayed to nobody",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.srv6->Steer(
                      Ipv4Address("192.0.2.0"),
                      Ipv4Mask("255.255.255.0"),
                      Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                  router.Inject(Ipv4Packet("192.0.2.1"), Ipv4L3Protocol::PROT_NUMBER);
                  auto outer = Only(router.forwarded, test);
                  // Of 0 words, of 15, which are more than there is, and version 6.
                  for (const uint8_t first : {0x40, 0x4f, 0x65, 0x45})
                  {
                      outer.at(IPV6_SIZE + 40) = first;
                      router.Inject(MakeError(outer, AddressAt(outer, SOURCE), TIME_EXCEEDED, 0));
                      test.ExpectEqual(
                          router.returned.size(), first == 0x45 ? 1U : 0U, std::to_string(first));
                  }
              });
    suite.Add("An IPv4 packet that does not fit is cut and each part encapsulated; with Don't "
              "Fragment its source is told",
              [](ScenarioTestCase& test)
              {
                  constexpr size_t OVERHEAD = 80;
                  for (const bool whole : {false, true})
                  {
                      Srv6Router router;
                      router.srv6->Steer(
                          Ipv4Address("192.0.2.0"),
                          Ipv4Mask("255.255.255.0"),
                          Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                      auto packet = Ipv4Packet("192.0.2.1", Datagram(1450));
                      packet[6] = whole ? 0x40 : 0;
                      router.Inject(packet, Ipv4L3Protocol::PROT_NUMBER);
                      if (whole)
                      {
                          test.ExpectEqual(router.forwarded.size(), 0U, "forwarded");
                          const auto error = Only(router.returned, test);
                          test.ExpectEqual(+error[IPV4_SIZE + 1], 4, "Fragmentation Needed");
                          test.ExpectEqual(
                              error[IPV4_SIZE + 6] << 8 | error[IPV4_SIZE + 7], 1500 - 80, "MTU");
                          continue;
                      }
                      test.ExpectEqual(router.returned.size(), 0U, "errors");
                      test.ExpectEqual(router.forwarded.size(), 2U, "fragments");
                      Bytes payload;
                      for (size_t i = 0; i < router.forwarded.size(); ++i)
                      {
                          const auto& outer = router.forwarded[i];
                          test.Expect(outer.size() <= 1500, "fits");
                          const Bytes inner(outer.begin() + OVERHEAD, outer.end());
                          const auto flags = inner[6] << 8 | inner[7];
                          test.ExpectEqual((flags & 0x1fff) * 8U, payload.size(), "offset");
                          test.ExpectEqual((flags & 0x2000) != 0, i == 0, "more fragments");
                          test.ExpectEqual(
                              inner[2] << 8 | inner[3], static_cast<int>(inner.size()), "length");
                          payload.insert(payload.end(), inner.begin() + IPV4_SIZE, inner.end());
                      }
                      test.Expect(payload == Bytes(packet.begin() + IPV4_SIZE, packet.end()),
                                  "all of it");
                  }
              });
    suite.Add(
        "All parts of an IPv4 packet take the policy that it came by, though it ends with the "
        "first one",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            const Ipv4Address network("192.0.2.0");
            const Ipv4Mask mask("255.255.255.0");
            router.srv6->Steer(
                network,
                mask,
                Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
            const std::function<void(Ptr<const Packet>, Ptr<Ipv6>, uint32_t)> end =
                [&](Ptr<const Packet>, Ptr<Ipv6>, uint32_t)
            {
                router.srv6->Unsteer(network, mask);
                // It may lie where the other one was.
                router.srv6->Steer(
                    network,
                    mask,
                    Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::3", "fc00:4::4"}));
            };
            router.node->GetObject<Ipv6L3Protocol>()->TraceConnectWithoutContext(
                "Tx", Callback<void, Ptr<const Packet>, Ptr<Ipv6>, uint32_t>(end));
            router.Inject(Ipv4Packet("192.0.2.1", Datagram(1450)), Ipv4L3Protocol::PROT_NUMBER);
            test.ExpectEqual(router.forwarded.size(), 2U, "fragments");
            for (const auto& outer : router.forwarded)
            {
                test.ExpectEqual(
                    AddressAt(outer, DESTINATION), Ipv6Address("fc00:4::1"), "destination");
                test.ExpectEqual(
                    AddressAt(outer, IPV6_SIZE + 8), Ipv6Address("fc00:4::2"), "last segment");
            }
        });
    suite.Add("The path's MTU is heeded for IPv4 sources that never ask for it",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.srv6->Steer(
                      Ipv4Address("192.0.2.0"),
                      Ipv4Mask("255.255.255.0"),
                      Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                  const auto packet = Ipv4Packet("192.0.2.1", Datagram(1360));
                  router.Inject(packet, Ipv4L3Protocol::PROT_NUMBER);
                  const auto outer = Only(router.forwarded, test);
                  router.Inject(MakeError(outer, AddressAt(outer, SOURCE), TOO_BIG, 1400));
                  router.forwarded.clear();
                  router.Inject(packet, Ipv4L3Protocol::PROT_NUMBER);
                  test.ExpectEqual(router.forwarded.size(), 2U, "fragments");
                  for (const auto& fragment : router.forwarded)
                  {
                      test.Expect(fragment.size() <= 1400, "fits");
                  }
              });
    for (const auto order : {Srv6Router::Mptcp::BEFORE, Srv6Router::Mptcp::AFTER})
    {
        suite.Add(
            std::string("Steering of IPv4 and source addresses of MPTCP stack, MPTCP installed ") +
                (order == Srv6Router::Mptcp::BEFORE ? "before" : "after"),
            [=](ScenarioTestCase& test)
            {
                const bool after = order == Srv6Router::Mptcp::AFTER;
                Srv6Router router(false, after ? Srv6Router::Mptcp::NEVER : order);
                const auto policy = Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1"});
                const auto ipv4 = router.node->GetObject<Ipv4>();
                test.Expect(router.srv6->Steer(Ipv4Address("0.0.0.0"), Ipv4Mask("0.0.0.0"), policy),
                            "steered");
                if (after)
                {
                    MptcpL4Protocol::Install(router.node);
                }
                test.Expect(
                    router.srv6->Steer(Ipv4Address("10.0.0.0"), Ipv4Mask("255.0.0.0"), policy),
                    "steered again");
                const auto layer = Ipv4RoutingLayer::Find<Srv6Ipv4Routing>(ipv4);
                test.Expect(bool(layer), "steering");
                const auto source = Ipv4RoutingLayer::Find<Ipv4SourceRouting>(ipv4);
                test.Expect(bool(source), "source addresses");
                test.Expect(Ipv4SourceRouting::Install(ipv4) == source, "once");
                router.Inject(Ipv4Packet("192.0.2.1"), Ipv4L3Protocol::PROT_NUMBER);
                test.ExpectEqual(router.forwarded.size(), 1U, "steered");
                // What is for the router itself is not: a closed port answers.
                router.Inject(Ipv4Packet("10.0.1.2"), Ipv4L3Protocol::PROT_NUMBER);
                test.ExpectEqual(router.forwarded.size(), 1U, "not for the router");
                test.ExpectEqual(+Only(router.returned, test)[IPV4_SIZE + 1], 3, "closed");
                ipv4->SetDown(2);
                ipv4->SetUp(2);
                router.Inject(Ipv4Packet("192.0.2.1"), Ipv4L3Protocol::PROT_NUMBER);
                test.ExpectEqual(router.forwarded.size(), 2U, "after down and up");
            });
    }
}

/// One list for each flow (RFC 9256 section 5.1: never for each packet).
void
AddFlows(ScenarioTestSuite& suite)
{
    suite.Add("Flows of IPv4 share segment lists, and fragments of a packet go by the same one",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  auto policy = Create<Srv6Policy>(Srv6Steering::ENCAPS);
                  policy->AddSegmentList({Ipv6Address("fc00:4::1")});
                  policy->AddSegmentList({Ipv6Address("fc00:4::2")});
                  router.srv6->Steer(Ipv4Address("192.0.2.0"), Ipv4Mask("255.255.255.0"), policy);
                  constexpr uint16_t FLOWS = 200;
                  for (uint16_t flow = 0; flow < 2 * FLOWS; ++flow)
                  {
                      router.InjectNow(Ipv4Packet("192.0.2.1", Datagram(4, flow % FLOWS)),
                                       Ipv4L3Protocol::PROT_NUMBER);
                  }
                  router.Run();
                  test.ExpectEqual(router.forwarded.size(), 2U * FLOWS, "forwarded");
                  size_t second = 0;
                  for (size_t i = 0; i < FLOWS; ++i)
                  {
                      const auto first = AddressAt(router.forwarded.at(i), DESTINATION);
                      second += first == Ipv6Address("fc00:4::2");
                      test.Expect(first == AddressAt(router.forwarded.at(i + FLOWS), DESTINATION),
                                  "the same list again");
                  }
                  test.Expect(second > FLOWS * 0.4 && second < FLOWS * 0.6,
                              "half, not " + std::to_string(second));
                  router.forwarded.clear();
                  for (uint16_t at = 0; at < 100; ++at)
                  {
                      // Each fragment's first bytes, where ports would be, are others.
                      auto fragment = Ipv4Packet("192.0.2.1", Datagram(4, 7 * at));
                      fragment[6] = at < 99 ? 0x20 : 0;
                      fragment[7] = static_cast<uint8_t>(at);
                      router.InjectNow(fragment, Ipv4L3Protocol::PROT_NUMBER);
                  }
                  router.Run();
                  test.ExpectEqual(router.forwarded.size(), 100U, "fragments");
                  for (const auto& fragment : router.forwarded)
                  {
                      test.Expect(AddressAt(fragment, DESTINATION) ==
                                      AddressAt(router.forwarded[0], DESTINATION),
                                  "one list for all");
                  }
              });
    suite.Add(
        "Stock sockets of a node share its policy's lists, each socket has one",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            auto policy = Create<Srv6Policy>(Srv6Steering::INSERT);
            policy->AddSegmentList({Ipv6Address("fc00:4::1")});
            policy->AddSegmentList({Ipv6Address("fc00:4::2")});
            router.srv6->Steer(Ipv6Address("fc00:4:0:5::"), 64, policy);
            constexpr int SOCKETS = 40;
            for (int i = 0; i < SOCKETS; ++i)
            {
                auto socket = Socket::CreateSocket(router.node, UdpSocketFactory::GetTypeId());
                for (int k = 0; k < 3; ++k)
                {
                    Simulator::Schedule(
                        MilliSeconds(10 + 3 * i + k),
                        [=] {
                            socket->SendTo(Create<Packet>(10),
                                           0,
                                           Inet6SocketAddress(Ipv6Address("fc00:4:0:5::1"), 7));
                        });
                }
            }
            router.Run();
            test.ExpectEqual(router.forwarded.size(), 3U * SOCKETS, "sent");
            std::map<uint16_t, std::set<Ipv6Address>> lists;
            std::set<Ipv6Address> all;
            for (const auto& packet : router.forwarded)
            {
                constexpr size_t PORT = IPV6_SIZE + 8 + 2 * 16;
                const auto first = AddressAt(packet, DESTINATION);
                lists[static_cast<uint16_t>(packet[PORT] << 8 | packet[PORT + 1])].insert(first);
                all.insert(first);
            }
            test.ExpectEqual(lists.size(), size_t(SOCKETS), "ports");
            test.ExpectEqual(all.size(), 2U, "both lists are used");
            for (const auto& [port, used] : lists)
            {
                test.ExpectEqual(used.size(), 1U, "lists of a socket");
            }
        });
}

/// Set IPV6_RTHDR of a subflow. @param socket whose @param id of it @param header value
/// @return 0 or an error
int
SetRoutingHeader(MptcpSocket& socket, uint8_t id, Bytes header)
{
    mptcp_sub_setsockopt request{};
    request.id = id;
    request.level = IPPROTO_IPV6;
    request.optname = IPV6_RTHDR;
    request.optval = reinterpret_cast<char*>(header.data());
    request.optlen = static_cast<unsigned int>(header.size());
    return socket.SetSockOpt(IPPROTO_TCP, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request));
}

/// HMAC in a header that a program gives (RFC 8754 section 2.1.2).
void
AddHmac(ScenarioTestSuite& suite)
{
    suite.Add("2.1.2: a policy's HMAC counts with its segments, whichever comes first",
              [](ScenarioTestCase& test)
              {
                  const Srv6Key key{1, "secret"};
                  for (const auto& [steering, most] : {std::pair(Srv6Steering::ENCAPS, 125),
                                                       std::pair(Srv6Steering::ENCAPS_REDUCED, 125),
                                                       std::pair(Srv6Steering::INSERT, 124)})
                  {
                      const std::vector<Ipv6Address> fits(most, Ipv6Address("fc00:4::1"));
                      const std::vector<Ipv6Address> exceeds(most + 1, Ipv6Address("fc00:4::1"));
                      Srv6Policy policy(steering);
                      test.Expect(policy.SetKey(key), "no lists yet");
                      test.Expect(!policy.AddSegmentList(exceeds), "a list that exceeds");
                      test.Expect(policy.AddSegmentList(fits), "a list that fits");
                      test.Expect(policy.SetKey({2, "other"}), "another key");
                      Bytes bytes(4096, 0xee);
                      policy.Write(
                          0, bytes.data(), UDP, Ipv6Address(NEAR_HOST), Ipv6Address(FAR_HOST));
                      const uint32_t size = policy.GetHeaderSize(0);
                      test.Expect(size <= SRV6_MAX_SIZE, "size " + std::to_string(size));
                      test.ExpectEqual((bytes[1] + 1U) * 8, size, "length");
                      test.Expect(Bytes(bytes.begin() + size, bytes.end()) ==
                                      Bytes(bytes.size() - size, 0xee),
                                  "nothing behind it");
                      test.Expect(bool(ParseSegmentRoutingHeader(bytes.data(), size).header),
                                  "can be read");
                      Srv6Policy late(steering);
                      test.Expect(late.AddSegmentList(exceeds), "without a key");
                      const uint32_t before = late.GetHeaderSize(0);
                      test.Expect(!late.SetKey(key), "there is no room for one");
                      test.ExpectEqual(late.GetHeaderSize(0), before, "nothing changes");
                  }
              });
    for (const auto text : {Srv6HmacText::RFC8754, Srv6HmacText::LINUX})
    {
        suite.Add(std::string("2.1.2: the HMAC TLV of a given header is filled in, ") +
                      (text == Srv6HmacText::LINUX ? "as Linux" : "as the RFC") +
                      ", and a router that requires it lets the subflow pass",
                  [=](ScenarioTestCase& test)
                  {
                      constexpr uint32_t KEY = 9;
                      Net net;
                      const Srv6Key key{KEY, "secret", text};
                      net.host->GetObject<Srv6Protocol>()->AddKey(key);
                      const auto lower = net.lower->GetObject<Srv6Protocol>();
                      lower->AddKey(key);
                      lower->SetAttribute("RequireHmac", BooleanValue(true));
                      net.Listen(End(1000, BYTES));
                      net.Connect(End(BYTES, 1000));
                      const auto give = [&](uint32_t id)
                      {
                          auto header = SegmentRoutingHeader::FromPath(
                              {Ipv6Address(Net::LOWER), Ipv6Address::GetAny()});
                          // 16 bits of flags, the key's identifier, and room for the HMAC.
                          Srv6Tlv tlv{SRV6_TLV_HMAC, Bytes(38)};
                          tlv.value[5] = static_cast<uint8_t>(id);
                          header.tlvs.push_back(tlv);
                          Bytes bytes(header.GetSize());
                          header.Write(bytes.data());
                          test.ExpectEqual(SetRoutingHeader(*net.client, 1, bytes), 0, "given");
                      };
                      net.At(MilliSeconds(200), [&] { give(KEY); });
                      net.At(MilliSeconds(600),
                             [&]
                             {
                                 test.Expect(net.atLower.routed > 100, "passes the router");
                                 test.ExpectEqual(
                                     lower->GetDrops(Srv6DropReason::HMAC), 0U, "drops");
                                 // A key that the host does not have: nothing is filled in.
                                 give(KEY + 1);
                             });
                      net.At(MilliSeconds(900),
                             [&]
                             {
                                 test.Expect(lower->GetDrops(Srv6DropReason::HMAC) > 0,
                                             "drops without the key");
                                 net.client->SetSubflowSegments(1, {});
                             });
                      net.Run(Seconds(60));
                      test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  });
    }
}

/// Paths of SYNs that nobody should reflect.
void
AddHostilePaths(ScenarioTestSuite& suite)
{
    suite.Add("A SYN by segments that no packet can go back by is answered by the shortest path",
              [](ScenarioTestCase& test)
              {
                  constexpr uint8_t TCP = 6;
                  const std::vector<const char*> many(88, "fc00:4::1");
                  for (const auto& [path, reflected] :
                       std::vector<std::pair<std::vector<const char*>, bool>>{
                           {{"fc00:4::1"}, true},
                           {{"ff02::1"}, false},
                           {{"fc00:4::1", "ff0e::1"}, false},
                           {{"::"}, false},
                           {{"::1"}, false},
                           {many, false}})
                  {
                      Srv6Router router(false, Srv6Router::Mptcp::AFTER);
                      router.srv6->SetAttribute("ReflectPaths", BooleanValue(true));
                      MptcpHelper().Install(router.node);
                      auto listener =
                          Socket::CreateSocket(router.node, MptcpSocketFactory::GetTypeId());
                      listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 80));
                      listener->Listen();
                      Bytes syn(20);
                      syn[0] = 0x30;
                      syn[3] = 80;
                      syn[7] = 1;
                      syn[12] = 0x50;
                      syn[13] = 0x02;
                      syn[14] = 0x10;
                      auto whole = path;
                      whole.push_back("fd00:a::2");
                      router.InjectNow(
                          Ipv6Packet(NEAR_HOST, "fd00:a::2", ROUTING, Routed(whole, 0, TCP, syn)));
                      router.Run();
                      const std::string what =
                          std::to_string(path.size()) + " times " + path.back();
                      test.ExpectEqual(router.forwarded.empty(), !reflected, "reflected: " + what);
                      test.ExpectEqual(router.returned.empty(), reflected, "directly: " + what);
                      for (const auto& packet : router.returned)
                      {
                          test.ExpectEqual(+packet[NEXT_HEADER], +TCP, "next header: " + what);
                      }
                      listener->Close();
                  }
              });
}

/// What nobody has planned.
void
AddStrangers(ScenarioTestSuite& suite)
{
    suite.Add(
        "A datagram whose segments alone exceed the MTU is dropped at its source, with a reason",
        [](ScenarioTestCase& test)
        {
            Net net;
            auto sender = Socket::CreateSocket(net.host, UdpSocketFactory::GetTypeId());
            const auto srv6 = net.host->GetObject<Srv6Protocol>();
            test.Expect(srv6->SetSocketSegments(sender, std::vector(126, Ipv6Address(Net::LOWER))),
                        "set");
            test.Expect(!srv6->SetSocketSegments(sender, std::vector(127, Ipv6Address(Net::LOWER))),
                        "one more than a header has");
            net.At(Seconds(1),
                   [=] {
                       sender->SendTo(
                           Create<Packet>(10), 0, Inet6SocketAddress(Ipv6Address(Net::SERVER), 7));
                   });
            net.Run(Seconds(3));
            test.ExpectEqual(srv6->GetDrops(Srv6DropReason::TOO_BIG), 1U, "drops");
            test.ExpectEqual(net.atLower.packets, 0U, "sent");
        });
    suite.Add("50 segments carry a connection by two routers, whose packets have 12 hops left",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Listen(End(1000, 200000));
                  std::vector<const char*> path(30, Net::LOWER);
                  path.insert(path.end(), 20, Net::FAR);
                  net.Connect(End(200000, 1000), path);
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  test.ExpectEqual(net.atLower.fragments, 0U, "fragments");
              });
    suite.Add("127 segments, which no packet has room or hops for, fail alone",
              [](ScenarioTestCase& test)
              {
                  for (const uint16_t mtu : {1500, 9000})
                  {
                      Net net;
                      net.SetMtu(mtu);
                      net.Listen(End(1000, BYTES));
                      net.Connect(End(BYTES, 1000));
                      const std::vector<const char*> path(126, Net::LOWER);
                      int id = 0;
                      net.At(MilliSeconds(200), [&] { id = net.Open(path); });
                      net.Run(Seconds(60));
                      test.ExpectEqual(id > 0, mtu == 9000, "opened");
                      // A packet visits no more SIDs of a node in a row.
                      const auto lower = net.lower->GetObject<Srv6Protocol>();
                      test.ExpectEqual(
                          lower->GetDrops(Srv6DropReason::LOOP) > 0, mtu == 9000, "drops");
                      test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  }
              });
    suite.Add(
        "A loop of segments ends where the list ends, or with the hop limit",
        [](ScenarioTestCase& test)
        {
            for (const size_t rounds : {5, 33})
            {
                Net net;
                auto receiver = Socket::CreateSocket(net.server, UdpSocketFactory::GetTypeId());
                receiver->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 7));
                auto sender = Socket::CreateSocket(net.host, UdpSocketFactory::GetTypeId());
                std::vector<const char*> path;
                for (size_t i = 0; i < rounds; ++i)
                {
                    path.push_back(Net::LOWER);
                    path.push_back(Net::FAR);
                }
                net.SetMtu(3000);
                const auto srv6 = net.host->GetObject<Srv6Protocol>();
                test.Expect(srv6->SetSocketSegments(sender, Net::ToSegments(path)), "set");
                uint32_t told = 0;
                sender->SetAttribute(
                    "IcmpCallback6",
                    CallbackValue(Callback<void, Ipv6Address, uint8_t, uint8_t, uint8_t, uint32_t>(
                        [&](Ipv6Address, uint8_t, uint8_t type, uint8_t, uint32_t)
                        { told += type == TIME_EXCEEDED; })));
                net.At(Seconds(1),
                       [=] {
                           sender->SendTo(Create<Packet>(10),
                                          0,
                                          Inet6SocketAddress(Ipv6Address(Net::SERVER), 7));
                       });
                net.Run(Seconds(5));
                // Each round has two hops, and a packet 64. The error quotes as far as the ports.
                test.ExpectEqual(bool(receiver->Recv()), rounds == 5, "arrives");
                test.ExpectEqual(told, rounds == 5 ? 0U : 1U, "the source is told");
            }
        });
    suite.Add("A subflow by a SID that is nobody's fails alone",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Listen(End(1000, BYTES));
                  net.Connect(End(BYTES, 1000));
                  int id = -1;
                  net.At(MilliSeconds(200), [&] { id = net.Open({"fc00:1::dead"}); });
                  net.Run(Seconds(60));
                  test.Expect(id > 0, "its route exists");
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
              });
    suite.Add(
        "Segments that are set to a SID that is nobody's stop a subflow until they are mended",
        [](ScenarioTestCase& test)
        {
            Net net;
            net.Listen(End(1000, BYTES));
            net.Connect(End(BYTES, 1000), {Net::LOWER});
            net.At(MilliSeconds(400),
                   [&]
                   {
                       const auto wrong = Net::ToSegments({"fc00:1::dead"});
                       test.ExpectEqual(net.client->SetSubflowSegments(1, wrong), 0, "nobody's");
                   });
            net.At(Seconds(2),
                   [&]
                   {
                       const auto right = Net::ToSegments({Net::LOWER_PSP});
                       test.ExpectEqual(net.client->SetSubflowSegments(1, right), 0, "right");
                   });
            net.Run(Seconds(60));
            test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
        });
    suite.Add("Installed while traffic runs, it disturbs nothing and works from then on",
              [](ScenarioTestCase& test)
              {
                  Net net(false);
                  net.Listen(End(1000, BYTES));
                  net.Connect(End(BYTES, 1000));
                  int id = -1;
                  net.At(MilliSeconds(300),
                         [&]
                         {
                             Srv6Helper srv6;
                             const NodeContainer hosts(net.host, net.server);
                             srv6.Install(hosts);
                             srv6.Install(hosts);
                             id = net.Open({Net::LOWER});
                         });
                  net.Run(Seconds(60));
                  test.Expect(id > 0, "opened");
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  test.Expect(net.atLower.routed > 100, "the segment's path is used");
              });
    suite.Add(
        "A policy that is given while stock TCP sends takes its packets from then on",
        [](ScenarioTestCase& test)
        {
            Net net;
            auto listener = Socket::CreateSocket(net.server, TcpSocketFactory::GetTypeId());
            std::unique_ptr<TestEndpoint> accepted;
            EndpointOptions options = End(0, BYTES);
            options.attributes.clear();
            listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 81));
            listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                        Callback<void, Ptr<Socket>, const Address&>(
                                            [&accepted, options](Ptr<Socket> socket, const Address&)
                                            {
                                                accepted = std::make_unique<TestEndpoint>(
                                                    socket, options, false);
                                                accepted->Begin();
                                            }));
            listener->Listen();
            auto socket = Socket::CreateSocket(net.host, TcpSocketFactory::GetTypeId());
            socket->SetAttribute("SegmentSize", UintegerValue(1428));
            options = End(BYTES, 0);
            options.attributes.clear();
            TestEndpoint client(socket, options, true);
            net.At(MilliSeconds(10),
                   [&] { client.Connect(Inet6SocketAddress(Ipv6Address(Net::SERVER), 81)); });
            net.At(MilliSeconds(500),
                   [&]
                   {
                       test.ExpectEqual(net.atLower.packets, 0U, "the shortest path first");
                       Srv6Helper::Steer(net.host,
                                         Ipv6Address(Net::SERVER),
                                         128,
                                         Srv6Helper::CreatePolicy(Srv6Steering::INSERT,
                                                                  Net::ToSegments({Net::LOWER})));
                   });
            net.Run(Seconds(60));
            test.ExpectEqual(accepted ? accepted->GetWrongByte() : "none", std::string(), "bytes");
            test.Expect(net.atLower.routed > 500, "the segment's path then");
            test.Expect(net.atLower.fragments > 500, "with fragments, since it had no room");
            accepted.reset();
        });
    suite.Add("What is no policy, no prefix and no segment is refused",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  const auto encaps = Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1"});
                  const auto insert = Srv6Router::MakePolicy(Srv6Steering::INSERT, {"fc00:4::1"});
                  const Ipv6Address prefix("fc00:5::");
                  const Ipv4Address network("192.0.2.0");
                  const Ipv4Mask mask("255.255.255.0");
                  test.Expect(!router.srv6->Steer(prefix, 48, nullptr), "no policy");
                  test.Expect(!router.srv6->Steer(prefix, 129, encaps), "129 bits");
                  test.Expect(!router.srv6->AddSid(prefix, 129, Srv6Sid()), "a SID of 129 bits");
                  test.Expect(!router.srv6->Steer(network, mask, nullptr), "no policy for IPv4");
                  test.Expect(!router.srv6->Steer(network, mask, insert), "insertion into IPv4");
                  Srv6Policy policy;
                  test.Expect(!policy.AddSegmentList({}), "no segment");
                  test.Expect(!policy.AddSegmentList({prefix}, 0), "no weight");
                  test.Expect(!policy.AddSegmentList({Ipv6Address("ff0e::1")}), "a group");
                  test.Expect(!policy.AddSegmentList({Ipv6Address::GetAny()}), "no address");
                  test.Expect(!policy.AddSegmentList(std::vector(128, prefix)), "128 segments");
                  test.Expect(policy.AddSegmentList(std::vector(127, prefix)), "127 segments");
                  test.Expect(policy.AddSegmentList({prefix}, UINT32_MAX - 1), "all weights");
                  test.Expect(!policy.AddSegmentList({prefix}), "more than all weights");
                  test.ExpectEqual(policy.Choose(0), 0U, "the lowest hash");
                  test.ExpectEqual(policy.Choose(UINT32_MAX), 1U, "the highest hash");
                  // Nothing of this has done anything.
                  router.Inject(Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram()));
                  test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
              });
    suite.Add(
        "Policies and SIDs may come before links and addresses",
        [](ScenarioTestCase& test)
        {
            auto node = CreateObject<Node>();
            test.Expect(!Srv6Protocol::Install(node), "there is no IPv6 yet");
            auto peer = CreateObject<Node>();
            InternetStackHelper().Install(NodeContainer(node, peer));
            Srv6Helper helper;
            helper.Install(node);
            helper.AddLocator(node, Ipv6Address("fc00:9::"));
            Srv6Helper::Steer(
                node,
                Ipv6Address("fc00:8::"),
                32,
                Srv6Helper::CreatePolicy(Srv6Steering::INSERT, Net::ToSegments({"fd00:1::2"})));
            const auto devices = PointToPointHelper().Install(node, peer);
            uint8_t number = 1;
            for (const auto& end : {node, peer})
            {
                const auto ipv6 = end->GetObject<Ipv6>();
                const auto interface = ipv6->AddInterface(devices.Get(number - 1));
                const std::string address = "fd00:1::" + std::to_string(number++);
                ipv6->AddAddress(
                    interface, Ipv6InterfaceAddress(Ipv6Address(address.c_str()), Ipv6Prefix(64)));
                ipv6->SetUp(interface);
            }
            helper.PopulateRoutes(NodeContainer(node, peer));
            // The SID is pinged, and the policy takes what goes to its prefix to the peer.
            const auto ping = Srv6Helper::AddPing(peer, Ipv6Address("fc00:9::"));
            ping->SetStartTime(Seconds(2));
            uint32_t routed = 0;
            peer->GetObject<Ipv6L3Protocol>()->TraceConnectWithoutContext(
                "Rx",
                Callback<void, Ptr<const Packet>, Ptr<Ipv6>, uint32_t>(
                    [&](Ptr<const Packet> packet, Ptr<Ipv6>, uint32_t)
                    {
                        Ipv6Header header;
                        packet->PeekHeader(header);
                        routed += header.GetNextHeader() == ROUTING;
                    }));
            auto sender = Socket::CreateSocket(node, UdpSocketFactory::GetTypeId());
            Ipv6StaticRoutingHelper()
                .GetStaticRouting(node->GetObject<Ipv6>())
                ->AddNetworkRouteTo(
                    Ipv6Address("fc00:8::"), Ipv6Prefix(32), Ipv6Address("fd00:1::2"), 1);
            Simulator::Schedule(Seconds(2),
                                [=] {
                                    sender->SendTo(Create<Packet>(10),
                                                   0,
                                                   Inet6SocketAddress(Ipv6Address("fc00:8::1"), 7));
                                });
            Simulator::Stop(Seconds(10));
            Simulator::Run();
            test.ExpectEqual(ping->GetReceived(), 5U, "pings");
            test.ExpectEqual(routed, 1U, "by the policy");
            Simulator::Destroy();
        });
}

/// Edges.
class MptcpSrv6EdgeTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6EdgeTestSuite()
        : ScenarioTestSuite("mptcp-srv6-edge")
    {
        AddHopLimits(*this);
        AddUsd(*this);
        AddIpv4(*this);
        AddFlows(*this);
        AddHmac(*this);
        AddHostilePaths(*this);
        AddStrangers(*this);
    }
};

MptcpSrv6EdgeTestSuite g_mptcpSrv6EdgeTestSuite; //!< registers itself

} // namespace

} // namespace ns3
