// SPDX-License-Identifier: GPL-2.0-only
#ifndef SRV6_VECTORS_H
#define SRV6_VECTORS_H

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{

/// A packet that a Linux router got, and what it did with it (test/vectors/linux-srv6.json).
struct Srv6Vector
{
    using Bytes = std::vector<uint8_t>; //!< an IPv6 packet

    std::string name;             //!< of the case
    Bytes in;                     //!< what the router got
    std::vector<Bytes> forwarded; //!< what left on the far side
    std::vector<Bytes> returned;  //!< what went back to the sender
};

/// @param path of the file @return the vectors; none if it cannot be read
std::vector<Srv6Vector> ReadSrv6Vectors(const std::string& path);

} // namespace ns3

#endif // SRV6_VECTORS_H
