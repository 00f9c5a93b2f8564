// SPDX-License-Identifier: GPL-2.0-only
// Options as bytes: the first byte of an input tells how the others are read.
#include "fuzz-input.h"
#include "fuzz-targets.h"

#include "ns3/mptcp-option-v0.h"
#include "ns3/tcp-segment.h"

#include <sstream>

namespace ns3
{

namespace
{

/// Write options again: what was read is what is written. @param option an MPTCP option
/// @return its bytes
std::vector<uint8_t>
Write(const MptcpOption& option)
{
    std::vector<uint8_t> bytes(GetMptcpOptionSize(option));
    FuzzRequire(WriteMptcpOption(option, bytes.data()) == bytes.size(), "the size of an option");
    std::ostringstream text;
    text << option;
    FuzzRequire(!text.str().empty(), "an option prints");
    return bytes;
}

/// One option by itself. @param bytes of it @param syn flag @param ack flag
void
ReadOne(const std::vector<uint8_t>& bytes, bool syn, bool ack)
{
    const auto result = ParseMptcpOption(bytes.data(), bytes.size(), syn, ack);
    FuzzRequire(result.option.has_value() == result.error.empty(), "an option or a reason");
    if (result.option)
    {
        FuzzRequire(Write(*result.option) == bytes, "an option is written as it was read");
        FuzzRequire(IsOfVersion(*result.option, 0) || IsOfVersion(*result.option, 1),
                    "an option is of one of the versions");
    }
}

/// Write all options of a segment, in the order of a sender. @param segment that was read
void
WriteAll(const TcpSegment& segment)
{
    TcpOptionSpace space;
    if (segment.mss)
    {
        space.AddMss(*segment.mss);
    }
    if (segment.sackPermitted)
    {
        space.AddSackPermitted();
    }
    if (segment.timestamps)
    {
        space.AddTimestamps(segment.timestamps->value, segment.timestamps->echo);
    }
    if (segment.windowScale)
    {
        space.AddWindowScale(*segment.windowScale);
    }
    for (const auto& option : segment.mptcp)
    {
        const size_t room = space.GetRoom();
        const auto* dss = std::get_if<Dss>(&option);
        const bool added = dss ? space.AddDss(*dss) : space.AddMptcp(option);
        FuzzRequire(added == (GetMptcpOptionSize(option) <= room), "what fits is taken");
        if (dss)
        {
            FuzzRequire(GetDssSize(*dss) <= MAX_DSS_SIZE, "the size of a DSS");
        }
        Write(option);
    }
    FuzzRequire(space.AddSack(segment.sack.begin(), segment.sack.size()) <= segment.sack.size(),
                "no more blocks than there are");
    FuzzRequire(space.GetSize() + space.GetRoom() == TcpOptionSpace::CAPACITY, "room");
    FuzzRequire(space.GetSize() % 4 == 0, "whole words");

    // Read them again.
    std::vector<uint8_t> header(20);
    header[12] = static_cast<uint8_t>((20 + space.GetSize()) / 4 << 4);
    header[13] = segment.flags;
    header.insert(header.end(), space.GetBytes(), space.GetBytes() + space.GetSize());
    const auto again =
        ParseTcpSegment(header.data(), header.size(), static_cast<uint32_t>(header.size()));
    FuzzRequire(again.segment.has_value(), "what was written can be read");
    FuzzRequire(again.segment->malformedMptcp == 0, "what was written is well-formed");
}

/// A TCP header. @param bytes of it @param more bytes of payload behind
void
ReadHeader(const std::vector<uint8_t>& bytes, uint32_t more)
{
    const auto size = static_cast<uint32_t>(bytes.size());
    const auto result = ParseTcpSegment(bytes.data(), size, size + more);
    FuzzRequire(result.segment.has_value() == result.error.empty(), "a segment or a reason");
    FuzzRequire(CheckTcpFraming(bytes.data(), size) == result.error, "one reason for both");
    if (result.segment)
    {
        FuzzRequire(result.segment->headerSize + result.segment->payloadSize == size + more,
                    "header and payload are the segment");
        FuzzRequire(result.segment->SequenceLength() >= result.segment->payloadSize,
                    "sequence space");
        WriteAll(*result.segment);
    }
}

} // namespace

int
FuzzOption(const uint8_t* data, size_t size)
{
    FuzzInput input(data, size);
    const uint8_t how = input.Byte();
    const bool syn = how & 1;
    const bool ack = how & 2;
    switch (how >> 2 & 3)
    {
    case 0: // an option
        ReadOne(input.Bytes(size), syn, ack);
        break;
    case 1: // a header
        ReadHeader(input.Bytes(60), how >> 4);
        break;
    default:
    { // options, in a header that is right
        auto options = input.Bytes(40);
        options.resize((options.size() + 3) / 4 * 4);
        std::vector<uint8_t> header(20);
        header[12] = static_cast<uint8_t>((20 + options.size()) / 4 << 4);
        header[13] = static_cast<uint8_t>((syn ? TCP_SYN : 0) | (ack ? TCP_ACK : 0));
        header.insert(header.end(), options.begin(), options.end());
        ReadHeader(header, how >> 4);
        break;
    }
    }
    const DataSequenceNumber near(uint64_t(how) << 56 | (size << 28));
    const auto low = static_cast<uint32_t>(size * 2654435761U);
    FuzzRequire(static_cast<uint32_t>(ExpandDataSequence(low, near).GetValue()) == low,
                "expanding keeps the low bits");
    return 0;
}

} // namespace ns3
