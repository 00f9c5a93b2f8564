// SPDX-License-Identifier: GPL-2.0-only
#ifndef REQUEST_RESPONSE_SERVER_H
#define REQUEST_RESPONSE_SERVER_H

#include "ns3/application.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <map>

namespace ns3
{

/**
 * @ingroup mptcp
 * Answers the requests of RequestResponseClients: each with as many bytes as it asks for, in
 * order, once it has arrived completely.
 */
class RequestResponseServer : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    RequestResponseServer();
    ~RequestResponseServer() override;

    /// @return requests that have arrived completely
    uint32_t GetRequests() const;
    /// @return clients that are connected
    uint32_t GetClients() const;

    /// TracedCallback signature of Request. @param from the client
    /// @param requestSize bytes of the request @param responseSize bytes of its response
    typedef void (*RequestTracedCallback)(const Address& from,
                                          uint32_t requestSize,
                                          uint32_t responseSize);

  protected:
    void DoDispose() override;

  private:
    /// One connection.
    struct Client
    {
        Address address;          //!< of the client
        Ptr<Packet> head;         //!< first bytes of a request, fewer than RequestHead::SIZE
        uint32_t body{0};         //!< bytes of the request that are still to come
        uint32_t requestSize{0};  //!< of that request
        uint32_t responseSize{0}; //!< of that request
        uint64_t unsent{0};       //!< bytes of responses that the socket had no room for
        bool ended{false};        //!< the client sends no more
    };

    void StartApplication() override;
    void StopApplication() override;
    /// A client has connected. @param socket its connection @param from it
    void OnAccept(Ptr<Socket> socket, const Address& from);
    /// Bytes of requests arrived. @param socket where
    void OnData(Ptr<Socket> socket);
    /// There is room to send. @param socket where @param room bytes
    void OnRoom(Ptr<Socket> socket, uint32_t room);
    /// The client sends no more. @param socket where
    void OnClosed(Ptr<Socket> socket);
    /// The connection broke. @param socket where
    void OnError(Ptr<Socket> socket);
    /// Take bytes of requests. @param client whose @param data the bytes
    void Take(Client& client, Ptr<Packet> data);
    /// Send what the socket takes, close if all is done. @param socket it
    void Flush(Ptr<Socket> socket);

    TypeId m_protocol;                                                 //!< Protocol
    Address m_local;                                                   //!< Local
    Ptr<Socket> m_listener;                                            //!< accepts clients
    std::map<Ptr<Socket>, Client> m_clients;                           //!< by connection
    uint32_t m_requests{0};                                            //!< complete
    TracedCallback<const Address&, uint32_t, uint32_t> m_requestTrace; //!< Request
};

} // namespace ns3

#endif // REQUEST_RESPONSE_SERVER_H
