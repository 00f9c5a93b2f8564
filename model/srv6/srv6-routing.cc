// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-routing.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6Routing);

TypeId
Srv6Routing::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Srv6Routing")
                            .SetParent<Ipv6RoutingLayer>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Srv6Routing>();
    return tid;
}

Srv6Routing::Srv6Routing() = default;

Srv6Routing::~Srv6Routing() = default;

void
Srv6Routing::SetProtocol(Srv6Protocol* srv6)
{
    m_srv6 = srv6;
}

void
Srv6Routing::DoDispose()
{
    m_srv6 = nullptr;
    Ipv6RoutingLayer::DoDispose();
}

bool
Srv6Routing::Forward(Ptr<const Packet> packet,
                     const Ipv6Header& header,
                     const Srv6Arrival& arrival,
                     const Ipv6RoutingProtocol::ErrorCallback& error)
{
    return Ipv6RoutingLayer::RouteInput(
        packet, header, arrival.device, arrival.unicast, arrival.multicast, arrival.local, error);
}

bool
Srv6Routing::RouteInput(Ptr<const Packet> packet,
                        const Ipv6Header& header,
                        Ptr<const NetDevice> device,
                        Ipv6RouteInput::Unicast unicast,
                        Ipv6RouteInput::Multicast multicast,
                        Ipv6RouteInput::Local local,
                        Ipv6RouteInput::Error error)
{
    const Srv6Arrival arrival{device, unicast, multicast, local, error};
    return (m_srv6 && m_srv6->Take(packet, header, arrival)) ||
           Ipv6RoutingLayer::RouteInput(packet, header, device, unicast, multicast, local, error);
}

} // namespace ns3
