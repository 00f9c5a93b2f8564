// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-time-wait-table.h"

#include "ns3/simulator.h"

namespace ns3
{

namespace
{

/// @param a a timestamp @param b another @return whether a is later, modulo 2^32
bool
IsLater(uint32_t a, uint32_t b)
{
    return static_cast<int32_t>(a - b) > 0;
}

/**
 * RFC 6191 section 2.
 * @param entry of the former connection
 * @param syn of what wants to be a new one on the same tuple
 * @return whether it is one, and no old duplicate
 */
bool
IsNewIncarnation(const TcpOutput::TimeWait& entry, const TcpSegment& syn)
{
    if (entry.timestamps && syn.timestamps)
    {
        if (syn.timestamps->value != entry.recentTimestamp)
        {
            return IsLater(syn.timestamps->value, entry.recentTimestamp);
        }
    }
    else if (syn.timestamps)
    {
        return true;
    }
    return syn.seq > entry.expected;
}

} // namespace

void
TcpTimeWaitTable::Add(const TcpOutput::TimeWait& entry)
{
    Purge();
    const Time length = entry.expires - Simulator::Now();
    if (!length.IsStrictlyPositive())
    {
        return;
    }
    m_entries[entry.tuple] = Entry{entry, length, entry.expires};
    m_expiries.push_back({entry.expires, entry.tuple});
}

const TcpOutput::TimeWait*
TcpTimeWaitTable::Find(const TcpTuple& tuple)
{
    if (m_entries.empty())
    {
        return nullptr;
    }
    Purge();
    const auto found = m_entries.find(tuple);
    if (found == m_entries.end() || found->second.values.expires <= Simulator::Now())
    {
        return nullptr;
    }
    return &found->second.values;
}

TcpTimeWaitTable::Verdict
TcpTimeWaitTable::Check(const TcpTuple& tuple, const TcpSegment& segment)
{
    if (!Find(tuple))
    {
        return Verdict::FREE;
    }
    const auto found = m_entries.find(tuple);
    TcpOutput::TimeWait& entry = found->second.values;
    if (segment.Has(TCP_RST))
    {
        // Only an exact one, as RFC 5961 section 3.2 has it: any other may be an old duplicate.
        if (segment.seq == entry.expected)
        {
            m_entries.erase(found);
        }
        return Verdict::DROP;
    }
    if (segment.Has(TCP_SYN))
    {
        if (!segment.Has(TCP_ACK) && IsNewIncarnation(entry, segment))
        {
            m_entries.erase(found);
            return Verdict::FREE;
        }
        return Verdict::ANSWER;
    }
    if (entry.timestamps && segment.timestamps &&
        IsLater(entry.recentTimestamp, segment.timestamps->value))
    {
        return Verdict::ANSWER;
    }
    const auto length = static_cast<int32_t>(segment.SequenceLength());
    if (segment.Has(TCP_FIN) && segment.seq + length == entry.expected)
    {
        // RFC 9293 section 3.10.7.4: the peer's FIN again, so it has not seen our last ACK. The
        // time starts anew; no other segment can do that.
        entry.expires = Simulator::Now() + found->second.length;
        if (entry.timestamps && segment.timestamps)
        {
            entry.recentTimestamp = segment.timestamps->value;
        }
        return Verdict::ANSWER;
    }
    const bool acceptable = segment.SequenceLength() == 0 && segment.seq == entry.expected;
    return acceptable ? Verdict::DROP : Verdict::ANSWER;
}

size_t
TcpTimeWaitTable::GetSize()
{
    Purge();
    size_t size = 0;
    for (const auto& [tuple, entry] : m_entries)
    {
        size += entry.values.expires > Simulator::Now();
    }
    return size;
}

void
TcpTimeWaitTable::Clear()
{
    m_entries.clear();
    m_expiries.clear();
}

void
TcpTimeWaitTable::Purge()
{
    const Time now = Simulator::Now();
    while (!m_expiries.empty() && m_expiries.front().expires <= now)
    {
        const auto [due, tuple] = m_expiries.front();
        m_expiries.pop_front();
        const auto found = m_entries.find(tuple);
        if (found == m_entries.end() || found->second.looked != due)
        {
            continue;
        }
        if (found->second.values.expires <= now)
        {
            m_entries.erase(found);
        }
        else
        {
            found->second.looked = found->second.values.expires;
            m_expiries.push_back({found->second.looked, tuple});
        }
    }
}

} // namespace ns3
