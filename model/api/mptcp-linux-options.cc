// SPDX-License-Identifier: GPL-2.0-only
// What Linux itself tells of Multipath TCP: TCP_IS_MPTCP and level SOL_MPTCP.
#include "mptcp-api.h"
#include "mptcp-sockaddr.h"
#include "mptcp-socket-options.h"
#include "mptcp-subflow-options.h"
#include "user-memory.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace ns3
{

namespace
{

/// @param connection any @return its struct mptcp_info
mptcp_linux_info
MakeInfo(const MptcpConnection& connection)
{
    const auto subflows = connection.GetSubflowStatus();
    const auto progress = connection.GetDataProgress();
    mptcp_linux_info info{};
    // The first one may be gone while others go on.
    info.mptcpi_subflows = static_cast<uint8_t>(std::count_if(
        subflows.begin(), subflows.end(), [](const auto& subflow) { return subflow.joined; }));
    info.mptcpi_subflows_total = static_cast<uint8_t>(subflows.size());
    info.mptcpi_subflows_max = static_cast<uint8_t>(connection.GetSettings().m_maxSubflows - 1);
    // MPTCP_INFO_FLAG_REMOTE_KEY_RECEIVED: after a fallback the option fails.
    info.mptcpi_flags = 2;
    info.mptcpi_token = connection.GetLocalToken();
    info.mptcpi_write_seq = progress.writeSequence;
    info.mptcpi_snd_una = progress.ackSequence;
    info.mptcpi_rcv_nxt = progress.receiveSequence;
    info.mptcpi_csum_enabled = connection.UsesChecksums();
    info.mptcpi_bytes_sent = progress.sent;
    info.mptcpi_bytes_acked = progress.acked;
    info.mptcpi_bytes_received = progress.received;
    return info;
}

} // namespace

int
MptcpSocketOptions::GetLinux(int name, void* value, unsigned int* length) const
{
    if (name == MPTCP_LINUX_FULL_INFO)
    {
        return GetFullInfo(value, length);
    }
    unsigned int room = 0;
    if (!ReadUserRoom(value, length, room))
    {
        return EFAULT;
    }
    Bytes answer;
    unsigned int size = 0;
    if (name == MPTCP_TCP_IS_MPTCP)
    {
        const int is = CheckMultipath() == 0;
        size = std::min<unsigned int>(room, sizeof(is));
        answer.resize(sizeof(is));
        std::memcpy(answer.data(), &is, sizeof(is));
    }
    else if (CheckMultipath() != 0)
    {
        return EOPNOTSUPP;
    }
    else if (name == MPTCP_LINUX_INFO)
    {
        const mptcp_linux_info info = MakeInfo(*m_socket.GetConnection());
        size = std::min<unsigned int>(room, sizeof(info));
        answer.resize(sizeof(info));
        std::memcpy(answer.data(), &info, sizeof(info));
    }
    else
    {
        return GetElements(name == MPTCP_LINUX_SUBFLOW_ADDRS, value, length, room);
    }
    return CopyToUser(value, answer.data(), size) && CopyToUser(length, &size, sizeof(size))
               ? 0
               : EFAULT;
}

int
MptcpSocketOptions::GetElements(bool addresses,
                                void* value,
                                unsigned int* length,
                                unsigned int room) const
{
    mptcp_linux_subflow_data head{};
    if (room < sizeof(head) || room > INT32_MAX)
    {
        return EINVAL;
    }
    if (!CopyFromUser(&head, value, sizeof(head)))
    {
        return EFAULT;
    }
    // A head that is longer than ours is that of a later Linux: elements stand behind it.
    if (head.size_subflow_data < sizeof(head) || head.size_subflow_data > room ||
        head.size_user > INT32_MAX || head.num_subflows != 0 || head.size_kernel != 0)
    {
        return EINVAL;
    }
    head.size_kernel = addresses ? sizeof(mptcp_linux_subflow_addrs) : sizeof(mptcp_tcp_info);
    head.size_user = std::min(head.size_user, head.size_kernel);
    auto* to = static_cast<uint8_t*>(value) + head.size_subflow_data;
    unsigned int left = room - head.size_subflow_data;
    unsigned int copied = 0;
    const auto connection = m_socket.GetConnection();
    for (const auto& subflow : connection->GetSubflowStatus())
    {
        head.num_subflows++;
        if (left < head.size_user)
        {
            continue;
        }
        Bytes element;
        if (addresses)
        {
            const auto pair = MptcpToAddressPair(subflow.subflow->GetTuple());
            element.resize(sizeof(pair));
            std::memcpy(element.data(), &pair, sizeof(pair));
        }
        else
        {
            element = MptcpSubflowOptions(m_socket, *connection, subflow).GetInfo();
        }
        if (!CopyToUser(to + copied, element.data(), head.size_user))
        {
            return EFAULT;
        }
        copied += head.size_user;
        left -= head.size_user;
    }
    const unsigned int size = copied > 0 ? head.size_subflow_data + copied : sizeof(head);
    return CopyToUser(value, &head, sizeof(head)) && CopyToUser(length, &size, sizeof(size))
               ? 0
               : EFAULT;
}

int
MptcpSocketOptions::GetFullInfo(void* value, unsigned int* length) const
{
    constexpr size_t HEAD = offsetof(mptcp_linux_full_info, mptcp_info);
    unsigned int room = 0;
    mptcp_linux_full_info full{};
    if (!ReadUserRoom(value, length, room) || (room >= HEAD && !CopyFromUser(&full, value, HEAD)))
    {
        return EFAULT;
    }
    auto* infos = reinterpret_cast<uint8_t*>(static_cast<uintptr_t>(full.subflow_info));
    auto* tcpInfos = reinterpret_cast<uint8_t*>(static_cast<uintptr_t>(full.tcp_info));
    if (full.size_arrays_user > 0 && (!IsUserWritable(infos, full.size_sfinfo_user) ||
                                      !IsUserWritable(tcpInfos, full.size_tcpinfo_user)))
    {
        return EFAULT;
    }
    if (const int error = CheckMultipath())
    {
        return error;
    }
    if (room < HEAD || room > INT32_MAX || full.size_tcpinfo_kernel != 0 ||
        full.size_sfinfo_kernel != 0 || full.num_subflows != 0 ||
        full.size_tcpinfo_user > INT32_MAX || full.size_sfinfo_user > INT32_MAX)
    {
        return EINVAL;
    }
    const auto connection = m_socket.GetConnection();
    full.size_tcpinfo_kernel = sizeof(mptcp_tcp_info);
    full.size_tcpinfo_user = std::min<uint32_t>(full.size_tcpinfo_user, sizeof(mptcp_tcp_info));
    full.size_sfinfo_kernel = sizeof(mptcp_linux_subflow_info);
    full.size_sfinfo_user =
        std::min<uint32_t>(full.size_sfinfo_user, sizeof(mptcp_linux_subflow_info));
    for (const auto& subflow : connection->GetSubflowStatus())
    {
        if (full.num_subflows++ >= full.size_arrays_user)
        {
            continue;
        }
        mptcp_linux_subflow_info info{};
        info.id = subflow.id;
        info.addrs = MptcpToAddressPair(subflow.subflow->GetTuple());
        const Bytes tcpInfo = MptcpSubflowOptions(m_socket, *connection, subflow).GetInfo();
        if (!CopyToUser(infos, &info, full.size_sfinfo_user) ||
            !CopyToUser(tcpInfos, tcpInfo.data(), full.size_tcpinfo_user))
        {
            return EFAULT;
        }
        infos += full.size_sfinfo_user;
        tcpInfos += full.size_tcpinfo_user;
    }
    full.mptcp_info = MakeInfo(*connection);
    const auto size = std::min<unsigned int>(room, sizeof(full));
    return CopyToUser(value, &full, size) && CopyToUser(length, &size, sizeof(size)) ? 0 : EFAULT;
}

} // namespace ns3
