// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-routing-options.h"

#include "user-memory.h"

#include <cerrno>

namespace ns3
{

int
MptcpReadRoutingHeader(const ipv6_sr_hdr* user, RoutingHeaderBytes& header)
{
    constexpr size_t UNIT = 8; // what Hdr Ext Len counts in
    header.clear();
    if (!user)
    {
        return 0;
    }
    header.resize(UNIT);
    if (!CopyFromUser(header.data(), user, UNIT))
    {
        return EFAULT;
    }
    header.resize(UNIT * (header[1] + 1U));
    return CopyFromUser(header.data(), user, header.size()) ? 0 : EFAULT;
}

} // namespace ns3
