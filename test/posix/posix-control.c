/* SPDX-License-Identifier: GPL-2.0-only */
/* A message of the control descriptor that does not fit is cut off, and told to be. */
#include "check.h"

#include <mptcp-control.h>
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
    piece.iov_len = sizeof(done);
    CHECK(send(fd, &request, sizeof(request), 0) == sizeof(request));
    CHECK(recvmsg(fd, &message, 0) == sizeof(done) && message.msg_flags == 0);
    return failures != 0;
}
