// SPDX-License-Identifier: GPL-2.0-only
#ifndef BOUNDED_VECTOR_H
#define BOUNDED_VECTOR_H

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <new>
#include <type_traits>

namespace ns3
{

/// Whether a BoundedVector is copied as a whole: few bytes, of values that allow it.
template <typename T, size_t N>
constexpr bool BOUNDED_COPIES_WHOLE = std::is_trivially_copyable_v<T>&& N * sizeof(T) <= 64;

/// Where a BoundedVector keeps its values: raw bytes, copied as they are.
template <typename T, size_t N, bool WHOLE = BOUNDED_COPIES_WHOLE<T, N>>
struct BoundedStorage
{
    alignas(T) unsigned char bytes[N * sizeof(T)]; //!< only the first values exist
    uint8_t size{0};                               //!< how many
};

/// The same where only the values that exist are copied, each by its constructor.
template <typename T, size_t N>
struct BoundedStorage<T, N, false>
{
    BoundedStorage() = default;

    /// Copy. @param other from where
    BoundedStorage(const BoundedStorage& other)
    {
        Fill(other);
    }

    /// Copy. @param other from where @return this
    BoundedStorage& operator=(const BoundedStorage& other)
    {
        if (this != &other)
        {
            Fill(other);
        }
        return *this;
    }

    /// Take the values of another. @param other from where
    void Fill(const BoundedStorage& other)
    {
        const T* from = std::launder(reinterpret_cast<const T*>(other.bytes));
        for (size = 0; size < other.size; size++)
        {
            new (bytes + size * sizeof(T)) T(from[size]);
        }
    }

    alignas(T) unsigned char bytes[N * sizeof(T)]; //!< only the first values exist
    uint8_t size{0};                               //!< how many
};

/**
 * @ingroup mptcp
 * A vector of at most N values that never allocates and constructs none before it is added. It is
 * trivially copyable if its values are and together take no more than a cache line.
 */
template <typename T, size_t N>
class BoundedVector
{
    static_assert(std::is_trivially_destructible_v<T>, "values are forgotten, not destroyed");
    static_assert(N <= UINT8_MAX);

  public:
    BoundedVector() = default;

    /// @param values the first values; those beyond N are left out
    BoundedVector(std::initializer_list<T> values)
    {
        for (const T& value : values)
        {
            Add(value);
        }
    }

    /// Append a value. @param value the value @return false if there was no room
    bool Add(const T& value)
    {
        if (m_storage.size == N)
        {
            return false;
        }
        new (m_storage.bytes + m_storage.size * sizeof(T)) T(value);
        m_storage.size++;
        return true;
    }

    /// Forget all values.
    void Clear()
    {
        m_storage.size = 0;
    }

    /// @return number of values
    size_t size() const
    {
        return m_storage.size;
    }

    /// @return whether there is none
    bool empty() const
    {
        return m_storage.size == 0;
    }

    /// @return the first
    const T* begin() const
    {
        return std::launder(reinterpret_cast<const T*>(m_storage.bytes));
    }

    /// @return behind the last
    const T* end() const
    {
        return begin() + m_storage.size;
    }

    /// @param i index below size() @return the value
    const T& operator[](size_t i) const
    {
        return begin()[i];
    }

  private:
    BoundedStorage<T, N> m_storage; //!< the values
};

} // namespace ns3

#endif // BOUNDED_VECTOR_H
