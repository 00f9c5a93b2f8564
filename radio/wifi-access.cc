// SPDX-License-Identifier: GPL-2.0-only
#include "wifi-access.h"

#include "phone-mobility.h"
#include "radio-positions.h"

#include "ns3/arp-cache.h"
#include "ns3/boolean.h"
#include "ns3/bridge-helper.h"
#include "ns3/check-class.h"
#include "ns3/csma-helper.h"
#include "ns3/double.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/pointer.h"
#include "ns3/propagation-delay-model.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/simulator.h"
#include "ns3/ssid.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"
#include "ns3/wifi-helper.h"
#include "ns3/wifi-net-device.h"
#include "ns3/wifi-phy.h"
#include "ns3/wifi-remote-station-manager.h"
#include "ns3/yans-wifi-helper.h"

#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(WifiAccess);

namespace
{

const bool g_registered = PhoneAccess::Register("wifi", WifiAccess::GetTypeId());

const char* const SSID = "mptcp"; //!< of the first network

/// @param device of a node @return its addresses of neighbours, nullptr without IPv4
Ptr<ArpCache>
GetArpCache(Ptr<NetDevice> device)
{
    const auto ipv4 = device->GetNode()->GetObject<Ipv4L3Protocol>();
    const int32_t interface = ipv4 ? ipv4->GetInterfaceForDevice(device) : -1;
    return interface < 0 ? nullptr : ipv4->GetInterface(interface)->GetArpCache();
}

/// The parameters of a frame's trace: their types change between releases.
template <typename T>
struct Sniffer;

/// Taken from the trace's own type.
template <typename Frequency, typename Vector, typename Info, typename Noise, typename Id>
struct Sniffer<void (*)(Ptr<const Packet>, Frequency, Vector, Info, Noise, Id)>
{
    /// Hand a frame over. @param station whose @param packet with its MAC header @param noise
    /// signal
    static void Receive(WifiStation* station,
                        Ptr<const Packet> packet,
                        Frequency /* frequency */,
                        Vector /* vector */,
                        Info info,
                        Noise noise,
                        Id /* id */)
    {
        // In an aggregate another header stands before the MAC's.
        if (info.type == decltype(info.type)::NORMAL_MPDU)
        {
            station->OnFrame(packet, static_cast<double>(noise.signal));
        }
    }
};

} // namespace

TypeId
WifiAccess::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::WifiAccess")
            .SetParent<PhoneAccess>()
            .SetGroupName("Mptcp")
            .AddConstructor<WifiAccess>()
            .AddAttribute("Standard",
                          "802.11ax or 802.11ac, in the 5 GHz band.",
                          StringValue("802.11ax"),
                          MakeStringAccessor(&WifiAccess::m_standard),
                          MakeStringChecker())
            .AddAttribute("ChannelWidth",
                          "Of each channel, in MHz: 20 or 40.",
                          UintegerValue(20),
                          MakeUintegerAccessor(&WifiAccess::m_width),
                          MakeUintegerChecker<uint32_t>(20, 40))
            .AddAttribute("RateControl",
                          "Class of the rate control; it must know the rates of 802.11n and later.",
                          StringValue("ns3::MinstrelHtWifiManager"),
                          MakeStringAccessor(&WifiAccess::m_rateControl),
                          MakeStringChecker())
            .AddAttribute("TxPower",
                          "Transmission power of access points and phones, in dBm.",
                          DoubleValue(16),
                          MakeDoubleAccessor(&WifiAccess::m_power),
                          MakeDoubleChecker<double>(-30, 36))
            .AddAttribute("PathLossExponent",
                          "Of the log-distance path loss, which is 46.7 dB at 1 m.",
                          DoubleValue(3),
                          MakeDoubleAccessor(&WifiAccess::m_exponent),
                          MakeDoubleChecker<double>(1, 6))
            .AddAttribute("Fading",
                          "Nakagami's m: 1 is Rayleigh fading, more fades less; 0: no fading.",
                          DoubleValue(1.5),
                          MakeDoubleAccessor(&WifiAccess::m_fading),
                          MakeDoubleChecker<double>(0, 100))
            .AddAttribute("AccessPoints",
                          "Their positions: x,y in m, with blanks between them; at most 3.",
                          StringValue("0,0"),
                          MakeStringAccessor(&WifiAccess::m_positions),
                          MakeStringChecker())
            .AddAttribute("OwnNetworks",
                          "Whether each access point is a network of its own, with an SSID and "
                          "addresses: phones have no connection for a moment between two, and come "
                          "out of it with another address.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&WifiAccess::m_ownNetworks),
                          MakeBooleanChecker())
            .AddAttribute("JoinAbove",
                          "A network that was lost, or out of range at the begin, is used above "
                          "this many dBm, as phones do it; roaming goes on below.",
                          DoubleValue(-77),
                          MakeDoubleAccessor(&WifiAccess::m_joinAbove),
                          MakeDoubleChecker<double>())
            .AddAttribute("RoamBelow",
                          "Below this many dBm a phone looks for a better access point.",
                          DoubleValue(-72),
                          MakeDoubleAccessor(&WifiAccess::m_roamBelow),
                          MakeDoubleChecker<double>())
            .AddAttribute("RoamGain",
                          "It must be better by so many dB.",
                          DoubleValue(8),
                          MakeDoubleAccessor(&WifiAccess::m_roamGain),
                          MakeDoubleChecker<double>(0));
    return tid;
}

WifiAccess::WifiAccess() = default;

WifiAccess::~WifiAccess() = default;

void
WifiAccess::DoDispose()
{
    m_stations.clear();
    m_channel = nullptr;
    m_shield = nullptr;
    PhoneAccess::DoDispose();
}

std::string
WifiAccess::GetChannel(uint32_t accessPoint) const
{
    // One behind the last access point is left for nobody.
    const uint32_t number = m_width == 20 ? 36 + 4 * accessPoint : 38 + 8 * accessPoint;
    return "{" + std::to_string(number) + ", " + std::to_string(m_width) + ", BAND_5GHZ, 0}";
}

Ssid
WifiAccess::GetSsid(uint32_t accessPoint) const
{
    const bool own = m_ownNetworks && accessPoint > 0;
    return Ssid(own ? SSID + ("-" + std::to_string(accessPoint + 1)) : SSID);
}

void
WifiAccess::MakeChannel()
{
    m_pathLoss = CreateObjectWithAttributes<LogDistancePropagationLossModel>(
        "Exponent", DoubleValue(m_exponent));
    m_shield = CreateObject<ShieldingLossModel>();
    Ptr<PropagationLossModel> first = CreateObjectWithAttributes<LogDistancePropagationLossModel>(
        "Exponent", DoubleValue(m_exponent));
    first->SetNext(m_shield);
    if (m_fading > 0)
    {
        m_shield->SetNext(CreateObjectWithAttributes<NakagamiPropagationLossModel>(
            "m0", DoubleValue(m_fading), "m1", DoubleValue(m_fading), "m2", DoubleValue(m_fading)));
    }
    m_channel = CreateObject<YansWifiChannel>();
    m_channel->SetPropagationLossModel(first);
    m_channel->SetPropagationDelayModel(CreateObject<ConstantSpeedPropagationDelayModel>());
}

void
WifiAccess::Build(const NodeContainer& phones, Ptr<Node> router, bool /* ipv4 */, bool /* ipv6 */)
{
    const std::vector<Vector> positions = ParseRadioPositions("AccessPoints", m_positions, 3);
    if (m_width != 20 && m_width != 40)
    {
        throw std::invalid_argument("ChannelWidth: " + std::to_string(m_width) +
                                    "; accepted: 20, 40");
    }
    TypeId rateControl;
    const std::string problem = TypeId::LookupByNameFailSafe(m_rateControl, &rateControl)
                                    ? CheckClass(rateControl, WifiRemoteStationManager::GetTypeId())
                                    : m_rateControl + ": no such class";
    if (!problem.empty())
    {
        throw std::invalid_argument("RateControl: " + problem);
    }
    MakeChannel();
    WifiHelper wifi;
    if (m_standard == "802.11ax")
    {
        wifi.SetStandard(WIFI_STANDARD_80211ax);
    }
    else if (m_standard == "802.11ac")
    {
        wifi.SetStandard(WIFI_STANDARD_80211ac);
    }
    else
    {
        throw std::invalid_argument("Standard: " + m_standard + "; accepted: 802.11ac, 802.11ax");
    }
    wifi.SetRemoteStationManager(m_rateControl);
    YansWifiPhyHelper phy;
    phy.SetChannel(m_channel);
    // Radios hear beacons, which come at 6 Mb/s, down to here; ns-3's default is 10 dB more.
    phy.SetPreambleDetectionModel(
        "ns3::ThresholdPreambleDetectionModel", "MinimumRssi", DoubleValue(-92));
    phy.Set("TxPowerStart", DoubleValue(m_power));
    phy.Set("TxPowerEnd", DoubleValue(m_power));

    const bool bridged = positions.size() > 1;
    m_accessPoints = bridged ? NodeContainer(positions.size()) : NodeContainer(router);
    WifiMacHelper mac;
    for (uint32_t i = 0; i < positions.size(); ++i)
    {
        mac.SetType("ns3::ApWifiMac", "Ssid", SsidValue(GetSsid(i)));
        PhoneMobility::Stand(m_accessPoints.Get(i), positions[i]);
        phy.Set("ChannelSettings", StringValue(GetChannel(i)));
        m_apDevices.Add(wifi.Install(phy, mac, m_accessPoints.Get(i)));
    }
    m_routerDevice = m_apDevices.Get(0);
    if (bridged)
    {
        CsmaHelper lan;
        lan.SetChannelAttribute("DataRate", StringValue("10Gb/s"));
        const NetDeviceContainer ends = lan.Install(NodeContainer(router, m_accessPoints));
        m_routerDevice = ends.Get(0);
        for (uint32_t i = 0; i < positions.size(); ++i)
        {
            BridgeHelper().Install(m_accessPoints.Get(i),
                                   NetDeviceContainer(m_apDevices.Get(i), ends.Get(i + 1)));
        }
    }

    // An association that was not answered is repeated when the beacon watchdog ends it. The timer
    // for it would end the run where the watchdog has ended it before.
    mac.SetType("ns3::StaWifiMac",
                "Ssid",
                SsidValue(Ssid(WifiStation::OTHER_SSID)),
                "AssocRequestTimeout",
                TimeValue(Hours(1000)));
    phy.Set("ChannelSettings", StringValue(GetChannel(0)));
    for (uint32_t i = 0; i < phones.GetN(); ++i)
    {
        if (!phones.Get(i)->GetObject<MobilityModel>())
        {
            PhoneMobility::Stand(phones.Get(i), positions[0] + Vector(5, 0, 0));
        }
        m_phones.Add(wifi.Install(phy, mac, phones.Get(i)));
        AddStation(i);
    }
}

void
WifiAccess::AddStation(uint32_t phone)
{
    const auto device = DynamicCast<WifiNetDevice>(m_phones.Get(phone));
    WifiStation::Settings settings;
    for (uint32_t i = 0; i < m_apDevices.GetN(); ++i)
    {
        settings.accessPoints.push_back(
            {DynamicCast<WifiNetDevice>(m_apDevices.Get(i)), GetChannel(i), GetSsid(i)});
    }
    settings.away = GetChannel(m_apDevices.GetN());
    settings.joinAbove = m_joinAbove;
    settings.roamBelow = m_roamBelow;
    settings.roamGain = m_roamGain;
    const auto own = device->GetNode()->GetObject<MobilityModel>();
    settings.mean = [this, own](uint32_t accessPoint)
    {
        const auto other = m_accessPoints.Get(accessPoint)->GetObject<MobilityModel>();
        return m_pathLoss->CalcRxPower(m_power, other, own);
    };
    settings.onUsable = [this, phone](bool usable) { OnUsable(phone, usable); };
    settings.onSignal = [this, phone](double dbm) { SetSignal(phone, dbm); };
    m_stations.push_back(std::make_unique<WifiStation>(device, settings));
    WifiStation* station = m_stations.back().get();
    device->GetPhy()->TraceConnectWithoutContext(
        "MonitorSnifferRx",
        MakeBoundCallback(&Sniffer<WifiPhy::MonitorSnifferRxCallback>::Receive, station));
    // Many that associate at once get in each other's way.
    Simulator::Schedule(MilliSeconds(150) * phone, &WifiStation::Start, station);
}

void
WifiAccess::OnUsable(uint32_t phone, bool usable)
{
    // Addresses that could not be resolved are not asked for again for 100 s. Here the phone asks
    // anew on a new link, and tells the router that it is there, by its address in this network,
    // which it has after SetUsable().
    const Ptr<ArpCache> own = GetArpCache(m_phones.Get(phone));
    const Ptr<ArpCache> routers = GetArpCache(m_routerDevice);
    if (usable && own)
    {
        own->Flush();
    }
    SetUsable(phone, usable);
    for (uint32_t i = 0; usable && own && routers && i < own->GetInterface()->GetNAddresses(); ++i)
    {
        const Ipv4Address address = own->GetInterface()->GetAddress(i).GetLocal();
        if (ArpCache::Entry* entry = routers->Lookup(address))
        {
            routers->Remove(entry);
        }
    }
}

Ptr<NetDevice>
WifiAccess::GetPhoneDevice(uint32_t phone) const
{
    return m_phones.Get(phone);
}

Ptr<NetDevice>
WifiAccess::GetRouterDevice(uint32_t /* phone */) const
{
    return m_routerDevice;
}

NodeContainer
WifiAccess::GetAccessPoints() const
{
    return m_accessPoints;
}

uint32_t
WifiAccess::GetNetworks() const
{
    return m_ownNetworks ? m_accessPoints.GetN() : 1;
}

uint32_t
WifiAccess::GetNetwork(uint32_t phone) const
{
    return m_ownNetworks ? m_stations[phone]->GetAccessPoint() : 0;
}

bool
WifiAccess::Accepts(AccessEvent::What what) const
{
    // The signal is measured.
    return what == AccessEvent::SILENT ||
           (what != AccessEvent::SIGNAL && PhoneAccess::Accepts(what));
}

void
WifiAccess::Apply(const AccessEvent& event)
{
    if (event.what != AccessEvent::DOWN)
    {
        const bool silent = event.what == AccessEvent::SILENT;
        m_shield->SetShielded(silent ? m_phones.Get(0)->GetNode()->GetObject<MobilityModel>()
                                     : nullptr);
    }
    PhoneAccess::Apply(event);
}

int64_t
WifiAccess::AssignStreams(int64_t stream)
{
    const int64_t used = m_channel->AssignStreams(stream);
    return used +
           WifiHelper().AssignStreams(NetDeviceContainer(m_apDevices, m_phones), stream + used);
}

} // namespace ns3
