// SPDX-License-Identifier: GPL-2.0-only
// A path manager of one's own: a transfer must last before it gets a second network.
#include "arguments.h"

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

using namespace ns3;

/// A full mesh, but only for connections that live for some time: short ones are not worth it.
class PatientMesh : public MptcpFullMesh
{
  public:
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("PatientMesh")
                                .SetParent<MptcpFullMesh>()
                                .AddConstructor<PatientMesh>()
                                .AddAttribute("Wait",
                                              "How long a connection must have lasted.",
                                              TimeValue(Seconds(2)),
                                              MakeTimeAccessor(&PatientMesh::m_wait),
                                              MakeTimeChecker(Seconds(0)));
        return tid;
    }

    ~PatientMesh() override
    {
        m_event.Remove();
    }

    void OnConnected(MptcpPathControl& control) override
    {
        m_event = Simulator::Schedule(m_wait,
                                      [this, &control]()
                                      {
                                          m_patient = false;
                                          MptcpFullMesh::OnConnected(control);
                                      });
    }

    void OnRemoteAddress(MptcpPathControl& control, const RemoteAddress& remote) override
    {
        if (!m_patient) // otherwise OnConnected() uses it, when the time has come
        {
            MptcpFullMesh::OnRemoteAddress(control, remote);
        }
    }

  private:
    Time m_wait;          //!< attribute Wait
    bool m_patient{true}; //!< still waiting
    EventId m_event;      //!< the end of the wait
};

NS_OBJECT_ENSURE_REGISTERED(PatientMesh);

int
main(int argc, char* argv[])
{
    Time duration = Seconds(10);
    CommandLine cmd(__FILE__);
    arguments::AddOption(cmd,
                         "duration",
                         "of the transfer, 0.1 to 1000 s",
                         "10",
                         [&](const std::string& text)
                         { duration = arguments::ParseTime(text, 1, 0.1, 1000); });
    arguments::Parse(cmd, argc, argv);
    NodeContainer nodes(2);
    InternetStackHelper().Install(nodes);
    MptcpHelper mptcp;
    mptcp.SetPathManager("PatientMesh", "Wait", TimeValue(Seconds(2)));
    mptcp.Install(nodes);

    uint64_t bytes[2]{}; // that reach the server by each link
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Mbps"));
    Ipv4Address server;
    for (uint64_t& count : bytes)
    {
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
    sink.Install(nodes.Get(1));
    BulkSendHelper source("ns3::MptcpSocketFactory", InetSocketAddress(server, 80));
    source.SetAttribute("MaxBytes", UintegerValue(0));
    source.Install(nodes.Get(0)).Start(Seconds(1));
    Simulator::Stop(Seconds(1) + duration);
    Simulator::Run();
    std::cout << bytes[0] << " bytes by the first link, " << bytes[1] << " by the second"
              << std::endl;
    Simulator::Destroy();
    return (bytes[1] > 0) == (duration > Seconds(2.1)) ? 0 : 1;
}
