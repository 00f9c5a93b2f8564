// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_CRYPTO_H
#define MPTCP_CRYPTO_H

#include "mptcp-option.h"

#include <array>
#include <cstdint>
#include <optional>

namespace ns3
{

/**
 * @ingroup mptcp
 * What RFC 8684 derives from the keys, by nettle's SHA-256 and HMAC; in version 0 (RFC 6824) by
 * SHA-1. All keys and nonces are in host order; the functions hash their big-endian bytes as they
 * travel.
 */

/**
 * @param key a host's key
 * @param version of the protocol
 * @return its token: the most significant 32 bits of the key's hash (section 3.2)
 */
uint32_t MptcpToken(uint64_t key, uint8_t version = 1);

/**
 * @param key a host's key
 * @param version of the protocol
 * @return its initial data sequence number: the least significant 64 bits of the key's hash
 * (section 3.1)
 */
uint64_t MptcpInitialDataSequence(uint64_t key, uint8_t version = 1);

/**
 * For tests of data sequence numbers that wrap: no key is known whose number is near 2^64.
 * @param sequence what MptcpInitialDataSequence() gives for each key; std::nullopt ends it
 */
void ForceInitialDataSequence(std::optional<uint64_t> sequence);

/**
 * The MP_JOIN HMAC (section 3.2): HMAC with key (localKey | remoteKey) over
 * (localNonce | remoteNonce), as the host named "local" sends it.
 * @param localKey key of the host that sends the HMAC
 * @param remoteKey key of the other host
 * @param localNonce nonce of the host that sends the HMAC
 * @param remoteNonce nonce of the other host
 * @param version of the protocol
 * @return all 32 bytes; the 20 of version 0 stand on the left, before zeros
 */
std::array<uint8_t, 32> MptcpJoinHmac(uint64_t localKey,
                                      uint64_t remoteKey,
                                      uint32_t localNonce,
                                      uint32_t remoteNonce,
                                      uint8_t version = 1);

/**
 * @param hmac an MP_JOIN HMAC
 * @return its leftmost 64 bits, as on the SYN/ACK (section 3.2)
 */
uint64_t TruncateHmac64(const std::array<uint8_t, 32>& hmac);

/**
 * @param hmac an MP_JOIN HMAC
 * @return its leftmost 160 bits, as on the third ACK (section 3.2)
 */
std::array<uint8_t, 20> TruncateHmac160(const std::array<uint8_t, 32>& hmac);

/**
 * The ADD_ADDR HMAC (section 3.4.1): key (localKey | remoteKey), message (address id | address |
 * port), port 0 if none is sent; the rightmost 64 bits.
 * @param localKey key of the host that advertises
 * @param remoteKey key of the other host
 * @param option id, address and port to cover
 * @return the truncated HMAC
 */
uint64_t MptcpAddAddressHmac(uint64_t localKey, uint64_t remoteKey, const AddAddress& option);

} // namespace ns3

#endif // MPTCP_CRYPTO_H
