// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_ENDPOINT_PATH_MANAGER_H
#define MPTCP_ENDPOINT_PATH_MANAGER_H

#include "mptcp-endpoints.h"
#include "mptcp-path-manager.h"

#include <optional>
#include <set>

namespace ns3
{

/**
 * @ingroup mptcp
 * Linux's in-kernel path manager: the node's MptcpEndpoints say from where subflows are opened and
 * which addresses are advertised, and may change while the connection lives. Without such an
 * object it does nothing.
 */
class MptcpEndpointPathManager : public MptcpPathManager
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    ~MptcpEndpointPathManager() override;

    void OnConnected(MptcpPathControl& control) override;
    void OnRemoteAddress(MptcpPathControl& control, const RemoteAddress& remote) override;
    void OnLocalAddress(MptcpPathControl& control, const IpAddress& address, bool up) override;
    bool AcceptsJoin(MptcpPathControl& control) override;

  private:
    /// @param control the connection @param endpoints have changed @param change how
    void OnChange(MptcpPathControl& control,
                  const std::vector<MptcpEndpoint>& endpoints,
                  MptcpEndpoints::Change change);
    /// Advertise an endpoint, open its subflows. @param control the connection @param endpoint new
    void Use(MptcpPathControl& control, const MptcpEndpoint& endpoint);
    /// End the subflows of an endpoint to other addresses than the peer's first one.
    /// @param control the connection @param endpoint no longer with fullmesh
    void Unmesh(MptcpPathControl& control, const MptcpEndpoint& endpoint);
    /// Open what an endpoint asks for. @param control the connection @param endpoint with subflow
    void OpenFrom(MptcpPathControl& control, const MptcpEndpoint& endpoint);
    /// Open a subflow unless there is one or the limit is reached. @param control the connection
    /// @param local address @param remote address
    void Open(MptcpPathControl& control, const IpAddress& local, const RemoteAddress& remote);

    Ptr<MptcpEndpoints> m_endpoints;    //!< of the node
    std::optional<uint32_t> m_callback; //!< at m_endpoints
    std::set<uint8_t> m_accepted;       //!< identifiers of the peer's addresses that were used
    bool m_followAddresses;             //!< FollowAddresses
};

} // namespace ns3

#endif // MPTCP_ENDPOINT_PATH_MANAGER_H
