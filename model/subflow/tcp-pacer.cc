// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-pacer.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{

TcpPacer::TcpPacer(std::function<void()> ready)
{
    m_timer.SetFunction(std::move(ready));
}

bool
TcpPacer::MaySend() const
{
    return Simulator::Now() >= m_next;
}

void
TcpPacer::OnSend(uint32_t bytes, DataRate rate)
{
    if (rate.GetBitRate() == 0)
    {
        return;
    }
    const Time now = Simulator::Now();
    m_next = std::max(m_next, now) + rate.CalculateBytesTxTime(bytes);
    m_timer.Schedule(m_next - now);
}

void
TcpPacer::Stop()
{
    m_timer.Stop();
}

} // namespace ns3
