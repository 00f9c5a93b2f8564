// SPDX-License-Identifier: GPL-2.0-only
#ifndef SPLITTING_BOX_H
#define SPLITTING_BOX_H

#include "middlebox.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Splits segments, as segmentation offload does. RFC 8684 section 6: that "might copy options
 * between packets and might strip some options", which attributes say.
 */
class SplittingBox : public DirectedMiddlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Receive(Direction way, TcpFrame frame) override;

    /// @param frame a segment @param size bytes of payload at most, not 0
    /// @return its pieces with the same options; PSH and FIN are on the last one
    static std::vector<TcpFrame> Split(const TcpFrame& frame, size_t size);

  private:
    uint32_t m_size{536};    //!< bytes of payload
    bool m_firstKeeps{true}; //!< the first piece has the options
    bool m_othersKeep{true}; //!< the other pieces have them
};

} // namespace ns3

#endif // SPLITTING_BOX_H
