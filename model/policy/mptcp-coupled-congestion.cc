// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-coupled-congestion.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpCoupledCongestion);

void
MptcpCoupling::Add(MptcpCoupledCongestion* member)
{
    m_members.push_back(member);
    Invalidate();
}

void
MptcpCoupling::Remove(MptcpCoupledCongestion* member)
{
    m_members.erase(std::remove(m_members.begin(), m_members.end(), member), m_members.end());
    Invalidate();
}

const MptcpCoupling::Figures&
MptcpCoupling::GetFigures(const MptcpCoupledCongestion* growing)
{
    const Time now = Simulator::Now();
    if (m_valid && now < m_expires)
    {
        return m_figures;
    }
    const uint64_t version = m_figures.version + 1;
    m_figures = Figures();
    m_figures.version = version;
    double best = 0;
    Time fastest = Time::Max();
    for (const auto* member : m_members)
    {
        const Time rtt = member->GetRtt();
        if (!rtt.IsStrictlyPositive())
        {
            continue;
        }
        const double window =
            member == growing ? member->GetWindow() : member->GetEffectiveWindow();
        const double rate = window / rtt.GetSeconds();
        m_figures.totalWindow += window;
        m_figures.totalRate += rate;
        m_figures.maxRate = std::max(m_figures.maxRate, rate);
        best = std::max(best, rate / rtt.GetSeconds());
        fastest = std::min(fastest, rtt);
    }
    m_valid = m_figures.totalRate > 0;
    if (m_valid)
    {
        m_figures.alpha =
            m_figures.totalWindow * best / (m_figures.totalRate * m_figures.totalRate);
        m_expires = now + fastest;
    }
    return m_figures;
}

TypeId
MptcpCoupledCongestion::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpCoupledCongestion").SetParent<TcpNewReno>().SetGroupName("Mptcp");
    return tid;
}

MptcpCoupledCongestion::MptcpCoupledCongestion() = default;

MptcpCoupledCongestion::MptcpCoupledCongestion(const MptcpCoupledCongestion& other)
    : TcpNewReno(other)
{
}

MptcpCoupledCongestion::~MptcpCoupledCongestion()
{
    SetCoupling(nullptr);
}

void
MptcpCoupledCongestion::DoDispose()
{
    SetCoupling(nullptr);
    m_state = nullptr;
    TcpNewReno::DoDispose();
}

void
MptcpCoupledCongestion::SetCoupling(Ptr<MptcpCoupling> coupling)
{
    if (m_coupling && m_state)
    {
        m_coupling->Remove(this);
    }
    m_coupling = coupling;
    if (m_coupling && m_state)
    {
        m_coupling->Add(this);
    }
}

uint32_t
MptcpCoupledCongestion::GetWindow() const
{
    if (!m_state)
    {
        return 0;
    }
    return m_state->m_congState == TcpSocketState::CA_RECOVERY ? m_state->m_ssThresh
                                                               : m_state->m_cWnd;
}

uint32_t
MptcpCoupledCongestion::GetEffectiveWindow() const
{
    const uint32_t window = GetWindow();
    const uint32_t inFlight = m_state ? m_state->m_bytesInFlight.Get() : 0;
    // A little less than the window is in flight of any subflow; only what is far below tells that
    // the window is not what limits it.
    return inFlight < window / 2 ? inFlight : window;
}

void
MptcpCoupledCongestion::Init(Ptr<TcpSocketState> tcb)
{
    TcpNewReno::Init(tcb);
    Ptr<MptcpCoupling> coupling = m_coupling;
    SetCoupling(nullptr);
    m_state = tcb;
    SetCoupling(coupling);
}

void
MptcpCoupledCongestion::PktsAcked(Ptr<TcpSocketState>, uint32_t, const Time& rtt)
{
    if (m_rtt.IsZero() && m_coupling)
    {
        m_coupling->Invalidate();
    }
    m_rtt = rtt;
}

void
MptcpCoupledCongestion::CongestionStateSet(Ptr<TcpSocketState>,
                                           const TcpSocketState::TcpCongState_t)
{
    if (m_coupling)
    {
        m_coupling->Invalidate();
    }
}

void
MptcpCoupledCongestion::Grow(TcpSocketState& tcb, double bytes)
{
    m_fraction += bytes;
    const double whole = std::floor(m_fraction);
    m_fraction -= whole;
    tcb.m_cWnd =
        static_cast<uint32_t>(std::max<double>(tcb.m_cWnd.Get() + whole, tcb.m_segmentSize));
}

} // namespace ns3
