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
 * protocol keeps of them. A witness is aggregated to each object, and dies when it does: to
 * connections and their first subflows when they begin, also those that nobody accepts, and to
 * subflows that join when they are established or end, also those that were refused.
 */
class ChaosCensus
{
  public:
    /// Watch all connections to come. @param node whose they are
    void Watch(Ptr<Node> node);

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
    /// A connection begins. @param object it
    void OnConnection(Ptr<Object> object);
    /// A subflow is established. @param subflow it
    void OnEstablished(Ptr<MptcpSubflow> subflow);
    /// A subflow has ended. @param subflow it @param end why
    void OnClosed(Ptr<MptcpSubflow> subflow, const SubflowEnd& end);

    std::map<std::string, uint32_t> m_living; //!< by kind
    uint32_t m_subflows{0};                   //!< established so far
};

} // namespace ns3

#endif // CHAOS_CENSUS_H
