// SPDX-License-Identifier: GPL-2.0-only
// ns-3's own applications by their attribute Protocol.
#include "socket-net.h"
#include "test-rig.h"

#include "ns3/boolean.h"
#include "ns3/bulk-send-application.h"
#include "ns3/byte-stream-application.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/mptcp-lia.h"
#include "ns3/on-off-helper.h"
#include "ns3/onoff-application.h"
#include "ns3/packet-sink.h"
#include "ns3/request-response-client.h"
#include "ns3/request-response-server.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{

namespace
{

/// What one end of a stream does, and what it has told.
struct StreamEnd
{
    Ptr<ByteStreamApplication> application{CreateObject<ByteStreamApplication>()}; //!< it
    std::vector<Socket::SocketErrno> ended;                                        //!< Ended
    Time read;                                                                     //!< first Rx

    /// @param node where @param protocol factory @param address attribute @param value its
    /// @param bytes that it writes
    void Install(Ptr<Node> node,
                 const std::string& protocol,
                 const std::string& address,
                 const Address& value,
                 uint64_t bytes)
    {
        application->SetAttribute("Protocol", StringValue(protocol));
        application->SetAttribute(address, AddressValue(value));
        application->SetAttribute("MaxBytes", UintegerValue(bytes));
        const std::function<void(Socket::SocketErrno)> onEnded = [this](Socket::SocketErrno error)
        { ended.push_back(error); };
        application->TraceConnectWithoutContext("Ended",
                                                Callback<void, Socket::SocketErrno>(onEnded));
        const std::function<void(uint64_t, uint32_t)> onRead = [this](uint64_t offset, uint32_t)
        { read = offset == 0 ? Simulator::Now() : read; };
        application->TraceConnectWithoutContext("Rx", Callback<void, uint64_t, uint32_t>(onRead));
        node->AddApplication(application);
    }
};

/// Streams whose client is done before its server is: TCP closes one direction at a time.
void
AddHalfCloses(ScenarioTestSuite& suite)
{
    for (const std::string protocol : {"ns3::MptcpSocketFactory", "ns3::TcpSocketFactory"})
    {
        const auto add = [&](const std::string& name,
                             std::function<void(StreamEnd&)> configure,
                             std::function<void(ScenarioTestCase&, StreamEnd&)> check)
        {
            suite.Add(
                name + ", " + protocol,
                [=](ScenarioTestCase& test)
                {
                    SocketNet net(false, 1);
                    StreamEnd client;
                    StreamEnd server;
                    constexpr uint64_t BYTES = 1000;
                    client.Install(net.rig.GetClient(), protocol, "Remote", net.Server(), BYTES);
                    server.Install(net.rig.GetServer(), protocol, "Local", net.Server(), BYTES);
                    configure(server);
                    net.rig.Run(Seconds(15));
                    for (const StreamEnd* end : {&client, &server})
                    {
                        test.ExpectEqual(end->application->GetSent(), BYTES, "written");
                        test.ExpectEqual(end->application->GetReceived(), BYTES, "read");
                        test.Expect(end->application->AtEnd(), "the end is read");
                        test.Expect(end->ended ==
                                        std::vector<Socket::SocketErrno>{Socket::ERROR_NOTERROR},
                                    "the end is told once, as an orderly one");
                    }
                    check(test, server);
                });
        };
        add(
            "a stream whose client is done is written all the same",
            [](StreamEnd& server)
            { server.application->SetAttribute("WriteDelay", TimeValue(Seconds(5))); },
            [](ScenarioTestCase& test, StreamEnd& server)
            { test.Expect(server.read < Seconds(1), "what has come is read at once"); });
        add(
            "the same, a piece at a time",
            [](StreamEnd& server)
            {
                server.application->SetAttribute("WriteSize", UintegerValue(100));
                server.application->SetAttribute("WriteInterval", TimeValue(Seconds(1)));
            },
            [](ScenarioTestCase&, StreamEnd&) {});
        add(
            "a stream whose client is done is read as late as it is to be",
            [](StreamEnd& server)
            {
                server.application->SetAttribute("ReadDelay", TimeValue(Seconds(10)));
                server.application->SetAttribute("WriteDelay", TimeValue(Seconds(1)));
            },
            [](ScenarioTestCase& test, StreamEnd& server)
            { test.Expect(server.read >= Seconds(10), "not before"); });
    }
}

/// Applications.
void
AddApplications(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        for (const uint32_t paths : {1U, 2U})
        {
            const std::string name = std::string("BulkSend and PacketSink, IPv") +
                                     (ipv6 ? "6" : "4") + ", " + std::to_string(paths) +
                                     " paths: all bytes, and both ends close";
            suite.Add(
                name,
                [=](ScenarioTestCase& test)
                {
                    SocketNet net(ipv6, paths);
                    auto sink = CreateObject<PacketSink>();
                    sink->SetAttribute("Protocol", StringValue("ns3::MptcpSocketFactory"));
                    Address any =
                        ipv6 ? Address(Inet6SocketAddress(Ipv6Address::GetAny(), SocketNet::PORT))
                             : Address(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
                    sink->SetAttribute("Local", AddressValue(any));
                    net.rig.GetServer()->AddApplication(sink);
                    auto source = CreateObject<BulkSendApplication>();
                    source->SetAttribute("Protocol", StringValue("ns3::MptcpSocketFactory"));
                    source->SetAttribute("Remote", AddressValue(net.Server()));
                    source->SetAttribute("MaxBytes", UintegerValue(1000000));
                    source->SetStartTime(Seconds(1));
                    net.rig.GetClient()->AddApplication(source);
                    net.rig.Run(Seconds(20));
                    test.ExpectEqual(sink->GetTotalRx(), 1000000U, "bytes");
                    auto socket = DynamicCast<MptcpSocket>(source->GetSocket());
                    test.Expect(socket->GetConnection()->IsEnded(), "closed");
                    test.ExpectEqual(socket->GetConnection()->GetErrno(), 0, "in order");
                });
        }
    }
    suite.Add("OnOff over plain TCP, Multipath off",
              [](ScenarioTestCase& test)
              {
                  MptcpHelper helper;
                  helper.SetSocketAttribute("Multipath", BooleanValue(false));
                  SocketNet net(false, 2, helper);
                  auto sink = CreateObject<PacketSink>();
                  sink->SetAttribute("Protocol", StringValue("ns3::MptcpSocketFactory"));
                  sink->SetAttribute(
                      "Local",
                      AddressValue(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT)));
                  net.rig.GetServer()->AddApplication(sink);
                  OnOffHelper onOff("ns3::MptcpSocketFactory", net.Server());
                  onOff.SetConstantRate(DataRate("1Mbps"), 1000);
                  onOff.SetAttribute("MaxBytes", UintegerValue(200000));
                  auto applications = onOff.Install(net.rig.GetClient());
                  applications.Start(Seconds(1));
                  net.rig.Run(Seconds(10));
                  test.ExpectEqual(sink->GetTotalRx(), 200000U, "bytes");
                  auto source = DynamicCast<OnOffApplication>(applications.Get(0));
                  auto socket = DynamicCast<MptcpSocket>(source->GetSocket());
                  test.Expect(!socket->GetConnection()->IsMultipath(), "no MPTCP");
              });
    suite.Add(
        "ndiffports with LIA: the helper's choice opens four subflows, all carry data",
        [](ScenarioTestCase& test)
        {
            MptcpHelper helper;
            helper.SetPathManager("ns3::MptcpNdiffports", "Subflows", UintegerValue(4));
            helper.SetCongestionControl("ns3::MptcpLia");
            SocketNet net(false, 1, helper);
            auto sink = CreateObject<PacketSink>();
            sink->SetAttribute("Protocol", StringValue("ns3::MptcpSocketFactory"));
            sink->SetAttribute(
                "Local", AddressValue(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT)));
            net.rig.GetServer()->AddApplication(sink);
            auto source = CreateObject<BulkSendApplication>();
            source->SetAttribute("Protocol", StringValue("ns3::MptcpSocketFactory"));
            source->SetAttribute("Remote", AddressValue(net.Server()));
            net.rig.GetClient()->AddApplication(source);
            net.rig.Run(Seconds(10));
            auto socket = DynamicCast<MptcpSocket>(source->GetSocket());
            auto subflows = socket->GetConnection()->GetSubflows();
            test.ExpectEqual(subflows.size(), 4U, "subflows");
            for (const auto& subflow : subflows)
            {
                test.Expect(subflow->GetBytesSent() > 100000, "bytes of a subflow");
                test.Expect(DynamicCast<MptcpLia>(subflow->GetCongestionOps()) != nullptr, "LIA");
            }
            test.Expect(sink->GetTotalRx() > 20000000,
                        "most of 20 Mb/s for 10 s: " + std::to_string(sink->GetTotalRx()));
        });
    for (const std::string protocol : {"ns3::MptcpSocketFactory", "ns3::TcpSocketFactory"})
    {
        suite.Add("requests and responses over " + protocol,
                  [=](ScenarioTestCase& test)
                  {
                      SocketNet net(false, 2);
                      auto server = CreateObject<RequestResponseServer>();
                      server->SetAttribute("Protocol", StringValue(protocol));
                      server->SetAttribute(
                          "Local",
                          AddressValue(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT)));
                      net.rig.GetServer()->AddApplication(server);
                      auto client = CreateObject<RequestResponseClient>();
                      client->SetAttribute("Protocol", StringValue(protocol));
                      client->SetAttribute("Remote", AddressValue(net.Server()));
                      client->SetAttribute("Count", UintegerValue(10));
                      client->SetStartTime(Seconds(1));
                      net.rig.GetClient()->AddApplication(client);
                      std::vector<Time> latencies;
                      std::function<void(Time, uint32_t)> note = [&](Time latency, uint32_t bytes)
                      {
                          test.ExpectEqual(bytes, 10000U, "bytes of a response");
                          latencies.push_back(latency);
                      };
                      client->TraceConnectWithoutContext("Response",
                                                         Callback<void, Time, uint32_t>(note));
                      uint32_t requests = 0;
                      std::function<void(const Address&, uint32_t, uint32_t)> count =
                          [&](const Address& from, uint32_t requestSize, uint32_t responseSize)
                      {
                          test.Expect(WithoutPort(from) == TestRig::GetClientIp(0, false),
                                      "a request comes from the client");
                          test.ExpectEqual(requestSize, 100U, "bytes of a request");
                          test.ExpectEqual(responseSize, 10000U, "bytes that it asks for");
                          requests++;
                      };
                      server->TraceConnectWithoutContext(
                          "Request", Callback<void, const Address&, uint32_t, uint32_t>(count));
                      net.rig.Run(Seconds(20));
                      test.ExpectEqual(requests, 10U, "requests");
                      test.ExpectEqual(client->GetResponses(), 10U, "responses");
                      test.ExpectEqual(latencies.size(), 10U, "latencies");
                      for (const Time& latency : latencies)
                      {
                          test.Expect(latency > MilliSeconds(20) && latency < Seconds(1),
                                      "latency");
                      }
                      test.ExpectEqual(server->GetClients(), 0U, "the client has closed");
                  });
    }
}

/// The suite.
class MptcpSocketApplicationsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSocketApplicationsTestSuite()
        : ScenarioTestSuite("mptcp-socket-applications")
    {
        AddApplications(*this);
        AddHalfCloses(*this);
    }
} g_mptcpSocketApplicationsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
