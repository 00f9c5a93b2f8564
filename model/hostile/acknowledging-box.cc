// SPDX-License-Identifier: GPL-2.0-only
#include "acknowledging-box.h"

#include "ns3/big-endian.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(AcknowledgingBox);

namespace
{

constexpr uint8_t WINDOW_SCALE = 3; // kinds of option, RFC 7323
constexpr uint8_t WINDOW_SCALE_SIZE = 3;
constexpr uint8_t MAX_SHIFT = 14;
constexpr uint8_t TIMESTAMPS = 8;
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
    End& to = ends[Opposite(way)];
    if (frame.Has(TCP_SYN) || !from.known)
    {
        from.known = true;
        from.next = frame.seq;
        const auto scale = frame.FindOption(WINDOW_SCALE);
        from.edge = std::nullopt;
        from.shift = std::nullopt;
        if (scale.size == WINDOW_SCALE_SIZE)
        {
            from.shift = std::min(scale.bytes[2], MAX_SHIFT);
        }
    }
    const auto timestamps = frame.FindOption(TIMESTAMPS);
    if (timestamps.size == TIMESTAMPS_SIZE)
    {
        from.timestamp = ReadBig32(timestamps.bytes + 2);
    }
    if (frame.Has(TCP_ACK))
    {
        // Both SYNs must have asked for scaling, and are not scaled themselves.
        const bool scaled = from.shift && to.shift;
        from.scale = scaled ? *from.shift : 0;
        const uint32_t edge =
            frame.ack + (uint32_t{frame.window} << (frame.Has(TCP_SYN) ? 0 : from.scale));
        if (!from.edge || static_cast<int32_t>(edge - *from.edge) > 0)
        {
            from.edge = edge;
        }
        if (to.known && static_cast<int32_t>(frame.ack - to.next) > 0)
        {
            to.next = frame.ack;
        }
    }
    const bool hole = static_cast<int32_t>(frame.seq - from.next) > 0;
    uint32_t end = frame.seq + frame.SequenceLength();
    if (to.edge && static_cast<int32_t>(end - *to.edge) > 0)
    {
        // What the other end has no room for it will not keep.
        end = *to.edge;
    }
    if (!hole && static_cast<int32_t>(end - from.next) > 0)
    {
        from.next = end;
    }
    const bool answer = Works(way) && !frame.payload.empty() && !frame.Has(TCP_SYN) && to.edge;
    TcpFrame copy = frame;
    Send(way, std::move(frame));
    if (answer)
    {
        Act(way, copy);
        Acknowledge(way, copy, from, to);
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
    const auto room =
        static_cast<uint32_t>(std::max<int32_t>(0, static_cast<int32_t>(*to.edge - answer.ack)));
    answer.window = static_cast<uint16_t>(std::min<uint32_t>(room >> to.scale, UINT16_MAX));
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
