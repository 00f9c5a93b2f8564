// SPDX-License-Identifier: GPL-2.0-only
// What ICMP errors tell a TcpSubflow: reasons (RFC 5461, RFC 5927) and the path's MTU (RFC 1191,
// RFC 8201).
#include "tcp-subflow.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cerrno>

namespace ns3
{

namespace
{

/// Bytes of IP and TCP headers without options.
constexpr uint32_t HEADERS_IPV4 = 40;
constexpr uint32_t HEADERS_IPV6 = 60;

/// When a larger MTU is tried again (RFC 1191 section 6.3, RFC 8201 section 4: 10 minutes).
constexpr int64_t PATH_MTU_SECONDS = 600;

} // namespace

bool
TcpSubflow::OnIcmpError(const TcpIcmpError& error)
{
    // RFC 5927 section 4.1: who has not seen what is in flight can hardly quote it.
    if ((m_state != TcpSocket::SYN_SENT && m_state != TcpSocket::SYN_RCVD && !IsSynchronized()) ||
        error.seq < m_una || error.seq >= m_next)
    {
        return false;
    }
    if (error.largestMtu)
    {
        return true;
    }
    if (m_state != TcpSocket::SYN_SENT)
    {
        // RFC 5927 section 5.2: nothing that comes behind the handshake ends a connection, but it
        // says why if there is no answer (RFC 5461 section 2.2).
        m_softError = error.number;
        return true;
    }
    // RFC 5461 section 4: as Linux, so that the next address is tried soon.
    const Ptr<TcpSubflow> self(this);
    SubflowEnd end;
    end.error = Socket::ERROR_NOTCONN;
    end.refused = error.number == ECONNREFUSED;
    end.number = error.number;
    End(end);
    return true;
}

void
TcpSubflow::OnPathMtu(uint32_t mtu, std::optional<SequenceNumber32> from)
{
    if (m_pathMtu == 0 || mtu < m_pathMtu)
    {
        m_pathMtu = mtu;
        m_pathMtuEvent.Cancel();
        m_pathMtuEvent =
            Simulator::Schedule(Seconds(PATH_MTU_SECONDS), &TcpSubflow::ForgetPathMtu, this);
        const uint32_t headers = IsIpv6(m_tuple.localAddress) ? HEADERS_IPV6 : HEADERS_IPV4;
        m_mss = std::min(m_mss, std::max(mtu > headers ? mtu - headers : 0, LEAST_MSS));
        if (IsSynchronized())
        {
            // The window stays: a size is no congestion (RFC 1191 section 6.4).
            m_congestion->GetState()->m_segmentSize = GetMaxPayload();
        }
    }
    if (from && IsSynchronized() && m_scoreboard.OnTooLarge(GetMaxPayload(), *from))
    {
        const Ptr<TcpSubflow> self(this);
        TransmitLost(true);
    }
}

void
TcpSubflow::OnPathChange()
{
    if (!m_peerKnown || !m_output)
    {
        // The SYN's answer asks for it.
        return;
    }
    m_pathMtuEvent.Cancel();
    ForgetPathMtu();
    if (const uint32_t mtu = m_output->GetPathMtu(m_tuple))
    {
        OnPathMtu(mtu);
    }
}

void
TcpSubflow::ForgetPathMtu()
{
    m_pathMtu = 0;
    m_mss = m_peerMss;
    if (IsSynchronized())
    {
        m_congestion->GetState()->m_segmentSize = GetMaxPayload();
    }
}

void
TcpSubflow::TransmitPieces(const TcpScoreboard::Record& record)
{
    const auto acked = m_una > record.seq ? static_cast<uint32_t>(m_una - record.seq) : 0;
    for (uint32_t begin = std::min(acked, record.length); begin < record.length;)
    {
        const uint32_t size = std::min<uint32_t>(record.piece, record.length - begin);
        TransmitPart(record, begin, size);
        begin += size;
    }
}

} // namespace ns3
