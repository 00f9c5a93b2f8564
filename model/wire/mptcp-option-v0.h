// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_OPTION_V0_H
#define MPTCP_OPTION_V0_H

#include "mptcp-option.h"

namespace ns3
{

/**
 * @file
 * @ingroup mptcp
 * What is different in the options of version 0 (RFC 6824). All others, and MP_JOIN and DSS among
 * them, look the same in both versions. Which version an option is of can be told from its bytes
 * alone; whether it is the connection's is asked by IsOfVersion().
 */

/**
 * Read MP_CAPABLE of version 0: a key is on the SYN already, and flag C is one more of the
 * algorithms (RFC 6824 section 3.1, figure 4).
 * @param bytes the option from its kind byte on
 * @param size its length
 * @param synFlag whether the segment has SYN set
 * @return the option, or the reason why it is malformed
 */
MptcpParseResult ParseCapableV0(const uint8_t* bytes, size_t size, bool synFlag);

/**
 * @param bytes an ADD_ADDR from its kind byte on
 * @param size its length
 * @return whether it is one of version 0: IPVer stands where version 1 has flag E, and there is no
 * HMAC (RFC 6824 section 3.4.1, figure 12)
 */
bool IsAddAddressV0(const uint8_t* bytes, size_t size);

/// @param bytes for which IsAddAddressV0() is true @param size of it @return the option
MptcpParseResult ParseAddAddressV0(const uint8_t* bytes, size_t size);

/// @param option to be written as version 0 does @return IPVer, 4 or 6
uint16_t GetIpVer(const AddAddress& option);

/**
 * @param option well-formed, but for MP_CAPABLE, which names its version
 * @param version of a connection
 * @return whether that version knows the option in this form; it is to be ignored otherwise
 */
bool IsOfVersion(const MptcpOption& option, uint8_t version);

} // namespace ns3

#endif // MPTCP_OPTION_V0_H
