// SPDX-License-Identifier: GPL-2.0-only
// What a sender does about a receive window that a slow subflow fills (RFC 8684 section 3.3.5 and
// section 4.2 of C. Raiciu et al., "How Hard Can It Be? Designing and Implementing a Deployable
// Multipath TCP", NSDI 2012).
#include "mptcp-connection.h"

#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <algorithm>

namespace ns3
{

void
MptcpConnection::FreeWindow()
{
    const DataSequenceNumber head = m_sendBuffer->GetBegin();
    // Once for each segment that holds the window up, and only if the window is what limits.
    if (m_freedHead == head || m_sendEdge > m_sendNext + GetTypicalPayload())
    {
        return;
    }
    Flow* holder = nullptr;
    DataSequenceNumber end = head;
    for (const auto& flow : m_flows)
    {
        flow->VisitTaken(
            [&](DataSequenceNumber at, Ptr<const Packet> data)
            {
                if (at <= head && head < at + data->GetSize())
                {
                    holder = flow;
                    end = at + data->GetSize();
                }
            });
    }
    if (!holder)
    {
        return;
    }
    CollectCandidates(PeekPointer(holder->subflow));
    const Time slow = holder->subflow->GetSmoothedRtt();
    const bool faster =
        std::any_of(m_candidates.begin(),
                    m_candidates.end(),
                    [slow](const auto& candidate)
                    { return candidate.room > 0 && candidate.subflow->GetSmoothedRtt() < slow; });
    if (!faster)
    {
        return;
    }
    m_freedHead = head;
    if (m_settings->m_opportunistic)
    {
        m_reinjections.Add({head, end, PeekPointer(holder->subflow)});
        while (!m_reinjections.Empty() && PushReinjection())
        {
        }
    }
    if (m_settings->m_penalise && Simulator::Now() >= holder->penalisedUntil)
    {
        const Telling telling;
        // Once a round trip, and not below what fast retransmit needs.
        holder->penalisedUntil = Simulator::Now() + slow;
        Ptr<TcpSocketState> state = holder->subflow->GetSocketState();
        const uint32_t least = 2 * state->m_segmentSize;
        const uint32_t half = std::max(state->m_cWnd.Get() / 2, least);
        state->m_ssThresh = half;
        state->m_cWnd = half;
        state->m_cWndInfl = half;
    }
}

} // namespace ns3
