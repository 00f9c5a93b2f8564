/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between a program that runs in a node and the module: what a C library is to system calls. The
 * sources in posix/ are linked into each program and know nothing else. Both sides are compiled
 * from this file; a program that was built from another version of it is refused.
 */
#ifndef POSIX_CALLS_H
#define POSIX_CALLS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Changes with every change of the structure below. */
#define MPTCP_POSIX_VERSION 5

#ifdef __cplusplus
extern "C"
{
#endif

    /* The module's side of a program's instance. */
    struct mptcp_posix_process;
    struct tm;

    /* An address of the node, with its interface. */
    struct mptcp_posix_interface
    {
        char name[16];      /* as ns3::Names has the device, or its index as text */
        unsigned int index; /* as in if_idx of MPTCP_OPEN_SUB_TUPLE */
        unsigned int flags; /* IFF_... */
        struct sockaddr_storage address;
        struct sockaddr_storage mask;
        struct sockaddr_storage broadcast; /* with IFF_BROADCAST */
    };

    /* The calls. As a kernel's, they return the negative of an errno. */
    struct mptcp_posix_calls
    {
        struct mptcp_posix_process* self; /* first argument of each */

        long (*socket)(struct mptcp_posix_process*, int domain, int type, int protocol);
        long (*bind)(struct mptcp_posix_process*, int fd, const void* name, socklen_t length);
        long (*listen)(struct mptcp_posix_process*, int fd, int backlog);
        long (*accept)(
            struct mptcp_posix_process*, int fd, void* name, socklen_t* length, int flags);
        long (*connect)(struct mptcp_posix_process*, int fd, const void* name, socklen_t length);
        long (*sendmsg)(struct mptcp_posix_process*,
                        int fd,
                        const struct msghdr* message,
                        int flags);
        long (*recvmsg)(struct mptcp_posix_process*, int fd, struct msghdr* message, int flags);
        long (*shutdown)(struct mptcp_posix_process*, int fd, int how);
        long (*close)(struct mptcp_posix_process*, int fd);
        long (*getsockopt)(struct mptcp_posix_process*,
                           int fd,
                           int level,
                           int name,
                           void* value,
                           socklen_t* length);
        long (*setsockopt)(struct mptcp_posix_process*,
                           int fd,
                           int level,
                           int name,
                           const void* value,
                           socklen_t length);
        long (*getsockname)(struct mptcp_posix_process*, int fd, void* name, socklen_t* length);
        long (*getpeername)(struct mptcp_posix_process*, int fd, void* name, socklen_t* length);
        /* Of any descriptor: sendmsg() and recvmsg() are for sockets alone. */
        long (*writev)(struct mptcp_posix_process*, int fd, const struct iovec* pieces, int count);
        long (*readv)(struct mptcp_posix_process*, int fd, const struct iovec* pieces, int count);
        long (*fcntl)(struct mptcp_posix_process*, int fd, int command, long argument);
        long (*ioctl)(struct mptcp_posix_process*, int fd, unsigned long request, void* argument);
        /* A negative time-out means for ever. What is in always is told whether
         * it is asked for or not. */
        long (*poll)(struct mptcp_posix_process*,
                     struct pollfd* fds,
                     size_t count,
                     short always,
                     int64_t nanoseconds);
        long (*sleep)(struct mptcp_posix_process*, int64_t nanoseconds);
        int64_t (*now)(struct mptcp_posix_process*); /* simulated time in ns */
        /* Count a call of the program that needs none of these: without end, it costs time too. */
        void (*pace)(struct mptcp_posix_process*);
        long (*getpid)(struct mptcp_posix_process*);
        long (*gethostname)(struct mptcp_posix_process*, char* name, size_t size);
        /* The first ones of the node's addresses. Returns how many there are. */
        long (*interfaces)(struct mptcp_posix_process*,
                           struct mptcp_posix_interface* first,
                           size_t count);

        /* Zeroed memory, which the instance gives back when it ends. */
        void* (*allocate)(struct mptcp_posix_process*, size_t alignment, size_t size);
        void* (*reallocate)(struct mptcp_posix_process*, void* memory, size_t size);
        void (*release)(struct mptcp_posix_process*, void* memory);

        /* Copy from and to what the program points to: 0 or -EFAULT. */
        long (*fetch)(struct mptcp_posix_process*, void* to, const void* from, size_t size);
        long (*store)(struct mptcp_posix_process*, void* to, const void* from, size_t size);

        /* fopencookie(), fclose() and fflush() of the host, for the standard streams: one that is
         * read, or one that is written. */
        void* (*open_stream)(ssize_t (*read)(void*, char* bytes, size_t size),
                             ssize_t (*write)(void*, const char* bytes, size_t size));
        int (*close_stream)(void* stream);
        int (*flush_stream)(void* stream);
        /* strftime() of the host. */
        size_t (*format_time)(char* text, size_t size, const char* format, const struct tm* time);
        /* Note in the log that the program called what is not there. Returns -ENOSYS. */
        long (*unsupported)(struct mptcp_posix_process*, const char* name);
        /* These do not return. */
        void (*exit)(struct mptcp_posix_process*, int code);
        void (*abort)(struct mptcp_posix_process*, const char* why);
    };

    /* What a program offers. */

    /* MPTCP_POSIX_VERSION when it was built. */
    extern const int mptcp_posix_version;
    /* Make the program's standard streams. */
    int mptcp_posix_start(const struct mptcp_posix_calls* calls);
    /* Call the program's main(). */
    int mptcp_posix_main(int argc, char** argv);
    /* Call what was given to atexit(). */
    void mptcp_posix_run_exit_handlers(void);
    /* Close the standard streams. */
    void mptcp_posix_finish(void);

#ifdef __cplusplus
}
#endif

#endif /* POSIX_CALLS_H */
