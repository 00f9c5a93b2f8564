// SPDX-License-Identifier: GPL-2.0-only
#include "packet-script.h"

#include "script-icmp.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <set>
#include <sstream>

namespace ns3
{

namespace
{

/// Payload that leaves room for IP's and TCP's headers, options included, in 65535 bytes.
constexpr unsigned LONGEST_PAYLOAD = 65535 - 20 - 60;

/// The options and their fields; a field with "=" needs a value.
const std::map<std::string, std::set<std::string>> OPTIONS = {
    {"mss", {"value="}},
    {"wscale", {"value="}},
    {"sackOK", {}},
    {"TS", {"val=", "ecr="}},
    {"sack", {"blocks="}},
    {"nop", {}},
    {"eol", {}},
    {"raw", {"bytes="}},
    {"mp_capable", {"version=", "flags=", "from=", "to=", "len=", "csum="}},
    {"mp_join", {"backup", "id=", "token=", "nonce=", "hmac="}},
    {"dss", {"fin", "ack=", "ack4=", "ack8=", "dsn=", "dsn4=", "dsn8=", "ssn=", "len=", "csum="}},
    {"add_addr", {"echo", "id=", "addr=", "port=", "hmac=", "ipver="}},
    {"remove_addr", {"id="}},
    {"mp_prio", {"backup", "id="}},
    {"mp_fail", {"dsn="}},
    {"mp_fastclose", {"to="}},
    {"mp_tcprst", {"flags=", "reason="}},
};

/// @param text any @return it without white space at its ends
std::string
Trim(const std::string& text)
{
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos)
    {
        return "";
    }
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// @param text any @return its words
std::vector<std::string>
Words(const std::string& text)
{
    std::istringstream is(text);
    std::vector<std::string> words;
    for (std::string word; is >> word;)
    {
        words.push_back(word);
    }
    return words;
}

/// @param text any @param separator between the parts, but not within brackets
/// @return the parts, none of an empty text
std::vector<std::string>
Split(const std::string& text, char separator)
{
    std::vector<std::string> parts;
    int depth = 0;
    std::string part;
    for (const char c : text)
    {
        depth += (c == '[' || c == '{' || c == '(') - (c == ']' || c == '}' || c == ')');
        if (c == separator && depth == 0)
        {
            parts.push_back(Trim(part));
            part.clear();
        }
        else
        {
            part += c;
        }
    }
    if (!parts.empty() || !Trim(part).empty())
    {
        parts.push_back(Trim(part));
    }
    return parts;
}

/// @param names any @return them in a sentence
template <typename T>
std::string
Join(const T& names)
{
    std::string text;
    for (const auto& name : names)
    {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

/// @param text a number if it looks like one @return it in decimal, or the text
std::string
Normalize(const std::string& text)
{
    const bool number = !text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) &&
                        text.find_first_not_of("0123456789abcdefABCDEFx") == std::string::npos;
    return number ? std::to_string(ParseScriptNumber(text, "value", UINT64_MAX)) : text;
}

/// @param text seconds @return nanoseconds
int64_t
ParseSeconds(const std::string& text)
{
    size_t used = 0;
    double seconds = -1;
    try
    {
        seconds = std::stod(text, &used);
    }
    catch (const std::logic_error&)
    {
        used = 0;
    }
    if (used != text.size() || text.empty() || !(seconds >= 0 && seconds <= 1e6)) // nan is neither
    {
        throw ScriptError("time '" + text + "': not a number of seconds from 0 to 1000000");
    }
    return std::llround(seconds * 1e9);
}

/// @param text "0.1", "+0.1", "+0.1~+0.2" or "*" @return the time
ScriptTime
ParseTime(const std::string& text)
{
    ScriptTime time;
    if (text == "*")
    {
        time.anytime = true;
        return time;
    }
    const auto tilde = text.find('~');
    std::string from = text.substr(0, tilde);
    time.relative = from[0] == '+';
    time.from = ParseSeconds(time.relative ? from.substr(1) : from);
    time.to = time.from;
    if (tilde != std::string::npos)
    {
        std::string to = text.substr(tilde + 1);
        if ((!to.empty() && to[0] == '+') != time.relative)
        {
            throw ScriptError("time '" + text + "': both ends must begin with +, or none");
        }
        time.to = ParseSeconds(time.relative ? to.substr(1) : to);
        if (time.to < time.from)
        {
            throw ScriptError("time '" + text + "': it ends before it begins");
        }
    }
    return time;
}

/// @param text "mss 1460" or the like @return the option
ScriptOption
ParseOption(const std::string& text)
{
    auto words = Words(text);
    ScriptOption option;
    option.name = words.at(0);
    words.erase(words.begin());
    const auto known = OPTIONS.find(option.name);
    if (known == OPTIONS.end())
    {
        std::vector<std::string> names;
        for (const auto& [name, fields] : OPTIONS)
        {
            names.push_back(name);
        }
        throw ScriptError("unknown option '" + option.name + "'; there are: " + Join(names) +
                          ", and ... for any others");
    }
    // Those of plain TCP are written as packetdrill does.
    if (option.name == "mss" || option.name == "wscale")
    {
        if (words.size() != 1)
        {
            throw ScriptError(option.name + " wants one number");
        }
        words[0] = "value=" + words[0];
    }
    else if (option.name == "TS")
    {
        if (words.size() != 4 || words[0] != "val" || words[2] != "ecr")
        {
            throw ScriptError("TS is written: TS val NUMBER ecr NUMBER");
        }
        words = {"val=" + words[1], "ecr=" + words[3]};
    }
    else if (option.name == "sack" || option.name == "raw")
    {
        std::string all;
        for (const auto& word : words)
        {
            all += (all.empty() || option.name == "raw" ? "" : " ") + word;
        }
        words = {(option.name == "raw" ? "bytes=" : "blocks=") + all};
    }
    for (const auto& word : words)
    {
        if (word == "...")
        {
            option.open = true;
            continue;
        }
        const auto equals = word.find('=');
        const std::string field = word.substr(0, equals);
        const bool valued = equals != std::string::npos;
        if (known->second.count(valued ? field + "=" : field) == 0)
        {
            throw ScriptError(option.name + " has no field '" + word +
                              "'; there are: " + Join(known->second));
        }
        std::string value = valued ? word.substr(equals + 1) : "1";
        if (value.empty())
        {
            throw ScriptError(option.name + ": " + field + " wants a value");
        }
        std::string name = field;
        if (field == "ack4" || field == "ack8" || field == "dsn4" || field == "dsn8")
        {
            name = field.substr(0, 3);
            option.fields[name + "size"] = field.substr(3);
        }
        const bool text = option.name == "raw" || option.name == "sack" || name == "addr" ||
                          name == "flags" || (option.name == "remove_addr");
        if (!option.fields.emplace(name, text ? value : Normalize(value)).second)
        {
            throw ScriptError(option.name + ": " + name + " is there twice");
        }
    }
    return option;
}

/// @param text "S. 0:0(0) ack 1 win 1000 <mss 1460>" @return the segment
ScriptSegment
ParseSegment(const std::string& text)
{
    ScriptSegment segment;
    std::string head = text;
    if (const auto angle = text.find('<'); angle != std::string::npos)
    {
        const std::string tail = Trim(text.substr(angle));
        if (tail.back() != '>')
        {
            throw ScriptError("the options end without >");
        }
        head = text.substr(0, angle);
        for (const auto& option : Split(tail.substr(1, tail.size() - 2), ','))
        {
            if (option.empty())
            {
                throw ScriptError("an option is empty");
            }
            if (option == "...")
            {
                segment.open = true;
            }
            else
            {
                segment.options.push_back(ParseOption(option));
            }
        }
    }
    auto words = Words(head);
    if (words.size() < 2)
    {
        throw ScriptError("a segment is written: FLAGS FIRST:END(LENGTH) [ack N] [win N] "
                          "[data N] [<OPTIONS>]");
    }
    for (const char flag : words[0])
    {
        switch (flag)
        {
        case 'S':
            segment.syn = true;
            break;
        case 'F':
            segment.fin = true;
            break;
        case 'R':
            segment.rst = true;
            break;
        case 'P':
            segment.psh = true;
            break;
        case '.':
            segment.ack = true;
            break;
        case 'E':
            segment.ece = true;
            break;
        case 'W':
            segment.cwr = true;
            break;
        default:
            throw ScriptError("flags '" + words[0] +
                              "': accepted are S, F, R, P, E, W, and . for ACK");
        }
    }
    unsigned first = 0;
    unsigned end = 0;
    unsigned length = 0;
    char behind = 0;
    if (std::sscanf(words[1].c_str(), "%u:%u(%u%c", &first, &end, &length, &behind) != 4 ||
        behind != ')' || first + length != end)
    {
        throw ScriptError("sequence numbers '" + words[1] +
                          "': wanted is FIRST:END(LENGTH) with END = FIRST + LENGTH");
    }
    if (length > LONGEST_PAYLOAD)
    {
        throw ScriptError("length " + std::to_string(length) + ": at most " +
                          std::to_string(LONGEST_PAYLOAD) +
                          " bytes fit into an IP packet behind its headers");
    }
    segment.seq = first;
    segment.length = length;
    bool hasAck = false;
    for (size_t i = 2; i < words.size(); i += 2)
    {
        if (i + 1 == words.size())
        {
            throw ScriptError("'" + words[i] + "' wants a number behind it");
        }
        if (words[i] == "ack")
        {
            segment.ackNumber =
                static_cast<uint32_t>(ParseScriptNumber(words[i + 1], "ack", UINT32_MAX));
            hasAck = true;
        }
        else if (words[i] == "win")
        {
            segment.window = static_cast<uint32_t>(ParseScriptNumber(words[i + 1], "win", 65535));
        }
        else if (words[i] == "data")
        {
            segment.data = ParseScriptNumber(words[i + 1], "data", UINT64_MAX);
        }
        else
        {
            throw ScriptError("unknown '" + words[i] + "' in a segment; accepted: ack, win, data");
        }
    }
    if (hasAck != segment.ack)
    {
        throw ScriptError("the flag . and 'ack NUMBER' go together");
    }
    return segment;
}

/// @param text "name(arguments) = result" @return the call
ScriptCall
ParseCall(const std::string& text)
{
    ScriptCall call;
    const auto open = text.find('(');
    const auto equals = text.rfind(") =");
    if (open == std::string::npos || equals == std::string::npos || open > equals)
    {
        throw ScriptError("'" + text +
                          "' is neither a segment (< or >) nor a call: NAME(ARGUMENTS) = RESULT");
    }
    call.name = Trim(text.substr(0, open));
    call.arguments = Split(text.substr(open + 1, equals - open - 1), ',');
    const auto words = Words(text.substr(equals + 3));
    if (words.empty())
    {
        throw ScriptError(call.name + ": no result behind =");
    }
    call.result = words[0];
    if (call.result == "-1")
    {
        if (words.size() < 2 || words[1][0] != 'E')
        {
            throw ScriptError(call.name + ": -1 wants the name of an errno behind it");
        }
        call.error = words[1];
    }
    else if (call.result != "*")
    {
        ParseScriptNumber(call.result, "result", INT32_MAX);
    }
    return call;
}

/// @param text "10.0.0.1:80", "[fd00::1]:80", "10.0.0.1:*" @return it
ScriptEnd
ParseEnd(const std::string& text)
{
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || colon == 0)
    {
        throw ScriptError("'" + text + "': wanted is ADDRESS:PORT or [ADDRESS]:PORT");
    }
    ScriptEnd end;
    end.address = text.substr(0, colon);
    if (end.address.front() == '[' && end.address.back() == ']')
    {
        end.address = end.address.substr(1, end.address.size() - 2);
    }
    const std::string port = text.substr(colon + 1);
    end.port = port == "*" ? 0 : static_cast<uint16_t>(ParseScriptNumber(port, "port", 65535));
    return end;
}

/// A line "--NAME=VALUE". @param text it @param script is changed
void
ParseSetting(const std::string& text, PacketScript& script)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals + 1 == text.size())
    {
        throw ScriptError("'" + text + "': wanted is --NAME=VALUE");
    }
    const std::string name = text.substr(2, equals - 2);
    const std::string value = text.substr(equals + 1);
    if (name == "local")
    {
        script.local = Split(value, ',');
    }
    else if (name == "remote")
    {
        script.remote = Split(value, ',');
    }
    else if (name == "mtu")
    {
        script.mtu = static_cast<uint32_t>(ParseScriptNumber(value, "mtu", 65535));
    }
    else if (name == "tolerance")
    {
        script.tolerance = ParseSeconds(value);
    }
    else if (std::isupper(static_cast<unsigned char>(name[0])) || name.rfind("ns3::", 0) == 0)
    {
        script.attributes.emplace_back(name, value);
    }
    else
    {
        throw ScriptError("unknown --" + name +
                          "; accepted: --local, --remote, --mtu, --tolerance, attributes of "
                          "MptcpSocket (--Checksum=true) and of classes (--ns3::CLASS::NAME=...)");
    }
}

/// A line of a script. @param text it @param line its number @param script is changed
void
ParseLine(std::string text, int line, PacketScript& script)
{
    if (text.rfind("--", 0) == 0)
    {
        ParseSetting(text, script);
        return;
    }
    if (text.rfind("flow ", 0) == 0)
    {
        const auto words = Words(text);
        if (words.size() != 6 || words[2] != "local" || words[4] != "remote")
        {
            throw ScriptError("a flow is written: flow NAME local ADDRESS:PORT remote "
                              "ADDRESS:PORT");
        }
        script.flows.push_back({line, words[1], ParseEnd(words[3]), ParseEnd(words[5])});
        return;
    }
    ScriptEvent event;
    event.line = line;
    const auto blank = std::min(text.find_first_of(" \t"), text.size());
    const char first = text[0];
    if (first == '+' || first == '*' || std::isdigit(static_cast<unsigned char>(first)))
    {
        event.time = ParseTime(text.substr(0, blank));
        text = Trim(text.substr(blank));
    }
    const auto mark = text.find_first_of("<>(");
    if (mark != std::string::npos && text[mark] != '(')
    {
        event.kind = text[mark] == '<' ? ScriptEvent::INJECT : ScriptEvent::EXPECT;
        event.flow = Trim(text.substr(0, mark));
        const std::string what = Trim(text.substr(mark + 1));
        if (event.kind == ScriptEvent::INJECT && what[0] == '[')
        {
            event.icmp = ParseScriptIcmp(what);
        }
        else
        {
            event.segment = ParseSegment(what);
        }
        const auto isCalled = [&event](const ScriptFlow& flow) { return flow.name == event.flow; };
        if (!event.flow.empty() && std::none_of(script.flows.begin(), script.flows.end(), isCalled))
        {
            throw ScriptError("no flow is called '" + event.flow + "'");
        }
    }
    else
    {
        event.call = ParseCall(text);
    }
    if (event.kind != ScriptEvent::EXPECT &&
        (event.time.anytime || event.time.from != event.time.to))
    {
        throw ScriptError("only a segment that is expected may have * or a range as its time");
    }
    script.events.push_back(event);
}

} // namespace

uint64_t
ParseScriptNumber(const std::string& text, const std::string& what, uint64_t most)
{
    const bool hex = text.rfind("0x", 0) == 0;
    uint64_t value = 0;
    const char* begin = text.data() + (hex ? 2 : 0);
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(begin, end, value, hex ? 16 : 10);
    if (result.ec != std::errc() || result.ptr != end || value > most)
    {
        throw ScriptError(what + " '" + text + "': not a number from 0 to " + std::to_string(most));
    }
    return value;
}

std::string
ScriptOption::Print() const
{
    std::string text = name;
    for (const auto& [field, value] : fields)
    {
        if (field == "value" || field == "blocks" || field == "bytes")
        {
            text += " " + value;
        }
        else if (name == "TS")
        {
            text = "TS val " + fields.at("val") + " ecr " + fields.at("ecr");
        }
        else if (field == "backup" || field == "fin" || field == "echo")
        {
            text += " " + field;
        }
        else if (field == "acksize" || field == "dsnsize")
        {
            continue;
        }
        else
        {
            const auto size = fields.find(field + "size");
            text += " " + field + (size == fields.end() ? "" : size->second) + "=" + value;
        }
    }
    return text + (open ? " ..." : "");
}

std::string
ScriptSegment::Print() const
{
    std::ostringstream os;
    os << (syn ? "S" : "") << (fin ? "F" : "") << (rst ? "R" : "") << (psh ? "P" : "")
       << (ece ? "E" : "") << (cwr ? "W" : "") << (ack ? "." : "") << " " << seq << ":"
       << seq + length << "(" << length << ")";
    if (ack)
    {
        os << " ack " << ackNumber;
    }
    if (window)
    {
        os << " win " << *window;
    }
    std::vector<std::string> texts;
    for (const auto& option : options)
    {
        texts.push_back(option.Print());
    }
    if (open)
    {
        texts.emplace_back("...");
    }
    if (!texts.empty())
    {
        os << " <" << Join(texts) << ">";
    }
    return os.str();
}

PacketScript
ParsePacketScript(const std::string& name, const std::string& text)
{
    PacketScript script;
    script.name = name;
    std::istringstream is(text);
    int number = 0;
    std::string line;
    int first = 0;
    for (std::string next; std::getline(is, next);)
    {
        number++;
        const auto comment = std::min(next.find("//"), next.find('#'));
        line += next.substr(0, comment);
        first = first == 0 ? number : first;
        if (!line.empty() && line.back() == '\\')
        {
            line.back() = ' ';
            continue;
        }
        line = Trim(line);
        if (!line.empty())
        {
            try
            {
                ParseLine(line, first, script);
            }
            catch (const ScriptError& error)
            {
                throw ScriptError(name + ":" + std::to_string(first) + ": " + error.what());
            }
        }
        line.clear();
        first = 0;
    }
    if (!Trim(line).empty())
    {
        throw ScriptError(name + ":" + std::to_string(first) + ": nothing follows the \\");
    }
    if (script.local.empty())
    {
        script.local = {"192.168.0.1"};
    }
    if (script.remote.empty())
    {
        script.remote = {script.local[0].find(':') == std::string::npos ? "192.0.2.1" : "fd01::1"};
    }
    if (script.events.empty())
    {
        throw ScriptError(name + ": no events");
    }
    return script;
}

} // namespace ns3
