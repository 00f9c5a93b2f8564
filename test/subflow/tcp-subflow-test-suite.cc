// SPDX-License-Identifier: GPL-2.0-only
// The life of a TcpSubflow between two nodes that are not there: opening, checks, closing.
#include "tcp-subflow-rig.h"

using namespace ns3;
using namespace ns3::tcprig;

namespace
{

/// @param segment it @return whether it is a SYN without ACK
bool
IsSyn(const TcpSegment& segment)
{
    return segment.Has(TCP_SYN) && !segment.Has(TCP_ACK);
}

/// @param segment it @return whether it is a SYN/ACK
bool
IsSynAck(const TcpSegment& segment)
{
    return segment.Has(TCP_SYN) && segment.Has(TCP_ACK);
}

/// @param segment it @return whether it is an ACK with nothing else
bool
IsPureAck(const TcpSegment& segment)
{
    return segment.flags == TCP_ACK && segment.payloadSize == 0;
}

/// @param segment it @return whether it has FIN
bool
IsFin(const TcpSegment& segment)
{
    return segment.Has(TCP_FIN);
}

/// @param end whose @param which condition @return when it sent what meets the condition
std::vector<Time>
TimesOf(const End& end, const std::function<bool(const TcpSegment&)>& which)
{
    std::vector<Time> times;
    for (const auto& sent : end.log)
    {
        if (which(sent.segment))
        {
            times.push_back(sent.at);
        }
    }
    return times;
}

// Opening

void
ThreeSegments(Case& test, Rig& rig)
{
    rig.Connect();
    rig.Run(Seconds(5));
    test.Equal(rig.client.log.size(), 2u, "SYN and ACK");
    test.Equal(rig.server.log.size(), 1u, "SYN/ACK");
    test.Equal(rig.client.established + rig.server.established, 2u, "both established");
    test.Equal(rig.client.subflow->GetSmoothedRtt(), MilliSeconds(40), "RTT of the handshake");
    const TcpSegment& syn = rig.client.log[0].segment;
    test.Equal(*syn.mss, 1460, "MSS is the MTU without headers");
    test.Expect(syn.sackPermitted && syn.timestamps && syn.windowScale, "all options offered");
    test.Equal(uint32_t(syn.headerSize), 40u, "20 bytes of options, as Linux");
    test.Equal(rig.client.subflow->GetMaxPayload(), 1448u, "payload beside timestamps");
}

void
SynLost(Case& test, Rig& rig, uint32_t times, double establishedAt)
{
    DropFirst(rig.client, times, IsSyn);
    Time at;
    rig.client.hook = [&](const std::string& name)
    { at = name == "established" ? Simulator::Now() : at; };
    rig.client.toSend = 20000;
    rig.Connect();
    rig.Run(Seconds(20));
    test.Near(at, establishedAt, "established");
    test.Expect(rig.AllRight(), "every byte");
}

/// Retransmissions of the handshake bound the first flight. @param client whose, or the server's
/// @param times how often the time-out comes before an answer
void
InitialWindow(Case& test, Rig& rig, bool client, uint32_t times)
{
    End& end = client ? rig.client : rig.server;
    // They leave 1, 3 and 7 seconds after the first.
    const Time until = Seconds(times == 0 ? 0 : (1 << times) - 1.5);
    end.filter = [client, until](const TcpSegment& segment, uint32_t)
    {
        End::Fate fate;
        fate.drop = (client ? IsSyn(segment) : IsSynAck(segment)) && Simulator::Now() < until;
        return fate;
    };
    uint32_t window = 0;
    end.hook = [&](const std::string& name)
    { window = name == "established" ? end.subflow->GetCongestionWindow() : window; };
    end.toSend = 20000;
    rig.Connect();
    rig.Run(Seconds(20));
    test.Equal(window, (times > 1 ? 1 : 10) * 1448u, "initial window");
    test.Expect(rig.AllRight(), "every byte");
}

void
SynAckLost(Case& test, Rig& rig, uint32_t times)
{
    DropFirst(rig.server, times, IsSynAck);
    rig.client.toSend = 20000;
    rig.server.toSend = 20000;
    rig.Connect();
    rig.Run(Seconds(20));
    test.Expect(rig.AllRight(), "every byte");
}

void
ThirdAckLost(Case& test, Rig& rig, uint32_t times)
{
    DropFirst(rig.client, times, IsPureAck);
    rig.Connect();
    rig.Run(Seconds(20));
    test.Equal(rig.server.established, 1u, "the SYN/ACK is repeated, and answered");
}

void
ThirdAckLostBeforeData(Case& test, Rig& rig)
{
    DropFirst(rig.client, 1, IsPureAck);
    rig.client.toSend = 20000;
    rig.Connect();
    rig.Run(MilliSeconds(500));
    test.Expect(rig.AllRight(), "data stands in for the third ACK");
}

void
DataOnSyn(Case& test, Rig& rig)
{
    TcpSegment syn;
    syn.flags = TCP_SYN;
    syn.seq = SequenceNumber32(5000);
    syn.payloadSize = 100;
    syn.window = 1000;
    rig.server.Arrive(syn, Create<Packet>(100));
    rig.Run(MilliSeconds(100));
    test.Equal(rig.server.log[0].segment.ack, SequenceNumber32(5001), "SYN alone acknowledged");
    test.Equal(rig.server.received, 0u, "nothing delivered");
}

void
SimultaneousOpen(Case& test, Rig& rig)
{
    rig.server.listening = false;
    rig.server.Create(false);
    rig.Connect();
    rig.server.subflow->Connect();
    rig.client.toSend = 50000;
    rig.server.toSend = 50000;
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "every byte");
}

void
WrongAckInSynSent(Case& test, Rig& rig)
{
    rig.Connect();
    TcpSegment wrong = Forge(rig.client, TCP_SYN | TCP_ACK);
    wrong.ack = SequenceNumber32(rig.client.iss) + 7;
    rig.client.Arrive(wrong, Create<Packet>());
    const TcpSegment& answer = rig.client.log.back().segment;
    test.Expect(answer.flags == TCP_RST && answer.seq == wrong.ack, "RST at SEG.ACK");
    rig.Run(Seconds(1));
    test.Equal(rig.client.established, 1u, "the right answer still opens it");
}

void
Refused(Case& test, Rig& rig)
{
    rig.Connect();
    TcpSegment reset = Forge(rig.client, TCP_RST);
    rig.client.Arrive(reset, Create<Packet>());
    reset.flags = TCP_RST | TCP_ACK;
    reset.ack = SequenceNumber32(rig.client.iss);
    rig.client.Arrive(reset, Create<Packet>());
    test.Equal(
        rig.client.ends.size(), 0u, "RST without ACK or with a wrong one counts for nothing");
    reset.ack = SequenceNumber32(rig.client.iss) + 1;
    rig.client.Arrive(reset, Create<Packet>());
    test.Equal(rig.client.ends.size(), 1u, "over");
    test.Expect(rig.client.ends[0].refused && !rig.client.ends[0].timedOut, "refused");
    test.Equal(rig.client.removed, 1u, "out of the node's table");
}

void
Unanswered(Case& test, Rig& rig)
{
    rig.server.listening = false;
    rig.Connect();
    Simulator::Run();
    const auto syns = TimesOf(rig.client, IsSyn);
    test.Equal(syns.size(), 7u, "SynRetries is 6");
    for (size_t i = 0; i < syns.size(); ++i)
    {
        test.Near(syns[i], ((1 << i) - 1) * 1000.0, "doubled each time");
    }
    test.Near(rig.client.endedAt, 127000, "after the last one's time-out");
    test.Equal(rig.client.ends.size(), 1u, "over");
    test.Expect(rig.client.ends[0].timedOut && !rig.client.ends[0].refused, "timed out");
}

void
WrongAckInSynReceived(Case& test, Rig& rig)
{
    DropFirst(rig.client, 1, IsPureAck);
    rig.Connect();
    rig.Run(MilliSeconds(60));
    TcpSegment wrong = Forge(rig.server, TCP_ACK);
    wrong.ack += 9;
    rig.server.Arrive(wrong, Create<Packet>());
    const TcpSegment& answer = rig.server.log.back().segment;
    test.Expect(answer.flags == TCP_RST && answer.seq == wrong.ack, "RST at SEG.ACK");
    test.Equal(rig.server.established, 0u, "not established");
}

void
OptionsNotOffered(Case& test, Rig& rig)
{
    rig.server.settings->m_timestampEnabled = false;
    rig.server.settings->m_sackEnabled = false;
    rig.server.settings->m_winScalingEnabled = false;
    rig.client.toSend = 300000;
    Disturb(rig, 0.01, 0, 0, 3);
    rig.Connect();
    rig.Run(Seconds(30));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.subflow->GetReceiveWindowShift(), 0, "no scaling of our windows");
    test.Equal(rig.client.subflow->GetMaxPayload(), 1460u, "no timestamps");
    for (const auto& sent : rig.client.log)
    {
        test.Expect(IsSyn(sent.segment) || !sent.segment.timestamps, "none sent");
    }
}

void
SmallMss(Case& test, Rig& rig, bool ipv6)
{
    rig.Both(
        [=](End& end)
        {
            end.ipv6 = ipv6;
            end.toSend = 100000;
            end.reserve = 28;
            end.options = [](TcpOptionSpace& space, const OutgoingSegment& segment)
            {
                if (!(segment.flags & TCP_SYN))
                {
                    Dss dss;
                    dss.dataAck = SequenceField{1, true};
                    dss.mapping.emplace();
                    space.AddDss(dss);
                }
            };
        });
    rig.server.mtu = 600;
    rig.client.mtu = 1500;
    Disturb(rig, 0.02, 0.1, 0, 4);
    rig.Connect();
    rig.Run(Seconds(60));
    test.Expect(rig.AllRight(), "every byte");
    const uint32_t mss = ipv6 ? 540 : 560;
    test.Equal(rig.client.biggest, mss, "payload and options fill the peer's MSS, no more");
    test.Equal(rig.server.biggest, mss, "nor more than the own MTU");
}

// Checks

/// Open, and forget what was sent.
void
Open(Rig& rig)
{
    rig.Connect();
    rig.Run(Seconds(1));
    rig.Both([](End& end) { end.log.clear(); });
}

void
ResetChecks(Case& test, Rig& rig)
{
    Open(rig);
    TcpSegment reset = Forge(rig.client, TCP_RST);
    reset.seq += 100;
    rig.client.Arrive(reset, Create<Packet>());
    test.Equal(rig.client.log.size(), 1u, "in the window: challenge ACK");
    reset.seq -= 200;
    rig.client.Arrive(reset, Create<Packet>());
    test.Equal(rig.client.log.size(), 1u, "outside: nothing");
    test.Equal(rig.client.ends.size(), 0u, "alive");
    reset.seq += 100;
    rig.client.Arrive(reset, Create<Packet>());
    test.Equal(rig.client.ends.size(), 1u, "exact: reset");
    test.Expect(rig.client.ends[0].resetByPeer, "by the peer");
    test.Equal(rig.client.log.size(), 1u, "without an answer");
}

void
SynInWindow(Case& test, Rig& rig)
{
    Open(rig);
    rig.client.Arrive(Forge(rig.client, TCP_SYN), Create<Packet>());
    test.Equal(rig.client.log.size(), 1u, "answered");
    test.Expect(IsPureAck(rig.client.log[0].segment), "by a challenge ACK");
    test.Equal(rig.client.ends.size(), 0u, "alive");
}

void
AckOfTheFuture(Case& test, Rig& rig)
{
    Open(rig);
    TcpSegment data = Forge(rig.client, TCP_ACK);
    data.ack += 1000;
    data.payloadSize = 10;
    rig.client.Arrive(data, Create<Packet>(10));
    test.Equal(rig.client.log.size(), 1u, "answered by an ACK");
    test.Equal(rig.client.received, 0u, "and dropped");
}

void
Paws(Case& test, Rig& rig)
{
    Open(rig);
    uint8_t byte = ByteAt(0);
    TcpSegment data = Forge(rig.client, TCP_ACK);
    data.payloadSize = 1;
    rig.Run(Seconds(1));
    TcpSegment fresh = Forge(rig.client, TCP_ACK);
    rig.client.Arrive(fresh, Create<Packet>());
    data.timestamps->value = 1;
    rig.client.Arrive(data, Create<Packet>(&byte, 1));
    test.Equal(rig.client.received, 0u, "a TSval below TS.Recent: dropped");
    test.Equal(rig.client.log.size(), 1u, "and acknowledged");
    data.timestamps.reset();
    rig.client.Arrive(data, Create<Packet>(&byte, 1));
    test.Equal(rig.client.received, 0u, "no timestamp: dropped (section 3.2)");
    data.timestamps = fresh.timestamps;
    rig.client.Arrive(data, Create<Packet>(&byte, 1));
    test.Equal(rig.client.received, 1u, "the same as TS.Recent: taken");
}

void
PawsAfterIdle(Case& test, Rig& rig)
{
    Open(rig);
    rig.Run(Days(30));
    rig.client.toSend = 1000;
    rig.client.Push();
    rig.server.toSend = 1000;
    rig.server.Push();
    rig.Run(Seconds(1));
    test.Expect(rig.AllRight(), "a TS.Recent of 24 days ago tells nothing");
}

void
OldData(Case& test, Rig& rig)
{
    rig.server.toSend = 1000;
    Open(rig);
    TcpSegment old = Forge(rig.client, TCP_ACK);
    old.seq = SequenceNumber32(rig.server.iss) + 1;
    old.payloadSize = 1000;
    rig.client.Arrive(old, Create<Packet>(1000));
    test.Equal(rig.client.log.size(), 1u, "acknowledged at once");
    test.Equal(rig.client.received, 1000u, "and not delivered again");
}

void
Probes(Case& test, Rig& rig)
{
    Open(rig);
    rig.client.subflow->SendProbe();
    rig.Run(MilliSeconds(100));
    test.Equal(rig.server.log.size(), 1u, "a probe is answered");
    test.Equal(rig.client.log.size(), 1u, "the answer is not");
}

// Closing

void
CloseOneByOne(Case& test, Rig& rig, bool clientFirst, uint64_t bytes)
{
    End& first = clientFirst ? rig.client : rig.server;
    End& second = clientFirst ? rig.server : rig.client;
    first.toSend = bytes;
    first.closeWhenSent = true;
    second.closeOnFin = true;
    rig.Connect();
    rig.Run(Seconds(10));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(first.fins + second.fins, 2u, "each hears of the other's FIN once");
    test.Equal(first.ends.size() + second.ends.size(), 2u, "both over");
    test.Equal(first.ends[0].error, Socket::ERROR_NOTERROR, "in order");
    test.Equal(second.ends[0].error, Socket::ERROR_NOTERROR, "in order");
    test.Equal(first.timeWait.has_value(), true, "TIME_WAIT where the close began");
    test.Equal(second.timeWait.has_value(), false, "and only there");
    test.Equal(second.removed, 1u, "the other end is gone");
    test.Equal(first.timeWait->expires - first.endedAt, Seconds(60), "as long as set");
}

void
SimultaneousClose(Case& test, Rig& rig)
{
    rig.Both(
        [](End& end)
        {
            end.toSend = 5000;
            end.closeWhenSent = true;
        });
    rig.Connect();
    // The server's FIN must not wait for the client's.
    rig.Run(Seconds(10));
    test.Expect(rig.AllRight(), "every byte");
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "both over");
    test.Expect(rig.client.timeWait || rig.server.timeWait, "TIME_WAIT");
}

void
CrossingFins(Case& test, Rig& rig)
{
    Open(rig);
    rig.client.subflow->Close();
    rig.server.subflow->Close();
    rig.Run(MilliSeconds(25));
    test.Equal(rig.client.subflow->GetState(), TcpSocket::CLOSING, "CLOSING");
    rig.Run(Seconds(5));
    test.Expect(rig.client.timeWait && rig.server.timeWait, "TIME_WAIT at both ends");
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "both over");
}

void
HalfClose(Case& test, Rig& rig)
{
    rig.client.toSend = 1000;
    rig.client.closeWhenSent = true;
    Open(rig);
    test.Equal(rig.client.subflow->GetState(), TcpSocket::FIN_WAIT_2, "half closed");
    rig.server.toSend = 200000;
    rig.server.closeWhenSent = true;
    rig.server.Push();
    rig.Run(Seconds(5));
    test.Expect(rig.AllRight(), "data goes on in the other direction");
    test.Equal(rig.server.ends.size(), 1u, "until that one closes");
}

void
FinLost(Case& test, Rig& rig)
{
    Open(rig);
    DropFirst(rig.client, 3, IsFin);
    rig.server.closeOnFin = true;
    const Time begin = Simulator::Now();
    rig.client.subflow->Close();
    rig.Run(Seconds(20));
    const auto fins = TimesOf(rig.client, IsFin);
    test.Equal(fins.size(), 4u, "repeated until acknowledged");
    for (size_t i = 0; i < fins.size(); ++i)
    {
        test.Near(fins[i] - begin, i == 0 ? 0 : (1 << i) * 100.0, "a probe, then with back-off");
    }
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "both over");
}

void
AckOfFinLost(Case& test, Rig& rig)
{
    Open(rig);
    DropFirst(rig.client, 2, IsPureAck);
    rig.server.subflow->Close();
    rig.client.closeOnFin = true;
    rig.Run(Seconds(20));
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "both over");
}

void
LastAckLost(Case& test, Rig& rig)
{
    rig.client.closeWhenSent = true;
    rig.server.closeOnFin = true;
    Open(rig);
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "both over");

    Rig again;
    again.client.closeWhenSent = true;
    again.server.closeOnFin = true;
    again.client.hook = [&](const std::string& name)
    {
        if (name == "fin")
        {
            again.client.filter = nullptr;
        }
    };
    again.Connect();
    DropFirst(again.client,
              1,
              [&](const TcpSegment& segment) {
                  return IsPureAck(segment) &&
                         segment.ack == SequenceNumber32(again.server.iss) + 2;
              });
    again.Run(Seconds(20));
    test.Equal(again.server.ends.size(), 1u, "TIME_WAIT answers the repeated FIN");
    test.Equal(again.server.ends[0].error, Socket::ERROR_NOTERROR, "in order");
}

void
FinOnData(Case& test, Rig& rig)
{
    Open(rig);
    uint8_t bytes[10];
    for (uint32_t i = 0; i < 10; ++i)
    {
        bytes[i] = ByteAt(i);
    }
    TcpSegment last = Forge(rig.client, TCP_ACK | TCP_FIN);
    last.seq += 5;
    last.payloadSize = 5;
    rig.client.Arrive(last, Create<Packet>(bytes + 5, 5));
    test.Equal(rig.client.fins, 0u, "a FIN beyond a gap waits");
    TcpSegment first = Forge(rig.client, TCP_ACK);
    first.payloadSize = 5;
    rig.client.Arrive(first, Create<Packet>(bytes, 5));
    test.Equal(rig.client.received, 10u, "all data");
    test.Expect(!rig.client.wrongByte, "in order");
    test.Equal(rig.client.fins, 1u, "then the FIN");
    test.Equal(rig.client.log.back().segment.ack, last.seq + 6, "which is acknowledged");
}

void
ResetWithReason(Case& test, Rig& rig)
{
    Open(rig);
    rig.client.subflow->Reset(MpTcpRst{1, 3}, Socket::ERROR_SHUTDOWN);
    test.Equal(rig.client.ends.size(), 1u, "over at once");
    test.Equal(rig.client.ends[0].error, Socket::ERROR_SHUTDOWN, "with the user's reason");
    rig.Run(MilliSeconds(100));
    test.Equal(rig.server.ends.size(), 1u, "the peer hears of it");
    test.Expect(rig.server.ends[0].resetByPeer && rig.server.ends[0].reason, "with MP_TCPRST");
    test.Equal(uint32_t(rig.server.ends[0].reason->reason), 3u, "and the reason");
}

/// The user refuses by what the peer's SYN or SYN/ACK carries.
void
ResetInHandshake(Case& test, Rig& rig, bool byOpener)
{
    End& end = byOpener ? rig.client : rig.server;
    end.hook = [&](const std::string& name)
    {
        if (name == "segment")
        {
            end.subflow->Reset(MpTcpRst{0, 1}, Socket::ERROR_NOTCONN);
        }
    };
    rig.Connect();
    rig.Run(Seconds(5));
    test.Equal(rig.client.ends.size() + rig.server.ends.size(), 2u, "both over at once");
    test.Expect(end.peer->ends[0].reason.has_value(), "the peer is told why");
    test.Expect(end.peer->endedAt < MilliSeconds(100), "soon");
}

void
CloseBeforeEstablished(Case& test, Rig& rig)
{
    rig.Connect();
    rig.client.subflow->Close();
    test.Equal(rig.client.ends.size(), 1u, "SYN_SENT: deleted");

    Rig other;
    other.client.closeOnFin = true;
    other.server.hook = [&](const std::string& name)
    {
        if (name == "segment" && other.server.subflow->GetState() == TcpSocket::SYN_RCVD)
        {
            other.server.subflow->Close();
        }
    };
    other.Connect();
    other.Run(Seconds(5));
    test.Equal(other.server.ends.size() + other.client.ends.size(), 2u, "SYN_RCVD: a FIN follows");
    test.Equal(other.server.ends[0].error, Socket::ERROR_NOTERROR, "in order");
}

void
NothingPends(Case& test, Rig& rig)
{
    rig.client.toSend = 100000;
    rig.Connect();
    Simulator::Run();
    test.Expect(rig.AllRight(), "every byte");
    test.Expect(Simulator::Now() < Seconds(2), "an idle connection has no events");
    rig.client.subflow->Close();
    rig.server.subflow->Close();
    const Time begin = Simulator::Now();
    Simulator::Run();
    test.Expect(rig.client.timeWait.has_value(), "TIME_WAIT");
    test.Expect(Simulator::Now() - begin < Seconds(1), "has no events either");
}

/// Every callback may do anything to the subflow.
void
Reentrant(Case& test, Rig& rig)
{
    const std::vector<std::string> callbacks{
        "segment", "established", "data", "fin", "acked", "room", "timeout"};
    for (const auto& callback : callbacks)
    {
        for (int action = 0; action < 4; ++action)
        {
            for (const bool client : {true, false})
            {
                Rig one;
                Disturb(one, 0.05, 0.2, 0.1, 5);
                one.Both(
                    [](End& end)
                    {
                        end.toSend = 100000;
                        end.closeWhenSent = true;
                        end.settings->m_dataRetries = 4;
                    });
                End& end = client ? one.client : one.server;
                uint32_t countdown = 3;
                end.hook = [&](const std::string& name)
                {
                    if (name != callback || (callback != "established" && --countdown > 0))
                    {
                        return;
                    }
                    switch (action)
                    {
                    case 0:
                        end.subflow->Reset(std::nullopt, Socket::ERROR_SHUTDOWN);
                        break;
                    case 1:
                        end.subflow->Abandon();
                        break;
                    case 2:
                        end.subflow->Close();
                        break;
                    default:
                        end.subflow->SendAck();
                        end.Push();
                    }
                };
                one.Connect();
                one.Run(Seconds(60));
                test.Expect(end.ends.size() <= 1, "OnEnded() at most once");
                test.Expect(!one.client.wrongByte && !one.server.wrongByte, "no wrong byte");
                if (action == 3)
                {
                    test.Expect(one.AllRight(), "every byte");
                }
            }
        }
    }
    rig.Run(Seconds(0));
}

class TcpSubflowTestSuite : public TestSuite
{
  public:
    TcpSubflowTestSuite()
        : TestSuite("mptcp-subflow", Type::UNIT)
    {
        Add("RFC 9293 3.5: three segments open a connection", ThreeSegments);
        Add("RFC 6298 5.5: a lost SYN is repeated",
            [](Case& test, Rig& rig) { SynLost(test, rig, 1, 1040); });
        Add("RFC 6298 5.5: a SYN lost twice is repeated twice",
            [](Case& test, Rig& rig) { SynLost(test, rig, 2, 3040); });
        for (const uint32_t times : {0, 1, 2, 3})
        {
            const std::string suffix = " times out " + std::to_string(times) + " times";
            Add("RFC 6928 2: the SYN" + suffix,
                [times](Case& test, Rig& rig) { InitialWindow(test, rig, true, times); });
            Add("RFC 6928 2: the SYN-ACK" + suffix,
                [times](Case& test, Rig& rig) { InitialWindow(test, rig, false, times); });
        }
        for (const uint32_t times : {1, 2})
        {
            const std::string suffix = times == 1 ? "once" : "twice";
            Add("RFC 9293 3.5: the SYN-ACK is lost " + suffix,
                [times](Case& test, Rig& rig) { SynAckLost(test, rig, times); });
            Add("RFC 9293 3.5: the third ACK is lost " + suffix,
                [times](Case& test, Rig& rig) { ThirdAckLost(test, rig, times); });
        }
        Add("RFC 9293 3.5: data after a lost third ACK opens too", ThirdAckLostBeforeData);
        Add("RFC 9293 3.10.7.2: data on a SYN is not acknowledged", DataOnSyn);
        Add("RFC 9293 3.5: both ends open at the same time", SimultaneousOpen);
        Add("RFC 9293 3.10.7.3: a wrong ACK in SYN-SENT is answered by RST", WrongAckInSynSent);
        Add("RFC 9293 3.10.7.3: RST with the right ACK refuses", Refused);
        Add("RFC 6298 5.5: an unanswered SYN ends in a time-out", Unanswered);
        Add("RFC 9293 3.10.7.4: a wrong ACK in SYN-RECEIVED is answered by RST",
            WrongAckInSynReceived);
        Add("RFC 7323 1.3: options are used only if both ends offer them", OptionsNotOffered);
        Add("RFC 9293 3.7.1: options count against the peer's MSS, IPv4",
            [](Case& test, Rig& rig) { SmallMss(test, rig, false); });
        Add("RFC 9293 3.7.1: options count against the peer's MSS, IPv6",
            [](Case& test, Rig& rig) { SmallMss(test, rig, true); });
        Add("RFC 5961 3.2: a RST counts only at RCV.NXT", ResetChecks);
        Add("RFC 5961 4.2: a SYN in the window is challenged", SynInWindow);
        Add("RFC 9293 3.10.7.4: an ACK of what was not sent is answered and dropped",
            AckOfTheFuture);
        Add("RFC 7323 5.3: PAWS drops what is older than TS.Recent", Paws);
        Add("RFC 7323 5.5: TS.Recent is forgotten after 24 days", PawsAfterIdle);
        Add("RFC 9293 3.10.7.4: old data is acknowledged at once", OldData);
        Add("RFC 9293 3.8.4: a segment below the window draws an ACK", Probes);
        for (const uint64_t bytes : {0, 50000})
        {
            const std::string suffix = bytes ? " after data" : "";
            Add("RFC 9293 3.6: the opener closes first" + suffix,
                [bytes](Case& test, Rig& rig) { CloseOneByOne(test, rig, true, bytes); });
            Add("RFC 9293 3.6: the listener closes first" + suffix,
                [bytes](Case& test, Rig& rig) { CloseOneByOne(test, rig, false, bytes); });
        }
        Add("RFC 9293 3.6: both close behind their data", SimultaneousClose);
        Add("RFC 9293 3.6: FINs cross", CrossingFins);
        Add("RFC 9293 3.6: one direction goes on after the other's FIN", HalfClose);
        Add("RFC 6298 5.5, RFC 8985 7: a lost FIN is repeated with back-off", FinLost);
        Add("RFC 9293 3.6: the ACK of a FIN is lost", AckOfFinLost);
        Add("RFC 9293 3.6.1: TIME-WAIT answers a repeated FIN", LastAckLost);
        Add("RFC 9293 3.10.7.4: FIN arrives with data and before other data", FinOnData);
        Add("RFC 8684 3.6: RST carries its reason", ResetWithReason);
        Add("RFC 8684 3.2: the opener refuses a SYN-ACK by RST",
            [](Case& test, Rig& rig) { ResetInHandshake(test, rig, true); });
        Add("RFC 8684 3.2: the listener refuses a SYN by RST",
            [](Case& test, Rig& rig) { ResetInHandshake(test, rig, false); });
        Add("RFC 9293 3.10.4: CLOSE before the handshake is over", CloseBeforeEstablished);
        Add("An idle connection has no event", NothingPends);
        Add("Every callback may reset, abandon, close or send", Reentrant);
    }

  private:
    /// @param name of the case @param body of the case
    void Add(const std::string& name, Case::Body body)
    {
        AddTestCase(new Case(name, std::move(body)));
    }
};

TcpSubflowTestSuite g_tcpSubflowTestSuite;

} // namespace
