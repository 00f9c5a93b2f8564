// SPDX-License-Identifier: GPL-2.0-only
// The life of a socket and its data. Its attributes are in mptcp-socket-attributes.cc, names and
// opening in mptcp-socket-opening.cc, what the application is told in mptcp-socket-delivery.cc.
#include "mptcp-socket.h"

#include "mptcp-socket-factory.h"
#include "mptcp-socket-scopes.h"

#include "ns3/mptcp-socket-options.h"

#include <sys/socket.h>
#include <utility>

namespace ns3
{

MptcpSocket::MptcpSocket()
    : m_settings(std::make_shared<MptcpSettings>())
{
}

MptcpSocket::MptcpSocket(const MptcpSocket& listener)
    : TcpSocket(listener),
      TcpListener(),
      MptcpConnectionUser(),
      MptcpApiSocket(),
      m_node(listener.m_node),
      m_protocol(listener.m_protocol),
      m_settings(listener.m_settings),
      m_frozen(true),
      m_backlog(listener.m_backlog),
      m_constructed(true),
      m_congestionChosen(listener.m_congestionChosen),
      m_rttChosen(listener.m_rttChosen),
      m_halfOpen(listener.m_halfOpen),
      m_accepted(true),
      m_sendClosed(listener.m_sendClosed),
      m_receiveClosed(listener.m_receiveClosed),
      m_privileged(listener.m_privileged),
      m_bindDisables(listener.m_bindDisables),
      m_pathAware(listener.m_pathAware),
      m_linger(listener.m_linger),
      m_eventLimit(listener.m_eventLimit)
{
    if (listener.m_options)
    {
        m_options = std::make_unique<MptcpSocketOptions>(*this, *listener.m_options);
    }
    SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                       MakeNullCallback<void, Ptr<Socket>>());
    SetDataSentCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
}

MptcpSocket::~MptcpSocket()
{
    if (m_connection)
    {
        m_connection->SetUser(nullptr, nullptr);
    }
    LeaveBacklog();
    Unbind();
}

void
MptcpSocket::DoDispose()
{
    m_options.reset();
    if (m_connection)
    {
        m_connection->SetUser(nullptr, nullptr);
        if (IsAlive() && m_node->GetNDevices() > 0)
        {
            // Nobody will read or close. A node that is being disposed of has no devices any more.
            m_connection->Close(GetLinger());
        }
        m_connection = nullptr;
    }
    LeaveBacklog();
    Unbind();
    m_protocol = nullptr;
    m_node = nullptr;
    TcpSocket::DoDispose();
}

void
MptcpSocket::SetNode(Ptr<Node> node)
{
    m_node = node;
    m_protocol = MptcpL4Protocol::Install(node);
    AskNode();
}

Ptr<MptcpConnection>
MptcpSocket::GetConnection() const
{
    return m_connection;
}

// Data

int
MptcpSocket::Send(Ptr<Packet> packet, uint32_t flags)
{
    if (flags != 0)
    {
        return Fail(ERROR_OPNOTSUPP);
    }
    if (m_sendClosed || m_closed)
    {
        return Fail(ERROR_SHUTDOWN);
    }
    if (!IsAlive())
    {
        return Fail(ERROR_NOTCONN);
    }
    uint32_t size = packet->GetSize();
    // All or nothing, as TcpSocketBase: applications keep the packet and try again.
    if (size > m_connection->GetSendSpace())
    {
        return Fail(ERROR_MSGSIZE);
    }
    if (size > 0)
    {
        Counted call(m_calls);
        m_unsent = m_unsent || m_callbacks > 0;
        // The packet remains the application's, which may change it or send it again.
        m_connection->Send(packet->Copy(), m_callbacks == 0);
    }
    return static_cast<int>(size);
}

int
MptcpSocket::SendTo(Ptr<Packet> packet, uint32_t flags, const Address&)
{
    return Send(packet, flags);
}

Ptr<Packet>
MptcpSocket::Recv(uint32_t maxSize, uint32_t flags)
{
    if ((flags & ~static_cast<uint32_t>(MSG_PEEK)) != 0)
    {
        Fail(ERROR_OPNOTSUPP);
        return nullptr;
    }
    if (!m_connection)
    {
        Fail(ERROR_NOTCONN);
        return nullptr;
    }
    Counted call(m_calls);
    if (m_connection->AtEnd())
    {
        return Create<Packet>();
    }
    if (maxSize == 0)
    {
        return nullptr;
    }
    Ptr<Packet> packet = m_connection->Receive(maxSize, (flags & MSG_PEEK) != 0);
    if (!packet)
    {
        Fail(IsAlive() ? ERROR_AGAIN : ERROR_NOTCONN);
    }
    else if (m_sendClosed && m_callbacks == 0 && m_connection->AtEnd() && IsAlive())
    {
        ScheduleDeliver();
    }
    return packet;
}

Ptr<Packet>
MptcpSocket::RecvFrom(uint32_t maxSize, uint32_t flags, Address& address)
{
    Ptr<Packet> packet = Recv(maxSize, flags);
    if (packet && packet->GetSize() > 0)
    {
        address = m_peer;
    }
    return packet;
}

uint32_t
MptcpSocket::GetTxAvailable() const
{
    if (!m_connection)
    {
        return m_settings->m_sndBufSize;
    }
    return IsAlive() ? m_connection->GetSendSpace() : 0;
}

uint32_t
MptcpSocket::GetRxAvailable() const
{
    return m_connection ? m_connection->GetReadable() : 0;
}

// Closing

int
MptcpSocket::ShutdownSend()
{
    // An accepted connection inherits this from its listener, but ends its own data only when the
    // peer has: so PacketSink has both directions closed once the sender is done.
    m_sendClosed = true;
    if (IsAlive())
    {
        Counted call(m_calls);
        m_connection->CloseSend();
    }
    return 0;
}

int
MptcpSocket::ShutdownRecv()
{
    m_receiveClosed = true;
    if (IsAlive())
    {
        Counted call(m_calls);
        m_connection->CloseReceive();
    }
    return 0;
}

std::optional<Time>
MptcpSocket::GetLinger() const
{
    return m_linger.IsStrictlyNegative() ? std::nullopt : std::optional<Time>(m_linger);
}

int
MptcpSocket::Close()
{
    if (m_closed)
    {
        return 0;
    }
    Ptr<MptcpSocket> self(this);
    m_closed = true;
    if (m_listening)
    {
        Unbind();
        if (auto factory = m_node->GetObject<MptcpSocketFactory>())
        {
            factory->Release(this);
        }
        TellClosed();
    }
    else if (IsAlive())
    {
        Counted call(m_calls);
        m_connection->Close(GetLinger());
    }
    else
    {
        Unbind();
    }
    return 0;
}

} // namespace ns3
