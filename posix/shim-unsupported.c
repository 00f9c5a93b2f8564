/* SPDX-License-Identifier: GPL-2.0-only */
/* What a node does not have. The program gets ENOSYS and goes on, and its log says so. Whatever is
 * neither here nor in the module's list of harmless functions keeps a program from being loaded.
 * Hardly a header is included that declares them: their types do not matter to a caller that looks
 * at the result. */
#include "shim.h"

#include <errno.h>

int
mptcp_posix_unsupported(const char* name)
{
    return (int)mptcp_posix_answer(CALL(unsupported, name));
}

#define NUMBER(name)                                                                               \
    long name(void)                                                                                \
    {                                                                                              \
        return mptcp_posix_unsupported(#name);                                                     \
    }

#define POINTER(name)                                                                              \
    void* name(void)                                                                               \
    {                                                                                              \
        mptcp_posix_unsupported(#name);                                                            \
        return 0;                                                                                  \
    }

/* Of POSIX threads' functions the result is the errno. */
#define THREAD(name)                                                                               \
    int name(void)                                                                                 \
    {                                                                                              \
        return -(int)CALL(unsupported, #name);                                                     \
    }

int
socketpair(int domain, int type, int protocol, int fds[2])
{
    (void)domain;
    (void)type;
    (void)protocol;
    (void)fds;
    return mptcp_posix_unsupported("socketpair");
}

NUMBER(fork)
NUMBER(vfork)
NUMBER(execl)
NUMBER(execlp)
NUMBER(execv)
NUMBER(execve)
NUMBER(execvp)
NUMBER(wait)
NUMBER(waitpid)
NUMBER(system)
NUMBER(kill)
NUMBER(raise)
NUMBER(alarm)
NUMBER(sigprocmask)
NUMBER(pause)
NUMBER(setitimer)
NUMBER(timer_create)
NUMBER(timerfd_create)
NUMBER(eventfd)
NUMBER(signalfd)
NUMBER(open)
NUMBER(open64)
NUMBER(creat)
NUMBER(unlink)
NUMBER(mkdir)
NUMBER(stat)
NUMBER(fstat)
NUMBER(lseek)
NUMBER(pipe)
NUMBER(pipe2)
NUMBER(dup3)
NUMBER(sendmmsg)
NUMBER(recvmmsg)
NUMBER(sendfile)
NUMBER(splice)
NUMBER(epoll_create)
NUMBER(epoll_create1)
NUMBER(epoll_ctl)
NUMBER(epoll_wait)
NUMBER(setenv)
NUMBER(putenv)
NUMBER(daemon)
NUMBER(setsid)
NUMBER(setuid)
NUMBER(setgid)
NUMBER(syscall)
NUMBER(access)
NUMBER(chdir)
NUMBER(rmdir)
NUMBER(sigsuspend)
NUMBER(sigwait)
NUMBER(mmap)
NUMBER(munmap)
POINTER(getcwd)
POINTER(opendir)
POINTER(fopen)
POINTER(fopen64)
POINTER(freopen)
POINTER(fdopen)
POINTER(fopencookie)
POINTER(fmemopen)
POINTER(open_memstream)
POINTER(popen)
POINTER(tmpfile)
POINTER(dlopen)
THREAD(pthread_create)
THREAD(pthread_join)
THREAD(pthread_detach)
THREAD(pthread_mutex_init)
THREAD(pthread_mutex_destroy)
THREAD(pthread_mutex_lock)
THREAD(pthread_mutex_unlock)
THREAD(pthread_cond_init)
THREAD(pthread_cond_wait)
THREAD(pthread_cond_signal)
THREAD(pthread_cond_broadcast)
