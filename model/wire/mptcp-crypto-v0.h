// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_CRYPTO_V0_H
#define MPTCP_CRYPTO_V0_H

#include <array>
#include <cstddef>
#include <cstdint>

namespace ns3
{

/**
 * @file
 * @ingroup mptcp
 * SHA-1 in place of SHA-256, which is all that version 0 (RFC 6824) derives otherwise from the
 * keys. mptcp-crypto.h chooses.
 */

/// What SHA-1 gives.
using Sha1Digest = std::array<uint8_t, 20>;

/// @param key a host's key @return SHA-1 of its big-endian bytes (RFC 6824 section 3.1)
Sha1Digest HashKeyV0(uint64_t key);

/**
 * @param key first bytes of it @param keySize bytes
 * @param message first byte to cover @param size bytes
 * @return HMAC-SHA1 (RFC 6824 section 3.2)
 */
Sha1Digest HmacV0(const uint8_t* key, size_t keySize, const uint8_t* message, size_t size);

} // namespace ns3

#endif // MPTCP_CRYPTO_V0_H
