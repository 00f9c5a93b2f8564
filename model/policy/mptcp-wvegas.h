// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_WVEGAS_H
#define MPTCP_WVEGAS_H

#include "mptcp-coupled-congestion.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Weighted Vegas: Y. Cao, M. Xu and X. Fu, "Delay-based Congestion Control for Multipath TCP", ICNP
 * 2012, and draft-xu-mptcp-congestion-control-05. Each subflow keeps alpha_r segments in the queues
 * of its path; the subflows share TotalAlpha of them in proportion to their rates, which evens out
 * the queueing delays.
 */
class MptcpWvegas : public MptcpCoupledCongestion
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    std::string GetName() const override;
    Ptr<TcpCongestionOps> Fork() override;
    void PktsAcked(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked, const Time& rtt) override;
    void CongestionStateSet(Ptr<TcpSocketState> tcb,
                            const TcpSocketState::TcpCongState_t newState) override;
    void IncreaseWindow(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked) override;

    /// @return alpha_r: segments that shall be queued
    double GetAlpha() const
    {
        return m_alpha;
    }

  private:
    /// Begin another round trip. @param tcb of the subflow
    void BeginRound(const TcpSocketState& tcb);
    /// A round trip is over. @param tcb of the subflow @param segmentsAcked by the ACK that tells
    void EndRound(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked);
    /// Adapt alpha_r to this subflow's part of all rates. @param rate in bytes per second
    void UpdateAlpha(double rate);

    double m_initialAlpha{0};    //!< attribute
    double m_totalAlpha{0};      //!< attribute
    double m_gamma{0};           //!< attribute
    double m_alpha{0};           //!< see GetAlpha()
    double m_equilibriumRate{0}; //!< rate when alpha_r was last reached, in bytes per second
    Time m_baseRtt{Time::Max()}; //!< shortest RTT seen
    Time m_sum;                  //!< of the RTTs of this round trip
    uint32_t m_samples{0};       //!< in m_sum
    Time m_queueDelay;           //!< least queueing delay since the window was last cut back
    SequenceNumber32 m_roundEnd; //!< an ACK of it ends the round trip
    bool m_active{true};         //!< no recovery is under way
};

} // namespace ns3

#endif // MPTCP_WVEGAS_H
