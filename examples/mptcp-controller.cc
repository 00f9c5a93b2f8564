// SPDX-License-Identifier: GPL-2.0-only
// A daemon on a phone manages the paths of all its connections: each gets a backup over cellular,
// and WiFi is left while it still works, as soon as the daemon is told that the user walks away.
// The uploads know nothing of it.
#include "arguments.h"

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
    uint32_t uploads = 3;
    CommandLine command(__FILE__);
    arguments::AddOption(command,
                         "uploads",
                         "connections of the phone, 1 to 20",
                         "3",
                         [&uploads](const std::string& text)
                         { uploads = arguments::ParseCount(text, 1, 20); });
    arguments::Parse(command, argc, argv);
    NodeContainer nodes(2);
    InternetStackHelper().Install(nodes);
    MptcpHelper().Install(nodes);
    // The daemon is the path manager.
    Config::SetDefault("ns3::MptcpSocket::PathManager", StringValue("ns3::MptcpNoPathManager"));

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("20Mbps"));
    link.SetChannelAttribute("Delay", StringValue("10ms"));
    Ipv4AddressHelper addresses("10.1.1.0", "255.255.255.0");
    const auto wifiDevices = link.Install(nodes);
    const auto wifi = addresses.Assign(wifiDevices);
    link.SetChannelAttribute("Delay", StringValue("30ms"));
    addresses.SetBase("10.1.2.0", "255.255.255.0");
    const auto cellular = addresses.Assign(link.Install(nodes));

    Ptr<MptcpController> daemon = MptcpController::Install(nodes.Get(0));
    daemon->AddEventCallback(
        [&](const MptcpControlEvent& event)
        {
            std::cout << Simulator::Now().GetSeconds() << " s: connection " << std::hex
                      << event.token << std::dec;
            if (event.kind == MptcpControlEvent::CONNECTION_CREATED)
            {
                uint8_t id = 0;
                const int error = daemon->OpenSubflow(event.token,
                                                      InetSocketAddress(cellular.GetAddress(0), 0),
                                                      InetSocketAddress(cellular.GetAddress(1), 0),
                                                      true,
                                                      id);
                std::cout << " created, backup opened as subflow " << +id << ": errno " << error;
            }
            else if (event.kind == MptcpControlEvent::CONNECTION_CLOSED)
            {
                std::cout << " closed";
            }
            else
            {
                std::cout << ", path event " << +event.path.kind << " of subflow "
                          << +event.path.subflowId;
            }
            std::cout << std::endl;
        });
    // What the radio tells the daemon: 1 s later there will be no WiFi.
    Simulator::Schedule(Seconds(4),
                        [&]
                        {
                            for (const auto& connection : daemon->GetConnections())
                            {
                                daemon->SetSubflowPriority(connection.token, 2, false);
                                daemon->CloseSubflow(connection.token, 1);
                            }
                        });
    auto lost = CreateObjectWithAttributes<RateErrorModel>("ErrorRate", DoubleValue(1));
    Simulator::Schedule(
        Seconds(5),
        [&]
        {
            wifiDevices.Get(0)->SetAttribute("ReceiveErrorModel", PointerValue(lost));
            wifiDevices.Get(1)->SetAttribute("ReceiveErrorModel", PointerValue(lost));
        });

    PacketSinkHelper sink("ns3::MptcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 80));
    auto server = sink.Install(nodes.Get(1));
    for (uint32_t i = 0; i < uploads; i++)
    {
        BulkSendHelper source("ns3::MptcpSocketFactory", InetSocketAddress(wifi.GetAddress(1), 80));
        source.SetAttribute("MaxBytes", UintegerValue(10000000 / uploads));
        source.Install(nodes.Get(0)).Start(Seconds(1));
    }
    Simulator::Stop(Seconds(20));
    Simulator::Run();
    const uint64_t expected = uint64_t{10000000 / uploads} * uploads;
    const uint64_t bytes = DynamicCast<PacketSink>(server.Get(0))->GetTotalRx();
    std::cout << bytes << " of " << expected << " bytes" << std::endl;
    Simulator::Destroy();
    return bytes == expected ? 0 : 1;
}
