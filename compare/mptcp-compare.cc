// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * One run of ./mptcp compare: an endless MPTCP transfer, or messages now and then, over one or two
 * bottlenecks, some of which it shares with plain TCP. Prints what each got, which share of its
 * packets the bottlenecks' queues dropped and how long messages took, as lines of a name and a
 * number.
 *
 *           10 Gb/s       bottleneck        10 Gb/s
 *             +--- left 0 ========== right 0 ---+
 *   client ---+                                 +--- merge --- server
 *             +--- left 1 ========== right 1 ---+
 *
 * Both links of the client may lead to the same bottleneck. Each bottleneck has TCP clients and
 * servers of its own at its two ends.
 */
#include "jitter-channel.h"
#include "message-delays.h"

#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <array>
#include <cmath>
#include <iostream>
#include <memory>
#include <sstream>

using namespace ns3;

namespace
{

constexpr uint16_t PORT = 80;

/// The command line.
struct Options
{
    std::string rates{"20Mbps,20Mbps"}; //!< of the bottlenecks
    std::string delays{"20ms,20ms"};    //!< one way
    std::string losses{"0,0"};          //!< of packets towards the server
    std::string competitors{"0,0"};     //!< plain TCP flows
    bool shared{false};                 //!< both subflows take the first bottleneck
    std::string scheduler{"MptcpLowestRtt"};
    std::string congestion{"MptcpLia"};
    std::string competing{"TcpLinuxReno"}; //!< congestion control of the plain TCP flows
    uint32_t buffer{4'000'000};            //!< send and receive buffers in bytes
    double queue{1};                       //!< of a bottleneck, in products of rate and 2 delays
    bool red{false};                       //!< bottlenecks drop at random, not at the tail
    Time jitter;                           //!< most that a packet of a client or to it is late
    double warmup{5};                      //!< seconds that do not count
    double duration{30};                   //!< seconds that count
    double leave{0};                       //!< when the plain TCP flows stop, if they do
    uint32_t message{0};                   //!< bytes of a message; 0: an endless transfer
    double interval{0.1};                  //!< seconds from message to message
    uint32_t seed{1};                      //!< run number of the random variables
};

/// @param text wrong argument @param accepted what would be right
[[noreturn]] void
Refuse(const std::string& text, const std::string& accepted)
{
    std::cerr << "mptcp-compare: " << text << "; accepted: " << accepted << std::endl;
    std::exit(2);
}

/// @tparam T of the values @param name of the option @param text two values with a comma between
/// @param accepted for the error message @return both
template <typename T>
std::vector<T>
Split(const std::string& name, const std::string& text, const std::string& accepted)
{
    std::vector<T> values;
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');)
    {
        std::istringstream in(part);
        T value;
        if (!(in >> value) || in.peek() != std::char_traits<char>::eof())
        {
            Refuse("--" + name + "=" + text, accepted);
        }
        values.push_back(value);
    }
    if (values.size() != 2)
    {
        Refuse("--" + name + "=" + text + ": " + std::to_string(values.size()) + " values",
               accepted);
    }
    return values;
}

/// @tparam Base of the class @param option of the command line @param name of the class
/// @return the name of the type
template <typename Base>
std::string
FindType(const std::string& option, const std::string& name)
{
    // The parents of types are no help: TcpCubic's is not told rightly by every ns-3.
    TypeId type;
    Ptr<Object> object;
    if (TypeId::LookupByNameFailSafe("ns3::" + name, &type) && type.HasConstructor())
    {
        object = ObjectFactory(type.GetName()).Create<Object>();
    }
    if (!DynamicCast<Base>(object))
    {
        Refuse("--" + option + "=" + name,
               "a class derived from " + Base::GetTypeId().GetName() + ", without ns3::");
    }
    return type.GetName();
}

/// The network, and what runs on it.
class Comparison
{
  public:
    /// @param options what to compare
    explicit Comparison(const Options& options);

    /// Run, and print.
    void Run();

  private:
    /// One bottleneck.
    struct Bottleneck
    {
        Ptr<Node> left;                         //!< router at the client's end
        Ptr<Node> right;                        //!< router at the server's end
        Ipv4Address leftAddress;                //!< of left, on the bottleneck
        Ipv4Address rightAddress;               //!< of right, on the bottleneck
        uint32_t leftInterface{0};              //!< of left, to the bottleneck
        uint32_t rightInterface{0};             //!< of right, to the bottleneck
        std::vector<Ptr<PacketSink>> competing; //!< sinks of the plain TCP flows
        std::vector<Ptr<Application>> sources;  //!< their sources
    };

    /// Packets towards servers that came to the bottlenecks while goodput was measured.
    struct Passage
    {
        uint64_t arrived{0}; //!< at a router
        uint64_t dropped{0}; //!< by its queue

        /// @return the share that was dropped
        double GetLost() const
        {
            return arrived ? static_cast<double>(dropped) / arrived : 0;
        }
    };

    /// Let packets be late on a link, if there is to be jitter. @param host at one end
    /// @param interface of the link there
    void AddJitter(Ptr<Node> host, uint32_t interface);
    /// Join two nodes. @param link of which kind @param a one end @param b the other
    /// @return the addresses and interfaces of both
    Ipv4InterfaceContainer Connect(PointToPointHelper& link, Ptr<Node> a, Ptr<Node> b);
    /// @param node where @param gateway next hop of all that is not here @param interface to it
    static void SetDefaultRoute(Ptr<Node> node, Ipv4Address gateway, uint32_t interface);
    /// @param node where @param network a /24 @param gateway next hop @param interface to it
    static void
    AddRoute(Ptr<Node> node, Ipv4Address network, Ipv4Address gateway, uint32_t interface);
    /// @param index of the bottleneck to build
    void BuildBottleneck(uint32_t index);
    /// Drop at random, the more the longer the queue has been, so that all flows lose the same
    /// share of their packets. @param device of the bottleneck @param packets of one
    /// bandwidth-delay product
    static void InstallRed(Ptr<NetDevice> device, uint32_t packets);
    /// Count what comes to the queue of a bottleneck, and what it drops.
    /// @param router in front of it @param interface to it
    void Count(Ptr<Node> router, uint32_t interface);
    /// @param header of a packet towards a server @param counter what happened to it
    void CountPacket(const Ipv4Header& header, uint64_t Passage::*counter);
    /// Let plain TCP use a bottleneck. @param index which @param flows how many
    void AddCompetitors(uint32_t index, uint32_t flows);
    /// @param node where @param to whom @param at when @return an endless source
    Ptr<Application> AddSource(Ptr<Node> node, const Address& to, double at);
    /// @param node where @return a sink
    static Ptr<PacketSink> AddSink(Ptr<Node> node);

    Options m_options;                         //!< the command line
    std::vector<DataRate> m_rates;             //!< of the bottlenecks
    std::vector<Time> m_delays;                //!< of the bottlenecks
    std::vector<double> m_losses;              //!< of the bottlenecks
    std::vector<int> m_competitors;            //!< of the bottlenecks
    NodeContainer m_nodes;                     //!< client, server, merge
    std::vector<Bottleneck> m_bottlenecks;     //!< one or two
    Passage m_multipath;                       //!< of the MPTCP connection
    Passage m_competing;                       //!< of plain TCP
    Ptr<PacketSink> m_sink;                    //!< of the MPTCP connection
    std::unique_ptr<MessageDelays> m_messages; //!< of the MPTCP connection, if it sends such
    Ptr<UniformRandomVariable> m_random;       //!< when flows begin
    uint32_t m_networks{0};                    //!< addresses given so far
};

Comparison::Comparison(const Options& options)
    : m_options(options),
      m_rates(Split<DataRate>("rates", options.rates, "two rates, as 20Mbps,5Mbps")),
      m_delays(Split<Time>("delays", options.delays, "two times, as 10ms,100ms")),
      m_losses(Split<double>("losses", options.losses, "two probabilities, as 0,0.01")),
      m_competitors(Split<int>("competitors", options.competitors, "two numbers, as 1,0")),
      m_nodes(3),
      m_random(CreateObject<UniformRandomVariable>())
{
    for (const double loss : m_losses)
    {
        if (!(loss >= 0 && loss < 1))
        {
            Refuse("--losses=" + options.losses, "probabilities from 0 to less than 1");
        }
    }
    for (const int flows : m_competitors)
    {
        if (flows < 0 || flows > 100)
        {
            Refuse("--competitors=" + options.competitors, "two numbers from 0 to 100");
        }
    }
    m_random->SetStream(1);
    InternetStackHelper().Install(m_nodes);
    MptcpHelper mptcp;
    mptcp.SetScheduler(FindType<MptcpScheduler>("scheduler", options.scheduler));
    mptcp.SetCongestionControl(FindType<TcpCongestionOps>("congestion", options.congestion));
    FindType<TcpCongestionOps>("competing", options.competing);
    Ptr<Node> client = m_nodes.Get(0);
    Ptr<Node> server = m_nodes.Get(1);
    Ptr<Node> merge = m_nodes.Get(2);
    mptcp.Install(client);
    mptcp.Install(server);
    MptcpHelper::AssignStreams(NodeContainer(client, server), 100);

    PointToPointHelper access;
    access.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    access.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", StringValue("100000p"));
    const auto last = Connect(access, merge, server);
    SetDefaultRoute(server, last.GetAddress(0), last.Get(1).second);
    const uint32_t count = options.shared ? 1 : 2;
    for (uint32_t i = 0; i < count; i++)
    {
        BuildBottleneck(i);
        const auto out = Connect(access, m_bottlenecks[i].right, merge);
        SetDefaultRoute(m_bottlenecks[i].right, out.GetAddress(1), out.Get(0).second);
        SetDefaultRoute(
            m_bottlenecks[i].left, m_bottlenecks[i].rightAddress, m_bottlenecks[i].leftInterface);
        // The client's links that lead here: their networks are reached back through it.
        for (uint32_t path = i; path < (options.shared ? 2 : i + 1); path++)
        {
            const auto in = Connect(access, client, m_bottlenecks[i].left);
            SetDefaultRoute(client, in.GetAddress(1), in.Get(0).second);
            AddJitter(client, in.Get(0).second);
            const Ipv4Address network = in.GetAddress(0).CombineMask(Ipv4Mask("/24"));
            AddRoute(m_bottlenecks[i].right,
                     network,
                     m_bottlenecks[i].leftAddress,
                     m_bottlenecks[i].rightInterface);
            AddRoute(merge, network, out.GetAddress(0), out.Get(1).second);
        }
        AddCompetitors(i, m_competitors[i] + (options.shared ? m_competitors[1] : 0));
    }
    m_sink = AddSink(server);
    const InetSocketAddress to(last.GetAddress(1), PORT);
    const double at = m_random->GetValue(0, 1);
    if (options.message > 0)
    {
        m_messages = std::make_unique<MessageDelays>(
            client, m_sink, options.message, Seconds(options.interval), Seconds(options.warmup));
        m_messages->Start(to, Seconds(at));
    }
    else
    {
        AddSource(client, to, at);
    }
}

Ipv4InterfaceContainer
Comparison::Connect(PointToPointHelper& link, Ptr<Node> a, Ptr<Node> b)
{
    const auto devices = link.Install(a, b);
    std::ostringstream base;
    base << "10." << m_networks / 250 << "." << m_networks % 250 << ".0";
    m_networks++;
    Ipv4AddressHelper addresses(base.str().c_str(), "/24");
    const auto interfaces = addresses.Assign(devices);
    // The bottleneck's queue is the device's.
    TrafficControlHelper().Uninstall(devices);
    return interfaces;
}

void
Comparison::AddJitter(Ptr<Node> host, uint32_t interface)
{
    if (m_options.jitter.IsZero())
    {
        return;
    }
    const Ptr<Channel> channel = host->GetObject<Ipv4>()->GetNetDevice(interface)->GetChannel();
    const std::array ends{channel->GetDevice(0), channel->GetDevice(1)};
    auto late = CreateObject<JitterChannel>(m_options.jitter, 10'000 + m_networks);
    for (const auto& end : ends)
    {
        DynamicCast<PointToPointNetDevice>(end)->Attach(late);
    }
}

void
Comparison::SetDefaultRoute(Ptr<Node> node, Ipv4Address gateway, uint32_t interface)
{
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(node->GetObject<Ipv4>())
        ->SetDefaultRoute(gateway, interface);
}

void
Comparison::AddRoute(Ptr<Node> node, Ipv4Address network, Ipv4Address gateway, uint32_t interface)
{
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(node->GetObject<Ipv4>())
        ->AddNetworkRouteTo(network, Ipv4Mask("/24"), gateway, interface);
}

void
Comparison::BuildBottleneck(uint32_t index)
{
    NodeContainer routers(2);
    InternetStackHelper().Install(routers);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", DataRateValue(m_rates[index]));
    link.SetChannelAttribute("Delay", TimeValue(m_delays[index]));
    const double product = m_rates[index].GetBitRate() / 8.0 * 2 * m_delays[index].GetSeconds();
    const auto packets =
        std::max(10U, static_cast<uint32_t>(std::lround(m_options.queue * product / 1500)));
    link.SetQueue("ns3::DropTailQueue<Packet>",
                  "MaxSize",
                  QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, m_options.red ? 1 : packets)));
    const auto ends = Connect(link, routers.Get(0), routers.Get(1));
    if (m_options.red)
    {
        InstallRed(routers.Get(0)->GetObject<Ipv4>()->GetNetDevice(ends.Get(0).second), packets);
    }
    if (m_losses[index] > 0)
    {
        auto loss = CreateObject<RateErrorModel>();
        loss->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
        loss->SetRate(m_losses[index]);
        loss->AssignStreams(10 + index);
        routers.Get(1)
            ->GetObject<Ipv4>()
            ->GetNetDevice(ends.Get(1).second)
            ->SetAttribute("ReceiveErrorModel", PointerValue(loss));
    }
    Count(routers.Get(0), ends.Get(0).second);
    Bottleneck bottleneck;
    bottleneck.left = routers.Get(0);
    bottleneck.right = routers.Get(1);
    bottleneck.leftAddress = ends.GetAddress(0);
    bottleneck.rightAddress = ends.GetAddress(1);
    bottleneck.leftInterface = ends.Get(0).second;
    bottleneck.rightInterface = ends.Get(1).second;
    m_bottlenecks.push_back(bottleneck);
}

void
Comparison::InstallRed(Ptr<NetDevice> device, uint32_t packets)
{
    // Floyd's recommendations: the mean length decides, a fiftieth is dropped at three times MinTh.
    TrafficControlHelper red;
    red.SetRootQueueDisc("ns3::RedQueueDisc",
                         "MinTh",
                         DoubleValue(0.25 * packets),
                         "MaxTh",
                         DoubleValue(0.75 * packets),
                         "LInterm",
                         DoubleValue(50),
                         "QW",
                         DoubleValue(0.002),
                         "Gentle",
                         BooleanValue(true),
                         "MeanPktSize",
                         UintegerValue(1'500),
                         "MaxSize",
                         QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, 4 * packets)));
    red.Install(device);
}

void
Comparison::Count(Ptr<Node> router, uint32_t interface)
{
    auto layer = router->GetObject<TrafficControlLayer>();
    router->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "UnicastForward",
        Callback<void, const Ipv4Header&, Ptr<const Packet>, uint32_t>(
            [this, interface](const Ipv4Header& header, Ptr<const Packet>, uint32_t out)
            {
                if (out == interface)
                {
                    CountPacket(header, &Passage::arrived);
                }
            }));
    if (auto disc =
            layer->GetRootQueueDiscOnDevice(router->GetObject<Ipv4>()->GetNetDevice(interface)))
    {
        disc->TraceConnectWithoutContext(
            "Drop",
            Callback<void, Ptr<const QueueDiscItem>>(
                [this](Ptr<const QueueDiscItem> item) {
                    CountPacket(DynamicCast<const Ipv4QueueDiscItem>(item)->GetHeader(),
                                &Passage::dropped);
                }));
        return;
    }
    layer->TraceConnectWithoutContext("TcDrop",
                                      Callback<void, Ptr<const Packet>>(
                                          [this](Ptr<const Packet> packet)
                                          {
                                              Ipv4Header header;
                                              packet->PeekHeader(header);
                                              CountPacket(header, &Passage::dropped);
                                          }));
}

void
Comparison::CountPacket(const Ipv4Header& header, uint64_t Passage::*counter)
{
    if (Simulator::Now() >= Seconds(m_options.warmup))
    {
        const auto client = m_nodes.Get(0)->GetObject<Ipv4>();
        const bool multipath = client->GetInterfaceForAddress(header.GetSource()) >= 0;
        Passage& passage = multipath ? m_multipath : m_competing;
        passage.*counter += 1;
    }
}

void
Comparison::AddCompetitors(uint32_t index, uint32_t flows)
{
    Bottleneck& bottleneck = m_bottlenecks[index];
    MptcpHelper tcp;
    tcp.SetSocketAttribute("Multipath", BooleanValue(false));
    // Who leaves takes back what the send buffer still holds: that is seconds of the bottleneck.
    tcp.SetSocketAttribute("Linger", TimeValue(Seconds(0)));
    tcp.SetCongestionControl("ns3::" + m_options.competing);
    PointToPointHelper access;
    access.SetDeviceAttribute("DataRate", StringValue("10Gbps"));
    access.SetQueue("ns3::DropTailQueue<Packet>", "MaxSize", StringValue("100000p"));
    for (uint32_t i = 0; i < flows; i++)
    {
        NodeContainer hosts(2);
        InternetStackHelper().Install(hosts);
        tcp.Install(hosts);
        MptcpHelper::AssignStreams(hosts, 1'000 * (index + 1) + 10 * i);
        const auto in = Connect(access, hosts.Get(0), bottleneck.left);
        const auto out = Connect(access, bottleneck.right, hosts.Get(1));
        SetDefaultRoute(hosts.Get(0), in.GetAddress(1), in.Get(0).second);
        AddJitter(hosts.Get(0), in.Get(0).second);
        SetDefaultRoute(hosts.Get(1), out.GetAddress(0), out.Get(1).second);
        AddRoute(bottleneck.right,
                 in.GetAddress(0).CombineMask(Ipv4Mask("/24")),
                 bottleneck.leftAddress,
                 bottleneck.rightInterface);
        bottleneck.competing.push_back(AddSink(hosts.Get(1)));
        auto source = AddSource(
            hosts.Get(0), InetSocketAddress(out.GetAddress(1), PORT), m_random->GetValue(0, 1));
        if (m_options.leave > 0)
        {
            source->SetStopTime(Seconds(m_options.leave));
        }
        bottleneck.sources.push_back(source);
    }
}

Ptr<Application>
Comparison::AddSource(Ptr<Node> node, const Address& to, double at)
{
    BulkSendHelper bulk("ns3::MptcpSocketFactory", to);
    bulk.SetAttribute("MaxBytes", UintegerValue(0));
    bulk.SetAttribute("SendSize", UintegerValue(4'096));
    auto application = bulk.Install(node).Get(0);
    application->SetStartTime(Seconds(at));
    return application;
}

Ptr<PacketSink>
Comparison::AddSink(Ptr<Node> node)
{
    PacketSinkHelper sink("ns3::MptcpSocketFactory",
                          InetSocketAddress(Ipv4Address::GetAny(), PORT));
    return DynamicCast<PacketSink>(sink.Install(node).Get(0));
}

void
Comparison::Run()
{
    std::vector<Ptr<PacketSink>> sinks{m_sink};
    for (const auto& bottleneck : m_bottlenecks)
    {
        sinks.insert(sinks.end(), bottleneck.competing.begin(), bottleneck.competing.end());
    }
    std::vector<uint64_t> before;
    Simulator::Schedule(Seconds(m_options.warmup),
                        [&]
                        {
                            for (const auto& sink : sinks)
                            {
                                before.push_back(sink->GetTotalRx());
                            }
                        });
    Simulator::Stop(Seconds(m_options.warmup + m_options.duration));
    Simulator::Run();
    std::vector<double> goodputs;
    for (size_t i = 0; i < sinks.size(); i++)
    {
        goodputs.push_back(8e-6 * (sinks[i]->GetTotalRx() - before[i]) / m_options.duration);
    }
    double competing = 0;
    for (size_t i = 1; i < goodputs.size(); i++)
    {
        competing += goodputs[i] / (goodputs.size() - 1);
    }
    std::cout << "mptcp_mbps " << goodputs[0] << "\ntcp_mbps " << competing << "\n"
              << "mptcp_lost " << m_multipath.GetLost() << "\ntcp_lost " << m_competing.GetLost()
              << "\n";
    if (m_messages)
    {
        m_messages->Print(std::cout);
        m_messages.reset();
    }
    Simulator::Destroy();
}

} // namespace

int
main(int argc, char* argv[])
{
    Options options;
    CommandLine cmd(__FILE__);
    cmd.AddValue("rates", "of the two bottlenecks", options.rates);
    cmd.AddValue("delays", "of the two bottlenecks, one way", options.delays);
    cmd.AddValue("losses", "of the two bottlenecks, as probabilities", options.losses);
    cmd.AddValue("competitors", "plain TCP flows on the two bottlenecks", options.competitors);
    cmd.AddValue("shared", "both subflows take the first bottleneck", options.shared);
    cmd.AddValue("scheduler", "a MptcpScheduler", options.scheduler);
    cmd.AddValue("congestion", "a TcpCongestionOps of the subflows", options.congestion);
    cmd.AddValue("competing", "a TcpCongestionOps of the plain TCP flows", options.competing);
    cmd.AddValue("buffer", "send and receive buffers in bytes", options.buffer);
    cmd.AddValue("queue", "of a bottleneck, in products of rate and RTT", options.queue);
    cmd.AddValue("red",
                 "bottlenecks drop by RED (by the mean length of the queue), not at the tail",
                 options.red);
    cmd.AddValue(
        "jitter", "most that a packet is late on the links of clients, each way", options.jitter);
    cmd.AddValue("warmup", "seconds before the goodput is measured", options.warmup);
    cmd.AddValue("duration", "seconds that it is measured", options.duration);
    cmd.AddValue("message",
                 "bytes of a message, whose delay is measured; 0: an endless transfer",
                 options.message);
    cmd.AddValue("interval", "seconds from message to message", options.interval);
    cmd.AddValue(
        "leave", "seconds after which plain TCP stops, by a reset; 0: never", options.leave);
    cmd.AddValue("seed", "run number of the random variables", options.seed);
    cmd.Parse(argc, argv);
    if (!(options.warmup > 1) || !(options.duration > 0) || !(options.queue > 0) ||
        !(options.leave >= 0))
    {
        Refuse("--warmup, --duration, --queue or --leave out of range",
               "--warmup above 1, --duration and --queue above 0, --leave from 0");
    }
    if (options.jitter.IsStrictlyNegative() || options.jitter > Seconds(1))
    {
        Refuse("--jitter out of range", "0s to 1s");
    }
    if (options.message > 10'000'000 || !(options.interval >= 0.001))
    {
        Refuse("--message or --interval out of range",
               "--message up to 10000000, --interval from 0.001");
    }
    if (options.buffer < 3'000)
    {
        Refuse("--buffer=" + std::to_string(options.buffer), "3000 bytes or more");
    }
    RngSeedManager::SetRun(options.seed);
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(options.buffer));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(options.buffer));
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1'400));
    Comparison(options).Run();
    return 0;
}
