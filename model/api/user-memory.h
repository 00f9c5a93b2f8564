// SPDX-License-Identifier: GPL-2.0-only
#ifndef USER_MEMORY_H
#define USER_MEMORY_H

#include <cstddef>

namespace ns3
{

/**
 * Read what a program points to, as a kernel does: an address that is not mapped is an error of
 * the program and not the end of the simulation.
 * @param to where to
 * @param from address that the program gave
 * @param size bytes
 * @return whether all of them could be read
 */
bool CopyFromUser(void* to, const void* from, size_t size);

/**
 * Write where a program points to.
 * @param to address that the program gave
 * @param from the bytes
 * @param size how many
 * @return whether all of them could be written
 */
bool CopyToUser(void* to, const void* from, size_t size);

} // namespace ns3

#endif // USER_MEMORY_H
