// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-congestion.h"

#include "ns3/mptcp-compat.h"
#include "ns3/telling.h"

#include <algorithm>
#include <utility>

namespace ns3
{

TcpCongestion::TcpCongestion(Ptr<TcpCongestionOps> ops, const TcpSettings& settings)
    : m_ops(std::move(ops)),
      m_state(CreateObject<TcpSocketState>()),
      m_pacing(m_state->m_pacing || settings.m_pacing),
      m_rateReduction(settings.m_rateReduction)
{
    m_state->m_pacing = m_pacing;
    m_state->m_initialCWnd = settings.m_initialCwnd;
    m_state->m_initialSsThresh = settings.m_initialSsThresh;
    m_state->m_ssThresh = settings.m_initialSsThresh;
}

void
TcpCongestion::Start(uint32_t segmentSize,
                     std::optional<Time> handshakeRtt,
                     SequenceNumber32 next,
                     bool congested)
{
    const Telling telling;
    m_state->m_segmentSize = segmentSize;
    m_state->m_cWnd = (congested ? 1 : m_state->m_initialCWnd) * segmentSize;
    m_state->m_cWndInfl = m_state->m_cWnd;
    m_initial = next - 1;
    m_state->m_lastAckedSeq = Relate(next);
    m_state->m_nextTxSequence = Relate(next);
    m_state->m_highTxMark = Relate(next);
    if (handshakeRtt)
    {
        m_state->m_minRtt = *handshakeRtt;
        TcpStateCompat::SetRtt(*m_state, *handshakeRtt, *handshakeRtt, 0);
    }
    m_recoveryPoint = next;
    m_ops->Init(m_state);
    StartSampler();
    SetCongState(TcpSocketState::CA_OPEN);
    UpdatePacingRate(handshakeRtt.value_or(Time(0)));
}

void
TcpCongestion::Replace(Ptr<TcpCongestionOps> ops)
{
    const Telling telling;
    m_ops = std::move(ops);
    if (m_state->m_segmentSize > 0)
    {
        const uint32_t window = m_state->m_cWnd;
        m_state->m_pacing = m_pacing;
        m_ops->Init(m_state);
        StartSampler();
        m_state->m_cWnd = window;
        // Some set themselves up only in this state.
        m_ops->CongestionStateSet(m_state, TcpSocketState::CA_OPEN);
        if (m_state->m_congState != TcpSocketState::CA_OPEN)
        {
            m_ops->CongestionStateSet(m_state, m_state->m_congState);
        }
    }
}

void
TcpCongestion::OnAck(const AckEvent& event, Time srtt)
{
    const Telling telling;
    TcpSocketState& state = *m_state;
    state.m_lastAckedSackedBytes = event.deliveredBytes;
    state.m_lastAckedSeq = Relate(event.ack);
    state.m_isRetransDataAcked = event.retransmissionAcked;
    state.m_rcvTimestampValue = event.timestampValue.value_or(state.m_rcvTimestampValue);
    state.m_rcvTimestampEchoReply = event.timestampEcho.value_or(state.m_rcvTimestampEchoReply);
    if (event.rtt)
    {
        state.m_minRtt = std::min(state.m_minRtt, *event.rtt);
        TcpStateCompat::SetRtt(state, srtt, *event.rtt, 0);
    }
    state.m_bytesInFlight = event.inFlight;

    // A window that was not used up says nothing of the path (RFC 7661); as Linux does it.
    const uint32_t window = state.m_cWnd;
    bool limited = event.priorInFlight + state.m_segmentSize > window ||
                   (window < state.m_ssThresh && window / 2 < event.priorInFlight);
    if (state.m_pacing)
    {
        limited = WasLimited(event, limited);
    }
    TcpStateCompat::SetCwndLimited(state, limited, 0);

    // RFC 3168 section 6.1.2: an ACK with ECE makes no window grow. Behind a time-out it does: no
    // new data can bring the CWR that ends the echo until all that was lost is sent again.
    const bool echoes = event.ecnEcho && state.m_congState != TcpSocketState::CA_LOSS;
    bool mayGrow = limited && !echoes;
    const bool wasInRecovery = InRecovery();
    // As TcpSocketBase: an algorithm hears of an ACK before what it ends, and behind what it
    // begins.
    bool told = event.ackedBytes == 0;
    const uint32_t segments = CountSegments(event.ackedBytes);
    const auto tell = [&]
    {
        if (!told)
        {
            m_ops->PktsAcked(m_state, segments, srtt);
            told = true;
        }
    };
    if (wasInRecovery)
    {
        if (event.ack >= m_recoveryPoint)
        {
            tell();
            LeaveRecovery();
        }
        else if (state.m_congState == TcpSocketState::CA_RECOVERY)
        {
            ReduceWindow(event);
            mayGrow = false;
        }
    }
    if (!InRecovery() && event.lossDetected)
    {
        EnterRecovery(event);
        mayGrow = false;
    }
    else if (InRecovery())
    {
    }
    else if (event.isDupAck || event.deliveredBytes > event.ackedBytes)
    {
        if (state.m_congState == TcpSocketState::CA_OPEN)
        {
            SetCongState(TcpSocketState::CA_DISORDER);
        }
    }
    else if (state.m_congState == TcpSocketState::CA_DISORDER && event.ackedBytes > 0)
    {
        tell();
        SetCongState(TcpSocketState::CA_OPEN);
    }
    tell();

    if (event.ackedBytes > 0 && mayGrow && !m_ops->HasCongControl())
    {
        // What SACK reported in a recovery was delivered before. TcpSocketBase counts it once more
        // at the end; Linux does not.
        const uint32_t delivered =
            (event.deliveredBytes + state.m_segmentSize - 1) / state.m_segmentSize;
        m_ops->IncreaseWindow(m_state, wasInRecovery ? std::min(segments, delivered) : segments);
    }
    if (m_sampler)
    {
        TellRate(event);
    }
    if (state.m_pacing)
    {
        UpdatePacingRate(srtt);
    }
    state.m_cWndInfl = state.m_cWnd;
}

bool
TcpCongestion::WasLimited(const AckEvent& event, bool now)
{
    // The pacer fills later what an ACK frees, and ACKs that come together find the window less and
    // less used: once used up it counts as such for all that was sent until then.
    if (now)
    {
        m_limitedPoint = event.next;
    }
    m_wasLimited = now || (m_wasLimited && event.ack <= m_limitedPoint);
    return m_wasLimited;
}

void
TcpCongestion::EnterRecovery(const AckEvent& event)
{
    SetCongState(TcpSocketState::CA_RECOVERY);
    m_recoveryPoint = event.next;
    m_priorWindow = m_state->m_cWnd;
    m_priorThreshold = m_state->m_ssThresh;
    ReduceThreshold(event.priorInFlight, 1);
    // What was in flight before this ACK is what can still be delivered.
    m_reduction.Begin(event.priorInFlight, m_state->m_ssThresh);
    ReduceWindow(event);
}

void
TcpCongestion::ReduceThreshold(uint32_t inFlight, uint32_t least)
{
    const uint32_t threshold = m_ops->GetSsThresh(m_state, inFlight);
    const uint32_t segment = m_state->m_segmentSize;
    // TcpDctcp goes down to nothing, and with nothing in flight no ACK and no timer would get it
    // away from there; TcpYeah's lower bound fails where its subtraction wraps. But coupled ones go
    // to one segment after a loss. Those that set the window themselves use no ssthresh.
    const bool wrapped = threshold > static_cast<uint32_t>(INT32_MAX);
    m_state->m_ssThresh = (wrapped || threshold < least * segment) && !m_ops->HasCongControl()
                              ? 2 * segment
                              : threshold;
}

void
TcpCongestion::ReduceWindow(const AckEvent& event)
{
    if (m_ops->HasCongControl())
    {
        return;
    }
    if (!m_rateReduction)
    {
        m_state->m_cWnd = m_state->m_ssThresh;
        return;
    }
    m_state->m_cWnd = m_reduction.OnAck(event.deliveredBytes,
                                        event.inFlight,
                                        event.ackedBytes > 0 && !event.lossDetected,
                                        m_state->m_segmentSize);
}

void
TcpCongestion::LeaveRecovery()
{
    if (m_state->m_congState == TcpSocketState::CA_RECOVERY)
    {
        LeaveReduction();
        return;
    }
    SetCongState(TcpSocketState::CA_OPEN);
}

void
TcpCongestion::LeaveReduction()
{
    m_ops->CwndEvent(m_state, TcpSocketState::CA_EVENT_COMPLETE_CWR);
    SetCongState(TcpSocketState::CA_OPEN);
    if (!m_ops->HasCongControl())
    {
        m_state->m_cWnd = m_state->m_ssThresh;
        m_state->m_cWndInfl = m_state->m_cWnd;
    }
}

void
TcpCongestion::OnTimeout(uint32_t inFlight, uint32_t left, SequenceNumber32 next)
{
    const Telling telling;
    if (!InRecovery())
    {
        m_priorWindow = m_state->m_cWnd;
        m_priorThreshold = m_state->m_ssThresh;
    }
    if (m_state->m_congState != TcpSocketState::CA_LOSS)
    {
        ReduceThreshold(inFlight, 1);
    }
    m_recoveryPoint = next;
    m_ops->CwndEvent(m_state, TcpSocketState::CA_EVENT_LOSS);
    SetCongState(TcpSocketState::CA_LOSS);
    m_state->m_cWnd = left + m_state->m_segmentSize;
    m_state->m_cWndInfl = m_state->m_cWnd;
    m_state->m_bytesInFlight = left;
}

void
TcpCongestion::Undo()
{
    const Telling telling;
    if (m_state->m_congState == TcpSocketState::CA_RECOVERY)
    {
        m_ops->CwndEvent(m_state, TcpSocketState::CA_EVENT_COMPLETE_CWR);
    }
    SetCongState(TcpSocketState::CA_OPEN);
    m_state->m_cWnd = std::max(m_state->m_cWnd.Get(), m_priorWindow);
    m_state->m_ssThresh = std::max(m_state->m_ssThresh.Get(), m_priorThreshold);
    m_state->m_cWndInfl = m_state->m_cWnd;
}

void
TcpCongestion::OnProbeRepair(uint32_t inFlight)
{
    const Telling telling;
    // From here on there is nothing to return to.
    m_priorWindow = 0;
    m_priorThreshold = 0;
    SetCongState(TcpSocketState::CA_CWR);
    ReduceThreshold(inFlight, 2);
    LeaveReduction();
}

void
TcpCongestion::OnSend(uint32_t priorInFlight, uint32_t length, SequenceNumber32 next)
{
    const Telling telling;
    m_reduction.OnSend(length);
    if (priorInFlight == 0)
    {
        m_ops->CwndEvent(m_state, TcpSocketState::CA_EVENT_TX_START);
    }
    m_state->m_bytesInFlight = priorInFlight + length;
    m_state->m_nextTxSequence = Relate(next);
    m_state->m_highTxMark = Relate(next);
}

void
TcpCongestion::StartSampler()
{
    const bool wanted = m_ops->HasCongControl();
    m_sampler = wanted || m_measure ? CreateObject<TcpRateSampler>() : nullptr;
    if (wanted)
    {
        TcpCongestionCompat::SetRateOps(*m_ops, m_sampler, 0);
    }
}

void
TcpCongestion::MeasureRate()
{
    m_measure = true;
    if (!m_sampler && m_state->m_segmentSize > 0)
    {
        StartSampler();
    }
}

void
TcpCongestion::TellRate(const AckEvent& event)
{
    const auto& sample = m_sampler->GenerateSample(
        event.deliveredBytes, event.lostBytes, false, event.priorInFlight, m_state->m_minRtt);
    if (m_ops->HasCongControl())
    {
        m_ops->CongControl(m_state, m_sampler->GetConnectionRate(), sample);
    }
}

void
TcpCongestion::UpdatePacingRate(Time srtt)
{
    if (!m_state->m_pacing || srtt.IsZero() || m_ops->HasCongControl())
    {
        return;
    }
    // Twice the window per RTT in the first half of slow start, a fifth more than it afterwards.
    const TcpSocketState& state = *m_state;
    const uint32_t window = state.m_cWnd;
    const uint16_t percent =
        window < state.m_ssThresh / 2 ? state.m_pacingSsRatio : state.m_pacingCaRatio;
    const double bits = std::max(window, state.m_bytesInFlight.Get()) * 8.0 * percent / 100;
    const DataRate rate(static_cast<uint64_t>(bits / srtt.GetSeconds()));
    m_state->m_pacingRate = std::min(rate, state.m_maxPacingRate);
}

void
TcpCongestion::OnAckSent(bool delayed)
{
    const Telling telling;
    m_ops->CwndEvent(m_state,
                     delayed ? TcpSocketState::CA_EVENT_DELAYED_ACK
                             : TcpSocketState::CA_EVENT_NON_DELAYED_ACK);
}

bool
TcpCongestion::InRecovery() const
{
    return m_state->m_congState == TcpSocketState::CA_RECOVERY ||
           m_state->m_congState == TcpSocketState::CA_LOSS;
}

void
TcpCongestion::SetCongState(TcpSocketState::TcpCongState_t newState)
{
    m_ops->CongestionStateSet(m_state, newState);
    m_state->m_congState = newState;
}

uint32_t
TcpCongestion::CountSegments(uint32_t ackedBytes)
{
    const uint32_t bytes = ackedBytes + m_ackedRemainder;
    m_ackedRemainder = bytes % m_state->m_segmentSize;
    return bytes / m_state->m_segmentSize;
}

} // namespace ns3
