// SPDX-License-Identifier: GPL-2.0-only
#include "make-before-break-manager.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MakeBeforeBreakManager);

TypeId
MakeBeforeBreakManager::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MakeBeforeBreakManager")
            .SetParent<PhoneConnectionManager>()
            .SetGroupName("Mptcp")
            .AddConstructor<MakeBeforeBreakManager>()
            .AddAttribute("OpenBelow",
                          "Signal strength of WiFi below which cellular is opened, in dBm.",
                          DoubleValue(-75),
                          MakeDoubleAccessor(&MakeBeforeBreakManager::m_openBelow),
                          MakeDoubleChecker<double>())
            .AddAttribute("CloseBelow",
                          "Signal strength of WiFi below which it is closed once cellular is "
                          "established, in dBm.",
                          DoubleValue(-82),
                          MakeDoubleAccessor(&MakeBeforeBreakManager::m_closeBelow),
                          MakeDoubleChecker<double>())
            .AddAttribute("ReturnAbove",
                          "Signal strength of WiFi above which it is strong again, in dBm.",
                          DoubleValue(-70),
                          MakeDoubleAccessor(&MakeBeforeBreakManager::m_returnAbove),
                          MakeDoubleChecker<double>())
            .AddAttribute("ReturnAfter",
                          "How long it must stay so before connections return to it.",
                          TimeValue(Seconds(2)),
                          MakeTimeAccessor(&MakeBeforeBreakManager::m_returnAfter),
                          MakeTimeChecker(Time(0)));
    return tid;
}

void
MakeBeforeBreakManager::DoDispose()
{
    m_returnTimer.Cancel();
    PhoneConnectionManager::DoDispose();
}

void
MakeBeforeBreakManager::OnAccess(Access access, bool usable, std::optional<double> signal)
{
    if (access != WIFI)
    {
        return;
    }
    m_weak = m_weak || !usable || (signal && *signal < m_openBelow);
    m_tooWeak = m_tooWeak || !usable || (signal && *signal < m_closeBelow);
    // A phone that is told of no strengths returns when it may use WiFi again.
    if (!usable || (signal && *signal <= m_returnAbove))
    {
        m_returnTimer.Cancel();
    }
    else if (m_weak && m_returnTimer.IsExpired())
    {
        m_returnTimer = Simulator::Schedule(m_returnAfter, &MakeBeforeBreakManager::Return, this);
    }
}

void
MakeBeforeBreakManager::Return()
{
    m_weak = false;
    m_tooWeak = false;
    Reconsider();
}

PhoneConnectionManager::Wish
MakeBeforeBreakManager::Decide(const View& view)
{
    const bool wifi = view[WIFI].usable && !(m_tooWeak && view[CELLULAR].established);
    const bool cellular = m_weak || !view[WIFI].established;
    return {wifi ? Use::ACTIVE : Use::CLOSED, cellular ? Use::ACTIVE : Use::CLOSED};
}

} // namespace ns3
