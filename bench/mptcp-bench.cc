// SPDX-License-Identifier: GPL-2.0-only
//
// One bulk transfer, or many idle connections, over point-to-point links between two hosts; the
// same applications over stock ns-3 TCP and over this module. bench/run starts it, with and
// without callgrind, and compares. It prints "name value" lines.
#include "measured-run.h"

#include "ns3/applications-module.h"
#include "ns3/check-class.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-path-manager.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"
#include "ns3/traffic-control-module.h"

#include <initializer_list>
#include <iostream>
#include <malloc.h>
#include <sstream>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

const uint16_t PORT = 5001;      //!< where the transfer goes to
const uint16_t IDLE_PORT = 5002; //!< where idle connections go to
const uint32_t SEGMENT = 1420;   //!< payload bytes of a segment: MTU 1500, timestamps and DSS

/// What the command line asks for.
struct Options
{
    std::string stack{"mptcp"};
    uint32_t paths{1};
    uint32_t subflows{1};
    std::string rate{"100Mbps"};
    std::string delays{"10ms"};
    std::string queue{"1000p"};
    std::string queueDisc{"none"};
    uint64_t bytes{10'000'000};
    double duration{0};
    double loss{0};
    uint32_t hole{0};
    uint32_t window{0};
    uint32_t idle{0};
    uint32_t buffer{360 * SEGMENT};
    uint32_t write{3 * SEGMENT};
    std::string congestion{"TcpLinuxReno"};
    std::string scheduler{"MptcpLowestRtt"}; //!< of stack mptcp
    uint32_t seed{1};
};

/// Addresses of one link between the hosts.
struct Path
{
    Ipv4Address client;
    Ipv4Address server;
};

/**
 * Opens a given number of subflows, over the links in turn. Full mesh would join every address to
 * every other one, and stock TCP has nothing to compare with that.
 */
class PathByPath : public MptcpPathManager
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::MptcpBenchPathByPath")
                                .SetParent<MptcpPathManager>()
                                .AddConstructor<PathByPath>();
        return tid;
    }

    void OnConnected(MptcpPathControl& control) override
    {
        if (!control.IsClient())
        {
            return;
        }
        const uint16_t port = control.GetSubflows().front()->GetTuple().remotePort;
        for (uint32_t i = 1; i < subflows; ++i)
        {
            const Path& path = paths[i % paths.size()];
            control.OpenSubflow(path.client, RemoteAddress{0, path.server, port});
        }
    }

    static inline uint32_t subflows{1};      //!< per connection
    static inline std::vector<Path> paths{}; //!< the links
};

NS_OBJECT_ENSURE_REGISTERED(PathByPath);

/// A window that nothing changes, so that a hole holds back a known number of segments.
class ConstantWindow : public TcpCongestionOps
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::MptcpBenchConstantWindow")
                                .SetParent<TcpCongestionOps>()
                                .AddConstructor<ConstantWindow>();
        return tid;
    }

    std::string GetName() const override
    {
        return "ConstantWindow";
    }

    uint32_t GetSsThresh(Ptr<const TcpSocketState> state, uint32_t /* bytesInFlight */) override
    {
        return state->m_cWnd;
    }

    void IncreaseWindow(Ptr<TcpSocketState> /* state */, uint32_t /* segmentsAcked */) override
    {
    }

    Ptr<TcpCongestionOps> Fork() override
    {
        return CopyObject<ConstantWindow>(this);
    }
};

NS_OBJECT_ENSURE_REGISTERED(ConstantWindow);

/// Loses one of every so many data segments.
class PeriodicLoss : public ErrorModel
{
  public:
    /// @param period in segments
    explicit PeriodicLoss(uint32_t period)
        : m_period(period)
    {
    }

  private:
    bool DoCorrupt(Ptr<Packet> packet) override
    {
        return packet->GetSize() > SEGMENT && ++m_count % m_period == 0;
    }

    void DoReset() override
    {
        m_count = 0;
    }

    uint32_t m_period;   //!< in segments
    uint32_t m_count{0}; //!< data segments so far
};

/// The two hosts, their links and what runs on them.
class Bench
{
  public:
    /// @param options what to do
    explicit Bench(const Options& options);

    /// @return whether everything arrived
    bool Run();

  private:
    /// Defaults that both stacks take up.
    void Configure();
    /// Hosts, links, addresses.
    void Build();
    /// Sender and receiver of the transfer, which begin now.
    void InstallTransfer();
    /// Connections that stay idle. @param count how many more @return whether all came about
    bool OpenIdle(uint32_t count);

    /// Data reached the application. @param packet it @param from the peer
    void OnReceived(Ptr<const Packet> packet, const Address& from);
    /// A frame reached the receiving host. @param packet it
    void OnFrame(Ptr<const Packet> packet);
    /// An idle connection was accepted. @param socket it @param from the peer
    void OnIdleAccepted(Ptr<Socket> socket, const Address& from);

    const Options m_options;         //!< what to do
    NodeContainer m_hosts;           //!< sender and receiver
    TypeId m_factory;                //!< of the sockets
    uint64_t m_received{0};          //!< bytes that reached the application
    uint64_t m_frames{0};            //!< data segments that reached the receiving host
    Time m_start;                    //!< of the transfer
    Time m_last;                     //!< of the last byte
    std::vector<Ptr<Socket>> m_idle; //!< both ends of the idle connections
    Ptr<Socket> m_idleListener;      //!< their listener
    uint32_t m_idleAccepted{0};      //!< how many of them
};

Bench::Bench(const Options& options)
    : m_options(options)
{
    Configure();
    Build();
}

void
Bench::Configure()
{
    RngSeedManager::SetRun(m_options.seed);
    const TypeId congestion = m_options.window > 0
                                  ? ConstantWindow::GetTypeId()
                                  : TypeId::LookupByName("ns3::" + m_options.congestion);
    const uint32_t initial = m_options.window > 0 ? m_options.window : 10;
    Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(congestion));
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(SEGMENT));
    Config::SetDefault("ns3::TcpSocket::InitialCwnd", UintegerValue(initial));
    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(m_options.buffer));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(m_options.buffer));
    Config::SetDefault("ns3::TcpSocket::DelAckTimeout", TimeValue(MilliSeconds(40)));
    Config::SetDefault("ns3::TcpSocket::DelAckCount", UintegerValue(2));
    Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(200)));
    Config::SetDefault("ns3::TcpSocketBase::Timestamp", BooleanValue(true));
    Config::SetDefault("ns3::TcpSocketBase::Sack", BooleanValue(true));
    if (m_options.stack == "stock")
    {
        m_factory = TcpSocketFactory::GetTypeId();
        return;
    }
    m_factory = TypeId::LookupByName("ns3::MptcpSocketFactory");
    Config::SetDefault("ns3::MptcpSocket::Multipath", BooleanValue(m_options.stack == "mptcp"));
    Config::SetDefault("ns3::MptcpSocket::CongestionControl", TypeIdValue(congestion));
    Config::SetDefault("ns3::MptcpSocket::PathManager", TypeIdValue(PathByPath::GetTypeId()));
    Config::SetDefault("ns3::MptcpSocket::Scheduler",
                       TypeIdValue(TypeId::LookupByName("ns3::" + m_options.scheduler)));
    Config::SetDefault("ns3::MptcpSocket::MaxSubflows", UintegerValue(m_options.subflows));
    PathByPath::subflows = m_options.subflows;
}

void
Bench::Build()
{
    m_hosts.Create(2);
    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(m_hosts);
    if (m_options.stack != "stock")
    {
        MptcpHelper().Install(m_hosts);
    }

    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue(m_options.rate));
    link.SetQueue("ns3::DropTailQueue", "MaxSize", StringValue(m_options.queue));
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    std::istringstream delays(m_options.delays);
    std::string delay;
    for (uint32_t i = 0; i < m_options.paths; ++i)
    {
        // The last one holds for all that follow.
        std::getline(delays, delay, ',');
        link.SetChannelAttribute("Delay", StringValue(delay));
        const NetDeviceContainer devices = link.Install(m_hosts);
        TrafficControlHelper queueDisc;
        if (m_options.queueDisc == "fq-codel")
        {
            queueDisc.SetRootQueueDisc("ns3::FqCoDelQueueDisc");
            queueDisc.Install(devices);
        }
        const Ipv4InterfaceContainer interfaces = addresses.Assign(devices);
        addresses.NewNetwork();
        if (m_options.queueDisc == "none")
        {
            queueDisc.Uninstall(devices);
        }
        PathByPath::paths.push_back({interfaces.GetAddress(0), interfaces.GetAddress(1)});

        auto receiver = DynamicCast<PointToPointNetDevice>(devices.Get(1));
        receiver->TraceConnectWithoutContext("MacRx", MakeCallback(&Bench::OnFrame, this));
        if (m_options.hole > 0)
        {
            receiver->SetReceiveErrorModel(CreateObject<PeriodicLoss>(m_options.hole));
        }
        else if (m_options.loss > 0)
        {
            auto loss = CreateObject<RateErrorModel>();
            loss->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
            loss->SetRate(m_options.loss);
            loss->AssignStreams(1000 + i);
            receiver->SetReceiveErrorModel(loss);
        }
    }
}

void
Bench::InstallTransfer()
{
    m_start = Simulator::Now();
    // One connection spreads over all subflows; stock TCP takes as many connections.
    const uint32_t flows = m_options.stack == "mptcp" ? 1 : m_options.subflows;
    for (uint32_t i = 0; i < flows; ++i)
    {
        const Path& path = PathByPath::paths[i % m_options.paths];
        const auto port = static_cast<uint16_t>(PORT + 1000 * i);
        PacketSinkHelper sink(m_factory.GetName(), InetSocketAddress(path.server, port));
        ApplicationContainer receiver = sink.Install(m_hosts.Get(1));
        receiver.Get(0)->TraceConnectWithoutContext("Rx", MakeCallback(&Bench::OnReceived, this));

        BulkSendHelper bulk(m_factory.GetName(), InetSocketAddress(path.server, port));
        bulk.SetAttribute("SendSize", UintegerValue(m_options.write));
        if (m_options.duration == 0)
        {
            bulk.SetAttribute("MaxBytes", UintegerValue(m_options.bytes / flows));
        }
        // The listener is there first.
        bulk.Install(m_hosts.Get(0)).Start(MilliSeconds(1));
    }
    Simulator::Stop(Seconds(m_options.duration > 0 ? m_options.duration : 10'000));
}

void
Bench::OnReceived(Ptr<const Packet> packet, const Address& /* from */)
{
    m_received += packet->GetSize();
    m_last = Simulator::Now();
    if (m_options.duration == 0 && m_received >= m_options.bytes)
    {
        Simulator::Stop();
    }
}

void
Bench::OnFrame(Ptr<const Packet> packet)
{
    m_frames += packet->GetSize() > SEGMENT ? 1 : 0;
}

void
Bench::OnIdleAccepted(Ptr<Socket> socket, const Address& /* from */)
{
    ++m_idleAccepted;
    m_idle.push_back(socket);
}

bool
Bench::OpenIdle(uint32_t count)
{
    const Ipv4Address server = PathByPath::paths.front().server;
    if (!m_idleListener)
    {
        m_idleListener = Socket::CreateSocket(m_hosts.Get(1), m_factory);
        m_idleListener->Bind(InetSocketAddress(Ipv4Address::GetAny(), IDLE_PORT));
        m_idleListener->Listen();
        m_idleListener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                          MakeCallback(&Bench::OnIdleAccepted, this));
    }
    const uint32_t expected = m_idleAccepted + count;
    m_idle.reserve(2 * expected);
    for (uint32_t i = 0; i < count; ++i)
    {
        // Apart, so that no queue loses a SYN.
        Simulator::ScheduleWithContext(m_hosts.Get(0)->GetId(),
                                       MicroSeconds(200) * i,
                                       [this, server]
                                       {
                                           Ptr<Socket> socket =
                                               Socket::CreateSocket(m_hosts.Get(0), m_factory);
                                           socket->Connect(InetSocketAddress(server, IDLE_PORT));
                                           m_idle.push_back(socket);
                                       });
    }
    // Joins need some round trips more, and then delayed ACKs and timers come to rest.
    Simulator::Stop(MicroSeconds(200) * count + Seconds(5));
    Simulator::Run();
    return m_idleAccepted == expected;
}

/// @return bytes that are allocated now
size_t
GetHeap()
{
    const auto info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

bool
Bench::Run()
{
    if (m_options.idle > 0)
    {
        // The first ones bring tables and vectors to their size.
        const size_t first = m_options.bytes == 0 ? 16 : 0;
        if (first > 0 && !OpenIdle(first))
        {
            return false;
        }
        m_idle.reserve(2 * (first + m_options.idle));
        const size_t before = GetHeap();
        if (!OpenIdle(m_options.idle))
        {
            std::cerr << "only " << m_idleAccepted << " idle connections were accepted\n";
            return false;
        }
        std::cout << "heap " << (GetHeap() - before) / m_options.idle << "\n";
        if (m_options.bytes == 0)
        {
            return true;
        }
    }
    InstallTransfer();
    const double cpu = RunForCpuMicroseconds();
    const double seconds =
        m_options.duration > 0 ? m_options.duration : (m_last - m_start).GetSeconds();
    std::cout << "received " << m_received << "\n"
              << "segments " << (m_received + SEGMENT - 1) / SEGMENT << "\n"
              << "frames " << m_frames << "\n"
              << "cpu_us " << cpu << "\n"
              << "goodput_mbps " << 8e-6 * m_received / seconds << "\n";
    return m_options.duration > 0 || m_received == m_options.bytes;
}

/// @param text a time @return whether it is a number with a unit, neither negative nor endless
bool
IsTime(const std::string& text)
{
    std::istringstream stream(text);
    double number = -1;
    std::string unit;
    stream >> number >> unit;
    return number >= 0 && number < 1e6 && stream.eof() &&
           (unit == "s" || unit == "ms" || unit == "us" || unit == "ns");
}

/// @param options what was asked for @return what is wrong with it and what is accepted, or nothing
std::string
FindWrongOption(const Options& options)
{
    TypeId congestion;
    TypeId scheduler;
    DataRateValue rate;
    QueueSizeValue queue;
    bool areTimes = true;
    std::istringstream delays(options.delays);
    for (std::string delay; std::getline(delays, delay, ',');)
    {
        areTimes = areTimes && IsTime(delay);
    }

    struct Rule
    {
        bool holds;
        const char* accepted;
    };

    for (const Rule& rule : std::initializer_list<Rule>{
             {options.stack == "stock" || options.stack == "tcp" || options.stack == "mptcp",
              "--stack: stock, tcp or mptcp"},
             {options.paths >= 1 && options.paths <= 200, "--paths: 1 to 200"},
             // Each flow of plain TCP has a port of its own.
             {options.subflows >= 1 && options.subflows <= 59, "--subflows: 1 to 59"},
             {rate.DeserializeFromString(options.rate, MakeDataRateChecker()) &&
                  rate.Get().GetBitRate() > 0,
              "--rate: more than 0, as 100Mbps"},
             {areTimes, "--delays: times with commas between them, as 10ms,300ms"},
             {queue.DeserializeFromString(options.queue, MakeQueueSizeChecker()) &&
                  queue.Get().GetValue() > 0,
              "--queue: more than 0 packets or bytes, as 1000p or 1MB"},
             {options.queueDisc == "none" || options.queueDisc == "fq-codel",
              "--queueDisc: none or fq-codel"},
             {options.bytes > 0 || options.idle > 0 || options.duration > 0,
              "--bytes: more than 0, unless --idle or --duration is given"},
             {options.duration >= 0 && options.duration <= 1e6, "--duration: 0 to 1000000 seconds"},
             {options.loss >= 0 && options.loss <= 1, "--loss: 0 to 1"},
             {options.buffer > 0, "--buffer: 1 byte at least"},
             {options.write > 0, "--write: 1 byte at least"},
             {options.seed > 0, "--seed: 1 at least"},
             {TypeId::LookupByNameFailSafe("ns3::" + options.congestion, &congestion) &&
                  CheckClass(congestion, TcpCongestionOps::GetTypeId()).empty(),
              "--congestion: one of those that --list prints"},
             {TypeId::LookupByNameFailSafe("ns3::" + options.scheduler, &scheduler) &&
                  CheckClass(scheduler, MptcpScheduler::GetTypeId()).empty(),
              "--scheduler: a class derived from ns3::MptcpScheduler, without ns3::"},
         })
    {
        if (!rule.holds)
        {
            return std::string("accepted for ") + rule.accepted;
        }
    }
    return "";
}

/// Print the stock congestion controls.
void
ListCongestionControls()
{
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId tid = TypeId::GetRegistered(i);
        const std::string name = tid.GetName();
        // TcpCubic's TypeId says that it is a socket.
        const bool isControl =
            tid.IsChildOf(TcpCongestionOps::GetTypeId()) || name == "ns3::TcpCubic";
        // DCTCP needs queues that mark. Ours have no stock transport to compare with.
        if (isControl && tid.HasConstructor() && name.find("Mptcp") == std::string::npos &&
            name != "ns3::TcpDctcp")
        {
            std::cout << name.substr(name.rfind(':') + 1) << "\n";
        }
    }
}

} // namespace

int
main(int argc, char* argv[])
{
    Options options;
    bool list = false;
    CommandLine cmd(__FILE__);
    cmd.AddValue("stack", "stock, tcp (the module's own transport) or mptcp", options.stack);
    cmd.AddValue("paths", "links between the two hosts", options.paths);
    cmd.AddValue("subflows", "subflows, or flows of plain TCP, over the links", options.subflows);
    cmd.AddValue("rate", "of each link", options.rate);
    cmd.AddValue("delays", "one way, of each link: 10ms,300ms", options.delays);
    cmd.AddValue("queue", "of each device", options.queue);
    cmd.AddValue("queueDisc", "none or fq-codel", options.queueDisc);
    cmd.AddValue("bytes", "to transfer; 0: only idle connections", options.bytes);
    cmd.AddValue("duration", "seconds to transfer, instead of bytes", options.duration);
    cmd.AddValue("loss", "probability that a packet towards the receiver is lost", options.loss);
    cmd.AddValue("hole", "lose one of so many data segments", options.hole);
    cmd.AddValue("window", "constant congestion window in segments", options.window);
    cmd.AddValue("idle", "idle connections beside the transfer", options.idle);
    cmd.AddValue("buffer", "send and receive buffers in bytes", options.buffer);
    cmd.AddValue("write", "bytes that the application writes at a time", options.write);
    cmd.AddValue("congestion", "a TcpCongestionOps", options.congestion);
    cmd.AddValue("scheduler", "a MptcpScheduler", options.scheduler);
    cmd.AddValue("seed", "run number of the random variables", options.seed);
    cmd.AddValue("list", "only list the congestion controls that can be compared", list);
    cmd.Parse(argc, argv);
    if (list)
    {
        ListCongestionControls();
        return 0;
    }
    const std::string wrong = cmd.GetNExtraNonOptions() > 0
                                  ? "unknown argument " + cmd.GetExtraNonOption(0)
                                  : FindWrongOption(options);
    if (!wrong.empty())
    {
        std::cerr << "mptcp-bench: " << wrong << "\n";
        return 2;
    }
    Bench bench(options);
    const bool complete = bench.Run();
    if (!complete)
    {
        std::cerr << "the transfer did not complete\n";
    }
    Simulator::Destroy();
    return complete ? 0 : 1;
}
