// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPV4_SOURCE_ROUTING_H
#define IPV4_SOURCE_ROUTING_H

#include "ip-routing-layer.h"

#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4.h"

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Source address routing, as a phone has it: what this node sends from an address of its own
 * leaves by the interface that has the address, whatever the order of the routing table. Where the
 * interface is down, the packet ends there. Where the interface is up and neither has a route to
 * the destination nor shares its network, the node's routing finds another way, as without this.
 *
 * It stands in front of the node's routing and asks it for a route out of that one interface. All
 * else goes to the node's routing unchanged: packets from no or a foreign address, all packets of
 * a node with one interface, and everything that arrives.
 *
 * It also keeps an interface's static routes while it is down, and tells of addresses that come
 * and go.
 */
class Ipv4SourceRouting : public Ipv4RoutingLayer
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Ipv4SourceRouting();
    ~Ipv4SourceRouting() override;

    /**
     * Put source address routing in front of a node's routing, unless it is there.
     * @param ipv4 the node's IPv4, with its routing
     * @return the source address routing
     */
    static Ptr<Ipv4SourceRouting> Install(Ptr<Ipv4> ipv4);

    /// Called when an address comes or goes. @param address it @param interface its interface
    /// @param usable whether it can be used now
    using AddressCallback =
        std::function<void(Ipv4Address address, uint32_t interface, bool usable)>;

    /// @param callback whom to tell of addresses; nullptr for nobody
    void SetAddressCallback(AddressCallback callback);

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

  protected:
    void DoDispose() override;

  private:
    /// Static routes with their metrics.
    using Routes = std::vector<std::pair<Ipv4RoutingTableEntry, uint32_t>>;

    /**
     * @param header of a packet about to leave
     * @return the interface that its source address binds it to, -1 if none does
     */
    int32_t GetBoundInterface(const Ipv4Header& header) const;

    /// @param interface one @param header a packet's @return a route without a gateway
    Ptr<Ipv4Route> MakeDirectRoute(uint32_t interface, const Ipv4Header& header) const;

    /// @param interface one @return the static routes by it
    Routes GetStaticRoutes(uint32_t interface) const;
    /// Put static routes back. @param routes as returned by GetStaticRoutes()
    void RestoreStaticRoutes(const Routes& routes) const;
    /// Take all routes by an interface out of the tables. @param interface one
    void PurgeRoutes(uint32_t interface) const;
    /// @tparam T a routing protocol @return the first such one behind this
    template <typename T>
    Ptr<T> FindBehind() const;
    /// Read the node's addresses again.
    void UpdateOwnAddresses();
    /// Tell the one who wants to know. @param interface its interface @param usable see callback
    void TellAddresses(uint32_t interface, bool usable) const;

    AddressCallback m_callback;                          //!< who wants to know
    std::vector<std::pair<Ipv4Address, uint32_t>> m_own; //!< addresses and their interfaces
    bool m_several{false};               //!< m_own has addresses of more than one interface
    std::map<uint32_t, Routes> m_asleep; //!< static routes of interfaces that are down
    /// Static routes that went with the last address of an interface, and that address.
    std::map<uint32_t, std::pair<Ipv4Address, Routes>> m_orphaned;
};

} // namespace ns3

#endif // IPV4_SOURCE_ROUTING_H
