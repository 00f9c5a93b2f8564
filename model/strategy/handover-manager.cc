// SPDX-License-Identifier: GPL-2.0-only
#include "handover-manager.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(HandoverManager);

TypeId
HandoverManager::GetTypeId()
{
    static TypeId tid = TypeId("ns3::HandoverManager")
                            .SetParent<WifiAssessment>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<HandoverManager>();
    return tid;
}

uint32_t
HandoverManager::GetStaleTimeouts() const
{
    return 2 * GetFailThreshold();
}

PhoneConnectionManager::Wish
HandoverManager::Decide(const View& view)
{
    const AccessView& wifi = view[WIFI];
    const AccessView& cellular = view[CELLULAR];
    if (!IsWifiBad())
    {
        // Cellular is left when WiFi is there again.
        const bool leaves = wifi.established || cellular.use == Use::CLOSED;
        return {Use::ACTIVE, leaves ? Use::CLOSED : cellular.use};
    }
    const bool waits = wifi.dataWaits && wifi.timeouts >= GetStaleTimeouts();
    // Once moved, a connection stays until WiFi is good. Without WiFi there is no choice.
    const bool moves = cellular.use == Use::ACTIVE || waits || !wifi.exists;
    const Use spared = wifi.usable || !cellular.established ? Use::BACKUP : Use::CLOSED;
    return moves ? Wish{spared, Use::ACTIVE} : Wish{Use::ACTIVE, Use::BACKUP};
}

} // namespace ns3
