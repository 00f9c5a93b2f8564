// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_OPTION_H
#define MPTCP_OPTION_H

#include "tcp-tuple.h"

#include "ns3/bounded-vector.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string_view>
#include <type_traits>
#include <variant>

namespace ns3
{

/**
 * @file
 * @ingroup mptcp
 * The MPTCP options of RFC 8684 (TCP option kind 30) as plain values, with one function that
 * writes them and one that reads them. Where version 0 (RFC 6824) writes them otherwise:
 * mptcp-option-v0.h. No state and no I/O: what a peer may send when is decided
 * in connection/.
 *
 * The values are trivially copyable. Bits without a meaning are kept in "reserved", in the place
 * that they have in the 12 bits behind the subtype, so that what was read is written again
 * unchanged; a sender leaves them 0.
 */

/// TCP option kind of every MPTCP option (RFC 8684 section 3).
constexpr uint8_t MPTCP_OPTION_KIND = 30;

/// The four-bit option subtypes of RFC 8684 section 7.2 (table 2).
enum class MptcpSubtype : uint8_t
{
    MP_CAPABLE = 0x0,
    MP_JOIN = 0x1,
    DSS = 0x2,
    ADD_ADDR = 0x3,
    REMOVE_ADDR = 0x4,
    MP_PRIO = 0x5,
    MP_FAIL = 0x6,
    MP_FASTCLOSE = 0x7,
    MP_TCPRST = 0x8,
};

/// MP_CAPABLE, RFC 8684 section 3.1 (figure 4). Which fields are present follows the handshake.
struct MpCapable
{
    uint8_t version{1};                 //!< 1: RFC 8684, 0: RFC 6824
    bool checksumRequired{false};       //!< flag A: DSS checksums are required
    bool extensibility{false};          //!< flag B: must be 0; a receiver ignores the option if set
    bool denyJoinInitialAddress{false}; //!< flag C: no subflow to the source address and port
    uint8_t cryptoFlags{0x01};          //!< flags D to H (version 0: C to H), bit 0 is H
    std::optional<uint64_t> senderKey;  //!< on SYN/ACK and ACK; in version 0 on the SYN, too
    std::optional<uint64_t> receiverKey; //!< on ACK
    std::optional<uint16_t> dataLength;  //!< on the first data: data-level length
    std::optional<uint16_t> checksum;    //!< on the first data, if checksums are in use
};

/// MP_JOIN on the SYN, RFC 8684 section 3.2 (figure 5).
struct MpJoinSyn
{
    bool backup{false};   //!< flag B: use this subflow only if no other is left
    uint8_t addressId{0}; //!< sender's identifier of its source address
    uint32_t token{0};    //!< receiver's token
    uint32_t nonce{0};    //!< sender's random number
    uint16_t reserved{0}; //!< bits without a meaning
};

/// MP_JOIN on the SYN/ACK, RFC 8684 section 3.2 (figure 6).
struct MpJoinSynAck
{
    bool backup{false};        //!< flag B
    uint8_t addressId{0};      //!< sender's identifier of its source address
    uint64_t truncatedHmac{0}; //!< leftmost 64 bits of the sender's HMAC
    uint32_t nonce{0};         //!< sender's random number
    uint16_t reserved{0};      //!< bits without a meaning
};

/// MP_JOIN on the third ACK, RFC 8684 section 3.2 (figure 7).
struct MpJoinAck
{
    std::array<uint8_t, 20> hmac{}; //!< leftmost 160 bits of the sender's HMAC
    uint16_t reserved{0};           //!< bits without a meaning
};

/// A sequence number field that travels in 4 or 8 bytes.
struct SequenceField
{
    uint64_t value{0}; //!< the number; only its low 32 bits are significant if !is64
    bool is64{true};   //!< true: 8 bytes on the wire, false: 4 bytes
};

/// DSS, RFC 8684 section 3.3 (figure 9).
struct Dss
{
    /// The data sequence mapping part (flag M).
    struct Mapping
    {
        SequenceField dataSequence; //!< first data sequence number of the mapping
        /// Relative to the subflow's ISN: the first byte is 1. 0 for a lone DATA_FIN.
        uint32_t subflowSequence{0};
        uint16_t length{0}; //!< data-level length; 0 is the infinite mapping (section 3.7)
        std::optional<uint16_t> checksum; //!< present if checksums are in use
    };

    bool dataFin{false}; //!< flag F: the mapping covers the DATA_FIN (section 3.3.3)
    std::optional<SequenceField> dataAck; //!< flag A: cumulative data acknowledgment
    std::optional<Mapping> mapping;       //!< flag M
    uint16_t reserved{0}; //!< bits without a meaning; "a" and "m" have none without "A" and "M"
};

/// An address as its bytes; converts to and from IpAddress, which is not trivially copyable.
class AddressBytes
{
  public:
    /// 0.0.0.0
    AddressBytes() = default;
    /// @param address an address
    AddressBytes(const IpAddress& address);
    /// @param address an address
    AddressBytes(const Ipv4Address& address);
    /// @param address an address
    AddressBytes(const Ipv6Address& address);

    /**
     * @param bytes its bytes in network order
     * @param ipv6 whether there are 16 of them, or 4
     */
    AddressBytes(const uint8_t* bytes, bool ipv6);

    /// @return the address
    operator IpAddress() const;

    /// @return whether it is an IPv6 address
    bool IsIpv6() const
    {
        return m_ipv6;
    }

    /// @return number of bytes, 4 or 16
    size_t GetSize() const
    {
        return m_ipv6 ? 16 : 4;
    }

    /// @return the bytes in network order
    const uint8_t* GetBytes() const
    {
        return m_bytes.data();
    }

  private:
    std::array<uint8_t, 16> m_bytes{}; //!< network order; 4 or 16 are used
    bool m_ipv6{false};                //!< which
};

/// ADD_ADDR, RFC 8684 section 3.4.1 (figure 12).
struct AddAddress
{
    bool echo{false};                      //!< flag E: confirms a received ADD_ADDR
    uint8_t addressId{0};                  //!< identifier of the address
    AddressBytes address;                  //!< the advertised address
    std::optional<uint16_t> port;          //!< port, if not that of the connection
    std::optional<uint64_t> truncatedHmac; //!< rightmost 64 bits; absent on an echo
    uint16_t reserved{0};                  //!< bits without a meaning
    /// As in version 0: with IPVer, without flag E and HMAC (RFC 6824 section 3.4.1).
    bool version0{false};
};

/// REMOVE_ADDR, RFC 8684 section 3.4.2 (figure 13).
struct RemoveAddress
{
    /// As many identifiers as TCP's 40 bytes of options hold.
    static constexpr size_t MAX_IDS = 37;

    BoundedVector<uint8_t, MAX_IDS> addressIds; //!< one or more identifiers
    uint16_t reserved{0};                       //!< bits without a meaning
};

/// MP_PRIO, RFC 8684 section 3.3.8 (figure 11).
struct MpPrio
{
    bool backup{false};   //!< flag B: the new priority of the subflow it arrives on
    uint16_t reserved{0}; //!< bits without a meaning
    /// Version 0 only: of all subflows with this address of the sender instead.
    std::optional<uint8_t> addressId{};
};

/// MP_FAIL, RFC 8684 section 3.7 (figure 16).
struct MpFail
{
    uint64_t dataSequence{0}; //!< start of the mapping whose checksum failed
    uint16_t reserved{0};     //!< bits without a meaning
};

/// MP_FASTCLOSE, RFC 8684 section 3.5 (figure 14).
struct MpFastclose
{
    uint64_t receiverKey{0}; //!< the receiver's key
    uint16_t reserved{0};    //!< bits without a meaning
};

/// Reason codes of MP_TCPRST, RFC 8684 section 3.6.
enum MptcpRstReason : uint8_t
{
    MPTCP_RST_UNSPECIFIED = 0x00,
    MPTCP_RST_MPTCP_ERROR = 0x01,
    MPTCP_RST_LACK_OF_RESOURCES = 0x02,
    MPTCP_RST_PROHIBITED = 0x03,
    MPTCP_RST_TOO_MUCH_OUTSTANDING_DATA = 0x04,
    MPTCP_RST_UNACCEPTABLE_PERFORMANCE = 0x05,
    MPTCP_RST_MIDDLEBOX_INTERFERENCE = 0x06,
};

/// MP_TCPRST, RFC 8684 section 3.6 (figure 15).
struct MpTcpRst
{
    uint8_t flags{0};  //!< U, V, W, T: bit 0 is T (transient)
    uint8_t reason{0}; //!< reason code, table 3

    /// @return flag T: what made the sender reset does not last, another subflow may be tried
    bool IsTransient() const
    {
        return flags & 0x01;
    }
};

/// Any MPTCP option.
using MptcpOption = std::variant<MpCapable,
                                 MpJoinSyn,
                                 MpJoinSynAck,
                                 MpJoinAck,
                                 Dss,
                                 AddAddress,
                                 RemoveAddress,
                                 MpPrio,
                                 MpFail,
                                 MpFastclose,
                                 MpTcpRst>;

// Reading, keeping and passing them on costs no more than their bytes.
static_assert(std::is_trivially_copyable_v<MptcpOption>);

/// Either an option or, as text, why the bytes are none.
struct MptcpParseResult
{
    std::optional<MptcpOption> option; //!< the value, if the bytes are well-formed
    std::string_view error;            //!< the reason otherwise
};

/**
 * Read one MPTCP option.
 *
 * @param bytes the option from its kind byte on
 * @param size number of bytes that may be read (the option's own length byte must equal it)
 * @param synFlag whether the segment has SYN set (MP_JOIN's layout depends on it)
 * @param ackFlag whether the segment has ACK set
 * @return the option, or the reason why it is malformed (RFC 8684 section 3)
 */
MptcpParseResult ParseMptcpOption(const uint8_t* bytes, size_t size, bool synFlag, bool ackFlag);

/**
 * @param option an option
 * @return the number of bytes that WriteMptcpOption() writes, without padding
 */
size_t GetMptcpOptionSize(const MptcpOption& option);

/**
 * Write one option, from its kind byte on, without padding.
 * @param option the option
 * @param to at least GetMptcpOptionSize() bytes
 * @return the number of bytes written
 */
size_t WriteMptcpOption(const MptcpOption& option, uint8_t* to);

/// The longest DSS: both numbers of 8 bytes, with a checksum (RFC 8684 section 3.3).
constexpr size_t MAX_DSS_SIZE = 28;

/**
 * Fast path of the sender: write a DSS without a variant around it.
 * @param dss the option
 * @param to at least MAX_DSS_SIZE bytes
 * @return the number of bytes written
 */
size_t WriteDss(const Dss& dss, uint8_t* to);

/**
 * @param dss an option
 * @return the number of bytes that WriteDss() writes
 */
size_t GetDssSize(const Dss& dss);

/**
 * Print an option readably, for logs and tests.
 * @param os the stream
 * @param option the option
 * @return the stream
 */
std::ostream& operator<<(std::ostream& os, const MptcpOption& option);

} // namespace ns3

#endif // MPTCP_OPTION_H
