// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-host.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/error-model.h"
#include "ns3/global-value.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/mptcp-api.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-sockaddr.h"
#include "ns3/mptcp-socket.h"
#include "ns3/queue.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simple-channel.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"
#include "ns3/socket-errno.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/user-memory.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <deque>
#include <map>
#include <netinet/in.h>
#include <string>
#include <utility>
#include <vector>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

using namespace ns3;

namespace
{

constexpr uint16_t ETHERTYPE_IPV4 = 0x0800;
constexpr uint16_t ETHERTYPE_IPV6 = 0x86dd;

/// What happens at once may cause more that happens at once; so often.
constexpr int SETTLE_ROUNDS = 16;

/// A device that knows no other: what it sends leaves the simulation.
class RawDevice : public SimpleNetDevice
{
  public:
    /// @param sink gets each packet
    explicit RawDevice(std::function<void(Ptr<Packet>)> sink)
        : m_sink(std::move(sink))
    {
    }

    bool Send(Ptr<Packet> packet, const Address&, uint16_t) override
    {
        m_sink(packet);
        return true;
    }

    bool NeedsArp() const override
    {
        return false;
    }

  private:
    std::function<void(Ptr<Packet>)> m_sink; //!< outside
};

/// A descriptor.
struct Descriptor
{
    Ptr<MptcpSocket> socket;              //!< of the simulation
    std::deque<Ptr<MptcpSocket>> pending; //!< of a listener: not accepted yet
    bool connecting{false};               //!< connect() was called
    bool connected{false};                //!< it has succeeded
    int error{0};                         //!< why the connection failed or ended
};

/// @param error of a stream @return the number of <cerrno>: one that cannot take all of it now is
/// no datagram that is too long
int
ToStreamErrno(Socket::SocketErrno error)
{
    return error == Socket::ERROR_MSGSIZE ? EAGAIN : ToErrno(error);
}

/// @param address any @param length its bytes @return as ns-3 knows it; invalid if it is no address
Address
ToAddress(const sockaddr* address, socklen_t length)
{
    if (address && length >= sizeof(sockaddr_in) && address->sa_family == AF_INET)
    {
        sockaddr_in inet;
        std::memcpy(&inet, address, sizeof(inet));
        return InetSocketAddress(Ipv4Address(ntohl(inet.sin_addr.s_addr)), ntohs(inet.sin_port));
    }
    if (address && length >= sizeof(sockaddr_in6) && address->sa_family == AF_INET6)
    {
        sockaddr_in6 inet6;
        std::memcpy(&inet6, address, sizeof(inet6));
        return Inet6SocketAddress(Ipv6Address(inet6.sin6_addr.s6_addr), ntohs(inet6.sin6_port));
    }
    return Address();
}

} // namespace

/// The host: a node, its devices and descriptors.
struct mptcp_host
{
    /// A packet on its way out.
    struct Outgoing
    {
        Time time; //!< when
        int interface {
            0
        };                 //!< by which
        Ptr<Packet> bytes; //!< from the IP header on
    };

    Ptr<Node> node;                                          //!< it
    std::vector<Ptr<RawDevice>> devices;                     //!< by interface
    std::vector<std::pair<std::string, std::string>> values; //!< of sockets' attributes
    std::map<int, Descriptor> descriptors;                   //!< by number
    std::deque<Outgoing> outgoing;                           //!< not taken yet
    Ptr<MptcpSocket> probe;   //!< tells whether there is an attribute
    bool defaults{false};     //!< defaults of classes were changed
    bool stopAtPacket{false}; //!< in mptcp_host_advance()
    bool checksums{false};    //!< what ChecksumEnabled was

    /// @param fd a number @return its descriptor, or nullptr
    Descriptor* Find(int fd)
    {
        const auto found = descriptors.find(fd);
        return found == descriptors.end() ? nullptr : &found->second;
    }

    /// @param socket that gets the lowest free number @return the number
    int Add(Ptr<MptcpSocket> socket)
    {
        int fd = 3; // behind the standard streams
        while (Find(fd))
        {
            fd++;
        }
        descriptors[fd].socket = socket;
        Watch(fd, socket);
        return fd;
    }

    /// Hear of a socket's life. @param fd its number @param socket it
    void Watch(int fd, Ptr<MptcpSocket> socket)
    {
        m_numbers[PeekPointer(socket)] = fd;
        socket->SetConnectCallback(MakeCallback(&mptcp_host::OnConnected, this),
                                   MakeCallback(&mptcp_host::OnFailed, this));
        socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                                  MakeCallback(&mptcp_host::OnFailed, this));
        socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&mptcp_host::OnAccepted, this, fd));
    }

    /// Hear no more. @param socket which
    void Unwatch(Ptr<MptcpSocket> socket)
    {
        m_numbers.erase(PeekPointer(socket));
        socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                                   MakeNullCallback<void, Ptr<Socket>>());
        socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                                  MakeNullCallback<void, Ptr<Socket>>());
        socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeNullCallback<void, Ptr<Socket>, const Address&>());
    }

    /// @param socket that is connected
    void OnConnected(Ptr<Socket> socket)
    {
        if (Descriptor* descriptor = Find(GetNumber(socket)))
        {
            descriptor->connected = true;
        }
    }

    /// @param socket that ended by an error
    void OnFailed(Ptr<Socket> socket)
    {
        if (Descriptor* descriptor = Find(GetNumber(socket)))
        {
            const auto connection = descriptor->socket->GetConnection();
            descriptor->error = connection && connection->GetErrno() != 0
                                    ? connection->GetErrno()
                                    : ToStreamErrno(socket->GetErrno());
        }
    }

    /// @param listener its number @param socket that was accepted
    void OnAccepted(int listener, Ptr<Socket> socket, const Address&)
    {
        if (Descriptor* descriptor = Find(listener))
        {
            descriptor->pending.push_back(DynamicCast<MptcpSocket>(socket));
        }
    }

    /// A packet leaves. @param interface by which @param packet it
    void OnPacket(int interface, Ptr<Packet> packet)
    {
        outgoing.push_back({Simulator::Now(), interface, packet->Copy()});
        if (stopAtPacket)
        {
            Simulator::Stop();
        }
    }

  private:
    /// @param socket any @return its number, or -1
    int GetNumber(Ptr<Socket> socket) const
    {
        const auto found = m_numbers.find(PeekPointer(socket));
        return found == m_numbers.end() ? -1 : found->second;
    }

    std::map<const Socket*, int> m_numbers; //!< of sockets
};

namespace
{

mptcp_host* g_host = nullptr; //!< the one that exists
EventId g_end;                //!< of the time that passes

/// Wait for what is scheduled for now to be over. @param rounds how often
void
Settle(int rounds)
{
    if (rounds == 0)
    {
        Simulator::Stop();
        return;
    }
    g_end = Simulator::ScheduleNow(&Settle, rounds - 1);
}

} // namespace

mptcp_host*
mptcp_host_create()
{
    if (g_host)
    {
        return nullptr;
    }
    auto host = g_host = new mptcp_host;
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(1);
    BooleanValue checksums;
    GlobalValue::GetValueByName("ChecksumEnabled", checksums);
    host->checksums = checksums.Get();
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    host->node = CreateObject<Node>();
    InternetStackHelper().Install(host->node);
    host->node->GetObject<Ipv4>()->SetAttribute("IpForward", BooleanValue(false));
    MptcpHelper().Install(host->node);
    MptcpHelper::AssignStreams(NodeContainer(host->node), 1);
    return host;
}

void
mptcp_host_destroy(mptcp_host* host)
{
    for (auto& [fd, descriptor] : host->descriptors)
    {
        host->Unwatch(descriptor.socket);
    }
    host->descriptors.clear();
    host->devices.clear();
    host->node = nullptr;
    host->outgoing.clear();
    Simulator::Destroy();
    if (host->defaults)
    {
        Config::Reset();
    }
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(host->checksums));
    delete host;
    g_host = nullptr;
}

int
mptcp_host_add_interface(mptcp_host* host, const char* address, unsigned mtu)
{
    in6_addr bytes;
    const bool ipv4 = inet_pton(AF_INET, address, &bytes) == 1;
    if ((!ipv4 && inet_pton(AF_INET6, address, &bytes) != 1) || mtu < 68 || mtu > 65535)
    {
        return -EINVAL;
    }
    const int interface = static_cast<int>(host->devices.size());
    auto device = CreateObject<RawDevice>([host, interface](Ptr<Packet> packet)
                                          { host->OnPacket(interface, packet); });
    device->SetAddress(Mac48Address::Allocate());
    device->SetChannel(CreateObject<SimpleChannel>());
    device->SetMtu(static_cast<uint16_t>(mtu));
    host->node->AddDevice(device);
    host->devices.push_back(device);
    if (ipv4)
    {
        auto ip = host->node->GetObject<Ipv4>();
        const uint32_t index = ip->AddInterface(device);
        ip->AddAddress(index, Ipv4InterfaceAddress(Ipv4Address(address), Ipv4Mask("/24")));
        ip->SetUp(index);
        Ipv4StaticRoutingHelper().GetStaticRouting(ip)->SetDefaultRoute(
            Ipv4Address(Ipv4Address(address).CombineMask(Ipv4Mask("/24")).Get() + 254),
            index,
            interface);
    }
    else
    {
        auto ip = host->node->GetObject<Ipv6>();
        const uint32_t index = ip->AddInterface(device);
        ip->AddAddress(index, Ipv6InterfaceAddress(Ipv6Address(address), Ipv6Prefix(64)));
        ip->SetUp(index);
        Ipv6StaticRoutingHelper().GetStaticRouting(ip)->SetDefaultRoute(
            Ipv6Address("fe80::fe"), index, Ipv6Address::GetZero(), interface);
    }
    return interface;
}

int
mptcp_host_remove_address(mptcp_host* host, const char* address)
{
    in6_addr bytes;
    bool removed = false;
    if (inet_pton(AF_INET, address, &bytes) == 1)
    {
        auto ip = host->node->GetObject<Ipv4>();
        const int32_t index = ip->GetInterfaceForAddress(Ipv4Address(address));
        removed = index >= 0 && ip->RemoveAddress(index, Ipv4Address(address));
    }
    else if (inet_pton(AF_INET6, address, &bytes) == 1)
    {
        auto ip = host->node->GetObject<Ipv6>();
        const int32_t index = ip->GetInterfaceForAddress(Ipv6Address(address));
        removed = index >= 0 && ip->RemoveAddress(index, Ipv6Address(address));
    }
    return removed ? 0 : -EADDRNOTAVAIL;
}

int
mptcp_host_set(mptcp_host* host, const char* name, const char* value)
{
    if (std::string(name).find("::") != std::string::npos)
    {
        host->defaults = true;
        return Config::SetDefaultFailSafe(name, StringValue(value)) ? 0 : -EINVAL;
    }
    if (!host->probe)
    {
        host->probe = CreateObject<MptcpSocket>();
    }
    if (!host->probe->SetAttributeFailSafe(name, StringValue(value)))
    {
        return -EINVAL;
    }
    host->values.emplace_back(name, value);
    return 0;
}

int
mptcp_host_socket(mptcp_host* host, int protocol)
{
    if (protocol != IPPROTO_MPTCP && protocol != IPPROTO_TCP)
    {
        return -EPROTONOSUPPORT;
    }
    auto socket =
        DynamicCast<MptcpSocket>(Socket::CreateSocket(host->node, MptcpSocketFactory::GetTypeId()));
    for (const auto& [name, value] : host->values)
    {
        socket->SetAttribute(name, StringValue(value));
    }
    if (protocol == IPPROTO_TCP)
    {
        socket->SetAttribute("Multipath", BooleanValue(false));
    }
    return host->Add(socket);
}

int
mptcp_host_bind(mptcp_host* host, int fd, const sockaddr* to, socklen_t length)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    return descriptor->socket->Bind(ToAddress(to, length)) == 0
               ? 0
               : -ToStreamErrno(descriptor->socket->GetErrno());
}

int
mptcp_host_listen(mptcp_host* host, int fd, int backlog)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    descriptor->socket->SetAttribute("Backlog", UintegerValue(std::max(backlog, 1)));
    return descriptor->socket->Listen() == 0 ? 0 : -ToStreamErrno(descriptor->socket->GetErrno());
}

int
mptcp_host_accept(mptcp_host* host, int fd)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    if (descriptor->pending.empty())
    {
        return -EAGAIN;
    }
    auto socket = descriptor->pending.front();
    descriptor->pending.pop_front();
    const int accepted = host->Add(socket);
    host->Find(accepted)->connected = true;
    host->Find(accepted)->error = socket->GetConnection()->GetErrno();
    return accepted;
}

int
mptcp_host_connect(mptcp_host* host, int fd, const sockaddr* to, socklen_t length)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    if (descriptor->connecting)
    {
        return descriptor->error != 0 ? -std::exchange(descriptor->error, 0)
                                      : (descriptor->connected ? -EISCONN : -EALREADY);
    }
    if (descriptor->socket->Connect(ToAddress(to, length)) != 0)
    {
        return -ToStreamErrno(descriptor->socket->GetErrno());
    }
    descriptor->connecting = true;
    return -EINPROGRESS;
}

long
mptcp_host_read(mptcp_host* host, int fd, void* buffer, size_t size)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    const auto most = static_cast<uint32_t>(std::min<size_t>(size, INT32_MAX));
    if (auto packet = descriptor->socket->Recv(most, 0))
    {
        return packet->CopyData(static_cast<uint8_t*>(buffer), most);
    }
    if (descriptor->error != 0)
    {
        return -std::exchange(descriptor->error, 0);
    }
    return descriptor->socket->GetConnection() ? -EAGAIN : -ENOTCONN;
}

long
mptcp_host_write(mptcp_host* host, int fd, const void* buffer, size_t size)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    if (descriptor->error != 0)
    {
        return -std::exchange(descriptor->error, 0);
    }
    // What fits, as a non-blocking POSIX socket does.
    auto most = static_cast<uint32_t>(std::min<size_t>(size, INT32_MAX));
    if (const uint32_t room = descriptor->socket->GetTxAvailable(); room > 0)
    {
        most = std::min(most, room);
    }
    const int sent =
        descriptor->socket->Send(Create<Packet>(static_cast<const uint8_t*>(buffer), most), 0);
    return sent >= 0 ? sent : -ToStreamErrno(descriptor->socket->GetErrno());
}

int
mptcp_host_shutdown(mptcp_host* host, int fd, int how)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    if (how != SHUT_RD && how != SHUT_WR && how != SHUT_RDWR)
    {
        return -EINVAL;
    }
    int result = 0;
    if (how != SHUT_WR)
    {
        result = descriptor->socket->ShutdownRecv();
    }
    if (how != SHUT_RD && result == 0)
    {
        result = descriptor->socket->ShutdownSend();
    }
    return result == 0 ? 0 : -ToStreamErrno(descriptor->socket->GetErrno());
}

int
mptcp_host_close(mptcp_host* host, int fd)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    const auto closing = std::move(*descriptor);
    host->Unwatch(closing.socket);
    host->descriptors.erase(fd);
    closing.socket->Close();
    for (const auto& socket : closing.pending)
    {
        socket->Close();
    }
    return 0;
}

int
mptcp_host_getsockopt(mptcp_host* host, int fd, int level, int name, void* value, unsigned* length)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    if (level == SOL_SOCKET && name == SO_ERROR)
    {
        const int error = descriptor->error;
        unsigned size = 0;
        if (!CopyFromUser(&size, length, sizeof(size)))
        {
            return -EFAULT;
        }
        if (size < sizeof(error))
        {
            return -EINVAL;
        }
        size = sizeof(error);
        if (!CopyToUser(value, &error, size) || !CopyToUser(length, &size, sizeof(size)))
        {
            return -EFAULT;
        }
        descriptor->error = 0;
        return 0;
    }
    return descriptor->socket->GetSockOpt(level, name, value, length) == 0
               ? 0
               : -descriptor->socket->GetOptErrno();
}

int
mptcp_host_setsockopt(
    mptcp_host* host, int fd, int level, int name, const void* value, unsigned length)
{
    Descriptor* descriptor = host->Find(fd);
    if (!descriptor)
    {
        return -EBADF;
    }
    return descriptor->socket->SetSockOpt(level, name, value, length) == 0
               ? 0
               : -descriptor->socket->GetOptErrno();
}

int
mptcp_host_inject(mptcp_host* host, int interface, const void* packet, size_t size)
{
    if (interface < 0 || interface >= static_cast<int>(host->devices.size()) || size < 20 ||
        size > UINT16_MAX)
    {
        return -EINVAL;
    }
    const auto* bytes = static_cast<const uint8_t*>(packet);
    const int version = bytes[0] >> 4;
    if (version != 4 && (version != 6 || size < 40))
    {
        return -EINVAL;
    }
    auto device = host->devices[interface];
    Simulator::ScheduleWithContext(host->node->GetId(),
                                   Time(0),
                                   &SimpleNetDevice::Receive,
                                   device,
                                   Create<Packet>(bytes, static_cast<uint32_t>(size)),
                                   version == 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6,
                                   Mac48Address::ConvertFrom(device->GetAddress()),
                                   Mac48Address("02:00:00:00:00:01"));
    mptcp_host_advance(host, mptcp_host_now(host), 0);
    return 0;
}

int
mptcp_host_take(mptcp_host* host, void* buffer, size_t size, mptcp_host_packet* packet)
{
    if (host->outgoing.empty())
    {
        return 0;
    }
    const auto& first = host->outgoing.front();
    packet->time = first.time.GetNanoSeconds();
    packet->interface = first.interface;
    packet->size = first.bytes->GetSize();
    first.bytes->CopyData(static_cast<uint8_t*>(buffer),
                          static_cast<uint32_t>(std::min<size_t>(size, packet->size)));
    host->outgoing.pop_front();
    return 1;
}

int64_t
mptcp_host_now(const mptcp_host*)
{
    return Simulator::Now().GetNanoSeconds();
}

void
mptcp_host_advance(mptcp_host* host, int64_t until, int stop_at_packet)
{
    if (stop_at_packet && !host->outgoing.empty())
    {
        return;
    }
    host->stopAtPacket = stop_at_packet != 0;
    const Time delay = std::max(NanoSeconds(until) - Simulator::Now(), Time(0));
    g_end = Simulator::Schedule(delay, &Settle, SETTLE_ROUNDS);
    Simulator::Run();
    Simulator::Cancel(g_end);
    host->stopAtPacket = false;
}
