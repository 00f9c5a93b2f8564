// SPDX-License-Identifier: GPL-2.0-only
#ifndef PHONE_ACCESS_H
#define PHONE_ACCESS_H

#include "ns3/data-rate.h"
#include "ns3/error-model.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <string>

namespace ns3
{

/**
 * @ingroup mptcp
 * How a phone reaches its access router. SmartphoneHelper builds networks out of these and knows
 * nothing of what is behind them: a link, 802.11, LTE.
 */
class PhoneAccess : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * Join the two nodes, which have their internet stacks but no addresses yet.
     * @param phone the phone
     * @param router the access router
     */
    virtual void Build(Ptr<Node> phone, Ptr<Node> router) = 0;

    /// @return the phone's device
    virtual Ptr<NetDevice> GetPhoneDevice() const = 0;
    /// @return the access router's device
    virtual Ptr<NetDevice> GetRouterDevice() const = 0;

    /**
     * Lose everything in both directions from now on, or no longer. Neither end is told, as when a
     * phone walks out of coverage.
     * @param silent whether to
     */
    virtual void SetSilent(bool silent) = 0;

    /**
     * Capture what a device sends and receives.
     * @param device the phone's or the router's
     * @param file name of the file
     */
    virtual void EnablePcap(Ptr<NetDevice> device, const std::string& file) = 0;

    /**
     * Fix the random numbers of losses.
     * @param stream first stream number
     * @return number of streams used
     */
    virtual int64_t AssignStreams(int64_t stream) = 0;
};

/// An access modelled by a point-to-point link with a drop-tail queue at each end.
class PointToPointAccess : public PhoneAccess
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Build(Ptr<Node> phone, Ptr<Node> router) override;
    Ptr<NetDevice> GetPhoneDevice() const override;
    Ptr<NetDevice> GetRouterDevice() const override;
    void SetSilent(bool silent) override;
    void EnablePcap(Ptr<NetDevice> device, const std::string& file) override;
    int64_t AssignStreams(int64_t stream) override;

  private:
    DataRate m_rate;                //!< attribute DataRate
    Time m_delay;                   //!< attribute Delay
    uint32_t m_queue;               //!< attribute QueuePackets
    double m_loss;                  //!< attribute LossRate
    Ptr<NetDevice> m_phoneDevice;   //!< the phone's end
    Ptr<NetDevice> m_routerDevice;  //!< the router's end
    Ptr<RateErrorModel> m_downlink; //!< what the phone does not receive
    Ptr<RateErrorModel> m_uplink;   //!< what the router does not receive
};

} // namespace ns3

#endif // PHONE_ACCESS_H
