// SPDX-License-Identifier: GPL-2.0-only
#ifndef SCRIPT_BYTES_H
#define SCRIPT_BYTES_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

// How packets of a script are put together.

/// @param to gets a number, big endian @param value it @param count its bytes
void PutNumber(std::vector<uint8_t>& to, uint64_t value, size_t count);
/// @param bytes any @param sum of others before @return the Internet checksum's sum, not folded
uint64_t SumOf(const std::vector<uint8_t>& bytes, uint64_t sum = 0);
/// @param sum of SumOf() @return the checksum
uint16_t FoldSum(uint64_t sum);
/// @param text an address; throws ScriptError @return its 4 or 16 bytes
std::vector<uint8_t> ScriptAddress(const std::string& text);
/// @param source address @param destination address of the same family @param protocol of the body
/// @param body what the packet carries @return the packet
std::vector<uint8_t> MakeIpPacket(const std::vector<uint8_t>& source,
                                  const std::vector<uint8_t>& destination,
                                  uint8_t protocol,
                                  const std::vector<uint8_t>& body);

} // namespace ns3

#endif // SCRIPT_BYTES_H
