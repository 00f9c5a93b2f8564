// SPDX-License-Identifier: GPL-2.0-only
#ifndef FRAME_SOURCE_H
#define FRAME_SOURCE_H

#include "ns3/address.h"
#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/nstime.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <cstdint>

namespace ns3
{

/**
 * @ingroup mptcp
 * Voice or video at a constant rate over a stream connection. It listens, and sends frames to the
 * first client on a clock of its own: what the socket does not take waits, and grows old. The other
 * end is a ByteStreamApplication, which checks the bytes.
 */
class FrameSource : public Application
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

    FrameSource();
    ~FrameSource() override;

    /// @return frames made so far
    uint64_t GetFrames() const;
    /// @return bytes of a frame
    uint32_t GetSize() const;
    /// @param frame a number below GetFrames() @return when it was made
    Time GetMade(uint64_t frame) const;

    /// TracedCallback signature of Connected. @param socket the connection's
    typedef void (*SocketTracedCallback)(Ptr<Socket> socket);

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;
    /// @param socket the client's
    void OnAccept(Ptr<Socket> socket);
    /// Make a frame.
    void Make();
    /// Send what there is room for.
    void Write();

    TypeId m_protocol; //!< Protocol
    Address m_local;   //!< Local
    uint32_t m_size;   //!< Size
    Time m_interval;   //!< Interval

    Ptr<Socket> m_listener;                       //!< accepts the client
    Ptr<Socket> m_socket;                         //!< the client's
    EventId m_timer;                              //!< for Make()
    Time m_first;                                 //!< when the first frame was made
    uint64_t m_frames{0};                         //!< see GetFrames()
    uint64_t m_sent{0};                           //!< bytes given to the socket
    TracedCallback<Ptr<Socket>> m_connectedTrace; //!< Connected
};

} // namespace ns3

#endif // FRAME_SOURCE_H
