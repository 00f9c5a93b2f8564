// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_TWO_PATHS_NET_H
#define SRV6_TWO_PATHS_NET_H

#include "test-endpoint.h"

#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/mptcp-socket.h"
#include "ns3/node.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/srv6-protocol.h"
#include "ns3/srv6-tcp-headers.h"
#include "ns3/string.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/uinteger.h"

#include <functional>
#include <memory>
#include <vector>

namespace ns3
{

/**
 * Two hosts with one link each, and two disjoint paths between them:
 *
 *                upper
 *              /       \
 *   host -- near        far -- server
 *              \       /
 *                lower
 *
 * Routing goes by the upper one. fc00:1:: is a SID (End) of the lower router without PSP,
 * fc00:1::f one with it, fc00:2:: and fc00:2::f are the same of the far router.
 */
class Srv6TwoPathsNet
{
  public:
    static constexpr const char* HOST = "fd00:1::1";      //!< its address
    static constexpr const char* SERVER = "fd00:6::2";    //!< its address
    static constexpr const char* LOWER = "fc00:1::";      //!< a SID there
    static constexpr const char* LOWER_PSP = "fc00:1::f"; //!< a SID there
    static constexpr const char* FAR = "fc00:2::";        //!< a SID there
    static constexpr const char* FAR_PSP = "fc00:2::f";   //!< a SID there
    static constexpr uint16_t PORT = 80;                  //!< of the server

    /// What passed a router.
    struct Passed
    {
        uint32_t packets{0};   //!< of TCP, forwarded from the host to the server or back
        uint32_t routed{0};    //!< of them with an SRH
        uint32_t back{0};      //!< of those with an SRH from the server
        uint32_t largest{0};   //!< bytes of the largest
        uint32_t fragments{0}; //!< of packets
    };

    /// @param srv6 whether the hosts have segment routing @param lowerMtu of the link from the
    /// lower router to the far one
    explicit Srv6TwoPathsNet(bool srv6 = true, uint16_t lowerMtu = 1500)
    {
        for (auto* node : {&host, &near, &upper, &lower, &far, &server})
        {
            *node = CreateObject<Node>();
            InternetStackHelper stack;
            stack.Install(*node);
            stack.AssignStreams(NodeContainer(*node), 1000 * (*node)->GetId());
            (*node)->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
            if (*node != host && *node != server)
            {
                (*node)->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
            }
            if (srv6 || (*node != host && *node != server))
            {
                Srv6Protocol::Install(*node);
            }
        }
        MptcpHelper().Install(host);
        MptcpHelper().Install(server);
        Link(host, near, 1);
        Link(near, upper, 2);
        Link(near, lower, 3);
        Link(upper, far, 4);
        Link(lower, far, 5, lowerMtu);
        Link(far, server, 6);
        Default(host, "fd00:1::2");
        Default(near, "fd00:2::2");
        Default(upper, "fd00:4::2");
        Default(lower, "fd00:5::2");
        Default(far, "fd00:4::1");
        Default(server, "fd00:6::1");
        for (const auto& router : {upper, lower})
        {
            Route(router, "fd00:1::", 64, router == upper ? "fd00:2::1" : "fd00:3::1");
        }
        Route(near, "fc00:1::", 64, "fd00:3::2");
        Route(far, "fc00:1::", 64, "fd00:5::1");
        Route(near, "fc00:2::", 64, "fd00:2::2");
        Route(lower, "fc00:2::", 64, "fd00:5::2");
        AddSid(lower, LOWER, 0);
        AddSid(lower, LOWER_PSP, SRV6_PSP);
        AddSid(far, FAR, 0);
        AddSid(far, FAR_PSP, SRV6_PSP);
        Watch(upper, &atUpper);
        Watch(lower, &atLower);
        Watch(server, &atServer);
    }

    ~Srv6TwoPathsNet()
    {
        opened.reset();
        accepted.clear();
        m_listener = nullptr;
        Simulator::Destroy();
    }

    Srv6TwoPathsNet(const Srv6TwoPathsNet&) = delete;
    Srv6TwoPathsNet& operator=(const Srv6TwoPathsNet&) = delete;

    /// Accept connections at the server. @param options of each end
    void Listen(const EndpointOptions& options)
    {
        m_listener = CreateSocket(server, options);
        m_listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), PORT));
        m_listener->SetAcceptCallback(
            MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
            Callback<void, Ptr<Socket>, const Address&>(
                [this, options](Ptr<Socket> socket, const Address&)
                {
                    accepted.push_back(std::make_unique<TestEndpoint>(socket, options, false));
                    accepted.back()->Begin();
                }));
        m_listener->Listen();
    }

    /// Open a connection at 10 ms. @param options of the host's end
    /// @param segments of the first subflow
    void Connect(const EndpointOptions& options, const std::vector<const char*>& segments = {})
    {
        auto socket = CreateSocket(host, options);
        opened = std::make_unique<TestEndpoint>(socket, options, true);
        client = DynamicCast<MptcpSocket>(socket);
        client->SetSegmentList(ToSegments(segments));
        Simulator::ScheduleWithContext(
            host->GetId(),
            MilliSeconds(10),
            [this] { opened->Connect(Inet6SocketAddress(Ipv6Address(SERVER), PORT)); });
    }

    /// Do something later at the host. @param at when @param what it
    void At(Time at, std::function<void()> what)
    {
        Simulator::ScheduleWithContext(host->GetId(), at, std::move(what));
    }

    /// @param segments that packets visit @return identifier of a new subflow by them, or -1
    int Open(const std::vector<const char*>& segments)
    {
        return client->OpenSubflow(Inet6SocketAddress(Ipv6Address(HOST), 0),
                                   Inet6SocketAddress(Ipv6Address(SERVER), 0),
                                   ToSegments(segments));
    }

    /// @param until simulated time at most
    void Run(Time until)
    {
        Simulator::Stop(until);
        Simulator::Run();
    }

    /// @return empty if all bytes have arrived at both ends of one connection, or what is wrong
    std::string GetProblem() const
    {
        if (accepted.size() != 1)
        {
            return std::to_string(accepted.size()) + " connections were accepted";
        }
        const std::string problem = opened->GetProblem();
        return problem.empty() ? accepted[0]->GetProblem() : problem;
    }

    /// @param names of addresses @return them
    static std::vector<Ipv6Address> ToSegments(const std::vector<const char*>& names)
    {
        std::vector<Ipv6Address> segments;
        for (const char* name : names)
        {
            segments.emplace_back(name);
        }
        return segments;
    }

    /// Set the MTU of all links. @param mtu bytes
    void SetMtu(uint16_t mtu)
    {
        for (const auto& device : m_devices)
        {
            device->SetMtu(mtu);
        }
    }

    Ptr<Node> host;                                      //!< a host
    Ptr<Node> near;                                      //!< router
    Ptr<Node> upper;                                     //!< router
    Ptr<Node> lower;                                     //!< router
    Ptr<Node> far;                                       //!< router
    Ptr<Node> server;                                    //!< a host
    Passed atUpper;                                      //!< what passed there
    Passed atLower;                                      //!< what passed there
    Passed atServer;                                     //!< what arrived there
    Ptr<MptcpSocket> client;                             //!< the host's socket
    std::unique_ptr<TestEndpoint> opened;                //!< the host's end
    std::vector<std::unique_ptr<TestEndpoint>> accepted; //!< the server's ends

  private:
    /// @param node where @param options its attributes @return a socket
    static Ptr<Socket> CreateSocket(const Ptr<Node>& node, const EndpointOptions& options)
    {
        auto socket = Socket::CreateSocket(node, MptcpSocketFactory::GetTypeId());
        for (const auto& [name, value] : options.attributes)
        {
            socket->SetAttribute(name, StringValue(value));
        }
        return socket;
    }

    /// Link two nodes by fd00:number::/64, ::1 and ::2. @param left @param right ends
    /// @param number of the network @param mtu of both devices
    void Link(const Ptr<Node>& left, const Ptr<Node>& right, uint32_t number, uint16_t mtu = 1500)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("20Mbps"));
        link.SetChannelAttribute("Delay", StringValue("2ms"));
        const auto devices = link.Install(left, right);
        for (uint32_t end = 0; end < 2; ++end)
        {
            const auto device = devices.Get(end);
            device->SetMtu(mtu);
            m_devices.push_back(device);
            const auto ipv6 = device->GetNode()->GetObject<Ipv6>();
            const uint32_t interface = ipv6->AddInterface(device);
            const std::string address =
                "fd00:" + std::to_string(number) + "::" + std::to_string(end + 1);
            ipv6->AddAddress(interface,
                             Ipv6InterfaceAddress(Ipv6Address(address.c_str()), Ipv6Prefix(64)));
            ipv6->SetUp(interface);
        }
    }

    /// @param node where @param prefix where to @param length of it @param gateway by whom
    static void
    Route(const Ptr<Node>& node, const char* prefix, uint8_t length, const char* gateway)
    {
        const auto ipv6 = node->GetObject<Ipv6>();
        const Ipv6Address hop(gateway);
        for (uint32_t i = 1; i < ipv6->GetNInterfaces(); ++i)
        {
            for (uint32_t j = 0; j < ipv6->GetNAddresses(i); ++j)
            {
                const Ipv6Prefix link(64);
                if (link.IsMatch(ipv6->GetAddress(i, j).GetAddress(), hop))
                {
                    Ipv6StaticRoutingHelper helper;
                    helper.GetStaticRouting(ipv6)->AddNetworkRouteTo(
                        Ipv6Address(prefix), Ipv6Prefix(length), hop, i);
                    return;
                }
            }
        }
    }

    /// @param node where @param gateway by whom
    static void Default(const Ptr<Node>& node, const char* gateway)
    {
        Route(node, "::", 0, gateway);
    }

    /// @param node where @param address of a new SID @param flavors of it
    static void AddSid(const Ptr<Node>& node, const char* address, uint8_t flavors)
    {
        node->GetObject<Srv6Protocol>()->AddSid(
            Ipv6Address(address), 128, Srv6Sid(Srv6Behavior::END, flavors));
    }

    /// Count what arrives. @param node where @param passed the counters
    static void Watch(const Ptr<Node>& node, Passed* passed)
    {
        node->GetObject<Ipv6L3Protocol>()->TraceConnectWithoutContext(
            "Rx",
            Callback<void, Ptr<const Packet>, Ptr<Ipv6>, uint32_t>(
                [passed](Ptr<const Packet> packet, Ptr<Ipv6>, uint32_t)
                {
                    constexpr uint8_t ROUTING = 43;
                    constexpr uint8_t FRAGMENT = 44;
                    constexpr uint8_t TCP = 6;
                    constexpr uint32_t HEADERS = 41;
                    uint8_t bytes[HEADERS] = {};
                    packet->CopyData(bytes, HEADERS);
                    const uint8_t next = bytes[6];
                    const bool routed = next == ROUTING;
                    if (next != TCP && next != FRAGMENT && !routed)
                    {
                        return;
                    }
                    ++passed->packets;
                    passed->routed += routed;
                    passed->back +=
                        routed && Ipv6Address::Deserialize(bytes + 8) == Ipv6Address(SERVER);
                    passed->fragments += next == FRAGMENT || (routed && bytes[40] == FRAGMENT);
                    passed->largest = std::max(passed->largest, packet->GetSize());
                }));
    }

    std::vector<Ptr<NetDevice>> m_devices; //!< of all links
    Ptr<Socket> m_listener;                //!< the server's
};

} // namespace ns3

#endif // SRV6_TWO_PATHS_NET_H
