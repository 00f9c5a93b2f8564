// SPDX-License-Identifier: GPL-2.0-only
// The two calls and the events; what the options of the draft do is in mptcp-draft-options.cc.
#include "mptcp-socket-options.h"

#include "mptcp-api.h"
#include "mptcp-subflow-calls.h"
#include "user-memory.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace ns3
{

namespace
{

/// @param name of an option @return whether getsockopt() knows it
bool
CanGet(int name)
{
    switch (name)
    {
    case MPTCP_GET_SUB_IDS:
    case MPTCP_CLOSE_SUB_ID:
    case MPTCP_KERNEL_GET_SUB_TUPLE:
    case MPTCP_KERNEL_OPEN_SUB_TUPLE:
    case MPTCP_SUB_GETSOCKOPT:
    case MPTCP_GET_SUB_TUPLE:
    case MPTCP_OPEN_SUB_TUPLE:
    case MPTCP_EVENT_SUBSCRIPTION:
    case MPTCP_READ_EVENT:
        return true;
    default:
        return false;
    }
}

/// @param name of an option @return whether setsockopt() knows it
bool
CanSet(int name)
{
    switch (name)
    {
    case MPTCP_CLOSE_SUB_ID:
    case MPTCP_KERNEL_OPEN_SUB_TUPLE:
    case MPTCP_SUB_SETSOCKOPT:
    case MPTCP_OPEN_SUB_TUPLE:
    case MPTCP_EVENT_SUBSCRIPTION:
    case MPTCP_SET_SUB_PRIO:
        return true;
    default:
        return false;
    }
}

/// @param name of an option @return bytes of its structure, of which a caller gives the most
size_t
GetInputSize(int name)
{
    switch (name)
    {
    case MPTCP_CLOSE_SUB_ID:
        return sizeof(mptcp_close_sub_id);
    case MPTCP_KERNEL_GET_SUB_TUPLE:
    case MPTCP_GET_SUB_TUPLE:
        return 1;
    case MPTCP_KERNEL_OPEN_SUB_TUPLE:
        return 2 + 2 * sizeof(sockaddr_in6);
    case MPTCP_OPEN_SUB_TUPLE:
        return sizeof(mptcp_sub_tuple) + 2 * sizeof(sockaddr_in6);
    case MPTCP_SUB_GETSOCKOPT:
        return sizeof(mptcp_sub_getsockopt);
    case MPTCP_SUB_SETSOCKOPT:
        return sizeof(mptcp_sub_setsockopt);
    case MPTCP_EVENT_SUBSCRIPTION:
        return sizeof(mptcp_event_subscription);
    case MPTCP_SET_SUB_PRIO:
        return sizeof(mptcp_sub_prio);
    default:
        return 0;
    }
}

} // namespace

MptcpSocketOptions::MptcpSocketOptions(MptcpApiSocket& socket)
    : m_socket(socket)
{
    if (auto connection = socket.GetConnection())
    {
        OnConnection(connection);
    }
}

MptcpSocketOptions::MptcpSocketOptions(MptcpApiSocket& socket, const MptcpSocketOptions& listener)
    : m_socket(socket),
      m_callbacks(listener.m_callbacks)
{
    m_events.Inherit(listener.m_events);
}

MptcpSocketOptions::~MptcpSocketOptions()
{
    m_deliver.Cancel();
    OnConnection(nullptr);
}

// Events

void
MptcpSocketOptions::OnConnection(Ptr<MptcpConnection> connection)
{
    const auto sink = MakeCallback(&MptcpSocketOptions::OnEvent, this);
    if (m_connection)
    {
        m_connection->TraceDisconnectWithoutContext("PathEvent", sink);
    }
    m_connection = connection;
    if (m_connection)
    {
        m_connection->TraceConnectWithoutContext("PathEvent", sink);
    }
}

MptcpEventQueue&
MptcpSocketOptions::GetEvents()
{
    return m_events;
}

void
MptcpSocketOptions::SetEventCallback(EventCallback callback)
{
    m_callbacks.clear();
    AddEventCallback(std::move(callback));
}

void
MptcpSocketOptions::AddEventCallback(EventCallback callback)
{
    if (callback)
    {
        m_callbacks.push_back(std::move(callback));
    }
}

void
MptcpSocketOptions::OnEvent(const MptcpPathEvent& event)
{
    if (!m_events.Push(event))
    {
        return;
    }
    // Not while the protocol is at work, nor within a call of the application.
    m_untold.push_back(event);
    if (m_untold.size() == 1)
    {
        m_deliver = Simulator::ScheduleNow(&MptcpSocketOptions::Deliver, this);
    }
}

void
MptcpSocketOptions::Deliver()
{
    const Ptr<Object> keep = m_socket.Hold();
    const std::weak_ptr<void> alive = m_alive;
    const auto events = std::exchange(m_untold, {});
    for (const auto& event : events)
    {
        // Whoever is told may dispose of the socket, and with it of this.
        m_socket.TellEvent(event);
        if (alive.expired())
        {
            return;
        }
        // One that is told may set or add others.
        for (size_t i = 0; i < m_callbacks.size(); ++i)
        {
            const EventCallback callback = m_callbacks[i];
            callback(event);
            if (alive.expired())
            {
                return;
            }
        }
    }
}

int
MptcpSocketOptions::Subscribe(const Bytes& request)
{
    mptcp_event_subscription wanted;
    if (!Parse(request, wanted) || wanted.type > MPTCP_EVENT_SUB_PRIO || wanted.on > 1)
    {
        return EINVAL;
    }
    for (uint8_t kind = MPTCP_EVENT_SUB_CREATED; kind <= MPTCP_EVENT_SUB_PRIO; kind++)
    {
        if (wanted.type == 0 || wanted.type == kind)
        {
            m_events.Subscribe(static_cast<MptcpPathEvent::Kind>(kind), wanted.on == 1);
        }
    }
    return 0;
}

// The two calls

int
MptcpSocketOptions::CheckMultipath() const
{
    return MptcpCheckMultipath(m_socket.GetConnection());
}

int
MptcpSocketOptions::Get(int level, int name, void* value, unsigned int* length)
{
    if ((level == IPPROTO_TCP && name == MPTCP_TCP_IS_MPTCP) ||
        (level == MPTCP_SOL_MPTCP && name >= MPTCP_LINUX_INFO && name <= MPTCP_LINUX_FULL_INFO))
    {
        return GetLinux(name, value, length);
    }
    if (level == IPPROTO_TCP && name >= TCP_MULTIPATH_ENABLE && name <= TCP_MULTIPATH_CONNID)
    {
        return GetBasic(name, value, length);
    }
    if (level != IPPROTO_TCP || !CanGet(name))
    {
        return ENOPROTOOPT;
    }
    unsigned int room = 0;
    // What these two point to is only read.
    const bool silent = name == MPTCP_CLOSE_SUB_ID || name == MPTCP_SUB_GETSOCKOPT;
    if (silent ? !CopyFromUser(&room, length, sizeof(room)) : !ReadUserRoom(value, length, room))
    {
        return EFAULT;
    }
    Bytes request(std::min<size_t>(room, GetInputSize(name)));
    if (!CopyFromUser(request.data(), value, request.size()))
    {
        return EFAULT;
    }
    Bytes answer;
    if (name == MPTCP_EVENT_SUBSCRIPTION)
    {
        mptcp_event_subscription asked;
        if (!Parse(request, asked) || asked.type < MPTCP_EVENT_SUB_CREATED ||
            asked.type > MPTCP_EVENT_SUB_PRIO)
        {
            return EINVAL;
        }
        asked.on = m_events.IsSubscribed(static_cast<MptcpPathEvent::Kind>(asked.type));
        answer = {asked.type, asked.on};
        const auto size = static_cast<unsigned int>(answer.size());
        return CopyToUser(value, answer.data(), size) && CopyToUser(length, &size, sizeof(size))
                   ? 0
                   : EFAULT;
    }
    if (name == MPTCP_READ_EVENT)
    {
        const auto* event = m_events.Front();
        if (!event)
        {
            return EAGAIN;
        }
        answer = MptcpEventQueue::Encode(*event);
        if (room < answer.size())
        {
            return EINVAL;
        }
        const auto size = static_cast<unsigned int>(answer.size());
        if (!CopyToUser(value, answer.data(), size) || !CopyToUser(length, &size, sizeof(size)))
        {
            return EFAULT;
        }
        m_events.Pop();
        return 0;
    }
    // What pointers within a request point to comes first.
    if (name == MPTCP_SUB_GETSOCKOPT)
    {
        return SubGet(request);
    }
    if (name == MPTCP_KERNEL_OPEN_SUB_TUPLE || name == MPTCP_OPEN_SUB_TUPLE)
    {
        uint8_t id = 0;
        if (const int error = OpenSubTuple(name == MPTCP_KERNEL_OPEN_SUB_TUPLE, request, room, id))
        {
            return error;
        }
        return CopyToUser(value, &id, sizeof(id)) ? 0 : EFAULT;
    }
    int error = CheckMultipath();
    if (error != 0)
    {
        return error;
    }
    switch (name)
    {
    case MPTCP_GET_SUB_IDS:
        error = GetSubIds(room, answer);
        break;
    case MPTCP_CLOSE_SUB_ID:
        return CloseSubId(request);
    default:
        error = GetSubTuple(name == MPTCP_KERNEL_GET_SUB_TUPLE, request, room, answer);
        break;
    }
    if (error == 0)
    {
        const auto size = static_cast<unsigned int>(answer.size());
        if (!CopyToUser(value, answer.data(), size) || !CopyToUser(length, &size, sizeof(size)))
        {
            error = EFAULT;
        }
    }
    return error;
}

int
MptcpSocketOptions::Set(int level, int name, const void* value, unsigned int length)
{
    if (level == IPPROTO_TCP && name >= TCP_MULTIPATH_ENABLE && name <= TCP_MULTIPATH_CONNID)
    {
        return SetBasic(name, value, length);
    }
    if (level != IPPROTO_TCP || !CanSet(name))
    {
        return ENOPROTOOPT;
    }
    Bytes request(std::min<size_t>(length, GetInputSize(name)));
    if (!CopyFromUser(request.data(), value, request.size()))
    {
        return EFAULT;
    }
    switch (name)
    {
    case MPTCP_EVENT_SUBSCRIPTION:
        return Subscribe(request);
    case MPTCP_SUB_SETSOCKOPT:
        return SubSet(request);
    case MPTCP_KERNEL_OPEN_SUB_TUPLE:
    case MPTCP_OPEN_SUB_TUPLE:
    {
        uint8_t id = 0;
        return OpenSubTuple(name == MPTCP_KERNEL_OPEN_SUB_TUPLE, request, length, id);
    }
    default:
        break;
    }
    if (const int error = CheckMultipath())
    {
        return error;
    }
    if (name == MPTCP_CLOSE_SUB_ID)
    {
        return CloseSubId(request);
    }
    mptcp_sub_prio wanted;
    return Parse(request, wanted) ? SetPriority(wanted.id, wanted.prio != 0) : EINVAL;
}

} // namespace ns3
