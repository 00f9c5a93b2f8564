// SPDX-License-Identifier: GPL-2.0-only
// The attributes of MptcpSocket. Those of TcpSocket are in mptcp-socket-tcp-attributes.cc; what it
// does is in mptcp-socket.cc.
#include "mptcp-socket-settings.h"
#include "mptcp-socket.h"

#include "ns3/boolean.h"
#include "ns3/check-class.h"
#include "ns3/log.h"
#include "ns3/mptcp-compat.h"
#include "ns3/mptcp-path-manager.h"
#include "ns3/mptcp-scheduler.h"
#include "ns3/rtt-estimator.h"
#include "ns3/tcp-cubic.h"
#include "ns3/trace-source-accessor.h"
#include "ns3/uinteger.h"

namespace ns3
{

NS_LOG_COMPONENT_DEFINE("MptcpSocketAttributes");

NS_OBJECT_ENSURE_REGISTERED(MptcpSocket);

template <auto Field, typename T>
bool
MptcpSocket::SetSetting(T value)
{
    if (m_frozen)
    {
        return false;
    }
    (*m_settings).*Field = value;
    return true;
}

template <auto Field, typename T>
T
MptcpSocket::GetSetting() const
{
    return (*m_settings).*Field;
}

TypeId
MptcpSocket::GetTypeId()
{
    static const MptcpSettings defaults;
    static TypeId tid =
        TypeId("ns3::MptcpSocket")
            .SetParent<TcpSocket>()
            .SetGroupName("Mptcp")
            .AddConstructor<MptcpSocket>()
            .AddAttribute(
                "Multipath",
                "Ask for Multipath TCP, and accept it (RFC 8684). False: plain TCP over "
                "the same transport, the fair baseline of a comparison.",
                BooleanValue(defaults.m_enabled),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_enabled, bool>,
                                    &MptcpSocket::GetSetting<&MptcpSettings::m_enabled, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "Version",
                "The protocol version: 1 is RFC 8684, 0 is RFC 6824. A host that listens with one "
                "of them answers the other with plain TCP.",
                UintegerValue(defaults.m_version),
                MakeUintegerAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_version, uint8_t>,
                                     &MptcpSocket::GetSetting<&MptcpSettings::m_version, uint8_t>),
                MakeUintegerChecker<uint8_t>(0, 1))
            .AddAttribute(
                "RetryVersion0",
                "When a SYN of version 1 is answered without MP_CAPABLE, reset the connection and "
                "open it once more in version 0, which a host that knows only RFC 6824 answers "
                "(RFC 8684 section 3.1). Such a host sees a connection that is reset before. "
                "False: plain TCP.",
                BooleanValue(defaults.m_retryVersion0),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_retryVersion0, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_retryVersion0, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "Version0Checksum",
                "Require DSS checksums in version 0, as RFC 6824 section 3.1 wants unless an "
                "administrator decides otherwise. Attribute Checksum asks for them in both "
                "versions.",
                BooleanValue(defaults.m_version0Checksum),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_version0Checksum, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_version0Checksum, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "Checksum",
                "Require DSS checksums (flag A of MP_CAPABLE, RFC 8684 sections 3.1 and 3.3.1), so "
                "that data that a middlebox has changed is noticed. They are used if either end "
                "requires them.",
                BooleanValue(defaults.m_checksum),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_checksum, bool>,
                                    &MptcpSocket::GetSetting<&MptcpSettings::m_checksum, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "RefuseChecksum",
                "Use plain TCP with a peer that requires DSS checksums (RFC 8684 section 3.1).",
                BooleanValue(defaults.m_refuseChecksum),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_refuseChecksum, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_refuseChecksum, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "FastcloseByAck",
                "End a connection at once by an ACK with MP_FASTCLOSE on one subflow, which is "
                "repeated three times until a RST answers it (option A of RFC 8684 section 3.5). "
                "False: by RSTs with MP_FASTCLOSE on all subflows (option R), as Linux does.",
                BooleanValue(defaults.m_fastcloseByAck),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_fastcloseByAck, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_fastcloseByAck, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "DenyJoinInitialAddress",
                "Ask the peer not to open further subflows to the address and port of the first "
                "one (flag C of MP_CAPABLE, RFC 8684 section 3.1), as behind a load balancer, and "
                "refuse those that it opens there nevertheless.",
                BooleanValue(defaults.m_denyInitialAddress),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_denyInitialAddress, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_denyInitialAddress, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "JoinNeedsListener",
                "Refuse joins to a port that nobody listens on, as Linux does. False: the token "
                "alone decides.",
                BooleanValue(defaults.m_joinNeedsListener),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_joinNeedsListener, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_joinNeedsListener, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "RemoveAddressAtOnce",
                "End the subflows of an address that the peer removes as soon as REMOVE_ADDR "
                "arrives, as Linux does, even the one on which it arrives. False: such a "
                "subflow carries no data until it has answered a probe, and is ended if it does "
                "not (RFC 8684 section 3.4.2).",
                BooleanValue(defaults.m_removeAtOnce),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_removeAtOnce, bool>,
                                    &MptcpSocket::GetSetting<&MptcpSettings::m_removeAtOnce, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "RemoveAddressRepeats",
                "How often REMOVE_ADDR is sent again, a retransmission time-out later and then "
                "after twice the time each. Nothing tells whether it has arrived: a peer that has "
                "missed it goes on trying to open subflows to the address. 0: sent once, as Linux "
                "does.",
                UintegerValue(defaults.m_removalRepeats),
                MakeUintegerAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_removalRepeats, uint32_t>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_removalRepeats, uint32_t>),
                MakeUintegerChecker<uint32_t>())
            .AddAttribute(
                "AddAddrDropsTimestamps",
                "Send an ADD_ADDR that does not fit beside TCP timestamps (an IPv6 address with a "
                "port: 42 of 40 bytes) on an ACK without timestamps, which RFC 7323 section 3.2 "
                "lets a peer drop; this module and Linux accept it. False: it is not sent, and "
                "trace source RefusedSignal of the connection tells so.",
                BooleanValue(defaults.m_addrDropsTimestamps),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_addrDropsTimestamps, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_addrDropsTimestamps, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "OpportunisticRetransmission",
                "When the peer's receive window is full while a subflow could send, send the "
                "data that holds the window up again on that subflow if it is the faster one "
                "(Raiciu et al., NSDI 2012). It helps small receive buffers over unequal paths.",
                BooleanValue(defaults.m_opportunistic),
                MakeBooleanAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_opportunistic, bool>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_opportunistic, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "Penalisation",
                "When the peer's receive window is full while a subflow could send, halve the "
                "congestion window of the slower subflow that holds the window up, and set its "
                "slow start threshold to that, once per round trip (after Raiciu et al., NSDI "
                "2012). It keeps a slow path from filling a small receive buffer again and again, "
                "and belongs to OpportunisticRetransmission, which frees the window once.",
                BooleanValue(defaults.m_penalise),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_penalise, bool>,
                                    &MptcpSocket::GetSetting<&MptcpSettings::m_penalise, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "DataMinRto",
                "Lower bound of the data-level time-out: data that every subflow has delivered "
                "but that no data ACK covers is sent again so much later (RFC 8684 section 3.3.6). "
                "It is the longest retransmission time-out of the subflows if that is longer, and "
                "doubles each time the same data has to be sent again, up to MaxRto. Linux's lower "
                "bound is 200 ms.",
                TimeValue(defaults.m_dataMinRto),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_dataMinRto, Time>,
                                 &MptcpSocket::GetSetting<&MptcpSettings::m_dataMinRto, Time>),
                MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute("PathManager",
                          "Which subflows are opened and which addresses are advertised: a class "
                          "derived from ns3::MptcpPathManager.",
                          TypeIdValue(MptcpFullMesh::GetTypeId()),
                          MakeTypeIdAccessor(&MptcpSocket::SetPathManagerType,
                                             &MptcpSocket::GetPathManagerType),
                          MakeTypeIdChecker())
            .AddAttribute(
                "Scheduler",
                "Which subflow carries the next segment: a class derived from "
                "ns3::MptcpScheduler.",
                TypeIdValue(MptcpLowestRtt::GetTypeId()),
                MakeTypeIdAccessor(&MptcpSocket::SetSchedulerType, &MptcpSocket::GetSchedulerType),
                MakeTypeIdChecker())
            .AddAttribute("CongestionControl",
                          "Congestion control of each subflow: a class derived from "
                          "ns3::TcpCongestionOps; ns3::MptcpLia, MptcpOlia, MptcpBalia and "
                          "MptcpWvegas couple the subflows. Left alone, it is "
                          "ns3::TcpL4Protocol::SocketType if that was changed.",
                          TypeIdValue(TcpCubic::GetTypeId()),
                          MakeTypeIdAccessor(&MptcpSocket::SetCongestionType,
                                             &MptcpSocket::GetCongestionType),
                          MakeTypeIdChecker())
            .AddAttribute("RttEstimator",
                          "Smooths the round-trip time of each subflow: a class derived from "
                          "ns3::RttEstimator. Left alone, it is ns3::TcpL4Protocol::RttType if "
                          "that was changed.",
                          TypeIdValue(RttMeanDeviation::GetTypeId()),
                          MakeTypeIdAccessor(&MptcpSocket::SetRttType, &MptcpSocket::GetRttType),
                          MakeTypeIdChecker())
            .AddAttribute("MaxSubflows",
                          "Most subflows that a connection has at a time, whichever end opened "
                          "them.",
                          UintegerValue(defaults.m_maxSubflows),
                          MakeUintegerAccessor(
                              &MptcpSocket::SetSetting<&MptcpSettings::m_maxSubflows, uint32_t>,
                              &MptcpSocket::GetSetting<&MptcpSettings::m_maxSubflows, uint32_t>),
                          MakeUintegerChecker<uint32_t>(1, 255))
            .AddAttribute("StaleTimeouts",
                          "Retransmission time-outs in a row after which a subflow is stale: what "
                          "it holds is sent on the others, and it gets no new data until one of "
                          "its own retransmissions is acknowledged.",
                          UintegerValue(defaults.m_staleTimeouts),
                          MakeUintegerAccessor(
                              &MptcpSocket::SetSetting<&MptcpSettings::m_staleTimeouts, uint32_t>,
                              &MptcpSocket::GetSetting<&MptcpSettings::m_staleTimeouts, uint32_t>),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "StaleLossCount",
                "As net.mptcp.stale_loss_cnt of Linux, where it is 4; other than 0 it gives the "
                "connection Linux's data-level retransmission timer in place of StaleTimeouts. It "
                "waits for the longest time-out of a subflow that was heard. Each time it fires "
                "an idle subflow repeats up to 32 KiB of what the data ACK waits for, a backup "
                "only from the second time on; a subflow that was silent more often than "
                "StaleLossCount in a row is stale. When one becomes stale or ends, all that is not "
                "data-acked is sent again, whoever holds it. That moves data later, and more of "
                "it, than StaleTimeouts does. 0: StaleTimeouts decides.",
                UintegerValue(defaults.m_staleLossCount),
                MakeUintegerAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_staleLossCount, uint32_t>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_staleLossCount, uint32_t>),
                MakeUintegerChecker<uint32_t>())
            .AddAttribute(
                "SubflowSendBuffer",
                "Bytes of each subflow's own send buffer: it takes so much of the connection's "
                "data, sent or not, whatever its windows allow, and sends all that it has taken "
                "even if another subflow has delivered it meanwhile, as subflows of Linux do "
                "(there it is SO_SNDBUF or net.ipv4.tcp_wmem). Scheduler MptcpLinuxDefault is "
                "made for it. 0: a subflow takes what it can send at once, and the rest waits for "
                "whichever can send first, which repeats less when a path fails.",
                UintegerValue(defaults.m_subflowSndBufSize),
                MakeUintegerAccessor(
                    &MptcpSocket::SetSetting<&MptcpSettings::m_subflowSndBufSize, uint32_t>,
                    &MptcpSocket::GetSetting<&MptcpSettings::m_subflowSndBufSize, uint32_t>),
                MakeUintegerChecker<uint32_t>())
            .AddAttribute(
                "StaleMaxRto",
                "Upper bound of the retransmission time-out while a subflow is stale. "
                "A small value finds a path that came back sooner, for more segments "
                "sent in vain until then.",
                TimeValue(defaults.m_staleMaxRto),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_staleMaxRto, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_staleMaxRto, Time>),
                MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute(
                "CloseTimeout",
                "How long a connection without any subflow waits for a new one before "
                "it ends with an error. After an orderly end: how long subflows wait for "
                "the peer's FINs before they are reset.",
                TimeValue(defaults.m_closeTimeout),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&MptcpSettings::m_closeTimeout, Time>,
                                 &MptcpSocket::GetSetting<&MptcpSettings::m_closeTimeout, Time>),
                MakeTimeChecker(Time(0)))
            .AddAttribute(
                "FinTimeout",
                "How long a connection lives on after the application has closed it and "
                "the peer has acknowledged everything, if the peer does not end its own "
                "data (FIN_WAIT_2; Linux's tcp_fin_timeout). Plain TCP then leaves in "
                "silence, Multipath TCP by MP_FASTCLOSE.",
                TimeValue(defaults.m_finTimeout),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_finTimeout, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_finTimeout, Time>),
                MakeTimeChecker(Time(0)))
            .AddAttribute("Linger",
                          "What Close() does (SO_LINGER). Negative: all data is delivered however "
                          "long it takes. 0: the connection is aborted at once, by RST or "
                          "MP_FASTCLOSE. Otherwise data is delivered for so long, then the "
                          "connection is aborted. Close() never blocks. Can be changed at any "
                          "time.",
                          TimeValue(Seconds(-1)),
                          MakeTimeAccessor(&MptcpSocket::m_linger),
                          MakeTimeChecker())
            .AddAttribute(
                "KeepAlive",
                "Probe the peer of an idle subflow, and end the subflow if there is no "
                "answer (RFC 9293 section 3.8.4, SO_KEEPALIVE). Can be changed at any "
                "time; on a listener it is for connections that come later.",
                BooleanValue(defaults.m_keepAlive),
                MakeBooleanAccessor(&MptcpSocket::SetKeepAlive, &MptcpSocket::GetKeepAlive),
                MakeBooleanChecker())
            .AddAttribute(
                "KeepAliveIdle",
                "With KeepAlive: silence of the peer before the first probe.",
                TimeValue(defaults.m_keepAliveIdle),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_keepAliveIdle, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_keepAliveIdle, Time>),
                MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute(
                "KeepAliveInterval",
                "With KeepAlive: time between probes that are not answered.",
                TimeValue(defaults.m_keepAliveInterval),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_keepAliveInterval, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_keepAliveInterval, Time>),
                MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute(
                "KeepAliveCount",
                "With KeepAlive: probes without an answer after which a subflow ends with "
                "ETIMEDOUT. With a UserTimeout that decides instead.",
                UintegerValue(defaults.m_keepAliveCount),
                MakeUintegerAccessor(
                    &MptcpSocket::SetSetting<&TcpSettings::m_keepAliveCount, uint32_t>,
                    &MptcpSocket::GetSetting<&TcpSettings::m_keepAliveCount, uint32_t>),
                MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "UserTimeout",
                "How long data may remain unacknowledged or, before a closed window, "
                "unsent (RFC 5482's local half, TCP_USER_TIMEOUT): then a subflow ends "
                "with ETIMEDOUT and leaves its data to the others, and a connection "
                "none of whose data was acknowledged for so long ends. It takes the "
                "place of DataRetries. 0: none. Can be changed at any time; on a "
                "listener it is for connections that come later.",
                TimeValue(defaults.m_userTimeout),
                MakeTimeAccessor(&MptcpSocket::SetUserTimeout, &MptcpSocket::GetUserTimeout),
                MakeTimeChecker(Time(0)))
            .AddAttribute(
                "UseEcn",
                "Explicit congestion notification (RFC 3168) on each subflow: Off; On: ask for it "
                "and accept it; AcceptOnly: accept it, as Linux does by default. A congestion "
                "control that derives from ns3::TcpDctcp always asks for it and uses it as RFC "
                "8257 says. Left alone, it is ns3::TcpSocketBase::UseEcn if that default was "
                "changed.",
                UseEcnValue(defaults.m_useEcn),
                UseEcnCompat::MakeAccessor(
                    &MptcpSocket::SetSetting<&TcpSettings::m_useEcn, TcpSocketState::UseEcn_t>,
                    &MptcpSocket::GetSetting<&TcpSettings::m_useEcn, TcpSocketState::UseEcn_t>,
                    0),
                MakeEnumChecker(TcpSocketState::Off,
                                "Off",
                                TcpSocketState::On,
                                "On",
                                TcpSocketState::AcceptOnly,
                                "AcceptOnly"))
            .AddAttribute("Privileged",
                          "Whether the application is a privileged one, as root is: it may open "
                          "subflows from ports below 1024 and set options that others may not "
                          "(draft-hesmans-mptcp-socket-03, section 6). Can be changed at any time.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&MptcpSocket::m_privileged),
                          MakeBooleanChecker())
            .AddAttribute("BindDisablesMultipath",
                          "Use plain TCP if the application binds to an address or a device and "
                          "has not used the basic API of RFC 6897 (its section 4.2.1: such an "
                          "application knows nothing of Multipath TCP). False: as Linux.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&MptcpSocket::m_bindDisables),
                          MakeBooleanChecker())
            .AddAttribute("EventQueueLimit",
                          "Most events of the connection's paths that wait to be read by "
                          "MPTCP_READ_EVENT; beyond, the oldest ones are lost, which the event "
                          "behind them says.",
                          UintegerValue(64),
                          MakeUintegerAccessor(&MptcpSocket::SetEventQueueLimit,
                                               &MptcpSocket::GetEventQueueLimit),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Backlog",
                          "Most connections of a listening socket whose handshakes are under way; "
                          "further SYNs are dropped.",
                          UintegerValue(4096),
                          MakeUintegerAccessor(&MptcpSocket::m_backlog),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("MinRto",
                          "Lower bound of the retransmission time-out (RFC 6298). Linux's, which "
                          "is not ns3::TcpSocketBase's, unless that default was changed.",
                          TimeValue(defaults.m_minRto),
                          MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_minRto, Time>,
                                           &MptcpSocket::GetSetting<&TcpSettings::m_minRto, Time>),
                          MakeTimeChecker(Time(0)))
            .AddAttribute("MaxRto",
                          "Upper bound of the retransmission time-out (RFC 6298).",
                          TimeValue(defaults.m_maxRto),
                          MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_maxRto, Time>,
                                           &MptcpSocket::GetSetting<&TcpSettings::m_maxRto, Time>),
                          MakeTimeChecker(MilliSeconds(1)))
            .AddAttribute(
                "ClockGranularity",
                "Clock granularity G in the retransmission time-out (RFC 6298).",
                TimeValue(defaults.m_clockGranularity),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_clockGranularity, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_clockGranularity, Time>),
                MakeTimeChecker(Time(0)))
            .AddAttribute(
                "Sack",
                "Offer and use selective acknowledgments (RFC 2018).",
                BooleanValue(defaults.m_sackEnabled),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_sackEnabled, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_sackEnabled, bool>),
                MakeBooleanChecker())
            .AddAttribute("Timestamp",
                          "Offer and use timestamps (RFC 7323).",
                          BooleanValue(defaults.m_timestampEnabled),
                          MakeBooleanAccessor(
                              &MptcpSocket::SetSetting<&TcpSettings::m_timestampEnabled, bool>,
                              &MptcpSocket::GetSetting<&TcpSettings::m_timestampEnabled, bool>),
                          MakeBooleanChecker())
            .AddAttribute("WindowScaling",
                          "Offer and use window scaling (RFC 7323).",
                          BooleanValue(defaults.m_winScalingEnabled),
                          MakeBooleanAccessor(
                              &MptcpSocket::SetSetting<&TcpSettings::m_winScalingEnabled, bool>,
                              &MptcpSocket::GetSetting<&TcpSettings::m_winScalingEnabled, bool>),
                          MakeBooleanChecker())
            .AddAttribute("ReTxThreshold",
                          "Duplicate acknowledgments, or segments acknowledged selectively beyond "
                          "a gap, that tell of a loss (RFC 6675 DupThresh).",
                          UintegerValue(defaults.m_retxThresh),
                          MakeUintegerAccessor(
                              &MptcpSocket::SetSetting<&TcpSettings::m_retxThresh, uint32_t>,
                              &MptcpSocket::GetSetting<&TcpSettings::m_retxThresh, uint32_t>),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "DuplicateSack",
                "Tell the peer in SACK blocks what arrived more than once (D-SACK, RFC 2883), by "
                "which it finds its needless retransmissions. False: for a peer that does not "
                "expect it, as ns-3's own TCP where asserts are compiled in. It takes Sack.",
                BooleanValue(defaults.m_duplicateSack),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_duplicateSack, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_duplicateSack, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "Rack",
                "Find losses by time (RACK, RFC 8985): a segment is lost a round trip and "
                "a reordering window after it was sent, once a later one was delivered. "
                "False: by counting as RFC 6675 does. Without SACK it is RFC 6582.",
                BooleanValue(defaults.m_rack),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_rack, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_rack, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "TailLossProbe",
                "Send the last segment again, or a new one, when no acknowledgment came "
                "for two round trips, so that a lost end of a burst needs no time-out "
                "(RFC 8985 section 7). It takes Rack and SACK.",
                BooleanValue(defaults.m_tailLossProbe),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_tailLossProbe, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_tailLossProbe, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "RateReduction",
                "In fast recovery bring the data in flight down to the slow start threshold at the "
                "pace of deliveries (PRR, RFC 6937). False: set the window to the threshold at "
                "once, which pauses and then bursts (RFC 6675). Congestion controls that steer "
                "themselves in recovery, as TcpBbr, do so in either case.",
                BooleanValue(defaults.m_rateReduction),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_rateReduction, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_rateReduction, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "Eifel",
                "Find by time stamps that a time-out or a fast recovery was spurious (RFC 3522), "
                "and "
                "undo it (RFC 4015): window and threshold are what they were, and nothing more is "
                "sent again. It takes Timestamp.",
                BooleanValue(defaults.m_eifel),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_eifel, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_eifel, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "DuplicateUndo",
                "Undo a time-out or a fast recovery, as Eifel does, when the peer has reported "
                "each "
                "retransmission to have arrived twice (D-SACK, RFC 2883). It takes Sack.",
                BooleanValue(defaults.m_duplicateUndo),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_duplicateUndo, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_duplicateUndo, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "Frto",
                "After a first time-out send two new segments before retransmitting more, and undo "
                "it, as Eifel does, if what was not sent again is acknowledged (F-RTO, RFC 5682). "
                "It matters where Eifel is off.",
                BooleanValue(defaults.m_frto),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_frto, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_frto, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "Pacing",
                "Let segments leave one by one at the pacing rate instead of in bursts. The rate "
                "is "
                "a part of window over RTT, see ns3::TcpSocketState: PacingSsRatio, PacingCaRatio, "
                "MaxPacingRate, PaceInitialWindow. EnablePacing there turns it on too, and a "
                "congestion control may, as TcpBbr does.",
                BooleanValue(defaults.m_pacing),
                MakeBooleanAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_pacing, bool>,
                                    &MptcpSocket::GetSetting<&TcpSettings::m_pacing, bool>),
                MakeBooleanChecker())
            .AddAttribute(
                "TimeWait",
                "Length of the state TIME_WAIT (RFC 9293 section 3.6.1). Left alone, it "
                "is twice ns3::TcpSocketBase::MaxSegLifetime if that was changed.",
                TimeValue(defaults.m_timeWait),
                MakeTimeAccessor(&MptcpSocket::SetSetting<&TcpSettings::m_timeWait, Time>,
                                 &MptcpSocket::GetSetting<&TcpSettings::m_timeWait, Time>),
                MakeTimeChecker(Time(0)))
            .AddTraceSource("Event",
                            "An event of the connection's paths that the application has "
                            "subscribed to (draft-hesmans-mptcp-socket-03, section 4).",
                            MakeTraceSourceAccessor(&MptcpSocket::m_eventTrace),
                            "ns3::MptcpConnection::PathEventTracedCallback");
    return tid;
}

void
MptcpSocket::NotifyConstructionCompleted()
{
    ResolveDefaults(*m_settings);
    m_constructed = true;
    TcpSocket::NotifyConstructionCompleted();
}

bool
MptcpSocket::Check(const char* attribute, TypeId type, TypeId base) const
{
    std::string problem = CheckClass(type, base);
    if (problem.empty())
    {
        return !m_frozen;
    }
    // ns-3 says nothing of a default that cannot be set: the constructor must.
    NS_ABORT_MSG_UNLESS(m_constructed, "ns3::MptcpSocket::" << attribute << ": " << problem);
    NS_LOG_ERROR(attribute << ": " << problem);
    return false;
}

bool
MptcpSocket::SetPathManager(const ObjectFactory& factory)
{
    TypeId type = factory.GetTypeId();
    if (!Check("PathManager", type, MptcpPathManager::GetTypeId()))
    {
        return false;
    }
    m_settings->m_pathManagerTypeId = type;
    m_settings->m_pathManagerFactory = factory;
    return true;
}

bool
MptcpSocket::SetScheduler(const ObjectFactory& factory)
{
    TypeId type = factory.GetTypeId();
    if (!Check("Scheduler", type, MptcpScheduler::GetTypeId()))
    {
        return false;
    }
    m_settings->m_schedulerTypeId = type;
    m_settings->m_schedulerFactory = factory;
    return true;
}

bool
MptcpSocket::SetCongestionControl(const ObjectFactory& factory)
{
    TypeId type = factory.GetTypeId();
    if (!Check("CongestionControl", type, TcpCongestionOps::GetTypeId()))
    {
        return false;
    }
    // Left alone as far as the constructor can tell: the node may say otherwise.
    m_congestionChosen = m_constructed || type != TcpCubic::GetTypeId();
    m_settings->m_congestionTypeId = type;
    m_settings->m_congestionFactory = factory;
    return true;
}

bool
MptcpSocket::SetBackupAddresses(const std::vector<IpAddress>& addresses)
{
    if (m_frozen)
    {
        return false;
    }
    m_settings->m_backupAddresses = addresses;
    return true;
}

bool
MptcpSocket::SetPathManagerType(TypeId type)
{
    ObjectFactory factory;
    factory.SetTypeId(type);
    return SetPathManager(factory);
}

TypeId
MptcpSocket::GetPathManagerType() const
{
    return m_settings->m_pathManagerTypeId;
}

bool
MptcpSocket::SetSchedulerType(TypeId type)
{
    ObjectFactory factory;
    factory.SetTypeId(type);
    return SetScheduler(factory);
}

TypeId
MptcpSocket::GetSchedulerType() const
{
    return m_settings->m_schedulerTypeId;
}

bool
MptcpSocket::SetCongestionType(TypeId type)
{
    ObjectFactory factory;
    factory.SetTypeId(type);
    return SetCongestionControl(factory);
}

TypeId
MptcpSocket::GetCongestionType() const
{
    return m_settings->m_congestionTypeId;
}

bool
MptcpSocket::SetRttType(TypeId type)
{
    if (!Check("RttEstimator", type, RttEstimator::GetTypeId()))
    {
        return false;
    }
    m_rttChosen = m_constructed || type != RttMeanDeviation::GetTypeId();
    m_settings->m_rttTypeId = type;
    return true;
}

TypeId
MptcpSocket::GetRttType() const
{
    return m_settings->m_rttTypeId;
}

MptcpSettings&
MptcpSocket::OwnSettings()
{
    if (m_frozen)
    {
        m_settings = std::make_shared<MptcpSettings>(*m_settings);
    }
    return *m_settings;
}

void
MptcpSocket::SetKeepAlive(bool keepAlive)
{
    OwnSettings().m_keepAlive = keepAlive;
    if (IsAlive())
    {
        m_connection->SetKeepAlive(keepAlive);
    }
}

bool
MptcpSocket::GetKeepAlive() const
{
    return IsAlive() ? m_connection->GetKeepAlive() : m_settings->m_keepAlive;
}

void
MptcpSocket::SetUserTimeout(Time timeout)
{
    OwnSettings().m_userTimeout = timeout;
    if (IsAlive())
    {
        m_connection->SetUserTimeout(timeout);
    }
}

Time
MptcpSocket::GetUserTimeout() const
{
    return IsAlive() ? m_connection->GetUserTimeout() : m_settings->m_userTimeout;
}

void
MptcpSocket::RequireChangeable(const char* attribute) const
{
    NS_ABORT_MSG_IF(m_frozen,
                    "ns3::MptcpSocket: " << attribute
                                         << " cannot be changed after Connect() or Listen()");
}

void
MptcpSocket::AskNode()
{
    if (!m_congestionChosen)
    {
        m_settings->m_congestionTypeId = GetDefaultCongestionControl(m_node);
        m_settings->m_congestionFactory = ObjectFactory();
        m_settings->m_congestionFactory.SetTypeId(m_settings->m_congestionTypeId);
    }
    if (!m_rttChosen)
    {
        m_settings->m_rttTypeId = GetDefaultRttEstimator(m_node);
    }
}

std::shared_ptr<const MptcpSettings>
MptcpSocket::Freeze()
{
    if (!m_frozen)
    {
        AskNode();
        NS_ABORT_MSG_IF(m_settings->m_minRto > m_settings->m_maxRto,
                        "ns3::MptcpSocket: MinRto " << m_settings->m_minRto.As(Time::S)
                                                    << " is more than MaxRto "
                                                    << m_settings->m_maxRto.As(Time::S));
        m_frozen = true;
    }
    return m_settings;
}

} // namespace ns3
