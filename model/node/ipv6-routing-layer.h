// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPV6_ROUTING_LAYER_H
#define IPV6_ROUTING_LAYER_H

#include "ns3/ipv6-list-routing.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-compat.h"

#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * What wants to see a node's IPv6 packets before its routing does derives from this. Layers stack:
 * each one stands in front of what was the node's routing when it was put in place, and hands over
 * to that whatever it does not deal with itself. This one by itself changes nothing.
 *
 * It is an Ipv6ListRouting although the node's routing may be none (up to ns-3.46 it is an
 * Ipv6StaticRouting): who looks for a static routing looks into lists too.
 */
class Ipv6RoutingLayer : public Ipv6ListRouting
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Ipv6RoutingLayer();
    ~Ipv6RoutingLayer() override;

    /**
     * @tparam T a kind of layer
     * @param ipv6 a node's IPv6
     * @return the one that stands in front of its routing, at whatever place; nullptr for none
     */
    template <typename T>
    static Ptr<T> Find(Ptr<Ipv6> ipv6);

    /**
     * Put a layer in front of everything that is there.
     * @param ipv6 a node's IPv6, with its routing
     * @param layer a new one
     */
    static void Place(Ptr<Ipv6> ipv6, Ptr<Ipv6RoutingLayer> layer);

    // Ipv6ListRouting
    void AddRoutingProtocol(Ptr<Ipv6RoutingProtocol> protocol, int16_t priority) override;
    uint32_t GetNRoutingProtocols() const override;
    Ptr<Ipv6RoutingProtocol> GetRoutingProtocol(uint32_t index, int16_t& priority) const override;

    // Ipv6RoutingProtocol
    Ptr<Ipv6Route> RouteOutput(Ptr<Packet> packet,
                               const Ipv6Header& header,
                               Ptr<NetDevice> device,
                               Socket::SocketErrno& error) override;
    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv6Header& header,
                    Ptr<const NetDevice> device,
                    Ipv6RouteInput::Unicast unicast,
                    Ipv6RouteInput::Multicast multicast,
                    Ipv6RouteInput::Local local,
                    Ipv6RouteInput::Error error) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv6InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv6InterfaceAddress address) override;
    void NotifyAddRoute(Ipv6Address destination,
                        Ipv6Prefix prefix,
                        Ipv6Address nextHop,
                        uint32_t interface,
                        Ipv6Address prefixToUse = Ipv6Address::GetZero()) override;
    void NotifyRemoveRoute(Ipv6Address destination,
                           Ipv6Prefix prefix,
                           Ipv6Address nextHop,
                           uint32_t interface,
                           Ipv6Address prefixToUse = Ipv6Address::GetZero()) override;
    void SetIpv6(Ptr<Ipv6> ipv6) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

    /// Ask what stands behind this. Parameters and result as in RouteOutput().
    Ptr<Ipv6Route> AskInner(Ptr<Packet> packet,
                            const Ipv6Header& header,
                            Ptr<NetDevice> device,
                            Socket::SocketErrno& error) const;

    Ptr<Ipv6> m_ipv6; //!< the node's IPv6

  private:
    /// What stands behind this, with priorities: the node's routing, and, if that is no list, what
    /// was added since.
    std::vector<std::pair<int16_t, Ptr<Ipv6RoutingProtocol>>> m_inner;
    Ptr<Ipv6ListRouting> m_innerList; //!< the node's routing if it is a list
};

template <typename T>
Ptr<T>
Ipv6RoutingLayer::Find(Ptr<Ipv6> ipv6)
{
    Ptr<Ipv6RoutingProtocol> routing = ipv6->GetRoutingProtocol();
    while (const auto layer = DynamicCast<Ipv6RoutingLayer>(routing))
    {
        if (const auto found = DynamicCast<T>(layer))
        {
            return found;
        }
        routing = layer->m_innerList;
    }
    return nullptr;
}

} // namespace ns3

#endif // IPV6_ROUTING_LAYER_H
