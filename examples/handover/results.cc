// SPDX-License-Identifier: GPL-2.0-only
#include "results.h"

#include "command-line.h"

#include <algorithm>
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

} // namespace

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

} // namespace handover
