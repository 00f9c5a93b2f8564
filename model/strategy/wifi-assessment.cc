// SPDX-License-Identifier: GPL-2.0-only
#include "wifi-assessment.h"

#include "ns3/double.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(WifiAssessment);

TypeId
WifiAssessment::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::WifiAssessment")
            .SetParent<PhoneConnectionManager>()
            .SetGroupName("Mptcp")
            .AddAttribute("BadBelow",
                          "Signal strength of WiFi below which it is bad, in dBm.",
                          DoubleValue(-75),
                          MakeDoubleAccessor(&WifiAssessment::m_badBelow),
                          MakeDoubleChecker<double>())
            .AddAttribute("GoodAbove",
                          "Signal strength of WiFi above which it is not bad any more, in dBm.",
                          DoubleValue(-70),
                          MakeDoubleAccessor(&WifiAssessment::m_goodAbove),
                          MakeDoubleChecker<double>())
            .AddAttribute("FailThreshold",
                          "Time-outs in a row that count as a failure.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&WifiAssessment::m_failThreshold),
                          MakeUintegerChecker<uint32_t>(1, 100));
    return tid;
}

uint32_t
WifiAssessment::GetStaleTimeouts() const
{
    return m_failThreshold;
}

void
WifiAssessment::OnAccess(Access access, bool usable, std::optional<double> signal)
{
    if (access == WIFI)
    {
        m_bad = !usable || (signal && (m_bad ? *signal <= m_goodAbove : *signal < m_badBelow));
    }
}

bool
WifiAssessment::IsWifiBad() const
{
    return m_bad;
}

uint32_t
WifiAssessment::GetFailThreshold() const
{
    return m_failThreshold;
}

} // namespace ns3
