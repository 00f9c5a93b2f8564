// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_PORT_TABLE_H
#define TCP_PORT_TABLE_H

#include "ns3/tcp-l4-protocol.h"
#include "ns3/tcp-tuple.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace ns3
{

class TcpListener;
class StockPort;

/**
 * @ingroup mptcp
 * The ports of a node that sockets are bound to, and the listeners on them. A bound port is
 * reserved in the node's TcpL4Protocol, so that no stock socket can be bound to it: once for any
 * address and once for each address of the node, since stock TCP compares addresses literally.
 *
 * Ports of connections that nobody is bound to are not reserved: they are told from stock's by all
 * four parts of the tuple, and stock's own list of endpoints, which it searches for every segment,
 * does not grow with our connections.
 */
class TcpPortTable
{
  public:
    TcpPortTable();
    ~TcpPortTable();

    /// @param stock the node's own TCP
    void SetStock(Ptr<TcpL4Protocol> stock);

    /**
     * As in stock TCP, one address and any do not exclude each other: SYNs to that address are for
     * its own listener.
     * @param local address, std::nullopt for any
     * @param ipv6 family
     * @param port not 0
     * @param addresses all addresses of the node, of that family
     * @return whether the port was free, here and in stock TCP, and is bound now
     */
    bool Bind(const std::optional<IpAddress>& local,
              bool ipv6,
              uint16_t port,
              const std::vector<IpAddress>& addresses);

    /// @param local as given to Bind() @param ipv6 as given to Bind() @param port as well
    void Unbind(const std::optional<IpAddress>& local, bool ipv6, uint16_t port);

    /// @param local as given to Bind() @param ipv6 as given to Bind() @param port as well
    /// @param listener who gets the SYNs; nullptr for nobody
    void SetListener(const std::optional<IpAddress>& local,
                     bool ipv6,
                     uint16_t port,
                     TcpListener* listener);

    /// @param local address that a SYN came to @param port and port
    /// @return who listens there, on that address or else on any; nullptr for nobody
    TcpListener* FindListener(const IpAddress& local, uint16_t port) const;

    /// @param ipv6 family @param port a port @return whether a socket is bound to it
    bool IsBound(bool ipv6, uint16_t port) const;

    /// @param local an address of the node @param port a port
    /// @return whether no socket, of stock TCP neither, is bound to them or to the port on any
    bool IsFree(const IpAddress& local, uint16_t port) const;

    /// @param local an address of the node @param port a port
    /// @return whether stock TCP has nobody who would take segments for them
    bool IsFreeInStock(const IpAddress& local, uint16_t port) const;

    /// Reserve what is bound on one more address. @param address new on the node
    void AddAddress(const IpAddress& address);

    /// @return number of bound ports, each address counted
    size_t GetSize() const;

    /// Give all back.
    void Clear();

  private:
    /// A socket that is bound.
    struct Binding
    {
        std::optional<IpAddress> local; //!< its address
        TcpListener* listener;          //!< who gets SYNs
    };

    /// A port of one family.
    struct Port
    {
        std::vector<Binding> bindings;                    //!< who is bound, at least one
        std::vector<std::unique_ptr<StockPort>> reserved; //!< in stock TCP
    };

    /// @param ipv6 family @param port a port @return key into m_ports
    static uint32_t Key(bool ipv6, uint16_t port)
    {
        return (ipv6 ? 0x10000 : 0) | port;
    }

    /// @param local as given to Bind() @param ipv6 as well @param port as well
    /// @return its binding or nullptr
    Binding* FindBinding(const std::optional<IpAddress>& local, bool ipv6, uint16_t port);

    Ptr<TcpL4Protocol> m_stock;                 //!< the node's own TCP
    std::unordered_map<uint32_t, Port> m_ports; //!< by Key()
};

} // namespace ns3

#endif // TCP_PORT_TABLE_H
