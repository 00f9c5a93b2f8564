// SPDX-License-Identifier: GPL-2.0-only
#include "mptcp-token-table.h"

#include "ns3/mptcp-crypto.h"

namespace ns3
{

uint64_t
MptcpTokenTable::CreateKey(MptcpJoinTarget* target,
                           const std::function<uint32_t()>& random,
                           uint8_t version)
{
    while (true)
    {
        const uint64_t high = random();
        const uint64_t key = high << 32 | random();
        if (key == 0)
        {
            continue;
        }
        const uint32_t token = MptcpToken(key, version);
        if (token != 0 && m_targets.emplace(token, target).second)
        {
            return key;
        }
    }
}

void
MptcpTokenTable::Release(uint64_t key, uint8_t version)
{
    m_targets.erase(MptcpToken(key, version));
}

MptcpJoinTarget*
MptcpTokenTable::Find(uint32_t token) const
{
    const auto found = m_targets.find(token);
    return found == m_targets.end() ? nullptr : found->second;
}

size_t
MptcpTokenTable::GetSize() const
{
    return m_targets.size();
}

void
MptcpTokenTable::Clear()
{
    m_targets.clear();
}

} // namespace ns3
