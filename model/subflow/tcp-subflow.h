// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_SUBFLOW_H
#define TCP_SUBFLOW_H

#include "mptcp-subflow.h"
#include "tcp-congestion.h"
#include "tcp-icmp-error.h"
#include "tcp-output.h"
#include "tcp-receiver.h"
#include "tcp-rto.h"
#include "tcp-scoreboard.h"
#include "tcp-settings.h"
#include "tcp-undo.h"

#include "ns3/event-id.h"
#include "ns3/lazy-timer.h"

#include <algorithm>
#include <memory>
#include <optional>

namespace ns3
{

class TcpPacer;

/**
 * @ingroup mptcp
 * One TCP (RFC 9293): what stands behind MptcpSubflow.
 *
 * tcp-subflow.cc has the life of the connection, tcp-subflow-arrival.cc the arrival of segments in
 * the order of section 3.10.7, tcp-subflow-output.cc what leaves and the timers,
 * tcp-subflow-idle.cc keep-alives and the user time-out, tcp-subflow-icmp.cc ICMP errors and the
 * path's MTU, tcp-subflow-ecn.cc ECN, tcp-subflow-undo.cc spurious time-outs and recoveries,
 * tcp-subflow-pacing.cc pacing and rate samples. Bytes that arrive go through TcpReceiver, bytes
 * that leave stay in TcpScoreboard until they are acknowledged.
 *
 * Every callback of the user may reset, abandon, close or send on this very object; the state is
 * looked at again after each.
 */
class TcpSubflow : public MptcpSubflow
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    TcpSubflow();
    ~TcpSubflow() override;

    /**
     * Set up, in state CLOSED.
     * @param output the node's protocol; must outlive the subflow's last state
     * @param user whom to tell; must outlive the subflow or Abandon() it
     * @param tuple addresses and ports, all four set
     * @param settings what to use
     * @param congestion congestion control, not shared with another subflow
     */
    void Initialize(TcpOutput* output,
                    MptcpSubflowUser* user,
                    const TcpTuple& tuple,
                    std::shared_ptr<const TcpSettings> settings,
                    Ptr<TcpCongestionOps> congestion);

    /**
     * A segment arrived (RFC 9293 section 3.10.7).
     * @param segment its header
     * @param payload what follows the header
     */
    void Receive(const TcpSegment& segment, Ptr<Packet> payload);

    /**
     * An ICMP error quotes a segment of this subflow.
     * @param error what it says; ignored unless it quotes what is in flight (RFC 5927 section 4.1)
     * @return whether it was believed
     */
    bool OnIcmpError(const TcpIcmpError& error);

    /**
     * The path takes smaller packets than was believed.
     * @param mtu bytes of an IP packet
     * @param from sequence number of a segment that was too large; what was sent since is lost too
     */
    void OnPathMtu(uint32_t mtu, std::optional<SequenceNumber32> from = std::nullopt);

    /// Segments take another path from now on: what is known of its MTU counts.
    void OnPathChange();

    /// @return the clock that TSval shows: milliseconds (RFC 7323 section 5.4), modulo 2^32
    static uint32_t GetTimestampClock();

    /// @param time a time @return what GetTimestampClock() said then
    static uint32_t GetTimestampClock(Time time);

    // MptcpSubflow
    void Connect() override;
    void Accept(const TcpSegment& syn) override;
    uint32_t GetSendRoom() const override;
    void SendData(Ptr<Packet> data, DataSequenceNumber dataSequence, bool push) override;
    void SendAck() override;
    void SendProbe() override;
    void Close() override;
    void Reset(std::optional<MpTcpRst> reason, Socket::SocketErrno error) override;
    void Abandon() override;
    void SetStale(bool stale) override;
    void VisitHeldData(
        const std::function<void(DataSequenceNumber, Ptr<const Packet>)>& visit) const override;
    TcpSocket::TcpStates_t GetState() const override;
    const TcpTuple& GetTuple() const override;
    uint32_t GetMaxPayload() const override;
    Time GetSmoothedRtt() const override;
    Time GetMinRtt() const override;
    Time GetRttVariation() const override;
    Time GetRto() const override;
    uint32_t GetCongestionWindow() const override;
    uint32_t GetBytesInFlight() const override;
    uint32_t GetHeldBytes() const override;
    uint32_t GetTimeouts() const override;
    uint64_t GetBytesSent() const override;
    uint32_t GetPeerOffset(SequenceNumber32 seq) const override;
    uint8_t GetReceiveWindowShift() const override;
    uint8_t GetSendWindowShift() const override;
    Ptr<TcpCongestionOps> GetCongestionOps() const override;
    Ptr<TcpSocketState> GetSocketState() const override;
    SubflowDetails GetDetails() const override;
    const SubflowControls& GetControls() const override;
    void SetControls(const SubflowControls& controls) override;
    void SetCongestionOps(Ptr<TcpCongestionOps> congestion) override;

  protected:
    void DoDispose() override;

  private:
    // Life: tcp-subflow.cc

    /// @param state the new one; traced
    void SetState(TcpSocket::TcpStates_t state);
    /// @return whether both sequence numbers are known and the handshake is over
    bool IsSynchronized() const;
    /// Both ends are known to each other. @param segment the one that made it so
    void Establish(const TcpSegment& segment);
    /// The peer's SYN is here: its sequence numbers are known, and it can be refused.
    /// @param syn it
    void MeetPeer(const TcpSegment& syn);
    /// What the peer's SYN offers. @param syn it
    void Negotiate(const TcpSegment& syn);
    /// Leave the node's table and tell the user. @param end why
    void End(const SubflowEnd& end);
    /// As End(), but with TIME_WAIT.
    void EndInTimeWait();
    /// Stop timers and leave the node's table. @param state CLOSED or TIME_WAIT
    void Leave(TcpSocket::TcpStates_t state);
    /// Nothing more happens by itself.
    void StopTimers();
    /// Let go of data and user.
    void Release();

    // Arrival, in the order of RFC 9293 section 3.10.7: tcp-subflow-arrival.cc

    /// Section 3.10.7.3. @param segment it
    void ReceiveInSynSent(const TcpSegment& segment);
    /// Section 3.10.7.4. @param segment it @param payload its payload
    void ReceiveSynchronized(const TcpSegment& segment, Ptr<Packet> payload);
    /// The first check, with RFC 7323 section 5.3. @param segment it @return whether to go on
    bool CheckSequence(const TcpSegment& segment);
    /// @param segment one with a TSval below TS.Recent @return whether it is only an acknowledgment
    /// that a later one overtook, and no segment of an earlier incarnation
    bool IsOvertaken(const TcpSegment& segment) const;
    /// A segment with RST whose sequence number is acceptable. @param segment it
    void OnReset(const TcpSegment& segment);
    /// The fifth check. @param segment it @return whether to go on
    bool CheckAck(const TcpSegment& segment);
    /// @param segment one that acknowledges something or changes the window
    /// @param verdict of the user @return whether the subflow still lives
    bool ProcessAck(const TcpSegment& segment, SegmentVerdict verdict);
    /// Our FIN was acknowledged. @return whether the subflow still lives
    bool OnFinAcked();
    /// @param segment it @param payload its payload @return whether the subflow still lives
    bool ProcessPayload(const TcpSegment& segment, Ptr<Packet> payload);
    /// The peer's FIN is next in sequence. @return whether the subflow still lives
    bool OnFinReceived();
    /// Does an ACK answer a probe, and had the probe repaired a loss? (RFC 8985 section 7.4)
    /// @param segment it @param duplicate a duplicate ACK @param reported FindDuplicate() of it
    void ProcessProbeAck(const TcpSegment& segment,
                         bool duplicate,
                         const std::optional<SackBlock>& reported);
    /// Answer a segment that is not acceptable, but not without limit. @param segment it
    void SendChallengeAck(const TcpSegment& segment);
    /// @param segment it @return the block that tells what arrived more than once (RFC 2883)
    static std::optional<SackBlock> FindDuplicate(const TcpSegment& segment);
    /// @param segment one with RST @return its MP_TCPRST
    std::optional<MpTcpRst> FindReason(const TcpSegment& segment) const;

    // Keep-alives and the user time-out: tcp-subflow-idle.cc

    /// Everything has been acknowledged: only keep-alives remain to be sent.
    void OnIdle();
    /// What an application asks has changed: see to keep-alives and time-outs.
    void HeedControls();
    /// The timer fired though nothing is in flight.
    void OnIdleTimer();
    /// @return how long what was sent may lack an acknowledgment; 0 for TcpSettings::m_dataRetries
    Time GetUserTimeout() const;
    /// @param retries retransmissions in a row that are enough without a user time-out
    /// @return whether the peer has not answered for too long
    bool IsGivenUp(uint32_t retries) const;
    /// End for want of an answer. @param reset tell the peer
    void TimeOut(bool reset);

    // ECN (RFC 3168): tcp-subflow-ecn.cc

    /// @return whether ECN may be used as far as this end is concerned
    TcpSocketState::UseEcn_t GetUseEcn() const;
    /// @param syn the peer's SYN or SYN/ACK
    void NegotiateEcn(const TcpSegment& syn);
    /// Congestion that the segment has met, and what the peer says of its window.
    /// @param segment one that is acceptable
    void ReceiveEcn(const TcpSegment& segment);
    /// An ACK is about to be processed: congestion control wants to know whether it has ECE.
    /// @param segment it
    void NoteEcnEcho(const TcpSegment& segment);
    /// An ACK with ECE was processed: reduce the window once per window of data (section 6.1.2).
    void OnEcnEcho();
    /// @param segment about to leave @return the flags ECE and CWR that it gets
    uint8_t TakeEcnFlags(const OutgoingSegment& segment);
    /// The window has been reduced, for whatever reason: the peer is told (section 6.1.2).
    void NoteReduction();
    /// Tell IP by a tag if a packet gets ECT. @param segment about to leave @param packet the
    /// payload
    void MarkEcnCapable(const OutgoingSegment& segment, Packet& packet) const;

    // ICMP errors and the path's MTU: tcp-subflow-icmp.cc

    /// The path's MTU may have grown (RFC 1191 section 6.3, RFC 8201 section 4).
    void ForgetPathMtu();
    /// Send a record again in pieces that fit, all with its mapping, which is not changed once it
    /// is declared (RFC 8684 section 3.3.1). @param record it
    void TransmitPieces(const TcpScoreboard::Record& record);

    // Spurious time-outs and recoveries: tcp-subflow-undo.cc

    /// A recovery begins, or the timer fired. @param timeout which of the two
    void BeginRecovery(bool timeout);
    /// Does an ACK tell that the recovery was needless? If so, undo it. @param segment the ACK
    /// @param conditions it was judged by @param reported FindDuplicate() of it
    /// @param result what the scoreboard says of it @param advanced it is beyond SND.UNA
    /// @param duplicate it is a duplicate ACK
    /// @return the sign, or what F-RTO wants
    TcpUndo::Verdict JudgeRecovery(const TcpSegment& segment,
                                   const TcpScoreboard::Conditions& conditions,
                                   const std::optional<SackBlock>& reported,
                                   const TcpScoreboard::AckResult& result,
                                   bool advanced,
                                   bool duplicate);
    /// The user has had the chance to send new data in F-RTO's test.
    void EndTestRoom();
    /// An RTT was measured. @param rtt it @param ack the acknowledgment that told
    void OnRttSample(Time rtt, SequenceNumber32 ack);

    // Pacing and rate samples: tcp-subflow-pacing.cc

    /// Something may have made room: ask the user for new data.
    void OfferRoom();
    /// The time for the next segment has come at the pacing rate.
    void OnPacingTimer();
    /// Keep to what congestion control wants beyond a window: pacing, rate samples.
    void StartCongestionAids();
    /// A segment leaves: the next one waits, at the pacing rate. @param length its payload bytes
    void Pace(uint32_t length);
    /// @return whether segments must wait for their time at the pacing rate
    bool IsPaced() const;

    // Departure and timers: tcp-subflow-output.cc

    /// Send SYN or SYN/ACK.
    void SendSyn();
    /// Send a pure ACK. @param seq its sequence number
    void SendPureAck(SequenceNumber32 seq);
    /// Send a RST in answer to a segment (section 3.10.7.1). @param segment it
    void SendResetFor(const TcpSegment& segment);
    /// Send a RST of our own. @param reason MP_TCPRST
    void SendReset(const std::optional<MpTcpRst>& reason);
    /// Send a FIN behind all data.
    void SendFin();
    /// Put a record on the wire. @param record it
    void Transmit(const TcpScoreboard::Record& record);
    /// Put a part of a record on the wire. @param record it @param begin its first byte there
    /// @param size bytes
    void TransmitPart(const TcpScoreboard::Record& record, uint32_t begin, uint32_t size);
    /// Retransmit what is lost as far as the window allows. @param force at least one
    void TransmitLost(bool force);
    /// Add ports, window, options; send. @param segment what it is @param payload the payload
    void Send(const OutgoingSegment& segment, Ptr<Packet> payload);
    /// Add SACK blocks where they fit. @param payloadSize payload beside them
    /// @param space where to
    void AddSack(uint32_t payloadSize, TcpOptionSpace& space);
    /// Give a segment to the node. @param header ports are filled in here @param space options
    /// @param payload the payload
    void Emit(TcpHeader& header, const TcpOptionSpace& space, Ptr<Packet> payload);
    /// @return the window field, and remember the right edge @param syn whether it is unscaled
    uint16_t AdvertiseWindow(bool syn);
    /// Send the ACK that is due, or let the timer do it.
    void AcknowledgeIfDue();
    /// The timer fired that retransmissions, probes and reordering share.
    void OnTimer();
    /// The retransmission time-out is over.
    void OnRetransmitTimer();
    /// Nothing was heard for two round trips: draw an ACK (RFC 8985 section 7.3).
    void OnProbeTimer();
    /// What may have been reordered has had its time (RFC 8985 section 6.2 step 5).
    void OnReorderTimer();
    /// @return whether a probe is due before a time-out (RFC 8985 section 7.2)
    bool MayProbe() const;
    /// @return what losses are judged by now
    TcpScoreboard::Conditions GetConditions() const;
    /// The retransmission timer fired before the handshake was over.
    void OnSynTimer();
    /// The delayed-ACK timer fired.
    void OnDelayedAckTimer();
    /// (Re)start the retransmission time-out.
    void RestartTimer();
    /// Set the timer to what comes first.
    void ArmTimer();
    /// Tell listeners if the time-out has changed.
    void TraceRto();

    /// No peer and no path gets smaller segments, whatever it asks for: the options need most of
    /// that.
    static constexpr uint32_t LEAST_MSS = 88;

    /// @return payload and options that a segment may carry
    uint32_t GetMss() const
    {
        const uint32_t most = std::min(m_mss, m_routedMss);
        return m_controls.mss > 0 ? std::min(most, m_controls.mss) : most;
    }

    /// @return the MSS that our SYN tells: what fits the MTU
    uint32_t GetOfferedMss() const;
    /// @return the window scale that our SYN tells: enough for the receive buffer
    uint8_t GetOfferedShift() const;
    /// @param echo TSecr of a segment @return the time since, if the clock has not wrapped
    static std::optional<Time> GetTimestampRtt(uint32_t echo);
    /// @param echo TSecr of a segment @return when the clock showed it last, to the millisecond
    static Time GetEchoedTime(uint32_t echo);
    /// @param segment it @return its header as trace sinks want it
    static TcpHeader MakeHeader(const TcpSegment& segment);

    TcpOutput* m_output{nullptr};      //!< the node's protocol
    MptcpSubflowUser* m_user{nullptr}; //!< whom to tell
    /// What the timer that retransmissions share has been set for.
    enum class TimerPurpose : uint8_t
    {
        RETRANSMIT, //!< RFC 6298
        PROBE,      //!< RFC 8985 section 7
        REORDER,    //!< RFC 8985 section 6.2 step 5
    };

    TcpTuple m_tuple;                                  //!< addresses and ports
    std::shared_ptr<const TcpSettings> m_settings;     //!< in force
    TcpSocket::TcpStates_t m_state{TcpSocket::CLOSED}; //!< RFC 9293 section 3.3.2
    bool m_active{false};                              //!< we sent the first SYN
    bool m_peerKnown{false};                           //!< a SYN of the peer has arrived
    bool m_closeWanted{false};                         //!< Close() came before the handshake's end
    bool m_finSent{false};                             //!< our FIN has been sent
    bool m_synRepeated{false};                         //!< SYN or SYN/ACK was sent more than once
    bool m_timestamps{false};                          //!< RFC 7323 timestamps are in use
    bool m_sack{false};                                //!< SACK is in use
    bool m_scaling{false};                             //!< window scaling is in use
    uint8_t m_sendShift{0};                            //!< of the peer's window fields
    uint8_t m_receiveShift{0};                         //!< of our window fields

    SequenceNumber32 m_iss{0};        //!< initial send sequence number
    SequenceNumber32 m_una{0};        //!< SND.UNA
    SequenceNumber32 m_next{0};       //!< SND.NXT, never goes back
    uint32_t m_sendWindow{0};         //!< SND.WND in bytes
    uint32_t m_maxSendWindow{0};      //!< MAX.SND.WND of RFC 5961 section 5.2
    SequenceNumber32 m_wl1{0};        //!< SND.WL1
    SequenceNumber32 m_wl2{0};        //!< SND.WL2
    uint32_t m_mss{536};              //!< payload and options that a segment may carry
    uint32_t m_peerMss{536};          //!< ... as far as only the two ends are asked
    uint32_t m_pathMtu{0};            //!< told by ICMP, in bytes; 0: not
    EventId m_pathMtuEvent;           //!< ForgetPathMtu()
    uint32_t m_routedMss{UINT32_MAX}; //!< what SubflowControls::headerSize leaves of the MTU
    uint64_t m_ackedBytes{0};         //!< payload bytes acknowledged
    uint64_t m_sentBytes{0};          //!< payload bytes sent, each once
    uint16_t m_windowField{0};        //!< the last one that was sent
    uint16_t m_silentProbes{0};       //!< SubflowDetails::silentProbes

    uint32_t m_timeouts{0};         //!< in a row, told to the user
    uint32_t m_retries{0};          //!< in a row without a sign of life
    Time m_synSent;                 //!< when the last SYN left
    Time m_unackedSince;            //!< when what is in flight was last seen to make progress
    Time m_heardAt;                 //!< when the last segment arrived
    uint32_t m_keepAlives{0};       //!< keep-alives without an answer
    bool m_keepAlive{false};        //!< keep-alives are on
    int m_softError{0};             //!< ICMP's reason why the path may be dead, an errno
    bool m_ecn{false};              //!< ECN is in use
    bool m_ecnOffered{false};       //!< our last SYN was an ECN-setup SYN
    bool m_ecnEcho{false};          //!< ACKs carry ECE
    bool m_cwrDue{false};           //!< the next new data carries CWR
    bool m_dctcp{false};            //!< ECE tells of each segment (RFC 8257)
    bool m_ecnReduced{false};       //!< ECE is of what was sent before the last reduction
    SequenceNumber32 m_ecnPoint{0}; //!< SND.NXT at it, while m_ecnReduced
    Time m_nextChallenge;           //!< when SendChallengeAck() may answer an empty segment again
    Time m_tracedRto;               //!< what RTO's listeners know

    SubflowControls m_controls;         //!< what an application asked for
    uint64_t m_bytesReceived{0};        //!< payload bytes handed to the user
    uint64_t m_bytesRetransmitted{0};   //!< payload bytes sent again
    uint32_t m_retransmissions{0};      //!< segments sent again
    uint32_t m_deliveredMarked{0};      //!< SubflowDetails::deliveredMarked
    uint32_t m_duplicatesReported{0};   //!< SubflowDetails::duplicatesReported
    uint16_t m_allTimeouts{0};          //!< SubflowDetails::timeouts
    uint16_t m_timeoutRuns{0};          //!< SubflowDetails::timeoutRuns
    uint32_t m_segmentsSent{0};         //!< of any kind
    uint32_t m_segmentsReceived{0};     //!< of any kind
    uint32_t m_dataSegmentsSent{0};     //!< with payload
    uint32_t m_dataSegmentsReceived{0}; //!< with payload
    Time m_dataSentAt;                  //!< the last payload
    Time m_dataReceivedAt;              //!< the last payload

    TcpScoreboard m_scoreboard;                            //!< what is on its way
    TcpReceiver m_receiver;                                //!< what arrives
    std::unique_ptr<TcpRto> m_rto;                         //!< the time-out
    std::unique_ptr<TcpCongestion> m_congestion;           //!< the congestion window
    LazyTimer m_retransmitTimer;                           //!< what comes first, see m_timerPurpose
    TimerPurpose m_timerPurpose{TimerPurpose::RETRANSMIT}; //!< what m_retransmitTimer is set for
    Time m_timeoutSince;                                   //!< when RestartTimer() was called
    std::optional<SequenceNumber32> m_probeEnd;            //!< TLP.end_seq: SND.NXT after the probe
    bool m_probeRepeats{false};                            //!< TLP.is_retrans
    TcpUndo m_undo;                                        //!< the last recovery
    uint32_t m_testRoom{0}; //!< bytes of new data that may leave for RFC 5682
    /// An RTT of data from here on is of the path as it is now (RFC 4015 section 3.2 step 11).
    std::optional<SequenceNumber32> m_adaptFrom;
    std::unique_ptr<TcpPacer> m_pacer; //!< spaces segments; nullptr: they leave at once
    bool m_probing{false};             //!< a probe may be new data, beyond the congestion window
    LazyTimer m_delayedAckTimer;       //!< RFC 9293 section 3.8.6.3
};

} // namespace ns3

#endif // TCP_SUBFLOW_H
