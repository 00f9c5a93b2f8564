// SPDX-License-Identifier: GPL-2.0-only
// What a TcpSubflow does with data: windows, acknowledgments, losses, time-outs.
#include "tcp-subflow-rig.h"

using namespace ns3;
using namespace ns3::tcprig;

namespace
{

/// @param end who sent @return how many data segments were sent more than once
uint32_t
Retransmissions(const End& end)
{
    uint32_t count = 0;
    SequenceNumber32 highest(end.iss);
    for (const auto& sent : end.log)
    {
        if (sent.segment.payloadSize > 0)
        {
            count += sent.segment.seq < highest ? 1 : 0;
            highest = std::max(highest, sent.segment.seq + 1);
        }
    }
    return count;
}

/// @param iss of an end @param number of a full data segment, from 0 @return whether it is that one
std::function<bool(const TcpSegment&)>
Nth(uint32_t iss, uint32_t number)
{
    const SequenceNumber32 seq = SequenceNumber32(iss) + 1 + static_cast<int32_t>(number * 1448);
    return [seq](const TcpSegment& segment)
    { return segment.payloadSize > 0 && segment.seq == seq; };
}

// Bytes

void
Disturbed(Case& test, Rig& rig, double loss, double reorder, double duplicate, bool sack)
{
    rig.Both(
        [=](End& end)
        {
            end.toSend = 1000000;
            end.closeWhenSent = true;
            end.settings->m_sackEnabled = sack;
            end.rate = 20000000;
        });
    Disturb(rig, loss, reorder, duplicate, 11);
    rig.Connect();
    rig.Run(Seconds(300));
    test.Expect(rig.AllRight(), "every byte, in both directions, within the windows");
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "closed");
    test.Equal(rig.client.ends[0].error, Socket::ERROR_NOTERROR, "in order");
    test.Equal(rig.client.acked, 1000000u, "OnAcked() counts payload");
    test.Equal(rig.client.subflow->GetHeldBytes(), 0u, "nothing held");
}

void
Wrap(Case& test, Rig& rig, uint32_t before)
{
    rig.Both(
        [=](End& end)
        {
            end.iss = 0U - before;
            end.toSend = 500000;
            end.closeWhenSent = true;
            end.rate = 20000000;
        });
    Disturb(rig, 0.01, 0.05, 0.02, 12);
    rig.Connect();
    rig.Run(Seconds(100));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "closed");
}

void
CongestionControl(Case& test, Rig& rig, const std::string& name)
{
    rig.Both(
        [&](End& end)
        {
            end.congestion = TypeId::LookupByName(name);
            end.rate = 20000000;
            end.closeWhenSent = true;
        });
    rig.client.toSend = 1000000;
    Disturb(rig, 0.005, 0, 0, 13);
    rig.Connect();
    rig.Run(Seconds(60));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "closed");
}

// Windows

void
SlowReader(Case& test, Rig& rig)
{
    rig.server.buffer = 65536;
    rig.server.settings->m_rcvBufSize = 65536;
    rig.server.reading = false;
    rig.client.toSend = 200000;
    rig.Connect();
    rig.Run(Seconds(5));
    test.Expect(rig.server.received <= 65536, "no more than the window");
    test.Expect(rig.server.received > 65536 - 1448, "and no less");
    test.Equal(rig.client.subflow->GetSendRoom(), 0u, "no room");
    const uint64_t before = rig.server.log.size();
    rig.client.subflow->SendProbe();
    rig.Run(Seconds(1));
    test.Equal(rig.server.log.size(), before + 1, "a probe of the zero window is answered");
    rig.server.Resume();
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte, none beyond the window");
}

void
ZeroWindowBothWays(Case& test, Rig& rig)
{
    rig.Both(
        [](End& end)
        {
            end.buffer = 20000;
            end.settings->m_rcvBufSize = 20000;
            end.reading = false;
            end.toSend = 50000;
        });
    Disturb(rig, 0.02, 0.1, 0, 14);
    rig.Connect();
    for (int i = 0; i < 10; ++i)
    {
        rig.Run(Seconds(5));
        // The second time the window update may come by, should the first have been lost.
        rig.Both(
            [](End& end)
            {
                end.unread = 0;
                end.subflow->SendAck();
                end.subflow->SendAck();
            });
    }
    test.Expect(rig.AllRight(), "ACKs from the right edge of a full window are accepted");
}

void
Beyond(Case& test, Rig& rig)
{
    rig.server.buffer = 1000;
    rig.Connect();
    rig.Run(Seconds(1));
    std::vector<uint8_t> bytes(1500);
    for (size_t i = 0; i < bytes.size(); ++i)
    {
        bytes[i] = ByteAt(i);
    }
    TcpSegment data = Forge(rig.server, TCP_ACK);
    data.payloadSize = bytes.size();
    rig.server.Arrive(data, Create<Packet>(bytes.data(), bytes.size()));
    test.Equal(rig.server.received, 1000u, "trimmed to the window");
    test.Expect(!rig.server.wrongByte, "the right bytes");
}

void
CwndRespected(Case& test, Rig& rig)
{
    rig.client.settings->m_initialCwnd = 4;
    rig.client.toSend = 1000000;
    bool within = true;
    rig.client.options = [&](TcpOptionSpace&, const OutgoingSegment& segment)
    {
        if (segment.payloadSize > 0 && !segment.isRetransmission)
        {
            within = within && rig.client.subflow->GetBytesInFlight() <=
                                   rig.client.subflow->GetCongestionWindow();
        }
    };
    Disturb(rig, 0.01, 0, 0, 15);
    rig.Connect();
    rig.Run(MilliSeconds(60));
    test.Equal(rig.client.sent, 4 * 1448u, "the initial window, then waiting");
    test.Equal(rig.client.subflow->GetSendRoom(), 0u, "no room");
    rig.Run(Seconds(30));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(within, "never more in flight than the congestion window");
}

void
NotLimited(Case& test, Rig& rig)
{
    rig.Connect();
    rig.client.toSend = 1000;
    for (int i = 0; i < 50; ++i)
    {
        rig.Run(MilliSeconds(100));
        rig.client.toSend += 1000;
        rig.client.Push();
    }
    test.Equal(rig.client.subflow->GetCongestionWindow(), 14480u, "as it was");
}

// Acknowledgments

void
DelayedAcks(Case& test, Rig& rig)
{
    rig.client.toSend = 400000;
    rig.Connect();
    rig.Run(Seconds(10));
    // Behind the quick ACKs of the beginning.
    rig.Both([](End& end) { end.log.clear(); });
    rig.client.toSend += 1448 * 10;
    rig.client.Push();
    rig.Run(MilliSeconds(30));
    test.Equal(rig.server.log.size(), 5u, "every second segment");
    rig.Run(Seconds(1));
    rig.server.log.clear();
    rig.client.toSend += 100;
    const Time begin = Simulator::Now();
    rig.client.Push();
    rig.Run(Seconds(1));
    test.Equal(rig.server.log.size(), 1u, "a single one");
    test.Near(rig.server.log[0].at - begin, 60, "after DelAckTimeout");
}

void
Piggyback(Case& test, Rig& rig)
{
    rig.Connect();
    rig.Run(Seconds(1));
    rig.server.log.clear();
    rig.server.hook = [&](const std::string& name)
    {
        if (name == "data")
        {
            rig.server.toSend += 500;
        }
    };
    rig.client.toSend = 500;
    rig.client.Push();
    rig.Run(Seconds(1));
    test.Equal(rig.server.log.size(), 1u, "the answer carries the acknowledgment");
}

void
GapAcks(Case& test, Rig& rig)
{
    rig.client.toSend = 400000;
    rig.Connect();
    rig.Run(Seconds(10));
    rig.Both([](End& end) { end.log.clear(); });
    DropFirst(rig.client, 1, [&](const TcpSegment& segment) { return segment.payloadSize > 0; });
    const SequenceNumber32 begin = SequenceNumber32(rig.client.iss) + 1 + 400000;
    rig.client.toSend += 1448 * 4;
    rig.client.Push();
    rig.Run(MilliSeconds(30));
    test.Equal(rig.server.log.size(), 3u, "each segment beyond a gap is acknowledged at once");
    for (uint32_t i = 0; i < 3; ++i)
    {
        const TcpSegment& ack = rig.server.log[i].segment;
        test.Equal(ack.ack, begin, "up to the gap");
        test.Equal(ack.sack.size(), 1u, "with a block");
        test.Equal(ack.sack[0].begin, begin + 1448, "from its first byte");
        test.Equal(ack.sack[0].end, begin + int32_t(1448 * (i + 2)), "behind its last");
    }
    rig.Run(MilliSeconds(50));
    test.Equal(rig.server.log.size(), 4u, "and what fills it");
    test.Equal(rig.server.log[3].segment.ack, begin + 1448 * 4, "at once");
}

void
SackBlocks(Case& test, Rig& rig, uint32_t reserve, uint32_t most)
{
    rig.Both(
        [=](End& end)
        {
            end.options = [=](TcpOptionSpace& space, const OutgoingSegment& segment)
            {
                if (reserve > 0 && !(segment.flags & TCP_SYN))
                {
                    Dss dss;
                    dss.dataAck = SequenceField{1, false};
                    space.AddDss(dss);
                }
            };
        });
    rig.client.filter = [](const TcpSegment& segment, uint32_t number)
    {
        End::Fate fate;
        fate.drop = segment.payloadSize > 0 && number % 2 == 0;
        return fate;
    };
    rig.client.toSend = 14480;
    rig.Connect();
    rig.Run(MilliSeconds(70));
    const TcpSegment& last = rig.server.log.back().segment;
    test.Equal(last.sack.size(), most, "as many blocks as fit");
    test.Expect(last.sack[0].begin > last.sack[1].begin, "the most recent first");
}

void
Repeated(Case& test, Rig& rig)
{
    rig.client.toSend = 14480;
    rig.Connect();
    rig.Run(Seconds(1));
    std::vector<uint8_t> bytes(1448);
    for (size_t i = 0; i < bytes.size(); ++i)
    {
        bytes[i] = ByteAt(i);
    }
    const SequenceNumber32 first = SequenceNumber32(rig.client.iss) + 1;
    rig.server.log.clear();
    TcpSegment data = Forge(rig.server, TCP_ACK);
    data.seq = first;
    data.payloadSize = bytes.size();
    rig.server.Arrive(data, Create<Packet>(bytes.data(), bytes.size()));
    test.Equal(rig.server.log.size(), 1u, "answered at once");
    const TcpSegment below = rig.server.log.back().segment;
    test.Equal(below.sack.size(), 1u, "below the acknowledgment: one block");
    test.Equal(below.sack[0].begin, first, "from the first byte");
    test.Equal(below.sack[0].end, first + 1448, "behind the last");
    rig.server.subflow->SendAck();
    test.Equal(rig.server.log.back().segment.sack.size(), 0u, "told once");

    const SequenceNumber32 ahead = first + 14480 + 2000;
    data.seq = ahead;
    data.timestamps->value = TcpSubflow::GetTimestampClock();
    rig.server.Arrive(data, Create<Packet>(bytes.data(), bytes.size()));
    data.payloadSize = 1000;
    data.seq = ahead + 100;
    rig.server.Arrive(data, Create<Packet>(bytes.data(), 1000));
    const TcpSegment within = rig.server.log.back().segment;
    test.Equal(within.sack.size(), 2u, "ahead of a gap: and the block that it lies in");
    test.Equal(within.sack[0].begin, ahead + 100, "what came twice");
    test.Equal(within.sack[0].end, ahead + 1100, "to its end");
    test.Equal(within.sack[1].begin, ahead, "all of what is held");
    test.Equal(within.sack[1].end, ahead + 1448, "to its end");
}

/// Without D-SACK what arrives twice is answered by a plain ACK.
void
RepeatedUntold(Case& test, Rig& rig)
{
    rig.server.settings->m_duplicateSack = false;
    rig.client.toSend = 14480;
    rig.Connect();
    rig.Run(Seconds(1));
    const std::vector<uint8_t> bytes(1448);
    const SequenceNumber32 first = SequenceNumber32(rig.client.iss) + 1;
    const auto arrive = [&](SequenceNumber32 seq)
    {
        TcpSegment data = Forge(rig.server, TCP_ACK);
        data.seq = seq;
        data.payloadSize = bytes.size();
        data.timestamps->value = TcpSubflow::GetTimestampClock();
        rig.server.log.clear();
        rig.server.Arrive(data, Create<Packet>(bytes.data(), bytes.size()));
        test.Equal(rig.server.log.size(), 1u, "answered at once");
        return rig.server.log.back().segment;
    };
    const TcpSegment below = arrive(first);
    test.Equal(below.ack, first + 14480, "the same acknowledgment");
    test.Equal(below.sack.size(), 0u, "below the acknowledgment: no block");
    const SequenceNumber32 ahead = first + 14480 + 2000;
    arrive(ahead);
    const TcpSegment within = arrive(ahead);
    test.Equal(within.sack.size(), 1u, "ahead of a gap: the block that is held, alone");
    test.Equal(within.sack[0].begin, ahead, "from its begin");
    test.Equal(within.sack[0].end, ahead + 1448, "to its end");
}

// Losses

/// Fill the pipe, so that the handshake's RTT and delayed ACKs are behind.
void
WarmUp(Rig& rig)
{
    rig.client.toSend = 50000;
    rig.Connect();
    rig.Run(Seconds(2));
    rig.client.log.clear();
}

void
LostTail(Case& test, Rig& rig, uint32_t lost)
{
    WarmUp(rig);
    const uint32_t window = rig.client.subflow->GetCongestionWindow();
    const Time begin = Simulator::Now();
    const SequenceNumber32 tail =
        SequenceNumber32(rig.client.iss) + 1 + 50000 + static_cast<int32_t>(1448 * (10 - lost));
    DropFirst(rig.client, lost, [=](const TcpSegment& segment) { return segment.seq >= tail; });
    rig.client.toSend += 14480;
    rig.client.Push();
    rig.Run(MilliSeconds(lost == 1 ? 400 : 235));
    test.Expect(rig.AllRight(), "every byte, before any time-out");
    test.Equal(rig.client.timeouts.size(), 0u, "no time-out");
    test.Equal(rig.client.log.size(), 10 + lost, "each lost one again");
    test.Equal(rig.client.log[10].segment.seq,
               tail + static_cast<int32_t>(1448 * (lost - 1)),
               "the last segment is the probe");
    // ACKs return after 40 ms, delayed ones later; from the last of them two round trips.
    test.Expect(rig.client.log[10].at - begin >= MilliSeconds(120), "not sooner");
    rig.client.toSend += 1448 * 3;
    rig.client.Push();
    rig.Run(Seconds(1));
    test.Expect(rig.client.subflow->GetSocketState()->m_ssThresh <= window,
                "the window was reduced");
}

void
NeedlessProbe(Case& test, Rig& rig)
{
    WarmUp(rig);
    const uint32_t window = rig.client.subflow->GetCongestionWindow();
    rig.server.delay = MilliSeconds(120);
    rig.client.toSend += 14480;
    rig.client.Push();
    rig.Run(Seconds(1));
    rig.client.toSend += 14480;
    rig.client.Push();
    rig.Run(Seconds(1));
    test.Equal(rig.client.log.size(), 21u, "a probe, while ACKs are late");
    test.Equal(rig.client.timeouts.size(), 0u, "no time-out");
    test.Expect(rig.client.subflow->GetCongestionWindow() >= window,
                "what came twice is no sign of congestion");
}

void
NewDataProbe(Case& test, Rig& rig)
{
    WarmUp(rig);
    const uint32_t window = rig.client.subflow->GetCongestionWindow() / 1448;
    rig.client.toSend += 1448 * (window + 5);
    rig.client.filter = [](const TcpSegment&, uint32_t)
    {
        End::Fate fate;
        fate.drop = true;
        return fate;
    };
    rig.client.Push();
    test.Equal(rig.client.log.size(), window, "the window");
    rig.Run(MilliSeconds(100));
    test.Equal(rig.client.log.size(), window + 1, "and a probe");
    test.Equal(rig.client.log.back().segment.seq,
               rig.client.log[window - 1].segment.seq + 1448,
               "of new data");
}

void
Reordered(Case& test, Rig& rig, bool rack, uint32_t needless)
{
    rig.client.settings->m_rack = rack;
    WarmUp(rig);
    // The last but one of the first burst, the second of the second.
    const SequenceNumber32 late = SequenceNumber32(rig.client.iss) + 1 + 50000 + 1448 * 8;
    const SequenceNumber32 later = late + 1448 * 3;
    rig.client.filter = [=](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        if (segment.seq == late || segment.seq == later)
        {
            fate.extraDelay = MilliSeconds(segment.seq == late ? 5 : 8);
        }
        return fate;
    };
    rig.client.toSend += 14480;
    rig.client.Push();
    rig.Run(Seconds(1));
    test.Equal(Retransmissions(rig.client), 0u, "one segment behind it proves nothing");
    rig.client.toSend += 14480;
    rig.client.Push();
    rig.Run(Seconds(1));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(Retransmissions(rig.client), needless, "then it is known");
}

void
OneLoss(Case& test, Rig& rig, bool sack)
{
    rig.server.settings->m_sackEnabled = sack;
    rig.client.toSend = 500000;
    DropFirst(rig.client, 1, Nth(rig.client.iss, 50));
    rig.Connect();
    rig.Run(Seconds(20));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(Retransmissions(rig.client), 1u, "only what was lost is sent again");
    test.Equal(rig.client.timeouts.size(), 0u, "without a time-out");
}

void
LostRetransmission(Case& test, Rig& rig)
{
    rig.client.toSend = 500000;
    DropFirst(rig.client, 2, Nth(rig.client.iss, 50));
    rig.Connect();
    rig.Run(Seconds(20));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(Retransmissions(rig.client), 2u, "only what was lost is sent again");
    test.Equal(rig.client.timeouts.size(), 0u, "without a time-out");
}

void
Recovery(Case& test, Rig& rig)
{
    rig.client.toSend = 500000;
    DropFirst(rig.client, 1, Nth(rig.client.iss, 50));
    std::vector<TcpSocketState::TcpCongState_t> states;
    uint32_t windowBefore = 0;
    uint32_t threshold = 0;
    rig.Connect();
    const Callback<void, TcpSocketState::TcpCongState_t, TcpSocketState::TcpCongState_t> sink(
        [&](TcpSocketState::TcpCongState_t, TcpSocketState::TcpCongState_t now)
        {
            states.push_back(now);
            if (now == TcpSocketState::CA_RECOVERY)
            {
                windowBefore = rig.client.subflow->GetCongestionWindow();
            }
            if (now == TcpSocketState::CA_OPEN)
            {
                threshold = rig.client.subflow->GetSocketState()->m_ssThresh;
            }
        });
    test.Expect(rig.client.subflow->TraceConnectWithoutContext("CongState", sink), "traced");
    rig.Run(Seconds(20));
    const std::vector<TcpSocketState::TcpCongState_t> expected{
        TcpSocketState::CA_DISORDER, TcpSocketState::CA_RECOVERY, TcpSocketState::CA_OPEN};
    test.Expect(states == expected, "disorder, recovery, open");
    test.Equal(threshold, windowBefore / 2 / 1448 * 1448, "halved once");
}

void
BackOff(Case& test, Rig& rig)
{
    rig.Both([](End& end) { end.settings->m_dataRetries = 6; });
    rig.client.settings->m_maxRto = Seconds(5);
    rig.Connect();
    rig.Run(Seconds(1));
    rig.client.filter = [](const TcpSegment&, uint32_t)
    {
        End::Fate fate;
        fate.drop = true;
        return fate;
    };
    const Time begin = Simulator::Now();
    rig.client.toSend = 3000;
    rig.client.Push();
    std::vector<std::pair<DataSequenceNumber, uint32_t>> held;
    rig.client.hook = [&](const std::string& name)
    {
        if (name == "ended")
        {
            rig.client.subflow->VisitHeldData([&](DataSequenceNumber at, Ptr<const Packet> data)
                                              { held.emplace_back(at, data->GetSize()); });
        }
    };
    Simulator::Run();
    const double expected[] = {200, 600, 1400, 3000, 6200, 11200, 16200};
    test.Equal(rig.client.timeouts.size(), 6u, "DataRetries");
    for (size_t i = 0; i < rig.client.timeouts.size(); ++i)
    {
        test.Near(rig.client.timeouts[i] - begin, expected[i], "doubled up to the bound");
    }
    test.Near(rig.client.endedAt - begin, expected[6], "after the last one's time-out");
    test.Equal(rig.client.ends.size(), 1u, "over");
    test.Expect(rig.client.ends[0].timedOut, "timed out");
    test.Equal(held.size(), 3u, "what it held can still be seen");
    test.Equal(held[2].first, DataSequenceNumber(2896), "in order");
}

void
OldEcho(Case& test, Rig& rig)
{
    rig.client.toSend = 100000;
    rig.Connect();
    rig.Run(Seconds(2));
    bool silent = true;
    const auto filter = [&](const TcpSegment&, uint32_t)
    {
        End::Fate fate;
        fate.drop = silent;
        return fate;
    };
    // The data arrives, its acknowledgments do not; then nothing passes for 3 s.
    rig.server.filter = filter;
    rig.client.toSend += 14480;
    rig.client.Push();
    rig.Run(MilliSeconds(50));
    rig.client.filter = filter;
    rig.Run(Seconds(3));
    silent = false;
    rig.Run(Seconds(10));
    test.Expect(rig.AllRight(), "every byte");
    test.Near(rig.client.subflow->GetSmoothedRtt(), 40, "no sample from before the outage");
    rig.client.toSend += 14480;
    rig.client.Push();
    rig.Run(Seconds(1));
    test.Expect(rig.client.subflow->GetRto() <= MilliSeconds(300), "and the back-off ends");
}

void
SlowerPath(Case& test, Rig& rig)
{
    rig.client.toSend = 100000;
    rig.Connect();
    rig.Run(Seconds(2));
    rig.server.delay = Seconds(1);
    rig.client.toSend += 300000;
    rig.client.Push();
    rig.Run(Seconds(60));
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(rig.client.subflow->GetSmoothedRtt() > MilliSeconds(900), "the RTT is known");
    test.Expect(rig.client.timeouts.size() <= 4, "it is learnt soon");
}

void
Stale(Case& test, Rig& rig)
{
    rig.client.settings->m_staleMaxRto = Seconds(1);
    rig.Connect();
    rig.Run(Seconds(1));
    bool silent = true;
    rig.client.filter = [&](const TcpSegment&, uint32_t)
    {
        End::Fate fate;
        fate.drop = silent;
        return fate;
    };
    rig.client.toSend = 30000;
    rig.client.Push();
    rig.Run(Seconds(10));
    test.Equal(rig.client.subflow->GetTimeouts(), 5u, "backed off");
    rig.client.subflow->SetStale(true);
    test.Equal(rig.client.subflow->GetRto(), Seconds(1), "capped");
    const Time begin = Simulator::Now();
    rig.Run(MilliSeconds(1500));
    test.Equal(rig.client.timeouts.size(), 6u, "a timer that pends is set to fire sooner");
    test.Near(rig.client.timeouts[5] - begin, 1000, "by the cap");
    silent = false;
    rig.client.subflow->SetStale(false);
    rig.Run(Seconds(1));
    test.Equal(rig.client.subflow->GetTimeouts(), 0u, "an ACK of new data ends it");
    rig.Run(Seconds(10));
    test.Expect(rig.AllRight(), "every byte");
}

void
ZeroWindowKeepsAlive(Case& test, Rig& rig)
{
    rig.client.settings->m_dataRetries = 3;
    rig.Connect();
    rig.Run(Seconds(1));
    rig.client.toSend = 1000;
    rig.client.filter = [](const TcpSegment&, uint32_t)
    {
        End::Fate fate;
        fate.drop = true;
        return fate;
    };
    rig.client.Push();
    for (int i = 0; i < 60; ++i)
    {
        TcpSegment ack = Forge(rig.client, TCP_ACK);
        ack.ack = SequenceNumber32(rig.client.iss) + 1;
        ack.window = 0;
        rig.client.Arrive(ack, Create<Packet>());
        rig.Run(Seconds(1));
    }
    test.Equal(rig.client.ends.size(), 0u, "a peer that answers is not given up");
}

void
Signals(Case& test, Rig& rig)
{
    rig.server.settings->m_sackEnabled = false;
    rig.Connect();
    rig.Run(Seconds(1));
    rig.client.toSend = 14480;
    rig.client.filter = [](const TcpSegment&, uint32_t)
    {
        End::Fate fate;
        fate.drop = true;
        return fate;
    };
    TcpSegment ack = Forge(rig.client, TCP_ACK);
    ack.window = rig.server.log.back().segment.window;
    rig.client.Push();
    rig.client.verdict = SegmentVerdict::SIGNAL;
    rig.client.Arrive(ack, Create<Packet>()); // the window, perhaps
    for (int i = 0; i < 5; ++i)
    {
        rig.client.Arrive(ack, Create<Packet>());
    }
    test.Equal(Retransmissions(rig.client), 0u, "ACKs with signals tell no loss");
    rig.client.verdict = SegmentVerdict::PROCESS;
    for (int i = 0; i < 3; ++i)
    {
        rig.client.Arrive(ack, Create<Packet>());
    }
    test.Equal(Retransmissions(rig.client), 1u, "three without do");
}

void
Traces(Case& test, Rig& rig)
{
    rig.client.toSend = 300000;
    rig.Connect();
    uint32_t tx = 0;
    uint32_t rx = 0;
    uint32_t changes = 0;
    TcpSubflow& subflow = *rig.client.subflow;
    using Segment = Callback<void, Ptr<const Packet>, const TcpHeader&, Ptr<const MptcpSubflow>>;
    using Numbers = Callback<void, uint32_t, uint32_t>;
    using Times = Callback<void, Time, Time>;
    using States = Callback<void, TcpSocket::TcpStates_t, TcpSocket::TcpStates_t>;
    subflow.TraceConnectWithoutContext(
        "Tx", Segment([&](Ptr<const Packet>, const TcpHeader&, Ptr<const MptcpSubflow>) { ++tx; }));
    subflow.TraceConnectWithoutContext(
        "Rx", Segment([&](Ptr<const Packet>, const TcpHeader&, Ptr<const MptcpSubflow>) { ++rx; }));
    const Numbers number([&](uint32_t, uint32_t) { ++changes; });
    for (const auto& name : {"CongestionWindow", "SlowStartThreshold", "BytesInFlight"})
    {
        test.Expect(subflow.TraceConnectWithoutContext(name, number), name);
    }
    const Times time([&](Time, Time) { ++changes; });
    test.Expect(subflow.TraceConnectWithoutContext("RTT", time), "RTT");
    test.Expect(subflow.TraceConnectWithoutContext("RTO", time), "RTO");
    const States state([&](TcpSocket::TcpStates_t, TcpSocket::TcpStates_t) { ++changes; });
    test.Expect(subflow.TraceConnectWithoutContext("State", state), "State");
    rig.Run(Seconds(5));
    test.Equal(tx + 1, rig.client.log.size(), "Tx sees what leaves, but for the first SYN");
    test.Equal(rx, rig.server.log.size(), "Rx sees what arrives");
    test.Expect(changes > 100, "values are traced");
}

/// @param name of a congestion control @param iss initial sequence number of the sender
/// @return when the bytes of each data segment leave, from a slow start on into losses
std::vector<std::pair<Time, uint32_t>>
GetDepartures(const std::string& name, uint32_t iss)
{
    Rig rig;
    rig.client.congestion = TypeId::LookupByName("ns3::" + name);
    rig.client.iss = iss;
    rig.client.rate = 20000000;
    rig.client.toSend = 1500000;
    rig.Connect();
    rig.Run(Seconds(60));
    std::vector<std::pair<Time, uint32_t>> departures;
    for (const auto& sent : rig.client.log)
    {
        if (sent.segment.payloadSize > 0)
        {
            departures.emplace_back(sent.at, sent.segment.seq.GetValue() - iss);
        }
    }
    return departures;
}

/// ns-3's TCP begins at 0, which its congestion controls rely on: to some a first number of 2^31 or
/// more lies in the future.
void
InitialSequenceNumber(Case& test, Rig& rig)
{
    for (const std::string name : {"TcpCubic", "TcpIllinois", "TcpVegas", "TcpYeah"})
    {
        const auto low = GetDepartures(name, 0);
        test.Expect(low.size() > 1000, "segments by " + name);
        for (const uint32_t iss : {0x7fffffffU, 0x80000000U, 3000000000U, 0xffffff00U})
        {
            test.Expect(GetDepartures(name, iss) == low,
                        name + " from " + std::to_string(iss) + " as from 0");
        }
    }
    rig.Run(Seconds(0));
}

/// A congestion control whose ssthresh is not fit for use.
class UnfitReno : public TcpNewReno
{
  public:
    /// @param threshold what it says
    explicit UnfitReno(uint32_t threshold)
        : m_threshold(threshold)
    {
    }

    // TcpCongestionOps
    uint32_t GetSsThresh(Ptr<const TcpSocketState>, uint32_t) override
    {
        return m_threshold;
    }

  private:
    uint32_t m_threshold; //!< what it says
};

/// @param threshold of the congestion control @param timeout whether the loss is found by time-out
void
UnfitThreshold(Case& test, Rig& rig, uint32_t threshold, bool timeout)
{
    rig.client.settings->m_tailLossProbe = false;
    rig.client.toSend = 300000;
    DropFirst(rig.client, 1, Nth(rig.client.iss, timeout ? 207 : 50)); // 207: the last one
    rig.client.Create(true);
    rig.client.subflow->SetCongestionOps(CreateObject<UnfitReno>(threshold));
    rig.client.subflow->Connect();
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.timeouts.size(), size_t{timeout}, "time-outs");
    test.Equal(rig.client.subflow->GetSocketState()->m_ssThresh.Get(), 2 * 1448u, "two segments");
}

class TcpSubflowTransferTestSuite : public TestSuite
{
  public:
    TcpSubflowTransferTestSuite()
        : TestSuite("mptcp-subflow-transfer", Type::UNIT)
    {
        AddBytes();
        Add("RFC 9293 3.8.6: a reader that stops, a probe, and on", SlowReader);
        Add("RFC 9293 3.10.7.4: zero windows in both directions", ZeroWindowBothWays);
        Add("RFC 9293 3.10.7.4: data beyond the window is trimmed", Beyond);
        Add("RFC 5681 3.1: no more in flight than the congestion window", CwndRespected);
        Add("RFC 7661: a window that is not used does not grow", NotLimited);
        Add("The initial sequence number changes nothing for a congestion control",
            InitialSequenceNumber);
        Add("RFC 9293 3.8.6.3: every second segment is acknowledged, or by time", DelayedAcks);
        Add("RFC 9293 3.8.6.3: acknowledgments travel with data", Piggyback);
        Add("RFC 5681 4.2: gaps and what fills them are acknowledged at once", GapAcks);
        Add("RFC 2018 3: three blocks fit beside timestamps",
            [](Case& test, Rig& rig) { SackBlocks(test, rig, 0, 3); });
        Add("RFC 2018 3: two blocks fit beside timestamps and a data ACK",
            [](Case& test, Rig& rig) { SackBlocks(test, rig, 8, 2); });
        Add("RFC 6675 5: one loss, one retransmission",
            [](Case& test, Rig& rig) { OneLoss(test, rig, true); });
        Add("RFC 6582 3.2: one loss, one retransmission, without SACK",
            [](Case& test, Rig& rig) { OneLoss(test, rig, false); });
        Add("RFC 2883 4: what arrived twice is reported once", Repeated);
        Add("RFC 2883 4: what arrived twice is not reported if D-SACK is off", RepeatedUntold);
        Add("RFC 8985 7: a lost tail of one is repaired by a probe",
            [](Case& test, Rig& rig) { LostTail(test, rig, 1); });
        Add("RFC 8985 7: a lost tail of four is repaired by a probe",
            [](Case& test, Rig& rig) { LostTail(test, rig, 4); });
        Add("RFC 8985 7.4: a probe that was needless reduces nothing", NeedlessProbe);
        Add("RFC 8985 7.3: new data is the better probe", NewDataProbe);
        Add("RFC 8985 6.2: reordering that was seen once is no loss",
            [](Case& test, Rig& rig) { Reordered(test, rig, true, 0); });
        Add("RFC 6675 5: counting takes reordering for a loss each time",
            [](Case& test, Rig& rig) { Reordered(test, rig, false, 1); });
        Add("A lost retransmission is found without a time-out", LostRetransmission);
        Add("RFC 5681 3.2: recovery halves the window once", Recovery);
        for (const bool timeout : {false, true})
        {
            const std::string suffix = timeout ? ", after a time-out" : ", in fast recovery";
            Add("RFC 5681 3.1: an ssthresh of nothing" + suffix,
                [timeout](Case& test, Rig& rig) { UnfitThreshold(test, rig, 0, timeout); });
            Add("RFC 5681 3.1: an ssthresh below 0" + suffix,
                [timeout](Case& test, Rig& rig)
                { UnfitThreshold(test, rig, UINT32_MAX - 1447, timeout); });
        }
        Add("RFC 6298 5: time-outs back off and end", BackOff);
        Add("RFC 7323 4.1: an echo from before the retransmission is no sample", OldEcho);
        Add("RFC 6298 3: the back-off stays until the RTT of a slower path is known", SlowerPath);
        Add("The back-off of a stale subflow is capped", Stale);
        Add("RFC 9293 3.8.6.1: a peer with a zero window is not given up", ZeroWindowKeepsAlive);
        Add("RFC 8684 3.3.2: ACKs that carry signals are no duplicate ACKs", Signals);
        Add("Traces have TcpSocketBase's names", Traces);
    }

  private:
    /// Add cases that only look at the bytes.
    void AddBytes()
    {
        Add("Both directions, nothing lost",
            [](Case& test, Rig& rig) { Disturbed(test, rig, 0, 0, 0, true); });
        Add("Both directions, loss",
            [](Case& test, Rig& rig) { Disturbed(test, rig, 0.02, 0, 0, true); });
        Add("Both directions, reordering and duplicates",
            [](Case& test, Rig& rig) { Disturbed(test, rig, 0, 0.2, 0.1, true); });
        Add("Both directions, all of it",
            [](Case& test, Rig& rig) { Disturbed(test, rig, 0.02, 0.1, 0.05, true); });
        Add("Both directions, all of it, without SACK",
            [](Case& test, Rig& rig) { Disturbed(test, rig, 0.02, 0.1, 0.05, false); });
        for (const uint32_t before : {1, 2, 1449, 100000})
        {
            Add("Sequence numbers wrap " + std::to_string(before) + " behind the SYN",
                [before](Case& test, Rig& rig) { Wrap(test, rig, before); });
        }
        for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
        {
            const TypeId type = TypeId::GetRegistered(i);
            if (type.IsChildOf(TcpCongestionOps::GetTypeId()) && type.HasConstructor() &&
                type.GetGroupName() == "Internet" && type != TcpCongestionOps::GetTypeId())
            {
                const std::string name = type.GetName();
                Add("1 MB with losses by " + name,
                    [name](Case& test, Rig& rig) { CongestionControl(test, rig, name); });
            }
        }
    }

    /// @param name of the case @param body of the case
    void Add(const std::string& name, Case::Body body)
    {
        AddTestCase(new Case(name, std::move(body)));
    }
};

TcpSubflowTransferTestSuite g_tcpSubflowTransferTestSuite;

} // namespace
