// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_BALIA_H
#define MPTCP_BALIA_H

#include "mptcp-coupled-congestion.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Balanced linked adaptation: Q. Peng, A. Walid, J. Hwang and S. Low, "Multipath TCP: Analysis,
 * Design, and Implementation", IEEE/ACM Transactions on Networking 24 (2016), and
 * draft-walid-mptcp-congestion-control-04. Slow start is TCP's.
 */
class MptcpBalia : public MptcpCoupledCongestion
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    std::string GetName() const override;
    Ptr<TcpCongestionOps> Fork() override;
    /// The window is reduced by half of it times min(alpha_r, 1.5). @param tcb of the subflow
    /// @param bytesInFlight not acknowledged yet @return the slow start threshold in bytes
    uint32_t GetSsThresh(Ptr<const TcpSocketState> tcb, uint32_t bytesInFlight) override;

  protected:
    void CongestionAvoidance(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked) override;

  private:
    /// @param rate of this subflow in bytes per second, above 0 @param fastest rate of any
    /// @return alpha_r: how many times as fast the fastest subflow is, this one included
    static double GetAlpha(double rate, double fastest);
};

} // namespace ns3

#endif // MPTCP_BALIA_H
