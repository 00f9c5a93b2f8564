// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_LINUX_DEFAULT_H
#define MPTCP_LINUX_DEFAULT_H

#include "mptcp-scheduler.h"

#include "ns3/nstime.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * The default scheduler of Linux since 5.19: the subflow that would need the least time, at its
 * pacing rate, to flush what it has taken and the peer has not acknowledged. If that one has no
 * room nobody sends. It gets up to 65,428 bytes before the next choice. It is meant for subflows
 * that have send buffers (MptcpSocket::SubflowSendBuffer).
 */
class MptcpLinuxDefault : public MptcpScheduler
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    MptcpSubflow* Select(const std::vector<Candidate>& candidates, const Demand& demand) override;

    /// @param subflow it @return bytes/s at which Linux would pace it
    static double GetPacingRate(const MptcpSubflow& subflow);

  private:
    /// How fast a subflow is believed to be.
    struct Pace
    {
        Ptr<const MptcpSubflow> subflow; //!< compared only; held, so that no other gets its place
        double rate{0};                  //!< bytes/s, averaged over what it was given
    };

    /// @param subflow a candidate @return its average
    Pace& Find(const MptcpSubflow* subflow);

    std::vector<Pace> m_paces;        //!< of living ones that have been candidates
    Ptr<const MptcpSubflow> m_chosen; //!< who was chosen last; compared only
    uint32_t m_burst{0};              //!< bytes that it may still get
    Time m_chosenAt;                  //!< when: a burst ends with what one event sends
};

} // namespace ns3

#endif // MPTCP_LINUX_DEFAULT_H
