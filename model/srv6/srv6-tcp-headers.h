// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_TCP_HEADERS_H
#define SRV6_TCP_HEADERS_H

#include "ns3/ipv6-header.h"
#include "ns3/tcp-routing-headers.h"

#include <optional>
#include <set>
#include <unordered_map>

namespace ns3
{

class Srv6Protocol;

/**
 * @ingroup mptcp
 * The Segment Routing Headers of this module's own TCPs on a node: one for each TCP that has been
 * given one, or that reflects the path its SYN came by. The bytes are made once; a segment gets
 * them as they are.
 */
class Srv6TcpHeaders : public TcpRoutingHeaders
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6TcpHeaders();
    ~Srv6TcpHeaders() override;

    /// @param srv6 the node's segment routing
    void SetProtocol(Srv6Protocol* srv6);

    /// @param port a local port whose TCPs reflect the path of their SYN
    void AddReflectingPort(uint16_t port);
    /// @param on whether the TCPs of all ports do
    void SetReflecting(bool on);
    /// @return whether the TCPs of all ports do
    bool IsReflecting() const;

    /**
     * A packet for this node has a Segment Routing Header without segments left: remember it, if
     * it opens a TCP that shall reflect it.
     * @param packet from that header on
     * @param size of the header
     * @param header IPv6's
     */
    void OnArrival(const Packet& packet, uint32_t size, const Ipv6Header& header);

    // TcpRoutingHeaders
    int Check(const RoutingHeaderBytes& header) const override;
    void Set(const TcpTuple& tuple, const RoutingHeaderBytes& header) override;
    RoutingHeaderBytes Get(const TcpTuple& tuple) const override;
    uint32_t Accept(const TcpTuple& tuple) override;
    void Remove(const TcpTuple& tuple) override;
    Fate
    Send(const Ptr<Packet>& segment, const TcpTuple& tuple, const Ptr<NetDevice>& device) override;

  protected:
    void DoDispose() override;

  private:
    /// What a TCP was given.
    struct Entry
    {
        RoutingHeaderBytes given; //!< as it was given
        RoutingHeaderBytes wire;  //!< as it is sent
        Ipv6Address first;        //!< where packets go first
    };

    /// The SYN that arrived last with a path to reflect.
    struct Arrived
    {
        TcpTuple tuple;                    //!< as this node sees it
        std::vector<Ipv6Address> segments; //!< back to where it came from
    };

    Srv6Protocol* m_srv6{nullptr};                               //!< the node's
    std::unordered_map<TcpTuple, Entry, TcpTupleHash> m_entries; //!< by TCP
    std::set<uint16_t> m_reflectingPorts;                        //!< see AddReflectingPort()
    bool m_reflecting{false};                                    //!< see SetReflecting()
    std::optional<Arrived> m_arrived;                            //!< for Accept()
};

} // namespace ns3

#endif // SRV6_TCP_HEADERS_H
