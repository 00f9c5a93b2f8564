// SPDX-License-Identifier: GPL-2.0-only
// The attributes of MptcpSocket. What it does is in mptcp-socket.cc.
#include "mptcp-socket-settings.h"
#include "mptcp-socket.h"

#include "ns3/boolean.h"
#include "ns3/log.h"
#include "ns3/mptcp-path-manager.h"
#include "ns3/mptcp-scheduler.h"
#include "ns3/rtt-estimator.h"
#include "ns3/tcp-cubic.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("MptcpSocketAttributes");

NS_OBJECT_ENSURE_REGISTERED(MptcpSocket);

template <auto Field, typename T>
bool
MptcpSocket::SetSetting(T value)
{
    if (m_frozen)
    {
        return false;
    }
    (*m_settings).*Field = value;
    return true;
}

template <auto Field, typename T>
T
MptcpSocket::GetSetting() const
{
    return (*m_settings).*Field;
}

TypeId
MptcpSocket::GetTypeId()
{
    static const MptcpSettings defaults;
    static TypeId tid =
        TypeId("ns3::MptcpSocket")
            .SetParent<TcpSocket>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpSocket>()
            .AddAttribute(
                "Multipath",
                "Ask for Multipath TCP, and accept it (RFC 8684). False: plain TCP over "
                "the same transport, the fair baseline of a comparison.",
                BooleanValue(defaults.m_enabled),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_enabled, bool>,
                                    &MptcpSocket::GetSetting<&MptcpSettings::m_enabled, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "Checksum",
                "Require DSS checksums (flag A of MP_CAPABLE, RFC 8684 sections 3.1 and 3.3.1), so "
                "that data that a middlebox has changed is noticed. They are used if either end "
                "requires them.",
                BooleanValue(defaults.m_checksum),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_checksum, bool>,
                                    &MptcpSocket::GetSetting<&MptcpSettings::m_checksum, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "RefuseChecksum",
                "Use plain TCP with a peer that requires DSS checksums (RFC 8684 section 3.1).",
                BooleanValue(defaults.m_refuseChecksum),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_refuseChecksum, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_refuseChecksum, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "FastcloseByAck",
                "End a connection at once by an ACK with MP_FASTCLOSE on one subflow, which is "
                "repeated three times until a RST answers it (option A of RFC 8684 section 3.5). "
                "False: by RSTs with MP_FASTCLOSE on all subflows (option R), as Linux does.",
                BooleanValue(defaults.m_fastcloseByAck),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_fastcloseByAck, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_fastcloseByAck, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "DenyJoinInitialAddress",
                "Ask the peer not to open further subflows to the address and port of the first "
                "one (flag C of MP_CAPABLE, RFC 8684 section 3.1), as behind a load balancer.",
                BooleanValue(defaults.m_denyInitialAddress),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_denyInitialAddress, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_denyInitialAddress, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "JoinNeedsListener",
                "Refuse joins to a port that nobody listens on, as Linux does. False: the token "
                "alone decides.",
                BooleanValue(defaults.m_joinNeedsListener),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_joinNeedsListener, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_joinNeedsListener, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "RemoveAddressAtOnce",
                "End the subflows of an address that the peer removes as soon as REMOVE_ADDR "
                "arrives, as Linux does. False: such a subflow carries no data until it has "
                "answered a probe, and is ended if it does not (RFC 8684 section 3.4.2).",
                BooleanValue(defaults.m_removeAtOnce),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_removeAtOnce, bool>,
                                    &MptcpSocket::GetSetting<&MptcpSettings::m_removeAtOnce, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "OpportunisticRetransmission",
                "When the peer's receive window is full while a subflow could send, send the "
                "data that holds the window up again on that subflow, and halve the congestion "
                "window of the slower one that holds it (Raiciu et al., NSDI 2012). It helps "
                "small receive buffers over unequal paths.",
                BooleanValue(defaults.m_opportunistic),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_opportunistic, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_opportunistic, bool>),
                MakeBooleanChecker())
            .AddAttribute("PathManager",
                          "Which subflows are opened and which addresses are advertised: a class "
                          "derived from ns3::MptcpPathManager.",
                          TypeIdValue(MptcpFullMesh::GetTypeId()),
                          MakeTypeIdAccessor(&MptcpSocket::SetPathManagerType,
                                             &MptcpSocket::GetPathManagerType),
                          MakeTypeIdChecker())
            .AddAttribute(
                "Scheduler",
                "Which subflow carries the next segment: a class derived from "
                "ns3::MptcpScheduler.",
                TypeIdValue(MptcpLowestRtt::GetTypeId()),
                MakeTypeIdAccessor(&MptcpSocket::SetSchedulerType, &MptcpSocket::GetSchedulerType),
                MakeTypeIdChecker())
            .AddAttribute("CongestionControl",
                          "Congestion control of each subflow: a class derived from "
                          "ns3::TcpCongestionOps; ns3::MptcpLia, MptcpOlia, MptcpBalia and "
                          "MptcpWvegas couple the subflows. Left alone, it is "
                          "ns3::TcpL4Protocol::SocketType if that was changed.",
                          TypeIdValue(TcpCubic::GetTypeId()),
                          MakeTypeIdAccessor(&MptcpSocket::SetCongestionType,
                                             &MptcpSocket::GetCongestionType),
                          MakeTypeIdChecker())
            .AddAttribute("RttEstimator",
                          "Smooths the round-trip time of each subflow: a class derived from "
                          "ns3::RttEstimator. Left alone, it is ns3::TcpL4Protocol::RttType if "
                          "that was changed.",
                          TypeIdValue(RttMeanDeviation::GetTypeId()),
                          MakeTypeIdAccessor(&MptcpSocket::SetRttType, &MptcpSocket::GetRttType),
                          MakeTypeIdChecker())
            .AddAttribute("MaxSubflows",
                          "Most subflows that a connection has at a time, whichever end opened "
                          "them.",
                          UintegerValue(defaults.m_maxSubflows),
                          MakeUintegerAccessor(
                              &MptcpSocket::SetSetting<&MptcpSettings::m_maxSubflows, uint32_t>,
                              &MptcpSocket::GetSetting<&MptcpSettings::m_maxSubflows, uint32_t>),
                          MakeUintegerChecker<uint32_t>(1, 255))
            .AddAttribute("StaleTimeouts",
                          "Retransmission time-outs in a row after which a subflow is stale: what "
                          "it holds is sent on the others, and it gets no new data until one of "
                          "its own retransmissions is acknowledged.",
                          UintegerValue(defaults.m_staleTimeouts),
                          MakeUintegerAccessor(
                              &MptcpSocket::SetSetting<&MptcpSettings::m_staleTimeouts, uint32_t>,
                              &MptcpSocket::GetSetting<&MptcpSettings::m_staleTimeouts, uint32_t>),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "StaleMaxRto",
                "Upper bound of the retransmission time-out while a subflow is stale. "
                "A small value finds a path that came back sooner, for more segments "
                "sent in vain until then.",
                TimeValue(defaults.m_staleMaxRto),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_staleMaxRto, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_staleMaxRto, Time>),
                MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute(
                "CloseTimeout",
                "How long a connection without any subflow waits for a new one before "
                "it ends with an error.",
                TimeValue(defaults.m_closeTimeout),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_closeTimeout, Time>,
                                 &MptcpSocket::GetSetting<&MptcpSettings::m_closeTimeout, Time>),
                MakeTimeChecker(Time(0)))
            .AddAttribute("Privileged",
                          "Whether the application is a privileged one, as root is: it may open "
                          "subflows from ports below 1024 and set options that others may not "
                          "(draft-hesmans-mptcp-socket-03, section 6). Can be changed at any time.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&MptcpSocket::m_privileged),
                          MakeBooleanChecker())
            .AddAttribute("EventQueueLimit",
                          "Most events of the connection's paths that wait to be read by "
                          "MPTCP_READ_EVENT; beyond, the oldest ones are lost, which the event "
                          "behind them says.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&MptcpSocket::SetEventQueueLimit,
                                               &MptcpSocket::GetEventQueueLimit),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Backlog",
                          "Most connections of a listening socket whose handshakes are under way; "
                          "further SYNs are dropped.",
                          UintegerValue(4096),
                          MakeUintegerAccessor(&MptcpSocket::m_backlog),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("MinRto",
                          "Lower bound of the retransmission time-out (RFC 6298). Linux's, which "
                          "is not ns3::TcpSocketBase's, unless that default was changed.",
                          TimeValue(defaults.m_minRto),
                          MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_minRto, Time>,
                                           &MptcpSocket::GetSetting<&TcpSettings::m_minRto, Time>),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MaxRto",
                          "Upper bound of the retransmission time-out (RFC 6298).",
                          TimeValue(defaults.m_maxRto),
                          MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_maxRto, Time>,
                                           &MptcpSocket::GetSetting<&TcpSettings::m_maxRto, Time>),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute(
                "ClockGranularity",
                "Clock granularity G in the retransmission time-out (RFC 6298).",
                TimeValue(defaults.m_clockGranularity),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_clockGranularity, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_clockGranularity, Time>),
                MakeTimeChecker(Time(0)))
            .AddAttribute(
                "Sack",
                "Offer and use selective acknowledgments (RFC 2018).",
                BooleanValue(defaults.m_sackEnabled),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_sackEnabled, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_sackEnabled, bool>),
                MakeBooleanChecker())
            .AddAttribute("Timestamp",
                          "Offer and use timestamps (RFC 7323).",
                          BooleanValue(defaults.m_timestampEnabled),
                          MakeBooleanAccessor(
                              &MptcpSocket::SetSetting<&TcpSettings::m_timestampEnabled, bool>,
                              &MptcpSocket::GetSetting<&TcpSettings::m_timestampEnabled, bool>),
                          MakeBooleanChecker())
            .AddAttribute("WindowScaling",
                          "Offer and use window scaling (RFC 7323).",
                          BooleanValue(defaults.m_winScalingEnabled),
                          MakeBooleanAccessor(
                              &MptcpSocket::SetSetting<&TcpSettings::m_winScalingEnabled, bool>,
                              &MptcpSocket::GetSetting<&TcpSettings::m_winScalingEnabled, bool>),
                          MakeBooleanChecker())
            .AddAttribute("ReTxThreshold",
                          "Duplicate acknowledgments, or segments acknowledged selectively beyond "
                          "a gap, that tell of a loss (RFC 6675 DupThresh).",
                          UintegerValue(defaults.m_retxThresh),
                          MakeUintegerAccessor(
                              &MptcpSocket::SetSetting<&TcpSettings::m_retxThresh, uint32_t>,
                              &MptcpSocket::GetSetting<&TcpSettings::m_retxThresh, uint32_t>),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "Rack",
                "Find losses by time (RACK, RFC 8985): a segment is lost a round trip and "
                "a reordering window after it was sent, once a later one was delivered. "
                "False: by counting as RFC 6675 does. Without SACK it is RFC 6582.",
                BooleanValue(defaults.m_rack),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_rack, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_rack, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "TailLossProbe",
                "Send the last segment again, or a new one, when no acknowledgment came "
                "for two round trips, so that a lost end of a burst needs no time-out "
                "(RFC 8985 section 7). It takes Rack and SACK.",
                BooleanValue(defaults.m_tailLossProbe),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_tailLossProbe, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_tailLossProbe, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "TimeWait",
                "Length of the state TIME_WAIT (RFC 9293 section 3.6.1). Left alone, it "
                "is twice ns3::TcpSocketBase::MaxSegLifetime if that was changed.",
                TimeValue(defaults.m_timeWait),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_timeWait, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_timeWait, Time>),
                MakeTimeChecker(Time(0)))
            .AddTraceSource("Event",
                            "An event of the connection's paths that the application has "
                            "subscribed to (draft-hesmans-mptcp-socket-03, section 4).",
                            MakeTraceSourceAccessor(&MptcpSocket::m_eventTrace),
                            "ns3::MptcpConnection::PathEventTracedCallback");
    return tid;
}

void
MptcpSocket::NotifyConstructionCompleted()
{
    ResolveDefaults(*m_settings);
    m_constructed = true;
    TcpSocket::NotifyConstructionCompleted();
}

bool
MptcpSocket::Check(const char* attribute, TypeId type, TypeId base) const
{
    std::string problem = CheckClass(type, base);
    if (problem.empty())
    {
        return !m_frozen;
    }
    // ns-3 says nothing of a default that cannot be set: the constructor must.
    NS_ABORT_MSG_UNLESS(m_constructed, "ns3::MptcpSocket::" << attribute << ": " << problem);
    NS_LOG_ERROR(attribute << ": " << problem);
    return false;
}

bool
MptcpSocket::SetPathManager(const ObjectFactory& factory)
{
    TypeId type = factory.GetTypeId();
    if (!Check("PathManager", type, MptcpPathManager::GetTypeId()))
    {
        return false;
    }
    m_settings->m_pathManagerTypeId = type;
    m_settings->m_pathManagerFactory = factory;
    return true;
}

bool
MptcpSocket::SetScheduler(const ObjectFactory& factory)
{
    TypeId type = factory.GetTypeId();
    if (!Check("Scheduler", type, MptcpScheduler::GetTypeId()))
    {
        return false;
    }
    m_settings->m_schedulerTypeId = type;
    m_settings->m_schedulerFactory = factory;
    return true;
}

bool
MptcpSocket::SetCongestionControl(const ObjectFactory& factory)
{
    TypeId type = factory.GetTypeId();
    if (!Check("CongestionControl", type, TcpCongestionOps::GetTypeId()))
    {
        return false;
    }
    // Left alone as far as the constructor can tell: the node may say otherwise.
    m_congestionChosen = m_constructed || type != TcpCubic::GetTypeId();
    m_settings->m_congestionTypeId = type;
    m_settings->m_congestionFactory = factory;
    return true;
}

bool
MptcpSocket::SetBackupAddresses(const std::vector<IpAddress>& addresses)
{
    if (m_frozen)
    {
        return false;
    }
    m_settings->m_backupAddresses = addresses;
    return true;
}

bool
MptcpSocket::SetPathManagerType(TypeId type)
{
    ObjectFactory factory;
    factory.SetTypeId(type);
    return SetPathManager(factory);
}

TypeId
MptcpSocket::GetPathManagerType() const
{
    return m_settings->m_pathManagerTypeId;
}

bool
MptcpSocket::SetSchedulerType(TypeId type)
{
    ObjectFactory factory;
    factory.SetTypeId(type);
    return SetScheduler(factory);
}

TypeId
MptcpSocket::GetSchedulerType() const
{
    return m_settings->m_schedulerTypeId;
}

bool
MptcpSocket::SetCongestionType(TypeId type)
{
    ObjectFactory factory;
    factory.SetTypeId(type);
    return SetCongestionControl(factory);
}

TypeId
MptcpSocket::GetCongestionType() const
{
    return m_settings->m_congestionTypeId;
}

bool
MptcpSocket::SetRttType(TypeId type)
{
    if (!Check("RttEstimator", type, RttEstimator::GetTypeId()))
    {
        return false;
    }
    m_rttChosen = m_constructed || type != RttMeanDeviation::GetTypeId();
    m_settings->m_rttTypeId = type;
    return true;
}

TypeId
MptcpSocket::GetRttType() const
{
    return m_settings->m_rttTypeId;
}

void
MptcpSocket::RequireChangeable(const char* attribute) const
{
    NS_ABORT_MSG_IF(m_frozen,
                    "ns3::MptcpSocket: " << attribute
                                         << " cannot be changed after Connect() or Listen()");
}

void
MptcpSocket::AskNode()
{
    if (!m_congestionChosen)
    {
        m_settings->m_congestionTypeId = GetDefaultCongestionControl(m_node);
        m_settings->m_congestionFactory = ObjectFactory();
        m_settings->m_congestionFactory.SetTypeId(m_settings->m_congestionTypeId);
    }
    if (!m_rttChosen)
    {
        m_settings->m_rttTypeId = GetDefaultRttEstimator(m_node);
    }
}

std::shared_ptr<const MptcpSettings>
MptcpSocket::Freeze()
{
    if (!m_frozen)
    {
        AskNode();
        NS_ABORT_MSG_IF(m_settings->m_minRto > m_settings->m_maxRto,
                        "ns3::MptcpSocket: MinRto " << m_settings->m_minRto.As(Time::S)
                                                    << " is more than MaxRto "
                                                    << m_settings->m_maxRto.As(Time::S));
        m_frozen = true;
    }
    return m_settings;
}

void
MptcpSocket::SetSndBufSize(uint32_t size)
{
    RequireChangeable("SndBufSize");
    NS_ABORT_MSG_IF(size == 0, "ns3::MptcpSocket: SndBufSize must be at least 1 byte");
    m_settings->m_sndBufSize = size;
}

uint32_t
MptcpSocket::GetSndBufSize() const
{
    return m_settings->m_sndBufSize;
}

void
MptcpSocket::SetRcvBufSize(uint32_t size)
{
    RequireChangeable("RcvBufSize");
    NS_ABORT_MSG_IF(size == 0, "ns3::MptcpSocket: RcvBufSize must be at least 1 byte");
    m_settings->m_rcvBufSize = size;
}

uint32_t
MptcpSocket::GetRcvBufSize() const
{
    return m_settings->m_rcvBufSize;
}

void
MptcpSocket::SetSegSize(uint32_t size)
{
    RequireChangeable("SegmentSize");
    m_settings->m_segmentSize = size;
}

uint32_t
MptcpSocket::GetSegSize() const
{
    return m_settings->m_segmentSize;
}

void
MptcpSocket::SetInitialSSThresh(uint32_t threshold)
{
    RequireChangeable("InitialSlowStartThreshold");
    m_settings->m_initialSsThresh = threshold;
}

uint32_t
MptcpSocket::GetInitialSSThresh() const
{
    return m_settings->m_initialSsThresh;
}

void
MptcpSocket::SetInitialCwnd(uint32_t cwnd)
{
    RequireChangeable("InitialCwnd");
    NS_ABORT_MSG_IF(cwnd == 0, "ns3::MptcpSocket: InitialCwnd must be at least 1 segment");
    m_settings->m_initialCwnd = cwnd;
}

uint32_t
MptcpSocket::GetInitialCwnd() const
{
    return m_settings->m_initialCwnd;
}

void
MptcpSocket::SetConnTimeout(Time timeout)
{
    RequireChangeable("ConnTimeout");
    NS_ABORT_MSG_UNLESS(timeout.IsStrictlyPositive(), "ns3::MptcpSocket: ConnTimeout must be > 0");
    m_settings->m_connTimeout = timeout;
}

Time
MptcpSocket::GetConnTimeout() const
{
    return m_settings->m_connTimeout;
}

void
MptcpSocket::SetSynRetries(uint32_t count)
{
    RequireChangeable("ConnCount");
    m_settings->m_synRetries = count;
}

uint32_t
MptcpSocket::GetSynRetries() const
{
    return m_settings->m_synRetries;
}

void
MptcpSocket::SetDataRetries(uint32_t retries)
{
    RequireChangeable("DataRetries");
    m_settings->m_dataRetries = retries;
}

uint32_t
MptcpSocket::GetDataRetries() const
{
    return m_settings->m_dataRetries;
}

void
MptcpSocket::SetDelAckTimeout(Time timeout)
{
    RequireChangeable("DelAckTimeout");
    m_settings->m_delAckTimeout = timeout;
}

Time
MptcpSocket::GetDelAckTimeout() const
{
    return m_settings->m_delAckTimeout;
}

void
MptcpSocket::SetDelAckMaxCount(uint32_t count)
{
    RequireChangeable("DelAckCount");
    m_settings->m_delAckCount = count;
}

uint32_t
MptcpSocket::GetDelAckMaxCount() const
{
    return m_settings->m_delAckCount;
}

void
MptcpSocket::SetTcpNoDelay(bool noDelay)
{
    RequireChangeable("TcpNoDelay");
    m_settings->m_noDelay = noDelay;
}

bool
MptcpSocket::GetTcpNoDelay() const
{
    return m_settings->m_noDelay;
}

void
MptcpSocket::SetPersistTimeout(Time timeout)
{
    RequireChangeable("PersistTimeout");
    NS_ABORT_MSG_UNLESS(timeout.IsStrictlyPositive(),
                        "ns3::MptcpSocket: PersistTimeout must be > 0");
    m_settings->m_persistTimeout = timeout;
}

Time
MptcpSocket::GetPersistTimeout() const
{
    return m_settings->m_persistTimeout;
}

} // namespace ns3
