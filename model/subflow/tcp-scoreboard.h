// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_SCOREBOARD_H
#define TCP_SCOREBOARD_H

#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/tcp-segment.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace ns3
{

class TcpRateSampler;

/**
 * @ingroup mptcp
 * What was sent and is not acknowledged cumulatively: which of it has been delivered, is lost, or
 * is in flight. Segments keep the boundaries with which they were first sent.
 *
 * By RACK (RFC 8985) a segment is lost when one that was transmitted after it has been delivered
 * and a round trip and a reordering window have passed since it was sent. By RFC 6675 it is lost
 * when DupThresh segments that were transmitted after it have been delivered. Retransmissions
 * count as transmissions in both, so a lost one is found without a time-out. Without SACK,
 * duplicate ACKs stand for deliveries (RFC 6582). The cost of an ACK does not depend on the window
 * but for logarithmic look-ups.
 */
class TcpScoreboard
{
  public:
    /// One segment.
    struct Record
    {
        SequenceNumber32 seq;               //!< first sequence number
        uint32_t length{0};                 //!< payload bytes
        bool fin{false};                    //!< takes one more sequence number, for FIN
        bool push{false};                   //!< carries PSH
        bool sacked{false};                 //!< delivered, known by SACK
        bool lost{false};                   //!< to be retransmitted
        bool retransmitted{false};          //!< was sent more than once
        uint16_t piece{0};                  //!< payload bytes of the largest packet of the last
                                            //!< transmission; filled in by the scoreboard
        Ptr<Packet> packet;                 //!< payload; none for a lone FIN
        DataSequenceNumber dataSequence{0}; //!< of the first payload byte
        Time sent;                          //!< time of the last transmission
        uint64_t transmission{0};           //!< number of the last transmission, from 1
        uint64_t previous{0};               //!< neighbour in the list that it is in
        uint64_t next{0};                   //!< neighbour in the list that it is in

        /// @return first sequence number behind it
        SequenceNumber32 GetEnd() const
        {
            return seq + static_cast<int32_t>(length + (fin ? 1 : 0));
        }
    };

    /// What an ACK told.
    struct AckResult
    {
        uint32_t ackedBytes{0};          //!< payload bytes newly acknowledged cumulatively
        uint32_t deliveredBytes{0};      //!< payload bytes newly acknowledged or SACKed
        bool newSack{false};             //!< SACK blocks covered something new
        bool lossDetected{false};        //!< a segment has become lost
        bool retransmissionAcked{false}; //!< a segment that was sent more than once was delivered
        std::optional<Time> rtt;         //!< of a segment that was sent once (Karn's algorithm)
        /// Last transmission of what was delivered and had been sent more than once; the earliest.
        std::optional<Time> retransmittedAt;
    };

    /// What an ACK is judged by.
    struct Conditions
    {
        Time minRtt;                  //!< shortest RTT: what comes sooner after a retransmission is
                                      //!< a delivery of an earlier transmission
        Time now;                     //!< current time
        Time smoothedRtt{0};          //!< SRTT
        bool recovering{false};       //!< fast recovery or the time after a time-out
        std::optional<Time> echoed{}; //!< when the segment left whose TSval the ACK echoes
        bool needless{false};         //!< a retransmission, not a probe, arrived as a duplicate
    };

    /**
     * Begin anew.
     * @param una first sequence number to be acknowledged
     * @param dupThresh DupThresh of RFC 6675
     * @param sack whether the peer sends SACK blocks
     * @param rack whether losses are found by time, given SACK
     */
    void Start(SequenceNumber32 una, uint32_t dupThresh, bool sack, bool rack = false);

    /**
     * A segment was sent for the first time, behind all others.
     * @param record what it is; piece, transmission number and lists are filled in here
     * @return the record, valid until the next call of Append()
     */
    const Record& Append(Record record);

    /// Forget all, and let go of the memory.
    void Clear();

    /**
     * An ACK arrived, with SND.UNA <= ack <= SND.NXT.
     * @param ack acknowledgment number
     * @param blocks SACK blocks; those out of range are ignored
     * @param duplicate whether it is a duplicate ACK (RFC 5681 section 2)
     * @param conditions what it is judged by
     * @return what it told
     */
    AckResult OnAck(SequenceNumber32 ack,
                    const BoundedVector<SackBlock, 4>& blocks,
                    bool duplicate,
                    const Conditions& conditions);

    /// @return when the first segment becomes lost for which only the reordering window is waited
    std::optional<Time> GetReorderDue() const
    {
        return m_reorderDue;
    }

    /// The time that GetReorderDue() told has come. @param conditions now
    /// @return whether a segment has become lost
    bool OnReorderTimer(const Conditions& conditions);

    /// Fast recovery, or what followed a time-out, is over (RFC 8985 section 6.2 step 4).
    void OnRecoveryOver();

    /// The last segment is sent again as a probe (RFC 8985 section 7.3). @param now current time
    /// @param most payload bytes of a packet: a longer segment leaves in pieces
    /// @return the segment
    const Record& OnProbe(Time now, uint32_t most = UINT16_MAX);

    /**
     * The retransmission timer fired: all that has not been delivered is lost, but by RACK only the
     * first segment and those sent longer ago than a round trip (RFC 8985 section 6.3). If the
     * first segment had been SACKed, the peer has reneged, and no SACK counts (RFC 6675 section
     * 5.1).
     * @param now current time
     */
    void OnTimeout(Time now);

    /**
     * What was held to be lost had only been late: it is in flight again.
     * @param reordered it was overtaken by later segments, which widens the reordering window
     */
    void Undo(bool reordered);

    /// @param sampler who measures the delivery rate; nullptr: nobody
    void SetRateSampler(TcpRateSampler* sampler)
    {
        m_sampler = sampler;
    }

    /// @return payload bytes that have become lost so far, retransmissions included
    uint64_t GetLostBytes() const
    {
        return m_lostBytes;
    }

    /// @return segments that are known to have arrived so far
    uint32_t GetDelivered() const
    {
        return m_delivered;
    }

    /// @return segments so far that arrived though later ones had overtaken them
    uint32_t GetReorderings() const
    {
        return m_reorderings;
    }

    /// @return segments above the cumulative acknowledgment that have been delivered, as SACK or
    /// without it duplicate ACKs tell
    uint32_t GetSacked() const
    {
        return m_sackedCount + m_duplicates;
    }

    /**
     * Packets with more payload do not pass any more.
     * @param most payload bytes
     * @param from sequence number of one that did not: the segment that it was of, and those behind
     * it, are lost if they are in flight and were last sent in larger packets
     * @return whether there are any
     */
    bool OnTooLarge(uint32_t most, SequenceNumber32 from);

    /// @return the segment to retransmit next, or nullptr
    const Record* GetLost() const
    {
        return m_lost.first == NONE ? nullptr : &At(m_lost.first);
    }

    /// The segment that GetLost() returned is being retransmitted. @param now current time
    /// @param most payload bytes of a packet: a longer segment leaves in pieces
    void OnRetransmit(Time now, uint32_t most = UINT16_MAX);

    /// @return whether everything was acknowledged
    bool Empty() const
    {
        return m_head == m_tail;
    }

    /// @return the first segment not acknowledged cumulatively; not on an empty scoreboard
    const Record& Front() const
    {
        return At(m_head);
    }

    /// @return payload bytes in flight: "pipe" of RFC 6675 section 4
    uint32_t GetPipe() const
    {
        return m_duplicates == 0 ? m_inFlightBytes : GetRenoPipe();
    }

    /// @return whether a segment above the cumulative acknowledgment has been SACKed
    bool HasSacked() const
    {
        return m_sackedCount > 0;
    }

    /// @return number of segments held
    size_t GetSize() const
    {
        return m_tail - m_head;
    }

    /// @tparam F callable with (const Record&) @param visit called for each segment, in order
    template <typename F>
    void Visit(F&& visit) const
    {
        for (uint64_t i = m_head; i != m_tail; ++i)
        {
            visit(At(i));
        }
    }

  private:
    static constexpr uint64_t NONE = UINT64_MAX; //!< no index

    /// A list through the records, by indices. A record is in at most one.
    struct List
    {
        uint64_t first{NONE}; //!< its first record
        uint64_t last{NONE};  //!< its last record
    };

    /// @param index a record's number since the beginning @return the record
    Record& At(uint64_t index)
    {
        return m_ring[index & (m_ring.size() - 1)];
    }

    /// @copydoc At
    const Record& At(uint64_t index) const
    {
        return m_ring[index & (m_ring.size() - 1)];
    }

    /// @param seq a sequence number @return index of the first record that begins at or above it
    uint64_t Find(SequenceNumber32 seq) const;
    /// Append a record to a list. @param list which @param index the record
    void PushBack(List& list, uint64_t index);
    /// Take a record out of a list. @param list which @param index the record
    void Unlink(List& list, uint64_t index);
    /// A record that was in flight is lost. @param index the record
    void MarkLost(uint64_t index);
    /// A record was delivered that was not known to be. @param index the record
    /// @param conditions of the ACK that told @param cumulatively not by SACK
    /// @param result of the ACK
    void
    Deliver(uint64_t index, const Conditions& conditions, bool cumulatively, AckResult& result);
    /// Process one SACK block. @param block it @param conditions of the ACK
    /// @param result of the ACK
    void OnBlock(const SackBlock& block, const Conditions& conditions, AckResult& result);
    /// Remember a transmission that was delivered. @param transmission its number
    void NoteDelivered(uint64_t transmission);
    /// Find losses by deliveries of later transmissions. @return whether there are any
    bool DetectLosses();
    /// As DetectLosses(), by time (RFC 8985 section 6.2 step 5). @param conditions now
    bool DetectLossesByTime(const Conditions& conditions);
    /// Widen the reordering window if a retransmission was needless (section 6.2 step 4).
    /// @param conditions of the ACK that told
    void AdaptReordering(const Conditions& conditions);
    /// @param conditions now @return RACK.reo_wnd
    Time GetReorderingWindow(const Conditions& conditions) const;
    /// @return GetPipe() where duplicate ACKs stand for deliveries
    uint32_t GetRenoPipe() const;
    /// Find losses without SACK (RFC 6582). @return whether there are any
    bool DetectRenoLosses(bool advanced, bool duplicate, AckResult& result);

    std::vector<Record> m_ring;            //!< the records; none, or a power of two of them
    uint64_t m_head{0};                    //!< index of the first
    uint64_t m_tail{0};                    //!< index behind the last
    List m_inFlight;                       //!< neither delivered nor lost, in order of transmission
    List m_lost;                           //!< lost and not retransmitted since, lowest first
    uint64_t m_lastInserted{0};            //!< record that last went in between others in m_lost
    uint32_t m_inFlightBytes{0};           //!< payload bytes of m_inFlight
    uint64_t m_lostBytes{0};               //!< see GetLostBytes()
    uint32_t m_delivered{0};               //!< see GetDelivered()
    uint32_t m_reorderings{0};             //!< see GetReorderings()
    TcpRateSampler* m_sampler{nullptr};    //!< who measures the delivery rate
    uint64_t m_transmissions{0};           //!< transmissions so far
    uint32_t m_dupThresh{3};               //!< DupThresh
    bool m_sack{false};                    //!< SACK is in use
    bool m_rack{false};                    //!< losses are found by time
    SequenceNumber32 m_una{0};             //!< highest cumulative acknowledgment
    std::vector<uint64_t> m_highest;       //!< the highest delivered transmissions, ascending
    std::map<uint64_t, uint64_t> m_sacked; //!< ranges of SACKed records: begin to end
    uint32_t m_sackedCount{0};             //!< SACKed records
    uint64_t m_rackTransmission{0};        //!< the latest transmission delivered
    Time m_rackRtt;                        //!< RACK.rtt: its round trip
    SequenceNumber32 m_fack{0};            //!< RACK.fack: behind the highest one delivered
    SequenceNumber32 m_newFack{0};         //!< m_fack when the present ACK has been processed
    bool m_reordered{false};               //!< RACK.reordering_seen
    uint32_t m_reorderFactor{1};           //!< RACK.reo_wnd_mult
    uint32_t m_reorderPersist{0};          //!< RACK.reo_wnd_persist
    std::optional<SequenceNumber32> m_duplicateRound; //!< RACK.dsack_round
    std::optional<Time> m_reorderDue;                 //!< see GetReorderDue()
    uint32_t m_duplicates{0};      //!< without SACK: segments that left by duplicate ACKs
    bool m_recovering{false};      //!< without SACK: between first loss and m_recover
    SequenceNumber32 m_recover{0}; //!< without SACK: "recover" of RFC 6582
};

} // namespace ns3

#endif // TCP_SCOREBOARD_H
