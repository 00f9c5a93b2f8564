// SPDX-License-Identifier: GPL-2.0-only
#include "wifi-download.h"

#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-access.h"
#include "ns3/wifi-mac-header.h"
#include "ns3/wifi-mac-queue.h"
#include "ns3/wifi-mac.h"
#include "ns3/wifi-mpdu.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-station.h"

#include <functional>
#include <optional>
#include <string>

using namespace ns3;

namespace
{

constexpr auto WIFI = SmartphoneHelper::WIFI;

/// A phone that downloads near two access points, associated with the first one.
struct Rig
{
    Rig()
    {
        access = DynamicCast<WifiAccess>(PhoneAccess::Create("wifi"));
        access->SetAttribute("AccessPoints", StringValue("0,0 10,0"));
        access->SetAttribute("ChannelWidth", UintegerValue(20));
        network.SetAccess(WIFI, access);
        network.Build();
        network.AssignStreams(1000);
        DownloadOverWifi(network);
        device = DynamicCast<WifiNetDevice>(network.GetPhoneDevice(WIFI));
    }

    /// @return for a firmware that finds the second access point better after 2 s
    WifiStation::Settings GetSettings() const
    {
        constexpr const char* CHANNELS[]{"{36, 20, BAND_5GHZ, 0}", "{40, 20, BAND_5GHZ, 0}"};
        WifiStation::Settings settings;
        for (uint32_t i = 0; i < 2; ++i)
        {
            settings.accessPoints.push_back({FindRadio(access->GetAccessPoints().Get(i)),
                                             CHANNELS[i],
                                             device->GetMac()->GetSsid()});
        }
        settings.away = "{44, 20, BAND_5GHZ, 0}";
        settings.mean = [](uint32_t accessPoint)
        { return accessPoint == 1 && Simulator::Now() > Seconds(2) ? -30 : -60; };
        settings.onUsable = [](bool) {};
        settings.onSignal = [](double) {};
        return settings;
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

    SmartphoneHelper network;  //!< all of it
    Ptr<WifiAccess> access;    //!< the phone's
    Ptr<WifiNetDevice> device; //!< its radio
};

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
        Rig rig;
        const auto device = rig.device;
        const Ptr<WifiPhy> phy = device->GetPhy();
        WifiStation firmware(device, rig.GetSettings());

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

    Time m_delay; //!< of the decision
};

/// ns-3's queues are emptied as the radio changes channels or loses its beacons, and one of them
/// has only a frame that has waited for longer than it may.
class ExpiredFrameTest : public TestCase
{
  public:
    /// @param lost whether it loses its beacons
    explicit ExpiredFrameTest(bool lost)
        : TestCase(std::string("A frame has waited for too long when a phone ") +
                   (lost ? "loses its beacons" : "changes channels")),
          m_lost(lost)
    {
    }

  private:
    void DoRun() override
    {
        Rig rig;
        const Ptr<WifiMac> mac = rig.device->GetMac();
        std::optional<WifiStation> firmware;
        if (m_lost)
        {
            rig.network.ScheduleSilence(WIFI, Seconds(2), Seconds(4));
        }
        else
        {
            firmware.emplace(rig.device, rig.GetSettings());
            Simulator::Schedule(Seconds(3), [&firmware]() { firmware->Start(); });
        }
        // In a queue that nothing else uses, so that ns-3 does not look there.
        const auto enqueue = [&rig, mac]()
        {
            WifiMacHeader header;
            header.SetType(WIFI_MAC_QOSDATA);
            header.SetQosTid(5);
            header.SetDsTo();
            header.SetDsNotFrom();
            const auto peer = Rig::FindRadio(rig.access->GetAccessPoints().Get(0));
            header.SetAddr1(peer->GetMac()->GetAddress());
            header.SetAddr2(mac->GetAddress());
            header.SetAddr3(peer->GetMac()->GetAddress());
            mac->GetTxopQueue(AC_VI)->Enqueue(Create<WifiMpdu>(Create<Packet>(100), header));
        };
        Simulator::Schedule(Seconds(2.2), enqueue);
        uint32_t losses = 0;
        const std::function<void(Mac48Address)> onLost = [&](Mac48Address) { losses++; };
        mac->TraceConnectWithoutContext("DeAssoc", Callback<void, Mac48Address>(onLost));
        Simulator::Stop(Seconds(5));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_GT(losses, 0, "it left the access point");
        NS_TEST_EXPECT_MSG_EQ(mac->GetTxopQueue(AC_VI)->GetNPackets(), 0, "the queue is empty");
        Simulator::Destroy();
    }

    bool m_lost; //!< it loses its beacons
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
        AddTestCase(new ExpiredFrameTest(false));
        AddTestCase(new ExpiredFrameTest(true));
    }
};

WifiStationTestSuite g_wifiStationTestSuite; //!< the suite

} // namespace
