/* SPDX-License-Identifier: GPL-2.0-only */
#include "host-in-c.h"

#include "mptcp-host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

long
HostInC(void)
{
    struct mptcp_host* host = mptcp_host_create();
    struct mptcp_host_packet packet;
    struct sockaddr_in to;
    unsigned char bytes[1500];
    long result;
    int fd;

    if (!host)
    {
        return -EBUSY;
    }
    mptcp_host_add_interface(host, "192.168.0.1", 1500);
    fd = mptcp_host_socket(host, IPPROTO_TCP);
    memset(&to, 0, sizeof(to));
    to.sin_family = AF_INET;
    to.sin_port = htons(80);
    inet_pton(AF_INET, "192.0.2.1", &to.sin_addr);
    result = mptcp_host_connect(host, fd, (struct sockaddr*)&to, sizeof(to));
    if (result == -EINPROGRESS)
    {
        mptcp_host_advance(host, 1000000000, 1);
        result = -ETIMEDOUT;
        while (mptcp_host_take(host, bytes, sizeof(bytes), &packet))
        {
            if (bytes[0] >> 4 == 4)
            {
                result = (long)packet.size;
                break;
            }
        }
    }
    mptcp_host_destroy(host);
    return result;
}
