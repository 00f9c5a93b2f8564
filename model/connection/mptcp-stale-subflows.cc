// SPDX-License-Identifier: GPL-2.0-only
// Subflows that are silent: when the others carry what they hold (RFC 8684 section 3.3.6).
#include "mptcp-connection.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

void
MptcpConnection::BecomeStale(Flow& flow)
{
    flow.stale = true;
    flow.subflow->SetStale(true);
    Reinject(flow);
    Push();
}

void
MptcpConnection::OnSilentPeriod(Ptr<MptcpSubflow> subflow)
{
    Flow& flow = Find(*subflow);
    if (m_ended || m_mode != Mode::MULTIPATH || flow.stale || subflow->GetTimeouts() == 0)
    {
        return;
    }
    flow.silentPeriods++;
    if (flow.silentPeriods > m_settings->m_staleLossCount)
    {
        BecomeStale(flow);
        return;
    }
    // Linux looks when its data-level timer fires. That is set by the time-outs of subflows that
    // were heard since the look before, or to 200 ms if there is none: so after each second look,
    // since the look itself makes those that work wait for their next word.
    Time period = m_settings->m_minRto;
    for (const auto& other : m_flows)
    {
        if (flow.silentPeriods % 2 == 0 && other.get() != &flow && !other->stale &&
            other->phase == Phase::ESTABLISHED && other->subflow->GetHeldBytes() > 0)
        {
            period = std::max(period, other->subflow->GetSmoothedRtt() + m_settings->m_minRto);
        }
    }
    flow.silentTimer = Simulator::Schedule(period, &MptcpConnection::OnSilentPeriod, this, subflow);
}

} // namespace ns3
