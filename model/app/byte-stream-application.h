// SPDX-License-Identifier: GPL-2.0-only
#ifndef BYTE_STREAM_APPLICATION_H
#define BYTE_STREAM_APPLICATION_H

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/ptr.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * One end of a byte stream over any socket factory. It connects or listens, and, whichever it did,
 * writes as fast as the socket takes it, checks every byte that it reads, or both. Each byte is
 * a function of its offset in the stream, so that a lost, doubled or moved byte is noticed.
 */
class ByteStreamApplication : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    ByteStreamApplication();
    ~ByteStreamApplication() override;

    /**
     * Write the bytes that belong at an offset of every stream.
     * @param offset of the first byte
     * @param bytes where they go
     * @param size how many
     */
    static void Fill(uint64_t offset, uint8_t* bytes, uint32_t size);

    /// @return bytes that the socket took from this end
    uint64_t GetSent() const;
    /// @return bytes that were read, in order
    uint64_t GetReceived() const;
    /// @return bytes read that were not what belongs at their offset
    uint64_t GetWrong() const;
    /// @return whether the peer's end of data was read
    bool AtEnd() const;
    /// @return the connection's socket; nullptr before a listener has accepted
    Ptr<Socket> GetSocket() const;
    /// @return what ended the connection, ERROR_NOTERROR while it is in order
    Socket::SocketErrno GetError() const;

    /// TracedCallback signature of Tx and Rx. @param offset of the first byte in the stream
    /// @param size bytes
    typedef void (*BytesTracedCallback)(uint64_t offset, uint32_t size);
    /// TracedCallback signature of Connected. @param socket the connection's
    typedef void (*SocketTracedCallback)(Ptr<Socket> socket);
    /// TracedCallback signature of Ended. @param error ERROR_NOTERROR: all was written, and the
    /// peer's end of data was read
    typedef void (*EndedTracedCallback)(Socket::SocketErrno error);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    /// @param socket the connection's from now on
    void Use(Ptr<Socket> socket);
    /// Write while the socket takes bytes and it is time.
    void Write();
    /// Read and check what is there, if it is time. @param socket the connection's
    void Read(Ptr<Socket> socket);
    /// The peer has ended its data; ns-3's TCP tells of some resets so too. @param socket the
    /// connection's
    void OnClosed(Ptr<Socket> socket);
    /// Tell the end of a connection whose directions are both done.
    void CheckEnded();
    /// The connection has failed, or was not to be had. @param socket the connection's
    void Fail(Ptr<Socket> socket);

    TypeId m_protocol;    //!< attribute Protocol
    Address m_local;      //!< attribute Local
    Address m_remote;     //!< attribute Remote
    uint64_t m_maxBytes;  //!< attribute MaxBytes
    uint32_t m_writeSize; //!< attribute WriteSize
    Time m_writeDelay;    //!< attribute WriteDelay
    Time m_writeInterval; //!< attribute WriteInterval
    Time m_readDelay;     //!< attribute ReadDelay

    Ptr<Socket> m_listener;                              //!< if this end listens
    Ptr<Socket> m_socket;                                //!< the connection's
    bool m_connected{false};                             //!< Write() may write
    EventId m_writeEvent;                                //!< then Write() goes on
    EventId m_readEvent;                                 //!< then Read() begins
    bool m_sendClosed{false};                            //!< nothing more is written
    bool m_closed{false};                                //!< no more comes than waits to be read
    bool m_atEnd{false};                                 //!< see AtEnd()
    bool m_ended{false};                                 //!< Ended was fired
    uint64_t m_sent{0};                                  //!< see GetSent()
    uint64_t m_received{0};                              //!< see GetReceived()
    uint64_t m_wrong{0};                                 //!< see GetWrong()
    Socket::SocketErrno m_error{Socket::ERROR_NOTERROR}; //!< see GetError()
    std::vector<uint8_t> m_bytes;                        //!< scratch: what is written or was read
    std::vector<uint8_t> m_expected;                     //!< scratch: what should have been read

    TracedCallback<uint64_t, uint32_t> m_txTrace;     //!< Tx
    TracedCallback<uint64_t, uint32_t> m_rxTrace;     //!< Rx
    TracedCallback<Ptr<Socket>> m_connectedTrace;     //!< Connected
    TracedCallback<Socket::SocketErrno> m_endedTrace; //!< Ended
};

} // namespace ns3

#endif // BYTE_STREAM_APPLICATION_H
