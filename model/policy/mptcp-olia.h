// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_OLIA_H
#define MPTCP_OLIA_H

#include "mptcp-coupled-congestion.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Opportunistic linked increases: R. Khalili, N. Gast, M. Popovic and J.-Y. Le Boudec, "MPTCP Is
 * Not Pareto-Optimal: Performance Issues and a Possible Solution", CoNEXT 2012, and
 * draft-khalili-mptcp-congestion-control-05. Slow start and fast recovery are TCP's.
 */
class MptcpOlia : public MptcpCoupledCongestion
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    std::string GetName() const override;
    Ptr<TcpCongestionOps> Fork() override;
    void PktsAcked(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked, const Time& rtt) override;
    void CongestionStateSet(Ptr<TcpSocketState> tcb,
                            const TcpSocketState::TcpCongState_t newState) override;
    /// Half of what is in flight, but not below two segments, or one if there are other subflows
    /// (section 3 of the draft). @param tcb, bytesInFlight of the subflow @return it, in bytes
    uint32_t GetSsThresh(Ptr<const TcpSocketState> tcb, uint32_t bytesInFlight) override;

    /// @return l_r of the draft: bytes acknowledged since the last loss or between the last two,
    /// whichever is more
    double GetLossInterval() const
    {
        return std::max(m_sinceLoss, m_betweenLosses);
    }

    /// @return alpha_r of the draft as it was last used
    double GetAlpha() const
    {
        return m_alpha;
    }

  protected:
    void CongestionAvoidance(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked) override;

  private:
    /// Compute alpha_r of this subflow, whose window is about to grow: which windows grow at the
    /// cost of which. @param coupling with the siblings @param version of its figures
    void UpdateAlpha(const MptcpCoupling& coupling, uint64_t version);

    double m_sinceLoss{0};     //!< l_1r in bytes
    double m_betweenLosses{0}; //!< l_2r in bytes
    double m_alpha{0};         //!< see GetAlpha()
    uint64_t m_version{0};     //!< of the figures that alpha_r was computed from
};

} // namespace ns3

#endif // MPTCP_OLIA_H
