// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-l4-protocol.h"

#include "ns3/boolean.h"
#include "ns3/integer.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv6-route.h"
#include "ns3/object-vector.h"
#include "ns3/uinteger.h"

#include <limits>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpL4Protocol);

namespace
{

constexpr uint16_t FIRST_EPHEMERAL = 32768;    //!< own range: stock TCP begins at 49152
constexpr uint16_t LAST_EPHEMERAL = 49151;     //!< own range
constexpr int64_t FIRST_STREAM = 0x4d50544350; //!< far from what AssignStreams() hands out
constexpr int64_t STREAMS = 2;                 //!< random streams of a node

/// @param random a stream @return 32 bits
uint32_t
Draw32(const Ptr<UniformRandomVariable>& random)
{
    return random->GetInteger(0, std::numeric_limits<uint32_t>::max());
}

} // namespace

TypeId
MptcpL4Protocol::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpL4Protocol")
            .SetParent<IpL4Protocol>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpL4Protocol>()
            .AddAttribute("ConnectionList",
                          "The connections of this node that have not ended, Multipath TCP ones "
                          "and plain TCP ones of this module, in no particular order.",
                          ObjectVectorValue(),
                          MakeObjectVectorAccessor(&MptcpL4Protocol::m_connections),
                          MakeObjectVectorChecker<Object>())
            .AddAttribute("PathMtuDiscovery",
                          "IPv4 segments carry DF, and 'fragmentation needed' of ICMP makes those "
                          "to that address smaller (RFC 1191), as in Linux. Routers of ns-3 "
                          "fragment whatever DF says. If false, segments go without DF and such "
                          "ICMP errors are ignored. IPv6 (RFC 8201) has no choice.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&MptcpL4Protocol::m_pathMtuDiscovery),
                          MakeBooleanChecker())
            .AddAttribute("MalformedDrops",
                          "Number of TCP segments that were dropped on arrival because their "
                          "header or the length of an option in it is malformed, whoever they "
                          "were for.",
                          TypeId::ATTR_GET,
                          UintegerValue(0),
                          MakeUintegerAccessor(&MptcpL4Protocol::GetMalformedDrops),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("ChecksumDrops",
                          "Number of segments for this module's TCP that were dropped on arrival "
                          "because of a wrong checksum. Checksums are in use if the global value "
                          "ChecksumEnabled is true.",
                          TypeId::ATTR_GET,
                          UintegerValue(0),
                          MakeUintegerAccessor(&MptcpL4Protocol::GetChecksumDrops),
                          MakeUintegerChecker<uint64_t>())
            .AddAttribute("NoRouteDrops",
                          "Number of segments that could not be sent: there was no route, or "
                          "their source address was gone or its interface down.",
                          TypeId::ATTR_GET,
                          UintegerValue(0),
                          MakeUintegerAccessor(&MptcpL4Protocol::GetNoRouteDrops),
                          MakeUintegerChecker<uint64_t>())
            .AddTraceSource("NewConnection",
                            "A connection has come into being, by connect or by accept; it is in "
                            "ConnectionList already and has sent nothing yet.",
                            MakeTraceSourceAccessor(&MptcpL4Protocol::m_newConnection),
                            "ns3::Object::TracedCallback")
            .AddTraceSource("MalformedSegment",
                            "A TCP segment was dropped on arrival because it is malformed.",
                            MakeTraceSourceAccessor(&MptcpL4Protocol::m_malformed),
                            "ns3::MptcpL4Protocol::MalformedTracedCallback");
    return tid;
}

MptcpL4Protocol::MptcpL4Protocol()
    : m_lastEphemeral(LAST_EPHEMERAL)
{
}

MptcpL4Protocol::~MptcpL4Protocol() = default;

Ptr<MptcpL4Protocol>
MptcpL4Protocol::Install(Ptr<Node> node)
{
    if (auto present = node->GetObject<MptcpL4Protocol>())
    {
        return present;
    }
    const auto stock = node->GetObject<TcpL4Protocol>();
    const auto ipv4 = node->GetObject<Ipv4>();
    const auto ipv6 = node->GetObject<Ipv6>();
    if (!stock || (!ipv4 && !ipv6))
    {
        return nullptr;
    }
    auto protocol = CreateObject<MptcpL4Protocol>();
    protocol->m_node = node;
    protocol->m_ports.SetStock(stock);
    // With a stream of their own from the start: an automatic one would move everybody else's.
    const int64_t stream = FIRST_STREAM + STREAMS * node->GetId();
    protocol->m_keys =
        CreateObjectWithAttributes<UniformRandomVariable>("Stream", IntegerValue(stream));
    protocol->m_sequences =
        CreateObjectWithAttributes<UniformRandomVariable>("Stream", IntegerValue(stream + 1));
    MptcpL4Protocol* self = PeekPointer(protocol);
    if (ipv4)
    {
        protocol->m_ipv4 = ipv4;
        protocol->m_stock4 = ipv4->GetProtocol(PROT_NUMBER);
        protocol->m_routing4 = Ipv4SourceRouting::Install(ipv4);
        protocol->m_routing4->SetAddressCallback(
            [self](Ipv4Address address, uint32_t interface, bool up) {
                self->NotifyAddress({address, interface}, up);
            });
        ipv4->Insert(protocol);
        // An Ipv4 of another make may not have it: its packets have no DF then.
        ipv4->TraceConnectWithoutContext("SendOutgoing",
                                         MakeCallback(&MptcpL4Protocol::ForbidFragments, self));
    }
    if (ipv6)
    {
        protocol->m_ipv6 = ipv6;
        protocol->m_stock6 = ipv6->GetProtocol(PROT_NUMBER);
        protocol->m_routing6 = Ipv6SourceRouting::Install(ipv6);
        protocol->m_routing6->SetAddressCallback(
            [self](Ipv6Address address, uint32_t interface, bool up) {
                self->NotifyAddress({address, interface}, up);
            });
        ipv6->Insert(protocol);
    }
    protocol->m_usable = protocol->GetLocalAddresses();
    node->AggregateObject(protocol);
    return protocol;
}

void
MptcpL4Protocol::DoDispose()
{
    // Connections refer to this, and this to them.
    const auto connections = std::move(m_connections);
    m_connections.clear();
    m_connectionIndex.clear();
    for (const auto& connection : connections)
    {
        connection->Dispose();
    }
    if (m_ipv4)
    {
        m_ipv4->TraceDisconnectWithoutContext(
            "SendOutgoing", MakeCallback(&MptcpL4Protocol::ForbidFragments, this));
    }
    if (m_routing4)
    {
        m_routing4->SetAddressCallback(nullptr);
        m_routing4 = nullptr;
    }
    if (m_routing6)
    {
        m_routing6->SetAddressCallback(nullptr);
        m_routing6 = nullptr;
    }
    m_endpoints.clear();
    m_pathMtus.clear();
    m_timeWait.Clear();
    m_ports.Clear();
    m_tokens.Clear();
    m_callbacks.clear();
    m_usable.clear();
    m_downTarget.Nullify();
    m_downTarget6.Nullify();
    m_routingHeaders = nullptr;
    m_stock4 = nullptr;
    m_stock6 = nullptr;
    m_ipv4 = nullptr;
    m_ipv6 = nullptr;
    m_node = nullptr;
    IpL4Protocol::DoDispose();
}

Ptr<Node>
MptcpL4Protocol::GetNode() const
{
    return m_node;
}

int64_t
MptcpL4Protocol::AssignStreams(int64_t stream)
{
    m_keys->SetStream(stream);
    m_sequences->SetStream(stream + 1);
    return STREAMS;
}

// Endpoints

Ptr<MptcpSubflow>
MptcpL4Protocol::CreateSubflow(const TcpTuple& tuple,
                               MptcpSubflowUser& user,
                               std::shared_ptr<const TcpSettings> settings,
                               Ptr<TcpCongestionOps> congestion)
{
    const auto [at, isNew] = m_endpoints.try_emplace(tuple);
    if (!isNew)
    {
        return nullptr;
    }
    if (m_timeWait.Find(tuple))
    {
        m_endpoints.erase(at);
        return nullptr;
    }
    auto subflow = CreateObject<TcpSubflow>();
    at->second = subflow;
    subflow->Initialize(this, &user, tuple, std::move(settings), congestion);
    if (m_routingHeaders)
    {
        AcceptRoutingHeader(*subflow);
    }
    return subflow;
}

void
MptcpL4Protocol::Remove(TcpSubflow& subflow)
{
    const auto found = m_endpoints.find(subflow.GetTuple());
    if (found != m_endpoints.end() && PeekPointer(found->second) == &subflow)
    {
        m_endpoints.erase(found);
        if (m_routingHeaders)
        {
            m_routingHeaders->Remove(subflow.GetTuple());
        }
    }
}

void
MptcpL4Protocol::EnterTimeWait(TcpSubflow& subflow, const TimeWait& entry)
{
    Remove(subflow);
    m_timeWait.Add(entry);
}

uint16_t
MptcpL4Protocol::AllocateEphemeralPort(const IpAddress& local,
                                       const IpAddress& remote,
                                       uint16_t remotePort)
{
    TcpTuple tuple{local, remote, m_lastEphemeral, remotePort};
    for (uint32_t tries = FIRST_EPHEMERAL; tries <= LAST_EPHEMERAL; ++tries)
    {
        tuple.localPort = tuple.localPort == LAST_EPHEMERAL ? FIRST_EPHEMERAL : tuple.localPort + 1;
        if (m_ports.IsBound(IsIpv6(local), tuple.localPort) ||
            m_endpoints.find(tuple) != m_endpoints.end() || m_timeWait.Find(tuple) ||
            !m_ports.IsFreeInStock(local, tuple.localPort))
        {
            continue;
        }
        m_lastEphemeral = tuple.localPort;
        return tuple.localPort;
    }
    return 0;
}

bool
MptcpL4Protocol::IsPortFree(const IpAddress& local, uint16_t port) const
{
    return m_ports.IsFree(local, port);
}

uint16_t
MptcpL4Protocol::Bind(const std::optional<IpAddress>& local, bool ipv6, uint16_t port)
{
    const auto addresses = GetAllAddresses(ipv6);
    if (port != 0)
    {
        return m_ports.Bind(local, ipv6, port, addresses) ? port : 0;
    }
    for (uint32_t tries = FIRST_EPHEMERAL; tries <= LAST_EPHEMERAL; ++tries)
    {
        m_lastEphemeral = m_lastEphemeral == LAST_EPHEMERAL ? FIRST_EPHEMERAL : m_lastEphemeral + 1;
        if (!m_ports.IsBound(ipv6, m_lastEphemeral) &&
            m_ports.Bind(local, ipv6, m_lastEphemeral, addresses))
        {
            return m_lastEphemeral;
        }
    }
    return 0;
}

void
MptcpL4Protocol::Unbind(const std::optional<IpAddress>& local, bool ipv6, uint16_t port)
{
    m_ports.Unbind(local, ipv6, port);
}

void
MptcpL4Protocol::SetListener(const std::optional<IpAddress>& local,
                             bool ipv6,
                             uint16_t port,
                             TcpListener* listener)
{
    m_ports.SetListener(local, ipv6, port, listener);
}

// Tokens, keys, connections

bool
MptcpL4Protocol::HasListener(const IpAddress& local, uint16_t port) const
{
    return m_ports.FindListener(local, port) != nullptr;
}

uint64_t
MptcpL4Protocol::CreateKey(MptcpJoinTarget* target, uint8_t version)
{
    return m_tokens.CreateKey(
        target, [this] { return Draw32(m_keys); }, version);
}

void
MptcpL4Protocol::ReleaseKey(uint64_t key, uint8_t version)
{
    m_tokens.Release(key, version);
}

uint32_t
MptcpL4Protocol::GetRandom32()
{
    return Draw32(m_keys);
}

uint32_t
MptcpL4Protocol::GetInitialSequenceNumber()
{
    return Draw32(m_sequences);
}

void
MptcpL4Protocol::AddConnection(Ptr<Object> connection)
{
    if (m_connectionIndex.emplace(PeekPointer(connection), m_connections.size()).second)
    {
        m_connections.push_back(connection);
        m_newConnection(connection);
    }
}

void
MptcpL4Protocol::RemoveConnection(Ptr<Object> connection)
{
    const auto found = m_connectionIndex.find(PeekPointer(connection));
    if (found == m_connectionIndex.end())
    {
        return;
    }
    const size_t index = found->second;
    m_connectionIndex.erase(found);
    if (index + 1 != m_connections.size())
    {
        m_connections[index] = m_connections.back();
        m_connectionIndex[PeekPointer(m_connections[index])] = index;
    }
    m_connections.pop_back();
}

// What there is

size_t
MptcpL4Protocol::GetNEndpoints() const
{
    return m_endpoints.size();
}

size_t
MptcpL4Protocol::GetNTimeWait()
{
    return m_timeWait.GetSize();
}

size_t
MptcpL4Protocol::GetNTokens() const
{
    return m_tokens.GetSize();
}

size_t
MptcpL4Protocol::GetNBoundPorts() const
{
    return m_ports.GetSize();
}

uint32_t
MptcpL4Protocol::GetNConnections() const
{
    return m_connections.size();
}

Ptr<Object>
MptcpL4Protocol::GetConnection(uint32_t i) const
{
    return m_connections.at(i);
}

uint64_t
MptcpL4Protocol::GetMalformedDrops() const
{
    return m_malformedDrops;
}

uint64_t
MptcpL4Protocol::GetChecksumDrops() const
{
    return m_checksumDrops;
}

uint64_t
MptcpL4Protocol::GetNoRouteDrops() const
{
    return m_noRouteDrops;
}

} // namespace ns3
