// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_HMAC_H
#define SRV6_HMAC_H

#include "srv6-header.h"

#include <array>
#include <cstdint>
#include <string>

namespace ns3
{

/// What the HMAC of a Segment Routing Header covers.
enum class Srv6HmacText
{
    RFC8754, //!< section 2.1.2.1: with the 16 bits behind the TLV's length
    LINUX,   //!< without them, and with flag 0x08 set in the header
};

/**
 * @ingroup mptcp
 * @param source of the IPv6 header
 * @param header with everything else that is covered
 * @param dBit whether the header is reduced: the 16 bits behind the TLV's length are 0x8000
 * @param keyId which key
 * @param key the secret
 * @param text what is covered
 * @return HMAC-SHA256
 */
std::array<uint8_t, 32> Srv6Hmac(const Ipv6Address& source,
                                 const SegmentRoutingHeader& header,
                                 bool dBit,
                                 uint32_t keyId,
                                 const std::string& key,
                                 Srv6HmacText text);

/**
 * Add an HMAC TLV, in front of the other ones.
 * @param source of the IPv6 header
 * @param header gets it, and with Srv6HmacText::LINUX the flag
 * @param keyId which key
 * @param key the secret
 * @param text what is covered
 */
void AddSrv6Hmac(const Ipv6Address& source,
                 SegmentRoutingHeader& header,
                 uint32_t keyId,
                 const std::string& key,
                 Srv6HmacText text);

/// @param header one @return the identifier of the key of its HMAC, 0 without one
uint32_t GetSrv6HmacKeyId(const SegmentRoutingHeader& header);

/**
 * @param source of the IPv6 header
 * @param destination of the IPv6 header: the active segment
 * @param header as it arrived
 * @param key the secret of its key identifier
 * @param text what is covered
 * @return whether it has an HMAC TLV and that is right
 */
bool VerifySrv6Hmac(const Ipv6Address& source,
                    const Ipv6Address& destination,
                    const SegmentRoutingHeader& header,
                    const std::string& key,
                    Srv6HmacText text);

} // namespace ns3

#endif // SRV6_HMAC_H
