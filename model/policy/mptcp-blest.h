// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_BLEST_H
#define MPTCP_BLEST_H

#include "mptcp-scheduler.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * BLEST, the blocking estimation of S. Ferlin, O. Alay, O. Mehani and R. Boreli, "BLEST: Blocking
 * Estimation-based MPTCP Scheduler for Heterogeneous Networks", IFIP Networking 2016. While the
 * fastest subflow has no room, a slower one is used only if its segment is not expected to hold up
 * the send window: what the fastest could send until that segment is acknowledged must still fit
 * into the window beside it.
 */
class MptcpBlest : public MptcpScheduler
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    MptcpSubflow* Select(const std::vector<Candidate>& candidates, const Demand& demand) override;

    /// @return the present scaling factor lambda, between 1 and MaxLambda
    double GetLambda() const
    {
        return m_lambda;
    }

  private:
    /// Once per round trip: more after the window held data back, less otherwise.
    /// @param roundTrip of the slower subflow @param stalls as the demand tells them
    void UpdateLambda(Time roundTrip, uint32_t stalls);

    double m_lambda{1};    //!< scales what the fastest subflow is expected to send
    double m_maxLambda{0}; //!< attribute
    double m_increase{0};  //!< attribute
    double m_decrease{0};  //!< attribute
    Time m_updated;        //!< when lambda was last changed
    uint32_t m_stalls{0};  //!< Demand::windowStalls at that time
};

} // namespace ns3

#endif // MPTCP_BLEST_H
