// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-tuple.h"

#include "big-endian.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"

namespace ns3
{

Address
ToSocketAddress(const IpAddress& address, uint16_t port)
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        return InetSocketAddress(*v4, port);
    }
    return Inet6SocketAddress(std::get<Ipv6Address>(address), port);
}

namespace
{

/**
 * Mix a number into a hash. Multiplying carries upwards only, so the upper half is folded down
 * before and after.
 * @param hash so far
 * @param value what to mix in
 * @return the new hash
 */
uint64_t
Mix(uint64_t hash, uint64_t value)
{
    hash ^= value;
    hash ^= hash >> 32;
    hash *= 0x9e3779b97f4a7c15;
    return hash ^ hash >> 32;
}

/// @param hash so far @param address what to mix in @return the new hash
uint64_t
Mix(uint64_t hash, const IpAddress& address)
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        return Mix(hash, v4->Get());
    }
    uint8_t bytes[16];
    std::get<Ipv6Address>(address).GetBytes(bytes);
    return Mix(Mix(hash, ReadBig64(bytes)), ReadBig64(bytes + 8));
}

/// Print one side of a tuple. @param os stream @param address address @param port port
void
PrintSide(std::ostream& os, const IpAddress& address, uint16_t port)
{
    if (IsIpv6(address))
    {
        os << '[' << address << ']';
    }
    else
    {
        os << address;
    }
    os << ':' << port;
}

} // namespace

bool
TcpTuple::operator==(const TcpTuple& other) const
{
    return localPort == other.localPort && remotePort == other.remotePort &&
           localAddress == other.localAddress && remoteAddress == other.remoteAddress;
}

Address
TcpTuple::GetLocal() const
{
    return ToSocketAddress(localAddress, localPort);
}

Address
TcpTuple::GetRemote() const
{
    return ToSocketAddress(remoteAddress, remotePort);
}

size_t
TcpTupleHash::operator()(const TcpTuple& tuple) const
{
    const uint64_t ports = uint64_t(tuple.localPort) << 16 | tuple.remotePort;
    return Mix(Mix(Mix(0, ports), tuple.localAddress), tuple.remoteAddress);
}

std::ostream&
operator<<(std::ostream& os, const IpAddress& address)
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        return os << *v4;
    }
    return os << std::get<Ipv6Address>(address);
}

std::ostream&
operator<<(std::ostream& os, const TcpTuple& tuple)
{
    PrintSide(os, tuple.localAddress, tuple.localPort);
    os << "->";
    PrintSide(os, tuple.remoteAddress, tuple.remotePort);
    return os;
}

} // namespace ns3
