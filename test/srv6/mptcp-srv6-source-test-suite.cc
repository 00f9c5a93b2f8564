// SPDX-License-Identifier: GPL-2.0-only
// What sends with segments beside the API of single subflows: figure 11 of
// draft-hesmans-mptcp-socket-03, the path manager, stock sockets; and ICMPv6 errors about it
// (RFC 8754 section 5.4, RFC 2473 section 8, RFC 8201).
#include "draft-figure-11.h"
#include "draft-figures.h"
#include "srv6-router.h"
#include "srv6-two-paths-net.h"
#include "test-rig.h"

#include "ns3/config.h"
#include "ns3/mptcp-segment-paths.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/udp-socket-factory.h"

#include <cerrno>

namespace ns3
{

namespace
{

using Net = Srv6TwoPathsNet;
using Bytes = Srv6Router::Bytes;

constexpr uint64_t BYTES = 3000000;            //!< of a transfer
constexpr size_t IPV6_SIZE = 40;               //!< bytes of an IPv6 header
constexpr uint8_t TOO_BIG = 2;                 //!< type of ICMPv6
constexpr uint8_t TIME_EXCEEDED = 3;           //!< type of ICMPv6
constexpr uint8_t UNREACHABLE = 1;             //!< type of ICMPv6
constexpr const char* NEAR_HOST = "fd00:a::1"; //!< the sender's address

MptcpSocket* g_socket = nullptr; //!< what the figure's descriptor means

/// @param send bytes @param expect bytes @param manager of paths @return an end
EndpointOptions
End(uint64_t send, uint64_t expect, const char* manager = "ns3::MptcpNoPathManager")
{
    EndpointOptions options;
    options.send = send;
    options.expect = expect;
    options.attributes = {{"PathManager", manager}};
    return options;
}

/// Ways to have segments.
void
AddSources(ScenarioTestSuite& suite)
{
    suite.Add("3.6: figure 11, with its three slips corrected, opens a subflow by its segment",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Listen(End(1000, BYTES));
                  net.Connect(End(BYTES, 1000));
                  net.At(MilliSeconds(200),
                         [&]
                         {
                             g_socket = PeekPointer(net.client);
                             draft_getsockopt =
                                 [](int, int level, int name, void* value, socklen_t* length)
                             { return g_socket->GetSockOpt(level, name, value, length); };
                             test.ExpectEqual(draft_figure11(3, Net::HOST, Net::SERVER, Net::LOWER),
                                              0,
                                              "result");
                             const auto id = static_cast<uint8_t>(draft_figure11_id);
                             test.Expect(net.client->GetSubflowSegments(id) ==
                                             Net::ToSegments({Net::LOWER}),
                                         "segments");
                             Address local;
                             Address remote;
                             net.client->GetSubflowTuple(id, local, remote);
                             test.ExpectEqual(
                                 Inet6SocketAddress::ConvertFrom(local).GetPort(), 12345, "port");
                         });
                  net.Run(Seconds(60));
                  // Nobody listens on the figure's port, but a join finds its connection by token.
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  test.Expect(net.atLower.routed > 100, "the segment's path is used");
              });
    suite.Add("The path manager opens one subflow per segment list",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Config::SetDefault("ns3::MptcpSegmentPaths::SegmentLists",
                                     StringValue(";fc00:1::;fc00:1::f,fc00:2::f"));
                  net.Listen(End(1000, BYTES));
                  net.Connect(End(BYTES, 1000, "ns3::MptcpSegmentPaths"));
                  net.At(MilliSeconds(600),
                         [&]
                         {
                             std::vector<std::vector<Ipv6Address>> paths;
                             for (const uint8_t id : net.client->GetSubflowIds())
                             {
                                 paths.push_back(net.client->GetSubflowSegments(id));
                             }
                             test.ExpectEqual(paths.size(), 3U, "subflows");
                             for (const auto& path :
                                  {Net::ToSegments({}),
                                   Net::ToSegments({Net::LOWER}),
                                   Net::ToSegments({Net::LOWER_PSP, Net::FAR_PSP})})
                             {
                                 test.ExpectEqual(
                                     std::count(paths.begin(), paths.end(), path), 1, "a list");
                             }
                         });
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  Config::SetDefault("ns3::MptcpSegmentPaths::SegmentLists", StringValue(""));
              });
    suite.Add("Segment lists that cannot be read are refused",
              [](ScenarioTestCase& test)
              {
                  for (const char* text : {"x", ";fc00::1;1.2.3.4", "fc00::1,", "fc00::1 fc00::2"})
                  {
                      // A comma at the end is harmless: nothing follows it.
                      test.ExpectEqual(MptcpSegmentPaths::Parse(text).has_value(),
                                       std::string(text) == "fc00::1,",
                                       text);
                  }
                  test.ExpectEqual(MptcpSegmentPaths::Parse(";fc00::1,fc00::2")->size(), 2U, "two");
              });
    suite.Add("A stock TCP socket takes its segments, with a segment size that fits",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto listener = Socket::CreateSocket(net.server, TcpSocketFactory::GetTypeId());
                  std::unique_ptr<TestEndpoint> accepted;
                  EndpointOptions options = End(0, BYTES);
                  options.attributes.clear();
                  listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 81));
                  listener->SetAcceptCallback(
                      MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                      Callback<void, Ptr<Socket>, const Address&>(
                          [&accepted, options](Ptr<Socket> socket, const Address&)
                          {
                              accepted = std::make_unique<TestEndpoint>(socket, options, false);
                              accepted->Begin();
                          }));
                  listener->Listen();
                  auto socket = Socket::CreateSocket(net.host, TcpSocketFactory::GetTypeId());
                  socket->SetAttribute("SegmentSize", UintegerValue(1428));
                  options = End(BYTES, 0);
                  options.attributes.clear();
                  TestEndpoint client(socket, options, true);
                  net.At(MilliSeconds(10),
                         [&]
                         {
                             test.Expect(net.host->GetObject<Srv6Protocol>()->SetSocketSegments(
                                             socket, Net::ToSegments({Net::LOWER})),
                                         "set");
                             client.Connect(Inet6SocketAddress(Ipv6Address(Net::SERVER), 81));
                         });
                  net.Run(Seconds(60));
                  test.ExpectEqual(
                      accepted ? accepted->GetWrongByte() : "none", std::string(), "bytes");
                  test.Expect(net.atLower.routed > 2000, "the segment's path is used");
                  test.ExpectEqual(net.atLower.fragments, 0U, "fragments");
                  test.Expect(net.atLower.largest > 1400, "full packets");
                  accepted.reset();
              });
    suite.Add(
        "Segments for a socket are looked at before they are used, and so is the socket",
        [](ScenarioTestCase& test)
        {
            Net net;
            const auto srv6 = net.host->GetObject<Srv6Protocol>();
            for (const auto& type : {UdpSocketFactory::GetTypeId(), TcpSocketFactory::GetTypeId()})
            {
                auto socket = Socket::CreateSocket(net.host, type);
                for (const char* wrong : {"ff02::1", "ff0e::1", "::"})
                {
                    test.Expect(!srv6->SetSocketSegments(socket, Net::ToSegments({wrong})), wrong);
                }
                test.Expect(srv6->SetSocketSegments(socket, Net::ToSegments({Net::LOWER})),
                            "a right one");
            }
            // It would do nothing: this module's TCP has SetSegmentList().
            auto own = Socket::CreateSocket(net.host, MptcpSocketFactory::GetTypeId());
            test.Expect(!srv6->SetSocketSegments(own, Net::ToSegments({Net::LOWER})), "own");
            test.Expect(!srv6->SetSocketSegments(nullptr, {}), "none");
        });
    suite.Add("A datagram that does not fit beside its segments leaves in fragments, each of which "
              "has them",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto receiver = Socket::CreateSocket(net.server, UdpSocketFactory::GetTypeId());
                  receiver->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), 7));
                  auto sender = Socket::CreateSocket(net.host, UdpSocketFactory::GetTypeId());
                  Bytes data(4000);
                  for (size_t i = 0; i < data.size(); ++i)
                  {
                      data[i] = static_cast<uint8_t>(i * i >> 3);
                  }
                  test.Expect(net.host->GetObject<Srv6Protocol>()->SetSocketSegments(
                                  sender, Net::ToSegments({Net::LOWER})),
                              "set");
                  net.At(Seconds(1),
                         [&]
                         {
                             sender->SendTo(Create<Packet>(data.data(), data.size()),
                                            0,
                                            Inet6SocketAddress(Ipv6Address(Net::SERVER), 7));
                         });
                  net.Run(Seconds(3));
                  const auto packet = receiver->Recv();
                  Bytes got(packet ? packet->GetSize() : 0);
                  if (packet)
                  {
                      packet->CopyData(got.data(), got.size());
                  }
                  test.Expect(got == data, "bytes");
                  test.ExpectEqual(net.atLower.routed, 3U, "packets");
                  test.ExpectEqual(net.atLower.fragments, 3U, "fragments");
              });
}

/// @param from source @param to destination @param type of ICMPv6 @param value its four bytes
/// @param quoted packet @return an error
Bytes
MakeError(
    const char* from, const Ipv6Address& to, uint8_t type, uint32_t value, const Bytes& quoted)
{
    Bytes packet(IPV6_SIZE + 8);
    packet[0] = 0x60;
    packet[4] = static_cast<uint8_t>((8 + quoted.size()) >> 8);
    packet[5] = static_cast<uint8_t>(8 + quoted.size());
    packet[6] = 58;
    packet[7] = 64;
    Ipv6Address(from).GetBytes(packet.data() + 8);
    to.GetBytes(packet.data() + 24);
    packet[IPV6_SIZE] = type;
    packet[IPV6_SIZE + 6] = static_cast<uint8_t>(value >> 8);
    packet[IPV6_SIZE + 7] = static_cast<uint8_t>(value);
    packet.insert(packet.end(), quoted.begin(), quoted.end());
    return packet;
}

/// Errors.
void
AddErrors(ScenarioTestSuite& suite)
{
    // 1280 is all that a link must carry, and leaves less beside the header.
    for (const uint16_t mtu : {1400, 1300, 1280})
    {
        suite.Add("The path MTU of a subflow's segments is learned, and all bytes arrive: " +
                      std::to_string(mtu),
                  [mtu](ScenarioTestCase& test)
                  {
                      Net net(true, mtu);
                      net.Listen(End(1000, BYTES));
                      net.Connect(End(BYTES, 1000), {Net::LOWER});
                      net.At(Seconds(1), [&] { net.atLower = {}; });
                      net.Run(Seconds(60));
                      test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                      test.Expect(net.atLower.packets > 100, "the segment's path is used");
                      test.ExpectEqual(net.atLower.largest, mtu, "full packets later");
                      test.ExpectEqual(net.atLower.fragments, 0U, "fragments");
                  });
    }
    suite.Add("The path MTU is learned from an error that comes back behind segments of its own",
              [](ScenarioTestCase& test)
              {
                  constexpr uint16_t MTU = 1400;
                  constexpr const char* NEAR_SID = "fd00:1::e";
                  Net net(true, MTU);
                  net.near->GetObject<Srv6Protocol>()->AddSid(
                      Ipv6Address(NEAR_SID), 128, Srv6Sid(Srv6Behavior::END));
                  net.lower->GetObject<Srv6Protocol>()->Steer(
                      Ipv6Address(Net::HOST),
                      128,
                      Srv6Router::MakePolicy(Srv6Steering::INSERT, {NEAR_SID}));
                  net.Listen(End(1000, BYTES));
                  net.Connect(End(BYTES, 1000), {Net::LOWER});
                  net.At(Seconds(1), [&] { net.atLower = {}; });
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  test.ExpectEqual(net.atLower.largest, MTU, "full packets later");
                  test.Expect(net.near->GetObject<Srv6Protocol>()
                                      ->FindSid(Ipv6Address(NEAR_SID))
                                      ->counters.packets > 0,
                              "errors came by the segment");
              });
    suite.Add(
        "An error about segments that the source inserted reaches the socket, with the "
        "destination that it sent to",
        [](ScenarioTestCase& test)
        {
            Net net;
            auto sender = Socket::CreateSocket(net.host, UdpSocketFactory::GetTypeId());
            uint32_t told = 0;
            sender->SetAttribute(
                "IcmpCallback6",
                CallbackValue(Callback<void, Ipv6Address, uint8_t, uint8_t, uint8_t, uint32_t>(
                    [&](Ipv6Address, uint8_t, uint8_t type, uint8_t, uint32_t)
                    { told += type == TIME_EXCEEDED; })));
            net.host->GetObject<Srv6Protocol>()->SetSocketSegments(sender,
                                                                   Net::ToSegments({Net::LOWER}));
            sender->SetIpv6HopLimit(2);
            net.At(Seconds(1),
                   [&] {
                       sender->SendTo(
                           Create<Packet>(10), 0, Inet6SocketAddress(Ipv6Address(Net::SERVER), 7));
                   });
            net.Run(Seconds(3));
            test.ExpectEqual(told, 1U, "errors");
        });
    for (const bool tooBig : {true, false})
    {
        suite.Add(std::string("The headend relays an error about its outer packet to the inner "
                              "source: ") +
                      (tooBig ? "Too Big, less the overhead" : "others as unreachable address"),
                  [tooBig](ScenarioTestCase& test)
                  {
                      Srv6Router router;
                      router.srv6->Steer(
                          Ipv6Address("fc00:5::"),
                          48,
                          Srv6Router::MakePolicy(Srv6Steering::ENCAPS, {"fc00:4::1", "fc00:4::2"}));
                      Bytes inner(IPV6_SIZE + 12);
                      inner[0] = 0x60;
                      inner[5] = 12;
                      inner[6] = 17;
                      inner[7] = 64;
                      Ipv6Address(NEAR_HOST).GetBytes(inner.data() + 8);
                      Ipv6Address("fc00:5::1").GetBytes(inner.data() + 24);
                      router.Inject(inner);
                      test.ExpectEqual(router.forwarded.size(), 1U, "forwarded");
                      const auto outer = router.forwarded.at(0);
                      router.returned.clear();
                      const auto source = Ipv6Address::Deserialize(outer.data() + 8);
                      router.Inject(MakeError("fd00:a::9",
                                              source,
                                              tooBig ? TOO_BIG : TIME_EXCEEDED,
                                              tooBig ? 1400 : 0,
                                              outer));
                      test.ExpectEqual(router.returned.size(), 1U, "errors");
                      const auto& error = router.returned.at(0);
                      test.ExpectEqual(Ipv6Address::Deserialize(error.data() + 24),
                                       Ipv6Address(NEAR_HOST),
                                       "to");
                      test.ExpectEqual(+error[IPV6_SIZE], tooBig ? TOO_BIG : UNREACHABLE, "type");
                      test.ExpectEqual(+error[IPV6_SIZE + 1], tooBig ? 0 : 3, "code");
                      // An outer header of 40 bytes and an SRH of two segments.
                      const uint32_t mtu = error[IPV6_SIZE + 6] << 8 | error[IPV6_SIZE + 7];
                      test.ExpectEqual(mtu, tooBig ? 1400U - 40 - 40 : 0, "MTU");
                      Bytes quoted(error.begin() + IPV6_SIZE + 8, error.end());
                      quoted.at(7) = inner[7];
                      test.Expect(quoted == inner, "quotes the inner packet");
                  });
    }
}

/// Segment routing at the source.
class MptcpSrv6SourceTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6SourceTestSuite()
        : ScenarioTestSuite("mptcp-srv6-source")
    {
        AddSources(*this);
        AddErrors(*this);
    }
};

MptcpSrv6SourceTestSuite g_mptcpSrv6SourceTestSuite; //!< registers itself

} // namespace

} // namespace ns3
