// SPDX-License-Identifier: GPL-2.0-only
// Names of a socket, and how its connection begins.
#include "mptcp-socket-factory.h"
#include "mptcp-socket-scopes.h"
#include "mptcp-socket.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-compat.h"
#include "ns3/mptcp-socket-options.h"

namespace ns3
{

namespace
{

/// As stock sockets do, but 0 leaves what SetIpTos() was given.
/// @param socket that an address is given @param tos of the address
void
TakeTos(Socket& socket, uint8_t tos)
{
    if (tos != 0 && tos != socket.GetIpTos())
    {
        socket.SetIpTos(tos);
    }
}

} // namespace

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
        TakeTos(*this, AddressTosCompat::Get(inet, 0));
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
    // One that has ended holds nothing: what has been bound since then counts.
    if (m_connection && (IsAlive() || !m_binding))
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
    else
    {
        const IpAddress any =
            m_binding->ipv6 ? IpAddress(Ipv6Address::GetAny()) : IpAddress(Ipv4Address::GetAny());
        address = ToSocketAddress(m_binding->local.value_or(any), m_binding->port);
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

void
MptcpSocket::RespectBinding()
{
    const bool bound = (m_binding && m_binding->local) || m_boundnetdevice;
    if (!bound || m_frozen)
    {
        return;
    }
    if (!m_pathAware)
    {
        m_settings->m_enabled = m_settings->m_enabled && !m_bindDisables;
        return;
    }
    MptcpAddressScope& scope = m_settings->m_addressScope;
    scope.Restrict();
    const auto add = [&scope](const IpAddress& address)
    {
        if (!scope.IsRemoved(address))
        {
            scope.Add(address, 0);
        }
    };
    if (m_binding && m_binding->local)
    {
        add(*m_binding->local);
        return;
    }
    for (const auto& local : m_protocol->GetLocalAddresses())
    {
        if (m_protocol->HasAddress(local.address, m_boundnetdevice))
        {
            add(local.address);
        }
    }
}

bool
MptcpSocket::KeepToScope(const IpAddress& remote, IpAddress& source) const
{
    const MptcpAddressScope& scope = m_settings->m_addressScope;
    if (scope.Allows(source))
    {
        return true;
    }
    if (m_binding && m_binding->local)
    {
        return false;
    }
    std::vector<IpAddress> others;
    for (const auto& entry : scope.GetAdded())
    {
        others.push_back(entry.address);
    }
    if (!scope.IsRestricted())
    {
        for (const auto& local : m_protocol->GetLocalAddresses())
        {
            others.push_back(local.address);
        }
    }
    for (const auto& other : others)
    {
        if (IsIpv6(other) == IsIpv6(remote) && scope.Allows(other) &&
            m_protocol->HasAddress(other, m_boundnetdevice) &&
            m_protocol->HasRoute(other, remote, m_boundnetdevice))
        {
            source = other;
            return true;
        }
    }
    return false;
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

void
MptcpSocket::Detach()
{
    if (m_connection)
    {
        m_connection->SetUser(nullptr, nullptr);
        m_connection = nullptr;
    }
    if (m_options)
    {
        m_options->OnConnection(nullptr);
    }
}

int
MptcpSocket::Connect(const Address& address)
{
    TcpTuple tuple;
    uint8_t tos = 0;
    if (InetSocketAddress::IsMatchingType(address))
    {
        auto inet = InetSocketAddress::ConvertFrom(address);
        tos = AddressTosCompat::Get(inet, 0);
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
    if (!MptcpL4Protocol::IsUnicast(tuple.remoteAddress))
    {
        return Fail(ERROR_NOROUTETOHOST);
    }
    if (!m_routingHeader.empty() && !ipv6)
    {
        // IPv4 has no routing header that segments could stand in.
        return Fail(ERROR_AFNOSUPPORT);
    }
    const auto segments = GetSegments(m_routingHeader);
    auto source = SelectSource(segments.empty() ? tuple.remoteAddress : segments.front());
    if (!source)
    {
        return -1;
    }
    tuple.localAddress = *source;
    RespectBinding();
    if (!KeepToScope(tuple.remoteAddress, tuple.localAddress))
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    tuple.localPort = m_binding ? m_binding->port : 0;
    if (tuple.localPort == 0)
    {
        tuple.localPort = m_settings->m_addressScope.GetPort(tuple.localAddress);
        if (tuple.localPort != 0 && !m_protocol->IsPortFree(tuple.localAddress, tuple.localPort))
        {
            return Fail(ERROR_ADDRINUSE);
        }
    }
    if (tuple.localPort == 0)
    {
        tuple.localPort = m_protocol->AllocateEphemeralPort(
            tuple.localAddress, tuple.remoteAddress, tuple.remotePort);
    }
    if (tuple.localPort == 0)
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    if (!m_routingHeader.empty())
    {
        if (const int error = m_protocol->CheckRoutingHeader(tuple, m_routingHeader))
        {
            return Fail(error == EMSGSIZE ? ERROR_MSGSIZE : ERROR_OPNOTSUPP);
        }
    }
    TakeTos(*this, tos);
    Counted call(m_calls);
    m_accepted = false;
    Attach(tuple.GetRemote());
    if (!m_connection->Connect(tuple, m_routingHeader))
    {
        Detach();
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
    if (!m_binding || m_listening || IsAlive() || m_tellEnded)
    {
        return Fail(ERROR_INVAL);
    }
    if (!PickPort())
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    RespectBinding();
    Freeze();
    // One that has ended.
    Detach();
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

bool
MptcpSocket::UsesResetReasons() const
{
    return m_settings->m_version != 0;
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
        child->Detach();
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

} // namespace ns3
