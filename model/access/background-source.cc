// SPDX-License-Identifier: GPL-2.0-only
#include "background-source.h"

#include "ns3/inet6-socket-address.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(BackgroundSource);

TypeId
BackgroundSource::GetTypeId()
{
    static TypeId tid = TypeId("ns3::BackgroundSource")
                            .SetParent<Application>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<BackgroundSource>()
                            .AddAttribute("Rate",
                                          "On average, of IP packets; 0: none.",
                                          DataRateValue(DataRate("1Mb/s")),
                                          MakeDataRateAccessor(&BackgroundSource::m_rate),
                                          MakeDataRateChecker())
                            .AddAttribute("PacketSize",
                                          "Bytes of each IP packet.",
                                          UintegerValue(1000),
                                          MakeUintegerAccessor(&BackgroundSource::m_size),
                                          MakeUintegerChecker<uint32_t>(64, 1500))
                            .AddAttribute("Remote",
                                          "Where they go: address and port.",
                                          AddressValue(),
                                          MakeAddressAccessor(&BackgroundSource::m_remote),
                                          MakeAddressChecker());
    return tid;
}

BackgroundSource::BackgroundSource()
    : m_gaps(CreateObject<ExponentialRandomVariable>())
{
}

BackgroundSource::~BackgroundSource() = default;

void
BackgroundSource::SetDevice(Ptr<NetDevice> device)
{
    m_device = device;
}

int64_t
BackgroundSource::AssignStreams(int64_t stream)
{
    m_gaps->SetStream(stream);
    return 1;
}

uint64_t
BackgroundSource::GetSent() const
{
    return m_sent;
}

void
BackgroundSource::DoDispose()
{
    m_event.Cancel();
    m_socket = nullptr;
    m_device = nullptr;
    Application::DoDispose();
}

void
BackgroundSource::StartApplication()
{
    m_socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    const bool ipv6 = Inet6SocketAddress::IsMatchingType(m_remote);
    m_headers = 8 + (ipv6 ? 40 : 20);
    ipv6 ? m_socket->Bind6() : m_socket->Bind();
    if (m_device)
    {
        m_socket->BindToNetDevice(m_device);
    }
    m_socket->ShutdownRecv();
    Send(false);
}

void
BackgroundSource::StopApplication()
{
    m_event.Cancel();
}

void
BackgroundSource::Send(bool now)
{
    // What cannot be sent now is lost, as others' packets are then.
    if (now && m_socket->SendTo(Create<Packet>(m_size - m_headers), 0, m_remote) >= 0)
    {
        m_sent += m_size;
    }
    if (m_rate.GetBitRate() == 0)
    {
        return;
    }
    const double mean = m_size * 8.0 / static_cast<double>(m_rate.GetBitRate());
    m_event = Simulator::Schedule(
        Seconds(mean * m_gaps->GetValue()), &BackgroundSource::Send, this, true);
}

} // namespace ns3
