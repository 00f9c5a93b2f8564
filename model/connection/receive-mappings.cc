// SPDX-License-Identifier: GPL-2.0-only
#include "receive-mappings.h"

#include <algorithm>

namespace ns3
{

void
ReceiveMappings::Add(uint64_t offset,
                     DataSequenceNumber dataSequence,
                     uint32_t length,
                     uint16_t declaredLength,
                     uint16_t checksum)
{
    if (static_cast<int64_t>(offset) < 0)
    {
        // No stream has 2^63 bytes: it lies ahead of the first one.
        return;
    }
    m_everAdded = true;
    uint64_t end = offset + length;
    if (offset < m_released)
    {
        dataSequence += m_released - offset;
        offset = m_released;
    }
    // Mappings come in order nearly always.
    auto at = m_mappings.cend();
    if (at != m_mappings.cbegin() && std::prev(at)->end > offset)
    {
        at = FindEnd(offset);
    }
    while (offset < end)
    {
        if (at != m_mappings.end() && at->begin <= offset)
        {
            // Covered already up to the end of that mapping.
            if (at->end > offset)
            {
                dataSequence += at->end - offset;
                offset = at->end;
            }
            ++at;
            continue;
        }
        if (at == m_mappings.end())
        {
            // Not by insert(): on an empty deque that adds in front, where each needs new memory.
            m_mappings.push_back({offset, end, dataSequence, length, declaredLength, checksum});
            return;
        }
        uint64_t stop = std::min(end, at->begin);
        at = std::next(
            m_mappings.insert(at, {offset, stop, dataSequence, length, declaredLength, checksum}));
        dataSequence += stop - offset;
        offset = stop;
    }
}

std::deque<ReceiveMappings::Mapping>::const_iterator
ReceiveMappings::FindEnd(uint64_t offset) const
{
    return std::partition_point(m_mappings.begin(),
                                m_mappings.end(),
                                [offset](const Mapping& m) { return m.end <= offset; });
}

std::optional<ReceiveMappings::Stretch>
ReceiveMappings::Find(uint64_t offset) const
{
    auto at = m_mappings.begin();
    if (at != m_mappings.end() && at->end <= offset)
    {
        at = FindEnd(offset);
    }
    if (at == m_mappings.end() || at->begin > offset)
    {
        return std::nullopt;
    }
    return Stretch{at->dataSequence + (offset - at->begin),
                   at->end - offset,
                   offset == at->begin && at->end - offset == at->length,
                   at->declaredLength,
                   at->checksum};
}

void
ReceiveMappings::Release(uint64_t offset)
{
    m_released = std::max(m_released, offset);
    while (!m_mappings.empty() && m_mappings.front().end <= offset)
    {
        m_mappings.pop_front();
    }
}

} // namespace ns3
