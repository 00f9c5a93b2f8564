// SPDX-License-Identifier: GPL-2.0-only
#ifndef DELIVERY_TRACE_QUEUE_DISC_H
#define DELIVERY_TRACE_QUEUE_DISC_H

#include "delivery-trace.h"

#include "ns3/event-id.h"
#include "ns3/queue-disc.h"

#include <optional>

namespace ns3
{

/**
 * @ingroup mptcp
 * Makes a fast device deliver packets when a measured link could. Packets wait in a drop-tail
 * queue. An opportunity of the trace carries 1504 bytes: several packets, or a part of one, which
 * is sent when the rest has been carried too. What it has no packets for is lost, and a packet that
 * finds the queue empty waits for the next opportunity after its arrival. Each packet counts with 4
 * bytes on top, as in Mahimahi, so that one of 1500 bytes takes an opportunity.
 *
 * The device's own queue must hold what one opportunity releases.
 */
class DeliveryTraceQueueDisc : public QueueDisc
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    DeliveryTraceQueueDisc();

    /// @param trace of the link, which begins with the simulation
    void SetTrace(const DeliveryTrace& trace);

    static constexpr const char* LIMIT_DROP = "Queue is full"; //!< why packets are dropped

  protected:
    void DoDispose() override;

  private:
    bool DoEnqueue(Ptr<QueueDiscItem> item) override;
    Ptr<QueueDiscItem> DoDequeue() override;
    bool CheckConfig() override;
    void InitializeParams() override;

    /// An opportunity has come.
    void Deliver();
    /// Be called at the next opportunity.
    void Wait();
    /// @param item a packet @return bytes that it takes of opportunities
    static uint32_t GetBytes(Ptr<const QueueDiscItem> item);

    std::optional<DeliveryTrace> m_trace; //!< of the link
    uint64_t m_next{0};                   //!< opportunity that was not looked at yet
    uint32_t m_left{0};                   //!< bytes of the first packet that were not carried yet
    bool m_carried{false};                //!< the first packet may leave
    EventId m_event;                      //!< Deliver(), while packets wait
};

} // namespace ns3

#endif // DELIVERY_TRACE_QUEUE_DISC_H
