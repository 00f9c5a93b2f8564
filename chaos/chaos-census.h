// SPDX-License-Identifier: GPL-2.0-only
#ifndef CHAOS_CENSUS_H
#define CHAOS_CENSUS_H

#include "ns3/mptcp-connection.h"
#include "ns3/node.h"
#include "ns3/object.h"

#include <map>
#include <string>

namespace ns3
{

/**
 * Counts the objects that live: connections and subflows, whoever holds them, and what a node's
 * protocol keeps of them. A witness is aggregated to each object, and dies when it does.
 */
class ChaosCensus
{
  public:
    /// Watch a connection and its subflows. @param connection it
    void Watch(Ptr<MptcpConnection> connection);

    /// @return empty if nothing lives any more, or what does
    std::string GetLiving() const;
    /// @param node a node @return empty if its protocol keeps nothing, or what it keeps
    static std::string GetKept(Ptr<Node> node);

    /// @return subflows that were established
    uint32_t CountSubflows() const
    {
        return m_subflows;
    }

  private:
    class Witness;

    /// Count an object as long as it lives. @param object it @param kind of object
    void Count(Ptr<Object> object, const std::string& kind);
    /// Count a subflow. @param subflow it
    void OnSubflow(Ptr<MptcpSubflow> subflow);

    std::map<std::string, uint32_t> m_living; //!< by kind
    uint32_t m_subflows{0};                   //!< established so far
};

} // namespace ns3

#endif // CHAOS_CENSUS_H
