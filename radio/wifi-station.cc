// SPDX-License-Identifier: GPL-2.0-only
#include "wifi-station.h"

#include "ns3/simulator.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/string.h"
#include "ns3/wifi-mac-header.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-remote-station-manager.h"

namespace ns3
{

namespace
{

const Time CHECK_DELAY = MilliSeconds(300);     //!< for the access point to agree
const Time AWAY = MilliSeconds(200);            //!< on another channel, to begin anew
const Time WATCH_INTERVAL = MilliSeconds(1500); //!< for an association on a channel
const Time ROAM_TIME = Seconds(1);              //!< longest gap that the phone overlooks
constexpr double SMOOTHING = 0.25;              //!< weight of the latest beacon

} // namespace

const char* const WifiStation::OTHER_SSID = "nobody";

WifiStation::WifiStation(Ptr<WifiNetDevice> device, const Settings& settings)
    : m_device(device),
      m_settings(settings)
{
    using Traced = std::function<void(Mac48Address)>;
    const Traced associated = [this](Mac48Address bssid) { OnAssociated(bssid); };
    const Traced lost = [this](Mac48Address bssid) { OnLost(bssid); };
    Ptr<WifiMac> mac = device->GetMac();
    mac->TraceConnectWithoutContext("Assoc", Callback<void, Mac48Address>(associated));
    mac->TraceConnectWithoutContext("DeAssoc", Callback<void, Mac48Address>(lost));
}

WifiStation::~WifiStation()
{
    for (EventId* event : {&m_check, &m_watch, &m_tune, &m_tell})
    {
        event->Cancel();
    }
}

void
WifiStation::Start()
{
    m_device->GetMac()->SetSsid(m_settings.ssid);
    Watch();
}

void
WifiStation::OnAssociated(Mac48Address /* bssid */)
{
    m_check.Cancel();
    m_check = Simulator::Schedule(CHECK_DELAY, &WifiStation::Check, this);
}

void
WifiStation::OnLost(Mac48Address /* bssid */)
{
    m_check.Cancel();
    if (Simulator::Now() < m_roamEnd)
    {
        m_tell.Cancel();
        m_tell = Simulator::Schedule(m_roamEnd - Simulator::Now(), &WifiStation::Tell, this, false);
        return;
    }
    Tell(false);
}

void
WifiStation::Check()
{
    if (!DynamicCast<StaWifiMac>(m_device->GetMac())->IsAssociated())
    {
        return;
    }
    const Ptr<WifiNetDevice> peer = m_settings.accessPoints[m_current].device;
    const Mac48Address own = m_device->GetMac()->GetAddress();
    if (peer->GetMac()->GetWifiRemoteStationManager()->IsAssociated(own))
    {
        m_tell.Cancel();
        Tell(true);
        return;
    }
    // Beacons would keep it so for ever. Two changes of channel in one event end the run.
    Tune(m_settings.away);
    m_tune = Simulator::Schedule(AWAY, &WifiStation::TuneTo, this, m_current);
}

void
WifiStation::Watch()
{
    m_watch = Simulator::Schedule(WATCH_INTERVAL, &WifiStation::Watch, this);
    const size_t count = m_settings.accessPoints.size();
    if (count < 2 || !m_tune.IsExpired() || !m_check.IsExpired())
    {
        return;
    }
    if (!m_usable)
    {
        TuneTo((m_current + 1) % count);
        return;
    }
    if (m_signal < m_settings.roamBelow)
    {
        uint32_t best = m_current;
        double mean = m_signal + m_settings.roamGain;
        for (uint32_t i = 0; i < count; ++i)
        {
            if (i != m_current && m_settings.mean(i) > mean)
            {
                best = i;
                mean = m_settings.mean(i);
            }
        }
        if (best != m_current)
        {
            m_roamEnd = Simulator::Now() + ROAM_TIME;
            TuneTo(best);
        }
    }
}

void
WifiStation::Tune(const std::string& channel)
{
    m_device->GetPhy()->SetAttribute("ChannelSettings", StringValue(channel));
}

void
WifiStation::TuneTo(uint32_t accessPoint)
{
    m_current = accessPoint;
    m_signal = 0;
    Tune(m_settings.accessPoints[accessPoint].channel);
}

void
WifiStation::Tell(bool usable)
{
    if (usable != m_usable)
    {
        m_usable = usable;
        m_settings.onUsable(usable);
    }
}

void
WifiStation::OnFrame(Ptr<const Packet> packet, double dbm)
{
    WifiMacHeader header;
    packet->PeekHeader(header);
    const Ptr<WifiNetDevice> peer = m_settings.accessPoints[m_current].device;
    if (!header.IsBeacon() || header.GetAddr2() != peer->GetMac()->GetAddress())
    {
        return;
    }
    m_signal = m_signal == 0 ? dbm : m_signal + SMOOTHING * (dbm - m_signal);
    m_settings.onSignal(m_signal);
}

} // namespace ns3
