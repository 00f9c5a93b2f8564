// SPDX-License-Identifier: GPL-2.0-only
#ifndef HOLE_REFUSING_BOX_H
#define HOLE_REFUSING_BOX_H

#include "middlebox.h"

#include <array>
#include <optional>
#include <unordered_map>

namespace ns3
{

/**
 * @ingroup mptcp
 * A traffic normalizer that drops data behind a hole (RFC 8684 section 6: such boxes "may not
 * allow holes in sequence numbers").
 */
class HoleRefusingBox : public DirectedMiddlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Receive(Direction way, TcpFrame frame) override;

  private:
    /// Sequence number behind what has passed, by direction.
    using Edges = std::array<std::optional<uint32_t>, 2>;

    std::unordered_map<TcpTuple, Edges, TcpTupleHash> m_flows; //!< by connection
};

} // namespace ns3

#endif // HOLE_REFUSING_BOX_H
