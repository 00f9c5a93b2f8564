// SPDX-License-Identifier: GPL-2.0-only
#include "ipv6-routing-layer.h"

#include "ns3/ipv6-route.h"
#include "ns3/net-device.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Ipv6RoutingLayer);

TypeId
Ipv6RoutingLayer::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Ipv6RoutingLayer")
                            .SetParent<Ipv6ListRouting>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Ipv6RoutingLayer>();
    return tid;
}

Ipv6RoutingLayer::Ipv6RoutingLayer() = default;

Ipv6RoutingLayer::~Ipv6RoutingLayer() = default;

void
Ipv6RoutingLayer::Place(Ptr<Ipv6> ipv6, Ptr<Ipv6RoutingLayer> layer)
{
    if (Ptr<Ipv6RoutingProtocol> inner = ipv6->GetRoutingProtocol())
    {
        layer->m_inner.emplace_back(0, inner);
        layer->m_innerList = DynamicCast<Ipv6ListRouting>(inner);
    }
    ipv6->SetRoutingProtocol(layer);
}

void
Ipv6RoutingLayer::SetIpv6(Ptr<Ipv6> ipv6)
{
    // What stands behind this knows its Ipv6 already, and would not take it twice.
    m_ipv6 = ipv6;
}

void
Ipv6RoutingLayer::DoInitialize()
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->Initialize();
    }
    Ipv6RoutingProtocol::DoInitialize();
}

void
Ipv6RoutingLayer::DoDispose()
{
    m_inner.clear();
    m_innerList = nullptr;
    m_ipv6 = nullptr;
    Ipv6ListRouting::DoDispose();
}

void
Ipv6RoutingLayer::AddRoutingProtocol(Ptr<Ipv6RoutingProtocol> protocol, int16_t priority)
{
    if (m_innerList)
    {
        m_innerList->AddRoutingProtocol(protocol, priority);
        return;
    }
    const auto behind =
        std::find_if(m_inner.begin(),
                     m_inner.end(),
                     [priority](const auto& entry) { return entry.first < priority; });
    m_inner.emplace(behind, priority, protocol);
    if (m_ipv6)
    {
        protocol->SetIpv6(m_ipv6);
    }
}

uint32_t
Ipv6RoutingLayer::GetNRoutingProtocols() const
{
    return m_innerList ? m_innerList->GetNRoutingProtocols() : m_inner.size();
}

Ptr<Ipv6RoutingProtocol>
Ipv6RoutingLayer::GetRoutingProtocol(uint32_t index, int16_t& priority) const
{
    if (m_innerList)
    {
        return m_innerList->GetRoutingProtocol(index, priority);
    }
    priority = m_inner.at(index).first;
    return m_inner[index].second;
}

Ptr<Ipv6Route>
Ipv6RoutingLayer::RouteOutput(Ptr<Packet> packet,
                              const Ipv6Header& header,
                              Ptr<NetDevice> device,
                              Socket::SocketErrno& error)
{
    return AskInner(packet, header, device, error);
}

Ptr<Ipv6Route>
Ipv6RoutingLayer::AskInner(Ptr<Packet> packet,
                           const Ipv6Header& header,
                           Ptr<NetDevice> device,
                           Socket::SocketErrno& error) const
{
    error = Socket::ERROR_NOROUTETOHOST;
    for (const auto& [priority, protocol] : m_inner)
    {
        if (Ptr<Ipv6Route> route = protocol->RouteOutput(packet, header, device, error))
        {
            return route;
        }
    }
    return nullptr;
}

bool
Ipv6RoutingLayer::RouteInput(Ptr<const Packet> packet,
                             const Ipv6Header& header,
                             Ptr<const NetDevice> device,
                             Ipv6RouteInput::Unicast unicast,
                             Ipv6RouteInput::Multicast multicast,
                             Ipv6RouteInput::Local local,
                             Ipv6RouteInput::Error error)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        if (protocol->RouteInput(packet, header, device, unicast, multicast, local, error))
        {
            return true;
        }
    }
    return false;
}

void
Ipv6RoutingLayer::NotifyInterfaceUp(uint32_t interface)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyInterfaceUp(interface);
    }
}

void
Ipv6RoutingLayer::NotifyInterfaceDown(uint32_t interface)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyInterfaceDown(interface);
    }
}

void
Ipv6RoutingLayer::NotifyAddAddress(uint32_t interface, Ipv6InterfaceAddress address)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyAddAddress(interface, address);
    }
}

void
Ipv6RoutingLayer::NotifyRemoveAddress(uint32_t interface, Ipv6InterfaceAddress address)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyRemoveAddress(interface, address);
    }
}

void
Ipv6RoutingLayer::NotifyAddRoute(Ipv6Address destination,
                                 Ipv6Prefix prefix,
                                 Ipv6Address nextHop,
                                 uint32_t interface,
                                 Ipv6Address prefixToUse)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyAddRoute(destination, prefix, nextHop, interface, prefixToUse);
    }
}

void
Ipv6RoutingLayer::NotifyRemoveRoute(Ipv6Address destination,
                                    Ipv6Prefix prefix,
                                    Ipv6Address nextHop,
                                    uint32_t interface,
                                    Ipv6Address prefixToUse)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyRemoveRoute(destination, prefix, nextHop, interface, prefixToUse);
    }
}

void
Ipv6RoutingLayer::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->PrintRoutingTable(stream, unit);
    }
}

} // namespace ns3
