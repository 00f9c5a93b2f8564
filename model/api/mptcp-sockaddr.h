// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SOCKADDR_H
#define MPTCP_SOCKADDR_H

#include "ns3/tcp-tuple.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

struct mptcp_linux_subflow_addrs;

namespace ns3
{

/// @param address an address @param port its port @return a struct sockaddr_in or sockaddr_in6
std::vector<uint8_t> MptcpToSockAddr(const IpAddress& address, uint16_t port);

/**
 * @param bytes where a struct sockaddr_in or sockaddr_in6 may stand
 * @param size bytes there
 * @return address and port, nothing if the family is another one or the bytes are too few
 */
std::optional<std::pair<IpAddress, uint16_t>> MptcpFromSockAddr(const uint8_t* bytes, size_t size);

/// @param tuple of a subflow @return both of its ends
mptcp_linux_subflow_addrs MptcpToAddressPair(const TcpTuple& tuple);

/// @param address InetSocketAddress or Inet6SocketAddress @return its address and port
std::optional<std::pair<IpAddress, uint16_t>> MptcpSplitAddress(const Address& address);

/// @param address an address @return whether it is 0.0.0.0 or ::
bool MptcpIsAny(const IpAddress& address);

} // namespace ns3

#endif // MPTCP_SOCKADDR_H
