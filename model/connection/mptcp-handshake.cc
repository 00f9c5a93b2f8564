// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 sections 3.1 (MP_CAPABLE) and 3.2 (MP_JOIN).
#include "mptcp-connection.h"

#include "ns3/mptcp-crypto.h"
#include "ns3/simulator.h"
#include "ns3/telling.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// SYNs that ask for MPTCP; more of them leave MP_CAPABLE out, for a middlebox may drop such SYNs.
constexpr uint32_t CAPABLE_SYNS = 3;
/// How often the third ACK is repeated.
constexpr uint32_t THIRD_ACK_RETRIES = 6;

} // namespace

bool
MptcpConnection::IsAcceptable(const MpCapable& option, bool first) const
{
    // A later version in the SYN is an offer that is answered with ours, but by version 0, which
    // would need its key. Bit 0 of the last flags is H.
    const bool offered = first && m_version != 0 && option.version >= m_version;
    return (offered || option.version == m_version) && !option.extensibility &&
           (option.cryptoFlags & 0x01) != 0 &&
           !(option.checksumRequired && m_settings->m_refuseChecksum);
}

bool
MptcpConnection::ShouldTryVersion0() const
{
    // Later SYNs had no option that could have been answered.
    return m_settings->m_retryVersion0 && m_version != 0 && m_synsSent <= CAPABLE_SYNS;
}

MpCapable
MptcpConnection::MakeCapable() const
{
    MpCapable capable;
    capable.version = m_version;
    capable.checksumRequired = m_checksums;
    // In version 0 that bit names an algorithm.
    capable.denyJoinInitialAddress = m_version != 0 && m_settings->m_denyInitialAddress;
    return capable;
}

MpCapable
MptcpConnection::MakeCapableAck() const
{
    MpCapable capable = MakeCapable();
    capable.senderKey = m_localKey;
    capable.receiverKey = m_remoteKey;
    return capable;
}

void
MptcpConnection::AddHandshakeOptions(Flow& flow,
                                     const OutgoingSegment& segment,
                                     TcpOptionSpace& space)
{
    const bool syn = segment.flags & TCP_SYN;
    const bool ack = segment.flags & TCP_ACK;
    if (!flow.joined)
    {
        if (!syn)
        {
            if (m_client && m_mode == Mode::MULTIPATH)
            {
                space.AddMptcp(MakeCapableAck());
            }
            return;
        }
        if (!ack && ++m_synsSent > CAPABLE_SYNS)
        {
            return;
        }
        MpCapable capable = MakeCapable();
        if (ack || m_version == 0)
        {
            capable.senderKey = m_localKey;
        }
        space.AddMptcp(capable);
    }
    else if (syn && !ack)
    {
        space.AddMptcp(MpJoinSyn{flow.backupTold,
                                 flow.localAddressId,
                                 MptcpToken(m_remoteKey, m_version),
                                 flow.localNonce});
    }
    else
    {
        const auto hmac =
            MptcpJoinHmac(m_localKey, m_remoteKey, flow.localNonce, flow.remoteNonce, m_version);
        if (syn)
        {
            space.AddMptcp(MpJoinSynAck{
                flow.backupTold, flow.localAddressId, TruncateHmac64(hmac), flow.localNonce});
        }
        else if (flow.active)
        {
            space.AddMptcp(MpJoinAck{TruncateHmac160(hmac)});
        }
    }
}

SegmentVerdict
MptcpConnection::OnCapableHandshake(Flow& flow, const TcpSegment& segment)
{
    if (m_mode != Mode::NEGOTIATING || segment.Has(TCP_SYN) != flow.active)
    {
        return SegmentVerdict::PROCESS;
    }
    const auto* capable = segment.Find<MpCapable>();
    const bool acceptable = capable && IsAcceptable(*capable, false) && capable->senderKey;
    if (flow.active)
    {
        if (acceptable && segment.Has(TCP_ACK))
        {
            m_denyInitialAddress = capable->denyJoinInitialAddress;
            m_checksums |= capable->checksumRequired;
            // The window of a SYN is not scaled (RFC 7323 section 2.2).
            BecomeMultipath(*capable->senderKey, segment.window);
        }
        else if (!capable && segment.Has(TCP_ACK) && ShouldTryVersion0())
        {
            flow.rejected = true;
        }
        else
        {
            BecomePlain(capable ? "the peer's MP_CAPABLE is not acceptable"
                                : "no MP_CAPABLE in the SYN/ACK");
        }
        return SegmentVerdict::PROCESS;
    }
    // Section 3.1: the third packet confirms the use of checksums; without it, what we required
    // has been lost.
    const bool sameKey = m_version != 0 || (capable && capable->senderKey == m_remoteKey);
    if (acceptable && capable->receiverKey == m_localKey && sameKey &&
        (capable->checksumRequired || !RequiresChecksums()))
    {
        m_checksums = capable->checksumRequired;
        BecomeMultipath(*capable->senderKey,
                        uint32_t{segment.window} << flow.subflow->GetSendWindowShift());
        if (capable->dataLength && !OnCapableData(flow, *capable))
        {
            return SegmentVerdict::DROP;
        }
        // A data ACK, so that the other end knows that its key has arrived.
        flow.ackDue = true;
        m_acksDue = true;
    }
    else if (!capable && segment.Find<Dss>())
    {
        // Overtook the third ACK, or that was lost: the first data brings the key again. In version
        // 0 the SYN has brought it.
        if (m_version != 0)
        {
            return SegmentVerdict::DROP;
        }
        BecomeMultipath(m_remoteKey,
                        uint32_t{segment.window} << flow.subflow->GetSendWindowShift());
    }
    else
    {
        BecomePlain("no valid MP_CAPABLE in the third ACK");
    }
    return SegmentVerdict::PROCESS;
}

bool
MptcpConnection::OnCapableData(Flow& flow, const MpCapable& capable)
{
    if (capable.checksum.has_value() != m_checksums)
    {
        flow.subflow->Reset(MpTcpRst{0, MPTCP_RST_MPTCP_ERROR}, Socket::ERROR_NOTCONN);
        return false;
    }
    flow.mappings.Add(1,
                      m_remoteIdsn + 1,
                      *capable.dataLength,
                      *capable.dataLength,
                      capable.checksum.value_or(0));
    return true;
}

SegmentVerdict
MptcpConnection::OnJoinHandshake(Flow& flow, const TcpSegment& segment)
{
    const bool syn = segment.Has(TCP_SYN);
    const bool ack = segment.Has(TCP_ACK);
    if (flow.phase == Phase::PRE_ESTABLISHED)
    {
        if (ack && !syn)
        {
            // The fourth packet, or data that shows the same.
            Activate(flow);
        }
        return SegmentVerdict::PROCESS;
    }
    bool valid = false;
    if (flow.active && syn)
    {
        const auto* join = segment.Find<MpJoinSynAck>();
        if (ack && join)
        {
            flow.remoteNonce = join->nonce;
            valid = join->truncatedHmac ==
                    TruncateHmac64(MptcpJoinHmac(
                        m_remoteKey, m_localKey, flow.remoteNonce, flow.localNonce, m_version));
            flow.remoteAddressId = join->addressId;
            flow.backup = join->backup;
        }
        else if (const auto* crossing = ack ? nullptr : segment.Find<MpJoinSyn>())
        {
            // Both ends open between the same ports: one subflow (section 3.9.2).
            flow.remoteNonce = crossing->nonce;
            flow.remoteAddressId = crossing->addressId;
            flow.backup = crossing->backup;
            valid = crossing->token == MptcpToken(m_localKey, m_version);
        }
    }
    else if (syn)
    {
        // Our SYN/ACK was lost.
        return SegmentVerdict::PROCESS;
    }
    else if (const auto* join = segment.Find<MpJoinAck>())
    {
        valid = join->hmac ==
                TruncateHmac160(MptcpJoinHmac(
                    m_remoteKey, m_localKey, flow.remoteNonce, flow.localNonce, m_version));
    }
    if (valid && flow.active)
    {
        m_addresses.SetJoined(flow.remoteAddressId, flow.subflow->GetTuple().remoteAddress);
    }
    else if (flow.active)
    {
        // Reset once established: in SYN_SENT, TCP has no RST to send.
        flow.rejected = true;
    }
    else if (!valid)
    {
        flow.subflow->Reset(MpTcpRst{0, MPTCP_RST_MPTCP_ERROR}, Socket::ERROR_NOTCONN);
        return SegmentVerdict::DROP;
    }
    return SegmentVerdict::PROCESS;
}

void
MptcpConnection::OnEstablished(MptcpSubflow& subflow)
{
    Flow& flow = m_flows.Find(subflow);
    if (!flow.joined && flow.rejected)
    {
        TryVersion0(flow);
        return;
    }
    flow.tcpEstablished = true;
    if (!flow.joined)
    {
        Activate(flow);
        m_connected = true;
        m_tellConnected = true;
        // In version 0 nothing is due that would answer the third ACK.
        if (m_client && m_mode == Mode::MULTIPATH && !m_confirmed && m_version != 0)
        {
            ScheduleThirdAck(flow);
        }
    }
    else if (flow.rejected)
    {
        subflow.Reset(MpTcpRst{0, MPTCP_RST_MPTCP_ERROR}, Socket::ERROR_NOTCONN);
    }
    else if (flow.active)
    {
        flow.phase = Phase::PRE_ESTABLISHED;
        ScheduleThirdAck(flow);
    }
    else
    {
        Activate(flow);
    }
}

void
MptcpConnection::Activate(Flow& flow)
{
    if (flow.joined && IsFailing())
    {
        // Section 3.7: what remains is a single subflow.
        flow.subflow->Reset(MpTcpRst{0, MPTCP_RST_PROHIBITED}, Socket::ERROR_NOTCONN);
        return;
    }
    flow.phase = Phase::ESTABLISHED;
    m_everJoined |= flow.joined;
    const TcpTuple& tuple = flow.subflow->GetTuple();
    m_addresses.ForgetFailure(tuple.remoteAddress, tuple.remotePort);
    if (m_mode == Mode::MULTIPATH && !m_ended)
    {
        m_closeTimer.Remove();
        if (flow.readClosed)
        {
            flow.signals.Add(MpPrio{true});
        }
        else if (flow.backupRequested != flow.backupTold)
        {
            // MP_CAPABLE cannot say it, and MP_JOIN said what was so at its beginning.
            flow.signals.Add(MpPrio{flow.backupRequested});
        }
        flow.signals.AddRemoval(m_addresses.TakeRemovals());
        if (m_dataFinSent && !m_dataFinAcked)
        {
            ScheduleDataFin();
        }
        if (m_sendBuffer->GetBegin() < m_sendNext && m_headTimer.IsExpired())
        {
            // What was lost with an earlier subflow.
            m_headTimer = Simulator::Schedule(
                Seconds(1), &MptcpConnection::OnHeadTimeout, this, m_sendBuffer->GetBegin());
        }
        // The fourth packet of a join, the DATA_FIN again, or a signal.
        flow.ackDue = flow.joined || m_dataFinSent || flow.signals.IsDue();
        m_acksDue |= flow.ackDue;
    }
    const Telling telling;
    m_establishedTrace(flow.subflow);
    if (m_mode == Mode::MULTIPATH)
    {
        TellCreated(flow);
    }
}

void
MptcpConnection::ScheduleThirdAck(Flow& flow)
{
    Time delay = std::max(flow.subflow->GetRto(), m_settings->m_minRto);
    flow.thirdAckTimer = Simulator::Schedule(
        delay * (1 << flow.thirdAcks), &MptcpConnection::RepeatThirdAck, this, flow.subflow);
}

void
MptcpConnection::RepeatThirdAck(Ptr<MptcpSubflow> subflow)
{
    Flow& flow = m_flows.Find(*subflow);
    if (flow.joined ? flow.phase == Phase::ESTABLISHED : m_confirmed)
    {
        return;
    }
    if (flow.thirdAcks == THIRD_ACK_RETRIES)
    {
        if (flow.joined)
        {
            subflow->Reset(MpTcpRst{0, MPTCP_RST_MPTCP_ERROR}, Socket::ERROR_NOTCONN);
        }
        else
        {
            // Section 3.1 does not oblige an idle peer to answer. The first data brings the keys
            // again, and its acknowledgment decides (section 3.7); without any, the DATA_FIN's.
            m_thirdAckUnanswered = true;
            Push();
        }
        return;
    }
    flow.thirdAcks++;
    ScheduleThirdAck(flow);
    subflow->SendAck();
}

void
MptcpConnection::OnConfirmed()
{
    m_confirmed = true;
    for (const auto& flow : m_flows)
    {
        if (!flow->joined)
        {
            flow->thirdAckTimer.Remove();
            flow->signals.Release();
            flow->ackDue |= flow->signals.IsDue();
            m_acksDue |= flow->ackDue;
        }
    }
}

void
MptcpConnection::StartPathManager()
{
    m_pathManagerStarted = true;
    m_pathManager->OnConnected(*this);
}

bool
MptcpConnection::OnJoin(const TcpTuple& tuple, const TcpSegment& syn, const MpJoinSyn& join)
{
    // Section 3.1, flag C that we have sent; version 0 has none.
    const bool denied = m_settings->m_denyInitialAddress && m_version != 0 &&
                        tuple.localAddress == m_firstTuple.localAddress &&
                        tuple.localPort == m_firstTuple.localPort;
    // A connection that has ended with all done keeps its key while it lingers.
    const bool over = m_ended && m_localKey == 0;
    if (m_mode != Mode::MULTIPATH || over || denied ||
        m_flows.GetN() >= m_settings->m_maxSubflows || !Allows(tuple.localAddress))
    {
        return false;
    }
    if (IsFailing() || (m_pathManager && !m_pathManager->AcceptsJoin(*this)) ||
        (m_settings->m_joinNeedsListener &&
         !m_protocol->HasListener(tuple.localAddress, tuple.localPort) &&
         !m_addresses.HasPort(tuple.localAddress, tuple.localPort)))
    {
        return false;
    }
    Flow* flow = AddFlow(tuple, true, false);
    if (!flow)
    {
        return false;
    }
    m_addresses.SetJoined(join.addressId, tuple.remoteAddress);
    flow->remoteAddressId = join.addressId;
    flow->backup = join.backup;
    flow->remoteNonce = join.nonce;
    flow->localNonce = m_protocol->GetRandom32();
    flow->subflow->Accept(syn);
    return true;
}

bool
MptcpConnection::IsDenied(const IpAddress& address, uint16_t port) const
{
    return m_denyInitialAddress && address == m_firstTuple.remoteAddress &&
           port == m_firstTuple.remotePort;
}

Ptr<MptcpSubflow>
MptcpConnection::OpenSubflow(const IpAddress& local, const RemoteAddress& remote)
{
    return Join(local, remote, {});
}

Ptr<MptcpSubflow>
MptcpConnection::OpenSubflowBy(const IpAddress& local,
                               const RemoteAddress& remote,
                               const std::vector<Ipv6Address>& segments)
{
    const auto header = MakeSegmentRoutingBytes(segments);
    const bool sendable =
        m_protocol->CheckRoutingHeader({local, remote.address, 0, remote.port}, header) == 0;
    return header.empty() || !sendable ? nullptr : Join(local, remote, header);
}

std::vector<Ipv6Address>
MptcpConnection::GetSegmentsOf(const MptcpSubflow& subflow) const
{
    return GetSegments(m_protocol->GetRoutingHeader(subflow.GetTuple()));
}

Ptr<MptcpSubflow>
MptcpConnection::Join(const IpAddress& local,
                      const RemoteAddress& remote,
                      const RoutingHeaderBytes& header)
{
    const bool joinable = m_confirmed || m_addressHeard;
    if (m_mode != Mode::MULTIPATH || m_ended || !joinable ||
        m_flows.GetN() >= m_settings->m_maxSubflows || IsDenied(remote.address, remote.port) ||
        m_addresses.HasFailed(remote.address, remote.port) || HasJoinedFrom(local, remote) ||
        !Allows(local) || !MptcpL4Protocol::IsUnicast(remote.address))
    {
        return nullptr;
    }
    TcpTuple tuple{local, remote.address, GetPreferredPort(local), remote.port};
    const bool usable = tuple.localPort != 0 && (tuple.localPort == m_firstTuple.localPort ||
                                                 m_protocol->IsPortFree(local, tuple.localPort));
    Flow* flow = usable ? AddFlow(tuple, true, true) : nullptr;
    if (!flow)
    {
        tuple.localPort = m_protocol->AllocateEphemeralPort(local, remote.address, remote.port);
        flow = tuple.localPort == 0 ? nullptr : AddFlow(tuple, true, true);
    }
    if (!flow)
    {
        return nullptr;
    }
    flow->remoteAddressId = remote.id;
    flow->localNonce = m_protocol->GetRandom32();
    Ptr<MptcpSubflow> subflow = flow->subflow;
    if (!header.empty())
    {
        m_protocol->SetRoutingHeader(*subflow, header);
    }
    subflow->Connect();
    return subflow;
}

} // namespace ns3
