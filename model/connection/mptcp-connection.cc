// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-connection.h"

#include "ns3/mptcp-coupled-congestion.h"
#include "ns3/mptcp-crypto.h"
#include "ns3/object-factory.h"
#include "ns3/object-vector.h"
#include "ns3/simulator.h"
#include "ns3/telling.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>
#include <cerrno>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpConnection);

namespace
{

/**
 * @tparam T base class
 * @param factory with attributes, if the user has set some
 * @param type of the object otherwise
 * @return a new object
 */
template <typename T>
Ptr<T>
Make(const ObjectFactory& factory, TypeId type)
{
    if (factory.IsTypeIdSet())
    {
        return factory.Create<T>();
    }
    ObjectFactory plain;
    plain.SetTypeId(type);
    return plain.Create<T>();
}

} // namespace

TypeId
MptcpConnection::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpConnection")
            .SetParent<Object>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpConnection>()
            .AddAttribute("SubflowList",
                          "The subflows that exist now, in the order in which they were opened. "
                          "Empty between the end of the last one and the next join.",
                          ObjectVectorValue(),
                          MakeObjectVectorAccessor(&MptcpConnection::GetNSubflows,
                                                   &MptcpConnection::GetSubflow),
                          MakeObjectVectorChecker<MptcpSubflow>())
            .AddTraceSource("SubflowEstablished",
                            "A subflow is ready for data: the first one, or one whose MP_JOIN "
                            "handshake is complete.",
                            MakeTraceSourceAccessor(&MptcpConnection::m_establishedTrace),
                            "ns3::MptcpConnection::SubflowTracedCallback")
            .AddTraceSource("SubflowClosed",
                            "A subflow has ended, and why; also one that was never established.",
                            MakeTraceSourceAccessor(&MptcpConnection::m_closedTrace),
                            "ns3::MptcpConnection::SubflowClosedTracedCallback")
            .AddTraceSource("DataSequence",
                            "Bytes were given to a subflow to be sent: its path, data sequence "
                            "number (0 is the first byte of the connection), length, and whether "
                            "they had been sent on another subflow before.",
                            MakeTraceSourceAccessor(&MptcpConnection::m_sentTrace),
                            "ns3::MptcpConnection::DataTracedCallback")
            .AddTraceSource("DataReceived",
                            "Bytes arrived on a subflow: its path, data sequence number (0 is the "
                            "first byte of the connection), length, and whether all of them were "
                            "known already (or outside of the window).",
                            MakeTraceSourceAccessor(&MptcpConnection::m_receivedTrace),
                            "ns3::MptcpConnection::DataTracedCallback")
            .AddTraceSource("Reinjection",
                            "Bytes that another subflow holds or held are sent again: the path "
                            "they take now, data sequence number (from 0) and length.",
                            MakeTraceSourceAccessor(&MptcpConnection::m_reinjectionTrace),
                            "ns3::MptcpConnection::ReinjectionTracedCallback")
            .AddTraceSource("Ended",
                            "The connection is over for its application: the errno that says why "
                            "(ETIMEDOUT, ECONNRESET, ECONNREFUSED, or what ICMP says, as "
                            "EHOSTUNREACH); 0 after an orderly close, after Abort(), and where "
                            "the peer does not end within FinTimeout.",
                            MakeTraceSourceAccessor(&MptcpConnection::m_endedTrace),
                            "ns3::MptcpConnection::EndedTracedCallback")
            .AddTraceSource("PathEvent",
                            "Something that applications can subscribe to: a subflow was created "
                            "or deleted, an address came or went, a priority changed.",
                            MakeTraceSourceAccessor(&MptcpConnection::m_pathEventTrace),
                            "ns3::MptcpConnection::PathEventTracedCallback")
            .AddTraceSource("RefusedSignal",
                            "An option was given up because it can never be sent: which one, and "
                            "why, as text. An IPv6 ADD_ADDR with a port does not fit beside "
                            "timestamps, see MptcpSocket::AddAddrDropsTimestamps.",
                            MakeTraceSourceAccessor(&MptcpConnection::m_refusedTrace),
                            "ns3::MptcpConnection::RefusedSignalTracedCallback")
            .AddTraceSource("FallBack",
                            "MPTCP was asked for or in use and the connection goes on as plain "
                            "TCP (RFC 8684 section 3.7); the text says why.",
                            MakeTraceSourceAccessor(&MptcpConnection::m_fallBackTrace),
                            "ns3::MptcpConnection::FallBackTracedCallback");
    return tid;
}

MptcpConnection::MptcpConnection() = default;

MptcpConnection::~MptcpConnection() = default;

void
MptcpConnection::DoDispose()
{
    m_user = nullptr;
    m_ended = true;
    StopMultipath();
    m_closeTimer.Cancel();
    m_probeTimer.Cancel();
    m_finTimer.Cancel();
    m_lingerTimer.Cancel();
    m_progressTimer.Cancel();
    while (!m_flows.Empty())
    {
        Ptr<MptcpSubflow> subflow = m_flows.Get(m_flows.GetN() - 1).subflow;
        subflow->Abandon();
        RemoveFlow(*subflow);
    }
    m_protocol = nullptr;
    m_keepAlive = nullptr;
    Object::DoDispose();
}

void
MptcpConnection::Initialize(Ptr<MptcpL4Protocol> protocol,
                            std::shared_ptr<const MptcpSettings> settings)
{
    m_protocol = protocol;
    m_settings = std::move(settings);
    m_version = m_settings->m_version;
    m_userTimeout = m_settings->m_userTimeout;
}

void
MptcpConnection::SetUser(MptcpConnectionUser* user, Ptr<Object> keepAlive)
{
    m_user = user;
    m_keepAlive = keepAlive;
}

void
MptcpConnection::Begin(const TcpTuple& tuple, bool multipath)
{
    m_firstTuple = tuple;
    m_checksums = RequiresChecksums();
    if (multipath)
    {
        m_mode = Mode::NEGOTIATING;
        m_localKey = m_protocol->CreateKey(this, m_version);
        m_localIdsn = DataSequenceNumber(MptcpInitialDataSequence(m_localKey, m_version));
    }
    m_sendNext = m_localIdsn + 1;
    m_sendBuffer = std::make_unique<DataSendBuffer>(m_sendNext);
    if (!m_receiveBuffer)
    {
        m_receiveBuffer = std::make_unique<DataReceiveBuffer>(m_settings->m_rcvBufSize);
    }
    m_receiveBuffer->Start(m_remoteIdsn + 1);
}

bool
MptcpConnection::Connect(const TcpTuple& tuple, const RoutingHeaderBytes& header)
{
    m_client = true;
    Begin(tuple, m_settings->m_enabled);
    Flow* flow = AddFlow(tuple, false, true);
    if (!flow)
    {
        StopMultipath();
        m_mode = Mode::PLAIN;
        return false;
    }
    {
        const Telling telling;
        m_protocol->AddConnection(this);
    }
    if (!header.empty())
    {
        m_protocol->SetRoutingHeader(*flow->subflow, header);
    }
    flow->subflow->Connect();
    return true;
}

bool
MptcpConnection::Accept(const TcpTuple& tuple, const TcpSegment& syn)
{
    const auto* capable = syn.Find<MpCapable>();
    const bool acceptable = capable && IsAcceptable(*capable, true);
    Begin(tuple, m_settings->m_enabled && acceptable && Allows(tuple.localAddress));
    Flow* flow = AddFlow(tuple, false, false);
    if (!flow)
    {
        StopMultipath();
        m_mode = Mode::PLAIN;
        return false;
    }
    if (acceptable)
    {
        m_denyInitialAddress = capable->denyJoinInitialAddress;
        m_checksums |= capable->checksumRequired;
        // Version 0 has it on the SYN already.
        m_remoteKey = capable->senderKey.value_or(0);
    }
    {
        const Telling telling;
        m_protocol->AddConnection(this);
    }
    flow->subflow->Accept(syn);
    return true;
}

MptcpConnection::Flow*
MptcpConnection::AddFlow(const TcpTuple& tuple, bool joined, bool active)
{
    const uint8_t id = m_flows.GetFreeId();
    const auto addressId = joined ? GetLocalAddressId(tuple.localAddress) : uint8_t{0};
    if (id == 0 || !addressId)
    {
        return nullptr;
    }
    auto congestion =
        Make<TcpCongestionOps>(m_settings->m_congestionFactory, m_settings->m_congestionTypeId);
    if (auto coupled = DynamicCast<MptcpCoupledCongestion>(congestion))
    {
        if (!m_coupling)
        {
            m_coupling = Create<MptcpCoupling>();
        }
        coupled->SetCoupling(m_coupling);
    }
    Ptr<MptcpSubflow> subflow = m_protocol->CreateSubflow(tuple, *this, m_settings, congestion);
    if (!subflow)
    {
        return nullptr;
    }
    Flow& flow = m_flows.Add(subflow, id);
    flow.noDelay = m_settings->m_noDelay;
    flow.sendBuffer = m_settings->m_subflowSndBufSize;
    flow.joined = joined;
    flow.active = active;
    flow.plainData = m_receiveBuffer->GetNext();
    flow.localAddressId = *addressId;
    flow.backupRequested = IsBackupAddress(tuple.localAddress);
    flow.backupTold = joined && flow.backupRequested;
    if (!joined && active)
    {
        // Until OnConfirmed() its ACKs bring our key, which leaves no room.
        flow.signals.Hold();
    }
    if (!joined)
    {
        m_addresses.Begin(tuple.localAddress, {0, tuple.remoteAddress, tuple.remotePort});
    }
    if (m_keepAliveWanted || m_userTimeout != m_settings->m_userTimeout)
    {
        ApplyLimits(*subflow);
    }
    return &flow;
}

void
MptcpConnection::RemoveFlow(MptcpSubflow& subflow)
{
    m_reinjections.Orphan(&subflow);
    if (auto coupled = DynamicCast<MptcpCoupledCongestion>(subflow.GetCongestionOps()))
    {
        coupled->SetCoupling(nullptr);
    }
    m_flows.Remove(subflow);
}

void
MptcpConnection::StopMultipath()
{
    ReleaseKey();
    StopPolicies();
}

void
MptcpConnection::ReleaseKey()
{
    if (m_localKey != 0)
    {
        m_protocol->ReleaseKey(m_localKey, m_version);
        m_localKey = 0;
    }
}

void
MptcpConnection::StopPolicies()
{
    if (m_addressCallback)
    {
        m_protocol->RemoveAddressCallback(*m_addressCallback);
        m_addressCallback.reset();
    }
    m_addressSignals.Stop();
    m_pathManager = nullptr;
    m_dataFinTimer.Remove();
    m_headTimer.Remove();
    if (m_dataTimer)
    {
        m_dataTimer->timer.Cancel();
    }
}

void
MptcpConnection::BecomeMultipath(uint64_t remoteKey, uint32_t window)
{
    m_mode = Mode::MULTIPATH;
    m_remoteKey = remoteKey;
    m_remoteIdsn = DataSequenceNumber(MptcpInitialDataSequence(remoteKey, m_version));
    m_receiveBuffer->Start(m_remoteIdsn + 1);
    m_sendEdge = m_localIdsn + 1 + window;
    m_largestWindow = window;

    m_scheduler =
        Make<MptcpScheduler>(m_settings->m_schedulerFactory, m_settings->m_schedulerTypeId);
    m_copies = m_scheduler->SendsCopies();
    if (m_settings->m_staleLossCount > 0)
    {
        StartDataTimer();
    }
    m_pathManager =
        Make<MptcpPathManager>(m_settings->m_pathManagerFactory, m_settings->m_pathManagerTypeId);
    m_addressCallback = m_protocol->AddAddressCallback([this](const LocalAddress& address, bool up)
                                                       { OnLocalAddress(address, up); });
}

void
MptcpConnection::BecomePlain(const char* why)
{
    m_mode = Mode::PLAIN;
    StopMultipath();
    const Telling telling;
    m_fallBackTrace(why);
}

void
MptcpConnection::Defer(std::function<void()> request)
{
    Simulator::ScheduleNow([self = Ptr<MptcpConnection>(this), request = std::move(request)]
                           { request(); });
}

void
MptcpConnection::CloseSend()
{
    if (!m_sendClosed)
    {
        m_sendClosed = true;
        Push();
    }
}

void
MptcpConnection::CloseReceive()
{
    m_receiveBuffer->Discard();
    UpdateWindow();
}

void
MptcpConnection::Close(std::optional<Time> linger)
{
    if (m_closed || m_ended)
    {
        return;
    }
    if (Telling::IsOn())
    {
        Defer([this, linger] { Close(linger); });
        return;
    }
    m_closed = true;
    const bool unread = GetReadable() > 0;
    const bool neverConnected = !m_connected && m_sendBuffer->GetSize() == 0;
    if (unread || neverConnected || (linger && linger->IsZero()))
    {
        Abort();
        return;
    }
    m_receiveBuffer->Discard();
    CloseSend();
    if (m_ended)
    {
        return;
    }
    if (linger)
    {
        m_lingerTimer = Simulator::Schedule(*linger, &MptcpConnection::OnLinger, this);
    }
    LimitFinWait();
}

bool
MptcpConnection::IsDone() const
{
    return m_dataFinAcked && m_receiveBuffer->HasEnded();
}

void
MptcpConnection::CloseSubflowsIfDone()
{
    if (m_mode != Mode::MULTIPATH || !IsDone() || m_ended)
    {
        return;
    }
    Ptr<MptcpConnection> self(this);
    End(0);
    const bool anyGood = std::any_of(m_flows.begin(),
                                     m_flows.end(),
                                     [](const auto& flow)
                                     { return flow->phase == Phase::ESTABLISHED && !flow->stale; });
    for (const auto& subflow : m_flows.GetSubflows())
    {
        Flow& flow = m_flows.Find(*subflow);
        if (flow.phase != Phase::ESTABLISHED)
        {
            subflow->Reset(std::nullopt, Socket::ERROR_NOTERROR);
        }
        else if (anyGood && flow.stale && subflow->GetHeldBytes() + flow.GetQueued() > 0)
        {
            subflow->Reset(MpTcpRst{0, MPTCP_RST_TOO_MUCH_OUTSTANDING_DATA},
                           Socket::ERROR_NOTERROR);
        }
        else
        {
            flow.closing = true;
            flow.Close();
        }
    }
    if (!m_flows.Empty())
    {
        // A peer whose end of a subflow is gone sends no FIN.
        m_closeTimer.Remove();
        m_closeTimer =
            Simulator::Schedule(m_settings->m_closeTimeout, &MptcpConnection::OnCloseTimeout, this);
    }
    Finish();
}

int
MptcpConnection::ToErrno(const SubflowEnd& end)
{
    if (end.number != 0)
    {
        return end.number;
    }
    if (end.refused)
    {
        return ECONNREFUSED;
    }
    if (end.timedOut)
    {
        return ETIMEDOUT;
    }
    return end.error == Socket::ERROR_NOTERROR ? 0 : ECONNRESET;
}

void
MptcpConnection::End(int error)
{
    if (m_ended)
    {
        return;
    }
    Ptr<MptcpConnection> self(this);
    Tell();
    if (m_ended)
    {
        return;
    }
    m_ended = true;
    m_errno = error;
    m_closeTimer.Remove();
    m_probeTimer.Remove();
    m_finTimer.Remove();
    m_lingerTimer.Remove();
    m_progressTimer.Remove();
    StopPolicies();
    if (error != 0 || m_mode != Mode::MULTIPATH || !IsDone())
    {
        // Otherwise a peer that has missed our last data ACK may join once more and get it.
        ReleaseKey();
    }
    MptcpConnectionUser* user = m_user;
    Ptr<Object> keepAlive = m_keepAlive;
    m_user = nullptr;
    m_keepAlive = nullptr;
    if (error != 0)
    {
        ResetSubflows();
    }
    if (user)
    {
        user->OnEnded(error == 0 ? Socket::ERROR_NOTERROR : Socket::ERROR_NOTCONN);
    }
    {
        const Telling telling;
        m_endedTrace(error);
    }
    Finish();
}

void
MptcpConnection::Finish()
{
    if (m_ended && m_flows.Empty() && m_protocol)
    {
        m_closeTimer.Remove();
        ReleaseKey();
        Ptr<MptcpL4Protocol> protocol = m_protocol;
        m_protocol = nullptr;
        protocol->RemoveConnection(this);
    }
}

void
MptcpConnection::AwaitSubflow(int error)
{
    m_probeTimer.Remove();
    m_dataFinTimer.Remove();
    if (m_closeTimer.IsExpired())
    {
        m_lastErrno = error;
        m_closeTimer =
            Simulator::Schedule(m_settings->m_closeTimeout, &MptcpConnection::OnCloseTimeout, this);
    }
}

void
MptcpConnection::OnCloseTimeout()
{
    Ptr<MptcpConnection> self(this);
    if (!m_ended)
    {
        End(m_lastErrno == 0 || m_lastErrno == ETIMEDOUT ? ETIMEDOUT : ECONNRESET);
        return;
    }
    ResetSubflows();
    Finish();
}

void
MptcpConnection::Tell()
{
    // Each call may end the connection, and with it m_user.
    if (m_tellConnected)
    {
        m_tellConnected = false;
        if (m_user)
        {
            m_user->OnConnected();
        }
    }
    if (m_tellSent > 0)
    {
        const uint32_t bytes = m_tellSent;
        m_tellSent = 0;
        if (m_user)
        {
            m_user->OnDataSent(bytes);
        }
    }
    if (m_tellAcked > 0)
    {
        const uint32_t bytes = m_tellAcked;
        m_tellAcked = 0;
        if (m_user)
        {
            m_user->OnDataAcked(bytes);
        }
    }
    if (m_tellReadable)
    {
        m_tellReadable = false;
        if (m_user)
        {
            m_user->OnReadable();
        }
    }
}

void
MptcpConnection::OnFin(MptcpSubflow& subflow)
{
    if (m_mode != Mode::MULTIPATH)
    {
        m_receiveBuffer->End();
        m_tellReadable = true;
        return;
    }
    // Section 3.3.3: it ends the subflow only.
    Flow& flow = m_flows.Find(subflow);
    flow.finReceived = true;
    if (!flow.closing)
    {
        flow.why = MptcpPathEvent::CLOSED_REMOTE;
        AnswerFins();
    }
}

void
MptcpConnection::AnswerFins()
{
    m_finWaits = false;
    const bool outstanding =
        !m_ended && (m_sendBuffer->GetSize() > 0 || (m_dataFinSent && !m_dataFinAcked));
    for (const auto& flow : m_flows)
    {
        if (!flow->finReceived || flow->closing)
        {
            continue;
        }
        const bool last =
            std::none_of(m_flows.begin(),
                         m_flows.end(),
                         [&](const auto& other) { return other != flow && other->IsUsable(); });
        // Who has asked for a backup as well wants nothing more on it: MPTCP_CLOSE_SUB_ID with
        // SHUT_RDWR.
        if (outstanding && last && !flow->backup)
        {
            m_finWaits = true;
            continue;
        }
        flow->closing = true;
        if (!m_ended)
        {
            // What it still holds may be delivered, or not.
            Reinject(*flow);
        }
        flow->Close();
    }
}

void
MptcpConnection::OnEnded(MptcpSubflow& subflow, const SubflowEnd& end)
{
    Ptr<MptcpConnection> self(this);
    Ptr<MptcpSubflow> ended(&subflow);
    Flow& flow = m_flows.Find(subflow);
    const bool multipath = m_mode == Mode::MULTIPATH;
    const bool joined = flow.joined;
    const bool failed = flow.failed;
    SubflowEnd known(end);
    known.established = flow.phase == Phase::ESTABLISHED;
    if (multipath && flow.active && joined && !known.established)
    {
        const bool transient = end.resetByPeer && end.reason && end.reason->IsTransient();
        known.joinFailed = flow.rejected || (end.resetByPeer && !transient);
        if (flow.remoteAddressId != 0 && flow.why == MptcpPathEvent::NONE && !transient)
        {
            // Section 3.4.1: not again, unless the peer repeats its ADD_ADDR.
            NoteFailure(subflow.GetTuple());
        }
    }
    const bool closing = flow.closing;
    const int error = ToErrno(end);
    if (multipath && !m_ended)
    {
        Reinject(flow);
    }
    const MptcpPathEvent deletion = MakeDeletion(flow);
    const std::vector<MptcpOption> signals = flow.signals.TakeAll();
    RemoveFlow(subflow);
    if (multipath && !m_ended)
    {
        m_addressSignals.TakeOverRemovals(signals);
    }
    {
        const Telling telling;
        m_closedTrace(ended, known);
    }
    if (m_retrying)
    {
        return;
    }
    if (multipath || joined)
    {
        TellDeleted(deletion, end);
    }
    if (m_ended)
    {
        m_farewell |= closing && error == 0;
        Finish();
        return;
    }
    if (!multipath && joined)
    {
        // A join that came too late: the first subflow goes on as plain TCP.
        return;
    }
    if (m_peerFastclosed)
    {
        End(ECONNRESET);
        return;
    }
    // Nobody can join before the peer has shown that it knows our key.
    const bool joinable = m_confirmed || m_addressHeard || !m_client;
    const bool anyBegun = std::any_of(m_flows.begin(),
                                      m_flows.end(),
                                      [](const auto& other)
                                      { return other->subflow->GetState() != TcpSocket::CLOSED; });
    if (!multipath || !m_connected || (!anyBegun && !joinable))
    {
        End(error);
        for (const auto& other : m_flows.GetSubflows())
        {
            if (other->GetState() == TcpSocket::CLOSED)
            {
                other->Reset(std::nullopt, Socket::ERROR_NOTCONN);
            }
        }
        return;
    }
    if (failed)
    {
        ReinjectOrphans();
    }
    if (!m_deferring)
    {
        Tell();
    }
    if (IsDone())
    {
        // The segment that ended the subflow brought the last data ACK.
        CloseSubflowsIfDone();
    }
    if (m_ended)
    {
        return;
    }
    const bool alone =
        std::none_of(m_flows.begin(),
                     m_flows.end(),
                     [](const auto& other) { return other->phase == Phase::ESTABLISHED; });
    if (alone)
    {
        AwaitSubflow(error);
    }
    if (m_pathManagerStarted && deletion.reason != MptcpPathEvent::ADMINISTRATIVE)
    {
        Ptr<MptcpPathManager> pathManager = m_pathManager;
        pathManager->OnSubflowEnded(*this, subflow, known);
    }
    if (!m_deferring)
    {
        Push();
    }
}

const TcpTuple&
MptcpConnection::GetFirstTuple() const
{
    return m_firstTuple;
}

bool
MptcpConnection::IsMultipath() const
{
    return m_mode == Mode::MULTIPATH;
}

uint32_t
MptcpConnection::GetLocalToken() const
{
    return m_localKey == 0 ? 0 : MptcpToken(m_localKey, m_version);
}

bool
MptcpConnection::IsEnded() const
{
    return m_ended;
}

int
MptcpConnection::GetErrno() const
{
    return m_errno;
}

const MptcpSettings&
MptcpConnection::GetSettings() const
{
    return *m_settings;
}

bool
MptcpConnection::IsClient() const
{
    return m_client;
}

std::vector<Ptr<MptcpSubflow>>
MptcpConnection::GetSubflows() const
{
    return m_flows.GetSubflows();
}

uint32_t
MptcpConnection::GetNSubflows() const
{
    return m_flows.GetN();
}

Ptr<MptcpSubflow>
MptcpConnection::GetSubflow(uint32_t i) const
{
    return m_flows.Get(i).subflow;
}

} // namespace ns3
