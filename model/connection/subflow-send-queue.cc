// SPDX-License-Identifier: GPL-2.0-only
#include "subflow-send-queue.h"

#include <utility>

namespace ns3
{

void
SubflowSendQueue::Add(Piece piece)
{
    m_bytes += piece.data->GetSize();
    m_pieces.push_back(std::move(piece));
}

SubflowSendQueue::Piece
SubflowSendQueue::Take(uint32_t most)
{
    Piece& front = m_pieces.front();
    const uint32_t size = front.data->GetSize();
    if (size <= most)
    {
        Piece whole = std::move(front);
        m_pieces.pop_front();
        m_bytes -= size;
        return whole;
    }
    Piece part{front.begin, front.data->CreateFragment(0, most), false};
    front.begin += most;
    front.data = front.data->CreateFragment(most, size - most);
    m_bytes -= most;
    return part;
}

} // namespace ns3
