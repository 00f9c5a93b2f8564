// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_MESSAGE_H
#define POSIX_MESSAGE_H

#include <cstddef>
#include <cstdint>
#include <sys/socket.h>
#include <sys/uio.h>
#include <vector>

namespace ns3
{

/// A struct msghdr of a program, read with care: the program may have put anything in it.
class PosixMessage
{
  public:
    /// @param message of the program @return 0 or an errno
    int Read(const msghdr* message);

    /// @return bytes that it has or has room for
    size_t GetSize() const
    {
        return m_size;
    }

    /// Leave the first bytes out from now on. @param bytes that are done
    void Advance(size_t bytes);
    /// @param bytes are filled from the message's memory, as many as they are
    /// @return whether all of it is there
    bool CopyFrom(std::vector<uint8_t>& bytes) const;
    /// @param bytes to write to the message's memory, at most GetSize() @return whether it is there
    bool CopyTo(const std::vector<uint8_t>& bytes) const;
    /// @return the message with what is left of its memory
    msghdr* GetHeader();

  private:
    msghdr m_header{};           //!< ours
    std::vector<iovec> m_pieces; //!< ours
    size_t m_size{0};            //!< of the pieces
};

} // namespace ns3

#endif // POSIX_MESSAGE_H
