// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.4: addresses that the path manager sees, and how subflows take part in which
// identifier is in use and which address of the peer can be reached.
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
    for (const auto& remote : m_addresses.GetRemotes())
    {
        if (remote.id != 0 || !m_denyInitialAddress)
        {
            addresses.push_back(remote);
        }
    }
    return addresses;
}

std::optional<uint8_t>
MptcpConnection::FindRemoteAddressId(const IpAddress& address) const
{
    return m_addresses.FindRemoteId(address);
}

std::optional<uint8_t>
MptcpConnection::GetLocalAddressId(const IpAddress& address, uint16_t port)
{
    const auto used = [this](uint8_t id)
    {
        return m_advertisements.count(id) > 0 ||
               std::any_of(m_flows.begin(),
                           m_flows.end(),
                           [id](const auto& flow) { return flow->localAddressId == id; });
    };
    return m_addresses.Assign(address, port, used);
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

void
MptcpConnection::NoteFailure(const TcpTuple& failed)
{
    const bool reached = std::any_of(m_flows.begin(),
                                     m_flows.end(),
                                     [&](const auto& flow)
                                     {
                                         const TcpTuple& tuple = flow->subflow->GetTuple();
                                         return flow->phase == Phase::ESTABLISHED &&
                                                tuple.remoteAddress == failed.remoteAddress &&
                                                tuple.remotePort == failed.remotePort;
                                     });
    // Otherwise it was this end's path that failed.
    if (!reached)
    {
        m_addresses.NoteFailure(failed.remoteAddress, failed.remotePort);
    }
}

} // namespace ns3
