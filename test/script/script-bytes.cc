// SPDX-License-Identifier: GPL-2.0-only
#include "script-bytes.h"

#include "packet-script.h"

#include <arpa/inet.h>

namespace ns3
{

void
PutNumber(std::vector<uint8_t>& to, uint64_t value, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        to.push_back(static_cast<uint8_t>(value >> (8 * (count - 1 - i))));
    }
}

uint64_t
SumOf(const std::vector<uint8_t>& bytes, uint64_t sum)
{
    for (size_t i = 0; i < bytes.size(); i++)
    {
        sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
    }
    return sum;
}

uint16_t
FoldSum(uint64_t sum)
{
    while (sum >> 16)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

std::vector<uint8_t>
ScriptAddress(const std::string& text)
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

std::vector<uint8_t>
MakeIpPacket(const std::vector<uint8_t>& source,
             const std::vector<uint8_t>& destination,
             uint8_t protocol,
             const std::vector<uint8_t>& body)
{
    std::vector<uint8_t> packet;
    if (source.size() == 4)
    {
        PutNumber(packet, 0x4500, 2);
        PutNumber(packet, 20 + body.size(), 2);
        PutNumber(packet, 0x4000, 4);             // identification, don't fragment
        PutNumber(packet, 64 << 8 | protocol, 2); // time to live, protocol
        PutNumber(packet, 0, 2);
    }
    else
    {
        PutNumber(packet, 0x60000000, 4);
        PutNumber(packet, body.size(), 2);
        PutNumber(packet, protocol << 8 | 64, 2); // next header, hop limit
    }
    packet.insert(packet.end(), source.begin(), source.end());
    packet.insert(packet.end(), destination.begin(), destination.end());
    if (source.size() == 4)
    {
        const uint16_t header = FoldSum(SumOf(packet));
        packet[10] = header >> 8;
        packet[11] = header & 0xff;
    }
    packet.insert(packet.end(), body.begin(), body.end());
    return packet;
}

} // namespace ns3
