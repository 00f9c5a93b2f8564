// SPDX-License-Identifier: GPL-2.0-only
// What an application does to single subflows, and what it hears of them
// (draft-hesmans-mptcp-socket-03).
#include "mptcp-connection.h"

#include "ns3/telling.h"

#include <cerrno>

namespace ns3
{

MptcpConnection::SubflowStatus
MptcpConnection::GetStatus(const Flow& flow)
{
    SubflowStatus status;
    status.subflow = flow.subflow;
    status.id = flow.id;
    status.backup = flow.IsBackup();
    status.established = flow.phase == Phase::ESTABLISHED;
    status.preEstablished = flow.phase == Phase::PRE_ESTABLISHED;
    status.joined = flow.joined;
    return status;
}

std::vector<MptcpConnection::SubflowStatus>
MptcpConnection::GetSubflowStatus() const
{
    std::vector<SubflowStatus> all;
    for (const auto& flow : m_flows)
    {
        all.push_back(GetStatus(*flow));
    }
    return all;
}

std::optional<MptcpConnection::SubflowStatus>
MptcpConnection::FindSubflow(uint8_t id) const
{
    const Flow* flow = m_flows.FindId(id);
    return flow ? std::optional<SubflowStatus>(GetStatus(*flow)) : std::nullopt;
}

// Opening and closing

int
MptcpConnection::OpenSubflow(const TcpTuple& wanted,
                             bool anySource,
                             bool backup,
                             Ptr<NetDevice> device,
                             uint8_t& id,
                             const RoutingHeaderBytes& header)
{
    if (m_mode != Mode::MULTIPATH || m_ended)
    {
        return EOPNOTSUPP;
    }
    TcpTuple tuple = wanted;
    if (tuple.remotePort == 0)
    {
        tuple.remotePort = m_firstTuple.remotePort;
    }
    if (!header.empty())
    {
        // Before anybody is asked for the way to its first segment. Whether it fits is known of a
        // source only: see below.
        const int error = m_protocol->CheckRoutingHeader(tuple, header);
        if (error != 0 && error != EMSGSIZE)
        {
            return error;
        }
    }
    // Where packets go first.
    const auto segments = GetSegments(header);
    const IpAddress first = segments.empty() ? tuple.remoteAddress : IpAddress(segments.front());
    // As bind().
    if (anySource)
    {
        const auto source = m_protocol->SelectSource(first, device);
        if (!source)
        {
            return ENETUNREACH;
        }
        tuple.localAddress = *source;
    }
    else if (!m_protocol->HasAddress(tuple.localAddress, device))
    {
        return EADDRNOTAVAIL;
    }
    if (tuple.localPort == 0)
    {
        tuple.localPort = m_protocol->AllocateEphemeralPort(
            tuple.localAddress, tuple.remoteAddress, tuple.remotePort);
        if (tuple.localPort == 0)
        {
            return EADDRNOTAVAIL;
        }
    }
    else if (tuple.localPort != m_firstTuple.localPort &&
             !m_protocol->IsPortFree(tuple.localAddress, tuple.localPort))
    {
        return EADDRINUSE;
    }
    // As connect().
    if (!m_protocol->HasRoute(tuple.localAddress, first, device))
    {
        return ENETUNREACH;
    }
    if (!header.empty())
    {
        if (const int error = m_protocol->CheckRoutingHeader(tuple, header))
        {
            return error;
        }
    }
    if (IsDenied(tuple.remoteAddress, tuple.remotePort))
    {
        return ECONNREFUSED;
    }
    if (m_flows.GetN() >= m_settings->m_maxSubflows)
    {
        return ENOBUFS;
    }
    Flow* flow = AddFlow(tuple, true, true);
    if (!flow)
    {
        return EADDRINUSE;
    }
    flow->remoteAddressId = FindRemoteAddressId(tuple.remoteAddress).value_or(0);
    flow->backupRequested = flow->backupTold = flow->backupRequested || backup;
    flow->localNonce = m_protocol->GetRandom32();
    id = flow->id;
    Ptr<MptcpSubflow> subflow = flow->subflow;
    if (device)
    {
        SubflowControls controls = subflow->GetControls();
        controls.device = device;
        subflow->SetControls(controls);
    }
    if (!header.empty())
    {
        m_protocol->SetRoutingHeader(*subflow, header);
    }
    // Section 3.1: not before the peer has shown that it knows our key.
    m_subflowsWait = true;
    if (m_confirmed || m_addressHeard)
    {
        ConnectWaiting();
    }
    return 0;
}

void
MptcpConnection::ConnectWaiting()
{
    m_subflowsWait = false;
    for (const auto& subflow : m_flows.GetSubflows())
    {
        if (m_flows.Find(*subflow).active && subflow->GetState() == TcpSocket::CLOSED)
        {
            subflow->Connect();
        }
    }
}

int
MptcpConnection::SetRoutingHeader(uint8_t id, const RoutingHeaderBytes& header)
{
    const Flow* flow = m_flows.FindId(id);
    if (!flow)
    {
        return EINVAL;
    }
    const int error =
        header.empty() ? 0 : m_protocol->CheckRoutingHeader(flow->subflow->GetTuple(), header);
    if (error == 0)
    {
        m_protocol->SetRoutingHeader(*flow->subflow, header);
    }
    return error;
}

RoutingHeaderBytes
MptcpConnection::GetRoutingHeader(uint8_t id) const
{
    const Flow* flow = m_flows.FindId(id);
    return flow ? m_protocol->GetRoutingHeader(flow->subflow->GetTuple()) : RoutingHeaderBytes();
}

int
MptcpConnection::CloseSubflow(uint8_t id, SubflowEnding how)
{
    if (m_mode != Mode::MULTIPATH || m_ended)
    {
        return EOPNOTSUPP;
    }
    Flow* flow = m_flows.FindId(id);
    if (!flow)
    {
        return EINVAL;
    }
    if (Telling::IsOn())
    {
        Defer([this, id, how] { CloseSubflow(id, how); });
        return 0;
    }
    Ptr<MptcpConnection> self(this);
    Ptr<MptcpSubflow> subflow = flow->subflow;
    if (how == SubflowEnding::RESET)
    {
        flow->why = MptcpPathEvent::ADMINISTRATIVE;
        flow->closing = true;
        subflow->Reset(MpTcpRst{0, MPTCP_RST_PROHIBITED}, Socket::ERROR_NOTCONN);
        Push();
        return 0;
    }
    const bool read = how != SubflowEnding::WRITE;
    const bool write = how != SubflowEnding::READ;
    if (read && !flow->readClosed)
    {
        // TCP has nothing that says so; a peer that heeds MP_PRIO sends elsewhere.
        flow->readClosed = true;
        if (flow->phase == Phase::ESTABLISHED)
        {
            flow->signals.Send(MpPrio{true});
        }
    }
    if (write && !flow->closing)
    {
        flow->closing = true;
        flow->why = MptcpPathEvent::CLOSED_LOCAL;
        Reinject(*flow);
        // The data first: the FIN ends what the peer may hear on this subflow.
        flow->Close();
        Push();
    }
    return 0;
}

void
MptcpConnection::EndSubflow(Ptr<MptcpSubflow> subflow)
{
    if (m_flows.Has(*subflow))
    {
        CloseSubflow(m_flows.Find(*subflow).id, SubflowEnding::WRITE);
    }
}

// Options of single subflows

PacketMarks*
MptcpConnection::GetSubflowMarks(uint8_t id)
{
    Flow* flow = m_flows.FindId(id);
    return flow ? &flow->marks : nullptr;
}

bool
MptcpConnection::GetSubflowNoDelay(uint8_t id) const
{
    return m_flows.FindId(id)->noDelay;
}

void
MptcpConnection::SetSubflowNoDelay(uint8_t id, bool noDelay)
{
    m_flows.FindId(id)->noDelay = noDelay;
    Push();
}

void
MptcpConnection::MarkPacket(MptcpSubflow& subflow, Packet& packet)
{
    if (m_user)
    {
        m_marks = m_user->GetPacketMarks();
    }
    const PacketMarks& own = m_flows.Find(subflow).marks;
    if (!m_marks.Empty() || !own.Empty())
    {
        own.Over(m_marks).Apply(packet, IsIpv6(subflow.GetTuple().localAddress));
    }
}

MptcpConnection::DataProgress
MptcpConnection::GetDataProgress() const
{
    DataProgress progress;
    if (!m_sendBuffer)
    {
        return progress;
    }
    const DataSequenceNumber first = m_localIdsn + 1;
    progress.sent = static_cast<uint64_t>(m_sendNext - first);
    progress.acked = static_cast<uint64_t>(m_sendBuffer->GetBegin() - first);
    progress.received = static_cast<uint64_t>(m_receiveBuffer->GetNext() - (m_remoteIdsn + 1));
    progress.writeSequence = m_sendBuffer->GetEnd().GetValue();
    progress.ackSequence = m_sendBuffer->GetBegin().GetValue();
    progress.receiveSequence = m_receiveBuffer->GetNext().GetValue();
    return progress;
}

bool
MptcpConnection::UsesChecksums() const
{
    return m_checksums;
}

// Events

void
MptcpConnection::TellPath(const MptcpPathEvent& event)
{
    const Telling telling;
    m_pathEventTrace(event);
}

void
MptcpConnection::TellCreated(const Flow& flow)
{
    MptcpPathEvent event;
    event.kind = MptcpPathEvent::SUBFLOW_CREATED;
    event.subflowId = flow.id;
    event.byPeer = !flow.active;
    TellPath(event);
}

MptcpPathEvent
MptcpConnection::MakeDeletion(const Flow& flow)
{
    MptcpPathEvent event;
    event.kind = MptcpPathEvent::SUBFLOW_DELETED;
    event.subflowId = flow.id;
    event.byPeer = !flow.active;
    event.reason = flow.why;
    return event;
}

void
MptcpConnection::TellDeleted(MptcpPathEvent event, const SubflowEnd& end)
{
    event.error = ToErrno(end);
    if (end.reason)
    {
        event.resetReason = end.reason->reason;
    }
    if (end.refused)
    {
        event.reason = MptcpPathEvent::REFUSED;
    }
    else if (end.timedOut)
    {
        event.reason = MptcpPathEvent::TIMED_OUT;
    }
    else if (event.reason != MptcpPathEvent::ADDRESS_REMOVED &&
             event.reason != MptcpPathEvent::ADMINISTRATIVE)
    {
        const bool fins = end.error == Socket::ERROR_NOTERROR;
        if (end.resetByPeer)
        {
            event.reason = MptcpPathEvent::RESET_REMOTE;
        }
        else if (!fins)
        {
            event.reason = MptcpPathEvent::RESET_LOCAL;
        }
        else if (event.reason == MptcpPathEvent::NONE)
        {
            event.reason = MptcpPathEvent::CLOSED_LOCAL;
        }
    }
    TellPath(event);
}

void
MptcpConnection::TellRemoteAddress(const RemoteAddress& remote, bool up)
{
    MptcpPathEvent event;
    event.kind = MptcpPathEvent::REMOTE_ADDRESS;
    event.addressId = remote.id;
    event.address = remote.address;
    event.port = remote.port;
    event.available = up;
    TellPath(event);
}

void
MptcpConnection::TellPriority(const Flow& flow, bool byPeer, bool backup)
{
    MptcpPathEvent event;
    event.kind = MptcpPathEvent::PRIORITY;
    event.subflowId = flow.id;
    event.byPeer = byPeer;
    event.backup = backup;
    TellPath(event);
}

} // namespace ns3
