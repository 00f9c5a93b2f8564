// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-balia.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpBalia);

TypeId
MptcpBalia::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpBalia")
                            .SetParent<MptcpCoupledCongestion>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpBalia>();
    return tid;
}

std::string
MptcpBalia::GetName() const
{
    return "MptcpBalia";
}

Ptr<TcpCongestionOps>
MptcpBalia::Fork()
{
    return CopyObject<MptcpBalia>(this);
}

double
MptcpBalia::GetAlpha(double rate, double fastest)
{
    return std::max(fastest / rate, 1.0);
}

uint32_t
MptcpBalia::GetSsThresh(Ptr<const TcpSocketState> tcb, uint32_t bytesInFlight)
{
    const double rtt = GetRtt().GetSeconds();
    double alpha = 1; // of a lone subflow
    if (rtt > 0 && bytesInFlight > 0 && GetCoupling())
    {
        // Of this subflow the coupling knows no window now: its recovery begins, and the threshold
        // that counts in it is what is asked for here.
        double fastest = 0;
        for (const auto* member : GetCoupling()->GetMembers())
        {
            const double its = member->GetRtt().GetSeconds();
            if (member != this && its > 0)
            {
                fastest = std::max(fastest, member->GetEffectiveWindow() / its);
            }
        }
        alpha = GetAlpha(bytesInFlight / rtt, fastest);
    }
    const double reduction = std::min(alpha, 1.5) / 2;
    return std::max(static_cast<uint32_t>(bytesInFlight * (1 - reduction)), 2 * tcb->m_segmentSize);
}

void
MptcpBalia::CongestionAvoidance(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked)
{
    const double segmentSize = tcb->m_segmentSize;
    const double window = tcb->m_cWnd.Get();
    const double rtt = GetRtt().GetSeconds();
    double increase = segmentSize / window; // of a lone subflow
    if (rtt > 0 && GetCoupling())
    {
        const MptcpCoupling::Figures& figures = GetCoupling()->GetFigures(this);
        const double rate = window / rtt;
        // The window may have been idle when the figures were computed.
        const double total = std::max(figures.totalRate, rate);
        const double alpha = GetAlpha(rate, figures.maxRate);
        increase = segmentSize * rate / (rtt * total * total) * (1 + alpha) / 2 * (4 + alpha) / 5;
    }
    Grow(*tcb, segmentsAcked * segmentSize * increase);
}

} // namespace ns3
