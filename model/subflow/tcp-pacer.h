// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_PACER_H
#define TCP_PACER_H

#include "ns3/data-rate.h"
#include "ns3/lazy-timer.h"
#include "ns3/nstime.h"

#include <cstdint>
#include <functional>

namespace ns3
{

/**
 * @ingroup mptcp
 * Lets segments leave at a rate instead of in bursts: after each one comes the time that its
 * payload takes at that rate.
 */
class TcpPacer
{
  public:
    /// @param ready what to call when the next segment may leave
    explicit TcpPacer(std::function<void()> ready);

    /// @return whether a segment may leave now
    bool MaySend() const;

    /// A segment leaves. @param bytes its payload @param rate pacing rate; 0: no limit
    void OnSend(uint32_t bytes, DataRate rate);

    /// Never call again.
    void Stop();

  private:
    LazyTimer m_timer; //!< when the next segment may leave
    Time m_next;       //!< the same time
};

} // namespace ns3

#endif // TCP_PACER_H
