// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 sections 3.3.8 (MP_PRIO) and 3.4 (ADD_ADDR, REMOVE_ADDR).
#include "mptcp-connection.h"

#include "ns3/mptcp-crypto.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{

namespace
{

/// How often an ADD_ADDR is sent if nobody echoes it.
constexpr uint32_t ADVERTISEMENT_TRIES = 6;

} // namespace

std::vector<IpAddress>
MptcpConnection::GetLocalAddresses() const
{
    std::vector<IpAddress> addresses;
    if (m_protocol)
    {
        for (const auto& local : m_protocol->GetLocalAddresses())
        {
            addresses.push_back(local.address);
        }
    }
    return addresses;
}

std::vector<RemoteAddress>
MptcpConnection::GetRemoteAddresses() const
{
    std::vector<RemoteAddress> addresses;
    for (const auto& [id, remote] : m_remoteAddresses)
    {
        if (id != 0 || !m_denyInitialAddress)
        {
            addresses.push_back(remote);
        }
    }
    return addresses;
}

uint8_t
MptcpConnection::GetLocalAddressId(const IpAddress& address)
{
    uint8_t unused = 0;
    for (const auto& [id, known] : m_localAddresses)
    {
        if (known == address)
        {
            return id;
        }
        unused = id == unused ? id + 1 : unused;
    }
    m_localAddresses[unused] = address;
    return unused;
}

bool
MptcpConnection::IsBackupAddress(const IpAddress& address) const
{
    const auto& backups = m_settings->m_backupAddresses;
    return std::find(backups.begin(), backups.end(), address) != backups.end();
}

void
MptcpConnection::Signal(Flow& flow, const MptcpOption& option)
{
    flow.signals.push_back(option);
    flow.subflow->SendAck();
}

MptcpConnection::Flow*
MptcpConnection::GetSignalFlow()
{
    MptcpSubflow* fastest = GetFastest();
    if (fastest)
    {
        return &Find(*fastest);
    }
    for (const auto& flow : m_flows)
    {
        if (flow->phase == Phase::ESTABLISHED)
        {
            return flow.get();
        }
    }
    return nullptr;
}

void
MptcpConnection::Advertise(const IpAddress& address)
{
    if (m_mode != Mode::MULTIPATH || m_ended)
    {
        return;
    }
    Advertisement advertisement;
    advertisement.option.addressId = GetLocalAddressId(address);
    advertisement.option.address = address;
    advertisement.option.truncatedHmac =
        MptcpAddAddressHmac(m_localKey, m_remoteKey, advertisement.option);
    const uint8_t id = advertisement.option.addressId;
    m_removals.erase(std::remove(m_removals.begin(), m_removals.end(), id), m_removals.end());
    auto& entry = m_advertisements[id];
    entry.timer.Remove();
    entry = advertisement;
    RepeatAdvertisement(id);
}

void
MptcpConnection::RepeatAdvertisement(uint8_t id)
{
    auto entry = m_advertisements.find(id);
    if (entry == m_advertisements.end())
    {
        return;
    }
    Advertisement& advertisement = entry->second;
    if (advertisement.tries == ADVERTISEMENT_TRIES)
    {
        m_advertisements.erase(entry);
        return;
    }
    Flow* flow = GetSignalFlow();
    const Time rto = flow ? flow->subflow->GetRto() : Seconds(1);
    const Time delay = std::max(rto, Seconds(1)) * (1 << advertisement.tries++);
    advertisement.timer =
        Simulator::Schedule(delay, &MptcpConnection::RepeatAdvertisement, this, id);
    if (flow)
    {
        Signal(*flow, advertisement.option);
    }
}

void
MptcpConnection::Withdraw(const IpAddress& address)
{
    if (m_mode != Mode::MULTIPATH || m_ended)
    {
        return;
    }
    auto known = std::find_if(m_localAddresses.begin(),
                              m_localAddresses.end(),
                              [&](const auto& entry) { return entry.second == address; });
    if (known == m_localAddresses.end())
    {
        return;
    }
    const uint8_t id = known->first;
    auto advertisement = m_advertisements.find(id);
    if (advertisement != m_advertisements.end())
    {
        advertisement->second.timer.Remove();
        m_advertisements.erase(advertisement);
    }
    // The peer hears of it first on another path, if there is one: then it can send again at once.
    std::vector<Ptr<MptcpSubflow>> ending;
    Flow* other = nullptr;
    for (const auto& flow : m_flows)
    {
        if (flow->subflow->GetTuple().localAddress == address)
        {
            flow->closing = true;
            ending.push_back(flow->subflow);
        }
        else if (flow->phase == Phase::ESTABLISHED && (!other || (other->stale && !flow->stale)))
        {
            other = flow.get();
        }
    }
    if (other)
    {
        RemoveAddress removal;
        removal.addressIds.Add(id);
        Signal(*other, removal);
    }
    else
    {
        m_removals.push_back(id);
    }
    for (const auto& subflow : ending)
    {
        subflow->Reset(MpTcpRst{0, MPTCP_RST_UNSPECIFIED}, Socket::ERROR_NOTCONN);
    }
}

void
MptcpConnection::OnAddAddress(Flow& flow, const AddAddress& option)
{
    if (option.echo)
    {
        auto advertisement = m_advertisements.find(option.addressId);
        if (advertisement != m_advertisements.end() &&
            IpAddress(advertisement->second.option.address) == IpAddress(option.address))
        {
            advertisement->second.timer.Remove();
            m_advertisements.erase(advertisement);
        }
        return;
    }
    if (option.truncatedHmac != MptcpAddAddressHmac(m_remoteKey, m_localKey, option))
    {
        return;
    }
    m_addressHeard = true;
    AddAddress echo = option;
    echo.echo = true;
    echo.truncatedHmac.reset();
    flow.signals.emplace_back(echo);
    flow.ackDue = true;
    m_acksDue = true;

    // Without a port it is the one of the subflow that brought the option.
    RemoteAddress remote;
    remote.id = option.addressId;
    remote.address = option.address;
    remote.port = option.port.value_or(flow.subflow->GetTuple().remotePort);
    auto known = m_remoteAddresses.find(option.addressId);
    if (known != m_remoteAddresses.end() && !(known->second.address == remote.address))
    {
        // The identifier must be removed first.
        return;
    }
    m_remoteAddresses[option.addressId] = remote;
    if (m_pathManagerStarted && !m_ended)
    {
        m_pathManager->OnRemoteAddress(*this, remote);
    }
}

void
MptcpConnection::OnRemoveAddress(Flow& flow, const RemoveAddress& option)
{
    std::vector<Ptr<MptcpSubflow>> ending;
    for (const uint8_t id : option.addressIds)
    {
        m_remoteAddresses.erase(id);
        for (const auto& other : m_flows)
        {
            // The path that brought the option is alive: who withdrew the address may end it.
            if (other->remoteAddressId == id && other.get() != &flow)
            {
                ending.push_back(other->subflow);
            }
        }
    }
    // What follows from their end waits for the end of the segment that is being processed.
    m_deferring = true;
    for (const auto& subflow : ending)
    {
        subflow->Reset(MpTcpRst{0, MPTCP_RST_UNSPECIFIED}, Socket::ERROR_NOTCONN);
    }
    m_deferring = false;
}

void
MptcpConnection::OnLocalAddress(const LocalAddress& address, bool up)
{
    if (m_pathManagerStarted && m_mode == Mode::MULTIPATH && !m_ended)
    {
        Ptr<MptcpConnection> self(this);
        Ptr<MptcpPathManager> pathManager = m_pathManager;
        pathManager->OnLocalAddress(*this, address.address, up);
    }
}

void
MptcpConnection::SetBackup(Ptr<MptcpSubflow> subflow, bool backup)
{
    if (m_mode != Mode::MULTIPATH || m_ended)
    {
        return;
    }
    Flow& flow = Find(*subflow);
    flow.backupRequested = backup;
    if (flow.phase == Phase::ESTABLISHED)
    {
        Signal(flow, MpPrio{backup});
    }
    Push();
}

} // namespace ns3
