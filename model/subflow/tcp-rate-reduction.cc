// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-rate-reduction.h"

#include <algorithm>

namespace ns3
{

void
TcpRateReduction::Begin(uint32_t flight, uint32_t threshold)
{
    m_flight = std::max<uint32_t>(flight, 1);
    m_threshold = threshold;
    m_delivered = 0;
    m_sent = 0;
}

uint32_t
TcpRateReduction::OnAck(uint32_t delivered, uint32_t inFlight, bool safe, uint32_t segmentSize)
{
    m_delivered += delivered;
    int64_t room = 0;
    if (inFlight > m_threshold)
    {
        // For each byte that leaves the network ssthresh / RecoverFS of one enters it.
        const uint64_t share = uint64_t(m_threshold) * m_delivered;
        room = static_cast<int64_t>((share + m_flight - 1) / m_flight) - m_sent;
    }
    else
    {
        // Conservative (PRR-CRB), or as in slow start while the recovery makes progress (PRR-SSRB).
        room = std::max<int64_t>(int64_t(m_delivered) - m_sent, delivered);
        room += safe ? segmentSize : 0;
        room = std::min<int64_t>(room, int64_t(m_threshold) - inFlight);
    }
    // The fast retransmission leaves in any case.
    room = std::max<int64_t>(room, m_sent == 0 ? segmentSize : 0);
    return inFlight + static_cast<uint32_t>(room);
}

} // namespace ns3
