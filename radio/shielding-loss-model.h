// SPDX-License-Identifier: GPL-2.0-only
#ifndef SHIELDING_LOSS_MODEL_H
#define SHIELDING_LOSS_MODEL_H

#include "ns3/mobility-model.h"
#include "ns3/propagation-loss-model.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Walls around a phone, as in a lift: while they are there, nothing gets in or out.
 */
class ShieldingLossModel : public PropagationLossModel
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @param phone whose antenna it is; nullptr: there are no walls any more
    void SetShielded(Ptr<MobilityModel> phone);

  private:
    double
    DoCalcRxPower(double txPowerDbm, Ptr<MobilityModel> a, Ptr<MobilityModel> b) const override;
    int64_t DoAssignStreams(int64_t stream) override;

    Ptr<MobilityModel> m_phone; //!< within the walls
};

} // namespace ns3

#endif // SHIELDING_LOSS_MODEL_H
