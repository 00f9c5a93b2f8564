// SPDX-License-Identifier: GPL-2.0-only
// What the connection tells, and how the application hears of it.
#include "mptcp-socket-scopes.h"
#include "mptcp-socket.h"

#include "ns3/simulator.h"

#include <utility>

namespace ns3
{

void
MptcpSocket::ScheduleDeliver()
{
    if (!m_deliverScheduled)
    {
        m_deliverScheduled = true;
        Simulator::ScheduleNow(&MptcpSocket::Deliver, Ptr<MptcpSocket>(this));
    }
}

void
MptcpSocket::OnConnected()
{
    LeaveBacklog();
    m_established = true;
    m_tellConnected = true;
    ScheduleDeliver();
}

void
MptcpSocket::OnReadable()
{
    if (m_calls > 0)
    {
        ScheduleDeliver();
    }
    else if (!m_tellConnected)
    {
        TellReadable();
        TellSent();
    }
}

void
MptcpSocket::OnDataAcked(uint32_t)
{
    if (m_calls > 0 || m_tellConnected || m_sendClosed || m_closed)
    {
        return;
    }
    uint32_t available = GetTxAvailable();
    if (available > 0)
    {
        Ptr<MptcpSocket> self(this);
        {
            CallbackScope callback(this);
            NotifySend(available);
        }
        TellSent();
    }
}

void
MptcpSocket::OnDataSent(uint32_t bytes)
{
    m_tellSent += bytes;
    if (m_calls == 0)
    {
        TellSent();
    }
    else if (m_callbacks == 0)
    {
        ScheduleDeliver();
    }
}

void
MptcpSocket::OnEnded(SocketErrno error)
{
    LeaveBacklog();
    Unbind();
    m_endError = error;
    m_pendingError = error == ERROR_NOTERROR ? 0 : m_connection->GetErrno();
    m_tellEnded = true;
    ScheduleDeliver();
}

void
MptcpSocket::FlushWrites()
{
    m_unsent = false;
    if (IsAlive())
    {
        Counted call(m_calls);
        m_connection->Flush();
    }
}

void
MptcpSocket::TellSent()
{
    if (m_tellSent > 0 && m_callbacks == 0 && !m_tellConnected)
    {
        Ptr<MptcpSocket> self(this);
        CallbackScope callback(this);
        NotifyDataSent(std::exchange(m_tellSent, 0));
    }
}

void
MptcpSocket::TellReadable()
{
    Ptr<MptcpSocket> self(this);
    Ptr<MptcpConnection> connection = m_connection;
    if (!m_receiveClosed && connection->GetReadable() > 0)
    {
        CallbackScope callback(this);
        NotifyDataRecv();
    }
    if (connection->HasPeerEnded())
    {
        TellClosed();
    }
    if (m_sendClosed && connection->AtEnd() && !connection->IsEnded())
    {
        Counted call(m_calls);
        connection->Close();
    }
}

void
MptcpSocket::TellClosed()
{
    if (!m_closeTold)
    {
        m_closeTold = true;
        CallbackScope callback(this);
        NotifyNormalClose();
    }
}

void
MptcpSocket::Deliver()
{
    m_deliverScheduled = false;
    Ptr<MptcpSocket> self(this);
    if (!m_connection)
    {
        return;
    }
    if (std::exchange(m_tellConnected, false))
    {
        CallbackScope callback(this);
        if (m_accepted)
        {
            NotifyNewConnectionCreated(this, m_peer);
        }
        else if (!m_closed)
        {
            NotifyConnectionSucceeded();
        }
        if (!m_closed && !m_sendClosed && GetTxAvailable() > 0)
        {
            NotifySend(GetTxAvailable());
        }
    }
    if (!m_connection)
    {
        // The application has disposed of the socket.
        return;
    }
    if (m_established && (m_connection->GetReadable() > 0 || m_connection->HasPeerEnded()))
    {
        TellReadable();
    }
    TellSent();
    if (!std::exchange(m_tellEnded, false))
    {
        return;
    }
    if (m_endError != ERROR_NOTERROR)
    {
        m_errno = m_endError;
    }
    if (!m_established)
    {
        // Nobody knows of a connection that a listener did not complete.
        if (m_accepted)
        {
            return;
        }
        if (!m_closed)
        {
            m_closeTold = true;
            CallbackScope callback(this);
            NotifyConnectionFailed();
            return;
        }
    }
    if (m_endError == ERROR_NOTERROR || !m_established)
    {
        TellClosed();
        return;
    }
    m_closeTold = true;
    CallbackScope callback(this);
    NotifyErrorClose();
}

} // namespace ns3
