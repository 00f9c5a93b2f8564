// SPDX-License-Identifier: GPL-2.0-only
#ifndef RANGE_SERVER_H
#define RANGE_SERVER_H

#include "range-client.h"

#include <map>

namespace ns3
{

/**
 * @ingroup mptcp
 * Answers RangeClients, on any number of connections, and takes one upload: when a client asks how
 * far it has come, the connections from before end.
 */
class RangeServer : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    RangeServer();
    ~RangeServer() override;

    /// @return bytes of the upload that have come, in order
    uint64_t GetReceived() const;
    /// @return bytes of it that were not what belongs at their offset
    uint64_t GetWrong() const;

  protected:
    void DoDispose() override;

  private:
    /// One connection.
    struct Client
    {
        std::vector<uint8_t> head;     //!< of a request, not complete
        std::deque<RangeHead> answers; //!< GETs; offset and length of what is still to be sent
        std::vector<uint8_t> count;    //!< an answer to COUNT that is still to be sent
        RangeHead put;                 //!< what is still to come of a PUT
        uint64_t written{0};           //!< bytes written to the socket
        bool ended{false};             //!< the client sends no more
    };

    void StartApplication() override;
    void StopApplication() override;
    /// A client has connected. @param socket its connection @param from it
    void OnAccept(Ptr<Socket> socket, const Address& from);
    /// Read what has come. @param socket where
    void OnData(Ptr<Socket> socket);
    /// Take bytes that have come. @param socket where @param bytes of them @param size how many
    void Take(Ptr<Socket> socket, const uint8_t* bytes, uint32_t size);
    /// @param socket where @param head a request is complete
    void Serve(Ptr<Socket> socket, const RangeHead& head);
    /// Tell how much of the upload has come. @param client whom
    void AnswerCount(Client& client) const;
    /// Send what there is room for. @param socket where
    void Write(Ptr<Socket> socket);
    /// The client sends no more. @param socket where
    void OnClosed(Ptr<Socket> socket);
    /// The connection broke. @param socket where
    void OnError(Ptr<Socket> socket);

    TypeId m_protocol; //!< Protocol
    Address m_local;   //!< Local

    Ptr<Socket> m_listener;                  //!< accepts clients
    std::map<Ptr<Socket>, Client> m_clients; //!< by connection
    uint64_t m_received{0};                  //!< see GetReceived()
    uint64_t m_wrong{0};                     //!< see GetWrong()

    TracedCallback<uint64_t, uint32_t> m_rxTrace;         //!< Rx
    TracedCallback<Ptr<Socket>> m_connectedTrace;         //!< Connected
    TracedCallback<Ptr<Socket>, uint64_t> m_sendingTrace; //!< Sending
};

} // namespace ns3

#endif // RANGE_SERVER_H
