// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-coupled-congestion.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpCoupledCongestion);
NS_OBJECT_ENSURE_REGISTERED(MptcpLia);

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

void
MptcpCoupling::Update()
{
    Time now = Simulator::Now();
    if (m_valid && now < m_expires)
    {
        return;
    }
    double total = 0;
    double best = 0;
    double sum = 0;
    Time fastest = Time::Max();
    for (const auto* member : m_members)
    {
        Time rtt = member->GetRtt();
        if (!rtt.IsStrictlyPositive())
        {
            continue;
        }
        double window = member->GetEffectiveWindow();
        double seconds = rtt.GetSeconds();
        total += window;
        best = std::max(best, window / (seconds * seconds));
        sum += window / seconds;
        fastest = std::min(fastest, rtt);
    }
    m_totalWindow = total;
    m_alpha = sum > 0 ? total * best / (sum * sum) : 1;
    m_valid = sum > 0;
    m_expires = m_valid ? now + fastest : now;
}

double
MptcpCoupling::GetAlpha()
{
    Update();
    return m_alpha;
}

double
MptcpCoupling::GetTotalWindow()
{
    Update();
    return m_totalWindow;
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
MptcpCoupledCongestion::GetEffectiveWindow() const
{
    if (!m_state)
    {
        return 0;
    }
    uint32_t window = m_state->m_congState == TcpSocketState::CA_RECOVERY
                          ? m_state->m_ssThresh.Get()
                          : m_state->m_cWnd.Get();
    // In flight is always a little less than the window just when an ACK is processed; only what
    // is far below tells that the window is not what limits the subflow.
    uint32_t inFlight = m_state->m_bytesInFlight;
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
        denominator = std::max(denominator, coupling->GetTotalWindow() / coupling->GetAlpha());
    }
    m_fraction += segmentsAcked * segmentSize * segmentSize / denominator;
    double whole = std::floor(m_fraction);
    m_fraction -= whole;
    tcb->m_cWnd += static_cast<uint32_t>(whole);
}

} // namespace ns3
