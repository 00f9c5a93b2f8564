/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends back whatever it gets, one connection after the other: echo-server PORT [CONNECTIONS]. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int
main(int argc, char* argv[])
{
    if (argc < 2)
    {
        fprintf(stderr, "usage: %s PORT [CONNECTIONS]\n", argv[0]);
        return 2;
    }
    int rounds = argc > 2 ? atoi(argv[2]) : 1;
    struct sockaddr_in name;
    memset(&name, 0, sizeof(name));
    name.sin_family = AF_INET;
    name.sin_port = htons((uint16_t)atoi(argv[1]));
    name.sin_addr.s_addr = htonl(INADDR_ANY);

    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr*)&name, sizeof(name)) < 0 ||
        listen(listener, 5) < 0)
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
