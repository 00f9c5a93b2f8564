// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_ROUTING_HEADERS_H
#define TCP_ROUTING_HEADERS_H

#include "ns3/net-device.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/routing-header.h"
#include "ns3/tcp-tuple.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * What puts routing headers (RFC 8200 section 4.4) in front of the segments of single TCPs of a
 * node. Segment routing implements it and aggregates it to its node; MptcpL4Protocol asks it from
 * the first header on.
 */
class TcpRoutingHeaders : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// What became of a segment.
    enum class Fate
    {
        OTHER,    //!< its TCP has no routing header
        SENT,     //!< it is on its way
        NO_ROUTE, //!< there is no way to the first segment
    };

    /// @param header of an application @return 0, or EINVAL if none can be sent by it
    virtual int Check(const RoutingHeaderBytes& header) const = 0;
    /// Give a TCP a header. @param tuple its @param header one that Check() takes; empty: none
    virtual void Set(const TcpTuple& tuple, const RoutingHeaderBytes& header) = 0;
    /// @param tuple of a TCP @return its header as it was given, or nothing
    virtual RoutingHeaderBytes Get(const TcpTuple& tuple) const = 0;
    /// A TCP is about to answer a SYN: reflect the path that it came by, if that is wanted.
    /// @param tuple its @return bytes of its header
    virtual uint32_t Accept(const TcpTuple& tuple) = 0;
    /// Forget a TCP. @param tuple its
    virtual void Remove(const TcpTuple& tuple) = 0;

    /**
     * Send a segment.
     * @param segment it, with its TCP header; the checksum is for the tuple's remote address
     * @param tuple of its TCP
     * @param device by which it must leave; nullptr: any
     * @return what became of it
     */
    virtual Fate
    Send(const Ptr<Packet>& segment, const TcpTuple& tuple, const Ptr<NetDevice>& device) = 0;
};

} // namespace ns3

#endif // TCP_ROUTING_HEADERS_H
