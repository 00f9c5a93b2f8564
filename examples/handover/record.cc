// SPDX-License-Identifier: GPL-2.0-only
#include "record.h"

#include "ns3/mptcp-config.h"

#include <cstdio>
#include <fstream>
#include <map>

using namespace ns3;

namespace handover
{

namespace
{

#ifdef __clang__
constexpr const char* COMPILER = __VERSION__;
#else
constexpr const char* COMPILER = "GCC " __VERSION__;
#endif

/// @param text any @return it as a string of JSON
std::string
Quote(const std::string& text)
{
    std::string quoted = "\"";
    for (const char c : text)
    {
        if (c == '"' || c == '\\')
        {
            quoted += '\\';
            quoted += c;
        }
        else if (static_cast<unsigned char>(c) < 0x20)
        {
            char escape[7];
            std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c));
            quoted += escape;
        }
        else
        {
            quoted += c;
        }
    }
    return quoted + "\"";
}

/// @param file where to write @param name of the object @param values its members
void
Write(std::ofstream& file, const char* name, const std::map<std::string, std::string>& values)
{
    file << "  " << Quote(name) << ": {";
    const char* separator = "\n";
    for (const auto& [key, value] : values)
    {
        file << separator << "    " << Quote(key) << ": " << Quote(value);
        separator = ",\n";
    }
    file << (values.empty() ? "}" : "\n  }");
}

/// @return the attributes whose default was changed, with their defaults now
std::map<std::string, std::string>
GetChangedAttributes()
{
    std::map<std::string, std::string> changed;
    for (uint16_t i = 0; i < TypeId::GetRegisteredN(); i++)
    {
        const TypeId type = TypeId::GetRegistered(i);
        for (size_t j = 0; j < type.GetAttributeN(); j++)
        {
            const TypeId::AttributeInformation attribute = type.GetAttribute(j);
            const std::string now = attribute.initialValue->SerializeToString(attribute.checker);
            if (now != attribute.originalInitialValue->SerializeToString(attribute.checker))
            {
                changed[type.GetName() + "::" + attribute.name] = now;
            }
        }
    }
    return changed;
}

/// @return the global values
std::map<std::string, std::string>
GetGlobalValues()
{
    std::map<std::string, std::string> values;
    for (auto i = GlobalValue::Begin(); i != GlobalValue::End(); ++i)
    {
        StringValue value;
        (*i)->GetValue(value);
        values[(*i)->GetName()] = value.Get();
    }
    return values;
}

} // namespace

void
WriteRecord(const std::filesystem::path& path,
            const std::vector<std::string>& arguments,
            const std::vector<Option>& options)
{
    std::ofstream file(path);
    file << "{\n  \"program\": \"mptcp-handover\",\n  \"arguments\": [";
    const char* separator = "";
    for (const std::string& argument : arguments)
    {
        file << separator << Quote(argument);
        separator = ", ";
    }
    file << "],\n  \"ns3\": " << Quote("3." + std::to_string(MPTCP_NS3_MINOR))
         << ",\n  \"module\": " << Quote(MPTCP_VERSION) << ",\n  \"compiler\": " << Quote(COMPILER)
         << ",\n  \"folder\": " << Quote(std::filesystem::current_path().string()) << ",\n";
    std::map<std::string, std::string> values;
    for (const Option& option : options)
    {
        values[option.name] = option.value;
    }
    Write(file, "options", values);
    file << ",\n";
    Write(file, "attributes", GetChangedAttributes());
    file << ",\n";
    Write(file, "globals", GetGlobalValues());
    file << "\n}\n";
}

} // namespace handover
