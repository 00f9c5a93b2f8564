// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_SUBFLOW_RIG_H
#define TCP_SUBFLOW_RIG_H

#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/tcp-linux-reno.h"
#include "ns3/tcp-subflow.h"
#include "ns3/test.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace tcprig
{

/// @param offset of a byte in the stream @return its value: no two neighbourhoods look alike
inline uint8_t
ByteAt(uint64_t offset)
{
    uint64_t x = offset * 0x9e3779b97f4a7c15ULL;
    return static_cast<uint8_t>((x >> 32) ^ (x >> 56));
}

/// A segment that was put on the wire.
struct Sent
{
    Time at;            //!< when
    TcpSegment segment; //!< its header
    uint8_t ecn{0};     //!< ECN field of its packet, as it leaves
};

/// @param packet with or without a tag for IP @return the ECN field that IP will write
inline uint8_t
GetEcnField(const Packet& packet)
{
    SocketIpTosTag tos;
    SocketIpv6TclassTag trafficClass;
    const uint8_t field = packet.PeekPacketTag(tos)            ? tos.GetTos()
                          : packet.PeekPacketTag(trafficClass) ? trafficClass.GetTclass()
                                                               : 0;
    return field & 3;
}

/**
 * One end: the node below the subflow and the user above it. Segments travel as bytes to the
 * other end, after a delay, unless the filter takes them.
 */
class End : public TcpOutput,
            public MptcpSubflowUser
{
  public:
    /// What becomes of a segment on its way.
    struct Fate
    {
        bool drop{false};      //!< lost
        Time extraDelay{0};    //!< arrives later than others
        bool duplicate{false}; //!< arrives twice
        bool congested{false}; //!< gets CE, if it is ECN-capable
    };

    std::shared_ptr<TcpSettings> settings{std::make_shared<TcpSettings>()};
    TypeId congestion{TcpLinuxReno::GetTypeId()};
    End* peer{nullptr};
    bool listening{false};
    bool ipv6{false};
    uint32_t mtu{1500};
    uint32_t pathMtu{0}; //!< what the node has learned of the path, 0: nothing
    uint32_t iss{1000};
    uint32_t reserve{0};          //!< of GetOptionReserve(); that many bytes are added
    Time delay{MilliSeconds(20)}; //!< one way
    uint64_t rate{0};             //!< bit/s, 0: no limit
    uint32_t queueLimit{100};     //!< packets, with a rate
    std::function<Fate(const TcpSegment&, uint32_t)> filter; //!< with the number, from 0
    SegmentVerdict verdict{SegmentVerdict::PROCESS};
    std::function<void(const std::string&)> hook; //!< hears of each callback before it is done
    std::function<void(TcpOptionSpace&, const OutgoingSegment&)> options;

    uint64_t toSend{0};        //!< bytes of the stream
    bool closeWhenSent{false}; //!< FIN behind them
    bool closeOnFin{false};    //!< FIN when the peer's has come
    uint32_t buffer{1 << 22};  //!< receive buffer
    bool reading{true};        //!< the application reads

    Ptr<TcpSubflow> subflow;
    uint64_t sent{0};     //!< bytes given to the subflow
    uint64_t received{0}; //!< bytes in order
    uint64_t unread{0};   //!< of them, in the buffer
    uint64_t acked{0};
    bool wrongByte{false}; //!< a byte or offset was not as expected
    uint32_t established{0};
    uint32_t fins{0};
    std::vector<SubflowEnd> ends;
    std::vector<Time> timeouts;
    std::vector<Sent> log; //!< what this end has sent
    std::optional<TimeWait> timeWait;
    uint32_t removed{0};
    uint32_t queueDrops{0};
    Time endedAt;
    uint32_t maxFlight{0};  //!< most bytes between ack and next that a segment made
    bool overWindow{false}; //!< a segment went beyond the window advertised by the peer
    uint32_t biggest{0};    //!< most payload and options in a segment with payload

    /// @return addresses and ports of this end, the other one is its mirror
    TcpTuple Tuple(bool first) const
    {
        TcpTuple tuple;
        if (ipv6)
        {
            tuple.localAddress = Ipv6Address(first ? "2001:1::1" : "2001:1::2");
            tuple.remoteAddress = Ipv6Address(first ? "2001:1::2" : "2001:1::1");
        }
        else
        {
            tuple.localAddress = Ipv4Address(first ? "10.0.0.1" : "10.0.0.2");
            tuple.remoteAddress = Ipv4Address(first ? "10.0.0.2" : "10.0.0.1");
        }
        tuple.localPort = first ? 5000 : 80;
        tuple.remotePort = first ? 80 : 5000;
        return tuple;
    }

    /// Make the subflow.
    void Create(bool first)
    {
        ObjectFactory factory;
        factory.SetTypeId(congestion);
        subflow = CreateObject<TcpSubflow>();
        subflow->Initialize(this, this, Tuple(first), settings, factory.Create<TcpCongestionOps>());
    }

    /// Send what can be sent.
    void Push()
    {
        if (subflow->GetState() != TcpSocket::ESTABLISHED &&
            subflow->GetState() != TcpSocket::CLOSE_WAIT)
        {
            return;
        }
        while (sent < toSend)
        {
            const uint64_t size = std::min<uint64_t>(
                {subflow->GetSendRoom(), subflow->GetMaxPayload(), toSend - sent});
            if (size == 0)
            {
                break;
            }
            std::vector<uint8_t> bytes(size);
            for (uint64_t i = 0; i < size; ++i)
            {
                bytes[i] = ByteAt(sent + i);
            }
            const uint64_t at = sent;
            sent += size;
            subflow->SendData(
                ns3::Create<Packet>(bytes.data(), size), DataSequenceNumber(at), sent == toSend);
        }
        if (closeWhenSent && sent == toSend)
        {
            subflow->Close();
        }
    }

    /// The application reads all, and goes on reading.
    void Resume()
    {
        reading = true;
        unread = 0;
        subflow->SendAck();
    }

    // TcpOutput
    void SendSegment(Ptr<Packet> payload, TcpHeader& header, const TcpTuple& tuple) override
    {
        payload->AddHeader(header);
        uint8_t bytes[60];
        const uint32_t size = payload->CopyData(bytes, sizeof bytes);
        auto parsed = ParseTcpSegment(bytes, size, payload->GetSize());
        if (!parsed.segment || parsed.segment->sourcePort != tuple.localPort)
        {
            wrongByte = true;
            return;
        }
        TcpSegment& segment = *parsed.segment;
        log.push_back({Simulator::Now(), segment, GetEcnField(*payload)});
        if (segment.payloadSize > 0)
        {
            biggest = std::max(biggest, segment.payloadSize + segment.headerSize - 20);
        }
        Check(segment);
        payload->RemoveAtStart(segment.headerSize);
        Fate fate;
        if (filter)
        {
            fate = filter(segment, static_cast<uint32_t>(log.size() - 1));
        }
        segment.ce = fate.congested && log.back().ecn != 0;
        Time wait = delay;
        if (rate > 0)
        {
            const Time now = Simulator::Now();
            const Time each = Seconds((payload->GetSize() + segment.headerSize + 22) * 8.0 / rate);
            m_free = std::max(m_free, now);
            if (m_free - now > each * static_cast<int64_t>(queueLimit))
            {
                ++queueDrops;
                return;
            }
            m_free += each;
            wait += m_free - now;
        }
        if (fate.drop)
        {
            return;
        }
        Simulator::Schedule(wait + fate.extraDelay, &End::Arrive, peer, segment, payload);
        if (fate.duplicate)
        {
            Simulator::Schedule(wait + fate.extraDelay + MilliSeconds(1),
                                &End::Arrive,
                                peer,
                                segment,
                                payload->Copy());
        }
    }

    uint32_t GetMtu(const TcpTuple&) const override
    {
        return mtu;
    }

    uint32_t GetPathMtu(const TcpTuple&) const override
    {
        return pathMtu;
    }

    uint32_t GetInitialSequenceNumber() override
    {
        return iss;
    }

    void Remove(TcpSubflow&) override
    {
        ++removed;
    }

    void EnterTimeWait(TcpSubflow&, const TimeWait& entry) override
    {
        timeWait = entry;
    }

    // MptcpSubflowUser
    void AddOptions(MptcpSubflow&, const OutgoingSegment& segment, TcpOptionSpace& space) override
    {
        if (options)
        {
            options(space, segment);
        }
    }

    uint32_t GetOptionReserve(const MptcpSubflow&) override
    {
        return reserve;
    }

    uint32_t GetReceiveWindow(const MptcpSubflow&) override
    {
        return buffer - static_cast<uint32_t>(std::min<uint64_t>(unread, buffer));
    }

    SegmentVerdict OnSegment(MptcpSubflow&, const TcpSegment&) override
    {
        Hear("segment");
        return verdict;
    }

    void OnEstablished(MptcpSubflow&) override
    {
        ++established;
        Hear("established");
    }

    void OnData(MptcpSubflow&, uint64_t offset, Ptr<Packet> data) override
    {
        wrongByte = wrongByte || offset != received + 1;
        std::vector<uint8_t> bytes(data->GetSize());
        data->CopyData(bytes.data(), bytes.size());
        for (size_t i = 0; i < bytes.size(); ++i)
        {
            wrongByte = wrongByte || bytes[i] != ByteAt(received + i);
        }
        received += bytes.size();
        unread += reading ? 0 : bytes.size();
        Hear("data");
    }

    void OnFin(MptcpSubflow&) override
    {
        ++fins;
        Hear("fin");
        if (closeOnFin)
        {
            subflow->Close();
        }
    }

    void OnAcked(MptcpSubflow&, uint64_t bytes) override
    {
        acked = bytes;
        Hear("acked");
    }

    void OnSendRoom(MptcpSubflow&) override
    {
        Hear("room");
        Push();
    }

    void OnTimeout(MptcpSubflow&, uint32_t) override
    {
        timeouts.push_back(Simulator::Now());
        Hear("timeout");
    }

    void OnEnded(MptcpSubflow&, const SubflowEnd& end) override
    {
        ends.push_back(end);
        endedAt = Simulator::Now();
        Hear("ended");
    }

    /// A segment arrives. @param segment its header @param payload its payload
    void Arrive(TcpSegment segment, Ptr<Packet> payload)
    {
        if (segment.Has(TCP_ACK) && !segment.Has(TCP_SYN) && subflow)
        {
            const SequenceNumber32 edge =
                segment.ack +
                static_cast<int32_t>(uint32_t(segment.window) << subflow->GetSendWindowShift());
            m_edge = m_edge ? std::max(*m_edge, edge) : edge;
            m_una = m_una ? std::max(*m_una, segment.ack) : segment.ack;
        }
        if (timeWait)
        {
            if (segment.Has(TCP_FIN))
            {
                AnswerInTimeWait();
            }
            return;
        }
        if (!subflow && listening && segment.Has(TCP_SYN) && !segment.Has(TCP_ACK))
        {
            Create(false);
            subflow->Accept(segment);
            return;
        }
        if (subflow)
        {
            subflow->Receive(segment, payload);
        }
    }

  private:
    /// @param name of a callback
    void Hear(const std::string& name)
    {
        if (hook)
        {
            hook(name);
        }
    }

    /// Look whether a segment keeps to the peer's window. @param segment it
    void Check(const TcpSegment& segment)
    {
        if (segment.payloadSize > 0 && m_una)
        {
            const SequenceNumber32 end = segment.seq + static_cast<int32_t>(segment.payloadSize);
            maxFlight = std::max<uint32_t>(maxFlight, end - *m_una);
            overWindow = overWindow || end > *m_edge;
        }
    }

    /// What the node does in TIME_WAIT.
    void AnswerInTimeWait()
    {
        TcpHeader header;
        header.SetSourcePort(timeWait->tuple.localPort);
        header.SetDestinationPort(timeWait->tuple.remotePort);
        header.SetFlags(TcpHeader::ACK);
        header.SetSequenceNumber(timeWait->next);
        header.SetAckNumber(timeWait->expected);
        TcpSegment segment;
        segment.flags = TCP_ACK;
        segment.seq = timeWait->next;
        segment.ack = timeWait->expected;
        segment.window = timeWait->window;
        if (timeWait->timestamps)
        {
            segment.timestamps =
                TcpSegment::Timestamps{TcpSubflow::GetTimestampClock(), timeWait->recentTimestamp};
        }
        Simulator::Schedule(delay, &End::Arrive, peer, segment, ns3::Create<Packet>());
    }

    Time m_free;                            //!< when the link is idle again
    std::optional<SequenceNumber32> m_edge; //!< right edge that arrived here
    std::optional<SequenceNumber32> m_una;  //!< ACK that arrived here
};

/**
 * A segment as the other end would send it now, by default a pure ACK in sequence.
 * @param to who shall receive it
 * @param flags its flags
 * @return the segment, to be changed at will
 */
inline TcpSegment
Forge(const End& to, uint8_t flags)
{
    TcpSegment segment;
    segment.flags = flags;
    segment.sourcePort = to.subflow->GetTuple().remotePort;
    segment.destinationPort = to.subflow->GetTuple().localPort;
    segment.seq = SequenceNumber32(to.peer->iss) + 1 + static_cast<int32_t>(to.received);
    segment.ack = SequenceNumber32(to.iss) + 1 + static_cast<int32_t>(to.sent);
    segment.window = 1000;
    segment.timestamps = TcpSegment::Timestamps{TcpSubflow::GetTimestampClock(), 0};
    return segment;
}

/// Two ends and what lies between them.
struct Rig
{
    End client; //!< opens
    End server; //!< listens

    Rig()
    {
        client.peer = &server;
        server.peer = &client;
        server.listening = true;
        server.iss = 70000;
    }

    ~Rig()
    {
        Simulator::Destroy();
    }

    /// The same for both ends. @param change what to do with each
    void Both(const std::function<void(End&)>& change)
    {
        change(client);
        change(server);
    }

    /// Open. Nothing happens before Simulator::Run().
    void Connect()
    {
        client.Create(true);
        client.subflow->Connect();
    }

    /// Run for a time. @param time how long
    void Run(Time time)
    {
        Simulator::Stop(time);
        Simulator::Run();
    }

    /// @return whether all bytes arrived, and no wrong one
    bool AllRight() const
    {
        return client.received == server.toSend && server.received == client.toSend &&
               !client.wrongByte && !server.wrongByte && !client.overWindow && !server.overWindow;
    }
};

/// A test that is a function of a rig.
class Case : public TestCase
{
  public:
    using Body = std::function<void(Case&, Rig&)>;

    /// @param name what is tested @param body the test
    Case(const std::string& name, Body body)
        : TestCase(name),
          m_body(std::move(body))
    {
    }

    /// @param ok whether it is as it should be @param what what it is
    void Expect(bool ok, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(ok, true, what);
    }

    /// @param actual what came @param expected what should have come @param what what it is
    template <typename A, typename B>
    void Equal(const A& actual, const B& expected, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(actual, expected, what);
    }

    /// @param actual a time @param milliseconds what it should be, to the millisecond
    /// @param what what it is
    void Near(Time actual, double milliseconds, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ_TOL(actual.GetSeconds() * 1000, milliseconds, 1.0, what);
    }

  private:
    void DoRun() override
    {
        Rig rig;
        m_body(*this, rig);
    }

    Body m_body; //!< the test
};

/// Drop the segments of one end for which a condition holds, the first times only.
/// @param end whose @param times how often @param which the condition
inline void
DropFirst(End& end, uint32_t times, std::function<bool(const TcpSegment&)> which)
{
    end.filter = [times, which](const TcpSegment& segment, uint32_t) mutable
    {
        End::Fate fate;
        if (times > 0 && which(segment))
        {
            --times;
            fate.drop = true;
        }
        return fate;
    };
}

/// Lose, delay and duplicate segments of both ends at random.
/// @param rig both ends @param loss probability @param reorder probability
/// @param duplicate probability @param stream of the random numbers
inline void
Disturb(Rig& rig, double loss, double reorder, double duplicate, int64_t stream)
{
    auto random = CreateObject<UniformRandomVariable>();
    random->SetStream(stream);
    rig.Both(
        [=](End& end)
        {
            end.filter = [=](const TcpSegment&, uint32_t)
            {
                End::Fate fate;
                fate.drop = random->GetValue() < loss;
                if (random->GetValue() < reorder)
                {
                    fate.extraDelay = MilliSeconds(static_cast<uint64_t>(random->GetValue(0, 30)));
                }
                fate.duplicate = random->GetValue() < duplicate;
                return fate;
            };
        });
}

} // namespace tcprig
} // namespace ns3

#endif // TCP_SUBFLOW_RIG_H
