// SPDX-License-Identifier: GPL-2.0-only
// RFC 8684 section 3.4.1: ADD_ADDR, sent and received, and what becomes of one that has no room.
#include "mptcp-connection.h"

#include "ns3/log.h"
#include "ns3/mptcp-crypto.h"
#include "ns3/telling.h"

#include <sstream>

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("MptcpAdvertisement");

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
    const MptcpOption signal = flow.signals.TakeFirst();
    if (const auto* add = std::get_if<AddAddress>(&signal))
    {
        m_addressSignals.Forget(add->addressId);
    }
    std::ostringstream text;
    text << signal << " takes " << GetMptcpOptionSize(signal) << " bytes, of which " << room
         << " are left";
    Refuse(text.str());
    return false;
}

void
MptcpConnection::Refuse(const std::string& what)
{
    m_refusedSignals++;
    NS_LOG_WARN("not sent: " << what);
    const Telling telling;
    m_refusedTrace(what);
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
        Refuse(text.str());
        return;
    }
    AddAddress option;
    option.addressId = *addressId;
    option.address = address;
    if (port != 0)
    {
        option.port = port;
    }
    option.version0 = m_version == 0;
    if (m_version != 0)
    {
        option.truncatedHmac = MptcpAddAddressHmac(m_localKey, m_remoteKey, option);
    }
    m_addressSignals.Advertise(option);
}

void
MptcpConnection::OnAddAddress(Flow& flow, const AddAddress& option)
{
    if (option.echo)
    {
        m_addressSignals.OnEcho(option);
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
        echo.reserved = 0;
        flow.signals.Add(echo);
        flow.ackDue = true;
        m_acksDue = true;
    }

    RemoteAddress remote;
    remote.id = option.addressId;
    remote.address = option.address;
    remote.port = option.port.value_or(0);
    remote.portGiven = remote.port != 0;
    const RemoteAddress* known = m_addresses.FindRemote(option.addressId);
    if (known && !(known->address == remote.address))
    {
        // The identifier must be removed first.
        return;
    }
    if (!remote.portGiven)
    {
        // For which 0 stands in the HMAC: that of the subflow which brought the option first. A
        // repetition may come on another one.
        remote.port =
            known && !known->portGiven ? known->port : flow.subflow->GetTuple().remotePort;
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

} // namespace ns3
