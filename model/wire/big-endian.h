// SPDX-License-Identifier: GPL-2.0-only
#ifndef BIG_ENDIAN_H
#define BIG_ENDIAN_H

#include <cstdint>

namespace ns3
{

/**
 * @file
 * @ingroup mptcp
 * Numbers in network byte order; compilers turn each into a load or a store.
 */

/// @param at two bytes @return their number
inline uint16_t
ReadBig16(const uint8_t* at)
{
    return static_cast<uint16_t>(at[0] << 8 | at[1]);
}

/// @param at four bytes @return their number
inline uint32_t
ReadBig32(const uint8_t* at)
{
    return uint32_t(at[0]) << 24 | uint32_t(at[1]) << 16 | uint32_t(at[2]) << 8 | at[3];
}

/// @param at eight bytes @return their number
inline uint64_t
ReadBig64(const uint8_t* at)
{
    return uint64_t(ReadBig32(at)) << 32 | ReadBig32(at + 4);
}

/// @param to where two bytes go @param value the number @return behind them
inline uint8_t*
WriteBig16(uint8_t* to, uint16_t value)
{
    to[0] = static_cast<uint8_t>(value >> 8);
    to[1] = static_cast<uint8_t>(value);
    return to + 2;
}

/// @param to where four bytes go @param value the number @return behind them
inline uint8_t*
WriteBig32(uint8_t* to, uint32_t value)
{
    to[0] = static_cast<uint8_t>(value >> 24);
    to[1] = static_cast<uint8_t>(value >> 16);
    to[2] = static_cast<uint8_t>(value >> 8);
    to[3] = static_cast<uint8_t>(value);
    return to + 4;
}

/// @param to where eight bytes go @param value the number @return behind them
inline uint8_t*
WriteBig64(uint8_t* to, uint64_t value)
{
    WriteBig32(to, static_cast<uint32_t>(value >> 32));
    WriteBig32(to + 4, static_cast<uint32_t>(value));
    return to + 8;
}

} // namespace ns3

#endif // BIG_ENDIAN_H
