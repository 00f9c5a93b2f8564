// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_FLOW_STATISTICS_H
#define SRV6_FLOW_STATISTICS_H

#include "srv6-sid.h"

#include "ns3/ipv6-header.h"
#include "ns3/ipv6.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <utility>
#include <vector>

namespace ns3
{

/// What packets with a Segment Routing Header have in common: a flow of a transport on a path.
struct Srv6Flow
{
    Ipv6Address source;                //!< of the transport; IPv4 is mapped (RFC 4291)
    Ipv6Address destination;           //!< of the transport
    uint8_t protocol{0};               //!< number of the transport
    uint16_t sourcePort{0};            //!< of TCP and UDP
    uint16_t destinationPort{0};       //!< of TCP and UDP
    std::vector<Ipv6Address> segments; //!< of the header, in the order in which packets visit them

    /// @param other another @return whether this one sorts before it
    bool operator<(const Srv6Flow& other) const;
};

/// Write a flow. @param os where to @param flow it @return os
std::ostream& operator<<(std::ostream& os, const Srv6Flow& flow);

/// What was seen of a flow.
struct Srv6FlowCounters
{
    uint64_t packets{0};        //!< that left the first watched node with the header
    uint64_t bytes{0};          //!< of them, with IPv6 headers
    uint64_t delivered{0};      //!< of the packets, that arrived at the last segment
    uint64_t deliveredBytes{0}; //!< of them, with IPv6 headers as they arrived
    uint64_t drops{0};          //!< of the packets, by segment routing of watched nodes
    Time first;                 //!< when the first packet left
    Time last;                  //!< when the last packet left
    Time delaySum;              //!< from there to the last segment, of those delivered
    Time delayMax;              //!< the longest of these

    /// @return the mean delay; 0 if nothing was delivered
    Time GetMeanDelay() const;
};

/**
 * @ingroup mptcp
 * Counts packets with a Segment Routing Header by flow and segment list, which FlowMonitor and
 * queue discs cannot: they do not look behind the header. A flow is known by addresses, protocol
 * and ports of the transport, in an inner packet if the header came with encapsulation, and by the
 * segments of the header; a reduced header lacks the first one. A fragment counts as a packet, for
 * its first fragment's flow.
 *
 * Watched are packets that leave a node and those that arrive where the last segment is, whether
 * the header is still there or PSP has removed it. What is sent again is another packet.
 */
class Srv6FlowStatistics : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6FlowStatistics();
    ~Srv6FlowStatistics() override;

    /**
     * Look at the packets of a node from now on. A node is watched once.
     * @param node with IPv6
     * @return whether it has IPv6
     */
    bool Watch(Ptr<Node> node);

    /// What was seen, by flow.
    using Flows = std::map<Srv6Flow, Srv6FlowCounters>;

    /// @return what was seen so far
    Flows GetFlows() const;
    /// Write a line for each flow. @param os where to
    void Print(std::ostream& os) const;

    /**
     * @param packet behind the IPv6 header
     * @param header the IPv6 header
     * @return the flow, without ports for a fragment that is not the first one; nothing if the
     * packet has no Segment Routing Header, or one that cannot be read
     */
    static std::optional<Srv6Flow> Classify(const Packet& packet, const Ipv6Header& header);

  private:
    /// A flow with its number.
    struct Entry
    {
        uint32_t number;           //!< for tags
        Srv6FlowCounters counters; //!< what was seen
    };

    using Entries = std::map<Srv6Flow, Entry>; //!< by flow

    /// A packet leaves. Parameters of the traces SendOutgoing and UnicastForward.
    void OnDeparture(const Ipv6Header& header, Ptr<const Packet> packet, uint32_t interface);
    /// A packet arrives. Parameters of the trace Rx.
    void OnArrival(Ptr<const Packet> packet, Ptr<Ipv6> ipv6, uint32_t interface);
    /// A packet is dropped. Parameters of Srv6Protocol's trace Drop.
    void OnDrop(Ptr<const Packet> packet, const Ipv6Header& header, Srv6DropReason reason);
    /// @tparam F a function @param packet one @param function called with the flow and the time of
    /// each tag of this
    template <typename F>
    void ForEachTag(const Ptr<const Packet>& packet, F function) const;

    Entries m_entries;                         //!< see GetFlows()
    std::vector<Entries::iterator> m_byNumber; //!< the same
    /// the flow of a fragmented packet, by source and identification
    std::map<std::pair<Ipv6Address, uint32_t>, Srv6Flow> m_fragmented;
    std::vector<uint32_t> m_nodes; //!< that are watched
};

} // namespace ns3

#endif // SRV6_FLOW_STATISTICS_H
