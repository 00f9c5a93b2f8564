// SPDX-License-Identifier: GPL-2.0-only
#ifndef CHAOS_LOT_H
#define CHAOS_LOT_H

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace ns3
{

/// Draws what a run consists of: the same for the same seed, on each machine.
class ChaosLot
{
  public:
    /// @param seed any
    explicit ChaosLot(uint64_t seed)
        : m_engine(seed)
    {
        // Seeds that follow each other begin alike.
        m_engine.discard(20);
    }

    /// @param low bound @param high bound, included @return a number between them
    uint64_t Between(uint64_t low, uint64_t high)
    {
        return low + m_engine() % (high - low + 1);
    }

    /// @param percent probability @return whether it happens
    bool Chance(uint32_t percent)
    {
        return Between(1, 100) <= percent;
    }

    /// @param low bound @param high bound @return a number of any order of magnitude between them
    double Magnitude(double low, double high)
    {
        return low * std::exp(std::log(high / low) * (m_engine() >> 11) / 9007199254740992.0);
    }

    /// @param values to choose from @return one
    template <typename T>
    T Of(const std::vector<T>& values)
    {
        return values[Between(0, values.size() - 1)];
    }

  private:
    std::mt19937_64 m_engine; //!< the standard says what it draws
};

} // namespace ns3

#endif // CHAOS_LOT_H
