// SPDX-License-Identifier: GPL-2.0-only
#include "wifi-station.h"

#include "ns3/ht-frame-exchange-manager.h"
#include "ns3/qos-txop.h"
#include "ns3/simulator.h"
#include "ns3/sta-wifi-mac.h"
#include "ns3/string.h"
#include "ns3/wifi-mac-header.h"
#include "ns3/wifi-mac-queue.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-remote-station-manager.h"

namespace ns3
{

namespace
{

const Time BEACONS = MicroSeconds(4 * 102400);  //!< for a first association
const Time SILENCE = Seconds(1);                //!< a little less than until ns-3 takes it for lost
const Time CHECK_DELAY = MilliSeconds(300);     //!< for the access point to agree
const Time AWAY = MilliSeconds(200);            //!< on another channel, to begin anew
const Time WATCH_INTERVAL = MilliSeconds(1500); //!< for an association on a channel
const Time ROAM_TIME = Seconds(1);              //!< longest gap that the phone overlooks
constexpr double SMOOTHING = 0.25;              //!< weight of the latest beacon

/// End an agreement as the one who sends. Each of these exists thrice, since names change after
/// ns-3.37 and arguments after 3.43; the one with int is preferred, then the one with long, and
/// each drops out where there is no such method.
/// @tparam M BlockAckManager @param manager of who sends @param peer who receives @param tid of it
template <typename M>
auto
EndOriginated(M& manager, Mac48Address peer, uint8_t tid, int)
    -> decltype(manager.DestroyAgreement(peer, tid), void())
{
    manager.DestroyAgreement(peer, tid);
}

/// @copydoc EndOriginated
template <typename M>
auto
EndOriginated(M& manager, Mac48Address peer, uint8_t tid, long)
    -> decltype(manager.DestroyOriginatorAgreement(peer, tid), void())
{
    manager.DestroyOriginatorAgreement(peer, tid);
}

/// @copydoc EndOriginated
template <typename M>
void
EndOriginated(M& manager, Mac48Address peer, uint8_t tid, ...)
{
    manager.DestroyOriginatorAgreement(peer, tid, std::nullopt);
}

/// Forget that an acknowledgment is to be asked for once there is data again, where ns-3 keeps
/// that.
/// @tparam M BlockAckManager @param manager of who sends @param peer who receives @param tid of it
template <typename M>
auto
ForgetRequest(M& manager, Mac48Address peer, uint8_t tid, int)
    -> decltype(manager.RemoveFromSendBarIfDataQueuedList(peer, tid), void())
{
    manager.RemoveFromSendBarIfDataQueuedList(peer, tid);
}

/// @copydoc ForgetRequest
template <typename M>
void
ForgetRequest(M& /* manager */, Mac48Address /* peer */, uint8_t /* tid */, long)
{
}

/// End an agreement as the one who receives. @tparam E HtFrameExchangeManager @tparam M WifiMac
/// @param exchange of who receives @param mac its @param peer who sends @param tid of it
template <typename E, typename M>
auto
EndReceived(E& exchange, M& /* mac */, Mac48Address peer, uint8_t tid, int)
    -> decltype(exchange.DestroyBlockAckAgreement(peer, tid), void())
{
    exchange.DestroyBlockAckAgreement(peer, tid);
}

/// @copydoc EndReceived
template <typename E, typename M>
auto
EndReceived(E& /* exchange */, M& mac, Mac48Address peer, uint8_t tid, long)
    -> decltype(mac.GetQosTxop(tid)->GetBaManager()->DestroyRecipientAgreement(peer, tid), void())
{
    mac.GetQosTxop(tid)->GetBaManager()->DestroyRecipientAgreement(peer, tid);
}

/// @copydoc EndReceived
template <typename E, typename M>
void
EndReceived(E& /* exchange */, M& mac, Mac48Address peer, uint8_t tid, ...)
{
    mac.GetQosTxop(tid)->GetBaManager()->DestroyRecipientAgreement(peer, tid, std::nullopt);
}

} // namespace

const char* const WifiStation::OTHER_SSID = "nobody";

WifiStation::WifiStation(Ptr<WifiNetDevice> device, const Settings& settings)
    : m_device(device),
      m_settings(settings),
      m_current(FindStrongest())
{
    using Traced = std::function<void(Mac48Address)>;
    const Traced associated = [this](Mac48Address bssid) { OnAssociated(bssid); };
    const Traced lost = [this](Mac48Address bssid) { OnLost(bssid); };
    Ptr<WifiMac> mac = device->GetMac();
    mac->TraceConnectWithoutContext("Assoc", Callback<void, Mac48Address>(associated));
    mac->TraceConnectWithoutContext("DeAssoc", Callback<void, Mac48Address>(lost));
    const std::function<void(Time, Time, WifiPhyState)> changed =
        [this](Time start, Time duration, WifiPhyState state)
    {
        if (state == WifiPhyState::TX || state == WifiPhyState::RX)
        {
            m_quiet = start + duration;
        }
        // After a loss of beacons the radio is switched off, before which this comes last.
        if (!m_beacon.IsZero() && Simulator::Now() - m_beacon > SILENCE)
        {
            WipeExpired();
        }
    };
    device->GetPhy()->GetState()->TraceConnectWithoutContext(
        "State", Callback<void, Time, Time, WifiPhyState>(changed));
}

WifiStation::~WifiStation()
{
    for (EventId* event : {&m_check, &m_start, &m_watch, &m_tune, &m_pause, &m_wipe, &m_tell})
    {
        event->Cancel();
    }
}

void
WifiStation::Start()
{
    const uint32_t strongest = FindStrongest();
    const auto& points = m_settings.accessPoints;
    if (!points[strongest].ssid.IsEqual(points[m_current].ssid))
    {
        // It has moved since it was built, and has addresses of another network.
        Tell(false);
    }
    m_current = strongest;
    if (m_current == 0)
    {
        // On its channel already.
        m_device->GetMac()->SetSsid(points[0].ssid);
    }
    else
    {
        TuneTo(m_current);
    }
    m_start = Simulator::Schedule(BEACONS, &WifiStation::CheckStart, this);
    m_watch = Simulator::Schedule(WATCH_INTERVAL, &WifiStation::Watch, this);
}

void
WifiStation::CheckStart()
{
    if (!DynamicCast<StaWifiMac>(m_device->GetMac())->IsAssociated())
    {
        Tell(false);
    }
}

uint32_t
WifiStation::FindStrongest() const
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < m_settings.accessPoints.size(); ++i)
    {
        best = m_settings.mean(i) > m_settings.mean(best) ? i : best;
    }
    return best;
}

uint32_t
WifiStation::GetAccessPoint() const
{
    return m_current;
}

void
WifiStation::OnAssociated(Mac48Address /* bssid */)
{
    if (m_lost)
    {
        EndAgreements();
    }
    m_check.Cancel();
    m_check = Simulator::Schedule(CHECK_DELAY, &WifiStation::Check, this);
}

void
WifiStation::OnLost(Mac48Address /* bssid */)
{
    m_check.Cancel();
    m_lost = true;
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
        // Where a connection is made with few frames that arrive, ns-3's ends can disagree on block
        // acknowledgments for ever.
        if (!m_told.value_or(false) && !(m_signal < 0 && m_signal > m_settings.joinAbove))
        {
            m_check = Simulator::Schedule(CHECK_DELAY, &WifiStation::Check, this);
            return;
        }
        m_tell.Cancel();
        Tell(true);
        return;
    }
    // Beacons would keep it so for ever. Two changes of channel in one event end the run.
    Tune(m_settings.away);
    m_tune = Simulator::Schedule(AWAY, &WifiStation::TuneTo, this, m_current);
}

void
WifiStation::EndAgreements()
{
    const Ptr<WifiMac> own = m_device->GetMac();
    const Ptr<WifiMac> peer = m_settings.accessPoints[m_current].device->GetMac();
    const auto exchange = DynamicCast<HtFrameExchangeManager>(peer->GetFrameExchangeManager());
    for (uint8_t tid = 0; tid < 8; ++tid)
    {
        BlockAckManager& manager = *own->GetQosTxop(tid)->GetBaManager();
        ForgetRequest(manager, peer->GetAddress(), tid, 0);
        EndOriginated(manager, peer->GetAddress(), tid, 0);
        EndReceived(*exchange, *peer, own->GetAddress(), tid, 0);
    }
}

void
WifiStation::Watch()
{
    m_watch = Simulator::Schedule(WATCH_INTERVAL, &WifiStation::Watch, this);
    const uint32_t best = FindStrongest();
    if (best == m_current || !m_tune.IsExpired() || !m_check.IsExpired())
    {
        return;
    }
    if (!m_told.value_or(false))
    {
        TuneTo(best);
    }
    // Means beside means: of the beacons from far away only the stronger ones arrive.
    else if (m_signal < m_settings.roamBelow &&
             m_settings.mean(best) > m_settings.mean(m_current) + m_settings.roamGain)
    {
        // Another network has other addresses: the phone must know that it has left this one.
        const auto& points = m_settings.accessPoints;
        const bool same = points[best].ssid.IsEqual(points[m_current].ssid);
        m_roamEnd = Simulator::Now() + (same ? ROAM_TIME : Time(0));
        TuneTo(best);
    }
}

void
WifiStation::WipeExpired()
{
    for (const AcIndex ac : {AC_BE, AC_BK, AC_VI, AC_VO})
    {
        m_device->GetMac()->GetTxopQueue(ac)->WipeAllExpiredMpdus();
    }
}

void
WifiStation::Tune(const std::string& channel)
{
    const Ptr<WifiPhy> phy = m_device->GetPhy();
    m_pause.Cancel();
    // PIFS is more than SIFS, and less than those wait who begin an exchange.
    const Time wait = phy->IsStateRx() || phy->IsStateTx()
                          ? phy->GetDelayUntilIdle() + phy->GetPifs()
                          : m_quiet + phy->GetPifs() - Simulator::Now();
    if (wait.IsStrictlyPositive())
    {
        m_pause = Simulator::Schedule(wait, &WifiStation::Tune, this, channel);
        return;
    }
    // ns-3 empties the queues once the radio has changed, in an event that comes right after this.
    m_wipe = Simulator::Schedule(phy->GetChannelSwitchDelay(), &WifiStation::WipeExpired, this);
    phy->SetAttribute("ChannelSettings", StringValue(channel));
}

void
WifiStation::TuneTo(uint32_t accessPoint)
{
    m_current = accessPoint;
    m_signal = 0;
    m_device->GetMac()->SetSsid(m_settings.accessPoints[accessPoint].ssid);
    Tune(m_settings.accessPoints[accessPoint].channel);
}

void
WifiStation::Tell(bool usable)
{
    if (usable != m_told)
    {
        m_told = usable;
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
    m_beacon = Simulator::Now();
    m_signal = m_signal == 0 ? dbm : m_signal + SMOOTHING * (dbm - m_signal);
    m_settings.onSignal(m_signal);
}

} // namespace ns3
