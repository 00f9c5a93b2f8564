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
                          "connects again from the next local address; at once if its local "
                          "address is lost, or a connection on which something has come ends. A "
                          "server that refuses is asked again after this time. 0: never.",
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
    m_finishing.Cancel();
    m_socket = nullptr;
    m_requests.clear();
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
    m_answered = false;
    m_asked = 0;
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

void
RangeClient::Progress()
{
    m_stallTimer.Cancel();
    if (m_stall.IsStrictlyPositive() && m_started && (!m_requests.empty() || !m_connected))
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
    AskMore();
}

void
RangeClient::OnEnded(Ptr<Socket>)
{
    m_connected = false;
    // Who refuses, or ends a connection before anything has come, would do so again at once: the
    // timer, which runs, decides.
    if (m_started && m_stall.IsStrictlyPositive() && !m_requests.empty() && m_answered)
    {
        // Not from within the socket's own call.
        m_stallTimer.Cancel();
        m_stallTimer = Simulator::ScheduleNow(&RangeClient::OnStall, this);
    }
}

void
RangeClient::Get(uint64_t offset, uint64_t length, std::function<void()> done)
{
    Add({false, offset, offset + length, std::move(done)});
}

void
RangeClient::Put(uint64_t length, std::function<void()> done)
{
    Add({true, 0, length, std::move(done)});
}

void
RangeClient::Add(Request request)
{
    m_requests.push_back(std::move(request));
    if (m_requests.size() == 1)
    {
        // The connection may have ended while nothing was awaited.
        Progress();
        if (m_requests.front().HasCome())
        {
            m_finishing.Cancel();
            m_finishing = Simulator::ScheduleNow(&RangeClient::FinishThoseThatHaveCome, this);
        }
    }
    AskMore();
}

void
RangeClient::AskMore()
{
    // An upload is alone on the wire: what its bytes mean depends on the answer to COUNT.
    while (m_connected && m_asked < m_requests.size() &&
           (m_asked == 0 || (!m_requests.front().upload && !m_requests[m_asked].upload)))
    {
        const Request& request = m_requests[m_asked++];
        if (request.upload)
        {
            Ask({RangeHead::COUNT, 0, 0});
        }
        else if (!request.HasCome())
        {
            Ask({RangeHead::GET, request.offset, request.end - request.offset});
        }
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
        const uint64_t left = m_putNext ? m_requests.front().end - *m_putNext : 0;
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
        m_answered = true;
        Progress();
        bytes.resize(packet->GetSize());
        packet->CopyData(bytes.data(), packet->GetSize());
        Take(bytes.data(), packet->GetSize());
    }
}

void
RangeClient::Take(const uint8_t* bytes, uint32_t size)
{
    const Ptr<Socket> socket = m_socket;
    while (size > 0 && m_asked > 0)
    {
        uint32_t count = 1;
        if (m_requests.front().upload)
        {
            TakeCount(*bytes);
        }
        else
        {
            count = TakeRange(bytes, size);
        }
        if (m_socket != socket)
        {
            // It has connected again, and asks there for what is left.
            return;
        }
        bytes += count;
        size -= count;
    }
    m_wrong += size; // What nobody asked for.
}

uint32_t
RangeClient::TakeRange(const uint8_t* bytes, uint32_t size)
{
    Request& range = m_requests.front();
    const uint64_t offset = range.offset;
    const auto count = static_cast<uint32_t>(std::min<uint64_t>(size, range.end - offset));
    std::vector<uint8_t> expected(count);
    ByteStreamApplication::Fill(offset, expected.data(), count);
    for (uint32_t i = 0; i < count; i++)
    {
        m_wrong += bytes[i] != expected[i];
    }
    range.offset += count;
    m_rxTrace(offset, count);
    FinishThoseThatHaveCome();
    return count;
}

void
RangeClient::TakeCount(uint8_t byte)
{
    m_count.push_back(byte);
    if (m_count.size() < 8)
    {
        return;
    }
    const uint64_t count = ReadNumber(m_count.data());
    m_count.clear();
    const uint64_t end = m_requests.front().end;
    if (count >= end)
    {
        Finish();
        FinishThoseThatHaveCome();
        return;
    }
    // Before a byte of it can leave.
    m_sendingTrace(m_socket, count - m_written - m_unsent.size() - RangeHead::SIZE);
    m_putNext = count;
    Ask({RangeHead::PUT, count, end - count});
}

void
RangeClient::Finish()
{
    // It may ask for more, or connect again.
    const auto done = std::move(m_requests.front().done);
    m_requests.pop_front();
    m_asked -= std::min<size_t>(m_asked, 1);
    m_putNext.reset();
    Progress();
    AskMore();
    if (done)
    {
        done();
    }
}

void
RangeClient::FinishThoseThatHaveCome()
{
    while (!m_requests.empty() && m_requests.front().HasCome())
    {
        Finish();
    }
}

} // namespace ns3
