// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-ecf.h"

#include "ns3/double.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpEcf);

TypeId
MptcpEcf::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpEcf")
            .SetParent<MptcpScheduler>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpEcf>()
            .AddAttribute("Beta",
                          "Hysteresis: once it waits for the fastest subflow, a slower one must be "
                          "better by this part of its own RTT to be used again.",
                          DoubleValue(0.25),
                          MakeDoubleAccessor(&MptcpEcf::m_beta),
                          MakeDoubleChecker<double>(0));
    return tid;
}

MptcpSubflow*
MptcpEcf::Select(const std::vector<Candidate>& candidates, const Demand& demand)
{
    const FastestPair pair = FindFastest(candidates, demand);
    if (!pair.available || pair.available == pair.fastest || pair.fastest->GetHeldBytes() == 0)
    {
        return pair.available;
    }
    const auto pending = static_cast<double>(demand.pending);
    const double fastRtt = pair.fastestRtt.GetSeconds();
    const double slowRtt = pair.availableRtt.GetSeconds();
    const double deviation =
        std::max(pair.fastest->GetRttVariation(), pair.available->GetRttVariation()).GetSeconds();
    const double rounds = 1 + pending / pair.fastest->GetCongestionWindow();
    if (rounds * fastRtt >= (1 + (m_waiting ? m_beta : 0)) * (slowRtt + deviation))
    {
        m_waiting = false;
        return pair.available;
    }
    // Even by the slow subflow alone it takes longer than to wait for the fast one.
    if (pending / pair.available->GetCongestionWindow() * slowRtt >= 2 * fastRtt + deviation)
    {
        m_waiting = true;
        return nullptr;
    }
    return pair.available;
}

} // namespace ns3
