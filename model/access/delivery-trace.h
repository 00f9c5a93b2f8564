// SPDX-License-Identifier: GPL-2.0-only
#ifndef DELIVERY_TRACE_H
#define DELIVERY_TRACE_H

#include "ns3/nstime.h"

#include <cstdint>
#include <istream>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * A measured cellular link in Mahimahi's format: each line of the file is a whole number of
 * milliseconds since the beginning, at which the link can deliver one packet of up to 1504 bytes.
 * Numbers do not go back, equal ones are so many opportunities, and the last one is the period
 * after which everything repeats.
 */
class DeliveryTrace
{
  public:
    /// Bytes that an opportunity carries: 1500, and what Mahimahi's device puts before a packet.
    static constexpr uint32_t OPPORTUNITY_BYTES = 1504;
    /// Bytes that Mahimahi's device puts before each packet.
    static constexpr uint32_t PACKET_OVERHEAD = 4;

    /**
     * @param stream where the lines are
     * @param name of the stream, for errors
     * @return the trace
     * @throw std::invalid_argument with name, line and what is wrong there
     */
    static DeliveryTrace Read(std::istream& stream, const std::string& name);
    /**
     * @param file its name
     * @return the trace
     * @throw std::invalid_argument as above, and where the file cannot be read
     */
    static DeliveryTrace Read(const std::string& file);

    /// @return number of opportunities in a period, at least 1
    uint64_t GetN() const;
    /// @param opportunity any, counted from 0 over all periods @return when it is
    Time GetTime(uint64_t opportunity) const;
    /// @param time any @return the first opportunity after it
    uint64_t FindAfter(Time time) const;
    /// @return when everything repeats
    Time GetPeriod() const;

  private:
    std::vector<uint64_t> m_times; //!< in ms
};

} // namespace ns3

#endif // DELIVERY_TRACE_H
