// SPDX-License-Identifier: GPL-2.0-only
// MptcpL4Protocol: the node's addresses.
#include "mptcp-l4-protocol.h"

#include "ns3/ipv4-header.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-route.h"

#include <algorithm>

namespace ns3
{

bool
MptcpL4Protocol::IsCandidate(const IpAddress& address)
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        // 127.0.0.0/8 and RFC 3927's 169.254.0.0/16
        return v4->Get() >> 24 != 127 && v4->Get() >> 16 != 0xa9fe && !v4->IsAny();
    }
    const auto& v6 = std::get<Ipv6Address>(address);
    return !v6.IsLocalhost() && !v6.IsLinkLocal() && !v6.IsAny();
}

bool
MptcpL4Protocol::IsUnicast(const IpAddress& address)
{
    if (const auto* v4 = std::get_if<Ipv4Address>(&address))
    {
        return !v4->IsMulticast() && !v4->IsBroadcast();
    }
    return !std::get<Ipv6Address>(address).IsMulticast();
}

std::vector<LocalAddress>
MptcpL4Protocol::GetLocalAddresses() const
{
    std::vector<LocalAddress> addresses;
    for (uint32_t i = 0; m_ipv4 && i < m_ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; m_ipv4->IsUp(i) && j < m_ipv4->GetNAddresses(i); ++j)
        {
            const Ipv4Address address = m_ipv4->GetAddress(i, j).GetLocal();
            if (IsCandidate(address))
            {
                addresses.push_back({address, i});
            }
        }
    }
    for (uint32_t i = 0; m_ipv6 && i < m_ipv6->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; m_ipv6->IsUp(i) && j < m_ipv6->GetNAddresses(i); ++j)
        {
            const Ipv6InterfaceAddress address = m_ipv6->GetAddress(i, j);
            if (Ipv6SourceRouting::IsUsable(address) && IsCandidate(address.GetAddress()))
            {
                addresses.push_back({address.GetAddress(), i});
            }
        }
    }
    return addresses;
}

std::vector<IpAddress>
MptcpL4Protocol::GetAllAddresses(bool ipv6) const
{
    std::vector<IpAddress> addresses;
    for (uint32_t i = 0; !ipv6 && m_ipv4 && i < m_ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < m_ipv4->GetNAddresses(i); ++j)
        {
            addresses.emplace_back(m_ipv4->GetAddress(i, j).GetLocal());
        }
    }
    for (uint32_t i = 0; ipv6 && m_ipv6 && i < m_ipv6->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < m_ipv6->GetNAddresses(i); ++j)
        {
            addresses.emplace_back(m_ipv6->GetAddress(i, j).GetAddress());
        }
    }
    return addresses;
}

bool
MptcpL4Protocol::HasAddress(const IpAddress& address, Ptr<NetDevice> device) const
{
    const bool ipv6 = IsIpv6(address);
    for (uint32_t i = 0; !ipv6 && m_ipv4 && i < m_ipv4->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < m_ipv4->GetNAddresses(i); ++j)
        {
            if (m_ipv4->GetAddress(i, j).GetLocal() == std::get<Ipv4Address>(address) &&
                m_ipv4->IsUp(i) && (!device || m_ipv4->GetNetDevice(i) == device))
            {
                return true;
            }
        }
    }
    for (uint32_t i = 0; ipv6 && m_ipv6 && i < m_ipv6->GetNInterfaces(); ++i)
    {
        for (uint32_t j = 0; j < m_ipv6->GetNAddresses(i); ++j)
        {
            if (m_ipv6->GetAddress(i, j).GetAddress() == std::get<Ipv6Address>(address) &&
                m_ipv6->IsUp(i) && (!device || m_ipv6->GetNetDevice(i) == device))
            {
                return true;
            }
        }
    }
    return false;
}

uint32_t
MptcpL4Protocol::GetDeviceIndex(const LocalAddress& address) const
{
    const Ptr<NetDevice> device = IsIpv6(address.address) ? m_ipv6->GetNetDevice(address.interface)
                                                          : m_ipv4->GetNetDevice(address.interface);
    return device ? device->GetIfIndex() + 1 : 0;
}

bool
MptcpL4Protocol::HasRoute(const IpAddress& local,
                          const IpAddress& remote,
                          Ptr<NetDevice> device) const
{
    if (!IsUnicast(remote))
    {
        return false;
    }
    Socket::SocketErrno error;
    if (const auto* v4 = std::get_if<Ipv4Address>(&remote))
    {
        Ipv4Header header;
        header.SetSource(std::get<Ipv4Address>(local));
        header.SetDestination(*v4);
        header.SetProtocol(PROT_NUMBER);
        return m_ipv4 && m_ipv4->GetRoutingProtocol() &&
               m_ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error);
    }
    Ipv6Header header;
    header.SetSource(std::get<Ipv6Address>(local));
    header.SetDestination(std::get<Ipv6Address>(remote));
    header.SetNextHeader(PROT_NUMBER);
    return m_ipv6 && m_ipv6->GetRoutingProtocol() &&
           m_ipv6->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error);
}

std::optional<IpAddress>
MptcpL4Protocol::SelectSource(const IpAddress& remote, Ptr<NetDevice> device) const
{
    if (!IsUnicast(remote))
    {
        return std::nullopt;
    }
    Socket::SocketErrno error;
    if (const auto* v4 = std::get_if<Ipv4Address>(&remote))
    {
        if (!m_ipv4 || !m_ipv4->GetRoutingProtocol())
        {
            return std::nullopt;
        }
        Ipv4Header header;
        header.SetSource(Ipv4Address::GetAny());
        header.SetDestination(*v4);
        header.SetProtocol(PROT_NUMBER);
        const auto route =
            m_ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error);
        if (!route || route->GetSource().IsAny())
        {
            return std::nullopt;
        }
        return route->GetSource();
    }
    const auto& v6 = std::get<Ipv6Address>(remote);
    if (!m_ipv6 || !m_ipv6->GetRoutingProtocol())
    {
        return std::nullopt;
    }
    Ipv6Header header;
    header.SetSource(Ipv6Address::GetAny());
    header.SetDestination(v6);
    header.SetNextHeader(PROT_NUMBER);
    const auto route = m_ipv6->GetRoutingProtocol()->RouteOutput(nullptr, header, device, error);
    if (!route || route->GetSource().IsAny())
    {
        return std::nullopt;
    }
    return route->GetSource();
}

uint32_t
MptcpL4Protocol::AddAddressCallback(AddressCallback callback)
{
    m_callbacks.emplace(m_nextCallback, std::move(callback));
    return m_nextCallback++;
}

void
MptcpL4Protocol::RemoveAddressCallback(uint32_t id)
{
    m_callbacks.erase(id);
}

void
MptcpL4Protocol::NotifyAddress(const LocalAddress& address, bool up)
{
    if (!IsCandidate(address.address))
    {
        return;
    }
    m_unusable.erase(std::remove(m_unusable.begin(), m_unusable.end(), address.address),
                     m_unusable.end());
    if (!up)
    {
        m_unusable.push_back(address.address);
    }
    else
    {
        m_ports.AddAddress(address.address);
    }
    const auto known = std::find(m_usable.begin(), m_usable.end(), address);
    if ((known != m_usable.end()) == up)
    {
        return;
    }
    if (up)
    {
        m_usable.push_back(address);
    }
    else
    {
        m_usable.erase(known);
    }
    // Who is told may stop to listen, or make others do so.
    std::vector<uint32_t> ids;
    ids.reserve(m_callbacks.size());
    for (const auto& [id, callback] : m_callbacks)
    {
        ids.push_back(id);
    }
    for (const uint32_t id : ids)
    {
        if (const auto found = m_callbacks.find(id); found != m_callbacks.end())
        {
            const AddressCallback callback = found->second;
            callback(address, up);
        }
    }
}

} // namespace ns3
