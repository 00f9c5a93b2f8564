// SPDX-License-Identifier: GPL-2.0-only
#include "socket-api-net.h"

#include "ns3/mptcp-sockaddr.h"

#include <cstring>

namespace ns3
{

Call
GetOption(Ptr<MptcpSocket> socket, int name, void* value, unsigned int* length)
{
    Call call;
    call.result = socket->GetSockOpt(IPPROTO_TCP, name, value, length);
    call.error = call.result == 0 ? 0 : socket->GetOptErrno();
    return call;
}

Call
SetOption(Ptr<MptcpSocket> socket, int name, const void* value, unsigned int length)
{
    Call call;
    call.result = socket->SetSockOpt(IPPROTO_TCP, name, value, length);
    call.error = call.result == 0 ? 0 : socket->GetOptErrno();
    return call;
}

std::vector<uint8_t>
GetIds(Ptr<MptcpSocket> socket)
{
    std::vector<uint8_t> bytes(600);
    unsigned int length = bytes.size();
    bytes.resize(GetOption(socket, MPTCP_GET_SUB_IDS, bytes.data(), &length).result == 0 ? length
                                                                                         : 0);
    return bytes;
}

std::vector<uint8_t>
MakeOpen(const Address& local, const Address& remote, std::vector<uint8_t> head)
{
    for (const auto& address : {local, remote})
    {
        std::vector<uint8_t> name;
        if (InetSocketAddress::IsMatchingType(address))
        {
            const auto inet = InetSocketAddress::ConvertFrom(address);
            name = MptcpToSockAddr(inet.GetIpv4(), inet.GetPort());
        }
        else
        {
            const auto inet6 = Inet6SocketAddress::ConvertFrom(address);
            name = MptcpToSockAddr(inet6.GetIpv6(), inet6.GetPort());
        }
        head.insert(head.end(), name.begin(), name.end());
    }
    return head;
}

std::vector<uint8_t>
MakeHead(int interface, uint8_t prio)
{
    mptcp_sub_tuple head{};
    head.prio = prio;
    head.if_idx = interface;
    std::vector<uint8_t> bytes(sizeof(head));
    std::memcpy(bytes.data(), &head, sizeof(head));
    return bytes;
}

Call
Open(Ptr<MptcpSocket> socket, std::vector<uint8_t> request)
{
    unsigned int length = request.size();
    return GetOption(socket, MPTCP_OPEN_SUB_TUPLE, request.data(), &length);
}

Address
WithPort(const Address& address, uint16_t port)
{
    if (InetSocketAddress::IsMatchingType(address))
    {
        return InetSocketAddress(InetSocketAddress::ConvertFrom(address).GetIpv4(), port);
    }
    return Inet6SocketAddress(Inet6SocketAddress::ConvertFrom(address).GetIpv6(), port);
}

Call
SetOnSubflow(Ptr<MptcpSocket> socket, uint8_t id, int level, int name, int value)
{
    mptcp_sub_setsockopt request{};
    request.id = id;
    request.level = level;
    request.optname = name;
    request.optval = reinterpret_cast<char*>(&value);
    request.optlen = sizeof(value);
    return SetOption(socket, MPTCP_SUB_SETSOCKOPT, &request, sizeof(request));
}

Call
GetOnSubflow(Ptr<MptcpSocket> socket, uint8_t id, int level, int name, void* value, unsigned size)
{
    mptcp_sub_getsockopt request{};
    request.id = id;
    request.level = level;
    request.optname = name;
    request.optval = static_cast<char*>(value);
    request.optlen = &size;
    unsigned int length = sizeof(request);
    return GetOption(socket, MPTCP_SUB_GETSOCKOPT, &request, &length);
}

int
GetNumber(Ptr<MptcpSocket> socket, uint8_t id, int level, int name)
{
    int value = 0;
    const Call call = GetOnSubflow(socket, id, level, name, &value, sizeof(value));
    return call.result == 0 ? value : -call.error - 1000;
}

void
SubscribeAll(Ptr<MptcpSocket> socket)
{
    const mptcp_event_subscription all{0, 1};
    SetOption(socket, MPTCP_EVENT_SUBSCRIPTION, &all, sizeof(all));
}

std::vector<mptcp_event>
ReadEvents(Ptr<MptcpSocket> socket)
{
    std::vector<mptcp_event> events;
    while (true)
    {
        mptcp_event event{};
        unsigned int length = sizeof(event);
        if (GetOption(socket, MPTCP_READ_EVENT, &event, &length).result != 0)
        {
            return events;
        }
        if (event.header.length != length)
        {
            events.clear();
            return events;
        }
        events.push_back(event);
    }
}

} // namespace ns3
