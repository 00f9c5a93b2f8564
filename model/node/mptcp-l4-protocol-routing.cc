// SPDX-License-Identifier: GPL-2.0-only
// MptcpL4Protocol: routing headers of single subflows.
#include "mptcp-l4-protocol.h"

#include <cerrno>

namespace ns3
{

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
    // Headers of IPv6 and TCP, its options, and the least that a segment is worth sending for.
    constexpr uint32_t LEAST = 40 + 20 + 88;
    if (!IsIpv6(tuple.localAddress) || !UseRoutingHeaders())
    {
        return ENOPROTOOPT;
    }
    if (const int error = m_routingHeaders->Check(header))
    {
        return error;
    }
    return GetMtu(tuple) < LEAST + header.size() ? EMSGSIZE : 0;
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
    SubflowControls controls = subflow.GetControls();
    controls.headerSize = m_routingHeaders->Accept(subflow.GetTuple());
    if (controls.headerSize > 0)
    {
        subflow.SetControls(controls);
    }
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
