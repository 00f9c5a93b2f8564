// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_TIME_WAIT_TABLE_H
#define TCP_TIME_WAIT_TABLE_H

#include "ns3/tcp-output.h"
#include "ns3/tcp-segment.h"
#include "ns3/tcp-tuple.h"

#include <deque>
#include <unordered_map>

namespace ns3
{

/**
 * @ingroup mptcp
 * The TCPs of a node that are in TIME_WAIT (RFC 9293 section 3.6.1). No event waits for the end of
 * an entry: times are compared when a segment arrives and when a port is looked for.
 */
class TcpTimeWaitTable
{
  public:
    /// What to do with a segment.
    enum class Verdict
    {
        FREE,   //!< nobody is in TIME_WAIT on this tuple (any more)
        DROP,   //!< forget the segment
        ANSWER, //!< acknowledge what the entry says
    };

    /// @param entry a TCP that has entered TIME_WAIT now
    void Add(const TcpOutput::TimeWait& entry);

    /// @param tuple a tuple @return its entry if it is in TIME_WAIT now, or nullptr
    const TcpOutput::TimeWait* Find(const TcpTuple& tuple);

    /**
     * A segment arrived (RFC 9293 section 3.10.7.4, with the rules of RFC 6191 for a new SYN).
     * @param tuple whose segment
     * @param segment it
     * @return what to do
     */
    Verdict Check(const TcpTuple& tuple, const TcpSegment& segment);

    /// @return number of entries whose time is not over
    size_t GetSize();

    /// @return number of times to look at an entry that are to come
    size_t GetPending() const
    {
        return m_expiries.size();
    }

    /// Forget all.
    void Clear();

  private:
    /// An entry.
    struct Entry
    {
        TcpOutput::TimeWait values; //!< what the TCP left
        Time length;                //!< of TIME_WAIT, from its beginning
        Time looked;                //!< when its one Expiry is due; others are of former TCPs
    };

    /// When an entry may be over.
    struct Expiry
    {
        Time expires;   //!< when, unless it was started again
        TcpTuple tuple; //!< which
    };

    /// Forget entries whose time is over.
    void Purge();

    std::unordered_map<TcpTuple, Entry, TcpTupleHash> m_entries; //!< by tuple
    std::deque<Expiry> m_expiries; //!< in the order of entry, which is that of expiry but for
                                   //!< connections with different lengths
};

} // namespace ns3

#endif // TCP_TIME_WAIT_TABLE_H
