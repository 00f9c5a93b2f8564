/* SPDX-License-Identifier: GPL-2.0-only */
/* A message of the control descriptor that does not fit is cut off, and told to be. */
#include "check.h"

#include <mptcp-api.h>
#include <mptcp-control.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

int
main(void)
{
    struct mptcp_control_header request = {MPTCP_CONTROL_CONNECTIONS, 0, sizeof(request), 1, 0};
    struct mptcp_control_done done;
    struct iovec piece = {&done, 4};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    const int fd = socket(MPTCP_PF_CONTROL, SOCK_DGRAM, 0);
    CHECK(send(fd, &request, sizeof(request), 0) == sizeof(request));
    CHECK(recvmsg(fd, &message, 0) == 4 && message.msg_flags == MSG_TRUNC);
    CHECK(done.header.type == MPTCP_CONTROL_DONE);
    FAILS(recvmsg(fd, &message, MSG_DONTWAIT), EAGAIN);

    /* It is a socket, of which there is nothing to be set, named or shut down; the log is none. */
    struct mptcp_event_subscription all = {0, 1};
    socklen_t length = sizeof(all);
    FAILS(setsockopt(fd, IPPROTO_TCP, MPTCP_EVENT_SUBSCRIPTION, &all, length), ENOPROTOOPT);
    FAILS(getsockopt(fd, IPPROTO_TCP, MPTCP_EVENT_SUBSCRIPTION, &all, &length), ENOPROTOOPT);
    FAILS(listen(fd, 1), EOPNOTSUPP);
    FAILS(accept(fd, NULL, NULL), EOPNOTSUPP);
    FAILS(shutdown(fd, SHUT_WR), EOPNOTSUPP);
    FAILS(setsockopt(1, IPPROTO_TCP, MPTCP_EVENT_SUBSCRIPTION, &all, length), ENOTSOCK);
    FAILS(getsockopt(1, IPPROTO_TCP, MPTCP_EVENT_SUBSCRIPTION, &all, &length), ENOTSOCK);
    FAILS(setsockopt(77, IPPROTO_TCP, MPTCP_EVENT_SUBSCRIPTION, &all, length), EBADF);
    piece.iov_len = sizeof(done);
    CHECK(send(fd, &request, sizeof(request), 0) == sizeof(request));
    /* Memory that is not there costs no message. */
    piece.iov_base = NULL;
    FAILS(recvmsg(fd, &message, 0), EFAULT);
    piece.iov_base = &done;
    CHECK(recvmsg(fd, &message, 0) == sizeof(done) && message.msg_flags == 0);
    return failures != 0;
}
