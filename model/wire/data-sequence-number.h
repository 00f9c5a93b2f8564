// SPDX-License-Identifier: GPL-2.0-only
#ifndef DATA_SEQUENCE_NUMBER_H
#define DATA_SEQUENCE_NUMBER_H

#include <cstdint>
#include <ostream>

namespace ns3
{

/**
 * @ingroup mptcp
 * Data sequence number of RFC 8684: 64 bits that wrap around, of another type than a subflow's
 * SequenceNumber32. Behaves as ns3::SequenceNumber, which has fewer than 64 bits from ns-3.48.
 */
class DataSequenceNumber
{
  public:
    /// Zero.
    constexpr DataSequenceNumber() = default;

    /// @param value the number
    constexpr explicit DataSequenceNumber(uint64_t value)
        : m_value(value)
    {
    }

    /// @return the number
    constexpr uint64_t GetValue() const
    {
        return m_value;
    }

    /// @param delta to add, may be negative @return this
    constexpr DataSequenceNumber& operator+=(int64_t delta)
    {
        m_value += static_cast<uint64_t>(delta);
        return *this;
    }

    /// @param delta to subtract, may be negative @return this
    constexpr DataSequenceNumber& operator-=(int64_t delta)
    {
        m_value -= static_cast<uint64_t>(delta);
        return *this;
    }

    /// @return this, one later
    constexpr DataSequenceNumber& operator++()
    {
        m_value++;
        return *this;
    }

    /// @return as it was before it became one later
    constexpr DataSequenceNumber operator++(int)
    {
        return DataSequenceNumber(m_value++);
    }

    /// @return this, one earlier
    constexpr DataSequenceNumber& operator--()
    {
        m_value--;
        return *this;
    }

    /// @param a number @param delta to add @return the sum
    friend constexpr DataSequenceNumber operator+(DataSequenceNumber a, int64_t delta)
    {
        return a += delta;
    }

    /// @param a number @param delta to subtract @return the number before
    friend constexpr DataSequenceNumber operator-(DataSequenceNumber a, int64_t delta)
    {
        return a -= delta;
    }

    /// @param a number @param b another @return how far a is after b, negative if it is before
    friend constexpr int64_t operator-(DataSequenceNumber a, DataSequenceNumber b)
    {
        return static_cast<int64_t>(a.m_value - b.m_value);
    }

    /// @param a number @param b another @return whether they are equal
    friend constexpr bool operator==(DataSequenceNumber a, DataSequenceNumber b)
    {
        return a.m_value == b.m_value;
    }

    /// @param a number @param b another @return whether they differ
    friend constexpr bool operator!=(DataSequenceNumber a, DataSequenceNumber b)
    {
        return a.m_value != b.m_value;
    }

    /// @param a number @param b another @return whether a is before b
    friend constexpr bool operator<(DataSequenceNumber a, DataSequenceNumber b)
    {
        return a - b < 0;
    }

    /// @param a number @param b another @return whether a is after b
    friend constexpr bool operator>(DataSequenceNumber a, DataSequenceNumber b)
    {
        return a - b > 0;
    }

    /// @param a number @param b another @return whether a is not after b
    friend constexpr bool operator<=(DataSequenceNumber a, DataSequenceNumber b)
    {
        return a - b <= 0;
    }

    /// @param a number @param b another @return whether a is not before b
    friend constexpr bool operator>=(DataSequenceNumber a, DataSequenceNumber b)
    {
        return a - b >= 0;
    }

    /// Print in decimal. @param os where @param a number @return os
    friend std::ostream& operator<<(std::ostream& os, DataSequenceNumber a)
    {
        return os << a.m_value;
    }

  private:
    uint64_t m_value{0}; //!< the number
};

} // namespace ns3

#endif // DATA_SEQUENCE_NUMBER_H
