// SPDX-License-Identifier: GPL-2.0-only
#include "smartphone-helper.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-routing-table-entry.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/ipv6.h"
#include "ns3/net-device-container.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/queue-size.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

namespace ns3
{

namespace
{

const Ipv4Mask MASK("/24");
const Ipv6Prefix PREFIX(64);

} // namespace

SmartphoneHelper::SmartphoneHelper()
    : m_serverRate("1Gb/s"),
      m_serverDelay(0),
      m_serverQueue(1000)
{
    m_access[WIFI] = CreateObject<PointToPointAccess>();
    m_access[CELLULAR] =
        CreateObjectWithAttributes<PointToPointAccess>("DataRate",
                                                       DataRateValue(DataRate("10Mb/s")),
                                                       "Delay",
                                                       TimeValue(MilliSeconds(50)),
                                                       "QueuePackets",
                                                       UintegerValue(120));
}

void
SmartphoneHelper::SetAccess(Access which, Ptr<PhoneAccess> access)
{
    m_access[which] = access;
}

void
SmartphoneHelper::SetServerLink(DataRate rate, Time delay, uint32_t packets)
{
    m_serverRate = rate;
    m_serverDelay = delay;
    m_serverQueue = packets;
}

void
SmartphoneHelper::SetFamilies(bool ipv4, bool ipv6)
{
    m_ipv4 = ipv4;
    m_ipv6 = ipv6;
}

void
SmartphoneHelper::SetDefaultAccess(Access access)
{
    m_defaultAccess = access;
}

void
SmartphoneHelper::Build()
{
    m_phone = CreateObject<Node>();
    m_routers.Create(3);
    m_server = CreateObject<Node>();

    InternetStackHelper internet;
    NodeContainer all(m_phone, m_routers, m_server);
    internet.Install(all);
    for (auto node = all.Begin(); node != all.End(); ++node)
    {
        // It would keep an address from being used for a second after each return.
        (*node)->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
    }
    for (const auto& host : {m_phone, m_server})
    {
        // A host that forwards sends packets to an address that it has lost round in circles.
        host->GetObject<Ipv4>()->SetAttribute("IpForward", BooleanValue(false));
        host->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(false));
    }
    for (auto router = m_routers.Begin(); router != m_routers.End(); ++router)
    {
        (*router)->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
    }

    Ptr<Node> backbone = m_routers.Get(2);
    const auto [backboneEnd, serverEnd] = Link(backbone, m_server, m_serverDelay, 5);
    m_serverEnd = serverEnd;
    AddDefaultRoutes({serverEnd, backboneEnd});
    for (const Access access : {WIFI, CELLULAR})
    {
        Ptr<Node> router = m_routers.Get(access);
        m_access[access]->Build(m_phone, router);
        const uint8_t network = access + 1;
        const End gateway = Number(m_access[access]->GetRouterDevice(), network, 1);
        const End phone = Number(m_access[access]->GetPhoneDevice(), network, 2);
        m_uplinks[access] = {phone, gateway, access == m_defaultAccess ? 0U : 1U};
        AddDefaultRoutes(m_uplinks[access]);
        const auto [near, far] = Link(router, backbone, Time(0), network + 2);
        AddDefaultRoutes({near, far});
        AddRoutes(phone, far, near);
    }
}

std::pair<SmartphoneHelper::End, SmartphoneHelper::End>
SmartphoneHelper::Link(Ptr<Node> a, Ptr<Node> b, Time delay, uint8_t network)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", DataRateValue(m_serverRate));
    link.SetChannelAttribute("Delay", TimeValue(delay));
    link.SetQueue("ns3::DropTailQueue",
                  "MaxSize",
                  QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, m_serverQueue)));
    const NetDeviceContainer devices = link.Install(a, b);
    m_backbone.push_back(devices.Get(0));
    m_backbone.push_back(devices.Get(1));
    return {Number(devices.Get(0), network, 1), Number(devices.Get(1), network, 2)};
}

SmartphoneHelper::End
SmartphoneHelper::Number(Ptr<NetDevice> device, uint8_t network, uint8_t host) const
{
    Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    Ptr<Ipv6> ipv6 = device->GetNode()->GetObject<Ipv6>();
    End end;
    end.device = device;
    // Not by Ipv4AddressHelper, which would put a queue disc on the device. The routing is looked
    // up now, since others may be wrapped around it later.
    if (m_ipv4)
    {
        end.ipv4 = Ipv4Address((10U << 24) | (network << 8) | host);
        end.routing4 = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
        ipv4->SetUp(ipv4->AddInterface(device));
    }
    if (m_ipv6)
    {
        // Unique local addresses (RFC 4193): ns-3 does not forward those kept for documentation.
        uint8_t bytes[16] = {0xfd, 0, 0, 0, 0, 0, 0, network};
        bytes[15] = host;
        end.ipv6 = Ipv6Address(bytes);
        end.routing6 = Ipv6StaticRoutingHelper().GetStaticRouting(ipv6);
        ipv6->SetUp(ipv6->AddInterface(device));
    }
    AddAddresses(end);
    return end;
}

void
SmartphoneHelper::AddAddresses(const End& end)
{
    Ptr<Node> node = end.device->GetNode();
    if (end.routing4)
    {
        Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
        ipv4->AddAddress(ipv4->GetInterfaceForDevice(end.device),
                         Ipv4InterfaceAddress(end.ipv4, MASK));
    }
    if (end.routing6)
    {
        Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
        ipv6->AddAddress(ipv6->GetInterfaceForDevice(end.device),
                         Ipv6InterfaceAddress(end.ipv6, PREFIX));
    }
}

void
SmartphoneHelper::RemoveAddresses(const End& end)
{
    // The routes first: a look-up that finds one whose interface has no address ends the run.
    const auto removeRoutes = [](auto& routing, uint32_t interface)
    {
        for (uint32_t i = routing.GetNRoutes(); i-- > 0;)
        {
            if (routing.GetRoute(i).GetInterface() == interface)
            {
                routing.RemoveRoute(i);
            }
        }
    };
    Ptr<Node> node = end.device->GetNode();
    if (end.routing4)
    {
        Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
        const uint32_t index = ipv4->GetInterfaceForDevice(end.device);
        removeRoutes(*end.routing4, index);
        ipv4->RemoveAddress(index, end.ipv4);
    }
    if (end.routing6)
    {
        Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
        const uint32_t index = ipv6->GetInterfaceForDevice(end.device);
        removeRoutes(*end.routing6, index);
        ipv6->RemoveAddress(index, end.ipv6);
    }
}

void
SmartphoneHelper::AddDefaultRoutes(const Uplink& uplink)
{
    const End& end = uplink.end;
    Ptr<Node> node = end.device->GetNode();
    if (end.routing4)
    {
        end.routing4->SetDefaultRoute(uplink.gateway.ipv4,
                                      node->GetObject<Ipv4>()->GetInterfaceForDevice(end.device),
                                      uplink.metric);
    }
    if (end.routing6)
    {
        end.routing6->SetDefaultRoute(uplink.gateway.ipv6,
                                      node->GetObject<Ipv6>()->GetInterfaceForDevice(end.device),
                                      Ipv6Address::GetAny(),
                                      uplink.metric);
    }
}

void
SmartphoneHelper::AddRoutes(const End& to, const End& by, const End& gateway)
{
    Ptr<Node> node = by.device->GetNode();
    if (by.routing4)
    {
        by.routing4->AddNetworkRouteTo(to.ipv4.CombineMask(MASK),
                                       MASK,
                                       gateway.ipv4,
                                       node->GetObject<Ipv4>()->GetInterfaceForDevice(by.device));
    }
    if (by.routing6)
    {
        by.routing6->AddNetworkRouteTo(to.ipv6.CombinePrefix(PREFIX),
                                       PREFIX,
                                       gateway.ipv6,
                                       node->GetObject<Ipv6>()->GetInterfaceForDevice(by.device));
    }
}

void
SmartphoneHelper::SetInterface(const Uplink& uplink, bool up)
{
    const End& end = uplink.end;
    Ptr<Node> node = end.device->GetNode();
    if (end.routing4)
    {
        Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
        const uint32_t index = ipv4->GetInterfaceForDevice(end.device);
        up ? ipv4->SetUp(index) : ipv4->SetDown(index);
    }
    if (end.routing6)
    {
        Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
        const uint32_t index = ipv6->GetInterfaceForDevice(end.device);
        up ? ipv6->SetUp(index) : ipv6->SetDown(index);
        if (up)
        {
            // Going down has taken them.
            ipv6->AddAddress(index, Ipv6InterfaceAddress(end.ipv6, PREFIX));
        }
    }
    if (up)
    {
        AddDefaultRoutes(uplink);
    }
}

int64_t
SmartphoneHelper::AssignStreams(int64_t stream)
{
    int64_t used = 0;
    for (const auto& access : m_access)
    {
        used += access->AssignStreams(stream + used);
    }
    return used;
}

Ptr<Node>
SmartphoneHelper::GetPhone() const
{
    return m_phone;
}

Ptr<Node>
SmartphoneHelper::GetServer() const
{
    return m_server;
}

NodeContainer
SmartphoneHelper::GetRouters() const
{
    return m_routers;
}

Ptr<NetDevice>
SmartphoneHelper::GetPhoneDevice(Access access) const
{
    return m_access[access]->GetPhoneDevice();
}

IpAddress
SmartphoneHelper::GetPhoneAddress(Access access, bool ipv6) const
{
    const End& end = m_uplinks[access].end;
    return ipv6 ? IpAddress(end.ipv6) : IpAddress(end.ipv4);
}

IpAddress
SmartphoneHelper::GetServerAddress(bool ipv6) const
{
    return ipv6 ? IpAddress(m_serverEnd.ipv6) : IpAddress(m_serverEnd.ipv4);
}

void
SmartphoneHelper::ScheduleSilence(Access access, Time from, Time to)
{
    Ptr<PhoneAccess> which = m_access[access];
    Simulator::Schedule(from, [which]() { which->SetSilent(true); });
    Simulator::Schedule(to, [which]() { which->SetSilent(false); });
}

void
SmartphoneHelper::ScheduleInterfaceDown(Access access, Time from, Time to)
{
    const Uplink uplink = m_uplinks[access];
    Simulator::Schedule(from, [uplink]() { SetInterface(uplink, false); });
    Simulator::Schedule(to, [uplink]() { SetInterface(uplink, true); });
}

void
SmartphoneHelper::ScheduleAddressLoss(Access access, Time from, Time to)
{
    const Uplink uplink = m_uplinks[access];
    Simulator::Schedule(from, [uplink]() { RemoveAddresses(uplink.end); });
    Simulator::Schedule(to,
                        [uplink]()
                        {
                            AddAddresses(uplink.end);
                            AddDefaultRoutes(uplink);
                        });
}

void
SmartphoneHelper::EnablePcap(const std::string& folder, bool routers)
{
    PointToPointHelper link;
    const char* const names[] = {"wifi", "cellular"};
    for (const Access access : {WIFI, CELLULAR})
    {
        const Ptr<PhoneAccess>& which = m_access[access];
        which->EnablePcap(which->GetPhoneDevice(), folder + "/phone-" + names[access] + ".pcap");
        if (routers)
        {
            which->EnablePcap(which->GetRouterDevice(),
                              folder + "/" + names[access] + "-router-access.pcap");
        }
    }
    // In the order in which Build() made them.
    const char* const backbone[] = {"backbone-router-server",
                                    "server",
                                    "wifi-router-backbone",
                                    "backbone-router-wifi",
                                    "cellular-router-backbone",
                                    "backbone-router-cellular"};
    for (size_t i = 0; i < m_backbone.size(); ++i)
    {
        if (routers || m_backbone[i] == m_serverEnd.device)
        {
            link.EnablePcap(folder + "/" + backbone[i] + ".pcap", m_backbone[i], false, true);
        }
    }
}

} // namespace ns3
