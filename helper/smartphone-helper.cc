// SPDX-License-Identifier: GPL-2.0-only
#include "smartphone-helper.h"

#include "link-access.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/icmpv6-l4-protocol.h"
#include "ns3/inet-socket-address.h"
#include "ns3/inet6-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-routing-table-entry.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/ipv6-routing-table-entry.h"
#include "ns3/ipv6-static-routing-helper.h"
#include "ns3/ipv6.h"
#include "ns3/net-device-container.h"
#include "ns3/packet-sink.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/queue-size.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace ns3
{

namespace
{

const char* const NAMES[] = {"wifi", "cellular"}; //!< of the accesses, by Access

/// IPv6 solicits routers at time 0, and a solicitation whose interface goes down while it is on its
/// way there ends the run in older releases. @param when a time @return it, or just behind time 0
Time
OnceBegun(Time when)
{
    return std::max(when, NanoSeconds(1));
}

/// Let an interface have an address or not. @param ip the node's protocol @param routing its routes
/// @param interface the interface @param address the address @param wanted whether to have it
template <typename Protocol, typename Routing, typename InterfaceAddress>
void
SetPresent(Ptr<Protocol> ip,
           Ptr<Routing> routing,
           uint32_t interface,
           const InterfaceAddress& address,
           bool wanted)
{
    bool present = false;
    for (uint32_t i = 0; i < ip->GetNAddresses(interface); ++i)
    {
        present = present || ip->GetAddress(interface, i).GetAddress() == address.GetAddress();
    }
    if (wanted && !present)
    {
        ip->AddAddress(interface, address);
    }
    else if (present && !wanted)
    {
        // The routes first: a look-up that finds one whose interface has no address ends the run.
        // That to its own network goes with the address.
        for (uint32_t i = routing->GetNRoutes(); i-- > 0;)
        {
            const auto route = routing->GetRoute(i);
            if (route.GetInterface() == interface && route.IsGateway())
            {
                routing->RemoveRoute(i);
            }
        }
        ip->RemoveAddress(interface, address.GetAddress());
    }
}

} // namespace

SmartphoneHelper::SmartphoneHelper(uint32_t phones)
    : m_serverRate("1Gb/s"),
      m_serverDelay(0),
      m_serverQueue(1000)
{
    NS_ABORT_MSG_UNLESS(phones >= 1 && phones <= 200, "SmartphoneHelper: 1 to 200 phones");
    m_phones.Create(phones);
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

Ptr<PhoneAccess>
SmartphoneHelper::GetAccess(Access which) const
{
    return m_access[which];
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
    m_families.fill({ipv4, ipv6});
}

void
SmartphoneHelper::SetFamilies(Access access, bool ipv4, bool ipv6)
{
    m_families[access] = {ipv4, ipv6};
}

SmartphoneHelper::Families
SmartphoneHelper::GetFamilies() const
{
    return {m_families[WIFI].ipv4 || m_families[CELLULAR].ipv4,
            m_families[WIFI].ipv6 || m_families[CELLULAR].ipv6};
}

void
SmartphoneHelper::SetTranslation(Access access, bool translated)
{
    m_translated[access] = translated;
}

void
SmartphoneHelper::SetServerLinks(uint32_t links)
{
    NS_ABORT_MSG_UNLESS(links == 1 || links == 2, "SmartphoneHelper: 1 or 2 links of the server");
    m_serverLinks = links;
}

void
SmartphoneHelper::SetDefaultAccess(Access access)
{
    m_defaultAccess = access;
}

void
SmartphoneHelper::Build()
{
    for (const auto& access : m_access)
    {
        m_routers.Add(access->MakeRouter());
    }
    m_routers.Create(1);
    m_server = CreateObject<Node>();

    InternetStackHelper internet;
    const NodeContainer hosts(m_phones, m_server);
    const NodeContainer all(hosts, m_routers);
    for (auto node = all.Begin(); node != all.End(); ++node)
    {
        // Routers that come with an access may have it.
        if (!(*node)->GetObject<Ipv4>())
        {
            internet.Install(*node);
        }
        // It would keep an address from being used for a second after each return.
        (*node)->GetObject<Icmpv6L4Protocol>()->SetAttribute("DAD", BooleanValue(false));
    }
    for (auto host = hosts.Begin(); host != hosts.End(); ++host)
    {
        // A host that forwards sends packets to an address that it has lost round in circles.
        (*host)->GetObject<Ipv4>()->SetAttribute("IpForward", BooleanValue(false));
        (*host)->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(false));
        // No router advertises anything, and a solicitation that is still to be sent when its
        // interface goes down ends the run: see OnceBegun().
        const auto icmp = (*host)->GetObject<Icmpv6L4Protocol>();
        icmp->SetAttribute("SolicitationJitter",
                           StringValue("ns3::ConstantRandomVariable[Constant=0]"));
        icmp->SetAttribute("RsMaxRetransmissionDuration", TimeValue(NanoSeconds(1)));
    }
    for (auto router = m_routers.Begin(); router != m_routers.End(); ++router)
    {
        (*router)->GetObject<Ipv6>()->SetAttribute("IpForward", BooleanValue(true));
    }

    for (uint32_t i = 0; i < m_serverLinks; ++i)
    {
        const auto [backboneEnd, serverEnd] =
            Link(m_routers.Get(2), m_server, m_serverDelay, 5 + i, GetFamilies());
        m_serverEnds.push_back(serverEnd);
        AddDefaultRoutes({serverEnd, backboneEnd, i});
        const std::string number = i == 0 ? "" : "-" + std::to_string(i + 1);
        m_backbone.emplace_back(backboneEnd.device, "backbone-router-server" + number);
        m_backbone.emplace_back(serverEnd.device, "server" + number);
    }
    BuildAccess(WIFI);
    BuildAccess(CELLULAR);
    for (const auto& access : m_access)
    {
        // Its radios go on when this helper has gone.
        Simulator::ScheduleDestroy([access] {});
    }
}

void
SmartphoneHelper::BuildAccess(Access access)
{
    const Ptr<PhoneAccess> which = m_access[access];
    const Families families = m_families[access];
    Ptr<Node> router = m_routers.Get(access);
    which->Build(m_phones, router, families.ipv4, families.ipv6);
    const uint8_t network = access + 1;
    constexpr uint8_t NEXT_NETWORK = 10; // between the numbers of an access's networks
    const auto [near, far] = Link(router, m_routers.Get(2), Time(0), network + 2, families);
    const auto attachments = std::make_shared<std::vector<Attachment>>();
    m_attachments[access] = attachments;
    for (uint32_t i = 0; i < m_phones.GetN(); ++i)
    {
        const bool shared = i > 0 && which->GetRouterDevice(i) == which->GetRouterDevice(0);
        const uint8_t own = shared ? 0 : i;
        const End gateway = Number(which->GetRouterDevice(i), {own, network, 1}, families);
        const uint8_t host = shared ? 2 + i : 2;
        const End phone = Number(which->GetPhoneDevice(i), {own, network, host}, families);
        const uint32_t metric = access == m_defaultAccess ? 0 : 1;
        Attachment attachment{{{phone, gateway, metric}}};
        AddDefaultRoutes(attachment.Get());
        End by = far;
        if (m_translated[access])
        {
            by.routing4 = nullptr;
        }
        for (uint32_t j = 1; j < which->GetNetworks(); ++j)
        {
            const uint8_t other = network + j * NEXT_NETWORK;
            attachment.networks.push_back(
                {Renumber(phone, {own, other, host}), Renumber(gateway, {own, other, 1}), metric});
        }
        for (const Uplink& uplink : attachment.networks)
        {
            if (!shared)
            {
                AddRoutes(uplink.end, by, near);
                if (&uplink != &attachment.networks.front())
                {
                    AddAddresses(uplink.gateway);
                }
            }
        }
        if (which->GetNetwork(i) > 0)
        {
            // It begins in another network than the first, which it was numbered for.
            attachment.current = which->GetNetwork(i);
            Settle(attachment);
        }
        attachments->push_back(attachment);
    }
    if (m_translated[access] && families.ipv4)
    {
        Ptr<Ipv4> ipv4 = router->GetObject<Ipv4>();
        Ipv4Translation::Install(ipv4, ipv4->GetInterfaceForDevice(near.device));
        m_outside[access] = near.ipv4.GetLocal();
    }
    AddDefaultRoutes({near, far});
    m_backbone.emplace_back(near.device, std::string(NAMES[access]) + "-router-backbone");
    m_backbone.emplace_back(far.device, std::string("backbone-router-") + NAMES[access]);

    const PhoneAccess* const one = PeekPointer(which);
    const std::function<void(uint32_t, bool)> follow =
        [attachments, one](uint32_t phone, bool usable)
    {
        Attachment& attachment = attachments->at(phone);
        attachment.usable = usable;
        if (usable)
        {
            attachment.current = one->GetNetwork(phone);
        }
        Settle(attachment);
    };
    which->TraceConnectWithoutContext("Usable", Callback<void, uint32_t, bool>(follow));
}

std::pair<SmartphoneHelper::End, SmartphoneHelper::End>
SmartphoneHelper::Link(
    Ptr<Node> a, Ptr<Node> b, Time delay, uint8_t network, const Families& families)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", DataRateValue(m_serverRate));
    link.SetChannelAttribute("Delay", TimeValue(delay));
    link.SetQueue("ns3::DropTailQueue",
                  "MaxSize",
                  QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS, m_serverQueue)));
    const NetDeviceContainer devices = link.Install(a, b);
    return {Number(devices.Get(0), {0, network, 1}, families),
            Number(devices.Get(1), {0, network, 2}, families)};
}

SmartphoneHelper::End
SmartphoneHelper::Number(Ptr<NetDevice> device, const Place& place, const Families& families)
{
    Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    Ptr<Ipv6> ipv6 = device->GetNode()->GetObject<Ipv6>();
    End end;
    end.device = device;
    // Not by Ipv4AddressHelper, which would put a queue disc on the device. The routing is looked
    // up now, since others may be wrapped around it later.
    if (families.ipv4)
    {
        end.routing4 = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
        const int32_t interface = ipv4->GetInterfaceForDevice(device);
        if (interface >= 0 && ipv4->GetNAddresses(interface) > 0)
        {
            end.ipv4 = ipv4->GetAddress(interface, 0);
        }
        else
        {
            end.ipv4 = MakeIpv4Address(place);
            const uint32_t index = ipv4->AddInterface(device);
            ipv4->SetUp(index);
            ipv4->AddAddress(index, end.ipv4);
        }
    }
    if (families.ipv6)
    {
        end.routing6 = Ipv6StaticRoutingHelper().GetStaticRouting(ipv6);
        const int32_t interface = ipv6->GetInterfaceForDevice(device);
        const uint32_t present = interface >= 0 ? ipv6->GetNAddresses(interface) : 0;
        for (uint32_t i = 0; i < present; ++i)
        {
            const Ipv6InterfaceAddress address = ipv6->GetAddress(interface, i);
            if (address.GetScope() == Ipv6InterfaceAddress::GLOBAL)
            {
                end.ipv6 = address;
                return end;
            }
        }
        end.ipv6 = MakeIpv6Address(place);
        const uint32_t index = interface >= 0 ? interface : ipv6->AddInterface(device);
        ipv6->SetUp(index);
        ipv6->AddAddress(index, end.ipv6);
    }
    return end;
}

Ipv4InterfaceAddress
SmartphoneHelper::MakeIpv4Address(const Place& place)
{
    const uint32_t address = (10U << 24) | (place.phone << 16) | (place.network << 8) | place.host;
    return Ipv4InterfaceAddress(Ipv4Address(address), Ipv4Mask("/24"));
}

Ipv6InterfaceAddress
SmartphoneHelper::MakeIpv6Address(const Place& place)
{
    // Unique local addresses (RFC 4193): ns-3 does not forward those kept for documentation.
    uint8_t bytes[16] = {0xfd, 0, 0, 0, 0, 0, place.phone, place.network};
    bytes[15] = place.host;
    return Ipv6InterfaceAddress(Ipv6Address(bytes), Ipv6Prefix(64));
}

SmartphoneHelper::End
SmartphoneHelper::Renumber(const End& end, const Place& place)
{
    End other = end;
    other.ipv4 = MakeIpv4Address(place);
    other.ipv6 = MakeIpv6Address(place);
    return other;
}

void
SmartphoneHelper::AddAddresses(const End& end)
{
    Ptr<Node> node = end.device->GetNode();
    if (end.routing4)
    {
        Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
        ipv4->AddAddress(ipv4->GetInterfaceForDevice(end.device), end.ipv4);
    }
    if (end.routing6)
    {
        Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
        ipv6->AddAddress(ipv6->GetInterfaceForDevice(end.device), end.ipv6);
    }
}

void
SmartphoneHelper::AddDefaultRoutes(const Uplink& uplink)
{
    const End& end = uplink.end;
    Ptr<Node> node = end.device->GetNode();
    if (end.routing4)
    {
        end.routing4->SetDefaultRoute(uplink.gateway.ipv4.GetLocal(),
                                      node->GetObject<Ipv4>()->GetInterfaceForDevice(end.device),
                                      uplink.metric);
    }
    if (end.routing6)
    {
        end.routing6->SetDefaultRoute(uplink.gateway.ipv6.GetAddress(),
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
        const Ipv4Mask mask = to.ipv4.GetMask();
        by.routing4->AddNetworkRouteTo(to.ipv4.GetLocal().CombineMask(mask),
                                       mask,
                                       gateway.ipv4.GetLocal(),
                                       node->GetObject<Ipv4>()->GetInterfaceForDevice(by.device));
    }
    if (by.routing6)
    {
        const Ipv6Prefix prefix = to.ipv6.GetPrefix();
        by.routing6->AddNetworkRouteTo(to.ipv6.GetAddress().CombinePrefix(prefix),
                                       prefix,
                                       gateway.ipv6.GetAddress(),
                                       node->GetObject<Ipv6>()->GetInterfaceForDevice(by.device));
    }
}

void
SmartphoneHelper::Settle(const Attachment& attachment)
{
    const bool up = attachment.usable && !attachment.down;
    const Uplink& uplink = attachment.Get();
    const End& end = uplink.end;
    Ptr<Node> node = end.device->GetNode();
    const auto isWanted = [&](const Uplink& network)
    { return &network == &uplink && !attachment.bare; };
    if (end.routing4)
    {
        Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
        const uint32_t index = ipv4->GetInterfaceForDevice(end.device);
        if (!up && ipv4->IsUp(index))
        {
            ipv4->SetDown(index);
        }
        // While the interface is down, so that nobody sees it up with an old address.
        for (const Uplink& network : attachment.networks)
        {
            SetPresent(ipv4, end.routing4, index, network.end.ipv4, isWanted(network));
        }
        if (up && !ipv4->IsUp(index))
        {
            ipv4->SetUp(index);
        }
    }
    if (end.routing6)
    {
        Ptr<Ipv6> ipv6 = node->GetObject<Ipv6>();
        const uint32_t index = ipv6->GetInterfaceForDevice(end.device);
        if (ipv6->IsUp(index) != up)
        {
            up ? ipv6->SetUp(index) : ipv6->SetDown(index);
        }
        // While it is up: going down takes its addresses, and if Ipv6SourceRouting is there, coming
        // up gives back those that it had.
        for (const Uplink& network : attachment.networks)
        {
            if (up)
            {
                SetPresent(ipv6, end.routing6, index, network.end.ipv6, isWanted(network));
            }
        }
    }
    if (up && !attachment.bare)
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
    for (const auto& source : m_background)
    {
        used += source->AssignStreams(stream + used);
    }
    return used;
}

uint32_t
SmartphoneHelper::GetPhones() const
{
    return m_phones.GetN();
}

Ptr<Node>
SmartphoneHelper::GetPhone(uint32_t phone) const
{
    return m_phones.Get(phone);
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

Ptr<Ipv4Translation>
SmartphoneHelper::GetTranslation(Access access) const
{
    return Ipv4RoutingLayer::Find<Ipv4Translation>(m_routers.Get(access)->GetObject<Ipv4>());
}

Ptr<NetDevice>
SmartphoneHelper::GetPhoneDevice(Access access, uint32_t phone) const
{
    return m_access[access]->GetPhoneDevice(phone);
}

IpAddress
SmartphoneHelper::GetPhoneAddress(Access access, bool ipv6, uint32_t phone) const
{
    return GetAddress(m_attachments[access]->at(phone).Get().end, ipv6);
}

std::vector<IpAddress>
SmartphoneHelper::GetAddresses(Access access, uint32_t phone) const
{
    std::vector<IpAddress> addresses;
    for (const Uplink& uplink : m_attachments[access]->at(phone).networks)
    {
        if (uplink.end.routing4)
        {
            addresses.push_back(GetAddress(uplink.end, false));
        }
        if (uplink.end.routing6)
        {
            addresses.push_back(GetAddress(uplink.end, true));
        }
    }
    if (m_outside[access])
    {
        addresses.push_back(*m_outside[access]);
    }
    return addresses;
}

IpAddress
SmartphoneHelper::GetServerAddress(bool ipv6, uint32_t link) const
{
    return GetAddress(m_serverEnds.at(link), ipv6);
}

IpAddress
SmartphoneHelper::GetAddress(const End& end, bool ipv6)
{
    return ipv6 ? IpAddress(end.ipv6.GetAddress()) : IpAddress(end.ipv4.GetLocal());
}

void
SmartphoneHelper::AddSink(Ptr<Node> node, const Address& local)
{
    // Whoever has no socket there would answer by ICMP. Two sockets cannot share a port.
    for (uint32_t i = 0; i < node->GetNApplications(); ++i)
    {
        AddressValue present;
        const auto sink = DynamicCast<PacketSink>(node->GetApplication(i));
        if (sink && sink->GetAttributeFailSafe("Local", present) && present.Get() == local)
        {
            return;
        }
    }
    const TypeIdValue protocol(UdpSocketFactory::GetTypeId());
    node->AddApplication(
        CreateObjectWithAttributes<PacketSink>("Protocol", protocol, "Local", AddressValue(local)));
}

void
SmartphoneHelper::AddBackground(Access access, uint32_t phone, DataRate down, DataRate up)
{
    constexpr uint16_t DISCARD = 9;
    const bool ipv6 = !m_families[access].ipv4;
    NS_ABORT_MSG_IF(down.GetBitRate() > 0 && m_translated[access] && !ipv6,
                    "SmartphoneHelper: nobody outside reaches a phone behind a translation");
    const IpAddress phoneAddress = GetPhoneAddress(access, ipv6, phone);
    const IpAddress serverAddress = GetServerAddress(ipv6);
    const auto add = [&](Ptr<Node> from, Ptr<Node> to, const IpAddress& address, DataRate rate)
    {
        const Address remote = ToSocketAddress(address, DISCARD);
        auto source = CreateObjectWithAttributes<BackgroundSource>(
            "Rate", DataRateValue(rate), "Remote", AddressValue(remote));
        from->AddApplication(source);
        m_background.push_back(source);
        AddSink(to, remote);
        return source;
    };
    if (down.GetBitRate() > 0)
    {
        add(m_server, m_phones.Get(phone), phoneAddress, down);
    }
    if (up.GetBitRate() > 0)
    {
        add(m_phones.Get(phone), m_server, serverAddress, up)
            ->SetDevice(GetPhoneDevice(access, phone));
    }
}

void
SmartphoneHelper::ScheduleSilence(Access access, Time from, Time to)
{
    Ptr<PhoneAccess> which = m_access[access];
    const auto apply = [which](AccessEvent::What what)
    {
        AccessEvent event;
        event.what = what;
        which->Apply(event);
    };
    NS_ABORT_MSG_UNLESS(which->Accepts(AccessEvent::SILENT), "This access cannot be silent");
    Simulator::Schedule(from, [apply]() { apply(AccessEvent::SILENT); });
    Simulator::Schedule(to, [apply]() { apply(AccessEvent::UP); });
}

void
SmartphoneHelper::ScheduleInterfaceDown(Access access, Time from, Time to)
{
    ScheduleOutage(access, OnceBegun(from), to, &Attachment::down);
}

void
SmartphoneHelper::ScheduleAddressLoss(Access access, Time from, Time to)
{
    ScheduleOutage(access, from, to, &Attachment::bare);
}

void
SmartphoneHelper::ScheduleOutage(Access access, Time from, Time to, bool Attachment::*state)
{
    const auto set = [attachments = m_attachments[access], state](bool is)
    {
        Attachment& attachment = attachments->front();
        attachment.*state = is;
        Settle(attachment);
    };
    Simulator::Schedule(from, [set]() { set(true); });
    Simulator::Schedule(to, [set]() { set(false); });
}

void
SmartphoneHelper::ScheduleEvents(const std::vector<AccessEvent>& events, const std::string& file)
{
    for (const AccessEvent& event : events)
    {
        const auto refuse = [&](const std::string& why)
        { throw std::invalid_argument(file + ":" + std::to_string(event.line) + ": " + why); };
        const auto name = std::find(std::begin(NAMES), std::end(NAMES), event.access);
        if (name == std::end(NAMES))
        {
            refuse(event.access + ": no such access; accepted: wifi, cellular");
        }
        const auto access = static_cast<Access>(name - std::begin(NAMES));
        const Ptr<PhoneAccess> which = m_access[access];
        if (!which->Accepts(event.what))
        {
            refuse(std::string(GetAccessEventName(event.what)) + ": cannot happen to " +
                   which->GetInstanceTypeId().GetName());
        }
        Simulator::Schedule(OnceBegun(event.time), [which, event]() { which->Apply(event); });
    }
}

void
SmartphoneHelper::EnablePcap(const std::string& folder, bool routers)
{
    for (const Access access : {WIFI, CELLULAR})
    {
        const Ptr<PhoneAccess>& which = m_access[access];
        which->EnablePcap(which->GetPhoneDevice(0), folder + "/phone-" + NAMES[access] + ".pcap");
        if (routers)
        {
            which->EnablePcap(which->GetRouterDevice(0),
                              folder + "/" + NAMES[access] + "-router-access.pcap");
        }
    }
    for (const auto& [device, name] : m_backbone)
    {
        if (routers || device->GetNode() == m_server)
        {
            PointToPointHelper().EnablePcap(folder + "/" + name + ".pcap", device, false, true);
        }
    }
}

} // namespace ns3
