// SPDX-License-Identifier: GPL-2.0-only
// recvmsg(), sendmsg() and poll() of a socket.
#include "mptcp-socket.h"

#include "ns3/mptcp-ancillary.h"
#include "ns3/mptcp-api.h"
#include "ns3/mptcp-socket-options.h"
#include "ns3/user-memory.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <poll.h>
#include <sys/uio.h>
#include <utility>

namespace ns3
{

namespace
{

constexpr size_t MOST_PIECES = 1024; //!< UIO_MAXIOV of Linux

/// @param message whose memory pieces are wanted @param pieces is filled @param size is their sum
/// @return 0 or an errno
int
ReadPieces(const msghdr& message, std::vector<iovec>& pieces, size_t& size)
{
    if (message.msg_iovlen > MOST_PIECES)
    {
        return EMSGSIZE;
    }
    pieces.resize(message.msg_iovlen);
    if (!CopyFromUser(pieces.data(), message.msg_iov, pieces.size() * sizeof(iovec)))
    {
        return EFAULT;
    }
    size = 0;
    for (const auto& piece : pieces)
    {
        if (piece.iov_len > static_cast<size_t>(PTRDIFF_MAX))
        {
            return EINVAL;
        }
        // What is more is left for the next call, as in Linux.
        size = std::min<size_t>(size + piece.iov_len, INT32_MAX);
    }
    return 0;
}

/// @tparam Copy copies between a piece and memory of ours @param pieces of a message
/// @param bytes ours @param copy what to do @return whether all memory is there
template <typename Bytes, typename Copy>
bool
ForEachPiece(const std::vector<iovec>& pieces, Bytes& bytes, Copy copy)
{
    size_t at = 0;
    for (const auto& piece : pieces)
    {
        const size_t length = std::min(piece.iov_len, bytes.size() - at);
        if (!copy(piece.iov_base, bytes.data() + at, length))
        {
            return false;
        }
        at += length;
    }
    return true;
}

} // namespace

int64_t
MptcpSocket::RecvMsg(msghdr* message, int flags)
{
    msghdr head{};
    std::vector<iovec> pieces;
    size_t room = 0;
    if ((flags & ~(MSG_PEEK | MSG_DONTWAIT | MSG_WAITALL)) != 0)
    {
        return Answer(EOPNOTSUPP);
    }
    if (!CopyFromUser(&head, message, sizeof(head)))
    {
        return Answer(EFAULT);
    }
    if (const int error = ReadPieces(head, pieces, room))
    {
        return Answer(error);
    }
    if (!m_connection)
    {
        return Answer(ENOTCONN);
    }
    const bool peek = (flags & MSG_PEEK) != 0;
    const bool wantsEvents = head.msg_control && head.msg_controllen > 0;
    MptcpAncillary ancillary;
    if (wantsEvents && m_options)
    {
        ancillary = MptcpPackEvents(m_options->GetEvents(), head.msg_controllen);
    }
    // First without taking anything: memory that is not there shall cost no byte.
    Ptr<Packet> data;
    if (room > 0 && !m_receiveClosed && m_connection->GetReadable() > 0)
    {
        data = m_connection->Receive(static_cast<uint32_t>(room), true);
    }
    std::vector<uint8_t> bytes(data ? data->GetSize() : 0);
    if (data)
    {
        data->CopyData(bytes.data(), static_cast<uint32_t>(bytes.size()));
    }
    if (data || ancillary.events > 0)
    {
        head.msg_namelen = 0;
        head.msg_controllen = ancillary.bytes.size();
        head.msg_flags =
            (ancillary.events > 0 ? MPTCP_MSG_EVENT : 0) | (ancillary.truncated ? MSG_CTRUNC : 0);
        if (!ForEachPiece(pieces, bytes, CopyToUser) ||
            !CopyToUser(head.msg_control, ancillary.bytes.data(), ancillary.bytes.size()) ||
            !CopyToUser(message, &head, sizeof(head)))
        {
            return Answer(EFAULT);
        }
        if (!peek && ancillary.events > 0)
        {
            m_options->GetEvents().Pop(ancillary.events);
        }
        if (!peek && data)
        {
            Recv(static_cast<uint32_t>(bytes.size()), 0);
        }
        return data ? static_cast<int64_t>(bytes.size()) : Answer(ENOMSG);
    }
    if (const int error = TakeError())
    {
        return Answer(error);
    }
    const bool atEnd = m_receiveClosed || m_connection->AtEnd() || !IsAlive();
    if (!atEnd && room > 0)
    {
        return Answer(EAGAIN);
    }
    head.msg_namelen = 0;
    head.msg_controllen = 0;
    // Events that are too long for the message go on waiting, and poll() goes on telling.
    head.msg_flags = ancillary.truncated ? MSG_CTRUNC : 0;
    return Answer(CopyToUser(message, &head, sizeof(head)) ? 0 : EFAULT);
}

int64_t
MptcpSocket::SendMsg(const msghdr* message, int flags)
{
    msghdr head{};
    std::vector<iovec> pieces;
    size_t size = 0;
    if ((flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL)) != 0)
    {
        return Answer(EOPNOTSUPP);
    }
    if (!CopyFromUser(&head, message, sizeof(head)))
    {
        return Answer(EFAULT);
    }
    if (const int error = ReadPieces(head, pieces, size))
    {
        return Answer(error);
    }
    if (head.msg_controllen > 0)
    {
        // There is none that could be sent along.
        return Answer(EINVAL);
    }
    if (const int error = TakeError())
    {
        return Answer(error);
    }
    if (m_sendClosed || m_closed || (m_connection && !IsAlive()))
    {
        return Answer(EPIPE);
    }
    if (!m_connection)
    {
        return Answer(ENOTCONN);
    }
    size = std::min<size_t>(size, m_established ? GetTxAvailable() : 0);
    if (size == 0)
    {
        const bool nothing = std::all_of(
            pieces.begin(), pieces.end(), [](const iovec& piece) { return piece.iov_len == 0; });
        return Answer(nothing ? 0 : EAGAIN);
    }
    std::vector<uint8_t> bytes(size);
    if (!ForEachPiece(pieces,
                      bytes,
                      [](const void* from, void* to, size_t length)
                      { return CopyFromUser(to, from, length); }))
    {
        return Answer(EFAULT);
    }
    return Send(Create<Packet>(bytes.data(), static_cast<uint32_t>(size)), 0);
}

short
MptcpSocket::GetPollEvents() const
{
    short bits = m_options && m_options->GetEvents().GetSize() > 0 ? POLLPRI : 0;
    if (m_listening)
    {
        return bits;
    }
    const bool ended = m_connection && !IsAlive();
    if (m_connection && !ended && !m_established)
    {
        return bits;
    }
    const bool noneToRead =
        ended || (m_connection && (m_receiveClosed || m_connection->HasPeerEnded()));
    if (noneToRead)
    {
        bits |= POLLIN | POLLRDNORM | POLLRDHUP;
    }
    else if (GetRxAvailable() > 0)
    {
        bits |= POLLIN | POLLRDNORM;
    }
    if (!m_connection || ended || m_sendClosed || GetTxAvailable() > 0)
    {
        bits |= POLLOUT | POLLWRNORM;
    }
    if (!m_connection || ended || (noneToRead && m_sendClosed))
    {
        bits |= POLLHUP;
    }
    if (m_pendingError != 0)
    {
        bits |= POLLERR;
    }
    return bits;
}

int
MptcpSocket::TakeError()
{
    return std::exchange(m_pendingError, 0);
}

} // namespace ns3
