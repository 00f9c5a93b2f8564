// SPDX-License-Identifier: GPL-2.0-only
#include "user-memory.h"

#include <cerrno>
#include <cstring>
#include <sys/uio.h>
#include <unistd.h>

namespace ns3
{

bool
CopyFromUser(void* to, const void* from, size_t size)
{
    if (size == 0)
    {
        return true;
    }
    if (!from)
    {
        return false;
    }
    const iovec local{to, size};
    const iovec remote{const_cast<void*>(from), size};
    const ssize_t copied = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    if (copied < 0 && errno != EFAULT)
    {
        // Some containers forbid the call.
        std::memcpy(to, from, size);
        return true;
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
    if (!to)
    {
        return false;
    }
    const iovec local{const_cast<void*>(from), size};
    const iovec remote{to, size};
    const ssize_t copied = process_vm_writev(getpid(), &local, 1, &remote, 1, 0);
    if (copied < 0 && errno != EFAULT)
    {
        std::memcpy(to, from, size);
        return true;
    }
    return copied == static_cast<ssize_t>(size);
}

} // namespace ns3
