// SPDX-License-Identifier: GPL-2.0-only
// getsockopt() and setsockopt() of a program's sockets. Options of Multipath TCP are those of
// MptcpSocket (model/api); here is what every socket has.
#include "posix-process.h"
#include "posix-stream-socket.h"

#include "ns3/mptcp-api.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"
#include "ns3/user-memory.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/time.h>

namespace ns3
{

namespace
{

constexpr uint8_t DEFAULT_TTL = 64; //!< of ns-3, for packets of a socket that has none

/// @tparam T a plain value @param answer it @param value in the program's memory
/// @param length in the program's memory @return 0 or an errno, negative
template <typename T>
long
Give(const T& answer, void* value, socklen_t* length)
{
    socklen_t room = 0;
    if (!CopyFromUser(&room, length, sizeof(room)))
    {
        return -EFAULT;
    }
    if (room > static_cast<socklen_t>(std::numeric_limits<int>::max()))
    {
        return -EINVAL;
    }
    room = std::min<socklen_t>(room, sizeof(T));
    return CopyToUser(value, &answer, room) && CopyToUser(length, &room, sizeof(room)) ? 0
                                                                                       : -EFAULT;
}

/// @tparam T a plain value @param answer is filled @param value in the program's memory
/// @param length bytes there @return 0 or an errno, negative
template <typename T>
long
Take(T& answer, const void* value, socklen_t length)
{
    if (length < sizeof(T))
    {
        return -EINVAL;
    }
    return CopyFromUser(&answer, value, sizeof(T)) ? 0 : -EFAULT;
}

/// @param time a time-out, zero for none @return it as a program has it
timeval
ToTimeval(Time time)
{
    timeval value{};
    value.tv_sec = time.GetMicroSeconds() / 1000000;
    value.tv_usec = time.GetMicroSeconds() % 1000000;
    return value;
}

/// @param socket of ns-3 @param attribute a size in bytes @return it
int
GetSize(Ptr<Socket> socket, const char* attribute)
{
    UintegerValue size;
    return socket->GetAttributeFailSafe(attribute, size) ? static_cast<int>(size.Get()) : 0;
}

/// Looks what becomes of a subflow that was opened.
class SubflowWatch
{
  public:
    /// @param connection its @param id its @param wake is called when it may be settled
    SubflowWatch(Ptr<MptcpConnection> connection, uint8_t id, std::function<void()> wake)
        : m_connection(connection),
          m_id(id),
          m_wake(std::move(wake))
    {
        m_connection->TraceConnectWithoutContext("PathEvent",
                                                 MakeCallback(&SubflowWatch::OnEvent, this));
    }

    ~SubflowWatch()
    {
        m_connection->TraceDisconnectWithoutContext("PathEvent",
                                                    MakeCallback(&SubflowWatch::OnEvent, this));
    }

    SubflowWatch(const SubflowWatch&) = delete;
    SubflowWatch& operator=(const SubflowWatch&) = delete;

    /// @return whether it can be used or is gone
    bool IsSettled() const
    {
        const auto status = m_connection->FindSubflow(m_id);
        return m_error != 0 || !status || status->established;
    }

    /// @return why it is gone, an errno, or 0
    int GetError() const
    {
        return m_error == 0 && !m_connection->FindSubflow(m_id) ? ECONNABORTED : m_error;
    }

  private:
    /// @param event of the connection
    void OnEvent(const MptcpPathEvent& event)
    {
        if (event.kind == MptcpPathEvent::SUBFLOW_DELETED && event.subflowId == m_id)
        {
            m_error = event.error ? event.error : ECONNABORTED;
        }
        m_wake();
    }

    Ptr<MptcpConnection> m_connection; //!< its
    uint8_t m_id;                      //!< its
    std::function<void()> m_wake;      //!< tells
    int m_error{0};                    //!< see GetError()
};

} // namespace

long
PosixSocket::GetStreamOption(int, int, void*, socklen_t*)
{
    return -ENOPROTOOPT;
}

long
PosixSocket::SetStreamOption(int, int, const void*, socklen_t)
{
    return -ENOPROTOOPT;
}

long
PosixSocket::GetOption(int level, int name, void* value, socklen_t* length)
{
    const auto number = [value, length](int answer) { return Give(answer, value, length); };
    const bool stream = GetType() == SOCK_STREAM;
    if (level == SOL_SOCKET)
    {
        switch (name)
        {
        case SO_ERROR:
            return number(TakeError());
        case SO_TYPE:
            return number(GetType());
        case SO_DOMAIN:
            return number(m_domain);
        case SO_PROTOCOL:
            return number(m_protocol);
        case SO_ACCEPTCONN:
            return number(m_listening);
        case SO_REUSEADDR:
            return number(m_reuseAddress);
        case SO_BROADCAST:
            return number(m_socket->GetAllowBroadcast());
        case SO_PRIORITY:
            return number(m_socket->GetPriority());
        case SO_SNDBUF:
            // Of UDP ns-3 has no send buffer.
            return stream ? number(GetSize(m_socket, "SndBufSize")) : -ENOPROTOOPT;
        case SO_RCVBUF:
            return number(GetSize(m_socket, "RcvBufSize"));
        case SO_RCVTIMEO:
            return Give(ToTimeval(m_receiveTimeout), value, length);
        case SO_SNDTIMEO:
            return Give(ToTimeval(m_sendTimeout), value, length);
        default:
            return -ENOPROTOOPT;
        }
    }
    if (level == IPPROTO_IP && name == IP_TOS)
    {
        return number(m_socket->GetIpTos());
    }
    if (level == IPPROTO_IP && name == IP_TTL)
    {
        return number(m_socket->GetIpTtl() ? m_socket->GetIpTtl() : DEFAULT_TTL);
    }
    if (level == IPPROTO_IPV6 && m_domain == AF_INET6)
    {
        switch (name)
        {
        case IPV6_TCLASS:
            return number(m_socket->GetIpv6Tclass());
        case IPV6_UNICAST_HOPS:
            return number(m_socket->GetIpv6HopLimit() ? m_socket->GetIpv6HopLimit() : DEFAULT_TTL);
        case IPV6_V6ONLY:
            // ns-3 keeps the families apart.
            return number(1);
        default:
            break;
        }
    }
    return GetStreamOption(level, name, value, length);
}

long
PosixSocket::SetOption(int level, int name, const void* value, socklen_t length)
{
    if (level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO))
    {
        timeval time;
        if (const long error = Take(time, value, length))
        {
            return error;
        }
        if (time.tv_sec < 0 || time.tv_usec < 0 || time.tv_usec >= 1000000)
        {
            return -EDOM;
        }
        const Time most = Simulator::GetMaximumSimulationTime() - Simulator::Now();
        const Time limit = time.tv_sec >= most.GetSeconds()
                               ? Time(0)
                               : Seconds(time.tv_sec) + MicroSeconds(time.tv_usec);
        (name == SO_RCVTIMEO ? m_receiveTimeout : m_sendTimeout) = limit;
        return 0;
    }
    const bool socketLevel = level == SOL_SOCKET &&
                             (name == SO_REUSEADDR || name == SO_BROADCAST || name == SO_PRIORITY);
    const bool ipLevel = level == IPPROTO_IP && (name == IP_TOS || name == IP_TTL);
    const bool ipv6Level =
        level == IPPROTO_IPV6 && m_domain == AF_INET6 &&
        (name == IPV6_TCLASS || name == IPV6_UNICAST_HOPS || name == IPV6_V6ONLY);
    if (!socketLevel && !ipLevel && !ipv6Level)
    {
        return SetStreamOption(level, name, value, length);
    }
    int number = 0;
    if (const long error = Take(number, value, length))
    {
        return error;
    }
    if (socketLevel)
    {
        switch (name)
        {
        case SO_REUSEADDR:
            // Ports whose connections are in TIME_WAIT can be bound to in any case.
            m_reuseAddress = number != 0;
            return 0;
        case SO_BROADCAST:
            return m_socket->SetAllowBroadcast(number != 0) ? 0 : -ENOPROTOOPT;
        default:
            if (number < 0 || number > 6)
            {
                return -EPERM;
            }
            m_socket->SetPriority(static_cast<uint8_t>(number));
            return 0;
        }
    }
    const int least = name == (ipLevel ? IP_TTL : IPV6_UNICAST_HOPS) ? 1 : 0;
    if (number < least || number > 255)
    {
        return -EINVAL;
    }
    const auto byte = static_cast<uint8_t>(number);
    if (ipLevel)
    {
        name == IP_TOS ? m_socket->SetIpTos(byte) : m_socket->SetIpTtl(byte);
        return 0;
    }
    switch (name)
    {
    case IPV6_TCLASS:
        m_socket->SetIpv6Tclass(byte);
        return 0;
    case IPV6_UNICAST_HOPS:
        m_socket->SetIpv6HopLimit(byte);
        return 0;
    default:
        return number != 0 ? 0 : -EINVAL;
    }
}

// Streams

long
PosixStreamSocket::GetStreamOption(int level, int name, void* value, socklen_t* length)
{
    if (level == IPPROTO_TCP && name == TCP_NODELAY)
    {
        BooleanValue noDelay;
        m_socket->GetAttribute("TcpNoDelay", noDelay);
        return Give(static_cast<int>(m_noDelay.value_or(noDelay.Get())), value, length);
    }
    if (level == IPPROTO_TCP && name == TCP_MAXSEG)
    {
        return Give(GetSize(m_socket, "SegmentSize"), value, length);
    }
    if (!m_mptcp)
    {
        return -ENOPROTOOPT;
    }
    if (m_mptcp->GetSockOpt(level, name, value, length) < 0)
    {
        return -m_mptcp->GetOptErrno();
    }
    const bool opens = level == IPPROTO_TCP &&
                       (name == MPTCP_OPEN_SUB_TUPLE || name == MPTCP_KERNEL_OPEN_SUB_TUPLE);
    uint8_t id = 0;
    return opens && CopyFromUser(&id, value, sizeof(id)) ? AwaitSubflow(id) : 0;
}

long
PosixStreamSocket::SetStreamOption(int level, int name, const void* value, socklen_t length)
{
    if (level == SOL_SOCKET && (name == SO_SNDBUF || name == SO_RCVBUF))
    {
        int size = 0;
        if (const long error = Take(size, value, length))
        {
            return error;
        }
        // ns-3's sockets fix their buffers when they connect or listen.
        if (size <= 0 || m_fixed)
        {
            return -EINVAL;
        }
        m_socket->SetAttribute(name == SO_SNDBUF ? "SndBufSize" : "RcvBufSize",
                               UintegerValue(static_cast<uint32_t>(size)));
        return 0;
    }
    if (level == IPPROTO_TCP && name == TCP_NODELAY)
    {
        int on = 0;
        if (const long error = Take(on, value, length))
        {
            return error;
        }
        if (!m_mptcp || !m_fixed)
        {
            m_socket->SetAttribute("TcpNoDelay", BooleanValue(on != 0));
            return 0;
        }
        m_noDelay = on != 0;
        SpreadNoDelay();
        return 0;
    }
    if (!m_mptcp)
    {
        return -ENOPROTOOPT;
    }
    if (m_mptcp->SetSockOpt(level, name, value, length) < 0)
    {
        return -m_mptcp->GetOptErrno();
    }
    const bool opens = level == IPPROTO_TCP &&
                       (name == MPTCP_OPEN_SUB_TUPLE || name == MPTCP_KERNEL_OPEN_SUB_TUPLE);
    const auto ids = m_mptcp->GetSubflowIds();
    return opens && !ids.empty() ? AwaitSubflow(ids.front()) : 0;
}

void
PosixStreamSocket::SpreadNoDelay()
{
    const auto connection = m_mptcp && m_noDelay ? m_mptcp->GetConnection() : nullptr;
    if (!connection)
    {
        return;
    }
    for (const auto& subflow : connection->GetSubflowStatus())
    {
        connection->SetSubflowNoDelay(subflow.id, *m_noDelay);
    }
    if (m_told == PeekPointer(connection))
    {
        return;
    }
    m_told = PeekPointer(connection);
    const auto self = std::weak_ptr<PosixStreamSocket>(
        std::static_pointer_cast<PosixStreamSocket>(shared_from_this()));
    const auto tell = [self](uint8_t id)
    {
        const auto socket = self.lock();
        const auto its = socket && socket->m_mptcp ? socket->m_mptcp->GetConnection() : nullptr;
        if (its && its->FindSubflow(id))
        {
            its->SetSubflowNoDelay(id, *socket->m_noDelay);
        }
    };
    // Later: the protocol is at work when it tells.
    const auto hear = [tell](const MptcpPathEvent& event)
    {
        if (event.kind == MptcpPathEvent::SUBFLOW_CREATED)
        {
            Simulator::ScheduleNow([tell, id = event.subflowId]() { tell(id); });
        }
    };
    connection->TraceConnectWithoutContext("PathEvent",
                                           Callback<void, const MptcpPathEvent&>(hear));
}

long
PosixStreamSocket::AwaitSubflow(uint8_t id)
{
    if (nonBlocking)
    {
        return 0;
    }
    const SubflowWatch watch(m_mptcp->GetConnection(), id, MakeWaker());
    m_process.WaitFor([&watch]() { return watch.IsSettled(); }, std::nullopt);
    return -watch.GetError();
}

} // namespace ns3
