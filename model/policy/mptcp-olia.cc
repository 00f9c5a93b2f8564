// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-olia.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpOlia);

TypeId
MptcpOlia::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpOlia")
                            .SetParent<MptcpCoupledCongestion>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpOlia>();
    return tid;
}

std::string
MptcpOlia::GetName() const
{
    return "MptcpOlia";
}

Ptr<TcpCongestionOps>
MptcpOlia::Fork()
{
    return CopyObject<MptcpOlia>(this);
}

void
MptcpOlia::PktsAcked(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked, const Time& rtt)
{
    MptcpCoupledCongestion::PktsAcked(tcb, segmentsAcked, rtt);
    m_sinceLoss += static_cast<double>(segmentsAcked) * tcb->m_segmentSize;
}

void
MptcpOlia::CongestionStateSet(Ptr<TcpSocketState> tcb,
                              const TcpSocketState::TcpCongState_t newState)
{
    MptcpCoupledCongestion::CongestionStateSet(tcb, newState);
    if (newState == TcpSocketState::CA_RECOVERY || newState == TcpSocketState::CA_LOSS)
    {
        m_betweenLosses = m_sinceLoss;
        m_sinceLoss = 0;
    }
}

uint32_t
MptcpOlia::GetSsThresh(Ptr<const TcpSocketState> tcb, uint32_t bytesInFlight)
{
    const bool several = GetCoupling() && GetCoupling()->GetMembers().size() > 1;
    return std::max(bytesInFlight / 2, (several ? 1 : 2) * tcb->m_segmentSize);
}

void
MptcpOlia::UpdateAlpha(const MptcpCoupling& coupling, uint64_t version)
{
    if (m_version == version)
    {
        return;
    }
    m_version = version;
    const auto windowOf = [this](const MptcpOlia& sibling)
    { return &sibling == this ? GetWindow() : sibling.GetEffectiveWindow(); };
    // The best path is the one on which a TCP would be fastest: it loses one in l bytes, and
    // sqrt(l) / RTT is its rate.
    double best = 0;
    uint32_t widest = 0;
    for (const auto* member : coupling.GetMembers())
    {
        if (const auto* sibling = dynamic_cast<const MptcpOlia*>(member))
        {
            const double rtt = sibling->GetRtt().GetSeconds();
            if (rtt > 0)
            {
                best = std::max(best, sibling->GetLossInterval() / (rtt * rtt));
                widest = std::max(widest, windowOf(*sibling));
            }
        }
    }
    uint32_t collected = 0; // best paths whose window is not the largest
    uint32_t largest = 0;   // paths whose window is
    bool isCollected = false;
    bool isLargest = false;
    for (const auto* member : coupling.GetMembers())
    {
        const auto* sibling = dynamic_cast<const MptcpOlia*>(member);
        const double rtt = sibling ? sibling->GetRtt().GetSeconds() : 0;
        if (rtt <= 0)
        {
            continue;
        }
        const bool hasLargest = windowOf(*sibling) >= widest;
        const bool hasBest = sibling->GetLossInterval() / (rtt * rtt) >= best;
        largest += hasLargest;
        collected += hasBest && !hasLargest;
        if (sibling == this)
        {
            isLargest = hasLargest;
            isCollected = hasBest && !hasLargest;
        }
    }
    const auto members = static_cast<double>(coupling.GetMembers().size());
    m_alpha = 0;
    if (isCollected)
    {
        m_alpha = 1 / (members * collected);
    }
    else if (isLargest && collected > 0)
    {
        m_alpha = -1 / (members * largest);
    }
}

void
MptcpOlia::CongestionAvoidance(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked)
{
    const double segmentSize = tcb->m_segmentSize;
    const double window = tcb->m_cWnd.Get();
    MptcpCoupling* coupling = GetCoupling();
    const double rtt = GetRtt().GetSeconds();
    double increase = segmentSize / window; // of a lone subflow
    if (coupling && rtt > 0)
    {
        const MptcpCoupling::Figures& figures = coupling->GetFigures(this);
        UpdateAlpha(*coupling, figures.version);
        // The window may have been idle when the figures were computed.
        const double total = std::max(figures.totalRate, window / rtt);
        increase = segmentSize * (window / (rtt * rtt * total * total) + m_alpha / window);
    }
    Grow(*tcb, segmentsAcked * segmentSize * increase);
}

} // namespace ns3
