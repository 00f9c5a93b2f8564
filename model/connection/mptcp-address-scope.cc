// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-address-scope.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// @param entries of a scope @param address any @return where it is
auto
Find(const std::vector<MptcpAddressScope::Entry>& entries, const IpAddress& address)
{
    return std::find_if(entries.begin(),
                        entries.end(),
                        [&address](const auto& entry) { return entry.address == address; });
}

} // namespace

void
MptcpAddressScope::Restrict()
{
    m_restricted = true;
}

bool
MptcpAddressScope::IsRestricted() const
{
    return m_restricted;
}

void
MptcpAddressScope::Add(const IpAddress& address, uint16_t port)
{
    m_removed.erase(std::remove(m_removed.begin(), m_removed.end(), address), m_removed.end());
    const auto known = Find(m_added, address);
    if (known == m_added.end())
    {
        m_added.push_back({address, port});
    }
    else if (port != 0)
    {
        m_added[known - m_added.begin()].port = port;
    }
}

void
MptcpAddressScope::Remove(const IpAddress& address)
{
    const auto known = Find(m_added, address);
    if (known != m_added.end())
    {
        m_added.erase(known);
    }
    if (!IsRemoved(address))
    {
        m_removed.push_back(address);
    }
}

bool
MptcpAddressScope::Allows(const IpAddress& address) const
{
    return !IsRemoved(address) && (!m_restricted || Find(m_added, address) != m_added.end());
}

bool
MptcpAddressScope::IsRemoved(const IpAddress& address) const
{
    return std::find(m_removed.begin(), m_removed.end(), address) != m_removed.end();
}

uint16_t
MptcpAddressScope::GetPort(const IpAddress& address) const
{
    const auto known = Find(m_added, address);
    return known == m_added.end() ? 0 : known->port;
}

const std::vector<MptcpAddressScope::Entry>&
MptcpAddressScope::GetAdded() const
{
    return m_added;
}

} // namespace ns3
