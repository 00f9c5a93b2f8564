// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-lia.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpLia);

TypeId
MptcpLia::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpLia")
                            .SetParent<MptcpCoupledCongestion>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpLia>();
    return tid;
}

std::string
MptcpLia::GetName() const
{
    return "MptcpLia";
}

Ptr<TcpCongestionOps>
MptcpLia::Fork()
{
    return CopyObject<MptcpLia>(this);
}

void
MptcpLia::CongestionAvoidance(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked)
{
    if (segmentsAcked == 0)
    {
        return;
    }
    // RFC 6356 equation (1), of whose two terms the one with the larger denominator is the smaller.
    double segmentSize = tcb->m_segmentSize;
    double denominator = tcb->m_cWnd.Get();
    if (MptcpCoupling* coupling = GetCoupling())
    {
        const MptcpCoupling::Figures& figures = coupling->GetFigures(this);
        denominator = std::max(denominator, figures.totalWindow / figures.alpha);
    }
    Grow(*tcb, segmentsAcked * segmentSize * segmentSize / denominator);
}

} // namespace ns3
