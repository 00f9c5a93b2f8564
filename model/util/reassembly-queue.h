// SPDX-License-Identifier: GPL-2.0-only
#ifndef REASSEMBLY_QUEUE_H
#define REASSEMBLY_QUEUE_H

#include "ns3/packet.h"

#include <cstdint>
#include <list>
#include <map>
#include <utility>

namespace ns3
{

/**
 * @ingroup mptcp
 * Bytes that arrived ahead of a gap, of a subflow or of a connection. What is contiguous is held
 * as one run; an insertion costs the same whatever is in the queue, but for one logarithmic
 * look-up when it does not continue the run touched last.
 *
 * @tparam Seq a SequenceNumber type; all that is held must lie within half of its range
 */
template <typename Seq>
class ReassemblyQueue
{
  public:
    ReassemblyQueue() = default;
    ReassemblyQueue(const ReassemblyQueue&) = delete;
    ReassemblyQueue& operator=(const ReassemblyQueue&) = delete;

    /**
     * Hold what is new of some data.
     * @param begin sequence number of its first byte
     * @param data the bytes
     * @param next the next byte in order: nothing below it is held
     * @return how many bytes are new
     */
    uint32_t Insert(Seq begin, Ptr<Packet> data, Seq next)
    {
        const Seq end = begin + data->GetSize();
        Seq cursor = begin < next ? next : begin;
        if (!(cursor < end))
        {
            return 0;
        }
        auto run = FindRun(cursor);
        uint32_t added = 0;
        while (true)
        {
            if (run == m_runs.end() || run->second.end < cursor)
            {
                run = m_runs.emplace(cursor, Run{cursor, {}, {}}).first;
                m_recent.push_front(run);
                run->second.recency = m_recent.begin();
            }
            if (cursor < run->second.end)
            {
                cursor = run->second.end;
            }
            if (!(cursor < end))
            {
                break;
            }
            const auto following = std::next(run);
            const bool meets = following != m_runs.end() && !(end < following->first);
            const Seq pieceEnd = meets ? following->first : end;
            const auto size = static_cast<uint32_t>(pieceEnd - cursor);
            const auto offset = static_cast<uint32_t>(cursor - begin);
            Run& into = run->second;
            into.pieces.emplace_back(
                cursor, size == data->GetSize() ? data : data->CreateFragment(offset, size));
            into.end = pieceEnd;
            added += size;
            if (meets)
            {
                into.pieces.splice(into.pieces.end(), following->second.pieces);
                into.end = following->second.end;
                m_recent.erase(following->second.recency);
                m_runs.erase(following);
            }
        }
        m_recent.splice(m_recent.begin(), m_recent, run->second.recency);
        m_bytes += added;
        return added;
    }

    /**
     * Hand out what is in order now, and forget what lies below.
     * @tparam F callable with (Seq begin, Ptr<Packet> data)
     * @param next the next byte in order; it moves on before each call
     * @param deliver called for each piece, in order; it may insert into the queue or clear it
     */
    template <typename F>
    void Deliver(Seq& next, F&& deliver)
    {
        while (!m_runs.empty() && !(next < m_runs.begin()->first))
        {
            auto first = m_runs.begin();
            auto pieces = std::move(first->second.pieces);
            m_bytes -= static_cast<uint64_t>(first->second.end - first->first);
            m_recent.erase(first->second.recency);
            m_runs.erase(first);
            for (auto& [begin, data] : pieces)
            {
                const uint32_t size = data->GetSize();
                const Seq end = begin + size;
                if (!(next < end))
                {
                    continue;
                }
                const auto skip = static_cast<uint32_t>(next - begin);
                const Seq at = next;
                next = end;
                deliver(at, skip == 0 ? data : data->CreateFragment(skip, size - skip));
            }
        }
    }

    /**
     * Visit the runs, the one that received data most recently first (RFC 2018 section 4).
     * @tparam F callable with (Seq begin, Seq end), returns false to stop
     * @param visit called for each run
     */
    template <typename F>
    void VisitRecent(F&& visit) const
    {
        for (const auto& run : m_recent)
        {
            if (!visit(run->first, run->second.end))
            {
                return;
            }
        }
    }

    /// @return bytes held
    uint64_t GetBytes() const
    {
        return m_bytes;
    }

    /// @return number of runs
    size_t GetRuns() const
    {
        return m_runs.size();
    }

    /// @return whether nothing is held
    bool Empty() const
    {
        return m_runs.empty();
    }

    /// Forget everything.
    void Clear()
    {
        m_recent.clear();
        m_runs.clear();
        m_bytes = 0;
    }

  private:
    struct Run;
    using RunMap = std::map<Seq, Run>;                       //!< runs by their first byte
    using RecentList = std::list<typename RunMap::iterator>; //!< last touched first

    /// Contiguous bytes.
    struct Run
    {
        Seq end;                                       //!< behind the last byte
        std::list<std::pair<Seq, Ptr<Packet>>> pieces; //!< what it consists of
        typename RecentList::iterator recency;         //!< where it stands in m_recent
    };

    /// @param at a sequence number @return the last run that begins at or below it, or end()
    typename RunMap::iterator FindRun(Seq at)
    {
        if (!m_recent.empty())
        {
            const auto hint = m_recent.front();
            if (!(at < hint->first))
            {
                const auto following = std::next(hint);
                if (following == m_runs.end() || at < following->first)
                {
                    return hint;
                }
            }
        }
        auto above = m_runs.upper_bound(at);
        return above == m_runs.begin() ? m_runs.end() : std::prev(above);
    }

    RunMap m_runs;       //!< the runs; no two touch each other
    RecentList m_recent; //!< their order in time; its front is the hint
    uint64_t m_bytes{0}; //!< bytes held
};

} // namespace ns3

#endif // REASSEMBLY_QUEUE_H
