// SPDX-License-Identifier: GPL-2.0-only
#ifndef POSIX_SOCKET_H
#define POSIX_SOCKET_H

#include "posix-file.h"

#include "ns3/nstime.h"
#include "ns3/socket.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace ns3
{

class PosixProcess;

/**
 * @ingroup mptcp
 * A socket of a program, over one of ns-3. Its calls wait where POSIX has them wait.
 */
class PosixSocket : public PosixFile,
                    public std::enable_shared_from_this<PosixSocket>
{
  public:
    using Bytes = std::vector<uint8_t>; //!< of names and values

    /**
     * @param process whose
     * @param domain AF_INET or AF_INET6
     * @param type SOCK_STREAM or SOCK_DGRAM
     * @param protocol number, 0 for that of the type
     * @param result is filled
     * @return 0 or the negative of an errno
     */
    static long Open(PosixProcess& process,
                     int domain,
                     int type,
                     int protocol,
                     std::shared_ptr<PosixSocket>& result);

    /// @param process whose @param domain family @param protocol number @param socket of ns-3
    PosixSocket(PosixProcess& process, int domain, int protocol, Ptr<Socket> socket);

    /// @param name struct sockaddr_in or sockaddr_in6 @return 0 or an errno, negative
    virtual long Bind(const Bytes& name);
    /// @param name struct sockaddr_in or sockaddr_in6 @return 0 or an errno, negative
    virtual long Connect(const Bytes& name) = 0;
    /// @param backlog connections that may wait to be accepted @return 0 or an errno, negative
    virtual long Listen(int backlog);
    /// @param accepted is filled @return 0 or an errno, negative
    virtual long Accept(std::shared_ptr<PosixSocket>& accepted);
    /// @param how SHUT_RD, SHUT_WR or SHUT_RDWR @return 0 or an errno, negative
    virtual long Shutdown(int how);
    /// @param peer whose name, otherwise its own @param name is filled
    /// @return 0 or an errno, negative
    virtual long GetName(bool peer, Bytes& name) const;

    /// @param level of an option @param name of an option @param value in the program's memory
    /// @param length in the program's memory @return 0 or an errno, negative
    long GetOption(int level, int name, void* value, socklen_t* length);
    /// @param level of an option @param name of an option @param value in the program's memory
    /// @param length bytes @return 0 or an errno, negative
    long SetOption(int level, int name, const void* value, socklen_t length);

    void Close(bool orderly) override;

    bool IsSocket() const override
    {
        return true;
    }

  protected:
    /// @return SOCK_STREAM or SOCK_DGRAM
    virtual int GetType() const = 0;
    /// @return SO_ERROR, an errno that is told once
    virtual int TakeError();
    /// Options of streams. @param name of level IPPROTO_TCP or Linux's @param value in the
    /// program's memory @param level of it @param length in the program's memory @return 0 or an
    /// errno, negative
    virtual long GetStreamOption(int level, int name, void* value, socklen_t* length);
    /// @param level of an option @param name of an option @param value in the program's memory
    /// @param length bytes @return 0 or an errno, negative
    virtual long SetStreamOption(int level, int name, const void* value, socklen_t length);
    /// Hear what ns-3's socket tells: the program may wait for it. To be called once it is owned.
    virtual void Hear() = 0;

    /// @param name any struct sockaddr @return its family, or nothing if it is too short for one
    static std::optional<sa_family_t> GetFamily(const Bytes& name);
    /// @param name struct sockaddr_in or sockaddr_in6 @param address is filled
    /// @return 0 or an errno, negative
    long ParseName(const Bytes& name, Address& address) const;
    /// @param address of ns-3 @return struct sockaddr_in or sockaddr_in6
    static Bytes FormatName(const Address& address);
    /// @param address of ns-3 @return the address with the socket's TOS, where ns-3 has one there
    Address WithTos(const Address& address) const;
    /// Bind ns-3's socket. @param address where @return 0 or an errno, negative
    long BindTo(const Address& address);
    /// Connect ns-3's socket. @param address where to @return 0 or an errno, negative
    long ConnectTo(const Address& address);
    /// @return 0 or an errno, negative: a port for a socket that has none
    long BindIfNeeded();
    /// @param flags of a call @return whether it shall not wait
    bool IsNonBlocking(int flags) const;
    /// @param ipv6 family @return TTL or hop limit of packets that ask for none
    uint8_t GetDefaultHops(bool ipv6) const;
    /// @param timeout SO_RCVTIMEO or SO_SNDTIMEO @return when a call that begins now gives up
    static std::optional<Time> GetLimit(Time timeout);
    /// @return a function that wakes the process, if the socket is still there
    std::function<void()> MakeWaker();

    PosixProcess& m_process;    //!< whose
    int m_domain;               //!< AF_INET or AF_INET6
    int m_protocol;             //!< number
    Ptr<Socket> m_socket;       //!< of ns-3; nullptr once closed
    bool m_bound{false};        //!< it has a name
    bool m_listening{false};    //!< after Listen()
    bool m_connecting{false};   //!< Connect() of a stream is at work
    bool m_connected{false};    //!< it has a peer
    Time m_receiveTimeout;      //!< SO_RCVTIMEO, zero: none
    Time m_sendTimeout;         //!< SO_SNDTIMEO, zero: none
    bool m_reuseAddress{false}; //!< SO_REUSEADDR
};

} // namespace ns3

#endif // POSIX_SOCKET_H
