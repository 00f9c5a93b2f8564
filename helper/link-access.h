// SPDX-License-Identifier: GPL-2.0-only
#ifndef LINK_ACCESS_H
#define LINK_ACCESS_H

#include "phone-access.h"

#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/net-device-container.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * An access that is a point-to-point link for each phone, with losses and a delay. What makes
 * packets wait is up to those that derive from it.
 */
class LinkAccess : public PhoneAccess
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Build(const NodeContainer& phones, Ptr<Node> router, bool ipv4, bool ipv6) override;
    Ptr<NetDevice> GetPhoneDevice(uint32_t phone) const override;
    Ptr<NetDevice> GetRouterDevice(uint32_t phone) const override;
    bool Accepts(AccessEvent::What what) const override;
    void Apply(const AccessEvent& event) override;
    void EnablePcap(Ptr<NetDevice> device, const std::string& file) override;
    int64_t AssignStreams(int64_t stream) override;

  protected:
    /**
     * Make one link.
     * @param phone a phone
     * @param router the access router
     * @return the phone's device and the router's
     */
    virtual NetDeviceContainer MakeLink(Ptr<Node> phone, Ptr<Node> router) const = 0;

    Time m_delay;          //!< attribute Delay
    uint32_t m_packets{0}; //!< attribute QueuePackets

  private:
    /// Lose what must be lost on the first phone's link from now on.
    void SetRates();

    double m_loss{0};             //!< attribute LossRate
    bool m_silent{false};         //!< the first phone's link loses all
    NetDeviceContainer m_phones;  //!< devices, by phone
    NetDeviceContainer m_routers; //!< the same links' other ends
    std::vector<Ptr<RateErrorModel>>
        m_losses; //!< for each link what phone and router don't receive
};

/// An access modelled by a link of constant rate with a drop-tail queue at each end: `emulated`.
class PointToPointAccess : public LinkAccess
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    bool Accepts(AccessEvent::What what) const override;
    void Apply(const AccessEvent& event) override;

  protected:
    NetDeviceContainer MakeLink(Ptr<Node> phone, Ptr<Node> router) const override;

  private:
    DataRate m_rate; //!< attribute DataRate
};

} // namespace ns3

#endif // LINK_ACCESS_H
