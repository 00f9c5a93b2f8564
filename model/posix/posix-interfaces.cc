// SPDX-License-Identifier: GPL-2.0-only
#include "posix-interfaces.h"

#include "ns3/ipv4.h"
#include "ns3/ipv6.h"
#include "ns3/loopback-net-device.h"
#include "ns3/mptcp-sockaddr.h"
#include "ns3/mptcp-subflow-options.h"

#include <cstring>
#include <net/if.h>
#include <netinet/in.h>

namespace ns3
{

namespace
{

/// @param address any @param name is filled
void
FillName(const IpAddress& address, sockaddr_storage& name)
{
    const auto bytes = MptcpToSockAddr(address, 0);
    std::memcpy(&name, bytes.data(), bytes.size());
}

/// @param device of an interface @param up whether the interface is
/// @return name, index and flags of it
mptcp_posix_interface
MakeInterface(const Ptr<NetDevice>& device, bool up)
{
    mptcp_posix_interface interface {
    };
    // Cut off as far as IFNAMSIZ goes.
    MptcpSubflowOptions::GetDeviceName(device).copy(interface.name, sizeof(interface.name) - 1);
    interface.index = device->GetIfIndex() + 1;
    const auto add = [&interface](unsigned int flag, bool on)
    { interface.flags |= on ? flag : 0U; };
    add(IFF_UP, up);
    add(IFF_RUNNING, up && device->IsLinkUp());
    add(IFF_LOOPBACK, DynamicCast<LoopbackNetDevice>(device) != nullptr);
    add(IFF_POINTOPOINT, device->IsPointToPoint());
    add(IFF_MULTICAST, device->IsMulticast());
    return interface;
}

} // namespace

std::vector<mptcp_posix_interface>
ListPosixInterfaces(Ptr<Node> node)
{
    std::vector<mptcp_posix_interface> all;
    const auto ipv4 = node->GetObject<Ipv4>();
    for (uint32_t i = 0; ipv4 && i < ipv4->GetNInterfaces(); i++)
    {
        const auto device = ipv4->GetNetDevice(i);
        for (uint32_t j = 0; j < ipv4->GetNAddresses(i); j++)
        {
            const auto address = ipv4->GetAddress(i, j);
            auto interface = MakeInterface(device, ipv4->IsUp(i));
            FillName(address.GetLocal(), interface.address);
            FillName(Ipv4Address(address.GetMask().Get()), interface.mask);
            if (device->IsBroadcast() && (interface.flags & (IFF_POINTOPOINT | IFF_LOOPBACK)) == 0)
            {
                interface.flags |= IFF_BROADCAST;
                FillName(address.GetBroadcast(), interface.broadcast);
            }
            all.push_back(interface);
        }
    }
    const auto ipv6 = node->GetObject<Ipv6>();
    for (uint32_t i = 0; ipv6 && i < ipv6->GetNInterfaces(); i++)
    {
        const auto device = ipv6->GetNetDevice(i);
        for (uint32_t j = 0; j < ipv6->GetNAddresses(i); j++)
        {
            const auto address = ipv6->GetAddress(i, j);
            auto interface = MakeInterface(device, ipv6->IsUp(i));
            uint8_t mask[16];
            FillName(address.GetAddress(), interface.address);
            address.GetPrefix().GetBytes(mask);
            FillName(Ipv6Address(mask), interface.mask);
            if (address.GetAddress().IsLinkLocal())
            {
                reinterpret_cast<sockaddr_in6&>(interface.address).sin6_scope_id = interface.index;
            }
            all.push_back(interface);
        }
    }
    return all;
}

} // namespace ns3
