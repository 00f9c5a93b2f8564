// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-frame.h"

#include "ns3/big-endian.h"

#include <algorithm>

namespace ns3
{

namespace
{

constexpr uint8_t TCP = 6;             // protocol number
constexpr size_t IPV4_HEADER = 20;     // bytes, RFC 791
constexpr size_t IPV6_HEADER = 40;     // bytes, RFC 8200
constexpr size_t TCP_HEADER = 20;      // bytes without options
constexpr size_t MAX_OPTIONS = 40;     // bytes
constexpr uint8_t DEFAULT_TTL = 64;    // of packets that are made here
constexpr size_t CHECKSUM_OFFSET = 16; // in the TCP header
constexpr uint8_t END_OF_LIST = 0;     // kind of option
constexpr uint8_t NOP = 1;             // kind of option

/// Fold a sum into 16 bits, as ones' complement has it. @param sum it @return 1 to 0xffff, or 0
uint16_t
Fold(uint64_t sum)
{
    while (sum >> 16)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(sum);
}

/// @param bytes words @param size their bytes @return their sum
uint64_t
Sum(const uint8_t* bytes, size_t size)
{
    uint64_t sum = 0;
    for (size_t i = 0; i + 1 < size; i += 2)
    {
        sum += ReadBig16(bytes + i);
    }
    return size % 2 ? sum + (uint64_t(bytes[size - 1]) << 8) : sum;
}

/// @param address an address @param to where it goes @return behind it
uint8_t*
WriteAddress(const IpAddress& address, uint8_t* to)
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        v4->Serialize(to);
        return to + 4;
    }
    std::get<Ipv6Address>(address).Serialize(to);
    return to + 16;
}

/// @param source @param destination addresses @param segment bytes @param size of them
/// @return sum of pseudo-header and segment; 0xffff if the checksum is right
uint16_t
SegmentSum(const IpAddress& source,
           const IpAddress& destination,
           const uint8_t* segment,
           size_t size)
{
    uint8_t addresses[32];
    const uint8_t* end = WriteAddress(destination, WriteAddress(source, addresses));
    return Fold(Sum(addresses, end - addresses) + TCP + size + Sum(segment, size));
}

/// @param bytes an IPv6 packet @param size of it @return offset of its TCP header, 0 if none
size_t
FindTcpInIpv6(const uint8_t* bytes, size_t size)
{
    constexpr uint8_t HOP_BY_HOP = 0;
    constexpr uint8_t ROUTING = 43;
    constexpr uint8_t DESTINATION = 60;
    uint8_t next = bytes[6];
    size_t at = IPV6_HEADER;
    while (next == HOP_BY_HOP || next == ROUTING || next == DESTINATION)
    {
        if (at + 8 > size)
        {
            return 0;
        }
        next = bytes[at];
        at += (bytes[at + 1] + 1) * 8;
    }
    return next == TCP ? at : 0;
}

/// @param frame to fill in @param bytes an IP packet @param size of it; cut to what IP says
/// @return offset of its TCP header, 0 if there is none
size_t
ReadIp(TcpFrame& frame, const uint8_t* bytes, size_t& size)
{
    if (size >= IPV4_HEADER && bytes[0] >> 4 == 4)
    {
        const size_t header = (bytes[0] & 0x0f) * 4;
        const size_t total = ReadBig16(bytes + 2);
        const bool fragment = ReadBig16(bytes + 6) & 0x3fff; // more fragments, or an offset
        if (bytes[9] != TCP || fragment || header < IPV4_HEADER || total > size)
        {
            return 0;
        }
        size = total;
        frame.source = Ipv4Address::Deserialize(bytes + 12);
        frame.destination = Ipv4Address::Deserialize(bytes + 16);
        return header;
    }
    if (size >= IPV6_HEADER && bytes[0] >> 4 == 6)
    {
        const size_t total = IPV6_HEADER + ReadBig16(bytes + 4);
        if (total > size)
        {
            return 0;
        }
        size = total;
        frame.source = Ipv6Address::Deserialize(bytes + 8);
        frame.destination = Ipv6Address::Deserialize(bytes + 24);
        return FindTcpInIpv6(bytes, size);
    }
    return 0;
}

/// @param ipv6 family @return an IP header whose lengths and addresses are still to come
std::vector<uint8_t>
MakeIpHeader(bool ipv6)
{
    std::vector<uint8_t> header(ipv6 ? IPV6_HEADER : IPV4_HEADER);
    header[0] = ipv6 ? 0x60 : 0x45;
    header[ipv6 ? 6 : 9] = TCP;
    header[ipv6 ? 7 : 8] = DEFAULT_TTL;
    return header;
}

/// Write lengths, addresses and IPv4's checksum. @param bytes a packet @param size of it
/// @param frame its values @param checksums whether they are in use
void
CompleteIp(uint8_t* bytes, size_t size, const TcpFrame& frame, bool checksums)
{
    if (IsIpv6(frame.source))
    {
        WriteBig16(bytes + 4, static_cast<uint16_t>(size - IPV6_HEADER));
        WriteAddress(frame.destination, WriteAddress(frame.source, bytes + 8));
        return;
    }
    WriteBig16(bytes + 2, static_cast<uint16_t>(size));
    WriteAddress(frame.destination, WriteAddress(frame.source, bytes + 12));
    WriteBig16(bytes + 10, 0);
    if (checksums)
    {
        WriteBig16(bytes + 10, ~Fold(Sum(bytes, (bytes[0] & 0x0f) * 4)));
    }
}

} // namespace

uint32_t
TcpFrame::SequenceLength() const
{
    return payload.size() + (Has(TCP_SYN) ? 1 : 0) + (Has(TCP_FIN) ? 1 : 0);
}

std::vector<TcpFrame::Option>
TcpFrame::GetOptions()
{
    std::vector<Option> found;
    for (size_t at = 0; at < options.size() && options[at] != END_OF_LIST;)
    {
        if (options[at] == NOP)
        {
            at++;
            continue;
        }
        const size_t left = options.size() - at;
        const uint8_t size = left > 1 ? options[at + 1] : 0;
        if (size < 2 || size > left)
        {
            break;
        }
        found.push_back({options[at], options.data() + at, size});
        at += size;
    }
    return found;
}

TcpFrame::Option
TcpFrame::FindOption(uint8_t kind)
{
    for (const auto& option : GetOptions())
    {
        if (option.kind == kind)
        {
            return option;
        }
    }
    return {};
}

void
TcpFrame::Erase(const Option& option)
{
    std::fill_n(option.bytes, option.size, NOP);
}

TcpTuple
TcpFrame::GetTuple() const
{
    return {source, destination, sourcePort, destinationPort};
}

std::optional<TcpFrame>
ReadTcpFrame(const uint8_t* bytes, size_t size)
{
    TcpFrame frame;
    const size_t at = ReadIp(frame, bytes, size);
    if (at == 0 || at + TCP_HEADER > size || !CheckTcpFraming(bytes + at, size - at).empty())
    {
        return std::nullopt;
    }
    const uint8_t* tcp = bytes + at;
    const uint8_t* data = tcp + (tcp[12] >> 4) * 4;
    frame.ipHeader.assign(bytes, tcp);
    frame.sourcePort = ReadBig16(tcp);
    frame.destinationPort = ReadBig16(tcp + 2);
    frame.seq = ReadBig32(tcp + 4);
    frame.ack = ReadBig32(tcp + 8);
    frame.reserved = tcp[12] & 0x0f;
    frame.flags = tcp[13];
    frame.window = ReadBig16(tcp + 14);
    frame.urgent = ReadBig16(tcp + 18);
    frame.options.assign(tcp + TCP_HEADER, data);
    frame.payload.assign(data, bytes + size);
    frame.checksumSum = SegmentSum(frame.source, frame.destination, tcp, size - at);
    return frame;
}

std::vector<uint8_t>
WriteTcpFrame(const TcpFrame& frame, bool checksums)
{
    std::vector<uint8_t> bytes =
        frame.ipHeader.empty() ? MakeIpHeader(IsIpv6(frame.source)) : frame.ipHeader;
    const size_t at = bytes.size();
    const size_t options = std::min(MAX_OPTIONS, (frame.options.size() + 3) / 4 * 4);
    bytes.resize(at + TCP_HEADER + options, NOP);
    uint8_t* tcp = bytes.data() + at;
    WriteBig16(tcp, frame.sourcePort);
    WriteBig16(tcp + 2, frame.destinationPort);
    WriteBig32(tcp + 4, frame.seq);
    WriteBig32(tcp + 8, frame.ack);
    const auto offset = frame.offset.value_or((TCP_HEADER + options) / 4);
    tcp[12] = static_cast<uint8_t>(offset << 4 | (frame.reserved & 0x0f));
    tcp[13] = frame.flags;
    WriteBig16(tcp + 14, frame.window);
    WriteBig16(tcp + CHECKSUM_OFFSET, 0);
    WriteBig16(tcp + 18, frame.urgent);
    std::copy_n(frame.options.begin(), std::min(options, frame.options.size()), tcp + TCP_HEADER);
    bytes.insert(bytes.end(), frame.payload.begin(), frame.payload.end());
    tcp = bytes.data() + at;
    CompleteIp(bytes.data(), bytes.size(), frame, checksums);
    if (checksums)
    {
        const uint16_t sum = SegmentSum(frame.source, frame.destination, tcp, bytes.size() - at);
        const uint16_t difference = static_cast<uint16_t>(~sum);
        WriteBig16(tcp + CHECKSUM_OFFSET, Fold(uint64_t(frame.checksumSum) + difference));
    }
    return bytes;
}

} // namespace ns3
