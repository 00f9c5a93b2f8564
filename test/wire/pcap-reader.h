// SPDX-License-Identifier: GPL-2.0-only
#ifndef PCAP_READER_H
#define PCAP_READER_H

#include "ns3/tcp-tuple.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

/// A TCP segment of a capture.
struct CapturedSegment
{
    std::string file;           //!< name of the capture
    uint32_t frame{0};          //!< number of the frame, from 1
    IpAddress source;           //!< who sent it
    IpAddress destination;      //!< to whom
    std::vector<uint8_t> bytes; //!< the segment from its source port on, as much as was captured
    uint32_t size{0};           //!< bytes of the whole segment, by the IP header
};

/**
 * Read the TCP segments of a capture in pcap format with Ethernet or Linux cooked v2 headers.
 * @param path the file
 * @return its TCP segments, in order; throws std::runtime_error if it is no such file
 */
std::vector<CapturedSegment> ReadCapture(const std::string& path);

/**
 * @return the segments of all captures in test/vectors, read once
 */
const std::vector<CapturedSegment>& GetKernelSegments();

/// @return the names of the captures in test/vectors
const std::vector<std::string>& GetKernelCaptures();

} // namespace ns3

#endif // PCAP_READER_H
