// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-checksum.h"

#include <vector>

namespace ns3
{

void
MptcpChecksum::Add(const Packet& packet, uint32_t size)
{
    // Kept from one segment to the next: only the first ones need memory.
    static std::vector<uint8_t> bytes;
    if (bytes.size() < size)
    {
        bytes.resize(size);
    }
    packet.CopyData(bytes.data(), size);
    uint32_t at = 0;
    if (m_odd && size > 0)
    {
        m_sum += bytes[at++];
        m_odd = false;
    }
    for (; at + 1 < size; at += 2)
    {
        m_sum += static_cast<uint32_t>(bytes[at] << 8 | bytes[at + 1]);
    }
    if (at < size)
    {
        m_sum += static_cast<uint32_t>(bytes[at] << 8);
        m_odd = true;
    }
}

uint16_t
MptcpChecksum::Finish(DataSequenceNumber dataSequence,
                      uint32_t subflowSequence,
                      uint16_t length) const
{
    uint64_t sum = m_sum + length + (subflowSequence >> 16) + (subflowSequence & 0xffff);
    for (uint64_t rest = dataSequence.GetValue(); rest > 0; rest >>= 16)
    {
        sum += rest & 0xffff;
    }
    while (sum >> 16)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

} // namespace ns3
