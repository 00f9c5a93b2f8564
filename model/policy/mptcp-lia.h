// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_LIA_H
#define MPTCP_LIA_H

#include "mptcp-coupled-congestion.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Linked increases, RFC 6356: all subflows together take as much as one TCP would on the best of
 * their paths. Slow start, fast recovery and the decrease are TCP's.
 */
class MptcpLia : public MptcpCoupledCongestion
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    std::string GetName() const override;
    Ptr<TcpCongestionOps> Fork() override;

  protected:
    void CongestionAvoidance(Ptr<TcpSocketState> tcb, uint32_t segmentsAcked) override;
};

} // namespace ns3

#endif // MPTCP_LIA_H
