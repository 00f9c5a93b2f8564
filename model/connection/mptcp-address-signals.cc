// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 sections 3.3.8 (MP_PRIO) and 3.4.1 (ADD_ADDR), and how options leave that need ACKs of
// their own.
#include "mptcp-connection.h"

#include "ns3/log.h"
#include "ns3/mptcp-crypto.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <sstream>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("MptcpAddressSignals");

namespace
{

/// How often an ADD_ADDR is sent if nobody echoes it.
constexpr uint32_t ADVERTISEMENT_TRIES = 6;

} // namespace

bool
MptcpConnection::IsBackupAddress(const IpAddress& address) const
{
    const auto& backups = m_settings->m_backupAddresses;
    const auto endpoints = GetEndpoints();
    return std::find(backups.begin(), backups.end(), address) != backups.end() ||
           (endpoints && endpoints->IsBackup(address));
}

Ptr<MptcpEndpoints>
MptcpConnection::GetEndpoints() const
{
    return m_protocol ? m_protocol->GetNode()->GetObject<MptcpEndpoints>() : nullptr;
}

bool
MptcpConnection::AddSignals(Flow& flow, TcpOptionSpace& space)
{
    const size_t room = space.GetRoom();
    if (flow.signals.MoveAll(space))
    {
        return true;
    }
    if (m_settings->m_addrDropsTimestamps &&
        std::holds_alternative<AddAddress>(flow.signals.Front()))
    {
        space = TcpOptionSpace();
        if (flow.signals.MoveFirst(space))
        {
            return true;
        }
    }
    // An ACK with nothing else has no room for it: a port beside an IPv6 address and timestamps
    // makes 42 bytes.
    RefuseSignal(flow.signals.TakeFirst(), room);
    return false;
}

void
MptcpConnection::RefuseSignal(const MptcpOption& signal, size_t room)
{
    const auto* add = std::get_if<AddAddress>(&signal);
    const auto advertisement = add ? m_advertisements.find(add->addressId) : m_advertisements.end();
    if (advertisement != m_advertisements.end())
    {
        advertisement->second.timer.Remove();
        m_advertisements.erase(advertisement);
    }
    m_refusedSignals++;
    std::ostringstream text;
    text << signal << " takes " << GetMptcpOptionSize(signal) << " bytes, of which " << room
         << " are left";
    NS_LOG_WARN("not sent: " << text.str());
    m_refusedTrace(text.str());
}

void
MptcpConnection::Advertise(const IpAddress& address, uint16_t port)
{
    if (m_mode != Mode::MULTIPATH || m_ended || !Allows(address))
    {
        return;
    }
    port = port == 0 ? GetPreferredPort(address) : port;
    const auto addressId = GetLocalAddressId(address, port);
    if (!addressId)
    {
        std::ostringstream text;
        text << "ADD_ADDR of " << address << ": all 256 identifiers are in use";
        m_refusedSignals++;
        NS_LOG_WARN("not sent: " << text.str());
        m_refusedTrace(text.str());
        return;
    }
    Advertisement advertisement;
    advertisement.option.addressId = *addressId;
    advertisement.option.address = address;
    if (port != 0)
    {
        advertisement.option.port = port;
    }
    advertisement.option.version0 = m_version == 0;
    if (m_version != 0)
    {
        advertisement.option.truncatedHmac =
            MptcpAddAddressHmac(m_localKey, m_remoteKey, advertisement.option);
    }
    const uint8_t id = advertisement.option.addressId;
    auto& entry = m_advertisements[id];
    entry.timer.Remove();
    entry = advertisement;
    RepeatAdvertisement(id);
}

bool
MptcpConnection::IsWaiting(uint8_t id) const
{
    for (const auto& flow : m_flows)
    {
        if (flow->signals.HasAdvertisement(id))
        {
            return true;
        }
    }
    return false;
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
    if (IsWaiting(id))
    {
        // Behind others: it has not been sent yet.
        advertisement.timer =
            Simulator::Schedule(Seconds(1), &MptcpConnection::RepeatAdvertisement, this, id);
        return;
    }
    if (advertisement.tries == ADVERTISEMENT_TRIES)
    {
        m_advertisements.erase(entry);
        return;
    }
    Flow* flow = m_flows.GetSignalFlow();
    if (flow && m_version == 0)
    {
        const AddAddress option = advertisement.option;
        m_advertisements.erase(entry);
        AdvertiseOnAll(option);
        return;
    }
    const Time rto = flow ? flow->subflow->GetRto() : Seconds(1);
    const Time delay = std::max(rto, Seconds(1)) * (1 << advertisement.tries++);
    advertisement.timer =
        Simulator::Schedule(delay, &MptcpConnection::RepeatAdvertisement, this, id);
    if (flow)
    {
        flow->signals.Send(advertisement.option);
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
    const bool genuine = m_version == 0 || option.truncatedHmac ==
                                               MptcpAddAddressHmac(m_remoteKey, m_localKey, option);
    if (!genuine || !MptcpL4Protocol::IsUnicast(option.address))
    {
        return;
    }
    if (m_version != 0)
    {
        m_addressHeard = true;
        AddAddress echo = option;
        echo.echo = true;
        echo.truncatedHmac.reset();
        flow.signals.Add(echo);
        flow.ackDue = true;
        m_acksDue = true;
    }

    // Without a port it is the one of the subflow that brought the option.
    RemoteAddress remote;
    remote.id = option.addressId;
    remote.address = option.address;
    remote.port = option.port.value_or(flow.subflow->GetTuple().remotePort);
    const RemoteAddress* known = m_addresses.FindRemote(option.addressId);
    if (known && !(known->address == remote.address))
    {
        // The identifier must be removed first.
        return;
    }
    m_addresses.ForgetFailure(remote.address, remote.port);
    if (!known || known->port != remote.port)
    {
        m_addresses.SetRemote(remote);
        TellRemoteAddress(remote, true);
    }
    if (m_pathManagerStarted && !m_ended)
    {
        m_pathManager->OnRemoteAddress(*this, remote);
    }
}

void
MptcpConnection::OnLocalAddress(const LocalAddress& address, bool up)
{
    if (m_mode == Mode::MULTIPATH && !m_ended)
    {
        MptcpPathEvent event;
        event.kind = MptcpPathEvent::LOCAL_ADDRESS;
        event.address = address.address;
        event.interface = m_protocol->GetDeviceIndex(address);
        event.available = up;
        event.addressId = m_addresses.FindLocal(address.address).value_or(event.addressId);
        m_pathEventTrace(event);
    }
    if (m_pathManagerStarted && m_mode == Mode::MULTIPATH && !m_ended &&
        (!up || Allows(address.address)))
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
    Flow& flow = m_flows.Find(*subflow);
    if (flow.backupRequested != backup)
    {
        TellPriority(flow, false, backup);
    }
    flow.backupRequested = backup;
    Flow* other = m_version == 0 && flow.stale ? m_flows.GetFastest() : nullptr;
    if (other)
    {
        // Its own path is silent: by its address on another one (RFC 6824 section 3.3.8).
        other->signals.Send(MpPrio{backup, 0, flow.localAddressId});
    }
    else if (flow.phase == Phase::ESTABLISHED)
    {
        flow.signals.Send(MpPrio{backup});
    }
    Push();
}

void
MptcpConnection::OnPriority(Flow& flow, const MpPrio& option)
{
    for (const auto& other : m_flows)
    {
        const bool meant =
            option.addressId ? other->remoteAddressId == *option.addressId : other.get() == &flow;
        if (meant && other->backup != option.backup)
        {
            other->backup = option.backup;
            TellPriority(*other, true, option.backup);
        }
    }
}

} // namespace ns3
