// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SUBFLOW_CALLS_H
#define MPTCP_SUBFLOW_CALLS_H

#include "ns3/mptcp-connection.h"
#include "ns3/node.h"

#include <cstdint>

namespace ns3
{

/// What a new subflow shall be (draft-hesmans-mptcp-socket-03, section 3.2).
struct MptcpOpenRequest
{
    TcpTuple tuple;            //!< local port 0: any; remote port 0: the connection's
    bool anySource{false};     //!< let routing choose the local address
    bool backup{false};        //!< ask for a backup
    int ifIndex{0};            //!< index of the node's device plus 1; 0: that of the address
    RoutingHeaderBytes header; //!< routing header of its segments, or none
};

/// @param connection that is Multipath TCP, or not @return 0, or EOPNOTSUPP
int MptcpCheckMultipath(const Ptr<MptcpConnection>& connection);

/// @param subflow any @return the bits behind id in a struct mptcp_sub_status
uint8_t MptcpStatusBits(const MptcpConnection::SubflowStatus& subflow);

/**
 * Open a subflow.
 * @param connection whose
 * @param node where it lives
 * @param privileged whether ports below 1024 are allowed
 * @param request what it shall be
 * @param id is set to its identifier
 * @return 0 or an errno
 */
int MptcpOpenSubflow(const Ptr<MptcpConnection>& connection,
                     const Ptr<Node>& node,
                     bool privileged,
                     const MptcpOpenRequest& request,
                     uint8_t& id);

/// @param connection whose @param id of a subflow @param how of shutdown(), or MPTCP_SHUT_RST
/// @return 0 or an errno
int MptcpCloseSubflow(const Ptr<MptcpConnection>& connection, uint8_t id, int how);

/// @param connection whose @param id of a subflow @param backup what it shall be
/// @return 0 or an errno
int MptcpSetSubflowPriority(const Ptr<MptcpConnection>& connection, uint8_t id, bool backup);

} // namespace ns3

#endif // MPTCP_SUBFLOW_CALLS_H
