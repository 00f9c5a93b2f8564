// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-receiver.h"

#include <algorithm>

namespace ns3
{

namespace
{
/// ACKs at the beginning that are not delayed, while the peer is in slow start; as Linux.
constexpr uint32_t QUICK_ACKS = 16;

/// How long TS.Recent tells old from new: the peer's clock may have gone half around since
/// (RFC 7323 section 5.5).
constexpr int RECENT_VALID_DAYS = 24;
} // namespace

void
TcpReceiver::Start(SequenceNumber32 irs, uint32_t delAckCount, bool duplicateSack)
{
    m_irs = irs;
    m_next = irs + 1;
    m_rightEdge = m_next;
    m_lastAck = m_next;
    m_offset = 1;
    m_delAckCount = std::max<uint32_t>(delAckCount, 1);
    m_quickAcks = QUICK_ACKS;
    m_duplicateSack = duplicateSack;
}

void
TcpReceiver::OnAdvertise(uint32_t window)
{
    m_rightEdge = std::max(m_rightEdge, m_next + static_cast<int32_t>(window));
}

bool
TcpReceiver::IsAcceptable(const TcpSegment& segment) const
{
    // A peer that has filled the window sends its ACKs from the right edge.
    if (segment.seq > m_rightEdge)
    {
        return false;
    }
    const uint32_t length = segment.SequenceLength();
    return length == 0 ? segment.seq >= m_next
                       : segment.seq + static_cast<int32_t>(length) > m_next;
}

bool
TcpReceiver::IsOld(uint32_t value, Time now) const
{
    return static_cast<int32_t>(value - m_recentTimestamp) < 0 &&
           now - m_recentAt < Days(RECENT_VALID_DAYS);
}

void
TcpReceiver::StartTimestamps(uint32_t value, Time now)
{
    m_recentTimestamp = value;
    m_recentAt = now;
}

void
TcpReceiver::OnTimestamp(const TcpSegment& segment, Time now)
{
    if (segment.timestamps && segment.seq <= m_lastAck && !IsOld(segment.timestamps->value, now))
    {
        m_recentTimestamp = segment.timestamps->value;
        m_recentAt = now;
    }
}

Ptr<Packet>
TcpReceiver::Prepare(const TcpSegment& segment, Ptr<Packet> payload)
{
    const SequenceNumber32 limit = m_fin ? std::min(m_rightEdge, *m_fin) : m_rightEdge;
    const SequenceNumber32 end =
        std::min(segment.seq + static_cast<int32_t>(segment.payloadSize), limit);
    m_first = std::max(segment.seq, m_next);
    if (segment.seq < m_next)
    {
        OnDuplicate(segment.seq, std::min(m_next, end));
    }
    if (end <= m_first)
    {
        RequireAck();
        return nullptr;
    }
    if (m_first != m_next)
    {
        m_gap = true;
        ++m_outOfOrder;
    }
    ++m_unacked;
    if (m_first != m_next || !m_ahead.Empty() || m_unacked >= m_delAckCount || m_quickAcks > 0)
    {
        RequireAck();
    }
    else if (m_need == AckNeed::NONE)
    {
        m_need = AckNeed::DELAYED;
    }
    const auto size = static_cast<uint32_t>(end - m_first);
    if (size == payload->GetSize())
    {
        return payload;
    }
    return payload->CreateFragment(static_cast<uint32_t>(m_first - segment.seq), size);
}

void
TcpReceiver::OnUnacceptable(const TcpSegment& segment)
{
    const SequenceNumber32 end = segment.seq + static_cast<int32_t>(segment.payloadSize);
    if (segment.payloadSize > 0 && end <= m_next)
    {
        OnDuplicate(segment.seq, end);
    }
}

void
TcpReceiver::OnDuplicate(SequenceNumber32 begin, SequenceNumber32 end)
{
    if (m_duplicateSack)
    {
        m_duplicate = SackBlock{begin, end};
    }
}

void
TcpReceiver::OnFin(SequenceNumber32 seq)
{
    if (m_fin || seq < m_next || seq > m_rightEdge)
    {
        return;
    }
    m_fin = seq;
}

bool
TcpReceiver::TakeFin()
{
    if (m_finTaken || !m_fin || m_next < *m_fin)
    {
        return false;
    }
    m_ahead.Clear();
    m_finTaken = true;
    m_next += 1;
    m_offset += 1;
    m_rightEdge = std::max(m_rightEdge, m_next);
    return true;
}

void
TcpReceiver::OnAckSent()
{
    m_lastAck = m_next;
    m_unacked = 0;
    m_gap = false;
    m_duplicate.reset();
    m_need = AckNeed::NONE;
    m_quickAcks -= m_quickAcks > 0 ? 1 : 0;
}

size_t
TcpReceiver::GetSackBlocks(SackBlock* blocks, size_t most) const
{
    size_t count = 0;
    if (most > 0 && m_duplicate)
    {
        blocks[count++] = *m_duplicate;
    }
    if (most > count)
    {
        m_ahead.VisitRecent(
            [&](SequenceNumber32 begin, SequenceNumber32 end)
            {
                blocks[count++] = SackBlock{begin, end};
                return count < most;
            });
    }
    return count;
}

} // namespace ns3
