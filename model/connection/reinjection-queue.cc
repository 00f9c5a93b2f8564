// SPDX-License-Identifier: GPL-2.0-only
#include "reinjection-queue.h"

#include <algorithm>

namespace ns3
{

void
ReinjectionQueue::Add(Piece piece)
{
    auto at = m_pieces.end();
    while (at != m_pieces.begin() && std::prev(at)->end > piece.begin)
    {
        --at;
    }
    while (piece.begin < piece.end)
    {
        if (at != m_pieces.end() && at->begin <= piece.begin)
        {
            piece.begin = std::max(piece.begin, at->end);
            ++at;
            continue;
        }
        Piece part = piece;
        if (at != m_pieces.end() && at->begin < part.end)
        {
            part.end = at->begin;
        }
        piece.begin = part.end;
        auto before = at == m_pieces.begin() ? m_pieces.end() : std::prev(at);
        if (before != m_pieces.end() && before->end == part.begin && before->origin == part.origin)
        {
            before->end = part.end;
        }
        else
        {
            at = std::next(m_pieces.insert(at, part));
        }
    }
}

void
ReinjectionQueue::Free(DataSequenceNumber upTo)
{
    while (!m_pieces.empty() && m_pieces.front().end <= upTo)
    {
        m_pieces.pop_front();
    }
    if (!m_pieces.empty() && m_pieces.front().begin < upTo)
    {
        m_pieces.front().begin = upTo;
    }
}

void
ReinjectionQueue::Cancel(const MptcpSubflow* origin)
{
    m_pieces.erase(std::remove_if(m_pieces.begin(),
                                  m_pieces.end(),
                                  [origin](const Piece& p) { return p.origin == origin; }),
                   m_pieces.end());
}

void
ReinjectionQueue::Orphan(const MptcpSubflow* origin)
{
    for (auto& piece : m_pieces)
    {
        if (piece.origin == origin)
        {
            piece.origin = nullptr;
        }
    }
}

void
ReinjectionQueue::Sent(uint32_t size)
{
    Piece& front = m_pieces.front();
    front.begin += size;
    if (front.begin >= front.end)
    {
        m_pieces.pop_front();
    }
}

} // namespace ns3
