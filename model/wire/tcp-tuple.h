// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_TUPLE_H
#define TCP_TUPLE_H

#include "ns3/address.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"

#include <cstdint>
#include <ostream>
#include <variant>

namespace ns3
{

/// An IPv4 or IPv6 address.
using IpAddress = std::variant<Ipv4Address, Ipv6Address>;

/// @param address an address @return whether it is an IPv6 one
inline bool
IsIpv6(const IpAddress& address)
{
    return std::holds_alternative<Ipv6Address>(address);
}

/// @param address an address @param port a port
/// @return both, as InetSocketAddress or Inet6SocketAddress
Address ToSocketAddress(const IpAddress& address, uint16_t port);

/// The addresses and ports of one TCP connection or subflow, as the local host sees it.
struct TcpTuple
{
    IpAddress localAddress;  //!< of this host
    IpAddress remoteAddress; //!< of the peer, same family
    uint16_t localPort{0};   //!< of this host
    uint16_t remotePort{0};  //!< of the peer

    /// @param other another tuple @return whether all four parts are the same
    bool operator==(const TcpTuple& other) const;

    /// @return InetSocketAddress or Inet6SocketAddress of the local side
    Address GetLocal() const;

    /// @return InetSocketAddress or Inet6SocketAddress of the remote side
    Address GetRemote() const;
};

/// Hash of a tuple, for std::unordered_map.
struct TcpTupleHash
{
    /// @param tuple the tuple @return its hash
    size_t operator()(const TcpTuple& tuple) const;
};

/// @param os stream @param address what to print @return os
std::ostream& operator<<(std::ostream& os, const IpAddress& address);

/// @param os stream @param tuple what to print, as local:port->remote:port @return os
std::ostream& operator<<(std::ostream& os, const TcpTuple& tuple);

} // namespace ns3

#endif // TCP_TUPLE_H
