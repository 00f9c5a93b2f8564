// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_PING_H
#define SRV6_PING_H

#include "srv6-probe.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Pings an address or a SID by ICMPv6, through segments if wanted (RFC 9259 appendix A.1). A SID
 * answers while the attribute AllowEchoRequest of its node's Srv6Protocol is true.
 */
class Srv6Ping : public Srv6Probe
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6Ping();
    ~Srv6Ping() override;

    /// @return number of Echo Requests so far
    uint32_t GetSent() const;
    /// @return number of Echo Replies to them
    uint32_t GetReceived() const;
    /// @return the shortest round-trip time; 0 without replies
    Time GetMinRtt() const;
    /// @return the mean round-trip time; 0 without replies
    Time GetMeanRtt() const;
    /// @return the longest round-trip time; 0 without replies
    Time GetMaxRtt() const;

    /// Write the results so far: for each Echo Request ! if it was answered, . if it is lost or
    /// under way, T time exceeded, U unreachable, P parameter problem, B packet too big.
    /// @param os where to
    void Print(std::ostream& os) const override;

  protected:
    void DoDispose() override;

  private:
    // Srv6Probe
    void Begin() override;
    void End() override;
    void OnAnswer(const Srv6ProbeAnswer& answer) override;
    void OnLost(uint16_t sequence) override;

    /// Send an Echo Request, and plan the next one.
    void SendNext();

    uint32_t m_count{5};    //!< Count
    Time m_interval;        //!< Interval
    uint8_t m_hopLimit{64}; //!< HopLimit
    EventId m_next;         //!< of the next one
    std::string m_marks;    //!< see Print()
    uint32_t m_received{0}; //!< see GetReceived()
    Time m_min;             //!< see GetMinRtt()
    Time m_max;             //!< see GetMaxRtt()
    Time m_sum;             //!< of round-trip times
};

} // namespace ns3

#endif // SRV6_PING_H
