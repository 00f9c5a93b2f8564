// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_REDUNDANT_H
#define MPTCP_REDUNDANT_H

#include "mptcp-scheduler.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Every subflow carries all data: A. Froemmgen et al., "ReMP TCP: Low Latency Multipath TCP",
 * IEEE ICC 2016. What arrives first counts. A subflow that falls behind leaves out what has been
 * data-acked in the meantime.
 */
class MptcpRedundant : public MptcpLowestRtt
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    bool SendsCopies() const override
    {
        return true;
    }
};

} // namespace ns3

#endif // MPTCP_REDUNDANT_H
