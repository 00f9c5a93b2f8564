// SPDX-License-Identifier: GPL-2.0-only
#include "segment-forger.h"

#include "ns3/abort.h"
#include "ns3/double.h"
#include "ns3/loopback-net-device.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(SegmentForger);

namespace
{

constexpr uint16_t ETHERTYPE_IPV4 = 0x0800;
constexpr uint16_t ETHERTYPE_IPV6 = 0x86dd;

} // namespace

TypeId
SegmentForger::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::SegmentForger")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddConstructor<SegmentForger>()
            .AddAttribute("Rate",
                          "Packets per second of a flood.",
                          DoubleValue(1000),
                          MakeDoubleAccessor(&SegmentForger::m_rate),
                          MakeDoubleChecker<double>(1e-6))
            .AddAttribute("Count",
                          "Packets of a flood; 0: until the application stops.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&SegmentForger::m_count),
                          MakeUintegerChecker<uint64_t>())
            .AddTraceSource("Received",
                            "A TCP segment has arrived at the attacker's link, for whomever.",
                            MakeTraceSourceAccessor(&SegmentForger::m_receivedTrace),
                            "ns3::SegmentForger::ReceivedTracedCallback");
    return tid;
}

void
SegmentForger::SetDevice(Ptr<NetDevice> device)
{
    m_device = device;
}

void
SegmentForger::SetFlood(Maker maker)
{
    m_maker = std::move(maker);
}

void
SegmentForger::DoDispose()
{
    m_maker = nullptr;
    m_device = nullptr;
    Application::DoDispose();
}

void
SegmentForger::StartApplication()
{
    Open();
    if (m_maker)
    {
        SendNext();
    }
}

void
SegmentForger::StopApplication()
{
    m_next.Cancel();
    if (m_open)
    {
        m_open = false;
        GetNode()->UnregisterProtocolHandler(MakeCallback(&SegmentForger::OnPacket, this));
    }
}

void
SegmentForger::Open()
{
    for (uint32_t i = 0; !m_device && i < GetNode()->GetNDevices(); i++)
    {
        if (!DynamicCast<LoopbackNetDevice>(GetNode()->GetDevice(i)))
        {
            m_device = GetNode()->GetDevice(i);
        }
    }
    NS_ABORT_MSG_UNLESS(m_device, "SegmentForger: its node has no device to send by");
    if (!m_open)
    {
        m_open = true;
        constexpr uint16_t ALL = 0;
        GetNode()->RegisterProtocolHandler(
            MakeCallback(&SegmentForger::OnPacket, this), ALL, m_device);
    }
}

void
SegmentForger::SendNext()
{
    Send(m_maker(m_made));
    m_made++;
    if (m_count == 0 || m_made < m_count)
    {
        m_next = Simulator::Schedule(Seconds(1 / m_rate), &SegmentForger::SendNext, this);
    }
}

void
SegmentForger::Send(const TcpFrame& frame)
{
    Send(WriteTcpFrame(frame, Node::ChecksumEnabled()));
}

void
SegmentForger::Send(const std::vector<uint8_t>& packet)
{
    Open();
    const bool ipv6 = !packet.empty() && packet[0] >> 4 == 6;
    m_sent++;
    m_device->Send(Create<Packet>(packet.data(), packet.size()),
                   m_device->GetBroadcast(),
                   ipv6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4);
}

uint64_t
SegmentForger::GetSent() const
{
    return m_sent;
}

void
SegmentForger::OnPacket(Ptr<NetDevice> /* device */,
                        Ptr<const Packet> packet,
                        uint16_t /* protocol */,
                        const Address& /* from */,
                        const Address& /* to */,
                        NetDevice::PacketType /* type */)
{
    std::vector<uint8_t> bytes(packet->GetSize());
    packet->CopyData(bytes.data(), bytes.size());
    if (const auto frame = ReadTcpFrame(bytes.data(), bytes.size()))
    {
        m_receivedTrace(*frame);
    }
}

} // namespace ns3
