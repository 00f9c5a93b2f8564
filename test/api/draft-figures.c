/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures 2, 4, 7 and 9 of draft-hesmans-mptcp-socket-03 on a socket of ns-3. */
#include "draft-figures.h"

#include "ns3/mptcp-api.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int (*draft_getsockopt)(int, int, int, void*, socklen_t*);
int (*draft_setsockopt)(int, int, int, const void*, socklen_t);
int draft_figure4_id;

static char output[4096];
static size_t output_size;
static int figure_result;

static int
shim_getsockopt(int fd, int level, int name, void* value, socklen_t* length)
{
    figure_result = draft_getsockopt(fd, level, name, value, length);
    return figure_result;
}

static int
shim_setsockopt(int fd, int level, int name, const void* value, socklen_t length)
{
    figure_result = draft_setsockopt(fd, level, name, value, length);
    return figure_result;
}

static int
shim_printf(const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const int size =
        vsnprintf(output + output_size, sizeof(output) - output_size, format, arguments);
    va_end(arguments);
    if (size > 0)
    {
        const size_t room = sizeof(output) - 1 - output_size;
        output_size += (size_t)size < room ? (size_t)size : room;
    }
    return size;
}

const char*
draft_take_output(void)
{
    output_size = 0;
    return output;
}

/* Figure 4 leaves members unset: a program in a node gets zeroed memory. */
#define malloc(size) calloc(1, size)
#define printf shim_printf
#define getsockopt shim_getsockopt
#define setsockopt shim_setsockopt

#include "../../examples/posix/draft-figures-code.h"

int
draft_figure2(int sockfd)
{
    return figure2(sockfd);
}

int
draft_figure4(int sockfd)
{
    return figure4(sockfd, &draft_figure4_id);
}

int
draft_figure7(int sockfd, int sub_id)
{
    return figure7(sockfd, sub_id);
}

int
draft_figure9(int sockfd, int sub_id)
{
    return figure9(sockfd, sub_id);
}
