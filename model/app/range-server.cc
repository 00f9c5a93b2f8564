// SPDX-License-Identifier: GPL-2.0-only
#include "range-server.h"

#include "byte-stream-application.h"

#include "ns3/abort.h"
#include "ns3/packet.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>
#include <limits>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(RangeServer);

TypeId
RangeServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::RangeServer")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddConstructor<RangeServer>()
            .AddAttribute("Protocol",
                          "Socket factory of a stream protocol, as ns3::MptcpSocketFactory or "
                          "ns3::TcpSocketFactory.",
                          TypeIdValue(TcpSocketFactory::GetTypeId()),
                          MakeTypeIdAccessor(&RangeServer::m_protocol),
                          MakeTypeIdChecker())
            .AddAttribute("Local",
                          "Address and port to listen on.",
                          AddressValue(),
                          MakeAddressAccessor(&RangeServer::m_local),
                          MakeAddressChecker())
            .AddTraceSource("Rx",
                            "Bytes of the upload have come, in order.",
                            MakeTraceSourceAccessor(&RangeServer::m_rxTrace),
                            "ns3::RangeClient::BytesTracedCallback")
            .AddTraceSource("Connected",
                            "A client has connected.",
                            MakeTraceSourceAccessor(&RangeServer::m_connectedTrace),
                            "ns3::RangeClient::SocketTracedCallback")
            .AddTraceSource("Sending",
                            "It begins to send bytes that a client has asked for.",
                            MakeTraceSourceAccessor(&RangeServer::m_sendingTrace),
                            "ns3::RangeClient::SendingTracedCallback");
    return tid;
}

RangeServer::RangeServer() = default;

RangeServer::~RangeServer() = default;

void
RangeServer::DoDispose()
{
    m_clients.clear();
    m_listener = nullptr;
    Application::DoDispose();
}

uint64_t
RangeServer::GetReceived() const
{
    return m_received;
}

uint64_t
RangeServer::GetWrong() const
{
    return m_wrong;
}

void
RangeServer::StartApplication()
{
    m_listener = Socket::CreateSocket(GetNode(), m_protocol);
    NS_ABORT_MSG_IF(m_listener->Bind(m_local) != 0,
                    "RangeServer: cannot bind, errno " << m_listener->GetErrno());
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&RangeServer::OnAccept, this));
    NS_ABORT_MSG_IF(m_listener->Listen() != 0,
                    "RangeServer: cannot listen, errno " << m_listener->GetErrno());
}

void
RangeServer::StopApplication()
{
    auto clients = std::move(m_clients);
    m_clients.clear();
    for (auto& [socket, client] : clients)
    {
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
        socket->Close();
    }
    if (m_listener)
    {
        m_listener->Close();
    }
}

void
RangeServer::OnAccept(Ptr<Socket> socket, const Address&)
{
    m_clients[socket];
    socket->SetRecvCallback(MakeCallback(&RangeServer::OnData, this));
    socket->SetSendCallback(
        Callback<void, Ptr<Socket>, uint32_t>([this](Ptr<Socket> s, uint32_t) { Write(s); }));
    socket->SetCloseCallbacks(MakeCallback(&RangeServer::OnClosed, this),
                              MakeCallback(&RangeServer::OnError, this));
    m_connectedTrace(socket);
}

void
RangeServer::OnData(Ptr<Socket> socket)
{
    std::vector<uint8_t> bytes;
    Ptr<Packet> packet;
    while (m_clients.count(socket) > 0 &&
           (packet = socket->Recv(std::numeric_limits<uint32_t>::max(), 0)) &&
           packet->GetSize() > 0)
    {
        bytes.resize(packet->GetSize());
        packet->CopyData(bytes.data(), packet->GetSize());
        Take(socket, bytes.data(), packet->GetSize());
    }
    Write(socket);
}

void
RangeServer::Take(Ptr<Socket> socket, const uint8_t* bytes, uint32_t size)
{
    Client& client = m_clients.at(socket);
    while (size > 0)
    {
        if (client.put.length == 0)
        {
            const uint32_t count = std::min<uint32_t>(size, RangeHead::SIZE - client.head.size());
            client.head.insert(client.head.end(), bytes, bytes + count);
            bytes += count;
            size -= count;
            if (client.head.size() == RangeHead::SIZE)
            {
                const RangeHead head = RangeHead::Read(client.head.data());
                client.head.clear();
                Serve(socket, head);
                if (m_clients.count(socket) == 0)
                {
                    return;
                }
            }
            continue;
        }
        const auto count = static_cast<uint32_t>(std::min<uint64_t>(size, client.put.length));
        std::vector<uint8_t> expected(count);
        ByteStreamApplication::Fill(client.put.offset, expected.data(), count);
        for (uint32_t i = 0; i < count; i++)
        {
            m_wrong += bytes[i] != expected[i];
        }
        const uint64_t offset = client.put.offset;
        client.put.offset += count;
        client.put.length -= count;
        bytes += count;
        size -= count;
        m_received = client.put.offset;
        m_rxTrace(offset, count);
        if (client.put.length == 0)
        {
            AnswerCount(client);
        }
    }
}

void
RangeServer::Serve(Ptr<Socket> socket, const RangeHead& head)
{
    Client& client = m_clients.at(socket);
    switch (head.kind)
    {
    case RangeHead::GET:
        client.answers.push_back(head);
        break;
    case RangeHead::PUT:
        client.put = head;
        break;
    case RangeHead::COUNT:
        for (auto i = m_clients.begin(); i != m_clients.end();)
        {
            const auto other = i++;
            if (other->first != socket)
            {
                const Ptr<Socket> old = other->first;
                m_clients.erase(other);
                old->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
                old->Close();
            }
        }
        AnswerCount(client);
        break;
    default:
        // Not one of ours: nothing sensible can follow.
        m_clients.erase(socket);
        socket->Close();
        break;
    }
}

void
RangeServer::AnswerCount(Client& client) const
{
    for (int i = 0; i < 8; i++)
    {
        client.count.push_back(static_cast<uint8_t>(m_received >> (56 - 8 * i)));
    }
}

void
RangeServer::Write(Ptr<Socket> socket)
{
    constexpr uint32_t WRITE_SIZE{16384};
    const auto found = m_clients.find(socket);
    if (found == m_clients.end())
    {
        return;
    }
    Client& client = found->second;
    while (!client.count.empty() || !client.answers.empty())
    {
        const bool counts = !client.count.empty();
        const uint64_t waiting = counts ? client.count.size() : client.answers.front().length;
        const auto size = static_cast<uint32_t>(
            std::min<uint64_t>({waiting, socket->GetTxAvailable(), WRITE_SIZE}));
        if (size == 0 && waiting > 0)
        {
            return;
        }
        std::vector<uint8_t> bytes(size);
        if (counts)
        {
            std::copy_n(client.count.begin(), size, bytes.begin());
        }
        else
        {
            RangeHead& answer = client.answers.front();
            ByteStreamApplication::Fill(answer.offset, bytes.data(), size);
            if (client.written == 0)
            {
                m_sendingTrace(socket, answer.offset);
            }
        }
        const int taken = size == 0 ? 0 : socket->Send(Create<Packet>(bytes.data(), size));
        if (taken < 0 || (taken == 0 && size > 0))
        {
            return;
        }
        client.written += static_cast<uint32_t>(taken);
        if (counts)
        {
            client.count.erase(client.count.begin(), client.count.begin() + taken);
            continue;
        }
        RangeHead& answer = client.answers.front();
        answer.offset += static_cast<uint32_t>(taken);
        answer.length -= static_cast<uint32_t>(taken);
        if (answer.length == 0)
        {
            client.answers.pop_front();
        }
    }
    if (client.ended)
    {
        m_clients.erase(found);
        socket->Close();
    }
}

void
RangeServer::OnClosed(Ptr<Socket> socket)
{
    const auto found = m_clients.find(socket);
    if (found != m_clients.end())
    {
        found->second.ended = true;
        Write(socket);
    }
}

void
RangeServer::OnError(Ptr<Socket> socket)
{
    m_clients.erase(socket);
}

} // namespace ns3
