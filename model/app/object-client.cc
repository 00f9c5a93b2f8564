// SPDX-License-Identifier: GPL-2.0-only
#include "object-client.h"

#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(PeriodicClient);
NS_OBJECT_ENSURE_REGISTERED(WebPageClient);

TypeId
PeriodicClient::GetTypeId()
{
    static TypeId tid = TypeId("ns3::PeriodicClient")
                            .SetParent<RangeClient>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<PeriodicClient>()
                            .AddAttribute("Size",
                                          "Bytes of an object.",
                                          UintegerValue(10000),
                                          MakeUintegerAccessor(&PeriodicClient::m_size),
                                          MakeUintegerChecker<uint32_t>(1))
                            .AddAttribute("Interval",
                                          "Time from one request to the next.",
                                          TimeValue(MilliSeconds(250)),
                                          MakeTimeAccessor(&PeriodicClient::m_interval),
                                          MakeTimeChecker(MicroSeconds(1)))
                            .AddTraceSource("Object",
                                            "An object has come: how long it took.",
                                            MakeTraceSourceAccessor(&PeriodicClient::m_object),
                                            "ns3::PeriodicClient::LatencyTracedCallback");
    return tid;
}

void
PeriodicClient::DoDispose()
{
    m_timer.Cancel();
    RangeClient::DoDispose();
}

void
PeriodicClient::StartApplication()
{
    RangeClient::StartApplication();
    Request();
}

void
PeriodicClient::StopApplication()
{
    m_timer.Cancel();
    RangeClient::StopApplication();
}

void
PeriodicClient::Request()
{
    m_asked.push_back(Simulator::Now());
    Get(m_offset,
        m_size,
        [this]()
        {
            const Time asked = m_asked.front();
            m_asked.pop_front();
            m_object(Simulator::Now() - asked);
        });
    m_offset += m_size;
    m_timer = Simulator::Schedule(m_interval, &PeriodicClient::Request, this);
}

std::vector<Time>
PeriodicClient::GetMissing() const
{
    return {m_asked.begin(), m_asked.end()};
}

TypeId
WebPageClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::WebPageClient")
            .SetParent<RangeClient>()
            .SetGroupName("Mptcp")
            .AddConstructor<WebPageClient>()
            .AddAttribute("IndexSize",
                          "Bytes of the index of a page.",
                          UintegerValue(50000),
                          MakeUintegerAccessor(&WebPageClient::m_indexSize),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Objects",
                          "Objects of a page.",
                          UintegerValue(30),
                          MakeUintegerAccessor(&WebPageClient::m_objects),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("ObjectSize",
                          "Bytes of an object, at least 1.",
                          StringValue("ns3::ExponentialRandomVariable[Mean=20000|Bound=500000]"),
                          MakePointerAccessor(&WebPageClient::m_objectSize),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Pause",
                          "Time from a complete page to the beginning of the next one.",
                          TimeValue(MilliSeconds(500)),
                          MakeTimeAccessor(&WebPageClient::m_pause),
                          MakeTimeChecker(MicroSeconds(1)))
            .AddTraceSource("Page",
                            "A page is complete: how long it took.",
                            MakeTraceSourceAccessor(&WebPageClient::m_page),
                            "ns3::PeriodicClient::LatencyTracedCallback");
    return tid;
}

WebPageClient::WebPageClient() = default;

WebPageClient::~WebPageClient() = default;

void
WebPageClient::DoDispose()
{
    m_timer.Cancel();
    RangeClient::DoDispose();
}

int64_t
WebPageClient::AssignStreams(int64_t stream)
{
    m_objectSize->SetStream(stream);
    return 1;
}

void
WebPageClient::StartApplication()
{
    RangeClient::StartApplication();
    Begin();
}

void
WebPageClient::StopApplication()
{
    m_timer.Cancel();
    RangeClient::StopApplication();
}

void
WebPageClient::Begin()
{
    m_begun = Simulator::Now();
    Get(m_offset, m_indexSize, [this]() { OnIndex(); });
    m_offset += m_indexSize;
}

void
WebPageClient::OnIndex()
{
    m_left = m_objects;
    for (uint32_t i = 0; i < m_objects; i++)
    {
        const uint32_t size = std::max(1U, m_objectSize->GetInteger());
        Get(m_offset, size, [this]() { OnObject(); });
        m_offset += size;
    }
}

void
WebPageClient::OnObject()
{
    if (--m_left == 0)
    {
        m_page(Simulator::Now() - *m_begun);
        m_begun.reset();
        m_timer = Simulator::Schedule(m_pause, &WebPageClient::Begin, this);
    }
}

std::vector<Time>
WebPageClient::GetMissing() const
{
    return m_begun ? std::vector<Time>{*m_begun} : std::vector<Time>();
}

} // namespace ns3
