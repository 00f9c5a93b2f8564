// SPDX-License-Identifier: GPL-2.0-only
// Send buffers of single subflows, as Linux has them (SubflowSendBuffer): a subflow takes more data
// than its windows let it send, and sends all that it has taken.
#include "mptcp-flow.h"

#include <algorithm>

namespace ns3
{

uint32_t
MptcpFlow::GetRoom() const
{
    if (sendBuffer == 0)
    {
        return subflow->GetSendRoom();
    }
    const uint32_t taken = subflow->GetHeldBytes() + GetQueued();
    return taken < sendBuffer ? sendBuffer - taken : 0;
}

bool
MptcpFlow::Take(DataSequenceNumber begin, Ptr<Packet> data, bool push)
{
    if (GetQueued() == 0 && subflow->GetSendRoom() >= data->GetSize())
    {
        subflow->SendData(std::move(data), begin, push);
        return true;
    }
    if (!queue)
    {
        queue = std::make_unique<SubflowSendQueue>();
    }
    queue->Add({begin, std::move(data), push});
    return false;
}

bool
MptcpFlow::Drain()
{
    if (!queue)
    {
        return false;
    }
    bool sent = false;
    while (!queue->Empty())
    {
        const uint32_t full = std::min(queue->GetFrontSize(), subflow->GetMaxPayload());
        const uint32_t room = subflow->GetSendRoom();
        // Less than a segment goes only where no acknowledgment will make more room.
        if (room == 0 || (room < full && subflow->GetHeldBytes() > 0))
        {
            break;
        }
        SubflowSendQueue::Piece piece = queue->Take(std::min(room, full));
        subflow->SendData(std::move(piece.data), piece.begin, piece.push);
        sent = true;
    }
    if (queue->Empty() && finWaits)
    {
        finWaits = false;
        subflow->Close();
    }
    return sent;
}

void
MptcpFlow::Close()
{
    if (GetQueued() > 0)
    {
        finWaits = true;
        return;
    }
    subflow->Close();
}

void
MptcpFlow::VisitTaken(const std::function<void(DataSequenceNumber, Ptr<const Packet>)>& visit) const
{
    subflow->VisitHeldData(visit);
    if (queue)
    {
        for (const auto& piece : queue->GetPieces())
        {
            visit(piece.begin, piece.data);
        }
    }
}

} // namespace ns3
