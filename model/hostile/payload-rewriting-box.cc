// SPDX-License-Identifier: GPL-2.0-only
#include "payload-rewriting-box.h"

#include "splitting-box.h"

#include "ns3/big-endian.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(PayloadRewritingBox);

namespace
{

constexpr uint8_t SACK = 5; // kind of option, RFC 2018

/// @param a @param b sequence numbers @return whether a comes before b
bool
IsBefore(uint32_t a, uint32_t b)
{
    return static_cast<int32_t>(a - b) < 0;
}

} // namespace

TypeId
PayloadRewritingBox::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::PayloadRewritingBox")
            .SetParent<DirectedMiddlebox>()
            .SetGroupName("Mptcp")
            .AddConstructor<PayloadRewritingBox>()
            .AddAttribute("Find",
                          "The bytes to be replaced wherever a segment holds all of them; empty: "
                          "none.",
                          StringValue(""),
                          MakeStringAccessor(&PayloadRewritingBox::m_find),
                          MakeStringChecker())
            .AddAttribute("Replace",
                          "What they are replaced by, of any length.",
                          StringValue(""),
                          MakeStringAccessor(&PayloadRewritingBox::m_replace),
                          MakeStringChecker())
            .AddAttribute("Mtu",
                          "Most bytes of a packet that has grown; beyond, it is split.",
                          UintegerValue(1500),
                          MakeUintegerAccessor(&PayloadRewritingBox::m_mtu),
                          MakeUintegerChecker<uint32_t>(576));
    return tid;
}

void
PayloadRewritingBox::Receive(Direction way, TcpFrame frame)
{
    auto& streams = m_flows[GetFlow(way, frame)];
    Stream& stream = streams[way];
    if (!stream.next || (frame.Has(TCP_SYN) && frame.seq != stream.begin))
    {
        // A new connection, which may have the ports of an old one.
        stream = Stream{};
        stream.begin = frame.seq;
        stream.next = frame.seq;
    }
    const TcpFrame original = frame;
    RestoreAcks(frame, streams[Opposite(way)]);
    if (Works(way) && frame.SequenceLength() > 0)
    {
        if (IsBefore(*stream.next, frame.seq))
        {
            Act(way, original);
            return;
        }
        if (FindText(frame, stream))
        {
            Act(way, original);
        }
        const uint32_t end = frame.seq + frame.SequenceLength();
        stream.next = IsBefore(*stream.next, end) ? end : *stream.next;
    }
    const uint32_t before = frame.payload.size();
    Apply(frame, stream);
    const uint32_t headers = frame.ipHeader.size() + 20 + frame.options.size();
    if (frame.payload.size() > before && headers + frame.payload.size() > m_mtu)
    {
        for (auto& piece : SplittingBox::Split(frame, m_mtu - headers))
        {
            Send(way, std::move(piece));
        }
        return;
    }
    Send(way, std::move(frame));
}

bool
PayloadRewritingBox::FindText(const TcpFrame& frame, Stream& stream) const
{
    const auto& data = frame.payload;
    const uint32_t passed = std::min<uint32_t>(*stream.next - frame.seq, data.size());
    bool any = false;
    for (auto at = data.begin() + passed; !m_find.empty(); at += m_find.size())
    {
        at = std::search(at, data.end(), m_find.begin(), m_find.end());
        if (at == data.end())
        {
            break;
        }
        any = true;
        stream.edits.push_back({frame.seq + static_cast<uint32_t>(at - data.begin()),
                                static_cast<uint32_t>(m_find.size()),
                                static_cast<uint32_t>(m_replace.size())});
    }
    return any;
}

void
PayloadRewritingBox::Apply(TcpFrame& frame, const Stream& stream) const
{
    const uint32_t first = frame.seq;
    const uint32_t end = first + frame.payload.size();
    std::vector<uint8_t> data;
    uint32_t at = first;
    frame.seq += stream.growth;
    for (const auto& edit : stream.edits)
    {
        if (!IsBefore(edit.seq, end))
        {
            break;
        }
        const uint32_t behind = edit.seq + edit.removed;
        if (!IsBefore(first, behind))
        {
            frame.seq += edit.inserted - edit.removed;
            continue;
        }
        if (IsBefore(edit.seq, at) || IsBefore(end, behind))
        {
            // A part of the text, cut in another way than before: it comes again as a whole.
            frame.flags &= ~TCP_FIN;
            frame.payload.resize(IsBefore(edit.seq, first) ? 0 : edit.seq - first);
            break;
        }
        data.insert(data.end(),
                    frame.payload.begin() + (at - first),
                    frame.payload.begin() + (edit.seq - first));
        data.insert(data.end(), m_replace.begin(), m_replace.end());
        at = behind;
    }
    if (at != first)
    {
        data.insert(data.end(), frame.payload.begin() + (at - first), frame.payload.end());
        frame.payload = std::move(data);
    }
}

void
PayloadRewritingBox::RestoreAcks(TcpFrame& frame, Stream& stream)
{
    if (!frame.Has(TCP_ACK))
    {
        return;
    }
    const auto sack = frame.FindOption(SACK);
    for (uint8_t at = 2; at + 4 <= sack.size; at += 4)
    {
        WriteBig32(sack.bytes + at, Restore(ReadBig32(sack.bytes + at), stream));
    }
    frame.ack = Restore(frame.ack, stream);
    if (!stream.next || IsBefore(*stream.next, frame.ack))
    {
        return;
    }
    // What comes again from below is old to the receiver, wherever it is moved to.
    auto& edits = stream.edits;
    auto kept = edits.begin();
    while (kept != edits.end() && !IsBefore(frame.ack, kept->seq + kept->removed))
    {
        stream.growth += kept->inserted - kept->removed;
        ++kept;
    }
    edits.erase(edits.begin(), kept);
}

uint32_t
PayloadRewritingBox::Restore(uint32_t ack, const Stream& stream)
{
    uint32_t growth = stream.growth;
    for (const auto& edit : stream.edits)
    {
        const uint32_t begin = edit.seq + growth;
        if (IsBefore(ack, begin) || (ack == begin && edit.inserted > 0))
        {
            break;
        }
        if (IsBefore(ack, begin + edit.inserted))
        {
            return edit.seq;
        }
        growth += edit.inserted - edit.removed;
    }
    return ack - growth;
}

} // namespace ns3
