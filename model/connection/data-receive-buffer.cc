// SPDX-License-Identifier: GPL-2.0-only
#include "data-receive-buffer.h"

#include <algorithm>

namespace ns3
{

DataReceiveBuffer::DataReceiveBuffer(uint32_t capacity)
    : m_capacity(capacity)
{
}

void
DataReceiveBuffer::Start(DataSequenceNumber next)
{
    // What a handshake segment has advertised already counts from the new beginning.
    m_edge = next + static_cast<uint64_t>(m_edge - m_next);
    m_next = next;
}

void
DataReceiveBuffer::Append(Ptr<Packet> data)
{
    if (!m_discarding)
    {
        m_readable += data->GetSize();
        m_queue.push_back(std::move(data));
    }
}

uint32_t
DataReceiveBuffer::Add(DataSequenceNumber begin, Ptr<Packet> data, bool bounded)
{
    uint32_t size = data->GetSize();
    const DataSequenceNumber edge =
        bounded ? std::max(m_edge + m_slack, m_next + GetFree()) : begin + size;
    if (begin >= edge || begin + size <= m_next || m_ended)
    {
        return 0;
    }
    if (begin + size > edge)
    {
        size = static_cast<uint32_t>(edge - begin);
        data = data->CreateFragment(0, size);
    }
    if (begin == m_next && m_reassembly.Empty())
    {
        m_next += size;
        Append(std::move(data));
        return size;
    }
    if (begin <= m_next && m_reassembly.Empty())
    {
        const auto known = static_cast<uint32_t>(m_next - begin);
        m_next = begin + size;
        Append(data->CreateFragment(known, size - known));
        return size - known;
    }
    const uint32_t added = m_reassembly.Insert(begin, data, m_next);
    m_reassembly.Deliver(
        m_next, [this](DataSequenceNumber, Ptr<Packet> piece) { Append(std::move(piece)); });
    return added;
}

void
DataReceiveBuffer::SetFin(DataSequenceNumber fin)
{
    if (!m_ended && !m_fin)
    {
        m_fin = fin;
    }
}

bool
DataReceiveBuffer::TakeFin()
{
    if (m_ended || !m_fin || m_next != *m_fin)
    {
        return false;
    }
    m_next += 1;
    m_ended = true;
    return true;
}

void
DataReceiveBuffer::End()
{
    m_ended = true;
}

void
DataReceiveBuffer::Discard()
{
    m_discarding = true;
    m_queue.clear();
    m_readable = 0;
}

Ptr<Packet>
DataReceiveBuffer::Read(uint32_t maxBytes, bool peek)
{
    if (m_queue.empty() || maxBytes == 0)
    {
        return nullptr;
    }
    Ptr<Packet> result;
    uint32_t left = maxBytes;
    for (auto at = m_queue.begin(); at != m_queue.end() && left > 0;)
    {
        Ptr<Packet>& piece = *at;
        const uint32_t size = piece->GetSize();
        const uint32_t taken = std::min(size, left);
        Ptr<Packet> part = taken < size ? piece->CreateFragment(0, taken) : piece;
        left -= taken;
        if (result)
        {
            result->AddAtEnd(part);
        }
        else
        {
            // The caller may change the packet, and the next piece may be added to it.
            result = peek && part == piece ? part->Copy() : part;
        }
        if (peek)
        {
            ++at;
        }
        else if (taken < size)
        {
            piece = piece->CreateFragment(taken, size - taken);
            break;
        }
        else
        {
            m_queue.pop_front();
            at = m_queue.begin();
        }
    }
    if (!peek)
    {
        m_readable -= maxBytes - left;
    }
    return result;
}

uint32_t
DataReceiveBuffer::Advertise(uint8_t shift, uint32_t segmentSize)
{
    const uint64_t most = uint64_t{65535} << shift;
    const uint64_t below = (uint64_t{1} << shift) - 1;
    const uint64_t wanted = std::min<uint64_t>(GetFree() & ~below, most);
    const DataSequenceNumber edge = m_next + wanted;
    if (edge >= m_edge + std::min(m_capacity / 2, segmentSize))
    {
        m_edge = edge;
        return static_cast<uint32_t>(wanted);
    }
    // Rounded up, for rounding down would move the edge back (RFC 7323 section 2.4). The edge
    // remembered stays, or it would creep on a little each time.
    const uint64_t kept = m_edge > m_next ? static_cast<uint64_t>(m_edge - m_next) : 0;
    m_slack = std::max(m_slack, static_cast<uint32_t>(below));
    return static_cast<uint32_t>(std::min((kept + below) & ~below, most));
}

bool
DataReceiveBuffer::IsUpdateDue(uint32_t segmentSize) const
{
    // As Linux: not while the peer can send half a buffer still, and only when it doubles.
    const uint64_t visible = m_edge > m_next ? static_cast<uint64_t>(m_edge - m_next) : 0;
    const uint64_t free = GetFree();
    return 2 * visible <= m_capacity && free >= 2 * visible &&
           free >= visible + std::min(m_capacity / 2, 2 * segmentSize);
}

} // namespace ns3
