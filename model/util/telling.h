// SPDX-License-Identifier: GPL-2.0-only
#ifndef TELLING_H
#define TELLING_H

#include <cstdint>

namespace ns3
{

/**
 * @ingroup mptcp
 * As long as one lives, others are being told of something that is not over yet: trace sinks, or
 * with a segment that is sent, IP. What a sink asks of a connection that could take something away
 * from under it, MptcpConnection::Close() for one, waits until the event is over; so does a segment
 * that arrives within, as IP delivers to the node's own addresses.
 */
class Telling
{
  public:
    Telling()
    {
        ++s_depth;
    }

    ~Telling()
    {
        --s_depth;
    }

    Telling(const Telling&) = delete;
    Telling& operator=(const Telling&) = delete;

    /// @return whether one lives
    static bool IsOn()
    {
        return s_depth > 0;
    }

  private:
    inline static uint32_t s_depth{0}; //!< how many live: a sink may cause what others are told of
};

} // namespace ns3

#endif // TELLING_H
