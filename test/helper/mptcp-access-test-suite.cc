// SPDX-License-Identifier: GPL-2.0-only
#include "ns3/background-source.h"
#include "ns3/boolean.h"
#include "ns3/byte-stream-application.h"
#include "ns3/data-rate.h"
#include "ns3/device-pair-access.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/link-access.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/pointer.h"
#include "ns3/simple-net-device-helper.h"
#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/trace-access.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <sstream>
#include <stdexcept>

using namespace ns3;

namespace
{

constexpr auto WIFI = SmartphoneHelper::WIFI;
constexpr auto CELLULAR = SmartphoneHelper::CELLULAR;

/// @param file its name @param text what is written to it @return its name
std::string
WriteFile(const std::string& file, const std::string& text)
{
    std::ofstream(file) << text;
    return file;
}

/// Packets that cross an access which follows a trace.
class TraceTest : public TestCase
{
  public:
    /// A packet.
    struct Sending
    {
        double time;   //!< in ms
        uint32_t size; //!< bytes, with the IP header
    };

    /// @param name a sentence @param trace lines of the trace @param sendings what is sent
    /// @param expected when packets arrive, in ms @param queue packets that wait at most
    /// @param uplink the phone sends
    TraceTest(const std::string& name,
              const std::string& trace,
              std::vector<Sending> sendings,
              std::vector<double> expected,
              uint32_t queue = 100,
              bool uplink = false)
        : TestCase(name),
          m_trace(trace),
          m_sendings(std::move(sendings)),
          m_expected(std::move(expected)),
          m_queue(queue),
          m_uplink(uplink)
    {
    }

  private:
    void DoRun() override
    {
        // What must not be used would come much too early.
        const std::string wrong = WriteFile(CreateTempDirFilename("wrong.trace"), "1\n");
        const std::string right = WriteFile(CreateTempDirFilename("right.trace"), m_trace);
        SmartphoneHelper network;
        auto access = DynamicCast<TraceAccess>(PhoneAccess::Create("trace"));
        access->SetAttribute("Delay", TimeValue(Time(0)));
        access->SetAttribute("QueuePackets", UintegerValue(m_queue));
        access->SetAttribute("Uplink", StringValue(m_uplink ? right : wrong));
        access->SetAttribute("Downlink", StringValue(m_uplink ? wrong : right));
        network.SetAccess(WIFI, access);
        network.Build();
        Ptr<Node> sender = m_uplink ? network.GetPhone() : network.GetRouters().Get(0);
        Ptr<NetDevice> receiver =
            m_uplink ? access->GetRouterDevice(0) : network.GetPhoneDevice(WIFI);
        const IpAddress to =
            receiver->GetNode()
                ->GetObject<Ipv4>()
                ->GetAddress(
                    receiver->GetNode()->GetObject<Ipv4>()->GetInterfaceForDevice(receiver), 0)
                .GetLocal();
        auto socket = Socket::CreateSocket(sender, TypeId::LookupByName("ns3::UdpSocketFactory"));
        socket->Connect(ToSocketAddress(to, 9));
        for (const Sending& sending : m_sendings)
        {
            // IPv4 and UDP headers.
            Simulator::Schedule(NanoSeconds(static_cast<int64_t>(sending.time * 1e6)),
                                [socket, sending]()
                                { socket->Send(Create<Packet>(sending.size - 28)); });
        }
        std::vector<double> arrived;
        const std::function<void(Ptr<const Packet>)> note = [&arrived](Ptr<const Packet>)
        { arrived.push_back(Simulator::Now().GetMicroSeconds() / 1e3); };
        receiver->TraceConnectWithoutContext("MacRx", Callback<void, Ptr<const Packet>>(note));
        Simulator::Stop(Seconds(1));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(arrived.size(), m_expected.size(), "packets that arrive");
        for (size_t i = 0; i < std::min(arrived.size(), m_expected.size()); ++i)
        {
            // The device behind takes a fraction of a microsecond.
            NS_TEST_EXPECT_MSG_EQ_TOL(arrived[i], m_expected[i], 0.002, "packet " << i);
        }
        Simulator::Destroy();
    }

    std::string m_trace;             //!< lines
    std::vector<Sending> m_sendings; //!< what is sent
    std::vector<double> m_expected;  //!< when they arrive, in ms
    uint32_t m_queue;                //!< packets
    bool m_uplink;                   //!< the phone sends
};

/// A download for some seconds.
class DownloadTest : public TestCase
{
  public:
    /// @param name a sentence @param prepare called before Build() @param change called after it
    /// @param check called with what arrived in each second, in Mb/s
    DownloadTest(const std::string& name,
                 std::function<void(DownloadTest&, SmartphoneHelper&)> prepare,
                 std::function<void(SmartphoneHelper&)> change,
                 std::function<void(DownloadTest&, const std::vector<double>&)> check)
        : TestCase(name),
          m_prepare(std::move(prepare)),
          m_change(std::move(change)),
          m_check(std::move(check))
    {
    }

    /// Check. @param value must be so @param low at least @param high and at most @param what it is
    void ExpectBetween(double value, double low, double high, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ((value >= low && value <= high),
                              true,
                              what << ": " << value << " is not from " << low << " to " << high);
    }

    /// @param name of a file @param text of it @return where it is
    std::string Write(const std::string& name, const std::string& text)
    {
        return WriteFile(CreateTempDirFilename(name), text);
    }

    bool m_multipath{false}; //!< MPTCP over both accesses

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        m_prepare(*this, network);
        network.Build();
        network.AssignStreams(100);
        MptcpHelper mptcp;
        mptcp.SetSocketAttribute("Multipath", BooleanValue(m_multipath));
        const NodeContainer hosts(network.GetPhone(), network.GetServer());
        mptcp.Install(hosts);
        MptcpHelper::AssignStreams(hosts, 200);
        const Address server = ToSocketAddress(network.GetServerAddress(false), 5001);
        auto sender = CreateObjectWithAttributes<ByteStreamApplication>(
            "Protocol",
            TypeIdValue(MptcpSocketFactory::GetTypeId()),
            "Local",
            AddressValue(server),
            "MaxBytes",
            UintegerValue(std::numeric_limits<uint64_t>::max()));
        auto receiver = CreateObjectWithAttributes<ByteStreamApplication>(
            "Protocol",
            TypeIdValue(MptcpSocketFactory::GetTypeId()),
            "Local",
            AddressValue(ToSocketAddress(network.GetPhoneAddress(WIFI, false), 0)),
            "Remote",
            AddressValue(server));
        network.GetServer()->AddApplication(sender);
        network.GetPhone()->AddApplication(receiver);
        m_change(network);
        std::vector<double> seconds;
        uint64_t before = 0;
        for (int i = 1; i <= 8; ++i)
        {
            Simulator::Schedule(Seconds(i),
                                [&]()
                                {
                                    seconds.push_back((receiver->GetReceived() - before) * 8 / 1e6);
                                    before = receiver->GetReceived();
                                });
        }
        Simulator::Stop(Seconds(8.01));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(receiver->GetWrong(), 0, "every byte is the one that was sent");
        m_check(*this, seconds);
        Simulator::Destroy();
    }

    std::function<void(DownloadTest&, SmartphoneHelper&)> m_prepare;        //!< before Build()
    std::function<void(SmartphoneHelper&)> m_change;                        //!< after it
    std::function<void(DownloadTest&, const std::vector<double>&)> m_check; //!< at the end
};

/// @param text events @return what happens, for DownloadTest
std::function<void(SmartphoneHelper&)>
Replay(const std::string& text)
{
    return [text](SmartphoneHelper& network)
    {
        std::istringstream stream(text);
        network.ScheduleEvents(ReadAccessEvents(stream, "events"), "events");
    };
}

/// Events that cannot be replayed.
class EventErrorTest : public TestCase
{
  public:
    EventErrorTest()
        : TestCase("Events that cannot happen are told with their line")
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        network.Build();
        Expect(network,
               "1 wifi up\n1 lte up\n",
               "events:2: lte: no such access; accepted: wifi, cellular");
        Simulator::Destroy();

        SmartphoneHelper traced;
        auto access = CreateObject<TraceAccess>();
        const std::string file = WriteFile(CreateTempDirFilename("a.trace"), "1\n");
        access->SetAttribute("Uplink", StringValue(file));
        access->SetAttribute("Downlink", StringValue(file));
        traced.SetAccess(CELLULAR, access);
        traced.Build();
        Expect(traced, "1 cellular silent\n2 cellular loss 0\n3 cellular delay 9\n", "nothing");
        Expect(traced, "1 cellular rate 5\n", "events:1: rate: cannot happen to ns3::TraceAccess");
        Simulator::Destroy();
    }

    /// @param network where @param text events @param error what is wrong with them
    void Expect(SmartphoneHelper& network, const std::string& text, const std::string& error)
    {
        std::string told = "nothing";
        try
        {
            Replay(text)(network);
        }
        catch (const std::invalid_argument& exception)
        {
            told = exception.what();
        }
        NS_TEST_EXPECT_MSG_EQ(told, error, "the error");
    }
};

/// What a phone knows of its signal.
class SignalTest : public TestCase
{
  public:
    SignalTest()
        : TestCase("A signal is weak below one threshold until it is above another")
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        network.Build();
        Replay("1 wifi signal -60\n2 wifi signal -76\n3 wifi signal -71\n4 wifi signal -69\n"
               "5 wifi signal -74\n6 wifi signal -80\n")(network);
        const auto access = network.GetAccess(WIFI);
        access->SetAttribute("Weak", DoubleValue(-75));
        access->SetAttribute("Good", DoubleValue(-70));
        std::ostringstream seen;
        const std::function<void(uint32_t, bool)> onWeak = [&seen](uint32_t phone, bool weak)
        { seen << Simulator::Now().GetSeconds() << (weak ? " weak " : " good ") << phone << ';'; };
        access->TraceConnectWithoutContext("WeakSignal", Callback<void, uint32_t, bool>(onWeak));
        NS_TEST_EXPECT_MSG_EQ(access->GetSignal(0).has_value(), false, "nothing was measured yet");
        Simulator::Stop(Seconds(7));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(seen.str(), "2 weak 0;4 good 0;6 weak 0;", "changes");
        NS_TEST_EXPECT_MSG_EQ(access->GetSignal(0).value_or(0), -80, "the last one");
        NS_TEST_EXPECT_MSG_EQ(access->IsWeak(0), true, "the last state");
        Simulator::Destroy();
    }
};

/// Others that send nothing.
class IdleSourceTest : public TestCase
{
  public:
    IdleSourceTest()
        : TestCase("A source of background traffic without a rate sends nothing")
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        network.Build();
        const auto source = CreateObjectWithAttributes<BackgroundSource>(
            "Rate",
            DataRateValue(DataRate(0)),
            "Remote",
            AddressValue(ToSocketAddress(network.GetServerAddress(false), 9)));
        network.GetPhone()->AddApplication(source);
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(source->GetSent(), 0, "nothing");
        Simulator::Destroy();
    }
};

/// Requests over devices that the helper knows nothing of.
class DevicePairTest : public TestCase
{
  public:
    DevicePairTest()
        : TestCase("Any two devices make an access")
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        // A channel for which addresses must be resolved, and a router that brings its own address.
        NodeContainer ends(network.GetPhone(), CreateObject<Node>());
        const NetDeviceContainer devices = SimpleNetDeviceHelper().Install(ends);
        InternetStackHelper().Install(ends.Get(1));
        Ptr<Ipv4> ipv4 = ends.Get(1)->GetObject<Ipv4>();
        const uint32_t index = ipv4->AddInterface(devices.Get(1));
        ipv4->AddAddress(index, {Ipv4Address("10.0.1.77"), Ipv4Mask("/24")});
        ipv4->SetUp(index);
        network.SetAccess(WIFI, CreateObject<DevicePairAccess>(devices.Get(0), devices.Get(1)));
        network.Build();
        NS_TEST_EXPECT_MSG_EQ(network.GetRouters().Get(0), ends.Get(1), "its node is the router");
        NS_TEST_EXPECT_MSG_EQ(ipv4->GetNAddresses(index), 1, "which keeps its address");
        MptcpHelper mptcp;
        mptcp.Install(NodeContainer(network.GetPhone(), network.GetServer()));
        const Address server = ToSocketAddress(network.GetServerAddress(false), 5001);
        auto sender = CreateObjectWithAttributes<ByteStreamApplication>(
            "Local", AddressValue(server), "MaxBytes", UintegerValue(100000));
        auto receiver =
            CreateObjectWithAttributes<ByteStreamApplication>("Remote", AddressValue(server));
        network.GetServer()->AddApplication(sender);
        network.GetPhone()->AddApplication(receiver);
        const std::string capture = CreateTempDirFilename("pair.pcap");
        network.GetAccess(WIFI)->EnablePcap(devices.Get(0), capture);
        Simulator::Stop(Seconds(20));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(receiver->GetReceived(), 100000, "all arrives");
        NS_TEST_EXPECT_MSG_EQ(receiver->GetWrong(), 0, "as it was sent");
        Simulator::Destroy();
        std::ifstream file(capture, std::ios::binary | std::ios::ate);
        NS_TEST_EXPECT_MSG_GT(file.tellg(), 100000, "the capture has the packets");
    }
};

/// Accesses of different families, and a server with two links.
class MixedFamiliesTest : public TestCase
{
  public:
    MixedFamiliesTest()
        : TestCase("MPTCP uses IPv4 on one access and IPv6 on the other")
    {
    }

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        network.SetFamilies(WIFI, true, false);
        network.SetFamilies(CELLULAR, false, true);
        network.SetServerLinks(2);
        network.Build();
        NS_TEST_EXPECT_MSG_EQ(
            (network.GetServerAddress(false, 0) != network.GetServerAddress(false, 1)),
            true,
            "two addresses");
        MptcpHelper mptcp;
        const NodeContainer hosts(network.GetPhone(), network.GetServer());
        mptcp.Install(hosts);
        MptcpHelper::AssignStreams(hosts, 200);
        const Address server = ToSocketAddress(network.GetServerAddress(false, 1), 5001);
        const TypeIdValue protocol(MptcpSocketFactory::GetTypeId());
        auto sender = CreateObjectWithAttributes<ByteStreamApplication>(
            "Protocol",
            protocol,
            "Local",
            AddressValue(InetSocketAddress(Ipv4Address::GetAny(), 5001)),
            "MaxBytes",
            UintegerValue(10000000));
        auto receiver = CreateObjectWithAttributes<ByteStreamApplication>(
            "Protocol", protocol, "Remote", AddressValue(server));
        network.GetServer()->AddApplication(sender);
        network.GetPhone()->AddApplication(receiver);
        uint64_t bytes[2] = {0, 0};
        for (const auto access : {WIFI, CELLULAR})
        {
            const std::function<void(Ptr<const Packet>)> count =
                [&bytes, access](Ptr<const Packet> packet) { bytes[access] += packet->GetSize(); };
            network.GetPhoneDevice(access)->TraceConnectWithoutContext(
                "MacRx", Callback<void, Ptr<const Packet>>(count));
        }
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(receiver->GetReceived(), 10000000, "all arrives");
        NS_TEST_EXPECT_MSG_EQ(receiver->GetWrong(), 0, "as it was sent");
        NS_TEST_EXPECT_MSG_GT(bytes[WIFI], 1000000, "by IPv4 over WiFi");
        NS_TEST_EXPECT_MSG_GT(bytes[CELLULAR], 1000000, "by IPv6 over the cellular access");
        Simulator::Destroy();
    }
};

/// Names of kinds.
class NameTest : public TestCase
{
  public:
    NameTest()
        : TestCase("Kinds of access have names")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_NE(
            DynamicCast<PointToPointAccess>(PhoneAccess::Create("emulated")), nullptr, "emulated");
        NS_TEST_EXPECT_MSG_NE(
            DynamicCast<TraceAccess>(PhoneAccess::Create("trace")), nullptr, "trace");
        std::string error;
        try
        {
            PhoneAccess::Create("pigeon");
        }
        catch (const std::invalid_argument& exception)
        {
            error = exception.what();
        }
        NS_TEST_EXPECT_MSG_EQ(error.find("pigeon: no such access; accepted: emulated, "), 0, error);
    }
};

/// The suite.
class AccessTestSuite : public TestSuite
{
  public:
    AccessTestSuite()
        : TestSuite("mptcp-access", Type::UNIT)
    {
        AddTestCase(new NameTest);
        AddTraces();
        AddShippedTrace();
        AddEvents();
        AddTestCase(new EventErrorTest);
        AddTestCase(new SignalTest);
        AddTestCase(new IdleSourceTest);
        AddTestCase(new DevicePairTest);
        AddTestCase(new DownloadTest(
            "Others leave less of an access",
            [](DownloadTest&, SmartphoneHelper&) {},
            [](SmartphoneHelper& network)
            {
                network.AddBackground(WIFI, 0, DataRate("12Mb/s"), DataRate("1Mb/s"));
                network.AddBackground(CELLULAR, 0, DataRate(0), DataRate("1Mb/s"));
                network.AssignStreams(300);
            },
            [](DownloadTest& test, const std::vector<double>& seconds)
            { test.ExpectBetween(seconds[5] + seconds[6] + seconds[7], 12, 24, "Mbit in 3 s"); }));
        AddTestCase(new MixedFamiliesTest);
    }

  private:
    /// Links that follow a trace.
    void AddTraces()
    {
        const std::string each10 = "10\n20\n30\n40\n";
        AddTestCase(new TraceTest("An opportunity carries a packet of 1500 bytes",
                                  each10,
                                  {{1, 1500}, {1, 1500}, {1, 1500}},
                                  {10, 20, 30}));
        AddTestCase(new TraceTest("The uplink has a trace of its own",
                                  each10,
                                  {{1, 1500}, {1, 1500}},
                                  {10, 20},
                                  100,
                                  true));
        // Each counts 4 bytes more: 504, 504, and 496 of the third's 504.
        AddTestCase(new TraceTest("An opportunity carries several packets, the last one in part",
                                  each10,
                                  {{1, 500}, {1, 500}, {1, 500}, {1, 1400}, {1, 100}},
                                  {10, 10, 20, 20, 30}));
        AddTestCase(new TraceTest("Bytes that an opportunity has no packets for are lost",
                                  each10,
                                  {{1, 100}, {12, 1500}},
                                  {10, 20}));
        AddTestCase(new TraceTest("A packet that comes with an opportunity waits for the next one",
                                  each10,
                                  {{10, 1500}},
                                  {20}));
        AddTestCase(new TraceTest("Equal stamps are so many opportunities",
                                  "10\n10\n30\n",
                                  {{1, 1500}, {1, 1500}, {1, 1500}},
                                  {10, 10, 30}));
        AddTestCase(new TraceTest("The last stamp is the period",
                                  "10\n25\n",
                                  {{1, 1500}, {1, 1500}, {1, 1500}, {1, 1500}, {300, 1500}},
                                  {10, 25, 35, 50, 310}));
        AddTestCase(new TraceTest("A full queue drops what comes",
                                  each10,
                                  {{1, 1500}, {1, 1500}, {1, 1500}, {1, 100}, {11, 1500}},
                                  {10, 20, 30},
                                  2));
        AddTestCase(new DownloadTest(
            "A download fills a trace of 12 Mbit per second",
            [](DownloadTest& test, SmartphoneHelper& network)
            {
                auto access = CreateObject<TraceAccess>();
                access->SetAttribute("Uplink", StringValue(test.Write("up.trace", "1\n")));
                access->SetAttribute("Downlink", StringValue(test.Write("down.trace", "1\n")));
                network.SetAccess(WIFI, access);
            },
            [](SmartphoneHelper&) {},
            [](DownloadTest& test, const std::vector<double>& seconds)
            { test.ExpectBetween(seconds[6], 11.2, 11.7, "Mb/s"); }));
    }

    /// The trace that comes with the tests.
    void AddShippedTrace()
    {
        AddTestCase(new DownloadTest(
            "A download follows a trace that swings and falls silent",
            [](DownloadTest&, SmartphoneHelper& network)
            {
                const std::string folder = std::string(MPTCP_TEST_VECTORS) + "/cellular-";
                auto access = CreateObject<TraceAccess>();
                access->SetAttribute("Uplink", StringValue(folder + "up.trace"));
                access->SetAttribute("Downlink", StringValue(folder + "down.trace"));
                network.SetAccess(WIFI, access);
            },
            [](SmartphoneHelper&) {},
            [](DownloadTest& test, const std::vector<double>& seconds)
            {
                // Each second of the trace carries so many Mbit in packets of 1500 bytes, 0.95 of
                // them payload; what was lost is delivered in order later.
                const double carried[] = {11.41, 5.84, 7.98, 5.11, 4.54};
                for (const size_t i : {1, 2, 4, 6, 7})
                {
                    const double carries = carried[i % 5];
                    test.ExpectBetween(
                        seconds[i], 0.75 * carries, 1.1 * carries, "second " + std::to_string(i));
                }
            }));
    }

    /// What is replayed.
    void AddEvents()
    {
        const auto nothing = [](DownloadTest&, SmartphoneHelper&) {};
        AddTestCase(new DownloadTest("Rate, delay and loss are what events say",
                                     nothing,
                                     Replay("3 wifi rate 5\n"
                                            "5 wifi rate 20\n"
                                            "6 wifi delay 500\n"),
                                     [](DownloadTest& test, const std::vector<double>& seconds)
                                     {
                                         test.ExpectBetween(seconds[2], 13, 20, "at 20 Mb/s");
                                         test.ExpectBetween(seconds[4], 3.5, 6, "at 5 Mb/s");
                                         test.ExpectBetween(seconds[5], 10, 20, "at 20 Mb/s");
                                         test.ExpectBetween(seconds[7], 0, 10, "1 s of RTT");
                                     }));
        AddTestCase(new DownloadTest("Silence and its end",
                                     nothing,
                                     Replay("2 wifi silent\n3.1 wifi up\n6 wifi loss 1\n"),
                                     [](DownloadTest& test, const std::vector<double>& seconds)
                                     {
                                         test.ExpectBetween(seconds[2], 0, 0.5, "silent");
                                         test.ExpectBetween(seconds[5], 5, 20, "up");
                                         test.ExpectBetween(seconds[7], 0, 0, "lost");
                                     }));
        AddTestCase(new DownloadTest(
            "MPTCP leaves an interface that goes down, and returns to it",
            [](DownloadTest& test, SmartphoneHelper&) { test.m_multipath = true; },
            Replay("3 wifi down\n5 wifi up\n"),
            [](DownloadTest& test, const std::vector<double>& seconds)
            {
                test.ExpectBetween(seconds[2], 20, 35, "both");
                test.ExpectBetween(seconds[4], 5, 10, "cellular alone");
                test.ExpectBetween(seconds[7], 20, 35, "both again");
            }));
    }
};

AccessTestSuite g_accessTestSuite; //!< the suite

} // namespace
