// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_FILE_H
#define POSIX_FILE_H

#include "posix-message.h"

#include <cerrno>
#include <poll.h>

namespace ns3
{

/// What a descriptor of a program stands for. All calls return the negative of an errno on failure.
class PosixFile
{
  public:
    virtual ~PosixFile() = default;

    /// @param message to send @param flags of sendmsg() @return bytes
    virtual long Send(PosixMessage& message, int flags) = 0;
    /// @param message to fill @param flags of recvmsg() @return bytes
    virtual long Receive(PosixMessage& message, int flags) = 0;
    /// @return what poll() tells of it
    virtual short Poll() const = 0;
    /// Nobody refers to it any more. @param orderly whether the simulation goes on
    virtual void Close(bool orderly) = 0;

    /// @return bytes that can be read at once (FIONREAD)
    virtual long GetReadable() const
    {
        return -EINVAL;
    }

    /// @return whether it is a socket, though perhaps none that has addresses or options
    virtual bool IsSocket() const
    {
        return false;
    }

    bool nonBlocking{false}; //!< O_NONBLOCK
};

} // namespace ns3

#endif // POSIX_FILE_H
