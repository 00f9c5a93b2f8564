// SPDX-License-Identifier: GPL-2.0-only
// draft-hesmans-mptcp-socket-03, section 4: events.
#include "socket-api-net.h"
#include "test-rig.h"

#include <arpa/inet.h>
#include <cerrno>

namespace ns3
{

namespace
{

/// Section 4.
void
AddEvents(ScenarioTestSuite& suite)
{
    suite.Add(
        "4.1, 4.2: created and deleted, at both ends, whoever opened it; inherited",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            SubscribeAll(net.client);
            SubscribeAll(net.listener);
            std::vector<std::string> told;
            net.listener->SetEventCallback(
                [&told](const MptcpPathEvent& event) {
                    told.push_back(std::to_string(event.kind) + "/" +
                                   std::to_string(event.subflowId));
                });
            // The trace source tells the same.
            std::vector<std::string> traced;
            net.client->TraceConnectWithoutContext("Event",
                                                   Callback<void, const MptcpPathEvent&>(
                                                       [&traced](const MptcpPathEvent& event) {
                                                           traced.push_back(
                                                               std::to_string(event.kind) + "/" +
                                                               std::to_string(event.subflowId));
                                                       }));
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            net.server->CloseSubflow(2);
            net.Run(MilliSeconds(200));
            net.client->CloseSubflow(1, MPTCP_SHUT_RST);
            net.Run(MilliSeconds(200));
            test.Expect(told == std::vector<std::string>({"1/1", "1/2", "2/2", "2/1"}),
                        "told in order");
            test.Expect(traced == std::vector<std::string>({"1/1", "1/2", "5/2", "2/2", "2/1"}),
                        "traced in order");
            for (const auto& end : {net.client, net.server})
            {
                const bool client = end == net.client;
                std::vector<mptcp_subflow_event> events;
                std::vector<int> types;
                for (const auto& event : ReadEvents(end))
                {
                    types.push_back(event.header.type);
                    if (event.header.type <= MPTCP_EVENT_SUB_DELETED)
                    {
                        events.push_back(event.subflow);
                    }
                }
                test.ExpectEqual(events.size(), 4U, "events");
                if (events.size() != 4)
                {
                    return;
                }
                // SHUT_RDWR asks the other end by MP_PRIO to send elsewhere (section 3.3), which is
                // told there.
                test.Expect(types == (client ? std::vector<int>{1, 1, 5, 2, 2}
                                             : std::vector<int>{1, 1, 2, 2}),
                            "and nothing else");
                const int by = client ? MPTCP_BY_THIS_END : MPTCP_BY_PEER;
                test.Expect(events[0].header.type == MPTCP_EVENT_SUB_CREATED && events[0].id == 1 &&
                                events[0].opened_by == by,
                            "the first subflow");
                test.Expect(events[1].header.type == MPTCP_EVENT_SUB_CREATED && events[1].id == 2 &&
                                events[1].opened_by == by,
                            "the second one");
                test.Expect(events[2].header.type == MPTCP_EVENT_SUB_DELETED && events[2].id == 2 &&
                                events[2].error == 0 && events[2].rst_reason == MPTCP_NO_RST_REASON,
                            "its end");
                test.ExpectEqual(int(events[2].reason),
                                 client ? MPTCP_DELETED_CLOSED_REMOTE : MPTCP_DELETED_CLOSED_LOCAL,
                                 "why");
                test.ExpectEqual(int(events[3].reason),
                                 client ? MPTCP_DELETED_ADMINISTRATIVE : MPTCP_DELETED_RESET_REMOTE,
                                 "why the first ended");
                test.ExpectEqual(int(events[3].rst_reason), 3, "reason of MP_TCPRST");
                test.ExpectEqual(events[3].error, ECONNRESET, "its errno");
            }
        });
    suite.Add(
        "4.2: timed out and address removed are reasons",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net(false, {{"PathManager", "ns3::MptcpFullMesh"}, {"DataRetries", "3"}});
            SubscribeAll(net.client);
            net.Connect();
            net.Run(MilliSeconds(300));
            ReadEvents(net.client);
            net.clientNode->GetObject<Ipv4>()->SetDown(1);
            net.Run(MilliSeconds(300));
            bool gone = false;
            bool removed = false;
            for (const auto& event : ReadEvents(net.client))
            {
                gone |=
                    event.header.type == MPTCP_EVENT_LOCAL_ADDRESS && event.address.available == 0;
                removed |= event.header.type == MPTCP_EVENT_SUB_DELETED &&
                           event.subflow.reason == MPTCP_DELETED_ADDRESS_REMOVED;
            }
            test.Expect(gone, "the address is gone");
            test.Expect(removed, "a subflow with it");
            net.links[1]->SetSilent(true);
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(30));
            bool timedOut = false;
            for (const auto& event : ReadEvents(net.client))
            {
                timedOut |= event.header.type == MPTCP_EVENT_SUB_DELETED &&
                            event.subflow.reason == MPTCP_DELETED_TIMED_OUT &&
                            event.subflow.error == ETIMEDOUT;
            }
            test.Expect(timedOut, "the other one timed out");
        });
    suite.Add("4.2: a RST of ours is a reason: the answer to our MP_JOIN has a wrong HMAC",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SubscribeAll(net.client);
                  net.Connect();
                  ReadEvents(net.client);
                  net.links[0]->AddRule(FilterChannel::DOWN,
                                        [](WireSegment& segment, WireFate& fate)
                                        {
                                            const auto* join = segment.FindMptcp(wire::MP_JOIN);
                                            if (IsSynAck(segment) && join)
                                            {
                                                segment.frame[join->at + 4] ^= 1;
                                                fate.modified = true;
                                            }
                                        });
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(Seconds(1));
                  const auto events = ReadEvents(net.client);
                  test.Expect(events.size() == 1 &&
                                  events[0].header.type == MPTCP_EVENT_SUB_DELETED &&
                                  events[0].subflow.id == 2 &&
                                  events[0].subflow.reason == MPTCP_DELETED_RESET_LOCAL &&
                                  events[0].subflow.error == ECONNRESET,
                              "deleted by our RST");
              });
    suite.Add("4.4: a remote address that is withdrawn is told, with its identifier",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SubscribeAll(net.client);
                  net.listener->SetAttribute("PathManager", StringValue("ns3::MptcpFullMesh"));
                  net.Connect();
                  const auto ipv4 = net.serverNode->GetObject<Ipv4>();
                  ipv4->AddAddress(1, Ipv4InterfaceAddress("10.1.0.9", "/8"));
                  net.Run(MilliSeconds(300));
                  ReadEvents(net.client);
                  ipv4->RemoveAddress(1, Ipv4Address("10.1.0.9"));
                  net.Run(MilliSeconds(300));
                  const auto events = ReadEvents(net.client);
                  test.Expect(
                      events.size() == 1 && events[0].header.type == MPTCP_EVENT_REMOTE_ADDRESS &&
                          events[0].address.available == 0 && events[0].address.address_id != 0 &&
                          events[0].address.addr.sin.sin_addr.s_addr ==
                              htonl(Ipv4Address("10.1.0.9").Get()),
                      "gone");
              });
    for (const bool ipv6 : {false, true})
    {
        suite.Add(
            std::string("4.3, 4.4: new addresses come with all that OPEN needs, ") +
                (ipv6 ? "IPv6" : "IPv4"),
            [ipv6](ScenarioTestCase& test)
            {
                SocketApiNet net(ipv6);
                SubscribeAll(net.client);
                net.listener->SetAttribute("PathManager", StringValue("ns3::MptcpFullMesh"));
                net.Connect();
                ReadEvents(net.client);
                // The address of the client, then that of the server.
                const char* expected[] = {ipv6 ? "fd00:a::91" : "10.0.0.9",
                                          ipv6 ? "fd00:a::92" : "10.1.0.9"};
                const Ptr<Node> nodes[] = {net.clientNode, net.serverNode};
                for (int end = 0; end < 2; end++)
                {
                    if (ipv6)
                    {
                        nodes[end]->GetObject<Ipv6>()->AddAddress(
                            1, Ipv6InterfaceAddress(Ipv6Address(expected[end]), Ipv6Prefix(64)));
                    }
                    else
                    {
                        nodes[end]->GetObject<Ipv4>()->AddAddress(
                            1, Ipv4InterfaceAddress(Ipv4Address(expected[end]), "/8"));
                    }
                }
                net.Run(MilliSeconds(300));
                std::optional<mptcp_address_event> local;
                std::optional<mptcp_address_event> remote;
                for (const auto& event : ReadEvents(net.client))
                {
                    if (event.header.type == MPTCP_EVENT_LOCAL_ADDRESS)
                    {
                        local = event.address;
                    }
                    if (event.header.type == MPTCP_EVENT_REMOTE_ADDRESS)
                    {
                        remote = event.address;
                    }
                }
                test.Expect(local && remote, "both events");
                if (!local || !remote)
                {
                    return;
                }
                test.Expect(local->available == 1 && remote->available == 1, "new ones");
                test.Expect(remote->address_id != 0, "the peer's identifier");
                test.ExpectEqual(local->header.length, 44U, "bytes");
                auto request = MakeHead(local->if_idx);
                for (const auto* address : {&*local, &*remote})
                {
                    const int family = address->addr.sa.sa_family;
                    test.ExpectEqual(family, ipv6 ? AF_INET6 : AF_INET, "family");
                    char text[INET6_ADDRSTRLEN];
                    inet_ntop(family,
                              ipv6 ? static_cast<const void*>(&address->addr.sin6.sin6_addr)
                                   : &address->addr.sin.sin_addr,
                              text,
                              sizeof(text));
                    test.ExpectEqual(std::string(text), expected[address == &*remote], "address");
                    const auto* bytes = reinterpret_cast<const uint8_t*>(&address->addr);
                    request.insert(request.end(),
                                   bytes,
                                   bytes + (ipv6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in)));
                }
                test.ExpectEqual(Open(net.client, request).result, 0, "OPEN of the two");
                net.Run(MilliSeconds(200));
                test.ExpectEqual(int(GetIds(net.client).at(3)), 0b0110, "is established");
            });
    }
    suite.Add("4.5: priority changes tell subflow, value and who changed it",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SubscribeAll(net.client);
                  net.Connect();
                  SubscribeAll(net.server);
                  ReadEvents(net.client);
                  const mptcp_sub_prio wanted{1, 1};
                  test.ExpectEqual(
                      SetOption(net.server, MPTCP_SET_SUB_PRIO, &wanted, sizeof(wanted)).result,
                      0,
                      "set");
                  net.Run(MilliSeconds(200));
                  for (const auto& end : {net.client, net.server})
                  {
                      const auto events = ReadEvents(end);
                      test.ExpectEqual(events.size(), 1U, "events");
                      if (events.size() == 1)
                      {
                          const mptcp_prio_event& prio = events[0].prio;
                          test.Expect(prio.header.type == MPTCP_EVENT_SUB_PRIO && prio.id == 1 &&
                                          prio.low_prio == 1,
                                      "subflow and value");
                          test.ExpectEqual(int(prio.changed_by),
                                           end == net.server ? MPTCP_BY_THIS_END : MPTCP_BY_PEER,
                                           "who");
                      }
                  }
                  const mptcp_sub_prio unknown{7, 1};
                  test.ExpectEqual(
                      SetOption(net.server, MPTCP_SET_SUB_PRIO, &unknown, sizeof(unknown)).error,
                      EINVAL,
                      "unknown id");
              });
    suite.Add(
        "4: subscription is by kind, can end, and is asked for by getsockopt",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            const auto set = [&](uint8_t type, uint8_t on)
            {
                const mptcp_event_subscription wanted{type, on};
                return SetOption(net.client, MPTCP_EVENT_SUBSCRIPTION, &wanted, sizeof(wanted))
                    .error;
            };
            const auto get = [&](uint8_t type)
            {
                mptcp_event_subscription asked{type, 7};
                unsigned int length = sizeof(asked);
                const Call call = GetOption(net.client, MPTCP_EVENT_SUBSCRIPTION, &asked, &length);
                return call.result == 0 ? int(asked.on) : -call.error;
            };
            test.ExpectEqual(set(MPTCP_EVENT_SUB_DELETED, 1), 0, "subscribe");
            test.ExpectEqual(get(MPTCP_EVENT_SUB_DELETED), 1, "is on");
            test.ExpectEqual(get(MPTCP_EVENT_SUB_CREATED), 0, "is off");
            test.ExpectEqual(get(0), -EINVAL, "no kind");
            uint8_t roomy[100] = {MPTCP_EVENT_SUB_DELETED};
            unsigned int size = sizeof(roomy);
            GetOption(net.client, MPTCP_EVENT_SUBSCRIPTION, roomy, &size);
            test.ExpectEqual(size, sizeof(mptcp_event_subscription), "length");
            test.ExpectEqual(set(6, 1), EINVAL, "unknown kind");
            test.ExpectEqual(set(1, 2), EINVAL, "neither on nor off");
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            test.ExpectEqual(ReadEvents(net.client).size(), 0U, "creation is not told");
            mptcp_event event{};
            unsigned int length = sizeof(event);
            test.ExpectEqual(GetOption(net.client, MPTCP_READ_EVENT, &event, &length).error,
                             EAGAIN,
                             "nothing to read");
            net.client->CloseSubflow(2);
            net.Run(MilliSeconds(200));
            length = 8;
            test.ExpectEqual(GetOption(net.client, MPTCP_READ_EVENT, &event, &length).error,
                             EINVAL,
                             "no room for it");
            test.ExpectEqual(ReadEvents(net.client).size(), 1U, "it still waits");
            test.ExpectEqual(set(0, 0), 0, "end all");
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            net.client->CloseSubflow(3);
            net.Run(MilliSeconds(200));
            test.ExpectEqual(ReadEvents(net.client).size(), 0U, "nothing is told");
        });
    suite.Add("4: the queue is bounded and says that it overflowed",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"EventQueueLimit", "3"}});
                  SubscribeAll(net.client);
                  net.Connect();
                  for (bool backup : {true, false, true, false, true})
                  {
                      net.client->SetSubflowPriority(1, backup);
                      net.Run(MilliSeconds(20));
                  }
                  const auto events = ReadEvents(net.client);
                  test.ExpectEqual(events.size(), 3U, "events");
                  test.Expect(events.size() == 3 &&
                                  events[0].header.flags == MPTCP_EVENT_OVERFLOW &&
                                  events[1].header.flags == 0 && events[2].prio.low_prio == 1,
                              "the oldest are lost, the next says so");
                  for (bool backup : {false, true, false, true})
                  {
                      net.client->SetSubflowPriority(1, backup);
                      net.Run(MilliSeconds(20));
                  }
                  const auto first = net.client->RecvEvent();
                  const auto second = net.client->RecvEvent();
                  test.Expect(first && first->overflow && first->backup, "the C++ call says so");
                  test.Expect(second && !second->overflow && !second->backup, "once");
              });
    suite.Add("4: callbacks may act on the connection",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SubscribeAll(net.client);
                  uint32_t opened = 0;
                  net.client->SetEventCallback(
                      [&](const MptcpPathEvent& event)
                      {
                          if (event.kind == MptcpPathEvent::SUBFLOW_DELETED && opened < 5)
                          {
                              opened++;
                              net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                          }
                          if (event.kind == MptcpPathEvent::SUBFLOW_CREATED && event.subflowId > 1)
                          {
                              net.client->CloseSubflow(event.subflowId, MPTCP_SHUT_RST);
                          }
                      });
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(Seconds(2));
                  test.ExpectEqual(opened, 5U, "opened");
              });
    suite.Add("4: callbacks stand beside each other, until one is set in their place",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  SubscribeAll(net.client);
                  std::string told;
                  const auto tell = [&told](const std::string& who)
                  { return [&told, who](const MptcpPathEvent&) { told += who; }; };
                  net.client->AddEventCallback(tell("a"));
                  net.client->AddEventCallback(tell("b"));
                  net.client->AddEventCallback(nullptr);
                  net.Connect();
                  test.ExpectEqual(told, "ab", "in order");
                  net.client->SetEventCallback(tell("c"));
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  test.ExpectEqual(told, "abc", "one in their place");
                  net.client->SetEventCallback(nullptr);
                  net.client->CloseSubflow(2, MPTCP_SHUT_RST);
                  net.Run(MilliSeconds(200));
                  test.ExpectEqual(told, "abc", "none");
              });
    for (const std::string where :
         {"connected", "readable", "sent", "room", "closed", "event", "trace"})
    {
        suite.Add("A socket may be disposed of while it tells: " + where,
                  [where](ScenarioTestCase& test)
                  {
                      SocketApiNet net;
                      uint32_t told = 0;
                      const auto dispose = [&]
                      {
                          told++;
                          net.client->Dispose();
                      };
                      using Told = Callback<void, Ptr<Socket>>;
                      using Counted = Callback<void, Ptr<Socket>, uint32_t>;
                      const std::function<void(Ptr<Socket>)> hear = [=](Ptr<Socket>) { dispose(); };
                      const std::function<void(Ptr<Socket>, uint32_t)> count =
                          [=](Ptr<Socket>, uint32_t) { dispose(); };
                      const std::function<void(const MptcpPathEvent&)> event =
                          [=](const MptcpPathEvent&) { dispose(); };
                      SubscribeAll(net.client);
                      if (where == "connected")
                      {
                          net.client->SetConnectCallback(Told(hear),
                                                         MakeNullCallback<void, Ptr<Socket>>());
                      }
                      else if (where == "event")
                      {
                          net.client->SetEventCallback(event);
                      }
                      else if (where == "trace")
                      {
                          net.client->TraceConnectWithoutContext(
                              "Event", Callback<void, const MptcpPathEvent&>(event));
                      }
                      net.Connect();
                      if (where == "readable")
                      {
                          net.client->SetRecvCallback(Told(hear));
                      }
                      else if (where == "sent")
                      {
                          net.client->SetDataSentCallback(Counted(count));
                      }
                      else if (where == "room")
                      {
                          net.client->SetSendCallback(Counted(count));
                      }
                      else if (where == "closed")
                      {
                          net.client->SetCloseCallbacks(Told(hear),
                                                        MakeNullCallback<void, Ptr<Socket>>());
                      }
                      if (told == 0)
                      {
                          SocketApiNet::Send(net.client, 1000);
                          SocketApiNet::Send(net.server, 1000);
                      }
                      if (net.server)
                      {
                          net.server->Close();
                      }
                      net.Run(Seconds(1));
                      test.ExpectEqual(told, 1U, "told once");
                  });
    }
    suite.Add("An accepted socket may be disposed of when it is handed over",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  uint32_t accepted = 0;
                  const std::function<void(Ptr<Socket>, const Address&)> accept =
                      [&accepted](Ptr<Socket> socket, const Address&)
                  {
                      accepted++;
                      socket->Dispose();
                  };
                  net.Connect();
                  net.listener->SetAcceptCallback(
                      MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                      Callback<void, Ptr<Socket>, const Address&>(accept));
                  auto second = DynamicCast<MptcpSocket>(
                      Socket::CreateSocket(net.clientNode, MptcpSocketFactory::GetTypeId()));
                  second->Connect(net.At(1, false, SocketApiNet::PORT));
                  net.Run(Seconds(1));
                  test.ExpectEqual(accepted, 1U, "accepted");
              });
}

/// The suite.
class MptcpPathEventsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpPathEventsTestSuite()
        : ScenarioTestSuite("mptcp-path-events")
    {
        AddEvents(*this);
    }
} g_mptcpPathEventsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
