// SPDX-License-Identifier: GPL-2.0-only
#ifndef WIFI_ACCESS_H
#define WIFI_ACCESS_H

#include "shielding-loss-model.h"
#include "wifi-station.h"

#include "ns3/mobility-model.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/phone-access.h"
#include "ns3/ssid.h"
#include "ns3/yans-wifi-channel.h"

#include <memory>

namespace ns3
{

/**
 * @ingroup mptcp
 * An access over ns-3's 802.11: `wifi`. One access point is the access router itself; several are
 * bridges on an Ethernet with it, on channels of their own. They form one network among which
 * phones roam, or are networks of their own, with an SSID and addresses, among which phones change.
 * A log-distance path loss and Nakagami fading make the signal, rate control follows it.
 *
 * Phones need positions (PhoneMobility) before Build(); one that has none stands 5 m from the first
 * access point. The phone's operating system is told of association and loss (trace source Usable)
 * and of the signal, smoothed over beacons (Signal). Being SILENT is being in a lift: the phone
 * notices the loss of beacons, after a second.
 */
class WifiAccess : public PhoneAccess
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    WifiAccess();
    ~WifiAccess() override;

    /// @throw std::invalid_argument if the access points are wrong
    void Build(const NodeContainer& phones, Ptr<Node> router, bool ipv4, bool ipv6) override;
    Ptr<NetDevice> GetPhoneDevice(uint32_t phone) const override;
    Ptr<NetDevice> GetRouterDevice(uint32_t phone) const override;
    uint32_t GetNetworks() const override;
    uint32_t GetNetwork(uint32_t phone) const override;
    bool Accepts(AccessEvent::What what) const override;
    void Apply(const AccessEvent& event) override;
    int64_t AssignStreams(int64_t stream) override;

    /// @return the nodes with the radios of the access points
    NodeContainer GetAccessPoints() const;

  protected:
    void DoDispose() override;

  private:
    /// @param accessPoint index @return its channel, as the attribute ChannelSettings of WifiPhy
    std::string GetChannel(uint32_t accessPoint) const;
    /// @param accessPoint index @return the SSID of its network
    Ssid GetSsid(uint32_t accessPoint) const;
    /// Make the radio channel that all share.
    void MakeChannel();
    /// Make a phone's firmware. @param phone index
    void AddStation(uint32_t phone);
    /// A phone has got or lost its connection. @param phone index @param usable which
    void OnUsable(uint32_t phone, bool usable);

    std::string m_standard;    //!< attribute Standard
    std::string m_rateControl; //!< attribute RateControl
    double m_power;            //!< attribute TxPower
    double m_exponent;         //!< attribute PathLossExponent
    double m_fading;           //!< attribute Fading
    std::string m_positions;   //!< attribute AccessPoints
    bool m_ownNetworks;        //!< attribute OwnNetworks
    uint32_t m_width;          //!< attribute ChannelWidth
    double m_joinAbove;        //!< attribute JoinAbove
    double m_roamBelow;        //!< attribute RoamBelow
    double m_roamGain;         //!< attribute RoamGain

    Ptr<YansWifiChannel> m_channel;                       //!< the radio channel
    Ptr<PropagationLossModel> m_pathLoss;                 //!< mean, apart from the channel's
    Ptr<ShieldingLossModel> m_shield;                     //!< of phone 0
    NodeContainer m_accessPoints;                         //!< nodes
    NetDeviceContainer m_apDevices;                       //!< their radios
    NetDeviceContainer m_phones;                          //!< radios
    Ptr<NetDevice> m_routerDevice;                        //!< the router's
    std::vector<std::unique_ptr<WifiStation>> m_stations; //!< by phone
};

} // namespace ns3

#endif // WIFI_ACCESS_H
