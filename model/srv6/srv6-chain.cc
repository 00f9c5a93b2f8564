// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-chain.h"

#include "ipv6-extension-bytes.h"
#include "srv6-header.h"

namespace ns3
{

bool
Srv6Chain::Need(const Packet& packet, uint32_t size)
{
    if (size > m_size && m_size == FIRST)
    {
        m_size = packet.CopyData(m_bytes.data(), CAPACITY);
    }
    return size <= m_size;
}

bool
Srv6Chain::IsExtension(uint8_t nextHeader)
{
    return nextHeader == Ipv6Header::IPV6_EXT_HOP_BY_HOP ||
           nextHeader == Ipv6Header::IPV6_EXT_DESTINATION ||
           nextHeader == Ipv6Header::IPV6_EXT_ROUTING;
}

Srv6Chain::End
Srv6Chain::CheckOptions()
{
    constexpr uint8_t PAD1 = 0;
    constexpr uint32_t ACTION_SHIFT = 6;
    constexpr uint32_t PREFIX = 2; // of a header, and of an option
    const uint32_t start = m_offsets[m_count - 1];
    uint32_t at = start + PREFIX;
    while (at < m_rest)
    {
        if (m_bytes[at] == PAD1)
        {
            ++at;
            continue;
        }
        // Of padding these bits are 0, too: skip it.
        const uint32_t action = m_bytes[at] >> ACTION_SHIFT;
        if (action != 0)
        {
            m_end = at;
            return action == 1 ? End::SILENT_OPTION : End::OPTION;
        }
        if (at + PREFIX > m_rest || at + PREFIX + m_bytes[at + 1] > m_rest)
        {
            m_end = start + 1;
            return End::MALFORMED;
        }
        at += PREFIX + m_bytes[at + 1];
    }
    return End::UPPER_LAYER;
}

Srv6Chain::End
Srv6Chain::Scan(const Packet& packet, uint8_t nextHeader, bool through, bool strict)
{
    constexpr uint32_t SMALLEST = 8;
    m_size = packet.CopyData(m_bytes.data(), FIRST);
    uint32_t at = 0;
    while (IsExtension(nextHeader))
    {
        if (strict && at > 0 && nextHeader == Ipv6Header::IPV6_EXT_HOP_BY_HOP)
        {
            m_end = m_offsets[m_count - 1];
            return End::NEXT_HEADER;
        }
        m_end = at;
        if (m_count == MAX_HEADERS || !Need(packet, at + SMALLEST) ||
            !Need(packet, at + (m_bytes[at + 1] + 1U) * SMALLEST))
        {
            m_end = at + 1;
            return End::MALFORMED;
        }
        const uint8_t* header = m_bytes.data() + at;
        m_offsets[m_count++] = at;
        m_rest = at + (header[1] + 1U) * SMALLEST;
        if (nextHeader == Ipv6Header::IPV6_EXT_ROUTING && !through)
        {
            const bool segments = header[3] > 0;
            if (header[2] != SRV6_ROUTING_TYPE && segments)
            {
                m_end = at + 2;
                return End::ROUTING_TYPE;
            }
            if (header[2] == SRV6_ROUTING_TYPE)
            {
                m_srh = static_cast<int32_t>(at);
                if (segments)
                {
                    return End::SEGMENTS_LEFT;
                }
            }
        }
        if (strict && nextHeader == Ipv6Header::IPV6_EXT_DESTINATION)
        {
            if (const End end = CheckOptions(); end != End::UPPER_LAYER)
            {
                return end;
            }
        }
        nextHeader = header[0];
        at = m_rest;
    }
    m_upper = nextHeader;
    m_end = at;
    m_rest = at;
    return End::UPPER_LAYER;
}

uint32_t
Srv6Chain::GetOffset() const
{
    return m_end;
}

uint8_t
Srv6Chain::GetUpperLayer() const
{
    return m_upper;
}

uint8_t*
Srv6Chain::GetSegmentRoutingHeader()
{
    return m_srh < 0 ? nullptr : m_bytes.data() + m_srh;
}

uint32_t
Srv6Chain::GetSegmentRoutingOffset() const
{
    return static_cast<uint32_t>(m_srh);
}

uint32_t
Srv6Chain::GetSegmentRoutingSize() const
{
    return m_size - GetSegmentRoutingOffset();
}

Ptr<Packet>
Srv6Chain::Rebuild(const Packet& packet, Ipv6Header& header, bool remove)
{
    Ptr<Packet> copy = packet.Copy();
    copy->RemoveAtStart(m_rest);
    for (uint32_t i = m_count; i-- > 0;)
    {
        const uint8_t* bytes = m_bytes.data() + m_offsets[i];
        if (!remove || static_cast<int32_t>(m_offsets[i]) != m_srh)
        {
            copy->AddHeader(Ipv6ExtensionBytes(bytes));
        }
        else if (i == 0)
        {
            header.SetNextHeader(bytes[0]);
        }
        else
        {
            m_bytes[m_offsets[i - 1]] = bytes[0];
        }
    }
    header.SetPayloadLength(copy->GetSize());
    return copy;
}

} // namespace ns3
