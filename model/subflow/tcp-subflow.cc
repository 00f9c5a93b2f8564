// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-subflow.h"

#include "tcp-pacer.h"

#include "ns3/simulator.h"
#include "ns3/tcp-dctcp.h"
#include "ns3/telling.h"

#include <algorithm>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(TcpSubflow);

namespace
{

/// Maximum segment sizes without the option: RFC 9293 section 3.7.1.
constexpr uint32_t DEFAULT_MSS_IPV4 = 536;
constexpr uint32_t DEFAULT_MSS_IPV6 = 1220;

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
    m_retransmitTimer.SetFunction([this] { OnTimer(); });
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
    m_keepAlive = m_settings->m_keepAlive;
    m_dctcp = DynamicCast<TcpDctcp>(congestion) != nullptr;
    m_rto = std::make_unique<TcpRto>(*m_settings);
    m_tracedRto = m_rto->Get();
    m_congestion = std::make_unique<TcpCongestion>(std::move(congestion), *m_settings);
}

void
TcpSubflow::DoDispose()
{
    StopTimers();
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
    m_unackedSince = Simulator::Now();
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
    m_segmentsReceived++;
    if (!m_rxTrace.IsEmpty())
    {
        const Telling telling;
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
    m_unackedSince = Simulator::Now();
    SetState(TcpSocket::SYN_RCVD);
    SendSyn();
    RestartTimer();
}

void
TcpSubflow::MeetPeer(const TcpSegment& syn)
{
    m_peerKnown = true;
    m_receiver.Start(syn.seq, m_settings->m_delAckCount, m_settings->m_duplicateSack);
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
    m_peerMss = m_mss = std::max(std::min(peers, GetOfferedMss()), LEAST_MSS);
    // An ICMP error may have come before this answer; it was held against another size.
    m_pathMtu = 0;
    m_pathMtuEvent.Cancel();
    if (const uint32_t pathMtu = m_output->GetPathMtu(m_tuple))
    {
        OnPathMtu(pathMtu);
    }
    NegotiateEcn(syn);
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
    m_scoreboard.Start(m_next, m_settings->m_retxThresh, m_sack, m_settings->m_rack);

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
    // RFC 5681 section 3.1, as RFC 6928 section 2 relaxes it: one loss may be by chance.
    const bool congested = m_retries > 1;
    m_retries = 0;
    m_heardAt = Simulator::Now();
    m_dataSentAt = m_dataReceivedAt = m_heardAt;
    OnIdle();
    m_congestion->Start(GetMaxPayload(), rtt, m_next, congested);
    StartCongestionAids();
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
    case TcpSocket::CLOSED:
        if (m_output)
        {
            // Not begun.
            End(SubflowEnd());
        }
        return;
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
    if ((m_state == TcpSocket::CLOSED && !m_output) || m_state == TcpSocket::TIME_WAIT)
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
    StopTimers();
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
    StopTimers();
    SetState(state);
    TcpOutput* const output = std::exchange(m_output, nullptr);
    if (output)
    {
        output->Remove(*this);
    }
}

void
TcpSubflow::StopTimers()
{
    m_retransmitTimer.Stop();
    m_delayedAckTimer.Stop();
    if (m_pacer)
    {
        m_pacer->Stop();
    }
    m_pathMtuEvent.Cancel();
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
        const Telling telling;
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
    const bool lost = m_scoreboard.GetLost() != nullptr;
    if ((m_state != TcpSocket::ESTABLISHED && m_state != TcpSocket::CLOSE_WAIT) ||
        (lost && m_testRoom == 0) || (m_pacer && !m_probing && IsPaced()))
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
    uint32_t room = lost ? m_testRoom : cwnd > pipe ? cwnd - pipe : 0;
    if (m_probing)
    {
        room = std::max(room, m_congestion->GetState()->m_segmentSize);
    }
    if (m_controls.sendLimit > 0)
    {
        const uint32_t held = GetHeldBytes();
        room = std::min(room, m_controls.sendLimit > held ? m_controls.sendLimit - held : 0);
    }
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
    uint32_t most = GetMss() - (m_timestamps ? 12 : 0);
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
TcpSubflow::GetMinRtt() const
{
    return m_rto->GetMinRtt();
}

Time
TcpSubflow::GetRttVariation() const
{
    return m_rto->GetRttVariation();
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

uint32_t
TcpSubflow::GetPeerOffset(SequenceNumber32 seq) const
{
    return static_cast<uint32_t>(seq - m_receiver.GetInitial());
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

SubflowDetails
TcpSubflow::GetDetails() const
{
    SubflowDetails details;
    const Time now = Simulator::Now();
    details.sinceDataSent = now - m_dataSentAt;
    details.sinceDataReceived = now - m_dataReceivedAt;
    details.sinceHeard = now - m_heardAt;
    details.mss = GetMss();
    details.offeredMss = m_output ? GetOfferedMss() : m_mss;
    details.unackedSegments = static_cast<uint32_t>(m_scoreboard.GetSize());
    details.sackedSegments = m_scoreboard.GetSacked();
    m_scoreboard.Visit(
        [&details](const TcpScoreboard::Record& record)
        {
            const bool repeated = record.retransmitted && !record.sacked && !record.lost;
            details.repeatedSegments += repeated ? 1 : 0;
            details.lostSegments += repeated || record.lost ? 1 : 0;
        });
    details.deliveredSegments = m_scoreboard.GetDelivered() + (m_una != m_iss ? 1 : 0);
    details.deliveredMarked = m_deliveredMarked;
    details.duplicatesReported = m_duplicatesReported;
    details.reorderings = m_scoreboard.GetReorderings();
    details.outOfOrder = m_receiver.GetOutOfOrder();
    details.timeouts = m_allTimeouts;
    details.timeoutRuns = m_timeoutRuns;
    details.silentProbes = m_silentProbes;
    details.receiveWindow = m_receiver.GetOffered();
    if (TcpRateSampler* sampler = m_congestion->GetSampler())
    {
        const auto& rate = sampler->GetConnectionRate();
        details.rateLimitedByUser = rate.m_rateAppLimited;
        if (rate.m_rateInterval.IsStrictlyPositive())
        {
            details.deliveryRate =
                static_cast<uint64_t>(rate.m_rateDelivered / rate.m_rateInterval.GetSeconds());
        }
    }
    details.retransmissions = m_retransmissions;
    details.bytesAcked = m_ackedBytes;
    details.bytesReceived = m_bytesReceived;
    details.bytesRetransmitted = m_bytesRetransmitted;
    details.segmentsSent = m_segmentsSent;
    details.segmentsReceived = m_segmentsReceived;
    details.dataSegmentsSent = m_dataSegmentsSent;
    details.dataSegmentsReceived = m_dataSegmentsReceived;
    details.sendWindow = m_sendWindow;
    details.pathMtu = m_pathMtu > 0 ? m_pathMtu : m_output ? m_output->GetMtu(m_tuple) : 0;
    details.ecn = m_ecn;
    details.timestamps = m_timestamps;
    details.sack = m_sack;
    details.scaling = m_scaling;
    return details;
}

const SubflowControls&
TcpSubflow::GetControls() const
{
    return m_controls;
}

void
TcpSubflow::SetControls(const SubflowControls& controls)
{
    if (controls.headerSize != m_controls.headerSize && m_output)
    {
        const uint32_t most = GetOfferedMss();
        m_routedMss = controls.headerSize == 0
                          ? UINT32_MAX
                          : std::max(most - std::min(most, controls.headerSize), LEAST_MSS);
    }
    m_controls = controls;
    HeedControls();
}

void
TcpSubflow::SetCongestionOps(Ptr<TcpCongestionOps> congestion)
{
    const bool dctcp = DynamicCast<TcpDctcp>(congestion) != nullptr;
    if (dctcp != m_dctcp)
    {
        // ECE means another thing from here on: the last segment's mark (RFC 8257 section 3.2), or
        // any mark since the last CWR (RFC 3168 section 6.1.3).
        m_dctcp = dctcp;
        m_ecnEcho = false;
    }
    m_congestion->Replace(std::move(congestion));
    StartCongestionAids();
}

} // namespace ns3
