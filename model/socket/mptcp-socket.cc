// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-socket.h"

#include "mptcp-socket-factory.h"
#include "mptcp-socket-settings.h"

#include "ns3/boolean.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/ipv6.h"
#include "ns3/log.h"
#include "ns3/mptcp-path-manager.h"
#include "ns3/mptcp-scheduler.h"
#include "ns3/rtt-estimator.h"
#include "ns3/simulator.h"
#include "ns3/tcp-cubic.h"
#include "ns3/uinteger.h"

#include <sys/socket.h>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("MptcpSocket");

NS_OBJECT_ENSURE_REGISTERED(MptcpSocket);

namespace
{

/// Counts something for as long as it lives.
class Counted
{
  public:
    /// @param counter is one more until the end of the scope
    explicit Counted(uint32_t& counter)
        : m_counter(counter)
    {
        m_counter++;
    }

    ~Counted()
    {
        m_counter--;
    }

    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

  private:
    uint32_t& m_counter; //!< what is counted
};

} // namespace

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
    static const MptcpSettings linux;
    static TypeId tid =
        TypeId("ns3::MptcpSocket")
            .SetParent<TcpSocket>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpSocket>()
            .AddAttribute(
                "Multipath",
                "Ask for Multipath TCP, and accept it (RFC 8684). False: plain TCP over "
                "the same transport, the fair baseline of a comparison.",
                BooleanValue(linux.m_enabled),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_enabled, bool>,
                                    &MptcpSocket::GetSetting<&MptcpSettings::m_enabled, bool>),
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
                          "ns3::TcpCongestionOps, or ns3::MptcpLia, which couples the subflows. "
                          "Left alone, it is ns3::TcpL4Protocol::SocketType if that was changed.",
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
                          UintegerValue(linux.m_maxSubflows),
                          MakeUintegerAccessor(
                              &MptcpSocket::SetSetting<&MptcpSettings::m_maxSubflows, uint32_t>,
                              &MptcpSocket::GetSetting<&MptcpSettings::m_maxSubflows, uint32_t>),
                          MakeUintegerChecker<uint32_t>(1, 255))
            .AddAttribute("StaleTimeouts",
                          "Retransmission time-outs in a row after which a subflow is stale: what "
                          "it holds is sent on the others, and it gets no new data until one of "
                          "its own retransmissions is acknowledged.",
                          UintegerValue(linux.m_staleTimeouts),
                          MakeUintegerAccessor(
                              &MptcpSocket::SetSetting<&MptcpSettings::m_staleTimeouts, uint32_t>,
                              &MptcpSocket::GetSetting<&MptcpSettings::m_staleTimeouts, uint32_t>),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "StaleMaxRto",
                "Upper bound of the retransmission time-out while a subflow is stale. "
                "A small value finds a path that came back sooner, for more segments "
                "sent in vain until then.",
                TimeValue(linux.m_staleMaxRto),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_staleMaxRto, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_staleMaxRto, Time>),
                MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute(
                "CloseTimeout",
                "How long a connection without any subflow waits for a new one before "
                "it ends with an error.",
                TimeValue(linux.m_closeTimeout),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_closeTimeout, Time>,
                                 &MptcpSocket::GetSetting<&MptcpSettings::m_closeTimeout, Time>),
                MakeTimeChecker(Time(0)))
            .AddAttribute("Backlog",
                          "Most connections of a listening socket whose handshakes are under way; "
                          "further SYNs are dropped.",
                          UintegerValue(4096),
                          MakeUintegerAccessor(&MptcpSocket::m_backlog),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("MinRto",
                          "Lower bound of the retransmission time-out (RFC 6298). Linux's, which "
                          "is not ns3::TcpSocketBase's, unless that default was changed.",
                          TimeValue(linux.m_minRto),
                          MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_minRto, Time>,
                                           &MptcpSocket::GetSetting<&TcpSettings::m_minRto, Time>),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MaxRto",
                          "Upper bound of the retransmission time-out (RFC 6298).",
                          TimeValue(linux.m_maxRto),
                          MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_maxRto, Time>,
                                           &MptcpSocket::GetSetting<&TcpSettings::m_maxRto, Time>),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute(
                "ClockGranularity",
                "Clock granularity G in the retransmission time-out (RFC 6298).",
                TimeValue(linux.m_clockGranularity),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_clockGranularity, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_clockGranularity, Time>),
                MakeTimeChecker(Time(0)))
            .AddAttribute(
                "Sack",
                "Offer and use selective acknowledgments (RFC 2018).",
                BooleanValue(linux.m_sackEnabled),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_sackEnabled, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_sackEnabled, bool>),
                MakeBooleanChecker())
            .AddAttribute("Timestamp",
                          "Offer and use timestamps (RFC 7323).",
                          BooleanValue(linux.m_timestampEnabled),
                          MakeBooleanAccessor(
                              &MptcpSocket::SetSetting<&TcpSettings::m_timestampEnabled, bool>,
                              &MptcpSocket::GetSetting<&TcpSettings::m_timestampEnabled, bool>),
                          MakeBooleanChecker())
            .AddAttribute("WindowScaling",
                          "Offer and use window scaling (RFC 7323).",
                          BooleanValue(linux.m_winScalingEnabled),
                          MakeBooleanAccessor(
                              &MptcpSocket::SetSetting<&TcpSettings::m_winScalingEnabled, bool>,
                              &MptcpSocket::GetSetting<&TcpSettings::m_winScalingEnabled, bool>),
                          MakeBooleanChecker())
            .AddAttribute("ReTxThreshold",
                          "Duplicate acknowledgments, or segments acknowledged selectively beyond "
                          "a gap, that tell of a loss (RFC 6675 DupThresh).",
                          UintegerValue(linux.m_retxThresh),
                          MakeUintegerAccessor(
                              &MptcpSocket::SetSetting<&TcpSettings::m_retxThresh, uint32_t>,
                              &MptcpSocket::GetSetting<&TcpSettings::m_retxThresh, uint32_t>),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "TimeWait",
                "Length of the state TIME_WAIT (RFC 9293 section 3.6.1). Left alone, it "
                "is twice ns3::TcpSocketBase::MaxSegLifetime if that was changed.",
                TimeValue(linux.m_timeWait),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_timeWait, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_timeWait, Time>),
                MakeTimeChecker(Time(0)));
    return tid;
}

MptcpSocket::MptcpSocket()
    : m_settings(std::make_shared<MptcpSettings>())
{
}

MptcpSocket::MptcpSocket(const MptcpSocket& listener)
    : TcpSocket(listener),
      TcpListener(),
      MptcpConnectionUser(),
      m_node(listener.m_node),
      m_protocol(listener.m_protocol),
      m_settings(listener.m_settings),
      m_frozen(true),
      m_backlog(listener.m_backlog),
      m_constructed(true),
      m_congestionChosen(listener.m_congestionChosen),
      m_rttChosen(listener.m_rttChosen),
      m_halfOpen(listener.m_halfOpen),
      m_accepted(true),
      m_sendClosed(listener.m_sendClosed),
      m_receiveClosed(listener.m_receiveClosed)
{
    SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                       MakeNullCallback<void, Ptr<Socket>>());
    SetDataSentCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
}

MptcpSocket::~MptcpSocket()
{
    if (m_connection)
    {
        m_connection->SetUser(nullptr, nullptr);
    }
    LeaveBacklog();
    Unbind();
}

void
MptcpSocket::DoDispose()
{
    if (m_connection)
    {
        m_connection->SetUser(nullptr, nullptr);
        m_connection = nullptr;
    }
    LeaveBacklog();
    Unbind();
    m_protocol = nullptr;
    m_node = nullptr;
    TcpSocket::DoDispose();
}

void
MptcpSocket::NotifyConstructionCompleted()
{
    ResolveDefaults(*m_settings);
    m_constructed = true;
    TcpSocket::NotifyConstructionCompleted();
}

void
MptcpSocket::SetNode(Ptr<Node> node)
{
    m_node = node;
    m_protocol = MptcpL4Protocol::Install(node);
    AskNode();
}

Ptr<MptcpConnection>
MptcpSocket::GetConnection() const
{
    return m_connection;
}

// Attributes

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

// Naming

Socket::SocketErrno
MptcpSocket::GetErrno() const
{
    return m_errno;
}

Socket::SocketType
MptcpSocket::GetSocketType() const
{
    return NS3_SOCK_STREAM;
}

Ptr<Node>
MptcpSocket::GetNode() const
{
    return m_node;
}

int
MptcpSocket::Fail(SocketErrno error) const
{
    m_errno = error;
    return -1;
}

bool
MptcpSocket::IsOwn(const IpAddress& address, Ptr<NetDevice> device) const
{
    if (IsIpv6(address))
    {
        Ptr<Ipv6> ipv6 = m_node->GetObject<Ipv6>();
        int32_t interface =
            ipv6 ? ipv6->GetInterfaceForAddress(std::get<Ipv6Address>(address)) : -1;
        return interface >= 0 && (!device || ipv6->GetNetDevice(interface) == device);
    }
    Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
    int32_t interface = ipv4 ? ipv4->GetInterfaceForAddress(std::get<Ipv4Address>(address)) : -1;
    return interface >= 0 && (!device || ipv4->GetNetDevice(interface) == device);
}

int
MptcpSocket::DoBind(const std::optional<IpAddress>& local, bool ipv6, uint16_t port)
{
    if (!m_protocol)
    {
        return Fail(ERROR_NODEV);
    }
    if (m_binding || m_listening || IsAlive())
    {
        return Fail(ERROR_INVAL);
    }
    if (local && !IsOwn(*local, nullptr))
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    uint16_t bound = m_protocol->Bind(local, ipv6, port);
    if (bound == 0)
    {
        return Fail(port != 0 ? ERROR_ADDRINUSE : ERROR_ADDRNOTAVAIL);
    }
    m_binding = Binding{local, ipv6, bound};
    return 0;
}

void
MptcpSocket::Unbind()
{
    if (!m_binding)
    {
        return;
    }
    // A protocol without a node is being taken down with the simulation.
    if (m_protocol && m_protocol->GetNode())
    {
        if (m_listening)
        {
            m_protocol->SetListener(m_binding->local, m_binding->ipv6, m_binding->port, nullptr);
        }
        m_protocol->Unbind(m_binding->local, m_binding->ipv6, m_binding->port);
    }
    m_listening = false;
    m_binding.reset();
}

int
MptcpSocket::Bind()
{
    return DoBind(std::nullopt, false, 0);
}

int
MptcpSocket::Bind6()
{
    return DoBind(std::nullopt, true, 0);
}

int
MptcpSocket::Bind(const Address& address)
{
    if (InetSocketAddress::IsMatchingType(address))
    {
        auto inet = InetSocketAddress::ConvertFrom(address);
        bool any = inet.GetIpv4() == Ipv4Address::GetAny();
        return DoBind(
            any ? std::nullopt : std::optional<IpAddress>(inet.GetIpv4()), false, inet.GetPort());
    }
    if (Inet6SocketAddress::IsMatchingType(address))
    {
        auto inet6 = Inet6SocketAddress::ConvertFrom(address);
        bool any = inet6.GetIpv6() == Ipv6Address::GetAny();
        return DoBind(
            any ? std::nullopt : std::optional<IpAddress>(inet6.GetIpv6()), true, inet6.GetPort());
    }
    return Fail(ERROR_INVAL);
}

int
MptcpSocket::GetSockName(Address& address) const
{
    if (m_connection)
    {
        address = m_connection->GetFirstTuple().GetLocal();
    }
    else if (!m_binding)
    {
        address = InetSocketAddress(Ipv4Address::GetAny(), 0);
    }
    else if (m_binding->ipv6)
    {
        IpAddress any = Ipv6Address::GetAny();
        address = Inet6SocketAddress(std::get<Ipv6Address>(m_binding->local.value_or(any)),
                                     m_binding->port);
    }
    else
    {
        IpAddress any = Ipv4Address::GetAny();
        address = InetSocketAddress(std::get<Ipv4Address>(m_binding->local.value_or(any)),
                                    m_binding->port);
    }
    return 0;
}

int
MptcpSocket::GetPeerName(Address& address) const
{
    if (!m_connection)
    {
        return Fail(ERROR_NOTCONN);
    }
    address = m_connection->GetFirstTuple().GetRemote();
    return 0;
}

bool
MptcpSocket::SetAllowBroadcast(bool allowBroadcast)
{
    return !allowBroadcast;
}

bool
MptcpSocket::GetAllowBroadcast() const
{
    return false;
}

// Opening

std::optional<IpAddress>
MptcpSocket::SelectSource(const IpAddress& remote) const
{
    const std::optional<IpAddress> bound = m_binding ? m_binding->local : std::nullopt;
    SocketErrno error = ERROR_NOROUTETOHOST;
    std::optional<IpAddress> source;
    if (IsIpv6(remote))
    {
        Ptr<Ipv6> ipv6 = m_node->GetObject<Ipv6>();
        Ipv6Header header;
        header.SetDestination(std::get<Ipv6Address>(remote));
        header.SetNextHeader(m_protocol->GetProtocolNumber());
        if (bound)
        {
            header.SetSource(std::get<Ipv6Address>(*bound));
        }
        if (ipv6 && ipv6->GetRoutingProtocol())
        {
            if (auto route = ipv6->GetRoutingProtocol()->RouteOutput(
                    Ptr<Packet>(), header, m_boundnetdevice, error))
            {
                source = route->GetSource();
            }
        }
    }
    else
    {
        Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
        Ipv4Header header;
        header.SetDestination(std::get<Ipv4Address>(remote));
        header.SetProtocol(m_protocol->GetProtocolNumber());
        if (bound)
        {
            header.SetSource(std::get<Ipv4Address>(*bound));
        }
        if (ipv4 && ipv4->GetRoutingProtocol())
        {
            if (auto route = ipv4->GetRoutingProtocol()->RouteOutput(
                    Ptr<Packet>(), header, m_boundnetdevice, error))
            {
                source = route->GetSource();
            }
        }
    }
    if (!source)
    {
        Fail(error == ERROR_NOTERROR ? ERROR_NOROUTETOHOST : error);
        return std::nullopt;
    }
    return bound ? bound : source;
}

bool
MptcpSocket::IsAlive() const
{
    return m_connection && !m_connection->IsEnded();
}

void
MptcpSocket::Attach(Ptr<MptcpConnection> connection)
{
    m_connection = connection;
    m_established = false;
    m_closed = false;
    m_closeTold = false;
    m_endError = ERROR_NOTERROR;
    m_connection->Initialize(m_protocol, Freeze());
    m_connection->SetUser(this, Ptr<Object>(this));
}

int
MptcpSocket::Connect(const Address& address)
{
    TcpTuple tuple;
    if (InetSocketAddress::IsMatchingType(address))
    {
        auto inet = InetSocketAddress::ConvertFrom(address);
        tuple.remoteAddress = inet.GetIpv4();
        tuple.remotePort = inet.GetPort();
    }
    else if (Inet6SocketAddress::IsMatchingType(address))
    {
        auto inet6 = Inet6SocketAddress::ConvertFrom(address);
        tuple.remoteAddress = inet6.GetIpv6();
        tuple.remotePort = inet6.GetPort();
    }
    else
    {
        return Fail(ERROR_INVAL);
    }
    bool ipv6 = IsIpv6(tuple.remoteAddress);
    if (!m_protocol)
    {
        return Fail(ERROR_NODEV);
    }
    if (m_listening)
    {
        return Fail(ERROR_OPNOTSUPP);
    }
    if (IsAlive() || m_tellEnded)
    {
        return Fail(ERROR_ISCONN);
    }
    if (m_binding && m_binding->ipv6 != ipv6)
    {
        return Fail(ERROR_AFNOSUPPORT);
    }
    if (tuple.remotePort == 0)
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    auto source = SelectSource(tuple.remoteAddress);
    if (!source)
    {
        return -1;
    }
    tuple.localAddress = *source;
    tuple.localPort = m_binding ? m_binding->port
                                : m_protocol->AllocateEphemeralPort(
                                      tuple.localAddress, tuple.remoteAddress, tuple.remotePort);
    if (tuple.localPort == 0)
    {
        return Fail(ERROR_ADDRNOTAVAIL);
    }
    Counted call(m_calls);
    Attach(CreateObject<MptcpConnection>());
    if (!m_connection->Connect(tuple))
    {
        m_connection->SetUser(nullptr, nullptr);
        m_connection = nullptr;
        return Fail(ERROR_ADDRINUSE);
    }
    if (m_receiveClosed)
    {
        m_connection->CloseReceive();
    }
    return 0;
}

int
MptcpSocket::Listen()
{
    if (!m_protocol)
    {
        return Fail(ERROR_NODEV);
    }
    if (!m_binding || m_listening || IsAlive())
    {
        return Fail(ERROR_INVAL);
    }
    Freeze();
    m_listening = true;
    m_closed = false;
    m_closeTold = false;
    m_halfOpen = std::make_shared<uint32_t>(0);
    m_protocol->SetListener(m_binding->local, m_binding->ipv6, m_binding->port, this);
    if (auto factory = m_node->GetObject<MptcpSocketFactory>())
    {
        factory->Keep(this);
    }
    return 0;
}

void
MptcpSocket::OnSyn(const TcpTuple& tuple, const TcpSegment& syn)
{
    Ptr<MptcpSocket> self(this);
    if (*m_halfOpen >= m_backlog ||
        (m_boundnetdevice && !IsOwn(tuple.localAddress, m_boundnetdevice)) ||
        !NotifyConnectionRequest(tuple.GetRemote()) || !m_listening)
    {
        return;
    }
    Ptr<MptcpSocket> child = CopyObject(self);
    child->Attach(CreateObject<MptcpConnection>());
    child->m_isHalfOpen = true;
    ++*m_halfOpen;
    if (!child->m_connection->Accept(tuple, syn))
    {
        child->m_connection->SetUser(nullptr, nullptr);
        child->m_connection = nullptr;
        return;
    }
    if (child->m_receiveClosed)
    {
        child->m_connection->CloseReceive();
    }
}

void
MptcpSocket::LeaveBacklog()
{
    if (m_isHalfOpen)
    {
        m_isHalfOpen = false;
        --*m_halfOpen;
    }
}

// Data

int
MptcpSocket::Send(Ptr<Packet> packet, uint32_t flags)
{
    if (flags != 0)
    {
        return Fail(ERROR_OPNOTSUPP);
    }
    if (m_sendClosed || m_closed)
    {
        return Fail(ERROR_SHUTDOWN);
    }
    if (!IsAlive())
    {
        return Fail(ERROR_NOTCONN);
    }
    uint32_t size = packet->GetSize();
    // All or nothing, as TcpSocketBase: applications keep the packet and try again.
    if (size > m_connection->GetSendSpace())
    {
        return Fail(ERROR_MSGSIZE);
    }
    if (size > 0)
    {
        Counted call(m_calls);
        // The packet remains the application's, which may change it or send it again.
        m_connection->Send(packet->Copy());
    }
    return static_cast<int>(size);
}

int
MptcpSocket::SendTo(Ptr<Packet> packet, uint32_t flags, const Address&)
{
    return Send(packet, flags);
}

Ptr<Packet>
MptcpSocket::Recv(uint32_t maxSize, uint32_t flags)
{
    if ((flags & ~static_cast<uint32_t>(MSG_PEEK)) != 0)
    {
        Fail(ERROR_OPNOTSUPP);
        return nullptr;
    }
    if (!m_connection)
    {
        Fail(ERROR_NOTCONN);
        return nullptr;
    }
    Counted call(m_calls);
    if (m_connection->AtEnd())
    {
        return Create<Packet>();
    }
    if (maxSize == 0)
    {
        return nullptr;
    }
    Ptr<Packet> packet = m_connection->Receive(maxSize, (flags & MSG_PEEK) != 0);
    if (!packet)
    {
        Fail(IsAlive() ? ERROR_AGAIN : ERROR_NOTCONN);
    }
    else if (!m_closeTold && m_callbacks == 0 && m_connection->AtEnd())
    {
        ScheduleDeliver();
    }
    return packet;
}

Ptr<Packet>
MptcpSocket::RecvFrom(uint32_t maxSize, uint32_t flags, Address& address)
{
    Ptr<Packet> packet = Recv(maxSize, flags);
    if (packet && packet->GetSize() > 0)
    {
        address = m_connection->GetFirstTuple().GetRemote();
    }
    return packet;
}

uint32_t
MptcpSocket::GetTxAvailable() const
{
    if (!m_connection)
    {
        return m_settings->m_sndBufSize;
    }
    return IsAlive() ? m_connection->GetSendSpace() : 0;
}

uint32_t
MptcpSocket::GetRxAvailable() const
{
    return m_connection ? m_connection->GetReadable() : 0;
}

// Closing

int
MptcpSocket::ShutdownSend()
{
    // An accepted connection inherits this from its listener, but ends its own data only when the
    // peer has: so PacketSink has both directions closed once the sender is done.
    m_sendClosed = true;
    if (IsAlive())
    {
        Counted call(m_calls);
        m_connection->CloseSend();
    }
    return 0;
}

int
MptcpSocket::ShutdownRecv()
{
    m_receiveClosed = true;
    if (IsAlive())
    {
        Counted call(m_calls);
        m_connection->CloseReceive();
    }
    return 0;
}

int
MptcpSocket::Close()
{
    if (m_closed)
    {
        return 0;
    }
    Ptr<MptcpSocket> self(this);
    m_closed = true;
    if (m_listening)
    {
        Unbind();
        if (auto factory = m_node->GetObject<MptcpSocketFactory>())
        {
            factory->Release(this);
        }
        TellClosed();
    }
    else if (IsAlive())
    {
        Counted call(m_calls);
        m_connection->Close();
    }
    else
    {
        Unbind();
    }
    return 0;
}

// What the connection tells

void
MptcpSocket::ScheduleDeliver()
{
    if (!m_deliverScheduled)
    {
        m_deliverScheduled = true;
        Simulator::ScheduleNow(&MptcpSocket::Deliver, Ptr<MptcpSocket>(this));
    }
}

void
MptcpSocket::OnConnected()
{
    LeaveBacklog();
    m_established = true;
    m_tellConnected = true;
    ScheduleDeliver();
}

void
MptcpSocket::OnReadable()
{
    if (m_calls > 0)
    {
        ScheduleDeliver();
    }
    else if (!m_tellConnected)
    {
        TellReadable();
        TellSent();
    }
}

void
MptcpSocket::OnDataAcked(uint32_t)
{
    if (m_calls > 0 || m_tellConnected || m_sendClosed || m_closed)
    {
        return;
    }
    uint32_t available = GetTxAvailable();
    if (available > 0)
    {
        Ptr<MptcpSocket> self(this);
        {
            Counted callback(m_callbacks);
            NotifySend(available);
        }
        TellSent();
    }
}

void
MptcpSocket::OnDataSent(uint32_t bytes)
{
    m_tellSent += bytes;
    if (m_calls == 0)
    {
        TellSent();
    }
    else if (m_callbacks == 0)
    {
        ScheduleDeliver();
    }
}

void
MptcpSocket::OnEnded(SocketErrno error)
{
    LeaveBacklog();
    Unbind();
    m_endError = error;
    m_tellEnded = true;
    ScheduleDeliver();
}

void
MptcpSocket::TellSent()
{
    if (m_tellSent > 0 && m_callbacks == 0 && !m_tellConnected)
    {
        Ptr<MptcpSocket> self(this);
        Counted callback(m_callbacks);
        NotifyDataSent(std::exchange(m_tellSent, 0));
    }
}

void
MptcpSocket::TellReadable()
{
    Ptr<MptcpSocket> self(this);
    Ptr<MptcpConnection> connection = m_connection;
    if (!m_receiveClosed && connection->GetReadable() > 0)
    {
        Counted callback(m_callbacks);
        NotifyDataRecv();
    }
    if (connection->AtEnd())
    {
        TellClosed();
        if (m_sendClosed && !connection->IsEnded())
        {
            connection->Close();
        }
    }
}

void
MptcpSocket::TellClosed()
{
    if (!m_closeTold)
    {
        m_closeTold = true;
        Counted callback(m_callbacks);
        NotifyNormalClose();
    }
}

void
MptcpSocket::Deliver()
{
    m_deliverScheduled = false;
    Ptr<MptcpSocket> self(this);
    if (!m_connection)
    {
        return;
    }
    if (std::exchange(m_tellConnected, false))
    {
        Counted callback(m_callbacks);
        if (m_accepted)
        {
            NotifyNewConnectionCreated(this, m_connection->GetFirstTuple().GetRemote());
        }
        else if (!m_closed)
        {
            NotifyConnectionSucceeded();
        }
        if (!m_closed && !m_sendClosed && GetTxAvailable() > 0)
        {
            NotifySend(GetTxAvailable());
        }
    }
    if (m_established && (m_connection->GetReadable() > 0 || m_connection->AtEnd()))
    {
        TellReadable();
    }
    TellSent();
    if (!std::exchange(m_tellEnded, false))
    {
        return;
    }
    if (m_endError != ERROR_NOTERROR)
    {
        m_errno = m_endError;
    }
    if (!m_established)
    {
        // Nobody knows of a connection that a listener did not complete.
        if (m_accepted)
        {
            return;
        }
        if (!m_closed)
        {
            m_closeTold = true;
            Counted callback(m_callbacks);
            NotifyConnectionFailed();
            return;
        }
    }
    if (m_endError == ERROR_NOTERROR || !m_established)
    {
        TellClosed();
        return;
    }
    m_closeTold = true;
    Counted callback(m_callbacks);
    NotifyErrorClose();
}

} // namespace ns3
