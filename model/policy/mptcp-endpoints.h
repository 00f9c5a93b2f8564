// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_ENDPOINTS_H
#define MPTCP_ENDPOINTS_H

#include "ns3/object.h"
#include "ns3/tcp-tuple.h"

#include <functional>
#include <map>
#include <vector>

namespace ns3
{

/// An address of a node and what its connections may do with it, as `ip mptcp endpoint` of Linux.
struct MptcpEndpoint
{
    IpAddress address;    //!< of the node
    uint16_t port{0};     //!< advertised with it; 0: that of the connection
    bool signal{false};   //!< advertise it to the peer
    bool subflow{false};  //!< open a subflow from it
    bool backup{false};   //!< its subflows are backups
    bool fullmesh{false}; //!< open a subflow to each address of the peer, not only to the first
};

/**
 * @ingroup mptcp
 * The endpoints of a node and their limits, for all connections whose path manager is a
 * MptcpEndpointPathManager. Aggregate it to the node. Changes take effect on living connections.
 */
class MptcpEndpoints : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * @param endpoint to add
     * @return its number, from 1; 0 if address and port are there already or 255 are in use
     */
    uint8_t Add(const MptcpEndpoint& endpoint);
    /// End its subflows and withdraw it. @param id as returned by Add() @return whether there was
    /// one
    bool Remove(uint8_t id);
    /// Remove all.
    void Flush();
    /// Change the priority of its subflows. @param id as returned by Add() @param backup which
    /// @return whether there was one
    bool SetBackup(uint8_t id, bool backup);
    /// Change to which addresses of the peer it opens subflows. @param id as returned by Add()
    /// @param fullmesh to all, or to the first one only @return whether there was one
    bool SetFullmesh(uint8_t id, bool fullmesh);

    /// @return the endpoints, by number
    const std::map<uint8_t, MptcpEndpoint>& Get() const
    {
        return m_endpoints;
    }

    /// @param address of the node @return whether an endpoint makes its subflows backups
    bool IsBackup(const IpAddress& address) const;

    /// @return the attribute SubflowLimit
    uint32_t GetSubflowLimit() const
    {
        return m_subflowLimit;
    }

    /// @return the attribute AddAddrAccepted
    uint32_t GetAddAddrAccepted() const
    {
        return m_addAddrAccepted;
    }

    /// What has happened to an endpoint.
    enum class Change
    {
        ADDED,    //!< it is new
        REMOVED,  //!< it is gone
        PRIORITY, //!< backup has changed
        FULLMESH, //!< fullmesh has changed
    };

    /// Told of each change; of several endpoints at once if all are removed.
    using Callback =
        std::function<void(const std::vector<MptcpEndpoint>& endpoints, Change change)>;

    /// @param callback to call @return a number for RemoveCallback()
    uint32_t AddCallback(Callback callback);
    /// @param number as returned by AddCallback()
    void RemoveCallback(uint32_t number);

  private:
    /// @param endpoints which @param change of them
    void Tell(const std::vector<MptcpEndpoint>& endpoints, Change change);
    /// Change a flag. @param id of an endpoint @param flag which @param value of it
    /// @param change to tell of @return whether there is such an endpoint
    bool Set(uint8_t id, bool MptcpEndpoint::*flag, bool value, Change change);

    std::map<uint8_t, MptcpEndpoint> m_endpoints; //!< by number
    std::map<uint32_t, Callback> m_callbacks;     //!< whom to tell
    uint32_t m_nextCallback{0};                   //!< number of the next one
    uint32_t m_subflowLimit;                      //!< SubflowLimit
    uint32_t m_addAddrAccepted;                   //!< AddAddrAccepted
};

} // namespace ns3

#endif // MPTCP_ENDPOINTS_H
