// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_RTO_H
#define TCP_RTO_H

#include "tcp-settings.h"

#include "ns3/nstime.h"
#include "ns3/rtt-estimator.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup mptcp
 * The retransmission time-out of RFC 6298, computed from one of ns-3's RTT estimators.
 */
class TcpRto
{
  public:
    /// @param settings estimator, bounds, granularity and the time-out before the first sample
    explicit TcpRto(const TcpSettings& settings);

    /// @param rtt a sample to which Karn's algorithm has been applied
    void OnSample(Time rtt);

    /**
     * A time-out was spurious: be as careful as after the first sample (RFC 4015 section 3.2 step
     * 11).
     * @param rtt the first sample of data that was sent afterwards
     */
    void Adapt(Time rtt);

    /// The timer fired: double the time-out (section 5.5).
    void BackOff();

    /// New data was acknowledged: the time-out is again that of the estimator.
    void ResetBackOff();

    /// The SYN was lost and there is no sample: begin with 3 s (section 5.7).
    void OnSynLost();

    /// @param stale whether the smaller upper bound for stale subflows holds
    void SetStale(bool stale);

    /// @return the time-out, back-off included
    Time Get() const
    {
        return m_rto;
    }

    /// @return smoothed RTT; zero before the first sample
    Time GetSmoothedRtt() const;

    /// @return RTTVAR; zero before the first sample
    Time GetRttVariation() const
    {
        return m_hasSample ? m_estimator->GetVariation() : Time(0);
    }

    /// @return the shortest sample; zero before the first
    Time GetMinRtt() const
    {
        return m_minRtt;
    }

    /// @return whether there was a sample
    bool HasSample() const
    {
        return m_hasSample;
    }

  private:
    /// Compute m_rto.
    void Update();

    Ptr<RttEstimator> m_estimator; //!< SRTT and RTTVAR
    Time m_minRto;                 //!< lower bound
    Time m_maxRto;                 //!< upper bound
    Time m_staleMaxRto;            //!< upper bound while stale
    Time m_granularity;            //!< G
    Time m_initial;                //!< time-out before the first sample
    Time m_rto;                    //!< current time-out
    Time m_minRtt;                 //!< shortest sample
    uint32_t m_backOff{0};         //!< how often it was doubled
    bool m_stale{false};           //!< m_staleMaxRto holds
    bool m_hasSample{false};       //!< there was a sample
};

} // namespace ns3

#endif // TCP_RTO_H
