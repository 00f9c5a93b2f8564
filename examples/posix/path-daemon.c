/* SPDX-License-Identifier: GPL-2.0-only */
/* Manages the paths of all connections of its node: path-daemon LOCAL REMOTE SECONDS. Each new
 * connection gets a subflow from LOCAL to REMOTE at once; so many seconds later its first one is
 * closed. Ends when all connections that it has heard of are closed. */
#include <arpa/inet.h>
#include <mptcp-control.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MOST 16

static uint32_t sequence;

static void
start(struct mptcp_control_header* header, int type, size_t length, uint32_t token)
{
    memset(header, 0, length);
    header->type = (uint16_t)type;
    header->length = (uint32_t)length;
    header->sequence = ++sequence;
    header->token = token;
}

int
main(int argc, char* argv[])
{
    struct mptcp_control_subflow open_request;
    struct mptcp_control_subscribe subscribe;

    struct
    {
        uint32_t token;
        time_t until;
    } moving[MOST];

    int waiting = 0, connections = 0, closed = 0;
    const int fd = socket(MPTCP_PF_CONTROL, SOCK_DGRAM, 0);
    if (argc != 4 || fd < 0)
    {
        perror("path-daemon LOCAL REMOTE SECONDS");
        return 1;
    }
    start(&subscribe.header, MPTCP_CONTROL_SUBSCRIBE, sizeof(subscribe), 0);
    subscribe.on = 1;
    send(fd, &subscribe, sizeof(subscribe), 0);
    while (connections == 0 || closed < connections)
    {
        struct pollfd wait = {fd, POLLIN, 0};

        union
        {
            struct mptcp_control_header header;
            struct mptcp_control_done done;
            struct mptcp_control_connection connection;
            struct mptcp_control_path path;
        } message;

        if (poll(&wait, 1, waiting > 0 ? 100 : -1) > 0 &&
            recv(fd, &message, sizeof(message), 0) > 0)
        {
            const uint32_t token = message.header.token;
            if (message.header.type == MPTCP_CONTROL_CREATED && waiting < MOST)
            {
                start(&open_request.header, MPTCP_CONTROL_OPEN, sizeof(open_request), token);
                open_request.local.sin.sin_family = open_request.remote.sin.sin_family = AF_INET;
                inet_pton(AF_INET, argv[1], &open_request.local.sin.sin_addr);
                inet_pton(AF_INET, argv[2], &open_request.remote.sin.sin_addr);
                send(fd, &open_request, sizeof(open_request), 0);
                moving[waiting].token = token;
                moving[waiting++].until = time(NULL) + atoi(argv[3]);
                connections++;
            }
            else if (message.header.type == MPTCP_CONTROL_CLOSED)
            {
                closed++;
            }
            else if (message.header.type == MPTCP_CONTROL_PATH)
            {
                printf("event %d of subflow %d\n",
                       message.path.event.header.type,
                       message.path.event.subflow.id);
            }
            else if (message.header.type == MPTCP_CONTROL_DONE && message.done.error != 0)
            {
                printf("request %u: %s\n", message.header.sequence, strerror(message.done.error));
            }
        }
        for (int i = 0; i < waiting; i++)
        {
            if (time(NULL) >= moving[i].until)
            {
                struct mptcp_control_close close_request;
                start(&close_request.header,
                      MPTCP_CONTROL_CLOSE,
                      sizeof(close_request),
                      moving[i].token);
                close_request.id = 1;
                close_request.how = SHUT_RDWR;
                send(fd, &close_request, sizeof(close_request), 0);
                moving[i--] = moving[--waiting];
            }
        }
    }
    printf("%d connections, all closed\n", closed);
    return 0;
}
