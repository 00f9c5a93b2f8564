// SPDX-License-Identifier: GPL-2.0-only
#ifndef TEST_ENDPOINT_H
#define TEST_ENDPOINT_H

#include "test-payload.h"

#include "ns3/nstime.h"
#include "ns3/socket.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{

/// Names and values of attributes, as text.
using TestAttributes = std::vector<std::pair<std::string, std::string>>;

/// What one end of a connection does.
struct EndpointOptions
{
    /// When this end closes.
    enum class Ending
    {
        AFTER_BOTH,      //!< ShutdownSend behind its last byte, Close when the peer has ended too
        CLOSE_WHEN_SENT, //!< Close right behind its last byte
        CLOSE_AT_EOF,    //!< Close when the peer has ended, no ShutdownSend before
        NEVER,           //!< stays open
    };

    uint64_t send{0};                  //!< bytes it sends
    uint64_t expect{0};                //!< bytes it wants from the peer
    Ending ending{Ending::AFTER_BOTH}; //!< see Ending
    bool reading{true};                //!< reads what arrives, from the start
    uint32_t writeSize{16384};         //!< most bytes per Send()
    uint32_t readSize{65536};          //!< most bytes per Recv()
    TestAttributes attributes;         //!< of its socket
};

/**
 * One end of a connection under test: sends payload, compares each byte that arrives, and
 * remembers what the socket told it. Each direction of each connection has a payload of its own,
 * which both ends derive from the client's port.
 */
class TestEndpoint
{
  public:
    /**
     * @param socket its socket, connected or about to be
     * @param options what to do
     * @param client whether this end opens the connection
     */
    TestEndpoint(Ptr<Socket> socket, const EndpointOptions& options, bool client);
    ~TestEndpoint();
    TestEndpoint(const TestEndpoint&) = delete;
    TestEndpoint& operator=(const TestEndpoint&) = delete;

    /// Connect now. @param to whom
    void Connect(const Address& to);
    /// The connection stands (an accepted one from the start): begin.
    void Begin();
    /// @param reading whether to read what arrives
    void SetReading(bool reading);
    /// Read some of what has arrived, without reading on. @param bytes at most
    void Read(uint32_t bytes);
    /// Let it send more. @param bytes in addition
    void SendMore(uint64_t bytes);
    /// Close now.
    void Close();
    /// ShutdownSend now.
    void ShutdownSend();

    /// @return empty if each byte wanted, no other, and the end arrived; else what is wrong
    std::string GetProblem() const;

    /// @return empty if no wrong byte arrived; else what is wrong
    const std::string& GetWrongByte() const
    {
        return m_wrong;
    }

    /// @return the client's port, once it is known
    uint16_t GetClientPort() const;

    /// @return its socket
    Ptr<Socket> GetSocket() const
    {
        return m_socket;
    }

    bool connected{false};   //!< connection succeeded
    bool failed{false};      //!< connection failed
    bool eof{false};         //!< end of the peer's data was read
    bool closed{false};      //!< this end has called Close
    bool normalClose{false}; //!< told of a normal close
    bool errorClose{false};  //!< told of a close by error
    int error{0};            //!< of <cerrno>, when it failed or closed by error; -1: not known
    int connectResult{0};    //!< of Connect()
    uint64_t sent{0};        //!< bytes that Send() took
    uint64_t received{0};    //!< bytes read
    uint64_t acked{0};       //!< told by DataSent
    Time connectedAt;        //!< when
    Time firstByteAt;        //!< when
    Time lastByteAt;         //!< when
    Time eofAt;              //!< when
    Time endedAt;            //!< when it failed or was closed, normally or not
    Time longestGap;         //!< between deliveries

  private:
    void OnConnected(Ptr<Socket> socket);            //!< @param socket ours
    void OnFailed(Ptr<Socket> socket);               //!< @param socket ours
    void OnNormalClose(Ptr<Socket> socket);          //!< @param socket ours
    void OnErrorClose(Ptr<Socket> socket);           //!< @param socket ours
    void OnReadable(Ptr<Socket> socket);             //!< @param socket ours
    void OnRoom(Ptr<Socket> socket, uint32_t);       //!< @param socket ours
    void OnSent(Ptr<Socket> socket, uint32_t bytes); //!< @param socket ours @param bytes left
    /// Keep the reason for the end.
    void NoteError();
    /// @param packet what Recv() gave
    void Take(Ptr<Packet> packet);
    /// Send what is left.
    void Write();
    /// Close if the plan says so.
    void EndIfDone();
    /// Close an end that has read the other's end.
    void CloseSecond();

    Ptr<Socket> m_socket;      //!< ours
    EndpointOptions m_options; //!< the plan
    bool m_client;             //!< we opened the connection
    TestPayload m_sending{0};  //!< what we send
    TestPayload m_expected{0}; //!< what we want
    bool m_shutdown{false};    //!< ShutdownSend was called
    bool m_writing{false};     //!< in Write()
    std::string m_wrong;       //!< first wrong byte, as a sentence
};

} // namespace ns3

#endif // TEST_ENDPOINT_H
