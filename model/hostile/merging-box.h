// SPDX-License-Identifier: GPL-2.0-only
#ifndef MERGING_BOX_H
#define MERGING_BOX_H

#include "middlebox.h"

#include "ns3/event-id.h"
#include "ns3/nstime.h"

#include <array>
#include <unordered_map>

namespace ns3
{

/**
 * @ingroup mptcp
 * Merges segments that follow each other, and keeps the options of one of them only (RFC 8684
 * section 6: boxes may "drop options during segment coalescing").
 */
class MergingBox : public DirectedMiddlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Receive(Direction way, TcpFrame frame) override;

  protected:
    void DoDispose() override;

  private:
    /// A segment that waits for the next one.
    struct Held
    {
        TcpFrame frame;  //!< it
        EventId release; //!< when it goes on anyway
    };

    /// @param held waits @param frame arrives @return whether they can become one
    bool Fits(const TcpFrame& held, const TcpFrame& frame) const;
    /// @param held takes up @param frame arrived
    void Merge(TcpFrame& held, TcpFrame& frame) const;
    /// Let a segment go that waits, if there is one. @param way of it @param flow its connection
    void Release(Direction way, const TcpTuple& flow);

    uint32_t m_size{1400};                                                  //!< bytes of payload
    Time m_timeout;                                                         //!< how long to wait
    bool m_lastKeeps{false};                                                //!< options of the last
    std::array<std::unordered_map<TcpTuple, Held, TcpTupleHash>, 2> m_held; //!< by direction
};

} // namespace ns3

#endif // MERGING_BOX_H
