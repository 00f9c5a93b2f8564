// SPDX-License-Identifier: GPL-2.0-only
#ifndef SIGNAL_QUEUE_H
#define SIGNAL_QUEUE_H

#include "ns3/event-id.h"
#include "ns3/mptcp-option.h"

#include <cstdint>
#include <vector>

namespace ns3
{

class MptcpSubflow;
class TcpOptionSpace;

/**
 * @ingroup mptcp
 * MPTCP options that leave a subflow on ACKs of their own: ADD_ADDR, REMOVE_ADDR, MP_PRIO, MP_FAIL,
 * MP_FASTCLOSE. They leave in order, and there are no more than two such ACKs in a row (RFC 8684
 * section 3); what is left follows a round trip later, or with an ACK that is due before.
 *
 * The subflow asks for the options of each ACK while it sends it. Who answers takes them from here,
 * by MoveFirst() or MoveAll().
 */
class SignalQueue
{
  public:
    /// @param subflow whose ACKs carry the options; lives longer than the queue
    explicit SignalQueue(MptcpSubflow& subflow);
    SignalQueue(const SignalQueue&) = delete;
    SignalQueue& operator=(const SignalQueue&) = delete;
    ~SignalQueue();

    /// @return whether nothing waits
    bool Empty() const
    {
        return m_options.empty();
    }

    /// @return the first option, if there is one
    const MptcpOption& Front() const
    {
        return m_options.front();
    }

    /// @param id identifier of an address of this end @return whether its ADD_ADDR waits
    bool HasAdvertisement(uint8_t id) const;

    /// Let an option leave on the next ACK. @param option it
    void Add(const MptcpOption& option);
    /// Let the addresses' REMOVE_ADDR leave on the next ACKs. @param ids of the addresses
    void AddRemoval(const std::vector<uint8_t>& ids);
    /// Let an address's ADD_ADDR not leave. @param id identifier of an address of this end
    void DropAdvertisement(uint8_t id);
    /// Forget all options.
    void Clear();
    /// @return all options, which are taken out
    std::vector<MptcpOption> TakeAll();

    /// Send no ACKs until Release(): the handshake needs them for itself.
    void Hold();
    /// Send ACKs again, from the next Send() or SendDueAck() on.
    void Release();

    /// @return whether options wait that may be sent
    bool IsDue() const
    {
        return !m_held && !m_options.empty();
    }

    /// Send ACKs with the options, as many as may be sent now. The subflow must outlive each of
    /// its ACKs.
    void Send();
    /// Add an option and send it if that may be now. @param option it
    void Send(const MptcpOption& option);
    /// Send an ACK that is due in any case, with the options that wait.
    void SendDueAck();

    /// Move the first option into an ACK. @param space for options of the ACK
    /// @return whether there was one, and it had room
    bool MoveFirst(TcpOptionSpace& space);
    /// Move options into an ACK until one has no room. @param space for options of the ACK
    /// @return whether there was one, and the first had room
    bool MoveAll(TcpOptionSpace& space);
    /// Forget the first option, which never has room. @return it
    MptcpOption TakeFirst();

  private:
    /// More ACKs may be sent.
    void OnTimer();

    MptcpSubflow& m_subflow;            //!< whose
    std::vector<MptcpOption> m_options; //!< in the order in which they leave
    uint32_t m_acks{0};                 //!< sent in a row, until m_timer
    bool m_held{false};                 //!< see Hold()
    EventId m_timer;                    //!< OnTimer()
};

} // namespace ns3

#endif // SIGNAL_QUEUE_H
