// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_FLOWS_H
#define MPTCP_FLOWS_H

#include "mptcp-flow.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * The subflows of a connection, the oldest first, and which of them is to be used. A subflow's user
 * tag (MptcpSubflow::SetUserTag()) is its place here, by which its record is found.
 */
class MptcpFlows
{
  public:
    using Records = std::vector<std::unique_ptr<MptcpFlow>>; //!< the oldest first

    /// What one walks through. It knows a place in the table and no address, so that subflows may
    /// be added meanwhile.
    class Iterator
    {
      public:
        using iterator_category = std::input_iterator_tag; //!< for algorithms
        using value_type = MptcpFlow*;                     //!< for algorithms
        using difference_type = std::ptrdiff_t;            //!< for algorithms
        using pointer = MptcpFlow* const*;                 //!< for algorithms
        using reference = MptcpFlow*;                      //!< for algorithms

        /// @param records all of them @param place 0 is the oldest
        Iterator(const Records& records, size_t place)
            : m_records(&records),
              m_place(place)
        {
        }

        /// @return the record in this place
        MptcpFlow* operator*() const
        {
            return (*m_records)[m_place].get();
        }

        /// @return this, on the next place
        Iterator& operator++()
        {
            ++m_place;
            return *this;
        }

        /// @param other of the same records @return whether it is on the same place
        bool operator==(const Iterator& other) const
        {
            return m_place == other.m_place;
        }

        /// @param other of the same records @return whether it is on another place
        bool operator!=(const Iterator& other) const
        {
            return m_place != other.m_place;
        }

      private:
        const Records* m_records; //!< all of them
        size_t m_place;           //!< 0 is the oldest
    };

    /// @return the oldest, for range-based loops
    Iterator begin() const
    {
        return {m_flows, 0};
    }

    /// @return behind the one that is the youngest now
    Iterator end() const
    {
        return {m_flows, m_flows.size()};
    }

    /// @return whether there is none
    bool Empty() const
    {
        return m_flows.empty();
    }

    /// @return how many there are
    uint32_t GetN() const
    {
        return m_flows.size();
    }

    /// @param i 0 to GetN() - 1 @return the record of the subflow in that place
    MptcpFlow& Get(uint32_t i) const
    {
        return *m_flows[i];
    }

    /// @return the oldest, if there is one
    MptcpFlow& Front() const
    {
        return *m_flows.front();
    }

    /// @param subflow any @return whether it is one of them
    bool Has(const MptcpSubflow& subflow) const;

    /// @param subflow one of them @return its record
    MptcpFlow& Find(const MptcpSubflow& subflow) const
    {
        return *m_flows[subflow.GetUserTag()];
    }

    /// @param id of a subflow for the application @return its record, or nullptr
    MptcpFlow* FindId(uint8_t id) const;
    /// @return an identifier that no subflow has, 1 to 255, the one that was free longest; 0 if
    /// none is
    uint8_t GetFreeId() const;
    /// @param subflow a new one @param id of GetFreeId() @return its record
    MptcpFlow& Add(Ptr<MptcpSubflow> subflow, uint8_t id);
    /// Forget a subflow. @param subflow one of them
    void Remove(const MptcpSubflow& subflow);

    /// @return the subflows, safe against changes while one walks through them
    std::vector<Ptr<MptcpSubflow>> GetSubflows() const;
    /// @return the usable one with the lowest RTT, a backup only if all are; or nullptr
    MptcpFlow* GetFastest() const;
    /// @return an established one to send signals on, GetFastest() if there is one; or nullptr
    MptcpFlow* GetSignalFlow() const;

  private:
    Records m_flows;     //!< a tag is an index
    uint8_t m_lastId{0}; //!< given last
};

} // namespace ns3

#endif // MPTCP_FLOWS_H
