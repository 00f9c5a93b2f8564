// SPDX-License-Identifier: GPL-2.0-only
#include "middlebox.h"

#include "ns3/boolean.h"
#include "ns3/trace-source-accessor.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Middlebox);
NS_OBJECT_ENSURE_REGISTERED(DirectedMiddlebox);

TypeId
Middlebox::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::Middlebox")
            .SetParent<Object>()
            .SetGroupName("Mptcp")
            .AddTraceSource("Action",
                            "A segment, as it came, that the box changes, drops, holds or answers.",
                            MakeTraceSourceAccessor(&Middlebox::m_actionTrace),
                            "ns3::Middlebox::ActionTracedCallback");
    return tid;
}

void
Middlebox::SetSender(Sender sender)
{
    m_sender = std::move(sender);
}

uint64_t
Middlebox::GetActions() const
{
    return m_actions;
}

int64_t
Middlebox::AssignStreams(int64_t /* stream */)
{
    return 0;
}

Middlebox::Direction
Middlebox::Opposite(Direction way)
{
    return way == FORWARD ? BACKWARD : FORWARD;
}

TcpTuple
Middlebox::GetFlow(Direction way, const TcpFrame& frame)
{
    if (way == FORWARD)
    {
        return frame.GetTuple();
    }
    return {frame.destination, frame.source, frame.destinationPort, frame.sourcePort};
}

void
Middlebox::DoDispose()
{
    m_sender = nullptr;
    Object::DoDispose();
}

void
Middlebox::Send(Direction way, TcpFrame frame)
{
    if (m_sender)
    {
        m_sender(way, std::move(frame));
    }
}

void
Middlebox::Act(Direction way, const TcpFrame& frame)
{
    ++m_actions;
    m_actionTrace(way, frame);
}

TypeId
DirectedMiddlebox::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DirectedMiddlebox")
            .SetParent<Middlebox>()
            .SetGroupName("Mptcp")
            .AddAttribute("Forward",
                          "Whether the box works on segments from the first device of its link.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&DirectedMiddlebox::m_forward),
                          MakeBooleanChecker())
            .AddAttribute("Backward",
                          "Whether the box works on segments from the second device of its link.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&DirectedMiddlebox::m_backward),
                          MakeBooleanChecker());
    return tid;
}

bool
DirectedMiddlebox::Works(Direction way) const
{
    return way == FORWARD ? m_forward : m_backward;
}

} // namespace ns3
