// SPDX-License-Identifier: GPL-2.0-only
#include "delivery-trace-queue-disc.h"

#include "ns3/drop-tail-queue.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(DeliveryTraceQueueDisc);

TypeId
DeliveryTraceQueueDisc::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::DeliveryTraceQueueDisc")
            .SetParent<QueueDisc>()
            .SetGroupName("Mptcp")
            .AddConstructor<DeliveryTraceQueueDisc>()
            .AddAttribute("MaxSize",
                          "What waits at most, in packets or bytes.",
                          QueueSizeValue(QueueSize("100p")),
                          MakeQueueSizeAccessor(&QueueDisc::SetMaxSize, &QueueDisc::GetMaxSize),
                          MakeQueueSizeChecker());
    return tid;
}

DeliveryTraceQueueDisc::DeliveryTraceQueueDisc()
    : QueueDisc(QueueDiscSizePolicy::SINGLE_INTERNAL_QUEUE)
{
}

void
DeliveryTraceQueueDisc::SetTrace(const DeliveryTrace& trace)
{
    m_trace = trace;
}

void
DeliveryTraceQueueDisc::DoDispose()
{
    m_event.Cancel();
    QueueDisc::DoDispose();
}

uint32_t
DeliveryTraceQueueDisc::GetBytes(Ptr<const QueueDiscItem> item)
{
    return item->GetSize() + DeliveryTrace::PACKET_OVERHEAD;
}

bool
DeliveryTraceQueueDisc::DoEnqueue(Ptr<QueueDiscItem> item)
{
    if (GetCurrentSize() + item > GetMaxSize())
    {
        DropBeforeEnqueue(item, LIMIT_DROP);
        return false;
    }
    const bool first = GetInternalQueue(0)->IsEmpty();
    GetInternalQueue(0)->Enqueue(item);
    if (first)
    {
        m_left = GetBytes(item);
        m_next = std::max(m_next, m_trace->FindAfter(Simulator::Now()));
        Wait();
    }
    return true;
}

void
DeliveryTraceQueueDisc::Wait()
{
    m_event = Simulator::Schedule(
        m_trace->GetTime(m_next) - Simulator::Now(), &DeliveryTraceQueueDisc::Deliver, this);
}

void
DeliveryTraceQueueDisc::Deliver()
{
    uint32_t bytes = DeliveryTrace::OPPORTUNITY_BYTES;
    ++m_next;
    while (bytes > 0 && !GetInternalQueue(0)->IsEmpty())
    {
        const uint32_t carried = std::min(bytes, m_left);
        bytes -= carried;
        m_left -= carried;
        if (m_left == 0)
        {
            m_carried = true;
            Run();
        }
        if (m_left == 0)
        {
            // The device takes no more.
            break;
        }
    }
    if (!GetInternalQueue(0)->IsEmpty())
    {
        Wait();
    }
}

Ptr<QueueDiscItem>
DeliveryTraceQueueDisc::DoDequeue()
{
    if (!m_carried)
    {
        return nullptr;
    }
    m_carried = false;
    Ptr<QueueDiscItem> item = GetInternalQueue(0)->Dequeue();
    if (Ptr<const QueueDiscItem> next = GetInternalQueue(0)->Peek())
    {
        m_left = GetBytes(next);
    }
    return item;
}

bool
DeliveryTraceQueueDisc::CheckConfig()
{
    if (!m_trace || GetNQueueDiscClasses() > 0 || GetNPacketFilters() > 0)
    {
        return false;
    }
    if (GetNInternalQueues() == 0)
    {
        AddInternalQueue(CreateObjectWithAttributes<DropTailQueue<QueueDiscItem>>(
            "MaxSize", QueueSizeValue(GetMaxSize())));
    }
    return GetNInternalQueues() == 1;
}

void
DeliveryTraceQueueDisc::InitializeParams()
{
}

} // namespace ns3
