// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_HEADER_H
#define SRV6_HEADER_H

#include "ns3/header.h"
#include "ns3/ipv6-address.h"

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string_view>
#include <vector>

namespace ns3
{

constexpr uint8_t SRV6_ROUTING_TYPE = 4;  //!< RFC 8754 section 2
constexpr uint8_t SRV6_TLV_PAD1 = 0;      //!< one byte, without a length
constexpr uint8_t SRV6_TLV_PADN = 4;      //!< two to 257 bytes
constexpr uint8_t SRV6_TLV_HMAC = 5;      //!< RFC 8754 section 2.1.2
constexpr uint8_t SRV6_FLAG_OAM = 0x20;   //!< RFC 9259
constexpr uint8_t SRV6_FLAG_HMAC = 0x08;  //!< of the older drafts, and set by Linux
constexpr size_t SRV6_MAX_SEGMENTS = 127; //!< what Hdr Ext Len can tell
constexpr size_t SRV6_FIXED_SIZE = 8;     //!< bytes in front of the segment list
constexpr size_t SRV6_SEGMENT_SIZE = 16;  //!< bytes of a segment
constexpr size_t SRV6_MAX_SIZE = 2048;    //!< bytes of the longest header

/// A TLV of a Segment Routing Header.
struct Srv6Tlv
{
    uint8_t type{SRV6_TLV_PAD1}; //!< RFC 8754 section 8.2
    std::vector<uint8_t> value;  //!< what follows type and length; nothing for Pad1

    /// @return bytes on the wire
    size_t GetSize() const;
    /// @param other another @return whether both are the same
    bool operator==(const Srv6Tlv& other) const;
};

/**
 * @ingroup mptcp
 * A Segment Routing Header (RFC 8754 section 2) as a plain value. Last Entry and Hdr Ext Len follow
 * from the lists.
 */
struct SegmentRoutingHeader
{
    uint8_t nextHeader{0};             //!< what follows
    uint8_t segmentsLeft{0};           //!< index of the active segment
    uint8_t flags{0};                  //!< SRV6_FLAG_ values
    uint16_t tag{0};                   //!< class of packets
    std::vector<Ipv6Address> segments; //!< as on the wire: the last segment of the path first
    std::vector<Srv6Tlv> tlvs;         //!< in the order of the wire

    /**
     * @param path the segments in the order in which the packet visits them
     * @param reduced leave out the first one, which the destination address holds
     * @return a header with all of them left
     */
    static SegmentRoutingHeader FromPath(const std::vector<Ipv6Address>& path,
                                         bool reduced = false);

    /// @return bytes on the wire, with padding up to eight
    size_t GetSize() const;
    /// @return whether it can be written: one to 127 segments, and TLVs that fit
    bool IsValid() const;
    /// @return the HMAC TLV, nullptr if there is none
    const Srv6Tlv* FindHmac() const;
    /// Write it, if IsValid(). @param to GetSize() bytes
    void Write(uint8_t* to) const;
    /// @param other another @return whether both are the same
    bool operator==(const SegmentRoutingHeader& other) const;
};

/// What is wrong with the bytes of a header, if anything.
struct Srv6Problem
{
    std::string_view reason; //!< empty if nothing
    uint32_t offset{0};      //!< the byte of the header that is wrong

    /// @return whether there is one
    explicit operator bool() const;
};

/// What ParseSegmentRoutingHeader() found.
struct ParsedSrv6
{
    std::optional<SegmentRoutingHeader> header; //!< it, if the bytes are one
    Srv6Problem problem;                        //!< why they are none
};

/**
 * Look at what RFC 8986 section 4.1 (S08, S09) wants checked, without reading the lists.
 * @param bytes from the header's first on
 * @param size how many there are
 * @return what is wrong
 */
Srv6Problem CheckSrv6Framing(const uint8_t* bytes, size_t size);

/**
 * Look at the lengths of the TLVs of a header that CheckSrv6Framing() found right.
 * @param bytes the header
 * @return what is wrong
 */
Srv6Problem CheckSrv6Tlvs(const uint8_t* bytes);

/**
 * @param bytes from the header's first on
 * @param size how many there are
 * @return the header or the reason why it is none
 */
ParsedSrv6 ParseSegmentRoutingHeader(const uint8_t* bytes, size_t size);

/// Write a header readably, with the names that RFC 8754 and the older drafts give. @param os where
/// to @param header it @return os
std::ostream& operator<<(std::ostream& os, const SegmentRoutingHeader& header);

/**
 * @ingroup mptcp
 * A Segment Routing Header as ns-3 packets know headers.
 */
class Srv6Header : public Header
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6Header() = default;
    /// @param value to write
    explicit Srv6Header(SegmentRoutingHeader value);

    /// @return the value
    const SegmentRoutingHeader& Get() const;
    /// @param value to write; one that is not IsValid() writes nothing
    void Set(SegmentRoutingHeader value);
    /// @return what was wrong with the bytes that were read last
    const Srv6Problem& GetProblem() const;

    // Header
    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;

  private:
    SegmentRoutingHeader m_value; //!< it
    Srv6Problem m_problem;        //!< see GetProblem()
};

} // namespace ns3

#endif // SRV6_HEADER_H
