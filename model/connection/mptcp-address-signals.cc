// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-address-signals.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <iterator>

namespace ns3
{

namespace
{

/// How often an ADD_ADDR is sent if nobody echoes it.
constexpr uint32_t ADVERTISEMENT_TRIES = 6;
/// Of the time between repetitions of a REMOVE_ADDR: hours by then.
constexpr uint32_t MOST_DOUBLINGS = 16;

} // namespace

MptcpAddressSignals::MptcpAddressSignals(const MptcpFlows& flows, MptcpAddressBook& book)
    : m_flows(flows),
      m_book(book)
{
}

MptcpAddressSignals::~MptcpAddressSignals()
{
    Stop();
}

void
MptcpAddressSignals::Advertise(const AddAddress& option)
{
    Advertisement& advertisement = m_advertisements[option.addressId];
    advertisement.timer.Remove();
    advertisement = Advertisement{option, 0, EventId()};
    RepeatAdvertisement(option.addressId);
}

void
MptcpAddressSignals::OnEcho(const AddAddress& echo)
{
    const auto advertisement = m_advertisements.find(echo.addressId);
    if (advertisement != m_advertisements.end() &&
        IpAddress(advertisement->second.option.address) == IpAddress(echo.address))
    {
        Forget(echo.addressId);
    }
}

void
MptcpAddressSignals::Forget(uint8_t id)
{
    const auto advertisement = m_advertisements.find(id);
    if (advertisement != m_advertisements.end())
    {
        advertisement->second.timer.Remove();
        m_advertisements.erase(advertisement);
    }
    for (const auto& flow : m_flows)
    {
        flow->signals.DropAdvertisement(id);
    }
}

bool
MptcpAddressSignals::IsAdvertised(uint8_t id) const
{
    return m_advertisements.count(id) > 0;
}

bool
MptcpAddressSignals::IsWaiting(uint8_t id) const
{
    return std::any_of(m_flows.begin(),
                       m_flows.end(),
                       [id](const auto& flow) { return flow->signals.HasAdvertisement(id); });
}

void
MptcpAddressSignals::RepeatAdvertisement(uint8_t id)
{
    Advertisement& advertisement = m_advertisements.at(id);
    if (IsWaiting(id))
    {
        // Behind others: it has not been sent yet.
        advertisement.timer =
            Simulator::Schedule(Seconds(1), &MptcpAddressSignals::RepeatAdvertisement, this, id);
        return;
    }
    if (advertisement.tries == ADVERTISEMENT_TRIES)
    {
        m_advertisements.erase(id);
        return;
    }
    const AddAddress option = advertisement.option;
    MptcpFlow* flow = m_flows.GetSignalFlow();
    if (flow && option.version0)
    {
        m_advertisements.erase(id);
        AdvertiseOnAll(option);
        return;
    }
    const Time rto = flow ? flow->subflow->GetRto() : Seconds(1);
    const Time delay = std::max(rto, Seconds(1)) * (1 << advertisement.tries++);
    advertisement.timer =
        Simulator::Schedule(delay, &MptcpAddressSignals::RepeatAdvertisement, this, id);
    if (flow)
    {
        flow->signals.Send(option);
    }
}

void
MptcpAddressSignals::AdvertiseOnAll(const AddAddress& option) const
{
    for (const auto& flow : m_flows)
    {
        if (flow->phase == MptcpFlow::Phase::ESTABLISHED)
        {
            flow->signals.Send(option);
        }
    }
}

std::vector<uint8_t>
MptcpAddressSignals::Withdraw(const std::vector<IpAddress>& addresses)
{
    std::vector<uint8_t> ids;
    for (const auto& address : addresses)
    {
        const auto gone = m_book.Withdraw(address);
        ids.insert(ids.end(), gone.begin(), gone.end());
    }
    for (const uint8_t id : ids)
    {
        Forget(id);
    }
    return ids;
}

void
MptcpAddressSignals::Remove(MptcpFlow* flow, const std::vector<uint8_t>& ids, uint32_t repeats)
{
    m_removals.push_back({ids, repeats, 0, EventId()});
    ScheduleRemoval(std::prev(m_removals.end()));
    SendRemoval(flow, ids);
}

void
MptcpAddressSignals::TakeOverRemovals(const std::vector<MptcpOption>& signals)
{
    for (const auto& signal : signals)
    {
        if (const auto* removal = std::get_if<RemoveAddress>(&signal))
        {
            const auto gone =
                GetWithdrawn({removal->addressIds.begin(), removal->addressIds.end()});
            SendRemoval(m_flows.GetSignalFlow(), gone);
        }
    }
}

std::vector<uint8_t>
MptcpAddressSignals::GetWithdrawn(const std::vector<uint8_t>& ids) const
{
    std::vector<uint8_t> withdrawn;
    std::copy_if(ids.begin(),
                 ids.end(),
                 std::back_inserter(withdrawn),
                 [this](uint8_t id) { return m_book.IsWithdrawn(id); });
    return withdrawn;
}

void
MptcpAddressSignals::SendRemoval(MptcpFlow* flow, const std::vector<uint8_t>& ids)
{
    if (!flow)
    {
        m_book.KeepRemoval(ids);
        return;
    }
    flow->signals.AddRemoval(ids);
    flow->signals.Send();
}

void
MptcpAddressSignals::ScheduleRemoval(Removals::iterator removal)
{
    if (removal->tries >= removal->repeats)
    {
        m_removals.erase(removal);
        return;
    }
    const MptcpFlow* flow = m_flows.GetSignalFlow();
    const Time rto = flow ? flow->subflow->GetRto() : Seconds(1);
    const Time delay = rto * (1 << std::min(removal->tries++, MOST_DOUBLINGS));
    removal->timer = Simulator::Schedule(delay, &MptcpAddressSignals::RepeatRemoval, this, removal);
}

void
MptcpAddressSignals::RepeatRemoval(Removals::iterator removal)
{
    const std::vector<uint8_t> gone = GetWithdrawn(removal->ids);
    if (gone.empty())
    {
        m_removals.erase(removal);
        return;
    }
    removal->ids = gone;
    ScheduleRemoval(removal);
    if (MptcpFlow* flow = m_flows.GetSignalFlow())
    {
        SendRemoval(flow, gone);
    }
}

void
MptcpAddressSignals::Stop()
{
    for (auto& [id, advertisement] : m_advertisements)
    {
        advertisement.timer.Remove();
    }
    m_advertisements.clear();
    for (auto& removal : m_removals)
    {
        removal.timer.Remove();
    }
    m_removals.clear();
}

} // namespace ns3
