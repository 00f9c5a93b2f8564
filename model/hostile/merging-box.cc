// SPDX-License-Identifier: GPL-2.0-only
#include "merging-box.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MergingBox);

TypeId
MergingBox::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MergingBox")
            .SetParent<DirectedMiddlebox>()
            .SetGroupName("Mptcp")
            .AddConstructor<MergingBox>()
            .AddAttribute("Size",
                          "Most bytes of payload of a merged segment. With headers and options it "
                          "must fit the MTU of what comes behind.",
                          UintegerValue(1400),
                          MakeUintegerAccessor(&MergingBox::m_size),
                          MakeUintegerChecker<uint32_t>(2))
            .AddAttribute("Timeout",
                          "How long a segment waits for the next one.",
                          TimeValue(MilliSeconds(2)),
                          MakeTimeAccessor(&MergingBox::m_timeout),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("LastKeepsOptions",
                          "Whether a merged segment has the options of the last one instead of "
                          "those of the first.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&MergingBox::m_lastKeeps),
                          MakeBooleanChecker());
    return tid;
}

void
MergingBox::DoDispose()
{
    for (auto& held : m_held)
    {
        for (auto& [flow, one] : held)
        {
            one.release.Cancel();
        }
        held.clear();
    }
    DirectedMiddlebox::DoDispose();
}

void
MergingBox::Receive(Direction way, TcpFrame frame)
{
    const TcpTuple flow = GetFlow(way, frame);
    const auto found = m_held[way].find(flow);
    const bool ends = frame.Has(TCP_FIN);
    if (found != m_held[way].end() && Fits(found->second.frame, frame))
    {
        Act(way, frame);
        Merge(found->second.frame, frame);
        if (ends || found->second.frame.payload.size() == m_size)
        {
            Release(way, flow);
        }
        return;
    }
    Release(way, flow);
    if (!Works(way) || frame.payload.empty() || frame.payload.size() >= m_size ||
        frame.Has(TCP_SYN | TCP_FIN | TCP_RST | TCP_URG))
    {
        Send(way, std::move(frame));
        return;
    }
    const auto release = Simulator::Schedule(m_timeout, &MergingBox::Release, this, way, flow);
    m_held[way].emplace(flow, Held{std::move(frame), release});
}

bool
MergingBox::Fits(const TcpFrame& held, const TcpFrame& frame) const
{
    return frame.seq == held.seq + held.payload.size() && !frame.payload.empty() &&
           held.payload.size() + frame.payload.size() <= m_size &&
           !frame.Has(TCP_SYN | TCP_RST | TCP_URG) && held.ipHeader.size() == frame.ipHeader.size();
}

void
MergingBox::Merge(TcpFrame& held, TcpFrame& frame) const
{
    held.payload.insert(held.payload.end(), frame.payload.begin(), frame.payload.end());
    held.flags |= frame.flags;
    held.ack = frame.ack;
    held.window = frame.window;
    if (m_lastKeeps)
    {
        held.options = std::move(frame.options);
    }
    constexpr uint16_t RIGHT = 0xffff;
    if (held.checksumSum == RIGHT)
    {
        held.checksumSum = frame.checksumSum;
    }
}

void
MergingBox::Release(Direction way, const TcpTuple& flow)
{
    auto node = m_held[way].extract(flow);
    if (!node.empty())
    {
        node.mapped().release.Cancel();
        Send(way, std::move(node.mapped().frame));
    }
}

} // namespace ns3
