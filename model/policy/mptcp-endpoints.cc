// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-endpoints.h"

#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpEndpoints);

TypeId
MptcpEndpoints::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpEndpoints")
            .SetParent<Object>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpEndpoints>()
            .AddAttribute("SubflowLimit",
                          "Most subflows of a connection beside its first one, whichever end "
                          "opened them (`ip mptcp limits set subflow` of Linux).",
                          UintegerValue(2),
                          MakeUintegerAccessor(&MptcpEndpoints::m_subflowLimit),
                          MakeUintegerChecker<uint32_t>(0, 254))
            .AddAttribute("AddAddrAccepted",
                          "Most addresses advertised by the peer that a connection opens "
                          "subflows to (`ip mptcp limits set add_addr_accepted` of Linux).",
                          UintegerValue(0),
                          MakeUintegerAccessor(&MptcpEndpoints::m_addAddrAccepted),
                          MakeUintegerChecker<uint32_t>(0, 254));
    return tid;
}

uint8_t
MptcpEndpoints::Add(const MptcpEndpoint& endpoint)
{
    uint32_t unused = 1;
    for (const auto& [id, known] : m_endpoints)
    {
        if (known.address == endpoint.address && known.port == endpoint.port)
        {
            return 0;
        }
        unused = id == unused ? unused + 1 : unused;
    }
    if (unused > UINT8_MAX)
    {
        return 0;
    }
    m_endpoints[unused] = endpoint;
    Tell({endpoint}, Change::ADDED);
    return static_cast<uint8_t>(unused);
}

bool
MptcpEndpoints::Remove(uint8_t id)
{
    const auto found = m_endpoints.find(id);
    if (found == m_endpoints.end())
    {
        return false;
    }
    const MptcpEndpoint gone = found->second;
    m_endpoints.erase(found);
    Tell({gone}, Change::REMOVED);
    return true;
}

void
MptcpEndpoints::Flush()
{
    std::vector<MptcpEndpoint> gone;
    for (const auto& [id, endpoint] : m_endpoints)
    {
        gone.push_back(endpoint);
    }
    m_endpoints.clear();
    if (!gone.empty())
    {
        Tell(gone, Change::REMOVED);
    }
}

bool
MptcpEndpoints::SetBackup(uint8_t id, bool backup)
{
    return Set(id, &MptcpEndpoint::backup, backup, Change::PRIORITY);
}

bool
MptcpEndpoints::SetFullmesh(uint8_t id, bool fullmesh)
{
    return Set(id, &MptcpEndpoint::fullmesh, fullmesh, Change::FULLMESH);
}

bool
MptcpEndpoints::Set(uint8_t id, bool MptcpEndpoint::*flag, bool value, Change change)
{
    const auto found = m_endpoints.find(id);
    if (found == m_endpoints.end())
    {
        return false;
    }
    if (found->second.*flag != value)
    {
        found->second.*flag = value;
        Tell({found->second}, change);
    }
    return true;
}

bool
MptcpEndpoints::IsBackup(const IpAddress& address) const
{
    return std::any_of(m_endpoints.begin(),
                       m_endpoints.end(),
                       [&](const auto& entry)
                       { return entry.second.address == address && entry.second.backup; });
}

uint32_t
MptcpEndpoints::AddCallback(Callback callback)
{
    m_callbacks[m_nextCallback] = std::move(callback);
    return m_nextCallback++;
}

void
MptcpEndpoints::RemoveCallback(uint32_t number)
{
    m_callbacks.erase(number);
}

void
MptcpEndpoints::Tell(const std::vector<MptcpEndpoint>& endpoints, Change change)
{
    // A connection may end, and new ones begin, while they are told.
    std::vector<uint32_t> numbers;
    for (const auto& [number, callback] : m_callbacks)
    {
        numbers.push_back(number);
    }
    for (const uint32_t number : numbers)
    {
        const auto found = m_callbacks.find(number);
        if (found != m_callbacks.end())
        {
            const Callback callback = found->second;
            callback(endpoints, change);
        }
    }
}

} // namespace ns3
