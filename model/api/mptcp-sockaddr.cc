// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-sockaddr.h"

#include "mptcp-api.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"

#include <cstring>
#include <netinet/in.h>

namespace ns3
{

std::vector<uint8_t>
MptcpToSockAddr(const IpAddress& address, uint16_t port)
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        sockaddr_in name{};
        name.sin_family = AF_INET;
        name.sin_port = htons(port);
        name.sin_addr.s_addr = htonl(v4->Get());
        const auto* bytes = reinterpret_cast<const uint8_t*>(&name);
        return {bytes, bytes + sizeof(name)};
    }
    sockaddr_in6 name{};
    name.sin6_family = AF_INET6;
    name.sin6_port = htons(port);
    std::get<Ipv6Address>(address).GetBytes(name.sin6_addr.s6_addr);
    const auto* bytes = reinterpret_cast<const uint8_t*>(&name);
    return {bytes, bytes + sizeof(name)};
}

std::optional<std::pair<IpAddress, uint16_t>>
MptcpFromSockAddr(const uint8_t* bytes, size_t size)
{
    sa_family_t family = AF_UNSPEC;
    if (size < sizeof(family))
    {
        return std::nullopt;
    }
    std::memcpy(&family, bytes, sizeof(family));
    if (family == AF_INET && size >= sizeof(sockaddr_in))
    {
        sockaddr_in name;
        std::memcpy(&name, bytes, sizeof(name));
        return std::pair(IpAddress(Ipv4Address(ntohl(name.sin_addr.s_addr))), ntohs(name.sin_port));
    }
    if (family == AF_INET6 && size >= sizeof(sockaddr_in6))
    {
        sockaddr_in6 name;
        std::memcpy(&name, bytes, sizeof(name));
        return std::pair(IpAddress(Ipv6Address(name.sin6_addr.s6_addr)), ntohs(name.sin6_port));
    }
    return std::nullopt;
}

mptcp_linux_subflow_addrs
MptcpToAddressPair(const TcpTuple& tuple)
{
    mptcp_linux_subflow_addrs pair{};
    const auto local = MptcpToSockAddr(tuple.localAddress, tuple.localPort);
    const auto remote = MptcpToSockAddr(tuple.remoteAddress, tuple.remotePort);
    std::memcpy(&pair.local, local.data(), local.size());
    std::memcpy(&pair.remote, remote.data(), remote.size());
    return pair;
}

std::optional<std::pair<IpAddress, uint16_t>>
MptcpSplitAddress(const Address& address)
{
    if (InetSocketAddress::IsMatchingType(address))
    {
        const auto inet = InetSocketAddress::ConvertFrom(address);
        return std::pair(IpAddress(inet.GetIpv4()), inet.GetPort());
    }
    if (Inet6SocketAddress::IsMatchingType(address))
    {
        const auto inet6 = Inet6SocketAddress::ConvertFrom(address);
        return std::pair(IpAddress(inet6.GetIpv6()), inet6.GetPort());
    }
    return std::nullopt;
}

bool
MptcpIsAny(const IpAddress& address)
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        return *v4 == Ipv4Address::GetAny();
    }
    return std::get<Ipv6Address>(address).IsAny();
}

} // namespace ns3
