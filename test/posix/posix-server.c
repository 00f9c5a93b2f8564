/* SPDX-License-Identifier: GPL-2.0-only */
/* The other end of posix-client: posix-server FAMILY, 4 or 6. One loop around poll() serves both
 * ports and all connections, until nothing has happened for 10 seconds. */
#include "check.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum
{
    SIZE = 300000,
    MOST = 16
};

static unsigned char bytes[SIZE];

static int
open_port(int family, int type, unsigned short port)
{
    struct sockaddr_storage name;
    socklen_t length = sizeof(struct sockaddr_in);
    memset(&name, 0, sizeof(name));
    name.ss_family = (sa_family_t)family;
    ((struct sockaddr_in*)&name)->sin_port = htons(port); /* in the same place in both families */
    if (family == AF_INET6)
    {
        length = sizeof(struct sockaddr_in6);
    }
    const int fd = socket(family, type, 0);
    const int on = 1;
    CHECK(fd >= 0);
    CHECK(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0);
    CHECK(bind(fd, (struct sockaddr*)&name, length) == 0);
    FAILS(bind(fd, (struct sockaddr*)&name, length), EINVAL);
    const int other = socket(family, type, 0);
    FAILS(bind(other, (struct sockaddr*)&name, length), EADDRINUSE);
    ((struct sockaddr_in*)&name)->sin_port = htons(80);
    FAILS(bind(other, (struct sockaddr*)&name, length), EACCES);
    close(other);
    return fd;
}

/* Send what counts, and see whether it comes back. */
static void
serve_count(int fd)
{
    static unsigned char back[SIZE];
    for (int i = 0; i < SIZE; i++)
    {
        bytes[i] = (unsigned char)(i + i / 256);
    }
    CHECK(send(fd, bytes, SIZE, 0) == SIZE);
    CHECK(recv(fd, back, SIZE, MSG_WAITALL) == SIZE);
    CHECK(memcmp(bytes, back, SIZE) == 0);
    CHECK(recv(fd, back, SIZE, 0) == 0);
    CHECK(send(fd, memcmp(bytes, back, SIZE) ? "wrong" : "right", 5, 0) == 5);
}

int
main(int argc, char* argv[])
{
    CHECK(argc == 2);
    const int family = strcmp(argv[1], "6") == 0 ? AF_INET6 : AF_INET;
    struct pollfd fds[MOST];
    int count = 2;
    fds[0].fd = open_port(family, SOCK_STREAM, 5001);
    fds[1].fd = open_port(family, SOCK_DGRAM, 5002);
    CHECK(listen(fds[0].fd, 5) == 0);
    CHECK(fcntl(fds[0].fd, F_SETFL, O_NONBLOCK) == 0);
    FAILS(accept(fds[0].fd, NULL, NULL), EAGAIN);
    while (1)
    {
        for (int i = 0; i < count; i++)
        {
            fds[i].events = POLLIN;
        }
        if (poll(fds, (nfds_t)count, 10000) == 0)
        {
            break;
        }
        if (fds[0].revents)
        {
            struct sockaddr_storage from;
            socklen_t length = sizeof(from);
            const int fd = accept(fds[0].fd, (struct sockaddr*)&from, &length);
            CHECK(fd >= 0 && from.ss_family == family && count < MOST);
            /* What the listener has is not inherited. */
            CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0);
            fds[count].fd = fd;
            fds[count++].revents = 0;
        }
        if (fds[1].revents)
        {
            struct sockaddr_storage from;
            socklen_t length = sizeof(from);
            const ssize_t size =
                recvfrom(fds[1].fd, bytes, SIZE, 0, (struct sockaddr*)&from, &length);
            CHECK(size == 3 || size == 0);
            CHECK(sendto(fds[1].fd, bytes, (size_t)size, 0, (struct sockaddr*)&from, length) ==
                  size);
        }
        for (int i = 2; i < count; i++)
        {
            if (!fds[i].revents)
            {
                continue;
            }
            const ssize_t size = recv(fds[i].fd, bytes, SIZE, 0);
            if (size == 5 && memcmp(bytes, "count", 5) == 0)
            {
                serve_count(fds[i].fd);
            }
            else if (size > 0)
            {
                CHECK(send(fds[i].fd, bytes, (size_t)size, 0) == size);
                continue;
            }
            CHECK(close(fds[i].fd) == 0);
            fds[i--] = fds[--count];
        }
    }
    CHECK(count == 2);
    if (failures == 0)
    {
        puts("all right");
    }
    return failures != 0;
}
