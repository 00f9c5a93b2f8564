// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPV4_ROUTING_LAYER_H
#define IPV4_ROUTING_LAYER_H

#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4.h"
#include "ns3/mptcp-compat.h"

#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Ipv6RoutingLayer's twin: what wants to see a node's IPv4 packets before its routing does derives
 * from this. Layers stack: each one stands in front of what was the node's routing when it was put
 * in place, and hands over to that whatever it does not deal with itself. This one by itself
 * changes nothing. IPv4 shows it all that arrives, packets for the node too.
 *
 * It is an Ipv4ListRouting with the entries of the one behind it, so that who looks for a static
 * routing finds it.
 */
class Ipv4RoutingLayer : public Ipv4ListRouting
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Ipv4RoutingLayer();
    ~Ipv4RoutingLayer() override;

    /**
     * @tparam T a kind of layer
     * @param ipv4 a node's IPv4
     * @return the one that stands in front of its routing, at whatever place; nullptr for none
     */
    template <typename T>
    static Ptr<T> Find(Ptr<Ipv4> ipv4);

    /**
     * Put a layer in front of everything that is there.
     * @param ipv4 a node's IPv4
     * @param layer a new one
     */
    static void Place(Ptr<Ipv4> ipv4, Ptr<Ipv4RoutingLayer> layer);

    // Ipv4ListRouting
    void AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> protocol, int16_t priority) override;
    uint32_t GetNRoutingProtocols() const override;
    Ptr<Ipv4RoutingProtocol> GetRoutingProtocol(uint32_t index, int16_t& priority) const override;

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
    void DoInitialize() override;
    void DoDispose() override;

    /// Ask what stands behind this. Parameters and result as in RouteOutput().
    Ptr<Ipv4Route> AskInner(Ptr<Packet> packet,
                            const Ipv4Header& header,
                            Ptr<NetDevice> device,
                            Socket::SocketErrno& error) const;
    /// @return whether what stands behind this is a list
    bool HasInnerList() const;

    Ptr<Ipv4> m_ipv4; //!< the node's IPv4

  private:
    /// What stands behind this, with priorities: the node's routing, and, if that is no list, what
    /// was added since.
    std::vector<std::pair<int16_t, Ptr<Ipv4RoutingProtocol>>> m_inner;
    Ptr<Ipv4ListRouting> m_innerList; //!< the node's routing if it is a list
};

template <typename T>
Ptr<T>
Ipv4RoutingLayer::Find(Ptr<Ipv4> ipv4)
{
    Ptr<Ipv4RoutingProtocol> routing = ipv4->GetRoutingProtocol();
    while (const auto layer = DynamicCast<Ipv4RoutingLayer>(routing))
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

#endif // IPV4_ROUTING_LAYER_H
