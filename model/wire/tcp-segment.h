// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_SEGMENT_H
#define TCP_SEGMENT_H

#include "data-sequence-number.h"
#include "mptcp-option.h"

#include "ns3/bounded-vector.h"
#include "ns3/sequence-number.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace ns3
{

/**
 * Expand a 4-byte data sequence number or data ACK to the 64-bit one nearest to a known number
 * (RFC 8684 section 3.3.1).
 * @param low32 the 32 bits that travelled
 * @param near a number known to be less than 2^31 away
 * @return the 64-bit number
 */
DataSequenceNumber ExpandDataSequence(uint32_t low32, DataSequenceNumber near);

// Macros of ns-3's openflow module.
#undef TCP_FIN
#undef TCP_SYN
#undef TCP_RST
#undef TCP_PSH
#undef TCP_ACK
#undef TCP_URG

/// TCP control bits as in RFC 9293 section 3.1; the values of ns3::TcpHeader::Flags_t.
enum TcpFlag : uint8_t
{
    TCP_FIN = 0x01,
    TCP_SYN = 0x02,
    TCP_RST = 0x04,
    TCP_PSH = 0x08,
    TCP_ACK = 0x10,
    TCP_URG = 0x20,
    TCP_ECE = 0x40,
    TCP_CWR = 0x80,
};

/// One SACK block, RFC 2018 section 3: [begin, end).
struct SackBlock
{
    SequenceNumber32 begin; //!< left edge
    SequenceNumber32 end;   //!< right edge, the first sequence number behind the block
};

/// A TCP header as plain values (RFC 9293 section 3.1), its options decoded.
struct TcpSegment
{
    /// RFC 7323 section 3.2
    struct Timestamps
    {
        uint32_t value{0}; //!< TSval
        uint32_t echo{0};  //!< TSecr
    };

    /// Not "= default", which would fill the room of options that are not there with zeros.
    TcpSegment()
    {
    }

    uint16_t sourcePort{0};               //!< source port
    uint16_t destinationPort{0};          //!< destination port
    SequenceNumber32 seq{0};              //!< sequence number
    SequenceNumber32 ack{0};              //!< acknowledgment number, valid with TCP_ACK
    uint8_t flags{0};                     //!< TcpFlag bits
    uint16_t window{0};                   //!< window field, not scaled
    uint8_t headerSize{20};               //!< bytes of header and options
    uint32_t payloadSize{0};              //!< bytes behind the header
    bool ce{false};                       //!< the IP header carried ECN codepoint CE
    bool sackPermitted{false};            //!< RFC 2018 section 2
    std::optional<uint16_t> mss;          //!< RFC 9293 section 3.7.1
    std::optional<uint8_t> windowScale;   //!< RFC 7323 section 2; above 14 stands for 14
    std::optional<Timestamps> timestamps; //!< RFC 7323 section 3
    BoundedVector<SackBlock, 4> sack;     //!< RFC 2018 section 3
    /// The well-formed MPTCP options, in order. TCP's 40 bytes hold six of different subtypes.
    BoundedVector<MptcpOption, 6> mptcp;
    /// MPTCP options that were skipped: malformed, or repeated beyond measure.
    uint8_t malformedMptcp{0};

    /// @param flag bits to test @return whether any is set
    bool Has(uint8_t flag) const
    {
        return flags & flag;
    }

    /// @return sequence space that the segment takes: payload, SYN and FIN (RFC 9293 section 3.4)
    uint32_t SequenceLength() const
    {
        return payloadSize + (Has(TCP_SYN) ? 1 : 0) + (Has(TCP_FIN) ? 1 : 0);
    }

    /// @tparam T an MPTCP option type @return the first option of that type or nullptr
    template <typename T>
    const T* Find() const
    {
        for (const auto& option : mptcp)
        {
            if (const T* found = std::get_if<T>(&option))
            {
                return found;
            }
        }
        return nullptr;
    }
};

/// A segment or the reason why the bytes are none.
struct TcpParseResult
{
    std::optional<TcpSegment> segment; //!< the values, if well-formed
    std::string_view error;            //!< why not, otherwise
};

/**
 * Read a TCP header with its options.
 *
 * A data offset below 5 or beyond the bytes, and an option whose length is 0, 1 or reaches beyond
 * the header, make the segment malformed. A known option of a wrong length, and a malformed MPTCP
 * option, is skipped (RFC 9293 section 3.1 and RFC 8684 section 3), the segment stands.
 *
 * @param bytes the segment's first bytes: all of its header (60 bytes are always enough)
 * @param size number of bytes that may be read
 * @param segmentSize size of the whole segment, header and payload
 * @return the values or the reason
 */
TcpParseResult ParseTcpSegment(const uint8_t* bytes, size_t size, uint32_t segmentSize);

/**
 * Check the header's framing only: the data offset and each option's length.
 * @param bytes the segment's first bytes
 * @param size number of bytes that may be read
 * @return an empty text if well-formed, the reason otherwise
 */
std::string_view CheckTcpFraming(const uint8_t* bytes, size_t size);

/**
 * TCP option space of one outgoing segment: 40 bytes, filled in order, padded by NOPs to words.
 * What does not fit is refused as a whole, and the space stays as it was. The layout is Linux's:
 * timestamps right behind SACK-permitted share a word with it.
 */
class TcpOptionSpace
{
  public:
    static constexpr size_t CAPACITY = 40; //!< RFC 9293 section 3.1: 60 bytes of header, 20 fixed

    /// @return bytes left
    size_t GetRoom() const
    {
        return CAPACITY - m_size;
    }

    /// @return bytes in use, a multiple of 4
    size_t GetSize() const
    {
        return m_size;
    }

    /// @return the bytes
    const uint8_t* GetBytes() const
    {
        return m_bytes.data();
    }

    /// @param mss maximum segment size @return false if there was no room
    bool AddMss(uint16_t mss);
    /// @return false if there was no room
    bool AddSackPermitted();
    /// @param shift window scale @return false if there was no room
    bool AddWindowScale(uint8_t shift);
    /// @param value TSval @param echo TSecr @return false if there was no room
    bool AddTimestamps(uint32_t value, uint32_t echo);
    /// Add as many of the blocks as fit. @param blocks first of them @param count how many
    /// @return how many were added
    size_t AddSack(const SackBlock* blocks, size_t count);
    /// @param option an MPTCP option @return false if there was no room
    bool AddMptcp(const MptcpOption& option);
    /// Fast path for the option of every data segment. @param dss it @return false if no room
    bool AddDss(const Dss& dss);

  private:
    /// Take room for an option, padded behind it. @param size its bytes @return where they go, or
    /// nullptr if there is no room
    uint8_t* Reserve(size_t size);

    std::array<uint8_t, CAPACITY> m_bytes; //!< the options; only the first m_size are valid
    uint8_t m_size{0};                     //!< bytes in use
    bool m_sackPermittedLast{false};       //!< SACK-permitted is the last one, behind two NOPs
};

} // namespace ns3

#endif // TCP_SEGMENT_H
