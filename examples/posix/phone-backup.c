/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A phone that keeps the cellular path as a backup and acts on events (section 4 of
 * draft-hesmans-mptcp-socket-03):
 *
 *     phone-backup SERVER PORT WIFI CELLULAR
 *
 * It connects from the address on WiFi and opens a backup from that on the cellular access. When
 * WiFi's address is lost, its subflow is closed and the backup becomes an ordinary one; when it is
 * back, a subflow is opened there, and once it lives the cellular one is a backup again. It reads
 * what the server sends until the end. IPv4.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <mptcp-api.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int fd;
static struct sockaddr_in server;
static struct sockaddr_in wifi;
static struct sockaddr_in cellular;
static int wifi_id = 1;
static int cellular_id = -1;
static long total;

static void
say(const char* what, int id)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    printf("%ld.%03ld s: %s", (long)time.tv_sec, time.tv_nsec / 1000000, what);
    id < 0 ? printf("\n") : printf(" %d\n", id);
}

static int
open_subflow(const struct sockaddr_in* local, int prio, int if_idx)
{
    unsigned int length = sizeof(struct mptcp_sub_tuple) + 2 * sizeof(struct sockaddr_in);
    struct mptcp_sub_tuple* tuple = malloc(length);
    tuple->prio = (uint8_t)prio;
    tuple->if_idx = if_idx;
    memcpy(tuple->addrs, local, sizeof(*local));
    memcpy(tuple->addrs + sizeof(*local), &server, sizeof(server));
    const int error = getsockopt(fd, IPPROTO_TCP, MPTCP_OPEN_SUB_TUPLE, tuple, &length);
    const int id = error < 0 ? -1 : tuple->id;
    if (error < 0)
    {
        perror("MPTCP_OPEN_SUB_TUPLE");
    }
    free(tuple);
    return id;
}

static void
set_backup(int prio)
{
    struct mptcp_sub_prio request = {(uint8_t)cellular_id, (uint8_t)prio};
    if (setsockopt(fd, IPPROTO_TCP, MPTCP_SET_SUB_PRIO, &request, sizeof(request)) < 0)
    {
        perror("MPTCP_SET_SUB_PRIO");
    }
}

static void
act(const union mptcp_event* event)
{
    switch (event->header.type)
    {
    case MPTCP_EVENT_SUB_CREATED:
        say("created subflow", event->subflow.id);
        if (event->subflow.id == wifi_id && cellular_id >= 0)
        {
            set_backup(1);
        }
        break;
    case MPTCP_EVENT_SUB_DELETED:
        say("deleted subflow", event->subflow.id);
        if (event->subflow.id == wifi_id)
        {
            wifi_id = -1;
            set_backup(0);
        }
        break;
    case MPTCP_EVENT_LOCAL_ADDRESS:
        if (event->address.addr.sin.sin_addr.s_addr != wifi.sin_addr.s_addr)
        {
            break;
        }
        say(event->address.available ? "WiFi is back" : "WiFi is gone", -1);
        if (!event->address.available && wifi_id >= 0)
        {
            /* Nothing that is sent from there arrives: do not wait for it. */
            struct mptcp_close_sub_id request = {(uint8_t)wifi_id, RST};
            if (setsockopt(fd, IPPROTO_TCP, MPTCP_CLOSE_SUB_ID, &request, sizeof(request)) < 0)
            {
                perror("MPTCP_CLOSE_SUB_ID");
            }
        }
        else if (event->address.available && wifi_id < 0)
        {
            wifi_id = open_subflow(&event->address.addr.sin, 0, event->address.if_idx);
        }
        break;
    case MPTCP_EVENT_SUB_PRIO:
        say(event->prio.low_prio ? "backup now is" : "no backup any more is", event->prio.id);
        break;
    default:
        break;
    }
}

/* Read data and events. Whether the connection goes on. */
static int
read_some(void)
{
    static char bytes[65536];
    char control[1024];
    struct iovec piece = {bytes, sizeof(bytes)};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof(control)};
    const ssize_t size = recvmsg(fd, &message, 0);
    if (size < 0 && errno != ENOMSG)
    {
        perror("recvmsg");
        return 0;
    }
    total += size > 0 ? size : 0;
    for (struct cmsghdr* header = CMSG_FIRSTHDR(&message); header;
         header = CMSG_NXTHDR(&message, header))
    {
        union mptcp_event event;
        if (header->cmsg_level == IPPROTO_TCP && header->cmsg_type == MPTCP_SCM_EVENT)
        {
            memcpy(&event, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
            act(&event);
        }
    }
    return size != 0;
}

int
main(int argc, char* argv[])
{
    if (argc != 5 || !inet_aton(argv[1], &server.sin_addr) || !inet_aton(argv[3], &wifi.sin_addr) ||
        !inet_aton(argv[4], &cellular.sin_addr))
    {
        fprintf(stderr, "usage: %s SERVER PORT WIFI CELLULAR\n", argv[0]);
        return 2;
    }
    server.sin_family = wifi.sin_family = cellular.sin_family = AF_INET;
    server.sin_port = htons((uint16_t)atoi(argv[2]));

    const struct mptcp_event_subscription all = {0, 1};
    fd = socket(AF_INET, SOCK_STREAM, 0);
    if (setsockopt(fd, IPPROTO_TCP, MPTCP_EVENT_SUBSCRIPTION, &all, sizeof(all)) < 0 ||
        bind(fd, (struct sockaddr*)&wifi, sizeof(wifi)) < 0 ||
        connect(fd, (struct sockaddr*)&server, sizeof(server)) < 0)
    {
        perror("connect");
        return 1;
    }
    send(fd, "begin", 5, 0);
    /* Before the peer has answered it may not know of this connection. */
    if (!read_some())
    {
        return 1;
    }
    cellular_id = open_subflow(&cellular, 1, 0);
    while (read_some())
    {
    }
    printf("%ld bytes\n", total);
    close(fd);
    return cellular_id < 0;
}
