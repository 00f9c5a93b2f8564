// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_PATH_EVENT_H
#define MPTCP_PATH_EVENT_H

#include "ns3/tcp-tuple.h"

#include <cstdint>
#include <optional>

namespace ns3
{

/// Something that happened to the paths of a connection and that its application may want to
/// hear of (draft-hesmans-mptcp-socket-03, section 4).
struct MptcpPathEvent
{
    /// What happened.
    enum Kind : uint8_t
    {
        SUBFLOW_CREATED = 1, //!< a subflow is established and can send data
        SUBFLOW_DELETED = 2, //!< a subflow has ended
        LOCAL_ADDRESS = 3,   //!< an address of this node came or went
        REMOTE_ADDRESS = 4,  //!< an address of the peer came or went
        PRIORITY = 5,        //!< an end has asked for another priority of a subflow
    };

    /// Why a subflow was deleted.
    enum Reason : uint8_t
    {
        NONE = 0,            //!< it was not
        CLOSED_LOCAL = 1,    //!< by FINs, that of this end first
        CLOSED_REMOTE = 2,   //!< by FINs, that of the peer first
        RESET_LOCAL = 3,     //!< by a RST of this end
        RESET_REMOTE = 4,    //!< by a RST of the peer
        TIMED_OUT = 5,       //!< nothing came back
        ADDRESS_REMOVED = 6, //!< one of its addresses is gone
        ADMINISTRATIVE = 7,  //!< the application of this end had it reset
        REFUSED = 8,         //!< a RST answered our SYN
    };

    Kind kind{SUBFLOW_CREATED};         //!< what happened
    uint8_t subflowId{0};               //!< identifier of the subflow
    bool byPeer{false};                 //!< the peer opened it or changed its priority
    Reason reason{NONE};                //!< of a deletion
    std::optional<uint8_t> resetReason; //!< MP_TCPRST of a deletion (RFC 8684 section 3.6)
    int error{0};                       //!< errno of a deletion, 0 after FINs
    uint8_t addressId{0};               //!< identifier of the address
    IpAddress address;                  //!< the address
    uint16_t port{0};                   //!< port of an address of the peer
    uint32_t interface {
        0
    };                     //!< index of the node's device, of an address of this node
    bool available{false}; //!< the address came
    bool backup{false};    //!< the subflow is a backup now
    bool overflow{false};  //!< of one that is read: earlier events were lost, nobody had read them
};

} // namespace ns3

#endif // MPTCP_PATH_EVENT_H
