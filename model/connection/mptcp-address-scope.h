// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_ADDRESS_SCOPE_H
#define MPTCP_ADDRESS_SCOPE_H

#include "ns3/tcp-tuple.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/// Which addresses of this node the subflows of a connection may use (RFC 6897 section 5.3.3).
/// At first it is all of them.
class MptcpAddressScope
{
  public:
    /// An address that the application has named.
    struct Entry
    {
        IpAddress address; //!< of this node
        uint16_t port{0};  //!< for its subflows, 0: any
    };

    /// From now on only what Add() has named or will name may be used.
    void Restrict();
    /// @return whether Restrict() was called
    bool IsRestricted() const;
    /// @param address may be used @param port for its subflows, 0: any
    void Add(const IpAddress& address, uint16_t port);
    /// @param address may not be used any more
    void Remove(const IpAddress& address);
    /// @param address of this node @return whether it may be used
    bool Allows(const IpAddress& address) const;
    /// @param address of this node @return whether Remove() was the last that was said of it
    bool IsRemoved(const IpAddress& address) const;
    /// @param address of this node @return the port for its subflows, 0: any
    uint16_t GetPort(const IpAddress& address) const;
    /// @return what Add() has named, the oldest first
    const std::vector<Entry>& GetAdded() const;

  private:
    bool m_restricted{false};         //!< see Restrict()
    std::vector<Entry> m_added;       //!< by Add()
    std::vector<IpAddress> m_removed; //!< by Remove()
};

} // namespace ns3

#endif // MPTCP_ADDRESS_SCOPE_H
