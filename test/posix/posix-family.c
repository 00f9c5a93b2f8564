/* SPDX-License-Identifier: GPL-2.0-only */
/* A node that has one family of addresses alone: posix-family 4 or 6. */
#include "check.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

int
main(int argc, char* argv[])
{
    CHECK(argc == 2);
    const int v6 = strcmp(argv[1], "6") == 0;
    const int types[] = {SOCK_STREAM, SOCK_DGRAM};
    for (int i = 0; i < 2; i++)
    {
        int value = 0;
        socklen_t length = sizeof(value);
        FAILS(socket(v6 ? AF_INET : AF_INET6, types[i], 0), EAFNOSUPPORT);
        const int fd = socket(v6 ? AF_INET6 : AF_INET, types[i], 0);
        CHECK(fd >= 0);
        /* In IPv6's sockets too, as in Linux. */
        CHECK(getsockopt(fd, IPPROTO_IP, IP_TTL, &value, &length) == 0 && value == 64);
        if (v6)
        {
            CHECK(getsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &value, &length) == 0);
            CHECK(value == 64);
        }
    }
    return failures != 0;
}
