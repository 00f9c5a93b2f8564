// SPDX-License-Identifier: GPL-2.0-only
#include "chaos-plan.h"

#include <sstream>

namespace ns3
{

namespace
{

/// @param event on a path @return where
std::string
PrintWay(const ChaosEvent& event)
{
    return "path " + std::to_string(event.place) +
           (event.direction == FilterChannel::UP ? " to the server" : " to the client");
}

/// @param time a time @return as text
std::string
PrintTime(Time time)
{
    std::ostringstream text;
    text << time.GetSeconds() << " s";
    return text.str();
}

/// @param event one @return for how long
std::string
PrintSpan(const ChaosEvent& event)
{
    return event.span.IsStrictlyPositive() ? " for " + PrintTime(event.span) : "";
}

/// @param ending one @return as text
const char*
PrintEnding(ChaosEndPlan::Ending ending)
{
    switch (ending)
    {
    case ChaosEndPlan::Ending::SHUTDOWN_FIRST:
        return "shuts down behind them";
    case ChaosEndPlan::Ending::CLOSE_AT_END:
        return "closes at the peer's end";
    case ChaosEndPlan::Ending::CLOSE_FIRST:
        return "closes behind them";
    }
    return "";
}

} // namespace

std::string
ChaosEvent::Print() const
{
    std::ostringstream text;
    const std::string path = "path " + std::to_string(place);
    const std::string when = "at " + PrintTime(at) + " ";
    switch (action)
    {
    case ChaosAction::LOSS:
        text << PrintWay(*this) << " loses " << 100 * probability << " %";
        break;
    case ChaosAction::BURSTS:
        text << PrintWay(*this) << " loses " << 100 * probability << " % in bursts of up to "
             << PrintTime(span);
        break;
    case ChaosAction::REORDER:
        text << PrintWay(*this) << " delays " << 100 * probability << " % by up to "
             << PrintTime(span);
        break;
    case ChaosAction::DUPLICATE:
        text << PrintWay(*this) << " doubles " << 100 * probability << " %";
        break;
    case ChaosAction::FLIP_HEADER:
        text << PrintWay(*this) << " turns a bit of the header of " << 100 * probability << " %";
        break;
    case ChaosAction::FLIP_PAYLOAD:
        text << PrintWay(*this) << " turns a bit of the payload of " << 100 * probability << " %";
        break;
    case ChaosAction::QUEUE_DISC:
        text << path << " has " << value;
        break;
    case ChaosAction::MIDDLEBOX:
        text << path << " has " << value;
        for (const auto& [name, setting] : attributes)
        {
            text << " " << name << "=" << setting;
        }
        break;
    case ChaosAction::SILENCE:
        text << when << path << " is silent" << PrintSpan(*this);
        break;
    case ChaosAction::DOWN:
        text << when << path << " is down" << PrintSpan(*this);
        break;
    case ChaosAction::READDRESS:
        text << when << path << " loses its address, and gets another one "
             << (span.IsZero() ? "at once" : PrintTime(span) + " later");
        break;
    case ChaosAction::ATTRIBUTE:
        text << ChaosPlan::NameEnd(place) << " has " << name << "=" << value;
        break;
    case ChaosAction::STOP_WRITER:
        text << when << ChaosPlan::NameEnd(place) << " writes nothing" << PrintSpan(*this);
        break;
    case ChaosAction::STOP_READER:
        text << when << ChaosPlan::NameEnd(place) << " reads nothing" << PrintSpan(*this);
        break;
    case ChaosAction::SHUTDOWN:
        text << when << ChaosPlan::NameEnd(place) << " shuts down";
        break;
    case ChaosAction::CLOSE:
        text << when << ChaosPlan::NameEnd(place) << " closes";
        break;
    case ChaosAction::RESET:
        text << when << ChaosPlan::NameEnd(place) << " resets";
        break;
    case ChaosAction::CLOSE_SUBFLOW:
        text << when << ChaosPlan::NameEnd(place) << " ends a subflow by " << value;
        break;
    case ChaosAction::SET_PRIORITY:
        text << when << ChaosPlan::NameEnd(place) << " makes a subflow a " << value << " one";
        break;
    }
    return text.str();
}

std::pair<std::string, std::string>
ChaosPlan::GetOutside(uint32_t path)
{
    constexpr uint8_t HOST = 200;
    auto four = std::get<Ipv4Address>(TestRig::GetClientIp(path, false)).Get();
    four = (four & 0xffffff00) | HOST;
    uint8_t six[16];
    std::get<Ipv6Address>(TestRig::GetClientIp(path, true)).GetBytes(six);
    six[15] = HOST;
    std::ostringstream texts[2];
    texts[0] << Ipv4Address(four);
    texts[1] << Ipv6Address(six);
    return {texts[0].str(), texts[1].str()};
}

std::string
ChaosPlan::NameEnd(uint32_t end)
{
    return (end % 2 == 0 ? "client " : "server ") + std::to_string(end / 2);
}

void
ChaosPlan::Keep(const std::set<uint32_t>& kept)
{
    std::vector<ChaosEvent> left;
    std::vector<uint32_t> leftNumbers;
    for (size_t i = 0; i < events.size(); i++)
    {
        if (kept.count(numbers[i]))
        {
            left.push_back(events[i]);
            leftNumbers.push_back(numbers[i]);
        }
    }
    events = left;
    numbers = leftNumbers;
}

std::string
ChaosPlan::Print() const
{
    std::ostringstream text;
    text << "seed " << seed << ": IPv" << (net.ipv6 ? 6 : 4)
         << (net.bothFamilies ? " and the other one" : "") << ", " << net.serverAddresses
         << " server addresses" << (endpoints ? ", client with endpoints" : "")
         << (net.clientModule ? "" : ", client without the module")
         << (net.serverModule ? "" : ", server without the module") << "\n";
    for (size_t i = 0; i < net.paths.size(); i++)
    {
        text << "path " << i << ": " << net.paths[i].rate << ", " << PrintTime(net.paths[i].delay)
             << ", " << net.paths[i].queue << " packets, MTU " << net.paths[i].mtu << "\n";
    }
    for (size_t i = 0; i < ends.size(); i++)
    {
        text << NameEnd(i) << ": " << (ends[i].stock ? "stock TCP, " : "") << ends[i].bytes
             << " bytes by " << ends[i].writeSize << ", reads by " << ends[i].readSize << ", "
             << PrintEnding(ends[i].ending) << "\n";
    }
    for (size_t i = 0; i < events.size(); i++)
    {
        text << numbers[i] << ": " << events[i].Print() << "\n";
    }
    return text.str();
}

} // namespace ns3
