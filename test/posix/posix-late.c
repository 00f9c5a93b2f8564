/* SPDX-License-Identifier: GPL-2.0-only */
/* A connection that succeeds in the second attempt, and options that are set when most of it is
 * over: posix-late [SERVER LOCAL [stock]], without arguments the server, which begins to listen
 * after the first attempt. */
#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int stock;

/* At any time they can be set, and are what was set. */
static void
check_options(int fd, int number)
{
    const int on = 1;
    int value = 0;
    socklen_t length = sizeof(value);
    if (stock)
    {
        return;
    }
    CHECK(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on)) == 0);
    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &number, sizeof(number)) == 0);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, &length) == 0 && value == 1);
    CHECK(getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &length) == 0 && value == number);
}

static void
check_name(int fd, const struct sockaddr_in* name)
{
    struct sockaddr_in own;
    socklen_t length = sizeof(own);
    memset(&own, 0, sizeof(own));
    CHECK(getsockname(fd, (struct sockaddr*)&own, &length) == 0);
    CHECK(own.sin_port == name->sin_port && own.sin_addr.s_addr == name->sin_addr.s_addr);
}

static void
serve(void)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(7100)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    int value = 0;
    socklen_t length = sizeof(value);
    int last = fd;
    CHECK(bind(fd, (struct sockaddr*)&name, sizeof(name)) == 0);
    CHECK(listen(fd, 1) == 0);
    const int tidings = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(bind(tidings, (struct sockaddr*)&name, sizeof(name)) == 0);
    check_options(fd, 30000);

    /* Without a number for a descriptor the connection waits on. */
    for (int other = dup(fd); other >= 0; other = dup(fd))
    {
        last = other;
    }
    CHECK(errno == EMFILE && last == 1023);
    FAILS(accept(fd, NULL, NULL), EMFILE);
    sleep(stock ? 1000 : 100);
    FAILS(accept(fd, NULL, NULL), EMFILE);
    CHECK(close(last) == 0);
    const int accepted = accept(fd, NULL, NULL);
    CHECK(accepted == last);
    if (!stock)
    {
        CHECK(getsockopt(accepted, SOL_SOCKET, SO_KEEPALIVE, &value, &length) == 0 && value == 1);
        CHECK(getsockopt(accepted, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &length) == 0);
        CHECK(value == 30000);
    }
    CHECK(send(accepted, "x", 1, 0) == 1);
    CHECK(close(accepted) == 0);

    /* The other end tells of the port where it listens now. */
    in_port_t port = 0;
    length = sizeof(name);
    CHECK(recvfrom(tidings, &port, sizeof(port), 0, (struct sockaddr*)&name, &length) == 2);
    name.sin_port = port;
    const int back = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect(back, (struct sockaddr*)&name, sizeof(name)) == 0);
    CHECK(send(back, "y", 1, 0) == 1);
    CHECK(close(back) == 0);
}

static void
ask(const char* server, const char* local)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(7100)};
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(6000)};
    const struct sockaddr* const peer = (struct sockaddr*)&name;
    char bytes[2];
    int value = 0;
    socklen_t length = sizeof(value);
    CHECK(inet_aton(server, &name.sin_addr) && inet_aton(local, &own.sin_addr));
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(fd, (struct sockaddr*)&own, sizeof(own)) == 0);
    FAILS(connect(fd, peer, sizeof(name)), stock ? ETIMEDOUT : ECONNREFUSED);
    check_options(fd, 5000);
    FAILS(bind(fd, (struct sockaddr*)&own, sizeof(own)), EINVAL);
    check_name(fd, &own);
    const int thief = socket(AF_INET, SOCK_STREAM, 0);
    FAILS(bind(thief, (struct sockaddr*)&own, sizeof(own)), EADDRINUSE);
    CHECK(close(thief) == 0);
    sleep(stock ? 1000 : 10);

    CHECK(connect(fd, peer, sizeof(name)) == 0);
    check_name(fd, &own);
    if (!stock)
    {
        CHECK(getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &length) == 0 && value == 5000);
    }
    CHECK(recv(fd, bytes, 2, 0) == 1 && recv(fd, bytes, 2, 0) == 0);
    CHECK(shutdown(fd, SHUT_WR) == 0);
    sleep(200);
    check_options(fd, 6000);

    /* A name of which the connection failed can be listened to. */
    const int other = socket(AF_INET, SOCK_STREAM, 0);
    own.sin_port = htons(6001);
    name.sin_port = htons(9);
    CHECK(bind(other, (struct sockaddr*)&own, sizeof(own)) == 0);
    FAILS(connect(other, peer, sizeof(name)), stock ? ETIMEDOUT : ECONNREFUSED);
    CHECK(listen(other, 1) == 0);
    check_name(other, &own);

    /* So can a port that the system has chosen, of any address. */
    const int any = socket(AF_INET, SOCK_STREAM, 0);
    own = (struct sockaddr_in){.sin_family = AF_INET};
    length = sizeof(own);
    CHECK(bind(any, (struct sockaddr*)&own, sizeof(own)) == 0);
    CHECK(getsockname(any, (struct sockaddr*)&own, &length) == 0);
    CHECK(own.sin_port != 0 && own.sin_addr.s_addr == INADDR_ANY);
    FAILS(connect(any, peer, sizeof(name)), stock ? ETIMEDOUT : ECONNREFUSED);
    check_name(any, &own);
    CHECK(listen(any, 1) == 0);
    check_name(any, &own);
    const int tidings = socket(AF_INET, SOCK_DGRAM, 0);
    name.sin_port = htons(7100);
    CHECK(sendto(tidings, &own.sin_port, 2, 0, peer, sizeof(name)) == 2);
    CHECK(recv(accept(any, NULL, NULL), bytes, 1, 0) == 1);
}

int
main(int argc, char* argv[])
{
    stock = argc > 1 && strcmp(argv[argc - 1], "stock") == 0;
    if (argc > 2)
    {
        ask(argv[1], argv[2]);
    }
    else
    {
        serve();
    }
    if (failures == 0)
    {
        puts("all right");
    }
    return failures != 0;
}
