// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_STREAM_SOCKET_H
#define POSIX_STREAM_SOCKET_H

#include "posix-socket.h"

#include "ns3/mptcp-socket.h"

#include <deque>

namespace ns3
{

/**
 * @ingroup mptcp
 * SOCK_STREAM: Multipath TCP, or ns-3's TCP. MptcpSocket reads and writes messages by itself, for
 * ns-3's TCP it is done here.
 */
class PosixStreamSocket : public PosixSocket
{
  public:
    /// @param process whose @param domain family @param protocol number @param socket of ns-3
    PosixStreamSocket(PosixProcess& process, int domain, int protocol, Ptr<Socket> socket);

    long Bind(const Bytes& name) override;
    long Connect(const Bytes& name) override;
    long Listen(int backlog) override;
    long Accept(std::shared_ptr<PosixSocket>& accepted) override;
    long Shutdown(int how) override;
    long Send(PosixMessage& message, int flags) override;
    long Receive(PosixMessage& message, int flags) override;
    short Poll() const override;
    long GetReadable() const override;
    void Close(bool orderly) override;

  protected:
    int GetType() const override;
    int TakeError() override;
    long GetStreamOption(int level, int name, void* value, socklen_t* length) override;
    long SetStreamOption(int level, int name, const void* value, socklen_t length) override;
    void Hear() override;

  private:
    /// A connection is there for Accept(). @param socket of ns-3
    void OnAccepted(Ptr<Socket> socket);
    /// The connection is there.
    void OnConnected();
    /// Connect() has failed.
    void OnFailed();
    /// The connection or the peer's data has come to its end. @param error whether by an error
    void OnEnded(bool error);
    /// Bind again to what the program has bound to: ns-3's sockets give it up when a connection
    /// fails, and in Linux it stays. @return 0 or an errno, negative
    long Rebind();
    /// Rebind() when ns-3's TCP has returned from the call that tells of the failure, in which it
    /// still holds the port.
    void RebindSoon();
    /// Connect() has come to its end. @return 0 if there is a connection, or an errno, negative
    long TellOutcome();
    /// Wait for a connection that is being opened. @param nonBlockingCall whether to wait not
    /// @param limit when to stop @return 0 if there is one, or an errno, negative
    long AwaitConnection(bool nonBlockingCall, std::optional<Time> limit);
    /// @return 0, EAGAIN or an errno; sends what there is room for. @param message to send
    /// @param sent is filled
    int SendSome(PosixMessage& message, size_t& sent);
    /// @return 0, EAGAIN or an errno; reads what is there. @param message to fill @param flags
    /// MSG_PEEK @param received is filled, 0 at the end
    int ReceiveSome(PosixMessage& message, int flags, size_t& received);
    /// Wait until a subflow that was opened can be used. @param id its @return 0 or an errno,
    /// negative
    long AwaitSubflow(uint8_t id);
    /// Tell the subflows that are there, and those to come, of TCP_NODELAY.
    void SpreadNoDelay();

    Ptr<MptcpSocket> m_mptcp;                                 //!< the socket, if it is one
    bool m_untold{false};                                     //!< its outcome, by Connect() itself
    Address m_name;                                           //!< what Bind() has bound it to
    bool m_unbound{false};                                    //!< ns-3's socket has given it up
    bool m_fixed{false};                                      //!< attributes have been used
    std::optional<bool> m_noDelay;                            //!< TCP_NODELAY set since then
    const MptcpConnection* m_told{nullptr};                   //!< tells of new subflows
    bool m_sendClosed{false};                                 //!< after Shutdown()
    bool m_receiveClosed{false};                              //!< after Shutdown()
    size_t m_backlog{0};                                      //!< of Listen()
    std::deque<std::shared_ptr<PosixStreamSocket>> m_waiting; //!< for Accept()

    // Of ns-3's TCP
    bool m_peerEnded{false}; //!< no more data comes
    bool m_dead{false};      //!< after an error
    int m_error{0};          //!< see TakeError()
    mutable Bytes m_peeked;  //!< taken from the socket by MSG_PEEK
};

} // namespace ns3

#endif // POSIX_STREAM_SOCKET_H
