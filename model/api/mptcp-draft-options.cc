// SPDX-License-Identifier: GPL-2.0-only
// What the options of draft-hesmans-mptcp-socket-03, section 3, do.
#include "mptcp-api.h"
#include "mptcp-routing-options.h"
#include "mptcp-sockaddr.h"
#include "mptcp-socket-options.h"
#include "mptcp-subflow-calls.h"
#include "mptcp-subflow-options.h"
#include "user-memory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ns3
{

// Section 3.1

int
MptcpSocketOptions::GetSubIds(unsigned int length, Bytes& answer) const
{
    const auto subflows = m_socket.GetConnection()->GetSubflowStatus();
    const size_t size = sizeof(mptcp_sub_ids) + subflows.size() * sizeof(mptcp_sub_status);
    if (length < size)
    {
        return EINVAL;
    }
    answer.assign(size, 0);
    answer[0] = static_cast<uint8_t>(subflows.size());
    size_t at = sizeof(mptcp_sub_ids);
    // Clients of the kernel take the first one for the one that was opened last.
    for (auto subflow = subflows.rbegin(); subflow != subflows.rend(); ++subflow)
    {
        answer[at] = subflow->id;
        answer[at + 1] = MptcpStatusBits(*subflow);
        at += sizeof(mptcp_sub_status);
    }
    return 0;
}

// Section 3.2

int
MptcpSocketOptions::Open(const TcpTuple& tuple,
                         bool anySource,
                         bool backup,
                         int interface,
                         uint8_t& id,
                         const RoutingHeaderBytes& header)
{
    return MptcpOpenSubflow(m_socket.GetConnection(),
                            m_socket.GetNode(),
                            m_socket.IsPrivileged(),
                            {tuple, anySource, backup, interface, header},
                            id);
}

int
MptcpSocketOptions::OpenSubTuple(bool kernel,
                                 const Bytes& request,
                                 unsigned int length,
                                 uint8_t& id)
{
    uint8_t prio = 0;
    int interface = 0;
    RoutingHeaderBytes header;
    mptcp_sub_tuple head{};
    if (!kernel && Parse(request, head))
    {
        if (const int error = MptcpReadRoutingHeader(head.ipv6_srh, header))
        {
            return error;
        }
    }
    if (const int error = CheckMultipath())
    {
        return error;
    }
    size_t at = 0;
    if (kernel)
    {
        switch (length)
        {
        case 1 + 2 * sizeof(sockaddr_in):
        case 1 + 2 * sizeof(sockaddr_in6):
            at = 1;
            break;
        case 2 + 2 * sizeof(sockaddr_in):
        case 2 + 2 * sizeof(sockaddr_in6):
            at = 2;
            prio = request[1];
            break;
        default:
            return EINVAL;
        }
    }
    else
    {
        if (request.size() < sizeof(head))
        {
            return EINVAL;
        }
        prio = head.prio;
        interface = head.if_idx;
        at = sizeof(head);
    }
    const auto local = MptcpFromSockAddr(request.data() + at, request.size() - at);
    if (!local)
    {
        return EINVAL;
    }
    at += IsIpv6(local->first) ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    const auto remote = MptcpFromSockAddr(request.data() + at, request.size() - at);
    if (!remote)
    {
        return EINVAL;
    }
    const TcpTuple tuple{local->first, remote->first, local->second, remote->second};
    return Open(tuple, MptcpIsAny(local->first), prio != 0, interface, id, header);
}

// Section 3.3

int
MptcpSocketOptions::Close(uint8_t id, int how)
{
    return MptcpCloseSubflow(m_socket.GetConnection(), id, how);
}

int
MptcpSocketOptions::CloseSubId(const Bytes& request)
{
    mptcp_close_sub_id wanted;
    if (Parse(request, wanted))
    {
        return Close(wanted.id, wanted.how);
    }
    return request.size() == 1 ? Close(request[0], SHUT_RDWR) : EINVAL;
}

int
MptcpSocketOptions::SetPriority(uint8_t id, bool backup)
{
    return MptcpSetSubflowPriority(m_socket.GetConnection(), id, backup);
}

// Section 3.4

int
MptcpSocketOptions::GetSubTuple(bool kernel,
                                const Bytes& request,
                                unsigned int length,
                                Bytes& answer) const
{
    const auto subflow =
        request.empty() ? std::nullopt : m_socket.GetConnection()->FindSubflow(request[0]);
    if (!subflow)
    {
        return EINVAL;
    }
    const TcpTuple& tuple = subflow->subflow->GetTuple();
    if (kernel)
    {
        answer = {subflow->id};
    }
    else
    {
        mptcp_sub_tuple head{};
        head.id = subflow->id;
        head.prio = subflow->backup;
        head.if_idx = MptcpSubflowOptions::GetDeviceIndex(*subflow->subflow, m_socket.GetNode());
        answer.resize(sizeof(head));
        std::memcpy(answer.data(), &head, sizeof(head));
    }
    const Bytes local = MptcpToSockAddr(tuple.localAddress, tuple.localPort);
    const Bytes remote = MptcpToSockAddr(tuple.remoteAddress, tuple.remotePort);
    answer.insert(answer.end(), local.begin(), local.end());
    answer.insert(answer.end(), remote.begin(), remote.end());
    return length < answer.size() ? EINVAL : 0;
}

// Section 3.5

int
MptcpSocketOptions::SubGet(const Bytes& request)
{
    mptcp_sub_getsockopt wanted;
    if (!Parse(request, wanted))
    {
        const int error = CheckMultipath();
        return error != 0 ? error : EINVAL;
    }
    if (!MptcpSubflowOptions::CanGet(wanted.level, wanted.optname))
    {
        return ENOPROTOOPT;
    }
    unsigned int room = 0;
    if (!ReadUserRoom(wanted.optval, wanted.optlen, room))
    {
        return EFAULT;
    }
    if (const int error = CheckMultipath())
    {
        return error;
    }
    const auto connection = m_socket.GetConnection();
    const auto subflow = connection->FindSubflow(wanted.id);
    if (!subflow || room > INT32_MAX)
    {
        return EINVAL;
    }
    Bytes answer;
    MptcpSubflowOptions options(m_socket, *connection, *subflow);
    if (const int error = options.Get(wanted.level, wanted.optname, answer))
    {
        return error;
    }
    // As Linux, which cuts off what there is no room for.
    const auto size = static_cast<unsigned int>(std::min<size_t>(room, answer.size()));
    if (!CopyToUser(wanted.optval, answer.data(), size) ||
        !CopyToUser(wanted.optlen, &size, sizeof(size)))
    {
        return EFAULT;
    }
    return 0;
}

int
MptcpSocketOptions::SubSet(const Bytes& request)
{
    mptcp_sub_setsockopt wanted;
    if (!Parse(request, wanted))
    {
        const int error = CheckMultipath();
        return error != 0 ? error : EINVAL;
    }
    if (!MptcpSubflowOptions::CanSet(wanted.level, wanted.optname, m_socket.IsPrivileged()))
    {
        return ENOPROTOOPT;
    }
    Bytes value(std::min<size_t>(wanted.optlen,
                                 MptcpSubflowOptions::GetMaxSize(wanted.level, wanted.optname)));
    if (!CopyFromUser(value.data(), wanted.optval, value.size()))
    {
        return EFAULT;
    }
    if (const int error = CheckMultipath())
    {
        return error;
    }
    const auto connection = m_socket.GetConnection();
    const auto subflow = connection->FindSubflow(wanted.id);
    if (!subflow)
    {
        return EINVAL;
    }
    MptcpSubflowOptions options(m_socket, *connection, *subflow);
    return options.Set(wanted.level, wanted.optname, value);
}

} // namespace ns3
