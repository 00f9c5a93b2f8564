// SPDX-License-Identifier: GPL-2.0-only
#include "hole-refusing-box.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(HoleRefusingBox);

TypeId
HoleRefusingBox::GetTypeId()
{
    static TypeId tid = TypeId("ns3::HoleRefusingBox")
                            .SetParent<DirectedMiddlebox>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<HoleRefusingBox>();
    return tid;
}

void
HoleRefusingBox::Receive(Direction way, TcpFrame frame)
{
    if (Works(way) && frame.SequenceLength() > 0)
    {
        auto& edge = m_flows[GetFlow(way, frame)][way];
        if (!edge || frame.Has(TCP_SYN))
        {
            edge = frame.seq;
        }
        if (static_cast<int32_t>(frame.seq - *edge) > 0)
        {
            Act(way, frame);
            return;
        }
        const uint32_t end = frame.seq + frame.SequenceLength();
        if (static_cast<int32_t>(end - *edge) > 0)
        {
            edge = end;
        }
    }
    Send(way, std::move(frame));
}

} // namespace ns3
