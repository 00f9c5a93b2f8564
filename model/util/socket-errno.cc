// SPDX-License-Identifier: GPL-2.0-only
#include "socket-errno.h"

#include <cerrno>

namespace ns3
{

int
ToErrno(Socket::SocketErrno error)
{
    switch (error)
    {
    case Socket::ERROR_NOTERROR:
        return 0;
    case Socket::ERROR_ISCONN:
        return EISCONN;
    case Socket::ERROR_NOTCONN:
        return ENOTCONN;
    case Socket::ERROR_MSGSIZE:
        return EMSGSIZE;
    case Socket::ERROR_AGAIN:
        return EAGAIN;
    case Socket::ERROR_SHUTDOWN:
        return EPIPE;
    case Socket::ERROR_OPNOTSUPP:
        return EOPNOTSUPP;
    case Socket::ERROR_AFNOSUPPORT:
        return EAFNOSUPPORT;
    case Socket::ERROR_INVAL:
        return EINVAL;
    case Socket::ERROR_BADF:
        return EBADF;
    case Socket::ERROR_NOROUTETOHOST:
        // What Linux says where there is no route.
        return ENETUNREACH;
    case Socket::ERROR_NODEV:
        return ENODEV;
    case Socket::ERROR_ADDRNOTAVAIL:
        return EADDRNOTAVAIL;
    case Socket::ERROR_ADDRINUSE:
        return EADDRINUSE;
    default:
        return EIO;
    }
}

} // namespace ns3
