// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_VALUES_H
#define HANDOVER_VALUES_H

#include "ns3/core-module.h"
#include "ns3/network-module.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// Reading values of options. What is wrong is told by std::invalid_argument.
namespace handover
{

/**
 * @param text a number and perhaps a unit
 * @param units the factor of each unit; the empty one is for a number alone
 * @param low the least that makes sense
 * @param high the most that makes sense
 * @return the number times the factor
 */
double ParseNumber(const std::string& text,
                   const std::map<std::string, double>& units,
                   double low,
                   double high);

/// @param text a whole number @param low least @param high most @return it
uint64_t ParseCount(const std::string& text, double low, double high);

/// @param text Mb/s unless it names another unit @return the rate
ns3::DataRate ParseRate(const std::string& text);

/// @param text a time @param unit seconds of a number without unit @param low least, in s
/// @param high most, in s @return it
ns3::Time ParseTime(const std::string& text, double unit, double low, double high);

/// @param text a name @param names what it can be @return its index
size_t ParseName(const std::string& text, const std::vector<std::string>& names);

/// @param text name of a class, with or without ns3:: @param base what it derives from @return it
ns3::TypeId ParseClass(const std::string& text, ns3::TypeId base);

} // namespace handover

#endif // HANDOVER_VALUES_H
