/* SPDX-License-Identifier: GPL-2.0-only */
/* What a node does not have is refused, and the program goes on. */
#define _GNU_SOURCE
#include "check.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

int
main(void)
{
    FAILS(fork(), ENOSYS);
    FAILS(open("/etc/passwd", O_RDONLY), ENOSYS);
    CHECK(fopen("/etc/passwd", "r") == NULL && errno == ENOSYS);
    FAILS(system("true"), ENOSYS);
    FAILS(epoll_create1(0), ENOSYS);
    FAILS(access("/etc/passwd", R_OK), ENOSYS);
    char* line = NULL;
    size_t room = 0;
    CHECK(getline(&line, &room, stdin) == -1);
    errno = EBADF;
    warn("warning %d", 7);
    char byte;
    CHECK(read(0, &byte, 1) == 0);
    CHECK(dprintf(1, "%d is the log\n", 1) == 13);
    char* volatile foreign = &byte;
    free(foreign);
    if (failures)
    {
        return 1;
    }
    abort();
}
