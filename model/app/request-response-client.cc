// SPDX-License-Identifier: GPL-2.0-only
#include "request-response-client.h"

#include "ns3/abort.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/log.h"
#include "ns3/packet.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/socket-factory.h"
#include "ns3/string.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <vector>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("RequestResponseClient");

NS_OBJECT_ENSURE_REGISTERED(RequestResponseClient);

void
RequestHead::Write(uint8_t* bytes) const
{
    for (int i = 0; i < 4; i++)
    {
        bytes[i] = static_cast<uint8_t>(requestSize >> (24 - 8 * i));
        bytes[4 + i] = static_cast<uint8_t>(responseSize >> (24 - 8 * i));
    }
}

RequestHead
RequestHead::Read(const uint8_t* bytes)
{
    RequestHead head{0, 0};
    for (int i = 0; i < 4; i++)
    {
        head.requestSize = head.requestSize << 8 | bytes[i];
        head.responseSize = head.responseSize << 8 | bytes[4 + i];
    }
    return head;
}

TypeId
RequestResponseClient::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::RequestResponseClient")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddConstructor<RequestResponseClient>()
            .AddAttribute("Protocol",
                          "Socket factory of a stream protocol, as ns3::MptcpSocketFactory or "
                          "ns3::TcpSocketFactory.",
                          TypeIdValue(TcpSocketFactory::GetTypeId()),
                          MakeTypeIdAccessor(&RequestResponseClient::m_protocol),
                          MakeTypeIdChecker())
            .AddAttribute("Remote",
                          "Address and port of the server.",
                          AddressValue(),
                          MakeAddressAccessor(&RequestResponseClient::m_remote),
                          MakeAddressChecker())
            .AddAttribute("Local",
                          "Address to bind to; the default leaves it to the route.",
                          AddressValue(),
                          MakeAddressAccessor(&RequestResponseClient::m_local),
                          MakeAddressChecker())
            .AddAttribute("RequestSize",
                          "Bytes of a request, at least 8.",
                          StringValue("ns3::ConstantRandomVariable[Constant=100]"),
                          MakePointerAccessor(&RequestResponseClient::m_requestSize),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("ResponseSize",
                          "Bytes of a response, at least 1.",
                          StringValue("ns3::ConstantRandomVariable[Constant=10000]"),
                          MakePointerAccessor(&RequestResponseClient::m_responseSize),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Interval",
                          "Seconds from one request to the next. With 0 the next one follows as "
                          "soon as Outstanding allows.",
                          StringValue("ns3::ConstantRandomVariable[Constant=0.25]"),
                          MakePointerAccessor(&RequestResponseClient::m_interval),
                          MakePointerChecker<RandomVariableStream>())
            .AddAttribute("Outstanding",
                          "Most requests without a complete response; one more that is due waits "
                          "for a response, and its latency counts from when it is made.",
                          UintegerValue(1),
                          MakeUintegerAccessor(&RequestResponseClient::m_outstanding),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Count",
                          "Number of requests, after which the connection is closed; 0 for as many "
                          "as there is time for.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&RequestResponseClient::m_count),
                          MakeUintegerChecker<uint32_t>())
            .AddTraceSource("Response",
                            "A response is complete: its latency and its size.",
                            MakeTraceSourceAccessor(&RequestResponseClient::m_responseTrace),
                            "ns3::RequestResponseClient::ResponseTracedCallback")
            .AddTraceSource("Tx",
                            "A request was given to the socket.",
                            MakeTraceSourceAccessor(&RequestResponseClient::m_txTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("Rx",
                            "Bytes of a response were read from the socket.",
                            MakeTraceSourceAccessor(&RequestResponseClient::m_rxTrace),
                            "ns3::Packet::TracedCallback");
    return tid;
}

RequestResponseClient::RequestResponseClient() = default;

RequestResponseClient::~RequestResponseClient() = default;

void
RequestResponseClient::DoDispose()
{
    m_timer.Cancel();
    m_socket = nullptr;
    m_unsent.clear();
    Application::DoDispose();
}

uint32_t
RequestResponseClient::GetResponses() const
{
    return m_responses;
}

Ptr<Socket>
RequestResponseClient::GetSocket() const
{
    return m_socket;
}

int64_t
RequestResponseClient::AssignStreams(int64_t stream)
{
    m_requestSize->SetStream(stream);
    m_responseSize->SetStream(stream + 1);
    m_interval->SetStream(stream + 2);
    return 3;
}

void
RequestResponseClient::StartApplication()
{
    m_socket = Socket::CreateSocket(GetNode(), m_protocol);
    int result = 0;
    if (!m_local.IsInvalid())
    {
        result = m_socket->Bind(m_local);
    }
    else
    {
        result =
            Inet6SocketAddress::IsMatchingType(m_remote) ? m_socket->Bind6() : m_socket->Bind();
    }
    NS_ABORT_MSG_IF(result != 0,
                    "RequestResponseClient: cannot bind, errno " << m_socket->GetErrno());
    m_socket->SetConnectCallback(MakeCallback(&RequestResponseClient::OnConnected, this),
                                 MakeCallback(&RequestResponseClient::OnEnded, this));
    m_socket->SetCloseCallbacks(MakeCallback(&RequestResponseClient::OnEnded, this),
                                MakeCallback(&RequestResponseClient::OnEnded, this));
    m_socket->SetRecvCallback(MakeCallback(&RequestResponseClient::OnData, this));
    m_socket->SetSendCallback(MakeCallback(&RequestResponseClient::OnRoom, this));
    result = m_socket->Connect(m_remote);
    NS_ABORT_MSG_IF(result != 0,
                    "RequestResponseClient: cannot connect, errno " << m_socket->GetErrno());
}

void
RequestResponseClient::StopApplication()
{
    m_timer.Cancel();
    m_connected = false;
    if (m_socket)
    {
        m_socket->Close();
    }
}

void
RequestResponseClient::OnConnected(Ptr<Socket>)
{
    m_connected = true;
    Due();
}

void
RequestResponseClient::OnEnded(Ptr<Socket>)
{
    NS_LOG_INFO("The connection has ended after " << m_responses << " responses");
    m_timer.Cancel();
    m_connected = false;
}

void
RequestResponseClient::Due()
{
    if (m_pending.size() >= m_outstanding)
    {
        m_due = true;
        return;
    }
    m_due = false;
    Request();
    Continue();
}

void
RequestResponseClient::Continue()
{
    if (m_count == 0 || m_requests < m_count)
    {
        m_timer =
            Simulator::Schedule(Seconds(m_interval->GetValue()), &RequestResponseClient::Due, this);
    }
}

void
RequestResponseClient::Request()
{
    RequestHead head;
    head.requestSize = std::max(RequestHead::SIZE, m_requestSize->GetInteger());
    head.responseSize = std::max(1U, m_responseSize->GetInteger());
    std::vector<uint8_t> bytes(head.requestSize);
    head.Write(bytes.data());
    m_requests++;
    m_pending.push_back({Simulator::Now(), head.responseSize});
    m_unsent.push_back(Create<Packet>(bytes.data(), head.requestSize));
    Flush();
}

void
RequestResponseClient::Flush()
{
    while (!m_unsent.empty())
    {
        Ptr<Packet> request = m_unsent.front();
        uint32_t room = m_socket->GetTxAvailable();
        if (room == 0)
        {
            return;
        }
        // A request that is larger than the socket's buffer goes in pieces.
        uint32_t size = std::min(room, request->GetSize());
        Ptr<Packet> piece = request->CreateFragment(0, size);
        int sent = m_socket->Send(piece);
        if (sent <= 0)
        {
            return;
        }
        m_txTrace(piece);
        auto accepted = static_cast<uint32_t>(sent);
        if (accepted < request->GetSize())
        {
            request->RemoveAtStart(accepted);
        }
        else
        {
            m_unsent.pop_front();
        }
    }
}

void
RequestResponseClient::OnRoom(Ptr<Socket>, uint32_t)
{
    if (m_connected)
    {
        Flush();
    }
}

void
RequestResponseClient::OnData(Ptr<Socket> socket)
{
    Ptr<Packet> packet;
    while ((packet = socket->Recv()) && packet->GetSize() > 0)
    {
        m_rxTrace(packet);
        m_received += packet->GetSize();
        while (!m_pending.empty() && m_received >= m_pending.front().size)
        {
            Pending done = m_pending.front();
            m_pending.pop_front();
            m_received -= done.size;
            m_responses++;
            m_responseTrace(Simulator::Now() - done.begin, done.size);
        }
    }
    if (m_count > 0 && m_responses == m_count)
    {
        m_connected = false;
        socket->Close();
    }
    else if (m_connected && m_due)
    {
        Due();
    }
}

} // namespace ns3
