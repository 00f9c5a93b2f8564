// SPDX-License-Identifier: GPL-2.0-only
// What a headend steers into its policies, and what it writes into headers: flow labels (RFC 8754
// section 5.5, RFC 8986 section 7), HMACs of single segments (RFC 8986 section 5.2), and where it
// puts them (RFC 8200 section 4.1).
#include "srv6-packets.h"
#include "srv6-router.h"
#include "test-rig.h"

#include "ns3/inet6-socket-address.h"
#include "ns3/srv6-hmac.h"
#include "ns3/udp-socket-factory.h"

#include <map>
#include <set>

namespace ns3
{

namespace
{

using namespace srv6packets;

constexpr uint16_t FLOWS = 100; //!< of a test

/// @param packet of IPv6 @return its flow label
uint32_t
LabelOf(const Bytes& packet)
{
    return (packet.at(1) & 0x0fU) << 16 | packet.at(2) << 8 | packet.at(3);
}

/// @param flow a number @param label of it @return a packet of a flow of its own
Bytes
FlowPacket(uint16_t flow, uint32_t label = 0)
{
    auto packet = Ipv6Packet(NEAR_HOST, "fc00:5::1", UDP, Datagram(4, 1000 + flow));
    packet[1] = static_cast<uint8_t>(label >> 16);
    packet[2] = static_cast<uint8_t>(label >> 8);
    packet[3] = static_cast<uint8_t>(label);
    return packet;
}

/// @param steering how @param path segments @param linuxCompatible value of LinuxCompatible
/// @param packets what arrives for it @return what a headend makes of them
std::vector<Bytes>
Encapsulate(Srv6Steering steering,
            const std::vector<const char*>& path,
            bool linuxCompatible,
            const std::vector<Bytes>& packets)
{
    Srv6Router router(linuxCompatible);
    router.srv6->Steer(Ipv6Address("fc00:5::"), 48, Srv6Router::MakePolicy(steering, path));
    for (const auto& packet : packets)
    {
        router.InjectNow(packet);
    }
    router.Run();
    return router.forwarded;
}

/// Flow labels.
void
AddLabels(ScenarioTestSuite& suite)
{
    for (const auto steering : {Srv6Steering::ENCAPS, Srv6Steering::ENCAPS_REDUCED})
    {
        suite.Add(
            std::string("8754 5.5: the outer flow label is computed from the inner packet, ") +
                (steering == Srv6Steering::ENCAPS ? "H.Encaps" : "H.Encaps.Red"),
            [=](ScenarioTestCase& test)
            {
                std::vector<Bytes> packets;
                for (uint16_t i = 0; i < 2 * FLOWS; ++i)
                {
                    packets.push_back(FlowPacket(i % FLOWS));
                }
                const auto outer = Encapsulate(steering, {"fc00:4::1"}, false, packets);
                test.ExpectEqual(outer.size(), packets.size(), "forwarded");
                std::set<uint32_t> labels;
                for (size_t i = 0; i < FLOWS; ++i)
                {
                    const uint32_t label = LabelOf(outer.at(i));
                    test.Expect(label != 0, "a label");
                    test.ExpectEqual(LabelOf(outer.at(i + FLOWS)), label, "of the flow");
                    labels.insert(label);
                    const size_t at = outer[i].size() - packets[i].size();
                    test.ExpectEqual(
                        LabelOf(Bytes(outer[i].begin() + at, outer[i].end())), 0U, "inner");
                }
                // Two of 100 may share one of a million.
                test.Expect(labels.size() >= FLOWS - 1, "labels of their own");
            });
    }
    suite.Add("8754 5.5: an inner flow label tells flows apart, and stays; Linux copies it",
              [](ScenarioTestCase& test)
              {
                  const std::vector<Bytes> packets{
                      FlowPacket(0), FlowPacket(0, 0x12345), FlowPacket(0, 0xfffff)};
                  for (const bool linuxCompatible : {false, true})
                  {
                      const auto outer = Encapsulate(
                          Srv6Steering::ENCAPS, {"fc00:4::1"}, linuxCompatible, packets);
                      test.ExpectEqual(outer.size(), packets.size(), "forwarded");
                      std::set<uint32_t> labels;
                      for (size_t i = 0; i < packets.size(); ++i)
                      {
                          const uint32_t inner = LabelOf(packets[i]);
                          const uint32_t label = LabelOf(outer.at(i));
                          labels.insert(label);
                          test.ExpectEqual(label == inner, linuxCompatible, "copied");
                          const size_t at = outer[i].size() - packets[i].size();
                          test.ExpectEqual(LabelOf(Bytes(outer[i].begin() + at, outer[i].end())),
                                           inner,
                                           "inner");
                      }
                      test.ExpectEqual(labels.size(), packets.size(), "labels");
                  }
              });
    suite.Add("Insertion leaves the packet's own flow label",
              [](ScenarioTestCase& test)
              {
                  const auto inserted = Encapsulate(Srv6Steering::INSERT,
                                                    {"fc00:4::1"},
                                                    false,
                                                    {FlowPacket(0), FlowPacket(0, 0x12345)});
                  test.ExpectEqual(inserted.size(), 2U, "forwarded");
                  test.ExpectEqual(LabelOf(inserted.at(0)), 0U, "none");
                  test.ExpectEqual(LabelOf(inserted.at(1)), 0x12345U, "label");
              });
    suite.Add("8986 7: End.X shares one tunnel's flows between its neighbours, and each flow keeps "
              "its neighbour",
              [](ScenarioTestCase& test)
              {
                  std::vector<Bytes> packets;
                  for (uint16_t i = 0; i < 2 * FLOWS; ++i)
                  {
                      packets.push_back(FlowPacket(i % FLOWS));
                  }
                  const auto outer = Encapsulate(
                      Srv6Steering::ENCAPS, {"fc00:4::a", "fc00:4::d6"}, false, packets);
                  Srv6Router router;
                  router.AddSid(
                      "fc00:4::a",
                      {Srv6Behavior::END_X, 0, {Ipv6Address(NEAR_HOST), Ipv6Address(FAR_HOST)}});
                  for (const auto& packet : outer)
                  {
                      router.InjectNow(packet);
                  }
                  router.Run();
                  test.ExpectEqual(
                      router.forwarded.size() + router.returned.size(), packets.size(), "packets");
                  std::set<Bytes> near;
                  std::set<Bytes> far;
                  near.insert(router.returned.begin(), router.returned.end());
                  far.insert(router.forwarded.begin(), router.forwarded.end());
                  // A flow's packets are alike here.
                  test.ExpectEqual(near.size() + far.size(), size_t{FLOWS}, "one neighbour each");
                  test.Expect(near.size() > FLOWS * 0.3 && far.size() > FLOWS * 0.3,
                              "half of them each, not " + std::to_string(near.size()));
              });
}

/// Headers.
void
AddHeaders(ScenarioTestSuite& suite)
{
    for (const bool keyFirst : {true, false})
    {
        suite.Add(
            std::string("8986 5.2: a reduced list of one segment has a header for its HMAC, ") +
                (keyFirst ? "key first" : "key last"),
            [=](ScenarioTestCase& test)
            {
                const Srv6Key key{7, "secret"};
                Srv6Router router;
                auto policy = Create<Srv6Policy>(Srv6Steering::ENCAPS_REDUCED);
                test.Expect(!keyFirst || policy->SetKey(key), "key");
                test.Expect(policy->AddSegmentList({Ipv6Address("fc00:4::1")}), "list");
                test.Expect(keyFirst || policy->SetKey(key), "key");
                router.srv6->Steer(Ipv6Address("fc00:5::"), 48, policy);
                const auto inner = FlowPacket(0);
                router.Inject(inner);
                test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
                const auto& outer = router.forwarded.at(0);
                const size_t size = outer.size() - IPV6_SIZE - inner.size();
                test.ExpectEqual(outer[NEXT_HEADER], ROUTING, "next header");
                const auto parsed = ParseSegmentRoutingHeader(outer.data() + IPV6_SIZE, size);
                test.Expect(parsed.header.has_value(), "a header");
                if (!parsed.header)
                {
                    return;
                }
                constexpr uint8_t HMAC = 5;
                const auto& tlvs = parsed.header->tlvs;
                test.ExpectEqual(parsed.header->GetSize(), size, "its size");
                test.ExpectEqual(parsed.header->nextHeader, IN_IPV6, "what follows");
                test.ExpectEqual(+parsed.header->segmentsLeft, 0, "Segments Left");
                test.Expect(tlvs.size() == 1 && tlvs[0].type == HMAC, "TLV 5 alone");
                test.Expect(VerifySrv6Hmac(AddressAt(outer, SOURCE),
                                           AddressAt(outer, DESTINATION),
                                           *parsed.header,
                                           key.secret,
                                           key.text),
                            "HMAC");
            });
    }
    for (const size_t size : {8U, 16U, 264U})
    {
        suite.Add("8200 4.1: a header that is inserted stands behind Hop-by-Hop Options of " +
                      std::to_string(size) + " bytes",
                  [=](ScenarioTestCase& test)
                  {
                      constexpr uint8_t PAD_N = 1;
                      Bytes options(size);
                      options[0] = UDP;
                      options[1] = static_cast<uint8_t>(size / 8 - 1);
                      options[2] = PAD_N;
                      options[3] = static_cast<uint8_t>(std::min<size_t>(size - 4, 6));
                      for (size_t at = 10; at < size; at += 2)
                      {
                          options[at] = PAD_N;
                      }
                      const auto datagram = Datagram();
                      auto payload = options;
                      payload.insert(payload.end(), datagram.begin(), datagram.end());
                      constexpr uint8_t HOP_BY_HOP = 0;
                      const auto in = Ipv6Packet(NEAR_HOST, "fc00:5::1", HOP_BY_HOP, payload);
                      const auto out =
                          Encapsulate(Srv6Steering::INSERT, {"fc00:4::1"}, false, {in});
                      test.ExpectEqual(out.size(), 1U, "forwarded");
                      options[0] = ROUTING;
                      const auto routed = Routed({"fc00:4::1", "fc00:5::1"}, 1, UDP, datagram);
                      options.insert(options.end(), routed.begin(), routed.end());
                      auto expected = Ipv6Packet(NEAR_HOST, "fc00:4::1", HOP_BY_HOP, options);
                      expected[HOP_LIMIT] -= 1;
                      test.Expect(out.at(0) == expected, "packet");
                  });
    }
}

/// Policies.
void
AddHeadends(ScenarioTestSuite& suite)
{
    suite.Add("End.B6.Encaps.Red leaves the first segment out of the SRH",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  Srv6Sid sid(Srv6Behavior::END_B6_ENCAPS_REDUCED);
                  sid.policy = Srv6Router::MakePolicy(Srv6Steering::ENCAPS_REDUCED,
                                                      {"fc00:4::1", "fc00:4::2", "fc00:4::3"});
                  router.AddSid("fc00:3::b6", sid);
                  router.Inject(Ipv6Packet(NEAR_HOST,
                                           "fc00:3::b6",
                                           ROUTING,
                                           Routed({"fc00:3::b6", FAR_HOST}, 1, UDP, Datagram())));
                  const auto packet = Only(router.forwarded, test);
                  test.ExpectEqual(
                      AddressAt(packet, DESTINATION), Ipv6Address("fc00:4::1"), "destination");
                  test.ExpectEqual(+packet[NEXT_HEADER], +ROUTING, "next header");
                  test.ExpectEqual(+packet[IPV6_SIZE], 41, "inner packet");
                  test.ExpectEqual(+packet[IPV6_SIZE + 3], 2, "Segments Left");
                  test.ExpectEqual(+packet[IPV6_SIZE + 4], 1, "Last Entry");
                  test.ExpectEqual(
                      AddressAt(packet, IPV6_SIZE + 8), Ipv6Address("fc00:4::3"), "last segment");
              });
    for (const auto steering : {Srv6Steering::ENCAPS, Srv6Steering::ENCAPS_REDUCED})
    {
        suite.Add(
            std::string("IPv4 is steered into a policy, ") +
                (steering == Srv6Steering::ENCAPS ? "H.Encaps" : "H.Encaps.Red"),
            [=](ScenarioTestCase& test)
            {
                Srv6Router router;
                router.srv6->Steer(Ipv4Address("192.0.2.0"),
                                   Ipv4Mask("255.255.255.0"),
                                   Srv6Router::MakePolicy(steering, {"fc00:4::1", "fc00:4::2"}));
                auto inner = Ipv4Packet("192.0.2.1");
                router.Inject(inner, Ipv4L3Protocol::PROT_NUMBER);
                const auto packet = Only(router.forwarded, test);
                const size_t srh = steering == Srv6Steering::ENCAPS ? 40 : 24;
                inner[TTL] = 63;
                test.Expect(Bytes(packet.begin() + IPV6_SIZE + srh, packet.end()) == inner,
                            "inner packet");
                test.ExpectEqual(
                    AddressAt(packet, DESTINATION), Ipv6Address("fc00:4::1"), "first segment");
                test.ExpectEqual(+packet[IPV6_SIZE], 4, "next header of the SRH");
                test.ExpectEqual(+packet[HOP_LIMIT], 64, "outer hop limit");
            });
    }
    suite.Add("IPv4 to a network is steered into the policy that was named last, until it is not",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  const Ipv4Address network("192.0.2.0");
                  const Ipv4Mask mask("255.255.255.0");
                  const auto steer = [&](const Ipv4Mask& to, const char* segment) {
                      router.srv6->Steer(
                          network, to, Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {segment}));
                  };
                  const auto getSegment = [&]
                  {
                      router.forwarded.clear();
                      router.Inject(Ipv4Packet("192.0.2.1"), Ipv4L3Protocol::PROT_NUMBER);
                      return AddressAt(Only(router.forwarded, test), DESTINATION);
                  };
                  steer(Ipv4Mask("255.255.0.0"), "fc00:4::3");
                  steer(mask, "fc00:4::1");
                  steer(mask, "fc00:4::2");
                  test.ExpectEqual(getSegment(), Ipv6Address("fc00:4::2"), "the last one");
                  // Bits beyond the mask do not count, as in Steer().
                  test.Expect(router.srv6->Unsteer(Ipv4Address("192.0.2.9"), mask), "there is one");
                  test.Expect(!router.srv6->Unsteer(network, mask), "and no other");
                  test.ExpectEqual(getSegment(), Ipv6Address("fc00:4::3"), "the wider network");
              });
    suite.Add("Flows share segment lists by their weights, and each keeps its list",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  auto policy = Create<Srv6Policy>(Srv6Steering::ENCAPS);
                  policy->AddSegmentList({Ipv6Address("fc00:4::1")}, 1);
                  policy->AddSegmentList({Ipv6Address("fc00:4::3")}, 3);
                  router.srv6->Steer(Ipv6Address("fc00:5::"), 48, policy);
                  constexpr uint16_t FLOWS = 400;
                  for (uint16_t flow = 0; flow < 2 * FLOWS; ++flow)
                  {
                      router.InjectNow(
                          Ipv6Packet(NEAR_HOST, "fc00:5::1", UDP, Datagram(4, flow % FLOWS)));
                  }
                  router.Run();
                  test.ExpectEqual(router.forwarded.size(), 2U * FLOWS, "forwarded");
                  size_t third = 0;
                  for (size_t i = 0; i < FLOWS; ++i)
                  {
                      const auto first = AddressAt(router.forwarded.at(i), DESTINATION);
                      third += first == Ipv6Address("fc00:4::3");
                      test.Expect(first == AddressAt(router.forwarded.at(i + FLOWS), DESTINATION),
                                  "the same list again");
                  }
                  test.Expect(third > FLOWS * 0.68 && third < FLOWS * 0.82,
                              "three quarters, not " + std::to_string(third));
              });
    suite.Add("A packet that does not fit with its new headers is told of, less these",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.srv6->Steer(
                      Ipv6Address("fc00:5::"),
                      48,
                      Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                  router.Inject(Ipv6Packet(NEAR_HOST, "fc00:5::1", UDP, Datagram(1420 - 48)));
                  test.ExpectEqual(router.forwarded.size(), 1U, "the largest that fits");
                  router.Inject(Ipv6Packet(NEAR_HOST, "fc00:5::1", UDP, Datagram(1421 - 48)));
                  test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
                  const auto packet = Only(router.returned, test);
                  test.ExpectEqual(+packet[IPV6_SIZE], 2, "Packet Too Big");
                  test.ExpectEqual(
                      packet[IPV6_SIZE + 6] << 8 | packet[IPV6_SIZE + 7], 1500 - 80, "MTU");
              });
    for (const auto steering : {Srv6Steering::INSERT, Srv6Steering::ENCAPS})
    {
        suite.Add(
            std::string("What a stock socket sends is steered, ") +
                (steering == Srv6Steering::INSERT ? "by an SRH" : "in an outer packet"),
            [=](ScenarioTestCase& test)
            {
                Srv6Router router;
                router.srv6->Steer(
                    Ipv6Address("fc00:5::"), 48, Srv6Router::MakePolicy(steering, {"fc00:4::1"}));
                router.routes->AddNetworkRouteTo(
                    Ipv6Address("fc00:5::"), Ipv6Prefix(48), Ipv6Address(NEAR_HOST), 1);
                auto socket = Socket::CreateSocket(router.node, UdpSocketFactory::GetTypeId());
                Simulator::Schedule(MilliSeconds(10),
                                    [=] {
                                        socket->SendTo(
                                            Create<Packet>(100),
                                            0,
                                            Inet6SocketAddress(Ipv6Address("fc00:5::9"), 7));
                                    });
                router.Run();
                test.ExpectEqual(router.returned.size(), 0U, "by the plain route");
                const auto packet = Only(router.forwarded, test);
                test.ExpectEqual(
                    AddressAt(packet, DESTINATION), Ipv6Address("fc00:4::1"), "first segment");
                const bool insert = steering == Srv6Steering::INSERT;
                test.ExpectEqual(+packet[IPV6_SIZE], insert ? +UDP : 41, "what follows");
                const size_t at = insert ? IPV6_SIZE + 8 : IPV6_SIZE + 24 + DESTINATION;
                test.ExpectEqual(
                    AddressAt(packet, at), Ipv6Address("fc00:5::9"), "final destination");
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

/// Headends.
class MptcpSrv6HeadendTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6HeadendTestSuite()
        : ScenarioTestSuite("mptcp-srv6-headend")
    {
        AddHeadends(*this);
        AddFlows(*this);
        AddLabels(*this);
        AddHeaders(*this);
    }
};

MptcpSrv6HeadendTestSuite g_mptcpSrv6HeadendTestSuite; //!< registers itself

} // namespace

} // namespace ns3
