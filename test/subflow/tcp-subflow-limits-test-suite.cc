// SPDX-License-Identifier: GPL-2.0-only
// How long a TcpSubflow waits, and what ICMP errors do to it.
#include "tcp-subflow-rig.h"

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::tcprig;

namespace
{

/// @param segment it @return whether it asks for an answer as a keep-alive does
bool
IsProbe(const Sent& sent, const End& end)
{
    return sent.segment.flags == TCP_ACK && sent.segment.payloadSize == 0 &&
           sent.segment.seq == SequenceNumber32(end.iss) + static_cast<int32_t>(end.sent);
}

/// @param end whose @return when it sent keep-alives
std::vector<Time>
GetProbes(const End& end)
{
    std::vector<Time> times;
    for (const auto& sent : end.log)
    {
        if (IsProbe(sent, end))
        {
            times.push_back(sent.at);
        }
    }
    return times;
}

/// Let nothing arrive any more. @param rig where
void
Silence(Rig& rig)
{
    rig.Both(
        [](End& end)
        {
            end.filter = [](const TcpSegment&, uint32_t)
            {
                End::Fate fate;
                fate.drop = true;
                return fate;
            };
        });
}

// Keep-alives

void
NoKeepAlive(Case& test, Rig& rig)
{
    rig.Connect();
    rig.Run(Days(2));
    test.Equal(rig.client.log.size() + rig.server.log.size(), 3u, "the handshake and no more");
}

void
KeepAliveAnswered(Case& test, Rig& rig)
{
    rig.client.settings->m_keepAlive = true;
    rig.Connect();
    rig.Run(Seconds(7200 * 3 + 60));
    const auto probes = GetProbes(rig.client);
    test.Equal(probes.size(), 3u, "one each two hours");
    test.Near(probes.at(0), 7200000 + 40, "two hours behind the handshake");
    test.Equal(rig.server.log.back().segment.flags, uint8_t{TCP_ACK}, "answered by an ACK");
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 0u, "both live");
}

void
KeepAliveUnanswered(Case& test, Rig& rig)
{
    rig.client.settings->m_keepAlive = true;
    rig.client.toSend = 5000;
    rig.Connect();
    Simulator::Schedule(Seconds(1), [&rig] { Silence(rig); });
    rig.Run(Seconds(9000));
    test.Expect(rig.AllRight(), "every byte");
    const auto probes = GetProbes(rig.client);
    test.Equal(probes.size(), 9u, "nine of them");
    for (size_t i = 1; i < probes.size(); ++i)
    {
        test.Near(probes[i] - probes[i - 1], 75000, "75 s between them");
    }
    test.Equal(rig.client.ends.size(), 1u, "over");
    test.Expect(rig.client.ends.at(0).timedOut, "timed out");
    test.Near(rig.client.endedAt - probes.at(0), 9 * 75000, "75 s behind the last one");
    test.Expect(rig.client.log.back().segment.Has(TCP_RST), "the peer is told by RST");
}

void
KeepAliveWithData(Case& test, Rig& rig)
{
    // Data that the peer acknowledges shows that it lives, and so does its own.
    rig.client.settings->m_keepAlive = true;
    rig.client.settings->m_keepAliveIdle = Seconds(10);
    rig.Connect();
    for (int i = 1; i < 8; ++i)
    {
        Simulator::Schedule(Seconds(5 * i),
                            [&rig, i]
                            {
                                End& end = i % 2 ? rig.client : rig.server;
                                end.toSend += 1000;
                                end.Push();
                            });
    }
    rig.Run(Seconds(44));
    test.Equal(GetProbes(rig.client).size(), 0u, "none while data goes either way");
    test.Expect(rig.AllRight(), "every byte");
    rig.Run(Seconds(3));
    test.Equal(GetProbes(rig.client).size(), 1u, "ten seconds behind the last segment");
}

void
KeepAliveSwitched(Case& test, Rig& rig)
{
    rig.client.settings->m_keepAliveIdle = Seconds(10);
    rig.client.settings->m_keepAliveInterval = Seconds(5);
    rig.Connect();
    const auto turn = [&rig](bool on)
    {
        SubflowControls controls;
        controls.keepAlive = on;
        rig.client.subflow->SetControls(controls);
    };
    Simulator::Schedule(Seconds(100), [&turn] { turn(true); });
    Simulator::Schedule(Seconds(125), [&turn] { turn(false); });
    rig.Run(Seconds(300));
    const auto probes = GetProbes(rig.client);
    test.Equal(probes.size(), 2u, "only while it is on");
    test.Near(probes.at(0), 110000, "silence counts from then on");
}

void
KeepAliveLongInterval(Case& test, Rig& rig)
{
    // Answers count however far probes are apart.
    rig.client.settings->m_keepAlive = true;
    rig.client.settings->m_keepAliveIdle = Seconds(10);
    rig.client.settings->m_keepAliveInterval = Seconds(50);
    rig.Connect();
    rig.Run(Seconds(1000));
    test.Equal(GetProbes(rig.client).size(), 20u, "one each interval");
    test.Equal(rig.client.ends.size(), 0u, "it lives");
}

void
KeepAliveUserTimeout(Case& test, Rig& rig)
{
    rig.client.settings->m_keepAlive = true;
    rig.client.settings->m_keepAliveIdle = Seconds(10);
    rig.client.settings->m_keepAliveInterval = Seconds(5);
    rig.client.settings->m_userTimeout = Seconds(22);
    rig.Connect();
    Simulator::Schedule(Seconds(1), [&rig] { Silence(rig); });
    rig.Run(Seconds(100));
    test.Equal(GetProbes(rig.client).size(), 3u, "instead of nine");
    test.Near(rig.client.endedAt, 25040, "at the first probe due behind 22 s of silence");
    test.Expect(rig.client.ends.size() == 1 && rig.client.ends[0].timedOut, "timed out");
}

// The user time-out

void
UserTimeout(Case& test, Rig& rig, double seconds)
{
    rig.client.settings->m_userTimeout = Seconds(seconds);
    rig.Connect();
    Simulator::Schedule(Seconds(1),
                        [&rig]
                        {
                            Silence(rig);
                            rig.client.toSend = 5000;
                            rig.client.Push();
                        });
    rig.Run(Seconds(2000));
    test.Equal(rig.client.ends.size(), 1u, "over");
    test.Expect(rig.client.ends.at(0).timedOut, "timed out");
    test.Near(rig.client.endedAt, 1000 + seconds * 1000, "when the data was sent that long ago");
}

void
UserTimeoutProgress(Case& test, Rig& rig)
{
    // RFC 5482 limits the time of data without acknowledgment, not that of a transfer.
    rig.client.settings->m_userTimeout = Seconds(2);
    rig.client.rate = 1000000;
    rig.client.queueLimit = 30;
    rig.client.toSend = 1000000; // eight seconds
    rig.Connect();
    rig.Run(Seconds(30));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.ends.size(), 0u, "a slow transfer lives");
}

void
UserTimeoutOfSyn(Case& test, Rig& rig)
{
    rig.server.listening = false;
    rig.client.settings->m_userTimeout = Seconds(5);
    rig.Connect();
    rig.Run(Seconds(200));
    test.Near(rig.client.endedAt, 5000, "SYNs too");
    test.Expect(rig.client.ends.size() == 1 && rig.client.ends[0].timedOut, "timed out");
}

// FIN

void
FinIntoClosedWindow(Case& test, Rig& rig)
{
    rig.server.buffer = 20000;
    rig.server.reading = false;
    rig.client.toSend = 20000;
    rig.client.closeWhenSent = true;
    rig.Connect();
    Simulator::Schedule(Seconds(60), [&rig] { rig.server.Resume(); });
    rig.Run(Seconds(61));
    test.Expect(rig.AllRight(), "every byte, and none beyond the window");
    test.Equal(rig.server.fins, 1u, "the FIN follows as soon as the window opens");
    uint32_t fins = 0;
    for (const auto& sent : rig.client.log)
    {
        fins += sent.segment.Has(TCP_FIN) ? 1 : 0;
    }
    test.Expect(fins < 12, "and has backed off before: a probe of the window");
}

void
FinBeyondWindow(Case& test, Rig& rig)
{
    // As Linux: one FIN more or less says nothing of congestion.
    rig.client.settings->m_initialCwnd = 1;
    rig.client.toSend = 1000;
    rig.client.closeWhenSent = true;
    rig.Connect();
    rig.Run(MilliSeconds(110));
    test.Equal(rig.server.fins, 1u, "a FIN does not wait for the congestion window");
    test.Expect(rig.AllRight(), "every byte");
}

// RFC 5961 section 7

void
ChallengesAreLimited(Case& test, Rig& rig)
{
    rig.Connect();
    rig.Run(Seconds(1));
    const size_t before = rig.client.log.size();
    for (int i = 0; i < 1000; ++i)
    {
        Simulator::Schedule(MilliSeconds(i),
                            [&rig, i]
                            {
                                TcpSegment attack =
                                    Forge(rig.client, i % 2 ? TCP_RST : TCP_SYN | TCP_ACK);
                                attack.seq += 100 + i;
                                rig.client.Arrive(attack, Create<Packet>());
                            });
    }
    rig.Run(Seconds(1));
    test.Equal(rig.client.log.size() - before, 5u, "five a second, whatever is thrown at it");
    test.Equal(rig.client.subflow->GetState(), TcpSocket::ESTABLISHED, "it lives");
}

// ICMP errors

/// @param rig where @param offset from the client's first byte @param number reason
/// @return whether the client believed it
bool
Tell(Rig& rig, int64_t offset, int number)
{
    TcpIcmpError error;
    error.seq = SequenceNumber32(rig.client.iss) + 1 + static_cast<int32_t>(offset);
    error.number = number;
    return rig.client.subflow->OnIcmpError(error);
}

void
IcmpInSynSent(Case& test, Rig& rig, int number)
{
    rig.server.listening = false;
    rig.Connect();
    rig.Run(MilliSeconds(100));
    test.Expect(!Tell(rig, 0, number), "not what was sent: SND.NXT");
    test.Expect(!Tell(rig, -2, number), "not what was sent: below the SYN");
    test.Equal(rig.client.ends.size(), 0u, "forged ones change nothing");
    test.Expect(Tell(rig, -1, number), "our SYN");
    test.Equal(rig.client.ends.size(), 1u, "over at once");
    test.Equal(rig.client.ends.at(0).number, number, "its reason");
    test.Equal(rig.client.ends.at(0).refused, number == ECONNREFUSED, "refused");
    test.Equal(rig.client.removed, 1u, "out of the node's table");
}

void
IcmpIsSoft(Case& test, Rig& rig)
{
    rig.client.toSend = 300000;
    rig.client.rate = 10000000;
    rig.Connect();
    uint32_t believed = 0;
    for (int i = 1; i < 10; ++i)
    {
        Simulator::Schedule(
            MilliSeconds(100 + 10 * i),
            [&rig, &believed]
            {
                const int64_t una = static_cast<int64_t>(rig.client.acked);
                believed += Tell(rig, una, ECONNREFUSED) + Tell(rig, una, EHOSTUNREACH);
                believed += 100 * Tell(rig, una - 1, ECONNREFUSED);
                believed += 100 * Tell(rig, static_cast<int64_t>(rig.client.sent), ECONNREFUSED);
            });
    }
    rig.Run(Seconds(10));
    test.Equal(believed, 18u, "only what is in flight is believed");
    test.Equal(rig.client.ends.size(), 0u, "and ends nothing");
    test.Expect(rig.AllRight(), "every byte");
}

void
IcmpExplainsTimeout(Case& test, Rig& rig, bool answered)
{
    rig.client.settings->m_dataRetries = 4;
    rig.client.toSend = 5000;
    rig.Connect();
    Simulator::Schedule(Seconds(1),
                        [&rig]
                        {
                            Silence(rig);
                            rig.client.toSend = 10000;
                            rig.client.Push();
                            Tell(rig, 5000, EHOSTUNREACH);
                        });
    if (answered)
    {
        Simulator::Schedule(Seconds(1.1),
                            [&rig]
                            {
                                TcpSegment ack = Forge(rig.client, TCP_ACK);
                                ack.ack -= 1000;
                                rig.client.Arrive(ack, Create<Packet>());
                            });
    }
    rig.Run(Seconds(60));
    test.Equal(rig.client.ends.size(), 1u, "over");
    test.Expect(rig.client.ends.at(0).timedOut, "timed out");
    test.Equal(rig.client.ends.at(0).number, answered ? 0 : EHOSTUNREACH, "the reason");
}

// The path's MTU

/// The way to the server takes smaller packets from some time on. @param rig where
/// @param mtus bytes of an IP packet, by the links in turn @param told whether routers say so
void
Narrow(Rig& rig, std::vector<uint32_t> mtus, bool told)
{
    const uint32_t ip = rig.client.ipv6 ? 40 : 20;
    rig.client.filter =
        [&rig, mtus = std::move(mtus), told, ip](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        const uint32_t size = ip + segment.headerSize + segment.payloadSize;
        const auto narrow =
            std::find_if(mtus.begin(), mtus.end(), [size](uint32_t mtu) { return size > mtu; });
        fate.drop = narrow != mtus.end();
        if (fate.drop && told)
        {
            const uint32_t mtu = *narrow;
            TcpIcmpError error;
            error.seq = segment.seq;
            error.largestMtu = mtu;
            Simulator::Schedule(MilliSeconds(5),
                                [&rig, error, mtu]
                                {
                                    if (rig.client.subflow->OnIcmpError(error))
                                    {
                                        rig.client.subflow->OnPathMtu(mtu, error.seq);
                                    }
                                });
        }
        return fate;
    };
}

void
PathMtu(Case& test, Rig& rig, bool ipv6, std::vector<uint32_t> mtus, bool sack)
{
    rig.Both(
        [ipv6, sack](End& end)
        {
            end.ipv6 = ipv6;
            end.settings->m_sackEnabled = sack;
        });
    rig.client.toSend = 400000;
    rig.client.rate = 20000000;
    rig.client.queueLimit = 100000; // a window is now more packets than before, one of them the FIN
    rig.client.closeWhenSent = true;
    rig.server.closeOnFin = true;
    rig.Connect();
    Simulator::Schedule(MilliSeconds(120), [&rig, mtus] { Narrow(rig, mtus, true); });
    rig.Run(Seconds(20));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.server.fins, 1u, "and the FIN");
    test.Equal(rig.client.timeouts.size(), 0u, "at once, without a time-out");
    test.Expect(rig.client.subflow->GetMaxPayload() + 12 + (ipv6 ? 60 : 40) <= mtus.back(),
                "segments fit the path");
}

void
PathMtuKeepsWindow(Case& test, Rig& rig)
{
    rig.client.toSend = 3000000;
    rig.client.rate = 20000000;
    rig.Connect();
    uint32_t before = 0;
    Simulator::Schedule(MilliSeconds(200),
                        [&]
                        {
                            before = rig.client.subflow->GetCongestionWindow();
                            Narrow(rig, {1000}, true);
                        });
    uint32_t after = 0;
    Simulator::Schedule(MilliSeconds(400),
                        [&] { after = rig.client.subflow->GetCongestionWindow(); });
    rig.Run(Seconds(20));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(after >= before, "a size is no congestion (RFC 1191 section 6.4)");
    test.Equal(rig.client.subflow->GetDetails().pathMtu, 1000u, "known");
}

void
PathMtuAges(Case& test, Rig& rig)
{
    rig.client.toSend = 50000;
    rig.Connect();
    Simulator::Schedule(MilliSeconds(60), [&rig] { Narrow(rig, {1000}, true); });
    rig.Run(Seconds(5));
    test.Equal(rig.client.subflow->GetMaxPayload(), 948u, "lowered");
    rig.client.subflow->OnPathMtu(1400);
    test.Equal(rig.client.subflow->GetMaxPayload(), 948u, "an error never raises it");
    rig.client.filter = nullptr;
    rig.Run(Seconds(700));
    test.Equal(rig.client.subflow->GetMaxPayload(), 1448u, "tried again after ten minutes");
    test.Expect(rig.AllRight(), "every byte");
}

void
PathMtuFloor(Case& test, Rig& rig)
{
    rig.client.toSend = 20000;
    rig.Connect();
    rig.Run(MilliSeconds(60));
    rig.client.subflow->OnPathMtu(68);
    test.Equal(rig.client.subflow->GetMaxPayload(), 76u, "room for options and some data stays");
    rig.Run(Seconds(60));
    test.Expect(rig.AllRight(), "every byte");
}

void
PathMtuInSynSent(Case& test, Rig& rig)
{
    // Another connection hears of it, and all on the path are told. Nobody tells again.
    rig.client.toSend = 20000;
    Narrow(rig, {1000}, false);
    rig.Connect();
    rig.Run(MilliSeconds(10));
    test.Equal(rig.client.subflow->GetState(), TcpSocket::SYN_SENT, "no SYN/ACK yet");
    rig.client.pathMtu = 1000;
    rig.client.subflow->OnPathMtu(1000);
    rig.Run(Seconds(2));
    test.Equal(rig.client.subflow->GetMaxPayload(), 948u, "the SYN/ACK does not undo it");
    test.Equal(rig.client.timeouts.size(), 0u, "no time-out");
    test.Expect(rig.AllRight(), "every byte");
    rig.client.pathMtu = 0;
    rig.client.filter = nullptr;
    rig.Run(Seconds(700));
    test.Equal(rig.client.subflow->GetMaxPayload(), 1448u, "tried again after ten minutes");
}

class TcpSubflowLimitsTestSuite : public TestSuite
{
  public:
    TcpSubflowLimitsTestSuite()
        : TestSuite("mptcp-subflow-limits")
    {
        Add("RFC 9293 3.8.4: keep-alives are off by default", NoKeepAlive);
        Add("RFC 9293 3.8.4: a peer that answers lives for ever", KeepAliveAnswered);
        Add("RFC 9293 3.8.4: one that does not is given up", KeepAliveUnanswered);
        Add("RFC 9293 3.8.4: only an idle connection is probed", KeepAliveWithData);
        Add("Keep-alives can be turned on and off", KeepAliveSwitched);
        Add("RFC 9293 3.8.4: probes further apart than the idle time", KeepAliveLongInterval);
        Add("RFC 5482: a user time-out limits keep-alives", KeepAliveUserTimeout);
        for (const double seconds : {0.05, 3.0, 1500.0})
        {
            Add("RFC 5482: data without acknowledgment for " + std::to_string(seconds) + " s",
                [seconds](Case& test, Rig& rig) { UserTimeout(test, rig, seconds); });
        }
        Add("RFC 5482: a transfer that goes on is no reason", UserTimeoutProgress);
        Add("RFC 5482: a SYN without an answer", UserTimeoutOfSyn);
        Add("RFC 9293 3.8.6.1: a FIN into a closed window is a probe", FinIntoClosedWindow);
        Add("A FIN does not count against the congestion window", FinBeyondWindow);
        Add("RFC 5961 7: challenges are limited", ChallengesAreLimited);
        for (const int number : {ECONNREFUSED, EHOSTUNREACH, ENETUNREACH})
        {
            Add("RFC 5461 4, 5927 4.1: ICMP error " + std::to_string(number) + " in SYN-SENT",
                [number](Case& test, Rig& rig) { IcmpInSynSent(test, rig, number); });
        }
        Add("RFC 5927 5.2: later they are soft", IcmpIsSoft);
        Add("RFC 5461 2.2: a soft error explains a time-out",
            [](Case& test, Rig& rig) { IcmpExplainsTimeout(test, rig, false); });
        Add("RFC 5461 2.2: progress forgets it",
            [](Case& test, Rig& rig) { IcmpExplainsTimeout(test, rig, true); });
        for (const bool ipv6 : {false, true})
        {
            for (const bool sack : {true, false})
            {
                Add(std::string("RFC 1191, 8201: what is too large is cut and sent at once, IPv") +
                        (ipv6 ? "6" : "4") + (sack ? "" : ", no SACK"),
                    [ipv6, sack](Case& test, Rig& rig)
                    { PathMtu(test, rig, ipv6, {ipv6 ? 1280U : 600U}, sack); });
                Add(std::string("... by three routers in turn, IPv") + (ipv6 ? "6" : "4") +
                        (sack ? "" : ", no SACK"),
                    [ipv6, sack](Case& test, Rig& rig) {
                        PathMtu(test, rig, ipv6, {1400, 1340, 1280}, sack);
                    });
            }
        }
        Add("RFC 1191 6.4: the congestion window stays", PathMtuKeepsWindow);
        Add("RFC 1191 6.3, 8201 4: a larger MTU is tried after ten minutes", PathMtuAges);
        Add("RFC 1191 3: segments keep room for data", PathMtuFloor);
        Add("RFC 1191 3: a path MTU that is told in SYN-SENT stays", PathMtuInSynSent);
    }

  private:
    /// @param name of the case @param body of the case
    void Add(const std::string& name, Case::Body body)
    {
        AddTestCase(new Case(name, std::move(body)));
    }
};

TcpSubflowLimitsTestSuite g_tcpSubflowLimitsTestSuite;

} // namespace
