// SPDX-License-Identifier: GPL-2.0-only
#include "lazy-timer.h"

#include "ns3/simulator.h"

#include <utility>

namespace ns3
{

LazyTimer::~LazyTimer()
{
    Stop();
}

void
LazyTimer::SetFunction(std::function<void()> expire)
{
    m_expire = std::move(expire);
}

void
LazyTimer::Schedule(Time delay)
{
    m_deadline = Simulator::Now() + delay;
    m_running = true;
    if (m_pending)
    {
        if (m_fires <= m_deadline)
        {
            return;
        }
        m_event.Cancel();
    }
    m_pending = true;
    m_fires = m_deadline;
    m_event = Simulator::Schedule(delay, &LazyTimer::Fire, this);
}

void
LazyTimer::Cancel()
{
    m_running = false;
}

void
LazyTimer::Stop()
{
    m_running = false;
    if (m_pending)
    {
        m_pending = false;
        m_event.Cancel();
    }
}

void
LazyTimer::Fire()
{
    m_pending = false;
    if (!m_running)
    {
        return;
    }
    const Time now = Simulator::Now();
    if (m_deadline > now)
    {
        m_pending = true;
        m_fires = m_deadline;
        m_event = Simulator::Schedule(m_deadline - now, &LazyTimer::Fire, this);
        return;
    }
    m_running = false;
    m_expire();
}

} // namespace ns3
