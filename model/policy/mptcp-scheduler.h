// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SCHEDULER_H
#define MPTCP_SCHEDULER_H

#include "ns3/mptcp-subflow.h"
#include "ns3/object.h"

#include <algorithm>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Decides which subflow carries the next segment (RFC 8684 section 3.3.8 leaves it open).
 * One object per connection.
 */
class MptcpScheduler : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// A subflow that may carry data.
    struct Candidate
    {
        MptcpSubflow*
            subflow{}; //!< established, not stale, not closing; a backup only if no other is left
        uint32_t room{0};   //!< bytes that it can take now; with less than a segment it must wait
        uint32_t queued{0}; //!< bytes that it has taken and not sent yet (SubflowSendBuffer)
    };

    /// What is to be sent.
    struct Demand
    {
        uint32_t size{0};         //!< bytes of the next segment at most
        uint64_t pending{0};      //!< bytes that wait to be sent, this segment's included
        uint64_t window{0};       //!< the peer's receive window in bytes, from its last data ACK
        uint32_t windowStalls{0}; //!< how often that window has held data back so far
    };

    /**
     * @param candidates the subflows that may be used, in the order in which they were opened
     * @param demand what is to be sent
     * @return one whose room is at least a segment (its GetMaxPayload(), or the demand's size if
     * less), or nullptr to wait until an acknowledgment makes room
     */
    virtual MptcpSubflow* Select(const std::vector<Candidate>& candidates,
                                 const Demand& demand) = 0;

    /// @return whether each subflow also carries what the others have sent, until it is data-acked
    virtual bool SendsCopies() const
    {
        return false;
    }

  protected:
    /// @param candidate one of Select()'s @param demand as given to Select()
    /// @return whether it can send the segment now
    static bool HasRoom(const Candidate& candidate, const Demand& demand)
    {
        return candidate.room > 0 &&
               candidate.room >= std::min(demand.size, candidate.subflow->GetMaxPayload());
    }

    /**
     * The RTT that a segment sent now will see: the smoothed one. A subflow that holds nothing
     * counts with the shortest seen, as the queues behind its last sample have drained; by the
     * smoothed one it would stay idle for ever.
     * @param subflow which one
     * @return its RTT
     */
    static Time GetExpectedRtt(const MptcpSubflow& subflow)
    {
        return subflow.GetHeldBytes() == 0 ? subflow.GetMinRtt() : subflow.GetSmoothedRtt();
    }

    /// Who is fastest, and who could send now.
    struct FastestPair
    {
        MptcpSubflow* fastest{};   //!< with the lowest RTT, whether it has room or not
        MptcpSubflow* available{}; //!< the fastest that has room; nullptr if none has
        Time fastestRtt;           //!< GetExpectedRtt() of fastest
        Time availableRtt;         //!< ... of available
    };

    /// @param candidates as given to Select() @param demand as given to Select() @return the pair
    static FastestPair FindFastest(const std::vector<Candidate>& candidates, const Demand& demand);
};

/// The subflow with the lowest RTT that has room, as Linux up to version 5 chose.
class MptcpLowestRtt : public MptcpScheduler
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    MptcpSubflow* Select(const std::vector<Candidate>& candidates, const Demand& demand) override;
};

/// Each subflow in turn, one segment at a time; those without room are passed over.
class MptcpRoundRobin : public MptcpScheduler
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    MptcpSubflow* Select(const std::vector<Candidate>& candidates, const Demand& demand) override;

  private:
    /// Who had the last segment; compared only. Held, so that no other gets its place in memory.
    Ptr<const MptcpSubflow> m_last;
};

} // namespace ns3

#endif // MPTCP_SCHEDULER_H
