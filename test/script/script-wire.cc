// SPDX-License-Identifier: GPL-2.0-only
#include "script-wire.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cstdio>
#include <nettle/hmac.h>

namespace ns3
{

namespace
{

constexpr uint8_t MPTCP = 30;            //!< option kind, RFC 8684 section 3
const std::string MP_FLAGS = "HGFEDCBA"; //!< of MP_CAPABLE, bit 0 first
const std::string RST_FLAGS = "TWVU";    //!< of MP_TCPRST, bit 0 first

/// @param to gets a number @param value it @param count its bytes
void
Put(std::vector<uint8_t>& to, uint64_t value, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        to.push_back(static_cast<uint8_t>(value >> (8 * (count - 1 - i))));
    }
}

/// @param bytes any @param sum of others before @return the Internet checksum's sum, not folded
uint64_t
Sum(const std::vector<uint8_t>& bytes, uint64_t sum = 0)
{
    for (size_t i = 0; i < bytes.size(); i++)
    {
        sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
    }
    return sum;
}

/// @param sum of Sum() @return the checksum
uint16_t
Fold(uint64_t sum)
{
    while (sum >> 16)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

/// @param text an address @return its 4 or 16 bytes
std::vector<uint8_t>
AddressOf(const std::string& text)
{
    std::vector<uint8_t> bytes(16);
    if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
    {
        bytes.resize(4);
    }
    else if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1)
    {
        throw ScriptError("'" + text + "' is no address");
    }
    return bytes;
}

/// @param bytes 4 or 16 of them @param size how many @return the address as text
std::string
AddressText(const uint8_t* bytes, size_t size)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(size == 4 ? AF_INET : AF_INET6, bytes, text, sizeof(text));
    return text;
}

/// @param payload which @param offset of its first byte @param size how many @return bytes
std::vector<uint8_t>
BytesOf(const TestPayload& payload, uint64_t offset, uint32_t size)
{
    std::vector<uint8_t> bytes(size);
    payload.Make(offset, size)->CopyData(bytes.data(), size);
    return bytes;
}

/// @param letters e.g. "AH" @param names of the bits @return the bits
uint8_t
FlagBits(const std::string& letters, const std::string& names)
{
    uint8_t bits = 0;
    for (const char letter : letters)
    {
        const auto bit = names.find(letter);
        if (bit == std::string::npos && letter != '-')
        {
            throw ScriptError("flags '" + letters + "': accepted are letters of " + names +
                              ", or - for none");
        }
        bits |= letter == '-' ? 0 : 1 << bit;
    }
    return bits;
}

/// @param bits of flags @param names of the bits @return e.g. "AH", "-" for none
std::string
FlagLetters(uint8_t bits, const std::string& names)
{
    std::string letters;
    for (size_t i = names.size(); i-- > 0;)
    {
        if (bits & (1 << i))
        {
            letters += names[i];
        }
    }
    return letters.empty() ? "-" : letters;
}

/// @param fields of an option @param name of one @param fallback if it is not there @return it
uint64_t
Number(const std::map<std::string, std::string>& fields,
       const std::string& name,
       uint64_t fallback = 0)
{
    const auto found = fields.find(name);
    return found == fields.end() ? fallback : ParseScriptNumber(found->second, name, UINT64_MAX);
}

/// @param option any @param name of a field it needs @return the field
const std::string&
Need(const ScriptOption& option, const std::string& name)
{
    const auto found = option.fields.find(name);
    if (found == option.fields.end())
    {
        throw ScriptError(option.name + " needs " + name + "=");
    }
    return found->second;
}

/// @param segment of the peer or the host @return the offset of its payload in the stream, as its
/// mapping tells
std::optional<uint64_t>
MappedOffset(const ScriptSegment& segment)
{
    for (const auto& option : segment.options)
    {
        if (option.name == "dss" && option.fields.count("dsn") && Number(option.fields, "len") > 0)
        {
            return Number(option.fields, "dsn") - 1 + segment.seq - Number(option.fields, "ssn");
        }
    }
    return std::nullopt;
}

} // namespace

uint64_t
ScriptWire::Key(const std::string& text) const
{
    if (text == "peer")
    {
        return m_peerKey;
    }
    if (text == "host")
    {
        if (!m_hostKey)
        {
            throw ScriptError("the host's key is not known yet");
        }
        return *m_hostKey;
    }
    if (text == "wrong")
    {
        return 0x77726f6e67206b65;
    }
    return ParseScriptNumber(text, "key (host, peer, wrong or a number)", UINT64_MAX);
}

std::string
ScriptWire::KeyName(uint64_t key) const
{
    return key == m_peerKey                 ? "peer"
           : m_hostKey && key == *m_hostKey ? "host"
                                            : std::to_string(key);
}

uint64_t
ScriptWire::DataIsn(bool ofHost) const
{
    return wire::InitialDataSequence(Key(ofHost ? "host" : "peer"));
}

uint32_t
ScriptWire::Nonce(const std::string& text)
{
    if (std::isdigit(static_cast<unsigned char>(text[0])))
    {
        return static_cast<uint32_t>(ParseScriptNumber(text, "nonce", UINT32_MAX));
    }
    const auto next = static_cast<uint32_t>(0x6e6f6e00 + m_nonces.size());
    return m_nonces.emplace(text, next).first->second;
}

std::vector<uint8_t>
ScriptWire::JoinHmac(bool fromHost, const ScriptPath& path) const
{
    if (!path.hostNonce || !path.peerNonce)
    {
        throw ScriptError("hmac: the nonces of this flow are not known yet");
    }
    const uint64_t host = Key("host");
    const auto hmac = fromHost ? wire::JoinHmac(host, m_peerKey, *path.hostNonce, *path.peerNonce)
                               : wire::JoinHmac(m_peerKey, host, *path.peerNonce, *path.hostNonce);
    return std::vector<uint8_t>(hmac.begin(), hmac.end());
}

uint64_t
ScriptWire::AddressHmac(bool fromHost, const std::vector<uint8_t>& option) const
{
    std::vector<uint8_t> key;
    Put(key, Key(fromHost ? "host" : "peer"), 8);
    Put(key, Key(fromHost ? "peer" : "host"), 8);
    hmac_sha256_ctx context;
    hmac_sha256_set_key(&context, key.size(), key.data());
    hmac_sha256_update(&context, option.size(), option.data());
    uint8_t digest[32];
    hmac_sha256_digest(&context, sizeof(digest), digest);
    return wire::ReadNumber(digest + 24, 8);
}

uint16_t
ScriptWire::Checksum(const TestPayload& payload,
                     uint64_t dsn,
                     uint32_t ssn,
                     uint16_t length,
                     uint16_t bytes,
                     uint64_t isn)
{
    // RFC 8684 section 3.3.1: the data, then a pseudo header.
    std::vector<uint8_t> pseudo;
    Put(pseudo, isn + dsn, 8);
    Put(pseudo, ssn, 4);
    Put(pseudo, length, 2);
    Put(pseudo, 0, 2);
    return Fold(Sum(pseudo, Sum(BytesOf(payload, dsn - 1, bytes))));
}

std::vector<uint8_t>
ScriptWire::Encode(ScriptPath& path, const ScriptSegment& segment)
{
    std::vector<uint8_t> options;
    for (const auto& option : segment.options)
    {
        const auto bytes = EncodeOption(option, path);
        options.insert(options.end(), bytes.begin(), bytes.end());
    }
    options.resize((options.size() + 3) / 4 * 4, 1);
    if (options.size() > 40)
    {
        throw ScriptError("the options take " + std::to_string(options.size()) +
                          " bytes; a segment has 40");
    }
    std::vector<uint8_t> tcp;
    Put(tcp, path.flow.remote.port, 2);
    Put(tcp, path.flow.local.port, 2);
    Put(tcp, path.peerIsn + segment.seq, 4);
    Put(tcp, segment.ack ? path.hostIsn.value_or(0) + segment.ackNumber : 0, 4);
    tcp.push_back(static_cast<uint8_t>((20 + options.size()) / 4 << 4));
    tcp.push_back(segment.fin | segment.syn << 1 | segment.rst << 2 | segment.psh << 3 |
                  segment.ack << 4 | segment.ece << 6 | segment.cwr << 7);
    Put(tcp, segment.window.value_or(65535), 2);
    Put(tcp, 0, 4); // checksum and urgent pointer
    tcp.insert(tcp.end(), options.begin(), options.end());
    const uint64_t offset = segment.data.value_or(MappedOffset(segment).value_or(segment.seq - 1));
    const auto payload = BytesOf(m_peerPayload, offset, segment.length);
    tcp.insert(tcp.end(), payload.begin(), payload.end());

    const auto source = AddressOf(path.flow.remote.address);
    const auto destination = AddressOf(path.flow.local.address);
    if (source.size() != destination.size())
    {
        throw ScriptError("a flow has addresses of two families");
    }
    std::vector<uint8_t> pseudo = source;
    pseudo.insert(pseudo.end(), destination.begin(), destination.end());
    Put(pseudo, tcp.size(), 4);
    Put(pseudo, 6, 4);
    const uint16_t checksum = Fold(Sum(pseudo, Sum(tcp)));
    tcp[16] = checksum >> 8;
    tcp[17] = checksum & 0xff;

    std::vector<uint8_t> packet;
    if (source.size() == 4)
    {
        Put(packet, 0x4500, 2);
        Put(packet, 20 + tcp.size(), 2);
        Put(packet, 0x4000, 4);      // identification, don't fragment
        Put(packet, 64 << 8 | 6, 2); // time to live, protocol
        Put(packet, 0, 2);
    }
    else
    {
        Put(packet, 0x60000000, 4);
        Put(packet, tcp.size(), 2);
        Put(packet, 6 << 8 | 64, 2); // next header, hop limit
    }
    packet.insert(packet.end(), source.begin(), source.end());
    packet.insert(packet.end(), destination.begin(), destination.end());
    if (source.size() == 4)
    {
        const uint16_t header = Fold(Sum(packet));
        packet[10] = header >> 8;
        packet[11] = header & 0xff;
    }
    packet.insert(packet.end(), tcp.begin(), tcp.end());
    return packet;
}

std::vector<uint8_t>
ScriptWire::EncodeOption(const ScriptOption& option, ScriptPath& path)
{
    const auto& fields = option.fields;
    std::vector<uint8_t> bytes;
    if (option.name == "nop" || option.name == "eol")
    {
        return {static_cast<uint8_t>(option.name == "nop")};
    }
    if (option.name == "raw")
    {
        const std::string& hex = Need(option, "bytes");
        for (size_t i = 0; i + 1 < hex.size(); i += 2)
        {
            bytes.push_back(static_cast<uint8_t>(
                ParseScriptNumber("0x" + hex.substr(i, 2), "raw: hexadecimal byte", 255)));
        }
        return bytes;
    }
    std::vector<uint8_t> body;
    uint8_t kind = MPTCP;
    if (option.name == "mss")
    {
        kind = 2;
        Put(body, Number(fields, "value"), 2);
    }
    else if (option.name == "wscale")
    {
        kind = 3;
        Put(body, Number(fields, "value"), 1);
    }
    else if (option.name == "sackOK")
    {
        kind = 4;
    }
    else if (option.name == "TS")
    {
        kind = 8;
        Put(body, Number(fields, "val"), 4);
        Put(body, Number(fields, "ecr"), 4);
    }
    else if (option.name == "sack")
    {
        kind = 5;
        std::string blocks = Need(option, "blocks") + " ";
        for (size_t at = 0; at < blocks.size(); at = blocks.find(' ', at) + 1)
        {
            unsigned left = 0;
            unsigned right = 0;
            if (std::sscanf(blocks.c_str() + at, "%u:%u ", &left, &right) != 2)
            {
                throw ScriptError("sack is written: sack LEFT:RIGHT LEFT:RIGHT ...");
            }
            Put(body, path.hostIsn.value_or(0) + left, 4);
            Put(body, path.hostIsn.value_or(0) + right, 4);
        }
    }
    else
    {
        EncodeMptcp(option, path, body);
    }
    bytes = {kind, static_cast<uint8_t>(body.size() + 2)};
    bytes.insert(bytes.end(), body.begin(), body.end());
    return bytes;
}

void
ScriptWire::EncodeMptcp(const ScriptOption& option, ScriptPath& path, std::vector<uint8_t>& body)
{
    const auto& fields = option.fields;
    const auto has = [&fields](const char* name) { return fields.count(name) > 0; };
    // "ok" is the right value, "bad" another one, a number itself.
    const auto choose = [&fields](const char* name, uint64_t right) -> uint64_t
    {
        const std::string& text = fields.at(name);
        return text == "ok" ? right : text == "bad" ? right ^ 1 : Number(fields, name);
    };
    if (option.name == "mp_capable")
    {
        const auto flags = fields.find("flags");
        Put(body, Number(fields, "version", 1) & 0xf, 1);
        Put(body, flags == fields.end() ? 1 : FlagBits(flags->second, MP_FLAGS), 1);
        if (has("from"))
        {
            Put(body, Key(fields.at("from")), 8);
        }
        if (has("to"))
        {
            Put(body, Key(fields.at("to")), 8);
        }
        if (has("len"))
        {
            const auto length = static_cast<uint16_t>(Number(fields, "len"));
            Put(body, length, 2);
            if (has("csum"))
            {
                Put(body,
                    choose("csum", Checksum(m_peerPayload, 1, 1, length, length, DataIsn(false))),
                    2);
            }
        }
    }
    else if (option.name == "mp_join")
    {
        Put(body, 1 << 4 | has("backup"), 1);
        Put(body, Number(fields, "id"), 1);
        if (has("token"))
        {
            const std::string& token = fields.at("token");
            Put(body, wire::Token(Key(token)), 4);
        }
        if (has("nonce"))
        {
            path.peerNonce = Nonce(fields.at("nonce"));
        }
        if (has("hmac"))
        {
            auto hmac = JoinHmac(false, path);
            hmac[0] ^= fields.at("hmac") != "ok";
            body.insert(body.end(), hmac.begin(), hmac.begin() + (has("nonce") ? 8 : 20));
        }
        if (has("nonce"))
        {
            Put(body, *path.peerNonce, 4);
        }
    }
    else if (option.name == "dss")
    {
        const auto size = [&fields](const char* name) -> size_t { return Number(fields, name, 8); };
        Put(body, 2 << 4, 1);
        Put(body,
            has("ack") | (has("ack") && size("acksize") == 8) << 1 | has("dsn") << 2 |
                (has("dsn") && size("dsnsize") == 8) << 3 | has("fin") << 4,
            1);
        if (has("ack"))
        {
            Put(body, DataIsn(true) + Number(fields, "ack"), size("acksize"));
        }
        if (has("dsn"))
        {
            const uint64_t dsn = Number(fields, "dsn");
            const auto ssn = static_cast<uint32_t>(Number(fields, "ssn"));
            const auto length = static_cast<uint16_t>(Number(fields, "len"));
            Put(body, DataIsn(false) + dsn, size("dsnsize"));
            Put(body, ssn, 4);
            Put(body, length, 2);
            if (has("csum"))
            {
                const uint16_t bytes = length - (has("fin") && length > 0 ? 1 : 0);
                Put(body,
                    choose("csum",
                           Checksum(m_peerPayload, dsn, ssn, length, bytes, DataIsn(false))),
                    2);
            }
        }
    }
    else if (option.name == "add_addr")
    {
        Put(body, 3 << 4 | has("echo"), 1);
        std::vector<uint8_t> covered;
        Put(covered, Number(fields, "id"), 1);
        const auto address = AddressOf(Need(option, "addr"));
        covered.insert(covered.end(), address.begin(), address.end());
        auto sent = covered;
        Put(covered, Number(fields, "port"), 2);
        if (has("port"))
        {
            sent = covered;
        }
        body.insert(body.end(), sent.begin(), sent.end());
        if (has("hmac"))
        {
            Put(body, choose("hmac", AddressHmac(false, covered)), 8);
        }
    }
    else if (option.name == "remove_addr")
    {
        Put(body, 4 << 4, 1);
        std::string ids = Need(option, "id") + "+";
        for (size_t at = 0; at < ids.size(); at = ids.find('+', at) + 1)
        {
            Put(body,
                ParseScriptNumber(ids.substr(at, ids.find('+', at) - at), "id", UINT8_MAX),
                1);
        }
    }
    else if (option.name == "mp_prio")
    {
        Put(body, 5 << 4 | has("backup"), 1);
    }
    else if (option.name == "mp_fail")
    {
        Put(body, 6 << 12, 2);
        Put(body, DataIsn(true) + ParseScriptNumber(Need(option, "dsn"), "dsn", UINT64_MAX), 8);
    }
    else if (option.name == "mp_fastclose")
    {
        Put(body, 7 << 12, 2);
        Put(body, Key(Need(option, "to")), 8);
    }
    else if (option.name == "mp_tcprst")
    {
        const auto flags = fields.find("flags");
        Put(body, 8 << 4 | (flags == fields.end() ? 0 : FlagBits(flags->second, RST_FLAGS)), 1);
        Put(body, Number(fields, "reason"), 1);
    }
}

ScriptSegment
ScriptWire::Decode(ScriptPath& path,
                   const WireSegment& bytes,
                   std::optional<uint64_t> data,
                   std::string& problem)
{
    if (bytes.syn)
    {
        path.hostIsn = bytes.seq;
    }
    ScriptSegment segment;
    segment.syn = bytes.syn;
    segment.fin = bytes.fin;
    segment.rst = bytes.rst;
    segment.psh = bytes.psh;
    segment.ack = bytes.hasAck;
    const uint8_t flags = bytes.frame[bytes.tcpAt + 13];
    segment.ece = flags & 0x40;
    segment.cwr = flags & 0x80;
    segment.seq = bytes.seq - path.hostIsn.value_or(0);
    segment.length = static_cast<uint32_t>(bytes.PayloadSize());
    segment.ackNumber = bytes.hasAck ? bytes.ack - path.peerIsn : 0;
    segment.window = bytes.window;
    for (const auto& option : bytes.options)
    {
        segment.options.push_back(DecodeOption(option, path));
    }
    problem = bytes.problem;
    const uint64_t offset = data.value_or(MappedOffset(segment).value_or(segment.seq - 1));
    if (const auto wrong = m_hostPayload.FindWrong(offset, bytes.Payload(), segment.length))
    {
        problem = "the payload is not what was written at offset " + std::to_string(*wrong);
    }
    return segment;
}

ScriptOption
ScriptWire::DecodeOption(const WireSegment::Option& wireOption, ScriptPath& path)
{
    const auto& body = wireOption.body;
    ScriptOption option;
    const auto number = [&body](size_t at, size_t size)
    { return std::to_string(wire::ReadNumber(&body[at], size)); };
    if (wireOption.kind == 2 && body.size() == 4)
    {
        option.name = "mss";
        option.fields["value"] = number(2, 2);
    }
    else if (wireOption.kind == 3 && body.size() == 3)
    {
        option.name = "wscale";
        option.fields["value"] = number(2, 1);
    }
    else if (wireOption.kind == 4 && body.size() == 2)
    {
        option.name = "sackOK";
    }
    else if (wireOption.kind == 8 && body.size() == 10)
    {
        option.name = "TS";
        option.fields["val"] = number(2, 4);
        option.fields["ecr"] = number(6, 4);
    }
    else if (wireOption.kind == 5 && body.size() % 8 == 2)
    {
        option.name = "sack";
        auto& blocks = option.fields["blocks"];
        for (size_t at = 2; at < body.size(); at += 8)
        {
            const auto left = static_cast<uint32_t>(wire::ReadNumber(&body[at], 4));
            const auto right = static_cast<uint32_t>(wire::ReadNumber(&body[at + 4], 4));
            blocks += (blocks.empty() ? "" : " ") + std::to_string(left - path.peerIsn) + ":" +
                      std::to_string(right - path.peerIsn);
        }
    }
    else if (wireOption.kind == MPTCP)
    {
        DecodeMptcp(body, path, option);
    }
    if (option.name.empty())
    {
        option.name = "raw";
        static const char digits[] = "0123456789abcdef";
        auto& hex = option.fields["bytes"];
        for (const uint8_t byte : body)
        {
            hex += {digits[byte >> 4], digits[byte & 15]};
        }
    }
    return option;
}

void
ScriptWire::DecodeMptcp(const std::vector<uint8_t>& body, ScriptPath& path, ScriptOption& option)
{
    auto& fields = option.fields;
    const size_t size = body.size();
    const auto read = [&body](size_t at, size_t count)
    { return wire::ReadNumber(&body[at], count); };
    const auto number = [&read](size_t at, size_t count)
    { return std::to_string(read(at, count)); };
    // Relative to a data sequence number that travels in 4 or 8 bytes.
    const auto relative = [&read](size_t at, size_t count, uint64_t isn)
    {
        return std::to_string(count == 8 ? read(at, 8) - isn
                                         : static_cast<uint32_t>(read(at, 4) - isn));
    };
    const auto judge = [](bool right) { return right ? "ok" : "bad"; };
    if (size < 3)
    {
        return;
    }
    switch (body[2] >> 4)
    {
    case wire::MP_CAPABLE:
    {
        if (size != 4 && size != 12 && size != 20 && size != 22 && size != 24)
        {
            return;
        }
        option.name = "mp_capable";
        fields["version"] = std::to_string(body[2] & 15);
        fields["flags"] = FlagLetters(body[3], MP_FLAGS);
        if (size >= 12)
        {
            if (!m_hostKey)
            {
                m_hostKey = read(4, 8);
            }
            fields["from"] = KeyName(read(4, 8));
        }
        if (size >= 20)
        {
            fields["to"] = KeyName(read(12, 8));
        }
        if (size >= 22)
        {
            fields["len"] = number(20, 2);
        }
        if (size == 24)
        {
            const auto length = static_cast<uint16_t>(read(20, 2));
            fields["csum"] =
                judge(read(22, 2) == Checksum(m_hostPayload, 1, 1, length, length, DataIsn(true)));
        }
        break;
    }
    case wire::MP_JOIN:
        if (size != 12 && size != 16 && size != 24)
        {
            return;
        }
        option.name = "mp_join";
        if (body[2] & 1)
        {
            fields["backup"] = "1";
        }
        if (size == 24)
        {
            auto hmac = JoinHmac(true, path);
            hmac.resize(20);
            fields["hmac"] = judge(std::equal(hmac.begin(), hmac.end(), body.begin() + 4));
            break;
        }
        fields["id"] = number(3, 1);
        path.hostNonce = static_cast<uint32_t>(read(size - 4, 4));
        fields["nonce"] = number(size - 4, 4);
        if (size == 12)
        {
            const bool toPeer = read(4, 4) == wire::Token(m_peerKey);
            fields["token"] = toPeer ? "peer" : number(4, 4);
        }
        else
        {
            auto hmac = JoinHmac(true, path);
            hmac.resize(8);
            fields["hmac"] = judge(std::equal(hmac.begin(), hmac.end(), body.begin() + 4));
        }
        break;
    case wire::DSS:
    {
        const auto dss = wire::ReadDss({MPTCP, body, 0});
        if (!dss)
        {
            return;
        }
        option.name = "dss";
        size_t at = 4;
        if (dss->dataFin)
        {
            fields["fin"] = "1";
        }
        if (dss->hasAck)
        {
            const size_t count = dss->ack64 ? 8 : 4;
            fields["ack"] = relative(at, count, DataIsn(false));
            fields["acksize"] = std::to_string(count);
            at += count;
        }
        if (dss->hasMapping)
        {
            const size_t count = dss->sequence64 ? 8 : 4;
            fields["dsn"] = relative(at, count, DataIsn(true));
            fields["dsnsize"] = std::to_string(count);
            fields["ssn"] = std::to_string(dss->subflowSequence);
            fields["len"] = std::to_string(dss->length);
        }
        if (dss->checksum)
        {
            const uint16_t data = dss->length - (dss->dataFin && dss->length > 0 ? 1 : 0);
            fields["csum"] = dss->length == 0
                                 ? std::to_string(*dss->checksum)
                                 : judge(*dss->checksum == Checksum(m_hostPayload,
                                                                    Number(fields, "dsn"),
                                                                    dss->subflowSequence,
                                                                    dss->length,
                                                                    data,
                                                                    DataIsn(true)));
        }
        break;
    }
    case wire::ADD_ADDR:
    {
        const bool echo = body[2] & 1;
        const size_t rest = size - 4 - (echo ? 0 : 8);
        if (size < 8 || (rest != 4 && rest != 6 && rest != 16 && rest != 18))
        {
            return;
        }
        option.name = "add_addr";
        fields["id"] = number(3, 1);
        const size_t address = rest >= 16 ? 16 : 4;
        fields["addr"] = AddressText(&body[4], address);
        if (rest != address)
        {
            fields["port"] = number(4 + address, 2);
        }
        if (echo)
        {
            fields["echo"] = "1";
        }
        else
        {
            std::vector<uint8_t> covered(body.begin() + 3, body.begin() + 4 + rest);
            covered.resize(1 + address + 2);
            fields["hmac"] = judge(read(size - 8, 8) == AddressHmac(true, covered));
        }
        break;
    }
    case wire::REMOVE_ADDR:
        option.name = "remove_addr";
        for (size_t at = 3; at < size; at++)
        {
            fields["id"] += (at == 3 ? "" : "+") + number(at, 1);
        }
        break;
    case wire::MP_PRIO:
        option.name = "mp_prio";
        if (body[2] & 1)
        {
            fields["backup"] = "1";
        }
        break;
    case wire::MP_FAIL:
        if (size != 12)
        {
            return;
        }
        option.name = "mp_fail";
        fields["dsn"] = relative(4, 8, DataIsn(false));
        break;
    case wire::MP_FASTCLOSE:
        if (size != 12)
        {
            return;
        }
        option.name = "mp_fastclose";
        fields["to"] = KeyName(read(4, 8));
        break;
    case wire::MP_TCPRST:
        if (size != 4)
        {
            return;
        }
        option.name = "mp_tcprst";
        fields["flags"] = FlagLetters(body[2] & 15, RST_FLAGS);
        fields["reason"] = number(3, 1);
        break;
    default:
        return;
    }
    // What scripts need not say.
    if (option.name == "mp_capable")
    {
        if (fields["version"] == "1")
        {
            fields.erase("version");
        }
        if (fields["flags"] == "H")
        {
            fields.erase("flags");
        }
    }
    if (option.name == "mp_tcprst" && fields["flags"] == "-")
    {
        fields.erase("flags");
    }
}

std::vector<std::string>
ScriptWire::CompareFields(const ScriptOption& expected, const ScriptOption& seen)
{
    std::vector<std::string> differences;
    for (const auto& [name, value] : expected.fields)
    {
        const auto found = seen.fields.find(name);
        const std::string there = found == seen.fields.end() ? "none" : found->second;
        bool same = value == "*" || value == there;
        if (name == "nonce" && !std::isdigit(static_cast<unsigned char>(value[0])) &&
            found != seen.fields.end())
        {
            // A symbol means what it meant when it was first seen.
            const auto nonce = static_cast<uint32_t>(Number(seen.fields, name));
            same = value == "*" || m_nonces.emplace(value, nonce).first->second == nonce;
        }
        if (!same)
        {
            differences.push_back(expected.name + " " + name + ": expected " + value + ", seen " +
                                  there);
        }
    }
    for (const auto& [name, value] : seen.fields)
    {
        if (!expected.open && expected.fields.count(name) == 0 && name != "acksize" &&
            name != "dsnsize")
        {
            differences.push_back(expected.name + " " + name + ": expected none, seen " + value);
        }
    }
    return differences;
}

std::vector<std::string>
ScriptWire::Compare(const ScriptSegment& expected, const ScriptSegment& seen)
{
    std::vector<std::string> differences;
    const auto check = [&differences](const char* what, uint64_t wanted, uint64_t there)
    {
        if (wanted != there)
        {
            differences.push_back(std::string(what) + ": expected " + std::to_string(wanted) +
                                  ", seen " + std::to_string(there));
        }
    };
    check("flag S", expected.syn, seen.syn);
    check("flag F", expected.fin, seen.fin);
    check("flag R", expected.rst, seen.rst);
    check("flag .", expected.ack, seen.ack);
    check("flag E", expected.ece, seen.ece);
    check("flag W", expected.cwr, seen.cwr);
    if (expected.psh)
    {
        check("flag P", expected.psh, seen.psh);
    }
    check("sequence number", expected.seq, seen.seq);
    check("length", expected.length, seen.length);
    check("ack", expected.ackNumber, seen.ackNumber);
    if (expected.window)
    {
        check("win", *expected.window, seen.window.value_or(0));
    }
    // Options match in any order.
    std::vector<const ScriptOption*> left;
    for (const auto& option : seen.options)
    {
        left.push_back(&option);
    }
    for (auto option : expected.options)
    {
        if (option.name == "nop" || option.name == "eol")
        {
            continue;
        }
        if (option.name == "mp_capable" && option.fields["version"] == "1")
        {
            option.fields.erase("version");
        }
        if (option.fields["flags"] == (option.name == "mp_capable" ? "H" : "-"))
        {
            option.fields.erase("flags");
        }
        for (auto field = option.fields.begin(); field != option.fields.end();)
        {
            field = field->second.empty() ? option.fields.erase(field) : std::next(field);
        }
        std::vector<std::string> nearest = {"option " + option.name + ": expected, not there"};
        auto match = left.end();
        for (auto candidate = left.begin(); candidate != left.end(); ++candidate)
        {
            if ((*candidate)->name != option.name)
            {
                continue;
            }
            nearest = CompareFields(option, **candidate);
            match = candidate;
            if (nearest.empty())
            {
                break;
            }
        }
        if (match != left.end())
        {
            left.erase(match);
        }
        differences.insert(differences.end(), nearest.begin(), nearest.end());
    }
    if (!expected.open)
    {
        for (const auto* option : left)
        {
            differences.push_back("option " + option->Print() + ": seen, not expected");
        }
    }
    return differences;
}

} // namespace ns3
