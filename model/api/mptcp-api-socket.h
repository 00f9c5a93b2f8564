// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_API_SOCKET_H
#define MPTCP_API_SOCKET_H

#include "ns3/mptcp-connection.h"
#include "ns3/node.h"
#include "ns3/packet-marks.h"

namespace ns3
{

/// What the socket API needs to know of the socket that it serves, and asks it to do. A socket
/// implements it, so that the API knows connections and no sockets.
class MptcpApiSocket
{
  public:
    virtual ~MptcpApiSocket() = default;

    /// @return the connection; nullptr before connect(), and on a listening socket
    virtual Ptr<MptcpConnection> GetConnection() const = 0;
    /// @return the node
    virtual Ptr<Node> GetNode() const = 0;
    /// @return whether it may do what only a privileged user may
    virtual bool IsPrivileged() const = 0;
    /// @return what all packets of the connection are marked with
    virtual PacketMarks GetPacketMarks() const = 0;
    /// Tell the trace source of an event that is subscribed to. @param event it
    virtual void TellEvent(const MptcpPathEvent& event) = 0;
    /// @return what keeps the socket alive as long as it is held
    virtual Ptr<Object> Hold() = 0;

    /// Ask for Multipath TCP, or not to use it. @param on which
    /// @return false if it comes too late: after connect() or listen()
    virtual bool SetMultipath(bool on) = 0;
    /// @return whether the socket asks for Multipath TCP
    virtual bool WantsMultipath() const = 0;
    /// @return the addresses that its connections may use, to be changed; nullptr if that comes too
    /// late: after connect() or listen()
    virtual MptcpAddressScope* GetAddressScope() = 0;
    /// The application knows of paths: what it binds to is all that its connections may use (RFC
    /// 6897 section 5.3.2).
    virtual void SetPathAware() = 0;
    /// @return why the connection ended, an errno, and 0 from then on
    virtual int TakeError() = 0;
};

} // namespace ns3

#endif // MPTCP_API_SOCKET_H
