/* SPDX-License-Identifier: GPL-2.0-only */
/* To open subflows on a blocking and on a non-blocking descriptor, by both calls and in both
 * layouts: posix-open SERVER PORT LOCAL [ERRNO], the latter if what comes from LOCAL is not let
 * through, with what a subflow then ends. */
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <mptcp-api.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in server = {.sin_family = AF_INET};
static struct sockaddr_in local = {.sin_family = AF_INET};
static int fd;

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* The kernel's layout: id, prio, addresses. */
static int
open_by_kernel(int set)
{
    unsigned char bytes[2 + 2 * sizeof(struct sockaddr_in)] = {0};
    unsigned int length = sizeof(bytes);
    local.sin_port = 0;
    memcpy(bytes + 2, &local, sizeof(local));
    memcpy(bytes + 2 + sizeof(local), &server, sizeof(server));
    errno = 0;
    return set ? setsockopt(fd, IPPROTO_TCP, MPTCP_KERNEL_OPEN_SUB_TUPLE, bytes, length)
               : getsockopt(fd, IPPROTO_TCP, MPTCP_KERNEL_OPEN_SUB_TUPLE, bytes, &length);
}

/* The draft's layout, by the call that tells no id. */
static int
open_by_setsockopt(void)
{
    unsigned char bytes[sizeof(struct mptcp_sub_tuple) + 2 * sizeof(struct sockaddr_in)] = {0};
    local.sin_port = 0;
    memcpy(bytes + sizeof(struct mptcp_sub_tuple), &local, sizeof(local));
    memcpy(bytes + sizeof(bytes) - sizeof(server), &server, sizeof(server));
    errno = 0;
    return setsockopt(fd, IPPROTO_TCP, MPTCP_OPEN_SUB_TUPLE, bytes, sizeof(bytes));
}

static int
open_subflow(int port, int* id)
{
    struct mptcp_sub_tuple* tuple =
        malloc(sizeof(struct mptcp_sub_tuple) + 2 * sizeof(struct sockaddr_in));
    unsigned int length = sizeof(struct mptcp_sub_tuple) + 2 * sizeof(struct sockaddr_in);
    local.sin_port = htons((uint16_t)port);
    memcpy(tuple->addrs, &local, sizeof(local));
    memcpy(tuple->addrs + sizeof(local), &server, sizeof(server));
    errno = 0;
    const int result = getsockopt(fd, IPPROTO_TCP, MPTCP_OPEN_SUB_TUPLE, tuple, &length);
    const int error = errno;
    *id = tuple->id;
    free(tuple);
    errno = error;
    return result;
}

/* Of the newest subflow. Number of subflows. */
static int
look(int* id, int* established)
{
    unsigned char bytes[2 + 2 * 10];
    struct mptcp_sub_ids* ids = (struct mptcp_sub_ids*)bytes;
    unsigned int length = sizeof(bytes);
    CHECK(getsockopt(fd, IPPROTO_TCP, MPTCP_GET_SUB_IDS, ids, &length) == 0);
    *id = ids->sub_status[0].id;
    *established = ids->sub_status[0].fully_established;
    return ids->sub_count;
}

int
main(int argc, char* argv[])
{
    char answer[5];
    int id, newest, established;
    CHECK(argc >= 4 && inet_aton(argv[1], &server.sin_addr) && inet_aton(argv[3], &local.sin_addr));
    server.sin_port = htons((uint16_t)atoi(argv[2]));
    fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect(fd, (struct sockaddr*)&server, sizeof(server)) == 0);
    CHECK(send(fd, "begin", 5, 0) == 5 && recv(fd, answer, 5, MSG_WAITALL) == 5);

    double before = now();
    if (argc > 4)
    {
        const int error = atoi(argv[4]);
        const double least = error == ETIMEDOUT ? 1 : 0.02;
        CHECK(open_subflow(0, &id) == -1 && errno == error);
        CHECK(now() - before > least);
        for (int way = 0; way < 3; way++)
        {
            before = now();
            CHECK((way == 2 ? open_by_setsockopt() : open_by_kernel(way)) == -1 && errno == error);
            CHECK(now() - before > least);
        }
        CHECK(look(&newest, &established) == 1 && newest == 1);
    }
    else
    {
        CHECK(open_subflow(4000, &id) == 0);
        CHECK(now() - before > 0.02);
        CHECK(look(&newest, &established) == 2 && newest == id && established);
        before = now();
        CHECK(open_subflow(4000, &id) == -1 && errno == EADDRINUSE);
        CHECK(open_subflow(80, &id) == -1 && errno == EACCES);
        CHECK(now() == before);
        for (int way = 0; way < 3; way++)
        {
            before = now();
            CHECK((way == 2 ? open_by_setsockopt() : open_by_kernel(way)) == 0);
            CHECK(now() - before > 0.02);
            CHECK(look(&newest, &established) == 3 && newest == 3 + way && established);
            CHECK(setsockopt(fd, IPPROTO_TCP, MPTCP_CLOSE_SUB_ID, &(char){(char)newest}, 1) == 0);
            sleep(1);
        }
    }
    CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
    before = now();
    CHECK(open_subflow(0, &id) == 0);
    CHECK(now() == before);
    CHECK(look(&newest, &established) == (argc > 4 ? 2 : 3) && newest == id && !established);
    close(fd);
    if (failures == 0)
    {
        puts("all right");
    }
    return failures != 0;
}
