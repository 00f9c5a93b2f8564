// SPDX-License-Identifier: GPL-2.0-only
// The basic API for applications that know of Multipath TCP: RFC 6897 section 5.3.
#include "mptcp-api.h"
#include "mptcp-sockaddr.h"
#include "mptcp-socket-options.h"
#include "user-memory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ns3
{

namespace
{

/// Ports below belong to privileged users.
constexpr uint16_t FIRST_FREE_PORT = 1024;
/// Addresses in a list.
constexpr size_t MOST_ADDRESSES = 256;

/// @param bytes addresses one behind the other @param addresses is filled
/// @return false if they are no addresses, or none
bool
ParseAddresses(const std::vector<uint8_t>& bytes, std::vector<MptcpAddressScope::Entry>& addresses)
{
    size_t at = 0;
    while (at < bytes.size())
    {
        const auto name = MptcpFromSockAddr(&bytes[at], bytes.size() - at);
        if (!name || MptcpIsAny(name->first))
        {
            return false;
        }
        addresses.push_back({name->first, name->second});
        at += IsIpv6(name->first) ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    }
    return !addresses.empty();
}

/// @param node a node @param address any @return whether it is the node's
bool
HasAddress(const Ptr<Node>& node, const IpAddress& address)
{
    const auto protocol = node->GetObject<MptcpL4Protocol>();
    return protocol && protocol->HasAddress(address, nullptr);
}

} // namespace

int
MptcpSocketOptions::GetBasic(int name, void* value, unsigned int* length) const
{
    if (name == TCP_MULTIPATH_ADD || name == TCP_MULTIPATH_REMOVE)
    {
        return ENOPROTOOPT;
    }
    unsigned int room = 0;
    if (!ReadUserRoom(value, length, room))
    {
        return EFAULT;
    }
    const auto connection = m_socket.GetConnection();
    Bytes answer;
    if (name == TCP_MULTIPATH_ENABLE)
    {
        // Before, it is what was asked for.
        const int on = connection ? connection->IsMultipath() : m_socket.WantsMultipath();
        answer.resize(sizeof(on));
        std::memcpy(answer.data(), &on, sizeof(on));
    }
    else if (const int error = CheckMultipath())
    {
        return error;
    }
    else if (name == TCP_MULTIPATH_CONNID)
    {
        const uint32_t token = connection->GetLocalToken();
        answer.resize(sizeof(token));
        std::memcpy(answer.data(), &token, sizeof(token));
    }
    else
    {
        for (const auto& subflow : connection->GetSubflowStatus())
        {
            if (subflow.established)
            {
                const auto pair = MptcpToAddressPair(subflow.subflow->GetTuple());
                const auto* bytes = reinterpret_cast<const uint8_t*>(&pair);
                answer.insert(answer.end(), bytes, bytes + sizeof(pair));
            }
        }
    }
    if (room < answer.size())
    {
        return EINVAL;
    }
    const auto size = static_cast<unsigned int>(answer.size());
    return CopyToUser(value, answer.data(), size) && CopyToUser(length, &size, sizeof(size))
               ? 0
               : EFAULT;
}

int
MptcpSocketOptions::SetBasic(int name, const void* value, unsigned int length)
{
    if (name == TCP_MULTIPATH_SUBFLOWS || name == TCP_MULTIPATH_CONNID)
    {
        return ENOPROTOOPT;
    }
    // A longer list has too many addresses, wherever it is cut off.
    Bytes request(std::min<size_t>(length, MOST_ADDRESSES * sizeof(sockaddr_in6) + 1));
    if (!CopyFromUser(request.data(), value, request.size()))
    {
        return EFAULT;
    }
    if (name == TCP_MULTIPATH_ENABLE)
    {
        int on = 0;
        if (request.size() < sizeof(on))
        {
            return EINVAL;
        }
        std::memcpy(&on, request.data(), sizeof(on));
        if (m_socket.SetMultipath(on != 0))
        {
            return 0;
        }
        return m_socket.GetConnection() ? EISCONN : EINVAL;
    }
    const bool early = !m_socket.GetConnection() && m_socket.GetAddressScope();
    if (const int error = early ? 0 : CheckMultipath())
    {
        return error;
    }
    std::vector<MptcpAddressScope::Entry> addresses;
    if (!ParseAddresses(request, addresses) || addresses.size() > MOST_ADDRESSES)
    {
        return EINVAL;
    }
    return ChangeAddresses(name == TCP_MULTIPATH_ADD, addresses);
}

int
MptcpSocketOptions::ChangeAddresses(bool add,
                                    const std::vector<MptcpAddressScope::Entry>& addresses)
{
    // All or nothing.
    for (const auto& [address, port] : addresses)
    {
        if (add && port > 0 && port < FIRST_FREE_PORT && !m_socket.IsPrivileged())
        {
            return EACCES;
        }
    }
    for (const auto& [address, port] : addresses)
    {
        if (!HasAddress(m_socket.GetNode(), address))
        {
            return EADDRNOTAVAIL;
        }
    }
    const auto connection = m_socket.GetConnection();
    MptcpAddressScope* scope = connection ? nullptr : m_socket.GetAddressScope();
    if (scope && add)
    {
        // Before the connection it is the whole list.
        scope->Restrict();
        m_socket.SetPathAware();
    }
    for (const auto& [address, port] : addresses)
    {
        if (scope)
        {
            add ? scope->Add(address, port) : scope->Remove(address);
        }
        else
        {
            add ? connection->AddLocalAddress(address, port)
                : connection->RemoveLocalAddress(address);
        }
    }
    return 0;
}

} // namespace ns3
