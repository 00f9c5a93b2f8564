// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPV6_SOURCE_ROUTING_H
#define IPV6_SOURCE_ROUTING_H

#include "ip-routing-layer.h"

#include "ns3/ipv6-interface-address.h"
#include "ns3/ipv6-routing-table-entry.h"

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace ns3
{

class Ipv6StaticRouting;

/**
 * @ingroup mptcp
 * Ipv4SourceRouting's twin. Beside what that does, it keeps an interface's addresses while it is
 * down, since ns-3 forgets them, and tells of an address only when duplicate address detection is
 * through with it. Link-local addresses stay with the node's routing.
 */
class Ipv6SourceRouting : public Ipv6RoutingLayer
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Ipv6SourceRouting();
    ~Ipv6SourceRouting() override;

    /**
     * Put source address routing in front of a node's routing, unless it is there.
     * @param ipv6 the node's IPv6, with its routing
     * @return the source address routing
     */
    static Ptr<Ipv6SourceRouting> Install(Ptr<Ipv6> ipv6);

    /// Called when an address comes or goes. @param address it @param interface its interface
    /// @param usable whether it can be used now
    using AddressCallback =
        std::function<void(Ipv6Address address, uint32_t interface, bool usable)>;

    /// @param callback whom to tell of addresses; nullptr for nobody
    void SetAddressCallback(AddressCallback callback);

    /// @param address one of an interface @return whether it is global and not tentative
    static bool IsUsable(const Ipv6InterfaceAddress& address);

    // Ipv6RoutingProtocol
    Ptr<Ipv6Route> RouteOutput(Ptr<Packet> packet,
                               const Ipv6Header& header,
                               Ptr<NetDevice> device,
                               Socket::SocketErrno& error) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv6InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv6InterfaceAddress address) override;
    void SetIpv6(Ptr<Ipv6> ipv6) override;

  protected:
    void DoDispose() override;

  private:
    /// Static routes with their metrics.
    using Routes = std::vector<std::pair<Ipv6RoutingTableEntry, uint32_t>>;

    /// An address that is not link-local, and where it is.
    struct OwnAddress
    {
        Ipv6InterfaceAddress address; //!< as it was added
        uint32_t interface;           //!< index
    };

    /**
     * @param header of a packet about to leave
     * @return the interface that its source address binds it to, -1 if none does
     */
    int32_t GetBoundInterface(const Ipv6Header& header) const;
    /// @param interface one @param header a packet's @return a route without a gateway
    Ptr<Ipv6Route> MakeDirectRoute(uint32_t interface, const Ipv6Header& header) const;

    /// @param interface one @return the static routes by it
    Routes GetStaticRoutes(uint32_t interface) const;
    /// Put static routes back. @param routes as returned by GetStaticRoutes()
    void RestoreStaticRoutes(const Routes& routes) const;
    /// Take the static routes by an interface away, but for link-local ones. @param interface one
    void PurgeRoutes(uint32_t interface) const;
    /// @return the static routing behind this
    Ptr<Ipv6StaticRouting> GetStaticRouting() const;

    /// @param interface one @return whether m_own has an address of it
    bool HasOwnAddress(uint32_t interface) const;
    /// Remember an address. @param interface its interface @param address it
    void AddOwnAddress(uint32_t interface, const Ipv6InterfaceAddress& address);
    /// Look at an address when detection of duplicates should be through. @param interface its
    /// interface @param address it
    void CheckLater(uint32_t interface, Ipv6Address address);
    /// Tell of an address if it is usable. @param interface its interface @param address it
    void CheckAddress(uint32_t interface, Ipv6Address address);

    AddressCallback m_callback;          //!< who wants to know
    std::vector<OwnAddress> m_own;       //!< addresses, also of interfaces that are down
    bool m_several{false};               //!< m_own has addresses of more than one interface
    std::map<uint32_t, Routes> m_asleep; //!< static routes of interfaces that are down
    /// Static routes that went with the last address of an interface, and that address.
    std::map<uint32_t, std::pair<Ipv6Address, Routes>> m_orphaned;
};

} // namespace ns3

#endif // IPV6_SOURCE_ROUTING_H
