// SPDX-License-Identifier: GPL-2.0-only
// draft-hesmans-mptcp-socket-03, section 3.2: opening subflows.
#include "socket-api-net.h"
#include "test-rig.h"

#include <cerrno>
#include <cstring>
#include <sys/mman.h>

namespace ns3
{

namespace
{

/// Section 3.2.
void
AddOpening(ScenarioTestSuite& suite)
{
    for (bool ipv6 : {false, true})
    {
        const std::string family = ipv6 ? ", IPv6" : ", IPv4";
        suite.Add(
            "3.2: open by each layout and each call, id as output" + family,
            [ipv6](ScenarioTestCase& test)
            {
                SocketApiNet net(ipv6);
                net.Connect();
                uint8_t id = 1;
                for (size_t head : {1, 2})
                {
                    auto request = MakeOpen(
                        net.At(0, true, 0), net.At(0, false, 0), std::vector<uint8_t>(head));
                    unsigned int length = request.size();
                    test.ExpectEqual(length, head + (ipv6 ? 56U : 32U), "length");
                    test.ExpectEqual(
                        GetOption(net.client, MPTCP_KERNEL_OPEN_SUB_TUPLE, request.data(), &length)
                            .result,
                        0,
                        "kernel's layout");
                    test.ExpectEqual(int(request[0]), int(++id), "id");
                    request[0] = 0;
                    test.ExpectEqual(
                        SetOption(
                            net.client, MPTCP_KERNEL_OPEN_SUB_TUPLE, request.data(), request.size())
                            .result,
                        0,
                        "by setsockopt");
                    test.ExpectEqual(int(request[0]), 0, "which writes no id");
                    id++;
                }
                auto request = MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead());
                test.ExpectEqual(Open(net.client, request).result, 0, "draft's layout");
                test.ExpectEqual(
                    SetOption(net.client, MPTCP_OPEN_SUB_TUPLE, request.data(), request.size())
                        .result,
                    0,
                    "by setsockopt");
                net.Run(MilliSeconds(300));
                test.ExpectEqual(int(GetIds(net.client).at(0)), 7, "subflows");
                test.ExpectEqual(int(GetIds(net.server).at(0)), 7, "at the server");
            });
        suite.Add("3.2: the peer's address is known by its SYN-ACK (RFC 8684 section 3.2)" + family,
                  [ipv6](ScenarioTestCase& test)
                  {
                      SocketApiNet net(ipv6);
                      net.Connect();
                      const IpAddress there = ipv6 ? IpAddress(Ipv6Address("fd00:a::2"))
                                                   : IpAddress(Ipv4Address("10.1.0.1"));
                      const auto connection = net.client->GetConnection();
                      test.Expect(!connection->FindRemoteAddressId(there), "not known");
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                      net.Run(MilliSeconds(200));
                      test.Expect(connection->FindRemoteAddressId(there) == uint8_t{1}, "known");
                  });
        suite.Add("3.2: the server can open, any address lets routing choose" + family,
                  [ipv6](ScenarioTestCase& test)
                  {
                      SocketApiNet net(ipv6);
                      net.Connect();
                      // RFC 8684 section 3.1: not before a DSS of the client.
                      net.client->Send(Create<Packet>(1), 0);
                      Address any = InetSocketAddress(Ipv4Address::GetAny(), 0);
                      if (ipv6)
                      {
                          any = Inet6SocketAddress(Ipv6Address::GetAny(), 0);
                      }
                      Address local;
                      Address remote;
                      net.client->GetSubflowTuple(1, local, remote);
                      Address clientPort;
                      net.client->GetSockName(clientPort);
                      const Address target =
                          WithPort(net.At(0, true, 0),
                                   ipv6 ? Inet6SocketAddress::ConvertFrom(clientPort).GetPort()
                                        : InetSocketAddress::ConvertFrom(clientPort).GetPort());
                      test.ExpectEqual(
                          Open(net.server, MakeOpen(any, target, MakeHead())).result, 0, "open");
                      net.Run(MilliSeconds(200));
                      test.ExpectEqual(net.server->GetSubflowTuple(2, local, remote), 0, "tuple");
                      test.Expect(WithPort(local, 0) == net.At(0, false, 0), "source by the route");
                      test.Expect(remote == target, "as asked for");
                      test.ExpectEqual(int(GetIds(net.client).at(0)), 2, "at the client");
                  });
    }
    suite.Add("3.2: remote port 0 is the connection's, local port 0 a fresh one",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  test.ExpectEqual(
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0)), 2, "open");
                  Address local;
                  Address remote;
                  net.client->GetSubflowTuple(2, local, remote);
                  test.Expect(remote == net.At(0, false, SocketApiNet::PORT), "remote port");
                  test.Expect(InetSocketAddress::ConvertFrom(local).GetPort() != 0, "local port");
              });
    suite.Add("3.2: prio sets the backup bit of MP_JOIN",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  std::vector<int> bits;
                  net.links[0]->AddTap(FilterChannel::UP,
                                       [&](const WireSegment& segment)
                                       {
                                           const auto* join = segment.FindMptcp(wire::MP_JOIN);
                                           if (IsSyn(segment) && join)
                                           {
                                               bits.push_back(join->body[2] & 1);
                                           }
                                       });
                  for (uint8_t prio : {0, 1})
                  {
                      Open(net.client,
                           MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead(0, prio)));
                      net.Run(MilliSeconds(100));
                  }
                  test.Expect(bits == std::vector<int>({0, 1}), "backup bits on the wire");
              });
    suite.Add("3.2: what is wrong with the addresses: EINVAL",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  const Address v6 = Inet6SocketAddress("fd00:a::2", SocketApiNet::PORT);
                  const auto good = MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead());
                  test.ExpectEqual(
                      Open(net.client, MakeOpen(net.At(0, true, 0), v6, MakeHead())).error,
                      EINVAL,
                      "two families");
                  for (size_t length = 0; length < good.size(); length++)
                  {
                      auto request = good;
                      request.resize(length);
                      test.ExpectEqual(Open(net.client, request).error, EINVAL, "too short");
                  }
                  auto unknown = good;
                  unknown[16] = 99;
                  test.ExpectEqual(Open(net.client, unknown).error, EINVAL, "unknown family");
                  auto srh = good;
                  srh[8] = 1;
                  test.ExpectEqual(Open(net.client, srh).error, EFAULT, "no segment list there");
                  for (size_t length : {32, 35, 56, 59, 100})
                  {
                      std::vector<uint8_t> request(length);
                      unsigned int given = length;
                      test.ExpectEqual(
                          GetOption(net.client, MPTCP_KERNEL_OPEN_SUB_TUPLE, request.data(), &given)
                              .error,
                          EINVAL,
                          "length of no layout of the kernel");
                  }
                  test.ExpectEqual(GetIds(net.client).size(), 4U, "no subflow was opened");
              });
    suite.Add(
        "3.2: the errors of bind()",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            const auto open = [&](const char* local, uint16_t port)
            {
                return net.client->OpenSubflow(InetSocketAddress(Ipv4Address(local), port),
                                               net.At(0, false, 0)) < 0
                           ? net.client->GetOptErrno()
                           : 0;
            };
            test.ExpectEqual(open("10.9.9.9", 0), EADDRNOTAVAIL, "not ours");
            test.ExpectEqual(open("10.0.0.1", 10), EACCES, "port 10");
            net.client->SetAttribute("Privileged", BooleanValue(true));
            test.ExpectEqual(open("10.0.0.1", 10), 0, "port 10, privileged");
            test.ExpectEqual(open("10.0.0.1", 2000), 0, "port 2000");
            test.ExpectEqual(open("10.0.0.1", 2000), EADDRINUSE, "the same tuple again");
            auto stock = Socket::CreateSocket(net.clientNode, TcpSocketFactory::GetTypeId());
            stock->Bind(InetSocketAddress(Ipv4Address::GetAny(), 3000));
            test.ExpectEqual(open("10.0.0.1", 3000), EADDRINUSE, "a port of another socket");
            const auto bind = [&net](const Ipv4Address& local, uint16_t port)
            {
                auto socket = Socket::CreateSocket(net.clientNode, MptcpSocketFactory::GetTypeId());
                socket->Bind(InetSocketAddress(local, port));
                return socket;
            };
            const auto any = bind(Ipv4Address::GetAny(), 4000);
            const auto same = bind("10.0.0.1", 4001);
            const auto elsewhere = bind("192.168.0.1", 4002);
            test.ExpectEqual(open("10.0.0.1", 4000), EADDRINUSE, "one of this module");
            test.ExpectEqual(open("10.0.0.1", 4001), EADDRINUSE, "on that address alone");
            test.ExpectEqual(open("10.0.0.1", 4002), 0, "on another address");
            test.ExpectEqual(net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 80)) > 0,
                             true,
                             "a privileged remote port is fine");
        });
    suite.Add("3.2: where the id cannot be written nothing is opened",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  const auto request =
                      MakeOpen(net.At(0, true, 0), net.At(0, false, 0), MakeHead());
                  void* page = mmap(
                      nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  std::memcpy(page, request.data(), request.size());
                  mprotect(page, 4096, PROT_READ);
                  auto length = static_cast<unsigned int>(request.size());
                  const Call call = GetOption(net.client, MPTCP_OPEN_SUB_TUPLE, page, &length);
                  munmap(page, 4096);
                  test.ExpectEqual(call.result, -1, "memory that cannot be written");
                  test.ExpectEqual(call.error, EFAULT, "its errno");
                  net.Run(MilliSeconds(300));
                  test.ExpectEqual(int(GetIds(net.client).at(0)), 1, "subflows");
              });
    suite.Add("3.2: the errors of connect(), at once or by the deletion event",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"ConnTimeout", "200ms"}, {"ConnCount", "2"}});
                  net.client->SubscribeEvent(MptcpPathEvent::SUBFLOW_DELETED);
                  net.Connect();
                  test.ExpectEqual(
                      net.client->OpenSubflow(net.At(0, true, 0),
                                              InetSocketAddress("172.16.0.1", SocketApiNet::PORT)),
                      -1,
                      "no route");
                  test.ExpectEqual(net.client->GetOptErrno(), ENETUNREACH, "its errno");
                  for (const auto* group : {"224.0.0.1", "255.255.255.255"})
                  {
                      const InetSocketAddress remote(group, SocketApiNet::PORT);
                      test.ExpectEqual(
                          net.client->OpenSubflow(net.At(0, true, 0), remote), -1, group);
                      test.ExpectEqual(net.client->GetOptErrno(), ENETUNREACH, group);
                  }
                  // Somebody who knows no token.
                  Ptr<MptcpSocket> other = DynamicCast<MptcpSocket>(
                      Socket::CreateSocket(net.serverNode, MptcpSocketFactory::GetTypeId()));
                  net.links[0]->SetSilent(true);
                  test.ExpectEqual(net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0)),
                                   2,
                                   "a silent path");
                  net.Run(Seconds(5));
                  auto event = net.client->RecvEvent();
                  test.Expect(event && event->reason == MptcpPathEvent::TIMED_OUT &&
                                  event->error == ETIMEDOUT && event->subflowId == 2,
                              "timed out");
                  net.links[0]->SetSilent(false);
                  // A token that the peer does not know is answered by a RST.
                  net.links[0]->AddRule(FilterChannel::UP,
                                        [](WireSegment& segment, WireFate& fate)
                                        {
                                            const auto* join = segment.FindMptcp(wire::MP_JOIN);
                                            if (IsSyn(segment) && join)
                                            {
                                                segment.frame[join->at + 4] ^= 1;
                                                fate.modified = true;
                                            }
                                        });
                  test.ExpectEqual(net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0)),
                                   3,
                                   "a refused one");
                  net.Run(Seconds(2));
                  event = net.client->RecvEvent();
                  test.Expect(event && event->reason == MptcpPathEvent::REFUSED &&
                                  event->error == ECONNREFUSED && event->subflowId == 3 &&
                                  event->resetReason == uint8_t{3},
                              "refused");
              });
    suite.Add(
        "3.2: OPEN right after connect() is listed at once, and joins once the peer has the key",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            SubscribeAll(net.client);
            int opened = 0;
            const std::function<void(Ptr<Socket>)> connected = [&](Ptr<Socket>)
            {
                opened = net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                test.Expect(net.client->GetSubflowIds() == std::vector<uint8_t>({2, 1}), "listed");
                const int other = net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                test.ExpectEqual(net.client->CloseSubflow(other), 0, "and closed before it began");
            };
            net.client->SetConnectCallback(Callback<void, Ptr<Socket>>(connected),
                                           MakeNullCallback<void, Ptr<Socket>>());
            net.Connect();
            test.ExpectEqual(opened, 2, "id");
            test.ExpectEqual(int(GetIds(net.server).at(0)), 2, "at the server");
            test.ExpectEqual(int(GetIds(net.client).at(3)), 0b0110, "established");
            const auto events = ReadEvents(net.client);
            test.Expect(events.size() == 3 && events[1].header.type == MPTCP_EVENT_SUB_DELETED &&
                            events[1].subflow.id == 3 &&
                            events[1].subflow.reason == MPTCP_DELETED_CLOSED_LOCAL &&
                            events[2].header.type == MPTCP_EVENT_SUB_CREATED &&
                            events[2].subflow.id == 2,
                        "events");
        });
    suite.Add("3.2: a subflow that waits for the peer's key ends with the first one",
              [](ScenarioTestCase& test)
              {
                  for (const bool fallBack : {false, true})
                  {
                      SocketApiNet net;
                      const std::function<void(Ptr<Socket>)> connected = [&](Ptr<Socket>)
                      {
                          SubscribeAll(net.client);
                          net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                          if (!fallBack)
                          {
                              net.client->CloseSubflow(1, MPTCP_SHUT_RST);
                          }
                      };
                      net.client->SetConnectCallback(Callback<void, Ptr<Socket>>(connected),
                                                     MakeNullCallback<void, Ptr<Socket>>());
                      if (fallBack)
                      {
                          // A middlebox that lets MP_CAPABLE pass with SYNs alone.
                          net.links[1]->AddRule(FilterChannel::UP,
                                                [](WireSegment& segment, WireFate& fate)
                                                {
                                                    if (!IsSyn(segment))
                                                    {
                                                        segment.StripMptcp();
                                                        fate.modified = true;
                                                    }
                                                });
                      }
                      net.Connect();
                      net.Run(Seconds(100));
                      if (fallBack)
                      {
                          // RFC 8684 section 3.7: the acknowledgment of data shows it, no sooner.
                          test.ExpectEqual(net.client->GetSubflowIds().size(), 2U, "idle");
                          SocketApiNet::Send(net.client, 5000);
                          net.Run(Seconds(1));
                          test.ExpectEqual(net.received[net.server], 5000U, "plain TCP goes on");
                      }
                      test.ExpectEqual(net.client->GetSubflowIds().size(), 0U, "subflows");
                      bool deleted = false;
                      for (const auto& event : ReadEvents(net.client))
                      {
                          deleted |=
                              event.header.type == MPTCP_EVENT_SUB_DELETED && event.subflow.id == 2;
                      }
                      test.Expect(deleted, "its event");
                      test.ExpectEqual(
                          net.client->GetConnection()->IsEnded(), !fallBack, "it is over");
                  }
              });
    suite.Add("3.2: if_idx chooses between two interfaces with one address",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  auto ipv4 = net.clientNode->GetObject<Ipv4>();
                  auto ipv4Server = net.serverNode->GetObject<Ipv4>();
                  // 10.0.0.1 on link 1 too, and the server's 10.1.0.1 behind both.
                  ipv4->AddAddress(2, Ipv4InterfaceAddress("10.0.0.1", "/8"));
                  net.Connect();
                  std::vector<uint32_t> joins(2);
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      net.links[link]->AddTap(FilterChannel::UP,
                                              [&joins, link](const WireSegment& segment)
                                              { joins[link] += IsSyn(segment); });
                  }
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      const int index = net.clientNode->GetDevice(0) == ipv4->GetNetDevice(1 + link)
                                            ? 1
                                            : ipv4->GetNetDevice(1 + link)->GetIfIndex() + 1;
                      const int id = net.client->OpenSubflow(
                          net.At(0, true, 0), net.At(0, false, 0), false, index);
                      test.Expect(id > 0, "open by device " + std::to_string(index));
                      net.Run(MilliSeconds(200));
                      test.ExpectEqual(joins[link], 1U, "SYNs there");
                      mptcp_sub_tuple* tuple = nullptr;
                      std::vector<uint8_t> bytes(100);
                      bytes[0] = static_cast<uint8_t>(id);
                      unsigned int length = 100;
                      GetOption(net.client, MPTCP_GET_SUB_TUPLE, bytes.data(), &length);
                      tuple = reinterpret_cast<mptcp_sub_tuple*>(bytes.data());
                      test.ExpectEqual(tuple->if_idx, index, "if_idx of the tuple");
                  }
                  for (int index : {-1, 77})
                  {
                      test.ExpectEqual(net.client->OpenSubflow(
                                           net.At(0, true, 0), net.At(0, false, 0), false, index),
                                       -1,
                                       "unknown device");
                      test.ExpectEqual(net.client->GetOptErrno(), ENODEV, "its errno");
                  }
              });
    suite.Add("ids are 1 to 255 and freed ones are reused last: 300 opens and closes",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  for (uint32_t i = 0; i < 300; i++)
                  {
                      const int id =
                          net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                      const int expected = static_cast<int>(1 + (1 + i) % 255);
                      // The first subflow keeps number 1.
                      test.ExpectEqual(id, i < 254 ? expected : expected + 1, "id");
                      net.Run(MilliSeconds(40));
                      test.ExpectEqual(net.client->CloseSubflow(id), 0, "close");
                      net.Run(MilliSeconds(60));
                      test.ExpectEqual(net.client->GetSubflowIds().size(), 1U, "subflows left");
                  }
                  SocketApiNet::Send(net.client, 5000);
                  net.Run(Seconds(1));
                  test.ExpectEqual(net.received[net.server], 5000U, "the connection lives");
              });
}

/// The suite.
class MptcpSubflowOpenTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSubflowOpenTestSuite()
        : ScenarioTestSuite("mptcp-subflow-open")
    {
        AddOpening(*this);
    }
} g_mptcpSubflowOpenTestSuite; //!< registers itself

} // namespace

} // namespace ns3
