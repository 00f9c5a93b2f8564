/* SPDX-License-Identifier: GPL-2.0-only */
/* Figure 11 of draft-hesmans-mptcp-socket-03 as a C function. */
#ifndef DRAFT_FIGURE_11_H
#define DRAFT_FIGURE_11_H

#ifdef __cplusplus
extern "C"
{
#endif

    /* Its addresses are given as text: local, remote, and the segment. Returns what getsockopt()
     * returned; draft_getsockopt of draft-figures.h is called. */
    int draft_figure11(int sockfd, const char* local, const char* remote, const char* segment);
    /* The id that figure 11 found in its structure. */
    extern int draft_figure11_id;

#ifdef __cplusplus
}
#endif

#endif /* DRAFT_FIGURE_11_H */
