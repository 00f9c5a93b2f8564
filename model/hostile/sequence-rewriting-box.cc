// SPDX-License-Identifier: GPL-2.0-only
#include "sequence-rewriting-box.h"

#include "ns3/big-endian.h"
#include "ns3/boolean.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(SequenceRewritingBox);

namespace
{

constexpr uint8_t SACK = 5; // kind of option, RFC 2018

} // namespace

TypeId
SequenceRewritingBox::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::SequenceRewritingBox")
            .SetParent<Middlebox>()
            .SetGroupName("Mptcp")
            .AddConstructor<SequenceRewritingBox>()
            .AddAttribute("Sack",
                          "Whether SACK blocks are rewritten as well; some boxes leave them.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&SequenceRewritingBox::m_rewriteSack),
                          MakeBooleanChecker())
            .AddAttribute("ForwardShift",
                          "Added to sequence numbers of the forward direction, modulo 2^32; 0: a "
                          "random number for each connection.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SequenceRewritingBox::m_forward),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("BackwardShift",
                          "As ForwardShift, of the backward direction.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SequenceRewritingBox::m_backward),
                          MakeUintegerChecker<uint32_t>());
    return tid;
}

SequenceRewritingBox::SequenceRewritingBox()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

int64_t
SequenceRewritingBox::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

uint32_t
SequenceRewritingBox::MakeShift(uint32_t fixed) const
{
    return fixed ? fixed : m_random->GetInteger(1, 0xffffffff);
}

void
SequenceRewritingBox::Receive(Direction way, TcpFrame frame)
{
    const auto [found, added] = m_flows.try_emplace(GetFlow(way, frame));
    Shifts& shifts = found->second;
    if (added)
    {
        shifts[FORWARD] = MakeShift(m_forward);
        shifts[BACKWARD] = MakeShift(m_backward);
    }
    Act(way, frame);
    const uint32_t back = shifts[Opposite(way)];
    frame.seq += shifts[way];
    if (frame.Has(TCP_ACK))
    {
        frame.ack -= back;
    }
    const auto sack = frame.FindOption(SACK);
    for (uint8_t at = 2; m_rewriteSack && at + 4 <= sack.size; at += 4)
    {
        WriteBig32(sack.bytes + at, ReadBig32(sack.bytes + at) - back);
    }
    Send(way, std::move(frame));
}

} // namespace ns3
