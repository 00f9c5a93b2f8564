// SPDX-License-Identifier: GPL-2.0-only
#ifndef IP_ADDRESS_TEXT_H
#define IP_ADDRESS_TEXT_H

#include "ns3/tcp-tuple.h"

#include <optional>
#include <string>

namespace ns3
{

/**
 * ns-3's own parsers end the run where they find no address.
 * @param text an IPv4 or IPv6 address, nothing else
 * @return it, or nothing if it is none
 */
std::optional<IpAddress> ParseIpAddress(const std::string& text);

} // namespace ns3

#endif // IP_ADDRESS_TEXT_H
