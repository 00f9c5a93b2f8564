// SPDX-License-Identifier: GPL-2.0-only
#ifndef SEGMENT_FORGER_H
#define SEGMENT_FORGER_H

#include "tcp-frame.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/traced-callback.h"

#include <functional>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * An attacker: sends packets of any content, with any source address, and sees what arrives at its
 * own link. It speaks with the node's device alone: the node needs no internet stack, and should
 * have none where it would answer in the attacker's place.
 */
class SegmentForger : public Application
{
  public:
    /// Makes the packets of a flood. @param number of it, from 0 on @return it
    using Maker = std::function<TcpFrame(uint64_t number)>;

    /// @return the TypeId
    static TypeId GetTypeId();

    /// Use another device than the node's first one that is no loopback. @param device of the node
    void SetDevice(Ptr<NetDevice> device);
    /// Flood from the application's start on, as the attributes Rate and Count say.
    /// @param maker makes the packets
    void SetFlood(Maker maker);

    /// Send a segment now. @param frame it
    void Send(const TcpFrame& frame);
    /// Send anything now. @param packet from its IP header on
    void Send(const std::vector<uint8_t>& packet);

    /// @return packets sent
    uint64_t GetSent() const;

    /// TracedCallback signature of Received. @param frame what has arrived
    typedef void (*ReceivedTracedCallback)(const TcpFrame& frame);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    /// Find the device and listen, once.
    void Open();
    /// Send the next packet of the flood.
    void SendNext();
    /// @param device that it arrived at @param packet from IP on @param protocol EtherType
    /// @param from link address @param to link address @param type of the latter
    void OnPacket(Ptr<NetDevice> device,
                  Ptr<const Packet> packet,
                  uint16_t protocol,
                  const Address& from,
                  const Address& to,
                  NetDevice::PacketType type);

    Ptr<NetDevice> m_device;                         //!< to send by
    bool m_open{false};                              //!< listens
    Maker m_maker;                                   //!< of the flood
    double m_rate{1000};                             //!< packets per second
    uint64_t m_count{0};                             //!< packets of the flood; 0: no end
    uint64_t m_made{0};                              //!< packets of the flood so far
    uint64_t m_sent{0};                              //!< packets
    EventId m_next;                                  //!< of the flood
    TracedCallback<const TcpFrame&> m_receivedTrace; //!< segments that arrive
};

} // namespace ns3

#endif // SEGMENT_FORGER_H
