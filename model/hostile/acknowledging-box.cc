// SPDX-License-Identifier: GPL-2.0-only
#include "acknowledging-box.h"

#include "ns3/big-endian.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(AcknowledgingBox);

namespace
{

constexpr uint8_t TIMESTAMPS = 8; // kind of option, RFC 7323
constexpr uint8_t TIMESTAMPS_SIZE = 10;
constexpr uint8_t NOP = 1;

} // namespace

TypeId
AcknowledgingBox::GetTypeId()
{
    static TypeId tid = TypeId("ns3::AcknowledgingBox")
                            .SetParent<DirectedMiddlebox>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<AcknowledgingBox>();
    return tid;
}

void
AcknowledgingBox::Receive(Direction way, TcpFrame frame)
{
    auto& ends = m_flows[GetFlow(way, frame)];
    End& from = ends[way];
    if (frame.Has(TCP_SYN) || !from.known)
    {
        from.known = true;
        from.next = frame.seq;
    }
    const auto timestamps = frame.FindOption(TIMESTAMPS);
    if (timestamps.size == TIMESTAMPS_SIZE)
    {
        from.timestamp = ReadBig32(timestamps.bytes + 2);
    }
    from.window = frame.window;
    const bool hole = static_cast<int32_t>(frame.seq - from.next) > 0;
    const uint32_t end = frame.seq + frame.SequenceLength();
    if (!hole && static_cast<int32_t>(end - from.next) > 0)
    {
        from.next = end;
    }
    const bool answer =
        Works(way) && !frame.payload.empty() && !frame.Has(TCP_SYN) && ends[Opposite(way)].known;
    TcpFrame copy = frame;
    Send(way, std::move(frame));
    if (answer)
    {
        Act(way, copy);
        Acknowledge(way, copy, from, ends[Opposite(way)]);
    }
}

void
AcknowledgingBox::Acknowledge(Direction way, TcpFrame& frame, const End& from, const End& to)
{
    TcpFrame answer;
    answer.source = frame.destination;
    answer.destination = frame.source;
    answer.sourcePort = frame.destinationPort;
    answer.destinationPort = frame.sourcePort;
    answer.seq = to.next;
    // A FIN is for the other end to acknowledge.
    answer.ack = frame.Has(TCP_FIN) && from.next == frame.seq + frame.SequenceLength()
                     ? from.next - 1
                     : from.next;
    answer.flags = TCP_ACK;
    answer.window = to.window;
    if (frame.FindOption(TIMESTAMPS).size == TIMESTAMPS_SIZE)
    {
        answer.options.assign(2 + TIMESTAMPS_SIZE, NOP);
        uint8_t* option = answer.options.data() + 2;
        option[0] = TIMESTAMPS;
        option[1] = TIMESTAMPS_SIZE;
        WriteBig32(option + 2, to.timestamp);
        WriteBig32(option + 6, from.timestamp);
    }
    Send(Opposite(way), std::move(answer));
}

} // namespace ns3
