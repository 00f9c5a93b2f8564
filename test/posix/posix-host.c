/* SPDX-License-Identifier: GPL-2.0-only */
/* What a node does not have is refused, and the program goes on. */
#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int
main(void)
{
    FAILS(fork(), ENOSYS);
    FAILS(open("/etc/passwd", O_RDONLY), ENOSYS);
    CHECK(fopen("/etc/passwd", "r") == NULL && errno == ENOSYS);
    FAILS(system("true"), ENOSYS);
    FAILS(dup(1), ENOSYS);
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
