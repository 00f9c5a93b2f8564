// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_ADDRESS_SIGNALS_H
#define MPTCP_ADDRESS_SIGNALS_H

#include "mptcp-address-book.h"
#include "mptcp-flows.h"

#include "ns3/event-id.h"
#include "ns3/mptcp-option.h"

#include <cstdint>
#include <list>
#include <map>
#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * What this end of a connection tells the peer of its own addresses, and how long (RFC 8684 section
 * 3.4): each ADD_ADDR until the peer echoes it, each REMOVE_ADDR as often as it is to be repeated,
 * on whichever subflow is best then. Of the connection it knows the subflows and the identifiers.
 */
class MptcpAddressSignals
{
  public:
    /// Both live longer. @param flows that carry the signals @param book of identifiers
    MptcpAddressSignals(const MptcpFlows& flows, MptcpAddressBook& book);
    MptcpAddressSignals(const MptcpAddressSignals&) = delete;
    MptcpAddressSignals& operator=(const MptcpAddressSignals&) = delete;
    ~MptcpAddressSignals();

    // ADD_ADDR, section 3.4.1

    /// Send an ADD_ADDR until OnEcho(), six times at most; one of version 0, which nobody echoes,
    /// once on each subflow. @param option it
    void Advertise(const AddAddress& option);
    /// The peer has heard an ADD_ADDR. @param echo of it
    void OnEcho(const AddAddress& echo);
    /// Send an ADD_ADDR no more, nor what waits of it. @param id identifier of the address
    void Forget(uint8_t id);
    /// @param id identifier of an address of this end @return whether its echo is awaited
    bool IsAdvertised(uint8_t id) const;

    // REMOVE_ADDR, section 3.4.2

    /// Withdraw addresses and send their ADD_ADDR no more; Remove() is to follow.
    /// @param addresses of this end @return identifiers that had not been withdrawn
    std::vector<uint8_t> Withdraw(const std::vector<IpAddress>& addresses);
    /// Send REMOVE_ADDR. @param flow where first; nullptr: on the next subflow that there is
    /// @param ids of Withdraw() @param repeats how often it is sent again, as it may be lost
    void Remove(MptcpFlow* flow, const std::vector<uint8_t>& ids, uint32_t repeats);
    /// A subflow is gone: others send the removals that it has not sent.
    /// @param signals SignalQueue::TakeAll() of it
    void TakeOverRemovals(const std::vector<MptcpOption>& signals);

    /// Repeat nothing any more.
    void Stop();

  private:
    /// An ADD_ADDR that the peer has not echoed.
    struct Advertisement
    {
        AddAddress option; //!< what is sent
        uint32_t tries{0}; //!< how often it was sent
        EventId timer;     //!< RepeatAdvertisement()
    };

    /// A REMOVE_ADDR that is sent again.
    struct Removal
    {
        std::vector<uint8_t> ids; //!< of the addresses
        uint32_t repeats{0};      //!< how often it is to be sent again
        uint32_t tries{0};        //!< how often it was, or will be once the timer has expired
        EventId timer;            //!< RepeatRemoval()
    };

    using Removals = std::list<Removal>; //!< their places do not move

    /// @param id identifier of an address @return whether its ADD_ADDR has not been sent yet
    bool IsWaiting(uint8_t id) const;
    /// Send an ADD_ADDR, and again later. @param id identifier of the address
    void RepeatAdvertisement(uint8_t id);
    /// Send an ADD_ADDR once on each subflow. @param option it
    void AdvertiseOnAll(const AddAddress& option) const;
    /// @param ids of addresses @return those that have not come back since they were withdrawn
    std::vector<uint8_t> GetWithdrawn(const std::vector<uint8_t>& ids) const;
    /// Send a REMOVE_ADDR once. @param flow see Remove() @param ids of the addresses
    void SendRemoval(MptcpFlow* flow, const std::vector<uint8_t>& ids);
    /// Send a REMOVE_ADDR again later, or forget it. @param removal it
    void ScheduleRemoval(Removals::iterator removal);
    /// Send a REMOVE_ADDR again. @param removal it
    void RepeatRemoval(Removals::iterator removal);

    const MptcpFlows& m_flows;                         //!< the connection's
    MptcpAddressBook& m_book;                          //!< the connection's
    std::map<uint8_t, Advertisement> m_advertisements; //!< by identifier
    Removals m_removals;                               //!< the oldest first
};

} // namespace ns3

#endif // MPTCP_ADDRESS_SIGNALS_H
