// SPDX-License-Identifier: GPL-2.0-only
#include "command-line.h"

#include "map.h"
#include "values.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <map>
#include <sstream>
#include <stdexcept>

using namespace ns3;

namespace handover
{

[[noreturn]] void
Refuse(const std::string& what)
{
    std::cerr << "mptcp-handover: " << what << std::endl;
    std::exit(2);
}

namespace
{

/// @param text names with commas between them @param known what they can be
/// @return their indices, each once
std::vector<size_t>
ParseNames(const std::string& text, const std::vector<std::string>& known)
{
    std::vector<size_t> indices;
    std::istringstream stream(text + ",");
    for (std::string name; std::getline(stream, name, ',');)
    {
        const size_t index = ParseName(name, known);
        if (std::find(indices.begin(), indices.end(), index) == indices.end())
        {
            indices.push_back(index);
        }
    }
    return indices;
}

/// @param text names with commas between them, or all @return the schemes
std::vector<Scheme>
ParseSchemes(const std::string& text)
{
    std::vector<std::string> names = {"all"};
    for (const Scheme& scheme : SCHEMES)
    {
        names.push_back(scheme.name);
    }
    std::vector<Scheme> schemes;
    for (const size_t index : ParseNames(text, names))
    {
        if (index == 0)
        {
            return SCHEMES;
        }
        schemes.push_back(SCHEMES[index - 1]);
    }
    return schemes;
}

/// End the program if accesses cannot do what they are told, or would ignore it.
/// @param experiment what is asked for @param changed options with other values than by default
void
CheckAccesses(const Experiment& experiment, const std::vector<Option>& changed)
{
    bool shared = false;
    bool busy = false;
    const std::string& movement = experiment.movement;
    const bool walks = movement.compare(0, 5, "walk-") == 0 || movement == "commute";
    for (const auto& [name, access] :
         {std::pair("--wifi", experiment.wifi), std::pair("--cellular", experiment.cellular)})
    {
        const bool down = access.backgroundDown.GetBitRate() > 0;
        const bool up = access.backgroundUp.GetBitRate() > 0;
        if (access.translated && access.family == Family::IPV6)
        {
            Refuse(std::string(name) + "Nat=yes: translates IPv4, which " + name +
                   "Family=ipv6 has not");
        }
        if (access.translated && down)
        {
            Refuse(std::string(name) + "BackgroundDown: with " + name +
                   "Nat=yes nobody outside reaches a phone");
        }
        shared = shared || access.IsShared();
        busy = busy || (access.IsShared() && (down || up));
    }
    for (const Option& option : changed)
    {
        const std::string& name = option.name;
        if (!shared && (name == "movement" || name == "far" || name == "speed" || name == "pause"))
        {
            Refuse("--" + name + "=" + option.value +
                   ": on links the phone does not move; --wifi=wifi or --cellular=lte are radios");
        }
        if (name == "pause" ? movement != "walk-out" : !walks && (name == "far" || name == "speed"))
        {
            Refuse("--" + name + "=" + option.value + ": --movement=" + movement +
                   " has none; walk-out" +
                   (name == "pause" ? " has" : ", walk-through and commute have"));
        }
    }
    if (experiment.phones > 1 && !shared)
    {
        Refuse("--phones: with links each phone has its own; --wifi=wifi or --cellular=lte are "
               "shared");
    }
    if (experiment.phones > 1 && !busy)
    {
        Refuse("--phones: the others have nothing to do; --wifiBackgroundDown or another of the "
               "kind on a radio gives them traffic");
    }
}

/// End the program if it is given what it sets itself: that would be overridden.
/// @param argc number of arguments @param argv the arguments @param schemes that are asked for
void
RefuseOverridden(int argc, char* argv[], const std::vector<Scheme>& schemes)
{
    const std::string program = "the program sets it";
    std::map<std::string, std::string> instead = {
        {"RngRun", "use --run, which overrides it"},
        {"RngSeed", "use --seed, which overrides it"},
        {"ns3::ByteStreamApplication::Local", program},
        {"ns3::ByteStreamApplication::MaxBytes", program},
        {"ns3::ByteStreamApplication::Protocol", program},
        {"ns3::ByteStreamApplication::Remote", program},
        {"ns3::FrameSource::Local", program},
        {"ns3::FrameSource::Protocol", program},
        {"ns3::LinkAccess::Delay", "use --wifiDelay and --cellularDelay, which override it"},
        {"ns3::LinkAccess::LossRate", "use --wifiLoss and --cellularLoss, which override it"},
        {"ns3::LinkAccess::QueuePackets", "use --wifiQueue and --cellularQueue, which override it"},
        {"ns3::MptcpSocket::CongestionControl", "use --congestion, which overrides it"},
        {"ns3::MptcpSocket::Multipath", "each scheme says it"},
        {"ns3::MptcpSocket::PathManager", "use --pathManager, which overrides it"},
        {"ns3::MptcpSocket::Scheduler", "use --scheduler, which overrides it"},
        {"ns3::MptcpSocket::StaleMaxRto", "use --staleMaxRto, which overrides it"},
        {"ns3::PointToPointAccess::DataRate",
         "use --wifiRate and --cellularRate, which override it"},
        {"ns3::PosixApplication::Arguments", program},
        {"ns3::PosixApplication::Program", program},
        {"ns3::RangeClient::Protocol", program},
        {"ns3::RangeClient::Remote", program},
        {"ns3::StreamServer::Local", program},
        {"ns3::StreamServer::Protocol", program},
        {"ns3::TcpL4Protocol::SocketType", "use --congestion, which overrides it"},
        {"ns3::TcpSocket::RcvBufSize", "use --buffer, which overrides it"},
        {"ns3::TcpSocket::SegmentSize", "use --segmentSize, which overrides it"},
        {"ns3::TcpSocket::SndBufSize", "use --buffer, which overrides it"},
        {"ns3::TcpSocketBase::MinRto", "use --minRto, which overrides it"},
    };
    for (const Scheme& scheme : schemes)
    {
        if (scheme.actor == Actor::MANAGER)
        {
            instead["ns3::MptcpSocket::StaleTimeouts"] = scheme.name + " sets it";
        }
        else if (scheme.actor == Actor::RECONNECT)
        {
            instead["ns3::RangeClient::StallTimeout"] = scheme.name + " sets it";
        }
    }
    // On the command line, or in these variables of the environment, NAME=VALUE;NAME=VALUE.
    std::vector<std::string> given(argv + 1, argv + argc);
    for (const char* variable : {"NS_GLOBAL_VALUE", "NS_ATTRIBUTE_DEFAULT"})
    {
        const char* text = std::getenv(variable);
        std::istringstream stream(text ? text : "");
        for (std::string one; std::getline(stream, one, ';');)
        {
            given.push_back(one);
        }
    }
    for (const std::string& one : given)
    {
        const std::string name = one.substr(0, one.find('='));
        const auto what =
            instead.find(name.substr(std::min(name.find_first_not_of('-'), name.size())));
        if (what != instead.end())
        {
            Refuse(one + ": " + what->second);
        }
    }
}

} // namespace

std::vector<Option>
ParseCommandLine(int argc, char* argv[], Experiment& experiment)
{
    Experiment& e = experiment;
    const double maxTime = 1e6;
    using Text = const std::string&;
    std::vector<Option> options = {
        {"schemes",
         "tcp-wifi,tcp-cellular,mptcp,mptcp-backup,application",
         "Which, with commas between them, or all; doc/handover.md tells what each does. tcp-*: "
         "this module's TCP without MPTCP, the fair baseline. ns3-tcp-*: ns-3's TcpSocketBase. "
         "application: the phone runs examples/posix/phone-handover.c, which moves the connection "
         "from WiFi to cellular 0.5 s before the outage and back 0.1 s after it",
         [&](Text t) { e.schemes = ParseSchemes(t); }},
        {"traffic",
         "bulk,requests",
         "What is transferred, with commas between them, each in a run of its own. bulk: as much "
         "as there is time for; requests: small objects (ns3::PeriodicClient); pages: web pages "
         "(ns3::WebPageClient); frames: voice or video at a constant rate (ns3::FrameSource). "
         "All but bulk go to the phone",
         [&](Text t)
         {
             for (const size_t index : ParseNames(t, TRAFFIC_NAMES))
             {
                 e.traffic.push_back(static_cast<Traffic>(index));
             }
         }},
        {"duration",
         "30",
         "Length of each run, in s; a phone with a radio connects 0.5 s after its begin",
         [&](Text t) { e.duration = ParseTime(t, 1, 0.5, maxTime); }},
    };
    const auto addAccess = [&options](const std::string& name, Access& access, const Access& is)
    {
        std::string kinds;
        for (const std::string& kind : PhoneAccess::GetNames())
        {
            kinds += (kinds.empty() ? "" : ", ") + kind;
        }
        options.push_back({name,
                           "emulated",
                           "What the " + name + " access is: " + kinds +
                               "; doc/radio.md has the attributes of each",
                           [&](Text t)
                           {
                               ParseName(t, PhoneAccess::GetNames());
                               access.kind = t;
                           }});
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
        options.push_back(
            {name + "Family",
             "ipv4",
             "IP of the " + name + " access: ipv4, ipv6 or both, where connections begin by IPv4",
             [&](Text t) {
                 access.family = static_cast<Family>(ParseName(t, {"ipv4", "ipv6", "both"}));
             }});
        options.push_back({name + "Nat",
                           "no",
                           "Whether the router of the " + name +
                               " access translates IPv4 addresses and ports: yes or no",
                           [&](Text t) {
                               access.translated = ParseName(t, {"no", "yes"}) == 1;
                           }});
        const auto addBackground = [&](const std::string& way, DataRate& rate)
        {
            options.push_back({name + "Background" + way,
                               "0",
                               "Traffic of others on the " + name + " access, UDP, " +
                                   (way == "Down" ? "to" : "from") +
                                   " the phone; on a radio with several --phones the others have "
                                   "it, in equal parts; in Mb/s",
                               [&rate](Text t) { rate = ParseRateOrZero(t); }});
        };
        addBackground("Down", access.backgroundDown);
        addBackground("Up", access.backgroundUp);
    };
    addAccess("wifi", e.wifi, {"emulated", DataRate("20Mb/s"), MilliSeconds(20), 100, 0});
    addAccess("cellular", e.cellular, {"emulated", DataRate("10Mb/s"), MilliSeconds(50), 120, 0});
    const std::vector<Option> others = {
        {"serverRate",
         "1000",
         "Rate of the server's link and of those between routers, in Mb/s",
         [&](Text t) { e.serverRate = ParseRate(t); }},
        {"serverDelay",
         "0",
         "Propagation delay of the server's link, one way, in ms",
         [&](Text t) { e.serverDelay = ParseTime(t, 1e-3, 0, 100); }},
        {"serverAddresses",
         "1",
         "Addresses of the server of each family that an access has, 1 or 2, each on a link of its "
         "own",
         [&](Text t) { e.serverAddresses = ParseCount(t, 1, 2); }},
        {"phones",
         "1",
         "Phones on the same access point and cell; the first one is looked at, the others stand "
         "near and have the background traffic",
         [&](Text t) { e.phones = ParseCount(t, 1, 200); }},
        {"movement",
         "stand",
         "How the phone moves, for radios: stand, walk-out, walk-through, commute, or an ns-2 "
         "trace "
         "file; doc/radio.md",
         [&](Text t) { e.movement = t; }},
        {"far",
         "150",
         "Where a movement turns or ends, in m",
         [&](Text t) {
             e.far = ParseNumber(t, {{"", 1}}, 1, 1e6);
         }},
        {"speed",
         "1.5",
         "How fast the phone moves, in m/s",
         [&](Text t) {
             e.speed = ParseNumber(t, {{"", 1}}, 0.01, 1000);
         }},
        {"pause",
         "10",
         "How long it stays at the far end before it walks back, in s",
         [&](Text t) { e.pause = ParseTime(t, 1, 0, maxTime); }},
        {"events",
         "",
         "File with events that happen to the accesses; doc/radio.md",
         [&](Text t)
         {
             e.eventsFile = t;
             e.events = t.empty() ? std::vector<AccessEvent>() : ReadAccessEvents(t);
         }},
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
        {"outageSpread",
         "0",
         "Both come later by a random time up to this, which depends on --seed and --run only, in "
         "s",
         [&](Text t) { e.outageSpread = ParseTime(t, 1, 0, maxTime); }},
        {"signalStrong",
         "-50",
         "Signal strength of WiFi that connection managers are told, in dBm",
         [&](Text t) {
             e.signalStrong = ParseNumber(t, {{"", 1}}, -200, 50);
         }},
        {"signalWeak",
         "-90",
         "What it falls to before WiFi is silent, linearly, and rises from after it, in dBm",
         [&](Text t) {
             e.signalWeak = ParseNumber(t, {{"", 1}}, -200, 50);
         }},
        {"signalFall",
         "3",
         "How long it falls or rises, in s",
         [&](Text t) { e.signalFall = ParseTime(t, 1, 0, maxTime); }},
        {"lossReport",
         "1.024",
         "When connection managers are told that a silent WiFi is lost, in s; ten beacons",
         [&](Text t) { e.lossReport = ParseTime(t, 1, 0, maxTime); }},
        {"deadline",
         "150",
         "How old a frame may be when the phone can read it, in ms",
         [&](Text t) { e.deadline = ParseTime(t, 1e-3, 1e-3, maxTime); }},
        {"scheduler",
         "MptcpLowestRtt",
         "Class of MPTCP's scheduler, but for redundant and aggregate",
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
         "Payload bytes of a full segment, for all schemes; 0: 1420, or 1400 where there is IPv6, "
         "what MPTCP's options leave of 1500 bytes",
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
        {"netanim",
         "no",
         "Write a file for NetAnim, netanim.xml, beside the captures: yes or no. It has every "
         "packet, and takes as much room as a capture",
         [&](Text t)
         {
             e.animation = ParseName(t, {"no", "yes"}) == 1;
             if (e.animation && !Animation::IsPossible())
             {
                 throw std::invalid_argument("this ns-3 has no module netanim");
             }
         }},
        {"series",
         "all",
         "Write the series that pictures are drawn from: all, delays (those of requests, pages and "
         "frames), or none",
         [&](Text t)
         {
             const size_t which = ParseName(t, {"none", "delays", "all"});
             e.delays = which > 0;
             e.series = which > 1;
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
    bool ipv6 = false;
    const std::vector<Option> defaults = options;
    CommandLine cmd("mptcp-handover.cc");
    for (Option& option : options)
    {
        // As it is written: ns-3 would read a text up to its first blank.
        cmd.AddValue(
            option.name,
            option.help,
            [&option](const std::string& text)
            {
                option.value = text;
                return true;
            },
            option.value);
    }
    cmd.AddValue("download", "The server sends; so it is if nothing is said", download);
    cmd.AddValue("upload", "The phone sends", e.upload);
    cmd.AddValue("ipv6", "--wifiFamily=ipv6 and --cellularFamily=ipv6", ipv6);
    arguments::Parse(cmd, argc, argv);
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
    RefuseOverridden(argc, argv, e.schemes);
    for (const auto& [name, access] :
         {std::pair("wifi", e.wifi), std::pair("cellular", e.cellular)})
    {
        // Nothing is accepted to be ignored.
        for (size_t i = 0; i < options.size(); ++i)
        {
            const bool link = !access.IsShared();
            const std::string& option = options[i].name;
            const bool wrong =
                (option == std::string(name) + "Rate" && access.kind != "emulated") ||
                (!link &&
                 (option == std::string(name) + "Delay" || option == std::string(name) + "Queue" ||
                  option == std::string(name) + "Loss"));
            if (wrong && options[i].value != defaults[i].value)
            {
                Refuse("--" + option + ": not for --" + name + "=" + access.kind);
            }
        }
    }
    if (ipv6)
    {
        for (Option& option : options)
        {
            if (option.name == "wifiFamily" || option.name == "cellularFamily")
            {
                if (option.value != "ipv4")
                {
                    Refuse("--ipv6 and --" + option.name + " exclude each other");
                }
                option.value = "ipv6";
                option.parse(option.value);
            }
        }
    }
    std::vector<Option> changed;
    for (size_t i = 0; i < options.size(); ++i)
    {
        if (options[i].value != defaults[i].value)
        {
            changed.push_back(options[i]);
        }
    }
    CheckAccesses(e, changed);
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
    if (e.segmentSize == 0)
    {
        // Of 1500 bytes: IP 20 or 40, TCP 20, timestamps 12, a DSS of 28 with 64-bit numbers.
        const bool ipv4 = e.wifi.family == Family::IPV4 && e.cellular.family == Family::IPV4;
        e.segmentSize = ipv4 ? 1420 : 1400;
    }
    // Where results go does not change them.
    const auto isOutput = [](const Option& option) { return option.name == "output"; };
    options.erase(std::remove_if(options.begin(), options.end(), isOutput), options.end());
    for (Option& option : options)
    {
        if (option.name == "segmentSize")
        {
            option.value = std::to_string(e.segmentSize);
        }
    }
    return options;
}

} // namespace handover
