// SPDX-License-Identifier: GPL-2.0-only
#include "interactive-manager.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(InteractiveManager);

TypeId
InteractiveManager::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::InteractiveManager")
            .SetParent<WifiAssessment>()
            .SetGroupName("Mptcp")
            .AddConstructor<InteractiveManager>()
            .AddAttribute("MaxSrtt",
                          "Smoothed RTT from which an access is slow; half of it while WiFi is "
                          "bad.",
                          TimeValue(MilliSeconds(600)),
                          MakeTimeAccessor(&InteractiveManager::m_maxSrtt),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("MaxRto",
                          "Retransmission time-out from which an access is slow; half of it while "
                          "WiFi is bad.",
                          TimeValue(MilliSeconds(1500)),
                          MakeTimeAccessor(&InteractiveManager::m_maxRto),
                          MakeTimeChecker(MilliSeconds(1)));
    return tid;
}

PhoneConnectionManager::Wish
InteractiveManager::Decide(const View& view)
{
    const AccessView& wifi = view[WIFI];
    const AccessView& cellular = view[CELLULAR];
    if (!wifi.usable)
    {
        return {cellular.established ? Use::CLOSED : Use::BACKUP, Use::ACTIVE};
    }
    const int64_t divisor = IsWifiBad() ? 2 : 1;
    const Time maxSrtt = m_maxSrtt / divisor;
    const Time maxRto = m_maxRto / divisor;
    const bool slow = (wifi.srtt >= maxSrtt && cellular.srtt < maxSrtt) ||
                      (wifi.rto >= maxRto && cellular.rto < maxRto);
    const bool failed = wifi.timeouts >= GetFailThreshold() && cellular.timeouts == 0;
    const bool moves = (cellular.established && (slow || failed)) || !wifi.established;
    return moves ? Wish{Use::BACKUP, Use::ACTIVE} : Wish{Use::ACTIVE, Use::BACKUP};
}

} // namespace ns3
