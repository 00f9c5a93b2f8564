// SPDX-License-Identifier: GPL-2.0-only
#ifndef REQUEST_RESPONSE_SERVER_H
#define REQUEST_RESPONSE_SERVER_H

#include "stream-server.h"

#include "ns3/traced-callback.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Answers the requests of RequestResponseClients: each with as many bytes as it asks for, in
 * order, once it has arrived completely.
 */
class RequestResponseServer : public StreamServer
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    RequestResponseServer();
    ~RequestResponseServer() override;

    /// TracedCallback signature of Request. @param from the client
    /// @param requestSize bytes of the request @param responseSize bytes of its response
    typedef void (*RequestTracedCallback)(const Address& from,
                                          uint32_t requestSize,
                                          uint32_t responseSize);

  private:
    /// One connection.
    struct Requester : public Client
    {
        Address address;          //!< of the client
        Ptr<Packet> head;         //!< first bytes of a request, fewer than RequestHead::SIZE
        uint32_t body{0};         //!< bytes of the request that are still to come
        uint32_t requestSize{0};  //!< of that request
        uint32_t responseSize{0}; //!< of that request
        uint64_t unsent{0};       //!< bytes of responses that the socket had no room for
    };

    std::unique_ptr<Client> Accept(Ptr<Socket> socket, const Address& from) override;
    void Read(Ptr<Socket> socket, Client& client, Ptr<Packet> data) override;
    bool Write(Ptr<Socket> socket, Client& client) override;

    TracedCallback<const Address&, uint32_t, uint32_t> m_requestTrace; //!< Request
};

} // namespace ns3

#endif // REQUEST_RESPONSE_SERVER_H
