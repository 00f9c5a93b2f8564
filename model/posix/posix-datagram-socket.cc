// SPDX-License-Identifier: GPL-2.0-only
#include "posix-datagram-socket.h"

#include "posix-process.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-route.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-sockaddr.h"
#include "ns3/packet.h"
#include "ns3/socket-errno.h"
#include "ns3/user-memory.h"

#include <algorithm>
#include <limits>
#include <netinet/in.h>

namespace ns3
{

namespace
{

/// @param address any @return whether it is a multicast one
bool
IsMulticast(const IpAddress& address)
{
    return std::visit([](const auto& any) { return any.IsMulticast(); }, address);
}

/// @param address any @return whether it stands for all on a link
bool
IsBroadcast(const IpAddress& address)
{
    const auto* v4 = std::get_if<Ipv4Address>(&address);
    return v4 && v4->IsBroadcast();
}

/// @param node that sends @param remote where to @param device that must be used, or nullptr
/// @return the address that it sends from, or nothing without a route
std::optional<IpAddress>
SelectSource(Ptr<Node> node, const IpAddress& remote, Ptr<NetDevice> device)
{
    Socket::SocketErrno error;
    if (const auto* v4 = std::get_if<Ipv4Address>(&remote))
    {
        Ipv4Header header;
        header.SetSource(Ipv4Address::GetAny());
        header.SetDestination(*v4);
        header.SetProtocol(IPPROTO_UDP);
        const auto route = node->GetObject<Ipv4>()->GetRoutingProtocol()->RouteOutput(
            nullptr, header, device, error);
        return route ? std::optional<IpAddress>(route->GetSource()) : std::nullopt;
    }
    Ipv6Header header;
    header.SetSource(Ipv6Address::GetAny());
    header.SetDestination(std::get<Ipv6Address>(remote));
    header.SetNextHeader(IPPROTO_UDP);
    const auto route =
        node->GetObject<Ipv6>()->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error);
    return route ? std::optional<IpAddress>(route->GetSource()) : std::nullopt;
}

} // namespace

PosixDatagramSocket::PosixDatagramSocket(PosixProcess& process, int domain, Ptr<Socket> socket)
    : PosixSocket(process, domain, IPPROTO_UDP, socket)
{
}

int
PosixDatagramSocket::GetType() const
{
    return SOCK_DGRAM;
}

void
PosixDatagramSocket::Hear()
{
    const auto wake = MakeWaker();
    m_socket->SetRecvCallback(Callback<void, Ptr<Socket>>([wake](Ptr<Socket>) { wake(); }));
}

long
PosixDatagramSocket::Connect(const Bytes& name)
{
    if (GetFamily(name) == AF_UNSPEC)
    {
        m_connected = false;
        m_source.reset();
        return 0;
    }
    Address address;
    if (const long error = ParseName(name, address))
    {
        return error;
    }
    if (const long error = BindIfNeeded())
    {
        return error;
    }
    if (const long error = CheckDestination(address))
    {
        return error;
    }
    const IpAddress remote = MptcpSplitAddress(address)->first;
    std::optional<IpAddress> source;
    // These need no route.
    if (!IsBroadcast(remote) && !IsMulticast(remote))
    {
        source = SelectSource(m_process.GetSettings().node, remote, m_socket->GetBoundNetDevice());
        if (!source)
        {
            return -ENETUNREACH;
        }
    }
    if (const long error = ConnectTo(address))
    {
        return error;
    }
    Address own;
    m_socket->GetSockName(own);
    if (!m_source && MptcpIsAny(MptcpSplitAddress(own)->first))
    {
        m_source = source;
    }
    m_connected = true;
    m_peer = address;
    m_fetched = m_fetched && IsFromPeer(m_from);
    return 0;
}

long
PosixDatagramSocket::GetName(bool peer, Bytes& name) const
{
    Address own;
    if (peer || !m_source || m_socket->GetSockName(own) < 0)
    {
        return PosixSocket::GetName(peer, name);
    }
    name = MptcpToSockAddr(*m_source, MptcpSplitAddress(own)->second);
    return 0;
}

long
PosixDatagramSocket::CheckDestination(const Address& address) const
{
    const IpAddress remote = MptcpSplitAddress(address)->first;
    if (!m_socket->GetBoundNetDevice() && IsMulticast(remote))
    {
        // ns-3's routing wants a device for these, and crashes without.
        return -ENETUNREACH;
    }
    return IsBroadcast(remote) && !m_socket->GetAllowBroadcast() ? -EACCES : 0;
}

long
PosixDatagramSocket::Shutdown(int how)
{
    const long error = PosixSocket::Shutdown(how);
    if (error == 0)
    {
        m_receiveClosed = m_receiveClosed || how != SHUT_WR;
        m_sendClosed = m_sendClosed || how != SHUT_RD;
    }
    return error;
}

long
PosixDatagramSocket::Send(PosixMessage& message, int flags)
{
    if ((flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL)) != 0)
    {
        return -EOPNOTSUPP;
    }
    if (message.GetSize() > std::numeric_limits<uint16_t>::max())
    {
        return -EMSGSIZE;
    }
    const msghdr* head = message.GetHeader();
    Bytes name(std::min<size_t>(head->msg_name ? head->msg_namelen : 0, sizeof(sockaddr_storage)));
    Bytes bytes(message.GetSize());
    if (!CopyFromUser(name.data(), head->msg_name, name.size()) || !message.CopyFrom(bytes))
    {
        return -EFAULT;
    }
    if (head->msg_controllen > 0)
    {
        return -EINVAL;
    }
    if (const long error = BindIfNeeded())
    {
        return error;
    }
    const auto packet = Create<Packet>(bytes.data(), static_cast<uint32_t>(bytes.size()));
    int sent = 0;
    if (!name.empty())
    {
        Address address;
        if (const long error = ParseName(name, address))
        {
            return error;
        }
        if (const long error = CheckDestination(address))
        {
            return error;
        }
        sent = m_socket->SendTo(packet, 0, WithTos(address));
    }
    else if (!m_connected)
    {
        return -EDESTADDRREQ;
    }
    else
    {
        sent = m_socket->Send(packet, 0);
    }
    if (sent < 0 && m_socket->GetErrno() == Socket::ERROR_OPNOTSUPP)
    {
        // A broadcast to the network of an interface, without SO_BROADCAST.
        return -EACCES;
    }
    return sent < 0 ? -ToErrno(m_socket->GetErrno()) : static_cast<long>(bytes.size());
}

bool
PosixDatagramSocket::IsFromPeer(const Address& from) const
{
    return !m_connected || MptcpSplitAddress(from) == MptcpSplitAddress(m_peer);
}

bool
PosixDatagramSocket::Fetch() const
{
    while (!m_fetched)
    {
        // There may be datagrams without a byte.
        Address from;
        Ptr<Packet> packet = m_socket->RecvFrom(std::numeric_limits<uint32_t>::max(), 0, from);
        if (!packet)
        {
            return false;
        }
        // For ns-3 the peer is only where Send() goes.
        if (IsFromPeer(from))
        {
            m_bytes.resize(packet->GetSize());
            packet->CopyData(m_bytes.data(), packet->GetSize());
            m_from = from;
            m_fetched = true;
        }
    }
    return true;
}

long
PosixDatagramSocket::Receive(PosixMessage& message, int flags)
{
    if ((flags & ~(MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC | MSG_WAITALL | MSG_NOSIGNAL)) != 0)
    {
        return -EOPNOTSUPP;
    }
    if (const long error = BindIfNeeded())
    {
        return error;
    }
    msghdr* head = message.GetHeader();
    if (!Fetch())
    {
        if (IsNonBlocking(flags))
        {
            return -EAGAIN;
        }
        // As Linux: only a call that would wait comes to an end.
        if (m_receiveClosed)
        {
            head->msg_namelen = 0;
            head->msg_controllen = 0;
            head->msg_flags = 0;
            return 0;
        }
        if (!m_process.WaitFor([this]() { return Fetch(); }, GetLimit(m_receiveTimeout)))
        {
            return -EAGAIN;
        }
    }
    const bool cut = m_bytes.size() > message.GetSize();
    const size_t size = m_bytes.size();
    const Bytes bytes(m_bytes.begin(),
                      m_bytes.begin() + static_cast<long>(std::min(size, message.GetSize())));
    const Bytes name = FormatName(m_from);
    const size_t room = std::min<size_t>(head->msg_name ? head->msg_namelen : 0, name.size());
    if (!message.CopyTo(bytes) || !CopyToUser(head->msg_name, name.data(), room))
    {
        return -EFAULT;
    }
    head->msg_namelen = static_cast<socklen_t>(name.size());
    head->msg_controllen = 0;
    head->msg_flags = cut ? MSG_TRUNC : 0;
    if ((flags & MSG_PEEK) == 0)
    {
        m_fetched = false;
    }
    return static_cast<long>((flags & MSG_TRUNC) != 0 ? size : bytes.size());
}

short
PosixDatagramSocket::Poll() const
{
    short bits = POLLOUT | POLLWRNORM;
    if (m_receiveClosed || Fetch())
    {
        bits |= POLLIN | POLLRDNORM;
    }
    if (m_receiveClosed)
    {
        bits |= m_sendClosed ? POLLRDHUP | POLLHUP : POLLRDHUP;
    }
    return bits;
}

long
PosixDatagramSocket::GetReadable() const
{
    return Fetch() ? static_cast<long>(m_bytes.size()) : 0;
}

} // namespace ns3
