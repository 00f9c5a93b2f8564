/* SPDX-License-Identifier: GPL-2.0-only */
/* err.h: messages on the standard error, some of which end the program. */
#include "shim.h"

#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "program: text: reason", without the reason if there is no error. */
static void
complain(int error, const char* format, va_list arguments)
{
    const char* slash = strrchr(mptcp_posix_name, '/');
    fprintf(stderr, "%s: ", slash ? slash + 1 : mptcp_posix_name);
    if (format)
    {
        vfprintf(stderr, format, arguments);
    }
    if (error)
    {
        fprintf(stderr, "%s%s", format ? ": " : "", strerror(error));
    }
    fputc('\n', stderr);
}

void
vwarn(const char* format, va_list arguments)
{
    complain(errno, format, arguments);
}

void
vwarnx(const char* format, va_list arguments)
{
    complain(0, format, arguments);
}

void
verr(int status, const char* format, va_list arguments)
{
    complain(errno, format, arguments);
    exit(status);
}

void
verrx(int status, const char* format, va_list arguments)
{
    complain(0, format, arguments);
    exit(status);
}

void
warn(const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vwarn(format, arguments);
    va_end(arguments);
}

void
warnx(const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vwarnx(format, arguments);
    va_end(arguments);
}

void
err(int status, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    verr(status, format, arguments);
}

void
errx(int status, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    verrx(status, format, arguments);
}
