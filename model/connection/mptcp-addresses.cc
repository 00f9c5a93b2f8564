// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.4: addresses that the path manager sees, and how subflows take part in which
// identifier is in use and which address of the peer can be reached.
#include "mptcp-connection.h"

#include "ns3/telling.h"

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
        if (!IsDenied(remote.address, remote.port))
        {
            addresses.push_back(remote);
        }
    }
    return addresses;
}

Ptr<MptcpEndpoints>
MptcpConnection::GetEndpoints() const
{
    return m_protocol ? m_protocol->GetNode()->GetObject<MptcpEndpoints>() : nullptr;
}

void
MptcpConnection::OnLocalAddress(const LocalAddress& address, bool up)
{
    if (Telling::IsOn())
    {
        // What it makes of that may have to wait, and what comes up must not overtake what goes
        // down.
        Defer([this, address, up] { OnLocalAddress(address, up); });
        return;
    }
    if (m_mode == Mode::MULTIPATH && !m_ended)
    {
        MptcpPathEvent event;
        event.kind = MptcpPathEvent::LOCAL_ADDRESS;
        event.address = address.address;
        event.interface = m_protocol->GetDeviceIndex(address);
        event.available = up;
        event.addressId = m_addresses.FindLocal(address.address).value_or(event.addressId);
        TellPath(event);
    }
    if (m_pathManagerStarted && m_mode == Mode::MULTIPATH && !m_ended &&
        (!up || Allows(address.address)))
    {
        Ptr<MptcpConnection> self(this);
        Ptr<MptcpPathManager> pathManager = m_pathManager;
        pathManager->OnLocalAddress(*this, address.address, up);
    }
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
        return m_addressSignals.IsAdvertised(id) ||
               std::any_of(m_flows.begin(),
                           m_flows.end(),
                           [id](const auto& flow) { return flow->localAddressId == id; });
    };
    return m_addresses.Assign(address, port, used);
}

bool
MptcpConnection::HasJoinedFrom(const IpAddress& local, const RemoteAddress& remote) const
{
    return remote.id != 0 && !remote.portGiven &&
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
