// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_TRACEROUTE_H
#define SRV6_TRACEROUTE_H

#include "srv6-probe.h"

namespace ns3
{

/// What probes with one hop limit have met.
struct Srv6Hop
{
    uint8_t hopLimit{0};                                //!< of the probes
    std::vector<std::optional<Srv6ProbeAnswer>> probes; //!< each one's answer; nothing if lost
};

/**
 * Write a hop as RFC 9259 figure 3 does: who answered and after how long, and what the destination
 * and the Segment Routing Header of the probe were there.
 * @param os where to
 * @param hop it
 * @return os
 */
std::ostream& operator<<(std::ostream& os, const Srv6Hop& hop);

/**
 * @ingroup mptcp
 * Finds the nodes on the way to an address or a SID, through segments if wanted (RFC 9259 appendix
 * A.2): probes with a hop limit of 1, 2 and so on, until one is answered by something else than
 * Time Exceeded. Routers need no segment routing to answer. A SID answers a datagram while the
 * attribute AllowTraceroute of its node's Srv6Protocol is true.
 */
class Srv6Traceroute : public Srv6Probe
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    Srv6Traceroute();
    ~Srv6Traceroute() override;

    /// @return the hops so far
    const std::vector<Srv6Hop>& GetHops() const;
    /// @return whether the destination has answered
    bool IsReached() const;

    /// Write the results so far. @param os where to
    void Print(std::ostream& os) const override;

    /// TracedCallback signature of Hop. @param hop all probes of a hop limit
    typedef void (*HopTracedCallback)(const Srv6Hop& hop);

  protected:
    void DoDispose() override;

  private:
    // Srv6Probe
    void Begin() override;
    void End() override;
    void OnAnswer(const Srv6ProbeAnswer& answer) override;
    void OnLost(uint16_t sequence) override;

    /// Send the next probe.
    void SendNext();
    /// Note what has become of the last probe, and go on. @param answer to it; nothing if lost
    void Note(const std::optional<Srv6ProbeAnswer>& answer);

    uint8_t m_maxHops{30};                     //!< MaxHops
    uint32_t m_probesPerHop{3};                //!< ProbesPerHop
    bool m_echo{false};                        //!< EchoRequests
    uint16_t m_sequence{0};                    //!< of the next probe
    EventId m_next;                            //!< of the next probe
    std::vector<Srv6Hop> m_hops;               //!< see GetHops()
    TracedCallback<const Srv6Hop&> m_hopTrace; //!< Hop
};

} // namespace ns3

#endif // SRV6_TRACEROUTE_H
