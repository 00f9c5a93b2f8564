// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-undo.h"

namespace ns3
{

void
TcpUndo::Begin(bool timeout,
               SequenceNumber32 una,
               SequenceNumber32 next,
               Time now,
               bool probed,
               const Signs& signs)
{
    m_timeout = timeout;
    m_eifel = signs.timestamps;
    m_test = timeout && signs.untouched ? Test::WAITING : Test::OFF;
    // A probe that repeated a segment is one of those whose duplicates are counted.
    m_repeats = signs.duplicates && probed ? 1 : 0;
    m_countRepeats = signs.duplicates;
    m_began = now;
    m_una = una;
    m_recover = next;
    m_retransmitted = false;
}

void
TcpUndo::OnTimeoutAgain()
{
    m_test = Test::OFF;
}

void
TcpUndo::OnRetransmit(SequenceNumber32 end, Time now)
{
    if (!m_retransmitted)
    {
        m_retransmitted = true;
        m_firstEnd = end;
        m_firstSent = now;
    }
    m_repeats += m_countRepeats ? 1 : 0;
}

void
TcpUndo::Finish()
{
    m_eifel = false;
    m_test = Test::OFF;
    m_repeats = 0;
    m_countRepeats = false;
}

TcpUndo::Verdict
TcpUndo::OnAck(const Ack& ack)
{
    if (ack.repeated && m_repeats > 0 && ack.repeated->begin >= m_una &&
        ack.repeated->end <= m_recover && --m_repeats == 0)
    {
        return Verdict::SPURIOUS;
    }
    if (m_eifel && m_retransmitted && ack.advanced && ack.ack >= m_firstEnd)
    {
        // RFC 3522 section 3.2 steps 4 to 6: the first acceptable ACK decides. A duplicate is
        // answered with an old time stamp too, when only ACKs had been lost.
        m_eifel = false;
        if (!ack.repeated && ack.echoed && m_firstSent >= *ack.echoed + MilliSeconds(1))
        {
            return Verdict::BY_TIMESTAMP;
        }
    }
    return m_test == Test::OFF ? Verdict::NONE : TestUntouched(ack);
}

TcpUndo::Verdict
TcpUndo::TestUntouched(const Ack& ack)
{
    const bool untouched = ack.untouchedSent && *ack.untouchedSent < m_began;
    if (m_test == Test::WAITING)
    {
        if (!ack.advanced)
        {
            return Verdict::NONE;
        }
        if (ack.ack >= m_recover)
        {
            m_test = Test::OFF;
            return Verdict::NO_TEST;
        }
        m_test = Test::SENDING;
        return Verdict::TEST;
    }
    if (ack.highest > m_recover || (ack.duplicate && !untouched))
    {
        m_test = Test::OFF;
        return Verdict::NO_TEST;
    }
    // Nothing but the first segment has been sent again: this one is of before the time-out.
    return untouched ? Verdict::SPURIOUS : Verdict::NONE;
}

bool
TcpUndo::OnTestSent(bool sent)
{
    m_test = sent ? Test::SENT : Test::OFF;
    return sent;
}

} // namespace ns3
