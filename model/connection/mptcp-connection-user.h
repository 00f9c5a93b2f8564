// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_CONNECTION_USER_H
#define MPTCP_CONNECTION_USER_H

#include "ns3/packet-marks.h"
#include "ns3/socket.h"

namespace ns3
{

/// What a connection tells the one who uses it (the socket).
class MptcpConnectionUser
{
  public:
    virtual ~MptcpConnectionUser() = default;
    /// The handshake is complete: data can flow.
    virtual void OnConnected() = 0;
    /// Bytes are there to be read, or the end of the peer's data.
    virtual void OnReadable() = 0;
    /// The peer has data-acked bytes. @param bytes how many
    virtual void OnDataAcked(uint32_t bytes) = 0;
    /// Data of the application left for the first time. @param bytes how many
    virtual void OnDataSent(uint32_t bytes) = 0;
    /**
     * The connection is over. Socket::SocketErrno cannot tell a time-out from a reset or a
     * refusal: MptcpConnection::GetErrno() can.
     * @param error ERROR_NOTERROR after an orderly close of both ends or after Abort(), otherwise
     * ERROR_NOTCONN
     */
    virtual void OnEnded(Socket::SocketErrno error) = 0;

    /// @return what all packets of the connection shall be marked with
    virtual PacketMarks GetPacketMarks() const
    {
        return PacketMarks();
    }
};

} // namespace ns3

#endif // MPTCP_CONNECTION_USER_H
