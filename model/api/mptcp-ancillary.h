// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_ANCILLARY_H
#define MPTCP_ANCILLARY_H

#include "mptcp-events.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/// Events as ancillary data of a message.
struct MptcpAncillary
{
    std::vector<uint8_t> bytes; //!< control messages, as recvmsg() returns them
    size_t events{0};           //!< number of them
    bool truncated{false};      //!< there was no room for all
};

/**
 * @param queue of events, which stays as it is
 * @param room bytes for control messages
 * @return the oldest events, as many as there is room for
 */
MptcpAncillary MptcpPackEvents(const MptcpEventQueue& queue, size_t room);

} // namespace ns3

#endif // MPTCP_ANCILLARY_H
