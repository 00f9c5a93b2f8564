/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of output: posix-output return|exit|_exit|closed|long. */
#include "check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Text that cannot be written is an error, and nothing else is written in its place. */
static void
test_closed(void)
{
    enum
    {
        SIZE = 9000
    };

    static struct
    {
        char text[SIZE];
        char secret[SIZE];
    } bytes;

    memset(bytes.text, 'a', SIZE);
    memset(bytes.secret, 'S', SIZE);
    close(1);
    errno = 0;
    const size_t written = fwrite(bytes.text, 1, SIZE, stdout);
    const int error = errno;
    dup2(2, 1);
    CHECK(ferror(stdout) && written < SIZE && error == EBADF);
    clearerr(stdout);
    CHECK(fwrite(bytes.text, 1, SIZE, stdout) == SIZE && fflush(stdout) == 0);
}

int
main(int argc, char* argv[])
{
    static char line[200000];
    const char* how = argc > 1 ? argv[1] : "";
    if (strcmp(how, "closed") == 0)
    {
        test_closed();
        return failures != 0;
    }
    if (strcmp(how, "long") == 0)
    {
        /* More than one call writes. */
        memset(line, 'x', sizeof(line));
        CHECK(fwrite(line, 1, sizeof(line), stdout) == sizeof(line) && !ferror(stdout));
        return failures != 0;
    }
    printf("written");
    fflush(stdout);
    printf(" at the end");
    if (strcmp(how, "_exit") == 0)
    {
        _exit(3);
    }
    if (strcmp(how, "exit") == 0)
    {
        exit(-2);
    }
    return -1;
}
