// SPDX-License-Identifier: GPL-2.0-only
// What the socket does. Its attributes are in mptcp-socket-attributes.cc.
#include "mptcp-socket.h"

#include "mptcp-socket-factory.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-socket-options.h"
#include "ns3/simulator.h"

#include <sys/socket.h>
#include <utility>

namespace ns3
{

namespace
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

} // namespace

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

MptcpSocket::MptcpSocket()
    : m_settings(std::make_shared<MptcpSettings>())
{
}

MptcpSocket::MptcpSocket(const MptcpSocket& listener)
    : TcpSocket(listener),
      TcpListener(),
      MptcpConnectionUser(),
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

// Naming

Socket::SocketErrno
MptcpSocket::GetErrno() const
{
    return m_errno;
}

Socket::SocketType
MptcpSocket::GetSocketType() const
{
    return NS3_SOCK_STREAM;
}

Ptr<Node>
MptcpSocket::GetNode() const
{
    return m_node;
}

int
MptcpSocket::Fail(SocketErrno error) const
{
    m_errno = error;
    return -1;
}

bool
MptcpSocket::IsOwn(const IpAddress& address, Ptr<NetDevice> device) const
{
    if (IsIpv6(address))
    {
        Ptr<Ipv6> ipv6 = m_node->GetObject<Ipv6>();
        int32_t interface =
            ipv6 ? ipv6->GetInterfaceForAddress(std::get<Ipv6Address>(address)) : -1;
        return interface >= 0 && (!device || ipv6->GetNetDevice(interface) == device);
    }
    Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
    int32_t interface = ipv4 ? ipv4->GetInterfaceForAddress(std::get<Ipv4Address>(address)) : -1;
    return interface >= 0 && (!device || ipv4->GetNetDevice(interface) == device);
}

int
MptcpSocket::DoBind(const std::optional<IpAddress>& local, bool ipv6, uint16_t port)
{
    if (!m_protocol)
    {
        return Fail(ERROR_NODEV);
    }
    if (m_binding || m_listening || IsAlive())
    {
        return Fail(ERROR_INVAL);
    }
    if (local && !IsOwn(*local, nullptr))
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    if (port != 0 && m_protocol->Bind(local, ipv6, port) == 0)
    {
        return Fail(ERROR_ADDRINUSE);
    }
    m_binding = Binding{local, ipv6, port};
    return 0;
}

bool
MptcpSocket::PickPort() const
{
    if (m_binding->port == 0)
    {
        m_binding->port = m_protocol->Bind(m_binding->local, m_binding->ipv6, 0);
    }
    return m_binding->port != 0;
}

void
MptcpSocket::Unbind()
{
    if (!m_binding)
    {
        return;
    }
    // A protocol without a node is being taken down with the simulation.
    if (m_protocol && m_protocol->GetNode() && m_binding->port != 0)
    {
        if (m_listening)
        {
            m_protocol->SetListener(m_binding->local, m_binding->ipv6, m_binding->port, nullptr);
        }
        m_protocol->Unbind(m_binding->local, m_binding->ipv6, m_binding->port);
    }
    m_listening = false;
    m_binding.reset();
}

int
MptcpSocket::Bind()
{
    return DoBind(std::nullopt, false, 0);
}

int
MptcpSocket::Bind6()
{
    return DoBind(std::nullopt, true, 0);
}

int
MptcpSocket::Bind(const Address& address)
{
    if (InetSocketAddress::IsMatchingType(address))
    {
        auto inet = InetSocketAddress::ConvertFrom(address);
        bool any = inet.GetIpv4() == Ipv4Address::GetAny();
        return DoBind(
            any ? std::nullopt : std::optional<IpAddress>(inet.GetIpv4()), false, inet.GetPort());
    }
    if (Inet6SocketAddress::IsMatchingType(address))
    {
        auto inet6 = Inet6SocketAddress::ConvertFrom(address);
        bool any = inet6.GetIpv6() == Ipv6Address::GetAny();
        return DoBind(
            any ? std::nullopt : std::optional<IpAddress>(inet6.GetIpv6()), true, inet6.GetPort());
    }
    return Fail(ERROR_INVAL);
}

int
MptcpSocket::GetSockName(Address& address) const
{
    if (m_connection)
    {
        address = m_connection->GetFirstTuple().GetLocal();
    }
    else if (!m_binding)
    {
        address = InetSocketAddress(Ipv4Address::GetAny(), 0);
    }
    else if (!PickPort())
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    else if (m_binding->ipv6)
    {
        IpAddress any = Ipv6Address::GetAny();
        address = Inet6SocketAddress(std::get<Ipv6Address>(m_binding->local.value_or(any)),
                                     m_binding->port);
    }
    else
    {
        IpAddress any = Ipv4Address::GetAny();
        address = InetSocketAddress(std::get<Ipv4Address>(m_binding->local.value_or(any)),
                                    m_binding->port);
    }
    return 0;
}

int
MptcpSocket::GetPeerName(Address& address) const
{
    if (!m_connection)
    {
        return Fail(ERROR_NOTCONN);
    }
    address = m_peer;
    return 0;
}

bool
MptcpSocket::SetAllowBroadcast(bool allowBroadcast)
{
    return !allowBroadcast;
}

bool
MptcpSocket::GetAllowBroadcast() const
{
    return false;
}

// Opening

std::optional<IpAddress>
MptcpSocket::SelectSource(const IpAddress& remote) const
{
    const std::optional<IpAddress> bound = m_binding ? m_binding->local : std::nullopt;
    SocketErrno error = ERROR_NOROUTETOHOST;
    std::optional<IpAddress> source;
    if (IsIpv6(remote))
    {
        Ptr<Ipv6> ipv6 = m_node->GetObject<Ipv6>();
        Ipv6Header header;
        header.SetDestination(std::get<Ipv6Address>(remote));
        header.SetNextHeader(m_protocol->GetProtocolNumber());
        if (bound)
        {
            header.SetSource(std::get<Ipv6Address>(*bound));
        }
        if (ipv6 && ipv6->GetRoutingProtocol())
        {
            if (auto route = ipv6->GetRoutingProtocol()->RouteOutput(
                    Ptr<Packet>(), header, m_boundnetdevice, error))
            {
                source = route->GetSource();
            }
        }
    }
    else
    {
        Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
        Ipv4Header header;
        header.SetDestination(std::get<Ipv4Address>(remote));
        header.SetProtocol(m_protocol->GetProtocolNumber());
        if (bound)
        {
            header.SetSource(std::get<Ipv4Address>(*bound));
        }
        if (ipv4 && ipv4->GetRoutingProtocol())
        {
            if (auto route = ipv4->GetRoutingProtocol()->RouteOutput(
                    Ptr<Packet>(), header, m_boundnetdevice, error))
            {
                source = route->GetSource();
            }
        }
    }
    if (!source)
    {
        Fail(error == ERROR_NOTERROR ? ERROR_NOROUTETOHOST : error);
        return std::nullopt;
    }
    return bound ? bound : source;
}

bool
MptcpSocket::IsAlive() const
{
    return m_connection && !m_connection->IsEnded();
}

void
MptcpSocket::Attach(const Address& peer)
{
    m_connection = CreateObject<MptcpConnection>();
    m_peer = peer;
    m_established = false;
    m_closed = false;
    m_closeTold = false;
    m_endError = ERROR_NOTERROR;
    m_pendingError = 0;
    m_connection->Initialize(m_protocol, Freeze());
    m_connection->SetUser(this, Ptr<Object>(this));
    if (m_options)
    {
        m_options->OnConnection(m_connection);
    }
}

int
MptcpSocket::Connect(const Address& address)
{
    TcpTuple tuple;
    if (InetSocketAddress::IsMatchingType(address))
    {
        auto inet = InetSocketAddress::ConvertFrom(address);
        tuple.remoteAddress = inet.GetIpv4();
        tuple.remotePort = inet.GetPort();
    }
    else if (Inet6SocketAddress::IsMatchingType(address))
    {
        auto inet6 = Inet6SocketAddress::ConvertFrom(address);
        tuple.remoteAddress = inet6.GetIpv6();
        tuple.remotePort = inet6.GetPort();
    }
    else
    {
        return Fail(ERROR_INVAL);
    }
    bool ipv6 = IsIpv6(tuple.remoteAddress);
    if (!m_protocol)
    {
        return Fail(ERROR_NODEV);
    }
    if (m_listening)
    {
        return Fail(ERROR_OPNOTSUPP);
    }
    if (IsAlive() || m_tellEnded)
    {
        return Fail(ERROR_ISCONN);
    }
    if (m_binding && m_binding->ipv6 != ipv6)
    {
        return Fail(ERROR_AFNOSUPPORT);
    }
    if (tuple.remotePort == 0)
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    auto source = SelectSource(tuple.remoteAddress);
    if (!source)
    {
        return -1;
    }
    tuple.localAddress = *source;
    tuple.localPort = m_binding ? m_binding->port : 0;
    if (tuple.localPort == 0)
    {
        tuple.localPort = m_protocol->AllocateEphemeralPort(
            tuple.localAddress, tuple.remoteAddress, tuple.remotePort);
    }
    if (tuple.localPort == 0)
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    Counted call(m_calls);
    Attach(tuple.GetRemote());
    if (!m_connection->Connect(tuple))
    {
        m_connection->SetUser(nullptr, nullptr);
        m_connection = nullptr;
        return Fail(ERROR_ADDRINUSE);
    }
    if (m_receiveClosed)
    {
        m_connection->CloseReceive();
    }
    return 0;
}

int
MptcpSocket::Listen()
{
    if (!m_protocol)
    {
        return Fail(ERROR_NODEV);
    }
    if (!m_binding || m_listening || IsAlive())
    {
        return Fail(ERROR_INVAL);
    }
    if (!PickPort())
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    Freeze();
    m_listening = true;
    m_closed = false;
    m_closeTold = false;
    m_halfOpen = std::make_shared<uint32_t>(0);
    m_protocol->SetListener(m_binding->local, m_binding->ipv6, m_binding->port, this);
    if (auto factory = m_node->GetObject<MptcpSocketFactory>())
    {
        factory->Keep(this);
    }
    return 0;
}

void
MptcpSocket::OnSyn(const TcpTuple& tuple, const TcpSegment& syn)
{
    Ptr<MptcpSocket> self(this);
    const Address from = tuple.GetRemote();
    if (*m_halfOpen >= m_backlog ||
        (m_boundnetdevice && !IsOwn(tuple.localAddress, m_boundnetdevice)) ||
        !NotifyConnectionRequest(from) || !m_listening)
    {
        return;
    }
    Ptr<MptcpSocket> child = CopyObject(self);
    child->Attach(from);
    child->m_isHalfOpen = true;
    ++*m_halfOpen;
    if (!child->m_connection->Accept(tuple, syn))
    {
        child->m_connection->SetUser(nullptr, nullptr);
        child->m_connection = nullptr;
        return;
    }
    if (child->m_receiveClosed)
    {
        child->m_connection->CloseReceive();
    }
}

void
MptcpSocket::LeaveBacklog()
{
    if (m_isHalfOpen)
    {
        m_isHalfOpen = false;
        --*m_halfOpen;
    }
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
        m_connection->Close();
    }
    else
    {
        Unbind();
    }
    return 0;
}

// What the connection tells

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
