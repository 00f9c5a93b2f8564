// SPDX-License-Identifier: GPL-2.0-only
#ifndef WINDOW_SHRINKING_BOX_H
#define WINDOW_SHRINKING_BOX_H

#include "middlebox.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup mptcp
 * Makes receive windows smaller (RFC 8684 section 6: "the receive window may be shrunk by some
 * middleboxes at the subflow level").
 */
class WindowShrinkingBox : public DirectedMiddlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Receive(Direction way, TcpFrame frame) override;

  private:
    uint16_t m_maximum{64}; //!< of the field
};

} // namespace ns3

#endif // WINDOW_SHRINKING_BOX_H
