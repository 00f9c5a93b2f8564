// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_POLICY_H
#define SRV6_POLICY_H

#include "srv6-header.h"
#include "srv6-hmac.h"

#include "ns3/simple-ref-count.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{

/// How a policy puts its segments on a packet.
enum class Srv6Steering
{
    ENCAPS,         //!< an outer IPv6 header with an SRH (RFC 8986 section 5.1)
    ENCAPS_REDUCED, //!< the same without the first segment in the SRH (section 5.2)
    INSERT,         //!< an SRH between the packet's own headers, as a source has it
};

/// A key of HMAC TLVs.
struct Srv6Key
{
    uint32_t id{0};                           //!< RFC 8754 section 2.1.2
    std::string secret;                       //!< the pre-shared key
    Srv6HmacText text{Srv6HmacText::RFC8754}; //!< what it covers
};

/**
 * @ingroup mptcp
 * The static part of an SR Policy (RFC 9256): segment lists with weights. All packets of a flow
 * take the same list, by a hash of the flow.
 */
class Srv6Policy : public SimpleRefCount<Srv6Policy>
{
  public:
    /// @param steering how the segments are put on packets
    explicit Srv6Policy(Srv6Steering steering = Srv6Steering::ENCAPS);

    /**
     * @param steering how the segments are put on packets
     * @param path as for AddSegmentList()
     * @param weight as for AddSegmentList()
     * @param key whether the header has an HMAC, too
     * @return why it is no segment list: what is wrong and what is accepted, on one line; empty if
     * it is one
     */
    static std::string GetProblem(Srv6Steering steering,
                                  const std::vector<Ipv6Address>& path,
                                  uint32_t weight = 1,
                                  bool key = false);

    /**
     * Add a segment list.
     * @param path the segments in the order in which packets visit them
     * @param weight its share of the flows, above 0; those of all lists sum up to 4294967295 at
     * most
     * @return whether it is one: 1 to 127 unicast addresses, with a key 1 to 125, and one less for
     * INSERT
     */
    bool AddSegmentList(const std::vector<Ipv6Address>& path, uint32_t weight = 1);

    /// Use a source address of its own. @param source of outer headers
    void SetSource(const Ipv6Address& source);
    /// @return the source of outer headers; the node's if there is none
    const std::optional<Ipv6Address>& GetSource() const;

    /// Put an HMAC on each packet, and so an SRH where ENCAPS_REDUCED has a single segment.
    /// @param key with which @return whether all lists leave room for
    /// it: see AddSegmentList(); if not, nothing changes
    bool SetKey(const Srv6Key& key);

    /// @return how the segments are put on packets
    Srv6Steering GetSteering() const;
    /// @return whether there is no segment list
    bool IsEmpty() const;
    /// @return whether the choice of a list depends on the flow
    bool HasChoice() const;

    /**
     * @param hash of the flow
     * @return the number of its segment list
     */
    size_t Choose(uint32_t hash) const;
    /// @param list a number of one @return its first segment
    const Ipv6Address& GetFirst(size_t list) const;
    /// @param list a number of one @return its path
    const std::vector<Ipv6Address>& GetPath(size_t list) const;
    /// @param list a number of one @return its weight
    uint32_t GetWeight(size_t list) const;
    /// @return number of segment lists
    size_t GetNSegmentLists() const;
    /// @param list a number of one @return bytes of its SRH; 0 if it needs none
    uint32_t GetHeaderSize(size_t list) const;

    /**
     * Write the SRH of a packet.
     * @param list a number of one
     * @param to room for GetHeaderSize() bytes
     * @param nextHeader what follows
     * @param source of the IPv6 header
     * @param destination of the packet, for INSERT
     */
    void Write(size_t list,
               uint8_t* to,
               uint8_t nextHeader,
               const Ipv6Address& source,
               const Ipv6Address& destination) const;

  private:
    /// One list.
    struct List
    {
        std::vector<Ipv6Address> path; //!< as it was given
        uint32_t weight;               //!< its share
        SegmentRoutingHeader header;   //!< to write, without an HMAC
        uint32_t size;                 //!< see GetHeaderSize()
    };

    /// Set a list's header as the key wants it, and its size. @param list it
    void UpdateHeader(List& list) const;

    Srv6Steering m_steering;             //!< how
    std::vector<List> m_lists;           //!< in the order in which they came
    uint64_t m_weights{0};               //!< sum of them
    std::optional<Ipv6Address> m_source; //!< of outer headers
    std::optional<Srv6Key> m_key;        //!< for HMACs
};

} // namespace ns3

#endif // SRV6_POLICY_H
