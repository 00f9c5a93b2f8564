// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SCHEDULER_H
#define MPTCP_SCHEDULER_H

#include "ns3/mptcp-subflow.h"
#include "ns3/object.h"

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

    /// A subflow that may carry new data.
    struct Candidate
    {
        MptcpSubflow* subflow{}; //!< established, not stale, not closing; a backup only if no other is left
        uint32_t room{0};        //!< bytes that it can send now; below a full segment it must wait
    };

    /**
     * @param candidates the subflows that may be used, in the order in which they were opened
     * @param size bytes of the next segment at most
     * @return one whose room is at least a segment (its GetMaxPayload(), or size if less), or
     * nullptr to wait until an acknowledgment makes room
     */
    virtual MptcpSubflow* Select(const std::vector<Candidate>& candidates, uint32_t size) = 0;

  protected:
    /// @param candidate one of Select()'s @param size as given to Select()
    /// @return whether it can send the segment now
    static bool HasRoom(const Candidate& candidate, uint32_t size);
};

/**
 * The subflow with the lowest smoothed RTT that has room. One that holds nothing counts with the
 * shortest RTT seen: the queues behind its last sample have drained.
 */
class MptcpLowestRtt : public MptcpScheduler
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    MptcpSubflow* Select(const std::vector<Candidate>& candidates, uint32_t size) override;
};

/// Each subflow in turn, one segment at a time; those without room are passed over.
class MptcpRoundRobin : public MptcpScheduler
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    MptcpSubflow* Select(const std::vector<Candidate>& candidates, uint32_t size) override;

  private:
    const MptcpSubflow* m_last{nullptr}; //!< who had the last segment; compared only
};

} // namespace ns3

#endif // MPTCP_SCHEDULER_H
