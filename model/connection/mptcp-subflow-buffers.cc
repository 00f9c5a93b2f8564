// SPDX-License-Identifier: GPL-2.0-only
// Send buffers of single subflows, as Linux has them (SubflowSendBuffer): a subflow takes more data
// than its windows let it send, and sends all that it has taken.
#include "mptcp-connection.h"

#include <algorithm>

namespace ns3
{

uint32_t
MptcpConnection::GetRoom(const Flow& flow) const
{
    const uint32_t size = m_settings->m_subflowSndBufSize;
    if (size == 0)
    {
        return flow.subflow->GetSendRoom();
    }
    const uint32_t taken = flow.subflow->GetHeldBytes() + flow.GetQueued();
    return taken < size ? size - taken : 0;
}

void
MptcpConnection::Take(Flow& flow, DataSequenceNumber begin, Ptr<Packet> data, bool push)
{
    if (flow.GetQueued() == 0 && flow.subflow->GetSendRoom() >= data->GetSize())
    {
        flow.subflow->SendData(std::move(data), begin, push);
        return;
    }
    if (!flow.queue)
    {
        flow.queue = std::make_unique<SubflowSendQueue>();
    }
    flow.queue->Add({begin, std::move(data), push});
}

void
MptcpConnection::DrainQueues()
{
    for (const auto& flow : m_flows)
    {
        if (!flow->queue)
        {
            continue;
        }
        MptcpSubflow& subflow = *flow->subflow;
        SubflowSendQueue& queue = *flow->queue;
        while (!queue.Empty())
        {
            const uint32_t full = std::min(queue.GetFrontSize(), subflow.GetMaxPayload());
            const uint32_t room = subflow.GetSendRoom();
            // Less than a segment goes only where no acknowledgment will make more room.
            if (room == 0 || (room < full && subflow.GetHeldBytes() > 0))
            {
                break;
            }
            SubflowSendQueue::Piece piece = queue.Take(std::min(room, full));
            subflow.SendData(std::move(piece.data), piece.begin, piece.push);
        }
        if (queue.Empty() && flow->finWaits)
        {
            flow->finWaits = false;
            subflow.Close();
        }
    }
}

void
MptcpConnection::CloseFlow(Flow& flow)
{
    if (flow.GetQueued() > 0)
    {
        flow.finWaits = true;
        return;
    }
    flow.subflow->Close();
}

void
MptcpConnection::VisitTaken(
    const Flow& flow, const std::function<void(DataSequenceNumber, Ptr<const Packet>)>& visit) const
{
    flow.subflow->VisitHeldData(visit);
    if (flow.queue)
    {
        for (const auto& piece : flow.queue->GetPieces())
        {
            visit(piece.begin, piece.data);
        }
    }
}

} // namespace ns3
