// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-ipv4-routing.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6Ipv4Routing);

TypeId
Srv6Ipv4Routing::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Srv6Ipv4Routing")
                            .SetParent<Ipv4RoutingLayer>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Srv6Ipv4Routing>();
    return tid;
}

Srv6Ipv4Routing::Srv6Ipv4Routing() = default;

Srv6Ipv4Routing::~Srv6Ipv4Routing() = default;

void
Srv6Ipv4Routing::SetProtocol(Srv6Protocol* srv6)
{
    m_srv6 = srv6;
}

void
Srv6Ipv4Routing::DoDispose()
{
    m_srv6 = nullptr;
    Ipv4RoutingLayer::DoDispose();
}

bool
Srv6Ipv4Routing::RouteInput(Ptr<const Packet> packet,
                            const Ipv4Header& header,
                            Ptr<const NetDevice> device,
                            Ipv4RouteInput::Unicast unicast,
                            Ipv4RouteInput::Multicast multicast,
                            Ipv4RouteInput::Local local,
                            Ipv4RouteInput::Error error)
{
    const auto interface = static_cast<uint32_t>(m_ip->GetInterfaceForDevice(device));
    // IPv4 asks about packets for the node as well.
    const bool forwarded = m_srv6 && m_ip->IsForwarding(interface) &&
                           !m_ip->IsDestinationAddress(header.GetDestination(), interface);
    return (forwarded && m_srv6->Take(packet, header)) ||
           Ipv4RoutingLayer::RouteInput(packet, header, device, unicast, multicast, local, error);
}

} // namespace ns3
