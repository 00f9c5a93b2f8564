// SPDX-License-Identifier: GPL-2.0-only
// A live connection: an input is a list of calls, segments and pauses.
#include "fuzz-targets.h"
#include "live-connection.h"

#include <netinet/in.h>
#include <string>

namespace ns3
{

namespace
{

constexpr int MOST_STEPS = 200;

/// @param bytes any @return an option that has them as they are
ScriptOption
Raw(const std::vector<uint8_t>& bytes)
{
    static const char digits[] = "0123456789abcdef";
    ScriptOption option;
    option.name = "raw";
    auto& hex = option.fields["bytes"];
    for (const uint8_t byte : bytes)
    {
        hex += {digits[byte >> 4], digits[byte & 15]};
    }
    return option;
}

/// @param live connection @param path of the segment @param input what to do
/// @return an option that is right or nearly so
ScriptOption
MakeOption(const LiveConnection& live, const ScriptSegment& segment, FuzzInput& input)
{
    ScriptOption option;
    auto& fields = option.fields;
    const uint8_t how = input.Byte();
    const auto around = [&input](uint64_t right) { return std::to_string(right + input.Delta()); };
    const auto judge = [how] { return how & 0x80 ? "bad" : "ok"; };
    const auto key = [how] { return how & 0x80 ? "wrong" : "host"; };
    switch (how & 15)
    {
    case 0:
    case 1:
    case 2:
    {
        option = live.DataAck();
        fields["ack"] = around(std::stoull(fields["ack"]));
        fields["dsn"] = around(live.GetNextData());
        fields["ssn"] = around(segment.seq);
        fields["len"] = std::to_string(static_cast<uint16_t>(segment.length + input.Delta()));
        if (how & 0x10)
        {
            fields["fin"] = "1";
        }
        if (how & 0x20)
        {
            fields["csum"] = judge();
        }
        if (how & 0x40)
        {
            fields["acksize"] = fields["dsnsize"] = "4";
        }
        if ((how & 15) == 2)
        {
            fields.erase("ack");
        }
        break;
    }
    case 3:
        option = live.DataAck();
        fields["ack"] = around(std::stoull(fields["ack"]));
        break;
    case 4:
        option.name = "add_addr";
        fields["id"] = std::to_string(input.Byte());
        fields["addr"] = how & 0x10   ? "fd01::" + std::to_string(input.Byte() % 4)
                         : how & 0x20 ? "192.168.0.1"
                                      : "192.0.2." + std::to_string(input.Byte() % 4);
        if (how & 0x40)
        {
            fields["port"] = std::to_string(input.Word());
        }
        if (input.Byte() & 1)
        {
            fields["echo"] = "1";
        }
        else
        {
            fields["hmac"] = judge();
        }
        break;
    case 5:
        option.name = "remove_addr";
        fields["id"] = std::to_string(input.Byte() % 8) + "+" + std::to_string(input.Byte());
        break;
    case 6:
        option.name = "mp_prio";
        if (how & 0x10)
        {
            fields["backup"] = "1";
        }
        break;
    case 7:
        option.name = "mp_fail";
        fields["dsn"] = around(std::stoull(live.DataAck().fields["ack"]));
        break;
    case 8:
        option.name = "mp_fastclose";
        fields["to"] = key();
        break;
    case 9:
        option.name = "mp_tcprst";
        fields["flags"] = how & 0x10 ? "T" : "-";
        fields["reason"] = std::to_string(input.Byte());
        break;
    case 10:
        option.name = "mp_capable";
        fields["flags"] = how & 0x10 ? "AH" : "H";
        if (how & 0x20)
        {
            fields["from"] = "peer";
        }
        if (how & 0x40)
        {
            fields["to"] = key();
            fields["len"] = std::to_string(static_cast<uint16_t>(segment.length + input.Delta()));
        }
        break;
    case 11:
        option.name = "mp_join";
        fields["id"] = std::to_string(input.Byte());
        if (how & 0x10)
        {
            fields["token"] = key();
            fields["nonce"] = "1";
        }
        else
        {
            fields["hmac"] = judge();
        }
        break;
    case 12:
    {
        option.name = "sack";
        const uint32_t left = segment.ackNumber + input.Delta();
        const uint32_t right = left + input.Word();
        fields["blocks"] = std::to_string(left) + ":" + std::to_string(right);
        break;
    }
    case 13:
        option.name = "TS";
        fields["val"] = std::to_string(static_cast<uint32_t>(input.Delta()));
        fields["ecr"] = std::to_string(static_cast<uint32_t>(input.Delta()));
        break;
    default:
        option = Raw(input.Bytes(input.Byte() % 40));
        break;
    }
    return option;
}

/// Send a segment that differs from the right one where the input says so.
/// @param live connection @param input what to do
void
SendMutated(LiveConnection& live, FuzzInput& input)
{
    const size_t path = input.Byte() % live.CountPaths();
    ScriptSegment segment = live.Next(path);
    const uint8_t flags = input.Byte();
    segment.fin = (flags & 0x07) == 0x01;
    segment.syn = (flags & 0x07) == 0x02;
    segment.rst = (flags & 0x07) == 0x03;
    segment.psh = flags & 0x08;
    segment.ack = !(flags & 0x10);
    segment.ece = flags & 0x20;
    segment.cwr = flags & 0x40;
    segment.seq += input.Delta();
    segment.ackNumber += input.Delta();
    const uint8_t window = input.Byte();
    segment.window = window < 16 ? window : window * 257;
    segment.length = flags & 0x80 ? input.Word() % 1461 : 0;
    for (int count = input.Byte() % 4; count > 0; count--)
    {
        segment.options.push_back(MakeOption(live, segment, input));
    }
    live.Send(path, segment);
}

/// Send an ICMP error about a segment that the host has sent, or nearly so.
/// @param live connection @param path whose @param input what to do
void
SendIcmp(LiveConnection& live, size_t path, FuzzInput& input)
{
    static const char* const names[] = {"net_unreachable",
                                        "host_unreachable",
                                        "port_unreachable",
                                        "time_exceeded",
                                        "parameter_problem",
                                        "frag_needed",
                                        "packet_too_big",
                                        "packet_too_big"};
    const uint8_t how = input.Byte();
    ScriptIcmp icmp;
    icmp.name = names[how & 7];
    icmp.mtu = (how & 7) >= 5 ? input.Word() : 0;
    // With the high bit the last byte that came, which is in flight until it is acknowledged.
    icmp.length = 1 + (how >> 3 & 15);
    icmp.seq = (how & 0x80 ? live.GetReceived(path) - icmp.length : 0) + input.Delta();
    live.SendIcmp(path, icmp);
}

} // namespace

int
FuzzConnection(const uint8_t* data, size_t size)
{
    FuzzInput input(data, size);
    const uint8_t how = input.Byte();
    LiveOptions options;
    options.client = how & 0x01;
    options.ipv6 = how & 0x02;
    options.multipath = (how & 0x0c) != 0x0c;
    options.checksum = (how & 0x0c) == 0x04;
    options.extras = (how & 0x0c) == 0x08;
    options.timestamps = how & 0x10;
    options.sack = !(how & 0x20);
    options.atOnce = how & 0x40;
    options.twoHomes = how & 0x80;
    LiveConnection live(options);
    FuzzRequire(live.IsUp(), "the handshake goes through");
    mptcp_host* host = live.GetHost();
    const int fd = live.GetFd();
    std::vector<uint8_t> buffer(65536);
    for (int step = 0; step < MOST_STEPS && input.GetLeft() > 0; step++)
    {
        const uint8_t what = input.Byte();
        const size_t path = (what >> 4) % live.CountPaths();
        switch (what & 15)
        {
        case 0:
        case 1:
        case 2:
            SendMutated(live, input);
            break;
        case 3:
            live.SendData(path, input.Word() % 1401, false);
            break;
        case 4:
            live.SendData(path, input.Byte(), what & 0x80);
            break;
        case 5:
        {
            // Acknowledge all.
            auto ack = live.Next(path);
            ack.options.push_back(live.DataAck());
            live.Send(path, ack);
            break;
        }
        case 6:
            live.Advance(int64_t(input.Byte()) * 1000000);
            break;
        case 7:
            live.Advance(int64_t(input.Byte()) * 100000000);
            break;
        case 8:
            mptcp_host_write(host, fd, buffer.data(), input.Word());
            break;
        case 9:
            mptcp_host_read(host, fd, buffer.data(), input.Word());
            break;
        case 10:
            mptcp_host_shutdown(host, fd, what >> 4 & 3);
            break;
        case 11:
            live.Join(!(what & 0x80));
            break;
        case 12:
            live.ContinueJoin(path, !(what & 0x80));
            break;
        case 13:
            if (what & 0x80)
            {
                mptcp_host_remove_address(host, options.ipv6 ? "fd00:1::1" : "192.168.1.1");
            }
            else if (what & 0x40)
            {
                live.SendData(path, 100, false, true);
            }
            else
            {
                // Acknowledge all, some of which met congestion.
                auto ack = live.Next(path);
                ack.ece = true;
                ack.options.push_back(live.DataAck());
                live.Send(path, ack);
            }
            break;
        case 14:
            if (what == 0xfe)
            {
                mptcp_host_close(host, fd);
            }
            else
            {
                SendIcmp(live, path, input);
            }
            break;
        default:
            SendMutated(live, input);
            live.Advance(1000000);
            break;
        }
        live.Collect();
    }
    live.Advance(1000000000);
    live.Collect();
    return 0;
}

} // namespace ns3
