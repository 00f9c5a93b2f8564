/* SPDX-License-Identifier: GPL-2.0-only */
/* A client of the Linux kernel that had the options of draft-hesmans-mptcp-socket, with the numbers
 * and layouts of that kernel and not of mptcp-api.h: kernel-list SERVER PORT LOCAL. It opens a
 * subflow from LOCAL, lists all of them with their states and addresses, and closes the first. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum
{
    GET_SUB_IDS = 66,
    CLOSE_SUB_ID = 67,
    GET_SUB_TUPLE = 68,
    OPEN_SUB_TUPLE = 69
};

/* Five bits behind each identifier. */
struct status
{
    unsigned char id;
    unsigned short slave : 1, fully_established : 1, attached : 1, low_prio : 1,
        pre_established : 1;
};

struct ids
{
    unsigned char count;
    struct status subflows[];
};

static int family;

/* An address and port, in 16 or 28 bytes. */
static socklen_t
make_name(struct sockaddr_storage* name, const char* address, int port)
{
    memset(name, 0, sizeof(*name));
    if (inet_pton(AF_INET, address, &((struct sockaddr_in*)name)->sin_addr) == 1)
    {
        ((struct sockaddr_in*)name)->sin_family = AF_INET;
        ((struct sockaddr_in*)name)->sin_port = htons((uint16_t)port);
        return sizeof(struct sockaddr_in);
    }
    if (inet_pton(AF_INET6, address, &((struct sockaddr_in6*)name)->sin6_addr) != 1)
    {
        fprintf(stderr, "%s is no address\n", address);
        exit(2);
    }
    ((struct sockaddr_in6*)name)->sin6_family = AF_INET6;
    ((struct sockaddr_in6*)name)->sin6_port = htons((uint16_t)port);
    return sizeof(struct sockaddr_in6);
}

static void
print_name(const unsigned char* bytes)
{
    char text[INET6_ADDRSTRLEN];
    if (family == AF_INET)
    {
        struct sockaddr_in sin;
        memcpy(&sin, bytes, sizeof(sin));
        printf(" %s", inet_ntop(AF_INET, &sin.sin_addr, text, sizeof(text)));
    }
    else
    {
        struct sockaddr_in6 sin6;
        memcpy(&sin6, bytes, sizeof(sin6));
        printf(" %s", inet_ntop(AF_INET6, &sin6.sin6_addr, text, sizeof(text)));
    }
}

/* The kernel does not say how much room the list needs: try, and try with more. */
static struct ids*
get_ids(int fd, int* tries)
{
    socklen_t length = 2;
    struct ids* ids = malloc(length);
    *tries = 1;
    while (getsockopt(fd, IPPROTO_TCP, GET_SUB_IDS, ids, &length) < 0)
    {
        if (errno != EINVAL)
        {
            perror("GET_SUB_IDS");
            exit(1);
        }
        ++*tries;
        length = (socklen_t)(2 * *tries);
        ids = realloc(ids, length);
    }
    return ids;
}

static void
list(int fd, socklen_t name_length)
{
    int tries;
    struct ids* ids = get_ids(fd, &tries);
    printf("%d subflows after %d tries\n", ids->count, tries);
    for (int i = 0; i < ids->count; i++)
    {
        unsigned char tuple[100] = {ids->subflows[i].id};
        socklen_t length = sizeof(tuple);
        if (getsockopt(fd, IPPROTO_TCP, GET_SUB_TUPLE, tuple, &length) < 0)
        {
            perror("GET_SUB_TUPLE");
            exit(1);
        }
        printf("%d:", tuple[0]);
        print_name(tuple + 1);
        print_name(tuple + 1 + name_length);
        printf("%s%s\n",
               ids->subflows[i].fully_established ? " established" : "",
               ids->subflows[i].low_prio ? " backup" : "");
    }
    free(ids);
}

int
main(int argc, char* argv[])
{
    struct sockaddr_storage server;
    struct sockaddr_storage local;
    if (argc != 4)
    {
        fprintf(stderr, "usage: %s SERVER PORT LOCAL\n", argv[0]);
        return 2;
    }
    const socklen_t size = make_name(&server, argv[1], atoi(argv[2]));
    family = server.ss_family;
    const int fd = socket(family, SOCK_STREAM, IPPROTO_TCP);
    if (connect(fd, (struct sockaddr*)&server, size) < 0)
    {
        perror("connect");
        return 1;
    }
    send(fd, "hello", 5, 0);
    char answer[16];
    recv(fd, answer, 5, MSG_WAITALL);
    list(fd, size);

    /* {id, local, remote}: 33 or 57 bytes. Remote port 0 is that of the connection. */
    unsigned char tuple[57] = {0};
    socklen_t length = 1 + 2 * size;
    make_name(&local, argv[3], 10);
    memcpy(tuple + 1, &local, size);
    memcpy(tuple + 1 + size, &server, size);
    if (getsockopt(fd, IPPROTO_TCP, OPEN_SUB_TUPLE, tuple, &length) == 0 || errno != EACCES)
    {
        perror("port 10 should be refused");
        return 1;
    }
    make_name(&local, argv[3], 0);
    memcpy(tuple + 1, &local, size);
    if (getsockopt(fd, IPPROTO_TCP, OPEN_SUB_TUPLE, tuple, &length) < 0)
    {
        perror("OPEN_SUB_TUPLE");
        return 1;
    }
    printf("opened %d with %u bytes\n", tuple[0], (unsigned int)length);
    list(fd, size);

    unsigned char first = 1;
    length = sizeof(first);
    if (getsockopt(fd, IPPROTO_TCP, CLOSE_SUB_ID, &first, &length) < 0)
    {
        perror("CLOSE_SUB_ID");
        return 1;
    }
    send(fd, "goodbye", 7, 0);
    recv(fd, answer, 7, MSG_WAITALL);
    sleep(1);
    list(fd, size);
    first = 77;
    if (getsockopt(fd, IPPROTO_TCP, CLOSE_SUB_ID, &first, &length) == 0 || errno != EINVAL)
    {
        perror("subflow 77 should not be known");
        return 1;
    }
    close(fd);
    return 0;
}
