// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SOCKET_OPTIONS_H
#define MPTCP_SOCKET_OPTIONS_H

#include "mptcp-api-socket.h"
#include "mptcp-events.h"

#include "ns3/event-id.h"
#include "ns3/mptcp-connection.h"

#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * The options and events of draft-hesmans-mptcp-socket-03 on one socket: getsockopt() and
 * setsockopt() with the structures of mptcp-api.h. Every function returns 0 or an errno.
 *
 * What is wrong with a call is looked for in this order: ENOPROTOOPT (name and direction), EFAULT,
 * EOPNOTSUPP (no Multipath TCP connection), EINVAL, EACCES and EPERM, and then whatever bind() and
 * connect() complain of.
 */
class MptcpSocketOptions
{
  public:
    /// What an event is told by.
    using EventCallback = std::function<void(const MptcpPathEvent& event)>;

    /// @param socket whose options
    explicit MptcpSocketOptions(MptcpApiSocket& socket);
    /// @param socket an accepted one @param listener whose subscriptions it has
    MptcpSocketOptions(MptcpApiSocket& socket, const MptcpSocketOptions& listener);
    ~MptcpSocketOptions();
    MptcpSocketOptions(const MptcpSocketOptions&) = delete;
    MptcpSocketOptions& operator=(const MptcpSocketOptions&) = delete;

    /// @param level as for getsockopt() @param name as for getsockopt()
    /// @param value as for getsockopt() @param length as for getsockopt() @return 0 or an errno
    int Get(int level, int name, void* value, unsigned int* length);
    /// @param level as for setsockopt() @param name as for setsockopt()
    /// @param value as for setsockopt() @param length as for setsockopt() @return 0 or an errno
    int Set(int level, int name, const void* value, unsigned int length);

    /**
     * Open a subflow.
     * @param tuple local port 0: any; remote port 0: the connection's
     * @param anySource let routing choose the local address
     * @param backup ask for a backup
     * @param interface index of the node's device plus 1; 0: that of the address
     * @param id is set to its identifier
     * @param header routing header of its segments, or none
     * @return 0 or an errno
     */
    int Open(const TcpTuple& tuple,
             bool anySource,
             bool backup,
             int interface,
             uint8_t& id,
             const RoutingHeaderBytes& header = {});
    /// @param id of a subflow @param how of shutdown(), or MPTCP_SHUT_RST @return 0 or an errno
    int Close(uint8_t id, int how);
    /// @param id of a subflow @param backup what it shall be @return 0 or an errno
    int SetPriority(uint8_t id, bool backup);

    /// The socket has a connection. @param connection it
    void OnConnection(Ptr<MptcpConnection> connection);
    /// @return the events that wait and the subscriptions
    MptcpEventQueue& GetEvents();
    /// @param callback for each event that is subscribed to, in order, in place of others; nullptr
    /// for none
    void SetEventCallback(EventCallback callback);
    /// @param callback for each event that is subscribed to, in order, after those that are there
    void AddEventCallback(EventCallback callback);

  private:
    /// Bytes that an option brought.
    using Bytes = std::vector<uint8_t>;

    /// @tparam T a plain structure @param bytes its first ones @param value is filled
    /// @return whether all of it was there
    template <typename T>
    static bool Parse(const Bytes& bytes, T& value)
    {
        if (bytes.size() < sizeof(T))
        {
            return false;
        }
        std::memcpy(&value, bytes.data(), sizeof(T));
        return true;
    }

    /// @return 0 if the socket has a Multipath TCP connection, or EOPNOTSUPP
    int CheckMultipath() const;
    /// @param event that happened
    void OnEvent(const MptcpPathEvent& event);
    /// Tell the callback of what has happened.
    void Deliver();

    /// Linux's own options. @param name of level SOL_MPTCP, or TCP_IS_MPTCP @param value as for
    /// getsockopt()
    /// @param length as for getsockopt() @return an errno
    int GetLinux(int name, void* value, unsigned int* length) const;
    /// MPTCP_TCPINFO and MPTCP_SUBFLOW_ADDRS. @param addresses the latter @param value as for
    /// getsockopt() @param length as for getsockopt() @param room bytes at value @return an errno
    int GetElements(bool addresses, void* value, unsigned int* length, unsigned int room) const;
    /// MPTCP_FULL_INFO. @param value as for getsockopt() @param length as for getsockopt()
    /// @return an errno
    int GetFullInfo(void* value, unsigned int* length) const;
    /// The basic API of RFC 6897. @param name of an option @param value as for getsockopt()
    /// @param length as for getsockopt() @return an errno
    int GetBasic(int name, void* value, unsigned int* length) const;
    /// The same. @param name of an option @param value as for setsockopt()
    /// @param length as for setsockopt() @return an errno
    int SetBasic(int name, const void* value, unsigned int length);
    /// TCP_MULTIPATH_ADD and TCP_MULTIPATH_REMOVE. @param add which
    /// @param addresses with ports @return an errno
    int ChangeAddresses(bool add, const std::vector<MptcpAddressScope::Entry>& addresses);
    /// @param length bytes that the caller has room for @param answer is filled @return an errno
    int GetSubIds(unsigned int length, Bytes& answer) const;
    /// @param kernel whether in the kernel's layout @param request what the caller's buffer has
    /// @param length bytes of it @param answer is filled @return an errno
    int GetSubTuple(bool kernel, const Bytes& request, unsigned int length, Bytes& answer) const;
    /// @param kernel whether in the kernel's layout @param request what the caller's buffer has
    /// @param length bytes of it @param id is filled @return an errno
    int OpenSubTuple(bool kernel, const Bytes& request, unsigned int length, uint8_t& id);
    /// @param request what the caller's buffer has @return an errno
    int CloseSubId(const Bytes& request);
    /// @param request a struct mptcp_sub_getsockopt @return an errno
    int SubGet(const Bytes& request);
    /// @param request a struct mptcp_sub_setsockopt @return an errno
    int SubSet(const Bytes& request);
    /// @param request a struct mptcp_event_subscription @return an errno
    int Subscribe(const Bytes& request);

    MptcpApiSocket& m_socket;                               //!< whose options
    Ptr<MptcpConnection> m_connection;                      //!< whose events are listened to
    MptcpEventQueue m_events;                               //!< not read yet
    std::vector<EventCallback> m_callbacks;                 //!< who is told
    std::deque<MptcpPathEvent> m_untold;                    //!< for the callback
    EventId m_deliver;                                      //!< tells it
    std::shared_ptr<int> m_alive{std::make_shared<int>(0)}; //!< tells Deliver() of the end of this
};

} // namespace ns3

#endif // MPTCP_SOCKET_OPTIONS_H
