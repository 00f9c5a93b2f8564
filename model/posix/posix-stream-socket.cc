// SPDX-License-Identifier: GPL-2.0-only
#include "posix-stream-socket.h"

#include "posix-process.h"

#include "ns3/mptcp-api.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/socket-errno.h"
#include "ns3/user-memory.h"

#include <algorithm>
#include <utility>

namespace ns3
{

namespace
{

constexpr uint32_t PIECE = 65536; //!< most bytes that are handed over at once

} // namespace

PosixStreamSocket::PosixStreamSocket(PosixProcess& process,
                                     int domain,
                                     int protocol,
                                     Ptr<Socket> socket)
    : PosixSocket(process, domain, protocol, socket),
      m_mptcp(DynamicCast<MptcpSocket>(socket))
{
    if (m_mptcp && process.GetSettings().privileged)
    {
        m_mptcp->SetAttribute("Privileged", BooleanValue(true));
    }
}

int
PosixStreamSocket::GetType() const
{
    return SOCK_STREAM;
}

void
PosixStreamSocket::Hear()
{
    // Sockets outlive what is closed here, and accepted ones inherit callbacks of their listener.
    const auto self = std::weak_ptr<PosixStreamSocket>(
        std::static_pointer_cast<PosixStreamSocket>(shared_from_this()));
    const auto tell = [self](void (PosixStreamSocket::*what)())
    {
        if (const auto socket = self.lock())
        {
            (socket.get()->*what)();
        }
    };
    const auto end = [self](bool error)
    {
        if (const auto socket = self.lock())
        {
            socket->OnEnded(error);
        }
    };
    const auto wake = MakeWaker();
    using Told = Callback<void, Ptr<Socket>>;
    using Counted = Callback<void, Ptr<Socket>, uint32_t>;
    m_socket->SetConnectCallback(
        Told([tell](Ptr<Socket>) { tell(&PosixStreamSocket::OnConnected); }),
        Told([tell](Ptr<Socket>) { tell(&PosixStreamSocket::OnFailed); }));
    m_socket->SetCloseCallbacks(Told([end](Ptr<Socket>) { end(false); }),
                                Told([end](Ptr<Socket>) { end(true); }));
    m_socket->SetRecvCallback(Told([wake](Ptr<Socket>) { wake(); }));
    m_socket->SetSendCallback(Counted([wake](Ptr<Socket>, uint32_t) { wake(); }));
    m_socket->SetAcceptCallback(Callback<bool, Ptr<Socket>, const Address&>(
                                    [self](Ptr<Socket>, const Address&)
                                    {
                                        const auto socket = self.lock();
                                        return socket &&
                                               socket->m_waiting.size() < socket->m_backlog;
                                    }),
                                Callback<void, Ptr<Socket>, const Address&>(
                                    [self](Ptr<Socket> accepted, const Address&)
                                    {
                                        if (const auto socket = self.lock())
                                        {
                                            socket->OnAccepted(accepted);
                                        }
                                        else
                                        {
                                            accepted->Close();
                                        }
                                    }));
    if (m_mptcp)
    {
        m_mptcp->TraceConnectWithoutContext(
            "Event",
            Callback<void, const MptcpPathEvent&>([wake](const MptcpPathEvent&) { wake(); }));
    }
}

void
PosixStreamSocket::OnAccepted(Ptr<Socket> socket)
{
    auto accepted = std::make_shared<PosixStreamSocket>(m_process, m_domain, m_protocol, socket);
    accepted->m_bound = true;
    accepted->m_connected = true;
    accepted->m_receiveTimeout = m_receiveTimeout;
    accepted->m_sendTimeout = m_sendTimeout;
    accepted->m_fixed = true;
    accepted->m_noDelay = m_noDelay;
    accepted->Hear();
    accepted->SpreadNoDelay();
    m_waiting.push_back(accepted);
    m_process.Wake();
}

void
PosixStreamSocket::OnConnected()
{
    m_connecting = false;
    m_connected = true;
    m_bound = true;
    SpreadNoDelay();
    if (m_process.GetSettings().connected)
    {
        m_process.GetSettings().connected(m_socket);
    }
    m_process.Wake();
}

void
PosixStreamSocket::OnFailed()
{
    m_connecting = false;
    // ns-3's TCP does not say why, but takes no RST with an ACK for an answer: its time is over.
    m_error = ETIMEDOUT;
    m_unbound = !m_name.IsInvalid();
    if (m_mptcp)
    {
        Rebind();
    }
    else
    {
        RebindSoon();
    }
    m_process.Wake();
}

void
PosixStreamSocket::OnEnded(bool error)
{
    m_peerEnded = true;
    if (m_connecting)
    {
        m_connecting = false;
        m_error = ECONNREFUSED;
        m_unbound = !m_name.IsInvalid();
        RebindSoon();
    }
    else if (error)
    {
        m_dead = true;
        m_error = ECONNRESET;
    }
    m_process.Wake();
}

int
PosixStreamSocket::TakeError()
{
    return m_mptcp ? m_mptcp->TakeError() : std::exchange(m_error, 0);
}

void
PosixStreamSocket::Close(bool orderly)
{
    for (const auto& socket : std::exchange(m_waiting, {}))
    {
        socket->Close(orderly);
    }
    m_mptcp = nullptr;
    PosixSocket::Close(orderly);
}

// Opening

long
PosixStreamSocket::Bind(const Bytes& name)
{
    if (m_connecting || m_listening)
    {
        return -EINVAL;
    }
    if (const long error = PosixSocket::Bind(name))
    {
        return error;
    }
    // With the port that was chosen, if it was to be.
    return m_socket->GetSockName(m_name) < 0 ? -ToErrno(m_socket->GetErrno()) : 0;
}

long
PosixStreamSocket::Rebind()
{
    if (m_unbound && m_socket)
    {
        if (const long error = BindTo(m_name))
        {
            return error;
        }
        m_unbound = false;
    }
    return 0;
}

void
PosixStreamSocket::RebindSoon()
{
    const auto self = std::weak_ptr<PosixStreamSocket>(
        std::static_pointer_cast<PosixStreamSocket>(shared_from_this()));
    Simulator::ScheduleNow(
        [self]()
        {
            if (const auto socket = self.lock())
            {
                socket->Rebind();
            }
        });
}

long
PosixStreamSocket::Connect(const Bytes& name)
{
    Address address;
    if (const long error = ParseName(name, address))
    {
        return error;
    }
    if (m_untold && !m_connecting)
    {
        // As Linux: what became of it is told once, whatever SO_ERROR has told.
        return TellOutcome();
    }
    if (m_connected || m_listening)
    {
        return -EISCONN;
    }
    if (m_connecting && nonBlocking)
    {
        return -EALREADY;
    }
    if (!m_connecting)
    {
        if (const long error = Rebind())
        {
            return error;
        }
        // What a connection that failed has left.
        TakeError();
        m_peerEnded = m_dead = false;
        m_fixed = true;
        m_told = nullptr;
        if (const long error = ConnectTo(address))
        {
            return error;
        }
        m_connecting = m_untold = true;
        if (nonBlocking)
        {
            return -EINPROGRESS;
        }
    }
    if (!m_process.WaitFor([this]() { return !m_connecting; }, GetLimit(m_sendTimeout)))
    {
        return -EINPROGRESS;
    }
    return TellOutcome();
}

long
PosixStreamSocket::TellOutcome()
{
    m_untold = false;
    if (m_connected)
    {
        return 0;
    }
    const int error = TakeError();
    return -(error ? error : ECONNABORTED);
}

long
PosixStreamSocket::Listen(int backlog)
{
    if (m_connected || m_connecting)
    {
        return -EINVAL;
    }
    // As Linux, one more than was asked for, and at most SOMAXCONN of old.
    m_backlog = std::min<size_t>(static_cast<size_t>(std::max(backlog, 0)) + 1, 4096);
    if (m_listening)
    {
        return 0;
    }
    if (const long error = m_unbound ? Rebind() : BindIfNeeded())
    {
        return error;
    }
    m_fixed = true;
    if (m_socket->Listen() < 0)
    {
        return -ToErrno(m_socket->GetErrno());
    }
    m_listening = true;
    return 0;
}

long
PosixStreamSocket::Accept(std::shared_ptr<PosixSocket>& accepted)
{
    if (!m_listening)
    {
        return -EINVAL;
    }
    if (m_waiting.empty() && nonBlocking)
    {
        return -EAGAIN;
    }
    if (!m_process.WaitFor([this]() { return !m_waiting.empty(); }, GetLimit(m_receiveTimeout)))
    {
        return -EAGAIN;
    }
    accepted = m_waiting.front();
    m_waiting.pop_front();
    if (m_process.GetSettings().connected)
    {
        m_process.GetSettings().connected(
            std::static_pointer_cast<PosixStreamSocket>(accepted)->m_socket);
    }
    return 0;
}

long
PosixStreamSocket::Shutdown(int how)
{
    const long error = PosixSocket::Shutdown(how);
    if (error == 0)
    {
        m_receiveClosed = m_receiveClosed || how != SHUT_WR;
        m_sendClosed = m_sendClosed || how != SHUT_RD;
    }
    return error;
}

// Data

int
PosixStreamSocket::SendSome(PosixMessage& message, size_t& sent)
{
    if (m_mptcp)
    {
        const int64_t result = m_mptcp->SendMsg(message.GetHeader(), 0);
        sent = result < 0 ? 0 : static_cast<size_t>(result);
        return result < 0 ? m_mptcp->GetOptErrno() : 0;
    }
    if (const int error = TakeError())
    {
        return error;
    }
    if (m_dead || m_sendClosed)
    {
        return EPIPE;
    }
    sent = std::min<size_t>({message.GetSize(), m_socket->GetTxAvailable(), PIECE});
    if (sent == 0)
    {
        return message.GetSize() == 0 ? 0 : EAGAIN;
    }
    Bytes bytes(sent);
    if (!message.CopyFrom(bytes))
    {
        return EFAULT;
    }
    const int result = m_socket->Send(Create<Packet>(bytes.data(), bytes.size()));
    sent = result < 0 ? 0 : static_cast<size_t>(result);
    return result < 0 ? ToErrno(m_socket->GetErrno()) : 0;
}

long
PosixStreamSocket::AwaitConnection(bool nonBlockingCall, std::optional<Time> limit)
{
    if (!nonBlockingCall)
    {
        m_process.WaitFor([this]() { return !m_connecting; }, limit);
    }
    if (m_connected)
    {
        return 0;
    }
    const int error = TakeError();
    return error ? -error : m_connecting ? -EAGAIN : -ENOTCONN;
}

long
PosixStreamSocket::Send(PosixMessage& message, int flags)
{
    if ((flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL | MSG_MORE)) != 0)
    {
        return -EOPNOTSUPP;
    }
    if (message.GetHeader()->msg_controllen > 0)
    {
        // There is none that could be sent along.
        return -EINVAL;
    }
    const auto limit = GetLimit(m_sendTimeout);
    if (const long error = AwaitConnection(IsNonBlocking(flags), limit))
    {
        return error;
    }
    size_t done = 0;
    do
    {
        size_t sent = 0;
        int error = SendSome(message, sent);
        done += sent;
        message.Advance(sent);
        if (error == EAGAIN && !IsNonBlocking(flags) &&
            m_process.WaitFor([this]() { return (Poll() & (POLLOUT | POLLERR)) != 0; }, limit))
        {
            error = 0;
        }
        if (error != 0)
        {
            return done > 0 ? static_cast<long>(done) : -error;
        }
    } while (message.GetSize() > 0);
    return static_cast<long>(done);
}

int
PosixStreamSocket::ReceiveSome(PosixMessage& message, int flags, size_t& received)
{
    if (m_mptcp)
    {
        const int64_t result = m_mptcp->RecvMsg(message.GetHeader(), flags & MSG_PEEK);
        received = result < 0 ? 0 : static_cast<size_t>(result);
        return result < 0 ? m_mptcp->GetOptErrno() : 0;
    }
    message.GetHeader()->msg_namelen = 0;
    message.GetHeader()->msg_controllen = 0;
    message.GetHeader()->msg_flags = 0;
    if (m_peeked.empty() && !m_receiveClosed)
    {
        Ptr<Packet> packet =
            m_socket->Recv(static_cast<uint32_t>(std::min<size_t>(message.GetSize(), PIECE)), 0);
        if (packet)
        {
            m_peeked.resize(packet->GetSize());
            packet->CopyData(m_peeked.data(), packet->GetSize());
        }
    }
    received = std::min(m_peeked.size(), message.GetSize());
    if (received > 0)
    {
        const Bytes bytes(m_peeked.begin(), m_peeked.begin() + static_cast<long>(received));
        if (!message.CopyTo(bytes))
        {
            received = 0;
            return EFAULT;
        }
        if ((flags & MSG_PEEK) == 0)
        {
            m_peeked.erase(m_peeked.begin(), m_peeked.begin() + static_cast<long>(received));
        }
        return 0;
    }
    if (const int error = TakeError())
    {
        return error;
    }
    return m_receiveClosed || m_peerEnded || message.GetSize() == 0 ? 0 : EAGAIN;
}

long
PosixStreamSocket::Receive(PosixMessage& message, int flags)
{
    if ((flags & ~(MSG_DONTWAIT | MSG_PEEK | MSG_WAITALL | MSG_NOSIGNAL | MSG_CMSG_CLOEXEC)) != 0)
    {
        return -EOPNOTSUPP;
    }
    const auto limit = GetLimit(m_receiveTimeout);
    if (const long error = AwaitConnection(IsNonBlocking(flags), limit))
    {
        return error;
    }
    const bool all = (flags & MSG_WAITALL) != 0 && (flags & MSG_PEEK) == 0;
    const Ptr<Socket> socket = m_socket;
    const auto& told = m_process.GetSettings().received;
    size_t done = 0;
    int tidings = 0;
    while (true)
    {
        PosixMessage before = message;
        size_t received = 0;
        const int error = ReceiveSome(message, flags, received);
        if (received > 0 && told && (flags & MSG_PEEK) == 0)
        {
            Bytes bytes(received);
            before.CopyFrom(bytes);
            told(socket, bytes);
        }
        done += received;
        message.Advance(received);
        const bool wait = error == EAGAIN && !IsNonBlocking(flags);
        if (error != 0 && !wait)
        {
            return done > 0 ? static_cast<long>(done) : -error;
        }
        if (!wait)
        {
            // Each round that gives bytes writes the header anew.
            tidings |= message.GetHeader()->msg_flags;
            message.GetHeader()->msg_flags = tidings;
            if (received == 0 || !all || (tidings & MPTCP_MSG_EVENT) != 0 || message.GetSize() == 0)
            {
                return static_cast<long>(done);
            }
        }
        // An event that waits on now has no room in the message: it ends no wait for bytes.
        const bool events = message.GetHeader()->msg_controllen > 0 && (Poll() & POLLPRI) == 0;
        const short wanted =
            static_cast<short>(POLLIN | POLLERR | POLLHUP | (events ? POLLPRI : 0));
        if (wait && !m_process.WaitFor([this, wanted]() { return (Poll() & wanted) != 0; }, limit))
        {
            return done > 0 ? static_cast<long>(done) : -EAGAIN;
        }
    }
}

short
PosixStreamSocket::Poll() const
{
    short bits = 0;
    if (m_listening)
    {
        bits = m_waiting.empty() ? 0 : POLLIN | POLLRDNORM;
        return static_cast<short>(bits | (m_mptcp ? m_mptcp->GetPollEvents() & POLLPRI : 0));
    }
    if (m_connecting)
    {
        return 0;
    }
    if (m_mptcp)
    {
        return m_mptcp->GetPollEvents();
    }
    if (!m_connected)
    {
        return static_cast<short>(POLLOUT | POLLHUP | (m_error ? POLLERR | POLLIN : 0));
    }
    if (!m_peeked.empty() || m_socket->GetRxAvailable() > 0)
    {
        bits |= POLLIN | POLLRDNORM;
    }
    if (m_receiveClosed || m_peerEnded)
    {
        bits |= POLLIN | POLLRDNORM | POLLRDHUP;
    }
    if (m_sendClosed || m_dead || m_socket->GetTxAvailable() > 0)
    {
        bits |= POLLOUT | POLLWRNORM;
    }
    if (m_dead || ((m_receiveClosed || m_peerEnded) && m_sendClosed))
    {
        bits |= POLLHUP;
    }
    return static_cast<short>(bits | (m_error ? POLLERR : 0));
}

long
PosixStreamSocket::GetReadable() const
{
    return static_cast<long>(m_peeked.size() + m_socket->GetRxAvailable());
}

} // namespace ns3
