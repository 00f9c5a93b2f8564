// SPDX-License-Identifier: GPL-2.0-only
// From bytes back to the words of a script, and what differs from those that it expects.
#include "script-wire-fields.h"
#include "script-wire.h"

#include <arpa/inet.h>
#include <cctype>
#include <cstdio>

namespace ns3
{

namespace
{

/// @param bytes 4 or 16 of them @param size how many @return the address as text
std::string
AddressText(const uint8_t* bytes, size_t size)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(size == 4 ? AF_INET : AF_INET6, bytes, text, sizeof(text));
    return text;
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

} // namespace

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
        m_version = body[2] & 15;
        fields["version"] = std::to_string(m_version);
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
            const bool toPeer = read(4, 4) == wire::Token(m_peerKey, m_version);
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
        const size_t rest = size - 4 - (echo || m_version == 0 ? 0 : 8);
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
        if (m_version == 0)
        {
            // RFC 6824 section 3.4.1
            fields["ipver"] = std::to_string(body[2] & 15);
        }
        else if (echo)
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
        if (size == 4)
        {
            fields["id"] = number(3, 1);
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
