// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/boolean.h"
#include "ns3/byte-stream-application.h"
#include "ns3/config.h"
#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/queue-disc.h"
#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/test.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/transfer-statistics.h"
#include "ns3/uinteger.h"

#include <fstream>
#include <functional>
#include <limits>
#include <memory>
#include <sstream>

using namespace ns3;

namespace
{

constexpr uint16_t PORT = 5001;

/// A download to the phone for some seconds.
class DownloadTest : public TestCase
{
  public:
    /// What a test changes.
    struct Plan
    {
        bool own{false};                                         //!< MPTCP, otherwise stock TCP
        bool multipath{false};                                   //!< with MPTCP's options
        bool ipv6{false};                                        //!< family
        SmartphoneHelper::Access access{SmartphoneHelper::WIFI}; //!< that the phone binds to
        Time length{Seconds(4)};                                 //!< of the download
        std::optional<Time> outageStart;                         //!< for the statistics
        Time outageEnd;                                          //!< for the statistics
        std::function<void(SmartphoneHelper&)> prepare;          //!< called after Build()
    };

    /// @param name a sentence @param plan what to do
    /// @param check what must have come out
    DownloadTest(const std::string& name,
                 Plan plan,
                 std::function<void(DownloadTest&, const TransferStatistics::Result&)> check)
        : TestCase(name),
          m_plan(std::move(plan)),
          m_check(std::move(check))
    {
    }

    /// @param file of the series @return its text
    std::string Read(const std::string& file) const
    {
        std::ifstream stream(m_folder + file);
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }

    /// Check. @param ok must hold @param message what it is
    void Expect(bool ok, const std::string& message)
    {
        NS_TEST_EXPECT_MSG_EQ(ok, true, message);
    }

  private:
    void DoRun() override
    {
        m_folder = CreateTempDirFilename("");
        SmartphoneHelper network;
        network.SetFamilies(!m_plan.ipv6, m_plan.ipv6);
        network.SetDefaultAccess(m_plan.access);
        network.Build();
        network.AssignStreams(100);
        TypeId protocol = TcpSocketFactory::GetTypeId();
        if (m_plan.own)
        {
            MptcpHelper mptcp;
            mptcp.SetSocketAttribute("Multipath", BooleanValue(m_plan.multipath));
            const NodeContainer hosts(network.GetPhone(), network.GetServer());
            mptcp.Install(hosts);
            MptcpHelper::AssignStreams(hosts, 200);
            protocol = MptcpSocketFactory::GetTypeId();
        }
        const Address server = ToSocketAddress(network.GetServerAddress(m_plan.ipv6), PORT);
        auto receiver = CreateObject<ByteStreamApplication>();
        receiver->SetAttribute("Protocol", TypeIdValue(protocol));
        receiver->SetAttribute(
            "Local",
            AddressValue(ToSocketAddress(network.GetPhoneAddress(m_plan.access, m_plan.ipv6), 0)));
        receiver->SetAttribute("Remote", AddressValue(server));
        auto sender = CreateObject<ByteStreamApplication>();
        sender->SetAttribute("Protocol", TypeIdValue(protocol));
        sender->SetAttribute("Local", AddressValue(server));
        sender->SetAttribute("MaxBytes", UintegerValue(std::numeric_limits<uint64_t>::max()));
        network.GetPhone()->AddApplication(receiver);
        network.GetServer()->AddApplication(sender);

        TransferStatistics::Settings settings;
        settings.folder = m_folder;
        settings.paths = {
            {"wifi", network.GetAddresses(SmartphoneHelper::WIFI)},
            {"cellular", network.GetAddresses(SmartphoneHelper::CELLULAR)},
        };
        settings.end = m_plan.length;
        settings.outageStart = m_plan.outageStart;
        settings.outageEnd = m_plan.outageEnd;
        TransferStatistics statistics(settings);
        statistics.Watch(sender, receiver);
        if (m_plan.prepare)
        {
            m_plan.prepare(network);
        }
        Simulator::Stop(m_plan.length);
        Simulator::Run();
        const TransferStatistics::Result result = statistics.Finish();
        Simulator::Destroy();
        Expect(result.delivered > 0, "something is delivered");
        NS_TEST_EXPECT_MSG_EQ(result.wrong, 0, "every byte is the one that was sent");
        m_check(*this, result);
    }

    Plan m_plan;                                                                   //!< what to do
    std::function<void(DownloadTest&, const TransferStatistics::Result&)> m_check; //!< after it
    std::string m_folder; //!< of the series
};

/// What the helper builds.
class TopologyTest : public TestCase
{
  public:
    TopologyTest()
        : TestCase("Hosts do not forward, and no device has a queue disc")
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        network.SetFamilies(true, true);
        network.Build();
        for (const Ptr<Node>& host : {network.GetPhone(), network.GetServer()})
        {
            BooleanValue forwards;
            host->GetObject<Ipv4>()->GetAttribute("IpForward", forwards);
            NS_TEST_EXPECT_MSG_EQ(forwards.Get(), false, "IPv4");
            host->GetObject<Ipv6>()->GetAttribute("IpForward", forwards);
            NS_TEST_EXPECT_MSG_EQ(forwards.Get(), false, "IPv6");
        }
        NodeContainer all(network.GetPhone(), network.GetRouters(), network.GetServer());
        for (auto node = all.Begin(); node != all.End(); ++node)
        {
            for (uint32_t i = 0; i < (*node)->GetNDevices(); ++i)
            {
                const auto disc =
                    (*node)->GetObject<TrafficControlLayer>()->GetRootQueueDiscOnDevice(
                        (*node)->GetDevice(i));
                NS_TEST_EXPECT_MSG_EQ(disc, nullptr, "queue disc");
            }
        }
        Simulator::Destroy();
    }
};

/// An interface or an address that goes and returns.
class ReturnTest : public TestCase
{
  public:
    /// @param address the address goes; otherwise the interface @param from when
    ReturnTest(bool address, Time from)
        : TestCase((address
                        ? "An address goes with its routes, and returns with them"
                        : "An interface goes down, and comes up with its addresses and routes") +
                   std::string(from.IsZero() ? ", at the very beginning" : "")),
          m_address(address),
          m_from(from)
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        network.SetFamilies(true, true);
        network.Build();
        const auto wifi = SmartphoneHelper::WIFI;
        if (m_address)
        {
            network.ScheduleAddressLoss(wifi, m_from, Seconds(2));
        }
        else
        {
            network.ScheduleInterfaceDown(wifi, m_from, Seconds(2));
        }
        const std::string before = Describe(network);
        std::string during;
        Simulator::Schedule(Seconds(1.5), [&]() { during = Describe(network); });
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(during, "cellular cellular", "packets go by the other access");
        NS_TEST_EXPECT_MSG_EQ(before, "wifi wifi", "packets go by WiFi before");
        NS_TEST_EXPECT_MSG_EQ(Describe(network), before, "all is as it was");
        Simulator::Destroy();
    }

    /// @param network the network @return by which access packets to the server go, IPv4 and IPv6
    std::string Describe(const SmartphoneHelper& network) const
    {
        const auto name = [&network](Ptr<NetDevice> device)
        { return device == network.GetPhoneDevice(SmartphoneHelper::WIFI) ? "wifi" : "cellular"; };
        Socket::SocketErrno error;
        Ipv4Header header4;
        header4.SetDestination(std::get<Ipv4Address>(network.GetServerAddress(false)));
        const auto route4 =
            network.GetPhone()->GetObject<Ipv4>()->GetRoutingProtocol()->RouteOutput(
                Create<Packet>(), header4, nullptr, error);
        Ipv6Header header6;
        header6.SetDestination(std::get<Ipv6Address>(network.GetServerAddress(true)));
        const auto route6 =
            network.GetPhone()->GetObject<Ipv6>()->GetRoutingProtocol()->RouteOutput(
                Create<Packet>(), header6, nullptr, error);
        return std::string(route4 ? name(route4->GetOutputDevice()) : "none") + " " +
               (route6 ? name(route6->GetOutputDevice()) : "none");
    }

    bool m_address; //!< the address goes; otherwise the interface
    Time m_from;    //!< when it goes
};

/// @param value a value @param low least @param high most @return whether it is between them
bool
IsBetween(double value, double low, double high)
{
    return value >= low && value <= high;
}

/// The suite.
class HandoverTestSuite : public TestSuite
{
  public:
    HandoverTestSuite()
        : TestSuite("mptcp-handover", Type::UNIT)
    {
        using Result = TransferStatistics::Result;
        AddTestCase(new TopologyTest);
        for (const Time& from : {Seconds(1), Seconds(0)})
        {
            AddTestCase(new ReturnTest(false, from));
            AddTestCase(new ReturnTest(true, from));
        }

        for (const bool ipv6 : {false, true})
        {
            const std::string family = ipv6 ? "IPv6" : "IPv4";
            DownloadTest::Plan plan;
            plan.ipv6 = ipv6;
            AddTestCase(new DownloadTest("TCP fills WiFi, " + family,
                                         plan,
                                         [](DownloadTest& test, const Result& result)
                                         {
                                             test.Expect(IsBetween(result.goodput, 13, 20),
                                                         "20 Mb/s");
                                             test.Expect(result.pathBytes[1] == 0, "WiFi only");
                                         }));
            plan.access = SmartphoneHelper::CELLULAR;
            AddTestCase(new DownloadTest("TCP fills the cellular access, " + family,
                                         plan,
                                         [](DownloadTest& test, const Result& result)
                                         {
                                             test.Expect(IsBetween(result.goodput, 5, 10),
                                                         "10 Mb/s");
                                             test.Expect(result.pathBytes[0] == 0, "cellular only");
                                         }));
            plan.access = SmartphoneHelper::WIFI;
            plan.own = true;
            plan.multipath = true;
            plan.length = Seconds(7);
            AddTestCase(new DownloadTest("MPTCP fills both, " + family,
                                         plan,
                                         [](DownloadTest& test, const Result& result) {
                                             test.Expect(result.before.value_or(0) > 27, "30 Mb/s");
                                         }));
        }

        DownloadTest::Plan outage;
        outage.length = Seconds(10);
        outage.outageStart = Seconds(3);
        outage.outageEnd = Seconds(5);
        outage.prepare = [](SmartphoneHelper& network)
        { network.ScheduleSilence(SmartphoneHelper::WIFI, Seconds(3), Seconds(5)); };
        AddTestCase(new DownloadTest(
            "TCP stalls while its access is silent, and goes on after it",
            outage,
            [](DownloadTest& test, const Result& result)
            {
                test.Expect(result.interruption && *result.interruption > Seconds(2), "stall");
                test.Expect(result.back && *result.back < Seconds(3), "return");
            }));
        outage.own = true;
        outage.multipath = true;
        AddTestCase(new DownloadTest(
            "MPTCP goes on over the other access, and comes back",
            outage,
            [](DownloadTest& test, const Result& result)
            {
                test.Expect(result.interruption && *result.interruption < Seconds(1.2), "no stall");
                test.Expect(result.back && *result.back < Seconds(3), "return");
                test.Expect(result.reinjected > 0, "what was lost goes by the other path");
                test.Expect(result.pathBytes[0] + result.pathBytes[1] >= result.delivered,
                            "each byte came by a path");
                test.Expect(test.Read("goodput.dat")
                                    .find("# time_s wifi_mbps cellular_mbps "
                                          "delivered_mbps\n") == 0,
                            "a series begins with its columns and their units");
            }));
    }
};

HandoverTestSuite g_handoverTestSuite; //!< the suite

} // namespace
