// SPDX-License-Identifier: GPL-2.0-only
#ifndef FUZZ_TARGETS_H
#define FUZZ_TARGETS_H

#include <cstddef>
#include <cstdint>

namespace ns3
{

/**
 * @file
 * Each target runs one input and calls std::abort() if a property does not hold. They are what
 * libFuzzer calls, and what the suite mptcp-fuzz runs on the inputs in test/fuzz/corpus.
 */

/// Decoder and encoder of TCP and MPTCP options. @param data input @param size bytes @return 0
int FuzzOption(const uint8_t* data, size_t size);

/// Decoder of Segment Routing Headers. @param data input @param size bytes @return 0
int FuzzSrh(const uint8_t* data, size_t size);

/// A live connection that gets mutated segments. @param data input @param size bytes @return 0
int FuzzConnection(const uint8_t* data, size_t size);

/// Socket options of a live connection. @param data input @param size bytes @return 0
int FuzzSockopt(const uint8_t* data, size_t size);

/// Calls of a program in a node. @param data input @param size bytes @return 0
int FuzzPosix(const uint8_t* data, size_t size);

} // namespace ns3

#endif // FUZZ_TARGETS_H
