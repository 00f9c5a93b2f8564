// SPDX-License-Identifier: GPL-2.0-only
#ifndef INTERACTIVE_MANAGER_H
#define INTERACTIVE_MANAGER_H

#include "wifi-assessment.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Modelled on the service type "interactive" of Apple's systems: low delay. Cellular stands by as a
 * backup from the beginning. It is used while WiFi is slow and cellular is not: SRTT of at least
 * MaxSrtt here and less there, or the same of RTO and MaxRto, both halved while WiFi is bad; or
 * while WiFi has FailThreshold time-outs in a row and cellular has none.
 */
class InteractiveManager : public WifiAssessment
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    Wish Decide(const View& view) override;

  private:
    Time m_maxSrtt; //!< MaxSrtt
    Time m_maxRto;  //!< MaxRto
};

} // namespace ns3

#endif // INTERACTIVE_MANAGER_H
