// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SOCKET_SCOPES_H
#define MPTCP_SOCKET_SCOPES_H

#include "mptcp-socket.h"

namespace ns3
{

/// Counts something for as long as it lives.
class Counted
{
  public:
    /// @param counter is one more until the end of the scope
    explicit Counted(uint32_t& counter)
        : m_counter(counter)
    {
        m_counter++;
    }

    ~Counted()
    {
        m_counter--;
    }

    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

  private:
    uint32_t& m_counter; //!< what is counted
};

/// A callback to the application is running. What it writes is sent when it returns: so many small
/// writes become full segments, as with TcpSocketBase, which sends a moment later.
class MptcpSocket::CallbackScope
{
  public:
    /// @param socket whose callback, held until the end of the scope
    explicit CallbackScope(MptcpSocket* socket)
        : m_socket(socket)
    {
        m_socket->m_callbacks++;
    }

    ~CallbackScope()
    {
        if (--m_socket->m_callbacks == 0 && m_socket->m_unsent)
        {
            m_socket->FlushWrites();
        }
    }

    CallbackScope(const CallbackScope&) = delete;
    CallbackScope& operator=(const CallbackScope&) = delete;

  private:
    Ptr<MptcpSocket> m_socket; //!< whose callback
};

} // namespace ns3

#endif // MPTCP_SOCKET_SCOPES_H
