// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-subflow-options.h"

#include "mptcp-api.h"
#include "mptcp-routing-options.h"

#include "ns3/check-class.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/mptcp-coupled-congestion.h"
#include "ns3/names.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string>

namespace ns3
{

namespace
{

constexpr int LEAST_MAXSEG = 88;         //!< of Linux, TCP_MIN_MSS
constexpr int MOST_MAXSEG = 32767;       //!< of Linux, MAX_TCP_WINDOW
constexpr int LEAST_BUFFER = 2304;       //!< of Linux, SOCK_MIN_RCVBUF, half of what it keeps
constexpr int FREE_PRIORITY = 6;         //!< highest one without privilege
constexpr uint8_t ECN_BITS = 0x03;       //!< of TOS and traffic class, TCP's own
constexpr size_t DEVICE_NAME = 16;       //!< IFNAMSIZ
constexpr uint8_t OPTION_TIMESTAMPS = 1; //!< of tcpi_options
constexpr uint8_t OPTION_SACK = 2;       //!< of tcpi_options
constexpr uint8_t OPTION_SCALING = 4;    //!< of tcpi_options
constexpr uint8_t OPTION_ECN = 8;        //!< of tcpi_options

/// @tparam T plain type @param value of an option @return its bytes
template <typename T>
std::vector<uint8_t>
ToBytes(const T& value)
{
    std::vector<uint8_t> bytes(sizeof(T));
    std::memcpy(bytes.data(), &value, sizeof(T));
    return bytes;
}

/// @param value a text @return its bytes with the 0 behind them
std::vector<uint8_t>
ToBytes(const std::string& value)
{
    return {value.c_str(), value.c_str() + value.size() + 1};
}

/// @param value bytes of a text that may end with a 0 @return it
std::string
ToText(const std::vector<uint8_t>& value)
{
    return {value.begin(), std::find(value.begin(), value.end(), 0)};
}

/// @param time a duration @return microseconds in 32 bits
uint32_t
ToMicroSeconds(Time time)
{
    return static_cast<uint32_t>(std::clamp<int64_t>(time.GetMicroSeconds(), 0, UINT32_MAX));
}

/// @param rate in bits/s @return bytes/s
uint64_t
ToByteRate(DataRate rate)
{
    return rate.GetBitRate() / 8;
}

/// @param state of ns-3 @return the number Linux has for it
uint8_t
ToLinuxState(TcpSocket::TcpStates_t state)
{
    switch (state)
    {
    case TcpSocket::ESTABLISHED:
        return 1;
    case TcpSocket::SYN_SENT:
        return 2;
    case TcpSocket::SYN_RCVD:
        return 3;
    case TcpSocket::FIN_WAIT_1:
        return 4;
    case TcpSocket::FIN_WAIT_2:
        return 5;
    case TcpSocket::TIME_WAIT:
        return 6;
    case TcpSocket::CLOSE_WAIT:
        return 8;
    case TcpSocket::LAST_ACK:
        return 9;
    case TcpSocket::LISTEN:
        return 10;
    case TcpSocket::CLOSING:
        return 11;
    default:
        return 7;
    }
}

} // namespace

MptcpSubflowOptions::MptcpSubflowOptions(const MptcpApiSocket& socket,
                                         MptcpConnection& connection,
                                         const MptcpConnection::SubflowStatus& status)
    : m_socket(socket),
      m_connection(connection),
      m_id(status.id),
      m_subflow(status.subflow),
      m_ipv6(IsIpv6(status.subflow->GetTuple().localAddress))
{
}

bool
MptcpSubflowOptions::CanGet(int level, int name)
{
    // With privilege, since nothing can be marked and thus no mark be read.
    return CanSet(level, name, true) || (level == IPPROTO_TCP && name == TCP_INFO) ||
           (level == SOL_SOCKET && name == SO_ERROR);
}

bool
MptcpSubflowOptions::CanSet(int level, int name, bool privileged)
{
    switch (level)
    {
    case IPPROTO_IP:
        return name == IP_TOS || name == IP_TTL;
    case IPPROTO_IPV6:
        return name == IPV6_TCLASS || name == IPV6_UNICAST_HOPS || name == IPV6_RTHDR;
    case IPPROTO_TCP:
        return name == TCP_NODELAY || name == TCP_MAXSEG || name == TCP_CONGESTION ||
               name == TCP_USER_TIMEOUT;
    case SOL_SOCKET:
        return name == SO_RCVBUF || name == SO_SNDBUF || name == SO_PRIORITY ||
               name == SO_BINDTODEVICE || name == SO_KEEPALIVE ||
               // ns-3's packets have no place for a mark; but first, who asks is not allowed to.
               (name == SO_MARK && !privileged);
    default:
        return false;
    }
}

size_t
MptcpSubflowOptions::GetMaxSize(int level, int name)
{
    constexpr size_t MAX_VALUE = 256;
    // One more, so that what is too long shows.
    return level == IPPROTO_IPV6 && name == IPV6_RTHDR ? MPTCP_MAX_ROUTING_HEADER + 1 : MAX_VALUE;
}

int
MptcpSubflowOptions::GetDeviceIndex(const MptcpSubflow& subflow, Ptr<Node> node)
{
    Ptr<NetDevice> device = subflow.GetControls().device;
    const IpAddress& local = subflow.GetTuple().localAddress;
    if (device)
    {
        return static_cast<int>(device->GetIfIndex() + 1);
    }
    if (const auto* v4 = std::get_if<Ipv4Address>(&local))
    {
        Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
        const int32_t interface = ipv4->GetInterfaceForAddress(*v4);
        device = interface < 0 ? nullptr : ipv4->GetNetDevice(interface);
    }
    else
    {
        Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
        const int32_t interface = ipv6->GetInterfaceForAddress(std::get<Ipv6Address>(local));
        device = interface < 0 ? nullptr : ipv6->GetNetDevice(interface);
    }
    return device ? static_cast<int>(device->GetIfIndex() + 1) : 0;
}

std::string
MptcpSubflowOptions::GetDeviceName(Ptr<NetDevice> device)
{
    const std::string name = Names::FindName(device);
    return name.empty() ? std::to_string(device->GetIfIndex() + 1) : name;
}

uint8_t
MptcpSubflowOptions::GetDefaultHops(Ptr<Node> node, bool ipv6)
{
    UintegerValue hops(64);
    const Ptr<Object> stack =
        ipv6 ? Ptr<Object>(node->GetObject<Ipv6>()) : Ptr<Object>(node->GetObject<Ipv4>());
    if (stack)
    {
        stack->GetAttributeFailSafe("DefaultTtl", hops);
    }
    return static_cast<uint8_t>(hops.Get());
}

int
MptcpSubflowOptions::Get(int level, int name, Bytes& value) const
{
    const PacketMarks marks = m_connection.GetSubflowMarks(m_id)->Over(m_socket.GetPacketMarks());
    const SubflowControls& controls = m_subflow->GetControls();
    if ((level == IPPROTO_IP && m_ipv6) || (level == IPPROTO_IPV6 && !m_ipv6))
    {
        return ENOPROTOOPT;
    }
    if (level == IPPROTO_IPV6 && name == IPV6_RTHDR)
    {
        value = m_connection.GetRoutingHeader(m_id);
    }
    else if (level == IPPROTO_IP)
    {
        const uint8_t usual = GetDefaultHops(m_socket.GetNode(), false);
        value = ToBytes<int>(name == IP_TOS ? marks.tos.value_or(0) : marks.ttl.value_or(usual));
    }
    else if (level == IPPROTO_IPV6)
    {
        const uint8_t usual = GetDefaultHops(m_socket.GetNode(), true);
        value = ToBytes<int>(name == IPV6_TCLASS ? marks.trafficClass.value_or(0)
                                                 : marks.hopLimit.value_or(usual));
    }
    else if (level == IPPROTO_TCP)
    {
        switch (name)
        {
        case TCP_INFO:
            value = GetInfo();
            break;
        case TCP_NODELAY:
            value = ToBytes<int>(m_connection.GetSubflowNoDelay(m_id));
            break;
        case TCP_MAXSEG:
            value = ToBytes<int>(static_cast<int>(m_subflow->GetDetails().mss));
            break;
        case TCP_USER_TIMEOUT:
            value = ToBytes<int>(static_cast<int>(
                controls.userTimeout.value_or(m_connection.GetUserTimeout()).GetMilliSeconds()));
            break;
        default:
            value = ToBytes(m_subflow->GetCongestionOps()->GetName());
            break;
        }
    }
    else
    {
        const MptcpSettings& settings = m_connection.GetSettings();
        switch (name)
        {
        case SO_ERROR:
            // A subflow that has failed is gone; its deletion event has the error.
            value = ToBytes<int>(0);
            break;
        case SO_RCVBUF:
            value = ToBytes<int>(static_cast<int>(
                controls.receiveLimit > 0 ? controls.receiveLimit : settings.m_rcvBufSize));
            break;
        case SO_SNDBUF:
            value = ToBytes<int>(static_cast<int>(controls.sendLimit > 0 ? controls.sendLimit
                                                                         : settings.m_sndBufSize));
            break;
        case SO_PRIORITY:
            value = ToBytes<int>(marks.priority.value_or(0));
            break;
        case SO_KEEPALIVE:
            value = ToBytes<int>(controls.keepAlive.value_or(m_connection.GetKeepAlive()));
            break;
        default:
            // SO_BINDTODEVICE
            value = ToBytes(controls.device ? GetDeviceName(controls.device) : std::string());
            break;
        }
    }
    return 0;
}

int
MptcpSubflowOptions::Set(int level, int name, const Bytes& value)
{
    if ((level == IPPROTO_IP && m_ipv6) || (level == IPPROTO_IPV6 && !m_ipv6))
    {
        return ENOPROTOOPT;
    }
    if (level == IPPROTO_TCP && name == TCP_CONGESTION)
    {
        return SetCongestion(value);
    }
    if (level == SOL_SOCKET && name == SO_BINDTODEVICE)
    {
        return BindToDevice(value);
    }
    if (level == IPPROTO_IPV6 && name == IPV6_RTHDR)
    {
        return m_connection.SetRoutingHeader(m_id, value);
    }
    int number = 0;
    if (value.size() >= sizeof(number))
    {
        std::memcpy(&number, value.data(), sizeof(number));
    }
    else if (level == IPPROTO_IP && !value.empty())
    {
        number = value[0];
    }
    else
    {
        return EINVAL;
    }
    PacketMarks& marks = *m_connection.GetSubflowMarks(m_id);
    SubflowControls controls = m_subflow->GetControls();
    const auto byte = static_cast<uint8_t>(number);
    if (level == IPPROTO_IP)
    {
        if (name == IP_TOS)
        {
            marks.tos = byte & ~ECN_BITS;
            return 0;
        }
        if (number != -1 && (number < 1 || number > UINT8_MAX))
        {
            return EINVAL;
        }
        // Not that of the socket: a subflow of Linux that is given -1 has that of its route.
        marks.ttl = number == -1 ? GetDefaultHops(m_socket.GetNode(), false) : byte;
        return 0;
    }
    if (level == IPPROTO_IPV6)
    {
        const int least = name == IPV6_TCLASS ? 0 : 1;
        if (number != -1 && (number < least || number > UINT8_MAX))
        {
            return EINVAL;
        }
        if (name == IPV6_TCLASS)
        {
            // RFC 3542 section 6.5: the default is 0.
            marks.trafficClass = number == -1 ? 0 : byte & ~ECN_BITS;
            return 0;
        }
        marks.hopLimit = number == -1 ? GetDefaultHops(m_socket.GetNode(), true) : byte;
        return 0;
    }
    if (level == IPPROTO_TCP)
    {
        if (name == TCP_NODELAY)
        {
            m_connection.SetSubflowNoDelay(m_id, number != 0);
            return 0;
        }
        if (name == TCP_USER_TIMEOUT)
        {
            if (number < 0)
            {
                return EINVAL;
            }
            controls.userTimeout = MilliSeconds(number);
            m_subflow->SetControls(controls);
            return 0;
        }
        if (number != 0 && (number < LEAST_MAXSEG || number > MOST_MAXSEG))
        {
            return EINVAL;
        }
        controls.mss = static_cast<uint32_t>(number);
        m_subflow->SetControls(controls);
        return 0;
    }
    switch (name)
    {
    case SO_PRIORITY:
        if ((number < 0 || number > FREE_PRIORITY) && !m_socket.IsPrivileged())
        {
            return EPERM;
        }
        // What ns-3 keeps has 8 bits.
        if (number < 0 || number > UINT8_MAX)
        {
            return EINVAL;
        }
        marks.priority = byte;
        return 0;
    case SO_KEEPALIVE:
        controls.keepAlive = number != 0;
        break;
    case SO_RCVBUF:
        controls.receiveLimit = static_cast<uint32_t>(std::max(number, LEAST_BUFFER));
        break;
    case SO_SNDBUF:
        controls.sendLimit = static_cast<uint32_t>(std::max(number, LEAST_BUFFER));
        break;
    default:
        return EPERM; // SO_MARK, see CanSet()
    }
    m_subflow->SetControls(controls);
    return 0;
}

int
MptcpSubflowOptions::SetCongestion(const Bytes& value)
{
    if (value.empty())
    {
        return EINVAL;
    }
    std::string name = ToText(value);
    // Linux's names of what ns-3 has under others.
    static const std::pair<const char*, const char*> NAMES[] = {{"reno", "TcpLinuxReno"},
                                                                {"newreno", "TcpNewReno"},
                                                                {"cubic", "TcpCubic"},
                                                                {"vegas", "TcpVegas"},
                                                                {"veno", "TcpVeno"},
                                                                {"bic", "TcpBic"},
                                                                {"htcp", "TcpHtcp"},
                                                                {"hybla", "TcpHybla"},
                                                                {"highspeed", "TcpHighSpeed"},
                                                                {"illinois", "TcpIllinois"},
                                                                {"scalable", "TcpScalable"},
                                                                {"westwood", "TcpWestwoodPlus"},
                                                                {"yeah", "TcpYeah"},
                                                                {"lp", "TcpLp"},
                                                                {"dctcp", "TcpDctcp"},
                                                                {"bbr", "TcpBbr"}};
    for (const auto& [theirs, ours] : NAMES)
    {
        name = name == theirs ? ours : name;
    }
    TypeId type;
    const bool found = TypeId::LookupByNameFailSafe(name, &type) ||
                       TypeId::LookupByNameFailSafe("ns3::" + name, &type);
    if (!found || !CheckClass(type, TcpCongestionOps::GetTypeId()).empty() ||
        type.IsChildOf(MptcpCoupledCongestion::GetTypeId()))
    {
        // Coupled ones are a matter of all subflows together.
        return ENOENT;
    }
    ObjectFactory factory;
    factory.SetTypeId(type);
    m_subflow->SetCongestionOps(factory.Create<TcpCongestionOps>());
    return 0;
}

int
MptcpSubflowOptions::BindToDevice(const Bytes& value)
{
    const std::string name = ToText(value);
    SubflowControls controls = m_subflow->GetControls();
    if (controls.device && !m_socket.IsPrivileged())
    {
        return EPERM;
    }
    controls.device = nullptr;
    if (!name.empty())
    {
        Ptr<Node> node = m_socket.GetNode();
        const bool number =
            name.size() < DEVICE_NAME / 2 &&
            std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
        const unsigned long index = number ? std::stoul(name) : 0;
        for (uint32_t i = 0; i < node->GetNDevices(); i++)
        {
            Ptr<NetDevice> device = node->GetDevice(i);
            if (index == i + 1 || Names::FindName(device) == name)
            {
                controls.device = device;
            }
        }
        if (!controls.device)
        {
            return ENODEV;
        }
    }
    m_subflow->SetControls(controls);
    return 0;
}

MptcpSubflowOptions::Bytes
MptcpSubflowOptions::GetInfo() const
{
    constexpr uint32_t INFINITE = 0x7fffffff;
    SubflowControls controls = m_subflow->GetControls();
    if (!controls.measureRate)
    {
        // Few ask, and to measure costs something for each segment: from now on.
        controls.measureRate = true;
        m_subflow->SetControls(controls);
    }
    const SubflowDetails details = m_subflow->GetDetails();
    const MptcpSettings& settings = m_connection.GetSettings();
    Ptr<TcpSocketState> state = m_subflow->GetSocketState();
    const uint32_t segment = std::max(state->m_segmentSize, 1U);
    mptcp_tcp_info info{};
    info.tcpi_state = ToLinuxState(m_subflow->GetState());
    // Linux has the states Open, Disorder, CWR, Recovery, Loss as 0 to 4, and so has ns-3.
    info.tcpi_ca_state = static_cast<uint8_t>(state->m_congState.Get());
    info.tcpi_retransmits = static_cast<uint8_t>(std::min(m_subflow->GetTimeouts(), 255U));
    info.tcpi_probes = static_cast<uint8_t>(std::min(details.silentProbes, 255U));
    info.tcpi_backoff = info.tcpi_retransmits;
    info.tcpi_options = (details.timestamps ? OPTION_TIMESTAMPS : 0) |
                        (details.sack ? OPTION_SACK : 0) | (details.scaling ? OPTION_SCALING : 0) |
                        (details.ecn ? OPTION_ECN : 0);
    info.tcpi_snd_wscale = m_subflow->GetSendWindowShift() & 0xf;
    info.tcpi_rcv_wscale = m_subflow->GetReceiveWindowShift() & 0xf;
    info.tcpi_delivery_rate_app_limited = details.rateLimitedByUser;
    info.tcpi_rto = ToMicroSeconds(m_subflow->GetRto());
    info.tcpi_ato = ToMicroSeconds(settings.m_delAckTimeout);
    info.tcpi_snd_mss = m_subflow->GetMaxPayload();
    // As Linux's first guess: no more than this end sends, and than it has offered.
    info.tcpi_rcv_mss = std::min(info.tcpi_snd_mss, details.offeredMss);
    info.tcpi_unacked = details.unackedSegments;
    info.tcpi_sacked = details.sackedSegments;
    info.tcpi_lost = details.lostSegments;
    info.tcpi_retrans = details.repeatedSegments;
    info.tcpi_last_data_sent = ToMicroSeconds(details.sinceDataSent) / 1000;
    info.tcpi_last_data_recv = ToMicroSeconds(details.sinceDataReceived) / 1000;
    info.tcpi_last_ack_recv = ToMicroSeconds(details.sinceHeard) / 1000;
    info.tcpi_pmtu = details.pathMtu;
    info.tcpi_rcv_ssthresh =
        controls.receiveLimit > 0 ? controls.receiveLimit : settings.m_rcvBufSize;
    info.tcpi_rtt = ToMicroSeconds(m_subflow->GetSmoothedRtt());
    info.tcpi_rttvar = ToMicroSeconds(m_subflow->GetRttVariation());
    info.tcpi_snd_ssthresh =
        state->m_ssThresh.Get() == UINT32_MAX ? INFINITE : state->m_ssThresh.Get() / segment;
    info.tcpi_snd_cwnd = m_subflow->GetCongestionWindow() / segment;
    info.tcpi_advmss = details.offeredMss;
    info.tcpi_reordering = settings.m_retxThresh;
    info.tcpi_total_retrans = details.retransmissions;
    // Without pacing there is no limit, which is how Linux writes it.
    info.tcpi_pacing_rate = state->m_pacing ? ToByteRate(state->m_pacingRate) : UINT64_MAX;
    info.tcpi_max_pacing_rate = state->m_pacing ? ToByteRate(state->m_maxPacingRate) : UINT64_MAX;
    info.tcpi_bytes_acked = details.bytesAcked;
    info.tcpi_bytes_received = details.bytesReceived;
    info.tcpi_segs_out = details.segmentsSent;
    info.tcpi_segs_in = details.segmentsReceived;
    info.tcpi_data_segs_out = details.dataSegmentsSent;
    info.tcpi_data_segs_in = details.dataSegmentsReceived;
    info.tcpi_min_rtt = state->m_minRtt == Time::Max() ? 0 : ToMicroSeconds(state->m_minRtt);
    info.tcpi_delivery_rate = details.deliveryRate;
    info.tcpi_delivered = details.deliveredSegments;
    info.tcpi_delivered_ce = details.deliveredMarked;
    info.tcpi_bytes_sent = m_subflow->GetBytesSent() + details.bytesRetransmitted;
    info.tcpi_bytes_retrans = details.bytesRetransmitted;
    info.tcpi_dsack_dups = details.duplicatesReported;
    info.tcpi_reord_seen = details.reorderings;
    info.tcpi_rcv_ooopack = details.outOfOrder;
    info.tcpi_snd_wnd = details.sendWindow;
    info.tcpi_rcv_wnd = details.receiveWindow;
    info.tcpi_total_rto = static_cast<uint16_t>(details.timeouts);
    info.tcpi_total_rto_recoveries = static_cast<uint16_t>(details.timeoutRuns);
    return ToBytes(info);
}

} // namespace ns3
