// SPDX-License-Identifier: GPL-2.0-only
// getsockopt() and setsockopt() of a program's streams. Options of Multipath TCP are those of
// MptcpSocket (model/api); here is what every stream has, and what of the others has to wait.
#include "posix-option-values.h"
#include "posix-process.h"
#include "posix-stream-socket.h"

#include "ns3/boolean.h"
#include "ns3/mptcp-api.h"
#include "ns3/simulator.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

namespace ns3
{

namespace
{

/// Options of a stream that are attributes of MptcpSocket.
struct AttributeOption
{
    int level;             //!< its level
    int name;              //!< its name
    const char* attribute; //!< its
    int least;             //!< value, as in Linux
    int most;              //!< value, as in Linux
    int64_t unit;          //!< ns of a time; 0 for a number, -1 for a switch
    bool early;            //!< only before connect() and listen()
};

/// @param level of an option @param name of an option @return it, or nullptr
const AttributeOption*
FindAttribute(int level, int name)
{
    constexpr int MOST = std::numeric_limits<int>::max();
    constexpr int LONGEST = 32767; // MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL
    static constexpr AttributeOption OPTIONS[] = {
        {SOL_SOCKET, SO_KEEPALIVE, "KeepAlive", std::numeric_limits<int>::min(), MOST, -1, false},
        {IPPROTO_TCP, TCP_KEEPIDLE, "KeepAliveIdle", 1, LONGEST, 1000000000, true},
        {IPPROTO_TCP, TCP_KEEPINTVL, "KeepAliveInterval", 1, LONGEST, 1000000000, true},
        {IPPROTO_TCP, TCP_KEEPCNT, "KeepAliveCount", 1, 127, 0, true},
        {IPPROTO_TCP, TCP_USER_TIMEOUT, "UserTimeout", 0, MOST, 1000000, false}};
    for (const auto& option : OPTIONS)
    {
        if (option.level == level && option.name == name)
        {
            return &option;
        }
    }
    return nullptr;
}

/// @param socket of ns-3 @param option which @return its value
int
GetAttributeOption(const Ptr<MptcpSocket>& socket, const AttributeOption& option)
{
    BooleanValue on;
    UintegerValue number;
    TimeValue time;
    if (option.unit < 0)
    {
        socket->GetAttribute(option.attribute, on);
        return on.Get();
    }
    if (option.unit == 0)
    {
        socket->GetAttribute(option.attribute, number);
        return static_cast<int>(number.Get());
    }
    socket->GetAttribute(option.attribute, time);
    return static_cast<int>(time.Get().GetNanoSeconds() / option.unit);
}

/// @param socket of ns-3 @param option which @param value its @return false if it was refused
bool
SetAttributeOption(const Ptr<MptcpSocket>& socket, const AttributeOption& option, int value)
{
    if (option.unit < 0)
    {
        return socket->SetAttributeFailSafe(option.attribute, BooleanValue(value != 0));
    }
    if (option.unit == 0)
    {
        return socket->SetAttributeFailSafe(option.attribute,
                                            UintegerValue(static_cast<uint64_t>(value)));
    }
    return socket->SetAttributeFailSafe(option.attribute,
                                        TimeValue(NanoSeconds(value * option.unit)));
}

/// @param socket of ns-3 @return SO_LINGER of it
linger
GetLinger(const Ptr<MptcpSocket>& socket)
{
    TimeValue time;
    socket->GetAttribute("Linger", time);
    linger value{};
    if (!time.Get().IsStrictlyNegative())
    {
        value.l_onoff = 1;
        value.l_linger = static_cast<int>(time.Get().GetSeconds());
    }
    return value;
}

/// @param socket of ns-3 @param value SO_LINGER of it
void
SetLinger(const Ptr<MptcpSocket>& socket, const linger& value)
{
    // As Linux, which takes negative ones for very long.
    const uint32_t seconds = value.l_linger < 0 ? INT32_MAX : value.l_linger;
    socket->SetAttribute("Linger", TimeValue(Seconds(value.l_onoff ? seconds : -1.0)));
}

/// Looks what becomes of a subflow that was opened.
class SubflowWatch
{
  public:
    /// @param connection its @param id its @param wake is called when it may be settled
    SubflowWatch(Ptr<MptcpConnection> connection, uint8_t id, std::function<void()> wake)
        : m_connection(connection),
          m_id(id),
          m_wake(std::move(wake))
    {
        m_connection->TraceConnectWithoutContext("PathEvent",
                                                 MakeCallback(&SubflowWatch::OnEvent, this));
    }

    ~SubflowWatch()
    {
        m_connection->TraceDisconnectWithoutContext("PathEvent",
                                                    MakeCallback(&SubflowWatch::OnEvent, this));
    }

    SubflowWatch(const SubflowWatch&) = delete;
    SubflowWatch& operator=(const SubflowWatch&) = delete;

    /// @return whether it can be used or is gone
    bool IsSettled() const
    {
        const auto status = m_connection->FindSubflow(m_id);
        return m_error != 0 || !status || status->established;
    }

    /// @return why it is gone, an errno, or 0
    int GetError() const
    {
        return m_error == 0 && !m_connection->FindSubflow(m_id) ? ECONNABORTED : m_error;
    }

  private:
    /// @param event of the connection
    void OnEvent(const MptcpPathEvent& event)
    {
        if (event.kind == MptcpPathEvent::SUBFLOW_DELETED && event.subflowId == m_id)
        {
            m_error = event.error ? event.error : ECONNABORTED;
        }
        m_wake();
    }

    Ptr<MptcpConnection> m_connection; //!< its
    uint8_t m_id;                      //!< its
    std::function<void()> m_wake;      //!< tells
    int m_error{0};                    //!< see GetError()
};

} // namespace

long
PosixStreamSocket::GetStreamOption(int level, int name, void* value, socklen_t* length)
{
    if (level == IPPROTO_TCP && name == TCP_NODELAY)
    {
        BooleanValue noDelay;
        m_socket->GetAttribute("TcpNoDelay", noDelay);
        return GiveOption(static_cast<int>(m_noDelay.value_or(noDelay.Get())), value, length);
    }
    if (level == IPPROTO_TCP && name == TCP_MAXSEG)
    {
        return GiveOption(GetSizeAttribute(m_socket, "SegmentSize"), value, length);
    }
    if (!m_mptcp)
    {
        return -ENOPROTOOPT;
    }
    if (level == SOL_SOCKET && name == SO_LINGER)
    {
        return GiveOption(GetLinger(m_mptcp), value, length);
    }
    if (const auto* option = FindAttribute(level, name))
    {
        return GiveOption(GetAttributeOption(m_mptcp, *option), value, length);
    }
    if (m_mptcp->GetSockOpt(level, name, value, length) < 0)
    {
        return -m_mptcp->GetOptErrno();
    }
    const bool opens = level == IPPROTO_TCP &&
                       (name == MPTCP_OPEN_SUB_TUPLE || name == MPTCP_KERNEL_OPEN_SUB_TUPLE);
    uint8_t id = 0;
    return opens && CopyFromUser(&id, value, sizeof(id)) ? AwaitSubflow(id) : 0;
}

long
PosixStreamSocket::SetStreamOption(int level, int name, const void* value, socklen_t length)
{
    if (level == SOL_SOCKET && (name == SO_SNDBUF || name == SO_RCVBUF))
    {
        int size = 0;
        if (const long error = TakeOption(size, value, length))
        {
            return error;
        }
        // ns-3's sockets fix their buffers when they connect or listen.
        if (size <= 0 || m_fixed)
        {
            return -EINVAL;
        }
        m_socket->SetAttribute(name == SO_SNDBUF ? "SndBufSize" : "RcvBufSize",
                               UintegerValue(static_cast<uint32_t>(size)));
        return 0;
    }
    if (level == IPPROTO_TCP && name == TCP_NODELAY)
    {
        int on = 0;
        if (const long error = TakeOption(on, value, length))
        {
            return error;
        }
        if (!m_mptcp || !m_fixed)
        {
            m_socket->SetAttribute("TcpNoDelay", BooleanValue(on != 0));
            return 0;
        }
        m_noDelay = on != 0;
        SpreadNoDelay();
        return 0;
    }
    if (!m_mptcp)
    {
        return -ENOPROTOOPT;
    }
    if (level == SOL_SOCKET && name == SO_LINGER)
    {
        linger wanted;
        if (const long error = TakeOption(wanted, value, length))
        {
            return error;
        }
        SetLinger(m_mptcp, wanted);
        return 0;
    }
    if (const auto* option = FindAttribute(level, name))
    {
        int number = 0;
        if (const long error = TakeOption(number, value, length))
        {
            return error;
        }
        if (number < option->least || number > option->most || (option->early && m_fixed))
        {
            return -EINVAL;
        }
        return SetAttributeOption(m_mptcp, *option, number) ? 0 : -EINVAL;
    }
    if (m_mptcp->SetSockOpt(level, name, value, length) < 0)
    {
        return -m_mptcp->GetOptErrno();
    }
    const bool opens = level == IPPROTO_TCP &&
                       (name == MPTCP_OPEN_SUB_TUPLE || name == MPTCP_KERNEL_OPEN_SUB_TUPLE);
    const auto ids = m_mptcp->GetSubflowIds();
    return opens && !ids.empty() ? AwaitSubflow(ids.front()) : 0;
}

void
PosixStreamSocket::SpreadNoDelay()
{
    const auto connection = m_mptcp && m_noDelay ? m_mptcp->GetConnection() : nullptr;
    if (!connection)
    {
        return;
    }
    for (const auto& subflow : connection->GetSubflowStatus())
    {
        connection->SetSubflowNoDelay(subflow.id, *m_noDelay);
    }
    if (m_told == PeekPointer(connection))
    {
        return;
    }
    m_told = PeekPointer(connection);
    const auto self = std::weak_ptr<PosixStreamSocket>(
        std::static_pointer_cast<PosixStreamSocket>(shared_from_this()));
    const auto tell = [self](uint8_t id)
    {
        const auto socket = self.lock();
        const auto its = socket && socket->m_mptcp ? socket->m_mptcp->GetConnection() : nullptr;
        if (its && its->FindSubflow(id))
        {
            its->SetSubflowNoDelay(id, *socket->m_noDelay);
        }
    };
    // Later: the protocol is at work when it tells.
    const auto hear = [tell](const MptcpPathEvent& event)
    {
        if (event.kind == MptcpPathEvent::SUBFLOW_CREATED)
        {
            Simulator::ScheduleNow([tell, id = event.subflowId]() { tell(id); });
        }
    };
    connection->TraceConnectWithoutContext("PathEvent",
                                           Callback<void, const MptcpPathEvent&>(hear));
}

long
PosixStreamSocket::AwaitSubflow(uint8_t id)
{
    if (nonBlocking)
    {
        return 0;
    }
    const SubflowWatch watch(m_mptcp->GetConnection(), id, MakeWaker());
    m_process.WaitFor([&watch]() { return watch.IsSettled(); }, std::nullopt);
    return -watch.GetError();
}

} // namespace ns3
