// SPDX-License-Identifier: GPL-2.0-only
#ifndef REQUEST_RESPONSE_CLIENT_H
#define REQUEST_RESPONSE_CLIENT_H

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/random-variable-stream.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <deque>

namespace ns3
{

/// What a request begins with on the wire: two 32-bit numbers in network byte order.
struct RequestHead
{
    static constexpr uint32_t SIZE{8}; //!< bytes on the wire
    uint32_t requestSize{SIZE};        //!< bytes of the request, this head included
    uint32_t responseSize{0};          //!< bytes that the server shall answer with

    /// @param bytes SIZE bytes, written
    void Write(uint8_t* bytes) const;
    /// @param bytes SIZE bytes @return what they say
    static RequestHead Read(const uint8_t* bytes);
};

/**
 * @ingroup mptcp
 * Sends requests over one stream connection and measures how long their responses take, with
 * any protocol that has stream sockets. The other end is a RequestResponseServer.
 */
class RequestResponseClient : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    RequestResponseClient();
    ~RequestResponseClient() override;

    /// @return responses received completely
    uint32_t GetResponses() const;
    /// @return the socket, nullptr before the start
    Ptr<Socket> GetSocket() const;

    /**
     * Fix the random numbers of sizes and intervals (Application's own function in some releases).
     * @param stream first stream number
     * @return number of streams used
     */
    int64_t AssignStreams(int64_t stream);

    /// TracedCallback signature of Response.
    /// @param latency from the moment of the request to the last byte of the response
    /// @param bytes of the response
    typedef void (*ResponseTracedCallback)(Time latency, uint32_t bytes);

  protected:
    void DoDispose() override;

  private:
    /// A request whose response is not complete.
    struct Pending
    {
        Time begin;       //!< when the application wanted it
        uint32_t size{0}; //!< bytes of the response
    };

    void StartApplication() override;
    void StopApplication() override;
    /// The connection is there. @param socket it
    void OnConnected(Ptr<Socket> socket);
    /// The connection failed or ended. @param socket it
    void OnEnded(Ptr<Socket> socket);
    /// There is room to send. @param socket it @param room bytes
    void OnRoom(Ptr<Socket> socket, uint32_t room);
    /// Bytes of responses arrived. @param socket where
    void OnData(Ptr<Socket> socket);
    /// The next request is due.
    void Due();
    /// Make a request.
    void Request();
    /// Give the socket what it takes.
    void Flush();
    /// Plan the next request, or close after the last.
    void Continue();

    TypeId m_protocol;                              //!< Protocol
    Address m_remote;                               //!< Remote
    Address m_local;                                //!< Local
    uint32_t m_count{0};                            //!< Count
    uint32_t m_outstanding{1};                      //!< Outstanding
    Ptr<RandomVariableStream> m_requestSize;        //!< RequestSize
    Ptr<RandomVariableStream> m_responseSize;       //!< ResponseSize
    Ptr<RandomVariableStream> m_interval;           //!< Interval
    Ptr<Socket> m_socket;                           //!< the connection
    bool m_connected{false};                        //!< requests can be made
    bool m_due{false};                              //!< one waits for a response to another
    EventId m_timer;                                //!< next request
    std::deque<Ptr<Packet>> m_unsent;               //!< requests that the socket had no room for
    std::deque<Pending> m_pending;                  //!< requests in order
    uint32_t m_requests{0};                         //!< made
    uint32_t m_responses{0};                        //!< complete
    uint32_t m_received{0};                         //!< bytes of the first pending response
    TracedCallback<Time, uint32_t> m_responseTrace; //!< Response
    TracedCallback<Ptr<const Packet>> m_txTrace;    //!< Tx
    TracedCallback<Ptr<const Packet>> m_rxTrace;    //!< Rx
};

} // namespace ns3

#endif // REQUEST_RESPONSE_CLIENT_H
