// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-crypto-v0.h"

#include "big-endian.h"

#include <nettle/hmac.h>
#include <nettle/sha1.h>

namespace ns3
{

Sha1Digest
HashKeyV0(uint64_t key)
{
    uint8_t bytes[8];
    WriteBig64(bytes, key);
    sha1_ctx context;
    sha1_init(&context);
    sha1_update(&context, sizeof(bytes), bytes);
    Sha1Digest digest;
    sha1_digest(&context, digest.size(), digest.data());
    return digest;
}

Sha1Digest
HmacV0(const uint8_t* key, size_t keySize, const uint8_t* message, size_t size)
{
    hmac_sha1_ctx context;
    hmac_sha1_set_key(&context, keySize, key);
    hmac_sha1_update(&context, size, message);
    Sha1Digest digest;
    hmac_sha1_digest(&context, digest.size(), digest.data());
    return digest;
}

} // namespace ns3
