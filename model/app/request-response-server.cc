// SPDX-License-Identifier: GPL-2.0-only
#include "request-response-server.h"

#include "request-response-client.h"

#include "ns3/packet.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(RequestResponseServer);

TypeId
RequestResponseServer::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::RequestResponseServer")
            .SetParent<StreamServer>()
            .SetGroupName("Mptcp")
            .AddConstructor<RequestResponseServer>()
            .AddTraceSource("Request",
                            "A request has arrived completely: the client, the size of the request "
                            "and the size of the response that it asks for.",
                            MakeTraceSourceAccessor(&RequestResponseServer::m_requestTrace),
                            "ns3::RequestResponseServer::RequestTracedCallback");
    return tid;
}

RequestResponseServer::RequestResponseServer() = default;

RequestResponseServer::~RequestResponseServer() = default;

std::unique_ptr<StreamServer::Client>
RequestResponseServer::Accept(Ptr<Socket>, const Address& from)
{
    auto client = std::make_unique<Requester>();
    client->address = from;
    client->head = Create<Packet>();
    return client;
}

void
RequestResponseServer::Read(Ptr<Socket>, Client& any, Ptr<Packet> data)
{
    auto& client = static_cast<Requester&>(any);
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
            m_requestTrace(client.address, client.requestSize, client.responseSize);
        }
    }
}

bool
RequestResponseServer::Write(Ptr<Socket> socket, Client& any)
{
    // The payload of Create<Packet>(size) takes no memory; the cap keeps its parts small.
    constexpr uint64_t LARGEST_WRITE{65536};
    auto& client = static_cast<Requester&>(any);
    while (client.unsent > 0)
    {
        auto size = static_cast<uint32_t>(
            std::min<uint64_t>({client.unsent, socket->GetTxAvailable(), LARGEST_WRITE}));
        if (size == 0)
        {
            return false;
        }
        int sent = socket->Send(Create<Packet>(size));
        if (sent <= 0)
        {
            return false;
        }
        client.unsent -= static_cast<uint32_t>(sent);
    }
    return true;
}

} // namespace ns3
