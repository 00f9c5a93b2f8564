// SPDX-License-Identifier: GPL-2.0-only
#ifndef RANGE_SERVER_H
#define RANGE_SERVER_H

#include "range-client.h"
#include "stream-server.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Answers RangeClients, on any number of connections, each in the order in which it asks, and takes
 * one upload: when a client asks how
 * far it has come, the connections from before end.
 */
class RangeServer : public StreamServer
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

  private:
    /// One connection.
    struct Downloader : public Client
    {
        std::vector<uint8_t> head;     //!< of a request, not complete
        std::deque<RangeHead> answers; //!< what is still to be sent: of a GET, or the last `length`
                                       //!< bytes of a COUNT, which is in `offset`
        RangeHead put;                 //!< what is still to come of a PUT
        uint64_t written{0};           //!< bytes written to the socket
        bool told{false};              //!< Sending was
    };

    std::unique_ptr<Client> Accept(Ptr<Socket> socket, const Address& from) override;
    void Read(Ptr<Socket> socket, Client& client, Ptr<Packet> data) override;
    bool Write(Ptr<Socket> socket, Client& client) override;
    /// @param socket where @param client whose @param head a request is complete
    /// @return whether it makes sense
    bool Serve(Ptr<Socket> socket, Downloader& client, const RangeHead& head);
    /// Tell how much of the upload has come. @param client whom
    void AnswerCount(Downloader& client) const;

    uint64_t m_received{0}; //!< see GetReceived()
    uint64_t m_wrong{0};    //!< see GetWrong()

    TracedCallback<uint64_t, uint32_t> m_rxTrace;         //!< Rx
    TracedCallback<Ptr<Socket>> m_connectedTrace;         //!< Connected
    TracedCallback<Ptr<Socket>, uint64_t> m_sendingTrace; //!< Sending
};

} // namespace ns3

#endif // RANGE_SERVER_H
