// SPDX-License-Identifier: GPL-2.0-only
#ifndef SOCKET_API_NET_H
#define SOCKET_API_NET_H

#include "filter-channel.h"
#include "test-endpoint.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/drop-tail-queue.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-api.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/mptcp-socket.h"
#include "ns3/names.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <functional>
#include <map>
#include <vector>

namespace ns3
{

/// Two nodes with two links between them: link 0 with the addresses of figure 4, link 1 with
/// others, on which the connection begins. Both families on each.
class SocketApiNet
{
  public:
    static constexpr uint16_t PORT = 5000; //!< of the server

    /// @param ipv6 family of the connection @param attributes of both sockets
    explicit SocketApiNet(bool ipv6 = false, const TestAttributes& attributes = {})
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

    ~SocketApiNet()
    {
        client = nullptr;
        server = nullptr;
        listener = nullptr;
        Simulator::Destroy();
        Config::Reset();
        Names::Clear();
    }

    SocketApiNet(const SocketApiNet&) = delete;
    SocketApiNet& operator=(const SocketApiNet&) = delete;

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
Call GetOption(Ptr<MptcpSocket> socket, int name, void* value, unsigned int* length);

/// @param socket whose @param name of an option @param value its @param length its @return result
Call SetOption(Ptr<MptcpSocket> socket, int name, const void* value, unsigned int length);

/// @param socket whose @return bytes of MPTCP_GET_SUB_IDS, empty if it fails
std::vector<uint8_t> GetIds(Ptr<MptcpSocket> socket);

/// @param local address @param remote address @param head bytes before them
/// @return a request of OPEN
std::vector<uint8_t>
MakeOpen(const Address& local, const Address& remote, std::vector<uint8_t> head);

/// @param interface of OPEN @param prio of OPEN @return the head of a struct mptcp_sub_tuple
std::vector<uint8_t> MakeHead(int interface = 0, uint8_t prio = 0);

/// Open by MPTCP_OPEN_SUB_TUPLE. @param socket whose @param request its @return result
Call Open(Ptr<MptcpSocket> socket, std::vector<uint8_t> request);

/// @param address with a port @param port another @return the address with it
Address WithPort(const Address& address, uint16_t port);

/// Set an option of one subflow. @param socket whose @param id of the subflow
/// @param level of the option @param name of the option @param value an int @return result
Call SetOnSubflow(Ptr<MptcpSocket> socket, uint8_t id, int level, int name, int value);

/// Read an option of one subflow. @param socket whose @param id of the subflow
/// @param level of the option @param name of the option @param value is filled
/// @param size bytes of it @return result
Call
GetOnSubflow(Ptr<MptcpSocket> socket, uint8_t id, int level, int name, void* value, unsigned size);

/// @param socket whose @param id of the subflow @param level of an option @param name of it
/// @return its value, or -errno - 1000 if it fails
int GetNumber(Ptr<MptcpSocket> socket, uint8_t id, int level, int name);

/// Subscribe to all events. @param socket whose
void SubscribeAll(Ptr<MptcpSocket> socket);

/// Read all events as bytes. @param socket whose @return them
std::vector<mptcp_event> ReadEvents(Ptr<MptcpSocket> socket);

} // namespace ns3

#endif // SOCKET_API_NET_H
