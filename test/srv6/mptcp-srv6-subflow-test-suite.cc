// SPDX-License-Identifier: GPL-2.0-only
// One Segment Routing Header per subflow: draft-hesmans-mptcp-socket-03 section 3.6, RFC 3542
// section 7, RFC 8754 section 4.1.
#include "srv6-two-paths-net.h"
#include "test-rig.h"

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mptcp-api.h"

#include <cerrno>
#include <netinet/in.h>

namespace ns3
{

namespace
{

using Net = Srv6TwoPathsNet;

constexpr uint64_t BYTES = 3000000; //!< of a transfer
constexpr uint32_t SRH_ONE = 40;    //!< bytes of a header of one segment and the destination

/// @param send bytes @param expect bytes @return an end that the application steers
EndpointOptions
End(uint64_t send, uint64_t expect)
{
    EndpointOptions options;
    options.send = send;
    options.expect = expect;
    options.attributes = {{"PathManager", "ns3::MptcpNoPathManager"}};
    return options;
}

/// Begin a transfer from the host to the server. @param net where @param segments of subflow 1
void
Start(Net& net, const std::vector<const char*>& segments = {})
{
    net.Listen(End(1000, BYTES));
    net.Connect(End(BYTES, 1000), segments);
}

/// Set IPV6_RTHDR on a subflow. @param socket whose @param id of it @param header value
/// @return 0 or an errno
int
SetRoutingHeader(MptcpSocket& socket, uint8_t id, std::vector<uint8_t> header)
{
    mptcp_sub_setsockopt request{};
    request.id = id;
    request.level = IPPROTO_IPV6;
    request.optname = IPV6_RTHDR;
    request.optval = reinterpret_cast<char*>(header.data());
    request.optlen = static_cast<unsigned int>(header.size());
    const int result =
        socket.SetSockOpt(IPPROTO_TCP, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request));
    return result == 0 ? 0 : socket.GetOptErrno();
}

/// Read IPV6_RTHDR of a subflow. @param socket whose @param id of it @return the header
std::vector<uint8_t>
GetRoutingHeader(MptcpSocket& socket, uint8_t id)
{
    std::vector<uint8_t> header(4096);
    auto size = static_cast<unsigned int>(header.size());
    mptcp_sub_getsockopt request{};
    request.id = id;
    request.level = IPPROTO_IPV6;
    request.optname = IPV6_RTHDR;
    request.optval = reinterpret_cast<char*>(header.data());
    request.optlen = &size;
    unsigned int length = sizeof(request);
    if (socket.GetSockOpt(IPPROTO_TCP, MPTCP_SUB_GETSOCKOPT, &request, &length) != 0)
    {
        return {};
    }
    header.resize(size);
    return header;
}

/// What takes a path.
void
AddPaths(ScenarioTestSuite& suite)
{
    for (const bool psp : {true, false})
    {
        suite.Add(std::string("A subflow takes its segments from its SYN on, the other subflow the "
                              "shortest path, ") +
                      (psp ? "with PSP" : "without PSP"),
                  [psp](ScenarioTestCase& test)
                  {
                      Net net;
                      Start(net);
                      int id = -1;
                      net.At(MilliSeconds(200),
                             [&] { id = net.Open({psp ? Net::LOWER_PSP : Net::LOWER}); });
                      net.At(MilliSeconds(201),
                             [&]
                             {
                                 test.ExpectEqual(net.atUpper.routed, 0U, "SRHs on the upper path");
                                 test.ExpectEqual(net.atLower.packets, 0U, "not there yet");
                             });
                      net.Run(Seconds(60));
                      test.Expect(id > 0, "opened");
                      test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                      test.ExpectEqual(net.atUpper.routed, 0U, "SRHs on the upper path");
                      test.ExpectEqual(net.atLower.routed, net.atLower.packets, "all with SRH");
                      test.Expect(net.atLower.packets > 500, "the lower path is used");
                      test.Expect(net.atUpper.packets > 500, "the upper path is used");
                      test.ExpectEqual(net.atLower.fragments, 0U, "fragments");
                      test.ExpectEqual(net.atLower.largest, 1500U, "full packets");
                      test.ExpectEqual(net.atServer.routed > 0, !psp, "SRH at the last host");
                      test.ExpectEqual(net.atServer.back, 0U, "nothing is reflected");
                  });
    }
    suite.Add("Two segments, and the same of a plain TCP connection's only subflow",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto client = End(BYTES, 1000);
                  client.attributes.emplace_back("Multipath", "false");
                  net.Listen(End(1000, BYTES));
                  net.Connect(client, {Net::LOWER, Net::FAR});
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  test.ExpectEqual(net.atLower.routed, net.atLower.packets, "all with SRH");
                  test.Expect(net.atLower.packets > 2000, "the data is there");
                  test.ExpectEqual(net.atLower.largest, 1500U, "full packets");
                  test.ExpectEqual(net.atUpper.routed, 0U, "SRHs on the upper path");
              });
    // RFC 8754 section 4.3.2: an address that is no SID takes no packet with segments left. The
    // error comes back within the call that sends the SYN.
    suite.Add("The node's own address as a segment: its own ICMP error ends the connection",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Start(net, {Net::HOST});
                  net.Run(Seconds(60));
                  test.Expect(net.opened->failed, "it fails");
                  test.ExpectEqual(net.opened->error, EPROTO, "errno");
                  test.Expect(net.opened->endedAt < MilliSeconds(11), "at once");
                  test.ExpectEqual(net.accepted.size(), 0, "accepted");
              });
    suite.Add("A header of 20 segments",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  // All of them are the same SID, which the packet visits again and again.
                  std::vector<const char*> segments(20, Net::LOWER);
                  Start(net, segments);
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  test.ExpectEqual(net.atLower.largest, 1500U, "full packets");
              });
    suite.Add("A path changes in mid-connection: to none, back, and to a longer one",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Start(net, {Net::LOWER});
                  net.At(MilliSeconds(400),
                         [&]
                         {
                             test.Expect(net.atLower.packets > 100, "lower path first");
                             test.ExpectEqual(net.client->SetSubflowSegments(1, {}), 0, "none");
                             net.atLower = {};
                         });
                  net.At(
                      MilliSeconds(600),
                      [&]
                      {
                          // What was queued when the path changed still comes.
                          test.Expect(net.atLower.packets < 200, "lower path left");
                          test.Expect(net.client->GetSubflowSegments(1).empty(), "read back");
                          const auto path = Net::ToSegments({Net::LOWER, Net::FAR, Net::FAR_PSP});
                          test.ExpectEqual(net.client->SetSubflowSegments(1, path), 0, "long");
                          test.Expect(net.client->GetSubflowSegments(1) == path, "read back");
                          net.atLower = {};
                      });
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  test.Expect(net.atLower.packets > 500, "lower path again");
                  test.ExpectEqual(net.atLower.largest, 1500U, "largest packet");
              });
    suite.Add(
        "RFC 8201 5.2: a path's MTU is that of its segments, not of others to the same address",
        [](ScenarioTestCase& test)
        {
            // Behind the lower router only: 1360 bytes are left beside the header.
            Net net(true, 1400);
            Start(net);
            const auto mtus = [&net]
            {
                std::vector<uint32_t> all;
                for (const auto& subflow : net.client->GetConnection()->GetSubflows())
                {
                    all.push_back(subflow->GetDetails().pathMtu);
                }
                return all;
            };
            int id = -1;
            net.At(MilliSeconds(200), [&] { id = net.Open({Net::LOWER}); });
            net.At(MilliSeconds(400),
                   [&]
                   {
                       test.Expect(mtus() == std::vector<uint32_t>{1500, 1360}, "learned");
                       net.atUpper = {};
                       net.client->SetSubflowSegments(id, {});
                       test.Expect(mtus() == std::vector<uint32_t>{1500, 1500},
                                   "another path is another MTU");
                   });
            net.At(MilliSeconds(500),
                   [&]
                   {
                       test.ExpectEqual(net.atUpper.largest, 1500U, "full packets there");
                       net.client->SetSubflowSegments(id, Net::ToSegments({Net::LOWER}));
                       test.Expect(mtus() == std::vector<uint32_t>{1500, 1360}, "known");
                   });
            net.At(MilliSeconds(600), [&] { net.Open({Net::LOWER}); });
            net.At(MilliSeconds(700),
                   [&] {
                       test.Expect(mtus() == std::vector<uint32_t>{1500, 1360, 1360},
                                   "known to the next one");
                   });
            net.Run(Seconds(60));
            test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
            test.Expect(net.atLower.packets > 100, "the lower path is used");
        });
}

/// The way back.
void
AddReflection(ScenarioTestSuite& suite)
{
    enum class Reflect
    {
        OFF,
        LISTENER,
        ON
    };
    for (const auto reflect : {Reflect::OFF, Reflect::LISTENER, Reflect::ON})
    {
        suite.Add(std::string("The listener reflects a path: ") + (reflect == Reflect::OFF ? "off"
                                                                   : reflect == Reflect::LISTENER
                                                                       ? "this listener"
                                                                       : "on"),
                  [reflect](ScenarioTestCase& test)
                  {
                      Net net;
                      const auto srv6 = net.server->GetObject<Srv6Protocol>();
                      if (reflect == Reflect::ON)
                      {
                          srv6->SetAttribute("ReflectPaths", BooleanValue(true));
                      }
                      if (reflect == Reflect::LISTENER)
                      {
                          srv6->GetTcpHeaders().AddReflectingPort(Net::PORT);
                      }
                      net.Listen(End(BYTES, 1000));
                      net.Connect(End(1000, BYTES));
                      net.At(MilliSeconds(200),
                             [&] { test.Expect(net.Open({Net::LOWER}) > 0, "opened"); });
                      net.At(MilliSeconds(400), [&] { net.client->CloseSubflow(1); });
                      net.Run(Seconds(60));
                      test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                      const bool on = reflect != Reflect::OFF;
                      test.ExpectEqual(net.atLower.back > 500, on, "data comes back by the path");
                      test.ExpectEqual(net.atLower.largest == 1500, on, "full packets");
                      test.Expect(on || net.atLower.back == 0, "nothing by the path");
                  });
    }
}

/// What goes wrong.
void
AddErrors(ScenarioTestSuite& suite)
{
    suite.Add(
        "A header that no packet can be sent by is refused with EINVAL, one that leaves no "
        "room for data with EMSGSIZE",
        [](ScenarioTestCase& test)
        {
            Net net;
            Start(net);
            net.At(MilliSeconds(200),
                   [&]
                   {
                       auto& socket = *net.client;
                       const auto good = MakeSegmentRoutingBytes(Net::ToSegments({Net::LOWER}));
                       test.ExpectEqual(good.size(), SRH_ONE, "size");
                       test.ExpectEqual(SetRoutingHeader(socket, 1, good), 0, "good");
                       test.Expect(GetRoutingHeader(socket, 1) == good, "read back");
                       const auto refuse = [&](size_t at, uint8_t value, const char* what)
                       {
                           auto bad = good;
                           bad[at] = value;
                           test.ExpectEqual(SetRoutingHeader(socket, 1, bad), EINVAL, what);
                       };
                       refuse(1, 6, "length beyond the bytes");
                       refuse(1, 2, "length before the end of the bytes");
                       refuse(2, 0, "routing type");
                       refuse(3, 2, "Segments Left");
                       refuse(4, 2, "Last Entry");
                       refuse(24, 0xff, "a multicast segment");
                       auto bytes = good;
                       bytes.pop_back();
                       test.ExpectEqual(SetRoutingHeader(socket, 1, bytes), EINVAL, "39 bytes");
                       bytes.assign(7, 0);
                       test.ExpectEqual(SetRoutingHeader(socket, 1, bytes), EINVAL, "7 bytes");
                       test.Expect(GetRoutingHeader(socket, 1) == good, "still the good one");
                       // 1500 - 40 - 20 - 88 bytes leave room for 83 segments and the last.
                       const std::vector<const char*> most(83, Net::LOWER);
                       test.ExpectEqual(
                           socket.SetSubflowSegments(1, Net::ToSegments(most)), 0, "83 segments");
                       const std::vector<const char*> many(84, Net::LOWER);
                       test.ExpectEqual(
                           socket.SetSubflowSegments(1, Net::ToSegments(many)), -1, "84 segments");
                       test.ExpectEqual(socket.GetOptErrno(), EMSGSIZE, "84 segments");
                       const std::vector<const char*> more(127, Net::LOWER);
                       test.ExpectEqual(net.Open(more), -1, "127 segments");
                       test.ExpectEqual(socket.GetOptErrno(), EINVAL, "127 segments");
                       test.ExpectEqual(net.Open(many), -1, "84 segments");
                       test.ExpectEqual(socket.GetOptErrno(), EMSGSIZE, "84 segments");
                       test.ExpectEqual(SetRoutingHeader(socket, 1, {}), 0, "removed");
                       test.Expect(GetRoutingHeader(socket, 1).empty(), "nothing");
                       test.ExpectEqual(SetRoutingHeader(socket, 9, good), EINVAL, "which");
                   });
            net.Run(Seconds(60));
            test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
        });
    suite.Add("Segments that are no host's are refused with EINVAL before anything is sent",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Start(net);
                  auto socket = DynamicCast<MptcpSocket>(
                      Socket::CreateSocket(net.host, MptcpSocketFactory::GetTypeId()));
                  for (const char* wrong : {"ff02::1", "ff0e::1", "::", "::1"})
                  {
                      const auto path = Net::ToSegments({Net::LOWER, wrong});
                      test.ExpectEqual(socket->SetSegmentList({path[1]}), -1, wrong);
                      test.ExpectEqual(socket->GetOptErrno(), EINVAL, wrong);
                      test.ExpectEqual(socket->SetSegmentList(path), -1, wrong);
                  }
                  net.At(MilliSeconds(200),
                         [&]
                         {
                             for (const char* wrong : {"ff02::1", "ff0e::1", "::", "::1"})
                             {
                                 test.ExpectEqual(net.Open({wrong}), -1, wrong);
                                 test.ExpectEqual(net.client->GetOptErrno(), EINVAL, wrong);
                                 test.ExpectEqual(
                                     net.client->OpenSubflow(
                                         Inet6SocketAddress(Ipv6Address::GetAny(), 0),
                                         Inet6SocketAddress(Ipv6Address(Net::SERVER), 0),
                                         Net::ToSegments({wrong})),
                                     -1,
                                     wrong);
                                 test.ExpectEqual(net.client->GetOptErrno(), EINVAL, wrong);
                             }
                         });
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
              });
    suite.Add("Segments that are refused leave those that were set before",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Start(net, {Net::LOWER});
                  test.ExpectEqual(
                      net.client->SetSegmentList(Net::ToSegments({"ff02::1"})), -1, "refused");
                  test.ExpectEqual(net.client->GetOptErrno(), EINVAL, "why");
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  test.Expect(net.atLower.routed > 500, "the lower path, from the SYN on");
                  test.ExpectEqual(net.atLower.routed, net.atLower.packets, "all with SRH");
              });
    suite.Add(
        "Segments do not go with a peer of IPv4",
        [](ScenarioTestCase& test)
        {
            Net net;
            Ipv4AddressHelper addresses("10.9.0.0", "255.255.255.0");
            NetDeviceContainer devices(net.host->GetDevice(1));
            devices.Add(net.near->GetDevice(1));
            addresses.Assign(devices);
            const InetSocketAddress peer(Ipv4Address("10.9.0.2"), 80);
            for (const bool bound : {true, false})
            {
                auto socket = DynamicCast<MptcpSocket>(
                    Socket::CreateSocket(net.host, MptcpSocketFactory::GetTypeId()));
                if (bound)
                {
                    socket->Bind(InetSocketAddress(Ipv4Address("10.9.0.1"), 0));
                }
                test.ExpectEqual(socket->SetSegmentList(Net::ToSegments({Net::LOWER})), 0, "set");
                test.ExpectEqual(socket->Connect(peer), -1, "refused");
                test.ExpectEqual(socket->GetErrno(), Socket::ERROR_AFNOSUPPORT, "since it is IPv4");
                test.ExpectEqual(socket->SetSegmentList({}), 0, "none");
                test.ExpectEqual(socket->Connect(peer), 0, "without segments");
                socket->Close();
            }
            net.Run(Seconds(1));
        });
    suite.Add("Without segment routing on the node the option is not known, and nothing changes",
              [](ScenarioTestCase& test)
              {
                  Net net(false);
                  Start(net);
                  net.At(MilliSeconds(200),
                         [&]
                         {
                             test.ExpectEqual(net.Open({Net::LOWER}), -1, "open");
                             test.ExpectEqual(net.client->GetOptErrno(), ENOPROTOOPT, "why");
                         });
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
                  test.ExpectEqual(net.atLower.packets, 0U, "lower path");
              });
    suite.Add("Without a route to the first segment a subflow is not opened",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Start(net);
                  net.At(MilliSeconds(200),
                         [&]
                         {
                             const auto ipv6 = net.host->GetObject<Ipv6>();
                             Ipv6StaticRoutingHelper helper;
                             const auto routes = helper.GetStaticRouting(ipv6);
                             // Only the server's network is left.
                             routes->AddNetworkRouteTo(Ipv6Address("fd00:6::"),
                                                       Ipv6Prefix(64),
                                                       Ipv6Address("fd00:1::2"),
                                                       1);
                             for (uint32_t i = routes->GetNRoutes(); i-- > 0;)
                             {
                                 if (routes->GetRoute(i).IsDefault())
                                 {
                                     routes->RemoveRoute(i);
                                 }
                             }
                             test.ExpectEqual(net.Open({Net::LOWER}), -1, "open");
                             test.ExpectEqual(net.client->GetOptErrno(), ENETUNREACH, "why");
                         });
                  net.Run(Seconds(60));
                  test.ExpectEqual(net.GetProblem(), std::string(), "bytes");
              });
}

/// Segment routing of this module's own subflows.
class MptcpSrv6SubflowTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSrv6SubflowTestSuite()
        : ScenarioTestSuite("mptcp-srv6-subflow")
    {
        AddPaths(*this);
        AddReflection(*this);
        AddErrors(*this);
    }
};

MptcpSrv6SubflowTestSuite g_mptcpSrv6SubflowTestSuite; //!< registers itself

} // namespace

} // namespace ns3
