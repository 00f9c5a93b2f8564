/* SPDX-License-Identifier: GPL-2.0-only */
/* Stays in a call for ever: posix-blocked CALL [ADDRESS]. What it has when it is ended there is
 * taken from it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int
compare(const void* left, const void* right)
{
    (void)left;
    (void)right;
    sleep(1000000);
    return 0;
}

int
main(int argc, char* argv[])
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(6000)};
    char* bytes = malloc(10000000);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    const int other = socket(AF_INET, SOCK_DGRAM, 0);
    const char* call = argv[1];
    if (argc > 2)
    {
        inet_pton(AF_INET, argv[2], &name.sin_addr);
    }
    printf("in %s()", call);
    fflush(stdout);
    if (!strcmp(call, "accept"))
    {
        bind(fd, (struct sockaddr*)&name, sizeof(name));
        listen(fd, 3);
        accept(fd, NULL, NULL);
        recv(accept(fd, NULL, NULL), bytes, 1, 0);
    }
    else if (!strcmp(call, "connect"))
    {
        connect(fd, (struct sockaddr*)&name, sizeof(name));
    }
    else if (!strcmp(call, "recv") && connect(fd, (struct sockaddr*)&name, sizeof(name)) == 0)
    {
        recv(fd, bytes, 10, 0);
    }
    else if (!strcmp(call, "send") && connect(fd, (struct sockaddr*)&name, sizeof(name)) == 0)
    {
        send(fd, bytes, 10000000, 0);
    }
    else if (!strcmp(call, "printf") && connect(fd, (struct sockaddr*)&name, sizeof(name)) == 0)
    {
        /* The log is a stream that nobody reads. */
        memset(bytes, 'x', 3000);
        dup2(fd, 1);
        while (printf("%s\n", bytes) > 0)
        {
        }
    }
    else if (!strcmp(call, "return") && connect(fd, (struct sockaddr*)&name, sizeof(name)) == 0)
    {
        /* main() is over, and what stdout holds has to be written. */
        setvbuf(stdout, bytes, _IOFBF, 10000000);
        dup2(fd, 1);
        for (int i = 0; i < 1000000; i++)
        {
            printf("nine more");
        }
        return 0;
    }
    else if (!strcmp(call, "recvfrom"))
    {
        recvfrom(other, bytes, 10, 0, NULL, NULL);
    }
    else if (!strcmp(call, "poll"))
    {
        struct pollfd wait = {.fd = other, .events = POLLIN};
        poll(&wait, 1, -1);
    }
    else if (!strcmp(call, "qsort"))
    {
        int numbers[] = {2, 1};
        qsort(numbers, 2, sizeof(int), compare);
    }
    else if (!strcmp(call, "spin"))
    {
        while (recvfrom(other, bytes, 10, MSG_DONTWAIT, NULL, NULL) < 0)
        {
        }
    }
    printf("not reached\n");
    return 0;
}
