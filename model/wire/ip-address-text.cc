// SPDX-License-Identifier: GPL-2.0-only
#include "ip-address-text.h"

#include <arpa/inet.h>

namespace ns3
{

std::optional<IpAddress>
ParseIpAddress(const std::string& text)
{
    uint8_t bytes[16];
    if (inet_pton(AF_INET, text.c_str(), bytes) == 1)
    {
        return Ipv4Address::Deserialize(bytes);
    }
    if (inet_pton(AF_INET6, text.c_str(), bytes) == 1)
    {
        return Ipv6Address::Deserialize(bytes);
    }
    return std::nullopt;
}

} // namespace ns3
