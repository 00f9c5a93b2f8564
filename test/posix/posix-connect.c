/* SPDX-License-Identifier: GPL-2.0-only */
/* What connect() promises, of streams and of datagrams, and that it leaves IP_TOS and SO_PRIORITY
 * alone: posix-connect SERVER PORT [stock], where somebody listens; the last word for ns-3's TCP,
 * which hears of no refusal. */
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static struct sockaddr_in server = {.sin_family = AF_INET};
static const struct sockaddr* const peer = (struct sockaddr*)&server;

static int
wait_for(int fd, short events, int limit)
{
    struct pollfd wait = {.fd = fd, .events = events};
    const int count = poll(&wait, 1, limit);
    return count == 1 ? wait.revents : 0;
}

static struct sockaddr_in
get_name(int fd)
{
    struct sockaddr_in name;
    socklen_t length = sizeof(name);
    memset(&name, 0, sizeof(name));
    CHECK(getsockname(fd, (struct sockaddr*)&name, &length) == 0 && length == sizeof(name));
    return name;
}

/* How a connection ended that was begun without waiting, connect() tells once. */
static void
test_outcome(int port, int refusal)
{
    int error = 0;
    socklen_t length = sizeof(error);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    server.sin_port = htons((uint16_t)port);
    FAILS(connect(fd, peer, sizeof(server)), EINPROGRESS);
    /* It has a name from the begin. */
    const struct sockaddr_in name = get_name(fd);
    CHECK(name.sin_addr.s_addr != INADDR_ANY && name.sin_port != 0);
    CHECK((wait_for(fd, POLLOUT, -1) & POLLOUT) != 0);
    CHECK(get_name(fd).sin_addr.s_addr == name.sin_addr.s_addr);
    CHECK(get_name(fd).sin_port == name.sin_port);
    CHECK(connect(fd, peer, sizeof(server)) == 0);
    FAILS(connect(fd, peer, sizeof(server)), EISCONN);
    FAILS(connect(fd, peer, sizeof(server)), EISCONN);
    close(fd);

    server.sin_port = htons(9);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    FAILS(connect(fd, peer, sizeof(server)), EINPROGRESS);
    CHECK((wait_for(fd, POLLOUT, -1) & POLLERR) != 0);
    FAILS(connect(fd, peer, sizeof(server)), refusal);
    FAILS(connect(fd, peer, sizeof(server)), EINPROGRESS);
    CHECK((wait_for(fd, POLLOUT, -1) & POLLERR) != 0);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error == refusal);
    FAILS(connect(fd, peer, sizeof(server)), ECONNABORTED);
    FAILS(connect(fd, peer, sizeof(server)), EINPROGRESS);
    close(fd);
}

static void
mark(int fd, int tos, int priority)
{
    CHECK(setsockopt(fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos)) == 0);
    CHECK(setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &priority, sizeof(priority)) == 0);
}

static void
check_marks(int fd, int tos, int priority)
{
    int value = 0;
    socklen_t length = sizeof(value);
    CHECK(getsockopt(fd, IPPROTO_IP, IP_TOS, &value, &length) == 0 && value == tos);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_PRIORITY, &value, &length) == 0 && value == priority);
}

static void
test_marks(int port)
{
    const struct sockaddr_in own = {.sin_family = AF_INET};
    server.sin_port = htons((uint16_t)port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    mark(fd, 0x28, 5);
    CHECK(bind(fd, (const struct sockaddr*)&own, sizeof(own)) == 0);
    check_marks(fd, 0x28, 5);
    CHECK(connect(fd, peer, sizeof(server)) == 0);
    check_marks(fd, 0x28, 5);
    CHECK(send(fd, "tos", 3, 0) == 3);
    sleep(1);
    close(fd);

    fd = socket(AF_INET, SOCK_DGRAM, 0);
    mark(fd, 0x48, 4);
    CHECK(bind(fd, (const struct sockaddr*)&own, sizeof(own)) == 0);
    CHECK(sendto(fd, "tos", 3, 0, peer, sizeof(server)) == 3);
    check_marks(fd, 0x48, 4);
    mark(fd, 0x88, 3);
    CHECK(connect(fd, peer, sizeof(server)) == 0);
    check_marks(fd, 0x88, 3);
    CHECK(send(fd, "tos", 3, 0) == 3);
    close(fd);
}

/* A socket of this node. Its name. */
static int
open_datagrams(struct sockaddr_in* name)
{
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    socklen_t length = sizeof(*name);
    memset(name, 0, sizeof(*name));
    name->sin_family = AF_INET;
    name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK(bind(fd, (struct sockaddr*)name, sizeof(*name)) == 0);
    CHECK(getsockname(fd, (struct sockaddr*)name, &length) == 0 && name->sin_port != 0);
    return fd;
}

/* The peer of a datagram socket is the only one that it receives from. */
static void
test_peer(void)
{
    struct sockaddr_in name, friend_name, stranger_name;
    char bytes[10];
    const int fd = open_datagrams(&name);
    const int friend = open_datagrams(&friend_name);
    const int stranger = open_datagrams(&stranger_name);
    const struct sockaddr* const to = (struct sockaddr*)&name;
    CHECK(sendto(stranger, "one", 3, 0, to, sizeof(name)) == 3);
    CHECK(recv(fd, bytes, sizeof(bytes), 0) == 3);
    CHECK(sendto(stranger, "two", 3, 0, to, sizeof(name)) == 3);
    CHECK(wait_for(fd, POLLIN, 1000) == POLLIN);

    /* From now on, whatever had come. */
    CHECK(connect(fd, (struct sockaddr*)&friend_name, sizeof(friend_name)) == 0);
    CHECK(wait_for(fd, POLLIN, 1000) == 0);
    CHECK(sendto(stranger, "three", 5, 0, to, sizeof(name)) == 5);
    CHECK(wait_for(fd, POLLIN, 1000) == 0);
    FAILS(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), EAGAIN);
    CHECK(sendto(stranger, "four", 4, 0, to, sizeof(name)) == 4);
    CHECK(sendto(friend, "me", 2, 0, to, sizeof(name)) == 2);
    CHECK(recv(fd, bytes, sizeof(bytes), 0) == 2 && memcmp(bytes, "me", 2) == 0);

    /* And of a new peer. */
    CHECK(connect(fd, (struct sockaddr*)&stranger_name, sizeof(stranger_name)) == 0);
    CHECK(sendto(friend, "me", 2, 0, to, sizeof(name)) == 2);
    CHECK(sendto(stranger, "five", 4, 0, to, sizeof(name)) == 4);
    CHECK(recv(fd, bytes, sizeof(bytes), 0) == 4 && memcmp(bytes, "five", 4) == 0);

    /* As in Linux, what has come can be read after the end, and then no call waits. */
    CHECK(sendto(stranger, "six", 3, 0, to, sizeof(name)) == 3);
    CHECK(wait_for(fd, POLLIN, 1000) == POLLIN);
    CHECK(shutdown(fd, SHUT_RD) == 0);
    CHECK(recv(fd, bytes, sizeof(bytes), 0) == 3);
    CHECK(recv(fd, bytes, sizeof(bytes), 0) == 0);
    FAILS(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), EAGAIN);
    CHECK(wait_for(fd, POLLIN | POLLRDHUP, 0) == (POLLIN | POLLRDHUP));
    CHECK(send(fd, "back", 4, 0) == 4);
    CHECK(recv(stranger, bytes, sizeof(bytes), 0) == 4);
    CHECK(shutdown(fd, SHUT_WR) == 0);
    CHECK(wait_for(fd, POLLIN | POLLRDHUP, 0) == (POLLIN | POLLRDHUP | POLLHUP));
    close(fd);
    close(friend);
    close(stranger);
}

/* As in Linux, connect() gives a datagram socket the address that the way to its peer begins with,
 * and one to AF_UNSPEC takes both away. */
static void
test_way(void)
{
    struct sockaddr_in friend_name, stranger_name;
    const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    struct sockaddr_in other = {.sin_family = AF_INET};
    socklen_t length = sizeof(other);
    char bytes[10];
    const int friend = open_datagrams(&friend_name);
    const int stranger = open_datagrams(&stranger_name);
    const int stream = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    FAILS(connect(stream, peer, sizeof(server)), EINPROGRESS);
    CHECK(wait_for(stream, POLLOUT, -1) != 0);
    CHECK(bind(fd, (struct sockaddr*)&other, sizeof(other)) == 0);
    const struct sockaddr_in bound = get_name(fd);
    CHECK(bound.sin_addr.s_addr == INADDR_ANY && bound.sin_port != 0);

    CHECK(connect(fd, peer, sizeof(server)) == 0);
    CHECK(get_name(fd).sin_addr.s_addr == get_name(stream).sin_addr.s_addr);
    CHECK(get_name(fd).sin_port == bound.sin_port);
    CHECK(connect(fd, &nobody, sizeof(nobody)) == 0);
    CHECK(get_name(fd).sin_addr.s_addr == INADDR_ANY && get_name(fd).sin_port == bound.sin_port);
    FAILS(getpeername(fd, (struct sockaddr*)&other, &length), ENOTCONN);
    FAILS(send(fd, "none", 4, 0), EDESTADDRREQ);
    FAILS(connect(fd, &nobody, 1), EINVAL);

    CHECK(connect(fd, (struct sockaddr*)&friend_name, sizeof(friend_name)) == 0);
    const struct sockaddr_in name = get_name(fd);
    CHECK(name.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
    CHECK(connect(fd, &nobody, sizeof(nobody)) == 0);
    CHECK(sendto(stranger, "any", 3, 0, (const struct sockaddr*)&name, sizeof(name)) == 3);
    CHECK(recv(fd, bytes, sizeof(bytes), 0) == 3);
    close(stream);
    close(fd);
    close(friend);
    close(stranger);
}

int
main(int argc, char* argv[])
{
    const int stock = argc == 4;
    CHECK(argc >= 3 && inet_aton(argv[1], &server.sin_addr));
    const int port = atoi(argv[2]);
    test_marks(port);
    test_peer();
    test_way();
    test_outcome(port, stock ? ETIMEDOUT : ECONNREFUSED);
    if (failures == 0)
    {
        puts("all right");
    }
    return failures != 0;
}
