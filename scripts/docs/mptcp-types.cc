// SPDX-License-Identifier: GPL-2.0-only
// Writes the tables of the manual from what the module tells of itself: attributes.md and
// traces.md, in MyST. Fails if an attribute or a trace source has no help.
#include "ns3/core-module.h"

#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

using namespace ns3;

namespace
{

/// @param text anything @return it for a cell of a table
std::string
Cell(const std::string& text)
{
    std::string cell;
    for (const char character : text)
    {
        if (character == '\n')
        {
            cell += ' ';
            continue;
        }
        if (std::string("\\|<>*_`[]$").find(character) != std::string::npos)
        {
            cell += '\\';
        }
        cell += character;
    }
    return cell;
}

/// @param text a type or a value @return it as code for a cell of a table
std::string
Code(const std::string& text)
{
    if (text.empty())
    {
        return "";
    }
    std::string code = "`";
    for (const char character : text)
    {
        code += character == '|' ? "\\|" : std::string(1, character == '\n' ? ' ' : character);
    }
    return code + "`";
}

/// @param text a bound of an attribute's range @return it, a time in seconds; empty if it is the
/// most or the least that its type can hold
std::string
Bound(const std::string& text)
{
    static const std::set<std::string> none = {"18446744073709551615",
                                               "4294967295",
                                               "65535",
                                               "255",
                                               "1.79769e+308",
                                               "-1.79769e+308",
                                               "9223372036854775807",
                                               "-9223372036854775808"};
    if (none.count(text) > 0)
    {
        return "";
    }
    if (text.size() < 3 || text.substr(text.size() - 2) != "ns")
    {
        return text;
    }
    const double seconds = std::stod(text) / 1e9;
    std::ostringstream bound;
    bound << seconds << " s";
    return std::abs(seconds) > 9e9 ? "" : bound.str();
}

/// @param attribute one @return its type and range
std::string
GetType(const TypeId::AttributeInformation& attribute)
{
    const std::string value = attribute.checker->GetValueTypeName();
    if (!attribute.checker->HasUnderlyingTypeInformation())
    {
        return Code(value.substr(value.rfind(':') + 1));
    }
    const std::string type = attribute.checker->GetUnderlyingTypeInformation();
    const auto blank = type.find(' ');
    const auto colon = type.find(':', blank == std::string::npos ? 0 : blank);
    if (value == "ns3::EnumValue" || type.compare(0, 8, "ns3::Ptr") == 0 ||
        blank == std::string::npos || colon == std::string::npos)
    {
        return Code(type);
    }
    const std::string least = Bound(type.substr(blank + 1, colon - blank - 1));
    const std::string most = Bound(type.substr(colon + 1));
    return Code(type.substr(0, blank)) + (least.empty() ? "" : " from " + least) +
           (most.empty() ? "" : " to " + most);
}

/// @param attribute one @return its default
std::string
GetDefault(const TypeId::AttributeInformation& attribute)
{
    // An object or a function would be an address in memory.
    const std::string type = attribute.checker->GetValueTypeName();
    if (!(attribute.flags & (TypeId::ATTR_SET | TypeId::ATTR_CONSTRUCT)) ||
        type == "ns3::PointerValue" || type == "ns3::CallbackValue" ||
        type == "ns3::ObjectPtrContainerValue" || type == "ns3::AddressValue")
    {
        return "";
    }
    const std::string text = attribute.originalInitialValue->SerializeToString(attribute.checker);
    return type == "ns3::TimeValue" ? Bound(text) : text;
}

/// @param attribute one @return what one may not do with it
std::string
GetAccess(const TypeId::AttributeInformation& attribute)
{
    if (!(attribute.flags & (TypeId::ATTR_SET | TypeId::ATTR_CONSTRUCT)))
    {
        return " (read only)";
    }
    return attribute.flags & TypeId::ATTR_SET ? "" : " (only when it is made)";
}

} // namespace

int
main(int argc, char* argv[])
{
    if (argc != 2)
    {
        std::cerr << "Usage: mptcp-types FOLDER" << std::endl;
        return 2;
    }
    std::map<std::string, TypeId> classes;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); ++i)
    {
        const TypeId tid = TypeId::GetRegistered(i);
        // One of the module's classes is among ns-3's TCP options.
        if (tid.GetGroupName() == "Mptcp" || tid.GetName() == "ns3::TcpOptionBlob")
        {
            classes.emplace(tid.GetName(), tid);
        }
    }
    const std::string folder = argv[1];
    std::ofstream attributes(folder + "/attributes.md");
    std::ofstream traces(folder + "/traces.md");
    int missing = 0;
    const auto expectHelp =
        [&missing](const std::string& owner, const std::string& name, const std::string& help)
    {
        if (help.empty())
        {
            std::cerr << owner << "::" << name << " has no help" << std::endl;
            ++missing;
        }
    };
    for (const auto& [name, tid] : classes)
    {
        const std::string heading = "\n### " + name.substr(name.rfind(':') + 1) + "\n\n";
        attributes << heading << Code(name) << ", a " << Code(tid.GetParent().GetName())
                   << (tid.HasConstructor() ? "" : "; others are derived from it") << ".\n";
        if (tid.GetAttributeN() > 0)
        {
            attributes << "\n| attribute | type | default | meaning |\n| --- | --- | --- | --- |\n";
        }
        for (std::size_t i = 0; i < tid.GetAttributeN(); ++i)
        {
            const auto attribute = tid.GetAttribute(i);
            expectHelp(name, attribute.name, attribute.help);
            attributes << "| " << Code(attribute.name) << " | " << GetType(attribute) << " | "
                       << Code(GetDefault(attribute)) << " | " << Cell(attribute.help)
                       << GetAccess(attribute) << " |\n";
        }
        if (tid.GetTraceSourceN() == 0)
        {
            continue;
        }
        traces << heading << "| source | arguments | meaning |\n| --- | --- | --- |\n";
        for (std::size_t i = 0; i < tid.GetTraceSourceN(); ++i)
        {
            const auto source = tid.GetTraceSource(i);
            expectHelp(name, source.name, source.help);
            traces << "| " << Code(source.name) << " | " << Code(source.callback) << " | "
                   << Cell(source.help) << " |\n";
        }
    }
    if (!attributes.flush() || !traces.flush())
    {
        std::cerr << "mptcp-types: cannot write to " << folder << std::endl;
        return 1;
    }
    return missing > 0 ? 1 : 0;
}
