// SPDX-License-Identifier: GPL-2.0-only
#include "middlebox-link.h"

#include "ns3/abort.h"
#include "ns3/big-endian.h"
#include "ns3/channel.h"
#include "ns3/error-model.h"
#include "ns3/node.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"

#include <memory>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MiddleboxLink);

namespace
{

constexpr size_t PPP_HEADER = 2; // bytes of PointToPointNetDevice's own header
constexpr uint16_t PPP_IPV4 = 0x0021;
constexpr uint16_t PPP_IPV6 = 0x0057;

/// Shows a link what arrives at one of its devices.
class MiddleboxEntrance : public ErrorModel
{
  public:
    /// @param link whose @param way where its packets go @param inner the model that was there
    MiddleboxEntrance(Ptr<MiddleboxLink> link, Middlebox::Direction way, Ptr<ErrorModel> inner)
        : m_link(link),
          m_way(way),
          m_inner(inner)
    {
    }

  private:
    bool DoCorrupt(Ptr<Packet> packet) override
    {
        return (m_inner && m_inner->IsCorrupt(packet)) || m_link->Arrive(m_way, packet);
    }

    void DoReset() override
    {
        if (m_inner)
        {
            m_inner->Reset();
        }
    }

    Ptr<MiddleboxLink> m_link;  //!< whose
    Middlebox::Direction m_way; //!< where its packets go
    Ptr<ErrorModel> m_inner;    //!< the model that was there, or nullptr
};

/// @param packet with byte tags, which flow monitors look for @return them
std::vector<std::unique_ptr<Tag>>
GetByteTags(const Ptr<Packet>& packet)
{
    std::vector<std::unique_ptr<Tag>> tags;
    for (auto i = packet->GetByteTagIterator(); i.HasNext();)
    {
        const auto item = i.Next();
        if (item.GetTypeId().HasConstructor())
        {
            tags.emplace_back(dynamic_cast<Tag*>(item.GetTypeId().GetConstructor()()));
            item.GetTag(*tags.back());
        }
    }
    return tags;
}

/// @param frame a segment @return its packet with a link header
std::vector<uint8_t>
WriteFramed(const TcpFrame& frame)
{
    const auto bytes = WriteTcpFrame(frame, Node::ChecksumEnabled());
    std::vector<uint8_t> framed(PPP_HEADER);
    WriteBig16(framed.data(), IsIpv6(frame.source) ? PPP_IPV6 : PPP_IPV4);
    framed.insert(framed.end(), bytes.begin(), bytes.end());
    return framed;
}

} // namespace

TypeId
MiddleboxLink::GetTypeId()
{
    static TypeId tid = TypeId("ns3::MiddleboxLink")
                            .SetParent<Object>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<MiddleboxLink>();
    return tid;
}

MiddleboxLink::~MiddleboxLink()
{
    for (const auto& box : m_boxes)
    {
        box->SetSender(nullptr);
    }
}

void
MiddleboxLink::DoDispose()
{
    for (const auto& box : m_boxes)
    {
        box->Dispose();
    }
    m_boxes.clear();
    m_devices[0] = m_devices[1] = nullptr;
    Object::DoDispose();
}

void
MiddleboxLink::Attach(Ptr<PointToPointNetDevice> first, Ptr<PointToPointNetDevice> second)
{
    NS_ABORT_MSG_UNLESS(!m_devices[0], "MiddleboxLink: stands on a link already");
    NS_ABORT_MSG_UNLESS(first && second && first != second && first->GetChannel() &&
                            first->GetChannel() == second->GetChannel(),
                        "MiddleboxLink: needs the two devices of one point-to-point channel");
    m_devices[Middlebox::FORWARD] = second;
    m_devices[Middlebox::BACKWARD] = first;
    for (const auto way : {Middlebox::FORWARD, Middlebox::BACKWARD})
    {
        PointerValue inner;
        m_devices[way]->GetAttribute("ReceiveErrorModel", inner);
        m_devices[way]->SetReceiveErrorModel(
            CreateObject<MiddleboxEntrance>(this, way, inner.Get<ErrorModel>()));
    }
}

void
MiddleboxLink::Add(Ptr<Middlebox> box)
{
    const size_t number = m_boxes.size();
    m_boxes.push_back(box);
    box->SetSender(
        [this, number](Middlebox::Direction way, TcpFrame frame)
        { Hand(way == Middlebox::FORWARD ? number + 1 : number - 1, way, std::move(frame)); });
}

const std::vector<Ptr<Middlebox>>&
MiddleboxLink::GetBoxes() const
{
    return m_boxes;
}

bool
MiddleboxLink::Arrive(Middlebox::Direction way, const Ptr<Packet>& packet)
{
    if (m_delivering || m_boxes.empty() || packet->GetSize() <= PPP_HEADER)
    {
        return false;
    }
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), bytes.size());
    auto frame = ReadTcpFrame(bytes.data() + PPP_HEADER, bytes.size() - PPP_HEADER);
    if (!frame)
    {
        return false;
    }
    Arrival arrival{way, packet, bytes};
    m_arrival = &arrival;
    Hand(way == Middlebox::FORWARD ? 0 : m_boxes.size() - 1, way, std::move(*frame));
    m_arrival = nullptr;
    return !arrival.passed;
}

void
MiddleboxLink::Hand(size_t box, Middlebox::Direction way, TcpFrame frame)
{
    // Before the first box there is SIZE_MAX, behind the last one their number.
    if (box < m_boxes.size())
    {
        m_boxes[box]->Receive(way, std::move(frame));
    }
    else
    {
        Leave(way, frame);
    }
}

void
MiddleboxLink::Leave(Middlebox::Direction way, const TcpFrame& frame)
{
    const auto bytes = WriteFramed(frame);
    const Ptr<Packet> packet = Create<Packet>(bytes.data(), bytes.size());
    if (m_arrival && m_arrival->way == way && !m_arrival->passed)
    {
        m_arrival->passed = true;
        if (bytes == m_arrival->bytes)
        {
            return;
        }
        const Ptr<Packet>& original = m_arrival->packet;
        const auto tags = GetByteTags(original);
        original->RemoveAtStart(original->GetSize());
        original->AddAtEnd(packet);
        for (const auto& tag : tags)
        {
            original->AddByteTag(*tag);
        }
        return;
    }
    TimeValue delay(Time(0));
    if (m_arrival && m_arrival->way != way)
    {
        m_devices[way]->GetChannel()->GetAttribute("Delay", delay);
    }
    Simulator::ScheduleWithContext(m_devices[way]->GetNode()->GetId(),
                                   delay.Get(),
                                   &MiddleboxLink::Deliver,
                                   Ptr<MiddleboxLink>(this),
                                   way,
                                   packet);
}

void
MiddleboxLink::Deliver(Middlebox::Direction way, Ptr<Packet> packet)
{
    if (m_devices[way])
    {
        m_delivering = true;
        m_devices[way]->Receive(packet);
        m_delivering = false;
    }
}

} // namespace ns3
