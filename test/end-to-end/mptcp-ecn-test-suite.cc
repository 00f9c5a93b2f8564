// SPDX-License-Identifier: GPL-2.0-only
// Explicit congestion notification with ns-3's queue discs: RFC 3168, RFC 8257.
#include "transfer-plan.h"

#include "ns3/boolean.h"
#include "ns3/codel-queue-disc.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/fifo-queue-disc.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/net-device-queue-interface.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/queue.h"
#include "ns3/red-queue-disc.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/tcp-dctcp.h"
#include "ns3/traffic-control-layer.h"
#include "ns3/type-id.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

/// Which queue disc marks.
enum class Disc
{
    RED,       //!< as RFC 2309 says
    THRESHOLD, //!< RED that marks whatever finds 20 packets, as DCTCP wants it
    CODEL,     //!< RFC 8289
    FIFO,      //!< marks nothing and drops behind 100 packets
};

/// @param disc which @return it, marking instead of dropping
Ptr<QueueDisc>
MakeDisc(Disc disc)
{
    if (disc == Disc::CODEL)
    {
        return CreateObjectWithAttributes<CoDelQueueDisc>("UseEcn", BooleanValue(true));
    }
    if (disc == Disc::FIFO)
    {
        return CreateObjectWithAttributes<FifoQueueDisc>("MaxSize", StringValue("100p"));
    }
    const bool threshold = disc == Disc::THRESHOLD;
    return CreateObjectWithAttributes<RedQueueDisc>("UseEcn",
                                                    BooleanValue(true),
                                                    "UseHardDrop",
                                                    BooleanValue(false),
                                                    "MinTh",
                                                    DoubleValue(20),
                                                    "MaxTh",
                                                    DoubleValue(threshold ? 20 : 60),
                                                    "QW",
                                                    DoubleValue(threshold ? 1 : 0.002),
                                                    "Gentle",
                                                    BooleanValue(!threshold),
                                                    "LinkBandwidth",
                                                    StringValue("20Mbps"),
                                                    "LinkDelay",
                                                    StringValue("10ms"),
                                                    "MaxSize",
                                                    StringValue("400p"));
}

/// A queue disc in front of the router's device toward the client.
struct Bottleneck
{
    Ptr<QueueDisc> disc; //!< it
    double sum{0};       //!< packets in it, summed up each millisecond
    uint32_t samples{0}; //!< how often
    uint32_t most{0};    //!< packets in it, at most

    /// @param rig where @param path which @param kind of queue disc
    Bottleneck(TestRig& rig, uint32_t path, Disc kind)
        : disc(MakeDisc(kind))
    {
        const auto device = rig.Path(path)->GetPointToPointDevice(1);
        device->GetQueue()->SetMaxSize(QueueSize("2p"));
        // The device stops the queue disc, as one of PointToPointHelper's does.
        auto interface = CreateObject<NetDeviceQueueInterface>();
        interface->GetTxQueue(0)->ConnectQueueTraces(device->GetQueue());
        device->AggregateObject(interface);
        device->GetNode()->GetObject<TrafficControlLayer>()->SetRootQueueDiscOnDevice(device, disc);
        disc->Initialize();
    }

    /// Look at the queue. @param from when @param until when
    void Watch(Time from, Time until)
    {
        for (Time at = from; at < until; at += MilliSeconds(1))
        {
            Simulator::Schedule(at,
                                [this]
                                {
                                    const uint32_t packets = disc->GetNPackets();
                                    sum += packets;
                                    samples++;
                                    most = std::max(most, packets);
                                });
        }
    }

    /// @return packets in it, on average
    double GetMean() const
    {
        return sum / std::max(samples, 1U);
    }
};

/// Let initial sequence numbers be below 2^31: ns-3's own TCP compares that of the first CE with 0,
/// and hears of no congestion otherwise. @param node whose
void
StartLow(Ptr<Node> node)
{
    const auto protocol = node->GetObject<MptcpL4Protocol>();
    int64_t stream = 5000;
    do
    {
        stream += protocol->AssignStreams(stream);
    } while (protocol->GetInitialSequenceNumber() >= 1U << 31);
    protocol->AssignStreams(stream - 2);
}

/// What becomes of a transfer.
struct Outcome
{
    uint64_t marked{0};  //!< packets
    uint64_t dropped{0}; //!< packets
    double mean{0};      //!< packets in the queue
    Time end;            //!< when the client had all
};

/// @param test to report to @param plan a download @param kind of queue disc, on each path
/// @return what there was
Outcome
Download(ScenarioTestCase& test, TransferPlan plan, Disc kind)
{
    Outcome outcome;
    std::vector<std::unique_ptr<Bottleneck>> bottlenecks;
    plan.arrange = [&](TestRig& rig)
    {
        if (plan.stockClient)
        {
            StartLow(rig.GetServer());
        }
        for (uint32_t i = 0; i < rig.CountPaths(); i++)
        {
            bottlenecks.push_back(std::make_unique<Bottleneck>(rig, i, kind));
            bottlenecks.back()->Watch(Seconds(1), Seconds(2));
        }
    };
    plan.check = [&](ScenarioTestCase&, TestRig& rig, WireChecker&)
    {
        for (const auto& bottleneck : bottlenecks)
        {
            outcome.marked += bottleneck->disc->GetStats().nTotalMarkedPackets;
            outcome.dropped += bottleneck->disc->GetStats().nTotalDroppedPackets;
            outcome.mean += bottleneck->GetMean();
        }
        outcome.end = rig.opened[0]->lastByteAt;
    };
    RunTransfer(test, plan);
    return outcome;
}

/// @param paths of the client @param ipv6 which IP @param attributes of both ends
/// @return a download of six megabytes
TransferPlan
MakePlan(uint32_t paths, bool ipv6, TestAttributes attributes)
{
    TransferPlan plan;
    plan.net = Paths(paths);
    plan.net.ipv6 = ipv6;
    plan.down = 6000000;
    plan.joins = paths - 1;
    plan.attributes = std::move(attributes);
    for (const auto& [name, value] : plan.attributes)
    {
        if (name == "Multipath" && value == "false")
        {
            plan.expectation = Expectation::PLAIN;
        }
    }
    return plan;
}

/// Marks are answered, and nothing is lost.
void
Marks(ScenarioTestCase& test, uint32_t paths, bool ipv6, Disc kind, TestAttributes attributes)
{
    const auto outcome = Download(test, MakePlan(paths, ipv6, std::move(attributes)), kind);
    test.Expect(outcome.marked > 0, "marks");
    test.ExpectEqual(outcome.dropped, 0U, "losses");
    const double ideal = 6e6 * 8 / (20e6 * paths);
    test.Expect(outcome.end.GetSeconds() < 1.35 * ideal + 0.3,
                "the path is used: " + std::to_string(outcome.end.GetSeconds()) + " s");
}

/// With ns-3's own TCP as the other end.
void
StockPeer(ScenarioTestCase& test, bool stockServer)
{
    Config::SetDefault("ns3::TcpSocketBase::UseEcn", StringValue("On"));
    Config::SetDefault("ns3::TcpSocketBase::MinRto", StringValue("200ms"));
    auto plan = MakePlan(1, false, {});
    plan.expectation = Expectation::DELIVERED;
    plan.stockServer = stockServer;
    plan.stockClient = !stockServer;
    const auto outcome = Download(test, plan, Disc::RED);
    test.Expect(outcome.marked > 0, "marks");
    test.Expect(outcome.dropped < 3,
                "losses but of a lone ACK, FIN or probe, which are not ECN-capable: " +
                    std::to_string(outcome.dropped));
}

/// RFC 8257 section 1: low delay, high throughput.
void
Dctcp(ScenarioTestCase& test, uint32_t paths)
{
    const TestAttributes plain{{"Multipath", paths > 1 ? "true" : "false"}};
    auto attributes = plain;
    attributes.emplace_back("CongestionControl", "ns3::TcpDctcp");
    const auto dctcp = Download(test, MakePlan(paths, false, attributes), Disc::THRESHOLD);
    const auto cubic = Download(test, MakePlan(paths, false, plain), Disc::FIFO);
    test.ExpectEqual(dctcp.dropped, 0U, "losses with DCTCP");
    test.Expect(dctcp.mean < 25 * paths, "the queue is short: " + std::to_string(dctcp.mean));
    test.Expect(2 * dctcp.mean < cubic.mean, "where CUBIC fills it: " + std::to_string(cubic.mean));
    test.Expect(dctcp.end.GetSeconds() < 6e6 * 8 / (20e6 * paths) * 1.25 + 0.2,
                "the path is used: " + std::to_string(dctcp.end.GetSeconds()) + " s");
}

/// With ns-3's own TCP and DCTCP at the other end. @param stockServer that sends
void
DctcpStockPeer(ScenarioTestCase& test, bool stockServer)
{
    Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(TcpDctcp::GetTypeId()));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(4000000));
    Config::SetDefault("ns3::TcpSocketBase::MinRto", StringValue("200ms"));
    auto plan = MakePlan(1, false, {});
    plan.expectation = Expectation::DELIVERED;
    plan.stockServer = stockServer;
    plan.stockClient = !stockServer;
    const auto outcome = Download(test, plan, Disc::THRESHOLD);
    test.ExpectEqual(outcome.dropped, 0U, "losses");
    test.Expect(outcome.mean < 25, "the queue is short: " + std::to_string(outcome.mean));
    test.Expect(stockServer || outcome.marked > 0, "marks");
}

/// The suite.
class MptcpEcnTestSuite : public ScenarioTestSuite
{
  public:
    MptcpEcnTestSuite()
        : ScenarioTestSuite("mptcp-ecn")
    {
        for (const bool ipv6 : {false, true})
        {
            const std::string family = ipv6 ? ", IPv6" : ", IPv4";
            for (const auto& [kind, name] : {std::pair(Disc::RED, "RED"), {Disc::CODEL, "CoDel"}})
            {
                const Disc disc = kind;
                Add(std::string("RFC 3168: ") + name + " marks plain TCP" + family,
                    [ipv6, disc](ScenarioTestCase& test) {
                        Marks(test, 1, ipv6, disc, {{"UseEcn", "On"}, {"Multipath", "false"}});
                    });
                Add(std::string("RFC 3168: ") + name + " marks two subflows" + family,
                    [ipv6, disc](ScenarioTestCase& test) {
                        Marks(test, 2, ipv6, disc, {{"UseEcn", "On"}});
                    });
            }
        }
        Add("RFC 3168: the default of ns3::TcpSocketBase::UseEcn holds for own sockets",
            [](ScenarioTestCase& test)
            {
                Config::SetDefault("ns3::TcpSocketBase::UseEcn", StringValue("On"));
                Marks(test, 1, false, Disc::RED, {});
            });
        Add("RFC 3168: a receiver of ns-3's own TCP",
            [](ScenarioTestCase& test) { StockPeer(test, false); });
        Add("RFC 3168: a sender of ns-3's own TCP",
            [](ScenarioTestCase& test) { StockPeer(test, true); });
        for (const uint32_t paths : {1U, 2U})
        {
            Add("RFC 8257: DCTCP keeps the queue short, subflows: " + std::to_string(paths),
                [paths](ScenarioTestCase& test) { Dctcp(test, paths); });
        }
        Add("RFC 8257: a DCTCP receiver of ns-3's own TCP",
            [](ScenarioTestCase& test) { DctcpStockPeer(test, false); });
        Add("RFC 8257: a DCTCP sender of ns-3's own TCP",
            [](ScenarioTestCase& test) { DctcpStockPeer(test, true); });
    }
};

MptcpEcnTestSuite g_mptcpEcnTestSuite; //!< registers itself

} // namespace

} // namespace ns3
