// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SETTINGS_H
#define MPTCP_SETTINGS_H

#include "mptcp-address-scope.h"

#include "ns3/object-factory.h"
#include "ns3/tcp-settings.h"
#include "ns3/tcp-tuple.h"

#include <vector>

namespace ns3
{

/**
 * @ingroup mptcp
 * Everything that can be set on a connection, as a plain value. MptcpSocket's attributes fill it
 * in; the connection keeps a copy.
 */
struct MptcpSettings : TcpSettings
{
    bool m_enabled{true};                     //!< false: plain TCP
    uint8_t m_version{1};                     //!< 1: RFC 8684, 0: RFC 6824
    bool m_retryVersion0{false};              //!< no MP_CAPABLE answered: once more in version 0
    bool m_version0Checksum{true};            //!< as m_checksum, in version 0 only
    bool m_checksum{false};                   //!< ask for DSS checksums (RFC 8684 section 3.1)
    bool m_refuseChecksum{false};             //!< fall back rather than use DSS checksums
    bool m_fastcloseByAck{false};             //!< MP_FASTCLOSE on an ACK (RFC 8684 section 3.5)
    bool m_denyInitialAddress{false};         //!< flag C of MP_CAPABLE (section 3.1)
    bool m_joinNeedsListener{false};          //!< refuse joins to ports that nobody listens on
    bool m_removeAtOnce{false};               //!< believe REMOVE_ADDR without a probe
    uint32_t m_removalRepeats{0};             //!< how often REMOVE_ADDR is sent again
    bool m_addrDropsTimestamps{false};        //!< ADD_ADDR that needs their room goes without them
    bool m_opportunistic{false};              //!< send again what fills the receive window
    bool m_penalise{false};                   //!< slow down who fills the receive window
    Time m_dataMinRto{Seconds(1)};            //!< lower bound of the data-level time-out
    TypeId m_pathManagerTypeId;               //!< a MptcpPathManager
    TypeId m_schedulerTypeId;                 //!< a MptcpScheduler
    uint32_t m_maxSubflows{8};                //!< subflows at a time, of both ends together
    uint32_t m_staleTimeouts{1};              //!< time-outs in a row that make a subflow stale
    uint32_t m_staleLossCount{0};             //!< as Linux's; 0: by m_staleTimeouts instead
    uint32_t m_subflowSndBufSize{0};          //!< bytes that each subflow takes; 0: its windows
    Time m_closeTimeout{Seconds(60)};         //!< how long a connection outlives its last subflow
    ObjectFactory m_pathManagerFactory;       //!< makes m_pathManagerTypeId, attributes set
    ObjectFactory m_schedulerFactory;         //!< makes m_schedulerTypeId, attributes set
    ObjectFactory m_congestionFactory;        //!< makes m_congestionTypeId, attributes set
    std::vector<IpAddress> m_backupAddresses; //!< own addresses whose subflows are backup paths
    MptcpAddressScope m_addressScope;         //!< which of its addresses a connection may use
};

} // namespace ns3

#endif // MPTCP_SETTINGS_H
