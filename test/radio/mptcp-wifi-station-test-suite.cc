// SPDX-License-Identifier: GPL-2.0-only
#include "wifi-download.h"

#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-access.h"
#include "ns3/wifi-mac-header.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-station.h"

#include <functional>
#include <string>

using namespace ns3;

namespace
{

constexpr auto WIFI = SmartphoneHelper::WIFI;

/// A frame has come that the phone answers after a SIFS (16 us). In between its firmware decides
/// for another channel, in whose 250 us of changing ns-3's radio must not be given anything to
/// send.
class ChannelChangeTest : public TestCase
{
  public:
    /// @param delay of the decision, after the end of the frame
    explicit ChannelChangeTest(Time delay)
        : TestCase("A phone changes channels " + std::to_string(delay.GetMicroSeconds()) +
                   " us after a frame"),
          m_delay(delay)
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        auto access = DynamicCast<WifiAccess>(PhoneAccess::Create("wifi"));
        access->SetAttribute("AccessPoints", StringValue("0,0 10,0"));
        access->SetAttribute("ChannelWidth", UintegerValue(20));
        network.SetAccess(WIFI, access);
        network.Build();
        network.AssignStreams(1000);
        DownloadOverWifi(network);

        const auto device = DynamicCast<WifiNetDevice>(network.GetPhoneDevice(WIFI));
        const Ptr<WifiPhy> phy = device->GetPhy();
        WifiStation::Settings settings;
        for (uint32_t i = 0; i < 2; ++i)
        {
            settings.accessPoints.push_back({FindRadio(access->GetAccessPoints().Get(i)),
                                             CHANNELS[i],
                                             device->GetMac()->GetSsid()});
        }
        settings.away = "{44, 20, BAND_5GHZ, 0}";
        settings.mean = [](uint32_t accessPoint) { return accessPoint == 1 ? -30 : -60; };
        settings.onUsable = [](bool) {};
        settings.onSignal = [](double) {};
        WifiStation firmware(device, settings);

        Time decided;
        const std::function<void(Ptr<const Packet>)> onFrame = [&](Ptr<const Packet> frame)
        {
            WifiMacHeader header;
            frame->PeekHeader(header);
            if (decided.IsZero() && Simulator::Now() > Seconds(2) && header.IsQosData() &&
                header.GetAddr1() == device->GetMac()->GetAddress())
            {
                decided = Simulator::Now() + m_delay;
                Simulator::Schedule(m_delay, [&firmware]() { firmware.Start(); });
            }
        };
        phy->TraceConnectWithoutContext("PhyRxEnd", Callback<void, Ptr<const Packet>>(onFrame));
        uint8_t before = 0;
        uint8_t after = 0;
        Simulator::Schedule(Seconds(2), [&]() { before = phy->GetChannelNumber(); });
        Simulator::Schedule(Seconds(3), [&]() { after = phy->GetChannelNumber(); });
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(decided.IsZero(), false, "a frame came");
        NS_TEST_EXPECT_MSG_EQ(+before, 36, "the first one's channel");
        NS_TEST_EXPECT_MSG_EQ(+after, 40, "the second one's channel");
        Simulator::Destroy();
    }

    /// @param node with a radio @return it
    static Ptr<WifiNetDevice> FindRadio(Ptr<Node> node)
    {
        for (uint32_t i = 0; i < node->GetNDevices(); ++i)
        {
            if (const auto radio = DynamicCast<WifiNetDevice>(node->GetDevice(i)))
            {
                return radio;
            }
        }
        return nullptr;
    }

    static constexpr const char* CHANNELS[]{"{36, 20, BAND_5GHZ, 0}", "{40, 20, BAND_5GHZ, 0}"};

    Time m_delay; //!< of the decision
};

/// The suite.
class WifiStationTestSuite : public TestSuite
{
  public:
    WifiStationTestSuite()
        : TestSuite("mptcp-wifi-station", Type::UNIT)
    {
        for (const uint32_t delay : {0, 1, 8, 15, 16, 17, 24, 25, 26, 60})
        {
            AddTestCase(new ChannelChangeTest(MicroSeconds(delay)));
        }
    }
};

WifiStationTestSuite g_wifiStationTestSuite; //!< the suite

} // namespace
