// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_SID_H
#define SRV6_SID_H

#include "srv6-policy.h"

#include "ns3/ipv4-address.h"
#include "ns3/ipv6-address.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ns3
{

/// What a node does with a packet for one of its segment identifiers (RFC 8986 section 4).
enum class Srv6Behavior : uint8_t
{
    END,                   //!< 4.1: on to the next segment
    END_X,                 //!< 4.2: the same, by given neighbours
    END_T,                 //!< 4.3: the same, by a given table
    END_DX6,               //!< 4.4: decapsulate, IPv6 to given neighbours
    END_DX4,               //!< 4.5: decapsulate, IPv4 to a given neighbour
    END_DT6,               //!< 4.6: decapsulate, IPv6 by a table
    END_DT4,               //!< 4.7: decapsulate, IPv4 by a table
    END_DT46,              //!< 4.8: decapsulate, both by a table
    END_B6_ENCAPS,         //!< 4.13: encapsulate by a policy
    END_B6_ENCAPS_REDUCED, //!< 4.14: the same, reduced
};

constexpr uint8_t SRV6_PSP = 1; //!< section 4.16.1: the last but one takes the SRH off
constexpr uint8_t SRV6_USP = 2; //!< section 4.16.2: the last takes the SRH off
constexpr uint8_t SRV6_USD = 4; //!< section 4.16.3: the last decapsulates

constexpr uint32_t SRV6_MAIN_TABLE = 254; //!< the node's routing; the number is Linux's

constexpr uint16_t SRV6_TRACEROUTE_PORT = 33434; //!< of UDP, for traceroute (RFC 9259 A.2.2)

/// Why a packet was dropped.
enum class Srv6DropReason : uint8_t
{
    MALFORMED_SRH, //!< bad lengths, Last Entry or Segments Left
    MALFORMED_TLV, //!< a TLV that does not fit
    SEGMENTS_LEFT, //!< segments left where none may be
    UPPER_LAYER,   //!< what follows is not for this SID
    HOP_LIMIT,     //!< used up
    HMAC,          //!< wrong or missing
    MULTICAST,     //!< a segment is a multicast address
    NO_ROUTE,      //!< nowhere to go
    TOO_BIG,       //!< does not fit with its new headers
    DOMAIN_FILTER, //!< from outside the SR domain
    ROUTING_TYPE,  //!< another routing header with segments left
    LOOP,          //!< through too many SIDs of one node
    EMPTY_POLICY,  //!< without a segment list
    EXTENSION,     //!< an unknown option that asks for it, or Hop-by-Hop Options out of place
    COUNT,         //!< number of reasons
};

/// @param reason one @return its name
std::string_view GetName(Srv6DropReason reason);
/// @param behavior one @return its name, as in RFC 8986
std::string_view GetName(Srv6Behavior behavior);

/// What a segment identifier counts.
struct Srv6Counters
{
    uint64_t packets{0}; //!< that arrived for it; RFC 8986 section 6 counts them less the drops
    uint64_t bytes{0};   //!< of them, with IPv6 headers
    uint64_t drops{0};   //!< of the packets: what the SID itself has refused
};

/**
 * @ingroup mptcp
 * A segment identifier of a node.
 */
struct Srv6Sid
{
    /// @param kind what is done @param kindFlavors SRV6_ values @param neighbours of END_X, END_DX6
    Srv6Sid(Srv6Behavior kind = Srv6Behavior::END,
            uint8_t kindFlavors = 0,
            std::vector<Ipv6Address> neighbours = {})
        : behavior(kind),
          flavors(kindFlavors),
          nextHops(std::move(neighbours))
    {
    }

    /// @return what keeps it from being one: what is wrong and what is accepted, on one line; empty
    /// if its behavior has all that it needs, and no flavors but those that RFC 8986 section 4.16
    /// defines for it
    std::string GetProblem() const;

    Srv6Behavior behavior;             //!< what is done
    uint8_t flavors;                   //!< SRV6_PSP, SRV6_USP, SRV6_USD
    std::vector<Ipv6Address> nextHops; //!< END_X, END_DX6: chosen by flow
    Ipv4Address nextHop4{0U};          //!< END_DX4; END_X with SRV6_USD: of IPv4 inside
    uint32_t table{SRV6_MAIN_TABLE};   //!< END_T, END_DT6, END_DT4, END_DT46
    Ptr<const Srv6Policy> policy;      //!< END_B6_ENCAPS and _REDUCED
    Srv6Counters counters;             //!< what came
};

} // namespace ns3

#endif // SRV6_SID_H
