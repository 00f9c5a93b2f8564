// SPDX-License-Identifier: GPL-2.0-only
#ifndef SUBFLOW_SEND_QUEUE_H
#define SUBFLOW_SEND_QUEUE_H

#include "ns3/packet.h"
#include "ns3/tcp-segment.h"

#include <deque>

namespace ns3
{

/**
 * @ingroup mptcp
 * Data that a subflow has taken and that its windows do not let it send yet: the part of a TCP's
 * send buffer that has not been sent. It will be sent even if another subflow has delivered the
 * same bytes meanwhile.
 */
class SubflowSendQueue
{
  public:
    /// Bytes that are taken together.
    struct Piece
    {
        DataSequenceNumber begin{0}; //!< data sequence number of the first byte
        Ptr<Packet> data;            //!< the bytes
        bool push{false};            //!< the segment that ends it gets PSH
    };

    /// @param piece to go behind the others
    void Add(Piece piece);

    /// @param most bytes @return the first piece, or as much of it as that; the queue has some
    Piece Take(uint32_t most);

    /// @return whether nothing waits
    bool Empty() const
    {
        return m_pieces.empty();
    }

    /// @return bytes that wait
    uint32_t GetBytes() const
    {
        return m_bytes;
    }

    /// @return bytes of the first piece; the queue has some
    uint32_t GetFrontSize() const
    {
        return m_pieces.front().data->GetSize();
    }

    /// @return what waits, in the order in which it will be sent
    const std::deque<Piece>& GetPieces() const
    {
        return m_pieces;
    }

  private:
    std::deque<Piece> m_pieces; //!< what waits
    uint32_t m_bytes{0};        //!< its bytes
};

} // namespace ns3

#endif // SUBFLOW_SEND_QUEUE_H
