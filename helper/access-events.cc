// SPDX-License-Identifier: GPL-2.0-only
#include "access-events.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace ns3
{

namespace
{

/// How a kind of event is written.
struct Kind
{
    const char* name;       //!< in files
    AccessEvent::What what; //!< which
    double low;             //!< least value
    double high;            //!< most; below low: it has no value
    double unit;            //!< of the value, in units of AccessEvent
    const char* range;      //!< of the value, in words
};

constexpr double NONE = -std::numeric_limits<double>::infinity();

const Kind KINDS[] = {
    {"up", AccessEvent::UP, 0, NONE, 1, ""},
    {"down", AccessEvent::DOWN, 0, NONE, 1, ""},
    {"silent", AccessEvent::SILENT, 0, NONE, 1, ""},
    {"rate", AccessEvent::RATE, 0.001, 1e6, 1e6, "a rate in Mb/s, from 0.001 to 1000000"},
    {"delay", AccessEvent::DELAY, 0, 100000, 1e-3, "a delay in ms, from 0 to 100000"},
    {"loss", AccessEvent::LOSS, 0, 1, 1, "a part of the packets, from 0 to 1"},
    {"signal", AccessEvent::SIGNAL, -200, 50, 1, "a signal in dBm, from -200 to 50"},
};

/// @param line one of a file @return its words, without a comment
std::vector<std::string>
Split(std::string line)
{
    line.erase(std::min(line.find('#'), line.size()));
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream stream(line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
    {
        words.push_back(word);
    }
    return words;
}

/// @param text a number @param low least @param high most @param number it
/// @return whether it is one
bool
ReadNumber(const std::string& text, double low, double high, double& number)
{
    // Stricter than streams, which take what follows a number for another word.
    size_t used = 0;
    try
    {
        number = std::stod(text, &used);
    }
    catch (const std::logic_error&)
    {
        return false;
    }
    return used == text.size() && std::isfinite(number) && number >= low && number <= high;
}

/// @param words of a line, at least one @return its event
/// @throw std::invalid_argument with what is wrong
AccessEvent
ReadEvent(const std::vector<std::string>& words)
{
    AccessEvent event;
    double number = 0;
    if (!ReadNumber(words[0], 0, 1e6, number))
    {
        throw std::invalid_argument(words[0] + ": not a time in s, from 0 to 1000000");
    }
    event.time = NanoSeconds(std::llround(number * 1e9));
    if (words.size() < 3)
    {
        throw std::invalid_argument("a line is: time in s, access, event, value");
    }
    event.access = words[1];
    const auto kind =
        std::find_if(std::begin(KINDS),
                     std::end(KINDS),
                     [&words](const Kind& candidate) { return words[2] == candidate.name; });
    if (kind == std::end(KINDS))
    {
        std::string accepted;
        for (const Kind& each : KINDS)
        {
            accepted += (accepted.empty() ? "" : ", ") + std::string(each.name);
        }
        throw std::invalid_argument(words[2] + ": unknown event; accepted: " + accepted);
    }
    event.what = kind->what;
    const bool hasValue = kind->high > kind->low;
    if (words.size() != (hasValue ? 4 : 3))
    {
        throw std::invalid_argument(
            words[2] + (hasValue ? std::string(" wants ") + kind->range : " takes no value"));
    }
    if (hasValue)
    {
        if (!ReadNumber(words[3], kind->low, kind->high, number))
        {
            throw std::invalid_argument(words[3] + ": not " + kind->range);
        }
        event.value = number * kind->unit;
    }
    return event;
}

} // namespace

const char*
GetAccessEventName(AccessEvent::What what)
{
    return KINDS[what].name;
}

std::vector<AccessEvent>
ReadAccessEvents(std::istream& stream, const std::string& name)
{
    std::vector<AccessEvent> events;
    uint32_t number = 0;
    for (std::string line; std::getline(stream, line);)
    {
        ++number;
        const std::vector<std::string> words = Split(line);
        if (words.empty() || (events.empty() && words[0].compare(0, 4, "time") == 0))
        {
            continue;
        }
        try
        {
            events.push_back(ReadEvent(words));
            events.back().line = number;
            if (events.size() > 1 && events[events.size() - 2].time > events.back().time)
            {
                throw std::invalid_argument(words[0] + ": earlier than the line before");
            }
        }
        catch (const std::invalid_argument& error)
        {
            throw std::invalid_argument(name + ":" + std::to_string(number) + ": " + error.what());
        }
    }
    if (stream.bad())
    {
        throw std::invalid_argument(name + ": cannot be read");
    }
    return events;
}

std::vector<AccessEvent>
ReadAccessEvents(const std::string& file)
{
    std::ifstream stream(file);
    if (!stream)
    {
        throw std::invalid_argument(file + ": cannot be read");
    }
    return ReadAccessEvents(stream, file);
}

} // namespace ns3
