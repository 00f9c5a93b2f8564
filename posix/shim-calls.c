/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets, descriptors, time and memory. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const int64_t SECOND = 1000000000; /* in ns */

const struct mptcp_posix_calls* mptcp_posix;
VISIBLE const int mptcp_posix_version = MPTCP_POSIX_VERSION;

long
mptcp_posix_answer(long result)
{
    if (result < 0)
    {
        errno = (int)-result;
        return -1;
    }
    return result;
}

int
mptcp_posix_refuse(int error)
{
    CALL(pace); /* or a program that tries again and again would stop the simulation */
    errno = error;
    return -1;
}

int
socket(int domain, int type, int protocol)
{
    return ANSWER(socket, domain, type, protocol);
}

int
bind(int fd, const struct sockaddr* name, socklen_t length)
{
    return ANSWER(bind, fd, name, length);
}

int
listen(int fd, int backlog)
{
    return ANSWER(listen, fd, backlog);
}

int
accept(int fd, struct sockaddr* name, socklen_t* length)
{
    return ANSWER(accept, fd, name, length, 0);
}

int
accept4(int fd, struct sockaddr* name, socklen_t* length, int flags)
{
    return ANSWER(accept, fd, name, length, flags);
}

int
connect(int fd, const struct sockaddr* name, socklen_t length)
{
    return ANSWER(connect, fd, name, length);
}

ssize_t
sendmsg(int fd, const struct msghdr* message, int flags)
{
    return ANSWER(sendmsg, fd, message, flags);
}

ssize_t
recvmsg(int fd, struct msghdr* message, int flags)
{
    return ANSWER(recvmsg, fd, message, flags);
}

ssize_t
sendto(int fd,
       const void* bytes,
       size_t size,
       int flags,
       const struct sockaddr* name,
       socklen_t length)
{
    struct iovec piece = {(void*)bytes, size};
    struct msghdr message = {.msg_name = (void*)name,
                             .msg_namelen = name ? length : 0,
                             .msg_iov = &piece,
                             .msg_iovlen = 1};
    return ANSWER(sendmsg, fd, &message, flags);
}

ssize_t
send(int fd, const void* bytes, size_t size, int flags)
{
    return sendto(fd, bytes, size, flags, NULL, 0);
}

ssize_t
recvfrom(int fd, void* bytes, size_t size, int flags, struct sockaddr* name, socklen_t* length)
{
    struct iovec piece = {bytes, size};
    struct msghdr message = {.msg_name = name, .msg_iov = &piece, .msg_iovlen = 1};
    /* Before anything is received, which would be lost. */
    if (name && ANSWER(fetch, &message.msg_namelen, length, sizeof(*length)) < 0)
    {
        return -1;
    }
    const ssize_t received = ANSWER(recvmsg, fd, &message, flags);
    if (received >= 0 && name && ANSWER(store, length, &message.msg_namelen, sizeof(*length)) < 0)
    {
        return -1;
    }
    return received;
}

ssize_t
recv(int fd, void* bytes, size_t size, int flags)
{
    return recvfrom(fd, bytes, size, flags, NULL, NULL);
}

int
shutdown(int fd, int how)
{
    return ANSWER(shutdown, fd, how);
}

int
close(int fd)
{
    return ANSWER(close, fd);
}

int
getsockopt(int fd, int level, int name, void* value, socklen_t* length)
{
    return ANSWER(getsockopt, fd, level, name, value, length);
}

int
setsockopt(int fd, int level, int name, const void* value, socklen_t length)
{
    return ANSWER(setsockopt, fd, level, name, value, length);
}

int
getsockname(int fd, struct sockaddr* name, socklen_t* length)
{
    return ANSWER(getsockname, fd, name, length);
}

int
getpeername(int fd, struct sockaddr* name, socklen_t* length)
{
    return ANSWER(getpeername, fd, name, length);
}

ssize_t
write(int fd, const void* bytes, size_t size)
{
    const struct iovec piece = {(void*)bytes, size};
    return ANSWER(writev, fd, &piece, 1);
}

ssize_t
read(int fd, void* bytes, size_t size)
{
    const struct iovec piece = {bytes, size};
    return ANSWER(readv, fd, &piece, 1);
}

ssize_t
writev(int fd, const struct iovec* pieces, int count)
{
    return ANSWER(writev, fd, pieces, count);
}

ssize_t
readv(int fd, const struct iovec* pieces, int count)
{
    return ANSWER(readv, fd, pieces, count);
}

int
fcntl(int fd, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    const long argument = va_arg(arguments, long);
    va_end(arguments);
    return ANSWER(fcntl, fd, command, argument);
}

int
dup(int fd)
{
    return ANSWER(fcntl, fd, F_DUPFD, 0);
}

int
dup2(int fd, int other)
{
    if (CALL(fcntl, fd, F_GETFD, 0) < 0 || other < 0)
    {
        return mptcp_posix_answer(-EBADF);
    }
    if (other != fd)
    {
        CALL(close, other);
        return CALL(fcntl, fd, F_DUPFD, other) == other ? other : mptcp_posix_answer(-EBADF);
    }
    return other;
}

/* Where files have 64-bit sizes by a macro, programs call it by this name. */
int fcntl64(int fd, int command, ...) __attribute__((alias("fcntl")));

int
ioctl(int fd, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void* argument = va_arg(arguments, void*);
    va_end(arguments);
    return ANSWER(ioctl, fd, request, argument);
}

int
poll(struct pollfd* fds, nfds_t count, int milliseconds)
{
    const int64_t limit = milliseconds < 0 ? -1 : milliseconds * (SECOND / 1000);
    return ANSWER(poll, fds, count, POLLERR | POLLHUP, limit);
}

/* ns of a time, -1 if there is none, or the negative of EINVAL or EFAULT, which counts as a call.
 */
static int64_t
nanoseconds_of(const struct timespec* user)
{
    struct timespec time;
    if (!user)
    {
        return -1;
    }
    if (CALL(fetch, &time, user, sizeof(time)) < 0)
    {
        return -EFAULT;
    }
    if (time.tv_sec < 0 || time.tv_nsec < 0 || time.tv_nsec >= SECOND)
    {
        CALL(pace);
        return -EINVAL;
    }
    return time.tv_sec > INT64_MAX / SECOND - 1 ? INT64_MAX : time.tv_sec * SECOND + time.tv_nsec;
}

int
ppoll(struct pollfd* fds, nfds_t count, const struct timespec* time, const sigset_t* mask)
{
    (void)mask; /* there are no signals */
    const int64_t limit = nanoseconds_of(time);
    return limit < -1 ? (int)mptcp_posix_answer(limit)
                      : (int)ANSWER(poll, fds, count, POLLERR | POLLHUP, limit);
}

/* What select() takes for each of its sets, as Linux does. */
static const short WANTED[3] = {POLLIN | POLLHUP | POLLERR, POLLOUT | POLLERR, POLLPRI};

/* select() in terms of poll(). As Linux, no more of the sets is touched than count needs. */
static int
select_by_poll(int count, fd_set* readers, fd_set* writers, fd_set* others, int64_t limit)
{
    struct pollfd fds[FD_SETSIZE];
    fd_set* const users[3] = {readers, writers, others};
    fd_set sets[3];
    int used = 0;
    if (limit < -1)
    {
        return mptcp_posix_answer(limit);
    }
    if (count < 0 || count > FD_SETSIZE)
    {
        return mptcp_posix_refuse(EINVAL);
    }
    const size_t size = ((size_t)count + NFDBITS - 1) / NFDBITS * sizeof(fd_mask);
    for (int i = 0; i < 3; i++)
    {
        FD_ZERO(&sets[i]);
        if (users[i] && ANSWER(fetch, &sets[i], users[i], size) < 0)
        {
            return -1;
        }
    }
    for (int fd = 0; fd < count; fd++)
    {
        short events = 0;
        for (int i = 0; i < 3; i++)
        {
            events |= FD_ISSET(fd, &sets[i]) ? WANTED[i] : 0;
        }
        if (events)
        {
            fds[used].fd = fd;
            fds[used].events = events;
            fds[used].revents = 0;
            used++;
        }
    }
    if (ANSWER(poll, fds, used, 0, limit) < 0)
    {
        return -1;
    }
    for (int i = 0; i < used; i++)
    {
        if (fds[i].revents & POLLNVAL)
        {
            return mptcp_posix_answer(-EBADF);
        }
    }
    int ready = 0;
    for (int i = 0; i < used; i++)
    {
        for (int j = 0; j < 3; j++)
        {
            if (FD_ISSET(fds[i].fd, &sets[j]))
            {
                (fds[i].revents & WANTED[j]) ? ready++ : FD_CLR(fds[i].fd, &sets[j]);
            }
        }
    }
    for (int i = 0; i < 3; i++)
    {
        if (users[i] && ANSWER(store, users[i], &sets[i], size) < 0)
        {
            return -1;
        }
    }
    return ready;
}

int
pselect(int count,
        fd_set* readers,
        fd_set* writers,
        fd_set* others,
        const struct timespec* time,
        const sigset_t* mask)
{
    (void)mask; /* there are no signals */
    return select_by_poll(count, readers, writers, others, nanoseconds_of(time));
}

int
select(int count, fd_set* readers, fd_set* writers, fd_set* others, struct timeval* time)
{
    int64_t limit = -1;
    struct timeval length;
    if (time)
    {
        if (ANSWER(fetch, &length, time, sizeof(length)) < 0)
        {
            return -1;
        }
        const int valid = length.tv_usec >= 0 && length.tv_usec < 1000000;
        const struct timespec same = {length.tv_sec, valid ? length.tv_usec * 1000 : -1};
        limit = nanoseconds_of(&same);
    }
    const int64_t begin = CALL(now);
    const int ready = select_by_poll(count, readers, writers, others, limit);
    if (time && ready >= 0)
    {
        /* As Linux, tell what is left. */
        int64_t left = limit - (CALL(now) - begin);
        left = left < 0 ? 0 : left;
        length.tv_sec = left / SECOND;
        length.tv_usec = left % SECOND / 1000;
        /* Where it is not to be written to the result stands all the same. */
        CALL(store, time, &length, sizeof(length));
    }
    return ready;
}

/* Time */

unsigned int
sleep(unsigned int seconds)
{
    CALL(sleep, seconds * SECOND);
    return 0;
}

int
usleep(useconds_t microseconds)
{
    return ANSWER(sleep, microseconds * (int64_t)1000);
}

int
nanosleep(const struct timespec* time, struct timespec* left)
{
    (void)left; /* nothing interrupts it */
    const int64_t length = nanoseconds_of(time);
    if (!time)
    {
        return mptcp_posix_refuse(EFAULT);
    }
    return length < 0 ? (int)mptcp_posix_answer(length) : (int)ANSWER(sleep, length);
}

int
sched_yield(void)
{
    return ANSWER(sleep, 0);
}

int
gettimeofday(struct timeval* restrict time, void* restrict zone)
{
    (void)zone; /* obsolete, and NULL in programs of today */
    const int64_t now = CALL(now);
    const struct timeval value = {now / SECOND, now % SECOND / 1000};
    return ANSWER(store, time, &value, sizeof(value));
}

time_t
time(time_t* seconds)
{
    const time_t now = CALL(now) / SECOND;
    if (seconds && ANSWER(store, seconds, &now, sizeof(now)) < 0)
    {
        return -1;
    }
    return now;
}

/* Clocks that stand for the one of the simulation. */
static int
is_clock(clockid_t id)
{
    return id == CLOCK_REALTIME || id == CLOCK_MONOTONIC || id == CLOCK_MONOTONIC_RAW ||
           id == CLOCK_REALTIME_COARSE || id == CLOCK_MONOTONIC_COARSE || id == CLOCK_BOOTTIME;
}

int
clock_gettime(clockid_t id, struct timespec* time)
{
    if (!is_clock(id))
    {
        return mptcp_posix_refuse(EINVAL);
    }
    const int64_t now = CALL(now);
    const struct timespec value = {now / SECOND, now % SECOND};
    return ANSWER(store, time, &value, sizeof(value));
}

int
clock_getres(clockid_t id, struct timespec* time)
{
    if (!is_clock(id))
    {
        return mptcp_posix_refuse(EINVAL);
    }
    const struct timespec value = {0, 1};
    CALL(pace);
    return time ? ANSWER(store, time, &value, sizeof(value)) : 0;
}

int
clock_nanosleep(clockid_t id, int flags, const struct timespec* time, struct timespec* left)
{
    (void)left; /* nothing interrupts it */
    if (!is_clock(id) || !time)
    {
        CALL(pace);
        return is_clock(id) ? EFAULT : EINVAL;
    }
    int64_t length = nanoseconds_of(time);
    if (length < 0)
    {
        return (int)-length;
    }
    if (flags & TIMER_ABSTIME)
    {
        length -= CALL(now);
    }
    return (int)-CALL(sleep, length > 0 ? length : 0);
}

/* A program takes no time but where it waits; what it gets is the time that has passed. */
clock_t
clock(void)
{
    return CALL(now) / (SECOND / CLOCKS_PER_SEC);
}

/* Memory */

void*
aligned_alloc(size_t alignment, size_t size)
{
    if (!alignment || (alignment & (alignment - 1)))
    {
        errno = EINVAL;
        return NULL;
    }
    return CALL(allocate, alignment, size);
}

void*
memalign(size_t alignment, size_t size)
{
    return aligned_alloc(alignment, size);
}

int
posix_memalign(void** memory, size_t alignment, size_t size)
{
    if (alignment % sizeof(void*) || !alignment || (alignment & (alignment - 1)))
    {
        return EINVAL;
    }
    void* const found = CALL(allocate, alignment, size);
    if (!found)
    {
        return ENOMEM;
    }
    *memory = found;
    return 0;
}

void*
malloc(size_t size)
{
    return CALL(allocate, 1, size);
}

void*
calloc(size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
    {
        errno = ENOMEM;
        return NULL;
    }
    return malloc(count * size);
}

void*
realloc(void* memory, size_t size)
{
    return CALL(reallocate, memory, size);
}

void*
reallocarray(void* memory, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
    {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(memory, count * size);
}

void
free(void* memory)
{
    const int saved = errno;
    CALL(release, memory);
    errno = saved;
}

char*
strdup(const char* text)
{
    const size_t size = strlen(text) + 1;
    char* copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

char*
strndup(const char* text, size_t limit)
{
    const size_t length = strnlen(text, limit);
    char* copy = malloc(length + 1);
    return copy ? memcpy(copy, text, length) : NULL;
}

/* The process */

pid_t
getpid(void)
{
    return CALL(getpid);
}

int
gethostname(char* name, size_t size)
{
    return ANSWER(gethostname, name, size);
}

int
isatty(int fd)
{
    (void)fd;
    return mptcp_posix_refuse(ENOTTY) == 0;
}
