// SPDX-License-Identifier: GPL-2.0-only
// TCP_INFO of one subflow (draft-hesmans-mptcp-socket-03, section 3.5), field by field, held
// against traffic that is counted on the wire. What the fields mean is what Linux means by them.
#include "socket-api-net.h"
#include "test-rig.h"

#include <cerrno>
#include <cstring>
#include <netinet/tcp.h>

namespace ns3
{

namespace
{

/// @param socket whose @param id of the subflow @return its TCP_INFO
mptcp_tcp_info
Ask(Ptr<MptcpSocket> socket, uint8_t id)
{
    mptcp_tcp_info info{};
    GetOnSubflow(socket, id, IPPROTO_TCP, TCP_INFO, &info, sizeof(info));
    return info;
}

/// What a link has carried in one direction.
struct Carried
{
    uint32_t segments{0};     //!< of any kind
    uint32_t dataSegments{0}; //!< with payload
    uint64_t bytes{0};        //!< of payload
    Time lastData;            //!< when payload was last seen
    Time last;                //!< when anything was last seen
};

/// Count what the second link, on which the connection begins, is given to carry.
/// @param net whose @param direction which @param arrived behind the rules @param carried the sums
void
Count(SocketApiNet& net, FilterChannel::Direction direction, bool arrived, Carried& carried)
{
    const auto tap = [&carried](const WireSegment& segment)
    {
        carried.segments++;
        carried.last = Simulator::Now();
        if (segment.PayloadSize() > 0)
        {
            carried.dataSegments++;
            carried.bytes += segment.PayloadSize();
            carried.lastData = Simulator::Now();
        }
    };
    arrived ? net.links[1]->AddArrivalTap(direction, tap) : net.links[1]->AddTap(direction, tap);
}

/// Figures at the end of a transfer.
void
AddCounters(ScenarioTestSuite& suite)
{
    suite.Add(
        "without loss: segments, bytes, delivered, ages, windows, MTU and MSS",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            Carried up;
            Carried down;
            uint16_t mss = 0;
            uint16_t serverWindow = 0;
            uint8_t serverShift = 0;
            Count(net, FilterChannel::UP, false, up);
            Count(net, FilterChannel::DOWN, false, down);
            net.links[1]->AddTap(FilterChannel::UP,
                                 [&mss](const WireSegment& segment)
                                 {
                                     if (IsSyn(segment))
                                     {
                                         const auto* option = segment.FindOption(2);
                                         mss = wire::ReadNumber(&option->body[2], 2);
                                     }
                                 });
            net.links[1]->AddTap(FilterChannel::DOWN,
                                 [&](const WireSegment& segment)
                                 {
                                     serverWindow = segment.window;
                                     if (IsSynAck(segment))
                                     {
                                         serverShift = segment.FindOption(3)->body[2];
                                     }
                                 });
            net.Connect();
            SocketApiNet::Send(net.client, 299000);
            net.Run(Seconds(1));
            // The last segment leaves at once: no queue is before it.
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(1));
            const auto info = Ask(net.client, 1);
            test.ExpectEqual(net.received[net.server], 300000U, "bytes");
            test.ExpectEqual(info.tcpi_segs_out, up.segments, "segs_out");
            test.ExpectEqual(info.tcpi_segs_in, down.segments, "segs_in");
            test.ExpectEqual(info.tcpi_data_segs_out, up.dataSegments, "data_segs_out");
            test.ExpectEqual(info.tcpi_data_segs_in, 0U, "data_segs_in");
            test.ExpectEqual(info.tcpi_bytes_sent, 300000U, "bytes_sent");
            test.ExpectEqual(info.tcpi_bytes_acked, 300000U, "bytes_acked");
            test.ExpectEqual(info.tcpi_bytes_received, 0U, "bytes_received");
            test.ExpectEqual(info.tcpi_bytes_retrans, 0U, "bytes_retrans");
            test.ExpectEqual(info.tcpi_total_retrans, 0U, "total_retrans");
            // Linux counts the SYN.
            test.ExpectEqual(info.tcpi_delivered, up.dataSegments + 1, "delivered");
            test.ExpectEqual(info.tcpi_delivered_ce, 0U, "delivered_ce");
            test.ExpectEqual(info.tcpi_notsent_bytes, 0U, "notsent_bytes");
            for (const uint32_t none : {info.tcpi_unacked,
                                        info.tcpi_sacked,
                                        info.tcpi_lost,
                                        info.tcpi_retrans,
                                        info.tcpi_dsack_dups,
                                        info.tcpi_reord_seen,
                                        info.tcpi_rcv_ooopack,
                                        uint32_t(info.tcpi_total_rto),
                                        uint32_t(info.tcpi_probes)})
            {
                test.ExpectEqual(none, 0U, "nothing was lost");
            }
            const Time now = Simulator::Now();
            test.ExpectEqual(info.tcpi_last_data_sent,
                             uint32_t((now - up.lastData).GetMilliSeconds()),
                             "last_data_sent");
            // 5 ms behind the tap, and the time on the wire.
            const auto heard = uint32_t((now - down.last).GetMilliSeconds());
            test.Expect(info.tcpi_last_ack_recv + 5 <= heard + 1 &&
                            info.tcpi_last_ack_recv + 7 >= heard,
                        "last_ack_recv");
            test.Expect(info.tcpi_last_data_recv > 2000 && info.tcpi_last_data_recv < 2500,
                        "last_data_recv counts from the handshake");
            test.ExpectEqual(info.tcpi_pmtu, 1500U, "pmtu");
            test.ExpectEqual(info.tcpi_advmss, uint32_t(mss), "advmss is that of the SYN");
            test.ExpectEqual(info.tcpi_snd_wnd, uint32_t(serverWindow) << serverShift, "snd_wnd");
            test.ExpectEqual(int(info.tcpi_snd_wscale), int(serverShift), "snd_wscale");
            test.ExpectEqual(info.tcpi_reordering, 3U, "reordering");
            test.ExpectEqual(info.tcpi_rcv_ssthresh, 4194304U, "rcv_ssthresh: the buffer");
            test.ExpectEqual(info.tcpi_pacing_rate, UINT64_MAX, "no pacing, no limit");
            test.Expect(info.tcpi_min_rtt >= 10000 && info.tcpi_min_rtt < 12000, "min_rtt");

            const auto peer = Ask(net.server, 1);
            test.ExpectEqual(peer.tcpi_segs_in, up.segments, "the peer's segs_in");
            test.ExpectEqual(peer.tcpi_data_segs_in, up.dataSegments, "the peer's data_segs_in");
            test.ExpectEqual(peer.tcpi_bytes_received, 300000U, "the peer's bytes_received");
            test.ExpectEqual(peer.tcpi_delivered, 1U, "the peer's SYN alone");
            test.ExpectEqual(peer.tcpi_rcv_wnd, info.tcpi_snd_wnd, "rcv_wnd");
            const auto data = uint32_t((now - up.lastData).GetMilliSeconds());
            test.Expect(peer.tcpi_last_data_recv + 5 <= data + 1 &&
                            peer.tcpi_last_data_recv + 7 >= data,
                        "the peer's last_data_recv");
        });
    suite.Add(
        "losses: total_retrans, bytes_retrans, bytes_sent, delivered, rcv_ooopack",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            Carried sent;
            Carried arrived;
            Count(net, FilterChannel::UP, false, sent);
            Count(net, FilterChannel::UP, true, arrived);
            net.Connect();
            net.links[1]->AddRule(FilterChannel::UP, DropNth(HasPayload, 20));
            net.links[1]->AddRule(FilterChannel::UP, DropNth(HasPayload, 60, 3));
            uint32_t ahead = 0;
            std::optional<uint32_t> next;
            net.links[1]->AddArrivalTap(
                FilterChannel::UP,
                [&](const WireSegment& segment)
                {
                    const auto size = static_cast<uint32_t>(segment.PayloadSize());
                    if (size > 0)
                    {
                        // Ahead of a gap, as the receiver sees it: what is above all in order.
                        static_cast<int32_t>(segment.seq - next.value_or(segment.seq)) > 0 ? ahead++
                                                                                           : 0;
                        next = !next || segment.seq == *next ? segment.seq + size : *next;
                    }
                });
            SocketApiNet::Send(net.client, 200000);
            net.Run(Seconds(3));
            const auto info = Ask(net.client, 1);
            test.ExpectEqual(net.received[net.server], 200000U, "bytes");
            test.ExpectEqual(arrived.dataSegments + 4, sent.dataSegments, "four were lost");
            const uint64_t again = sent.bytes - 200000;
            test.Expect(again > 0, "some were sent again");
            test.ExpectEqual(info.tcpi_bytes_sent, sent.bytes, "bytes_sent");
            test.ExpectEqual(info.tcpi_bytes_retrans, again, "bytes_retrans");
            test.ExpectEqual(info.tcpi_bytes_acked, 200000U, "bytes_acked");
            test.ExpectEqual(info.tcpi_data_segs_out, sent.dataSegments, "data_segs_out");
            test.ExpectEqual(info.tcpi_total_retrans, 4U, "total_retrans");
            test.ExpectEqual(info.tcpi_delivered, arrived.dataSegments + 1, "delivered");
            const auto peer = Ask(net.server, 1);
            test.Expect(ahead > 0, "some were out of order");
            // The first gap's followers; behind it the tap's count goes on, as the receiver's does
            // not once the gap is filled.
            test.Expect(peer.tcpi_rcv_ooopack > 0 && peer.tcpi_rcv_ooopack <= ahead, "rcv_ooopack");
        });
    suite.Add("duplicates: dsack_dups counts what the peer reported twice",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  net.links[1]->AddRule(FilterChannel::UP,
                                        [count = 0](WireSegment& segment, WireFate& fate) mutable
                                        {
                                            if (HasPayload(segment) && ++count % 20 == 0)
                                            {
                                                fate.copies = 2;
                                            }
                                        });
                  uint32_t reports = 0;
                  net.links[1]->AddArrivalTap(
                      FilterChannel::DOWN,
                      [&reports](const WireSegment& segment)
                      {
                          const auto* sack = segment.FindOption(5);
                          if (sack &&
                              int32_t(wire::ReadNumber(&sack->body[6], 4) - segment.ack) <= 0)
                          {
                              reports++;
                          }
                      });
                  SocketApiNet::Send(net.client, 200000);
                  net.Run(Seconds(3));
                  test.ExpectEqual(net.received[net.server], 200000U, "bytes");
                  test.Expect(reports >= 5, "D-SACKs on the wire");
                  test.ExpectEqual(Ask(net.client, 1).tcpi_dsack_dups, reports, "dsack_dups");
              });
    suite.Add(
        "time-outs: retransmits in a row, total_rto, total_rto_recoveries, backoff, last_ack_recv",
        [](ScenarioTestCase& test)
        {
            SocketApiNet net;
            net.Connect();
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(1));
            net.links[1]->SetSilent(true);
            Carried sent;
            Count(net, FilterChannel::UP, false, sent);
            SocketApiNet::Send(net.client, 1000);
            net.Run(Seconds(2));
            auto info = Ask(net.client, 1);
            // The probe of RFC 8985 is no time-out.
            const uint32_t repeats = sent.dataSegments - 1;
            test.Expect(info.tcpi_total_rto >= 2, "some");
            test.ExpectEqual(info.tcpi_total_retrans, repeats, "total_retrans");
            test.ExpectEqual(int(info.tcpi_retransmits), int(info.tcpi_total_rto), "in a row");
            test.ExpectEqual(int(info.tcpi_backoff), int(info.tcpi_total_rto), "backoff");
            test.ExpectEqual(int(info.tcpi_total_rto_recoveries), 1, "one run of them");
            test.ExpectEqual(int(info.tcpi_ca_state), 4, "loss");
            test.ExpectEqual(info.tcpi_unacked, 1U, "unacked");
            test.ExpectEqual(info.tcpi_lost, 1U, "lost");
            test.ExpectEqual(info.tcpi_retrans, 1U, "and on its way again");
            test.Expect(info.tcpi_last_ack_recv > 2000 && info.tcpi_last_ack_recv < 3000,
                        "last_ack_recv");
            net.links[1]->SetSilent(false);
            net.Run(Seconds(5));
            info = Ask(net.client, 1);
            test.ExpectEqual(net.received[net.server], 2000U, "bytes");
            test.ExpectEqual(int(info.tcpi_retransmits), 0, "in a row no more");
            test.ExpectEqual(info.tcpi_lost + info.tcpi_retrans, 0U, "nothing is lost any more");
            test.Expect(info.tcpi_total_rto >= 2, "the sum stays");
        });
    suite.Add("a SYN sent again is a retransmission and a time-out",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.links[1]->AddRule(FilterChannel::UP, DropNth(IsSyn, 1));
                  net.Connect();
                  net.Run(Seconds(2));
                  const auto info = Ask(net.client, 1);
                  test.ExpectEqual(info.tcpi_total_retrans, 1U, "total_retrans");
                  test.ExpectEqual(int(info.tcpi_total_rto), 1, "total_rto");
                  test.ExpectEqual(info.tcpi_bytes_retrans, 0U, "no bytes");
                  test.ExpectEqual(info.tcpi_delivered, 1U, "delivered");
              });
    suite.Add("keep-alives without an answer are probes",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false,
                                   {{"KeepAlive", "true"},
                                    {"KeepAliveIdle", "5s"},
                                    {"KeepAliveInterval", "5s"},
                                    {"KeepAliveCount", "9"}});
                  net.Connect();
                  net.links[1]->SetSilent(true);
                  net.Run(Seconds(17));
                  test.ExpectEqual(int(Ask(net.client, 1).tcpi_probes), 3, "at 5, 10 and 15 s");
                  net.links[1]->SetSilent(false);
                  net.Run(Seconds(5));
                  test.ExpectEqual(int(Ask(net.client, 1).tcpi_probes), 0, "answered");
              });
    suite.Add("so are probes of a closed window",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"RcvBufSize", "20000"}});
                  net.Connect();
                  net.server->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
                  SocketApiNet::Send(net.client, 100000);
                  net.Run(Seconds(10));
                  test.ExpectEqual(Ask(net.client, 1).tcpi_snd_wnd, 0U, "closed");
                  test.ExpectEqual(int(Ask(net.client, 1).tcpi_probes), 0, "all answered");
                  uint32_t sent = 0;
                  net.links[1]->AddTap(FilterChannel::UP, [&](const WireSegment&) { sent++; });
                  net.links[1]->SetSilent(true);
                  net.Run(Seconds(60));
                  test.Expect(sent > 0, "probes: " + std::to_string(sent));
                  test.ExpectEqual(
                      uint32_t(Ask(net.client, 1).tcpi_probes), sent, "none is answered");
              });
}

/// Figures while a transfer goes on.
void
AddGauges(ScenarioTestSuite& suite)
{
    suite.Add("in recovery: unacked, sacked, lost and retrans agree with each other and the wire",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  // A hole of two; what is sent again is lost too. Rules do not see what others
                  // have lost.
                  net.links[1]->AddRule(FilterChannel::UP, DropNth(HasPayload, 3, 2));
                  net.links[1]->AddRule(FilterChannel::UP, DropNth(HasPayload, 9, 100));
                  SocketApiNet::Send(net.client, 13400);
                  net.Run(MilliSeconds(10));
                  auto info = Ask(net.client, 1);
                  test.ExpectEqual(info.tcpi_unacked, 10U, "ten segments have left");
                  test.ExpectEqual(
                      info.tcpi_sacked + info.tcpi_lost + info.tcpi_retrans, 0U, "early");
                  net.Run(MilliSeconds(20));
                  info = Ask(net.client, 1);
                  test.ExpectEqual(info.tcpi_unacked, 8U, "two were acknowledged");
                  test.ExpectEqual(info.tcpi_sacked, 6U, "six were SACKed");
                  test.ExpectEqual(info.tcpi_lost, 2U, "two are lost");
                  test.ExpectEqual(info.tcpi_retrans, 2U, "and sent again");
                  test.ExpectEqual(info.tcpi_delivered, 9U, "eight and the SYN");
                  test.ExpectEqual(int(info.tcpi_ca_state), 3, "recovery");
                  test.ExpectEqual(int(info.tcpi_retransmits), 0, "no time-out yet");
                  net.links[1]->ClearRules(FilterChannel::UP);
                  net.Run(Seconds(3));
                  test.ExpectEqual(net.received[net.server], 13400U, "bytes");
                  test.ExpectEqual(Ask(net.client, 1).tcpi_unacked, 0U, "in the end");
              });
    suite.Add("reordering: reord_seen counts what arrived though it was overtaken",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  net.links[1]->AddRule(FilterChannel::UP,
                                        DelayEvery(HasPayload, 25, MicroSeconds(900)));
                  SocketApiNet::Send(net.client, 200000);
                  net.Run(Seconds(3));
                  const auto info = Ask(net.client, 1);
                  test.ExpectEqual(net.received[net.server], 200000U, "bytes");
                  test.Expect(info.tcpi_reord_seen > 0, "seen");
                  test.Expect(Ask(net.server, 1).tcpi_rcv_ooopack >= info.tcpi_reord_seen,
                              "each of them let another one arrive ahead of a gap");
                  test.Expect(Ask(net.client, 1).tcpi_reord_seen <= info.tcpi_data_segs_out / 25,
                              "no more than were delayed");
              });
    suite.Add("delivery_rate is that of the path, once it is asked for",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net;
                  net.Connect();
                  const auto before = Ask(net.client, 1);
                  test.ExpectEqual(before.tcpi_delivery_rate, 0U, "nothing has been measured");
                  SocketApiNet::Send(net.client, 4000000);
                  net.Run(Seconds(1));
                  const auto info = Ask(net.client, 1);
                  // 20 Mb/s, of which each packet of 1500 bytes and its frame carry 1420 or so.
                  test.Expect(info.tcpi_delivery_rate > 2200000 &&
                                  info.tcpi_delivery_rate < 2500000,
                              "delivery_rate " + std::to_string(info.tcpi_delivery_rate));
                  test.ExpectEqual(int(info.tcpi_delivery_rate_app_limited), 0, "the path limits");
                  net.Run(Seconds(2));
                  test.ExpectEqual(net.received[net.server], 4000000U, "bytes");
              });
    suite.Add("to ask does not change what is sent",
              [](ScenarioTestCase& test)
              {
                  uint32_t segments[2] = {};
                  uint64_t finished[2] = {};
                  for (int asks : {0, 1})
                  {
                      SocketApiNet net;
                      Carried sent;
                      Count(net, FilterChannel::UP, false, sent);
                      net.Connect();
                      net.links[1]->AddRule(FilterChannel::UP, DropEvery(HasPayload, 90));
                      SocketApiNet::Send(net.client, 2000000);
                      for (uint32_t i = 0; i < 40; i++)
                      {
                          net.Run(MilliSeconds(100));
                          asks ? Ask(net.client, 1) : mptcp_tcp_info();
                      }
                      test.ExpectEqual(net.received[net.server], 2000000U, "bytes");
                      segments[asks] = sent.segments;
                      finished[asks] = sent.last.GetNanoSeconds();
                  }
                  test.ExpectEqual(segments[0], segments[1], "as many segments");
                  test.ExpectEqual(finished[0], finished[1], "at the same time");
              });
    suite.Add("pacing_rate is what segments leave at",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"Pacing", "true"}});
                  net.Connect();
                  SocketApiNet::Send(net.client, 1000000);
                  net.Run(MilliSeconds(150));
                  const auto info = Ask(net.client, 1);
                  // As Linux: 200 % of window per RTT in slow start, 120 % later.
                  const double rate = 1e6 * info.tcpi_snd_cwnd * info.tcpi_snd_mss / info.tcpi_rtt;
                  test.Expect(info.tcpi_pacing_rate > 1.1 * rate &&
                                  info.tcpi_pacing_rate < 2.3 * rate,
                              "pacing_rate");
                  test.Expect(info.tcpi_max_pacing_rate >= info.tcpi_pacing_rate &&
                                  info.tcpi_max_pacing_rate < UINT64_MAX,
                              "max_pacing_rate");
                  net.Run(Seconds(2));
                  test.ExpectEqual(net.received[net.server], 1000000U, "bytes");
              });
    suite.Add("ECN: the option bit, and delivered_ce counts what ACKs with ECE delivered",
              [](ScenarioTestCase& test)
              {
                  SocketApiNet net(false, {{"UseEcn", "On"}});
                  net.Connect();
                  uint32_t marked = 0;
                  net.links[1]->AddRule(FilterChannel::UP,
                                        [&marked](WireSegment& segment, WireFate& fate)
                                        {
                                            if (HasPayload(segment) && marked++ % 50 == 20)
                                            {
                                                segment.frame[1] |= 3;
                                                fate.modified = true;
                                            }
                                        });
                  uint32_t echoes = 0;
                  net.links[1]->AddArrivalTap(
                      FilterChannel::DOWN,
                      [&echoes](const WireSegment& segment)
                      { echoes += (segment.frame[segment.tcpAt + 13] & 0x40) != 0; });
                  SocketApiNet::Send(net.client, 200000);
                  net.Run(Seconds(3));
                  const auto info = Ask(net.client, 1);
                  test.ExpectEqual(net.received[net.server], 200000U, "bytes");
                  test.ExpectEqual(int(info.tcpi_options & 8), 8, "TCPI_OPT_ECN");
                  test.Expect(echoes > 0, "ECE on the wire");
                  test.Expect(info.tcpi_delivered_ce > 0 && info.tcpi_delivered_ce <= 3 * echoes &&
                                  info.tcpi_delivered_ce < info.tcpi_delivered,
                              "delivered_ce");
              });
}

/// The suite.
class MptcpTcpInfoTestSuite : public ScenarioTestSuite
{
  public:
    MptcpTcpInfoTestSuite()
        : ScenarioTestSuite("mptcp-tcp-info")
    {
        AddCounters(*this);
        AddGauges(*this);
    }
} g_mptcpTcpInfoTestSuite; //!< registers itself

} // namespace

} // namespace ns3
