// SPDX-License-Identifier: GPL-2.0-only
#include "posix-message.h"

#include "ns3/user-memory.h"

#include <algorithm>
#include <cerrno>
#include <climits>

namespace ns3
{

int
PosixMessage::Read(const msghdr* message)
{
    if (!CopyFromUser(&m_header, message, sizeof(m_header)))
    {
        return EFAULT;
    }
    if (m_header.msg_iovlen > IOV_MAX)
    {
        return EMSGSIZE;
    }
    m_pieces.resize(m_header.msg_iovlen);
    if (!CopyFromUser(m_pieces.data(), m_header.msg_iov, m_pieces.size() * sizeof(iovec)))
    {
        return EFAULT;
    }
    m_header.msg_iov = m_pieces.data();
    m_size = 0;
    for (iovec& piece : m_pieces)
    {
        // As Linux, which also takes no more than this in one call.
        piece.iov_len = std::min<size_t>(piece.iov_len, INT_MAX - m_size);
        m_size += piece.iov_len;
    }
    return 0;
}

void
PosixMessage::Advance(size_t bytes)
{
    m_size -= bytes;
    for (iovec& piece : m_pieces)
    {
        const size_t part = std::min(bytes, piece.iov_len);
        piece.iov_base = static_cast<uint8_t*>(piece.iov_base) + part;
        piece.iov_len -= part;
        bytes -= part;
    }
}

bool
PosixMessage::CopyFrom(std::vector<uint8_t>& bytes) const
{
    size_t at = 0;
    for (const iovec& piece : m_pieces)
    {
        const size_t part = std::min(piece.iov_len, bytes.size() - at);
        if (!CopyFromUser(bytes.data() + at, piece.iov_base, part))
        {
            return false;
        }
        at += part;
    }
    return true;
}

bool
PosixMessage::CopyTo(const std::vector<uint8_t>& bytes) const
{
    size_t at = 0;
    for (const iovec& piece : m_pieces)
    {
        const size_t part = std::min(piece.iov_len, bytes.size() - at);
        if (!CopyToUser(piece.iov_base, bytes.data() + at, part))
        {
            return false;
        }
        at += part;
    }
    return true;
}

msghdr*
PosixMessage::GetHeader()
{
    m_header.msg_iov = m_pieces.data();
    return &m_header;
}

} // namespace ns3
