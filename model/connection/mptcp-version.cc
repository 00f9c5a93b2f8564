// SPDX-License-Identifier: GPL-2.0-only
// Version 0 of the protocol (RFC 6824): what is neither bytes (mptcp-option-v0.h,
// mptcp-crypto-v0.h) nor a word in the handshake. doc/rfc6824.md lists all differences.
#include "mptcp-connection.h"

#include <cerrno>

namespace ns3
{

bool
MptcpConnection::UsesResetReasons() const
{
    return m_version != 0;
}

bool
MptcpConnection::RequiresChecksums() const
{
    return m_settings->m_checksum ||
           (m_version == 0 && m_settings->m_version0Checksum && !m_settings->m_refuseChecksum);
}

void
MptcpConnection::TryVersion0(Flow& flow)
{
    const Ptr<MptcpConnection> self(this);
    const Ptr<MptcpSubflow> refused = flow.subflow;
    const TcpTuple tuple = refused->GetTuple();
    const RoutingHeaderBytes header = m_protocol->GetRoutingHeader(tuple);
    // What the application has asked for and written while it waited.
    const uint8_t id = flow.id;
    const bool noDelay = flow.noDelay;
    const uint32_t sendBuffer = flow.sendBuffer;
    const PacketMarks marks = flow.marks;
    const SubflowControls controls = refused->GetControls();
    const uint32_t size = m_sendBuffer->GetSize();
    const Ptr<Packet> written =
        size > 0 ? m_sendBuffer->Get(m_sendBuffer->GetBegin(), size) : nullptr;
    m_retrying = true;
    refused->Reset(std::nullopt, Socket::ERROR_NOTCONN);
    m_retrying = false;
    ReleaseKey();
    m_version = 0;
    m_synsSent = 0;
    Begin(tuple, true);
    if (written)
    {
        m_sendBuffer->Add(written);
    }
    Flow* again = AddFlow(tuple, false, true);
    if (!again)
    {
        End(EADDRINUSE);
        return;
    }
    if (!header.empty())
    {
        m_protocol->SetRoutingHeader(*again->subflow, header);
    }
    again->id = id;
    again->noDelay = noDelay;
    again->sendBuffer = sendBuffer;
    again->marks = marks;
    again->subflow->SetControls(controls);
    again->subflow->Connect();
}

} // namespace ns3
