/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures 2, 4, 7 and 9 of draft-hesmans-mptcp-socket-03 on a connection to a server that sends
 * back what it gets: draft-figures ADDRESS PORT. Says of each what it returned and errno. */
#include <arpa/inet.h>
#include <errno.h>
#include <mptcp-api.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int figure_result;

/* So that the results that the figures ignore are known. */
#define getsockopt(...) (figure_result = getsockopt(__VA_ARGS__))
#define setsockopt(...) (figure_result = setsockopt(__VA_ARGS__))
#include "draft-figures-code.h"

static int failures;

static void
begin(int figure, const char* what)
{
    printf("figure %d: %s\n", figure, what);
    errno = 0;
}

static void
end(int result)
{
    printf("returned %d, errno %d (%s)\n\n", result, errno, strerror(errno));
    failures += result != 0;
}

/* Let both subflows carry data. */
static void
exchange(int sockfd)
{
    static char bytes[100000];
    if (send(sockfd, bytes, sizeof(bytes), 0) != sizeof(bytes) ||
        recv(sockfd, bytes, sizeof(bytes), MSG_WAITALL) != sizeof(bytes))
    {
        perror("exchange");
        failures++;
    }
}

int
main(int argc, char* argv[])
{
    struct sockaddr_in server = {.sin_family = AF_INET};
    int id = 0;
    if (argc != 3 || inet_pton(AF_INET, argv[1], &server.sin_addr) != 1)
    {
        fprintf(stderr, "usage: %s ADDRESS PORT\n", argv[0]);
        return 2;
    }
    server.sin_port = htons((uint16_t)atoi(argv[2]));
    const int sockfd = socket(AF_INET, SOCK_STREAM, 0);
    if (sockfd < 0 || connect(sockfd, (struct sockaddr*)&server, sizeof(server)) < 0)
    {
        perror("connect");
        return 1;
    }
    exchange(sockfd);

    begin(2, "the subflows of the connection");
    end(figure2(sockfd));
    begin(4, "open a subflow from 10.0.0.1 port 12345 to 10.1.0.1 port 1234");
    end(figure4(sockfd, &id));
    begin(2, "the subflows now, the newest first");
    end(figure2(sockfd));
    begin(7, "the addresses of the new subflow");
    end(figure7(sockfd, id));
    exchange(sockfd);
    begin(9, "set the TOS of the new subflow to 12");
    end(figure9(sockfd, id));
    exchange(sockfd);
    close(sockfd);
    return failures != 0;
}
