// SPDX-License-Identifier: GPL-2.0-only
#include "results.h"

#include "command-line.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <optional>
#include <sstream>
#include <system_error>
#include <unistd.h>

using namespace ns3;

namespace handover
{

namespace
{

/// What is written beside the folders of the schemes.
constexpr const char* TABLES[] = {"summary.csv", "parameters.gp", "options.txt", "run.json"};

/// All that a run may write in its own folder.
constexpr const char* FILES_OF_RUN[] = {
    "phone-wifi.pcap",
    "phone-cellular.pcap",
    "wifi-router-access.pcap",
    "wifi-router-backbone.pcap",
    "cellular-router-access.pcap",
    "cellular-router-backbone.pcap",
    "backbone-router-wifi.pcap",
    "backbone-router-cellular.pcap",
    "backbone-router-server.pcap",
    "backbone-router-server-2.pcap",
    "server.pcap",
    "server-2.pcap",
    "goodput.dat",
    "data-sequence.dat",
    "window.dat",
    "queue.dat",
    "block-delay.dat",
    "block-delay-cdf.dat",
    "delays.dat",
    "delay-cdf.dat",
    "signal.dat",
    "decisions.dat",
    "places.dat",
    "path.dat",
    "netanim.xml",
    "program.log",
};

using Row = std::vector<std::string>;

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

/// @param outcome with sorted delays @param part 0 to 1
/// @return the delay that so many of them do not exceed, in ms
std::optional<double>
GetDelay(const Outcome& outcome, double part)
{
    const size_t count = outcome.delays.size();
    if (count == 0)
    {
        return std::nullopt;
    }
    const auto rank = static_cast<size_t>(std::ceil(part * count));
    return outcome.delays[std::max<size_t>(rank, 1) - 1];
}

/// @param outcome of a scheme @return its kind of traffic
const std::string&
GetTraffic(const Outcome& outcome)
{
    return TRAFFIC_NAMES[static_cast<size_t>(outcome.traffic)];
}

/// Print rows in columns. @param rows of equal length; nan is shown as -
void
Print(std::vector<Row> rows)
{
    for (Row& row : rows)
    {
        std::replace(row.begin(), row.end(), std::string("nan"), std::string("-"));
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

/// Print what bulk transfers achieved. @param outcomes of all schemes
void
PrintBulk(const std::vector<Outcome>& outcomes)
{
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
    for (const Outcome& outcome : outcomes)
    {
        const auto& result = outcome.stream;
        if (outcome.traffic == Traffic::BULK)
        {
            rows.push_back({outcome.scheme->name,
                            Format(result.goodput, 2),
                            Format(result.early, 2),
                            Format(result.before, 2),
                            Format(result.pathBytes[0] / 1e6, 2),
                            Format(result.pathBytes[1] / 1e6, 2),
                            Format(result.interruption),
                            Format(result.back),
                            Format(result.reinjected / 1e3, 1),
                            Format(result.medianDelay)});
        }
    }
    Print(rows);
}

/// Print what runs cost. @param outcomes of all schemes @param traffic which of them
void
PrintCost(const std::vector<Outcome>& outcomes, Traffic traffic)
{
    std::vector<Row> rows = {
        {"", "arrived", "WiFi", "WiFi", "cellular", "cellular", "WiFi", "cellular", "", "of them"},
        {"", "twice", "down", "up", "down", "up", "energy", "energy", "subflows", "never used"},
        {"scheme", "MB", "MB", "MB", "MB", "MB", "J", "J", "", ""},
    };
    for (const Outcome& outcome : outcomes)
    {
        if (outcome.traffic != traffic)
        {
            continue;
        }
        const auto& copies = outcome.stream.copies;
        Row row = {outcome.scheme->name,
                   Format(copies ? std::optional(*copies / 1e6) : std::nullopt, 2)};
        for (const auto& account : outcome.access)
        {
            row.push_back(Format(account.down / 1e6, 2));
            row.push_back(Format(account.up / 1e6, 2));
        }
        for (const auto& account : outcome.access)
        {
            row.push_back(Format(account.joule, 1));
        }
        row.push_back(outcome.subflows ? std::to_string(*outcome.subflows) : "nan");
        row.push_back(outcome.subflows ? std::to_string(outcome.idleSubflows) : "nan");
        rows.push_back(row);
    }
    Print(rows);
}

/// Print how long things took. @param outcomes of all schemes @param traffic which of them
void
PrintDelays(const std::vector<Outcome>& outcomes, Traffic traffic)
{
    std::vector<Row> rows = {
        {"scheme", "number", "median ms", "95 % ms", "99 % ms", "longest ms", "missing"},
    };
    if (traffic == Traffic::FRAMES)
    {
        rows[0].push_back("late %");
    }
    for (const Outcome& outcome : outcomes)
    {
        if (outcome.traffic != traffic)
        {
            continue;
        }
        Row row = {outcome.scheme->name,
                   std::to_string(outcome.delays.size()),
                   Format(GetDelay(outcome, 0.5), 1),
                   Format(GetDelay(outcome, 0.95), 1),
                   Format(GetDelay(outcome, 0.99), 1),
                   Format(GetDelay(outcome, 1), 1),
                   std::to_string(outcome.missing)};
        if (traffic == Traffic::FRAMES)
        {
            row.push_back(
                Format(100.0 * outcome.late / std::max<size_t>(outcome.delays.size(), 1), 1));
        }
        rows.push_back(row);
    }
    Print(rows);
}

/// @param access of the phone @return what it is, in lines with | between them
std::string
Describe(const Access& access)
{
    std::string text = access.kind;
    const auto number = [](double value) { return Format(value, value < 10 ? 1 : 0); };
    if (!access.IsShared())
    {
        const std::string rate = number(access.rate.GetBitRate() / 1e6) + " Mb/s, ";
        text += "|" + (access.kind == "emulated" ? rate : "") +
                number(access.delay.GetSeconds() * 1000) + " ms";
        text += access.loss > 0 ? ", " + number(access.loss * 100) + " % loss" : "";
    }
    const char* const families[] = {"IPv4", "IPv6", "IPv4 and IPv6"};
    text += std::string("|") + families[static_cast<size_t>(access.family)] +
            (access.translated ? ", translated" : "");
    const double others =
        (access.backgroundDown.GetBitRate() + access.backgroundUp.GetBitRate()) / 1e6;
    text += others > 0 ? "|others: " + number(others) + " Mb/s" : "";
    return text;
}

/// End the program. @param experiment where its results go @param why they cannot
[[noreturn]] void
RefuseOutput(const Experiment& experiment, const std::string& why)
{
    Refuse("--output=" + experiment.output.string() + ": " + why);
}

/// @return the folders of all schemes with all traffic, those first that are in others
std::vector<std::filesystem::path>
GetFolders()
{
    std::vector<std::filesystem::path> folders;
    for (const Scheme& scheme : SCHEMES)
    {
        for (const Traffic traffic :
             {Traffic::REQUESTS, Traffic::PAGES, Traffic::FRAMES, Traffic::BULK})
        {
            folders.push_back(GetFolder(scheme, traffic));
        }
    }
    return folders;
}

/// @return all files that this program may write, whatever the experiment
std::vector<std::filesystem::path>
GetFiles()
{
    std::vector<std::filesystem::path> files(std::begin(TABLES), std::end(TABLES));
    for (const std::filesystem::path& folder : GetFolders())
    {
        for (const char* name : FILES_OF_RUN)
        {
            files.push_back(folder / name);
        }
    }
    return files;
}

/// Remove folders of schemes in which nothing is. @param base where they are
void
RemoveEmptyFolders(const std::filesystem::path& base)
{
    for (const std::filesystem::path& folder : GetFolders())
    {
        // ./mptcp may be a program.
        if (std::filesystem::is_directory(std::filesystem::symlink_status(base / folder)))
        {
            std::error_code notEmpty;
            std::filesystem::remove(base / folder, notEmpty);
        }
    }
}

/// End the program if nothing can be put into a folder.
/// @param experiment whose results go there @param folder it
void
CheckWritable(const Experiment& experiment, const std::filesystem::path& folder)
{
    if (access(folder.c_str(), W_OK | X_OK) != 0)
    {
        RefuseOutput(experiment,
                     "nothing can be written in " + folder.string() + ": " +
                         std::generic_category().message(errno));
    }
}

} // namespace

void
WriteSummary(const std::filesystem::path& path, const std::vector<Outcome>& outcomes)
{
    std::ofstream file(path);
    file << "scheme,traffic,goodput_mbps,before_mbps,wifi_bytes,cellular_bytes,interruption_ms,"
            "return_ms,reinjected_bytes,copied_bytes,wifi_down_bytes,wifi_up_bytes,"
            "cellular_down_bytes,cellular_up_bytes,wifi_joule,cellular_joule,subflows,"
            "idle_subflows,reconnections,ended,transfers,missing,late,delay_median_ms,"
            "delay_95_ms,delay_99_ms,delay_longest_ms\n";
    for (const Outcome& outcome : outcomes)
    {
        const auto& result = outcome.stream;
        Row row = {outcome.scheme->name, GetTraffic(outcome)};
        if (outcome.traffic == Traffic::BULK)
        {
            row.insert(row.end(),
                       {Format(result.goodput, 3),
                        Format(result.before, 3),
                        std::to_string(result.pathBytes[0]),
                        std::to_string(result.pathBytes[1]),
                        Format(result.interruption),
                        Format(result.back),
                        std::to_string(result.reinjected),
                        result.copies ? std::to_string(*result.copies) : "nan"});
        }
        else
        {
            row.insert(row.end(), 8, "nan");
        }
        for (const auto& account : outcome.access)
        {
            row.push_back(std::to_string(account.down));
            row.push_back(std::to_string(account.up));
        }
        for (const auto& account : outcome.access)
        {
            row.push_back(Format(account.joule, 3));
        }
        row.push_back(outcome.subflows ? std::to_string(*outcome.subflows) : "nan");
        row.push_back(outcome.subflows ? std::to_string(outcome.idleSubflows) : "nan");
        row.push_back(std::to_string(outcome.reconnections));
        row.push_back(std::to_string(outcome.ended));
        if (outcome.traffic == Traffic::BULK)
        {
            row.insert(row.end(), 7, "nan");
        }
        else
        {
            row.push_back(std::to_string(outcome.delays.size()));
            row.push_back(std::to_string(outcome.missing));
            row.push_back(outcome.traffic == Traffic::FRAMES ? std::to_string(outcome.late)
                                                             : "nan");
            for (const double part : {0.5, 0.95, 0.99, 1.0})
            {
                row.push_back(Format(GetDelay(outcome, part), 1));
            }
        }
        for (size_t i = 0; i < row.size(); i++)
        {
            file << (i == 0 ? "" : ",") << row[i];
        }
        file << '\n';
    }
}

void
PrintTables(const std::vector<Outcome>& outcomes, const Experiment& experiment)
{
    for (const Traffic traffic : experiment.traffic)
    {
        if (&traffic != &experiment.traffic.front())
        {
            std::cout << '\n';
        }
        if (traffic == Traffic::BULK)
        {
            PrintBulk(outcomes);
        }
        else
        {
            std::cout << TRAFFIC_NAMES[static_cast<size_t>(traffic)] << '\n';
            PrintDelays(outcomes, traffic);
        }
        std::cout << '\n';
        PrintCost(outcomes, traffic);
    }
}

void
PrepareOutput(const Experiment& experiment)
{
    const std::filesystem::path draft = experiment.GetDraft();
    // What a run that was stopped left.
    for (const std::filesystem::path& file : GetFiles())
    {
        std::error_code ignored;
        std::filesystem::remove(draft / file, ignored);
    }
    RemoveEmptyFolders(draft);
    for (const std::filesystem::path& base : {experiment.output, draft})
    {
        for (const Scheme& scheme : experiment.schemes)
        {
            for (const Traffic traffic : experiment.traffic)
            {
                const std::filesystem::path folder = base / GetFolder(scheme, traffic);
                std::error_code error;
                std::filesystem::create_directories(folder, error);
                if (error)
                {
                    RefuseOutput(experiment,
                                 "the folder " + folder.string() +
                                     " cannot be made: " + error.message());
                }
                CheckWritable(experiment, folder);
            }
        }
        CheckWritable(experiment, base);
    }
    RemoveEmptyFolders(experiment.output);
}

void
PublishOutput(const Experiment& experiment)
{
    const std::filesystem::path draft = experiment.GetDraft();
    for (const char* name : TABLES)
    {
        std::error_code error;
        if (std::filesystem::file_size(draft / name, error) == 0 || error)
        {
            RefuseOutput(experiment,
                         std::string("there is no room for ") + name +
                             ", captures and series; results are missing");
        }
    }
    // Without its record, files with these names are not those of an earlier run.
    const bool again = std::filesystem::exists(experiment.output / "run.json");
    for (const std::filesystem::path& file : GetFiles())
    {
        const std::filesystem::path from = draft / file;
        const std::filesystem::path to = experiment.output / file;
        std::error_code error;
        if (!std::filesystem::exists(from))
        {
            if (again)
            {
                std::filesystem::remove(to, error);
            }
            continue;
        }
        std::filesystem::create_directories(to.parent_path(), error);
        if (!error)
        {
            std::filesystem::rename(from, to, error);
        }
        if (error)
        {
            RefuseOutput(experiment,
                         to.string() + " cannot be written: " + error.message() +
                             "; the results are in " + draft.string());
        }
    }
    RemoveEmptyFolders(draft);
    std::error_code notEmpty;
    std::filesystem::remove(draft, notEmpty);
    RemoveEmptyFolders(experiment.output);
}

void
WritePlotParameters(const Experiment& experiment, const std::vector<Outcome>& outcomes)
{
    std::ofstream file(experiment.GetDraft() / "parameters.gp");
    // What was transferred in each way and has series, by scheme; bulk has no prefix.
    for (size_t i = 0; i < TRAFFIC_NAMES.size(); i++)
    {
        const auto traffic = static_cast<Traffic>(i);
        file << (i == 0 ? "schemes" : TRAFFIC_NAMES[i] + "_schemes") << " = \"";
        std::string blank;
        const bool drawn = traffic == Traffic::BULK ? experiment.series : experiment.delays;
        for (const Outcome& outcome : outcomes)
        {
            if (outcome.traffic == traffic && drawn)
            {
                file << blank << outcome.scheme->name;
                blank = " ";
            }
        }
        file << "\"\n";
    }
    file << "managed = \"";
    for (const Outcome& outcome : outcomes)
    {
        const bool managed = outcome.scheme->actor == Actor::MANAGER &&
                             outcome.traffic == Traffic::BULK && experiment.series;
        file << (managed ? outcome.scheme->name + " " : "");
    }
    file << "\"\n";
    // It is the same time in all runs: how much later it comes depends on --seed and --run alone.
    const Time start = outcomes.empty() ? Time(0) : outcomes.front().outageStart;
    const Time end = outcomes.empty() ? Time(0) : outcomes.front().outageEnd;
    const bool outage = experiment.event != Event::NONE && start < experiment.duration;
    file << "duration = " << experiment.duration.GetSeconds() << "\noutage = " << (outage ? 1 : 0)
         << "\noutage_start = " << (outage ? start.GetSeconds() : 0)
         << "\noutage_end = " << (outage ? std::min(end, experiment.duration).GetSeconds() : 0)
         << "\nblock_kb = " << experiment.blockSize / 1e3
         << "\ndeadline_ms = " << experiment.deadline.GetSeconds() * 1000 << "\nwifi_text = \""
         << Describe(experiment.wifi) << "\"\ncellular_text = \"" << Describe(experiment.cellular)
         << "\"\nserver_text = \"" << Format(experiment.serverRate.GetBitRate() / 1e6, 0)
         << " Mb/s, " << Format(experiment.serverDelay.GetSeconds() * 1000, 0) << " ms"
         << (experiment.serverAddresses > 1 ? "|two links" : "")
         << "\"\nphones = " << experiment.phones << "\nmap = \"";
    // All schemes walk the same way.
    if (!outcomes.empty())
    {
        const std::filesystem::path folder =
            GetFolder(*outcomes.front().scheme, outcomes.front().traffic);
        const bool places = std::filesystem::exists(experiment.GetDraft() / folder / "places.dat");
        file << (places ? folder.string() : "");
    }
    file << "\"\n";
}

} // namespace handover
