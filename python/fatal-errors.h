// SPDX-License-Identifier: GPL-2.0-only
// Compiled into the module for Python, before ns-3's other headers: what its macros would end the
// interpreter for becomes an exception.
#ifndef FATAL_ERRORS_H
#define FATAL_ERRORS_H

#include "ns3/abort.h"
#include "ns3/assert.h"
#include "ns3/fatal-error.h"

#include <sstream>
#include <stdexcept>

// With their arguments used in the same way, so that nothing else changes.
#undef NS_FATAL_ERROR_IMPL
#define NS_FATAL_ERROR_IMPL(msg, fatal)                                                            \
    do                                                                                             \
    {                                                                                              \
        std::ostringstream fatalText;                                                              \
        fatalText << msg;                                                                          \
        throw std::runtime_error(fatalText.str());                                                 \
    } while (false)

#undef NS_FATAL_ERROR_IMPL_NO_MSG
#define NS_FATAL_ERROR_IMPL_NO_MSG(fatal)                                                          \
    NS_FATAL_ERROR_IMPL("fatal error in " << __FILE__ << ", line " << __LINE__, fatal)

#undef NS_ABORT_MSG
#define NS_ABORT_MSG(msg) NS_FATAL_ERROR(msg)

#undef NS_ABORT_MSG_IF
#define NS_ABORT_MSG_IF(cond, msg)                                                                 \
    do                                                                                             \
    {                                                                                              \
        if (cond)                                                                                  \
        {                                                                                          \
            NS_FATAL_ERROR(msg);                                                                   \
        }                                                                                          \
    } while (false)

#undef NS_ABORT_IF
#define NS_ABORT_IF(cond) NS_ABORT_MSG_IF(cond, "fatal: " #cond)

#undef NS_ASSERT
#define NS_ASSERT(condition) NS_ABORT_MSG_IF(!(condition), "assertion failed: " #condition)

#undef NS_ASSERT_MSG
#define NS_ASSERT_MSG(condition, message) NS_ABORT_MSG_IF(!(condition), message)

#endif // FATAL_ERRORS_H
