/* SPDX-License-Identifier: GPL-2.0-only */
/* The sample code of draft-hesmans-mptcp-socket-03 as C functions, and the calls they make. */
#ifndef DRAFT_FIGURES_H
#define DRAFT_FIGURES_H

#include <sys/socket.h>

#ifdef __cplusplus
extern "C"
{
#endif

    /* What stands for the system calls; they set errno and return -1, or return 0. */
    extern int (*draft_getsockopt)(int, int, int, void*, socklen_t*);
    extern int (*draft_setsockopt)(int, int, int, const void*, socklen_t);
    /* Where the figures print: returns the text and empties it. */
    const char* draft_take_output(void);

    /* Each returns what its last call returned. */
    int draft_figure2(int sockfd);
    int draft_figure4(int sockfd);
    int draft_figure7(int sockfd, int sub_id);
    int draft_figure9(int sockfd, int sub_id);
    /* The id that figure 4 found in its structure. */
    extern int draft_figure4_id;

#ifdef __cplusplus
}
#endif

#endif /* DRAFT_FIGURES_H */
