/* SPDX-License-Identifier: GPL-2.0-only */
/* Events as ancillary data on a blocking descriptor: posix-events SERVER PORT, where bytes come
 * back. Each connection begins with the event of its first subflow. */
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <mptcp-api.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static char bytes[9];
static char control[200];
static struct iovec piece = {bytes, sizeof(bytes)};
static struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = control};

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static ssize_t
receive(int fd, size_t room, int flags)
{
    message.msg_controllen = room;
    message.msg_flags = 0;
    return recvmsg(fd, &message, flags);
}

/* From any address to a server. */
static void
open_subflow(int fd, const struct sockaddr_in* server)
{
    struct
    {
        struct mptcp_sub_tuple tuple;
        struct sockaddr_in local;
        struct sockaddr_in remote;
    } request = {.local = {.sin_family = AF_INET}, .remote = *server};

    CHECK(setsockopt(fd, IPPROTO_TCP, MPTCP_OPEN_SUB_TUPLE, &request, sizeof(request)) == 0);
}

/* The subflow of the oldest event, which must be of this type. */
static int
read_event(int fd, int type)
{
    union mptcp_event event = {0};
    unsigned int length = sizeof(event);
    CHECK(getsockopt(fd, IPPROTO_TCP, MPTCP_READ_EVENT, &event, &length) == 0);
    CHECK(event.header.type == type && event.header.length == length);
    return event.subflow.id;
}

int
main(int argc, char* argv[])
{
    struct sockaddr_in server = {.sin_family = AF_INET};
    CHECK(argc == 3 && inet_aton(argv[1], &server.sin_addr));
    server.sin_port = htons((uint16_t)atoi(argv[2]));
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct mptcp_event_subscription all = {0, 1};
    CHECK(setsockopt(fd, IPPROTO_TCP, MPTCP_EVENT_SUBSCRIPTION, &all, sizeof(all)) == 0);
    CHECK(connect(fd, (struct sockaddr*)&server, sizeof(server)) == 0);
    sleep(1);

    /* No room for the event: the call waits for bytes, as long as it may. */
    struct timeval limit = {2, 0};
    CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0);
    double before = now();
    FAILS(receive(fd, 16, 0), EAGAIN);
    CHECK(now() - before > 1.999 && now() - before < 2.001);
    CHECK(send(fd, "abc", 3, 0) == 3);
    CHECK(receive(fd, 16, 0) == 3 && message.msg_flags == MSG_CTRUNC);

    /* An event that comes with the first bytes of all that are asked for is not lost. */
    CHECK(send(fd, "abc", 3, 0) == 3);
    sleep(1);
    CHECK(send(fd, "defghi", 6, 0) == 6);
    CHECK(receive(fd, sizeof(control), MSG_WAITALL) == 3);
    CHECK(message.msg_flags == MPTCP_MSG_EVENT);
    const struct cmsghdr* head = CMSG_FIRSTHDR(&message);
    CHECK(head && head->cmsg_type == MPTCP_SCM_EVENT);
    CHECK(receive(fd, sizeof(control), MSG_WAITALL) == 6);

    /* One that comes between two rounds waits on and ends no wait. */
    struct mptcp_sub_prio backup = {1, 1};
    CHECK(send(fd, "abc", 3, 0) == 3);
    sleep(1);
    CHECK(setsockopt(fd, IPPROTO_TCP, MPTCP_SET_SUB_PRIO, &backup, sizeof(backup)) == 0);
    before = now();
    CHECK(receive(fd, 16, MSG_WAITALL) == 3 && message.msg_flags == MSG_CTRUNC);
    CHECK(now() - before > 1.999);
    FAILS(receive(fd, sizeof(control), 0), ENOMSG);
    CHECK(message.msg_flags == MPTCP_MSG_EVENT);

    /* poll() and select() wake for an event alone: a subflow that was opened, and its end. */
    struct pollfd wait = {.fd = fd, .events = POLLPRI};
    CHECK(poll(&wait, 1, 100) == 0);
    CHECK(fcntl(fd, F_SETFL, O_NONBLOCK) == 0);
    open_subflow(fd, &server);
    before = now();
    CHECK(poll(&wait, 1, -1) == 1 && wait.revents == POLLPRI);
    CHECK(now() - before > 0.019 && now() - before < 0.1);
    const int id = read_event(fd, MPTCP_EVENT_SUB_CREATED);
    CHECK(id == 2 && poll(&wait, 1, 0) == 0);
    CHECK(setsockopt(fd, IPPROTO_TCP, MPTCP_CLOSE_SUB_ID, &(char){(char)id}, 1) == 0);
    fd_set others;
    FD_ZERO(&others);
    FD_SET(fd, &others);
    before = now();
    CHECK(select(fd + 1, NULL, NULL, &others, NULL) == 1 && FD_ISSET(fd, &others));
    CHECK(now() - before > 0.019 && now() - before < 0.1);
    CHECK(read_event(fd, MPTCP_EVENT_SUB_DELETED) == id);
    struct timeval none = {0, 0};
    CHECK(select(fd + 1, NULL, NULL, &others, &none) == 0 && !FD_ISSET(fd, &others));
    close(fd);
    if (failures == 0)
    {
        puts("all right");
    }
    return failures != 0;
}
