// SPDX-License-Identifier: GPL-2.0-only
#include "test-payload.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace ns3
{

namespace
{

constexpr uint32_t PERIOD = 1048573;    // the largest prime below 2^20
constexpr uint32_t LONGEST_RUN = 65536; // bytes taken from the table at a time

/// @return the bytes, with the first ones again behind the last
const std::vector<uint8_t>&
Table()
{
    static const std::vector<uint8_t> table = []
    {
        std::vector<uint8_t> bytes(PERIOD + LONGEST_RUN);
        uint32_t state = 2463534242; // xorshift, any seed but 0
        for (uint32_t i = 0; i < PERIOD; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            bytes[i] = state >> 24;
        }
        std::copy_n(bytes.begin(), LONGEST_RUN, bytes.begin() + PERIOD);
        return bytes;
    }();
    return table;
}

} // namespace

TestPayload::TestPayload(uint32_t stream)
    : m_shift((stream * 7919ULL) % PERIOD)
{
}

Ptr<Packet>
TestPayload::Make(uint64_t offset, uint32_t size) const
{
    const uint32_t first = std::min(size, LONGEST_RUN);
    auto packet = Create<Packet>(&Table()[(offset + m_shift) % PERIOD], first);
    if (first < size)
    {
        packet->AddAtEnd(Make(offset + first, size - first));
    }
    return packet;
}

std::optional<uint64_t>
TestPayload::FindWrong(uint64_t offset, const uint8_t* bytes, uint32_t size) const
{
    while (size > 0)
    {
        const uint32_t run = std::min(size, LONGEST_RUN);
        const uint8_t* right = &Table()[(offset + m_shift) % PERIOD];
        if (std::memcmp(right, bytes, run) != 0)
        {
            return offset + (std::mismatch(right, right + run, bytes).first - right);
        }
        offset += run;
        bytes += run;
        size -= run;
    }
    return std::nullopt;
}

} // namespace ns3
