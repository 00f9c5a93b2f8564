// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_ADDRESS_BOOK_H
#define MPTCP_ADDRESS_BOOK_H

#include "ns3/mptcp-path-manager.h"
#include "ns3/tcp-tuple.h"

#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Which address of either end of a connection has which identifier, and to which addresses of the
 * peer joins have failed (RFC 8684 section 3.4). Identifier 0 is the address of the first subflow.
 */
class MptcpAddressBook
{
  public:
    /// The first subflow. @param local address @param remote address and port
    void Begin(const IpAddress& local, const RemoteAddress& remote);

    // This end

    /// @param address of this end @param port advertised with it, or 0
    /// @param used whether a subflow or an advertisement has an identifier
    /// @return their identifier, a new one if there is none; nothing if all 256 are in use
    std::optional<uint8_t>
    Assign(const IpAddress& address, uint16_t port, const std::function<bool(uint8_t)>& used);
    /// @param address of this end @return its largest identifier, or nothing
    std::optional<uint8_t> FindLocal(const IpAddress& address) const;
    /// @param address of this end @param port of it @return whether both were advertised together
    bool HasPort(const IpAddress& address, uint16_t port) const;
    /// @param address that is withdrawn @return those of its identifiers, one for each port, that
    /// had not been withdrawn
    std::vector<uint8_t> Withdraw(const IpAddress& address);
    /// @param id of an address of this end @return whether it is withdrawn
    bool IsWithdrawn(uint8_t id) const;
    /// Keep a REMOVE_ADDR for which there is no subflow. @param ids of the addresses
    void KeepRemoval(const std::vector<uint8_t>& ids);
    /// @return the addresses of KeepRemoval(), which are forgotten by it
    std::vector<uint8_t> TakeRemovals();

    // The peer

    /// @return where the peer can be reached, by identifier
    const std::vector<RemoteAddress>& GetRemotes() const;
    /// @param id of an address of the peer @return it, or nullptr
    const RemoteAddress* FindRemote(uint8_t id) const;
    /// The peer can be reached there. @param remote where; takes the place of its identifier's
    void SetRemote(const RemoteAddress& remote);
    /// The peer has joined. @param id that it gave @param address that its SYN came from
    void SetJoined(uint8_t id, const IpAddress& address);
    /// The peer has removed an address. @param id of it
    void RemoveRemote(uint8_t id);
    /// @param address of the peer, advertised or joined from @return its identifier, or nothing
    std::optional<uint8_t> FindRemoteId(const IpAddress& address) const;

    /// A join has failed (section 3.4.1); forgotten once nothing of the peer is there any more.
    /// @param address of the peer @param port its
    void NoteFailure(const IpAddress& address, uint16_t port);
    /// A join may be tried (again). @param address of the peer @param port its
    void ForgetFailure(const IpAddress& address, uint16_t port);
    /// @param address of the peer @param port its @return whether a join has failed
    bool HasFailed(const IpAddress& address, uint16_t port) const;

  private:
    /// An identifier of this end.
    struct Local
    {
        uint8_t id{0};     //!< the identifier
        IpAddress address; //!< whose it is
        uint16_t port{0};  //!< advertised with it, or 0
    };

    /// @param address of the peer @param port its @return whether it can be reached there
    bool HasRemote(const IpAddress& address, uint16_t port) const;
    /// Where the peer can be reached has changed: forget failures elsewhere.
    void ForgetUnknownFailures();

    std::vector<Local> m_local;                           //!< by identifier
    std::vector<uint8_t> m_withdrawn;                     //!< identifiers, oldest first
    std::vector<uint8_t> m_removals;                      //!< see KeepRemoval()
    std::vector<RemoteAddress> m_remote;                  //!< by identifier
    std::vector<std::pair<uint8_t, IpAddress>> m_joined;  //!< by identifier
    std::vector<std::pair<IpAddress, uint16_t>> m_failed; //!< see NoteFailure()
};

} // namespace ns3

#endif // MPTCP_ADDRESS_BOOK_H
