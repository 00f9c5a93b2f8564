// SPDX-License-Identifier: GPL-2.0-only
// Subflows that are silent: when the others carry what they hold (RFC 8684 section 3.3.6). By
// default a subflow's own time-outs decide; with StaleLossCount it is Linux's data-level
// retransmission timer.
#include "mptcp-connection.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <limits>

namespace ns3
{

namespace
{

/// Bytes that Linux sends again at a time: a fragment of its send queue.
constexpr uint32_t FRAGMENT = 32768;
/// Looks in a row without a word from those that hold data, until a backup repeats some of it.
constexpr uint32_t BACKUP_PATIENCE = 2;

} // namespace

void
MptcpConnection::BecomeStale(Flow& flow)
{
    flow.stale = true;
    flow.subflow->SetStale(true);
    Reinject(flow);
}

void
MptcpConnection::StartDataTimer()
{
    m_dataTimer = std::make_unique<DataTimer>();
    m_dataTimer->timeout = GetDataTimeout(Time(0));
    m_dataTimer->timer.SetFunction([this] { OnDataTimer(); });
}

void
MptcpConnection::MeasureDataTimeout()
{
    Time longest;
    for (const auto& flow : m_flows)
    {
        if (flow->IsUsable() && flow->silentPeriods == 0 && flow->subflow->GetHeldBytes() > 0)
        {
            longest = std::max(longest, flow->subflow->GetRto());
        }
    }
    m_dataTimer->timeout = GetDataTimeout(longest);
}

void
MptcpConnection::RestartDataTimer()
{
    if (m_sendBuffer->GetBegin() < m_sendNext)
    {
        m_dataTimer->timer.Schedule(m_dataTimer->timeout);
    }
    else
    {
        m_dataTimer->timer.Cancel();
    }
}

void
MptcpConnection::OnDataTimer()
{
    if (m_ended || m_mode != Mode::MULTIPATH)
    {
        return;
    }
    const Ptr<MptcpConnection> self(this);
    bool stale = false;
    for (const auto& flow : m_flows)
    {
        if (flow->phase != Phase::ESTABLISHED)
        {
            continue;
        }
        const uint32_t heard = flow->subflow->GetDetails().segmentsReceived;
        if (flow->silentPeriods == 0)
        {
            flow->heardSegments = heard;
            flow->silentPeriods = 1;
        }
        else if (flow->heardSegments == heard)
        {
            flow->silentPeriods = std::min(flow->silentPeriods + 1, 255U);
            stale |= JudgeSilence(*flow);
        }
        else
        {
            flow->silentPeriods = 0;
        }
    }
    if (stale)
    {
        Push();
        if (m_ended || m_mode != Mode::MULTIPATH)
        {
            return;
        }
    }
    RepeatHead();
    if (!m_dataTimer->timer.IsRunning())
    {
        RestartDataTimer();
    }
}

bool
MptcpConnection::JudgeSilence(Flow& flow)
{
    const uint32_t limit = m_settings->m_staleLossCount;
    if (flow.stale || flow.silentPeriods <= limit)
    {
        return false;
    }
    const bool another =
        std::any_of(m_flows.begin(),
                    m_flows.end(),
                    [&](const auto& other)
                    {
                        return other != &flow && other->IsUsable() &&
                               other->silentPeriods < std::max<uint32_t>(limit, 2) - 1;
                    });
    if (!another || flow.subflow->GetHeldBytes() + flow.GetQueued() == 0)
    {
        return false;
    }
    BecomeStale(flow);
    return true;
}

void
MptcpConnection::RepeatHead()
{
    Flow* regular = nullptr;
    Flow* backup = nullptr;
    uint32_t silence = std::numeric_limits<uint32_t>::max();
    for (const auto& flow : m_flows)
    {
        if (flow->phase != Phase::ESTABLISHED || flow->closing)
        {
            continue;
        }
        if (flow->subflow->GetHeldBytes() + flow->GetQueued() > 0)
        {
            silence = std::min(silence, flow->silentPeriods);
            continue;
        }
        Flow*& idle = flow->IsBackup() ? backup : regular;
        idle = idle ? idle : flow;
    }
    Flow* idle = regular ? regular : silence >= BACKUP_PATIENCE ? backup : nullptr;
    DataSequenceNumber begin = m_sendBuffer->GetBegin();
    if (!idle || begin >= m_sendNext)
    {
        return;
    }
    m_reinjected = true;
    const DataSequenceNumber end = std::min(begin + FRAGMENT, m_sendNext);
    while (begin < end)
    {
        const uint32_t size = std::min(
            {static_cast<uint32_t>(end - begin), idle->subflow->GetMaxPayload(), idle->GetRoom()});
        if (size == 0)
        {
            break;
        }
        SendOn(*idle->subflow, begin, size, true);
        begin += size;
    }
}

} // namespace ns3
