/* SPDX-License-Identifier: GPL-2.0-only */
/* How test programs say what is wrong: a line in the log, and an exit code that is not 0. */
#ifndef CHECK_H
#define CHECK_H

#include <errno.h>
#include <stdio.h>

static int failures;

#define CHECK(condition)                                                                           \
    do                                                                                             \
    {                                                                                              \
        if (!(condition))                                                                          \
        {                                                                                          \
            printf("%s:%d: %s (errno %d)\n", __FILE__, __LINE__, #condition, errno);               \
            failures++;                                                                            \
        }                                                                                          \
    } while (0)

/* The call fails with this errno. */
#define FAILS(call, error)                                                                         \
    do                                                                                             \
    {                                                                                              \
        errno = 0;                                                                                 \
        const long result_ = (long)(call);                                                         \
        CHECK(result_ == -1 && errno == (error));                                                  \
    } while (0)

#endif /* CHECK_H */
