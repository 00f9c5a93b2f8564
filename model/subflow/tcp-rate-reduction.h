// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_RATE_REDUCTION_H
#define TCP_RATE_REDUCTION_H

#include <cstdint>

namespace ns3
{

/**
 * @ingroup mptcp
 * Proportional Rate Reduction (RFC 6937, RFC 9937): how many bytes may leave for those that an
 * acknowledgment in fast recovery says were delivered, so that the data in flight comes down to the
 * slow start threshold by the end of the recovery without a pause and without a burst.
 */
class TcpRateReduction
{
  public:
    /**
     * Fast recovery begins.
     * @param flight RecoverFS: bytes that may be delivered during the recovery
     * @param threshold ssthresh: bytes in flight to come down to
     */
    void Begin(uint32_t flight, uint32_t threshold);

    /// A data segment leaves. @param length its payload bytes
    void OnSend(uint32_t length)
    {
        m_sent += length;
    }

    /**
     * An acknowledgment was processed during the recovery, the one that began it included.
     * @param delivered payload bytes that it says have been delivered (DeliveredData)
     * @param inFlight payload bytes in flight after it
     * @param safe it is cumulative and tells of no further loss (SafeACK)
     * @param segmentSize payload bytes of a full segment
     * @return the congestion window in bytes
     */
    uint32_t OnAck(uint32_t delivered, uint32_t inFlight, bool safe, uint32_t segmentSize);

  private:
    uint32_t m_flight{1};    //!< RecoverFS
    uint32_t m_threshold{0}; //!< ssthresh
    uint32_t m_delivered{0}; //!< prr_delivered
    uint32_t m_sent{0};      //!< prr_out
};

} // namespace ns3

#endif // TCP_RATE_REDUCTION_H
