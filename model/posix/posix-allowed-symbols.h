// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_ALLOWED_SYMBOLS_H
#define POSIX_ALLOWED_SYMBOLS_H

#include <string>

namespace ns3
{

/// @param name of a symbol that a program leaves to the host's C library
/// @return whether that has no effect on the host, and no state that instances would share
bool IsPosixSymbolAllowed(const std::string& name);

/// @param name of a library that a program wants @return whether it is one of the C library
bool IsPosixLibraryAllowed(const std::string& name);

} // namespace ns3

#endif // POSIX_ALLOWED_SYMBOLS_H
