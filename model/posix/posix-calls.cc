// SPDX-License-Identifier: GPL-2.0-only
// The calls of programs about descriptors, waiting, time, the node, memory and their end.
#include "posix-calls.h"

#include "posix-interfaces.h"
#include "posix-process.h"

#include "ns3/names.h"
#include "ns3/simulator.h"
#include "ns3/user-memory.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/ioctl.h>

namespace ns3
{

namespace
{

using Self = mptcp_posix_process*;

/// @param self as the program has it @return the process
PosixProcess&
Get(Self self)
{
    return *reinterpret_cast<PosixProcess*>(self);
}

long
CallFcntl(Self self, int fd, int command, long argument)
{
    Get(self).Pace();
    const auto file = Get(self).GetFile(fd);
    if (!file)
    {
        return -EBADF;
    }
    switch (command)
    {
    case F_GETFL:
        return O_RDWR | (file->nonBlocking ? O_NONBLOCK : 0);
    case F_SETFL:
        file->nonBlocking = (argument & O_NONBLOCK) != 0;
        return 0;
    case F_GETFD:
        return Get(self).GetCloseOnExec(fd) ? FD_CLOEXEC : 0;
    case F_SETFD:
        Get(self).SetCloseOnExec(fd, (argument & FD_CLOEXEC) != 0);
        return 0;
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
    {
        // An int, whose upper half the shim cannot know.
        const auto least = static_cast<int>(argument);
        if (least < 0)
        {
            return -EINVAL;
        }
        const int other = Get(self).AddFile(file, static_cast<size_t>(least));
        if (other >= 0)
        {
            Get(self).SetCloseOnExec(other, command == F_DUPFD_CLOEXEC);
        }
        return other;
    }
    default:
        return -EINVAL;
    }
}

long
CallIoctl(Self self, int fd, unsigned long request, void* argument)
{
    Get(self).Pace();
    const auto file = Get(self).GetFile(fd);
    if (!file)
    {
        return -EBADF;
    }
    int number = 0;
    switch (request)
    {
    case FIONBIO:
        if (!CopyFromUser(&number, argument, sizeof(number)))
        {
            return -EFAULT;
        }
        file->nonBlocking = number != 0;
        return 0;
    case FIONREAD:
    {
        const long readable = file->GetReadable();
        number = static_cast<int>(readable);
        return readable < 0                                    ? readable
               : CopyToUser(argument, &number, sizeof(number)) ? 0
                                                               : -EFAULT;
    }
    default:
        return -ENOTTY;
    }
}

long
CallPoll(Self self, pollfd* fds, size_t count, short always, int64_t nanoseconds)
{
    constexpr size_t MOST = 65536;
    PosixProcess& process = Get(self);
    process.Pace();
    if (count > MOST)
    {
        return -EINVAL;
    }
    std::vector<pollfd> wanted(count);
    if (!CopyFromUser(wanted.data(), fds, count * sizeof(pollfd)))
    {
        return -EFAULT;
    }
    long ready = 0;
    const auto look = [&process, &wanted, &ready, always]()
    {
        ready = 0;
        for (pollfd& entry : wanted)
        {
            entry.revents = 0;
            if (entry.fd < 0)
            {
                continue;
            }
            const auto file = process.GetFile(entry.fd);
            entry.revents =
                file ? static_cast<short>(file->Poll() & (entry.events | always)) : POLLNVAL;
            ready += entry.revents != 0;
        }
        return ready > 0;
    };
    std::optional<Time> limit;
    const int64_t left =
        (Simulator::GetMaximumSimulationTime() - Simulator::Now()).GetNanoSeconds();
    if (nanoseconds >= 0 && nanoseconds < left)
    {
        limit = Simulator::Now() + NanoSeconds(nanoseconds);
    }
    process.WaitFor(look, limit);
    return CopyToUser(fds, wanted.data(), count * sizeof(pollfd)) ? ready : -EFAULT;
}

long
CallSleep(Self self, int64_t nanoseconds)
{
    PosixProcess& process = Get(self);
    const int64_t left =
        (Simulator::GetMaximumSimulationTime() - Simulator::Now()).GetNanoSeconds();
    std::optional<Time> limit;
    if (nanoseconds < left)
    {
        limit = Simulator::Now() + NanoSeconds(nanoseconds);
    }
    process.Pace();
    process.WaitFor([]() { return false; }, limit);
    return 0;
}

int64_t
CallNow(Self self)
{
    Get(self).Pace();
    return Simulator::Now().GetNanoSeconds();
}

void
CallPace(Self self)
{
    Get(self).Pace();
}

long
CallGetpid(Self self)
{
    Get(self).Pace();
    return Get(self).GetSettings().pid;
}

long
CallGethostname(Self self, char* name, size_t size)
{
    Get(self).Pace();
    const Ptr<Node> node = Get(self).GetSettings().node;
    std::string text = Names::FindName(node);
    if (text.empty())
    {
        text = "node" + std::to_string(node->GetId());
    }
    if (size <= text.size())
    {
        return -ENAMETOOLONG;
    }
    return CopyToUser(name, text.c_str(), text.size() + 1) ? 0 : -EFAULT;
}

long
CallInterfaces(Self self, mptcp_posix_interface* first, size_t count)
{
    Get(self).Pace();
    const auto all = ListPosixInterfaces(Get(self).GetSettings().node);
    const size_t size = std::min(count, all.size()) * sizeof(mptcp_posix_interface);
    return CopyToUser(first, all.data(), size) ? static_cast<long>(all.size()) : -EFAULT;
}

void*
CallAllocate(Self self, size_t alignment, size_t size)
{
    return Get(self).Allocate(alignment, size);
}

void*
CallReallocate(Self self, void* memory, size_t size)
{
    return Get(self).Reallocate(memory, size);
}

void
CallRelease(Self self, void* memory)
{
    Get(self).Release(memory);
}

/// @param self process @param copied whether the memory is there @return 0 or -EFAULT
long
AnswerCopy(Self self, bool copied)
{
    if (copied)
    {
        return 0;
    }
    // The program's call ends here, mostly before one that counts.
    Get(self).Pace();
    return -EFAULT;
}

long
CallFetch(Self self, void* to, const void* from, size_t size)
{
    return AnswerCopy(self, CopyFromUser(to, from, size));
}

long
CallStore(Self self, void* to, const void* from, size_t size)
{
    return AnswerCopy(self, CopyToUser(to, from, size));
}

void*
CallOpenStream(ssize_t (*read)(void*, char*, size_t), ssize_t (*write)(void*, const char*, size_t))
{
    cookie_io_functions_t functions{};
    functions.read = read;
    functions.write = write;
    return fopencookie(nullptr, read ? "r" : "w", functions);
}

int
CallCloseStream(void* stream)
{
    return std::fclose(static_cast<FILE*>(stream));
}

int
CallFlushStream(void* stream)
{
    return std::fflush(static_cast<FILE*>(stream));
}

long
CallUnsupported(Self self, const char* name)
{
    Get(self).Pace();
    Get(self).Note(std::string(name) + "() is not there in a node: ENOSYS");
    return -ENOSYS;
}

void
CallExit(Self, int status)
{
    throw PosixProcess::End{status & 0xff};
}

void
CallAbort(Self self, const char* why)
{
    Get(self).Note(std::string("aborted: ") + why);
    throw PosixProcess::End{PosixProcess::ABORTED};
}

} // namespace

mptcp_posix_calls
MakePosixCalls(PosixProcess& process)
{
    mptcp_posix_calls calls{};
    calls.self = reinterpret_cast<mptcp_posix_process*>(&process);
    AddPosixSocketCalls(calls);
    calls.fcntl = CallFcntl;
    calls.ioctl = CallIoctl;
    calls.poll = CallPoll;
    calls.sleep = CallSleep;
    calls.now = CallNow;
    calls.pace = CallPace;
    calls.getpid = CallGetpid;
    calls.gethostname = CallGethostname;
    calls.interfaces = CallInterfaces;
    calls.allocate = CallAllocate;
    calls.reallocate = CallReallocate;
    calls.release = CallRelease;
    calls.fetch = CallFetch;
    calls.store = CallStore;
    calls.open_stream = CallOpenStream;
    calls.close_stream = CallCloseStream;
    calls.flush_stream = CallFlushStream;
    calls.format_time = std::strftime;
    calls.unsupported = CallUnsupported;
    calls.exit = CallExit;
    calls.abort = CallAbort;
    return calls;
}

} // namespace ns3
