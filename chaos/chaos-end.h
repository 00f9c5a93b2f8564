// SPDX-License-Identifier: GPL-2.0-only
#ifndef CHAOS_END_H
#define CHAOS_END_H

#include "chaos-plan.h"
#include "test-payload.h"

#include "ns3/event-id.h"
#include "ns3/socket.h"

#include <cstdint>
#include <string>

namespace ns3
{

/**
 * The application at one end of a connection of a run: writes, reads, compares each byte, stops,
 * closes and resets as its plan says. It gives up, so that its connection always ends, when it has
 * waited for a very long time.
 */
class ChaosEnd
{
  public:
    /// When an end that is still there closes.
    static constexpr int PATIENCE_S = 5'000;

    /**
     * @param socket its socket, connected or about to be
     * @param plan what it does
     * @param number of the end, see ChaosPlan::ends
     */
    ChaosEnd(Ptr<Socket> socket, const ChaosEndPlan& plan, uint32_t number);
    ~ChaosEnd();
    ChaosEnd(const ChaosEnd&) = delete;
    ChaosEnd& operator=(const ChaosEnd&) = delete;

    /// Connect now. @param to whom
    void Connect(const Address& to);
    /// The connection stands: begin.
    void Begin();
    /// Do what an event says. @param event one of this end, whose time has come
    void Do(const ChaosEvent& event);

    /// @return the socket
    Ptr<Socket> GetSocket() const
    {
        return m_socket;
    }

    /// What has become of it.
    struct Fate
    {
        bool connected{false}; //!< the connection succeeded
        bool failed{false};    //!< the connection failed or ended by an error
        int error{-1};         //!< why, of <cerrno>; -1: ns-3's own TCP does not tell
        bool multipath{false}; //!< it was Multipath TCP when this end closed or it failed
        bool confirmed{false}; //!< ... and data had gone one of the ways
        bool atEnd{false};     //!< it has read the end of the peer's data
        bool closed{false};    //!< it has closed
        bool early{false};     //!< ... before it has read the end of the peer's data
        bool aborted{false};   //!< it has reset the connection, or closed and left bytes unread
        bool gaveUp{false};    //!< it has waited for too long
        uint64_t sent{0};      //!< bytes that Send() took
        uint64_t received{0};  //!< bytes read
        std::string wrong;     //!< first wrong byte, as a sentence
    };

    /// @return what has become of it so far
    const Fate& GetFate() const
    {
        return m_fate;
    }

  private:
    void OnConnected(Ptr<Socket> socket);           //!< @param socket ours
    void OnFailed(Ptr<Socket> socket);              //!< @param socket ours
    void OnClosed(Ptr<Socket> socket);              //!< @param socket ours
    void OnReadable(Ptr<Socket> socket);            //!< @param socket ours
    void OnRoom(Ptr<Socket> socket, uint32_t room); //!< @param socket ours @param room bytes
    /// Compare what arrived. @param packet it
    void Take(Ptr<Packet> packet);
    /// Send what there is room for.
    void Write();
    /// Close or shut down if it is time to.
    void EndIfDone();
    /// Do something to a subflow, if there is one. @param event what
    void DoToSubflow(const ChaosEvent& event);
    /// Look at the connection while it is there.
    void Note();
    /// Close, for whatever reason.
    void Close();
    /// ns-3's own TCP forgets what is not acknowledged when it closes second: wait.
    void CloseWhenAcked();
    /// The end has waited for too long.
    void GiveUp();

    Ptr<Socket> m_socket;     //!< ours
    ChaosEndPlan m_plan;      //!< what to do
    TestPayload m_sending;    //!< what this end sends
    TestPayload m_expected;   //!< what the peer sends
    Fate m_fate;              //!< so far
    bool m_shutdown{false};   //!< it sends no more
    bool m_writing{false};    //!< in Write()
    uint32_t m_writeStops{0}; //!< STOP_WRITER in force
    uint32_t m_readStops{0};  //!< STOP_READER in force
    EventId m_patience;       //!< GiveUp()
    EventId m_closing;        //!< CloseWhenAcked()
};

} // namespace ns3

#endif // CHAOS_END_H
