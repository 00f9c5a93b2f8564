// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-segment.h"

#include "big-endian.h"

#include <algorithm>
#include <cstring>

namespace ns3
{

namespace
{

// Option kinds.
constexpr uint8_t KIND_END = 0;            //!< RFC 9293 section 3.1
constexpr uint8_t KIND_NOP = 1;            //!< RFC 9293 section 3.1
constexpr uint8_t KIND_MSS = 2;            //!< RFC 9293 section 3.7.1
constexpr uint8_t KIND_WINDOW_SCALE = 3;   //!< RFC 7323 section 2
constexpr uint8_t KIND_SACK_PERMITTED = 4; //!< RFC 2018 section 2
constexpr uint8_t KIND_SACK = 5;           //!< RFC 2018 section 3
constexpr uint8_t KIND_TIMESTAMPS = 8;     //!< RFC 7323 section 3

constexpr uint8_t FIXED_SIZE = 20;      //!< of the header, without options
constexpr uint8_t TIMESTAMPS_SIZE = 10; //!< of the option
constexpr uint8_t SACK_BLOCK_SIZE = 8;  //!< of one block

/// NOP, NOP, kind and length: how timestamps begin on all but a SYN (RFC 7323 appendix A).
constexpr uint32_t TIMESTAMPS_WORD =
    KIND_NOP << 24 | KIND_NOP << 16 | KIND_TIMESTAMPS << 8 | TIMESTAMPS_SIZE;

/**
 * Read the data offset.
 * @param bytes the segment's first bytes
 * @param size number of bytes that may be read
 * @param headerSize set to the size of header and options
 * @return an empty text, or why the bytes are no segment
 */
std::string_view
ReadHeaderSize(const uint8_t* bytes, size_t size, uint8_t& headerSize)
{
    if (size < FIXED_SIZE)
    {
        return "segment is shorter than 20 bytes";
    }
    headerSize = static_cast<uint8_t>((bytes[12] >> 4) * 4);
    if (headerSize < FIXED_SIZE)
    {
        return "data offset is below 5";
    }
    if (headerSize > size)
    {
        return "data offset points beyond the segment";
    }
    return {};
}

/**
 * Visit the options but for NOPs and what stands behind the end of the list.
 * @tparam F callable with (const uint8_t* option, uint8_t size)
 * @param at the first option
 * @param end behind the header
 * @param visit called for each option, from its kind byte on
 * @return an empty text, or why the list is malformed
 */
template <typename F>
std::string_view
VisitOptions(const uint8_t* at, const uint8_t* end, F&& visit)
{
    while (at != end && *at != KIND_END)
    {
        if (*at == KIND_NOP)
        {
            ++at;
            continue;
        }
        if (end - at < 2)
        {
            return "option has no room for its length";
        }
        if (at[1] < 2)
        {
            return "option length is below 2";
        }
        if (at[1] > end - at)
        {
            return "option reaches beyond the header";
        }
        visit(at, at[1]);
        at += at[1];
    }
    return {};
}

/// Decode one option; one of a wrong length is skipped. @param at its kind byte
/// @param size its length @param segment where it goes
void
ReadOption(const uint8_t* at, uint8_t size, TcpSegment& segment)
{
    switch (at[0])
    {
    case MPTCP_OPTION_KIND:
    {
        const auto result = ParseMptcpOption(at, size, segment.Has(TCP_SYN), segment.Has(TCP_ACK));
        if (!result.option || !segment.mptcp.Add(*result.option))
        {
            ++segment.malformedMptcp;
        }
        return;
    }
    case KIND_TIMESTAMPS:
        if (size == TIMESTAMPS_SIZE)
        {
            segment.timestamps = {ReadBig32(at + 2), ReadBig32(at + 6)};
        }
        return;
    case KIND_SACK:
        if (size % SACK_BLOCK_SIZE == 2)
        {
            for (const uint8_t* block = at + 2; block != at + size; block += SACK_BLOCK_SIZE)
            {
                segment.sack.Add(
                    {SequenceNumber32(ReadBig32(block)), SequenceNumber32(ReadBig32(block + 4))});
            }
        }
        return;
    case KIND_MSS:
        if (size == 4)
        {
            segment.mss = ReadBig16(at + 2);
        }
        return;
    case KIND_WINDOW_SCALE:
        if (size == 3)
        {
            segment.windowScale = at[2];
        }
        return;
    case KIND_SACK_PERMITTED:
        segment.sackPermitted |= size == 2;
        return;
    default:
        return;
    }
}

} // namespace

DataSequenceNumber
ExpandDataSequence(uint32_t low32, DataSequenceNumber near)
{
    const auto distance = static_cast<int32_t>(low32 - static_cast<uint32_t>(near.GetValue()));
    return DataSequenceNumber(near.GetValue() + static_cast<uint64_t>(int64_t(distance)));
}

TcpParseResult
ParseTcpSegment(const uint8_t* bytes, size_t size, uint32_t segmentSize)
{
    TcpParseResult result;
    uint8_t headerSize = 0;
    result.error = ReadHeaderSize(bytes, std::min<size_t>(size, segmentSize), headerSize);
    if (!result.error.empty())
    {
        return result;
    }
    TcpSegment& segment = result.segment.emplace();
    segment.sourcePort = ReadBig16(bytes);
    segment.destinationPort = ReadBig16(bytes + 2);
    segment.seq = SequenceNumber32(ReadBig32(bytes + 4));
    segment.ack = SequenceNumber32(ReadBig32(bytes + 8));
    segment.headerSize = headerSize;
    segment.flags = bytes[13];
    segment.window = ReadBig16(bytes + 14);
    segment.payloadSize = segmentSize - headerSize;
    const uint8_t* at = bytes + FIXED_SIZE;
    const uint8_t* end = bytes + headerSize;
    if (end - at >= 12 && ReadBig32(at) == TIMESTAMPS_WORD)
    {
        segment.timestamps = {ReadBig32(at + 4), ReadBig32(at + 8)};
        at += 12;
    }
    result.error = VisitOptions(at,
                                end,
                                [&segment](const uint8_t* option, uint8_t length)
                                { ReadOption(option, length, segment); });
    if (!result.error.empty())
    {
        result.segment.reset();
    }
    return result;
}

std::string_view
CheckTcpFraming(const uint8_t* bytes, size_t size)
{
    uint8_t headerSize = 0;
    const auto error = ReadHeaderSize(bytes, size, headerSize);
    if (!error.empty())
    {
        return error;
    }
    return VisitOptions(bytes + FIXED_SIZE, bytes + headerSize, [](const uint8_t*, uint8_t) {});
}

uint8_t*
TcpOptionSpace::Reserve(size_t size)
{
    const size_t words = (size + 3) / 4 * 4;
    if (words > GetRoom())
    {
        return nullptr;
    }
    uint8_t* at = m_bytes.data() + m_size;
    std::memset(at + size, KIND_NOP, words - size);
    m_size += static_cast<uint8_t>(words);
    m_sackPermittedLast = false;
    return at;
}

bool
TcpOptionSpace::AddMss(uint16_t mss)
{
    uint8_t* at = Reserve(4);
    if (!at)
    {
        return false;
    }
    at[0] = KIND_MSS;
    at[1] = 4;
    WriteBig16(at + 2, mss);
    return true;
}

bool
TcpOptionSpace::AddSackPermitted()
{
    uint8_t* at = Reserve(4);
    if (!at)
    {
        return false;
    }
    at[0] = KIND_NOP;
    at[1] = KIND_NOP;
    at[2] = KIND_SACK_PERMITTED;
    at[3] = 2;
    m_sackPermittedLast = true;
    return true;
}

bool
TcpOptionSpace::AddWindowScale(uint8_t shift)
{
    uint8_t* at = Reserve(4);
    if (!at)
    {
        return false;
    }
    at[0] = KIND_NOP;
    at[1] = KIND_WINDOW_SCALE;
    at[2] = 3;
    at[3] = shift;
    return true;
}

bool
TcpOptionSpace::AddTimestamps(uint32_t value, uint32_t echo)
{
    // SACK-permitted takes the place of the two NOPs.
    const bool join = m_sackPermittedLast;
    uint8_t* at = Reserve(join ? 8 : 12);
    if (!at)
    {
        return false;
    }
    if (join)
    {
        at -= 4;
        at[0] = KIND_SACK_PERMITTED;
        at[1] = 2;
        at[2] = KIND_TIMESTAMPS;
        at[3] = TIMESTAMPS_SIZE;
    }
    else
    {
        WriteBig32(at, TIMESTAMPS_WORD);
    }
    WriteBig32(WriteBig32(at + 4, value), echo);
    return true;
}

size_t
TcpOptionSpace::AddSack(const SackBlock* blocks, size_t count)
{
    if (GetRoom() < 4u + SACK_BLOCK_SIZE)
    {
        return 0;
    }
    count = std::min(count, (GetRoom() - 4) / SACK_BLOCK_SIZE);
    if (count == 0)
    {
        return 0;
    }
    uint8_t* at = Reserve(4 + count * SACK_BLOCK_SIZE);
    at[0] = KIND_NOP;
    at[1] = KIND_NOP;
    at[2] = KIND_SACK;
    at[3] = static_cast<uint8_t>(2 + count * SACK_BLOCK_SIZE);
    at += 4;
    for (size_t i = 0; i < count; i++)
    {
        at = WriteBig32(at, blocks[i].begin.GetValue());
        at = WriteBig32(at, blocks[i].end.GetValue());
    }
    return count;
}

bool
TcpOptionSpace::AddMptcp(const MptcpOption& option)
{
    uint8_t* at = Reserve(GetMptcpOptionSize(option));
    if (!at)
    {
        return false;
    }
    WriteMptcpOption(option, at);
    return true;
}

bool
TcpOptionSpace::AddDss(const Dss& dss)
{
    uint8_t* at = Reserve(GetDssSize(dss));
    if (!at)
    {
        return false;
    }
    WriteDss(dss, at);
    return true;
}

} // namespace ns3
