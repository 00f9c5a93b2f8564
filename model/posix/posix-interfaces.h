// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_INTERFACES_H
#define POSIX_INTERFACES_H

#include "posix-calls.h"

#include "ns3/node.h"

#include <vector>

namespace ns3
{

/// @ingroup mptcp
/// What getifaddrs() tells a program. @param node any
/// @return its IPv4 addresses by interface, then its IPv6 addresses
std::vector<mptcp_posix_interface> ListPosixInterfaces(Ptr<Node> node);

} // namespace ns3

#endif // POSIX_INTERFACES_H
