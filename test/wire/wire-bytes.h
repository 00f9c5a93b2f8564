// SPDX-License-Identifier: GPL-2.0-only
#ifndef WIRE_BYTES_H
#define WIRE_BYTES_H

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{

/**
 * @param text hexadecimal digits, in pairs that spaces may separate
 * @return the bytes
 */
inline std::vector<uint8_t>
FromHex(std::string_view text)
{
    std::string digits;
    std::copy_if(
        text.begin(), text.end(), std::back_inserter(digits), [](char c) { return c != ' '; });
    if (digits.size() % 2 != 0)
    {
        throw std::invalid_argument("half a byte");
    }
    std::vector<uint8_t> bytes;
    for (size_t i = 0; i < digits.size(); i += 2)
    {
        bytes.push_back(static_cast<uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
    }
    return bytes;
}

/// Bytes on the heap in a buffer of exactly their size, so that AddressSanitizer sees every read
/// beyond them.
class ExactBuffer
{
  public:
    /// @param bytes from where @param size how many
    ExactBuffer(const uint8_t* bytes, size_t size)
        : m_bytes(new uint8_t[size])
    {
        std::copy_n(bytes, size, m_bytes.get());
    }

    /// @return the bytes
    uint8_t* Get()
    {
        return m_bytes.get();
    }

  private:
    std::unique_ptr<uint8_t[]> m_bytes; //!< the bytes
};

} // namespace ns3

#endif // WIRE_BYTES_H
