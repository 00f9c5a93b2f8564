// SPDX-License-Identifier: GPL-2.0-only
// The calls of programs on sockets: from numbers and pointers to descriptors and their sockets.
#include "posix-calls.h"
#include "posix-control-file.h"
#include "posix-process.h"
#include "posix-socket.h"

#include "ns3/mptcp-control.h"
#include "ns3/user-memory.h"

#include <algorithm>
#include <climits>

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
    if (room > static_cast<socklen_t>(INT32_MAX))
    {
        return -EINVAL;
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
    const int fd = process.AddFile(file);
    if (fd < 0)
    {
        file->Close(true);
        return fd;
    }
    process.SetCloseOnExec(fd, (flags & SOCK_CLOEXEC) != 0);
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
        Get(self).Pace();
        return -EINVAL;
    }
    return WithSocket(self,
                      fd,
                      [self, name, length, flags](PosixSocket& socket) -> long
                      {
                          // As Linux: without a number the connection stays in the queue.
                          if (const int fd = Get(self).GetFreeFile(); fd < 0)
                          {
                              return fd;
                          }
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

/// @param file to write to @param user message of the program @param flags of sendmsg()
/// @return bytes, or an errno, negative
long
Send(PosixFile& file, const msghdr* user, int flags)
{
    PosixMessage message;
    const int error = message.Read(user);
    return error ? -error : file.Send(message, flags);
}

/// @param file to read from @param user message of the program, to fill @param flags of recvmsg()
/// @return bytes, or an errno, negative
long
Receive(PosixFile& file, msghdr* user, int flags)
{
    PosixMessage message;
    if (const int error = message.Read(user))
    {
        return -error;
    }
    const bool hasName = message.GetHeader()->msg_name;
    const long result = file.Receive(message, flags);
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
CallSendmsg(Self self, int fd, const msghdr* message, int flags)
{
    Get(self).Pace();
    const auto file = Get(self).GetFile(fd);
    return !file ? -EBADF : !file->IsSocket() ? -ENOTSOCK : Send(*file, message, flags);
}

long
CallRecvmsg(Self self, int fd, msghdr* message, int flags)
{
    Get(self).Pace();
    const auto file = Get(self).GetFile(fd);
    return !file ? -EBADF : !file->IsSocket() ? -ENOTSOCK : Receive(*file, message, flags);
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
CallWritev(Self self, int fd, const iovec* pieces, int count)
{
    Get(self).Pace();
    const auto file = Get(self).GetFile(fd);
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces);
    message.msg_iovlen = static_cast<size_t>(count);
    return !file ? -EBADF : count < 0 || count > IOV_MAX ? -EINVAL : Send(*file, &message, 0);
}

long
CallReadv(Self self, int fd, const iovec* pieces, int count)
{
    Get(self).Pace();
    const auto file = Get(self).GetFile(fd);
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces);
    message.msg_iovlen = static_cast<size_t>(count);
    return !file ? -EBADF : count < 0 || count > IOV_MAX ? -EINVAL : Receive(*file, &message, 0);
}

} // namespace

void
AddPosixSocketCalls(mptcp_posix_calls& calls)
{
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
    calls.writev = CallWritev;
    calls.readv = CallReadv;
}

} // namespace ns3
