// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPV6_EXTENSION_BYTES_H
#define IPV6_EXTENSION_BYTES_H

#include "ns3/header.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * An IPv6 extension header whose bytes stand somewhere already. Forwarding changes a few bytes of
 * a Segment Routing Header; reading it into lists and writing these again would be in vain.
 */
class Ipv6ExtensionBytes : public Header
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Ipv6ExtensionBytes() = default;
    /// @param bytes the header; must stay where they are until it is in a packet
    explicit Ipv6ExtensionBytes(const uint8_t* bytes);

    // Header
    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;
    void Print(std::ostream& os) const override;

  private:
    const uint8_t* m_bytes{nullptr}; //!< the header
    std::vector<uint8_t> m_read;     //!< the same if it came from a packet
};

} // namespace ns3

#endif // IPV6_EXTENSION_BYTES_H
