// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-ancillary.h"

#include "mptcp-api.h"

#include <algorithm>
#include <cstring>

namespace ns3
{

MptcpAncillary
MptcpPackEvents(const MptcpEventQueue& queue, size_t room)
{
    MptcpAncillary ancillary;
    for (size_t i = 0; i < queue.GetSize(); i++)
    {
        const auto event = MptcpEventQueue::Encode(queue.At(i));
        const size_t at = ancillary.bytes.size();
        if (at + CMSG_LEN(event.size()) > room)
        {
            ancillary.truncated = true;
            break;
        }
        cmsghdr header{};
        header.cmsg_len = CMSG_LEN(event.size());
        header.cmsg_level = IPPROTO_TCP;
        header.cmsg_type = MPTCP_SCM_EVENT;
        // The last one may lack the padding that the next one would need.
        ancillary.bytes.resize(std::min<size_t>(room, at + CMSG_SPACE(event.size())));
        std::memcpy(&ancillary.bytes[at], &header, sizeof(header));
        std::memcpy(&ancillary.bytes[at + CMSG_LEN(0)], event.data(), event.size());
        ancillary.events++;
    }
    return ancillary;
}

} // namespace ns3
