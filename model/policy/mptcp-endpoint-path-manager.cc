// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-endpoint-path-manager.h"

#include "ns3/boolean.h"

#include <algorithm>
#include <iterator>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpEndpointPathManager);

TypeId
MptcpEndpointPathManager::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpEndpointPathManager")
            .SetParent<MptcpPathManager>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpEndpointPathManager>()
            .AddAttribute("FollowAddresses",
                          "End the subflows of an address that goes away, and tell the peer "
                          "by REMOVE_ADDR, as soon as the node loses it. False: "
                          "retransmission time-outs tell of it, as in Linux. An address "
                          "that comes back is used again either way.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&MptcpEndpointPathManager::m_followAddresses),
                          MakeBooleanChecker());
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
        [this, raw = &control](const std::vector<MptcpEndpoint>& changed,
                               MptcpEndpoints::Change change) { OnChange(*raw, changed, change); });
    const auto endpoints = m_endpoints->Get();
    for (const auto& [id, endpoint] : endpoints)
    {
        Use(control, endpoint);
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
MptcpEndpointPathManager::Use(MptcpPathControl& control, const MptcpEndpoint& endpoint)
{
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
}

void
MptcpEndpointPathManager::Unmesh(MptcpPathControl& control, const MptcpEndpoint& endpoint)
{
    const auto remotes = control.GetRemoteAddresses();
    for (const auto& subflow : control.GetSubflows())
    {
        const TcpTuple& tuple = subflow->GetTuple();
        const bool first =
            std::any_of(remotes.begin(),
                        remotes.end(),
                        [&](const auto& remote)
                        { return remote.id == 0 && remote.address == tuple.remoteAddress; });
        if (tuple.localAddress == endpoint.address && !first)
        {
            control.EndSubflow(subflow);
        }
    }
}

void
MptcpEndpointPathManager::OnChange(MptcpPathControl& control,
                                   const std::vector<MptcpEndpoint>& endpoints,
                                   MptcpEndpoints::Change change)
{
    const Ptr<MptcpEndpointPathManager> self(this);
    const MptcpEndpoint& endpoint = endpoints.front();
    switch (change)
    {
    case MptcpEndpoints::Change::ADDED:
        Use(control, endpoint);
        return;
    case MptcpEndpoints::Change::REMOVED:
    {
        std::vector<IpAddress> gone;
        for (const auto& removed : endpoints)
        {
            gone.push_back(removed.address);
        }
        control.WithdrawAll(gone);
        return;
    }
    case MptcpEndpoints::Change::PRIORITY:
        for (const auto& subflow : control.GetSubflows())
        {
            if (subflow->GetTuple().localAddress == endpoint.address)
            {
                control.SetBackup(subflow, endpoint.backup);
            }
        }
        return;
    case MptcpEndpoints::Change::FULLMESH:
        if (!endpoint.fullmesh)
        {
            Unmesh(control, endpoint);
        }
        else if (control.IsClient())
        {
            OpenFrom(control, endpoint);
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
    // What the peer has removed counts no more.
    const auto remotes = control.GetRemoteAddresses();
    for (auto id = m_accepted.begin(); id != m_accepted.end();)
    {
        const bool there = std::any_of(
            remotes.begin(), remotes.end(), [&](const auto& known) { return known.id == *id; });
        id = there ? std::next(id) : m_accepted.erase(id);
    }
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
    if (!m_endpoints)
    {
        return;
    }
    if (!up)
    {
        if (m_followAddresses)
        {
            control.Withdraw(address);
        }
        return;
    }
    const auto endpoints = m_endpoints->Get();
    for (const auto& [id, endpoint] : endpoints)
    {
        if (endpoint.address == address)
        {
            Use(control, endpoint);
        }
    }
}

bool
MptcpEndpointPathManager::AcceptsJoin(MptcpPathControl& control)
{
    return !m_endpoints || control.GetSubflows().size() <= m_endpoints->GetSubflowLimit();
}

} // namespace ns3
