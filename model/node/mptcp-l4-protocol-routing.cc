// SPDX-License-Identifier: GPL-2.0-only
// MptcpL4Protocol: routing headers of single subflows.
#include "mptcp-l4-protocol.h"

#include <cerrno>

namespace ns3
{

namespace
{

/// @param mtu of the link @param size of a routing header @return whether it leaves room for a
/// segment
bool
LeavesRoom(uint32_t mtu, size_t size)
{
    // Headers of IPv6 and TCP, its options, and the least that a segment is worth sending for.
    constexpr uint32_t LEAST = 40 + 20 + 88;
    return mtu >= LEAST + size;
}

} // namespace

bool
MptcpL4Protocol::UseRoutingHeaders()
{
    if (!m_routingHeaders && m_node)
    {
        m_routingHeaders = m_node->GetObject<TcpRoutingHeaders>();
    }
    return static_cast<bool>(m_routingHeaders);
}

int
MptcpL4Protocol::CheckRoutingHeader(const TcpTuple& tuple, const RoutingHeaderBytes& header)
{
    if (!IsIpv6(tuple.localAddress) || !UseRoutingHeaders())
    {
        return ENOPROTOOPT;
    }
    if (const int error = m_routingHeaders->Check(header))
    {
        return error;
    }
    return LeavesRoom(GetMtu(tuple), header.size()) ? 0 : EMSGSIZE;
}

void
MptcpL4Protocol::SetRoutingHeader(MptcpSubflow& subflow, const RoutingHeaderBytes& header)
{
    if (!m_routingHeaders)
    {
        return;
    }
    m_routingHeaders->Set(subflow.GetTuple(), header);
    SubflowControls controls = subflow.GetControls();
    controls.headerSize = static_cast<uint32_t>(header.size());
    subflow.SetControls(controls);
    if (const auto endpoint = m_endpoints.find(subflow.GetTuple()); endpoint != m_endpoints.end())
    {
        endpoint->second->OnPathChange();
    }
}

RoutingHeaderBytes
MptcpL4Protocol::GetRoutingHeader(const TcpTuple& tuple) const
{
    return m_routingHeaders ? m_routingHeaders->Get(tuple) : RoutingHeaderBytes();
}

void
MptcpL4Protocol::AcceptRoutingHeader(MptcpSubflow& subflow)
{
    const TcpTuple& tuple = subflow.GetTuple();
    const uint32_t size = m_routingHeaders->Accept(tuple);
    if (size == 0)
    {
        return;
    }
    if (!LeavesRoom(GetMtu(tuple), size))
    {
        // As CheckRoutingHeader(): here the peer chose it.
        m_routingHeaders->Set(tuple, {});
        return;
    }
    SubflowControls controls = subflow.GetControls();
    controls.headerSize = size;
    subflow.SetControls(controls);
}

bool
MptcpL4Protocol::SendByRoutingHeader(const Ptr<Packet>& segment,
                                     const TcpTuple& tuple,
                                     const Ptr<NetDevice>& device)
{
    switch (m_routingHeaders->Send(segment, tuple, device))
    {
    case TcpRoutingHeaders::Fate::OTHER:
        return false;
    case TcpRoutingHeaders::Fate::NO_ROUTE:
        ++m_noRouteDrops;
        return true;
    case TcpRoutingHeaders::Fate::SENT:
        return true;
    }
    return false;
}

} // namespace ns3
