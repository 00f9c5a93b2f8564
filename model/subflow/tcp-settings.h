// SPDX-License-Identifier: GPL-2.0-only
#ifndef TCP_SETTINGS_H
#define TCP_SETTINGS_H

#include "ns3/nstime.h"
#include "ns3/tcp-socket-state.h"
#include "ns3/type-id.h"

#include <cstdint>
#include <limits>

namespace ns3
{

/**
 * @ingroup mptcp
 * Everything that can be set on one TCP, as a plain value. The socket's attributes fill it in
 * (MptcpSocket), a subflow keeps a copy from its creation on. Names follow TcpSocket and
 * TcpSocketBase; the values here are Linux's defaults.
 */
struct TcpSettings
{
    uint32_t m_segmentSize{0};      //!< payload bytes per segment; 0: the most that the MTU allows
    uint32_t m_sndBufSize{4194304}; //!< send buffer in bytes
    uint32_t m_rcvBufSize{4194304}; //!< receive buffer in bytes
    uint32_t m_initialCwnd{10};     //!< initial congestion window in segments
    uint32_t m_initialSsThresh{std::numeric_limits<uint32_t>::max()}; //!< initial ssthresh in bytes
    Time m_connTimeout{Seconds(1)};         //!< time-out of the first SYN (RFC 6298 section 2.1)
    uint32_t m_synRetries{6};               //!< SYN and SYN/ACK retransmissions before ETIMEDOUT
    uint32_t m_dataRetries{15};             //!< data retransmissions before ETIMEDOUT
    Time m_delAckTimeout{MilliSeconds(40)}; //!< delayed ACK (RFC 9293 section 3.8.6.3: below 0.5 s)
    uint32_t m_delAckCount{2};              //!< segments per ACK
    bool m_noDelay{true};                   //!< Nagle's algorithm is off
    Time m_persistTimeout{Seconds(1)};      //!< first zero-window probe
    Time m_minRto{MilliSeconds(200)};       //!< lower bound of the retransmission time-out
    Time m_maxRto{Seconds(120)};            //!< upper bound of the retransmission time-out
    Time m_clockGranularity{MilliSeconds(1)}; //!< G of RFC 6298
    bool m_sackEnabled{true};                 //!< offer and use SACK (RFC 2018)
    bool m_timestampEnabled{true};            //!< offer and use timestamps (RFC 7323)
    bool m_duplicateSack{true};               //!< tell of what arrived twice (RFC 2883), with SACK
    bool m_winScalingEnabled{true};           //!< offer and use window scaling (RFC 7323)
    uint32_t m_retxThresh{3};       //!< duplicate ACKs that tell a loss (RFC 6675 DupThresh)
    bool m_rack{true};              //!< losses are found by time (RFC 8985), given SACK
    bool m_tailLossProbe{true};     //!< probe before a time-out (RFC 8985 section 7), with RACK
    bool m_rateReduction{true};     //!< PRR (RFC 6937)
    bool m_eifel{true};             //!< undo by time stamps (RFC 3522, RFC 4015)
    bool m_duplicateUndo{true};     //!< undo by D-SACK (RFC 2883, RFC 4015)
    bool m_frto{true};              //!< find spurious time-outs by untouched data (RFC 5682)
    bool m_pacing{false};           //!< segments leave at TcpSocketState::m_pacingRate
    Time m_timeWait{Seconds(60)};   //!< length of TIME_WAIT
    Time m_finTimeout{Seconds(60)}; //!< how long FIN_WAIT_2 lasts once nobody reads any more
    bool m_keepAlive{false};        //!< probe a silent peer (RFC 9293 section 3.8.4)
    Time m_keepAliveIdle{Seconds(7200)};   //!< silence before the first keep-alive
    Time m_keepAliveInterval{Seconds(75)}; //!< between keep-alives
    uint32_t m_keepAliveCount{9};          //!< keep-alives without an answer before ETIMEDOUT
    Time m_userTimeout{0};                 //!< RFC 5482, for data without progress; 0: none
    TcpSocketState::UseEcn_t m_useEcn{TcpSocketState::Off}; //!< RFC 3168
    Time m_staleMaxRto{Seconds(120)}; //!< upper bound of the time-out while a subflow is stale
    TypeId m_congestionTypeId;        //!< congestion control, a TcpCongestionOps
    TypeId m_rttTypeId;               //!< RTT estimator, an RttEstimator
};

} // namespace ns3

#endif // TCP_SETTINGS_H
