// SPDX-License-Identifier: GPL-2.0-only
#ifndef CHAOS_ADDRESSES_H
#define CHAOS_ADDRESSES_H

#include "test-rig.h"

#include <vector>

namespace ns3
{

/**
 * The client's interfaces and addresses, as its operating system brings them down and up and gives
 * them others. Reasons to be without may overlap: an interface is up when none is left.
 */
class ChaosAddresses
{
  public:
    /// @param rig whose client's
    explicit ChaosAddresses(TestRig& rig);

    /// Take an interface down. @param path its number
    void TakeDown(uint32_t path);
    /// End one TakeDown(). @param path its number
    void BringUp(uint32_t path);
    /// Take an address away. @param path its number
    void TakeAddress(uint32_t path);
    /// End one TakeAddress(), with another address. @param path its number
    void GiveAddress(uint32_t path);

  private:
    /// One interface.
    struct Access
    {
        uint32_t down{0}; //!< reasons to be down
        uint32_t away{0}; //!< reasons to have no address
        uint32_t host{1}; //!< number of the address in its network
    };

    /// Make the addresses of a family what they should be. @param path its number
    void Apply4(uint32_t path);
    /// Make the addresses of a family what they should be. @param path its number
    void Apply6(uint32_t path);
    /// Make everything what it should be. @param path its number
    void Apply(uint32_t path);

    TestRig& m_rig;               //!< of the client
    std::vector<Access> m_access; //!< by path
};

} // namespace ns3

#endif // CHAOS_ADDRESSES_H
