// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_EXTENSION_H
#define SRV6_EXTENSION_H

#include "srv6-protocol.h"

#include "ns3/ipv6-extension.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * What a node with segment routing does with the routing header of a packet for one of its own
 * addresses, in place of ns-3's, which hands an empty packet up behind a routing header with no
 * segments left. Of other routing types those without segments left are passed over, the rest is
 * refused (RFC 8200 section 4.4); type 0 is one of them (RFC 5095).
 */
class Srv6Extension : public Ipv6ExtensionRouting
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6Extension();
    ~Srv6Extension() override;

    /// @param srv6 who does it
    void SetProtocol(Srv6Protocol* srv6);

    // Ipv6Extension
    uint8_t GetTypeRouting() const override;
    uint8_t Process(Ptr<Packet>& packet,
                    uint8_t offset,
                    const Ipv6Header& header,
                    Ipv6Address destination,
                    uint8_t* nextHeader,
                    bool& stopProcessing,
                    bool& isDropped,
                    Ipv6L3Protocol::DropReason& dropReason) override;

  protected:
    void DoDispose() override;

  private:
    Srv6Protocol* m_srv6{nullptr}; //!< who does it
};

} // namespace ns3

#endif // SRV6_EXTENSION_H
