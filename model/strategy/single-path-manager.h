// SPDX-License-Identifier: GPL-2.0-only
#ifndef SINGLE_PATH_MANAGER_H
#define SINGLE_PATH_MANAGER_H

#include "phone-connection-manager.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Break before make: one subflow at a time, over WiFi while it can be used. The next one is opened
 * when the last one is gone, as in the single-path mode of C. Paasch et al., "Exploring
 * Mobile/WiFi Handover with Multipath TCP", CellNet 2012.
 */
class SinglePathManager : public PhoneConnectionManager
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    Wish Decide(const View& view) override;
};

} // namespace ns3

#endif // SINGLE_PATH_MANAGER_H
