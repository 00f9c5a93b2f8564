// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_L4_PROTOCOL_H
#define MPTCP_L4_PROTOCOL_H

#include "ipv4-source-routing.h"
#include "ipv6-source-routing.h"
#include "mptcp-token-table.h"
#include "tcp-port-table.h"
#include "tcp-routing-headers.h"
#include "tcp-time-wait-table.h"

#include "ns3/ip-l4-protocol.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv6-header.h"
#include "ns3/node.h"
#include "ns3/random-variable-stream.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-option-blob.h"
#include "ns3/tcp-output.h"
#include "ns3/tcp-segment.h"
#include "ns3/tcp-subflow.h"
#include "ns3/tcp-tuple.h"
#include "ns3/traced-callback.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{

/// Who is asked when a SYN arrives for a port that it listens on.
class TcpListener
{
  public:
    virtual ~TcpListener() = default;

    /**
     * A SYN arrived. The listener creates a TcpSubflow, registers it and lets it Accept(), or
     * does nothing: then the SYN is dropped.
     * @param tuple as this host sees it
     * @param syn the segment
     */
    virtual void OnSyn(const TcpTuple& tuple, const TcpSegment& syn) = 0;

    /// @return whether RSTs to joins that nobody knows the token of carry MP_TCPRST, which version
    /// 0 (RFC 6824) does not know
    virtual bool UsesResetReasons() const
    {
        return true;
    }
};

/// Who is asked when a SYN with MP_JOIN carries its token (RFC 8684 section 3.2).
class MptcpJoinTarget
{
  public:
    virtual ~MptcpJoinTarget() = default;

    /**
     * A SYN with MP_JOIN arrived.
     * @param tuple as this host sees it
     * @param syn the segment
     * @param join its option
     * @return false: refused, the sender gets a RST
     */
    virtual bool OnJoin(const TcpTuple& tuple, const TcpSegment& syn, const MpJoinSyn& join) = 0;

    /// @return whether its RSTs carry MP_TCPRST, which version 0 (RFC 6824) does not know
    virtual bool UsesResetReasons() const
    {
        return true;
    }
};

/// An address of this node that a subflow can use.
struct LocalAddress
{
    IpAddress address; //!< IPv4, or a global IPv6 address
    uint32_t interface {
        0
    }; //!< index in Ipv4 or Ipv6

    /// @param other another @return whether both are the same
    bool operator==(const LocalAddress& other) const
    {
        return address == other.address && interface == other.interface;
    }
};

/**
 * @ingroup mptcp
 * The own TCP's place on a node: an IP protocol number 6 that stands in front of the node's
 * TcpL4Protocol, for IPv4 and IPv6. It takes the segments of its own endpoints, the SYNs of its
 * own listeners and SYNs with MP_JOIN, and hands every other well-formed segment to the stock
 * protocol, unchanged. Segments whose options are no options at all are dropped, since stock TCP
 * reads an option of length 0 for ever.
 *
 * The order in which an arriving segment finds its owner: a living endpoint, by all four parts of
 * the tuple; one in TIME_WAIT; for a SYN with MP_JOIN the connection of its token; a listener;
 * stock TCP. Nobody on a port that one of our sockets is bound to gets a RST from here.
 */
class MptcpL4Protocol : public IpL4Protocol,
                        public TcpOutput
{
  public:
    static constexpr uint8_t PROT_NUMBER = 6; //!< TCP's protocol number, as TcpL4Protocol has it

    /// @return the TypeId
    static TypeId GetTypeId();

    MptcpL4Protocol();
    ~MptcpL4Protocol() override;

    /**
     * Put the protocol on a node that has an internet stack, together with source address
     * routing (Ipv4SourceRouting, Ipv6SourceRouting). Does nothing if it is there already.
     * @param node the node, with InternetStackHelper's stack
     * @return the node's protocol; nullptr if the node has no TcpL4Protocol
     */
    static Ptr<MptcpL4Protocol> Install(Ptr<Node> node);

    /// @return the node
    Ptr<Node> GetNode() const;

    /**
     * Fix the random numbers of keys, nonces and initial sequence numbers.
     * @param stream first stream number
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    // Endpoints

    /**
     * Create a subflow (a TcpSubflow) that is found by its tuple. Many may share a local port.
     * @param tuple addresses and ports, all four set
     * @param user whom the subflow tells; must outlive it or Abandon() it
     * @param settings kept by the subflow
     * @param congestion congestion control, not shared with another subflow
     * @return the subflow in state CLOSED, or nullptr if the tuple is taken
     */
    Ptr<MptcpSubflow> CreateSubflow(const TcpTuple& tuple,
                                    MptcpSubflowUser& user,
                                    std::shared_ptr<const TcpSettings> settings,
                                    Ptr<TcpCongestionOps> congestion);

    // Routing headers of single subflows: mptcp-l4-protocol-routing.cc

    /**
     * @param tuple of a subflow
     * @param header for its segments
     * @return 0; EINVAL: it is no header that can be sent; EMSGSIZE: it leaves no room for data;
     * ENOPROTOOPT: the node has no segment routing, or the family none
     */
    int CheckRoutingHeader(const TcpTuple& tuple, const RoutingHeaderBytes& header);
    /// Put a routing header in front of each segment from now on. @param subflow of this node
    /// @param header one that CheckRoutingHeader() takes; empty: none any more
    void SetRoutingHeader(MptcpSubflow& subflow, const RoutingHeaderBytes& header);
    /// @param tuple of a subflow @return its header as it was given, or nothing
    RoutingHeaderBytes GetRoutingHeader(const TcpTuple& tuple) const;
    /// Ask for routing headers from now on, if the node has segment routing.
    /// @return whether it has
    bool UseRoutingHeaders();

    // Ports: mptcp-l4-protocol.cc

    /**
     * Find a port for a connection that nobody binds. It is not reserved: CreateSubflow() takes
     * the tuple.
     * @param local address to use
     * @param remote peer
     * @param remotePort peer's port
     * @return a free local port of the own ephemeral range, 0 if there is none
     */
    uint16_t
    AllocateEphemeralPort(const IpAddress& local, const IpAddress& remote, uint16_t remotePort);

    /**
     * Ask for a port that a connection would have without binding it.
     * @param local address to use
     * @param port the port
     * @return whether no socket is bound to it there (of this or of stock TCP)
     */
    bool IsPortFree(const IpAddress& local, uint16_t port) const;

    /**
     * Reserve a port for a bound or listening socket.
     * @param local address, std::nullopt for any of the family
     * @param ipv6 which family
     * @param port the port; 0 picks one of the ephemeral range
     * @return the port, 0 if it is in use (by this or by stock TCP)
     */
    uint16_t Bind(const std::optional<IpAddress>& local, bool ipv6, uint16_t port);

    /**
     * Give back what Bind() gave.
     * @param local as given to Bind()
     * @param ipv6 as given to Bind()
     * @param port as returned by Bind()
     */
    void Unbind(const std::optional<IpAddress>& local, bool ipv6, uint16_t port);

    /**
     * Let a listener have the SYNs to a bound port.
     * @param local as given to Bind()
     * @param ipv6 as given to Bind()
     * @param port as returned by Bind()
     * @param listener who; nullptr ends it
     */
    void SetListener(const std::optional<IpAddress>& local,
                     bool ipv6,
                     uint16_t port,
                     TcpListener* listener);

    /// @param local address @param port of it @return whether somebody listens there
    bool HasListener(const IpAddress& local, uint16_t port) const;

    // Tokens, keys, connections

    /**
     * Draw a key whose token nobody on this node uses (RFC 8684 section 3.1), and enter the token.
     * @param target who owns it
     * @param version of the protocol: how the token is made from the key
     * @return the key
     */
    uint64_t CreateKey(MptcpJoinTarget* target, uint8_t version = 1);

    /**
     * Forget a token.
     * @param key as returned by CreateKey()
     * @param version as given there
     */
    void ReleaseKey(uint64_t key, uint8_t version = 1);

    /// @return a random nonce
    uint32_t GetRandom32();

    /**
     * Keep a connection alive and show it in the ConnectionList attribute.
     * @param connection an MptcpConnection
     */
    void AddConnection(Ptr<Object> connection);

    /// Release a connection. @param connection as given to AddConnection()
    void RemoveConnection(Ptr<Object> connection);

    // Addresses

    /// @return the addresses that are up, without loopback and link-local ones, by interface
    std::vector<LocalAddress> GetLocalAddresses() const;

    /// @return whether the node has the address and it is up @param address it
    /// @param device whose it must be; nullptr: any's
    bool HasAddress(const IpAddress& address, Ptr<NetDevice> device) const;

    /// @return the index of the device that has an address, as Node::GetDevice() counts, plus 1,
    /// so that 0 can mean none @param address with its interface
    uint32_t GetDeviceIndex(const LocalAddress& address) const;

    /// @param address of a peer @return whether TCP can talk to it: it is neither multicast nor
    /// broadcast (RFC 9293 section 3.9.2.3), for which stock routing wants a device, and crashes
    static bool IsUnicast(const IpAddress& address);

    /// @return whether routing knows a way @param local source address @param remote peer
    /// @param device by which; nullptr: any
    bool HasRoute(const IpAddress& local, const IpAddress& remote, Ptr<NetDevice> device) const;

    /**
     * @param remote peer
     * @param device by which; nullptr: any
     * @return the source address that routing chooses, if there is a route
     */
    std::optional<IpAddress> SelectSource(const IpAddress& remote,
                                          Ptr<NetDevice> device = nullptr) const;

    /// Called after an address became usable (up) or unusable. @param address it @param up which
    using AddressCallback = std::function<void(const LocalAddress& address, bool up)>;

    /**
     * Hear of addresses that come and go.
     * @param callback what to call
     * @return identifier for RemoveAddressCallback()
     */
    uint32_t AddAddressCallback(AddressCallback callback);

    /// Stop hearing. @param id as returned by AddAddressCallback()
    void RemoveAddressCallback(uint32_t id);

    /// Tell of an address (called by source address routing). @param address it @param up which
    void NotifyAddress(const LocalAddress& address, bool up);

    // What there is, for tests that look for leaks

    /// @return number of subflows that segments are handed to
    size_t GetNEndpoints() const;
    /// @return number of TCPs in TIME_WAIT
    size_t GetNTimeWait();
    /// @return number of tokens in use
    size_t GetNTokens() const;
    /// @return number of sockets that are bound
    size_t GetNBoundPorts() const;
    /// @return number of connections kept alive
    uint32_t GetNConnections() const;
    /// @param i a number below GetNConnections() @return a connection
    Ptr<Object> GetConnection(uint32_t i) const;
    /// @return segments that were dropped because of a malformed header
    uint64_t GetMalformedDrops() const;
    /// @return segments for this protocol that were dropped because of a wrong checksum
    uint64_t GetChecksumDrops() const;
    /// @return segments that were not sent for want of a route or of their source address
    uint64_t GetNoRouteDrops() const;

    /// TracedCallback signature of MalformedSegment. @param packet the segment
    /// @param reason what is wrong with it
    typedef void (*MalformedTracedCallback)(Ptr<const Packet> packet, const std::string& reason);

    // TcpOutput
    void SendSegment(Ptr<Packet> payload, TcpHeader& header, const TcpTuple& tuple) override;
    void SendSegmentBy(Ptr<NetDevice> device,
                       Ptr<Packet> payload,
                       TcpHeader& header,
                       const TcpTuple& tuple) override;
    uint32_t GetMtu(const TcpTuple& tuple) const override;
    uint32_t GetPathMtu(const TcpTuple& tuple) const override;
    uint32_t GetInitialSequenceNumber() override;
    void Remove(TcpSubflow& subflow) override;
    void EnterTimeWait(TcpSubflow& subflow, const TimeWait& entry) override;

    // IpL4Protocol
    int GetProtocolNumber() const override;
    RxStatus
    Receive(Ptr<Packet> packet, const Ipv4Header& header, Ptr<Ipv4Interface> interface) override;
    RxStatus
    Receive(Ptr<Packet> packet, const Ipv6Header& header, Ptr<Ipv6Interface> interface) override;
    void ReceiveIcmp(Ipv4Address icmpSource,
                     uint8_t icmpTtl,
                     uint8_t icmpType,
                     uint8_t icmpCode,
                     uint32_t icmpInfo,
                     Ipv4Address payloadSource,
                     Ipv4Address payloadDestination,
                     const uint8_t payload[8]) override;
    void ReceiveIcmp(Ipv6Address icmpSource,
                     uint8_t icmpTtl,
                     uint8_t icmpType,
                     uint8_t icmpCode,
                     uint32_t icmpInfo,
                     Ipv6Address payloadSource,
                     Ipv6Address payloadDestination,
                     const uint8_t payload[8]) override;
    void SetDownTarget(DownTargetCallback cb) override;
    void SetDownTarget6(DownTargetCallback6 cb) override;
    DownTargetCallback GetDownTarget() const override;
    DownTargetCallback6 GetDownTarget6() const override;

  protected:
    void DoDispose() override;

  private:
    /**
     * Take a segment that arrived, if it is for this protocol.
     * @param packet the segment
     * @param tuple its addresses as this host sees them; the ports are filled in
     * @param ce whether it carries ECN's CE
     * @return the status, or std::nullopt if stock TCP shall have it
     */
    std::optional<RxStatus> Take(Ptr<Packet> packet, TcpTuple& tuple, bool ce);
    /// As Take(), for a segment that no endpoint is for. @param bytes its header @param size bytes
    std::optional<RxStatus>
    TakeStray(Ptr<Packet> packet, const TcpTuple& tuple, const uint8_t* bytes, uint32_t size);
    /// Find an owner for a well-formed segment without endpoint. @param tuple its
    /// @param segment it @return what to tell IP, or std::nullopt for stock TCP
    std::optional<RxStatus> Deliver(const TcpTuple& tuple, const TcpSegment& segment);
    /// @return Node::ChecksumEnabled() as it was when the first segment left or arrived
    bool UsesChecksums();
    /// @param packet a segment @param tuple its @return whether its checksum is right or not used
    bool CheckChecksum(const Ptr<Packet>& packet, const TcpTuple& tuple);
    /// Drop a segment. @param packet it @param reason why @return what to tell IP
    RxStatus DropMalformed(const Ptr<Packet>& packet, std::string_view reason);

    // ICMP, path MTU: mptcp-l4-protocol-icmp.cc

    /**
     * IPv4 is about to send a packet: one of a subflow gets DF (RFC 1191 section 3). Ipv4::Send()
     * has no parameter for it, and Ipv4::SendWithHeader() would hide the packet from FlowMonitor,
     * which listens to the same trace.
     * @param header of the packet, in fact Ipv4::Send()'s own variable
     * @param packet it
     * @param interface by which it leaves
     */
    void ForbidFragments(const Ipv4Header& header, Ptr<const Packet> packet, uint32_t interface);
    /// An ICMP error quotes a segment. @param source of the segment @param destination of it
    /// @param payload the first 8 bytes of its TCP header @param error what ICMP says, if TCP is
    /// concerned @return false if no subflow has sent it
    bool TakeIcmp(const IpAddress& source,
                  const IpAddress& destination,
                  const uint8_t payload[8],
                  std::optional<TcpIcmpError> error);
    /// A segment was too large for the path. @param tuple whose @param mtu of the next hop, in
    /// bytes; 0: unknown
    void LearnPathMtu(const TcpTuple& tuple, uint32_t mtu);

    // What a node sends to itself, and answers without an endpoint: mptcp-l4-protocol-segments.cc

    /**
     * Receive from an event of its own what arrives within the sending of a segment, see Telling:
     * the TCPs of both ends may be in the middle of something. IP and a Segment Routing Header of
     * this node deliver to its own addresses that way; Linux queues such packets, too.
     * @param receive what to do
     */
    void ReceiveLater(std::function<void()> receive);
    /// Answer for a TCP in TIME_WAIT. @param entry it
    void AnswerTimeWait(const TimeWait& entry);
    /// Answer a segment by a RST (RFC 9293 section 3.10.7.1). @param tuple its @param segment it
    /// @param reason MP_TCPRST to add
    void SendReset(const TcpTuple& tuple,
                   const TcpSegment& segment,
                   const std::optional<MpTcpRst>& reason);

    // Routing headers: mptcp-l4-protocol-routing.cc

    /// Give a new subflow the header of the path that its SYN came by, if that is wanted.
    /// @param subflow it
    void AcceptRoutingHeader(MptcpSubflow& subflow);
    /// Send by a routing header. @param segment with its header @param tuple its
    /// @param device by which it leaves; nullptr: any @return false: its subflow has none
    bool SendByRoutingHeader(const Ptr<Packet>& segment,
                             const TcpTuple& tuple,
                             const Ptr<NetDevice>& device);

    // Addresses: mptcp-l4-protocol-addresses.cc

    /// @param ipv6 family @return all addresses of the node, of any scope and state
    std::vector<IpAddress> GetAllAddresses(bool ipv6) const;
    /// @param address one of the node @return whether subflows may use it
    static bool IsCandidate(const IpAddress& address);

    Ptr<Node> m_node;                        //!< the node
    Ptr<Ipv4> m_ipv4;                        //!< its IPv4, if any
    Ptr<Ipv6> m_ipv6;                        //!< its IPv6, if any
    Ptr<IpL4Protocol> m_stock4;              //!< what had protocol number 6 in IPv4
    Ptr<IpL4Protocol> m_stock6;              //!< what had protocol number 6 in IPv6
    Ptr<Ipv4SourceRouting> m_routing4;       //!< source address routing
    Ptr<Ipv6SourceRouting> m_routing6;       //!< source address routing
    DownTargetCallback m_downTarget;         //!< IPv4's way out; null: Ipv4::Send()
    DownTargetCallback6 m_downTarget6;       //!< IPv6's way out; null: Ipv6::Send()
    Ptr<TcpRoutingHeaders> m_routingHeaders; //!< from the first routing header on
    bool m_canSend{false};                   //!< the node has been initialized
    bool m_pathMtuDiscovery{true};           //!< attribute PathMtuDiscovery
    bool m_sendsDf{false};                   //!< for ForbidFragments(): the next packet is one
    std::optional<bool> m_checksums;         //!< see UsesChecksums()
    Ipv4Header m_query4; //!< what routing is asked with; a new one each time costs
    Ipv6Header m_query6; //!< the same for IPv6

    // Path MTU: mptcp-l4-protocol-icmp.cc

    /// Which way the packets of a TCP take: source, destination and routing header.
    using Path = std::tuple<IpAddress, IpAddress, RoutingHeaderBytes>;
    /// @param tuple of a TCP @return its path
    Path GetPath(const TcpTuple& tuple) const;

    /// What an ICMP error told of a path.
    struct PathMtu
    {
        uint32_t mtu; //!< bytes of an IP packet
        Time expires; //!< then it may have grown
    };

    std::map<Path, PathMtu> m_pathMtus; //!< of paths that ICMP has told of
    std::unordered_map<TcpTuple, Ptr<TcpSubflow>, TcpTupleHash> m_endpoints; //!< by tuple
    TcpTimeWaitTable m_timeWait;            //!< what is in TIME_WAIT
    TcpPortTable m_ports;                   //!< bound ports and listeners
    uint16_t m_lastEphemeral;               //!< the port given last
    MptcpTokenTable m_tokens;               //!< tokens of connections
    Ptr<UniformRandomVariable> m_keys;      //!< keys and nonces
    Ptr<UniformRandomVariable> m_sequences; //!< initial sequence numbers
    Ptr<TcpOptionBlob> m_spareOptions;      //!< for segments of our own
    std::vector<uint8_t> m_checksumBytes;   //!< room for CheckChecksum()

    std::vector<Ptr<Object>> m_connections;                            //!< kept alive
    std::unordered_map<const Object*, size_t> m_connectionIndex;       //!< where in m_connections
    TracedCallback<Ptr<Object>> m_newConnection;                       //!< NewConnection
    TracedCallback<Ptr<const Packet>, const std::string&> m_malformed; //!< MalformedSegment

    std::vector<LocalAddress> m_usable;              //!< told to be usable
    std::vector<IpAddress> m_unusable;               //!< told to be gone or down
    std::map<uint32_t, AddressCallback> m_callbacks; //!< who hears of addresses
    uint32_t m_nextCallback{0};                      //!< identifier of the next one

    uint64_t m_malformedDrops{0}; //!< see GetMalformedDrops()
    uint64_t m_checksumDrops{0};  //!< see GetChecksumDrops()
    uint64_t m_noRouteDrops{0};   //!< see GetNoRouteDrops()
};

} // namespace ns3

#endif // MPTCP_L4_PROTOCOL_H
