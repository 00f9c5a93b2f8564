// SPDX-License-Identifier: GPL-2.0-only
#include "chaos-addresses.h"

#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/ipv6.h"

namespace ns3
{

namespace
{

constexpr uint32_t ROUTER = 2;  // its number in the networks of TestRig
constexpr uint32_t OTHERS = 10; // first number of further addresses

/// @param first address of a network @param host a number @return the address with that number
Ipv4Address
WithHost(Ipv4Address first, uint32_t host)
{
    return Ipv4Address((first.Get() & 0xffffff00) | host);
}

/// @param first address of a network @param host a number @return the address with that number
Ipv6Address
WithHost(Ipv6Address first, uint32_t host)
{
    uint8_t bytes[16];
    first.GetBytes(bytes);
    bytes[14] = host >> 8;
    bytes[15] = host;
    return Ipv6Address(bytes);
}

} // namespace

ChaosAddresses::ChaosAddresses(TestRig& rig)
    : m_rig(rig),
      m_access(rig.CountPaths())
{
}

void
ChaosAddresses::TakeDown(uint32_t path)
{
    m_access[path].down++;
    Apply(path);
}

void
ChaosAddresses::BringUp(uint32_t path)
{
    m_access[path].down--;
    Apply(path);
}

void
ChaosAddresses::TakeAddress(uint32_t path)
{
    m_access[path].away++;
    Apply(path);
}

void
ChaosAddresses::GiveAddress(uint32_t path)
{
    Access& access = m_access[path];
    access.away--;
    access.host = access.host < OTHERS ? OTHERS : access.host + 1;
    Apply(path);
}

void
ChaosAddresses::Apply(uint32_t path)
{
    if (m_rig.GetClient()->GetObject<Ipv4>())
    {
        Apply4(path);
    }
    if (m_rig.GetClient()->GetObject<Ipv6>())
    {
        Apply6(path);
    }
}

void
ChaosAddresses::Apply4(uint32_t path)
{
    const uint32_t interface = path + 1;
    const Access& access = m_access[path];
    auto ip = m_rig.GetClient()->GetObject<Ipv4>();
    if (ip->IsUp(interface) && access.down > 0)
    {
        ip->SetDown(interface);
    }
    const auto first = std::get<Ipv4Address>(TestRig::GetClientIp(path, false));
    const Ipv4Address wanted = WithHost(first, access.host);
    while (ip->GetNAddresses(interface) > 0 &&
           (access.away > 0 || ip->GetAddress(interface, 0).GetLocal() != wanted))
    {
        ip->RemoveAddress(interface, 0);
    }
    if (ip->GetNAddresses(interface) == 0 && access.away == 0)
    {
        ip->AddAddress(interface, Ipv4InterfaceAddress(wanted, Ipv4Mask("/24")));
    }
    if (!ip->IsUp(interface) && access.down == 0)
    {
        ip->SetUp(interface);
    }
    if (access.down == 0 && access.away == 0)
    {
        Ipv4StaticRoutingHelper().GetStaticRouting(ip)->SetDefaultRoute(
            WithHost(first, ROUTER), interface, path);
    }
}

void
ChaosAddresses::Apply6(uint32_t path)
{
    const Access& access = m_access[path];
    auto ip = m_rig.GetClient()->GetObject<Ipv6>();
    const auto first = std::get<Ipv6Address>(TestRig::GetClientIp(path, true));
    const Ipv6Address wanted = WithHost(first, access.host);
    const uint32_t interface = path + 1;
    if (access.down > 0)
    {
        if (ip->IsUp(interface))
        {
            ip->SetDown(interface); // forgets the addresses
        }
        return;
    }
    if (!ip->IsUp(interface))
    {
        ip->SetUp(interface);
    }
    for (uint32_t i = ip->GetNAddresses(interface); i > 0; i--)
    {
        const Ipv6Address address = ip->GetAddress(interface, i - 1).GetAddress();
        if (!address.IsLinkLocal() && (access.away > 0 || address != wanted))
        {
            ip->RemoveAddress(interface, i - 1);
        }
    }
    if (access.away == 0)
    {
        if (ip->GetInterfaceForAddress(wanted) < 0)
        {
            ip->AddAddress(interface, Ipv6InterfaceAddress(wanted, Ipv6Prefix(64)));
        }
        Ipv6StaticRoutingHelper().GetStaticRouting(ip)->SetDefaultRoute(
            WithHost(first, ROUTER), interface, Ipv6Address("::"), path);
    }
}

} // namespace ns3
