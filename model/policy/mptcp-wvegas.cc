// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-wvegas.h"

#include "ns3/double.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpWvegas);

TypeId
MptcpWvegas::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpWvegas")
            .SetParent<MptcpCoupledCongestion>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpWvegas>()
            .AddAttribute("TotalAlpha",
                          "Segments that all subflows together keep in the queues of their paths.",
                          DoubleValue(10),
                          MakeDoubleAccessor(&MptcpWvegas::m_totalAlpha),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("InitialAlpha",
                          "Segments that a subflow keeps there at least, and at first.",
                          DoubleValue(2),
                          MakeDoubleAccessor(&MptcpWvegas::m_initialAlpha),
                          MakeDoubleChecker<double>(1))
            .AddAttribute("Gamma",
                          "Segments in the queue that end slow start.",
                          DoubleValue(1),
                          MakeDoubleAccessor(&MptcpWvegas::m_gamma),
                          MakeDoubleChecker<double>(0));
    return tid;
}

std::string
MptcpWvegas::GetName() const
{
    return "MptcpWvegas";
}

Ptr<TcpCongestionOps>
MptcpWvegas::Fork()
{
    return CopyObject<MptcpWvegas>(this);
}

void
MptcpWvegas::PktsAcked(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked, const Time& rtt)
{
    MptcpCoupledCongestion::PktsAcked(tcb, segmentsAcked, rtt);
    if (rtt.IsStrictlyPositive())
    {
        m_baseRtt = std::min({m_baseRtt, rtt, tcb->m_minRtt});
        m_sum += rtt;
        m_samples++;
    }
}

void
MptcpWvegas::CongestionStateSet(Ptr<TcpSocketState> tcb,
                                const TcpSocketState::TcpCongState_t newState)
{
    MptcpCoupledCongestion::CongestionStateSet(tcb, newState);
    const bool active =
        newState == TcpSocketState::CA_OPEN || newState == TcpSocketState::CA_DISORDER;
    if (active && !m_active)
    {
        BeginRound(*tcb);
        m_alpha = m_initialAlpha;
        m_equilibriumRate = 0;
        m_queueDelay = Time(0);
    }
    m_active = active;
}

void
MptcpWvegas::BeginRound(const TcpSocketState& tcb)
{
    m_roundEnd = tcb.m_nextTxSequence;
    m_sum = Time(0);
    m_samples = 0;
}

void
MptcpWvegas::IncreaseWindow(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked)
{
    if (!m_active)
    {
        TcpNewReno::IncreaseWindow(tcb, segmentsAcked);
    }
    else if (tcb->m_lastAckedSeq >= m_roundEnd)
    {
        EndRound(tcb, segmentsAcked);
        BeginRound(*tcb);
    }
    else if (tcb->m_cWnd < tcb->m_ssThresh)
    {
        SlowStart(tcb, segmentsAcked);
    }
}

void
MptcpWvegas::UpdateAlpha(double rate)
{
    m_equilibriumRate = rate;
    double total = 0;
    if (GetCoupling())
    {
        for (const auto* member : GetCoupling()->GetMembers())
        {
            const auto* sibling = dynamic_cast<const MptcpWvegas*>(member);
            total += sibling ? sibling->m_equilibriumRate : 0;
        }
    }
    const double weight = total > 0 ? rate / total : 1;
    m_alpha = std::max(m_initialAlpha, weight * m_totalAlpha);
}

void
MptcpWvegas::EndRound(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked)
{
    if (m_samples <= 2)
    {
        // Too few to tell a delay from chance, as in Vegas.
        TcpNewReno::IncreaseWindow(tcb, segmentsAcked);
        return;
    }
    const uint32_t segmentSize = tcb->m_segmentSize;
    const uint32_t least = 2 * segmentSize;
    const double base = m_baseRtt.GetSeconds();
    const double rtt = m_sum.GetSeconds() / m_samples;
    const double queued = tcb->m_cWnd.Get() * (rtt - base) / rtt / segmentSize;
    m_alpha = std::max(m_alpha, m_initialAlpha);
    if (tcb->m_cWnd < tcb->m_ssThresh)
    {
        if (queued <= m_gamma)
        {
            SlowStart(tcb, segmentsAcked);
            return;
        }
        const auto target = static_cast<uint32_t>(tcb->m_cWnd.Get() * base / rtt);
        tcb->m_cWnd = std::max(std::min(tcb->m_cWnd.Get(), target + segmentSize), least);
        tcb->m_ssThresh = std::max(std::min(tcb->m_ssThresh.Get(), tcb->m_cWnd.Get() - 1), least);
        return;
    }
    if (queued >= m_alpha)
    {
        UpdateAlpha(tcb->m_cWnd.Get() / rtt);
    }
    if (queued > m_alpha)
    {
        tcb->m_cWnd = std::max(tcb->m_cWnd.Get() - segmentSize, least);
        tcb->m_ssThresh = std::max(std::min(tcb->m_ssThresh.Get(), tcb->m_cWnd.Get() - 1), least);
    }
    else if (queued < m_alpha)
    {
        tcb->m_cWnd += segmentSize;
    }
    // A queue that is twice as long as it has been is drained, so that the base RTT shows.
    const Time delay = Seconds(rtt - base);
    if (m_queueDelay.IsZero() || delay < m_queueDelay)
    {
        m_queueDelay = delay;
    }
    if (m_queueDelay.IsStrictlyPositive() && delay >= 2 * m_queueDelay)
    {
        const auto drained = static_cast<uint32_t>(tcb->m_cWnd.Get() * base / (2 * rtt));
        tcb->m_cWnd = std::max(drained, least);
        m_queueDelay = Time(0);
    }
    tcb->m_ssThresh = std::max(tcb->m_ssThresh.Get(), tcb->m_cWnd.Get() / 4 * 3);
}

} // namespace ns3
