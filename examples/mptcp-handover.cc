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
// The command line is CommandLine's; what its options are is in handover/command-line.cc.
#include "handover/command-line.h"
#include "handover/record.h"
#include "handover/results.h"
#include "handover/simulation.h"

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>

using namespace ns3;
using namespace handover;

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

    std::vector<Outcome> outcomes;
    bool right = true;
    for (const Scheme& scheme : experiment.schemes)
    {
        for (const Traffic traffic : experiment.traffic)
        {
            const std::string why = WhyNot(scheme, traffic, experiment);
            if (!why.empty())
            {
                std::cout << scheme.name << " without "
                          << TRAFFIC_NAMES[static_cast<size_t>(traffic)] << ": " << why
                          << std::endl;
                continue;
            }
            // What the first network refuses leaves no folders.
            std::function<void()> built;
            if (outcomes.empty())
            {
                built = [&experiment]() { PrepareOutput(experiment); };
            }
            outcomes.push_back(Run(scheme, traffic, experiment, built));
            if (outcomes.back().ended)
            {
                std::cout << scheme.name << ": its connection ended before the transfer did"
                          << std::endl;
            }
            if (outcomes.back().stream.wrong > 0)
            {
                std::cout << scheme.name << ": " << outcomes.back().stream.wrong
                          << " bytes were delivered that are not those that were sent" << std::endl;
                right = false;
            }
        }
    }
    if (outcomes.empty())
    {
        Refuse("no scheme can do that");
    }
    const std::filesystem::path draft = experiment.GetDraft();
    WriteSummary(draft / "summary.csv", outcomes);
    WritePlotParameters(experiment, outcomes);
    std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto isOutput = [](const std::string& argument)
    { return argument.rfind("--output", 0) == 0; };
    arguments.erase(std::remove_if(arguments.begin(), arguments.end(), isOutput), arguments.end());
    WriteRecord(draft / "run.json", arguments, options);

    std::ofstream record(draft / "options.txt");
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
    record.close();
    PublishOutput(experiment);
    std::cout << line << "\n\n";
    PrintTables(outcomes, experiment);
    return right ? 0 : 1;
}
