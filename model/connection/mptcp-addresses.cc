// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.4: which address of either end has which identifier, and which addresses of
// the peer joins may be tried to.
#include "mptcp-connection.h"

#include <algorithm>

namespace ns3
{

std::vector<IpAddress>
MptcpConnection::GetLocalAddresses() const
{
    std::vector<IpAddress> addresses;
    if (m_protocol)
    {
        for (const auto& local : m_protocol->GetLocalAddresses())
        {
            if (Allows(local.address))
            {
                addresses.push_back(local.address);
            }
        }
    }
    return addresses;
}

std::vector<RemoteAddress>
MptcpConnection::GetRemoteAddresses() const
{
    std::vector<RemoteAddress> addresses;
    for (const auto& [id, remote] : m_remoteAddresses)
    {
        if (id != 0 || !m_denyInitialAddress)
        {
            addresses.push_back(remote);
        }
    }
    return addresses;
}

std::optional<uint8_t>
MptcpConnection::FindRemoteAddressId(const IpAddress& address) const
{
    for (const auto& [id, remote] : m_remoteAddresses)
    {
        if (remote.address == address)
        {
            return id;
        }
    }
    for (const auto& [id, joined] : m_joinedAddresses)
    {
        if (joined == address)
        {
            return id;
        }
    }
    return std::nullopt;
}

std::optional<uint8_t>
MptcpConnection::GetLocalAddressId(const IpAddress& address, uint16_t port)
{
    uint32_t unused = 0;
    for (const auto& [id, known] : m_localAddresses)
    {
        const auto knownPort = m_localPorts.find(id);
        if (known == address && port == (knownPort == m_localPorts.end() ? 0 : knownPort->second))
        {
            m_withdrawnIds.erase(std::remove(m_withdrawnIds.begin(), m_withdrawnIds.end(), id),
                                 m_withdrawnIds.end());
            // A removal that has found no subflow so far would hit what uses the address now.
            m_removals.erase(std::remove(m_removals.begin(), m_removals.end(), id),
                             m_removals.end());
            return id;
        }
        unused = id == unused ? id + 1 : unused;
    }
    if (unused > UINT8_MAX)
    {
        // The peer has heard of the removal of these, the oldest first.
        const auto free = std::find_if(m_withdrawnIds.begin(),
                                       m_withdrawnIds.end(),
                                       [this](uint8_t id) { return !IsLocalIdInUse(id); });
        if (free == m_withdrawnIds.end())
        {
            return std::nullopt;
        }
        unused = *free;
        m_withdrawnIds.erase(free);
        m_localPorts.erase(static_cast<uint8_t>(unused));
    }
    const auto id = static_cast<uint8_t>(unused);
    m_localAddresses[id] = address;
    if (port != 0)
    {
        m_localPorts[id] = port;
    }
    return id;
}

bool
MptcpConnection::IsLocalIdInUse(uint8_t id) const
{
    const bool carries = std::any_of(m_flows.begin(),
                                     m_flows.end(),
                                     [id](const auto& flow) { return flow->localAddressId == id; });
    const bool waits = std::find(m_removals.begin(), m_removals.end(), id) != m_removals.end();
    return carries || waits || m_advertisements.count(id) > 0;
}

bool
MptcpConnection::HasAdvertised(const IpAddress& address, uint16_t port) const
{
    return std::any_of(m_localPorts.begin(),
                       m_localPorts.end(),
                       [&](const auto& entry)
                       {
                           const auto known = m_localAddresses.find(entry.first);
                           return entry.second == port && known->second == address;
                       });
}

bool
MptcpConnection::HasJoinedFrom(const IpAddress& local, const RemoteAddress& remote) const
{
    return remote.id != 0 && remote.port == m_firstTuple.remotePort &&
           std::any_of(m_flows.begin(),
                       m_flows.end(),
                       [&](const auto& flow)
                       {
                           return flow->joined && !flow->active &&
                                  flow->remoteAddressId == remote.id &&
                                  flow->subflow->GetTuple().localAddress == local;
                       });
}

bool
MptcpConnection::HasFailed(const RemoteAddress& remote) const
{
    return std::find(m_failedTargets.begin(),
                     m_failedTargets.end(),
                     std::make_pair(remote.address, remote.port)) != m_failedTargets.end();
}

void
MptcpConnection::NoteFailure(const IpAddress& address, uint16_t port)
{
    const bool reached = std::any_of(m_flows.begin(),
                                     m_flows.end(),
                                     [&](const auto& flow)
                                     {
                                         const TcpTuple& tuple = flow->subflow->GetTuple();
                                         return flow->phase == Phase::ESTABLISHED &&
                                                tuple.remoteAddress == address &&
                                                tuple.remotePort == port;
                                     });
    // Otherwise it was this end's path that failed.
    if (!reached && !HasFailed({0, address, port}))
    {
        m_failedTargets.emplace_back(address, port);
    }
}

void
MptcpConnection::ForgetFailure(const IpAddress& address, uint16_t port)
{
    m_failedTargets.erase(
        std::remove(m_failedTargets.begin(), m_failedTargets.end(), std::make_pair(address, port)),
        m_failedTargets.end());
}

} // namespace ns3
