// SPDX-License-Identifier: GPL-2.0-only
// Calls of the socket in each order, and how they fail.
#include "socket-net.h"
#include "test-rig.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/uinteger.h"

#include <cerrno>

namespace ns3
{

namespace
{

/// Calls that fail, and how.
void
AddCalls(ScenarioTestSuite& suite)
{
    suite.Add("Bind: a port in use, an address that is not ours, twice, no address at all",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  auto any = InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT);
                  auto first = net.ServerSocket();
                  test.ExpectEqual(first->Bind(any), 0, "free");
                  test.ExpectEqual(first->Bind(any), -1, "twice");
                  test.ExpectEqual(first->GetErrno(), Socket::ERROR_INVAL, "twice");
                  auto second = net.ServerSocket();
                  test.ExpectEqual(second->Bind(any), -1, "in use");
                  test.ExpectEqual(second->GetErrno(), Socket::ERROR_ADDRINUSE, "in use");
                  auto stock = Socket::CreateSocket(net.rig.GetServer(),
                                                    TypeId::LookupByName("ns3::TcpSocketFactory"));
                  test.ExpectEqual(stock->Bind(any), -1, "in use for stock TCP too");
                  test.ExpectEqual(
                      second->Bind(InetSocketAddress(Ipv4Address("192.0.2.99"), SocketNet::PORT)),
                      -1,
                      "not ours");
                  test.ExpectEqual(second->GetErrno(), Socket::ERROR_ADDRNOTAVAIL, "not ours");
                  test.ExpectEqual(second->Bind(Address()), -1, "no address");
                  test.ExpectEqual(second->GetErrno(), Socket::ERROR_INVAL, "no address");
                  test.ExpectEqual(second->Bind(), 0, "any port");
                  Address name;
                  second->GetSockName(name);
                  test.Expect(InetSocketAddress::ConvertFrom(name).GetPort() != 0, "a port");
                  first->Close();
                  auto third = net.ServerSocket();
                  test.ExpectEqual(third->Bind(any), 0, "free after Close");
              });
    suite.Add(
        "calls in the wrong order tell why they fail",
        [](ScenarioTestCase& test)
        {
            SocketNet net;
            auto socket = net.ClientSocket();
            Address name;
            test.ExpectEqual(socket->Listen(), -1, "Listen before Bind");
            test.ExpectEqual(socket->GetErrno(), Socket::ERROR_INVAL, "Listen before Bind");
            test.ExpectEqual(socket->Send(Create<Packet>(1), 0), -1, "Send before Connect");
            test.ExpectEqual(socket->GetErrno(), Socket::ERROR_NOTCONN, "Send before Connect");
            test.Expect(!socket->Recv(1, 0), "Recv before Connect");
            test.ExpectEqual(socket->GetErrno(), Socket::ERROR_NOTCONN, "Recv before Connect");
            test.ExpectEqual(socket->GetPeerName(name), -1, "GetPeerName before Connect");
            test.ExpectEqual(socket->GetErrno(), Socket::ERROR_NOTCONN, "GetPeerName");
            test.ExpectEqual(socket->Connect(Address()), -1, "no address");
            test.ExpectEqual(socket->GetErrno(), Socket::ERROR_INVAL, "no address");
            socket->Bind6();
            test.ExpectEqual(socket->Connect(net.Server()), -1, "the other family");
            test.ExpectEqual(socket->GetErrno(), Socket::ERROR_AFNOSUPPORT, "the other family");
            auto lost = net.ClientSocket();
            test.ExpectEqual(
                lost->Connect(Inet6SocketAddress(Ipv6Address("2001:db8::9"), SocketNet::PORT)),
                -1,
                "no route");
            test.ExpectEqual(lost->GetErrno(), Socket::ERROR_NOROUTETOHOST, "no route");
            const Address groups[] = {InetSocketAddress("224.0.0.1", SocketNet::PORT),
                                      InetSocketAddress("255.255.255.255", SocketNet::PORT),
                                      Inet6SocketAddress(Ipv6Address("ff02::1"), SocketNet::PORT)};
            for (const auto& group : groups)
            {
                auto lonely = net.ClientSocket();
                test.ExpectEqual(lonely->Connect(group), -1, "multicast, broadcast");
                test.ExpectEqual(lonely->GetErrno(), Socket::ERROR_NOROUTETOHOST, "its errno");
            }
            auto good = net.ClientSocket();
            test.ExpectEqual(good->Connect(net.Server()), 0, "Connect without Bind");
            test.ExpectEqual(good->Connect(net.Server()), -1, "Connect twice");
            test.ExpectEqual(good->GetErrno(), Socket::ERROR_ISCONN, "Connect twice");
            auto listener = net.ServerSocket();
            listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
            test.ExpectEqual(listener->Listen(), 0, "Listen");
            test.ExpectEqual(listener->Listen(), -1, "Listen twice");
            test.ExpectEqual(listener->Connect(net.rig.GetClientAddress(0, 1)), -1, "Connect then");
            test.ExpectEqual(listener->GetErrno(), Socket::ERROR_OPNOTSUPP, "Connect then");
            test.Expect(!listener->SetAllowBroadcast(true) && !listener->GetAllowBroadcast(),
                        "none");
            test.ExpectEqual(listener->Close(), 0, "Close");
            test.ExpectEqual(listener->Close(), 0, "Close twice");
        });
    suite.Add("Send takes all of a packet or nothing, and names are those of the first subflow",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
                  listener->Listen();
                  auto socket = net.ClientSocket();
                  socket->SetAttribute("SndBufSize", UintegerValue(10000));
                  test.ExpectEqual(socket->Connect(net.Server()), 0, "Connect");
                  test.ExpectEqual(socket->GetTxAvailable(), 10000U, "room");
                  test.ExpectEqual(socket->Send(Create<Packet>(10001), 0), -1, "too large");
                  test.ExpectEqual(socket->GetErrno(), Socket::ERROR_MSGSIZE, "too large");
                  test.ExpectEqual(socket->Send(Create<Packet>(6000), 0), 6000, "fits");
                  test.ExpectEqual(socket->GetTxAvailable(), 4000U, "room left");
                  test.ExpectEqual(socket->Send(Create<Packet>(6000), 0), -1, "no room");
                  net.rig.Run(Seconds(1));
                  test.ExpectEqual(socket->GetTxAvailable(), 10000U, "all data-acked");
                  Address peer;
                  Address own;
                  test.ExpectEqual(socket->GetPeerName(peer), 0, "GetPeerName");
                  test.Expect(peer == net.Server(), "the server's address");
                  socket->GetSockName(own);
                  test.Expect(
                      InetSocketAddress::ConvertFrom(own).GetIpv4() ==
                          InetSocketAddress::ConvertFrom(net.rig.GetClientAddress(0, 0)).GetIpv4(),
                      "the client's address");
              });
    suite.Add("a socket bound to a device connects by it, and listens on its addresses only",
              [](ScenarioTestCase& test)
              {
                  SocketNet net(false, 2);
                  auto socket = net.ClientSocket();
                  auto ip = net.rig.GetClient()->GetObject<Ipv4>();
                  auto second = InetSocketAddress::ConvertFrom(net.rig.GetClientAddress(1, 0));
                  auto device = ip->GetNetDevice(ip->GetInterfaceForAddress(second.GetIpv4()));
                  socket->BindToNetDevice(device);
                  test.ExpectEqual(socket->Connect(net.Server()), 0, "Connect");
                  Address own;
                  socket->GetSockName(own);
                  test.Expect(InetSocketAddress::ConvertFrom(own).GetIpv4() == second.GetIpv4(),
                              "the second path's address");
                  auto listener = net.ClientSocket();
                  listener->BindToNetDevice(device);
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
                  uint32_t accepted = 0;
                  listener->SetAcceptCallback(AcceptAll(),
                                              OnAccepted([&](Ptr<Socket>) { accepted++; }));
                  listener->Listen();
                  auto first = net.ServerSocket();
                  first->Connect(net.rig.GetClientAddress(0, SocketNet::PORT));
                  net.rig.Run(Seconds(1));
                  test.ExpectEqual(accepted, 0U, "not by the first path's address");
                  auto other = net.ServerSocket();
                  other->Connect(net.rig.GetClientAddress(1, SocketNet::PORT));
                  net.rig.Run(Seconds(2));
                  test.ExpectEqual(accepted, 1U, "by the second's");
              });
    suite.Add("IPv6: Bind6, a port in use, names",
              [](ScenarioTestCase& test)
              {
                  SocketNet net(true);
                  auto any = Inet6SocketAddress(Ipv6Address::GetAny(), SocketNet::PORT);
                  auto listener = net.ServerSocket();
                  test.ExpectEqual(listener->Bind(any), 0, "Bind");
                  auto second = net.ServerSocket();
                  test.ExpectEqual(second->Bind(any), -1, "in use");
                  test.ExpectEqual(second->GetErrno(), Socket::ERROR_ADDRINUSE, "in use");
                  listener->Listen();
                  auto socket = net.ClientSocket();
                  test.ExpectEqual(socket->Bind6(), 0, "Bind6");
                  Address name;
                  socket->GetSockName(name);
                  auto port = Inet6SocketAddress::ConvertFrom(name).GetPort();
                  test.Expect(port != 0, "a port");
                  test.ExpectEqual(
                      socket->Connect(InetSocketAddress(Ipv4Address("10.0.0.1"), SocketNet::PORT)),
                      -1,
                      "the other family");
                  test.ExpectEqual(socket->Connect(net.Server()), 0, "Connect");
                  net.rig.Run(Seconds(1));
                  socket->GetSockName(name);
                  test.ExpectEqual(
                      Inet6SocketAddress::ConvertFrom(name).GetPort(), port, "the same port");
                  Address peer;
                  socket->GetPeerName(peer);
                  test.Expect(peer == net.Server(), "the server");
              });
}

/// Connections that do not come to be.
void
AddFailures(ScenarioTestSuite& suite)
{
    suite.Add("a closed port refuses: failure at once, ECONNREFUSED",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  auto socket = net.ClientSocket();
                  Told told;
                  told.Listen(socket);
                  Simulator::Schedule(Seconds(1),
                                      [&]
                                      {
                                          socket->Connect(net.Server());
                                          test.Expect(!told.failed && !told.connected,
                                                      "nothing is told within Connect");
                                      });
                  net.rig.Run(Seconds(10));
                  test.Expect(told.failed, "failure is told");
                  test.Expect(told.when < Seconds(1.1), "within a round trip");
                  test.ExpectEqual(socket->GetConnection()->GetErrno(), ECONNREFUSED, "errno");
                  test.ExpectEqual(
                      told.errorCloses + told.normalCloses, 0U, "nothing else is told");
                  test.ExpectEqual(socket->Send(Create<Packet>(1), 0), -1, "Send");
                  test.ExpectEqual(socket->GetErrno(), Socket::ERROR_NOTCONN, "Send");
              });
    suite.Add("an unanswered SYN fails after its retries, ETIMEDOUT",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  net.rig.Path(0)->SetSilent(true);
                  auto socket = net.ClientSocket();
                  socket->SetAttribute("ConnCount", UintegerValue(2));
                  Told told;
                  told.Listen(socket);
                  Simulator::Schedule(Seconds(1), [&] { socket->Connect(net.Server()); });
                  net.rig.Run(Seconds(60));
                  test.Expect(told.failed, "failure is told");
                  test.ExpectEqual(told.when, Seconds(8), "after time-outs of 1, 2 and 4 s");
                  test.ExpectEqual(socket->GetConnection()->GetErrno(), ETIMEDOUT, "errno");
              });
    suite.Add("a listener that says no sends nothing; a full backlog drops SYNs",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->SetAttribute("Backlog", UintegerValue(1));
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
                  uint32_t asked = 0;
                  uint32_t accepted = 0;
                  std::function<bool(Ptr<Socket>, const Address&)> ask =
                      [&](Ptr<Socket>, const Address&) { return ++asked > 1; };
                  listener->SetAcceptCallback(Callback<bool, Ptr<Socket>, const Address&>(ask),
                                              OnAccepted([&](Ptr<Socket>) { accepted++; }));
                  listener->Listen();
                  net.rig.Path(0)->AddRule(FilterChannel::DOWN, DropNth(IsSynAck, 1));
                  auto one = net.ClientSocket();
                  auto two = net.ClientSocket();
                  Simulator::Schedule(Seconds(1), [&] { one->Connect(net.Server()); });
                  Simulator::Schedule(Seconds(2.5), [&] { two->Connect(net.Server()); });
                  net.rig.Run(Seconds(2.9));
                  test.ExpectEqual(asked, 2U, "the second client waits for room");
                  test.ExpectEqual(accepted, 0U, "no handshake is complete");
                  net.rig.Run(Seconds(10));
                  test.ExpectEqual(accepted, 2U, "both in the end");
              });
}

/// The suite.
class MptcpSocketCallsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSocketCallsTestSuite()
        : ScenarioTestSuite("mptcp-socket-calls")
    {
        AddCalls(*this);
        AddFailures(*this);
    }
} g_mptcpSocketCallsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
