// SPDX-License-Identifier: GPL-2.0-only
// Which addresses of this node the subflows may use (RFC 6897 section 5.3.3).
#include "mptcp-connection.h"

#include <algorithm>

namespace ns3
{

bool
MptcpConnection::Allows(const IpAddress& address) const
{
    return (m_addressScope ? *m_addressScope : m_settings->m_addressScope).Allows(address);
}

uint16_t
MptcpConnection::GetPreferredPort(const IpAddress& local) const
{
    return (m_addressScope ? *m_addressScope : m_settings->m_addressScope).GetPort(local);
}

MptcpAddressScope&
MptcpConnection::GetOwnScope()
{
    if (!m_addressScope)
    {
        m_addressScope = std::make_unique<MptcpAddressScope>(m_settings->m_addressScope);
        // The first subflow is what the application has connected or accepted.
        m_addressScope->Add(m_firstTuple.localAddress, 0);
    }
    return *m_addressScope;
}

void
MptcpConnection::AddLocalAddress(const IpAddress& address, uint16_t port)
{
    GetOwnScope().Add(address, port);
    if (m_pathManagerStarted && m_mode == Mode::MULTIPATH && !m_ended &&
        m_protocol->HasAddress(address, nullptr))
    {
        Ptr<MptcpConnection> self(this);
        Ptr<MptcpPathManager> pathManager = m_pathManager;
        pathManager->OnLocalAddress(*this, address, true);
    }
}

void
MptcpConnection::RemoveLocalAddress(const IpAddress& address)
{
    GetOwnScope().Remove(address);
    if (m_mode != Mode::MULTIPATH || m_ended)
    {
        return;
    }
    Ptr<MptcpConnection> self(this);
    const bool last = std::none_of(m_flows.begin(),
                                   m_flows.end(),
                                   [&address](const auto& flow)
                                   {
                                       return flow->phase == Phase::ESTABLISHED &&
                                              !(flow->subflow->GetTuple().localAddress == address);
                                   });
    if (last && m_pathManagerStarted)
    {
        // Other paths shall be on their way before this one goes.
        Ptr<MptcpPathManager> pathManager = m_pathManager;
        for (const auto& other : GetLocalAddresses())
        {
            pathManager->OnLocalAddress(*this, other, true);
        }
    }
    Withdraw(address);
}

} // namespace ns3
