// SPDX-License-Identifier: GPL-2.0-only
// What a headend writes into its headers: flow labels (RFC 8754 section 5.5, RFC 8986 section 7),
// HMACs of single segments (RFC 8986 section 5.2), and where it puts them (RFC 8200 section 4.1).
#include "srv6-packets.h"
#include "srv6-router.h"
#include "test-rig.h"

#include "ns3/srv6-hmac.h"

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

/// Headends.
class MptcpSrv6HeadendTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6HeadendTestSuite()
        : ScenarioTestSuite("mptcp-srv6-headend")
    {
        AddLabels(*this);
        AddHeaders(*this);
    }
};

MptcpSrv6HeadendTestSuite g_mptcpSrv6HeadendTestSuite; //!< registers itself

} // namespace

} // namespace ns3
