// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_ICMP_ERROR_H
#define TCP_ICMP_ERROR_H

#include "ns3/sequence-number.h"

#include <cstdint>
#include <optional>

namespace ns3
{

/// What an ICMP or ICMPv6 error says of a segment that we have sent.
struct TcpIcmpError
{
    SequenceNumber32 seq{0};            //!< sequence number of the segment that it quotes
    int number{0};                      //!< the reason, of errno; 0 if it is about size only
    std::optional<uint32_t> largestMtu; //!< "too big": MTU of the next hop; 0: it does not say
};

} // namespace ns3

#endif // TCP_ICMP_ERROR_H
