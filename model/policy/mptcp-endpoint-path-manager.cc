// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-endpoint-path-manager.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpEndpointPathManager);

TypeId
MptcpEndpointPathManager::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpEndpointPathManager")
                            .SetParent<MptcpPathManager>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpEndpointPathManager>();
    return tid;
}

MptcpEndpointPathManager::~MptcpEndpointPathManager()
{
    if (m_callback)
    {
        m_endpoints->RemoveCallback(*m_callback);
    }
}

void
MptcpEndpointPathManager::OnConnected(MptcpPathControl& control)
{
    m_endpoints = control.GetEndpoints();
    if (!m_endpoints)
    {
        return;
    }
    m_callback = m_endpoints->AddCallback(
        [this, raw = &control](const MptcpEndpoint& endpoint, MptcpEndpoints::Change change)
        { OnEndpoint(*raw, endpoint, change); });
    const auto endpoints = m_endpoints->Get();
    for (const auto& [id, endpoint] : endpoints)
    {
        OnEndpoint(control, endpoint, MptcpEndpoints::Change::ADDED);
    }
    // Advertised before.
    for (const auto& remote : control.GetRemoteAddresses())
    {
        if (remote.id != 0)
        {
            OnRemoteAddress(control, remote);
        }
    }
}

void
MptcpEndpointPathManager::OnEndpoint(MptcpPathControl& control,
                                     const MptcpEndpoint& endpoint,
                                     MptcpEndpoints::Change change)
{
    const Ptr<MptcpEndpointPathManager> self(this);
    switch (change)
    {
    case MptcpEndpoints::Change::ADDED:
        if (endpoint.signal)
        {
            const auto subflows = control.GetSubflows();
            const bool used =
                std::any_of(subflows.begin(),
                            subflows.end(),
                            [&](const auto& subflow)
                            { return subflow->GetTuple().localAddress == endpoint.address; });
            if (!used || endpoint.port != 0)
            {
                control.Advertise(endpoint.address, endpoint.port);
            }
        }
        if (endpoint.subflow && control.IsClient())
        {
            OpenFrom(control, endpoint);
        }
        return;
    case MptcpEndpoints::Change::REMOVED:
        control.Withdraw(endpoint.address);
        return;
    case MptcpEndpoints::Change::PRIORITY:
        for (const auto& subflow : control.GetSubflows())
        {
            if (subflow->GetTuple().localAddress == endpoint.address)
            {
                control.SetBackup(subflow, endpoint.backup);
            }
        }
        return;
    }
}

void
MptcpEndpointPathManager::OpenFrom(MptcpPathControl& control, const MptcpEndpoint& endpoint)
{
    for (const auto& remote : control.GetRemoteAddresses())
    {
        if (endpoint.fullmesh || remote.id == 0)
        {
            Open(control, endpoint.address, remote);
        }
    }
}

void
MptcpEndpointPathManager::Open(MptcpPathControl& control,
                               const IpAddress& local,
                               const RemoteAddress& remote)
{
    const auto locals = control.GetLocalAddresses();
    const auto subflows = control.GetSubflows();
    const bool there = std::any_of(subflows.begin(),
                                   subflows.end(),
                                   [&](const auto& subflow)
                                   {
                                       const TcpTuple& tuple = subflow->GetTuple();
                                       return tuple.localAddress == local &&
                                              tuple.remoteAddress == remote.address &&
                                              tuple.remotePort == remote.port;
                                   });
    if (!there && IsIpv6(local) == IsIpv6(remote.address) &&
        subflows.size() <= m_endpoints->GetSubflowLimit() &&
        std::find(locals.begin(), locals.end(), local) != locals.end())
    {
        control.OpenSubflow(local, remote);
    }
}

void
MptcpEndpointPathManager::OnRemoteAddress(MptcpPathControl& control, const RemoteAddress& remote)
{
    // A repeated ADD_ADDR asks once more.
    if (!m_endpoints || (m_accepted.count(remote.id) == 0 &&
                         m_accepted.size() >= m_endpoints->GetAddAddrAccepted()))
    {
        return;
    }
    m_accepted.insert(remote.id);
    bool opened = false;
    const auto endpoints = m_endpoints->Get();
    for (const auto& [id, endpoint] : endpoints)
    {
        if (endpoint.fullmesh && IsIpv6(endpoint.address) == IsIpv6(remote.address))
        {
            opened = true;
            Open(control, endpoint.address, remote);
        }
    }
    if (opened)
    {
        return;
    }
    // From where the connection began, or else from any address of the family.
    auto locals = control.GetLocalAddresses();
    for (const auto& subflow : control.GetSubflows())
    {
        locals.insert(locals.begin(), subflow->GetTuple().localAddress);
        break;
    }
    const auto local = std::find_if(locals.begin(),
                                    locals.end(),
                                    [&](const IpAddress& address)
                                    { return IsIpv6(address) == IsIpv6(remote.address); });
    if (local != locals.end())
    {
        Open(control, *local, remote);
    }
}

void
MptcpEndpointPathManager::OnLocalAddress(MptcpPathControl& control,
                                         const IpAddress& address,
                                         bool up)
{
    if (!up || !m_endpoints)
    {
        // Retransmission time-outs tell of it, as in Linux.
        return;
    }
    const auto endpoints = m_endpoints->Get();
    for (const auto& [id, endpoint] : endpoints)
    {
        if (endpoint.address == address)
        {
            OnEndpoint(control, endpoint, MptcpEndpoints::Change::ADDED);
        }
    }
}

bool
MptcpEndpointPathManager::AcceptsJoin(MptcpPathControl& control)
{
    return !m_endpoints || control.GetSubflows().size() <= m_endpoints->GetSubflowLimit();
}

} // namespace ns3
