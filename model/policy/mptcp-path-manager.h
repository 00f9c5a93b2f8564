// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_PATH_MANAGER_H
#define MPTCP_PATH_MANAGER_H

#include "mptcp-endpoints.h"

#include "ns3/event-id.h"
#include "ns3/mptcp-subflow.h"
#include "ns3/object.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace ns3
{

/// An address of the peer that a subflow can be opened to (RFC 8684 section 3.4.1).
struct RemoteAddress
{
    uint8_t id{0};         //!< the peer's address identifier, 0 for that of the first subflow
    IpAddress address;     //!< the address
    uint16_t port{0};      //!< port to connect to
    bool portGiven{false}; //!< the peer named it; otherwise it is that of a subflow
};

/**
 * @ingroup mptcp
 * What a path manager may see and do. The connection implements it.
 */
class MptcpPathControl
{
  public:
    virtual ~MptcpPathControl() = default;

    /// @return whether this end opened the connection
    virtual bool IsClient() const = 0;
    /// @return this node's addresses that are up
    virtual std::vector<IpAddress> GetLocalAddresses() const = 0;
    /// @return the peer's addresses that are known
    virtual std::vector<RemoteAddress> GetRemoteAddresses() const = 0;
    /// @return the living subflows, in the order in which they were opened
    virtual std::vector<Ptr<MptcpSubflow>> GetSubflows() const = 0;

    /**
     * Open a subflow by MP_JOIN (section 3.2).
     * @param local address of this node
     * @param remote address and port of the peer
     * @return the subflow, or nullptr if joining is not possible now or the limit is reached
     */
    virtual Ptr<MptcpSubflow> OpenSubflow(const IpAddress& local, const RemoteAddress& remote) = 0;

    /**
     * As OpenSubflow(), by a path of its own through the network (segment routing).
     * @param local address of this node, of IPv6
     * @param remote address and port of the peer
     * @param segments that packets visit before the peer, in that order
     * @return the subflow, or nullptr; also without segment routing on this node
     */
    virtual Ptr<MptcpSubflow> OpenSubflowBy(const IpAddress& local,
                                            const RemoteAddress& remote,
                                            const std::vector<Ipv6Address>& segments)
    {
        (void)local;
        (void)remote;
        (void)segments;
        return nullptr;
    }

    /// @param subflow a living one @return the segments that its packets visit, none without
    /// segment routing
    virtual std::vector<Ipv6Address> GetSegmentsOf(const MptcpSubflow& subflow) const
    {
        (void)subflow;
        return {};
    }

    /// Send ADD_ADDR (section 3.4.1). @param address of this node
    /// @param port where joins are expected; 0: that of the first subflow
    virtual void Advertise(const IpAddress& address, uint16_t port = 0) = 0;

    /// Send REMOVE_ADDR (section 3.4.2), end the subflows that use it. @param address gone
    virtual void Withdraw(const IpAddress& address) = 0;

    /// As Withdraw(), with one REMOVE_ADDR for all. @param addresses gone
    virtual void WithdrawAll(const std::vector<IpAddress>& addresses)
    {
        for (const auto& address : addresses)
        {
            Withdraw(address);
        }
    }

    /// Close a subflow; others carry what it holds. @param subflow which; nothing if it is gone
    virtual void EndSubflow(Ptr<MptcpSubflow> subflow)
    {
        (void)subflow;
    }

    /// Ask for a backup, or no more (MP_PRIO). @param subflow which; nothing if it is gone
    /// @param backup what to ask for
    virtual void SetBackup(Ptr<MptcpSubflow> subflow, bool backup)
    {
        (void)subflow;
        (void)backup;
    }

    /// @return the node's endpoints, nullptr if it has none
    virtual Ptr<MptcpEndpoints> GetEndpoints() const
    {
        return nullptr;
    }
};

/**
 * @ingroup mptcp
 * Decides which subflows are opened and which addresses are advertised. One object per
 * connection; the functions are called as things happen.
 */
class MptcpPathManager : public Object
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    /// Subflows can be opened from now on (section 3.1). @param control the connection
    virtual void OnConnected(MptcpPathControl& control);
    /// An ADD_ADDR arrived, its HMAC was right. @param control the connection @param remote it
    virtual void OnRemoteAddress(MptcpPathControl& control, const RemoteAddress& remote);
    /// An address of this node came or went. @param control the connection @param address it
    /// @param up whether it can be used now
    virtual void OnLocalAddress(MptcpPathControl& control, const IpAddress& address, bool up);
    /// A subflow has ended. @param control the connection @param subflow it @param end why
    virtual void
    OnSubflowEnded(MptcpPathControl& control, const MptcpSubflow& subflow, const SubflowEnd& end);
    /// The peer wants to join. @param control the connection @return whether it may
    virtual bool AcceptsJoin(MptcpPathControl& control);

  protected:
    /// @param end of a subflow @return whether there should be none in its place: it was refused,
    /// MP_JOIN failed (section 3.9.3), or a reset says that its reason lasts (3.6, flag T)
    static bool IsRefusal(const SubflowEnd& end);
};

/// Opens and advertises nothing: the application decides.
class MptcpNoPathManager : public MptcpPathManager
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
};

/**
 * A subflow between each pair of addresses of one family. The connecting end opens, the accepting
 * end advertises its addresses (RFC 8684 section 3.9). A subflow that dies though neither end
 * wanted it is opened again some times, ever later; one that was refused, or whose MP_JOIN failed,
 * only after an ADD_ADDR of its remote address.
 */
class MptcpFullMesh : public MptcpPathManager
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    void OnConnected(MptcpPathControl& control) override;
    void OnRemoteAddress(MptcpPathControl& control, const RemoteAddress& remote) override;
    void OnLocalAddress(MptcpPathControl& control, const IpAddress& address, bool up) override;
    void OnSubflowEnded(MptcpPathControl& control,
                        const MptcpSubflow& subflow,
                        const SubflowEnd& end) override;

    ~MptcpFullMesh() override;

    bool AcceptsJoin(MptcpPathControl& control) override;

  private:
    /// Local and remote address of a subflow.
    using Pair = std::pair<IpAddress, IpAddress>;

    /// An attempt to come.
    struct Retry
    {
        uint32_t attempts{0}; //!< in a row without success
        EventId event;        //!< the next one
    };

    /// Forget what is known of addresses that the peer has removed; its ADD_ADDR begins anew.
    /// @param control the connection
    void ForgetRemoved(const MptcpPathControl& control);
    /// @param control the connection @param pair of addresses @return whether the limits let it
    /// have one more subflow between them, and none was refused there
    bool MayOpen(const MptcpPathControl& control, const Pair& pair) const;
    /// Open what is missing. @param control the connection
    void Mesh(MptcpPathControl& control);
    /// Open what is missing between two addresses. @param control the connection @param pair them
    void Reopen(MptcpPathControl* control, Pair pair);

    uint32_t m_maxOpened;            //!< MaxOpened
    uint32_t m_maxAccepted;          //!< MaxAccepted
    uint32_t m_perAddress;           //!< MaxPerAddress
    std::map<Pair, Retry> m_retries; //!< by what they connect
    std::set<Pair> m_refused;        //!< where no subflow is opened again, see IsRefusal()
};

/// Several subflows between the first subflow's addresses, with different source ports.
class MptcpNdiffports : public MptcpPathManager
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();
    void OnConnected(MptcpPathControl& control) override;
    void OnLocalAddress(MptcpPathControl& control, const IpAddress& address, bool up) override;

  private:
    uint32_t m_subflows; //!< all subflows, the first one included
};

} // namespace ns3

#endif // MPTCP_PATH_MANAGER_H
