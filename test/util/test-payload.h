// SPDX-License-Identifier: GPL-2.0-only
#ifndef TEST_PAYLOAD_H
#define TEST_PAYLOAD_H

#include "ns3/packet.h"

#include <cstdint>
#include <optional>

namespace ns3
{

/**
 * Payload whose bytes are a function of their offset: lost, doubled, swapped or foreign bytes
 * cannot pass for the right ones. The function repeats after a prime number of bytes, about a
 * million, so that no buffer, window or power of two hides a shift.
 */
class TestPayload
{
  public:
    /// @param stream which function: each direction of each connection has its own
    explicit TestPayload(uint32_t stream);

    /// @param offset of the first byte @param size bytes @return a packet of these bytes
    Ptr<Packet> Make(uint64_t offset, uint32_t size) const;

    /**
     * @param offset where the bytes should stand
     * @param bytes what arrived
     * @param size how many
     * @return offset of the first wrong one
     */
    std::optional<uint64_t> FindWrong(uint64_t offset, const uint8_t* bytes, uint32_t size) const;

  private:
    uint32_t m_shift; //!< where the function begins in the table
};

} // namespace ns3

#endif // TEST_PAYLOAD_H
