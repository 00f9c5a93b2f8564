// SPDX-License-Identifier: GPL-2.0-only
#include "translating-box.h"

#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(TranslatingBox);

TypeId
TranslatingBox::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::TranslatingBox")
            .SetParent<Middlebox>()
            .SetGroupName("Mptcp")
            .AddConstructor<TranslatingBox>()
            .AddAttribute("Outside4",
                          "IPv4 address that hosts outside see, which must be routed to this link "
                          "from there; 0.0.0.0: IPv4 is not translated.",
                          Ipv4AddressValue(Ipv4Address::GetAny()),
                          MakeIpv4AddressAccessor(&TranslatingBox::m_outside4),
                          MakeIpv4AddressChecker())
            .AddAttribute("Outside6",
                          "IPv6 address that hosts outside see, which must be routed to this link "
                          "from there; ::: IPv6 is not translated.",
                          Ipv6AddressValue(Ipv6Address::GetAny()),
                          MakeIpv6AddressAccessor(&TranslatingBox::m_outside6),
                          MakeIpv6AddressChecker())
            .AddAttribute("FirstPort",
                          "The first port of the outside address that is given out.",
                          UintegerValue(20000),
                          MakeUintegerAccessor(&TranslatingBox::m_firstPort),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("Timeout",
                          "A connection without segments for so long is forgotten: its later "
                          "segments are dropped. 0: none is.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&TranslatingBox::m_timeout),
                          MakeTimeChecker(Time(0)));
    return tid;
}

std::optional<IpAddress>
TranslatingBox::GetOutside(bool ipv6) const
{
    if (ipv6)
    {
        return m_outside6.IsAny() ? std::nullopt : std::optional<IpAddress>(m_outside6);
    }
    return m_outside4.IsAny() ? std::nullopt : std::optional<IpAddress>(m_outside4);
}

void
TranslatingBox::Receive(Direction way, TcpFrame frame)
{
    if (!GetOutside(IsIpv6(frame.source)))
    {
        Send(way, std::move(frame));
        return;
    }
    Act(way, frame);
    Mapping* mapping = FindMapping(way, frame);
    if (!mapping)
    {
        return;
    }
    mapping->used = Simulator::Now();
    if (way == FORWARD)
    {
        frame.source = mapping->outside.localAddress;
        frame.sourcePort = mapping->outside.localPort;
    }
    else
    {
        frame.destination = mapping->inside.localAddress;
        frame.destinationPort = mapping->inside.localPort;
    }
    Send(way, std::move(frame));
}

TranslatingBox::Mapping*
TranslatingBox::FindMapping(Direction way, const TcpFrame& frame)
{
    const TcpTuple flow = GetFlow(way, frame);
    if (way == BACKWARD)
    {
        return Find(flow);
    }
    if (const auto known = m_outsides.find(flow); known != m_outsides.end())
    {
        if (Mapping* mapping = Find(known->second))
        {
            return mapping;
        }
    }
    if (!frame.Has(TCP_SYN))
    {
        return nullptr;
    }
    const auto made = Open(flow, *GetOutside(IsIpv6(frame.source)));
    if (!made)
    {
        return nullptr;
    }
    m_outsides.insert_or_assign(flow, made->outside);
    return &m_mappings.insert_or_assign(made->outside, *made).first->second;
}

TranslatingBox::Mapping*
TranslatingBox::Find(const TcpTuple& outside)
{
    const auto found = m_mappings.find(outside);
    if (found == m_mappings.end())
    {
        return nullptr;
    }
    if (!m_timeout.IsZero() && Simulator::Now() - found->second.used > m_timeout)
    {
        m_outsides.erase(found->second.inside);
        m_mappings.erase(found);
        return nullptr;
    }
    return &found->second;
}

std::optional<TranslatingBox::Mapping>
TranslatingBox::Open(const TcpTuple& inside, const IpAddress& outside)
{
    constexpr uint32_t LAST_PORT = 65535;
    TcpTuple seen = inside;
    seen.localAddress = outside;
    for (uint32_t tries = m_firstPort; tries <= LAST_PORT; tries++)
    {
        m_nextPort = m_nextPort < m_firstPort ? m_firstPort : m_nextPort;
        seen.localPort = m_nextPort++;
        if (!Find(seen))
        {
            return Mapping{inside, seen, Simulator::Now()};
        }
    }
    return std::nullopt;
}

} // namespace ns3
