// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-redundant.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpRedundant);

TypeId
MptcpRedundant::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpRedundant")
                            .SetParent<MptcpLowestRtt>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpRedundant>();
    return tid;
}

} // namespace ns3
