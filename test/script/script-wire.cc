// SPDX-License-Identifier: GPL-2.0-only
#include "script-wire.h"

#include "script-bytes.h"
#include "script-wire-fields.h"

#include <algorithm>
#include <arpa/inet.h>
#include <cctype>
#include <cstdio>
#include <nettle/hmac.h>

namespace ns3
{

namespace
{

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
    return wire::InitialDataSequence(Key(ofHost ? "host" : "peer"), m_version);
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
    const auto hmac =
        fromHost ? wire::JoinHmac(host, m_peerKey, *path.hostNonce, *path.peerNonce, m_version)
                 : wire::JoinHmac(m_peerKey, host, *path.peerNonce, *path.hostNonce, m_version);
    return std::vector<uint8_t>(hmac.begin(), hmac.end());
}

uint64_t
ScriptWire::AddressHmac(bool fromHost, const std::vector<uint8_t>& option) const
{
    std::vector<uint8_t> key;
    PutNumber(key, Key(fromHost ? "host" : "peer"), 8);
    PutNumber(key, Key(fromHost ? "peer" : "host"), 8);
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
    PutNumber(pseudo, isn + dsn, 8);
    PutNumber(pseudo, ssn, 4);
    PutNumber(pseudo, length, 2);
    PutNumber(pseudo, 0, 2);
    return FoldSum(SumOf(pseudo, SumOf(BytesOf(payload, dsn - 1, bytes))));
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
    PutNumber(tcp, path.flow.remote.port, 2);
    PutNumber(tcp, path.flow.local.port, 2);
    PutNumber(tcp, path.peerIsn + segment.seq, 4);
    PutNumber(tcp, segment.ack ? path.hostIsn.value_or(0) + segment.ackNumber : 0, 4);
    tcp.push_back(static_cast<uint8_t>((20 + options.size()) / 4 << 4));
    tcp.push_back(segment.fin | segment.syn << 1 | segment.rst << 2 | segment.psh << 3 |
                  segment.ack << 4 | segment.ece << 6 | segment.cwr << 7);
    PutNumber(tcp, segment.window.value_or(65535), 2);
    PutNumber(tcp, 0, 4); // checksum and urgent pointer
    tcp.insert(tcp.end(), options.begin(), options.end());
    const uint64_t offset = segment.data.value_or(MappedOffset(segment).value_or(segment.seq - 1));
    const auto payload = BytesOf(m_peerPayload, offset, segment.length);
    tcp.insert(tcp.end(), payload.begin(), payload.end());

    const auto source = ScriptAddress(path.flow.remote.address);
    const auto destination = ScriptAddress(path.flow.local.address);
    if (source.size() != destination.size())
    {
        throw ScriptError("a flow has addresses of two families");
    }
    std::vector<uint8_t> pseudo = source;
    pseudo.insert(pseudo.end(), destination.begin(), destination.end());
    PutNumber(pseudo, tcp.size(), 4);
    PutNumber(pseudo, 6, 4);
    const uint16_t checksum = FoldSum(SumOf(pseudo, SumOf(tcp)));
    tcp[16] = checksum >> 8;
    tcp[17] = checksum & 0xff;

    return MakeIpPacket(source, destination, 6, tcp);
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
        // A copy: compilers take a reference for one into the temporary "bytes".
        const std::string hex = Need(option, "bytes");
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
        PutNumber(body, Number(fields, "value"), 2);
    }
    else if (option.name == "wscale")
    {
        kind = 3;
        PutNumber(body, Number(fields, "value"), 1);
    }
    else if (option.name == "sackOK")
    {
        kind = 4;
    }
    else if (option.name == "TS")
    {
        kind = 8;
        PutNumber(body, Number(fields, "val"), 4);
        PutNumber(body, Number(fields, "ecr"), 4);
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
            PutNumber(body, path.hostIsn.value_or(0) + left, 4);
            PutNumber(body, path.hostIsn.value_or(0) + right, 4);
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
        m_version = static_cast<uint8_t>(Number(fields, "version", 1) & 0xf);
        PutNumber(body, m_version, 1);
        PutNumber(body, flags == fields.end() ? 1 : FlagBits(flags->second, MP_FLAGS), 1);
        if (has("from"))
        {
            PutNumber(body, Key(fields.at("from")), 8);
        }
        if (has("to"))
        {
            PutNumber(body, Key(fields.at("to")), 8);
        }
        if (has("len"))
        {
            const auto length = static_cast<uint16_t>(Number(fields, "len"));
            PutNumber(body, length, 2);
            if (has("csum"))
            {
                PutNumber(
                    body,
                    choose("csum", Checksum(m_peerPayload, 1, 1, length, length, DataIsn(false))),
                    2);
            }
        }
    }
    else if (option.name == "mp_join")
    {
        PutNumber(body, 1 << 4 | has("backup"), 1);
        PutNumber(body, Number(fields, "id"), 1);
        if (has("token"))
        {
            const std::string& token = fields.at("token");
            PutNumber(body, wire::Token(Key(token), m_version), 4);
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
            PutNumber(body, *path.peerNonce, 4);
        }
    }
    else if (option.name == "dss")
    {
        const auto size = [&fields](const char* name) -> size_t { return Number(fields, name, 8); };
        PutNumber(body, 2 << 4, 1);
        PutNumber(body,
                  has("ack") | (has("ack") && size("acksize") == 8) << 1 | has("dsn") << 2 |
                      (has("dsn") && size("dsnsize") == 8) << 3 | has("fin") << 4,
                  1);
        if (has("ack"))
        {
            PutNumber(body, DataIsn(true) + Number(fields, "ack"), size("acksize"));
        }
        if (has("dsn"))
        {
            const uint64_t dsn = Number(fields, "dsn");
            const auto ssn = static_cast<uint32_t>(Number(fields, "ssn"));
            const auto length = static_cast<uint16_t>(Number(fields, "len"));
            PutNumber(body, DataIsn(false) + dsn, size("dsnsize"));
            PutNumber(body, ssn, 4);
            PutNumber(body, length, 2);
            if (has("csum"))
            {
                const uint16_t bytes = length - (has("fin") && length > 0 ? 1 : 0);
                PutNumber(body,
                          choose("csum",
                                 Checksum(m_peerPayload, dsn, ssn, length, bytes, DataIsn(false))),
                          2);
            }
        }
    }
    else if (option.name == "add_addr")
    {
        PutNumber(body, 3 << 4 | (has("ipver") ? Number(fields, "ipver") & 0xf : has("echo")), 1);
        std::vector<uint8_t> covered;
        PutNumber(covered, Number(fields, "id"), 1);
        const auto address = ScriptAddress(Need(option, "addr"));
        covered.insert(covered.end(), address.begin(), address.end());
        auto sent = covered;
        PutNumber(covered, Number(fields, "port"), 2);
        if (has("port"))
        {
            sent = covered;
        }
        body.insert(body.end(), sent.begin(), sent.end());
        if (has("hmac"))
        {
            PutNumber(body, choose("hmac", AddressHmac(false, covered)), 8);
        }
    }
    else if (option.name == "remove_addr")
    {
        PutNumber(body, 4 << 4, 1);
        std::string ids = Need(option, "id") + "+";
        for (size_t at = 0; at < ids.size(); at = ids.find('+', at) + 1)
        {
            PutNumber(body,
                      ParseScriptNumber(ids.substr(at, ids.find('+', at) - at), "id", UINT8_MAX),
                      1);
        }
    }
    else if (option.name == "mp_prio")
    {
        PutNumber(body, 5 << 4 | has("backup"), 1);
        if (has("id"))
        {
            PutNumber(body, Number(fields, "id"), 1);
        }
    }
    else if (option.name == "mp_fail")
    {
        PutNumber(body, 6 << 12, 2);
        PutNumber(
            body, DataIsn(true) + ParseScriptNumber(Need(option, "dsn"), "dsn", UINT64_MAX), 8);
    }
    else if (option.name == "mp_fastclose")
    {
        PutNumber(body, 7 << 12, 2);
        PutNumber(body, Key(Need(option, "to")), 8);
    }
    else if (option.name == "mp_tcprst")
    {
        const auto flags = fields.find("flags");
        PutNumber(
            body, 8 << 4 | (flags == fields.end() ? 0 : FlagBits(flags->second, RST_FLAGS)), 1);
        PutNumber(body, Number(fields, "reason"), 1);
    }
}

} // namespace ns3
