// SPDX-License-Identifier: GPL-2.0-only
#ifndef DATA_RECEIVE_BUFFER_H
#define DATA_RECEIVE_BUFFER_H

#include "ns3/packet.h"
#include "ns3/reassembly-queue.h"
#include "ns3/tcp-segment.h"

#include <deque>
#include <optional>

namespace ns3
{

/**
 * @ingroup mptcp
 * The receiving side of a connection at the data level (RFC 8684 section 3.3.4): puts the data of
 * all subflows in order, keeps it for the application, and knows the window that they share.
 */
class DataReceiveBuffer
{
  public:
    /// @param capacity bytes that may wait for the application
    explicit DataReceiveBuffer(uint32_t capacity);

    /// @param next data sequence number of the first byte that will come
    void Start(DataSequenceNumber next);

    /**
     * Data arrived.
     * @param begin data sequence number of its first byte
     * @param data the bytes
     * @param bounded drop what lies beyond the window (plain TCP has acknowledged it already)
     * @return bytes that were not known before
     */
    uint32_t Add(DataSequenceNumber begin, Ptr<Packet> data, bool bounded);

    /**
     * The peer has told where its data ends.
     * @param fin data sequence number of the DATA_FIN
     */
    void SetFin(DataSequenceNumber fin);

    /// Forget a DATA_FIN that has not been taken: the peer goes on as plain TCP.
    void ForgetFin()
    {
        m_fin.reset();
    }

    /**
     * Take the DATA_FIN if all data before it is here (section 3.3.3).
     * @return whether it was taken now
     */
    bool TakeFin();

    /// The peer's data ends here: a plain FIN, which has no data sequence number.
    void End();

    /// @return whether the end of the peer's data has been taken
    bool HasEnded() const
    {
        return m_ended;
    }

    /// Drop what waits and what will come, but go on acknowledging it.
    void Discard();

    /**
     * @param maxBytes at most
     * @param peek leave the bytes where they are
     * @return the next bytes in order, nullptr if there are none
     */
    Ptr<Packet> Read(uint32_t maxBytes, bool peek);

    /// @return bytes that Read() can give
    uint32_t GetReadable() const
    {
        return m_readable;
    }

    /// @return next data sequence number expected: the data ACK
    DataSequenceNumber GetNext() const
    {
        return m_next;
    }

    /**
     * The window for a segment that leaves now. Its right edge never moves back, and moves on in
     * steps that are worth it (RFC 9293 section 3.8.6.2.2).
     * @param shift window scale of the field
     * @param segmentSize payload of a full segment
     * @return bytes from GetNext() on, representable in the field
     */
    uint32_t Advertise(uint8_t shift, uint32_t segmentSize);

    /**
     * @param segmentSize payload of a full segment
     * @return whether the window was small and has grown so much that the peer should hear of it
     * without waiting for a segment that goes to it anyway
     */
    bool IsUpdateDue(uint32_t segmentSize) const;

  private:
    /// @return bytes that the application leaves room for
    uint32_t GetFree() const
    {
        return m_readable < m_capacity ? m_capacity - m_readable : 0;
    }

    /// Bytes are next in order. @param data the bytes
    void Append(Ptr<Packet> data);

    uint32_t m_capacity;                              //!< bytes
    ReassemblyQueue<DataSequenceNumber> m_reassembly; //!< beyond a gap
    std::deque<Ptr<Packet>> m_queue;                  //!< in order, for the application
    uint32_t m_readable{0};                           //!< bytes in m_queue
    DataSequenceNumber m_next{0};                     //!< next byte expected
    DataSequenceNumber m_edge{0};                     //!< right edge advertised; never moves back
    uint32_t m_slack{0};                              //!< edge may be this much more on the wire
    std::optional<DataSequenceNumber> m_fin;          //!< the peer's DATA_FIN
    bool m_ended{false};                              //!< it has been taken
    bool m_discarding{false};                         //!< the application reads no more
};

} // namespace ns3

#endif // DATA_RECEIVE_BUFFER_H
