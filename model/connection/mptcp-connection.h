// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_CONNECTION_H
#define MPTCP_CONNECTION_H

#include "data-receive-buffer.h"
#include "data-send-buffer.h"
#include "mptcp-address-book.h"
#include "mptcp-address-scope.h"
#include "mptcp-address-signals.h"
#include "mptcp-connection-user.h"
#include "mptcp-flows.h"
#include "mptcp-path-event.h"
#include "mptcp-settings.h"
#include "reinjection-queue.h"

#include "ns3/event-id.h"
#include "ns3/lazy-timer.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/mptcp-path-manager.h"
#include "ns3/mptcp-scheduler.h"
#include "ns3/mptcp-subflow.h"
#include "ns3/packet-marks.h"

#include <functional>
#include <memory>

namespace ns3
{

class MptcpCoupling;

/**
 * @ingroup mptcp
 * A Multipath TCP connection (RFC 8684): the data level above its subflows. Also plain TCP, which
 * is a connection with one subflow and no options: by MptcpSettings::m_enabled, or after fallback
 * (section 3.7).
 *
 * What has state of its own is a class of its own: MptcpFlows, DataSendBuffer, DataReceiveBuffer,
 * ReinjectionQueue, MptcpAddressBook, MptcpAddressSignals, and in the record of each subflow
 * SignalQueue, SubflowSendQueue and ReceiveMappings. None of them knows the connection.
 *
 * The rest by section: mptcp-handshake.cc has 3.1 and 3.2, mptcp-version.cc version 0 (RFC 6824),
 * mptcp-data-transfer.cc and mptcp-data-sender.cc 3.3, mptcp-stale-subflows.cc and
 * mptcp-window-recovery.cc the parts of it on silence and windows, mptcp-priority.cc 3.3.8,
 * mptcp-addresses.cc, mptcp-advertisement.cc and mptcp-address-removal.cc 3.4, mptcp-fastclose.cc
 * 3.5, mptcp-failure.cc 3.7. mptcp-connection.cc has the life of the connection,
 * mptcp-time-limits.cc its end without an application or without progress, mptcp-subflow-control.cc
 * and mptcp-allowed-addresses.cc what applications do to single subflows and addresses.
 */
class MptcpConnection : public Object,
                        public MptcpSubflowUser,
                        public MptcpJoinTarget,
                        public MptcpPathControl
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MptcpConnection();
    ~MptcpConnection() override;

    /**
     * @param protocol the node's protocol
     * @param settings what to use
     */
    void Initialize(Ptr<MptcpL4Protocol> protocol, std::shared_ptr<const MptcpSettings> settings);

    /**
     * @param user whom to tell; nullptr for nobody: Close() follows unless it came before
     * @param keepAlive an object that lives as long as the connection does (the socket)
     */
    void SetUser(MptcpConnectionUser* user, Ptr<Object> keepAlive);

    /**
     * Open the connection.
     * @param tuple of the first subflow, all four parts set
     * @param header routing header of the first subflow, which
     * MptcpL4Protocol::CheckRoutingHeader() takes, or none
     * @return false if the tuple is taken
     */
    bool Connect(const TcpTuple& tuple, const RoutingHeaderBytes& header = {});

    /**
     * Answer a SYN without MP_JOIN.
     * @param tuple of the first subflow
     * @param syn the segment
     * @return false if the tuple is taken
     */
    bool Accept(const TcpTuple& tuple, const TcpSegment& syn);

    /// @return bytes that Send() accepts now
    uint32_t GetSendSpace() const;
    /// @param data bytes of the application, at most GetSendSpace()
    /// @param push whether to send now what can be sent; otherwise Flush() must follow
    void Send(Ptr<Packet> data, bool push = true);
    /// Send now what can be sent.
    void Flush();
    /// No more Send(): a DATA_FIN (or FIN) follows the data.
    void CloseSend();
    /// The application reads no more: what arrives is acknowledged and dropped.
    void CloseReceive();
    /**
     * The application has closed: end by itself when all is done. As TCP, with bytes left that
     * nobody has read, Abort().
     * @param linger Abort() if the peer has not acknowledged everything so much later; 0: at once
     */
    void Close(std::optional<Time> linger = std::nullopt);
    /// End at once: MP_FASTCLOSE (section 3.5), or RST in plain TCP.
    void Abort();
    /// @param keepAlive whether each subflow probes a peer that is silent (RFC 9293 section 3.8.4)
    void SetKeepAlive(bool keepAlive);
    /// @param timeout of data without progress (RFC 5482): ends a subflow whose peer does not
    /// acknowledge it, and the connection whose data nobody data-acks; 0: none
    void SetUserTimeout(Time timeout);

    /// @return what SetKeepAlive() was given, or the settings say
    bool GetKeepAlive() const
    {
        return m_keepAliveWanted.value_or(m_settings->m_keepAlive);
    }

    /// @return what SetUserTimeout() was given, or the settings say
    Time GetUserTimeout() const
    {
        return m_userTimeout;
    }

    /// @return bytes that can be read
    uint32_t GetReadable() const;
    /// @return whether all data was read and the peer has sent its DATA_FIN (or FIN)
    bool AtEnd() const;
    /// @return whether the peer has sent its DATA_FIN (or FIN), though data may wait to be read
    bool HasPeerEnded() const;
    /**
     * @param maxBytes at most
     * @param peek leave the bytes where they are
     * @return the bytes in order, nullptr if there are none
     */
    Ptr<Packet> Receive(uint32_t maxBytes, bool peek);

    /// @return addresses and ports of the first subflow, also after it is gone
    const TcpTuple& GetFirstTuple() const;
    /// @return whether MPTCP is in use: negotiated and not fallen back
    bool IsMultipath() const;
    /// @return this end's token, 0 without MPTCP
    uint32_t GetLocalToken() const;
    /// @return whether the connection has come to its end
    bool IsEnded() const;
    /// @return why it ended, an errno: ETIMEDOUT, ECONNRESET, ECONNREFUSED, or what ICMP says,
    /// as EHOSTUNREACH; 0: in order, after Abort(), or the peer did not end within FinTimeout
    int GetErrno() const;
    /**
     * Ask the peer to use a subflow only if no other is left, or no more to (MP_PRIO, section
     * 3.3.8). This end does the same.
     * @param subflow one of GetSubflows()
     * @param backup what to ask for
     */
    void SetBackup(Ptr<MptcpSubflow> subflow, bool backup) override;
    /// @return the settings in force
    const MptcpSettings& GetSettings() const;

    /// @return ADD_ADDRs that were given up: 40 bytes of options have no room for a port and an
    /// IPv6 address beside timestamps, or all identifiers are in use (trace RefusedSignal)
    uint32_t GetRefusedSignals() const
    {
        return m_refusedSignals;
    }

    // What an application does to single subflows: mptcp-subflow-control.cc

    /// A subflow as an application knows it.
    struct SubflowStatus
    {
        Ptr<MptcpSubflow> subflow;  //!< it
        uint8_t id{0};              //!< its identifier, 1 to 255
        bool backup{false};         //!< either end has asked for that
        bool established{false};    //!< it can send data
        bool preEstablished{false}; //!< the last packet of MP_JOIN's handshake is awaited
        bool joined{false};         //!< by MP_JOIN; otherwise the connection's first one
    };

    /// What CloseSubflow() does.
    enum class SubflowEnding
    {
        READ,  //!< ask the peer to send nothing more on it, by MP_PRIO
        WRITE, //!< send a FIN; what it holds is sent on others as well
        BOTH,  //!< READ and WRITE
        RESET, //!< send a RST with MP_TCPRST
    };

    /// @return the subflows that exist, the oldest first
    std::vector<SubflowStatus> GetSubflowStatus() const;
    /// @param id of a subflow @return it, nothing if there is none
    std::optional<SubflowStatus> FindSubflow(uint8_t id) const;
    /**
     * Open a subflow between addresses of the caller's choice.
     * @param tuple local port 0: any; remote port 0: that of the first subflow
     * @param anySource let routing choose the local address
     * @param backup ask for a backup
     * @param device by which it leaves; nullptr for that of the address
     * @param id is set to its identifier
     * @param header routing header of its segments, or none
     * @return 0 or an errno
     */
    int OpenSubflow(const TcpTuple& tuple,
                    bool anySource,
                    bool backup,
                    Ptr<NetDevice> device,
                    uint8_t& id,
                    const RoutingHeaderBytes& header = {});
    /// @param id of a subflow @param header routing header from now on; empty: none
    /// @return 0 or an errno
    int SetRoutingHeader(uint8_t id, const RoutingHeaderBytes& header);
    /// @param id of a subflow @return its routing header as it was given, or nothing
    RoutingHeaderBytes GetRoutingHeader(uint8_t id) const;
    /// @param id of a subflow @param how to end it @return 0, or EINVAL if there is none
    int CloseSubflow(uint8_t id, SubflowEnding how);
    /// @param id of a subflow @return what its packets are marked with; nullptr if there is none
    PacketMarks* GetSubflowMarks(uint8_t id);
    /// @param id of a subflow, which exists @return whether Nagle's algorithm is off on it
    bool GetSubflowNoDelay(uint8_t id) const;
    /// @param id of a subflow, which exists @param noDelay whether Nagle's algorithm is off on it
    void SetSubflowNoDelay(uint8_t id, bool noDelay);

    /// How far the data of a connection has come.
    struct DataProgress
    {
        uint64_t sent{0};            //!< bytes, each once
        uint64_t acked{0};           //!< bytes
        uint64_t received{0};        //!< bytes
        uint64_t writeSequence{0};   //!< data sequence number of the next byte written
        uint64_t ackSequence{0};     //!< first data sequence number not data-acked
        uint64_t receiveSequence{0}; //!< next data sequence number expected
    };

    /// @return how far the connection's data has come
    DataProgress GetDataProgress() const;
    /// @return whether DSS checksums were agreed on (RFC 8684 section 3.1, flag A)
    bool UsesChecksums() const;

    // Addresses of the peer: mptcp-addresses.cc

    /// @param address of the peer @return its identifier, if it was advertised or used
    std::optional<uint8_t> FindRemoteAddressId(const IpAddress& address) const;

    // Addresses of this node: mptcp-allowed-addresses.cc

    /// @param address of this node that subflows may use from now on (RFC 6897 section 5.3.3)
    /// @param port for its subflows and its ADD_ADDR, 0: any
    void AddLocalAddress(const IpAddress& address, uint16_t port);
    /// @param address of this node that no subflow may use any more: they end, and the peer is
    /// told (RFC 6897 section 5.3.3)
    void RemoveLocalAddress(const IpAddress& address);

    // MptcpPathControl
    bool IsClient() const override;
    std::vector<IpAddress> GetLocalAddresses() const override;
    std::vector<RemoteAddress> GetRemoteAddresses() const override;
    std::vector<Ptr<MptcpSubflow>> GetSubflows() const override;
    Ptr<MptcpSubflow> OpenSubflow(const IpAddress& local, const RemoteAddress& remote) override;
    Ptr<MptcpSubflow> OpenSubflowBy(const IpAddress& local,
                                    const RemoteAddress& remote,
                                    const std::vector<Ipv6Address>& segments) override;
    std::vector<Ipv6Address> GetSegmentsOf(const MptcpSubflow& subflow) const override;
    void Advertise(const IpAddress& address, uint16_t port = 0) override;
    void Withdraw(const IpAddress& address) override;
    void WithdrawAll(const std::vector<IpAddress>& addresses) override;
    void EndSubflow(Ptr<MptcpSubflow> subflow) override;
    Ptr<MptcpEndpoints> GetEndpoints() const override;

    // MptcpSubflowUser
    void MarkPacket(MptcpSubflow& subflow, Packet& packet) override;
    void AddOptions(MptcpSubflow& subflow,
                    const OutgoingSegment& segment,
                    TcpOptionSpace& space) override;
    uint32_t GetReceiveWindow(const MptcpSubflow& subflow) override;
    uint32_t GetOptionReserve(const MptcpSubflow& subflow) override;
    SegmentVerdict OnSegment(MptcpSubflow& subflow, const TcpSegment& segment) override;
    void OnEstablished(MptcpSubflow& subflow) override;
    void OnData(MptcpSubflow& subflow, uint64_t subflowOffset, Ptr<Packet> data) override;
    void OnFin(MptcpSubflow& subflow) override;
    void OnAcked(MptcpSubflow& subflow, uint64_t ackedBytes) override;
    void OnSendRoom(MptcpSubflow& subflow) override;
    void OnTimeout(MptcpSubflow& subflow, uint32_t count) override;
    void OnEnded(MptcpSubflow& subflow, const SubflowEnd& end) override;

    // MptcpJoinTarget
    bool OnJoin(const TcpTuple& tuple, const TcpSegment& syn, const MpJoinSyn& join) override;

    // MptcpJoinTarget and MptcpSubflowUser
    bool UsesResetReasons() const override;

    /// TracedCallback signature of SubflowEstablished. @param subflow it
    typedef void (*SubflowTracedCallback)(Ptr<MptcpSubflow> subflow);
    /// TracedCallback signature of SubflowClosed. @param subflow it @param end why
    typedef void (*SubflowClosedTracedCallback)(Ptr<MptcpSubflow> subflow, const SubflowEnd& end);
    /// TracedCallback signature of DataSequence and DataReceived. @param subflow the path
    /// @param dataSequence first byte, counted from the first byte of the connection's data as 0
    /// @param length bytes @param again whether the bytes had been sent (or received) before
    typedef void (*DataTracedCallback)(Ptr<MptcpSubflow> subflow,
                                       uint64_t dataSequence,
                                       uint32_t length,
                                       bool again);
    /// TracedCallback signature of FallBack. @param why the reason, as text
    typedef void (*FallBackTracedCallback)(std::string why);
    /// TracedCallback signature of Ended. @param error why, see GetErrno()
    typedef void (*EndedTracedCallback)(int error);
    /// TracedCallback signature of PathEvent. @param event what happened
    typedef void (*PathEventTracedCallback)(const MptcpPathEvent& event);
    /// TracedCallback signature of RefusedSignal. @param what which option, and why, as text
    typedef void (*RefusedSignalTracedCallback)(std::string what);
    /// TracedCallback signature of Reinjection. @param subflow the path it takes now
    /// @param dataSequence as in DataTracedCallback @param length bytes
    typedef void (*ReinjectionTracedCallback)(Ptr<MptcpSubflow> subflow,
                                              uint64_t dataSequence,
                                              uint32_t length);

  protected:
    void DoDispose() override;

  private:
    /// Open a subflow. @param local address @param remote of the peer @param header of its
    /// segments, or none @return it, or nullptr
    Ptr<MptcpSubflow>
    Join(const IpAddress& local, const RemoteAddress& remote, const RoutingHeaderBytes& header);

    /// What the connection has become (RFC 8684 sections 3.1 and 3.7).
    enum class Mode
    {
        NEGOTIATING, //!< MP_CAPABLE was sent or will be answered
        MULTIPATH,   //!< both keys are known
        PLAIN,       //!< no MPTCP: never asked for, refused, or fallen back
    };

    using Flow = MptcpFlow;         //!< the connection's record of one subflow
    using Phase = MptcpFlow::Phase; //!< see there

    // life: mptcp-connection.cc
    /// @return the record of a new subflow, or nullptr if the tuple is taken
    /// @param tuple of the subflow @param joined by MP_JOIN @param active we open it
    Flow* AddFlow(const TcpTuple& tuple, bool joined, bool active);
    /// Forget a subflow. @param subflow it
    void RemoveFlow(MptcpSubflow& subflow);
    /// Both keys are known. @param remoteKey the peer's @param window the peer's, in bytes
    void BecomeMultipath(uint64_t remoteKey, uint32_t window);
    /// Continue as plain TCP before MPTCP has begun. @param why for the trace
    void BecomePlain(const char* why);
    /// Close the subflows once both directions are done (section 3.3.3).
    void CloseSubflowsIfDone();
    /// @return whether both DATA_FINs have been acknowledged (or both FINs exchanged)
    bool IsDone() const;
    /// Begin: keys, buffers. @param tuple of the first subflow @param multipath ask for MPTCP
    void Begin(const TcpTuple& tuple, bool multipath);
    /// End what only MPTCP needs.
    void StopMultipath();
    /// Forget our key: nobody can join any more.
    void ReleaseKey();
    /// End the path manager, and the timers that serve open connections only.
    void StopPolicies();
    /// The connection is over for the user. @param error why, an errno; if there is one, the
    /// subflows are reset
    void End(int error);
    /// Send FINs on the subflows that the peer has closed, but for the last one that can carry what
    /// is not data-acked (section 3.3.3): it goes on half closed until then (m_finWaits), unless
    /// the peer has asked for a backup.
    void AnswerFins();
    /// Let go of everything once the last subflow of an ended connection is gone.
    void Finish();
    /// Wait for a new subflow after the last one is gone. @param error of the last one
    void AwaitSubflow(int error);
    /// Waited long enough. See AwaitSubflow().
    void OnCloseTimeout();
    /// Tell the user what has happened while a segment was processed.
    void Tell();
    /// A trace sink asks for something while it is told: do it once the event that it is told of
    /// is over, see Telling. @param request what to do
    void Defer(std::function<void()> request);
    /// @param end of a subflow @return the errno it means
    static int ToErrno(const SubflowEnd& end);
    /// @return number of subflows, for the SubflowList attribute
    uint32_t GetNSubflows() const;
    /// @param i index @return the subflow, for the SubflowList attribute
    Ptr<MptcpSubflow> GetSubflow(uint32_t i) const;

    // without an application or without progress: mptcp-time-limits.cc
    /// @return whether data, or the end of it, was not acknowledged yet
    bool IsWaiting() const;
    /// @return whether the peer has acknowledged all data and the end of it
    bool IsAllAcked() const;
    /// The application has closed: see whether the peer is all that is waited for.
    void LimitFinWait();
    /// Nobody reads and the peer does not end: leave.
    void OnFinTimeout();
    /// The time that the application lingers is over.
    void OnLinger();
    /// Let a subflow heed SetKeepAlive() and SetUserTimeout(). @param subflow it
    void ApplyLimits(MptcpSubflow& subflow);
    /// End with ETIMEDOUT, and tell the peer.
    void GiveUp();
    /// Data waits: see that it makes progress.
    void WatchProgress();
    /// See WatchProgress().
    void CheckProgress();

    // section 3.5: mptcp-fastclose.cc
    /// Send a RST on every subflow.
    void ResetSubflows();
    /// Send MP_FASTCLOSE on an ACK of one subflow, and RSTs on the others.
    void FastcloseByAck();
    /// Send it again, or give up. @param subflow where
    void RepeatFastclose(Ptr<MptcpSubflow> subflow);
    /// MP_FASTCLOSE came on an ACK. @param flow where @param option it @return whether the flow
    /// lives
    bool OnFastclose(Flow& flow, const MpFastclose& option);

    // the application's subflows: mptcp-subflow-control.cc
    /// Begin with the subflows that OpenSubflow() left waiting until the peer has our key.
    void ConnectWaiting();
    /// @param flow it @return its status
    static SubflowStatus GetStatus(const Flow& flow);
    /// Tell whoever listens. @param event what happened
    void TellPath(const MptcpPathEvent& event);
    /// Tell of an established subflow. @param flow it
    void TellCreated(const Flow& flow);
    /// Tell of an ended subflow. @param event what was known before @param end why
    void TellDeleted(MptcpPathEvent event, const SubflowEnd& end);
    /// @param flow about to end @return the event of its deletion as far as it is known
    static MptcpPathEvent MakeDeletion(const Flow& flow);
    /// Tell of an address of the peer. @param remote it @param up which
    void TellRemoteAddress(const RemoteAddress& remote, bool up);
    /// Tell of a priority. @param flow whose @param byPeer who asked @param backup for what
    void TellPriority(const Flow& flow, bool byPeer, bool backup);

    // version 0, RFC 6824: mptcp-version.cc
    /// @return whether we require DSS checksums
    bool RequiresChecksums() const;
    /// Open the first subflow anew in version 0. @param flow the one that brought no MP_CAPABLE
    void TryVersion0(Flow& flow);

    // sections 3.1, 3.2: mptcp-handshake.cc
    /// @return whether the option asks for MPTCP in a way that we accept
    /// @param option of a handshake segment @param first of the SYN, which may offer a later
    /// version
    bool IsAcceptable(const MpCapable& option, bool first) const;
    /// Handshake segments of the first subflow. @return see OnSegment()
    /// @param flow it @param segment it
    SegmentVerdict OnCapableHandshake(Flow& flow, const TcpSegment& segment);
    /// Handshake segments of a joined subflow. @return see OnSegment()
    /// @param flow it @param segment it
    SegmentVerdict OnJoinHandshake(Flow& flow, const TcpSegment& segment);
    /// @param flow it @param segment to leave @param space for options
    void AddHandshakeOptions(Flow& flow, const OutgoingSegment& segment, TcpOptionSpace& space);
    /// MP_CAPABLE has brought the mapping of the first data. @param flow it @param capable it
    /// @return false if the subflow was reset
    bool OnCapableData(Flow& flow, const MpCapable& capable);
    /// @return MP_CAPABLE of the third ACK and of the first data
    MpCapable MakeCapableAck() const;
    /// @return MP_CAPABLE without keys
    MpCapable MakeCapable() const;
    /// @return whether a SYN/ACK without MP_CAPABLE lets us ask for version 0 (section 3.1)
    bool ShouldTryVersion0() const;
    /// A subflow is ready for data. @param flow it
    void Activate(Flow& flow);
    /// Send the third ACK again until the peer shows that it came. @param flow whose
    void ScheduleThirdAck(Flow& flow);
    /// See ScheduleThirdAck(). @param subflow whose
    void RepeatThirdAck(Ptr<MptcpSubflow> subflow);
    /// A DSS arrived: the peer has our key (section 3.1).
    void OnConfirmed();
    /// @param address of the peer @param port of it @return whether the peer takes no joins there:
    /// it set flag C (section 3.1)
    bool IsDenied(const IpAddress& address, uint16_t port) const;
    /// Let the path manager begin, once (section 3.1: after the first DSS).
    void StartPathManager();

    // section 3.7: mptcp-failure.cc
    /// @return whether a subflow has always been alone, so that its sequence numbers run along
    /// with those of the data
    bool IsContiguous() const
    {
        return !m_everJoined && !m_reinjected;
    }

    /// Continue as plain TCP with an infinite mapping in both directions (section 3.7).
    /// @param flow the only subflow @param why for the trace
    void FallBack(Flow& flow, const char* why);
    /// @param flow the only subflow, which fell back @return the infinite mapping of what we send
    Dss MakeInfiniteDss(const Flow& flow) const;
    /// A DSS arrives where we have fallen back. Unless the peer has done so too it is told by an
    /// ACK: we may have no data to bring it the infinite mapping, and its DATA_FIN needs an answer.
    /// @param flow the only subflow @param dss what arrived
    void OnLateDss(Flow& flow, const Dss& dss);
    /// The path of a subflow lets no MPTCP options through: fall back, or reset it if it is not
    /// the only one there has been. @param flow it @param why for the trace
    /// @return whether the flow lives
    bool OnOptionsLost(Flow& flow, const char* why);
    /// Deliver data that arrived as far as its mappings are complete and their checksums right.
    /// @param flow where it arrived @return whether the flow lives
    bool MapCheckedData(Flow& flow);
    /// @return whether a subflow waits to fall back
    bool IsFailing() const;
    /// A checksum is wrong. @param flow where @param begin first byte of the mapping
    /// @return whether the flow lives
    bool OnWrongChecksum(Flow& flow, DataSequenceNumber begin);
    /// Send MP_FAIL until it is answered. @param subflow where
    void RepeatFail(Ptr<MptcpSubflow> subflow);
    /// @param flow where it arrived @param option it @return whether the flow lives
    bool OnFail(Flow& flow, const MpFail& option);
    /// @param segment with payload or DATA_FIN @param mapping its mapping, but for the checksum
    void AddChecksum(const OutgoingSegment& segment, Dss::Mapping& mapping) const;
    /// Add the options of a segment of plain TCP that has fallen back.
    /// @param flow whose @param segment to leave @param space for options
    void AddPlainOptions(Flow& flow, const OutgoingSegment& segment, TcpOptionSpace& space);
    /// MP_FAIL has come once more, though we have fallen back: our answer was lost.
    /// @param flow where
    void OnFailAgain(Flow& flow);
    /// Send again what no subflow holds and no data ACK covers.
    void ReinjectOrphans();

    // section 3.3: mptcp-data-transfer.cc
    /// Options of an established subflow. @param flow it @param segment it @return see OnSegment()
    SegmentVerdict OnOptions(Flow& flow, const TcpSegment& segment);
    /// @param flow it @param dss its option @param segment it
    /// @return false if the subflow was reset
    bool OnDss(Flow& flow, const Dss& dss, const TcpSegment& segment);
    /// The peer's cumulative data ACK and its window. @param ack it @param window in bytes
    void OnDataAck(DataSequenceNumber ack, uint32_t window);
    /// Bytes that count as acknowledged at data level. @param ack first byte that does not
    void FreeUpTo(DataSequenceNumber ack);
    /// Data whose mapping may be known now. @param flow where it arrived @param offset subflow
    /// offset of its first byte @param data the bytes @return bytes from the front that were used
    uint32_t MapData(Flow& flow, uint64_t offset, Ptr<Packet> data);
    /// Try again to map what arrived ahead of its mapping. @param flow where
    /// @return whether the flow lives
    bool MapHeldData(Flow& flow);

    /// @return whether data that arrives waits until the checksum of its mapping is known right
    bool IsChecked() const
    {
        return m_checksums && m_mode == Mode::MULTIPATH;
    }

    /// Bytes in their place of the data sequence. @param flow where they arrived
    /// @param dataSequence first byte @param data bytes
    void OnMappedData(Flow& flow, DataSequenceNumber dataSequence, Ptr<Packet> data);
    /// Take the peer's DATA_FIN if all before it is here.
    void TakeDataFin();
    /// The window has opened: tell the peer if that is worth a segment.
    void UpdateWindow();
    /// @return payload of a full segment, for window decisions
    uint32_t GetTypicalPayload() const;
    /// Send a pure ACK on every established subflow.
    void AckEverywhere();
    /// Send the ACKs that became due while a segment was processed.
    void SendDueAcks();
    /// Close what has joined after the end.
    void CloseLateJoins();
    /// @return a DSS with nothing but the data ACK
    Dss MakeAckDss() const;

    // sections 3.3.5 to 3.3.8, the sending side: mptcp-data-sender.cc
    /// Send what can be sent: reinjections, then new data, then DATA_FIN.
    void Push();
    /// @return whether a piece was sent
    bool PushReinjection();
    /// For schedulers that send copies. @return whether a subflow was given what another has sent
    bool PushCopy();
    /// @return whether a segment was sent
    bool PushNewData();
    /// @param size bytes that could be sent @param full bytes of a full segment
    /// @return whether that is worth a segment (RFC 9293 section 3.8.6.2.1)
    /// @param noDelay whether Nagle's algorithm is off
    bool IsWorthSending(uint32_t size, uint32_t full, bool noDelay) const;
    /// Fill m_candidates. @param exclude one that must not be used, or nullptr
    /// @return whether any has room
    bool CollectCandidates(const MptcpSubflow* exclude);
    /// Ask the scheduler. @param exclude a subflow that must not be used, or nullptr
    /// @param size bytes that could be sent
    /// @return who sends; nullptr: nobody yet
    MptcpSubflow* SelectSubflow(const MptcpSubflow* exclude, uint64_t size);
    /// Send bytes on a subflow. @param subflow it @param begin first byte @param size bytes
    /// @param again sent before on another one
    void SendOn(MptcpSubflow& subflow, DataSequenceNumber begin, uint32_t size, bool again);
    /// @return whether a DSS can carry our DATA_FIN: the peer has our key
    bool CanSendDataFin() const;
    /// Announce the end of our data if all has been sent.
    void SendDataFin();
    /// @param measured the longest time-out of the subflows that count, 0 if none does
    /// @return how long a timer of the data level waits, which is never 0
    Time GetDataTimeout(Time measured) const;
    /// See RepeatDataFin().
    void ScheduleDataFin();
    /// Repeat the DATA_FIN until it is data-acked.
    void RepeatDataFin();
    /// Wait for the peer's window if nothing is in flight that brings an ACK.
    void ScheduleProbe();
    /// Probe a zero window (RFC 9293 section 3.8.6.1).
    void ProbeWindow();
    /// Queue what a subflow holds for the others. @param flow it
    void Reinject(Flow& flow);
    /// @return how long a data ACK may be late behind the acknowledgments of the subflows
    Time GetDataRto() const;
    /// The data ACK is late though every subflow's data was acknowledged (section 3.3.6).
    /// @param head what was the first byte not data-acked then
    void OnHeadTimeout(DataSequenceNumber head);

    // section 3.3.5, a window that is full: mptcp-window-recovery.cc
    /// The peer's window is full: send again what holds it up, on a faster subflow, or slow down
    /// the one that holds it, or both.
    void FreeWindow();

    // section 3.3.6, subflows that are silent, and Linux's data-level retransmission timer:
    // mptcp-stale-subflows.cc
    /// Move what a subflow holds to the others; it gets no new data. @param flow it
    void BecomeStale(Flow& flow);

    /// What StaleLossCount needs.
    struct DataTimer
    {
        LazyTimer timer; //!< OnDataTimer()
        Time timeout;    //!< as it was when there was something to send
    };

    /// From now on there is such a timer.
    void StartDataTimer();
    /// Something is to be sent: look how long the timer will wait.
    void MeasureDataTimeout();
    /// The data ACK has moved.
    void RestartDataTimer();
    /// The data ACK has not moved for too long: who is silent, who can repeat what is missing?
    void OnDataTimer();
    /// A subflow was silent once more. @param flow it @return whether it is stale now
    bool JudgeSilence(Flow& flow);
    /// An idle subflow sends again what the data ACK waits for.
    void RepeatHead();

    // RFC 6897 section 5.3.3: mptcp-allowed-addresses.cc
    /// @param address of this node @return whether subflows may use it
    bool Allows(const IpAddress& address) const;
    /// @param local address of this node @return the port for its subflows, 0: any
    uint16_t GetPreferredPort(const IpAddress& local) const;
    /// @return the scope of this connection alone
    MptcpAddressScope& GetOwnScope();

    // section 3.4, who is known by which identifier: mptcp-addresses.cc
    /// @param address of this node @param port advertised with it, or 0
    /// @return their identifier, a new one if there is none; nothing if all 256 are in use
    std::optional<uint8_t> GetLocalAddressId(const IpAddress& address, uint16_t port = 0);
    /// @param local address @param remote address @return whether the peer has joined between them
    /// already, though translation may hide its address (section 3.4)
    bool HasJoinedFrom(const IpAddress& local, const RemoteAddress& remote) const;
    /// A join to the peer has failed: no other, unless the address can be reached or is advertised
    /// once more (section 3.4.1). @param failed its addresses and ports
    void NoteFailure(const TcpTuple& failed);

    /// An address of this node came or went. @param address it @param up which
    void OnLocalAddress(const LocalAddress& address, bool up);

    // section 3.3.8: mptcp-priority.cc
    /// @param address of this node @return whether its subflows are to be backups
    bool IsBackupAddress(const IpAddress& address) const;
    /// @param flow where it arrived @param option it
    void OnPriority(Flow& flow, const MpPrio& option);

    // section 3.4.1: mptcp-advertisement.cc
    /// @param flow where it arrived @param option it
    void OnAddAddress(Flow& flow, const AddAddress& option);
    /// Add the signals that fit to an ACK. @param flow whose, which has some @param space for
    /// options @return whether one was added; otherwise the first is given up
    bool AddSignals(Flow& flow, TcpOptionSpace& space);
    /// A signal is given up. @param what which, and why
    void Refuse(const std::string& what);

    // section 3.4.2: mptcp-address-removal.cc
    /// @param flow where it arrived @param option it @return whether the flow lives
    bool OnRemoveAddress(Flow& flow, const RemoveAddress& option);
    /// The peer has removed the address of a subflow: use it only if it answers a probe.
    /// @param flow it
    void Doubt(Flow& flow);
    /// See Doubt(). @param subflow it
    void ProbeDoubted(Ptr<MptcpSubflow> subflow);
    /// A segment came on a subflow that is being probed. @param flow it
    void OnDoubtedSegment(Flow& flow);

    Ptr<MptcpL4Protocol> m_protocol;                 //!< the node's
    std::shared_ptr<const MptcpSettings> m_settings; //!< in force
    MptcpConnectionUser* m_user{nullptr};            //!< the socket
    Ptr<Object> m_keepAlive;                         //!< the socket, until the connection ends
    Ptr<MptcpPathManager> m_pathManager;             //!< the policy
    Ptr<MptcpScheduler> m_scheduler;                 //!< the policy
    Ptr<MptcpCoupling> m_coupling;                   //!< what coupled congestion control shares
    MptcpFlows m_flows;                              //!< the subflows
    TcpTuple m_firstTuple;                           //!< of the first subflow
    bool m_client{false};                            //!< we opened it
    bool m_retrying{false};                          //!< in TryVersion0()
    uint8_t m_version{1};                            //!< of the protocol: 1, or 0 (RFC 6824)
    Mode m_mode{Mode::PLAIN};                        //!< see Mode
    bool m_connected{false};                         //!< the first subflow is established
    bool m_ended{false};                             //!< it is over for the user
    bool m_farewell{false};                          //!< since then a subflow has ended in order
    bool m_peerFastclosed{false};                    //!< a RST brought MP_FASTCLOSE
    bool m_aborting{false};                          //!< RSTs carry MP_FASTCLOSE
    uint64_t m_fastcloseKey{0};                      //!< our key, while MP_FASTCLOSE awaits a RST
    uint32_t m_fastcloses{0};                        //!< how often it was sent
    bool m_everJoined{false};                        //!< there has been more than one subflow
    bool m_finWaits{false};                          //!< a FIN is not answered yet: AnswerFins()
    bool m_subflowsWait{false};                      //!< for ConnectWaiting()
    bool m_pathManagerStarted{false};      //!< OnConnected() of the path manager was called
    uint32_t m_synsSent{0};                //!< of the first subflow
    EventId m_closeTimer;                  //!< CloseTimeout
    EventId m_finTimer;                    //!< OnFinTimeout()
    EventId m_lingerTimer;                 //!< OnLinger()
    EventId m_progressTimer;               //!< CheckProgress()
    Time m_userTimeout;                    //!< SetUserTimeout()
    Time m_progressAt;                     //!< when data was last acknowledged or began to wait
    std::optional<bool> m_keepAliveWanted; //!< SetKeepAlive()
    int m_lastErrno{0};                    //!< of the last established subflow
    int m_errno{0};                        //!< why the connection ended

    // What Tell() tells.
    bool m_tellConnected{false}; //!< OnConnected()
    bool m_tellReadable{false};  //!< OnReadable()
    uint32_t m_tellAcked{0};     //!< OnDataAcked()
    uint32_t m_tellSent{0};      //!< OnDataSent()

    uint64_t m_localKey{0};           //!< ours, 0 before it is drawn
    uint64_t m_remoteKey{0};          //!< the peer's
    bool m_confirmed{false};          //!< a DSS arrived: the peer has our key (section 3.1)
    bool m_thirdAckUnanswered{false}; //!< by a DSS; it is repeated no more
    bool m_denyInitialAddress{false}; //!< the peer set flag C
    bool m_checksums{false};          //!< DSS checksums are in use
    bool m_reinjected{false};         //!< the subflow sequence does not run along with the data's
    uint32_t m_failAnswers{0};        //!< MP_FAILs answered

    DataSequenceNumber m_localIdsn{0};            //!< our initial data sequence number
    DataSequenceNumber m_remoteIdsn{0};           //!< the peer's
    std::unique_ptr<DataSendBuffer> m_sendBuffer; //!< not data-acked yet
    DataSequenceNumber m_sendNext{0};             //!< next new byte to send
    DataSequenceNumber m_sendEdge{0};             //!< right edge of the peer's window
    uint32_t m_largestWindow{0};                  //!< largest window that the peer has offered
    ReinjectionQueue m_reinjections;              //!< to be sent again
    bool m_copies{false};       //!< the scheduler sends copies, which is asked for each segment
    uint32_t m_windowStalls{0}; //!< how often the peer's window has held data back
    std::vector<MptcpScheduler::Candidate> m_candidates; //!< scratch of CollectCandidates()
    bool m_sendClosed{false};                            //!< the application sends no more
    bool m_dataFinSent{false};                           //!< DATA_FIN (or FIN) was sent
    bool m_dataFinAcked{false};                          //!< ... and data-acked
    EventId m_dataFinTimer;                              //!< repeats it
    uint32_t m_dataFinTries{0};                          //!< how often
    bool m_dataFinProbed{false};                         //!< behind it went what wants an answer
    uint32_t m_dataFinAnswers{0};                        //!< answers that had no DSS
    uint32_t m_headTries{0};                //!< time-outs of the same head, see OnHeadTimeout()
    EventId m_probeTimer;                   //!< zero-window probe
    uint32_t m_probes{0};                   //!< probes in a row, for the back-off
    uint32_t m_silentProbes{0};             //!< of these, since a segment arrived
    EventId m_headTimer;                    //!< see OnHeadTimeout()
    std::unique_ptr<DataTimer> m_dataTimer; //!< if StaleLossCount is set
    DataSequenceNumber m_freedHead{0};      //!< head of the last FreeWindow()
    bool m_pushing{false};                  //!< Push() is running
    bool m_deferring{false}; //!< OnEnded() leaves telling and sending to OnSendRoom()

    std::unique_ptr<DataReceiveBuffer> m_receiveBuffer; //!< the receiving side
    bool m_peerSends64{false};   //!< the peer has sent a 64-bit data sequence number
    bool m_acksDue{false};       //!< a flow's ackDue is set
    bool m_ackEverywhere{false}; //!< send an ACK on all subflows once the segment is processed
    bool m_closed{false};        //!< the application has closed

    MptcpAddressBook m_addresses; //!< who is known by which identifier
    MptcpAddressSignals m_addressSignals{m_flows, m_addresses}; //!< what the peer is told of ours
    uint32_t m_refusedSignals{0};                               //!< see GetRefusedSignals()
    bool m_addressHeard{false};                //!< a true ADD_ADDR arrived: the peer has our key
    std::optional<uint32_t> m_addressCallback; //!< of MptcpL4Protocol

    TracedCallback<Ptr<MptcpSubflow>> m_establishedTrace;                    //!< SubflowEstablished
    TracedCallback<Ptr<MptcpSubflow>, const SubflowEnd&> m_closedTrace;      //!< SubflowClosed
    TracedCallback<Ptr<MptcpSubflow>, uint64_t, uint32_t, bool> m_sentTrace; //!< DataSequence
    TracedCallback<Ptr<MptcpSubflow>, uint64_t, uint32_t, bool> m_receivedTrace; //!< DataReceived
    TracedCallback<Ptr<MptcpSubflow>, uint64_t, uint32_t> m_reinjectionTrace;    //!< Reinjection
    PacketMarks m_marks;                                    //!< the user's last ones
    TracedCallback<const MptcpPathEvent&> m_pathEventTrace; //!< PathEvent
    TracedCallback<int> m_endedTrace;                       //!< Ended
    std::unique_ptr<MptcpAddressScope> m_addressScope;      //!< if it is not that of the settings
    TracedCallback<std::string> m_fallBackTrace;            //!< FallBack
    TracedCallback<std::string> m_refusedTrace;             //!< RefusedSignal
};

} // namespace ns3

#endif // MPTCP_CONNECTION_H
