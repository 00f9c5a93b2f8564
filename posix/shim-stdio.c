/* SPDX-License-Identifier: GPL-2.0-only */
/* Standard streams that end in the instance's log, and the end of a program. */
#define _GNU_SOURCE
#include "shim.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Instead of the host's. */
FILE* stdin;
FILE* stdout;
FILE* stderr;

/* After _exit(): what streams hold is lost. */
static int discarding;

/* What fopencookie() wants: all of it, or it is an error. Returns what could be written, and never
 * a negative number. */
static ssize_t
write_all(int fd, const char* bytes, size_t size)
{
    size_t done = 0;
    while (!discarding && done < size)
    {
        const ssize_t written = write(fd, bytes + done, size - done);
        if (written <= 0)
        {
            break;
        }
        done += (size_t)written;
    }
    return (ssize_t)done;
}

static ssize_t
write_out(void* cookie, const char* bytes, size_t size)
{
    (void)cookie;
    return write_all(STDOUT_FILENO, bytes, size);
}

static ssize_t
write_error(void* cookie, const char* bytes, size_t size)
{
    (void)cookie;
    return write_all(STDERR_FILENO, bytes, size);
}

static ssize_t
read_nothing(void* cookie, char* bytes, size_t size)
{
    (void)cookie;
    (void)bytes;
    (void)size;
    return 0;
}

VISIBLE int
mptcp_posix_start(const struct mptcp_posix_calls* calls)
{
    mptcp_posix = calls;
    stdin = mptcp_posix->open_stream(read_nothing, NULL);
    stdout = mptcp_posix->open_stream(NULL, write_out);
    stderr = mptcp_posix->open_stream(NULL, write_error);
    if (!stdin || !stdout || !stderr)
    {
        return -1;
    }
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    setvbuf(stderr, NULL, _IONBF, 0);
    return 0;
}

VISIBLE void
mptcp_posix_finish(void)
{
    FILE** streams[] = {&stdin, &stdout, &stderr};
    for (int i = 0; i < 3; i++)
    {
        if (*streams[i])
        {
            mptcp_posix->close_stream(*streams[i]);
            *streams[i] = NULL;
        }
    }
}

/* All streams are the program's own two, not those of the host and of other programs. */
int
fflush(FILE* stream)
{
    if (stream)
    {
        return mptcp_posix->flush_stream(stream);
    }
    const int out = mptcp_posix->flush_stream(stdout);
    const int error = mptcp_posix->flush_stream(stderr);
    return out ? out : error;
}

/* There are no others than the standard streams, which are closed in the end. */
int
fclose(FILE* stream)
{
    return fflush(stream);
}

int
vprintf(const char* format, va_list arguments)
{
    return vfprintf(stdout, format, arguments);
}

int
printf(const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vfprintf(stdout, format, arguments);
    va_end(arguments);
    return length;
}

int
puts(const char* text)
{
    return fputs(text, stdout) < 0 || fputc('\n', stdout) < 0 ? EOF : 1;
}

int
putchar(int character)
{
    return fputc(character, stdout);
}

int
getchar(void)
{
    return fgetc(stdin);
}

ssize_t
getdelim(char** text, size_t* room, int delimiter, FILE* stream)
{
    size_t used = 0;
    int character = 0;
    while (character != delimiter && (character = fgetc(stream)) != EOF)
    {
        if (!*text || used + 2 > *room)
        {
            const size_t size = used * 2 + 128;
            char* larger = realloc(*text, size);
            if (!larger)
            {
                return -1;
            }
            *text = larger;
            *room = size;
        }
        (*text)[used++] = (char)character;
        (*text)[used] = '\0';
    }
    return used > 0 ? (ssize_t)used : -1;
}

/* What an optimising compiler makes of getline(). */
ssize_t __getdelim(char** text, size_t* room, int delimiter, FILE* stream)
    __attribute__((alias("getdelim")));

ssize_t
getline(char** text, size_t* room, FILE* stream)
{
    return getdelim(text, room, '\n', stream);
}

void
perror(const char* text)
{
    const int error = errno;
    const char* reason = strerror(error);
    if (text && *text)
    {
        fprintf(stderr, "%s: %s\n", text, reason);
    }
    else
    {
        fprintf(stderr, "%s\n", reason);
    }
    errno = error;
}

int
vdprintf(int fd, const char* format, va_list arguments)
{
    char* text;
    const int length = vasprintf(&text, format, arguments);
    if (length < 0)
    {
        return -1;
    }
    const ssize_t written = write_all(fd, text, (size_t)length);
    free(text);
    return written < length ? -1 : length;
}

int
dprintf(int fd, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vdprintf(fd, format, arguments);
    va_end(arguments);
    return length;
}

int
vasprintf(char** text, const char* format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    *text = length < 0 ? NULL : malloc((size_t)length + 1);
    return *text ? vsnprintf(*text, (size_t)length + 1, format, arguments) : -1;
}

int
asprintf(char** text, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int length = vasprintf(text, format, arguments);
    va_end(arguments);
    return length;
}

/* The end */

static void (*exit_handlers[32])(void);
static int exit_handler_count;

int
atexit(void (*handler)(void))
{
    if (exit_handler_count == sizeof(exit_handlers) / sizeof(exit_handlers[0]))
    {
        return -1;
    }
    exit_handlers[exit_handler_count++] = handler;
    return 0;
}

const char* mptcp_posix_name = "";

/* The program's. A program that has none does not link. */
int main(int argc, char** argv);

VISIBLE int
mptcp_posix_main(int argc, char** argv)
{
    mptcp_posix_name = argv[0];
    return main(argc, argv);
}

VISIBLE void
mptcp_posix_run_exit_handlers(void)
{
    while (exit_handler_count > 0)
    {
        exit_handlers[--exit_handler_count]();
    }
}

void
_exit(int status)
{
    discarding = 1;
    CALL(exit, status);
    __builtin_unreachable();
}

void
_Exit(int status)
{
    _exit(status);
}

void
exit(int status)
{
    mptcp_posix_run_exit_handlers();
    CALL(exit, status);
    __builtin_unreachable();
}

void
abort(void)
{
    CALL(abort, "abort()");
    __builtin_unreachable();
}

void
__assert_fail(const char* expression, const char* file, unsigned int line, const char* function)
{
    char text[512];
    snprintf(text, sizeof(text), "%s:%u: %s: %s", file, line, function, expression);
    CALL(abort, text);
    __builtin_unreachable();
}
