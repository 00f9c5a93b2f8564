// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-subflow.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(TcpSubflow);

namespace
{

/// Least time between two answers to segments that carry nothing, or two ends that disagree would
/// acknowledge each other's acknowledgments for ever.
constexpr int64_t CHALLENGE_INTERVAL_MS = 200;

/// Maximum segment sizes without the option: RFC 9293 section 3.7.1.
constexpr uint32_t DEFAULT_MSS_IPV4 = 536;
constexpr uint32_t DEFAULT_MSS_IPV6 = 1220;

/// No peer gets smaller segments, whatever it asks for: the options need most of that.
constexpr uint32_t LEAST_MSS = 88;

/// RFC 7323 section 2.3.
constexpr uint8_t MAX_SHIFT = 14;

} // namespace

TypeId
TcpSubflow::GetTypeId()
{
    static TypeId tid = TypeId("ns3::TcpSubflow")
                            .SetParent<MptcpSubflow>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<TcpSubflow>();
    return tid;
}

TcpSubflow::TcpSubflow()
{
    m_retransmitTimer.SetFunction([this] { OnRetransmitTimer(); });
    m_delayedAckTimer.SetFunction([this] { OnDelayedAckTimer(); });
}

TcpSubflow::~TcpSubflow() = default;

void
TcpSubflow::Initialize(TcpOutput* output,
                       MptcpSubflowUser* user,
                       const TcpTuple& tuple,
                       std::shared_ptr<const TcpSettings> settings,
                       Ptr<TcpCongestionOps> congestion)
{
    m_output = output;
    m_user = user;
    m_tuple = tuple;
    m_settings = std::move(settings);
    m_mss = IsIpv6(tuple.localAddress) ? DEFAULT_MSS_IPV6 : DEFAULT_MSS_IPV4;
    m_rto = std::make_unique<TcpRto>(*m_settings);
    m_tracedRto = m_rto->Get();
    m_congestion = std::make_unique<TcpCongestion>(std::move(congestion), *m_settings);
}

void
TcpSubflow::DoDispose()
{
    m_retransmitTimer.Stop();
    m_delayedAckTimer.Stop();
    m_state = TcpSocket::CLOSED;
    m_output = nullptr;
    Release();
    MptcpSubflow::DoDispose();
}

void
TcpSubflow::Connect()
{
    if (m_state != TcpSocket::CLOSED || !m_user)
    {
        return;
    }
    m_active = true;
    m_iss = SequenceNumber32(m_output->GetInitialSequenceNumber());
    m_una = m_iss;
    m_next = m_iss + 1;
    SetState(TcpSocket::SYN_SENT);
    SendSyn();
    RestartTimer();
}

void
TcpSubflow::Accept(const TcpSegment& syn)
{
    if (m_state != TcpSocket::CLOSED || !m_user)
    {
        return;
    }
    const Ptr<TcpSubflow> self(this);
    if (!m_rxTrace.IsEmpty())
    {
        m_rxTrace(Create<Packet>(), MakeHeader(syn), self);
    }
    m_iss = SequenceNumber32(m_output->GetInitialSequenceNumber());
    m_una = m_iss;
    m_next = m_iss + 1;
    SetState(TcpSocket::LISTEN);
    MeetPeer(syn);
    if (m_user->OnSegment(*this, syn) == SegmentVerdict::DROP)
    {
        Abandon();
    }
    if (m_state != TcpSocket::LISTEN)
    {
        return;
    }
    Negotiate(syn);
    SetState(TcpSocket::SYN_RCVD);
    SendSyn();
    RestartTimer();
}

void
TcpSubflow::MeetPeer(const TcpSegment& syn)
{
    m_peerKnown = true;
    m_receiver.Start(syn.seq, m_settings->m_delAckCount);
}

void
TcpSubflow::Negotiate(const TcpSegment& syn)
{
    m_timestamps = m_settings->m_timestampEnabled && syn.timestamps;
    if (m_timestamps)
    {
        m_receiver.StartTimestamps(syn.timestamps->value, Simulator::Now());
    }
    m_sack = m_settings->m_sackEnabled && syn.sackPermitted;
    m_scaling = m_settings->m_winScalingEnabled && syn.windowScale;
    if (m_scaling)
    {
        m_sendShift = std::min(*syn.windowScale, MAX_SHIFT);
        m_receiveShift = GetOfferedShift();
    }
    const bool ipv6 = IsIpv6(m_tuple.localAddress);
    const uint32_t peers = syn.mss.value_or(ipv6 ? DEFAULT_MSS_IPV6 : DEFAULT_MSS_IPV4);
    m_mss = std::max(std::min(peers, GetOfferedMss()), LEAST_MSS);
    if (m_active)
    {
        m_receiver.OnAdvertise(m_windowField);
    }
}

void
TcpSubflow::Establish(const TcpSegment& segment)
{
    m_una = segment.ack;
    m_sendWindow = static_cast<uint32_t>(segment.window)
                   << (segment.Has(TCP_SYN) ? 0 : m_sendShift);
    m_maxSendWindow = m_sendWindow;
    m_wl1 = segment.seq;
    m_wl2 = segment.ack;
    m_scoreboard.Start(m_next, m_settings->m_retxThresh, m_sack);

    std::optional<Time> rtt;
    if (!m_synRepeated)
    {
        rtt = Simulator::Now() - m_synSent;
    }
    else if (m_timestamps && segment.timestamps)
    {
        rtt = GetTimestampRtt(segment.timestamps->echo);
    }
    if (rtt)
    {
        m_rto->OnSample(*rtt);
    }
    else
    {
        m_rto->OnSynLost();
    }
    m_rto->ResetBackOff();
    m_retries = 0;
    m_retransmitTimer.Cancel();
    m_congestion->Start(GetMaxPayload(), rtt, m_next);
    TraceRto();
    SetState(TcpSocket::ESTABLISHED);
    m_user->OnEstablished(*this);
    if (m_active && IsSynchronized())
    {
        SendPureAck(m_next);
    }
    if (m_closeWanted && m_state == TcpSocket::ESTABLISHED)
    {
        Close();
    }
}

void
TcpSubflow::Close()
{
    const Ptr<TcpSubflow> self(this);
    switch (m_state)
    {
    case TcpSocket::SYN_SENT:
        End(SubflowEnd());
        return;
    case TcpSocket::SYN_RCVD:
        m_closeWanted = true;
        return;
    case TcpSocket::ESTABLISHED:
        SetState(TcpSocket::FIN_WAIT_1);
        break;
    case TcpSocket::CLOSE_WAIT:
        SetState(TcpSocket::LAST_ACK);
        break;
    default:
        return;
    }
    SendFin();
}

void
TcpSubflow::Reset(std::optional<MpTcpRst> reason, Socket::SocketErrno error)
{
    if (m_state == TcpSocket::CLOSED || m_state == TcpSocket::TIME_WAIT)
    {
        return;
    }
    const Ptr<TcpSubflow> self(this);
    // RFC 9293 section 3.10.5: there may be nobody to tell yet, or nothing any more.
    if (m_peerKnown && m_state != TcpSocket::CLOSING && m_state != TcpSocket::LAST_ACK)
    {
        SendReset(reason);
    }
    SubflowEnd end;
    end.error = error;
    end.reason = reason;
    End(end);
}

void
TcpSubflow::Abandon()
{
    const Ptr<TcpSubflow> self(this);
    if (m_state != TcpSocket::TIME_WAIT && m_output)
    {
        Leave(TcpSocket::CLOSED);
    }
    Release();
}

void
TcpSubflow::End(const SubflowEnd& end)
{
    Leave(TcpSocket::CLOSED);
    if (m_user)
    {
        m_user->OnEnded(*this, end);
    }
    Release();
}

void
TcpSubflow::EndInTimeWait()
{
    TcpOutput::TimeWait entry;
    entry.tuple = m_tuple;
    entry.expires = Simulator::Now() + m_settings->m_timeWait;
    entry.next = m_next;
    entry.expected = m_receiver.GetNext();
    entry.timestamps = m_timestamps;
    entry.recentTimestamp = m_receiver.GetRecentTimestamp();
    entry.window = m_windowField;
    m_retransmitTimer.Stop();
    m_delayedAckTimer.Stop();
    SetState(TcpSocket::TIME_WAIT);
    m_output->EnterTimeWait(*this, entry);
    if (m_user)
    {
        m_user->OnEnded(*this, SubflowEnd());
    }
    Release();
}

void
TcpSubflow::Leave(TcpSocket::TcpStates_t state)
{
    m_retransmitTimer.Stop();
    m_delayedAckTimer.Stop();
    SetState(state);
    TcpOutput* const output = std::exchange(m_output, nullptr);
    if (output)
    {
        output->Remove(*this);
    }
}

void
TcpSubflow::Release()
{
    m_user = nullptr;
    m_scoreboard.Clear();
    m_receiver.Clear();
}

void
TcpSubflow::SetState(TcpSocket::TcpStates_t state)
{
    if (state != m_state)
    {
        const auto old = std::exchange(m_state, state);
        m_stateTrace(old, state);
    }
}

bool
TcpSubflow::IsSynchronized() const
{
    switch (m_state)
    {
    case TcpSocket::ESTABLISHED:
    case TcpSocket::FIN_WAIT_1:
    case TcpSocket::FIN_WAIT_2:
    case TcpSocket::CLOSE_WAIT:
    case TcpSocket::CLOSING:
    case TcpSocket::LAST_ACK:
        return true;
    default:
        return false;
    }
}

// Arrival

void
TcpSubflow::Receive(const TcpSegment& segment, Ptr<Packet> payload)
{
    const Ptr<TcpSubflow> self(this);
    if (!m_rxTrace.IsEmpty())
    {
        m_rxTrace(payload, MakeHeader(segment), self);
    }
    switch (m_state)
    {
    case TcpSocket::SYN_SENT:
        ReceiveInSynSent(segment);
        return;
    case TcpSocket::LISTEN:
    case TcpSocket::TIME_WAIT:
        return;
    case TcpSocket::CLOSED:
        SendResetFor(segment);
        return;
    default:
        ReceiveSynchronized(segment, payload);
    }
}

void
TcpSubflow::ReceiveInSynSent(const TcpSegment& segment)
{
    const bool ack = segment.Has(TCP_ACK);
    if (ack && segment.ack != m_next)
    {
        SendResetFor(segment);
        return;
    }
    if (segment.Has(TCP_RST))
    {
        if (ack && m_user->OnSegment(*this, segment) != SegmentVerdict::DROP &&
            m_state == TcpSocket::SYN_SENT)
        {
            SubflowEnd end;
            end.error = Socket::ERROR_NOTCONN;
            end.refused = true;
            end.reason = FindReason(segment);
            End(end);
        }
        return;
    }
    if (!segment.Has(TCP_SYN))
    {
        return;
    }
    MeetPeer(segment);
    if (m_user->OnSegment(*this, segment) == SegmentVerdict::DROP || m_state != TcpSocket::SYN_SENT)
    {
        return;
    }
    Negotiate(segment);
    if (!ack)
    {
        // Both ends open at the same time (section 3.5, figure 7).
        SetState(TcpSocket::SYN_RCVD);
        m_synRepeated = true;
        SendSyn();
        return;
    }
    Establish(segment);
    if (IsSynchronized())
    {
        m_user->OnSendRoom(*this);
    }
}

void
TcpSubflow::ReceiveSynchronized(const TcpSegment& segment, Ptr<Packet> payload)
{
    const bool opening = m_state == TcpSocket::SYN_RCVD;
    // The peer's SYN again: our answer was lost, or it opened at the same time and answers ours.
    const bool synAgain = opening && segment.Has(TCP_SYN) && segment.seq == m_receiver.GetInitial();
    if (synAgain && !segment.Has(TCP_ACK))
    {
        m_synRepeated = true;
        SendSyn();
        return;
    }
    if (!synAgain && !CheckSequence(segment))
    {
        return;
    }
    if (segment.Has(TCP_RST))
    {
        OnReset(segment);
        return;
    }
    if (segment.Has(TCP_SYN) && !synAgain)
    {
        SendChallengeAck(segment);
        return;
    }
    if (!segment.Has(TCP_ACK) || !CheckAck(segment))
    {
        return;
    }
    const SegmentVerdict verdict = m_user->OnSegment(*this, segment);
    if (verdict == SegmentVerdict::DROP || m_state == TcpSocket::CLOSED)
    {
        return;
    }
    if (m_timestamps)
    {
        m_receiver.OnTimestamp(segment, Simulator::Now());
    }
    if (m_state == TcpSocket::SYN_RCVD)
    {
        Establish(segment);
        if (!IsSynchronized())
        {
            return;
        }
    }
    if (!ProcessAck(segment, verdict))
    {
        return;
    }
    if (segment.payloadSize > 0 && !synAgain && !ProcessPayload(segment, payload))
    {
        return;
    }
    if (segment.Has(TCP_FIN) && !synAgain)
    {
        m_receiver.OnFin(segment.seq + static_cast<int32_t>(segment.payloadSize));
        m_receiver.RequireAck();
    }
    if (m_receiver.TakeFin() && !OnFinReceived())
    {
        return;
    }
    if (m_receiver.IsGapAckDue())
    {
        SendPureAck(m_next);
    }
    m_user->OnSendRoom(*this);
    if (IsSynchronized())
    {
        AcknowledgeIfDue();
    }
}

bool
TcpSubflow::CheckSequence(const TcpSegment& segment)
{
    const bool reset = segment.Has(TCP_RST);
    if (m_timestamps && !reset)
    {
        if (!segment.timestamps)
        {
            return false; // RFC 7323 section 3.2
        }
        if (m_receiver.IsOld(segment.timestamps->value, Simulator::Now()) && !IsOvertaken(segment))
        {
            SendChallengeAck(segment);
            return false;
        }
    }
    if (!m_receiver.IsAcceptable(segment))
    {
        if (!reset)
        {
            SendChallengeAck(segment);
        }
        return false;
    }
    return true;
}

std::optional<MpTcpRst>
TcpSubflow::FindReason(const TcpSegment& segment)
{
    const auto* reason = segment.Find<MpTcpRst>();
    return reason ? std::optional<MpTcpRst>(*reason) : std::nullopt;
}

bool
TcpSubflow::IsOvertaken(const TcpSegment& segment) const
{
    return segment.SequenceLength() == 0 && segment.seq == m_receiver.GetNext() &&
           m_receiver.GetRecentTimestamp() - segment.timestamps->value <=
               static_cast<uint32_t>(m_rto->Get().GetMilliSeconds());
}

void
TcpSubflow::OnReset(const TcpSegment& segment)
{
    if (segment.seq != m_receiver.GetNext())
    {
        SendChallengeAck(segment);
        return;
    }
    if (m_user->OnSegment(*this, segment) == SegmentVerdict::DROP || m_state == TcpSocket::CLOSED)
    {
        return;
    }
    SubflowEnd end;
    end.resetByPeer = true;
    end.refused = m_state == TcpSocket::SYN_RCVD && m_active;
    end.reason = FindReason(segment);
    // Section 3.10.7.4: when both FINs have been sent only the last ACK may be missing.
    const bool bothClosed = m_state == TcpSocket::CLOSING || m_state == TcpSocket::LAST_ACK;
    end.error = bothClosed && GetHeldBytes() == 0 ? Socket::ERROR_NOTERROR : Socket::ERROR_NOTCONN;
    End(end);
}

bool
TcpSubflow::CheckAck(const TcpSegment& segment)
{
    if (m_state == TcpSocket::SYN_RCVD)
    {
        if (segment.ack == m_next)
        {
            return true;
        }
        SendResetFor(segment);
        return false;
    }
    // RFC 5961 section 5.2 bounds how old an acknowledgment may be.
    if (segment.ack > m_next || m_una - segment.ack > static_cast<int64_t>(m_maxSendWindow))
    {
        SendChallengeAck(segment);
        return false;
    }
    return true;
}

bool
TcpSubflow::ProcessAck(const TcpSegment& segment, SegmentVerdict verdict)
{
    if (segment.ack < m_una)
    {
        return true;
    }
    bool windowChanged = false;
    if (m_wl1 < segment.seq || (m_wl1 == segment.seq && m_wl2 <= segment.ack))
    {
        const uint32_t window = static_cast<uint32_t>(segment.window)
                                << (segment.Has(TCP_SYN) ? 0 : m_sendShift);
        windowChanged = window != m_sendWindow;
        m_sendWindow = window;
        m_maxSendWindow = std::max(m_maxSendWindow, window);
        m_wl1 = segment.seq;
        m_wl2 = segment.ack;
    }
    if (m_scoreboard.Empty())
    {
        return true;
    }

    const bool advanced = segment.ack > m_una;
    const bool duplicate = !advanced && segment.payloadSize == 0 && !segment.Has(TCP_FIN) &&
                           !windowChanged && verdict != SegmentVerdict::SIGNAL;
    TcpCongestion::AckEvent event;
    event.priorInFlight = m_scoreboard.GetPipe();
    const auto result = m_scoreboard.OnAck(
        segment.ack, segment.sack, duplicate, m_rto->GetMinRtt(), Simulator::Now());
    m_una = segment.ack;
    m_ackedBytes += result.ackedBytes;
    // An ACK that a retransmission has drawn may acknowledge others whose own ACKs were lost.
    auto rtt = result.retransmissionAcked ? std::nullopt : result.rtt;
    if (!rtt && advanced && segment.timestamps && m_timestamps)
    {
        // Timestamps tell retransmissions apart (RFC 7323 section 4.1).
        rtt = GetTimestampRtt(segment.timestamps->echo);
    }
    if (rtt)
    {
        m_rto->OnSample(*rtt);
    }
    if (advanced)
    {
        m_timeouts = 0;
        m_retries = 0;
        m_rto->ResetBackOff();
        if (m_scoreboard.Empty())
        {
            m_retransmitTimer.Cancel();
        }
        else
        {
            RestartTimer();
        }
    }
    else if (m_sendWindow == 0)
    {
        m_retries = 0; // Section 3.8.6.1: the peer lives.
    }
    TraceRto();

    event.ack = m_una;
    event.next = m_next;
    event.ackedBytes = result.ackedBytes;
    event.deliveredBytes = result.deliveredBytes;
    event.inFlight = m_scoreboard.GetPipe();
    event.lossDetected = result.lossDetected;
    event.isDupAck = duplicate || result.newSack;
    event.retransmissionAcked = result.retransmissionAcked;
    event.rtt = rtt;
    if (segment.timestamps)
    {
        event.timestampValue = segment.timestamps->value;
        event.timestampEcho = segment.timestamps->echo;
    }
    const bool wasInRecovery = m_congestion->InRecovery();
    m_congestion->OnAck(event, m_rto->GetSmoothedRtt());
    if (m_scoreboard.GetLost())
    {
        TransmitLost(!wasInRecovery);
    }

    if (result.ackedBytes > 0)
    {
        m_user->OnAcked(*this, m_ackedBytes);
    }
    if (!IsSynchronized())
    {
        return false;
    }
    return !(m_finSent && m_una == m_next) || OnFinAcked();
}

bool
TcpSubflow::OnFinAcked()
{
    switch (m_state)
    {
    case TcpSocket::FIN_WAIT_1:
        SetState(TcpSocket::FIN_WAIT_2);
        return true;
    case TcpSocket::CLOSING:
        EndInTimeWait();
        return false;
    case TcpSocket::LAST_ACK:
        End(SubflowEnd());
        return false;
    default:
        return true;
    }
}

bool
TcpSubflow::ProcessPayload(const TcpSegment& segment, Ptr<Packet> payload)
{
    if (m_state != TcpSocket::ESTABLISHED && m_state != TcpSocket::FIN_WAIT_1 &&
        m_state != TcpSocket::FIN_WAIT_2)
    {
        return true;
    }
    m_receiver.Insert(segment,
                      payload,
                      [this](uint64_t offset, Ptr<Packet> data)
                      {
                          m_user->OnData(*this, offset, data);
                          return IsSynchronized();
                      });
    return IsSynchronized();
}

bool
TcpSubflow::OnFinReceived()
{
    switch (m_state)
    {
    case TcpSocket::ESTABLISHED:
        SetState(TcpSocket::CLOSE_WAIT);
        m_user->OnFin(*this);
        return IsSynchronized();
    case TcpSocket::FIN_WAIT_1:
        SetState(TcpSocket::CLOSING);
        m_user->OnFin(*this);
        return IsSynchronized();
    case TcpSocket::FIN_WAIT_2:
        SendPureAck(m_next);
        m_user->OnFin(*this);
        if (IsSynchronized())
        {
            EndInTimeWait();
        }
        return false;
    default:
        return true;
    }
}

void
TcpSubflow::SendChallengeAck(const TcpSegment& segment)
{
    if (segment.SequenceLength() == 0 || segment.Has(TCP_SYN))
    {
        const Time now = Simulator::Now();
        if (now < m_nextChallenge)
        {
            return;
        }
        m_nextChallenge = now + MilliSeconds(CHALLENGE_INTERVAL_MS);
    }
    SendPureAck(m_next);
}

// What the user asks

void
TcpSubflow::SetStale(bool stale)
{
    m_rto->SetStale(stale);
    TraceRto();
    if (m_retransmitTimer.IsRunning() &&
        m_retransmitTimer.GetDeadline() > Simulator::Now() + m_rto->Get())
    {
        RestartTimer();
    }
}

uint32_t
TcpSubflow::GetSendRoom() const
{
    if ((m_state != TcpSocket::ESTABLISHED && m_state != TcpSocket::CLOSE_WAIT) ||
        m_scoreboard.GetLost())
    {
        return 0;
    }
    const int64_t window = int64_t(m_sendWindow) - (m_next - m_una);
    if (window <= 0)
    {
        return 0;
    }
    const uint32_t pipe = m_scoreboard.GetPipe();
    const uint32_t cwnd = m_congestion->GetWindow();
    // Whole segments only, or each ACK would be worth a small one.
    const uint32_t least = pipe > 0 ? m_congestion->GetState()->m_segmentSize : 1;
    const uint32_t room = cwnd > pipe ? cwnd - pipe : 0;
    if (room < least)
    {
        return 0;
    }
    return static_cast<uint32_t>(std::min<int64_t>(room, window));
}

void
TcpSubflow::VisitHeldData(
    const std::function<void(DataSequenceNumber, Ptr<const Packet>)>& visit) const
{
    m_scoreboard.Visit(
        [&visit](const TcpScoreboard::Record& record)
        {
            if (record.packet)
            {
                visit(record.dataSequence, record.packet);
            }
        });
}

uint32_t
TcpSubflow::GetMaxPayload() const
{
    uint32_t most = m_mss - (m_timestamps ? 12 : 0);
    const uint32_t reserve = m_user ? m_user->GetOptionReserve(*this) : 0;
    most = most > reserve ? most - reserve : 1;
    return m_settings->m_segmentSize > 0 ? std::min(most, m_settings->m_segmentSize) : most;
}

TcpSocket::TcpStates_t
TcpSubflow::GetState() const
{
    return m_state;
}

const TcpTuple&
TcpSubflow::GetTuple() const
{
    return m_tuple;
}

Time
TcpSubflow::GetSmoothedRtt() const
{
    return m_rto->GetSmoothedRtt();
}

Time
TcpSubflow::GetRto() const
{
    return m_rto->Get();
}

uint32_t
TcpSubflow::GetCongestionWindow() const
{
    return m_congestion->GetWindow();
}

uint32_t
TcpSubflow::GetBytesInFlight() const
{
    return m_scoreboard.GetPipe();
}

uint32_t
TcpSubflow::GetHeldBytes() const
{
    return static_cast<uint32_t>(m_sentBytes - m_ackedBytes);
}

uint32_t
TcpSubflow::GetTimeouts() const
{
    return m_timeouts;
}

uint64_t
TcpSubflow::GetBytesSent() const
{
    return m_sentBytes;
}

uint8_t
TcpSubflow::GetReceiveWindowShift() const
{
    return m_receiveShift;
}

uint8_t
TcpSubflow::GetSendWindowShift() const
{
    return m_sendShift;
}

Ptr<TcpCongestionOps>
TcpSubflow::GetCongestionOps() const
{
    return m_congestion ? m_congestion->GetOps() : nullptr;
}

Ptr<TcpSocketState>
TcpSubflow::GetSocketState() const
{
    return m_congestion ? m_congestion->GetState() : nullptr;
}

} // namespace ns3
