// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-option-v0.h"

#include "big-endian.h"

namespace ns3
{

namespace
{

constexpr uint8_t CAPABLE_A = 0x80;      //!< MP_CAPABLE: checksum required
constexpr uint8_t CAPABLE_B = 0x40;      //!< MP_CAPABLE: extensibility
constexpr uint8_t CAPABLE_CRYPTO = 0x3f; //!< MP_CAPABLE: C to H

constexpr uint8_t IPVER_4 = 4; //!< ADD_ADDR: an IPv4 address
constexpr uint8_t IPVER_6 = 6; //!< ADD_ADDR: an IPv6 address

constexpr size_t PORT_SIZE = 2; //!< ADD_ADDR: bytes of a port

} // namespace

MptcpParseResult
ParseCapableV0(const uint8_t* bytes, size_t size, bool synFlag)
{
    if (synFlag && size != 12)
    {
        return {std::nullopt, "MP_CAPABLE of version 0 with SYN is not 12 bytes long"};
    }
    if (!synFlag && size != 20)
    {
        return {std::nullopt, "MP_CAPABLE of version 0 without SYN is not 20 bytes long"};
    }
    MpCapable option;
    option.version = 0;
    option.checksumRequired = bytes[3] & CAPABLE_A;
    option.extensibility = bytes[3] & CAPABLE_B;
    option.cryptoFlags = bytes[3] & CAPABLE_CRYPTO;
    option.senderKey = ReadBig64(bytes + 4);
    if (!synFlag)
    {
        option.receiverKey = ReadBig64(bytes + 12);
    }
    return {option, {}};
}

bool
IsAddAddressV0(const uint8_t* bytes, size_t size)
{
    // In version 1 none of these lengths goes without flag E, which is 0 in both.
    const uint8_t version = bytes[2] & 0x0f;
    const size_t address = version == IPVER_4 ? 4 : 16;
    return (version == IPVER_4 || version == IPVER_6) &&
           (size == 4 + address || size == 4 + address + PORT_SIZE);
}

MptcpParseResult
ParseAddAddressV0(const uint8_t* bytes, size_t size)
{
    AddAddress option;
    option.version0 = true;
    option.addressId = bytes[3];
    option.address = AddressBytes(bytes + 4, (bytes[2] & 0x0f) == IPVER_6);
    const size_t address = option.address.GetSize();
    if (size > 4 + address)
    {
        option.port = ReadBig16(bytes + 4 + address);
    }
    return {option, {}};
}

uint16_t
GetIpVer(const AddAddress& option)
{
    return option.address.IsIpv6() ? IPVER_6 : IPVER_4;
}

bool
IsOfVersion(const MptcpOption& option, uint8_t version)
{
    if (const auto* add = std::get_if<AddAddress>(&option))
    {
        return add->version0 == (version == 0);
    }
    if (const auto* prio = std::get_if<MpPrio>(&option))
    {
        return version == 0 || !prio->addressId;
    }
    return version != 0 || !std::holds_alternative<MpTcpRst>(option);
}

} // namespace ns3
