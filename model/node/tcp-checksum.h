// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_CHECKSUM_H
#define TCP_CHECKSUM_H

#include "ns3/tcp-tuple.h"

#include <cstddef>
#include <cstdint>

namespace ns3
{

/**
 * TCP's checksum over pseudo-header, header and payload (RFC 9293 section 3.1, for IPv6 with the
 * pseudo-header of RFC 8200 section 8.1).
 * @param source address of the sender
 * @param destination address of the receiver, same family
 * @param segment the whole segment
 * @param size its bytes
 * @return 0 if the checksum in the segment is right; with that field 0, the checksum to put there
 */
uint16_t TcpChecksum(const IpAddress& source,
                     const IpAddress& destination,
                     const uint8_t* segment,
                     size_t size);

} // namespace ns3

#endif // TCP_CHECKSUM_H
