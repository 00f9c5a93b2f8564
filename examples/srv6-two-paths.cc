// SPDX-License-Identifier: GPL-2.0-only
/*
 * A host with one address and one link sends by two disjoint paths at once: the first subflow takes
 * the shortest path, the second one has a Segment Routing Header (RFC 8754) that leads it through
 * the other router. Then a router dies, and the connection goes on.
 *
 *                     upper router
 *                   /              \
 *   host -- near router         far router -- server
 *                   \              /
 *                     lower router
 *
 * The addresses are those of draft-hesmans-mptcp-socket-03, figure 11, with fdb8: for 2001:DB8:,
 * since ns-3 forwards nothing to 2001:db8::/32.
 */
#include "arguments.h"

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;

namespace
{

constexpr const char* HOST_NET = "fdb8:1111::";      //!< of the host's link
constexpr const char* LOWER_LOCATOR = "fdb8:2222::"; //!< of the lower router
constexpr const char* LOWER_SID = "fdb8:2222::1";    //!< End, which keeps the header
constexpr const char* SERVER_NET = "fdb8:3333::";    //!< of the server's link
constexpr double SETTLED = 5;                        //!< seconds until goodput is looked at
constexpr double PERIOD = 0.25;                      //!< seconds between points of the series

/// End the program because of a wrong argument. @param what is wrong
[[noreturn]] void
Refuse(const std::string& what)
{
    std::cerr << "srv6-two-paths: " << what << std::endl;
    std::exit(2);
}

/// What the command line asks for.
struct Experiment
{
    double upperRate{20};                         //!< Mb/s
    double lowerRate{10};                         //!< Mb/s
    double upperDelay{20};                        //!< ms, one way
    double lowerDelay{30};                        //!< ms, one way
    double duration{30};                          //!< s
    double diesAt{20};                            //!< s
    std::string dies{"lower"};                    //!< lower, upper or none
    std::string output{"results/srv6-two-paths"}; //!< folder
    bool pcap{false};                             //!< write what arrives at the server
};

/// A router's counters.
struct Counter
{
    uint64_t packets{0}; //!< forwarded
    uint64_t routed{0};  //!< of them with a Segment Routing Header
    uint64_t bytes{0};   //!< forwarded, with IPv6 headers
    uint32_t largest{0}; //!< bytes of the largest
};

/// @param argc number of arguments @param argv the arguments @return what they ask for
Experiment
ParseCommandLine(int argc, char* argv[])
{
    Experiment e;
    CommandLine cmd(__FILE__);
    using Text = const std::string&;
    const auto addPath = [&cmd](const std::string& name, double& rate, double& delay)
    {
        arguments::AddOption(cmd,
                             name + "Rate",
                             "Rate of the " + name + " path, in Mb/s, 0.1 to 1000",
                             std::to_string(std::lround(rate)),
                             [&rate](Text t)
                             { rate = arguments::ParseRate(t, 1e5, 1e9).GetBitRate() / 1e6; });
        arguments::AddOption(cmd,
                             name + "Delay",
                             "Delay of the " + name + " path, one way, in ms, 0 to 1000",
                             std::to_string(std::lround(delay)),
                             [&delay](Text t) {
                                 delay = arguments::ParseTime(t, 1e-3, 0, 1).GetNanoSeconds() / 1e6;
                             });
    };
    addPath("upper", e.upperRate, e.upperDelay);
    addPath("lower", e.lowerRate, e.lowerDelay);
    arguments::AddOption(
        cmd,
        "duration",
        "Length of the transfer, in s, 6 to 10000",
        "30",
        [&e](Text t) { e.duration = arguments::ParseTime(t, 1, SETTLED + 1, 10000).GetSeconds(); });
    arguments::AddOption(cmd,
                         "dies",
                         "The router that dies: lower, upper or none",
                         e.dies,
                         [&e](Text t)
                         {
                             if (t != "lower" && t != "upper" && t != "none")
                             {
                                 throw std::invalid_argument(
                                     "unknown; accepted: lower, upper, none");
                             }
                             e.dies = t;
                         });
    arguments::AddOption(
        cmd,
        "diesAt",
        "When it dies, in s, 6 to the transfer's end",
        "20",
        [&e](Text t) { e.diesAt = arguments::ParseTime(t, 1, SETTLED + 1, 10000).GetSeconds(); });
    arguments::AddOption(cmd,
                         "output",
                         "Folder for the results",
                         e.output,
                         [&e](Text t)
                         {
                             if (t.empty())
                             {
                                 throw std::invalid_argument("the name of a folder is missing");
                             }
                             e.output = t;
                         });
    cmd.AddValue("pcap", "Write the packets at host and server as pcap files", e.pcap);
    arguments::Parse(cmd, argc, argv);
    if (e.dies != "none" && e.diesAt > e.duration)
    {
        std::ostringstream text;
        text << "--diesAt=" << e.diesAt << ": not from " << SETTLED + 1 << " to " << e.duration;
        arguments::Refuse(cmd, text.str());
    }
    return e;
}

/**
 * Add a static route.
 * @param node where
 * @param prefix of destinations
 * @param length of it
 * @param gateway by whom
 * @param device to it
 */
void
AddRoute(Ptr<Node> node,
         const char* prefix,
         uint8_t length,
         const Ipv6Address& gateway,
         Ptr<NetDevice> device)
{
    Ipv6StaticRoutingHelper helper;
    const auto ipv6 = node->GetObject<Ipv6>();
    helper.GetStaticRouting(ipv6)->AddNetworkRouteTo(
        Ipv6Address(prefix), Ipv6Prefix(length), gateway, ipv6->GetInterfaceForDevice(device));
}

/// A link, with the addresses of its ends.
struct Link
{
    NetDeviceContainer devices;       //!< left, right
    Ipv6InterfaceContainer addresses; //!< left, right

    /// @param end 0 or 1 @return its global address
    Ipv6Address GetAddress(uint32_t end) const
    {
        return addresses.GetAddress(end, 1);
    }

    /// Route from one end by the other. @param end 0 or 1 @param prefix where to @param length of
    /// it
    void RouteFrom(uint32_t end, const char* prefix, uint8_t length) const
    {
        const auto device = devices.Get(end);
        AddRoute(device->GetNode(), prefix, length, GetAddress(1 - end), device);
    }
};

/// @param left @param right ends @param network /64 @param rate Mb/s @param delay ms @return a link
Link
AddLink(Ptr<Node> left, Ptr<Node> right, const std::string& network, double rate, double delay)
{
    PointToPointHelper helper;
    helper.SetDeviceAttribute(
        "DataRate", DataRateValue(DataRate(static_cast<uint64_t>(std::llround(rate * 1e6)))));
    helper.SetChannelAttribute("Delay", TimeValue(MicroSeconds(std::llround(delay * 1e3))));
    Link link;
    link.devices = helper.Install(left, right);
    Ipv6AddressHelper addresses(Ipv6Address(network.c_str()), Ipv6Prefix(64));
    link.addresses = addresses.Assign(link.devices);
    // Queues are those of the devices alone: 100 packets.
    TrafficControlHelper().Uninstall(link.devices);
    return link;
}

/// Count what a router forwards. @param router it @param counter its
void
Count(Ptr<Node> router, Counter* counter)
{
    router->GetObject<Ipv6L3Protocol>()->TraceConnectWithoutContext(
        "UnicastForward",
        Callback<void, const Ipv6Header&, Ptr<const Packet>, uint32_t>(
            [counter](const Ipv6Header& header, Ptr<const Packet> packet, uint32_t)
            {
                ++counter->packets;
                counter->routed += header.GetNextHeader() == Ipv6Header::IPV6_EXT_ROUTING;
                const uint32_t size = packet->GetSize() + header.GetSerializedSize();
                counter->bytes += size;
                counter->largest = std::max(counter->largest, size);
            }));
}

/// Let a router hear nothing any more. @param router it
void
Kill(Ptr<Node> router)
{
    for (uint32_t i = 0; i < router->GetNDevices(); ++i)
    {
        if (auto device = DynamicCast<PointToPointNetDevice>(router->GetDevice(i)))
        {
            auto all = CreateObject<RateErrorModel>();
            all->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
            all->SetRate(1);
            device->SetReceiveErrorModel(all);
        }
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    const Experiment e = ParseCommandLine(argc, argv);
    std::error_code failure;
    std::filesystem::create_directories(e.output, failure);
    std::ofstream series(e.output + "/goodput.dat");
    std::ofstream parameters(e.output + "/parameters.gp");
    if (!series || !parameters)
    {
        Refuse("--output=" + e.output + ": cannot be written");
    }

    const auto host = CreateObject<Node>();
    const auto near = CreateObject<Node>();
    const auto upper = CreateObject<Node>();
    const auto lower = CreateObject<Node>();
    const auto far = CreateObject<Node>();
    const auto server = CreateObject<Node>();
    const NodeContainer routers{near, upper, lower, far};
    const NodeContainer hosts{host, server};
    InternetStackHelper stack;
    stack.Install(NodeContainer(hosts, routers));
    for (auto router = routers.Begin(); router != routers.End(); ++router)
    {
        (*router)->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
    }

    const double fast = 100 * (e.upperRate + e.lowerRate);
    const Link access = AddLink(host, near, HOST_NET, fast, 1);
    const Link toUpper = AddLink(near, upper, "fdb8:4::", e.upperRate, e.upperDelay / 2);
    const Link toLower = AddLink(near, lower, "fdb8:5::", e.lowerRate, e.lowerDelay / 2);
    const Link fromUpper = AddLink(upper, far, "fdb8:6::", e.upperRate, e.upperDelay / 2);
    const Link fromLower = AddLink(lower, far, "fdb8:7::", e.lowerRate, e.lowerDelay / 2);
    const Link service = AddLink(far, server, SERVER_NET, fast, 1);

    // Routing knows the upper path only.
    access.RouteFrom(0, "::", 0);
    service.RouteFrom(1, "::", 0);
    toUpper.RouteFrom(0, SERVER_NET, 64);
    fromUpper.RouteFrom(0, SERVER_NET, 64);
    fromLower.RouteFrom(0, SERVER_NET, 64);
    fromUpper.RouteFrom(1, HOST_NET, 64);
    toUpper.RouteFrom(1, HOST_NET, 64);
    toLower.RouteFrom(1, HOST_NET, 64);

    Srv6Helper srv6;
    srv6.Install(NodeContainer(hosts, routers));
    const auto flows = Srv6Helper::WatchFlows(NodeContainer(hosts, routers));
    srv6.AddLocator(lower, Ipv6Address(LOWER_LOCATOR));
    srv6.PopulateRoutes(NodeContainer(hosts, routers));
    // Without PSP, so that the header arrives at the server, which sends back by it.
    Srv6Helper::AddSid(lower, Ipv6Address(LOWER_SID), Srv6Sid(Srv6Behavior::END));
    server->GetObject<Srv6Protocol>()->SetAttribute("ReflectPaths", BooleanValue(true));

    MptcpHelper mptcp;
    mptcp.SetPathManager(
        "ns3::MptcpSegmentPaths", "SegmentLists", StringValue(std::string(";") + LOWER_SID));
    mptcp.Install(hosts);

    const Address to = Inet6SocketAddress(service.GetAddress(1), 80);
    auto sink = CreateObject<ByteStreamApplication>();
    sink->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
    sink->SetAttribute("Local", AddressValue(Inet6SocketAddress(Ipv6Address::GetAny(), 80)));
    server->AddApplication(sink);
    auto source = CreateObject<ByteStreamApplication>();
    source->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
    source->SetAttribute("Remote", AddressValue(to));
    source->SetAttribute("MaxBytes",
                         UintegerValue(uint64_t{1} << 40)); // more than there is time for
    source->SetStartTime(MilliSeconds(1));
    host->AddApplication(source);

    Counter atUpper;
    Counter atLower;
    Count(upper, &atUpper);
    Count(lower, &atLower);
    if (e.pcap)
    {
        PointToPointHelper().EnablePcap(e.output + "/srv6-two-paths", hosts, true);
    }

    // Payload and wire bytes of full segments, once both subflows stand.
    double ceiling = 0;
    double survivor = 0;
    Simulator::Schedule(Seconds(SETTLED),
                        [&]
                        {
                            const auto socket = DynamicCast<MptcpSocket>(source->GetSocket());
                            for (const uint8_t id : socket->GetSubflowIds())
                            {
                                const auto subflow = socket->GetConnection()->FindSubflow(id);
                                constexpr uint32_t PPP = 2;
                                const bool isLower = !socket->GetSubflowSegments(id).empty();
                                const uint32_t wire = (isLower ? atLower : atUpper).largest + PPP;
                                const double rate = (isLower ? e.lowerRate : e.upperRate) *
                                                    subflow->subflow->GetMaxPayload() / wire;
                                ceiling += rate;
                                survivor += isLower == (e.dies != "lower") ? rate : 0;
                            }
                        });
    const bool kills = e.dies != "none";
    if (kills)
    {
        Simulator::Schedule(Seconds(e.diesAt), &Kill, e.dies == "lower" ? lower : upper);
    }
    const double watched = kills ? e.diesAt : e.duration;
    series << "# time in s, goodput, upper and lower router's forwarded packets in Mb/s\n";
    uint64_t lastReceived = 0;
    uint64_t lastUpper = 0;
    uint64_t lastLower = 0;
    uint64_t atSettled = 0;
    uint64_t atDeath = 0;
    uint64_t afterDeath = 0;
    const double recovered = std::min(e.diesAt + SETTLED, e.duration);
    Simulator::Schedule(Seconds(SETTLED), [&] { atSettled = sink->GetReceived(); });
    Simulator::Schedule(Seconds(watched), [&] { atDeath = sink->GetReceived(); });
    Simulator::Schedule(Seconds(recovered), [&] { afterDeath = sink->GetReceived(); });
    for (double at = PERIOD; at <= e.duration; at += PERIOD)
    {
        Simulator::Schedule(Seconds(at),
                            [&, at]
                            {
                                const auto rate = [](uint64_t now, uint64_t& last)
                                { return (now - std::exchange(last, now)) * 8 / PERIOD / 1e6; };
                                series << at - PERIOD / 2 << ' '
                                       << rate(sink->GetReceived(), lastReceived) << ' '
                                       << rate(atUpper.bytes, lastUpper) << ' '
                                       << rate(atLower.bytes, lastLower) << '\n';
                            });
    }

    Simulator::Stop(Seconds(e.duration));
    Simulator::Run();
    const uint64_t end = sink->GetReceived();
    const double goodput = (atDeath - atSettled) * 8 / (watched - SETTLED) / 1e6;
    bool good = sink->GetWrong() == 0 && ceiling > 0 && goodput >= 0.96 * ceiling;
    std::cout << "goodput from " << SETTLED << " to " << watched << " s: " << goodput << " of "
              << ceiling << " Mb/s that both paths can carry as payload\n";
    if (kills && recovered < e.duration)
    {
        const double later = (end - afterDeath) * 8 / (e.duration - recovered) / 1e6;
        std::cout << "goodput from " << recovered << " s on, without the " << e.dies
                  << " router: " << later << " of " << survivor << " Mb/s\n";
        good = good && later >= 0.9 * survivor;
    }
    std::cout << "wrong bytes: " << sink->GetWrong() << '\n';
    for (const auto& [name, counter] : {std::pair("upper", atUpper), std::pair("lower", atLower)})
    {
        std::cout << name << " router forwarded " << counter.packets << " packets, "
                  << counter.routed << " of them with a Segment Routing Header\n";
    }
    Srv6Helper::PrintTable(lower, Create<OutputStreamWrapper>(&std::cout));
    std::cout << "Flows with a Segment Routing Header\n";
    flows->Print(std::cout);
    parameters << "upper_rate = " << e.upperRate << "\nlower_rate = " << e.lowerRate
               << "\nceiling = " << ceiling << "\nduration = " << e.duration
               << "\ndies_at = " << (kills ? e.diesAt : e.duration) << "\ndies = '" << e.dies
               << "'\n";
    Simulator::Destroy();
    if (!series.flush() || !parameters.flush())
    {
        Refuse("--output=" + e.output + ": there is no room for the results");
    }
    if (!good)
    {
        std::cerr << "srv6-two-paths: below 0.96 of what both paths carry, 0.9 of what is left, or "
                     "wrong bytes"
                  << std::endl;
    }
    return good ? 0 : 1;
}
