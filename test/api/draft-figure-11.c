/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figure 11 of draft-hesmans-mptcp-socket-03. What had to be changed: the structure stands at file
 * scope, sockaddr_in6 has members sin6_ and not sin_, and the addresses, of which the second one is
 * none (2001:DB8:3333:1:), come from the caller. Memory comes zeroed, as for figure 4.
 */
#include "draft-figure-11.h"

#include "draft-figures.h"

#include "ns3/mptcp-api.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

int draft_figure11_id;

#define malloc(size) calloc(1, size)
#define getsockopt draft_getsockopt

/* clang-format off */
/* SRH structure */
struct ipv6_sr_hdr {
    uint8_t      nexthdr;
    uint8_t      hdrlen;
    uint8_t      type;
    uint8_t      segments_left;
    uint8_t      first_segment;
    uint8_t      flags;
    uint16_t     reserved;

    struct in6_addr segments[0];
};
/* clang-format on */

int
draft_figure11(int sockfd, const char* local, const char* remote, const char* segment)
{
    /* clang-format off */
unsigned int optlen;
struct mptcp_sub_tuple *sub_tuple;
struct sockaddr_in6 *addr;
int srh_len, error;
struct ipv6_sr_hdr *srh;

optlen = sizeof(struct mptcp_sub_tuple) +
        2 * sizeof(struct sockaddr_in6);
sub_tuple = malloc(optlen);

sub_tuple->id = 0;
sub_tuple->prio = 0;

addr = (struct sockaddr_in6*) &sub_tuple->addrs[0];

addr->sin6_family = AF_INET6;
addr->sin6_port = htons(12345);
inet_pton(AF_INET6, local, &addr->sin6_addr);

addr++;

addr->sin6_family = AF_INET6;
addr->sin6_port = htons(1234);
inet_pton(AF_INET6, remote, &addr->sin6_addr);

srh_len = sizeof(*srh) + 2 * sizeof(struct in6_addr);
srh = malloc(srh_len);
if (!srh)
    return -1;

srh->nexthdr = 0;
srh->hdrlen = 4;
srh->type = 4;
srh->segments_left = 1;
srh->first_segment = 1;
srh->flags = 0;
srh->reserved = 0;

memset(&srh->segments[0], 0, sizeof(struct in6_addr));
inet_pton(AF_INET6, segment, &srh->segments[1]);

sub_tuple->ipv6_srh = srh;

error = getsockopt(sockfd, IPPROTO_TCP, MPTCP_OPEN_SUB_TUPLE,
                  sub_tuple, &optlen);
    /* clang-format on */
    draft_figure11_id = sub_tuple->id;
    free(srh);
    free(sub_tuple);
    return error;
}
