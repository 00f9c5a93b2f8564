/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures 2, 4, 7 and 9 of draft-hesmans-mptcp-socket-03, verbatim, within functions that declare
 * their free variables and return what the figure's call returned. Whoever includes this has
 * figure_result set by getsockopt() and setsockopt(), since most figures ignore their results.
 */
#ifndef DRAFT_FIGURES_CODE_H
#define DRAFT_FIGURES_CODE_H

static int
figure2(int sockfd)
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
    return figure_result;
}

static int
figure4(int sockfd, int* id)
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
    *id = sub_tuple->id;
    free(sub_tuple);
    return error;
}

static int
figure7(int sockfd, int sub_id)
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
    return figure_result;
}

static int
figure9(int sockfd, int sub_id)
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
    return figure_result;
}

#endif /* DRAFT_FIGURES_CODE_H */
