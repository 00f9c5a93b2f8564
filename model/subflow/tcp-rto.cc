// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-rto.h"

#include "ns3/object-factory.h"

#include <algorithm>

namespace ns3
{

namespace
{
constexpr uint32_t MAX_BACK_OFF = 30; //!< far beyond any upper bound, and no overflow
} // namespace

TcpRto::TcpRto(const TcpSettings& settings)
    : m_minRto(settings.m_minRto),
      m_maxRto(settings.m_maxRto),
      m_staleMaxRto(settings.m_staleMaxRto),
      m_granularity(settings.m_clockGranularity),
      m_initial(settings.m_connTimeout)
{
    ObjectFactory factory;
    factory.SetTypeId(settings.m_rttTypeId.GetUid() == 0 ? RttMeanDeviation::GetTypeId()
                                                         : settings.m_rttTypeId);
    m_estimator = factory.Create<RttEstimator>();
    Update();
}

void
TcpRto::OnSample(Time rtt)
{
    m_estimator->Measurement(rtt);
    m_minRtt = m_hasSample ? std::min(m_minRtt, rtt) : rtt;
    m_hasSample = true;
    Update();
}

void
TcpRto::Adapt(Time rtt)
{
    if (rtt > m_estimator->GetEstimate() && rtt / 2 > m_estimator->GetVariation())
    {
        m_estimator->Reset();
    }
    OnSample(rtt);
}

void
TcpRto::BackOff()
{
    m_backOff = std::min(m_backOff + 1, MAX_BACK_OFF);
    Update();
}

void
TcpRto::ResetBackOff()
{
    if (m_backOff != 0)
    {
        m_backOff = 0;
        Update();
    }
}

void
TcpRto::OnSynLost()
{
    if (!m_hasSample)
    {
        m_initial = std::max(m_initial, Seconds(3));
        Update();
    }
}

void
TcpRto::SetStale(bool stale)
{
    m_stale = stale;
    Update();
}

Time
TcpRto::GetSmoothedRtt() const
{
    return m_hasSample ? m_estimator->GetEstimate() : Time(0);
}

void
TcpRto::Update()
{
    int64_t rto = m_initial.GetTimeStep();
    if (m_hasSample)
    {
        rto = m_estimator->GetEstimate().GetTimeStep() +
              std::max(m_granularity.GetTimeStep(), 4 * m_estimator->GetVariation().GetTimeStep());
        rto = std::max(rto, m_minRto.GetTimeStep());
    }
    const Time bound = m_stale ? std::min(m_maxRto, m_staleMaxRto) : m_maxRto;
    const int64_t most = std::max(bound.GetTimeStep(), int64_t(1));
    for (uint32_t i = 0; i < m_backOff && rto < most; ++i)
    {
        rto *= 2;
    }
    m_rto = TimeStep(std::min(rto, most));
}

} // namespace ns3
