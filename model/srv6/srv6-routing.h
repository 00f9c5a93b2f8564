// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_ROUTING_H
#define SRV6_ROUTING_H

#include "srv6-protocol.h"

#include "ns3/ip-routing-layer.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Shows packets that a node is about to forward to its segment routing first.
 */
class Srv6Routing : public Ipv6RoutingLayer
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6Routing();
    ~Srv6Routing() override;

    /// @param srv6 who sees the packets
    void SetProtocol(Srv6Protocol* srv6);

    /// Ask the routing behind this. Parameters and result as in RouteInput().
    bool Forward(Ptr<const Packet> packet,
                 const Ipv6Header& header,
                 const Srv6Arrival& arrival,
                 const Ipv6RoutingProtocol::ErrorCallback& error);

    // Ipv6RoutingProtocol
    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv6Header& header,
                    Ptr<const NetDevice> device,
                    Ipv6RouteInput::Unicast unicast,
                    Ipv6RouteInput::Multicast multicast,
                    Ipv6RouteInput::Local local,
                    Ipv6RouteInput::Error error) override;

  protected:
    void DoDispose() override;

  private:
    Srv6Protocol* m_srv6{nullptr}; //!< who sees the packets
};

} // namespace ns3

#endif // SRV6_ROUTING_H
