// SPDX-License-Identifier: GPL-2.0-only
#ifndef SCRIPT_WIRE_FIELDS_H
#define SCRIPT_WIRE_FIELDS_H

#include "packet-script.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ns3
{

// What writing and reading the options of a script have in common.

inline constexpr uint8_t MPTCP = 30;            //!< option kind, RFC 8684 section 3
inline const std::string MP_FLAGS = "HGFEDCBA"; //!< of MP_CAPABLE, bit 0 first
inline const std::string RST_FLAGS = "TWVU";    //!< of MP_TCPRST, bit 0 first

/// @param fields of an option @param name of one @param fallback if it is not there @return it
inline uint64_t
Number(const std::map<std::string, std::string>& fields,
       const std::string& name,
       uint64_t fallback = 0)
{
    const auto found = fields.find(name);
    return found == fields.end() ? fallback : ParseScriptNumber(found->second, name, UINT64_MAX);
}

/// @param segment of the peer or the host @return the offset of its payload in the stream, as its
/// mapping tells
inline std::optional<uint64_t>
MappedOffset(const ScriptSegment& segment)
{
    for (const auto& option : segment.options)
    {
        if (option.name == "dss" && option.fields.count("dsn") && Number(option.fields, "len") > 0)
        {
            return Number(option.fields, "dsn") - 1 + segment.seq - Number(option.fields, "ssn");
        }
    }
    return std::nullopt;
}

} // namespace ns3

#endif // SCRIPT_WIRE_FIELDS_H
