// SPDX-License-Identifier: GPL-2.0-only
// draft-hesmans-mptcp-socket-03, sentence by sentence, on a connection between two nodes.
#include "draft-figures.h"
#include "filter-channel.h"
#include "test-rig.h"

#include "ns3/boolean.h"
#include "ns3/drop-tail-queue.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-api.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-sockaddr.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/mptcp-socket.h"
#include "ns3/names.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <random>
#include <set>
#include <sys/mman.h>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 5000; //!< of the server

/// Two nodes with two links between them: link 0 with the addresses of figure 4, link 1 with
/// others, on which the connection begins. Both families on each.
class Net
{
  public:
    /// @param ipv6 family of the connection @param attributes of both sockets
    explicit Net(bool ipv6 = false, const TestAttributes& attributes = {})
        : m_ipv6(ipv6)
    {
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(1);
        Config::SetDefault("ns3::Icmpv6L4Protocol::DAD", BooleanValue(false));
        clientNode = CreateObject<Node>();
        serverNode = CreateObject<Node>();
        NodeContainer nodes(clientNode, serverNode);
        InternetStackHelper internet;
        internet.Install(nodes);
        Link("10.0.0.1", "10.1.0.1", "/8", "fd00:a::1", "fd00:a::2");
        Link("192.168.0.1", "192.168.0.2", "/24", "fd00:b::1", "fd00:b::2");
        MptcpHelper().Install(clientNode);
        MptcpHelper().Install(serverNode);
        listener = MakeSocket(serverNode, attributes);
        client = MakeSocket(clientNode, attributes);
    }

    ~Net()
    {
        client = nullptr;
        server = nullptr;
        listener = nullptr;
        Simulator::Destroy();
        Config::Reset();
        Names::Clear();
    }

    Net(const Net&) = delete;
    Net& operator=(const Net&) = delete;

    /// Connect and run until both ends can open subflows.
    void Connect()
    {
        listener->Bind(m_ipv6 ? Address(Inet6SocketAddress(Ipv6Address::GetAny(), PORT))
                              : Address(InetSocketAddress(Ipv4Address::GetAny(), PORT)));
        listener->Listen();
        const std::function<void(Ptr<Socket>, const Address&)> accept =
            [this](Ptr<Socket> socket, const Address&)
        {
            server = DynamicCast<MptcpSocket>(socket);
            Drain(server);
        };
        listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                    Callback<void, Ptr<Socket>, const Address&>(accept));
        Drain(client);
        Simulator::ScheduleWithContext(
            clientNode->GetId(), MilliSeconds(10), [this] { client->Connect(At(1, false, PORT)); });
        Run(MilliSeconds(500));
    }

    /// @param duration simulated from now on
    void Run(Time duration)
    {
        Simulator::Stop(duration);
        Simulator::Run();
    }

    /// @param link which @param ofClient whose @param port any @return an address
    Address At(uint32_t link, bool ofClient, uint16_t port) const
    {
        const std::string host = ofClient ? "1" : "2";
        if (m_ipv6)
        {
            const std::string text = (link == 0 ? "fd00:a::" : "fd00:b::") + host;
            return Inet6SocketAddress(Ipv6Address(text.c_str()), port);
        }
        const char* text = link == 0 ? (ofClient ? "10.0.0.1" : "10.1.0.1")
                                     : (ofClient ? "192.168.0.1" : "192.168.0.2");
        return InetSocketAddress(Ipv4Address(text), port);
    }

    /// Send bytes. @param from whom @param bytes how many
    static void Send(Ptr<MptcpSocket> from, uint32_t bytes)
    {
        from->Send(Create<Packet>(bytes), 0);
    }

    Ptr<Node> clientNode;                     //!< client
    Ptr<Node> serverNode;                     //!< server
    Ptr<MptcpSocket> client;                  //!< the client's
    Ptr<MptcpSocket> listener;                //!< the server's
    Ptr<MptcpSocket> server;                  //!< what it accepted
    std::vector<Ptr<FilterChannel>> links;    //!< UP is from the client
    std::map<Ptr<Socket>, uint64_t> received; //!< bytes

  private:
    /// @param node where @param attributes its @return a new socket
    Ptr<MptcpSocket> MakeSocket(Ptr<Node> node, const TestAttributes& attributes)
    {
        auto socket =
            DynamicCast<MptcpSocket>(Socket::CreateSocket(node, MptcpSocketFactory::GetTypeId()));
        socket->SetAttribute("PathManager", StringValue("ns3::MptcpNoPathManager"));
        for (const auto& [name, value] : attributes)
        {
            socket->SetAttribute(name, StringValue(value));
        }
        return socket;
    }

    /// Read what arrives. @param socket of whom
    void Drain(Ptr<MptcpSocket> socket)
    {
        const std::function<void(Ptr<Socket>)> read = [this](Ptr<Socket> from)
        {
            while (auto packet = from->Recv(65536, 0))
            {
                if (packet->GetSize() == 0)
                {
                    break;
                }
                received[from] += packet->GetSize();
            }
        };
        socket->SetRecvCallback(Callback<void, Ptr<Socket>>(read));
    }

    /// @param left IPv4 address @param right IPv4 address @param mask theirs
    /// @param left6 IPv6 address @param right6 IPv6 address
    void Link(const char* left,
              const char* right,
              const char* mask,
              const char* left6,
              const char* right6)
    {
        auto channel = CreateObject<FilterChannel>();
        channel->SetAttribute("Delay", TimeValue(MilliSeconds(5)));
        for (const auto& node : {clientNode, serverNode})
        {
            auto device = CreateObject<PointToPointNetDevice>();
            device->SetAddress(Mac48Address::Allocate());
            device->SetDataRate(DataRate("20Mbps"));
            device->SetQueue(CreateObject<DropTailQueue<Packet>>());
            device->Attach(channel);
            node->AddDevice(device);
            const bool first = node == clientNode;
            auto ipv4 = node->GetObject<Ipv4>();
            uint32_t interface = ipv4->AddInterface(device);
            ipv4->AddAddress(
                interface, Ipv4InterfaceAddress(Ipv4Address(first ? left : right), Ipv4Mask(mask)));
            ipv4->SetUp(interface);
            auto ipv6 = node->GetObject<Ipv6>();
            interface = ipv6->AddInterface(device);
            ipv6->AddAddress(
                interface,
                Ipv6InterfaceAddress(Ipv6Address(first ? left6 : right6), Ipv6Prefix(64)));
            ipv6->SetUp(interface);
        }
        links.push_back(channel);
    }

    bool m_ipv6; //!< family of the connection
};

/// An option call in C's way, on one socket.
struct Call
{
    int result{0}; //!< 0 or -1
    int error{0};  //!< errno after a failure
};

/// @param socket whose @param name of an option @param value its @param length its @return result
Call
GetOption(Ptr<MptcpSocket> socket, int name, void* value, unsigned int* length)
{
    Call call;
    call.result = socket->GetSockOpt(IPPROTO_TCP, name, value, length);
    call.error = call.result == 0 ? 0 : socket->GetOptErrno();
    return call;
}

/// @param socket whose @param name of an option @param value its @param length its @return result
Call
SetOption(Ptr<MptcpSocket> socket, int name, const void* value, unsigned int length)
{
    Call call;
    call.result = socket->SetSockOpt(IPPROTO_TCP, name, value, length);
    call.error = call.result == 0 ? 0 : socket->GetOptErrno();
    return call;
}

/// @param socket whose @return bytes of MPTCP_GET_SUB_IDS, empty if it fails
std::vector<uint8_t>
GetIds(Ptr<MptcpSocket> socket)
{
    std::vector<uint8_t> bytes(600);
    unsigned int length = bytes.size();
    bytes.resize(GetOption(socket, MPTCP_GET_SUB_IDS, bytes.data(), &length).result == 0 ? length
                                                                                         : 0);
    return bytes;
}

/// @param local address @param remote address @param head bytes before them
/// @return a request of OPEN
std::vector<uint8_t>
MakeOpen(const Address& local, const Address& remote, std::vector<uint8_t> head)
{
    for (const auto& address : {local, remote})
    {
        std::vector<uint8_t> name;
        if (InetSocketAddress::IsMatchingType(address))
        {
            const auto inet = InetSocketAddress::ConvertFrom(address);
            name = MptcpToSockAddr(inet.GetIpv4(), inet.GetPort());
        }
        else
        {
            const auto inet6 = Inet6SocketAddress::ConvertFrom(address);
            name = MptcpToSockAddr(inet6.GetIpv6(), inet6.GetPort());
        }
        head.insert(head.end(), name.begin(), name.end());
    }
    return head;
}

/// @param interface of OPEN @param prio of OPEN @return the head of a struct mptcp_sub_tuple
std::vector<uint8_t>
MakeHead(int interface = 0, uint8_t prio = 0)
{
    mptcp_sub_tuple head{};
    head.prio = prio;
    head.if_idx = interface;
    std::vector<uint8_t> bytes(sizeof(head));
    std::memcpy(bytes.data(), &head, sizeof(head));
    return bytes;
}

/// Open by MPTCP_OPEN_SUB_TUPLE. @param socket whose @param request its @return result
Call
Open(Ptr<MptcpSocket> socket, std::vector<uint8_t> request)
{
    unsigned int length = request.size();
    return GetOption(socket, MPTCP_OPEN_SUB_TUPLE, request.data(), &length);
}

/// @param address with a port @param port another @return the address with it
Address
WithPort(const Address& address, uint16_t port)
{
    if (InetSocketAddress::IsMatchingType(address))
    {
        return InetSocketAddress(InetSocketAddress::ConvertFrom(address).GetIpv4(), port);
    }
    return Inet6SocketAddress(Inet6SocketAddress::ConvertFrom(address).GetIpv6(), port);
}

/// Set an option of one subflow. @param socket whose @param id of the subflow
/// @param level of the option @param name of the option @param value an int @return result
Call
SetOnSubflow(Ptr<MptcpSocket> socket, uint8_t id, int level, int name, int value)
{
    mptcp_sub_setsockopt request{};
    request.id = id;
    request.level = level;
    request.optname = name;
    request.optval = reinterpret_cast<char*>(&value);
    request.optlen = sizeof(value);
    return SetOption(socket, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request));
}

/// Read an option of one subflow. @param socket whose @param id of the subflow
/// @param level of the option @param name of the option @param value is filled
/// @param size bytes of it @return result
Call
GetOnSubflow(Ptr<MptcpSocket> socket, uint8_t id, int level, int name, void* value, unsigned size)
{
    mptcp_sub_getsockopt request{};
    request.id = id;
    request.level = level;
    request.optname = name;
    request.optval = static_cast<char*>(value);
    request.optlen = &size;
    unsigned int length = sizeof(request);
    return GetOption(socket, MPTCP_SUB_GETSOCKOPT, &request, &length);
}

/// @param socket whose @param id of the subflow @param level of an option @param name of it
/// @return its value, or -errno - 1000 if it fails
int
GetNumber(Ptr<MptcpSocket> socket, uint8_t id, int level, int name)
{
    int value = 0;
    const Call call = GetOnSubflow(socket, id, level, name, &value, sizeof(value));
    return call.result == 0 ? value : -call.error - 1000;
}

MptcpSocket* g_figureSocket = nullptr; //!< descriptor 3 of the figures
int g_figureErrno = 0;                 //!< of their last call

/// getsockopt() of the figures
int
FigureGet(int fd, int level, int name, void* value, socklen_t* length)
{
    const int result = fd == 3 ? g_figureSocket->GetSockOpt(level, name, value, length) : -1;
    g_figureErrno = result == 0 ? 0 : g_figureSocket->GetOptErrno();
    return result;
}

/// setsockopt() of the figures
int
FigureSet(int fd, int level, int name, const void* value, socklen_t length)
{
    const int result = fd == 3 ? g_figureSocket->SetSockOpt(level, name, value, length) : -1;
    g_figureErrno = result == 0 ? 0 : g_figureSocket->GetOptErrno();
    return result;
}

/// Let the figures' calls reach a socket. @param socket it
void
UseFigures(Ptr<MptcpSocket> socket)
{
    g_figureSocket = PeekPointer(socket);
    draft_getsockopt = FigureGet;
    draft_setsockopt = FigureSet;
    draft_take_output();
}

/// The figures, compiled as C.
void
AddFigures(ScenarioTestSuite& suite)
{
    suite.Add("Figures 2, 4, 7 and 9 work as they are printed",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  UseFigures(net.client);
                  std::string joins;
                  net.links[0]->AddTap(FilterChannel::UP,
                                       [&](const WireSegment& segment)
                                       {
                                           if (IsSyn(segment))
                                           {
                                               joins += std::to_string(segment.sourcePort) + ">" +
                                                        std::to_string(segment.destinationPort) +
                                                        " ";
                                           }
                                       });
                  test.ExpectEqual(draft_figure2(3), 0, "figure 2");
                  test.ExpectEqual(
                      std::string(draft_take_output()), "Subflow id : 1\n", "what figure 2 prints");
                  test.ExpectEqual(draft_figure4(3), 0, "figure 4");
                  test.ExpectEqual(draft_figure4_id, 2, "the id that figure 4 gets");
                  net.Run(MilliSeconds(200));
                  test.ExpectEqual(joins, "12345>1234 ", "SYNs of figure 4");
                  test.ExpectEqual(draft_figure2(3), 0, "figure 2 again");
                  test.ExpectEqual(std::string(draft_take_output()),
                                   "Subflow id : 2\nSubflow id : 1\n",
                                   "the newest comes first");
                  test.ExpectEqual(draft_figure7(3, 2), 0, "figure 7");
                  test.ExpectEqual(std::string(draft_take_output()),
                                   "\tip src : 10.0.0.1 src port : 12345\n"
                                   "\tip dst : 10.1.0.1 dst port : 1234\n",
                                   "what figure 7 prints");
                  std::map<uint32_t, std::set<int>> seen;
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      net.links[link]->AddTap(FilterChannel::UP,
                                              [&seen, link](const WireSegment& segment)
                                              { seen[link].insert(segment.frame[1]); });
                  }
                  test.ExpectEqual(draft_figure9(3, 2), 0, "figure 9");
                  Net::Send(net.client, 1000000);
                  net.Run(Seconds(2));
                  test.Expect(seen[0] == std::set<int>{12}, "TOS 12 on that subflow");
                  test.Expect(seen[1] == std::set<int>{0}, "TOS 0 on the other");
                  test.ExpectEqual(net.received[net.server], 1000000U, "bytes at the server");
              });
    suite.Add("figures fail with EOPNOTSUPP without Multipath TCP",
              [](ScenarioTestCase& test)
              {
                  Net net(false, {{"Multipath", "false"}});
                  net.Connect();
                  UseFigures(net.client);
                  for (int figure : {2, 4, 7, 9})
                  {
                      const int result = figure == 2   ? draft_figure2(3)
                                         : figure == 4 ? draft_figure4(3)
                                         : figure == 7 ? draft_figure7(3, 1)
                                                       : draft_figure9(3, 1);
                      test.ExpectEqual(result, -1, "figure " + std::to_string(figure));
                      test.ExpectEqual(g_figureErrno, EOPNOTSUPP, "its errno");
                  }
              });
    suite.Add("the layouts of mptcp-api.h are the documented ones",
              [](ScenarioTestCase& test)
              {
                  test.ExpectEqual(sizeof(mptcp_sub_status), 2U, "mptcp_sub_status");
                  test.ExpectEqual(sizeof(mptcp_sub_ids), 2U, "mptcp_sub_ids");
                  test.ExpectEqual(sizeof(mptcp_sub_tuple), 16U, "mptcp_sub_tuple");
                  test.ExpectEqual(offsetof(mptcp_sub_tuple, addrs), 16U, "addrs");
                  test.ExpectEqual(sizeof(mptcp_close_sub_id), 8U, "mptcp_close_sub_id");
                  test.ExpectEqual(sizeof(mptcp_sub_setsockopt), 32U, "mptcp_sub_setsockopt");
                  test.ExpectEqual(sizeof(mptcp_sub_getsockopt), 32U, "mptcp_sub_getsockopt");
                  test.ExpectEqual(sizeof(mptcp_subflow_event), 16U, "mptcp_subflow_event");
                  test.ExpectEqual(sizeof(mptcp_address_event), 44U, "mptcp_address_event");
                  test.ExpectEqual(sizeof(mptcp_prio_event), 12U, "mptcp_prio_event");
                  test.ExpectEqual(sizeof(mptcp_tcp_info), 248U, "mptcp_tcp_info");
                  test.ExpectEqual(offsetof(mptcp_tcp_info, tcpi_rtt),
                                   offsetof(tcp_info, tcpi_rtt),
                                   "tcpi_rtt as in the C library's");
                  test.ExpectEqual(offsetof(mptcp_tcp_info, tcpi_total_retrans),
                                   offsetof(tcp_info, tcpi_total_retrans),
                                   "tcpi_total_retrans as in the C library's");
                  test.Expect(MPTCP_CLOSE_SUBFLOW == MPTCP_CLOSE_SUB_ID, "one option, two names");
              });
}

/// Section 3.1.
void
AddSubflowList(ScenarioTestSuite& suite)
{
    suite.Add("3.1: the list has count and status of each subflow, 2 + 2N bytes, at both ends",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  for (const auto& end : {net.client, net.server})
                  {
                      const auto ids = GetIds(end);
                      test.ExpectEqual(ids.size(), 4U, "bytes");
                      test.Expect(ids[0] == 1 && ids[2] == 1 && ids[3] == 0b0110,
                                  "count, id, fully_established and attached");
                  }
                  test.ExpectEqual(
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0)), 2, "id");
                  const auto opening = GetIds(net.client);
                  test.Expect(opening.size() == 6 && opening[2] == 2 && opening[3] == 0b0100,
                              "listed at once, not established");
                  net.Run(MilliSeconds(200));
                  for (const auto& end : {net.client, net.server})
                  {
                      const auto both = GetIds(end);
                      test.Expect(both.size() == 6 && both[0] == 2 && both[2] == 2 &&
                                      both[3] == 0b0110 && both[4] == 1,
                                  "two, the newest first");
                  }
              });
    suite.Add(
        "3.1: low_prio is set on a backup, in bits 0 and 3",
        [](ScenarioTestCase& test)
        {
            Net net;
            net.Connect();
            test.ExpectEqual(
                Open(net.client, MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead(0, 1)))
                    .result,
                0,
                "open with prio 1");
            net.Run(MilliSeconds(200));
            test.ExpectEqual(int(GetIds(net.client).at(3)), 0b1111, "status at the client");
            test.ExpectEqual(int(GetIds(net.server).at(3)), 0b1111, "status at the server");
            test.ExpectEqual(net.client->SetSubflowPriority(2, false), 0, "MP_PRIO");
            net.Run(MilliSeconds(100));
            test.ExpectEqual(int(GetIds(net.client).at(3)), 0b0110, "no backup any more");
            test.ExpectEqual(int(GetIds(net.server).at(3)), 0b0110, "at the server too");
        });
    suite.Add("3.1: the list is empty once the last subflow was terminated",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  test.ExpectEqual(net.client->CloseSubflow(1, MPTCP_SHUT_RST), 0, "reset it");
                  net.Run(MilliSeconds(100));
                  for (const auto& end : {net.client, net.server})
                  {
                      const auto ids = GetIds(end);
                      test.Expect(ids == std::vector<uint8_t>({0, 0}), "empty list");
                  }
                  test.ExpectEqual(net.client->OpenSubflow(net.At(1, true, 0), net.At(1, false, 0)),
                                   2,
                                   "another one can be opened");
                  Net::Send(net.client, 5000);
                  net.Run(Seconds(1));
                  test.ExpectEqual(net.received[net.server], 5000U, "data flow again");
              });
    suite.Add("3.1: EINVAL if the buffer is too small, and clients that double it succeed",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  uint8_t bytes[16];
                  unsigned int length = 1;
                  for (; length < 6; length++)
                  {
                      unsigned int given = length;
                      const Call call = GetOption(net.client, MPTCP_GET_SUB_IDS, bytes, &given);
                      test.ExpectEqual(call.error, EINVAL, "errno");
                  }
                  test.ExpectEqual(GetOption(net.client, MPTCP_GET_SUB_IDS, bytes, &length).result,
                                   0,
                                   "6 bytes");
              });
    suite.Add(
        "3: wrong direction ENOPROTOOPT, null EFAULT, unconnected EOPNOTSUPP",
        [](ScenarioTestCase& test)
        {
            Net net;
            uint8_t bytes[100] = {};
            unsigned int length = sizeof(bytes);
            for (int name : {MPTCP_GET_SUB_IDS,
                             MPTCP_GET_SUB_TUPLE,
                             MPTCP_KERNEL_GET_SUB_TUPLE,
                             MPTCP_SUB_GETSOCKOPT,
                             0,
                             1000,
                             -1})
            {
                const Call call = SetOption(net.client, name, nullptr, 100);
                test.ExpectEqual(call.error, ENOPROTOOPT, "set " + std::to_string(name));
            }
            const Call wrong = GetOption(net.client, MPTCP_SUB_SETSOCKOPT, bytes, &length);
            test.ExpectEqual(wrong.error, ENOPROTOOPT, "get of SUB_SETSOCKOPT");
            test.ExpectEqual(net.client->GetSockOpt(IPPROTO_IP, MPTCP_GET_SUB_IDS, bytes, &length),
                             -1,
                             "another level");
            test.ExpectEqual(net.client->GetOptErrno(), ENOPROTOOPT, "its errno");
            for (int name : {MPTCP_GET_SUB_IDS,
                             MPTCP_GET_SUB_TUPLE,
                             MPTCP_KERNEL_GET_SUB_TUPLE,
                             MPTCP_OPEN_SUB_TUPLE,
                             MPTCP_KERNEL_OPEN_SUB_TUPLE,
                             MPTCP_CLOSE_SUB_ID})
            {
                const std::string text = "option " + std::to_string(name);
                length = 100;
                test.ExpectEqual(GetOption(net.client, name, nullptr, &length).error, EFAULT, text);
                test.ExpectEqual(GetOption(net.client, name, bytes, nullptr).error, EFAULT, text);
                test.ExpectEqual(
                    GetOption(net.client, name, bytes, &length).error, EOPNOTSUPP, text);
                test.ExpectEqual(
                    GetOption(net.listener, name, bytes, &length).error, EOPNOTSUPP, text);
            }
        });
}

/// Section 3.2.
void
AddOpening(ScenarioTestSuite& suite)
{
    for (bool ipv6 : {false, true})
    {
        const std::string family = ipv6 ? ", IPv6" : ", IPv4";
        suite.Add(
            "3.2: open by each layout and each call, id as output" + family,
            [ipv6](ScenarioTestCase& test)
            {
                Net net(ipv6);
                net.Connect();
                uint8_t id = 1;
                for (size_t head : {1, 2})
                {
                    auto request = MakeOpen(
                        net.At(0, true, 0), net.At(0, false, 0), std::vector<uint8_t>(head));
                    unsigned int length = request.size();
                    test.ExpectEqual(length, head + (ipv6 ? 56U : 32U), "length");
                    test.ExpectEqual(
                        GetOption(net.client, MPTCP_KERNEL_OPEN_SUB_TUPLE, request.data(), &length)
                            .result,
                        0,
                        "kernel's layout");
                    test.ExpectEqual(int(request[0]), int(++id), "id");
                    request[0] = 0;
                    test.ExpectEqual(
                        SetOption(
                            net.client, MPTCP_KERNEL_OPEN_SUB_TUPLE, request.data(), request.size())
                            .result,
                        0,
                        "by setsockopt");
                    test.ExpectEqual(int(request[0]), 0, "which writes no id");
                    id++;
                }
                auto request = MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead());
                test.ExpectEqual(Open(net.client, request).result, 0, "draft's layout");
                test.ExpectEqual(
                    SetOption(net.client, MPTCP_OPEN_SUB_TUPLE, request.data(), request.size())
                        .result,
                    0,
                    "by setsockopt");
                net.Run(MilliSeconds(300));
                test.ExpectEqual(int(GetIds(net.client).at(0)), 7, "subflows");
                test.ExpectEqual(int(GetIds(net.server).at(0)), 7, "at the server");
            });
        suite.Add("3.2: the server can open, any address lets routing choose" + family,
                  [ipv6](ScenarioTestCase& test)
                  {
                      Net net(ipv6);
                      net.Connect();
                      Address any = InetSocketAddress(Ipv4Address::GetAny(), 0);
                      if (ipv6)
                      {
                          any = Inet6SocketAddress(Ipv6Address::GetAny(), 0);
                      }
                      Address local;
                      Address remote;
                      net.client->GetSubflowTuple(1, local, remote);
                      Address clientPort;
                      net.client->GetSockName(clientPort);
                      const Address target =
                          WithPort(net.At(0, true, 0),
                                   ipv6 ? Inet6SocketAddress::ConvertFrom(clientPort).GetPort()
                                        : InetSocketAddress::ConvertFrom(clientPort).GetPort());
                      test.ExpectEqual(
                          Open(net.server, MakeOpen(any, target, MakeHead())).result, 0, "open");
                      net.Run(MilliSeconds(200));
                      test.ExpectEqual(net.server->GetSubflowTuple(2, local, remote), 0, "tuple");
                      test.Expect(WithPort(local, 0) == net.At(0, false, 0), "source by the route");
                      test.Expect(remote == target, "as asked for");
                      test.ExpectEqual(int(GetIds(net.client).at(0)), 2, "at the client");
                  });
    }
    suite.Add("3.2: remote port 0 is the connection's, local port 0 a fresh one",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  test.ExpectEqual(
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0)), 2, "open");
                  Address local;
                  Address remote;
                  net.client->GetSubflowTuple(2, local, remote);
                  test.Expect(remote == net.At(0, false, PORT), "remote port");
                  test.Expect(InetSocketAddress::ConvertFrom(local).GetPort() != 0, "local port");
              });
    suite.Add("3.2: prio sets the backup bit of MP_JOIN",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  std::vector<int> bits;
                  net.links[0]->AddTap(FilterChannel::UP,
                                       [&](const WireSegment& segment)
                                       {
                                           const auto* join = segment.FindMptcp(wire::MP_JOIN);
                                           if (IsSyn(segment) && join)
                                           {
                                               bits.push_back(join->body[2] & 1);
                                           }
                                       });
                  for (uint8_t prio : {0, 1})
                  {
                      Open(net.client,
                           MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead(0, prio)));
                      net.Run(MilliSeconds(100));
                  }
                  test.Expect(bits == std::vector<int>({0, 1}), "backup bits on the wire");
              });
    suite.Add("3.2: what is wrong with the addresses: EINVAL",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  const Address v6 = Inet6SocketAddress("fd00:a::2", PORT);
                  const auto good = MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead());
                  test.ExpectEqual(
                      Open(net.client, MakeOpen(net.At(0, true, 0), v6, MakeHead())).error,
                      EINVAL,
                      "two families");
                  for (size_t length = 0; length < good.size(); length++)
                  {
                      auto request = good;
                      request.resize(length);
                      test.ExpectEqual(Open(net.client, request).error, EINVAL, "too short");
                  }
                  auto unknown = good;
                  unknown[16] = 99;
                  test.ExpectEqual(Open(net.client, unknown).error, EINVAL, "unknown family");
                  auto srh = good;
                  srh[8] = 1;
                  test.ExpectEqual(Open(net.client, srh).error, EINVAL, "a segment list");
                  for (size_t length : {32, 35, 56, 59, 100})
                  {
                      std::vector<uint8_t> request(length);
                      unsigned int given = length;
                      test.ExpectEqual(
                          GetOption(net.client, MPTCP_KERNEL_OPEN_SUB_TUPLE, request.data(), &given)
                              .error,
                          EINVAL,
                          "length of no layout of the kernel");
                  }
                  test.ExpectEqual(GetIds(net.client).size(), 4U, "no subflow was opened");
              });
    suite.Add("3.2: the errors of bind()",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  const auto open = [&](const char* local, uint16_t port)
                  {
                      return net.client->OpenSubflow(InetSocketAddress(Ipv4Address(local), port),
                                                     net.At(0, false, 0)) < 0
                                 ? net.client->GetOptErrno()
                                 : 0;
                  };
                  test.ExpectEqual(open("10.9.9.9", 0), EADDRNOTAVAIL, "not ours");
                  test.ExpectEqual(open("10.0.0.1", 10), EACCES, "port 10");
                  net.client->SetAttribute("Privileged", BooleanValue(true));
                  test.ExpectEqual(open("10.0.0.1", 10), 0, "port 10, privileged");
                  test.ExpectEqual(open("10.0.0.1", 2000), 0, "port 2000");
                  test.ExpectEqual(open("10.0.0.1", 2000), EADDRINUSE, "the same tuple again");
                  auto stock = Socket::CreateSocket(net.clientNode, TcpSocketFactory::GetTypeId());
                  stock->Bind(InetSocketAddress(Ipv4Address::GetAny(), 3000));
                  test.ExpectEqual(open("10.0.0.1", 3000), EADDRINUSE, "a port of another socket");
                  test.ExpectEqual(
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 80)) > 0,
                      true,
                      "a privileged remote port is fine");
              });
    suite.Add("3.2: the errors of connect(), at once or by the deletion event",
              [](ScenarioTestCase& test)
              {
                  Net net(false, {{"ConnTimeout", "200ms"}, {"ConnCount", "2"}});
                  net.client->SubscribeEvent(MptcpPathEvent::SUBFLOW_DELETED);
                  net.Connect();
                  test.ExpectEqual(net.client->OpenSubflow(net.At(0, true, 0),
                                                           InetSocketAddress("172.16.0.1", PORT)),
                                   -1,
                                   "no route");
                  test.ExpectEqual(net.client->GetOptErrno(), ENETUNREACH, "its errno");
                  // Somebody who knows no token.
                  Ptr<MptcpSocket> other = DynamicCast<MptcpSocket>(
                      Socket::CreateSocket(net.serverNode, MptcpSocketFactory::GetTypeId()));
                  net.links[0]->SetSilent(true);
                  test.ExpectEqual(net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0)),
                                   2,
                                   "a silent path");
                  net.Run(Seconds(5));
                  auto event = net.client->RecvEvent();
                  test.Expect(event && event->reason == MptcpPathEvent::TIMED_OUT &&
                                  event->error == ETIMEDOUT && event->subflowId == 2,
                              "timed out");
                  net.links[0]->SetSilent(false);
                  // A token that the peer does not know is answered by a RST.
                  net.links[0]->AddRule(FilterChannel::UP,
                                        [](WireSegment& segment, WireFate& fate)
                                        {
                                            const auto* join = segment.FindMptcp(wire::MP_JOIN);
                                            if (IsSyn(segment) && join)
                                            {
                                                segment.frame[join->at + 4] ^= 1;
                                                fate.modified = true;
                                            }
                                        });
                  test.ExpectEqual(net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0)),
                                   3,
                                   "a refused one");
                  net.Run(Seconds(2));
                  event = net.client->RecvEvent();
                  test.Expect(event && event->reason == MptcpPathEvent::REFUSED &&
                                  event->error == ECONNREFUSED && event->subflowId == 3 &&
                                  event->resetReason == uint8_t{1},
                              "refused");
              });
    suite.Add("3.2: if_idx chooses between two interfaces with one address",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto ipv4 = net.clientNode->GetObject<Ipv4>();
                  auto ipv4Server = net.serverNode->GetObject<Ipv4>();
                  // 10.0.0.1 on link 1 too, and the server's 10.1.0.1 behind both.
                  ipv4->AddAddress(2, Ipv4InterfaceAddress("10.0.0.1", "/8"));
                  net.Connect();
                  std::vector<uint32_t> joins(2);
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      net.links[link]->AddTap(FilterChannel::UP,
                                              [&joins, link](const WireSegment& segment)
                                              { joins[link] += IsSyn(segment); });
                  }
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      const int index = net.clientNode->GetDevice(0) == ipv4->GetNetDevice(1 + link)
                                            ? 1
                                            : ipv4->GetNetDevice(1 + link)->GetIfIndex() + 1;
                      const int id = net.client->OpenSubflow(
                          net.At(0, true, 0), net.At(0, false, 0), false, index);
                      test.Expect(id > 0, "open by device " + std::to_string(index));
                      net.Run(MilliSeconds(200));
                      test.ExpectEqual(joins[link], 1U, "SYNs there");
                      mptcp_sub_tuple* tuple = nullptr;
                      std::vector<uint8_t> bytes(100);
                      bytes[0] = static_cast<uint8_t>(id);
                      unsigned int length = 100;
                      GetOption(net.client, MPTCP_GET_SUB_TUPLE, bytes.data(), &length);
                      tuple = reinterpret_cast<mptcp_sub_tuple*>(bytes.data());
                      test.ExpectEqual(tuple->if_idx, index, "if_idx of the tuple");
                  }
                  for (int index : {-1, 77})
                  {
                      test.ExpectEqual(net.client->OpenSubflow(
                                           net.At(0, true, 0), net.At(0, false, 0), false, index),
                                       -1,
                                       "unknown device");
                      test.ExpectEqual(net.client->GetOptErrno(), ENODEV, "its errno");
                  }
              });
    suite.Add("ids are 1 to 255 and freed ones are reused last: 300 opens and closes",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  for (uint32_t i = 0; i < 300; i++)
                  {
                      const int id =
                          net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                      const int expected = static_cast<int>(1 + (1 + i) % 255);
                      // The first subflow keeps number 1.
                      test.ExpectEqual(id, i < 254 ? expected : expected + 1, "id");
                      net.Run(MilliSeconds(40));
                      test.ExpectEqual(net.client->CloseSubflow(id), 0, "close");
                      net.Run(MilliSeconds(60));
                      test.ExpectEqual(net.client->GetSubflowIds().size(), 1U, "subflows left");
                  }
                  Net::Send(net.client, 5000);
                  net.Run(Seconds(1));
                  test.ExpectEqual(net.received[net.server], 5000U, "the connection lives");
              });
}

/// Section 3.3.
void
AddClosing(ScenarioTestSuite& suite)
{
    suite.Add(
        "3.3: invalid id and bad how are EINVAL",
        [](ScenarioTestCase& test)
        {
            Net net;
            net.Connect();
            mptcp_close_sub_id request{};
            for (int id : {0, 2, 255})
            {
                request.id = id;
                request.how = SHUT_RDWR;
                test.ExpectEqual(
                    SetOption(net.client, MPTCP_CLOSE_SUB_ID, &request, sizeof(request)).error,
                    EINVAL,
                    "unknown id");
            }
            request.id = 1;
            for (int how : {-1, 4, 1000})
            {
                request.how = how;
                test.ExpectEqual(
                    SetOption(net.client, MPTCP_CLOSE_SUB_ID, &request, sizeof(request)).error,
                    EINVAL,
                    "bad how");
            }
            for (unsigned int length : {0U, 2U, 5U, 7U})
            {
                test.ExpectEqual(SetOption(net.client, MPTCP_CLOSE_SUB_ID, &request, length).error,
                                 EINVAL,
                                 "bad length");
            }
            test.ExpectEqual(net.client->GetSubflowIds().size(), 1U, "still there");
        });

    struct How
    {
        int how;          //!< of CLOSE
        bool fin;         //!< is on the wire
        bool rst;         //!< is on the wire
        bool prio;        //!< is on the wire
        const char* name; //!< of how
    };

    for (const How& how : {How{SHUT_RD, false, false, true, "SHUT_RD"},
                           How{SHUT_WR, true, false, false, "SHUT_WR"},
                           How{SHUT_RDWR, true, false, true, "SHUT_RDWR"},
                           How{MPTCP_SHUT_RST, false, true, false, "RST"},
                           How{-1, true, false, true, "one byte"}})
    {
        suite.Add(std::string("3.3: what ") + how.name + " puts on the wire; no byte is lost",
                  [how](ScenarioTestCase& test)
                  {
                      Net net;
                      net.Connect();
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                      net.Run(MilliSeconds(200));
                      uint32_t fins = 0;
                      uint32_t rsts = 0;
                      uint32_t prios = 0;
                      net.links[0]->AddTap(
                          FilterChannel::UP,
                          [&](const WireSegment& segment)
                          {
                              fins += segment.fin;
                              rsts += segment.rst && segment.FindMptcp(wire::MP_TCPRST) != nullptr;
                              prios += segment.FindMptcp(wire::MP_PRIO) != nullptr;
                          });
                      Net::Send(net.client, 2000000);
                      Net::Send(net.server, 2000000);
                      net.Run(MilliSeconds(150));
                      mptcp_close_sub_id request{};
                      request.id = 2;
                      request.how = how.how;
                      const unsigned int length = how.how < 0 ? 1 : sizeof(request);
                      test.ExpectEqual(
                          SetOption(net.client, MPTCP_CLOSE_SUBFLOW, &request, length).result,
                          0,
                          "close");
                      net.Run(Seconds(5));
                      test.ExpectEqual(fins > 0, how.fin, "FIN");
                      test.ExpectEqual(rsts > 0, how.rst, "RST with MP_TCPRST");
                      test.ExpectEqual(prios > 0, how.prio, "MP_PRIO");
                      test.ExpectEqual(net.received[net.server], 2000000U, "upload");
                      test.ExpectEqual(net.received[net.client], 2000000U, "download");
                      test.ExpectEqual(net.client->GetSubflowIds().size(),
                                       how.how == SHUT_RD ? 2U : 1U,
                                       "subflows left");
                  });
    }
    suite.Add("3.3: nothing new is sent on a subflow that the peer has closed",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  uint32_t before = 0;
                  uint32_t fresh = 0;
                  std::optional<uint32_t> highest;
                  bool closed = false;
                  net.links[0]->AddTap(
                      FilterChannel::UP,
                      [&](const WireSegment& segment)
                      {
                          const auto end =
                              static_cast<uint32_t>(segment.seq + segment.PayloadSize());
                          const bool isNew = HasPayload(segment) &&
                                             (!highest || static_cast<int32_t>(end - *highest) > 0);
                          before += isNew && !closed;
                          fresh += isNew && closed;
                          highest = isNew ? end : highest;
                      });
                  Net::Send(net.client, 3000000);
                  net.Run(MilliSeconds(150));
                  test.ExpectEqual(net.server->CloseSubflow(2, SHUT_WR), 0, "the peer's FIN");
                  // What waits in the device's queue has been sent already.
                  net.Run(MilliSeconds(100));
                  closed = true;
                  net.Run(Seconds(4));
                  test.Expect(before > 0, "new data before");
                  test.ExpectEqual(fresh, 0U, "new data after");
                  test.ExpectEqual(net.received[net.server], 3000000U, "bytes");
              });
}

/// Section 3.4.
void
AddTuples(ScenarioTestSuite& suite)
{
    for (bool ipv6 : {false, true})
    {
        suite.Add(std::string("3.4: addresses and ports, local first, in both layouts, ") +
                      (ipv6 ? "IPv6" : "IPv4"),
                  [ipv6](ScenarioTestCase& test)
                  {
                      Net net(ipv6);
                      net.Connect();
                      net.client->OpenSubflow(net.At(0, true, 2222), net.At(0, false, 3333));
                      const size_t names = ipv6 ? 56 : 32;
                      for (int name : {MPTCP_GET_SUB_TUPLE, MPTCP_KERNEL_GET_SUB_TUPLE})
                      {
                          const size_t at = name == MPTCP_GET_SUB_TUPLE ? 16 : 1;
                          for (size_t size : {at + names, size_t{100}})
                          {
                              std::vector<uint8_t> bytes(size);
                              bytes[0] = 2;
                              unsigned int length = size;
                              const Call call = GetOption(net.client, name, bytes.data(), &length);
                              test.ExpectEqual(call.result, 0, "get");
                              test.ExpectEqual(length, at + names, "bytes");
                              bytes.resize(length);
                              const auto expected =
                                  MakeOpen(net.At(0, true, 2222), net.At(0, false, 3333), {});
                              test.Expect(
                                  std::equal(expected.begin(), expected.end(), bytes.begin() + at),
                                  "both addresses");
                          }
                          std::vector<uint8_t> bytes(at + names - 1);
                          bytes[0] = 2;
                          unsigned int length = bytes.size();
                          test.ExpectEqual(GetOption(net.client, name, bytes.data(), &length).error,
                                           EINVAL,
                                           "a byte too few");
                          bytes.resize(100);
                          bytes[0] = 9;
                          length = 100;
                          test.ExpectEqual(GetOption(net.client, name, bytes.data(), &length).error,
                                           EINVAL,
                                           "unknown id");
                          length = 0;
                          test.ExpectEqual(GetOption(net.client, name, bytes.data(), &length).error,
                                           EINVAL,
                                           "no id");
                      }
                  });
    }
}

/// What a link has seen from the client.
struct Seen
{
    std::set<int> fields;    //!< values of a field of the IP header
    uint32_t largest{0};     //!< bytes of payload
    uint32_t bytes{0};       //!< of payload
    uint16_t window{0};      //!< of the last segment
    uint32_t smallPieces{0}; //!< segments of less than 500 bytes of payload
};

/// @param frame of an IPv4 or IPv6 packet @param ipv6 which @param hops TTL or hop limit,
/// otherwise TOS or traffic class @return the field
int
ReadField(const std::vector<uint8_t>& frame, bool ipv6, bool hops)
{
    if (ipv6)
    {
        return hops ? frame[7] : (frame[0] & 0xf) << 4 | frame[1] >> 4;
    }
    return hops ? frame[8] : frame[1];
}

/// Tap both links. @param net whose @param hops which field @param ipv6 family
/// @param seen is filled from now on
void
Watch(Net& net, bool hops, bool ipv6, std::vector<Seen>& seen)
{
    seen.assign(2, Seen());
    for (uint32_t link = 0; link < 2; link++)
    {
        net.links[link]->AddTap(FilterChannel::UP,
                                [&seen, link, hops, ipv6](const WireSegment& segment)
                                {
                                    Seen& at = seen[link];
                                    at.fields.insert(ReadField(segment.frame, ipv6, hops));
                                    const auto size = static_cast<uint32_t>(segment.PayloadSize());
                                    at.largest = std::max(at.largest, size);
                                    at.bytes += size;
                                    at.window = segment.window;
                                    at.smallPieces += size > 0 && size < 500;
                                });
    }
}

/// Section 3.5.
void
AddSubflowOptions(ScenarioTestSuite& suite)
{
    struct Field
    {
        bool ipv6;        //!< family
        bool hops;        //!< which field
        int level;        //!< of the option
        int name;         //!< of the option
        int value;        //!< to set
        int shown;        //!< on the wire
        int usual;        //!< on the other subflow
        const char* text; //!< name
    };

    for (const Field& field :
         {Field{false, false, IPPROTO_IP, IP_TOS, 0xbb, 0xb8, 0, "IP_TOS, but for the ECN bits"},
          Field{false, true, IPPROTO_IP, IP_TTL, 33, 33, 64, "IP_TTL"},
          Field{true, false, IPPROTO_IPV6, IPV6_TCLASS, 0x48, 0x48, 0, "IPV6_TCLASS"},
          Field{true, true, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 12, 12, 64, "IPV6_UNICAST_HOPS"}})
    {
        suite.Add(std::string("3.5: ") + field.text + " on one subflow's packets alone",
                  [field](ScenarioTestCase& test)
                  {
                      Net net(field.ipv6);
                      net.Connect();
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                      net.Run(MilliSeconds(200));
                      std::vector<Seen> seen;
                      Watch(net, field.hops, field.ipv6, seen);
                      test.ExpectEqual(
                          GetNumber(net.client, 2, field.level, field.name), field.usual, "before");
                      test.ExpectEqual(
                          SetOnSubflow(net.client, 2, field.level, field.name, field.value).result,
                          0,
                          "set");
                      test.ExpectEqual(GetNumber(net.client, 2, field.level, field.name),
                                       field.shown,
                                       "value of that subflow");
                      test.ExpectEqual(GetNumber(net.client, 1, field.level, field.name),
                                       field.usual,
                                       "value of the other one");
                      Net::Send(net.client, 500000);
                      net.Run(Seconds(2));
                      test.Expect(seen[0].bytes > 0 && seen[1].bytes > 0, "data on both");
                      test.Expect(seen[0].fields == std::set<int>{field.shown}, "that subflow");
                      test.Expect(seen[1].fields == std::set<int>{field.usual}, "the other one");
                      const bool otherFamily = field.level == IPPROTO_IP;
                      test.ExpectEqual(
                          SetOnSubflow(net.client,
                                       2,
                                       otherFamily ? int(IPPROTO_IPV6) : int(IPPROTO_IP),
                                       otherFamily ? int(IPV6_TCLASS) : int(IP_TOS),
                                       1)
                              .error,
                          ENOPROTOOPT,
                          "an option of the other family");
                  });
    }
    suite.Add("the ordinary SetIpTos, SetIpTtl and SetPriority reach all segments",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  std::vector<Seen> tos;
                  std::vector<Seen> ttl;
                  Watch(net, false, false, tos);
                  Watch(net, true, false, ttl);
                  net.client->SetIpTos(0x10);
                  net.client->SetIpTtl(44);
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  Net::Send(net.client, 100000);
                  net.Run(Seconds(1));
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      test.Expect(tos[link].fields == std::set<int>{0x10}, "TOS");
                      test.Expect(ttl[link].fields == std::set<int>{44}, "TTL");
                  }
                  test.ExpectEqual(GetNumber(net.client, 1, SOL_SOCKET, SO_PRIORITY),
                                   int(net.client->GetPriority()),
                                   "priority that goes with the TOS");
              });
    suite.Add(
        "3.5: TCP_MAXSEG makes that subflow's segments smaller",
        [](ScenarioTestCase& test)
        {
            Net net;
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            std::vector<Seen> seen;
            Watch(net, false, false, seen);
            test.ExpectEqual(GetNumber(net.client, 2, IPPROTO_TCP, TCP_MAXSEG), 1460, "before");
            for (int wrong : {-1, 1, 87, 40000})
            {
                test.ExpectEqual(SetOnSubflow(net.client, 2, IPPROTO_TCP, TCP_MAXSEG, wrong).error,
                                 EINVAL,
                                 "out of range");
            }
            SetOnSubflow(net.client, 2, IPPROTO_TCP, TCP_MAXSEG, 600);
            test.ExpectEqual(GetNumber(net.client, 2, IPPROTO_TCP, TCP_MAXSEG), 600, "now");
            Net::Send(net.client, 500000);
            net.Run(Seconds(2));
            test.Expect(seen[0].bytes > 0 && seen[0].largest <= 600, "that subflow");
            test.Expect(seen[1].largest > 1300, "the other one");
            test.ExpectEqual(net.received[net.server], 500000U, "bytes");
        });
    suite.Add(
        "3.5: TCP_CONGESTION, by Linux's and by ns-3's names",
        [](ScenarioTestCase& test)
        {
            Net net;
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            Net::Send(net.client, 2000000);
            const auto get = [&](uint8_t id)
            {
                char name[16] = {};
                GetOnSubflow(net.client, id, IPPROTO_TCP, TCP_CONGESTION, name, 16);
                return std::string(name);
            };
            const auto set = [&](const std::string& name)
            {
                mptcp_sub_setsockopt request{};
                request.id = 2;
                request.level = IPPROTO_TCP;
                request.optname = TCP_CONGESTION;
                request.optval = const_cast<char*>(name.data());
                request.optlen = name.size();
                return SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).error;
            };
            test.ExpectEqual(get(2), "TcpCubic", "before");
            for (const char* name : {"reno", "vegas", "westwood", "TcpHtcp", "cubic"})
            {
                const int error = set(name);
                // Not every release has each of them.
                test.Expect(error == 0 || (error == ENOENT && name[0] == 'w'),
                            name + std::string(": ") + std::to_string(error));
                net.Run(MilliSeconds(100));
            }
            test.ExpectEqual(set("reno"), 0, "reno");
            test.ExpectEqual(get(2), "TcpLinuxReno", "that subflow");
            test.ExpectEqual(get(1), "TcpCubic", "the other one");
            for (const char* name : {"nothing", "ns3::Node", "ns3::TcpCongestionOps", "%s"})
            {
                test.ExpectEqual(set(name), ENOENT, name);
            }
            test.ExpectEqual(set(""), EINVAL, "no name");
            net.Run(Seconds(4));
            test.ExpectEqual(net.received[net.server], 2000000U, "bytes");
        });
    suite.Add(
        "3.5: TCP_INFO is Linux's struct tcp_info, also cut short",
        [](ScenarioTestCase& test)
        {
            Net net;
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            Net::Send(net.client, 1000000);
            net.Run(Seconds(2));
            mptcp_tcp_info info{};
            test.ExpectEqual(
                GetOnSubflow(net.client, 1, IPPROTO_TCP, TCP_INFO, &info, sizeof(info)).result,
                0,
                "get");
            test.ExpectEqual(int(info.tcpi_state), 1, "established");
            test.ExpectEqual(int(info.tcpi_options & 7), 7, "timestamps, SACK, scaling");
            test.Expect(info.tcpi_rtt >= 10000 && info.tcpi_rtt < 200000, "RTT");
            test.Expect(info.tcpi_min_rtt >= 10000 && info.tcpi_min_rtt < 12000, "min RTT");
            test.Expect(info.tcpi_rto >= 200000 && info.tcpi_rto < 1000000, "RTO");
            test.Expect(info.tcpi_snd_cwnd >= 10, "window");
            test.Expect(info.tcpi_snd_mss > 1300 && info.tcpi_snd_mss < 1460, "MSS");
            test.ExpectEqual(info.tcpi_unacked, 0U, "all is acknowledged");
            mptcp_tcp_info other{};
            GetOnSubflow(net.client, 2, IPPROTO_TCP, TCP_INFO, &other, sizeof(other));
            test.ExpectEqual(
                info.tcpi_bytes_acked + other.tcpi_bytes_acked, 1000000U, "bytes acked on both");
            mptcp_tcp_info peer{};
            mptcp_tcp_info peerOther{};
            GetOnSubflow(net.server, 1, IPPROTO_TCP, TCP_INFO, &peer, sizeof(peer));
            GetOnSubflow(net.server, 2, IPPROTO_TCP, TCP_INFO, &peerOther, sizeof(peer));
            test.ExpectEqual(peer.tcpi_bytes_received, info.tcpi_bytes_acked, "the peer's");
            test.ExpectEqual(peer.tcpi_segs_in, info.tcpi_segs_out, "segments");
            test.ExpectEqual(peer.tcpi_data_segs_in, info.tcpi_data_segs_out, "with data");
            tcp_info old{};
            test.ExpectEqual(
                GetOnSubflow(net.client, 1, IPPROTO_TCP, TCP_INFO, &old, sizeof(old)).result,
                0,
                "the C library's");
            test.ExpectEqual(old.tcpi_rtt, info.tcpi_rtt, "the same RTT");
            test.ExpectEqual(SetOnSubflow(net.client, 1, IPPROTO_TCP, TCP_INFO, 1).error,
                             ENOPROTOOPT,
                             "cannot be set");
        });
    suite.Add("3.5: TCP_NODELAY holds small segments back on that subflow",
              [](ScenarioTestCase& test)
              {
                  for (int noDelay : {0, 1})
                  {
                      Net net;
                      net.Connect();
                      std::vector<Seen> seen;
                      Watch(net, false, false, seen);
                      test.ExpectEqual(
                          GetNumber(net.client, 1, IPPROTO_TCP, TCP_NODELAY), 1, "before");
                      SetOnSubflow(net.client, 1, IPPROTO_TCP, TCP_NODELAY, noDelay);
                      test.ExpectEqual(
                          GetNumber(net.client, 1, IPPROTO_TCP, TCP_NODELAY), noDelay, "now");
                      for (uint32_t i = 0; i < 10; i++)
                      {
                          Net::Send(net.client, 100);
                      }
                      net.Run(Seconds(1));
                      test.ExpectEqual(seen[1].smallPieces > 5, noDelay == 1, "small segments");
                      test.ExpectEqual(net.received[net.server], 1000U, "bytes");
                  }
              });
    suite.Add("3.5: SO_SNDBUF bounds what that subflow has in flight, SO_RCVBUF its window",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  test.ExpectEqual(
                      GetNumber(net.client, 2, SOL_SOCKET, SO_SNDBUF), 4194304, "before");
                  SetOnSubflow(net.client, 2, SOL_SOCKET, SO_SNDBUF, 5000);
                  test.ExpectEqual(GetNumber(net.client, 2, SOL_SOCKET, SO_SNDBUF), 5000, "now");
                  SetOnSubflow(net.client, 2, SOL_SOCKET, SO_RCVBUF, 3000);
                  test.ExpectEqual(GetNumber(net.client, 2, SOL_SOCKET, SO_RCVBUF), 3000, "now");
                  test.ExpectEqual(GetNumber(net.client, 2, SOL_SOCKET, SO_ERROR), 0, "SO_ERROR");
                  uint32_t most = 0;
                  Net::Send(net.client, 3000000);
                  for (uint32_t i = 0; i < 100; i++)
                  {
                      net.Run(MilliSeconds(10));
                      const auto subflow = net.client->GetConnection()->FindSubflow(2);
                      most = std::max(most, subflow->subflow->GetHeldBytes());
                  }
                  test.Expect(most > 0 && most <= 5000, "bytes in flight");
                  net.Run(Seconds(3));
                  test.ExpectEqual(net.received[net.server], 3000000U, "bytes");
              });
    suite.Add(
        "3.5, 6: SO_PRIORITY, SO_BINDTODEVICE and SO_MARK want privilege as in Linux",
        [](ScenarioTestCase& test)
        {
            Net net;
            net.Connect();
            test.ExpectEqual(
                SetOnSubflow(net.client, 1, SOL_SOCKET, SO_PRIORITY, 6).result, 0, "6");
            test.ExpectEqual(GetNumber(net.client, 1, SOL_SOCKET, SO_PRIORITY), 6, "is 6");
            test.ExpectEqual(
                SetOnSubflow(net.client, 1, SOL_SOCKET, SO_PRIORITY, 7).error, EPERM, "7");
            test.ExpectEqual(
                SetOnSubflow(net.client, 1, SOL_SOCKET, SO_MARK, 1).error, EPERM, "mark");
            net.client->SetAttribute("Privileged", BooleanValue(true));
            test.ExpectEqual(
                SetOnSubflow(net.client, 1, SOL_SOCKET, SO_PRIORITY, 7).result, 0, "7, root");
            test.ExpectEqual(SetOnSubflow(net.client, 1, SOL_SOCKET, SO_MARK, 1).error,
                             ENOPROTOOPT,
                             "nothing can be marked");
            Names::Add("wlan0", net.clientNode->GetObject<Ipv4>()->GetNetDevice(1));
            Names::Add("wwan0", net.clientNode->GetObject<Ipv4>()->GetNetDevice(2));
            const auto bind = [&](const std::string& name)
            {
                mptcp_sub_setsockopt request{};
                request.id = 1;
                request.level = SOL_SOCKET;
                request.optname = SO_BINDTODEVICE;
                request.optval = const_cast<char*>(name.data());
                request.optlen = name.size();
                return SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).error;
            };
            test.ExpectEqual(bind("eth7"), ENODEV, "unknown device");
            net.client->SetAttribute("Privileged", BooleanValue(false));
            std::vector<Seen> seen;
            Watch(net, false, false, seen);
            test.ExpectEqual(bind("wwan0"), 0, "bind");
            test.ExpectEqual(bind("wlan0"), EPERM, "bind again");
            char name[16] = {};
            GetOnSubflow(net.client, 1, SOL_SOCKET, SO_BINDTODEVICE, name, 16);
            test.ExpectEqual(std::string(name), "wwan0", "device");
            Net::Send(net.client, 5000);
            net.Run(Seconds(1));
            test.ExpectEqual(seen[0].bytes, 0U, "bytes by the other device");
            test.ExpectEqual(net.received[net.server], 5000U, "bytes");
        });
    suite.Add(
        "3.5: an option that no subflow has is ENOPROTOOPT, an unknown id EINVAL",
        [](ScenarioTestCase& test)
        {
            Net net;
            net.Connect();
            for (const auto& [level, name] : {std::pair(int(IPPROTO_TCP), TCP_USER_TIMEOUT),
                                              std::pair(SOL_SOCKET, SO_LINGER),
                                              std::pair(int(IPPROTO_IP), IP_OPTIONS),
                                              std::pair(999, 1)})
            {
                test.ExpectEqual(
                    SetOnSubflow(net.client, 1, level, name, 1).error, ENOPROTOOPT, "set");
                test.ExpectEqual(GetNumber(net.client, 1, level, name), -ENOPROTOOPT - 1000, "get");
            }
            test.ExpectEqual(
                SetOnSubflow(net.client, 9, IPPROTO_IP, IP_TOS, 1).error, EINVAL, "set");
            test.ExpectEqual(GetNumber(net.client, 9, IPPROTO_IP, IP_TOS), -EINVAL - 1000, "get");
            mptcp_sub_setsockopt request{};
            request.id = 1;
            request.level = IPPROTO_IP;
            request.optname = IP_TTL;
            request.optlen = sizeof(int);
            test.ExpectEqual(
                SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).error,
                EFAULT,
                "null inside");
            int value = 0;
            request.optval = reinterpret_cast<char*>(&value);
            test.ExpectEqual(
                SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).error,
                EINVAL,
                "TTL 0");
            test.ExpectEqual(SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, 31).error,
                             EINVAL,
                             "a structure cut short");
        });
}

/// Subscribe to all events. @param socket whose
void
SubscribeAll(Ptr<MptcpSocket> socket)
{
    const mptcp_event_subscription all{0, 1};
    SetOption(socket, MPTCP_EVENT_SUBSCRIPTION, &all, sizeof(all));
}

/// Read all events as bytes. @param socket whose @return them
std::vector<mptcp_event>
ReadEvents(Ptr<MptcpSocket> socket)
{
    std::vector<mptcp_event> events;
    while (true)
    {
        mptcp_event event{};
        unsigned int length = sizeof(event);
        if (GetOption(socket, MPTCP_READ_EVENT, &event, &length).result != 0)
        {
            return events;
        }
        if (event.header.length != length)
        {
            events.clear();
            return events;
        }
        events.push_back(event);
    }
}

/// Section 4.
void
AddEvents(ScenarioTestSuite& suite)
{
    suite.Add(
        "4.1, 4.2: created and deleted, at both ends, whoever opened it; inherited",
        [](ScenarioTestCase& test)
        {
            Net net;
            SubscribeAll(net.client);
            SubscribeAll(net.listener);
            std::vector<std::string> told;
            net.listener->SetEventCallback(
                [&told](const MptcpPathEvent& event) {
                    told.push_back(std::to_string(event.kind) + "/" +
                                   std::to_string(event.subflowId));
                });
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            net.server->CloseSubflow(2);
            net.Run(MilliSeconds(200));
            net.client->CloseSubflow(1, MPTCP_SHUT_RST);
            net.Run(MilliSeconds(200));
            test.Expect(told == std::vector<std::string>({"1/1", "1/2", "5/2", "2/2", "2/1"}) ||
                            told == std::vector<std::string>({"1/1", "1/2", "2/2", "2/1"}),
                        "told in order");
            for (const auto& end : {net.client, net.server})
            {
                const bool client = end == net.client;
                std::vector<mptcp_subflow_event> events;
                for (const auto& event : ReadEvents(end))
                {
                    if (event.header.type <= MPTCP_EVENT_SUB_DELETED)
                    {
                        events.push_back(event.subflow);
                    }
                }
                test.ExpectEqual(events.size(), 4U, "events");
                if (events.size() != 4)
                {
                    return;
                }
                const int by = client ? MPTCP_BY_THIS_END : MPTCP_BY_PEER;
                test.Expect(events[0].header.type == MPTCP_EVENT_SUB_CREATED && events[0].id == 1 &&
                                events[0].opened_by == by,
                            "the first subflow");
                test.Expect(events[1].header.type == MPTCP_EVENT_SUB_CREATED && events[1].id == 2 &&
                                events[1].opened_by == by,
                            "the second one");
                test.Expect(events[2].header.type == MPTCP_EVENT_SUB_DELETED && events[2].id == 2 &&
                                events[2].error == 0 && events[2].rst_reason == MPTCP_NO_RST_REASON,
                            "its end");
                test.ExpectEqual(int(events[2].reason),
                                 client ? MPTCP_DELETED_CLOSED_REMOTE : MPTCP_DELETED_CLOSED_LOCAL,
                                 "why");
                test.ExpectEqual(int(events[3].reason),
                                 client ? MPTCP_DELETED_ADMINISTRATIVE : MPTCP_DELETED_RESET_REMOTE,
                                 "why the first ended");
                test.ExpectEqual(int(events[3].rst_reason), 3, "reason of MP_TCPRST");
                test.ExpectEqual(events[3].error, ECONNRESET, "its errno");
            }
        });
    suite.Add("4.2: timed out and address removed are reasons",
              [](ScenarioTestCase& test)
              {
                  Net net(false, {{"PathManager", "ns3::MptcpFullMesh"}, {"DataRetries", "3"}});
                  SubscribeAll(net.client);
                  net.Connect();
                  net.Run(MilliSeconds(300));
                  ReadEvents(net.client);
                  net.clientNode->GetObject<Ipv4>()->SetDown(1);
                  net.Run(MilliSeconds(300));
                  bool gone = false;
                  bool removed = false;
                  for (const auto& event : ReadEvents(net.client))
                  {
                      gone |= event.header.type == MPTCP_EVENT_LOCAL_ADDRESS &&
                              event.address.available == 0;
                      removed |= event.header.type == MPTCP_EVENT_SUB_DELETED &&
                                 event.subflow.reason == MPTCP_DELETED_ADDRESS_REMOVED;
                  }
                  test.Expect(gone, "the address is gone");
                  test.Expect(removed, "a subflow with it");
                  net.links[1]->SetSilent(true);
                  Net::Send(net.client, 1000);
                  net.Run(Seconds(30));
                  bool timedOut = false;
                  for (const auto& event : ReadEvents(net.client))
                  {
                      timedOut |= event.header.type == MPTCP_EVENT_SUB_DELETED &&
                                  event.subflow.reason == MPTCP_DELETED_TIMED_OUT &&
                                  event.subflow.error == ETIMEDOUT;
                  }
                  test.Expect(timedOut, "the other one timed out");
              });
    suite.Add("4.3, 4.4: new addresses come with all that OPEN needs",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  SubscribeAll(net.client);
                  net.listener->SetAttribute("PathManager", StringValue("ns3::MptcpFullMesh"));
                  net.Connect();
                  ReadEvents(net.client);
                  auto ipv4 = net.clientNode->GetObject<Ipv4>();
                  ipv4->AddAddress(1, Ipv4InterfaceAddress("10.0.0.9", "/8"));
                  net.serverNode->GetObject<Ipv4>()->AddAddress(
                      1, Ipv4InterfaceAddress("10.1.0.9", "/8"));
                  net.Run(MilliSeconds(300));
                  std::optional<mptcp_address_event> local;
                  std::optional<mptcp_address_event> remote;
                  for (const auto& event : ReadEvents(net.client))
                  {
                      if (event.header.type == MPTCP_EVENT_LOCAL_ADDRESS)
                      {
                          local = event.address;
                      }
                      if (event.header.type == MPTCP_EVENT_REMOTE_ADDRESS)
                      {
                          remote = event.address;
                      }
                  }
                  test.Expect(local && remote, "both events");
                  if (!local || !remote)
                  {
                      return;
                  }
                  test.Expect(local->available == 1 && remote->available == 1, "new ones");
                  test.Expect(remote->address_id != 0, "the peer's identifier");
                  char text[INET_ADDRSTRLEN];
                  inet_ntop(AF_INET, &local->addr.sin.sin_addr, text, sizeof(text));
                  test.ExpectEqual(std::string(text), "10.0.0.9", "local address");
                  inet_ntop(AF_INET, &remote->addr.sin.sin_addr, text, sizeof(text));
                  test.ExpectEqual(std::string(text), "10.1.0.9", "remote address");
                  auto request = MakeHead(local->if_idx);
                  for (const auto* address : {&*local, &*remote})
                  {
                      const auto* bytes = reinterpret_cast<const uint8_t*>(&address->addr.sin);
                      request.insert(request.end(), bytes, bytes + sizeof(sockaddr_in));
                  }
                  test.ExpectEqual(Open(net.client, request).result, 0, "OPEN of the two");
                  net.Run(MilliSeconds(200));
                  test.ExpectEqual(int(GetIds(net.client).at(3)), 0b0110, "is established");
              });
    suite.Add("4.5: priority changes tell subflow, value and who changed it",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  SubscribeAll(net.client);
                  net.Connect();
                  SubscribeAll(net.server);
                  ReadEvents(net.client);
                  const mptcp_sub_prio wanted{1, 1};
                  test.ExpectEqual(
                      SetOption(net.server, MPTCP_SET_SUB_PRIO, &wanted, sizeof(wanted)).result,
                      0,
                      "set");
                  net.Run(MilliSeconds(200));
                  for (const auto& end : {net.client, net.server})
                  {
                      const auto events = ReadEvents(end);
                      test.ExpectEqual(events.size(), 1U, "events");
                      if (events.size() == 1)
                      {
                          const mptcp_prio_event& prio = events[0].prio;
                          test.Expect(prio.header.type == MPTCP_EVENT_SUB_PRIO && prio.id == 1 &&
                                          prio.low_prio == 1,
                                      "subflow and value");
                          test.ExpectEqual(int(prio.changed_by),
                                           end == net.server ? MPTCP_BY_THIS_END : MPTCP_BY_PEER,
                                           "who");
                      }
                  }
                  const mptcp_sub_prio unknown{7, 1};
                  test.ExpectEqual(
                      SetOption(net.server, MPTCP_SET_SUB_PRIO, &unknown, sizeof(unknown)).error,
                      EINVAL,
                      "unknown id");
              });
    suite.Add(
        "4: subscription is by kind, can end, and is asked for by getsockopt",
        [](ScenarioTestCase& test)
        {
            Net net;
            const auto set = [&](uint8_t type, uint8_t on)
            {
                const mptcp_event_subscription wanted{type, on};
                return SetOption(net.client, MPTCP_EVENT_SUBSCRIPTION, &wanted, sizeof(wanted))
                    .error;
            };
            const auto get = [&](uint8_t type)
            {
                mptcp_event_subscription asked{type, 7};
                unsigned int length = sizeof(asked);
                const Call call = GetOption(net.client, MPTCP_EVENT_SUBSCRIPTION, &asked, &length);
                return call.result == 0 ? int(asked.on) : -call.error;
            };
            test.ExpectEqual(set(MPTCP_EVENT_SUB_DELETED, 1), 0, "subscribe");
            test.ExpectEqual(get(MPTCP_EVENT_SUB_DELETED), 1, "is on");
            test.ExpectEqual(get(MPTCP_EVENT_SUB_CREATED), 0, "is off");
            test.ExpectEqual(get(0), -EINVAL, "no kind");
            test.ExpectEqual(set(6, 1), EINVAL, "unknown kind");
            test.ExpectEqual(set(1, 2), EINVAL, "neither on nor off");
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            test.ExpectEqual(ReadEvents(net.client).size(), 0U, "creation is not told");
            mptcp_event event{};
            unsigned int length = sizeof(event);
            test.ExpectEqual(GetOption(net.client, MPTCP_READ_EVENT, &event, &length).error,
                             EAGAIN,
                             "nothing to read");
            net.client->CloseSubflow(2);
            net.Run(MilliSeconds(200));
            length = 8;
            test.ExpectEqual(GetOption(net.client, MPTCP_READ_EVENT, &event, &length).error,
                             EINVAL,
                             "no room for it");
            test.ExpectEqual(ReadEvents(net.client).size(), 1U, "it still waits");
            test.ExpectEqual(set(0, 0), 0, "end all");
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            net.client->CloseSubflow(3);
            net.Run(MilliSeconds(200));
            test.ExpectEqual(ReadEvents(net.client).size(), 0U, "nothing is told");
        });
    suite.Add("4: the queue is bounded and says that it overflowed",
              [](ScenarioTestCase& test)
              {
                  Net net(false, {{"EventQueueLimit", "3"}});
                  SubscribeAll(net.client);
                  net.Connect();
                  for (bool backup : {true, false, true, false, true})
                  {
                      net.client->SetSubflowPriority(1, backup);
                      net.Run(MilliSeconds(20));
                  }
                  const auto events = ReadEvents(net.client);
                  test.ExpectEqual(events.size(), 3U, "events");
                  test.Expect(events.size() == 3 &&
                                  events[0].header.flags == MPTCP_EVENT_OVERFLOW &&
                                  events[1].header.flags == 0 && events[2].prio.low_prio == 1,
                              "the oldest are lost, the next says so");
              });
    suite.Add("4: callbacks may act on the connection",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  SubscribeAll(net.client);
                  uint32_t opened = 0;
                  net.client->SetEventCallback(
                      [&](const MptcpPathEvent& event)
                      {
                          if (event.kind == MptcpPathEvent::SUBFLOW_DELETED && opened < 5)
                          {
                              opened++;
                              net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                          }
                          if (event.kind == MptcpPathEvent::SUBFLOW_CREATED && event.subflowId > 1)
                          {
                              net.client->CloseSubflow(event.subflowId, MPTCP_SHUT_RST);
                          }
                      });
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(Seconds(2));
                  test.ExpectEqual(opened, 5U, "opened");
              });
}

/// What Linux has.
void
AddLinux(ScenarioTestSuite& suite)
{
    suite.Add(
        "Linux's own options: TCP_IS_MPTCP, MPTCP_INFO, MPTCP_TCPINFO, MPTCP_SUBFLOW_ADDRS",
        [](ScenarioTestCase& test)
        {
            test.ExpectEqual(sizeof(mptcp_linux_info), 96U, "mptcp_info");
            test.ExpectEqual(sizeof(mptcp_linux_subflow_data), 16U, "mptcp_subflow_data");
            test.ExpectEqual(sizeof(mptcp_linux_subflow_addrs), 256U, "mptcp_subflow_addrs");
            Net net;
            const auto get = [&](int level, int name, void* value, unsigned int* length)
            {
                const int result = net.client->GetSockOpt(level, name, value, length);
                return result == 0 ? 0 : net.client->GetOptErrno();
            };
            int is = 7;
            unsigned int length = sizeof(is);
            test.ExpectEqual(get(IPPROTO_TCP, MPTCP_TCP_IS_MPTCP, &is, &length), 0, "get");
            test.ExpectEqual(is, 0, "not yet");
            mptcp_linux_info info{};
            length = sizeof(info);
            test.ExpectEqual(
                get(MPTCP_SOL_MPTCP, MPTCP_LINUX_INFO, &info, &length), EOPNOTSUPP, "unconnected");
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 2222), net.At(0, false, 3333));
            net.Run(MilliSeconds(200));
            Net::Send(net.client, 50000);
            net.Run(Seconds(1));
            length = sizeof(is);
            get(IPPROTO_TCP, MPTCP_TCP_IS_MPTCP, &is, &length);
            test.ExpectEqual(is, 1, "now");
            length = sizeof(info);
            test.ExpectEqual(get(MPTCP_SOL_MPTCP, MPTCP_LINUX_INFO, &info, &length), 0, "info");
            test.Expect(info.mptcpi_subflows == 1 && info.mptcpi_subflows_total == 2, "subflows");
            test.Expect(info.mptcpi_bytes_sent == 50000 && info.mptcpi_bytes_acked == 50000 &&
                            info.mptcpi_write_seq == info.mptcpi_snd_una,
                        "bytes");
            test.ExpectEqual(
                info.mptcpi_token, net.client->GetConnection()->GetLocalToken(), "token");
            struct Addresses
            {
                mptcp_linux_subflow_data head;
                mptcp_linux_subflow_addrs all[4];
            } addresses{};
            addresses.head.size_subflow_data = sizeof(addresses.head);
            addresses.head.size_user = sizeof(addresses.all[0]);
            length = sizeof(addresses);
            test.ExpectEqual(get(MPTCP_SOL_MPTCP, MPTCP_LINUX_SUBFLOW_ADDRS, &addresses, &length),
                             0,
                             "addresses");
            test.ExpectEqual(addresses.head.num_subflows, 2U, "how many");
            test.ExpectEqual(length, 16U + 512U, "bytes");
            const auto expected = MakeOpen(net.At(0, true, 2222), net.At(0, false, 3333), {});
            test.Expect(std::memcmp(&addresses.all[1].local, expected.data(), 16) == 0 &&
                            std::memcmp(&addresses.all[1].remote, &expected[16], 16) == 0,
                        "both of the second subflow");
            struct Infos
            {
                mptcp_linux_subflow_data head;
                mptcp_tcp_info all[2];
            } infos{};
            infos.head.size_subflow_data = sizeof(infos.head);
            infos.head.size_user = sizeof(infos.all[0]);
            length = sizeof(infos);
            test.ExpectEqual(
                get(MPTCP_SOL_MPTCP, MPTCP_LINUX_TCPINFO, &infos, &length), 0, "TCP_INFO");
            test.ExpectEqual(infos.all[0].tcpi_bytes_acked + infos.all[1].tcpi_bytes_acked,
                             50000U,
                             "bytes of both");
            test.ExpectEqual(get(MPTCP_SOL_MPTCP, MPTCP_LINUX_TCPINFO, &infos, &length),
                             EINVAL,
                             "outputs that are not 0 at first");
            test.ExpectEqual(get(MPTCP_SOL_MPTCP, 9, &infos, &length), ENOPROTOOPT, "unknown");
        });
}

/// What no program should do.
void
AddFuzz(ScenarioTestSuite& suite)
{
    suite.Add(
        "random options, lengths, bytes, pointers and orders: an errno each time",
        [](ScenarioTestCase& test)
        {
            std::mt19937 random(7);
            const auto pick = [&](uint32_t most) { return random() % (most + 1); };
            void* unmapped = mmap(nullptr, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            constexpr uint32_t ROUNDS = 20;
            constexpr uint32_t CALLS = 5000;
            for (uint32_t round = 0; round < ROUNDS; round++)
            {
                Net net(round % 2 == 1, {{"MaxSubflows", "20"}});
                if (round % 5 != 4)
                {
                    net.Connect();
                }
                for (uint32_t call = 0; call < CALLS; call++)
                {
                    const auto socket = pick(9) == 0 && net.server ? net.server
                                        : pick(50) == 0            ? net.listener
                                                                   : net.client;
                    const int level = pick(30) == 0   ? int(random())
                                      : pick(20) == 0 ? MPTCP_SOL_MPTCP
                                                      : int(IPPROTO_TCP);
                    const int names[] = {
                        66, 67, 68, 69, 70, 71, 72, 168, 169, 170, 171, 172, 173, int(random())};
                    const int name = level == MPTCP_SOL_MPTCP ? int(pick(4)) : names[pick(13)];
                    std::vector<uint8_t> bytes(pick(3) == 0 ? pick(200) : 200);
                    std::vector<uint8_t> inner(64);
                    unsigned int innerLength = pick(80);
                    for (auto& byte : bytes)
                    {
                        byte = pick(2) == 0 ? random() : pick(3);
                    }
                    unsigned int length = bytes.size();
                    const auto pointer = [&]() -> void*
                    {
                        switch (pick(6))
                        {
                        case 0:
                            return nullptr;
                        case 1:
                            return unmapped;
                        default:
                            return inner.data();
                        }
                    };
                    if ((name == 71 || name == 72) && length >= 32)
                    {
                        const int levels[] = {
                            IPPROTO_IP, IPPROTO_IPV6, IPPROTO_TCP, SOL_SOCKET, int(random())};
                        mptcp_sub_getsockopt request{};
                        request.id = bytes[0];
                        request.level = levels[pick(4)];
                        request.optname = static_cast<int>(pick(80));
                        request.optval = static_cast<char*>(pointer());
                        innerLength = std::min<unsigned int>(innerLength, inner.size());
                        request.optlen =
                            static_cast<unsigned int*>(pick(5) == 0 ? pointer() : &innerLength);
                        std::memcpy(bytes.data(), &request, sizeof(request));
                        if (name == 72)
                        {
                            std::memcpy(&bytes[24], &innerLength, sizeof(innerLength));
                        }
                    }
                    else if ((name == 69 || name == 169) && pick(3) > 0)
                    {
                        const bool v6 = pick(3) == 0 ? pick(1) : round % 2;
                        const auto local = v6 ? Address(Inet6SocketAddress("fd00:a::1", 0))
                                              : Address(InetSocketAddress("10.0.0.1", 0));
                        const auto remote = v6 ? Address(Inet6SocketAddress("fd00:a::2", 0))
                                               : Address(InetSocketAddress("10.1.0.1", 0));
                        bytes = MakeOpen(WithPort(local, pick(3) == 0 ? pick(65535) : 0),
                                         WithPort(remote, pick(3) == 0 ? pick(65535) : 0),
                                         name == 169 ? MakeHead(pick(3), pick(1))
                                                     : std::vector<uint8_t>(1 + pick(1)));
                        length = bytes.size();
                    }
                    void* value = pick(20) == 0 ? pointer() : bytes.data();
                    if (value == inner.data())
                    {
                        length = std::min<unsigned int>(length, inner.size());
                    }
                    int result = 0;
                    if (pick(1) == 0)
                    {
                        result = socket->SetSockOpt(level, name, value, length);
                    }
                    else
                    {
                        result = socket->GetSockOpt(
                            level,
                            name,
                            value,
                            pick(20) == 0
                                ? static_cast<unsigned int*>(pick(1) == 0 ? nullptr : unmapped)
                                : &length);
                    }
                    if (result != 0)
                    {
                        const int error = socket->GetOptErrno();
                        test.Expect(result == -1 && error > 0 && error < 140, "errno");
                    }
                    if (pick(20) == 0)
                    {
                        net.Run(MilliSeconds(pick(40)));
                    }
                    if (pick(200) == 0)
                    {
                        Net::Send(net.client, 1 + pick(20000));
                    }
                }
                net.Run(Seconds(10));
            }
            munmap(unmapped, 4096);
        });
}

/// The suite.
class MptcpSocketOptionsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSocketOptionsTestSuite()
        : ScenarioTestSuite("mptcp-socket-options")
    {
        AddFigures(*this);
        AddSubflowList(*this);
        AddOpening(*this);
        AddClosing(*this);
        AddTuples(*this);
        AddSubflowOptions(*this);
        AddEvents(*this);
        AddLinux(*this);
        AddFuzz(*this);
    }
} g_mptcpSocketOptionsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
