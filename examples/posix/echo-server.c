/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends back whatever it gets, one connection after the other: echo-server PORT [CONNECTIONS
 * [FAMILY]], FAMILY 4 or 6. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int
main(int argc, char* argv[])
{
    if (argc < 2)
    {
        fprintf(stderr, "usage: %s PORT [CONNECTIONS [FAMILY]]\n", argv[0]);
        return 2;
    }
    int rounds = argc > 2 ? atoi(argv[2]) : 1;
    const int ipv6 = argc > 3 && atoi(argv[3]) == 6;
    const uint16_t port = htons((uint16_t)atoi(argv[1]));
    const struct sockaddr_in any4 = {.sin_family = AF_INET, .sin_port = port};
    const struct sockaddr_in6 any6 = {.sin6_family = AF_INET6, .sin6_port = port};
    const struct sockaddr* name =
        ipv6 ? (const struct sockaddr*)&any6 : (const struct sockaddr*)&any4;
    const socklen_t length = ipv6 ? sizeof(any6) : sizeof(any4);

    const int listener = socket(name->sa_family, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, name, length) < 0 || listen(listener, 5) < 0)
    {
        perror("listening");
        return 1;
    }
    while (rounds-- > 0)
    {
        const int fd = accept(listener, NULL, NULL);
        if (fd < 0)
        {
            perror("accept");
            return 1;
        }
        char bytes[4096];
        long total = 0;
        ssize_t size;
        while ((size = recv(fd, bytes, sizeof(bytes), 0)) > 0)
        {
            if (send(fd, bytes, (size_t)size, 0) != size)
            {
                perror("send");
                return 1;
            }
            total += size;
        }
        if (size < 0)
        {
            perror("recv");
        }
        printf("%ld bytes\n", total);
        close(fd);
    }
    return 0;
}
