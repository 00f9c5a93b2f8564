// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-controller.h"

#include "mptcp-sockaddr.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/trace-source-accessor.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(MptcpController);

/// Listens to one connection.
class MptcpController::Watch
{
  public:
    /// @param controller whom to tell @param connection it
    Watch(MptcpController& controller, Ptr<MptcpConnection> connection)
        : m_controller(controller),
          m_connection(connection),
          m_token(connection->GetLocalToken())
    {
        // One that was there before the controller is known and not told of.
        const auto subflows = connection->GetSubflowStatus();
        m_created = connection->IsMultipath() &&
                    std::any_of(subflows.begin(),
                                subflows.end(),
                                [](const auto& subflow) { return subflow.established; });
        Listen(true);
    }

    ~Watch()
    {
        Listen(false);
    }

    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    /// @return the connection
    Ptr<MptcpConnection> GetConnection() const
    {
        return m_connection;
    }

    /// @return the token at this end
    uint32_t GetToken() const
    {
        return m_token;
    }

    /// @return whether it uses Multipath TCP now
    bool IsOpen() const
    {
        return m_created && !m_over;
    }

    /// @return whether nothing more will come
    bool IsOver() const
    {
        return m_over;
    }

  private:
    /// @param on whether to hear of the connection
    void Listen(bool on)
    {
        const std::pair<const char*, CallbackBase> sinks[] = {
            {"PathEvent", MakeCallback(&Watch::OnPathEvent, this)},
            {"Ended", MakeCallback(&Watch::OnEnded, this)},
            {"FallBack", MakeCallback(&Watch::OnFallBack, this)}};
        for (const auto& [source, sink] : sinks)
        {
            if (on)
            {
                m_connection->TraceConnectWithoutContext(source, sink);
            }
            else
            {
                m_connection->TraceDisconnectWithoutContext(source, sink);
            }
        }
    }

    /// @param kind of an event @return it
    MptcpControlEvent Make(MptcpControlEvent::Kind kind) const
    {
        MptcpControlEvent event;
        event.kind = kind;
        event.token = m_token;
        event.client = m_connection->IsClient();
        event.tuple = m_connection->GetFirstTuple();
        return event;
    }

    /// @param path what happened
    void OnPathEvent(const MptcpPathEvent& path)
    {
        if (m_over)
        {
            return;
        }
        if (!m_created && path.kind == MptcpPathEvent::SUBFLOW_CREATED)
        {
            // The one that it began with was of version 1, if it has come to version 0.
            m_token = m_connection->GetLocalToken();
            m_created = true;
            m_controller.Tell(Make(MptcpControlEvent::CONNECTION_CREATED));
        }
        if (m_created)
        {
            MptcpControlEvent event = Make(MptcpControlEvent::PATH);
            event.path = path;
            m_controller.Tell(event);
        }
    }

    /// @param error why, an errno
    void OnEnded(int error)
    {
        if (std::exchange(m_over, true))
        {
            return;
        }
        if (m_created)
        {
            MptcpControlEvent event = Make(MptcpControlEvent::CONNECTION_CLOSED);
            event.error = error;
            m_controller.m_untold.push_back(event);
        }
        // Also to forget a connection that nobody has heard of.
        m_controller.ScheduleDeliver();
    }

    /// It goes on as plain TCP.
    void OnFallBack(std::string)
    {
        OnEnded(0);
    }

    MptcpController& m_controller;     //!< whom to tell
    Ptr<MptcpConnection> m_connection; //!< it
    uint32_t m_token;                  //!< at this end, also when the connection has forgotten it
    bool m_created{false};             //!< CONNECTION_CREATED was told
    bool m_over{false};                //!< CONNECTION_CLOSED was told, or there was nothing to tell
};

TypeId
MptcpController::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::MptcpController")
            .SetParent<Object>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpController>()
            .AddAttribute("Privileged",
                          "May open subflows from local ports below 1024. False: EACCES, as for a "
                          "socket without its attribute Privileged.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&MptcpController::m_privileged),
                          MakeBooleanChecker())
            .AddTraceSource(
                "Event",
                "A connection of the node with Multipath TCP came or went, or something "
                "happened to its paths.",
                MakeTraceSourceAccessor(&MptcpController::m_event),
                "ns3::MptcpController::EventTracedCallback");
    return tid;
}

MptcpController::MptcpController() = default;

MptcpController::~MptcpController() = default;

Ptr<MptcpController>
MptcpController::Install(Ptr<Node> node)
{
    if (auto present = node->GetObject<MptcpController>())
    {
        return present;
    }
    Ptr<MptcpL4Protocol> protocol = MptcpL4Protocol::Install(node);
    if (!protocol)
    {
        return nullptr;
    }
    auto controller = CreateObject<MptcpController>();
    controller->m_node = node;
    controller->m_protocol = protocol;
    node->AggregateObject(controller);
    protocol->TraceConnectWithoutContext(
        "NewConnection", MakeCallback(&MptcpController::OnNewConnection, PeekPointer(controller)));
    for (uint32_t i = 0; i < protocol->GetNConnections(); i++)
    {
        controller->OnNewConnection(protocol->GetConnection(i));
    }
    return controller;
}

void
MptcpController::DoDispose()
{
    m_deliver.Cancel();
    if (m_protocol)
    {
        m_protocol->TraceDisconnectWithoutContext(
            "NewConnection", MakeCallback(&MptcpController::OnNewConnection, this));
    }
    m_watches.clear();
    m_callbacks.clear();
    m_protocol = nullptr;
    m_node = nullptr;
    Object::DoDispose();
}

uint32_t
MptcpController::AddEventCallback(EventCallback callback)
{
    m_callbacks[m_nextCallback] = std::move(callback);
    return m_nextCallback++;
}

void
MptcpController::RemoveEventCallback(uint32_t id)
{
    m_callbacks.erase(id);
}

void
MptcpController::OnNewConnection(Ptr<Object> connection)
{
    auto multipath = DynamicCast<MptcpConnection>(connection);
    if (multipath && multipath->GetLocalToken() != 0)
    {
        m_watches.push_back(std::make_unique<Watch>(*this, multipath));
    }
}

void
MptcpController::Tell(const MptcpControlEvent& event)
{
    m_untold.push_back(event);
    ScheduleDeliver();
}

void
MptcpController::ScheduleDeliver()
{
    if (m_deliver.IsExpired())
    {
        m_deliver = Simulator::ScheduleNow(&MptcpController::Deliver, this);
    }
}

void
MptcpController::Deliver()
{
    Ptr<MptcpController> self(this);
    while (!m_untold.empty())
    {
        const MptcpControlEvent event = m_untold.front();
        m_untold.pop_front();
        m_event(event);
        const auto callbacks = m_callbacks;
        for (const auto& [id, callback] : callbacks)
        {
            if (m_callbacks.count(id) > 0)
            {
                callback(event);
            }
        }
    }
    m_watches.erase(std::remove_if(m_watches.begin(),
                                   m_watches.end(),
                                   [](const auto& watch) { return watch->IsOver(); }),
                    m_watches.end());
}

Ptr<MptcpConnection>
MptcpController::Find(uint32_t token) const
{
    for (const auto& watch : m_watches)
    {
        if (watch->IsOpen() && watch->GetToken() == token)
        {
            return watch->GetConnection();
        }
    }
    return nullptr;
}

std::vector<MptcpController::ConnectionInfo>
MptcpController::GetConnections() const
{
    std::vector<ConnectionInfo> all;
    for (const auto& watch : m_watches)
    {
        if (watch->IsOpen())
        {
            const auto connection = watch->GetConnection();
            all.push_back({watch->GetToken(), connection->IsClient(), connection->GetFirstTuple()});
        }
    }
    return all;
}

int
MptcpController::GetSubflows(uint32_t token,
                             std::vector<MptcpConnection::SubflowStatus>& subflows) const
{
    const auto connection = Find(token);
    if (!connection)
    {
        return ENOENT;
    }
    subflows = connection->GetSubflowStatus();
    return 0;
}

int
MptcpController::OpenSubflow(uint32_t token, const MptcpOpenRequest& request, uint8_t& id)
{
    const auto connection = Find(token);
    return connection ? MptcpOpenSubflow(connection, m_node, m_privileged, request, id) : ENOENT;
}

int
MptcpController::OpenSubflow(
    uint32_t token, const Address& local, const Address& remote, bool backup, uint8_t& id)
{
    const auto from = MptcpSplitAddress(local);
    const auto to = MptcpSplitAddress(remote);
    if (!from || !to)
    {
        return EINVAL;
    }
    MptcpOpenRequest request;
    request.tuple = {from->first, to->first, from->second, to->second};
    request.anySource = MptcpIsAny(from->first);
    request.backup = backup;
    return OpenSubflow(token, request, id);
}

int
MptcpController::CloseSubflow(uint32_t token, uint8_t id, int how)
{
    const auto connection = Find(token);
    return connection ? MptcpCloseSubflow(connection, id, how) : ENOENT;
}

int
MptcpController::SetSubflowPriority(uint32_t token, uint8_t id, bool backup)
{
    const auto connection = Find(token);
    return connection ? MptcpSetSubflowPriority(connection, id, backup) : ENOENT;
}

int
MptcpController::Announce(uint32_t token, const IpAddress& address, uint16_t port)
{
    const auto connection = Find(token);
    if (!connection)
    {
        return ENOENT;
    }
    if (!m_protocol->HasAddress(address, nullptr))
    {
        return EADDRNOTAVAIL;
    }
    connection->Advertise(address, port);
    return 0;
}

int
MptcpController::Withdraw(uint32_t token, const IpAddress& address)
{
    const auto connection = Find(token);
    if (!connection)
    {
        return ENOENT;
    }
    connection->Withdraw(address);
    return 0;
}

} // namespace ns3
