// SPDX-License-Identifier: GPL-2.0-only
// getsockopt() and setsockopt() of a program's sockets: what streams and datagrams have in common.
#include "posix-option-values.h"
#include "posix-process.h"
#include "posix-socket.h"

#include "ns3/mptcp-subflow-options.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cstdint>
#include <netinet/in.h>
#include <sys/time.h>

namespace ns3
{

namespace
{

constexpr uint32_t LEAST_BUFFER = 2304;         //!< of Linux, SOCK_MIN_RCVBUF
constexpr uint32_t MOST_BUFFER = INT32_MAX / 2; //!< of Linux, where no other is configured

/// @param time a time-out, zero for none @return it as a program has it
timeval
ToTimeval(Time time)
{
    timeval value{};
    value.tv_sec = time.GetMicroSeconds() / 1000000;
    value.tv_usec = time.GetMicroSeconds() % 1000000;
    return value;
}

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
    const auto number = [value, length](int answer) { return GiveOption(answer, value, length); };
    const bool stream = GetType() == SOCK_STREAM;
    if (level == SOL_SOCKET)
    {
        switch (name)
        {
        case SO_ERROR:
        {
            // It is told once: first whether the addresses are good.
            const long error = number(0);
            return error ? error : number(TakeError());
        }
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
            return stream ? number(GetSizeAttribute(m_socket, "SndBufSize")) : -ENOPROTOOPT;
        case SO_RCVBUF:
            return number(GetSizeAttribute(m_socket, "RcvBufSize"));
        case SO_RCVTIMEO:
            return GiveOption(ToTimeval(m_receiveTimeout), value, length);
        case SO_SNDTIMEO:
            return GiveOption(ToTimeval(m_sendTimeout), value, length);
        default:
            return GetStreamOption(level, name, value, length);
        }
    }
    if (level == IPPROTO_IP && name == IP_TOS)
    {
        return number(m_socket->GetIpTos());
    }
    if (level == IPPROTO_IP && name == IP_TTL)
    {
        return number(m_socket->GetIpTtl() ? m_socket->GetIpTtl() : GetDefaultHops(false));
    }
    if (level == IPPROTO_IPV6 && m_domain == AF_INET6)
    {
        switch (name)
        {
        case IPV6_TCLASS:
            return number(m_socket->GetIpv6Tclass());
        case IPV6_UNICAST_HOPS:
            return number(m_socket->GetIpv6HopLimit() ? m_socket->GetIpv6HopLimit()
                                                      : GetDefaultHops(true));
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
        if (const long error = TakeOption(time, value, length))
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
    const bool datagramBuffer = level == SOL_SOCKET && name == SO_RCVBUF && GetType() == SOCK_DGRAM;
    const bool socketLevel = level == SOL_SOCKET && (name == SO_REUSEADDR || name == SO_BROADCAST ||
                                                     name == SO_PRIORITY || datagramBuffer);
    const bool ipLevel = level == IPPROTO_IP && (name == IP_TOS || name == IP_TTL);
    const bool ipv6Level =
        level == IPPROTO_IPV6 && m_domain == AF_INET6 &&
        (name == IPV6_TCLASS || name == IPV6_UNICAST_HOPS || name == IPV6_V6ONLY);
    if (!socketLevel && !ipLevel && !ipv6Level)
    {
        return SetStreamOption(level, name, value, length);
    }
    int number = 0;
    if (ipLevel && length > 0 && length < sizeof(number))
    {
        // As Linux: a byte will do.
        uint8_t byte = 0;
        if (const long error = TakeOption(byte, value, length))
        {
            return error;
        }
        number = byte;
    }
    else if (const long error = TakeOption(number, value, length))
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
        case SO_RCVBUF:
        {
            // As Linux: no number is wrong. It has no sign, and there is a least and a most.
            const UintegerValue size(
                std::clamp(static_cast<uint32_t>(number), LEAST_BUFFER, MOST_BUFFER));
            return m_socket->SetAttributeFailSafe("RcvBufSize", size) ? 0 : -ENOPROTOOPT;
        }
        default:
            if ((number < 0 || number > 6) && !m_process.GetSettings().privileged)
            {
                return -EPERM;
            }
            // What ns-3 keeps has 8 bits.
            if (number < 0 || number > 255)
            {
                return -EINVAL;
            }
            m_socket->SetPriority(static_cast<uint8_t>(number));
            return 0;
        }
    }
    if (ipLevel && name == IP_TOS)
    {
        m_socket->SetIpTos(static_cast<uint8_t>(number));
        return 0;
    }
    if (ipv6Level && name == IPV6_V6ONLY)
    {
        return number != 0 ? 0 : -EINVAL;
    }
    // -1 stands for the default.
    const bool traffic = ipv6Level && name == IPV6_TCLASS;
    if (number != -1 && (number < (traffic ? 0 : 1) || number > 255))
    {
        return -EINVAL;
    }
    if (traffic)
    {
        // As Linux: the ECN bits of a stream are TCP's own (RFC 3168 section 6.1).
        m_socket->SetIpv6Tclass(number != -1 && GetType() == SOCK_STREAM ? number & ~3 : number);
        return 0;
    }
    const auto hops = number == -1 ? GetDefaultHops(ipv6Level) : static_cast<uint8_t>(number);
    ipLevel ? m_socket->SetIpTtl(hops) : m_socket->SetIpv6HopLimit(hops);
    return 0;
}

uint8_t
PosixSocket::GetDefaultHops(bool ipv6) const
{
    return MptcpSubflowOptions::GetDefaultHops(m_process.GetSettings().node, ipv6);
}

} // namespace ns3
