// SPDX-License-Identifier: GPL-2.0-only
// What leaves a TcpSubflow, and its timers.
#include "tcp-subflow.h"

#include "ns3/simulator.h"
#include "ns3/tcp-option-blob.h"
#include "ns3/telling.h"

#include <algorithm>
#include <utility>

namespace ns3
{

namespace
{

/// Bytes of IP and TCP headers without options (RFC 9293 section 3.7.1).
constexpr uint32_t HEADERS_IPV4 = 40;
constexpr uint32_t HEADERS_IPV6 = 60;

/// Bytes of a SACK option without its blocks, padded, and of one block (RFC 2018 section 3).
constexpr uint32_t SACK_HEADER = 4;
constexpr uint32_t SACK_BLOCK = 8;

/// SACK blocks that fit into an empty option space.
constexpr size_t MAX_SACK_BLOCKS = 4;

constexpr uint16_t MAX_WINDOW_FIELD = 65535;

/// How long a peer may delay the ACK of a lone segment (RFC 8985 section 7.2, WCDelAckT); Linux's.
constexpr int64_t PEER_ACK_DELAY_MS = 200;

} // namespace

uint32_t
TcpSubflow::GetTimestampClock()
{
    return GetTimestampClock(Simulator::Now());
}

uint32_t
TcpSubflow::GetTimestampClock(Time time)
{
    return static_cast<uint32_t>(time.GetMilliSeconds());
}

std::optional<Time>
TcpSubflow::GetTimestampRtt(uint32_t echo)
{
    const auto elapsed = static_cast<int32_t>(GetTimestampClock() - echo);
    if (elapsed < 0)
    {
        return std::nullopt;
    }
    return MilliSeconds(std::max(elapsed, 1));
}

Time
TcpSubflow::GetEchoedTime(uint32_t echo)
{
    const auto age = static_cast<int32_t>(GetTimestampClock() - echo);
    return MilliSeconds(Simulator::Now().GetMilliSeconds() - age);
}

uint32_t
TcpSubflow::GetOfferedMss() const
{
    const uint32_t headers = IsIpv6(m_tuple.localAddress) ? HEADERS_IPV6 : HEADERS_IPV4;
    const uint32_t mtu = m_output->GetMtu(m_tuple);
    return std::min<uint32_t>(mtu > headers ? mtu - headers : 0, UINT16_MAX);
}

uint8_t
TcpSubflow::GetOfferedShift() const
{
    uint8_t shift = 0;
    while (shift < 14 && m_settings->m_rcvBufSize >> shift > MAX_WINDOW_FIELD)
    {
        ++shift;
    }
    return shift;
}

void
TcpSubflow::SendSyn()
{
    const bool answer = m_state == TcpSocket::SYN_RCVD;
    OutgoingSegment segment;
    segment.flags = answer ? TCP_SYN | TCP_ACK : TCP_SYN;
    segment.seq = m_iss;
    segment.isRetransmission = m_synRepeated;
    m_retransmissions += m_synRepeated ? 1 : 0;
    m_synSent = Simulator::Now();

    // An answer offers what the peer's SYN has offered.
    TcpOptionSpace space;
    space.AddMss(static_cast<uint16_t>(GetOfferedMss()));
    if (answer ? m_sack : m_settings->m_sackEnabled)
    {
        space.AddSackPermitted();
    }
    if (answer ? m_timestamps : m_settings->m_timestampEnabled)
    {
        space.AddTimestamps(GetTimestampClock(), answer ? m_receiver.GetRecentTimestamp() : 0);
    }
    if (answer ? m_scaling : m_settings->m_winScalingEnabled)
    {
        space.AddWindowScale(GetOfferedShift());
    }
    if (answer)
    {
        segment.flags |= m_ecn ? TCP_ECE : 0;
    }
    else
    {
        // RFC 3168 section 6.1.1.1: who drops an ECN-setup SYN lets a plain one through.
        m_ecnOffered = GetUseEcn() == TcpSocketState::On && !m_synRepeated;
        segment.flags |= m_ecnOffered ? TCP_ECE | TCP_CWR : 0;
    }
    m_user->AddOptions(*this, segment, space);
    TcpHeader header;
    header.SetFlags(segment.flags);
    header.SetSequenceNumber(segment.seq);
    if (answer)
    {
        header.SetAckNumber(m_receiver.GetNext());
    }
    header.SetWindowSize(AdvertiseWindow(true));
    Emit(header, space, Create<Packet>());
}

void
TcpSubflow::SendData(Ptr<Packet> data, DataSequenceNumber dataSequence, bool push)
{
    if ((m_state != TcpSocket::ESTABLISHED && m_state != TcpSocket::CLOSE_WAIT) ||
        data->GetSize() == 0)
    {
        return;
    }
    TcpScoreboard::Record record;
    record.seq = m_next;
    record.length = data->GetSize();
    record.push = push;
    record.dataSequence = dataSequence;
    record.sent = Simulator::Now();
    record.packet = std::move(data);
    m_next += record.length;
    m_sentBytes += record.length;
    m_congestion->OnSend(m_scoreboard.GetPipe(), record.length, m_next);
    m_probing = false;
    m_testRoom -= std::min(m_testRoom, record.length);
    if (m_pacer)
    {
        Pace(record.length);
    }
    const auto& appended = m_scoreboard.Append(std::move(record));
    if (m_scoreboard.GetSize() == 1)
    {
        m_unackedSince = Simulator::Now();
        RestartTimer();
    }
    else
    {
        ArmTimer();
    }
    Transmit(appended);
}

void
TcpSubflow::SendFin()
{
    TcpScoreboard::Record record;
    record.seq = m_next;
    record.fin = true;
    record.sent = Simulator::Now();
    m_next += 1;
    m_finSent = true;
    const auto& appended = m_scoreboard.Append(std::move(record));
    if (m_scoreboard.GetSize() == 1)
    {
        m_unackedSince = Simulator::Now();
        RestartTimer();
    }
    else if (MayProbe())
    {
        ArmTimer();
    }
    Transmit(appended);
}

void
TcpSubflow::Transmit(const TcpScoreboard::Record& record)
{
    if (record.piece < record.length)
    {
        TransmitPieces(record);
        return;
    }
    TransmitPart(record, 0, record.length);
}

void
TcpSubflow::TransmitPart(const TcpScoreboard::Record& record, uint32_t begin, uint32_t size)
{
    const bool last = begin + size == record.length;
    OutgoingSegment segment;
    segment.flags =
        TCP_ACK | (record.push && last ? TCP_PSH : 0) | (record.fin && last ? TCP_FIN : 0);
    segment.seq = record.seq + static_cast<int32_t>(begin);
    segment.subflowOffset = static_cast<uint32_t>(segment.seq - m_iss);
    segment.payloadSize = size;
    segment.mapped.subflowOffset = segment.subflowOffset - begin;
    segment.mapped.dataSequence = record.dataSequence;
    segment.mapped.size = record.length;
    segment.mapped.data = PeekPointer(record.packet);
    segment.isRetransmission = record.retransmitted;
    if (size > 0)
    {
        m_dataSegmentsSent++;
        m_dataSentAt = record.sent;
    }
    if (record.retransmitted)
    {
        m_retransmissions++;
        m_bytesRetransmitted += size;
    }
    Ptr<Packet> payload;
    if (size < record.length)
    {
        payload = record.packet->CreateFragment(begin, size);
    }
    else
    {
        payload = record.packet ? record.packet->Copy() : Create<Packet>();
    }
    Send(segment, std::move(payload));
}

void
TcpSubflow::TransmitLost(bool force)
{
    while (const TcpScoreboard::Record* lost = m_scoreboard.GetLost())
    {
        const uint32_t pipe = m_scoreboard.GetPipe();
        const bool full = pipe > 0 && pipe + lost->length > m_congestion->GetWindow();
        if (!force && (full || (m_pacer && IsPaced())))
        {
            return;
        }
        force = false;
        m_scoreboard.OnRetransmit(Simulator::Now(), GetMaxPayload());
        if (m_pacer)
        {
            Pace(lost->length);
        }
        m_congestion->OnSend(pipe, lost->length, m_next);
        if (lost->seq <= m_una)
        {
            // It will take another round trip until the peer can acknowledge anything.
            RestartTimer();
        }
        const SequenceNumber32 end = lost->GetEnd();
        const uint32_t before = m_retransmissions;
        Transmit(*lost);
        // Of what is cut, each piece that arrives twice is reported (RFC 2883 section 4).
        for (uint32_t i = before; i != m_retransmissions; i++)
        {
            m_undo.OnRetransmit(end, Simulator::Now());
        }
    }
}

void
TcpSubflow::SendAck()
{
    if (IsSynchronized())
    {
        SendPureAck(m_next);
    }
}

void
TcpSubflow::SendProbe()
{
    if (IsSynchronized())
    {
        ++m_silentProbes;
        SendPureAck(m_una - 1);
    }
}

void
TcpSubflow::SendPureAck(SequenceNumber32 seq)
{
    OutgoingSegment segment;
    segment.flags = TCP_ACK;
    segment.seq = seq;
    segment.subflowOffset = static_cast<uint32_t>(seq - m_iss);
    Send(segment, Create<Packet>());
}

void
TcpSubflow::SendReset(const std::optional<MpTcpRst>& reason)
{
    OutgoingSegment segment;
    segment.flags = TCP_RST | TCP_ACK;
    segment.seq = m_next;
    segment.subflowOffset = static_cast<uint32_t>(m_next - m_iss);
    TcpOptionSpace space;
    if (m_timestamps)
    {
        space.AddTimestamps(GetTimestampClock(), m_receiver.GetRecentTimestamp());
    }
    m_user->AddOptions(*this, segment, space);
    if (reason && m_user->UsesResetReasons())
    {
        space.AddMptcp(*reason);
    }
    TcpHeader header;
    header.SetFlags(segment.flags);
    header.SetSequenceNumber(segment.seq);
    header.SetAckNumber(m_receiver.GetNext());
    Emit(header, space, Create<Packet>());
}

void
TcpSubflow::SendResetFor(const TcpSegment& segment)
{
    if (segment.Has(TCP_RST) || !m_output)
    {
        return;
    }
    TcpHeader header;
    if (segment.Has(TCP_ACK))
    {
        header.SetFlags(TCP_RST);
        header.SetSequenceNumber(segment.ack);
    }
    else
    {
        header.SetFlags(TCP_RST | TCP_ACK);
        header.SetAckNumber(segment.seq + static_cast<int32_t>(segment.SequenceLength()));
    }
    Emit(header, TcpOptionSpace(), Create<Packet>());
}

void
TcpSubflow::Send(const OutgoingSegment& segment, Ptr<Packet> payload)
{
    TcpOptionSpace space;
    if (m_timestamps)
    {
        space.AddTimestamps(GetTimestampClock(), m_receiver.GetRecentTimestamp());
    }
    m_user->AddOptions(*this, segment, space);
    if (m_sack && m_receiver.HasSackBlocks())
    {
        AddSack(segment.payloadSize, space);
    }
    TcpHeader header;
    uint8_t flags = segment.flags;
    if (m_ecn)
    {
        flags |= TakeEcnFlags(segment);
        MarkEcnCapable(segment, *payload);
    }
    header.SetFlags(flags);
    header.SetSequenceNumber(segment.seq);
    header.SetAckNumber(m_receiver.GetNext());
    header.SetWindowSize(AdvertiseWindow(false));
    m_receiver.OnAckSent();
    m_delayedAckTimer.Cancel();
    Emit(header, space, std::move(payload));
}

void
TcpSubflow::AddSack(uint32_t payloadSize, TcpOptionSpace& space)
{
    const auto used = static_cast<uint32_t>(space.GetSize()) + payloadSize;
    const uint32_t mss = GetMss();
    const uint32_t room =
        std::min<uint32_t>(mss > used ? mss - used : 0, static_cast<uint32_t>(space.GetRoom()));
    if (room < SACK_HEADER + SACK_BLOCK)
    {
        return;
    }
    SackBlock blocks[MAX_SACK_BLOCKS];
    const size_t most = std::min<size_t>((room - SACK_HEADER) / SACK_BLOCK, MAX_SACK_BLOCKS);
    space.AddSack(blocks, m_receiver.GetSackBlocks(blocks, most));
}

void
TcpSubflow::Emit(TcpHeader& header, const TcpOptionSpace& space, Ptr<Packet> payload)
{
    static Ptr<TcpOptionBlob> blob;
    header.SetSourcePort(m_tuple.localPort);
    header.SetDestinationPort(m_tuple.remotePort);
    TcpOptionBlob::Append(header, space, blob);
    if (!m_txTrace.IsEmpty())
    {
        const Telling telling;
        m_txTrace(payload, header, this);
    }
    m_segmentsSent++;
    if (m_user)
    {
        m_user->MarkPacket(*this, *payload);
    }
    if (m_controls.device)
    {
        m_output->SendSegmentBy(m_controls.device, std::move(payload), header, m_tuple);
        return;
    }
    m_output->SendSegment(std::move(payload), header, m_tuple);
}

uint16_t
TcpSubflow::AdvertiseWindow(bool syn)
{
    uint32_t window = m_user->GetReceiveWindow(*this);
    if (m_controls.receiveLimit > 0)
    {
        // RFC 9293 section 3.8.6: what was offered before is not taken back.
        window = std::min(window, std::max(m_controls.receiveLimit, m_receiver.GetOffered()));
    }
    const uint8_t shift = syn ? 0 : m_receiveShift;
    m_windowField = static_cast<uint16_t>(std::min<uint32_t>(window >> shift, MAX_WINDOW_FIELD));
    m_receiver.OnAdvertise(static_cast<uint32_t>(m_windowField) << shift);
    return m_windowField;
}

void
TcpSubflow::AcknowledgeIfDue()
{
    switch (m_receiver.GetAckNeed())
    {
    case TcpReceiver::AckNeed::NOW:
        SendPureAck(m_next);
        m_congestion->OnAckSent(false);
        return;
    case TcpReceiver::AckNeed::DELAYED:
        if (!m_delayedAckTimer.IsRunning())
        {
            m_delayedAckTimer.Schedule(m_settings->m_delAckTimeout);
        }
        return;
    case TcpReceiver::AckNeed::NONE:
        return;
    }
}

void
TcpSubflow::OnDelayedAckTimer()
{
    const Ptr<TcpSubflow> self(this);
    if (IsSynchronized() && m_receiver.GetAckNeed() != TcpReceiver::AckNeed::NONE)
    {
        SendPureAck(m_next);
        m_congestion->OnAckSent(true);
    }
}

void
TcpSubflow::OnTimer()
{
    const Ptr<TcpSubflow> self(this);
    if (m_state == TcpSocket::SYN_SENT || m_state == TcpSocket::SYN_RCVD)
    {
        OnSynTimer();
        return;
    }
    if (!IsSynchronized())
    {
        return;
    }
    if (m_scoreboard.Empty())
    {
        OnIdleTimer();
        return;
    }
    switch (m_timerPurpose)
    {
    case TimerPurpose::RETRANSMIT:
        OnRetransmitTimer();
        return;
    case TimerPurpose::PROBE:
        OnProbeTimer();
        return;
    case TimerPurpose::REORDER:
        OnReorderTimer();
        return;
    }
}

void
TcpSubflow::OnRetransmitTimer()
{
    if (IsGivenUp(m_settings->m_dataRetries))
    {
        TimeOut(false);
        return;
    }
    ++m_retries;
    m_timeoutRuns += m_timeouts == 0 ? 1 : 0;
    ++m_timeouts;
    ++m_allTimeouts;
    if (m_congestion->InRecovery())
    {
        m_undo.OnTimeoutAgain();
    }
    else
    {
        BeginRecovery(true);
    }
    m_probeEnd.reset();
    m_testRoom = 0;
    const uint32_t inFlight = m_scoreboard.GetPipe();
    NoteReduction();
    m_scoreboard.OnTimeout(Simulator::Now());
    m_congestion->OnTimeout(inFlight, m_scoreboard.GetPipe(), m_next);
    m_rto->BackOff();
    TraceRto();
    RestartTimer();
    TransmitLost(true);
    m_user->OnTimeout(*this, m_timeouts);
}

void
TcpSubflow::OnProbeTimer()
{
    const SequenceNumber32 before = m_next;
    m_probing = true;
    m_user->OnSendRoom(*this);
    m_probing = false;
    if (!IsSynchronized() || m_scoreboard.Empty())
    {
        return;
    }
    m_probeRepeats = m_next == before;
    m_probeEnd = m_next;
    if (m_probeRepeats)
    {
        if (m_scoreboard.GetSize() == 1)
        {
            m_timeoutSince = Simulator::Now();
        }
        Transmit(m_scoreboard.OnProbe(Simulator::Now(), GetMaxPayload()));
    }
    // The time-out of the first segment stays where it was: a probe is none.
    ArmTimer();
}

void
TcpSubflow::OnReorderTimer()
{
    TcpCongestion::AckEvent event;
    event.priorInFlight = m_scoreboard.GetPipe();
    event.lossDetected = m_scoreboard.OnReorderTimer(GetConditions());
    if (event.lossDetected)
    {
        event.ack = m_una;
        event.next = m_next;
        event.inFlight = m_scoreboard.GetPipe();
        event.isDupAck = true;
        const bool wasInRecovery = m_congestion->InRecovery();
        m_congestion->OnAck(event, m_rto->GetSmoothedRtt());
        if (!wasInRecovery)
        {
            BeginRecovery(false);
            NoteReduction();
        }
        TransmitLost(!wasInRecovery);
    }
    ArmTimer();
}

bool
TcpSubflow::MayProbe() const
{
    const auto state = m_congestion->GetState()->m_congState.Get();
    return m_settings->m_tailLossProbe && m_settings->m_rack && m_sack && !m_probeEnd &&
           !m_scoreboard.HasSacked() && m_timeouts == 0 && m_rto->HasSample() &&
           (state == TcpSocketState::CA_OPEN || state == TcpSocketState::CA_CWR);
}

TcpScoreboard::Conditions
TcpSubflow::GetConditions() const
{
    TcpScoreboard::Conditions conditions;
    conditions.minRtt = m_rto->GetMinRtt();
    conditions.now = Simulator::Now();
    conditions.smoothedRtt = m_rto->GetSmoothedRtt();
    conditions.recovering = m_congestion->InRecovery();
    return conditions;
}

void
TcpSubflow::OnSynTimer()
{
    if (m_retries >= m_settings->m_synRetries || IsGivenUp(m_settings->m_synRetries))
    {
        TimeOut(false);
        return;
    }
    m_timeoutRuns += m_retries == 0 ? 1 : 0;
    ++m_retries;
    ++m_allTimeouts;
    m_rto->BackOff();
    TraceRto();
    RestartTimer();
    m_synRepeated = true;
    SendSyn();
}

void
TcpSubflow::RestartTimer()
{
    m_timeoutSince = Simulator::Now();
    ArmTimer();
}

void
TcpSubflow::ArmTimer()
{
    const Time now = Simulator::Now();
    Time deadline = m_timeoutSince + m_rto->Get();
    if (const Time limit = GetUserTimeout(); limit.IsStrictlyPositive())
    {
        deadline = std::min(deadline, m_unackedSince + limit);
    }
    m_timerPurpose = TimerPurpose::RETRANSMIT;
    if (!m_scoreboard.Empty())
    {
        if (const auto due = m_scoreboard.GetReorderDue())
        {
            if (*due < deadline)
            {
                deadline = *due;
                m_timerPurpose = TimerPurpose::REORDER;
            }
        }
        else if (MayProbe())
        {
            // A lone segment is the first and the last one: its time-out comes behind the probe.
            const bool lone = m_scoreboard.GetSize() == 1;
            const Time wait =
                m_rto->GetSmoothedRtt() * 2 + MilliSeconds(lone ? PEER_ACK_DELAY_MS : 0);
            if (lone || now + wait < deadline)
            {
                deadline = std::min(deadline, now + wait);
                m_timerPurpose = TimerPurpose::PROBE;
            }
        }
    }
    m_retransmitTimer.Schedule(std::max(deadline - now, Time(0)));
}

void
TcpSubflow::TraceRto()
{
    if (!m_rtoTrace.IsEmpty() && m_rto->Get() != m_tracedRto)
    {
        const Time old = std::exchange(m_tracedRto, m_rto->Get());
        const Telling telling;
        m_rtoTrace(old, m_tracedRto);
    }
}

TcpHeader
TcpSubflow::MakeHeader(const TcpSegment& segment)
{
    TcpHeader header;
    header.SetSourcePort(segment.sourcePort);
    header.SetDestinationPort(segment.destinationPort);
    header.SetFlags(segment.flags);
    header.SetSequenceNumber(segment.seq);
    header.SetAckNumber(segment.ack);
    header.SetWindowSize(segment.window);
    TcpOptionSpace space;
    if (segment.mss)
    {
        space.AddMss(*segment.mss);
    }
    if (segment.sackPermitted)
    {
        space.AddSackPermitted();
    }
    if (segment.timestamps)
    {
        space.AddTimestamps(segment.timestamps->value, segment.timestamps->echo);
    }
    if (segment.windowScale)
    {
        space.AddWindowScale(*segment.windowScale);
    }
    for (const auto& option : segment.mptcp)
    {
        space.AddMptcp(option);
    }
    space.AddSack(segment.sack.begin(), segment.sack.size());
    Ptr<TcpOptionBlob> blob;
    TcpOptionBlob::Append(header, space, blob);
    return header;
}

} // namespace ns3
