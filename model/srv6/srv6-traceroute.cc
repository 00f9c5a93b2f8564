// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-traceroute.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <iomanip>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6Traceroute);

std::ostream&
operator<<(std::ostream& os, const Srv6Hop& hop)
{
    os << std::setw(2) << +hop.hopLimit << ' ';
    const Srv6ProbeAnswer* last = nullptr;
    for (const auto& answer : hop.probes)
    {
        if (!answer)
        {
            os << " *";
            continue;
        }
        if (!last || !(last->from == answer->from))
        {
            os << ' ' << answer->from;
        }
        last = &*answer;
        os << ' ' << answer->roundTripTime.GetSeconds() * 1e3 << " ms";
        if (!answer->IsTimeExceeded() && !answer->IsReached())
        {
            os << " (" << *answer << ')';
        }
    }
    os << '\n';
    if (!last)
    {
        return os;
    }
    os << "    DA: " << last->destination;
    if (last->header)
    {
        os << ", SRH: (";
        for (const auto& segment : last->header->segments)
        {
            os << segment << (&segment == &last->header->segments.back() ? "" : ", ");
        }
        os << "; SL=" << +last->header->segmentsLeft << ')';
    }
    return os << '\n';
}

TypeId
Srv6Traceroute::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::Srv6Traceroute")
            .SetParent<Srv6Probe>()
            .SetGroupName("Mptcp")
            .AddConstructor<Srv6Traceroute>()
            .AddAttribute("MaxHops",
                          "The largest hop limit to try.",
                          UintegerValue(30),
                          MakeUintegerAccessor(&Srv6Traceroute::m_maxHops),
                          MakeUintegerChecker<uint8_t>(1))
            .AddAttribute("ProbesPerHop",
                          "Number of probes with each hop limit.",
                          UintegerValue(3),
                          MakeUintegerAccessor(&Srv6Traceroute::m_probesPerHop),
                          MakeUintegerChecker<uint32_t>(1, 100))
            .AddAttribute("EchoRequests",
                          "Whether probes are ICMPv6 Echo Requests. Otherwise they are UDP "
                          "datagrams to port 33434, all of one flow, so that no router spreads "
                          "them over several paths.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&Srv6Traceroute::m_echo),
                          MakeBooleanChecker())
            .AddTraceSource("Hop",
                            "All probes with a hop limit were answered or are lost.",
                            MakeTraceSourceAccessor(&Srv6Traceroute::m_hopTrace),
                            "ns3::Srv6Traceroute::HopTracedCallback");
    return tid;
}

Srv6Traceroute::Srv6Traceroute() = default;

Srv6Traceroute::~Srv6Traceroute() = default;

const std::vector<Srv6Hop>&
Srv6Traceroute::GetHops() const
{
    return m_hops;
}

bool
Srv6Traceroute::IsReached() const
{
    const auto reached = [](const std::optional<Srv6ProbeAnswer>& answer)
    { return answer && answer->IsReached(); };
    return !m_hops.empty() &&
           std::any_of(m_hops.back().probes.begin(), m_hops.back().probes.end(), reached);
}

void
Srv6Traceroute::Begin()
{
    m_hops.assign(1, {1, {}});
    SendNext();
}

void
Srv6Traceroute::End()
{
    m_next.Cancel();
}

void
Srv6Traceroute::DoDispose()
{
    m_next.Cancel();
    Srv6Probe::DoDispose();
}

void
Srv6Traceroute::SendNext()
{
    const auto kind = m_echo ? Kind::ECHO_REQUEST : Kind::DATAGRAM;
    if (!Send(kind, m_sequence++, m_hops.back().hopLimit))
    {
        // No other hop limit would help.
        m_hops.back().probes.emplace_back();
        m_hopTrace(m_hops.back());
    }
}

void
Srv6Traceroute::OnAnswer(const Srv6ProbeAnswer& answer)
{
    Note(answer);
}

void
Srv6Traceroute::OnLost(uint16_t /* sequence */)
{
    Note(std::nullopt);
}

void
Srv6Traceroute::Note(const std::optional<Srv6ProbeAnswer>& answer)
{
    auto& probes = m_hops.back().probes;
    probes.push_back(answer);
    if (probes.size() >= m_probesPerHop)
    {
        const Srv6Hop hop = m_hops.back();
        m_hopTrace(hop);
        const bool ended = std::any_of(probes.begin(),
                                       probes.end(),
                                       [](const std::optional<Srv6ProbeAnswer>& one)
                                       { return one && !one->IsTimeExceeded(); });
        if (ended || hop.hopLimit >= m_maxHops)
        {
            return;
        }
        m_hops.push_back({static_cast<uint8_t>(hop.hopLimit + 1), {}});
    }
    m_next = Simulator::ScheduleNow(&Srv6Traceroute::SendNext, this);
}

void
Srv6Traceroute::Print(std::ostream& os) const
{
    os << "traceroute to ";
    PrintTarget(os);
    os << ", at most " << +m_maxHops << " hops\n";
    if (!GetProblem().empty())
    {
        os << "cannot be sent: " << GetProblem() << '\n';
    }
    for (const auto& hop : m_hops)
    {
        if (!hop.probes.empty())
        {
            os << hop;
        }
    }
}

} // namespace ns3
