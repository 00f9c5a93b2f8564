// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_PROTOCOL_H
#define SRV6_PROTOCOL_H

#include "ipv6-prefix-table.h"
#include "srv6-sid.h"

#include "ns3/ip-l4-protocol.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-l3-protocol.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace ns3
{

class Srv6Chain;
class Srv6Routing;
class Srv6TcpHeaders;

/// A packet on its way through a node's IPv6: how to go on with it.
struct Srv6Arrival
{
    Ptr<const NetDevice> device;                                    //!< where it came in
    const Ipv6RoutingProtocol::UnicastForwardCallback& unicast;     //!< forwards
    const Ipv6RoutingProtocol::MulticastForwardCallback& multicast; //!< forwards to many
    const Ipv6RoutingProtocol::LocalDeliverCallback& local;         //!< delivers here
    const Ipv6RoutingProtocol::ErrorCallback& error;                //!< no route
};

/**
 * @ingroup mptcp
 * Segment Routing over IPv6 on a node (RFC 8754, RFC 8986): its segment identifiers, its policies
 * and what is steered into them. Packets come here from Srv6Routing, which stands in front of the
 * node's IPv6 routing, and from Srv6Extension, which stands for routing headers of packets for an
 * address of the node. A node with neither SIDs nor policies treats packets as without it.
 */
class Srv6Protocol : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6Protocol();
    ~Srv6Protocol() override;

    /**
     * Put segment routing on a node. Does nothing if it is there already.
     * @param node with an internet stack
     * @return the node's segment routing; nullptr if the node has no IPv6
     */
    static Ptr<Srv6Protocol> Install(Ptr<Node> node);

    /// @return the node
    Ptr<Node> GetNode() const;

    // What is configured

    /**
     * Instantiate a segment identifier, in place of one that is there. An address of an interface
     * is none, even in the prefix of one: see attribute InterfaceAddressSids.
     * @param prefix of the SID; packets to any address in it are for it
     * @param length bits of it that count
     * @param sid what it does
     * @return whether it is one: a unicast prefix of at most 128 bits, and Srv6Sid::GetProblem()
     * is empty
     */
    bool AddSid(const Ipv6Address& prefix, uint8_t length, const Srv6Sid& sid);
    /// @param prefix as given to AddSid() @param length of it @return whether there was one
    bool RemoveSid(const Ipv6Address& prefix, uint8_t length);
    /// @param address one @return the SID that it is for, nullptr if it is for none
    const Srv6Sid* FindSid(const Ipv6Address& address) const;

    /**
     * Steer what is forwarded, or sent from here by stock UDP, TCP or ICMPv6, into a policy.
     * Whatever stock protocols send takes the segments by insertion or in an outer header, as
     * the policy has it. The node's own addresses come before a SID, and a SID before a policy;
     * multicast and link-local addresses are not steered.
     * @param prefix of destinations
     * @param length bits of it that count
     * @param policy where to
     * @return whether there is a policy, and the length is one
     */
    bool Steer(const Ipv6Address& prefix, uint8_t length, Ptr<const Srv6Policy> policy);
    /// @param prefix as given to Steer() @param length of it @return whether it was steered
    bool Unsteer(const Ipv6Address& prefix, uint8_t length);

    /**
     * Steer IPv4 packets that are forwarded into a policy that encapsulates, in place of one that
     * is there for the same network and mask.
     * @param network of destinations
     * @param mask of it
     * @param policy where to
     * @return whether the policy encapsulates, and the node has IPv4
     */
    bool Steer(const Ipv4Address& network, const Ipv4Mask& mask, Ptr<const Srv6Policy> policy);
    /// @param network as given to Steer() @param mask of it @return whether it was steered
    bool Unsteer(const Ipv4Address& network, const Ipv4Mask& mask);

    /**
     * Name a table for END_T and the END_DT behaviors.
     * @param id any but SRV6_MAIN_TABLE
     * @param table a routing protocol that knows the node's Ipv6
     */
    void SetTable6(uint32_t id, Ptr<Ipv6RoutingProtocol> table);
    /**
     * Name a table for END_DT4 and END_DT46, and for END_T whose USD finds IPv4 inside.
     * @param id any but SRV6_MAIN_TABLE; one for IPv6 may have the same
     * @param table a routing protocol that knows the node's Ipv4
     */
    void SetTable4(uint32_t id, Ptr<Ipv4RoutingProtocol> table);

    /// Give a key for HMAC TLVs that arrive. @param key it
    void AddKey(const Srv6Key& key);

    /**
     * Filter at the border (RFC 8754 section 5.1, first part): packets to a SID of the domain that
     * come in by an external interface are dropped.
     * @param interface an external interface
     */
    void AddExternalInterface(uint32_t interface);
    /// Say where SIDs are. @param prefix of the block @param length of it
    void AddSidBlock(const Ipv6Address& prefix, uint8_t length);
    /**
     * Filter at SIDs (RFC 8754 section 5.1, second part): once one is set, packets to a SID of this
     * node from a source in none are dropped. With InterfaceAddressSids an address of an interface
     * counts as one while segments are left; so it does for the filter at the border.
     * @param prefix of addresses of the domain
     * @param length of it
     */
    void AddDomainPrefix(const Ipv6Address& prefix, uint8_t length);

    /// Write the SIDs and policies with their counters. @param os where to
    void Print(std::ostream& os) const;

    /// @param reason one @return number of packets dropped for it
    uint64_t GetDrops(Srv6DropReason reason) const;

    /**
     * Give a stock socket of ns-3 segments of its own, before Connect() or Listen(). All that has
     * its local port has them then: what a listener accepts, too. A socket that is not bound is
     * bound here. TCP's SegmentSize is lowered if the header would not fit beside it.
     * @param socket of ns3::TcpSocketBase or ns3::UdpSocket, for IPv6; MptcpSocket has calls of its
     * own
     * @param segments that packets visit before the peer, at most 126; none: no more
     * @return whether it is such a socket that could be bound, and the segments can be sent to
     */
    bool SetSocketSegments(Ptr<Socket> socket, const std::vector<Ipv6Address>& segments);

    // For transports

    /**
     * Send a transport's segment with a Segment Routing Header of its own.
     * @param packet the segment, with the transport's header; its checksum is for the destination
     * @param source of the IPv6 header
     * @param destination the last segment
     * @param protocol of the segment
     * @param policy one that INSERTs
     * @param list which of its segment lists
     * @return whether there was a route to the first segment
     */
    bool SendWithHeader(Ptr<Packet> packet,
                        const Ipv6Address& source,
                        const Ipv6Address& destination,
                        uint8_t protocol,
                        const Srv6Policy& policy,
                        size_t list);

    /**
     * Send a transport's segment with a Segment Routing Header that is made already. What does not
     * fit leaves in fragments.
     * @param packet the segment, with the transport's header; becomes the packet
     * @param source of the IPv6 header
     * @param first segment to visit
     * @param srh the header
     * @param device by which it must leave; nullptr: any
     * @return whether there was a route to the first segment
     */
    bool SendRouted(const Ptr<Packet>& packet,
                    const Ipv6Address& source,
                    const Ipv6Address& first,
                    const uint8_t* srh,
                    const Ptr<NetDevice>& device = nullptr);
    /// Get ready for SendRouted(): write the HMAC of a header that has such a TLV, if AddKey() gave
    /// its key. @param source of the IPv6 header @param srh the header
    void PrepareSource(const Ipv6Address& source, std::vector<uint8_t>& srh);
    /// @return the headers of this module's own TCPs, and which of them reflect paths
    Srv6TcpHeaders& GetTcpHeaders();

    // For Srv6Routing, Srv6Extension and the IPv4 side

    /**
     * Take a packet that arrived, if it is for a SID or steered into a policy.
     * @param packet it, without its IPv6 header
     * @param header its IPv6 header
     * @param arrival how to go on
     * @return false: it is not, and routing shall go on
     */
    bool Take(Ptr<const Packet> packet, const Ipv6Header& header, const Srv6Arrival& arrival);

    /**
     * Process the Segment Routing Header of a packet for an address of the node.
     * @param packet as in Ipv6Extension::Process()
     * @param offset of the header
     * @param header IPv6's
     * @param nextHeader gets what follows the header
     * @param dropped whether the packet ends here by a fault
     * @return bytes to go on, nothing if the packet ends here
     */
    std::optional<uint8_t> TakeLocal(Ptr<Packet>& packet,
                                     uint8_t offset,
                                     const Ipv6Header& header,
                                     uint8_t* nextHeader,
                                     bool& dropped);

    /**
     * Take an IPv4 packet that is about to be forwarded, if it is steered into a policy.
     * @param packet it, without its header
     * @param header its header
     * @return false: it is not
     */
    bool Take(Ptr<const Packet> packet, const Ipv4Header& header);

    /// TracedCallback signature of Drop. @param packet without its IPv6 header @param header
    /// IPv6's @param reason why
    typedef void (*DropTracedCallback)(Ptr<const Packet> packet,
                                       const Ipv6Header& header,
                                       Srv6DropReason reason);

  protected:
    void DoDispose() override;

  private:
    /// What Steer() was told about IPv4.
    struct Steered4
    {
        Ipv4Address network;          //!< of destinations
        Ipv4Mask mask;                //!< of it
        Ptr<const Srv6Policy> policy; //!< where to
    };

    /// Do what a SID does. @param sid it @param packet @param header @param arrival as in Take()
    void Process(Srv6Sid& sid,
                 Ptr<const Packet> packet,
                 const Ipv6Header& header,
                 const Srv6Arrival& arrival);
    /// Make the next segment the destination (RFC 8986 section 4.1, S05 to S14).
    /// @param sid whose packet it is, nullptr for an interface's address @param packet it
    /// @param header gets the new destination @param chain the packet's headers
    /// @return the packet as it goes on, nullptr if it was dropped
    Ptr<Packet>
    Advance(Srv6Sid* sid, Ptr<const Packet> packet, Ipv6Header& header, Srv6Chain& chain);
    /// Process what no segments are left of. Parameters as in Advance().
    void Finish(Srv6Sid& sid,
                Ptr<const Packet> packet,
                const Ipv6Header& header,
                Srv6Chain& chain,
                const Srv6Arrival& arrival);
    /// Send on what was inside. @param sid @param packet inner one with its header
    /// @param ipv4 which kind @param arrival as in Take()
    /// @return why the packet has to be dropped, if it has: UPPER_LAYER if nothing was inside, and
    /// otherwise the inner source has been told
    std::optional<Srv6DropReason>
    Decapsulate(const Srv6Sid& sid, Ptr<Packet> packet, bool ipv4, const Srv6Arrival& arrival);
    /// Look up where a packet goes. @param packet @param header @param arrival as in Take()
    /// @param table which @param mayBeSteered whether a policy may take it
    /// @param advanced whether a hop limit has to be counted that routing counts otherwise
    void Submit(Ptr<const Packet> packet,
                Ipv6Header header,
                const Srv6Arrival& arrival,
                uint32_t table,
                bool mayBeSteered,
                bool advanced);
    /// Send a packet to one of some neighbours. @param nextHops them @param packet @param header
    /// @param arrival as in Take()
    void CrossConnect(const std::vector<Ipv6Address>& nextHops,
                      Ptr<const Packet> packet,
                      const Ipv6Header& header,
                      const Srv6Arrival& arrival);
    /// Put a forwarded packet into a policy. @param policy it @param packet @param header
    /// @param arrival as in Take()
    void Apply(const Srv6Policy& policy,
               Ptr<const Packet> packet,
               Ipv6Header header,
               const Srv6Arrival& arrival);
    /// @param packet one @return whether it begins with a whole IPv4 header, which ns-3 does not
    /// look at before it reads one
    static bool HasIpv4Header(const Packet& packet);
    /// Give an IPv4 packet to IPv4 by a neighbour or a table. @param sid @param packet with its
    /// header @param arrival as in Take() @return as Decapsulate()
    std::optional<Srv6DropReason>
    Forward4(const Srv6Sid& sid, Ptr<Packet> packet, const Srv6Arrival& arrival);
    /// Give a datagram to UDP. @param packet behind the IPv6 header @param size of what stands in
    /// front of the datagram @param header IPv6's
    void DeliverDatagram(Ptr<const Packet> packet, uint32_t size, const Ipv6Header& header);
    /// See whether a header's HMAC is as wanted, and refuse the packet if not. @param sid @param
    /// packet @param header as in Advance() @param srh bytes that CheckSrv6Framing() found right
    /// @param position of the SRH in the packet @return whether it is
    bool CheckHmac(Srv6Sid* sid,
                   Ptr<const Packet> packet,
                   const Ipv6Header& header,
                   const uint8_t* srh,
                   uint32_t position);
    /// What a stock protocol's packets go through. @param original its way to IPv6 @param packet
    /// @param source @param destination @param protocol @param route as IPv6 takes them
    void SendSteered(IpL4Protocol::DownTargetCallback6 original,
                     Ptr<Packet> packet,
                     Ipv6Address source,
                     Ipv6Address destination,
                     uint8_t protocol,
                     Ptr<Ipv6Route> route);
    /// @param packet of a stock protocol @param destination of it @param protocol its number
    /// @return the policy of its socket or destination, nullptr if there is none
    const Srv6Policy*
    FindPolicy(const Packet& packet, const Ipv6Address& destination, uint8_t protocol) const;
    /// @param destination of a packet @return the policy that it is steered into, nullptr if there
    /// is none, or it is for this node, a group or a link
    const Srv6Policy* FindSteering(const Ipv6Address& destination) const;
    /// Let a stock protocol's packets pass SendSteered(). From the first Steer() on.
    void InterceptStockProtocols();
    /// Put the segments in front of a packet, behind its Hop-by-Hop Options. @param policy which
    /// @param list of segments
    /// @param packet gets the SRH @param header gets its next header, destination and length; its
    /// source, and for INSERT its destination, stand in it
    static void
    Push(const Srv6Policy& policy, size_t list, const Ptr<Packet>& packet, Ipv6Header& header);
    /// Encapsulate an IPv4 packet, if need be in fragments. @param packet without its header
    /// @param header it, as it leaves @param policy which @param list of segments
    /// @param mtu bytes of an IPv4 packet at most @param outer the outer header, without segments
    /// @param route to the first segment
    void Encapsulate4(const Ptr<const Packet>& packet,
                      const Ipv4Header& header,
                      const Srv6Policy& policy,
                      size_t list,
                      uint32_t mtu,
                      const Ipv6Header& outer,
                      const Ptr<Ipv6Route>& route);
    /// Send an outer packet from here. @param packet without its header @param outer the header
    /// @param route to its destination
    void SendOuter(Ptr<Packet> packet, const Ipv6Header& outer, Ptr<Ipv6Route> route);
    /// As SendRouted(), in fragments. @param packet @param source @param first @param srh as there
    /// @param mtu bytes of a packet at most @param route to the first segment
    void SendFragments(const Ptr<Packet>& packet,
                       const Ipv6Address& source,
                       const Ipv6Address& first,
                       const uint8_t* srh,
                       uint32_t mtu,
                       const Ptr<Ipv6Route>& route);
    /// @param packet one @param header its @return a hash of addresses, flow label, protocol
    /// and ports
    static uint32_t HashFlow(Ptr<const Packet> packet, const Ipv6Header& header);
    /// @param policy one @return the source of its outer headers
    Ipv6Address GetTunnelSource(const Srv6Policy& policy) const;
    /// @param size of a packet with its new headers @param destination of it @param source of it
    /// @return 0 if it fits into the link that it leaves by, otherwise the link's MTU
    uint32_t
    GetExceededMtu(uint32_t size, const Ipv6Address& destination, const Ipv6Address& source) const;
    /// @param destination where to @param source from where @param protocol number
    /// @return a route of this node, nullptr if there is none
    Ptr<Ipv6Route>
    FindRoute(const Ipv6Address& destination, const Ipv6Address& source, uint8_t protocol) const;
    /// Give a packet back to IPv6 as if it had just arrived. @param packet without its header
    /// @param header the new one
    void Reinject(Ptr<Packet> packet, const Ipv6Header& header);

    /// Which error.
    enum class Error
    {
        PARAMETER,
        TIME_EXCEEDED,
        TOO_BIG,
        UNREACHABLE,
    };

    /// An ICMPv6 error that arrived.
    struct IcmpError
    {
        Ipv6Address from;    //!< who sent it
        uint8_t hopLimit{0}; //!< it came with
        uint8_t type{0};     //!< of ICMPv6
        uint8_t code{0};     //!< of the type
        uint32_t value{0};   //!< MTU or pointer
    };

    /// What a path carries.
    struct PathMtu
    {
        uint32_t mtu{0}; //!< bytes of a packet
        Time expires;    //!< then it may have grown (RFC 8201 section 4)
    };

    // Errors about packets that this node has put segments on: srv6-errors.cc

    /// Look at ICMPv6 errors that arrive, from the first packet with segments of this node on.
    void WatchErrors();
    /// See what arrives. @param header @param packet @param interface of the trace LocalDeliver
    void OnDelivery(const Ipv6Header& header, Ptr<const Packet> packet, uint32_t interface);
    /// Learn of the path of a packet that has met an error. @param quoted its bytes from the SRH on
    /// @param outer its IPv6 header @param error it
    void NotePath(const Packet& quoted, const Ipv6Header& outer, const IcmpError& error);
    /// @param srh a header @return its segments, by which a path is known
    static std::string GetPathKey(const uint8_t* srh);
    /// @param srh a header @return what its path carries; 0 if nothing is known
    uint32_t GetPathMtu(const uint8_t* srh) const;
    /// Tell a transport of this node. @param segment its @param source of it @param destination of
    /// it @param protocol its number @param error to tell
    void TellTransport(const Packet& segment,
                       const Ipv6Address& source,
                       const Ipv6Address& destination,
                       uint8_t protocol,
                       const IcmpError& error);
    /// Tell the source of an encapsulated packet. @param inner it, with its header, as far as it
    /// was quoted @param ipv4 which kind @param error about the outer one, less the overhead
    void RelayError(Ptr<Packet> inner, bool ipv4, IcmpError error);
    /// As RelayError(). @param inner @param tooBig which error @param mtu for it
    void RelayError4(Ptr<Packet> inner, bool tooBig, uint32_t mtu);
    /// Tell an IPv4 packet's source, unless RFC 1122 section 3.2.2 forbids. @param inner it, with
    /// its header @param error type of ICMP @param code of it @param mtu for Fragmentation Needed
    void SendError4(Ptr<Packet> inner, uint8_t error, uint8_t code, uint32_t mtu = 0);

    // Faults of packets, and attributes: srv6-protocol.cc

    /// Tell a packet's source, unless RFC 4443 section 2.4 forbids. @param packet @param header it
    /// @param error which @param code of ICMPv6 @param value pointer or MTU
    void SendError(Ptr<const Packet> packet,
                   const Ipv6Header& header,
                   Error error,
                   uint8_t code,
                   uint32_t value);
    /// Count and trace. @param packet @param header it @param reason why @param sid whose, if any's
    void Drop(Ptr<const Packet> packet,
              const Ipv6Header& header,
              Srv6DropReason reason,
              Srv6Sid* sid = nullptr);
    /// As Drop(), with Parameter Problem unless Linux is silent. @param code of ICMPv6
    /// @param pointer to the wrong byte
    void Refuse(Ptr<const Packet> packet,
                const Ipv6Header& header,
                Srv6DropReason reason,
                Srv6Sid* sid,
                uint8_t code,
                uint32_t pointer);
    /// Remember where packets come in. @param packet @param ipv6 @param interface of the trace
    void OnRx(Ptr<const Packet> packet, Ptr<Ipv6> ipv6, uint32_t interface);
    /// Attribute InterfaceAddressSids. @param on its value
    void SetInterfaceAddressSids(bool on);
    /// @return attribute InterfaceAddressSids
    bool GetInterfaceAddressSids() const;
    /// Attribute ReflectPaths. @param on its value
    void SetReflectPaths(bool on);
    /// @return attribute ReflectPaths
    bool GetReflectPaths() const;
    /// Note that routing told of an error by itself. Parameters as of ErrorCallback.
    void
    OnRouteError(Ptr<const Packet> packet, const Ipv6Header& header, Socket::SocketErrno error);

    Ptr<Node> m_node;                 //!< the node
    Ptr<Ipv6L3Protocol> m_ipv6;       //!< its IPv6
    Ptr<Srv6Routing> m_routing;       //!< in front of its routing
    Ptr<Srv6TcpHeaders> m_tcpHeaders; //!< of this module's own TCPs

    Ipv6PrefixTable<Srv6Sid> m_sids;                   //!< segment identifiers
    Ipv6PrefixTable<Ptr<const Srv6Policy>> m_steering; //!< by destination
    /// by protocol and local port: see SetSocketSegments()
    std::map<std::pair<uint8_t, uint16_t>, Ptr<const Srv6Policy>> m_socketPolicies;
    std::vector<Steered4> m_steering4;                      //!< by IPv4 destination
    std::map<uint32_t, Ptr<Ipv6RoutingProtocol>> m_tables;  //!< by number
    std::map<uint32_t, Ptr<Ipv4RoutingProtocol>> m_tables4; //!< by number
    std::map<uint32_t, Srv6Key> m_keys;                     //!< by identifier
    std::set<uint32_t> m_external;                          //!< external interfaces
    Ipv6PrefixTable<bool> m_sidBlocks;                      //!< of the domain
    Ipv6PrefixTable<bool> m_domain;                         //!< addresses of the domain
    bool m_linux{false};                                    //!< LinuxCompatible
    bool m_verifyHmac{false};                               //!< VerifyHmac
    bool m_requireHmac{false};                              //!< RequireHmac
    bool m_allowEcho{true};                                 //!< AllowEchoRequest
    bool m_allowTraceroute{true};                           //!< AllowTraceroute
    bool m_interfaceSids{false};                            //!< InterfaceAddressSids
    bool m_traced{false};                                   //!< OnRx() is connected
    bool m_intercepting{false};                             //!< see InterceptStockProtocols()
    uint8_t m_hopLimit{64};                                 //!< TunnelHopLimit
    Ipv6Address m_tunnelSource;                             //!< TunnelSource
    uint32_t m_rxInterface{0};                              //!< where the last packet came in
    uint32_t m_depth{0};                                    //!< SIDs one packet is in
    uint32_t m_fragments{0};                                //!< identification of the next ones
    bool m_watchingErrors{false};                           //!< see WatchErrors()
    std::map<std::string, PathMtu> m_pathMtus;              //!< by GetPathKey()
    Ipv6Address m_pathDestination;                          //!< that NotePath() saw
    bool m_routeError{false};                               //!< see OnRouteError()
    Ipv6RoutingProtocol::ErrorCallback m_errorCallback;     //!< OnRouteError()
    Ptr<Packet> m_query;                                    //!< what routing is asked with
    std::array<uint64_t, static_cast<size_t>(Srv6DropReason::COUNT)> m_drops{};       //!< by reason
    TracedCallback<Ptr<const Packet>, const Ipv6Header&, Srv6DropReason> m_dropTrace; //!< Drop
};

} // namespace ns3

#endif // SRV6_PROTOCOL_H
