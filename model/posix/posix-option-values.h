// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_OPTION_VALUES_H
#define POSIX_OPTION_VALUES_H

#include "ns3/socket.h"
#include "ns3/uinteger.h"
#include "ns3/user-memory.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <sys/socket.h>

namespace ns3
{

/// @tparam T a plain value @param answer it @param value in the program's memory
/// @param length in the program's memory @return 0 or an errno, negative
template <typename T>
long
GiveOption(const T& answer, void* value, socklen_t* length)
{
    socklen_t room = 0;
    if (!CopyFromUser(&room, length, sizeof(room)))
    {
        return -EFAULT;
    }
    if (room > static_cast<socklen_t>(std::numeric_limits<int>::max()))
    {
        return -EINVAL;
    }
    room = std::min<socklen_t>(room, sizeof(T));
    return CopyToUser(value, &answer, room) && CopyToUser(length, &room, sizeof(room)) ? 0
                                                                                       : -EFAULT;
}

/// @tparam T a plain value @param answer is filled @param value in the program's memory
/// @param length bytes there @return 0 or an errno, negative
template <typename T>
long
TakeOption(T& answer, const void* value, socklen_t length)
{
    if (length < sizeof(T))
    {
        return -EINVAL;
    }
    return CopyFromUser(&answer, value, sizeof(T)) ? 0 : -EFAULT;
}

/// @param socket of ns-3 @param attribute a size in bytes @return it
inline int
GetSizeAttribute(Ptr<Socket> socket, const char* attribute)
{
    UintegerValue size;
    return socket->GetAttributeFailSafe(attribute, size) ? static_cast<int>(size.Get()) : 0;
}

} // namespace ns3

#endif // POSIX_OPTION_VALUES_H
