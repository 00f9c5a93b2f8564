// SPDX-License-Identifier: GPL-2.0-only
#ifndef STREAM_SERVER_H
#define STREAM_SERVER_H

#include "ns3/application.h"
#include "ns3/socket.h"

#include <cstdint>
#include <map>
#include <memory>

namespace ns3
{

/**
 * @ingroup mptcp
 * A server of a stream protocol with any number of clients. What is read and answered is its
 * subclasses'. A client that sends no more is closed once all answers are sent.
 */
class StreamServer : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    StreamServer();
    ~StreamServer() override;

    /// @return clients that are connected
    uint32_t GetClients() const;

  protected:
    /// What there is to know of a connection.
    struct Client
    {
        virtual ~Client();
        bool ended{false};  //!< the client sends no more
        uint64_t number{0}; //!< of clients before it
    };

    void DoDispose() override;

    /// A client has connected. @param socket its connection @param from its address
    /// @return what there is to know of it
    virtual std::unique_ptr<Client> Accept(Ptr<Socket> socket, const Address& from) = 0;
    /// Bytes have come. @param socket where @param client whose @param data the bytes; consumed
    virtual void Read(Ptr<Socket> socket, Client& client, Ptr<Packet> data) = 0;
    /// Send what there is room for. @param socket where @param client to whom
    /// @return whether nothing is left to be sent
    virtual bool Write(Ptr<Socket> socket, Client& client) = 0;

    /// End a connection, and forget it. @param socket where
    void Drop(Ptr<Socket> socket);
    /// Drop() all connections but one. @param socket which
    void DropOthers(Ptr<Socket> socket);

  private:
    void StartApplication() override;
    void StopApplication() override;
    /// A client has connected. @param socket its connection @param from its address
    void OnAccept(Ptr<Socket> socket, const Address& from);
    /// Read what has come. @param socket where
    void OnData(Ptr<Socket> socket);
    /// Write, and close if there is no more to come. @param socket where
    void Flush(Ptr<Socket> socket);
    /// The client sends no more. @param socket where
    void OnClosed(Ptr<Socket> socket);
    /// The connection broke. @param socket where
    void OnError(Ptr<Socket> socket);

    TypeId m_protocol;                                        //!< Protocol
    Address m_local;                                          //!< Local
    Ptr<Socket> m_listener;                                   //!< accepts clients
    std::map<Ptr<Socket>, std::unique_ptr<Client>> m_clients; //!< by connection
    uint64_t m_accepted{0};                                   //!< clients so far
};

} // namespace ns3

#endif // STREAM_SERVER_H
