// SPDX-License-Identifier: GPL-2.0-only
#ifndef JITTER_CHANNEL_H
#define JITTER_CHANNEL_H

#include "ns3/double.h"
#include "ns3/node.h"
#include "ns3/point-to-point-channel.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/random-variable-stream.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <array>

namespace ns3
{

/**
 * A point-to-point link on which each packet takes a little longer, by lot, and none overtakes
 * another: hosts are not as punctual as simulated ones. Without it whose packet finds a full queue
 * is decided by the lengths of packets and round trips (phase effects; Floyd and Jacobson, "On
 * Traffic Phase Effects in Packet-Switched Gateways", 1992, who recommend such a random time).
 */
class JitterChannel : public PointToPointChannel
{
  public:
    /// @param jitter most that is added to Delay @param stream of random numbers
    JitterChannel(Time jitter, int64_t stream)
        : m_jitter(CreateObject<UniformRandomVariable>())
    {
        m_jitter->SetAttribute("Max", DoubleValue(jitter.GetSeconds()));
        m_jitter->SetStream(stream);
    }

    bool TransmitStart(Ptr<const Packet> packet,
                       Ptr<PointToPointNetDevice> source,
                       Time duration) override
    {
        const uint32_t wire = source == GetSource(0) ? 0 : 1;
        const Time now = Simulator::Now();
        const Time late = Seconds(m_jitter->GetValue());
        m_arrival[wire] = std::max(m_arrival[wire], now + duration + GetDelay() + late);
        const auto destination = GetDestination(wire);
        Simulator::ScheduleWithContext(destination->GetNode()->GetId(),
                                       m_arrival[wire] - now,
                                       &PointToPointNetDevice::Receive,
                                       destination,
                                       packet->Copy());
        return true;
    }

  private:
    Ptr<UniformRandomVariable> m_jitter; //!< what is added to the delay
    std::array<Time, 2> m_arrival{};     //!< of the last packet each way
};

} // namespace ns3

#endif // JITTER_CHANNEL_H
