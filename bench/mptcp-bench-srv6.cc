// SPDX-License-Identifier: GPL-2.0-only
//
// One bulk transfer over IPv6 from a host over two routers to another host: on nodes without
// segment routing, on nodes that have it but send no header, and with a Segment Routing Header
// whose segments are both routers. bench/run compares them. It prints "name value" lines.
#include "measured-run.h"

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <iostream>
#include <string>

using namespace ns3;

namespace
{

constexpr uint32_t SEGMENT = 1300; //!< payload bytes of a segment, with or without a header
constexpr uint16_t PORT = 5001;    //!< where the transfer goes to

/// @param left @param right ends @param network /64 @return their addresses
Ipv6InterfaceContainer
Link(Ptr<Node> left, Ptr<Node> right, const char* network)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("100Mbps"));
    link.SetChannelAttribute("Delay", StringValue("3ms"));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue("1000p"));
    const auto devices = link.Install(left, right);
    Ipv6AddressHelper addresses(Ipv6Address(network), Ipv6Prefix(64));
    const auto interfaces = addresses.Assign(devices);
    TrafficControlHelper().Uninstall(devices);
    return interfaces;
}

} // namespace

int
main(int argc, char* argv[])
{
    std::string srv6 = "off";
    uint64_t bytes = 3500 * SEGMENT;
    CommandLine cmd(__FILE__);
    cmd.AddValue("srv6", "off, installed or segments", srv6);
    cmd.AddValue("bytes", "Bytes to transfer", bytes);
    cmd.Parse(argc, argv);
    if (srv6 != "off" && srv6 != "installed" && srv6 != "segments")
    {
        std::cerr << "mptcp-bench-srv6: --srv6=" << srv6
                  << ": unknown; accepted: off, installed, segments" << std::endl;
        return 2;
    }
    const NodeContainer nodes(4);
    InternetStackHelper().Install(nodes);
    const Ipv6InterfaceContainer links[] = {Link(nodes.Get(0), nodes.Get(1), "fd00:1::"),
                                            Link(nodes.Get(1), nodes.Get(2), "fd00:2::"),
                                            Link(nodes.Get(2), nodes.Get(3), "fd00:3::")};
    // To the right by each link's right end, to the left by its left end.
    Ipv6StaticRoutingHelper helper;
    for (uint32_t i = 0; i < 3; ++i)
    {
        const auto left = nodes.Get(i)->GetObject<Ipv6>();
        const auto right = nodes.Get(i + 1)->GetObject<Ipv6>();
        left->SetAttribute("IpForward", BooleanValue(i > 0));
        helper.GetStaticRouting(left)->SetDefaultRoute(links[i].GetAddress(1, 1),
                                                       links[i].GetInterfaceIndex(0));
        helper.GetStaticRouting(right)->AddNetworkRouteTo(Ipv6Address("fd00:1::"),
                                                          Ipv6Prefix(64),
                                                          links[i].GetAddress(0, 1),
                                                          links[i].GetInterfaceIndex(1));
    }
    MptcpHelper mptcp;
    std::vector<Ipv6Address> segments;
    if (srv6 != "off")
    {
        Srv6Helper routing;
        routing.Install(nodes);
        if (srv6 == "segments")
        {
            segments = {Ipv6Address("fc00:1::1"), Ipv6Address("fc00:2::1")};
            routing.AddLocator(nodes.Get(1), Ipv6Address("fc00:1::"));
            routing.AddLocator(nodes.Get(2), Ipv6Address("fc00:2::"));
            routing.PopulateRoutes(nodes);
            for (uint32_t i = 0; i < 2; ++i)
            {
                Srv6Helper::AddSid(nodes.Get(i + 1), segments[i], Srv6Sid(Srv6Behavior::END));
            }
        }
    }
    mptcp.Install(NodeContainer(nodes.Get(0), nodes.Get(3)));

    uint64_t received = 0;
    Time last;
    auto listener = Socket::CreateSocket(nodes.Get(3), MptcpSocketFactory::GetTypeId());
    listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), PORT));
    Ptr<Socket> accepted;
    listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                Callback<void, Ptr<Socket>, const Address&>(
                                    [&](Ptr<Socket> socket, const Address&)
                                    {
                                        accepted = socket;
                                        socket->SetRecvCallback(Callback<void, Ptr<Socket>>(
                                            [&](Ptr<Socket> from)
                                            {
                                                while (const auto packet = from->Recv())
                                                {
                                                    if (packet->GetSize() == 0)
                                                    {
                                                        break;
                                                    }
                                                    received += packet->GetSize();
                                                    last = Simulator::Now();
                                                }
                                                if (received >= bytes)
                                                {
                                                    Simulator::Stop();
                                                }
                                            }));
                                    }));
    listener->Listen();
    const auto client = DynamicCast<MptcpSocket>(
        Socket::CreateSocket(nodes.Get(0), MptcpSocketFactory::GetTypeId()));
    client->SetAttribute("SegmentSize", UintegerValue(SEGMENT));
    client->SetSegmentList(segments);
    uint64_t sent = 0;
    const auto write = [&]
    {
        while (sent < bytes && client->GetTxAvailable() >= 3 * SEGMENT)
        {
            const auto size = static_cast<uint32_t>(std::min<uint64_t>(bytes - sent, 3 * SEGMENT));
            if (client->Send(Create<Packet>(size), 0) < 0)
            {
                return;
            }
            sent += size;
        }
    };
    client->SetAttribute("SndBufSize", UintegerValue(360 * SEGMENT));
    client->SetConnectCallback(Callback<void, Ptr<Socket>>([&](Ptr<Socket>) { write(); }),
                               MakeNullCallback<void, Ptr<Socket>>());
    client->SetSendCallback(
        Callback<void, Ptr<Socket>, uint32_t>([&](Ptr<Socket>, uint32_t) { write(); }));
    uint64_t frames = 0;
    nodes.Get(3)->GetObject<Ipv6L3Protocol>()->TraceConnectWithoutContext(
        "Rx",
        Callback<void, Ptr<const Packet>, Ptr<Ipv6>, uint32_t>(
            [&](Ptr<const Packet> packet, Ptr<Ipv6>, uint32_t)
            { frames += packet->GetSize() > SEGMENT; }));
    const Address to = Inet6SocketAddress(links[2].GetAddress(1, 1), PORT);
    constexpr double START = 2; // after duplicate address detection
    Simulator::ScheduleWithContext(
        nodes.Get(0)->GetId(), Seconds(START), [&] { client->Connect(to); });
    Simulator::Stop(Seconds(300));
    const double cpu = RunForCpuMicroseconds();
    std::cout << "received " << received << "\n"
              << "segments " << (received + SEGMENT - 1) / SEGMENT << "\n"
              << "frames " << frames << "\n"
              << "cpu_us " << cpu << "\n"
              << "goodput_mbps " << 8e-6 * received / (last.GetSeconds() - START) << "\n";
    Simulator::Destroy();
    return received == bytes ? 0 : 1;
}
