// SPDX-License-Identifier: GPL-2.0-only
// draft-hesmans-mptcp-socket-03, sections 3.5 and 6: options of one subflow.
#include "socket-api-net.h"
#include "test-rig.h"

#include "ns3/mptcp-compat.h"

#include <cerrno>
#include <cstring>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <set>

namespace ns3
{

namespace
{

/// What a link has seen from the client.
struct Seen
{
    std::set<int> fields;    //!< values of a field of the IP header
    uint32_t largest{0};     //!< bytes of payload
    uint32_t bytes{0};       //!< of payload
    uint16_t window{0};      //!< of the last segment
    uint32_t smallPieces{0}; //!< segments of less than 500 bytes of payload
};

/// @param frame of an IPv4 or IPv6 packet @param ipv6 which @param hops TTL or hop limit,
/// otherwise TOS or traffic class @return the field
int
ReadField(const std::vector<uint8_t>& frame, bool ipv6, bool hops)
{
    if (ipv6)
    {
        return hops ? frame[7] : (frame[0] & 0xf) << 4 | frame[1] >> 4;
    }
    return hops ? frame[8] : frame[1];
}

/// Tap both links. @param net whose @param hops which field @param ipv6 family
/// @param seen is filled from now on
void
Watch(SocketApiNet& net, bool hops, bool ipv6, std::vector<Seen>& seen)
{
    seen.assign(2, Seen());
    for (uint32_t link = 0; link < 2; link++)
    {
        net.links[link]->AddTap(FilterChannel::UP,
                                [&seen, link, hops, ipv6](const WireSegment& segment)
                                {
                                    Seen& at = seen[link];
                                    at.fields.insert(ReadField(segment.frame, ipv6, hops));
                                    const auto size = static_cast<uint32_t>(segment.PayloadSize());
                                    at.largest = std::max(at.largest, size);
                                    at.bytes += size;
                                    at.window = segment.window;
                                    at.smallPieces += size > 0 && size < 500;
                                });
    }
}

/// Section 3.5.
void
AddSubflowOptions(ScenarioTestSuite& suite)
{
    struct Field
    {
        bool ipv6;        //!< family
        bool hops;        //!< which field
        int level;        //!< of the option
        int name;         //!< of the option
        int value;        //!< to set
        int shown;        //!< on the wire
        int usual;        //!< on the other subflow
        const char* text; //!< name
    };

    for (const Field& field :
         {Field{false, false, IPPROTO_IP, IP_TOS, 0xbb, 0xb8, 0, "IP_TOS, but for the ECN bits"},
          Field{false, true, IPPROTO_IP, IP_TTL, 33, 33, 64, "IP_TTL"},
          Field{true, false, IPPROTO_IPV6, IPV6_TCLASS, 0x48, 0x48, 0, "IPV6_TCLASS"},
          Field{true, true, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 12, 12, 64, "IPV6_UNICAST_HOPS"}})
    {
        suite.Add(std::string("3.5: ") + field.text + " on one subflow's packets alone",
                  [field](ScenarioTestCase& test)
                  {
                      SocketApiNet net(field.ipv6);
                      net.Connect();
                      net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                      net.Run(MilliSeconds(200));
                      std::vector<Seen> seen;
                      Watch(net, field.hops, field.ipv6, seen);
                      test.ExpectEqual(
                          GetNumber(net.client, 2, field.level, field.name), field.usual, "before");
                      test.ExpectEqual(
                          SetOnSubflow(net.client, 2, field.level, field.name, field.value).result,
                          0,
                          "set");
                      test.ExpectEqual(GetNumber(net.client, 2, field.level, field.name),
                                       field.shown,
                                       "value of that subflow");
                      test.ExpectEqual(GetNumber(net.client, 1, field.level, field.name),
                                       field.usual,
                                       "value of the other one");
                      SocketApiNet::Send(net.client, 500000);
                      net.Run(Seconds(2));
                      test.Expect(seen[0].bytes > 0 && seen[1].bytes > 0, "data on both");
                      test.Expect(seen[0].fields == std::set<int>{field.shown}, "that subflow");
                      test.Expect(seen[1].fields == std::set<int>{field.usual}, "the other one");
                      const bool otherFamily = field.level == IPPROTO_IP;
                      test.ExpectEqual(
                          SetOnSubflow(net.client,
                                       2,
                                       otherFamily ? int(IPPROTO_IPV6) : int(IPPROTO_IP),
                                       otherFamily ? int(IPV6_TCLASS) : int(IP_TOS),
                                       1)
                              .error,
                          ENOPROTOOPT,
                          "an option of the other family");
                  });
    }
    suite.Add("the ordinary SetIpTos, SetIpTtl and SetPriority reach all segments",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  std::vector<Seen> tos;
                  std::vector<Seen> ttl;
                  Watch(net, false, false, tos);
                  Watch(net, true, false, ttl);
                  net.client->SetIpTos(0x10);
                  net.client->SetIpTtl(44);
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  SocketApiNet::Send(net.client, 100000);
                  net.Run(Seconds(1));
                  for (uint32_t link = 0; link < 2; link++)
                  {
                      test.Expect(tos[link].fields == std::set<int>{0x10}, "TOS");
                      test.Expect(ttl[link].fields == std::set<int>{44}, "TTL");
                  }
                  test.ExpectEqual(GetNumber(net.client, 1, SOL_SOCKET, SO_PRIORITY),
                                   int(net.client->GetPriority()),
                                   "priority that goes with the TOS");
              });
    for (const bool atBind : {false, true})
    {
        suite.Add(std::string("a TOS that the address of ") + (atBind ? "Bind" : "Connect") +
                      " brings marks all segments, as with stock TCP",
                  [atBind](ScenarioTestCase& test)
                  {
                      SocketApiNet net;
                      auto marked = InetSocketAddress::ConvertFrom(
                          atBind ? net.At(1, true, 4000) : net.At(1, false, SocketApiNet::PORT));
                      AddressTosCompat::Set(marked, 0xb8, 0);
                      if (AddressTosCompat::Get(marked, 0) == 0)
                      {
                          // From ns-3.38 on addresses have none.
                          return;
                      }
                      std::vector<Seen> tos;
                      Watch(net, false, false, tos);
                      net.listener->Bind(
                          InetSocketAddress(Ipv4Address::GetAny(), SocketApiNet::PORT));
                      net.listener->Listen();
                      if (atBind)
                      {
                          test.ExpectEqual(net.client->Bind(marked), 0, "Bind");
                      }
                      net.client->Connect(atBind ? net.At(1, false, SocketApiNet::PORT)
                                                 : Address(marked));
                      net.Run(MilliSeconds(500));
                      SocketApiNet::Send(net.client, 10000);
                      net.Run(MilliSeconds(500));
                      test.Expect(tos[1].bytes > 0 && tos[1].fields == std::set<int>{0xb8}, "TOS");
                  });
    }
    suite.Add(
        "3.5: TCP_MAXSEG makes that subflow's segments smaller",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            std::vector<Seen> seen;
            Watch(net, false, false, seen);
            test.ExpectEqual(GetNumber(net.client, 2, IPPROTO_TCP, TCP_MAXSEG), 1460, "before");
            for (int wrong : {-1, 1, 87, 40000})
            {
                test.ExpectEqual(SetOnSubflow(net.client, 2, IPPROTO_TCP, TCP_MAXSEG, wrong).error,
                                 EINVAL,
                                 "out of range");
            }
            SetOnSubflow(net.client, 2, IPPROTO_TCP, TCP_MAXSEG, 600);
            test.ExpectEqual(GetNumber(net.client, 2, IPPROTO_TCP, TCP_MAXSEG), 600, "now");
            SocketApiNet::Send(net.client, 500000);
            net.Run(Seconds(2));
            test.Expect(seen[0].bytes > 0 && seen[0].largest <= 600, "that subflow");
            test.Expect(seen[1].largest > 1300, "the other one");
            test.ExpectEqual(net.received[net.server], 500000U, "bytes");
        });
    suite.Add(
        "3.5: TCP_CONGESTION, by Linux's and by ns-3's names",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            SocketApiNet::Send(net.client, 2000000);
            const auto get = [&](uint8_t id)
            {
                char name[16] = {};
                GetOnSubflow(net.client, id, IPPROTO_TCP, TCP_CONGESTION, name, 16);
                return std::string(name);
            };
            const auto set = [&](const std::string& name)
            {
                mptcp_sub_setsockopt request{};
                request.id = 2;
                request.level = IPPROTO_TCP;
                request.optname = TCP_CONGESTION;
                request.optval = const_cast<char*>(name.data());
                request.optlen = name.size();
                return SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).error;
            };
            test.ExpectEqual(get(2), "TcpCubic", "before");
            for (const char* name :
                 {"reno", "vegas", "westwood", "TcpHtcp", "dctcp", "bbr", "cubic"})
            {
                const int error = set(name);
                // Not every release has each of them.
                test.Expect(error == 0 || (error == ENOENT && name[0] == 'w'),
                            name + std::string(": ") + std::to_string(error));
                net.Run(MilliSeconds(100));
            }
            test.ExpectEqual(set("reno"), 0, "reno");
            test.ExpectEqual(get(2), "TcpLinuxReno", "that subflow");
            test.ExpectEqual(get(1), "TcpCubic", "the other one");
            for (const char* name : {"nothing", "ns3::Node", "ns3::TcpCongestionOps", "%s"})
            {
                test.ExpectEqual(set(name), ENOENT, name);
            }
            test.ExpectEqual(set(""), EINVAL, "no name");
            net.Run(Seconds(4));
            test.ExpectEqual(net.received[net.server], 2000000U, "bytes");
        });
    suite.Add(
        "3.5: TCP_INFO is Linux's struct tcp_info, also cut short",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            SocketApiNet::Send(net.client, 1000000);
            net.Run(Seconds(2));
            mptcp_tcp_info info{};
            test.ExpectEqual(
                GetOnSubflow(net.client, 1, IPPROTO_TCP, TCP_INFO, &info, sizeof(info)).result,
                0,
                "get");
            test.ExpectEqual(int(info.tcpi_state), 1, "established");
            test.ExpectEqual(int(info.tcpi_options & 7), 7, "timestamps, SACK, scaling");
            test.Expect(info.tcpi_rtt >= 10000 && info.tcpi_rtt < 200000, "RTT");
            test.Expect(info.tcpi_min_rtt >= 10000 && info.tcpi_min_rtt < 12000, "min RTT");
            test.Expect(info.tcpi_rto >= 200000 && info.tcpi_rto < 1000000, "RTO");
            test.Expect(info.tcpi_snd_cwnd >= 10, "window");
            test.Expect(info.tcpi_snd_mss > 1300 && info.tcpi_snd_mss < 1460, "MSS");
            test.ExpectEqual(info.tcpi_unacked, 0U, "all is acknowledged");
            mptcp_tcp_info other{};
            GetOnSubflow(net.client, 2, IPPROTO_TCP, TCP_INFO, &other, sizeof(other));
            test.ExpectEqual(
                info.tcpi_bytes_acked + other.tcpi_bytes_acked, 1000000U, "bytes acked on both");
            mptcp_tcp_info peer{};
            mptcp_tcp_info peerOther{};
            GetOnSubflow(net.server, 1, IPPROTO_TCP, TCP_INFO, &peer, sizeof(peer));
            GetOnSubflow(net.server, 2, IPPROTO_TCP, TCP_INFO, &peerOther, sizeof(peer));
            test.ExpectEqual(peer.tcpi_bytes_received, info.tcpi_bytes_acked, "the peer's");
            test.ExpectEqual(peer.tcpi_segs_in, info.tcpi_segs_out, "segments");
            test.ExpectEqual(peer.tcpi_data_segs_in, info.tcpi_data_segs_out, "with data");
            tcp_info old{};
            test.ExpectEqual(
                GetOnSubflow(net.client, 1, IPPROTO_TCP, TCP_INFO, &old, sizeof(old)).result,
                0,
                "the C library's");
            test.ExpectEqual(old.tcpi_rtt, info.tcpi_rtt, "the same RTT");
            test.ExpectEqual(SetOnSubflow(net.client, 1, IPPROTO_TCP, TCP_INFO, 1).error,
                             ENOPROTOOPT,
                             "cannot be set");
        });
    suite.Add("3.5: TCP_NODELAY holds small segments back on that subflow",
              [](ScenarioTestCase& test)
              {
                  for (int noDelay : {0, 1})
                  {
                      SocketApiNet net;
                      net.Connect();
                      std::vector<Seen> seen;
                      Watch(net, false, false, seen);
                      test.ExpectEqual(
                          GetNumber(net.client, 1, IPPROTO_TCP, TCP_NODELAY), 1, "before");
                      SetOnSubflow(net.client, 1, IPPROTO_TCP, TCP_NODELAY, noDelay);
                      test.ExpectEqual(
                          GetNumber(net.client, 1, IPPROTO_TCP, TCP_NODELAY), noDelay, "now");
                      for (uint32_t i = 0; i < 10; i++)
                      {
                          SocketApiNet::Send(net.client, 100);
                      }
                      net.Run(Seconds(1));
                      test.ExpectEqual(seen[1].smallPieces > 5, noDelay == 1, "small segments");
                      test.ExpectEqual(net.received[net.server], 1000U, "bytes");
                  }
              });
    suite.Add("3.5: SO_SNDBUF bounds what that subflow has in flight, SO_RCVBUF its window",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  test.ExpectEqual(
                      GetNumber(net.client, 2, SOL_SOCKET, SO_SNDBUF), 4194304, "before");
                  SetOnSubflow(net.client, 2, SOL_SOCKET, SO_SNDBUF, 5000);
                  test.ExpectEqual(GetNumber(net.client, 2, SOL_SOCKET, SO_SNDBUF), 5000, "now");
                  SetOnSubflow(net.client, 2, SOL_SOCKET, SO_RCVBUF, 3000);
                  test.ExpectEqual(GetNumber(net.client, 2, SOL_SOCKET, SO_RCVBUF), 3000, "now");
                  test.ExpectEqual(GetNumber(net.client, 2, SOL_SOCKET, SO_ERROR), 0, "SO_ERROR");
                  uint32_t most = 0;
                  SocketApiNet::Send(net.client, 3000000);
                  for (uint32_t i = 0; i < 100; i++)
                  {
                      net.Run(MilliSeconds(10));
                      const auto subflow = net.client->GetConnection()->FindSubflow(2);
                      most = std::max(most, subflow->subflow->GetHeldBytes());
                  }
                  test.Expect(most > 0 && most <= 5000, "bytes in flight");
                  net.Run(Seconds(3));
                  test.ExpectEqual(net.received[net.server], 3000000U, "bytes");
              });
    suite.Add(
        "3.5, 6: SO_PRIORITY, SO_BINDTODEVICE and SO_MARK want privilege as in Linux",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            test.ExpectEqual(
                SetOnSubflow(net.client, 1, SOL_SOCKET, SO_PRIORITY, 6).result, 0, "6");
            test.ExpectEqual(GetNumber(net.client, 1, SOL_SOCKET, SO_PRIORITY), 6, "is 6");
            test.ExpectEqual(
                SetOnSubflow(net.client, 1, SOL_SOCKET, SO_PRIORITY, 7).error, EPERM, "7");
            test.ExpectEqual(
                SetOnSubflow(net.client, 1, SOL_SOCKET, SO_MARK, 1).error, EPERM, "mark");
            net.client->SetAttribute("Privileged", BooleanValue(true));
            test.ExpectEqual(
                SetOnSubflow(net.client, 1, SOL_SOCKET, SO_PRIORITY, 7).result, 0, "7, root");
            test.ExpectEqual(SetOnSubflow(net.client, 1, SOL_SOCKET, SO_MARK, 1).error,
                             ENOPROTOOPT,
                             "nothing can be marked");
            Names::Add("wlan0", net.clientNode->GetObject<Ipv4>()->GetNetDevice(1));
            Names::Add("wwan0", net.clientNode->GetObject<Ipv4>()->GetNetDevice(2));
            const auto bind = [&](const std::string& name)
            {
                mptcp_sub_setsockopt request{};
                request.id = 1;
                request.level = SOL_SOCKET;
                request.optname = SO_BINDTODEVICE;
                request.optval = const_cast<char*>(name.data());
                request.optlen = name.size();
                return SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).error;
            };
            test.ExpectEqual(bind("eth7"), ENODEV, "unknown device");
            net.client->SetAttribute("Privileged", BooleanValue(false));
            std::vector<Seen> seen;
            Watch(net, false, false, seen);
            test.ExpectEqual(bind("wwan0"), 0, "bind");
            test.ExpectEqual(bind("wlan0"), EPERM, "bind again");
            char name[16] = {};
            GetOnSubflow(net.client, 1, SOL_SOCKET, SO_BINDTODEVICE, name, 16);
            test.ExpectEqual(std::string(name), "wwan0", "device");
            SocketApiNet::Send(net.client, 5000);
            net.Run(Seconds(1));
            test.ExpectEqual(seen[0].bytes, 0U, "bytes by the other device");
            test.ExpectEqual(net.received[net.server], 5000U, "bytes");
        });
    suite.Add(
        "3.5: an option that no subflow has is ENOPROTOOPT, an unknown id EINVAL",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            for (const auto& [level, name] : {std::pair(int(IPPROTO_TCP), TCP_CORK),
                                              std::pair(SOL_SOCKET, SO_LINGER),
                                              std::pair(int(IPPROTO_IP), IP_OPTIONS),
                                              std::pair(999, 1)})
            {
                test.ExpectEqual(
                    SetOnSubflow(net.client, 1, level, name, 1).error, ENOPROTOOPT, "set");
                test.ExpectEqual(GetNumber(net.client, 1, level, name), -ENOPROTOOPT - 1000, "get");
            }
            test.ExpectEqual(
                SetOnSubflow(net.client, 9, IPPROTO_IP, IP_TOS, 1).error, EINVAL, "set");
            test.ExpectEqual(GetNumber(net.client, 9, IPPROTO_IP, IP_TOS), -EINVAL - 1000, "get");
            mptcp_sub_setsockopt request{};
            request.id = 1;
            request.level = IPPROTO_IP;
            request.optname = IP_TTL;
            request.optlen = sizeof(int);
            test.ExpectEqual(
                SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).error,
                EFAULT,
                "null inside");
            int value = 0;
            request.optval = reinterpret_cast<char*>(&value);
            test.ExpectEqual(
                SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request)).error,
                EINVAL,
                "TTL 0");
            test.ExpectEqual(SetOption(net.client, MPTCP_SUB_SETSOCKOPT, &request, 31).error,
                             EINVAL,
                             "a structure cut short");
        });
    suite.Add(
        "3.5: TCP_USER_TIMEOUT ends that subflow alone",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.client->SubscribeEvent(MptcpPathEvent::SUBFLOW_DELETED);
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            test.ExpectEqual(GetNumber(net.client, 2, IPPROTO_TCP, TCP_USER_TIMEOUT), 0, "unset");
            test.ExpectEqual(SetOnSubflow(net.client, 2, IPPROTO_TCP, TCP_USER_TIMEOUT, -1).error,
                             EINVAL,
                             "negative");
            test.ExpectEqual(
                SetOnSubflow(net.client, 2, IPPROTO_TCP, TCP_USER_TIMEOUT, 3000).result, 0, "set");
            test.ExpectEqual(GetNumber(net.client, 2, IPPROTO_TCP, TCP_USER_TIMEOUT), 3000, "get");
            test.ExpectEqual(GetNumber(net.client, 1, IPPROTO_TCP, TCP_USER_TIMEOUT), 0, "other");
            net.links[0]->SetSilent(true);
            SocketApiNet::Send(net.client, 200000);
            net.Run(Seconds(2));
            test.ExpectEqual(net.client->GetSubflowIds().size(), 2U, "after 2 s");
            net.Run(Seconds(5));
            const auto event = net.client->RecvEvent();
            test.Expect(event && event->subflowId == 2 &&
                            event->reason == MptcpPathEvent::TIMED_OUT && event->error == ETIMEDOUT,
                        "after 7 s");
            test.ExpectEqual(net.received[net.server], 200000U, "bytes");
        });
    suite.Add(
        "3.5: SO_KEEPALIVE probes on that subflow alone",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net(
                false,
                {{"KeepAliveIdle", "10s"}, {"KeepAliveInterval", "5s"}, {"KeepAliveCount", "3"}});
            net.client->SubscribeEvent(MptcpPathEvent::SUBFLOW_DELETED);
            net.Connect();
            net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
            net.Run(MilliSeconds(200));
            test.ExpectEqual(GetNumber(net.client, 2, SOL_SOCKET, SO_KEEPALIVE), 0, "off");
            test.ExpectEqual(
                SetOnSubflow(net.client, 2, SOL_SOCKET, SO_KEEPALIVE, 1).result, 0, "set");
            test.ExpectEqual(GetNumber(net.client, 2, SOL_SOCKET, SO_KEEPALIVE), 1, "on");
            uint32_t probes[2] = {};
            for (uint32_t link = 0; link < 2; link++)
            {
                net.links[link]->AddTap(FilterChannel::UP,
                                        [&probes, link](const WireSegment&) { probes[link]++; });
            }
            net.Run(Seconds(12));
            test.ExpectEqual(probes[0], 1U, "probes there");
            test.ExpectEqual(probes[1], 0U, "none on the other");
            net.links[0]->SetSilent(true);
            net.Run(Seconds(40));
            const auto event = net.client->RecvEvent();
            test.Expect(event && event->subflowId == 2 &&
                            event->reason == MptcpPathEvent::TIMED_OUT,
                        "a dead path is noticed");
        });
    suite.Add("3.5: the socket's SO_KEEPALIVE leaves TCP_USER_TIMEOUT of a subflow alone, and the "
              "other way round",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(0, false, 0));
                  net.Run(MilliSeconds(200));
                  const auto timeout = [&net](uint8_t id)
                  { return GetNumber(net.client, id, IPPROTO_TCP, TCP_USER_TIMEOUT); };
                  const auto keepAlive = [&net](uint8_t id)
                  { return GetNumber(net.client, id, SOL_SOCKET, SO_KEEPALIVE); };
                  SetOnSubflow(net.client, 1, IPPROTO_TCP, TCP_USER_TIMEOUT, 5000);
                  net.client->SetAttribute("KeepAlive", BooleanValue(true));
                  test.Expect(keepAlive(1) == 1 && keepAlive(2) == 1, "of all");
                  test.Expect(timeout(1) == 5000 && timeout(2) == 0, "of one");
                  SetOnSubflow(net.client, 2, SOL_SOCKET, SO_KEEPALIVE, 0);
                  net.client->SetAttribute("UserTimeout", TimeValue(Seconds(7)));
                  test.Expect(timeout(1) == 7000 && timeout(2) == 7000, "of all");
                  test.Expect(keepAlive(1) == 1 && keepAlive(2) == 0, "of one");
                  net.client->OpenSubflow(net.At(0, true, 0), net.At(1, false, 0));
                  test.Expect(timeout(3) == 7000 && keepAlive(3) == 1, "of a later one");
              });
    suite.Add("KeepAlive and UserTimeout can be set on a listener, for what it accepts, and after "
              "the end",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  const auto set = [](Ptr<MptcpSocket> socket, Time timeout)
                  {
                      socket->SetAttribute("KeepAlive", BooleanValue(true));
                      socket->SetAttribute("UserTimeout", TimeValue(timeout));
                  };
                  const auto expect = [&test](Ptr<MptcpSocket> socket, bool on, Time timeout)
                  {
                      BooleanValue keepAlive;
                      TimeValue userTimeout;
                      socket->GetAttribute("KeepAlive", keepAlive);
                      socket->GetAttribute("UserTimeout", userTimeout);
                      test.ExpectEqual(keepAlive.Get(), on, "KeepAlive");
                      test.ExpectEqual(userTimeout.Get(), timeout, "UserTimeout");
                  };
                  net.Connect();
                  const Ptr<MptcpSocket> first = net.server;
                  set(net.listener, Seconds(20));
                  auto second = DynamicCast<MptcpSocket>(
                      Socket::CreateSocket(net.clientNode, MptcpSocketFactory::GetTypeId()));
                  second->Connect(net.At(1, false, SocketApiNet::PORT));
                  net.Run(MilliSeconds(500));
                  expect(net.listener, true, Seconds(20));
                  expect(first, false, Seconds(0));
                  expect(net.server, true, Seconds(20));
                  test.ExpectEqual(
                      GetNumber(net.server, 1, SOL_SOCKET, SO_KEEPALIVE), 1, "its subflow's");
                  net.client->Close();
                  first->Close();
                  net.Run(Seconds(1));
                  test.Expect(net.client->GetConnection()->IsEnded(), "ended");
                  set(net.client, Seconds(30));
                  expect(net.client, true, Seconds(30));
              });
    suite.Add("SetIpv6Tclass() of the socket: but for the ECN bits, which are TCP's (RFC 3168 "
              "section 6.1.1)",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(true);
                  net.client->SetIpv6Tclass(0x4b);
                  std::vector<Seen> seen;
                  Watch(net, false, true, seen);
                  net.Connect();
                  SocketApiNet::Send(net.client, 5000);
                  net.Run(Seconds(1));
                  test.ExpectEqual(seen[1].bytes, 5000U, "bytes");
                  test.Expect(seen[1].fields == std::set<int>{0x48}, "of the SYN and all others");
              });
}

/// The suite.
class MptcpSubflowOptionsTestSuite : public ScenarioTestSuite
{
  public:
    MptcpSubflowOptionsTestSuite()
        : ScenarioTestSuite("mptcp-subflow-options")
    {
        AddSubflowOptions(*this);
    }
} g_mptcpSubflowOptionsTestSuite; //!< registers itself

} // namespace

} // namespace ns3
