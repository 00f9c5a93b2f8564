// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SOCKET_FACTORY_H
#define MPTCP_SOCKET_FACTORY_H

#include "ns3/mptcp-socket.h"
#include "ns3/node.h"
#include "ns3/object-factory.h"
#include "ns3/socket-factory.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Makes the MPTCP sockets of a node. Applications get them by
 * Socket::CreateSocket(node, MptcpSocketFactory::GetTypeId()), or with their attribute Protocol set
 * to "ns3::MptcpSocketFactory". MptcpHelper puts one on each node.
 */
class MptcpSocketFactory : public SocketFactory
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    MptcpSocketFactory();
    ~MptcpSocketFactory() override;

    /**
     * Give the sockets made from now on a value for an attribute.
     * @param name of an attribute of MptcpSocket or TcpSocket
     * @param value its value
     */
    void SetSocketAttribute(const std::string& name, const AttributeValue& value);

    /// @param factory of path managers for the sockets made from now on
    void SetPathManager(const ObjectFactory& factory);
    /// @param factory of schedulers for the sockets made from now on
    void SetScheduler(const ObjectFactory& factory);
    /// @param factory of congestion controls for the sockets made from now on
    void SetCongestionControl(const ObjectFactory& factory);
    /// @param addresses of the node whose subflows are backups, for the sockets made from now on
    void SetBackupAddresses(const std::vector<IpAddress>& addresses);

    // SocketFactory
    Ptr<Socket> CreateSocket() override;

    /// Keep a listening socket, which applications need not. @param socket it
    void Keep(Ptr<MptcpSocket> socket);
    /// Let go of a socket. @param socket as given to Keep()
    void Release(Ptr<MptcpSocket> socket);

  protected:
    void DoDispose() override;

  private:
    std::map<std::string, Ptr<const AttributeValue>> m_attributes; //!< by name
    ObjectFactory m_pathManager;              //!< no TypeId: MptcpSocket's default
    ObjectFactory m_scheduler;                //!< no TypeId: MptcpSocket's default
    ObjectFactory m_congestionControl;        //!< no TypeId: MptcpSocket's default
    std::vector<IpAddress> m_backupAddresses; //!< of the node
    std::set<Ptr<MptcpSocket>> m_listeners;   //!< listening sockets
};

} // namespace ns3

#endif // MPTCP_SOCKET_FACTORY_H
