// SPDX-License-Identifier: GPL-2.0-only
#include "tcp-rate-sampler.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(TcpRateSampler);

namespace
{
/// Transmissions that are remembered at first.
constexpr size_t FIRST_SIZE = 16;
} // namespace

TypeId
TcpRateSampler::GetTypeId()
{
    static TypeId tid = TypeId("ns3::TcpRateSampler")
                            .SetParent<TcpRateOps>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<TcpRateSampler>();
    return tid;
}

void
TcpRateSampler::OnSent(uint64_t index, uint64_t first, bool idle)
{
    if (index - first >= m_ring.size())
    {
        size_t size = std::max(m_ring.size() * 2, FIRST_SIZE);
        while (size <= index - first)
        {
            size *= 2;
        }
        std::vector<Snapshot> larger(size);
        for (uint64_t i = first; i < first + m_ring.size(); ++i)
        {
            larger[i & (size - 1)] = At(i);
        }
        m_ring.swap(larger);
    }
    if (idle)
    {
        m_rate.m_firstSentTime = Simulator::Now();
        m_rate.m_deliveredTime = Simulator::Now();
    }
    Snapshot& snapshot = At(index);
    snapshot.known = true;
    snapshot.delivered = m_rate.m_delivered;
    snapshot.deliveredAt = m_rate.m_deliveredTime;
    snapshot.firstSent = m_rate.m_firstSentTime;
    snapshot.appLimited = m_rate.m_appLimited != 0;
}

void
TcpRateSampler::OnDelivered(uint64_t index, uint32_t bytes, Time sent)
{
    m_rate.m_delivered += bytes;
    m_rate.m_deliveredTime = Simulator::Now();
    if (m_ring.empty() || !At(index).known)
    {
        return; // sent before anyone measured
    }
    const Snapshot& snapshot = At(index);
    if (!m_hasSample || snapshot.delivered >= m_sample.m_priorDelivered)
    {
        m_hasSample = true;
        m_sample.m_priorDelivered = static_cast<uint32_t>(snapshot.delivered);
        m_sample.m_priorTime = snapshot.deliveredAt;
        m_sample.m_isAppLimited = snapshot.appLimited;
        m_sample.m_sendElapsed = sent - snapshot.firstSent;
        m_sample.m_ackElapsed = m_rate.m_deliveredTime - snapshot.deliveredAt;
        m_rate.m_firstSentTime = sent;
    }
    m_rate.m_txItemDelivered = static_cast<uint32_t>(snapshot.delivered);
    At(index).known = false;
}

void
TcpRateSampler::SetAppLimited(uint32_t inFlight)
{
    m_rate.m_appLimited =
        static_cast<uint32_t>(std::max<uint64_t>(m_rate.m_delivered + inFlight, 1));
}

const TcpRateOps::TcpRateSample&
TcpRateSampler::GenerateSample(
    uint32_t delivered, uint32_t lost, bool reneged, uint32_t priorInFlight, const Time& minRtt)
{
    if (m_rate.m_appLimited != 0 && m_rate.m_delivered > m_rate.m_appLimited)
    {
        m_rate.m_appLimited = 0;
    }
    m_sample.m_ackedSacked = delivered;
    m_sample.m_bytesLoss = lost;
    m_sample.m_priorInFlight = priorInFlight;
    const Time interval = std::max(m_sample.m_sendElapsed, m_sample.m_ackElapsed);
    const bool valid =
        m_hasSample && !reneged && interval >= minRtt && interval.IsStrictlyPositive();
    m_hasSample = false;
    if (!valid)
    {
        // Rate and prior count stay: to an algorithm that looks at them this is the same round.
        m_sample.m_delivered = -1;
        m_sample.m_interval = Time(0);
        m_sample.m_priorTime = Time(0);
        return m_sample;
    }
    m_sample.m_interval = interval;
    m_sample.m_delivered =
        static_cast<int32_t>(static_cast<uint32_t>(m_rate.m_delivered) - m_sample.m_priorDelivered);
    m_sample.m_deliveryRate =
        DataRate(static_cast<uint64_t>(m_sample.m_delivered * 8.0 / interval.GetSeconds()));
    // The last rate, or the highest, that was not limited by the application.
    if (!m_sample.m_isAppLimited ||
        double(m_sample.m_delivered) * m_rate.m_rateInterval.GetSeconds() >=
            double(m_rate.m_rateDelivered) * interval.GetSeconds())
    {
        m_rate.m_rateDelivered = m_sample.m_delivered;
        m_rate.m_rateInterval = interval;
        m_rate.m_rateAppLimited = m_sample.m_isAppLimited;
    }
    return m_sample;
}

const TcpRateOps::TcpRateConnection&
TcpRateSampler::GetConnectionRate()
{
    return m_rate;
}

void
TcpRateSampler::SkbSent(TcpTxItem* /* item */, bool /* isStartOfTransmission */)
{
}

void
TcpRateSampler::SkbDelivered(TcpTxItem* /* item */)
{
}

void
TcpRateSampler::CalculateAppLimited(uint32_t cWnd,
                                    uint32_t inFlight,
                                    uint32_t segmentSize,
                                    const SequenceNumber32& tailSeq,
                                    const SequenceNumber32& nextTx,
                                    const uint32_t lostOut,
                                    const uint32_t retransOut)
{
    if (tailSeq - nextTx < static_cast<int32_t>(segmentSize) && inFlight < cWnd &&
        lostOut <= retransOut)
    {
        SetAppLimited(inFlight);
    }
}

} // namespace ns3
