// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-scheduler.h"

#include <algorithm>

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

bool
MptcpScheduler::HasRoom(const Candidate& candidate, uint32_t size)
{
    return candidate.room > 0 &&
           candidate.room >= std::min(size, candidate.subflow->GetMaxPayload());
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
MptcpLowestRtt::Select(const std::vector<Candidate>& candidates, uint32_t size)
{
    MptcpSubflow* best = nullptr;
    Time bestRtt;
    for (const auto& candidate : candidates)
    {
        if (!HasRoom(candidate, size))
        {
            continue;
        }
        // The smoothed RTT of an idle subflow is that of queues that have drained since; by it the
        // path would stay idle for ever.
        const bool idle = candidate.subflow->GetHeldBytes() == 0;
        const Time rtt =
            idle ? candidate.subflow->GetMinRtt() : candidate.subflow->GetSmoothedRtt();
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
MptcpRoundRobin::Select(const std::vector<Candidate>& candidates, uint32_t size)
{
    auto last = std::find_if(candidates.begin(), candidates.end(), [this](const Candidate& c) {
        return c.subflow == m_last;
    });
    size_t start = last == candidates.end() ? 0 : std::distance(candidates.begin(), last) + 1;
    for (size_t i = 0; i < candidates.size(); i++)
    {
        const Candidate& candidate = candidates[(start + i) % candidates.size()];
        if (HasRoom(candidate, size))
        {
            m_last = candidate.subflow;
            return candidate.subflow;
        }
    }
    return nullptr;
}

} // namespace ns3
