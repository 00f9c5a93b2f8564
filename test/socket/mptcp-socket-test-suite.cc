// SPDX-License-Identifier: GPL-2.0-only
// The socket in the hands of applications: attributes, calls in each order, callbacks, and ns-3's
// own applications by their Protocol attribute.
#include "test-rig.h"

#include "ns3/application-container.h"
#include "ns3/boolean.h"
#include "ns3/bulk-send-application.h"
#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4.h"
#include "ns3/mptcp-lia.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-socket.h"
#include "ns3/on-off-helper.h"
#include "ns3/onoff-application.h"
#include "ns3/packet-sink.h"
#include "ns3/request-response-client.h"
#include "ns3/request-response-server.h"
#include "ns3/rtt-estimator.h"
#include "ns3/string.h"
#include "ns3/tcp-cubic.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-linux-reno.h"
#include "ns3/uinteger.h"

#include <cerrno>
#include <sys/socket.h>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 5000; //!< of servers

/// A client and a server with the module and its socket factory.
struct Net
{
    TestRig rig; //!< the network

    /// @param ipv6 which family @param paths of the client @param helper installs
    explicit Net(bool ipv6 = false, uint32_t paths = 1, const MptcpHelper& helper = MptcpHelper())
        : rig(MakeOptions(ipv6, paths))
    {
        helper.Install(rig.GetClient());
        helper.Install(rig.GetServer());
    }

    /// @return a new socket of the client
    Ptr<MptcpSocket> ClientSocket() const
    {
        return DynamicCast<MptcpSocket>(
            Socket::CreateSocket(rig.GetClient(), MptcpSocketFactory::GetTypeId()));
    }

    /// @return a new socket of the server
    Ptr<MptcpSocket> ServerSocket() const
    {
        return DynamicCast<MptcpSocket>(
            Socket::CreateSocket(rig.GetServer(), MptcpSocketFactory::GetTypeId()));
    }

    /// @return address and port of the server
    Address Server() const
    {
        return rig.GetServerAddress(0, PORT);
    }

  private:
    /// @param ipv6 which family @param paths of the client @return options of the rig
    static RigOptions MakeOptions(bool ipv6, uint32_t paths)
    {
        RigOptions options;
        options.ipv6 = ipv6;
        options.paths.resize(paths);
        return options;
    }
};

/// What a socket has told.
struct Told
{
    bool connected{false};    //!< connection succeeded
    bool failed{false};       //!< connection failed
    uint32_t normalCloses{0}; //!< closed normally
    uint32_t errorCloses{0};  //!< closed by an error
    uint32_t dataRecv{0};     //!< there is data
    uint32_t sendRoom{0};     //!< there is room
    uint64_t dataSent{0};     //!< bytes sent
    Time when;                //!< last of connected, failed and closes

    /// @param socket to listen to
    void Listen(Ptr<Socket> socket)
    {
        socket->SetConnectCallback(Make([this] { connected = true; }),
                                   Make([this] { failed = true; }));
        socket->SetCloseCallbacks(Make([this] { normalCloses++; }),
                                  Make([this] { errorCloses++; }));
        std::function<void(Ptr<Socket>)> recv = [this](Ptr<Socket>) { dataRecv++; };
        socket->SetRecvCallback(Callback<void, Ptr<Socket>>(recv));
        std::function<void(Ptr<Socket>, uint32_t)> room = [this](Ptr<Socket>, uint32_t)
        { sendRoom++; };
        socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>(room));
        std::function<void(Ptr<Socket>, uint32_t)> sent = [this](Ptr<Socket>, uint32_t bytes)
        { dataSent += bytes; };
        socket->SetDataSentCallback(Callback<void, Ptr<Socket>, uint32_t>(sent));
    }

  private:
    /// @param what to do @return a callback that does it and notes the time
    Callback<void, Ptr<Socket>> Make(std::function<void()> what)
    {
        std::function<void(Ptr<Socket>)> all = [this, what](Ptr<Socket>)
        {
            when = Simulator::Now();
            what();
        };
        return Callback<void, Ptr<Socket>>(all);
    }
};

/// @param what for each accepted socket @return a callback
Callback<void, Ptr<Socket>, const Address&>
OnAccepted(std::function<void(Ptr<Socket>)> what)
{
    std::function<void(Ptr<Socket>, const Address&)> all = [what](Ptr<Socket> socket,
                                                                  const Address&) { what(socket); };
    return Callback<void, Ptr<Socket>, const Address&>(all);
}

/// @return no condition for accepting
Callback<bool, Ptr<Socket>, const Address&>
AcceptAll()
{
    return MakeNullCallback<bool, Ptr<Socket>, const Address&>();
}

/// @param object any @param name of an attribute @return its value as text
std::string
Get(Ptr<Object> object, const std::string& name)
{
    TypeId::AttributeInformation information;
    object->GetInstanceTypeId().LookupAttributeByName(name, &information);
    Ptr<AttributeValue> value = information.checker->Create();
    object->GetAttribute(name, *value);
    return value->SerializeToString(information.checker);
}

/// The rules of precedence.
void
AddAttributes(ScenarioTestSuite& suite)
{
    suite.Add("what the user left alone acts as Linux",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto socket = net.ClientSocket();
                  const MptcpSettings& settings = socket->GetSettings();
                  test.ExpectEqual(settings.m_minRto, MilliSeconds(200), "MinRto");
                  test.ExpectEqual(settings.m_segmentSize, 0U, "SegmentSize: from the MTU");
                  test.ExpectEqual(settings.m_initialCwnd, 10U, "InitialCwnd");
                  test.ExpectEqual(settings.m_sndBufSize, 4194304U, "SndBufSize");
                  test.ExpectEqual(settings.m_connTimeout, Seconds(1), "ConnTimeout");
                  test.ExpectEqual(settings.m_delAckTimeout, MilliSeconds(40), "DelAckTimeout");
                  test.ExpectEqual(settings.m_timeWait, Seconds(60), "TimeWait");
                  test.ExpectEqual(
                      settings.m_congestionTypeId, TcpCubic::GetTypeId(), "CongestionControl");
                  test.ExpectEqual(
                      settings.m_pathManagerTypeId, MptcpFullMesh::GetTypeId(), "PathManager");
                  test.ExpectEqual(
                      settings.m_schedulerTypeId, MptcpLowestRtt::GetTypeId(), "Scheduler");
              });
    suite.Add("a changed default of TcpSocket or TcpSocketBase wins over Linux's",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(300000));
                  Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(1000));
                  Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(700)));
                  Config::SetDefault("ns3::TcpSocketBase::Sack", BooleanValue(false));
                  Config::SetDefault("ns3::TcpSocketBase::MaxSegLifetime", DoubleValue(5));
                  auto socket = net.ClientSocket();
                  test.ExpectEqual(Get(socket, "SndBufSize"), "300000", "SndBufSize");
                  test.ExpectEqual(Get(socket, "SegmentSize"), "1000", "SegmentSize");
                  test.ExpectEqual(socket->GetSettings().m_minRto, MilliSeconds(700), "MinRto");
                  test.ExpectEqual(socket->GetSettings().m_sackEnabled, false, "Sack");
                  test.ExpectEqual(socket->GetSettings().m_timeWait, Seconds(10), "TimeWait");
                  test.ExpectEqual(Get(socket, "RcvBufSize"), "4194304", "left alone");
              });
    suite.Add("a changed default of MptcpSocket wins over TcpSocketBase's",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(700)));
                  Config::SetDefault("ns3::MptcpSocket::MinRto", TimeValue(MilliSeconds(300)));
                  auto socket = net.ClientSocket();
                  test.ExpectEqual(socket->GetSettings().m_minRto, MilliSeconds(300), "MinRto");
              });
    suite.Add("a value set on the socket wins, also if it is a default",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(300000));
                  Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(MilliSeconds(700)));
                  auto socket = net.ClientSocket();
                  socket->SetAttribute("SndBufSize", UintegerValue(131072));
                  socket->SetAttribute("SegmentSize", UintegerValue(536));
                  socket->SetAttribute("MinRto", TimeValue(MilliSeconds(200)));
                  test.ExpectEqual(Get(socket, "SndBufSize"), "131072", "SndBufSize");
                  test.ExpectEqual(Get(socket, "SegmentSize"), "536", "SegmentSize");
                  test.ExpectEqual(socket->GetSettings().m_minRto, MilliSeconds(200), "MinRto");
              });
    suite.Add("congestion control: the socket's, else TcpL4Protocol's if changed, else Cubic",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  Ptr<Object> stock = net.rig.GetClient()->GetObject<TcpL4Protocol>();
                  stock->SetAttribute("SocketType", TypeIdValue(TcpLinuxReno::GetTypeId()));
                  auto socket = net.ClientSocket();
                  test.ExpectEqual(socket->GetSettings().m_congestionTypeId,
                                   TcpLinuxReno::GetTypeId(),
                                   "the node's");
                  socket->SetAttribute("CongestionControl", TypeIdValue(TcpCubic::GetTypeId()));
                  socket->Bind();
                  test.ExpectEqual(socket->Connect(net.Server()), 0, "Connect");
                  test.ExpectEqual(socket->GetConnection()->GetSettings().m_congestionTypeId,
                                   TcpCubic::GetTypeId(),
                                   "the socket's");
              });
    suite.Add("the helper's settings reach sockets, policies and their attributes",
              [](ScenarioTestCase& test)
              {
                  MptcpHelper helper;
                  helper.SetSocketAttribute("SndBufSize", UintegerValue(131072));
                  helper.SetSocketAttribute("MaxSubflows", StringValue("3"));
                  helper.SetPathManager("ns3::MptcpNdiffports", "Subflows", UintegerValue(4));
                  helper.SetScheduler("ns3::MptcpRoundRobin");
                  helper.SetCongestionControl("ns3::MptcpLia");
                  Net net(false, 1, helper);
                  auto socket = net.ClientSocket();
                  const MptcpSettings& settings = socket->GetSettings();
                  test.ExpectEqual(settings.m_sndBufSize, 131072U, "SndBufSize, a stock default");
                  test.ExpectEqual(settings.m_maxSubflows, 3U, "MaxSubflows, as text");
                  test.ExpectEqual(settings.m_congestionTypeId, MptcpLia::GetTypeId(), "LIA");
                  test.ExpectEqual(
                      settings.m_schedulerTypeId, MptcpRoundRobin::GetTypeId(), "Scheduler");
                  auto manager = settings.m_pathManagerFactory.Create<MptcpPathManager>();
                  test.ExpectEqual(Get(manager, "Subflows"), "4", "Subflows of ndiffports");
              });
    suite.Add(
        "wrong values are refused",
        [](ScenarioTestCase& test)
        {
            Net net;
            auto socket = net.ClientSocket();
            test.Expect(
                !socket->SetAttributeFailSafe("Scheduler", TypeIdValue(TcpCubic::GetTypeId())),
                "no scheduler");
            test.Expect(!socket->SetAttributeFailSafe("PathManager",
                                                      TypeIdValue(MptcpPathManager::GetTypeId())),
                        "an abstract class");
            test.Expect(!socket->SetAttributeFailSafe("Scheduler", StringValue("ns3::Nothing")),
                        "no class");
            test.Expect(!socket->SetAttributeFailSafe("MaxSubflows", UintegerValue(0)), "too few");
            test.Expect(!socket->SetAttributeFailSafe("MinRto", TimeValue(Seconds(-1))),
                        "negative");
            socket->Bind();
            socket->Connect(net.Server());
            test.Expect(!socket->SetAttributeFailSafe("MinRto", TimeValue(Seconds(1))), "too late");
        });
}

/// Calls that fail, and how.
void
AddCalls(ScenarioTestSuite& suite)
{
    suite.Add("Bind: a port in use, an address that is not ours, twice, no address at all",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto any = InetSocketAddress(Ipv4Address::GetAny(), PORT);
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
                  test.ExpectEqual(second->Bind(InetSocketAddress(Ipv4Address("192.0.2.99"), PORT)),
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
            Net net;
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
            test.ExpectEqual(lost->Connect(Inet6SocketAddress(Ipv6Address("2001:db8::9"), PORT)),
                             -1,
                             "no route");
            test.ExpectEqual(lost->GetErrno(), Socket::ERROR_NOROUTETOHOST, "no route");
            auto good = net.ClientSocket();
            test.ExpectEqual(good->Connect(net.Server()), 0, "Connect without Bind");
            test.ExpectEqual(good->Connect(net.Server()), -1, "Connect twice");
            test.ExpectEqual(good->GetErrno(), Socket::ERROR_ISCONN, "Connect twice");
            auto listener = net.ServerSocket();
            listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
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
                  Net net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
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
                  Net net(false, 2);
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
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                  uint32_t accepted = 0;
                  listener->SetAcceptCallback(AcceptAll(),
                                              OnAccepted([&](Ptr<Socket>) { accepted++; }));
                  listener->Listen();
                  auto first = net.ServerSocket();
                  first->Connect(net.rig.GetClientAddress(0, PORT));
                  net.rig.Run(Seconds(1));
                  test.ExpectEqual(accepted, 0U, "not by the first path's address");
                  auto other = net.ServerSocket();
                  other->Connect(net.rig.GetClientAddress(1, PORT));
                  net.rig.Run(Seconds(2));
                  test.ExpectEqual(accepted, 1U, "by the second's");
              });
    suite.Add("IPv6: Bind6, a port in use, names",
              [](ScenarioTestCase& test)
              {
                  Net net(true);
                  auto any = Inet6SocketAddress(Ipv6Address::GetAny(), PORT);
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
                      socket->Connect(InetSocketAddress(Ipv4Address("10.0.0.1"), PORT)),
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
                  Net net;
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
                  Net net;
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
                  Net net;
                  auto listener = net.ServerSocket();
                  listener->SetAttribute("Backlog", UintegerValue(1));
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
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

/// Closing, reading, and callbacks that do things.
void
AddLife(ScenarioTestSuite& suite)
{
    suite.Add("MSG_PEEK leaves the bytes, the end is an empty packet, nothing is a null pointer",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                  Ptr<Socket> accepted;
                  listener->SetAcceptCallback(AcceptAll(),
                                              OnAccepted([&](Ptr<Socket> s) { accepted = s; }));
                  listener->Listen();
                  auto socket = net.ClientSocket();
                  Told told;
                  told.Listen(socket);
                  socket->Connect(net.Server());
                  const uint8_t bytes[] = {'a', 'b', 'c', 'd'};
                  socket->Send(Create<Packet>(bytes, 4), 0);
                  net.rig.Run(Seconds(1));
                  test.Expect(told.connected, "connected");
                  test.ExpectEqual(told.dataSent, 4U, "DataSent");
                  test.Expect(told.sendRoom > 0, "told of room");
                  test.Expect(accepted != nullptr, "accepted");
                  if (!accepted)
                  {
                      return;
                  }
                  test.ExpectEqual(accepted->GetRxAvailable(), 4U, "GetRxAvailable");
                  uint8_t read[4] = {};
                  Ptr<Packet> peeked = accepted->Recv(3, MSG_PEEK);
                  test.ExpectEqual(peeked->GetSize(), 3U, "peeked");
                  test.ExpectEqual(accepted->GetRxAvailable(), 4U, "still there");
                  Address from;
                  Ptr<Packet> packet = accepted->RecvFrom(2, 0, from);
                  test.ExpectEqual(packet->GetSize(), 2U, "first half");
                  Address name;
                  socket->GetSockName(name);
                  test.Expect(from == name, "from the client");
                  packet = accepted->Recv(100, 0);
                  packet->CopyData(read, 4);
                  test.Expect(packet->GetSize() == 2 && read[0] == 'c' && read[1] == 'd', "rest");
                  test.Expect(!accepted->Recv(100, 0), "nothing is there");
                  test.ExpectEqual(accepted->GetErrno(), Socket::ERROR_AGAIN, "nothing is there");
                  socket->ShutdownSend();
                  test.ExpectEqual(socket->Send(Create<Packet>(1), 0), -1, "Send after that");
                  test.ExpectEqual(socket->GetErrno(), Socket::ERROR_SHUTDOWN, "Send after that");
                  net.rig.Run(Seconds(2));
                  packet = accepted->Recv(100, 0);
                  test.Expect(packet && packet->GetSize() == 0, "the end");
                  test.ExpectEqual(accepted->Send(Create<Packet>(7), 0), 7, "the other direction");
                  net.rig.Run(Seconds(3));
                  test.ExpectEqual(socket->GetRxAvailable(), 7U, "arrives");
              });
    suite.Add("ShutdownRecv: what arrives is acknowledged and dropped",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto listener = net.ServerSocket();
                  listener->SetAttribute("RcvBufSize", UintegerValue(20000));
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                  Ptr<Socket> accepted;
                  Told told;
                  listener->SetAcceptCallback(AcceptAll(),
                                              OnAccepted(
                                                  [&](Ptr<Socket> s)
                                                  {
                                                      accepted = s;
                                                      told.Listen(s);
                                                      s->ShutdownRecv();
                                                  }));
                  listener->Listen();
                  auto socket = net.ClientSocket();
                  socket->Connect(net.Server());
                  socket->Send(Create<Packet>(100000), 0);
                  net.rig.Run(Seconds(3));
                  test.ExpectEqual(socket->GetTxAvailable(), 4194304U, "all is acknowledged");
                  test.ExpectEqual(told.dataRecv, 0U, "nothing is told");
                  test.Expect(accepted && !accepted->Recv(1, 0), "nothing is there");
                  socket->Close();
                  net.rig.Run(Seconds(4));
                  test.ExpectEqual(told.normalCloses, 1U, "but its end is told");
              });
    suite.Add("Close with unread bytes aborts: the peer's socket closes by error",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                  Ptr<Socket> accepted;
                  listener->SetAcceptCallback(AcceptAll(),
                                              OnAccepted([&](Ptr<Socket> s) { accepted = s; }));
                  listener->Listen();
                  auto socket = net.ClientSocket();
                  Told told;
                  told.Listen(socket);
                  socket->Connect(net.Server());
                  socket->Send(Create<Packet>(1000), 0);
                  net.rig.Run(Seconds(1));
                  accepted->Close();
                  net.rig.Run(Seconds(2));
                  test.ExpectEqual(told.errorCloses, 1U, "closed by error");
                  test.ExpectEqual(told.normalCloses, 0U, "not normally");
                  Address peer;
                  test.ExpectEqual(socket->GetPeerName(peer), 0, "the name is known still");
              });
    suite.Add("both ends close: each is told once",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                  Told atServer;
                  Ptr<Socket> accepted;
                  listener->SetAcceptCallback(AcceptAll(),
                                              OnAccepted(
                                                  [&](Ptr<Socket> s)
                                                  {
                                                      accepted = s;
                                                      atServer.Listen(s);
                                                  }));
                  listener->Listen();
                  auto socket = net.ClientSocket();
                  Told atClient;
                  atClient.Listen(socket);
                  socket->Connect(net.Server());
                  Simulator::Schedule(Seconds(1), [&] { socket->Close(); });
                  Simulator::Schedule(Seconds(2), [&] { accepted->Close(); });
                  net.rig.Run(Seconds(5));
                  test.ExpectEqual(atServer.normalCloses, 1U, "server");
                  test.ExpectEqual(atClient.normalCloses, 1U, "client");
                  test.ExpectEqual(atServer.errorCloses + atClient.errorCloses, 0U, "no errors");
              });
    suite.Add(
        "callbacks may close the socket and let go of it",
        [](ScenarioTestCase& test)
        {
            for (int which = 0; which < 5; which++)
            {
                Net net;
                auto listener = net.ServerSocket();
                listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                std::vector<Ptr<Socket>> accepted;
                uint32_t closed = 0;
                std::function<void(Ptr<Socket>)> close = [&](Ptr<Socket> s)
                {
                    closed++;
                    s->Close();
                    accepted.clear();
                };
                std::function<void(Ptr<Socket>, uint32_t)> closeToo = [&](Ptr<Socket> s, uint32_t)
                { close(s); };
                listener->SetAcceptCallback(AcceptAll(),
                                            OnAccepted(
                                                [&](Ptr<Socket> s)
                                                {
                                                    accepted.push_back(s);
                                                    if (which == 0)
                                                    {
                                                        close(s);
                                                    }
                                                    if (which == 1)
                                                    {
                                                        s->SetRecvCallback(
                                                            Callback<void, Ptr<Socket>>(close));
                                                    }
                                                }));
                listener->Listen();
                Ptr<Socket> socket = net.ClientSocket();
                socket->Connect(net.Server());
                if (which == 2)
                {
                    socket->SetConnectCallback(Callback<void, Ptr<Socket>>(close),
                                               MakeNullCallback<void, Ptr<Socket>>());
                }
                if (which == 3)
                {
                    socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>(closeToo));
                }
                if (which == 4)
                {
                    socket->SetDataSentCallback(Callback<void, Ptr<Socket>, uint32_t>(closeToo));
                }
                socket->Send(Create<Packet>(100000), 0);
                socket = nullptr;
                net.rig.Run(Seconds(200));
                test.Expect(closed > 0, "callback " + std::to_string(which) + " was called");
            }
        });
    suite.Add("small writes in a callback leave as full segments",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                  uint64_t received = 0;
                  std::function<void(Ptr<Socket>)> read = [&](Ptr<Socket> s)
                  {
                      while (Ptr<Packet> packet = s->Recv())
                      {
                          received += packet->GetSize();
                      }
                  };
                  listener->SetAcceptCallback(
                      AcceptAll(),
                      OnAccepted([&](Ptr<Socket> s)
                                 { s->SetRecvCallback(Callback<void, Ptr<Socket>>(read)); }));
                  listener->Listen();
                  auto socket = net.ClientSocket();
                  // Much less than the path would take: the buffer limits, and each data ACK makes
                  // room.
                  socket->SetAttribute("SndBufSize", UintegerValue(30000));
                  uint64_t written = 0;
                  std::function<void(Ptr<Socket>, uint32_t)> write = [&](Ptr<Socket> s, uint32_t)
                  {
                      while (written < 1000000 && s->Send(Create<Packet>(500)) == 500)
                      {
                          written += 500;
                      }
                  };
                  socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>(write));
                  uint32_t segments = 0;
                  net.rig.Path(0)->AddTap(FilterChannel::UP,
                                          [&](const WireSegment& segment)
                                          { segments += HasPayload(segment) ? 1 : 0; });
                  socket->Connect(net.Server());
                  net.rig.Run(Seconds(20));
                  test.ExpectEqual(received, 1000000U, "bytes");
                  test.Expect(segments < 1000,
                              "far fewer segments than the 2000 writes: " +
                                  std::to_string(segments));
              });
    suite.Add("a listener works though nobody but the node keeps it",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  uint32_t accepted = 0;
                  {
                      auto listener = net.ServerSocket();
                      listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                      listener->SetAcceptCallback(AcceptAll(),
                                                  OnAccepted([&](Ptr<Socket>) { accepted++; }));
                      listener->Listen();
                  }
                  auto socket = net.ClientSocket();
                  socket->Connect(net.Server());
                  net.rig.Run(Seconds(1));
                  test.ExpectEqual(accepted, 1U, "connections");
              });
    suite.Add("the peer's end is told at once, though nobody has read the data before it",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                  Ptr<Socket> accepted;
                  Told told;
                  listener->SetAcceptCallback(AcceptAll(),
                                              OnAccepted(
                                                  [&](Ptr<Socket> s)
                                                  {
                                                      accepted = s;
                                                      told.Listen(s);
                                                  }));
                  listener->Listen();
                  auto socket = net.ClientSocket();
                  socket->Connect(net.Server());
                  socket->Send(Create<Packet>(1000), 0);
                  socket->Close();
                  net.rig.Run(Seconds(1));
                  test.ExpectEqual(told.normalCloses, 1U, "told");
                  test.ExpectEqual(accepted->GetRxAvailable(), 1000U, "the data waits");
                  test.ExpectEqual(accepted->Recv()->GetSize(), 1000U, "and can be read");
                  accepted->Close();
                  net.rig.Run(Seconds(2));
                  test.Expect(socket->GetConnection()->IsEnded(), "both are done");
                  test.ExpectEqual(socket->GetConnection()->GetErrno(), 0, "in order");
              });
    suite.Add("a socket that failed can connect again",
              [](ScenarioTestCase& test)
              {
                  Net net;
                  auto socket = net.ClientSocket();
                  Told told;
                  told.Listen(socket);
                  socket->Connect(net.Server());
                  net.rig.Run(Seconds(1));
                  test.Expect(told.failed, "refused");
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
                  listener->Listen();
                  test.ExpectEqual(socket->Connect(net.Server()), 0, "Connect");
                  net.rig.Run(Seconds(2));
                  test.Expect(told.connected, "connected");
              });
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
            suite.Add(name,
                      [=](ScenarioTestCase& test)
                      {
                          Net net(ipv6, paths);
                          auto sink = CreateObject<PacketSink>();
                          sink->SetAttribute("Protocol", StringValue("ns3::MptcpSocketFactory"));
                          Address any =
                              ipv6 ? Address(Inet6SocketAddress(Ipv6Address::GetAny(), PORT))
                                   : Address(InetSocketAddress(Ipv4Address::GetAny(), PORT));
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
                  Net net(false, 2, helper);
                  auto sink = CreateObject<PacketSink>();
                  sink->SetAttribute("Protocol", StringValue("ns3::MptcpSocketFactory"));
                  sink->SetAttribute("Local",
                                     AddressValue(InetSocketAddress(Ipv4Address::GetAny(), PORT)));
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
    suite.Add("ndiffports with LIA: the helper's choice opens four subflows, all carry data",
              [](ScenarioTestCase& test)
              {
                  MptcpHelper helper;
                  helper.SetPathManager("ns3::MptcpNdiffports", "Subflows", UintegerValue(4));
                  helper.SetCongestionControl("ns3::MptcpLia");
                  Net net(false, 1, helper);
                  auto sink = CreateObject<PacketSink>();
                  sink->SetAttribute("Protocol", StringValue("ns3::MptcpSocketFactory"));
                  sink->SetAttribute("Local",
                                     AddressValue(InetSocketAddress(Ipv4Address::GetAny(), PORT)));
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
                      test.Expect(DynamicCast<MptcpLia>(subflow->GetCongestionOps()) != nullptr,
                                  "LIA");
                  }
                  test.Expect(sink->GetTotalRx() > 20000000,
                              "most of 20 Mb/s for 10 s: " + std::to_string(sink->GetTotalRx()));
              });
    for (const std::string protocol : {"ns3::MptcpSocketFactory", "ns3::TcpSocketFactory"})
    {
        suite.Add("requests and responses over " + protocol,
                  [=](ScenarioTestCase& test)
                  {
                      Net net(false, 2);
                      auto server = CreateObject<RequestResponseServer>();
                      server->SetAttribute("Protocol", StringValue(protocol));
                      server->SetAttribute(
                          "Local", AddressValue(InetSocketAddress(Ipv4Address::GetAny(), PORT)));
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
class MptcpSocketTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSocketTestSuite()
        : ScenarioTestSuite("mptcp-socket")
    {
        AddAttributes(*this);
        AddCalls(*this);
        AddFailures(*this);
        AddLife(*this);
        AddApplications(*this);
    }
} g_mptcpSocketTestSuite; //!< registers itself

} // namespace

} // namespace ns3
