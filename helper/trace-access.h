// SPDX-License-Identifier: GPL-2.0-only
#ifndef TRACE_ACCESS_H
#define TRACE_ACCESS_H

#include "link-access.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * An access that delivers packets when a measured link did: `trace`. Each direction has a trace in
 * Mahimahi's format (DeliveryTrace), which begins with the simulation and repeats. Each phone has
 * such a link of its own.
 */
class TraceAccess : public LinkAccess
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// @throw std::invalid_argument if a trace is wrong
    void Build(const NodeContainer& phones, Ptr<Node> router, bool ipv4, bool ipv6) override;

  protected:
    NetDeviceContainer MakeLink(Ptr<Node> phone, Ptr<Node> router) const override;

  private:
    std::string m_uplink;   //!< attribute Uplink
    std::string m_downlink; //!< attribute Downlink
};

} // namespace ns3

#endif // TRACE_ACCESS_H
