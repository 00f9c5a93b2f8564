// SPDX-License-Identifier: GPL-2.0-only
#include "shielding-loss-model.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(ShieldingLossModel);

TypeId
ShieldingLossModel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ShieldingLossModel")
                            .SetParent<PropagationLossModel>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<ShieldingLossModel>();
    return tid;
}

void
ShieldingLossModel::SetShielded(Ptr<MobilityModel> phone)
{
    m_phone = phone;
}

double
ShieldingLossModel::DoCalcRxPower(double txPowerDbm,
                                  Ptr<MobilityModel> a,
                                  Ptr<MobilityModel> b) const
{
    constexpr double WALLS = 200; // dB, more than any radio bears
    return m_phone && (a == m_phone || b == m_phone) ? txPowerDbm - WALLS : txPowerDbm;
}

int64_t
ShieldingLossModel::DoAssignStreams(int64_t /* stream */)
{
    return 0;
}

} // namespace ns3
