/* SPDX-License-Identifier: GPL-2.0-only */
/* What close() does to bytes that are on their way: posix-linger SERVER PORT [SECONDS], the time of
 * SO_LINGER. */
#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int
main(int argc, char* argv[])
{
    struct sockaddr_in server = {.sin_family = AF_INET};
    CHECK(argc >= 3 && inet_pton(AF_INET, argv[1], &server.sin_addr) == 1);
    server.sin_port = htons((uint16_t)atoi(argv[2]));
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect(fd, (struct sockaddr*)&server, sizeof(server)) == 0);
    if (argc > 3)
    {
        const struct linger linger = {1, atoi(argv[3])};
        CHECK(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)) == 0);
    }
    CHECK(send(fd, "bytes", 5, 0) == 5);
    CHECK(close(fd) == 0);
    return failures != 0;
}
