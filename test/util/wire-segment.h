// SPDX-License-Identifier: GPL-2.0-only
#ifndef WIRE_SEGMENT_H
#define WIRE_SEGMENT_H

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/**
 * A TCP segment as it travels, read byte by byte. It shares no code with the module: what the
 * module puts on the wire is judged by the RFCs alone.
 */
struct WireSegment
{
    /// A TCP option.
    struct Option
    {
        uint8_t kind{0};           //!< its kind
        std::vector<uint8_t> body; //!< all bytes, kind and length included
        size_t at{0};              //!< offset in the frame
    };

    std::vector<uint8_t> frame;            //!< all bytes, IP header first
    size_t tcpAt{0};                       //!< offset of the TCP header
    size_t payloadAt{0};                   //!< offset of the payload
    bool ipv6{false};                      //!< which IP
    std::array<uint8_t, 16> source{};      //!< address, 4 or 16 bytes of it
    std::array<uint8_t, 16> destination{}; //!< address, 4 or 16 bytes of it
    uint16_t sourcePort{0};                //!< port
    uint16_t destinationPort{0};           //!< port
    uint32_t seq{0};                       //!< sequence number
    uint32_t ack{0};                       //!< acknowledgment number
    uint16_t window{0};                    //!< window field
    bool fin{false};                       //!< FIN
    bool syn{false};                       //!< SYN
    bool rst{false};                       //!< RST
    bool psh{false};                       //!< PSH
    bool hasAck{false};                    //!< ACK
    std::vector<Option> options;           //!< all but NOP and end of list
    std::string problem;                   //!< why the header is no TCP header

    /// @return bytes behind the header
    size_t PayloadSize() const
    {
        return frame.size() - payloadAt;
    }

    /// @return the payload
    const uint8_t* Payload() const
    {
        return frame.data() + payloadAt;
    }

    /// @param kind of option @return the first such one, or nullptr
    const Option* FindOption(uint8_t kind) const;

    /// @param subtype of MPTCP, RFC 8684 table 2 @return the first such option, or nullptr
    const Option* FindMptcp(uint8_t subtype) const;

    /// @return whether there is any MPTCP option
    bool HasMptcp() const
    {
        return FindOption(30);
    }

    /// @return all of its values on a line, for messages
    std::string Describe() const;

    /// Replace MPTCP options by NOPs.
    void StripMptcp();

    /// Make the TCP checksum right, if it is in use (not 0).
    void FixChecksum();
};

/// RFC 8684 table 2.
namespace wire
{
constexpr uint8_t MP_CAPABLE = 0;   //!< subtype
constexpr uint8_t MP_JOIN = 1;      //!< subtype
constexpr uint8_t DSS = 2;          //!< subtype
constexpr uint8_t ADD_ADDR = 3;     //!< subtype
constexpr uint8_t REMOVE_ADDR = 4;  //!< subtype
constexpr uint8_t MP_PRIO = 5;      //!< subtype
constexpr uint8_t MP_FAIL = 6;      //!< subtype
constexpr uint8_t MP_FASTCLOSE = 7; //!< subtype
constexpr uint8_t MP_TCPRST = 8;    //!< subtype

/// A DSS option, RFC 8684 section 3.3.
struct Dss
{
    bool dataFin{false};              //!< F
    bool hasAck{false};               //!< A
    bool ack64{false};                //!< a
    uint64_t ack{0};                  //!< data ACK as it travels
    bool hasMapping{false};           //!< M
    bool sequence64{false};           //!< m
    uint64_t sequence{0};             //!< data sequence number as it travels
    uint32_t subflowSequence{0};      //!< relative to the ISN
    uint16_t length{0};               //!< data-level length
    std::optional<uint16_t> checksum; //!< if there is room for one
};

/// @param bytes where to read @param count bytes, big endian @return the number
uint64_t ReadNumber(const uint8_t* bytes, size_t count);

/// @param option a DSS @return its values, nothing if its length does not fit its flags
std::optional<Dss> ReadDss(const WireSegment::Option& option);

/// @param short32 32 bits that travelled @param near a number close to it @return all 64 bits
uint64_t Expand(uint32_t short32, uint64_t near);

/// @param key of a host @param version of the protocol @return its token, RFC 8684 section 3.2
uint32_t Token(uint64_t key, uint8_t version = 1);

/// Let all initial data sequence numbers be the same, here and in the module, so that they can
/// be near 2^64. @param sequence it; std::nullopt ends it
void ForceSequence(std::optional<uint64_t> sequence);

/// @param key of a host @param version of the protocol @return its initial data sequence number,
/// RFC 8684 section 3.1
uint64_t InitialDataSequence(uint64_t key, uint8_t version = 1);

/// HMAC of MP_JOIN, RFC 8684 section 3.2. @param keyA of the sender @param keyB of the receiver
/// @param nonceA of the sender @param nonceB of the receiver @param version of the protocol
/// @return 32 bytes; 20 and zeros in version 0 (RFC 6824 section 3.2)
std::array<uint8_t, 32>
JoinHmac(uint64_t keyA, uint64_t keyB, uint32_t nonceA, uint32_t nonceB, uint8_t version = 1);
} // namespace wire

/**
 * @param frame an IP packet
 * @return its TCP segment, nothing if it carries no TCP
 */
std::optional<WireSegment> ReadWireSegment(std::vector<uint8_t> frame);

} // namespace ns3

#endif // WIRE_SEGMENT_H
