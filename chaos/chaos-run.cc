// SPDX-License-Identifier: GPL-2.0-only
#include "chaos-run.h"

#include "chaos-obstacles.h"

#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/mptcp-endpoints.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/string.h"

#include <algorithm>
#include <sstream>

namespace ns3
{

namespace
{

constexpr uint16_t FIRST_PORT = 80;    // of the server; the next connection has the next one
constexpr int LIMIT_S = 12'000;        // simulated time after which nothing may go on
constexpr int64_t FIRST_STREAM = 5000; // random stream of event 0

} // namespace

ChaosRun::ChaosRun(const ChaosPlan& plan, ChaosCensus& census, const std::string& capture)
    : m_plan(plan),
      m_census(census),
      m_rig(plan.net),
      m_addresses(m_rig),
      m_silences(plan.net.paths.size()),
      m_boxes(plan.net.paths.size()),
      m_connections(plan.ends.size() / 2)
{
    if (plan.endpoints)
    {
        auto endpoints = CreateObject<MptcpEndpoints>();
        for (uint32_t path = 0; path < plan.net.paths.size(); path++)
        {
            MptcpEndpoint endpoint;
            endpoint.address = TestRig::GetClientIp(path, plan.net.ipv6);
            endpoint.subflow = true;
            endpoint.backup = path == 1;
            endpoint.fullmesh = path == 2;
            endpoints->Add(endpoint);
        }
        m_rig.GetClient()->AggregateObject(endpoints);
    }
    m_census.Watch(m_rig.GetClient());
    m_census.Watch(m_rig.GetServer());
    for (size_t i = 0; i < plan.events.size(); i++)
    {
        Arrange(plan.events[i], plan.numbers[i]);
    }
    for (uint32_t number = 0; number < m_connections.size(); number++)
    {
        Open(number);
    }
    Simulator::Schedule(Seconds(ChaosEnd::PATIENCE_S), &ChaosRun::CloseListeners, this);
    if (!capture.empty())
    {
        for (const auto& node : {m_rig.GetClient(), m_rig.GetServer()})
        {
            PointToPointHelper().EnablePcap(capture, NodeContainer(node));
        }
    }
}

void
ChaosRun::Arrange(const ChaosEvent& event, uint32_t number)
{
    const uint32_t path = event.place;
    const auto schedule = [&](auto begin, auto end)
    {
        Simulator::Schedule(event.at, begin);
        Simulator::Schedule(event.at + event.span, end);
    };
    switch (event.action)
    {
    case ChaosAction::LOSS:
    case ChaosAction::BURSTS:
    case ChaosAction::REORDER:
    case ChaosAction::DUPLICATE:
    case ChaosAction::FLIP_HEADER:
    case ChaosAction::FLIP_PAYLOAD:
        m_rig.Path(path)->AddRule(event.direction, MakeObstacle(event, FIRST_STREAM + number));
        break;
    case ChaosAction::QUEUE_DISC:
        InstallQueueDisc(m_rig.Path(path), event.value);
        break;
    case ChaosAction::MIDDLEBOX:
        InstallMiddlebox(
            m_rig.Path(path), m_boxes[path], event, FIRST_STREAM + 1'000 + 10 * number);
        break;
    case ChaosAction::SILENCE:
        schedule([this, path] { m_rig.Path(path)->SetSilent(++m_silences[path] > 0); },
                 [this, path] { m_rig.Path(path)->SetSilent(--m_silences[path] > 0); });
        break;
    case ChaosAction::DOWN:
        schedule([this, path] { m_addresses.TakeDown(path); },
                 [this, path] { m_addresses.BringUp(path); });
        break;
    case ChaosAction::READDRESS:
        schedule([this, path] { m_addresses.TakeAddress(path); },
                 [this, path] { m_addresses.GiveAddress(path); });
        break;
    case ChaosAction::ATTRIBUTE:
        break; // CreateSocket()
    case ChaosAction::STOP_WRITER:
    case ChaosAction::STOP_READER:
    case ChaosAction::SHUTDOWN:
    case ChaosAction::CLOSE:
    case ChaosAction::RESET:
    case ChaosAction::CLOSE_SUBFLOW:
    case ChaosAction::SET_PRIORITY:
        Simulator::Schedule(event.at, &ChaosRun::OnMood, this, event);
        break;
    }
}

Ptr<Socket>
ChaosRun::CreateSocket(uint32_t end) const
{
    const bool stock = m_plan.ends[end].stock;
    auto socket = Socket::CreateSocket(
        end % 2 == 0 ? m_rig.GetClient() : m_rig.GetServer(),
        TypeId::LookupByName(stock ? "ns3::TcpSocketFactory" : "ns3::MptcpSocketFactory"));
    if (stock)
    {
        // It does not follow the path's MTU.
        socket->SetAttribute("SegmentSize", StringValue("1400"));
    }
    for (const auto& event : m_plan.events)
    {
        if (event.action == ChaosAction::ATTRIBUTE && event.place == end)
        {
            socket->SetAttribute(event.name, StringValue(event.value));
        }
    }
    return socket;
}

void
ChaosRun::Open(uint32_t number)
{
    const uint16_t port = FIRST_PORT + number;
    Connection& connection = m_connections[number];
    connection.listener = CreateSocket(2 * number + 1);
    if (m_plan.net.ipv6)
    {
        connection.listener->Bind(Inet6SocketAddress(Ipv6Address::GetAny(), port));
    }
    else
    {
        connection.listener->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    }
    connection.listener->Listen();
    const std::function<void(Ptr<Socket>, const Address&)> accept =
        [this, number](Ptr<Socket> socket, const Address&) { OnAccept(number, socket); };
    connection.listener->SetAcceptCallback(MakeNullCallback<bool, Ptr<Socket>, const Address&>(),
                                           Callback<void, Ptr<Socket>, const Address&>(accept));

    const auto socket = CreateSocket(2 * number);
    connection.ends[0] = std::make_unique<ChaosEnd>(socket, m_plan.ends[2 * number], 2 * number);
    ChaosEnd* end = connection.ends[0].get();
    Simulator::ScheduleWithContext(m_rig.GetClient()->GetId(),
                                   MilliSeconds(10),
                                   [this, end, port]
                                   { end->Connect(m_rig.GetServerAddress(0, port)); });
}

void
ChaosRun::OnAccept(uint32_t number, Ptr<Socket> socket)
{
    const uint32_t end = 2 * number + 1;
    if (m_connections[number].ends[1])
    {
        m_leftovers.push_back("connection " + std::to_string(number) + " was accepted twice");
        socket->Close();
        return;
    }
    m_connections[number].ends[1] = std::make_unique<ChaosEnd>(socket, m_plan.ends[end], end);
    m_connections[number].ends[1]->Begin();
}

void
ChaosRun::OnMood(const ChaosEvent& event)
{
    if (const auto& end = m_connections[event.place / 2].ends[event.place % 2])
    {
        end->Do(event);
    }
}

void
ChaosRun::CloseListeners()
{
    for (auto& connection : m_connections)
    {
        connection.listener->Close();
    }
}

void
ChaosRun::Run()
{
    m_rig.Run(Seconds(LIMIT_S));
    if (!Simulator::IsFinished())
    {
        m_leftovers.push_back("after " + std::to_string(LIMIT_S) + " s something still goes on");
    }
    for (const auto& node : {m_rig.GetClient(), m_rig.GetServer()})
    {
        const std::string kept = ChaosCensus::GetKept(node);
        if (!kept.empty())
        {
            m_leftovers.push_back((node == m_rig.GetClient() ? "client: " : "server: ") + kept);
        }
    }
}

bool
ChaosRun::IsMultipath(uint32_t number) const
{
    const auto& ends = m_connections[number].ends;
    return ends[1] && ends[0]->GetFate().multipath && ends[1]->GetFate().multipath;
}

bool
ChaosRun::Has(ChaosAction action, const std::string& value) const
{
    return std::any_of(m_plan.events.begin(),
                       m_plan.events.end(),
                       [&](const ChaosEvent& event) {
                           return event.action == action && (value.empty() || event.value == value);
                       });
}

std::string
ChaosRun::GetPathManager(uint32_t number) const
{
    for (const auto& event : m_plan.events)
    {
        if (event.place == 2 * number && event.name == "PathManager")
        {
            return event.value;
        }
    }
    return "";
}

bool
ChaosRun::MayLoseAddresses(uint32_t number) const
{
    const std::string manager = GetPathManager(number);
    const bool down = Has(ChaosAction::DOWN);
    const bool readdressed = Has(ChaosAction::READDRESS);
    // Before RFC 8684's section 3.1 is satisfied nobody may join.
    const auto& client = m_connections[number].ends[0]->GetFate();
    if (!IsMultipath(number) || (client.failed && !client.confirmed) ||
        manager == "ns3::MptcpNoPathManager")
    {
        return down || readdressed;
    }
    // Endpoints are addresses: another one is none.
    return readdressed && manager == "ns3::MptcpEndpointPathManager";
}

bool
ChaosRun::MayStall(uint32_t number) const
{
    return Has(ChaosAction::MIDDLEBOX, "ns3::AcknowledgingBox") && !IsMultipath(number) &&
           (Has(ChaosAction::FLIP_HEADER) || Has(ChaosAction::FLIP_PAYLOAD) ||
            Has(ChaosAction::DOWN) || Has(ChaosAction::READDRESS));
}

bool
ChaosRun::EndsSubflows(uint32_t number) const
{
    return std::any_of(m_plan.events.begin(),
                       m_plan.events.end(),
                       [&](const ChaosEvent& event)
                       {
                           return event.action == ChaosAction::CLOSE_SUBFLOW &&
                                  event.value != "MP_PRIO" && event.place / 2 == number;
                       });
}

bool
ChaosRun::HasChecksums(uint32_t number) const
{
    return std::any_of(m_plan.events.begin(),
                       m_plan.events.end(),
                       [&](const ChaosEvent& event)
                       {
                           return event.action == ChaosAction::ATTRIBUTE &&
                                  event.place / 2 == number &&
                                  (event.name == "Checksum" || event.name == "Version");
                       });
}

bool
ChaosRun::MayBeStuck(uint32_t number) const
{
    std::set<uint32_t> changing;
    for (const auto& event : m_plan.events)
    {
        if (event.value == "ns3::PayloadRewritingBox")
        {
            changing.insert(event.place);
        }
    }
    // Another path manager than the full mesh may stay on the paths that change, and outages may
    // leave no others.
    return !changing.empty() &&
           (changing.size() == m_plan.net.paths.size() || !GetPathManager(number).empty() ||
            Has(ChaosAction::SILENCE) || Has(ChaosAction::DOWN) || Has(ChaosAction::READDRESS));
}

bool
ChaosRun::MayBeChanged(uint32_t number) const
{
    return Has(ChaosAction::MIDDLEBOX, "ns3::PayloadRewritingBox") &&
           (!HasChecksums(number) || !IsMultipath(number));
}

std::vector<std::string>
ChaosRun::Judge(uint32_t number) const
{
    std::vector<std::string> problems;
    const auto& ends = m_connections[number].ends;
    const auto complain = [&](uint32_t end, const std::string& what)
    { problems.push_back(ChaosPlan::NameEnd(2 * number + end) + " " + what); };
    const ChaosEnd::Fate nobody;
    const ChaosEnd::Fate* fates[2]{&ends[0]->GetFate(), ends[1] ? &ends[1]->GetFate() : &nobody};
    const bool aborted = fates[0]->aborted || fates[1]->aborted;
    // Who leaves early may leave the other with an error. Data that all paths change cannot be
    // repaired (RFC 8684 section 3.7), nor what a proxy has acknowledged and is lost behind it.
    // What an application ends is not opened again. ns3's own TCP fails where nobody else would.
    const bool mayFail = aborted || EndsSubflows(number) || fates[0]->early || fates[1]->early ||
                         MayLoseAddresses(number) || MayStall(number) ||
                         (HasChecksums(number) && MayBeStuck(number)) ||
                         (m_plan.ends[2 * number].stock && fates[0]->failed) ||
                         (m_plan.ends[2 * number + 1].stock && fates[1]->failed);
    for (uint32_t end : {0, 1})
    {
        const auto& fate = *fates[end];
        const auto& other = *fates[1 - end];
        if (!fate.wrong.empty() && !MayBeChanged(number))
        {
            complain(end, fate.wrong);
        }
        if (fate.received > other.sent)
        {
            complain(end,
                     "read " + std::to_string(fate.received) + " bytes, but only " +
                         std::to_string(other.sent) + " were sent");
        }
        // One that is gone may have no way left to say so.
        // ns-3's own TCP never repeats the last packet of its handshake.
        const bool alone = (mayFail && (other.failed || other.aborted)) ||
                           (m_plan.ends[2 * number].stock && !ends[1]);
        if (fate.gaveUp && !alone && !MayStall(number))
        {
            complain(end,
                     "waited in vain after " + std::to_string(fate.sent) + " bytes sent and " +
                         std::to_string(fate.received) + " read");
        }
        if (fate.failed && !mayFail)
        {
            complain(end, "ended with error " + std::to_string(fate.error));
        }
        const bool all = !aborted && !fate.early && !other.failed && !fate.gaveUp &&
                         (!fate.failed || other.early);
        if (all && fate.received < other.sent)
        {
            complain(end,
                     "read " + std::to_string(fate.received) + " of " + std::to_string(other.sent) +
                         " bytes");
        }
    }
    return problems;
}

std::vector<std::string>
ChaosRun::GetProblems() const
{
    std::vector<std::string> problems = m_leftovers;
    for (uint32_t number = 0; number < m_connections.size(); number++)
    {
        const auto more = Judge(number);
        problems.insert(problems.end(), more.begin(), more.end());
    }
    return problems;
}

std::string
ChaosRun::Summarize() const
{
    uint64_t bytes = 0;
    for (const auto& connection : m_connections)
    {
        for (const auto& end : connection.ends)
        {
            bytes += end ? end->GetFate().received : 0;
        }
    }
    std::ostringstream text;
    text << "seed " << m_plan.seed << ": " << m_plan.events.size() << " events, " << bytes
         << " bytes, " << m_census.CountSubflows() << " subflows";
    return text.str();
}

} // namespace ns3
