// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPV4_TRANSLATION_H
#define IPV4_TRANSLATION_H

#include "ns3/ip-routing-layer.h"
#include "ns3/ipv4-address.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Network address and port translation on a router (RFC 3022), as phones have it on cellular and
 * WiFi accesses: TCP (RFC 5382), UDP (RFC 4787), ICMP echo and ICMP errors (RFC 5508). Hosts inside
 * share one address outside. Each address and port inside has one port outside, whoever it talks to
 * (endpoint-independent mapping), and anybody may answer there (endpoint-independent filtering).
 * What comes from outside for the shared address and belongs to no mapping is dropped, but echo
 * requests, which are the router's. Fragments are dropped, as ports are in the first one only.
 *
 * Hosts inside reach each other by their own addresses, which are not translated then, and by what
 * stands for them outside (hairpinning), where both ends are: the one that is reached sees the
 * shared address. The router's own errors go to the host that has sent the packet, and quote it as
 * it was.
 *
 * It stands in front of the router's routing: destinations are rewritten before that, and sources
 * behind it, when it is known where a packet leaves. Inside is every interface but the one outside.
 */
class Ipv4Translation : public Ipv4RoutingLayer
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * Translate from now on.
     * @param ipv4 of the router, with its routing
     * @param outside interface to outside, whose first address is shared
     * @return the translation
     */
    static Ptr<Ipv4Translation> Install(Ptr<Ipv4> ipv4, uint32_t outside);

    /// @return mappings that are remembered now, those within their time-outs
    size_t GetN() const;
    /// @return packets that were dropped
    uint64_t GetDropped() const;

    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> device,
                    Ipv4RouteInput::Unicast unicast,
                    Ipv4RouteInput::Multicast multicast,
                    Ipv4RouteInput::Local local,
                    Ipv4RouteInput::Error error) override;

  private:
    /// An address and a port, or the identifier of ICMP echo, within a protocol.
    struct Endpoint
    {
        uint8_t protocol{0}; //!< of IP
        uint32_t address{0}; //!< IPv4
        uint16_t port{0};    //!< port or identifier

        /// @param other another one @return whether this one comes first
        bool operator<(const Endpoint& other) const;
    };

    /// What is remembered of an endpoint inside.
    struct Mapping
    {
        Endpoint inside;  //!< it
        uint16_t port{0}; //!< that stands for it outside
        Time used;        //!< last time
    };

    /// Which end of a packet is translated.
    enum class End
    {
        SOURCE,
        DESTINATION
    };

    /// The bytes of a packet's payload, and the values of its header that change with them.
    struct Parts
    {
        Ipv4Header header;          //!< of the packet
        std::vector<uint8_t> bytes; //!< payload of IP
        bool changed{false};        //!< bytes are others than they were
    };

    /// @param packet one @param header its @return its parts, all of which are there; nothing:
    /// it is a fragment or too short
    static std::optional<Parts> Read(Ptr<const Packet> packet, const Ipv4Header& header);
    /// A packet from inside. @param parts its, to be translated @return whether it is to go on
    bool TranslateOut(Parts& parts);
    /// A packet to the shared address. @param parts its, to be translated @return whether it is to
    /// go on, as it is then
    bool TranslateIn(Parts& parts);
    /// An ICMP error. @param parts its, whose quotation is translated too @param out from inside
    /// @return whether it is to go on
    bool TranslateError(Parts& parts, bool out);
    /// Find what stands for an endpoint, or let something stand for it.
    /// @param inside the endpoint @return its mapping; nullptr: no port is left
    Mapping* FindOrMake(const Endpoint& inside);
    /// @param protocol of IP @param port outside @return its mapping, if there is one
    Mapping* Find(uint8_t protocol, uint16_t port);
    /// @param protocol of IP @return how long mappings are remembered
    Time GetTimeout(uint8_t protocol) const;
    /// @param mapping one @return whether it is remembered no longer
    bool IsOld(const Mapping& mapping) const;
    /// Forget what is old, now and then.
    void Sweep();
    /// Put another endpoint into a packet, with its checksums.
    /// @param ip address of that end, as in the header @param bytes of the payload of IP
    /// @param size of them @param protocol of IP @param end which @param address new
    /// @param port new
    static void Rewrite(uint32_t ip,
                        uint8_t* bytes,
                        size_t size,
                        uint8_t protocol,
                        End end,
                        uint32_t address,
                        uint16_t port);
    /// @param protocol of IP @param bytes of its payload, 8 at least @param end which
    /// @return the port or identifier
    static uint16_t GetPort(uint8_t protocol, const uint8_t* bytes, End end);

    uint32_t m_outside{0};                                      //!< interface
    Time m_tcpTimeout;                                          //!< attribute TcpTimeout
    Time m_udpTimeout;                                          //!< attribute UdpTimeout
    Time m_icmpTimeout;                                         //!< attribute IcmpTimeout
    uint16_t m_firstPort{0};                                    //!< attribute FirstPort
    uint16_t m_nextPort{0};                                     //!< to look at next
    uint64_t m_dropped{0};                                      //!< see GetDropped()
    Time m_swept;                                               //!< when Sweep() did it last
    std::map<Endpoint, std::pair<uint8_t, uint16_t>> m_insides; //!< key of m_outsides
    std::map<std::pair<uint8_t, uint16_t>, Mapping> m_outsides; //!< by protocol and port
};

} // namespace ns3

#endif // IPV4_TRANSLATION_H
