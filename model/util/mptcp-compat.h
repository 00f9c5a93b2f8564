// SPDX-License-Identifier: GPL-2.0-only
#ifndef MPTCP_COMPAT_H
#define MPTCP_COMPAT_H

#include "ns3/enum.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv6-routing-protocol.h"
#include "ns3/nstime.h"
#include "ns3/tcp-socket-state.h"
#if __has_include("ns3/ipv4-global-routing.h")
#include "ns3/ipv4-global-routing.h"
#else
#include "ns3/global-routing.h" // from ns-3.47
#endif

namespace ns3
{

/**
 * @ingroup mptcp
 * Parameter types of a routing protocol's RouteInput(): its callbacks come by value up to ns-3.38
 * and by reference from then on. An override has to name the same types.
 */
template <typename Method>
struct RouteInputTypes;

/// The types, taken from the method itself.
template <typename C,
          typename P,
          typename H,
          typename D,
          typename U,
          typename M,
          typename L,
          typename E>
struct RouteInputTypes<bool (C::*)(P, H, D, U, M, L, E)>
{
    using Unicast = U;   //!< forwards to one
    using Multicast = M; //!< forwards to many
    using Local = L;     //!< delivers here
    using Error = E;     //!< tells that there is no route
};

/// Of IPv4.
using Ipv4RouteInput = RouteInputTypes<decltype(&Ipv4RoutingProtocol::RouteInput)>;
/// Of IPv6.
using Ipv6RouteInput = RouteInputTypes<decltype(&Ipv6RoutingProtocol::RouteInput)>;

/**
 * @ingroup mptcp
 * An attribute that is one of TcpSocketState::UseEcn_t. From ns-3.41 the values of enumerations
 * are templates.
 */
struct UseEcnCompat
{
    /// @tparam E EnumValue, a class @return one
    template <typename E>
    static E MakeValue();
    /// @tparam E EnumValue, a template @return one
    template <template <typename...> class E>
    static E<TcpSocketState::UseEcn_t> MakeValue();

    /// @tparam S @tparam G types of methods @param set setter @param get getter @return both
    template <typename S, typename G>
    static auto MakeAccessor(S set, G get, int)
        -> decltype(MakeEnumAccessor<TcpSocketState::UseEcn_t>(set, get))
    {
        return MakeEnumAccessor<TcpSocketState::UseEcn_t>(set, get);
    }

    /// @copydoc MakeAccessor
    template <typename S, typename G>
    static Ptr<const AttributeAccessor> MakeAccessor(S set, G get, long)
    {
        return MakeEnumAccessor(set, get);
    }
};

/// The value of such an attribute.
using UseEcnValue = decltype(UseEcnCompat::MakeValue<EnumValue>());

/**
 * @ingroup mptcp
 * What releases have differently in TcpCongestionOps, as in TcpStateCompat.
 */
struct TcpCongestionCompat
{
    /// Later releases than 3.37 let an algorithm ask a rate estimator itself.
    /// @tparam O TcpCongestionOps @tparam R TcpRateOps @param ops the algorithm
    /// @param rate its estimator
    template <typename O, typename R>
    static auto SetRateOps(O& ops, const R& rate, int) -> decltype(ops.SetRateOps(rate), void())
    {
        ops.SetRateOps(rate);
    }

    /// Without it. See the other SetRateOps().
    template <typename O, typename R>
    static void SetRateOps(O& /* ops */, const R& /* rate */, long)
    {
    }
};

/**
 * @ingroup mptcp
 * What releases keep differently in TcpSocketState. Each function exists twice; the one with int
 * is preferred and drops out where a field is missing.
 */
struct TcpStateCompat
{
    /// From ns-3.43 the last RTT is the raw one, beside a smoothed one.
    /// @tparam S TcpSocketState @param state where to put them @param smoothed SRTT
    /// @param last the latest sample
    template <typename S>
    static auto SetRtt(S& state, Time smoothed, Time last, int) -> decltype(state.m_srtt, void())
    {
        state.m_srtt = smoothed;
        state.m_lastRtt = last;
    }

    /// Without it. See the other SetRtt().
    template <typename S>
    static void SetRtt(S& state, Time smoothed, Time /* last */, long)
    {
        state.m_lastRtt = smoothed;
    }

    /// From ns-3.43 congestion controls look whether the window was the limit.
    /// @tparam S TcpSocketState @param state where to put it @param limited whether it was
    template <typename S>
    static auto SetCwndLimited(S& state, bool limited, int)
        -> decltype(state.m_isCwndLimited, void())
    {
        state.m_isCwndLimited = limited;
    }

    /// Without it. See the other SetCwndLimited().
    template <typename S>
    static void SetCwndLimited(S& /* state */, bool /* limited */, long)
    {
    }
};

/**
 * @ingroup mptcp
 * ns-3.37 has a TOS in InetSocketAddress: stock sockets make it their own when they bind or
 * connect, also if it is 0. Later releases have it in sockets alone.
 */
struct AddressTosCompat
{
    /// @tparam A InetSocketAddress @param address to look at @return its TOS
    template <typename A>
    static auto Get(const A& address, int) -> decltype(address.GetTos())
    {
        return address.GetTos();
    }

    /// Without it. See the other Get(). @return 0
    template <typename A>
    static uint8_t Get(const A& /* address */, long)
    {
        return 0;
    }

    /// @tparam A InetSocketAddress @param address to change @param tos to put there
    template <typename A>
    static auto Set(A& address, uint8_t tos, int) -> decltype(address.SetTos(tos))
    {
        address.SetTos(tos);
    }

    /// Without it. See the other Set().
    template <typename A>
    static void Set(A& /* address */, uint8_t /* tos */, long)
    {
    }
};

} // namespace ns3

#endif // MPTCP_COMPAT_H
