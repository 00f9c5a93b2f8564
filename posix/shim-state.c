/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions that a C library keeps state for: an instance has its own, since it has its own copy of
 * this file's variables. */
#define _GNU_SOURCE
#include "shim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Random numbers: xorshift64*. As POSIX wants, the sequence depends on the seed alone. */

static uint64_t random_state = 0x9e3779b97f4a7c15;

void
srand(unsigned int seed)
{
    random_state = (seed + (uint64_t)1) * 0x9e3779b97f4a7c15;
}

int
rand(void)
{
    random_state ^= random_state >> 12;
    random_state ^= random_state << 25;
    random_state ^= random_state >> 27;
    return (int)((random_state * 0x2545f4914f6cdd1d) >> 33);
}

void
srandom(unsigned int seed)
{
    srand(seed);
}

long
random(void)
{
    return rand();
}

/* Text */

char*
strtok(char* restrict text, const char* restrict separators)
{
    static char* rest;
    return strtok_r(text, separators, &rest);
}

char*
strerror(int error)
{
    static char text[64];
    return strerror_r(error, text, sizeof(text));
}

/* glibc's, and POSIX's below. */
char*
strerror_r(int error, char* text, size_t size)
{
    const char* known = strerrordesc_np(error);
    if (known)
    {
        return (char*)known;
    }
    snprintf(text, size, "Unknown error %d", error);
    return text;
}

int
__xpg_strerror_r(int error, char* text, size_t size)
{
    const char* known = strerrordesc_np(error);
    const int length =
        known ? snprintf(text, size, "%s", known) : snprintf(text, size, "Unknown error %d", error);
    return !known ? EINVAL : (size_t)length < size ? 0 : ERANGE;
}

char*
strsignal(int number)
{
    static char text[64];
    const char* known = sigdescr_np(number);
    if (known)
    {
        return (char*)known;
    }
    snprintf(text, sizeof(text), "Unknown signal %d", number);
    return text;
}

char*
inet_ntoa(struct in_addr address)
{
    static char text[INET_ADDRSTRLEN];
    return (char*)inet_ntop(AF_INET, &address, text, sizeof(text));
}

char*
getenv(const char* name)
{
    (void)name;
    return NULL;
}

char*
setlocale(int category, const char* locale)
{
    static char name[] = "C";
    (void)category;
    return !locale || !*locale || !strcmp(locale, "C") || !strcmp(locale, "POSIX") ? name : NULL;
}

/* Signals: none is ever raised, not even SIGPIPE, which programs like to ignore. */

static sighandler_t broken_pipe = SIG_DFL;

sighandler_t
signal(int number, sighandler_t handler)
{
    if (number != SIGPIPE)
    {
        mptcp_posix_unsupported("signal");
        return SIG_ERR;
    }
    const sighandler_t before = broken_pipe;
    broken_pipe = handler;
    return before;
}

int
sigaction(int number, const struct sigaction* restrict now, struct sigaction* restrict before)
{
    if (number != SIGPIPE)
    {
        return mptcp_posix_unsupported("sigaction");
    }
    if (before)
    {
        memset(before, 0, sizeof(*before));
        before->sa_handler = broken_pipe;
    }
    if (now)
    {
        broken_pipe = now->sa_handler;
    }
    return 0;
}

/* Calendar: a node knows no time zone but UTC. */

struct tm*
gmtime(const time_t* seconds)
{
    static struct tm broken;
    return gmtime_r(seconds, &broken);
}

struct tm*
localtime(const time_t* seconds)
{
    return gmtime(seconds);
}

struct tm*
localtime_r(const time_t* restrict seconds, struct tm* restrict broken)
{
    return gmtime_r(seconds, broken);
}

/* A number of 's' as glibc prints it. Returns its length. */
static int
print_seconds(char* text, size_t size, const char* flags, int width, const struct tm* broken)
{
    struct tm copy = *broken;
    const long long seconds = timegm(&copy);
    return strchr(flags, '-')   ? snprintf(text, size, "%lld", seconds)
           : strchr(flags, '_') ? snprintf(text, size, "%*lld", width, seconds)
                                : snprintf(text, size, "%0*lld", width, seconds);
}

/* That of the host, but for %s, which asks for the time zone. */
size_t
strftime(char* restrict text, size_t size, const char* restrict format, const struct tm* broken)
{
    char plain[512];
    size_t used = 0;
    while (*format)
    {
        size_t length = 1;
        if (*format == '%')
        {
            char flags[8] = "";
            const size_t most = sizeof(flags) - 1;
            const size_t count = strspn(format + 1, "_-0^#+");
            memcpy(flags, format + 1, count < most ? count : most);
            length += count;
            const int width = atoi(format + length);
            length += strspn(format + length, "0123456789");
            length += strspn(format + length, "EO");
            if (format[length] == 's')
            {
                used +=
                    (size_t)print_seconds(plain + used, sizeof(plain) - used, flags, width, broken);
                format += length + 1;
                length = 0;
            }
            else
            {
                length += format[length] != '\0';
            }
        }
        if (used + length >= sizeof(plain))
        {
            return 0;
        }
        memcpy(plain + used, format, length);
        used += length;
        format += length;
    }
    plain[used] = '\0';
    return mptcp_posix->format_time(text, size, plain, broken);
}

char*
asctime(const struct tm* broken)
{
    static char text[64];
    return strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y\n", broken) ? text : NULL;
}

char*
ctime(const time_t* seconds)
{
    return asctime(gmtime(seconds));
}
