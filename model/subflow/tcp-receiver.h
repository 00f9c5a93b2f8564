// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_RECEIVER_H
#define TCP_RECEIVER_H

#include "tcp-settings.h"

#include "ns3/packet.h"
#include "ns3/reassembly-queue.h"
#include "ns3/tcp-segment.h"

#include <cstdint>
#include <optional>

namespace ns3
{

/**
 * @ingroup mptcp
 * The receiving half of a TCP: what is in order, what is ahead, what to tell the peer and when.
 */
class TcpReceiver
{
  public:
    /// When arriving data wants an acknowledgment.
    enum class AckNeed
    {
        NONE,    //!< nothing to acknowledge
        DELAYED, //!< within the delayed-ACK time-out
        NOW,     //!< at once
    };

    /**
     * The peer's SYN has arrived.
     * @param irs its sequence number
     * @param delAckCount segments per ACK
     * @param duplicateSack tell of what arrives more than once (RFC 2883)
     */
    void Start(SequenceNumber32 irs, uint32_t delAckCount, bool duplicateSack);

    /// @return RCV.NXT
    SequenceNumber32 GetNext() const
    {
        return m_next;
    }

    /// @return initial receive sequence number
    SequenceNumber32 GetInitial() const
    {
        return m_irs;
    }

    /// @param window window in bytes that is being advertised
    void OnAdvertise(uint32_t window);

    /// @param segment a segment @return whether it lies in the window (RFC 9293 section 3.10.7.4)
    bool IsAcceptable(const TcpSegment& segment) const;

    // Timestamps

    /**
     * PAWS, RFC 7323 section 5.3.
     * @param value TSval of a segment
     * @param now current time
     * @return whether it is older than what has been seen
     */
    bool IsOld(uint32_t value, Time now) const;

    /// The peer's SYN carried timestamps. @param value its TSval @param now current time
    void StartTimestamps(uint32_t value, Time now);

    /// Remember TSval if section 4.3 says so. @param segment an acceptable segment
    /// @param now current time
    void OnTimestamp(const TcpSegment& segment, Time now);

    /// @return TS.Recent
    uint32_t GetRecentTimestamp() const
    {
        return m_recentTimestamp;
    }

    // Data

    /**
     * Take a segment's data.
     * @tparam F callable with (uint64_t subflowOffset, Ptr<Packet> data), returns whether to go on
     * @param segment an acceptable segment
     * @param payload its payload
     * @param deliver called for what is in order now
     */
    template <typename F>
    void Insert(const TcpSegment& segment, Ptr<Packet> payload, F&& deliver)
    {
        payload = Prepare(segment, payload);
        if (!payload)
        {
            return;
        }
        const uint32_t size = payload->GetSize();
        if (m_first == m_next && m_ahead.Empty())
        {
            const uint64_t offset = m_offset;
            m_next += size;
            m_offset += size;
            deliver(offset, payload);
            return;
        }
        if (m_ahead.Insert(m_first, payload, m_next) == 0)
        {
            OnDuplicate(m_first, m_first + static_cast<int32_t>(size));
        }
        bool goOn = true;
        m_ahead.Deliver(m_next,
                        [&](SequenceNumber32, Ptr<Packet> data)
                        {
                            const uint64_t offset = m_offset;
                            m_offset += data->GetSize();
                            goOn = goOn && deliver(offset, data);
                        });
    }

    /// A segment arrived that is not acceptable. If it is only a repetition, the peer is told so
    /// (RFC 2883). @param segment it
    void OnUnacceptable(const TcpSegment& segment);

    /// @param seq sequence number of the peer's FIN, acceptable
    void OnFin(SequenceNumber32 seq);

    /// Take the peer's FIN, if it is next. @return whether it was taken now
    bool TakeFin();

    // Acknowledgments

    /// A segment arrived that must be answered at once.
    void RequireAck()
    {
        m_need = AckNeed::NOW;
    }

    /// @return what is due
    AckNeed GetAckNeed() const
    {
        return m_need;
    }

    /// @return whether the peer must hear of a gap now, even if data is about to leave
    bool IsGapAckDue() const
    {
        return m_need == AckNeed::NOW && m_gap;
    }

    /// @return bytes of window that were offered and not used yet
    uint32_t GetOffered() const
    {
        return m_rightEdge > m_next ? static_cast<uint32_t>(m_rightEdge - m_next) : 0;
    }

    /// An ACK with RCV.NXT is about to leave.
    void OnAckSent();

    /**
     * @param blocks filled with SACK blocks: what arrived twice (RFC 2883), then what is ahead of
     * a gap, most recent first
     * @param most how many at most
     * @return how many
     */
    size_t GetSackBlocks(SackBlock* blocks, size_t most) const;

    /// @return whether there are SACK blocks
    bool HasSackBlocks() const
    {
        return !m_ahead.Empty() || m_duplicate;
    }

    /// @return segments so far that arrived ahead of a gap
    uint32_t GetOutOfOrder() const
    {
        return m_outOfOrder;
    }

    /// Forget the data.
    void Clear()
    {
        m_ahead.Clear();
    }

  private:
    /// Trim a segment to the window and decide on its acknowledgment; the first sequence number
    /// goes to m_first. @param segment it @param payload its payload @return what is left
    Ptr<Packet> Prepare(const TcpSegment& segment, Ptr<Packet> payload);

    /// What arrives again goes into the next ACK, if the peer is to be told. @param begin first
    /// sequence number @param end behind the last
    void OnDuplicate(SequenceNumber32 begin, SequenceNumber32 end);

    SequenceNumber32 m_irs{0};                 //!< initial receive sequence number
    SequenceNumber32 m_next{0};                //!< RCV.NXT
    SequenceNumber32 m_rightEdge{0};           //!< the highest one advertised
    SequenceNumber32 m_lastAck{0};             //!< Last.ACK.sent of RFC 7323
    SequenceNumber32 m_first{0};               //!< first byte of the segment in Insert()
    uint64_t m_offset{1};                      //!< of RCV.NXT from IRS, in 64 bits
    uint32_t m_recentTimestamp{0};             //!< TS.Recent
    Time m_recentAt;                           //!< when TS.Recent was last confirmed
    uint32_t m_delAckCount{2};                 //!< segments per ACK
    uint32_t m_unacked{0};                     //!< segments since the last ACK
    uint32_t m_quickAcks{0};                   //!< ACKs that will not be delayed
    uint32_t m_outOfOrder{0};                  //!< see GetOutOfOrder()
    AckNeed m_need{AckNeed::NONE};             //!< what is due
    bool m_gap{false};                         //!< ... because of a gap
    bool m_duplicateSack{true};                //!< see Start()
    bool m_finTaken{false};                    //!< the peer's FIN was in order
    std::optional<SequenceNumber32> m_fin;     //!< where the peer's FIN stands
    std::optional<SackBlock> m_duplicate;      //!< arrived twice since the last ACK
    ReassemblyQueue<SequenceNumber32> m_ahead; //!< what is ahead of a gap
};

} // namespace ns3

#endif // TCP_RECEIVER_H
