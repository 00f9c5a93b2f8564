// SPDX-License-Identifier: GPL-2.0-only
#ifndef RECEIVE_MAPPINGS_H
#define RECEIVE_MAPPINGS_H

#include "ns3/tcp-segment.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace ns3
{

/**
 * @ingroup mptcp
 * The data sequence mappings that arrived on one subflow and still await data
 * (RFC 8684 section 3.3.1). Subflow positions are 64-bit offsets from the peer's ISN: 1 is the
 * first byte.
 */
class ReceiveMappings
{
  public:
    /// A stretch of a mapping.
    struct Stretch
    {
        DataSequenceNumber dataSequence{0}; //!< of the first byte asked for
        uint64_t length{0};                 //!< bytes that the mapping covers from there on
        bool whole{false};                  //!< it is all of a mapping, as it was declared
        uint16_t declaredLength{0};         //!< as given to Add()
        uint16_t checksum{0};               //!< as given to Add()
    };

    /**
     * Remember a mapping. A repeated one is ignored; where two overlap the earlier one stands
     * (section 3.3.1: a mapping is fixed once declared).
     * @param offset subflow offset of its first byte; modulo 2^64. A mapping that begins before 0
     * is ignored: it would never be released
     * @param dataSequence data sequence number of its first byte
     * @param length bytes
     * @param declaredLength its data-level length, a DATA_FIN included; only kept
     * @param checksum its checksum; only kept
     */
    void Add(uint64_t offset,
             DataSequenceNumber dataSequence,
             uint32_t length,
             uint16_t declaredLength = 0,
             uint16_t checksum = 0);

    /**
     * @param offset a subflow offset
     * @return where the byte belongs, if a mapping covers it
     */
    std::optional<Stretch> Find(uint64_t offset) const;

    /// Forget the mappings that end at or below. @param offset a subflow offset
    void Release(uint64_t offset);

    /// @return whether a mapping has ever been added
    bool EverAdded() const
    {
        return m_everAdded;
    }

  private:
    /// One mapping.
    struct Mapping
    {
        uint64_t begin;                  //!< subflow offset of the first byte
        uint64_t end;                    //!< behind the last byte
        DataSequenceNumber dataSequence; //!< of the first byte
        uint32_t length;                 //!< bytes when it was declared
        uint16_t declaredLength;         //!< as given to Add()
        uint16_t checksum;               //!< as given to Add()
    };

    /// @param offset a subflow offset @return the first mapping that ends behind it
    std::deque<Mapping>::const_iterator FindEnd(uint64_t offset) const;

    std::deque<Mapping> m_mappings; //!< by offset, without overlap
    uint64_t m_released{0};         //!< everything below has been delivered
    bool m_everAdded{false};        //!< a mapping arrived
};

} // namespace ns3

#endif // RECEIVE_MAPPINGS_H
