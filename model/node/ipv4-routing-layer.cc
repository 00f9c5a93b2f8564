// SPDX-License-Identifier: GPL-2.0-only
#include "ipv4-routing-layer.h"

#include "ns3/ipv4-route.h"
#include "ns3/net-device.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Ipv4RoutingLayer);

TypeId
Ipv4RoutingLayer::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Ipv4RoutingLayer")
                            .SetParent<Ipv4ListRouting>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Ipv4RoutingLayer>();
    return tid;
}

Ipv4RoutingLayer::Ipv4RoutingLayer() = default;

Ipv4RoutingLayer::~Ipv4RoutingLayer() = default;

void
Ipv4RoutingLayer::Place(Ptr<Ipv4> ipv4, Ptr<Ipv4RoutingLayer> layer)
{
    if (Ptr<Ipv4RoutingProtocol> inner = ipv4->GetRoutingProtocol())
    {
        layer->m_inner.emplace_back(0, inner);
        layer->m_innerList = DynamicCast<Ipv4ListRouting>(inner);
    }
    ipv4->SetRoutingProtocol(layer);
}

void
Ipv4RoutingLayer::SetIpv4(Ptr<Ipv4> ipv4)
{
    // What stands behind this knows its Ipv4 already, and would not take it twice.
    m_ipv4 = ipv4;
}

void
Ipv4RoutingLayer::DoInitialize()
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->Initialize();
    }
    Ipv4RoutingProtocol::DoInitialize();
}

void
Ipv4RoutingLayer::DoDispose()
{
    m_inner.clear();
    m_innerList = nullptr;
    m_ipv4 = nullptr;
    Ipv4ListRouting::DoDispose();
}

void
Ipv4RoutingLayer::AddRoutingProtocol(Ptr<Ipv4RoutingProtocol> protocol, int16_t priority)
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
    if (m_ipv4)
    {
        protocol->SetIpv4(m_ipv4);
    }
}

uint32_t
Ipv4RoutingLayer::GetNRoutingProtocols() const
{
    return m_innerList ? m_innerList->GetNRoutingProtocols() : m_inner.size();
}

Ptr<Ipv4RoutingProtocol>
Ipv4RoutingLayer::GetRoutingProtocol(uint32_t index, int16_t& priority) const
{
    if (m_innerList)
    {
        return m_innerList->GetRoutingProtocol(index, priority);
    }
    priority = m_inner.at(index).first;
    return m_inner[index].second;
}

Ptr<Ipv4Route>
Ipv4RoutingLayer::RouteOutput(Ptr<Packet> packet,
                              const Ipv4Header& header,
                              Ptr<NetDevice> device,
                              Socket::SocketErrno& error)
{
    return AskInner(packet, header, device, error);
}

Ptr<Ipv4Route>
Ipv4RoutingLayer::AskInner(Ptr<Packet> packet,
                           const Ipv4Header& header,
                           Ptr<NetDevice> device,
                           Socket::SocketErrno& error) const
{
    error = Socket::ERROR_NOROUTETOHOST;
    for (const auto& [priority, protocol] : m_inner)
    {
        if (Ptr<Ipv4Route> route = protocol->RouteOutput(packet, header, device, error))
        {
            return route;
        }
    }
    return nullptr;
}

bool
Ipv4RoutingLayer::HasInnerList() const
{
    return static_cast<bool>(m_innerList);
}

bool
Ipv4RoutingLayer::RouteInput(Ptr<const Packet> packet,
                             const Ipv4Header& header,
                             Ptr<const NetDevice> device,
                             Ipv4RouteInput::Unicast unicast,
                             Ipv4RouteInput::Multicast multicast,
                             Ipv4RouteInput::Local local,
                             Ipv4RouteInput::Error error)
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
Ipv4RoutingLayer::NotifyInterfaceUp(uint32_t interface)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyInterfaceUp(interface);
    }
}

void
Ipv4RoutingLayer::NotifyInterfaceDown(uint32_t interface)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyInterfaceDown(interface);
    }
}

void
Ipv4RoutingLayer::NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyAddAddress(interface, address);
    }
}

void
Ipv4RoutingLayer::NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyRemoveAddress(interface, address);
    }
}

void
Ipv4RoutingLayer::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->PrintRoutingTable(stream, unit);
    }
}

} // namespace ns3
