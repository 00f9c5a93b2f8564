// SPDX-License-Identifier: GPL-2.0-only
#include "signal-queue.h"

#include "ns3/mptcp-subflow.h"
#include "ns3/simulator.h"
#include "ns3/tcp-segment.h"

#include <algorithm>
#include <utility>

namespace ns3
{

namespace
{

/// ACKs in a row that are sent for the sake of their MPTCP options alone (section 3).
constexpr uint32_t ACKS_IN_A_ROW = 2;
/// The shortest time until the next such ACKs.
const Time SHORTEST_DELAY = MilliSeconds(1);
/// Identifiers in one REMOVE_ADDR, which then fits beside timestamps.
constexpr size_t REMOVED_TOGETHER = 25;

/// @param option any @param id identifier of an address @return whether it is its ADD_ADDR
bool
IsAdvertisement(const MptcpOption& option, uint8_t id)
{
    const auto* add = std::get_if<AddAddress>(&option);
    return add && !add->echo && add->addressId == id;
}

} // namespace

SignalQueue::SignalQueue(MptcpSubflow& subflow)
    : m_subflow(subflow)
{
}

SignalQueue::~SignalQueue()
{
    m_timer.Remove();
}

bool
SignalQueue::HasAdvertisement(uint8_t id) const
{
    return std::any_of(m_options.begin(),
                       m_options.end(),
                       [id](const MptcpOption& option) { return IsAdvertisement(option, id); });
}

void
SignalQueue::DropAdvertisement(uint8_t id)
{
    const auto dropped =
        std::remove_if(m_options.begin(),
                       m_options.end(),
                       [id](const MptcpOption& option) { return IsAdvertisement(option, id); });
    m_options.erase(dropped, m_options.end());
}

void
SignalQueue::Add(const MptcpOption& option)
{
    m_options.push_back(option);
}

void
SignalQueue::AddRemoval(const std::vector<uint8_t>& ids)
{
    for (size_t i = 0; i < ids.size(); i += REMOVED_TOGETHER)
    {
        RemoveAddress removal;
        for (size_t j = i; j < std::min(i + REMOVED_TOGETHER, ids.size()); j++)
        {
            removal.addressIds.Add(ids[j]);
        }
        m_options.emplace_back(removal);
    }
}

void
SignalQueue::Clear()
{
    m_options.clear();
}

std::vector<MptcpOption>
SignalQueue::TakeAll()
{
    return std::exchange(m_options, {});
}

void
SignalQueue::Hold()
{
    m_held = true;
}

void
SignalQueue::Release()
{
    m_held = false;
}

void
SignalQueue::Send()
{
    while (!m_held && !m_options.empty() && m_acks < ACKS_IN_A_ROW)
    {
        m_acks++;
        m_subflow.SendAck();
    }
    if (m_acks > 0 && m_timer.IsExpired())
    {
        const Time delay = std::max(m_subflow.GetSmoothedRtt(), SHORTEST_DELAY);
        m_timer = Simulator::Schedule(delay, &SignalQueue::OnTimer, this);
    }
}

void
SignalQueue::Send(const MptcpOption& option)
{
    Add(option);
    Send();
}

void
SignalQueue::SendDueAck()
{
    if (m_held || m_options.empty() || m_acks > 0)
    {
        m_subflow.SendAck();
    }
    else
    {
        Send();
    }
}

bool
SignalQueue::MoveFirst(TcpOptionSpace& space)
{
    if (m_options.empty() || !space.AddMptcp(m_options.front()))
    {
        return false;
    }
    m_options.erase(m_options.begin());
    return true;
}

bool
SignalQueue::MoveAll(TcpOptionSpace& space)
{
    bool moved = false;
    while (MoveFirst(space))
    {
        moved = true;
    }
    return moved;
}

MptcpOption
SignalQueue::TakeFirst()
{
    MptcpOption first = std::move(m_options.front());
    m_options.erase(m_options.begin());
    return first;
}

void
SignalQueue::OnTimer()
{
    m_acks = 0;
    Send();
}

} // namespace ns3
