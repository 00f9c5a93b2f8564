// SPDX-License-Identifier: GPL-2.0-only
#ifndef SCRIPT_ICMP_H
#define SCRIPT_ICMP_H

#include "packet-script.h"
#include "script-wire.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

/// Read "[FIRST:END(LENGTH)] icmp NAME [mtu N]"; throws ScriptError. @param text it @return it
ScriptIcmp ParseScriptIcmp(const std::string& text);

/// @param path whose host has sent the segment that is quoted @param icmp the error
/// @return an IP packet of the peer (RFC 792, RFC 1191, RFC 4443)
std::vector<uint8_t> EncodeScriptIcmp(const ScriptPath& path, const ScriptIcmp& icmp);

} // namespace ns3

#endif // SCRIPT_ICMP_H
