// SPDX-License-Identifier: GPL-2.0-only
#include "option-removing-box.h"

#include "ns3/boolean.h"
#include "ns3/mptcp-option.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(OptionRemovingBox);

TypeId
OptionRemovingBox::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::OptionRemovingBox")
            .SetParent<DirectedMiddlebox>()
            .SetGroupName("Mptcp")
            .AddConstructor<OptionRemovingBox>()
            .AddAttribute("Syn",
                          "Whether options of SYNs (without ACK) are removed.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&OptionRemovingBox::m_syn),
                          MakeBooleanChecker())
            .AddAttribute("SynAck",
                          "Whether options of SYN/ACKs are removed.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&OptionRemovingBox::m_synAck),
                          MakeBooleanChecker())
            .AddAttribute("Others",
                          "Whether options of segments without SYN are removed.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&OptionRemovingBox::m_others),
                          MakeBooleanChecker())
            .AddAttribute("Kind",
                          "Kind of the options that are removed; 30 is Multipath TCP.",
                          UintegerValue(MPTCP_OPTION_KIND),
                          MakeUintegerAccessor(&OptionRemovingBox::m_kind),
                          MakeUintegerChecker<uint8_t>(2))
            .AddAttribute("Subtypes",
                          "If Kind is 30: the subtypes that are removed, bit n for subtype n of "
                          "RFC 8684 table 2 (4 is DSS only).",
                          UintegerValue(0xffff),
                          MakeUintegerAccessor(&OptionRemovingBox::m_subtypes),
                          MakeUintegerChecker<uint16_t>())
            .AddAttribute("Unknown",
                          "Remove all kinds but MSS, window scale, SACK and timestamps, "
                          "whatever Kind and Subtypes say.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&OptionRemovingBox::m_unknown),
                          MakeBooleanChecker())
            .AddAttribute("DropSegment",
                          "Drop the segments that carry such options, instead of letting them "
                          "pass without.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&OptionRemovingBox::m_dropSegment),
                          MakeBooleanChecker());
    return tid;
}

void
OptionRemovingBox::Receive(Direction way, TcpFrame frame)
{
    if (Works(way) && IsMeant(frame))
    {
        bool acted = false;
        for (const auto& option : frame.GetOptions())
        {
            if (!IsMeant(option))
            {
                continue;
            }
            if (!acted)
            {
                acted = true;
                Act(way, frame);
            }
            if (m_dropSegment)
            {
                return;
            }
            TcpFrame::Erase(option);
        }
    }
    Send(way, std::move(frame));
}

bool
OptionRemovingBox::IsMeant(const TcpFrame& frame) const
{
    if (!frame.Has(TCP_SYN))
    {
        return m_others;
    }
    return frame.Has(TCP_ACK) ? m_synAck : m_syn;
}

bool
OptionRemovingBox::IsMeant(const TcpFrame::Option& option) const
{
    if (m_unknown)
    {
        // MSS, window scale, SACK permitted, SACK; timestamps.
        return option.kind > 5 && option.kind != 8;
    }
    if (option.kind != m_kind)
    {
        return false;
    }
    return m_kind != MPTCP_OPTION_KIND || option.size < 3 ||
           (m_subtypes >> (option.bytes[2] >> 4) & 1);
}

} // namespace ns3
