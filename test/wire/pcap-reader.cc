// SPDX-License-Identifier: GPL-2.0-only
#include "pcap-reader.h"

#include "ns3/mptcp-option.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

namespace ns3
{

namespace
{

constexpr uint32_t PCAP_MAGIC = 0xa1b2c3d4;
constexpr uint32_t LINKTYPE_ETHERNET = 1;
constexpr uint32_t LINKTYPE_LINUX_SLL2 = 276;
constexpr size_t FILE_HEADER = 24;
constexpr size_t RECORD_HEADER = 16;
constexpr size_t ETHERNET_HEADER = 14;
constexpr size_t COOKED_HEADER = 20;
constexpr uint8_t TCP = 6;

/// @param at four bytes in the byte order of the machine that captured @return their number
uint32_t
ReadHost32(const uint8_t* at)
{
    uint32_t value;
    std::memcpy(&value, at, sizeof(value));
    return value;
}

/// @param at two bytes in network order @return their number
uint32_t
ReadNet16(const uint8_t* at)
{
    return uint32_t(at[0]) << 8 | at[1];
}

/// @param ip an IP packet @param size bytes captured @return its segment, if it is TCP
std::optional<CapturedSegment>
ReadPacket(const uint8_t* ip, size_t size)
{
    CapturedSegment segment;
    size_t header = 0;
    if (size >= 20 && ip[0] >> 4 == 4 && ip[9] == TCP)
    {
        header = (ip[0] & 0x0f) * 4;
        segment.size = ReadNet16(ip + 2) - static_cast<uint32_t>(header);
        segment.source = AddressBytes(ip + 12, false);
        segment.destination = AddressBytes(ip + 16, false);
    }
    else if (size >= 40 && ip[0] >> 4 == 6 && ip[6] == TCP)
    {
        header = 40;
        segment.size = ReadNet16(ip + 4);
        segment.source = AddressBytes(ip + 8, true);
        segment.destination = AddressBytes(ip + 24, true);
    }
    if (header == 0 || header > size)
    {
        return std::nullopt;
    }
    segment.bytes.assign(ip + header, ip + size);
    return segment;
}

} // namespace

std::vector<CapturedSegment>
ReadCapture(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    const std::vector<uint8_t> file{std::istreambuf_iterator<char>(in), {}};
    if (file.size() < FILE_HEADER || ReadHost32(file.data()) != PCAP_MAGIC)
    {
        throw std::runtime_error(path + " is no pcap file");
    }
    const uint32_t linkType = ReadHost32(file.data() + 20);
    if (linkType != LINKTYPE_ETHERNET && linkType != LINKTYPE_LINUX_SLL2)
    {
        throw std::runtime_error(path + " has neither Ethernet nor Linux cooked v2 headers");
    }
    const size_t linkHeader = linkType == LINKTYPE_ETHERNET ? ETHERNET_HEADER : COOKED_HEADER;
    std::vector<CapturedSegment> segments;
    uint32_t frame = 0;
    for (size_t at = FILE_HEADER; at != file.size();)
    {
        if (file.size() - at < RECORD_HEADER ||
            file.size() - at - RECORD_HEADER < ReadHost32(&file[at + 8]))
        {
            throw std::runtime_error(path + " ends within a record");
        }
        const size_t captured = ReadHost32(&file[at + 8]);
        const uint8_t* packet = &file[at] + RECORD_HEADER;
        at += RECORD_HEADER + captured;
        ++frame;
        if (captured <= linkHeader)
        {
            continue;
        }
        if (auto segment = ReadPacket(packet + linkHeader, captured - linkHeader))
        {
            segment->file = path.substr(path.rfind('/') + 1);
            segment->frame = frame;
            segments.push_back(std::move(*segment));
        }
    }
    return segments;
}

const std::vector<std::string>&
GetKernelCaptures()
{
    static const std::vector<std::string> names{
        "kernel-features-v4.pcap",
        "kernel-features-v4-csum.pcap",
        "kernel-features-v6.pcap",
        "kernel-features-v6-csum.pcap",
        "kernel-mptcp-first400.pcap",
        "kernel-mptcp6-first400.pcap",
    };
    return names;
}

const std::vector<CapturedSegment>&
GetKernelSegments()
{
    static const std::vector<CapturedSegment> all = []
    {
        std::vector<CapturedSegment> segments;
        for (const auto& name : GetKernelCaptures())
        {
            for (auto& segment : ReadCapture(std::string(MPTCP_TEST_VECTORS "/") + name))
            {
                segments.push_back(std::move(segment));
            }
        }
        return segments;
    }();
    return all;
}

} // namespace ns3
