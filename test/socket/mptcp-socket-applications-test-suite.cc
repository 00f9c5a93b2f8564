// SPDX-License-Identifier: GPL-2.0-only
// ns-3's own applications by their attribute Protocol.
#include "socket-net.h"
#include "test-rig.h"

#include "ns3/boolean.h"
#include "ns3/bulk-send-application.h"
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

namespace ns3
{

namespace
{

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
                      net.rig.Run(Seconds(20));
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
    }
} g_mptcpSocketApplicationsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
