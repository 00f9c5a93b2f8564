// SPDX-License-Identifier: GPL-2.0-only
#ifndef RADIO_POSITIONS_H
#define RADIO_POSITIONS_H

#include "ns3/vector.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{

/**
 * Read an attribute with places.
 * @param attribute its name, for errors
 * @param text x,y in m, with blanks between places
 * @param most places that there may be
 * @return at least one
 * @throw std::invalid_argument with the attribute and what is wrong
 */
std::vector<Vector>
ParseRadioPositions(const std::string& attribute, const std::string& text, size_t most);

} // namespace ns3

#endif // RADIO_POSITIONS_H
