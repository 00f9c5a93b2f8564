// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-path-manager.h"

#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <iterator>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpPathManager);
NS_OBJECT_ENSURE_REGISTERED(MptcpNoPathManager);
NS_OBJECT_ENSURE_REGISTERED(MptcpFullMesh);
NS_OBJECT_ENSURE_REGISTERED(MptcpNdiffports);

TypeId
MptcpPathManager::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpPathManager").SetParent<Object>().SetGroupName("Mptcp");
    return tid;
}

void
MptcpPathManager::OnConnected(MptcpPathControl&)
{
}

void
MptcpPathManager::OnRemoteAddress(MptcpPathControl&, const RemoteAddress&)
{
}

void
MptcpPathManager::OnLocalAddress(MptcpPathControl&, const IpAddress&, bool)
{
}

void
MptcpPathManager::OnSubflowEnded(MptcpPathControl&, const MptcpSubflow&, const SubflowEnd&)
{
}

bool
MptcpPathManager::AcceptsJoin(MptcpPathControl&)
{
    return true;
}

bool
MptcpPathManager::IsRefusal(const SubflowEnd& end)
{
    const bool permanent = end.resetByPeer && end.reason && !end.reason->IsTransient();
    return end.refused || end.joinFailed || permanent;
}

TypeId
MptcpNoPathManager::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpNoPathManager")
                            .SetParent<MptcpPathManager>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpNoPathManager>();
    return tid;
}

TypeId
MptcpFullMesh::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MptcpFullMesh")
                            .SetParent<MptcpPathManager>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MptcpFullMesh>()
                            .AddAttribute("MaxOpened",
                                          "Most subflows at a time that the connecting end has, "
                                          "the first one included. It opens no further ones.",
                                          UintegerValue(255),
                                          MakeUintegerAccessor(&MptcpFullMesh::m_maxOpened),
                                          MakeUintegerChecker<uint32_t>(1, 255))
                            .AddAttribute("MaxAccepted",
                                          "Most subflows at a time that an accepted connection "
                                          "has, the first one included. It refuses further "
                                          "joins.",
                                          UintegerValue(255),
                                          MakeUintegerAccessor(&MptcpFullMesh::m_maxAccepted),
                                          MakeUintegerChecker<uint32_t>(1, 255))
                            .AddAttribute("MaxPerAddress",
                                          "Most subflows at a time from one local address.",
                                          UintegerValue(255),
                                          MakeUintegerAccessor(&MptcpFullMesh::m_perAddress),
                                          MakeUintegerChecker<uint32_t>(1, 255));
    return tid;
}

void
MptcpFullMesh::Mesh(MptcpPathControl& control)
{
    auto subflows = control.GetSubflows();
    for (const auto& local : control.GetLocalAddresses())
    {
        for (const auto& remote : control.GetRemoteAddresses())
        {
            bool open = std::any_of(subflows.begin(),
                                    subflows.end(),
                                    [&](const auto& subflow)
                                    {
                                        const TcpTuple& tuple = subflow->GetTuple();
                                        return tuple.localAddress == local &&
                                               tuple.remoteAddress == remote.address;
                                    });
            if (!open && IsIpv6(local) == IsIpv6(remote.address) &&
                MayOpen(control, {local, remote.address}))
            {
                control.OpenSubflow(local, remote);
            }
        }
    }
}

bool
MptcpFullMesh::MayOpen(const MptcpPathControl& control, const Pair& pair) const
{
    const auto subflows = control.GetSubflows();
    const auto here = std::count_if(subflows.begin(),
                                    subflows.end(),
                                    [&](const auto& subflow)
                                    { return subflow->GetTuple().localAddress == pair.first; });
    return m_refused.count(pair) == 0 && subflows.size() < m_maxOpened &&
           here < static_cast<int64_t>(m_perAddress);
}

bool
MptcpFullMesh::AcceptsJoin(MptcpPathControl& control)
{
    return control.IsClient() || control.GetSubflows().size() < m_maxAccepted;
}

MptcpFullMesh::~MptcpFullMesh()
{
    for (auto& [pair, retry] : m_retries)
    {
        retry.event.Remove();
    }
}

void
MptcpFullMesh::Reopen(MptcpPathControl* control, Pair pair)
{
    const auto locals = control->GetLocalAddresses();
    if (std::find(locals.begin(), locals.end(), pair.first) == locals.end())
    {
        // Its return is told.
        return;
    }
    for (const auto& subflow : control->GetSubflows())
    {
        const TcpTuple& tuple = subflow->GetTuple();
        if (tuple.localAddress == pair.first && tuple.remoteAddress == pair.second)
        {
            return;
        }
    }
    for (const auto& remote : control->GetRemoteAddresses())
    {
        if (remote.address == pair.second && MayOpen(*control, pair))
        {
            control->OpenSubflow(pair.first, remote);
            return;
        }
    }
}

void
MptcpFullMesh::OnSubflowEnded(MptcpPathControl& control,
                              const MptcpSubflow& subflow,
                              const SubflowEnd& end)
{
    if (!control.IsClient())
    {
        return;
    }
    const Pair pair{subflow.GetTuple().localAddress, subflow.GetTuple().remoteAddress};
    if (IsRefusal(end))
    {
        m_refused.insert(pair);
    }
    else if (end.error != Socket::ERROR_NOTERROR)
    {
        Retry& retry = m_retries[pair];
        if (end.established)
        {
            retry.attempts = 0;
        }
        constexpr uint32_t most = 6;
        if (retry.attempts < most && retry.event.IsExpired())
        {
            const Time delay = Seconds(1 << retry.attempts++);
            retry.event = Simulator::Schedule(delay, &MptcpFullMesh::Reopen, this, &control, pair);
        }
    }
    ForgetRemoved(control);
}

void
MptcpFullMesh::ForgetRemoved(const MptcpPathControl& control)
{
    const auto remotes = control.GetRemoteAddresses();
    const auto isRemoved = [&remotes](const Pair& pair)
    {
        return std::none_of(remotes.begin(),
                            remotes.end(),
                            [&pair](const auto& remote) { return remote.address == pair.second; });
    };
    for (auto pair = m_refused.begin(); pair != m_refused.end();)
    {
        pair = isRemoved(*pair) ? m_refused.erase(pair) : std::next(pair);
    }
    for (auto retry = m_retries.begin(); retry != m_retries.end();)
    {
        if (isRemoved(retry->first))
        {
            retry->second.event.Remove();
            retry = m_retries.erase(retry);
        }
        else
        {
            ++retry;
        }
    }
}

void
MptcpFullMesh::OnConnected(MptcpPathControl& control)
{
    if (control.IsClient())
    {
        Mesh(control);
        return;
    }
    auto subflows = control.GetSubflows();
    for (const auto& address : control.GetLocalAddresses())
    {
        bool used = std::any_of(subflows.begin(),
                                subflows.end(),
                                [&](const auto& subflow)
                                { return subflow->GetTuple().localAddress == address; });
        if (!used)
        {
            control.Advertise(address);
        }
    }
}

void
MptcpFullMesh::OnRemoteAddress(MptcpPathControl& control, const RemoteAddress& remote)
{
    if (!control.IsClient())
    {
        return;
    }
    for (auto pair = m_refused.begin(); pair != m_refused.end();)
    {
        pair = pair->second == remote.address ? m_refused.erase(pair) : std::next(pair);
    }
    Mesh(control);
    // Section 3.4.1: a known address, with another port than before.
    for (const auto& local : control.GetLocalAddresses())
    {
        bool known = false;
        bool open = false;
        for (const auto& subflow : control.GetSubflows())
        {
            const TcpTuple& tuple = subflow->GetTuple();
            const bool here = tuple.localAddress == local && tuple.remoteAddress == remote.address;
            known = known || here;
            open = open || (here && tuple.remotePort == remote.port);
        }
        if (known && !open && MayOpen(control, {local, remote.address}))
        {
            control.OpenSubflow(local, remote);
        }
    }
}

void
MptcpFullMesh::OnLocalAddress(MptcpPathControl& control, const IpAddress& address, bool up)
{
    if (!up)
    {
        control.Withdraw(address);
    }
    else if (control.IsClient())
    {
        Mesh(control);
    }
    else
    {
        control.Advertise(address);
    }
}

TypeId
MptcpNdiffports::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpNdiffports")
            .SetParent<MptcpPathManager>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpNdiffports>()
            .AddAttribute("Subflows",
                          "Number of subflows of the connection, the first one included; each "
                          "has a source port of its own.",
                          UintegerValue(2),
                          MakeUintegerAccessor(&MptcpNdiffports::m_subflows),
                          MakeUintegerChecker<uint32_t>(1, 255));
    return tid;
}

void
MptcpNdiffports::OnConnected(MptcpPathControl& control)
{
    auto remotes = control.GetRemoteAddresses();
    auto subflows = control.GetSubflows();
    if (!control.IsClient() || remotes.empty() || subflows.empty())
    {
        return;
    }
    for (uint32_t i = subflows.size(); i < m_subflows; i++)
    {
        control.OpenSubflow(subflows.front()->GetTuple().localAddress, remotes.front());
    }
}

void
MptcpNdiffports::OnLocalAddress(MptcpPathControl& control, const IpAddress& address, bool up)
{
    const auto remotes = control.GetRemoteAddresses();
    if (!up)
    {
        control.Withdraw(address);
    }
    else if (control.IsClient() && control.GetSubflows().empty() && !remotes.empty() &&
             IsIpv6(address) == IsIpv6(remotes.front().address))
    {
        for (uint32_t i = 0; i < m_subflows; i++)
        {
            control.OpenSubflow(address, remotes.front());
        }
    }
}

} // namespace ns3
