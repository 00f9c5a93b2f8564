// SPDX-License-Identifier: GPL-2.0-only
/**
 * @file
 * One run of ./mptcp chaos: draws a plan from a seed, does what it says, and judges. Exits with 1
 * if something is wrong, and tells what.
 */
#include "chaos-run.h"

#include "ns3/command-line.h"

#include <iostream>
#include <sstream>

using namespace ns3;

namespace
{

/// @param text wrong argument @param accepted what would be right
[[noreturn]] void
Refuse(const std::string& text, const std::string& accepted)
{
    std::cerr << "mptcp-chaos: " << text << "; accepted: " << accepted << std::endl;
    std::exit(2);
}

/// @param text numbers with commas between them, or "none" @param count of events
/// @return the numbers
std::set<uint32_t>
ReadNumbers(const std::string& text, size_t count)
{
    std::set<uint32_t> numbers;
    std::istringstream words(text == "none" ? "" : text);
    std::string word;
    while (std::getline(words, word, ','))
    {
        std::istringstream digits(word);
        uint32_t number = 0;
        if (word.find_first_not_of("0123456789") != std::string::npos || !(digits >> number) ||
            number == 0 || number > count)
        {
            Refuse("--events=" + text,
                   "none, or numbers from 1 to " + std::to_string(count) +
                       " with commas between them");
        }
        numbers.insert(number);
    }
    return numbers;
}

} // namespace

int
main(int argc, char* argv[])
{
    uint64_t seed = 1;
    std::string events;
    std::string pcap;
    bool print = false;
    CommandLine cmd(__FILE__);
    cmd.AddValue("seed", "what the run is drawn from", seed);
    cmd.AddValue("events", "numbers of the only events that shall happen, or none", events);
    cmd.AddValue("print", "print the plan, and do nothing", print);
    cmd.AddValue("pcap", "begin of the names of pcap files", pcap);
    cmd.Parse(argc, argv);
    ChaosPlan plan = DrawChaosPlan(seed);
    if (!events.empty())
    {
        plan.Keep(ReadNumbers(events, plan.events.size()));
    }
    if (print)
    {
        std::cout << plan.Print();
        return 0;
    }
    std::vector<std::string> problems;
    ChaosCensus census;
    {
        ChaosRun run(plan, census, pcap);
        run.Run();
        problems = run.GetProblems();
        std::cout << run.Summarize() << "\n";
    }
    const std::string living = census.GetLiving();
    if (!living.empty())
    {
        problems.push_back(living);
    }
    for (const auto& problem : problems)
    {
        std::cout << "  " << problem << "\n";
    }
    return problems.empty() ? 0 : 1;
}
