// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_OUTPUT_H
#define TCP_OUTPUT_H

#include "ns3/net-device.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-tuple.h"

#include <utility>

namespace ns3
{

class TcpSubflow;

/**
 * @ingroup mptcp
 * What a TCP needs from the node below it: a way out for its segments, random numbers, and the
 * table that finds it. MptcpL4Protocol implements it.
 */
class TcpOutput
{
  public:
    virtual ~TcpOutput() = default;

    /**
     * Send a segment: checksum, route, IP.
     * @param payload the payload; becomes the packet
     * @param header its TCP header, complete but for the checksum
     * @param tuple whose segment it is
     */
    virtual void SendSegment(Ptr<Packet> payload, TcpHeader& header, const TcpTuple& tuple) = 0;

    /**
     * As SendSegment(), but by a certain device.
     * @param device of this node
     * @param payload the payload; becomes the packet
     * @param header its TCP header, complete but for the checksum
     * @param tuple whose segment it is
     */
    virtual void SendSegmentBy(Ptr<NetDevice> device,
                               Ptr<Packet> payload,
                               TcpHeader& header,
                               const TcpTuple& tuple)
    {
        (void)device;
        SendSegment(std::move(payload), header, tuple);
    }

    /**
     * @param tuple addresses
     * @return MTU, in bytes, of the interface that has the local address; 576 (IPv4) or 1280 (IPv6)
     * if none has it
     */
    virtual uint32_t GetMtu(const TcpTuple& tuple) const = 0;

    /**
     * @param tuple addresses
     * @return MTU of the path, in bytes, if an ICMP error has told that it is lower than GetMtu();
     * otherwise 0
     */
    virtual uint32_t GetPathMtu(const TcpTuple& tuple) const
    {
        (void)tuple;
        return 0;
    }

    /// @return a random initial sequence number
    virtual uint32_t GetInitialSequenceNumber() = 0;

    /**
     * A TCP has left its last state but TIME_WAIT: it is found no more.
     * @param subflow which one
     */
    virtual void Remove(TcpSubflow& subflow) = 0;

    /// What TIME_WAIT must remember (RFC 9293 section 3.6.1) without the TCP itself.
    struct TimeWait
    {
        TcpTuple tuple;               //!< addresses and ports
        Time expires;                 //!< end of TIME_WAIT
        SequenceNumber32 next{0};     //!< our next sequence number
        SequenceNumber32 expected{0}; //!< what we expect from the peer
        bool timestamps{false};       //!< timestamps are in use
        uint32_t recentTimestamp{0};  //!< TS.Recent
        uint16_t window{0};           //!< window field to answer with
    };

    /**
     * A TCP entered TIME_WAIT: it is found no more; answer for it until the time is over.
     * @param subflow which one
     * @param entry what to remember
     */
    virtual void EnterTimeWait(TcpSubflow& subflow, const TimeWait& entry) = 0;
};

} // namespace ns3

#endif // TCP_OUTPUT_H
