// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_ECF_H
#define MPTCP_ECF_H

#include "mptcp-scheduler.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Earliest completion first: Y. Lim, E. Nahum, D. Towsley and R. Gibbens, "ECF: An MPTCP Path
 * Scheduler to Manage Heterogeneous Paths", CoNEXT 2017, algorithm 1. While the fastest subflow has
 * no room, a slower one is used only if what waits to be sent would be through earlier by it than
 * by waiting for the fastest.
 */
class MptcpEcf : public MptcpScheduler
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    MptcpSubflow* Select(const std::vector<Candidate>& candidates, const Demand& demand) override;

  private:
    double m_beta{0};      //!< attribute
    bool m_waiting{false}; //!< the last decision was to wait for the fastest subflow
};

} // namespace ns3

#endif // MPTCP_ECF_H
