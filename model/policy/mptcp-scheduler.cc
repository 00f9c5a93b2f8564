// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-scheduler.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpScheduler);
NS_OBJECT_ENSURE_REGISTERED(MptcpLowestRtt);
NS_OBJECT_ENSURE_REGISTERED(MptcpRoundRobin);

TypeId
MptcpScheduler::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpScheduler").SetParent<Object>().SetGroupName("Mptcp");
    return tid;
}

MptcpScheduler::FastestPair
MptcpScheduler::FindFastest(const std::vector<Candidate>& candidates, const Demand& demand)
{
    FastestPair pair;
    for (const auto& candidate : candidates)
    {
        const Time rtt = GetExpectedRtt(*candidate.subflow);
        if (!pair.fastest || rtt < pair.fastestRtt)
        {
            pair.fastest = candidate.subflow;
            pair.fastestRtt = rtt;
        }
        if (HasRoom(candidate, demand) && (!pair.available || rtt < pair.availableRtt))
        {
            pair.available = candidate.subflow;
            pair.availableRtt = rtt;
        }
    }
    return pair;
}

TypeId
MptcpLowestRtt::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpLowestRtt")
                            .SetParent<MptcpScheduler>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpLowestRtt>();
    return tid;
}

MptcpSubflow*
MptcpLowestRtt::Select(const std::vector<Candidate>& candidates, const Demand& demand)
{
    MptcpSubflow* best = nullptr;
    Time bestRtt;
    for (const auto& candidate : candidates)
    {
        if (!HasRoom(candidate, demand))
        {
            continue;
        }
        const Time rtt = GetExpectedRtt(*candidate.subflow);
        if (!best || rtt < bestRtt)
        {
            best = candidate.subflow;
            bestRtt = rtt;
        }
    }
    return best;
}

TypeId
MptcpRoundRobin::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpRoundRobin")
                            .SetParent<MptcpScheduler>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpRoundRobin>();
    return tid;
}

MptcpSubflow*
MptcpRoundRobin::Select(const std::vector<Candidate>& candidates, const Demand& demand)
{
    auto last = std::find_if(candidates.begin(),
                             candidates.end(),
                             [this](const Candidate& c) { return m_last == c.subflow; });
    size_t start = last == candidates.end() ? 0 : std::distance(candidates.begin(), last) + 1;
    for (size_t i = 0; i < candidates.size(); i++)
    {
        const Candidate& candidate = candidates[(start + i) % candidates.size()];
        if (HasRoom(candidate, demand))
        {
            m_last = candidate.subflow;
            return candidate.subflow;
        }
    }
    return nullptr;
}

} // namespace ns3
