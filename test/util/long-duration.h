// SPDX-License-Identifier: GPL-2.0-only
#ifndef LONG_DURATION_H
#define LONG_DURATION_H

#include "ns3/test.h"

namespace ns3
{

/// @tparam T TestCase @return that a test case is run by `./mptcp test --all` only
template <typename T>
auto
LongDuration(int) -> decltype(T::Duration::TAKES_FOREVER)
{
    return T::Duration::TAKES_FOREVER;
}

/// As above, for releases up to 3.40.
/// @tparam T TestCase @return the same
template <typename T>
auto
LongDuration(long) -> decltype(T::TAKES_FOREVER)
{
    return T::TAKES_FOREVER;
}

} // namespace ns3

#endif // LONG_DURATION_H
