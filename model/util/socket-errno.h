// SPDX-License-Identifier: GPL-2.0-only
#ifndef SOCKET_ERRNO_H
#define SOCKET_ERRNO_H

#include "ns3/socket.h"

namespace ns3
{

/// @ingroup mptcp
/// @param error of an ns-3 socket @return the number of <cerrno> that a POSIX socket has for it
int ToErrno(Socket::SocketErrno error);

} // namespace ns3

#endif // SOCKET_ERRNO_H
