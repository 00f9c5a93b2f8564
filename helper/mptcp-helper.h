// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_HELPER_H
#define MPTCP_HELPER_H

#include "ns3/mptcp-socket-factory.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Puts Multipath TCP on nodes that have an internet stack, beside their TCP, which stays as it is.
 * Applications use it with their attribute Protocol set to "ns3::MptcpSocketFactory".
 *
 * What is set here holds for the sockets of the nodes that Install() is called for afterwards. A
 * node can be installed again to change it; sockets that exist keep what they have.
 */
class MptcpHelper
{
  public:
    /**
     * Set an attribute of the sockets.
     * @param name of an attribute of MptcpSocket or TcpSocket
     * @param value its value
     */
    void SetSocketAttribute(const std::string& name, const AttributeValue& value);

    /**
     * Choose what opens subflows and advertises addresses.
     * @param type a class derived from MptcpPathManager
     * @param attributes its attributes: name, value, name, value ...
     */
    template <typename... Args>
    void SetPathManager(const std::string& type, Args&&... attributes);
    /// As above. @param factory makes it
    void SetPathManager(const ObjectFactory& factory);

    /**
     * Choose what decides which subflow carries a segment.
     * @param type a class derived from MptcpScheduler
     * @param attributes its attributes: name, value, name, value ...
     */
    template <typename... Args>
    void SetScheduler(const std::string& type, Args&&... attributes);
    /// As above. @param factory makes it
    void SetScheduler(const ObjectFactory& factory);

    /**
     * Choose the congestion control of each subflow.
     * @param type a class derived from TcpCongestionOps
     * @param attributes its attributes: name, value, name, value ...
     */
    template <typename... Args>
    void SetCongestionControl(const std::string& type, Args&&... attributes);
    /// As above. @param factory makes it
    void SetCongestionControl(const ObjectFactory& factory);

    /**
     * Install on a node. IPv6 duplicate address detection is switched off there: otherwise an
     * address is of no use in the first second after its interface came up.
     * @param node with an internet stack
     */
    void Install(Ptr<Node> node) const;
    /// Install on nodes. @param nodes each with an internet stack
    void Install(const NodeContainer& nodes) const;
    /// Install on a node. @param name of the node, as given to Names::Add
    void Install(const std::string& name) const;
    /// Install on all nodes that have an internet stack.
    void InstallAll() const;

    /**
     * Have the peers use subflows of some addresses only while no others are left (RFC 8684
     * section 3.3.8). For connections that begin afterwards.
     * @param node with MPTCP installed
     * @param addresses of the node
     */
    static void SetBackupAddresses(Ptr<Node> node, const std::vector<IpAddress>& addresses);

    /**
     * Fix the random numbers of keys, nonces and initial sequence numbers. Without it they have
     * streams of their own that move nobody else's.
     * @param nodes with MPTCP installed; others are passed over
     * @param stream first stream number
     * @return number of streams used
     */
    static int64_t AssignStreams(const NodeContainer& nodes, int64_t stream);

  private:
    /// @param type a class, by its name; one that there is not ends the program @return its factory
    static ObjectFactory MakeFactory(const std::string& type);

    std::map<std::string, Ptr<AttributeValue>> m_attributes; //!< of the sockets, by name
    ObjectFactory m_pathManager;                             //!< no TypeId: the socket's default
    ObjectFactory m_scheduler;                               //!< no TypeId: the socket's default
    ObjectFactory m_congestionControl;                       //!< no TypeId: the socket's default
};

template <typename... Args>
void
MptcpHelper::SetPathManager(const std::string& type, Args&&... attributes)
{
    m_pathManager = MakeFactory(type);
    m_pathManager.Set(attributes...);
}

template <typename... Args>
void
MptcpHelper::SetScheduler(const std::string& type, Args&&... attributes)
{
    m_scheduler = MakeFactory(type);
    m_scheduler.Set(attributes...);
}

template <typename... Args>
void
MptcpHelper::SetCongestionControl(const std::string& type, Args&&... attributes)
{
    m_congestionControl = MakeFactory(type);
    m_congestionControl.Set(attributes...);
}

} // namespace ns3

#endif // MPTCP_HELPER_H
