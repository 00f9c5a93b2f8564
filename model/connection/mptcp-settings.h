// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_SETTINGS_H
#define MPTCP_SETTINGS_H

#include "ns3/tcp-settings.h"

namespace ns3
{

/**
 * @ingroup mptcp
 * Everything that can be set on a connection, as a plain value. MptcpSocket's attributes fill it
 * in; the connection keeps a copy.
 */
struct MptcpSettings : TcpSettings
{
    bool m_enabled{true};                 //!< false: plain TCP
    TypeId m_pathManagerTypeId;           //!< a MptcpPathManager
    TypeId m_schedulerTypeId;             //!< a MptcpScheduler
    uint32_t m_maxSubflows{8};            //!< subflows at a time, of both ends together
    uint32_t m_staleTimeouts{1};          //!< time-outs in a row that make a subflow stale
    Time m_closeTimeout{Seconds(60)};     //!< how long a connection outlives its last subflow
};

} // namespace ns3

#endif // MPTCP_SETTINGS_H
