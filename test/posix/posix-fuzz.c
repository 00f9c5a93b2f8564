/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls of POSIX that the bytes of an input choose, with any descriptors, pointers, lengths and in
 * any order: posix-fuzz ADDRESS HEX. A server of streams is at port 7000 of the address. Whatever
 * it does, each call gives a result or an errno, and nothing is written outside of its buffers. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mptcp-api.h>
#include <mptcp-control.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum
{
    BUFFERS = 4,
    SIZE = 512,          /* of a buffer */
    GUARD = 64,          /* bytes before and behind it that nobody may write */
    PATTERN = 0xa5,      /* what those are */
    LARGEST_ERRNO = 133, /* of Linux */
    MOST_STEPS = 200
};

/* An address that is not mapped, and one whose end wraps around. */
#define NO_MEMORY ((void*)8)
#define LAST_MEMORY ((void*)-8)

static unsigned char memory[BUFFERS][GUARD + SIZE + GUARD];
static struct sockaddr_storage server;
static socklen_t server_length;
static const char* input; /* hexadecimal digits */

static void
require(int holds, const char* what)
{
    if (!holds)
    {
        printf("does not hold: %s\n", what);
        abort();
    }
}

/* The next byte of the input, 0 behind its end. */
static unsigned int
next(void)
{
    unsigned int value = 0;
    for (int i = 0; i < 2 && *input; i++, input++)
    {
        value = value << 4 | (unsigned int)(*input <= '9' ? *input - '0' : *input - 'a' + 10);
    }
    return value;
}

static unsigned int
next_word(void)
{
    const unsigned int high = next();
    return high << 8 | next();
}

static int
next_int(void)
{
    const unsigned int high = next_word();
    return (int)(high << 16 | next_word());
}

/* Mostly one of the first descriptors. */
static int
next_fd(void)
{
    const unsigned int value = next();
    return value < 0xf0 ? (int)(value % 12) : next_int();
}

/* A buffer with bytes of the input, or no memory. size is filled: of a buffer never more than it
 * has, of what is none anything. */
static void*
next_memory(int number, size_t* size)
{
    const unsigned int how = next();
    if (how >= 0xc0)
    {
        *size = how & 4 ? (size_t)next_int() : next_word();
        return how < 0xd0 ? NULL : how < 0xe0 ? NO_MEMORY : LAST_MEMORY;
    }
    unsigned char* buffer = memory[number] + GUARD;
    *size = how & 0x80 ? SIZE : next() % (SIZE + 1);
    for (unsigned int i = 0; i < (how & 0x3f) && i < *size; i++)
    {
        buffer[i] = (unsigned char)next();
    }
    return buffer;
}

static int
is_buffer(const void* bytes)
{
    return bytes != NULL && bytes != NO_MEMORY && bytes != LAST_MEMORY;
}

/* A name: the server's, with another port or length, any other, or no memory. */
static void*
next_name(socklen_t* length)
{
    const unsigned int how = next();
    size_t size = 0;
    if (how & 0x80)
    {
        void* bytes = next_memory(0, &size);
        *length = (socklen_t)size;
        return bytes;
    }
    struct sockaddr_storage* name = (struct sockaddr_storage*)(memory[0] + GUARD);
    *name = server;
    *length = how & 1 ? next() : server_length;
    /* The port stands at the same place in both families. */
    ((struct sockaddr_in*)name)->sin_port = htons((uint16_t)(how & 2 ? next_word() : 7000));
    if (how & 4)
    {
        /* Any local address, or not. */
        memset(memory[0] + GUARD + 4, (int)next(), 24);
    }
    return name;
}

/* Where a length stands. */
static socklen_t*
next_length(socklen_t* length)
{
    const unsigned int how = next();
    return how < 0xf0 ? length : how < 0xf8 ? NULL : (socklen_t*)NO_MEMORY;
}

/* The level and the name of an option, mostly of one that there is. */
static void
next_option(int* level, int* name)
{
    static const int levels[] = {
        IPPROTO_TCP, SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, MPTCP_SOL_MPTCP, IPPROTO_TCP};
    static const int names[] = {MPTCP_GET_SUB_IDS,
                                MPTCP_CLOSE_SUB_ID,
                                MPTCP_KERNEL_GET_SUB_TUPLE,
                                MPTCP_KERNEL_OPEN_SUB_TUPLE,
                                MPTCP_SUB_GETSOCKOPT,
                                MPTCP_SUB_SETSOCKOPT,
                                MPTCP_GET_SUB_TUPLE,
                                MPTCP_OPEN_SUB_TUPLE,
                                MPTCP_EVENT_SUBSCRIPTION,
                                MPTCP_READ_EVENT,
                                MPTCP_SET_SUB_PRIO,
                                TCP_MULTIPATH_ADD,
                                TCP_MULTIPATH_REMOVE,
                                TCP_MULTIPATH_SUBFLOWS};
    const unsigned int how = next();
    *level = how & 0x80 ? next_int() : levels[how % 6];
    *name = how % 6 == 5 ? names[next() % (sizeof(names) / sizeof(names[0]))] : (int)next();
}

/* Fill a buffer with the request of an option, whose pointers may be anything. */
static void
fill_request(int name, unsigned char* buffer, unsigned int* inner_length)
{
    const unsigned int how = next();
    size_t size = 0;
    char* inner = next_memory(2, &size);
    *inner_length = (unsigned int)size;
    if (name == MPTCP_SUB_GETSOCKOPT)
    {
        struct mptcp_sub_getsockopt* request = (struct mptcp_sub_getsockopt*)buffer;
        request->id = (unsigned char)(how & 7);
        next_option(&request->level, &request->optname);
        request->optval = inner;
        request->optlen = next_length(inner_length);
    }
    else if (name == MPTCP_SUB_SETSOCKOPT)
    {
        struct mptcp_sub_setsockopt* request = (struct mptcp_sub_setsockopt*)buffer;
        request->id = (unsigned char)(how & 7);
        next_option(&request->level, &request->optname);
        request->optval = inner;
        request->optlen = (unsigned int)size;
    }
    else if (name == MPTCP_OPEN_SUB_TUPLE || name == MPTCP_KERNEL_OPEN_SUB_TUPLE)
    {
        struct mptcp_sub_tuple* request = (struct mptcp_sub_tuple*)buffer;
        size_t at = name == MPTCP_OPEN_SUB_TUPLE ? sizeof(*request) : 1 + (how & 1);
        memset(buffer, 0, SIZE);
        if (name == MPTCP_OPEN_SUB_TUPLE)
        {
            request->if_idx = how & 2 ? (int)next() : 0;
            request->ipv6_srh = how & 4 ? (struct ipv6_sr_hdr*)inner : NULL;
        }
        /* From anywhere, or what the input says, to the server. */
        memcpy(buffer + at, &server.ss_family, sizeof(server.ss_family));
        if (how & 8)
        {
            for (int i = 2; i < 8; i++)
            {
                buffer[at + (size_t)i] = (unsigned char)next();
            }
        }
        memcpy(buffer + at + server_length, &server, server_length);
    }
}

/* What a call gave: -1 and an errno, or at least 0. */
static long
check(long result)
{
    require(result >= -1, "a result is not below -1");
    require(result != -1 || (errno > 0 && errno <= LARGEST_ERRNO), "an errno");
    for (int number = 0; number < BUFFERS; number++)
    {
        for (int i = 0; i < GUARD; i++)
        {
            require(memory[number][i] == PATTERN && memory[number][GUARD + SIZE + i] == PATTERN,
                    "nothing is written outside of a buffer");
        }
    }
    errno = 0;
    return result;
}

static void
call_option(int set)
{
    const int fd = next_fd();
    unsigned int inner_length = 0;
    int level;
    int name;
    size_t size;
    next_option(&level, &name);
    unsigned char* buffer = next_memory(1, &size);
    if (is_buffer(buffer) && level == MPTCP_SOL_MPTCP && name == MPTCP_LINUX_FULL_INFO)
    {
        /* Not where the input would choose an address to write to. */
        struct mptcp_linux_full_info* request = (struct mptcp_linux_full_info*)buffer;
        request->subflow_info = (uint64_t)(next() & 1 ? NO_MEMORY : LAST_MEMORY);
        request->tcp_info = (uint64_t)(next() & 1 ? NO_MEMORY : NULL);
    }
    else if (is_buffer(buffer) && level == IPPROTO_TCP)
    {
        fill_request(name, buffer, &inner_length);
    }
    socklen_t length = (socklen_t)size;
    if (set)
    {
        check(setsockopt(fd, level, name, buffer, length));
        return;
    }
    const long result = check(getsockopt(fd, level, name, buffer, next_length(&length)));
    require(result != 0 || length <= size, "no more is given than there is room for");
}

static void
call_message(int receive)
{
    const int fd = next_fd();
    const unsigned int how = next();
    const size_t count = (how & 3) % 3;
    struct iovec pieces[2];
    struct msghdr message = {0};
    size_t size;
    size_t room = 0;
    for (size_t i = 0; i < count; i++)
    {
        pieces[i].iov_base = next_memory((int)i, &pieces[i].iov_len);
        room += is_buffer(pieces[i].iov_base) ? pieces[i].iov_len : 0;
    }
    message.msg_iov = how & 4 ? NO_MEMORY : pieces;
    message.msg_iovlen = how & 4 && how & 8 ? (size_t)next_int() : count;
    message.msg_control = next_memory(2, &size);
    message.msg_controllen = how & 0x10 ? size : 0;
    message.msg_name = next_memory(3, &size);
    message.msg_namelen = how & 0x20 ? (socklen_t)size : 0;
    struct msghdr* where = (how & 0xe0) == 0x80 ? NO_MEMORY : &message;
    const int flags = how & 0x40 ? next_int() : MSG_DONTWAIT;
    const long result = check(receive ? recvmsg(fd, where, flags) : sendmsg(fd, where, flags));
    require(result <= (long)room || (flags & MSG_TRUNC), "no more than there is room for");
}

static void
call_bytes(void)
{
    const int fd = next_fd();
    const unsigned int how = next();
    size_t size;
    socklen_t length = 0;
    void* bytes = next_memory(1, &size);
    struct iovec piece = {bytes, size};
    const int flags = how & 0x40 ? next_int() : MSG_DONTWAIT;
    long result = 0;
    switch (how & 7)
    {
    case 0:
        result = check(send(fd, bytes, size, flags));
        break;
    case 1:
        result = check(recv(fd, bytes, size, flags));
        break;
    case 2:
    {
        const void* name = next_name(&length);
        result = check(sendto(fd, bytes, size, flags, name, length));
        break;
    }
    case 3:
        length = sizeof(server);
        result = check(recvfrom(fd,
                                bytes,
                                size,
                                flags,
                                how & 8    ? NULL
                                : how & 16 ? NO_MEMORY
                                           : (struct sockaddr*)(memory[0] + GUARD),
                                next_length(&length)));
        break;
    case 4:
        result = check(write(fd, bytes, size));
        break;
    case 5:
        result = check(read(fd, bytes, size));
        break;
    case 6:
        result = check(writev(fd, how & 8 ? NO_MEMORY : &piece, how & 8 ? next_int() : 1));
        break;
    default:
        result = check(readv(fd, how & 8 ? NO_MEMORY : &piece, how & 8 ? next_int() : 1));
        break;
    }
    require(result <= (is_buffer(bytes) ? (long)size : 0) || (flags & MSG_TRUNC),
            "no more than there is room for");
}

static void
call_descriptor(void)
{
    const int fd = next_fd();
    const unsigned int how = next();
    size_t size;
    switch (how & 7)
    {
    case 0:
        check(fcntl(fd, next() % 8, (long)next_int()));
        break;
    case 1:
        check(fcntl(fd, next_int(), (long)next_int()));
        break;
    case 2:
        check(ioctl(fd, next() & 1 ? FIONBIO : FIONREAD, next_memory(1, &size)));
        break;
    case 3:
        check(ioctl(fd, (unsigned long)next_int(), next_memory(1, &size)));
        break;
    case 4:
        check(dup(fd));
        break;
    case 5:
        check(dup2(fd, next_fd()));
        break;
    case 6:
        check(shutdown(fd, how & 8 ? next_int() : (int)(how >> 4) % 3));
        break;
    default:
        check(close(fd));
        break;
    }
}

static void
call_name(void)
{
    const int fd = next_fd();
    const unsigned int how = next();
    socklen_t length;
    size_t size;
    void* name;
    switch (how & 7)
    {
    case 0:
    case 1:
        name = next_name(&length);
        check(bind(fd, name, length));
        break;
    case 2:
    case 3:
        name = next_name(&length);
        check(connect(fd, name, length));
        break;
    case 4:
        check(listen(fd, next_int()));
        break;
    default:
        name = next_memory(1, &size);
        length = (socklen_t)size;
        check((how & 7) == 5   ? getsockname(fd, name, next_length(&length))
              : (how & 7) == 6 ? getpeername(fd, name, next_length(&length))
                               : accept4(fd,
                                         how & 0x40 ? NULL : name,
                                         next_length(&length),
                                         how & 8 ? next_int() : SOCK_NONBLOCK));
        break;
    }
}

static void
call_wait(void)
{
    const unsigned int how = next();
    size_t size;
    void* bytes = next_memory(1, &size);
    struct timespec time = {how & 0x40 ? next_int() : 0, (long)next_int() & 0x1fffffff};
    struct timeval limit = {how & 0x40 ? next_int() : 0, next_int() & 0xfffff};
    const int for_ever = (how & 0x80) && next() > 0xf0;
    switch (how & 7)
    {
    case 0:
        check(poll(bytes, size / sizeof(struct pollfd), for_ever ? -1 : (int)next()));
        break;
    case 1:
        check(ppoll(bytes, size / sizeof(struct pollfd), for_ever ? NULL : &time, NULL));
        break;
    case 2:
        check(select(how & 8 ? next_int() : (int)next(),
                     (fd_set*)bytes,
                     how & 16 ? NULL : (fd_set*)(memory[0] + GUARD),
                     how & 32 ? NO_MEMORY : (fd_set*)(memory[2] + GUARD),
                     for_ever ? NULL : &limit));
        break;
    case 3:
        check(nanosleep(how & 8 ? (struct timespec*)NO_MEMORY : &time, NULL));
        break;
    case 4:
        check(usleep(next_word()));
        break;
    case 5:
        check(clock_gettime(next_int(), how & 8 ? bytes : &time));
        break;
    case 6:
        check(gettimeofday(how & 8 ? NO_MEMORY : &limit, NULL));
        break;
    default:
        check(gethostname(bytes, size));
        break;
    }
}

static void
call_socket(void)
{
    static const int domains[] = {AF_INET, AF_INET6, AF_UNSPEC, MPTCP_PF_CONTROL};
    static const int protocols[] = {0, IPPROTO_TCP, 262, IPPROTO_UDP};
    const unsigned int how = next();
    const int domain = how & 0x80 ? domains[how & 3] : server.ss_family;
    const int type = how & 0x40 ? SOCK_DGRAM : SOCK_STREAM;
    check(socket(how == 0xff ? next_int() : domain,
                 how == 0xfe ? next_int() : type | (how & 0x10 ? 0 : SOCK_NONBLOCK),
                 how == 0xfd ? next_int() : protocols[how >> 2 & 3]));
}

int
main(int argc, char* argv[])
{
    struct sockaddr_in* sin = (struct sockaddr_in*)&server;
    struct sockaddr_in6* sin6 = (struct sockaddr_in6*)&server;
    require(argc == 3, "two arguments");
    sin->sin_family = AF_INET;
    server_length = sizeof(*sin);
    if (inet_pton(AF_INET, argv[1], &sin->sin_addr) != 1)
    {
        require(inet_pton(AF_INET6, argv[1], &sin6->sin6_addr) == 1, "an address");
        sin6->sin6_family = AF_INET6;
        server_length = sizeof(*sin6);
    }
    sin->sin_port = htons(7000);
    input = argv[2];
    memset(memory, PATTERN, sizeof(memory));

    /* Descriptor 3 is a connection from the beginning on, 4 one that hears of all events. */
    const struct mptcp_event_subscription all = {0, 1};
    for (int i = 0; i < 2; i++)
    {
        const int fd = socket(server.ss_family, SOCK_STREAM, 0);
        require(i == 0 || setsockopt(fd, IPPROTO_TCP, MPTCP_EVENT_SUBSCRIPTION, &all, 2) == 0,
                "events");
        require(connect(fd, (struct sockaddr*)&server, server_length) == 0, "a connection");
        require(fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "O_NONBLOCK");
    }
    for (int step = 0; step < MOST_STEPS && *input; step++)
    {
        const unsigned int what = next();
        switch (what & 7)
        {
        case 0:
            call_socket();
            break;
        case 1:
            call_name();
            break;
        case 2:
            call_message(what & 0x80);
            break;
        case 3:
            call_bytes();
            break;
        case 4:
            call_descriptor();
            break;
        case 5:
            call_wait();
            break;
        default:
            call_option(what & 1);
            break;
        }
    }
    return 0;
}
