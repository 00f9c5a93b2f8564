// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.3.8: MP_PRIO, sent and received, and which addresses are backups.
#include "mptcp-connection.h"

#include <algorithm>

namespace ns3
{

bool
MptcpConnection::IsBackupAddress(const IpAddress& address) const
{
    const auto& backups = m_settings->m_backupAddresses;
    const auto endpoints = GetEndpoints();
    return std::find(backups.begin(), backups.end(), address) != backups.end() ||
           (endpoints && endpoints->IsBackup(address));
}

void
MptcpConnection::SetBackup(Ptr<MptcpSubflow> subflow, bool backup)
{
    if (m_mode != Mode::MULTIPATH || m_ended || !m_flows.Has(*subflow))
    {
        return;
    }
    Flow& flow = m_flows.Find(*subflow);
    if (flow.backupRequested != backup)
    {
        TellPriority(flow, false, backup);
    }
    flow.backupRequested = backup;
    Flow* other = m_version == 0 && flow.stale ? m_flows.GetFastest() : nullptr;
    if (other)
    {
        // Its own path is silent: by its address on another one (RFC 6824 section 3.3.8).
        other->signals.Send(MpPrio{backup, 0, flow.localAddressId});
    }
    else if (flow.phase == Phase::ESTABLISHED)
    {
        flow.signals.Send(MpPrio{backup});
    }
    Push();
}

void
MptcpConnection::OnPriority(Flow& flow, const MpPrio& option)
{
    for (const auto& other : m_flows)
    {
        const bool meant =
            option.addressId ? other->remoteAddressId == *option.addressId : other == &flow;
        if (meant && other->backup != option.backup)
        {
            other->backup = option.backup;
            TellPriority(*other, true, option.backup);
        }
    }
}

} // namespace ns3
