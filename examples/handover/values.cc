// SPDX-License-Identifier: GPL-2.0-only
#include "values.h"

#include "ns3/check-class.h"

#include <sstream>
#include <stdexcept>

using namespace ns3;

namespace handover
{

DataRate
ParseRateOrZero(const std::string& text)
{
    double number = 0;
    std::istringstream(text) >> number;
    if (number == 0)
    {
        return ParseRate(text, 0);
    }
    try
    {
        return ParseRate(text);
    }
    catch (const std::invalid_argument& error)
    {
        const std::string what = error.what();
        const std::string range = "not from ";
        throw std::invalid_argument(
            what.rfind(range, 0) == 0 ? "not 0, or from " + what.substr(range.size()) : what);
    }
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
