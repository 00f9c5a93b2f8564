// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_PROBE_H
#define SRV6_PROBE_H

#include "srv6-header.h"
#include "srv6-policy.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/nstime.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace ns3
{

/// What a node has said about a probe.
struct Srv6ProbeAnswer
{
    uint16_t sequence{0};                       //!< number of the probe
    Ipv6Address from;                           //!< who says it
    uint8_t type{0};                            //!< of ICMPv6 (RFC 4443)
    uint8_t code{0};                            //!< of the type
    uint8_t hopLimit{0};                        //!< with which the answer arrived
    Time roundTripTime;                         //!< from the probe to the answer
    Ipv6Address destination;                    //!< of the probe when it was answered
    std::optional<SegmentRoutingHeader> header; //!< of the probe then, as far as the answer tells

    /// @return whether this is an Echo Reply, or the Port Unreachable that a datagram asks for
    bool IsReached() const;
    /// @return whether a router says that the hop limit was used up on the way
    bool IsTimeExceeded() const;
};

/**
 * Write what an answer means, in a word or two.
 * @param os where to
 * @param answer it
 * @return os
 */
std::ostream& operator<<(std::ostream& os, const Srv6ProbeAnswer& answer);

/**
 * @ingroup mptcp
 * What ping and traceroute through segments (RFC 9259 appendix A) have in common: probes with a
 * Segment Routing Header of their own, and the ICMPv6 messages that answer them. Sockets for raw
 * packets would do neither: ns-3 sends theirs past all that puts segments on packets.
 *
 * The destination is an address or a SID. Without segments a probe goes as what the node's UDP or
 * ICMPv6 sends, which Srv6Protocol::Steer() may put into a policy; such a node needs no segment
 * routing.
 */
class Srv6Probe : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6Probe();
    ~Srv6Probe() override;

    /// @param segments that probes visit before the destination, in this order; at most 126
    void SetSegments(const std::vector<Ipv6Address>& segments);
    /// @return the segments
    const std::vector<Ipv6Address>& GetSegments() const;

    /// @return why probes could not be sent; empty if they could
    const std::string& GetProblem() const;

    /// Write the results so far. @param os where to
    virtual void Print(std::ostream& os) const = 0;

    /// TracedCallback signature of Answer. @param answer what was said
    typedef void (*AnswerTracedCallback)(const Srv6ProbeAnswer& answer);
    /// TracedCallback signature of Lost. @param sequence number of the probe
    typedef void (*LostTracedCallback)(uint16_t sequence);

  protected:
    void DoDispose() override;

    /// Which kind of probe.
    enum class Kind
    {
        ECHO_REQUEST, //!< of ICMPv6
        DATAGRAM,     //!< of UDP, to the port that is meant for this
    };

    /**
     * Send a probe.
     * @param kind which
     * @param sequence its number
     * @param hopLimit of its IPv6 header
     * @return whether it has left; otherwise GetProblem() says why not
     */
    bool Send(Kind kind, uint16_t sequence, uint8_t hopLimit);

    /// Send the first probe.
    virtual void Begin() = 0;
    /// Send no more probes.
    virtual void End() = 0;
    /// A probe was answered. @param answer what was said
    virtual void OnAnswer(const Srv6ProbeAnswer& answer) = 0;
    /// A probe was not answered in time. @param sequence its number
    virtual void OnLost(uint16_t sequence) = 0;

    /// Write where probes go to. @param os where to
    void PrintTarget(std::ostream& os) const;

    uint32_t m_size{56}; //!< bytes behind the header of ICMPv6 or UDP

  private:
    /// A probe without an answer.
    struct Pending
    {
        Time sent;       //!< when
        EventId timeout; //!< then it counts as lost
    };

    // Application
    void StartApplication() override;
    void StopApplication() override;

    /// Let go of the node.
    void Leave();
    /// See what the node gets. @param header @param packet @param interface of the trace
    void OnDelivery(const Ipv6Header& header, Ptr<const Packet> packet, uint32_t interface);
    /// An error has arrived. @param quoted the packet that it is about, as far as it goes
    /// @param answer gets what it says of that @return whether that was a probe of this
    bool ReadQuoted(const Ptr<Packet>& quoted, Srv6ProbeAnswer& answer) const;
    /// Match an answer with its probe. @param answer with its sequence number
    void Conclude(Srv6ProbeAnswer& answer);
    /// @param sequence number of a probe that was not answered in time
    void OnTimeout(uint16_t sequence);
    /// @param kind of probe @param sequence its number @param source of it @return its packet
    Ptr<Packet> MakePacket(Kind kind, uint16_t sequence, const Ipv6Address& source) const;
    /// Attribute Segments. @param text its value @return whether it could be read
    bool SetSegmentsText(std::string text);
    /// @return attribute Segments
    std::string GetSegmentsText() const;

    Ipv6Address m_remote;                  //!< Remote
    Ipv6Address m_local;                   //!< Local
    Time m_timeout;                        //!< Timeout
    std::vector<Ipv6Address> m_segments;   //!< Segments
    Ptr<Srv6Policy> m_policy;              //!< the same for packets
    Ptr<Ipv6L3Protocol> m_ipv6;            //!< of the node
    Ptr<Socket> m_socket;                  //!< keeps a port, which tells probes from others'
    uint16_t m_port{0};                    //!< that
    std::map<uint16_t, Pending> m_pending; //!< by sequence number
    std::string m_problem;                 //!< see GetProblem()
    TracedCallback<const Srv6ProbeAnswer&> m_answerTrace; //!< Answer
    TracedCallback<uint16_t> m_lostTrace;                 //!< Lost
};

} // namespace ns3

#endif // SRV6_PROBE_H
