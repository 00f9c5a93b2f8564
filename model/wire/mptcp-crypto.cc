// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-crypto.h"

#include "big-endian.h"
#include "mptcp-crypto-v0.h"

#include <algorithm>
#include <cstring>
#include <nettle/hmac.h>
#include <nettle/sha2.h>

namespace ns3
{

namespace
{

std::optional<uint64_t> g_forcedSequence; //!< see ForceInitialDataSequence()

using Digest = std::array<uint8_t, SHA256_DIGEST_SIZE>; //!< a SHA-256 hash

/// @param key a host's key @return the hash that token and IDSN are cut from
Digest
HashKey(uint64_t key)
{
    uint8_t bytes[8];
    WriteBig64(bytes, key);
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, sizeof(bytes), bytes);
    Digest digest;
    sha256_digest(&context, digest.size(), digest.data());
    return digest;
}

/**
 * @param localKey key of the host that sends the HMAC
 * @param remoteKey key of the other host
 * @param message what to cover
 * @param size bytes of message
 * @return HMAC-SHA256
 */
Digest
Hmac(uint64_t localKey, uint64_t remoteKey, const uint8_t* message, size_t size)
{
    uint8_t key[16];
    WriteBig64(WriteBig64(key, localKey), remoteKey);
    hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, sizeof(key), key);
    hmac_sha256_update(&context, size, message);
    Digest digest;
    hmac_sha256_digest(&context, digest.size(), digest.data());
    return digest;
}

} // namespace

uint32_t
MptcpToken(uint64_t key, uint8_t version)
{
    return version == 0 ? ReadBig32(HashKeyV0(key).data()) : ReadBig32(HashKey(key).data());
}

void
ForceInitialDataSequence(std::optional<uint64_t> sequence)
{
    g_forcedSequence = sequence;
}

uint64_t
MptcpInitialDataSequence(uint64_t key, uint8_t version)
{
    if (g_forcedSequence)
    {
        return *g_forcedSequence;
    }
    if (version == 0)
    {
        return ReadBig64(HashKeyV0(key).data() + std::tuple_size_v<Sha1Digest> - 8);
    }
    return ReadBig64(HashKey(key).data() + SHA256_DIGEST_SIZE - 8);
}

std::array<uint8_t, 32>
MptcpJoinHmac(uint64_t localKey,
              uint64_t remoteKey,
              uint32_t localNonce,
              uint32_t remoteNonce,
              uint8_t version)
{
    uint8_t message[8];
    WriteBig32(WriteBig32(message, localNonce), remoteNonce);
    if (version == 0)
    {
        uint8_t key[16];
        WriteBig64(WriteBig64(key, localKey), remoteKey);
        const auto digest = HmacV0(key, sizeof(key), message, sizeof(message));
        std::array<uint8_t, 32> padded{};
        std::copy(digest.begin(), digest.end(), padded.begin());
        return padded;
    }
    return Hmac(localKey, remoteKey, message, sizeof(message));
}

uint64_t
TruncateHmac64(const std::array<uint8_t, 32>& hmac)
{
    return ReadBig64(hmac.data());
}

std::array<uint8_t, 20>
TruncateHmac160(const std::array<uint8_t, 32>& hmac)
{
    std::array<uint8_t, 20> left;
    std::copy_n(hmac.begin(), left.size(), left.begin());
    return left;
}

uint64_t
MptcpAddAddressHmac(uint64_t localKey, uint64_t remoteKey, const AddAddress& option)
{
    uint8_t message[1 + 16 + 2];
    message[0] = option.addressId;
    const size_t size = option.address.GetSize();
    std::memcpy(message + 1, option.address.GetBytes(), size);
    WriteBig16(message + 1 + size, option.port.value_or(0));
    return ReadBig64(Hmac(localKey, remoteKey, message, 1 + size + 2).data() + SHA256_DIGEST_SIZE -
                     8);
}

} // namespace ns3
