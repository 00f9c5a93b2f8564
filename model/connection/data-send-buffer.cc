// SPDX-License-Identifier: GPL-2.0-only
#include "data-send-buffer.h"

#include <algorithm>

namespace ns3
{

DataSendBuffer::DataSendBuffer(DataSequenceNumber first)
    : m_begin(first),
      m_end(first)
{
}

void
DataSendBuffer::Add(Ptr<Packet> data)
{
    if (data->GetSize() > 0)
    {
        m_chunks.push_back({m_end, data});
        m_end += data->GetSize();
    }
}

size_t
DataSendBuffer::Find(DataSequenceNumber at)
{
    auto holds = [&](size_t i)
    {
        return i < m_chunks.size() && m_chunks[i].begin <= at &&
               at < m_chunks[i].begin + m_chunks[i].data->GetSize();
    };
    if (!holds(m_cursor))
    {
        if (holds(m_cursor + 1))
        {
            m_cursor++;
        }
        else
        {
            auto behind = std::upper_bound(m_chunks.begin(),
                                           m_chunks.end(),
                                           at,
                                           [](DataSequenceNumber value, const Chunk& chunk)
                                           { return value < chunk.begin; });
            m_cursor = std::distance(m_chunks.begin(), behind) - 1;
        }
    }
    return m_cursor;
}

Ptr<Packet>
DataSendBuffer::Get(DataSequenceNumber begin, uint32_t size)
{
    size_t index = Find(begin);
    const Chunk& chunk = m_chunks[index];
    auto offset = static_cast<uint32_t>(begin - chunk.begin);
    uint32_t available = chunk.data->GetSize() - offset;
    if (offset == 0 && available == size)
    {
        return chunk.data->Copy();
    }
    Ptr<Packet> result = chunk.data->CreateFragment(offset, std::min(available, size));
    while (result->GetSize() < size)
    {
        const Chunk& next = m_chunks[++index];
        uint32_t rest = std::min(next.data->GetSize(), size - result->GetSize());
        result->AddAtEnd(rest == next.data->GetSize() ? next.data
                                                      : next.data->CreateFragment(0, rest));
    }
    return result;
}

void
DataSendBuffer::Free(DataSequenceNumber upTo)
{
    while (!m_chunks.empty() && m_chunks.front().begin + m_chunks.front().data->GetSize() <= upTo)
    {
        m_chunks.pop_front();
        m_cursor = m_cursor > 0 ? m_cursor - 1 : 0;
    }
    m_begin = std::max(m_begin, upTo);
}

} // namespace ns3
