// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ping and traceroute through segments, as RFC 9259 shows them (appendix A, figures 2, 3 and 4), in
 * what these need of its figure 1:
 *
 *       link1      link3, link4      link5      link9, link10
 *   N1 ------- N2 ============== N3 ------- N4 =============== N5
 *
 * N1, N2 and N4 have segment routing, N3 and N5 are plain IPv6 nodes. Link n is fd00:n::/64, with
 * ::1 on its left and ::2 on its right. Routing goes by link 4; fc00:2::31 and fc00:4::52 are SIDs
 * of N2 and N4 that leave by link 3 and link 10 (End.X), and fc00:4:: is End of N4.
 *
 *   ./mptcp run srv6-ping                                                    figures 2 and 3
 *   ./mptcp run srv6-ping --destination=fc00:4:: --segments=fc00:2::31       figure 4
 */
#include "arguments.h"

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <unistd.h>
#include <utility>

using namespace ns3;

namespace
{

constexpr uint32_t NODES = 5; //!< N1 to N5

/// The network.
class Network
{
  public:
    Network()
    {
        m_nodes.Create(NODES);
        InternetStackHelper stack;
        stack.Install(m_nodes);
        for (uint32_t number = 2; number <= NODES; ++number)
        {
            Get(number)->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
        }
        AddLink(1, 2, 1);
        AddLink(2, 3, 3);
        AddLink(2, 3, 4);
        AddLink(3, 4, 5);
        AddLink(4, 5, 9);
        AddLink(4, 5, 10);
        Route(1, "::", 0, "fd00:1::2", 1);
        Route(2, "fc00:4::", 32, "fd00:4::2", 4);
        Route(2, "fd00::", 16, "fd00:4::2", 4);
        Route(3, "fc00:2::", 32, "fd00:3::1", 3);
        Route(3, "fd00:1::", 64, "fd00:3::1", 3);
        Route(3, "fc00:4::", 32, "fd00:5::2", 5);
        Route(3, "fd00::", 16, "fd00:5::2", 5);
        Route(4, "fd00:1::", 64, "fd00:5::1", 5);
        Route(5, "::", 0, "fd00:10::1", 10);

        Srv6Helper srv6;
        srv6.Install(NodeContainer(Get(1), Get(2), Get(4)));
        Srv6Helper::AddSid(Get(2),
                           Ipv6Address("fc00:2::31"),
                           Srv6Sid(Srv6Behavior::END_X, 0, {Ipv6Address("fd00:3::2")}));
        // With PSP, since N5 knows nothing of the header.
        Srv6Helper::AddSid(Get(4),
                           Ipv6Address("fc00:4::52"),
                           Srv6Sid(Srv6Behavior::END_X, SRV6_PSP, {Ipv6Address("fd00:10::2")}));
        Srv6Helper::AddSid(Get(4), Ipv6Address("fc00:4::"), Srv6Sid(Srv6Behavior::END));
    }

    /// @param number of a node, as in the figure @return it
    Ptr<Node> Get(uint32_t number) const
    {
        return m_nodes.Get(number - 1);
    }

    /// @return all nodes
    const NodeContainer& GetNodes() const
    {
        return m_nodes;
    }

  private:
    /// Link two nodes. @param left @param right numbers of them @param number of the link
    void AddLink(uint32_t left, uint32_t right, uint32_t number)
    {
        PointToPointHelper helper;
        helper.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
        helper.SetChannelAttribute("Delay", StringValue("1ms"));
        const auto devices = helper.Install(Get(left), Get(right));
        for (uint32_t end = 0; end < 2; ++end)
        {
            const auto device = devices.Get(end);
            const auto ipv6 = device->GetNode()->GetObject<Ipv6>();
            const uint32_t interface = ipv6->AddInterface(device);
            const std::string address =
                "fd00:" + std::to_string(number) + "::" + std::to_string(end + 1);
            ipv6->AddAddress(interface,
                             Ipv6InterfaceAddress(Ipv6Address(address.c_str()), Ipv6Prefix(64)));
            ipv6->SetUp(interface);
        }
        m_devices[{left, number}] = devices.Get(0);
        m_devices[{right, number}] = devices.Get(1);
    }

    /// Add a static route. @param node number of it @param prefix of destinations @param length of
    /// that @param gateway by whom @param link number of the link to it
    void
    Route(uint32_t node, const char* prefix, uint8_t length, const char* gateway, uint32_t link)
    {
        const auto ipv6 = Get(node)->GetObject<Ipv6>();
        Ipv6StaticRoutingHelper().GetStaticRouting(ipv6)->AddNetworkRouteTo(
            Ipv6Address(prefix),
            Ipv6Prefix(length),
            Ipv6Address(gateway),
            ipv6->GetInterfaceForDevice(m_devices.at({node, link})));
    }

    NodeContainer m_nodes;                                             //!< N1 to N5
    std::map<std::pair<uint32_t, uint32_t>, Ptr<NetDevice>> m_devices; //!< by node and link
};

} // namespace

int
main(int argc, char* argv[])
{
    std::string destination = "fd00:10::2";
    std::string segments = "fc00:2::31,fc00:4::52";
    uint32_t count = 5;
    uint32_t size = 100;
    bool echo = false;
    std::string pcap;
    CommandLine cmd(__FILE__);
    using Text = const std::string&;
    arguments::AddOption(cmd,
                         "destination",
                         "Where to: an IPv6 address or a SID",
                         destination,
                         [&](Text t) { destination = t; });
    arguments::AddOption(cmd,
                         "segments",
                         "Segments before it, with commas between them",
                         segments,
                         [&](Text t) { segments = t; });
    arguments::AddOption(cmd,
                         "count",
                         "Number of Echo Requests of the ping, 1 to 1000",
                         "5",
                         [&](Text t) { count = arguments::ParseCount(t, 1, 1000); });
    arguments::AddOption(cmd,
                         "size",
                         "Bytes of each probe behind the header of ICMPv6 or UDP, 2 to 63000",
                         "100",
                         [&](Text t) { size = arguments::ParseCount(t, 2, 63000); });
    cmd.AddValue("echo", "Trace by Echo Requests, not by UDP datagrams", echo);
    arguments::AddOption(cmd,
                         "pcap",
                         "Folder for the packets of all links; empty: not written",
                         "",
                         [&](Text t) { pcap = t; });
    arguments::Parse(cmd, argc, argv);
    const auto to = ParseIpAddress(destination);
    if (!to || !IsIpv6(*to))
    {
        arguments::Refuse(cmd, "--destination=" + destination + ": not an IPv6 address");
    }

    const Network network;
    const auto ping = Srv6Helper::AddPing(network.Get(1), std::get<Ipv6Address>(*to));
    const auto traceroute = Srv6Helper::AddTraceroute(network.Get(1), std::get<Ipv6Address>(*to));
    for (const Ptr<Srv6Probe>& probe : {Ptr<Srv6Probe>(ping), Ptr<Srv6Probe>(traceroute)})
    {
        if (!probe->SetAttributeFailSafe("Segments", StringValue(segments)))
        {
            arguments::Refuse(cmd,
                              "--segments=" + segments +
                                  ": not up to 126 IPv6 addresses with commas between them");
        }
        probe->SetAttribute("Size", UintegerValue(size));
    }
    ping->SetAttribute("Count", UintegerValue(count));
    ping->SetStartTime(Seconds(2)); // after duplicate address detection
    traceroute->SetAttribute("EchoRequests", BooleanValue(echo));
    traceroute->SetStartTime(Seconds(3) + Seconds(count));
    if (!pcap.empty())
    {
        std::error_code failure;
        std::filesystem::create_directories(pcap, failure);
        if (failure || access(pcap.c_str(), W_OK) != 0)
        {
            arguments::Refuse(cmd, "--pcap=" + pcap + ": no folder that can be written to");
        }
        PointToPointHelper().EnablePcap(pcap + "/srv6-ping", network.GetNodes());
    }

    Simulator::Run();
    ping->Print(std::cout);
    traceroute->Print(std::cout);
    const bool good = ping->GetReceived() == count && traceroute->IsReached();
    Simulator::Destroy();
    if (!good)
    {
        std::cerr << "srv6-ping: " << destination << " does not answer" << std::endl;
    }
    return good ? 0 : 1;
}
