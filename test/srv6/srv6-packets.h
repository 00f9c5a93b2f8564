// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_PACKETS_H
#define SRV6_PACKETS_H

#include "test-rig.h"

#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"
#include "ns3/srv6-header.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/// Packets as bytes, for a Srv6Router, with right checksums.
namespace srv6packets
{

using Bytes = std::vector<uint8_t>; //!< a packet

constexpr size_t IPV6_SIZE = 40;               //!< bytes of an IPv6 header
constexpr size_t IPV4_SIZE = 20;               //!< bytes of an IPv4 header
constexpr size_t NEXT_HEADER = 6;              //!< where it stands
constexpr size_t HOP_LIMIT = 7;                //!< where it stands
constexpr size_t SOURCE = 8;                   //!< where it stands
constexpr size_t DESTINATION = 24;             //!< where it stands
constexpr size_t TTL = 8;                      //!< where IPv4's stands
constexpr uint8_t UDP = 17;                    //!< next header
constexpr uint8_t ICMP6 = 58;                  //!< next header
constexpr uint8_t ROUTING = 43;                //!< next header
constexpr uint8_t IN_IPV6 = 41;                //!< next header of an IPv6 packet
constexpr uint8_t IPV4_IN_IPV6 = 4;            //!< next header of an IPv4 packet
constexpr const char* NEAR_HOST = "fd00:a::1"; //!< the sender's address
constexpr const char* FAR_HOST = "fd00:b::5";  //!< behind the router

/// @param packet an IPv6 packet @param at where an address stands @return it
inline Ipv6Address
AddressAt(const Bytes& packet, size_t at)
{
    return Ipv6Address::Deserialize(packet.data() + at);
}

/// @param bytes where they begin @param size how many @param sum of what came before
/// @return their sum in ones' complement
inline uint32_t
Sum(const uint8_t* bytes, size_t size, uint32_t sum = 0)
{
    for (size_t i = 0; i < size; ++i)
    {
        sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

/// Write a checksum. @param bytes what it is over @param size of them @param at where it stands
/// @param sum of a pseudo header
inline void
WriteChecksum(uint8_t* bytes, size_t size, size_t at, uint32_t sum = 0)
{
    bytes[at] = bytes[at + 1] = 0;
    const uint32_t checksum = ~Sum(bytes, size, sum) & 0xffff;
    // Of UDP, 0 means none.
    bytes[at] = static_cast<uint8_t>(checksum == 0 ? 0xff : checksum >> 8);
    bytes[at + 1] = static_cast<uint8_t>(checksum == 0 ? 0xff : checksum);
}

/// @param source of it @param destination of it @param next header @param payload behind it: a
/// transport's, or an SRH in front of one @return an IPv6 packet with hop limit 64
inline Bytes
Ipv6Packet(const char* source, const char* destination, uint8_t next, const Bytes& payload)
{
    Bytes packet(IPV6_SIZE);
    packet[0] = 0x60;
    packet[4] = static_cast<uint8_t>(payload.size() >> 8);
    packet[5] = static_cast<uint8_t>(payload.size());
    packet[NEXT_HEADER] = next;
    packet[HOP_LIMIT] = 64;
    Ipv6Address(source).GetBytes(packet.data() + SOURCE);
    Ipv6Address(destination).GetBytes(packet.data() + DESTINATION);
    packet.insert(packet.end(), payload.begin(), payload.end());
    const uint8_t* last = packet.data() + DESTINATION;
    size_t at = IPV6_SIZE;
    if (next == ROUTING && payload.size() > SRV6_FIXED_SIZE + SRV6_SEGMENT_SIZE)
    {
        next = payload[0];
        last = packet.data() + IPV6_SIZE + SRV6_FIXED_SIZE;
        at += (payload[1] + 1U) * 8;
    }
    if ((next != UDP && next != ICMP6) || packet.size() < at + 8)
    {
        return packet;
    }
    const size_t size = packet.size() - at;
    uint32_t sum = Sum(packet.data() + SOURCE, 16);
    sum = Sum(last, 16, sum) + static_cast<uint32_t>(size) + next;
    WriteChecksum(packet.data() + at, size, next == UDP ? 6 : 2, sum);
    return packet;
}

/// @param size of the payload @param port of the source @param to of the destination
/// @return a UDP datagram
inline Bytes
Datagram(size_t size = 4, uint16_t port = 1111, uint16_t to = 2222)
{
    Bytes bytes(8 + size, 'x');
    bytes[0] = static_cast<uint8_t>(port >> 8);
    bytes[1] = static_cast<uint8_t>(port);
    bytes[2] = static_cast<uint8_t>(to >> 8);
    bytes[3] = static_cast<uint8_t>(to);
    bytes[4] = static_cast<uint8_t>(bytes.size() >> 8);
    bytes[5] = static_cast<uint8_t>(bytes.size());
    bytes[6] = bytes[7] = 0;
    return bytes;
}

/// @param path segments as packets visit them @param left how many are left
/// @param next header @param payload behind it @return an SRH and the payload
inline Bytes
Routed(const std::vector<const char*>& path, uint8_t left, uint8_t next, const Bytes& payload)
{
    auto header = SegmentRoutingHeader::FromPath({path.begin(), path.end()});
    header.nextHeader = next;
    header.segmentsLeft = left;
    Bytes bytes(header.GetSize());
    header.Write(bytes.data());
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    return bytes;
}

/// @param destination of it @param payload of UDP @return an IPv4 packet, TTL 64, without a
/// checksum of UDP
inline Bytes
Ipv4Packet(const char* destination, const Bytes& payload = Datagram())
{
    Bytes packet(IPV4_SIZE);
    packet[0] = 0x45;
    packet[2] = static_cast<uint8_t>((IPV4_SIZE + payload.size()) >> 8);
    packet[3] = static_cast<uint8_t>(IPV4_SIZE + payload.size());
    packet[TTL] = 64;
    packet[9] = UDP;
    Ipv4Address("10.0.1.1").Serialize(packet.data() + 12);
    Ipv4Address(destination).Serialize(packet.data() + 16);
    packet.insert(packet.end(), payload.begin(), payload.end());
    return packet;
}

/// @param packet of IPv6 @param limit hop limit @return it with that
inline Bytes
WithHopLimit(Bytes packet, uint8_t limit)
{
    packet[HOP_LIMIT] = limit;
    return packet;
}

/// @param packets what left @param test gets a failure where they are not one @return the only one,
/// or zeros
inline Bytes
Only(const std::vector<Bytes>& packets, ScenarioTestCase& test)
{
    test.ExpectEqual(packets.size(), 1U, "packets");
    return packets.size() == 1 ? packets[0] : Bytes(400);
}

} // namespace srv6packets

} // namespace ns3

#endif // SRV6_PACKETS_H
