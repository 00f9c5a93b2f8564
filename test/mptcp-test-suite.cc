// SPDX-License-Identifier: GPL-2.0-only
// The module as its users meet it, in short: by helpers, factories and ns-3's applications alone.
#include "test-rig.h"

#include "ns3/bulk-send-helper.h"
#include "ns3/double.h"
#include "ns3/error-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

/// Two nodes, two links of 10 Mb/s.
class TwoLinks
{
  public:
    TwoLinks()
        : m_nodes(2)
    {
        InternetStackHelper().Install(m_nodes);
        MptcpHelper().Install(m_nodes);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
        link.SetChannelAttribute("Delay", StringValue("20ms"));
        for (const char* network : {"10.1.1.0", "10.1.2.0"})
        {
            m_links.push_back(link.Install(m_nodes));
            m_addresses.push_back(
                Ipv4AddressHelper(network, "255.255.255.0").Assign(m_links.back()));
        }
    }

    ~TwoLinks()
    {
        Simulator::Destroy();
    }

    TwoLinks(const TwoLinks&) = delete;
    TwoLinks& operator=(const TwoLinks&) = delete;

    /// @param factory of the sockets @param port where @param bytes 0: without end @return receiver
    Ptr<PacketSink> Download(const std::string& factory, uint16_t port, uint64_t bytes)
    {
        PacketSinkHelper sink(factory, InetSocketAddress(Ipv4Address::GetAny(), port));
        BulkSendHelper source(factory, InetSocketAddress(m_addresses[0].GetAddress(1), port));
        source.SetAttribute("MaxBytes", UintegerValue(bytes));
        source.Install(m_nodes.Get(0)).Start(Seconds(1));
        return DynamicCast<PacketSink>(sink.Install(m_nodes.Get(1)).Get(0));
    }

    /// From a time on all packets of the first link are lost. @param from the time
    void Break(Time from)
    {
        for (uint32_t end : {0, 1})
        {
            auto device = m_links[0].Get(end);
            Simulator::Schedule(from,
                                [device]
                                {
                                    auto loss = CreateObject<RateErrorModel>();
                                    loss->SetAttribute("ErrorRate", DoubleValue(1));
                                    loss->SetAttribute("ErrorUnit",
                                                       StringValue("ERROR_UNIT_PACKET"));
                                    device->SetAttribute("ReceiveErrorModel", PointerValue(loss));
                                });
        }
    }

    /// @param until end of the simulation
    static void Run(Time until)
    {
        Simulator::Stop(until);
        Simulator::Run();
    }

  private:
    NodeContainer m_nodes;                           //!< sender, receiver
    std::vector<NetDeviceContainer> m_links;         //!< devices of each
    std::vector<Ipv4InterfaceContainer> m_addresses; //!< of each link
};

/// The suite.
class MptcpTestSuite : public ScenarioTestSuite
{
  public:
    MptcpTestSuite()
        : ScenarioTestSuite("mptcp")
    {
        Add("two links of 10 Mbps carry more than 15 Mbps",
            [](ScenarioTestCase& test)
            {
                TwoLinks net;
                auto sink = net.Download("ns3::MptcpSocketFactory", 80, 0);
                TwoLinks::Run(Seconds(11));
                test.Expect(sink->GetTotalRx() * 8 / 10 > 15'000'000, "goodput");
                test.Expect(sink->GetTotalRx() * 8 / 10 < 20'000'000, "no more than there is");
            });
        Add("all bytes arrive though the link of the first subflow dies",
            [](ScenarioTestCase& test)
            {
                TwoLinks net;
                auto sink = net.Download("ns3::MptcpSocketFactory", 80, 10'000'000);
                net.Break(Seconds(2));
                TwoLinks::Run(Seconds(20));
                test.ExpectEqual(sink->GetTotalRx(), 10'000'000U, "bytes");
            });
        Add("beside it ns-3's own TCP goes on over one link",
            [](ScenarioTestCase& test)
            {
                TwoLinks net;
                auto stock = net.Download("ns3::TcpSocketFactory", 81, 1'000'000);
                auto sink = net.Download("ns3::MptcpSocketFactory", 80, 1'000'000);
                TwoLinks::Run(Seconds(20));
                test.ExpectEqual(stock->GetTotalRx(), 1'000'000U, "bytes of ns-3's TCP");
                test.ExpectEqual(sink->GetTotalRx(), 1'000'000U, "bytes of Multipath TCP");
            });
        Add("installed on all nodes it is on those that have an internet stack",
            [](ScenarioTestCase& test)
            {
                NodeContainer hosts(2);
                NodeContainer bare(1);
                InternetStackHelper().Install(hosts);
                MptcpHelper().InstallAll();
                for (auto host = hosts.Begin(); host != hosts.End(); ++host)
                {
                    test.Expect(bool((*host)->GetObject<MptcpSocketFactory>()), "a host");
                }
                test.Expect(!bare.Get(0)->GetObject<MptcpSocketFactory>(), "no stack");
                Simulator::Destroy();
            });
    }
};

MptcpTestSuite g_mptcpTestSuite; //!< registers itself

} // namespace

} // namespace ns3
