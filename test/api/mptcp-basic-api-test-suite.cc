// SPDX-License-Identifier: GPL-2.0-only
// The basic API of RFC 6897, sections 4.2 and 5.3.
#include "socket-api-net.h"
#include "test-rig.h"

#include "ns3/mptcp-sockaddr.h"

#include <cerrno>
#include <cstring>
#include <set>

namespace ns3
{

namespace
{

/// @param addresses with ports @return a list for TCP_MULTIPATH_ADD
std::vector<uint8_t>
MakeList(const std::vector<Address>& addresses)
{
    std::vector<uint8_t> list;
    for (const auto& address : addresses)
    {
        const auto [ip, port] = *MptcpSplitAddress(address);
        const auto name = MptcpToSockAddr(ip, port);
        list.insert(list.end(), name.begin(), name.end());
    }
    return list;
}

/// @param socket whose @param name of the option @param addresses its list @return result
Call
SetList(Ptr<MptcpSocket> socket, int name, const std::vector<Address>& addresses)
{
    const auto list = MakeList(addresses);
    return SetOption(socket, name, list.data(), list.size());
}

/// @param socket whose @param on for TCP_MULTIPATH_ENABLE @return errno
int
Enable(Ptr<MptcpSocket> socket, int on)
{
    return SetOption(socket, TCP_MULTIPATH_ENABLE, &on, sizeof(on)).error;
}

/// @param socket whose @return TCP_MULTIPATH_ENABLE, or -errno
int
IsEnabled(Ptr<MptcpSocket> socket)
{
    int on = -1;
    unsigned int length = sizeof(on);
    const Call call = GetOption(socket, TCP_MULTIPATH_ENABLE, &on, &length);
    return call.result == 0 ? on : -call.error;
}

/// @param socket whose @return TCP_MULTIPATH_SUBFLOWS
std::vector<mptcp_linux_subflow_addrs>
GetPairs(Ptr<MptcpSocket> socket)
{
    std::vector<mptcp_linux_subflow_addrs> pairs(10);
    unsigned int length = pairs.size() * sizeof(pairs[0]);
    const Call call = GetOption(socket, TCP_MULTIPATH_SUBFLOWS, pairs.data(), &length);
    pairs.resize(call.result == 0 ? length / sizeof(pairs[0]) : 0);
    return pairs;
}

/// @param socket of a connection over IPv4 @return local ports of its subflows
std::set<uint16_t>
GetPorts(Ptr<MptcpSocket> socket)
{
    std::set<uint16_t> ports;
    for (const auto& pair : GetPairs(socket))
    {
        sockaddr_in name;
        std::memcpy(&name, &pair.local, sizeof(name));
        ports.insert(ntohs(name.sin_port));
    }
    return ports;
}

/// @param socket whose @return local IPv4 addresses of its subflows
std::set<Ipv4Address>
GetLocals(Ptr<MptcpSocket> socket)
{
    std::set<Ipv4Address> locals;
    for (const auto& pair : GetPairs(socket))
    {
        sockaddr_in name;
        std::memcpy(&name, &pair.local, sizeof(name));
        if (name.sin_family == AF_INET)
        {
            locals.insert(Ipv4Address(ntohl(name.sin_addr.s_addr)));
        }
    }
    return locals;
}

/// Both sockets open and accept what they can.
const TestAttributes FULL_MESH{{"PathManager", "ns3::MptcpFullMesh"}};
const Ipv4Address FIRST("10.0.0.1");     //!< the client's on link 0
const Ipv4Address SECOND("192.168.0.1"); //!< the client's on link 1

/// TCP_MULTIPATH_ENABLE.
void
AddEnabling(ScenarioTestSuite& suite)
{
    suite.Add("5.3.2: false: Multipath TCP is not used; true: it is; inherited by what is accepted",
              [](ScenarioTestCase& test)
              {
                  for (const int server : {0, 1})
                  {
                      for (const int client : {0, 1})
                      {
                          SocketApiNet net;
                          test.ExpectEqual(Enable(net.listener, server), 0, "set");
                          test.ExpectEqual(Enable(net.client, client), 0, "set");
                          test.ExpectEqual(IsEnabled(net.client), client, "what was asked for");
                          net.Connect();
                          SocketApiNet::Send(net.client, 50000);
                          net.Run(Seconds(1));
                          test.ExpectEqual(IsEnabled(net.client), client & server, "what is");
                          test.ExpectEqual(IsEnabled(net.server), client & server, "at the server");
                          test.ExpectEqual(net.received[net.server], 50000U, "bytes");
                      }
                  }
              });
    suite.Add("5.3.1: it should be set before the connection: EISCONN afterwards",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  test.ExpectEqual(Enable(net.client, 0), EISCONN, "connected");
                  test.ExpectEqual(Enable(net.server, 0), EISCONN, "accepted");
                  test.ExpectEqual(Enable(net.listener, 0), EINVAL, "listening");
                  test.ExpectEqual(IsEnabled(net.client), 1, "still on");
                  const char half = 1;
                  test.ExpectEqual(SetOption(net.client, TCP_MULTIPATH_ENABLE, &half, 1).error,
                                   EINVAL,
                                   "too short");
              });
    suite.Add("5.3.1: a socket that listens after a connection that failed is a listening one",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.client->Connect(net.At(1, false, SocketApiNet::PORT));
                  net.Run(Seconds(1));
                  net.client->Bind(InetSocketAddress(Ipv4Address::GetAny(), SocketApiNet::PORT));
                  test.ExpectEqual(net.client->Listen(), 0, "listen");
                  test.Expect(!net.client->GetConnection(), "it has no connection");
                  Address peer;
                  test.ExpectEqual(net.client->GetPeerName(peer), -1, "nor a peer");
                  test.ExpectEqual(
                      int(net.client->GetErrno()), int(Socket::ERROR_NOTCONN), "its errno");
                  test.ExpectEqual(Enable(net.client, 0), EINVAL, "too late: listening");
                  test.ExpectEqual(IsEnabled(net.client), 1, "what was asked for");
                  net.listener->Connect(net.At(1, true, SocketApiNet::PORT));
                  net.Run(Seconds(1));
                  test.ExpectEqual(IsEnabled(net.listener), 1, "it accepts connections");
              });
    suite.Add("4.2.1: binding disables Multipath TCP where that is asked for, except if it is "
              "enabled explicitly",
              [](ScenarioTestCase& test)
              {
                  for (const bool aware : {false, true})
                  {
                      SocketApiNet net;
                      net.client->SetAttribute("BindDisablesMultipath", BooleanValue(true));
                      if (aware)
                      {
                          Enable(net.client, 1);
                      }
                      net.client->Bind(net.At(1, true, 0));
                      net.Connect();
                      test.ExpectEqual(IsEnabled(net.client), int(aware), "in use");
                  }
              });
}

/// TCP_MULTIPATH_ADD and TCP_MULTIPATH_REMOVE.
void
AddAddresses(ScenarioTestSuite& suite)
{
    suite.Add(
        "5.3.2: enabled and bound to an address: no other one is used, until it is added",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net(false, FULL_MESH);
            Enable(net.client, 1);
            net.client->Bind(net.At(1, true, 0));
            net.Connect();
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(2));
            test.Expect(GetLocals(net.client) == std::set<Ipv4Address>{SECOND}, "bound");
            test.ExpectEqual(SetList(net.client, TCP_MULTIPATH_ADD, {net.At(0, true, 0)}).error,
                             0,
                             "add the other");
            net.Run(Seconds(1));
            test.Expect(GetLocals(net.client) == std::set<Ipv4Address>({FIRST, SECOND}), "both");
            SocketApiNet::Send(net.client, 100000);
            net.Run(Seconds(1));
            test.ExpectEqual(net.received[net.server], 101000U, "bytes");
        });
    suite.Add(
        "5.3.2: not enabled explicitly, binding restricts nothing, as in Linux",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net(false, FULL_MESH);
            net.client->Bind(net.At(1, true, 0));
            net.Connect();
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(2));
            test.Expect(GetLocals(net.client) == std::set<Ipv4Address>({FIRST, SECOND}), "both");
        });
    suite.Add(
        "5.3.2: nor does it after an ADD that was refused, or a REMOVE",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net(false, FULL_MESH);
            auto ipv4 = net.clientNode->GetObject<Ipv4>();
            ipv4->AddAddress(1, Ipv4InterfaceAddress("10.0.0.9", "/8"));
            test.ExpectEqual(SetOption(net.client, TCP_MULTIPATH_ADD, "none", 4).error,
                             EINVAL,
                             "ADD of no address");
            test.ExpectEqual(
                SetList(net.client, TCP_MULTIPATH_ADD, {InetSocketAddress("10.9.9.9", 0)}).error,
                EADDRNOTAVAIL,
                "ADD of another node's");
            test.ExpectEqual(
                SetList(net.client, TCP_MULTIPATH_REMOVE, {InetSocketAddress("10.0.0.9", 0)}).error,
                0,
                "REMOVE");
            net.client->Bind(net.At(1, true, 0));
            net.Connect();
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(2));
            test.Expect(GetLocals(net.client) == std::set<Ipv4Address>({FIRST, SECOND}), "both");
        });
    suite.Add(
        "5.3.3: before the connection ADD names all that may be used, the first subflow's too",
        [](ScenarioTestCase& test)
        {
            for (const uint32_t link : {0, 1})
            {
                SocketApiNet net(false, FULL_MESH);
                test.ExpectEqual(
                    SetList(net.client, TCP_MULTIPATH_ADD, {net.At(link, true, 0)}).error,
                    0,
                    "add");
                net.Connect();
                SocketApiNet::Send(net.client, 1000);
                net.Run(Seconds(2));
                test.Expect(GetLocals(net.client) ==
                                std::set<Ipv4Address>{link == 0 ? FIRST : SECOND},
                            "that one");
                test.ExpectEqual(net.received[net.server], 1000U, "bytes");
            }
            SocketApiNet net;
            std::vector<Address> many(256, net.At(0, true, 0));
            test.ExpectEqual(SetList(net.client, TCP_MULTIPATH_ADD, many).error, 0, "256");
            test.ExpectEqual(SetList(net.client, TCP_MULTIPATH_REMOVE, many).error, 0, "256 away");
            many.push_back(many.front());
            test.ExpectEqual(SetList(net.client, TCP_MULTIPATH_ADD, many).error, EINVAL, "257");
            SetList(net.client, TCP_MULTIPATH_ADD, {Inet6SocketAddress("fd00:a::1", 0)});
            test.ExpectEqual(net.client->Connect(net.At(1, false, SocketApiNet::PORT)),
                             -1,
                             "none of this family");
            test.ExpectEqual(
                int(net.client->GetErrno()), int(Socket::ERROR_ADDRNOTAVAIL), "its errno");
        });
    suite.Add("5.3.3: the server advertises none but what was added, and refuses joins to others",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.listener->SetAttribute("PathManager", StringValue("ns3::MptcpFullMesh"));
                  SetList(net.listener, TCP_MULTIPATH_ADD, {net.At(1, false, 0)});
                  uint32_t advertised = 0;
                  net.links[1]->AddTap(FilterChannel::DOWN,
                                       [&](const WireSegment& segment) {
                                           advertised +=
                                               segment.FindMptcp(wire::ADD_ADDR) != nullptr;
                                       });
                  net.Connect();
                  SocketApiNet::Send(net.client, 1000);
                  net.Run(Seconds(1));
                  test.ExpectEqual(advertised, 0U, "ADD_ADDRs");
                  test.ExpectEqual(
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0)), 2, "join");
                  net.Run(Seconds(1));
                  test.ExpectEqual(GetPairs(net.server).size(), 1U, "subflows");
                  SetList(net.server, TCP_MULTIPATH_ADD, {net.At(0, false, 0)});
                  net.Run(Seconds(1));
                  test.Expect(advertised > 0, "signalled to the peer");
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(Seconds(1));
                  test.ExpectEqual(GetPairs(net.server).size(), 2U, "subflows now");
              });
    suite.Add(
        "5.3.3: a port that was named is the local one of its subflows",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net(false, FULL_MESH);
            SetList(net.client, TCP_MULTIPATH_ADD, {net.At(0, true, 7777), net.At(1, true, 8888)});
            net.Connect();
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(2));
            const auto ports = GetPorts(net.client);
            test.Expect(ports == std::set<uint16_t>({7777, 8888}), "ports");
        });
    suite.Add(
        "5.3.3: a named port of another socket: EADDRINUSE of connect(), and later subflows "
        "have another",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net(false, FULL_MESH);
            auto other = Socket::CreateSocket(net.clientNode, MptcpSocketFactory::GetTypeId());
            other->Bind(InetSocketAddress(Ipv4Address::GetAny(), 7777));
            SetList(net.client, TCP_MULTIPATH_ADD, {net.At(0, true, 7777), net.At(1, true, 7777)});
            test.ExpectEqual(
                net.client->Connect(net.At(1, false, SocketApiNet::PORT)), -1, "connect");
            test.ExpectEqual(
                int(net.client->GetErrno()), int(Socket::ERROR_ADDRINUSE), "its errno");
            SetList(net.client, TCP_MULTIPATH_ADD, {net.At(1, true, 8888)});
            net.Connect();
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(2));
            const auto ports = GetPorts(net.client);
            test.Expect(GetLocals(net.client) == std::set<Ipv4Address>({FIRST, SECOND}), "both");
            test.ExpectEqual(ports.count(8888), 1U, "the first subflow's port");
            test.ExpectEqual(ports.count(7777), 0U, "that of the other socket");
        });
    suite.Add("5.3.3: bound to an address that was removed: EADDRNOTAVAIL, until it is added",
              [](ScenarioTestCase& test)
              {
                  for (const bool aware : {false, true})
                  {
                      SocketApiNet net;
                      if (aware)
                      {
                          Enable(net.client, 1);
                      }
                      const Address server = net.At(1, false, SocketApiNet::PORT);
                      net.client->Bind(net.At(1, true, 7000));
                      SetList(net.client, TCP_MULTIPATH_REMOVE, {net.At(1, true, 0)});
                      test.ExpectEqual(net.client->Connect(server), -1, "connect");
                      test.ExpectEqual(int(net.client->GetErrno()),
                                       int(Socket::ERROR_ADDRNOTAVAIL),
                                       "its errno");
                      SetList(net.client, TCP_MULTIPATH_ADD, {net.At(1, true, 0)});
                      test.ExpectEqual(net.client->Connect(server), 0, "connect then");
                      Address name;
                      net.client->GetSockName(name);
                      test.Expect(name == net.At(1, true, 7000), "from what it is bound to");
                  }
              });
    suite.Add(
        "5.3.3: REMOVE closes the address's subflows and signals it; no byte is lost",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net(false, FULL_MESH);
            net.Connect();
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(1));
            test.ExpectEqual(GetLocals(net.client).size(), 2U, "addresses in use");
            uint32_t removals = 0;
            for (const auto& link : net.links)
            {
                link->AddTap(FilterChannel::UP,
                             [&](const WireSegment& segment)
                             { removals += segment.FindMptcp(wire::REMOVE_ADDR) != nullptr; });
            }
            SocketApiNet::Send(net.client, 300000);
            net.Run(MilliSeconds(20));
            test.ExpectEqual(SetList(net.client, TCP_MULTIPATH_REMOVE, {net.At(1, true, 0)}).error,
                             0,
                             "remove the first subflow's");
            net.Run(Seconds(5));
            test.ExpectEqual(removals, 1U, "REMOVE_ADDRs");
            test.Expect(GetLocals(net.client) == std::set<Ipv4Address>{FIRST}, "what is left");
            test.ExpectEqual(net.received[net.server], 301000U, "bytes");
            // Section 4.2.2.
            Address name;
            net.client->GetPeerName(name);
            test.Expect(name == net.At(1, false, SocketApiNet::PORT), "getpeername() as before");
            net.client->GetSockName(name);
            test.Expect(WithPort(name, 0) == net.At(1, true, 0), "getsockname() as before");
            net.Run(Seconds(10));
            test.Expect(GetLocals(net.client) == std::set<Ipv4Address>{FIRST}, "for good");
            SetList(net.client, TCP_MULTIPATH_ADD, {net.At(1, true, 0)});
            net.Run(Seconds(1));
            test.ExpectEqual(GetLocals(net.client).size(), 2U, "until it is added");
        });
    suite.Add("5.3.3: the last address goes only after another path was begun",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, FULL_MESH);
                  Enable(net.client, 1);
                  net.client->Bind(net.At(1, true, 0));
                  net.Connect();
                  SocketApiNet::Send(net.client, 1000);
                  net.Run(Seconds(1));
                  auto ipv4 = net.clientNode->GetObject<Ipv4>();
                  ipv4->AddAddress(1, Ipv4InterfaceAddress("10.0.0.9", "/8"));
                  SetList(net.client, TCP_MULTIPATH_ADD, {InetSocketAddress("10.0.0.9", 0)});
                  SetList(net.client, TCP_MULTIPATH_REMOVE, {net.At(1, true, 0)});
                  SocketApiNet::Send(net.client, 100000);
                  net.Run(Seconds(3));
                  test.Expect(GetLocals(net.client) ==
                                  std::set<Ipv4Address>{Ipv4Address("10.0.0.9")},
                              "the other");
                  test.ExpectEqual(net.received[net.server], 101000U, "bytes");
              });
    suite.Add("5.3.3: both families in one list",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, FULL_MESH);
                  const Address v6 = Inet6SocketAddress("fd00:a::1", 0);
                  test.ExpectEqual(
                      SetList(net.client, TCP_MULTIPATH_ADD, {v6, net.At(1, true, 0), v6}).error,
                      0,
                      "add");
                  net.Connect();
                  SocketApiNet::Send(net.client, 1000);
                  net.Run(Seconds(2));
                  bool six = false;
                  for (const auto& pair : GetPairs(net.client))
                  {
                      six |= pair.local.ss_family == AF_INET6;
                      test.ExpectEqual(
                          pair.local.ss_family, pair.remote.ss_family, "one family in a pair");
                  }
                  test.Expect(six, "IPv6 is used");
              });
    suite.Add(
        "what is wrong with a list: EINVAL, EACCES, EADDRNOTAVAIL, EOPNOTSUPP; then nothing "
        "changes",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            const auto list = MakeList({net.At(0, true, 0), net.At(1, true, 0)});
            for (const int name : {TCP_MULTIPATH_ADD, TCP_MULTIPATH_REMOVE})
            {
                for (unsigned int length : {0U, 1U, 15U, 17U, 31U})
                {
                    test.ExpectEqual(
                        SetOption(net.client, name, list.data(), length).error, EINVAL, "length");
                }
                test.ExpectEqual(SetOption(net.client, name, nullptr, 16).error, EFAULT, "null");
                test.ExpectEqual(
                    SetList(net.client, name, {InetSocketAddress(Ipv4Address::GetAny(), 0)}).error,
                    EINVAL,
                    "any");
                test.ExpectEqual(SetList(net.client,
                                         name,
                                         {net.At(0, true, 0), InetSocketAddress("10.9.9.9", 0)})
                                     .error,
                                 EADDRNOTAVAIL,
                                 "not ours");
                unsigned int length = list.size();
                auto copy = list;
                test.ExpectEqual(GetOption(net.client, name, copy.data(), &length).error,
                                 ENOPROTOOPT,
                                 "to be set only");
            }
            test.ExpectEqual(SetList(net.client, TCP_MULTIPATH_ADD, {net.At(0, true, 80)}).error,
                             EACCES,
                             "port 80");
            for (const int name : {TCP_MULTIPATH_SUBFLOWS, TCP_MULTIPATH_CONNID})
            {
                uint32_t value = 0;
                unsigned int length = sizeof(value);
                test.ExpectEqual(
                    SetOption(net.client, name, &value, 4).error, ENOPROTOOPT, "to be read only");
                test.ExpectEqual(
                    GetOption(net.client, name, &value, &length).error, EOPNOTSUPP, "unconnected");
            }
            net.Connect();
            test.ExpectEqual(SetList(net.listener, TCP_MULTIPATH_ADD, {net.At(0, false, 0)}).error,
                             EOPNOTSUPP,
                             "listening");
            test.ExpectEqual(net.client->GetSubflowIds().size(), 1U, "connected all the same");
            SocketApiNet plain(false, {{"Multipath", "false"}});
            plain.Connect();
            test.ExpectEqual(SetList(plain.client, TCP_MULTIPATH_ADD, {plain.At(0, true, 0)}).error,
                             EOPNOTSUPP,
                             "plain TCP");
        });
}

/// TCP_MULTIPATH_SUBFLOWS and TCP_MULTIPATH_CONNID.
void
AddQueries(ScenarioTestSuite& suite)
{
    suite.Add("5.3.4: the list has both addresses and ports of established subflows only",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  net.links[0]->SetSilent(true);
                  net.client->OpenSubflow(net.At(0, true, 2222), net.At(0, false, 3333));
                  test.ExpectEqual(GetPairs(net.client).size(), 1U, "the other is being opened");
                  net.links[0]->SetSilent(false);
                  net.Run(Seconds(3));
                  const auto pairs = GetPairs(net.client);
                  test.ExpectEqual(pairs.size(), 2U, "both");
                  const auto expected = MakeOpen(net.At(0, true, 2222), net.At(0, false, 3333), {});
                  test.Expect(pairs.size() == 2 &&
                                  std::memcmp(&pairs[1].local, expected.data(), 16) == 0 &&
                                  std::memcmp(&pairs[1].remote, &expected[16], 16) == 0,
                              "addresses and ports");
                  std::vector<uint8_t> small(511);
                  unsigned int length = small.size();
                  test.ExpectEqual(
                      GetOption(net.client, TCP_MULTIPATH_SUBFLOWS, small.data(), &length).error,
                      EINVAL,
                      "no room for both");
              });
    suite.Add("5.3.5: the connection's identifier is its token, of each end",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  for (const auto& end : {net.client, net.server})
                  {
                      uint32_t id = 0;
                      unsigned int length = sizeof(id);
                      test.ExpectEqual(
                          GetOption(end, TCP_MULTIPATH_CONNID, &id, &length).result, 0, "get");
                      test.ExpectEqual(id, end->GetConnection()->GetLocalToken(), "token");
                      test.Expect(id != 0, "is one");
                      length = 3;
                      test.ExpectEqual(GetOption(end, TCP_MULTIPATH_CONNID, &id, &length).error,
                                       EINVAL,
                                       "too little room");
                  }
              });
}

/// The suite.
class MptcpBasicApiTestSuite : public ScenarioTestSuite
{
  public:
    MptcpBasicApiTestSuite()
        : ScenarioTestSuite("mptcp-basic-api")
    {
        AddEnabling(*this);
        AddAddresses(*this);
        AddQueries(*this);
    }
} g_mptcpBasicApiTestSuite; //!< registers itself

} // namespace

} // namespace ns3
