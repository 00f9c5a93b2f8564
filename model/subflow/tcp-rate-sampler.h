// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_RATE_SAMPLER_H
#define TCP_RATE_SAMPLER_H

#include "ns3/nstime.h"
#include "ns3/tcp-rate-ops.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Measures the delivery rate (draft-cheng-iccrg-delivery-rate-estimation) for congestion controls
 * that have a CongControl(). A TcpScoreboard tells it of transmissions and deliveries by the
 * numbers of its records; what it remembers of a transmission is kept here, so that a scoreboard
 * without a sampler has nothing to carry.
 */
class TcpRateSampler : public TcpRateOps
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * A segment is sent, for the first time or again.
     * @param index its record
     * @param first the first record that is still held
     * @param idle nothing is in flight
     */
    void OnSent(uint64_t index, uint64_t first, bool idle);

    /**
     * A segment was delivered that was not known to be.
     * @param index its record
     * @param bytes its payload
     * @param sent when it left last
     */
    void OnDelivered(uint64_t index, uint32_t bytes, Time sent);

    /// There is less to send than may be sent. It overrides TcpRateOps::SetAppLimited(), where a
    /// release has it. @param inFlight payload bytes in flight
    virtual void SetAppLimited(uint32_t inFlight);

    // TcpRateOps
    const TcpRateSample& GenerateSample(uint32_t delivered,
                                        uint32_t lost,
                                        bool reneged,
                                        uint32_t priorInFlight,
                                        const Time& minRtt) override;
    const TcpRateConnection& GetConnectionRate() override;
    void SkbSent(TcpTxItem* item, bool isStartOfTransmission) override;
    void SkbDelivered(TcpTxItem* item) override;
    void CalculateAppLimited(uint32_t cWnd,
                             uint32_t inFlight,
                             uint32_t segmentSize,
                             const SequenceNumber32& tailSeq,
                             const SequenceNumber32& nextTx,
                             const uint32_t lostOut,
                             const uint32_t retransOut) override;

  private:
    /// What is remembered of a transmission.
    struct Snapshot
    {
        uint64_t delivered{0};  //!< P.delivered: bytes delivered when it left
        Time deliveredAt;       //!< P.delivered_time: of the last of them
        Time firstSent;         //!< P.first_sent_time: begin of the sending interval
        bool known{false};      //!< sent, and its delivery has not been counted
        bool appLimited{false}; //!< P.is_app_limited
    };

    /// @param index of a record that has been sent @return what is remembered
    Snapshot& At(uint64_t index)
    {
        return m_ring[index & (m_ring.size() - 1)];
    }

    std::vector<Snapshot> m_ring; //!< by record; none, or a power of two of them
    TcpRateConnection m_rate;     //!< of the connection
    TcpRateSample m_sample;       //!< of the present ACK
    bool m_hasSample{false};      //!< something was delivered since the last one
};

} // namespace ns3

#endif // TCP_RATE_SAMPLER_H
