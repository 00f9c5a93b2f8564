// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SEGMENT_PATHS_H
#define MPTCP_SEGMENT_PATHS_H

#include "mptcp-path-manager.h"

#include "ns3/event-id.h"
#include "ns3/ipv6-address.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * One subflow for each of some paths through the network, by segment routing (RFC 8754): a host
 * with one address gets disjoint paths. The connecting end opens them between the addresses of the
 * first subflow; its own path counts as one of them. A subflow that dies though neither end wanted
 * it is opened again some times, ever later; one that was refused, or whose MP_JOIN failed, is not.
 */
class MptcpSegmentPaths : public MptcpPathManager
{
  public:
    using Path = std::vector<Ipv6Address>; //!< the segments that packets visit before the peer

    /// @return the TypeId
    static TypeId GetTypeId();
    ~MptcpSegmentPaths() override;

    /**
     * @param text paths as the attribute SegmentLists has them
     * @return them; nothing if the text is no such list
     */
    static std::optional<std::vector<Path>> Parse(const std::string& text);

    void OnConnected(MptcpPathControl& control) override;
    void OnLocalAddress(MptcpPathControl& control, const IpAddress& address, bool up) override;
    void OnSubflowEnded(MptcpPathControl& control,
                        const MptcpSubflow& subflow,
                        const SubflowEnd& end) override;

  private:
    /// @param text of SegmentLists @return whether it can be read
    bool SetPaths(std::string text);
    /// @return text of SegmentLists
    std::string GetPaths() const;
    /// Open what is missing. @param control the connection
    void Complete(MptcpPathControl* control);

    std::vector<Path> m_paths;        //!< SegmentLists
    std::optional<IpAddress> m_local; //!< of the first subflow
    uint32_t m_attempts{0};           //!< in a row without success
    EventId m_retry;                  //!< the next one
    /// Subflows that it has opened and that live; the paths of dead ones are forgotten elsewhere.
    std::vector<std::pair<Ptr<MptcpSubflow>, Path>> m_opened;
    std::vector<Path> m_refused; //!< paths that are not opened again, see IsRefusal()
};

} // namespace ns3

#endif // MPTCP_SEGMENT_PATHS_H
