// SPDX-License-Identifier: GPL-2.0-only
#include "results.h"

#include "command-line.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <optional>
#include <sstream>

using namespace ns3;

namespace handover
{

namespace
{

/// What is written beside the folders of the schemes.
constexpr const char* RESULT_FILES[] = {"summary.csv", "parameters.gp", "options.txt", "run.json"};

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
    const auto refuse = [&experiment](const std::string& why)
    { Refuse("--output=" + experiment.output.string() + ": " + why); };
    for (const Scheme& scheme : experiment.schemes)
    {
        for (const Traffic traffic : experiment.traffic)
        {
            const std::filesystem::path folder = experiment.GetFolder(scheme, traffic);
            std::error_code error;
            std::filesystem::create_directories(folder, error);
            if (error)
            {
                refuse("no folder can be made there: " + error.message());
            }
            // A map of an earlier run would be drawn as one of this.
            for (const char* name : {"places.dat", "path.dat"})
            {
                std::filesystem::remove(folder / name, error);
            }
        }
    }
    for (const char* name : RESULT_FILES)
    {
        if (!std::ofstream(experiment.output / name))
        {
            refuse(std::string(name) + " cannot be written there");
        }
    }
}

void
CheckOutput(const Experiment& experiment)
{
    for (const char* name : RESULT_FILES)
    {
        std::error_code error;
        if (std::filesystem::file_size(experiment.output / name, error) == 0 || error)
        {
            Refuse("--output=" + experiment.output.string() + ": there is no room for " + name +
                   ", captures and series; results are missing");
        }
    }
}

void
WritePlotParameters(const Experiment& experiment, const std::vector<Outcome>& outcomes)
{
    std::ofstream file(experiment.output / "parameters.gp");
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
            experiment.GetFolder(*outcomes.front().scheme, outcomes.front().traffic);
        const bool places = std::filesystem::exists(folder / "places.dat");
        file << (places ? folder.lexically_relative(experiment.output).string() : "");
    }
    file << "\"\n";
}

} // namespace handover
