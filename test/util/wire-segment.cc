// SPDX-License-Identifier: GPL-2.0-only
#include "wire-segment.h"

#include "ns3/mptcp-crypto.h"

#include <algorithm>
#include <iomanip>
#include <nettle/hmac.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <sstream>

namespace ns3
{

namespace
{

constexpr uint8_t MPTCP_KIND = 30; // RFC 8684 section 3

std::optional<uint64_t> g_forcedSequence; //!< see wire::ForceSequence()

std::array<uint8_t, 20>
Sha1(uint64_t key)
{
    std::array<uint8_t, 8> bytes;
    for (size_t i = 0; i < 8; i++)
    {
        bytes[i] = key >> (56 - 8 * i);
    }
    sha1_ctx context;
    sha1_init(&context);
    sha1_update(&context, bytes.size(), bytes.data());
    std::array<uint8_t, 20> digest;
    sha1_digest(&context, digest.size(), digest.data());
    return digest;
}

std::array<uint8_t, 32>
Sha256(uint64_t key)
{
    std::array<uint8_t, 8> bytes;
    for (size_t i = 0; i < 8; i++)
    {
        bytes[i] = key >> (56 - 8 * i);
    }
    sha256_ctx context;
    sha256_init(&context);
    sha256_update(&context, bytes.size(), bytes.data());
    std::array<uint8_t, 32> digest;
    sha256_digest(&context, digest.size(), digest.data());
    return digest;
}

void
Append(std::vector<uint8_t>& to, uint64_t number, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        to.push_back(number >> (8 * (count - 1 - i)));
    }
}

} // namespace

const WireSegment::Option*
WireSegment::FindOption(uint8_t kind) const
{
    for (const auto& option : options)
    {
        if (option.kind == kind)
        {
            return &option;
        }
    }
    return nullptr;
}

const WireSegment::Option*
WireSegment::FindMptcp(uint8_t subtype) const
{
    for (const auto& option : options)
    {
        if (option.kind == MPTCP_KIND && option.body.size() > 2 && option.body[2] >> 4 == subtype)
        {
            return &option;
        }
    }
    return nullptr;
}

std::string
WireSegment::Describe() const
{
    std::ostringstream os;
    os << sourcePort << ">" << destinationPort << (syn ? " SYN" : "") << (fin ? " FIN" : "")
       << (rst ? " RST" : "") << (hasAck ? " ACK" : "") << " seq=" << seq << " ack=" << ack
       << " win=" << window << " len=" << PayloadSize();
    for (const auto& option : options)
    {
        os << " [" << unsigned(option.kind) << ":" << std::hex << std::setfill('0');
        for (size_t i = 2; i < option.body.size(); i++)
        {
            os << std::setw(2) << unsigned(option.body[i]);
        }
        os << std::dec << "]";
    }
    return os.str();
}

void
WireSegment::StripMptcp()
{
    std::vector<Option> kept;
    for (auto& option : options)
    {
        if (option.kind == MPTCP_KIND)
        {
            std::fill_n(frame.begin() + option.at, option.body.size(), 1);
        }
        else
        {
            kept.push_back(option);
        }
    }
    options = std::move(kept);
    FixChecksum();
}

void
WireSegment::FixChecksum()
{
    uint8_t* field = frame.data() + tcpAt + 16;
    if (field[0] == 0 && field[1] == 0)
    {
        return;
    }
    field[0] = field[1] = 0;
    const size_t size = frame.size() - tcpAt;
    uint64_t sum = 6 + size;
    const auto add = [&sum](const uint8_t* bytes, size_t count)
    {
        for (size_t i = 0; i < count; i++)
        {
            sum += i % 2 ? bytes[i] : bytes[i] << 8;
        }
    };
    add(source.data(), ipv6 ? 16 : 4);
    add(destination.data(), ipv6 ? 16 : 4);
    add(frame.data() + tcpAt, size);
    while (sum >> 16)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    field[0] = ~sum >> 8;
    field[1] = ~sum;
}

std::optional<WireSegment>
ReadWireSegment(std::vector<uint8_t> frame)
{
    WireSegment segment;
    size_t end;
    if (frame.size() >= 20 && frame[0] >> 4 == 4)
    {
        const bool fragment = (wire::ReadNumber(&frame[6], 2) & 0x3fff) != 0;
        if (frame[9] != 6 || fragment)
        {
            return std::nullopt;
        }
        segment.tcpAt = (frame[0] & 0xf) * 4;
        end = wire::ReadNumber(&frame[2], 2);
        std::copy_n(&frame[12], 4, segment.source.begin());
        std::copy_n(&frame[16], 4, segment.destination.begin());
    }
    else if (frame.size() >= 40 && frame[0] >> 4 == 6)
    {
        if (frame[6] != 6)
        {
            return std::nullopt;
        }
        segment.ipv6 = true;
        segment.tcpAt = 40;
        end = 40 + wire::ReadNumber(&frame[4], 2);
        std::copy_n(&frame[8], 16, segment.source.begin());
        std::copy_n(&frame[24], 16, segment.destination.begin());
    }
    else
    {
        return std::nullopt;
    }
    if (end > frame.size() || end < segment.tcpAt + 20)
    {
        return std::nullopt;
    }
    frame.resize(end);
    segment.frame = std::move(frame);
    const uint8_t* tcp = segment.frame.data() + segment.tcpAt;
    segment.sourcePort = wire::ReadNumber(tcp, 2);
    segment.destinationPort = wire::ReadNumber(tcp + 2, 2);
    segment.seq = wire::ReadNumber(tcp + 4, 4);
    segment.ack = wire::ReadNumber(tcp + 8, 4);
    segment.fin = tcp[13] & 1;
    segment.syn = tcp[13] & 2;
    segment.rst = tcp[13] & 4;
    segment.psh = tcp[13] & 8;
    segment.hasAck = tcp[13] & 16;
    segment.window = wire::ReadNumber(tcp + 14, 2);
    segment.payloadAt = segment.tcpAt + (tcp[12] >> 4) * 4;
    if (segment.payloadAt < segment.tcpAt + 20 || segment.payloadAt > segment.frame.size())
    {
        segment.problem = "data offset";
        segment.payloadAt = segment.frame.size();
        return segment;
    }
    for (size_t at = segment.tcpAt + 20; at < segment.payloadAt;)
    {
        const uint8_t kind = segment.frame[at];
        if (kind == 0)
        {
            break;
        }
        if (kind == 1)
        {
            at++;
            continue;
        }
        if (at + 1 >= segment.payloadAt || segment.frame[at + 1] < 2 ||
            at + segment.frame[at + 1] > segment.payloadAt)
        {
            segment.problem = "length of option " + std::to_string(kind);
            break;
        }
        WireSegment::Option option;
        option.kind = kind;
        option.at = at;
        option.body.assign(segment.frame.begin() + at,
                           segment.frame.begin() + at + segment.frame[at + 1]);
        at += option.body.size();
        segment.options.push_back(std::move(option));
    }
    return segment;
}

namespace wire
{

uint64_t
ReadNumber(const uint8_t* bytes, size_t count)
{
    uint64_t number = 0;
    for (size_t i = 0; i < count; i++)
    {
        number = number << 8 | bytes[i];
    }
    return number;
}

std::optional<Dss>
ReadDss(const WireSegment::Option& option)
{
    const auto& body = option.body;
    if (body.size() < 4)
    {
        return std::nullopt;
    }
    Dss dss;
    const uint8_t flags = body[3];
    dss.hasAck = flags & 1;
    dss.ack64 = flags & 2;
    dss.hasMapping = flags & 4;
    dss.sequence64 = flags & 8;
    dss.dataFin = flags & 16;
    const size_t ackSize = dss.hasAck ? (dss.ack64 ? 8 : 4) : 0;
    const size_t mappingSize = dss.hasMapping ? (dss.sequence64 ? 8 : 4) + 6 : 0;
    const size_t size = 4 + ackSize + mappingSize;
    if (body.size() != size && !(dss.hasMapping && body.size() == size + 2))
    {
        return std::nullopt;
    }
    dss.ack = ReadNumber(&body[4], ackSize);
    if (dss.hasMapping)
    {
        const uint8_t* at = &body[4] + ackSize;
        const size_t sequenceSize = dss.sequence64 ? 8 : 4;
        dss.sequence = ReadNumber(at, sequenceSize);
        dss.subflowSequence = ReadNumber(at + sequenceSize, 4);
        dss.length = ReadNumber(at + sequenceSize + 4, 2);
        if (body.size() == size + 2)
        {
            dss.checksum = ReadNumber(at + sequenceSize + 6, 2);
        }
    }
    return dss;
}

uint64_t
Expand(uint32_t short32, uint64_t near)
{
    return near + static_cast<int32_t>(short32 - static_cast<uint32_t>(near));
}

uint32_t
Token(uint64_t key, uint8_t version)
{
    return version == 0 ? ReadNumber(Sha1(key).data(), 4) : ReadNumber(Sha256(key).data(), 4);
}

void
ForceSequence(std::optional<uint64_t> sequence)
{
    g_forcedSequence = sequence;
    ForceInitialDataSequence(sequence);
}

uint64_t
InitialDataSequence(uint64_t key, uint8_t version)
{
    if (g_forcedSequence)
    {
        return *g_forcedSequence;
    }
    return version == 0 ? ReadNumber(Sha1(key).data() + 12, 8)
                        : ReadNumber(Sha256(key).data() + 24, 8);
}

std::array<uint8_t, 32>
JoinHmac(uint64_t keyA, uint64_t keyB, uint32_t nonceA, uint32_t nonceB, uint8_t version)
{
    std::vector<uint8_t> key;
    Append(key, keyA, 8);
    Append(key, keyB, 8);
    std::vector<uint8_t> message;
    Append(message, nonceA, 4);
    Append(message, nonceB, 4);
    if (version == 0)
    {
        hmac_sha1_ctx context;
        hmac_sha1_set_key(&context, key.size(), key.data());
        hmac_sha1_update(&context, message.size(), message.data());
        std::array<uint8_t, 32> digest{};
        hmac_sha1_digest(&context, 20, digest.data());
        return digest;
    }
    hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, key.size(), key.data());
    hmac_sha256_update(&context, message.size(), message.data());
    std::array<uint8_t, 32> digest;
    hmac_sha256_digest(&context, digest.size(), digest.data());
    return digest;
}

} // namespace wire

} // namespace ns3
