// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_FRAME_H
#define TCP_FRAME_H

#include "ns3/tcp-segment.h"
#include "ns3/tcp-tuple.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * An IP packet with a TCP segment, as whoever stands between two hosts sees it: everything is a
 * value that may be changed. Options and payload are bytes; the flags are those of TcpFlag.
 */
struct TcpFrame
{
    /// An option, within TcpFrame::options.
    struct Option
    {
        uint8_t kind{0};         //!< its kind
        uint8_t* bytes{nullptr}; //!< from its kind byte on
        uint8_t size{0};         //!< all of its bytes; 1 for NOP
    };

    IpAddress source;              //!< of the packet
    IpAddress destination;         //!< of the packet, same family
    uint16_t sourcePort{0};        //!< port
    uint16_t destinationPort{0};   //!< port
    uint32_t seq{0};               //!< sequence number
    uint32_t ack{0};               //!< acknowledgment number
    uint8_t flags{0};              //!< TcpFlag bits
    uint8_t reserved{0};           //!< the four bits between data offset and flags
    uint16_t window{0};            //!< the field, not scaled
    uint16_t urgent{0};            //!< urgent pointer
    std::vector<uint8_t> options;  //!< at most 40 bytes; padded to words when written
    std::vector<uint8_t> payload;  //!< data
    std::vector<uint8_t> ipHeader; //!< with what stands before TCP; empty: a plain one is made
    std::optional<uint8_t> offset; //!< data offset in words, to forge a wrong one
    uint16_t checksumSum{0xffff};  //!< sum of all words under the checksum; 0xffff: it is right

    /// @param flag bits to test @return whether any is set
    bool Has(uint8_t flag) const
    {
        return flags & flag;
    }

    /// @return sequence space that it takes: payload, SYN and FIN (RFC 9293 section 3.4)
    uint32_t SequenceLength() const;
    /// @return the options but for NOPs and what stands behind the end of the list. Until the
    /// vector changes its size they may be written to
    std::vector<Option> GetOptions();
    /// @param kind of an option @return the first such one, size 0 if there is none
    Option FindOption(uint8_t kind);
    /// Replace an option by NOPs. @param option one of GetOptions()
    static void Erase(const Option& option);
    /// @return addresses and ports as the sender sees them
    TcpTuple GetTuple() const;
};

/**
 * Read an IP packet.
 * @param bytes from the IP header on
 * @param size how many
 * @return its segment; nothing for other protocols, fragments, and what is malformed
 */
std::optional<TcpFrame> ReadTcpFrame(const uint8_t* bytes, size_t size);

/**
 * Write an IP packet, with lengths and checksums made anew. A TCP checksum that was wrong when it
 * was read stays wrong, as with all boxes that update it by what they change (RFC 1624).
 * @param frame the values
 * @param checksums whether checksums are in use (Node::ChecksumEnabled()), or else 0
 * @return the bytes, from the IP header on
 */
std::vector<uint8_t> WriteTcpFrame(const TcpFrame& frame, bool checksums);

} // namespace ns3

#endif // TCP_FRAME_H
