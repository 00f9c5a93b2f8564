// SPDX-License-Identifier: GPL-2.0-only
// Statistics by flow and segment list.
#include "srv6-packets.h"
#include "srv6-router.h"
#include "srv6-two-paths-net.h"
#include "test-rig.h"

#include "ns3/srv6-helper.h"
#include "ns3/udp-socket-factory.h"

#include <sstream>

namespace ns3
{

namespace
{

using namespace srv6packets;
using Net = Srv6TwoPathsNet;

constexpr uint8_t TCP = 6; //!< protocol number

/// @param flows what was seen @param test gets a failure @param port of the source
/// @return the only flow of the port
std::pair<Srv6Flow, Srv6FlowCounters>
FlowOf(const Srv6FlowStatistics::Flows& flows, ScenarioTestCase& test, uint16_t port)
{
    std::vector<std::pair<Srv6Flow, Srv6FlowCounters>> found;
    for (const auto& entry : flows)
    {
        if (entry.first.sourcePort == port)
        {
            found.emplace_back(entry);
        }
    }
    test.ExpectEqual(found.size(), 1U, "flows of port " + std::to_string(port));
    return found.empty() ? std::pair<Srv6Flow, Srv6FlowCounters>() : found[0];
}

/// @param bytes an IPv6 packet @return its flow
std::optional<Srv6Flow>
Classify(const Bytes& bytes)
{
    auto packet = Create<Packet>(bytes.data(), static_cast<uint32_t>(bytes.size()));
    Ipv6Header header;
    packet->RemoveHeader(header);
    return Srv6FlowStatistics::Classify(*packet, header);
}

/// What a flow is.
void
AddClassification(ScenarioTestSuite& suite)
{
    suite.Add("A flow is known by the transport's addresses and ports and by the segments",
              [](ScenarioTestCase& test)
              {
                  const std::vector<const char*> path{"fc00:3::e", "fc00:4::e", FAR_HOST};
                  for (const uint8_t left : {2, 1, 0})
                  {
                      // The destination changes on the way, the flow does not.
                      const auto flow = Classify(Ipv6Packet(
                          NEAR_HOST, path[2 - left], ROUTING, Routed(path, left, UDP, Datagram())));
                      test.Expect(flow.has_value(), "a flow");
                      test.ExpectEqual(flow->source, Ipv6Address(NEAR_HOST), "source");
                      test.ExpectEqual(flow->destination, Ipv6Address(FAR_HOST), "destination");
                      test.ExpectEqual(+flow->protocol, +UDP, "protocol");
                      test.ExpectEqual(flow->sourcePort, 1111, "source port");
                      test.ExpectEqual(flow->destinationPort, 2222, "destination port");
                      test.Expect(flow->segments == Net::ToSegments(path), "segments");
                      std::ostringstream text;
                      text << *flow;
                      test.ExpectEqual(text.str(),
                                       "fd00:a::1 port 1111 to fd00:b::5 port 2222 protocol 17 via "
                                       "fc00:3::e,fc00:4::e,fd00:b::5",
                                       "text");
                  }
              });
    suite.Add("With encapsulation it is the inner packet's addresses and ports",
              [](ScenarioTestCase& test)
              {
                  const auto inner6 = Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram());
                  const auto flow6 = Classify(Ipv6Packet(
                      "fd00:c::1", "fc00:3::d6", ROUTING, Routed({"fc00:3::d6"}, 0, 41, inner6)));
                  test.Expect(flow6 && flow6->source == Ipv6Address(NEAR_HOST) &&
                                  flow6->destination == Ipv6Address(FAR_HOST) &&
                                  flow6->sourcePort == 1111,
                              "of IPv6");
                  const auto flow4 =
                      Classify(Ipv6Packet("fd00:c::1",
                                          "fc00:3::d4",
                                          ROUTING,
                                          Routed({"fc00:3::d4"}, 0, 4, Ipv4Packet("192.0.2.1"))));
                  test.Expect(flow4.has_value(), "of IPv4");
                  std::ostringstream text;
                  text << *flow4;
                  test.ExpectEqual(text.str(),
                                   "10.0.1.1 port 1111 to 192.0.2.1 port 2222 protocol 17 via "
                                   "fc00:3::d4",
                                   "text");
                  // An inner packet with a header of its own, whose destination changes too.
                  const auto twice = Classify(Ipv6Packet(
                      "fd00:c::1",
                      "fc00:3::d6",
                      ROUTING,
                      Routed({"fc00:3::d6"},
                             0,
                             41,
                             Ipv6Packet(NEAR_HOST,
                                        "fc00:9::1",
                                        ROUTING,
                                        Routed({"fc00:9::1", FAR_HOST}, 1, UDP, Datagram())))));
                  test.Expect(twice && twice->destination == Ipv6Address(FAR_HOST) &&
                                  twice->sourcePort == 1111 &&
                                  twice->segments == Net::ToSegments({"fc00:3::d6"}),
                              "the outer header's segments");
              });
    suite.Add(
        "No flow is made of what cannot be read, and none without the header",
        [](ScenarioTestCase& test)
        {
            test.Expect(!Classify(Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram())), "plain");
            const auto whole = Ipv6Packet(
                "fd00:c::1",
                "fc00:3::d6",
                ROUTING,
                Routed({"fc00:3::d6"}, 0, 41, Ipv6Packet(NEAR_HOST, FAR_HOST, UDP, Datagram())));
            for (size_t size = IPV6_SIZE; size < whole.size(); ++size)
            {
                const auto flow = Classify(Bytes(whole.begin(), whole.begin() + size));
                // The inner IPv6 header makes it one; ports may be cut off.
                test.ExpectEqual(flow.has_value(), size >= 2 * IPV6_SIZE + 24, "cut");
            }
            auto broken = whole;
            broken[IPV6_SIZE + 4] = 9;
            test.Expect(!Classify(broken), "Last Entry beyond the header");
        });
}

/// What is counted.
void
AddCounters(ScenarioTestSuite& suite)
{
    suite.Add(
        "Two flows by two segment lists: packets, bytes, times and delays of each",
        [](ScenarioTestCase& test)
        {
            Net net;
            const auto statistics = Srv6Helper::WatchFlows(
                NodeContainer(NodeContainer(net.host, net.near, net.upper),
                              NodeContainer(net.lower, net.far, net.server)));
            // Twice changes nothing.
            test.Expect(statistics->Watch(net.host), "watched");
            auto receiver = Socket::CreateSocket(net.server, UdpSocketFactory::GetTypeId());
            receiver->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 7));
            const auto srv6 = net.host->GetObject<Srv6Protocol>();
            std::vector<Ptr<Socket>> senders;
            const std::vector<std::vector<const char*>> lists{{Net::LOWER},
                                                              {Net::LOWER_PSP, Net::FAR_PSP}};
            for (uint16_t i = 0; i < 2; ++i)
            {
                auto sender = Socket::CreateSocket(net.host, UdpSocketFactory::GetTypeId());
                const auto port = static_cast<uint16_t>(5001 + i);
                sender->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), port));
                test.Expect(srv6->SetSocketSegments(sender, Net::ToSegments(lists[i])), "set");
                senders.push_back(sender);
                for (uint32_t k = 0; k < 10 + 10U * i; ++k)
                {
                    net.At(MilliSeconds(1000 + 100 * k),
                           [sender, i]
                           {
                               sender->SendTo(Create<Packet>(100 + 100 * i),
                                              0,
                                              Inet6SocketAddress(Ipv6Address(Net::SERVER), 7));
                           });
                }
            }
            net.Run(Seconds(10));
            const auto flows = statistics->GetFlows();
            test.ExpectEqual(flows.size(), 2U, "flows");
            for (uint16_t i = 0; i < 2; ++i)
            {
                const auto [flow, counters] = FlowOf(flows, test, static_cast<uint16_t>(5001 + i));
                auto path = lists[i];
                path.push_back(Net::SERVER);
                test.Expect(flow.segments == Net::ToSegments(path), "segments");
                test.ExpectEqual(flow.source, Ipv6Address(Net::HOST), "source");
                test.ExpectEqual(flow.destination, Ipv6Address(Net::SERVER), "destination");
                test.ExpectEqual(flow.destinationPort, 7, "destination port");
                test.ExpectEqual(+flow.protocol, +UDP, "protocol");
                const uint32_t sent = 10 + 10U * i;
                const uint32_t srh = 8 + 16 * (2 + i);
                const uint32_t payload = IPV6_SIZE + 8 + 100 + 100 * i;
                test.ExpectEqual(counters.packets, sent, "packets");
                test.ExpectEqual(counters.bytes, sent * (payload + srh), "bytes");
                test.ExpectEqual(counters.delivered, sent, "delivered");
                // PSP has taken the header off before.
                test.ExpectEqual(
                    counters.deliveredBytes, sent * (payload + (i == 0 ? srh : 0)), "bytes there");
                test.ExpectEqual(counters.drops, 0U, "drops");
                test.ExpectEqual(counters.first, MilliSeconds(1000), "first");
                test.ExpectEqual(counters.last, MilliSeconds(1000 + 100 * (sent - 1)), "last");
                // Four links of 2 ms, and the times on 20 Mb/s of less than 0.2 ms each.
                test.Expect(counters.GetMeanDelay() > MilliSeconds(8) &&
                                counters.GetMeanDelay() <= counters.delayMax &&
                                counters.delayMax < MilliSeconds(9),
                            "delay");
            }
            std::ostringstream text;
            statistics->Print(text);
            test.Expect(text.str().find("fd00:1::1 port 5001 to fd00:6::2 port 7 protocol 17 via "
                                        "fc00:1::,fd00:6::2 packets 10 bytes 1880 first 1 s last "
                                        "1.9 s delivered 10 drops 0 mean delay ") == 0,
                        text.str());
        });
    suite.Add("Subflows of a connection are flows of their own, beside one without segments",
              [](ScenarioTestCase& test)
              {
                  constexpr uint64_t BYTES = 3000000;
                  Net net;
                  const auto statistics = Srv6Helper::WatchFlows(
                      NodeContainer(net.host, net.lower, net.far, net.server));
                  EndpointOptions options;
                  options.expect = BYTES;
                  options.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
                  net.Listen(options);
                  options.send = BYTES;
                  options.expect = 0;
                  net.Connect(options);
                  net.At(MilliSeconds(200), [&] { net.Open({Net::LOWER}); });
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  const auto flows = statistics->GetFlows();
                  test.ExpectEqual(flows.size(), 1U, "flows with a header");
                  const auto& [flow, counters] = *flows.begin();
                  test.ExpectEqual(+flow.protocol, +TCP, "protocol");
                  test.ExpectEqual(flow.destinationPort, Net::PORT, "port");
                  test.Expect(counters.packets > 100, "packets");
                  test.ExpectEqual(counters.delivered, net.atServer.routed, "at the server");
                  test.Expect(counters.packets >= counters.delivered, "queues drop some");
              });
    suite.Add(
        "Retransmissions are packets of their own, and fragments are the first one's flow's",
        [](ScenarioTestCase& test)
        {
            Net net;
            const auto statistics = Srv6Helper::WatchFlows(NodeContainer(net.host, net.server));
            auto receiver = Socket::CreateSocket(net.server, UdpSocketFactory::GetTypeId());
            receiver->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 7));
            auto sender = Socket::CreateSocket(net.host, UdpSocketFactory::GetTypeId());
            sender->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 5001));
            net.host->GetObject<Srv6Protocol>()->SetSocketSegments(sender,
                                                                   Net::ToSegments({Net::LOWER}));
            auto same = Create<Packet>(4000);
            for (const int at : {1, 2})
            {
                net.At(Seconds(at),
                       [=] {
                           sender->SendTo(
                               same->Copy(), 0, Inet6SocketAddress(Ipv6Address(Net::SERVER), 7));
                       });
            }
            net.Run(Seconds(5));
            const auto flows = statistics->GetFlows();
            test.ExpectEqual(flows.size(), 1U, "flows");
            const auto [flow, counters] = FlowOf(flows, test, 5001);
            test.ExpectEqual(counters.packets, 6U, "three fragments, twice");
            test.ExpectEqual(counters.delivered, 6U, "delivered");
        });
    suite.Add("What a headend encapsulates is counted from there to where it is taken out",
              [](ScenarioTestCase& test)
              {
                  Srv6Router router;
                  const auto statistics = Srv6Helper::WatchFlows(router.node);
                  router.srv6->Steer(
                      Ipv6Address("fc00:5::"),
                      48,
                      Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                  router.srv6->Steer(
                      Ipv4Address("192.0.2.0"),
                      Ipv4Mask("255.255.255.0"),
                      Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::4"}));
                  router.AddSid("fc00:3::d6", {Srv6Behavior::END_DT6});
                  router.Inject(Ipv6Packet(NEAR_HOST, "fc00:5::1", UDP, Datagram(4, 1)));
                  router.Inject(Ipv4Packet("192.0.2.1", Datagram(4, 2)),
                                Ipv4L3Protocol::PROT_NUMBER);
                  const auto flows = statistics->GetFlows();
                  test.ExpectEqual(flows.size(), 2U, "flows");
                  const auto [flow6, counters6] = FlowOf(flows, test, 1);
                  test.Expect(flow6.segments == Net::ToSegments({"fc00:4::1", "fc00:4::2"}),
                              "segments for IPv6");
                  test.ExpectEqual(counters6.packets, 1U, "packets of IPv6");
                  test.ExpectEqual(counters6.bytes, 40 + 40 + 40 + 12, "bytes of IPv6");
                  const auto [flow4, counters4] = FlowOf(flows, test, 2);
                  test.Expect(flow4.destination ==
                                  Ipv6Address::MakeIpv4MappedAddress(Ipv4Address("192.0.2.1")),
                              "destination of IPv4");
                  test.ExpectEqual(counters4.packets, 1U, "packets of IPv4");
              });
    suite.Add("Drops of segment routing are counted with the flow",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  const auto statistics =
                      Srv6Helper::WatchFlows(NodeContainer(net.host, net.lower, net.server));
                  // A SID that takes packets out is no place on the way.
                  net.lower->GetObject<Srv6Protocol>()->AddSid(
                      Ipv6Address("fc00:1::d6"), 128, {Srv6Behavior::END_DT6});
                  auto sender = Socket::CreateSocket(net.host, UdpSocketFactory::GetTypeId());
                  sender->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 5001));
                  net.host->GetObject<Srv6Protocol>()->SetSocketSegments(
                      sender, Net::ToSegments({"fc00:1::d6"}));
                  net.At(Seconds(1),
                         [=] {
                             sender->SendTo(Create<Packet>(10),
                                            0,
                                            Inet6SocketAddress(Ipv6Address(Net::SERVER), 7));
                         });
                  net.Run(Seconds(3));
                  const auto [flow, counters] = FlowOf(statistics->GetFlows(), test, 5001);
                  test.ExpectEqual(counters.packets, 1U, "packets");
                  test.ExpectEqual(counters.delivered, 0U, "delivered");
                  test.ExpectEqual(counters.drops, 1U, "drops");
              });
}

/// Statistics.
class MptcpSrv6FlowsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6FlowsTestSuite()
        : ScenarioTestSuite("mptcp-srv6-flows")
    {
        AddClassification(*this);
        AddCounters(*this);
    }
};

MptcpSrv6FlowsTestSuite g_mptcpSrv6FlowsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
