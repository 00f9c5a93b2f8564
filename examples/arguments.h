// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_EXAMPLES_ARGUMENTS_H
#define MPTCP_EXAMPLES_ARGUMENTS_H

#include "ns3/core-module.h"
#include "ns3/network-module.h"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>

/// What examples share: options whose values are read to the end. ns-3 itself takes what a text
/// begins with, 1 for 1e9 or 1Gbps, and says nothing. What is wrong with a value is told by
/// std::invalid_argument.
namespace arguments
{

/**
 * @param text a number and perhaps a unit
 * @param units the factor of each unit; the empty one is for a number alone
 * @param low the least that makes sense
 * @param high the most that makes sense
 * @return the number times the factor
 */
inline double
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
inline uint64_t
ParseCount(const std::string& text, double low, double high)
{
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos)
    {
        throw std::invalid_argument("not a whole number");
    }
    return static_cast<uint64_t>(ParseNumber(text, {{"", 1}}, low, high));
}

/// @param text Mb/s unless it names another unit @param low least, in b/s @param high most, in b/s
/// @return the rate
inline ns3::DataRate
ParseRate(const std::string& text, double low = 1e3, double high = 1e12)
{
    const std::map<std::string, double> units = {{"", 1e6},
                                                 {"kb/s", 1e3},
                                                 {"kbps", 1e3},
                                                 {"Mb/s", 1e6},
                                                 {"Mbps", 1e6},
                                                 {"Gb/s", 1e9},
                                                 {"Gbps", 1e9}};
    return ns3::DataRate(static_cast<uint64_t>(std::llround(ParseNumber(text, units, low, high))));
}

/// @param text a time @param unit seconds of a number without unit @param low least, in s
/// @param high most, in s @return it
inline ns3::Time
ParseTime(const std::string& text, double unit, double low, double high)
{
    const std::map<std::string, double> units = {{"", unit}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
    return ns3::NanoSeconds(std::llround(ParseNumber(text, units, low, high) * 1e9));
}

/// End the program because of a wrong argument. @param cmd its command line @param what is wrong
[[noreturn]] inline void
Refuse(const ns3::CommandLine& cmd, const std::string& what)
{
    std::cerr << cmd.GetName() << ": " << what << std::endl;
    std::exit(2);
}

/**
 * Add an option whose text is taken as it is written; ns-3 would read it up to its first blank. The
 * program ends if the value is wrong.
 * @param cmd gets the option
 * @param name of the option
 * @param help for it
 * @param initial what the help tells as its default
 * @param parse reads a value
 */
inline void
AddOption(ns3::CommandLine& cmd,
          const std::string& name,
          const std::string& help,
          const std::string& initial,
          const std::function<void(const std::string&)>& parse)
{
    cmd.AddValue(
        name,
        help,
        [&cmd, name, parse](const std::string& text)
        {
            try
            {
                parse(text);
            }
            catch (const std::invalid_argument& error)
            {
                Refuse(cmd, "--" + name + "=" + text + ": " + error.what());
            }
            return true;
        },
        initial);
}

/// Read the command line. What ns-3 would pass over, or crash for later, ends the program.
/// @param cmd the options @param argc number of arguments @param argv the arguments
inline void
Parse(ns3::CommandLine& cmd, int argc, char* argv[])
{
    cmd.Parse(argc, argv);
    if (cmd.GetNExtraNonOptions() > 0)
    {
        Refuse(cmd,
               "unknown argument " + cmd.GetExtraNonOption(0) +
                   "; accepted: --OPTION=VALUE, and --help lists the options");
    }
    const std::string name = "SimulatorImplementationType";
    ns3::StringValue simulator;
    ns3::GlobalValue::GetValueByName(name, simulator);
    ns3::TypeId type;
    if (!ns3::TypeId::LookupByNameFailSafe(simulator.Get(), &type) || !type.HasConstructor() ||
        !type.IsChildOf(ns3::SimulatorImpl::GetTypeId()))
    {
        Refuse(cmd,
               "--" + name + "=" + simulator.Get() +
                   ": no simulator; ns3::DefaultSimulatorImpl is one");
    }
}

} // namespace arguments

#endif // MPTCP_EXAMPLES_ARGUMENTS_H
