// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_IPV4_ROUTING_H
#define SRV6_IPV4_ROUTING_H

#include "srv6-protocol.h"

#include "ns3/ipv4-routing-protocol.h"
#include "ns3/mptcp-compat.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Shows IPv4 packets that a node is about to forward to its segment routing, which may steer them
 * into a policy. It has no routes of its own.
 */
class Srv6Ipv4Routing : public Ipv4RoutingProtocol
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @param srv6 who sees the packets
    void SetProtocol(Srv6Protocol* srv6);

    // Ipv4RoutingProtocol
    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> packet,
                               const Ipv4Header& header,
                               Ptr<NetDevice> device,
                               Socket::SocketErrno& error) override;
    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> device,
                    Ipv4RouteInput::Unicast unicast,
                    Ipv4RouteInput::Multicast multicast,
                    Ipv4RouteInput::Local local,
                    Ipv4RouteInput::Error error) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoDispose() override;

  private:
    Srv6Protocol* m_srv6{nullptr}; //!< who sees the packets
};

} // namespace ns3

#endif // SRV6_IPV4_ROUTING_H
