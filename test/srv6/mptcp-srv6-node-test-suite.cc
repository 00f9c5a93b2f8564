// SPDX-License-Identifier: GPL-2.0-only
// Segment routing in a node: whose packets it takes, the borders of its domain (RFC 8754 section
// 5.1), and what else the node does.
#include "srv6-packets.h"
#include "srv6-router.h"
#include "test-rig.h"

#include "ns3/inet6-socket-address.h"
#include "ns3/ipv6-address-helper.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-source-routing.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/srv6-helper.h"
#include "ns3/srv6-routing.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

using namespace srv6packets;

/// Destinations that prefixes do not take.
void
AddExceptions(ScenarioTestSuite& suite)
{
    suite.Add(
        "The node's own addresses are no part of a steered prefix, or of a SID's",
        [](ScenarioTestCase& test)
        {
            const auto listen = [](const Srv6Router& router)
            {
                auto receiver = Socket::CreateSocket(router.node, UdpSocketFactory::GetTypeId());
                receiver->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 2222));
                return receiver;
            };
            // Of the other interface. Whether its packets may come by this one ns-3 says, not
            // every release the same.
            constexpr const char* OTHER = "fd00:b::4";
            bool otherArrives = false;
            {
                Srv6Router plain;
                auto receiver = listen(plain);
                plain.Inject(Ipv6Packet(NEAR_HOST, OTHER, UDP, Datagram()));
                otherArrives = bool(receiver->Recv());
            }
            for (const bool steered : {true, false})
            {
                Srv6Router router;
                if (steered)
                {
                    router.srv6->Steer(Ipv6Address("::"),
                                       0,
                                       Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1"}));
                }
                else
                {
                    router.srv6->AddSid(Ipv6Address("fd00::"), 16, Srv6Sid());
                }
                router.AddSid("fc00:3::e", Srv6Sid());
                auto receiver = listen(router);
                for (const char* own : {"fd00:a::2", OTHER})
                {
                    router.Inject(Ipv6Packet(NEAR_HOST, own, UDP, Datagram()));
                    test.ExpectEqual(bool(receiver->Recv()),
                                     own != OTHER || otherArrives,
                                     std::string(own) + " as destination");
                    router.Inject(Ipv6Packet(NEAR_HOST,
                                             "fc00:3::e",
                                             ROUTING,
                                             Routed({"fc00:3::e", own}, 1, UDP, Datagram())));
                    test.Expect(bool(receiver->Recv()), std::string(own) + " behind a SID");
                }
                auto sender = Socket::CreateSocket(router.node, UdpSocketFactory::GetTypeId());
                for (const char* own : {"::1", "fd00:a::2"})
                {
                    sender->SendTo(
                        Create<Packet>(4), 0, Inet6SocketAddress(Ipv6Address(own), 2222));
                    router.Run();
                    test.Expect(bool(receiver->Recv()), std::string(own) + " from here");
                }
                test.ExpectEqual(router.forwarded.size(), 0U, "left");
            }
        });
    suite.Add(
        "Groups and link-local addresses are not steered, behind a SID neither",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            router.AddSid("fc00:3::e", Srv6Sid());
            router.AddSid("fc00:3::d6", Srv6Sid(Srv6Behavior::END_DT6));
            router.srv6->Steer(
                Ipv6Address("::"), 0, Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1"}));
            router.Inject(Ipv6Packet(NEAR_HOST,
                                     "fc00:3::e",
                                     ROUTING,
                                     Routed({"fc00:3::e", "fe80::9"}, 1, UDP, Datagram())));
            router.Inject(Ipv6Packet(NEAR_HOST,
                                     "fc00:3::d6",
                                     IN_IPV6,
                                     Ipv6Packet(NEAR_HOST, "ff0e::9", UDP, Datagram())));
            for (const auto& packet : router.forwarded)
            {
                test.Expect(AddressAt(packet, DESTINATION) != Ipv6Address("fc00:4::1"), "steered");
            }
            router.forwarded.clear();
            router.Inject(Ipv6Packet(NEAR_HOST,
                                     "fc00:3::e",
                                     ROUTING,
                                     Routed({"fc00:3::e", "fc00:5::1"}, 1, UDP, Datagram())));
            test.ExpectEqual(AddressAt(Only(router.forwarded, test), DESTINATION),
                             Ipv6Address("fc00:4::1"),
                             "others are");
        });
}

/// HMAC and the domain's borders.
void
AddSecurity(ScenarioTestSuite& suite)
{
    for (const auto text : {Srv6HmacText::RFC8754, Srv6HmacText::LINUX})
    {
        suite.Add(
            std::string("Only a header with a right HMAC passes, ") +
                (text == Srv6HmacText::LINUX ? "as Linux" : "as RFC 8754"),
            [=](ScenarioTestCase& test)
            {
                const Srv6Key key{9, "secret", text};
                for (const int kind : {0, 1, 2, 3})
                {
                    Srv6Router router;
                    router.srv6->AddKey(key);
                    router.srv6->SetAttribute(kind == 3 ? "VerifyHmac" : "RequireHmac",
                                              BooleanValue(true));
                    router.AddSid("fc00:3::e", {Srv6Behavior::END});
                    Srv6Policy policy(Srv6Steering::INSERT);
                    policy.AddSegmentList({Ipv6Address("fc00:3::e")});
                    if (kind < 2)
                    {
                        policy.SetKey(key);
                    }
                    const auto datagram = Datagram();
                    Bytes payload(policy.GetHeaderSize(0));
                    policy.Write(
                        0, payload.data(), UDP, Ipv6Address(NEAR_HOST), Ipv6Address(FAR_HOST));
                    payload.insert(payload.end(), datagram.begin(), datagram.end());
                    if (kind == 1)
                    {
                        // Someone on the way wants another destination.
                        payload[8 + 15] = 6;
                    }
                    router.Inject(Ipv6Packet(NEAR_HOST, "fc00:3::e", ROUTING, payload));
                    const bool passes = kind == 0 || kind == 3;
                    test.ExpectEqual(router.forwarded.size(), passes ? 1U : 0U, "forwarded");
                    test.ExpectEqual(
                        router.srv6->GetDrops(Srv6DropReason::HMAC), passes ? 0U : 1U, "drops");
                    test.ExpectEqual(router.returned.size(), passes ? 0U : 1U, "Parameter Problem");
                }
            });
    }
    suite.Add(
        "The SR domain's border lets no packet to its SIDs in",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            router.AddSid("fc00:3::e", {Srv6Behavior::END});
            router.srv6->AddSidBlock(Ipv6Address("fc00:3::"), 32);
            const auto packet = Ipv6Packet(NEAR_HOST,
                                           "fc00:3::e",
                                           ROUTING,
                                           Routed({"fc00:3::e", FAR_HOST}, 1, UDP, Datagram()));
            router.Inject(packet);
            test.ExpectEqual(router.forwarded.size(), 1U, "off by default");
            router.srv6->AddExternalInterface(1);
            router.Inject(packet);
            test.ExpectEqual(router.forwarded.size(), 1U, "by an external interface");
            router.Inject(Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram()));
            test.ExpectEqual(router.forwarded.size(), 2U, "other packets");
            test.ExpectEqual(router.srv6->GetDrops(Srv6DropReason::DOMAIN_FILTER), 1U, "drops");
        });
    suite.Add(
        "A SID takes packets from sources of the domain only",
        [](ScenarioTestCase& test)
        {
            Srv6Router router;
            router.AddSid("fc00:3::e", {Srv6Behavior::END});
            router.srv6->AddDomainPrefix(Ipv6Address("fd00:a::"), 64);
            for (const char* source : {"fd00:a::77", "2a00::1"})
            {
                router.Inject(Ipv6Packet(source,
                                         "fc00:3::e",
                                         ROUTING,
                                         Routed({"fc00:3::e", FAR_HOST}, 1, UDP, Datagram())));
            }
            test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
            test.ExpectEqual(router.srv6->GetDrops(Srv6DropReason::DOMAIN_FILTER), 1U, "drops");
        });
}

/// The same borders, for addresses of interfaces.
void
AddInterfaceFilters(ScenarioTestSuite& suite)
{
    suite.Add(
        "5.1: an address of an interface with segments left is filtered as a SID is",
        [](ScenarioTestCase& test)
        {
            for (const bool border : {true, false})
            {
                Srv6Router router;
                const auto packet = Ipv6Packet(NEAR_HOST,
                                               "fd00:a::2",
                                               ROUTING,
                                               Routed({"fd00:a::2", FAR_HOST}, 1, UDP, Datagram()));
                router.Inject(packet);
                test.ExpectEqual(router.forwarded.size(), 1U, "off by default");
                if (border)
                {
                    router.srv6->AddSidBlock(Ipv6Address("fd00:a::"), 64);
                    router.srv6->AddExternalInterface(2);
                    router.Inject(packet);
                    test.ExpectEqual(router.forwarded.size(), 2U, "another interface");
                    router.srv6->AddExternalInterface(1);
                }
                else
                {
                    router.srv6->AddDomainPrefix(Ipv6Address("fd00:b::"), 64);
                }
                router.forwarded.clear();
                router.Inject(packet);
                test.ExpectEqual(router.forwarded.size(), 0U, "forwarded");
                test.ExpectEqual(router.srv6->GetDrops(Srv6DropReason::DOMAIN_FILTER), 1U, "drops");
            }
        });
}

/// Other features of the node.
void
AddNeighbours(ScenarioTestSuite& suite)
{
    for (const auto order : {Srv6Router::Mptcp::BEFORE, Srv6Router::Mptcp::AFTER})
    {
        suite.Add(std::string("It works on a node with MPTCP, installed ") +
                      (order == Srv6Router::Mptcp::BEFORE ? "before" : "after"),
                  [=](ScenarioTestCase& test)
                  {
                      Srv6Router router(false, order);
                      const auto ipv6 = router.node->GetObject<Ipv6>();
                      test.Expect(bool(Ipv6RoutingLayer::Find<Srv6Routing>(ipv6)), "SIDs");
                      const auto source = Ipv6RoutingLayer::Find<Ipv6SourceRouting>(ipv6);
                      test.Expect(bool(source), "source addresses");
                      // Asked again nothing is put twice.
                      test.Expect(Ipv6SourceRouting::Install(ipv6) == source, "once");
                      test.Expect(Srv6Protocol::Install(router.node) == router.srv6, "once");
                      router.AddSid("fc00:3::e", {Srv6Behavior::END});
                      router.Inject(
                          Ipv6Packet(NEAR_HOST,
                                     "fc00:3::e",
                                     ROUTING,
                                     Routed({"fc00:3::e", FAR_HOST}, 1, UDP, Datagram())));
                      test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
                      // Interfaces are told to all layers: routes come back with them.
                      ipv6->SetDown(2);
                      ipv6->SetUp(2);
                      router.Inject(Ipv6Packet(NEAR_HOST, "fc00:4::1", UDP, Datagram()));
                      test.ExpectEqual(router.forwarded.size(), 2U, "after down and up");
                  });
    }
    suite.Add("With nothing configured packets pass as on a stock node",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  const auto datagram = Datagram();
                  auto packet = Ipv6Packet(NEAR_HOST,
                                           FAR_HOST,
                                           ROUTING,
                                           Routed({FAR_HOST, "fc00:9::1"}, 1, UDP, datagram));
                  router.Inject(packet);
                  packet[HOP_LIMIT] = 63;
                  test.Expect(Only(router.forwarded, test) == packet, "in transit");
              });
    suite.Add("The table of a node prints",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  router.AddSid(
                      "fc00:3::a",
                      {Srv6Behavior::END_X, SRV6_PSP | SRV6_USD, {Ipv6Address(FAR_HOST)}});
                  router.srv6->Steer(
                      Ipv6Address("fc00:5::"),
                      48,
                      Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                  std::ostringstream text;
                  router.srv6->Print(text);
                  test.ExpectEqual(
                      text.str(),
                      std::string("fc00:3::a/128 End.X PSP USD via fd00:b::5 packets 0 bytes 0 "
                                  "drops 0\nfc00:5::/48 H.Encaps <fc00:4::1, fc00:4::2>\n"),
                      "table");
              });
}

/// The helper.
void
AddHelper(ScenarioTestSuite& suite)
{
    suite.Add(
        "The helper gives SIDs and routes to them, and a stock host is the last one",
        [](ScenarioTestCase& test)
        {
            // a and c are linked, and both with b; the host is behind c.
            NodeContainer nodes;
            nodes.Create(4);
            InternetStackHelper stack;
            stack.Install(nodes);
            Srv6Helper helper;
            helper.Set("TunnelHopLimit", UintegerValue(99));
            for (uint32_t i = 0; i < 3; ++i)
            {
                helper.Install(nodes.Get(i));
            }
            PointToPointHelper link;
            Ipv6AddressHelper addresses(Ipv6Address("fd00:1::"), Ipv6Prefix(64));
            std::vector<Ipv6InterfaceContainer> interfaces;
            for (const auto& [left, right] :
                 {std::pair{0, 2}, std::pair{0, 1}, std::pair{1, 2}, std::pair{2, 3}})
            {
                interfaces.push_back(
                    addresses.Assign(link.Install(nodes.Get(left), nodes.Get(right))));
                addresses.NewNetwork();
            }
            const Ipv6Address locator("fc00:b::");
            helper.AddLocator(nodes.Get(1), locator);
            helper.AddLocator(nodes.Get(2), Ipv6Address("fc00:c::"));
            helper.PopulateRoutes(nodes);
            const auto host = interfaces[3].GetAddress(1, 1);
            Ipv6StaticRoutingHelper routes;
            routes.GetStaticRouting(nodes.Get(1)->GetObject<Ipv6>())
                ->AddHostRouteTo(host, interfaces[2].GetAddress(1, 1), 2);
            Srv6Helper::Steer(
                nodes.Get(0), host, 128, Srv6Helper::CreatePolicy(Srv6Steering::INSERT, {locator}));
            routes.GetStaticRouting(nodes.Get(0)->GetObject<Ipv6>())
                ->AddHostRouteTo(host, interfaces[0].GetAddress(1, 1), 1);
            const auto type = UdpSocketFactory::GetTypeId();
            auto receiver = Socket::CreateSocket(nodes.Get(3), type);
            receiver->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 7));
            auto sender = Socket::CreateSocket(nodes.Get(0), type);
            Simulator::Schedule(
                Seconds(3),
                [&] { sender->SendTo(Create<Packet>(100), 0, Inet6SocketAddress(host, 7)); });
            Simulator::Stop(Seconds(6));
            Simulator::Run();
            const auto packet = receiver->Recv();
            test.Expect(packet && packet->GetSize() == 100, "datagram");
            const auto srv6 = nodes.Get(1)->GetObject<Srv6Protocol>();
            test.ExpectEqual(srv6->FindSid(locator)->counters.packets, 1U, "packets of the SID");
            UintegerValue hopLimit;
            srv6->GetAttribute("TunnelHopLimit", hopLimit);
            test.ExpectEqual(hopLimit.Get(), 99U, "attribute");
            // a knows c's locator by the link to it, not by b.
            Ipv6Header query;
            query.SetDestination(Ipv6Address("fc00:c::1"));
            Socket::SocketErrno error;
            const auto ipv6 = nodes.Get(0)->GetObject<Ipv6>();
            const auto route =
                ipv6->GetRoutingProtocol()->RouteOutput(nullptr, query, nullptr, error);
            test.Expect(route && route->GetOutputDevice() == ipv6->GetNetDevice(1),
                        "shortest path");
            Simulator::Destroy();
        });
}

/// Segment routing beyond the kernel's vectors.
class MptcpSrv6NodeTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6NodeTestSuite()
        : ScenarioTestSuite("mptcp-srv6-node")
    {
        AddExceptions(*this);
        AddSecurity(*this);
        AddInterfaceFilters(*this);
        AddNeighbours(*this);
        AddHelper(*this);
    }
};

MptcpSrv6NodeTestSuite g_mptcpSrv6NodeTestSuite; //!< registers itself

} // namespace

} // namespace ns3
