// SPDX-License-Identifier: GPL-2.0-only
// The socket API of draft-hesmans-mptcp-socket-03 as methods; model/api/ does the work.
#include "mptcp-socket.h"

#include "ns3/mptcp-api.h"
#include "ns3/mptcp-sockaddr.h"
#include "ns3/mptcp-socket-options.h"

#include <cerrno>
#include <utility>

namespace ns3
{

MptcpSocketOptions&
MptcpSocket::Options()
{
    if (!m_options)
    {
        m_options = std::make_unique<MptcpSocketOptions>(*this);
        m_options->GetEvents().SetLimit(m_eventLimit);
    }
    return *m_options;
}

int
MptcpSocket::Answer(int error)
{
    if (error != 0)
    {
        m_optErrno = error;
    }
    return error == 0 ? 0 : -1;
}

int
MptcpSocket::GetSockOpt(int level, int optname, void* optval, unsigned int* optlen)
{
    return Answer(Options().Get(level, optname, optval, optlen));
}

int
MptcpSocket::SetSockOpt(int level, int optname, const void* optval, unsigned int optlen)
{
    return Answer(Options().Set(level, optname, optval, optlen));
}

std::vector<uint8_t>
MptcpSocket::GetSubflowIds() const
{
    std::vector<uint8_t> ids;
    if (m_connection && m_connection->IsMultipath() && !m_connection->IsEnded())
    {
        const auto subflows = m_connection->GetSubflowStatus();
        for (auto subflow = subflows.rbegin(); subflow != subflows.rend(); ++subflow)
        {
            ids.push_back(subflow->id);
        }
    }
    return ids;
}

int
MptcpSocket::OpenSubflow(const Address& local, const Address& remote, bool backup, int ifIndex)
{
    const auto from = MptcpSplitAddress(local);
    const auto to = MptcpSplitAddress(remote);
    if (!from || !to)
    {
        return Answer(EINVAL);
    }
    const TcpTuple tuple{from->first, to->first, from->second, to->second};
    uint8_t id = 0;
    const int error = Options().Open(tuple, MptcpIsAny(from->first), backup, ifIndex, id);
    return error == 0 ? id : Answer(error);
}

int
MptcpSocket::CloseSubflow(uint8_t id, int how)
{
    return Answer(Options().Close(id, how));
}

int
MptcpSocket::GetSubflowTuple(uint8_t id, Address& local, Address& remote)
{
    if (!m_connection || !m_connection->IsMultipath() || m_connection->IsEnded())
    {
        return Answer(EOPNOTSUPP);
    }
    const auto subflow = m_connection->FindSubflow(id);
    if (!subflow)
    {
        return Answer(EINVAL);
    }
    local = subflow->subflow->GetTuple().GetLocal();
    remote = subflow->subflow->GetTuple().GetRemote();
    return 0;
}

int
MptcpSocket::SetSubflowPriority(uint8_t id, bool backup)
{
    return Answer(Options().SetPriority(id, backup));
}

void
MptcpSocket::SubscribeEvent(MptcpPathEvent::Kind kind, bool on)
{
    Options().GetEvents().Subscribe(kind, on);
}

void
MptcpSocket::SetEventCallback(std::function<void(const MptcpPathEvent&)> callback)
{
    Options().SetEventCallback(std::move(callback));
}

void
MptcpSocket::AddEventCallback(std::function<void(const MptcpPathEvent&)> callback)
{
    Options().AddEventCallback(std::move(callback));
}

std::optional<MptcpPathEvent>
MptcpSocket::RecvEvent()
{
    const auto* oldest = m_options ? m_options->GetEvents().Front() : nullptr;
    if (!oldest)
    {
        return std::nullopt;
    }
    const MptcpPathEvent event = *oldest;
    m_options->GetEvents().Pop();
    return event;
}

void
MptcpSocket::TellEvent(const MptcpPathEvent& event)
{
    m_eventTrace(event);
}

bool
MptcpSocket::IsPrivileged() const
{
    return m_privileged;
}

Ptr<Object>
MptcpSocket::Hold()
{
    return Ptr<MptcpSocket>(this);
}

bool
MptcpSocket::SetMultipath(bool on)
{
    if (m_frozen)
    {
        return false;
    }
    m_pathAware = true;
    m_settings->m_enabled = on;
    return true;
}

MptcpAddressScope*
MptcpSocket::GetAddressScope()
{
    return m_frozen ? nullptr : &m_settings->m_addressScope;
}

void
MptcpSocket::SetPathAware()
{
    m_pathAware = true;
}

bool
MptcpSocket::WantsMultipath() const
{
    return m_settings->m_enabled;
}

void
MptcpSocket::SetEventQueueLimit(uint32_t limit)
{
    m_eventLimit = limit;
    if (m_options)
    {
        m_options->GetEvents().SetLimit(limit);
    }
}

uint32_t
MptcpSocket::GetEventQueueLimit() const
{
    return m_eventLimit;
}

PacketMarks
MptcpSocket::GetPacketMarks() const
{
    PacketMarks marks;
    if (const uint8_t tos = GetIpTos())
    {
        marks.tos = tos;
    }
    if (IsManualIpTtl() && GetIpTtl() > 0)
    {
        marks.ttl = GetIpTtl();
    }
    if (IsManualIpv6Tclass())
    {
        // As ns-3 does with the TOS: the ECN field is TCP's (RFC 3168 section 6.1).
        marks.trafficClass = GetIpv6Tclass() & ~3;
    }
    if (IsManualIpv6HopLimit() && GetIpv6HopLimit() > 0)
    {
        marks.hopLimit = GetIpv6HopLimit();
    }
    if (const uint8_t priority = GetPriority())
    {
        marks.priority = priority;
    }
    return marks;
}

} // namespace ns3
