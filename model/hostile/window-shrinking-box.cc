// SPDX-License-Identifier: GPL-2.0-only
#include "window-shrinking-box.h"

#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(WindowShrinkingBox);

TypeId
WindowShrinkingBox::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::WindowShrinkingBox")
            .SetParent<DirectedMiddlebox>()
            .SetGroupName("Mptcp")
            .AddConstructor<WindowShrinkingBox>()
            .AddAttribute("Maximum",
                          "Largest window field of segments without SYN that passes, before "
                          "scaling: times 2 to the power of the window scale it is bytes.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&WindowShrinkingBox::m_maximum),
                          MakeUintegerChecker<uint16_t>(1));
    return tid;
}

void
WindowShrinkingBox::Receive(Direction way, TcpFrame frame)
{
    if (Works(way) && !frame.Has(TCP_SYN) && frame.window > m_maximum)
    {
        Act(way, frame);
        frame.window = m_maximum;
    }
    Send(way, std::move(frame));
}

} // namespace ns3
