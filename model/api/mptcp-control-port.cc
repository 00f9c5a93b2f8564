// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-control-port.h"

#include "mptcp-control.h"
#include "mptcp-events.h"
#include "mptcp-sockaddr.h"
#include "mptcp-subflow-options.h"
#include "user-memory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <utility>

namespace ns3
{

namespace
{

constexpr size_t MOST_EVENTS = 256;    //!< that wait to be read
constexpr size_t MOST_MESSAGES = 2048; //!< answers included: then requests are refused

/// @tparam T structure of a request @param bytes of a request @param request is filled
/// @return whether it has the right length
template <typename T>
bool
Parse(const std::vector<uint8_t>& bytes, T& request)
{
    if (bytes.size() != sizeof(T))
    {
        return false;
    }
    std::memcpy(&request, bytes.data(), sizeof(T));
    return true;
}

/// @param address any @param port its @return a structure with both
mptcp_control_sockaddr
ToName(const IpAddress& address, uint16_t port)
{
    mptcp_control_sockaddr name{};
    const auto bytes = MptcpToSockAddr(address, port);
    std::memcpy(&name, bytes.data(), std::min(bytes.size(), sizeof(name)));
    return name;
}

/// @param name of a request @return address and port, if its family is known
std::optional<std::pair<IpAddress, uint16_t>>
FromName(const mptcp_control_sockaddr& name)
{
    return MptcpFromSockAddr(reinterpret_cast<const uint8_t*>(&name), sizeof(name));
}

} // namespace

MptcpControlPort::MptcpControlPort(Ptr<MptcpController> controller)
    : m_controller(controller),
      m_callback(
          controller->AddEventCallback([this](const MptcpControlEvent& event) { OnEvent(event); }))
{
}

MptcpControlPort::~MptcpControlPort()
{
    m_controller->RemoveEventCallback(m_callback);
}

int64_t
MptcpControlPort::Fail(int error)
{
    m_errno = error;
    return -1;
}

int
MptcpControlPort::GetErrno() const
{
    return m_errno;
}

short
MptcpControlPort::GetPollEvents() const
{
    return POLLOUT | POLLWRNORM | (m_messages.empty() ? 0 : POLLIN | POLLRDNORM);
}

void
MptcpControlPort::SetReadyCallback(std::function<void()> callback)
{
    m_ready = std::move(callback);
}

void
MptcpControlPort::Enqueue(std::vector<uint8_t> bytes, bool event)
{
    if (event && m_events == MOST_EVENTS)
    {
        // The newest are lost: what a daemon has read so far then still fits together.
        m_overflow = true;
        return;
    }
    if (event && std::exchange(m_overflow, false))
    {
        mptcp_control_header head;
        std::memcpy(&head, bytes.data(), sizeof(head));
        head.flags |= MPTCP_CONTROL_OVERFLOW;
        std::memcpy(bytes.data(), &head, sizeof(head));
    }
    m_events += event;
    m_messages.push_back({std::move(bytes), event});
    if (const auto ready = m_ready)
    {
        ready();
    }
}

template <typename T>
void
MptcpControlPort::Push(T message, uint16_t type, bool event)
{
    message.header.type = type;
    message.header.flags = 0;
    message.header.length = sizeof(T);
    std::vector<uint8_t> bytes(sizeof(T));
    std::memcpy(bytes.data(), &message, sizeof(T));
    Enqueue(std::move(bytes), event);
}

void
MptcpControlPort::OnEvent(const MptcpControlEvent& event)
{
    if (!m_subscribed)
    {
        return;
    }
    if (event.kind == MptcpControlEvent::PATH)
    {
        const auto path = MptcpEventQueue::Encode(event.path);
        mptcp_control_header head{};
        head.type = MPTCP_CONTROL_PATH;
        head.length = static_cast<uint32_t>(sizeof(head) + path.size());
        head.token = event.token;
        std::vector<uint8_t> bytes(sizeof(head));
        std::memcpy(bytes.data(), &head, sizeof(head));
        bytes.insert(bytes.end(), path.begin(), path.end());
        Enqueue(std::move(bytes), true);
        return;
    }
    mptcp_control_connection message{};
    message.header.token = event.token;
    message.client = event.client;
    message.error = event.error;
    message.local = ToName(event.tuple.localAddress, event.tuple.localPort);
    message.remote = ToName(event.tuple.remoteAddress, event.tuple.remotePort);
    Push(message,
         event.kind == MptcpControlEvent::CONNECTION_CREATED ? MPTCP_CONTROL_CREATED
                                                             : MPTCP_CONTROL_CLOSED,
         true);
}

int64_t
MptcpControlPort::Send(const void* request, size_t size)
{
    std::vector<uint8_t> bytes(std::min(size, sizeof(mptcp_control_subflow) + 1));
    if (!CopyFromUser(bytes.data(), request, bytes.size()))
    {
        return Fail(EFAULT);
    }
    mptcp_control_header head{};
    if (size < sizeof(head))
    {
        return Fail(EINVAL);
    }
    std::memcpy(&head, bytes.data(), sizeof(head));
    if (head.length != size || head.flags != 0 || head.type < MPTCP_CONTROL_SUBSCRIBE ||
        head.type > MPTCP_CONTROL_WITHDRAW)
    {
        return Fail(EINVAL);
    }
    if (m_messages.size() >= MOST_MESSAGES)
    {
        return Fail(ENOBUFS);
    }
    mptcp_control_done done{};
    done.header = head;
    const int error = Handle(head, bytes, done.id);
    if (error < 0)
    {
        return Fail(EINVAL);
    }
    done.error = error;
    Push(done, MPTCP_CONTROL_DONE);
    return static_cast<int64_t>(size);
}

int
MptcpControlPort::Handle(const mptcp_control_header& head,
                         const std::vector<uint8_t>& bytes,
                         uint8_t& id)
{
    switch (head.type)
    {
    case MPTCP_CONTROL_SUBSCRIBE:
    {
        mptcp_control_subscribe request;
        if (!Parse(bytes, request) || request.on > 1)
        {
            return -1;
        }
        m_subscribed = request.on == 1;
        return 0;
    }
    case MPTCP_CONTROL_CONNECTIONS:
        return bytes.size() == sizeof(head) ? AnswerConnections(head) : -1;
    case MPTCP_CONTROL_SUBFLOWS:
        return bytes.size() == sizeof(head) ? AnswerSubflows(head) : -1;
    case MPTCP_CONTROL_OPEN:
    {
        mptcp_control_subflow request;
        if (!Parse(bytes, request))
        {
            return -1;
        }
        const auto local = FromName(request.local);
        const auto remote = FromName(request.remote);
        if (!local || !remote)
        {
            return EINVAL;
        }
        MptcpOpenRequest open;
        open.tuple = {local->first, remote->first, local->second, remote->second};
        open.anySource = MptcpIsAny(local->first);
        open.backup = request.low_prio != 0;
        open.ifIndex = request.if_idx;
        return m_controller->OpenSubflow(head.token, open, id);
    }
    case MPTCP_CONTROL_CLOSE:
    {
        mptcp_control_close request;
        return Parse(bytes, request)
                   ? m_controller->CloseSubflow(head.token, request.id, request.how)
                   : -1;
    }
    case MPTCP_CONTROL_PRIO:
    {
        mptcp_control_prio request;
        return Parse(bytes, request)
                   ? m_controller->SetSubflowPriority(head.token, request.id, request.low_prio != 0)
                   : -1;
    }
    default:
    {
        mptcp_control_address request;
        if (!Parse(bytes, request))
        {
            return -1;
        }
        const auto name = FromName(request.addr);
        if (!name)
        {
            return EINVAL;
        }
        return head.type == MPTCP_CONTROL_ANNOUNCE
                   ? m_controller->Announce(head.token, name->first, name->second)
                   : m_controller->Withdraw(head.token, name->first);
    }
    }
}

int
MptcpControlPort::AnswerConnections(const mptcp_control_header& head)
{
    for (const auto& connection : m_controller->GetConnections())
    {
        mptcp_control_connection answer{};
        answer.header = head;
        answer.header.token = connection.token;
        answer.client = connection.client;
        answer.local = ToName(connection.tuple.localAddress, connection.tuple.localPort);
        answer.remote = ToName(connection.tuple.remoteAddress, connection.tuple.remotePort);
        Push(answer, MPTCP_CONTROL_CONNECTION);
    }
    return 0;
}

int
MptcpControlPort::AnswerSubflows(const mptcp_control_header& head)
{
    std::vector<MptcpConnection::SubflowStatus> subflows;
    if (const int error = m_controller->GetSubflows(head.token, subflows))
    {
        return error;
    }
    for (const auto& subflow : subflows)
    {
        const TcpTuple& tuple = subflow.subflow->GetTuple();
        mptcp_control_subflow answer{};
        answer.header = head;
        answer.id = subflow.id;
        answer.low_prio = subflow.backup;
        answer.status = MptcpStatusBits(subflow);
        answer.if_idx =
            MptcpSubflowOptions::GetDeviceIndex(*subflow.subflow, m_controller->GetObject<Node>());
        answer.local = ToName(tuple.localAddress, tuple.localPort);
        answer.remote = ToName(tuple.remoteAddress, tuple.remotePort);
        Push(answer, MPTCP_CONTROL_SUBFLOW);
    }
    return 0;
}

int64_t
MptcpControlPort::Recv(void* message, size_t size, bool peek)
{
    if (m_messages.empty())
    {
        return Fail(EAGAIN);
    }
    const Message& first = m_messages.front();
    const size_t length = std::min(size, first.bytes.size());
    if (!CopyToUser(message, first.bytes.data(), length))
    {
        return Fail(EFAULT);
    }
    if (!peek)
    {
        m_events -= first.event;
        m_messages.pop_front();
    }
    return static_cast<int64_t>(length);
}

} // namespace ns3
