// SPDX-License-Identifier: GPL-2.0-only
#include "checklist.h"

#include "transfer-plan.h"

#include "ns3/mptcp-socket.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// @param end one end @return its connection
Ptr<MptcpConnection>
GetConnection(const TestEndpoint& end)
{
    return DynamicCast<MptcpSocket>(end.GetSocket())->GetConnection();
}

/// @param connection any @return subflows that can carry data
uint32_t
CountEstablished(const MptcpConnection& connection)
{
    const auto all = connection.GetSubflowStatus();
    return std::count_if(
        all.begin(), all.end(), [](const auto& status) { return status.established; });
}

} // namespace

Ptr<MptcpEndpoints>
InstallEndpoints(Ptr<Node> node, uint32_t subflows, uint32_t accepted)
{
    auto endpoints = CreateObject<MptcpEndpoints>();
    endpoints->SetAttribute("SubflowLimit", UintegerValue(subflows));
    endpoints->SetAttribute("AddAddrAccepted", UintegerValue(accepted));
    node->AggregateObject(endpoints);
    return endpoints;
}

Checklist::Checklist(ScenarioTestCase& test, const RigOptions& net, const Limits& limits)
    : rig(net),
      m_test(test),
      m_ipv6(net.ipv6)
{
    clientEndpoints =
        InstallEndpoints(rig.GetClient(), limits.clientSubflows, limits.clientAccepted);
    serverEndpoints =
        InstallEndpoints(rig.GetServer(), limits.serverSubflows, limits.serverAccepted);
    client.send = SIZE;
    server.expect = SIZE;
    // Never so much on the way that a queue overflows: what is counted is then what was sent.
    client.attributes = server.attributes = {{"PathManager", "ns3::MptcpEndpointPathManager"},
                                             {"SndBufSize", "60000"}};
    for (uint32_t i = 0; i < rig.CountPaths(); i++)
    {
        for (const auto way : {FilterChannel::UP, FilterChannel::DOWN})
        {
            rig.Path(i)->AddTap(way,
                                [this, i, way](const WireSegment& segment)
                                {
                                    const bool up = way == FilterChannel::UP;
                                    m_bytes[way][i] += segment.PayloadSize();
                                    Count(up ? clientTally : serverTally,
                                          up ? m_clientJoins : m_serverJoins,
                                          segment);
                                });
        }
    }
}

RigOptions
Checklist::Net(bool ipv6)
{
    RigOptions net = Paths(3);
    net.serverAddresses = 3;
    net.ipv6 = ipv6;
    for (auto& path : net.paths)
    {
        path.rate = "5Mbps";
    }
    return net;
}

void
Checklist::Count(Tally& tally, Joins& joins, const WireSegment& segment)
{
    const Subflow subflow{
        segment.source, segment.sourcePort, segment.destination, segment.destinationPort};
    if (segment.rst && joins.resets.insert(subflow).second)
    {
        tally.resets++;
    }
    for (const auto& option : segment.options)
    {
        if (option.kind != 30 || option.body.size() < 3)
        {
            continue;
        }
        const auto& body = option.body;
        const uint8_t low = body[2] & 0xf;
        switch (body[2] >> 4)
        {
        case wire::MP_JOIN:
            if (IsSyn(segment) && joins.syns.insert(subflow).second)
            {
                tally.joinSyns++;
                tally.backupSyns += low & 1;
                tally.joinPorts.insert(segment.destinationPort);
                tally.targets.emplace(segment.destination.begin(), segment.destination.end());
            }
            else if (IsSynAck(segment) && joins.synAcks.insert(subflow).second)
            {
                tally.joinSynAcks++;
                tally.backupSynAcks += low & 1;
            }
            else if (!segment.syn && joins.acks.insert(subflow).second)
            {
                tally.joinAcks++;
            }
            break;
        case wire::DSS:
            if (const auto dss = wire::ReadDss(option))
            {
                tally.infiniteMappings += dss->hasMapping && dss->length == 0 ? 1 : 0;
            }
            break;
        case wire::ADD_ADDR:
            if (low & 1)
            {
                tally.echoes++;
            }
            else
            {
                tally.addAddrs++;
                tally.addAddrPorts += body.size() == 18 || body.size() == 30 ? 1 : 0;
            }
            break;
        case wire::REMOVE_ADDR:
            tally.removals++;
            tally.removedIds.insert(body.begin() + 3, body.end());
            break;
        case wire::MP_PRIO:
            tally.prios++;
            break;
        case wire::MP_FAIL:
            tally.fails++;
            break;
        case wire::MP_FASTCLOSE:
            tally.fastcloses++;
            break;
        case wire::MP_TCPRST:
            tally.reasons.insert(body[3]);
            break;
        default:
            break;
        }
    }
}

MptcpEndpoint
Checklist::Make(const IpAddress& address, const std::string& flags, uint16_t port)
{
    MptcpEndpoint endpoint;
    endpoint.address = address;
    endpoint.port = port;
    endpoint.signal = flags.find('s') != std::string::npos;
    endpoint.subflow = flags.find('f') != std::string::npos;
    endpoint.backup = flags.find('b') != std::string::npos;
    endpoint.fullmesh = flags.find('m') != std::string::npos;
    return endpoint;
}

uint8_t
Checklist::AddClient(uint32_t path, const std::string& flags, uint16_t port)
{
    return clientEndpoints->Add(Make(TestRig::GetClientIp(path, m_ipv6), flags, port));
}

uint8_t
Checklist::AddClientOther(uint32_t path, const std::string& flags)
{
    return clientEndpoints->Add(Make(TestRig::GetClientIp(path, !m_ipv6), flags, 0));
}

uint8_t
Checklist::AddServer(uint32_t link, const std::string& flags, uint16_t port)
{
    return serverEndpoints->Add(Make(TestRig::GetServerIp(link, m_ipv6), flags, port));
}

uint8_t
Checklist::AddServerOther(uint32_t link, const std::string& flags)
{
    return serverEndpoints->Add(Make(TestRig::GetServerIp(link, !m_ipv6), flags, 0));
}

uint8_t
Checklist::AddUnreachable(uint32_t number, const std::string& flags)
{
    return serverEndpoints->Add(Make(TestRig::GetServerIp(100 + number, m_ipv6), flags, 0));
}

void
Checklist::At(Time at, std::function<void()> action)
{
    Simulator::Schedule(at, [action] { action(); });
}

void
Checklist::Lose(FilterChannel::Direction way, WireMatch match, uint32_t count)
{
    rig.OnAllPaths(way, [=](uint32_t) { return DropNth(match, 1, count); });
}

Ptr<MptcpConnection>
Checklist::GetClient() const
{
    return GetConnection(*rig.opened.at(0));
}

Ptr<MptcpConnection>
Checklist::GetServer() const
{
    return GetConnection(*rig.accepted.at(0));
}

uint64_t
Checklist::GetBytes(uint32_t path) const
{
    const auto& bytes = m_bytes[client.send > 0 ? FilterChannel::UP : FilterChannel::DOWN];
    const auto found = bytes.find(path);
    return found == bytes.end() ? 0 : found->second;
}

void
Checklist::ExpectSubflows(Time at, uint32_t client, uint32_t server)
{
    At(at,
       [this, at, client, server]
       {
           const std::string when = " at " + std::to_string(at.GetSeconds()) + " s";
           m_test.ExpectEqual(CountEstablished(*GetClient()), client, "client's subflows" + when);
           m_test.ExpectEqual(CountEstablished(*GetServer()), server, "server's subflows" + when);
       });
}

void
Checklist::Run(Time until)
{
    RunOnly(until);
    m_test.ExpectDone(rig);
}

void
Checklist::RunOnly(Time until)
{
    rig.Listen(PORT, server);
    rig.Connect(PORT, client);
    rig.Run(until);
}

void
Checklist::ExpectJoins(uint32_t asked, uint32_t agreed, uint32_t completed)
{
    m_test.ExpectEqual(clientTally.joinSyns, asked, "joins that the client asked for");
    m_test.ExpectEqual(serverTally.joinSynAcks, agreed, "joins that the server agreed to");
    m_test.ExpectEqual(clientTally.joinAcks, completed, "joins that the client completed");
}

} // namespace ns3
