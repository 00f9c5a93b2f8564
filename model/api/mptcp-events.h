// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_EVENTS_H
#define MPTCP_EVENTS_H

#include "ns3/mptcp-path-event.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * The events of one socket that nobody has read yet (draft-hesmans-mptcp-socket-03, section 4).
 * The queue is bounded: the oldest event is lost, and the one that is the oldest then says so.
 */
class MptcpEventQueue
{
  public:
    /// @param kind of events @param on whether they are wanted
    void Subscribe(MptcpPathEvent::Kind kind, bool on);
    /// @param kind of events @return whether they are wanted
    bool IsSubscribed(MptcpPathEvent::Kind kind) const;
    /// @return whether any kind is wanted
    bool IsSubscribed() const;
    /// Take over what another queue is subscribed to. @param other of a listener
    void Inherit(const MptcpEventQueue& other);

    /// @param limit most events that are kept, at least 1
    void SetLimit(uint32_t limit);
    /// @return most events that are kept
    uint32_t GetLimit() const;

    /// @param event that happened @return whether it is wanted
    bool Push(const MptcpPathEvent& event);
    /// @return the oldest event, without taking it
    const MptcpPathEvent* Front() const;
    /// @param i a number below GetSize(), 0 for the oldest @return an event, without taking it
    const MptcpPathEvent& At(size_t i) const;
    /// Take the oldest events away. @param count how many
    void Pop(size_t count = 1);

    /// @return number of events that wait
    size_t GetSize() const
    {
        return m_events.size();
    }

    /**
     * @param event an event
     * @return its bytes, a structure of mptcp-api.h
     */
    static std::vector<uint8_t> Encode(const MptcpPathEvent& event);

  private:
    /// Keep to the limit.
    void Trim();

    std::deque<MptcpPathEvent> m_events; //!< the oldest first
    uint32_t m_limit{64};                //!< most events
    uint32_t m_subscribed{0};            //!< bits, by kind
};

} // namespace ns3

#endif // MPTCP_EVENTS_H
