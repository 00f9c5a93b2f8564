// SPDX-License-Identifier: GPL-2.0-only
// A first program: two nodes joined by two links, one connection that uses both.
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

using namespace ns3;

int
main(int argc, char* argv[])
{
    CommandLine(__FILE__).Parse(argc, argv);
    NodeContainer nodes(2);
    InternetStackHelper().Install(nodes);
    MptcpHelper().Install(nodes);

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("20ms"));
    Ipv4AddressHelper first("10.1.1.0", "255.255.255.0");
    Ipv4AddressHelper second("10.1.2.0", "255.255.255.0");
    auto interfaces = first.Assign(link.Install(nodes));
    second.Assign(link.Install(nodes));

    PacketSinkHelper sink("ns3::MptcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 80));
    auto receiver = sink.Install(nodes.Get(1));
    BulkSendHelper source("ns3::MptcpSocketFactory",
                          InetSocketAddress(interfaces.GetAddress(1), 80));
    source.SetAttribute("MaxBytes", UintegerValue(0));
    source.Install(nodes.Get(0)).Start(Seconds(1));

    Simulator::Stop(Seconds(11));
    Simulator::Run();
    const double bytes = DynamicCast<PacketSink>(receiver.Get(0))->GetTotalRx();
    std::cout << bytes * 8 / 10 / 1e6 << " Mb/s over two links of 10 Mb/s" << std::endl;
    Simulator::Destroy();
    return bytes * 8 / 10 > 15e6 ? 0 : 1;
}
