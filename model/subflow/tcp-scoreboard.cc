// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-scoreboard.h"

#include "tcp-rate-sampler.h"

#include <algorithm>
#include <utility>

namespace ns3
{

namespace
{
/// Records that the ring begins with.
constexpr size_t FIRST_SIZE = 4;

/// Recoveries without a needless retransmission after which the reordering window is the smallest
/// again (RFC 8985 section 6.2 step 4).
constexpr uint32_t REORDER_PERSIST = 16;
} // namespace

void
TcpScoreboard::Start(SequenceNumber32 una, uint32_t dupThresh, bool sack, bool rack)
{
    m_head = m_tail;
    m_inFlight = List();
    m_lost = List();
    m_inFlightBytes = 0;
    m_dupThresh = std::max<uint32_t>(dupThresh, 1);
    m_sack = sack;
    m_rack = sack && rack;
    m_una = una;
    m_sackedCount = 0;
    m_rackTransmission = 0;
    m_fack = una;
    m_newFack = una;
    m_reordered = false;
    m_reorderFactor = 1;
    m_reorderPersist = 0;
    m_duplicateRound.reset();
    m_reorderDue.reset();
    m_highest.assign(m_dupThresh, 0);
    m_sacked.clear();
    m_duplicates = 0;
    m_recovering = false;
    m_lastInserted = m_head;
}

void
TcpScoreboard::Clear()
{
    Start(m_una, m_dupThresh, m_sack, m_rack);
    m_ring = std::vector<Record>();
}

const TcpScoreboard::Record&
TcpScoreboard::Append(Record record)
{
    if (m_tail - m_head == m_ring.size())
    {
        std::vector<Record> larger(std::max(m_ring.size() * 2, FIRST_SIZE));
        for (uint64_t i = m_head; i != m_tail; ++i)
        {
            larger[i & (larger.size() - 1)] = std::move(At(i));
        }
        m_ring.swap(larger);
    }
    const uint64_t index = m_tail++;
    record.transmission = ++m_transmissions;
    record.piece = static_cast<uint16_t>(record.length);
    At(index) = std::move(record);
    m_inFlightBytes += At(index).length;
    PushBack(m_inFlight, index);
    if (m_sampler)
    {
        m_sampler->OnSent(index, m_head, m_tail - m_head == 1);
    }
    return At(index);
}

TcpScoreboard::AckResult
TcpScoreboard::OnAck(SequenceNumber32 ack,
                     const BoundedVector<SackBlock, 4>& blocks,
                     bool duplicate,
                     const Conditions& conditions)
{
    AckResult result;
    const bool advanced = ack > m_una;
    while (m_head != m_tail && At(m_head).GetEnd() <= ack)
    {
        Record& record = At(m_head);
        result.ackedBytes += record.length;
        if (record.sacked)
        {
            --m_sackedCount;
        }
        else
        {
            Deliver(m_head, conditions, true, result);
        }
        record.packet = nullptr;
        ++m_head;
        if (!record.retransmitted && m_duplicates > 0)
        {
            // It was one of those that duplicate ACKs stood for, and has been counted then.
            --m_duplicates;
            result.deliveredBytes -= record.length;
        }
    }
    if (advanced)
    {
        m_una = ack;
        while (!m_sacked.empty() && m_sacked.begin()->second <= m_head)
        {
            m_sacked.erase(m_sacked.begin());
        }
    }
    if (!m_sack)
    {
        result.lossDetected = DetectRenoLosses(advanced, duplicate, result);
        return result;
    }
    for (const auto& block : blocks)
    {
        OnBlock(block, conditions, result);
    }
    // Not by bytes: a FIN has none and counts all the same.
    if (m_rack)
    {
        m_fack = m_newFack;
        AdaptReordering(conditions);
    }
    if (advanced || result.newSack)
    {
        result.lossDetected = m_rack ? DetectLossesByTime(conditions) : DetectLosses();
    }
    return result;
}

void
TcpScoreboard::OnBlock(const SackBlock& block, const Conditions& conditions, AckResult& result)
{
    if (m_head == m_tail || !(block.begin < block.end) || block.begin < m_una ||
        block.end > At(m_tail - 1).GetEnd())
    {
        return;
    }
    uint64_t i = Find(block.begin);
    auto following = m_sacked.upper_bound(i);
    auto range = m_sacked.end();
    if (following != m_sacked.begin())
    {
        const auto before = std::prev(following);
        if (before->second >= i)
        {
            range = before;
            i = before->second;
        }
    }
    while (true)
    {
        if (following != m_sacked.end() && following->first == i)
        {
            i = following->second;
            if (range == m_sacked.end())
            {
                range = following++;
            }
            else
            {
                range->second = i;
                following = m_sacked.erase(following);
            }
            continue;
        }
        if (i == m_tail || At(i).GetEnd() > block.end)
        {
            return;
        }
        Deliver(i, conditions, false, result);
        At(i).sacked = true;
        ++m_sackedCount;
        result.newSack = true;
        if (range == m_sacked.end())
        {
            range = m_sacked.emplace_hint(following, i, i);
        }
        range->second = ++i;
    }
}

void
TcpScoreboard::Deliver(uint64_t index,
                       const Conditions& conditions,
                       bool cumulatively,
                       AckResult& result)
{
    Record& record = At(index);
    ++m_delivered;
    result.deliveredBytes += record.length;
    if (record.lost)
    {
        Unlink(m_lost, index);
        record.lost = false;
    }
    else
    {
        Unlink(m_inFlight, index);
        m_inFlightBytes -= record.length;
    }
    if (m_sampler)
    {
        m_sampler->OnDelivered(index, record.length, record.sent);
    }
    const Time elapsed = conditions.now - record.sent;
    if (!record.retransmitted)
    {
        if (!result.rtt)
        {
            result.rtt = elapsed;
        }
    }
    else
    {
        result.retransmissionAcked = true;
        if (!result.retransmittedAt || record.sent < *result.retransmittedAt)
        {
            result.retransmittedAt = record.sent;
        }
        // Timestamps count milliseconds; what arrives ahead of a gap is not echoed.
        if (elapsed < conditions.minRtt || (cumulatively && conditions.echoed &&
                                            record.sent >= *conditions.echoed + MilliSeconds(1)))
        {
            return;
        }
    }
    if (!m_rack)
    {
        NoteDelivered(record.transmission);
        return;
    }
    if (record.transmission > m_rackTransmission)
    {
        m_rackTransmission = record.transmission;
        m_rackRtt = elapsed;
    }
    const SequenceNumber32 end = record.GetEnd();
    if (end > m_newFack)
    {
        m_newFack = end;
    }
    else if (end < m_fack && !record.retransmitted)
    {
        m_reordered = true;
        ++m_reorderings;
    }
}

void
TcpScoreboard::NoteDelivered(uint64_t transmission)
{
    if (transmission <= m_highest.front())
    {
        return;
    }
    size_t i = 0;
    for (; i + 1 < m_highest.size() && m_highest[i + 1] < transmission; ++i)
    {
        m_highest[i] = m_highest[i + 1];
    }
    m_highest[i] = transmission;
}

bool
TcpScoreboard::DetectLosses()
{
    bool detected = false;
    while (m_inFlight.first != NONE && At(m_inFlight.first).transmission < m_highest.front())
    {
        MarkLost(m_inFlight.first);
        detected = true;
    }
    return detected;
}

bool
TcpScoreboard::DetectLossesByTime(const Conditions& conditions)
{
    m_reorderDue.reset();
    bool detected = false;
    if (m_inFlight.first == NONE || At(m_inFlight.first).transmission > m_rackTransmission)
    {
        return detected;
    }
    const Time wait = m_rackRtt + GetReorderingWindow(conditions);
    while (m_inFlight.first != NONE && At(m_inFlight.first).transmission < m_rackTransmission)
    {
        const Time due = At(m_inFlight.first).sent + wait;
        if (due > conditions.now)
        {
            m_reorderDue = due;
            break;
        }
        MarkLost(m_inFlight.first);
        detected = true;
    }
    return detected;
}

Time
TcpScoreboard::GetReorderingWindow(const Conditions& conditions) const
{
    if (!m_reordered && (conditions.recovering || m_sackedCount >= m_dupThresh))
    {
        return Time(0);
    }
    const int64_t quarter = conditions.minRtt.GetTimeStep() / 4;
    return std::min(TimeStep(quarter * m_reorderFactor), conditions.smoothedRtt);
}

void
TcpScoreboard::AdaptReordering(const Conditions& conditions)
{
    if (m_duplicateRound && m_una >= *m_duplicateRound)
    {
        m_duplicateRound.reset();
    }
    if (conditions.needless && !m_duplicateRound && m_head != m_tail)
    {
        m_duplicateRound = At(m_tail - 1).GetEnd();
        ++m_reorderFactor;
        m_reorderPersist = REORDER_PERSIST;
    }
}

void
TcpScoreboard::OnRecoveryOver()
{
    if (m_reorderPersist > 0 && --m_reorderPersist == 0)
    {
        m_reorderFactor = 1;
    }
}

bool
TcpScoreboard::OnReorderTimer(const Conditions& conditions)
{
    return DetectLossesByTime(conditions);
}

const TcpScoreboard::Record&
TcpScoreboard::OnProbe(Time now, uint32_t most)
{
    const uint64_t index = m_tail - 1;
    Record& record = At(index);
    if (record.lost)
    {
        Unlink(m_lost, index);
        record.lost = false;
        m_inFlightBytes += record.length;
    }
    else if (!record.sacked)
    {
        Unlink(m_inFlight, index);
    }
    if (!record.sacked)
    {
        PushBack(m_inFlight, index);
    }
    record.retransmitted = true;
    record.piece = static_cast<uint16_t>(std::min(record.length, most));
    record.sent = now;
    record.transmission = ++m_transmissions;
    if (m_sampler)
    {
        m_sampler->OnSent(index, m_head, false);
    }
    return record;
}

bool
TcpScoreboard::DetectRenoLosses(bool advanced, bool duplicate, AckResult& result)
{
    if (Empty())
    {
        m_duplicates = 0;
        m_recovering = false;
        return false;
    }
    m_recovering = m_recovering && m_una < m_recover;
    if (advanced && !m_recovering)
    {
        m_duplicates = 0;
    }
    if (duplicate)
    {
        ++m_duplicates;
        result.deliveredBytes += At(m_head).length;
    }
    // RFC 6582 section 3.2, steps 2 and 3: a partial acknowledgment tells the next hole.
    const bool begins = !m_recovering && duplicate && m_duplicates >= m_dupThresh;
    const bool partial = m_recovering && advanced;
    if (!(begins || partial) || At(m_head).lost || (partial && At(m_head).retransmitted))
    {
        return false;
    }
    if (begins)
    {
        m_recovering = true;
        m_recover = At(m_tail - 1).GetEnd();
    }
    MarkLost(m_head);
    return true;
}

void
TcpScoreboard::OnTimeout(Time now)
{
    if (Empty())
    {
        return;
    }
    const bool reneged = At(m_head).sacked;
    m_lost = List();
    m_duplicates = 0;
    m_reorderDue.reset();
    if (reneged)
    {
        m_highest.assign(m_dupThresh, 0);
        m_sacked.clear();
        m_sackedCount = 0;
        m_inFlight = List();
        m_inFlightBytes = 0;
    }
    for (uint64_t i = m_head; i != m_tail; ++i)
    {
        Record& record = At(i);
        if (reneged)
        {
            record.sacked = false;
            record.lost = true;
        }
        else if (!record.sacked && !record.lost)
        {
            // What has only just left is not lost by the time-out of the first (RFC 8985 6.3).
            if (m_rack && i != m_head && record.sent + m_rackRtt > now)
            {
                continue;
            }
            Unlink(m_inFlight, i);
            m_inFlightBytes -= record.length;
            m_lostBytes += record.length;
            record.lost = true;
        }
        if (record.lost)
        {
            PushBack(m_lost, i);
        }
    }
    m_recovering = true;
    m_recover = At(m_tail - 1).GetEnd();
}

void
TcpScoreboard::MarkLost(uint64_t index)
{
    Record& record = At(index);
    Unlink(m_inFlight, index);
    m_inFlightBytes -= record.length;
    m_lostBytes += record.length;
    record.lost = true;
    // What was sent once becomes lost in order. A lost retransmission belongs before those that
    // wait behind it, and next to the one before, since they were sent in order too.
    if (m_lost.last == NONE || m_lost.last < index)
    {
        PushBack(m_lost, index);
        return;
    }
    uint64_t before = NONE;
    uint64_t behind = m_lost.first;
    if (m_lastInserted >= m_head && m_lastInserted < index && At(m_lastInserted).lost)
    {
        before = m_lastInserted;
        behind = At(before).next;
    }
    while (behind != NONE && behind < index)
    {
        before = behind;
        behind = At(behind).next;
    }
    m_lastInserted = index;
    record.previous = before;
    record.next = behind;
    (before == NONE ? m_lost.first : At(before).next) = index;
    At(behind).previous = index;
}

bool
TcpScoreboard::OnTooLarge(uint32_t most, SequenceNumber32 from)
{
    bool any = false;
    for (uint64_t i = m_inFlight.first; i != NONE;)
    {
        const uint64_t next = At(i).next;
        const Record& record = At(i);
        if (record.piece > most && record.GetEnd() > from)
        {
            MarkLost(i);
            any = true;
        }
        i = next;
    }
    return any;
}

void
TcpScoreboard::OnRetransmit(Time now, uint32_t most)
{
    const uint64_t index = m_lost.first;
    if (index == NONE)
    {
        return;
    }
    Record& record = At(index);
    Unlink(m_lost, index);
    record.lost = false;
    record.retransmitted = true;
    record.piece = static_cast<uint16_t>(std::min(record.length, most));
    record.sent = now;
    record.transmission = ++m_transmissions;
    m_inFlightBytes += record.length;
    PushBack(m_inFlight, index);
    if (m_sampler)
    {
        m_sampler->OnSent(index, m_head, false);
    }
}

void
TcpScoreboard::Undo(bool reordered)
{
    // Rare, so all are put in order again, by their last transmission.
    std::vector<std::pair<uint64_t, uint64_t>> order;
    for (uint64_t i = m_head; i != m_tail; ++i)
    {
        Record& record = At(i);
        if (!record.sacked)
        {
            m_inFlightBytes += record.lost ? record.length : 0;
            record.lost = false;
            order.emplace_back(record.transmission, i);
        }
    }
    std::sort(order.begin(), order.end());
    m_lost = List();
    m_inFlight = List();
    for (const auto& [transmission, index] : order)
    {
        PushBack(m_inFlight, index);
    }
    m_reorderDue.reset();
    // What was taken for the delivery of a retransmission was not: wait for the next one to judge.
    m_rackTransmission = 0;
    m_reordered = m_reordered || reordered;
    m_recovering = false;
    m_duplicates = 0;
}

uint32_t
TcpScoreboard::GetRenoPipe() const
{
    const uint64_t left = uint64_t(m_duplicates) * At(m_head).length;
    return m_inFlightBytes - static_cast<uint32_t>(std::min<uint64_t>(left, m_inFlightBytes));
}

uint64_t
TcpScoreboard::Find(SequenceNumber32 seq) const
{
    uint64_t low = m_head;
    uint64_t high = m_tail;
    while (low < high)
    {
        const uint64_t middle = low + (high - low) / 2;
        if (At(middle).seq < seq)
        {
            low = middle + 1;
        }
        else
        {
            high = middle;
        }
    }
    return low;
}

void
TcpScoreboard::PushBack(List& list, uint64_t index)
{
    Record& record = At(index);
    record.previous = list.last;
    record.next = NONE;
    if (list.last == NONE)
    {
        list.first = index;
    }
    else
    {
        At(list.last).next = index;
    }
    list.last = index;
}

void
TcpScoreboard::Unlink(List& list, uint64_t index)
{
    Record& record = At(index);
    if (record.previous == NONE)
    {
        list.first = record.next;
    }
    else
    {
        At(record.previous).next = record.next;
    }
    if (record.next == NONE)
    {
        list.last = record.previous;
    }
    else
    {
        At(record.next).previous = record.previous;
    }
}

} // namespace ns3
