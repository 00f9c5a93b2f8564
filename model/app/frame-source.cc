// SPDX-License-Identifier: GPL-2.0-only
#include "frame-source.h"

#include "byte-stream-application.h"

#include "ns3/abort.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(FrameSource);

TypeId
FrameSource::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::FrameSource")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddConstructor<FrameSource>()
            .AddAttribute("Protocol",
                          "Socket factory of a stream protocol, as ns3::MptcpSocketFactory or "
                          "ns3::TcpSocketFactory.",
                          TypeIdValue(TcpSocketFactory::GetTypeId()),
                          MakeTypeIdAccessor(&FrameSource::m_protocol),
                          MakeTypeIdChecker())
            .AddAttribute("Local",
                          "Address and port to listen on.",
                          AddressValue(),
                          MakeAddressAccessor(&FrameSource::m_local),
                          MakeAddressChecker())
            .AddAttribute("Size",
                          "Bytes of a frame.",
                          UintegerValue(10000),
                          MakeUintegerAccessor(&FrameSource::m_size),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Interval",
                          "Time from one frame to the next.",
                          TimeValue(MilliSeconds(40)),
                          MakeTimeAccessor(&FrameSource::m_interval),
                          MakeTimeChecker(MicroSeconds(1)))
            .AddTraceSource("Connected",
                            "The client has connected.",
                            MakeTraceSourceAccessor(&FrameSource::m_connectedTrace),
                            "ns3::FrameSource::SocketTracedCallback");
    return tid;
}

FrameSource::FrameSource() = default;

FrameSource::~FrameSource() = default;

void
FrameSource::DoDispose()
{
    m_timer.Cancel();
    m_listener = nullptr;
    m_socket = nullptr;
    Application::DoDispose();
}

uint64_t
FrameSource::GetFrames() const
{
    return m_frames;
}

uint32_t
FrameSource::GetSize() const
{
    return m_size;
}

Time
FrameSource::GetMade(uint64_t frame) const
{
    return m_first + m_interval * static_cast<int64_t>(frame);
}

void
FrameSource::StartApplication()
{
    m_listener = Socket::CreateSocket(GetNode(), m_protocol);
    NS_ABORT_MSG_IF(m_listener->Bind(m_local) != 0,
                    "FrameSource: cannot bind, errno " << m_listener->GetErrno());
    m_listener->SetAcceptCallback(
        Callback<bool, Ptr<Socket>, const Address&>([this](Ptr<Socket>, const Address&)
                                                    { return !m_socket; }),
        Callback<void, Ptr<Socket>, const Address&>([this](Ptr<Socket> socket, const Address&)
                                                    { OnAccept(socket); }));
    NS_ABORT_MSG_IF(m_listener->Listen() != 0,
                    "FrameSource: cannot listen, errno " << m_listener->GetErrno());
}

void
FrameSource::StopApplication()
{
    m_timer.Cancel();
    if (m_socket)
    {
        m_socket->Close();
    }
    if (m_listener)
    {
        m_listener->Close();
    }
}

void
FrameSource::OnAccept(Ptr<Socket> socket)
{
    if (m_socket)
    {
        // A second client that came while the first one's handshake was not over.
        socket->Close();
        return;
    }
    m_socket = socket;
    socket->SetSendCallback(
        Callback<void, Ptr<Socket>, uint32_t>([this](Ptr<Socket>, uint32_t) { Write(); }));
    m_connectedTrace(socket);
    m_first = Simulator::Now();
    Make();
}

void
FrameSource::Make()
{
    m_frames++;
    Write();
    m_timer = Simulator::Schedule(m_interval, &FrameSource::Make, this);
}

void
FrameSource::Write()
{
    constexpr uint32_t WRITE_SIZE{16384};
    while (m_sent < m_frames * m_size)
    {
        const auto size = static_cast<uint32_t>(std::min<uint64_t>(
            {m_frames * m_size - m_sent, m_socket->GetTxAvailable(), WRITE_SIZE}));
        std::vector<uint8_t> bytes(size);
        ByteStreamApplication::Fill(m_sent, bytes.data(), size);
        const int taken = size == 0 ? 0 : m_socket->Send(Create<Packet>(bytes.data(), size));
        if (taken <= 0)
        {
            return;
        }
        m_sent += static_cast<uint32_t>(taken);
    }
}

} // namespace ns3
