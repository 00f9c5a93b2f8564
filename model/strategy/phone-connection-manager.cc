// SPDX-License-Identifier: GPL-2.0-only
#include "phone-connection-manager.h"

#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(PhoneConnectionManager);

namespace
{

/// How long BusySegments looks back.
const Time ONE_SECOND = Seconds(1);
/// SHUT_RDWR: ask the peer to send elsewhere, and end by FINs.
constexpr int BOTH_WAYS = 2;

} // namespace

TypeId
PhoneConnectionManager::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::PhoneConnectionManager")
            .SetParent<Object>()
            .SetGroupName("Mptcp")
            .AddAttribute("Interval",
                          "Time between looks at round-trip times and time-outs. Signal strength "
                          "and lost accesses are looked at when they are told.",
                          TimeValue(MilliSeconds(10)),
                          MakeTimeAccessor(&PhoneConnectionManager::m_interval),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("BusySegments",
                          "A phone that receives has no time-outs. Data segments that must have "
                          "arrived on a subflow in one second, so that silence after them counts "
                          "as time-outs: one after the subflow's RTO, another one after twice "
                          "as long, and so on.",
                          UintegerValue(100),
                          MakeUintegerAccessor(&PhoneConnectionManager::m_busySegments),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Retry",
                          "Least time between two attempts to open a subflow on an access.",
                          TimeValue(Seconds(1)),
                          MakeTimeAccessor(&PhoneConnectionManager::m_retry),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddTraceSource("Use",
                            "A connection's subflow on an access shall be something else.",
                            MakeTraceSourceAccessor(&PhoneConnectionManager::m_useTrace),
                            "ns3::PhoneConnectionManager::UseTracedCallback");
    return tid;
}

PhoneConnectionManager::PhoneConnectionManager() = default;

PhoneConnectionManager::~PhoneConnectionManager() = default;

void
PhoneConnectionManager::DoDispose()
{
    m_poll.Cancel();
    if (m_controller)
    {
        m_controller->RemoveEventCallback(m_eventCallback);
        m_protocol->RemoveAddressCallback(m_addressCallback);
    }
    m_controller = nullptr;
    m_protocol = nullptr;
    m_connections.clear();
    Object::DoDispose();
}

uint32_t
PhoneConnectionManager::GetStaleTimeouts() const
{
    return 1;
}

void
PhoneConnectionManager::OnAccess(Access, bool, std::optional<double>)
{
}

void
PhoneConnectionManager::Start(Ptr<Node> phone, const IpAddress& wifi, const IpAddress& cellular)
{
    SetAddress(WIFI, wifi);
    SetAddress(CELLULAR, cellular);
    m_controller = MptcpController::Install(phone);
    m_protocol = phone->GetObject<MptcpL4Protocol>();
    m_eventCallback = m_controller->AddEventCallback(
        [this](const MptcpControlEvent& event)
        {
            if (event.kind == MptcpControlEvent::CONNECTION_CLOSED)
            {
                m_connections.erase(event.token);
                return;
            }
            Reconsider();
            if (m_poll.IsExpired())
            {
                m_poll = Simulator::Schedule(m_interval, &PhoneConnectionManager::Poll, this);
            }
        });
    m_addressCallback = m_protocol->AddAddressCallback(
        [this](const LocalAddress& address, bool up)
        {
            const auto access = Find(address.address);
            if (access && m_addresses[*access] == address.address)
            {
                // Not while addresses are being changed.
                Simulator::ScheduleNow(&PhoneConnectionManager::NotifyUsable,
                                       Ptr<PhoneConnectionManager>(this),
                                       *access,
                                       up);
            }
        });
    m_poll = Simulator::Schedule(m_interval, &PhoneConnectionManager::Poll, this);
}

void
PhoneConnectionManager::SetAddress(Access access, const IpAddress& address)
{
    m_addresses[access] = address;
    m_accesses[address] = access;
}

void
PhoneConnectionManager::NotifyUsable(Access access, bool usable)
{
    if (m_usable[access] != usable)
    {
        m_usable[access] = usable;
        OnAccess(access, usable, m_signal[access]);
        Reconsider();
    }
}

void
PhoneConnectionManager::NotifySignal(Access access, double dbm)
{
    m_signal[access] = dbm;
    OnAccess(access, m_usable[access], dbm);
    Reconsider();
}

void
PhoneConnectionManager::Poll()
{
    Reconsider();
    // Without connections there is nothing to look at, and the simulation may end.
    if (!m_controller->GetConnections().empty())
    {
        m_poll = Simulator::Schedule(m_interval, &PhoneConnectionManager::Poll, this);
    }
}

std::optional<PhoneConnectionManager::Access>
PhoneConnectionManager::Find(const IpAddress& address) const
{
    const auto access = m_accesses.find(address);
    return access == m_accesses.end() ? std::nullopt : std::optional(access->second);
}

void
PhoneConnectionManager::Observe(const Status& status, Known& known) const
{
    const Time now = Simulator::Now();
    const uint32_t count = status.subflow->GetDetails().dataSegmentsReceived;
    if (!known.arrivals.empty() && known.arrivals.back().second == count)
    {
        return;
    }
    known.arrivals.emplace_back(now, count);
    while (known.arrivals.front().first < now - ONE_SECOND)
    {
        known.arrivals.pop_front();
    }
    known.lastArrival = now;
    known.busy = count - known.arrivals.front().second >= m_busySegments;
}

void
PhoneConnectionManager::Look(const Status& status, const Known& known, AccessView& view) const
{
    view.exists = true;
    if (known.closing)
    {
        return;
    }
    const MptcpSubflow& subflow = *status.subflow;
    view.established = status.established;
    view.srtt = subflow.GetSmoothedRtt();
    view.rto = subflow.GetRto();
    view.timeouts = subflow.GetTimeouts();
    view.dataWaits = subflow.GetHeldBytes() > 0;
    if (known.busy)
    {
        uint32_t silent = 0;
        Time wait = view.rto;
        for (Time left = Simulator::Now() - known.lastArrival - wait; !left.IsStrictlyNegative();
             left -= wait)
        {
            silent++;
            wait += wait;
        }
        view.timeouts = std::max(view.timeouts, silent);
        view.dataWaits = view.dataWaits || silent > 0;
    }
}

std::optional<IpAddress>
PhoneConnectionManager::GetServerAddress(uint32_t token, const IpAddress& remote, bool ipv6) const
{
    if (IsIpv6(remote) == ipv6)
    {
        return remote;
    }
    for (uint32_t i = 0; i < m_protocol->GetNConnections(); i++)
    {
        const auto connection = DynamicCast<MptcpConnection>(m_protocol->GetConnection(i));
        if (!connection || connection->GetLocalToken() != token)
        {
            continue;
        }
        for (const auto& known : connection->GetRemoteAddresses())
        {
            if (IsIpv6(known.address) == ipv6)
            {
                return known.address;
            }
        }
    }
    return std::nullopt;
}

void
PhoneConnectionManager::Open(const MptcpController::ConnectionInfo& info,
                             Connection& connection,
                             Access access,
                             bool backup)
{
    Time& opened = connection.opened[access];
    const auto server =
        GetServerAddress(info.token, info.tuple.remoteAddress, IsIpv6(m_addresses[access]));
    if (!m_usable[access] || !server || (!opened.IsZero() && Simulator::Now() < opened + m_retry))
    {
        return;
    }
    MptcpOpenRequest request;
    request.tuple.localAddress = m_addresses[access];
    request.tuple.remoteAddress = *server;
    request.backup = backup;
    uint8_t id = 0;
    opened = Simulator::Now();
    if (m_controller->OpenSubflow(info.token, request, id) == 0)
    {
        connection.subflows[id].backup = backup;
    }
}

void
PhoneConnectionManager::Reconsider()
{
    if (!m_controller)
    {
        return;
    }
    for (const auto& info : m_controller->GetConnections())
    {
        if (info.client)
        {
            Reconsider(info);
        }
    }
}

void
PhoneConnectionManager::Reconsider(const MptcpController::ConnectionInfo& info)
{
    std::vector<Status> subflows;
    if (m_controller->GetSubflows(info.token, subflows) != 0)
    {
        return;
    }
    Connection& connection = m_connections[info.token];
    std::map<uint8_t, Known> present;
    View view;
    for (const Access access : {WIFI, CELLULAR})
    {
        view[access].usable = m_usable[access];
        view[access].signal = m_signal[access];
        view[access].use = connection.wish[access];
    }
    for (const Status& status : subflows)
    {
        Known& known = present[status.id];
        const auto old = connection.subflows.find(status.id);
        if (old != connection.subflows.end())
        {
            known = std::move(old->second);
        }
        Observe(status, known);
        const IpAddress& local = status.subflow->GetTuple().localAddress;
        const auto access = Find(local);
        // What is closing at an address that the phone has no more is in nobody's way.
        if (access && !(known.closing && local != m_addresses[*access]))
        {
            Look(status, known, view[*access]);
        }
    }
    connection.subflows = std::move(present);

    const Wish wish = Decide(view);
    for (const Access access : {WIFI, CELLULAR})
    {
        if (connection.wish[access] != wish[access])
        {
            connection.wish[access] = wish[access];
            m_useTrace(info.token, access, wish[access]);
        }
    }
    // What carries data comes first, so that there is always something that can.
    for (const Access access : {WIFI, CELLULAR})
    {
        const Use use = wish[access];
        bool any = false;
        for (const Status& status : subflows)
        {
            Known& known = connection.subflows[status.id];
            if (known.closing || Find(status.subflow->GetTuple().localAddress) != access)
            {
                continue;
            }
            any = true;
            const bool backup = use == Use::BACKUP;
            // MP_PRIO needs a subflow that is established.
            if (use != Use::CLOSED && known.backup != backup && status.established)
            {
                known.backup = backup;
                m_controller->SetSubflowPriority(info.token, status.id, backup);
            }
        }
        if (use != Use::CLOSED && !any && !view[access].exists)
        {
            Open(info, connection, access, use == Use::BACKUP);
        }
    }
    for (const Access access : {WIFI, CELLULAR})
    {
        if (wish[access] != Use::CLOSED)
        {
            continue;
        }
        for (const Status& status : subflows)
        {
            Known& known = connection.subflows[status.id];
            if (known.closing || Find(status.subflow->GetTuple().localAddress) != access)
            {
                continue;
            }
            known.closing = true;
            if (m_usable[access])
            {
                m_controller->CloseSubflow(info.token, status.id, BOTH_WAYS);
            }
            else
            {
                // FINs would be lost: REMOVE_ADDR on another path lets the peer go on at once.
                m_controller->Withdraw(info.token, status.subflow->GetTuple().localAddress);
            }
        }
    }
}

} // namespace ns3
