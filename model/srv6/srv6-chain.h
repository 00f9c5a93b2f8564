// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_CHAIN_H
#define SRV6_CHAIN_H

#include "ns3/ipv6-header.h"
#include "ns3/packet.h"

#include <array>
#include <cstdint>

namespace ns3
{

/**
 * @ingroup mptcp
 * The extension headers that a packet begins with, up to a Segment Routing Header with segments
 * left or to what is no extension header.
 */
class Srv6Chain
{
  public:
    /// Where Scan() ended.
    enum class End
    {
        SEGMENTS_LEFT, //!< a Segment Routing Header with segments left
        UPPER_LAYER,   //!< what follows the extension headers
        ROUTING_TYPE,  //!< another routing header with segments left
        MALFORMED,     //!< bytes that are too few
        OPTION,        //!< an unknown option, whose sender is to be told
        SILENT_OPTION, //!< the same, and it is not
        NEXT_HEADER,   //!< the number of Hop-by-Hop Options where none may be
    };

    /**
     * Read the headers.
     * @param packet without its IPv6 header
     * @param nextHeader of the IPv6 header
     * @param through pass over routing headers with segments left
     * @param strict heed Destination Options, of which none is known but padding, and the place of
     * Hop-by-Hop Options (RFC 8200 sections 4 and 4.2)
     * @return where it ended
     */
    End Scan(const Packet& packet, uint8_t nextHeader, bool through = false, bool strict = false);

    /// @return where it ended: the header with segments left, the upper layer or the fault
    uint32_t GetOffset() const;
    /// @return protocol number of the upper layer
    uint8_t GetUpperLayer() const;
    /// @return the bytes of the last Segment Routing Header that Scan() read, which is that with
    /// segments left if it ended there; nullptr if there is none
    uint8_t* GetSegmentRoutingHeader();
    /// @return where it begins
    uint32_t GetSegmentRoutingOffset() const;
    /// @return bytes from there on that were read
    uint32_t GetSegmentRoutingSize() const;

    /// @param nextHeader a number @return whether Scan() reads such a header and goes on
    static bool IsExtension(uint8_t nextHeader);

    /**
     * Put the headers back in front of what follows them.
     * @param packet as given to Scan()
     * @param header IPv6's; gets the next header and length
     * @param remove leave the last Segment Routing Header out
     * @return the packet
     */
    Ptr<Packet> Rebuild(const Packet& packet, Ipv6Header& header, bool remove);

  private:
    static constexpr uint32_t FIRST = 256;      //!< bytes that are read at once
    static constexpr uint32_t CAPACITY = 4096;  //!< bytes that are read at most
    static constexpr uint32_t MAX_HEADERS = 16; //!< headers that are looked at

    /// @param packet to read @param size bytes wanted @return whether they are there
    bool Need(const Packet& packet, uint32_t size);
    /// Look at the options of the last header that was read. @return what Scan() has to end with,
    /// UPPER_LAYER if nothing is wrong
    End CheckOptions();

    std::array<uint8_t, CAPACITY> m_bytes;         //!< what the packet begins with
    uint32_t m_size{0};                            //!< how many of them were read
    std::array<uint32_t, MAX_HEADERS> m_offsets{}; //!< where headers begin
    uint32_t m_count{0};                           //!< how many there are
    int32_t m_srh{-1};                             //!< the last Segment Routing Header
    uint32_t m_end{0};                             //!< see GetOffset()
    uint32_t m_rest{0};                            //!< behind the headers
    uint8_t m_upper{0};                            //!< see GetUpperLayer()
};

} // namespace ns3

#endif // SRV6_CHAIN_H
