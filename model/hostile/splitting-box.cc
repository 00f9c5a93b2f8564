// SPDX-License-Identifier: GPL-2.0-only
#include "splitting-box.h"

#include "ns3/boolean.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(SplittingBox);

namespace
{

constexpr uint8_t TIMESTAMPS = 8; // kind of option, RFC 7323

} // namespace

TypeId
SplittingBox::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::SplittingBox")
            .SetParent<DirectedMiddlebox>()
            .SetGroupName("Mptcp")
            .AddConstructor<SplittingBox>()
            .AddAttribute("Size",
                          "Most bytes of payload of a piece.",
                          UintegerValue(536),
                          MakeUintegerAccessor(&SplittingBox::m_size),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("FirstKeepsOptions",
                          "Whether the first piece has the options of the segment; timestamps are "
                          "always copied.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&SplittingBox::m_firstKeeps),
                          MakeBooleanChecker())
            .AddAttribute("OthersKeepOptions",
                          "Whether the pieces behind the first have the options of the segment.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&SplittingBox::m_othersKeep),
                          MakeBooleanChecker());
    return tid;
}

std::vector<TcpFrame>
SplittingBox::Split(const TcpFrame& frame, size_t size)
{
    std::vector<TcpFrame> pieces;
    for (size_t at = 0; at < frame.payload.size(); at += size)
    {
        const size_t end = std::min(at + size, frame.payload.size());
        TcpFrame piece = frame;
        piece.payload.assign(frame.payload.begin() + at, frame.payload.begin() + end);
        piece.seq += static_cast<uint32_t>(at);
        if (end < frame.payload.size())
        {
            piece.flags &= ~(TCP_PSH | TCP_FIN);
        }
        pieces.push_back(std::move(piece));
    }
    return pieces;
}

void
SplittingBox::Receive(Direction way, TcpFrame frame)
{
    if (!Works(way) || frame.payload.size() <= m_size || frame.Has(TCP_SYN | TCP_RST | TCP_URG))
    {
        Send(way, std::move(frame));
        return;
    }
    Act(way, frame);
    auto pieces = Split(frame, m_size);
    for (size_t i = 0; i < pieces.size(); i++)
    {
        for (const auto& option : pieces[i].GetOptions())
        {
            if (option.kind != TIMESTAMPS && !(i == 0 ? m_firstKeeps : m_othersKeep))
            {
                TcpFrame::Erase(option);
            }
        }
        Send(way, std::move(pieces[i]));
    }
}

} // namespace ns3
