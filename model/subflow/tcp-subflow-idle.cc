// SPDX-License-Identifier: GPL-2.0-only
// How long a TcpSubflow waits for its peer: keep-alives (RFC 9293 section 3.8.4) and the user
// time-out (RFC 5482, the local half).
#include "tcp-subflow.h"

#include "ns3/simulator.h"

namespace ns3
{

void
TcpSubflow::OnIdle()
{
    if (!m_keepAlive)
    {
        m_retransmitTimer.Cancel();
        return;
    }
    m_keepAlives = 0;
    m_retransmitTimer.Schedule(m_settings->m_keepAliveIdle);
}

void
TcpSubflow::OnIdleTimer()
{
    if (!m_keepAlive)
    {
        return;
    }
    const Time silent = Simulator::Now() - m_heardAt;
    if (silent < m_settings->m_keepAliveIdle)
    {
        m_retransmitTimer.Schedule(m_settings->m_keepAliveIdle - silent);
        return;
    }
    // As Linux: a user time-out takes the place of the count.
    const Time limit = GetUserTimeout();
    const bool over = limit.IsStrictlyPositive() ? m_keepAlives > 0 && silent >= limit
                                                 : m_keepAlives >= m_settings->m_keepAliveCount;
    if (over)
    {
        TimeOut(true);
        return;
    }
    ++m_keepAlives;
    m_retransmitTimer.Schedule(m_settings->m_keepAliveInterval);
    SendProbe();
}

Time
TcpSubflow::GetUserTimeout() const
{
    return m_controls.userTimeout.value_or(m_settings->m_userTimeout);
}

bool
TcpSubflow::IsGivenUp(uint32_t retries) const
{
    const Time limit = GetUserTimeout();
    return limit.IsStrictlyPositive() ? Simulator::Now() - m_unackedSince >= limit
                                      : m_retries >= retries;
}

void
TcpSubflow::TimeOut(bool reset)
{
    if (reset)
    {
        SendReset(std::nullopt);
    }
    SubflowEnd end;
    end.error = Socket::ERROR_NOTCONN;
    end.timedOut = true;
    end.number = m_softError;
    End(end);
}

void
TcpSubflow::HeedControls()
{
    const bool keepAlive = m_controls.keepAlive.value_or(m_settings->m_keepAlive);
    if (keepAlive != m_keepAlive)
    {
        m_keepAlive = keepAlive;
        if (IsSynchronized() && m_scoreboard.Empty())
        {
            OnIdle();
        }
    }
    if (m_retransmitTimer.IsRunning() && !m_scoreboard.Empty())
    {
        ArmTimer();
    }
    if (m_controls.measureRate)
    {
        m_congestion->MeasureRate();
        m_scoreboard.SetRateSampler(m_congestion->GetSampler());
    }
}

} // namespace ns3
