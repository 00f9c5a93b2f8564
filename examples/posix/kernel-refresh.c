/* SPDX-License-Identifier: GPL-2.0-only */
/* A second client of that kernel: kernel-refresh SERVER PORT LOCAL TIMES. It replaces the subflow
 * from LOCAL by a fresh one between the same addresses, again and again, while an echo goes on, and
 * looks at each one's TCP_INFO before. IPv4, in the kernel's 33 bytes. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct sub_getsockopt
{
    unsigned char id;
    int level;
    int name;
    char* value;
    unsigned int* length;
};

/* The states of a subflow, 2 for fully established, or -1. The list has the number of subflows and
 * a byte that is not used, then for each its identifier and its states. */
static int
get_state(int fd, int id)
{
    unsigned char ids[2 + 2 * 32];
    socklen_t length = sizeof(ids);
    if (getsockopt(fd, IPPROTO_TCP, 66, ids, &length) < 0)
    {
        perror("GET_SUB_IDS");
        exit(1);
    }
    for (int i = 0; i < ids[0]; i++)
    {
        if (ids[2 + 2 * i] == id)
        {
            return ids[3 + 2 * i];
        }
    }
    return -1;
}

static int
open_subflow(int fd, const struct sockaddr_in* local, const struct sockaddr_in* remote)
{
    unsigned char tuple[33] = {0};
    socklen_t length = sizeof(tuple);
    memcpy(tuple + 1, local, 16);
    memcpy(tuple + 17, remote, 16);
    if (getsockopt(fd, IPPROTO_TCP, 69, tuple, &length) < 0)
    {
        perror("OPEN_SUB_TUPLE");
        exit(1);
    }
    const struct timespec pause = {0, 10000000};
    for (int i = 0; i < 300 && (get_state(fd, tuple[0]) & 2) == 0; i++)
    {
        nanosleep(&pause, NULL);
    }
    return tuple[0];
}

int
main(int argc, char* argv[])
{
    struct sockaddr_in server = {.sin_family = AF_INET};
    struct sockaddr_in local = {.sin_family = AF_INET};
    if (argc != 5 || !inet_aton(argv[1], &server.sin_addr) || !inet_aton(argv[3], &local.sin_addr))
    {
        fprintf(stderr, "usage: %s SERVER PORT LOCAL TIMES\n", argv[0]);
        return 2;
    }
    server.sin_port = htons((uint16_t)atoi(argv[2]));
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr*)&server, sizeof(server)) < 0)
    {
        perror("connect");
        return 1;
    }
    send(fd, "begin", 5, 0);
    char answer[1000];
    recv(fd, answer, 5, MSG_WAITALL);
    int current = open_subflow(fd, &local, &server);
    const int times = atoi(argv[4]);
    for (int i = 0; i < times; i++)
    {
        memset(answer, i, sizeof(answer));
        if (send(fd, answer, sizeof(answer), 0) != sizeof(answer) ||
            recv(fd, answer, sizeof(answer), MSG_WAITALL) != sizeof(answer) || answer[999] != i)
        {
            perror("echo");
            return 1;
        }
        struct tcp_info info = {0};
        unsigned int size = sizeof(info);
        struct sub_getsockopt request = {
            (unsigned char)current, IPPROTO_TCP, TCP_INFO, (char*)&info, &size};
        socklen_t length = sizeof(request);
        if (getsockopt(fd, IPPROTO_TCP, 71, &request, &length) < 0 || info.tcpi_state != 1)
        {
            perror("TCP_INFO");
            return 1;
        }
        const int fresh = open_subflow(fd, &local, &server);
        unsigned char old = (unsigned char)current;
        length = sizeof(old);
        if (fresh == current || getsockopt(fd, IPPROTO_TCP, 67, &old, &length) < 0)
        {
            perror("CLOSE_SUB_ID");
            return 1;
        }
        printf("%d replaced by %d, round trip %u ms\n", current, fresh, info.tcpi_rtt / 1000);
        current = fresh;
    }
    close(fd);
    return 0;
}
