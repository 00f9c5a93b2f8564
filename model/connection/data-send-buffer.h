// SPDX-License-Identifier: GPL-2.0-only
#ifndef DATA_SEND_BUFFER_H
#define DATA_SEND_BUFFER_H

#include "ns3/packet.h"
#include "ns3/tcp-segment.h"

#include <deque>

namespace ns3
{

/**
 * @ingroup mptcp
 * What the application has written and the peer has not data-acked yet, in data sequence order.
 * Subflows keep references of their own to what they carry.
 */
class DataSendBuffer
{
  public:
    /// @param first data sequence number of the first byte that will be added
    explicit DataSendBuffer(DataSequenceNumber first);

    /// Append. @param data bytes of the application
    void Add(Ptr<Packet> data);

    /**
     * @param begin first byte, not freed yet
     * @param size bytes, available from begin on
     * @return these bytes as a packet of their own
     */
    Ptr<Packet> Get(DataSequenceNumber begin, uint32_t size);

    /// Free what lies below. @param upTo first byte to keep
    void Free(DataSequenceNumber upTo);

    /// @return first byte that is kept
    DataSequenceNumber GetBegin() const
    {
        return m_begin;
    }

    /// @return behind the last byte
    DataSequenceNumber GetEnd() const
    {
        return m_end;
    }

    /// @return bytes kept
    uint32_t GetSize() const
    {
        return static_cast<uint32_t>(m_end - m_begin);
    }

  private:
    /// One write of the application.
    struct Chunk
    {
        DataSequenceNumber begin; //!< its first byte
        Ptr<Packet> data;         //!< its bytes
    };

    /// @param at a byte that is kept @return index of the chunk that holds it
    size_t Find(DataSequenceNumber at);

    std::deque<Chunk> m_chunks; //!< the writes, none empty
    DataSequenceNumber m_begin; //!< first byte kept
    DataSequenceNumber m_end;   //!< behind the last byte
    size_t m_cursor{0};         //!< chunk that the last look-up found; new data is read in order
};

} // namespace ns3

#endif // DATA_SEND_BUFFER_H
