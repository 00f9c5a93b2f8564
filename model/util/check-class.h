// SPDX-License-Identifier: GPL-2.0-only
#ifndef CHECK_CLASS_H
#define CHECK_CLASS_H

#include "ns3/type-id.h"

#include <string>

namespace ns3
{

/**
 * Check a class that the user chose.
 * @param type what was chosen
 * @param base what it must derive from
 * @return an empty string if objects of it can be made, otherwise what is wrong
 */
std::string CheckClass(TypeId type, TypeId base);

} // namespace ns3

#endif // CHECK_CLASS_H
