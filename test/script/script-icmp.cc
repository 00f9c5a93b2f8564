// SPDX-License-Identifier: GPL-2.0-only
#include "script-icmp.h"

#include "script-bytes.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <sstream>

namespace ns3
{

namespace
{

/// What an error is called in scripts, and its type and code in either family.
struct Kind
{
    const char* name; //!< as packetdrill's
    int type4;        //!< of ICMPv4, -1: there is none
    int code4;        //!< of ICMPv4
    int type6;        //!< of ICMPv6, -1: there is none
    int code6;        //!< of ICMPv6
    bool mtu;         //!< it tells one
};

constexpr Kind KINDS[] = {
    {"net_unreachable", 3, 0, 1, 0, false},
    {"host_unreachable", 3, 1, 1, 3, false},
    {"port_unreachable", 3, 3, 1, 4, false},
    {"frag_needed", 3, 4, -1, 0, true},
    {"packet_too_big", -1, 0, 2, 0, true},
    {"time_exceeded", 11, 0, 3, 0, false},
    {"parameter_problem", 12, 0, 4, 0, false},
};

/// @param name in a script @return what it is
const Kind&
Find(const std::string& name)
{
    std::string names;
    for (const auto& kind : KINDS)
    {
        if (name == kind.name)
        {
            return kind;
        }
        names += names.empty() ? "" : ", ";
        names += kind.name;
    }
    throw ScriptError("no ICMP error is called '" + name + "'; there are " + names);
}

} // namespace

ScriptIcmp
ParseScriptIcmp(const std::string& text)
{
    const char* const form = "an ICMP error is written: [FIRST:END(LENGTH)] icmp NAME [mtu N]";
    ScriptIcmp icmp;
    unsigned end = 0;
    int read = 0;
    if (std::sscanf(text.c_str(), "[%u:%u(%u)]%n", &icmp.seq, &end, &icmp.length, &read) != 3 ||
        read == 0 || icmp.seq + icmp.length != end)
    {
        throw ScriptError(form);
    }
    std::istringstream words(text.substr(read));
    std::string word;
    std::string mtu;
    std::string number;
    std::string more;
    words >> word >> icmp.name >> mtu >> number >> more;
    if (word != "icmp" || icmp.name.empty() || !more.empty() || (!mtu.empty() && mtu != "mtu"))
    {
        throw ScriptError(form);
    }
    const Kind& kind = Find(icmp.name);
    if (kind.mtu != (mtu == "mtu"))
    {
        throw ScriptError(icmp.name + (kind.mtu ? " wants mtu N" : " has no mtu"));
    }
    icmp.mtu = kind.mtu ? ParseScriptNumber(number, "mtu", 65535) : 0;
    return icmp;
}

std::vector<uint8_t>
EncodeScriptIcmp(const ScriptPath& path, const ScriptIcmp& icmp)
{
    const Kind& kind = Find(icmp.name);
    const auto host = ScriptAddress(path.flow.local.address);
    const auto peer = ScriptAddress(path.flow.remote.address);
    const bool ipv6 = host.size() == 16;
    if ((ipv6 ? kind.type6 : kind.type4) < 0)
    {
        throw ScriptError(icmp.name + " is an error of the other family");
    }

    // The segment: its IP header and the 8 bytes that each router quotes (RFC 792).
    std::vector<uint8_t> quoted;
    const size_t tcp = 20 + icmp.length;
    if (ipv6)
    {
        PutNumber(quoted, 0x60000000, 4);
        PutNumber(quoted, tcp, 2);
        PutNumber(quoted, 6 << 8 | 60, 2); // next header, hop limit
    }
    else
    {
        PutNumber(quoted, 0x4500, 2);
        PutNumber(quoted, 20 + tcp, 2);
        PutNumber(quoted, 0x4000, 4);      // identification, don't fragment
        PutNumber(quoted, 60 << 8 | 6, 2); // time to live, protocol
        PutNumber(quoted, 0, 2);
    }
    quoted.insert(quoted.end(), host.begin(), host.end());
    quoted.insert(quoted.end(), peer.begin(), peer.end());
    PutNumber(quoted, path.flow.local.port, 2);
    PutNumber(quoted, path.flow.remote.port, 2);
    PutNumber(quoted, path.hostIsn.value_or(0) + icmp.seq, 4);

    std::vector<uint8_t> body;
    PutNumber(body, ipv6 ? kind.type6 << 8 | kind.code6 : kind.type4 << 8 | kind.code4, 2);
    PutNumber(body, 0, 2);
    PutNumber(body, icmp.mtu, 4);
    body.insert(body.end(), quoted.begin(), quoted.end());
    std::vector<uint8_t> pseudo;
    if (ipv6)
    {
        pseudo = peer;
        pseudo.insert(pseudo.end(), host.begin(), host.end());
        PutNumber(pseudo, body.size(), 4);
        PutNumber(pseudo, 58, 4);
    }
    const uint16_t checksum = FoldSum(SumOf(pseudo, SumOf(body)));
    body[2] = checksum >> 8;
    body[3] = checksum & 0xff;
    return MakeIpPacket(peer, host, ipv6 ? 58 : 1, body);
}

} // namespace ns3
