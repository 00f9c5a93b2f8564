// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_UNDO_H
#define TCP_UNDO_H

#include "ns3/nstime.h"
#include "ns3/tcp-segment.h"

#include <cstdint>
#include <optional>

namespace ns3
{

/**
 * @ingroup mptcp
 * Finds out that a recovery or a time-out was spurious: that the data had only been late. Three
 * signs tell it, each of which can be left out: the peer's time stamps (Eifel, RFC 3522), its
 * reports of duplicates (RFC 2883; all retransmissions came twice), and what a time-out leaves
 * untouched and is acknowledged all the same (F-RTO, RFC 5682).
 */
class TcpUndo
{
  public:
    /// Which signs are looked for.
    struct Signs
    {
        bool timestamps{false}; //!< Eifel detection: time stamps are in use
        bool duplicates{false}; //!< the peer reports duplicates (D-SACK)
        bool untouched{false};  //!< F-RTO, after time-outs
    };

    /// What an ACK told.
    struct Ack
    {
        SequenceNumber32 ack{0};     //!< cumulative acknowledgment
        SequenceNumber32 highest{0}; //!< behind the last byte that it acknowledges, SACK included
        bool advanced{false};        //!< it acknowledges cumulatively what was not before
        bool duplicate{false};       //!< it is a duplicate ACK
        std::optional<Time> echoed;  //!< when the clock showed the TSval that it echoes
        std::optional<SackBlock> repeated; //!< what it reports to have arrived twice
        /// When the first segment left that it acknowledges and that was sent only once.
        std::optional<Time> untouchedSent;
    };

    /// What follows from an ACK.
    enum class Verdict : uint8_t
    {
        NONE,         //!< nothing
        TEST,         //!< two new segments may leave instead of retransmissions (RFC 5682 2.1 2b)
        NO_TEST,      //!< the test is over: retransmit what is lost
        BY_TIMESTAMP, //!< spurious: the first transmission has arrived after all
        SPURIOUS,     //!< spurious, by another sign
    };

    /**
     * Fast recovery begins, or a time-out outside of one.
     * @param timeout whether it is a time-out
     * @param una SND.UNA
     * @param next SND.NXT
     * @param now current time
     * @param probed a tail loss probe has repeated a segment and was not answered
     * @param signs which to look for
     */
    void Begin(bool timeout,
               SequenceNumber32 una,
               SequenceNumber32 next,
               Time now,
               bool probed,
               const Signs& signs);

    /// Another time-out comes before the recovery is over: F-RTO cannot tell any more.
    void OnTimeoutAgain();

    /// A segment is sent again. @param end behind its last byte @param now current time
    void OnRetransmit(SequenceNumber32 end, Time now);

    /// An ACK came. @param ack what it told @return what follows
    Verdict OnAck(const Ack& ack);

    /// New data has been sent, or none was there to be sent, after Verdict::TEST.
    /// @param sent whether any @return whether the test goes on
    bool OnTestSent(bool sent);

    /// It has been undone.
    void Finish();

    /// @param repeated whether an ACK reports a duplicate @return whether the ACK can tell anything
    bool Awaits(bool repeated) const
    {
        return m_eifel || m_test != Test::OFF || (repeated && m_repeats > 0);
    }

    /// @param verdict of an ACK @return whether the recovery was needless
    static bool IsSpurious(Verdict verdict)
    {
        return verdict == Verdict::BY_TIMESTAMP || verdict == Verdict::SPURIOUS;
    }

    /// @return whether it was a time-out
    bool IsTimeout() const
    {
        return m_timeout;
    }

    /// @return whether new data may leave for a test now: Verdict::TEST came
    bool IsTestOpen() const
    {
        return m_test == Test::SENDING;
    }

    /// @return whether retransmissions wait for the outcome of a test
    bool IsTesting() const
    {
        return m_test == Test::SENDING || m_test == Test::SENT;
    }

  private:
    /// Where F-RTO stands.
    enum class Test : uint8_t
    {
        OFF,     //!< not used, or over
        WAITING, //!< for an acknowledgment of the retransmission (step 2)
        SENDING, //!< of new data, at the end of step 2
        SENT,    //!< waiting for the outcome (step 3)
    };

    /// F-RTO. @param ack what an ACK told @return what follows
    Verdict TestUntouched(const Ack& ack);

    bool m_timeout{false};          //!< it was a time-out
    bool m_eifel{false};            //!< the echo for the first retransmission has not come yet
    Test m_test{Test::OFF};         //!< F-RTO
    bool m_countRepeats{false};     //!< duplicates are reported
    uint32_t m_repeats{0};          //!< retransmissions that have not been reported as duplicates
    Time m_began;                   //!< when
    SequenceNumber32 m_una{0};      //!< SND.UNA at the beginning
    SequenceNumber32 m_recover{0};  //!< SND.NXT at the beginning
    bool m_retransmitted{false};    //!< the first one has left
    SequenceNumber32 m_firstEnd{0}; //!< ... behind its last byte
    Time m_firstSent;               //!< ... when
};

} // namespace ns3

#endif // TCP_UNDO_H
