// SPDX-License-Identifier: GPL-2.0-only
#include "range-server.h"

#include "byte-stream-application.h"

#include "ns3/packet.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(RangeServer);

TypeId
RangeServer::GetTypeId()
{
    static TypeId tid = TypeId("ns3::RangeServer")
                            .SetParent<StreamServer>()
                            .SetGroupName("Mptcp")
                            .AddConstructor<RangeServer>()
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

std::unique_ptr<StreamServer::Client>
RangeServer::Accept(Ptr<Socket> socket, const Address&)
{
    m_connectedTrace(socket);
    return std::make_unique<Downloader>();
}

void
RangeServer::Read(Ptr<Socket> socket, Client& any, Ptr<Packet> data)
{
    auto& client = static_cast<Downloader&>(any);
    std::vector<uint8_t> bytes(data->GetSize());
    data->CopyData(bytes.data(), bytes.size());
    for (size_t at = 0; at < bytes.size();)
    {
        const auto left = bytes.size() - at;
        if (client.put.length == 0)
        {
            const auto count = std::min<size_t>(left, RangeHead::SIZE - client.head.size());
            client.head.insert(client.head.end(), &bytes[at], &bytes[at] + count);
            at += count;
            if (client.head.size() == RangeHead::SIZE)
            {
                const RangeHead head = RangeHead::Read(client.head.data());
                client.head.clear();
                if (!Serve(socket, client, head))
                {
                    Drop(socket);
                    return;
                }
            }
            continue;
        }
        const auto count = static_cast<uint32_t>(std::min<uint64_t>(left, client.put.length));
        std::vector<uint8_t> expected(count);
        ByteStreamApplication::Fill(client.put.offset, expected.data(), count);
        for (uint32_t i = 0; i < count; i++)
        {
            m_wrong += bytes[at + i] != expected[i];
        }
        const uint64_t offset = client.put.offset;
        client.put.offset += count;
        client.put.length -= count;
        at += count;
        m_received = client.put.offset;
        m_rxTrace(offset, count);
        if (client.put.length == 0)
        {
            AnswerCount(client);
        }
    }
}

bool
RangeServer::Serve(Ptr<Socket> socket, Downloader& client, const RangeHead& head)
{
    switch (head.kind)
    {
    case RangeHead::GET:
        client.answers.push_back(head);
        return true;
    case RangeHead::PUT:
        client.put = head;
        if (head.length == 0)
        {
            AnswerCount(client);
        }
        return true;
    case RangeHead::COUNT:
        DropOthers(socket);
        AnswerCount(client);
        return true;
    default:
        // Not one of ours: nothing sensible can follow.
        return false;
    }
}

void
RangeServer::AnswerCount(Downloader& client) const
{
    client.answers.push_back({RangeHead::COUNT, m_received, 8});
}

bool
RangeServer::Write(Ptr<Socket> socket, Client& any)
{
    constexpr uint32_t WRITE_SIZE{16384};
    auto& client = static_cast<Downloader&>(any);
    while (!client.answers.empty())
    {
        RangeHead& answer = client.answers.front();
        const auto size = static_cast<uint32_t>(
            std::min<uint64_t>({answer.length, socket->GetTxAvailable(), WRITE_SIZE}));
        if (size == 0 && answer.length > 0)
        {
            return false;
        }
        std::vector<uint8_t> bytes(size);
        if (answer.kind == RangeHead::COUNT)
        {
            for (uint32_t i = 0; i < size; i++)
            {
                bytes[i] = static_cast<uint8_t>(answer.offset >> (8 * (answer.length - 1 - i)));
            }
        }
        else
        {
            ByteStreamApplication::Fill(answer.offset, bytes.data(), size);
            if (!client.told)
            {
                client.told = true;
                m_sendingTrace(socket, answer.offset - client.written);
            }
        }
        const int taken = size == 0 ? 0 : socket->Send(Create<Packet>(bytes.data(), size));
        if (taken < 0 || (taken == 0 && size > 0))
        {
            return false;
        }
        client.written += static_cast<uint32_t>(taken);
        answer.length -= static_cast<uint32_t>(taken);
        if (answer.kind == RangeHead::GET)
        {
            answer.offset += static_cast<uint32_t>(taken);
        }
        if (answer.length == 0)
        {
            client.answers.pop_front();
        }
    }
    return true;
}

} // namespace ns3
