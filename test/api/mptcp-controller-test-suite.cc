// SPDX-License-Identifier: GPL-2.0-only
// The "user space" path manager of draft-hesmans-mptcp-socket-03, section 1: all connections of a
// node, from C++ and by bytes.
#include "socket-api-net.h"
#include "test-rig.h"

#include "ns3/mptcp-control-port.h"
#include "ns3/mptcp-control.h"
#include "ns3/mptcp-controller.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <random>

namespace ns3
{

namespace
{

/// @param event what happened @return it as a short text
std::string
ToText(const MptcpControlEvent& event)
{
    switch (event.kind)
    {
    case MptcpControlEvent::CONNECTION_CREATED:
        return "created ";
    case MptcpControlEvent::CONNECTION_CLOSED:
        return "closed/" + std::to_string(event.error) + " ";
    default:
        return std::to_string(event.path.kind) + "/" + std::to_string(event.path.subflowId) + " ";
    }
}

/// From C++.
void
AddCalls(ScenarioTestSuite& suite)
{
    suite.Add(
        "it hears of connections and their paths, and opens, closes and re-prioritises",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            auto controller = MptcpController::Install(net.clientNode);
            test.Expect(controller == MptcpController::Install(net.clientNode), "one a node");
            std::string heard;
            uint8_t opened = 0;
            controller->AddEventCallback(
                [&](const MptcpControlEvent& event)
                {
                    heard += ToText(event);
                    if (event.kind == MptcpControlEvent::CONNECTION_CREATED)
                    {
                        test.ExpectEqual(
                            event.token, net.client->GetConnection()->GetLocalToken(), "token");
                        test.Expect(event.client, "opened by this end");
                    }
                });
            net.Connect();
            test.ExpectEqual(heard, "created 1/1 ", "begin");
            const auto all = controller->GetConnections();
            test.ExpectEqual(all.size(), 1U, "connections");
            const uint32_t token = all.at(0).token;
            test.Expect(all[0].tuple.remotePort == SocketApiNet::PORT, "tuple");
            heard.clear();
            test.ExpectEqual(controller->OpenSubflow(
                                 token, net.At(0, true, 0), net.At(0, false, 0), true, opened),
                             0,
                             "open");
            test.ExpectEqual(int(opened), 2, "id");
            net.Run(MilliSeconds(200));
            test.ExpectEqual(int(GetIds(net.client).at(3)), 0b1111, "a backup");
            test.ExpectEqual(controller->SetSubflowPriority(token, 2, false), 0, "MP_PRIO");
            net.Run(MilliSeconds(100));
            std::vector<MptcpConnection::SubflowStatus> subflows;
            test.ExpectEqual(controller->GetSubflows(token, subflows), 0, "list");
            test.Expect(subflows.size() == 2 && !subflows[1].backup, "no backup");
            SocketApiNet::Send(net.client, 1000000);
            net.Run(MilliSeconds(100));
            test.ExpectEqual(controller->CloseSubflow(token, 1), 0, "close the first");
            net.Run(Seconds(3));
            test.ExpectEqual(net.received[net.server], 1000000U, "bytes");
            net.client->Close();
            net.server->Close();
            net.Run(Seconds(1));
            test.ExpectEqual(heard, "1/2 5/2 2/1 closed/0 ", "the rest");
            test.ExpectEqual(controller->GetConnections().size(), 0U, "connections");
            test.ExpectEqual(controller->CloseSubflow(token, 2), ENOENT, "unknown token");
        });
    suite.Add("connections that exist already are known; plain and fallen back ones are not",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  auto controller = MptcpController::Install(net.serverNode);
                  test.ExpectEqual(controller->GetConnections().size(), 1U, "known");
                  SocketApiNet plain(false, {{"Multipath", "false"}});
                  auto other = MptcpController::Install(plain.clientNode);
                  std::string heard;
                  other->AddEventCallback([&](const MptcpControlEvent& event)
                                          { heard += ToText(event); });
                  plain.Connect();
                  test.ExpectEqual(heard, "", "plain TCP");
                  test.ExpectEqual(other->GetConnections().size(), 0U, "connections");
              });
    suite.Add("a connection that came to version 0 has the token that it has then",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"RetryVersion0", "true"}});
                  net.listener->SetAttribute("Version", UintegerValue(0));
                  auto controller = MptcpController::Install(net.clientNode);
                  uint32_t token = 0;
                  controller->AddEventCallback(
                      [&](const MptcpControlEvent& event)
                      {
                          if (event.kind == MptcpControlEvent::CONNECTION_CREATED)
                          {
                              token = event.token;
                          }
                      });
                  net.Connect();
                  test.Expect(net.client->GetConnection()->IsMultipath(), "version 0");
                  test.ExpectEqual(
                      token, net.client->GetConnection()->GetLocalToken(), "as created");
                  std::vector<MptcpConnection::SubflowStatus> subflows;
                  test.ExpectEqual(controller->GetSubflows(token, subflows), 0, "list");
                  test.ExpectEqual(subflows.size(), 1U, "subflows");
              });
    suite.Add("a connection that fails, and one that falls back, are told as closed",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  auto controller = MptcpController::Install(net.clientNode);
                  std::string heard;
                  controller->AddEventCallback([&](const MptcpControlEvent& event)
                                               { heard += ToText(event); });
                  net.Connect();
                  heard.clear();
                  net.server->GetConnection()->Abort();
                  net.Run(MilliSeconds(200));
                  test.Expect(heard.find("closed/104 ") != std::string::npos,
                              "ECONNRESET: " + heard);
              });
    suite.Add(
        "it acts for many connections at once, with calls from within events",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            auto controller = MptcpController::Install(net.clientNode);
            uint32_t opened = 0;
            controller->AddEventCallback(
                [&](const MptcpControlEvent& event)
                {
                    uint8_t id = 0;
                    if (event.kind == MptcpControlEvent::CONNECTION_CREATED)
                    {
                        opened +=
                            controller->OpenSubflow(
                                event.token, net.At(0, true, 0), net.At(0, false, 0), false, id) ==
                            0;
                    }
                    if (event.path.kind == MptcpPathEvent::SUBFLOW_CREATED &&
                        event.kind == MptcpControlEvent::PATH && event.path.subflowId == 2)
                    {
                        test.ExpectEqual(controller->CloseSubflow(event.token, 1), 0, "close");
                    }
                });
            net.Connect();
            std::vector<Ptr<MptcpSocket>> others;
            for (uint32_t i = 0; i < 20; i++)
            {
                others.push_back(DynamicCast<MptcpSocket>(
                    Socket::CreateSocket(net.clientNode, MptcpSocketFactory::GetTypeId())));
                others.back()->SetAttribute("PathManager", StringValue("ns3::MptcpNoPathManager"));
                others.back()->Connect(net.At(1, false, SocketApiNet::PORT));
            }
            net.Run(Seconds(2));
            for (const auto& socket : others)
            {
                SocketApiNet::Send(socket, 1000);
            }
            net.Run(Seconds(1));
            test.ExpectEqual(controller->GetConnections().size(), 21U, "connections");
            for (const auto& socket : others)
            {
                test.Expect(socket->GetSubflowIds() == std::vector<uint8_t>{2}, "moved");
            }
            uint64_t bytes = 0;
            for (const auto& [socket, count] : net.received)
            {
                bytes += count;
            }
            test.ExpectEqual(bytes, 20000U, "bytes");
        });
    suite.Add(
        "announce and withdraw: ADD_ADDR and REMOVE_ADDR",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            auto controller = MptcpController::Install(net.serverNode);
            SubscribeAll(net.client);
            net.Connect();
            ReadEvents(net.client);
            // Known since the join.
            net.client->OpenSubflow(net.At(1, true, 0), net.At(1, false, 0));
            net.Run(MilliSeconds(100));
            ReadEvents(net.client);
            const uint32_t token = controller->GetConnections().at(0).token;
            test.ExpectEqual(
                controller->Announce(token, Ipv4Address("10.1.0.1"), 6000), 0, "announce");
            net.Run(MilliSeconds(100));
            auto events = ReadEvents(net.client);
            test.Expect(events.size() == 1 && events[0].header.type == MPTCP_EVENT_REMOTE_ADDRESS &&
                            events[0].address.addr.sin.sin_port == htons(6000) &&
                            events[0].address.available == 1,
                        "heard of with its port");
            test.ExpectEqual(controller->Withdraw(token, Ipv4Address("10.1.0.1")), 0, "withdraw");
            net.Run(MilliSeconds(100));
            events = ReadEvents(net.client);
            test.Expect(events.size() == 1 && events[0].address.available == 0, "gone");
            test.ExpectEqual(
                controller->Announce(token, Ipv4Address("10.9.9.9")), EADDRNOTAVAIL, "not ours");
        });
}

/// @tparam T structure of a request @param type of it @param token of a connection
/// @param sequence of it @return it, the rest 0
template <typename T>
T
MakeRequest(uint16_t type, uint32_t token, uint32_t sequence)
{
    T request{};
    request.header.type = type;
    request.header.length = sizeof(T);
    request.header.token = token;
    request.header.sequence = sequence;
    return request;
}

/// @param type of it @param sequence of it @param token of a connection
/// @return a request that is a header
mptcp_control_header
MakeHead(uint16_t type, uint32_t sequence, uint32_t token)
{
    return {type, 0, sizeof(mptcp_control_header), sequence, token};
}

/// Any message.
union ControlMessage
{
    mptcp_control_header header;         //!< what all begin with
    mptcp_control_done done;             //!< an answer
    mptcp_control_connection connection; //!< an answer or event
    mptcp_control_subflow subflow;       //!< an answer
    mptcp_control_path path;             //!< an event
};

/// @param port where @return all messages that wait
std::vector<ControlMessage>
ReadAll(MptcpControlPort& port)
{
    std::vector<ControlMessage> all;
    ControlMessage message{};
    int64_t size;
    while ((size = port.Recv(&message, sizeof(message))) > 0)
    {
        if (message.header.length != size)
        {
            all.clear();
            return all;
        }
        all.push_back(message);
    }
    return all;
}

/// @param name an IPv4 address with port @param address is filled
void
Fill(const Address& name, mptcp_control_sockaddr& address)
{
    const auto inet = InetSocketAddress::ConvertFrom(name);
    address.sin.sin_family = AF_INET;
    address.sin.sin_port = htons(inet.GetPort());
    address.sin.sin_addr.s_addr = htonl(inet.GetIpv4().Get());
}

/// By bytes.
void
AddPort(ScenarioTestSuite& suite)
{
    suite.Add("the layouts of mptcp-control.h are the documented ones",
              [](ScenarioTestCase& test)
              {
                  test.ExpectEqual(sizeof(mptcp_control_header), 16U, "header");
                  test.ExpectEqual(sizeof(mptcp_control_sockaddr), 28U, "sockaddr");
                  test.ExpectEqual(sizeof(mptcp_control_subscribe), 20U, "subscribe");
                  test.ExpectEqual(sizeof(mptcp_control_done), 24U, "done");
                  test.ExpectEqual(sizeof(mptcp_control_connection), 80U, "connection");
                  test.ExpectEqual(sizeof(mptcp_control_subflow), 80U, "subflow");
                  test.ExpectEqual(sizeof(mptcp_control_close), 24U, "close");
                  test.ExpectEqual(sizeof(mptcp_control_prio), 20U, "prio");
                  test.ExpectEqual(sizeof(mptcp_control_address), 44U, "address");
                  test.ExpectEqual(sizeof(mptcp_control_path), 60U, "path");
              });
    suite.Add(
        "a daemon's handover by requests and events",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            MptcpControlPort port(MptcpController::Install(net.clientNode));
            uint32_t woken = 0;
            port.SetReadyCallback([&woken] { woken++; });
            test.ExpectEqual(port.GetPollEvents() & POLLIN, 0, "nothing to read");
            auto subscribe = MakeRequest<mptcp_control_subscribe>(MPTCP_CONTROL_SUBSCRIBE, 0, 1);
            subscribe.on = 1;
            test.ExpectEqual(port.Send(&subscribe, sizeof(subscribe)), 20, "subscribe");
            net.Connect();
            test.ExpectEqual(woken, 3U, "messages");
            test.Expect((port.GetPollEvents() & POLLIN) != 0, "to read");
            auto messages = ReadAll(port);
            test.Expect(messages.size() == 3 && messages[0].header.type == MPTCP_CONTROL_DONE &&
                            messages[0].header.sequence == 1 && messages[0].done.error == 0 &&
                            messages[1].header.type == MPTCP_CONTROL_CREATED &&
                            messages[1].connection.client == 1 &&
                            messages[1].connection.remote.sin.sin_port ==
                                htons(SocketApiNet::PORT) &&
                            messages[2].header.type == MPTCP_CONTROL_PATH &&
                            messages[2].path.event.subflow.id == 1,
                        "done, created, path");
            const uint32_t token = messages.at(1).header.token;
            auto open = MakeRequest<mptcp_control_subflow>(MPTCP_CONTROL_OPEN, token, 2);
            Fill(net.At(0, true, 0), open.local);
            Fill(net.At(0, false, 0), open.remote);
            port.Send(&open, sizeof(open));
            net.Run(MilliSeconds(200));
            messages = ReadAll(port);
            test.Expect(messages.size() == 2 && messages[0].done.error == 0 &&
                            messages[0].done.id == 2 && messages[0].header.token == token &&
                            messages[1].path.event.header.type == MPTCP_EVENT_SUB_CREATED,
                        "opened and created");
            auto prio = MakeRequest<mptcp_control_prio>(MPTCP_CONTROL_PRIO, token, 3);
            prio.id = 1;
            prio.low_prio = 1;
            port.Send(&prio, sizeof(prio));
            auto list = MakeHead(MPTCP_CONTROL_SUBFLOWS, 4, token);
            port.Send(&list, sizeof(list));
            messages = ReadAll(port);
            test.Expect(messages.size() == 4 && messages[1].subflow.id == 1 &&
                            messages[1].subflow.low_prio == 1 &&
                            messages[1].subflow.status == 0b1111 && messages[2].subflow.id == 2 &&
                            messages[2].subflow.status == 0b0110 &&
                            messages[2].subflow.remote.sin.sin_port == htons(SocketApiNet::PORT) &&
                            messages[3].header.type == MPTCP_CONTROL_DONE &&
                            messages[3].header.sequence == 4,
                        "both subflows, then done");
            auto close = MakeRequest<mptcp_control_close>(MPTCP_CONTROL_CLOSE, token, 5);
            close.id = 1;
            close.how = SHUT_RDWR;
            port.Send(&close, sizeof(close));
            list = MakeHead(MPTCP_CONTROL_CONNECTIONS, 6, 0);
            port.Send(&list, sizeof(list));
            net.Run(MilliSeconds(200));
            test.Expect(net.client->GetSubflowIds() == std::vector<uint8_t>{2}, "moved");
            messages = ReadAll(port);
            test.Expect(std::any_of(messages.begin(),
                                    messages.end(),
                                    [&](const ControlMessage& message)
                                    {
                                        return message.header.type == MPTCP_CONTROL_CONNECTION &&
                                               message.header.token == token &&
                                               message.header.sequence == 6;
                                    }),
                        "the connection is listed");
        });
    suite.Add("what a request cannot have is told by its answer; what is none by send()",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  auto controller = MptcpController::Install(net.clientNode);
                  MptcpControlPort port(controller);
                  net.Connect();
                  const uint32_t token = controller->GetConnections().at(0).token;
                  const auto ask = [&](const auto& request)
                  {
                      if (port.Send(&request, sizeof(request)) < 0)
                      {
                          return -port.GetErrno();
                      }
                      const auto answers = ReadAll(port);
                      return answers.empty() ? -1 : answers.back().done.error;
                  };
                  auto open = MakeRequest<mptcp_control_subflow>(MPTCP_CONTROL_OPEN, 77, 1);
                  test.ExpectEqual(ask(open), EINVAL, "no addresses");
                  Fill(net.At(0, true, 0), open.local);
                  Fill(net.At(0, false, 0), open.remote);
                  test.ExpectEqual(ask(open), ENOENT, "no such token");
                  open.header.token = token;
                  open.if_idx = 99;
                  test.ExpectEqual(ask(open), ENODEV, "no such device");
                  open.header.flags = 1;
                  test.ExpectEqual(ask(open), -EINVAL, "flags");
                  open.header.flags = 0;
                  open.header.length--;
                  test.ExpectEqual(ask(open), -EINVAL, "length");
                  auto close = MakeRequest<mptcp_control_close>(MPTCP_CONTROL_CLOSE, token, 1);
                  test.ExpectEqual(ask(close), EINVAL, "no such subflow");
                  close.header.type = MPTCP_CONTROL_PRIO;
                  test.ExpectEqual(ask(close), -EINVAL, "length of another request");
                  for (uint16_t type : {0, 9, 32, 66})
                  {
                      test.ExpectEqual(ask(MakeHead(type, 1, token)), -EINVAL, "no request");
                  }
                  test.ExpectEqual(port.Send(nullptr, 16), -1, "null");
                  test.ExpectEqual(port.GetErrno(), EFAULT, "its errno");
                  char byte = 0;
                  test.ExpectEqual(port.Recv(&byte, 1), -1, "nothing to read");
                  test.ExpectEqual(port.GetErrno(), EAGAIN, "its errno");
              });
    suite.Add("events that nobody reads are bounded, and the next one says that some were lost",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  MptcpControlPort port(MptcpController::Install(net.clientNode));
                  auto subscribe =
                      MakeRequest<mptcp_control_subscribe>(MPTCP_CONTROL_SUBSCRIBE, 0, 1);
                  subscribe.on = 1;
                  port.Send(&subscribe, sizeof(subscribe));
                  net.Connect();
                  for (uint32_t i = 0; i < 400; i++)
                  {
                      net.client->SetSubflowPriority(1, i % 2 == 0);
                      net.Run(MilliSeconds(20));
                  }
                  test.ExpectEqual(ReadAll(port).size(), 257U, "answer and events");
                  net.client->SetSubflowPriority(1, true);
                  net.Run(MilliSeconds(20));
                  net.client->SetSubflowPriority(1, false);
                  net.Run(MilliSeconds(20));
                  const auto messages = ReadAll(port);
                  test.Expect(messages.size() == 2 &&
                                  messages[0].header.flags == MPTCP_CONTROL_OVERFLOW &&
                                  messages[1].header.flags == 0,
                              "overflow");
              });
    suite.Add("random requests: an answer or an errno each time",
              [](ScenarioTestCase& test)
              {
                  std::mt19937 random(3);
                  SocketApiNet net;
                  auto controller = MptcpController::Install(net.clientNode);
                  MptcpControlPort port(controller);
                  net.Connect();
                  for (uint32_t i = 0; i < 20000; i++)
                  {
                      std::vector<uint8_t> bytes(random() % 100);
                      for (auto& byte : bytes)
                      {
                          byte = random() % 3 == 0 ? random() : random() % 3;
                      }
                      const auto connections = controller->GetConnections();
                      if (bytes.size() >= 16 && random() % 4 > 0)
                      {
                          const size_t sizes[] = {16, 20, 16, 16, 80, 24, 20, 44, 44};
                          const auto type = static_cast<uint16_t>(random() % 10);
                          bytes.resize(sizes[type % 9]);
                          auto head =
                              MakeHead(type, i, connections.empty() ? 1 : connections[0].token);
                          head.length = bytes.size();
                          std::memcpy(bytes.data(), &head, sizeof(head));
                          if (type == MPTCP_CONTROL_OPEN)
                          {
                              mptcp_control_sockaddr name{};
                              Fill(net.At(0, true, 0), name);
                              std::memcpy(&bytes[24], &name, sizeof(name));
                              Fill(net.At(0, false, 0), name);
                              std::memcpy(&bytes[52], &name, sizeof(name));
                          }
                      }
                      const auto result = port.Send(bytes.data(), bytes.size());
                      test.Expect(result == static_cast<int64_t>(bytes.size()) ||
                                      (result == -1 && port.GetErrno() > 0),
                                  "result");
                      if (random() % 10 == 0)
                      {
                          ReadAll(port);
                          net.Run(MilliSeconds(random() % 30));
                      }
                  }
              });
}

/// The suite.
class MptcpControllerTestSuite : public ScenarioTestSuite
{
  public:
    MptcpControllerTestSuite()
        : ScenarioTestSuite("mptcp-controller")
    {
        AddCalls(*this);
        AddPort(*this);
    }
} g_mptcpControllerTestSuite; //!< registers itself

} // namespace

} // namespace ns3
