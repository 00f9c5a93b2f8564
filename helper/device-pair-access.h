// SPDX-License-Identifier: GPL-2.0-only
#ifndef DEVICE_PAIR_ACCESS_H
#define DEVICE_PAIR_ACCESS_H

#include "phone-access.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * An access made of devices that somebody else has joined: a satellite link, a WiFi of one's own,
 * 5G. The phone's must be on the helper's phone (SmartphoneHelper::GetPhone() before Build()), the
 * router's on a node that the helper does not know. Where the network has given addresses to the
 * two already, as mobile cores do, they are kept.
 *
 * Events can take its interface up and down, and set its signal. Who wants more, such as telling
 * that the radio has lost its connection, derives from PhoneAccess.
 */
class DevicePairAccess : public PhoneAccess
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// Needs SetDevices() before anything else.
    DevicePairAccess();
    /// @param phone device of the phone @param router device of the node that is its first hop
    DevicePairAccess(Ptr<NetDevice> phone, Ptr<NetDevice> router);

    /// @param phone device of the phone @param router device of the node that is its first hop
    void SetDevices(Ptr<NetDevice> phone, Ptr<NetDevice> router);

    Ptr<Node> MakeRouter() override;
    void Build(const NodeContainer& phones, Ptr<Node> router, bool ipv4, bool ipv6) override;
    Ptr<NetDevice> GetPhoneDevice(uint32_t phone) const override;
    Ptr<NetDevice> GetRouterDevice(uint32_t phone) const override;

  private:
    Ptr<NetDevice> m_phone;  //!< the phone's
    Ptr<NetDevice> m_router; //!< the router's
};

} // namespace ns3

#endif // DEVICE_PAIR_ACCESS_H
