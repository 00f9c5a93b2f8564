// SPDX-License-Identifier: GPL-2.0-only
#include "ipv4-source-routing.h"

#include "ns3/ipv4-route.h"
#include "ns3/ipv4-static-routing.h"
#include "ns3/loopback-net-device.h"
#include "ns3/net-device.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Ipv4SourceRouting);

TypeId
Ipv4SourceRouting::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Ipv4SourceRouting")
                            .SetParent<Ipv4RoutingLayer>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Ipv4SourceRouting>();
    return tid;
}

Ipv4SourceRouting::Ipv4SourceRouting() = default;

Ipv4SourceRouting::~Ipv4SourceRouting() = default;

Ptr<Ipv4SourceRouting>
Ipv4SourceRouting::Install(Ptr<Ipv4> ipv4)
{
    if (auto present = Ipv4RoutingLayer::Find<Ipv4SourceRouting>(ipv4))
    {
        return present;
    }
    auto routing = CreateObject<Ipv4SourceRouting>();
    Place(ipv4, routing);
    return routing;
}

void
Ipv4SourceRouting::SetAddressCallback(AddressCallback callback)
{
    m_callback = std::move(callback);
}

void
Ipv4SourceRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    Ipv4RoutingLayer::SetIpv4(ipv4);
    UpdateOwnAddresses();
}

void
Ipv4SourceRouting::DoDispose()
{
    m_callback = nullptr;
    Ipv4RoutingLayer::DoDispose();
}

Ptr<Ipv4Route>
Ipv4SourceRouting::RouteOutput(Ptr<Packet> packet,
                               const Ipv4Header& header,
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
        // IPv4 drops it there. Without a route it would look for another one without the device.
        return MakeDirectRoute(interface, header);
    }
    Ptr<Ipv4Route> route = AskInner(packet, header, own, error);
    if (route && route->GetOutputDevice() == own)
    {
        return route;
    }
    for (uint32_t i = 0; i < m_ip->GetNAddresses(interface); ++i)
    {
        const Ipv4InterfaceAddress address = m_ip->GetAddress(interface, i);
        if (address.GetMask().IsMatch(address.GetLocal(), header.GetDestination()))
        {
            error = Socket::ERROR_NOTERROR;
            return MakeDirectRoute(interface, header);
        }
    }
    return AskInner(packet, header, device, error);
}

int32_t
Ipv4SourceRouting::GetBoundInterface(const Ipv4Header& header) const
{
    const Ipv4Address source = header.GetSource();
    const Ipv4Address destination = header.GetDestination();
    if (destination.IsMulticast() || destination.IsBroadcast())
    {
        return -1;
    }
    int32_t bound = -1;
    for (const auto& [address, interface] : m_own)
    {
        if (address == destination)
        {
            return -1;
        }
        if (address == source)
        {
            bound = static_cast<int32_t>(interface);
        }
    }
    return bound;
}

Ptr<Ipv4Route>
Ipv4SourceRouting::MakeDirectRoute(uint32_t interface, const Ipv4Header& header) const
{
    auto route = Create<Ipv4Route>();
    route->SetDestination(header.GetDestination());
    route->SetSource(header.GetSource());
    route->SetGateway(Ipv4Address::GetAny());
    route->SetOutputDevice(m_ip->GetNetDevice(interface));
    return route;
}

bool
Ipv4SourceRouting::RouteInput(Ptr<const Packet> packet,
                              const Ipv4Header& header,
                              Ptr<const NetDevice> device,
                              Ipv4RouteInput::Unicast unicast,
                              Ipv4RouteInput::Multicast multicast,
                              Ipv4RouteInput::Local local,
                              Ipv4RouteInput::Error error)
{
    // A list would come to the same, by a longer way. A protocol that stands alone may want to see
    // what arrives.
    if (HasInnerList())
    {
        const auto interface = static_cast<uint32_t>(m_ip->GetInterfaceForDevice(device));
        const auto own = std::make_pair(header.GetDestination(), interface);
        if (std::find(m_own.begin(), m_own.end(), own) != m_own.end())
        {
            local(packet, header, interface);
            return true;
        }
    }
    return Ipv4RoutingLayer::RouteInput(packet, header, device, unicast, multicast, local, error);
}

void
Ipv4SourceRouting::NotifyInterfaceUp(uint32_t interface)
{
    Ipv4RoutingLayer::NotifyInterfaceUp(interface);
    if (auto asleep = m_asleep.find(interface); asleep != m_asleep.end())
    {
        RestoreStaticRoutes(asleep->second);
        m_asleep.erase(asleep);
    }
    UpdateOwnAddresses();
    TellAddresses(interface, true);
}

void
Ipv4SourceRouting::NotifyInterfaceDown(uint32_t interface)
{
    // An interface can be taken down twice; the second time its routes are gone.
    if (m_asleep.find(interface) == m_asleep.end())
    {
        m_asleep[interface] = GetStaticRoutes(interface);
    }
    Ipv4RoutingLayer::NotifyInterfaceDown(interface);
    TellAddresses(interface, false);
}

void
Ipv4SourceRouting::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    Ipv4RoutingLayer::NotifyAddAddress(interface, address);
    const bool up = m_ip->IsUp(interface);
    auto orphaned = m_orphaned.find(interface);
    if (orphaned != m_orphaned.end())
    {
        if (orphaned->second.first == address.GetLocal())
        {
            if (up)
            {
                RestoreStaticRoutes(orphaned->second.second);
            }
            else
            {
                m_asleep[interface] = std::move(orphaned->second.second);
            }
        }
        m_orphaned.erase(orphaned);
    }
    UpdateOwnAddresses();
    if (up && m_callback)
    {
        m_callback(address.GetLocal(), interface, true);
    }
}

void
Ipv4SourceRouting::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    // A look-up that meets a route by an interface without an address ends the run.
    const bool last = m_ip->GetNAddresses(interface) == 0;
    if (last)
    {
        auto asleep = m_asleep.find(interface);
        if (asleep == m_asleep.end())
        {
            m_orphaned[interface] = {address.GetLocal(), GetStaticRoutes(interface)};
        }
        else
        {
            m_orphaned[interface] = {address.GetLocal(), std::move(asleep->second)};
            m_asleep.erase(asleep);
        }
    }
    Ipv4RoutingLayer::NotifyRemoveAddress(interface, address);
    if (last)
    {
        PurgeRoutes(interface);
    }
    UpdateOwnAddresses();
    if (m_callback)
    {
        m_callback(address.GetLocal(), interface, false);
    }
}

template <typename T>
Ptr<T>
Ipv4SourceRouting::FindBehind() const
{
    for (uint32_t i = 0; i < GetNRoutingProtocols(); ++i)
    {
        int16_t priority;
        if (auto found = DynamicCast<T>(GetRoutingProtocol(i, priority)))
        {
            return found;
        }
    }
    return nullptr;
}

Ipv4SourceRouting::Routes
Ipv4SourceRouting::GetStaticRoutes(uint32_t interface) const
{
    Routes routes;
    if (const auto table = FindBehind<Ipv4StaticRouting>())
    {
        for (uint32_t i = 0; i < table->GetNRoutes(); ++i)
        {
            const Ipv4RoutingTableEntry route = table->GetRoute(i);
            if (route.GetInterface() == interface)
            {
                routes.emplace_back(route, table->GetMetric(i));
            }
        }
    }
    return routes;
}

void
Ipv4SourceRouting::RestoreStaticRoutes(const Routes& routes) const
{
    const auto table = FindBehind<Ipv4StaticRouting>();
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
                                     route.GetDestNetworkMask(),
                                     route.GetGateway(),
                                     route.GetInterface(),
                                     metric);
        }
        else
        {
            table->AddNetworkRouteTo(
                route.GetDestNetwork(), route.GetDestNetworkMask(), route.GetInterface(), metric);
        }
    }
}

void
Ipv4SourceRouting::PurgeRoutes(uint32_t interface) const
{
    if (const auto table = FindBehind<Ipv4StaticRouting>())
    {
        for (uint32_t i = table->GetNRoutes(); i-- > 0;)
        {
            if (table->GetRoute(i).GetInterface() == interface)
            {
                table->RemoveRoute(i);
            }
        }
    }
    if (const auto table = FindBehind<Ipv4GlobalRouting>())
    {
        for (uint32_t i = table->GetNRoutes(); i-- > 0;)
        {
            if (table->GetRoute(i)->GetInterface() == interface)
            {
                table->RemoveRoute(i);
            }
        }
    }
}

void
Ipv4SourceRouting::UpdateOwnAddresses()
{
    m_own.clear();
    for (uint32_t i = 0; i < m_ip->GetNInterfaces(); ++i)
    {
        if (DynamicCast<LoopbackNetDevice>(m_ip->GetNetDevice(i)))
        {
            continue;
        }
        for (uint32_t j = 0; j < m_ip->GetNAddresses(i); ++j)
        {
            m_own.emplace_back(m_ip->GetAddress(i, j).GetLocal(), i);
        }
    }
    m_several = !m_own.empty() && m_own.front().second != m_own.back().second;
}

void
Ipv4SourceRouting::TellAddresses(uint32_t interface, bool usable) const
{
    if (!m_callback)
    {
        return;
    }
    // By value: who is told may add or remove addresses.
    const auto addresses = m_own;
    for (const auto& [address, itsInterface] : addresses)
    {
        if (itsInterface == interface)
        {
            m_callback(address, interface, usable);
        }
    }
}

} // namespace ns3
