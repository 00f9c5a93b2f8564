// SPDX-License-Identifier: GPL-2.0-only
#include "routing-header.h"

namespace ns3
{

namespace
{

constexpr size_t FIXED = 8;            //!< bytes in front of the segment list
constexpr size_t SEGMENT = 16;         //!< bytes of a segment
constexpr size_t MOST = 126;           //!< segments beside the destination
constexpr size_t LENGTH_OFFSET = 1;    //!< of Hdr Ext Len
constexpr size_t TYPE_OFFSET = 2;      //!< of Routing Type
constexpr size_t LEFT_OFFSET = 3;      //!< of Segments Left
constexpr size_t LAST_OFFSET = 4;      //!< of Last Entry
constexpr uint8_t SEGMENT_ROUTING = 4; //!< routing type

} // namespace

RoutingHeaderBytes
MakeSegmentRoutingBytes(const std::vector<Ipv6Address>& segments)
{
    if (segments.empty() || segments.size() > MOST)
    {
        return {};
    }
    RoutingHeaderBytes header(FIXED + SEGMENT * (segments.size() + 1));
    header[LENGTH_OFFSET] = static_cast<uint8_t>(2 * (segments.size() + 1));
    header[TYPE_OFFSET] = SEGMENT_ROUTING;
    header[LEFT_OFFSET] = static_cast<uint8_t>(segments.size());
    header[LAST_OFFSET] = header[LEFT_OFFSET];
    uint8_t* to = header.data() + header.size();
    for (const auto& segment : segments)
    {
        to -= SEGMENT;
        segment.GetBytes(to);
    }
    return header;
}

std::vector<Ipv6Address>
GetSegments(const RoutingHeaderBytes& header)
{
    std::vector<Ipv6Address> segments;
    if (header.size() < FIXED || header.size() < FIXED + SEGMENT * (header[LEFT_OFFSET] + 1U))
    {
        return segments;
    }
    for (size_t left = header[LEFT_OFFSET]; left > 0; --left)
    {
        segments.push_back(Ipv6Address::Deserialize(header.data() + FIXED + SEGMENT * left));
    }
    return segments;
}

} // namespace ns3
