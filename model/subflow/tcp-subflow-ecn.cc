// SPDX-License-Identifier: GPL-2.0-only
// Explicit congestion notification of a TcpSubflow: RFC 3168, and RFC 8257 with DCTCP.
#include "tcp-subflow.h"

#include "ns3/socket.h"
#include "ns3/telling.h"

namespace ns3
{

namespace
{

/// The ECN field of IP (RFC 3168 section 5).
constexpr uint8_t ECT_1 = 1;
constexpr uint8_t ECT_0 = 2;

} // namespace

TcpSocketState::UseEcn_t
TcpSubflow::GetUseEcn() const
{
    return m_dctcp ? TcpSocketState::On : m_settings->m_useEcn;
}

void
TcpSubflow::NegotiateEcn(const TcpSegment& syn)
{
    // Section 6.1.1. Nobody sends CE before both ends have agreed: such a path is not to be
    // trusted.
    if (syn.Has(TCP_ACK))
    {
        m_ecn = m_ecnOffered && syn.Has(TCP_ECE) && !syn.Has(TCP_CWR) && !syn.ce;
    }
    else
    {
        m_ecn =
            GetUseEcn() != TcpSocketState::Off && syn.Has(TCP_ECE) && syn.Has(TCP_CWR) && !syn.ce;
    }
    m_ecnReduced = false;
    const Telling telling;
    m_congestion->GetState()->m_ecnState =
        m_ecn ? TcpSocketState::ECN_IDLE : TcpSocketState::ECN_DISABLED;
}

void
TcpSubflow::ReceiveEcn(const TcpSegment& segment)
{
    if (m_dctcp)
    {
        // RFC 8257 section 3.2: each ACK tells of one kind of segments.
        if (segment.payloadSize > 0 && segment.ce != m_ecnEcho)
        {
            if (m_receiver.GetAckNeed() != TcpReceiver::AckNeed::NONE)
            {
                SendPureAck(m_next);
            }
            m_ecnEcho = segment.ce;
        }
        return;
    }
    // RFC 3168 section 6.1.3. The peer's window may be so small that it waits for this ACK.
    if (segment.Has(TCP_CWR) && segment.payloadSize > 0)
    {
        m_ecnEcho = false;
        m_receiver.RequireAck();
    }
    if (segment.ce && !m_ecnEcho)
    {
        m_ecnEcho = true;
        m_receiver.RequireAck();
    }
}

void
TcpSubflow::NoteEcnEcho(const TcpSegment& segment)
{
    const Telling telling;
    m_congestion->GetState()->m_ecnState =
        segment.Has(TCP_ECE) ? TcpSocketState::ECN_ECE_RCVD : TcpSocketState::ECN_IDLE;
}

void
TcpSubflow::OnEcnEcho()
{
    if (!m_ecnReduced && !m_congestion->InRecovery())
    {
        m_congestion->OnProbeRepair(m_scoreboard.GetPipe());
        NoteReduction();
    }
}

void
TcpSubflow::NoteReduction()
{
    m_ecnReduced = true;
    m_ecnPoint = m_next;
    m_cwrDue = true;
}

uint8_t
TcpSubflow::TakeEcnFlags(const OutgoingSegment& segment)
{
    uint8_t flags = m_ecnEcho ? TCP_ECE : 0;
    if (m_cwrDue && segment.payloadSize > 0 && !segment.isRetransmission)
    {
        m_cwrDue = false;
        flags |= TCP_CWR;
    }
    return flags;
}

void
TcpSubflow::MarkEcnCapable(const OutgoingSegment& segment, Packet& packet) const
{
    // RFC 3168 sections 6.1.4 to 6.1.6: new data only; RFC 8257 section 3.1: everything.
    if (!m_dctcp && (segment.payloadSize == 0 || segment.isRetransmission))
    {
        return;
    }
    const auto wanted = m_congestion->GetState()->m_ectCodePoint;
    const uint8_t field = wanted == TcpSocketState::Ect1 ? ECT_1 : ECT_0;
    if (IsIpv6(m_tuple.localAddress))
    {
        SocketIpv6TclassTag tag;
        tag.SetTclass(field);
        packet.AddPacketTag(tag);
        return;
    }
    SocketIpTosTag tag;
    tag.SetTos(field);
    packet.AddPacketTag(tag);
}

} // namespace ns3
