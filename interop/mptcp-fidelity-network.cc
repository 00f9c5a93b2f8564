// SPDX-License-Identifier: GPL-2.0-only
// The network of the handover experiment with its hosts simulated, or with kernels in their place.
//
//            WiFi ------- WiFi router --------+
//   phone                                     backbone router -- server
//            cellular --- cellular router ----+
//
// A simulated host and a kernel have the same addresses and the same links: for a kernel, the
// simulated host's devices hand each packet to a tap device in the kernel's network namespace, and
// take packets from there, without looking at them. interop/fidelity makes the namespaces.
#include "namespace-tap.h"

#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/realtime-simulator-impl.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;

namespace
{

/// What happens to the phone's WiFi, or to its use.
const std::vector<std::string> EVENTS = {"silent", "interface", "endpoint", "priority", "none"};

/// What is to be done.
struct Experiment
{
    std::string event{"silent"}; //!< of EVENTS
    bool backup{false};          //!< cellular is a backup endpoint
    Time duration{Seconds(30)};  //!< from Connect
    Time outageStart;            //!< when the event happens
    Time outageEnd;              //!< when it is undone
    std::string congestion;      //!< of simulated hosts
    uint32_t buffer{2097152};    //!< bytes, of simulated hosts
    std::string pcap;            //!< folder of captures
    std::string log;             //!< file of what the phone's application read
};

/// How far a simulation in real time lags behind.
class LagMeter
{
  public:
    /// Look now, and every millisecond from now on.
    void Look()
    {
        Ptr<RealtimeSimulatorImpl> simulator =
            DynamicCast<RealtimeSimulatorImpl>(Simulator::GetImplementation());
        const Time lag = simulator->RealtimeNow() - Simulator::Now();
        m_most = std::max(m_most, lag);
        m_late += lag > MilliSeconds(5) ? 1 : 0;
        Simulator::Schedule(MilliSeconds(1), &LagMeter::Look, this);
    }

    /// Write what was seen. @param out where to
    void Print(std::ostream& out) const
    {
        out << "{\"most_lag_ms\": " << m_most.GetSeconds() * 1000 << ", \"late_ms\": " << m_late
            << "}" << std::endl;
    }

  private:
    Time m_most{0};     //!< greatest lag
    uint32_t m_late{0}; //!< looks at which it was more than 5 ms
};

/**
 * Join a device and a tap as if they were one.
 * @param device of a simulated host
 * @param tap of the same host
 * @param onSent called for each packet that the kernel sends
 */
void
Splice(Ptr<NetDevice> device, Ptr<NetDevice> tap, std::function<void()> onSent)
{
    // Neighbours are fixed on either side, so that nobody asks for them.
    tap->SetAddress(Mac48Address("02:00:00:00:00:01"));
    const Mac48Address kernel("02:00:00:00:00:02");
    tap->SetReceiveCallback(
        [device,
         onSent](Ptr<NetDevice>, Ptr<const Packet> packet, uint16_t protocol, const Address&)
        {
            onSent();
            return device->Send(packet->Copy(), device->GetBroadcast(), protocol);
        });
    device->SetReceiveCallback(
        [tap, kernel](Ptr<NetDevice>, Ptr<const Packet> packet, uint16_t protocol, const Address&)
        { return tap->Send(packet->Copy(), kernel, protocol); });
}

/**
 * Carry packets between kernels. The clock of the experiment starts with the first one.
 * @param network built
 * @param experiment what to do
 * @param phone network namespace of the phone
 * @param server network namespace of the server
 */
void
RunKernels(SmartphoneHelper& network,
           const Experiment& experiment,
           const std::string& phone,
           const std::string& server)
{
    bool started = false;
    const auto onSent = [&]()
    {
        if (std::exchange(started, true))
        {
            return;
        }
        Simulator::Stop(experiment.duration + Seconds(0.5));
        if (experiment.event == "silent")
        {
            network.ScheduleSilence(
                SmartphoneHelper::WIFI, experiment.outageStart, experiment.outageEnd);
        }
    };
    const auto splice = [&](Ptr<NetDevice> device, const std::string& netns, const char* name)
    { Splice(device, AddTap(device->GetNode(), netns, name), onSent); };
    splice(network.GetPhoneDevice(SmartphoneHelper::WIFI), phone, "wifi");
    splice(network.GetPhoneDevice(SmartphoneHelper::CELLULAR), phone, "cellular");
    // The server has no other device but loopback, which came first.
    splice(network.GetServer()->GetDevice(1), server, "server");

    LagMeter lag;
    Simulator::Schedule(MilliSeconds(1), &LagMeter::Look, &lag);
    Simulator::Schedule(MilliSeconds(100), []() { std::cout << "ready" << std::endl; });
    Simulator::Stop(experiment.duration + Seconds(20));
    Simulator::Run();
    lag.Print(std::cout);
}

/**
 * Let the phone's path manager act.
 * @param endpoints of the phone, WiFi's first
 * @param experiment what to do
 */
void
ScheduleEndpoints(Ptr<MptcpEndpoints> endpoints, const Experiment& experiment)
{
    const auto at = [](Time time, std::function<void()> act) { Simulator::Schedule(time, act); };
    constexpr uint8_t wifi = 1;
    constexpr uint8_t cellular = 2;
    if (experiment.event == "endpoint")
    {
        const MptcpEndpoint endpoint = endpoints->Get().at(wifi);
        at(experiment.outageStart, [endpoints]() { endpoints->Remove(wifi); });
        at(experiment.outageEnd, [endpoints, endpoint]() { endpoints->Add(endpoint); });
    }
    else if (experiment.event == "priority")
    {
        // The one that takes over first, as whoever does it by hand does.
        at(experiment.outageStart,
           [endpoints]()
           {
               endpoints->SetBackup(cellular, false);
               endpoints->SetBackup(wifi, true);
           });
        at(experiment.outageEnd,
           [endpoints]()
           {
               endpoints->SetBackup(wifi, false);
               endpoints->SetBackup(cellular, true);
           });
    }
}

/**
 * Download between simulated hosts.
 * @param network built
 * @param experiment what to do
 * @return whether all bytes were right
 */
bool
RunSimulated(SmartphoneHelper& network, const Experiment& experiment)
{
    // As Linux does unless told otherwise.
    Config::SetDefault("ns3::MptcpSocket::RemoveAddressAtOnce", BooleanValue(true));
    Config::SetDefault("ns3::MptcpSocket::StaleLossCount", UintegerValue(4));
    Config::SetDefault("ns3::MptcpSocket::SubflowSendBuffer", UintegerValue(experiment.buffer));
    Config::SetDefault("ns3::MptcpSocket::Scheduler", StringValue("ns3::MptcpLinuxDefault"));
    // Linux's least time-out bounds the variation, not its sum with the round-trip time.
    Config::SetDefault("ns3::MptcpSocket::ClockGranularity", TimeValue(MilliSeconds(200)));
    MptcpHelper mptcp;
    mptcp.SetPathManager("ns3::MptcpEndpointPathManager");
    mptcp.SetCongestionControl(experiment.congestion);
    mptcp.Install(NodeContainer(network.GetPhone(), network.GetServer()));

    const IpAddress wifi = network.GetPhoneAddress(SmartphoneHelper::WIFI, false);
    Ptr<MptcpEndpoints> endpoints = CreateObject<MptcpEndpoints>();
    endpoints->SetAttribute("SubflowLimit", UintegerValue(8));
    network.GetPhone()->AggregateObject(endpoints);
    MptcpEndpoint endpoint;
    endpoint.subflow = true;
    endpoint.address = wifi;
    endpoints->Add(endpoint);
    endpoint.address = network.GetPhoneAddress(SmartphoneHelper::CELLULAR, false);
    endpoint.backup = experiment.backup;
    endpoints->Add(endpoint);
    ScheduleEndpoints(endpoints, experiment);

    constexpr uint16_t port = 5001;
    const auto create = [](const Address& local, const Address& remote, uint64_t bytes)
    {
        return CreateObjectWithAttributes<ByteStreamApplication>(
            "Protocol",
            TypeIdValue(MptcpSocketFactory::GetTypeId()),
            "Local",
            AddressValue(local),
            "Remote",
            AddressValue(remote),
            "MaxBytes",
            UintegerValue(bytes));
    };
    const Address serverSocket =
        InetSocketAddress(std::get<Ipv4Address>(network.GetServerAddress(false)), port);
    const Address phoneSocket = InetSocketAddress(std::get<Ipv4Address>(wifi), 0);
    Ptr<ByteStreamApplication> phone = create(phoneSocket, serverSocket, 0);
    Ptr<ByteStreamApplication> server =
        create(serverSocket, Address(), std::numeric_limits<uint64_t>::max());
    network.GetPhone()->AddApplication(phone);
    network.GetServer()->AddApplication(server);

    std::ofstream log(experiment.log);
    log.precision(9);
    phone->TraceConnectWithoutContext("Rx",
                                      Callback<void, uint64_t, uint32_t>(
                                          [&log](uint64_t, uint32_t size) {
                                              log << Simulator::Now().GetSeconds() << ' ' << size
                                                  << '\n';
                                          }));

    if (experiment.event == "silent")
    {
        network.ScheduleSilence(
            SmartphoneHelper::WIFI, experiment.outageStart, experiment.outageEnd);
    }
    else if (experiment.event == "interface")
    {
        network.ScheduleInterfaceDown(
            SmartphoneHelper::WIFI, experiment.outageStart, experiment.outageEnd);
    }
    Simulator::Stop(experiment.duration);
    Simulator::Run();
    return phone->GetWrong() == 0;
}

/// @param address IPv4 @return as text
std::string
ToText(const IpAddress& address)
{
    std::ostringstream text;
    text << std::get<Ipv4Address>(address);
    return text.str();
}

} // namespace

int
main(int argc, char* argv[])
{
    Experiment experiment;
    std::string phone;
    std::string server;
    double duration = 30;
    double outageStart = 8;
    double outageEnd = 15;
    experiment.congestion = "ns3::TcpLinuxReno";
    CommandLine cmd(__FILE__);
    cmd.AddValue("phone", "network namespace of a phone, with taps wifi and cellular", phone);
    cmd.AddValue("server", "network namespace of a server, with a tap server", server);
    cmd.AddValue("event", "silent, interface, endpoint, priority or none", experiment.event);
    cmd.AddValue("backup", "cellular is a backup", experiment.backup);
    cmd.AddValue("duration", "of the transfer (s)", duration);
    cmd.AddValue("outageStart", "when the event happens (s after Connect)", outageStart);
    cmd.AddValue("outageEnd", "when it is undone (s after Connect)", outageEnd);
    cmd.AddValue("congestion", "congestion control of simulated hosts", experiment.congestion);
    cmd.AddValue("buffer", "bytes of a simulated host's buffers", experiment.buffer);
    cmd.AddValue("pcap", "folder of captures; empty: none", experiment.pcap);
    cmd.AddValue("log", "file of what the simulated phone reads", experiment.log);
    cmd.Parse(argc, argv);
    const auto refuse = [](const std::string& why)
    {
        std::cerr << "mptcp-fidelity-network: " << why << std::endl;
        return 2;
    };
    TypeId type;
    if (std::find(EVENTS.begin(), EVENTS.end(), experiment.event) == EVENTS.end())
    {
        return refuse("--event=" + experiment.event +
                      ": accepted: silent, interface, endpoint, priority, none");
    }
    if (!TypeId::LookupByNameFailSafe(experiment.congestion, &type) ||
        !CheckClass(type, TcpCongestionOps::GetTypeId()).empty())
    {
        return refuse("--congestion=" + experiment.congestion +
                      ": a class derived from ns3::TcpCongestionOps is needed");
    }
    if (!(0 < outageStart && outageStart < outageEnd && outageEnd < duration && duration < 3600))
    {
        return refuse("0 < outageStart < outageEnd < duration < 3600 is needed");
    }
    if (phone.empty() != server.empty() || phone.empty() == experiment.log.empty())
    {
        return refuse("--phone=NETNS and --server=NETNS, or --log=FILE, are needed");
    }
    experiment.duration = Seconds(duration);
    experiment.outageStart = Seconds(outageStart);
    experiment.outageEnd = Seconds(outageEnd);

    if (!phone.empty())
    {
        GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::RealtimeSimulatorImpl"));
    }
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(experiment.buffer));
    // The window that Linux makes of a receive buffer of twice the size, in packets of 1500 bytes.
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(experiment.buffer / 2 * 5));
    // Of 1500 bytes: IP 20, TCP 20, timestamps 12, and Linux reserves 24 for a DSS.
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1424));

    SmartphoneHelper network;
    network.Build();
    if (!experiment.pcap.empty())
    {
        network.EnablePcap(experiment.pcap, false);
    }
    bool right = true;
    if (phone.empty())
    {
        right = RunSimulated(network, experiment);
    }
    else
    {
        const auto tell = [](const std::string& name, const IpAddress& address)
        { std::cout << name << ' ' << ToText(address) << std::endl; };
        tell("wifi", network.GetPhoneAddress(SmartphoneHelper::WIFI, false));
        tell("cellular", network.GetPhoneAddress(SmartphoneHelper::CELLULAR, false));
        tell("server", network.GetServerAddress(false));
        RunKernels(network, experiment, phone, server);
    }
    Simulator::Destroy();
    return right ? 0 : 1;
}
