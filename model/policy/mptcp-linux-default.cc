// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-linux-default.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <limits>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpLinuxDefault);

namespace
{

/// Bytes of a burst: 64 KiB less headers of TCP and IPv6.
constexpr uint32_t BURST = 65428;
/// Of the window each round trip, in slow start and behind it (net.ipv4.tcp_pacing_ss_ratio and
/// tcp_pacing_ca_ratio).
constexpr double SLOW_START_RATIO = 2;
constexpr double AVOIDANCE_RATIO = 1.2;

} // namespace

TypeId
MptcpLinuxDefault::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpLinuxDefault")
                            .SetParent<MptcpScheduler>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpLinuxDefault>();
    return tid;
}

double
MptcpLinuxDefault::GetPacingRate(const MptcpSubflow& subflow)
{
    const double rtt = subflow.GetSmoothedRtt().GetSeconds();
    if (rtt <= 0)
    {
        return std::numeric_limits<uint32_t>::max();
    }
    const uint32_t window = subflow.GetCongestionWindow();
    const auto state = subflow.GetSocketState();
    const bool slowStart = state && window < state->m_ssThresh / 2;
    const uint32_t most = std::max(window, subflow.GetHeldBytes());
    return (slowStart ? SLOW_START_RATIO : AVOIDANCE_RATIO) * most / rtt;
}

MptcpLinuxDefault::Pace&
MptcpLinuxDefault::Find(const MptcpSubflow* subflow)
{
    for (auto& pace : m_paces)
    {
        if (pace.subflow == subflow)
        {
            return pace;
        }
    }
    m_paces.push_back({subflow, GetPacingRate(*subflow)});
    return m_paces.back();
}

MptcpSubflow*
MptcpLinuxDefault::Select(const std::vector<Candidate>& candidates, const Demand& demand)
{
    const Time now = Simulator::Now();
    if (m_burst > 0 && m_chosenAt == now)
    {
        for (const auto& candidate : candidates)
        {
            if (m_chosen == candidate.subflow && HasRoom(candidate, demand))
            {
                m_burst -= std::min({m_burst, demand.size, candidate.subflow->GetMaxPayload()});
                return candidate.subflow;
            }
        }
    }
    if (m_paces.size() > candidates.size())
    {
        // Those that are no candidates for a while keep their averages.
        const auto over = [](const Pace& pace)
        {
            const auto state = pace.subflow->GetState();
            return state == TcpSocket::CLOSED || state == TcpSocket::TIME_WAIT;
        };
        m_paces.erase(std::remove_if(m_paces.begin(), m_paces.end(), over), m_paces.end());
    }
    const Candidate* best = nullptr;
    double bestTime = 0;
    for (const auto& candidate : candidates)
    {
        const double bytes = candidate.subflow->GetHeldBytes() + double(candidate.queued);
        const double time = bytes / Find(candidate.subflow).rate;
        if (!best || time < bestTime)
        {
            best = &candidate;
            bestTime = time;
        }
    }
    m_burst = 0;
    if (!best || !HasRoom(*best, demand))
    {
        return nullptr;
    }
    const uint32_t burst = std::min(BURST, demand.size);
    const double taken = best->subflow->GetHeldBytes() + double(best->queued);
    Pace& pace = Find(best->subflow);
    pace.rate = (pace.rate * taken + GetPacingRate(*best->subflow) * burst) / (taken + burst);
    m_chosen = best->subflow;
    m_chosenAt = now;
    m_burst = burst - std::min({burst, demand.size, best->subflow->GetMaxPayload()});
    return best->subflow;
}

} // namespace ns3
