// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-blest.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpBlest);

TypeId
MptcpBlest::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpBlest")
            .SetParent<MptcpScheduler>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpBlest>()
            .AddAttribute("MaxLambda",
                          "Most that the estimate of what the fastest subflow will send is scaled "
                          "by; 1 leaves it as it is.",
                          DoubleValue(1.3),
                          MakeDoubleAccessor(&MptcpBlest::m_maxLambda),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("LambdaIncrease",
                          "Added to the scaling after a round trip in which the receive window "
                          "held data back.",
                          DoubleValue(0.04),
                          MakeDoubleAccessor(&MptcpBlest::m_increase),
                          MakeDoubleChecker<double>(0))
            .AddAttribute("LambdaDecrease",
                          "Taken from the scaling after a round trip in which it did not.",
                          DoubleValue(0.01),
                          MakeDoubleAccessor(&MptcpBlest::m_decrease),
                          MakeDoubleChecker<double>(0));
    return tid;
}

void
MptcpBlest::UpdateLambda(Time roundTrip, uint32_t stalls)
{
    const Time now = Simulator::Now();
    if (now < m_updated + roundTrip)
    {
        return;
    }
    m_lambda += stalls != m_stalls ? m_increase : -m_decrease;
    m_lambda = std::clamp(m_lambda, 1.0, m_maxLambda);
    m_stalls = stalls;
    m_updated = now;
}

MptcpSubflow*
MptcpBlest::Select(const std::vector<Candidate>& candidates, const Demand& demand)
{
    const FastestPair pair = FindFastest(candidates, demand);
    if (!pair.available || pair.available == pair.fastest || pair.fastest->GetHeldBytes() == 0 ||
        !pair.fastestRtt.IsStrictlyPositive())
    {
        return pair.available;
    }
    UpdateLambda(pair.availableRtt, demand.windowStalls);
    // Section IV of the paper, in bytes: cwnd grows by a segment in each of the fastest subflow's
    // round trips that go by until the slow one's segment is acknowledged.
    const double rounds = pair.availableRtt.GetSeconds() / pair.fastestRtt.GetSeconds();
    const double growth = pair.fastest->GetMaxPayload() * (rounds - 1) / 2;
    const double expected = (pair.fastest->GetCongestionWindow() + growth) * rounds;
    const double left = static_cast<double>(demand.window) - pair.available->GetBytesInFlight() -
                        pair.available->GetMaxPayload();
    return expected * m_lambda > left ? nullptr : pair.available;
}

} // namespace ns3
