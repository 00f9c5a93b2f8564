// SPDX-License-Identifier: GPL-2.0-only
#ifndef IP_ROUTING_LAYER_H
#define IP_ROUTING_LAYER_H

#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-list-routing.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-compat.h"

#include <utility>
#include <vector>

namespace ns3
{

/// What ns-3 calls the parts of IPv4's routing.
struct Ipv4RoutingFamily
{
    using Ip = Ipv4;                               //!< of a node
    using Header = Ipv4Header;                     //!< of a packet
    using Protocol = Ipv4RoutingProtocol;          //!< any routing
    using List = Ipv4ListRouting;                  //!< a list of them
    using Route = Ipv4Route;                       //!< what routing finds
    using InterfaceAddress = Ipv4InterfaceAddress; //!< an address with its mask
    using Input = Ipv4RouteInput;                  //!< callbacks

    /// @param protocol one that shall know @param ip its node's IPv4
    static void SetIp(Ptr<Protocol> protocol, Ptr<Ip> ip);
};

/// What ns-3 calls the parts of IPv6's routing.
struct Ipv6RoutingFamily
{
    using Ip = Ipv6;                               //!< of a node
    using Header = Ipv6Header;                     //!< of a packet
    using Protocol = Ipv6RoutingProtocol;          //!< any routing
    using List = Ipv6ListRouting;                  //!< a list of them
    using Route = Ipv6Route;                       //!< what routing finds
    using InterfaceAddress = Ipv6InterfaceAddress; //!< an address with its prefix
    using Input = Ipv6RouteInput;                  //!< callbacks

    /// @param protocol one that shall know @param ip its node's IPv6
    static void SetIp(Ptr<Protocol> protocol, Ptr<Ip> ip);
};

/**
 * @ingroup mptcp
 * What wants to see a node's packets before its routing does derives from Ipv4RoutingLayer or
 * Ipv6RoutingLayer, which are this for one version of IP. Layers stack: each one stands in front of
 * what was the node's routing when it was put in place, and hands over to that whatever it does not
 * deal with itself. This one by itself changes nothing.
 *
 * It is a list with the entries of the one behind it, for who looks for a static routing looks into
 * lists; also where the node's routing is none (up to ns-3.46 that of IPv6 is an
 * Ipv6StaticRouting).
 *
 * @tparam Family Ipv4RoutingFamily or Ipv6RoutingFamily
 */
template <typename Family>
class IpRoutingLayer : public Family::List
{
  public:
    using Ip = typename Family::Ip;                             //!< Ipv4 or Ipv6
    using Header = typename Family::Header;                     //!< its header
    using Protocol = typename Family::Protocol;                 //!< its routing
    using List = typename Family::List;                         //!< its list of them
    using Route = typename Family::Route;                       //!< its route
    using InterfaceAddress = typename Family::InterfaceAddress; //!< its addresses
    using Input = typename Family::Input;                       //!< its callbacks

    /**
     * @tparam T a kind of layer
     * @param ip a node's IP
     * @return the one that stands in front of its routing, at whatever place; nullptr for none
     */
    template <typename T>
    static Ptr<T> Find(Ptr<Ip> ip);

    /**
     * Put a layer in front of everything that is there.
     * @param ip a node's IP
     * @param layer a new one
     */
    static void Place(Ptr<Ip> ip, Ptr<IpRoutingLayer> layer);

    // The list
    void AddRoutingProtocol(Ptr<Protocol> protocol, int16_t priority) override;
    uint32_t GetNRoutingProtocols() const override;
    Ptr<Protocol> GetRoutingProtocol(uint32_t index, int16_t& priority) const override;

    // The routing
    Ptr<Route> RouteOutput(Ptr<Packet> packet,
                           const Header& header,
                           Ptr<NetDevice> device,
                           Socket::SocketErrno& error) override;
    bool RouteInput(Ptr<const Packet> packet,
                    const Header& header,
                    Ptr<const NetDevice> device,
                    typename Input::Unicast unicast,
                    typename Input::Multicast multicast,
                    typename Input::Local local,
                    typename Input::Error error) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, InterfaceAddress address) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           Time::Unit unit = Time::S) const override;

  protected:
    void DoInitialize() override;
    void DoDispose() override;

    /// Ask what stands behind this. Parameters and result as in RouteOutput().
    Ptr<Route> AskInner(Ptr<Packet> packet,
                        const Header& header,
                        Ptr<NetDevice> device,
                        Socket::SocketErrno& error) const;
    /// @return whether what stands behind this is a list
    bool HasInnerList() const;

    Ptr<Ip> m_ip; //!< the node's IP
    /// What stands behind this, with priorities: the node's routing, and, if that is no list, what
    /// was added since.
    std::vector<std::pair<int16_t, Ptr<Protocol>>> m_inner;

  private:
    Ptr<List> m_innerList; //!< the node's routing if it is a list
};

template <typename Family>
template <typename T>
Ptr<T>
IpRoutingLayer<Family>::Find(Ptr<Ip> ip)
{
    Ptr<Protocol> routing = ip->GetRoutingProtocol();
    while (const auto layer = DynamicCast<IpRoutingLayer>(routing))
    {
        if (const auto found = DynamicCast<T>(layer))
        {
            return found;
        }
        routing = layer->m_innerList;
    }
    return nullptr;
}

extern template class IpRoutingLayer<Ipv4RoutingFamily>;
extern template class IpRoutingLayer<Ipv6RoutingFamily>;

/**
 * @ingroup mptcp
 * A layer in front of a node's IPv4 routing. IPv4 shows it all that arrives, packets for the node
 * too.
 */
class Ipv4RoutingLayer : public IpRoutingLayer<Ipv4RoutingFamily>
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Ipv4RoutingLayer();
    ~Ipv4RoutingLayer() override;

    // Ipv4RoutingProtocol
    void SetIpv4(Ptr<Ipv4> ipv4) override;
};

/**
 * @ingroup mptcp
 * A layer in front of a node's IPv6 routing, which sees what is to be forwarded.
 */
class Ipv6RoutingLayer : public IpRoutingLayer<Ipv6RoutingFamily>
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Ipv6RoutingLayer();
    ~Ipv6RoutingLayer() override;

    // Ipv6RoutingProtocol
    void SetIpv6(Ptr<Ipv6> ipv6) override;
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
};

} // namespace ns3

#endif // IP_ROUTING_LAYER_H
