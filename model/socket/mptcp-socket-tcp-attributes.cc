// SPDX-License-Identifier: GPL-2.0-only
// The attributes that MptcpSocket has from TcpSocket.
#include "mptcp-socket.h"

#include "ns3/abort.h"

namespace ns3
{

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
