// SPDX-License-Identifier: GPL-2.0-only
// A coupled congestion control of one's own: equally weighted TCP (Honda et al., "Multipath
// congestion control for shared bottleneck", 2009). Each of n subflows takes the n-th part of what
// a TCP would, whatever its siblings get.
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

using namespace ns3;

/// Grows 1/n^2 as fast as TCP: its throughput at the same loss, which goes with the root, is 1/n.
class EquallyWeighted : public MptcpCoupledCongestion
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("EquallyWeighted")
                                .SetParent<MptcpCoupledCongestion>()
                                .AddConstructor<EquallyWeighted>();
        return tid;
    }

    std::string GetName() const override
    {
        return "EquallyWeighted";
    }

    Ptr<TcpCongestionOps> Fork() override
    {
        return CopyObject<EquallyWeighted>(this);
    }

  protected:
    void CongestionAvoidance(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked) override
    {
        const double subflows = GetCoupling() ? GetCoupling()->GetMembers().size() : 1.0;
        const double segment = tcb->m_segmentSize;
        Grow(*tcb, segmentsAcked * segment * segment / tcb->m_cWnd.Get() / (subflows * subflows));
    }
};

NS_OBJECT_ENSURE_REGISTERED(EquallyWeighted);

int
main(int argc, char* argv[])
{
    std::string control = "EquallyWeighted";
    CommandLine cmd(__FILE__);
    cmd.AddValue("control", "congestion control of the subflows, a class", control);
    cmd.Parse(argc, argv);
    TypeId type;
    if (!TypeId::LookupByNameFailSafe(control, &type) ||
        !CheckClass(type, TcpCongestionOps::GetTypeId()).empty())
    {
        std::cerr << "own-congestion-control: --control=" << control
                  << ": accepted: EquallyWeighted, ns3::TcpCubic and others of ns-3" << std::endl;
        return 2;
    }
    NodeContainer nodes(2);
    InternetStackHelper().Install(nodes);
    MptcpHelper mptcp;
    mptcp.SetCongestionControl(control);
    mptcp.Install(nodes);

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
    link.SetChannelAttribute("Delay", StringValue("20ms"));
    Ipv4AddressHelper first("10.1.1.0", "/24");
    Ipv4AddressHelper second("10.1.2.0", "/24");
    const auto interfaces = first.Assign(link.Install(nodes));
    second.Assign(link.Install(nodes));
    PacketSinkHelper sink("ns3::MptcpSocketFactory", InetSocketAddress(Ipv4Address::GetAny(), 80));
    const auto receiver = DynamicCast<PacketSink>(sink.Install(nodes.Get(1)).Get(0));
    BulkSendHelper source("ns3::MptcpSocketFactory",
                          InetSocketAddress(interfaces.GetAddress(1), 80));
    source.SetAttribute("MaxBytes", UintegerValue(0));
    source.Install(nodes.Get(0)).Start(Seconds(1));
    Simulator::Stop(Seconds(31));
    Simulator::Run();
    const double rate = receiver->GetTotalRx() * 8 / 30e6;
    std::cout << rate << " Mb/s over two links of 10 Mb/s with " << control << std::endl;
    Simulator::Destroy();
    return rate > 15 ? 0 : 1;
}
