// SPDX-License-Identifier: GPL-2.0-only
#ifndef REINJECTION_QUEUE_H
#define REINJECTION_QUEUE_H

#include "ns3/tcp-segment.h"

#include <deque>
#include <optional>

namespace ns3
{

class MptcpSubflow;

/**
 * @ingroup mptcp
 * Data that one subflow held and that must be sent again on another one
 * (RFC 8684 section 3.3.6), in data sequence order.
 */
class ReinjectionQueue
{
  public:
    /// A piece to send again.
    struct Piece
    {
        DataSequenceNumber begin{0};  //!< first byte
        DataSequenceNumber end{0};    //!< behind the last byte
        const MptcpSubflow* origin{}; //!< who held it; nullptr once it is gone
    };

    /// @param piece to add; bytes that are queued already stay as they are
    void Add(Piece piece);

    /// Drop everything below. @param upTo first byte not data-acked
    void Free(DataSequenceNumber upTo);

    /// Forget what a subflow held: it delivers by itself again. @param origin the subflow
    void Cancel(const MptcpSubflow* origin);

    /// A subflow is gone: any other may take its pieces. @param origin the subflow
    void Orphan(const MptcpSubflow* origin);

    /// @return whether there is nothing to send
    bool Empty() const
    {
        return m_pieces.empty();
    }

    /// @return the first piece
    const Piece& Front() const
    {
        return m_pieces.front();
    }

    /// The first bytes have been sent. @param size how many, at most the first piece's
    void Sent(uint32_t size);

  private:
    std::deque<Piece> m_pieces; //!< in order, without overlap
};

} // namespace ns3

#endif // REINJECTION_QUEUE_H
