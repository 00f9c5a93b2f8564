// SPDX-License-Identifier: GPL-2.0-only
#include "byte-stream-application.h"

#include "ns3/inet6-socket-address.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(ByteStreamApplication);

namespace
{

/// @param index of an aligned group of eight bytes @return the group, first byte lowest
uint64_t
GetGroup(uint64_t index)
{
    uint64_t mixed = (index + 1) * 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 31)) * 0xd1342543de82ef95;
    return mixed ^ (mixed >> 29);
}

} // namespace

TypeId
ByteStreamApplication::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ByteStreamApplication")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddConstructor<ByteStreamApplication>()
            .AddAttribute("Protocol",
                          "TypeId of the socket factory, ns3::TcpSocketFactory or another one of "
                          "streams.",
                          TypeIdValue(TcpSocketFactory::GetTypeId()),
                          MakeTypeIdAccessor(&ByteStreamApplication::m_protocol),
                          MakeTypeIdChecker())
            .AddAttribute("Local",
                          "Address and port to bind to; left empty, the stack chooses them. "
                          "A listener needs them.",
                          AddressValue(),
                          MakeAddressAccessor(&ByteStreamApplication::m_local),
                          MakeAddressChecker())
            .AddAttribute("Remote",
                          "Address and port to connect to; left empty, this end listens and "
                          "serves the first connection that comes.",
                          AddressValue(),
                          MakeAddressAccessor(&ByteStreamApplication::m_remote),
                          MakeAddressChecker())
            .AddAttribute("MaxBytes",
                          "Bytes to write before sending is shut down; 0: this end writes nothing "
                          "and closes when its peer has.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&ByteStreamApplication::m_maxBytes),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("WriteSize",
                          "Bytes of one write to the socket, at most.",
                          UintegerValue(16384),
                          MakeUintegerAccessor(&ByteStreamApplication::m_writeSize),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("WriteDelay",
                          "Time from the connection's begin to the first write.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&ByteStreamApplication::m_writeDelay),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("WriteInterval",
                          "Time between two writes; 0: this end writes whenever the socket takes "
                          "bytes.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&ByteStreamApplication::m_writeInterval),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("ReadDelay",
                          "Time from the connection's begin to the first read. What arrives "
                          "before it waits in the receive buffer.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&ByteStreamApplication::m_readDelay),
                          MakeTimeChecker(Time(0)))
            .AddTraceSource("Tx",
                            "Bytes were given to the socket.",
                            MakeTraceSourceAccessor(&ByteStreamApplication::m_txTrace),
                            "ns3::ByteStreamApplication::BytesTracedCallback")
            .AddTraceSource("Rx",
                            "Bytes were read from the socket, in order.",
                            MakeTraceSourceAccessor(&ByteStreamApplication::m_rxTrace),
                            "ns3::ByteStreamApplication::BytesTracedCallback")
            .AddTraceSource("Connected",
                            "The connection is there.",
                            MakeTraceSourceAccessor(&ByteStreamApplication::m_connectedTrace),
                            "ns3::ByteStreamApplication::SocketTracedCallback")
            .AddTraceSource("Ended",
                            "All was written and the peer's end of data was read, or the "
                            "connection has failed.",
                            MakeTraceSourceAccessor(&ByteStreamApplication::m_endedTrace),
                            "ns3::ByteStreamApplication::EndedTracedCallback");
    return tid;
}

ByteStreamApplication::ByteStreamApplication() = default;

ByteStreamApplication::~ByteStreamApplication() = default;

void
ByteStreamApplication::DoDispose()
{
    m_writeEvent.Cancel();
    m_readEvent.Cancel();
    m_listener = nullptr;
    m_socket = nullptr;
    Application::DoDispose();
}

void
ByteStreamApplication::Fill(uint64_t offset, uint8_t* bytes, uint32_t size)
{
    while (size > 0)
    {
        const uint32_t skip = offset % 8;
        const uint32_t count = std::min<uint32_t>(8 - skip, size);
        uint64_t group = GetGroup(offset / 8) >> (8 * skip);
        for (uint32_t i = 0; i < count; ++i)
        {
            bytes[i] = group & 0xff;
            group >>= 8;
        }
        bytes += count;
        offset += count;
        size -= count;
    }
}

uint64_t
ByteStreamApplication::GetSent() const
{
    return m_sent;
}

uint64_t
ByteStreamApplication::GetReceived() const
{
    return m_received;
}

uint64_t
ByteStreamApplication::GetWrong() const
{
    return m_wrong;
}

bool
ByteStreamApplication::AtEnd() const
{
    return m_atEnd;
}

Ptr<Socket>
ByteStreamApplication::GetSocket() const
{
    return m_socket;
}

Socket::SocketErrno
ByteStreamApplication::GetError() const
{
    return m_error;
}

void
ByteStreamApplication::StartApplication()
{
    const bool connects = !m_remote.IsInvalid();
    Ptr<Socket> socket = Socket::CreateSocket(GetNode(), m_protocol);
    int result;
    if (!m_local.IsInvalid())
    {
        result = socket->Bind(m_local);
    }
    else if (Inet6SocketAddress::IsMatchingType(m_remote))
    {
        result = socket->Bind6();
    }
    else
    {
        result = socket->Bind();
    }
    if (result == 0 && connects)
    {
        socket->SetConnectCallback(
            Callback<void, Ptr<Socket>>([this](Ptr<Socket> connected) { Use(connected); }),
            MakeCallback(&ByteStreamApplication::Fail, this));
        // Before the connection is there, an error can only come by these.
        socket->SetCloseCallbacks(MakeCallback(&ByteStreamApplication::Fail, this),
                                  MakeCallback(&ByteStreamApplication::Fail, this));
        m_socket = socket;
        result = socket->Connect(m_remote);
    }
    else if (result == 0)
    {
        m_listener = socket;
        socket->SetAcceptCallback(
            Callback<bool, Ptr<Socket>, const Address&>([this](Ptr<Socket>, const Address&)
                                                        { return !m_socket; }),
            Callback<void, Ptr<Socket>, const Address&>([this](Ptr<Socket> accepted, const Address&)
                                                        { Use(accepted); }));
        result = socket->Listen();
    }
    if (result != 0)
    {
        Fail(socket);
    }
}

void
ByteStreamApplication::StopApplication()
{
    if (m_listener)
    {
        m_listener->Close();
    }
    m_sendClosed = true;
    if (m_socket)
    {
        m_socket->Close();
    }
}

void
ByteStreamApplication::Use(Ptr<Socket> socket)
{
    if (m_connected)
    {
        // A second connection that came while the first one's handshake was not over.
        socket->Close();
        return;
    }
    m_socket = socket;
    m_connected = true;
    socket->SetRecvCallback(MakeCallback(&ByteStreamApplication::Read, this));
    socket->SetSendCallback(
        Callback<void, Ptr<Socket>, uint32_t>([this](Ptr<Socket>, uint32_t) { Write(); }));
    socket->SetCloseCallbacks(MakeCallback(&ByteStreamApplication::OnClosed, this),
                              MakeCallback(&ByteStreamApplication::Fail, this));
    m_connectedTrace(socket);
    if (!m_readDelay.IsZero())
    {
        m_readEvent = Simulator::Schedule(m_readDelay, &ByteStreamApplication::Read, this, socket);
    }
    if (!m_writeDelay.IsZero())
    {
        m_writeEvent = Simulator::Schedule(m_writeDelay, &ByteStreamApplication::Write, this);
    }
    Write();
    // What arrived together with the handshake's last segment.
    Read(socket);
}

void
ByteStreamApplication::Write()
{
    if (!m_connected || m_sendClosed || !m_writeEvent.IsExpired())
    {
        return;
    }
    while (m_sent < m_maxBytes)
    {
        const uint32_t size =
            std::min<uint64_t>({m_writeSize, m_socket->GetTxAvailable(), m_maxBytes - m_sent});
        if (size == 0)
        {
            return;
        }
        m_bytes.resize(size);
        Fill(m_sent, m_bytes.data(), size);
        const int taken = m_socket->Send(Create<Packet>(m_bytes.data(), size));
        if (taken <= 0)
        {
            return;
        }
        const uint64_t offset = m_sent;
        m_sent += taken;
        m_txTrace(offset, taken);
        if (!m_writeInterval.IsZero())
        {
            m_writeEvent =
                Simulator::Schedule(m_writeInterval, &ByteStreamApplication::Write, this);
            return;
        }
    }
    if (m_maxBytes > 0)
    {
        m_sendClosed = true;
        m_socket->ShutdownSend();
        CheckEnded();
    }
}

void
ByteStreamApplication::Read(Ptr<Socket> socket)
{
    if (!m_readEvent.IsExpired())
    {
        return;
    }
    Ptr<Packet> packet;
    while (!m_atEnd && (packet = socket->Recv(std::numeric_limits<uint32_t>::max(), 0)))
    {
        const uint32_t size = packet->GetSize();
        if (size == 0)
        {
            m_atEnd = true;
            break;
        }
        m_bytes.resize(size);
        m_expected.resize(size);
        packet->CopyData(m_bytes.data(), size);
        Fill(m_received, m_expected.data(), size);
        if (m_bytes != m_expected)
        {
            for (uint32_t i = 0; i < size; ++i)
            {
                m_wrong += m_bytes[i] != m_expected[i];
            }
        }
        const uint64_t offset = m_received;
        m_received += size;
        m_rxTrace(offset, size);
    }
    if (m_closed && !m_atEnd && !m_ended)
    {
        if (!m_sendClosed)
        {
            // A reset.
            Fail(socket);
            return;
        }
        // ns-3's TCP does not let the end be read where this end was the first to close.
        m_atEnd = true;
    }
    if (m_atEnd && m_maxBytes == 0 && !m_sendClosed)
    {
        m_sendClosed = true;
        socket->Close();
    }
    CheckEnded();
}

void
ByteStreamApplication::OnClosed(Ptr<Socket> socket)
{
    // The peer may still read: what this end has to write goes on.
    m_closed = true;
    Read(socket);
}

void
ByteStreamApplication::CheckEnded()
{
    if (m_atEnd && m_sendClosed && !m_ended)
    {
        m_ended = true;
        m_endedTrace(Socket::ERROR_NOTERROR);
    }
}

void
ByteStreamApplication::Fail(Ptr<Socket> socket)
{
    m_writeEvent.Cancel();
    m_readEvent.Cancel();
    // Reading, and finding nothing, would change it. ns-3's TCP often tells none.
    m_error = socket->GetErrno();
    m_error = m_error == Socket::ERROR_NOTERROR ? Socket::ERROR_NOTCONN : m_error;
    const bool told = std::exchange(m_ended, true);
    // An end that follows no data is told by this alone.
    Read(socket);
    if (!told)
    {
        m_endedTrace(m_error);
    }
}

} // namespace ns3
