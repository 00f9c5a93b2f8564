// SPDX-License-Identifier: GPL-2.0-only
#include "request-response-server.h"

#include "request-response-client.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/packet.h"
#include "ns3/tcp-socket-factory.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("RequestResponseServer");

NS_OBJECT_ENSURE_REGISTERED(RequestResponseServer);

TypeId
RequestResponseServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::RequestResponseServer")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddConstructor<RequestResponseServer>()
            .AddAttribute("Protocol",
                          "Socket factory of a stream protocol, as ns3::MptcpSocketFactory or "
                          "ns3::TcpSocketFactory.",
                          TypeIdValue(TcpSocketFactory::GetTypeId()),
                          MakeTypeIdAccessor(&RequestResponseServer::m_protocol),
                          MakeTypeIdChecker())
            .AddAttribute("Local",
                          "Address and port to listen on.",
                          AddressValue(),
                          MakeAddressAccessor(&RequestResponseServer::m_local),
                          MakeAddressChecker())
            .AddTraceSource("Request",
                            "A request has arrived completely: the client, the size of the request "
                            "and the size of the response that it asks for.",
                            MakeTraceSourceAccessor(&RequestResponseServer::m_requestTrace),
                            "ns3::RequestResponseServer::RequestTracedCallback");
    return tid;
}

RequestResponseServer::RequestResponseServer() = default;

RequestResponseServer::~RequestResponseServer() = default;

void
RequestResponseServer::DoDispose()
{
    m_clients.clear();
    m_listener = nullptr;
    Application::DoDispose();
}

uint32_t
RequestResponseServer::GetRequests() const
{
    return m_requests;
}

uint32_t
RequestResponseServer::GetClients() const
{
    return m_clients.size();
}

void
RequestResponseServer::StartApplication()
{
    m_listener = Socket::CreateSocket(GetNode(), m_protocol);
    NS_ABORT_MSG_IF(m_listener->Bind(m_local) != 0,
                    "RequestResponseServer: cannot bind, errno " << m_listener->GetErrno());
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&RequestResponseServer::OnAccept, this));
    NS_ABORT_MSG_IF(m_listener->Listen() != 0,
                    "RequestResponseServer: cannot listen, errno " << m_listener->GetErrno());
}

void
RequestResponseServer::StopApplication()
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
RequestResponseServer::OnAccept(Ptr<Socket> socket, const Address& from)
{
    Client& client = m_clients[socket];
    client.address = from;
    client.head = Create<Packet>();
    socket->SetRecvCallback(MakeCallback(&RequestResponseServer::OnData, this));
    socket->SetSendCallback(MakeCallback(&RequestResponseServer::OnRoom, this));
    socket->SetCloseCallbacks(MakeCallback(&RequestResponseServer::OnClosed, this),
                              MakeCallback(&RequestResponseServer::OnError, this));
}

void
RequestResponseServer::OnData(Ptr<Socket> socket)
{
    auto found = m_clients.find(socket);
    if (found == m_clients.end())
    {
        return;
    }
    Ptr<Packet> packet;
    while ((packet = socket->Recv()) && packet->GetSize() > 0)
    {
        Take(found->second, packet);
    }
    Flush(socket);
}

void
RequestResponseServer::Take(Client& client, Ptr<Packet> data)
{
    while (data->GetSize() > 0)
    {
        if (client.body == 0)
        {
            uint32_t size = std::min(RequestHead::SIZE - client.head->GetSize(), data->GetSize());
            client.head->AddAtEnd(data->CreateFragment(0, size));
            data->RemoveAtStart(size);
            if (client.head->GetSize() < RequestHead::SIZE)
            {
                return;
            }
            uint8_t bytes[RequestHead::SIZE];
            client.head->CopyData(bytes, sizeof(bytes));
            client.head = Create<Packet>();
            RequestHead head = RequestHead::Read(bytes);
            client.requestSize = std::max(head.requestSize, RequestHead::SIZE);
            client.responseSize = head.responseSize;
            client.body = client.requestSize - RequestHead::SIZE;
        }
        uint32_t size = std::min(client.body, data->GetSize());
        data->RemoveAtStart(size);
        client.body -= size;
        if (client.body == 0)
        {
            client.unsent += client.responseSize;
            m_requests++;
            m_requestTrace(client.address, client.requestSize, client.responseSize);
        }
    }
}

void
RequestResponseServer::OnRoom(Ptr<Socket> socket, uint32_t)
{
    Flush(socket);
}

void
RequestResponseServer::Flush(Ptr<Socket> socket)
{
    // The payload of Create<Packet>(size) takes no memory; the cap keeps its parts small.
    constexpr uint64_t LARGEST_WRITE{65536};
    auto found = m_clients.find(socket);
    if (found == m_clients.end())
    {
        return;
    }
    Client& client = found->second;
    while (client.unsent > 0)
    {
        auto size = static_cast<uint32_t>(
            std::min<uint64_t>({client.unsent, socket->GetTxAvailable(), LARGEST_WRITE}));
        if (size == 0)
        {
            return;
        }
        int sent = socket->Send(Create<Packet>(size));
        if (sent <= 0)
        {
            return;
        }
        client.unsent -= static_cast<uint32_t>(sent);
    }
    if (client.ended)
    {
        m_clients.erase(found);
        socket->Close();
    }
}

void
RequestResponseServer::OnClosed(Ptr<Socket> socket)
{
    auto found = m_clients.find(socket);
    if (found != m_clients.end())
    {
        found->second.ended = true;
        Flush(socket);
    }
}

void
RequestResponseServer::OnError(Ptr<Socket> socket)
{
    m_clients.erase(socket);
}

} // namespace ns3
