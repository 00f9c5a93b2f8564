// SPDX-License-Identifier: GPL-2.0-only
/*
 * A smartphone loses its WiFi in the middle of a transfer, and gets it back. The same experiment
 * runs as plain TCP on either access and as Multipath TCP on both. What happened is written as
 * packet captures, series and a summary, which plots/handover.gp turns into pictures.
 *
 *            WiFi ------- WiFi router --------+
 *   phone                                     backbone router -- server
 *            cellular --- cellular router ----+
 */
#include "ns3/applications-module.h"
#include "ns3/core-module.h"
#include "ns3/internet-module.h"
#include "ns3/mptcp-module.h"
#include "ns3/network-module.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;

namespace
{

/// One way to do the transfer.
struct Scheme
{
    std::string name;                //!< as on the command line
    bool own;                        //!< this module's transport; otherwise ns-3's
    bool multipath;                  //!< MPTCP
    SmartphoneHelper::Access access; //!< where the connection begins
    bool backup;                     //!< the cellular path is a backup
    bool program;                    //!< the phone runs a program that moves the connection
};

const std::vector<Scheme> SCHEMES = {
    {"tcp-wifi", true, false, SmartphoneHelper::WIFI, false, false},
    {"tcp-cellular", true, false, SmartphoneHelper::CELLULAR, false, false},
    {"mptcp", true, true, SmartphoneHelper::WIFI, false, false},
    {"mptcp-backup", true, true, SmartphoneHelper::WIFI, true, false},
    {"ns3-tcp-wifi", false, false, SmartphoneHelper::WIFI, false, false},
    {"ns3-tcp-cellular", false, false, SmartphoneHelper::CELLULAR, false, false},
    {"application", true, true, SmartphoneHelper::WIFI, false, true},
};

/// What takes the WiFi access away.
enum class Event
{
    NONE,
    SILENT,
    INTERFACE,
    ADDRESS
};

/// An access.
struct Access
{
    DataRate rate;      //!< in each direction
    Time delay;         //!< one way
    uint32_t packets{}; //!< of each device's queue
    double loss{};      //!< part of the packets
};

/// What is to be done.
struct Experiment
{
    std::vector<Scheme> schemes;  //!< in this order
    Time duration;                //!< of each transfer
    Access wifi;                  //!< the phone's
    Access cellular;              //!< the phone's
    DataRate serverRate;          //!< of the server's link
    Time serverDelay;             //!< of the server's link, one way
    Event event{Event::SILENT};   //!< what happens to WiFi
    Time outageStart;             //!< when it happens
    Time outageEnd;               //!< when it is undone
    bool upload{false};           //!< the phone sends; otherwise the server
    bool ipv6{false};             //!< family
    TypeId scheduler;             //!< of MPTCP
    TypeId pathManager;           //!< of MPTCP
    TypeId congestion;            //!< of all schemes
    uint32_t segmentSize{0};      //!< payload bytes
    Time minRto;                  //!< of all schemes
    Time staleMaxRto;             //!< of MPTCP
    uint32_t buffer{0};           //!< bytes of each send and receive buffer
    uint32_t blockSize{0};        //!< bytes
    uint32_t seed{1};             //!< of random numbers
    uint64_t run{1};              //!< of random numbers
    bool pcapHosts{true};         //!< capture on phone and server
    bool pcapRouters{false};      //!< capture on routers
    std::filesystem::path output; //!< where results go
};

/// End the program because of a wrong argument. @param what is wrong
[[noreturn]] void
Refuse(const std::string& what)
{
    std::cerr << "mptcp-handover: " << what << std::endl;
    std::exit(2);
}

/**
 * @param text a number and perhaps a unit
 * @param units the factor of each unit; the empty one is for a number alone
 * @param low the least that makes sense
 * @param high the most that makes sense
 * @return the number times the factor
 */
double
ParseNumber(const std::string& text,
            const std::map<std::string, double>& units,
            double low,
            double high)
{
    std::string accepted;
    for (const auto& [unit, factor] : units)
    {
        accepted += unit.empty() ? "" : (accepted.empty() ? " in " : ", ") + unit;
    }
    std::istringstream stream(text);
    double number = 0;
    std::string unit;
    stream >> number;
    const bool isNumber = !stream.fail() && std::isfinite(number);
    stream >> unit;
    const auto factor = units.find(unit);
    if (!isNumber || factor == units.end() || !(stream >> std::ws).eof())
    {
        throw std::invalid_argument("not a number" + accepted);
    }
    const double value = number * factor->second;
    if (value < low || value > high)
    {
        std::ostringstream message;
        message << std::setprecision(12) << "not from " << low / units.at("") << " to "
                << high / units.at("");
        throw std::invalid_argument(message.str());
    }
    return value;
}

/// @param text a whole number @param low least @param high most @return it
uint64_t
ParseCount(const std::string& text, double low, double high)
{
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos)
    {
        throw std::invalid_argument("not a whole number");
    }
    return static_cast<uint64_t>(ParseNumber(text, {{"", 1}}, low, high));
}

/// @param text Mb/s unless it names another unit @return the rate
DataRate
ParseRate(const std::string& text)
{
    const std::map<std::string, double> units = {{"", 1e6},
                                                 {"kb/s", 1e3},
                                                 {"kbps", 1e3},
                                                 {"Mb/s", 1e6},
                                                 {"Mbps", 1e6},
                                                 {"Gb/s", 1e9},
                                                 {"Gbps", 1e9}};
    return DataRate(static_cast<uint64_t>(std::llround(ParseNumber(text, units, 1e3, 1e12))));
}

/// @param text a time @param unit seconds of a number without unit @param low least, in s
/// @param high most, in s @return it
Time
ParseTime(const std::string& text, double unit, double low, double high)
{
    const std::map<std::string, double> units = {{"", unit}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
    return NanoSeconds(std::llround(ParseNumber(text, units, low, high) * 1e9));
}

/// @param text a name @param names what it can be @return its index
size_t
ParseName(const std::string& text, const std::vector<std::string>& names)
{
    std::string accepted;
    for (size_t i = 0; i < names.size(); ++i)
    {
        if (text == names[i])
        {
            return i;
        }
        accepted += (i == 0 ? "" : ", ") + names[i];
    }
    throw std::invalid_argument("unknown; accepted: " + accepted);
}

/// @param text name of a class, with or without ns3:: @param base what it derives from @return it
TypeId
ParseClass(const std::string& text, TypeId base)
{
    std::string accepted;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId type = TypeId::GetRegistered(i);
        if (!CheckClass(type, base).empty())
        {
            continue;
        }
        const std::string name = type.GetName().substr(std::string("ns3::").size());
        if (text == name || text == type.GetName())
        {
            return type;
        }
        accepted += (accepted.empty() ? "" : ", ") + name;
    }
    throw std::invalid_argument("unknown; accepted: " + accepted);
}

/// @param text names with commas between them, or all @return the schemes
std::vector<Scheme>
ParseSchemes(const std::string& text)
{
    if (text == "all")
    {
        return SCHEMES;
    }
    std::vector<std::string> names = {"all"};
    for (const Scheme& scheme : SCHEMES)
    {
        names.push_back(scheme.name);
    }
    std::vector<Scheme> schemes;
    std::istringstream stream(text + ",");
    for (std::string name; std::getline(stream, name, ',');)
    {
        const size_t index = ParseName(name, names);
        if (index == 0)
        {
            return SCHEMES;
        }
        const auto isSame = [&name](const Scheme& scheme) { return scheme.name == name; };
        if (std::none_of(schemes.begin(), schemes.end(), isSame))
        {
            schemes.push_back(SCHEMES[index - 1]);
        }
    }
    return schemes;
}

/// An option of the command line.
struct Option
{
    std::string name;                              //!< its name
    std::string value;                             //!< as given, or what it is if not given
    std::string help;                              //!< what it does
    std::function<void(const std::string&)> parse; //!< throws std::invalid_argument
};

/**
 * Read the command line; ends the program if it is wrong.
 * @param argc number of arguments
 * @param argv the arguments
 * @param experiment what they ask for
 * @return the options with their values, for the record
 */
std::vector<Option>
ParseCommandLine(int argc, char* argv[], Experiment& experiment)
{
    Experiment& e = experiment;
    const double maxTime = 1e6;
    using Text = const std::string&;
    std::vector<Option> options = {
        {"schemes",
         "tcp-wifi,tcp-cellular,mptcp,mptcp-backup,application",
         "Which, with commas between them, or all. tcp-*: this module's TCP without MPTCP, the "
         "fair baseline. ns3-tcp-*: ns-3's TcpSocketBase. mptcp-backup: the cellular path is a "
         "backup. application: the phone runs examples/posix/phone-handover.c, which moves the "
         "connection from WiFi to cellular 0.5 s before the outage and back 0.1 s after it",
         [&](Text t) { e.schemes = ParseSchemes(t); }},
        {"duration",
         "30",
         "Length of each transfer, in s",
         [&](Text t) { e.duration = ParseTime(t, 1, 0.1, maxTime); }},
    };
    const auto addAccess = [&options](const std::string& name, Access& access, const Access& is)
    {
        std::ostringstream rate;
        rate << is.rate.GetBitRate() / 1e6;
        options.push_back(
            {name + "Rate", rate.str(), "Rate of the " + name + " access, in Mb/s", [&](Text t) {
                 access.rate = ParseRate(t);
             }});
        options.push_back({name + "Delay",
                           std::to_string(is.delay.GetMilliSeconds()),
                           "Propagation delay of the " + name + " access, one way, in ms",
                           [&](Text t) { access.delay = ParseTime(t, 1e-3, 0, 100); }});
        options.push_back({name + "Queue",
                           std::to_string(is.packets),
                           "Packets that each device of the " + name + " access queues",
                           [&](Text t) { access.packets = ParseCount(t, 1, 1e6); }});
        options.push_back({name + "Loss",
                           "0",
                           "Part of the packets that the " + name +
                               " access loses at random in each direction, 0 to 1",
                           [&](Text t) {
                               access.loss = ParseNumber(t, {{"", 1}}, 0, 1);
                           }});
    };
    addAccess("wifi", e.wifi, {DataRate("20Mb/s"), MilliSeconds(20), 100, 0});
    addAccess("cellular", e.cellular, {DataRate("10Mb/s"), MilliSeconds(50), 120, 0});
    const std::vector<Option> others = {
        {"serverRate",
         "1000",
         "Rate of the server's link and of those between routers, in Mb/s",
         [&](Text t) { e.serverRate = ParseRate(t); }},
        {"serverDelay",
         "0",
         "Propagation delay of the server's link, one way, in ms",
         [&](Text t) { e.serverDelay = ParseTime(t, 1e-3, 0, 100); }},
        {"event",
         "silent",
         "What happens to WiFi. silent: all packets are lost and nobody is told; interface: the "
         "phone's interface goes down; address: the phone loses its address there; none",
         [&](Text t) {
             e.event = static_cast<Event>(ParseName(t, {"none", "silent", "interface", "address"}));
         }},
        {"outageStart",
         "8",
         "When it happens, in s",
         [&](Text t) { e.outageStart = ParseTime(t, 1, 0, maxTime); }},
        {"outageEnd",
         "15",
         "When it is over, in s",
         [&](Text t) { e.outageEnd = ParseTime(t, 1, 0, maxTime); }},
        {"scheduler",
         "MptcpLowestRtt",
         "Class of MPTCP's scheduler",
         [&](Text t) { e.scheduler = ParseClass(t, MptcpScheduler::GetTypeId()); }},
        {"pathManager",
         "MptcpFullMesh",
         "Class of MPTCP's path manager",
         [&](Text t) { e.pathManager = ParseClass(t, MptcpPathManager::GetTypeId()); }},
        {"congestion",
         "TcpLinuxReno",
         "Class of the congestion control, for all schemes",
         [&](Text t) { e.congestion = ParseClass(t, TcpCongestionOps::GetTypeId()); }},
        {"segmentSize",
         "0",
         "Payload bytes of a full segment, for all schemes; 0: 1420 (IPv4) or 1400 (IPv6), what "
         "MPTCP's options leave of 1500 bytes",
         [&](Text t)
         {
             e.segmentSize = ParseCount(t, 0, 1420);
             if (e.segmentSize > 0 && e.segmentSize < 88)
             {
                 throw std::invalid_argument("not 0, or from 88 to 1420");
             }
         }},
        {"minRto",
         "200",
         "Least retransmission time-out, for all schemes, in ms",
         [&](Text t) { e.minRto = ParseTime(t, 1e-3, 1e-3, 120); }},
        {"staleMaxRto",
         "120000",
         "Most to which the retransmission time-out of a stale subflow backs off, in ms; less lets "
         "MPTCP notice earlier that WiFi is back",
         [&](Text t) { e.staleMaxRto = ParseTime(t, 1e-3, 0.1, 3600); }},
        {"buffer",
         "4194304",
         "Bytes of the send and of the receive buffer, for all schemes",
         [&](Text t) { e.buffer = ParseCount(t, 4096, 1 << 30); }},
        {"blockSize",
         "16384",
         "The stream is looked at in blocks of this many bytes. A block's delay is the time from "
         "the first transmission of its first byte until the application can read its last byte, "
         "in order",
         [&](Text t) { e.blockSize = ParseCount(t, 1, 1 << 30); }},
        {"seed",
         "1",
         "Seed of random numbers",
         [&](Text t) { e.seed = ParseCount(t, 1, std::numeric_limits<uint32_t>::max()); }},
        {"run",
         "1",
         "Run of random numbers: another one is independent",
         [&](Text t) { e.run = ParseCount(t, 0, 1e15); }},
        {"pcap",
         "hosts",
         "Packet captures of phone and server (hosts), of the routers too (all), or none",
         [&](Text t)
         {
             const size_t which = ParseName(t, {"none", "hosts", "all"});
             e.pcapHosts = which > 0;
             e.pcapRouters = which > 1;
         }},
        {"output",
         "results/handover",
         "Folder for the results",
         [&](Text t)
         {
             if (t.empty())
             {
                 throw std::invalid_argument("the name of a folder is missing");
             }
             e.output = t;
         }},
    };
    options.insert(options.end(), others.begin(), others.end());

    bool download = false;
    CommandLine cmd(__FILE__);
    for (Option& option : options)
    {
        cmd.AddValue(option.name, option.help, option.value);
    }
    cmd.AddValue("download", "The server sends; so it is if nothing is said", download);
    cmd.AddValue("upload", "The phone sends", e.upload);
    cmd.AddValue("ipv6", "IPv6 instead of IPv4", e.ipv6);
    cmd.Parse(argc, argv);
    if (cmd.GetNExtraNonOptions() > 0)
    {
        Refuse("unknown argument " + cmd.GetExtraNonOption(0) +
               "; accepted: --OPTION=VALUE, and --help lists the options");
    }
    for (const Option& option : options)
    {
        try
        {
            option.parse(option.value);
        }
        catch (const std::invalid_argument& error)
        {
            Refuse("--" + option.name + "=" + option.value + ": " + error.what());
        }
    }
    if (download && e.upload)
    {
        Refuse("--download and --upload exclude each other");
    }
    const auto get = [&options](const std::string& name)
    {
        const auto has = [&name](const Option& option) { return option.name == name; };
        return std::find_if(options.begin(), options.end(), has)->value;
    };
    if (e.event != Event::NONE && e.outageStart >= e.outageEnd)
    {
        Refuse("--outageEnd (" + get("outageEnd") + ") must come after --outageStart (" +
               get("outageStart") + ")");
    }
    if (e.event != Event::NONE && e.outageStart >= e.duration)
    {
        Refuse("--outageStart (" + get("outageStart") +
               ") must come before the end of the transfer, --duration (" + get("duration") +
               "); --event=none leaves WiFi alone");
    }
    options.push_back({"direction", e.upload ? "upload" : "download", "", nullptr});
    options.push_back({"family", e.ipv6 ? "ipv6" : "ipv4", "", nullptr});
    if (e.segmentSize == 0)
    {
        // Of 1500 bytes: IP 20 or 40, TCP 20, timestamps 12, a DSS of 28 with 64-bit numbers.
        e.segmentSize = e.ipv6 ? 1400 : 1420;
    }
    for (Option& option : options)
    {
        if (option.name == "segmentSize")
        {
            option.value = std::to_string(e.segmentSize);
        }
    }
    return options;
}

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
    return CreateObjectWithAttributes<PointToPointAccess>("DataRate",
                                                          DataRateValue(access.rate),
                                                          "Delay",
                                                          TimeValue(access.delay),
                                                          "QueuePackets",
                                                          UintegerValue(access.packets),
                                                          "LossRate",
                                                          DoubleValue(access.loss));
}

/// @param address IPv4 or IPv6 @param port a port @return both
Address
WithPort(const IpAddress& address, uint16_t port)
{
    if (IsIpv6(address))
    {
        return Inet6SocketAddress(std::get<Ipv6Address>(address), port);
    }
    return InetSocketAddress(std::get<Ipv4Address>(address), port);
}

/**
 * @param experiment what is to be done
 * @param wifi the phone's address
 * @param cellular the phone's address
 * @param server its address
 * @param port of the server
 * @return the phone's program, which knows when it will leave WiFi
 */
Ptr<PosixApplication>
CreateProgram(const Experiment& experiment,
              const IpAddress& wifi,
              const IpAddress& cellular,
              const IpAddress& server,
              uint16_t port)
{
    std::ostringstream arguments;
    arguments << (experiment.upload ? "-u " : "") << server << ' ' << port << ' ' << wifi;
    if (experiment.event != Event::NONE)
    {
        arguments << ' ' << std::max(0.0, (experiment.outageStart - Seconds(0.5)).GetSeconds())
                  << ' ' << cellular << ' ' << (experiment.outageEnd + Seconds(0.1)).GetSeconds()
                  << ' ' << wifi;
    }
    auto program = CreateObject<PosixApplication>();
    program->SetAttribute("Program",
                          StringValue(std::string(MPTCP_POSIX_PROGRAMS) + "/phone-handover.so"));
    program->SetAttribute("Arguments", StringValue(arguments.str()));
    return program;
}

/**
 * Do the transfer once, in a simulation of its own.
 * @param scheme how
 * @param experiment what
 * @return what came out
 */
TransferStatistics::Result
Run(const Scheme& scheme, const Experiment& experiment)
{
    RngSeedManager::SetSeed(experiment.seed);
    RngSeedManager::SetRun(experiment.run);

    SmartphoneHelper network;
    network.SetAccess(SmartphoneHelper::WIFI, MakeAccess(experiment.wifi));
    network.SetAccess(SmartphoneHelper::CELLULAR, MakeAccess(experiment.cellular));
    network.SetServerLink(experiment.serverRate, experiment.serverDelay, 1000);
    network.SetFamilies(!experiment.ipv6, experiment.ipv6);
    network.SetDefaultAccess(scheme.access);
    network.Build();
    // Streams with numbers of their own, since automatic ones go on from scheme to scheme.
    int64_t stream = 1000;
    stream += network.AssignStreams(stream);
    const NodeContainer hosts(network.GetPhone(), network.GetServer());
    if (scheme.own)
    {
        MptcpHelper mptcp;
        mptcp.SetSocketAttribute("Multipath", BooleanValue(scheme.multipath));
        mptcp.SetSocketAttribute("StaleMaxRto", TimeValue(experiment.staleMaxRto));
        mptcp.SetScheduler(experiment.scheduler.GetName());
        // A program that manages paths is the only one to do so.
        mptcp.SetPathManager(scheme.program ? "ns3::MptcpNoPathManager"
                                            : experiment.pathManager.GetName());
        mptcp.SetCongestionControl(experiment.congestion.GetName());
        mptcp.Install(hosts);
        MptcpHelper::AssignStreams(hosts, stream);
    }

    // One for which packet analysers expect no other protocol.
    const uint16_t port = 5001;
    const IpAddress phoneAddress = network.GetPhoneAddress(scheme.access, experiment.ipv6);
    const IpAddress serverAddress = network.GetServerAddress(experiment.ipv6);
    const IpAddress cellularAddress =
        network.GetPhoneAddress(SmartphoneHelper::CELLULAR, experiment.ipv6);
    const TypeId protocol =
        scheme.own ? MptcpSocketFactory::GetTypeId() : TcpSocketFactory::GetTypeId();
    const auto create = [protocol](const Address& local, const Address& remote)
    {
        return CreateObjectWithAttributes<ByteStreamApplication>("Protocol",
                                                                 TypeIdValue(protocol),
                                                                 "Local",
                                                                 AddressValue(local),
                                                                 "Remote",
                                                                 AddressValue(remote));
    };
    const Address serverSocket = WithPort(serverAddress, port);
    const Ptr<ByteStreamApplication> server = create(serverSocket, Address());
    Ptr<ByteStreamApplication> phoneStream;
    Ptr<Application> phone;
    if (scheme.program)
    {
        phone = CreateProgram(experiment, phoneAddress, cellularAddress, serverAddress, port);
    }
    else
    {
        phone = phoneStream = create(WithPort(phoneAddress, 0), serverSocket);
    }
    const Ptr<Application> sender = experiment.upload ? phone : Ptr<Application>(server);
    const Ptr<Application> receiver = experiment.upload ? Ptr<Application>(server) : phone;
    sender->SetAttributeFailSafe("MaxBytes", UintegerValue(std::numeric_limits<uint64_t>::max()));
    network.GetPhone()->AddApplication(phone);
    network.GetServer()->AddApplication(server);
    if (scheme.backup)
    {
        MptcpHelper::SetBackupAddresses(network.GetPhone(), {cellularAddress});
    }

    const std::filesystem::path folder = experiment.output / scheme.name;
    TransferStatistics::Settings watched;
    watched.folder = folder.string();
    watched.paths = {
        {"wifi", network.GetPhoneAddress(SmartphoneHelper::WIFI, experiment.ipv6)},
        {"cellular", cellularAddress},
    };
    watched.end = experiment.duration;
    watched.blockSize = experiment.blockSize;
    if (experiment.event != Event::NONE)
    {
        watched.outageStart = experiment.outageStart;
        watched.outageEnd = experiment.outageEnd;
    }
    TransferStatistics statistics(watched);
    statistics.Watch(sender, receiver);

    const auto wifi = SmartphoneHelper::WIFI;
    switch (experiment.event)
    {
    case Event::NONE:
        break;
    case Event::SILENT:
        network.ScheduleSilence(wifi, experiment.outageStart, experiment.outageEnd);
        break;
    case Event::INTERFACE:
        network.ScheduleInterfaceDown(wifi, experiment.outageStart, experiment.outageEnd);
        break;
    case Event::ADDRESS:
        network.ScheduleAddressLoss(wifi, experiment.outageStart, experiment.outageEnd);
        break;
    }
    if (experiment.pcapHosts)
    {
        network.EnablePcap(folder.string(), experiment.pcapRouters);
    }

    ShowProgress(scheme.name, experiment.duration);
    Simulator::Stop(experiment.duration);
    Simulator::Run();
    const TransferStatistics::Result result = statistics.Finish();
    for (const auto& [application, name] :
         {std::pair(phoneStream, "phone"), std::pair(server, "server")})
    {
        if (application && application->GetError() != Socket::ERROR_NOTERROR)
        {
            std::cout << scheme.name << ": the " << name << "'s connection failed before the end"
                      << std::endl;
        }
    }
    if (const auto program = DynamicCast<PosixApplication>(phone))
    {
        std::ofstream(folder / "program.log") << program->GetLog();
        if (program->GetExitCode())
        {
            std::cout << scheme.name << ": the program ended early: " << program->GetLog()
                      << std::endl;
        }
    }
    Simulator::Destroy();
    return result;
}

/// @param value a number, or none @param digits behind the point @return it as text
std::string
Format(std::optional<double> value, int digits)
{
    std::ostringstream text;
    if (value)
    {
        text << std::fixed << std::setprecision(digits) << *value;
    }
    else
    {
        text << "nan";
    }
    return text.str();
}

/// @param time a time, or none @return it in ms
std::string
Format(std::optional<Time> time)
{
    return Format(time ? std::optional(time->GetSeconds() * 1000) : std::nullopt, 1);
}

/// What a scheme did.
using Outcome = std::pair<Scheme, TransferStatistics::Result>;

/// @param path of the file @param outcomes of all schemes
void
WriteSummary(const std::filesystem::path& path, const std::vector<Outcome>& outcomes)
{
    std::ofstream file(path);
    file << "scheme,goodput_mbps,before_mbps,wifi_bytes,cellular_bytes,interruption_ms,return_ms,"
            "reinjected_bytes\n";
    for (const auto& [scheme, result] : outcomes)
    {
        file << scheme.name << ',' << Format(result.goodput, 3) << ',' << Format(result.before, 3)
             << ',' << result.pathBytes[0] << ',' << result.pathBytes[1] << ','
             << Format(result.interruption) << ',' << Format(result.back) << ','
             << result.reinjected << '\n';
    }
}

/// Print the table. @param outcomes of all schemes
void
PrintTable(const std::vector<Outcome>& outcomes)
{
    using Row = std::vector<std::string>;
    std::vector<Row> rows = {
        {"",
         "goodput",
         "from 2 s",
         "from 5 s",
         "WiFi",
         "cellular",
         "longest",
         "WiFi",
         "re-",
         "median"},
        {"",
         "in all",
         "to outage",
         "to outage",
         "carried",
         "carried",
         "gap",
         "back",
         "injected",
         "delay"},
        {"scheme", "Mb/s", "Mb/s", "Mb/s", "MB", "MB", "ms", "ms", "kB", "ms"},
    };
    for (const auto& [scheme, result] : outcomes)
    {
        Row row = {scheme.name,
                   Format(result.goodput, 2),
                   Format(result.early, 2),
                   Format(result.before, 2),
                   Format(result.pathBytes[0] / 1e6, 2),
                   Format(result.pathBytes[1] / 1e6, 2),
                   Format(result.interruption),
                   Format(result.back),
                   Format(result.reinjected / 1e3, 1),
                   Format(result.medianDelay)};
        std::replace(row.begin(), row.end(), std::string("nan"), std::string("-"));
        rows.push_back(row);
    }
    for (const Row& row : rows)
    {
        for (size_t i = 0; i < row.size(); ++i)
        {
            size_t width = 0;
            for (const Row& other : rows)
            {
                width = std::max(width, other[i].size());
            }
            std::cout << (i == 0 ? std::left : std::right)
                      << std::setw(static_cast<int>(width + (i == 0 ? 0 : 2))) << row[i];
        }
        std::cout << '\n';
    }
}

/// End the program if the results cannot be written. @param experiment where they go
void
PrepareOutput(const Experiment& experiment)
{
    const auto refuse = [&experiment](const std::string& why)
    { Refuse("--output=" + experiment.output.string() + ": " + why); };
    for (const Scheme& scheme : experiment.schemes)
    {
        std::error_code error;
        std::filesystem::create_directories(experiment.output / scheme.name, error);
        if (error)
        {
            refuse("no folder can be made there: " + error.message());
        }
    }
    for (const char* name : {"summary.csv", "parameters.gp", "options.txt"})
    {
        if (!std::ofstream(experiment.output / name))
        {
            refuse(std::string(name) + " cannot be written there");
        }
    }
}

/// Tell the plots what to draw. @param experiment what was done
void
WritePlotParameters(const Experiment& experiment)
{
    std::ofstream file(experiment.output / "parameters.gp");
    file << "schemes = \"";
    for (const Scheme& scheme : experiment.schemes)
    {
        file << (&scheme == &experiment.schemes.front() ? "" : " ") << scheme.name;
    }
    const bool outage = experiment.event != Event::NONE;
    file << "\"\nduration = " << experiment.duration.GetSeconds()
         << "\noutage = " << (outage ? 1 : 0)
         << "\noutage_start = " << (outage ? experiment.outageStart.GetSeconds() : 0)
         << "\noutage_end = "
         << (outage ? std::min(experiment.outageEnd, experiment.duration).GetSeconds() : 0)
         << "\nwifi_mbps = " << experiment.wifi.rate.GetBitRate() / 1e6
         << "\ncellular_mbps = " << experiment.cellular.rate.GetBitRate() / 1e6
         << "\nblock_kb = " << experiment.blockSize / 1e3 << "\n";
}

} // namespace

int
main(int argc, char* argv[])
{
    // What a user changes of these on the command line is changed after this.
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    Experiment experiment;
    const std::vector<Option> options = ParseCommandLine(argc, argv, experiment);

    Config::SetDefault("ns3::TcpSocket::SndBufSize", UintegerValue(experiment.buffer));
    Config::SetDefault("ns3::TcpSocket::RcvBufSize", UintegerValue(experiment.buffer));
    Config::SetDefault("ns3::TcpSocket::SegmentSize", UintegerValue(experiment.segmentSize));
    Config::SetDefault("ns3::TcpSocketBase::MinRto", TimeValue(experiment.minRto));
    Config::SetDefault("ns3::TcpL4Protocol::SocketType", TypeIdValue(experiment.congestion));

    PrepareOutput(experiment);

    std::vector<Outcome> outcomes;
    bool right = true;
    for (const Scheme& scheme : experiment.schemes)
    {
        outcomes.emplace_back(scheme, Run(scheme, experiment));
        if (outcomes.back().second.wrong > 0)
        {
            std::cout << scheme.name << ": " << outcomes.back().second.wrong
                      << " bytes were delivered that are not those that were sent" << std::endl;
            right = false;
        }
    }
    WriteSummary(experiment.output / "summary.csv", outcomes);
    WritePlotParameters(experiment);

    std::ofstream record(experiment.output / "options.txt");
    std::string line;
    for (const Option& option : options)
    {
        const std::string text = option.name + "=" + option.value;
        record << text << '\n';
        if (line.size() + text.size() > 98)
        {
            std::cout << line << '\n';
            line.clear();
        }
        line += (line.empty() ? "" : "  ") + text;
    }
    std::cout << line << "\n\n";
    PrintTable(outcomes);
    return right ? 0 : 1;
}
