// SPDX-License-Identifier: GPL-2.0-only
#include "stream-server.h"

#include "ns3/abort.h"
#include "ns3/packet.h"
#include "ns3/tcp-socket-factory.h"

#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(StreamServer);

TypeId
StreamServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::StreamServer")
            .SetParent<Application>()
            .SetGroupName("Mptcp")
            .AddAttribute("Protocol",
                          "Socket factory of a stream protocol, as ns3::MptcpSocketFactory or "
                          "ns3::TcpSocketFactory.",
                          TypeIdValue(TcpSocketFactory::GetTypeId()),
                          MakeTypeIdAccessor(&StreamServer::m_protocol),
                          MakeTypeIdChecker())
            .AddAttribute("Local",
                          "Address and port to listen on.",
                          AddressValue(),
                          MakeAddressAccessor(&StreamServer::m_local),
                          MakeAddressChecker());
    return tid;
}

StreamServer::StreamServer() = default;

StreamServer::~StreamServer() = default;

StreamServer::Client::~Client() = default;

void
StreamServer::DoDispose()
{
    m_clients.clear();
    m_listener = nullptr;
    Application::DoDispose();
}

uint32_t
StreamServer::GetClients() const
{
    return m_clients.size();
}

void
StreamServer::StartApplication()
{
    const std::string name = GetInstanceTypeId().GetName();
    m_listener = Socket::CreateSocket(GetNode(), m_protocol);
    NS_ABORT_MSG_IF(m_listener->Bind(m_local) != 0,
                    name << ": cannot bind, errno " << m_listener->GetErrno());
    m_listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeCallback(&StreamServer::OnAccept, this));
    NS_ABORT_MSG_IF(m_listener->Listen() != 0,
                    name << ": cannot listen, errno " << m_listener->GetErrno());
}

void
StreamServer::StopApplication()
{
    DropOthers(nullptr);
    if (m_listener)
    {
        m_listener->Close();
    }
}

void
StreamServer::Drop(Ptr<Socket> socket)
{
    m_clients.erase(socket);
    socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
    socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    socket->Close();
}

void
StreamServer::DropOthers(Ptr<Socket> socket)
{
    // In the order in which they came: that of the map changes from run to run.
    std::map<uint64_t, Ptr<Socket>> others;
    for (const auto& [other, client] : m_clients)
    {
        if (other != socket)
        {
            others[client->number] = other;
        }
    }
    for (const auto& [number, other] : others)
    {
        Drop(other);
    }
}

void
StreamServer::OnAccept(Ptr<Socket> socket, const Address& from)
{
    socket->SetRecvCallback(MakeCallback(&StreamServer::OnData, this));
    socket->SetSendCallback(
        Callback<void, Ptr<Socket>, uint32_t>([this](Ptr<Socket> s, uint32_t) { Flush(s); }));
    socket->SetCloseCallbacks(MakeCallback(&StreamServer::OnClosed, this),
                              MakeCallback(&StreamServer::OnError, this));
    std::unique_ptr<Client> client = Accept(socket, from);
    client->number = m_accepted++;
    m_clients[socket] = std::move(client);
}

void
StreamServer::OnData(Ptr<Socket> socket)
{
    auto found = m_clients.find(socket);
    while (found != m_clients.end())
    {
        const Ptr<Packet> packet = socket->Recv();
        if (!packet || packet->GetSize() == 0)
        {
            break;
        }
        Read(socket, *found->second, packet);
        found = m_clients.find(socket);
    }
    Flush(socket);
}

void
StreamServer::Flush(Ptr<Socket> socket)
{
    const auto found = m_clients.find(socket);
    if (found != m_clients.end() && Write(socket, *found->second) && found->second->ended)
    {
        Drop(socket);
    }
}

void
StreamServer::OnClosed(Ptr<Socket> socket)
{
    const auto found = m_clients.find(socket);
    if (found != m_clients.end())
    {
        found->second->ended = true;
        Flush(socket);
    }
}

void
StreamServer::OnError(Ptr<Socket> socket)
{
    m_clients.erase(socket);
}

} // namespace ns3
