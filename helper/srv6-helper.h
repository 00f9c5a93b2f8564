// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_HELPER_H
#define SRV6_HELPER_H

#include "ns3/node-container.h"
#include "ns3/output-stream-wrapper.h"
#include "ns3/srv6-flow-statistics.h"
#include "ns3/srv6-ping.h"
#include "ns3/srv6-protocol.h"
#include "ns3/srv6-traceroute.h"

#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Puts Segment Routing over IPv6 (RFC 8754, RFC 8986) on nodes that have an internet stack, and
 * configures it. Nodes that it is not installed on carry packets with segments as any others.
 *
 * What cannot be done ends the program with a sentence that names it and what is accepted, as
 * ns-3's helpers do. To ask first: Srv6Sid::GetProblem() and Srv6Policy::GetProblem() give the
 * sentence as text, and the functions of Srv6Protocol return false.
 */
class Srv6Helper
{
  public:
    /**
     * Set an attribute of Srv6Protocol on the nodes that are installed afterwards.
     * @param name of it
     * @param value its value
     */
    void Set(const std::string& name, const AttributeValue& value);

    /// Install on a node. @param node with an internet stack
    void Install(Ptr<Node> node) const;
    /// Install on nodes. @param nodes each with an internet stack
    void Install(const NodeContainer& nodes) const;

    /**
     * Give a node a locator: a prefix of which it has its SIDs. The node becomes a router, and the
     * prefix itself, as an address, becomes its End SID with PSP.
     * @param node with segment routing installed
     * @param prefix the locator
     * @param length bits of it, 64 as a rule
     */
    void AddLocator(Ptr<Node> node, const Ipv6Address& prefix, uint8_t length = 64);

    /**
     * Give nodes routes to all locators, by the fewest links. Call it when all links and addresses
     * are there; the routes are static ones and follow no failures.
     * @param nodes with static routing, whether or not with segment routing
     */
    void PopulateRoutes(const NodeContainer& nodes) const;

    /**
     * Give a node a SID.
     * @param node with segment routing installed
     * @param address the SID
     * @param sid what it does; ends the program unless it has all that its behavior needs
     * (Srv6Sid::GetProblem())
     */
    static void AddSid(Ptr<Node> node, const Ipv6Address& address, const Srv6Sid& sid);

    /**
     * @param steering how the segments are put on packets
     * @param path the segments in the order in which packets visit them: one or more unicast
     * addresses, at most 127, and one less for INSERT
     * @return a policy with this list
     */
    static Ptr<Srv6Policy> CreatePolicy(Srv6Steering steering,
                                        const std::vector<Ipv6Address>& path);

    /**
     * Steer what a node forwards or sends into a policy.
     * @param node with segment routing installed
     * @param prefix of destinations
     * @param length bits of it
     * @param policy where to
     */
    static void
    Steer(Ptr<Node> node, const Ipv6Address& prefix, uint8_t length, Ptr<const Srv6Policy> policy);

    /**
     * Steer IPv4 packets that a node forwards into a policy.
     * @param node with segment routing installed, and IPv4
     * @param network of destinations
     * @param mask of it
     * @param policy where to; one that encapsulates
     */
    static void Steer(Ptr<Node> node,
                      const Ipv4Address& network,
                      const Ipv4Mask& mask,
                      Ptr<const Srv6Policy> policy);

    /**
     * Ping an address or a SID (RFC 9259). The application begins when its SetStartTime() says.
     * @param node who pings
     * @param destination an address or a SID
     * @param segments that Echo Requests visit before it
     * @return the application, on the node
     */
    static Ptr<Srv6Ping> AddPing(Ptr<Node> node,
                                 const Ipv6Address& destination,
                                 const std::vector<Ipv6Address>& segments = {});
    /// Find the hops to an address or a SID (RFC 9259). @copydetails AddPing
    static Ptr<Srv6Traceroute> AddTraceroute(Ptr<Node> node,
                                             const Ipv6Address& destination,
                                             const std::vector<Ipv6Address>& segments = {});

    /**
     * Count packets with a Segment Routing Header by flow and segment list.
     * @param nodes whose packets to look at, with an internet stack; segment routing is installed
     * before
     * @return what is seen from now on
     */
    static Ptr<Srv6FlowStatistics> WatchFlows(const NodeContainer& nodes);

    /// Print a node's SIDs with their counters, and its policies. @param node with segment routing
    /// @param stream where to
    static void PrintTable(Ptr<Node> node, Ptr<OutputStreamWrapper> stream);

  private:
    /// A prefix and its node.
    struct Locator
    {
        Ptr<Node> node;     //!< whose it is
        Ipv6Address prefix; //!< it
        uint8_t length;     //!< bits
    };

    std::vector<std::pair<std::string, Ptr<AttributeValue>>> m_attributes; //!< see Set()
    std::vector<Locator> m_locators;                                       //!< see AddLocator()
};

} // namespace ns3

#endif // SRV6_HELPER_H
