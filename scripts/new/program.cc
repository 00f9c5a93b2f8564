// SPDX-License-Identifier: GPL-2.0-only
// NAME: two nodes joined by two links, one Multipath TCP connection over both. Writes the packets
// of the receiver (NAME-*.pcap), and goodput and congestion windows for NAME.gp to draw.
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

using namespace ns3;

namespace
{

constexpr uint32_t LINKS = 2;
constexpr double STEP = 0.5;                     // s between samples
std::array<uint64_t, LINKS> g_arrived{};         // bytes that came over each link
std::array<Ptr<MptcpSubflow>, LINKS> g_subflows; // the sender's, when they are there
std::ofstream g_goodput;
std::ofstream g_window;

/// The link that a subflow uses: its network is 10.1.LINK.0, from 1.
uint32_t
LinkOf(const MptcpSubflow& subflow)
{
    return (std::get<Ipv4Address>(subflow.GetTuple().localAddress).Get() >> 8 & 0xff) - 1;
}

/// At the receiver: bytes have arrived.
void
OnData(Ptr<MptcpSubflow> subflow, uint64_t /* dataSequence */, uint32_t length, bool again)
{
    g_arrived[LinkOf(*subflow)] += again ? 0 : length;
}

/// At the sender: a subflow can be used.
void
OnSubflow(Ptr<MptcpSubflow> subflow)
{
    g_subflows[LinkOf(*subflow)] = subflow;
}

/// At the receiver: a connection begins.
void
OnReceiverConnection(Ptr<Object> connection)
{
    connection->TraceConnectWithoutContext("DataReceived", MakeCallback(&OnData));
}

/// At the sender: the same.
void
OnSenderConnection(Ptr<Object> connection)
{
    connection->TraceConnectWithoutContext("SubflowEstablished", MakeCallback(&OnSubflow));
}

/// A line for each series. What was lost and is sent again lets go of all that waited behind it.
void
Sample()
{
    const double now = Simulator::Now().GetSeconds();
    g_goodput << now;
    g_window << now;
    for (uint32_t link = 0; link < LINKS; ++link)
    {
        g_goodput << " " << g_arrived[link] * 8 / STEP / 1e6;
        g_window << " " << (g_subflows[link] ? g_subflows[link]->GetCongestionWindow() / 1e3 : 0);
        g_arrived[link] = 0;
    }
    g_goodput << "\n";
    g_window << "\n";
    Simulator::Schedule(Seconds(STEP), &Sample);
}

} // namespace

int
main(int argc, char* argv[])
{
    std::array<DataRate, LINKS> rate{DataRate("10Mbps"), DataRate("5Mbps")};
    std::array<Time, LINKS> delay{MilliSeconds(20), MilliSeconds(50)};
    double duration = 20;
    CommandLine cmd(__FILE__);
    cmd.AddValue("rate1", "of the first link, 10kbps to 1Gbps", rate[0]);
    cmd.AddValue("rate2", "of the second link, 10kbps to 1Gbps", rate[1]);
    cmd.AddValue("delay1", "of the first link, one way, 0s to 10s", delay[0]);
    cmd.AddValue("delay2", "of the second link, one way, 0s to 10s", delay[1]);
    // ns-3 itself would take 20ms for 20.
    cmd.AddValue(
        "duration",
        "of the transfer, in s, 2 to 10000",
        [&duration](const std::string& text)
        {
            std::istringstream stream(text);
            stream >> duration;
            return !stream.fail() && (stream >> std::ws).eof();
        },
        "20");
    cmd.Parse(argc, argv);
    if (cmd.GetNExtraNonOptions() > 0)
    {
        std::cerr << "NAME: unknown argument " << cmd.GetExtraNonOption(0)
                  << "; accepted: --OPTION=VALUE, and --help lists the options" << std::endl;
        return 2;
    }
    const auto [slowest, fastest] = std::minmax(rate[0], rate[1]);
    const auto [nearest, farthest] = std::minmax(delay[0], delay[1]);
    if (slowest < DataRate("10kbps") || fastest > DataRate("1Gbps") ||
        nearest.IsStrictlyNegative() || farthest > Seconds(10) ||
        !(duration >= 2 && duration <= 10'000))
    {
        std::cerr << "NAME: accepted: rates of 10kbps to 1Gbps, delays of 0s to 10s, a duration of "
                     "2 to 10000 s"
                  << std::endl;
        return 2;
    }
    g_goodput.open("goodput.dat");
    g_window.open("window.dat");

    NodeContainer nodes(2);
    InternetStackHelper().Install(nodes);
    MptcpHelper().Install(nodes);
    nodes.Get(0)->GetObject<MptcpL4Protocol>()->TraceConnectWithoutContext(
        "NewConnection", MakeCallback(&OnSenderConnection));
    nodes.Get(1)->GetObject<MptcpL4Protocol>()->TraceConnectWithoutContext(
        "NewConnection", MakeCallback(&OnReceiverConnection));

    PointToPointHelper helper;
    std::array<Ipv4InterfaceContainer, LINKS> interfaces;
    for (uint32_t link = 0; link < LINKS; ++link)
    {
        helper.SetDeviceAttribute("DataRate", DataRateValue(rate[link]));
        helper.SetChannelAttribute("Delay", TimeValue(delay[link]));
        NetDeviceContainer devices = helper.Install(nodes);
        const std::string network = "10.1." + std::to_string(link + 1) + ".0";
        interfaces[link] = Ipv4AddressHelper(network.c_str(), "255.255.255.0").Assign(devices);
        helper.EnablePcap("NAME", devices.Get(1), true);
    }

    PacketSinkHelper sink("ns3::MptcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 80));
    auto receiver = sink.Install(nodes.Get(1));
    BulkSendHelper source("ns3::MptcpSocketFactory",
                          InetSocketAddress(interfaces[0].GetAddress(1), 80));
    source.SetAttribute("MaxBytes", UintegerValue(0));
    source.Install(nodes.Get(0)).Start(Seconds(0));

    Simulator::Schedule(Seconds(STEP), &Sample);
    Simulator::Stop(Seconds(duration));
    Simulator::Run();
    const double bytes = DynamicCast<PacketSink>(receiver.Get(0))->GetTotalRx();
    std::cout << bytes * 8 / duration / 1e6 << " Mb/s over links of " << rate[0].GetBitRate() / 1e6
              << " and " << rate[1].GetBitRate() / 1e6 << " Mb/s" << std::endl;
    g_subflows = {};
    Simulator::Destroy();
    return 0;
}
