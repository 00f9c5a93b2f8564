// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-subflow-calls.h"

#include "mptcp-api.h"
#include "mptcp-sockaddr.h"

#include <cerrno>
#include <cstring>

namespace ns3
{

namespace
{

/// Ports below belong to privileged users (section 6 of the draft).
constexpr uint16_t FIRST_FREE_PORT = 1024;

} // namespace

int
MptcpCheckMultipath(const Ptr<MptcpConnection>& connection)
{
    return connection && connection->IsMultipath() && !connection->IsEnded() ? 0 : EOPNOTSUPP;
}

uint8_t
MptcpStatusBits(const MptcpConnection::SubflowStatus& subflow)
{
    mptcp_sub_status status{};
    status.low_prio = subflow.backup;
    status.fully_established = subflow.established;
    status.attached = 1;
    status.kernel_low_prio = subflow.backup;
    status.pre_established = subflow.preEstablished;
    uint8_t bytes[sizeof(status)];
    std::memcpy(bytes, &status, sizeof(status));
    return bytes[1];
}

int
MptcpOpenSubflow(const Ptr<MptcpConnection>& connection,
                 const Ptr<Node>& node,
                 bool privileged,
                 const MptcpOpenRequest& request,
                 uint8_t& id)
{
    if (const int error = MptcpCheckMultipath(connection))
    {
        return error;
    }
    const TcpTuple& tuple = request.tuple;
    if (IsIpv6(tuple.localAddress) != IsIpv6(tuple.remoteAddress) ||
        MptcpIsAny(tuple.remoteAddress) ||
        (!request.header.empty() && !IsIpv6(tuple.remoteAddress)))
    {
        return EINVAL;
    }
    if (tuple.localPort > 0 && tuple.localPort < FIRST_FREE_PORT && !privileged)
    {
        return EACCES;
    }
    Ptr<NetDevice> device;
    if (request.ifIndex != 0)
    {
        if (request.ifIndex < 0 || static_cast<uint32_t>(request.ifIndex) > node->GetNDevices())
        {
            return ENODEV;
        }
        device = node->GetDevice(request.ifIndex - 1);
    }
    return connection->OpenSubflow(
        tuple, request.anySource, request.backup, device, id, request.header);
}

int
MptcpCloseSubflow(const Ptr<MptcpConnection>& connection, uint8_t id, int how)
{
    using Ending = MptcpConnection::SubflowEnding;
    static constexpr Ending ENDINGS[] = {Ending::READ, Ending::WRITE, Ending::BOTH, Ending::RESET};
    static_assert(SHUT_RD == 0 && SHUT_WR == 1 && SHUT_RDWR == 2 && MPTCP_SHUT_RST == 3);
    if (const int error = MptcpCheckMultipath(connection))
    {
        return error;
    }
    if (how < SHUT_RD || how > MPTCP_SHUT_RST)
    {
        return EINVAL;
    }
    return connection->CloseSubflow(id, ENDINGS[how]);
}

int
MptcpSetSubflowPriority(const Ptr<MptcpConnection>& connection, uint8_t id, bool backup)
{
    if (const int error = MptcpCheckMultipath(connection))
    {
        return error;
    }
    const auto subflow = connection->FindSubflow(id);
    if (!subflow)
    {
        return EINVAL;
    }
    connection->SetBackup(subflow->subflow, backup);
    return 0;
}

} // namespace ns3
