// SPDX-License-Identifier: GPL-2.0-only
// How long a connection goes on without an application (FIN_WAIT_2 and what lingers) or without
// progress (the user time-out, RFC 5482).
#include "mptcp-connection.h"

#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <cerrno>

namespace ns3
{

bool
MptcpConnection::IsWaiting() const
{
    // The end of plain TCP's data is the subflow's own matter.
    return m_sendBuffer->GetSize() > 0 ||
           (m_mode == Mode::MULTIPATH && m_dataFinSent && !m_dataFinAcked);
}

bool
MptcpConnection::IsAllAcked() const
{
    if (m_mode == Mode::MULTIPATH)
    {
        return m_dataFinAcked;
    }
    if (m_flows.Empty())
    {
        return true;
    }
    const auto state = m_flows.Front().subflow->GetState();
    return state == TcpSocket::FIN_WAIT_2 || state == TcpSocket::TIME_WAIT ||
           state == TcpSocket::CLOSED;
}

void
MptcpConnection::LimitFinWait()
{
    if (IsAllAcked() && !m_ended && !m_receiveBuffer->HasEnded() && m_finTimer.IsExpired())
    {
        m_finTimer =
            Simulator::Schedule(m_settings->m_finTimeout, &MptcpConnection::OnFinTimeout, this);
    }
}

void
MptcpConnection::OnFinTimeout()
{
    if (m_mode == Mode::MULTIPATH)
    {
        Abort();
        return;
    }
    // As Linux: in silence. What the peer still sends finds nobody and is reset.
    Ptr<MptcpConnection> self(this);
    const auto subflows = m_flows.GetSubflows();
    End(0);
    for (const auto& subflow : subflows)
    {
        subflow->Abandon();
        RemoveFlow(*subflow);
        const Telling telling;
        m_closedTrace(subflow, SubflowEnd());
    }
    Finish();
}

void
MptcpConnection::OnLinger()
{
    if (!IsAllAcked())
    {
        Abort();
    }
}

void
MptcpConnection::SetKeepAlive(bool keepAlive)
{
    m_keepAliveWanted = keepAlive;
    for (const auto& subflow : m_flows.GetSubflows())
    {
        SubflowControls controls = subflow->GetControls();
        controls.keepAlive = keepAlive;
        subflow->SetControls(controls);
    }
}

void
MptcpConnection::SetUserTimeout(Time timeout)
{
    m_userTimeout = timeout;
    m_progressTimer.Remove();
    for (const auto& subflow : m_flows.GetSubflows())
    {
        SubflowControls controls = subflow->GetControls();
        controls.userTimeout = timeout;
        subflow->SetControls(controls);
    }
    WatchProgress();
}

void
MptcpConnection::ApplyLimits(MptcpSubflow& subflow)
{
    SubflowControls controls = subflow.GetControls();
    controls.keepAlive = m_keepAliveWanted;
    controls.userTimeout = m_userTimeout;
    subflow.SetControls(controls);
}

void
MptcpConnection::WatchProgress()
{
    if (m_userTimeout.IsStrictlyPositive() && m_progressTimer.IsExpired() && !m_ended &&
        m_sendBuffer && IsWaiting())
    {
        m_progressAt = Simulator::Now();
        m_progressTimer = Simulator::Schedule(m_userTimeout, &MptcpConnection::CheckProgress, this);
    }
}

void
MptcpConnection::CheckProgress()
{
    if (!IsWaiting())
    {
        return;
    }
    const Time left = m_progressAt + m_userTimeout - Simulator::Now();
    if (left.IsStrictlyPositive())
    {
        m_progressTimer = Simulator::Schedule(left, &MptcpConnection::CheckProgress, this);
        return;
    }
    GiveUp();
}

void
MptcpConnection::GiveUp()
{
    m_aborting = m_mode == Mode::MULTIPATH;
    End(ETIMEDOUT);
}

} // namespace ns3
