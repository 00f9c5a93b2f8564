// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_CHECKSUM_H
#define MPTCP_CHECKSUM_H

#include "ns3/packet.h"
#include "ns3/tcp-segment.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup mptcp
 * The checksum of a DSS mapping (RFC 8684 section 3.3.1): TCP's, over the bytes of the mapping in
 * any number of pieces, and a pseudo-header (figure 10).
 */
class MptcpChecksum
{
  public:
    /// @param packet the next bytes of the mapping @param size how many of its first ones
    void Add(const Packet& packet, uint32_t size);

    /**
     * @param dataSequence data sequence number of the mapping, all 64 bits
     * @param subflowSequence its relative subflow sequence number, 0 for a lone DATA_FIN
     * @param length its data-level length, DATA_FIN included
     * @return the checksum
     */
    uint16_t
    Finish(DataSequenceNumber dataSequence, uint32_t subflowSequence, uint16_t length) const;

    /// @param one a checksum @param other another
    /// @return whether they are the same (0 has two forms in ones' complement)
    static bool IsSame(uint16_t one, uint16_t other)
    {
        return one % 0xffff == other % 0xffff;
    }

  private:
    uint64_t m_sum{0}; //!< of 16-bit words
    bool m_odd{false}; //!< the bytes so far are odd in number
};

} // namespace ns3

#endif // MPTCP_CHECKSUM_H
