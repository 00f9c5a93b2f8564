// SPDX-License-Identifier: GPL-2.0-only
#include "user-memory.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

namespace ns3
{

namespace
{

/// Copy through a pipe, which tells by EFAULT, too, that an address is not mapped. It needs no
/// permission, unlike process_vm_readv(), which some containers forbid.
/// @param to address @param from address @param size bytes @return whether all could be copied
bool
CopyThroughPipe(void* to, const void* from, size_t size)
{
    constexpr size_t PIECE = 4096; // an empty pipe takes it without waiting
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
    {
        return false;
    }
    size_t done = 0;
    while (done < size)
    {
        const size_t piece = std::min(size - done, PIECE);
        if (write(ends[1], static_cast<const uint8_t*>(from) + done, piece) !=
                static_cast<ssize_t>(piece) ||
            read(ends[0], static_cast<uint8_t*>(to) + done, piece) != static_cast<ssize_t>(piece))
        {
            break;
        }
        done += piece;
    }
    close(ends[0]);
    close(ends[1]);
    return done == size;
}

} // namespace

bool
CopyFromUser(void* to, const void* from, size_t size)
{
    if (size == 0)
    {
        return true;
    }
    const iovec local{to, size};
    const iovec remote{const_cast<void*>(from), size};
    const ssize_t copied = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    if (copied < 0 && errno != EFAULT)
    {
        return CopyThroughPipe(to, from, size);
    }
    return copied == static_cast<ssize_t>(size);
}

bool
CopyToUser(void* to, const void* from, size_t size)
{
    if (size == 0)
    {
        return true;
    }
    const iovec local{const_cast<void*>(from), size};
    const iovec remote{to, size};
    const ssize_t copied = process_vm_writev(getpid(), &local, 1, &remote, 1, 0);
    if (copied < 0 && errno != EFAULT)
    {
        return CopyThroughPipe(to, from, size);
    }
    return copied == static_cast<ssize_t>(size);
}

bool
IsUserWritable(void* to, size_t size)
{
    uint8_t byte = 0;
    return size == 0 ||
           (CopyFromUser(&byte, to, sizeof(byte)) && CopyToUser(to, &byte, sizeof(byte)));
}

bool
ReadUserRoom(void* value, unsigned int* length, unsigned int& room)
{
    return CopyFromUser(&room, length, sizeof(room)) && IsUserWritable(length, sizeof(room)) &&
           IsUserWritable(value, room);
}

} // namespace ns3
