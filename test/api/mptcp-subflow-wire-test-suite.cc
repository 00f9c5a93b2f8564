// SPDX-License-Identifier: GPL-2.0-only
// draft-hesmans-mptcp-socket-03, section 3.5: what is set on one subflow is seen on that subflow's
// packets alone: buffers, queues, devices and defaults, judged by what the links and queues carry.
#include "socket-api-net.h"
#include "test-rig.h"

#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/pfifo-fast-queue-disc.h"
#include "ns3/traffic-control-helper.h"
#include "ns3/uinteger.h"

#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <set>

namespace ns3
{

namespace
{

/// A connection with subflow 1 over link 1 and subflow 2 over link 0.
class TwoSubflows : public SocketApiNet
{
  public:
    /// @param ipv6 family
    explicit TwoSubflows(bool ipv6 = false)
        : SocketApiNet(ipv6)
    {
        for (uint32_t link = 0; link < 2; link++)
        {
            links[link]->AddTap(FilterChannel::DOWN,
                                [this, link](const WireSegment& segment) { See(link, segment); });
        }
        Connect();
        client->OpenSubflow(At(0, true, 0), At(0, false, 0));
        Run(MilliSeconds(200));
    }

    uint32_t window[2] = {}; //!< bytes that the server's last segment offers, by link

  private:
    /// @param link where @param segment of the server
    void See(uint32_t link, const WireSegment& segment)
    {
        if (IsSynAck(segment))
        {
            m_shift[link] = segment.FindOption(3)->body[2];
            return;
        }
        window[link] = uint32_t(segment.window) << m_shift[link];
    }

    uint8_t m_shift[2] = {}; //!< of the server's windows, by link
};

/// Buffers.
void
AddBuffers(ScenarioTestSuite& suite)
{
    suite.Add("SO_RCVBUF: the window that the subflow's segments advertise, and no other's",
              [](ScenarioTestCase& test)
              {
                  TwoSubflows net;
                  test.Expect(net.window[0] > 1000000 && net.window[1] > 1000000, "before");
                  test.ExpectEqual(
                      SetOnSubflow(net.server, 2, SOL_SOCKET, SO_RCVBUF, 20000).result, 0, "set");
                  // What had been offered is not taken back (RFC 9293 section 3.8.6).
                  for (uint32_t i = 0; i < 3; i++)
                  {
                      SocketApiNet::Send(net.client, 3000000);
                      net.Run(Seconds(2));
                  }
                  test.ExpectEqual(net.received[net.server], 9000000U, "bytes");
                  const uint32_t unit = 1 << 7; // of a window of 4 MB
                  test.Expect(net.window[0] <= 20000 && net.window[0] + unit > 20000,
                              "that subflow: " + std::to_string(net.window[0]));
                  test.Expect(net.window[1] > 1000000, "the other one");
              });
    suite.Add("SO_SNDBUF: bytes of the subflow that the wire holds without an acknowledgment",
              [](ScenarioTestCase& test)
              {
                  TwoSubflows net;
                  uint32_t next[2] = {};
                  uint32_t acked[2] = {};
                  uint32_t most[2] = {};
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      net.links[link]->AddTap(
                          FilterChannel::UP,
                          [&, link](const WireSegment& segment)
                          {
                              const auto size = static_cast<uint32_t>(segment.PayloadSize());
                              next[link] = segment.seq + size;
                              if (size > 0 && acked[link] > 0)
                              {
                                  most[link] = std::max(most[link], next[link] - acked[link]);
                              }
                          });
                      net.links[link]->AddArrivalTap(FilterChannel::DOWN,
                                                     [&acked, link](const WireSegment& segment)
                                                     { acked[link] = segment.ack; });
                  }
                  SetOnSubflow(net.client, 2, SOL_SOCKET, SO_SNDBUF, 6000);
                  SocketApiNet::Send(net.client, 3000000);
                  net.Run(Seconds(4));
                  test.ExpectEqual(net.received[net.server], 3000000U, "bytes");
                  test.Expect(most[0] > 4000 && most[0] <= 6000,
                              "that subflow: " + std::to_string(most[0]));
                  test.Expect(most[1] > 12000, "the other one: " + std::to_string(most[1]));
              });
    suite.Add("TCP_MAXSEG: 0 is as it was negotiated, also after another value",
              [](ScenarioTestCase& test)
              {
                  TwoSubflows net;
                  size_t largest[2] = {};
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      net.links[link]->AddTap(
                          FilterChannel::UP,
                          [&largest, link](const WireSegment& segment)
                          { largest[link] = std::max(largest[link], segment.PayloadSize()); });
                  }
                  const auto transfer = [&](int mss)
                  {
                      largest[0] = largest[1] = 0;
                      SetOnSubflow(net.client, 2, IPPROTO_TCP, TCP_MAXSEG, mss);
                      SocketApiNet::Send(net.client, 300000);
                      net.Run(Seconds(2));
                  };
                  transfer(0);
                  const size_t usual = largest[0];
                  transfer(500);
                  test.Expect(largest[0] > 400 && largest[0] <= 500, "smaller");
                  test.ExpectEqual(largest[1], usual, "the other one");
                  transfer(0);
                  test.ExpectEqual(largest[0], usual, "as negotiated");
                  test.ExpectEqual(net.received[net.server], 900000U, "bytes");
              });
}

/// Queues and devices.
void
AddQueues(ScenarioTestSuite& suite)
{
    suite.Add("SO_PRIORITY: the band of the device's queue that the subflow's packets wait in",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  uint32_t packets[2][3] = {};
                  QueueDiscContainer discs;
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      TrafficControlHelper control;
                      control.SetRootQueueDisc("ns3::PfifoFastQueueDisc");
                      discs.Add(control.Install(
                          net.clientNode->GetObject<Ipv4>()->GetNetDevice(1 + link)));
                  }
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      for (uint32_t band = 0; band < 3; band++)
                      {
                          const std::function<void(Ptr<const QueueDiscItem>)> count =
                              [&packets, link, band](Ptr<const QueueDiscItem>)
                          { packets[link][band]++; };
                          discs.Get(link)->GetInternalQueue(band)->TraceConnectWithoutContext(
                              "Enqueue", Callback<void, Ptr<const QueueDiscItem>>(count));
                      }
                  }
                  const auto transfer = [&]
                  {
                      std::fill(&packets[0][0], &packets[0][0] + 6, 0);
                      SocketApiNet::Send(net.client, 200000);
                      net.Run(Seconds(2));
                  };
                  transfer();
                  // Linux's bands: the usual priority has the middle one, 6 the first, 2 the last.
                  test.Expect(packets[0][1] > 20 && packets[0][0] + packets[0][2] == 0, "before");
                  SetOnSubflow(net.client, 2, SOL_SOCKET, SO_PRIORITY, 6);
                  transfer();
                  test.Expect(packets[0][0] > 20 && packets[0][1] + packets[0][2] == 0, "6");
                  test.Expect(packets[1][1] > 20 && packets[1][0] + packets[1][2] == 0,
                              "the other subflow");
                  SetOnSubflow(net.client, 2, SOL_SOCKET, SO_PRIORITY, 2);
                  transfer();
                  test.Expect(packets[0][2] > 20 && packets[0][0] + packets[0][1] == 0, "2");
                  test.ExpectEqual(net.received[net.server], 600000U, "bytes");
              });
    suite.Add("SO_BINDTODEVICE: the subflow's packets leave by that device, the other's do not",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  net.client->OpenSubflow(net.At(1, true, 0), net.At(1, false, 0));
                  net.Run(MilliSeconds(200));
                  // Both go over link 1. The peer takes either's packets from anywhere.
                  std::map<uint16_t, uint32_t> ports[2];
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      net.links[link]->AddTap(FilterChannel::UP,
                                              [&ports, link](const WireSegment& segment)
                                              { ports[link][segment.sourcePort]++; });
                  }
                  SocketApiNet::Send(net.client, 200000);
                  net.Run(Seconds(1));
                  test.Expect(ports[0].empty() && ports[1].size() == 2, "before");
                  // A longer way to the same address, for who asks for that device.
                  const auto ipv4 = net.clientNode->GetObject<Ipv4>();
                  Ipv4StaticRoutingHelper().GetStaticRouting(ipv4)->AddHostRouteTo(
                      "192.168.0.2", "10.1.0.1", 1, 10);
                  const auto device = ipv4->GetNetDevice(1);
                  const std::string index = std::to_string(device->GetIfIndex() + 1);
                  mptcp_sub_setsockopt request{};
                  request.id = 2;
                  request.level = SOL_SOCKET;
                  request.optname = SO_BINDTODEVICE;
                  request.optval = const_cast<char*>(index.data());
                  request.optlen = static_cast<unsigned int>(index.size());
                  test.ExpectEqual(
                      SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).result,
                      0,
                      "set");
                  ports[1].clear();
                  SocketApiNet::Send(net.client, 400000);
                  net.Run(Seconds(2));
                  const uint16_t port =
                      net.client->GetConnection()->FindSubflow(2)->subflow->GetTuple().localPort;
                  test.Expect(ports[0].size() == 1 && ports[0][port] > 20, "that subflow");
                  test.Expect(ports[1].size() == 1 && ports[1].count(port) == 0, "the other one");
                  test.ExpectEqual(net.received[net.server], 600000U, "bytes");
              });
}

/// -1.
void
AddDefaults(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add(std::string(ipv6 ? "IPV6_UNICAST_HOPS" : "IP_TTL") +
                      " -1: that of the route, whatever the socket has, as on a subflow of Linux",
                  [ipv6](ScenarioTestCase& test)
                  {
                      TwoSubflows net(ipv6);
                      const int level = ipv6 ? int(IPPROTO_IPV6) : int(IPPROTO_IP);
                      const int name = ipv6 ? int(IPV6_UNICAST_HOPS) : int(IP_TTL);
                      std::set<int> hops[2];
                      for (uint32_t link = 0; link < 2; link++)
                      {
                          net.links[link]->AddTap(
                              FilterChannel::UP,
                              [&hops, link, ipv6](const WireSegment& segment)
                              { hops[link].insert(segment.frame[ipv6 ? 7 : 8]); });
                      }
                      const auto expect = [&](int first, int second, const std::string& when)
                      {
                          hops[0].clear();
                          hops[1].clear();
                          SocketApiNet::Send(net.client, 200000);
                          net.Run(Seconds(2));
                          test.Expect(hops[1] == std::set<int>{first}, when + ": subflow 1");
                          test.Expect(hops[0] == std::set<int>{second}, when + ": subflow 2");
                          test.ExpectEqual(
                              GetNumber(net.client, 1, level, name), first, when + ": told of 1");
                          test.ExpectEqual(
                              GetNumber(net.client, 2, level, name), second, when + ": told of 2");
                      };
                      expect(64, 64, "untouched");
                      ipv6 ? net.client->SetIpv6HopLimit(44) : net.client->SetIpTtl(44);
                      expect(44, 44, "of the socket");
                      SetOnSubflow(net.client, 2, level, name, 33);
                      expect(44, 33, "of the subflow");
                      SetOnSubflow(net.client, 2, level, name, -1);
                      expect(44, 64, "-1");
                      // The node's own default.
                      ipv6 ? net.clientNode->GetObject<Ipv6>()->SetAttribute("DefaultTtl",
                                                                             UintegerValue(50))
                           : net.clientNode->GetObject<Ipv4>()->SetAttribute("DefaultTtl",
                                                                             UintegerValue(50));
                      SetOnSubflow(net.client, 2, level, name, -1);
                      expect(44, 50, "another default");
                  });
    }
    suite.Add("IPV6_TCLASS -1 is 0, whatever the socket has",
              [](ScenarioTestCase& test)
              {
                  TwoSubflows net(true);
                  net.client->SetIpv6Tclass(0x20);
                  SetOnSubflow(net.client, 2, IPPROTO_IPV6, IPV6_TCLASS, -1);
                  test.ExpectEqual(
                      GetNumber(net.client, 1, IPPROTO_IPV6, IPV6_TCLASS), 0x20, "the other one");
                  test.ExpectEqual(GetNumber(net.client, 2, IPPROTO_IPV6, IPV6_TCLASS), 0, "0");
                  std::set<int> classes[2];
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      net.links[link]->AddTap(FilterChannel::UP,
                                              [&classes, link](const WireSegment& segment) {
                                                  classes[link].insert((segment.frame[0] & 0xf)
                                                                           << 4 |
                                                                       segment.frame[1] >> 4);
                                              });
                  }
                  SocketApiNet::Send(net.client, 200000);
                  net.Run(Seconds(2));
                  test.Expect(classes[0] == std::set<int>{0}, "that subflow");
                  test.Expect(classes[1] == std::set<int>{0x20}, "the other one");
              });
}

/// The suite.
class MptcpSubflowWireTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSubflowWireTestSuite()
        : ScenarioTestSuite("mptcp-subflow-wire")
    {
        AddBuffers(*this);
        AddQueues(*this);
        AddDefaults(*this);
    }
} g_mptcpSubflowWireTestSuite; //!< registers itself

} // namespace

} // namespace ns3
