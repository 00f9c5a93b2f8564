// SPDX-License-Identifier: GPL-2.0-only
// Time-outs and recoveries of a TcpSubflow that turn out to have been spurious: what was held to be
// lost had only been late (RFC 3522, RFC 4015, RFC 5682).
#include "tcp-subflow.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

namespace
{
/// New segments that leave in place of retransmissions (RFC 5682 section 2.1 step 2b).
constexpr uint32_t TEST_SEGMENTS = 2;
} // namespace

void
TcpSubflow::BeginRecovery(bool timeout)
{
    TcpUndo::Signs signs;
    signs.timestamps = m_settings->m_eifel && m_timestamps;
    signs.duplicates = m_settings->m_duplicateUndo && m_sack;
    signs.untouched = m_settings->m_frto;
    const bool probed = m_probeEnd && m_probeRepeats;
    if (probed && signs.duplicates)
    {
        // A probe that had to be cut is reported more than once, but counts once.
        const uint32_t most = GetMaxPayload();
        m_scoreboard.Visit(
            [&](const TcpScoreboard::Record& record)
            {
                const bool cut = record.GetEnd() == *m_probeEnd && record.length > most;
                signs.duplicates = signs.duplicates && !cut;
            });
    }
    m_undo.Begin(timeout, m_una, m_next, Simulator::Now(), probed, signs);
    m_probeEnd.reset();
}

TcpUndo::Verdict
TcpSubflow::JudgeRecovery(const TcpSegment& segment,
                          const TcpScoreboard::Conditions& conditions,
                          const std::optional<SackBlock>& reported,
                          const TcpScoreboard::AckResult& result,
                          bool advanced,
                          bool duplicate)
{
    TcpUndo::Ack ack;
    ack.advanced = advanced;
    ack.duplicate = duplicate;
    ack.echoed = conditions.echoed;
    ack.repeated = conditions.needless ? reported : std::nullopt;
    ack.ack = segment.ack;
    ack.highest = segment.ack;
    for (const auto& block : segment.sack)
    {
        ack.highest = std::max(ack.highest, block.end);
    }
    if (result.rtt)
    {
        ack.untouchedSent = Simulator::Now() - *result.rtt;
    }
    const auto verdict = m_undo.OnAck(ack);
    if (verdict == TcpUndo::Verdict::TEST)
    {
        m_testRoom = TEST_SEGMENTS * m_congestion->GetState()->m_segmentSize;
    }
    else if (TcpUndo::IsSpurious(verdict))
    {
        if (m_undo.IsTimeout())
        {
            m_adaptFrom = m_next;
        }
        m_scoreboard.Undo(!m_undo.IsTimeout());
        m_congestion->Undo();
        m_undo.Finish();
    }
    return verdict;
}

void
TcpSubflow::EndTestRoom()
{
    const bool sent = m_testRoom < TEST_SEGMENTS * m_congestion->GetState()->m_segmentSize;
    m_testRoom = 0;
    if (!m_undo.OnTestSent(sent) && IsSynchronized())
    {
        TransmitLost(false);
    }
}

void
TcpSubflow::OnRttSample(Time rtt, SequenceNumber32 ack)
{
    if (m_adaptFrom && ack > *m_adaptFrom)
    {
        m_adaptFrom.reset();
        m_rto->Adapt(rtt);
        return;
    }
    m_rto->OnSample(rtt);
}

} // namespace ns3
