// SPDX-License-Identifier: GPL-2.0-only
#ifndef MIDDLEBOX_LINK_H
#define MIDDLEBOX_LINK_H

#include "middlebox.h"

#include "ns3/packet.h"
#include "ns3/point-to-point-net-device.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * A point-to-point link with boxes on it. It stands where packets arrive, in the place of each
 * device's receive error model, which it keeps and asks first: devices, channel, queues, routing
 * and addresses stay as they are. The capture of a sender shows its segments as they left, that
 * of a receiver as the boxes let them through.
 *
 * A segment that boxes have changed keeps its packet, with tags; what is sent in addition has
 * none. Answers of a box arrive one delay of the link later.
 */
class MiddleboxLink : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    ~MiddleboxLink() override;

    /**
     * Stand on a link from now on. An error model that is set on its devices later takes this
     * one's place: set it before.
     * @param first device; FORWARD is from there
     * @param second device, at the other end of the same channel
     */
    void Attach(Ptr<PointToPointNetDevice> first, Ptr<PointToPointNetDevice> second);

    /// Add a box behind those that are there, as FORWARD meets them. @param box it, new
    void Add(Ptr<Middlebox> box);
    /// @return the boxes, as FORWARD meets them
    const std::vector<Ptr<Middlebox>>& GetBoxes() const;

    /// A packet arrives at a device. @param way where it goes @param packet with its link header;
    /// boxes change it @return whether it is to be dropped
    bool Arrive(Middlebox::Direction way, const Ptr<Packet>& packet);

  protected:
    void DoDispose() override;

  private:
    /// The packet that is arriving.
    struct Arrival
    {
        Middlebox::Direction way{Middlebox::FORWARD}; //!< its direction
        Ptr<Packet> packet;                           //!< it, with link header
        const std::vector<uint8_t>& bytes;            //!< of the packet
        bool passed{false};                           //!< it has become what the boxes send
    };

    /// A box or the link itself hands a segment on. @param box number of the next box, as FORWARD
    /// counts them @param way its direction @param frame it
    void Hand(size_t box, Middlebox::Direction way, TcpFrame frame);
    /// A segment leaves the last box. @param way its direction @param frame it
    void Leave(Middlebox::Direction way, const TcpFrame& frame);
    /// Let a packet in by a device. @param way its direction @param packet with link header
    void Deliver(Middlebox::Direction way, Ptr<Packet> packet);

    Ptr<PointToPointNetDevice> m_devices[2]; //!< where packets arrive, by direction
    std::vector<Ptr<Middlebox>> m_boxes;     //!< as FORWARD meets them
    Arrival* m_arrival{nullptr};             //!< while boxes look at it
    bool m_delivering{false};                //!< what arrives has been through the boxes
};

} // namespace ns3

#endif // MIDDLEBOX_LINK_H
