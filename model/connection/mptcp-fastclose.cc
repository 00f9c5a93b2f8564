// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.5: MP_FASTCLOSE.
#include "mptcp-connection.h"

#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <cerrno>

namespace ns3
{

namespace
{

/// How often MP_FASTCLOSE is sent again on an ACK (section 3.5).
constexpr uint32_t FASTCLOSE_RETRIES = 3;

} // namespace

void
MptcpConnection::Abort()
{
    if (m_ended)
    {
        return;
    }
    if (Telling::IsOn())
    {
        Defer([this] { Abort(); });
        return;
    }
    Ptr<MptcpConnection> self(this);
    const uint64_t key = m_localKey;
    m_aborting = m_mode == Mode::MULTIPATH;
    m_tellConnected = m_tellReadable = false;
    m_tellAcked = m_tellSent = 0;
    End(0);
    // Version 0 has the way by ACK only, and no doubt about the key (RFC 6824 section 3.5).
    const bool byAck = m_settings->m_fastcloseByAck && (m_confirmed || !m_client);
    if (m_aborting && (byAck || m_version == 0))
    {
        m_fastcloseKey = key;
        FastcloseByAck();
    }
    else
    {
        ResetSubflows();
    }
    Finish();
}

void
MptcpConnection::ResetSubflows()
{
    for (const auto& subflow : m_flows.GetSubflows())
    {
        subflow->Reset(std::nullopt, Socket::ERROR_NOTCONN);
    }
}

void
MptcpConnection::FastcloseByAck()
{
    Flow* chosen = m_flows.GetSignalFlow();
    m_aborting = false;
    for (const auto& subflow : m_flows.GetSubflows())
    {
        if (!chosen || subflow != chosen->subflow)
        {
            subflow->Reset(std::nullopt, Socket::ERROR_NOTCONN);
        }
    }
    if (chosen)
    {
        // FASTCLOSE_WAIT: this subflow sees no FIN of ours.
        chosen->closing = true;
        chosen->signals.Clear();
        RepeatFastclose(chosen->subflow);
    }
}

void
MptcpConnection::RepeatFastclose(Ptr<MptcpSubflow> subflow)
{
    Ptr<MptcpConnection> self(this);
    if (m_fastcloses > FASTCLOSE_RETRIES)
    {
        m_aborting = m_version != 0;
        subflow->Reset(std::nullopt, Socket::ERROR_NOTCONN);
        return;
    }
    m_fastcloses++;
    m_closeTimer.Remove();
    m_closeTimer =
        Simulator::Schedule(subflow->GetRto(), &MptcpConnection::RepeatFastclose, this, subflow);
    m_flows.Find(*subflow).signals.Send(MpFastclose{m_remoteKey});
}

bool
MptcpConnection::OnFastclose(Flow& flow, const MpFastclose& option)
{
    if (m_fastcloseKey != 0 && option.receiverKey == m_fastcloseKey)
    {
        // Both ends at the same time.
        flow.subflow->Reset(std::nullopt, Socket::ERROR_NOTCONN);
        return false;
    }
    if (m_ended || option.receiverKey != m_localKey)
    {
        return true;
    }
    // Option A: answered with RSTs.
    End(ECONNRESET);
    return false;
}

} // namespace ns3
