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
    /// @param control the connection @param endpoint has changed @param change how
    void OnEndpoint(MptcpPathControl& control,
                    const MptcpEndpoint& endpoint,
                    MptcpEndpoints::Change change);
    /// Open what an endpoint asks for. @param control the connection @param endpoint with subflow
    void OpenFrom(MptcpPathControl& control, const MptcpEndpoint& endpoint);
    /// Open a subflow unless there is one or the limit is reached. @param control the connection
    /// @param local address @param remote address
    void Open(MptcpPathControl& control, const IpAddress& local, const RemoteAddress& remote);

    Ptr<MptcpEndpoints> m_endpoints;    //!< of the node
    std::optional<uint32_t> m_callback; //!< at m_endpoints
    std::set<uint8_t> m_accepted;       //!< identifiers of the peer's addresses that were used
};

} // namespace ns3

#endif // MPTCP_ENDPOINT_PATH_MANAGER_H
