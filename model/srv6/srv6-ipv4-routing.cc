// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-ipv4-routing.h"

#include "ns3/ipv4-route.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6Ipv4Routing);

TypeId
Srv6Ipv4Routing::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Srv6Ipv4Routing")
                            .SetParent<Ipv4RoutingProtocol>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Srv6Ipv4Routing>();
    return tid;
}

void
Srv6Ipv4Routing::SetProtocol(Srv6Protocol* srv6)
{
    m_srv6 = srv6;
}

void
Srv6Ipv4Routing::DoDispose()
{
    m_srv6 = nullptr;
    Ipv4RoutingProtocol::DoDispose();
}

Ptr<Ipv4Route>
Srv6Ipv4Routing::RouteOutput(Ptr<Packet> /* packet */,
                             const Ipv4Header& /* header */,
                             Ptr<NetDevice> /* device */,
                             Socket::SocketErrno& error)
{
    error = Socket::ERROR_NOROUTETOHOST;
    return nullptr;
}

bool
Srv6Ipv4Routing::RouteInput(Ptr<const Packet> packet,
                            const Ipv4Header& header,
                            Ptr<const NetDevice> /* device */,
                            Ipv4RouteInput::Unicast /* unicast */,
                            Ipv4RouteInput::Multicast /* multicast */,
                            Ipv4RouteInput::Local /* local */,
                            Ipv4RouteInput::Error /* error */)
{
    return m_srv6 && m_srv6->Take(packet, header);
}

void
Srv6Ipv4Routing::NotifyInterfaceUp(uint32_t /* interface */)
{
}

void
Srv6Ipv4Routing::NotifyInterfaceDown(uint32_t /* interface */)
{
}

void
Srv6Ipv4Routing::NotifyAddAddress(uint32_t /* interface */, Ipv4InterfaceAddress /* address */)
{
}

void
Srv6Ipv4Routing::NotifyRemoveAddress(uint32_t /* interface */, Ipv4InterfaceAddress /* address */)
{
}

void
Srv6Ipv4Routing::SetIpv4(Ptr<Ipv4> /* ipv4 */)
{
}

void
Srv6Ipv4Routing::PrintRoutingTable(Ptr<OutputStreamWrapper> /* stream */,
                                   Time::Unit /* unit */) const
{
}

} // namespace ns3
