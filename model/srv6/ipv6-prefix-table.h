// SPDX-License-Identifier: GPL-2.0-only
#ifndef IPV6_PREFIX_TABLE_H
#define IPV6_PREFIX_TABLE_H

#include "ns3/ipv6-address.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Values by IPv6 prefix, the longest match first: one hash table for each length in use.
 * @tparam T the values
 */
template <typename T>
class Ipv6PrefixTable
{
  public:
    /**
     * Add a value, in place of one that is there.
     * @param prefix bits beyond the length do not count
     * @param length bits
     * @param value it
     * @return the value in the table
     */
    T& Insert(const Ipv6Address& prefix, uint8_t length, T value)
    {
        auto level = std::find_if(m_levels.begin(),
                                  m_levels.end(),
                                  [length](const auto& l) { return l.length <= length; });
        if (level == m_levels.end() || level->length != length)
        {
            level = m_levels.insert(level, Level{length, Ipv6Prefix(length), {}});
        }
        return level->values[Key(*level, prefix)] = std::move(value);
    }

    /// @param prefix one @param length of it @return whether there was a value
    bool Remove(const Ipv6Address& prefix, uint8_t length)
    {
        for (auto level = m_levels.begin(); level != m_levels.end(); ++level)
        {
            if (level->length != length)
            {
                continue;
            }
            const bool found = level->values.erase(Key(*level, prefix)) > 0;
            if (level->values.empty())
            {
                m_levels.erase(level);
            }
            return found;
        }
        return false;
    }

    /// @param address one @return the value of the longest prefix that it is in; nullptr for none
    const T* Find(const Ipv6Address& address) const
    {
        for (const auto& level : m_levels)
        {
            const auto found = level.values.find(Key(level, address));
            if (found != level.values.end())
            {
                return &found->second;
            }
        }
        return nullptr;
    }

    /// @copydoc Find
    T* Find(const Ipv6Address& address)
    {
        return const_cast<T*>(std::as_const(*this).Find(address));
    }

    /// @return whether there is nothing in it
    bool IsEmpty() const
    {
        return m_levels.empty();
    }

    /// @tparam F takes prefix, length and value @param f called for each, by falling length and
    /// rising address
    template <typename F>
    void ForEach(F f) const
    {
        for (const auto& level : m_levels)
        {
            std::vector<std::pair<Ipv6Address, const T*>> sorted;
            for (const auto& [prefix, value] : level.values)
            {
                sorted.emplace_back(prefix, &value);
            }
            std::sort(sorted.begin(),
                      sorted.end(),
                      [](const auto& a, const auto& b) { return a.first < b.first; });
            for (const auto& [prefix, value] : sorted)
            {
                f(prefix, level.length, *value);
            }
        }
    }

  private:
    /// Hash of an address; ns-3's own has another name in each of its releases.
    struct Hash
    {
        /// @param address one @return its hash
        size_t operator()(const Ipv6Address& address) const
        {
            char bytes[16];
            address.GetBytes(reinterpret_cast<uint8_t*>(bytes));
            return std::hash<std::string_view>()(std::string_view(bytes, sizeof(bytes)));
        }
    };

    /// Prefixes of one length.
    struct Level
    {
        uint8_t length;                                  //!< bits
        Ipv6Prefix mask;                                 //!< the same
        std::unordered_map<Ipv6Address, T, Hash> values; //!< by prefix
    };

    /// @param level where to look @param address one @return the bits that count there
    static Ipv6Address Key(const Level& level, const Ipv6Address& address)
    {
        constexpr uint8_t ALL = 128;
        return level.length == ALL ? address : Ipv6Address(address).CombinePrefix(level.mask);
    }

    std::vector<Level> m_levels; //!< longest first
};

} // namespace ns3

#endif // IPV6_PREFIX_TABLE_H
