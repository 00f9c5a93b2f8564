// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-hmac.h"

#include "ns3/big-endian.h"

#include <algorithm>
#include <nettle/hmac.h>
#include <nettle/sha2.h>

namespace ns3
{

namespace
{

constexpr size_t DIGEST_SIZE = 32; //!< bytes of HMAC-SHA256
constexpr size_t PREFIX_SIZE = 6;  //!< D, reserved bits and key identifier
constexpr uint16_t D_BIT = 0x8000; //!< RFC 8754 section 2.1.2: the list is reduced
constexpr size_t KEY_OFFSET = 2;   //!< of the key identifier in the TLV's value

} // namespace

std::array<uint8_t, 32>
Srv6Hmac(const Ipv6Address& source,
         const SegmentRoutingHeader& header,
         bool dBit,
         uint32_t keyId,
         const std::string& key,
         Srv6HmacText text)
{
    hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, key.size(), reinterpret_cast<const uint8_t*>(key.data()));
    uint8_t address[SRV6_SEGMENT_SIZE];
    source.GetBytes(address);
    hmac_sha256_update(&context, sizeof(address), address);
    const uint8_t lastEntryAndFlags[] = {static_cast<uint8_t>(header.segments.size() - 1),
                                         header.flags};
    hmac_sha256_update(&context, sizeof(lastEntryAndFlags), lastEntryAndFlags);
    uint8_t prefix[PREFIX_SIZE];
    WriteBig32(WriteBig16(prefix, dBit ? D_BIT : 0), keyId);
    const size_t skip = text == Srv6HmacText::RFC8754 ? 0 : KEY_OFFSET;
    hmac_sha256_update(&context, sizeof(prefix) - skip, prefix + skip);
    for (const auto& segment : header.segments)
    {
        segment.GetBytes(address);
        hmac_sha256_update(&context, sizeof(address), address);
    }
    std::array<uint8_t, DIGEST_SIZE> digest;
    hmac_sha256_digest(&context, digest.size(), digest.data());
    return digest;
}

void
AddSrv6Hmac(const Ipv6Address& source,
            SegmentRoutingHeader& header,
            uint32_t keyId,
            const std::string& key,
            Srv6HmacText text)
{
    if (text == Srv6HmacText::LINUX)
    {
        header.flags |= SRV6_FLAG_HMAC;
    }
    // Reduced: the active segment is none of the list.
    const bool dBit = header.segmentsLeft >= header.segments.size();
    const auto digest = Srv6Hmac(source, header, dBit, keyId, key, text);
    Srv6Tlv tlv{SRV6_TLV_HMAC, std::vector<uint8_t>(PREFIX_SIZE + digest.size())};
    uint8_t* to = WriteBig16(tlv.value.data(), dBit ? D_BIT : 0);
    to = WriteBig32(to, keyId);
    std::copy(digest.begin(), digest.end(), to);
    header.tlvs.insert(header.tlvs.begin(), std::move(tlv));
}

uint32_t
GetSrv6HmacKeyId(const SegmentRoutingHeader& header)
{
    const Srv6Tlv* tlv = header.FindHmac();
    return tlv && tlv->value.size() >= PREFIX_SIZE ? ReadBig32(tlv->value.data() + KEY_OFFSET) : 0;
}

bool
VerifySrv6Hmac(const Ipv6Address& source,
               const Ipv6Address& destination,
               const SegmentRoutingHeader& header,
               const std::string& key,
               Srv6HmacText text)
{
    const Srv6Tlv* tlv = header.FindHmac();
    if (!tlv || tlv->value.size() != PREFIX_SIZE + DIGEST_SIZE ||
        (text == Srv6HmacText::LINUX && !(header.flags & SRV6_FLAG_HMAC)))
    {
        return false;
    }
    const bool dBit = ReadBig16(tlv->value.data()) & D_BIT;
    const bool beyond = header.segmentsLeft >= header.segments.size();
    if (beyond ? !dBit : header.segments[header.segmentsLeft] != destination)
    {
        return false;
    }
    const auto digest = Srv6Hmac(source, header, dBit, GetSrv6HmacKeyId(header), key, text);
    return std::equal(digest.begin(), digest.end(), tlv->value.begin() + PREFIX_SIZE);
}

} // namespace ns3
