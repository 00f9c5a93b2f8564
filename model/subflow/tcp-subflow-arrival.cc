// SPDX-License-Identifier: GPL-2.0-only
// What arrives at a TcpSubflow, in the order of RFC 9293 section 3.10.7.
#include "tcp-subflow.h"

#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// Least time between two answers to segments that carry nothing, or two ends that disagree would
/// acknowledge each other's acknowledgments for ever.
constexpr int64_t CHALLENGE_INTERVAL_MS = 200;

} // namespace

void
TcpSubflow::Receive(const TcpSegment& segment, Ptr<Packet> payload)
{
    const Ptr<TcpSubflow> self(this);
    m_segmentsReceived++;
    m_heardAt = Simulator::Now();
    if (segment.payloadSize > 0)
    {
        m_dataSegmentsReceived++;
        m_dataReceivedAt = m_heardAt;
    }
    m_keepAlives = 0;
    m_silentProbes = 0;
    if (!m_rxTrace.IsEmpty())
    {
        const Telling telling;
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
        m_receiver.OnTimestamp(segment, m_heardAt);
    }
    if (m_ecn)
    {
        ReceiveEcn(segment);
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
    OfferRoom();
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
        if (!segment.timestamps && (segment.payloadSize > 0 || !segment.Find<AddAddress>()))
        {
            // RFC 7323 section 3.2; an ADD_ADDR may need their room. The SYN of a peer that has
            // begun anew is challenged all the same (RFC 5961 section 4.2).
            if (segment.Has(TCP_SYN))
            {
                SendChallengeAck(segment);
            }
            return false;
        }
        if (segment.timestamps && m_receiver.IsOld(segment.timestamps->value, m_heardAt) &&
            !IsOvertaken(segment))
        {
            SendChallengeAck(segment);
            return false;
        }
    }
    if (!m_receiver.IsAcceptable(segment))
    {
        if (!reset)
        {
            m_receiver.OnUnacceptable(segment);
            SendChallengeAck(segment);
        }
        return false;
    }
    return true;
}

std::optional<MpTcpRst>
TcpSubflow::FindReason(const TcpSegment& segment) const
{
    const auto* reason = segment.Find<MpTcpRst>();
    return reason && m_user->UsesResetReasons() ? std::optional<MpTcpRst>(*reason) : std::nullopt;
}

std::optional<SackBlock>
TcpSubflow::FindDuplicate(const TcpSegment& segment)
{
    if (segment.sack.size() == 0)
    {
        return std::nullopt;
    }
    // RFC 2883 section 4: the first block lies below the acknowledgment, or within the second.
    const SackBlock& first = segment.sack[0];
    const bool below = first.end <= segment.ack;
    const bool within = segment.sack.size() > 1 && first.begin >= segment.sack[1].begin &&
                        first.end <= segment.sack[1].end;
    return first.begin < first.end && (below || within) ? std::optional<SackBlock>(first)
                                                        : std::nullopt;
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
        if (m_finSent && m_sendWindow == 0 && windowChanged && m_scoreboard.GetSize() == 1 &&
            segment.ack == m_una)
        {
            // Our FIN has served as a probe of the closed window. Now there is room for it.
            Transmit(m_scoreboard.OnProbe(Simulator::Now(), GetMaxPayload()));
        }
        m_sendWindow = window;
        m_maxSendWindow = std::max(m_maxSendWindow, window);
        m_wl1 = segment.seq;
        m_wl2 = segment.ack;
    }
    const bool advanced = segment.ack > m_una;
    const bool duplicate = !advanced && segment.payloadSize == 0 && !segment.Has(TCP_FIN) &&
                           !windowChanged && verdict != SegmentVerdict::SIGNAL;
    const auto reported = FindDuplicate(segment);
    m_duplicatesReported += reported ? 1 : 0;
    const bool probed = reported && m_probeEnd && reported->end == *m_probeEnd;
    if (m_probeEnd && segment.ack >= *m_probeEnd)
    {
        ProcessProbeAck(segment, duplicate, reported);
    }
    if (m_scoreboard.Empty())
    {
        if (reported && !probed && m_undo.Awaits(true))
        {
            auto conditions = GetConditions();
            conditions.needless = true;
            JudgeRecovery(segment, conditions, reported, {}, advanced, duplicate);
        }
        return true;
    }

    TcpCongestion::AckEvent event;
    const uint64_t lostBefore = m_scoreboard.GetLostBytes();
    const uint32_t deliveredBefore = m_scoreboard.GetDelivered();
    event.priorInFlight = m_scoreboard.GetPipe();
    auto conditions = GetConditions();
    if (m_timestamps && segment.timestamps)
    {
        conditions.echoed = GetEchoedTime(segment.timestamps->echo);
    }
    conditions.needless = reported && !probed;
    const auto result = m_scoreboard.OnAck(segment.ack, segment.sack, duplicate, conditions);
    m_una = segment.ack;
    // At the first ACK beyond: the point of long ago would lie ahead again, modulo 2^32.
    m_ecnReduced = m_ecnReduced && m_una <= m_ecnPoint;
    m_ackedBytes += result.ackedBytes;
    auto undo = TcpUndo::Verdict::NONE;
    if (m_undo.Awaits(conditions.needless))
    {
        undo = JudgeRecovery(segment, conditions, reported, result, advanced, duplicate);
    }
    // An ACK that a retransmission has drawn may acknowledge others whose own ACKs were lost.
    auto rtt = result.retransmissionAcked ? std::nullopt : result.rtt;
    // Without either, Karn's algorithm: nothing is known before data that was sent once.
    bool ambiguous = !rtt && advanced;
    if (ambiguous && segment.timestamps && m_timestamps)
    {
        // Timestamps tell retransmissions apart (RFC 7323 section 4.1). An echo that is older than
        // the retransmission tells nothing: a duplicate is answered with the TS.Recent of long ago.
        // With SACK it is reported too, so without a report the first transmission has arrived.
        ambiguous = !(m_sack && !reported) && result.retransmittedAt &&
                    *result.retransmittedAt >= *conditions.echoed + MilliSeconds(1);
        if (!ambiguous)
        {
            rtt = GetTimestampRtt(segment.timestamps->echo);
        }
    }
    if (rtt)
    {
        OnRttSample(*rtt, segment.ack);
    }
    if (advanced)
    {
        m_timeouts = 0;
        m_retries = 0;
        m_softError = 0;
        if (!ambiguous)
        {
            // Else Karn's algorithm: a path that has become slower must yield a sample first.
            m_rto->ResetBackOff();
        }
        if (m_scoreboard.Empty())
        {
            OnIdle();
        }
        else
        {
            m_unackedSince = m_timeoutSince = Simulator::Now();
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
    event.lostBytes = static_cast<uint32_t>(m_scoreboard.GetLostBytes() - lostBefore);
    event.lossDetected = result.lossDetected && !TcpUndo::IsSpurious(undo);
    event.isDupAck = duplicate || result.newSack;
    event.retransmissionAcked = result.retransmissionAcked;
    event.ecnEcho = m_ecn && segment.Has(TCP_ECE);
    event.rtt = rtt;
    if (segment.timestamps)
    {
        event.timestampValue = segment.timestamps->value;
        event.timestampEcho = segment.timestamps->echo;
    }
    const bool wasInRecovery = m_congestion->InRecovery();
    if (m_ecn)
    {
        NoteEcnEcho(segment);
    }
    m_congestion->OnAck(event, m_rto->GetSmoothedRtt());
    if (event.ecnEcho)
    {
        m_deliveredMarked += m_scoreboard.GetDelivered() - deliveredBefore;
        OnEcnEcho();
    }
    if (wasInRecovery && !m_congestion->InRecovery())
    {
        m_scoreboard.OnRecoveryOver();
    }
    else if (!wasInRecovery && m_congestion->InRecovery())
    {
        BeginRecovery(false);
        NoteReduction();
    }
    if (m_scoreboard.GetLost() && !m_undo.IsTesting())
    {
        TransmitLost(!wasInRecovery);
    }
    if (!m_scoreboard.Empty() && (advanced || result.newSack))
    {
        ArmTimer();
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

void
TcpSubflow::ProcessProbeAck(const TcpSegment& segment,
                            bool duplicate,
                            const std::optional<SackBlock>& reported)
{
    const bool answered = !m_probeRepeats || (duplicate && segment.sack.size() == 0) ||
                          (reported && reported->end == *m_probeEnd);
    if (!answered && segment.ack == *m_probeEnd)
    {
        return;
    }
    m_probeEnd.reset();
    if (!answered && !m_congestion->InRecovery())
    {
        // Data beyond the probe is acknowledged, and nobody said that it came twice.
        m_undo.Finish();
        m_congestion->OnProbeRepair(m_scoreboard.GetPipe());
        NoteReduction();
    }
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
                          m_bytesReceived += data->GetSize();
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

} // namespace ns3
