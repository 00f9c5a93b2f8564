// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_ROUTING_OPTIONS_H
#define MPTCP_ROUTING_OPTIONS_H

#include "ns3/routing-header.h"

#include <cstddef>

struct ipv6_sr_hdr;

namespace ns3
{

/// Bytes of the longest IPv6 extension header.
constexpr size_t MPTCP_MAX_ROUTING_HEADER = 2048;

/**
 * Read the header that a program points to in struct mptcp_sub_tuple (section 3.6 of
 * draft-hesmans-mptcp-socket-03). How long it is stands in it.
 * @param user where it stands; null: there is none
 * @param header gets its bytes
 * @return 0, or EFAULT
 */
int MptcpReadRoutingHeader(const ipv6_sr_hdr* user, RoutingHeaderBytes& header);

} // namespace ns3

#endif // MPTCP_ROUTING_OPTIONS_H
