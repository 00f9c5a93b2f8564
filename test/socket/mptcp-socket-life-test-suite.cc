// SPDX-License-Identifier: GPL-2.0-only
// Closing, reading, and callbacks that do things.
#include "socket-net.h"
#include "test-rig.h"

#include "ns3/application.h"
#include "ns3/inet-socket-address.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/uinteger.h"

#include <sys/socket.h>

namespace ns3
{

namespace
{

/// Disposes of a socket when it is disposed of itself.
class SocketDisposer : public Application
{
  public:
    /// @param socket its
    explicit SocketDisposer(Ptr<Socket> socket)
        : m_socket(socket)
    {
    }

  protected:
    void DoDispose() override
    {
        m_socket->Dispose();
        Application::DoDispose();
    }

  private:
    Ptr<Socket> m_socket; //!< its
};

/// Closing, reading, and callbacks that do things.
void
AddLife(ScenarioTestSuite& suite)
{
    suite.Add("MSG_PEEK leaves the bytes, the end is an empty packet, nothing is a null pointer",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
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
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->SetAttribute("RcvBufSize", UintegerValue(20000));
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
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
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
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
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
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
                SocketNet net;
                auto listener = net.ServerSocket();
                listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
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
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
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
                  SocketNet net;
                  uint32_t accepted = 0;
                  {
                      auto listener = net.ServerSocket();
                      listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
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
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
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
    for (const bool accepted : {false, true})
    {
        for (const bool unread : {false, true})
        {
            suite.Add(
                std::string("dispose of ") + (accepted ? "an accepted" : "a connected") +
                    " socket" + (unread ? " with unread bytes" : "") +
                    " closes its connection: none is left",
                [=](ScenarioTestCase& test)
                {
                    SocketNet net;
                    auto listener = net.ServerSocket();
                    listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
                    Ptr<Socket> server;
                    listener->SetAcceptCallback(AcceptAll(),
                                                OnAccepted([&](Ptr<Socket> s) { server = s; }));
                    listener->Listen();
                    Ptr<Socket> client = net.ClientSocket();
                    client->Connect(net.Server());
                    net.rig.Run(Seconds(1));
                    test.Expect(server != nullptr, "accepted");
                    const Ptr<Socket> gone = accepted ? server : client;
                    const Ptr<Socket> other = accepted ? client : server;
                    Told told;
                    told.Listen(other);
                    if (unread)
                    {
                        other->Send(Create<Packet>(1000000), 0);
                        net.rig.Run(Seconds(2));
                    }
                    gone->Dispose();
                    net.rig.Run(Seconds(3));
                    test.ExpectEqual(unread ? told.errorCloses : told.normalCloses,
                                     1U,
                                     "the other end hears of it");
                    other->Send(Create<Packet>(1000000), 0);
                    net.rig.Run(Seconds(600));
                    for (const auto& node : {net.rig.GetClient(), net.rig.GetServer()})
                    {
                        test.ExpectEqual(node->GetObject<MptcpL4Protocol>()->GetNConnections(),
                                         0U,
                                         "connections");
                    }
                });
        }
    }
    suite.Add("a node may be disposed of with its sockets",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
                  listener->Listen();
                  Ptr<Socket> client = net.ClientSocket();
                  client->Connect(net.Server());
                  net.rig.Run(Seconds(1));
                  const Ptr<Node> node = net.rig.GetClient();
                  const auto protocol = node->GetObject<MptcpL4Protocol>();
                  test.ExpectEqual(protocol->GetNConnections(), 1U, "connections");
                  node->AddApplication(CreateObject<SocketDisposer>(client));
                  node->Dispose();
                  test.ExpectEqual(protocol->GetNConnections(), 0U, "connections then");
              });
    suite.Add("a socket that failed can connect again",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  auto socket = net.ClientSocket();
                  Told told;
                  told.Listen(socket);
                  socket->Connect(net.Server());
                  net.rig.Run(Seconds(1));
                  test.Expect(told.failed, "refused");
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
                  listener->Listen();
                  test.ExpectEqual(socket->Connect(net.Server()), 0, "Connect");
                  net.rig.Run(Seconds(2));
                  test.Expect(told.connected, "connected");
              });
    suite.Add("an accepted socket whose connection has ended can connect, and is told what became "
              "of it",
              [](ScenarioTestCase& test)
              {
                  SocketNet net;
                  auto listener = net.ServerSocket();
                  listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
                  Ptr<Socket> socket;
                  uint32_t accepted = 0;
                  listener->SetAcceptCallback(AcceptAll(),
                                              OnAccepted(
                                                  [&](Ptr<Socket> s)
                                                  {
                                                      accepted++;
                                                      socket = s;
                                                  }));
                  listener->Listen();
                  auto peer = net.ClientSocket();
                  peer->SetAttribute("Linger", TimeValue(Seconds(0)));
                  peer->Connect(net.Server());
                  net.rig.Run(Seconds(1));
                  peer->Close();
                  net.rig.Run(Seconds(2));
                  Told told;
                  told.Listen(socket);
                  const Address back = net.rig.GetClientAddress(0, SocketNet::PORT);
                  test.ExpectEqual(socket->Connect(back), 0, "to a closed port");
                  net.rig.Run(Seconds(3));
                  test.Expect(told.failed, "told of the failure");
                  auto other = net.ClientSocket();
                  other->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketNet::PORT));
                  other->Listen();
                  test.ExpectEqual(socket->Connect(back), 0, "to a listener");
                  net.rig.Run(Seconds(4));
                  test.Expect(told.connected, "told of the success");
                  test.ExpectEqual(accepted, 1U, "connections that were accepted");
              });
}

/// The suite.
class MptcpSocketLifeTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSocketLifeTestSuite()
        : ScenarioTestSuite("mptcp-socket-life")
    {
        AddLife(*this);
    }
} g_mptcpSocketLifeTestSuite; //!< registers itself

} // namespace

} // namespace ns3
