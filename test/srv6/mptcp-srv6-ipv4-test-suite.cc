// SPDX-License-Identifier: GPL-2.0-only
// IPv4 in tunnels of segments: errors about it, fragments, path MTU.
#include "srv6-packets.h"
#include "srv6-router.h"
#include "test-rig.h"

#include "ns3/ipv4-source-routing.h"
#include "ns3/srv6-ipv4-routing.h"

#include <functional>
#include <sstream>

namespace ns3
{

namespace
{

using namespace srv6packets;

constexpr uint8_t UNREACHABLE = 1;       //!< type of ICMPv6
constexpr uint8_t TOO_BIG = 2;           //!< type of ICMPv6
constexpr uint8_t TIME_EXCEEDED = 3;     //!< type of ICMPv6
constexpr uint8_t PARAMETER_PROBLEM = 4; //!< type of ICMPv6

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

/// IPv4 inside.
class MptcpSrv6Ipv4TestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6Ipv4TestSuite()
        : ScenarioTestSuite("mptcp-srv6-ipv4")
    {
        AddIpv4(*this);
    }
};

MptcpSrv6Ipv4TestSuite g_mptcpSrv6Ipv4TestSuite; //!< registers itself

} // namespace

} // namespace ns3
