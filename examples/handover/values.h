// SPDX-License-Identifier: GPL-2.0-only
#ifndef HANDOVER_VALUES_H
#define HANDOVER_VALUES_H

#include "../arguments.h"

#include "ns3/core-module.h"

#include <string>
#include <vector>

/// Reading values of options. What is wrong is told by std::invalid_argument.
namespace handover
{

using arguments::ParseCount;
using arguments::ParseNumber;
using arguments::ParseRate;
using arguments::ParseTime;

/// @param text a rate, or 0 as anybody writes it @return it
ns3::DataRate ParseRateOrZero(const std::string& text);

/// @param text a name @param names what it can be @return its index
size_t ParseName(const std::string& text, const std::vector<std::string>& names);

/// @param text name of a class, with or without ns3:: @param base what it derives from @return it
ns3::TypeId ParseClass(const std::string& text, ns3::TypeId base);

} // namespace handover

#endif // HANDOVER_VALUES_H
