// SPDX-License-Identifier: GPL-2.0-only
#include "test-endpoint.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/mptcp-socket.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-base.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

TestEndpoint::TestEndpoint(Ptr<Socket> socket, const EndpointOptions& options, bool client)
    : m_socket(socket),
      m_options(options),
      m_client(client)
{
    socket->SetConnectCallback(MakeCallback(&TestEndpoint::OnConnected, this),
                               MakeCallback(&TestEndpoint::OnFailed, this));
    socket->SetCloseCallbacks(MakeCallback(&TestEndpoint::OnNormalClose, this),
                              MakeCallback(&TestEndpoint::OnErrorClose, this));
    socket->SetRecvCallback(MakeCallback(&TestEndpoint::OnReadable, this));
    socket->SetSendCallback(MakeCallback(&TestEndpoint::OnRoom, this));
    socket->SetDataSentCallback(MakeCallback(&TestEndpoint::OnSent, this));
}

TestEndpoint::~TestEndpoint()
{
    m_socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                                 MakeNullCallback<void, Ptr<Socket>>());
    m_socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                                MakeNullCallback<void, Ptr<Socket>>());
    m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    m_socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    m_socket->SetDataSentCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
}

void
TestEndpoint::Connect(const Address& to)
{
    connectResult = m_socket->Connect(to);
}

void
TestEndpoint::Begin()
{
    if (!connected)
    {
        connected = true;
        connectedAt = Simulator::Now();
        const uint32_t stream = 2 * GetClientPort();
        m_sending = TestPayload(m_client ? stream : stream + 1);
        m_expected = TestPayload(m_client ? stream + 1 : stream);
    }
    Write();
    OnReadable(m_socket);
}

void
TestEndpoint::SetReading(bool reading)
{
    m_options.reading = reading;
    OnReadable(m_socket);
}

void
TestEndpoint::Read(uint32_t bytes)
{
    if (auto packet = m_socket->Recv(bytes, 0))
    {
        Take(packet);
    }
}

void
TestEndpoint::SendMore(uint64_t bytes)
{
    m_options.send += bytes;
    Write();
}

void
TestEndpoint::Close()
{
    closed = true;
    m_socket->Close();
}

void
TestEndpoint::ShutdownSend()
{
    m_shutdown = true;
    m_socket->ShutdownSend();
}

uint16_t
TestEndpoint::GetClientPort() const
{
    Address address;
    if (m_client)
    {
        m_socket->GetSockName(address);
    }
    else
    {
        m_socket->GetPeerName(address);
    }
    if (InetSocketAddress::IsMatchingType(address))
    {
        return InetSocketAddress::ConvertFrom(address).GetPort();
    }
    if (Inet6SocketAddress::IsMatchingType(address))
    {
        return Inet6SocketAddress::ConvertFrom(address).GetPort();
    }
    return 0;
}

std::string
TestEndpoint::GetProblem() const
{
    if (!m_wrong.empty())
    {
        return m_wrong;
    }
    if (!connected)
    {
        return "not connected";
    }
    if (sent != m_options.send)
    {
        return "sent " + std::to_string(sent) + " of " + std::to_string(m_options.send) + " bytes";
    }
    if (received != m_options.expect)
    {
        return "received " + std::to_string(received) + " of " + std::to_string(m_options.expect) +
               " bytes";
    }
    if (m_options.ending != EndpointOptions::Ending::CLOSE_WHEN_SENT &&
        m_options.ending != EndpointOptions::Ending::NEVER && !eof)
    {
        return "no end of data";
    }
    if (failed || errorClose)
    {
        return "ended with error " + std::to_string(error);
    }
    return "";
}

void
TestEndpoint::OnConnected(Ptr<Socket>)
{
    Begin();
}

void
TestEndpoint::OnFailed(Ptr<Socket>)
{
    failed = true;
    NoteError();
    endedAt = Simulator::Now();
}

void
TestEndpoint::OnNormalClose(Ptr<Socket> socket)
{
    normalClose = true;
    endedAt = Simulator::Now();
    OnReadable(socket);
    // TcpSocketBase tells the end of data by Recv() in CLOSE_WAIT only.
    if (!eof && !closed && DynamicCast<TcpSocketBase>(socket))
    {
        Take(Create<Packet>());
    }
}

void
TestEndpoint::OnErrorClose(Ptr<Socket>)
{
    errorClose = true;
    NoteError();
    endedAt = Simulator::Now();
}

void
TestEndpoint::NoteError()
{
    // Socket::SocketErrno has no names for these errors.
    const auto own = DynamicCast<MptcpSocket>(m_socket);
    error = own && own->GetConnection() ? own->GetConnection()->GetErrno() : -1;
}

void
TestEndpoint::OnReadable(Ptr<Socket> socket)
{
    while (m_options.reading && !eof && !closed)
    {
        auto packet = socket->Recv(m_options.readSize, 0);
        if (!packet)
        {
            break;
        }
        Take(packet);
    }
}

void
TestEndpoint::OnRoom(Ptr<Socket>, uint32_t)
{
    if (connected)
    {
        Write();
    }
}

void
TestEndpoint::OnSent(Ptr<Socket>, uint32_t bytes)
{
    acked += bytes;
}

void
TestEndpoint::Take(Ptr<Packet> packet)
{
    const Time now = Simulator::Now();
    const uint32_t size = packet->GetSize();
    if (size == 0)
    {
        eof = true;
        eofAt = now;
        EndIfDone();
        return;
    }
    std::vector<uint8_t> bytes(size);
    packet->CopyData(bytes.data(), size);
    if (m_wrong.empty())
    {
        if (const auto wrong = m_expected.FindWrong(received, bytes.data(), size))
        {
            m_wrong = "wrong byte at offset " + std::to_string(*wrong);
        }
        else if (received + size > m_options.expect)
        {
            m_wrong = "more than " + std::to_string(m_options.expect) + " bytes";
        }
    }
    if (received == 0)
    {
        firstByteAt = now;
    }
    else
    {
        longestGap = std::max(longestGap, now - lastByteAt);
    }
    lastByteAt = now;
    received += size;
}

void
TestEndpoint::Write()
{
    if (m_writing || m_shutdown || closed)
    {
        return;
    }
    m_writing = true; // Send() may call back
    while (sent < m_options.send)
    {
        const uint64_t room = m_socket->GetTxAvailable();
        const uint32_t size =
            std::min<uint64_t>({room, m_options.writeSize, m_options.send - sent});
        if (size == 0)
        {
            break;
        }
        const int taken = m_socket->Send(m_sending.Make(sent, size), 0);
        if (taken <= 0)
        {
            break;
        }
        sent += taken;
    }
    m_writing = false;
    EndIfDone();
}

void
TestEndpoint::CloseSecond()
{
    UintegerValue size;
    if (!DynamicCast<TcpSocketBase>(m_socket))
    {
        Close();
    }
    // TcpSocketBase in LAST_ACK takes any ACK for the last one, and forgets data that was lost.
    // Told to close in a callback, it does not repeat its FIN.
    else if (m_socket->GetAttributeFailSafe("SndBufSize", size) &&
             m_socket->GetTxAvailable() == size.Get())
    {
        closed = true;
        Simulator::ScheduleNow(&Socket::Close, m_socket);
    }
}

void
TestEndpoint::EndIfDone()
{
    using Ending = EndpointOptions::Ending;
    const bool all = sent == m_options.send;
    if (closed || !connected)
    {
        return;
    }
    switch (m_options.ending)
    {
    case Ending::AFTER_BOTH:
        if (all && eof)
        {
            CloseSecond();
        }
        else if (all && !m_shutdown)
        {
            ShutdownSend();
        }
        break;
    case Ending::CLOSE_WHEN_SENT:
        if (all)
        {
            Close();
        }
        break;
    case Ending::CLOSE_AT_EOF:
        if (all && eof)
        {
            Close();
        }
        break;
    case Ending::NEVER:
        break;
    }
}

} // namespace ns3
