// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_CONGESTION_H
#define TCP_CONGESTION_H

#include "tcp-rate-reduction.h"
#include "tcp-rate-sampler.h"
#include "tcp-settings.h"

#include "ns3/tcp-congestion-ops.h"
#include "ns3/tcp-socket-state.h"

#include <optional>

namespace ns3
{

/**
 * @ingroup mptcp
 * Drives one of ns-3's congestion controls (any TcpCongestionOps, unmodified) in the order in
 * which TcpSocketBase drives it, from events that a scoreboard tells. Owns the TcpSocketState.
 */
class TcpCongestion
{
  public:
    /// What one ACK told, after the scoreboard has been brought up to date.
    struct AckEvent
    {
        SequenceNumber32 ack{0};         //!< cumulative acknowledgment (new SND.UNA)
        SequenceNumber32 next{0};        //!< SND.NXT
        uint32_t ackedBytes{0};          //!< newly acknowledged cumulatively, in payload bytes
        uint32_t deliveredBytes{0};      //!< newly acknowledged or SACKed (each byte once)
        uint32_t inFlight{0};            //!< pipe after this ACK (RFC 6675 section 4)
        uint32_t priorInFlight{0};       //!< pipe before this ACK
        uint32_t lostBytes{0};           //!< newly lost payload bytes; only rate samples use them
        bool lossDetected{false};        //!< the scoreboard has marked a segment as lost
        bool isDupAck{false};            //!< duplicate ACK (RFC 6675 section 2)
        bool retransmissionAcked{false}; //!< a retransmitted segment was delivered
        bool ecnEcho{false};             //!< it has ECE, with ECN in use
        std::optional<Time> rtt;         //!< RTT sample (Karn's algorithm applied)
        std::optional<uint32_t> timestampValue; //!< TSval of the ACK
        std::optional<uint32_t> timestampEcho;  //!< TSecr of the ACK
    };

    /**
     * @param ops the congestion control, not shared with another subflow
     * @param settings initial window and threshold
     */
    TcpCongestion(Ptr<TcpCongestionOps> ops, const TcpSettings& settings);

    /**
     * The handshake is over.
     * @param segmentSize payload bytes of a full segment
     * @param handshakeRtt RTT of the handshake, if it is known (SYN not retransmitted)
     * @param next SND.NXT
     * @param congested the initial window is one segment, whatever was set
     */
    void Start(uint32_t segmentSize,
               std::optional<Time> handshakeRtt,
               SequenceNumber32 next,
               bool congested);

    /// Go on with another algorithm, from the present window. @param ops it
    void Replace(Ptr<TcpCongestionOps> ops);

    /**
     * An ACK was processed by the scoreboard.
     * @param event what it told
     * @param srtt smoothed RTT (the sample is already in it)
     */
    void OnAck(const AckEvent& event, Time srtt);

    /**
     * The retransmission timer fired.
     * @param inFlight bytes in flight before
     * @param left of them, those not marked lost
     * @param next SND.NXT
     */
    void OnTimeout(uint32_t inFlight, uint32_t left, SequenceNumber32 next);

    /// What has reduced the window was no congestion: it is again what it was, as is ssthresh
    /// (RFC 4015 section 3.2 step 10).
    void Undo();

    /// A tail loss probe has repaired a loss that nobody else noticed (RFC 8985 section 7.4.2), or
    /// ECE tells of congestion (RFC 3168 section 6.1.2): the window is reduced as by a recovery.
    /// @param inFlight bytes in flight
    void OnProbeRepair(uint32_t inFlight);

    /**
     * A data segment is about to leave.
     * @param priorInFlight bytes in flight before it
     * @param length its payload bytes
     * @param next SND.NXT behind it
     */
    void OnSend(uint32_t priorInFlight, uint32_t length, SequenceNumber32 next);

    /// The receiver side sent an ACK. @param delayed by the delayed-ACK timer or count
    void OnAckSent(bool delayed);

    /// @return congestion window in bytes, as sending must respect it
    uint32_t GetWindow() const
    {
        return m_state->m_cWnd;
    }

    /// @return whether a recovery or the time after a time-out is not over yet
    bool InRecovery() const;

    /// @return whether segments leave at TcpSocketState::m_pacingRate
    bool IsPacing() const
    {
        return m_state->m_pacing;
    }

    /// Measure the delivery rate whether the algorithm wants to know it or not.
    void MeasureRate();

    /// @return who measures the delivery rate, or nullptr if nobody wants to know
    TcpRateSampler* GetSampler() const
    {
        return PeekPointer(m_sampler);
    }

    /// @return the state that congestion control and trace sources see
    const Ptr<TcpSocketState>& GetState() const
    {
        return m_state;
    }

    /// @return the congestion control
    Ptr<TcpCongestionOps> GetOps() const
    {
        return m_ops;
    }

  private:
    /// @param number a sequence number of the subflow
    /// @return what TcpSocketState has: ns-3's TCP begins at 0, and algorithms rely on it
    SequenceNumber32 Relate(SequenceNumber32 number) const
    {
        return SequenceNumber32(number.GetValue() - m_initial.GetValue());
    }

    /// @param newState what congestion control and state become
    void SetCongState(TcpSocketState::TcpCongState_t newState);
    /// With pacing only. @param event the ACK @param now the window is used up as it arrives
    /// @return whether it was in this round trip
    bool WasLimited(const AckEvent& event, bool now);
    /// A loss was detected outside of recovery. @param event the ACK that told
    void EnterRecovery(const AckEvent& event);
    /// What was sent before recovery began has been acknowledged.
    void LeaveRecovery();
    /// Bring the window down in fast recovery. @param event the ACK
    void ReduceWindow(const AckEvent& event);
    /// Measure the delivery rate from now on, if anybody wants it.
    void StartSampler();
    /// Take a sample of the delivery rate, and tell an algorithm with a CongControl() of it.
    /// @param event the ACK
    void TellRate(const AckEvent& event);
    /// Set the pacing rate from window and RTT, as Linux. @param srtt smoothed RTT
    void UpdatePacingRate(Time srtt);
    /// Ask congestion control for a new ssthresh. @param inFlight bytes in flight
    /// @param least segments that it must be at least, or it becomes two
    void ReduceThreshold(uint32_t inFlight, uint32_t least);
    /// The window has been reduced; all is well again.
    void LeaveReduction();
    /// @param ackedBytes newly acknowledged @return whole segments, the remainder is carried over
    uint32_t CountSegments(uint32_t ackedBytes);

    Ptr<TcpCongestionOps> m_ops;         //!< the algorithm
    Ptr<TcpSocketState> m_state;         //!< its view of the subflow
    SequenceNumber32 m_recoveryPoint{0}; //!< RecoveryPoint of RFC 6675, SND.NXT at its start
    bool m_pacing{false};                //!< whether the algorithm wants it or not
    bool m_wasLimited{false};            //!< WasLimited()
    SequenceNumber32 m_limitedPoint{0};  //!< SND.NXT when it last was, while m_wasLimited
    bool m_measure{false};               //!< the delivery rate, likewise
    bool m_rateReduction{true};          //!< TcpSettings::m_rateReduction
    TcpRateReduction m_reduction;        //!< in fast recovery
    Ptr<TcpRateSampler> m_sampler;       //!< see GetSampler()
    uint32_t m_priorWindow{0};           //!< before the last reduction
    uint32_t m_priorThreshold{0};        //!< ssthresh before the last reduction
    uint32_t m_ackedRemainder{0};        //!< bytes acknowledged beyond whole segments
    SequenceNumber32 m_initial{0};       //!< initial sequence number, of the SYN
};

} // namespace ns3

#endif // TCP_CONGESTION_H
