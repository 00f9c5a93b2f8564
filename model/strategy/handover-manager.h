// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_MANAGER_H
#define HANDOVER_MANAGER_H

#include "wifi-assessment.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Modelled on the service type "handover" of Apple's systems: WiFi as long as it goes. While WiFi
 * is bad, a cellular subflow stands by as a backup. It is used once data has waited for
 * 2 * FailThreshold time-outs in a row, until WiFi is good again.
 */
class HandoverManager : public WifiAssessment
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    Wish Decide(const View& view) override;
    uint32_t GetStaleTimeouts() const override;
};

} // namespace ns3

#endif // HANDOVER_MANAGER_H
