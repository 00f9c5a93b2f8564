// SPDX-License-Identifier: GPL-2.0-only
// Segment routing at its edges: hop limits, HMACs that come and go, and what users and networks do
// to it that nobody has planned.
#include "srv6-packets.h"
#include "srv6-router.h"
#include "srv6-two-paths-net.h"
#include "test-rig.h"

#include "ns3/mptcp-api.h"
#include "ns3/srv6-helper.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/udp-socket-factory.h"

#include <cerrno>
#include <memory>
#include <netinet/in.h>

namespace ns3
{

namespace
{

using namespace srv6packets;
using Net = Srv6TwoPathsNet;

constexpr uint64_t BYTES = 3000000;  //!< of a transfer
constexpr uint8_t TIME_EXCEEDED = 3; //!< type of ICMPv6

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

/// What becomes of subflows, as a connection's traces tell.
struct SubflowLog
{
    /// @param connection whose
    explicit SubflowLog(Ptr<MptcpConnection> connection)
    {
        connection->TraceConnectWithoutContext(
            "SubflowEstablished",
            Callback<void, Ptr<MptcpSubflow>>([this](Ptr<MptcpSubflow>) { ++established; }));
        connection->TraceConnectWithoutContext("SubflowClosed",
                                               Callback<void, Ptr<MptcpSubflow>, const SubflowEnd&>(
                                                   [this](Ptr<MptcpSubflow>, const SubflowEnd& end)
                                                   { ends.push_back(end); }));
    }

    uint32_t established{0};      //!< that came up from then on
    std::vector<SubflowEnd> ends; //!< in order
};

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
                      std::unique_ptr<SubflowLog> log; // outlives the connection
                      Net net;
                      net.SetMtu(mtu);
                      net.Listen(End(1000, BYTES));
                      net.Connect(End(BYTES, 1000));
                      const std::vector<const char*> path(126, Net::LOWER);
                      int id = 0;
                      net.At(MilliSeconds(200),
                             [&]
                             {
                                 log = std::make_unique<SubflowLog>(net.client->GetConnection());
                                 id = net.Open(path);
                             });
                      net.Run(Seconds(60));
                      test.ExpectEqual(id > 0, mtu == 9000, "opened");
                      // A packet visits no more SIDs of a node in a row.
                      const auto lower = net.lower->GetObject<Srv6Protocol>();
                      test.ExpectEqual(
                          lower->GetDrops(Srv6DropReason::LOOP) > 0, mtu == 9000, "drops");
                      test.ExpectEqual(log->established, 0U, "joined");
                      test.ExpectEqual(log->ends.size(), mtu == 9000 ? 2U : 1U, "subflows");
                      test.Expect(!log->ends.empty() && log->ends.back().established,
                                  "the first one to the end");
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
                  std::unique_ptr<SubflowLog> log; // outlives the connection
                  Net net;
                  net.Listen(End(1000, BYTES));
                  net.Connect(End(BYTES, 1000));
                  int id = -1;
                  net.At(MilliSeconds(200),
                         [&]
                         {
                             log = std::make_unique<SubflowLog>(net.client->GetConnection());
                             id = net.Open({"fc00:1::dead"});
                         });
                  net.Run(Seconds(60));
                  test.Expect(id > 0, "its route exists");
                  test.ExpectEqual(log->established, 0U, "joined");
                  test.ExpectEqual(log->ends.size(), 2U, "subflows");
                  test.ExpectEqual(log->ends.at(0).number, EHOSTUNREACH, "why it ended");
                  test.Expect(!log->ends.at(0).established && log->ends.at(1).established,
                              "the first one lives longer");
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
              });
    suite.Add(
        "Segments that are set to a SID that is nobody's stop a subflow until they are mended",
        [](ScenarioTestCase& test)
        {
            std::unique_ptr<SubflowLog> log; // outlives the connection
            Net net;
            uint32_t stopped = 0;
            uint32_t arrived = 0;
            uint64_t received = 0;
            net.Listen(End(1000, BYTES));
            net.Connect(End(BYTES, 1000), {Net::LOWER});
            net.At(MilliSeconds(400),
                   [&]
                   {
                       const auto wrong = Net::ToSegments({"fc00:1::dead"});
                       test.ExpectEqual(net.client->SetSubflowSegments(1, wrong), 0, "nobody's");
                       log = std::make_unique<SubflowLog>(net.client->GetConnection());
                   });
            // Behind what was under way.
            net.At(MilliSeconds(500),
                   [&]
                   {
                       arrived = net.atServer.packets;
                       received = net.accepted.at(0)->received;
                       test.Expect(received > 0 && received < BYTES, "bytes before");
                   });
            net.At(Seconds(2),
                   [&]
                   {
                       test.ExpectEqual(net.atServer.packets, arrived, "packets in between");
                       test.ExpectEqual(net.accepted.at(0)->received, received, "bytes in between");
                       stopped = net.atLower.routed;
                       const auto right = Net::ToSegments({Net::LOWER_PSP});
                       test.ExpectEqual(net.client->SetSubflowSegments(1, right), 0, "right");
                   });
            net.Run(Seconds(60));
            test.Expect(net.atLower.routed > stopped + 500, "by the lower path then");
            test.ExpectEqual(log->ends.size(), 1U, "subflows");
            test.ExpectEqual(+log->ends.at(0).error, +Socket::ERROR_NOTERROR, "its end");
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
        AddHmac(*this);
        AddHostilePaths(*this);
        AddStrangers(*this);
    }
};

MptcpSrv6EdgeTestSuite g_mptcpSrv6EdgeTestSuite; //!< registers itself

} // namespace

} // namespace ns3
