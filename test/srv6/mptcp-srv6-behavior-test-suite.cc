// SPDX-License-Identifier: GPL-2.0-only
// Behaviors of SIDs (RFC 8986 section 4) beyond the kernel's vectors.
#include "srv6-packets.h"
#include "srv6-router.h"
#include "test-rig.h"

#include "ns3/global-value.h"
#include "ns3/ipv6-extension-demux.h"
#include "ns3/ipv6-extension.h"

#include <algorithm>

namespace ns3
{

namespace
{

using namespace srv6packets;

/// Before what a node does with routing headers for itself: counts them.
class RoutingHeaderCounter : public Ipv6ExtensionRouting
{
  public:
    uint8_t Process(Ptr<Packet>& packet,
                    uint8_t offset,
                    const Ipv6Header& header,
                    Ipv6Address destination,
                    uint8_t* nextHeader,
                    bool& stop,
                    bool& dropped,
                    Ipv6L3Protocol::DropReason& reason) override
    {
        ++m_count;
        return m_inner->Process(
            packet, offset, header, destination, nextHeader, stop, dropped, reason);
    }

    Ptr<Ipv6Extension> m_inner; //!< the node's
    uint32_t m_count{0};        //!< headers
};

/// Behaviors that take a packet out.
void
AddDecapsulation(ScenarioTestSuite& suite)
{
    const Bytes inner = Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram());
    for (const bool linuxCompatible : {true, false})
    {
        for (const bool routed : {true, false})
        {
            suite.Add(std::string("End.DX6 sends the inner packet to its neighbour, ") +
                          (routed ? "with an SRH" : "without one"),
                      [=](ScenarioTestCase& test)
                      {
                          Srv6Router router(linuxCompatible);
                          router.AddSid("fc00:3::d5",
                                        {Srv6Behavior::END_DX6, 0, {Ipv6Address(FAR_HOST)}});
                          auto strange = inner;
                          // No table knows this one.
                          Ipv6Address("2a00::1").GetBytes(strange.data() + DESTINATION);
                          router.Inject(routed ? Ipv6Packet(NEAR_HOST,
                                                            "fc00:3::d5",
                                                            ROUTING,
                                                            Routed({"fc00:3::d5"}, 0, 41, strange))
                                               : Ipv6Packet(NEAR_HOST, "fc00:3::d5", 41, strange));
                          auto expected = strange;
                          expected[HOP_LIMIT] = 63;
                          test.Expect(Only(router.forwarded, test) == expected, "inner packet");
                      });
        }
        suite.Add("End with USD takes the inner packet out, without USD it refuses",
                  [=](ScenarioTestCase& test)
                  {
                      for (const uint8_t flavor : {SRV6_USD, uint8_t(0)})
                      {
                          Srv6Router router(linuxCompatible);
                          router.AddSid("fc00:3::e", {Srv6Behavior::END, flavor});
                          router.Inject(Ipv6Packet(NEAR_HOST, "fc00:3::e", 41, inner));
                          test.ExpectEqual(router.forwarded.size(), flavor ? 1U : 0U, "forwarded");
                          test.ExpectEqual(router.returned.size(),
                                           !flavor && !linuxCompatible ? 1U : 0U,
                                           "Parameter Problem");
                          test.ExpectEqual(router.srv6->GetDrops(Srv6DropReason::UPPER_LAYER),
                                           flavor ? 0U : 1U,
                                           "drops");
                      }
                  });
    }
    for (const auto behavior :
         {Srv6Behavior::END_DX4, Srv6Behavior::END_DT4, Srv6Behavior::END_DT46})
    {
        suite.Add(std::string(GetName(behavior)) + " gives an inner IPv4 packet to IPv4",
                  [=](ScenarioTestCase& test)
                  {
                      Srv6Router router;
                      Srv6Sid sid(behavior);
                      sid.nextHop4 = Ipv4Address("10.0.2.9");
                      router.AddSid("fc00:3::4", sid);
                      const bool cross = behavior == Srv6Behavior::END_DX4;
                      const auto packet = Ipv4Packet(cross ? "192.0.2.1" : "10.0.2.77");
                      router.Inject(Ipv6Packet(NEAR_HOST, "fc00:3::4", 4, packet));
                      auto expected = packet;
                      expected[TTL] = 63;
                      test.Expect(Only(router.forwarded, test) == expected, "inner packet");
                  });
    }
    for (const auto behavior : {Srv6Behavior::END_DX4, Srv6Behavior::END_DT4})
    {
        suite.Add("1812 5.2.2: " + std::string(GetName(behavior)) +
                      " refuses an inner IPv4 packet with a wrong header length or checksum",
                  [=](ScenarioTestCase& test)
                  {
                      Srv6Sid sid(behavior);
                      sid.nextHop4 = Ipv4Address("10.0.2.9");
                      const bool cross = behavior == Srv6Behavior::END_DX4;
                      const auto good = Ipv4Packet(cross ? "192.0.2.1" : "10.0.2.77");
                      const auto forwards = [&](const Bytes& packet)
                      {
                          Srv6Router router;
                          router.AddSid("fc00:3::4", sid);
                          router.Inject(Ipv6Packet(NEAR_HOST, "fc00:3::4", IPV4_IN_IPV6, packet));
                          return !router.forwarded.empty();
                      };
                      test.Expect(forwards(good), "a right one");
                      for (const uint8_t words : {0, 4, 15})
                      {
                          auto wrong = good;
                          wrong[0] = 0x40 | words;
                          test.Expect(!forwards(wrong), std::to_string(words) + " words");
                      }
                      GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
                      auto packet = good;
                      WriteChecksum(packet.data(), IPV4_SIZE, 10);
                      test.Expect(forwards(packet), "a right checksum");
                      packet[11] ^= 1;
                      test.Expect(!forwards(packet), "a wrong checksum");
                      GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
                  });
    }
    suite.Add("End.DT46 looks an inner IPv6 packet up as well",
              [=](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.AddSid("fc00:3::46", {Srv6Behavior::END_DT46});
                  router.Inject(Ipv6Packet(NEAR_HOST, "fc00:3::46", 41, inner));
                  auto expected = inner;
                  expected[HOP_LIMIT] = 63;
                  test.Expect(Only(router.forwarded, test) == expected, "inner packet");
              });
    suite.Add("End.DT6 and End.T ask the table that they name",
              [=](ScenarioTestCase& test)
              {
                  for (const auto behavior : {Srv6Behavior::END_DT6, Srv6Behavior::END_T})
                  {
                      Srv6Router router;
                      auto table = CreateObject<Ipv6StaticRouting>();
                      table->SetIpv6(router.node->GetObject<Ipv6>());
                      table->AddNetworkRouteTo(
                          Ipv6Address("2a00::"), Ipv6Prefix(16), Ipv6Address(FAR_HOST), 2);
                      router.srv6->SetTable6(7, table);
                      Srv6Sid sid(behavior);
                      sid.table = 7;
                      router.AddSid("fc00:3::7", sid);
                      const bool end = behavior == Srv6Behavior::END_T;
                      router.Inject(
                          end ? Ipv6Packet(NEAR_HOST,
                                           "fc00:3::7",
                                           ROUTING,
                                           Routed({"fc00:3::7", "2a00::1"}, 1, UDP, Datagram()))
                              : Ipv6Packet(NEAR_HOST,
                                           "fc00:3::7",
                                           41,
                                           Ipv6Packet(NEAR_HOST, "2a00::1", UDP, Datagram())));
                      const auto packet = Only(router.forwarded, test);
                      test.ExpectEqual(
                          AddressAt(packet, DESTINATION), Ipv6Address("2a00::1"), "destination");
                  }
              });
    suite.Add("End.DT4 and End.DT46 ask the IPv4 table that they name",
              [](ScenarioTestCase& test)
              {
                  for (const auto behavior : {Srv6Behavior::END_DT4, Srv6Behavior::END_DT46})
                  {
                      Srv6Router router;
                      Srv6Sid sid(behavior);
                      sid.table = 7;
                      router.AddSid("fc00:3::7", sid);
                      // The main table does not know the inner destination.
                      const auto inner = Ipv4Packet("192.0.2.1");
                      const auto packet = Ipv6Packet(NEAR_HOST, "fc00:3::7", IPV4_IN_IPV6, inner);
                      router.Inject(packet);
                      test.ExpectEqual(router.forwarded.size(), 0U, "without a table");
                      auto table = CreateObject<Ipv4StaticRouting>();
                      table->SetIpv4(router.node->GetObject<Ipv4>());
                      table->AddNetworkRouteTo(Ipv4Address("192.0.2.0"),
                                               Ipv4Mask("255.255.255.0"),
                                               Ipv4Address("10.0.2.9"),
                                               2);
                      router.srv6->SetTable4(7, table);
                      router.Inject(packet);
                      auto expected = inner;
                      expected[TTL] = 63;
                      test.Expect(Only(router.forwarded, test) == expected, "inner packet");
                  }
              });
    suite.Add(
        "A decapsulating SID refuses segments left and inner packets of the other kind",
        [=](ScenarioTestCase& test)
        {
            Srv6Router router;
            router.AddSid("fc00:3::d6", {Srv6Behavior::END_DT6});
            router.Inject(Ipv6Packet(
                NEAR_HOST, "fc00:3::d6", ROUTING, Routed({"fc00:3::d6", FAR_HOST}, 1, 41, inner)));
            const auto packet = Only(router.returned, test);
            test.ExpectEqual(+packet[IPV6_SIZE], 4, "Parameter Problem");
            test.ExpectEqual(+packet[IPV6_SIZE + 1], 0, "code");
            test.ExpectEqual(+packet[IPV6_SIZE + 7], 43, "pointer to Segments Left");
            router.Inject(Ipv6Packet(NEAR_HOST, "fc00:3::d6", 4, Ipv4Packet("10.0.2.77")));
            test.ExpectEqual(router.returned.size(), 2U, "errors");
            test.ExpectEqual(router.forwarded.size(), 0U, "forwarded");
            test.ExpectEqual(router.srv6->FindSid(Ipv6Address("fc00:3::d6"))->counters.drops,
                             2U,
                             "drops of the SID");
        });
    suite.Add("An inner packet that lies about its length is refused",
              [=](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.AddSid("fc00:3::d6", {Srv6Behavior::END_DT6});
                  auto liar = inner;
                  liar[4] = 9;
                  router.Inject(Ipv6Packet(NEAR_HOST, "fc00:3::d6", 41, liar));
                  router.Inject(Ipv6Packet(NEAR_HOST, "fc00:3::d6", 41, Bytes(10, 0x60)));
                  test.ExpectEqual(router.forwarded.size(), 0U, "forwarded");
                  test.ExpectEqual(router.srv6->GetDrops(Srv6DropReason::UPPER_LAYER), 2U, "drops");
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

/// SIDs one after the other, and odd headers.
void
AddEndpoints(ScenarioTestSuite& suite)
{
    for (const bool linuxCompatible : {true, false})
    {
        suite.Add(std::string("Two SIDs of a node cost ") +
                      (linuxCompatible ? "one hop with LinuxCompatible" : "two hops"),
                  [=](ScenarioTestCase& test)
                  {
                      Srv6Router router(linuxCompatible);
                      router.AddSid("fc00:3::e", {Srv6Behavior::END});
                      router.AddSid("fc00:3::f", {Srv6Behavior::END, SRV6_PSP});
                      const auto datagram = Datagram();
                      router.Inject(Ipv6Packet(
                          NEAR_HOST,
                          "fc00:3::e",
                          ROUTING,
                          Routed({"fc00:3::e", "fc00:3::f", FAR_HOST}, 2, UDP, datagram)));
                      auto expected = Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, datagram);
                      expected[HOP_LIMIT] = linuxCompatible ? 63 : 62;
                      test.Expect(Only(router.forwarded, test) == expected, "packet without SRH");
                  });
    }
    suite.Add(
        "The longest prefix decides which SID it is",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            router.srv6->AddSid(Ipv6Address("fc00:3::"), 32, {Srv6Behavior::END});
            router.srv6->AddSid(Ipv6Address("fc00:3:0:7::"), 64, {Srv6Behavior::END, SRV6_PSP});
            router.Inject(Ipv6Packet(NEAR_HOST,
                                     "fc00:3:0:7::99",
                                     ROUTING,
                                     Routed({"fc00:3:0:7::99", FAR_HOST}, 1, UDP, Datagram())));
            router.Inject(Ipv6Packet(NEAR_HOST,
                                     "fc00:3:0:8::99",
                                     ROUTING,
                                     Routed({"fc00:3:0:8::99", FAR_HOST}, 1, UDP, Datagram())));
            test.ExpectEqual(router.forwarded.size(), 2U, "forwarded");
            test.ExpectEqual(+router.forwarded.at(0)[NEXT_HEADER], +UDP, "PSP of the longer one");
            test.ExpectEqual(+router.forwarded.at(1)[NEXT_HEADER], +ROUTING, "the shorter one");
            test.Expect(router.srv6->RemoveSid(Ipv6Address("fc00:3:0:7::"), 64), "removed");
            test.Expect(!router.srv6->RemoveSid(Ipv6Address("fc00:3:0:7::"), 64), "removed once");
            test.ExpectEqual(
                +router.srv6->FindSid(Ipv6Address("fc00:3:0:7::99"))->flavors, 0, "the rest");
        });
    suite.Add(
        "127 segments pass, and the last of them is delivered",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            router.SetMtu(9000);
            router.AddSid("fc00:3::e", {Srv6Behavior::END});
            std::vector<const char*> path(126, "fc00:3::e");
            path.push_back(FAR_HOST);
            router.Inject(
                Ipv6Packet(NEAR_HOST, "fc00:3::e", ROUTING, Routed(path, 1, UDP, Datagram())));
            const auto packet = Only(router.forwarded, test);
            test.ExpectEqual(packet.size(), IPV6_SIZE + 8 + 127 * 16 + 12, "size");
            test.ExpectEqual(AddressAt(packet, DESTINATION), Ipv6Address(FAR_HOST), "destination");
            // A ping whose long list ends at the router itself.
            Bytes ping{128, 0, 0, 0, 0, 1, 0, 1};
            path.back() = "fd00:a::2";
            router.Inject(Ipv6Packet(NEAR_HOST, "fd00:a::2", ROUTING, Routed(path, 0, 58, ping)));
            test.ExpectEqual(+Only(router.returned, test)[IPV6_SIZE], 129, "echo reply");
        });
    suite.Add("An address of an interface is no SID unless the user says so",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.srv6->SetAttribute("InterfaceAddressSids", BooleanValue(false));
                  router.Inject(Ipv6Packet(NEAR_HOST,
                                           "fd00:a::2",
                                           ROUTING,
                                           Routed({"fd00:a::2", FAR_HOST}, 1, UDP, Datagram())));
                  test.ExpectEqual(router.forwarded.size(), 0U, "forwarded");
                  const auto packet = Only(router.returned, test);
                  test.ExpectEqual(+packet[IPV6_SIZE], 4, "Parameter Problem");
                  // RFC 8754 section 4.3.2.
                  test.ExpectEqual(+packet[IPV6_SIZE + 7], 42, "pointer to Routing Type");
              });
    suite.Add("No ICMPv6 error is told about an ICMPv6 error",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.AddSid("fc00:3::d6", {Srv6Behavior::END_DT6});
                  router.Inject(Ipv6Packet(NEAR_HOST,
                                           "fc00:3::d6",
                                           ROUTING,
                                           Routed({"fc00:3::d6", FAR_HOST}, 1, 58, Bytes(60, 1))));
                  test.ExpectEqual(router.returned.size(), 0U, "errors");
                  test.ExpectEqual(
                      router.srv6->GetDrops(Srv6DropReason::SEGMENTS_LEFT), 1U, "drops");
              });
    suite.Add(
        "A policy that leads back to its own SID ends",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            Srv6Sid sid(Srv6Behavior::END_B6_ENCAPS);
            sid.policy = Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:3::b6", "fc00:3::b6"});
            test.Expect(router.AddSid("fc00:3::b6", sid), "a SID");
            router.Inject(Ipv6Packet(NEAR_HOST,
                                     "fc00:3::b6",
                                     ROUTING,
                                     Routed({"fc00:3::b6", FAR_HOST}, 1, UDP, Datagram())));
            test.ExpectEqual(router.forwarded.size(), 0U, "forwarded");
            uint64_t drops = 0;
            for (size_t i = 0; i < static_cast<size_t>(Srv6DropReason::COUNT); ++i)
            {
                drops += router.srv6->GetDrops(static_cast<Srv6DropReason>(i));
            }
            test.ExpectEqual(drops, 1U, "drops");
        });
    suite.Add("A packet visits 32 SIDs of one node in a row, and no 33rd",
              [](ScenarioTestCase& test)
              {
                  for (const size_t visits : {32U, 33U})
                  {
                      Srv6Router router;
                      // Linux counts one hop for all of them.
                      router.srv6->SetAttribute("LinuxCompatible", BooleanValue(true));
                      router.AddSid("fc00:3::e", {Srv6Behavior::END});
                      std::vector<const char*> path(visits, "fc00:3::e");
                      path.push_back(FAR_HOST);
                      router.Inject(
                          Ipv6Packet(NEAR_HOST,
                                     "fc00:3::e",
                                     ROUTING,
                                     Routed(path, static_cast<uint8_t>(visits), UDP, Datagram())));
                      const bool passes = visits == 32;
                      test.ExpectEqual(router.forwarded.size(), passes ? 1U : 0U, "forwarded");
                      test.ExpectEqual(
                          router.srv6->GetDrops(Srv6DropReason::LOOP), passes ? 0U : 1U, "drops");
                  }
              });
    suite.Add("RFC 9259 2.1.1: the O-flag is carried on and does nothing",
              [](ScenarioTestCase& test)
              {
                  constexpr size_t FLAGS = IPV6_SIZE + 5;
                  constexpr uint8_t O_FLAG = 0x20;
                  Srv6Router router;
                  router.AddSid("fc00:3::e", {Srv6Behavior::END});
                  auto packet = Ipv6Packet(NEAR_HOST,
                                           "fc00:3::e",
                                           ROUTING,
                                           Routed({"fc00:3::e", FAR_HOST}, 1, UDP, Datagram()));
                  packet[FLAGS] = O_FLAG;
                  router.Inject(packet);
                  test.ExpectEqual(router.returned.size(), 0U, "told of");
                  test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
                  test.ExpectEqual(+router.forwarded.at(0)[FLAGS], +O_FLAG, "flags");
              });
    suite.Add(
        "4.16.2: USP takes the header off what is for the SID itself",
        [](ScenarioTestCase& test)
        {
            for (const auto behavior :
                 {Srv6Behavior::END, Srv6Behavior::END_X, Srv6Behavior::END_T})
            {
                for (const uint8_t flavor : {SRV6_USP, uint8_t(0)})
                {
                    Srv6Router router;
                    router.AddSid("fc00:3::e", {behavior, flavor, {Ipv6Address(FAR_HOST)}});
                    auto counter = CreateObject<RoutingHeaderCounter>();
                    const auto extensions = router.node->GetObject<Ipv6ExtensionDemux>();
                    counter->m_inner = extensions->GetExtension(ROUTING);
                    extensions->Remove(counter->m_inner);
                    extensions->Insert(counter);
                    const Bytes echo{128, 0, 0, 0, 0, 1, 0, 1, 'p', 'i', 'n', 'g'};
                    router.Inject(Ipv6Packet(
                        NEAR_HOST, "fc00:3::e", ROUTING, Routed({"fc00:3::e"}, 0, ICMP6, echo)));
                    test.ExpectEqual(counter->m_count, flavor ? 0U : 1U, "headers left");
                    test.ExpectEqual(router.returned.size(), 1U, "answered");
                }
            }
        });
    suite.Add("A SID without what its behavior needs is refused",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  test.Expect(!router.AddSid("fc00:3::1", {Srv6Behavior::END_X}), "no neighbour");
                  Srv6Sid sid(Srv6Behavior::END_B6_ENCAPS_REDUCED);
                  test.Expect(!router.AddSid("fc00:3::1", sid), "no policy");
                  sid.policy = Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1"});
                  test.Expect(!router.AddSid("fc00:3::1", sid), "another kind of policy");
              });
    suite.Add(
        "Random packets to each SID end well",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            const Ipv6Address far(FAR_HOST);
            router.AddSid("fc00:3::1", {Srv6Behavior::END, SRV6_PSP | SRV6_USP | SRV6_USD});
            router.AddSid("fc00:3::2", {Srv6Behavior::END_X, SRV6_USD, {far}});
            router.AddSid("fc00:3::3", {Srv6Behavior::END_DT46});
            router.AddSid("fc00:3::4", {Srv6Behavior::END_DX6, 0, {far}});
            auto random = CreateObject<UniformRandomVariable>();
            random->SetStream(1);
            const auto draw = [&](uint32_t below) { return random->GetInteger(0, below - 1); };
            const auto packet = Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram());
            for (int round = 0; round < 2000; ++round)
            {
                const std::string sid = "fc00:3::" + std::to_string(1 + draw(4));
                auto payload = Routed({sid.c_str(), "fc00:3::1", FAR_HOST}, draw(4), 41, packet);
                for (uint32_t changes = draw(5); changes > 0; --changes)
                {
                    payload[draw(draw(2) ? 8 : payload.size())] = static_cast<uint8_t>(draw(256));
                }
                payload.resize(draw(4) ? payload.size() : draw(payload.size()));
                // Not options: bad ones hang the option reader of ns-3 before anybody else sees
                // them.
                const uint8_t kinds[] = {ROUTING, ROUTING, ROUTING, ROUTING, 44, 41, 4, 58};
                router.InjectNow(Ipv6Packet(NEAR_HOST, sid.c_str(), kinds[draw(8)], payload));
            }
            router.Run();
            test.Expect(router.forwarded.size() > 100, "some went on");
            test.Expect(router.returned.size() > 100, "some were refused");
        });
}

/// Behaviors.
class MptcpSrv6BehaviorTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6BehaviorTestSuite()
        : ScenarioTestSuite("mptcp-srv6-behavior")
    {
        AddDecapsulation(*this);
        AddUsd(*this);
        AddEndpoints(*this);
    }
};

MptcpSrv6BehaviorTestSuite g_mptcpSrv6BehaviorTestSuite; //!< registers itself

} // namespace

} // namespace ns3
