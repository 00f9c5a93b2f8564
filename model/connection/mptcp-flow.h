// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_FLOW_H
#define MPTCP_FLOW_H

#include "mptcp-path-event.h"
#include "receive-mappings.h"
#include "signal-queue.h"
#include "subflow-send-queue.h"

#include "ns3/event-id.h"
#include "ns3/mptcp-subflow.h"
#include "ns3/nstime.h"
#include "ns3/packet-marks.h"

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace ns3
{

/// The connection's record of one subflow.
struct MptcpFlow
{
    /// Where a subflow's MPTCP handshake stands (sections 3.1 and 3.2).
    enum class Phase
    {
        HANDSHAKE,       //!< TCP's handshake is not over
        PRE_ESTABLISHED, //!< joining side: third ACK sent, the fourth is awaited; no data
        ESTABLISHED,     //!< data may flow
    };

    /// @param subflow whose record it is
    explicit MptcpFlow(Ptr<MptcpSubflow> subflow)
        : subflow(subflow),
          signals(*subflow)
    {
    }

    ~MptcpFlow()
    {
        doubtTimer.Remove();
        failTimer.Remove();
        thirdAckTimer.Remove();
    }

    /// @return whether new data may be sent on it
    bool IsUsable() const
    {
        return phase == Phase::ESTABLISHED && !stale && !closing && !doubted;
    }

    /// @return whether either end has asked for a backup
    bool IsBackup() const
    {
        return backup || backupRequested;
    }

    /// @return bytes that it has taken and not sent yet
    uint32_t GetQueued() const
    {
        return queue ? queue->GetBytes() : 0;
    }

    /// @return whether the peer's window keeps it from sending what it has taken
    bool IsBlocked() const
    {
        return GetQueued() > 0 && subflow->GetHeldBytes() == 0;
    }

    /// @return bytes that it can take now
    uint32_t GetRoom() const;
    /// Give data to one that has a send buffer. @param begin first byte @param data the bytes
    /// @param push see MptcpSubflow::SendData() @return whether it was sent at once
    bool Take(DataSequenceNumber begin, Ptr<Packet> data, bool push);
    /// Send what it has taken, as far as its windows allow. @return whether something was sent
    bool Drain();
    /// Send a FIN behind all that it has taken.
    void Close();
    /// Visit what it has taken and the peer has not acknowledged.
    /// @param visit see MptcpSubflow::VisitHeldData()
    void VisitTaken(const std::function<void(DataSequenceNumber, Ptr<const Packet>)>& visit) const;

    const Ptr<MptcpSubflow> subflow;                  //!< the subflow
    bool joined{false};                               //!< by MP_JOIN; otherwise the first one
    bool active{false};                               //!< this end opened it
    Phase phase{Phase::HANDSHAKE};                    //!< see Phase
    bool tcpEstablished{false};                       //!< TCP's handshake is over
    uint8_t id{0};                                    //!< 1 to 255, for the application
    bool noDelay{true};                               //!< Nagle's algorithm is off
    bool readClosed{false};                           //!< the application wants no more data on it
    MptcpPathEvent::Reason why{MptcpPathEvent::NONE}; //!< it ends, if that is known before
    PacketMarks marks;                                //!< of its packets
    uint8_t localAddressId{0};                        //!< of its local address
    uint8_t remoteAddressId{0};                       //!< of its remote address
    bool backupRequested{false};                      //!< we asked for backup (section 3.3.8)
    bool backupTold{false};                           //!< ... as our MP_JOIN says
    bool backup{false};                               //!< the peer asked for backup
    uint32_t localNonce{0};                           //!< of our MP_JOIN
    uint32_t remoteNonce{0};                          //!< of the peer's MP_JOIN
    bool rejected{false};                             //!< reset or reopened once established
    bool stale{false};                                //!< timed out; carries no new data
    uint32_t silentPeriods{0};                        //!< see MptcpConnection::OnDataTimer()
    uint32_t heardSegments{0};                        //!< ... that had arrived at the last look
    uint32_t sendBuffer{0}; //!< most bytes that it holds; 0: as many as its windows allow
    std::unique_ptr<SubflowSendQueue> queue; //!< see Take(); nullptr: never needed
    bool finWaits{false};                    //!< a FIN follows what is in the queue
    bool finReceived{false};                 //!< the peer sends nothing more on it
    bool closing{false};                     //!< it ends by this end's will, by FIN or RST
    bool confirmed{false};        //!< data sent with a DSS was acknowledged with a data ACK (3.7)
    uint32_t capableBytes{0};     //!< of our data that MP_CAPABLE mapped, not a DSS
    bool dataAckInSegment{false}; //!< the segment being processed has a data ACK
    bool otherOptionInSegment{false}; //!< ... or another MPTCP option in its place
    bool ackDue{false};               //!< send an ACK once the segment is processed
    Time penalisedUntil;              //!< see MptcpConnection::FreeWindow()
    /// See MptcpConnection::PushCopy(): behind what the scheduler has given it.
    std::optional<DataSequenceNumber> carriedEnd;
    bool doubted{false};       //!< the peer has removed its address: probed
    Time doubtedAt;            //!< ... when
    uint32_t doubts{0};        //!< ... how often
    EventId doubtTimer;        //!< ... again
    bool failing{false};       //!< a checksum was wrong: MP_FAIL awaits its answer
    uint64_t failedAt{0};      //!< ... data sequence number of that mapping
    uint32_t fails{0};         //!< ... how often MP_FAIL was sent
    EventId failTimer;         //!< ... sends it again
    bool failed{false};        //!< the peer has discarded data that it acknowledged
    uint64_t infiniteBegin{0}; //!< payload bytes before the infinite mapping
    bool infinite{false};      //!< our segments announce the infinite mapping
    uint64_t infiniteUntil{0}; //!< ... until so many bytes were acknowledged
    uint64_t receivedOffset{
        1}; //!< subflow offset of the next byte that MptcpConnection::OnData() brings
    ReceiveMappings mappings;                               //!< of data that the peer sends on it
    std::vector<std::pair<uint64_t, Ptr<Packet>>> unmapped; //!< data whose mapping is awaited
    uint64_t unmappedBytes{0};                              //!< bytes in it
    uint64_t plainOffset{1};         //!< subflow offset where the infinite mapping begins
    DataSequenceNumber plainData{0}; //!< data sequence number at plainOffset
    SignalQueue signals;             //!< options to be sent on ACKs of their own
    EventId thirdAckTimer;           //!< repeats the third ACK
    uint32_t thirdAcks{0};           //!< how many were repeated
};

} // namespace ns3

#endif // MPTCP_FLOW_H
