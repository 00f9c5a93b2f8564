// SPDX-License-Identifier: GPL-2.0-only
#ifndef WIFI_STATION_H
#define WIFI_STATION_H

#include "ns3/event-id.h"
#include "ns3/mac48-address.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/ssid.h"
#include "ns3/wifi-net-device.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * What a phone's firmware does around ns-3's 802.11 station, which by itself only listens on its
 * own channel and never leaves an access point whose beacons it still hears. It looks for access
 * points on their channels, changes to a better one, and repairs what goes wrong at the edge of
 * coverage, where ns-3's station can take itself for associated though the access point does not.
 *
 * Looking for a better access point while there is a connection costs nothing here: phones know
 * from scans in the background what this one reads off the mean path loss.
 */
class WifiStation
{
  public:
    /// An access point.
    struct AccessPoint
    {
        Ptr<WifiNetDevice> device; //!< its radio
        std::string channel;       //!< of its radio, as the attribute ChannelSettings of WifiPhy
        Ssid ssid;                 //!< of its network
    };

    /// What to do, and whom to tell.
    struct Settings
    {
        std::vector<AccessPoint> accessPoints; //!< at least one, of one network or several
        std::string away;                      //!< channel of nobody
        double joinAbove{0};                   //!< dBm: a weaker one is not used
        double roamBelow{0};                   //!< dBm: look for a better one
        double roamGain{0};                    //!< dB by which it must be better
        std::function<double(uint32_t)> mean;  //!< mean signal of an access point
        std::function<void(bool)> onUsable;    //!< has a connection, or lost it
        std::function<void(double)> onSignal;  //!< smoothed, of each beacon, in dBm
    };

    /**
     * @param device the phone's radio, on the channel of the first access point, with another SSID
     * @param settings what to do; until onUsable tells otherwise the phone takes itself for
     * connected
     */
    WifiStation(Ptr<WifiNetDevice> device, const Settings& settings);
    ~WifiStation();
    WifiStation(const WifiStation&) = delete;
    WifiStation& operator=(const WifiStation&) = delete;

    /// Look for access points from now on.
    void Start();

    /// @return index of the access point that it has a connection with, or looks for
    uint32_t GetAccessPoint() const;

    /// A frame was received, on any channel. @param packet with its MAC header
    /// @param dbm its signal
    void OnFrame(Ptr<const Packet> packet, double dbm);

    static const char* const OTHER_SSID; //!< of nobody

  private:
    /// The station takes itself for associated. @param bssid with whom
    void OnAssociated(Mac48Address bssid);
    /// The station takes itself for lost. @param bssid with whom it was associated
    void OnLost(Mac48Address bssid);
    /// See whether the access point agrees.
    void Check();
    /// Tell if there is no association, some time after the begin.
    void CheckStart();
    /// Drop what has waited in the phone's queues for too long. ns-3.37 empties them as an
    /// association ends, and ends the run if only such frames are left.
    void WipeExpired();
    /// End agreements on block acknowledgments of what the phone sends, as an association does.
    /// ns-3 keeps them, and new frames would wait for those that were lost before. None is under
    /// way: ns-3 has emptied the phone's queues at the loss.
    void EndAgreements();
    /// Look whether there is a better access point, now and then.
    void Watch();
    /// @return index of the access point that is strongest here
    uint32_t FindStrongest() const;
    /// Tune to a channel, as soon as no frame of the phone's can follow after a SIFS: ns-3 sends an
    /// answer that is due even while the radio changes channels, which ends the run.
    /// @param channel settings
    void Tune(const std::string& channel);
    /// Tune to an access point's channel. @param accessPoint index
    void TuneTo(uint32_t accessPoint);
    /// There is a connection, or none. @param usable which
    void Tell(bool usable);

    Ptr<WifiNetDevice> m_device; //!< the phone's
    Settings m_settings;         //!< see Settings
    uint32_t m_current{0};       //!< see GetAccessPoint()
    double m_signal{0};          //!< smoothed, in dBm; 0: none yet
    std::optional<bool> m_told;  //!< what onUsable was told last
    bool m_lost{false};          //!< there was an association once
    Time m_roamEnd;              //!< until then a loss is not told
    EventId m_check;             //!< Check()
    EventId m_start;             //!< CheckStart()
    EventId m_watch;             //!< Watch()
    EventId m_tune;              //!< TuneTo(), later
    EventId m_pause;             //!< Tune(), when frames pause
    EventId m_wipe;              //!< WipeExpired(), after a change of channels
    Time m_quiet;                //!< end of the last frame that was sent or received
    Time m_beacon;               //!< when the last beacon came; 0: none yet
    EventId m_tell;              //!< Tell(), later
};

} // namespace ns3

#endif // WIFI_STATION_H
