// SPDX-License-Identifier: GPL-2.0-only
#include "posix-control-file.h"

#include "posix-process.h"

#include "ns3/mptcp-control.h"

#include <algorithm>

namespace ns3
{

long
PosixControlFile::Open(PosixProcess& process,
                       int type,
                       int protocol,
                       std::shared_ptr<PosixFile>& result)
{
    if (type != SOCK_DGRAM)
    {
        return -ESOCKTNOSUPPORT;
    }
    if (protocol != 0)
    {
        return -EPROTONOSUPPORT;
    }
    if (!process.GetSettings().privileged)
    {
        return -EPERM;
    }
    const auto controller = MptcpController::Install(process.GetSettings().node);
    if (!controller)
    {
        return -EAFNOSUPPORT;
    }
    result = std::make_shared<PosixControlFile>(process, controller);
    return 0;
}

PosixControlFile::PosixControlFile(PosixProcess& process, Ptr<MptcpController> controller)
    : m_process(process),
      m_port(std::make_unique<MptcpControlPort>(controller))
{
    m_port->SetReadyCallback([&process] { process.Wake(); });
}

long
PosixControlFile::Send(PosixMessage& message, int flags)
{
    if ((flags & ~(MSG_DONTWAIT | MSG_NOSIGNAL)) != 0)
    {
        return -EOPNOTSUPP;
    }
    // No request is longer.
    std::vector<uint8_t> bytes(std::min<size_t>(message.GetSize(), 256));
    if (!message.CopyFrom(bytes))
    {
        return -EFAULT;
    }
    if (message.GetSize() > bytes.size())
    {
        return -EMSGSIZE;
    }
    const auto sent = m_port->Send(bytes.data(), bytes.size());
    return sent < 0 ? -m_port->GetErrno() : static_cast<long>(sent);
}

long
PosixControlFile::Receive(PosixMessage& message, int flags)
{
    if ((flags & ~(MSG_DONTWAIT | MSG_WAITALL)) != 0)
    {
        return -EOPNOTSUPP;
    }
    const auto ready = [this] { return (m_port->GetPollEvents() & POLLIN) != 0; };
    if (!ready() &&
        (nonBlocking || (flags & MSG_DONTWAIT) != 0 || !m_process.WaitFor(ready, std::nullopt)))
    {
        return -EAGAIN;
    }
    // No message is longer.
    std::vector<uint8_t> bytes(sizeof(mptcp_control_subflow));
    const auto size = m_port->Recv(bytes.data(), bytes.size(), true);
    if (size < 0)
    {
        return -m_port->GetErrno();
    }
    const bool cut = static_cast<size_t>(size) > message.GetSize();
    bytes.resize(cut ? message.GetSize() : static_cast<size_t>(size));
    msghdr* head = message.GetHeader();
    head->msg_namelen = 0;
    head->msg_controllen = 0;
    // What does not fit is lost.
    head->msg_flags = cut ? MSG_TRUNC : 0;
    if (!message.CopyTo(bytes))
    {
        return -EFAULT;
    }
    m_port->Recv(bytes.data(), bytes.size());
    return static_cast<long>(bytes.size());
}

short
PosixControlFile::Poll() const
{
    return m_port->GetPollEvents();
}

void
PosixControlFile::Close(bool)
{
    m_port.reset();
}

} // namespace ns3
