// SPDX-License-Identifier: GPL-2.0-only
#include "recorded-transfer.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/string.h"

#include <algorithm>
#include <random>

namespace ns3
{

RecordedTransfer::RecordedTransfer(TestRig& rig, uint16_t port)
    : m_rig(rig),
      m_port(port)
{
}

RecordedTransfer::~RecordedTransfer()
{
    for (const auto& socket : m_sockets)
    {
        socket->SetConnectCallback(MakeNullCallback<void, Ptr<Socket>>(),
                                   MakeNullCallback<void, Ptr<Socket>>());
        socket->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                  MakeNullCallback<void, Ptr<Socket>, const Address&>());
        socket->SetCloseCallbacks(MakeNullCallback<void, Ptr<Socket>>(),
                                  MakeNullCallback<void, Ptr<Socket>>());
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        socket->SetSendCallback(MakeNullCallback<void, Ptr<Socket>, uint32_t>());
    }
}

std::string
RecordedTransfer::MakeText(size_t size, uint32_t seed)
{
    std::mt19937 random(seed);
    std::string text(size, 0);
    std::generate(text.begin(), text.end(), [&] { return static_cast<char>(random()); });
    return text;
}

Ptr<Socket>
RecordedTransfer::CreateEnd(Ptr<Node> node, const End& end)
{
    auto socket = Socket::CreateSocket(node, TypeId::LookupByName("ns3::MptcpSocketFactory"));
    for (const auto& [name, value] : end.attributes)
    {
        socket->SetAttribute(name, StringValue(value));
    }
    return socket;
}

void
RecordedTransfer::Start(Time at)
{
    const Address target = m_rig.GetServerAddress(0, m_port);
    const bool ipv6 = Inet6SocketAddress::IsMatchingType(target);
    listener = CreateEnd(m_rig.GetServer(), server);
    m_sockets.push_back(listener);
    listener->Bind(ipv6 ? Address(Inet6SocketAddress(Ipv6Address::GetAny(), m_port))
                        : Address(InetSocketAddress(Ipv4Address::GetAny(), m_port)));
    listener->Listen();
    const std::function<void(Ptr<Socket>, const Address&)> accept =
        [this](Ptr<Socket> socket, const Address&)
    {
        accepted++;
        if (!server.socket)
        {
            Attach(server, socket);
            Write(server);
            Read(server);
        }
    };
    listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                Callback<void, Ptr<Socket>, const Address&>(accept));
    Attach(client, CreateEnd(m_rig.GetClient(), client));
    const std::function<void(Ptr<Socket>)> connected = [this](Ptr<Socket>) { Write(client); };
    const std::function<void(Ptr<Socket>)> failed = [this](Ptr<Socket>) { client.failed = true; };
    client.socket->SetConnectCallback(Callback<void, Ptr<Socket>>(connected),
                                      Callback<void, Ptr<Socket>>(failed));
    Simulator::ScheduleWithContext(m_rig.GetClient()->GetId(),
                                   at,
                                   [this, target, ipv6]
                                   {
                                       if (ipv6)
                                       {
                                           client.socket->Bind6();
                                       }
                                       else
                                       {
                                           client.socket->Bind();
                                       }
                                       client.socket->Connect(target);
                                   });
}

void
RecordedTransfer::Attach(End& end, Ptr<Socket> socket)
{
    end.socket = socket;
    m_sockets.push_back(socket);
    const std::function<void(Ptr<Socket>)> readable = [&end](Ptr<Socket>) { Read(end); };
    socket->SetRecvCallback(Callback<void, Ptr<Socket>>(readable));
    const std::function<void(Ptr<Socket>, uint32_t)> room = [&end](Ptr<Socket>, uint32_t)
    { Write(end); };
    socket->SetSendCallback(Callback<void, Ptr<Socket>, uint32_t>(room));
    const std::function<void(Ptr<Socket>)> normal = [&end](Ptr<Socket>) { Read(end); };
    const std::function<void(Ptr<Socket>)> error = [&end](Ptr<Socket>) { end.failed = true; };
    socket->SetCloseCallbacks(Callback<void, Ptr<Socket>>(normal),
                              Callback<void, Ptr<Socket>>(error));
}

void
RecordedTransfer::Write(End& end)
{
    if (end.writing)
    {
        return;
    }
    end.writing = true; // Send() may call back
    while (!end.shut && end.sent < end.send.size())
    {
        const auto* data = reinterpret_cast<const uint8_t*>(end.send.data()) + end.sent;
        const auto size = std::min<size_t>(end.send.size() - end.sent, 16384);
        const int taken = end.socket->Send(Create<Packet>(data, size));
        if (taken <= 0)
        {
            break;
        }
        end.sent += taken;
    }
    end.writing = false;
    if (!end.shut && end.sent == end.send.size())
    {
        end.shut = true;
        end.socket->ShutdownSend();
    }
    Read(end);
}

void
RecordedTransfer::Read(End& end)
{
    while (!end.eof)
    {
        const auto packet = end.socket->Recv();
        if (!packet)
        {
            return;
        }
        if (packet->GetSize() == 0)
        {
            end.eof = true;
            end.eofAt = Simulator::Now();
            break;
        }
        const size_t at = end.received.size();
        end.received.resize(at + packet->GetSize());
        packet->CopyData(reinterpret_cast<uint8_t*>(end.received.data() + at), packet->GetSize());
        end.arrivals.push_back(Simulator::Now());
    }
    if (end.eof && end.shut)
    {
        end.socket->Close();
    }
}

} // namespace ns3
