// SPDX-License-Identifier: GPL-2.0-only
#include "radio-energy.h"

#include "ns3/assert.h"
#include "ns3/double.h"

#include <algorithm>
#include <string>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(RadioEnergy);
NS_OBJECT_ENSURE_REGISTERED(WifiRadioEnergy);
NS_OBJECT_ENSURE_REGISTERED(LteRadioEnergy);

TypeId
RadioEnergy::GetTypeId()
{
    static TypeId tid = TypeId("ns3::RadioEnergy")
                            .SetParent<Object>()
                            .SetGroupName("Mptcp")
                            .AddAttribute("Bin",
                                          "Length of the bins that throughput is averaged over.",
                                          TimeValue(MilliSeconds(100)),
                                          MakeTimeAccessor(&RadioEnergy::m_bin),
                                          MakeTimeChecker(MilliSeconds(1)));
    return tid;
}

TypeId
RadioEnergy::AddAttributes(TypeId type, const Parameters& parameters)
{
    return type
        .AddAttribute("UplinkPower",
                      "Power for each Mb/s that is sent, in mW.",
                      DoubleValue(parameters.uplink),
                      MakeDoubleAccessor(&RadioEnergy::m_uplinkPower),
                      MakeDoubleChecker<double>(0))
        .AddAttribute("DownlinkPower",
                      "Power for each Mb/s that is received, in mW.",
                      DoubleValue(parameters.downlink),
                      MakeDoubleAccessor(&RadioEnergy::m_downlinkPower),
                      MakeDoubleChecker<double>(0))
        .AddAttribute("BasePower",
                      "Power while there is traffic, in mW.",
                      DoubleValue(parameters.base),
                      MakeDoubleAccessor(&RadioEnergy::m_basePower),
                      MakeDoubleChecker<double>(0))
        .AddAttribute("PromotionPower",
                      "Power while the radio wakes up, in mW.",
                      DoubleValue(parameters.promotionPower),
                      MakeDoubleAccessor(&RadioEnergy::m_promotionPower),
                      MakeDoubleChecker<double>(0))
        .AddAttribute("PromotionTime",
                      "How long the radio takes to wake up.",
                      TimeValue(parameters.promotionTime),
                      MakeTimeAccessor(&RadioEnergy::m_promotionTime),
                      MakeTimeChecker(Time(0)))
        .AddAttribute("TailPower",
                      "Power while the radio stays awake after traffic, in mW.",
                      DoubleValue(parameters.tailPower),
                      MakeDoubleAccessor(&RadioEnergy::m_tailPower),
                      MakeDoubleChecker<double>(0))
        .AddAttribute("TailTime",
                      "How long the radio stays awake after traffic.",
                      TimeValue(parameters.tailTime),
                      MakeTimeAccessor(&RadioEnergy::m_tailTime),
                      MakeTimeChecker(Time(0)));
}

RadioEnergy::RadioEnergy() = default;

RadioEnergy::~RadioEnergy() = default;

double
RadioEnergy::GetBinEnergy() const
{
    const double seconds = m_bin.GetSeconds();
    const auto mbps = [seconds](uint64_t bytes) { return bytes * 8 / seconds / 1e6; };
    return seconds * (m_basePower + m_uplinkPower * mbps(m_up) + m_downlinkPower * mbps(m_down));
}

void
RadioEnergy::Count(Time at, uint32_t bytes, bool up)
{
    const Time begin = m_bin * (at.GetTimeStep() / m_bin.GetTimeStep());
    const bool first = !m_begin;
    if (first || begin > *m_begin)
    {
        // What has been between this bin and the last one.
        const Time pause = first ? Time::Max() : begin - *m_begin - m_bin;
        if (!first)
        {
            m_energy += GetBinEnergy() + m_tailPower * std::min(pause, m_tailTime).GetSeconds();
        }
        if (pause > m_tailTime)
        {
            m_energy += m_promotionPower * m_promotionTime.GetSeconds();
        }
        m_begin = begin;
        m_up = 0;
        m_down = 0;
    }
    (up ? m_up : m_down) += bytes;
}

double
RadioEnergy::GetJoule(Time end) const
{
    if (!m_begin)
    {
        return 0;
    }
    const Time pause = std::max(Time(0), end - *m_begin - m_bin);
    return (m_energy + GetBinEnergy() + m_tailPower * std::min(pause, m_tailTime).GetSeconds()) /
           1000;
}

TypeId
WifiRadioEnergy::GetTypeId()
{
    static TypeId tid = AddAttributes(
        TypeId("ns3::WifiRadioEnergy")
            .SetParent<RadioEnergy>()
            .SetGroupName("Mptcp")
            .AddConstructor<WifiRadioEnergy>(),
        {283.17, 137.01, 132.86, 124.4, MicroSeconds(79100), 119.3, MicroSeconds(238100)});
    return tid;
}

TypeId
LteRadioEnergy::GetTypeId()
{
    static TypeId tid = AddAttributes(
        TypeId("ns3::LteRadioEnergy")
            .SetParent<RadioEnergy>()
            .SetGroupName("Mptcp")
            .AddConstructor<LteRadioEnergy>(),
        {438.39, 51.97, 1288.04, 1210.7, MicroSeconds(260100), 1060.0, MicroSeconds(11576000)});
    return tid;
}

} // namespace ns3
