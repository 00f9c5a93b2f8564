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

/**
 * Before anything else is looked at: is this an address at all? Whether all of the bytes can be
 * written shows when they are.
 * @param to address that the program gave
 * @param size bytes that it says to be there
 * @return whether the first of them can be written, if there is any
 */
bool IsUserWritable(void* to, size_t size);

/**
 * Read what getsockopt() is told of the room for its answer.
 * @param value where the answer goes
 * @param length address of the number of bytes there, which is written in the end
 * @param room is set to that number
 * @return whether these are addresses that can be written to
 */
bool ReadUserRoom(void* value, unsigned int* length, unsigned int& room);

} // namespace ns3

#endif // USER_MEMORY_H
