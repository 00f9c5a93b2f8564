// SPDX-License-Identifier: GPL-2.0-only
#ifndef PACKET_MARKS_H
#define PACKET_MARKS_H

#include <cstdint>
#include <optional>

namespace ns3
{

class Packet;

/// What an application wants in the IP headers of its packets, and their priority in queue discs.
struct PacketMarks
{
    std::optional<uint8_t> tos;          //!< IPv4 type of service
    std::optional<uint8_t> ttl;          //!< IPv4 time to live
    std::optional<uint8_t> trafficClass; //!< IPv6 traffic class
    std::optional<uint8_t> hopLimit;     //!< IPv6 hop limit
    std::optional<uint8_t> priority;     //!< SO_PRIORITY

    /// @return whether nothing is wanted
    bool Empty() const
    {
        return !tos && !ttl && !trafficClass && !hopLimit && !priority;
    }

    /// Tag a packet. @param packet it @param ipv6 which IP it goes to
    void Apply(Packet& packet, bool ipv6) const;

    /// @param other fills in what is not set here @return both
    PacketMarks Over(const PacketMarks& other) const
    {
        return {tos ? tos : other.tos,
                ttl ? ttl : other.ttl,
                trafficClass ? trafficClass : other.trafficClass,
                hopLimit ? hopLimit : other.hopLimit,
                priority ? priority : other.priority};
    }
};

} // namespace ns3

#endif // PACKET_MARKS_H
