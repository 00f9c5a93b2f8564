// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-events.h"

#include "mptcp-api.h"
#include "mptcp-sockaddr.h"

#include <algorithm>
#include <cstring>

namespace ns3
{

namespace
{

// A program's numbers are those of MptcpPathEvent, which Encode() writes as they are.
static_assert(MPTCP_EVENT_SUB_CREATED == MptcpPathEvent::SUBFLOW_CREATED);
static_assert(MPTCP_EVENT_SUB_DELETED == MptcpPathEvent::SUBFLOW_DELETED);
static_assert(MPTCP_EVENT_LOCAL_ADDRESS == MptcpPathEvent::LOCAL_ADDRESS);
static_assert(MPTCP_EVENT_REMOTE_ADDRESS == MptcpPathEvent::REMOTE_ADDRESS);
static_assert(MPTCP_EVENT_SUB_PRIO == MptcpPathEvent::PRIORITY);
static_assert(MPTCP_DELETED_CLOSED_LOCAL == MptcpPathEvent::CLOSED_LOCAL);
static_assert(MPTCP_DELETED_CLOSED_REMOTE == MptcpPathEvent::CLOSED_REMOTE);
static_assert(MPTCP_DELETED_RESET_LOCAL == MptcpPathEvent::RESET_LOCAL);
static_assert(MPTCP_DELETED_RESET_REMOTE == MptcpPathEvent::RESET_REMOTE);
static_assert(MPTCP_DELETED_TIMED_OUT == MptcpPathEvent::TIMED_OUT);
static_assert(MPTCP_DELETED_ADDRESS_REMOVED == MptcpPathEvent::ADDRESS_REMOVED);
static_assert(MPTCP_DELETED_ADMINISTRATIVE == MptcpPathEvent::ADMINISTRATIVE);
static_assert(MPTCP_DELETED_REFUSED == MptcpPathEvent::REFUSED);

/// @tparam T structure of an event @param event it @return its bytes
template <typename T>
std::vector<uint8_t>
ToBytes(const T& event)
{
    std::vector<uint8_t> bytes(sizeof(T));
    std::memcpy(bytes.data(), &event, sizeof(T));
    return bytes;
}

} // namespace

void
MptcpEventQueue::Subscribe(MptcpPathEvent::Kind kind, bool on)
{
    const uint32_t bit = 1U << kind;
    m_subscribed = on ? m_subscribed | bit : m_subscribed & ~bit;
}

bool
MptcpEventQueue::IsSubscribed(MptcpPathEvent::Kind kind) const
{
    return (m_subscribed & 1U << kind) != 0;
}

bool
MptcpEventQueue::IsSubscribed() const
{
    return m_subscribed != 0;
}

void
MptcpEventQueue::Inherit(const MptcpEventQueue& other)
{
    m_subscribed = other.m_subscribed;
    m_limit = other.m_limit;
}

void
MptcpEventQueue::SetLimit(uint32_t limit)
{
    m_limit = std::max(limit, 1U);
    Trim();
}

uint32_t
MptcpEventQueue::GetLimit() const
{
    return m_limit;
}

bool
MptcpEventQueue::Push(const MptcpPathEvent& event)
{
    if (!IsSubscribed(event.kind))
    {
        return false;
    }
    m_events.push_back(event);
    Trim();
    return true;
}

void
MptcpEventQueue::Trim()
{
    while (m_events.size() > m_limit)
    {
        m_events.pop_front();
        m_events.front().overflow = true;
    }
}

const MptcpPathEvent*
MptcpEventQueue::Front() const
{
    return m_events.empty() ? nullptr : &m_events.front();
}

const MptcpPathEvent&
MptcpEventQueue::At(size_t i) const
{
    return m_events[i];
}

void
MptcpEventQueue::Pop(size_t count)
{
    m_events.erase(m_events.begin(), m_events.begin() + static_cast<std::ptrdiff_t>(count));
}

std::vector<uint8_t>
MptcpEventQueue::Encode(const MptcpPathEvent& event)
{
    mptcp_event_header header{};
    header.type = event.kind;
    header.flags = event.overflow ? MPTCP_EVENT_OVERFLOW : 0;
    const uint8_t by = event.byPeer ? MPTCP_BY_PEER : MPTCP_BY_THIS_END;
    switch (event.kind)
    {
    case MptcpPathEvent::SUBFLOW_CREATED:
    case MptcpPathEvent::SUBFLOW_DELETED:
    {
        mptcp_subflow_event subflow{};
        header.length = sizeof(subflow);
        subflow.header = header;
        subflow.id = event.subflowId;
        subflow.reason = event.reason;
        subflow.rst_reason = event.resetReason.value_or(MPTCP_NO_RST_REASON);
        subflow.opened_by = by;
        subflow.error = event.error;
        return ToBytes(subflow);
    }
    case MptcpPathEvent::PRIORITY:
    {
        mptcp_prio_event prio{};
        header.length = sizeof(prio);
        prio.header = header;
        prio.id = event.subflowId;
        prio.low_prio = event.backup;
        prio.changed_by = by;
        return ToBytes(prio);
    }
    default:
        break;
    }
    mptcp_address_event address{};
    header.length = sizeof(address);
    address.header = header;
    address.address_id = event.addressId;
    address.available = event.available;
    address.if_idx = static_cast<int32_t>(event.interface);
    const std::vector<uint8_t> name = MptcpToSockAddr(event.address, event.port);
    std::memcpy(&address.addr, name.data(), name.size());
    return ToBytes(address);
}

} // namespace ns3
