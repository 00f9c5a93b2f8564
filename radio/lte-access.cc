// SPDX-License-Identifier: GPL-2.0-only
#include "lte-access.h"

#include "phone-mobility.h"
#include "radio-positions.h"

#include "ns3/config.h"
#include "ns3/double.h"
#include "ns3/lte-enb-net-device.h"
#include "ns3/lte-enb-phy.h"
#include "ns3/lte-enb-rrc.h"
#include "ns3/lte-ue-net-device.h"
#include "ns3/lte-ue-phy.h"
#include "ns3/lte-ue-rrc.h"
#include "ns3/mobility-model.h"
#include "ns3/propagation-loss-model.h"
#include "ns3/simulator.h"
#include "ns3/spectrum-channel.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <functional>
#include <set>
#include <stdexcept>

namespace ns3
{

NS_OBJECT_ENSURE_REGISTERED(LteAccess);

namespace
{

const bool g_registered = PhoneAccess::Register("lte", LteAccess::GetTypeId());

const Time START = MilliSeconds(450); //!< for a phone to find a cell

} // namespace

TypeId
LteAccess::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::LteAccess")
            .SetParent<PhoneAccess>()
            .SetGroupName("Mptcp")
            .AddConstructor<LteAccess>()
            .AddAttribute("Cells",
                          "Positions of the cells: x,y in m, with blanks between them; at most 20.",
                          StringValue("0,200"),
                          MakeStringAccessor(&LteAccess::m_cellPositions),
                          MakeStringChecker())
            .AddAttribute(
                "RlcMode",
                "UM: what the radio loses in spite of its own repetitions is lost; AM: it "
                "is repeated once more.",
                StringValue("UM"),
                MakeStringAccessor(&LteAccess::m_rlc),
                MakeStringChecker())
            .AddAttribute("RlcBuffer",
                          "Bytes that wait for the radio in each direction; 0: 200000 in mode UM, "
                          "400000 in mode AM.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&LteAccess::m_buffer),
                          MakeUintegerChecker<uint32_t>())
            .AddAttribute("ResourceBlocks",
                          "Bandwidth of each cell in each direction: 6, 15, 25, 50, 75 or 100 "
                          "blocks of 180 kHz.",
                          UintegerValue(25),
                          MakeUintegerAccessor(&LteAccess::m_blocks),
                          MakeUintegerChecker<uint32_t>(6, 100))
            .AddAttribute("CellPower",
                          "Transmission power of cells, in dBm.",
                          DoubleValue(40),
                          MakeDoubleAccessor(&LteAccess::m_power),
                          MakeDoubleChecker<double>(-30, 60))
            .AddAttribute("PathLossExponent",
                          "Of the log-distance path loss, which is 38.5 dB at 1 m.",
                          DoubleValue(3),
                          MakeDoubleAccessor(&LteAccess::m_exponent),
                          MakeDoubleChecker<double>(1, 6))
            .AddAttribute("CoreDelay",
                          "Between a cell and the core network, one way.",
                          TimeValue(MilliSeconds(10)),
                          MakeTimeAccessor(&LteAccess::m_coreDelay),
                          MakeTimeChecker(Time(0)));
    return tid;
}

LteAccess::LteAccess() = default;

LteAccess::~LteAccess() = default;

void
LteAccess::DoDispose()
{
    m_epc = nullptr;
    m_lte = nullptr;
    m_shields[0] = nullptr;
    m_shields[1] = nullptr;
    PhoneAccess::DoDispose();
}

Ptr<Node>
LteAccess::MakeRouter()
{
    m_epc = CreateObject<PointToPointEpcHelper>();
    m_epc->SetAttribute("S1uLinkDelay", TimeValue(m_coreDelay));
    m_lte = CreateObject<LteHelper>();
    m_lte->SetEpcHelper(m_epc);
    return m_epc->GetPgwNode();
}

void
LteAccess::Build(const NodeContainer& phones, Ptr<Node> /* router */, bool ipv4, bool ipv6)
{
    BuildCells();
    for (auto phone = phones.Begin(); phone != phones.End(); ++phone)
    {
        if (!(*phone)->GetObject<MobilityModel>())
        {
            PhoneMobility::Stand(*phone, Vector());
        }
    }
    m_phones = m_lte->InstallUeDevice(phones);
    // Before phones attach, and once: all else is a black hole.
    if (ipv4)
    {
        m_epc->AssignUeIpv4Address(m_phones);
    }
    if (ipv6)
    {
        m_epc->AssignUeIpv6Address(m_phones);
    }
    for (uint32_t i = 0; i < m_phones.GetN(); ++i)
    {
        Watch(i);
    }
    // Without naming a cell: so they find one again after a failure.
    m_lte->Attach(m_phones);
}

void
LteAccess::BuildCells()
{
    const std::vector<Vector> positions = ParseRadioPositions("Cells", m_cellPositions, 20);
    if (m_rlc != "UM" && m_rlc != "AM")
    {
        throw std::invalid_argument("RlcMode: " + m_rlc + "; accepted: AM, UM");
    }
    const std::set<uint32_t> bandwidths{6, 15, 25, 50, 75, 100};
    if (bandwidths.count(m_blocks) == 0)
    {
        throw std::invalid_argument("ResourceBlocks: " + std::to_string(m_blocks) +
                                    "; accepted: 6, 15, 25, 50, 75, 100");
    }
    const bool acknowledged = m_rlc == "AM";
    const UintegerValue buffer(m_buffer > 0 ? m_buffer : (acknowledged ? 400000 : 200000));
    Config::SetDefault("ns3::LteRlcUm::MaxTxBufferSize", buffer);
    Config::SetDefault("ns3::LteRlcAm::MaxTxBufferSize", buffer);

    m_lte->SetPathlossModelType(LogDistancePropagationLossModel::GetTypeId());
    m_lte->SetPathlossModelAttribute("Exponent", DoubleValue(m_exponent));
    m_lte->SetPathlossModelAttribute("ReferenceLoss", DoubleValue(38.5));
    m_lte->SetEnbDeviceAttribute("DlBandwidth", UintegerValue(m_blocks));
    m_lte->SetEnbDeviceAttribute("UlBandwidth", UintegerValue(m_blocks));
    if (positions.size() > 1)
    {
        // Early enough for a phone that walks: later it would lose its cell first.
        m_lte->SetHandoverAlgorithmType("ns3::A3RsrpHandoverAlgorithm");
        m_lte->SetHandoverAlgorithmAttribute("Hysteresis", DoubleValue(1));
        m_lte->SetHandoverAlgorithmAttribute("TimeToTrigger", TimeValue(MilliSeconds(64)));
    }
    m_cells.Create(positions.size());
    for (uint32_t i = 0; i < positions.size(); ++i)
    {
        PhoneMobility::Stand(m_cells.Get(i), positions[i]);
    }
    m_cellDevices = m_lte->InstallEnbDevice(m_cells);
    for (uint32_t i = 0; i < m_cellDevices.GetN(); ++i)
    {
        const auto cell = DynamicCast<LteEnbNetDevice>(m_cellDevices.Get(i));
        cell->GetPhy()->SetAttribute("TxPower", DoubleValue(m_power));
        cell->GetRrc()->SetAttribute("EpsBearerToRlcMapping",
                                     StringValue(acknowledged ? "RlcAmAlways" : "RlcUmAlways"));
    }
    if (positions.size() > 1)
    {
        m_lte->AddX2Interface(m_cells);
    }
    const Ptr<SpectrumChannel> channels[] = {m_lte->GetDownlinkSpectrumChannel(),
                                             m_lte->GetUplinkSpectrumChannel()};
    for (const int way : {0, 1})
    {
        m_shields[way] = CreateObject<ShieldingLossModel>();
        channels[way]->AddPropagationLossModel(m_shields[way]);
    }
}

void
LteAccess::Watch(uint32_t phone)
{
    const auto device = DynamicCast<LteUeNetDevice>(m_phones.Get(phone));
    const Ptr<LteUeRrc> rrc = device->GetRrc();
    using OnState = std::function<void(uint64_t, uint16_t, uint16_t)>;
    const OnState onFailure = [this, phone](uint64_t, uint16_t, uint16_t)
    { SetUsable(phone, false); };
    const OnState onConnection = [this, phone](uint64_t, uint16_t, uint16_t)
    { SetUsable(phone, true); };
    const auto connect = [&rrc](const char* source, const OnState& function)
    {
        rrc->TraceConnectWithoutContext(source,
                                        Callback<void, uint64_t, uint16_t, uint16_t>(function));
    };
    connect("RadioLinkFailure", onFailure);
    connect("ConnectionEstablished", onConnection);
    Simulator::Schedule(START, &LteAccess::CheckStart, this, phone);

    // It comes each millisecond. Less often, by the attribute RsrpSinrSamplePeriod, the failure of
    // the radio link would take as much longer.
    constexpr uint32_t PERIOD = 100;
    uint32_t count = 0;
    const std::function<void(uint16_t, uint16_t, double, double, uint8_t)> onSignal =
        [this, phone, count](uint16_t, uint16_t, double rsrp, double, uint8_t) mutable
    {
        if (count++ % PERIOD == 0)
        {
            SetSignal(phone, 10 * std::log10(1000 * rsrp));
        }
    };
    device->GetPhy()->TraceConnectWithoutContext(
        "ReportCurrentCellRsrpSinr",
        Callback<void, uint16_t, uint16_t, double, double, uint8_t>(onSignal));
}

void
LteAccess::CheckStart(uint32_t phone)
{
    const auto device = DynamicCast<LteUeNetDevice>(m_phones.Get(phone));
    if (device->GetRrc()->GetState() != LteUeRrc::CONNECTED_NORMALLY)
    {
        SetUsable(phone, false);
    }
}

Ptr<NetDevice>
LteAccess::GetPhoneDevice(uint32_t phone) const
{
    return m_phones.Get(phone);
}

Ptr<NetDevice>
LteAccess::GetRouterDevice(uint32_t /* phone */) const
{
    // The end of the tunnels; the others lead to the core.
    return m_epc->GetPgwNode()->GetDevice(1);
}

NodeContainer
LteAccess::GetCells() const
{
    return m_cells;
}

bool
LteAccess::Accepts(AccessEvent::What what) const
{
    // The signal is measured.
    return what == AccessEvent::SILENT ||
           (what != AccessEvent::SIGNAL && PhoneAccess::Accepts(what));
}

void
LteAccess::Apply(const AccessEvent& event)
{
    if (event.what != AccessEvent::DOWN)
    {
        const bool silent = event.what == AccessEvent::SILENT;
        for (const auto& shield : m_shields)
        {
            shield->SetShielded(silent ? m_phones.Get(0)->GetNode()->GetObject<MobilityModel>()
                                       : nullptr);
        }
    }
    PhoneAccess::Apply(event);
}

int64_t
LteAccess::AssignStreams(int64_t stream)
{
    return m_lte->AssignStreams(NetDeviceContainer(m_cellDevices, m_phones), stream);
}

} // namespace ns3
