// SPDX-License-Identifier: GPL-2.0-only
#include "range-client.h"

#include "byte-stream-application.h"

#include "ns3/inet6-socket-address.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(RangeClient);

namespace
{

/// Bytes of one write to a socket, at most.
constexpr uint32_t WRITE_SIZE{16384};

/// @param number a number @param bytes 8 bytes, written in network byte order
void
WriteNumber(uint64_t number, uint8_t* bytes)
{
    for (int i = 0; i < 8; i++)
    {
        bytes[i] = static_cast<uint8_t>(number >> (56 - 8 * i));
    }
}

/// @param bytes 8 bytes in network byte order @return their number
uint64_t
ReadNumber(const uint8_t* bytes)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
    {
        number = number << 8 | bytes[i];
    }
    return number;
}

} // namespace

void
RangeHead::Write(uint8_t* bytes) const
{
    bytes[0] = kind;
    WriteNumber(offset, bytes + 1);
    WriteNumber(length, bytes + 9);
}

RangeHead
RangeHead::Read(const uint8_t* bytes)
{
    return {static_cast<Kind>(bytes[0]), ReadNumber(bytes + 1), ReadNumber(bytes + 9)};
}

TypeId
RangeClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::RangeClient")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddConstructor<RangeClient>()
            .AddAttribute("Protocol",
                          "Socket factory of a stream protocol, as ns3::MptcpSocketFactory or "
                          "ns3::TcpSocketFactory.",
                          TypeIdValue(TcpSocketFactory::GetTypeId()),
                          MakeTypeIdAccessor(&RangeClient::m_protocol),
                          MakeTypeIdChecker())
            .AddAttribute("Remote",
                          "Address and port of the server.",
                          AddressValue(),
                          MakeAddressAccessor(&RangeClient::m_remote),
                          MakeAddressChecker())
            .AddAttribute("StallTimeout",
                          "Time without progress, though something is awaited, after which it "
                          "connects again from the next local address; 0: never, and not when an "
                          "address is lost either.",
                          TimeValue(Time(0)),
                          MakeTimeAccessor(&RangeClient::m_stall),
                          MakeTimeChecker(Time(0)))
            .AddTraceSource("Rx",
                            "Bytes of the stream have come.",
                            MakeTraceSourceAccessor(&RangeClient::m_rxTrace),
                            "ns3::RangeClient::BytesTracedCallback")
            .AddTraceSource("Connected",
                            "A connection is there.",
                            MakeTraceSourceAccessor(&RangeClient::m_connectedTrace),
                            "ns3::RangeClient::SocketTracedCallback")
            .AddTraceSource("Sending",
                            "It begins to give the stream to the server.",
                            MakeTraceSourceAccessor(&RangeClient::m_sendingTrace),
                            "ns3::RangeClient::SendingTracedCallback");
    return tid;
}

RangeClient::RangeClient() = default;

RangeClient::~RangeClient() = default;

void
RangeClient::DoDispose()
{
    m_stallTimer.Cancel();
    m_socket = nullptr;
    m_ranges.clear();
    m_putDone = nullptr;
    Application::DoDispose();
}

void
RangeClient::SetLocals(std::vector<Address> addresses)
{
    m_locals = std::move(addresses);
    m_usable.assign(m_locals.size(), true);
    m_local = m_local < m_locals.size() ? m_local : 0;
}

Ptr<Socket>
RangeClient::GetSocket() const
{
    return m_socket;
}

uint64_t
RangeClient::GetWrong() const
{
    return m_wrong;
}

uint32_t
RangeClient::GetReconnections() const
{
    return m_reconnections;
}

void
RangeClient::StartApplication()
{
    m_started = true;
    Connect();
}

void
RangeClient::StopApplication()
{
    m_started = false;
    m_stallTimer.Cancel();
    if (m_socket)
    {
        m_socket->Close();
    }
}

void
RangeClient::Connect()
{
    m_connected = false;
    m_unsent.clear();
    m_putNext.reset();
    m_count.clear();
    m_written = 0;
    m_socket = Socket::CreateSocket(GetNode(), m_protocol);
    int result = 0;
    if (!m_locals.empty())
    {
        result = m_socket->Bind(m_locals[m_local]);
    }
    else
    {
        result =
            Inet6SocketAddress::IsMatchingType(m_remote) ? m_socket->Bind6() : m_socket->Bind();
    }
    if (result == 0)
    {
        m_socket->SetConnectCallback(MakeCallback(&RangeClient::OnConnected, this),
                                     MakeCallback(&RangeClient::OnEnded, this));
        m_socket->SetCloseCallbacks(MakeCallback(&RangeClient::OnEnded, this),
                                    MakeCallback(&RangeClient::OnEnded, this));
        m_socket->SetRecvCallback(MakeCallback(&RangeClient::OnData, this));
        // Room in the socket's buffer is what an uploader sees of its progress.
        m_socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>(
            [this](Ptr<Socket>, uint32_t)
            {
                Progress();
                Write();
            }));
        m_socket->Connect(m_remote);
    }
    // What cannot connect stalls.
    Progress();
}

void
RangeClient::Reconnect()
{
    m_stallTimer.Cancel();
    m_connected = false;
    if (m_socket)
    {
        m_socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                                     MakeNullCallback<void, Ptr<Socket>>());
        m_socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                                    MakeNullCallback<void, Ptr<Socket>>());
        m_socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        m_socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
        m_socket->Close();
    }
    for (size_t i = 1; i <= m_locals.size(); i++)
    {
        const size_t next = (m_local + i) % m_locals.size();
        if (m_usable[next])
        {
            m_local = next;
            break;
        }
    }
    m_reconnections++;
    Connect();
}

void
RangeClient::NotifyUsable(size_t index, bool usable)
{
    if (index >= m_usable.size())
    {
        return;
    }
    m_usable[index] = usable;
    if (m_started && !usable && index == m_local && m_stall.IsStrictlyPositive())
    {
        Reconnect();
    }
}

bool
RangeClient::IsAwaiting() const
{
    return !m_ranges.empty() || m_putLength;
}

void
RangeClient::Progress()
{
    m_stallTimer.Cancel();
    if (m_stall.IsStrictlyPositive() && m_started && (IsAwaiting() || !m_connected))
    {
        m_stallTimer = Simulator::Schedule(m_stall, &RangeClient::OnStall, this);
    }
}

void
RangeClient::OnStall()
{
    Reconnect();
}

void
RangeClient::OnConnected(Ptr<Socket> socket)
{
    // Whatever the trace's users ask for is asked below, once; they may also have connected again.
    m_connectedTrace(socket);
    if (m_socket != socket)
    {
        return;
    }
    m_connected = true;
    Progress();
    for (const Range& range : m_ranges)
    {
        Ask({RangeHead::GET, range.offset, range.end - range.offset});
    }
    if (m_putLength)
    {
        Ask({RangeHead::COUNT, 0, 0});
    }
}

void
RangeClient::OnEnded(Ptr<Socket>)
{
    m_connected = false;
    if (m_started && m_stall.IsStrictlyPositive() && IsAwaiting())
    {
        // Not from within the socket's own call.
        m_stallTimer.Cancel();
        m_stallTimer = Simulator::ScheduleNow(&RangeClient::OnStall, this);
    }
}

void
RangeClient::Get(uint64_t offset, uint64_t length, std::function<void()> done)
{
    const bool first = !IsAwaiting();
    m_ranges.push_back({offset, offset + length, std::move(done)});
    if (first)
    {
        // The connection may have ended while nothing was awaited.
        Progress();
    }
    if (m_connected)
    {
        Ask({RangeHead::GET, offset, length});
    }
}

void
RangeClient::Put(uint64_t length, std::function<void()> done)
{
    const bool first = !IsAwaiting();
    m_putLength = length;
    m_putNext.reset();
    m_putDone = std::move(done);
    if (first)
    {
        Progress();
    }
    if (m_connected)
    {
        Ask({RangeHead::COUNT, 0, 0});
    }
}

void
RangeClient::Ask(const RangeHead& head)
{
    const size_t size = m_unsent.size();
    m_unsent.resize(size + RangeHead::SIZE);
    head.Write(m_unsent.data() + size);
    Write();
}

void
RangeClient::Write()
{
    if (!m_connected)
    {
        return;
    }
    while (true)
    {
        const uint64_t left = m_putLength && m_putNext ? *m_putLength - *m_putNext : 0;
        const uint64_t waiting = m_unsent.empty() ? left : m_unsent.size();
        const auto size = static_cast<uint32_t>(
            std::min<uint64_t>({waiting, m_socket->GetTxAvailable(), WRITE_SIZE}));
        if (size == 0)
        {
            return;
        }
        std::vector<uint8_t> bytes(size);
        if (m_unsent.empty())
        {
            ByteStreamApplication::Fill(*m_putNext, bytes.data(), size);
        }
        else
        {
            std::copy_n(m_unsent.begin(), size, bytes.begin());
        }
        const int taken = m_socket->Send(Create<Packet>(bytes.data(), size));
        if (taken <= 0)
        {
            return;
        }
        m_written += static_cast<uint32_t>(taken);
        if (m_unsent.empty())
        {
            *m_putNext += static_cast<uint32_t>(taken);
        }
        else
        {
            m_unsent.erase(m_unsent.begin(), m_unsent.begin() + taken);
        }
    }
}

void
RangeClient::OnData(Ptr<Socket> socket)
{
    std::vector<uint8_t> bytes;
    Ptr<Packet> packet;
    while (m_socket == socket && (packet = socket->Recv(std::numeric_limits<uint32_t>::max(), 0)) &&
           packet->GetSize() > 0)
    {
        Progress();
        bytes.resize(packet->GetSize());
        packet->CopyData(bytes.data(), packet->GetSize());
        Take(bytes.data(), packet->GetSize());
    }
}

void
RangeClient::Take(const uint8_t* bytes, uint32_t size)
{
    while (size > 0 && m_putLength)
    {
        m_count.push_back(*bytes++);
        size--;
        if (m_count.size() < 8)
        {
            continue;
        }
        const uint64_t count = ReadNumber(m_count.data());
        m_count.clear();
        if (count >= *m_putLength)
        {
            m_putLength.reset();
            // It may begin another upload, with a function of its own.
            const auto done = std::exchange(m_putDone, nullptr);
            Progress();
            if (done)
            {
                done();
            }
        }
        else
        {
            m_putNext = count;
            Ask({RangeHead::PUT, *m_putNext, *m_putLength - *m_putNext});
            m_sendingTrace(m_socket, *m_putNext - m_written - m_unsent.size());
            Write();
        }
    }
    while (size > 0 && !m_ranges.empty())
    {
        Range& range = m_ranges.front();
        const auto count =
            static_cast<uint32_t>(std::min<uint64_t>(size, range.end - range.offset));
        std::vector<uint8_t> expected(count);
        ByteStreamApplication::Fill(range.offset, expected.data(), count);
        for (uint32_t i = 0; i < count; i++)
        {
            m_wrong += bytes[i] != expected[i];
        }
        const uint64_t offset = range.offset;
        range.offset += count;
        bytes += count;
        size -= count;
        m_rxTrace(offset, count);
        if (range.offset == range.end)
        {
            const auto done = std::move(range.done);
            m_ranges.pop_front();
            Progress();
            if (done)
            {
                done();
            }
        }
    }
    m_wrong += size; // What nobody asked for.
}

} // namespace ns3
