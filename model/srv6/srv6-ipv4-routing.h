// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_IPV4_ROUTING_H
#define SRV6_IPV4_ROUTING_H

#include "srv6-protocol.h"

#include "ns3/ip-routing-layer.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Shows IPv4 packets that a node is about to forward to its segment routing, which may steer them
 * into a policy.
 */
class Srv6Ipv4Routing : public Ipv4RoutingLayer
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6Ipv4Routing();
    ~Srv6Ipv4Routing() override;

    /// @param srv6 who sees the packets
    void SetProtocol(Srv6Protocol* srv6);

    // Ipv4RoutingProtocol
    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> device,
                    Ipv4RouteInput::Unicast unicast,
                    Ipv4RouteInput::Multicast multicast,
                    Ipv4RouteInput::Local local,
                    Ipv4RouteInput::Error error) override;

  protected:
    void DoDispose() override;

  private:
    Srv6Protocol* m_srv6{nullptr}; //!< who sees the packets
};

} // namespace ns3

#endif // SRV6_IPV4_ROUTING_H
