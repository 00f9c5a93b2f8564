// SPDX-License-Identifier: GPL-2.0-only
#ifndef ROUTING_HEADER_H
#define ROUTING_HEADER_H

#include "ns3/ipv6-address.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/// A routing header as an application gives it to a socket (RFC 3542 section 7), or nothing.
using RoutingHeaderBytes = std::vector<uint8_t>;

/**
 * Make the Segment Routing Header (RFC 8754 section 2) of a path. The last segment, which is the
 * destination, is left to the one who sends: it stands as :: in the list.
 * @param segments before the destination, in the order in which packets visit them
 * @return the header; nothing if there are no segments or more than 126
 */
RoutingHeaderBytes MakeSegmentRoutingBytes(const std::vector<Ipv6Address>& segments);

/**
 * @param header a Segment Routing Header as MakeSegmentRoutingBytes() or a C program makes it
 * @return the segments that packets have yet to visit before their destination, in that order;
 * nothing if the list does not fit the bytes
 */
std::vector<Ipv6Address> GetSegments(const RoutingHeaderBytes& header);

} // namespace ns3

#endif // ROUTING_HEADER_H
