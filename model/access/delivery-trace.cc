// SPDX-License-Identifier: GPL-2.0-only
#include "delivery-trace.h"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace ns3
{

DeliveryTrace
DeliveryTrace::Read(std::istream& stream, const std::string& name)
{
    DeliveryTrace trace;
    size_t number = 0;
    const auto refuse = [&name, &number](const std::string& why)
    { throw std::invalid_argument(name + ":" + std::to_string(number) + ": " + why); };
    for (std::string line; std::getline(stream, line);)
    {
        ++number;
        if (!line.empty() && line.back() == '\r')
        {
            line.pop_back();
        }
        // So many digits last for 30 years.
        if (line.empty() || line.size() > 12 ||
            line.find_first_not_of("0123456789") != std::string::npos)
        {
            refuse((line.empty() ? "an empty line" : line) + ": not a whole number of ms");
        }
        const uint64_t time = std::stoull(line);
        if (!trace.m_times.empty() && time < trace.m_times.back())
        {
            refuse(line + ": earlier than the line before");
        }
        trace.m_times.push_back(time);
    }
    if (stream.bad())
    {
        throw std::invalid_argument(name + ": cannot be read");
    }
    if (trace.m_times.empty() || trace.m_times.back() == 0)
    {
        throw std::invalid_argument(name + ": the last line is the trace's length in ms, which "
                                           "must be above 0");
    }
    return trace;
}

DeliveryTrace
DeliveryTrace::Read(const std::string& file)
{
    std::ifstream stream(file);
    if (!stream)
    {
        throw std::invalid_argument(file + ": cannot be read");
    }
    return Read(stream, file);
}

uint64_t
DeliveryTrace::GetN() const
{
    return m_times.size();
}

Time
DeliveryTrace::GetTime(uint64_t opportunity) const
{
    const uint64_t periods = opportunity / m_times.size();
    return MilliSeconds(periods * m_times.back() + m_times[opportunity % m_times.size()]);
}

uint64_t
DeliveryTrace::FindAfter(Time time) const
{
    const auto now = static_cast<uint64_t>(time.GetMilliSeconds());
    const uint64_t period = m_times.back();
    const uint64_t periods = now / period;
    // There is one: the last is a period away from the begin.
    const auto later = std::upper_bound(m_times.begin(), m_times.end(), now % period);
    return periods * m_times.size() + static_cast<uint64_t>(later - m_times.begin());
}

Time
DeliveryTrace::GetPeriod() const
{
    return MilliSeconds(m_times.back());
}

} // namespace ns3
