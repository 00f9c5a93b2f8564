// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_TOKEN_TABLE_H
#define MPTCP_TOKEN_TABLE_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>

namespace ns3
{

class MptcpJoinTarget;

/**
 * @ingroup mptcp
 * The tokens of a node's connections, by which a SYN with MP_JOIN finds its connection
 * (RFC 8684 section 3.2).
 */
class MptcpTokenTable
{
  public:
    /**
     * Draw a key whose token is not in use, and enter the token.
     * @param target whose it is
     * @param random gives 32 random bits
     * @param version of the protocol: how the token is made from the key
     * @return the key, never 0; its token is not 0 either
     */
    uint64_t CreateKey(MptcpJoinTarget* target,
                       const std::function<uint32_t()>& random,
                       uint8_t version = 1);

    /// @param key as returned by CreateKey(), not in use any more @param version as given there
    void Release(uint64_t key, uint8_t version = 1);

    /// @param token of a MP_JOIN @return whose it is, nullptr if it is unknown
    MptcpJoinTarget* Find(uint32_t token) const;

    /// @return number of tokens in use
    size_t GetSize() const;

    /// Forget all.
    void Clear();

  private:
    std::unordered_map<uint32_t, MptcpJoinTarget*> m_targets; //!< by token
};

} // namespace ns3

#endif // MPTCP_TOKEN_TABLE_H
