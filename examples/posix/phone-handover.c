/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A phone that does the handover of section 2 of draft-hesmans-mptcp-socket-03 by itself:
 *
 *     phone-handover [-u] SERVER[,SERVER] PORT LOCAL [SECONDS LOCAL]...
 *
 * A server may have an address of each family. It connects from the first local address, and
 * downloads, or uploads with -u. At each of the moments it moves the connection: it opens a subflow
 * from the address that comes next, reads its addresses once it is established, and closes all
 * others. Where no subflow can be opened, as before a radio has its connection, it tries again
 * after 0.2 s. The bytes of an upload are those that ns3::ByteStreamApplication expects.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mptcp-api.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_storage servers[2];
static int server_count;
static socklen_t name_size; /* of the name that was made last */
static unsigned char bytes[16384];
static uint64_t offset; /* of the next byte to send */

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void
fail(const char* what)
{
    perror(what);
    exit(1);
}

static void
make_name(struct sockaddr_storage* name, const char* address, int port)
{
    struct sockaddr_in* sin = (struct sockaddr_in*)name;
    struct sockaddr_in6* sin6 = (struct sockaddr_in6*)name;
    memset(name, 0, sizeof(*name));
    if (inet_pton(AF_INET, address, &sin->sin_addr) == 1)
    {
        sin->sin_family = AF_INET;
        sin->sin_port = htons((uint16_t)port);
        name_size = sizeof(*sin);
    }
    else if (inet_pton(AF_INET6, address, &sin6->sin6_addr) == 1)
    {
        sin6->sin6_family = AF_INET6;
        sin6->sin6_port = htons((uint16_t)port);
        name_size = sizeof(*sin6);
    }
    else
    {
        fprintf(stderr, "%s is no address\n", address);
        exit(2);
    }
}

static void
print_name(const char* what, const struct sockaddr_storage* name)
{
    char text[INET6_ADDRSTRLEN];
    const void* address = name->ss_family == AF_INET
                              ? (const void*)&((const struct sockaddr_in*)name)->sin_addr
                              : (const void*)&((const struct sockaddr_in6*)name)->sin6_addr;
    /* The port is in the same place in both families. */
    printf(" %s %s port %hu",
           what,
           inet_ntop(name->ss_family, address, text, sizeof(text)),
           ntohs(((const struct sockaddr_in*)name)->sin_port));
}

/* The server's address of the family of a local one. */
static const struct sockaddr_storage*
find_server(const struct sockaddr_storage* local)
{
    for (int i = 0; i < server_count; i++)
    {
        if (servers[i].ss_family == local->ss_family)
        {
            return &servers[i];
        }
    }
    fprintf(stderr, "the server has no address of the family of a local one\n");
    exit(2);
}

/* Begin to open a subflow. Its identifier, or -1 if that cannot be done. */
static int
open_subflow(int fd, const char* local)
{
    struct sockaddr_storage name;
    make_name(&name, local, 0);
    unsigned int length = sizeof(struct mptcp_sub_tuple) + 2 * name_size;
    struct mptcp_sub_tuple* tuple = malloc(length);
    memcpy(tuple->addrs, &name, name_size);
    memcpy(tuple->addrs + name_size, find_server(&name), name_size);
    int id = -1;
    if (getsockopt(fd, IPPROTO_TCP, MPTCP_OPEN_SUB_TUPLE, tuple, &length) < 0)
    {
        printf("%.3f s: no subflow from %s: %s\n", now(), local, strerror(errno));
    }
    else
    {
        id = tuple->id;
        printf("%.3f s: opening subflow %d\n", now(), id);
    }
    free(tuple);
    return id;
}

static struct mptcp_sub_ids*
get_ids(int fd)
{
    unsigned int length = sizeof(struct mptcp_sub_ids) + 255 * sizeof(struct mptcp_sub_status);
    struct mptcp_sub_ids* ids = malloc(length);
    if (getsockopt(fd, IPPROTO_TCP, MPTCP_GET_SUB_IDS, ids, &length) < 0)
    {
        fail("MPTCP_GET_SUB_IDS");
    }
    return ids;
}

/* Whether the handover to a subflow is over: it was established and is the only one now, or it has
 * failed. */
static int
finish(int fd, int id)
{
    struct mptcp_sub_ids* ids = get_ids(fd);
    int found = 0;
    int established = 0;
    for (int i = 0; i < ids->sub_count; i++)
    {
        if (ids->sub_status[i].id == id)
        {
            found = 1;
            established = ids->sub_status[i].fully_established;
        }
    }
    if (established)
    {
        struct sockaddr_storage name = {0};
        unsigned int length = sizeof(struct mptcp_sub_tuple) + 2 * sizeof(struct sockaddr_in6);
        struct mptcp_sub_tuple* tuple = malloc(length);
        tuple->id = (uint8_t)id;
        if (getsockopt(fd, IPPROTO_TCP, MPTCP_GET_SUB_TUPLE, tuple, &length) < 0)
        {
            fail("MPTCP_GET_SUB_TUPLE");
        }
        printf("%.3f s: subflow %d is", now(), id);
        /* The name of this subflow is the one that was made last. */
        memcpy(&name, tuple->addrs, name_size);
        print_name("from", &name);
        memcpy(&name, tuple->addrs + name_size, name_size);
        print_name("to", &name);
        printf("\n");
        free(tuple);
        for (int i = 0; i < ids->sub_count; i++)
        {
            struct mptcp_close_sub_id request = {ids->sub_status[i].id, SHUT_RDWR};
            unsigned int size = sizeof(request);
            if (request.id != id &&
                getsockopt(fd, IPPROTO_TCP, MPTCP_CLOSE_SUB_ID, &request, &size) == 0)
            {
                printf("%.3f s: closed subflow %d\n", now(), request.id);
            }
        }
    }
    free(ids);
    return established || !found;
}

/* Each byte of an upload is a function of its offset. */
static void
fill(void)
{
    for (size_t i = 0; i < sizeof(bytes); i++)
    {
        const uint64_t at = offset + i;
        uint64_t mixed = (at / 8 + 1) * 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 31)) * 0xd1342543de82ef95;
        mixed ^= mixed >> 29;
        bytes[i] = (unsigned char)(mixed >> (8 * (at % 8)));
    }
}

/* Read or write what there is. Whether the connection goes on. */
static int
transfer(int fd, int upload)
{
    ssize_t size;
    do
    {
        if (upload)
        {
            fill();
            size = send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL);
            offset += size > 0 ? (uint64_t)size : 0;
        }
        else
        {
            size = recv(fd, bytes, sizeof(bytes), 0);
        }
    } while (size > 0);
    return size < 0 && errno == EAGAIN;
}

int
main(int argc, char* argv[])
{
    int upload = 0;
    int option;
    struct sockaddr_storage local;
    while ((option = getopt(argc, argv, "u")) == 'u')
    {
        upload = 1;
    }
    argc -= optind;
    argv += optind;
    if (option != -1 || argc < 3 || argc % 2 == 0)
    {
        fprintf(stderr,
                "usage: phone-handover [-u] SERVER[,SERVER] PORT LOCAL [SECONDS LOCAL]...\n");
        return 2;
    }
    char* more = NULL;
    for (char* name = strtok_r(argv[0], ",", &more); name != NULL && server_count < 2;
         name = strtok_r(NULL, ",", &more))
    {
        make_name(&servers[server_count++], name, atoi(argv[1]));
    }
    make_name(&local, argv[2], 0);
    const int fd = socket(local.ss_family, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr*)&local, name_size) < 0 ||
        connect(fd, (const struct sockaddr*)find_server(&local), name_size) < 0)
    {
        fail("connect");
    }
    /* From here on nothing waits but poll(): an OPEN returns at once. */
    fcntl(fd, F_SETFL, O_NONBLOCK);
    int next = 3;
    int opening = -1;
    double at = next < argc ? atof(argv[next]) : 0;
    struct pollfd wait = {.fd = fd, .events = upload ? POLLOUT : POLLIN};
    while (transfer(fd, upload))
    {
        double limit = -1;
        if (opening >= 0)
        {
            limit = 0.005;
        }
        else if (next < argc)
        {
            limit = at - now();
            limit = limit < 0 ? 0 : limit;
        }
        if (limit < 0)
        {
            poll(&wait, 1, -1);
        }
        else
        {
            const struct timespec time = {(time_t)limit,
                                          (long)((limit - (double)(time_t)limit) * 1e9)};
            ppoll(&wait, 1, &time, NULL);
        }
        if (opening >= 0 && finish(fd, opening))
        {
            opening = -1;
        }
        else if (opening < 0 && next < argc && now() >= at)
        {
            opening = open_subflow(fd, argv[next + 1]);
            if (opening < 0)
            {
                at = now() + 0.2;
            }
            else
            {
                next += 2;
                at = next < argc ? atof(argv[next]) : 0;
            }
        }
    }
    close(fd);
    return 0;
}
