// SPDX-License-Identifier: GPL-2.0-only
// What congestion controls want beyond a window: pacing, and to know the delivery rate.
#include "tcp-pacer.h"
#include "tcp-subflow.h"

namespace ns3
{

void
TcpSubflow::StartCongestionAids()
{
    m_scoreboard.SetRateSampler(m_congestion->GetSampler());
    if (!m_congestion->IsPacing())
    {
        m_pacer.reset();
    }
    else if (!m_pacer)
    {
        m_pacer = std::make_unique<TcpPacer>([this] { OnPacingTimer(); });
    }
}

bool
TcpSubflow::IsPaced() const
{
    return m_pacer && !m_pacer->MaySend();
}

void
TcpSubflow::Pace(uint32_t length)
{
    const TcpSocketState& state = *m_congestion->GetState();
    if (state.m_paceInitialWindow || m_dataSegmentsSent >= state.m_initialCWnd)
    {
        m_pacer->OnSend(length, state.m_pacingRate);
    }
}

void
TcpSubflow::OnPacingTimer()
{
    const Ptr<TcpSubflow> self(this);
    if (!IsSynchronized())
    {
        return;
    }
    if (!m_undo.IsTesting())
    {
        TransmitLost(false);
    }
    OfferRoom();
}

void
TcpSubflow::OfferRoom()
{
    m_user->OnSendRoom(*this);
    if (m_undo.IsTestOpen())
    {
        EndTestRoom();
    }
    if (m_congestion->GetSampler() && GetSendRoom() > 0)
    {
        // The user had nothing to fill it with.
        m_congestion->GetSampler()->SetAppLimited(m_scoreboard.GetPipe());
    }
}

} // namespace ns3
