// SPDX-License-Identifier: GPL-2.0-only
#ifndef OPTION_REMOVING_BOX_H
#define OPTION_REMOVING_BOX_H

#include "middlebox.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Takes TCP options away, or drops the segments that carry them (RFC 8684 section 6: "strip
 * options and pass the data, drop packets with new options").
 */
class OptionRemovingBox : public DirectedMiddlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Receive(Direction way, TcpFrame frame) override;

  private:
    /// @param frame a segment @return whether the box looks at segments of its kind
    bool IsMeant(const TcpFrame& frame) const;
    /// @param option an option @return whether it is one to take away
    bool IsMeant(const TcpFrame::Option& option) const;

    bool m_syn{true};            //!< works on SYNs
    bool m_synAck{true};         //!< works on SYN/ACKs
    bool m_others{true};         //!< works on the other segments
    uint8_t m_kind{30};          //!< of options
    uint16_t m_subtypes{0xffff}; //!< of MPTCP options, a bit each
    bool m_unknown{false};       //!< all kinds that are not as old as TCP's extensions
    bool m_dropSegment{false};   //!< drop the segment instead
};

} // namespace ns3

#endif // OPTION_REMOVING_BOX_H
