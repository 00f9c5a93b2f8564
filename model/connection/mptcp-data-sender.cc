// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.3, the sending side: what goes where and when (3.3.5, 3.3.8), what is sent
// again on another subflow (3.3.6), and the DATA_FIN (3.3.3).
#include "mptcp-connection.h"

#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <algorithm>
#include <cerrno>

namespace ns3
{

namespace
{

/// RFC 9293 section 3.8.6.1 lets probes back off without a bound; Linux stops here as well.
const Time MAX_PROBE_INTERVAL = Seconds(120);
/// RFC 6298 section 2.1, where nothing was measured and MinRto is 0.
const Time INITIAL_TIMEOUT = Seconds(1);
/// Time-outs of a FIN that a finished connection waits for on a subflow beside one that has ended.
constexpr uint32_t LINGER_TIMEOUTS = 3;
/// Times that the peer answers what was sent behind a DATA_FIN, but not the DATA_FIN, until we
/// believe that the path lets no DSS through.
constexpr uint32_t OPTION_TRIES = 3;
/// Probes of a closed window that a connection sends for an application that has closed; Linux's.
constexpr uint32_t ORPHAN_PROBES = 8;

} // namespace

uint32_t
MptcpConnection::GetSendSpace() const
{
    const uint32_t held = m_sendBuffer ? m_sendBuffer->GetSize() : 0;
    const uint32_t size = m_settings->m_sndBufSize;
    return m_sendClosed || m_ended || held >= size ? 0 : size - held;
}

void
MptcpConnection::Send(Ptr<Packet> data, bool push)
{
    m_sendBuffer->Add(std::move(data));
    if (push)
    {
        Push();
    }
}

void
MptcpConnection::Flush()
{
    Push();
}

void
MptcpConnection::Push()
{
    if (m_pushing || m_ended)
    {
        return;
    }
    if (Telling::IsOn())
    {
        Defer([this] { Push(); });
        return;
    }
    m_pushing = true;
    if (m_settings->m_subflowSndBufSize > 0)
    {
        for (const auto& flow : m_flows)
        {
            m_probes = flow->Drain() ? 0 : m_probes;
        }
    }
    if (m_dataTimer && (m_sendNext < m_sendBuffer->GetEnd() || !m_reinjections.Empty()))
    {
        MeasureDataTimeout();
    }
    while (!m_reinjections.Empty() && PushReinjection())
    {
    }
    while (PushCopy() || PushNewData())
    {
    }
    if ((m_settings->m_opportunistic || m_settings->m_penalise) && m_mode == Mode::MULTIPATH &&
        m_reinjections.Empty() && m_sendNext < m_sendBuffer->GetEnd())
    {
        FreeWindow();
    }
    if (m_sendClosed && !m_dataFinSent)
    {
        SendDataFin();
    }
    if (m_dataTimer && !m_dataTimer->timer.IsRunning())
    {
        RestartDataTimer();
    }
    ScheduleProbe();
    if (m_userTimeout.IsStrictlyPositive())
    {
        WatchProgress();
    }
    m_pushing = false;
    if (m_tellSent > 0)
    {
        Ptr<MptcpConnection> self(this);
        Tell();
    }
}

bool
MptcpConnection::CollectCandidates(const MptcpSubflow* exclude)
{
    m_candidates.clear();
    bool regular = false;
    bool anyRoom = false;
    for (const auto& flow : m_flows)
    {
        if (!flow->IsUsable())
        {
            continue;
        }
        const bool backup = flow->IsBackup();
        if (backup && regular)
        {
            continue;
        }
        if (!backup && !regular)
        {
            regular = true;
            anyRoom = false;
            m_candidates.clear();
        }
        if (PeekPointer(flow->subflow) == exclude)
        {
            // It lives: no reason to use a backup.
            continue;
        }
        const uint32_t room = flow->GetRoom();
        anyRoom |= room > 0;
        m_candidates.push_back({PeekPointer(flow->subflow), room, flow->GetQueued()});
    }
    return anyRoom;
}

MptcpSubflow*
MptcpConnection::SelectSubflow(const MptcpSubflow* exclude, uint64_t size)
{
    if (!CollectCandidates(exclude))
    {
        return nullptr;
    }
    MptcpScheduler::Demand demand;
    demand.size = static_cast<uint32_t>(std::min<uint64_t>(size, UINT32_MAX));
    demand.pending = m_sendBuffer->GetEnd() - m_sendNext;
    demand.window = m_sendEdge - m_sendBuffer->GetBegin();
    demand.windowStalls = m_windowStalls;
    if (MptcpSubflow* subflow = m_scheduler->Select(m_candidates, demand))
    {
        return subflow;
    }
    bool narrow = false;
    for (auto& candidate : m_candidates)
    {
        // A window of less than a segment, which no ACK will change: better a part of one than
        // none (RFC 9293 section 3.8.6.2.1).
        if (candidate.room > 0 && candidate.room < candidate.subflow->GetMaxPayload() &&
            candidate.subflow->GetHeldBytes() == 0)
        {
            candidate.room = candidate.subflow->GetMaxPayload();
            narrow = true;
        }
    }
    return narrow ? m_scheduler->Select(m_candidates, demand) : nullptr;
}

bool
MptcpConnection::PushReinjection()
{
    const ReinjectionQueue::Piece piece = m_reinjections.Front();
    const auto length = static_cast<uint32_t>(piece.end - piece.begin);
    MptcpSubflow* subflow = SelectSubflow(piece.origin, length);
    if (!subflow)
    {
        return false;
    }
    const uint32_t size =
        std::min({length, subflow->GetMaxPayload(), m_flows.Find(*subflow).GetRoom()});
    m_reinjections.Sent(size);
    m_reinjected = true;
    SendOn(*subflow, piece.begin, size, true);
    return true;
}

bool
MptcpConnection::IsWorthSending(uint32_t size, uint32_t full, bool noDelay) const
{
    const bool idle = m_sendNext == m_sendBuffer->GetBegin();
    if (size < full)
    {
        // Limited by a window: wait for more of it rather than send in small pieces.
        return idle || (m_largestWindow > 0 && size >= m_largestWindow / 2);
    }
    const bool partial = m_sendNext + full == m_sendBuffer->GetEnd();
    return noDelay || idle || m_sendClosed || !partial || full >= GetTypicalPayload();
}

bool
MptcpConnection::PushCopy()
{
    if (!m_copies || m_mode != Mode::MULTIPATH || !CollectCandidates(nullptr))
    {
        return false;
    }
    for (const auto& candidate : m_candidates)
    {
        // What is data-acked by now is left out, so a slow subflow catches up.
        std::optional<DataSequenceNumber>& carried = m_flows.Find(*candidate.subflow).carriedEnd;
        const DataSequenceNumber begin =
            carried ? std::max(*carried, m_sendBuffer->GetBegin()) : m_sendBuffer->GetBegin();
        if (begin >= m_sendNext || candidate.room == 0)
        {
            continue;
        }
        const auto full = static_cast<uint32_t>(
            std::min<uint64_t>(m_sendNext - begin, candidate.subflow->GetMaxPayload()));
        const uint32_t size = std::min(full, candidate.room);
        if (size < full && candidate.subflow->GetHeldBytes() > 0)
        {
            continue;
        }
        carried = begin + size;
        SendOn(*candidate.subflow, begin, size, true);
        return true;
    }
    return false;
}

bool
MptcpConnection::PushNewData()
{
    const auto pending = static_cast<uint64_t>(m_sendBuffer->GetEnd() - m_sendNext);
    if (pending == 0 || m_flows.Empty())
    {
        return false;
    }
    MptcpSubflow* subflow = nullptr;
    uint64_t allowed = pending;
    if (m_mode != Mode::MULTIPATH)
    {
        const Flow& flow = m_flows.Front();
        subflow = flow.phase == Phase::ESTABLISHED ? PeekPointer(flow.subflow) : nullptr;
    }
    else
    {
        if (m_sendEdge <= m_sendNext)
        {
            m_windowStalls++;
            return false;
        }
        allowed = std::min(pending, static_cast<uint64_t>(m_sendEdge - m_sendNext));
        subflow = SelectSubflow(nullptr, allowed);
    }
    if (!subflow)
    {
        return false;
    }
    const Flow& flow = m_flows.Find(*subflow);
    const uint32_t payload = subflow->GetMaxPayload();
    const auto full = static_cast<uint32_t>(std::min<uint64_t>(pending, payload));
    const uint32_t room = flow.GetRoom();
    const uint32_t size =
        std::min({full, static_cast<uint32_t>(std::min<uint64_t>(allowed, payload)), room});
    // The subflow's own window, not the connection's.
    const bool narrow = room < full && full <= allowed && subflow->GetHeldBytes() == 0;
    if (size == 0 || !(narrow || IsWorthSending(size, full, flow.noDelay)))
    {
        m_windowStalls += allowed < full;
        return false;
    }
    const DataSequenceNumber begin = m_sendNext;
    m_sendNext += size;
    if (m_sendClosed && m_mode == Mode::MULTIPATH && m_sendNext == m_sendBuffer->GetEnd() &&
        CanSendDataFin())
    {
        m_dataFinSent = true;
        ScheduleDataFin();
    }
    if (m_copies)
    {
        m_flows.Find(*subflow).carriedEnd = m_sendNext;
    }
    SendOn(*subflow, begin, size, false);
    m_tellSent += size;
    return true;
}

void
MptcpConnection::SendOn(MptcpSubflow& subflow, DataSequenceNumber begin, uint32_t size, bool again)
{
    Ptr<Packet> data = m_sendBuffer->Get(begin, size);
    if (!m_sentTrace.IsEmpty())
    {
        const Telling telling;
        m_sentTrace(&subflow, begin - (m_localIdsn + 1), size, again);
    }
    if (again)
    {
        const Telling telling;
        m_reinjectionTrace(&subflow, begin - (m_localIdsn + 1), size);
    }
    const bool push = begin + size == m_sendBuffer->GetEnd();
    if (m_settings->m_subflowSndBufSize > 0)
    {
        m_probes = m_flows.Find(subflow).Take(begin, std::move(data), push) ? 0 : m_probes;
        return;
    }
    m_probes = 0;
    subflow.SendData(std::move(data), begin, push);
}

bool
MptcpConnection::CanSendDataFin() const
{
    // Behind data it waits for what acknowledges the keys that came with the data.
    const bool noData = m_sendBuffer->GetEnd() == m_localIdsn + 1;
    return !m_client || m_confirmed || m_version == 0 || (m_thirdAckUnanswered && noData);
}

void
MptcpConnection::SendDataFin()
{
    if (m_sendNext != m_sendBuffer->GetEnd() || m_flows.Empty())
    {
        return;
    }
    if (m_mode != Mode::MULTIPATH)
    {
        Flow& flow = m_flows.Front();
        if (flow.phase == Phase::ESTABLISHED)
        {
            m_dataFinSent = true;
            flow.Close();
        }
        return;
    }
    const Flow* fastest = m_flows.GetFastest();
    if (fastest && CanSendDataFin())
    {
        m_dataFinSent = true;
        ScheduleDataFin();
        fastest->subflow->SendAck();
    }
}

Time
MptcpConnection::GetDataTimeout(Time measured) const
{
    const Time timeout = std::max(measured, m_settings->m_minRto);
    return timeout.IsZero() ? INITIAL_TIMEOUT : timeout;
}

void
MptcpConnection::ScheduleDataFin()
{
    Time longest;
    for (const auto& flow : m_flows)
    {
        if (flow->IsUsable())
        {
            longest = std::max(longest, flow->subflow->GetRto());
        }
    }
    const Time delay = GetDataTimeout(longest) * (1 << std::min<uint32_t>(m_dataFinTries, 16));
    m_dataFinTimer.Remove();
    m_dataFinTimer = Simulator::Schedule(
        std::min(delay, m_settings->m_maxRto), &MptcpConnection::RepeatDataFin, this);
}

void
MptcpConnection::RepeatDataFin()
{
    const bool unsure = !m_everJoined && !m_confirmed && !m_flows.Empty();
    if (unsure && m_dataFinAnswers >= OPTION_TRIES)
    {
        FallBack(m_flows.Front(), "no DSS has ever arrived");
        Push();
        return;
    }
    const bool alone = m_sendBuffer->GetSize() == 0;
    if (alone && ++m_dataFinTries > m_settings->m_dataRetries && m_userTimeout.IsZero())
    {
        End(ETIMEDOUT);
        return;
    }
    ScheduleDataFin();
    if (alone)
    {
        AckEverywhere();
        if (unsure)
        {
            // Lost, or robbed of its option? Who answers this one should have heard it.
            m_dataFinProbed = true;
            m_flows.Front().subflow->SendProbe();
        }
    }
}

void
MptcpConnection::ScheduleProbe()
{
    bool waiting = m_sendNext < m_sendBuffer->GetEnd() || !m_reinjections.Empty();
    if (m_settings->m_subflowSndBufSize > 0 && !waiting)
    {
        waiting = std::any_of(
            m_flows.begin(), m_flows.end(), [](const auto& flow) { return flow->IsBlocked(); });
    }
    // IsExpired() asks the simulator, and most connections never probe.
    if (!waiting && (!m_probeTimer.PeekEventImpl() || m_probeTimer.IsExpired()))
    {
        return;
    }
    const bool inFlight =
        std::any_of(m_flows.begin(),
                    m_flows.end(),
                    [](const auto& flow) { return flow->subflow->GetHeldBytes() > 0; });
    if (!waiting || inFlight || !m_flows.GetFastest())
    {
        m_probeTimer.Remove();
    }
    else if (m_probeTimer.IsExpired())
    {
        const Time delay = m_settings->m_persistTimeout * (1 << std::min<uint32_t>(m_probes, 16));
        m_probeTimer = Simulator::Schedule(
            std::min(delay, MAX_PROBE_INTERVAL), &MptcpConnection::ProbeWindow, this);
    }
}

void
MptcpConnection::ProbeWindow()
{
    const Flow* fastest = m_flows.GetFastest();
    if (!fastest)
    {
        return;
    }
    const Ptr<MptcpSubflow> subflow = fastest->subflow;
    const auto usable = std::count_if(
        m_flows.begin(), m_flows.end(), [](const auto& flow) { return flow->IsUsable(); });
    // A window may stay closed for ever, but an unanswered probe tells of a dead path. Whether the
    // last path is dead is for the user's time-out to say, if there is one.
    if (m_silentProbes > m_settings->m_dataRetries && (m_userTimeout.IsZero() || usable > 1))
    {
        m_silentProbes = 0;
        if (m_mode == Mode::PLAIN)
        {
            End(ETIMEDOUT);
        }
        else
        {
            subflow->Reset(MpTcpRst{0, MPTCP_RST_UNACCEPTABLE_PERFORMANCE}, Socket::ERROR_NOTCONN);
        }
        return;
    }
    if (m_closed && m_probes >= ORPHAN_PROBES)
    {
        GiveUp();
        return;
    }
    m_silentProbes++;
    m_probes++;
    subflow->SendProbe();
    if (m_settings->m_subflowSndBufSize > 0)
    {
        // An answer tells of the window on its own subflow only.
        for (const auto& flow : m_flows)
        {
            if (flow->IsBlocked() && flow->subflow != subflow)
            {
                flow->subflow->SendProbe();
            }
        }
    }
    ScheduleProbe();
}

void
MptcpConnection::OnAcked(MptcpSubflow& subflow, uint64_t ackedBytes)
{
    Flow& flow = m_flows.Find(subflow);
    if (m_mode == Mode::MULTIPATH && !flow.confirmed)
    {
        if (flow.dataAckInSegment)
        {
            flow.confirmed = ackedBytes > flow.capableBytes;
        }
        else if (!flow.otherOptionInSegment &&
                 !OnOptionsLost(flow, "data was acknowledged without a data ACK"))
        {
            return;
        }
    }
    if (m_mode != Mode::MULTIPATH)
    {
        flow.infinite &= ackedBytes <= flow.infiniteUntil;
        FreeUpTo(m_localIdsn + 1 + ackedBytes);
        return;
    }
    if (flow.stale)
    {
        flow.stale = false;
        subflow.SetStale(false);
        m_reinjections.Cancel(&subflow);
    }
    if (!m_dataTimer && subflow.GetHeldBytes() == 0 && m_sendBuffer->GetBegin() < m_sendNext &&
        !m_ended && m_headTimer.IsExpired())
    {
        m_headTimer = Simulator::Schedule(
            GetDataRto(), &MptcpConnection::OnHeadTimeout, this, m_sendBuffer->GetBegin());
    }
}

Time
MptcpConnection::GetDataRto() const
{
    Time rto = m_settings->m_dataMinRto;
    for (const auto& flow : m_flows)
    {
        if (flow->phase == Phase::ESTABLISHED && !flow->stale)
        {
            rto = std::max(rto, flow->subflow->GetRto());
        }
    }
    return std::min(rto * (1 << std::min<uint32_t>(m_headTries, 16)), m_settings->m_maxRto);
}

void
MptcpConnection::OnTimeout(MptcpSubflow& subflow, uint32_t count)
{
    Flow& flow = m_flows.Find(subflow);
    if (m_mode != Mode::MULTIPATH)
    {
        return;
    }
    if (m_ended)
    {
        // Until the peer has answered one FIN it may not have our last data ACK.
        if (count >= LINGER_TIMEOUTS && m_farewell)
        {
            subflow.Reset(MpTcpRst{0, MPTCP_RST_TOO_MUCH_OUTSTANDING_DATA}, Socket::ERROR_NOTERROR);
        }
        return;
    }
    if (flow.phase != Phase::ESTABLISHED || flow.stale)
    {
        return;
    }
    if (!m_dataTimer && count >= m_settings->m_staleTimeouts)
    {
        BecomeStale(flow);
        Push();
    }
}

void
MptcpConnection::Reinject(Flow& flow)
{
    if (m_dataTimer)
    {
        // As Linux: all that is not data-acked, whoever holds it, on whichever subflow.
        m_reinjections.Add({m_sendBuffer->GetBegin(), m_sendNext, nullptr});
        return;
    }
    const MptcpSubflow* origin = PeekPointer(flow.subflow);
    flow.VisitTaken(
        [this, origin](DataSequenceNumber begin, Ptr<const Packet> data)
        {
            const DataSequenceNumber end = begin + data->GetSize();
            begin = std::max(begin, m_sendBuffer->GetBegin());
            if (begin < end)
            {
                m_reinjections.Add({begin, end, origin});
            }
        });
}

void
MptcpConnection::OnHeadTimeout(DataSequenceNumber head)
{
    const DataSequenceNumber begin = m_sendBuffer->GetBegin();
    if (m_ended || m_mode != Mode::MULTIPATH || begin >= m_sendNext)
    {
        return;
    }
    DataSequenceNumber lowest = m_sendNext;
    for (const auto& flow : m_flows)
    {
        flow->VisitTaken(
            [&](DataSequenceNumber at, Ptr<const Packet> data)
            {
                if (at + data->GetSize() > begin)
                {
                    lowest = std::min(lowest, at);
                }
            });
    }
    if (begin < lowest && begin == head)
    {
        // Acknowledged by a middlebox, or dropped by the peer.
        m_headTries++;
        if (m_closed && m_headTries > m_settings->m_dataRetries && m_userTimeout.IsZero())
        {
            GiveUp();
            return;
        }
        m_reinjections.Add({begin, lowest, nullptr});
        Push();
    }
    else if (begin < lowest)
    {
        m_headTimer =
            Simulator::Schedule(GetDataRto(), &MptcpConnection::OnHeadTimeout, this, begin);
    }
}

} // namespace ns3
