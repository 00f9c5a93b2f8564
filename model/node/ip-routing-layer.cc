// SPDX-License-Identifier: GPL-2.0-only
#include "ip-routing-layer.h"

#include "ns3/net-device.h"

#include <algorithm>

namespace ns3
{

void
Ipv4RoutingFamily::SetIp(Ptr<Protocol> protocol, Ptr<Ip> ip)
{
    protocol->SetIpv4(ip);
}

void
Ipv6RoutingFamily::SetIp(Ptr<Protocol> protocol, Ptr<Ip> ip)
{
    protocol->SetIpv6(ip);
}

template <typename Family>
void
IpRoutingLayer<Family>::Place(Ptr<Ip> ip, Ptr<IpRoutingLayer> layer)
{
    if (Ptr<Protocol> inner = ip->GetRoutingProtocol())
    {
        layer->m_inner.emplace_back(0, inner);
        layer->m_innerList = DynamicCast<List>(inner);
    }
    ip->SetRoutingProtocol(layer);
}

template <typename Family>
void
IpRoutingLayer<Family>::DoInitialize()
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->Initialize();
    }
    Protocol::DoInitialize();
}

template <typename Family>
void
IpRoutingLayer<Family>::DoDispose()
{
    m_inner.clear();
    m_innerList = nullptr;
    m_ip = nullptr;
    List::DoDispose();
}

template <typename Family>
void
IpRoutingLayer<Family>::AddRoutingProtocol(Ptr<Protocol> protocol, int16_t priority)
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
    if (m_ip)
    {
        Family::SetIp(protocol, m_ip);
    }
}

template <typename Family>
uint32_t
IpRoutingLayer<Family>::GetNRoutingProtocols() const
{
    return m_innerList ? m_innerList->GetNRoutingProtocols() : m_inner.size();
}

template <typename Family>
Ptr<typename Family::Protocol>
IpRoutingLayer<Family>::GetRoutingProtocol(uint32_t index, int16_t& priority) const
{
    if (m_innerList)
    {
        return m_innerList->GetRoutingProtocol(index, priority);
    }
    priority = m_inner.at(index).first;
    return m_inner[index].second;
}

template <typename Family>
Ptr<typename Family::Route>
IpRoutingLayer<Family>::RouteOutput(Ptr<Packet> packet,
                                    const Header& header,
                                    Ptr<NetDevice> device,
                                    Socket::SocketErrno& error)
{
    return AskInner(packet, header, device, error);
}

template <typename Family>
Ptr<typename Family::Route>
IpRoutingLayer<Family>::AskInner(Ptr<Packet> packet,
                                 const Header& header,
                                 Ptr<NetDevice> device,
                                 Socket::SocketErrno& error) const
{
    error = Socket::ERROR_NOROUTETOHOST;
    for (const auto& [priority, protocol] : m_inner)
    {
        if (Ptr<Route> route = protocol->RouteOutput(packet, header, device, error))
        {
            return route;
        }
    }
    return nullptr;
}

template <typename Family>
bool
IpRoutingLayer<Family>::HasInnerList() const
{
    return static_cast<bool>(m_innerList);
}

template <typename Family>
bool
IpRoutingLayer<Family>::RouteInput(Ptr<const Packet> packet,
                                   const Header& header,
                                   Ptr<const NetDevice> device,
                                   typename Input::Unicast unicast,
                                   typename Input::Multicast multicast,
                                   typename Input::Local local,
                                   typename Input::Error error)
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

template <typename Family>
void
IpRoutingLayer<Family>::NotifyInterfaceUp(uint32_t interface)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyInterfaceUp(interface);
    }
}

template <typename Family>
void
IpRoutingLayer<Family>::NotifyInterfaceDown(uint32_t interface)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyInterfaceDown(interface);
    }
}

template <typename Family>
void
IpRoutingLayer<Family>::NotifyAddAddress(uint32_t interface, InterfaceAddress address)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyAddAddress(interface, address);
    }
}

template <typename Family>
void
IpRoutingLayer<Family>::NotifyRemoveAddress(uint32_t interface, InterfaceAddress address)
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->NotifyRemoveAddress(interface, address);
    }
}

template <typename Family>
void
IpRoutingLayer<Family>::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, Time::Unit unit) const
{
    for (const auto& [priority, protocol] : m_inner)
    {
        protocol->PrintRoutingTable(stream, unit);
    }
}

template class IpRoutingLayer<Ipv4RoutingFamily>;
template class IpRoutingLayer<Ipv6RoutingFamily>;

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
Ipv4RoutingLayer::SetIpv4(Ptr<Ipv4> ipv4)
{
    // What stands behind this knows its Ipv4 already, and would not take it twice.
    m_ip = ipv4;
}

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
Ipv6RoutingLayer::SetIpv6(Ptr<Ipv6> ipv6)
{
    // What stands behind this knows its Ipv6 already, and would not take it twice.
    m_ip = ipv6;
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

} // namespace ns3
