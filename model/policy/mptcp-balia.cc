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
MptcpBalia::GetAlpha(double rate) const
{
    MptcpCoupling* coupling = GetCoupling();
    return coupling && rate > 0 ? std::max(coupling->GetFigures().maxRate / rate, 1.0) : 1;
}

uint32_t
MptcpBalia::GetSsThresh(Ptr<const TcpSocketState> tcb, uint32_t bytesInFlight)
{
    const double rtt = GetRtt().GetSeconds();
    const double rate = rtt > 0 ? bytesInFlight / rtt : 0;
    const double reduction = std::min(GetAlpha(rate), 1.5) / 2;
    return std::max(static_cast<uint32_t>(bytesInFlight * (1 - reduction)), 2 * tcb->m_segmentSize);
}

void
MptcpBalia::CongestionAvoidance(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked)
{
    const double segmentSize = tcb->m_segmentSize;
    const double window = tcb->m_cWnd.Get();
    const double rtt = GetRtt().GetSeconds();
    double increase = segmentSize / window; // of a lone subflow
    if (rtt > 0 && GetCoupling() && GetCoupling()->GetFigures().totalRate > 0)
    {
        const double rate = window / rtt;
        const double total = GetCoupling()->GetFigures().totalRate;
        const double alpha = GetAlpha(rate);
        increase = segmentSize * rate / (rtt * total * total) * (1 + alpha) / 2 * (4 + alpha) / 5;
    }
    Grow(*tcb, segmentsAcked * segmentSize * increase);
}

} // namespace ns3
