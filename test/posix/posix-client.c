/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls of sockets as POSIX describes them, at the end that connects: posix-client ADDRESS
 * [stock], the latter for ns-3's TCP, which does not hear that a port is closed. The other end is
 * posix-server, with 5001 a port of streams and 5002 one of datagrams. */
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <mptcp-api.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_storage server;
static socklen_t server_length;

static void
set_port(unsigned short port)
{
    if (server.ss_family == AF_INET)
    {
        ((struct sockaddr_in*)&server)->sin_port = htons(port);
    }
    else
    {
        ((struct sockaddr_in6*)&server)->sin6_port = htons(port);
    }
}

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int
open_stream(void)
{
    set_port(5001);
    const int fd = socket(server.ss_family, SOCK_STREAM, 0);
    CHECK(fd == 3 || fd == 4);
    CHECK(connect(fd, (struct sockaddr*)&server, server_length) == 0);
    return fd;
}

static void
test_wrong_calls(void)
{
    char byte = 0;
    FAILS(socket(AF_UNIX, SOCK_STREAM, 0), EAFNOSUPPORT);
    FAILS(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
    FAILS(socket(AF_INET, SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT);
    FAILS(send(77, &byte, 1, 0), EBADF);
    FAILS(close(77), EBADF);
    FAILS(bind(1, (struct sockaddr*)&server, server_length), ENOTSOCK);
    FAILS(send(1, &byte, 1, 0), ENOTSOCK);
    FAILS(sendto(2, &byte, 1, 0, (struct sockaddr*)&server, server_length), ENOTSOCK);
    FAILS(recv(0, &byte, 1, 0), ENOTSOCK);

    const int fd = socket(server.ss_family, SOCK_STREAM, 0);
    CHECK(fd == 3);
    FAILS(send(fd, &byte, 1, 0), ENOTCONN);
    FAILS(recv(fd, &byte, 1, 0), ENOTCONN);
    FAILS(shutdown(fd, SHUT_WR), ENOTCONN);
    FAILS(accept(fd, NULL, NULL), EINVAL);
    FAILS(getpeername(fd, NULL, NULL), ENOTCONN);
    FAILS(bind(fd, (struct sockaddr*)&server, server_length), EADDRNOTAVAIL);
    FAILS(connect(fd, NULL, server_length), EFAULT);
    FAILS(connect(fd, (struct sockaddr*)&server, 4), EINVAL);
    FAILS(setsockopt(fd, SOL_SOCKET, SO_DEBUG, &fd, sizeof(fd)), ENOPROTOOPT);
    CHECK(close(fd) == 0);
    FAILS(close(fd), EBADF);
}

static void
test_refused(void)
{
    set_port(9999);
    int fd = socket(server.ss_family, SOCK_STREAM, 0);
    FAILS(connect(fd, (struct sockaddr*)&server, server_length), ECONNREFUSED);
    close(fd);

    fd = socket(server.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    FAILS(connect(fd, (struct sockaddr*)&server, server_length), EINPROGRESS);
    FAILS(connect(fd, (struct sockaddr*)&server, server_length), EALREADY);
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    CHECK(poll(&wait, 1, 0) == 0);
    CHECK(poll(&wait, 1, -1) == 1);
    CHECK((wait.revents & POLLERR) != 0);
    int error = 0;
    socklen_t length = sizeof(error);
    /* It is told once, but not to an address that is none. */
    FAILS(getsockopt(fd, SOL_SOCKET, SO_ERROR, NULL, &length), EFAULT);
    FAILS(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, NULL), EFAULT);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0);
    CHECK(error == ECONNREFUSED);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0);
    CHECK(error == 0);
    close(fd);
}

static void
test_names(void)
{
    const int fd = open_stream();
    struct sockaddr_storage name;
    socklen_t length = sizeof(name);
    CHECK(getpeername(fd, (struct sockaddr*)&name, &length) == 0);
    CHECK(length == server_length && memcmp(&name, &server, length) == 0);
    length = sizeof(name);
    CHECK(getsockname(fd, (struct sockaddr*)&name, &length) == 0);
    CHECK(length == server_length && name.ss_family == server.ss_family);
    /* A name that is too long for the buffer is cut off, and its length told. */
    length = 4;
    CHECK(getsockname(fd, (struct sockaddr*)&name, &length) == 0 && length == server_length);
    /* As Linux, where it is an int. */
    length = (socklen_t)-1;
    FAILS(getsockname(fd, (struct sockaddr*)&name, &length), EINVAL);
    FAILS(connect(fd, (struct sockaddr*)&server, server_length), EISCONN);

    int value = 0;
    length = sizeof(value);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &length) == 0 && value == SOCK_STREAM);
    CHECK(length == sizeof(value));
    value = 1;
    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value)) == 0);
    FAILS(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, 1), EINVAL);
    FAILS(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, NULL, sizeof(value)), EFAULT);
    close(fd);
}

/* TCP_NODELAY of a connection: what was set is read, and holds for subflows that come later. */
static void
test_no_delay(int subflows)
{
    const int fd = open_stream();
    int value = 0;
    socklen_t length = sizeof(value);
    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value)) == 0);
    value = 1;
    CHECK(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, &length) == 0 && value == 0);
    char echo[4];
    CHECK(send(fd, "echo", 4, 0) == 4 && recv(fd, echo, 4, MSG_WAITALL) == 4);
    sleep(1);
    unsigned char bytes[2 + 2 * 10];
    struct mptcp_sub_ids* ids = (struct mptcp_sub_ids*)bytes;
    length = sizeof(bytes);
    if (subflows > 0)
    {
        CHECK(getsockopt(fd, IPPROTO_TCP, MPTCP_GET_SUB_IDS, ids, &length) == 0);
        CHECK(ids->sub_count >= subflows);
        for (int i = 0; i < ids->sub_count; i++)
        {
            unsigned int size = sizeof(value);
            struct mptcp_sub_getsockopt request = {
                ids->sub_status[i].id, IPPROTO_TCP, TCP_NODELAY, (char*)&value, &size};
            length = sizeof(request);
            value = 1;
            CHECK(getsockopt(fd, IPPROTO_TCP, MPTCP_SUB_GETSOCKOPT, &request, &length) == 0);
            CHECK(value == 0);
        }
    }
    close(fd);

    /* Once a socket listens it is for those to come, and buffers stay. */
    const int listener = socket(server.ss_family, SOCK_STREAM, 0);
    value = 0;
    length = sizeof(value);
    CHECK(listen(listener, 1) == 0);
    CHECK(setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &value, sizeof(value)) == 0);
    CHECK(getsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &value, &length) == 0 && value == 0);
    value = 100000;
    FAILS(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &value, sizeof(value)), EINVAL);
    close(listener);
}

/* Values of an int, what is out of range, and the default by -1. */
static void
test_options(int stock)
{
    const int fd = socket(server.ss_family, SOCK_STREAM, 0);
    const int v6 = server.ss_family == AF_INET6;
    const int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
    const int hops = v6 ? IPV6_UNICAST_HOPS : IP_TTL;
    int value = 0;
    socklen_t length = sizeof(value);
    CHECK(getsockopt(fd, level, hops, &value, &length) == 0 && value == 64);
    value = 7;
    CHECK(setsockopt(fd, level, hops, &value, sizeof(value)) == 0);
    CHECK(getsockopt(fd, level, hops, &value, &length) == 0 && value == 7);
    value = -1;
    CHECK(setsockopt(fd, level, hops, &value, sizeof(value)) == 0);
    CHECK(getsockopt(fd, level, hops, &value, &length) == 0 && value == 64);
    for (value = -2; value < 257; value++)
    {
        const int wrong = value < -1 || value == 0 || value > 255;
        errno = 0;
        CHECK(setsockopt(fd, level, hops, &value, sizeof(value)) == (wrong ? -1 : 0));
        CHECK(!wrong || errno == EINVAL);
    }
    unsigned char byte = 9;
    if (v6)
    {
        FAILS(setsockopt(fd, level, hops, &byte, 1), EINVAL);
    }
    else
    {
        CHECK(setsockopt(fd, level, hops, &byte, 1) == 0);
        CHECK(getsockopt(fd, level, hops, &value, &length) == 0 && value == 9);
    }
    if (v6)
    {
        /* The ECN bits are TCP's. */
        value = 7;
        CHECK(setsockopt(fd, level, IPV6_TCLASS, &value, sizeof(value)) == 0);
        CHECK(getsockopt(fd, level, IPV6_TCLASS, &value, &length) == 0 && value == 4);
        value = -1;
        CHECK(setsockopt(fd, level, IPV6_TCLASS, &value, sizeof(value)) == 0);
        CHECK(getsockopt(fd, level, IPV6_TCLASS, &value, &length) == 0 && value == 0);
    }
    value = 6;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &value, sizeof(value)) == 0);
    value = 7;
    FAILS(setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &value, sizeof(value)), EPERM);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_PRIORITY, &value, &length) == 0 && value == 6);
    value = 1;
    struct linger linger = {1, 0};
    if (stock)
    {
        FAILS(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof(value)), ENOPROTOOPT);
        FAILS(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, &length), ENOPROTOOPT);
        FAILS(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), ENOPROTOOPT);
        close(fd);
        return;
    }
    CHECK(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof(value)) == 0);
    value = 0;
    CHECK(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, &length) == 0 && value == 1);
    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof(value)) == 0);
    value = 2;
    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &value, sizeof(value)) == 0);
    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &value, sizeof(value)) == 0);
    value = 0;
    CHECK(getsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &value, &length) == 0 && value == 2);
    CHECK(getsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &value, &length) == 0 && value == 2);
    value = 0;
    FAILS(setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof(value)), EINVAL);
    set_port(5001);
    CHECK(connect(fd, (struct sockaddr*)&server, server_length) == 0);
    value = 30;
    FAILS(setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof(value)), EINVAL);
    CHECK(getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, &length) == 0 && value == 1);
    value = 0;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, sizeof(value)) == 0);
    value = 3000;
    CHECK(setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof(value)) == 0);
    CHECK(getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, &length) == 0 && value == 3000);
    value = -1;
    FAILS(setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, sizeof(value)), EINVAL);
    length = sizeof(linger);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &length) == 0);
    CHECK(linger.l_onoff == 0 && linger.l_linger == 0 && length == sizeof(linger));
    linger.l_onoff = 1;
    linger.l_linger = 3;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)) == 0);
    linger.l_onoff = linger.l_linger = 0;
    CHECK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &length) == 0);
    CHECK(linger.l_onoff == 1 && linger.l_linger == 3);
    linger.l_onoff = 0;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)) == 0);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, &length) == 0);
    CHECK(linger.l_onoff == 0);
    FAILS(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger) - 1), EINVAL);
    FAILS(setsockopt(fd, SOL_SOCKET, SO_LINGER, NULL, sizeof(linger)), EFAULT);
    close(fd);
}

/* A descriptor that blocks waits for the connection that was begun without waiting. */
static void
test_connecting(void)
{
    set_port(5001);
    for (int receive = 0; receive < 2; receive++)
    {
        const int fd = socket(server.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        char echo[4];
        FAILS(connect(fd, (struct sockaddr*)&server, server_length), EINPROGRESS);
        FAILS(send(fd, "echo", 4, 0), EAGAIN);
        CHECK(fcntl(fd, F_SETFL, 0) == 0);
        FAILS(recv(fd, echo, 4, MSG_DONTWAIT), EAGAIN);
        if (receive)
        {
            struct timeval limit = {1, 0};
            CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
            const double before = now();
            FAILS(recv(fd, echo, 4, 0), EAGAIN);
            CHECK(now() - before > 0.999 && now() - before < 1.001);
        }
        CHECK(send(fd, "echo", 4, 0) == 4);
        CHECK(recv(fd, echo, 4, MSG_WAITALL) == 4 && memcmp(echo, "echo", 4) == 0);
        close(fd);
    }
}

/* Descriptors of the same stream, which lives as long as one of them. */
static void
test_duplicates(void)
{
    const int fd = open_stream();
    const int other = dup(fd);
    char echo[4];
    CHECK(other == fd + 1);
    CHECK(fcntl(other, F_SETFL, O_NONBLOCK) == 0 && (fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    CHECK(fcntl(other, F_SETFL, 0) == 0);
    CHECK(send(other, "echo", 4, 0) == 4);
    CHECK(close(fd) == 0);
    FAILS(recv(fd, echo, 4, 0), EBADF);
    CHECK(dup2(other, 20) == 20 && dup2(20, 20) == 20);
    CHECK(close(other) == 0);
    CHECK(recv(20, echo, 4, MSG_WAITALL) == 4 && memcmp(echo, "echo", 4) == 0);
    CHECK(fcntl(20, F_DUPFD, 10) == 10);
    CHECK(dup2(20, 10) == 10);
    CHECK(close(20) == 0 && close(10) == 0);
    FAILS(dup(20), EBADF);
    FAILS(dup2(20, 21), EBADF);
    FAILS(dup2(1, -1), EBADF);
    FAILS(dup2(1, 1 << 30), EBADF);
    FAILS(fcntl(1, F_DUPFD, -1), EINVAL);

    /* Of the descriptor, not of what it stands for. */
    CHECK(fcntl(1, F_SETFD, FD_CLOEXEC) == 0 && dup(1) == fd);
    CHECK(fcntl(1, F_GETFD) == FD_CLOEXEC && fcntl(2, F_GETFD) == 0 && fcntl(fd, F_GETFD) == 0);
    CHECK(fcntl(1, F_SETFD, 0) == 0 && close(fd) == 0);
    CHECK(fcntl(1, F_DUPFD_CLOEXEC, 0) == fd);
    CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC && fcntl(1, F_GETFD) == 0 && close(fd) == 0);
    CHECK(socket(server.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0) == fd);
    CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC && close(fd) == 0);
    CHECK(dup(1) == fd && fcntl(fd, F_GETFD) == 0 && close(fd) == 0);
    CHECK(clock() == (clock_t)(now() * CLOCKS_PER_SEC));
}

/* Addresses that are not there cost nothing but EFAULT. */
static void
test_addresses(void)
{
    const int fd = open_stream();
    socklen_t* const no_length = (socklen_t*)8;
    fd_set* const no_set = (fd_set*)8;
    struct timeval* const no_time = (struct timeval*)8;
    /* What the compiler cannot see through. */
    struct pollfd* volatile no_fds = (struct pollfd*)8;
    char* volatile no_text = (char*)8;
    struct sockaddr_storage name;
    char echo[4];
    CHECK(send(fd, "echo", 4, 0) == 4);
    FAILS(recvfrom(fd, echo, 4, 0, (struct sockaddr*)&name, no_length), EFAULT);
    FAILS(recvfrom(fd, echo, 4, 0, (struct sockaddr*)&name, NULL), EFAULT);
    CHECK(recvfrom(fd, echo, 4, MSG_WAITALL, NULL, no_length) == 4);
    CHECK(memcmp(echo, "echo", 4) == 0);
    FAILS(select(fd + 1, no_set, NULL, NULL, NULL), EFAULT);
    FAILS(select(fd + 1, NULL, no_set, NULL, NULL), EFAULT);
    FAILS(select(fd + 1, NULL, NULL, no_set, NULL), EFAULT);
    FAILS(select(0, NULL, NULL, NULL, no_time), EFAULT);
    FAILS(pselect(0, NULL, NULL, NULL, (struct timespec*)8, NULL), EFAULT);
    FAILS(ppoll(NULL, 0, (struct timespec*)8, NULL), EFAULT);
    FAILS(poll(no_fds, 1, 0), EFAULT);
    FAILS(gettimeofday(no_time, NULL), EFAULT);
    FAILS(time((time_t*)8), EFAULT);
    FAILS(clock_gettime(CLOCK_REALTIME, (struct timespec*)8), EFAULT);
    FAILS(clock_getres(CLOCK_REALTIME, (struct timespec*)8), EFAULT);
    FAILS(nanosleep((struct timespec*)8, NULL), EFAULT);
    FAILS(gethostname(no_text, 100), EFAULT);
    const struct iovec piece = {echo, sizeof(echo)};
    volatile int count = -1;
    FAILS(readv(fd, &piece, count), EINVAL);
    count = 1025; /* one more than Linux takes */
    FAILS(writev(fd, &piece, count), EINVAL);
    /* Far more bytes than there are, from where none are. */
    FAILS(write(1, no_text, (size_t)1 << 40), EFAULT);
    /* What is far beyond count is neither looked at nor written. */
    fd_set set;
    struct timeval none = {0, 0};
    FD_ZERO(&set);
    FD_SET(fd, &set);
    FD_SET(1000, &set);
    CHECK(select(fd + 1, &set, NULL, NULL, &none) == 0);
    CHECK(!FD_ISSET(fd, &set) && FD_ISSET(1000, &set));
    close(fd);
}

/* A call that its arguments let fail at once. */
static void
call_in_vain(int kind, int fd)
{
    struct timespec wrong = {0, 1500000000};
    struct sockaddr_storage name;
    const struct iovec piece = {&wrong, 1};
    struct addrinfo* found;
    volatile int count = -1;
    char byte;
    switch (kind)
    {
    case 0:
        FAILS(nanosleep(&wrong, &wrong), EINVAL);
        break;
    case 1:
        FAILS(select(count, NULL, NULL, NULL, NULL), EINVAL);
        break;
    case 2:
        FAILS(recvfrom(fd, &byte, 1, 0, (struct sockaddr*)&name, NULL), EFAULT);
        break;
    case 3:
        FAILS(ppoll(NULL, 0, &wrong, NULL), EINVAL);
        break;
    case 4:
        CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &wrong, NULL) == EINVAL);
        break;
    case 5:
        FAILS(clock_gettime(77, &wrong), EINVAL);
        break;
    case 6:
        FAILS(clock_getres(77, &wrong), EINVAL);
        break;
    case 7:
        FAILS(writev(fd, &piece, count), EINVAL);
        break;
    case 8:
        FAILS(readv(fd, &piece, count), EINVAL);
        break;
    case 9:
        FAILS(accept4(fd, NULL, NULL, ~0), EINVAL);
        break;
    case 10:
        FAILS(dup2(fd, count), EBADF);
        break;
    case 11:
        wrong.tv_nsec = 0;
        CHECK(clock_nanosleep(CLOCK_MONOTONIC, 0, &wrong, NULL) == 0);
        break;
    case 12:
        CHECK(!isatty(fd) && errno == ENOTTY);
        break;
    default:
        CHECK(getaddrinfo("example.org", NULL, NULL, &found) == EAI_NONAME);
    }
}

/* Whoever only asks whether something has come gets there. */
static void
test_spinning(void)
{
    const int fd = open_stream();
    int readable = 0;
    CHECK(send(fd, "echo", 4, 0) == 4);
    while (ioctl(fd, FIONREAD, &readable) == 0 && readable < 4)
    {
    }
    CHECK(readable == 4);
    double before = now();
    for (int i = 0; i < 3000; i++)
    {
        FAILS(close(77), EBADF);
        FAILS(fcntl(77, F_GETFL), EBADF);
    }
    CHECK(now() - before > 0.004);
    for (int kind = 0; kind < 14; kind++)
    {
        before = now();
        for (int i = 0; i < 3000; i++)
        {
            call_in_vain(kind, fd);
        }
        CHECK(now() - before > 0.0015);
    }
    close(fd);
}

/* The server sends 300,000 bytes that count, and checks that the same comes back. */
static void
test_stream(void)
{
    enum
    {
        SIZE = 300000
    };

    const int fd = open_stream();
    unsigned char* bytes = malloc(SIZE);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    double before = now();
    CHECK(send(fd, "count", 5, 0) == 5);
    CHECK(poll(&wait, 1, 1) == 0);
    CHECK(now() - before > 0.000999 && now() - before < 0.001001);
    CHECK(poll(&wait, 1, 10000) == 1 && wait.revents == POLLIN);

    /* Looking at bytes leaves them there. */
    unsigned char four[4];
    CHECK(recv(fd, four, 4, MSG_PEEK) == 4 && four[3] == 3);
    int readable = 0;
    CHECK(ioctl(fd, FIONREAD, &readable) == 0 && readable >= 4);
    struct iovec pieces[2] = {{bytes, 3}, {bytes + 3, SIZE - 3}};
    ssize_t got = readv(fd, pieces, 2);
    CHECK(got > 0);
    CHECK(recv(fd, bytes + got, (size_t)(SIZE - got), MSG_WAITALL) == SIZE - got);
    int wrong = 0;
    for (int i = 0; i < SIZE; i++)
    {
        wrong += bytes[i] != (unsigned char)(i + i / 256);
    }
    CHECK(wrong == 0);

    /* Nothing is there, and nothing is waited for. */
    FAILS(recv(fd, bytes, SIZE, MSG_DONTWAIT), EAGAIN);
    CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
    FAILS(recv(fd, bytes, SIZE, 0), EAGAIN);
    CHECK(fcntl(fd, F_SETFL, 0) == 0);
    struct timeval limit = {0, 250000};
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
    before = now();
    FAILS(recv(fd, bytes, SIZE, 0), EAGAIN);
    CHECK(now() - before > 0.2499 && now() - before < 0.2501);

    /* A blocking send() takes all. */
    CHECK(send(fd, bytes, SIZE, MSG_NOSIGNAL) == SIZE);
    CHECK(shutdown(fd, SHUT_WR) == 0);
    FAILS(send(fd, bytes, 1, MSG_NOSIGNAL), EPIPE);
    limit.tv_usec = 0;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
    char verdict[8] = "";
    /* As Linux, there are no names along with a stream. */
    struct sockaddr_storage from;
    socklen_t length = sizeof(from);
    CHECK(recvfrom(fd, verdict, sizeof(verdict), 0, (struct sockaddr*)&from, &length) == 5);
    CHECK(strcmp(verdict, "right") == 0 && length == 0);
    CHECK(recv(fd, verdict, sizeof(verdict), 0) == 0);
    CHECK(recv(fd, verdict, sizeof(verdict), 0) == 0);
    free(bytes);
    close(fd);
}

static void
test_select(void)
{
    const int fd = open_stream();
    fd_set readers;
    fd_set writers;
    FD_ZERO(&readers);
    FD_ZERO(&writers);
    FD_SET(fd, &readers);
    FD_SET(fd, &writers);
    struct timeval limit = {5, 0};
    CHECK(select(fd + 1, &readers, &writers, NULL, &limit) == 1);
    CHECK(FD_ISSET(fd, &writers) && !FD_ISSET(fd, &readers));
    FD_SET(fd, &readers);
    limit.tv_sec = 0;
    limit.tv_usec = 100000;
    double before = now();
    CHECK(select(fd + 1, &readers, NULL, NULL, &limit) == 0 && !FD_ISSET(fd, &readers));
    CHECK(now() - before > 0.0999 && now() - before < 0.1001);
    CHECK(limit.tv_sec == 0 && limit.tv_usec == 0);
    CHECK(write(fd, "echo", 4) == 4);
    FD_SET(fd, &readers);
    CHECK(select(fd + 1, &readers, NULL, NULL, NULL) == 1 && FD_ISSET(fd, &readers));
    char echo[8];
    CHECK(read(fd, echo, sizeof(echo)) == 4 && memcmp(echo, "echo", 4) == 0);

    /* The end is no exceptional condition. */
    fd_set others;
    FD_ZERO(&others);
    CHECK(shutdown(fd, SHUT_WR) == 0 && read(fd, echo, sizeof(echo)) == 0);
    FD_SET(fd, &others);
    limit.tv_sec = 5;
    before = now();
    CHECK(select(fd + 1, NULL, NULL, &others, &limit) == 0 && !FD_ISSET(fd, &others));
    CHECK(now() - before > 4.999 && now() - before < 5.001);
    FD_SET(fd, &others);
    FD_SET(fd, &readers);
    CHECK(select(fd + 1, &readers, NULL, &others, &limit) == 1);
    CHECK(FD_ISSET(fd, &readers) && !FD_ISSET(fd, &others));
    FD_SET(77, &readers);
    FAILS(select(78, &readers, NULL, NULL, NULL), EBADF);
    close(fd);
}

static void
test_datagrams(void)
{
    const int fd = socket(server.ss_family, SOCK_DGRAM, 0);
    char bytes[2000] = "";
    FAILS(send(fd, bytes, 1, 0), EDESTADDRREQ);
    set_port(5002);
    CHECK(sendto(fd, "one", 3, 0, (struct sockaddr*)&server, server_length) == 3);
    struct sockaddr_storage from;
    socklen_t length = sizeof(from);
    CHECK(recvfrom(fd, bytes, 2, MSG_PEEK, NULL, NULL) == 2);
    /* What does not fit is lost. */
    CHECK(recvfrom(fd, bytes, 2, MSG_TRUNC, (struct sockaddr*)&from, &length) == 3);
    CHECK(length == server_length && memcmp(&from, &server, length) == 0);
    FAILS(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), EAGAIN);

    /* One without a byte is one. */
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int readable = 1;
    CHECK(sendto(fd, "", 0, 0, (struct sockaddr*)&server, server_length) == 0);
    CHECK(poll(&wait, 1, 1000) == 1 && wait.revents == POLLIN);
    CHECK(ioctl(fd, FIONREAD, &readable) == 0 && readable == 0);
    CHECK(recv(fd, bytes, sizeof(bytes), 0) == 0);
    FAILS(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), EAGAIN);

    int size = 1 << 20;
    length = sizeof(size);
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) == 0);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &length) == 0 && size == 1 << 20);
    size = 0;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) == 0);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &length) == 0 && size == 2304);
    /* Without a sign it is the largest there is. */
    size = -1;
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) == 0);
    CHECK(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &length) == 0 && size == INT_MAX / 2);
    length = sizeof(from);

    CHECK(connect(fd, (struct sockaddr*)&server, server_length) == 0);
    struct iovec pieces[2] = {{"tw", 2}, {"o", 1}};
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
    CHECK(sendmsg(fd, &message, 0) == 3);
    struct iovec piece = {bytes, 2};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_name = &from;
    message.msg_namelen = sizeof(from);
    CHECK(recvmsg(fd, &message, 0) == 2);
    CHECK((message.msg_flags & MSG_TRUNC) != 0 && message.msg_namelen == server_length);
    CHECK(memcmp(bytes, "tw", 2) == 0);
    FAILS(listen(fd, 1), EOPNOTSUPP);
    close(fd);
}

/* As Linux, a broadcast has to be allowed. */
static void
test_broadcast(void)
{
    const struct sockaddr_in all = {
        .sin_family = AF_INET, .sin_port = htons(9), .sin_addr = {INADDR_BROADCAST}};
    const struct sockaddr* const name = (const struct sockaddr*)&all;
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    const int on = 1;
    FAILS(sendto(fd, "all", 3, 0, name, sizeof(all)), EACCES);
    FAILS(connect(fd, name, sizeof(all)), EACCES);
    CHECK(setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) == 0);
    CHECK(sendto(fd, "all", 3, 0, name, sizeof(all)) == 3);
    CHECK(connect(fd, name, sizeof(all)) == 0);
    CHECK(send(fd, "all", 3, 0) == 3);
    close(fd);
}

int
main(int argc, char* argv[])
{
    struct sockaddr_in* sin = (struct sockaddr_in*)&server;
    struct sockaddr_in6* sin6 = (struct sockaddr_in6*)&server;
    CHECK(argc >= 2);
    if (inet_pton(AF_INET, argv[1], &sin->sin_addr) == 1)
    {
        sin->sin_family = AF_INET;
        server_length = sizeof(*sin);
    }
    else
    {
        CHECK(inet_pton(AF_INET6, argv[1], &sin6->sin6_addr) == 1);
        sin6->sin6_family = AF_INET6;
        server_length = sizeof(*sin6);
    }
    test_wrong_calls();
    if (argc == 2)
    {
        test_refused();
    }
    test_names();
    test_no_delay(argc == 2 ? 2 : 0);
    test_options(argc > 2);
    test_connecting();
    test_duplicates();
    test_addresses();
    test_spinning();
    test_stream();
    test_select();
    test_datagrams();
    if (server.ss_family == AF_INET)
    {
        test_broadcast();
    }
    if (failures == 0)
    {
        puts("all right");
    }
    return failures != 0;
}
