// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-header.h"

#include "ns3/big-endian.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6Header);

namespace
{

constexpr size_t UNIT = 8; //!< bytes that Hdr Ext Len counts in

/// @param size bytes @return bytes up to the next multiple of eight
size_t
RoundUp(size_t size)
{
    return (size + UNIT - 1) / UNIT * UNIT;
}

/// Bits of the flags field and their names: RFC 9259 has O, the rest is of the older drafts.
constexpr std::array<std::pair<uint8_t, char>, 5> FLAG_NAMES{
    {{0x80, 'C'}, {0x40, 'P'}, {SRV6_FLAG_OAM, 'O'}, {0x10, 'A'}, {SRV6_FLAG_HMAC, 'H'}}};

/// @param type of a TLV @return its name, RFC 8754's or the older drafts'; empty if it has none
std::string_view
GetTlvName(uint8_t type)
{
    constexpr std::array<std::string_view, 6> NAMES{
        "Pad1", "Ingress Node", "Egress Node", "Opaque Container", "PadN", "HMAC"};
    return type < NAMES.size() ? NAMES[type] : std::string_view{};
}

} // namespace

size_t
Srv6Tlv::GetSize() const
{
    return type == SRV6_TLV_PAD1 ? 1 : 2 + value.size();
}

bool
Srv6Tlv::operator==(const Srv6Tlv& other) const
{
    return type == other.type && value == other.value;
}

Srv6Problem::operator bool() const
{
    return !reason.empty();
}

SegmentRoutingHeader
SegmentRoutingHeader::FromPath(const std::vector<Ipv6Address>& path, bool reduced)
{
    SegmentRoutingHeader header;
    header.segments.assign(path.rbegin(), path.rend() - (reduced && !path.empty() ? 1 : 0));
    header.segmentsLeft = path.empty() ? 0 : static_cast<uint8_t>(path.size() - 1);
    return header;
}

size_t
SegmentRoutingHeader::GetSize() const
{
    size_t size = SRV6_FIXED_SIZE + SRV6_SEGMENT_SIZE * segments.size();
    for (const auto& tlv : tlvs)
    {
        size += tlv.GetSize();
    }
    return RoundUp(size);
}

bool
SegmentRoutingHeader::IsValid() const
{
    return !segments.empty() && segments.size() <= SRV6_MAX_SEGMENTS &&
           GetSize() <= SRV6_MAX_SIZE && segmentsLeft <= segments.size() &&
           std::all_of(
               tlvs.begin(), tlvs.end(), [](const auto& tlv) { return tlv.value.size() <= 255; });
}

const Srv6Tlv*
SegmentRoutingHeader::FindHmac() const
{
    const auto found = std::find_if(
        tlvs.begin(), tlvs.end(), [](const auto& tlv) { return tlv.type == SRV6_TLV_HMAC; });
    return found == tlvs.end() ? nullptr : &*found;
}

void
SegmentRoutingHeader::Write(uint8_t* to) const
{
    const size_t size = GetSize();
    uint8_t* const end = to + size;
    to[0] = nextHeader;
    to[1] = static_cast<uint8_t>(size / UNIT - 1);
    to[2] = SRV6_ROUTING_TYPE;
    to[3] = segmentsLeft;
    to[4] = static_cast<uint8_t>(segments.size() - 1);
    to[5] = flags;
    to = WriteBig16(to + 6, tag);
    for (const auto& segment : segments)
    {
        segment.GetBytes(to);
        to += SRV6_SEGMENT_SIZE;
    }
    for (const auto& tlv : tlvs)
    {
        *to++ = tlv.type;
        if (tlv.type != SRV6_TLV_PAD1)
        {
            *to++ = static_cast<uint8_t>(tlv.value.size());
            to = std::copy(tlv.value.begin(), tlv.value.end(), to);
        }
    }
    const auto rest = static_cast<size_t>(end - to);
    std::fill(to, end, 0);
    if (rest > 1)
    {
        to[0] = SRV6_TLV_PADN;
        to[1] = static_cast<uint8_t>(rest - 2);
    }
}

bool
SegmentRoutingHeader::operator==(const SegmentRoutingHeader& other) const
{
    return nextHeader == other.nextHeader && segmentsLeft == other.segmentsLeft &&
           flags == other.flags && tag == other.tag && segments == other.segments &&
           tlvs == other.tlvs;
}

Srv6Problem
CheckSrv6Framing(const uint8_t* bytes, size_t size)
{
    if (size < SRV6_FIXED_SIZE)
    {
        return {"shorter than a routing header", 0};
    }
    if (bytes[2] != SRV6_ROUTING_TYPE)
    {
        return {"not of routing type 4", 2};
    }
    if (size < (bytes[1] + 1U) * UNIT)
    {
        return {"longer than the packet", 1};
    }
    // RFC 8986 section 4.1, S09; the error points to Segments Left in both cases.
    if (bytes[4] + 1U > bytes[1] / 2U)
    {
        return {"Last Entry beyond the header", 3};
    }
    if (bytes[3] > bytes[4] + 1U)
    {
        return {"Segments Left beyond the segment list", 3};
    }
    return {};
}

Srv6Problem
CheckSrv6Tlvs(const uint8_t* bytes)
{
    const size_t end = (bytes[1] + 1U) * UNIT;
    size_t at = SRV6_FIXED_SIZE + SRV6_SEGMENT_SIZE * (bytes[4] + 1U);
    while (at < end)
    {
        if (bytes[at] == SRV6_TLV_PAD1)
        {
            ++at;
            continue;
        }
        if (at + 2 > end || at + 2 + bytes[at + 1] > end)
        {
            return {"TLV longer than the header", static_cast<uint32_t>(at)};
        }
        at += 2U + bytes[at + 1];
    }
    return {};
}

ParsedSrv6
ParseSegmentRoutingHeader(const uint8_t* bytes, size_t size)
{
    if (const auto problem = CheckSrv6Framing(bytes, size))
    {
        return {std::nullopt, problem};
    }
    if (const auto problem = CheckSrv6Tlvs(bytes))
    {
        return {std::nullopt, problem};
    }
    SegmentRoutingHeader header;
    header.nextHeader = bytes[0];
    header.segmentsLeft = bytes[3];
    header.flags = bytes[5];
    header.tag = ReadBig16(bytes + 6);
    const uint8_t* at = bytes + SRV6_FIXED_SIZE;
    header.segments.reserve(bytes[4] + 1U);
    for (uint32_t i = 0; i <= bytes[4]; ++i, at += SRV6_SEGMENT_SIZE)
    {
        header.segments.push_back(Ipv6Address::Deserialize(at));
    }
    const uint8_t* const end = bytes + (bytes[1] + 1U) * UNIT;
    while (at < end)
    {
        Srv6Tlv tlv;
        tlv.type = *at++;
        if (tlv.type != SRV6_TLV_PAD1)
        {
            const uint8_t length = *at++;
            tlv.value.assign(at, at + length);
            at += length;
        }
        header.tlvs.push_back(std::move(tlv));
    }
    return {std::move(header), {}};
}

std::ostream&
operator<<(std::ostream& os, const SegmentRoutingHeader& header)
{
    os << "SRH next " << +header.nextHeader << " left " << +header.segmentsLeft << " flags ";
    bool any = false;
    for (const auto& [bit, name] : FLAG_NAMES)
    {
        if (header.flags & bit)
        {
            os << name;
            any = true;
        }
    }
    os << (any ? "" : "-") << " tag " << header.tag << " segments [";
    for (size_t i = 0; i < header.segments.size(); ++i)
    {
        os << (i > 0 ? ", " : "") << header.segments[i];
    }
    os << ']';
    for (const auto& tlv : header.tlvs)
    {
        const auto name = GetTlvName(tlv.type);
        os << ' ';
        if (name.empty())
        {
            os << "TLV " << +tlv.type;
        }
        else
        {
            os << name;
        }
        if (tlv.type != SRV6_TLV_PAD1)
        {
            os << '(' << tlv.value.size() << ')';
        }
    }
    return os;
}

Srv6Header::Srv6Header(SegmentRoutingHeader value)
    : m_value(std::move(value))
{
}

TypeId
Srv6Header::GetTypeId()
{
    static TypeId tid = TypeId("ns3::Srv6Header")
                            .SetParent<Header>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<Srv6Header>();
    return tid;
}

const SegmentRoutingHeader&
Srv6Header::Get() const
{
    return m_value;
}

void
Srv6Header::Set(SegmentRoutingHeader value)
{
    m_value = std::move(value);
}

const Srv6Problem&
Srv6Header::GetProblem() const
{
    return m_problem;
}

TypeId
Srv6Header::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
Srv6Header::GetSerializedSize() const
{
    return m_value.IsValid() ? m_value.GetSize() : 0;
}

void
Srv6Header::Serialize(Buffer::Iterator start) const
{
    if (m_value.IsValid())
    {
        std::array<uint8_t, SRV6_MAX_SIZE> bytes;
        m_value.Write(bytes.data());
        start.Write(bytes.data(), m_value.GetSize());
    }
}

uint32_t
Srv6Header::Deserialize(Buffer::Iterator start)
{
    std::array<uint8_t, SRV6_MAX_SIZE> bytes;
    const uint32_t size = std::min<uint32_t>(start.GetRemainingSize(), bytes.size());
    start.Read(bytes.data(), size);
    auto parsed = ParseSegmentRoutingHeader(bytes.data(), size);
    m_problem = parsed.problem;
    m_value = parsed.header ? std::move(*parsed.header) : SegmentRoutingHeader{};
    return GetSerializedSize();
}

void
Srv6Header::Print(std::ostream& os) const
{
    os << m_value;
}

} // namespace ns3
