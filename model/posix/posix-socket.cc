// SPDX-License-Identifier: GPL-2.0-only
#include "posix-socket.h"

#include "posix-datagram-socket.h"
#include "posix-process.h"
#include "posix-stream-socket.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-compat.h"
#include "ns3/mptcp-sockaddr.h"
#include "ns3/mptcp-socket-factory.h"
#include "ns3/simulator.h"
#include "ns3/socket-errno.h"
#include "ns3/socket-factory.h"
#include "ns3/udp-socket-factory.h"

#include <netinet/in.h>

namespace ns3
{

namespace
{

constexpr uint16_t FIRST_FREE_PORT = 1024; //!< those below are for privileged programs
constexpr int PROTOCOL_MPTCP = 262;        //!< IPPROTO_MPTCP, which older headers lack

/// @param node any @param address a local address of a socket
/// @return whether sockets of the node can have it: its own, any, or multicast
bool
HasAddress(Ptr<Node> node, const IpAddress& address)
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        const auto ipv4 = node->GetObject<Ipv4>();
        return MptcpIsAny(address) || v4->IsMulticast() ||
               (ipv4 && ipv4->GetInterfaceForAddress(*v4) >= 0);
    }
    const auto& v6 = std::get<Ipv6Address>(address);
    const auto ipv6 = node->GetObject<Ipv6>();
    return MptcpIsAny(address) || v6.IsMulticast() ||
           (ipv6 && ipv6->GetInterfaceForAddress(v6) >= 0);
}

} // namespace

long
PosixSocket::Open(
    PosixProcess& process, int domain, int type, int protocol, std::shared_ptr<PosixSocket>& result)
{
    if (domain != AF_INET && domain != AF_INET6)
    {
        return -EAFNOSUPPORT;
    }
    TypeId factory;
    if (type == SOCK_STREAM)
    {
        if (protocol != 0 && protocol != IPPROTO_TCP && protocol != PROTOCOL_MPTCP)
        {
            return -EPROTONOSUPPORT;
        }
        factory = protocol == PROTOCOL_MPTCP ? MptcpSocketFactory::GetTypeId()
                                             : process.GetSettings().streamProtocol;
    }
    else if (type == SOCK_DGRAM)
    {
        if (protocol != 0 && protocol != IPPROTO_UDP)
        {
            return -EPROTONOSUPPORT;
        }
        factory = UdpSocketFactory::GetTypeId();
    }
    else
    {
        return -ESOCKTNOSUPPORT;
    }
    Ptr<Node> node = process.GetSettings().node;
    // ns-3's own sockets would crash.
    if (domain == AF_INET ? !node->GetObject<Ipv4>() : !node->GetObject<Ipv6>())
    {
        return -EAFNOSUPPORT;
    }
    if (!node->GetObject<SocketFactory>(factory))
    {
        process.Note("its node has no " + factory.GetName());
        return -EPROTONOSUPPORT;
    }
    Ptr<Socket> socket = Socket::CreateSocket(node, factory);
    if (type == SOCK_STREAM)
    {
        result = std::make_shared<PosixStreamSocket>(
            process, domain, protocol ? protocol : IPPROTO_TCP, socket);
    }
    else
    {
        result = std::make_shared<PosixDatagramSocket>(process, domain, socket);
    }
    result->Hear();
    return 0;
}

PosixSocket::PosixSocket(PosixProcess& process, int domain, int protocol, Ptr<Socket> socket)
    : m_process(process),
      m_domain(domain),
      m_protocol(protocol),
      m_socket(socket)
{
}

std::optional<sa_family_t>
PosixSocket::GetFamily(const Bytes& name)
{
    sa_family_t family = AF_UNSPEC;
    if (name.size() < sizeof(family))
    {
        return std::nullopt;
    }
    std::copy_n(name.begin(), sizeof(family), reinterpret_cast<uint8_t*>(&family));
    return family;
}

long
PosixSocket::ParseName(const Bytes& name, Address& address) const
{
    const auto family = GetFamily(name);
    if (!family)
    {
        return -EINVAL;
    }
    if (*family != m_domain)
    {
        return -EAFNOSUPPORT;
    }
    const auto parsed = MptcpFromSockAddr(name.data(), name.size());
    if (!parsed)
    {
        return -EINVAL;
    }
    address = ToSocketAddress(parsed->first, parsed->second);
    return 0;
}

PosixSocket::Bytes
PosixSocket::FormatName(const Address& address)
{
    const auto parts = MptcpSplitAddress(address);
    return parts ? MptcpToSockAddr(parts->first, parts->second) : Bytes();
}

long
PosixSocket::Bind(const Bytes& name)
{
    Address address;
    if (const long error = ParseName(name, address))
    {
        return error;
    }
    if (m_bound || m_connected)
    {
        return -EINVAL;
    }
    const uint16_t port = MptcpSplitAddress(address)->second;
    if (port != 0 && port < FIRST_FREE_PORT && !m_process.GetSettings().privileged)
    {
        return -EACCES;
    }
    // ns-3's own sockets take any address.
    if (!HasAddress(m_process.GetSettings().node, MptcpSplitAddress(address)->first))
    {
        return -EADDRNOTAVAIL;
    }
    if (const long error = BindTo(address))
    {
        return error;
    }
    m_bound = true;
    return 0;
}

Address
PosixSocket::WithTos(const Address& address) const
{
    if (!InetSocketAddress::IsMatchingType(address))
    {
        return address;
    }
    auto inet = InetSocketAddress::ConvertFrom(address);
    AddressTosCompat::Set(inet, m_socket->GetIpTos(), 0);
    return inet;
}

long
PosixSocket::BindTo(const Address& address)
{
    // With the address's TOS ns-3.37 sets the priority anew.
    const uint8_t priority = m_socket->GetPriority();
    const int result = m_socket->Bind(WithTos(address));
    m_socket->SetPriority(priority);
    return result < 0 ? -ToErrno(m_socket->GetErrno()) : 0;
}

long
PosixSocket::ConnectTo(const Address& address)
{
    // See BindTo().
    const uint8_t priority = m_socket->GetPriority();
    const int result = m_socket->Connect(WithTos(address));
    m_socket->SetPriority(priority);
    return result < 0 ? -ToErrno(m_socket->GetErrno()) : 0;
}

long
PosixSocket::BindIfNeeded()
{
    if (m_bound)
    {
        return 0;
    }
    if ((m_domain == AF_INET ? m_socket->Bind() : m_socket->Bind6()) < 0)
    {
        return -ToErrno(m_socket->GetErrno());
    }
    m_bound = true;
    return 0;
}

long
PosixSocket::Listen(int)
{
    return -EOPNOTSUPP;
}

long
PosixSocket::Accept(std::shared_ptr<PosixSocket>&)
{
    return -EOPNOTSUPP;
}

long
PosixSocket::Shutdown(int how)
{
    if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
    {
        return -EINVAL;
    }
    if (!m_connected)
    {
        return -ENOTCONN;
    }
    if (how != SHUT_WR)
    {
        m_socket->ShutdownRecv();
    }
    if (how != SHUT_RD)
    {
        m_socket->ShutdownSend();
    }
    return 0;
}

long
PosixSocket::GetName(bool peer, Bytes& name) const
{
    Address address;
    if (peer && !m_connected)
    {
        return -ENOTCONN;
    }
    if (!peer && !m_bound && !m_connecting && !m_connected)
    {
        // No name yet.
        const IpAddress any = m_domain == AF_INET ? IpAddress(Ipv4Address::GetAny())
                                                  : IpAddress(Ipv6Address::GetAny());
        name = MptcpToSockAddr(any, 0);
        return 0;
    }
    if ((peer ? m_socket->GetPeerName(address) : m_socket->GetSockName(address)) < 0)
    {
        return -ToErrno(m_socket->GetErrno());
    }
    name = FormatName(address);
    return name.empty() ? -ENOTCONN : 0;
}

int
PosixSocket::TakeError()
{
    return 0;
}

void
PosixSocket::Close(bool orderly)
{
    if (!m_socket)
    {
        return;
    }
    if (orderly)
    {
        m_socket->Close();
    }
    m_socket = nullptr;
}

bool
PosixSocket::IsNonBlocking(int flags) const
{
    return nonBlocking || (flags & MSG_DONTWAIT) != 0;
}

std::optional<Time>
PosixSocket::GetLimit(Time timeout)
{
    return timeout.IsZero() ? std::nullopt : std::optional(Simulator::Now() + timeout);
}

std::function<void()>
PosixSocket::MakeWaker()
{
    return [self = weak_from_this()]()
    {
        if (const auto socket = self.lock())
        {
            socket->m_process.Wake();
        }
    };
}

} // namespace ns3
