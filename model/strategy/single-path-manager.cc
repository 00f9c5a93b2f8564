// SPDX-License-Identifier: GPL-2.0-only
#include "single-path-manager.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(SinglePathManager);

TypeId
SinglePathManager::GetTypeId()
{
    static TypeId tid = TypeId("ns3::SinglePathManager")
                            .SetParent<PhoneConnectionManager>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<SinglePathManager>();
    return tid;
}

PhoneConnectionManager::Wish
SinglePathManager::Decide(const View& view)
{
    const Access target = view[WIFI].usable ? WIFI : CELLULAR;
    const Access other = target == WIFI ? CELLULAR : WIFI;
    Wish wish{Use::CLOSED, Use::CLOSED};
    if (!view[other].exists)
    {
        wish[target] = Use::ACTIVE;
    }
    return wish;
}

} // namespace ns3
