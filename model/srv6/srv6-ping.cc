// SPDX-License-Identifier: GPL-2.0-only
#include "srv6-ping.h"

#include "ns3/icmpv6-header.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(Srv6Ping);

TypeId
Srv6Ping::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::Srv6Ping")
            .SetParent<Srv6Probe>()
            .SetGroupName("Mptcp")
            .AddConstructor<Srv6Ping>()
            .AddAttribute("Count",
                          "Number of Echo Requests; 0: until the application stops.",
                          UintegerValue(5),
                          MakeUintegerAccessor(&Srv6Ping::m_count),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("Interval",
                          "Time from one Echo Request to the next.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&Srv6Ping::m_interval),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("HopLimit",
                          "Hop limit of Echo Requests.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&Srv6Ping::m_hopLimit),
                          MakeUintegerChecker<uint8_t>(1));
    return tid;
}

Srv6Ping::Srv6Ping() = default;

Srv6Ping::~Srv6Ping() = default;

uint32_t
Srv6Ping::GetSent() const
{
    return static_cast<uint32_t>(m_marks.size());
}

uint32_t
Srv6Ping::GetReceived() const
{
    return m_received;
}

Time
Srv6Ping::GetMinRtt() const
{
    return m_min;
}

Time
Srv6Ping::GetMeanRtt() const
{
    return m_received > 0 ? m_sum / static_cast<int64_t>(m_received) : Time();
}

Time
Srv6Ping::GetMaxRtt() const
{
    return m_max;
}

void
Srv6Ping::Begin()
{
    SendNext();
}

void
Srv6Ping::End()
{
    m_next.Cancel();
}

void
Srv6Ping::DoDispose()
{
    m_next.Cancel();
    Srv6Probe::DoDispose();
}

void
Srv6Ping::SendNext()
{
    const auto sequence = static_cast<uint16_t>(m_marks.size());
    m_marks.push_back('.');
    Send(Kind::ECHO_REQUEST, sequence, m_hopLimit);
    if (m_count == 0 || m_marks.size() < m_count)
    {
        m_next = Simulator::Schedule(m_interval, &Srv6Ping::SendNext, this);
    }
}

void
Srv6Ping::OnAnswer(const Srv6ProbeAnswer& answer)
{
    // Sequence numbers have 16 bits: the last probe with this one is meant.
    const size_t last = m_marks.size() - 1;
    char& mark = m_marks[last - static_cast<uint16_t>(last - answer.sequence)];
    switch (answer.type)
    {
    case Icmpv6Header::ICMPV6_ECHO_REPLY:
        mark = '!';
        m_min = m_received == 0 ? answer.roundTripTime : std::min(m_min, answer.roundTripTime);
        m_max = std::max(m_max, answer.roundTripTime);
        m_sum += answer.roundTripTime;
        ++m_received;
        break;
    case Icmpv6Header::ICMPV6_ERROR_TIME_EXCEEDED:
        mark = 'T';
        break;
    case Icmpv6Header::ICMPV6_ERROR_PARAMETER_ERROR:
        mark = 'P';
        break;
    case Icmpv6Header::ICMPV6_ERROR_PACKET_TOO_BIG:
        mark = 'B';
        break;
    default:
        mark = 'U';
        break;
    }
}

void
Srv6Ping::OnLost(uint16_t /* sequence */)
{
    // Its mark says so from the beginning.
}

void
Srv6Ping::Print(std::ostream& os) const
{
    os << "ping ";
    PrintTarget(os);
    os << '\n';
    if (!GetProblem().empty())
    {
        os << "cannot be sent: " << GetProblem() << '\n';
    }
    os << m_size << " bytes each: " << m_marks << '\n'
       << m_received << " of " << m_marks.size() << " answered";
    if (m_received > 0)
    {
        const auto milliseconds = [](const Time& time) { return time.GetSeconds() * 1e3; };
        os << ", round-trip min/avg/max = " << milliseconds(m_min) << '/'
           << milliseconds(GetMeanRtt()) << '/' << milliseconds(m_max) << " ms";
    }
    os << '\n';
}

} // namespace ns3
