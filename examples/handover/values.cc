// SPDX-License-Identifier: GPL-2.0-only
#include "values.h"

#include "ns3/check-class.h"

#include <cmath>
#include <iomanip>
#include <sstream>
#include <stdexcept>

using namespace ns3;

namespace handover
{

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

uint64_t
ParseCount(const std::string& text, double low, double high)
{
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos)
    {
        throw std::invalid_argument("not a whole number");
    }
    return static_cast<uint64_t>(ParseNumber(text, {{"", 1}}, low, high));
}

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

Time
ParseTime(const std::string& text, double unit, double low, double high)
{
    const std::map<std::string, double> units = {{"", unit}, {"us", 1e-6}, {"ms", 1e-3}, {"s", 1}};
    return NanoSeconds(std::llround(ParseNumber(text, units, low, high) * 1e9));
}

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

} // namespace handover
