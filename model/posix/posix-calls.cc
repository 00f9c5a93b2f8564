// SPDX-License-Identifier: GPL-2.0-only
// The calls of programs: from numbers and pointers to descriptors and their sockets.
#include "posix-calls.h"

#include "posix-control-file.h"
#include "posix-process.h"
#include "posix-socket.h"

#include "ns3/mptcp-control.h"
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
using Bytes = PosixSocket::Bytes;

/// @param self as the program has it @return the process
PosixProcess&
Get(Self self)
{
    return *reinterpret_cast<PosixProcess*>(self);
}

/// Call a function of a socket. @param self process @param fd descriptor @param call the function
/// @param missing errno if it is a socket that has no such function
/// @return its result, or -EBADF, -ENOTSOCK or the negative of that errno
template <typename Call>
long
WithSocket(Self self, int fd, Call call, int missing = EOPNOTSUPP)
{
    PosixProcess& process = Get(self);
    process.Pace();
    const auto file = process.GetFile(fd);
    const auto socket = process.GetSocket(fd);
    if (socket)
    {
        return call(*socket);
    }
    return !file ? -EBADF : file->IsSocket() ? -missing : -ENOTSOCK;
}

/// @param name of the program @param length its bytes @param bytes are filled
/// @return 0 or an errno, negative
long
ReadName(const void* name, socklen_t length, Bytes& bytes)
{
    if (length > sizeof(sockaddr_storage))
    {
        return -EINVAL;
    }
    bytes.resize(length);
    return CopyFromUser(bytes.data(), name, length) ? 0 : -EFAULT;
}

/// @param bytes a name @param name where the program wants it @param length its room, is filled
/// @return 0 or an errno, negative
long
WriteName(const Bytes& bytes, void* name, socklen_t* length)
{
    socklen_t room = 0;
    const auto size = static_cast<socklen_t>(bytes.size());
    if (!CopyFromUser(&room, length, sizeof(room)))
    {
        return -EFAULT;
    }
    return CopyToUser(name, bytes.data(), std::min(room, size)) &&
                   CopyToUser(length, &size, sizeof(size))
               ? 0
               : -EFAULT;
}

/// @param process whose @param file gets a descriptor @param flags SOCK_NONBLOCK, SOCK_CLOEXEC
/// @return the descriptor, or an errno, negative
long
AddFile(PosixProcess& process, const std::shared_ptr<PosixFile>& file, int flags)
{
    file->nonBlocking = (flags & SOCK_NONBLOCK) != 0;
    file->closeOnExec = (flags & SOCK_CLOEXEC) != 0;
    const int fd = process.AddFile(file);
    if (fd < 0)
    {
        file->Close(true);
    }
    return fd;
}

long
CallSocket(Self self, int domain, int type, int protocol)
{
    const int flags = type & (SOCK_NONBLOCK | SOCK_CLOEXEC);
    Get(self).Pace();
    if (domain == MPTCP_PF_CONTROL)
    {
        std::shared_ptr<PosixFile> file;
        const long wrong = PosixControlFile::Open(Get(self), type & ~flags, protocol, file);
        return wrong ? wrong : AddFile(Get(self), file, flags);
    }
    std::shared_ptr<PosixSocket> socket;
    const long error = PosixSocket::Open(Get(self), domain, type & ~flags, protocol, socket);
    return error ? error : AddFile(Get(self), socket, flags);
}

long
CallBind(Self self, int fd, const void* name, socklen_t length)
{
    return WithSocket(self,
                      fd,
                      [name, length](PosixSocket& socket)
                      {
                          Bytes bytes;
                          const long error = ReadName(name, length, bytes);
                          return error ? error : socket.Bind(bytes);
                      });
}

long
CallListen(Self self, int fd, int backlog)
{
    return WithSocket(self, fd, [backlog](PosixSocket& socket) { return socket.Listen(backlog); });
}

long
CallAccept(Self self, int fd, void* name, socklen_t* length, int flags)
{
    if ((flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) != 0)
    {
        return -EINVAL;
    }
    return WithSocket(self,
                      fd,
                      [self, name, length, flags](PosixSocket& socket) -> long
                      {
                          std::shared_ptr<PosixSocket> accepted;
                          if (const long error = socket.Accept(accepted))
                          {
                              return error;
                          }
                          Bytes bytes;
                          if (name && accepted->GetName(true, bytes) == 0)
                          {
                              if (const long error = WriteName(bytes, name, length))
                              {
                                  accepted->Close(true);
                                  return error;
                              }
                          }
                          return AddFile(Get(self), accepted, flags);
                      });
}

long
CallConnect(Self self, int fd, const void* name, socklen_t length)
{
    return WithSocket(self,
                      fd,
                      [name, length](PosixSocket& socket)
                      {
                          Bytes bytes;
                          const long error = ReadName(name, length, bytes);
                          return error ? error : socket.Connect(bytes);
                      });
}

long
CallSendmsg(Self self, int fd, const msghdr* user, int flags)
{
    PosixProcess& process = Get(self);
    process.Pace();
    const auto file = process.GetFile(fd);
    if (!file)
    {
        return -EBADF;
    }
    PosixMessage message;
    const int error = message.Read(user);
    return error ? -error : file->Send(message, flags);
}

long
CallRecvmsg(Self self, int fd, msghdr* user, int flags)
{
    PosixProcess& process = Get(self);
    process.Pace();
    const auto file = process.GetFile(fd);
    if (!file)
    {
        return -EBADF;
    }
    PosixMessage message;
    if (const int error = message.Read(user))
    {
        return -error;
    }
    const bool hasName = message.GetHeader()->msg_name;
    const long result = file->Receive(message, flags);
    // An event without data is an error with a message (ENOMSG).
    if (result >= 0 || result == -ENOMSG)
    {
        // All but the memory, which is the program's own again.
        msghdr answer;
        if (!CopyFromUser(&answer, user, sizeof(answer)))
        {
            return -EFAULT;
        }
        const msghdr* filled = message.GetHeader();
        answer.msg_namelen = hasName ? filled->msg_namelen : answer.msg_namelen;
        answer.msg_controllen = filled->msg_controllen;
        answer.msg_flags = filled->msg_flags;
        if (!CopyToUser(user, &answer, sizeof(answer)))
        {
            return -EFAULT;
        }
    }
    return result;
}

long
CallShutdown(Self self, int fd, int how)
{
    return WithSocket(self, fd, [how](PosixSocket& socket) { return socket.Shutdown(how); });
}

long
CallClose(Self self, int fd)
{
    Get(self).Pace();
    return Get(self).CloseFile(fd);
}

long
CallGetsockopt(Self self, int fd, int level, int name, void* value, socklen_t* length)
{
    return WithSocket(
        self,
        fd,
        [level, name, value, length](PosixSocket& socket)
        { return socket.GetOption(level, name, value, length); },
        ENOPROTOOPT);
}

long
CallSetsockopt(Self self, int fd, int level, int name, const void* value, socklen_t length)
{
    return WithSocket(
        self,
        fd,
        [level, name, value, length](PosixSocket& socket)
        { return socket.SetOption(level, name, value, length); },
        ENOPROTOOPT);
}

long
CallGetsockname(Self self, int fd, void* name, socklen_t* length)
{
    return WithSocket(self,
                      fd,
                      [name, length](PosixSocket& socket)
                      {
                          Bytes bytes;
                          const long error = socket.GetName(false, bytes);
                          return error ? error : WriteName(bytes, name, length);
                      });
}

long
CallGetpeername(Self self, int fd, void* name, socklen_t* length)
{
    return WithSocket(self,
                      fd,
                      [name, length](PosixSocket& socket)
                      {
                          Bytes bytes;
                          const long error = socket.GetName(true, bytes);
                          return error ? error : WriteName(bytes, name, length);
                      });
}

long
CallWrite(Self self, int fd, const void* bytes, size_t size)
{
    iovec piece{const_cast<void*>(bytes), size};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    return CallSendmsg(self, fd, &message, 0);
}

long
CallRead(Self self, int fd, void* bytes, size_t size)
{
    iovec piece{bytes, size};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    return CallRecvmsg(self, fd, &message, 0);
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
        return file->closeOnExec ? FD_CLOEXEC : 0;
    case F_SETFD:
        file->closeOnExec = (argument & FD_CLOEXEC) != 0;
        return 0;
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
    {
        // An int, whose upper half the shim cannot know.
        const auto least = static_cast<int>(argument);
        return least < 0 ? -EINVAL : Get(self).AddFile(file, static_cast<size_t>(least));
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
CallPoll(Self self, pollfd* fds, size_t count, int64_t nanoseconds)
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
    const auto look = [&process, &wanted, &ready]()
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
            const short always = POLLERR | POLLHUP;
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

void*
CallAllocate(Self self, size_t size)
{
    return Get(self).Allocate(size);
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

long
CallFetch(Self, void* to, const void* from, size_t size)
{
    return CopyFromUser(to, from, size) ? 0 : -EFAULT;
}

long
CallStore(Self, void* to, const void* from, size_t size)
{
    return CopyToUser(to, from, size) ? 0 : -EFAULT;
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
    calls.socket = CallSocket;
    calls.bind = CallBind;
    calls.listen = CallListen;
    calls.accept = CallAccept;
    calls.connect = CallConnect;
    calls.sendmsg = CallSendmsg;
    calls.recvmsg = CallRecvmsg;
    calls.shutdown = CallShutdown;
    calls.close = CallClose;
    calls.getsockopt = CallGetsockopt;
    calls.setsockopt = CallSetsockopt;
    calls.getsockname = CallGetsockname;
    calls.getpeername = CallGetpeername;
    calls.write = CallWrite;
    calls.read = CallRead;
    calls.fcntl = CallFcntl;
    calls.ioctl = CallIoctl;
    calls.poll = CallPoll;
    calls.sleep = CallSleep;
    calls.now = CallNow;
    calls.getpid = CallGetpid;
    calls.gethostname = CallGethostname;
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
