// SPDX-License-Identifier: GPL-2.0-only
// An access of one's own: a phone with WiFi and a satellite, which is any pair of devices that ns-3
// has, given to the helper. WiFi falls silent in the middle of a download; the satellite goes on.
#include "arguments.h"

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"

using namespace ns3;

int
main(int argc, char* argv[])
{
    Time delay = MilliSeconds(270); // by a geostationary satellite
    DataRate rate("10Mbps");
    CommandLine cmd(__FILE__);
    using Text = const std::string&;
    arguments::AddOption(cmd,
                         "delay",
                         "of the satellite, one way, 0s to 1s",
                         "270ms",
                         [&](Text text) { delay = arguments::ParseTime(text, 1, 0, 1); });
    arguments::AddOption(cmd,
                         "rate",
                         "of the satellite, 100kbps to 100Mbps",
                         "10Mbps",
                         [&](Text text) { rate = arguments::ParseRate(text, 1e5, 1e8); });
    arguments::Parse(cmd, argc, argv);

    // The two devices, of a kind that the module knows nothing of: one on the phone, the other on
    // the node that is the phone's first router then.
    SmartphoneHelper network;
    SimpleNetDeviceHelper satellite;
    satellite.SetNetDevicePointToPointMode(true);
    satellite.SetChannel("ns3::SimpleChannel", "Delay", TimeValue(delay));
    satellite.SetDeviceAttribute("DataRate", DataRateValue(rate));
    const NodeContainer ends(network.GetPhone(), CreateObject<Node>());
    const NetDeviceContainer devices = satellite.Install(ends);
    network.SetAccess(SmartphoneHelper::CELLULAR,
                      CreateObject<DevicePairAccess>(devices.Get(0), devices.Get(1)));
    network.Build();
    network.ScheduleSilence(SmartphoneHelper::WIFI, Seconds(10), Seconds(20));
    MptcpHelper().Install(NodeContainer(network.GetPhone(), network.GetServer()));

    const TypeIdValue protocol(MptcpSocketFactory::GetTypeId());
    const AddressValue server(
        InetSocketAddress(std::get<Ipv4Address>(network.GetServerAddress(false)), 80));
    const uint64_t much = 1'000'000'000;
    auto sender = CreateObjectWithAttributes<ByteStreamApplication>(
        "Protocol", protocol, "Local", server, "MaxBytes", UintegerValue(much));
    auto receiver =
        CreateObjectWithAttributes<ByteStreamApplication>("Protocol", protocol, "Remote", server);
    network.GetServer()->AddApplication(sender);
    network.GetPhone()->AddApplication(receiver);

    const PhoneMeter meter(network.GetPhone(), {{devices.Get(0), CreateObject<LteRadioEnergy>()}});
    Simulator::Stop(Seconds(10));
    Simulator::Run();
    const uint64_t before = meter.GetAccounts(Simulator::Now())[0].down;
    Simulator::Stop(Seconds(10));
    Simulator::Run();
    const uint64_t after = meter.GetAccounts(Simulator::Now())[0].down - before;
    std::cout << receiver->GetReceived() / 1e6 << " MB, " << receiver->GetWrong()
              << " bytes of them wrong; over the satellite " << before / 1e6
              << " MB in 10 s with WiFi and " << after / 1e6 << " MB in 10 s without it"
              << std::endl;
    const bool right = receiver->GetWrong() == 0 && after > 1'000'000;
    Simulator::Destroy();
    return right ? 0 : 1;
}
