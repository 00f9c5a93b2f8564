// SPDX-License-Identifier: GPL-2.0-only
// The protocol in front of stock TCP: whose a segment is, what nobody's segments get, ports, keys,
// TIME_WAIT, and that stock TCP stays as it was.
#include "test-rig.h"
#include "two-homed-net.h"

#include "ns3/bulk-send-helper.h"
#include "ns3/config.h"
#include "ns3/global-value.h"
#include "ns3/on-off-helper.h"
#include "ns3/packet-sink-helper.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/tcp-socket-factory.h"

#include <ctime>
#include <set>

namespace ns3
{

namespace
{

constexpr uint16_t PORT = 80; //!< of listeners

/// @param ipv6 family @return its name
std::string
Family(bool ipv6)
{
    return ipv6 ? "IPv6" : "IPv4";
}

/// MP_JOIN of a SYN, RFC 8684 figure 5. @param token it @return its bytes
std::vector<uint8_t>
JoinOption(uint32_t token)
{
    return {30,
            12,
            0x10,
            2,
            static_cast<uint8_t>(token >> 24),
            static_cast<uint8_t>(token >> 16),
            static_cast<uint8_t>(token >> 8),
            static_cast<uint8_t>(token),
            1,
            2,
            3,
            4};
}

/// A tuple of segments that arrive at a port of the phone. @param ipv6 family @param port it
TcpTuple
ToPort(bool ipv6, uint16_t port)
{
    return {TwoHomedNet::MakeAddress(ipv6, 1, 1), TwoHomedNet::MakeAddress(ipv6, 9, 1), port, 555};
}

/// Counts what it is asked.
struct CountingListener : public TcpListener
{
    void OnSyn(const TcpTuple& tuple, const TcpSegment& syn) override
    {
        ++syns;
        last = tuple;
        seq = syn.seq.GetValue();
    }

    uint32_t syns{0}; //!< how often
    TcpTuple last;    //!< of the last
    uint32_t seq{0};  //!< of the last
};

/// Counts what it is asked.
struct CountingTarget : public MptcpJoinTarget
{
    bool OnJoin(const TcpTuple& /* tuple */,
                const TcpSegment& /* syn */,
                const MpJoinSyn& /* join */) override
    {
        ++joins;
        return accept;
    }

    uint32_t joins{0}; //!< how often
    bool accept{true}; //!< what to say
};

/// @param node whose @param ipv6 family @param port where to bind @param any to any address, or
/// to the one of interface 1 @return a bound stock socket, or nullptr
Ptr<Socket>
BindStock(const Ptr<Node>& node, bool ipv6, uint16_t port, bool any)
{
    const auto socket = Socket::CreateSocket(node, TcpSocketFactory::GetTypeId());
    Address address;
    if (ipv6)
    {
        address = any ? Inet6SocketAddress(Ipv6Address::GetAny(), port)
                      : Inet6SocketAddress(Ipv6Address("2001:1::1"), port);
    }
    else
    {
        address = any ? InetSocketAddress(Ipv4Address::GetAny(), port)
                      : InetSocketAddress(Ipv4Address("10.0.1.1"), port);
    }
    return socket->Bind(address) == 0 ? socket : nullptr;
}

/// Stock TCP beside ours.
void
AddStock(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add(
            Family(ipv6) + ": stock applications send the same bytes at the same times",
            [=](ScenarioTestCase& test)
            {
                const auto run = [=](bool module, uint64_t& streams)
                {
                    const uint64_t first = RngSeedManager::GetNextStreamIndex();
                    TwoHomedNet net(module, {1, 2});
                    const Address sink =
                        ToSocketAddress(TwoHomedNet::MakeAddress(ipv6, 9, 1), PORT);
                    const Address own = ToSocketAddress(TwoHomedNet::MakeAddress(ipv6, 2, 1), PORT);
                    ApplicationContainer apps;
                    BulkSendHelper bulk("ns3::TcpSocketFactory", sink);
                    bulk.SetAttribute("MaxBytes", UintegerValue(300000));
                    apps.Add(bulk.Install(net.phone));
                    OnOffHelper onOff("ns3::TcpSocketFactory", own);
                    onOff.SetAttribute("OnTime",
                                       StringValue("ns3::ExponentialRandomVariable[Mean=0.05]"));
                    onOff.SetAttribute("OffTime",
                                       StringValue("ns3::ExponentialRandomVariable[Mean=0.05]"));
                    const ApplicationContainer random = onOff.Install(net.server);
                    onOff.AssignStreams(NodeContainer(net.server), 50);
                    apps.Add(random);
                    PacketSinkHelper there("ns3::TcpSocketFactory", sink);
                    apps.Add(there.Install(net.server));
                    PacketSinkHelper here("ns3::TcpSocketFactory", own);
                    apps.Add(here.Install(net.phone));
                    apps.Start(MilliSeconds(50));
                    apps.Stop(MilliSeconds(900));
                    TwoHomedNet::Run();
                    streams = RngSeedManager::GetNextStreamIndex() - first;
                    return net.sent;
                };
                uint64_t streamsWithout = 0;
                uint64_t streamsWith = 0;
                const auto without = run(false, streamsWithout);
                const auto with = run(true, streamsWith);
                test.Expect(without.size() > 300, "there is much to compare");
                test.ExpectEqual(with.size(), without.size(), "segments sent");
                size_t different = 0;
                for (size_t i = 0; i < std::min(with.size(), without.size()); ++i)
                {
                    different += with[i].at != without[i].at ||
                                 with[i].interface != without[i].interface ||
                                 with[i].segment.frame != without[i].segment.frame;
                }
                test.ExpectEqual(different, 0, "segments that differ");
                test.ExpectEqual(streamsWith, streamsWithout, "automatic random streams in use");
            });
        for (const bool any : {false, true})
        {
            const std::string where = any ? " on any address" : " on one address";
            suite.Add(Family(ipv6) + ": our bound port is refused to stock sockets" + where,
                      [=](ScenarioTestCase& test)
                      {
                          TwoHomedNet net;
                          const auto local = TwoHomedNet::MakeAddress(ipv6, 1, 1);
                          test.ExpectEqual(
                              net.protocol->Bind(std::nullopt, ipv6, PORT), PORT, "our port");
                          test.Expect(!BindStock(net.phone, ipv6, PORT, any), "stock is refused");
                          test.Expect(bool(BindStock(net.phone, ipv6, PORT + 1, any)),
                                      "stock gets another port");
                          test.ExpectEqual(
                              net.protocol->Bind(std::nullopt, ipv6, PORT), 0, "the same again");
                          test.ExpectEqual(net.protocol->Bind(local, ipv6, PORT),
                                           PORT,
                                           "a specific address beside it");
                          net.protocol->Unbind(std::nullopt, ipv6, PORT);
                          test.Expect(!BindStock(net.phone, ipv6, PORT, any),
                                      "stock is refused as long as one is bound");
                          net.protocol->Unbind(local, ipv6, PORT);
                          test.ExpectEqual(net.protocol->GetNBoundPorts(), 0, "bound ports");
                          test.Expect(bool(BindStock(net.phone, ipv6, PORT, any)),
                                      "stock gets it when all is given back");
                      });
            suite.Add(
                Family(ipv6) + ": a stock socket's port is refused to us" + where,
                [=](ScenarioTestCase& test)
                {
                    TwoHomedNet net;
                    const auto local = TwoHomedNet::MakeAddress(ipv6, 1, 1);
                    const auto remote = TwoHomedNet::MakeAddress(ipv6, 9, 1);
                    const auto stock = BindStock(net.phone, ipv6, 40000, any);
                    test.ExpectEqual(
                        net.protocol->Bind(std::nullopt, ipv6, 40000), 0, "any address");
                    test.ExpectEqual(net.protocol->Bind(local, ipv6, 40000), 0, "one address");
                    bool taken = false;
                    for (uint32_t i = 32768; i <= 49151; ++i)
                    {
                        taken |= net.protocol->AllocateEphemeralPort(local, remote, PORT) == 40000;
                    }
                    test.Expect(!taken, "it is never given as an ephemeral port");
                });
        }
        suite.Add(
            Family(ipv6) + ": a new address is reserved too",
            [=](ScenarioTestCase& test)
            {
                TwoHomedNet net;
                net.protocol->Bind(std::nullopt, ipv6, PORT);
                const auto stock = Socket::CreateSocket(net.phone, TcpSocketFactory::GetTypeId());
                Address address;
                if (ipv6)
                {
                    net.phone->GetObject<Ipv6>()->AddAddress(
                        1, Ipv6InterfaceAddress(Ipv6Address("2001:1::77"), Ipv6Prefix(64)));
                    address = Inet6SocketAddress(Ipv6Address("2001:1::77"), PORT);
                }
                else
                {
                    net.phone->GetObject<Ipv4>()->AddAddress(
                        1,
                        Ipv4InterfaceAddress(Ipv4Address("10.0.1.77"), Ipv4Mask("255.255.255.0")));
                    address = InetSocketAddress(Ipv4Address("10.0.1.77"), PORT);
                }
                TwoHomedNet::Run(MilliSeconds(10));
                test.ExpectEqual(stock->Bind(address), -1, "stock is refused");
            });
    }
    suite.Add("a node with one IP version, or without TCP",
              [](ScenarioTestCase& test)
              {
                  InternetStackHelper only4;
                  only4.SetIpv6StackInstall(false);
                  InternetStackHelper only6;
                  only6.SetIpv4StackInstall(false);
                  const auto node4 = CreateObject<Node>();
                  const auto node6 = CreateObject<Node>();
                  const auto bare = CreateObject<Node>();
                  only4.Install(node4);
                  only6.Install(node6);
                  test.Expect(bool(MptcpL4Protocol::Install(node4)), "IPv4 only");
                  test.Expect(bool(MptcpL4Protocol::Install(node6)), "IPv6 only");
                  test.Expect(!MptcpL4Protocol::Install(bare), "no TCP");
                  const auto protocol = node4->GetObject<MptcpL4Protocol>();
                  test.Expect(!protocol->SelectSource(Ipv6Address("2001::1")), "no source of IPv6");
                  test.Expect(!protocol->SelectSource(Ipv4Address("10.0.0.1")), "no route of IPv4");
                  Simulator::Destroy();
              });
}

/// Segments that nobody wants.
void
AddStray(ScenarioTestSuite& suite)
{
    for (const bool ipv6 : {false, true})
    {
        suite.Add(Family(ipv6) + ": an option of bad length is dropped and counted, whosever port",
                  [=](ScenarioTestCase& test)
                  {
                      TwoHomedNet net;
                      uint32_t traced = 0;
                      net.protocol->TraceConnectWithoutContext(
                          "MalformedSegment",
                          Callback<void, Ptr<const Packet>, const std::string&>(
                              [&traced](Ptr<const Packet>, const std::string& reason)
                              { traced += !reason.empty(); }));
                      const auto stock = BindStock(net.phone, ipv6, 90, true);
                      stock->Listen();
                      net.protocol->Bind(std::nullopt, ipv6, PORT);
                      TwoHomedNet::At(MilliSeconds(10),
                                      [&]
                                      {
                                          for (const uint16_t port : {90, 91, 80})
                                          {
                                              const TcpTuple tuple = ToPort(ipv6, port);
                                              net.Arrive(tuple, TCP_SYN, 1, 0, {30, 0, 0, 0});
                                              net.Arrive(tuple, TCP_ACK, 1, 1, {30, 1, 0, 0});
                                              net.Arrive(tuple, TCP_ACK, 1, 1, {1, 1, 1, 30});
                                              net.Arrive(tuple, TCP_ACK, 1, 1, {1, 1, 30, 9});
                                              std::vector<uint8_t> shortOffset(20, 0);
                                              shortOffset[12] = 0x40;
                                              net.ArriveBytes(tuple, shortOffset);
                                              shortOffset[12] = 0x60;
                                              net.ArriveBytes(tuple, shortOffset);
                                              net.ArriveBytes(tuple, std::vector<uint8_t>(19, 0));
                                          }
                                      });
                      TwoHomedNet::Run();
                      test.ExpectEqual(net.sent.size(), 0, "answers");
                      test.ExpectEqual(net.protocol->GetMalformedDrops(), 21, "counted");
                      test.ExpectEqual(traced, 21, "traced with a reason");
                      UintegerValue value;
                      net.protocol->GetAttribute("MalformedDrops", value);
                      test.ExpectEqual(value.Get(), 21, "the attribute");
                  });
        suite.Add(Family(ipv6) + ": a join with an unknown token gets a RST, on a stock port too",
                  [=](ScenarioTestCase& test)
                  {
                      TwoHomedNet net;
                      const auto stock = BindStock(net.phone, ipv6, PORT, true);
                      stock->Listen();
                      TwoHomedNet::At(
                          MilliSeconds(10),
                          [&]
                          {
                              net.Arrive(ToPort(ipv6, PORT), TCP_SYN, 77, 0, JoinOption(1));
                              net.Arrive(ToPort(ipv6, 81), TCP_SYN, 88, 0, JoinOption(1));
                          });
                      TwoHomedNet::Run(MilliSeconds(11));
                      test.ExpectEqual(net.sent.size(), 2, "answers");
                      const WireSegment& answer = net.sent.at(0).segment;
                      test.Expect(answer.rst && answer.hasAck && !answer.syn, "it is a RST");
                      test.ExpectEqual(answer.ack, 78, "it acknowledges the SYN");
                      test.ExpectEqual(answer.seq, 0, "its sequence number");
                      test.ExpectEqual(answer.destinationPort, 555, "to whom");
                      const auto* reason = answer.FindMptcp(wire::MP_TCPRST);
                      test.Expect(reason && reason->body.at(3) == 3, "MP_TCPRST says why");
                      test.ExpectEqual(net.sent.at(1).segment.ack, 89, "the second one");
                  });
        suite.Add(Family(ipv6) + ": a join finds its connection by token on any port",
                  [=](ScenarioTestCase& test)
                  {
                      TwoHomedNet net;
                      CountingTarget target;
                      const uint64_t key = net.protocol->CreateKey(&target);
                      const uint32_t token = wire::Token(key);
                      TwoHomedNet::At(
                          MilliSeconds(10),
                          [&]
                          {
                              net.Arrive(ToPort(ipv6, 81), TCP_SYN, 77, 0, JoinOption(token));
                              test.ExpectEqual(target.joins, 1, "asked");
                              test.ExpectEqual(net.sent.size(), 0, "answers of the node");
                              target.accept = false;
                              net.Arrive(ToPort(ipv6, 81), TCP_SYN, 77, 0, JoinOption(token));
                              test.ExpectEqual(target.joins, 2, "asked again");
                              test.ExpectEqual(net.sent.size(), 1, "a refused one gets a RST");
                              net.protocol->ReleaseKey(key);
                              net.Arrive(ToPort(ipv6, 81), TCP_SYN, 77, 0, JoinOption(token));
                              test.ExpectEqual(target.joins, 2, "not asked after release");
                              test.ExpectEqual(net.sent.size(), 2, "nor accepted");
                          });
                      TwoHomedNet::Run();
                      test.ExpectEqual(net.protocol->GetNTokens(), 0, "tokens");
                  });
        suite.Add(Family(ipv6) + ": RST as in RFC 9293 section 3.10.7 on a bound port",
                  [=](ScenarioTestCase& test)
                  {
                      TwoHomedNet net;
                      CountingListener listener;
                      net.protocol->Bind(std::nullopt, ipv6, PORT);
                      const TcpTuple tuple = ToPort(ipv6, PORT);
                      TwoHomedNet::At(
                          MilliSeconds(10),
                          [&]
                          {
                              net.Arrive(tuple, TCP_ACK | TCP_PSH, 5, 1234, {}, 10);
                              net.Arrive(tuple, TCP_SYN, 6, 0, {}, 4);
                              net.Arrive(tuple, TCP_RST, 7);
                              net.Arrive(tuple, TCP_RST | TCP_ACK, 7, 7);
                              test.ExpectEqual(net.sent.size(), 2, "answers while nobody listens");
                              const WireSegment& first = net.sent.at(0).segment;
                              test.Expect(first.rst && !first.hasAck && first.seq == 1234,
                                          "to an ACK: its number, no ACK");
                              const WireSegment& second = net.sent.at(1).segment;
                              test.Expect(second.rst && second.hasAck && second.seq == 0 &&
                                              second.ack == 11,
                                          "to a SYN: behind all of it");
                              net.protocol->SetListener(std::nullopt, ipv6, PORT, &listener);
                              net.Arrive(tuple, TCP_RST, 7);
                              net.Arrive(tuple, TCP_PSH, 7, 0, {}, 10);
                              test.ExpectEqual(net.sent.size(), 2, "LISTEN has no answer to these");
                              net.Arrive(tuple, TCP_SYN | TCP_ACK, 7, 4321);
                              test.ExpectEqual(net.sent.size(), 3, "but to an ACK");
                              test.ExpectEqual(net.sent.at(2).segment.seq, 4321, "its number");
                              net.Arrive(tuple, TCP_SYN, 99);
                              test.ExpectEqual(listener.syns, 1, "SYNs that the listener got");
                              test.ExpectEqual(listener.seq, 99, "the SYN");
                              test.Expect(listener.last == tuple, "as this host sees it");
                          });
                      TwoHomedNet::Run();
                      test.ExpectEqual(net.sent.size(), 3, "answers");
                  });
        suite.Add(Family(ipv6) + ": the listener of the specific address comes first",
                  [=](ScenarioTestCase& test)
                  {
                      TwoHomedNet net;
                      CountingListener any;
                      CountingListener specific;
                      const auto local = TwoHomedNet::MakeAddress(ipv6, 1, 1);
                      net.protocol->Bind(std::nullopt, ipv6, PORT);
                      net.protocol->SetListener(std::nullopt, ipv6, PORT, &any);
                      net.protocol->Bind(local, ipv6, PORT);
                      net.protocol->SetListener(local, ipv6, PORT, &specific);
                      TcpTuple other = ToPort(ipv6, PORT);
                      other.localAddress = TwoHomedNet::MakeAddress(ipv6, 2, 1);
                      net.Arrive(ToPort(ipv6, PORT), TCP_SYN);
                      net.Arrive(other, TCP_SYN);
                      net.protocol->Unbind(local, ipv6, PORT);
                      net.Arrive(ToPort(ipv6, PORT), TCP_SYN);
                      test.ExpectEqual(specific.syns, 1, "of the specific address");
                      test.ExpectEqual(any.syns, 2, "of any");
                  });
        suite.Add(Family(ipv6) + ": a wrong checksum is dropped and counted",
                  [=](ScenarioTestCase& test)
                  {
                      GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
                      {
                          TwoHomedNet net;
                          CountingListener listener;
                          net.protocol->Bind(std::nullopt, ipv6, PORT);
                          net.protocol->SetListener(std::nullopt, ipv6, PORT, &listener);
                          TwoHomedNet::At(
                              MilliSeconds(10),
                              [&]
                              {
                                  net.Arrive(ToPort(ipv6, PORT), TCP_SYN);
                                  test.ExpectEqual(net.protocol->GetChecksumDrops(), 1, "counted");
                                  test.ExpectEqual(listener.syns, 0, "nobody heard of it");
                                  // Right ones: what the phone sends to itself, as it were.
                                  const TcpTuple tuple = ToPort(ipv6, PORT);
                                  net.SendSyn(tuple);
                                  const WireSegment& sent = net.sent.at(0).segment;
                                  std::vector<uint8_t> bytes(sent.frame.begin() + sent.tcpAt,
                                                             sent.frame.end());
                                  std::swap_ranges(
                                      bytes.begin(), bytes.begin() + 2, bytes.begin() + 2);
                                  net.ArriveBytes(tuple, bytes);
                                  test.ExpectEqual(listener.syns, 1, "a right one is heard");
                                  bytes.back() ^= 1;
                                  net.ArriveBytes(tuple, bytes);
                                  test.ExpectEqual(net.protocol->GetChecksumDrops(), 2, "one bit");
                              });
                          TwoHomedNet::Run(MilliSeconds(20));
                      }
                      GlobalValue::Bind("ChecksumEnabled", BooleanValue(false));
                  });
    }
    for (const bool ipv6 : {false, true})
    {
        suite.Add(Family(ipv6) + ": what a node sends to itself arrives later, in order",
                  [=](ScenarioTestCase& test)
                  {
                      struct Recorder : public TcpListener
                      {
                          void OnSyn(const TcpTuple& tuple, const TcpSegment& /* syn */) override
                          {
                              ports.push_back(tuple.remotePort);
                          }

                          std::vector<uint16_t> ports; // of the SYNs
                      };

                      TwoHomedNet net;
                      Recorder listener;
                      net.protocol->Bind(std::nullopt, ipv6, PORT);
                      net.protocol->SetListener(std::nullopt, ipv6, PORT, &listener);
                      TcpTuple tuple = TwoHomedNet::Tuple(ipv6, 1);
                      tuple.remoteAddress = tuple.localAddress;
                      TwoHomedNet::At(MilliSeconds(10),
                                      [&]
                                      {
                                          for (const uint16_t port : {1000, 1002, 1001})
                                          {
                                              tuple.localPort = port;
                                              net.SendSyn(tuple);
                                          }
                                          test.ExpectEqual(
                                              listener.ports.size(), 0, "arrivals while it sends");
                                      });
                      TwoHomedNet::At(MilliSeconds(11),
                                      [&]
                                      {
                                          test.Expect(listener.ports ==
                                                          std::vector<uint16_t>{1000, 1002, 1001},
                                                      "all have arrived, in order");
                                      });
                      TwoHomedNet::Run();
                  });
    }
    suite.Add("what is sent before time 0 leaves when the nodes are ready",
              [](ScenarioTestCase& test)
              {
                  TwoHomedNet net;
                  net.SendSyn(TwoHomedNet::Tuple(false, 1));
                  net.SendSyn(TwoHomedNet::Tuple(false, 2));
                  test.ExpectEqual(net.sent.size(), 0, "not yet");
                  TwoHomedNet::Run(MilliSeconds(1));
                  test.ExpectEqual(net.sent.size(), 2, "segments sent");
                  test.ExpectEqual(net.sent.at(0).interface, 1, "in order");
                  test.Expect(net.sent.at(0).at.IsZero(), "at once");
              });
}

/// Keys, ports and connections.
void
AddTables(ScenarioTestSuite& suite)
{
    suite.Add("keys are never 0, their tokens are unique, and the same seed gives the same",
              [](ScenarioTestCase& test)
              {
                  const auto draw = [&test]
                  {
                      // With the same node id, which the streams depend on.
                      TwoHomedNet net;
                      CountingTarget target;
                      std::vector<uint64_t> keys;
                      std::set<uint32_t> tokens;
                      for (uint32_t i = 0; i < 20000; ++i)
                      {
                          keys.push_back(net.protocol->CreateKey(&target));
                          tokens.insert(wire::Token(keys.back()));
                          test.Expect(keys.back() != 0, "not 0");
                      }
                      test.ExpectEqual(tokens.size(), keys.size(), "different tokens");
                      test.ExpectEqual(net.protocol->GetNTokens(), keys.size(), "tokens in use");
                      keys.push_back(net.protocol->GetRandom32());
                      keys.push_back(net.protocol->GetInitialSequenceNumber());
                      return keys;
                  };
                  const auto first = draw();
                  test.Expect(first == draw(), "the same again");
                  const uint64_t run = RngSeedManager::GetRun();
                  RngSeedManager::SetRun(run + 1);
                  test.Expect(first != draw(), "others in another run");
                  RngSeedManager::SetRun(run);
              });
    suite.Add("a token in use is not given again (RFC 8684 section 3.1)",
              [](ScenarioTestCase& test)
              {
                  MptcpTokenTable table;
                  CountingTarget target;
                  uint32_t calls = 0;
                  // Key 0 first, then one key twice, then another.
                  const std::vector<uint32_t> numbers{0, 0, 0, 7, 0, 7, 0, 8};
                  const auto random = [&] { return numbers.at(calls++); };
                  test.ExpectEqual(table.CreateKey(&target, random), 7, "0 is drawn again");
                  test.ExpectEqual(table.CreateKey(&target, random), 8, "so is what is in use");
              });
    suite.Add("100,000 ephemeral ports: all free ones are used, the last as quickly as the first",
              [](ScenarioTestCase& test)
              {
                  TwoHomedNet net;
                  const auto local = TwoHomedNet::MakeAddress(false, 1, 1);
                  const auto remote = TwoHomedNet::MakeAddress(false, 9, 1);
                  const auto subflow = CreateObject<TcpSubflow>();
                  constexpr uint32_t BATCH = 10000;
                  std::vector<double> cost;
                  std::set<std::pair<uint16_t, uint16_t>> used;
                  bool inRange = true;
                  for (uint16_t batch = 1; batch <= 10; ++batch)
                  {
                      const std::clock_t begin = std::clock();
                      for (uint32_t i = 0; i < BATCH; ++i)
                      {
                          const uint16_t port =
                              net.protocol->AllocateEphemeralPort(local, remote, batch);
                          inRange &= port >= 32768 && port <= 49151;
                          used.emplace(batch, port);
                          TcpOutput::TimeWait entry;
                          entry.tuple = {local, remote, port, batch};
                          entry.expires = Seconds(60);
                          net.protocol->EnterTimeWait(*subflow, entry);
                      }
                      cost.push_back(static_cast<double>(std::clock() - begin));
                  }
                  test.Expect(inRange, "all in the range");
                  test.ExpectEqual(used.size(), 100000, "no tuple twice");
                  test.ExpectEqual(net.protocol->GetNTimeWait(), 100000, "in TIME_WAIT");
                  test.Expect(cost.back() < 5 * cost.front() + CLOCKS_PER_SEC / 20,
                              "flat in the number of ports in use");
                  for (uint32_t i = 0; i < 16384 - BATCH; ++i)
                  {
                      TcpOutput::TimeWait entry;
                      entry.tuple = {
                          local, remote, net.protocol->AllocateEphemeralPort(local, remote, 1), 1};
                      entry.expires = Seconds(60);
                      net.protocol->EnterTimeWait(*subflow, entry);
                  }
                  test.ExpectEqual(
                      net.protocol->AllocateEphemeralPort(local, remote, 1), 0, "none is left");
                  TwoHomedNet::Run(Seconds(61));
                  test.Expect(net.protocol->AllocateEphemeralPort(local, remote, 1) != 0,
                              "all are free when TIME_WAIT is over");
                  test.ExpectEqual(net.protocol->GetNTimeWait(), 0, "in TIME_WAIT");
              });
    suite.Add("connections can be reached by config paths",
              [](ScenarioTestCase& test)
              {
                  TwoHomedNet net;
                  std::vector<Ptr<Object>> told;
                  net.protocol->TraceConnectWithoutContext(
                      "NewConnection",
                      Callback<void, Ptr<Object>>([&told](Ptr<Object> object)
                                                  { told.push_back(object); }));
                  std::vector<Ptr<Object>> objects;
                  for (uint32_t i = 0; i < 3; ++i)
                  {
                      objects.push_back(CreateObject<TcpSubflow>());
                      net.protocol->AddConnection(objects.back());
                  }
                  test.Expect(told == objects, "each was announced");
                  const auto find = [&]
                  {
                      return Config::LookupMatches("/NodeList/" +
                                                   std::to_string(net.phone->GetId()) +
                                                   "/$ns3::MptcpL4Protocol/ConnectionList/*")
                          .GetN();
                  };
                  test.ExpectEqual(find(), 3, "found by path");
                  net.protocol->RemoveConnection(objects[0]);
                  net.protocol->RemoveConnection(objects[0]);
                  test.ExpectEqual(find(), 2, "found by path");
                  net.protocol->RemoveConnection(objects[2]);
                  test.Expect(net.protocol->GetConnection(0) == objects[1], "the one left");
                  net.protocol->RemoveConnection(objects[1]);
                  test.ExpectEqual(net.protocol->GetNConnections(), 0, "connections");
              });
}

/// @param timestamps of the former connection @return what it left
TcpOutput::TimeWait
MakeTimeWait(bool timestamps)
{
    TcpOutput::TimeWait entry;
    entry.tuple = ToPort(false, PORT);
    entry.expires = Simulator::Now() + Seconds(60);
    entry.next = SequenceNumber32(1000);
    entry.expected = SequenceNumber32(5000);
    entry.timestamps = timestamps;
    entry.recentTimestamp = 300;
    entry.window = 77;
    return entry;
}

/// TIME_WAIT.
void
AddTimeWait(ScenarioTestSuite& suite)
{
    using Verdict = TcpTimeWaitTable::Verdict;

    /// A SYN, and whether it begins a new connection.
    struct Case
    {
        const char* name;              //!< in sentences
        bool timestamps;               //!< of the former connection
        std::optional<uint32_t> value; //!< TSval of the SYN
        uint32_t seq;                  //!< of the SYN
        bool accepted;                 //!< what RFC 6191 says
    };

    const std::vector<Case> cases{
        {"a later timestamp", true, 301, 1, true},
        {"an earlier timestamp", true, 299, 6000, false},
        {"the same timestamp and a higher sequence number", true, 300, 5001, true},
        {"the same timestamp and the next sequence number", true, 300, 5000, false},
        {"no timestamp now and a higher sequence number", true, std::nullopt, 5001, true},
        {"no timestamp now and a lower sequence number", true, std::nullopt, 4999, false},
        {"a timestamp now for the first time", false, 1, 1, true},
        {"no timestamps and a higher sequence number", false, std::nullopt, 5001, true},
        {"no timestamps and a lower sequence number", false, std::nullopt, 4999, false},
    };
    for (const Case& c : cases)
    {
        suite.Add(std::string("TIME_WAIT, RFC 6191: a SYN with ") + c.name +
                      (c.accepted ? " is let through" : " is answered by an ACK"),
                  [c](ScenarioTestCase& test)
                  {
                      TcpTimeWaitTable table;
                      table.Add(MakeTimeWait(c.timestamps));
                      TcpSegment syn;
                      syn.flags = TCP_SYN;
                      syn.seq = SequenceNumber32(c.seq);
                      if (c.value)
                      {
                          syn.timestamps = TcpSegment::Timestamps{*c.value, 0};
                      }
                      const Verdict verdict = table.Check(ToPort(false, PORT), syn);
                      test.Expect(verdict == (c.accepted ? Verdict::FREE : Verdict::ANSWER),
                                  "verdict");
                      test.ExpectEqual(table.GetSize(), c.accepted ? 0 : 1, "entries");
                  });
    }
    suite.Add(
        "TIME_WAIT, RFC 9293 section 3.10.7.4: old segments, FIN, RST and the end",
        [](ScenarioTestCase& test)
        {
            TcpTimeWaitTable table;
            const TcpTuple tuple = ToPort(false, PORT);
            table.Add(MakeTimeWait(true));
            const auto check = [&](uint8_t flags, uint32_t seq, uint32_t value, uint32_t payload)
            {
                TcpSegment segment;
                segment.flags = flags;
                segment.seq = SequenceNumber32(seq);
                segment.timestamps = TcpSegment::Timestamps{value, 0};
                segment.payloadSize = payload;
                return table.Check(tuple, segment);
            };
            test.Expect(check(TCP_ACK, 5000, 301, 0) == Verdict::DROP, "an ACK in order");
            test.Expect(check(TCP_ACK, 4000, 301, 500) == Verdict::ANSWER, "old data");
            test.Expect(check(TCP_ACK, 5000, 299, 0) == Verdict::ANSWER, "PAWS");
            test.Expect(check(TCP_RST, 4999, 301, 0) == Verdict::DROP, "a stray RST");
            test.ExpectEqual(table.GetSize(), 1, "entries");
            TwoHomedNet::At(Seconds(40),
                            [&] {
                                test.Expect(check(TCP_FIN | TCP_ACK, 4999, 310, 0) ==
                                                Verdict::ANSWER,
                                            "the FIN again");
                            });
            TwoHomedNet::At(Seconds(50),
                            [&]
                            {
                                for (const uint32_t seq : {1000U, 4998U, 5000U, 6000U})
                                {
                                    test.Expect(check(TCP_FIN | TCP_ACK, seq, 320, 0) ==
                                                    Verdict::ANSWER,
                                                "a FIN that is not the peer's");
                                }
                            });
            TwoHomedNet::At(Seconds(90),
                            [&] { test.Expect(table.Find(tuple), "its FIN began the time anew"); });
            TwoHomedNet::At(Seconds(101),
                            [&]
                            {
                                test.Expect(!table.Find(tuple), "over: no other FIN did");
                                test.Expect(check(TCP_ACK, 1, 1, 0) == Verdict::FREE, "nobody's");
                                table.Add(MakeTimeWait(true));
                                test.Expect(check(TCP_RST, 5000, 311, 0) == Verdict::DROP,
                                            "an exact RST");
                                test.ExpectEqual(table.GetSize(), 0, "ends it");
                            });
            Simulator::Run();
            Simulator::Destroy();
        });
    suite.Add("TIME_WAIT answers with its numbers, and a new SYN reaches the listener",
              [](ScenarioTestCase& test)
              {
                  TwoHomedNet net;
                  CountingListener listener;
                  net.protocol->Bind(std::nullopt, false, PORT);
                  net.protocol->SetListener(std::nullopt, false, PORT, &listener);
                  const auto subflow = CreateObject<TcpSubflow>();
                  const TcpTuple tuple = ToPort(false, PORT);
                  TwoHomedNet::At(
                      MilliSeconds(10),
                      [&]
                      {
                          net.protocol->EnterTimeWait(*subflow, MakeTimeWait(true));
                          net.Arrive(tuple, TCP_FIN | TCP_ACK, 4999, 1000);
                          test.ExpectEqual(net.sent.size(), 1, "answers");
                          const WireSegment& answer = net.sent.at(0).segment;
                          test.Expect(answer.hasAck && !answer.rst && !answer.syn, "an ACK");
                          test.ExpectEqual(answer.seq, 1000, "its sequence number");
                          test.ExpectEqual(answer.ack, 5000, "what it acknowledges");
                          test.ExpectEqual(answer.window, 77, "its window");
                          const auto* stamps = answer.FindOption(8);
                          test.Expect(stamps && stamps->body.at(8) == 300 / 256 &&
                                          stamps->body.at(9) == 300 % 256,
                                      "TSecr");
                          net.Arrive(tuple, TCP_SYN, 4000);
                          test.ExpectEqual(listener.syns, 0, "an old SYN is no new one");
                          test.ExpectEqual(net.sent.size(), 2, "it gets an ACK");
                          net.Arrive(tuple, TCP_SYN, 6000);
                          test.ExpectEqual(listener.syns, 1, "a new SYN is");
                          test.ExpectEqual(net.protocol->GetNTimeWait(), 0, "entries");
                      });
                  TwoHomedNet::Run();
              });
}

/// The suite.
class MptcpNodeTestSuite : public ScenarioTestSuite
{
  public:
    MptcpNodeTestSuite()
        : ScenarioTestSuite("mptcp-node")
    {
        AddStock(*this);
        AddStray(*this);
        AddTables(*this);
        AddTimeWait(*this);
    }
};

MptcpNodeTestSuite g_mptcpNodeTestSuite; //!< registers itself

} // namespace

} // namespace ns3
