// SPDX-License-Identifier: GPL-2.0-only
// A scheduler of one's own: a second link that costs money carries only what the first cannot.
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

using namespace ns3;

/// The subflow that was opened first, others only while more bytes wait than it should let pile up.
class SpareScheduler : public MptcpScheduler
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid =
            TypeId("SpareScheduler")
                .SetParent<MptcpScheduler>()
                .AddConstructor<SpareScheduler>()
                .AddAttribute("Patience",
                              "Bytes that may wait for the first subflow before another helps.",
                              UintegerValue(100'000),
                              MakeUintegerAccessor(&SpareScheduler::m_patience),
                              MakeUintegerChecker<uint32_t>());
        return tid;
    }

    MptcpSubflow* Select(const std::vector<Candidate>& candidates, const Demand& demand) override
    {
        for (const auto& candidate : candidates)
        {
            if (HasRoom(candidate, demand))
            {
                return candidate.subflow;
            }
            if (demand.pending <= m_patience)
            {
                return nullptr; // until an acknowledgment makes room on the first one
            }
        }
        return nullptr;
    }

  private:
    uint32_t m_patience{0}; //!< attribute Patience
};

NS_OBJECT_ENSURE_REGISTERED(SpareScheduler);

int
main(int argc, char* argv[])
{
    DataRate rate("6Mbps");
    CommandLine cmd(__FILE__);
    cmd.AddValue("rate", "at which the application writes, 100kbps to 100Mbps", rate);
    cmd.Parse(argc, argv);
    if (rate < DataRate("100kbps") || rate > DataRate("100Mbps"))
    {
        std::cerr << "own-scheduler: --rate: 100kbps to 100Mbps is accepted" << std::endl;
        return 2;
    }
    NodeContainer nodes(2);
    InternetStackHelper().Install(nodes);
    MptcpHelper mptcp;
    mptcp.SetScheduler("SpareScheduler", "Patience", UintegerValue(50'000));
    mptcp.Install(nodes);

    uint64_t bytes[2]{}; // that reach the server by each link
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    Ipv4Address server;
    for (uint64_t& count : bytes)
    {
        // The second one is faster: lowest RTT would prefer it.
        link.SetChannelAttribute("Delay", StringValue(&count == bytes ? "20ms" : "5ms"));
        const auto devices = link.Install(nodes);
        Ipv4AddressHelper net(&count == bytes ? "10.1.1.0" : "10.1.2.0", "/24");
        const auto interfaces = net.Assign(devices);
        server = &count == bytes ? interfaces.GetAddress(1) : server;
        devices.Get(1)->TraceConnectWithoutContext(
            "MacRx",
            Callback<void, Ptr<const Packet>>([&count](Ptr<const Packet> packet)
                                              { count += packet->GetSize(); }));
    }
    PacketSinkHelper sink("ns3::MptcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 80));
    const auto receiver = DynamicCast<PacketSink>(sink.Install(nodes.Get(1)).Get(0));
    OnOffHelper source("ns3::MptcpSocketFactory", InetSocketAddress(server, 80));
    source.SetConstantRate(rate, 1'000);
    source.Install(nodes.Get(0)).Start(Seconds(1));
    Simulator::Stop(Seconds(11));
    Simulator::Run();
    const double spare = static_cast<double>(bytes[1]) / (bytes[0] + bytes[1]);
    const double part = receiver->GetTotalRx() * 8.0 / (10 * rate.GetBitRate());
    std::cout << receiver->GetTotalRx() / 1e6 << " MB, " << 100 * part << " % of what was written, "
              << 100 * spare << " % by the second link" << std::endl;
    Simulator::Destroy();
    // Up to 9 Mb/s the first link suffices; beyond, the second takes the rest.
    return part > 0.95 && (rate > DataRate("9Mbps") ? spare > 0.1 : spare < 0.05) ? 0 : 1;
}
