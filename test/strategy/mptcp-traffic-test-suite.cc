// SPDX-License-Identifier: GPL-2.0-only
// What phones transfer beside endless streams, and the application that connects again.
#include "ns3/boolean.h"
#include "ns3/byte-stream-application.h"
#include "ns3/frame-source.h"
#include "ns3/inet-socket-address.h"
#include "ns3/mptcp-connection.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/mptcp-socket.h"
#include "ns3/mptcp-subflow.h"
#include "ns3/object-client.h"
#include "ns3/range-client.h"
#include "ns3/range-server.h"
#include "ns3/simulator.h"
#include "ns3/smartphone-helper.h"
#include "ns3/string.h"
#include "ns3/test.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

using namespace ns3;

namespace
{

constexpr auto WIFI = SmartphoneHelper::WIFI;
constexpr auto CELLULAR = SmartphoneHelper::CELLULAR;
constexpr uint16_t PORT = 5001;

/// A phone with plain TCP and a server, 20 Mb/s and 20 ms over WiFi, 10 Mb/s and 50 ms over
/// cellular.
class TrafficTest : public TestCase
{
  public:
    /// @param name a sentence @param run the test
    TrafficTest(const std::string& name, std::function<void(TrafficTest&)> run)
        : TestCase(name),
          m_run(std::move(run))
    {
    }

    /// @param type a RangeClient or what derives from it @return one on the phone
    template <typename Client>
    Ptr<Client> AddClient()
    {
        auto client = CreateObject<Client>();
        client->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
        client->SetAttribute("Remote", AddressValue(m_address));
        client->SetLocals({GetLocal(WIFI), GetLocal(CELLULAR)});
        m_network->GetPhone()->AddApplication(client);
        return client;
    }

    /// @param server an application @return the same on the server
    template <typename Server>
    Ptr<Server> AddServer(Ptr<Server> server)
    {
        server->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
        server->SetAttribute("Local", AddressValue(m_address));
        m_network->GetServer()->AddApplication(server);
        return server;
    }

    /// @param access which @return the phone's address there
    Address GetLocal(SmartphoneHelper::Access access) const
    {
        return InetSocketAddress(std::get<Ipv4Address>(m_network->GetPhoneAddress(access, false)),
                                 0);
    }

    /// Watch bytes that come in order. @param receiver with a trace source Rx
    void Watch(Ptr<Object> receiver)
    {
        receiver->TraceConnectWithoutContext(
            "Rx",
            Callback<void, uint64_t, uint32_t>(
                [this](uint64_t offset, uint32_t size)
                {
                    NS_TEST_EXPECT_MSG_EQ(offset, m_received, "each byte once, in order");
                    m_received = offset + size;
                    m_longest = std::max(m_longest, Simulator::Now() - m_last);
                    m_last = Simulator::Now();
                }));
    }

    /// @param end of the run
    void RunUntil(Time end)
    {
        Simulator::Stop(end);
        Simulator::Run();
    }

    /// @param ok must hold @param message what it is
    void Expect(bool ok, const std::string& message)
    {
        NS_TEST_EXPECT_MSG_EQ(ok, true, message);
    }

    SmartphoneHelper* m_network{nullptr}; //!< the network
    Address m_address;                    //!< of the server
    uint64_t m_received{0};               //!< bytes watched
    Time m_last;                          //!< when some came last
    Time m_longest;                       //!< longest time without

  private:
    void DoRun() override
    {
        SmartphoneHelper network;
        network.Build();
        m_network = &network;
        m_address = InetSocketAddress(std::get<Ipv4Address>(network.GetServerAddress(false)), PORT);
        MptcpHelper mptcp;
        mptcp.SetSocketAttribute("Multipath", BooleanValue(false));
        const NodeContainer hosts(network.GetPhone(), network.GetServer());
        mptcp.Install(hosts);
        MptcpHelper::AssignStreams(hosts, 100);
        m_run(*this);
        Simulator::Destroy();
    }

    std::function<void(TrafficTest&)> m_run; //!< the test
};

/// A transfer of 8 MB while WiFi is silent from 2 s on.
/// @param test the test @param upload the phone sends @param told the phone hears of it
/// @param least of the longest gap @param most of it
void
TestResume(TrafficTest& test, bool upload, bool told, Time least, Time most)
{
    constexpr uint64_t SIZE = 8'000'000;
    auto server = test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    client->SetAttribute("StallTimeout", TimeValue(Seconds(3)));
    bool done = false;
    if (upload)
    {
        client->Put(SIZE, [&done]() { done = true; });
        test.Watch(server);
    }
    else
    {
        client->Get(0, SIZE, [&done]() { done = true; });
        test.Watch(client);
    }
    test.m_network->ScheduleSilence(WIFI, Seconds(2), Seconds(100));
    if (told)
    {
        Simulator::Schedule(Seconds(2), &RangeClient::NotifyUsable, client, 0, false);
    }
    test.RunUntil(Seconds(20));
    test.Expect(test.m_received == SIZE, "all has come");
    test.Expect(done, "and the client knows");
    test.Expect(client->GetWrong() + server->GetWrong() == 0,
                "every byte is the one that was sent");
    test.Expect(client->GetReconnections() == 1, "it has connected again once");
    test.Expect(test.m_longest > least && test.m_longest < most, "the longest gap");
}

void
TestNoResume(TrafficTest& test)
{
    test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    client->Get(0, 8'000'000, nullptr);
    test.m_network->ScheduleSilence(WIFI, Seconds(2), Seconds(100));
    Simulator::Schedule(Seconds(2), &RangeClient::NotifyUsable, client, 0, false);
    test.RunUntil(Seconds(20));
    test.Expect(client->GetReconnections() == 0, "it stays where it is");
}

void
TestOldConnectionReturns(TrafficTest& test)
{
    // WiFi is back when the client has left it: what the first connection still holds must not
    // come twice.
    auto server = test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    client->SetAttribute("StallTimeout", TimeValue(Seconds(1)));
    client->Put(8'000'000, nullptr);
    test.Watch(server);
    test.m_network->ScheduleSilence(WIFI, Seconds(2), Seconds(4));
    test.RunUntil(Seconds(20));
    test.Expect(test.m_received == 8'000'000, "all has come");
    test.Expect(server->GetWrong() == 0, "every byte is the one that was sent");
}

void
TestUploads(TrafficTest& test)
{
    // Each begins when the one before it is done; the last has nothing new.
    auto server = test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    test.Watch(server);
    uint32_t done = 0;
    const auto count = [&done]() { done++; };
    client->Put(100'000, count);
    Simulator::Schedule(Seconds(1), [&]() { client->Put(250'000, count); });
    Simulator::Schedule(Seconds(2), [&]() { client->Put(50'000, count); });
    test.RunUntil(Seconds(5));
    test.Expect(done == 3, std::to_string(done) + " of 3 are done");
    test.Expect(test.m_received == 250'000, "all has come");
    test.Expect(server->GetWrong() == 0, "every byte is the one that was sent");
}

void
TestUploadsFromDone(TrafficTest& test)
{
    auto server = test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    test.Watch(server);
    std::vector<std::string> told;
    // What it holds is used after the next upload has begun.
    std::function<void(uint32_t)> upload = [&](uint32_t count)
    {
        const std::string name = "upload number " + std::to_string(count) + ", which has a name";
        client->Put(count * 10'000,
                    [&, count, name]()
                    {
                        if (count < 3)
                        {
                            upload(count + 1);
                        }
                        told.push_back(name);
                    });
    };
    upload(1);
    test.RunUntil(Seconds(5));
    test.Expect(told == std::vector<std::string>({"upload number 1, which has a name",
                                                  "upload number 2, which has a name",
                                                  "upload number 3, which has a name"}),
                "each is done once");
    test.Expect(test.m_received == 30'000, "all has come");
    test.Expect(server->GetWrong() == 0, "every byte is the one that was sent");
}

void
TestBothWays(TrafficTest& test)
{
    auto server = test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    test.Watch(client);
    std::string told;
    const auto tell = [&told](const std::string& what)
    { return [&told, what]() { told += what + ' '; }; };
    client->Get(0, 1'000'000, tell("get"));
    client->Put(100'000, tell("put"));
    client->Get(1'000'000, 1'000'000, tell("get"));
    // While the first download runs, and while an upload does.
    Simulator::Schedule(MilliSeconds(200), [&]() { client->Put(2'000'000, tell("more")); });
    Simulator::Schedule(Seconds(1.6),
                        [&]()
                        {
                            test.Expect(server->GetReceived() > 100'000, "the upload has begun");
                            test.Expect(told == "get put get ", "done so far: " + told);
                            client->Get(2'000'000, 10'000, tell("last"));
                        });
    test.RunUntil(Seconds(5));
    test.Expect(told == "get put get more last ", "in the order of the requests: " + told);
    test.Expect(test.m_received == 2'010'000, "all has come down");
    test.Expect(server->GetReceived() == 2'000'000, "all has come up");
    test.Expect(client->GetWrong() + server->GetWrong() == 0, "every byte is what was sent");
}

void
TestAnswersInOrder(TrafficTest& test)
{
    // Not what a RangeClient would ask: everything at once.
    test.AddServer(CreateObject<RangeServer>());
    std::vector<uint8_t> heads(4 * RangeHead::SIZE);
    RangeHead{RangeHead::GET, 0, 100'000}.Write(heads.data());
    RangeHead{RangeHead::COUNT, 0, 0}.Write(heads.data() + RangeHead::SIZE);
    RangeHead{RangeHead::PUT, 0, 0}.Write(heads.data() + 2 * RangeHead::SIZE);
    RangeHead{RangeHead::GET, 100'000, 1000}.Write(heads.data() + 3 * RangeHead::SIZE);
    Ptr<Socket> socket =
        Socket::CreateSocket(test.m_network->GetPhone(), MptcpSocketFactory::GetTypeId());
    std::vector<uint8_t> came;
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>(
        [&came](Ptr<Socket> from)
        {
            while (Ptr<Packet> packet = from->Recv())
            {
                const size_t size = came.size();
                came.resize(size + packet->GetSize());
                packet->CopyData(came.data() + size, packet->GetSize());
            }
        }));
    socket->SetConnectCallback(
        Callback<void, Ptr<Socket>>([&heads](Ptr<Socket> to)
                                    { to->Send(Create<Packet>(heads.data(), heads.size())); }),
        MakeNullCallback<void, Ptr<Socket>>());
    Simulator::Schedule(MilliSeconds(1),
                        [&]()
                        {
                            socket->Bind(test.GetLocal(WIFI));
                            socket->Connect(test.m_address);
                        });
    test.RunUntil(Seconds(3));
    // Nothing was uploaded: the counts are 0.
    std::vector<uint8_t> expected(101'000);
    ByteStreamApplication::Fill(0, expected.data(), 101'000);
    expected.insert(expected.begin() + 100'000, 16, 0);
    test.Expect(came.size() == expected.size(), std::to_string(came.size()) + " bytes have come");
    test.Expect(came == expected, "each answer in its place");
}

void
TestEmptyRanges(TrafficTest& test)
{
    test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    client->SetAttribute("StallTimeout", TimeValue(Seconds(1)));
    test.Watch(client);
    std::string told;
    const auto tell = [&told](const std::string& what)
    { return [&told, what]() { told += what; }; };
    client->Get(0, 10'000, tell("a"));
    client->Get(10'000, 0, tell("b"));
    client->Get(10'000, 10'000, tell("c"));
    client->Get(20'000, 0, tell("d"));
    Simulator::Schedule(Seconds(1),
                        [&]()
                        {
                            client->Get(7, 0, tell("e"));
                            test.Expect(told == "abcd", "not from within the call: " + told);
                        });
    test.RunUntil(Seconds(6));
    test.Expect(told == "abcde", "each is done once, in order: " + told);
    test.Expect(test.m_received == 20'000, "all has come");
    test.Expect(client->GetReconnections() == 0, "nothing is awaited");
}

void
TestRefused(TrafficTest& test)
{
    auto server = test.AddServer(CreateObject<RangeServer>());
    server->SetStartTime(Seconds(10.5));
    auto client = test.AddClient<RangeClient>();
    client->SetAttribute("StallTimeout", TimeValue(Seconds(1)));
    test.Watch(client);
    client->Get(0, 10, nullptr);
    test.RunUntil(Seconds(10));
    test.Expect(client->GetReconnections() <= 10,
                "once a second, not " + std::to_string(client->GetReconnections()) + " times");
    test.RunUntil(Seconds(2));
    test.Expect(test.m_received == 10, "it comes when there is a server");
}

void
TestEndedAtOnce(TrafficTest& test)
{
    // Somebody who takes connections, and ends them.
    Ptr<Socket> listener =
        Socket::CreateSocket(test.m_network->GetServer(), MptcpSocketFactory::GetTypeId());
    listener->Bind(test.m_address);
    listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                Callback<void, Ptr<Socket>, const Address&>(
                                    [](Ptr<Socket> socket, const Address&) { socket->Close(); }));
    listener->Listen();
    auto client = test.AddClient<RangeClient>();
    client->SetAttribute("StallTimeout", TimeValue(Seconds(1)));
    client->Get(0, 10, nullptr);
    test.RunUntil(Seconds(10));
    test.Expect(client->GetReconnections() >= 5 && client->GetReconnections() <= 10,
                "once a second, not " + std::to_string(client->GetReconnections()) + " times");
}

void
TestSendingIsTold(TrafficTest& test)
{
    // Whoever watches the socket from then on misses no byte of the stream.
    test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    client->Put(100'000, nullptr);
    int64_t next = 0;
    client->TraceConnectWithoutContext(
        "Sending",
        Callback<void, Ptr<Socket>, uint64_t>(
            [&](Ptr<Socket> socket, uint64_t base)
            {
                DynamicCast<MptcpSocket>(socket)->GetConnection()->TraceConnectWithoutContext(
                    "DataSequence",
                    Callback<void, Ptr<MptcpSubflow>, uint64_t, uint32_t, bool>(
                        [&next, base](Ptr<MptcpSubflow>, uint64_t offset, uint32_t size, bool)
                        {
                            const auto begin = static_cast<int64_t>(base + offset);
                            if (begin <= next)
                            {
                                next = std::max(next, begin + size);
                            }
                        }));
            }));
    test.RunUntil(Seconds(3));
    test.Expect(next == 100'000, "from the first byte to the last, in order");
}

/// @param test the test @param upload what is asked for as soon as there is a connection
void
TestAskWhenConnected(TrafficTest& test, bool upload)
{
    constexpr uint64_t SIZE = 8'000'000;
    auto server = test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    uint32_t done = 0;
    client->TraceConnectWithoutContext("Connected",
                                       Callback<void, Ptr<Socket>>(
                                           [&](Ptr<Socket>)
                                           {
                                               const auto count = [&done]() { done++; };
                                               upload ? client->Put(SIZE, count)
                                                      : client->Get(0, SIZE, count);
                                           }));
    if (upload)
    {
        test.Watch(server);
    }
    else
    {
        test.Watch(client);
    }
    test.RunUntil(Seconds(20));
    test.Expect(done == 1, "it is done once");
    test.Expect(test.m_received == SIZE, "all has come");
    test.Expect(client->GetWrong() + server->GetWrong() == 0, "nothing has come twice");
}

/// @param test the test @param upload what is asked for on an idle connection that WiFi has lost
void
TestIdle(TrafficTest& test, bool upload)
{
    test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    client->SetAttribute("StallTimeout", TimeValue(Seconds(1)));
    test.m_network->ScheduleSilence(WIFI, Seconds(2), Seconds(100));
    bool done = false;
    const auto finish = [&done]() { done = true; };
    Simulator::Schedule(Seconds(3),
                        [&]()
                        { upload ? client->Put(10'000, finish) : client->Get(0, 10'000, finish); });
    test.RunUntil(Seconds(6));
    test.Expect(done, "it is done");
    test.Expect(client->GetReconnections() == 1, "it has connected again");
}

void
TestEndWhileIdle(TrafficTest& test)
{
    auto first = test.AddServer(CreateObject<RangeServer>());
    first->SetStopTime(Seconds(3));
    auto second = test.AddServer(CreateObject<RangeServer>());
    second->SetStartTime(Seconds(4));
    auto client = test.AddClient<RangeClient>();
    client->SetAttribute("StallTimeout", TimeValue(Seconds(1)));
    test.Watch(client);
    client->Get(0, 10'000, nullptr);
    Simulator::Schedule(Seconds(6), [&]() { client->Get(10'000, 10'000, nullptr); });
    test.RunUntil(Seconds(10));
    test.Expect(test.m_received == 20'000, "all has come");
}

void
TestLocals(TrafficTest& test)
{
    test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<RangeClient>();
    client->SetAttribute("StallTimeout", TimeValue(Seconds(1)));
    test.Watch(client);
    client->Get(0, 10'000'000, nullptr);
    Simulator::Schedule(Seconds(1),
                        [&]()
                        {
                            client->NotifyUsable(7, false);
                            client->NotifyUsable(0, false);
                        });
    // It is at its second address, and hears that there is one only.
    Simulator::Schedule(Seconds(2),
                        [&]()
                        {
                            client->SetLocals({test.GetLocal(WIFI)});
                            client->NotifyUsable(0, false);
                        });
    test.RunUntil(Seconds(8));
    test.Expect(test.m_received == 10'000'000, "all has come");
    test.Expect(client->GetReconnections() == 2, "it has changed addresses twice");
}

void
TestRequests(TrafficTest& test)
{
    test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<PeriodicClient>();
    std::vector<Time> latencies;
    client->TraceConnectWithoutContext(
        "Object",
        Callback<void, Time>([&latencies](Time latency) { latencies.push_back(latency); }));
    test.Watch(client);
    test.m_network->ScheduleSilence(WIFI, Seconds(2.1), Seconds(3.1));
    test.RunUntil(Seconds(5.1));
    test.Expect(latencies.size() == 21, "an object each 250 ms, whether the last one came or not");
    test.Expect(client->GetMissing().empty(), "all have come");
    test.Expect(client->GetWrong() == 0, "every byte is the one that was sent");
    // A round trip of 40 ms and 10 kB at 20 Mb/s.
    test.Expect(latencies[4] > MilliSeconds(44) && latencies[4] < MilliSeconds(48),
                "44 ms and a bit");
    test.Expect(latencies[9] > MilliSeconds(850), "what was asked for in the silence takes longer");
    test.Expect(latencies[11] < latencies[9] && latencies[11] > MilliSeconds(350),
                "but its time counts from the request");
}

void
TestMissing(TrafficTest& test)
{
    test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<PeriodicClient>();
    test.m_network->ScheduleSilence(WIFI, Seconds(2.1), Seconds(100));
    test.RunUntil(Seconds(3.1));
    const auto missing = client->GetMissing();
    test.Expect(missing.size() == 4, "four were asked for in the silence");
    test.Expect(!missing.empty() && missing.front() == Seconds(2.25), "the first at 2.25 s");
}

void
TestPages(TrafficTest& test)
{
    test.AddServer(CreateObject<RangeServer>());
    auto client = test.AddClient<WebPageClient>();
    client->SetAttribute("ObjectSize", StringValue("ns3::ConstantRandomVariable[Constant=20000]"));
    std::vector<Time> pages;
    client->TraceConnectWithoutContext(
        "Page", Callback<void, Time>([&pages](Time latency) { pages.push_back(latency); }));
    test.Watch(client);
    test.RunUntil(Seconds(10));
    test.Expect(pages.size() >= 9, "pages one after the other");
    test.Expect(test.m_received >= pages.size() * (50'000 + 30 * 20'000), "with all their objects");
    test.Expect(client->GetWrong() == 0, "every byte is the one that was sent");
    // 650 kB at 20 Mb/s take 260 ms, and there are two round trips.
    test.Expect(!pages.empty() && pages.back() > MilliSeconds(300) &&
                    pages.back() < MilliSeconds(700),
                "as long as the bytes take");
}

void
TestFrames(TrafficTest& test)
{
    auto source = test.AddServer(CreateObject<FrameSource>());
    auto phone = CreateObject<ByteStreamApplication>();
    phone->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
    phone->SetAttribute("Local", AddressValue(test.GetLocal(WIFI)));
    phone->SetAttribute("Remote", AddressValue(test.m_address));
    test.m_network->GetPhone()->AddApplication(phone);
    std::vector<Time> delays;
    phone->TraceConnectWithoutContext(
        "Rx",
        Callback<void, uint64_t, uint32_t>(
            [&](uint64_t offset, uint32_t size)
            {
                while (delays.size() < (offset + size) / source->GetSize())
                {
                    delays.push_back(Simulator::Now() - source->GetMade(delays.size()));
                }
            }));
    test.m_network->ScheduleSilence(WIFI, Seconds(2), Seconds(2.5));
    test.RunUntil(Seconds(5));
    test.Expect(phone->GetWrong() == 0, "every byte is the one that was sent");
    test.Expect(source->GetFrames() == 125 || source->GetFrames() == 124, "a frame each 40 ms");
    test.Expect(source->GetFrames() - delays.size() <= 1, "all come");
    test.Expect(delays[40] > MilliSeconds(24) && delays[40] < MilliSeconds(30),
                "20 ms and 10 kB at 20 Mb/s");
    test.Expect(delays[50] > MilliSeconds(480), "a frame of the silence is late");
    test.Expect(delays.back() < MilliSeconds(30), "the last one is not: all have caught up");
}

void
TestTwoViewers(TrafficTest& test)
{
    // The second one's handshake begins before the first one's is over.
    auto source = test.AddServer(CreateObject<FrameSource>());
    std::vector<Ptr<ByteStreamApplication>> viewers;
    for (int i = 0; i < 2; i++)
    {
        auto viewer = CreateObject<ByteStreamApplication>();
        viewer->SetAttribute("Protocol", TypeIdValue(MptcpSocketFactory::GetTypeId()));
        viewer->SetAttribute("Local", AddressValue(test.GetLocal(WIFI)));
        viewer->SetAttribute("Remote", AddressValue(test.m_address));
        viewer->SetStartTime(MilliSeconds(10 * i));
        test.m_network->GetPhone()->AddApplication(viewer);
        viewers.push_back(viewer);
    }
    test.RunUntil(Seconds(4));
    test.Expect(source->GetFrames() >= 98 && source->GetFrames() <= 100,
                std::to_string(source->GetFrames()) + " frames, one each 40 ms");
    test.Expect(viewers[0]->GetReceived() >= 97 * source->GetSize(), "the first gets them");
    test.Expect(viewers[0]->GetWrong() == 0, "every byte is the one that was sent");
    test.Expect(viewers[1]->GetReceived() == 0, "the second gets none");
}

/// The suite.
class TrafficTestSuite : public TestSuite
{
  public:
    TrafficTestSuite()
        : TestSuite("mptcp-traffic", Type::UNIT)
    {
        for (const bool upload : {false, true})
        {
            const std::string what = upload ? "An upload" : "A download";
            AddTestCase(new TrafficTest(
                what + " goes on at its offset after 3 s without progress",
                [upload](TrafficTest& test)
                { TestResume(test, upload, false, Seconds(3), Seconds(upload ? 5 : 3.5)); }));
            AddTestCase(new TrafficTest(
                what + " goes on at its offset when WiFi is told to be lost",
                [upload](TrafficTest& test)
                { TestResume(test, upload, true, MilliSeconds(200), Seconds(1)); }));
        }
        AddTestCase(new TrafficTest("Without a time-out nothing connects again", TestNoResume));
        AddTestCase(new TrafficTest("A connection that was left brings nothing twice",
                                    TestOldConnectionReturns));
        AddTestCase(new TrafficTest("One upload after the other", TestUploads));
        AddTestCase(
            new TrafficTest("An upload that begins when another is done", TestUploadsFromDone));
        AddTestCase(
            new TrafficTest("Downloads and uploads in the order of the calls", TestBothWays));
        AddTestCase(
            new TrafficTest("A server answers in the order of the requests", TestAnswersInOrder));
        AddTestCase(new TrafficTest("What is empty is done without a server", TestEmptyRanges));
        AddTestCase(
            new TrafficTest("A server that refuses is not asked at once again", TestRefused));
        AddTestCase(new TrafficTest("Nor is one that ends each connection", TestEndedAtOnce));
        AddTestCase(
            new TrafficTest("An upload is told before its first byte leaves", TestSendingIsTold));
        for (const bool upload : {false, true})
        {
            const std::string what = upload ? "An upload" : "A download";
            AddTestCase(new TrafficTest(
                what + " that begins when the connection is there is asked for once",
                [upload](TrafficTest& test) { TestAskWhenConnected(test, upload); }));
        }
        for (const bool upload : {false, true})
        {
            const std::string what = upload ? "An upload" : "A download";
            AddTestCase(new TrafficTest(
                what + " that begins on an idle connection without an access goes on by the other",
                [upload](TrafficTest& test) { TestIdle(test, upload); }));
        }
        AddTestCase(new TrafficTest(
            "A connection that ended while nothing was awaited is made again", TestEndWhileIdle));
        AddTestCase(new TrafficTest("Local addresses that are fewer than before", TestLocals));
        AddTestCase(new TrafficTest("Small requests, in time", TestRequests));
        AddTestCase(new TrafficTest("Requests without answers are told", TestMissing));
        AddTestCase(new TrafficTest("Web pages of many objects", TestPages));
        AddTestCase(
            new TrafficTest("Frames at a constant rate, and what makes them late", TestFrames));
        AddTestCase(new TrafficTest("Frames go to the first client alone", TestTwoViewers));
    }
};

TrafficTestSuite g_trafficTestSuite; //!< the suite

} // namespace
