// SPDX-License-Identifier: GPL-2.0-only
/*
 * Segment routing between a simulated network and the kernel of this machine, for interop/srv6.py.
 *
 * --role=host: a simulated host sends to a kernel by two subflows, the second one with a Segment
 * Routing Header whose segment is a SID of another kernel:
 *
 *   host fd01::1 -- edge fd09::1 -- tap0 of the namespace: fd09::2
 *
 * --role=routers: two simulated routers between two kernels:
 *
 *   tap0: fd11::2 -- fd11::1 first -- second fd12::1 -- fd12::2: tap0 of the other namespace
 *
 * first has fc00:1::e (End) and fc00:1::a (End.X to second), second has fc00:2::e (End with PSP)
 * and fc00:2::d6 (End.DT6).
 */
#include "namespace-tap.h"

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <functional>
#include <iostream>
#include <poll.h>
#include <string>

using namespace ns3;

namespace
{

/// @param device gets the address @param address it, in a /64
void
Assign(Ptr<NetDevice> device, const char* address)
{
    const auto ipv6 = device->GetNode()->GetObject<Ipv6>();
    const uint32_t interface = ipv6->AddInterface(device);
    ipv6->AddAddress(interface, Ipv6InterfaceAddress(Ipv6Address(address), Ipv6Prefix(64)));
    ipv6->SetUp(interface);
}

/// @param device by which @param prefix where to @param length of it @param gateway by whom
void
Route(Ptr<NetDevice> device, const char* prefix, uint8_t length, const char* gateway)
{
    const auto ipv6 = device->GetNode()->GetObject<Ipv6>();
    Ipv6StaticRoutingHelper helper;
    helper.GetStaticRouting(ipv6)->AddNetworkRouteTo(Ipv6Address(prefix),
                                                     Ipv6Prefix(length),
                                                     Ipv6Address(gateway),
                                                     ipv6->GetInterfaceForDevice(device));
}

/// Stop the simulation once the standard input has come to its end.
void
StopAtEof()
{
    pollfd input{0, POLLIN, 0};
    char byte = 0;
    if (poll(&input, 1, 0) > 0 && read(0, &byte, 1) <= 0)
    {
        Simulator::Stop();
        return;
    }
    Simulator::Schedule(MilliSeconds(50), &StopAtEof);
}

/// @param link connects them @param left @param right nodes @return the devices
NetDeviceContainer
Connect(PointToPointHelper& link, Ptr<Node> left, Ptr<Node> right)
{
    return link.Install(NodeContainer(left, right));
}

/// A simulated host. @param netns whose tap0 leads to the kernel @param bytes that it sends
/// @param segment of the second subflow @param pcap where to capture
void
RunHost(const std::string& netns,
        uint64_t bytes,
        const std::string& segment,
        const std::string& pcap)
{
    const NodeContainer nodes(2);
    const auto host = nodes.Get(0);
    const auto edge = nodes.Get(1);
    InternetStackHelper().Install(nodes);
    edge->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
    Srv6Helper().Install(host);
    MptcpHelper mptcp;
    mptcp.SetPathManager("ns3::MptcpSegmentPaths", "SegmentLists", StringValue(";" + segment));
    mptcp.Install(host);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("20Mbps"));
    link.SetChannelAttribute("Delay", StringValue("5ms"));
    const auto ends = Connect(link, host, edge);
    Assign(ends.Get(0), "fd01::1");
    Assign(ends.Get(1), "fd01::2");
    const auto tap = AddTap(edge, netns, "tap0");
    Assign(tap, "fd09::1");
    Route(ends.Get(0), "::", 0, "fd01::2");
    Route(tap, "::", 0, "fd09::2");
    if (!pcap.empty())
    {
        link.EnablePcap(pcap + "-host", ends.Get(0), true);
    }
    auto application = CreateObject<ByteStreamApplication>();
    application->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
    application->SetAttribute("MaxBytes", UintegerValue(bytes));
    application->SetAttribute("Remote",
                              AddressValue(Inet6SocketAddress(Ipv6Address("fd0a::2"), 5001)));
    application->SetStartTime(Seconds(0.3));
    host->AddApplication(application);
    uint64_t routed = 0;
    std::function<void()> watch = [&]()
    {
        const auto socket = DynamicCast<MptcpSocket>(application->GetSocket());
        for (const uint8_t id : socket ? socket->GetSubflowIds() : std::vector<uint8_t>())
        {
            if (!socket->GetSubflowSegments(id).empty())
            {
                const auto subflow = socket->GetConnection()->FindSubflow(id);
                routed = std::max(routed, subflow->subflow->GetDetails().bytesAcked);
            }
        }
        if (application->AtEnd() && application->GetSent() == bytes)
        {
            // The last acknowledgments still travel.
            Simulator::Stop(Seconds(0.5));
            return;
        }
        Simulator::Schedule(MilliSeconds(20), watch);
    };
    Simulator::Schedule(Seconds(0.3), watch);
    Simulator::Run();
    std::cout << "{\"sent\": " << application->GetSent()
              << ", \"received\": " << application->GetReceived()
              << ", \"wrong\": " << application->GetWrong()
              << ", \"end\": " << (application->AtEnd() ? "true" : "false")
              << ", \"routed\": " << routed << "}" << std::endl;
}

/// Simulated routers. @param netns whose tap0 leads to one kernel @param other namespace of the
/// other one @param pcap where to capture
void
RunRouters(const std::string& netns, const std::string& other, const std::string& pcap)
{
    const NodeContainer nodes(2);
    const auto first = nodes.Get(0);
    const auto second = nodes.Get(1);
    InternetStackHelper().Install(nodes);
    Srv6Helper srv6;
    srv6.Install(nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("30Mbps"));
    link.SetChannelAttribute("Delay", StringValue("5ms"));
    const auto ends = Connect(link, first, second);
    const auto left = AddTap(first, netns, "tap0");
    const auto right = AddTap(second, other, "tap0");
    Assign(ends.Get(0), "fd10::1");
    Assign(ends.Get(1), "fd10::2");
    Assign(left, "fd11::1");
    Assign(right, "fd12::1");
    Route(ends.Get(0), "fd12::", 64, "fd10::2");
    Route(ends.Get(1), "fd11::", 64, "fd10::1");
    srv6.AddLocator(first, Ipv6Address("fc00:1::"));
    srv6.AddLocator(second, Ipv6Address("fc00:2::"));
    srv6.PopulateRoutes(nodes);
    Srv6Helper::AddSid(first, Ipv6Address("fc00:1::e"), Srv6Sid(Srv6Behavior::END));
    Srv6Helper::AddSid(
        first, Ipv6Address("fc00:1::a"), Srv6Sid(Srv6Behavior::END_X, 0, {Ipv6Address("fd10::2")}));
    Srv6Helper::AddSid(second, Ipv6Address("fc00:2::e"), Srv6Sid(Srv6Behavior::END, SRV6_PSP));
    Srv6Helper::AddSid(second, Ipv6Address("fc00:2::d6"), Srv6Sid(Srv6Behavior::END_DT6));
    if (!pcap.empty())
    {
        link.EnablePcap(pcap + "-router", ends.Get(0), true);
    }
    Simulator::Schedule(Seconds(0.2), &StopAtEof);
    Simulator::Run();
    std::cout << "{";
    const char* separator = "";
    for (const auto& [node, name] : {std::pair(first, "fc00:1::e"),
                                     std::pair(first, "fc00:1::a"),
                                     std::pair(second, "fc00:2::e"),
                                     std::pair(second, "fc00:2::d6")})
    {
        const auto* sid = node->GetObject<Srv6Protocol>()->FindSid(Ipv6Address(name));
        std::cout << separator << "\"" << name << "\": [" << sid->counters.packets << ", "
                  << sid->counters.drops << "]";
        separator = ", ";
    }
    std::cout << "}" << std::endl;
}

} // namespace

int
main(int argc, char* argv[])
{
    std::string role = "host";
    std::string netns;
    std::string other;
    std::string segment = "fc00:9::e";
    std::string pcap;
    uint64_t bytes = 0;
    double limit = 60;
    CommandLine cmd(__FILE__);
    cmd.AddValue("role", "host or routers", role);
    cmd.AddValue("netns", "Network namespace whose tap0 leads here", netns);
    cmd.AddValue("other", "The same behind the second router", other);
    cmd.AddValue("segment", "SID of the kernel that the second subflow goes by", segment);
    cmd.AddValue("bytes", "What the host sends", bytes);
    cmd.AddValue(
        "limit",
        "Longest run, in s; routers end with the standard input, a host with its connection",
        limit);
    cmd.AddValue("pcap", "Prefix of packet captures", pcap);
    cmd.Parse(argc, argv);
    if (role != "host" && role != "routers")
    {
        std::cerr << "--role=" << role << ": unknown; accepted: host, routers" << std::endl;
        return 2;
    }
    GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::RealtimeSimulatorImpl"));
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    // The kernel's advertisements carry no link-layer address, which ns-3 takes for unreachable.
    Config::SetDefault("ns3::Icmpv6L4Protocol::DelayFirstProbe", TimeValue(Seconds(1000)));
    Config::SetDefault("ns3::Icmpv6L4Protocol::ReachableTime", TimeValue(Seconds(10000)));
    Config::SetDefault("ns3::Icmpv6L4Protocol::DAD", BooleanValue(false));
    RngSeedManager::SetRun(getpid());
    Simulator::Schedule(Seconds(0.2), []() { std::cout << "ready" << std::endl; });
    Simulator::Stop(Seconds(limit));
    if (role == "host")
    {
        RunHost(netns, bytes, segment, pcap);
    }
    else
    {
        RunRouters(netns, other, pcap);
    }
    Simulator::Destroy();
    return 0;
}
