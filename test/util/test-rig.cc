// SPDX-License-Identifier: GPL-2.0-only
#include "test-rig.h"

#include "long-duration.h"

#include "ns3/boolean.h"
#include "ns3/config.h"
#include "ns3/drop-tail-queue.h"
#include "ns3/global-value.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/mptcp-helper.h"
#include "ns3/mptcp-l4-protocol.h"
#include "ns3/mptcp-socket.h"
#include "ns3/object-vector.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/string.h"
#include "ns3/tcp-l4-protocol.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

constexpr uint32_t HOST = 1;   // number of client and server in their networks
constexpr uint32_t ROUTER = 2; // the router's number
constexpr uint32_t FIRST_SERVER_NET = 100;

} // namespace

IpAddress
WithoutPort(const Address& address)
{
    if (InetSocketAddress::IsMatchingType(address))
    {
        return InetSocketAddress::ConvertFrom(address).GetIpv4();
    }
    return Inet6SocketAddress::ConvertFrom(address).GetIpv6();
}

std::string
ToText(const Address& address)
{
    std::ostringstream text;
    text << WithoutPort(address);
    return text.str();
}

TestRig::TestRig(const RigOptions& options)
    : m_options(options)
{
    RngSeedManager::SetSeed(1);
    RngSeedManager::SetRun(options.run);
    Config::SetDefault("ns3::Icmpv6L4Protocol::DAD", BooleanValue(false));
    // A router solicitation that is repeated while its interface is down ends the run.
    Config::SetDefault("ns3::Icmpv6L4Protocol::RsInitialRetransmissionTime",
                       TimeValue(MilliSeconds(1)));
    Config::SetDefault("ns3::Icmpv6L4Protocol::RsMaxRetransmissionDuration",
                       TimeValue(NanoSeconds(1)));
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(options.checksums));
    m_client = CreateObject<Node>();
    m_router = CreateObject<Node>();
    m_server = CreateObject<Node>();
    NodeContainer nodes(m_client, m_router, m_server);
    InternetStackHelper internet;
    internet.SetIpv4StackInstall(Has(false));
    internet.SetIpv6StackInstall(Has(true));
    internet.Install(nodes);
    internet.AssignStreams(nodes, 9000);
    if (Has(true))
    {
        m_router->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
        m_clientRoutes6 = Ipv6StaticRoutingHelper().GetStaticRouting(m_client->GetObject<Ipv6>());
    }
    if (Has(false))
    {
        m_client->GetObject<Ipv4>()->SetAttribute("IpForward", BooleanValue(false));
        m_server->GetObject<Ipv4>()->SetAttribute("IpForward", BooleanValue(false));
        m_clientRoutes4 = Ipv4StaticRoutingHelper().GetStaticRouting(m_client->GetObject<Ipv4>());
    }
    for (uint32_t i = 0; i < options.paths.size(); i++)
    {
        m_paths.push_back(AddLink(m_client, m_router, options.paths[i], i));
        AddDefaultRoute(m_client, i, i + 1, i);
    }
    PathOptions fast;
    fast.rate = "1Gbps";
    fast.delay = MicroSeconds(100);
    fast.queue = 10000;
    for (uint32_t i = 0; i < options.serverAddresses; i++)
    {
        m_links.push_back(AddLink(m_server, m_router, fast, FIRST_SERVER_NET + i));
        AddDefaultRoute(m_server, FIRST_SERVER_NET + i, i + 1, i);
    }
    if (options.clientModule)
    {
        MptcpHelper().Install(m_client);
        MptcpHelper::AssignStreams(NodeContainer(m_client), 1000);
    }
    if (options.serverModule)
    {
        MptcpHelper().Install(m_server);
        MptcpHelper::AssignStreams(NodeContainer(m_server), 2000);
    }
}

TestRig::~TestRig()
{
    opened.clear();
    accepted.clear();
    m_listeners.clear();
    Simulator::Destroy();
    Config::Reset();
    wire::ForceSequence(std::nullopt);
}

Ptr<FilterChannel>
TestRig::Path(uint32_t path) const
{
    return m_paths[path];
}

uint32_t
TestRig::CountPaths() const
{
    return m_paths.size();
}

Ptr<FilterChannel>
TestRig::ServerLink(uint32_t link) const
{
    return m_links[link];
}

void
TestRig::OnAllPaths(FilterChannel::Direction direction, std::function<WireRule(uint32_t)> rule)
{
    for (uint32_t i = 0; i < m_paths.size(); i++)
    {
        m_paths[i]->AddRule(direction, rule(i));
    }
}

Address
TestRig::GetClientAddress(uint32_t path, uint16_t port) const
{
    return MakeAddress(path, HOST, port);
}

Address
TestRig::GetServerAddress(uint32_t link, uint16_t port) const
{
    return MakeAddress(FIRST_SERVER_NET + link, HOST, port);
}

IpAddress
TestRig::GetClientIp(uint32_t path, bool ipv6)
{
    return MakeIp(path, HOST, ipv6);
}

IpAddress
TestRig::GetServerIp(uint32_t link, bool ipv6)
{
    return MakeIp(FIRST_SERVER_NET + link, HOST, ipv6);
}

bool
TestRig::Has(bool ipv6) const
{
    return m_options.bothFamilies || m_options.ipv6 == ipv6;
}

Ptr<Node>
TestRig::GetClient() const
{
    return m_client;
}

Ptr<Node>
TestRig::GetServer() const
{
    return m_server;
}

Ptr<Socket>
TestRig::CreateSocket(Ptr<Node> node, bool stock) const
{
    const bool module = node == m_client ? m_options.clientModule : m_options.serverModule;
    const char* factory = module && !stock ? "ns3::MptcpSocketFactory" : "ns3::TcpSocketFactory";
    return Socket::CreateSocket(node, TypeId::LookupByName(factory));
}

Ptr<Socket>
TestRig::Listen(uint16_t port, const EndpointOptions& options, bool stock)
{
    auto listener = CreateSocket(m_server, stock);
    for (const auto& [name, value] : options.attributes)
    {
        listener->SetAttribute(name, StringValue(value));
    }
    if (m_options.ipv6)
    {
        listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), port));
    }
    else
    {
        listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    }
    listener->Listen();
    const std::function<void(Ptr<Socket>, const Address&)> accept =
        [this, options](Ptr<Socket> socket, const Address&) { OnAccept(socket, options); };
    listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                Callback<void, Ptr<Socket>, const Address&>(accept));
    m_listeners.push_back(listener);
    return listener;
}

void
TestRig::OnAccept(Ptr<Socket> socket, const EndpointOptions& options)
{
    accepted.push_back(std::make_unique<TestEndpoint>(socket, options, false));
    accepted.back()->Begin();
}

TestEndpoint&
TestRig::Connect(
    uint16_t port, const EndpointOptions& options, Time at, bool stock, int path, uint32_t link)
{
    auto socket = CreateSocket(m_client, stock);
    for (const auto& [name, value] : options.attributes)
    {
        socket->SetAttribute(name, StringValue(value));
    }
    opened.push_back(std::make_unique<TestEndpoint>(socket, options, true));
    TestEndpoint* endpoint = opened.back().get();
    Simulator::ScheduleWithContext(m_client->GetId(),
                                   at,
                                   [this, socket, endpoint, path, link, port]
                                   {
                                       if (path >= 0)
                                       {
                                           socket->Bind(GetClientAddress(path, 0));
                                       }
                                       else if (m_options.ipv6)
                                       {
                                           socket->Bind6();
                                       }
                                       else
                                       {
                                           socket->Bind();
                                       }
                                       endpoint->Connect(GetServerAddress(link, port));
                                   });
    return *endpoint;
}

Ptr<FilterChannel>
TestRig::AddLink(Ptr<Node> left, Ptr<Node> right, const PathOptions& path, uint32_t prefix)
{
    auto channel = CreateObject<FilterChannel>();
    channel->SetAttribute("Delay", TimeValue(path.delay));
    uint32_t host = HOST;
    for (const auto& node : {left, right})
    {
        auto device = CreateObject<PointToPointNetDevice>();
        device->SetAddress(Mac48Address::Allocate());
        device->SetMtu(path.mtu);
        device->SetDataRate(DataRate(path.rate));
        auto queue = CreateObject<DropTailQueue<Packet>>();
        queue->SetMaxSize(QueueSize(QueueSizeUnit::PACKETS, path.queue));
        device->SetQueue(queue);
        device->Attach(channel);
        node->AddDevice(device);
        for (const bool ipv6 : {false, true})
        {
            if (Has(ipv6))
            {
                AddAddress(device, prefix, host, ipv6);
            }
        }
        host = ROUTER;
    }
    return channel;
}

void
TestRig::AddAddress(Ptr<NetDevice> device, uint32_t prefix, uint32_t host, bool ipv6) const
{
    const IpAddress address = MakeIp(prefix, host, ipv6);
    if (ipv6)
    {
        auto ip = device->GetNode()->GetObject<Ipv6>();
        const uint32_t interface = ip->AddInterface(device);
        ip->AddAddress(interface,
                       Ipv6InterfaceAddress(std::get<Ipv6Address>(address), Ipv6Prefix(64)));
        ip->SetForwarding(interface, device->GetNode() == m_router);
        ip->SetUp(interface);
    }
    else
    {
        auto ip = device->GetNode()->GetObject<Ipv4>();
        const uint32_t interface = ip->AddInterface(device);
        ip->AddAddress(interface,
                       Ipv4InterfaceAddress(std::get<Ipv4Address>(address), Ipv4Mask("/24")));
        ip->SetUp(interface);
    }
}

IpAddress
TestRig::MakeIp(uint32_t prefix, uint32_t host, bool ipv6)
{
    if (ipv6)
    {
        const std::string text = "fd00:" + std::to_string(prefix + 1) + "::" + std::to_string(host);
        return Ipv6Address(text.c_str());
    }
    return Ipv4Address(10U << 24 | (prefix + 1) << 16 | host);
}

Address
TestRig::MakeAddress(uint32_t prefix, uint32_t host, uint16_t port) const
{
    return ToSocketAddress(MakeIp(prefix, host, m_options.ipv6), port);
}

void
TestRig::AddDefaultRoute(Ptr<Node> node, uint32_t prefix, uint32_t interface, uint32_t metric)
{
    if (Has(true))
    {
        auto routes = node == m_client
                          ? m_clientRoutes6
                          : Ipv6StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv6>());
        routes->SetDefaultRoute(std::get<Ipv6Address>(MakeIp(prefix, ROUTER, true)),
                                interface,
                                Ipv6Address("::"),
                                metric);
    }
    if (Has(false))
    {
        auto routes = node == m_client
                          ? m_clientRoutes4
                          : Ipv4StaticRoutingHelper().GetStaticRouting(node->GetObject<Ipv4>());
        routes->SetDefaultRoute(
            std::get<Ipv4Address>(MakeIp(prefix, ROUTER, false)), interface, metric);
    }
}

void
TestRig::SetInterface(uint32_t path, bool up)
{
    const uint32_t interface = path + 1;
    const Address address = MakeAddress(path, HOST, 0);
    if (m_options.ipv6)
    {
        auto ip = m_client->GetObject<Ipv6>();
        if (!up)
        {
            ip->SetDown(interface);
            return;
        }
        ip->SetUp(interface);
        // Ipv6::SetDown forgets addresses; whoever runs a phone gives it one again.
        const auto global = Inet6SocketAddress::ConvertFrom(address).GetIpv6();
        if (ip->GetInterfaceForAddress(global) < 0)
        {
            ip->AddAddress(interface, Ipv6InterfaceAddress(global, Ipv6Prefix(64)));
        }
    }
    else
    {
        auto ip = m_client->GetObject<Ipv4>();
        if (!up)
        {
            ip->SetDown(interface);
            return;
        }
        ip->SetUp(interface);
    }
    AddDefaultRoute(m_client, path, interface, path);
}

void
TestRig::RemoveAddress(uint32_t path)
{
    const Address address = MakeAddress(path, HOST, 0);
    if (m_options.ipv6)
    {
        m_client->GetObject<Ipv6>()->RemoveAddress(
            path + 1, Inet6SocketAddress::ConvertFrom(address).GetIpv6());
    }
    else
    {
        m_client->GetObject<Ipv4>()->RemoveAddress(
            path + 1, InetSocketAddress::ConvertFrom(address).GetIpv4());
    }
}

void
TestRig::RestoreAddress(uint32_t path)
{
    const IpAddress address = MakeIp(path, HOST, m_options.ipv6);
    if (m_options.ipv6)
    {
        m_client->GetObject<Ipv6>()->AddAddress(
            path + 1, Ipv6InterfaceAddress(std::get<Ipv6Address>(address), Ipv6Prefix(64)));
    }
    else
    {
        m_client->GetObject<Ipv4>()->AddAddress(
            path + 1, Ipv4InterfaceAddress(std::get<Ipv4Address>(address), Ipv4Mask("/24")));
    }
    AddDefaultRoute(m_client, path, path + 1, path);
}

void
TestRig::Run(Time until)
{
    Simulator::Stop(until - Simulator::Now());
    Simulator::Run();
}

std::string
TestRig::GetLeftovers() const
{
    std::string left;
    if (!Simulator::IsFinished())
    {
        left += "events that wait; ";
    }
    for (const auto& node : {m_client, m_server})
    {
        if (const auto protocol = node->GetObject<MptcpL4Protocol>())
        {
            ObjectVectorValue connections;
            protocol->GetAttribute("ConnectionList", connections);
            if (connections.GetN() > 0)
            {
                left += std::to_string(connections.GetN()) + " connections of the " +
                        (node == m_client ? "client; " : "server; ");
            }
        }
    }
    for (const auto& ends : {&opened, &accepted})
    {
        for (const auto& end : *ends)
        {
            const auto socket = end->GetSocket();
            const uint32_t others = socket->GetReferenceCount() - 2; // than it and us
            if (others > 0 && DynamicCast<MptcpSocket>(socket))
            {
                left += "a socket is held by " + std::to_string(others) + " others; ";
            }
        }
    }
    return left;
}

ScenarioTestCase::ScenarioTestCase(const std::string& name, Body body)
    : TestCase(name),
      m_body(std::move(body))
{
}

void
ScenarioTestCase::Expect(bool ok, const std::string& what)
{
    NS_TEST_EXPECT_MSG_EQ(ok, true, what);
}

TestEndpoint*
ScenarioTestCase::FindPeer(const TestRig& rig, const TestEndpoint& client)
{
    for (const auto& end : rig.accepted)
    {
        if (end->GetClientPort() == client.GetClientPort())
        {
            return end.get();
        }
    }
    return nullptr;
}

void
ScenarioTestCase::ExpectAllDelivered(const TestRig& rig, size_t connections)
{
    ExpectEqual(rig.opened.size(), connections, "connections opened");
    ExpectEqual(rig.accepted.size(), connections, "connections accepted");
    for (size_t i = 0; i < rig.opened.size(); i++)
    {
        ExpectEqual(rig.opened[i]->GetProblem(), "", "client of connection " + std::to_string(i));
    }
    for (size_t i = 0; i < rig.accepted.size(); i++)
    {
        ExpectEqual(rig.accepted[i]->GetProblem(), "", "server of connection " + std::to_string(i));
    }
}

void
ScenarioTestCase::ExpectDone(const TestRig& rig, size_t connections)
{
    ExpectAllDelivered(rig, connections);
    ExpectEqual(rig.GetLeftovers(), "", "what is left");
}

void
ScenarioTestCase::DoRun()
{
    m_body(*this);
}

ScenarioTestSuite::ScenarioTestSuite(const std::string& name)
    : TestSuite(name, TestSuite::Type::SYSTEM)
{
}

void
ScenarioTestSuite::Add(const std::string& name, ScenarioTestCase::Body body)
{
    AddTestCase(new ScenarioTestCase(name, std::move(body)));
}

void
ScenarioTestSuite::AddSlow(const std::string& name, ScenarioTestCase::Body body)
{
    AddTestCase(new ScenarioTestCase(name, std::move(body)), LongDuration<TestCase>(0));
}

} // namespace ns3
