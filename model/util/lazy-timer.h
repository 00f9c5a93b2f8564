// SPDX-License-Identifier: GPL-2.0-only
#ifndef LAZY_TIMER_H
#define LAZY_TIMER_H

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <functional>

namespace ns3
{

/**
 * @ingroup mptcp
 * A timer that has at most one event in the simulator. Moving its deadline to a later time and
 * cancelling it cost nothing: the event that is already pending finds out when it fires.
 */
class LazyTimer
{
  public:
    LazyTimer() = default;
    LazyTimer(const LazyTimer&) = delete;
    LazyTimer& operator=(const LazyTimer&) = delete;
    ~LazyTimer();

    /// @param expire what to call at the deadline
    void SetFunction(std::function<void()> expire);

    /// Set the deadline, whether one was set before or not. @param delay time from now on
    void Schedule(Time delay);

    /// Forget the deadline.
    void Cancel();

    /// Forget the deadline and take the event out of the simulator.
    void Stop();

    /// @return whether a deadline is set
    bool IsRunning() const
    {
        return m_running;
    }

    /// @return the deadline, if one is set
    Time GetDeadline() const
    {
        return m_deadline;
    }

  private:
    /// The event fired.
    void Fire();

    std::function<void()> m_expire; //!< what to call
    EventId m_event;                //!< the event, if m_pending
    Time m_deadline;                //!< when to call it, if m_running
    Time m_fires;                   //!< when the event fires, if m_pending
    bool m_running{false};          //!< a deadline is set
    bool m_pending{false};          //!< the event is in the simulator
};

} // namespace ns3

#endif // LAZY_TIMER_H
