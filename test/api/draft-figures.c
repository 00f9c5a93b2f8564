/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures 2, 4, 7 and 9 of draft-hesmans-mptcp-socket-03, verbatim, within functions that declare
 * their free variables. */
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
static int last_result;

static int
shim_getsockopt(int fd, int level, int name, void* value, socklen_t* length)
{
    last_result = draft_getsockopt(fd, level, name, value, length);
    return last_result;
}

static int
shim_setsockopt(int fd, int level, int name, const void* value, socklen_t length)
{
    last_result = draft_setsockopt(fd, level, name, value, length);
    return last_result;
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

int
draft_figure2(int sockfd)
{
    /* clang-format off */
int i;
unsigned int optlen;
struct mptcp_sub_ids *ids;

optlen = 42;

ids = malloc(optlen);

getsockopt(sockfd, IPPROTO_TCP, MPTCP_GET_SUB_IDS, ids, &optlen);

for(i = 0; i < ids->sub_count; i++){
    printf("Subflow id : %i\n", ids->sub_status[i].id);
}
    /* clang-format on */
    free(ids);
    return last_result;
}

int
draft_figure4(int sockfd)
{
    /* clang-format off */
unsigned int optlen;
struct mptcp_sub_tuple *sub_tuple;
struct sockaddr_in *addr;
int error;

optlen = sizeof(struct mptcp_sub_tuple) +
        2 * sizeof(struct sockaddr_in);
sub_tuple = malloc(optlen);

sub_tuple->id = 0;
sub_tuple->prio = 0;

addr = (struct sockaddr_in*) &sub_tuple->addrs[0];

addr->sin_family = AF_INET;
addr->sin_port = htons(12345);
inet_pton(AF_INET, "10.0.0.1", &addr->sin_addr);

addr++;

addr->sin_family = AF_INET;
addr->sin_port = htons(1234);
inet_pton(AF_INET, "10.1.0.1", &addr->sin_addr);

error = getsockopt(sockfd, IPPROTO_TCP, MPTCP_OPEN_SUB_TUPLE,
                  sub_tuple, &optlen);
    /* clang-format on */
    draft_figure4_id = sub_tuple->id;
    free(sub_tuple);
    return error;
}

int
draft_figure7(int sockfd, int sub_id)
{
    struct sockaddr_in* sin;
    /* clang-format off */
unsigned int optlen;
struct mptcp_sub_tuple *sub_tuple;

optlen = 100;

sub_tuple = malloc(optlen);

sub_tuple->id = sub_id;
getsockopt(sockfd, IPPROTO_TCP, MPTCP_GET_SUB_TUPLE, sub_tuple,
           &optlen);

sin = (struct sockaddr_in*) &sub_tuple->addrs[0];

printf("\tip src : %s src port : %hu\n", inet_ntoa(sin->sin_addr),
       ntohs(sin->sin_port));

sin++;

printf("\tip dst : %s dst port : %hu\n", inet_ntoa(sin->sin_addr),
       ntohs(sin->sin_port));
    /* clang-format on */
    free(sub_tuple);
    return last_result;
}

int
draft_figure9(int sockfd, int sub_id)
{
    /* clang-format off */
unsigned int optlen, sub_optlen;
struct mptcp_sub_setsockopt sub_sso;
int val = 12;

optlen = sizeof(struct mptcp_sub_setsockopt);
sub_optlen = sizeof(int);
sub_sso.id = sub_id;
sub_sso.level = IPPROTO_IP;
sub_sso.optname = IP_TOS;
sub_sso.optlen = sub_optlen;
sub_sso.optval = (char *) &val;

setsockopt(sockfd, IPPROTO_TCP, MPTCP_SUB_SETSOCKOPT, &sub_sso,
           optlen);
    /* clang-format on */
    return last_result;
}
