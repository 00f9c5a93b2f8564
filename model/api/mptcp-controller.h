// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_CONTROLLER_H
#define MPTCP_CONTROLLER_H

#include "mptcp-subflow-calls.h"

#include "ns3/address.h"
#include "ns3/mptcp-connection.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/mptcp-path-event.h"
#include "ns3/object.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace ns3
{

/// What a MptcpController hears of a connection of its node.
struct MptcpControlEvent
{
    /// What happened.
    enum Kind : uint8_t
    {
        CONNECTION_CREATED = 1, //!< its first subflow is established, with Multipath TCP
        CONNECTION_CLOSED = 2,  //!< it is over, or goes on as plain TCP
        PATH = 3,               //!< see MptcpControlEvent::path
    };

    Kind kind{PATH};     //!< what happened
    uint32_t token{0};   //!< of the connection at this end (RFC 8684 section 3.2)
    bool client{false};  //!< this end opened the connection
    TcpTuple tuple;      //!< of the first subflow
    int error{0};        //!< an errno, of a closed connection
    MptcpPathEvent path; //!< what happened to the paths of the connection
};

/**
 * @ingroup mptcp
 * The "user space" path manager of draft-hesmans-mptcp-socket-03: it hears the events of all
 * connections of a node, and opens, closes and re-prioritises their subflows by token, as a daemon
 * does with Linux over netlink. Let the sockets have ns3::MptcpNoPathManager, unless a path
 * manager of their own shall act too.
 *
 * Calls return 0 or an errno: ENOENT for an unknown token, otherwise as the option of the same
 * name (doc/socket-api.md).
 */
class MptcpController : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MptcpController();
    ~MptcpController() override;

    /**
     * Put a controller on a node, and the module if it is not there.
     * @param node with an internet stack
     * @return the node's controller; nullptr without an internet stack
     */
    static Ptr<MptcpController> Install(Ptr<Node> node);

    /// A connection of the node.
    struct ConnectionInfo
    {
        uint32_t token{0};  //!< at this end
        bool client{false}; //!< this end opened it
        TcpTuple tuple;     //!< of its first subflow
    };

    /// Whom events are told to.
    using EventCallback = std::function<void(const MptcpControlEvent& event)>;

    /// Hear of events, in order; the callback may call the controller.
    /// @param callback whom to tell @return identifier for RemoveEventCallback()
    uint32_t AddEventCallback(EventCallback callback);
    /// Stop hearing. @param id as returned by AddEventCallback()
    void RemoveEventCallback(uint32_t id);

    /// @return the connections that use Multipath TCP now, in the order of their beginning
    std::vector<ConnectionInfo> GetConnections() const;
    /// @param token of a connection @param subflows is filled, the oldest first
    /// @return 0 or an errno
    int GetSubflows(uint32_t token, std::vector<MptcpConnection::SubflowStatus>& subflows) const;
    /// @param token of a connection @param request what the subflow shall be
    /// @param id is set to its identifier @return 0 or an errno
    int OpenSubflow(uint32_t token, const MptcpOpenRequest& request, uint8_t& id);
    /// @param token of a connection @param local address, as for MptcpSocket::OpenSubflow()
    /// @param remote address @param backup ask for a backup @param id is set to its identifier
    /// @return 0 or an errno
    int OpenSubflow(
        uint32_t token, const Address& local, const Address& remote, bool backup, uint8_t& id);
    /// @param token of a connection @param id of a subflow
    /// @param how SHUT_RD, SHUT_WR, SHUT_RDWR or MPTCP_SHUT_RST @return 0 or an errno
    int CloseSubflow(uint32_t token, uint8_t id, int how = 2);
    /// @param token of a connection @param id of a subflow @param backup what it shall be
    /// @return 0 or an errno
    int SetSubflowPriority(uint32_t token, uint8_t id, bool backup);
    /// Advertise an address (ADD_ADDR). @param token of a connection @param address of this node
    /// @param port where this end listens, 0: that of the connection @return 0 or an errno
    int Announce(uint32_t token, const IpAddress& address, uint16_t port = 0);
    /// Take an address back (REMOVE_ADDR), and end the subflows that use it.
    /// @param token of a connection @param address of this node @return 0 or an errno
    int Withdraw(uint32_t token, const IpAddress& address);

    /// TracedCallback signature of Event. @param event what happened
    typedef void (*EventTracedCallback)(const MptcpControlEvent& event);

  protected:
    void DoDispose() override;

  private:
    class Watch;

    /// Begin to watch a connection. @param connection a MptcpConnection
    void OnNewConnection(Ptr<Object> connection);
    /// Tell of it soon: not while the protocol is at work. @param event it
    void Tell(const MptcpControlEvent& event);
    /// Have Deliver() called soon.
    void ScheduleDeliver();
    /// Tell of what has happened, and forget connections that are over.
    void Deliver();
    /// @param token of a connection @return it; nullptr: unknown
    Ptr<MptcpConnection> Find(uint32_t token) const;

    Ptr<Node> m_node;                                 //!< where
    Ptr<MptcpL4Protocol> m_protocol;                  //!< of the node
    std::vector<std::unique_ptr<Watch>> m_watches;    //!< the connections
    std::deque<MptcpControlEvent> m_untold;           //!< for Deliver()
    EventId m_deliver;                                //!< calls it
    std::map<uint32_t, EventCallback> m_callbacks;    //!< whom to tell
    uint32_t m_nextCallback{0};                       //!< identifier of the next one
    bool m_privileged{true};                          //!< may use ports below 1024
    TracedCallback<const MptcpControlEvent&> m_event; //!< Event
};

} // namespace ns3

#endif // MPTCP_CONTROLLER_H
