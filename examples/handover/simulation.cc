// SPDX-License-Identifier: GPL-2.0-only
#include "simulation.h"

#include "command-line.h"
#include "map.h"
#include "one-run.h"

#include "ns3/internet-module.h"
#ifdef MPTCP_RADIO
#include "ns3/phone-mobility.h"
#endif

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace handover
{

namespace
{

/// When a phone connects over a radio, which has its own connection then.
const Time RADIO_START = MilliSeconds(500);
/// How often a phone measures the signal: each beacon.
const Time BEACON = MicroSeconds(102400);

/// Tell on the standard error how far a long simulation is. @param scheme its name @param end of it
/// @param told when it was told last
void
ShowProgress(const std::string& scheme,
             Time end,
             std::chrono::steady_clock::time_point told = std::chrono::steady_clock::now())
{
    const auto now = std::chrono::steady_clock::now();
    if (now - told > std::chrono::seconds(3))
    {
        std::cerr << scheme << ": " << Simulator::Now().GetSeconds() << " of " << end.GetSeconds()
                  << " s are simulated" << std::endl;
        told = now;
    }
    Simulator::Schedule(MilliSeconds(100),
                        [scheme, end, told]() { ShowProgress(scheme, end, told); });
}

/// @param access what it is to be @return it
Ptr<PhoneAccess>
MakeAccess(const Access& access)
{
    Ptr<PhoneAccess> made = PhoneAccess::Create(access.kind);
    // Those that a kind does not have were refused on the command line.
    made->SetAttributeFailSafe("DataRate", DataRateValue(access.rate));
    made->SetAttributeFailSafe("Delay", TimeValue(access.delay));
    made->SetAttributeFailSafe("QueuePackets", UintegerValue(access.packets));
    made->SetAttributeFailSafe("LossRate", DoubleValue(access.loss));
    return made;
}

/// Let the phone move. @param phone it @param experiment how
/// @throw std::invalid_argument if that cannot be
void
Move(Ptr<Node> phone, const Experiment& experiment)
{
    const std::string& movement = experiment.movement;
#ifdef MPTCP_RADIO
    const std::vector<std::string> names = PhoneMobility::GetNames();
    if (std::find(names.begin(), names.end(), movement) == names.end())
    {
        if (!std::filesystem::exists(movement))
        {
            throw std::invalid_argument("--movement=" + movement +
                                        ": unknown, and no file; accepted: stand, walk-out, "
                                        "walk-through, commute, or a file");
        }
        PhoneMobility::FollowTrace(phone, movement);
        return;
    }
    PhoneMobility mobility;
    mobility.far = experiment.far;
    mobility.speed = experiment.speed;
    mobility.pause = experiment.pause;
    mobility.Install(phone, movement);
#else
    if (movement != "stand")
    {
        throw std::invalid_argument("--movement=" + movement + ": this ns-3 has no radios");
    }
#endif
}

} // namespace

void
Simulation::Build()
{
    m_network.SetAccess(WIFI, MakeAccess(m_experiment.wifi));
    m_network.SetAccess(CELLULAR, MakeAccess(m_experiment.cellular));
    m_network.SetServerLink(m_experiment.serverRate, m_experiment.serverDelay, 1000);
    m_network.SetServerLinks(m_experiment.serverAddresses);
    for (const auto access : {WIFI, CELLULAR})
    {
        const Access& asked = m_experiment.GetAccess(access);
        m_network.SetFamilies(access, asked.family != Family::IPV6, asked.family != Family::IPV4);
        m_network.SetTranslation(access, asked.translated);
    }
    m_network.SetDefaultAccess(m_scheme.access);
    try
    {
        Move(m_network.GetPhone(), m_experiment);
        m_network.Build();
        m_network.ScheduleEvents(m_experiment.events, m_experiment.eventsFile);
    }
    catch (const std::invalid_argument& error)
    {
        Refuse(error.what());
    }
    AddBackground();
    // Streams with numbers of their own, since automatic ones go on from scheme to scheme.
    int64_t stream = 1000;
    stream += m_network.AssignStreams(stream);
    constexpr int64_t STACK_STREAM = 100000;
    InternetStackHelper().AssignStreams(NodeContainer::GetGlobal(), STACK_STREAM);
    m_server = ToSocketAddress(m_network.GetServerAddress(BeginsWithIpv6(m_scheme.access)), PORT);
    m_protocol = TcpSocketFactory::GetTypeId();
    if (m_scheme.transport == Transport::STOCK)
    {
        return;
    }
    m_protocol = MptcpSocketFactory::GetTypeId();
    const NodeContainer hosts(m_network.GetPhone(), m_network.GetServer());
    MptcpHelper mptcp;
    mptcp.SetSocketAttribute("Multipath", BooleanValue(m_scheme.transport == Transport::MPTCP));
    mptcp.SetSocketAttribute("StaleMaxRto", TimeValue(m_experiment.staleMaxRto));
    mptcp.SetScheduler(m_scheme.scheduler.empty() ? m_experiment.scheduler.GetName()
                                                  : m_scheme.scheduler);
    mptcp.SetPathManager(m_experiment.pathManager.GetName());
    mptcp.SetCongestionControl(m_experiment.congestion.GetName());
    mptcp.Install(hosts);
    MptcpHelper::AssignStreams(hosts, stream);
    if (m_scheme.actor == Actor::PROGRAM || m_scheme.actor == Actor::MANAGER)
    {
        // On the phone they are the only ones to manage paths; the server tells its addresses.
        mptcp.SetPathManager("ns3::MptcpNoPathManager");
        if (m_scheme.actor == Actor::MANAGER)
        {
            m_manager = CreateManager();
            mptcp.SetSocketAttribute("StaleTimeouts", UintegerValue(m_manager->GetStaleTimeouts()));
        }
        mptcp.Install(m_network.GetPhone());
    }
    if (m_scheme.backup)
    {
        MptcpHelper::SetBackupAddresses(m_network.GetPhone(), m_network.GetAddresses(CELLULAR));
    }
}

void
Simulation::AddToPhone(Ptr<Application> application) const
{
    if (m_experiment.wifi.IsShared() || m_experiment.cellular.IsShared())
    {
        application->SetStartTime(RADIO_START);
        // Right before it starts.
        Simulator::Schedule(RADIO_START, &Simulation::ChooseAccess, this, application);
    }
    m_network.GetPhone()->AddApplication(application);
}

void
Simulation::ChooseAccess(Ptr<Application> application) const
{
    const auto usual = m_scheme.access;
    const auto other = usual == WIFI ? CELLULAR : WIFI;
    if (m_scheme.transport != Transport::MPTCP || m_network.GetAccess(usual)->IsUsable(0) ||
        !m_network.GetAccess(other)->IsUsable(0) ||
        m_experiment.GetAccess(usual).BeginsWithIpv6() !=
            m_experiment.GetAccess(other).BeginsWithIpv6())
    {
        return;
    }
    const Address local = ToSocketAddress(GetPhoneAddress(other), 0);
    if (const auto client = DynamicCast<RangeClient>(application))
    {
        client->SetLocals({local});
    }
    else
    {
        application->SetAttributeFailSafe("Local", AddressValue(local));
    }
}

void
Simulation::AddBackground()
{
    for (const auto access : {WIFI, CELLULAR})
    {
        const Access& asked = m_experiment.GetAccess(access);
        // On a link, which is the phone's alone, it is its own other traffic.
        const uint32_t first = asked.IsShared() && m_experiment.phones > 1 ? 1 : 0;
        const uint32_t end = first == 0 ? 1 : m_experiment.phones;
        const auto share = [&](const DataRate& rate)
        { return DataRate(rate.GetBitRate() / (end - first)); };
        for (uint32_t phone = first; phone < end; phone++)
        {
            m_network.AddBackground(
                access, phone, share(asked.backgroundDown), share(asked.backgroundUp));
        }
    }
}

bool
Simulation::BeginsWithIpv6(SmartphoneHelper::Access access) const
{
    if (m_scheme.actor == Actor::RECONNECT)
    {
        // One address of the server, which both accesses can reach.
        return m_experiment.wifi.BeginsWithIpv6() || m_experiment.cellular.BeginsWithIpv6();
    }
    return m_experiment.GetAccess(access).BeginsWithIpv6();
}

IpAddress
Simulation::GetPhoneAddress(SmartphoneHelper::Access access) const
{
    return m_network.GetPhoneAddress(access, BeginsWithIpv6(access));
}

std::vector<Address>
Simulation::GetLocals() const
{
    std::vector<Address> locals = {ToSocketAddress(GetPhoneAddress(m_scheme.access), 0)};
    if (m_scheme.actor == Actor::RECONNECT)
    {
        locals.push_back(ToSocketAddress(GetPhoneAddress(CELLULAR), 0));
    }
    return locals;
}

Ptr<PhoneConnectionManager>
Simulation::CreateManager()
{
    ObjectFactory factory(m_scheme.manager);
    auto manager = factory.Create<PhoneConnectionManager>();
    manager->Start(m_network.GetPhone(), GetPhoneAddress(WIFI), GetPhoneAddress(CELLULAR));
    for (const auto access : {WIFI, CELLULAR})
    {
        const auto where =
            access == WIFI ? PhoneConnectionManager::WIFI : PhoneConnectionManager::CELLULAR;
        Connect<uint32_t, double>(m_network.GetAccess(access),
                                  "Signal",
                                  [manager, where](uint32_t phone, double dbm)
                                  {
                                      if (phone == 0)
                                      {
                                          manager->NotifySignal(where, dbm);
                                      }
                                  });
    }
    return manager;
}

void
Simulation::ScheduleOutage()
{
    auto spread = CreateObject<UniformRandomVariable>();
    spread->SetStream(999);
    const Time later = Seconds(spread->GetValue(0, 1) * m_experiment.outageSpread.GetSeconds());
    m_outageStart = m_experiment.outageStart + later;
    m_outageEnd = m_experiment.outageEnd + later;
    m_outcome.outageStart = m_outageStart;
    m_outcome.outageEnd = m_outageEnd;
    switch (m_experiment.event)
    {
    case Event::NONE:
        break;
    case Event::SILENT:
        m_network.ScheduleSilence(WIFI, m_outageStart, m_outageEnd);
        break;
    case Event::INTERFACE:
        m_network.ScheduleInterfaceDown(WIFI, m_outageStart, m_outageEnd);
        break;
    case Event::ADDRESS:
        m_network.ScheduleAddressLoss(WIFI, m_outageStart, m_outageEnd);
        break;
    }
    // Whoever has its own eyes on the access.
    const auto tellNow = [this](SmartphoneHelper::Access access, bool usable)
    {
        // In another network the phone has another address.
        if (m_manager)
        {
            const auto which =
                access == WIFI ? PhoneConnectionManager::WIFI : PhoneConnectionManager::CELLULAR;
            m_manager->SetAddress(which, GetPhoneAddress(access));
            m_manager->NotifyUsable(which, usable);
        }
        else if (m_client && m_scheme.actor == Actor::RECONNECT)
        {
            if (m_locals != GetLocals())
            {
                m_locals = GetLocals();
                m_client->SetLocals(m_locals);
                const auto other = access == WIFI ? CELLULAR : WIFI;
                m_client->NotifyUsable(other, m_network.GetAccess(other)->IsUsable(0));
            }
            m_client->NotifyUsable(access, usable);
        }
    };
    const auto tell = [tellNow](Time at, bool usable)
    { Simulator::Schedule(at, [tellNow, usable]() { tellNow(WIFI, usable); }); };
    // A radio tells by itself, and so do events.
    for (const auto access : {WIFI, CELLULAR})
    {
        Connect<uint32_t, bool>(m_network.GetAccess(access),
                                "Usable",
                                [tellNow, access](uint32_t phone, bool usable)
                                {
                                    if (phone == 0)
                                    {
                                        tellNow(access, usable);
                                    }
                                });
    }
    if (m_experiment.event != Event::NONE && m_experiment.event != Event::SILENT)
    {
        tell(m_outageStart, false);
        tell(m_outageEnd, true);
    }
    else if (m_experiment.event == Event::SILENT &&
             m_network.GetAccess(WIFI)->Accepts(AccessEvent::SIGNAL))
    {
        // A walk out of coverage and back, as a radio would tell it.
        if (m_manager && m_outageStart + m_experiment.lossReport < m_outageEnd)
        {
            tell(m_outageStart + m_experiment.lossReport, false);
            tell(m_outageEnd + BEACON, true);
        }
        const double fall = std::max(m_experiment.signalFall.GetSeconds(), 1e-9);
        const double strong = m_experiment.signalStrong;
        const double weak = m_experiment.signalWeak;
        std::vector<AccessEvent> events;
        for (Time at; at < m_experiment.duration; at += BEACON)
        {
            const double before = (m_outageStart - at).GetSeconds() / fall;
            const double after = (at - m_outageEnd).GetSeconds() / fall;
            const double part = std::min(1.0, std::max(before, after));
            if (part >= 0)
            {
                AccessEvent event;
                event.time = at;
                event.access = "wifi";
                event.what = AccessEvent::SIGNAL;
                event.value = weak + part * (strong - weak);
                events.push_back(event);
            }
        }
        m_network.ScheduleEvents(events, "signal");
    }
}

Outcome
Simulation::Run(const std::function<void()>& built)
{
    RngSeedManager::SetSeed(m_experiment.seed);
    RngSeedManager::SetRun(m_experiment.run);
    Build();
    if (built)
    {
        built();
    }
    ScheduleOutage();
    switch (m_traffic)
    {
    case Traffic::BULK:
        AddBulk();
        break;
    case Traffic::REQUESTS:
        AddRequests();
        break;
    case Traffic::PAGES:
        AddPages();
        break;
    case Traffic::FRAMES:
        AddFrames();
        break;
    }
    PhoneMeter meter(m_network.GetPhone(),
                     {{m_network.GetPhoneDevice(WIFI), CreateObject<WifiRadioEnergy>()},
                      {m_network.GetPhoneDevice(CELLULAR), CreateObject<LteRadioEnergy>()}});
    if (m_experiment.pcapHosts)
    {
        m_network.EnablePcap(m_folder.string(), m_experiment.pcapRouters);
    }
    if (m_experiment.series)
    {
        WriteMap(m_network, m_folder, m_experiment.duration);
    }
    std::unique_ptr<Animation> animation;
    if (m_experiment.animation)
    {
        animation = std::make_unique<Animation>(m_network, m_experiment, m_folder / "netanim.xml");
    }
    std::ofstream signal;
    if (m_experiment.series)
    {
        signal.open(m_folder / "signal.dat");
        signal << "# time_s wifi_dbm\n";
        const auto write = [&signal, last = Time(0)](uint32_t phone, double dbm) mutable
        {
            if (phone != 0)
            {
                return;
            }
            // Where nothing was heard the line is broken.
            const Time now = Simulator::Now();
            signal << (now - last > Seconds(0.5) ? "\n" : "") << now.GetSeconds() << ' ' << dbm
                   << '\n';
            last = now;
        };
        Connect<uint32_t, double>(m_network.GetAccess(WIFI), "Signal", write);
    }
    std::ofstream decisions;
    if (m_manager && m_experiment.series)
    {
        decisions.open(m_folder / "decisions.dat");
        decisions << "# time_s access(0=wifi_1=cellular) use(0=closed_1=backup_2=active)\n";
        Connect<uint32_t, PhoneConnectionManager::Access, PhoneConnectionManager::Use>(
            m_manager,
            "Use",
            [&decisions](
                uint32_t, PhoneConnectionManager::Access access, PhoneConnectionManager::Use use)
            {
                decisions << Simulator::Now().GetSeconds() << ' ' << access << ' '
                          << static_cast<int>(use) << '\n';
            });
    }

    ShowProgress(m_scheme.name, m_experiment.duration);
    Simulator::Stop(m_experiment.duration);
    Simulator::Run();
    animation.reset();
    m_finish();
    if (m_client)
    {
        m_outcome.reconnections = m_client->GetReconnections();
        m_outcome.stream.wrong += m_traffic == Traffic::BULK ? 0 : m_client->GetWrong();
    }
    std::sort(m_outcome.delays.begin(), m_outcome.delays.end());
    if (m_traffic != Traffic::BULK && m_experiment.delays)
    {
        WriteDelays("complete_at_s delay_ms");
    }
    m_outcome.access = meter.GetAccounts(m_experiment.duration);
    if (m_scheme.transport != Transport::STOCK)
    {
        m_outcome.subflows = meter.GetSubflows();
        m_outcome.idleSubflows = meter.GetIdleSubflows();
    }
    if (m_manager)
    {
        m_manager->Dispose();
    }
    Simulator::Destroy();
    return m_outcome;
}

Outcome
Run(const Scheme& scheme,
    Traffic traffic,
    const Experiment& experiment,
    const std::function<void()>& built)
{
    return Simulation(scheme, traffic, experiment).Run(built);
}

} // namespace handover
