// SPDX-License-Identifier: GPL-2.0-only
#include "ipv6-source-routing.h"

#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-static-routing.h"
#include "ns3/net-device.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Ipv6SourceRouting);

TypeId
Ipv6SourceRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Ipv6SourceRouting")
                            .SetParent<Ipv6RoutingLayer>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Ipv6SourceRouting>();
    return tid;
}

Ipv6SourceRouting::Ipv6SourceRouting() = default;

Ipv6SourceRouting::~Ipv6SourceRouting() = default;

Ptr<Ipv6SourceRouting>
Ipv6SourceRouting::Install(Ptr<Ipv6> ipv6)
{
    if (auto present = Find<Ipv6SourceRouting>(ipv6))
    {
        return present;
    }
    auto routing = CreateObject<Ipv6SourceRouting>();
    Place(ipv6, routing);
    return routing;
}

void
Ipv6SourceRouting::SetAddressCallback(AddressCallback callback)
{
    m_callback = std::move(callback);
}

bool
Ipv6SourceRouting::IsUsable(const Ipv6InterfaceAddress& address)
{
    if (address.GetScope() != Ipv6InterfaceAddress::GLOBAL)
    {
        return false;
    }
    switch (address.GetState())
    {
    case Ipv6InterfaceAddress::TENTATIVE:
    case Ipv6InterfaceAddress::TENTATIVE_OPTIMISTIC:
    case Ipv6InterfaceAddress::INVALID:
        return false;
    default:
        return true;
    }
}

void
Ipv6SourceRouting::SetIpv6(Ptr<Ipv6> ipv6)
{
    Ipv6RoutingLayer::SetIpv6(ipv6);
    for (uint32_t i = 0; i < ipv6->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < ipv6->GetNAddresses(i); ++j)
        {
            const Ipv6InterfaceAddress address = ipv6->GetAddress(i, j);
            AddOwnAddress(i, address);
            if (address.GetScope() == Ipv6InterfaceAddress::GLOBAL && !IsUsable(address))
            {
                CheckLater(i, address.GetAddress());
            }
        }
    }
}

void
Ipv6SourceRouting::DoDispose()
{
    m_callback = nullptr;
    Ipv6RoutingLayer::DoDispose();
}

Ptr<Ipv6Route>
Ipv6SourceRouting::RouteOutput(Ptr<Packet> packet,
                               const Ipv6Header& header,
                               Ptr<NetDevice> device,
                               Socket::SocketErrno& error)
{
    const int32_t bound = m_several ? GetBoundInterface(header) : -1;
    if (bound < 0)
    {
        return AskInner(packet, header, device, error);
    }
    const auto interface = static_cast<uint32_t>(bound);
    const Ptr<NetDevice> own = m_ip->GetNetDevice(interface);
    if (device && device != own)
    {
        return AskInner(packet, header, device, error);
    }
    error = Socket::ERROR_NOTERROR;
    if (!m_ip->IsUp(interface))
    {
        // IPv6 drops it there. Without a route it would look for another one without the device.
        return MakeDirectRoute(interface, header);
    }
    Ptr<Ipv6Route> route = AskInner(packet, header, own, error);
    if (route && route->GetOutputDevice() == own)
    {
        return route;
    }
    for (const auto& entry : m_own)
    {
        if (entry.interface == interface &&
            entry.address.GetPrefix().IsMatch(entry.address.GetAddress(), header.GetDestination()))
        {
            error = Socket::ERROR_NOTERROR;
            return MakeDirectRoute(interface, header);
        }
    }
    return AskInner(packet, header, device, error);
}

int32_t
Ipv6SourceRouting::GetBoundInterface(const Ipv6Header& header) const
{
    const Ipv6Address source = header.GetSource();
    const Ipv6Address destination = header.GetDestination();
    if (destination.IsMulticast() || destination.IsLinkLocal())
    {
        return -1;
    }
    int32_t bound = -1;
    for (const auto& entry : m_own)
    {
        if (entry.address.GetAddress() == destination)
        {
            return -1;
        }
        if (entry.address.GetAddress() == source)
        {
            bound = static_cast<int32_t>(entry.interface);
        }
    }
    return bound;
}

Ptr<Ipv6Route>
Ipv6SourceRouting::MakeDirectRoute(uint32_t interface, const Ipv6Header& header) const
{
    auto route = Create<Ipv6Route>();
    route->SetDestination(header.GetDestination());
    route->SetSource(header.GetSource());
    route->SetGateway(Ipv6Address::GetAny());
    route->SetOutputDevice(m_ip->GetNetDevice(interface));
    return route;
}

void
Ipv6SourceRouting::NotifyInterfaceUp(uint32_t interface)
{
    Ipv6RoutingLayer::NotifyInterfaceUp(interface);
    // ns-3 gives back the link-local address only. By value: each addition is told to us.
    const auto own = m_own;
    for (const auto& entry : own)
    {
        if (entry.interface != interface)
        {
            continue;
        }
        bool present = false;
        for (uint32_t i = 0; i < m_ip->GetNAddresses(interface) && !present; ++i)
        {
            present = m_ip->GetAddress(interface, i).GetAddress() == entry.address.GetAddress();
        }
        if (present)
        {
            CheckLater(interface, entry.address.GetAddress());
        }
        else
        {
            m_ip->AddAddress(interface, entry.address, entry.address.GetOnLink());
        }
    }
    if (auto asleep = m_asleep.find(interface); asleep != m_asleep.end())
    {
        const Routes routes = std::move(asleep->second);
        m_asleep.erase(asleep);
        RestoreStaticRoutes(routes);
    }
}

void
Ipv6SourceRouting::NotifyInterfaceDown(uint32_t interface)
{
    // An interface can be taken down twice; the second time its routes are gone.
    if (m_asleep.find(interface) == m_asleep.end())
    {
        m_asleep[interface] = GetStaticRoutes(interface);
    }
    Ipv6RoutingLayer::NotifyInterfaceDown(interface);
    if (!m_callback)
    {
        return;
    }
    const auto own = m_own;
    for (const auto& entry : own)
    {
        if (entry.interface == interface)
        {
            m_callback(entry.address.GetAddress(), interface, false);
        }
    }
}

void
Ipv6SourceRouting::NotifyAddAddress(uint32_t interface, Ipv6InterfaceAddress address)
{
    Ipv6RoutingLayer::NotifyAddAddress(interface, address);
    if (address.GetScope() != Ipv6InterfaceAddress::GLOBAL)
    {
        return;
    }
    const bool up = m_ip->IsUp(interface);
    AddOwnAddress(interface, address);
    auto orphaned = m_orphaned.find(interface);
    if (orphaned != m_orphaned.end())
    {
        const auto [formerAddress, routes] = std::move(orphaned->second);
        m_orphaned.erase(orphaned);
        if (formerAddress == address.GetAddress())
        {
            if (up)
            {
                RestoreStaticRoutes(routes);
            }
            else
            {
                m_asleep[interface] = routes;
            }
        }
    }
    if (up)
    {
        CheckLater(interface, address.GetAddress());
    }
}

void
Ipv6SourceRouting::NotifyRemoveAddress(uint32_t interface, Ipv6InterfaceAddress address)
{
    const auto own = std::find_if(m_own.begin(),
                                  m_own.end(),
                                  [&](const OwnAddress& entry) {
                                      return entry.interface == interface &&
                                             entry.address.GetAddress() == address.GetAddress();
                                  });
    if (own != m_own.end())
    {
        m_own.erase(own);
        m_several = !m_own.empty() && m_own.front().interface != m_own.back().interface;
    }
    // A look-up that meets a route by an interface without a global address ends the run.
    const bool last =
        address.GetScope() == Ipv6InterfaceAddress::GLOBAL && !HasOwnAddress(interface);
    if (last)
    {
        auto asleep = m_asleep.find(interface);
        if (asleep == m_asleep.end())
        {
            m_orphaned[interface] = {address.GetAddress(), GetStaticRoutes(interface)};
        }
        else
        {
            m_orphaned[interface] = {address.GetAddress(), std::move(asleep->second)};
            m_asleep.erase(asleep);
        }
    }
    Ipv6RoutingLayer::NotifyRemoveAddress(interface, address);
    if (last)
    {
        PurgeRoutes(interface);
    }
    if (m_callback && address.GetScope() == Ipv6InterfaceAddress::GLOBAL)
    {
        m_callback(address.GetAddress(), interface, false);
    }
}

Ptr<Ipv6StaticRouting>
Ipv6SourceRouting::GetStaticRouting() const
{
    for (uint32_t i = 0; i < GetNRoutingProtocols(); ++i)
    {
        int16_t priority;
        if (auto found = DynamicCast<Ipv6StaticRouting>(GetRoutingProtocol(i, priority)))
        {
            return found;
        }
    }
    return nullptr;
}

Ipv6SourceRouting::Routes
Ipv6SourceRouting::GetStaticRoutes(uint32_t interface) const
{
    Routes routes;
    if (const auto table = GetStaticRouting())
    {
        for (uint32_t i = 0; i < table->GetNRoutes(); ++i)
        {
            const Ipv6RoutingTableEntry route = table->GetRoute(i);
            if (route.GetInterface() == interface)
            {
                routes.emplace_back(route, table->GetMetric(i));
            }
        }
    }
    return routes;
}

void
Ipv6SourceRouting::RestoreStaticRoutes(const Routes& routes) const
{
    const auto table = GetStaticRouting();
    if (!table)
    {
        return;
    }
    for (const auto& [route, metric] : routes)
    {
        // Routes that have come back by themselves are not doubled.
        if (route.IsGateway())
        {
            table->AddNetworkRouteTo(route.GetDestNetwork(),
                                     route.GetDestNetworkPrefix(),
                                     route.GetGateway(),
                                     route.GetInterface(),
                                     route.GetPrefixToUse(),
                                     metric);
        }
        else
        {
            table->AddNetworkRouteTo(
                route.GetDestNetwork(), route.GetDestNetworkPrefix(), route.GetInterface(), metric);
        }
    }
}

void
Ipv6SourceRouting::PurgeRoutes(uint32_t interface) const
{
    const auto table = GetStaticRouting();
    if (!table)
    {
        return;
    }
    for (uint32_t i = table->GetNRoutes(); i-- > 0;)
    {
        const Ipv6RoutingTableEntry route = table->GetRoute(i);
        if (route.GetInterface() == interface && !route.GetDest().IsLinkLocal())
        {
            table->RemoveRoute(i);
        }
    }
}

bool
Ipv6SourceRouting::HasOwnAddress(uint32_t interface) const
{
    return std::any_of(m_own.begin(),
                       m_own.end(),
                       [interface](const OwnAddress& entry)
                       { return entry.interface == interface; });
}

void
Ipv6SourceRouting::AddOwnAddress(uint32_t interface, const Ipv6InterfaceAddress& address)
{
    if (address.GetScope() != Ipv6InterfaceAddress::GLOBAL)
    {
        return;
    }
    auto at = m_own.begin();
    for (; at != m_own.end() && at->interface <= interface; ++at)
    {
        if (at->interface == interface && at->address.GetAddress() == address.GetAddress())
        {
            return;
        }
    }
    m_own.insert(at, OwnAddress{address, interface});
    m_several = m_own.front().interface != m_own.back().interface;
}

void
Ipv6SourceRouting::CheckLater(uint32_t interface, Ipv6Address address)
{
    Time delay;
    if (const auto icmp = m_ip->GetObject<Icmpv6L4Protocol>(); icmp && icmp->IsAlwaysDad())
    {
        delay = icmp->GetDadTimeout();
    }
    Simulator::Schedule(
        delay, &Ipv6SourceRouting::CheckAddress, Ptr<Ipv6SourceRouting>(this), interface, address);
}

void
Ipv6SourceRouting::CheckAddress(uint32_t interface, Ipv6Address address)
{
    if (!m_callback || !m_ip->IsUp(interface))
    {
        return;
    }
    for (uint32_t i = 0; i < m_ip->GetNAddresses(interface); ++i)
    {
        const Ipv6InterfaceAddress candidate = m_ip->GetAddress(interface, i);
        if (candidate.GetAddress() == address && IsUsable(candidate))
        {
            m_callback(address, interface, true);
            return;
        }
    }
}

} // namespace ns3
