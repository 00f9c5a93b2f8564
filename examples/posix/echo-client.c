/* SPDX-License-Identifier: GPL-2.0-only */
/* Sends lines and prints what comes back: echo-client ADDRESS PORT LINE... */
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char* argv[])
{
    if (argc < 4)
    {
        fprintf(stderr, "usage: %s ADDRESS PORT LINE...\n", argv[0]);
        return 2;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo* found;
    const int error = getaddrinfo(argv[1], argv[2], &hints, &found);
    if (error != 0)
    {
        fprintf(stderr, "%s: %s\n", argv[1], gai_strerror(error));
        return 1;
    }
    const int fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) < 0)
    {
        perror("connect");
        return 1;
    }
    freeaddrinfo(found);
    for (int i = 3; i < argc; i++)
    {
        struct timespec before, after;
        char answer[256];
        const size_t size = strlen(argv[i]);
        clock_gettime(CLOCK_MONOTONIC, &before);
        if (send(fd, argv[i], size, 0) < 0 ||
            recv(fd, answer, size < sizeof(answer) ? size : sizeof(answer), MSG_WAITALL) < 0)
        {
            perror("echo");
            return 1;
        }
        clock_gettime(CLOCK_MONOTONIC, &after);
        printf("%.*s after %ld ms\n",
               (int)size,
               answer,
               (long)((after.tv_sec - before.tv_sec) * 1000 +
                      (after.tv_nsec - before.tv_nsec) / 1000000));
    }
    close(fd);
    return 0;
}
