// SPDX-License-Identifier: GPL-2.0-only
#ifndef ACKNOWLEDGING_BOX_H
#define ACKNOWLEDGING_BOX_H

#include "middlebox.h"

#include <array>
#include <cstdint>
#include <optional>
#include <unordered_map>

namespace ns3
{

/**
 * @ingroup mptcp
 * A performance-enhancing proxy that acknowledges data before the receiver does (RFC 8684 section
 * 6), with ACKs that have no options but timestamps. It keeps nothing: what is lost behind it is
 * lost for TCP. Hence it acknowledges nothing beyond the window of the receiver (RFC 9293 section
 * 3.8.6), which would not keep that, and promises no more window than the receiver.
 */
class AcknowledgingBox : public DirectedMiddlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    void Receive(Direction way, TcpFrame frame) override;

  private:
    /// One end of a connection.
    struct End
    {
        bool known{false};            //!< it has sent something
        uint32_t next{0};             //!< behind what it has sent without a hole, and the other
                                      //!< one has room for
        std::optional<uint8_t> shift; //!< window scale of its SYN
        uint8_t scale{0};             //!< of its windows
        std::optional<uint32_t> edge; //!< right edge of its window
        uint32_t timestamp{0};        //!< its last TSval
    };

    /// @param way of a segment @param frame it @param from its sender @param to its receiver
    void Acknowledge(Direction way, TcpFrame& frame, const End& from, const End& to);

    std::unordered_map<TcpTuple, std::array<End, 2>, TcpTupleHash> m_flows; //!< by direction
};

} // namespace ns3

#endif // ACKNOWLEDGING_BOX_H
