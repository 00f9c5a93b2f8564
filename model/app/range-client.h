// SPDX-License-Identifier: GPL-2.0-only
#ifndef RANGE_CLIENT_H
#define RANGE_CLIENT_H

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace ns3
{

/// What a RangeClient asks for, as it is on the wire: one byte and two 64-bit numbers in network
/// byte order.
struct RangeHead
{
    /// What is wanted.
    enum Kind : uint8_t
    {
        GET = 1,  //!< bytes of the stream from `offset` on, `length` of them
        PUT = 2,  //!< take `length` bytes that follow, from `offset` on, and answer as to COUNT
        COUNT = 3 //!< how many bytes of the upload have arrived, as a 64-bit number
    };

    static constexpr uint32_t SIZE{17}; //!< bytes on the wire
    Kind kind{GET};                     //!< what is wanted
    uint64_t offset{0};                 //!< first byte
    uint64_t length{0};                 //!< bytes

    /// @param bytes SIZE bytes, written
    void Write(uint8_t* bytes) const;
    /// @param bytes SIZE bytes @return what they say
    static RangeHead Read(const uint8_t* bytes);
};

/**
 * @ingroup mptcp
 * Asks a RangeServer for parts of a byte stream, or gives it one, over any stream sockets. Every
 * byte is a function of its offset (ByteStreamApplication::Fill()) and checked. Requests are done
 * in the order of the calls: downloads are asked for ahead, an upload waits for those before it,
 * and those behind it wait until it is done.
 *
 * An application that cannot move a connection makes a new one: with StallTimeout it reconnects
 * from its next local address when the present one is lost, or nothing has come for so long though
 * something is awaited, and goes on at the byte where it was.
 */
class RangeClient : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    RangeClient();
    ~RangeClient() override;

    /// @param addresses to bind to, the one to begin with first; none: the route's
    void SetLocals(std::vector<Address> addresses);

    /// Ask for bytes; before the start too. @param offset of the first one @param length how many;
    /// for none the server is not asked
    /// @param done is called when all have come, and not from within this call
    void Get(uint64_t offset, uint64_t length, std::function<void()> done);

    /// Give the stream to the server, or more of it than an earlier call; before the start too.
    /// @param length bytes in all @param done is called when it has them
    void Put(uint64_t length, std::function<void()> done);

    /// A local address has come or gone, as the operating system tells. @param index of it among
    /// SetLocals(); others do not matter @param usable whether it can be used
    void NotifyUsable(size_t index, bool usable);

    /// @return the connection's socket
    Ptr<Socket> GetSocket() const;
    /// @return bytes received that were not what belongs at their offset
    uint64_t GetWrong() const;
    /// @return how often it has connected again
    uint32_t GetReconnections() const;

    /// TracedCallback signature of Rx. @param offset of the first byte in the stream
    /// @param size bytes
    typedef void (*BytesTracedCallback)(uint64_t offset, uint32_t size);
    /// TracedCallback signature of Connected. @param socket the connection's
    typedef void (*SocketTracedCallback)(Ptr<Socket> socket);
    /// TracedCallback signature of Sending. @param socket where the stream is sent
    /// @param offset of the stream where this socket's first byte would be; may wrap below 0
    typedef void (*SendingTracedCallback)(Ptr<Socket> socket, uint64_t offset);

  protected:
    void DoDispose() override;
    void StartApplication() override;
    void StopApplication() override;

  private:
    /// A call of Get() or Put() that is not done.
    struct Request
    {
        bool upload;                //!< of Put()
        uint64_t offset;            //!< of the next byte that is to come; not of an upload
        uint64_t end;               //!< behind the last one
        std::function<void()> done; //!< to be called

        /// @return whether it is a download of which nothing is left to come
        bool HasCome() const
        {
            return !upload && offset == end;
        }
    };

    /// Make a connection from the present local address.
    void Connect();
    /// Leave the connection, and make one from the next local address.
    void Reconnect();
    /// @param socket it is connected
    void OnConnected(Ptr<Socket> socket);
    /// @param socket it has ended
    void OnEnded(Ptr<Socket> socket);
    /// Read what has come. @param socket where
    void OnData(Ptr<Socket> socket);
    /// Take bytes that have come, for the first requests. @param bytes of them @param size how many
    void Take(const uint8_t* bytes, uint32_t size);
    /// Take bytes of a download, which is the first request.
    /// @param bytes that have come @param size how many @return how many are its
    uint32_t TakeRange(const uint8_t* bytes, uint32_t size);
    /// Take a byte of how much of an upload, which is the first request, the server has.
    /// @param byte it
    void TakeCount(uint8_t byte);
    /// @param request is new
    void Add(Request request);
    /// The first request is done.
    void Finish();
    /// Finish the first requests that have come.
    void FinishThoseThatHaveCome();
    /// Ask for what can be asked for now.
    void AskMore();
    /// Ask, once connected. @param head what
    void Ask(const RangeHead& head);
    /// Send what there is room for.
    void Write();
    /// Something has come or gone out: wait anew for a stall.
    void Progress();
    /// The stall timer has run out.
    void OnStall();

    TypeId m_protocol; //!< Protocol
    Address m_remote;  //!< Remote
    Time m_stall;      //!< StallTimeout

    std::vector<Address> m_locals;     //!< see SetLocals()
    std::vector<bool> m_usable;        //!< by index of m_locals
    size_t m_local{0};                 //!< index of the present one
    Ptr<Socket> m_socket;              //!< the connection
    bool m_started{false};             //!< the application runs
    bool m_connected{false};           //!< the connection is there
    bool m_answered{false};            //!< something has come on it
    std::deque<Request> m_requests;    //!< in the order of the calls
    size_t m_asked{0};                 //!< the first of them, which the server knows
    std::vector<uint8_t> m_unsent;     //!< what to ask, for which the socket had no room
    std::optional<uint64_t> m_putNext; //!< next byte of an upload; nothing: not known yet
    std::vector<uint8_t> m_count;      //!< bytes of an answer to COUNT
    uint64_t m_written{0};             //!< bytes written to the socket
    EventId m_stallTimer;              //!< see OnStall()
    EventId m_finishing;               //!< of FinishThoseThatHaveCome()
    uint64_t m_wrong{0};               //!< see GetWrong()
    uint32_t m_reconnections{0};       //!< see GetReconnections()

    TracedCallback<uint64_t, uint32_t> m_rxTrace;         //!< Rx
    TracedCallback<Ptr<Socket>> m_connectedTrace;         //!< Connected
    TracedCallback<Ptr<Socket>, uint64_t> m_sendingTrace; //!< Sending
};

} // namespace ns3

#endif // RANGE_CLIENT_H
