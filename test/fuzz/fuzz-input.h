// SPDX-License-Identifier: GPL-2.0-only
#ifndef FUZZ_INPUT_H
#define FUZZ_INPUT_H

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace ns3
{

/// Takes an input apart; behind its end there are zeros.
class FuzzInput
{
  public:
    /// @param data input @param size bytes
    FuzzInput(const uint8_t* data, size_t size)
        : m_data(data),
          m_size(size)
    {
    }

    /// @return bytes left
    size_t GetLeft() const
    {
        return m_size;
    }

    /// @return the next byte
    uint8_t Byte()
    {
        if (m_size == 0)
        {
            return 0;
        }
        m_size--;
        return *m_data++;
    }

    /// @return the next two bytes as a number
    uint16_t Word()
    {
        const uint8_t high = Byte();
        return static_cast<uint16_t>(high << 8 | Byte());
    }

    /// @return a number, mostly small, near 0 in both directions
    int32_t Delta()
    {
        const uint8_t kind = Byte();
        if (kind < 128)
        {
            return 0;
        }
        const auto value = static_cast<int16_t>(Word());
        return kind < 240 ? value : value * 65536;
    }

    /// @param most bytes to take @return up to so many
    std::vector<uint8_t> Bytes(size_t most)
    {
        const size_t count = std::min(most, m_size);
        std::vector<uint8_t> bytes(m_data, m_data + count);
        m_data += count;
        m_size -= count;
        return bytes;
    }

  private:
    const uint8_t* m_data; //!< the next
    size_t m_size;         //!< how many
};

/// End the run if a property does not hold. @param holds whether it does @param what it says
inline void
FuzzRequire(bool holds, const char* what)
{
    if (!holds)
    {
        std::fprintf(stderr, "does not hold: %s\n", what);
        std::abort();
    }
}

} // namespace ns3

#endif // FUZZ_INPUT_H
