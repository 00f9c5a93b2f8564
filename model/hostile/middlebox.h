// SPDX-License-Identifier: GPL-2.0-only
#ifndef MIDDLEBOX_H
#define MIDDLEBOX_H

#include "tcp-frame.h"

#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <functional>

namespace ns3
{

/**
 * @ingroup mptcp
 * Something on a link that looks at all TCP segments of both directions, and does with them what
 * it likes. A box of one's own overrides Receive(): it calls Send() for each segment that is to
 * go on, which may be none, several, another one or one of the other direction, now or later.
 *
 * MiddleboxHelper puts boxes on a point-to-point link. What is no TCP, fragments and segments
 * with a malformed header pass by all boxes.
 */
class Middlebox : public Object
{
  public:
    /// Which way a segment goes.
    enum Direction
    {
        FORWARD,  //!< from the first device of the link to the second
        BACKWARD, //!< from the second device to the first
    };

    /// Takes the segments that a box sends.
    using Sender = std::function<void(Direction way, TcpFrame frame)>;

    /// @return the TypeId
    static TypeId GetTypeId();

    /**
     * A segment arrives at the box.
     * @param way where it comes from
     * @param frame its values, for the box to keep
     */
    virtual void Receive(Direction way, TcpFrame frame) = 0;

    /// Called by the link. @param sender where Send() goes; nullptr: nowhere
    void SetSender(Sender sender);
    /// @return segments that the box has changed, dropped, held or made
    uint64_t GetActions() const;
    /// Fix the random numbers. @param stream the first to use @return how many are used
    virtual int64_t AssignStreams(int64_t stream);

    /// @param way a direction @return the other one
    static Direction Opposite(Direction way);
    /// @param way of a segment @param frame it @return its connection: addresses and ports, local
    /// ones those of the end that FORWARD comes from
    static TcpTuple GetFlow(Direction way, const TcpFrame& frame);

    /// TracedCallback signature of Action. @param way of the segment @param frame as it was
    typedef void (*ActionTracedCallback)(Direction way, const TcpFrame& frame);

  protected:
    void DoDispose() override;

    /// Let a segment go on. @param way which @param frame it
    void Send(Direction way, TcpFrame frame);
    /// To be called for what the box does not just pass. @param way of it @param frame as it came
    void Act(Direction way, const TcpFrame& frame);

  private:
    Sender m_sender;                                          //!< the link
    uint64_t m_actions{0};                                    //!< count
    TracedCallback<Direction, const TcpFrame&> m_actionTrace; //!< of each
};

/**
 * @ingroup mptcp
 * A box whose attributes say in which directions it works; what goes the other way passes.
 */
class DirectedMiddlebox : public Middlebox
{
  public:
    /// @return the TypeId
    static TypeId GetTypeId();

  protected:
    /// @param way a direction @return whether the box works there
    bool Works(Direction way) const;

  private:
    bool m_forward{true};  //!< works on FORWARD
    bool m_backward{true}; //!< works on BACKWARD
};

} // namespace ns3

#endif // MIDDLEBOX_H
