// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_DATAGRAM_SOCKET_H
#define POSIX_DATAGRAM_SOCKET_H

#include "posix-socket.h"

#include "ns3/tcp-tuple.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * SOCK_DGRAM: UDP of ns-3.
 */
class PosixDatagramSocket : public PosixSocket
{
  public:
    /// @param process whose @param domain family @param socket of ns-3
    PosixDatagramSocket(PosixProcess& process, int domain, Ptr<Socket> socket);

    long Connect(const Bytes& name) override;
    long GetName(bool peer, Bytes& name) const override;
    long Shutdown(int how) override;
    long Send(PosixMessage& message, int flags) override;
    long Receive(PosixMessage& message, int flags) override;
    short Poll() const override;
    long GetReadable() const override;

  protected:
    int GetType() const override;
    void Hear() override;

  private:
    /// @param from where a datagram is @return whether it may be received: from the peer, if any
    bool IsFromPeer(const Address& from) const;
    /// Take the next datagram from ns-3's socket, if none is here. @return whether one is here
    bool Fetch() const;
    /// @param address where to send @return 0, or the negative of the errno if a broadcast or a
    /// multicast cannot go there
    long CheckDestination(const Address& address) const;

    Address m_peer;                    //!< of Connect(), once connected
    std::optional<IpAddress> m_source; //!< with Connect(), if Bind() has left the address open
    bool m_sendClosed{false};          //!< after Shutdown()
    bool m_receiveClosed{false};       //!< after Shutdown()
    mutable bool m_fetched{false};     //!< the two below are a datagram
    mutable Bytes m_bytes;             //!< of the datagram
    mutable Address m_from;            //!< its sender
};

} // namespace ns3

#endif // POSIX_DATAGRAM_SOCKET_H
