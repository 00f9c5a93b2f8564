// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-checksum.h"

namespace ns3
{

namespace
{

/// @param bytes big-endian 16-bit words @param size their bytes @return their sum
uint64_t
Sum(const uint8_t* bytes, size_t size)
{
    uint64_t sum = 0;
    for (size_t i = 0; i + 1 < size; i += 2)
    {
        sum += static_cast<uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    }
    if (size % 2)
    {
        sum += static_cast<uint32_t>(bytes[size - 1] << 8);
    }
    return sum;
}

/// @param address an address @return the sum of its words
uint64_t
Sum(const IpAddress& address)
{
    uint8_t bytes[16];
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        v4->Serialize(bytes);
        return Sum(bytes, 4);
    }
    std::get<Ipv6Address>(address).Serialize(bytes);
    return Sum(bytes, 16);
}

} // namespace

uint16_t
TcpChecksum(const IpAddress& source,
            const IpAddress& destination,
            const uint8_t* segment,
            size_t size)
{
    constexpr uint64_t PROTOCOL = 6;
    uint64_t sum = Sum(source) + Sum(destination) + PROTOCOL + size + Sum(segment, size);
    while (sum >> 16)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

} // namespace ns3
