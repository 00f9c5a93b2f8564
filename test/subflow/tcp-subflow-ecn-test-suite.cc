// SPDX-License-Identifier: GPL-2.0-only
// Explicit congestion notification between two TcpSubflows: RFC 3168, and RFC 8257 with DCTCP.
#include "tcp-subflow-rig.h"

#include "ns3/tcp-dctcp.h"

using namespace ns3;
using namespace ns3::tcprig;

namespace
{

constexpr auto OFF = TcpSocketState::Off;
constexpr auto ON = TcpSocketState::On;
constexpr auto ACCEPT = TcpSocketState::AcceptOnly;
constexpr uint8_t ECT_0 = 2; //!< RFC 3168 section 5
constexpr uint8_t ECN_FLAGS = TCP_ECE | TCP_CWR;

/// Both ends as told. @param rig which @param client its @param server its
void
Use(Rig& rig, TcpSocketState::UseEcn_t client, TcpSocketState::UseEcn_t server)
{
    rig.client.settings->m_useEcn = client;
    rig.server.settings->m_useEcn = server;
}

/// Mark data segments of the client. @param rig where @param which by number of data segment
void
Mark(Rig& rig, std::function<bool(uint32_t)> which)
{
    auto count = std::make_shared<uint32_t>(0);
    rig.client.filter = [which, count](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        fate.congested = segment.payloadSize > 0 && which((*count)++);
        return fate;
    };
}

/// @param end whose segments @param which condition @return how many meet it
size_t
Count(const End& end, const std::function<bool(const Sent&)>& which)
{
    return std::count_if(end.log.begin(), end.log.end(), which);
}

/// @param sent a segment @return whether it has ECE and is no SYN
bool
IsEcho(const Sent& sent)
{
    return sent.segment.Has(TCP_ECE) && !sent.segment.Has(TCP_SYN);
}

/// @param sent a segment @return whether it has CWR and is no SYN
bool
IsReduced(const Sent& sent)
{
    return sent.segment.Has(TCP_CWR) && !sent.segment.Has(TCP_SYN);
}

void
Negotiation(Case& test, Rig& rig, TcpSocketState::UseEcn_t client, TcpSocketState::UseEcn_t server)
{
    Use(rig, client, server);
    rig.client.toSend = 20000;
    rig.server.toSend = 20000;
    rig.Connect();
    rig.Run(Seconds(2));
    const bool asked = client == ON;
    const bool agreed = asked && server != OFF;
    test.Equal(
        rig.client.log.at(0).segment.flags, uint8_t(TCP_SYN | (asked ? ECN_FLAGS : 0)), "the SYN");
    test.Equal(rig.server.log.at(0).segment.flags,
               uint8_t(TCP_SYN | TCP_ACK | (agreed ? TCP_ECE : 0)),
               "the SYN-ACK");
    test.Equal(rig.client.subflow->GetDetails().ecn, agreed, "what the client knows");
    test.Equal(rig.server.subflow->GetDetails().ecn, agreed, "what the server knows");
    rig.Both(
        [&](End& end)
        {
            const auto right = [agreed](const Sent& sent)
            { return sent.ecn == (agreed && sent.segment.payloadSize > 0 ? ECT_0 : 0); };
            test.Equal(Count(end, right), end.log.size(), "ECT on data, and on nothing else");
            test.Equal(Count(end, IsEcho) + Count(end, IsReduced), 0u, "no congestion");
        });
    test.Expect(rig.AllRight(), "every byte");
}

void
SynLost(Case& test, Rig& rig)
{
    Use(rig, ON, ON);
    DropFirst(rig.client, 1, [](const TcpSegment& segment) { return segment.Has(TCP_SYN); });
    rig.client.toSend = 20000;
    rig.Connect();
    rig.Run(Seconds(3));
    test.Equal(rig.client.log.at(1).segment.flags, uint8_t{TCP_SYN}, "the next one is plain");
    test.Expect(!rig.client.subflow->GetDetails().ecn && !rig.server.subflow->GetDetails().ecn,
                "no ECN");
    test.Expect(rig.AllRight(), "every byte");
}

void
SynAckLost(Case& test, Rig& rig)
{
    // The server has agreed to the first SYN; what it answers to the plain one is not believed.
    Use(rig, ON, ON);
    DropFirst(rig.server, 1, [](const TcpSegment& segment) { return segment.Has(TCP_SYN); });
    rig.client.toSend = 50000;
    rig.server.toSend = 50000;
    rig.Connect();
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte");
}

void
MirroredFlags(Case& test, Rig& rig)
{
    // A peer that reflects the reserved bits of a SYN knows nothing of ECN (section 6.1.1).
    rig.server.listening = false;
    Use(rig, ON, ON);
    rig.Connect();
    rig.Run(MilliSeconds(10));
    TcpSegment answer = Forge(rig.client, TCP_SYN | TCP_ACK | TCP_ECE | TCP_CWR);
    answer.seq = SequenceNumber32(rig.server.iss);
    rig.client.Arrive(answer, Create<Packet>());
    test.Equal(rig.client.established, 1u, "established");
    test.Expect(!rig.client.subflow->GetDetails().ecn, "without ECN");
}

void
OneMark(Case& test, Rig& rig, bool ipv6)
{
    Use(rig, ON, ACCEPT);
    rig.Both([ipv6](End& end) { end.ipv6 = ipv6; });
    rig.client.toSend = 600000;
    rig.client.rate = 20000000;
    Mark(rig, [](uint32_t i) { return i == 100; });
    rig.Connect();
    uint32_t before = 0;
    uint32_t after = 0;
    rig.client.hook = [&](const std::string&)
    {
        const uint32_t window = rig.client.subflow->GetCongestionWindow();
        if (window < before && after == 0)
        {
            after = window;
        }
        before = after == 0 ? window : before;
    };
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(after > 0 && after < before * 3 / 4, "the window was reduced");
    test.Equal(Count(rig.client, IsReduced), 1u, "once, and said so");
    test.Expect(Count(rig.server, IsEcho) > 1, "ECE until the CWR arrived");
    test.Expect(!IsEcho(rig.server.log.back()), "and no more then");
    test.Equal(rig.client.subflow->GetDetails().retransmissions, 0u, "nothing sent again");
    const auto reduced =
        std::find_if(rig.client.log.begin(), rig.client.log.end(), IsReduced)->segment;
    test.Expect(reduced.payloadSize > 0, "CWR is on data");
}

void
OncePerRoundTrip(Case& test, Rig& rig)
{
    // A whole window of marks is one reduction (section 6.1.2).
    Use(rig, ON, ON);
    rig.client.toSend = 600000;
    rig.client.rate = 20000000;
    Mark(rig, [](uint32_t i) { return i >= 100 && i < 120; });
    rig.Connect();
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(Count(rig.client, IsReduced), 1u, "one reduction");
}

void
EveryWindowMarked(Case& test, Rig& rig)
{
    Use(rig, ON, ON);
    rig.client.toSend = 100000;
    rig.client.rate = 20000000;
    Mark(rig, [](uint32_t) { return true; });
    rig.Connect();
    rig.Run(Seconds(20));
    test.Expect(rig.AllRight(), "every byte, even if each packet meets congestion");
    test.Expect(Count(rig.client, IsReduced) > 3, "a reduction each round trip");
    test.Equal(rig.client.timeouts.size(), 0u, "no time-out");
}

void
MarkBehindHalfOfTheNumbers(Case& test, Rig& rig)
{
    // Half of all sequence numbers lie behind, modulo 2^32, when the first mark is told.
    Use(rig, ON, ON);
    rig.Both(
        [](End& end)
        {
            end.mtu = 65535;
            end.settings->m_timestampEnabled = false;
        });
    rig.Connect();
    rig.Run(MilliSeconds(100));
    TcpSubflow& subflow = *rig.client.subflow;
    test.Expect(subflow.GetDetails().ecn, "ECN");
    rig.client.filter = [](const TcpSegment&, uint32_t)
    {
        End::Fate fate;
        fate.drop = true; // what would arrive is acknowledged by hand
        return fate;
    };
    const auto answer = [&](uint8_t flags)
    {
        rig.Run(MilliSeconds(1));
        TcpSegment ack = Forge(rig.client, TCP_ACK | flags);
        ack.timestamps.reset();
        ack.window = 65535;
        rig.client.Arrive(ack, Create<Packet>());
    };
    const auto send = [&](uint32_t size)
    {
        rig.client.sent += size;
        subflow.SendData(Create<Packet>(size), DataSequenceNumber(rig.client.sent), false);
    };
    while (rig.client.sent < (1ULL << 31) + 1000000)
    {
        for (uint32_t room = subflow.GetSendRoom(); room > 0; room = subflow.GetSendRoom())
        {
            send(std::min(room, subflow.GetMaxPayload()));
        }
        rig.client.log.clear();
        answer(0);
    }
    const uint32_t before = subflow.GetCongestionWindow();
    send(1000);
    answer(TCP_ECE);
    test.Expect(subflow.GetCongestionWindow() < before * 3 / 4, "the window was reduced");
    send(1000);
    test.Expect(IsReduced(rig.client.log.back()), "and the receiver is told");
}

void
NoGrowthOnEcho(Case& test, Rig& rig, bool dctcp)
{
    // The echo goes on until the CWR arrives, here only with the next round trip's.
    Use(rig, ON, ON);
    if (dctcp)
    {
        rig.Both([](End& end) { end.congestion = TcpDctcp::GetTypeId(); });
    }
    rig.client.settings->m_initialSsThresh = 20 * 1448;
    rig.client.toSend = 2000000;
    const auto data = std::make_shared<uint32_t>(0);
    bool dropped = false;
    rig.client.filter = [&dropped, data, dctcp](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        const uint32_t number = *data;
        *data += segment.payloadSize > 0 ? 1 : 0;
        fate.congested = dctcp ? number >= 400 && number < 500 : number == 400;
        fate.drop = !dctcp && !dropped && segment.payloadSize > 0 && segment.Has(TCP_CWR);
        dropped = dropped || fate.drop;
        return fate;
    };
    rig.Connect();
    // Each ACK by itself: the window before it, and behind it.
    uint32_t before = 0;
    bool echo = false;
    uint32_t echoes = 0;
    uint32_t grown = 0;
    size_t heard = 0;
    rig.client.hook = [&](const std::string& name)
    {
        const uint32_t window = rig.client.subflow->GetCongestionWindow();
        if (name == "segment")
        {
            before = window;
            // Nothing of the server is lost or overtaken.
            echo = IsEcho(rig.server.log.at(heard++));
            echoes += echo ? 1 : 0;
        }
        else if (name == "room" && echo)
        {
            grown += window > before ? 1 : 0;
        }
    };
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(echoes > 10, "ACKs with ECE: " + std::to_string(echoes));
    test.Equal(dropped, !dctcp, "the CWR was lost");
    test.Equal(grown, 0u, "the window grew on ACKs with ECE");
}

void
SlowStartBehindATimeout(Case& test, Rig& rig)
{
    // The echo cannot end before there is new data to carry CWR: what was lost comes in slow start
    // all the same (RFC 5681 section 3.1), not one segment a round trip.
    Use(rig, ON, ON);
    rig.client.settings->m_initialCwnd = 40;
    rig.client.toSend = 40 * 1448;
    uint32_t number = 0;
    rig.client.filter = [&number, &rig](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        number += segment.payloadSize > 0 ? 1 : 0;
        fate.congested = number == 1;
        fate.drop = number > 1 && Simulator::Now() < Seconds(2);
        return fate;
    };
    rig.Connect();
    std::optional<Time> again;
    std::optional<Time> done;
    rig.server.hook = [&](const std::string&)
    {
        if (!again && Simulator::Now() > Seconds(2))
        {
            again = Simulator::Now();
        }
        if (!done && rig.server.received == 40 * 1448)
        {
            done = Simulator::Now();
        }
    };
    rig.Run(Seconds(20));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(Count(rig.server, IsEcho) > 5, "the mark is told until the end");
    const Time rtt = rig.client.subflow->GetMinRtt();
    test.Expect(
        done && again && *done - *again < 12 * rtt,
        "round trips: " +
            (done ? std::to_string((*done - *again).GetSeconds() / rtt.GetSeconds()) : "?"));
}

void
LossAndMark(Case& test, Rig& rig)
{
    // A loss reduces the window too, and the receiver is told (section 6.1.2).
    Use(rig, ON, ON);
    rig.client.toSend = 300000;
    rig.client.rate = 20000000;
    auto count = std::make_shared<uint32_t>(0);
    rig.client.filter = [count](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        fate.drop = segment.payloadSize > 0 && (*count)++ == 60;
        return fate;
    };
    rig.Connect();
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(Count(rig.client, IsReduced), 1u, "CWR tells of the reduction");
    std::vector<SequenceNumber32> seen;
    for (const auto& sent : rig.client.log)
    {
        if (sent.segment.payloadSize > 0)
        {
            const bool again = std::find(seen.begin(), seen.end(), sent.segment.seq) != seen.end();
            test.Expect(!again || (sent.ecn == 0 && !IsReduced(sent)),
                        "no ECT and no CWR on what is sent again (section 6.1.5)");
            seen.push_back(sent.segment.seq);
        }
    }
}

/// A segment is lost, and the reordering timer or a tail loss probe finds it: a reduction as any
/// other (section 6.1.2). @param probe whether it is the last one, which a probe repairs
/// @param marked whether another one of the same window has met congestion, which is told later
void
LossIsTold(Case& test, Rig& rig, bool probe, bool marked)
{
    Use(rig, ON, ON);
    rig.client.settings->m_duplicateUndo = false;
    rig.client.toSend = 10 * 1448;
    auto count = std::make_shared<uint32_t>(0);
    rig.client.filter = [=](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        if (segment.payloadSize > 0)
        {
            const uint32_t i = (*count)++;
            // Where reordering has been seen losses are waited for.
            fate.extraDelay = MilliSeconds(probe ? 0 : i == 8 ? 8 : i == 29 ? 5 : 0);
            fate.drop = i == (probe ? 29 : 20);
            fate.congested = marked && i == 29;
        }
        return fate;
    };
    rig.Connect();
    const auto send = [&rig](uint32_t segments)
    {
        rig.client.toSend += segments * 1448;
        rig.client.Push();
    };
    Simulator::Schedule(MilliSeconds(500), [&send] { send(20); });
    for (int i = 0; i < 20; i++)
    {
        Simulator::Schedule(MilliSeconds(1500 + 100 * i), [&send] { send(5); });
    }
    std::vector<Time> reductions;
    rig.client.subflow->GetSocketState()->TraceConnectWithoutContext(
        "SlowStartThreshold",
        Callback<void, uint32_t, uint32_t>([&reductions](uint32_t, uint32_t)
                                           { reductions.push_back(Simulator::Now()); }));
    rig.Run(Seconds(6));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.timeouts.size(), 0u, "no time-out");
    test.Equal(rig.client.subflow->GetDetails().retransmissions, 1u, "one segment sent again");
    test.Equal(reductions.size(), 1u, "one reduction");
    test.Equal(Count(rig.client, IsReduced), 1u, "and the receiver is told");
}

void
ReplacedByDctcp(Case& test, Rig& rig)
{
    Use(rig, ON, ON);
    rig.client.toSend = 20000;
    rig.Connect();
    rig.Run(Seconds(1));
    size_t from = rig.server.log.size();
    const auto count = [&](const std::function<bool(const Sent&)>& which)
    { return std::count_if(rig.server.log.begin() + from, rig.server.log.end(), which); };
    const auto send = [&rig]
    {
        rig.client.toSend += 20000;
        rig.client.Push();
        rig.Run(Seconds(1));
    };
    const auto capable = [](const Sent& sent) { return sent.ecn != 0; };
    rig.server.subflow->SetCongestionOps(CreateObject<TcpDctcp>());
    Mark(rig, [](uint32_t) { return true; });
    send();
    const auto sent = static_cast<long>(rig.server.log.size() - from);
    test.Expect(sent > 5, "acknowledgments");
    test.Equal(count(capable), sent, "RFC 8257 3.1: they are ECN-capable");
    test.Equal(count(IsEcho), sent, "RFC 8257 3.2: each tells of marked segments");
    from = rig.server.log.size();
    rig.server.subflow->SetCongestionOps(CreateObject<TcpLinuxReno>());
    rig.client.filter = nullptr;
    send();
    test.Expect(rig.server.log.size() > from, "acknowledgments");
    test.Equal(count(capable), 0, "RFC 3168 6.1.4: they are not ECN-capable");
    test.Equal(count(IsEcho), 0, "no mark, no ECE");
    test.Expect(rig.AllRight(), "every byte");
}

void
DctcpBeforeConnect(Case& test, Rig& rig)
{
    Use(rig, OFF, ACCEPT);
    rig.client.Create(true);
    rig.client.subflow->SetCongestionOps(CreateObject<TcpDctcp>());
    rig.client.subflow->Connect();
    rig.Run(Seconds(1));
    test.Expect(rig.client.subflow->GetDetails().ecn, "the SYN asks for ECN");
}

void
DctcpAsks(Case& test, Rig& rig)
{
    rig.Both([](End& end) { end.congestion = TcpDctcp::GetTypeId(); });
    rig.client.toSend = 20000;
    rig.Connect();
    rig.Run(Seconds(2));
    test.Expect(rig.client.subflow->GetDetails().ecn && rig.server.subflow->GetDetails().ecn,
                "ECN without being told");
    test.Equal(Count(rig.server,
                     [](const Sent& sent) { return sent.ecn == 0 && !sent.segment.Has(TCP_SYN); }),
               0u,
               "ACKs are ECN-capable too");
    test.Expect(rig.AllRight(), "every byte");
}

void
DctcpEcho(Case& test, Rig& rig)
{
    // RFC 8257 section 3.2: the bytes that ACKs with ECE cover are those that were marked.
    rig.Both([](End& end) { end.congestion = TcpDctcp::GetTypeId(); });
    rig.client.toSend = 400000;
    rig.client.rate = 20000000;
    uint64_t marked = 0;
    auto count = std::make_shared<uint32_t>(0);
    rig.client.filter = [&marked, count](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        fate.congested = segment.payloadSize > 0 && (*count)++ % 7 < 3;
        marked += fate.congested ? segment.payloadSize : 0;
        return fate;
    };
    rig.Connect();
    rig.Run(Seconds(10));
    test.Expect(rig.AllRight(), "every byte");
    uint64_t echoed = 0;
    SequenceNumber32 last = SequenceNumber32(rig.client.iss) + 1;
    for (const auto& sent : rig.server.log)
    {
        if (!sent.segment.Has(TCP_SYN) && sent.segment.ack > last)
        {
            echoed += sent.segment.Has(TCP_ECE) ? sent.segment.ack - last : 0;
            last = sent.segment.ack;
        }
    }
    test.Equal(echoed, marked, "to the byte");
}

void
DctcpKeepsAWindow(Case& test, Rig& rig)
{
    // However often the window is reduced, something can be sent (RFC 3168 section 6.1.2).
    rig.Both([](End& end) { end.congestion = TcpDctcp::GetTypeId(); });
    Mark(rig, [](uint32_t) { return true; });
    rig.Connect();
    for (int i = 0; i < 60; i++)
    {
        Simulator::Schedule(MilliSeconds(100 * (i + 1)),
                            [&rig]
                            {
                                rig.client.toSend += 64;
                                rig.client.Push();
                            });
    }
    rig.Run(Seconds(8));
    test.Equal(rig.server.received, 60u * 64, "bytes");
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.subflow->GetCongestionWindow(), 2u * 1448, "two segments at the least");
}

/// @param test case @param rig where @param every how many data segments one is marked
/// @param from seconds after which reductions count @param least to what the window is reduced
/// @param most likewise
void
DctcpReducesInProportion(
    Case& test, Rig& rig, uint32_t every, double from, double least, double most)
{
    // RFC 8257 section 3.3: cwnd * (1 - alpha / 2), and alpha follows the share of marks.
    rig.Both([](End& end) { end.congestion = TcpDctcp::GetTypeId(); });
    rig.client.toSend = 20000000;
    rig.client.rate = 20000000;
    rig.client.queueLimit = 1000;
    rig.client.settings->m_initialCwnd = 60;
    rig.client.settings->m_initialSsThresh = 30000;
    Mark(rig, [every](uint32_t i) { return i % every == 0; });
    rig.Connect();
    std::vector<double> factors;
    uint32_t before = 0;
    rig.client.hook = [&](const std::string& name)
    {
        if (name == "segment" || name == "room")
        {
            const uint32_t window = rig.client.subflow->GetCongestionWindow();
            // The last one ends at two segments, whatever alpha is.
            if (window < before && window > 2 * 1448 && Simulator::Now() > Seconds(from))
            {
                factors.push_back(double(window) / before);
            }
            before = window;
        }
    };
    rig.Run(Seconds(15));
    test.Expect(factors.size() > 3, "it is reduced");
    double sum = 0;
    for (const double factor : factors)
    {
        sum += factor;
    }
    const double mean = sum / std::max<size_t>(factors.size(), 1);
    test.Expect(mean > least && mean < most, "by " + std::to_string(mean));
    test.Expect(!rig.client.wrongByte && !rig.server.wrongByte, "no wrong byte");
}

class TcpSubflowEcnTestSuite : public TestSuite
{
  public:
    TcpSubflowEcnTestSuite()
        : TestSuite("mptcp-subflow-ecn")
    {
        const std::vector<std::pair<TcpSocketState::UseEcn_t, std::string>> modes{
            {OFF, "off"}, {ON, "on"}, {ACCEPT, "accept only"}};
        for (const auto& [client, clientName] : modes)
        {
            for (const auto& [server, serverName] : modes)
            {
                Add("RFC 3168 6.1.1: client " + clientName + ", server " + serverName,
                    [client = client, server = server](Case& test, Rig& rig)
                    { Negotiation(test, rig, client, server); });
            }
        }
        Add("RFC 3168 6.1.1.1: a repeated SYN does not ask", SynLost);
        Add("RFC 3168 6.1.1.1: a lost SYN-ACK", SynAckLost);
        Add("RFC 3168 6.1.1: flags that are mirrored", MirroredFlags);
        Add("RFC 3168 6.1.2, 6.1.3: one mark, IPv4",
            [](Case& test, Rig& rig) { OneMark(test, rig, false); });
        Add("RFC 3168 6.1.2, 6.1.3: one mark, IPv6",
            [](Case& test, Rig& rig) { OneMark(test, rig, true); });
        Add("RFC 3168 6.1.2: one reduction per window of data", OncePerRoundTrip);
        Add("RFC 3168 6.1.2: the first mark comes behind 2 GiB", MarkBehindHalfOfTheNumbers);
        Add("RFC 3168 6.1.2: no growth on an ACK with ECE",
            [](Case& test, Rig& rig) { NoGrowthOnEcho(test, rig, false); });
        Add("RFC 3168 6.1.2: each packet is marked", EveryWindowMarked);
        Add("RFC 5681 3.1: slow start behind a time-out, though ECE goes on",
            SlowStartBehindATimeout);
        Add("RFC 3168 6.1.2, 6.1.5: loss", LossAndMark);
        for (const bool marked : {false, true})
        {
            Add(std::string("RFC 3168 6.1.2: a loss that the reordering timer finds") +
                    (marked ? ", and a mark" : ""),
                [marked](Case& test, Rig& rig) { LossIsTold(test, rig, false, marked); });
        }
        Add("RFC 3168 6.1.2: a loss that a tail loss probe repairs",
            [](Case& test, Rig& rig) { LossIsTold(test, rig, true, false); });
        Add("RFC 8257 3.1: DCTCP asks for ECN", DctcpAsks);
        Add("RFC 8257 3.1: also if it is chosen before Connect()", DctcpBeforeConnect);
        Add("RFC 8257 3.1, 3.2: DCTCP comes and goes in the middle of a connection",
            ReplacedByDctcp);
        Add("RFC 8257 3.2: ECE tells of each marked byte", DctcpEcho);
        Add("RFC 8257 3.3: two segments at the least", DctcpKeepsAWindow);
        Add("RFC 8257 3.3: no growth on an ACK with ECE",
            [](Case& test, Rig& rig) { NoGrowthOnEcho(test, rig, true); });
        Add("RFC 8257 3.3: few marks reduce little",
            [](Case& test, Rig& rig) { DctcpReducesInProportion(test, rig, 20, 5, 0.9, 1.0); });
        Add("RFC 8257 3.3: many marks reduce much",
            [](Case& test, Rig& rig) { DctcpReducesInProportion(test, rig, 1, 0, 0.4, 0.65); });
    }

  private:
    /// @param name of the case @param body of the case
    void Add(const std::string& name, Case::Body body)
    {
        AddTestCase(new Case(name, std::move(body)));
    }
};

TcpSubflowEcnTestSuite g_tcpSubflowEcnTestSuite;

} // namespace
