// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-option.h"

#include "big-endian.h"
#include "mptcp-option-v0.h"

#include <cstring>

namespace ns3
{

namespace
{

constexpr uint8_t CAPABLE_A = 0x80;      //!< MP_CAPABLE: checksum required
constexpr uint8_t CAPABLE_B = 0x40;      //!< MP_CAPABLE: extensibility
constexpr uint8_t CAPABLE_C = 0x20;      //!< MP_CAPABLE: no join to the initial address
constexpr uint8_t CAPABLE_CRYPTO = 0x3f; //!< MP_CAPABLE: C to H; in version 1 C is not one

constexpr uint16_t DSS_FIN = 0x10;     //!< DSS: F
constexpr uint16_t DSS_DSN8 = 0x08;    //!< DSS: m
constexpr uint16_t DSS_MAPPING = 0x04; //!< DSS: M
constexpr uint16_t DSS_ACK8 = 0x02;    //!< DSS: a
constexpr uint16_t DSS_ACK = 0x01;     //!< DSS: A

constexpr uint16_t JOIN_BACKUP = 0x100; //!< MP_JOIN: B, of the 12 bits behind the subtype
constexpr uint16_t PRIO_BACKUP = 0x1;   //!< MP_PRIO: B, of the 4 bits behind the subtype
constexpr uint16_t ADD_ECHO = 0x100;    //!< ADD_ADDR: E, of the 12 bits behind the subtype

constexpr size_t HMAC_SIZE = 8; //!< the truncated HMAC of ADD_ADDR

/// @param reason why the bytes are no option @return a result that says so
MptcpParseResult
Malformed(std::string_view reason)
{
    return {std::nullopt, reason};
}

/// @param bytes an option @return the 12 bits behind its subtype
uint16_t
ReadLow12(const uint8_t* bytes)
{
    return ReadBig16(bytes + 2) & 0x0fff;
}

/**
 * Write the first four bytes that most options have.
 * @param to where
 * @param size the option's length
 * @param subtype its subtype
 * @param low12 the 12 bits behind the subtype
 * @return behind them
 */
uint8_t*
WriteHead(uint8_t* to, size_t size, MptcpSubtype subtype, uint16_t low12)
{
    to[0] = MPTCP_OPTION_KIND;
    to[1] = static_cast<uint8_t>(size);
    return WriteBig16(to + 2, static_cast<uint16_t>(static_cast<unsigned>(subtype) << 12 | low12));
}

/// @param to where @param field the number @return behind it
uint8_t*
WriteSequence(uint8_t* to, const SequenceField& field)
{
    return field.is64 ? WriteBig64(to, field.value)
                      : WriteBig32(to, static_cast<uint32_t>(field.value));
}

/// @param at where, moved behind the number @param is64 8 bytes, not 4 @return the number
SequenceField
ReadSequence(const uint8_t*& at, bool is64)
{
    const SequenceField field{is64 ? ReadBig64(at) : ReadBig32(at), is64};
    at += is64 ? 8 : 4;
    return field;
}

/// @param field a number or none @return the bytes that it takes
size_t
SequenceSize(const SequenceField& field)
{
    return field.is64 ? 8 : 4;
}

/// Section 3.1; which layout belongs to which segment is fixed by the handshake.
MptcpParseResult
ParseCapable(const uint8_t* bytes, size_t size, bool synFlag, bool ackFlag)
{
    MpCapable option;
    option.version = bytes[2] & 0x0f;
    if (option.version == 0)
    {
        return ParseCapableV0(bytes, size, synFlag);
    }
    // Of other versions nothing is used but the number (section 3.1: a host answers with its own).
    if (option.version == 1)
    {
        if (synFlag && !ackFlag && size != 4)
        {
            return Malformed("MP_CAPABLE on a SYN is not 4 bytes long");
        }
        if (synFlag && ackFlag && size != 12)
        {
            return Malformed("MP_CAPABLE on a SYN/ACK is not 12 bytes long");
        }
        if (!synFlag && size != 20 && size != 22 && size != 24)
        {
            return Malformed("MP_CAPABLE without SYN is not 20, 22 or 24 bytes long");
        }
    }
    else if (size != 4 && size != 12 && size != 20 && size != 22 && size != 24)
    {
        return Malformed("MP_CAPABLE of another version has no known length");
    }
    const uint8_t flags = bytes[3];
    option.checksumRequired = flags & CAPABLE_A;
    option.extensibility = flags & CAPABLE_B;
    option.denyJoinInitialAddress = flags & CAPABLE_C;
    option.cryptoFlags = flags & CAPABLE_CRYPTO & ~CAPABLE_C;
    if (size >= 12)
    {
        option.senderKey = ReadBig64(bytes + 4);
    }
    if (size >= 20)
    {
        option.receiverKey = ReadBig64(bytes + 12);
    }
    if (size >= 22)
    {
        option.dataLength = ReadBig16(bytes + 20);
    }
    if (size >= 24)
    {
        option.checksum = ReadBig16(bytes + 22);
    }
    return {option, {}};
}

/// Section 3.2
MptcpParseResult
ParseJoin(const uint8_t* bytes, size_t size, bool synFlag, bool ackFlag)
{
    if (!synFlag && !ackFlag)
    {
        return Malformed("MP_JOIN on a segment with neither SYN nor ACK");
    }
    if (synFlag && !ackFlag)
    {
        if (size != 12)
        {
            return Malformed("MP_JOIN on a SYN is not 12 bytes long");
        }
        const uint16_t bits = ReadLow12(bytes);
        MpJoinSyn option;
        option.backup = bits & JOIN_BACKUP;
        option.addressId = bytes[3];
        option.reserved = bits & 0xe00;
        option.token = ReadBig32(bytes + 4);
        option.nonce = ReadBig32(bytes + 8);
        return {option, {}};
    }
    if (synFlag)
    {
        if (size != 16)
        {
            return Malformed("MP_JOIN on a SYN/ACK is not 16 bytes long");
        }
        const uint16_t bits = ReadLow12(bytes);
        MpJoinSynAck option;
        option.backup = bits & JOIN_BACKUP;
        option.addressId = bytes[3];
        option.reserved = bits & 0xe00;
        option.truncatedHmac = ReadBig64(bytes + 4);
        option.nonce = ReadBig32(bytes + 12);
        return {option, {}};
    }
    if (size != 24)
    {
        return Malformed("MP_JOIN on an ACK is not 24 bytes long");
    }
    MpJoinAck option;
    std::memcpy(option.hmac.data(), bytes + 4, option.hmac.size());
    option.reserved = ReadLow12(bytes);
    return {option, {}};
}

/// Section 3.3
MptcpParseResult
ParseDss(const uint8_t* bytes, size_t size)
{
    if (size < 4)
    {
        return Malformed("DSS is shorter than 4 bytes");
    }
    const uint16_t bits = ReadLow12(bytes);
    const bool hasAck = bits & DSS_ACK;
    const bool hasMapping = bits & DSS_MAPPING;
    const size_t ackSize = !hasAck ? 0 : bits & DSS_ACK8 ? 8 : 4;
    const size_t mappingSize = !hasMapping ? 0 : bits & DSS_DSN8 ? 14 : 10;
    const size_t fixed = 4 + ackSize + mappingSize;
    const bool hasChecksum = hasMapping && size == fixed + 2;
    if (size != fixed && !hasChecksum)
    {
        return Malformed("DSS has not the length that its flags say");
    }
    MptcpParseResult result;
    auto& dss = std::get<Dss>(result.option.emplace(std::in_place_type<Dss>));
    dss.dataFin = bits & DSS_FIN;
    dss.reserved = bits & ~(DSS_FIN | DSS_ACK | DSS_MAPPING | (hasAck ? DSS_ACK8 : 0) |
                            (hasMapping ? DSS_DSN8 : 0));
    const uint8_t* at = bytes + 4;
    if (hasAck)
    {
        dss.dataAck = ReadSequence(at, bits & DSS_ACK8);
    }
    if (hasMapping)
    {
        auto& mapping = *(dss.mapping = Dss::Mapping{});
        mapping.dataSequence = ReadSequence(at, bits & DSS_DSN8);
        mapping.subflowSequence = ReadBig32(at);
        mapping.length = ReadBig16(at + 4);
        if (hasChecksum)
        {
            mapping.checksum = ReadBig16(at + 6);
        }
    }
    return result;
}

/// Section 3.4.1
MptcpParseResult
ParseAddAddress(const uint8_t* bytes, size_t size)
{
    if (size < 8)
    {
        return Malformed("ADD_ADDR is shorter than 8 bytes");
    }
    if (IsAddAddressV0(bytes, size))
    {
        return ParseAddAddressV0(bytes, size);
    }
    const uint16_t bits = ReadLow12(bytes);
    AddAddress option;
    option.echo = bits & ADD_ECHO;
    option.addressId = bytes[3];
    option.reserved = bits & 0xe00;
    const size_t hmac = option.echo ? 0 : HMAC_SIZE;
    const bool ipv6 = size >= 20 + hmac;
    const size_t addressSize = ipv6 ? 16 : 4;
    const bool hasPort = size == 4 + addressSize + 2 + hmac;
    if (!hasPort && size != 4 + addressSize + hmac)
    {
        return Malformed(option.echo ? "ADD_ADDR that echoes is not 8, 10, 20 or 22 bytes long"
                                     : "ADD_ADDR with an HMAC is not 16, 18, 28 or 30 bytes long");
    }
    const uint8_t* at = bytes + 4;
    option.address = AddressBytes(at, ipv6);
    at += addressSize;
    if (hasPort)
    {
        option.port = ReadBig16(at);
        at += 2;
    }
    if (!option.echo)
    {
        option.truncatedHmac = ReadBig64(at);
    }
    return {option, {}};
}

/// Section 3.4.2
MptcpParseResult
ParseRemoveAddress(const uint8_t* bytes, size_t size)
{
    if (size < 4)
    {
        return Malformed("REMOVE_ADDR names no address");
    }
    if (size > 3 + RemoveAddress::MAX_IDS)
    {
        return Malformed("REMOVE_ADDR is longer than TCP's options can be");
    }
    RemoveAddress option;
    option.reserved = bytes[2] & 0x0f;
    for (size_t i = 3; i < size; i++)
    {
        option.addressIds.Add(bytes[i]);
    }
    return {option, {}};
}

/// Section 3.3.8
MptcpParseResult
ParsePrio(const uint8_t* bytes, size_t size)
{
    if (size != 3 && size != 4)
    {
        return Malformed("MP_PRIO is not 3 bytes long, or with an address (version 0) 4");
    }
    MpPrio option;
    option.backup = bytes[2] & PRIO_BACKUP;
    option.reserved = bytes[2] & 0x0e;
    if (size == 4)
    {
        option.addressId = bytes[3];
    }
    return {option, {}};
}

/// Section 3.7
MptcpParseResult
ParseFail(const uint8_t* bytes, size_t size)
{
    if (size != 12)
    {
        return Malformed("MP_FAIL is not 12 bytes long");
    }
    MpFail option;
    option.dataSequence = ReadBig64(bytes + 4);
    option.reserved = ReadLow12(bytes);
    return {option, {}};
}

/// Section 3.5
MptcpParseResult
ParseFastclose(const uint8_t* bytes, size_t size)
{
    if (size != 12)
    {
        return Malformed("MP_FASTCLOSE is not 12 bytes long");
    }
    MpFastclose option;
    option.receiverKey = ReadBig64(bytes + 4);
    option.reserved = ReadLow12(bytes);
    return {option, {}};
}

/// Section 3.6
MptcpParseResult
ParseTcpRst(const uint8_t* bytes, size_t size)
{
    if (size != 4)
    {
        return Malformed("MP_TCPRST is not 4 bytes long");
    }
    MpTcpRst option;
    option.flags = bytes[2] & 0x0f;
    option.reason = bytes[3];
    return {option, {}};
}

/// How many bytes an option of each type takes.
struct OptionSize
{
    size_t operator()(const MpCapable& option) const
    {
        return 4 + (option.senderKey ? 8 : 0) + (option.receiverKey ? 8 : 0) +
               (option.dataLength ? 2 : 0) + (option.checksum ? 2 : 0);
    }

    size_t operator()(const MpJoinSyn&) const
    {
        return 12;
    }

    size_t operator()(const MpJoinSynAck&) const
    {
        return 16;
    }

    size_t operator()(const MpJoinAck&) const
    {
        return 24;
    }

    size_t operator()(const Dss& option) const
    {
        size_t size = 4;
        if (option.dataAck)
        {
            size += SequenceSize(*option.dataAck);
        }
        if (option.mapping)
        {
            size += SequenceSize(option.mapping->dataSequence) + 4 + 2 +
                    (option.mapping->checksum ? 2 : 0);
        }
        return size;
    }

    size_t operator()(const AddAddress& option) const
    {
        return 4 + option.address.GetSize() + (option.port ? 2 : 0) +
               (option.truncatedHmac ? HMAC_SIZE : 0);
    }

    size_t operator()(const RemoveAddress& option) const
    {
        return 3 + option.addressIds.size();
    }

    size_t operator()(const MpPrio& option) const
    {
        return option.addressId ? 4 : 3;
    }

    size_t operator()(const MpFail&) const
    {
        return 12;
    }

    size_t operator()(const MpFastclose&) const
    {
        return 12;
    }

    size_t operator()(const MpTcpRst&) const
    {
        return 4;
    }
};

/// Writes an option of each type; returns behind its last byte.
struct OptionWriter
{
    uint8_t* to; //!< where

    uint8_t* operator()(const MpCapable& option) const
    {
        const unsigned flags =
            (option.checksumRequired ? CAPABLE_A : 0) | (option.extensibility ? CAPABLE_B : 0) |
            (option.denyJoinInitialAddress ? CAPABLE_C : 0) | (option.cryptoFlags & CAPABLE_CRYPTO);
        uint8_t* at = WriteHead(to,
                                OptionSize()(option),
                                MptcpSubtype::MP_CAPABLE,
                                static_cast<uint16_t>((option.version & 0x0f) << 8 | flags));
        at = option.senderKey ? WriteBig64(at, *option.senderKey) : at;
        at = option.receiverKey ? WriteBig64(at, *option.receiverKey) : at;
        at = option.dataLength ? WriteBig16(at, *option.dataLength) : at;
        return option.checksum ? WriteBig16(at, *option.checksum) : at;
    }

    uint8_t* operator()(const MpJoinSyn& option) const
    {
        uint8_t* at =
            WriteHead(to,
                      OptionSize()(option),
                      MptcpSubtype::MP_JOIN,
                      option.reserved | (option.backup ? JOIN_BACKUP : 0) | option.addressId);
        return WriteBig32(WriteBig32(at, option.token), option.nonce);
    }

    uint8_t* operator()(const MpJoinSynAck& option) const
    {
        uint8_t* at =
            WriteHead(to,
                      OptionSize()(option),
                      MptcpSubtype::MP_JOIN,
                      option.reserved | (option.backup ? JOIN_BACKUP : 0) | option.addressId);
        return WriteBig32(WriteBig64(at, option.truncatedHmac), option.nonce);
    }

    uint8_t* operator()(const MpJoinAck& option) const
    {
        uint8_t* at = WriteHead(to, OptionSize()(option), MptcpSubtype::MP_JOIN, option.reserved);
        std::memcpy(at, option.hmac.data(), option.hmac.size());
        return at + option.hmac.size();
    }

    uint8_t* operator()(const Dss& option) const
    {
        uint16_t bits = option.reserved | (option.dataFin ? DSS_FIN : 0);
        uint8_t* at = to + 4;
        if (const auto& ack = option.dataAck)
        {
            bits |= DSS_ACK | (ack->is64 ? DSS_ACK8 : 0);
            at = WriteSequence(at, *ack);
        }
        if (const auto& mapping = option.mapping)
        {
            bits |= DSS_MAPPING | (mapping->dataSequence.is64 ? DSS_DSN8 : 0);
            at = WriteSequence(at, mapping->dataSequence);
            at = WriteBig32(at, mapping->subflowSequence);
            at = WriteBig16(at, mapping->length);
            at = mapping->checksum ? WriteBig16(at, *mapping->checksum) : at;
        }
        WriteHead(to, static_cast<size_t>(at - to), MptcpSubtype::DSS, bits);
        return at;
    }

    uint8_t* operator()(const AddAddress& option) const
    {
        const unsigned bits = option.version0 ? GetIpVer(option) << 8
                                              : option.reserved | (option.echo ? ADD_ECHO : 0);
        uint8_t* at = WriteHead(to,
                                OptionSize()(option),
                                MptcpSubtype::ADD_ADDR,
                                static_cast<uint16_t>(bits | option.addressId));
        std::memcpy(at, option.address.GetBytes(), option.address.GetSize());
        at += option.address.GetSize();
        at = option.port ? WriteBig16(at, *option.port) : at;
        return option.truncatedHmac ? WriteBig64(at, *option.truncatedHmac) : at;
    }

    uint8_t* operator()(const RemoveAddress& option) const
    {
        uint8_t* at =
            WriteShortHead(OptionSize()(option), MptcpSubtype::REMOVE_ADDR, option.reserved);
        for (const uint8_t id : option.addressIds)
        {
            *at++ = id;
        }
        return at;
    }

    uint8_t* operator()(const MpPrio& option) const
    {
        uint8_t* at = WriteShortHead(OptionSize()(option),
                                     MptcpSubtype::MP_PRIO,
                                     option.reserved | (option.backup ? PRIO_BACKUP : 0));
        if (option.addressId)
        {
            *at++ = *option.addressId;
        }
        return at;
    }

    uint8_t* operator()(const MpFail& option) const
    {
        uint8_t* at = WriteHead(to, OptionSize()(option), MptcpSubtype::MP_FAIL, option.reserved);
        return WriteBig64(at, option.dataSequence);
    }

    uint8_t* operator()(const MpFastclose& option) const
    {
        uint8_t* at =
            WriteHead(to, OptionSize()(option), MptcpSubtype::MP_FASTCLOSE, option.reserved);
        return WriteBig64(at, option.receiverKey);
    }

    uint8_t* operator()(const MpTcpRst& option) const
    {
        return WriteHead(to,
                         OptionSize()(option),
                         MptcpSubtype::MP_TCPRST,
                         static_cast<uint16_t>((option.flags & 0x0f) << 8 | option.reason));
    }

    /// The first three bytes of an option. @param size its length @param subtype its subtype
    /// @param low4 the 4 bits behind the subtype @return behind them
    uint8_t* WriteShortHead(size_t size, MptcpSubtype subtype, unsigned low4) const
    {
        to[0] = MPTCP_OPTION_KIND;
        to[1] = static_cast<uint8_t>(size);
        to[2] = static_cast<uint8_t>(static_cast<unsigned>(subtype) << 4 | (low4 & 0x0f));
        return to + 3;
    }
};

} // namespace

AddressBytes::AddressBytes(const IpAddress& address)
    : AddressBytes(ns3::IsIpv6(address) ? AddressBytes(std::get<Ipv6Address>(address))
                                        : AddressBytes(std::get<Ipv4Address>(address)))
{
}

AddressBytes::AddressBytes(const Ipv4Address& address)
{
    address.Serialize(m_bytes.data());
}

AddressBytes::AddressBytes(const Ipv6Address& address)
    : m_ipv6(true)
{
    address.GetBytes(m_bytes.data());
}

AddressBytes::AddressBytes(const uint8_t* bytes, bool ipv6)
    : m_ipv6(ipv6)
{
    std::memcpy(m_bytes.data(), bytes, GetSize());
}

AddressBytes::operator IpAddress() const
{
    if (m_ipv6)
    {
        return Ipv6Address::Deserialize(m_bytes.data());
    }
    return Ipv4Address::Deserialize(m_bytes.data());
}

MptcpParseResult
ParseMptcpOption(const uint8_t* bytes, size_t size, bool synFlag, bool ackFlag)
{
    if (size < 3)
    {
        return Malformed("MPTCP option is shorter than 3 bytes");
    }
    if (bytes[0] != MPTCP_OPTION_KIND)
    {
        return Malformed("option kind is not 30");
    }
    if (bytes[1] != size)
    {
        return Malformed("MPTCP option has another length than its length byte says");
    }
    switch (static_cast<MptcpSubtype>(bytes[2] >> 4))
    {
    case MptcpSubtype::MP_CAPABLE:
        return ParseCapable(bytes, size, synFlag, ackFlag);
    case MptcpSubtype::MP_JOIN:
        return ParseJoin(bytes, size, synFlag, ackFlag);
    case MptcpSubtype::DSS:
        return ParseDss(bytes, size);
    case MptcpSubtype::ADD_ADDR:
        return ParseAddAddress(bytes, size);
    case MptcpSubtype::REMOVE_ADDR:
        return ParseRemoveAddress(bytes, size);
    case MptcpSubtype::MP_PRIO:
        return ParsePrio(bytes, size);
    case MptcpSubtype::MP_FAIL:
        return ParseFail(bytes, size);
    case MptcpSubtype::MP_FASTCLOSE:
        return ParseFastclose(bytes, size);
    case MptcpSubtype::MP_TCPRST:
        return ParseTcpRst(bytes, size);
    }
    return Malformed("MPTCP option of an unknown subtype");
}

size_t
GetMptcpOptionSize(const MptcpOption& option)
{
    return std::visit(OptionSize(), option);
}

size_t
WriteMptcpOption(const MptcpOption& option, uint8_t* to)
{
    return static_cast<size_t>(std::visit(OptionWriter{to}, option) - to);
}

size_t
WriteDss(const Dss& dss, uint8_t* to)
{
    return static_cast<size_t>(OptionWriter{to}(dss)-to);
}

size_t
GetDssSize(const Dss& dss)
{
    return OptionSize()(dss);
}

} // namespace ns3
