// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SOCKET_H
#define MPTCP_SOCKET_H

#include "ns3/mptcp-api-socket.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/mptcp-settings.h"
#include "ns3/object-factory.h"
#include "ns3/tcp-socket.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

struct msghdr;

namespace ns3
{

class MptcpSocketOptions;

/**
 * @ingroup mptcp
 * A Multipath TCP connection in the hands of an application: a stream socket that behaves as
 * TcpSocketBase does. With the attribute Multipath switched off it is plain TCP over the same
 * transport, which makes it the fair baseline of comparisons.
 *
 * Each attribute is decided when the socket is made: a value given to it wins; then the default of
 * MptcpSocket, TcpSocket or TcpSocketBase if it was changed (Config::SetDefault, command line);
 * whatever was left alone acts as in Linux. A socket keeps what it has from Connect() or Listen()
 * on.
 */
class MptcpSocket : public TcpSocket,
                    public TcpListener,
                    public MptcpConnectionUser,
                    public MptcpApiSocket
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MptcpSocket();
    /// Make the socket of an accepted connection. @param listener whose settings and callbacks for
    /// accepting and closing it has, as with TcpSocketBase
    MptcpSocket(const MptcpSocket& listener);
    ~MptcpSocket() override;

    /// @param node with MptcpL4Protocol installed
    void SetNode(Ptr<Node> node);

    /// @return the connection; nullptr before Connect(), and on a listening socket
    Ptr<MptcpConnection> GetConnection() const override;

    /**
     * Choose the path manager together with values of its attributes.
     * @param factory makes it
     * @return false if it makes no path managers, or the socket is in use
     */
    bool SetPathManager(const ObjectFactory& factory);

    /**
     * Choose the scheduler together with values of its attributes.
     * @param factory makes it
     * @return false if it makes no schedulers, or the socket is in use
     */
    bool SetScheduler(const ObjectFactory& factory);

    /**
     * Choose the subflows' congestion control together with values of its attributes.
     * @param factory makes it
     * @return false if it makes no congestion controls, or the socket is in use
     */
    bool SetCongestionControl(const ObjectFactory& factory);

    /**
     * Ask the peer to use some of this node's addresses only if no others are left (RFC 8684
     * section 3.3.8).
     * @param addresses of this node
     * @return false if the socket is in use
     */
    bool SetBackupAddresses(const std::vector<IpAddress>& addresses);

    /// @return the settings as they are now; Connect() and Listen() keep them
    const MptcpSettings& GetSettings() const
    {
        return *m_settings;
    }

    // The socket API of draft-hesmans-mptcp-socket-03. What fails returns -1 and has its reason in
    // GetOptErrno(): ns3::Socket has no names for many of them.

    /**
     * getsockopt(). The names and structures of options are in mptcp-api.h.
     * @param level IPPROTO_TCP
     * @param optname name of the option
     * @param optval the option's structure
     * @param optlen its size in bytes
     * @return 0, or -1
     */
    int GetSockOpt(int level, int optname, void* optval, unsigned int* optlen);
    /**
     * setsockopt(). The names and structures of options are in mptcp-api.h.
     * @param level IPPROTO_TCP
     * @param optname name of the option
     * @param optval the option's structure
     * @param optlen its size in bytes
     * @return 0, or -1
     */
    int SetSockOpt(int level, int optname, const void* optval, unsigned int optlen);

    /// @return why the last of these calls failed, an errno
    int GetOptErrno() const
    {
        return m_optErrno;
    }

    /// @return identifiers of the subflows, the newest first; none without Multipath TCP
    std::vector<uint8_t> GetSubflowIds() const;
    /**
     * Open a subflow. It is listed at once; an event tells when it can be used or why it failed.
     * @param local InetSocketAddress or Inet6SocketAddress; any address lets routing choose, port
     * 0 any
     * @param remote of the peer, of the same family; port 0 is that of the connection
     * @param backup the peer shall use it only if no other is left
     * @param ifIndex index of the node's device plus 1; 0 for that of the address
     * @return its identifier, or -1
     */
    int
    OpenSubflow(const Address& local, const Address& remote, bool backup = false, int ifIndex = 0);
    /**
     * Open a subflow by a path of its own through the network (segment routing, Srv6Helper).
     * @param local as for OpenSubflow(), of IPv6
     * @param remote as for OpenSubflow(), of IPv6
     * @param segments that its packets visit before the peer, in that order; at most 126
     * @param backup as for OpenSubflow()
     * @param ifIndex as for OpenSubflow()
     * @return its identifier, or -1
     */
    int OpenSubflow(const Address& local,
                    const Address& remote,
                    const std::vector<Ipv6Address>& segments,
                    bool backup = false,
                    int ifIndex = 0);
    /// Choose the path of the first subflow that Connect() opens. @param segments that its packets
    /// visit before the peer; none: the shortest path @return 0, or -1
    int SetSegmentList(const std::vector<Ipv6Address>& segments);
    /// @param id of a subflow @param segments that its packets visit from now on; none: the
    /// shortest path @return 0, or -1
    int SetSubflowSegments(uint8_t id, const std::vector<Ipv6Address>& segments);
    /// @param id of a subflow @return the segments that its packets visit
    std::vector<Ipv6Address> GetSubflowSegments(uint8_t id) const;
    /// @param id of a subflow @param how SHUT_RD, SHUT_WR, SHUT_RDWR or MPTCP_SHUT_RST
    /// @return 0, or -1
    int CloseSubflow(uint8_t id, int how = 2);
    /// @param id of a subflow @param local is filled @param remote is filled @return 0, or -1
    int GetSubflowTuple(uint8_t id, Address& local, Address& remote);
    /// @param id of a subflow @param backup what it shall be from now on (MP_PRIO) @return 0, or -1
    int SetSubflowPriority(uint8_t id, bool backup);

    /// @param kind of events @param on whether they are wanted; accepted sockets inherit it
    void SubscribeEvent(MptcpPathEvent::Kind kind, bool on = true);
    /// @param callback for each event that is subscribed to, in order, in place of others; nullptr
    /// for none. Accepted sockets inherit it
    void SetEventCallback(std::function<void(const MptcpPathEvent&)> callback);
    /// @param callback as SetEventCallback(), beside others, which are called before it
    void AddEventCallback(std::function<void(const MptcpPathEvent&)> callback);
    /// @return the oldest event that has not been read; its overflow tells whether others are lost
    std::optional<MptcpPathEvent> RecvEvent();

    // recvmsg(), sendmsg() and poll() for those who have bytes and not packets. They never wait;
    // EAGAIN says that a call on a blocking descriptor would.

    /**
     * Read bytes, and the events that wait, as ancillary data (mptcp-api.h). Events for which the
     * message has no room wait on, and MSG_CTRUNC tells.
     * @param message as for recvmsg(), filled in also if there was only an event (ENOMSG)
     * @param flags MSG_PEEK; MSG_DONTWAIT and MSG_WAITALL, since nothing waits here
     * @return bytes; 0 at the end of the peer's data; -1 with GetOptErrno()
     */
    int64_t RecvMsg(msghdr* message, int flags);
    /**
     * Write as many bytes as there is room for.
     * @param message as for sendmsg(), without ancillary data
     * @param flags MSG_NOSIGNAL, since there are no signals; MSG_DONTWAIT
     * @return bytes, or -1 with GetOptErrno()
     */
    int64_t SendMsg(const msghdr* message, int flags);
    /// @return what poll() would tell of the socket, as Linux; POLLPRI: events wait
    short GetPollEvents() const;
    /// @return SO_ERROR: why the connection ended, an errno; told once
    int TakeError() override;

    // MptcpApiSocket
    void TellEvent(const MptcpPathEvent& event) override;
    bool IsPrivileged() const override;
    Ptr<Object> Hold() override;
    bool SetMultipath(bool on) override;
    bool WantsMultipath() const override;
    MptcpAddressScope* GetAddressScope() override;
    void SetPathAware() override;

    // Socket
    SocketErrno GetErrno() const override;
    SocketType GetSocketType() const override;
    Ptr<Node> GetNode() const override;
    int Bind() override;
    int Bind6() override;
    int Bind(const Address& address) override;
    int Connect(const Address& address) override;
    int Listen() override;
    int Close() override;
    int ShutdownSend() override;
    int ShutdownRecv() override;
    int Send(Ptr<Packet> packet, uint32_t flags) override;
    int SendTo(Ptr<Packet> packet, uint32_t flags, const Address& address) override;
    /// @param maxSize bytes at most @param flags 0 or MSG_PEEK, which leaves the bytes in place
    /// @return bytes; an empty packet at the end of the peer's data; nullptr if there is nothing
    Ptr<Packet> Recv(uint32_t maxSize, uint32_t flags) override;
    Ptr<Packet> RecvFrom(uint32_t maxSize, uint32_t flags, Address& address) override;
    uint32_t GetTxAvailable() const override;
    uint32_t GetRxAvailable() const override;
    int GetSockName(Address& address) const override;
    int GetPeerName(Address& address) const override;
    bool SetAllowBroadcast(bool allowBroadcast) override;
    bool GetAllowBroadcast() const override;

    // TcpListener
    void OnSyn(const TcpTuple& tuple, const TcpSegment& syn) override;
    bool UsesResetReasons() const override;

    // MptcpConnectionUser
    void OnConnected() override;
    void OnReadable() override;
    void OnDataAcked(uint32_t bytes) override;
    void OnDataSent(uint32_t bytes) override;
    void OnEnded(SocketErrno error) override;
    PacketMarks GetPacketMarks() const override;

  protected:
    void DoDispose() override;
    void NotifyConstructionCompleted() override;

  private:
    class CallbackScope;

    // Attributes of TcpSocket
    void SetSndBufSize(uint32_t size) override;
    uint32_t GetSndBufSize() const override;
    void SetRcvBufSize(uint32_t size) override;
    uint32_t GetRcvBufSize() const override;
    void SetSegSize(uint32_t size) override;
    uint32_t GetSegSize() const override;
    void SetInitialSSThresh(uint32_t threshold) override;
    uint32_t GetInitialSSThresh() const override;
    void SetInitialCwnd(uint32_t cwnd) override;
    uint32_t GetInitialCwnd() const override;
    void SetConnTimeout(Time timeout) override;
    Time GetConnTimeout() const override;
    void SetSynRetries(uint32_t count) override;
    uint32_t GetSynRetries() const override;
    void SetDataRetries(uint32_t retries) override;
    uint32_t GetDataRetries() const override;
    void SetDelAckTimeout(Time timeout) override;
    Time GetDelAckTimeout() const override;
    void SetDelAckMaxCount(uint32_t count) override;
    uint32_t GetDelAckMaxCount() const override;
    void SetTcpNoDelay(bool noDelay) override;
    bool GetTcpNoDelay() const override;
    void SetPersistTimeout(Time timeout) override;
    Time GetPersistTimeout() const override;

    // Own attributes
    /// @tparam Field pointer to a member of MptcpSettings @param value for it
    /// @return false if it comes too late
    template <auto Field, typename T>
    bool SetSetting(T value);
    /// @tparam Field pointer to a member of MptcpSettings @return its value
    template <auto Field, typename T>
    T GetSetting() const;
    /// @param type of path managers @return false if it cannot be used
    bool SetPathManagerType(TypeId type);
    /// @return the type of path managers
    TypeId GetPathManagerType() const;
    /// @param type of schedulers @return false if it cannot be used
    bool SetSchedulerType(TypeId type);
    /// @return the type of schedulers
    TypeId GetSchedulerType() const;
    /// @param type of congestion controls @return false if it cannot be used
    bool SetCongestionType(TypeId type);
    /// @return the type of congestion controls
    TypeId GetCongestionType() const;
    /// @param type of RTT estimators @return false if it cannot be used
    bool SetRttType(TypeId type);
    /// @return the type of RTT estimators
    TypeId GetRttType() const;
    /// @return the settings, to be changed after Connect() or Listen() too: connections that are
    /// there keep what they have
    MptcpSettings& OwnSettings();
    /// @param keepAlive whether silent peers are probed
    void SetKeepAlive(bool keepAlive);
    /// @return whether silent peers are probed
    bool GetKeepAlive() const;
    /// @param timeout of data without progress, 0 for none
    void SetUserTimeout(Time timeout);
    /// @return time-out of data without progress, 0 for none
    Time GetUserTimeout() const;
    /// Complain of a class that cannot be used. @param attribute which one @param type the class
    /// @param base what it must be @return whether it can be used
    bool Check(const char* attribute, TypeId type, TypeId base) const;
    /// End the run with a clear message if a setting of TcpSocket comes too late.
    /// @param attribute its name
    void RequireChangeable(const char* attribute) const;
    /// Bring what the node decides up to date.
    void AskNode();
    /// @return the settings, which do not change any more
    std::shared_ptr<const MptcpSettings> Freeze();

    /// What Bind() was given.
    struct Binding
    {
        std::optional<IpAddress> local; //!< std::nullopt for any
        bool ipv6{false};               //!< family
        uint16_t port{0};               //!< the port; 0: any, not picked yet
    };

    /// @return what has the options and events; made when it is first asked for
    MptcpSocketOptions& Options();
    /// End a call. @param error an errno, or 0 @return 0 or -1
    int Answer(int error);
    /// @param limit most events that wait to be read
    void SetEventQueueLimit(uint32_t limit);
    /// @return most events that wait to be read
    uint32_t GetEventQueueLimit() const;

    /// Fail a call. @param error for GetErrno() @return -1
    int Fail(SocketErrno error) const;
    /// @return 0, or -1 with GetErrno() @param local address, or any @param ipv6 family
    /// @param port the port, 0 for a free one
    int DoBind(const std::optional<IpAddress>& local, bool ipv6, uint16_t port);
    /// Pick the port that Bind() left open. A connection needs none that is its own: it is told
    /// from others by its peer too. @return false if all are taken
    bool PickPort() const;
    /// Give back what Bind() reserved.
    void Unbind();
    /// @return whether this node has the address @param address it
    /// @param device must be the address's, nullptr for any
    bool IsOwn(const IpAddress& address, Ptr<NetDevice> device) const;
    /// @param remote where to @return the source address of the route, with GetErrno() if none
    std::optional<IpAddress> SelectSource(const IpAddress& remote) const;
    /// Let the connection use no addresses but those that the application has bound or named
    /// (RFC 6897 sections 4.2.1 and 5.3.2).
    void RespectBinding();
    /// @param remote where to @param source bound, or by routing and replaced by one that may be
    /// used
    /// @return false if there is none
    bool KeepToScope(const IpAddress& remote, IpAddress& source) const;
    /// Get a new connection. @param peer whom it is to
    void Attach(const Address& peer);
    /// Let go of the connection, if there is one.
    void Detach();
    /// @return whether a connection exists that has not ended
    bool IsAlive() const;
    /// Tell the application of what cannot be told while its own call or the protocol's is running.
    void Deliver();
    /// Have Deliver() called soon.
    void ScheduleDeliver();
    /// Tell of bytes to read and of the end of the peer's data.
    void TellReadable();
    /// Tell of the end of the peer's data or of the connection, once.
    void TellClosed();
    /// Tell of bytes that left during a call of the application.
    void TellSent();
    /// Send what was written during callbacks.
    void FlushWrites();
    /// Stop counting as half-open.
    void LeaveBacklog();
    /// @return Linger, if it is set
    std::optional<Time> GetLinger() const;

    Ptr<Node> m_node;                            //!< where the socket lives
    Ptr<MptcpL4Protocol> m_protocol;             //!< of the node
    std::shared_ptr<MptcpSettings> m_settings;   //!< the attributes
    bool m_frozen{false};                        //!< others share m_settings
    uint32_t m_backlog{0};                       //!< most half-open connections of a listener
    bool m_constructed{false};                   //!< the user sets attributes from now on
    bool m_congestionChosen{false};              //!< not what the node says
    bool m_rttChosen{false};                     //!< not what the node says
    mutable SocketErrno m_errno{ERROR_NOTERROR}; //!< of the last call that failed
    mutable std::optional<Binding> m_binding;    //!< what Bind() reserved
    bool m_listening{false};                     //!< after Listen()
    std::shared_ptr<uint32_t> m_halfOpen;        //!< number of them, shared with the listener
    bool m_isHalfOpen{false};                    //!< counted there
    bool m_accepted{false};                      //!< the connection came by a listener
    Address m_peer;                              //!< of the first subflow
    RoutingHeaderBytes m_routingHeader;          //!< see SetSegmentList()
    Ptr<MptcpConnection> m_connection;           //!< the connection
    bool m_established{false};                   //!< data can flow, or could
    bool m_sendClosed{false};                    //!< after ShutdownSend()
    bool m_receiveClosed{false};                 //!< after ShutdownRecv()
    bool m_closed{false};                        //!< after Close()
    bool m_closeTold{false};                     //!< the application knows of the end
    uint32_t m_calls{0};                         //!< calls of the application that are running
    uint32_t m_callbacks{0};                     //!< callbacks to the application that are running
    bool m_unsent{false};                        //!< there were writes during callbacks
    bool m_deliverScheduled{false};              //!< Deliver() will be called
    bool m_tellConnected{false};                 //!< for Deliver()
    bool m_tellEnded{false};                     //!< for Deliver()
    uint32_t m_tellSent{0};                      //!< for NotifyDataSent(): bytes
    std::unique_ptr<MptcpSocketOptions> m_options; //!< if they were used
    int m_optErrno{0};                             //!< see GetOptErrno()
    bool m_privileged{false};                      //!< see IsPrivileged()
    bool m_bindDisables{false};                    //!< Multipath TCP, unless m_pathAware
    bool m_pathAware{false};                       //!< the application uses RFC 6897's basic API
    Time m_linger{Seconds(-1)};                    //!< Linger; negative: unset
    uint32_t m_eventLimit{64};                     //!< events that wait to be read
    TracedCallback<const MptcpPathEvent&> m_eventTrace; //!< Event
    SocketErrno m_endError{ERROR_NOTERROR};             //!< why the connection ended
    int m_pendingError{0};                              //!< for TakeError()
};

} // namespace ns3

#endif // MPTCP_SOCKET_H
