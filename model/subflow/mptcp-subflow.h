// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SUBFLOW_H
#define MPTCP_SUBFLOW_H

#include "ns3/net-device.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-header.h"
#include "ns3/tcp-segment.h"
#include "ns3/tcp-socket-state.h"
#include "ns3/tcp-socket.h"
#include "ns3/tcp-tuple.h"
#include "ns3/traced-callback.h"

#include <functional>
#include <optional>

namespace ns3
{

class MptcpSubflow;

/// What a segment about to leave is, for the one who adds the MPTCP options.
struct OutgoingSegment
{
    /// What was given to SendData() at once: all of the payload's, however it is cut later on.
    struct Mapped
    {
        uint32_t subflowOffset{0};          //!< of its first byte
        DataSequenceNumber dataSequence{0}; //!< of its first byte
        uint32_t size{0};                   //!< bytes
        const Packet* data{nullptr};        //!< the bytes, if there are any
    };

    uint8_t flags{0};             //!< TcpFlag bits
    SequenceNumber32 seq{0};      //!< sequence number on the wire
    uint32_t subflowOffset{0};    //!< seq - ISN: 1 is the first byte of data
    uint32_t payloadSize{0};      //!< bytes of payload
    Mapped mapped;                //!< what the payload is a part of, nearly always the whole
    bool isRetransmission{false}; //!< has been sent before on this subflow
};

/// Why a subflow has ended.
struct SubflowEnd
{
    Socket::SocketErrno error{
        Socket::ERROR_NOTERROR};    //!< ERROR_NOTERROR: both FINs were acknowledged
    bool resetByPeer{false};        //!< a RST arrived
    bool timedOut{false};           //!< SYN or data retries are used up
    bool refused{false};            //!< a RST answered our SYN, or an ICMP error like it
    bool established{false};        //!< MPTCP's handshake was over; the connection sets it
    bool joinFailed{false};         //!< a peer was there, our MP_JOIN failed; it sets that, too
    int number{0};                  //!< of errno, if an ICMP error told the reason
    std::optional<MpTcpRst> reason; //!< MP_TCPRST of the RST that was sent or came
};

/// What an application asks of one subflow beyond the settings of its connection.
struct SubflowControls
{
    uint32_t mss{0};          //!< most payload and options of a segment; 0: what was negotiated
    uint32_t headerSize{0};   //!< bytes that the node puts between IP's and TCP's header
    uint32_t sendLimit{0};    //!< most bytes sent and not acknowledged; 0: the send buffer's
    uint32_t receiveLimit{0}; //!< most bytes of window to advertise; 0: the receive buffer's
    Ptr<NetDevice> device;    //!< where segments leave; nullptr: where routing says
    std::optional<bool> keepAlive;   //!< TcpSettings::m_keepAlive
    std::optional<Time> userTimeout; //!< TcpSettings::m_userTimeout
    bool measureRate{false};         //!< SubflowDetails::deliveryRate is wanted
};

/// Figures of a subflow that only an inquiry wants, see TCP_INFO of Linux.
struct SubflowDetails
{
    Time sinceDataSent;               //!< age of the last payload that was sent
    Time sinceDataReceived;           //!< age of the last payload that arrived
    Time sinceHeard;                  //!< age of the last segment that arrived
    uint32_t mss{0};                  //!< payload and options that a segment may carry
    uint32_t offeredMss{0};           //!< the MSS that our SYN tells
    uint32_t unackedSegments{0};      //!< sent and not acknowledged cumulatively
    uint32_t sackedSegments{0};       //!< of them, delivered
    uint32_t lostSegments{0};         //!< of them, held to be lost, whether sent again or not
    uint32_t repeatedSegments{0};     //!< of them, sent again since
    uint32_t retransmissions{0};      //!< segments sent again, SYN and FIN included
    uint32_t deliveredSegments{0};    //!< known to have arrived, SYN and FIN included
    uint32_t deliveredMarked{0};      //!< of them, those whose ACK had ECE
    uint32_t duplicatesReported{0};   //!< D-SACKs that came (RFC 2883)
    uint32_t reorderings{0};          //!< segments that arrived though they were overtaken
    uint32_t outOfOrder{0};           //!< segments that arrived ahead of a gap
    uint32_t timeouts{0};             //!< of the retransmission timer so far
    uint32_t timeoutRuns{0};          //!< ... where those in a row are one
    uint32_t silentProbes{0};         //!< keep-alives, of closed windows: without an answer
    uint32_t receiveWindow{0};        //!< bytes that the peer may still send
    uint64_t deliveryRate{0};         //!< bytes/s, once SubflowControls::measureRate is set
    bool rateLimitedByUser{false};    //!< ... while there was less to send than might be sent
    uint64_t bytesAcked{0};           //!< payload bytes acknowledged
    uint64_t bytesReceived{0};        //!< payload bytes that arrived in order
    uint64_t bytesRetransmitted{0};   //!< payload bytes sent again
    uint32_t segmentsSent{0};         //!< of any kind
    uint32_t segmentsReceived{0};     //!< of any kind
    uint32_t dataSegmentsSent{0};     //!< with payload
    uint32_t dataSegmentsReceived{0}; //!< with payload
    uint32_t sendWindow{0};           //!< the peer's window in bytes
    uint32_t pathMtu{0};              //!< bytes of IP packets that the path is known to take
    bool ecn{false};                  //!< in use
    bool timestamps{false};           //!< in use
    bool sack{false};                 //!< in use
    bool scaling{false};              //!< in use
};

/// What the user says of a segment that has arrived.
enum class SegmentVerdict
{
    DROP,    //!< forget it
    PROCESS, //!< go on
    SIGNAL,  //!< go on; its options told something new, so it is no duplicate ACK
};

/**
 * @ingroup mptcp
 * What a subflow needs from the one who uses it. The connection implements it; the subflow knows
 * nothing else of connections.
 */
class MptcpSubflowUser
{
  public:
    virtual ~MptcpSubflowUser() = default;

    /**
     * Add MPTCP options to a segment about to leave. TCP's own options, but for SACK, are already
     * in; SACK blocks take what is left.
     * @param subflow who sends
     * @param segment what is sent
     * @param space where the options go
     */
    virtual void
    AddOptions(MptcpSubflow& subflow, const OutgoingSegment& segment, TcpOptionSpace& space) = 0;

    /**
     * A segment is about to go to IP: tags tell it what its header shall say.
     * @param subflow who sends
     * @param packet the payload, which becomes the packet
     */
    virtual void MarkPacket(MptcpSubflow& subflow, Packet& packet)
    {
        (void)subflow;
        (void)packet;
    }

    /// @return whether RSTs carry MP_TCPRST, which version 0 (RFC 6824) does not know
    virtual bool UsesResetReasons() const
    {
        return true;
    }

    /**
     * @param subflow who sends
     * @return bytes that AddOptions() needs at most on a data segment; payload leaves them free
     */
    virtual uint32_t GetOptionReserve(const MptcpSubflow& subflow) = 0;

    /**
     * @param subflow who sends
     * @return the receive window in bytes, counted from the data ACK, that goes into the header
     */
    virtual uint32_t GetReceiveWindow(const MptcpSubflow& subflow) = 0;

    /**
     * A segment has passed TCP's sequence and ACK checks; its data has not been looked at yet.
     * SYN, SYN/ACK and the third ACK come here too, before the state changes. RST too: its
     * options are told, then OnEnded() follows.
     * @param subflow where it arrived
     * @param segment its values
     * @return what to do with it (the user may have called Reset())
     */
    virtual SegmentVerdict OnSegment(MptcpSubflow& subflow, const TcpSegment& segment) = 0;

    /**
     * TCP's handshake is complete.
     * @param subflow which one
     */
    virtual void OnEstablished(MptcpSubflow& subflow) = 0;

    /**
     * Data arrived in subflow order.
     * @param subflow where
     * @param subflowOffset of its first byte: sequence number - peer's ISN, 1 is the first byte
     * @param data the bytes
     */
    virtual void OnData(MptcpSubflow& subflow, uint64_t subflowOffset, Ptr<Packet> data) = 0;

    /**
     * The peer's FIN arrived, behind all of its data.
     * @param subflow where
     */
    virtual void OnFin(MptcpSubflow& subflow) = 0;

    /**
     * The peer acknowledged data on the subflow level.
     * @param subflow where
     * @param ackedBytes payload bytes acknowledged since the subflow began
     */
    virtual void OnAcked(MptcpSubflow& subflow, uint64_t ackedBytes) = 0;

    /**
     * There may be room to send: an ACK or a window update has been processed (called last, once
     * per segment that arrived), or a timer lets new data go (pacing, the probe of RFC 8985).
     * @param subflow where
     */
    virtual void OnSendRoom(MptcpSubflow& subflow) = 0;

    /**
     * The retransmission timer fired (RFC 6298 section 5).
     * @param subflow where
     * @param count time-outs in a row since new data was acknowledged
     */
    virtual void OnTimeout(MptcpSubflow& subflow, uint32_t count) = 0;

    /**
     * The subflow is over (CLOSED or TIME_WAIT). Nothing more comes from it.
     * @param subflow which one
     * @param end why
     */
    virtual void OnEnded(MptcpSubflow& subflow, const SubflowEnd& end) = 0;
};

/**
 * @ingroup mptcp
 * One subflow as the connection sees it. TcpSubflow is the one that stands behind it. Trace sinks
 * that want to end it or to send something ask the connection, where that waits (see Telling), not
 * the subflow itself.
 */
class MptcpSubflow : public Object
{
  public:
    /// @return the TypeId, with the trace sources that all subflows have
    static TypeId GetTypeId();

    /// TracedCallback signature of Tx and Rx. @param packet payload @param header TCP header
    /// @param subflow which one
    typedef void (*TxRxTracedCallback)(Ptr<const Packet> packet,
                                       const TcpHeader& header,
                                       Ptr<const MptcpSubflow> subflow);

    /// Begin the active open: send a SYN.
    virtual void Connect() = 0;

    /**
     * Answer a SYN: the passive open.
     * @param syn the segment that arrived
     */
    virtual void Accept(const TcpSegment& syn) = 0;

    /**
     * @return bytes of new data that congestion window, the peer's window as this subflow saw it
     * (its own acknowledgment plus window) and state allow to send now; 0 while retransmissions
     * are due
     */
    virtual uint32_t GetSendRoom() const = 0;

    /**
     * Send new data at once. It is retransmitted until acknowledged on this subflow.
     * @param data at most GetMaxPayload() bytes, at most GetSendRoom()
     * @param dataSequence its data sequence number, given back in OutgoingSegment
     * @param push set PSH
     */
    virtual void SendData(Ptr<Packet> data, DataSequenceNumber dataSequence, bool push) = 0;

    /// Send an ACK now; it carries what the user adds as options.
    virtual void SendAck() = 0;

    /// Send a segment that the peer must answer with an ACK (zero-window probe, keepalive).
    virtual void SendProbe() = 0;

    /// Send a FIN behind all data sent so far. More calls do nothing.
    virtual void Close() = 0;

    /**
     * End at once: send a RST, with MP_TCPRST if a reason is given, and call OnEnded().
     * @param reason the reason, RFC 8684 section 3.6
     * @param error what the user is told
     */
    virtual void Reset(std::optional<MpTcpRst> reason, Socket::SocketErrno error) = 0;

    /// End at once without a segment and without telling the user (the connection is going away).
    virtual void Abandon() = 0;

    /// @param stale whether the user considers the subflow stale (caps the back-off of its timer)
    virtual void SetStale(bool stale) = 0;

    /**
     * Visit the data that was sent and is not yet acknowledged cumulatively, in order.
     * @param visit called with the data sequence number and the bytes
     */
    virtual void VisitHeldData(
        const std::function<void(DataSequenceNumber, Ptr<const Packet>)>& visit) const = 0;

    /// @return the TCP state
    virtual TcpSocket::TcpStates_t GetState() const = 0;
    /// @return addresses and ports
    virtual const TcpTuple& GetTuple() const = 0;
    /// @return most payload bytes of a segment (MTU, SegmentSize and the peer's MSS considered)
    virtual uint32_t GetMaxPayload() const = 0;
    /// @return smoothed RTT; zero before the first sample
    virtual Time GetSmoothedRtt() const = 0;
    /// @return the shortest RTT seen; zero before the first sample
    virtual Time GetMinRtt() const = 0;
    /// @return RTTVAR of RFC 6298; zero before the first sample
    virtual Time GetRttVariation() const = 0;
    /// @return current retransmission time-out, back-off included
    virtual Time GetRto() const = 0;
    /// @return congestion window in bytes
    virtual uint32_t GetCongestionWindow() const = 0;
    /// @return bytes in flight as congestion control counts them
    virtual uint32_t GetBytesInFlight() const = 0;
    /// @return bytes sent and not cumulatively acknowledged
    virtual uint32_t GetHeldBytes() const = 0;
    /// @return time-outs in a row
    virtual uint32_t GetTimeouts() const = 0;
    /// @return payload bytes sent, each once (no retransmissions)
    virtual uint64_t GetBytesSent() const = 0;
    /// @param seq of a segment that has arrived @return its offset from the peer's ISN, modulo
    /// 2^32: 1 is the first byte of data
    virtual uint32_t GetPeerOffset(SequenceNumber32 seq) const = 0;
    /// @return window scale shift that applies to the window fields we send (0 if not negotiated)
    virtual uint8_t GetReceiveWindowShift() const = 0;
    /// @return window scale shift that applies to the peer's window fields
    virtual uint8_t GetSendWindowShift() const = 0;
    /// @return the congestion control (coupled ones are told of their siblings)
    virtual Ptr<TcpCongestionOps> GetCongestionOps() const = 0;
    /// @return congestion control's state (for coupled congestion control)
    virtual Ptr<TcpSocketState> GetSocketState() const = 0;

    /// @return figures for an inquiry
    virtual SubflowDetails GetDetails() const = 0;
    /// @return what SetControls() was given
    virtual const SubflowControls& GetControls() const = 0;
    /// @param controls in force from the next segment on
    virtual void SetControls(const SubflowControls& controls) = 0;
    /// Go on with another congestion control, from the present window. @param congestion it, not
    /// shared with another subflow
    virtual void SetCongestionOps(Ptr<TcpCongestionOps> congestion) = 0;

    /// @param tag a number of the user's own, to find its record of the subflow by
    void SetUserTag(uint32_t tag)
    {
        m_userTag = tag;
    }

    /// @return the number given to SetUserTag()
    uint32_t GetUserTag() const
    {
        return m_userTag;
    }

  private:
    uint32_t m_userTag{0}; //!< the user's number

  protected:
    TracedCallback<Time, Time> m_rtoTrace;                                       //!< RTO
    TracedCallback<TcpSocket::TcpStates_t, TcpSocket::TcpStates_t> m_stateTrace; //!< State
    TracedCallback<Ptr<const Packet>, const TcpHeader&, Ptr<const MptcpSubflow>> m_txTrace; //!< Tx
    TracedCallback<Ptr<const Packet>, const TcpHeader&, Ptr<const MptcpSubflow>> m_rxTrace; //!< Rx
};

} // namespace ns3

#endif // MPTCP_SUBFLOW_H
